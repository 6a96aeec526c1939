"""A carriage as planned: at a platform on its right (x > 0), or under way towards +y."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from generator.scenario.environments import RailCarriage
from generator.site.car import WALL, Car, fit_car
from generator.site.model import Acoustics, Floor, Ride, Site, Solid, Spot, Streams, Way, WayWord

Array = NDArray[np.float64]

GAP = 0.07
"""Metres between the carriage's side and the platform's edge."""

PLATFORM_WIDTH = 4.6
BEYOND = 14.0
"""Metres that the platform goes on past either end of the carriage."""

COLUMNS = 2.7
"""Metres from the platform's edge to the columns of its roof."""


@dataclass(frozen=True)
class RailPlan:
    """Where everything is.

    Attributes:
        room: the environment.
        car: the carriage.
        opened: doors on the right that stand open; none under way.
        columns: y of the columns on the platform.
    """

    room: RailCarriage
    car: Car
    opened: frozenset[int]
    columns: tuple[float, ...] = field(repr=False)

    @property
    def stands(self) -> bool:
        """Whether it stands at a platform."""
        return self.room.moving == 0.0

    @property
    def edge(self) -> float:
        """Where the edge of the platform is, x in metres."""
        return 0.5 * self.car.width + WALL + GAP

    @cached_property
    def ride(self) -> Ride | None:
        """Under way."""
        if self.stands:
            return None
        fast = self.room.moving
        return Ride(
            roll=0.006 + 0.010 * self.room.rough,
            period=8.5,
            pivot=(0.0, 0.5 * self.car.length, -0.6),
            speed=fast * self.room.line_speed,
            shake=(0.1 + 0.5 * self.room.rough) * fast**0.7,
            shake_band=(0.9, 11.0),
        )

    @cached_property
    def site(self) -> Site:
        """The saloon, and the platform where it stands at one."""
        car, room = self.car, self.room
        half = 0.5 * car.width
        floors = [Floor.level((-half, 0.0), (half, car.length), room.floor)]
        solids = [*car.walls(-1, frozenset()), *car.walls(1, self.opened), *car.ends(), *car.furniture]
        spots = [spot for seat in car.seats for spot in seat.spots()]
        ways: dict[WayWord, Way] = {"advance": _advance(car), "search": _search(car), "take_cover": _cover(car)}
        end = ways["take_cover"].points[-1]
        spots.append(Spot((float(end[0]), float(end[1]), 0.0), 0.0, "cover"))
        for low, high in reversed(car.vestibules):
            spots.append(Spot((-half + 0.42, 0.5 * (low + high), 0.0), 0.0, "target"))
        if self.stands:
            ends = (-BEYOND, car.length + BEYOND)
            floors.append(Floor.level((self.edge, ends[0]), (self.edge + PLATFORM_WIDTH, ends[1]), "paving"))
            for k in self.opened:
                wide = 0.5 * car.door_width
                sill = (half, car.doors[k] - wide), (self.edge, car.doors[k] + wide)
                floors.append(Floor.level(*sill, "aluminium"))
            wall = self.edge + PLATFORM_WIDTH
            solids.append(Solid.box((wall, 0.5 * sum(ends)), (0.2, ends[1] - ends[0], 3.2), "wall"))
            solids += [Solid.box((self.edge + COLUMNS, y), (0.3, 0.3, 3.2), "column") for y in self.columns]
            ways |= {"board": self._board(), "disembark": self._disembark()}
        acoustics = Acoustics(
            (-half, 0.0, 0.0), (half, car.length, car.height), "panel_lined",
            room.floor, "panel_lined", about=0.12, openings=0.06 * len(self.opened),
        )  # fmt: skip
        return Site(
            tuple(floors), tuple(solids), ways, acoustics, tuple(spots), half_width=half - 0.45, ride=self.ride,
        )  # fmt: skip

    def _board(self) -> Way:
        """Along the platform, in by the first open door, and on through the longer part of the saloon."""
        car = self.car
        y = car.doors[min(self.opened)]
        onwards = car.length - 0.9 if y < 0.6 * car.length else 0.9
        come = -1.0 if onwards > y else 1.0
        points = [
            (self.edge + 1.5, y + 3.4 * come, 0), (self.edge + 0.9, y + 0.15 * come, 0), (car.aisle, y, 0),
            (car.aisle, float(np.clip(onwards, y - 9.0, y + 9.0)), 0),
        ]  # fmt: skip
        return Way(np.array(points, float), _bays(car))

    def _disembark(self) -> Way:
        """Through the saloon, out by the last open door and along the platform."""
        car = self.car
        y = car.doors[max(self.opened)]
        start = max(y - 8.0, 0.8) if y > 0.5 * car.length else min(y + 8.0, car.length - 0.8)
        on = 1.0 if start < y else -1.0
        points = [
            (car.aisle, start, 0), (car.aisle, y, 0), (self.edge + 0.9, y + 0.15 * on, 0),
            (self.edge + 1.5, y + 4.0 * on, 0),
        ]  # fmt: skip
        return Way(np.array(points, float), _bays(car))


def _bays(car: Car) -> Array:
    """(m, 3) at eye height of who sits, over the seats of both sides."""
    return np.array([(0.8 * seat.x, seat.y, seat.base + 1.15) for seat in car.seats])


def _advance(car: Car) -> Way:
    return Way(np.array([(car.aisle, 0.5, 0.0), (car.aisle, car.length - 0.5, 0.0)]), _bays(car))


def _search(car: Car) -> Way:
    """Stops where each part of the saloon can be looked into, and before the doors."""
    stops = sorted(
        {*(round(low - 0.35, 3) for low, _ in car.vestibules), *(round(high + 0.7, 3) for _, high in car.vestibules)}
    )
    stops = [y for y in stops if 1.6 < y < car.length - 1.2]
    points = [(car.aisle, 0.5), *((car.aisle, y) for y in stops), (car.aisle, car.length - 0.5)]
    return Way(np.array([(x, y, 0.0) for x, y in points]), _bays(car), tuple(range(1, len(points) - 1)))


def _cover(car: Car) -> Way:
    """From the end behind a screen beside a door on the left, far enough to hurry."""
    low, high = next(v for v in [*car.vestibules, car.vestibules[-1]] if v[1] > 7.5 or v == car.vestibules[-1])
    x0, x1, _ = car.screens[0]
    spot = (0.5 * (x0 + x1), high - 0.44)
    return Way(np.array([(car.aisle, 0.6, 0.0), (car.aisle, low + 0.2, 0.0), (*spot, 0.0)]), _bays(car))


def plan(room: RailCarriage, stream: Streams) -> RailPlan:
    """The plan of a carriage, of draws from named streams."""
    car = fit_car(
        (room.width, room.length, room.height), room.doors, room.door_width, room.seating, (room.pitch, room.facing),
        (room.poles, room.handles), stream("world/car"),
    )  # fmt: skip
    rng = stream("world/car/doors")
    order = rng.permutation(len(car.doors))
    wanted = max(1, round(room.doors_open * len(car.doors))) if room.moving == 0.0 else 0
    columns = np.arange(-BEYOND + rng.uniform(1, 4), room.length + BEYOND, rng.uniform(5.0, 8.0))
    # One gets in and out between the columns.
    kept = tuple(float(y) for y in columns if all(abs(y - door) > 1.6 for door in car.doors))
    return RailPlan(room, car, frozenset(int(k) for k in order[:wanted]), kept)
