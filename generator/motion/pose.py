"""Rotations and poses as 4x4 matrices; x right, y forward, z up."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

OPENCV_FROM_BODY = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])
"""Columns are the camera's right, down and forward in body axes."""


def rotation(pitch: float = 0.0, roll: float = 0.0, yaw: float = 0.0) -> Array:
    """3x3 rotation: roll about forward, then pitch about right (up positive), then yaw about up (left positive)."""
    cp, sp, cr, sr, cy, sy = (f(a) for a in (pitch, roll, yaw) for f in (np.cos, np.sin))
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_y = np.array([[cr, 0, sr], [0, 1, 0], [-sr, 0, cr]])
    about_z = np.array([[cy, -sy, 0], [sy, cy, 0], [0, 0, 1]])
    return np.asarray(about_z @ about_x @ about_y)


def mixed(first: Array, second: Array, share: float) -> Array:
    """3x3 rotation ``share`` of the way from one to another, along the shortest turn."""
    between = first.T @ second
    angle = float(np.arccos(np.clip((np.trace(between) - 1) / 2, -1, 1)))
    axis = np.array([between[2, 1] - between[1, 2], between[0, 2] - between[2, 0], between[1, 0] - between[0, 1]])
    length = float(np.linalg.norm(axis))
    if angle < 1e-6 or length < 1e-9:
        return first
    x, y, z = axis / length
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(first @ (np.eye(3) + np.sin(share * angle) * k + (1 - np.cos(share * angle)) * (k @ k)))


def pose(turn: Array, origin: Array) -> Array:
    """4x4 matrix of a 3x3 rotation and an origin."""
    matrix = np.eye(4)
    matrix[:3, :3] = turn
    matrix[:3, 3] = origin
    return matrix
