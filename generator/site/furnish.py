"""Putting things into rooms so that there is still a way through."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from generator.site.model import Solid, Spot, Way
from generator.site.route import BODY
from generator.site.walls import Thing

Array = NDArray[np.float64]

_PASSAGE = BODY + 0.09
"""Half the width that is kept open between what must stay connected, metres: a body and the coarseness of its route's grid."""


class Furnisher:
    """A storey being filled: what stands there, and what must stay reachable.

    Attributes:
        things: placed so far.
    """

    def __init__(self, walkable: Any, solids: Sequence[Solid], reach: Sequence[ArrayLike]) -> None:
        """Begins with an empty storey.

        Args:
            walkable: union of the floors.
            solids: walls and the like.
            reach: (2,) or (3,) points that a person must get from one to any other.
        """
        low = [solid.polygon for solid in solids if solid.bottom < 1.9]
        self._free: Any = walkable.difference(shapely.union_all(low)) if low else walkable
        self._reach = [shapely.Point(*np.asarray(point, float)[:2]) for point in reach]
        self._keep: list[Any] = [point.buffer(0.5) for point in self._reach]
        self.things: list[Thing] = []

    def keep_free(self, area: Any) -> None:
        """Nothing is put on this area from now on."""
        self._keep.append(area)

    def must_reach(self, point: ArrayLike, radius: float = 0.45) -> None:
        """Keeps a place free and connected from now on."""
        self._reach.append(shapely.Point(*np.asarray(point, float)[:2]))
        self._keep.append(self._reach[-1].buffer(radius))

    def keep_lane(self, points: Sequence[ArrayLike], half: float = 0.5) -> None:
        """Nothing is put within ``half`` metres of a line from now on."""
        self._keep.append(shapely.LineString([np.asarray(point, float)[:2] for point in points]).buffer(half))

    def add(self, thing: Thing, *, gap: float = 0.03, passage: bool = True) -> bool:
        """Puts a thing down where it fits; whether it does.

        Args:
            thing: what.
            gap: metres kept from everything else.
            passage: whether what must be reached has to stay so.
        """
        area = thing.solid.polygon
        if not self._free.contains(area.buffer(gap, join_style="mitre") if gap > 0 else area):
            return False
        if any(area.intersects(kept) for kept in self._keep):
            return False
        left = self._free.difference(area)
        if passage and not self._joined(left):
            return False
        self._free = left
        self.things.append(thing)
        return True

    def is_free(self, point: ArrayLike, radius: float = 0.35) -> bool:
        """Whether a disc of the floor is free."""
        return bool(self._free.contains(shapely.Point(*np.asarray(point, float)[:2]).buffer(radius)))

    @property
    def joined(self) -> bool:
        """Whether everything that must be reached can be."""
        return self._joined(self._free)

    def _joined(self, free: Any) -> bool:
        open_ = free.buffer(-_PASSAGE)
        pieces = list(getattr(open_, "geoms", [open_]))
        return any(all(piece.distance(point) < 0.25 for point in self._reach) for piece in pieces)


def target_spots(
    room: Furnisher, candidates: Sequence[ArrayLike], ways: Iterable[Way], wanted: int, rng: np.random.Generator
) -> tuple[Spot, ...]:
    """Where targets stand: free places beside every way; none where there are fewer than wanted.

    Args:
        room: once everything else stands.
        candidates: (2,) points of the floor.
        ways: of the site.
        wanted: targets of the clip.
        rng: shuffles them.
    """
    lines = [shapely.LineString(way.points[:, :2]) for way in ways if len(way.points) > 1]
    found: list[Spot] = []
    for k in rng.permutation(len(candidates)):
        x, y = (float(v) for v in np.asarray(candidates[k], float)[:2])
        point = shapely.Point(x, y)
        apart = all(np.hypot(x - spot.place[0], y - spot.place[1]) > 0.9 for spot in found)
        if apart and room.is_free(point.coords[0], 0.3) and all(line.distance(point) > 0.75 for line in lines):
            found.append(Spot((x, y, 0.0), 0.0, "target"))
    return tuple(found) if len(found) >= wanted else ()
