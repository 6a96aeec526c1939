"""Lenses and a read-out in OpenCV axes: x right, y down, z forward; the centre of the first pixel is (0.5, 0.5).

Rows are read one after the other. Where a thing is while a frame is read is known at three instants (the first row, the
middle, the last) and is linear between them, in the renderer and in the labels alike. Times within a read-out are told as
``phase``: -1 when the read-out begins, 0 in its middle, 1 when its last row is read (``Readout.phase_of``).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

KNOTS = 3
"""Instants of a read-out at which the scene is known."""

_STEPS = 512
"""Steps of a read-out for which the camera's turned axes are kept."""

_SETTLED = 0.005
"""Rows by which the search for the row that sees a point may still be off."""

_BEYOND = 1.5
"""Phase up to which what leaves the picture is followed in time."""


class Lens(Protocol):
    """How directions become pixels. Every pixel looks less than a right angle away from the axis."""

    @property
    def width(self) -> int:
        """Pixels across."""

    @property
    def height(self) -> int:
        """Pixels down."""

    @property
    def cx(self) -> float:
        """Principal point, pixels from the left edge."""

    @property
    def cy(self) -> float:
        """Principal point, pixels from the top edge."""

    @property
    def bend(self) -> float:
        """How much a straight line is curved in the picture at most, 1/pixels; 0 where lines stay straight."""

    def project(self, points: Array) -> Array:
        """Camera-space points (..., 3) in metres to pixels (..., 2). Meaningless for points with z <= 0."""

    def rays(self) -> Array:
        """Unit vectors (H, W, 3) in camera space through the centre of every pixel."""

    def directions(self, pixels: Array) -> Array:
        """Unit vectors (..., 3) in camera space through pixels (..., 2)."""

    def unproject(self, depth: Array) -> Array:
        """Distance along each pixel's ray (H, W) in metres to camera-space points (H, W, 3)."""

    def record(self) -> dict[str, Any]:
        """Intrinsics as clip.json holds them."""


class _Rays:
    """What follows from ``directions`` for every lens."""

    width: int
    height: int

    def directions(self, pixels: Array) -> Array:
        raise NotImplementedError

    @cached_property
    def _rays(self) -> Array:
        x, y = np.meshgrid(np.arange(self.width) + 0.5, np.arange(self.height) + 0.5)
        return self.directions(np.stack([x, y], -1))

    def rays(self) -> Array:
        """Unit vectors (H, W, 3) in camera space through the centre of every pixel."""
        return self._rays

    def unproject(self, depth: Array) -> Array:
        """Distance along each pixel's ray (H, W) in metres to camera-space points (H, W, 3)."""
        return self._rays * depth[..., None]


@dataclass(frozen=True)
class Pinhole(_Rays):
    """Intrinsics of a rectilinear camera, in pixels."""

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float

    @classmethod
    def from_field_of_view(
        cls, width: int, height: int, horizontal: float, principal: tuple[float, float] = (0.0, 0.0)
    ) -> "Pinhole":
        """Square pixels; ``horizontal`` field of view in radians of a picture whose axis is in the middle.

        ``principal``: how far right and down of the middle the axis is, as shares of width and height.
        """
        focal = 0.5 * width / np.tan(0.5 * horizontal)
        return cls(width, height, focal, focal, (0.5 + principal[0]) * width, (0.5 + principal[1]) * height)

    @property
    def bend(self) -> float:
        """Lines stay straight."""
        return 0.0

    def project(self, points: Array) -> Array:
        """Camera-space points (..., 3) in metres to pixels (..., 2). Meaningless for points with z <= 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            x = self.fx * points[..., 0] / points[..., 2] + self.cx
            y = self.fy * points[..., 1] / points[..., 2] + self.cy
        return np.stack([x, y], -1)

    def directions(self, pixels: Array) -> Array:
        """Unit vectors (..., 3) in camera space through pixels (..., 2)."""
        u, v = (pixels[..., 0] - self.cx) / self.fx, (pixels[..., 1] - self.cy) / self.fy
        way = np.stack([u, v, np.ones_like(u)], -1)
        return np.asarray(way / np.linalg.norm(way, axis=-1, keepdims=True))

    def record(self) -> dict[str, Any]:
        """Intrinsics as clip.json holds them."""
        return {
            "model": "pinhole", "width": self.width, "height": self.height,
            "fx": self.fx, "fy": self.fy, "cx": self.cx, "cy": self.cy,
        }  # fmt: skip

    @property
    def matrix(self) -> Array:
        """The 3x3 intrinsic matrix."""
        return np.array([[self.fx, 0, self.cx], [0, self.fy, self.cy], [0, 0, 1.0]])


@dataclass(frozen=True)
class Fisheye(_Rays):
    """A fisheye whose angle from the axis is a polynomial of the distance from the principal point, as Cycles has it.

    Attributes:
        width, height: pixels.
        cx, cy: principal point, pixels.
        polynomial: four numbers, angle = p1 r + p2 r^2 + p3 r^3 + p4 r^4 radians for r pixels.
        kannala_brandt: focal length in pixels and k1..k4 of r = f theta (1 + k1 theta^2 + k2 theta^4 + k3 theta^6 + k4 theta^8)
            (Kannala and Brandt 2006; OpenCV's fisheye model), from which the polynomial was fitted.
    """

    width: int
    height: int
    cx: float
    cy: float
    polynomial: tuple[float, float, float, float]
    kannala_brandt: tuple[float, float, float, float, float]

    @classmethod
    def from_field_of_view(
        cls, width: int, height: int, horizontal: float, k: tuple[float, float, float, float],
        principal: tuple[float, float] = (0.0, 0.0),
    ) -> "Fisheye":  # fmt: skip
        """A lens of Kannala and Brandt's model with a horizontal field of view, radians; see ``Pinhole`` for ``principal``.

        Raises:
            ValueError: the model does not grow steadily up to the picture's corners, or a corner is a right angle away.
        """
        edge = 0.5 * horizontal
        focal = 0.5 * width / float(_bent(np.array(edge), k))
        far = np.hypot((0.5 + abs(principal[0])) * width, (0.5 + abs(principal[1])) * height)
        theta = np.linspace(0, 0.5 * np.pi, 2000)
        r = focal * _bent(theta, k)
        if (np.diff(r) <= 0).any() or r[-1] < far:
            raise ValueError(
                f"the lens {k} of {horizontal:.2f} rad does not show the picture's corners within a right angle"
            )
        seen = r <= far
        powers = np.stack([(r[seen] / far) ** n for n in (1, 2, 3, 4)], -1)
        fitted = np.linalg.lstsq(powers, theta[seen], rcond=None)[0] / far ** np.arange(1, 5)
        centre = (0.5 + principal[0]) * width, (0.5 + principal[1]) * height
        return cls(width, height, *centre, _four(fitted), (focal, *k))

    @cached_property
    def _reach(self) -> float:
        """Pixels from the principal point to the farthest corner and a little more; beyond that the lens goes on evenly."""
        return 1.05 * float(np.hypot(max(self.cx, self.width - self.cx), max(self.cy, self.height - self.cy)))

    @cached_property
    def bend(self) -> float:
        """How much a straight line is curved in the picture at most, 1/pixels.

        A line that comes as near as the angle theta to the axis has tan theta(phi) = tan theta / cos phi at the azimuth phi from
        there, and in polar coordinates the curvature (r - r'') / r^2, with r'' = r'(theta) sin theta cos theta.
        """
        r = np.linspace(0, 1, 200)[1:] * self._reach
        theta = self._angle(r)
        curvature = (r - np.sin(theta) * np.cos(theta) / self._slope(r)) / r**2
        return float(np.abs(curvature).max())

    def _angle(self, r: Array) -> Array:
        """Angles from the axis of pixels ``r`` from the principal point."""
        a, b, c, d = self.polynomial
        near = np.minimum(r, self._reach)
        return np.asarray(near * (a + near * (b + near * (c + near * d))) + self._slope(self._reach) * (r - near))

    def _slope(self, r: Array | float) -> Any:
        a, b, c, d = self.polynomial
        return a + r * (2 * b + r * (3 * c + r * 4 * d))

    def project(self, points: Array) -> Array:
        """Camera-space points (..., 3) in metres to pixels (..., 2); the radius by Newton's method."""
        across = np.hypot(points[..., 0], points[..., 1])
        theta = np.arctan2(across, points[..., 2])
        r = theta / self.polynomial[0]
        for _ in range(6):
            r = np.maximum(r - (self._angle(r) - theta) / self._slope(np.minimum(r, self._reach)), 0.0)
        scale = r / np.maximum(across, 1e-12)
        return np.stack([points[..., 0] * scale + self.cx, points[..., 1] * scale + self.cy], -1)

    def directions(self, pixels: Array) -> Array:
        """Unit vectors (..., 3) in camera space through pixels (..., 2)."""
        u, v = pixels[..., 0] - self.cx, pixels[..., 1] - self.cy
        r = np.hypot(u, v)
        theta = self._angle(r)
        scale = np.sin(theta) / np.maximum(r, 1e-12)
        return np.stack([u * scale, v * scale, np.cos(theta)], -1)

    def record(self) -> dict[str, Any]:
        """Intrinsics as clip.json holds them."""
        focal, *k = self.kannala_brandt
        return {
            "model": "fisheye_polynomial", "width": self.width, "height": self.height, "cx": self.cx, "cy": self.cy,
            "polynomial": list(self.polynomial), "opencv_fisheye": {"f": focal, "k": k},
        }  # fmt: skip


def _bent(theta: Array, k: tuple[float, float, float, float]) -> Array:
    square = theta * theta
    return np.asarray(theta * (1 + square * (k[0] + square * (k[1] + square * (k[2] + square * k[3])))))


def _four(values: Array) -> tuple[float, float, float, float]:
    a, b, c, d = (float(value) for value in values)
    return a, b, c, d


def lens_from(record: dict[str, Any]) -> Lens:
    """The lens of ``clip.json.intrinsics``.

    Raises:
        ValueError: a model that this version does not know.
    """
    if record["model"] == "pinhole":
        return Pinhole(**{key: record[key] for key in ("width", "height", "fx", "fy", "cx", "cy")})
    if record["model"] == "fisheye_polynomial":
        given = {key: record[key] for key in ("width", "height", "cx", "cy")}
        model = record["opencv_fisheye"]
        f, k1, k2, k3, k4 = (float(value) for value in (model["f"], *model["k"]))
        return Fisheye(**given, polynomial=_four(np.array(record["polynomial"])), kannala_brandt=(f, k1, k2, k3, k4))
    raise ValueError(f"camera model {record['model']!r}: allowed: pinhole, fisheye_polynomial")


def to_camera(points: Array, T_world_camera: Array) -> Array:
    """World points (..., 3) to camera space, given the 4x4 camera-to-world matrix."""
    return (points - T_world_camera[:3, 3]) @ T_world_camera[:3, :3]


def row_times(t: float, readout_s: float, height: int) -> Array:
    """(height,) seconds at which the rows of a frame about ``t`` are read; see ``Readout.phase_of``."""
    return np.asarray(t + readout_s * ((np.arange(height) + 1) / height - 0.5))


def between(knots: Array, phase: Array) -> Array:
    """Values at phases, which broadcast against one instant's, of what is (3, ...) at the three instants."""
    before, here, after = knots
    return np.asarray(here + np.where(phase < 0, phase * (here - before), phase * (after - here)))


def poses_between(knots: Array, phase: Array) -> Array:
    """(n, 4, 4) poses at phases (n,) between three rigid poses (3, 4, 4): places evenly, turns about one axis (slerp).

    Source: Shoemake 1985, Animating rotation with quaternion curves; Cycles turns things in the same way.
    """
    phase = np.asarray(phase, float)
    found = np.tile(np.eye(4), (len(phase), 1, 1))
    found[:, :3, 3] = between(knots[:, :3, 3], phase[:, None])
    for side, part in ((0, phase < 0), (2, phase >= 0)):
        turn = knots[1, :3, :3].T @ knots[side, :3, :3]
        axis = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
        sine = 0.5 * float(np.linalg.norm(axis))
        angle = float(np.arctan2(sine, 0.5 * (np.trace(turn) - 1)))
        axis = axis / (2 * sine) if sine > 1e-12 else np.zeros(3)
        x, y, z = axis
        k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
        a = (angle * np.abs(phase[part]))[:, None, None]
        found[part, :3, :3] = knots[1, :3, :3] @ (np.eye(3) + np.sin(a) * k + (1 - np.cos(a)) * (k @ k))
    return found


@dataclass(frozen=True)
class PoseTrack:
    """A rigid pose over one read-out.

    Attributes:
        knots: (3, 4, 4) at the first row, the middle and the last row.
    """

    knots: Array

    @property
    def moves(self) -> bool:
        """Whether the three differ."""
        return not bool((self.knots == self.knots[1]).all())

    @cached_property
    def _table(self) -> Array:
        """(n, 3, 4) over all phases in even steps, so that every pixel can have its own."""
        phases = np.linspace(-_BEYOND, _BEYOND, 2 * _STEPS + 1)
        return poses_between(self.knots, phases)[:, :3]

    def at(self, phase: Array) -> Array:
        """(..., 3, 4) at phases (...,)."""
        place = (np.clip(phase, -_BEYOND, _BEYOND) / _BEYOND + 1) * _STEPS
        low = np.minimum(place.astype(np.int64), 2 * _STEPS - 1)
        share = (place - low)[..., None, None]
        return np.asarray((1 - share) * self._table[low] + share * self._table[low + 1])

    def to_world(self, points: Array, phase: Array) -> Array:
        """Points (..., 3) of the thing's own frame in the world at phases (...,)."""
        if not self.moves:
            return np.asarray(points @ self.knots[1, :3, :3].T + self.knots[1, :3, 3])
        pose = self.at(phase)
        return np.asarray((pose[..., :3] @ points[..., None])[..., 0] + pose[..., 3])

    def from_world(self, points: Array, phase: Array) -> Array:
        """World points (..., 3) in the thing's own frame at phases (...,)."""
        if not self.moves:
            return to_camera(points, self.knots[1])
        pose = self.at(phase)
        return np.asarray(((points - pose[..., 3])[..., None, :] @ pose[..., :3])[..., 0, :])

    def turned(self, ways: Array, phase: Array) -> Array:
        """World directions (..., 3) in the thing's own axes at phases (...,)."""
        if not self.moves:
            return np.asarray(ways @ self.knots[1, :3, :3])
        return np.asarray((ways[..., None, :] @ self.at(phase)[..., :3])[..., 0, :])


class Path(Protocol):
    """Points that move, or not, while a frame is read."""

    @property
    def shape(self) -> tuple[int, ...]:
        """How many points, without the 3 of their coordinates."""

    @property
    def moves(self) -> bool:
        """Whether they do."""

    def at(self, phase: Array) -> Array:
        """World points (..., 3) at phases (...,), metres."""


@dataclass(frozen=True)
class Still:
    """World points (..., 3) that stay."""

    points: Array
    moves: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        """How many points."""
        return self.points.shape[:-1]

    def at(self, _phase: Array) -> Array:
        """The same at all phases."""
        return self.points


@dataclass(frozen=True)
class Carried:
    """Points (..., 3) of a rigid thing's own frame, carried by it."""

    points: Array
    track: PoseTrack

    @property
    def shape(self) -> tuple[int, ...]:
        """How many points."""
        return self.points.shape[:-1]

    @property
    def moves(self) -> bool:
        """Whether the thing does."""
        return self.track.moves

    def at(self, phase: Array) -> Array:
        """World points (..., 3) at phases (...,)."""
        return self.track.to_world(self.points, phase)


@dataclass(frozen=True)
class Bent:
    """Points of a deforming surface: (3, ..., 3) in the world at the three instants."""

    knots: Array

    @property
    def shape(self) -> tuple[int, ...]:
        """How many points."""
        return self.knots.shape[1:-1]

    @property
    def moves(self) -> bool:
        """Whether the three differ."""
        return not bool((self.knots == self.knots[1]).all())

    def at(self, phase: Array) -> Array:
        """World points (..., 3) at phases (...,)."""
        return between(self.knots, phase[..., None])


@dataclass(frozen=True)
class Readout:
    """The camera while one frame is read.

    Attributes:
        lens: of the camera.
        poses: (3, 4, 4) camera to world as the first row, the middle and the last row are read; all the same where the
            shutter is global.
    """

    lens: Lens
    poses: Array

    @classmethod
    def still(cls, lens: Lens, T_world_camera: Array) -> "Readout":
        """A camera that stays while the frame is read, or a global shutter."""
        return cls(lens, np.stack([T_world_camera] * KNOTS))

    @property
    def rolls(self) -> bool:
        """Whether the camera moves while the frame is read."""
        return self._track.moves

    @cached_property
    def _track(self) -> PoseTrack:
        return PoseTrack(self.poses)

    def phase_of(self, rows: Array) -> Array:
        """Phases (...,) at which heights in the picture (...,) are read, pixels from its top edge; 0.5 is the first row's middle.

        Cycles reads a row as its lower edge comes by: the first after one row's time, the last at the very end.
        """
        return np.asarray(np.clip(2 * (rows + 0.5) / self.lens.height - 1, -_BEYOND, _BEYOND))

    def centre_at(self, phase: Array) -> Array:
        """(..., 3) where the camera is at phases (...,), metres."""
        return between(self.poses[:, :3, 3], phase[..., None])

    def local(self, points: Array, phase: Array) -> Array:
        """World points (..., 3) in camera space at phases (...,)."""
        return self._track.from_world(points, phase)

    def turned(self, ways: Array, phase: Array) -> Array:
        """World directions (..., 3) in camera axes at phases (...,)."""
        return self._track.turned(ways, phase)

    def to_world(self, local: Array, phase: Array) -> Array:
        """Camera-space points (..., 3) in the world at phases (...,)."""
        return self._track.to_world(local, phase)

    def project(self, path: Path, phase: Array | None = None, rounds: int = 16) -> tuple[Array, Array, Array]:
        """Where points meet the row that is being read.

        Args:
            path: of the points.
            phase: (...,) where the search begins; the middle of the picture where left out.
            rounds: of the search at most; it ends when no point's row changes by more than ``_SETTLED``. Each round leaves of the
                error the share of a row that the thing moves in a row's time: a weapon that is raised fast, a quarter.

        Returns:
            Pixels (..., 2), camera-space points (..., 3), phases (...,).
        """
        moves = self.rolls or path.moves
        now = np.zeros(path.shape) if phase is None else phase
        for _ in range(rounds if moves else 1):
            local = self.local(path.at(now), now)
            pixels = self.lens.project(local)
            if moves:
                before = now
                with np.errstate(invalid="ignore"):
                    now = np.where(local[..., 2] > 0, self.phase_of(pixels[..., 1]), now)
                if not (np.abs(now - before) * 0.5 * self.lens.height > _SETTLED).any():
                    break
        return pixels, local, now
