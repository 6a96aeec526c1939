"""The self-check: what a finished clip directory says must agree with itself, read back from its files."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from generator.audio.onsets import onsets
from generator.camera import Pinhole, to_camera
from generator.labels.annotate import visible_boxes
from generator.labels.categories import categories
from generator.labels.events import WEAPON_STATES
from generator.sensor.video import decoded_frames, read_audio

FLOW_TOLERANCE = 0.5
"""Pixels that flow on the still background may differ from what depth and poses say (float16 is good to 1/16 at 100)."""

_FLOW_SHARE = 0.99
_CLOSED_SHARE = 0.9
"""Share of pixels whose forward and backward flow must close; the rest may be hidden in the next frame."""

_REACH = 0.5
"""Metres."""

_ONSET_TOLERANCE = 0.02
_ONSET_WINDOW = 0.06
"""Seconds after the beginning and before the end of an ``ok`` range in which no onset is looked for."""
_MOST_FAULTS = 20


@dataclass
class Report:
    """What was found: faults, one line each (frame and track named), and figures of quality."""

    faults: list[str] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)

    def expect(self, good: bool, fault: str) -> None:
        """Notes a fault."""
        if not good and len(self.faults) < _MOST_FAULTS:
            self.faults.append(fault)


@dataclass
class _Planes:
    instance: NDArray[np.uint16]
    depth: NDArray[np.float64]
    forward: NDArray[np.float64]
    backward: NDArray[np.float64]


def check_clip(folder: Path) -> Report:
    """Checks a clip directory that is complete but not yet published."""
    report = Report()
    info = json.loads((folder / "clip.json").read_text("utf-8"))
    rows = pq.read_table(folder / "frames.parquet").to_pylist()
    for track in info["tracks"]:
        report.expect(
            track["category"] in categories(), f"track {track['track_id']}: no category {track['category']!r}"
        )
    _check_counts(report, info, rows)
    _check_events(report, info, rows)
    _check_picture(report, folder, info)
    _check_sound(report, folder, info)
    if report.faults:
        return report
    camera = Pinhole(**{key: info["intrinsics"][key] for key in ("width", "height", "fx", "fy", "cx", "cy")})
    with h5py.File(folder / "labels.h5", "r") as dense, pq.ParquetFile(folder / "objects.parquet") as table:
        _check_planes(report, info, rows, _by_frame(table, info["n_frames"]), camera, dense)
    return report


def _by_frame(table: pq.ParquetFile, n_frames: int) -> Iterator[list[dict[str, Any]]]:
    """Rows of objects.parquet frame by frame; a long clip is not held at once."""
    here: list[dict[str, Any]] = []
    frame = 0
    for batch in table.iter_batches(256):
        for row in batch.to_pylist():
            while row["frame"] > frame:
                yield here
                here, frame = [], frame + 1
            here.append(row)
    while frame < n_frames:
        yield here
        here, frame = [], frame + 1


def _check_counts(report: Report, info: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    n, fps = info["n_frames"], info["fps"]
    report.expect(len(rows) == n, f"frames.parquet has {len(rows)} rows for {n} frames")
    for index, row in enumerate(rows):
        good = row["frame"] == index and abs(row["t"] - (index + 0.5) / fps) < 1e-9
        report.expect(good, f"frame {index}: row {row['frame']} at t = {row['t']}")


def _check_events(report: Report, info: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    events, duration, fps = info["events"], info["duration"], info["fps"]
    states = sorted((e for e in events if e["type"] in WEAPON_STATES), key=lambda event: float(event["start"]))
    if states:
        edges = [0.0, *(event["end"] for event in states)]
        tiled = [event["start"] for event in states] == edges[:-1] and edges[-1] == duration
        report.expect(tiled, "weapon states do not tile the clip")
    for row in rows:
        state = next((e["type"] for e in states if e["captured"][0] <= row["t_capture"] < e["captured"][1]), None)
        report.expect(
            row["weapon_state"] == state,
            f"frame {row['frame']}: weapon_state {row['weapon_state']}, but the events say {state}",
        )
    shots = [event for event in events if event["type"] == "discharge"]
    counted = [0] * len(rows)  # by captured frame
    for number, event in enumerate(shots, 1):
        counted[int(np.floor(event["captured"][0] * fps))] += 1
        # A state that a stream's jump skips is no event.
        during = {s["type"] for s in states if s["captured"][0] <= event["captured"][0] < s["captured"][1]}
        report.expect(during <= {"aiming"}, f"discharge at {event['start']:.3f} s is not while aiming")
        report.expect(event["attributes"]["shot"] == number, f"shot {number} is numbered otherwise")
    for row in rows:
        count = counted[row["source_frame"]]
        report.expect(
            row["discharge"] == count,
            f"frame {row['frame']}: discharge {row['discharge']}, but {count} events",
        )
    flashes = [tuple(e["captured"]) for e in events if e["type"] == "muzzle_flash"]
    for row in rows:
        begin, end = row["t_capture"] - row["exposure_s"] / 2, row["t_capture"] + row["exposure_s"] / 2
        lit = any(start < end and begin < stop for start, stop in flashes)
        report.expect(row["muzzle_flash"] == lit, f"frame {row['frame']}: muzzle_flash {row['muzzle_flash']}")


def _check_picture(report: Report, folder: Path, info: dict[str, Any]) -> None:
    count, levels = 0, []
    for image in decoded_frames(folder / "video.mp4"):
        shape = image.shape[:2]
        good = shape == (info["height"], info["width"])
        report.expect(good, f"frame {count}: the video is {shape[1]}x{shape[0]}")
        levels.append(float(image.mean()))
        count += 1
    report.expect(count == info["n_frames"], f"the video has {count} frames, not {info['n_frames']}")
    middle = float(np.median(levels)) if levels else 0.0
    report.figures["picture_mean"] = middle
    report.expect(8 < middle < 235, f"the picture is {'black' if middle < 8 else 'white'} (mean {middle:.1f})")


def _check_sound(report: Report, folder: Path, info: dict[str, Any]) -> None:
    samples, rate = read_audio(folder / "video.mp4")
    duration = info["duration"]
    good = abs(len(samples) / rate - duration) < 0.1
    report.expect(good, f"the sound lasts {len(samples) / rate:.2f} s, not {duration:.2f}")
    ranges = [(part["start"], part["end"]) for part in info["audio"]["ranges"] if part["state"] == "ok"]
    heard = onsets(samples, rate)
    shots = [event["start"] for event in info["events"] if event["type"] == "discharge"]
    for shot in shots:
        # The last few milliseconds of a clip hold too little of a shot to be found.
        if shot < duration - 0.03 and _reliable(shot, ranges, duration):
            report.expect(
                any(abs(at - shot) < _ONSET_TOLERANCE for at in heard),
                f"no sound of the shot at {shot:.3f} s",
            )
    for at in heard:
        report.expect(
            not _reliable(at, ranges, duration) or any(abs(at - shot) < _ONSET_TOLERANCE for shot in shots),
            f"a shot is heard at {at:.3f} s, but none is fired",
        )


def _reliable(time: float, ranges: list[tuple[float, float]], duration: float) -> bool:
    """Whether a time lies in an ``ok`` range, away from where that begins or ends inside the clip.

    What is loud where a range begins may be the rest of what came before it.
    """
    return any(
        (start == 0 or start + _ONSET_WINDOW < time) and (end == duration or time < end - _ONSET_WINDOW)
        for start, end in ranges
        if start <= time < end
    )


def _planes(dense: Any, index: int) -> _Planes:
    return _Planes(
        dense["instance"][index],
        dense["depth"][index].astype(float),
        dense["flow_forward"][index].astype(float),
        dense["flow_backward"][index].astype(float),
    )


def _frames(dense: Any, n: int) -> Iterator[tuple[int, _Planes, _Planes | None]]:
    """Every frame with the next; two are in memory at a time."""
    here = _planes(dense, 0)
    for index in range(n):
        after = _planes(dense, index + 1) if index + 1 < n else None
        yield index, here, after
        if after is not None:
            here = after


def _check_planes(
    report: Report,
    info: dict[str, Any],
    rows: list[dict[str, Any]],
    objects: Iterator[list[dict[str, Any]]],
    camera: Pinhole,
    dense: Any,
) -> None:
    known = {track["track_id"]: track for track in info["tracks"]}
    residuals, closed = [], []
    poses = [np.array(row["T_world_camera"]).reshape(4, 4) for row in rows]
    for index, here, after in _frames(dense, info["n_frames"]):
        _check_masks(report, index, here, next(objects), known, rows[index])
        valid = np.isfinite(here.depth) & (here.depth > 0)
        report.expect(bool(np.all(valid[here.instance > 0])), f"frame {index}: an object without depth")
        defined = np.isfinite(here.forward).all(-1)
        endless = bool(np.isinf(here.forward).any() or np.isinf(here.backward).any())
        report.expect(not endless, f"frame {index}: infinite flow")
        if after is None or rows[index + 1]["source_frame"] != rows[index]["source_frame"] + 1:
            continue
        # What comes within arm's reach of the lens, or is gone in the next frame, may leave through the camera's plane.
        stays = np.isin(here.instance, np.unique(after.instance)) & ~_flash(here.instance, known)
        surface = (here.instance > 0) & stays & (here.depth > _REACH)
        report.expect(
            not surface.any() or bool(np.mean(defined[surface]) > _FLOW_SHARE),
            f"frame {index}: forward flow is undefined on objects",
        )
        background = (here.instance == 0) & np.isfinite(here.depth) & defined
        if background.sum() > 50:
            wrong = _background_error(here, background, camera, poses[index], poses[index + 1])
            residuals.append(float(np.quantile(wrong, _FLOW_SHARE)))
            report.expect(
                residuals[-1] < FLOW_TOLERANCE,
                f"frame {index}: background flow is {residuals[-1]:.2f} px off depth and poses",
            )
        share = _closure(here, after)
        if share is not None:
            closed.append(share)
    if residuals:
        report.figures["flow_residual_px"] = max(residuals)
    if closed:
        report.figures["flow_closed"] = float(np.mean(closed))
        report.expect(
            report.figures["flow_closed"] > _CLOSED_SHARE,
            f"forward and backward flow close on {100 * report.figures['flow_closed']:.0f} % of the pixels only",
        )


def _flash(instance: NDArray[np.uint16], known: dict[int, dict[str, Any]]) -> NDArray[np.bool_]:
    numbers = [number for number, track in known.items() if track["category"] == "muzzle_flash"]
    return np.isin(instance, numbers)


def _check_masks(
    report: Report,
    index: int,
    here: _Planes,
    objects: list[dict[str, Any]],
    known: dict[int, dict[str, Any]],
    row: dict[str, Any],
) -> None:
    boxes = visible_boxes(here.instance)
    listed = {o["track_id"]: o for o in objects}
    for number, (box, pixels) in boxes.items():
        report.expect(number in known, f"frame {index}: {number} in the masks is no track")
        record = listed.get(number)
        report.expect(record is not None, f"frame {index}, track {number}: visible, but has no row")
        if record is None:
            continue
        report.expect(
            record["box_visible"] == list(box) and record["visible_px"] == pixels,
            f"frame {index}, track {number}: box {record['box_visible']} is not its mask's {box}",
        )
        report.expect(
            record["percent_visible"] > 0, f"frame {index}, track {number}: visible, but percent_visible is 0"
        )
        around = record["box_amodal"]
        report.expect(
            around is not None
            and all(a - 1e-3 <= v for a, v in zip(around[:2], box[:2], strict=True))
            and all(around[k] + around[k + 2] + 1e-3 >= box[k] + box[k + 2] for k in (0, 1)),
            f"frame {index}, track {number}: amodal box {around} does not hold the visible {box}",
        )
    for number, record in listed.items():
        if number not in boxes:
            gone = record["box_visible"] is None and record["visible_px"] == 0
            report.expect(gone, f"frame {index}, track {number}: has a box but no mask")
    if bool(_flash(here.instance, known).any()):
        report.expect(row["muzzle_flash"], f"frame {index}: a flash in the masks, but none is said")


def _background_error(
    here: _Planes, background: NDArray[np.bool_], camera: Pinhole, pose: Any, next_pose: Any
) -> NDArray[np.float64]:
    """Pixels between the stored flow and the flow that depth and the two poses give, on what does not move."""
    background = background & _lattice(background.shape)
    points = camera.unproject(here.depth)[background] @ pose[:3, :3].T + pose[:3, 3]
    local = to_camera(points, next_pose)
    ahead = local[:, 2] > 0.05
    rows, columns = np.nonzero(background)
    start = np.stack([columns + 0.5, rows + 0.5], -1)[ahead]
    expected = camera.project(local[ahead]) - start
    off = np.linalg.norm(expected - here.forward[background][ahead], axis=-1)
    # Half precision: 11 significant bits of depth and of flow.
    return np.asarray(off - np.linalg.norm(expected, axis=-1) * 2.0**-9, float)


def _stride(width: int) -> int:
    """Large frames are checked at every k-th pixel."""
    return max(1, width // 240)


def _lattice(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    chosen = np.zeros(shape, bool)
    every = _stride(shape[1])
    chosen[::every, ::every] = True
    return chosen


def _closure(here: _Planes, after: _Planes) -> float | None:
    """Share of the pixels that stay in view whose flow there and back ends where it began, or None if too few stay."""
    height, width = here.instance.shape
    every = _stride(width)
    y, x = np.mgrid[0:height:every, 0:width:every]
    forward, own = here.forward[::every, ::every], here.instance[::every, ::every]
    target = np.stack([x, y], -1) + 0.5 + forward
    inside = np.isfinite(target).all(-1) & (target >= 0).all(-1) & (target[..., 0] < width) & (target[..., 1] < height)
    if inside.sum() < 0.1 * inside.size:
        return None
    column, row = target[inside].astype(int).T
    same = after.instance[row, column] == own[inside]
    back = after.backward[row, column]
    off = np.linalg.norm(forward[inside] + back, axis=-1)
    allowed = 1.5 + 0.05 * np.linalg.norm(forward[inside], axis=-1)
    closes = np.nan_to_num(off, nan=np.inf) < allowed
    return float(np.mean(closes[same])) if same.any() else None
