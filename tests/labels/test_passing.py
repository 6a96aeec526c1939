"""The self-check knows what is fast to the earth from what is fast to a place that moves."""

from typing import Any

import numpy as np
import pytest

from generator.camera import Pinhole
from generator.labels.selfcheck.geometry import CheckedGeometry

AHEAD = np.array([[1.0, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1]])
"""A camera that looks along +y, in OpenCV axes."""


def _row(travelled: float) -> dict[str, Any]:
    earth = np.eye(4)
    earth[0, 3] = travelled
    camera = dict.fromkeys(("T_world_camera_first", "T_world_camera", "T_world_camera_last"), AHEAD.ravel().tolist())
    places = dict.fromkeys(("T_earth_world_first", "T_earth_world", "T_earth_world_last"), earth.ravel().tolist())
    return {**camera, **places}


def _geometry(rows: list[dict[str, Any]]) -> CheckedGeometry:
    lens = Pinhole(160, 90, 100.0, 100.0, 80.0, 45.0)
    return CheckedGeometry({"intrinsics": lens.record()}, rows)


def test_what_is_fast_to_the_earth_goes_back_as_the_place_travels() -> None:
    """100 px focal length, 10 m ahead, 1 m to the right between frames: 10 px to the left; the place's own stays."""
    geometry = _geometry([_row(0.0), _row(1.0)])
    assert geometry.rides
    cells, depth = (np.array([44]), np.array([79])), np.array([10.0])
    assert geometry.flow(0, 1, cells, depth) == pytest.approx(np.zeros((1, 2)), abs=1e-9)
    assert geometry.passing(0, 1, cells, depth) == pytest.approx(np.array([[-10.0, 0.0]]), abs=0.01)
    assert geometry.passing(1, 0, cells, depth) == pytest.approx(np.array([[10.0, 0.0]]), abs=0.01)


def test_rows_of_before_there_were_rides_stand() -> None:
    rows = [{name: value for name, value in _row(0.0).items() if "camera" in name} for _ in range(2)]
    assert not _geometry(rows).rides
