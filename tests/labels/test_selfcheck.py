"""The self-check finds faults that are planted in a good clip on disk, each by the check that is made for it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from generator.cli import app, run
from generator.labels.annotate import visible_boxes
from generator.labels.selfcheck import check_clip
from generator.scenario.spec import ClipSpec
from generator.sensor.video import VideoWriter, decoded_frames, read_audio

SCENE: dict[str, Any] = {
    "schema": 1,
    "name": "checked",
    "family": "range_drill",
    "environment": {"kind": "shoothouse_corridor", "length": 10},
    "people": [{"role": "role_player"}],
    "camera": {"path": {"kind": "advance", "speed": 1.2}, "mount": "chest"},
    "weapon": {
        "kind": "training_pistol",
        "behaviour": [
            {"do": "low_ready", "for": 0.3},
            {"do": "aim", "for": 0.4, "raise_time": 0.4},
            {"do": "fire", "shots": 3, "interval": 0.3},
            {"do": "lower"},
        ],
    },
    "clip": {"duration": 2.4, "fps": 12.5, "size": [160, 90]},
}
DENSE = ("instance", "depth", "flow_forward", "flow_backward", "normal")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a clip without faults."""
    folder = tmp_path_factory.mktemp("good")
    scene = folder / "checked.yaml"
    scene.write_text(yaml.safe_dump(SCENE, sort_keys=False))
    words = ["render", str(scene), "--out", str(folder / "out"), "--in-process"]
    words += ["--renderer", "tests.analytic:AnalyticRenderer"]
    assert run(lambda: app.main(args=words, standalone_mode=False)) == 0
    (clip,) = (folder / "out" / "clips").iterdir()
    return clip


# Planting


def _dense(clip: Path, **changes: Callable[[Any], Any]) -> None:
    """Replaces whole data sets of labels.h5; their first axis is the frame."""
    with h5py.File(clip / "labels.h5", "r+") as dense:
        for name, change in changes.items():
            dense[name][...] = change(dense[name][...])


def _rows(clip: Path, name: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    """Replaces the rows of a table."""
    table = pq.read_table(clip / name)
    pq.write_table(pa.Table.from_pylist(change(table.to_pylist()), schema=table.schema), clip / name)


def _film(
    clip: Path, image: Callable[[Any], Any] = lambda x: x, sound: Callable[[Any, int], Any] = lambda x, _: x
) -> None:
    """Encodes the video again with other pictures or another sound."""
    info = json.loads((clip / "clip.json").read_text())
    images = list(decoded_frames(clip / "video.mp4"))
    samples, rate = read_audio(clip / "video.mp4")
    encoder = ClipSpec.from_tree(info["spec"]).device.encoder
    with VideoWriter(clip / "video.mp4", info["width"], info["height"], info["fps"], encoder) as video:
        video.add_sound(sound(samples, rate))
        for picture in images:
            video.add(image(picture))


def _following(values: Any) -> Any:
    """Of the next frame; the last keeps its own."""
    return np.concatenate([values[1:], values[-1:]])


def _agreeing(clip: Path) -> None:
    """Makes visible boxes and pixel counts those of the masks, and amodal boxes hold them, as a labeller would."""
    with h5py.File(clip / "labels.h5") as dense:
        boxes = [visible_boxes(plane) for plane in dense["instance"]]

    def mended(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for row in rows:
            box, pixels = boxes[row["frame"]].get(row["track_id"], (None, 0))
            row |= {"box_visible": box, "visible_px": pixels}
            if box is None:
                row |= {"percent_visible": 0.0, "visibility_in_frame": 0.0}
            else:
                x, y, w, h = row["box_amodal"]
                low = [min(x, box[0]), min(y, box[1])]
                row["box_amodal"] = [*low, max(x + w, box[0] + box[2]) - low[0], max(y + h, box[1] + box[3]) - low[1]]
        return rows

    _rows(clip, "objects.parquet", mended)


def shifted_masks(clip: Path) -> None:
    _dense(clip, instance=lambda planes: np.roll(planes, 2, axis=2))


def shifted_masks_with_their_boxes(clip: Path) -> None:
    shifted_masks(clip)
    _agreeing(clip)


def shifted_labels(clip: Path) -> None:
    """All dense labels lie 2 px lower than the picture, and boxes with them."""
    _dense(clip, **dict.fromkeys(DENSE, lambda planes: np.roll(planes, 2, axis=1)))
    _agreeing(clip)


def swapped_flow(clip: Path) -> None:
    _dense(clip, flow_forward=np.negative, flow_backward=np.negative)


def constant_flow(clip: Path) -> None:
    """What Blender's vector pass holds under motion blur."""

    def constant(sign: int) -> Callable[[Any], Any]:
        return lambda planes: np.where(np.isnan(planes), planes, np.float16(sign) * np.array([0, 1], np.float16))

    _dense(clip, flow_forward=constant(1), flow_backward=constant(-1))


def a_thing_that_slides_by(clip: Path) -> None:
    """The held thing's own flow is 2 px too much, as that of a mesh whose next pose was not evaluated."""
    with h5py.File(clip / "labels.h5") as dense:
        thing = dense["instance"][...] == 1

    def change(planes: Any) -> Any:
        planes[thing] += np.array([2, 0], np.float16)
        return planes

    _dense(clip, flow_forward=change)


def longer_depth(clip: Path) -> None:
    _dense(clip, depth=lambda planes: (planes.astype(float) * 1.02).astype(np.float16))


def longer_depth_in_one_frame(clip: Path) -> None:
    def change(planes: Any) -> Any:
        planes[20] = (planes[20].astype(float) * 1.02).astype(np.float16)
        return planes

    _dense(clip, depth=change)


def normals_in_blenders_axes(clip: Path) -> None:
    """Up and backward are positive."""
    _dense(clip, normal=lambda planes: planes * np.array([1, -1, -1], np.int8))


def tilted_normals(clip: Path) -> None:
    """By six degrees about the camera's vertical, as those of a camera half a second ago."""
    angle = np.radians(6)
    turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    _dense(clip, normal=lambda planes: np.rint(planes @ turn.T).clip(-127, 127).astype(np.int8))


def halved_normals(clip: Path) -> None:
    def change(planes: Any) -> Any:
        planes[:, 5, 5] = planes[:, 5, 5] // 2
        return planes

    _dense(clip, normal=change)


def _boxes_of_the_next_frame(clip: Path, column: str) -> None:
    def change(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        known = {(row["frame"], row["track_id"]): row[column] for row in rows}
        return [row | {column: known.get((row["frame"] + 1, row["track_id"]), row[column])} for row in rows]

    _rows(clip, "objects.parquet", change)


def late_boxes(clip: Path) -> None:
    _boxes_of_the_next_frame(clip, "box_visible")


def late_amodal_boxes(clip: Path) -> None:
    _boxes_of_the_next_frame(clip, "box_amodal")


def dense_labels_of_the_next_frame(clip: Path) -> None:
    _dense(clip, **dict.fromkeys(DENSE, _following))


def all_labels_of_the_next_frame(clip: Path) -> None:
    """Masks, depth, flow, boxes and poses agree with each other and belong to another picture."""
    dense_labels_of_the_next_frame(clip)

    def objects(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        last = max(row["frame"] for row in rows)
        moved = [row | {"frame": row["frame"] - 1} for row in rows if row["frame"] > 0]
        return moved + [row for row in rows if row["frame"] == last]

    def frames(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        names = ("T_world_camera", "angular_velocity", "specific_force", "muzzle_flash")
        return [
            row | {name: after[name] for name in names} for row, after in zip(rows, rows[1:] + rows[-1:], strict=True)
        ]

    _rows(clip, "objects.parquet", objects)
    _rows(clip, "frames.parquet", frames)


def an_occluder_that_is_elsewhere(clip: Path) -> None:
    """The held thing is hidden by a role-player far ahead of it."""

    def change(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row | {"occluder": 55} if row["track_id"] == 1 and row["visible_px"] else row for row in rows]

    _rows(clip, "objects.parquet", change)


def hidden_by_nothing(clip: Path) -> None:
    hidden = {"occluder": None, "visibility_in_frame": 0.3, "percent_visible": 0.3}
    _rows(clip, "objects.parquet", lambda rows: [row | (hidden if row["visible_px"] > 200 else {}) for row in rows])


def late_sound(clip: Path) -> None:
    _film(
        clip,
        sound=lambda samples, rate: np.concatenate([np.zeros(round(0.04 * rate), np.float32), samples])[: len(samples)],
    )


def black_pictures(clip: Path) -> None:
    _film(clip, image=np.zeros_like)


def a_black_picture(clip: Path) -> None:
    count = iter(range(10**6))
    _film(clip, image=lambda picture: picture * (next(count) != 12))


def blown_pictures(clip: Path) -> None:
    _film(clip, image=lambda picture: np.minimum(picture.astype(int) * 6, 255).astype(np.uint8))


def strayed_keypoint(clip: Path) -> None:
    def change(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        row = next(row for row in rows if row["frame"] == 15 and row["keypoints"] and row["keypoints"][0][2] == 2)
        row["keypoints"][0][0] -= 40
        return rows

    _rows(clip, "objects.parquet", change)


def no_subject(clip: Path) -> None:
    _dense(clip, instance=lambda planes: np.where(planes < 10, 0, planes).astype(np.uint16))
    _agreeing(clip)


def turned_sensor(clip: Path) -> None:
    """Axes of a part that is soldered in a quarter turn round."""

    def turned(v: list[float]) -> list[float]:
        return [v[1], -v[0], v[2]]

    names = ("angular_velocity", "gyroscope")
    _rows(clip, "imu.parquet", lambda rows: [row | {name: turned(row[name]) for name in names} for row in rows])


def late_sensor(clip: Path) -> None:
    """Two samples late."""
    names = ("angular_velocity", "specific_force", "gyroscope", "accelerometer")
    _rows(
        clip,
        "imu.parquet",
        lambda rows: [row | {name: rows[max(k - 2, 0)][name] for name in names} for k, row in enumerate(rows)],
    )


PLANTED: dict[Callable[[Path], None], tuple[str, str]] = {
    shifted_masks: ("outline", "px to the right of the steps of depth"),
    shifted_masks_with_their_boxes: ("outline", "+2 px to the right of the steps of depth"),
    shifted_labels: ("outline", "+2 px below of the picture's outlines"),
    swapped_flow: ("flow", "background flow"),
    constant_flow: ("flow", "background flow"),
    a_thing_that_slides_by: ("flow", "track 1: flow is 2."),
    longer_depth: ("depth", "depth is 1.02"),
    longer_depth_in_one_frame: ("depth", "frame 20: depth is 1.02"),
    normals_in_blenders_axes: ("normal", "turns away from the camera"),
    tilted_normals: ("normal", "degrees off what depth and poses say"),
    halved_normals: ("normal", "no unit vector"),
    late_boxes: ("boxes", "is not its mask's"),
    an_occluder_that_is_elsewhere: ("occluders", "track 1: is hidden by 55, which is not seen there"),
    hidden_by_nothing: ("occluders", "by nothing"),
    late_amodal_boxes: ("boxes", "boxes fit the masks of frame"),
    dense_labels_of_the_next_frame: ("boxes", "is not its mask's"),
    all_labels_of_the_next_frame: ("outline", "masks fit the picture of frame +1 better"),
    late_sound: ("sound", "no sound of the shot"),
    black_pictures: ("exposure", "the clip is black"),
    a_black_picture: ("exposure", "frame 12: the picture is black"),
    blown_pictures: ("exposure", "the clip is blown"),
    strayed_keypoint: ("keypoints", "keypoint 0"),
    no_subject: ("subjects", "neither hands nor what they hold"),
    turned_sensor: ("inertial", "gyroscope turns"),
    late_sensor: ("inertial", "otherwise than the poses"),
}


def test_a_good_clip_has_no_faults_and_says_how_good_it_is(good: Path) -> None:
    report = check_clip(good)
    assert report.faults == []
    stored = json.loads((good / "clip.json").read_text())["quality_figures"]
    assert stored == pytest.approx({**report.figures, "faults": 0})
    assert report.figures["inertial_turn_rad"] < 4e-4 and report.figures["inertial_travel_m"] < 6e-4
    assert report.figures["depth_scale"] == pytest.approx(1, abs=5e-4)
    assert report.figures["flow_residual_px"] < 0.02
    assert report.figures["normal_off_deg"] < 1.0
    assert report.figures["warp_correlation"] > report.figures["unwarped_correlation"] + 0.2


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found(plant: Callable[[Path], None], good: Path, tmp_path: Path) -> None:
    clip = tmp_path / good.name
    shutil.copytree(good, clip)
    plant(clip)
    faults = check_clip(clip).faults
    check, said = PLANTED[plant]
    assert any(fault.check == check and said in str(fault) for fault in faults), faults


def test_labels_of_another_picture_are_found_by_picture_and_sensor_each_alone(good: Path, tmp_path: Path) -> None:
    """Nothing else disagrees: masks, boxes, depth and flow came along."""
    clip = tmp_path / good.name
    shutil.copytree(good, clip)
    all_labels_of_the_next_frame(clip)
    found = {fault.check for fault in check_clip(clip).faults}
    assert {"outline", "picture", "inertial"} <= found


def _repeated(clip: Path, *, flow_is_cut: bool) -> None:
    """Shows frame 10 once more in place of frame 11, as a stream that stalls does; labels follow what is shown."""

    def frames(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        shown = ("t", "frame", "weapon_state", "discharge", "left_hand_holds", "right_hand_holds", "finger_on_trigger")
        rows[11] = rows[10] | {name: rows[11][name] for name in shown}
        return rows

    def planes(name: str) -> Callable[[Any], Any]:
        def change(values: Any) -> Any:
            values[11] = values[10]
            if flow_is_cut:
                for index in {"flow_forward": (10, 11), "flow_backward": (11, 12)}.get(name, ()):
                    values[index] = np.nan
            return values

        return change

    kept: list[Any] = []

    def image(picture: Any) -> Any:
        kept.append(picture)
        return kept[10] if len(kept) == 12 else picture

    _rows(clip, "frames.parquet", frames)
    _rows(
        clip,
        "objects.parquet",
        lambda rows: sorted(
            [row for row in rows if row["frame"] != 11] + [row | {"frame": 11} for row in rows if row["frame"] == 10],
            key=lambda row: (row["frame"], row["track_id"]),
        ),
    )
    _dense(clip, **{name: planes(name) for name in DENSE})
    _film(clip, image=image)


def test_a_repeated_frame_is_no_fault_unless_flow_leads_across_it(good: Path, tmp_path: Path) -> None:
    for cut in (True, False):
        clip = tmp_path / str(cut) / good.name
        shutil.copytree(good, clip)
        _repeated(clip, flow_is_cut=cut)
        said = [str(fault) for fault in check_clip(clip).faults]
        assert said == [] if cut else any("frame 10: flow across a dropped or repeated frame" in text for text in said)


@pytest.mark.parametrize("really", [True, False])
def test_sound_is_not_missed_where_none_is_recorded_and_heard_where_none_should_be(
    really: bool, good: Path, tmp_path: Path
) -> None:
    """The recording begins 0.1 s after the first shot."""
    clip = tmp_path / good.name
    shutil.copytree(good, clip)
    info = json.loads((clip / "clip.json").read_text())
    begins = next(event["start"] for event in info["events"] if event["type"] == "discharge") + 0.1
    info["audio"]["ranges"] = [
        {"start": 0.0, "end": begins, "state": "silent"}, {"start": begins, "end": info["duration"], "state": "ok"},
    ]  # fmt: skip
    (clip / "clip.json").write_text(json.dumps(info))
    if really:
        _film(clip, sound=lambda samples, rate: samples * (np.arange(len(samples)) >= begins * rate))
    said = [str(fault) for fault in check_clip(clip).faults]
    assert said == [] if really else any("said to be silent" in text for text in said)


def test_a_camera_on_the_weapon_need_not_see_it(good: Path, tmp_path: Path) -> None:
    clip = tmp_path / good.name
    shutil.copytree(good, clip)
    no_subject(clip)
    assert "subjects" in {fault.check for fault in check_clip(clip).faults}
    info = json.loads((clip / "clip.json").read_text())
    info["spec"]["camera"]["mount"] = "weapon"
    (clip / "clip.json").write_text(json.dumps(info))
    assert "subjects" not in {fault.check for fault in check_clip(clip).faults}
