"""What stands on a quay or a deck: put where it fits, clear of lanes and of each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import ArrayLike

from generator.site.model import Solid


@dataclass(frozen=True)
class Stowed:
    """Something that stands there.

    Attributes:
        what: its kind; the builder has a maker for each.
        place: (3,) middle of its foot, metres.
        size: (3,) along its own x, y, z, metres.
        yaw: radians to the left that it is turned by.
        seed: of its maker's draws.
        labelled: whether it is a track of its own (clutter); else structure.
    """

    what: str
    place: tuple[float, float, float]
    size: tuple[float, float, float]
    yaw: float
    seed: int
    labelled: bool = False

    @property
    def solid(self) -> Solid:
        """What nothing passes through."""
        bottom = self.place[2]
        return Solid.box(self.place[:2], self.size, self.what, yaw=self.yaw, bottom=bottom, fixed=not self.labelled)

    @property
    def rng(self) -> np.random.Generator:
        """Draws of its maker."""
        return np.random.Generator(np.random.Philox(self.seed))


@dataclass
class Stowage:
    """Collects things while a plan is made.

    Attributes:
        rng: seeds of the things.
        things: what was put.
        lanes: what has to stay free.
    """

    rng: np.random.Generator
    things: list[Stowed] = field(default_factory=list)
    lanes: list[shapely.Polygon] = field(default_factory=list)

    def keep(self, points: ArrayLike, half: float) -> None:
        """Keeps a lane free, ``half`` metres to either side of (n, 2 or more) points."""
        self.lanes.append(shapely.LineString(np.asarray(points, float)[:, :2]).buffer(half))

    def put(
        self,
        what: str,
        place: Sequence[float],
        size: Sequence[float],
        yaw: float = 0.0,
        *,
        labelled: bool = False,
        sure: bool = False,
        margin: float = 0.06,
    ) -> Stowed | None:
        """Puts something where it fits, or anyhow where ``sure``; None where it does not fit."""
        seed = int(self.rng.integers(2**31))
        x, y, z = float(place[0]), float(place[1]), float(place[2]) if len(place) > 2 else 0.0
        wide, deep, tall = (float(v) for v in size)
        thing = Stowed(what, (x, y, z), (wide, deep, tall), float(yaw), seed, labelled)
        ring = thing.solid.polygon
        free = not any(lane.intersects(ring) for lane in self.lanes)
        free = free and all(other.solid.polygon.distance(ring) >= margin for other in self.things)
        if not (sure or free):
            return None
        self.things.append(thing)
        return thing

    @property
    def solids(self) -> tuple[Solid, ...]:
        """Of all things."""
        return tuple(thing.solid for thing in self.things)
