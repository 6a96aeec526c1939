"""Spray from a bow: puffs of drops that are thrown up and out and fall, seen by the picture alone."""

from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.timeline import Moment
from generator.world.actor import Part, Placement
from generator.world.materials import emission
from generator.world.meshes import MeshBuilder
from generator.world.water import Hull
from generator.world.waves import GRAVITY

Array = NDArray[np.float64]

_PUFFS, _DROPS = 10, 90
_PERIOD = 1.3
"""Seconds from one throw of a puff to its next; about the time a small boat takes from wave to wave."""

_SLOWEST = 3.0
"""m/s from which on a bow throws spray."""


@dataclass(frozen=True)
class Spray:
    """Puffs that are thrown one after the other.

    Attributes:
        parts, tracks: one part a puff, no track.
        starts: (n, 3) where each is thrown from, in the site's frame.
        throws: (n, 3) m/s.
        phases: (n,) of each in its period.
    """

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    starts: Array = field(repr=False)
    throws: Array = field(repr=False)
    phases: Array = field(repr=False)

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Every puff on its path, growing; one that has fallen back is away until it is thrown again."""
        out = []
        for start, throw, phase in zip(self.starts, self.throws, self.phases, strict=True):
            u = (moment.t / _PERIOD + phase) % 1.0 * _PERIOD
            flight = 2 * throw[2] / GRAVITY + 0.1
            matrix = np.eye(4)
            matrix[:3, :3] *= 0.35 + 1.6 * u
            matrix[:3, 3] = start + throw * u - (0, 0, 0.5 * GRAVITY * u * u)
            out.append(Placement(matrix, visible=0.03 < u < flight))
        return tuple(out)


def build_spray(
    hull: Hull, level: float, speed: float, radiance: Array, rng: np.random.Generator, collection: bpy.types.Collection
) -> Spray | None:
    """Spray beside the bow of a vessel that goes ``speed`` m/s; None where it is too slow.

    Args:
        hull: of the vessel.
        level: of the water, metres.
        speed: m/s.
        radiance: (3,) W/m2/sr of a drop: what it bends to the camera is the sky's.
        rng: draws.
        collection: what it is linked to.
    """
    if speed < _SLOWEST:
        return None
    r, g, b = (float(v) for v in radiance)
    water = emission("spray", (r, g, b), 1.0)
    parts = []
    side = np.where(np.arange(_PUFFS) % 2, 1.0, -1.0)
    behind = rng.uniform(0.12, 0.35, _PUFFS) * (hull.bow - hull.stern)
    starts = np.stack([hull.middle + side * 1.08 * hull.half, hull.bow - behind, np.full(_PUFFS, level + 0.05)], 1)
    up = np.sqrt(speed / 6.0) * rng.uniform(1.3, 2.8, _PUFFS)
    throws = np.stack([side * rng.uniform(0.8, 2.0, _PUFFS), -rng.uniform(0.25, 0.5, _PUFFS) * speed, up], 1)
    for k in range(_PUFFS):
        at = rng.normal(0, (0.16, 0.30, 0.10), (_DROPS, 3))
        half = 0.5 * rng.uniform(0.004, 0.014, _DROPS)[:, None]
        turn = rng.uniform(0, np.pi, _DROPS)
        across = half * np.stack([np.cos(turn), np.sin(turn), 0 * turn], 1)
        upright = half * np.array([0.0, 0.0, 1.0])
        points = np.stack([at - across, at - upright, at + across, at + upright], 1).reshape(-1, 3)
        builder = MeshBuilder()
        builder.add(points, np.arange(4 * _DROPS).reshape(_DROPS, 4), water, np.zeros((4 * _DROPS, 2)))
        thing = builder.object(f"spray {k}", collection)
        thing.visible_shadow = thing.visible_diffuse = thing.visible_glossy = thing.visible_transmission = False
        parts.append(Part(thing, in_labels=False))
    return Spray(tuple(parts), (), starts, throws, rng.uniform(0, 1, _PUFFS))
