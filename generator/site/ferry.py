"""A ferry's open deck: y from the stern rail at 0 forward to its length, x to either side of the middle."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from generator.scenario.environments import FerryDeck
from generator.site.model import Acoustics, Floor, Ride, Site, Solid, Spot, Streams, Way
from generator.site.stowed import Stowage, Stowed

RAIL = 1.1
"""Metres: height of railings of passenger ships (ICLL 1966 as amended, regulation 25, asks for at least 1.0)."""

HOUSE_HEIGHT = 2.6
FRONT_HEIGHT = 5.2


@dataclass(frozen=True)
class FerryPlan:
    """Where everything fixed is.

    Attributes:
        place: the environment of the clip.
        house: (x0, x1, y0, y1) of the deckhouse amidships.
        things: benches, rafts' drums, boxes, ventilators.
        awning: (y0, y1) of the deck above, None without.
        doors: (x, y, yaw) of doors in house and front; yaw is the way that they face.
        cover: (3,) foot of who is in cover.
        way: (n, 3) of the main way.
    """

    place: FerryDeck
    house: tuple[float, float, float, float]
    things: tuple[Stowed, ...]
    awning: tuple[float, float] | None
    doors: tuple[tuple[float, float, float], ...]
    cover: tuple[float, float, float]
    side: int

    @property
    def half(self) -> float:
        """Half the beam, metres."""
        return 0.5 * self.place.beam

    @property
    def lane(self) -> float:
        """Where, along x, the lane is that is walked."""
        return self.side * 0.5 * (self.half + self.house[1])

    @cached_property
    def site(self) -> Site:
        """The deck between the railings."""
        place, half, length = self.place, self.half, self.place.length
        x0, x1, y0, y1 = self.house
        solids = [
            Solid.box((0.0, 0.5 * (y0 + y1)), (x1 - x0, y1 - y0, HOUSE_HEIGHT), "deckhouse"),
            Solid.box((0.0, length + 0.25), (2 * half, 0.5, FRONT_HEIGHT), "superstructure"),
            *(Solid.box((s * half, 0.5 * length), (0.08, length, RAIL), "railing") for s in (-1, 1)),
            Solid.box((0.0, 0.0), (2 * half, 0.08, RAIL), "railing"),
            *(thing.solid for thing in self.things),
        ]
        lane = self.lane
        advance = np.array([[lane, 0.9, 0.0], [lane, length - 0.6, 0.0]])
        looks = np.array([(x, y, 1.5) for x, y, _ in self.doors])
        beside = sorted(y for x, y, _ in self.doors if x * self.side > 0 and y0 < y < y1)
        ahead = y1 + 1.1
        search = np.array([
            [lane, 0.9, 0.0], *([lane, y - 0.3, 0.0] for y in beside), [lane, ahead, 0.0], [-lane, ahead, 0.0],
            [-lane, max(ahead - 4.0, y0), 0.0],
        ])  # fmt: skip
        return Site(
            floors=(Floor.level((-half, 0.0), (half, length), place.surface),),
            solids=tuple(solids),
            ways={
                "advance": Way(advance, looks),
                "search": Way(search, looks, tuple(range(1, len(search) - 1))),
                "take_cover": Way(np.array([[lane, 0.9, 0.0], self.cover]), looks),
            },
            spots=(Spot(self.cover, 0.0, "cover"),),
            acoustics=Acoustics((-half, 0.0, 0.0), (half, length, 3.4), "open", "steel", "open", about=0.1),
            half_width=max(0.5 * (half - x1) - 0.4, 0.5),
            ride=Ride(
                roll=place.roll, pitch=0.45 * place.roll, heave=0.25 * place.sea, period=6.0 + 0.3 * place.beam,
                pivot=(0.0, 0.5 * length, -place.freeboard), speed=place.speed, shake=0.02 + 0.006 * place.speed,
                shake_band=(4.0, 18.0),
            ),
            outdoors=True,
        )  # fmt: skip


def plan(place: FerryDeck, stream: Streams) -> FerryPlan:
    """The plan of a deck, of draws from named streams."""
    rng, length, half = stream("world/ferry"), place.length, 0.5 * place.beam
    wide = max(place.house * place.beam, 2.4)
    y0 = float(rng.uniform(0.30, 0.42) * length)
    y1 = float(min(rng.uniform(0.66, 0.80) * length, length - 3.4))
    house = (-0.5 * wide, 0.5 * wide, y0, y1)
    side = 1 if rng.uniform() < 0.5 else -1
    lane = side * 0.5 * (half + house[1])
    doors = _doors(place, house, rng)
    yard = Stowage(stream("world/ferry/things"))
    yard.keep([(lane, 0.6), (lane, length - 0.4)], 0.55)
    yard.keep([(lane, y1 + 1.1), (-lane, y1 + 1.1), (-lane, y0)], 0.55)
    for x, y, yaw in doors:
        yard.keep([(x, y), (x + 1.0 * -np.sin(yaw), y + 1.0 * np.cos(yaw))], 0.5)
    # A locker by the railing: cover against what is forward.
    x, y = side * (half - 0.62), float(rng.uniform(10.4, length - 3.2))
    yard.put("locker", (x, y), (1.05, 0.7, 1.0), sure=True)
    cover = (float(x), y - 0.75, 0.0)
    yard.keep([(lane, y - 2.0), cover[:2]], 0.5)
    for k in range(place.rafts):
        s = 1 if k % 2 else -1
        at = y0 + (k // 2 + 0.5) * 2.0 + float(rng.uniform(0, 0.4))
        if at < length - 1.0:
            yard.put("raft", (s * (half - 0.42), at), (0.66, 1.55, 0.95))
    _benches(place, house, yard, rng)
    for _ in range(round(8 * place.clutter)):
        what = str(rng.choice(["box", "vent", "ring", "coil"]))
        size = {"box": (0.5, 0.4, 0.45), "vent": (0.5, 0.5, 1.0), "ring": (0.5, 0.5, 0.3), "coil": (0.7, 0.7, 0.24)}[
            what
        ]
        edge = float(rng.choice([-1, 1])) * float(rng.uniform(0.3, half - 0.4))
        yard.put(what, (edge, float(rng.uniform(0.6, length - 1.0))), size, rng.uniform(0, 3), labelled=what != "vent")
    awning = (float(y1 - rng.uniform(1, 5)), length) if place.awning else None
    return FerryPlan(place, house, tuple(yard.things), awning, doors, cover, side)


def _doors(
    place: FerryDeck, house: tuple[float, float, float, float], rng: np.random.Generator
) -> tuple[tuple[float, float, float], ...]:
    x0, x1, y0, y1 = house
    found = [
        (x1, float(rng.uniform(y0 + 1.0, y1 - 1.0)), -np.pi / 2),
        (x0, float(rng.uniform(y0 + 1.0, y1 - 1.0)), np.pi / 2),
    ]
    found += [(float(s * rng.uniform(0.42, 0.62) * 0.5 * place.beam), place.length, np.pi) for s in (-1, 1)]
    return tuple(found)


def _benches(
    place: FerryDeck, house: tuple[float, float, float, float], yard: Stowage, rng: np.random.Generator
) -> None:
    """Rows athwart on the after deck, and along the house facing outboard."""
    half = 0.5 * place.beam
    for y in np.arange(1.9, house[2] - 1.0, 1.35):
        for x in np.arange(-half + 1.4, half - 1.0, 1.95):
            if rng.uniform() < place.benches:
                yard.put("bench", (float(x), float(y)), (1.7, 0.55, 0.85), 0.0)
    for s in (-1, 1):
        for y in np.arange(house[2] + 1.0, house[3] - 0.8, 1.9):
            if rng.uniform() < place.benches:
                yard.put("bench", (s * (house[1] + 0.32), float(y)), (1.7, 0.55, 0.85), s * -np.pi / 2)
