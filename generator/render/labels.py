"""The label render's passes to instance, depth, flow and truths about objects."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.camera import Pinhole, to_camera
from generator.frame import NEAR_VIEW, ObjectTruth
from generator.raster import NEAR, Grid, clipped, cover
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
        position: (H, W, 3) world position of the surface.
        part: (H, W) number of the part, from 1; 0 is sky.
        to_next, to_previous: (H, W, 3) movement of deforming surfaces, metres in world space.
    """

    position: Single
    part: NDArray[np.int32]
    to_next: Single
    to_previous: Single


@dataclass(frozen=True)
class Instant:
    """Everything in place at one time."""

    t: float
    T_world_camera: Array
    placements: tuple[Placement, ...]


@dataclass(frozen=True)
class Dense:
    """Dense labels of one frame; see ``generator.frame.Frame``."""

    instance: NDArray[np.uint16]
    depth: Single
    flow_forward: Single
    flow_backward: Single


def dense_labels(
    passes: Passes, parts: Sequence[Part], camera: Pinhole, before: Instant, here: Instant, after: Instant
) -> Dense:
    """Dense labels; flow is where the same surface point is projected by the other frame's camera."""
    track_of = np.array([0, *(part.track_id for part in parts)], np.uint16)
    instance = track_of[passes.part]
    seen = passes.part > 0
    position = passes.position.astype(np.float64)
    depth = np.linalg.norm(position - here.T_world_camera[:3, 3], axis=-1)
    depth = np.where(seen, depth, np.inf).astype(np.float32)
    forward = _flow(passes, passes.to_next, parts, camera, here, after)
    backward = _flow(passes, passes.to_previous, parts, camera, here, before)
    return Dense(instance, depth, forward, backward)


def _flow(
    passes: Passes, movement: Single, parts: Sequence[Part], camera: Pinhole, here: Instant, other: Instant
) -> Single:
    position = passes.position.astype(np.float64)
    moved = position.copy()
    defined = passes.part > 0
    for number in np.unique(passes.part):
        if not 0 < number <= len(here.placements):  # sky, or a part that stays
            continue
        part, now, then = parts[number - 1], here.placements[number - 1], other.placements[number - 1]
        mask = passes.part == number
        if part.track_id == TRACK_FLASH or not then.visible:
            defined[mask] = False
        elif part.deforming:
            moved[mask] += movement[mask]
        else:
            change = then.matrix @ np.linalg.inv(now.matrix)
            moved[mask] = position[mask] @ change[:3, :3].T + change[:3, 3]
    target = to_camera(moved, other.T_world_camera)
    start = camera.project(to_camera(position, here.T_world_camera))
    flow = camera.project(target) - start
    # What passes the camera's plane, or so close to it that half precision cannot hold the flow, has none.
    with np.errstate(invalid="ignore"):
        gone = (target[..., 2] <= NEAR) | (np.abs(flow) > _LONGEST).any(-1)
    flow[~defined | gone] = np.nan
    return flow.astype(np.float32)


def truths(
    parts: Sequence[Part],
    placements: Sequence[Placement],
    meshes: Sequence[Mesh | None],
    camera: Pinhole,
    T_world_camera: Array,
    instance: NDArray[np.uint16],
) -> list[ObjectTruth]:
    """What is true of each track as if nothing stood in front of it; only tracks in or near the view.

    ``instance`` is the rendered map: at a silhouette its pixels and the rasteriser's may differ, and what is visible is
    in the picture.
    """
    found = []
    visible = np.bincount(instance.ravel())
    for track in sorted({part.track_id for part in parts if part.track_id}):
        corners = []
        frame: Array | None = None
        for part, placement, mesh in zip(parts, placements, meshes, strict=True):
            if part.track_id != track or mesh is None or not placement.visible or not part.in_labels:
                continue
            frame = _rigid(placement.matrix) if frame is None else frame
            corners.append(_projected(part, placement, mesh, camera, T_world_camera))
        if frame is not None:
            seen = int(visible[track]) if track < len(visible) else 0
            truth = _truth(track, np.concatenate(corners), frame, camera, seen)
            if truth is not None:
                found.append(truth)
    return found


def _rigid(matrix: Array) -> Array:
    """A frame without scale: flashes are scaled copies of a shape."""
    frame = matrix.copy()
    frame[:3, :3] /= np.linalg.norm(frame[:3, :3], axis=0)
    return frame


def _projected(part: Part, placement: Placement, mesh: Mesh, camera: Pinhole, T_world_camera: Array) -> Array:
    """(k, 3, 2) triangles in pixels, cut at the near plane; empty where the part is far from the view."""
    if part.deforming and placement.vertices is not None:
        world = np.asarray(placement.vertices, float)
    else:
        world = mesh.vertices @ placement.matrix[:3, :3].T + placement.matrix[:3, 3]
    local = to_camera(world, T_world_camera)
    if local[:, 2].max() <= 0.01:
        return np.zeros((0, 3, 2))
    return camera.project(clipped(local, mesh.triangles))


def _truth(track: int, corners: Array, frame: Array, camera: Pinhole, seen: int) -> ObjectTruth | None:
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
    inside_px = max(seen, 0 if outside else _area_in_frame(corners, low, high, camera))
    if not inside_px:  # nothing at a pixel centre: the box would be of something that no mask can show
        return ObjectTruth(track, frame, None, 0, 0.0)
    share = 1.0
    if (low < 0).any() or (high > size).any():
        share = inside_px / (inside_px + _area_outside(corners, low, high, camera))
    box = (float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
    return ObjectTruth(track, frame, box, inside_px, share)


def _area_in_frame(corners: Array, low: Array, high: Array, camera: Pinhole) -> int:
    """Pixels inside the picture that the silhouette covers: exact for small ones, by every k-th pixel for large ones."""
    first = np.maximum(np.floor(low), 0)
    last = np.minimum(np.ceil(high), (camera.width, camera.height))
    step = max(1, int(np.sqrt(max(float(np.prod(last - first)), 1.0)) / _FINE))
    columns, rows = (-(-(last - first) // step)).astype(int)
    if columns <= 0 or rows <= 0:
        return 0
    grid = Grid(float(first[0]) + 0.5, float(first[1]) + 0.5, float(step), int(columns), int(rows))
    return int(cover(corners, grid).sum()) * step * step


def _area_outside(corners: Array, low: Array, high: Array, camera: Pinhole) -> float:
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
