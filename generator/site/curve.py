"""Smooth curves through evenly spaced samples, quick to ask for one value."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """A natural cubic spline; straight on beyond its ends.

    One value takes microseconds, where SciPy's own evaluation is made for many at once.

    Attributes:
        start: of the first sample.
        pitch: between samples.
        coefficients: (4, n - 1, channels) of the cubic pieces, highest power first.
    """

    start: float
    pitch: float
    coefficients: Array = field(repr=False)

    @classmethod
    def through(cls, start: float, pitch: float, samples: ArrayLike) -> "Curve":
        """The curve through (n, channels) samples."""
        values = np.asarray(samples, float)
        at = pitch * np.arange(len(values))
        return cls(start, pitch, np.asarray(CubicSpline(at, values, bc_type="natural").c))

    @property
    def end(self) -> float:
        """Of the last sample."""
        return self.start + self.pitch * self.coefficients.shape[1]

    def at(self, x: float) -> Array:
        """(channels,) at ``x``."""
        k, u, beyond = self._piece(x)
        a, b, c, d = self.coefficients[:, k]
        value = ((a * u + b) * u + c) * u + d
        return np.asarray(value + beyond * ((3 * a * u + 2 * b) * u + c) if beyond else value)

    def slope(self, x: float) -> Array:
        """(channels,) derivative at ``x``."""
        k, u, _ = self._piece(x)
        a, b, c, _ = self.coefficients[:, k]
        return np.asarray((3 * a * u + 2 * b) * u + c)

    def _piece(self, x: float) -> tuple[int, float, float]:
        """Piece, place in it, and how far beyond the ends."""
        inside = min(max(x, self.start), self.end)
        k = min(int((inside - self.start) / self.pitch), self.coefficients.shape[1] - 1)
        return k, inside - self.start - k * self.pitch, x - inside
