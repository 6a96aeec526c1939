"""A carriage: where its doors, seats, screens, poles, windows and handles are, in a frame of its own.

x across, 0 in the middle; y along, from 0 at one end wall to ``length`` at the other; z = 0 on the floor.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from generator.scenario.environments.transit import Seating
from generator.site.model import Solid, Spot

Array = NDArray[np.float64]

AISLE = 0.80
"""Metres between seats: 0.30 to either side of a body, and cells of the grid that ways are planned on."""

WALL = 0.10
SEAT_DEPTH = 0.56
SEAT_TOP = 1.15
SEAT_HEIGHT = 0.45
SCREEN_TOP = 1.75
SILL, HEAD = 0.84, 1.72
"""Heights of the lower and upper edges of windows, metres."""

_MOST_HANDLES = 26
_POLE = 0.0175


@dataclass(frozen=True)
class Seat:
    """Seats side by side.

    Attributes:
        x, y: middle of their footprint.
        yaw: radians to the left of +y that they face.
        width: side to side, metres.
        places: how many.
        base: height of what they stand on, metres.
        depth: front to back, metres.
    """

    x: float
    y: float
    yaw: float
    width: float
    places: int
    base: float = 0.0
    depth: float = SEAT_DEPTH

    def solid(self) -> Solid:
        """What nobody walks through."""
        size = (self.width, self.depth, self.base + SEAT_TOP)
        return Solid.box((self.x, self.y), size, "seat", yaw=self.yaw)

    def spots(self) -> list[Spot]:
        """One for each of the places."""
        right = np.array([np.cos(self.yaw), np.sin(self.yaw)])
        ahead = np.array([-np.sin(self.yaw), np.cos(self.yaw)])
        out = []
        for k in range(self.places):
            x, y = (self.x, self.y) + ((k + 0.5) / self.places - 0.5) * self.width * right + 0.08 * ahead
            out.append(Spot((float(x), float(y), self.base), self.yaw, "sit", SEAT_HEIGHT))
        return out


@dataclass(frozen=True)
class Car:
    """A carriage.

    Attributes:
        width, length, height: inside, metres.
        doors: y of the middles of the doors, on both sides.
        door_width: clear, metres.
        aisle: x of its middle.
        seats: rows or benches.
        screens: (x0, x1, y) of draught screens beside the doors.
        poles: (x, y) from floor to ceiling.
        handles: (x, y, height of the rail) that they hang from.
        windows: (y0, y1), on both sides.
        vestibules: (y0, y1) kept free before the doors.
    """

    width: float
    length: float
    height: float
    doors: tuple[float, ...]
    door_width: float
    aisle: float
    seats: tuple[Seat, ...] = field(repr=False)
    screens: tuple[tuple[float, float, float], ...] = field(repr=False)
    poles: tuple[tuple[float, float], ...] = field(repr=False)
    handles: tuple[tuple[float, float, float], ...] = field(repr=False)
    windows: tuple[tuple[float, float], ...] = field(repr=False)
    vestibules: tuple[tuple[float, float], ...] = field(repr=False)

    @cached_property
    def furniture(self) -> tuple[Solid, ...]:
        """Seats, screens and poles."""
        found = [seat.solid() for seat in self.seats]
        for x0, x1, y in self.screens:
            found.append(Solid.box((0.5 * (x0 + x1), y), (abs(x1 - x0), 0.04, SCREEN_TOP), "screen"))
        for x, y in self.poles:
            found.append(Solid.box((x, y), (2 * _POLE, 2 * _POLE, self.height), "pole"))
        return tuple(found)

    def walls(self, side: int, opened: frozenset[int]) -> list[Solid]:
        """The wall at x = side width / 2, but for the doors that stand open."""
        x, half = side * (0.5 * self.width + 0.5 * WALL), 0.5 * self.door_width
        edges = [0.0]
        for k in sorted(opened):
            edges += [self.doors[k] - half, self.doors[k] + half]
        edges.append(self.length)
        return [
            Solid.box((x, 0.5 * (y0 + y1)), (WALL, y1 - y0, self.height), "wall")
            for y0, y1 in zip(edges[::2], edges[1::2], strict=True)
        ]

    def ends(self) -> list[Solid]:
        """Both end walls, doors and all."""
        wide = self.width + 2 * WALL
        return [Solid.box((0, y), (wide, WALL, self.height), "wall") for y in (-0.5 * WALL, self.length + 0.5 * WALL)]


def fit_car(
    size: tuple[float, float, float],
    doors: int,
    door_width: float,
    seating: Seating,
    rows: tuple[float, float],
    grips: tuple[float, float],
    rng: np.random.Generator,
) -> Car:
    """Furnishes a carriage.

    Args:
        size: width, length, height inside, metres.
        doors: on either side.
        door_width: clear, metres.
        seating: how seats stand.
        rows: metres from row to row; share of rows that face each other.
        grips: shares 0..1 of poles and of handles.
        rng: draws.
    """
    width, length, height = size
    doors = min(doors, int(length / (door_width + 2.4)))
    middles = tuple(float(length * (k + 0.5) / doors) for k in range(doors))
    reach = 0.5 * door_width + 0.22
    vestibules = tuple((y - reach, y + reach) for y in middles)
    edges = [0.12, *(edge for pair in vestibules for edge in pair), length - 0.12]
    spans = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 0.8]
    left, right, aisle = _blocks(width, seating)
    seats: list[Seat] = []
    for span in spans:
        seats += _benches(span, width) if seating == "longitudinal" else _rows(span, width, (left, right), rows, rng)
    inner = (-0.5 * width + left[0], 0.5 * width - right[0])
    screens = []
    for low, high in vestibules:
        for y in (low - 0.02, high + 0.02):
            screens += [(-0.5 * width, inner[0], y), (inner[1], 0.5 * width, y)]
    poles = _poles(vestibules, spans, inner, seating, grips[0], rng)
    return Car(
        width, length, height, middles, door_width, aisle, tuple(seats), tuple(screens), poles,
        _handles((length, height), inner, vestibules, grips[1], rng), _windows(spans), vestibules,
    )  # fmt: skip


def _blocks(width: float, seating: Seating) -> tuple[tuple[float, int], tuple[float, int], float]:
    """(width, places) of the seats on the left and on the right, and x of the middle of the aisle."""
    if seating == "longitudinal":
        return (0.52, 1), (0.52, 1), 0.0
    n = (2, 2) if seating == "rows_2_2" else (2, 1)
    each = float(np.clip((width - AISLE - 0.06) / sum(n), 0.40, 0.50))
    left, right = 0.03 + n[0] * each, 0.03 + n[1] * each
    return (left, n[0]), (right, n[1]), 0.5 * ((-0.5 * width + left) + (0.5 * width - right))


def _rows(
    span: tuple[float, float],
    width: float,
    blocks: tuple[tuple[float, int], tuple[float, int]],
    rows: tuple[float, float],
    rng: np.random.Generator,
) -> list[Seat]:
    """Rows across a saloon, all one way or in bays that face each other."""
    (low, high), (pitch, facing) = span, rows
    n = int((high - low - 0.10) / pitch)
    bays, way = rng.uniform() < facing and n > 1, np.pi * float(rng.uniform() < 0.5)
    first = 0.5 * (low + high) - 0.5 * (n - 1) * pitch
    seats = []
    for k in range(n):
        y, yaw = first + k * pitch, way
        if bays:
            # Knees need more room than backs.
            y, yaw = y + (0.12 if k % 2 else -0.12) * pitch, np.pi * float(k % 2)
            y = float(np.clip(y, low + 0.5 * SEAT_DEPTH, high - 0.5 * SEAT_DEPTH))
        for side, (wide, places) in zip((-1, 1), blocks, strict=True):
            seats.append(Seat(side * (0.5 * width - 0.03 - 0.5 * (wide - 0.03)), y, yaw, wide - 0.03, places))
    return seats


def _benches(span: tuple[float, float], width: float) -> list[Seat]:
    """A bench along either wall."""
    low, high = span[0] + 0.06, span[1] - 0.06
    places = max(int((high - low) / 0.46), 1)
    return [
        Seat(side * (0.5 * width - 0.25), 0.5 * (low + high), side * np.pi / 2, high - low, places, depth=0.50)
        for side in (-1, 1)
    ]


def _poles(
    vestibules: tuple[tuple[float, float], ...],
    spans: list[tuple[float, float]],
    inner: tuple[float, float],
    seating: Seating,
    share: float,
    rng: np.random.Generator,
) -> tuple[tuple[float, float], ...]:
    """At the screens' edges, in the middle of vestibules, and at the seats' corners."""
    found = []
    for low, high in vestibules:
        found += [(x, y) for y in (low - 0.02, high + 0.02) for x in (inner[0] - 0.01, inner[1] + 0.01)]
        if share > 0.55 and seating != "rows_2_2":
            found.append((0.5 * sum(inner), 0.5 * (low + high)))
    for low, high in spans:
        for k, y in enumerate(np.arange(low + 0.9, high - 0.6, 1.65)):
            if rng.uniform() < share:
                found.append((inner[k % 2] + (-0.03, 0.03)[k % 2], float(y)))
    return tuple(found)


def _handles(
    size: tuple[float, float],
    inner: tuple[float, float],
    vestibules: tuple[tuple[float, float], ...],
    share: float,
    rng: np.random.Generator,
) -> tuple[tuple[float, float, float], ...]:
    """Along rails over the seats' inner edges, and none before the doors."""
    length, height = size
    if share < 0.1:
        return ()
    step = 0.45 / max(share, 0.3)
    ys = [float(y + rng.uniform(-0.05, 0.05)) for y in np.arange(0.9, length - 0.9, step)]
    ys = [y for y in ys if all(not low - 0.1 < y < high + 0.1 for low, high in vestibules)]
    every = max(1, -(-2 * len(ys) // _MOST_HANDLES))
    return tuple((x, y, height - 0.24) for x in inner for y in ys[::every])


def _windows(spans: list[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Panes of up to 1.9 m with pillars between them."""
    found = []
    for low, high in spans:
        n = max(1, round((high - low) / 1.75))
        edges = np.linspace(low + 0.02, high - 0.02, n + 1)
        found += [(float(a) + 0.07, float(b) - 0.07) for a, b in pairwise(edges)]
    return tuple(found)
