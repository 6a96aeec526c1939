"""Writes the tables and dense labels of one clip, frame by frame, so that memory does not grow with the clip."""

from pathlib import Path
from types import TracebackType
from typing import Any

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from generator.dataset.columns import FRAMES, OBJECTS
from generator.dataset.normals import SCALE, stored_normals
from generator.frame import Frame
from generator.origin import DIGITAL_SOURCE_TYPE, NOTICE

_ROWS = 256
"""Rows that are held before they are written: each is a few kilobytes of Python."""


class Table:
    """A parquet file that grows by rows and is written in groups."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd", write_statistics=True)
        self._rows: list[dict[str, Any]] = []

    def add(self, rows: list[dict[str, Any]]) -> None:
        """Takes rows; a group is written when enough have come together."""
        self._rows += rows
        while len(self._rows) >= _ROWS:
            self._write(self._rows[:_ROWS])
            self._rows = self._rows[_ROWS:]

    def close(self) -> None:
        """Writes what is left."""
        if self._rows:
            self._write(self._rows)
            self._rows = []
        self._writer.close()

    def _write(self, rows: list[dict[str, Any]]) -> None:
        self._writer.write_table(pa.Table.from_pylist(rows, schema=self._schema))


class ClipWriter:
    """frames.parquet, objects.parquet and labels.h5 of a clip. Use as a context manager."""

    def __init__(self, folder: Path, n_frames: int, width: int, height: int) -> None:
        self._n_frames = n_frames
        self._frames = Table(folder / "frames.parquet", FRAMES)
        self._objects = Table(folder / "objects.parquet", OBJECTS)
        self._dense = h5py.File(folder / "labels.h5", "w", track_order=True)
        self._dense.attrs["digital_source_type"] = DIGITAL_SOURCE_TYPE
        self._dense.attrs["notice"] = NOTICE
        plane = (height, width)
        self._create("instance", n_frames, plane, np.uint16)
        self._create("depth", n_frames, plane, np.float16)
        self._create("flow_forward", n_frames, (*plane, 2), np.float16)
        self._create("flow_backward", n_frames, (*plane, 2), np.float16)
        self._create("normal", n_frames, (*plane, 3), np.int8)
        self._dense["normal"].attrs["scale"] = SCALE

    def _create(self, name: str, n_frames: int, shape: tuple[int, ...], dtype: Any) -> None:
        self._dense.create_dataset(
            name, (n_frames, *shape), dtype, chunks=(1, *shape), compression="gzip", compression_opts=2, shuffle=True
        )

    def add(self, frame: Frame, row: dict[str, Any], objects: list[dict[str, Any]]) -> None:
        """Writes one frame. The first has no previous frame and the last no next one, so no flow there."""
        self._frames.add([row])
        self._objects.add(objects)
        self._dense["instance"][frame.index] = frame.instance
        # Overflow to inf is meant: beyond 65 km a surface is sky.
        with np.errstate(over="ignore"):
            self._dense["depth"][frame.index] = frame.depth.astype(np.float16)
            forward, backward = frame.flow_forward, frame.flow_backward
            if frame.index == self._n_frames - 1:
                forward = np.full_like(forward, np.nan)
            if frame.index == 0:
                backward = np.full_like(backward, np.nan)
            self._dense["flow_forward"][frame.index] = forward.astype(np.float16)
            self._dense["flow_backward"][frame.index] = backward.astype(np.float16)
        self._dense["normal"][frame.index] = stored_normals(frame.normal)

    def __enter__(self) -> "ClipWriter":
        """The writer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the files."""
        self._frames.close()
        self._objects.close()
        self._dense.close()
