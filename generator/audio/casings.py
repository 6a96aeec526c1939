"""Casings and dropped magazines that land on the floor."""

from collections.abc import Sequence

import numpy as np

from generator.audio.body import FLOORS
from generator.audio.elements import Array, at_peak, struck

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
    low, high, ring = (
        (0.3 * of.ring_low, 0.5 * of.ring_high, 0.3 * of.ring) if hull else (of.ring_low, of.ring_high, of.ring)
    )
    sounds = []
    for at, speed in landings:
        level = 0.05 * of.loud * min(speed / _FASTEST, 1.2) * rng.uniform(0.7, 1.0)
        piece = struck(rng, rate, low, high, max(ring, 0.004), modes=7, tilt=0.2, contact=0.4)
        sounds.append((at, at_peak(piece, float(level))))
    return sounds


def magazine_sounds(
    landings: Sequence[Landing], floor: str, rng: np.random.Generator, rate: int
) -> list[tuple[float, Array]]:
    """What is heard of a dropped magazine: an empty box of sheet metal or plastic, lower and fuller than a casing."""
    of = FLOORS[floor]
    sounds = []
    for at, speed in landings:
        level = 0.08 * of.loud * min(speed / _FASTEST, 1.2) * rng.uniform(0.8, 1.0)
        piece = struck(rng, rate, 320.0, 2400.0, 0.02, modes=9, tilt=0.6, contact=0.6)
        sounds.append((at, at_peak(piece, float(level))))
    return sounds
