"""Pinhole projection in OpenCV axes: x right, y down, z forward; the centre of the first pixel is (0.5, 0.5)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Pinhole:
    """Intrinsics of a rectilinear camera, in pixels."""

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float

    @classmethod
    def from_field_of_view(cls, width: int, height: int, horizontal: float) -> "Pinhole":
        """Square pixels, principal point in the centre; ``horizontal`` field of view in radians."""
        focal = 0.5 * width / np.tan(0.5 * horizontal)
        return cls(width, height, focal, focal, 0.5 * width, 0.5 * height)

    def project(self, points: Array) -> Array:
        """Camera-space points (..., 3) in metres to pixels (..., 2). Meaningless for points with z <= 0."""
        with np.errstate(divide="ignore", invalid="ignore"):
            x = self.fx * points[..., 0] / points[..., 2] + self.cx
            y = self.fy * points[..., 1] / points[..., 2] + self.cy
        return np.stack([x, y], -1)

    def rays(self) -> Array:
        """Unit vectors (H, W, 3) in camera space through the centre of every pixel."""
        u = (np.arange(self.width) + 0.5 - self.cx) / self.fx
        v = (np.arange(self.height) + 0.5 - self.cy) / self.fy
        grid = np.stack([*np.meshgrid(u, v), np.ones((self.height, self.width))], -1)
        return grid / np.linalg.norm(grid, axis=-1, keepdims=True)

    def unproject(self, depth: Array) -> Array:
        """Distance along each pixel's ray (H, W) in metres to camera-space points (H, W, 3)."""
        return self.rays() * depth[..., None]

    @property
    def matrix(self) -> Array:
        """The 3x3 intrinsic matrix."""
        return np.array([[self.fx, 0, self.cx], [0, self.fy, self.cy], [0, 0, 1.0]])


def to_camera(points: Array, T_world_camera: Array) -> Array:
    """World points (..., 3) to camera space, given the 4x4 camera-to-world matrix."""
    return (points - T_world_camera[:3, 3]) @ T_world_camera[:3, :3]
