"""The street of a training village: along +y, the road's middle at x = 0, facades to both sides."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import shapely

from generator.scenario.environments import MockStreet
from generator.site.model import Acoustics, Floor, Site, Solid, Spot, Streams, Way
from generator.site.yard import CARS, Thing, Yard, corner_arc

KERB = 0.10
"""Metres of the pavements above the road."""

DEEP = 4.0
"""Metres of a building behind its facade."""

STOREY = 2.9
WALL = 0.2

_BEHIND = 10.0
"""Metres of street behind the wearer's beginning."""

OpeningWord = Literal["window", "boarded", "doorway", "door"]


@dataclass(frozen=True)
class Hole:
    """An opening of a facade, in the facade's metres: along it from its left end as seen from the street, and up."""

    what: OpeningWord
    left: float
    right: float
    bottom: float
    top: float


@dataclass(frozen=True)
class Facade:
    """One house.

    Attributes:
        side: -1 left of the road, +1 right of it.
        start, end: y of its ends, metres.
        storeys: how many.
        finish: index into the street's few wall materials; 0 is what most are of.
        holes: its openings.
    """

    side: int
    start: float
    end: float
    storeys: int
    finish: int
    holes: tuple[Hole, ...]

    @property
    def height(self) -> float:
        """Metres to the top of its parapet."""
        return self.storeys * STOREY + 0.4


@dataclass(frozen=True)
class StreetPlan:
    """Where everything is.

    Attributes:
        place: the environment.
        facades: houses of both sides.
        things: cars, bins and so on.
        lamps: (x, y) of street lamps' feet.
        lane: x of the line that is walked along.
        corner: (y, side) of the house's end that is sliced.
        cover: (x, y) of the cover spot.
        walked: the side whose pavement is searched along.
    """

    place: MockStreet
    facades: tuple[Facade, ...]
    things: tuple[Thing, ...]
    lamps: tuple[tuple[float, float], ...]
    lane: float
    corner: tuple[float, int]
    cover: tuple[float, float]
    walked: int

    @property
    def line(self) -> float:
        """Metres from the middle of the road to the facades."""
        return 0.5 * self.place.road + self.place.pavement

    @cached_property
    def site(self) -> Site:
        """Road and pavements between the facades."""
        p, line, kerb = self.place, self.line, 0.5 * self.place.road
        solids = [
            Solid.box(
                (f.side * (line + 0.5 * DEEP), 0.5 * (f.start + f.end)), (DEEP, f.end - f.start, f.height), "house"
            )
            for f in self.facades
        ]
        solids.append(Solid.box((0, p.length + 1.0 + 0.5 * DEEP), (2 * line + 8, DEEP, 2 * STOREY), "house"))
        solids += [Solid.box(at, (0.22, 0.22, 5.5), "lamp") for at in self.lamps]
        solids += [thing.solid for thing in self.things]
        looks = np.array([
            (f.side * line, f.start + 0.5 * (hole.left + hole.right) if f.side > 0 else f.end - 0.5 * (hole.left + hole.right), 1.5)
            for f in self.facades for hole in f.holes if hole.bottom < 1.5 and hole.what in ("window", "doorway")
        ]).reshape(-1, 3)  # fmt: skip
        ahead = looks[(looks[:, 1] > 1) & (looks[:, 1] < p.length - 2)]
        mine = ahead[np.sign(ahead[:, 0]) == self.walked]
        mine = mine[np.argsort(mine[:, 1])]
        beside = self.walked * (line - 0.85)
        stops = _apart([float(y) - 0.4 for y in mine[:, 1]], 1.6, p.length - 3.0)
        search = np.array([(beside, 0.3, KERB), *((beside, y, KERB) for y in stops), (beside, p.length - 1.2, KERB)])
        edge, side = self.corner
        radius = min(1.5, p.pavement - 0.15)
        first, last = (-0.36 * np.pi, 0.17 * np.pi) if side < 0 else (-0.64 * np.pi, -1.17 * np.pi)
        arc = corner_arc((side * line, edge), first, last, radius, KERB)
        return Site(
            floors=(
                Floor.level((-kerb, -_BEHIND), (kerb, p.length), p.surface),
                Floor.level((-line, -_BEHIND), (-kerb, p.length), "paving", KERB),
                Floor.level((kerb, -_BEHIND), (line, p.length), "paving", KERB),
            ),
            solids=tuple(solids),
            ways={
                "advance": Way(np.array([(self.lane, 0.3, 0.0), (self.lane, p.length - 0.8, 0.0)]), ahead),
                "search": Way(search, mine, tuple(range(1, len(search) - 1))),
                "take_cover": Way(np.array([(self.lane, 0.5, 0.0), (*self.cover, 0.0)])),
                "pie_corner": Way(arc, np.array([(side * (line + 2.2), edge + 1.3, 1.4)]), direct=True),
            },
            acoustics=Acoustics(
                (-line, -20.0, 0.0), (line, p.length + 1.0, 9.0), "plaster" if p.facade == "brick" else p.facade, p.surface, "open",
                about=0.04, openings=0.25 * p.openings,
            ),
            spots=(Spot((*self.cover, 0.0), 0.0, "cover"),),
            half_width=0.5 * p.road - 0.4,
            outdoors=True,
        )  # fmt: skip


def _apart(values: list[float], least: float, most: float) -> list[float]:
    """Values in order that lie at least so far apart, from 1.5 on."""
    kept: list[float] = []
    for value in values:
        if 1.5 < value < most and (not kept or value - kept[-1] > least):
            kept.append(value)
    return kept


def plan(place: MockStreet, stream: Streams) -> StreetPlan:
    """The plan of a street."""
    rng = stream("world/street")
    corner_side = int(rng.choice([-1, 1]))
    corner = float(rng.uniform(3.8, 6.5))
    facades = tuple(
        facade for side in (-1, 1) for facade in _row(place, side, corner if side == corner_side else None, rng)
    )
    yard = Yard(stream("world/street/seeds"))
    line, kerb = 0.5 * place.road + place.pavement, 0.5 * place.road
    parked = -corner_side  # the side on which cars always stand; on a narrow road no other
    both = place.road >= 6.4
    lane = 0.0 if both else -parked * (0.5 * kerb - 0.3)
    walked = int(rng.choice([-1, 1]))
    yard.keep([(lane, -2), (lane, place.length)], 0.72)
    yard.keep([(walked * (line - 0.85), -2), (walked * (line - 0.85), place.length)], 0.5)
    yard.keep(corner_arc((corner_side * line, corner), -np.pi, np.pi, min(1.5, place.pavement - 0.15)), 0.45)
    lamps = _lamps(place, kerb, yard, rng)
    cover = _cars(place, yard, kerb, (parked, both), rng)
    yard.keep([(lane, cover[1] - 3.0), cover], 0.45)
    for k in range(place.bins + round(5 * place.clutter)):
        what, size = ("bin", (0.58, 0.72, 1.06)) if k < place.bins else _STREET[int(rng.integers(len(_STREET)))]
        for _ in range(6):
            side = int(rng.choice([-1, 1]))
            near = line - 0.42 if rng.uniform() < 0.75 else kerb + 0.45
            at = (side * near, float(rng.uniform(0.5, place.length - 1.5)), KERB)
            turned = side * 0.5 * np.pi + rng.normal(0, 0.1)  # the back to the wall
            if yard.put(what, at, size, turned, labelled=True, margin=0.15) is not None:
                break
    return StreetPlan(place, facades, tuple(yard.things), lamps, lane, (corner, corner_side), cover, walked)


_STREET: tuple[tuple[str, tuple[float, float, float]], ...] = (
    ("crate", (0.6, 0.4, 0.35)), ("pallets", (1.2, 0.8, 0.3)), ("cone", (0.34, 0.34, 0.5)), ("tyres", (0.62, 0.62, 0.35)),
    ("planter", (1.1, 0.5, 0.5)), ("bollard", (0.14, 0.14, 0.95)), ("barrel", (0.58, 0.58, 0.88)),
)  # fmt: skip


def _row(place: MockStreet, side: int, corner: float | None, rng: np.random.Generator) -> list[Facade]:
    """Houses of one side, an alley here and there; one begins right behind ``corner``, where there is one."""
    out: list[Facade] = []
    y = -_BEHIND + float(rng.uniform(0, 3))
    while y < place.length - 1.5:
        end = y + place.frontage * float(rng.uniform(0.75, 1.3))
        if corner is not None and y < corner < end + 2.5:
            end = corner
        end = min(end, place.length + 0.4)
        if end - y > 2.0:
            storeys = int(np.clip(round(place.storeys + rng.normal(0, 0.5)), 1, 3))
            finish = 0 if rng.uniform() < 0.6 else int(rng.integers(1, 4))
            out.append(Facade(side, y, end, storeys, finish, _holes(place, end - y, storeys, rng)))
        alley = 1.9 if corner is not None and end == corner else (1.5 if rng.uniform() < 0.25 else 0.0)
        y = end + alley
    return out


def _holes(place: MockStreet, length: float, storeys: int, rng: np.random.Generator) -> tuple[Hole, ...]:
    bays = max(int(length / 1.9), 1)
    door = int(rng.integers(bays))
    out: list[Hole] = []
    for storey in range(storeys):
        for bay in range(bays):
            u, z = (bay + 0.5) * length / bays, storey * STOREY + KERB
            if storey == 0 and bay == door:
                what: OpeningWord = "doorway" if rng.uniform() < 0.5 else "door"
                out.append(Hole(what, u - 0.48, u + 0.48, 0.0, z + 2.08))
            elif rng.uniform() < place.openings:
                half = float(rng.uniform(0.38, 0.6))
                what = "boarded" if rng.uniform() < place.boarded else "window"
                out.append(Hole(what, u - half, u + half, z + 0.9, z + float(rng.choice([1.95, 2.15]))))
    return tuple(out)


def _lamps(place: MockStreet, kerb: float, yard: Yard, rng: np.random.Generator) -> tuple[tuple[float, float], ...]:
    out = []
    for k in range(place.lamps):
        side = -1 if k % 2 else 1
        at = (side * (kerb + 0.22), (k + 0.5) * place.length / place.lamps + float(rng.normal(0, 0.6)))
        for step in (0.0, 1.0, -1.0, 2.0):
            outline = Solid.box((at[0], at[1] + step), (0.22, 0.22, 1.0), "lamp").polygon
            if yard.fits(outline):
                yard.taken.append(outline)
                out.append((at[0], at[1] + step))
                break
    return tuple(out)


def _cars(
    place: MockStreet, yard: Yard, kerb: float, sides: tuple[int, bool], rng: np.random.Generator
) -> tuple[float, float]:
    """Parks cars along the kerbs; where cover is: behind the first of them, or a barrier where there are none."""
    parked, both = sides
    y = float(rng.uniform(9.5, 13.0))
    kind = str(rng.choice(list(CARS)))
    size = CARS[kind] if place.cars else (1.9, 0.6, 0.9)
    x = parked * (kerb - 0.12 - 0.5 * size[0])
    middle = y + 0.5 * size[1]
    yard.put(
        kind if place.cars else "barrier",
        (x, middle),
        size,
        labelled=bool(place.cars),
        sure=True,
    )
    yard.taken.append(shapely.box(x - 0.6, y - 1.3, x + 0.6, y))
    for _ in range(place.cars - 1):
        for _ in range(8):
            kind, side = str(rng.choice(list(CARS))), parked if not both or rng.uniform() < 0.5 else -parked
            size = CARS[kind]
            at = (side * (kerb - rng.uniform(0.1, 0.22) - 0.5 * size[0]), float(rng.uniform(-4, place.length - 3)))
            yaw = (0.0 if side > 0 else np.pi) + rng.normal(0, 0.015)
            if yard.put(kind, at, size, yaw, labelled=True, margin=0.8) is not None:
                break
    return x, y - 0.62
