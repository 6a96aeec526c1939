"""A clip directory read frame by frame: labels, tables and pictures side by side, a few frames in memory at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import h5py
import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy import ndimage

from generator.dataset.normals import SCALE
from generator.labels.selfcheck.geometry import CheckedGeometry
from generator.labels.selfcheck.report import Report
from generator.scenario.spec import ClipSpec
from generator.sensor.burnt import burnt_in
from generator.sensor.video import decoded_frames

Rows = list[dict[str, Any]]
Picture = NDArray[np.float32]

_SPREAD = 6
"""Pixels to which the filters of checks, and the codec, carry what is drawn over a picture."""

_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)  # ITU-R BT.709


@dataclass(frozen=True)
class ClipRecord:
    """What is known of a clip before its frames are read."""

    folder: Path
    info: dict[str, Any]
    rows: Rows
    report: Report = field(repr=False)

    @cached_property
    def tracks(self) -> dict[int, dict[str, Any]]:
        """The tracks of clip.json, by id."""
        return {track["track_id"]: track for track in self.info["tracks"]}

    @cached_property
    def geometry(self) -> CheckedGeometry:
        """The camera."""
        return CheckedGeometry(self.info, self.rows)

    @cached_property
    def drawn_over(self) -> NDArray[np.bool_]:
        """(H, W) pixels whose neighbourhood is covered by an overlay, a display or a letterbox bar."""
        return np.asarray(ndimage.binary_dilation(burnt_in(ClipSpec.from_tree(self.info["spec"])), iterations=_SPREAD))

    def of(self, *categories: str) -> list[int]:
        """Ids of the tracks of these categories."""
        return [number for number, track in self.tracks.items() if track["category"] in categories]


@dataclass(frozen=True)
class Planes:
    """Dense labels of one frame; ``normal`` is None where the clip has none."""

    instance: NDArray[np.uint16]
    depth: NDArray[np.float64]
    forward: NDArray[np.float64]
    backward: NDArray[np.float64]
    normal: NDArray[np.float64] | None


@dataclass(frozen=True)
class Step:
    """One frame with its neighbours.

    Attributes:
        index: of the frame.
        row: of frames.parquet.
        objects: rows of objects.parquet of this frame and of the next.
        here, before, after: dense labels; None beside the ends.
        pictures: luminance 0..255 of the frames -1 ... +2 from this one; None where there is none.
        image: (H, W, 3) uint8, this frame; None where the video is short.
    """

    index: int
    row: dict[str, Any]
    objects: tuple[Rows, Rows]
    here: Planes
    before: Planes | None
    after: Planes | None
    pictures: tuple[Picture | None, Picture | None, Picture | None, Picture | None]
    image: NDArray[np.uint8] | None


class FrameCheck(Protocol):
    """A check that looks at every frame, then judges."""

    def see(self, step: Step) -> None:
        """Looks at one frame."""

    def end(self) -> None:
        """Judges the clip."""


def steps(clip: ClipRecord) -> Iterator[Step]:
    """Every frame of a clip, in order. How many pictures there are is noted as a fault where they are not ``n_frames``."""
    n = clip.info["n_frames"]
    with h5py.File(clip.folder / "labels.h5", "r") as dense, pq.ParquetFile(clip.folder / "objects.parquet") as table:
        objects = _by_frame(table, n)
        images = _images(clip, n)
        planes: list[Planes | None] = [None, None, _planes(dense, 0)]
        rows: list[Rows] = [[], next(objects)]
        shown: list[NDArray[np.uint8] | None] = [None, next(images), next(images)]
        light: list[Picture | None] = [None, None, *map(_luminance, shown[1:])]
        for index in range(n):
            planes = [*planes[1:], _planes(dense, index + 1) if index + 1 < n else None]
            rows = [rows[1], next(objects, [])]
            shown = [*shown[1:], next(images)]
            light = [*light[1:], _luminance(shown[-1])]
            before, here, after = planes
            assert here is not None
            yield Step(
                index=index, row=clip.rows[index], objects=(rows[0], rows[1]), here=here, before=before, after=after,
                pictures=(light[0], light[1], light[2], light[3]), image=shown[0],
            )  # fmt: skip


def _images(clip: ClipRecord, n: int) -> Iterator[NDArray[np.uint8] | None]:
    """The pictures, then None without end."""
    count = 0
    for image in decoded_frames(clip.folder / "video.mp4"):
        if image.shape[:2] == (clip.info["height"], clip.info["width"]):
            # What a stream has damaged shows something else than its labels say.
            damaged = count < len(clip.rows) and clip.rows[count].get("delivery") == "corrupt"
            yield None if damaged else image
        else:
            size = f"{image.shape[1]}x{image.shape[0]}"
            clip.report.expect(False, "frames", f"the picture is {size}", frame=count)
            yield None
        count += 1
    clip.report.expect(count == n, "frames", f"the video has {count} frames, not {n}")
    while True:
        yield None


def _luminance(image: NDArray[np.uint8] | None) -> Picture | None:
    return None if image is None else np.asarray(image.astype(np.float32) @ _LUMINANCE)


def _planes(dense: Any, index: int) -> Planes:
    return Planes(
        dense["instance"][index],
        dense["depth"][index].astype(float),
        dense["flow_forward"][index].astype(float),
        dense["flow_backward"][index].astype(float),
        dense["normal"][index] / SCALE if "normal" in dense else None,
    )


def _by_frame(table: pq.ParquetFile, n_frames: int) -> Iterator[Rows]:
    """Rows of objects.parquet frame by frame; a long clip is not held at once."""
    here: Rows = []
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
