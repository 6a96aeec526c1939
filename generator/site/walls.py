"""Walls with openings, for places that are made of rooms: what of them is solid, and how their doors hang."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from generator.site.corridor import DoorPlan
from generator.site.model import Solid

Array = NDArray[np.float64]

THICK = 0.13
"""Of a partition, metres: boards either side of a 90 mm stud."""

LEAF = 0.044
"""Thickness of a door's leaf, metres."""


@dataclass(frozen=True)
class Hole:
    """An opening in a wall, in the wall's metres.

    Attributes:
        left, right, bottom, top: its edges.
        kind: a door with a leaf, a doorway without, a window with a pane, or a hole with nothing in it that nobody goes through.
        hinge: of a door: -1 hinges on the left, +1 on the right.
        angle: of a door: radians that it stands open, towards +y of the wall; 0 is closed.
    """

    left: float
    right: float
    bottom: float
    top: float
    kind: Literal["door", "doorway", "window", "hatch"] = "doorway"
    hinge: int = 1
    angle: float = 0.0

    @property
    def middle(self) -> float:
        """Metres along the wall."""
        return 0.5 * (self.left + self.right)

    @property
    def passable(self) -> bool:
        """Whether somebody can walk through."""
        return self.kind == "doorway" or (self.kind == "door" and self.angle > 1.0)


@dataclass(frozen=True)
class Partition:
    """A straight wall, solid both ways.

    Its frame: x along it, y through it, z up; seen from the near side (-y) x runs to the right. The near face is at y = 0.

    Attributes:
        name: unique in its place.
        start, end: (2,) of its middle line, metres.
        height: of its top above its foot, metres.
        holes: doors, doorways, windows.
        thick: metres.
        bottom: height of its foot, metres.
        near, far: words for what is on its two faces, between planner and builder.
    """

    name: str
    start: tuple[float, float]
    end: tuple[float, float]
    height: float
    holes: tuple[Hole, ...] = ()
    thick: float = THICK
    bottom: float = 0.0
    near: str = "room"
    far: str = "room"

    @cached_property
    def length(self) -> float:
        """Metres."""
        return float(np.hypot(self.end[0] - self.start[0], self.end[1] - self.start[1]))

    @cached_property
    def matrix(self) -> Array:
        """(4, 4) world from wall."""
        along = (np.array(self.end) - self.start) / self.length
        across = np.array([-along[1], along[0]])
        out = np.eye(4)
        out[:2, 0], out[:2, 1] = along, across
        out[:2, 3] = np.array(self.start) - 0.5 * self.thick * across
        out[2, 3] = self.bottom
        return out

    def world(self, u: float, depth: float = 0.0, z: float = 0.0) -> Array:
        """(3,) world position of a point in the wall's frame."""
        return np.asarray((self.matrix @ (u, depth, z, 1.0))[:3])

    def _prism(self, u0: float, u1: float, z0: float, z1: float, name: str) -> Solid:
        corners = [self.world(u, d)[:2] for u, d in ((u0, 0), (u1, 0), (u1, self.thick), (u0, self.thick))]
        return Solid(np.array(corners), self.bottom + z0, self.bottom + z1, name)

    def pieces(self) -> Iterator[tuple[float, float, float, float]]:
        """(left, right, bottom, top) of what is left of the wall around its openings."""
        us = sorted({0.0, self.length, *(u for hole in self.holes for u in (hole.left, hole.right))})
        for left, right in pairwise(us):
            middle = 0.5 * (left + right)
            cut = sorted((h.bottom, h.top) for h in self.holes if h.left < middle < h.right)
            low = 0.0
            for bottom, top in cut:
                if bottom > low + 1e-6:
                    yield left, right, low, bottom
                low = top
            if low < self.height - 1e-6:
                yield left, right, low, self.height

    def solids(self) -> list[Solid]:
        """The wall, the panes in it, and the leaves of its doors."""
        found = [self._prism(*piece, "wall") for piece in self.pieces()]
        for hole in self.holes:
            if hole.kind == "window" or (hole.kind == "door" and hole.angle == 0.0):
                found.append(self._prism(hole.left, hole.right, hole.bottom, hole.top, "pane"))
            elif hole.kind == "door":
                found.append(self.leaf(hole))
        return found

    def leaf(self, hole: Hole) -> Solid:
        """The leaf of an open door; see ``generator.world.doors.hung``."""
        s, width = -hole.hinge, hole.right - hole.left - 0.008
        pivot = np.array([hole.middle + hole.hinge * (0.5 * (hole.right - hole.left) - 0.004), self.thick - 0.01])
        yaw = -hole.hinge * hole.angle
        cos, sin = np.cos(yaw), np.sin(yaw)
        out = 0.05  # levers stand off both faces
        corners = np.array([(0, -LEAF - out), (s * width, -LEAF - out), (s * width, out), (0, out)])
        local = corners @ np.array([[cos, sin], [-sin, cos]]) + pivot
        outline = np.array([self.world(u, d)[:2] for u, d in local])
        return Solid(outline, self.bottom, self.bottom + hole.top, "door")

    def through(self, hole: Hole, away: float = 0.75) -> tuple[Array, Array]:
        """(3,) points of the floor before and behind an opening, ``away`` metres from the wall's faces."""
        aside = 0.1 * hole.hinge if hole.kind == "door" else 0.0  # off the leaf, which stands behind
        return self.world(hole.middle, -away), self.world(hole.middle - aside, self.thick + away)

    def door(self, hole: Hole, index: int) -> DoorPlan:
        """The door of a hole as ``generator.world.doors`` builds it."""
        width, height = hole.right - hole.left, hole.top
        return DoorPlan(index, 0, hole.middle, width, height, hole.hinge, hole.angle, (0.0, 0.0, 0.0), False)


def box_of_walls(
    low: ArrayLike,
    high: ArrayLike,
    height: float,
    *,
    thick: float = 0.2,
    bottom: float = 0.0,
    near: str = "outside",
    far: str = "room",
) -> tuple[Partition, ...]:
    """Four walls around a rectangle (inner corners given), whose near faces look outwards: south, east, north, west."""
    (x0, y0), (x1, y1) = np.asarray(low, float) - 0.5 * thick, np.asarray(high, float) + 0.5 * thick
    h = 0.5 * thick
    ends = (
        ("south", (x0 - h, y0), (x1 + h, y0)),
        ("east", (x1, y0 - h), (x1, y1 + h)),
        ("north", (x1 + h, y1), (x0 - h, y1)),
        ("west", (x0, y1 + h), (x0, y0 - h)),
    )
    return tuple(Partition(name, a, b, height, (), thick, bottom, near, far) for name, a, b in ends)


def all_solids(walls: Iterable[Partition]) -> tuple[Solid, ...]:
    """Of all walls."""
    return tuple(solid for wall in walls for solid in wall.solids())


@dataclass(frozen=True)
class Thing:
    """A piece of furniture, stock or clutter, with the very size that it is built in.

    Attributes:
        kind: word of its builder.
        place: (3,) middle of its footprint on what it stands on, metres.
        yaw: radians to the left that it is turned by; its back is at +y before that.
        size: (3,) width, depth, height, metres.
        seed: of its own draws.
        loose: a track of its own (clutter); else part of the building.
    """

    kind: str
    place: tuple[float, float, float]
    yaw: float
    size: tuple[float, float, float]
    seed: int = field(default=0, repr=False)
    loose: bool = False

    @property
    def solid(self) -> Solid:
        """What of it is in the way."""
        return Solid.box(self.place[:2], self.size, self.kind, yaw=self.yaw, bottom=self.place[2], fixed=not self.loose)
