"""A data set on any file system: whole clips, committed once, an index that can be made again, and reading back."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pyarrow.parquet as pq
import pytest

from generator import open_dataset
from generator.camera import Pinhole
from generator.dataset.clip_writer import ClipWriter
from generator.dataset.columns import INDEX
from generator.dataset.inertial import write_inertial
from generator.dataset.store import CLIP_FILES, DatasetMeta, Store
from generator.errors import UserError
from generator.frame import Exposures, Frame
from generator.labels.annotate import frame_row, object_rows
from generator.motion.build import build_timeline
from generator.sensor.inertial import inertial_record
from generator.sensor.video import VideoWriter
from tests.analytic import AnalyticRenderer
from tests.specs import corridor_spec

META = DatasetMeta(seed=3, quality="standard", scenarios={"probe": "d1"}, licence=None, assets=())
CLIP = "00000000000000a1"


@pytest.fixture(params=["memory", "file"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "file":
        yield str(tmp_path / "set")
        return
    address = f"memory://{tmp_path.name}/set"
    yield address
    memory = fsspec.filesystem("memory")
    if memory.exists(f"/{tmp_path.name}"):
        memory.rm(f"/{tmp_path.name}", recursive=True)


def _row(clip_id: str, **values: Any) -> dict[str, Any]:
    words = {"clip_id": clip_id, "status": "ok", "quality": "standard", "content_version": META.content_version}
    zero = {"string": "x", "bool": False, "int32": 1, "double": 1.0}
    return {**{field.name: zero[str(field.type)] for field in INDEX}, **words, **values}


def _fill(folder: Path, text: str) -> None:
    for name in CLIP_FILES:
        (folder / name).write_text(f"{text} {name}")


def _publish(store: Store, clip_id: str, text: str, **values: Any) -> bool:
    with store.staging(clip_id) as folder:
        _fill(folder, text)
        return store.publish(clip_id, folder, _row(clip_id, **values))


def _contents(store: Store) -> dict[str, bytes]:
    files = [path for path in store.fs.find(store.path()) if "dataset.json" not in path]
    return {path: store.fs.cat_file(path) for path in files}


def _faults(store: Store, clip_id: str) -> list[str]:
    """Files of a committed clip that are not those whose hashes were committed."""
    record = json.loads(store.fs.cat_file(store.path("commits", f"{clip_id}.json")))
    return [
        name
        for name, digest in record["files"].items()
        if hashlib.sha256(store.fs.cat_file(store.path("clips", clip_id, name))).hexdigest() != digest
    ]


def test_a_published_clip_is_whole_and_committed(url: str) -> None:
    store = Store.open_or_create(url, META)
    assert store.committed() == set()
    assert _publish(store, CLIP, "first")
    again = Store.open_or_create(url, META)
    assert again.committed() == {CLIP} and again.is_committed(CLIP)
    assert list(again.rows()) == [_row(CLIP)]
    assert sorted(path.rpartition("/")[2] for path in store.fs.find(store.path("clips", CLIP))) == sorted(CLIP_FILES)
    assert _faults(store, CLIP) == []


def test_the_second_publisher_changes_nothing(url: str) -> None:
    store = Store.open_or_create(url, META)
    assert _publish(store, CLIP, "first", render_s=1.0)
    before = _contents(store)
    assert not _publish(Store(url, META), CLIP, "second", render_s=2.0)
    assert _contents(store) == before


def test_a_publisher_that_is_overtaken_leaves_the_committed_clip_alone(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two drivers of one destination: the other commits between this one's look at the commits and its move."""
    slow, fast = Store.open_or_create(url, META), Store(url, META)
    move = Store._move_in
    published: list[bool] = []

    def overtaken(self: Store, clip_id: str, folder: Path) -> None:
        monkeypatch.setattr(Store, "_move_in", move)
        published.append(_publish(fast, clip_id, "first"))
        move(self, clip_id, folder)

    monkeypatch.setattr(Store, "_move_in", overtaken)
    published.append(_publish(slow, CLIP, "second"))
    assert sorted(published) == [False, True], "one of them made the clip"
    assert _faults(slow, CLIP) == []


def _text(store: Store, clip_id: str) -> str:
    text: bytes = store.fs.cat_file(store.path("clips", clip_id, "clip.json"))
    return text.decode()


def test_a_clip_that_was_moved_but_never_committed_is_replaced(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process died between the move and the commit."""
    store = Store.open_or_create(url, META)
    with monkeypatch.context() as patch, pytest.raises(OSError, match="power"):
        patch.setattr(store.fs, "pipe_file", _power_cut)
        _publish(store, CLIP, "half")
    assert store.committed() == set() and len(open_dataset(url)) == 0
    assert _publish(store, CLIP, "whole")
    assert _text(store, CLIP) == "whole clip.json" and _faults(store, CLIP) == []


def _power_cut(*_: Any, **__: Any) -> None:
    raise OSError("power cut")


def test_the_index_can_be_made_again_from_the_commits(url: str) -> None:
    store = Store.open_or_create(url, META)
    for number in (2, 0, 1):
        _publish(store, f"{number:016x}", "clip", variant=number, positive=number > 0, n_frames=10)
    store.quarantine(f"{7:016x}", {"a": 1}, _row(f"{7:016x}", status="quarantined", video_sha256=None), "why", "log")
    store.compact_index()
    before = store.fs.cat_file(store.path("index.parquet"))
    store.fs.rm(store.path("index.parquet"))
    Store.open_or_create(url, META).compact_index()
    assert store.fs.cat_file(store.path("index.parquet")) == before
    with store.fs.open(store.path("index.parquet")) as handle:
        table = pq.read_table(handle)
    assert table.schema.equals(INDEX)
    assert table.column("variant").to_pylist() == [0, 1, 2, 1]
    assert table.column("status").to_pylist() == ["ok"] * 3 + ["quarantined"]
    counts = json.loads(store.fs.cat_file(store.path("dataset.json")))["counts"]
    assert counts == {"clips": 3, "quarantined": 1, "frames": 30, "positive": 2}


def test_a_quarantined_clip_that_is_made_after_all_leaves_quarantine(url: str) -> None:
    store = Store.open_or_create(url, META)
    store.quarantine(CLIP, {}, _row(CLIP, status="quarantined"), "why", "log")
    assert not store.is_committed(CLIP)
    assert _publish(store, CLIP, "good")
    assert list(store.quarantined()) == []


def test_only_seed_quality_and_version_of_the_data_set_are_accepted(url: str) -> None:
    Store.open_or_create(url, META)
    for other, word in ((replace(META, seed=4), "seed 3"), (replace(META, quality="high"), "quality standard")):
        before = _contents(Store(url))
        with pytest.raises(UserError, match=word):
            Store.open_or_create(url, other)
        assert _contents(Store(url)) == before
    newer = replace(META, content_version=META.content_version + 1)
    with pytest.raises(UserError, match="content_version"):
        Store.open_or_create(url, newer)
    with pytest.raises(UserError, match="seed 3"):
        Store.open_or_create(url, replace(META, seed=4), rerender=True)
    _publish(Store(url, META), CLIP, "old")
    assert Store.open_or_create(url, newer, rerender=True).committed() == set()


def test_what_is_read_is_what_was_written(url: str) -> None:
    spec = corridor_spec(clip__duration=1.0, clip__size=[96, 64])
    timeline, n = build_timeline(spec), spec.n_frames
    exposures = Exposures(np.full(n, 0.01), np.ones(n), np.zeros(n))
    store = Store.open_or_create(url, META)
    frames: list[Frame] = []
    images = [_picture(k) for k in range(n)]
    wanted_rows, wanted_objects = [], []
    with store.staging(CLIP) as folder, AnalyticRenderer().open(spec, timeline, "standard") as rendering:
        tracks = {track.track_id: track for track in rendering.tracks}
        with (
            ClipWriter(folder, n, 96, 64) as writer,
            VideoWriter(folder / "video.mp4", 96, 64, 10.0, spec.device.encoder) as video,
        ):
            video.add_sound(np.zeros(48000, np.float32))
            for frame in rendering.frames(exposures, lambda _: None):
                objects = object_rows(frame, tracks, rendering.camera)
                row = frame_row(frame, spec, timeline, exposures, objects)
                writer.add(frame, row, objects)
                video.add(images[frame.index])
                frames.append(frame)
                wanted_rows.append({**row, "delivery": None})  # written where a clip is delivered
                wanted_objects.append(objects)
        (folder / "clip.json").write_text(json.dumps({"events": [{"type": "aiming"}]}))
        (folder / "preview.jpg").write_bytes(b"x")
        inertial = inertial_record(spec, timeline)
        write_inertial(folder / "imu.parquet", inertial)
        assert store.publish(CLIP, folder, _row(CLIP))
    dataset = open_dataset(url)
    assert [clip.id for clip in dataset] == [CLIP] and dataset[CLIP].events == [{"type": "aiming"}]
    with pytest.raises(KeyError):
        dataset["00000000000000a2"]
    imu = dataset[CLIP].imu()
    for name in ("t", "angular_velocity", "specific_force", "gyroscope", "accelerometer"):
        assert np.array_equal(getattr(imu, name), getattr(inertial, name))
    read = list(dataset[CLIP].frames)
    assert len(read) == n
    for k, (found, frame) in enumerate(zip(read, frames, strict=True)):
        assert found.index == k and found.row == wanted_rows[k]
        assert np.array_equal(found.instance, frame.instance)
        assert np.array_equal(found.depth, frame.depth.astype(np.float16))
        for name, nothing_there in (("flow_forward", k == n - 1), ("flow_backward", k == 0)):
            flow = getattr(found, name)
            if nothing_there:
                assert np.isnan(flow).all()
            else:
                assert np.array_equal(flow, getattr(frame, name).astype(np.float16), equal_nan=True)
        assert [o["track_id"] for o in found.objects] == [o["track_id"] for o in wanted_objects[k]]
        for one, other in zip(found.objects, wanted_objects[k], strict=True):
            assert one["box_visible"] == other["box_visible"]
            assert one["T_world_object"] == other["T_world_object"]
        noise = np.mean((found.image.astype(float) - images[k]) ** 2)
        others = min(np.mean((found.image.astype(float) - images[j]) ** 2) for j in range(n) if j != k)
        assert noise < 40 < others, "the picture of another frame"


def _picture(k: int) -> np.ndarray:
    """A smooth picture that is another for every frame."""
    rays = Pinhole.from_field_of_view(96, 64, 1.5).rays()
    picture = 128 + 90 * np.sin(4 * rays + 0.55 * k)
    return picture.astype(np.uint8)


def test_a_folder_without_a_data_set_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no data set"):
        open_dataset(str(tmp_path))
