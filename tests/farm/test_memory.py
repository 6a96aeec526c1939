"""Memory does not grow with the length of a clip."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

SCENE = {
    "schema": 1,
    "name": "long",
    "family": "range_drill",
    "environment": {"kind": "shoothouse_corridor"},
    "camera": {"path": {"kind": "advance"}},
    "weapon": {
        "kind": "training_pistol",
        "behaviour": [{"do": "low_ready", "for": 0.5}, {"do": "aim", "for": 0.4}, {"do": "fire", "shots": 2}],
    },
    "clip": {"duration": 2.4, "fps": 25, "size": [32, 32]},
}


def _peak_rss_mb(folder: Path, frames: int, stream: str) -> float:
    """Of a process of its own that makes one clip."""
    scene, out = folder / "scene.yaml", folder / f"out{frames}"
    scene.write_text(yaml.safe_dump(SCENE))
    command = [sys.executable, "-m", "generator.cli", "render", scene, "--out", out, "--in-process"]
    command += ["--set", f"clip.duration={frames / 25}", "--renderer", "tests.analytic:AnalyticRenderer"]
    command += ["--set", f"camera.stream={stream}"]
    # A process inherits the peak of the one that starts it through exec: a shell, small, stands in between.
    command = ["/bin/sh", "-c", '"$@"; exit $?', "sh", *command]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stderr + done.stdout
    (clip,) = (out / "clips").iterdir()
    info = json.loads((clip / "clip.json").read_text())
    assert info["n_frames"] == frames
    return float(info["timings"]["peak_rss_mb"])


@pytest.mark.parametrize("stream", ["null", "{fades: 30, loss: 0.2}"], ids=["recorded", "streamed"])
def test_a_clip_of_600_frames_takes_no_more_memory_than_one_of_60(stream: str, tmp_path: Path) -> None:
    short, long = _peak_rss_mb(tmp_path, 60, stream), _peak_rss_mb(tmp_path, 600, stream)
    assert short > 50, "not the peak of a process that has imported the pipeline"
    assert long == pytest.approx(short, rel=0.10)
