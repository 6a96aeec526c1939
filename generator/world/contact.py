"""Distances to the surface of a thing, and the search for the pose that touches it best. Numpy only."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

Array = NDArray[np.float64]
Single = NDArray[np.float32]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
Solid = tuple[Array, NDArray[np.int32]]
"""Vertices (n, 3) in metres and triangles (m, 3), their normals outward; shapes may overlap."""

_CELL = 0.0025
_REACH = 0.105
_BAND = 0.0055
"""Metres: cell and half side of the grid of distances about a hand; how near the surface its values are exact."""

_COLUMN = 0.004
"""Metres: width of the columns that triangles are sorted into to find those that a ray meets."""

_AFTER = [1, 2, 0]
"""The corner after each of a triangle's."""

_NEIGHBOURS = 8
"""Samples of the surface nearest to a point whose triangles are measured exactly."""


class Measured:
    """Exact signed distance to the triangles of a solid, for checking; slower than a ``DistanceField``.

    Inside is what most of the rays along the three axes wind round, or what has surface on all six sides: a hollow that
    is closed all round counts as filled.
    """

    def __init__(self, solid: Solid, spacing: float = 0.001) -> None:
        self._corners = solid[0][solid[1]]
        samples, self._owner = sprinkled(self._corners, spacing)
        self._tree = cKDTree(samples)

    def unsigned(self, points: Array) -> Array:
        """(n,) metres from points (n, 3) to the nearest triangle."""
        k = min(_NEIGHBOURS, len(self._owner))
        _, near = self._tree.query(points, k=k)
        owners = self._owner[near.reshape(len(points), k)]
        flat = to_triangles(np.repeat(points, k, 0), self._corners[owners.ravel()])
        return np.asarray(flat.reshape(-1, k).min(1))

    def at(self, points: Array) -> Array:
        """(n,) metres, negative inside."""
        far = self.unsigned(points)
        return np.where(within(self._corners, points), -far, far)


class DistanceField:
    """Signed distance to a solid, metres, on a grid about a point; exact at the nodes near the surface.

    Inside is as for ``Measured``. A trigger guard stays open, unless ``filled``: no finger of the support hand goes in.
    """

    def __init__(self, solid: Solid, centre: Array, *, filled: bool = False, reach: float = _REACH) -> None:
        self._low = centre - reach
        n = int(2 * reach / _CELL)
        corners = solid[0][solid[1]]
        corners = corners[_all(np.abs(np.clip(centre, *_extent(corners)) - centre) < reach)]
        samples, owner = sprinkled(corners, 0.6 * _CELL)
        x, y, z = (np.floor((samples[:, k] - self._low[k]) / _CELL).astype(np.int32) for k in range(3))
        here = (np.minimum(np.minimum(x, y), z) >= 0) & (np.maximum(np.maximum(x, y), z) < n)
        shell = np.zeros((n, n, n), bool)
        shell.ravel()[((x * n + y) * n + z)[here]] = True
        inside, between = self._inside(corners, n)
        far = _far(shell)
        band = np.argwhere(far < _BAND)
        nodes = self._low + (band + 0.5) * _CELL
        tree = cKDTree(samples, balanced_tree=False, compact_nodes=False)
        _, near = tree.query(nodes, distance_upper_bound=_BAND + _CELL)  # none is farther: the shell has samples in it
        far[tuple(band.T)] = to_triangles(nodes, corners[owner[near]])
        self._bare = np.where(inside, -far, far).astype(np.float32)
        self._grid = self._bare
        self.filled = filled
        if filled:
            self._grid = _filled(self._bare, between & ~inside)

    def _inside(self, corners: Array, n: int) -> tuple[Mask, Mask]:
        """(n, n, n) nodes that are inside, and nodes with surface on both sides along and on both sides up."""
        wound = np.zeros((n, n, n), np.int8)
        both = []
        for axis in range(3):
            others = [k for k in range(3) if k != axis]
            column = self._low[others] + (np.indices((n, n)).reshape(2, -1).T + 0.5) * _CELL
            which, depth, sign = _crossings(corners, column, axis)
            step = np.clip(np.round((depth - self._low[axis]) / _CELL), 0, n).astype(int)
            signed, met = np.zeros((2, n * n, n + 1), np.int16)
            np.add.at(signed, (which, step), sign)
            np.add.at(met, (which, step), 1)
            below = np.cumsum(met, 1)[:, :n]
            shape = [n, n, n]
            both.append(np.moveaxis(((below > 0) & (below < met.sum(1)[:, None])).reshape(shape), 2, axis))
            winding = np.cumsum(signed, 1)[:, :n] != 0
            wound += np.moveaxis(winding.reshape(shape), 2, axis)
        across, along, up = both
        return (wound >= 2) | (across & along & up), along & up

    def at(self, points: Array) -> Array:
        """(...,) distance of (..., 3) points, negative inside."""
        return np.asarray(self.over(*np.moveaxis(np.asarray(points, np.float32), -1, 0)), float)

    def over(self, x: Single, y: Single, z: Single, *, bare: bool = False) -> Single:
        """Distances of points whose coordinates are apart, in arrays of one shape; interpolated in the cells.

        ``bare``: to the surface alone. What is filled in stops a finger, but a pad finds nothing to lie on there.
        """
        grid = self._bare if bare else self._grid
        n = grid.shape[0]
        whole, shares = [], []
        for axis, values in enumerate((x, y, z)):
            cells = values - np.float32(self._low[axis])
            cells *= np.float32(1 / _CELL)
            cells -= np.float32(0.5)
            np.maximum(cells, np.float32(0), out=cells)
            np.minimum(cells, np.float32(n - 1.001), out=cells)
            whole.append(cells.astype(np.int32))
            cells -= whole[-1].astype(np.float32)
            shares.append(cells)
        place = ((whole[0] * n + whole[1]) * n + whole[2]).astype(np.intp)
        u, v, w = shares
        flat = grid.ravel()

        def mixed(first: Single, second: Single, share: Single) -> Single:
            second -= first
            second *= share
            second += first
            return second

        def along(step: int) -> Single:
            # No place is out of range, so none wraps; checking them takes longer.
            return mixed(flat[step:].take(place, mode="wrap"), flat[step + 1 :].take(place, mode="wrap"), w)

        def across(step: int) -> Single:
            return mixed(along(step), along(step + n), v)

        return mixed(across(0), across(n * n), u)


def _far(cells: Mask) -> Array:
    """(a, b, c) metres from every cell to the nearest of ``cells``, middle to middle."""
    away = ndimage.distance_transform_edt(~cells, return_distances=False, return_indices=True)
    for axis, size in enumerate(cells.shape):
        away[axis] -= np.arange(size, dtype=np.int32).reshape([-1 if k == axis else 1 for k in range(3)])
    away *= away
    return np.asarray(np.sqrt(away[0] + away[1] + away[2]) * _CELL)


def _filled(bare: Single, added: Mask) -> Single:
    """(n, n, n) signed distances with the nodes ``added`` to the inside; exact within a few cells of those."""
    if not added.any():
        return bare
    whole = np.argwhere((bare < 0) | added)
    box = tuple(slice(max(low - 5, 0), high + 6) for low, high in zip(whole.min(0), whole.max(0), strict=True))
    here, more = bare[box], added[box]
    near, deep = _far(more), _far((here >= 0) & ~more)
    grid = bare.copy()
    grid[box] = np.where(more, -deep, np.where(here < 0, here, np.minimum(here, near)))
    return grid


def within(corners: Array, points: Array) -> Mask:
    """(n,) which points (n, 3) are inside triangles (m, 3, 3), as for ``Measured``."""
    wound, walled = np.zeros(len(points), int), np.ones(len(points), bool)
    for axis in range(3):
        up, down, winding = _met(corners, points, axis)
        wound += winding != 0
        walled &= up & down
    return np.asarray((wound >= 2) | walled)


def to_triangles(points: Array, corners: Array) -> Array:
    """(n,) distances from points (n, 3) to one triangle each, (n, 3, 3)."""
    at = np.ascontiguousarray(points.T)
    a, b, c = np.ascontiguousarray(corners.transpose(1, 2, 0))
    normal = _cross(b - a, c - a)
    size = np.sqrt(_sum(normal * normal))
    within = size > 1e-14
    nearest = np.full(len(points), np.inf)
    for start, end in ((a, b), (b, c), (c, a)):
        edge, to = end - start, at - start
        within &= _sum(_cross(normal, edge) * to) >= 0
        share = np.clip(_sum(to * edge) / np.maximum(_sum(edge * edge), 1e-20), 0, 1)
        away = to - share * edge
        nearest = np.minimum(nearest, _sum(away * away))
    plane = np.abs(_sum(normal * (at - a))) / np.maximum(size, 1e-14)
    return np.where(within, plane, np.sqrt(nearest))


def _cross(a: Array, b: Array) -> Array:
    """(3, n) cross products of vectors (3, n)."""
    return np.stack([a[k - 2] * b[k - 1] - a[k - 1] * b[k - 2] for k in range(3)])


def _sum(parts: Array) -> Array:
    """(n,) of (3, n); numpy is slow at sums along a short last axis."""
    return np.asarray(parts[0] + (parts[1] + parts[2]))


def _all(mask: Mask) -> Mask:
    """(n,) of (n, k), as ``_sum``."""
    return np.asarray(np.logical_and.reduce([mask[:, k] for k in range(mask.shape[1])]))


def _extent(corners: Array) -> tuple[Array, Array]:
    """Least and greatest (m, k) of the corners of triangles (m, 3, k)."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    return np.minimum(np.minimum(a, b), c), np.maximum(np.maximum(a, b), c)


def _met(corners: Array, points: Array, axis: int) -> tuple[Mask, Mask, Whole]:
    """Whether rays from points (n, 3) up and down an axis meet a triangle (n,), and how often the solid winds round them."""
    others = [k for k in range(3) if k != axis]
    low, high = points[:, others].min(0), points[:, others].max(0)
    flat = corners[:, :, others]
    least, most = _extent(flat)
    which, depth, sign = _crossings(corners[_all((most >= low) & (least <= high))], points[:, others], axis)
    above = depth > points[which, axis]
    up = np.bincount(which, above, len(points)) > 0
    down = np.bincount(which, ~above, len(points)) > 0
    return up, down, np.round(np.bincount(which, sign * above, len(points))).astype(int)


def _crossings(corners: Array, columns: Array, axis: int) -> tuple[Whole, Array, Whole]:
    """Where lines along an axis through ``columns`` (n, 2) meet triangles.

    Returns:
        Which line, how far along it, and the turn (+1 or -1) of the triangle as seen along the line.
    """
    others = [k for k in range(3) if k != axis]
    flat = corners[:, :, others]
    low = columns.min(0) - 1e-9
    width = np.ceil((columns.max(0) - low) / _COLUMN).astype(int) + 1
    first, last = (np.clip(np.floor((end - low) / _COLUMN).astype(int), 0, width - 1) for end in _extent(flat))
    nu, nv = (last - first + 1).T
    owner, number = _numbered(nu * nv)
    cell = (first[owner, 0] + number // nv[owner]) * width[1] + first[owner, 1] + number % nv[owner]
    order = np.argsort(cell, kind="stable")
    owner, cell = owner[order], cell[order]
    place = np.floor((columns - low) / _COLUMN).astype(int)
    place = place[:, 0] * width[1] + place[:, 1]
    start, end = np.searchsorted(cell, place, "left"), np.searchsorted(cell, place, "right")
    which, step = _numbered(end - start)
    triangle = owner[start[which] + step]
    u, v = (np.ascontiguousarray(flat[:, :, k].T).take(triangle, 1) for k in (0, 1))  # (3, k) each
    turn = (u[_AFTER] - u) * (columns[which, 1] - v) - (v[_AFTER] - v) * (columns[which, 0] - u)
    hit = (turn > 0).all(0) | (turn < 0).all(0)
    which, triangle, turn = which[hit], triangle[hit], turn[:, hit]
    shares = turn[_AFTER] / _sum(turn)  # of the corner opposite each edge
    depth = _sum(shares * corners[triangle, :, axis].T)
    flip = -1 if axis == 1 else 1
    return which, depth, np.where(turn[0] > 0, flip, -flip)


def _numbered(counts: Whole) -> tuple[Whole, Whole]:
    """Row and number within the row of every element of rows with these counts."""
    rows = np.repeat(np.arange(len(counts)), counts)
    return rows, np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)


def sprinkled(corners: Array, spacing: float) -> tuple[Array, Whole]:
    """Points that cover triangles (m, 3, 3) less than ``spacing`` metres apart, and the triangle of each."""
    longest = np.linalg.norm(np.roll(corners, -1, 1) - corners, axis=2).argmax(1)
    rows = np.arange(len(corners))
    a, b, c = (corners[rows, (longest + k) % 3] for k in range(3))
    wide = np.linalg.norm(b - a, axis=1)
    high = np.linalg.norm(np.cross(b - a, c - a), axis=1) / np.maximum(wide, 1e-9)
    nu, nv = (np.ceil(size / spacing).astype(int) + 1 for size in (wide, high))
    owner, number = _numbered(nu * nv)
    row, column = np.divmod(number, nu[owner])
    u, v = column / np.maximum(nu - 1, 1)[owner], row / np.maximum(nv - 1, 1)[owner]
    points = np.empty((len(owner), 3))
    for k in range(3):
        points[:, k] = v * c[owner, k] + (1 - v) * (a[owner, k] + u * (b - a)[owner, k])
    return points, owner


def least_of(
    cost: Callable[[Array], Array], low: ArrayLike, high: ArrayLike, first: int = 360, rounds: int = 6,
    start: ArrayLike | None = None,
) -> Array:  # fmt: skip
    """Least of a cost in a box: points spread over it, then ever closer about the best three.

    Args:
        cost: of (n, k) points, (n,).
        low: (k,) least.
        high: (k,) most.
        first: points spread over the box.
        rounds: of points about the best so far, each round 0.6 times as wide as the one before.
        start: (k,) a point that is tried too; the middle of the box where left out.
    """
    low, high = np.asarray(low, float), np.asarray(high, float)
    rng = np.random.default_rng(5)  # a fixed pattern of points, not a draw of the clip
    tried = low + (high - low) * rng.random((first, len(low)))
    tried[0] = 0.5 * (low + high) if start is None else np.clip(start, low, high)
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
