"""Casings that land on the floor."""

from collections.abc import Sequence

import numpy as np

from generator.audio.body import FLOORS
from generator.audio.elements import Array, at_peak, struck
from generator.motion.handling import PUMP_DELAY, PUMP_SECONDS, Shot
from generator.scenario.things import THINGS, HeldKind

Landing = tuple[float, float]
"""Seconds on the clip's clock, and speed of the impact in m/s."""

_FASTEST = 5.0  # m/s of a casing that falls from the shoulder: sqrt(2 g 1.3 m)


def casing_sounds(
    landings: Sequence[Landing], floor: str, rng: np.random.Generator, rate: int, *, hull: bool = False
) -> list[tuple[float, Array]]:
    """What is heard of casings at the wearer's feet, one sound a landing.

    Args:
        landings: time and speed of every impact, bounces included; draws are made in this order.
        floor: material.
        rng: draws each ring.
        rate: hertz.
        hull: of plastic with a metal end (a shotgun's), not of brass: duller, shorter.

    Returns:
        Seconds and (n,) samples of each.
    """
    of = FLOORS[floor]
    low, high, ring = (0.3 * of.ring_low, 0.5 * of.ring_high, 0.3 * of.ring) if hull else (of.ring_low, of.ring_high, of.ring)
    sounds = []
    for at, speed in landings:
        level = 0.05 * of.loud * min(speed / _FASTEST, 1.2) * rng.uniform(0.7, 1.0)
        piece = struck(rng, rate, low, high, max(ring, 0.004), modes=7, tilt=0.2, contact=0.4)
        sounds.append((at, at_peak(piece, float(level))))
    return sounds


def assumed_landings(shots: Sequence[Shot], kind: HeldKind, rng: np.random.Generator) -> list[Landing]:
    """Landings where nothing simulates them: 0.45 to 0.75 s after the casing leaves, then two or three bounces.

    The intervals of the bounces shrink to about 0.6, as the speeds do (a coefficient of restitution of brass on a
    hard floor, by ear).
    """
    out = PUMP_DELAY + 0.42 * PUMP_SECONDS if THINGS[kind].manual else 0.0
    landings: list[Landing] = []
    for shot in shots:
        fall, gap, bounces = rng.uniform(0.45, 0.75), rng.uniform(0.16, 0.26), int(rng.integers(2, 4))
        if not shot.live:
            continue
        at, speed = shot.t + out + fall, rng.uniform(4.0, _FASTEST)
        shrink = 0.6 ** np.arange(bounces + 1)
        times = at + np.concatenate([[0.0], np.cumsum(gap * shrink[:bounces])])
        landings.extend((float(t), float(speed * s)) for t, s in zip(times, shrink, strict=True))
    return landings
