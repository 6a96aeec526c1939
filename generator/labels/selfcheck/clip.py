"""All checks of one clip directory."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from generator.dataset.store import CLIP_FILES
from generator.labels.selfcheck.inertial import check_inertial
from generator.labels.selfcheck.masks import MaskCheck, SubjectCheck
from generator.labels.selfcheck.motion import FlowCheck
from generator.labels.selfcheck.normals import NormalCheck
from generator.labels.selfcheck.outlines import OutlineCheck
from generator.labels.selfcheck.picture import ExposureCheck, WarpCheck
from generator.labels.selfcheck.report import Report
from generator.labels.selfcheck.sound import check_sound
from generator.labels.selfcheck.steps import ClipRecord, FrameCheck, steps
from generator.labels.selfcheck.tables import check_events, check_frames, check_tracks


def check_clip(folder: Path) -> Report:
    """Checks a clip directory; whatever is wrong with it, files that cannot be read included, becomes a fault."""
    report = Report()
    missing = [name for name in CLIP_FILES if not (folder / name).is_file()]
    for name in missing:
        report.expect(False, "files", f"{name} is missing")
    needed = {"clip.json", "frames.parquet", "objects.parquet", "labels.h5", "video.mp4"}
    if needed & set(missing):
        return report
    clip = _readable(report, "clip.json, frames.parquet", lambda: _record(folder, report))
    if clip is None or not _readable(report, "clip.json, frames.parquet", lambda: check_frames(clip)):
        return report
    _readable(report, "clip.json", lambda: check_tracks(clip))
    _readable(report, "clip.json, frames.parquet", lambda: check_events(clip))
    _readable(report, "video.mp4", lambda: check_sound(clip))
    if "imu.parquet" not in missing:
        _readable(report, "imu.parquet", lambda: check_inertial(clip))
    _readable(report, "labels.h5, objects.parquet, video.mp4", lambda: _check_frames(clip))
    return report


def _record(folder: Path, report: Report) -> ClipRecord:
    info = json.loads((folder / "clip.json").read_text("utf-8"))
    return ClipRecord(folder, info, pq.read_table(folder / "frames.parquet").to_pylist(), report)


def _check_frames(clip: ClipRecord) -> None:
    """Everything that is judged frame by frame, in one pass."""
    kinds: tuple[Callable[[ClipRecord], FrameCheck], ...] = (
        MaskCheck, SubjectCheck, FlowCheck, NormalCheck, OutlineCheck, ExposureCheck, WarpCheck,
    )  # fmt: skip
    checks = [kind(clip) for kind in kinds]
    for step in steps(clip):
        for check in checks:
            check.see(step)
    for check in checks:
        check.end()


def _readable(report: Report, names: str, work: Callable[[], Any]) -> Any:
    """What ``work`` returns; None, and a fault, where what it reads is damaged."""
    try:
        return work()
    except Exception as error:  # each library has errors of its own for what is damaged
        report.expect(False, "files", f"{names}: damaged ({type(error).__name__}: {error})")
        return None
