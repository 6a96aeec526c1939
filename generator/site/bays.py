"""Bays: the rectangles of ceiling under which fittings hang."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Bay:
    """One rectangle of ceiling, lit as one.

    Attributes:
        low, high: (2,) corners, metres.
        height: of the ceiling or of what fittings hang from, metres.
        turn: radians that long fittings are turned by; 0 along x.
    """

    low: tuple[float, float]
    high: tuple[float, float]
    height: float
    turn: float = 0.0

    @property
    def size(self) -> tuple[float, float]:
        """Metres along x and y."""
        return self.high[0] - self.low[0], self.high[1] - self.low[1]

    @property
    def middle(self) -> tuple[float, float]:
        """(2,) metres."""
        return 0.5 * (self.low[0] + self.high[0]), 0.5 * (self.low[1] + self.high[1])


def bays_of(
    low: tuple[float, float], high: tuple[float, float], height: float, largest: float = 6.0, turn: float = 0.0
) -> tuple[Bay, ...]:
    """A rectangle cut into bays no longer than ``largest`` metres."""
    nx, ny = (max(int(np.ceil((high[k] - low[k]) / largest)), 1) for k in (0, 1))
    xs, ys = np.linspace(low[0], high[0], nx + 1), np.linspace(low[1], high[1], ny + 1)
    return tuple(
        Bay((float(xs[i]), float(ys[j])), (float(xs[i + 1]), float(ys[j + 1])), height, turn)
        for j in range(ny)
        for i in range(nx)
    )
