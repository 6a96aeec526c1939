"""What a toy or a paintball marker throws: water, foam darts, balls of paint, as they fly after a pull of the trigger."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from generator.scenario.things import HeldKind

Array = NDArray[np.float64]
ThingFrame = tuple[float, Array]
"""A time, seconds, and the (4, 4) frame of the held thing in the world then."""

GRAVITY = np.array([0.0, 0.0, -9.80665])
"""Standard gravity, m/s2, in the world's frame (z up)."""


@dataclass(frozen=True)
class Load:
    """What leaves the muzzle at one pull of the trigger.

    Attributes:
        speed: at the muzzle, m/s.
        spurt: seconds that it goes on coming out; 0 is one piece.
        every: seconds between the pieces that a spurt is cut into.
        life: seconds that a piece is followed.
        spread: standard deviation of its direction across and along the vertical, radians.
    """

    speed: float
    spurt: float
    every: float
    life: float
    spread: float


LOADS: Mapping[HeldKind, Load] = {
    "water_pistol": Load(speed=8.0, spurt=0.15, every=0.15 / 14, life=0.6, spread=0.010),
    "toy_blaster": Load(speed=20.0, spurt=0.0, every=0.0, life=0.7, spread=0.012),
    "paintball_marker": Load(speed=85.0, spurt=0.0, every=0.0, life=0.25, spread=0.003),
}
"""Typical speeds of the class; the rest is chosen by eye."""


@dataclass(frozen=True)
class Launch:
    """One piece in flight, without drag.

    Attributes:
        t: seconds, when it leaves the muzzle.
        origin: (3,) the muzzle in the world then, metres.
        velocity: (3,) in the world then, m/s.
    """

    t: float
    origin: Array
    velocity: Array

    def position(self, t: ArrayLike) -> Array:
        """(..., 3) in the world at times (...), metres; not a number before the launch."""
        flown = self._flown(t)
        return np.asarray(self.origin + self.velocity * flown + 0.5 * GRAVITY * flown**2)

    def speed(self, t: ArrayLike) -> Array:
        """(..., 3) velocity in the world at times (...), m/s; not a number before the launch."""
        return np.asarray(self.velocity + GRAVITY * self._flown(t))

    def _flown(self, t: ArrayLike) -> Array:
        flown = np.asarray(t, float)[..., None] - self.t
        return np.where(flown >= 0, flown, np.nan)


def launch_frames(kind: HeldKind, times: Sequence[float], thing_at: Callable[[float], Array]) -> tuple[ThingFrame, ...]:
    """When pieces leave the muzzle for pulls of the trigger, and where the thing is then; () for what throws nothing.

    A pull that begins while the last one's spurt goes on prolongs it: no two pieces leave together.

    Args:
        kind: what is held.
        times: of the pulls, seconds.
        thing_at: the thing's (4, 4) frame in the world at a time.
    """
    load = LOADS.get(kind)
    if load is None:
        return ()
    pieces = 1 + round(load.spurt / load.every) if load.every > 0 else 1
    found: list[float] = []
    for pull in sorted(times):
        for k in range(pieces):
            t = pull + k * load.every
            if not found or t > found[-1] + 0.5 * load.every:
                found.append(t)
    return tuple((t, thing_at(t)) for t in found)


def launches(
    kind: HeldKind, muzzle: Array, frames: Sequence[ThingFrame], rng: np.random.Generator
) -> tuple[Launch, ...]:
    """The pieces that leave the muzzle, one a frame, in order of time.

    Pieces of a spurt take the muzzle's own velocity with them; a single piece's is not known, and small beside its own.

    Args:
        kind: what is held.
        muzzle: (3,) in the thing frame.
        frames: of ``launch_frames``.
        rng: for the spread.

    Raises:
        KeyError: the kind throws nothing.
    """
    load = LOADS[kind]
    if not frames:
        return ()
    times = [t for t, _ in frames]
    origins = np.array([(frame @ (*muzzle, 1.0))[:3] for _, frame in frames])
    carried = np.zeros_like(origins)
    for k, (before, after) in enumerate(pairwise(times)):
        if after - before < 1.5 * load.every:
            carried[k] = carried[k + 1] = (origins[k + 1] - origins[k]) / (after - before)
    made = []
    for (t, frame), origin, own in zip(frames, origins, carried, strict=True):
        aside, up = load.spread * rng.standard_normal(2)
        way = np.array([aside, 1.0, up])
        made.append(Launch(t, origin, frame[:3, :3] @ (load.speed * way / np.linalg.norm(way)) + own))
    return tuple(made)
