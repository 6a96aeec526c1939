"""Things put about a yard, a street or a deck: clear of each other and of the ways that people take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from generator.site.model import Solid

Array = NDArray[np.float64]

CARS: Mapping[str, tuple[float, float, float]] = MappingProxyType(
    {
        "hatchback": (1.76, 4.05, 1.47),
        "saloon": (1.82, 4.65, 1.44),
        "estate": (1.82, 4.70, 1.50),
        "van": (1.96, 5.10, 2.05),
    }
)
"""Kinds of cars: width, length and height, metres."""


@dataclass(frozen=True)
class Thing:
    """Something that stands there.

    Attributes:
        what: its kind; the builder has one maker for each.
        place: (3,) middle of its foot, metres.
        yaw: radians to the left of +y that its front faces.
        size: (3,) along its own x, y, z, metres.
        seed: of its maker's draws.
        labelled: whether it is a track of its own; else structure.
    """

    what: str
    place: tuple[float, float, float]
    yaw: float
    size: tuple[float, float, float]
    seed: int
    labelled: bool = False

    @property
    def solid(self) -> Solid:
        """What nothing passes through."""
        return Solid.box(
            self.place[:2], self.size, self.what, yaw=self.yaw, bottom=self.place[2], fixed=not self.labelled
        )

    @property
    def rng(self) -> np.random.Generator:
        """Draws of its maker."""
        return np.random.Generator(np.random.Philox(self.seed))


@dataclass
class Yard:
    """Collects things while a plan is made.

    Attributes:
        rng: seeds of the things.
        taken: footprints.
        clear: what has to stay free: lanes.
        things: what has been put.
    """

    rng: np.random.Generator
    taken: list[shapely.Polygon] = field(default_factory=list)
    clear: list[shapely.Polygon] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)

    def keep(self, points: ArrayLike, half: float) -> None:
        """Keeps a lane free, ``half`` metres to either side of (n, 2 or 3) points."""
        lane = shapely.LineString(np.asarray(points, float)[:, :2]).buffer(half)
        assert isinstance(lane, shapely.Polygon)  # a line is in one piece
        self.clear.append(lane)

    def fits(self, outline: shapely.Polygon, margin: float = 0.05) -> bool:
        """Whether a footprint is clear of lanes, and by ``margin`` metres of what stands there."""
        if any(lane.intersects(outline) for lane in self.clear):
            return False
        return not any(other.distance(outline) < margin for other in self.taken)

    def put(
        self,
        what: str,
        place: ArrayLike,
        size: ArrayLike,
        yaw: float = 0.0,
        *,
        labelled: bool = False,
        sure: bool = False,
        margin: float = 0.05,
    ) -> Thing | None:
        """Puts something where it fits, or anyhow where ``sure``; None where it does not fit."""
        seed = int(self.rng.integers(2**31))
        x, y, *rest = (float(v) for v in np.asarray(place, float))
        w, d, h = (float(v) for v in np.asarray(size, float))
        thing = Thing(what, (x, y, rest[0] if rest else 0.0), float(yaw), (w, d, h), seed, labelled)
        if not sure and not self.fits(thing.solid.polygon, margin):
            return None
        self.taken.append(thing.solid.polygon)
        self.things.append(thing)
        return thing

    @property
    def solids(self) -> tuple[Solid, ...]:
        """Of all things."""
        return tuple(thing.solid for thing in self.things)


def corner_arc(edge: ArrayLike, start: float, end: float, radius: float, height: float = 0.0) -> Array:
    """(n, 3) points of an arc about a wall's edge (2,), from angle to angle (radians from +x to +y)."""
    x, y = np.asarray(edge, float)[:2]
    angle = np.linspace(start, end, 9)
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle), np.full(9, height)], 1)
