"""A way planned in the world as built: around what stands there, smooth enough to walk, never through anything."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter1d
from skimage.graph import MCP_Geometric

from generator.site.curve import Curve
from generator.site.model import Floor, Site, Way

Array = NDArray[np.float64]

BODY = 0.30
"""Metres kept from the middle of the wearer to everything solid: half the breadth across the shoulders of a large adult (0.56 m,
Pheasant, Bodyspace, 95th percentile bideltoid) and 2 cm."""

SIDEWAYS = 0.25
"""Metres kept where it is narrow, as in the aisles of trains and buses: shoulders turned past seats, which end below them."""

_DETOUR = 1.25
"""How much longer a way around may be before the narrow one is taken."""

_CELL = 0.08
_DIAGONAL = 1.42 * _CELL
_COMFORT = 0.45
"""Metres from walls at which people walk where there is room (Weidmann 1993: 0.25 to 0.45 m from the body)."""

_STEP = 0.04
_LOW, _HIGH = 0.15, 1.9
"""Heights above the floor between which a solid is in the way, metres: what is lower is stepped over."""

_TURN = 0.35
"""Metres over which people round a corner (standard deviation of the smoothing); less where the walls do not let them."""


class NoWayError(ValueError):
    """There is no way through the site that a person fits through."""


@dataclass(frozen=True)
class Route:
    """A smooth line over the floors.

    Attributes:
        places: (n, 3) metres, evenly spaced; heights of the plane through nosings.
        looks: (m, 3) what is worth looking at.
        pauses: metres along it at which the wearer stops.
    """

    places: Array = field(repr=False)
    looks: Array = field(default_factory=lambda: np.zeros((0, 3)), repr=False)
    pauses: tuple[float, ...] = ()

    @cached_property
    def _pitch(self) -> float:
        return float(np.mean(np.linalg.norm(np.diff(self.places[:, :2], axis=0), axis=1)))

    @cached_property
    def _curve(self) -> Curve:
        return Curve.through(0.0, self._pitch, self.places)

    @cached_property
    def _headings(self) -> Curve:
        way = np.gradient(self.places[:, :2], axis=0)
        yaw = np.unwrap(np.arctan2(-way[:, 0], way[:, 1]))
        return Curve.through(
            0.0, self._pitch, gaussian_filter1d(yaw, max(0.25 / self._pitch, 0.5), mode="nearest")[:, None]
        )

    @property
    def length(self) -> float:
        """Metres, seen from above."""
        return self._curve.end

    def place(self, along: float) -> Array:
        """(3,) so many metres along it; straight on before its beginning and past its end."""
        return self._curve.at(along)

    def heading(self, along: float) -> float:
        """Radians to the left of +y that it leads, so many metres along it; smoothed over about half a metre."""
        return float(self._headings.at(min(max(along, 0.0), self.length))[0])

    def beside(self, along: float, right: float) -> Array:
        """(3,) so many metres along it and to the right of it."""
        yaw = self.heading(along)
        return self.place(along) + right * np.array([np.cos(yaw), np.sin(yaw), 0.0])


@dataclass(frozen=True)
class Level:
    """One storey as a grid: metres to the nearest edge of its floor or solid, 0 where nobody can stand."""

    low: Array
    room: Array

    def cell(self, point: ArrayLike) -> tuple[int, int]:
        """Indices of the cell that a point is in."""
        index = np.round((np.asarray(point, float)[:2] - self.low) / _CELL).astype(int)
        i, j = np.clip(index, 0, np.array(self.room.shape) - 1)
        return int(i), int(j)

    def point(self, cells: Array) -> Array:
        """(..., 2) middles of cells."""
        return np.asarray(self.low + np.asarray(cells, float) * _CELL)

    def nearest(self, point: Array, body: float) -> tuple[int, int]:
        """The cell that somebody can stand in nearest to a point.

        Raises:
            NoWayError: where there is none on the storey.
        """
        i, j = self.cell(point)
        if self.room[i, j] > body:
            return i, j
        free = np.argwhere(self.room > body)
        if not len(free):
            raise NoWayError(f"nobody can stand on the storey of {_said(point)}")
        i, j = free[np.argmin(((free - (i, j)) ** 2).sum(1))]
        return int(i), int(j)

    def clear(self, points: Array) -> Array:
        """(n,) metres around (n, 2) points to the nearest edge or solid."""
        index = np.clip(np.round((points - self.low) / _CELL).astype(int), 0, np.array(self.room.shape) - 1)
        return np.asarray(self.room[index[:, 0], index[:, 1]])


def level_of(site: Site, height: float, others: tuple[tuple[Array, float], ...] = ()) -> Level:
    """The storey at a height as a grid.

    Args:
        site: the place.
        height: of the floor, metres.
        others: ((2,), radius) round things that stand there besides: people, targets.
    """
    floors = [floor.polygon for floor in site.floors if _crosses(floor, height)]
    if not floors:
        raise NoWayError(f"there is no floor at {height:.2f} m")
    walkable = shapely.union_all(floors)
    solids = [_thick(solid.polygon) for solid in site.near(height + _LOW, height + _HIGH)]
    free = walkable.difference(shapely.union_all(solids)) if solids else walkable
    for place, radius in others:
        free = free.difference(shapely.Point(place[:2]).buffer(radius))
    x0, y0, x1, y1 = walkable.bounds
    low = np.array([x0, y0]) - 2 * _CELL
    shape = np.ceil((np.array([x1, y1]) - low) / _CELL).astype(int) + 3
    xs, ys = (low[k] + _CELL * np.arange(shape[k]) for k in (0, 1))
    shapely.prepare(free)
    inside = shapely.contains_xy(free, *np.meshgrid(xs, ys, indexing="ij"))
    # Counted from the middle of the nearest cell outside: what is solid begins half a cell before it, on the average.
    return Level(low, np.asarray(np.maximum(distance_transform_edt(inside) - 0.5, 0.0) * _CELL))


def _thick(polygon: shapely.Polygon) -> shapely.Polygon:
    """A footprint that no grid misses: poles and panes are made a cell's diagonal thick."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(polygon))
    thin = float(np.linalg.norm(np.diff(corners, axis=0), axis=1).min())
    return polygon if thin >= _DIAGONAL else polygon.buffer(0.5 * (_DIAGONAL - thin), join_style="mitre")


def _crosses(floor: Floor, height: float) -> bool:
    heights = [floor.ramp(corner) for corner in floor.outline]
    return min(heights) - 0.3 < height < max(heights) + 0.3


def plan_route(site: Site, way: Way, others: tuple[tuple[Array, float], ...] = (), body: float = BODY) -> Route:
    """The way as it is walked: see ``_planned``; where it is too narrow to walk straight, sideways.

    Raises:
        NoWayError: where a person does not fit.
    """
    try:
        found = _planned(site, way, others, body)
    except NoWayError:
        return _planned(site, way, others, min(body, SIDEWAYS))
    coarse = float(np.linalg.norm(np.diff(np.asarray(way.points, float)[:, :2], axis=0), axis=1).sum())
    if found.length < _DETOUR * coarse or body <= SIDEWAYS:
        return found
    # Rather along an aisle sideways than out by one door and in by another.
    narrow = _planned(site, way, others, SIDEWAYS)
    return narrow if narrow.length < found.length / _DETOUR else found


def _planned(site: Site, way: Way, others: tuple[tuple[Array, float], ...], body: float) -> Route:
    """The way as it is walked.

    Between two of its points on the same level the cheapest line is taken on a grid whose cost falls with the distance from
    walls; stairs are taken straight. The whole is smoothed as far as it keeps ``body`` metres from everything.

    Raises:
        NoWayError: where a person does not fit.
    """
    points = np.asarray(way.points, float)
    if len(points) < 2:
        raise NoWayError(f"a way needs two points, not {len(points)}")
    levels: dict[float, Level] = {}
    pieces: list[Array] = []
    stops: list[int] = []
    for k, (a, b) in enumerate(pairwise(points)):
        if k in way.pause:
            stops.append(sum(map(len, pieces)))
        if way.direct or abs(a[2] - b[2]) > 0.05:
            piece = a + np.linspace(0, 1, max(int(np.linalg.norm(b - a) / _STEP), 2))[:, None] * (b - a)
        else:
            height = float(np.round(a[2], 2))
            if height not in levels:
                levels[height] = level_of(site, height, others)
            piece = _between(levels[height], a, b, body)
        pieces.append(piece[(1 if pieces else 0) :])
    line = np.concatenate(pieces)
    if len(points) - 1 in way.pause:
        stops.append(len(line) - 1)
    smooth = _smoothed(line, levels, body)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(smooth[:, :2], axis=0), axis=1))])
    even = np.linspace(0, along[-1], max(int(along[-1] / 0.10), 4))
    keep = np.concatenate([[True], np.diff(along) > 1e-9])
    placed = np.stack([np.interp(even, along[keep], smooth[keep, axis]) for axis in range(3)], -1)
    return Route(placed, way.looks, tuple(float(along[min(k, len(along) - 1)]) for k in stops))


def _between(level: Level, a: Array, b: Array, body: float) -> Array:
    """(n, 3) from a to b on one level, spaced by about ``_STEP``."""
    room = level.room
    cost = np.where(room > body, 1.0 + 2.0 * np.clip(1 - (room - body) / _COMFORT, 0, 1) ** 2, -1.0)
    start, end = (level.nearest(point, body) for point in (a, b))
    if start == end:
        return np.stack([a, b])
    search = MCP_Geometric(cost)
    search.find_costs([start], [end])
    try:
        cells = np.array(search.traceback(end))
    except ValueError:
        raise NoWayError(f"no way that a person fits through from {_said(a)} to {_said(b)}") from None
    line = level.point(cells)
    if np.linalg.norm(line[0] - a[:2]) < _CELL:
        line[0] = a[:2]
    if np.linalg.norm(line[-1] - b[:2]) < _CELL:
        line[-1] = b[:2]
    line = _pulled(level, line, body)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    even = np.linspace(0, along[-1], max(int(along[-1] / _STEP), 2))
    flat = np.stack([np.interp(even, along, line[:, axis]) for axis in range(2)], -1)
    return np.column_stack([flat, np.full(len(flat), a[2])])


def _pulled(level: Level, line: Array, body: float) -> Array:
    """The line with its detours of the grid pulled tight, as far as it stays as clear as it was (up to comfort)."""
    kept, k = [0], 0
    while k < len(line) - 1:
        far = k + 1
        for reach in (128, 64, 32, 16, 8, 4, 2):
            other = min(k + reach, len(line) - 1)
            if other <= far:
                continue
            n = max(int(np.linalg.norm(line[other] - line[k]) / (0.5 * _CELL)), 2)
            between = line[k] + np.linspace(0, 1, n)[:, None] * (line[other] - line[k])
            wanted = min(float(level.clear(line[k : other + 1]).min()), body + 0.6 * _COMFORT)
            if level.clear(between).min() >= max(wanted - 0.5 * _CELL, body):
                far = other
                break
        kept.append(far)
        k = far
    return line[kept]


def _smoothed(line: Array, levels: dict[float, Level], body: float) -> Array:
    """Rounded corners, ends kept; where the rounding comes too near to something it is made smaller."""
    best = line
    for width in (0.3, 0.6, 1.0):
        smooth = _rounded(line, width * _TURN)
        for height, level in levels.items():
            here, there = (np.abs(points[:, 2] - height) < 0.02 for points in (smooth, line))
            if not (here.any() and there.any()):
                continue
            before = float(level.clear(line[there, :2]).min())
            if level.clear(smooth[here, :2]).min() < min(body, before) - 0.5 * _CELL:
                return best
        best = smooth
    return best


def _rounded(line: Array, sigma: float) -> Array:
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    n = max(int(along[-1] / _STEP), 4)
    even = np.stack([np.interp(np.linspace(0, along[-1], n), along, line[:, axis]) for axis in range(3)], -1)
    # Reflected through the ends, so that they stay where they are.
    reach = min(int(4 * sigma / _STEP) + 1, n - 1)
    padded = np.concatenate([2 * even[0] - even[reach:0:-1], even, 2 * even[-1] - even[-2 : -reach - 2 : -1]])
    return np.asarray(gaussian_filter1d(padded, sigma / _STEP, axis=0, mode="nearest")[reach : reach + n])


def _said(point: Array) -> str:
    return "(" + ", ".join(f"{x:.1f}" for x in point) + ")"
