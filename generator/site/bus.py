"""A town bus as planned: its front at y = 0, driving towards -y; doors on the kerb's side."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from generator.scenario.environments import BusInterior
from generator.site.car import AISLE, WALL, Car, Seat
from generator.site.model import Acoustics, Floor, Ride, Site, Solid, Spot, Streams, Way, WayWord

Array = NDArray[np.float64]

KERB = -0.14
"""Height of the pavement against the floor of a bus that kneels, metres."""

DOOR = 1.15
CAB = 1.45
"""Clear width of the doors and length of the driver's cab, metres."""

_PAVEMENT = 3.4


@dataclass(frozen=True)
class BusPlan:
    """Where everything is.

    Attributes:
        room: the environment.
        side: -1 where the doors are at x < 0, as traffic on the right has them, else 1.
        car: doors, seats, poles, handles and the windows of the doors' side.
        blind: the same with the windows of the other side, which has no doors.
        step: y where the aisle goes up.
    """

    room: BusInterior
    side: int
    car: Car = field(repr=False)
    blind: Car = field(repr=False)
    step: float

    @property
    def stands(self) -> bool:
        """Whether it stands at a kerb with open doors."""
        return self.room.moving == 0.0

    @property
    def edge(self) -> float:
        """Metres from the middle to the edge of the pavement."""
        return 0.5 * self.car.width + WALL + 0.06

    @property
    def opened(self) -> frozenset[int]:
        """Doors that stand open."""
        return frozenset(range(len(self.car.doors))) if self.stands else frozenset()

    @property
    def cab(self) -> tuple[float, float]:
        """Where the driver's cab reaches to across: x at its inner side and at the wall."""
        return -self.side * 0.28, -self.side * 0.5 * self.car.width

    @cached_property
    def ride(self) -> Ride | None:
        """Under way."""
        if self.stands:
            return None
        fast = self.room.moving
        return Ride(
            roll=0.008 + 0.012 * self.room.rough,
            pitch=0.004,
            period=4.5,
            pivot=(0.0, 0.5 * self.car.length, -0.3),
            speed=fast * self.room.traffic,
            heading=np.pi,
            shake=(0.2 + 0.7 * self.room.rough) * fast**0.5,
            shake_band=(1.1, 14.0),
        )

    @cached_property
    def site(self) -> Site:
        """The inside, and the pavement where it stands at one."""
        car, room, side = self.car, self.room, self.side
        half, long = 0.5 * car.width, car.length
        floors = [Floor.level((-half, 0.0), (half, self.step), room.floor)]
        floors.append(Floor.level((-half, self.step), (half, long), room.floor, room.rear_step))
        solids = [*car.walls(side, self.opened), *car.walls(-side, frozenset()), *car.ends(), *car.furniture]
        low, high = sorted(self.cab)
        cab = Solid.box((0.5 * (low + high), 0.5 * CAB), (high - low, CAB, 1.9), "cab")
        solids.append(cab)
        up = np.array([0.0, 0.0, room.rear_step])
        aisle = [np.array([car.aisle, y, 0.0]) for y in (CAB + 0.5, self.step - 0.35)]
        rear = [np.array([car.aisle, y, 0.0]) + up for y in (self.step + 0.35, long - 1.25)]
        front = np.array([side * 0.35, 0.60, 0.0])
        looks = np.array([(0.8 * seat.x, seat.y, seat.base + 1.15) for seat in car.seats])
        middle = np.array([car.aisle, 0.5 * (CAB + 0.5 + self.step), 0.0])
        ways: dict[WayWord, Way] = {
            "advance": Way(np.array([front, *aisle, *rear]), looks),
            "search": Way(np.array([front, aisle[0], middle, aisle[1], *rear]), looks, (1, 2, 3)),
        }
        spots = [spot for seat in car.seats for spot in seat.spots()]
        spots += [Spot((-side * (half - 0.4), y, 0.0), 0.0, "target") for y in car.doors[1:]]
        if self.stands:
            pavement = sorted((side * self.edge, side * (self.edge + _PAVEMENT)))
            floors.append(Floor.level((pavement[0], -6.0), (pavement[1], long + 6.0), "paving", KERB))
            for y in car.doors:
                sill = sorted((side * half, side * self.edge))
                floors.append(Floor.level((sill[0], y - 0.5 * DOOR), (sill[1], y + 0.5 * DOOR), "aluminium"))
            ways |= {
                "board": Way(np.array([*self._door(0, -3.2), *aisle, *rear]), looks),
                "disembark": Way(np.array([front, aisle[0], *self._door(1, 4.5)[::-1]]), looks),
            }
        acoustics = Acoustics(
            (-half, 0.0, 0.0), (half, long, car.height), "panel_lined",
            "vinyl" if room.floor == "planks" else room.floor, "panel_lined", about=0.10, openings=0.05 * len(self.opened),
        )  # fmt: skip
        return Site(tuple(floors), tuple(solids), ways, acoustics, tuple(spots), half_width=half - 0.45, ride=self.ride)

    def _door(self, k: int, along: float) -> list[Array]:
        """From the pavement, ``along`` metres from a door, to inside of it."""
        y, side, half = self.car.doors[k], self.side, 0.5 * self.car.width
        return [
            np.array([side * (self.edge + 1.3), y + along, KERB]),
            np.array([side * (self.edge + 0.45), y, KERB]),
            np.array([side * (half - 0.40), y, 0.0]),
        ]


def plan(room: BusInterior, stream: Streams) -> BusPlan:
    """The plan of a bus, of draws from named streams."""
    rng = stream("world/bus")
    side, long, width = (-1 if room.right_hand else 1), room.length, room.width
    half = 0.5 * width
    last = 0.74 if room.doors == 3 else 0.50
    doors = (0.80, *((0.44 * long, last * long) if room.doors == 3 else (last * long,)))
    step = doors[-1] + 0.95
    each = float(np.clip((width - AISLE - 0.04) / 4, 0.38, 0.45))
    seats: list[Seat] = []
    poles: list[tuple[float, float]] = []
    inner = half - 0.02 - 2 * each
    rear = long - 0.42
    for at in (side, -side):
        stops = [1.85, *(edge for y in doors[1:] for edge in (y - 0.80, y + 0.85))] if at == side else [
            CAB + 0.25, *(edge for y in doors[1:2] for edge in (y - 1.1, y + 0.85))
        ]  # fmt: skip
        stops.append(rear - 0.75)
        for low, high in zip(stops[::2], stops[1::2], strict=True):
            n = int((high - low + 0.16) / room.pitch)
            for k in range(n):
                y = low + 0.30 + k * room.pitch
                base = room.podest + (room.rear_step if y > step else 0.0)
                back = rng.uniform() < 0.15 and k == n - 1 and n > 1 and y < step - 0.5
                # They look to the front, which is -y.
                seats.append(Seat(at * (half - 0.02 - each), y, 0.0 if back else np.pi, 2 * each, 2, base))
                if k % 2 == 0 and rng.uniform() < room.poles:
                    poles.append((at * (inner + 0.02), y + 0.24))
    seats.append(Seat(0.0, rear, np.pi, width - 0.06, 5, room.podest * 0.5 + room.rear_step))
    for y in doors[1:]:
        poles += [(at * (half - 0.30), y + off) for at in (side,) for off in (-0.5 * DOOR - 0.16, 0.5 * DOOR + 0.16)]
    poles.append((side * (half - 0.26), 1.60))
    handles = [
        (at * (inner - 0.02), float(y), room.height - 0.26)
        for at in (-1, 1) for y in np.arange(doors[-1] - 2.2, doors[-1] + 0.8, 0.36) if rng.uniform() < room.handles
    ]  # fmt: skip
    gaps = tuple((y - 0.5 * DOOR - 0.1, y + 0.5 * DOOR + 0.1) for y in doors)
    car = Car(
        width, long, room.height, doors, DOOR, 0.0, tuple(seats), (), tuple(poles), tuple(handles),
        _panes([0.2, *(edge for gap in gaps for edge in gap), long - 0.15]), gaps,
    )  # fmt: skip
    blind = Car(
        width, long, room.height, (), DOOR, 0.0, (), (), (), (), _panes([0.25, CAB, CAB, long - 0.15]), ()
    )  # fmt: skip
    return BusPlan(room, side, car, blind, step)


def _panes(edges: list[float]) -> tuple[tuple[float, float], ...]:
    """Large panes between edges, with narrow pillars."""
    found = []
    for low, high in zip(edges[::2], edges[1::2], strict=True):
        if high - low < 0.35:
            continue
        n = max(1, round((high - low) / 1.6))
        cuts = np.linspace(low, high, n + 1)
        found += [(float(a) + 0.05, float(b) - 0.05) for a, b in pairwise(cuts)]
    return tuple(found)
