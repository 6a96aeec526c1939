"""The label render's passes to instance, depth, flow and truths about objects."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from generator.camera import KNOTS, Bent, Carried, Lens, Path, PoseTrack, Readout, Still
from generator.frame import NEAR_VIEW, ObjectTruth
from generator.raster import NEAR, Grid, banded, bowed, clipped, cover
from generator.tracks import TRACK_FLASH
from generator.world.actor import Part, Placement

Array = NDArray[np.float64]
Single = NDArray[np.float32]

_COARSE = 100
"""Samples across the picture with which areas outside of it are estimated."""

_FINEST = 0.1
"""Pixels between samples of a strip by which something just reaches out of the picture."""

_LONGEST = 30000.0
"""Pixels; labels.h5 holds flow in half precision."""

_FINE = 110
"""Samples across an object's box with which its area inside the picture is counted; smaller ones are counted exactly."""


@dataclass(frozen=True)
class Mesh:
    """Geometry of one part: (n, 3) vertices at rest (unused where it deforms) and (m, 3) triangles."""

    vertices: Array
    triangles: NDArray[np.int32]


@dataclass(frozen=True)
class Passes:
    """What the label render writes.

    Attributes:
        position: (H, W, 3) world position of the surface as its row is read.
        normal: (H, W, 3) its unit normal, world space; zero where there is no surface.
        part: (H, W) number of the part, from 1; 0 is sky.
        own: two (H, W, 3) movements of deforming surfaces from the middle of the read-out to its start and to its end.
        to_next, to_previous: three (H, W, 3) each, from the middle of this read-out to start, middle and end of the other
            frame's; metres, world space.
    """

    position: Single
    normal: Single
    part: NDArray[np.int32]
    own: tuple[Single, ...]
    to_next: tuple[Single, ...]
    to_previous: tuple[Single, ...]


def by_row(first: Passes, second: Passes, rows: NDArray[np.bool_]) -> Passes:
    """The first, but the second where ``rows`` (H,) is true."""
    where = rows[:, None, None]

    def one(a: Single, b: Single) -> Single:
        return np.where(where, b, a)

    def each(a: tuple[Single, ...], b: tuple[Single, ...]) -> tuple[Single, ...]:
        return tuple(one(x, y) for x, y in zip(a, b, strict=True))

    return Passes(
        position=one(first.position, second.position),
        normal=one(first.normal, second.normal),
        part=np.where(rows[:, None], second.part, first.part),
        own=each(first.own, second.own),
        to_next=each(first.to_next, second.to_next),
        to_previous=each(first.to_previous, second.to_previous),
    )


@dataclass(frozen=True)
class Instant:
    """Everything in place at one time."""

    t: float
    T_world_camera: Array
    placements: tuple[Placement, ...]


@dataclass(frozen=True)
class Scan:
    """Everything in place while a frame's rows are read: at the first row, in the middle and at the last row.

    What is not there in the middle is not there at all; what is not there at one of the ends is where it is in the middle.

    Attributes:
        instants: the three.
        lit: (H,) how much each row sees of the muzzle flash that is in place, as a share of what the brightest row sees; None where
            all see the same, or there is none.
    """

    instants: tuple[Instant, Instant, Instant]
    lit: Array | None = None

    @property
    def unlit(self) -> NDArray[np.bool_]:
        """(H,) or (1,) rows that see nothing of the flash that is in place."""
        return np.zeros(1, bool) if self.lit is None else self.lit == 0

    @property
    def middle(self) -> Instant:
        """Mid-exposure of the centre row."""
        return self.instants[1]

    def readout(self, lens: Lens) -> Readout:
        """The camera while the frame is read."""
        return Readout(lens, np.stack([instant.T_world_camera for instant in self.instants]))

    def matrices(self, which: int) -> Array:
        """(3, 4, 4) of a part."""
        places = [instant.placements[which] for instant in self.instants]
        return np.stack([(place if place.visible else places[1]).matrix for place in places])

    def vertices(self, which: int) -> Array:
        """(3, n, 3) of a deforming part."""
        places = [instant.placements[which] for instant in self.instants]
        return np.stack([np.asarray((place if place.visible else places[1]).vertices, float) for place in places])


@dataclass(frozen=True)
class Dense:
    """Dense labels of one frame; see ``generator.frame.Frame``."""

    instance: NDArray[np.uint16]
    depth: Single
    flow_forward: Single
    flow_backward: Single
    normal: Single


def dense_labels(passes: Passes, parts: Sequence[Part], lens: Lens, before: Scan, here: Scan, after: Scan) -> Dense:
    """Dense labels, every pixel at its own row's time; flow is where the same surface point is read in the other frame."""
    track_of = np.array([0, *(part.track_id for part in parts)], np.uint16)
    seen = passes.part > 0
    position = passes.position.astype(np.float64)
    readout = here.readout(lens)
    phase = np.broadcast_to(readout.phase_of(np.arange(lens.height) + 0.5)[:, None], seen.shape)
    depth = np.linalg.norm(position - readout.centre_at(phase), axis=-1)
    depth = np.where(seen, depth, np.inf).astype(np.float32)
    start = lens.project(readout.local(position, phase))
    found = _Followed(passes, parts, here, position, phase)
    forward = found.flow(passes.to_next, after, after.readout(lens), start)
    backward = found.flow(passes.to_previous, before, before.readout(lens), start)
    instance = track_of[passes.part]
    surface = seen & (instance != TRACK_FLASH)
    faced = facing(readout.turned(passes.normal.astype(np.float64), phase), lens.rays())
    normal = np.where(surface[..., None], faced, 0.0).astype(np.float32)
    return Dense(instance, depth, forward, backward, normal)


def facing(normal: Array, rays: Array) -> Array:
    """Unit normals (..., 3) in camera axes, none of which turns away from its ray (..., 3).

    Normals that smooth shading interpolates do, by a little, at silhouettes: they become those of the outline itself. Zero stays.
    """
    along = np.maximum((normal * rays).sum(-1, keepdims=True), 0.0)
    turned = normal - along * rays
    return np.asarray(turned / np.maximum(np.linalg.norm(turned, axis=-1, keepdims=True), 1e-9))


def barred(dense: Dense, bars: NDArray[np.bool_]) -> Dense:
    """The labels with nothing where the picture is a letterbox bar (H, W)."""
    if not bars.any():
        return dense
    flat, wide = bars, bars[..., None]
    return Dense(
        np.where(flat, 0, dense.instance).astype(np.uint16),
        np.where(flat, np.inf, dense.depth).astype(np.float32),
        np.where(wide, np.nan, dense.flow_forward).astype(np.float32),
        np.where(wide, np.nan, dense.flow_backward).astype(np.float32),
        np.where(wide, 0.0, dense.normal).astype(np.float32),
    )


@dataclass(frozen=True)
class _Followed:
    """The surface points of one frame's pixels, to be followed into another frame."""

    passes: Passes
    parts: Sequence[Part]
    here: Scan
    position: Array
    phase: Array

    def flow(self, movement: tuple[Single, ...], other: Scan, readout: Readout, start: Array) -> Single:
        """(H, W, 2) pixels; NaN where it is undefined.

        When a point is read in the other frame follows from the row it then lies in, and the other way round.
        """
        defined = self.passes.part > 0
        groups = []
        for number in np.unique(self.passes.part):
            mask = self.passes.part == number
            if number == 0:
                continue
            if number <= len(self.here.middle.placements):
                part = self.parts[number - 1]
                if part.track_id == TRACK_FLASH or not other.middle.placements[number - 1].visible:
                    defined[mask] = False
                    continue
            groups.append((number, mask))
        target = np.ones((*defined.shape, 3))
        flow = np.zeros((*defined.shape, 2))
        for number, mask in groups:
            local, pixels = self._read(number, mask, movement, other, readout)
            target[mask], flow[mask] = local, pixels - start[mask]
        # What passes the camera's plane, or so close to it that half precision cannot hold the flow, has none.
        with np.errstate(invalid="ignore"):
            gone = (target[..., 2] <= NEAR) | (np.abs(flow) > _LONGEST).any(-1)
        flow[~defined | gone] = np.nan
        return flow.astype(np.float32)

    def _read(
        self, number: int, mask: NDArray[np.bool_], movement: tuple[Single, ...], other: Scan, readout: Readout
    ) -> tuple[Array, Array]:
        """Camera-space points (n, 3) and pixels (n, 2) of a part's surface points as they are read in the other frame."""
        own = self.phase[mask]
        pixels, local, _ = readout.project(self._path(number, mask, movement, other), own)
        return local, pixels

    def _path(self, number: int, mask: NDArray[np.bool_], movement: tuple[Single, ...], other: Scan) -> Path:
        """How the surface points of a part go while the other frame is read."""
        own, world = self.phase[mask], self.position[mask]
        if number > len(self.here.middle.placements):
            return Still(world)
        if not self.parts[number - 1].deforming:
            now = PoseTrack(self.here.matrices(number - 1))
            return Carried(now.from_world(world, own), PoseTrack(other.matrices(number - 1)))
        start, end = (part[mask].astype(float) for part in self.passes.own)
        middle = world - np.where(own[:, None] < 0, -own[:, None] * start, own[:, None] * end)
        return Bent(np.stack([middle + part[mask] for part in movement]))


def truths(
    parts: Sequence[Part],
    scan: Scan,
    meshes: Sequence[Mesh | None],
    readout: Readout,
    instance: NDArray[np.uint16],
    still: Sequence[Placement] = (),
) -> list[ObjectTruth]:
    """What is true of each track as if nothing stood in front of it; only tracks in or near the view.

    ``instance`` is the rendered map: at a silhouette its pixels and the rasteriser's may differ, and what is visible is
    in the picture. ``still`` are the places of the parts that do not move, which come last.
    """
    found = []
    lens = readout.lens
    visible = np.bincount(instance.ravel())
    moving = len(scan.middle.placements)
    placements = [*scan.middle.placements, *still]
    for track in sorted({part.track_id for part in parts if part.track_id}):
        corners = []
        frames: Array | None = None
        for which, (part, placement, mesh) in enumerate(zip(parts, placements, meshes, strict=True)):
            if part.track_id != track or mesh is None or not placement.visible or not part.in_labels:
                continue
            matrices = scan.matrices(which) if which < moving else np.stack([placement.matrix] * KNOTS)
            frames = np.stack([_rigid(matrix) for matrix in matrices]) if frames is None else frames
            path = Bent(scan.vertices(which)) if part.deforming else _solid(mesh, matrices)
            shape = _projected(path, mesh, readout)
            corners.append(banded(shape, *_seen_rows(scan)) if track == TRACK_FLASH else shape)
        if frames is not None:
            seen = int(visible[track]) if track < len(visible) else 0
            truth = _truth(track, np.concatenate(corners), frames, lens, instance, seen)
            if truth is not None:
                found.append(truth)
    return found


def _seen_rows(scan: Scan) -> tuple[float, float]:
    """Heights in the picture between which rows see the flash; without end where the picture's first or last row does."""
    if not scan.unlit.any():
        return -np.inf, np.inf
    rows = np.nonzero(~scan.unlit)[0]
    low, high = float(rows[0]), float(rows[-1] + 1)
    return low if low > 0 else -np.inf, high if high < len(scan.unlit) else np.inf


def _rigid(matrix: Array) -> Array:
    """A frame without scale: flashes are scaled copies of a shape."""
    frame = matrix.copy()
    frame[:3, :3] /= np.linalg.norm(frame[:3, :3], axis=0)
    return frame


def _solid(mesh: Mesh, matrices: Array) -> Path:
    """The vertices of a part that does not deform; what grows as well, as a flash does, stays as it is in the middle."""
    frames = np.stack([_rigid(matrix) for matrix in matrices])
    scale = np.linalg.inv(frames[1]) @ matrices[1]
    return Carried(mesh.vertices @ scale[:3, :3].T + scale[:3, 3], PoseTrack(frames))


def _projected(path: Path, mesh: Mesh, readout: Readout) -> Array:
    """(k, 3, 2) triangles in pixels, cut at the near plane; empty where the part is far from the view."""
    _, local, _ = readout.project(path)
    if local[:, 2].max() <= 0.01:
        return np.zeros((0, 3, 2))
    return bowed(clipped(local, mesh.triangles), readout.lens)


def _truth(
    track: int, corners: Array, frames: Array, camera: Lens, instance: NDArray[np.uint16], seen: int
) -> ObjectTruth | None:
    width, height = camera.width, camera.height
    margin = np.array([NEAR_VIEW * width, NEAR_VIEW * height])
    if not len(corners):
        return None
    low, high = corners.min((0, 1)), corners.max((0, 1))
    size = np.array([width, height])
    if (low > size + margin).any() or (high < -margin).any():
        return None
    low, high = np.maximum(low, -margin), np.minimum(high, size + margin)
    outside = (low >= size).any() or (high <= 0).any()
    covered = None if outside else _covered(corners, low, high, camera)
    inside_px = max(seen, covered.area if covered else 0)
    if not inside_px:  # nothing at a pixel centre: the box would be of something that no mask can show
        return ObjectTruth(track, frames[1], None, 0, 0.0, frames=frames)
    share = 1.0
    if (low < 0).any() or (high > size).any():
        share = inside_px / (inside_px + _area_outside(corners, low, high, camera))
    box = (float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
    occluder = covered.hidden_by(instance, track) if covered else None
    return ObjectTruth(track, frames[1], box, inside_px, share, frames=frames, occluder=occluder)


@dataclass(frozen=True)
class _Covered:
    """What a silhouette covers inside the picture: every pixel of small ones, every k-th of large ones."""

    mask: NDArray[np.bool_]
    grid: Grid

    @property
    def area(self) -> int:
        """Pixels."""
        return int(self.mask.sum() * self.grid.step**2)

    def hidden_by(self, instance: NDArray[np.uint16], track: int) -> int | None:
        """The track that is at most of the pixels at which ``track`` would be; None where it is at all of them.

        At its outline the rasteriser and the renderer may differ about a pixel; what lies there beside visible pixels counts for
        nothing.
        """
        found = np.nonzero(self.mask)
        step, (rows, columns) = int(self.grid.step), found
        y, x = int(self.grid.y0) + step * rows, int(self.grid.x0) + step * columns
        there = instance[y, x]
        hidden = there != track
        if not hidden.any():
            return None
        outline = hidden & ~ndimage.binary_erosion(self.mask, np.ones((3, 3)))[found]
        hidden[outline] = ~_beside(instance, track, y[outline], x[outline])
        return int(np.bincount(there[hidden]).argmax()) if hidden.any() else None


def _beside(instance: NDArray[np.uint16], track: int, y: NDArray[np.int64], x: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a track is at one of the eight pixels around each (n,)."""
    height, width = instance.shape
    near = np.zeros(len(y), bool)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            near |= instance[np.clip(y + down, 0, height - 1), np.clip(x + right, 0, width - 1)] == track
    return near


def _covered(corners: Array, low: Array, high: Array, camera: Lens) -> _Covered | None:
    """The pixels inside the picture that the silhouette covers; None where there is no room for any."""
    first = np.maximum(np.floor(low), 0)
    last = np.minimum(np.ceil(high), (camera.width, camera.height))
    step = max(1, int(np.sqrt(max(float(np.prod(last - first)), 1.0)) / _FINE))
    columns, rows = (-(-(last - first) // step)).astype(int)
    if columns <= 0 or rows <= 0:
        return None
    grid = Grid(float(first[0]) + 0.5, float(first[1]) + 0.5, float(step), int(columns), int(rows))
    return _Covered(cover(corners, grid), grid)


def _area_outside(corners: Array, low: Array, high: Array, camera: Lens) -> float:
    """Area of the silhouette outside the picture in pixels: strips above, below and beside it, on coarser grids."""
    width, height = float(camera.width), float(camera.height)
    inner = np.clip(low[1], 0, height), np.clip(high[1], 0, height)
    strips = [
        (low[0], low[1], high[0], min(high[1], 0.0)),
        (low[0], max(low[1], height), high[0], high[1]),
        (low[0], inner[0], min(high[0], 0.0), inner[1]),
        (max(low[0], width), inner[0], high[0], inner[1]),
    ]
    return sum(_area(corners, strip, max(1.0, width / _COARSE)) for strip in strips)


def _area(corners: Array, strip: tuple[float, ...], coarsest: float) -> float:
    """Area of the silhouette in a strip (left, top, right, bottom), by samples that even a thin strip has two rows of."""
    left, top, right, bottom = strip
    if right - left <= 0 or bottom - top <= 0:
        return 0.0
    step = float(np.clip(0.5 * min(right - left, bottom - top), _FINEST, coarsest))
    columns, rows = (max(int(np.ceil(size / step)), 1) for size in (right - left, bottom - top))
    mask = cover(corners, Grid(left + 0.5 * step, top + 0.5 * step, step, columns, rows))
    return float(mask.sum()) * step * step
