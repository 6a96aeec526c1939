"""The tram stop: the platform's top is z = 0 and its edge x = 0; the tram stands at x > 0 with its floor as high."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from generator.scenario.environments import TramStop
from generator.site.model import Acoustics, Floor, Site, Solid, Spot, Streams, Way
from generator.site.yard import Thing, Yard

SECTION = 8.0
"""Metres of one section of the tram."""

BODY = (0.06, 2.46)
"""x of the tram's sides, metres."""

TALL = 2.85
"""Metres from the tram's floor to the top of its sides."""

SKIN = 0.08
DOOR = 1.30
AISLE = 0.5 * (BODY[0] + BODY[1])

_BACK_LANE = 1.45
"""Metres at the back of the platform that shelters and benches take."""


@dataclass(frozen=True)
class Seat:
    """A seat of the tram: middle of its foot, and whether it looks towards +y."""

    x: float
    y: float
    forward: bool


@dataclass(frozen=True)
class StopPlan:
    """Where everything is.

    Attributes:
        place: the environment.
        start, end: y of the tram's ends, without its noses.
        doors: (y, open) of their middles.
        boarded: y of the door that is boarded by.
        seats: of the tram.
        shelters: y of their middles.
        pillar: y of the information pillar, or None.
        poles: y of the poles that carry wire and lamps.
        things: benches, bins and so on.
    """

    place: TramStop
    start: float
    end: float
    doors: tuple[tuple[float, bool], ...]
    boarded: float
    seats: tuple[Seat, ...]
    shelters: tuple[float, ...]
    pillar: float | None
    poles: tuple[float, ...]
    things: tuple[Thing, ...]

    @property
    def lane(self) -> float:
        """X of the line that is walked along."""
        return -0.5 * (self.place.width - _BACK_LANE)

    @cached_property
    def site(self) -> Site:
        """Platform and the inside of the tram; nobody steps down to the rails."""
        p, lane = self.place, self.lane
        y, inside = self.boarded, self._inside
        out, edge, door = (1.3 * lane, y - inside * 4.6, 0.0), (-0.75, y, 0.0), (AISLE, y, 0.0)
        aisle = (AISLE, y + inside * 2.7, 0.0)
        board = np.array([out, edge, door, aisle])
        looks = np.array([(0.0, at, 1.5) for at, opened in self.doors if opened])
        seats = np.array([(seat.x, seat.y, 1.1) for seat in self.seats])
        return Site(
            floors=(
                Floor.level((-p.width, 0.0), (0.0, p.length), p.floor),
                Floor.level((0.0, self.start), (BODY[1], self.end), "vinyl"),
            ),
            solids=tuple(self._solids()),
            ways={
                "advance": Way(np.array([(lane, 0.3, 0.0), (lane, p.length - 0.8, 0.0)]), looks),
                "board": Way(board, seats),
                "disembark": Way(board[::-1], looks),
            },
            acoustics=Acoustics((-p.width, 0.0, 0.0), (9.0, p.length, 8.0), "open", p.floor, "open", about=0.05),
            spots=tuple(
                Spot((seat.x, seat.y, 0.0), 0.0 if seat.forward else np.pi, "sit", 0.45) for seat in self.seats
            ),
            half_width=0.5 * (p.width - _BACK_LANE) - 0.25,
            outdoors=True,
        )  # fmt: skip

    @property
    def _inside(self) -> int:
        """Towards which end the aisle is longer from the boarded door."""
        return 1 if self.end - self.boarded > self.boarded - self.start else -1

    def _solids(self) -> list[Solid]:
        p = self.place
        near, far = BODY
        out = [
            Solid.box((far - 0.5 * SKIN, 0.5 * (self.start + self.end)), (SKIN, self.end - self.start, TALL), "tram"),
            Solid.box((AISLE, self.start - 0.7), (far - near, 1.4, TALL), "tram"),
            Solid.box((AISLE, self.end + 0.7), (far - near, 1.4, TALL), "tram"),
        ]
        edges = [self.start]
        for y, opened in self.doors:
            if opened:
                edges += [y - 0.5 * DOOR, y + 0.5 * DOOR]
        edges.append(self.end)
        for low, high in zip(edges[::2], edges[1::2], strict=True):
            out.append(Solid.box((near + 0.5 * SKIN, 0.5 * (low + high)), (SKIN, high - low, TALL), "tram"))
        out += [Solid.box((seat.x, seat.y), (0.46, 0.48, 1.0), "seat", fixed=False) for seat in self.seats]
        for y, _ in self.doors:
            out += [
                Solid.box((x, y + s * (0.5 * DOOR + 0.12)), (0.04, 0.04, 2.2), "pole")
                for x in (0.45, 2.05)
                for s in (-1, 1)
            ]
        for y in self.shelters:
            back = -p.width + 0.12
            out.append(Solid.box((back, y), (0.08, 3.8, 2.3), "shelter"))
            out += [Solid.box((back + 0.45, y + s * 1.9), (0.9, 0.06, 2.3), "shelter") for s in (-1, 1)]
        if self.pillar is not None:
            out.append(Solid.box((-p.width + 0.5, self.pillar), (0.28, 0.5, 2.4), "pillar"))
        out += [Solid.box((-p.width - 0.25, y), (0.2, 0.2, 6.0), "pole") for y in self.poles]
        # What keeps people from stepping off: the railing behind, and the edge where no tram stands.
        out.append(Solid.box((-p.width - 0.05, 0.5 * p.length), (0.08, p.length, 1.0), "railing"))
        return out + [thing.solid for thing in self.things]


def plan(place: TramStop, stream: Streams) -> StopPlan:
    """The plan of a stop."""
    rng = stream("world/stop")
    sections = int(np.clip(place.sections, 1, int((place.length - 4.0) / SECTION)))
    long = sections * SECTION
    start = float(rng.uniform(1.8, max(place.length - long - 1.8, 1.9)))
    middles = [start + (k + 0.5) * SECTION for k in range(sections)]
    order = rng.permutation(sections)
    opened = {int(k) for k in order[: max(round(place.doors_open * sections), 1)]}
    reach = [k for k in range(sections) if middles[k] > 5.4 or sections == 1] or [sections - 1]
    if not opened & set(reach):
        opened.add(reach[0])
    boarded = middles[min(opened & set(reach))]
    doors = tuple((middle, k in opened) for k, middle in enumerate(middles))
    yard = Yard(stream("world/stop/seeds"))
    lane = -0.5 * (place.width - _BACK_LANE)
    yard.keep([(lane, 0), (lane, place.length)], min(0.6, -lane))
    shelters = _spread(place.shelters, 4.6, place.length, rng)
    yard.taken += [Solid.box((-place.width + 0.6, y), (1.3, 4.2, 2.0), "shelter").polygon for y in shelters]
    pillar = None
    for y in rng.uniform(2.0, place.length - 2.0, 12):
        outline = Solid.box((-place.width + 0.5, y), (0.28, 0.5, 2.4), "pillar").polygon
        if place.pillar and pillar is None and yard.fits(outline, 0.3):
            pillar = float(y)
            yard.taken.append(outline)
    wanted = [("bench", (1.6, 0.55, 0.9))] * place.seats + [("bin", (0.58, 0.72, 1.06))]
    wanted += [("planter", (1.1, 0.5, 0.5)), ("bollard", (0.14, 0.14, 0.95)), ("crate", (0.6, 0.4, 0.35))][
        : round(3 * place.clutter)
    ]
    for what, size in wanted:
        for _ in range(8):
            at = (-place.width + 0.12 + 0.5 * size[1], float(rng.uniform(1.0, place.length - 1.0)))
            if yard.put(what, at, size, -0.5 * np.pi, labelled=True, margin=0.2) is not None:
                break
    poles = tuple(float(y) for y in np.arange(2.5, place.length + 1, 9.0))
    return StopPlan(
        place,
        start,
        start + long,
        doors,
        boarded,
        _seats(start, sections, rng),
        shelters,
        pillar,
        poles,
        tuple(yard.things),
    )


_CLUTTER: list[tuple[str, tuple[float, float, float]]] = [
    ("planter", (1.1, 0.5, 0.5)), ("bollard", (0.14, 0.14, 0.95)), ("crate", (0.6, 0.4, 0.35)), ("cone", (0.34, 0.34, 0.5)),
]  # fmt: skip


def _spread(count: int, wide: float, length: float, rng: np.random.Generator) -> tuple[float, ...]:
    most = min(count, int((length - 2) / (wide + 1)))
    free = (length - 2 - most * wide) / max(most, 1)
    return tuple(float(1 + (k + 0.5) * wide + (k + rng.uniform(0.2, 0.8)) * free) for k in range(most))


def _seats(start: float, sections: int, rng: np.random.Generator) -> tuple[Seat, ...]:
    """Rows at both sides of the aisle, clear of doors and joints."""
    forward = rng.uniform() < 0.5
    out = []
    for k in range(sections):
        middle = start + (k + 0.5) * SECTION
        for off in (-3.0, -2.2, -1.45, 1.45, 2.2, 3.0):
            out += [Seat(x, middle + off, bool(forward == (off < 0))) for x in (BODY[0] + 0.36, BODY[1] - 0.36)]
    return tuple(out)
