"""A deck of a car park: the lane along +y with its middle at x = 0, bays to both sides, a ramp at the far end."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from generator.scenario.environments import CarPark
from generator.site.model import Acoustics, Floor, Site, Solid, Spot, Streams, Way
from generator.site.yard import CARS, Thing, Yard

BAY = 5.0
"""Metres that a bay is long."""

PILLAR = 0.45
PARAPET = 1.05
RAMP_SLOPE = 0.14
"""Rise over run, usual for ramps of car parks (up to 15 %)."""

RAMP_LONG = 9.0
_BEHIND = 8.0


@dataclass(frozen=True)
class DeckPlan:
    """Where everything is.

    Attributes:
        place: the environment.
        length: metres from y = 0 to the foot of the ramp.
        pillars: (x, y) of their middles.
        things: cars and clutter.
        ramp_side: -1 or +1: the half of the deck's end that the ramp takes.
        cover: (x, y) of the cover spot, and the way it faces: radians to the left of +y.
        stops: (x, y, side) between cars at which a search looks in.
    """

    place: CarPark
    length: float
    pillars: tuple[tuple[float, float], ...]
    things: tuple[Thing, ...]
    ramp_side: int
    cover: tuple[float, float, float]
    stops: tuple[tuple[float, float, int], ...]

    @property
    def edge(self) -> float:
        """Metres from the lane's middle to the deck's sides."""
        return 0.5 * self.place.lane + BAY

    @cached_property
    def site(self) -> Site:
        """The deck between parapets or walls, the core with the stairs beside the ramp."""
        p, edge = self.place, self.edge
        mid = 0.5 * (self.length - _BEHIND)
        long = self.length + _BEHIND
        solids = [
            Solid.box((side * (edge + 0.1), mid), (0.2, long, self.side_height(side)), "wall") for side in (-1, 1)
        ]
        solids.append(Solid.box((0, -_BEHIND - 0.1), (2 * edge, 0.2, p.height), "wall"))
        solids.append(Solid.box((-self.ramp_side * 0.5 * edge, self.length + 0.1), (edge, 0.2, p.height), "wall"))
        # The ramp is a way for cars: people stay on the deck.
        solids.append(Solid.box((self.ramp_side * 0.5 * edge, self.length + 0.1), (edge, 0.2, 0.4), "ramp"))
        solids += [Solid.box(at, (PILLAR, PILLAR, p.height), "pillar") for at in self.pillars]
        solids += [thing.solid for thing in self.things]
        looks = np.array([(side * (0.5 * p.lane + 2.2), y, 1.2) for _, y, side in self.stops]).reshape(-1, 3)
        search = np.array([(0.0, 0.3, 0.0), *((x, y, 0.0) for x, y, _ in self.stops), (0.0, self.length - 1.2, 0.0)])
        sides = {self.side_height(side) < 1.5 for side in (-1, 1)}
        return Site(
            floors=(Floor.level((-edge, -_BEHIND), (edge, self.length), "concrete"),),
            solids=tuple(solids),
            ways={
                "advance": Way(np.array([(0.0, 0.3, 0.0), (0.0, self.length - 0.8, 0.0)]), looks),
                "search": Way(search, looks, tuple(range(1, len(search) - 1))),
                "take_cover": Way(np.array([(0.0, 0.5, 0.0), (*self.cover[:2], 0.0)])),
            },
            acoustics=Acoustics(
                (-edge, -_BEHIND, 0.0), (edge, self.length, p.height), "concrete", "concrete", "concrete",
                about=0.03 * p.occupied, openings=0.35 if sides == {True} else 0.2,
            ),
            spots=(Spot((*self.cover[:2], 0.0), self.cover[2], "cover"),),
            half_width=0.5 * p.lane - 0.4,
        )  # fmt: skip

    def side_height(self, side: int) -> float:
        """Metres of what closes a side: a parapet where it is open, else a wall."""
        opened = self.place.open_side in ("both", "left" if side < 0 else "right")
        return PARAPET if opened else self.place.height


def plan(place: CarPark, stream: Streams) -> DeckPlan:
    """The plan of a deck."""
    rng = stream("world/deck")
    yard = Yard(stream("world/deck/seeds"))
    length, front = place.bays * place.bay_width, 0.5 * place.lane
    pillars = tuple(
        (side * (front + 0.55), k * place.bay_width)
        for side in (-1, 1) for k in range(0, place.bays + 1, place.every)
        if k * place.bay_width < length - 0.3
    )  # fmt: skip
    yard.taken += [Solid.box(at, (PILLAR, PILLAR, 1.0), "pillar").polygon for at in pillars]
    wide = min(0.62 * front, front - 1.0)
    yard.keep([(0, -_BEHIND + 1), (0, length)], wide)
    side = int(rng.choice([-1, 1]))
    bay = int(np.clip(round(rng.uniform(7.0, 11.0) / place.bay_width), 3, place.bays - 2))
    # Cover is beside a parked car's flank, in the empty bay before it; facing the far end.
    y = (bay + 0.5) * place.bay_width
    kind = str(rng.choice(["saloon", "estate", "hatchback"]))
    size = CARS[kind]
    yard.put(kind, (side * (front + 0.45 + 0.5 * size[1]), y), size, _nose(side, True), labelled=True, sure=True)
    cover = (side * (front + 1.65), y - 0.5 * size[0] - 0.60, 0.0)
    yard.keep([(0, cover[1] - 2.0), (side * (front - 0.3), cover[1]), (cover[0] + 0.2 * side, cover[1])], 0.5)
    stops = []
    for k in range(place.bays):
        for s in (-1, 1):
            middle = (k + 0.5) * place.bay_width
            seen, backwards, jitter = rng.uniform(), rng.uniform() < 0.3, rng.normal(0, 1, 3)
            kind = str(rng.choice(list(CARS)))
            if seen > place.occupied:
                continue
            size = CARS[kind]
            at = (s * (front + 0.4 + 0.5 * size[1] + 0.08 * abs(jitter[0])), middle + 0.06 * jitter[1])
            if (
                yard.put(kind, at, size, _nose(s, backwards) + 0.012 * jitter[2], labelled=True, margin=0.08)
                is not None
            ):
                stops.append((s * 0.35 * front, middle - 0.5 * place.bay_width - 0.6, s))
    for _ in range(round(9 * place.clutter)):
        what, size = _THINGS[int(rng.integers(len(_THINGS)))]
        for _ in range(5):
            s = int(rng.choice([-1, 1]))
            at = (s * (front + BAY - rng.uniform(0.35, 1.2)), float(rng.uniform(-_BEHIND + 1, length - 0.6)))
            if yard.put(what, at, size, rng.uniform(0, 6.3), labelled=True) is not None:
                break
    kept = [stop for k, stop in enumerate(stops) if 1.8 < stop[1] < length - 3]
    apart: list[tuple[float, float, int]] = []
    for stop in kept:
        if not apart or stop[1] - apart[-1][1] > 1.9:
            apart.append(stop)
    return DeckPlan(place, length, pillars, tuple(yard.things), -side, cover, tuple(apart))


_THINGS: tuple[tuple[str, tuple[float, float, float]], ...] = (
    ("cone", (0.34, 0.34, 0.5)), ("tyres", (0.62, 0.62, 0.35)), ("bin", (0.58, 0.72, 1.06)), ("crate", (0.6, 0.4, 0.35)),
    ("bucket", (0.32, 0.32, 0.3)), ("bollard", (0.14, 0.14, 0.95)),
)  # fmt: skip


def _nose(side: int, backwards: bool) -> float:
    """Radians to the left of +y that a car in a bay faces: into it, or out of it where it was backed in."""
    return (-side if not backwards else side) * 0.5 * np.pi
