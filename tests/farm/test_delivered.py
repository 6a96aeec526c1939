"""Whole clips of which frames were dropped, repeated, damaged or silenced: files, pictures and sound agree on it."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import h5py
import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml
from numpy.typing import NDArray
from scipy import ndimage

from generator import assets
from generator.audio.onsets import onsets
from generator.cli import app, run
from generator.dataset.store import DatasetMeta, Store
from generator.farm.clip import ClipJob, make_clip
from generator.frame import Exposures, Frame
from generator.motion.build import build_timeline
from generator.motion.timeline import Timeline
from generator.scenario.plan import PlannedClip, clip_id
from generator.scenario.spec import ClipSpec
from generator.sensor.delivery import delivery_of
from generator.sensor.video import decoded_frames, read_audio
from tests.analytic import AnalyticRenderer, AnalyticRendering
from tests.section5 import check_dataset
from tests.sensor.test_delivery import ROUGH
from tests.specs import corridor_spec

PLAIN: dict[str, Any] = {
    "clip__size": [160, 90], "clip__fps": 10.0, "clip__duration": 6.0, "camera__path": {"kind": "advance", "speed": 1.3},
}  # fmt: skip
BUSY = {"load": 0.8, "dropped": 0.3, "freezes": 40.0, "freeze_seconds": 0.4, "silence": 1.5}
CASES: dict[str, dict[str, Any]] = {
    "recorder": {"device__recording": BUSY},
    "jump": {"camera__stream": {**ROUGH, "fades": 40.0}, "seed": 3},
    "catch_up": {
        "camera__stream": {**ROUGH, "fades": 40.0, "after_stall": "catch_up", "lost_sound": "repeat"},
        "seed": 4,
    },
    "smear": {"camera__stream": {**ROUGH, "headroom": 3.0, "fade_rate": 0.9, "loss": 0.5, "fades": 60.0}, "seed": 5},
}

FILES = ("video.mp4", "frames.parquet", "objects.parquet", "labels.h5")


class Clip:
    """A clip made through the pipeline, and what is in its files."""

    def __init__(self, folder: Path, renderer: str = "tests.analytic:AnalyticRenderer", **changes: Any) -> None:
        self.spec = corridor_spec(**{**PLAIN, **changes})
        licences = tuple(assets.licences(sorted(assets.packs())))
        meta = DatasetMeta(self.spec.seed, "standard", {"test-corridor": "0" * 64}, None, licences)
        store = Store.open_or_create(str(folder), meta)
        planned = PlannedClip(clip_id(self.spec), self.spec, "scene.yaml")
        outcome = make_clip(ClipJob(planned, str(folder), meta, renderer), lambda _: None)
        assert outcome.status == "rendered", outcome.reason
        store.compact_index()
        self.faults = check_dataset(folder)
        self.folder = folder / "clips" / planned.clip_id
        self.info = json.loads((self.folder / "clip.json").read_text())
        self.rows = pq.read_table(self.folder / "frames.parquet").to_pylist()
        self.images = list(decoded_frames(self.folder / "video.mp4"))
        self.delivery = delivery_of(self.spec)


def coarse(image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """What a smaller picture and a lower bit rate leave of a picture."""
    return np.asarray(ndimage.gaussian_filter(image.mean(-1), 2.0))


@pytest.fixture(scope="module", params=CASES)
def clip(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Clip:
    return Clip(tmp_path_factory.mktemp(request.param), **CASES[request.param])


def test_the_picture_of_a_slot_is_that_of_its_source_frame(clip: Clip, tmp_path: Path) -> None:
    """The decoded video, against that of the same clip with nothing dropped: each picture is most like that of its source."""
    assert clip.faults == []
    plain = np.stack([coarse(image) for image in Clip(tmp_path, seed=clip.spec.seed).images])
    sources = [row["source_frame"] for row in clip.rows]
    assert sources != list(range(len(sources))), "nothing happened to this clip"
    undamaged = [k for k, row in enumerate(clip.rows) if row["delivery"] != "corrupt"]
    assert len(undamaged) > 8
    likest = [int(((plain - coarse(clip.images[k])) ** 2).mean((1, 2)).argmin()) for k in undamaged]
    assert likest == [sources[k] for k in undamaged]


def test_labels_and_flow_are_those_of_the_frame_that_is_shown(clip: Clip) -> None:
    """Against the renderer's own frames: same masks and depth; flow only where both slots show neighbours in time."""
    rendering = AnalyticRendering(clip.spec, build_timeline(clip.spec, AnalyticRenderer().measures(clip.spec)))
    n = clip.spec.n_frames
    sources = [row["source_frame"] for row in clip.rows]
    shutter = np.zeros(n)
    shutter[sources] = [
        row["exposure_s"] for row in clip.rows
    ]  # a flash is in the masks as long as the shutter is open
    captured = list(rendering.frames(Exposures(shutter, shutter, shutter), lambda _: None))
    with h5py.File(clip.folder / "labels.h5") as dense:
        for k, source in enumerate(sources):
            frame = captured[source]
            assert np.array_equal(clip.rows[k]["T_world_camera"], frame.T_world_camera.ravel())
            assert np.array_equal(dense["instance"][k], frame.instance)
            assert np.array_equal(dense["depth"][k], frame.depth.astype(np.float16))
            for name, other, step in (("flow_forward", k + 1, 1), ("flow_backward", k - 1, -1)):
                flow = dense[name][k]
                if 0 <= other < n and sources[other] == source + step:
                    wanted = getattr(frame, name).astype(np.float16)
                    assert np.array_equal(flow, wanted, equal_nan=True) and np.isfinite(flow).any()
                else:
                    assert np.isnan(flow).all(), f"{name} of slot {k} leads across a gap"


def test_the_track_is_silent_exactly_where_the_ranges_say(clip: Clip) -> None:
    samples, rate = read_audio(clip.folder / "video.mp4")
    ranges = clip.info["audio"]["ranges"]
    assert {part["state"] for part in ranges} > {"ok"}
    spread = 0.05  # seconds: a frame of AAC on either side
    for part in ranges:
        piece = samples[round((part["start"] + spread) * rate) : round((part["end"] - spread) * rate)]
        if part["state"] == "silent" and len(piece):
            assert np.abs(piece).max() < 1e-4
        elif part["state"] == "ok" and len(piece) > rate / 20:
            assert np.sqrt(np.mean(piece**2)) > 1e-4, "a range that can be relied on is silent"


def test_shots_are_events_of_the_clip_though_their_frame_is_not_shown(clip: Clip) -> None:
    shots = [event for event in clip.info["events"] if event["type"] == "discharge"]
    assert [event["attributes"]["shot"] for event in shots] == list(range(1, len(shots) + 1))
    for event in shots:
        frame = int(event["captured"][0] * clip.spec.clip.fps)
        slots = [row for row in clip.rows if row["source_frame"] == frame]
        assert all(row["discharge"] >= 1 for row in slots)
    counted = {row["source_frame"]: row["discharge"] for row in clip.rows}
    assert sum(counted.values()) == sum(int(event["captured"][0] * clip.spec.clip.fps) in counted for event in shots)


def test_a_shot_in_a_dropped_frame_is_heard_where_its_event_is_and_shown_nowhere(tmp_path: Path) -> None:
    """A device that drops every frame but the first: both shots are heard, no row has one."""
    recording = {"load": 1.0, "dropped": 1.0}
    clip = Clip(tmp_path, clip__duration=3.0, device__recording=recording)
    assert clip.faults == []
    assert {row["source_frame"] for row in clip.rows} == {0}
    shots = [event["start"] for event in clip.info["events"] if event["type"] == "discharge"]
    samples, rate = read_audio(clip.folder / "video.mp4")
    assert len(shots) == 2 and onsets(samples, rate) == pytest.approx(shots, abs=0.02)
    assert sum(row["discharge"] for row in clip.rows) == 0 and not any(row["muzzle_flash"] for row in clip.rows)


class _Counting(AnalyticRendering):
    """Notes which frames it is asked for; ``whole`` renders all of them all the same, as if nobody knew what is shown."""

    asked: ClassVar[list[int]] = []
    whole = False

    def frames(
        self, exposures: Exposures, report: Callable[[float], None], wanted: Sequence[int] | None = None
    ) -> Iterator[Frame]:
        for frame in super().frames(exposures, report, None if self.whole else wanted):
            if wanted is None or frame.index in wanted:
                yield frame
            if self.whole or wanted is None or frame.index in wanted:
                self.asked.append(frame.index)


class OnlyWanted(AnalyticRenderer):
    def open(self, spec: ClipSpec, timeline: Timeline, quality: str) -> AnalyticRendering:
        return _Counting(spec, timeline)


class EveryFrame(AnalyticRenderer):
    def open(self, spec: ClipSpec, timeline: Timeline, quality: str) -> AnalyticRendering:
        rendering = _Counting(spec, timeline)
        rendering.whole = True
        return rendering


@pytest.mark.parametrize("case", ["recorder", "jump"])
def test_what_is_never_shown_is_not_rendered_and_nothing_else_changes(case: str, tmp_path: Path) -> None:
    made, rendered = [], []
    for name in ("OnlyWanted", "EveryFrame"):
        _Counting.asked.clear()
        clip = Clip(tmp_path / name, renderer=f"{__name__}:{name}", **CASES[case])
        rendered.append(list(_Counting.asked))
        made.append({file: (clip.folder / file).read_bytes() for file in FILES})
    shown = {row["source_frame"] for row in clip.rows}
    assert rendered[1] == list(range(clip.spec.n_frames))
    assert shown <= set(rendered[0]) < set(rendered[1]) and rendered[0] == sorted(rendered[0])
    if case == "recorder":
        assert set(rendered[0]) == shown
    assert [file for file in FILES if made[0][file] != made[1][file]] == []


def test_damage_is_seen_where_the_table_says_corrupt(tmp_path: Path) -> None:
    """The same stream with and without losses: pictures differ in the damaged slots, and nowhere else."""
    rough = {**CASES["smear"]["camera__stream"]}
    lossy = Clip(tmp_path / "lossy", camera__stream=rough, seed=5)
    clean = Clip(tmp_path / "clean", camera__stream={**rough, "loss": 0.0}, seed=5)
    assert all(row["delivery"] == "ok" for row in clean.rows)
    states = [row["delivery"] for row in lossy.rows]
    assert states.count("corrupt") > 5 and states.count("ok") > 5
    off = np.array([np.abs(a.astype(float) - b).mean() for a, b in zip(lossy.images, clean.images, strict=True)])
    damaged = np.array(states) == "corrupt"
    same = damaged | np.array(
        [a["source_frame"] != b["source_frame"] for a, b in zip(lossy.rows, clean.rows, strict=True)]
    )
    assert np.median(off[damaged]) > 2 * np.median(off[~same])


STREAMED: dict[str, Any] = {
    "schema": 1,
    "name": "streamed",
    "family": "range_drill",
    "environment": {"kind": "shoothouse_corridor"},
    "camera": {"path": {"kind": "advance"}, "stream": {"fades": 40, "loss": 0.3, "buffer": 0.2, "headroom": 1.2}},
    "weapon": {
        "kind": "training_pistol",
        "behaviour": [
            {"do": "low_ready", "for": 0.5},
            {"do": "aim", "for": 0.4},
            {"do": "fire", "shots": 2},
            {"do": "lower"},
        ],
    },
    "clip": {"duration": 4.0, "fps": 10, "size": [96, 54]},
    "variants": 2,
    "twins": [{"camera.stream": None}],
}


def test_streamed_clips_are_the_same_bytes_for_one_worker_and_two(tmp_path: Path) -> None:
    scene = tmp_path / "scene.yaml"
    scene.write_text(yaml.safe_dump(STREAMED, sort_keys=False))
    made = []
    for workers in (1, 2):
        out = tmp_path / str(workers)
        words = ["render", str(scene), "--out", str(out), "--workers", str(workers)]
        words += ["--renderer", "tests.analytic:AnalyticRenderer"]
        assert run(lambda words=words: app.main(args=words, standalone_mode=False)) == 0  # type: ignore[misc]
        assert check_dataset(out) == []
        made.append(
            {f"{clip.name}/{name}": (clip / name).read_bytes() for clip in (out / "clips").iterdir() for name in FILES}
        )
    assert made[0].keys() == made[1].keys() and len(made[0]) == 16
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []
