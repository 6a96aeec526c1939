"""``bodyworn check``: on data sets, copies and single clips; what it finds, and how it says so."""

import json
import shutil
from pathlib import Path

import fsspec
import h5py
import pytest
import yaml

from generator.cli import app, run
from generator.dataset import check

SCENE = {
    "schema": 1,
    "name": "checked",
    "family": "range_drill",
    "environment": {"kind": "shoothouse_corridor", "length": 10},
    "people": [{"role": "role_player"}],
    "camera": {"path": {"kind": "advance"}},
    "weapon": {
        "kind": "training_pistol",
        "behaviour": [{"do": "aim", "for": 0.3, "raise_time": 0.3}, {"do": "fire", "shots": 1}, {"do": "lower"}],
    },
    "clip": {"duration": 2.0, "fps": 10, "size": [64, 36]},
    "twins": [{"weapon.kind": "phone"}],
}


def _check(*words: object) -> int:
    return run(lambda: app.main(args=["check", *map(str, words)], standalone_mode=False))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data set of two clips."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "scene.yaml").write_text(yaml.safe_dump(SCENE))
    words = ["render", str(folder / "scene.yaml"), "--out", str(folder / "out"), "--in-process"]
    words += ["--renderer", "tests.analytic:AnalyticRenderer"]
    assert run(lambda: app.main(args=words, standalone_mode=False)) == 0
    return folder / "out"


@pytest.fixture
def spoilt(made: Path, tmp_path: Path) -> tuple[Path, str, str]:
    """A copy in which frame 7 of one clip has a pixel of a hand too many; the ids of the spoilt and of the good clip."""
    shutil.copytree(made, tmp_path / "out")
    bad, good = sorted(path.name for path in (tmp_path / "out" / "clips").iterdir())
    with h5py.File(tmp_path / "out" / "clips" / bad / "labels.h5", "r+") as dense:
        plane = dense["instance"][7]
        plane[0, 0] = 3
        dense["instance"][7] = plane
    return tmp_path / "out", bad, good


def test_good_clips_pass_wherever_they_are(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The data set, its clips without commits, the same without a data set around them, and one of them alone."""
    shutil.copytree(made / "clips", tmp_path / "copy" / "clips")
    one = next((made / "clips").iterdir())
    for place, clips in ((made, 2), (tmp_path / "copy", 2), (tmp_path / "copy" / "clips", 2), (one, 1)):
        assert _check(place, "--workers", 1) == 0
        assert capsys.readouterr().out == f"{place}: {clips} clip{'s' * (clips > 1)} checked, no faults\n"


def test_a_data_set_elsewhere_is_fetched(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    memory = fsspec.filesystem("memory")
    memory.put(str(made), "/check-elsewhere", recursive=True)
    try:
        assert _check("memory://check-elsewhere", "--workers", 1) == 0
        memory.rm(next(path for path in memory.find("/check-elsewhere/clips") if path.endswith("imu.parquet")))
        assert _check("memory://check-elsewhere", "--workers", 1) == 1
        assert "imu.parquet is missing" in capsys.readouterr().out
    finally:
        memory.rm("/check-elsewhere", recursive=True)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_line_names_clip_frame_and_track(
    workers: int, spoilt: tuple[Path, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    out, bad, good = spoilt
    assert _check(out, "--workers", workers) == 1
    said = capsys.readouterr().out
    assert f"{bad}: boxes: frame 7, track 3: box " in said
    assert f"{bad}: files: labels.h5 is not what was committed" in said
    assert good not in said
    assert "2 clips checked, " in said.splitlines()[-1] and " in 1 (" in said.splitlines()[-1]


def test_some_clips_and_json(spoilt: tuple[Path, str, str], capsys: pytest.CaptureFixture[str]) -> None:
    out, bad, good = spoilt
    assert _check(out, "--clips", good[:10]) == 0
    capsys.readouterr()
    assert _check(out, "--clips", f"{bad},{good}", "--json", "--workers", 1) == 1
    record = json.loads(capsys.readouterr().out)
    assert (record["clips"], record["faulty"]) == (2, 1)
    assert {fault["clip"] for fault in record["faults"]} == {bad}
    assert any((f["check"], f["frame"], f["track"]) == ("boxes", 7, 3) for f in record["faults"])
    stored = json.loads((out / "clips" / good / "clip.json").read_text())["quality_figures"]
    assert {**record["figures"][good], "faults": 0} == pytest.approx(stored)


@pytest.mark.parametrize(
    "name", ["labels.h5", "video.mp4", "clip.json", "frames.parquet", "objects.parquet", "imu.parquet"]
)
@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_file_is_a_fault_of_its_clip_and_the_others_are_checked(
    name: str, damage: str, made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    shutil.copytree(made, out)
    bad = sorted(path.name for path in (out / "clips").iterdir())[0]
    path = out / "clips" / bad / name
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:700])
    else:
        path.unlink()
    assert _check(out, "--workers", 1) == 1
    said = capsys.readouterr()
    assert f"{bad}: files: " in said.out and name in said.out and "2 clips checked" in said.out
    assert "Traceback" not in said.out + said.err


def test_a_committed_clip_whose_folder_is_gone_is_a_fault(
    spoilt: tuple[Path, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    out, bad, _ = spoilt
    shutil.rmtree(out / "clips" / bad)
    assert _check(out, "--workers", 1) == 1
    assert f"{bad}: files: the clip was committed, but its folder is missing" in capsys.readouterr().out


def test_bad_input_is_one_line(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x")
    for words in (
        (tmp_path / "empty",), (tmp_path / "file",), (tmp_path / "nowhere",), ("nosuch://x",), ("",), (made, "--clips", "zz"),
        (made, "--clips", ","), (made, "--workers", "0"), (),
    ):  # fmt: skip
        assert _check(*words) == 2, words
        said = capsys.readouterr()
        assert said.out == "" and said.err.startswith("error: ") and said.err.count("\n") == 1, words


def test_ctrl_c_ends_it(made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(_: check.Place) -> check.CheckedClip:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "check_place", interrupted)
    assert _check(made, "--workers", 1) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_control_characters_of_a_foreign_clip_do_not_reach_the_terminal(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(made / "clips", tmp_path / "clips")
    path = next((tmp_path / "clips").iterdir()) / "clip.json"
    info = json.loads(path.read_text())
    info["tracks"][0]["category"] = "\x1b[2Jgun"
    path.write_text(json.dumps(info))
    assert _check(tmp_path, "--workers", 1) == 1
    assert "\x1b" not in capsys.readouterr().out
