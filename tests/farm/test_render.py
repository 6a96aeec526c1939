"""From scenario files to a data set, by the command line: complete, repeatable, and honest about what failed."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from generator.camera import Pinhole
from generator.cli import app, run
from generator.farm import forecast
from generator.frame import Exposures, Frame
from generator.motion.timeline import Timeline
from generator.scenario.plan import load_sources, plan
from generator.scenario.spec import ClipSpec
from tests.analytic import AnalyticRenderer, AnalyticRendering
from tests.section5 import check_dataset

LABELS = ("frames.parquet", "objects.parquet", "labels.h5", "video.mp4")

PISTOL: dict[str, Any] = {
    "schema": 1,
    "name": "pistol",
    "family": "range_drill",
    "environment": {"kind": "shoothouse_corridor", "length": 10},
    "people": [{"role": "role_player"}],
    "camera": {"path": {"kind": "advance"}},
    "weapon": {
        "kind": "training_pistol",
        "behaviour": [
            {"do": "low_ready", "for": 0.3},
            {"do": "aim", "for": 0.3, "raise_time": 0.3},
            {"do": "fire", "shots": 2, "interval": 0.3},
            {"do": "lower"},
        ],
    },
    "clip": {"duration": 2.4, "fps": 10, "size": [64, 36]},
    "twins": [{"weapon.kind": "phone"}],
}
TORCH: dict[str, Any] = {
    **PISTOL,
    "name": "torch",
    "family": "negative",
    "camera": {"path": {"kind": "static"}, "mount": "helmet"},
    "weapon": {"kind": "torch", "behaviour": [{"do": "low_ready", "for": 0.5}, {"do": "aim", "for": 0.5}]},
    "clip": {"duration": 2.0, "fps": 12.5, "size": [96, 54]},
    "twins": [],
}


# Renderers that do something wrong. Ray's workers import this module as well.


class Interrupted(AnalyticRenderer):
    """Somebody presses Ctrl-C in the middle of the second clip."""

    opened: ClassVar[list[str]] = []

    def open(self, spec: ClipSpec, timeline: Timeline, quality: str) -> AnalyticRendering:
        self.opened.append(spec.canonical())
        return _InterruptedRendering(spec, timeline) if len(self.opened) == 2 else AnalyticRendering(spec, timeline)


class _InterruptedRendering(AnalyticRendering):
    def frames(
        self, exposures: Exposures, report: Callable[[float], None], wanted: Sequence[int] | None = None
    ) -> Iterator[Frame]:
        for frame in super().frames(exposures, report, wanted):
            if frame.index == 7:
                raise KeyboardInterrupt
            yield frame


class Deadly(AnalyticRenderer):
    """The pistol of variant 1 takes its process down, as a crash inside the engine does."""

    def open(self, spec: ClipSpec, timeline: Timeline, quality: str) -> AnalyticRendering:
        if spec.variant == 1 and spec.weapon is not None and spec.weapon.kind == "training_pistol":
            os._exit(1)
        return AnalyticRendering(spec, timeline)


class _Spoiling(AnalyticRendering):
    """Hands on frames with a fault in them."""

    def frames(
        self, exposures: Exposures, report: Callable[[float], None], wanted: Sequence[int] | None = None
    ) -> Iterator[Frame]:
        return map(self.spoil, super().frames(exposures, report, wanted))

    def spoil(self, frame: Frame) -> Frame:
        raise NotImplementedError


class _Spoiler(AnalyticRenderer):
    rendering: ClassVar[type[AnalyticRendering]]

    def open(self, spec: ClipSpec, timeline: Timeline, quality: str) -> AnalyticRendering:
        return self.rendering(spec, timeline)


class WrongFlow(_Spoiler):
    class rendering(_Spoiling):  # noqa: N801
        def spoil(self, frame: Frame) -> Frame:
            return replace(frame, flow_forward=frame.flow_forward * np.float32(1.15))


class ShiftedInstance(_Spoiler):
    class rendering(_Spoiling):  # noqa: N801
        def spoil(self, frame: Frame) -> Frame:
            return replace(frame, instance=np.roll(frame.instance, 4, 1))


class MissingRow(_Spoiler):
    class rendering(_Spoiling):  # noqa: N801
        def spoil(self, frame: Frame) -> Frame:
            rows = frame.objects if frame.index != 11 else tuple(o for o in frame.objects if o.track_id != 1)
            return replace(frame, objects=rows)


class WrongDepth(_Spoiler):
    class rendering(_Spoiling):  # noqa: N801
        def spoil(self, frame: Frame) -> Frame:
            return replace(frame, depth=frame.depth * np.float32(1.05))


class WrongFocalLength(_Spoiler):
    class rendering(_Spoiling):  # noqa: N801
        """Pictures and labels of another lens than clip.json says."""

        def __init__(self, spec: ClipSpec, timeline: Timeline) -> None:
            super().__init__(spec, timeline)
            self._true = self.camera

        def frames(
            self, exposures: Exposures, report: Callable[[float], None], wanted: Sequence[int] | None = None
        ) -> Iterator[Frame]:
            c = self._true
            said = Pinhole(c.width, c.height, c.fx * 1.06, c.fy * 1.06, c.cx, c.cy)
            for frame in AnalyticRendering.frames(self, exposures, report, wanted):
                self.camera = said
                yield frame
                self.camera = self._true
            self.camera = said


# Helpers


def _scene(folder: Path, tree: dict[str, Any], **changes: Any) -> Path:
    path = folder / f"{tree['name']}.yaml"
    path.write_text(yaml.safe_dump({**tree, **changes}, sort_keys=False))
    return path


def _render(*arguments: object, renderer: str = "tests.analytic:AnalyticRenderer") -> int:
    """Exit code of ``bodyworn render``; without Ray unless workers are named."""
    words = ["render", *map(str, arguments), "--renderer", renderer]
    if "--workers" not in words:
        words.append("--in-process")
    return run(lambda: app.main(args=words, standalone_mode=False))


def _own(name: str) -> str:
    return f"{__name__}:{name}"


def _bytes(out: Path) -> dict[str, bytes]:
    return {f"{clip.name}/{name}": (clip / name).read_bytes() for clip in (out / "clips").iterdir() for name in LABELS}


def _tree(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Every file and folder with what changes when it is touched."""
    found = {}
    for path in (folder, *folder.rglob("*")):
        stat = path.stat()
        found[str(path)] = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
    return found


def _index(out: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(out / "index.parquet").to_pylist()
    return rows


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path]]:
    """A data set of two scenarios, with twins, made in this process; and its scenario files."""
    folder = tmp_path_factory.mktemp("made")
    scenes = [_scene(folder, PISTOL, variants=2), _scene(folder, TORCH)]
    assert _render(*scenes, "--out", folder / "out") == 0
    return folder / "out", scenes


# What a data set is


def test_a_data_set_is_what_the_design_says(made: tuple[Path, list[Path]]) -> None:
    out, _ = made
    assert check_dataset(out) == []
    rows = {row["clip_id"]: row for row in _index(out)}
    assert sorted(row["weapon_kind"] for row in rows.values()) == ["phone"] * 2 + ["torch"] + ["training_pistol"] * 2
    for row in rows.values():
        assert row["positive"] == row["discharge"] == (row["weapon_kind"] == "training_pistol")
        if row["weapon_kind"] == "phone":
            assert rows[row["twin_of"]]["weapon_kind"] == "training_pistol"
            assert rows[row["twin_of"]]["variant"] == row["variant"]


def _resized_box(clip: Path) -> None:
    path = clip / "objects.parquet"
    table = pq.read_table(path)
    boxes = table.column("box_visible").to_pylist()
    first = next(i for i, box in enumerate(boxes) if box)
    boxes[first][2] += 1
    where = table.column_names.index("box_visible")
    pq.write_table(table.set_column(where, "box_visible", pa.array(boxes, pa.list_(pa.float32()))), path)


def _without_a_row(clip: Path) -> None:
    path = clip / "objects.parquet"
    table = pq.read_table(path)
    first = next(i for i, pixels in enumerate(table.column("visible_px").to_pylist()) if pixels)
    pq.write_table(pa.concat_tables([table[:first], table[first + 1 :]]), path)


def _wider_type(clip: Path) -> None:
    path = clip / "frames.parquet"
    table = pq.read_table(path)
    where = table.column_names.index("frame")
    pq.write_table(table.set_column(where, "frame", table.column("frame").cast(pa.int64())), path)


def _painted(clip: Path) -> None:
    with h5py.File(clip / "labels.h5", "r+") as dense:
        plane = dense["instance"][3]
        plane[:2, :2] = 77
        dense["instance"][3] = plane


def _late_state(clip: Path) -> None:
    info = json.loads((clip / "clip.json").read_text())
    state = next(e for e in info["events"] if e["type"] == "aiming")
    state["start"] += 0.001
    (clip / "clip.json").write_text(json.dumps(info))


def _silent_about_its_origin(clip: Path) -> None:
    text = (clip / "video.mp4").read_bytes()
    (clip / "video.mp4").write_bytes(text.replace(b"digitalCreation", b"digitalCapture_"))


VANDALS = {
    "a box a pixel wide of its mask": (_resized_box, "box_visible"),
    "a visible track without a row": (_without_a_row, "has no row"),
    "a column of another type": (_wider_type, "columns are not those"),
    "a value in the masks that is no track": (_painted, "track 77"),
    "a gap between two weapon states": (_late_state, "do not tile"),
    "a video that does not say it is synthetic": (_silent_about_its_origin, "does not say that it is synthetic"),
}


@pytest.mark.parametrize("name", VANDALS)
def test_the_checker_of_these_tests_finds(name: str, made: tuple[Path, list[Path]], tmp_path: Path) -> None:
    spoil, said = VANDALS[name]
    out = tmp_path / "out"
    shutil.copytree(made[0], out)
    clip = next(row["clip_id"] for row in _index(out) if row["positive"])
    spoil(out / "clips" / clip)
    assert any(clip in fault and said in fault for fault in check_dataset(out))


def test_a_state_that_begins_a_hair_after_a_frame_does_not_cover_it(tmp_path: Path) -> None:
    """0.78 + 1.5 + 1.5 is a rounding error more than 3.78, which is when frame 94 of 25 a second is shown."""
    steps = [
        {"do": "low_ready", "for": 0.78},
        {"do": "aim", "for": 1.5, "raise_time": 1.5},
        {"do": "lower", "for": 0.3},
    ]
    assert 0.78 + 1.5 + 1.5 > (94 + 0.5) / 25
    scene = _scene(
        tmp_path,
        PISTOL,
        weapon={"kind": "training_pistol", "behaviour": steps},
        clip={"duration": 4.2, "fps": 25, "size": [32, 32]},
        twins=[],
    )
    assert _render(scene, "--out", tmp_path / "out") == 0
    assert check_dataset(tmp_path / "out") == []


# The same clips however they are made


def test_labels_do_not_depend_on_workers_or_order(made: tuple[Path, list[Path]], tmp_path: Path) -> None:
    """In this process, and by two workers from the last scene to the first; by one worker: see the next test."""
    out, scenes = made
    other = tmp_path / "out"
    assert _render(*scenes[::-1], "--out", other, "--workers", 2) == 0
    assert check_dataset(other) == []
    wanted, found = _bytes(out), _bytes(other)
    assert found.keys() == wanted.keys()
    assert [name for name in wanted if found[name] != wanted[name]] == []


def test_a_clip_that_kills_its_worker_is_quarantined_and_the_others_are_made(
    made: tuple[Path, list[Path]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The only worker is replaced each time, and what it makes afterwards is what it would have made anyway."""
    out = tmp_path / "out"
    assert _render(*made[1], "--out", out, "--workers", 1, renderer=_own("Deadly")) == 3
    assert check_dataset(out) == []
    rows = _index(out)
    assert len(rows) == 5
    (lost,) = [row for row in rows if row["status"] == "quarantined"]
    assert (lost["variant"], lost["weapon_kind"]) == (1, "training_pistol")
    assert "died 3 times" in (out / "quarantine" / lost["clip_id"] / "reason.txt").read_text()
    assert lost["clip_id"] in capsys.readouterr().out
    wanted = {name: text for name, text in _bytes(made[0]).items() if not name.startswith(lost["clip_id"])}
    found = _bytes(out)
    assert found.keys() == wanted.keys()
    assert [name for name in wanted if found[name] != wanted[name]] == []


def test_quality_changes_neither_ids_nor_labels_and_rerender_replaces(
    made: tuple[Path, list[Path]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    standard, scenes = made
    out = tmp_path / "out"
    assert _render(*scenes, "--out", out, "--quality", "preview") == 0
    labels = {name: text for name, text in _bytes(standard).items() if not name.endswith("mp4")}
    assert labels == {name: text for name, text in _bytes(out).items() if not name.endswith("mp4")}
    assert {row["quality"] for row in _index(out)} == {"preview"}

    before = _tree(out)
    capsys.readouterr()
    assert _render(*scenes, "--out", out) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and "preview" in error and "--rerender" in error
    assert _tree(out) == before

    assert _render(*scenes, "--out", out, "--rerender") == 0
    assert check_dataset(out) == []
    assert {row["quality"] for row in _index(out)} == {"standard"}
    after = _tree(out)
    videos = [name for name in before if name.endswith("video.mp4")]
    assert len(videos) == 5 and all(after[name][:2] != before[name][:2] for name in videos)


# Again, and after an interruption


def test_a_second_run_renders_nothing(made: tuple[Path, list[Path]], capsys: pytest.CaptureFixture[str]) -> None:
    out, scenes = made
    before = _tree(out / "clips") | _tree(out / "commits")
    index = _index(out)
    assert _render(*scenes, "--out", out, renderer=_own("Deadly")) == 0  # nobody asks the renderer
    assert _tree(out / "clips") | _tree(out / "commits") == before
    assert _index(out) == index
    assert "0 clips rendered" in capsys.readouterr().out


def test_an_interrupted_run_leaves_whole_clips_and_continues(tmp_path: Path) -> None:
    scene, out = _scene(tmp_path, PISTOL, variants=2), tmp_path / "out"
    Interrupted.opened.clear()
    assert _render(scene, "--out", out, renderer=_own("Interrupted")) == 130
    assert check_dataset(out) == []
    (first,) = _index(out)
    assert not any((out / ".staging").glob("*"))
    before = _tree(out / "clips" / first["clip_id"])
    assert _render(scene, "--out", out) == 0
    assert check_dataset(out) == []
    assert len(_index(out)) == 4
    assert _tree(out / "clips" / first["clip_id"]) == before


def test_what_dead_processes_left_in_staging_is_removed_and_what_others_work_on_is_not(tmp_path: Path) -> None:
    scene, out = _scene(tmp_path, PISTOL, twins=[]), tmp_path / "out"
    assert _render(scene, "--out", out) == 0
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    host = socket.gethostname()
    owners = {"dead": f"{host}-{gone.pid}", "alive": f"{host}-{os.getpid()}", "elsewhere": f"another-host-{gone.pid}"}
    folders = {name: out / ".staging" / f"0123456789abcdef-{owner}-a_b1" for name, owner in owners.items()}
    for folder in folders.values():
        folder.mkdir(parents=True)
        (folder / "video.mp4").write_bytes(b"half")
    assert _render(scene, "--out", out) == 0
    assert {name for name, folder in folders.items() if folder.exists()} == {"alive", "elsewhere"}


# What goes wrong


FAULTS = {
    "WrongFlow": "background flow",
    "ShiftedInstance": "amodal box",
    "MissingRow": "frame 11, track 1: visible, but has no row",
    "WrongDepth": "background flow",
    "WrongFocalLength": "background flow",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_quarantined_with_a_reason_that_names_the_frame(fault: str, tmp_path: Path) -> None:
    camera = {"path": {"kind": "advance", "speed": 1.4}, "mount": "chest"}
    scene = _scene(tmp_path, PISTOL, camera=camera, clip={"duration": 2.4, "fps": 10, "size": [96, 54]}, twins=[])
    out = tmp_path / "out"
    assert _render(scene, "--out", out, renderer=_own(fault)) == 3
    assert check_dataset(out) == []
    (row,) = _index(out)
    assert row["status"] == "quarantined"
    reason = (out / "quarantine" / row["clip_id"] / "reason.txt").read_text()
    assert "frame " in reason and FAULTS[fault] in reason
    assert json.loads((out / "quarantine" / row["clip_id"] / "spec.json").read_text())["spec"]["scenario"] == "pistol"
    # Once the fault is gone, the same run mends the data set.
    assert _render(scene, "--out", out) == 0
    assert check_dataset(out) == []
    assert [r["status"] for r in _index(out)] == ["ok"]


def test_a_clip_that_was_there_stays_when_its_rerender_fails(tmp_path: Path) -> None:
    scene, out = _scene(tmp_path, PISTOL, twins=[]), tmp_path / "out"
    assert _render(scene, "--out", out, "--quality", "preview") == 0
    assert _render(scene, "--out", out, "--rerender", renderer=_own("MissingRow")) == 3
    assert check_dataset(out) == []


@pytest.mark.parametrize("place", ["a file", "something else", "inside a file", "another seed"])
def test_a_wrong_destination_is_one_line_and_nothing_is_written(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene, out = _scene(tmp_path, PISTOL, twins=[]), tmp_path / "out"
    asked: tuple[object, ...] = (scene, "--out", out)
    if place in ("a file", "inside a file"):
        out.write_text("precious")
        asked = (scene, "--out", out / "deeper") if place == "inside a file" else asked
    elif place == "something else":
        out.mkdir()
        (out / "holiday.jpg").write_text("precious")
    else:
        assert _render(scene, "--out", out, "--seed", 1) == 0
    capsys.readouterr()
    before = _tree(tmp_path)
    assert _render(*asked) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and str(asked[2]) in error and "allowed" in error
    assert _tree(tmp_path) == before


DAMAGE = {
    "dataset.json": ["[]", "null", '{"seed": 0}', "[" * 50_000],
    "commits": ["[]", "null", "{}", '{"row": null}', '{"row": {"clip_id": "x", "n_frames": "y"}}'],
}


@pytest.mark.parametrize(("file", "text"), [(file, text) for file, texts in DAMAGE.items() for text in texts])
def test_a_damaged_file_of_the_data_set_is_named(
    file: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene, out = _scene(tmp_path, PISTOL, twins=[]), tmp_path / "out"
    assert _render(scene, "--out", out) == 0
    damaged = out / file if file.endswith(".json") else next((out / file).iterdir())
    damaged.write_text(text)
    capsys.readouterr()
    before = _tree(tmp_path)
    assert _render(scene, "--out", out) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and str(damaged) in error and "damaged" in error
    assert _tree(tmp_path) == before


def test_a_clip_whose_folder_is_gone_is_made_again(tmp_path: Path) -> None:
    scene, out = _scene(tmp_path, PISTOL, twins=[]), tmp_path / "out"
    assert _render(scene, "--out", out) == 0
    shutil.rmtree(out / "clips")
    assert _render(scene, "--out", out) == 0
    assert check_dataset(out) == []
    assert [row["status"] for row in _index(out)] == ["ok"]


def test_a_cluster_that_does_not_answer_is_said_at_once_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene, out = _scene(tmp_path, PISTOL, twins=[]), tmp_path / "out"
    with socket.socket() as taken:  # bound but not listening: the connection is refused
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert _render(scene, "--out", out, "--address", address, "--workers", 1) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and address in error and not out.exists()


def test_a_plan_of_many_variants_counts_the_clips_that_will_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the day clips have a twin at night; the night clips' twin is the clip itself."""
    times = {"kind": "shoothouse_corridor", "time": {"choice": ["day", "night"]}}
    scene = _scene(tmp_path, PISTOL, environment=times, twins=[{"environment.time": "night"}], variants=60)
    exact = len(list(plan(load_sources([scene]), 0)))
    assert 75 < exact < 105
    monkeypatch.setattr(forecast, "MOST_COUNTED", 40)
    said = forecast.plan_text([scene], seed=0, variants=None, overrides={}, quality=None).split()
    assert said[:1] == ["about"] and abs(int(said[1]) - exact) < 0.25 * exact
