"""A stairwell: landings at y = 0, half landings at the other end; flights up on the right, and back on the left."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from generator.scenario.environments import Stairwell
from generator.site.bays import Bay
from generator.site.model import Acoustics, Floor, Site, Solid, Streams, Way, WayWord
from generator.site.walls import Hole, Partition, all_solids, box_of_walls

Array = NDArray[np.float64]

_RISER = 0.172
"""Metres that stairs of buildings rise a step, about (Blondel: twice that and the going are 0.6 to 0.65 m)."""

LOBBY = 2.6
"""Metres of floor before the entrance."""

HEAD = 2.7
"""Metres above the uppermost landing."""

SLAB = 0.2
"""Thickness of landings, metres."""

RAIL = 0.95
"""Height of handrails above the nosings, metres."""


@dataclass(frozen=True)
class Flight:
    """One flight: between its foot on a landing and its head on the next.

    Attributes:
        left, right: x of its sides, metres.
        foot: y of its first riser.
        way: +1 goes up towards +y, -1 towards -y.
        low: height of the landing at its foot.
        steps: risers.
        riser, going: metres.
    """

    left: float
    right: float
    foot: float
    way: int
    low: float
    steps: int
    riser: float
    going: float

    @property
    def run(self) -> float:
        """Metres from the first riser to the last."""
        return (self.steps - 1) * self.going

    @property
    def high(self) -> float:
        """Height of the landing at its head."""
        return self.low + self.steps * self.riser

    @property
    def floor_outline(self) -> Array:
        """(4, 2) corners."""
        y0, y1 = sorted((self.foot, self.foot + self.way * self.run))
        return np.array([(self.left, y0), (self.right, y0), (self.right, y1), (self.left, y1)])

    def points(self) -> tuple[Array, Array]:
        """(3,) on the line through the nosings: a going before the first riser, and at the last."""
        x = 0.5 * (self.left + self.right)
        head = np.array([x, self.foot + self.way * self.run, self.high])
        return np.array([x, self.foot - self.way * self.going, self.low]), head


@dataclass(frozen=True)
class Plan:
    """Where everything is.

    Attributes:
        place: the environment.
        width, depth, height: of the shaft inside, metres.
        walls: south with the doors, east, north with the windows, west.
        flights: from the ground up.
        entrance: x of the way in.
        doors: x of the shut doors on the landings above, from the first floor up.
    """

    place: Stairwell
    width: float
    depth: float
    height: float
    walls: tuple[Partition, ...]
    flights: tuple[Flight, ...]
    entrance: float
    doors: tuple[float, ...]

    @cached_property
    def half(self) -> float:
        """Y where half landings begin."""
        return self.place.landing + self.flights[0].run

    @cached_property
    def landings(self) -> tuple[tuple[float, float, float], ...]:
        """(y0, y1, height) of every landing and half landing, from the ground up."""
        found = [(0.0, self.place.landing, 0.0)]
        for k, flight in enumerate(self.flights):
            found.append((self.half, self.depth, flight.high) if k % 2 == 0 else (0.0, self.place.landing, flight.high))
        return tuple(found)

    @cached_property
    def bays(self) -> tuple[Bay, ...]:
        """Under every landing, and under the roof."""
        place = self.place
        out = []
        for y0, y1, z in self.landings[:-1]:
            top = min(z + place.rise - SLAB, self.height) - 0.005
            out.append(Bay((0.3, y0 + 0.2), (self.width - 0.3, y1 - 0.2), top))
        y0, y1, _ = self.landings[-1]
        out.append(Bay((0.3, y0 + 0.2), (self.width - 0.3, y1 - 0.2), self.height - 0.005))
        return tuple(out)

    def rails(self) -> list[Solid]:
        """Railings beside the well, in pieces as high as the stairs under them; and across what is open at the top."""
        out = []
        for flight in self.flights:
            x = flight.left - 0.03 if flight.way > 0 else flight.right + 0.03
            for k in range(0, flight.steps - 1, 2):
                y = flight.foot + flight.way * (k + 1) * flight.going
                low = flight.low + (k + 1) * flight.riser
                size = (0.05, 2 * flight.going, RAIL + flight.riser)
                out.append(Solid.box((x, y), size, "railing", bottom=low - flight.riser))
        place, top = self.place, self.landings[-1][2]
        x0, x1 = place.flight + 0.03, self.width
        out.append(Solid.box((0.5 * (x0 + x1), place.landing - 0.03), (x1 - x0, 0.06, 1.05), "railing", bottom=top))
        return out

    @cached_property
    def site(self) -> Site:
        """What everybody may rely on."""
        place = self.place
        floors = [Floor.level((0, y0), (self.width, y1), place.steps, z) for y0, y1, z in self.landings]
        floors.append(Floor.level((self.entrance - 1.2, -LOBBY), (self.entrance + 1.2, 0.0), place.steps))
        for flight in self.flights:
            slope = flight.way * flight.riser / flight.going
            floors.append(
                Floor(
                    flight.floor_outline, flight.low + flight.riser, place.steps, (0.0, slope),
                    (flight.left, flight.foot), flight.going,
                )
            )  # fmt: skip
        # What is under the second flight is walled up on the ground.
        under = Solid.box(
            (0.5 * place.flight, 0.5 * (place.landing + self.depth)),
            (place.flight, self.depth - place.landing, 0.45 * place.rise), "wall",
        )  # fmt: skip
        lobby = [
            Solid.box((self.entrance + side * 1.25, -0.5 * LOBBY), (0.1, LOBBY, 2.4), "wall") for side in (-1.0, 1.0)
        ]
        return Site(
            floors=tuple(floors),
            solids=(*all_solids(self.walls), under, *lobby, *self.rails()),
            ways=self._ways(),
            acoustics=Acoustics(
                (0.0, 0.0, 0.0), (self.width, self.depth, self.height),
                {"brick": "concrete", "plaster": "plaster"}.get(place.wall, place.wall), place.steps, "concrete",
                about=0.01, openings=0.03,
            ),
            half_width=0.45,
        )  # fmt: skip

    def _ways(self) -> dict[WayWord, Way]:
        start = np.array([self.entrance, -LOBBY + 0.4, 0.0])
        points = [start, np.array([self.entrance, 0.45, 0.0])]
        looks = []
        for k, flight in enumerate(self.flights):
            foot, head = flight.points()
            points += [foot, head]
            y0, y1, z = self.landings[k + 1]
            looks.append(np.array([0.5 * self.width, 0.5 * (y0 + y1), z + 1.5]))
            if k + 1 < len(self.flights):
                points.append(head + (0.0, flight.way * 0.1, 0.0))
        y0, y1, z = self.landings[-1]
        points.append(np.array([0.5 * (self.flights[-1].left + self.flights[-1].right), 0.5 * (y0 + y1), z]))
        begin = 2 if len(self.flights) > 1 else 1  # climbing begins at the foot of the stairs
        climb = np.array([points[1], *points[begin:]])
        return {"advance": Way(np.array(points), np.array(looks)), "climb_stairs": Way(climb, np.array(looks))}


def plan(place: Stairwell, stream: Streams) -> Plan:
    """The plan of a stairwell, of draws from named streams."""
    rng = stream("world/stairwell")
    steps = max(round(0.5 * place.rise / _RISER), 6)
    riser, run = 0.5 * place.rise / steps, (steps - 1) * place.going
    width = 2 * place.flight + place.well
    depth = 2 * place.landing + run
    height = place.storeys * place.rise + HEAD
    flights = []
    for k in range(place.storeys):
        z = k * place.rise
        flights.append(Flight(width - place.flight, width, place.landing, 1, z, steps, riser, place.going))
        flights.append(
            Flight(0.0, place.flight, place.landing + run, -1, z + 0.5 * place.rise, steps, riser, place.going)
        )
    entrance = float(np.clip(0.5 * place.flight + rng.uniform(0.0, 0.3), 0.65, width - 0.65))
    south, east, north, west = box_of_walls((0, 0), (width, depth), height)
    u = entrance + 0.2  # the south wall begins 0.2 m beside the shaft
    doors = [float(rng.uniform(0.75, width - 0.75)) for _ in range(place.storeys)]
    south = replace(south, holes=(Hole(u - 0.47, u + 0.47, 0.0, 2.06, "doorway"),))
    if place.windows:
        sill = float(rng.uniform(0.9, 1.2))
        wide, tall = 0.5 * width * float(rng.uniform(0.5, 0.85)), float(rng.uniform(0.8, 1.25))
        middle = 0.2 + 0.5 * width
        panes = []
        for k in range(place.storeys):
            z = (k + 0.5) * place.rise + sill
            panes.append(Hole(middle - wide, middle + wide, z, z + tall, "window"))
        north = replace(north, holes=tuple(panes))
    return Plan(place, width, depth, height, (south, east, north, west), tuple(flights), entrance, tuple(doors))
