"""Lamps of ships and quays: fittings that burn, are dead or fail, emergency light, and alarm beacons."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.timeline import Moment
from generator.scenario.environments import Lights
from generator.scenario.spec import ClipSpec
from generator.world.actor import Actor, Part, Placement
from generator.world.fittings import LUMENS_PER_WATT, area_light
from generator.world.materials import blackbody_rgb, emission, linear, principled
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]

_SIZES: dict[str, tuple[float, float, float]] = {
    "tube": (1.15, 0.07, 0.08), "strip": (1.15, 0.03, 0.04), "panel": (0.56, 0.56, 0.03), "bulkhead": (0.22, 0.22, 0.10),
    "downlight": (0.14, 0.14, 0.03), "high_bay": (0.4, 0.4, 0.3), "street": (0.50, 0.20, 0.09), "flood": (0.34, 0.26, 0.12),
}  # fmt: skip
"""Metres across and down of each fitting."""

_ROUND = frozenset({"bulkhead", "downlight", "high_bay"})

_EMERGENCY = 150.0
"""Lumens of an emergency luminaire (EN 1838 asks for 1 lx along escape routes, which that gives at 2 to 3 m)."""

_BEACONS = {"red": (1.0, 0.06, 0.03), "amber": (1.0, 0.42, 0.04), "blue": (0.05, 0.18, 1.0)}
_BEACON_WATTS = 4.0


@dataclass(frozen=True)
class Failing:
    """A lamp that fails: its light, and its cover that glows while it burns."""

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    rest: tuple[Array, ...] = field(repr=False)
    watts: float
    phase: float

    def burns(self, t: float) -> bool:
        """Whether the arc stands at ``t`` seconds: strikes and dies in an uneven rhythm."""
        u = 2 * np.pi * t
        return bool(np.sin(1.3 * u + self.phase) + np.sin(3.1 * u + 2 * self.phase) + np.sin(7.7 * u) > -0.6)

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Light and cover."""
        on = self.burns(moment.t)
        light = Placement(self.rest[0], power=self.watts if on else 0.0)
        return (light, Placement(self.rest[1], visible=on))


@dataclass(frozen=True)
class Beacon:
    """A beacon that flashes: a light and its lens."""

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    rest: tuple[Array, ...] = field(repr=False)
    phase: float

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """About 1.4 flashes a second, as a mirror that turns in it throws past."""
        bright = max(float(np.sin(2 * np.pi * (1.4 * moment.t + self.phase))), 0.0) ** 3
        return (Placement(self.rest[0], power=_BEACON_WATTS * bright), Placement(self.rest[1], visible=bright > 0.15))


def build_lamps(
    spec: ClipSpec,
    lights: Lights,
    places: Sequence[Array],
    collection: bpy.types.Collection,
    *,
    outdoors: bool,
    tilt: float = 0.0,
) -> tuple[list[Part], list[Actor]]:
    """Fittings at places.

    Args:
        spec: the clip; by day lamps in the open are off.
        lights: what they are.
        places: (4, 4) world from fitting: it hangs from the origin and shines along -z.
        collection: what they are linked to.
        outdoors: whether they are in the open.
        tilt: radians that their light is turned about x besides.

    Returns:
        What stays, and what flickers.
    """  # fmt: skip
    rng = spec.stream("world/lamps")
    n = len(places)
    order, fails = rng.permutation(n), rng.uniform(0, 1, n)
    spread, phases = rng.uniform(0.85, 1.08, n), rng.uniform(0, 6.3, n)
    dead = set(order[: min(round(lights.dead * n), max(n - 1, 0))].tolist())
    body = MeshBuilder()
    parts: list[Part] = []
    moving: list[Actor] = []
    enamel = principled("lamp housings", linear((0.72, 0.72, 0.69)), 0.4)
    dull = principled("dark lamps", linear((0.6, 0.6, 0.58)), 0.35)
    colour = blackbody_rgb(lights.temperature)
    wide, deep, drop = _SIZES[lights.fixture]
    off = outdoors and spec.environment.time == "day"
    for k, matrix in enumerate(places):
        burning = k not in dead and not off
        lumens = lights.lumens * float(spread[k])
        if lights.emergency:
            burning, lumens = burning and k % 3 == 0, _EMERGENCY
        with body.at(matrix):
            body.box((0, 0, -0.4 * drop), (wide + 0.05, deep + 0.05, 0.8 * drop), enamel, bevel=0.01)
        cover = MeshBuilder()
        watts = lumens / LUMENS_PER_WATT
        glow = emission(f"lamp {k}", _rgb(colour), 0.8 * watts / (np.pi * wide * deep)) if burning else dull
        with cover.at(matrix @ transform((0, 0, -drop))):
            if lights.fixture in _ROUND:
                cover.lathe([(0.3 * wide, -0.02), (0.5 * wide, 0.03)], glow, segments=16, caps=(True, False))
            else:
                cover.box((0, 0, 0.01), (wide, deep, 0.03), glow, bevel=0.008)
        thing = cover.object(f"lamp cover {k}", collection)
        shown = Part(thing)
        if not burning:
            parts.append(shown)
            continue
        thing.visible_diffuse = thing.visible_glossy = thing.visible_shadow = thing.visible_transmission = False
        place = matrix @ transform((0, 0, -drop - 0.03), pitch=tilt)
        shape = "DISK" if lights.fixture in _ROUND else "RECTANGLE"
        light = area_light(f"lamp {k}", place, (wide, deep), watts, colour, collection, shape=shape)
        if fails[k] < lights.failing:
            dark = MeshBuilder()
            rest = (place, np.eye(4))
            moving.append(Failing((light, Part(thing, in_labels=False)), (), rest, watts, float(phases[k])))
            with dark.at(matrix @ transform((0, 0, -drop))):
                dark.box((0, 0, 0.012), (0.9 * wide, 0.9 * deep, 0.028), dull)
            parts.append(Part(dark.object(f"dark lamp {k}", collection)))
        else:
            parts += [light, shown]
    if n:
        parts.append(Part(body.object("lamp housings", collection)))
    return parts, moving


def build_beacon(
    spec: ClipSpec, lights: Lights, place: Array, collection: bpy.types.Collection
) -> tuple[list[Part], list[Actor]]:
    """The alarm beacon, where there is one, standing at (4, 4) ``place``."""
    if lights.beacon == "none":
        return [], []
    colour = _BEACONS[lights.beacon]
    data = bpy.data.lights.new("beacon", "POINT")
    data.energy, data.color, data.shadow_soft_size = _BEACON_WATTS, colour, 0.05
    thing = bpy.data.objects.new("beacon", data)
    at = place @ transform((0, 0, 0.11))
    thing.matrix_world = at.T.tolist()
    thing.visible_camera = False
    collection.objects.link(thing)
    foot, lens = MeshBuilder(), MeshBuilder()
    with foot.at(place):
        foot.cylinder((0, 0, 0), (0, 0, 0.05), 0.075, principled("beacon foot", (0.03, 0.03, 0.03), 0.5))
    tinted = principled("beacon lens", colour, 0.2)
    with foot.at(place):
        foot.lathe([(0.06, 0.05), (0.058, 0.14), (0.035, 0.17)], tinted, caps=(False, True))
    with lens.at(place):
        lens.lathe(
            [(0.062, 0.05), (0.060, 0.142), (0.036, 0.172)], emission("beacon glow", colour, 30.0), caps=(False, True)
        )
    shell = lens.object("beacon glow", collection)
    shell.visible_diffuse = shell.visible_glossy = shell.visible_shadow = False
    parts = (Part(thing, in_labels=False), Part(shell, in_labels=False))
    phase = float(spec.stream("world/beacon").uniform())
    return [Part(foot.object("beacon foot", collection))], [Beacon(parts, (), (at, np.eye(4)), phase)]


def _rgb(values: Array) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])
