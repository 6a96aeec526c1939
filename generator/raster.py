"""Which samples of a grid a mesh covers: silhouettes as if nothing stood in front. Numpy only, exact at sample points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.camera import Lens

Array = NDArray[np.float64]
Triangles = NDArray[np.int32]

NEAR = 0.01
"""Metres in front of the camera at which meshes are cut."""

_CHORD = 0.25
"""Pixels by which the image of a straight edge may be off the chord that stands for it."""

_ROUNDS = 16
"""Of halving edges: enough for one from a corner of the picture to the opposite one, with the margins beside it."""

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
    return _above(corners, corners[..., 2] - NEAR)


def banded(corners: Array, low: float, high: float) -> Array:
    """The parts (m, 3, 2) of triangles (k, 3, 2) in pixels between two heights in the picture, either of which may be infinite."""
    if np.isfinite(low):
        corners = _above(corners, corners[..., 1] - low)
    if np.isfinite(high):
        corners = _above(corners, high - corners[..., 1])
    return corners


def _above(corners: Array, height: Array) -> Array:
    """The parts (m, 3, n) of triangles (k, 3, n) at which what is ``height`` (k, 3) at their corners is not negative."""
    ahead = height >= 0
    count = ahead.sum(1)
    whole = corners[count == 3]
    pieces = [whole]
    for wanted in (1, 2):
        some, inside, level = corners[count == wanted], ahead[count == wanted], height[count == wanted]
        if not len(some):
            continue
        # Turn each triangle so that the odd corner comes first.
        odd = np.argmax(inside if wanted == 1 else ~inside, axis=1)
        order = (odd[:, None] + np.arange(3)) % 3
        row = np.arange(len(some))
        a, b, c = (some[row, order[:, k]] for k in range(3))
        at_a, at_b, at_c = (level[row, order[:, k]] for k in range(3))
        ab, ac = _cut(a, b, at_a, at_b), _cut(a, c, at_a, at_c)
        if wanted == 1:
            pieces.append(np.stack([a, ab, ac], 1))
        else:
            pieces += [np.stack([ab, b, c], 1), np.stack([ab, c, ac], 1)]
    return np.concatenate(pieces)


def _cut(a: Array, b: Array, at_a: Array, at_b: Array) -> Array:
    u = at_a / (at_a - at_b)
    return np.asarray(a + u[:, None] * (b - a))


def bowed(corners: Array, lens: Lens) -> Array:
    """Triangles in pixels, cut so finely that straight edges between corners follow what the lens makes of them.

    An edge is cut where the ray lies that halves the angle between its ends, as long as the lens sees that point ``_CHORD`` off
    the straight line. That depends on the edge alone, so that neighbours stay joined.

    Args:
        corners: (k, 3, 3) in camera space, in front of the camera.
        lens: of the camera.

    Returns:
        (m, 3, 2) with m >= k.
    """
    pixels = lens.project(corners)
    if not lens.bend or not len(corners):
        return pixels
    # An arc of curvature c and length s is c s^2 / 8 off its chord.
    longest = float(np.sqrt(8 * _CHORD / lens.bend))
    done = []
    for _ in range(_ROUNDS):
        length = np.linalg.norm(np.roll(pixels, -1, axis=1) - pixels, axis=-1)
        long = (length > longest).any(1)
        done.append(pixels[~long])
        corners, pixels = corners[long], pixels[long]
        if not len(corners):
            break
        middle, seen, off = _middles(corners, pixels, lens)
        which = off.argmax(1)
        split = off.max(1) > _CHORD
        done.append(pixels[~split])
        corners, pixels = (
            _halved(values[split], mids[split], which[split]) for values, mids in ((corners, middle), (pixels, seen))
        )
    done.append(pixels)
    return np.concatenate(done)


def _middles(corners: Array, pixels: Array, lens: Lens) -> tuple[Array, Array, Array]:
    """Middles of edges in camera space (k, 3, 3) and in pixels (k, 3, 2), and how far these are off the chords (k, 3)."""
    ends, seen_ends = np.roll(corners, -1, axis=1), np.roll(pixels, -1, axis=1)
    near, far = (np.linalg.norm(points, axis=-1, keepdims=True) for points in (corners, ends))
    middle = (corners * far + ends * near) / (near + far)
    seen = lens.project(middle)
    along, to = seen_ends - pixels, seen - pixels
    share = (along * to).sum(-1) / np.maximum((along * along).sum(-1), 1e-12)
    off = np.linalg.norm(to - np.clip(share, 0, 1)[..., None] * along, axis=-1)
    return middle, seen, off


def _halved(corners: Array, middles: Array, which: NDArray[np.int64]) -> Array:
    """(2k, 3, n) halves of triangles (k, 3, n), each cut at the middle (k, 3, n) of one of its edges (k,)."""
    order = (which[:, None] + np.arange(3)) % 3
    row = np.arange(len(corners))
    a, b, c = (corners[row, order[:, k]] for k in range(3))
    middle = middles[row, which]
    return np.concatenate([np.stack([a, middle, c], 1), np.stack([middle, b, c], 1)])


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
