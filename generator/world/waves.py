"""Waves on deep water: a sum of travelling Gerstner waves, a pure function of time. Numbers only.

Every particle of the surface goes round a circle about its place of rest ``p``: it is moved by ``-k/|k| a sin(k.p - w t + f)``
along and ``a cos(k.p - w t + f)`` up, with ``w^2 = g |k|`` (Tessendorf, Simulating Ocean Water, 2001, section 3.1).
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

GRAVITY = 9.81

_STEEPEST = 0.75
"""Sum of ``k a`` of all waves; crests loop over themselves from 1 on."""

_FINEST = 3.5
"""Vertices that a wave must have a length of to be seen whole; below 2 it is left out."""


@dataclass(frozen=True)
class Grid:
    """A lattice of places of rest in the earth's level axes.

    Attributes:
        xs, ys: (c,) and (r,) metres, rising.
    """

    xs: Array = field(repr=False)
    ys: Array = field(repr=False)

    @property
    def faces(self) -> NDArray[np.int64]:
        """((r - 1) (c - 1), 4) corners, counter-clockwise from above; row by row along x."""
        rows, columns = len(self.ys), len(self.xs)
        row, column = (a.ravel() for a in np.mgrid[0 : rows - 1, 0 : columns - 1])
        first = row * columns + column
        return np.stack([first, first + 1, first + columns + 1, first + columns], 1).astype(np.int64)


@dataclass(frozen=True)
class Waves:
    """A sea state.

    Attributes:
        ways: (n, 2) unit vectors that the waves run towards.
        numbers: (n,) wave numbers, rad/m.
        amplitudes: (n,) metres.
        phases: (n,) radians.
    """

    ways: Array
    numbers: Array
    amplitudes: Array
    phases: Array

    def moved(self, grid: Grid, t: float, calm: tuple[Array, Array]) -> Array:
        """Where the waves take the places of a grid.

        Args:
            grid: places of rest.
            t: seconds.
            calm: (c,) and (r,) factors 0..1 on the amplitude, by column and by row.

        Returns:
            (r, c, 3) metres.
        """
        speed = np.sqrt(GRAVITY * self.numbers)
        kx, ky = (self.numbers[:, None] * self.ways).T
        across = np.exp(1j * kx[:, None] * grid.xs) * self._seen(grid.xs) * calm[0]
        along = (
            np.exp(1j * (ky * grid.ys[:, None] - speed * t + self.phases)) * self._seen(grid.ys).T * calm[1][:, None]
        )
        shares = self.amplitudes * np.stack([1j * self.ways[:, 0], 1j * self.ways[:, 1], np.ones(len(kx))])
        return np.stack([((along * share) @ across).real for share in shares], -1)

    def _seen(self, places: Array) -> Array:
        """(n, m) how much of each wave a lattice of that spacing can carry."""
        spacing = np.gradient(places)
        points = 2 * np.pi / self.numbers[:, None] / np.maximum(spacing, 1e-6)
        return np.asarray(np.clip((points - 2) / (_FINEST - 2), 0, 1))


def sea_state(height: float, length: float, heading: float, rng: np.random.Generator, terms: int = 28) -> Waves:
    """Waves of a wind sea: Pierson and Moskowitz's spectrum (1964) about its peak, spread as cos^4 about the wind.

    Args:
        height: significant height, metres: the mean of the highest third.
        length: of the waves at the peak of the spectrum, metres.
        heading: radians from +x to +y that the wind blows towards.
        rng: draws.
        terms: number of waves.
    """
    peak = np.sqrt(2 * np.pi * GRAVITY / length)
    edges = np.geomspace(0.65 * peak, 3.6 * peak, terms + 1)
    speed = edges[:-1] * (edges[1:] / edges[:-1]) ** rng.uniform(0.1, 0.9, terms)
    energy = speed**-5.0 * np.exp(-1.25 * (peak / speed) ** 4) * np.diff(edges)
    energy *= (height / 4) ** 2 / energy.sum()  # significant height is four times the root of the variance
    amplitude = np.sqrt(2 * energy)
    numbers = speed**2 / GRAVITY
    steep = float((numbers * amplitude).sum())
    amplitude *= min(1.0, _STEEPEST / steep)
    aside = np.arcsin(np.clip(rng.normal(0, 0.42, terms), -1, 1)) * (0.8 + 0.4 * speed / speed.max())
    angle = heading + aside
    return Waves(np.stack([np.cos(angle), np.sin(angle)], 1), numbers, amplitude, rng.uniform(0, 2 * np.pi, terms))


def graded(dense: tuple[float, float], step: float, ends: tuple[float, float], growth: float = 1.16) -> Array:
    """(n,) rising places: ``step`` apart within ``dense``, ever farther apart from there to ``ends``."""
    middle = np.linspace(*dense, max(round((dense[1] - dense[0]) / step), 1) + 1)

    def out(start: float, end: float) -> list[float]:
        found, here, wide, way = [], start, step, np.sign(end - start)
        while abs(end - here) > 1.5 * wide * growth:
            wide *= growth
            here += way * wide
            found.append(here)
        return [*found, end] if end != start else []

    return np.array([*out(dense[0], ends[0])[::-1], *middle, *out(dense[1], ends[1])])
