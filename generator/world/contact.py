"""Distances to the surface of a thing, and the search for the pose that touches it best. Numpy only."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

Array = NDArray[np.float64]
Solid = tuple[Array, NDArray[np.int32]]
"""Vertices (n, 3) in metres and triangles (m, 3)."""

_CELL = 0.002
_REACH = 0.112
"""Metres: cell and half side of the grid of distances about a hand."""


class DistanceField:
    """Signed distance to a solid, metres, on a grid about a point.

    Inside is what has surface on both sides across (x) and on both sides along or up: shapes need not be closed, a
    magazine well counts as filled. A trigger guard stays open, unless ``filled``: no finger of the support hand goes in.
    """

    def __init__(self, solid: Solid, centre: Array, *, filled: bool) -> None:
        self._low = centre - _REACH
        n = int(2 * _REACH / _CELL)
        cells = np.floor((_sprinkled(solid, centre) - self._low) / _CELL).astype(int)
        cells = cells[((cells >= 0) & (cells < n)).all(1)]
        shell = np.zeros((n, n, n), bool)
        shell[tuple(cells.T)] = True
        across, along, up = (_between(shell, axis) for axis in range(3))
        inside = across & (along | up)
        if filled:
            inside |= along & up
            shell |= along & up & ~across
        far = ndimage.distance_transform_edt(~shell) * _CELL
        self._grid = ndimage.gaussian_filter(np.where(inside, -far, far), 0.7).astype(np.float32)

    def at(self, points: Array) -> Array:
        """(...,) distance of (..., 3) points, negative inside."""
        cells = (points - self._low) / _CELL - 0.5
        found = ndimage.map_coordinates(self._grid, cells.reshape(-1, 3).T, order=1, mode="nearest")
        return np.asarray(found, float).reshape(points.shape[:-1])


def _between(shell: NDArray[np.bool_], axis: int) -> NDArray[np.bool_]:
    ahead = np.flip(np.logical_or.accumulate(np.flip(shell, axis), axis), axis)
    return np.asarray(np.logical_or.accumulate(shell, axis) & ahead)


def _sprinkled(solid: Solid, centre: Array) -> Array:
    """Points that cover the triangles near a place at less than a cell's distance."""
    corners = solid[0][solid[1]]
    corners = corners[(np.abs(np.clip(centre, corners.min(1), corners.max(1)) - centre) < _REACH).all(1)]
    longest = np.linalg.norm(np.roll(corners, -1, 1) - corners, axis=2).argmax(1)
    rows = np.arange(len(corners))
    a, b, c = (corners[rows, (longest + k) % 3] for k in range(3))
    wide = np.linalg.norm(b - a, axis=1)
    high = np.linalg.norm(np.cross(b - a, c - a), axis=1) / np.maximum(wide, 1e-9)
    nu, nv = (np.ceil(size / (0.6 * _CELL)).astype(int) + 1 for size in (wide, high))
    owner = np.repeat(rows, nu * nv)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(nu * nv) - nu * nv, nu * nv)
    u = (number % nu[owner] / np.maximum(nu[owner] - 1, 1))[:, None]
    v = (number // nu[owner] / np.maximum(nv[owner] - 1, 1))[:, None]
    return np.asarray(v * c[owner] + (1 - v) * (a[owner] + u * (b - a)[owner]))


def least_of(
    cost: Callable[[Array], Array], low: ArrayLike, high: ArrayLike, first: int = 360, rounds: int = 6
) -> Array:
    """Least of a cost in a box: points spread over it, then ever closer about the best three."""
    low, high = np.asarray(low, float), np.asarray(high, float)
    rng = np.random.default_rng(5)  # a fixed pattern of points, not a draw of the clip
    tried = low + (high - low) * rng.random((first, len(low)))
    tried[0] = 0.5 * (low + high)
    value = cost(tried)
    width = (high - low) / 6
    for _ in range(rounds):
        best = np.argsort(value)[:3]
        tried, value = tried[best], value[best]
        more = np.repeat(tried, 36, 0)
        more = np.clip(more + width * rng.standard_normal(more.shape), low, high)
        tried, value = np.concatenate([tried, more]), np.concatenate([value, cost(more)])
        width = width * 0.6
    return np.asarray(tried[value.argmin()])
