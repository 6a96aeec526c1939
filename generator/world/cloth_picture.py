"""Pictures that clothes wear: fading, weave, seams, stitches, plackets and pockets, as colour and relief.

One picture serves a whole garment; each of its parts (a sleeve, the trunk, a leg) has a panel of it, with its own
measures in metres. Strengths are chosen by eye.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from generator.world.canvas import noise
from generator.world.folds import Creases, met
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
        lint: (HEIGHT, HALF) what light fluff adds to the colour.
        bands: tapes right round the part: where along it, half their width in metres, linear colour (3,).
    """

    width: float
    height: float
    tone: Array
    relief: Array
    lint: Array
    bands: list[tuple[float, float, Array]] = field(default_factory=list)

    @property
    def grid(self) -> tuple[Array, Array]:
        """(1, HALF) metres round, 0 in the middle, and (HEIGHT, 1) metres along."""
        x = (np.arange(HALF, dtype=np.float32) + 0.5) / HALF - 0.5
        y = (np.arange(HEIGHT, dtype=np.float32) + 0.5) / HEIGHT
        return x[None] * np.float32(self.width), (y * np.float32(self.height))[:, None]

    def seam(self, x: float | None = None, y: float | None = None, *, stitched: bool = True) -> None:
        """A seam along the part at ``x``, or round it at ``y``, with a line of stitches on one side."""
        place = self._near(
            *((x, 0.02, 0.5 * self.height, self.height) if x is not None else (0.0, self.width, y or 0.0, 0.02))
        )
        across, along = (grid[place] for grid in self._full())
        away, here = (np.abs(across - x), along) if x is not None else (np.abs(along - (y or 0.0)), across)
        line, ridge = np.exp(-((away / 0.0013) ** 2)), np.exp(-((away / 0.005) ** 2))
        # Thread shrinks less than cloth does: seams pucker, and what stands out is rubbed paler.
        pucker = np.exp(-((away / 0.008) ** 2)) * np.sin(2 * np.pi * here / 0.0105 + 2.5 * np.sin(here * 61.0))
        self.tone[place] *= 1 - 0.40 * line + 0.12 * (ridge - line) + 0.035 * pucker
        self.relief[place] += 0.0006 * ridge - 0.0009 * line + 0.00018 * pucker
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

    def creased(self, creases: Creases) -> None:
        """Wrinkles; worn paler on their crests."""
        across, along = self.grid
        high, deep = np.zeros((2, HEIGHT, HALF), np.float32)
        per_turn, per_metre = HALF / (2 * np.pi), HEIGHT / self.height
        for k in range(len(creases.place)):
            low, top = (np.array([-1, 1]) * creases.spread(k) + creases.place[k]) * per_metre
            half = min(int(1.3 * creases.reach[k] * per_turn) + 1, HALF // 2)
            columns = (int((creases.turn[k] + np.pi) * per_turn) + np.arange(-half, half)) % HALF
            rows = np.arange(int(np.clip(low, 0, HEIGHT)), int(np.clip(top + 1, 0, HEIGHT)))
            place = np.ix_(rows, columns)
            value = creases.one(k, along[rows], across[:, columns] * (2 * np.pi / self.width))
            high[place], deep[place] = met(high[place], value), met(deep[place], -value)
        raised = high - deep
        self.relief += raised
        self.tone *= 1 + 110 * np.clip(raised, -0.0006, 0.0004)

    def gathers(self, low: float, high: float, step: float, height: float) -> None:
        """Cloth drawn together by elastic or pleats: ridges along the part, ``step`` metres apart."""
        place = self._near(0.0, self.width, 0.5 * (low + high), 0.5 * (high - low) + 0.02)
        across, along = (grid[place] for grid in self._full())
        there = 1 / (1 + np.exp((low - along) / 0.004)) / (1 + np.exp((along - high) / 0.004))
        wave = np.cos(2 * np.pi * (across + 0.25 * step * np.sin(along * 190 + across * 40)) / step)
        self.relief[place] += height * there * wave
        self.tone[place] *= 1 + 0.10 * there * wave

    def taped(self, y: float, width: float, colour: Array) -> None:
        """A coloured tape sewn right round the part."""
        self.bands.append((y, 0.5 * width, colour))
        for edge in (y - 0.5 * width, y + 0.5 * width):
            self.seam(y=edge)

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
        return np.clip(noise(rng, (HEIGHT, HALF), ppm, size, rolloff), -2.5, 2.5)

    crease = 1 - np.abs(field((0.11, 0.06), 2.6))
    tone = 1 + 0.07 * field(0.10) + 0.030 * field(0.012) + 0.025 * np.clip(crease, -0.5, 1.0) ** 3
    relief = 0.0007 * crease + 0.00006 * field(0.008)
    lint = _lint(rng, 320 if kind == "fleece" else 130)
    if kind == "fleece":
        fluff = field(0.0028, 1.5)
        return Panel(width, height, tone * (1 + 0.06 * fluff), 0.5 * relief + 0.00012 * fluff, lint)
    return Panel(width, height, tone, relief, lint)


def _lint(rng: np.random.Generator, count: int) -> Array:
    """(HEIGHT, HALF) specks and short hairs of light fluff, as dark cloth shows them."""
    out = np.zeros((HEIGHT, HALF))
    start, way = rng.uniform(0, 1, (count, 2)) * [HEIGHT, HALF], rng.normal(0, 1, (count, 2))
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    length = np.where(rng.random(count) < 0.7, 1.0, rng.uniform(3, 9, count))
    pale = rng.uniform(0.006, 0.045, count)
    for step in range(9):
        row, column = (start + step * way + 0.08 * step**2 * way[:, ::-1]).astype(int).T
        alive = step < length
        out[row[alive] % HEIGHT, column[alive] % HALF] = pale[alive]
    return out


def picture(left: Panel, right: Panel, colour: Array) -> Array:
    """(HEIGHT, 2 HALF, 4) of two panels; see ``hand_skin.encoded``. ``colour`` (3,) linear."""
    drawn = _drawn(left, colour)
    return np.concatenate([drawn, drawn if right is left else _drawn(right, colour)], 1)


def _drawn(panel: Panel, colour: Array) -> Array:
    """(HEIGHT, HALF, 4) of one panel."""
    flat = panel.tone[..., None] * np.asarray(colour, np.float32)
    rows = panel.grid[1][:, 0]
    for y, half, tape in panel.bands:
        here = np.abs(rows - y) < half
        flat[here] = panel.tone[here][..., None] * tape
    linear = np.clip(flat + panel.lint[..., None] + 0.0015, 0.003, 0.85).reshape(-1, 3)
    return encoded(linear, panel.relief.ravel()).reshape(HEIGHT, HALF, 4)


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
