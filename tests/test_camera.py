"""Where things are while rows are read, and what a fisheye makes of straight edges: arithmetic, without Blender."""

import numpy as np
import pytest

from generator.camera import Carried, Fisheye, Pinhole, PoseTrack, Readout
from generator.render.labels import Instant, Mesh, Scan, truths
from generator.world.actor import Part, Placement

W, H = 640, 360
PINHOLE = Pinhole.from_field_of_view(W, H, 1.7)
FISHEYE = Fisheye.from_field_of_view(W, H, 2.5, (-0.0416667, 0.000520833, -0.0000031, 0.0), (0.01, 0.0))


def _still(lens):
    return Readout.still(lens, np.eye(4))


@pytest.mark.parametrize("lens", [PINHOLE, FISHEYE], ids=["rectilinear", "fisheye"])
@pytest.mark.parametrize("rows", [-150.0, 60.0, 150.0])
def test_a_thing_that_moves_fast_is_found_in_the_row_that_reads_it(lens, rows):
    """A point that crosses ``rows`` rows while a picture is read, as a weapon that is raised in a fifth of a second does."""
    poses = np.stack([np.eye(4)] * 3)
    for k, phase in enumerate((-1, 0, 1)):
        way = lens.directions(np.array([300.0, 150.0 + 0.5 * rows * phase]))
        poses[k, :3, 3] = 0.6 * way / way[2]
    (pixel,), _, (phase,) = _still(lens).project(Carried(np.zeros((1, 3)), PoseTrack(poses)))
    assert float(_still(lens).phase_of(pixel[1:])[0]) == pytest.approx(phase, abs=2 * 0.02 / H)
    place = poses[1, :3, 3] + abs(phase) * (poses[2 if phase > 0 else 0, :3, 3] - poses[1, :3, 3])
    assert pixel == pytest.approx(lens.project(place), abs=0.02)


def test_a_sheet_near_a_fisheye_is_held_by_its_amodal_box_though_its_edges_bow():
    """Two triangles at the rim: the box of their four corners would miss pixels."""
    corners = np.array([[0.45, -0.5, 0.35], [0.45, 0.5, 0.35], [1.0, 0.5, 0.6], [1.0, -0.5, 0.6]])
    mesh = Mesh(corners, np.array([[0, 1, 2], [0, 2, 3]], np.int32))
    along = np.linspace(0, 1, 4001)[:, None]
    outline = FISHEYE.project(
        np.concatenate([a + along * (b - a) for a, b in zip(corners, np.roll(corners, -1, 0), strict=True)])
    )
    low, high = outline.min(0), outline.max(0)
    plain = FISHEYE.project(corners)
    assert np.abs(np.r_[plain.min(0) - low, plain.max(0) - high]).max() > 3, "nothing bows"
    instant = Instant(0.0, np.eye(4), (Placement(np.eye(4)),))
    nothing = np.zeros((H, W), np.uint16)
    (truth,) = truths([Part(None, 400)], Scan((instant,) * 3), [mesh], _still(FISHEYE), nothing)
    x, y, width, height = truth.amodal_box
    assert (x, y, x + width, y + height) == pytest.approx((*low, *high), abs=0.15)
