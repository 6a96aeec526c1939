"""The pieces of a wall around its openings."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Protocol


class Cut(Protocol):
    """An opening, in the wall's metres."""

    @property
    def left(self) -> float:
        """Of its left edge."""

    @property
    def right(self) -> float:
        """Of its right edge."""

    @property
    def bottom(self) -> float:
        """Of its sill."""

    @property
    def top(self) -> float:
        """Of its head."""


def wall_cells(length: float, height: float, holes: Sequence[Cut]) -> Iterator[tuple[float, float, float, float]]:
    """(left, right, low, high) of pieces: strips between sills and heads, cut where an opening is.

    Openings of one strip do not overlap.
    """
    zs = sorted({0.0, height, *(z for hole in holes for z in (hole.bottom, hole.top))})
    for low, high in pairwise(zs):
        middle = 0.5 * (low + high)
        cut = sorted((hole.left, hole.right) for hole in holes if hole.bottom < middle < hole.top)
        edges = [0.0, *(u for pair in cut for u in pair), length]
        for left, right in zip(edges[::2], edges[1::2], strict=True):
            if right - left > 1e-4 and high - low > 1e-4:
                yield left, right, low, high
