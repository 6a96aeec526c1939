"""Pictures that clothes wear: fading, weave, seams, stitches, plackets and pockets, as colour and relief.

One picture serves a whole garment; each of its parts (a sleeve, the trunk, a leg) has a panel of it, with its own
measures in metres. Strengths are chosen by eye.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.world.canvas import noise
from generator.world.hand_skin import encoded

Array = NDArray[np.float64]

HEIGHT, HALF = 640, 400
"""Pixels of a panel."""


@dataclass
class Panel:
    """One part's half of the picture while it is drawn.

    Attributes:
        width, height: metres round and along the part.
        tone: (HEIGHT, HALF) factor on the colour.
        relief: (HEIGHT, HALF) metres.
    """

    width: float
    height: float
    tone: Array
    relief: Array

    @property
    def grid(self) -> tuple[Array, Array]:
        """(1, HALF) metres round, 0 in the middle, and (HEIGHT, 1) metres along."""
        x = (np.arange(HALF) + 0.5) / HALF - 0.5
        return x[None] * self.width, ((np.arange(HEIGHT) + 0.5) / HEIGHT * self.height)[:, None]

    def seam(self, x: float | None = None, y: float | None = None, *, stitched: bool = True) -> None:
        """A seam along the part at ``x``, or round it at ``y``, with a line of stitches on one side."""
        place = self._near(*((x, 0.02, 0.5 * self.height, self.height) if x is not None else (0.0, self.width, y or 0.0, 0.02)))
        across, along = (grid[place] for grid in self._full())
        away, here = (np.abs(across - x), along) if x is not None else (np.abs(along - (y or 0.0)), across)
        line, ridge = np.exp(-((away / 0.0013) ** 2)), np.exp(-((away / 0.005) ** 2))
        self.tone[place] *= 1 - 0.40 * line + 0.10 * (ridge - line)
        self.relief[place] += 0.0006 * ridge - 0.0009 * line
        if stitched:
            dots = np.exp(-(((away - 0.006) / 0.0011) ** 2)) * (np.cos(2 * np.pi * here / 0.0045) > -0.3)
            self.tone[place] *= 1 + 0.35 * dots
            self.relief[place] -= 0.0003 * dots

    def _full(self) -> tuple[Array, Array]:
        across, along = np.broadcast_arrays(*self.grid)
        return across, along

    def _near(self, x: float, reach_x: float, y: float, reach_y: float) -> tuple[slice, slice]:
        """Rows and columns of the pixels within reach of a point."""
        column, row = (x / self.width + 0.5) * HALF, y / self.height * HEIGHT
        half_x, half_y = reach_x / self.width * HALF, reach_y / self.height * HEIGHT
        return (
            slice(int(np.clip(row - half_y, 0, HEIGHT)), int(np.clip(row + half_y + 1, 0, HEIGHT))),
            slice(int(np.clip(column - half_x, 0, HALF)), int(np.clip(column + half_x + 1, 0, HALF))),
        )

    def patch(self, x: float, y: float, size: tuple[float, float], *, lift: float = 0.0007, shade: float = 1.0) -> None:
        """A piece of cloth sewn on round its edge; ``size`` in metres, its middle at (x, y)."""
        place = self._near(x, 0.5 * size[0] + 0.01, y, 0.5 * size[1] + 0.01)
        across, along = (grid[place] for grid in self._full())
        inside = np.minimum(0.5 * size[0] - np.abs(across - x), 0.5 * size[1] - np.abs(along - y))
        on = np.clip(inside / 0.002 + 0.5, 0, 1)
        edge = np.exp(-((inside / 0.0016) ** 2))
        stitch = np.exp(-(((inside - 0.006) / 0.0012) ** 2)) * (np.cos(2 * np.pi * (across + along) / 0.005) > -0.2)
        self.tone[place] *= (1 + (shade - 1) * on) * (1 - 0.40 * edge) * (1 + 0.28 * stitch)
        self.relief[place] += lift * on - 0.0003 * stitch

    def buttons(self, x: float, low: float, high: float, step: float) -> None:
        """A row of buttons along the part."""
        for y in np.arange(low, high, step):
            place = self._near(x, 0.01, y, 0.01)
            across, along = (grid[place] for grid in self._full())
            away = np.hypot(across - x, along - y)
            self.tone[place] *= 1 - 0.55 * (np.abs(away - 0.0055) < 0.0012)
            self.relief[place] += 0.0009 * np.clip((0.0055 - away) / 0.001, 0, 1)

    def zip(self, x: float, low: float, high: float) -> None:
        """A zip along the part, from ``low`` to ``high``."""
        across, along = self.grid
        there = (along > low) & (along < high)
        teeth = np.exp(-(((across - x) / 0.0025) ** 2)) * there * (0.5 + 0.5 * np.cos(2 * np.pi * along / 0.004))
        tape = np.exp(-(((across - x) / 0.010) ** 4)) * there
        self.tone *= (1 - 0.30 * tape) * (1 + 0.8 * teeth)
        self.relief += 0.0006 * teeth - 0.0006 * tape


def blank(width: float, height: float, kind: str, rng: np.random.Generator) -> Panel:
    """Cloth of a kind, faded and creased, without seams."""
    ppm = HALF / width

    def field(size: float | tuple[float, float], rolloff: float = 2.0) -> Array:
        return np.clip(noise(rng, (HEIGHT, HALF), ppm, size, rolloff).astype(float), -2.5, 2.5)

    crease = 1 - np.abs(field((0.11, 0.06), 2.6))
    tone = 1 + 0.08 * field(0.10) + 0.035 * field(0.012) + 0.05 * np.clip(crease, -0.5, 1.0) ** 3
    relief = 0.0008 * crease + 0.00006 * field(0.008)
    if kind == "fleece":
        fluff = field(0.0028, 1.5)
        return Panel(width, height, tone * (1 + 0.08 * fluff), 0.5 * relief + 0.00018 * fluff)
    rows, columns = np.mgrid[0:HEIGHT, 0:HALF]
    twill = np.cos(2 * np.pi * (rows + columns) / (3.0 if kind == "shirt" else 5.0))
    return Panel(width, height, tone * (1 + 0.05 * twill), relief + 0.00004 * twill)


def picture(left: Panel, right: Panel, colour: Array) -> Array:
    """(HEIGHT, 2 HALF, 4) of two panels; see ``hand_skin.encoded``. ``colour`` (3,) linear."""
    tone, relief = np.concatenate([left.tone, right.tone], 1), np.concatenate([left.relief, right.relief], 1)
    flat = np.clip(tone.reshape(-1, 1) * colour + 0.0015, 0.003, 0.85)
    return encoded(flat, relief.ravel()).reshape(HEIGHT, 2 * HALF, 4)


def panel_uv(faces: NDArray[np.int64], turn: Array, place: Array, right: NDArray[np.bool_]) -> Array:
    """(m, 4, 2) coordinates of faces on a picture of two panels.

    Args:
        faces: (m, 4).
        turn: (n,) radians round the part, 0 in the middle of its panel.
        place: (n,) 0..1 along the part.
        right: (m,) faces that wear the right panel.
    """
    u = turn[faces] / (2 * np.pi)
    u = u - np.rint(u - u[:, :1])  # no face runs backwards round the part
    inside = np.clip(u + 0.5, 0.002, 0.998)
    return np.stack([0.5 * inside + 0.5 * right[:, None], np.clip(place[faces], 0.002, 0.998)], -1)
