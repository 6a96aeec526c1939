"""Where a clip's pixels look and where points are seen: the only place of the self-check that knows the lens and the shutter."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.camera import Carried, Path, PoseTrack, Readout, Still, lens_from

Array = NDArray[np.float64]
Cells = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Rows and columns of pixels, (n,) each."""

_STILL = np.eye(4).ravel().tolist()

_NEAREST = 0.05
"""Metres ahead of the lens from which a point is projected."""


class CheckedGeometry:
    """The camera of a clip, from the intrinsics of clip.json and the poses of frames.parquet.

    Nothing else of the self-check computes with intrinsics or poses, so another lens or shutter is made known here.

    Attributes:
        rides: whether the place moves against the earth.
    """

    def __init__(self, info: dict[str, Any], rows: list[dict[str, Any]]) -> None:
        """Takes ``clip.json`` and the rows of ``frames.parquet``, in order."""
        self._camera = lens_from(info["intrinsics"])
        self._rays = self._camera.rays()
        names = ("T_world_camera_first", "T_world_camera", "T_world_camera_last")
        self._poses = np.array([[row[name] for name in names] for row in rows], float).reshape(-1, 3, 4, 4)
        # Clips from before content_version 7 have none, and stand.
        places = [[row.get(name.replace("world_camera", "earth_world"), _STILL) for name in names] for row in rows]
        self._earth = np.linalg.inv(np.array(places, float).reshape(-1, 3, 4, 4))
        self.rides = bool(np.ptp(self._earth, axis=(0, 1)).max() > 0)

    def _readout(self, frame: int) -> Readout:
        return Readout(self._camera, self._poses[frame])

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the picture."""
        return self._camera.height, self._camera.width

    def rays(self, cells: Cells) -> Array:
        """Unit vectors (n, 3) in camera space through the centres of pixels."""
        return self._rays[cells]

    def surface(self, frame: int, cells: Cells, depth: Array) -> Array:
        """World points (n, 3) that pixels of a frame see at ``depth`` (n,) metres along their rays, as their rows are read."""
        readout = self._readout(frame)
        return readout.to_world(self.rays(cells) * depth[:, None], readout.phase_of(cells[0] + 0.5))

    def to_world(self, frame: int, cells: Cells, ways: Array) -> Array:
        """World directions (n, 3) of directions (n, 3) in camera axes, as the pixels' rows are read."""
        readout, phase = self._readout(frame), self._readout(frame).phase_of(cells[0] + 0.5)
        return readout.to_world(ways, phase) - readout.centre_at(phase)

    def seen(self, frame: int, path: Path) -> Array:
        """Pixels (n, 2), x and y, at which a frame sees world points; NaN where the camera does not face them."""
        pixels, local, _ = self._readout(frame).project(path)
        return np.where(local[:, 2:] > _NEAREST, pixels, np.nan)

    def passing(self, frame: int, other: int, cells: Cells, depth: Array) -> Array:
        """``flow`` of what is fast to the earth, by which the place goes."""
        return self.flow(frame, other, cells, depth, (self._earth[frame], self._earth[other]))

    def flow(self, frame: int, other: int, cells: Cells, depth: Array, carrier: tuple[Array, Array] | None = None) -> Array:
        """Displacement (n, 2) in pixels, right and down, of what pixels see, from one frame to another.

        Args:
            frame: the frame whose pixels they are.
            other: the frame to which they go.
            cells: the pixels.
            depth: (n,) metres along their rays.
            carrier: poses (3, 4, 4) of the thing that they are on while each of the two frames is read; None where it stands still.
        """
        points = self.surface(frame, cells, depth)
        path: Path = Still(points)
        if carrier is not None:
            here, there = (PoseTrack(poses) for poses in carrier)
            path = Carried(here.from_world(points, self._readout(frame).phase_of(cells[0] + 0.5)), there)
        return self.seen(other, path) - (np.stack([cells[1], cells[0]], -1) + 0.5)
