"""The outdoor range: from y = 0, the shooters' end, to the foot of the far bank; x from minus to plus half its width."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from generator.scenario.environments import OutdoorRange
from generator.site.model import Acoustics, Floor, Site, Solid, Spot, Streams, Way
from generator.site.yard import Thing, Yard, corner_arc

SIDE_FOOT = 3.0
"""Metres that the side banks are deep."""

_BACK = 5.0
"""Metres of ground behind the shooters' end."""


@dataclass(frozen=True)
class RangePlan:
    """Where everything is.

    Attributes:
        place: the environment.
        things: barricades, frames, boards, shed and what lies about.
        cover: (x, y) behind the barricade that cover is taken at.
        corner: (x, y) of the edge that is sliced.
        side: +1 where it is worked around to the right of.
        targets: (x, y) of targets' feet.
    """

    place: OutdoorRange
    things: tuple[Thing, ...]
    cover: tuple[float, float]
    corner: tuple[float, float]
    side: float
    targets: tuple[tuple[float, float], ...]

    @cached_property
    def site(self) -> Site:
        """Ground between the banks."""
        p, half = self.place, 0.5 * self.place.width
        depth = p.depth
        banks = (
            Solid.box((0, depth + 2), (p.width + 2 * SIDE_FOOT, 4, p.bank), "bank"),
            Solid.box((-half - 0.5 * SIDE_FOOT, 0.5 * depth + 2), (SIDE_FOOT, depth, 0.7 * p.bank), "bank"),
            Solid.box((half + 0.5 * SIDE_FOOT, 0.5 * depth + 2), (SIDE_FOOT, depth, 0.7 * p.bank), "bank"),
        )
        advance = np.array([(0.0, 0.3, 0.0), (0.0, depth - 1.2, 0.0)])
        cover = np.array([(0.0, 0.3, 0.0), (*self.cover, 0.0)])
        first, last = (-0.62 * np.pi, -0.12 * np.pi) if self.side > 0 else (-0.38 * np.pi, -0.88 * np.pi)
        arc = corner_arc(self.corner, first, last, 1.45)
        behind = (self.corner[0] - self.side * 0.9, self.corner[1] + 3.0, 1.4)
        spots = [Spot((x, y, 0.0), np.pi, "target") for x, y in self.targets]
        spots.append(Spot((*self.cover, 0.0), 0.0, "cover"))
        return Site(
            floors=(Floor.level((-half, -_BACK), (half, depth), p.ground),),
            solids=(*banks, *(thing.solid for thing in self.things)),
            ways={
                "advance": Way(advance, np.array([(x, y, 1.4) for x, y in self.targets]).reshape(-1, 3)),
                "take_cover": Way(cover),
                "pie_corner": Way(arc, np.array([behind]), direct=True),
            },
            acoustics=Acoustics(
                (-half, -20.0, 0.0), (half, depth, 12.0), "grass", p.ground, "open", about=0.05
            ),
            spots=tuple(spots),
            half_width=half - 1.2,
            outdoors=True,
        )  # fmt: skip


def plan(place: OutdoorRange, stream: Streams) -> RangePlan:
    """The plan of a range."""
    rng = stream("world/range")
    yard = Yard(stream("world/range/seeds"))
    half, depth = 0.5 * place.width, place.depth
    side = 1.0 if rng.uniform() < 0.5 else -1.0
    # The wall that is sliced and the one for cover first: the ways follow from them.
    edge = (float(side * rng.uniform(-0.6, 0.4)), float(rng.uniform(5.5, 8.0)))
    wall = (1.8, 0.12, 2.0)
    yard.put("wall", (edge[0] - side * 0.9, edge[1] + 0.06), wall, sure=True)
    cover_x, cover_y = float(-side * rng.uniform(1.6, half - 2.2)), float(rng.uniform(9.5, min(12.5, depth - 5)))
    kind, size = _barricade(place, rng)
    yard.put(kind, (cover_x, cover_y), size, sure=True)
    behind = (cover_x, cover_y - 0.5 * size[1] - 0.55)
    yard.keep(corner_arc(edge, -np.pi, 0, 1.45), 0.55)
    lane = side * 1.5 + edge[0]
    yard.keep([(0, -1), (0, edge[1] - 2.5), (lane, edge[1]), (0.4 * lane, edge[1] + 3), (0, depth - 1)], 0.6)
    yard.keep([(0, 1), (0, 3), behind], 0.5)
    _boards(place, yard, half, rng)
    targets = _frames(place, yard, half, rng)
    for _ in range(place.barricades - 2):
        kind, size = _barricade(place, rng)
        for _ in range(6):
            at = rng.uniform((-half + 1.2, 4.0), (half - 1.2, depth - 6.0))
            if yard.put(kind, at, size, rng.normal(0, 0.12), margin=0.7) is not None:
                break
    if place.shed != "none":
        size = (2.44, 6.06, 2.59) if place.shed == "container" else (2.4, 3.6, 2.3)
        yard.put(place.shed, (-side * (half - 0.6 - 0.5 * size[0]), 0.5 * size[1] - _BACK + 0.4), size, sure=True)
    for _ in range(round(14 * place.clutter)):
        kind, size = _LITTER[int(rng.integers(len(_LITTER)))]
        beside = float(rng.choice([-1, 1]) * (half - rng.uniform(0.4, 1.4)))
        yard.put(kind, (beside, rng.uniform(-1, depth - 1)), size, rng.uniform(0, 6.3), labelled=True)
    return RangePlan(place, tuple(yard.things), behind, edge, side, targets)


_LITTER: tuple[tuple[str, tuple[float, float, float]], ...] = (
    ("tyres", (0.62, 0.62, 0.5)), ("barrel", (0.58, 0.58, 0.88)), ("pallets", (1.2, 0.8, 0.45)), ("crate", (0.6, 0.4, 0.35)),
    ("sandbags", (1.3, 0.5, 0.45)), ("spool", (0.8, 0.8, 0.55)), ("bucket", (0.32, 0.32, 0.3)), ("cone", (0.34, 0.34, 0.5)),
)  # fmt: skip


def _barricade(place: OutdoorRange, rng: np.random.Generator) -> tuple[str, tuple[float, float, float]]:
    kind = place.barricade if rng.uniform() < 0.65 else str(rng.choice(["plywood", "barrels", "concrete"]))
    return {
        "plywood": ("barricade", (1.22, 0.55, 1.55)),
        "barrels": ("barrels", (1.25, 0.6, 1.0)),
        "concrete": ("barrier", (2.0, 0.6, 0.9)),
    }[kind]


def _boards(place: OutdoorRange, yard: Yard, half: float, rng: np.random.Generator) -> None:
    if place.boards:
        for metres in range(place.boards, int(place.depth), place.boards):
            for sign in (-1, 1):
                size = (0.5, 0.12, 1.3)
                yard.put("board", (sign * (half - 0.45), place.depth - metres), size, rng.normal(0, 0.05), sure=True)


def _frames(place: OutdoorRange, yard: Yard, half: float, rng: np.random.Generator) -> tuple[tuple[float, float], ...]:
    """Frames in a row before the far bank and some nearer; targets stand before the first of them."""
    targets: list[tuple[float, float]] = []
    xs = np.linspace(-half + 1.3, half - 1.3, place.frames) + rng.normal(0, 0.1, place.frames)
    order = rng.permutation(place.frames)
    for k in order:
        y = place.depth - (1.6 if rng.uniform() < 0.65 else rng.uniform(3.0, 0.35 * place.depth))
        thing = yard.put("frame", (float(xs[k]), float(y)), (1.3, 0.5, 1.9), margin=0.5)
        if thing is not None:
            targets.append((thing.place[0], thing.place[1] - 0.55))
    return tuple(targets) if targets else ((0.8, place.depth - 2.0),)
