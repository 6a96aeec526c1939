"""Silhouettes by arithmetic."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.camera import Pinhole
from generator.raster import NEAR, Grid, clipped, cover

QUAD = np.array([[0, 1, 2], [0, 2, 3]], np.int32)


def _square(width: float, distance: float) -> np.ndarray:
    h = width / 2
    return np.array([[-h, -h, distance], [h, -h, distance], [h, h, distance], [-h, h, distance]])


def test_a_square_2_m_away_and_1_m_wide_covers_what_similar_triangles_say():
    camera = Pinhole(640, 480, 480.0, 480.0, 320.0, 240.0)
    corners = camera.project(clipped(_square(1.0, 2.0), QUAD))
    mask = cover(corners, Grid(0.5, 0.5, 1.0, 640, 480))
    rows, columns = np.nonzero(mask)
    assert columns.max() + 1 - columns.min() == 240
    assert rows.max() + 1 - rows.min() == 240
    assert mask.sum() == 240 * 240


def test_what_is_behind_the_camera_is_cut_away():
    triangle = np.array([[0.0, 0, 1], [0.2, 0, -1], [-0.2, 0.1, 1]])
    pieces = clipped(triangle, np.array([[0, 1, 2]], np.int32))
    assert len(pieces) == 2
    assert pieces[..., 2].min() >= NEAR - 1e-9
    assert len(clipped(triangle - [0, 0, 5], np.array([[0, 1, 2]], np.int32))) == 0


@given(
    st.lists(st.tuples(st.floats(-20, 60), st.floats(-20, 60)), min_size=3, max_size=3),
    st.sampled_from([0.5, 1.0, 3.0]),
)
@settings(max_examples=60, deadline=None)
def test_cover_agrees_with_half_planes_tried_at_every_sample(points, step):
    grid = Grid(0.5, 0.5, step, 17, 13)
    corners = np.array([points])
    mask = cover(corners, grid)
    for j in range(grid.rows):
        for i in range(grid.columns):
            p = np.array([grid.x0 + i * step, grid.y0 + j * step])
            a, b, c = corners[0]
            sides = [np.cross(q - r, p - r) for r, q in ((a, b), (b, c), (c, a))]
            inside = all(s >= 0 for s in sides) or all(s <= 0 for s in sides)
            clear = min(abs(s) for s in sides) > 1e-6 and np.ptp(corners[0], axis=0).min() > 1e-6
            if clear:
                assert mask[j, i] == inside
