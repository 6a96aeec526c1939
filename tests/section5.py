"""A strict reader of docs/DESIGN.md, sections 4 and 5: it knows those pages and nothing of the generator.

``check_dataset(folder)`` returns what is wrong with a data set, one line each; an empty list is a good data set.
"""

import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
DIGITAL_CREATION = "digitalsourcetype/digitalCreation"


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


INDEX_TEXT = words(
    "clip_id scenario family setting environment twin_of parent_clip_id split weapon_kind mount device capture quality "
    "video_sha256 status body_id layout_id"
)
INDEX_COLUMNS: dict[str, str] = {
    **dict.fromkeys(INDEX_TEXT, "string"),
    **dict.fromkeys(("positive", "first_person_firearm", "discharge"), "bool"),
    **dict.fromkeys(("variant", "n_frames", "width", "height", "content_version"), "int32"),
    **dict.fromkeys(("fps", "duration", "render_s"), "double"),
}
INDEX_NULL = {"twin_of", "parent_clip_id", "split", "weapon_kind", "video_sha256"}

FRAMES_COLUMNS: dict[str, str] = {
    **dict.fromkeys(("frame", "source_frame", "discharge"), "int32"),
    **dict.fromkeys(("t", "t_capture", "exposure_s", "gain"), "double"),
    **dict.fromkeys(("T_world_camera", "T_world_camera_first", "T_world_camera_last"), "[double]"),
    **dict.fromkeys(("angular_velocity", "specific_force", "T_earth_world"), "[double]"),
    **dict.fromkeys(("weapon_state", "weapon_kind", "left_hand_holds", "right_hand_holds", "delivery"), "string"),
    **dict.fromkeys(("muzzle_flash", "weapon_visible", "hands_visible", "finger_on_trigger"), "bool"),
}
FRAMES_NULL = {"weapon_state", "weapon_kind", "left_hand_holds", "right_hand_holds"}

IMU_COLUMNS: dict[str, str] = {
    "t": "double",
    **dict.fromkeys(("angular_velocity", "specific_force", "gyroscope", "accelerometer"), "[double]"),
}
IMU_NULL = {"gyroscope", "accelerometer"}

OBJECTS_COLUMNS: dict[str, str] = {
    **dict.fromkeys(("frame", "track_id", "visible_px", "occluder"), "int32"),
    **dict.fromkeys(("category", "role"), "string"),
    **dict.fromkeys(("box_visible", "box_amodal"), "[float]"),
    **dict.fromkeys(("percent_in_frame", "visibility_in_frame", "percent_visible", "distance_m"), "float"),
    **dict.fromkeys(("T_world_object", "T_world_object_first", "T_world_object_last"), "[double]"),
    "keypoints": "[[float]]",
}
OBJECTS_NULL = {"box_visible", "box_amodal", "occluder", "keypoints"}
LENGTHS = {
    "T_world_camera": 16, "T_world_camera_first": 16, "T_world_camera_last": 16, "T_earth_world": 16,
    "T_world_object": 16, "T_world_object_first": 16, "T_world_object_last": 16,
    "angular_velocity": 3, "specific_force": 3, "box_visible": 4, "box_amodal": 4,
    "gyroscope": 3, "accelerometer": 3,
}  # fmt: skip

STATES = words("holstered drawing low_ready high_ready raising aiming reloading clearing lowering holstering")
INSTANTS = {"discharge", "other_discharge", "trigger_pull"}
FIREARMS = {"handgun", "carbine", "submachine_gun", "shotgun"}
FAMILIES = {"attack_response", "hostage", "patrol", "range_drill", "negative"}
SETTINGS = {"land", "transport", "water"}
CAPTURES = {"body_worn", "phone", "action_camera", "game", "film"}
QUALITIES = {"preview", "standard", "high"}
FILES = {"video.mp4", "clip.json", "frames.parquet", "objects.parquet", "labels.h5", "preview.jpg", "imu.parquet"}
TAGS = words("family setting environment weapon_kind mount device capture first_person_firearm discharge positive")
ROUNDING = 1e-3
"""Pixels: boxes are stored in single precision."""

Say = Callable[[str], None]
Rows = list[dict[str, Any]]


def check_dataset(folder: Path) -> list[str]:
    """What is wrong with the data set at ``folder``."""
    faults: list[str] = []
    meta = _json(folder / "dataset.json", faults.append)
    _check_meta(meta, faults.append)
    rows = _table(folder / "index.parquet", INDEX_COLUMNS, INDEX_NULL, faults.append)
    for row in rows:
        _check_index_row(row, lambda text, row=row: faults.append(f"index, {row['clip_id']}: {text}"))
    for clip_id, times in Counter(row["clip_id"] for row in rows).items():
        if times > 1:
            faults.append(f"index: {times} rows of {clip_id}")
    whole = {row["clip_id"]: row for row in rows if row["status"] == "ok"}
    _check_folder(folder, set(whole), {row["clip_id"] for row in rows if row["status"] == "quarantined"}, faults.append)
    counts = meta.get("counts", {})
    if counts.get("clips") != len(whole) or counts.get("quarantined") != len(rows) - len(whole):
        faults.append(f"dataset.json: counts {counts}, but the index has {len(whole)} of {len(rows)} clips ok")
    categories = yaml.safe_load((ROOT / "generator" / "labels" / "categories.yaml").read_text("utf-8"))
    for clip_id, row in whole.items():
        place = folder / "clips" / clip_id
        if place.is_dir() and {p.name for p in place.iterdir()} == FILES:
            _Clip(place, row, categories, faults).check()
            _check_commit(folder, clip_id, row, faults.append)
    return faults


def _json(path: Path, say: Say) -> dict[str, Any]:
    def not_json(text: str) -> None:
        say(f"{path.name}: {text} is not JSON")

    try:
        value = json.loads(path.read_text("utf-8"), parse_constant=not_json)
    except (OSError, ValueError) as error:
        say(f"{path.name}: {error}")
        return {}
    return value if isinstance(value, dict) else {}


def _kind(dtype: pa.DataType) -> str:
    return f"[{_kind(dtype.value_type)}]" if pa.types.is_list(dtype) else str(dtype)


def _table(path: Path, columns: dict[str, str], null: set[str], say: Say) -> Rows:
    """The rows of a table whose columns are as they should be; none at all otherwise."""
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        say(f"{path.name}: {error}")
        return []
    if DIGITAL_CREATION.encode() not in (table.schema.metadata or {}).get(b"digital_source_type", b""):
        say(f"{path.name}: does not say that it is synthetic")
    found = {field.name: _kind(field.type) for field in table.schema}
    if found != columns or len(found) != len(table.schema):
        wrong = sorted(set(found.items()) ^ set(columns.items()))
        say(f"{path.name}: columns are not those of section 5: {wrong}")
        return []
    for name in set(columns) - null:
        if table.column(name).null_count:
            say(f"{path.name}: {name} is null in some rows")
            return []
    rows: Rows = table.to_pylist()
    for name, length in LENGTHS.items():
        if name in columns:
            for number, row in enumerate(rows):
                value = row[name]
                if value is not None and (len(value) != length or not all(v is not None for v in value)):
                    say(f"{path.name}: row {number}: {name} is {value}")
                    return []
    return rows


def _check_meta(meta: dict[str, Any], say: Say) -> None:
    keys = ("schema", "content_version", "quality", "seed", "scenarios", "counts", "licence", "assets", "origin")
    for key in keys:
        if key not in meta:
            say(f"dataset.json: no {key}")
    if meta.get("schema") != 1:
        say(f"dataset.json: schema {meta.get('schema')}")
    if DIGITAL_CREATION not in json.dumps(meta.get("origin")):
        say("dataset.json: does not say that it is synthetic")
    for asset in meta.get("assets", ()):
        if not (asset.get("licence") and asset.get("attribution")):
            say(f"dataset.json: asset without licence or attribution: {asset}")


def _check_index_row(row: dict[str, Any], say: Say) -> None:
    allowed = {"family": FAMILIES, "setting": SETTINGS, "capture": CAPTURES, "quality": QUALITIES}
    for name, values in {**allowed, "status": {"ok", "quarantined"}}.items():
        if row[name] not in values:
            say(f"{name} is {row[name]!r}")
    for name in ("clip_id", "twin_of", "parent_clip_id"):
        if row[name] is not None and not re.fullmatch("[0-9a-f]{16}", row[name]):
            say(f"{name} is {row[name]!r}")
    if (row["video_sha256"] is None) != (row["status"] == "quarantined"):
        say(f"video_sha256 is {row['video_sha256']} of a clip that is {row['status']}")
    if row["twin_of"] == row["clip_id"]:
        say("is its own twin")
    if row["duration"] != row["n_frames"] / row["fps"]:
        say(f"lasts {row['duration']} s, but has {row['n_frames']} frames at {row['fps']}")
    if row["positive"] != (row["first_person_firearm"] and row["capture"] not in ("game", "film")):
        say(f"positive is {row['positive']}")


def _check_folder(folder: Path, whole: set[str], quarantined: set[str], say: Say) -> None:
    known = {"dataset.json", "index.parquet", "commits", "clips", "quarantine", ".staging", "leases"}
    for path in folder.iterdir():
        if path.name not in known:
            say(f"{path.name} is in the data set")
    for name, suffix, wanted in (("commits", ".json", whole), ("clips", "", whole), ("quarantine", "", quarantined)):
        found = {p.name for p in (folder / name).iterdir()} if (folder / name).is_dir() else set()
        names = {clip_id + suffix for clip_id in wanted}
        if name == "quarantine":  # of a clip whose rerender failed, too
            names |= found & whole
        for odd in sorted(found ^ names):
            say(f"{name}/{odd} is {'there, but not' if odd in found else 'missing, but'} in the index")
    for path in (folder / "clips").glob("*"):
        names = {p.name for p in path.iterdir()}
        if names != FILES:
            say(f"clips/{path.name}: files {sorted(names ^ FILES)} are missing or too many")
    for clip_id in quarantined:
        texts = [p for p in (folder / "quarantine" / clip_id).glob("*") if p.stat().st_size]
        if {p.stem for p in texts} != {"spec", "log", "reason"}:
            say(f"quarantine/{clip_id}: holds {sorted(p.name for p in texts)}, not spec, log and reason")


def _check_commit(folder: Path, clip_id: str, row: dict[str, Any], say: Say) -> None:
    record = _json(folder / "commits" / f"{clip_id}.json", say)
    if record.get("row") != row:
        say(f"commits/{clip_id}: the index cannot be rebuilt from it")
    for name, digest in record.get("files", {}).items():
        if _sha256(folder / "clips" / clip_id / name) != digest:
            say(f"clips/{clip_id}/{name}: is not what was committed")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _rigid(values: list[float]) -> bool:
    matrix = np.array(values).reshape(4, 4)
    turn = matrix[:3, :3]
    good = np.isfinite(matrix).all() and (matrix[3] == [0, 0, 0, 1]).all()
    return bool(good and np.allclose(turn @ turn.T, np.eye(3), atol=1e-9) and np.linalg.det(turn) > 0)


def _presented(playout: Any, time: float) -> float:
    """When the playout comes to what was captured at a time: after a stall, and where the jump is for what it skips."""
    shown, captured = playout.T
    if time <= 0:
        return 0.0
    k = int((captured <= time).sum()) - 1
    if k == len(captured) - 1:
        return float(shown[-1])
    return float(np.interp(time, captured[k : k + 2], shown[k : k + 2]))


def _tiles(ranges: list[dict[str, Any]], duration: float) -> bool:
    """Whether half-open ranges follow each other from 0 to the end, none of them empty."""
    edges = [0.0, *(part["end"] for part in ranges)]
    starts = [part["start"] for part in ranges]
    return starts == edges[:-1] and edges[-1] == duration and all(a < b for a, b in pairwise(edges))


class _Clip:
    """One clip directory and its row in the index."""

    def __init__(self, folder: Path, row: dict[str, Any], categories: dict[str, int], faults: list[str]) -> None:
        self.folder, self.row, self.categories, self._faults = folder, row, categories, faults
        self.info = _json(folder / "clip.json", self.say)
        self.frames = _table(folder / "frames.parquet", FRAMES_COLUMNS, FRAMES_NULL, self.say)
        self.objects: dict[int, Rows] = {}
        for entry in _table(folder / "objects.parquet", OBJECTS_COLUMNS, OBJECTS_NULL, self.say):
            self.objects.setdefault(entry["frame"], []).append(entry)
        self.n, self.fps, self.duration = row["n_frames"], row["fps"], row["duration"]
        self.width, self.height = row["width"], row["height"]

    def say(self, text: str) -> None:
        self._faults.append(f"clips/{self.folder.name}: {text}")

    def check(self) -> None:
        before = len(self._faults)
        self._check_info()
        if len(self.frames) != self.n:
            self.say(f"frames.parquet has {len(self.frames)} rows, not {self.n}")
        if len(self._faults) > before:
            return  # nothing further can be trusted
        self.tracks = {track["track_id"]: track for track in self.info["tracks"]}
        self._check_tracks()
        self._check_events()
        for index, frame in enumerate(self.frames):
            self._check_frame(index, frame)
        for index, rows in self.objects.items():
            self._check_rows(index, rows)
        self._check_inertial()
        self._check_dense()
        self._check_video()
        self._check_preview()

    # clip.json

    def _check_info(self) -> None:
        keys = words(
            "schema clip_id tags events audio tracks keypoint_names intrinsics spec quality_figures provenance timings origin"
        )
        for key in keys:
            if key not in self.info:
                self.say(f"clip.json: no {key}")
        if DIGITAL_CREATION not in json.dumps(self.info.get("origin")):
            self.say("clip.json: does not say that it is synthetic")
        for key in set(self.info) & set(INDEX_COLUMNS):
            if self.info[key] != self.row[key]:
                self.say(f"clip.json: {key} is {self.info[key]!r}, in the index {self.row[key]!r}")
        tags = self.info.get("tags", {})
        for key in TAGS:
            if key not in tags or tags[key] != self.row[key]:
                self.say(f"clip.json: tag {key} is {tags.get(key)!r}, in the index {self.row[key]!r}")
        if self.info.get("clip_id") != self.folder.name:
            self.say(f"clip.json: clip_id {self.info.get('clip_id')}")
        camera = self.info.get("intrinsics", {})
        if (camera.get("width"), camera.get("height")) != (self.width, self.height):
            self.say(f"clip.json: intrinsics are of {camera.get('width')}x{camera.get('height')}")
        ranges = self.info.get("audio", {}).get("ranges", [])
        if not _tiles(ranges, self.duration) or any(r["state"] not in ("ok", "silent", "replaced") for r in ranges):
            self.say(f"clip.json: audio ranges do not tile the clip: {ranges}")

    def _check_tracks(self) -> None:
        if len(self.tracks) != len(self.info["tracks"]) or 0 in self.tracks:
            self.say("clip.json: track ids are not unique, or 0")
        for number, track in self.tracks.items():
            if track["category"] not in self.categories:
                self.say(f"clip.json: track {number} is a {track['category']!r}, which is no category")
            if list(track["keypoints"]) != list(self.info["keypoint_names"].get(track["category"], [])):
                self.say(f"clip.json: track {number} has other keypoints than its category")

    def _check_events(self) -> None:
        keys = {"type", "start", "end", "captured", "frame_start", "frame_end", "track_id", "attributes"}
        times = np.array([frame["t_capture"] for frame in self.frames])
        playout = np.array(self.info["delivery"]["playout"])
        for event in self.info["events"]:
            name = f"event {event.get('type')} at {event.get('start')}"
            if set(event) != keys:
                self.say(f"{name}: keys {sorted(event)}")
                return
            start, end, frames = event["start"], event["end"], (event["frame_start"], event["frame_end"])
            if not (0 <= start < self.duration and start <= end <= self.duration):
                self.say(f"{name}: ends at {end} in a clip of {self.duration} s")
            if (event["type"] in INSTANTS) != (start == end):
                self.say(f"{name}: ends at {end}")
            captured = event["captured"]
            if not all(np.isclose(t, _presented(playout, c), atol=1e-9) for t, c in zip((start, end), captured, strict=True)):
                self.say(f"{name}: was captured at {captured}, which the playout brings at another time")
            if start == end:
                covered = (math.floor(start * self.fps), math.floor(start * self.fps) + 1)
            else:
                covered = (int((times < captured[0]).sum()), int((times < captured[1]).sum()))
            if frames != covered and not (covered[0] == covered[1] and frames[0] == frames[1]):
                self.say(f"{name}: frames {frames}, but it covers {covered}")
            if event["track_id"] is not None and event["track_id"] not in self.tracks:
                self.say(f"{name}: track {event['track_id']} is none")
        self._check_states()
        self._check_shots()

    def _check_states(self) -> None:
        self.states = sorted((e for e in self.info["events"] if e["type"] in STATES), key=lambda e: float(e["start"]))
        if self.states and not _tiles(self.states, self.duration):
            self.say("weapon states do not tile the clip")
        for index, frame in enumerate(self.frames):
            by_time = [e["type"] for e in self.states if e["captured"][0] <= frame["t_capture"] < e["captured"][1]]
            by_frame = [e["type"] for e in self.states if e["frame_start"] <= index < e["frame_end"]]
            said = [] if frame["weapon_state"] is None else [frame["weapon_state"]]
            if not said == by_time == by_frame:
                self.say(f"frame {index}: weapon_state {said}, by time {by_time}, by frame range {by_frame}")

    def _check_shots(self) -> None:
        shots = sorted((e for e in self.info["events"] if e["type"] == "discharge"), key=lambda e: float(e["start"]))
        if [e["attributes"].get("shot") for e in shots] != list(range(1, len(shots) + 1)):
            self.say("shots are not counted from 1")
        if self.row["discharge"] != bool(shots):
            self.say(f"discharge is {self.row['discharge']}, but there are {len(shots)} shots")
        if shots and not self.states:
            self.say("a shot without weapon states")
        counted = Counter(math.floor(e["captured"][0] * self.fps) for e in shots)
        flashes = [e for e in self.info["events"] if e["type"] == "muzzle_flash"]
        for index, frame in enumerate(self.frames):
            fired = counted[frame["source_frame"]]
            if frame["discharge"] != fired:
                self.say(f"frame {index}: discharge {frame['discharge']}, but {fired} shots")
            begin, end = (frame["t_capture"] + sign * frame["exposure_s"] / 2 for sign in (-1, 1))
            lit = any(e["captured"][0] < end and begin < e["captured"][1] for e in flashes)
            if frame["muzzle_flash"] != lit:
                self.say(f"frame {index}: muzzle_flash {frame['muzzle_flash']}")

    # Tables

    def _check_frame(self, index: int, frame: dict[str, Any]) -> None:
        say: Say = lambda text: self.say(f"frame {index}: {text}")  # noqa: E731
        if frame["frame"] != index or frame["t"] != (index + 0.5) / self.fps:
            say(f"row {frame['frame']} at t = {frame['t']}")
        source, before = frame["source_frame"], self.frames[index - 1]["source_frame"] if index else -1
        if not max(before, 0) <= source <= index:
            say(f"source_frame {source} after {before}")
        if frame["t_capture"] != (source + 0.5) / self.fps:
            say(f"t_capture {frame['t_capture']}, but captured frame {source} is shown")
        if frame["delivery"] not in {"corrupt", "repeated" if source == before else "ok"}:
            say(f"delivery {frame['delivery']} of captured frame {source} after {before}")
        if not (frame["exposure_s"] > 0 and frame["gain"] > 0):
            say(f"exposure {frame['exposure_s']}, gain {frame['gain']}")
        for name in ("T_world_camera", "T_world_camera_first", "T_world_camera_last", "T_earth_world"):
            if not _rigid(frame[name]):
                say(f"{name} is no rigid transform")
        if not np.isfinite(frame["angular_velocity"] + frame["specific_force"]).all():
            say("the inertial readings are not finite")
        if frame["weapon_kind"] != self.row["weapon_kind"]:
            say(f"weapon_kind {frame['weapon_kind']}")

    def _check_inertial(self) -> None:
        """200 samples a second from 0 to the end; measured ones of all samples or of none."""
        samples = _table(self.folder / "imu.parquet", IMU_COLUMNS, IMU_NULL, self.say)
        times = [row["t"] for row in samples]
        if not np.allclose(times, np.arange(math.ceil(self.duration * 200 - 1e-6)) / 200, atol=1e-9, rtol=0):
            self.say(f"imu.parquet: {len(times)} samples are not 200 a second over {self.duration} s")
        for name in IMU_COLUMNS.keys() - {"t"}:
            values = [row[name] for row in samples]
            if None in values and (name not in IMU_NULL or any(values) or self.row["capture"] != "game"):
                self.say(f"imu.parquet: {name} is null in some rows")
            elif not all(np.isfinite(value).all() for value in values if value):
                self.say(f"imu.parquet: {name} is not finite")

    def _check_rows(self, index: int, rows: Rows) -> None:
        if not 0 <= index < self.n:
            self.say(f"objects.parquet: frame {index} is none")
        if len({row["track_id"] for row in rows}) != len(rows):
            self.say(f"frame {index}: a track has two rows")
        for row in rows:
            track = self.tracks.get(row["track_id"])
            name = f"frame {index}, track {row['track_id']}"
            if track is None:
                self.say(f"{name}: is not in clip.json")
            elif (row["category"], row["role"]) != (track["category"], track["role"]):
                self.say(f"{name}: is a {row['category']} here and a {track['category']} in clip.json")
            else:
                self._check_keypoints(name, row["keypoints"], len(track["keypoints"]))
            for fault in _object_faults(row, self.width, self.height):
                self.say(f"{name}: {fault}")

    def _check_keypoints(self, name: str, points: list[list[float]] | None, count: int) -> None:
        if (points is None) != (count == 0) or (points is not None and len(points) != count):
            self.say(f"{name}: keypoints {points}, but there are {count} names")
        for x, y, state in points or ():
            inside = 0 <= x < self.width and 0 <= y < self.height
            if state not in (0, 1, 2) or inside != (state > 0):
                self.say(f"{name}: keypoint at ({x}, {y}) has state {state}")

    # Dense labels

    def _check_dense(self) -> None:
        with h5py.File(self.folder / "labels.h5", "r") as dense:
            plane = (self.height, self.width)
            wanted = {
                "instance": (np.uint16, plane), "depth": (np.float16, plane),
                "flow_forward": (np.float16, (*plane, 2)), "flow_backward": (np.float16, (*plane, 2)),
            }  # fmt: skip
            if "normal" in dense:
                wanted["normal"] = (np.int8, (*plane, 3))
            if set(dense) != set(wanted):
                self.say(f"labels.h5: holds {sorted(dense)}")
                return
            for name, (dtype, shape) in wanted.items():
                data = dense[name]
                found = (data.dtype, data.shape, data.chunks)
                if found != (dtype, (self.n, *shape), (1, *shape)) or data.compression is None:
                    self.say(f"labels.h5: {name} is {found}, compression {data.compression}")
                    return
            held = self._held_tracks()
            firearms = {number for number in held if self.tracks[number]["category"] in FIREARMS}
            seen_in_hand = False
            for index, frame in enumerate(self.frames):
                present = self._check_planes(index, {name: dense[name][index] for name in wanted})
                self._check_seen(index, frame, present, held)
                seen_in_hand |= bool(present & firearms) and frame["weapon_state"] not in (None, "holstered")
        if self.row["first_person_firearm"] != seen_in_hand:
            self.say(f"first_person_firearm is {self.row['first_person_firearm']}, the masks say {seen_in_hand}")

    def _held_tracks(self) -> set[int]:
        return {event["track_id"] for event in self.states if event["track_id"] in self.tracks}

    def _check_planes(self, index: int, planes: dict[str, Any]) -> set[int]:
        """Masks against rows; which tracks are visible."""
        instance, depth = planes["instance"], planes["depth"].astype(float)
        rows = {row["track_id"]: row for row in self.objects.get(index, ())}
        present = {int(number) for number in np.unique(instance)} - {0}
        for number in sorted(present | set(rows)):
            if number not in rows or number not in self.tracks:
                self.say(f"frame {index}, track {number}: is in the masks, but has no row or no track")
                continue
            self._check_mask(f"frame {index}, track {number}", instance == number, rows[number])
            hider = rows[number]["occluder"]
            if hider == number or hider not in present | {0, None}:
                self.say(f"frame {index}, track {number}: is hidden by {hider}, which is itself or not in the masks")
        if np.isnan(depth).any() or (depth <= 0).any():
            self.say(f"frame {index}: depth is NaN or not positive")
        if not np.isfinite(depth[instance > 0]).all():
            self.say(f"frame {index}: an object is at infinity")
        flash = np.isin(
            instance, [n for n in present & set(self.tracks) if self.tracks[n]["category"] == "muzzle_flash"]
        )
        if "normal" in planes:
            length = np.linalg.norm(planes["normal"] / 127, axis=-1)
            surface = np.isfinite(depth) & ~flash
            if length[~surface].any() or (np.abs(length[surface] - 1) > 0.01).any():
                self.say(f"frame {index}: a normal is no unit vector, or is where there is no surface")
        for name in ("flow_forward", "flow_backward"):
            if np.isinf(planes[name]).any():
                self.say(f"frame {index}: {name} is infinite")
            if not np.isnan(planes[name][flash]).all():
                self.say(f"frame {index}: the muzzle flash has {name}")
            step = 1 if name == "flow_forward" else -1
            if not self._adjacent(index, index + step) and not np.isnan(planes[name]).all():
                self.say(f"frame {index}: {name} leads out of the clip, or across what was dropped or repeated")
        if flash.any() and not self.frames[index]["muzzle_flash"]:
            self.say(f"frame {index}: a muzzle flash in the masks, but none is said")
        return present

    def _adjacent(self, index: int, other: int) -> bool:
        """Whether two slots show captured frames as far from each other as the slots are."""
        if not 0 <= other < self.n:
            return False
        return bool(self.frames[other]["source_frame"] - self.frames[index]["source_frame"] == other - index)

    def _check_mask(self, name: str, mask: Any, row: dict[str, Any]) -> None:
        pixels = int(mask.sum())
        if row["visible_px"] != pixels:
            self.say(f"{name}: visible_px {row['visible_px']}, the mask has {pixels}")
        box = None
        if pixels:
            ys, xs = np.nonzero(mask)
            box = [float(v) for v in (xs.min(), ys.min(), xs.max() + 1 - xs.min(), ys.max() + 1 - ys.min())]
        if row["box_visible"] != box:
            self.say(f"{name}: box_visible {row['box_visible']}, the mask's is {box}")

    def _check_seen(self, index: int, frame: dict[str, Any], present: set[int], held: set[int]) -> None:
        if frame["weapon_visible"] != bool(present & held):
            self.say(f"frame {index}: weapon_visible {frame['weapon_visible']}, the masks say {bool(present & held)}")
        kinds = {self.tracks[number]["category"] for number in present & set(self.tracks)}
        if frame["hands_visible"] != bool(kinds & {"hand_left", "hand_right"}):
            self.say(f"frame {index}: hands_visible {frame['hands_visible']}")

    # Video and picture

    def _check_video(self) -> None:
        path = self.folder / "video.mp4"
        if _sha256(path) != self.row["video_sha256"]:
            self.say("video.mp4: is not the one of the index")
        for fault in _video_faults(path, (self.width, self.height), self.n, self.fps):
            self.say(f"video.mp4: {fault}")

    def _check_preview(self) -> None:
        try:
            with Image.open(self.folder / "preview.jpg") as sheet:
                sheet.load()
                said = repr(dict(sheet.getexif())) + repr(sheet.info.get("xmp"))
        except OSError as error:
            self.say(f"preview.jpg: {error}")
            return
        if sheet.format != "JPEG" or DIGITAL_CREATION not in said or "ynthetic" not in said:
            self.say("preview.jpg: is no JPEG that says in EXIF and XMP that it is synthetic")


def _object_faults(row: dict[str, Any], width: int, height: int) -> Iterator[str]:
    shares = [row[key] for key in ("percent_in_frame", "visibility_in_frame", "percent_visible")]
    if not all(0 <= share <= 1 for share in shares):
        yield f"shares {shares}"
    if abs(shares[2] - shares[0] * shares[1]) > 1e-6:
        yield f"percent_visible {shares[2]} is not {shares[0]} x {shares[1]}"
    if shares[0] == 0 and shares[1] != 0:
        yield f"visibility_in_frame {shares[1]}, but nothing is in frame"
    if bool(row["visible_px"]) != (shares[2] > 0):
        yield f"percent_visible {shares[2]} with {row['visible_px']} visible pixels"
    poses = [row[name] for name in ("T_world_object", "T_world_object_first", "T_world_object_last")]
    if not (row["distance_m"] >= 0 and all(map(_rigid, poses))):
        yield f"distance {row['distance_m']}, poses {poses}"
    around, box = row["box_amodal"], row["box_visible"]
    if row["occluder"] is not None and around is None:
        yield f"is out of view, but hidden by {row['occluder']}"
    if row["occluder"] is None and around is not None and box is None:
        yield "is in view and not visible, but hidden by nothing"
    if (around is None) != (shares[0] == 0):
        yield f"box_amodal {around}, but {shares[0]} is in frame"
    if around is not None:
        x, y, w, h = around
        if not (w > 0 and h > 0 and x < width and y < height and x + w > 0 and y + h > 0):
            yield f"box_amodal {around} is wholly outside"
        over = max(-x, -y, x + w - width, y + h - height)
        if over > 1.0 and shares[0] == 1:
            yield f"box_amodal {around} reaches {over:.1f} px out of the picture, but all is in frame"
        if box is not None and not (
            all(around[k] <= box[k] + ROUNDING for k in (0, 1))
            and all(around[k] + around[k + 2] >= box[k] + box[k + 2] - ROUNDING for k in (0, 1))
        ):
            yield f"box_amodal {around} does not hold box_visible {box}"


def _video_faults(path: Path, size: tuple[int, int], n: int, fps: float) -> Iterator[str]:
    with av.open(str(path)) as container:
        if DIGITAL_CREATION not in " ".join(container.metadata.values()):
            yield "does not say that it is synthetic"
        if len(container.streams.video) != 1 or len(container.streams.audio) != 1:
            yield "does not have one picture and one sound stream"
            return
        picture, sound = container.streams.video[0].codec_context, container.streams.audio[0].codec_context
        formats = (picture.name, picture.pix_fmt, sound.name)
        if formats != ("h264", "yuv420p", "aac"):
            yield f"is {formats}"
        times, seconds = [], 0.0
        for frame in container.decode():
            if isinstance(frame, av.AudioFrame):
                seconds += frame.samples / frame.sample_rate
                continue
            times.append(float(frame.time))
            if (frame.width, frame.height) != size:
                yield f"a frame is {frame.width}x{frame.height}"
        if len(times) != n:
            yield f"decodes to {len(times)} frames, not {n}"
        elif not np.allclose(times, np.arange(n) / fps, atol=1e-3 / fps):
            yield "frames do not follow each other at a constant rate from 0"
        if abs(seconds - n / fps) > 0.1:
            yield f"has {seconds:.2f} s of sound"
