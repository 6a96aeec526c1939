"""A frame's ground truth as the rows of frames.parquet and objects.parquet."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from generator.camera import KNOTS, Bent, Lens, Readout
from generator.frame import Exposures, Frame, ObjectTruth, Track
from generator.motion.flash import row_flash
from generator.motion.timeline import Moment, Timeline
from generator.scenario.spec import ClipSpec
from generator.scenario.things import THINGS, HeldKind
from generator.tracks import THING_TRACKS

HANDS = frozenset({"hand_left", "hand_right"})

_KIN = {
    "hand_left": {"arm_left"}, "hand_right": {"arm_right"}, "arm_left": {"hand_left"}, "arm_right": {"hand_right"},
}  # fmt: skip
"""A wrist under a cuff, or at the end of a sleeve, is seen where either of the two is."""

_INSIDE = {"hand_left": 0.03, "hand_right": 0.03, "arm_left": 0.09, "arm_right": 0.09}
_INSIDE_OTHERS = 0.18
"""Metres that joints lie behind the skin or cloth over them; what lies deeper is hidden by the own body."""


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


def object_rows(frame: Frame, tracks: dict[int, Track], camera: Lens) -> list[dict[str, Any]]:
    """Rows of objects.parquet for one frame, by track id."""
    boxes = visible_boxes(frame.instance)
    return [
        _object_row(frame, truth, tracks, boxes.get(truth.track_id), camera)
        for truth in sorted(frame.objects, key=lambda truth: truth.track_id)
    ]


def _object_row(
    frame: Frame,
    truth: ObjectTruth,
    tracks: dict[int, Track],
    seen: tuple[tuple[float, float, float, float], int] | None,
    camera: Lens,
) -> dict[str, Any]:
    track = tracks[truth.track_id]
    visible_px = seen[1] if seen else 0
    # The rasteriser of amodal masks and the renderer may disagree about a pixel at the silhouette.
    amodal_px = max(truth.amodal_px, visible_px)
    in_frame = float(np.float32(truth.percent_in_frame)) if amodal_px else 0.0
    visibility = float(np.float32(visible_px / amodal_px)) if amodal_px and in_frame else 0.0
    first, last = (truth.T_world_object,) * 2 if truth.frames is None else truth.frames[[0, 2]]
    return {
        "frame": frame.index,
        "track_id": truth.track_id,
        "category": track.category,
        "role": track.role,
        "box_visible": list(seen[0]) if seen else None,
        "box_amodal": _holding(truth.amodal_box, seen[0] if seen else None),
        "visible_px": visible_px,
        "percent_in_frame": in_frame,
        "visibility_in_frame": visibility,
        "percent_visible": in_frame * visibility,
        "occluder": truth.occluder if in_frame else None,
        "distance_m": float(np.linalg.norm(truth.T_world_object[:3, 3] - frame.T_world_camera[:3, 3])),
        "T_world_object": truth.T_world_object.ravel().tolist(),
        "T_world_object_first": first.ravel().tolist(),
        "T_world_object_last": last.ravel().tolist(),
        "keypoints": _keypoints(frame, truth, track, tracks, camera) if track.keypoints else None,
    }


Box = tuple[float, float, float, float]

_OUTLINE = 1.5
"""Pixels by which the projected outline and the rendered mask may differ."""


def _holding(amodal: Box | None, visible: Box | None) -> list[float] | None:
    """The amodal box, grown by the part of a pixel by which visible pixels reach beyond the projected outline.

    No further: a mask that lies elsewhere is a fault, which the self-check finds by these two boxes.
    """
    if amodal is None or visible is None:
        return list(amodal) if amodal is not None else None
    low = [max(min(amodal[k], visible[k]), amodal[k] - _OUTLINE) for k in (0, 1)]
    ends = [(amodal[k] + amodal[k + 2], visible[k] + visible[k + 2]) for k in (0, 1)]
    high = [min(max(end, seen), end + _OUTLINE) for end, seen in ends]
    return [*low, high[0] - low[0], high[1] - low[1]]


def _keypoints(
    frame: Frame, truth: ObjectTruth, track: Track, tracks: dict[int, Track], camera: Lens
) -> list[list[float]] | None:
    """[x, y, state] of every keypoint; x and y are NaN behind the camera, where nothing is projected."""
    if truth.keypoints is None:
        return None
    knots = np.broadcast_to(truth.keypoints, (KNOTS, *truth.keypoints.shape[-2:]))
    readout = frame.readout or Readout.still(camera, frame.T_world_camera)
    pixels, local, _ = readout.project(Bent(knots))
    kin = _KIN.get(track.category, set())
    own = [truth.track_id, *(other.track_id for other in tracks.values() if other.category in kin)]
    inside = _INSIDE.get(track.category, _INSIDE_OTHERS)
    rows = []
    for (x, y), point in zip(pixels, local, strict=True):
        if point[2] <= 0:
            rows.append([float("nan"), float("nan"), 0.0])
        elif not (0 <= x < camera.width and 0 <= y < camera.height):
            rows.append([float(x), float(y), 0.0])
        else:
            seen = _is_seen(frame, own, int(x), int(y), float(np.linalg.norm(point)) - inside)
            rows.append([float(x), float(y), 2.0 if seen else 1.0])
    return rows


def _is_seen(frame: Frame, own: list[int], column: int, row: int, nearest: float) -> bool:
    """Whether an own surface, no nearer than ``nearest`` metres, is at the pixel or one beside it (tips lie on outlines)."""
    window = (slice(max(row - 1, 0), row + 2), slice(max(column - 1, 0), column + 2))
    return bool((np.isin(frame.instance[window], own) & (frame.depth[window] >= nearest)).any())


def held(spec: ClipSpec, moment: Moment) -> tuple[str | None, str | None]:
    """Categories of what the left and the right hand hold; a hand between two holds has what it has more of."""
    left = right = None
    for thing, here in zip(spec.things, moment.things, strict=False):
        what = THINGS[thing.kind]
        right = what.category if here.grip > 0.5 else right
        if here.magazine == "hand":
            left = "magazine"
        elif here.support > 0.5 and _two_handed(spec, thing.kind):
            left = what.category
    return left, right


def _two_handed(spec: ClipSpec, kind: HeldKind) -> bool:
    thing = THINGS[kind]
    return thing.two_handed and (thing.carried != "holster" or (spec.weapon is not None and spec.weapon.hands == "two"))


def _earth(timeline: Timeline, t: float, readout: float) -> dict[str, list[float]]:
    """How the place lies against the earth as the first row, the middle and the last row are read."""
    times = {"T_earth_world_first": t - 0.5 * readout, "T_earth_world": t, "T_earth_world_last": t + 0.5 * readout}
    return {name: timeline.at(at).ride.T_earth_world.ravel().tolist() for name, at in times.items()}


def frame_row(
    frame: Frame, spec: ClipSpec, timeline: Timeline, exposures: Exposures, objects: list[dict[str, Any]]
) -> dict[str, Any]:
    """The row of frames.parquet."""
    # By track: people in view may hold a thing of the same category.
    firearms = {track for track, thing in zip(THING_TRACKS, spec.things, strict=False) if THINGS[thing.kind].firearm}
    exposure = float(exposures.exposure_s[frame.index])
    turn, force = timeline.imu(np.array([frame.t]))
    moment = timeline.at(frame.t)
    left, right = held(spec, moment)
    first, last = (frame.T_world_camera,) * 2 if frame.readout is None else frame.readout.poses[[0, 2]]
    readout_s = 0.0 if frame.readout is None else spec.device.shutter.readout
    return {
        "frame": frame.index,
        "source_frame": frame.index,
        "t": frame.t,
        "t_capture": frame.t,
        "exposure_s": exposure,
        "gain": float(exposures.gain[frame.index]),
        "T_world_camera": frame.T_world_camera.ravel().tolist(),
        "T_world_camera_first": first.ravel().tolist(),
        "T_world_camera_last": last.ravel().tolist(),
        "weapon_state": moment.state,
        "weapon_kind": spec.things[moment.held].kind if spec.things else None,
        "discharge": sum(
            event.type == "discharge" and int(np.floor(event.start * timeline.fps)) == frame.index
            for event in timeline.events
        ),
        "muzzle_flash": row_flash(timeline, frame.t, exposure, readout_s, spec.clip.size[1]).shot > 0,
        "weapon_visible": any(o["track_id"] in firearms and o["visible_px"] for o in objects),
        "finger_on_trigger": moment.trigger > 0.5,
        "left_hand_holds": left,
        "right_hand_holds": right,
        "hands_visible": any(o["category"] in HANDS and o["visible_px"] for o in objects),
        "angular_velocity": turn[0].tolist(),
        "specific_force": force[0].tolist(),
        **_earth(timeline, frame.t, 0.0 if frame.readout is None else spec.device.shutter.readout),
    }
