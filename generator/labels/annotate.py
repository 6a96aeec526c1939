"""A frame's ground truth as the rows of frames.parquet and objects.parquet."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from generator.camera import Pinhole, to_camera
from generator.frame import Exposures, Frame, ObjectTruth, Track
from generator.motion.flash import exposed_flash
from generator.motion.timeline import Timeline
from generator.scenario.spec import ClipSpec
from generator.scenario.things import THINGS

HANDS = frozenset({"hand_left", "hand_right"})

OCCLUSION_TOLERANCE = 0.03
"""A keypoint lies inside a body: it counts as visible this far (metres) behind the surface of its own track."""


def visible_boxes(instance: NDArray[np.uint16]) -> dict[int, tuple[tuple[float, float, float, float], int]]:
    """Tight box (x, y, width, height) and number of pixels of every track in an instance map."""
    counts = np.bincount(instance.ravel())
    boxes = {}
    for number, slices in enumerate(ndimage.find_objects(instance.astype(np.int32)), 1):
        if slices is not None:
            rows, columns = slices
            size = columns.stop - columns.start, rows.stop - rows.start
            boxes[number] = (
                (float(columns.start), float(rows.start), float(size[0]), float(size[1])),
                int(counts[number]),
            )
    return boxes


def object_rows(frame: Frame, tracks: dict[int, Track], camera: Pinhole) -> list[dict[str, Any]]:
    """Rows of objects.parquet for one frame, by track id."""
    boxes = visible_boxes(frame.instance)
    return [
        _object_row(frame, truth, tracks[truth.track_id], boxes.get(truth.track_id), camera)
        for truth in sorted(frame.objects, key=lambda truth: truth.track_id)
    ]


def _object_row(
    frame: Frame,
    truth: ObjectTruth,
    track: Track,
    seen: tuple[tuple[float, float, float, float], int] | None,
    camera: Pinhole,
) -> dict[str, Any]:
    visible_px = seen[1] if seen else 0
    # The rasteriser of amodal masks and the renderer may disagree about a pixel at the silhouette.
    amodal_px = max(truth.amodal_px, visible_px)
    in_frame = float(np.float32(truth.percent_in_frame)) if amodal_px else 0.0
    visibility = float(np.float32(visible_px / amodal_px)) if amodal_px and in_frame else 0.0
    return {
        "frame": frame.index,
        "track_id": truth.track_id,
        "category": track.category,
        "role": track.role,
        "box_visible": list(seen[0]) if seen else None,
        "box_amodal": list(truth.amodal_box) if truth.amodal_box is not None else None,
        "visible_px": visible_px,
        "percent_in_frame": in_frame,
        "visibility_in_frame": visibility,
        "percent_visible": in_frame * visibility,
        "distance_m": float(np.linalg.norm(truth.T_world_object[:3, 3] - frame.T_world_camera[:3, 3])),
        "T_world_object": truth.T_world_object.ravel().tolist(),
        "keypoints": _keypoints(frame, truth, camera) if track.keypoints else None,
    }


def _keypoints(frame: Frame, truth: ObjectTruth, camera: Pinhole) -> list[list[float]] | None:
    if truth.keypoints is None:
        return None
    local = to_camera(truth.keypoints, frame.T_world_camera)
    pixels = camera.project(local)
    rows = []
    for (x, y), point in zip(pixels, local, strict=True):
        if point[2] <= 0 or not (0 <= x < camera.width and 0 <= y < camera.height):
            rows.append([float(x) if point[2] > 0 else 0.0, float(y) if point[2] > 0 else 0.0, 0.0])
            continue
        column, row = int(x), int(y)
        own = frame.instance[row, column] == truth.track_id
        deep = float(np.linalg.norm(point)) > float(frame.depth[row, column]) + OCCLUSION_TOLERANCE
        rows.append([float(x), float(y), 2.0 if own or not deep else 1.0])
    return rows


def frame_row(
    frame: Frame, spec: ClipSpec, timeline: Timeline, exposures: Exposures, objects: list[dict[str, Any]]
) -> dict[str, Any]:
    """The row of frames.parquet."""
    kind = spec.weapon.kind if spec.weapon else None
    firearm = kind is not None and THINGS[kind].firearm
    thing = THINGS[kind].category if kind else None
    exposure = float(exposures.exposure_s[frame.index])
    turn, force = timeline.imu(np.array([frame.t]))
    return {
        "frame": frame.index,
        "source_frame": frame.index,
        "t": frame.t,
        "t_capture": frame.t,
        "exposure_s": exposure,
        "gain": float(exposures.gain[frame.index]),
        "T_world_camera": frame.T_world_camera.ravel().tolist(),
        "weapon_state": timeline.at(frame.t).state if firearm else None,
        "weapon_kind": kind,
        "discharge": sum(
            event.type == "discharge" and int(np.floor(event.start * timeline.fps)) == frame.index
            for event in timeline.events
        ),
        "muzzle_flash": exposed_flash(timeline, frame.t, exposure)[1] > 0,
        "weapon_visible": firearm and any(o["category"] == thing and o["visible_px"] for o in objects),
        "hands_visible": any(o["category"] in HANDS and o["visible_px"] for o in objects),
        "angular_velocity": turn[0].tolist(),
        "specific_force": force[0].tolist(),
    }
