"""A platform as planned: its edge at x = 0 with the track beyond (x < 0), its wall at x = ``width``, y along from 0.

A train that stands at it stops before the first columns; stairs go down at the far end.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from generator.scenario.environments import StationPlatform
from generator.site.car import WALL, Car, fit_car
from generator.site.model import Acoustics, Floor, Site, Solid, Spot, Streams, Way, WayWord

Array = NDArray[np.float64]

GAP = 0.08
SPACING = 3.7
"""Metres from the middle of a track to that of the next."""

OPPOSITE = 3.2
"""Width of the opposite platform, metres."""

HOLE = (2.3, 4.6)
"""Width and length of the opening of the stairs, metres."""

BENCH = (1.84, 0.62, 0.92)
_WALLS = {"wall_tile": "tile", "panel_lined": "panel_lined", "concrete": "concrete", "brick": "concrete_block"}


@dataclass(frozen=True)
class StationPlan:
    """Where everything is.

    Attributes:
        room: the environment.
        car: the carriage at the platform, in its own frame; its right side is the platform's.
        at: (x, y) of that frame's origin.
        opened: doors that stand open.
        columns, benches, bins: solids.
        hole: (x, y) of the middle of the opening of the stairs.
    """

    room: StationPlatform
    car: Car
    at: tuple[float, float]
    opened: frozenset[int]
    columns: tuple[Solid, ...] = field(repr=False)
    benches: tuple[Solid, ...] = field(repr=False)
    bins: tuple[Solid, ...] = field(repr=False)
    hole: tuple[float, float]

    @property
    def track(self) -> float:
        """Where the middle of the near track is, x in metres."""
        return -(0.5 * self.car.width + WALL + GAP)

    @property
    def opposite(self) -> float:
        """Where the edge of the opposite platform is, x in metres."""
        return self.track - SPACING + self.track

    @cached_property
    def site(self) -> Site:
        """Platform, what stands on it, and the carriage where its doors are open."""
        room, (x, y) = self.room, self.at
        wide, long = room.width, room.length
        floors = [Floor.level((0.0, 0.0), (wide, long), room.floor)]
        hole = Solid.box(self.hole, (HOLE[0] + 0.2, HOLE[1] + 0.2, 1.1), "balustrade")
        solids = [*self.columns, *self.benches, *self.bins, hole]
        solids += [Solid.box((wide + 0.1, 0.5 * long), (0.2, long, room.height), "wall")]
        solids += [Solid.box((0.5 * wide, end), (wide + 0.4, 0.2, 2.4), "wall") for end in (-0.1, long + 0.1)]
        middle = 0.5 * wide
        end = self.hole[1] - 0.5 * HOLE[1] - 0.9
        ways: dict[WayWord, Way] = {
            "advance": self._way([(middle, 0.8), (middle, end)]),
            "search": self._search(middle, end),
            "take_cover": self._cover(),
        }
        spots = [Spot((*ways["take_cover"].points[-1],), 0.0, "cover")]
        spots += [
            Spot((float(bench.outline[:, 0].mean()), float(bench.outline[:, 1].mean()), 0.0), np.pi / 2, "sit", 0.45)
            for bench in self.benches
        ]
        if room.train != "none":
            offset = np.array([x, y])
            for solid in [
                *self.car.walls(1, self.opened),
                *self.car.walls(-1, frozenset()),
                *self.car.ends(),
                *self.car.furniture,
            ]:
                solids.append(Solid(solid.outline + offset, solid.bottom, solid.top, solid.name))
        if room.train == "open":
            half = 0.5 * self.car.width
            floors.append(Floor.level((x - half, y), (x + half, y + self.car.length), "vinyl"))
            for k in self.opened:
                door, reach = y + self.car.doors[k], 0.5 * self.car.door_width
                floors.append(Floor.level((x + half, door - reach), (0.0, door + reach), "aluminium"))
            ways["board"] = self._board()
        walls = _WALLS[room.wall]
        low, high = (self.opposite - OPPOSITE, 0.0, -1.2), (wide, long, room.height)
        outdoors = room.station == "open_air"
        acoustics = Acoustics(
            low, high, "open" if outdoors else walls, room.floor, "steel" if outdoors else "concrete", about=0.03
        )
        return Site(
            tuple(floors), tuple(solids), ways, acoustics, tuple(spots), half_width=0.5 * wide - 0.5, outdoors=outdoors
        )

    def _way(self, points: list[tuple[float, float]], pause: tuple[int, ...] = ()) -> Way:
        looks = [(0.5, y, 1.6) for y in np.arange(4.0, self.room.length - 4.0, 7.0)]
        looks += [
            (float(s.outline[:, 0].mean()), float(s.outline[:, 1].mean()), 1.3) for s in (*self.columns, *self.benches)
        ]
        looks = sorted(looks, key=lambda look: look[1])
        return Way(np.array([(*point, 0.0) for point in points], float), np.array(looks), pause)

    def _search(self, middle: float, end: float) -> Way:
        """Past the columns, with a stop at each that is not too soon."""
        stops = [float(c.outline[:, 1].mean()) - 0.6 for c in self.columns]
        stops = [y for y in stops if 3.0 < y < end - 2.0]
        beside = float(self.columns[0].outline[:, 0].min()) - 0.75
        points = [(middle, 0.8), *((beside, y) for y in stops), (middle, end)]
        return self._way(points, tuple(range(1, len(points) - 1)))

    def _cover(self) -> Way:
        """Behind the second or third column."""
        column = next(c for c in self.columns if c.outline[:, 1].min() > 7.0)
        x, y = float(column.outline[:, 0].mean()), float(column.outline[:, 1].min()) - 0.42
        return self._way([(1.9, 0.9), (1.9, y - 2.6), (x, y)])

    def _board(self) -> Way:
        """Along the platform and in by an open door, then through the longer part of the carriage."""
        (x, y), car = self.at, self.car
        doors = sorted(y + car.doors[k] for k in self.opened)
        door = next((d for d in doors if d > 5.0), doors[-1])
        inside = door + 5.0 if door + 5.0 < y + car.length - 0.8 else door - 5.0
        points = [
            (2.0, max(door - 5.5, 1.0)),
            (0.95, door),
            (x + car.aisle, door),
            (x + car.aisle, max(inside, y + 0.8)),
        ]
        return self._way(points)


def plan(room: StationPlatform, stream: Streams) -> StationPlan:
    """The plan of a platform, of draws from named streams."""
    rng, wide, long = stream("world/station"), room.width, room.length
    seating = ("rows_2_2", "rows_2_1", "longitudinal")[rng.integers(3)]
    width, each = float(rng.uniform(2.6, 2.8)), float(rng.uniform(18.0, 21.0))
    car = fit_car(
        (width, each, 2.2), int(rng.integers(2, 4)), float(rng.uniform(1.2, 1.5)), seating, (0.86, 0.5),  # type: ignore[arg-type]
        (0.7, 0.5), stream("world/car"),
    )  # fmt: skip
    at = (-(0.5 * width + WALL + GAP), float(rng.uniform(0.5, 3.0)))
    order = rng.permutation(len(car.doors))
    opened = (
        frozenset(int(k) for k in order[: rng.integers(1, len(car.doors) + 1)]) if room.train == "open" else frozenset()
    )
    thick = {"round": 0.50, "square": 0.46, "steel": 0.30}[room.column]
    hole = (0.60 * wide, long - 1.6 - 0.5 * HOLE[1])
    rows = np.arange(rng.uniform(2.5, 3.5), hole[1] - 0.5 * HOLE[1] - 1.2, room.columns)
    columns = tuple(Solid.box((0.62 * wide, y), (thick, thick, room.height), "column") for y in rows)
    benches, bins = [], []
    for y in np.arange(2.2, hole[1] - 4.0, 3.4):
        if rng.uniform() < room.benches:
            benches.append(Solid.box((wide - 0.42, y), BENCH, "bench", yaw=np.pi / 2))
            if rng.uniform() < 0.5:
                bins.append(Solid.box((wide - 0.36, y + 1.35), (0.48, 0.48, 1.02), "bin"))
    return StationPlan(room, car, at, opened, columns, tuple(benches), tuple(bins), hole)
