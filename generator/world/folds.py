"""Folds of sleeves: single creases with a crest and two valleys, laid where an arm's pose makes them.

Places are metres along the arm from the shoulder, turns are radians round it, 0 on the inner side of the elbow. How many
folds there are, how high and how wide, is chosen by eye from photographs of sleeves: cloth in the crook of the elbow is
pressed into a few deep folds that fan out from the elbow's point; a twisted forearm draws folds that wind with the twist;
cloth that is too long stacks up above the cuff; from the armpit folds run out over the upper arm.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Creases:
    """Creases of cloth on a limb; all attributes are (k,).

    Attributes:
        place, turn: middle of each.
        slope: metres along for a radian round, 0 runs straight round the limb.
        bow: the same for a radian squared.
        reach: radians to either side at which it has faded.
        width, height: metres, of the crest.
    """

    place: Array
    turn: Array
    slope: Array
    bow: Array
    reach: Array
    width: Array
    height: Array

    def relief(self, place: Array, turn: Array) -> Array:
        """(n,) metres at points. The highest crest and the deepest valley win: folds meet, they do not add up."""
        high, deep = np.zeros((2, len(place)))
        for k in range(len(self.place)):
            near = np.nonzero(np.abs(place - self.place[k]) < self.spread(k))[0]
            value = self.one(k, place[near], turn[near])
            high[near], deep[near] = met(high[near], value), met(deep[near], -value)
        return np.asarray(high - deep)

    def spread(self, k: int) -> float:
        """Metres along the limb to either side of a crease's middle at which nothing of it is left."""
        reach = 1.3 * self.reach[k]
        return float(3.4 * self.width[k] + abs(self.slope[k]) * reach + abs(self.bow[k]) * reach**2)

    def one(self, k: int, place: Array, turn: Array) -> Array:
        """Metres of one crease at places and turns that broadcast."""
        round_it = (turn - self.turn[k] + np.pi) % (2 * np.pi) - np.pi
        t = np.abs(place - self.place[k] - self.slope[k] * round_it - self.bow[k] * round_it**2) / self.width[k]
        fade = self.height[k] * np.exp(-((round_it / self.reach[k]) ** 4))
        return np.asarray(fade * (np.exp(-(t**2)) - 0.36 * np.exp(-(((t - 1.9) / 1.1) ** 2))))


def met(other: Array, value: Array) -> Array:
    """The larger of two heights, a little more where they are alike; never below 0."""
    return np.asarray(np.cbrt(other**3 + np.clip(value, 0, None) ** 3))


def standing(length: float, end: float, depth: float, rng: np.random.Generator) -> Creases:
    """Folds that are there whatever the arm does: at the armpit, here and there along it, and stacked above a cuff.

    Args:
        length: of the arm, metres.
        end: how far along it the sleeve goes, 0..1.
        depth: height of the deepest, metres.
        rng: where they are drawn from.
    """
    few = int(rng.integers(7, 12))
    parts = [
        # Here and there, askew.
        (rng.uniform(0.12, max(end - 0.16, 0.2), few) * length, rng.uniform(-np.pi, np.pi, few), rng.normal(0, 0.030, few),
         rng.normal(0, 0.006, few), rng.uniform(0.5, 1.2, few), rng.uniform(0.009, 0.016, few),
         depth * rng.uniform(0.25, 0.6, few)),
        # From the armpit out over the upper arm.
        (rng.uniform(0.02, 0.17, 7) * length, rng.normal(0.0, 1.3, 7), rng.choice([-1, 1], 7) * rng.uniform(0.02, 0.05, 7),
         rng.normal(0, 0.004, 7), rng.uniform(0.6, 1.3, 7), rng.uniform(0.010, 0.016, 7), depth * rng.uniform(0.5, 1.0, 7)),
    ]  # fmt: skip
    if end > 0.6:
        stack = int(rng.integers(4, 7))
        low = (end - 0.10) * length - 0.008
        parts.append((
            low - np.cumsum(rng.uniform(0.013, 0.024, stack)), rng.uniform(-np.pi, np.pi, stack), rng.normal(0, 0.008, stack),
            rng.normal(0, 0.004, stack), rng.uniform(0.9, 1.9, stack), rng.uniform(0.0075, 0.011, stack),
            depth * np.linspace(0.85, 0.3, stack) * rng.uniform(0.7, 1.1, stack),
        ))  # fmt: skip
    return Creases(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def bent(middle: float, depth: float, rng: np.random.Generator) -> Creases:
    """Folds that a bent elbow presses into its crook: deep inside, fanning out from the elbow's point.

    ``middle`` is where the elbow is, metres along the arm.
    """
    off = np.array([-0.064, -0.038, -0.014, 0.012, 0.036, 0.062]) + rng.normal(0, 0.003, 6)
    inner = (
        middle + off, rng.normal(0.0, 0.35, 6), rng.normal(0, 0.006, 6), -0.16 * off, rng.uniform(1.0, 1.7, 6),
        rng.uniform(0.0075, 0.0105, 6), depth * np.array([0.7, 0.9, 1.1, 1.15, 0.95, 0.7]) * rng.uniform(0.8, 1.15, 6),
    )  # fmt: skip
    # Between them shorter ones, staggered: cloth pressed together buckles in diamonds.
    half = 0.5 * (off[1:] + off[:-1])
    side = np.array([-1.0, 1, -1, 1, -1]) * rng.uniform(0.9, 1.3, 5)
    stagger = (
        middle + half, side, rng.normal(0, 0.012, 5), np.zeros(5), rng.uniform(0.5, 0.8, 5), rng.uniform(0.0065, 0.009, 5),
        depth * rng.uniform(0.5, 0.8, 5),
    )  # fmt: skip
    return Creases(*(np.concatenate(column) for column in zip(inner, stagger, strict=True)))


def twisted(low: float, high: float, sense: float, depth: float, rng: np.random.Generator) -> Creases:
    """Folds that wind round a twisted forearm, from ``low`` to ``high`` metres along the arm.

    ``sense`` is 1 where the hand is turned to the right as seen along the arm, -1 to the left: folds lie along the pull.
    """
    count = int(rng.integers(5, 8))
    place = np.linspace(low, high, count) + rng.normal(0, 0.008, count)
    return Creases(
        place, rng.uniform(-np.pi, np.pi, count), sense * rng.uniform(0.028, 0.055, count), rng.normal(0, 0.003, count),
        rng.uniform(0.8, 1.5, count), rng.uniform(0.0085, 0.013, count), depth * rng.uniform(0.5, 0.95, count),
    )  # fmt: skip


def small(length: float, end: float, rng: np.random.Generator) -> Creases:
    """Wrinkles too fine for the mesh, for a sleeve's picture: crowded at elbow, armpit and cuff."""
    count = int(rng.integers(60, 90))
    crowd = rng.choice([0.06, 0.30, 0.52, 0.70, max(end - 0.16, 0.1)], count, p=[0.2, 0.15, 0.3, 0.15, 0.2])
    place = (crowd + rng.normal(0, 0.06, count)) * length
    return Creases(
        place, rng.uniform(-np.pi, np.pi, count), rng.normal(0, 0.035, count), rng.normal(0, 0.012, count),
        rng.uniform(0.15, 0.6, count), rng.uniform(0.0024, 0.0050, count), rng.uniform(0.0002, 0.0008, count),
    )  # fmt: skip
