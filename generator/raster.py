"""Which samples of a grid a mesh covers: silhouettes as if nothing stood in front. Numpy only, exact at sample points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Triangles = NDArray[np.int32]

NEAR = 0.01
"""Metres in front of the camera at which meshes are cut."""

_PAIRS = 1_000_000
"""(triangle, sample) pairs looked at in one go."""


@dataclass(frozen=True)
class Grid:
    """Samples at ``x0 + i step``, ``y0 + j step`` for i < columns, j < rows, in pixels."""

    x0: float
    y0: float
    step: float
    columns: int
    rows: int


def clipped(points: Array, triangles: Triangles) -> Array:
    """Triangles in front of the near plane, those that cross it cut.

    Args:
        points: (n, 3) in camera space (z forward), metres.
        triangles: (m, 3).

    Returns:
        (k, 3, 3) corners with z >= NEAR.
    """
    corners = points[triangles]
    ahead = corners[..., 2] >= NEAR
    count = ahead.sum(1)
    whole = corners[count == 3]
    pieces = [whole]
    for wanted in (1, 2):
        some, inside = corners[count == wanted], ahead[count == wanted]
        if not len(some):
            continue
        # Turn each triangle so that the odd corner comes first.
        odd = np.argmax(inside if wanted == 1 else ~inside, axis=1)
        order = (odd[:, None] + np.arange(3)) % 3
        a, b, c = (some[np.arange(len(some)), order[:, k]] for k in range(3))
        ab, ac = _cut(a, b), _cut(a, c)
        if wanted == 1:
            pieces.append(np.stack([a, ab, ac], 1))
        else:
            pieces += [np.stack([ab, b, c], 1), np.stack([ab, c, ac], 1)]
    return np.concatenate(pieces)


def _cut(a: Array, b: Array) -> Array:
    u = (NEAR - a[:, 2]) / (b[:, 2] - a[:, 2])
    return np.asarray(a + u[:, None] * (b - a))


def split(corners: Array, widest: float, rounds: int = 6) -> Array:
    """Triangles (k, 3, 3) in camera space, those that are wide cut in four until no side is wider.

    Args:
        corners: in camera space, metres.
        widest: angle at the camera that a side may have, radians.
        rounds: of cutting at most.
    """
    done = []
    for _ in range(rounds):
        ways = corners / np.linalg.norm(corners, axis=-1, keepdims=True)
        wide = (np.linalg.norm(ways - np.roll(ways, -1, axis=1), axis=-1) > widest).any(1)
        done.append(corners[~wide])
        a, b, c = np.moveaxis(corners[wide], 1, 0)
        ab, bc, ca = 0.5 * (a + b), 0.5 * (b + c), 0.5 * (c + a)
        corners = np.concatenate([np.stack(piece, 1) for piece in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))])
        if not len(corners):
            break
    return np.concatenate([*done, corners])


def cover(corners: Array, grid: Grid) -> NDArray[np.bool_]:
    """(rows, columns) samples that lie in a triangle or on its border.

    Args:
        corners: (k, 3, 2) in pixels.
        grid: of samples.
    """
    mask = np.zeros((grid.rows, grid.columns), bool)
    place = (corners - (grid.x0, grid.y0)) / grid.step
    low = np.ceil(place.min(1) - 1e-9)
    high = np.floor(place.max(1) + 1e-9)
    low = np.clip(low, 0, (grid.columns, grid.rows)).astype(np.int64)
    high = np.clip(high, -1, (grid.columns - 1, grid.rows - 1)).astype(np.int64)
    size = high - low + 1
    busy = (size > 0).all(1)
    place, low, size = place[busy], low[busy], size[busy]
    ends = np.cumsum(size[:, 0] * size[:, 1])
    start = 0
    while start < len(place):
        before = ends[start - 1] if start else 0
        stop = max(int(np.searchsorted(ends, before + _PAIRS, side="right")), start + 1)
        _fill(mask, place[start:stop], low[start:stop], size[start:stop])
        start = stop
    return mask


def _fill(mask: NDArray[np.bool_], place: Array, low: NDArray[np.int64], size: NDArray[np.int64]) -> None:
    count = size[:, 0] * size[:, 1]
    which = np.repeat(np.arange(len(place)), count)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    width = size[which, 0]
    x, y = low[which, 0] + offset % width, low[which, 1] + offset // width
    a, b, c = place[which, 0], place[which, 1], place[which, 2]
    d1, d2, d3 = _side(a, b, x, y), _side(b, c, x, y), _side(c, a, x, y)
    inside = ((d1 >= 0) & (d2 >= 0) & (d3 >= 0)) | ((d1 <= 0) & (d2 <= 0) & (d3 <= 0))
    mask[y[inside], x[inside]] = True


def _side(a: Array, b: Array, x: NDArray[np.int64], y: NDArray[np.int64]) -> Array:
    return np.asarray((b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (b[:, 1] - a[:, 1]) * (x - a[:, 0]))
