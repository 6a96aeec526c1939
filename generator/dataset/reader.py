"""Reading a data set: clips and frames with their labels."""

import json
import posixpath
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import fsspec
import h5py
import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from generator.camera import Lens, Readout, Still, lens_from
from generator.dataset.inertial import Imu, imu_of
from generator.dataset.normals import normals_of
from generator.dataset.store import Store
from generator.errors import UserError
from generator.sensor.video import decoded_frames


@dataclass(frozen=True)
class LabelledFrame:
    """One frame as it was recorded, with its labels (shapes and units: docs/DESIGN.md, section 5).

    ``normal`` are unit vectors, or zero where there is no surface; None where the clip has none (before content_version 6).
    """

    index: int
    image: NDArray[np.uint8]
    instance: NDArray[np.uint16]
    depth: NDArray[np.float16]
    flow_forward: NDArray[np.float16]
    flow_backward: NDArray[np.float16]
    normal: NDArray[np.float32] | None
    row: dict[str, Any]
    objects: list[dict[str, Any]]


@dataclass(frozen=True)
class Clip:
    """One clip of a data set; files are read when they are asked for."""

    id: str
    url: str

    @cached_property
    def info(self) -> dict[str, Any]:
        """clip.json."""
        with self._open("clip.json") as handle:
            record: dict[str, Any] = json.load(handle)
        return record

    @property
    def events(self) -> list[dict[str, Any]]:
        """Weapon states, shots, flashes and people's actions."""
        events: list[dict[str, Any]] = self.info["events"]
        return events

    @cached_property
    def frame_rows(self) -> list[dict[str, Any]]:
        """frames.parquet, one mapping a frame."""
        with self._open("frames.parquet") as handle:
            rows: list[dict[str, Any]] = pq.read_table(handle).to_pylist()
        return rows

    @cached_property
    def object_rows(self) -> list[dict[str, Any]]:
        """objects.parquet, one mapping a (frame, track)."""
        with self._open("objects.parquet") as handle:
            rows: list[dict[str, Any]] = pq.read_table(handle).to_pylist()
        return rows

    @cached_property
    def lens(self) -> Lens:
        """The lens, from ``clip.json.intrinsics``."""
        return lens_from(self.info["intrinsics"])

    def frame_at(self, t: float) -> int:
        """The frame that is shown at a time in seconds, [0, duration)."""
        return int(np.clip(np.floor(t * self.info["fps"]), 0, self.info["n_frames"] - 1))

    def readout(self, t: float) -> Readout:
        """The camera while the rows of the frame that is shown at ``t`` were read."""
        row = self.frame_rows[self.frame_at(t)]
        names = ("T_world_camera_first", "T_world_camera", "T_world_camera_last")
        return Readout(self.lens, np.stack([np.reshape(row[name], (4, 4)) for name in names]))

    def project(self, points: NDArray[np.float64], t: float) -> NDArray[np.float64]:
        """Pixels (..., 2) at which world points (..., 3) that stand still are in the frame shown at ``t``; NaN behind the camera.

        Under a rolling shutter a point is where it is as its own row is read.
        """
        points = np.asarray(points, float)
        pixels, local, _ = self.readout(t).project(Still(points))
        return np.where(local[..., 2:] > 0, pixels, np.nan)

    def unproject(self, pixels: NDArray[np.float64], depth: NDArray[np.float64], t: float) -> NDArray[np.float64]:
        """World points (..., 3) at distances ``depth`` (...,) along the rays of pixels (..., 2) of the frame shown at ``t``."""
        pixels, readout = np.asarray(pixels, float), self.readout(t)
        return readout.to_world(
            self.lens.directions(pixels) * np.asarray(depth)[..., None], readout.phase_of(pixels[..., 1])
        )

    def imu(self) -> Imu:
        """imu.parquet: gyroscope and accelerometer at 200 Hz.

        Raises:
            UserError: the clip has none (it was made by a version before content_version 5).
        """
        try:
            with self._open("imu.parquet") as handle:
                return imu_of(handle)
        except FileNotFoundError as error:
            raise UserError(
                f"{self.url}: clip {self.id} has no imu.parquet; allowed: clips of content_version 5 or later"
            ) from error

    @property
    def frames(self) -> Iterator[LabelledFrame]:
        """Every frame in order; the video is decoded on the way."""
        objects: dict[int, list[dict[str, Any]]] = {}
        for row in self.object_rows:
            objects.setdefault(row["frame"], []).append(row)
        with ExitStack() as stack:
            dense = stack.enter_context(h5py.File(stack.enter_context(self._open("labels.h5")), "r"))
            video = stack.enter_context(self._open("video.mp4"))
            for row, image in zip(self.frame_rows, decoded_frames(video), strict=True):
                index = row["frame"]
                planes = {name: dense[name][index] for name in ("instance", "depth", "flow_forward", "flow_backward")}
                normal = normals_of(dense["normal"][index]) if "normal" in dense else None
                here = objects.get(index, [])
                yield LabelledFrame(index=index, image=image, row=row, objects=here, normal=normal, **planes)

    def _open(self, name: str) -> Any:
        return fsspec.open(posixpath.join(self.url, "clips", self.id, name), "rb").open()


@dataclass(frozen=True)
class Dataset:
    """A data set; iterate it for its clips."""

    url: str
    index: tuple[dict[str, Any], ...]

    def __len__(self) -> int:
        return len(self.index)

    def __iter__(self) -> Iterator[Clip]:
        return (Clip(row["clip_id"], self.url) for row in self.index)

    def __getitem__(self, clip_id: str) -> Clip:
        if all(row["clip_id"] != clip_id for row in self.index):
            raise KeyError(f"{clip_id}: no such clip in {self.url}")
        return Clip(clip_id, self.url)


def open_dataset(url: str) -> Dataset:
    """Opens the data set at a folder or fsspec URL; its clips are those that are committed.

    Raises:
        UserError: there is no data set.
    """
    store = Store(str(url))
    if not store.fs.exists(store.path("dataset.json")):
        raise UserError(f"{url}: no data set (no dataset.json); allowed: what `bodyworn render --out` made")
    return Dataset(str(url), tuple(sorted(store.rows(), key=lambda row: str(row["clip_id"]))))
