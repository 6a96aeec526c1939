"""A quay: its edge along x = 0, water beyond at x > 0, stacks behind at x < -apron; y from 0 to its length."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from generator.scenario.environments import Quayside
from generator.site.model import Acoustics, Floor, Site, Solid, Spot, Streams, Way
from generator.site.stowed import Stowage, Stowed

COPING = 0.35
"""Metres of coping along the edge; nobody walks on it."""

CONTAINER = (2.44, 6.06, 2.59)
"""Metres across, along and up of a 20-foot container (ISO 668, 1CC)."""

GANGWAY = 0.95
"""Metres between its handrails, and the width of its gate."""

LEG, CRANE_FOOT = 0.75, 3.2
"""Metres: side of a crane's leg, and from the crane's middle to it along the quay."""

_GAP = 0.7
"""Metres of water between quay and vessel, that fenders take."""

_SIZES = {"coaster": (30.0, 6.0), "tug": (17.0, 5.2), "launch": (13.0, 4.0)}
"""Length and beam of vessels, metres."""


@dataclass(frozen=True)
class Vessel:
    """What is moored there, alongside.

    Attributes:
        what: coaster, tug or launch.
        y0, y1: stern and bow, metres.
        x0, x1: side towards the quay and the other one.
        deck: height of its deck over the quay.
        gate: y of the middle of the gangway and of the gate in the bulwark.
        foot, head: x of the ends of the gangway.
        house: (x0, x1, y0, y1, height) of the deckhouse.
        hatch: (x0, x1, y0, y1, height) of what else stands on deck: hatch or winch.
    """

    what: str
    y0: float
    y1: float
    x0: float
    x1: float
    deck: float
    gate: float
    foot: float
    head: float
    house: tuple[float, float, float, float, float]
    hatch: tuple[float, float, float, float, float]


@dataclass(frozen=True)
class QuayPlan:
    """Where everything fixed is.

    Attributes:
        place: the environment of the clip.
        things: containers, crates, cranes' legs, lamp posts, bollards.
        bollards: y of each.
        vessel: what is moored.
        cranes: y of the middle of each.
        cover: (3,) foot of who is in cover, and the yaw that is faced.
        lamps: (x, y) of lamp posts.
        looks: (m, 3) gaps between containers.
    """

    place: Quayside
    things: tuple[Stowed, ...]
    bollards: tuple[float, ...]
    vessel: Vessel
    cranes: tuple[float, ...]
    cover: tuple[tuple[float, float, float], float]
    lamps: tuple[tuple[float, float], ...]
    looks: np.ndarray = field(repr=False)

    @property
    def lane(self) -> float:
        """Where, along x, the middle of the lane is that stays free."""
        return -0.5 * self.place.apron

    @cached_property
    def site(self) -> Site:
        """The apron, the gangway and the vessel's deck."""
        length, apron, ship = self.place.length, self.place.apron, self.vessel
        slope = ship.deck / (ship.head - ship.foot)
        half = 0.5 * GANGWAY
        ramp = np.array([[ship.foot, ship.gate - half], [ship.head, ship.gate - half],
                         [ship.head, ship.gate + half], [ship.foot, ship.gate + half]])  # fmt: skip
        floors = (
            Floor.level((-apron - 8.0, -8.0), (-COPING, length + 10.0), self.place.surface),
            Floor(ramp, 0.0, "aluminium", (slope, 0.0), (ship.foot, ship.gate)),
            Floor.level((ship.x0 + 0.08, ship.y0 + 0.3), (ship.x1 - 0.15, ship.y1 - 2.0), "steel", ship.deck),
        )
        rails = [
            Solid.box((0.5 * (ship.foot + ship.head), ship.gate + side * (half + 0.03)), (ship.head - ship.foot, 0.05, 1.9),
                      "handrail", bottom=0.1)
            for side in (-1, 1)
        ]  # fmt: skip
        x0, x1, y0, y1, tall = ship.house
        hx0, hx1, hy0, hy1, low = ship.hatch
        solids = [
            *(thing.solid for thing in self.things),
            *rails,
            Solid.box((0.5 * (x0 + x1), 0.5 * (y0 + y1)), (x1 - x0, y1 - y0, tall), "deckhouse", bottom=ship.deck),
            Solid.box((0.5 * (hx0 + hx1), 0.5 * (hy0 + hy1)), (hx1 - hx0, hy1 - hy0, low), "hatch", bottom=ship.deck),
            *self._bulwarks(),
        ]
        lane, look = self.lane, np.concatenate([self.looks, [[ship.x0, ship.gate, 1.5]]])
        stops = sorted(float(y) - 0.4 for y in self.looks[:, 1] if 2.5 < y < length - 3.0)
        search = np.array([[lane, 0.0, 0.0], *([lane - 0.5, y, 0.0] for y in stops), [lane, length, 0.0]])
        aboard = ship.head + 0.55
        board = np.array([
            [lane, max(ship.gate - 4.5, 0.0), 0.0], [ship.foot - 0.7, ship.gate, 0.0], [ship.foot, ship.gate, 0.0],
            [ship.head, ship.gate, ship.deck], [aboard, ship.gate, ship.deck],
            [aboard, ship.gate - np.sign(ship.gate - 0.5 * (hy0 + hy1) or 1.0) * 2.6, ship.deck],
        ])  # fmt: skip
        return Site(
            floors=floors,
            solids=tuple(solids),
            ways={
                "advance": Way(np.array([[lane, 0.0, 0.0], [lane, length, 0.0]]), look),
                "search": Way(search, look, tuple(range(1, len(search) - 1))),
                "take_cover": Way(np.array([[lane, 0.0, 0.0], self.cover[0]])),
                "board": Way(board, np.array([[ship.x0 + 1.0, ship.gate, 1.6]])),
            },
            spots=(Spot(self.cover[0], self.cover[1], "cover"),),
            acoustics=Acoustics(
                (-apron - 1.0, -8.0, -0.1), (6.0, length + 12.0, 12.0), "open", self.place.surface, "open",
            ),
            half_width=0.5 * apron - 1.0,
            outdoors=True,
        )  # fmt: skip

    def _bulwarks(self) -> list[Solid]:
        ship, half = self.vessel, 0.5 * GANGWAY + 0.05
        tall = 0.9
        runs = [(ship.x0, ship.x0 + 0.08, ship.y0, ship.gate - half), (ship.x0, ship.x0 + 0.08, ship.gate + half, ship.y1 - 2.0),
                (ship.x1 - 0.1, ship.x1, ship.y0, ship.y1 - 2.0), (ship.x0, ship.x1, ship.y0, ship.y0 + 0.1)]  # fmt: skip
        return [
            Solid.box((0.5 * (a + b), 0.5 * (c + d)), (b - a, d - c, tall), "bulwark", bottom=ship.deck)
            for a, b, c, d in runs
            if d > c
        ]


def plan(place: Quayside, stream: Streams) -> QuayPlan:
    """The plan of a quay, of draws from named streams."""
    rng = stream("world/quay")
    lane, length, apron = -0.5 * place.apron, place.length, place.apron
    vessel = _vessel(place, rng)
    yard = Stowage(stream("world/quay/things"))
    # The lane runs straight; crossing it is never needed but to the gangway.
    yard.keep([(lane, -2.0), (lane, length + 3.0)], 0.75)
    yard.keep([(lane, vessel.gate), (vessel.foot - 0.4, vessel.gate)], 1.0)
    yard.keep([(lane, vessel.gate - 4.5), (vessel.foot - 0.7, vessel.gate)], 0.9)
    start = rng.uniform(0.5, 0.9) * place.bollard_spacing
    every = np.arange(start - place.bollard_spacing, length + 14.0, place.bollard_spacing)
    bollards = [float(y) for y in every if abs(y - vessel.gate) > 1.2]
    for y in bollards:
        yard.put("bollard", (-0.62, y), (0.5, 0.5, 0.52), sure=True)
    cover = _cover(place, yard, vessel, rng)
    cranes = [at for k in range(place.cranes) if (at := _crane(place, yard, k, rng)) is not None]
    lamps = []
    for y in np.arange(rng.uniform(0.2, 0.6) * place.lamp_spacing, length + 8.0, place.lamp_spacing):
        if yard.put("lamp post", (-apron + 0.1, float(y)), (0.24, 0.24, 8.0)):
            lamps.append((-apron + 0.1, float(y)))
    looks = _containers(place, yard, rng)
    _crates(place, yard, rng)
    return QuayPlan(place, tuple(yard.things), tuple(bollards), vessel, tuple(cranes), cover, tuple(lamps), looks)


def _crane(place: Quayside, yard: Stowage, index: int, rng: np.random.Generator) -> float | None:
    """The middle of a crane where all its feet fit; None where there is no room."""
    for share in rng.uniform(0.3, 0.8, 20):
        y = float(share * place.length + 14.0 * index)
        feet = [(x, y + CRANE_FOOT * side) for x in (-1.7, -place.apron + 0.45) for side in (-1, 1)]
        before = len(yard.things)
        if all(yard.put("crane leg", foot, (LEG, LEG, 9.0)) for foot in feet):
            return y
        del yard.things[before:]
    return None


def _vessel(place: Quayside, rng: np.random.Generator) -> Vessel:
    long, beam = _SIZES[place.vessel]
    gate = float(rng.uniform(0.35, 0.55) * place.length)
    share = float(rng.uniform(0.40, 0.55))
    y0 = gate - share * (long - 2.0)
    y1, x0, deck = y0 + long, _GAP, place.deck
    x1 = x0 + beam
    house_long = {"coaster": 6.5, "tug": 5.0, "launch": 3.6}[place.vessel]
    # Aft of the gate where a passage of 2.2 m stays beside the house towards the quay.
    inner = 1.35
    house_y = y0 + 1.6
    house = (x0 + inner, x1 - 0.7, house_y, min(house_y + house_long, gate - 1.6), 2.5)
    hatch_y = gate + 1.2
    hatch = (x0 + inner + 0.2, x1 - 0.9, hatch_y, min(hatch_y + 0.42 * long, y1 - 3.4), 0.85)
    foot = -COPING - float(rng.uniform(1.5, 2.1))
    return Vessel(place.vessel, y0, y1, x0, x1, deck, gate, foot, x0 + 0.25, house, hatch)


def _containers(place: Quayside, yard: Stowage, rng: np.random.Generator) -> np.ndarray:
    """A row along the back of the apron, some two high, with gaps that are looked into."""
    wide, long, tall = CONTAINER
    y, x = float(rng.uniform(-5.0, -2.0)), -place.apron - 0.5 - 0.5 * wide
    looks: list[tuple[float, float, float]] = []
    for _ in range(place.containers):
        across = rng.uniform() < 0.2
        deep = wide if across else long
        size = (long, wide, tall) if across else (wide, long, tall)
        at = (x - 0.5 * (long - wide) if across else x, y + 0.5 * deep)
        stacked = 2 if rng.uniform() < 0.45 else 1
        yard.put("container", at, (size[0], size[1], tall * stacked), sure=True)
        gap = float(rng.choice([0.15, 0.9, 1.4, 2.2], p=[0.3, 0.2, 0.3, 0.2]))
        y += deep + gap
        if gap > 0.5:
            looks.append((x + 0.4 * wide, y - 0.5 * gap, 1.5))
        if y > place.length + 12.0:
            break
    if not looks:
        looks.append((x + 0.4 * wide, min(y + 1.0, place.length - 2.0), 1.5))
    return np.array(looks)


def _cover(
    place: Quayside, yard: Stowage, vessel: Vessel, rng: np.random.Generator
) -> tuple[tuple[float, float, float], float]:
    """A wide stack of crates, and the place behind it where one goes down."""
    lane, apron = -0.5 * place.apron, place.apron
    for k in range(200):
        side = -1 if rng.uniform() < 0.6 else 1
        y = float(rng.uniform(9.6, place.length - 3.0))
        x = lane + side * float(rng.uniform(1.75, max(0.5 * apron - 1.5, 1.8)))
        behind = (x, y - 0.9, 0.0)
        near = abs(y - vessel.gate) > 3.0 or side < 0
        if near and yard.put(
            "crates", (x, y), (1.6, 1.0, 1.25), rng.normal(0, 0.05), labelled=True, margin=1.3, sure=k > 190
        ):
            yard.keep([(lane, y - 3.0), behind[:2]], 0.55)
            return behind, 0.0
    raise AssertionError("the last tries are sure")


def _crates(place: Quayside, yard: Stowage, rng: np.random.Generator) -> None:
    """Stacks of crates, loaded pallets, drums and coils of rope."""
    length, apron = place.length, place.apron
    made = 1
    for _ in range(30 * place.crates):
        if made >= place.crates:
            break
        what = str(rng.choice(["crates", "pallet", "drums", "coil"], p=[0.35, 0.3, 0.2, 0.15]))
        size = {
            "crates": (float(rng.uniform(1.0, 1.7)), float(rng.uniform(0.8, 1.2)), float(rng.uniform(0.7, 1.6))),
            "pallet": (1.2, 0.8, float(rng.uniform(0.5, 1.3))), "drums": (1.24, 1.24, 0.9), "coil": (0.9, 0.9, 0.32),
        }[what]  # fmt: skip
        at = (float(rng.uniform(-apron + 0.6, -1.3)), float(rng.uniform(1.5, length + 6.0)))
        yaw = float(rng.normal(0, 0.15) + (np.pi / 2 if rng.uniform() < 0.3 else 0.0))
        if yard.put(what, at, size, yaw, labelled=True, margin=0.5):
            made += 1
