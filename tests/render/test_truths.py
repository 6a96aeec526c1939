"""Boxes, areas and occluders of projected meshes against arithmetic; no Blender."""

import numpy as np
import pytest

from generator.camera import Fisheye, Pinhole
from generator.raster import Grid, bowed, clipped, cover
from generator.render.labels import Instant, Mesh, Scan, truths
from generator.world.actor import Part, Placement

W, H = 320, 180
LENSES = {
    "rectilinear": Pinhole.from_field_of_view(W, H, 1.5),
    "fisheye": Fisheye.from_field_of_view(W, H, np.radians(150), (-0.04, 0.005, 0.0, 0.0)),
}
CUBE = Mesh(
    np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float),
    np.array([(0, 1, 3), (0, 3, 2), (4, 6, 7), (4, 7, 5), (0, 4, 5), (0, 5, 1), (2, 3, 7), (2, 7, 6), (0, 2, 6), (0, 6, 4),
              (1, 5, 7), (1, 7, 3)], np.int32),
)  # fmt: skip
NEAR, FAR, WALL = 7, 9, 0


def _cast(lens, boxes):
    """(H, W) track of the nearest box, by slabs; boxes are (track, centre, half sizes) and the camera looks along z."""
    rays = lens.rays()
    instance, depth = np.zeros((H, W), np.uint16), np.full((H, W), np.inf)
    for track, centre, half in boxes:
        with np.errstate(divide="ignore"):
            sides = np.stack([(centre - half) / rays, (centre + half) / rays])
        first, last = sides.min(0).max(-1), sides.max(0).min(-1)
        nearer = (first < last) & (first > 0) & (first < depth)
        instance[nearer], depth[nearer] = track, first[nearer]
    return instance


def _told(lens, boxes):
    """Truths of boxes in front of a camera that looks along z, by track."""
    boxes = [(track, np.array(centre, float), np.array(half, float)) for track, centre, half in boxes]
    places = []
    for _, centre, half in boxes:
        matrix = np.diag([*half, 1.0])
        matrix[:3, 3] = centre
        places.append(Placement(matrix))
    instant = Instant(0.0, np.eye(4), tuple(places))
    scan = Scan((instant, instant, instant))
    parts = [Part(None, track) for track, _, _ in boxes]
    instance = _cast(lens, boxes)
    found = truths(parts, scan, [CUBE] * len(boxes), scan.readout(lens), instance)
    return {truth.track_id: truth for truth in found}, instance


@pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES)
def test_a_cube_behind_a_cube_is_hidden_by_it(lens):
    for across in (0.0, 0.25, 0.4):  # wholly, to two thirds, to one third
        told, instance = _told(lens, [(NEAR, (across, 0, 2), (0.3, 0.3, 0.3)), (FAR, (0, 0, 4), (0.4, 0.4, 0.4))])
        assert told[FAR].occluder == NEAR
        assert told[NEAR].occluder is None, "nothing stands before it"
        assert (instance == FAR).any() == (across > 0.2)


@pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES)
def test_a_cube_behind_a_wall_is_hidden_by_background(lens):
    wall = (WALL, (1.0, 0, 2), (1.0, 2, 0.02))
    for across in (0.0, 0.3, 2.0):
        told, _ = _told(lens, [wall, (FAR, (across, 0.2, 4), (0.4, 0.4, 0.4))])
        assert told[FAR].occluder == 0


@pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES)
def test_the_occluder_is_what_hides_most(lens):
    """A wall hides the left quarter, a cube the right three eighths; what is beside it hides nothing."""
    boxes = [
        (WALL, (-1.5, 0, 2), (1.4, 3, 0.01)), (NEAR, (0.15, 0, 2), (0.1, 1.0, 0.01)),
        (FAR, (0, 0, 4), (0.4, 0.4, 0.01)), (11, (1.5, 0, 4), (0.4, 0.4, 0.4)),
    ]  # fmt: skip
    told, _ = _told(lens, boxes)
    assert told[FAR].occluder == NEAR
    assert told[NEAR].occluder is None and told[11].occluder is None


@pytest.mark.parametrize("lens", LENSES.values(), ids=LENSES)
def test_a_thin_thing_across_the_middle_hides_and_an_outline_in_doubt_does_not(lens):
    told, _ = _told(lens, [(NEAR, (0.013, 0, 1), (0.004, 1.0, 0.004)), (FAR, (0, 0, 2), (0.5, 0.4, 0.3))])
    assert told[FAR].occluder == NEAR
    rng = np.random.default_rng(2)
    for _ in range(40):
        told, instance = _told(lens, [(FAR, rng.uniform((-2, -1, 1.5), (2, 1, 6)), rng.uniform(0.05, 0.5, 3))])
        if FAR in told and (instance == FAR).any():
            assert told[FAR].occluder is None


_QUAD = Mesh(
    np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], float), np.array([(0, 1, 2), (0, 2, 3)], np.int32)
)


def _outline(lens, matrix, count=4000):
    """Pixels along the edges of the quad."""
    corners = _QUAD.vertices @ matrix[:3, :3].T + matrix[:3, 3]
    share = np.linspace(0, 1, count)[:, None]
    return lens.project(
        np.concatenate([a + share * (b - a) for a, b in zip(corners, np.roll(corners, -1, 0), strict=True)])
    )


@pytest.mark.parametrize(("centre", "size"), [((0, 0.5, 0.9), 0.8), ((1.2, -0.4, 0.9), 1.4), ((0.2, -0.9, 0.5), 0.6)])
def test_a_large_quad_before_a_fisheye_has_the_box_of_its_curved_edges(centre, size):
    lens = Fisheye.from_field_of_view(640, 360, np.radians(150), (-0.04, 0.005, 0.0, 0.0))
    matrix = np.diag([size, 0.7 * size, 1.0, 1.0])
    matrix[:3, 3] = centre
    instant = Instant(0.0, np.eye(4), (Placement(matrix),))
    scan = Scan((instant, instant, instant))
    empty = np.zeros((360, 640), np.uint16)
    (truth,) = truths([Part(None, 5)], scan, [_QUAD], scan.readout(lens), empty)
    seen = _outline(lens, matrix)
    margin = np.array([640.0, 360.0])
    low, high = np.maximum(seen.min(0), -margin), np.minimum(seen.max(0), 2 * margin)
    assert np.allclose(truth.amodal_box, (*low, *(high - low)), atol=0.5)
    straight = lens.project(_QUAD.vertices @ matrix[:3, :3].T + matrix[:3, 3])
    assert max(np.abs(straight.min(0) - low).max(), np.abs(straight.max(0) - high).max()) > 5, (
        "its corners alone tell another box"
    )
    rays = lens.rays()
    local = (rays / rays[..., 2:] * matrix[2, 3] - matrix[:3, 3]) / np.diag(matrix)[:3]
    inside = (np.abs(local[..., :2]) < 1).all(-1)
    assert truth.amodal_px == pytest.approx(inside.sum(), rel=0.01)


@pytest.mark.parametrize("seed", range(20))
def test_cut_triangles_cover_what_the_lens_shows_of_them_without_gaps(seed):
    """A fan of triangles that share edges, anywhere in front of the camera: each pixel by the ray through it."""
    rng = np.random.default_rng(seed)
    lens = LENSES["fisheye"]
    corners = rng.uniform((-2, -2, 0.3), (2, 2, 2), (3, 3))
    points = np.concatenate([corners, corners.mean(0, keepdims=True)])
    triangles = np.array([(0, 1, 3), (1, 2, 3), (2, 0, 3)], np.int32)
    mask = cover(bowed(clipped(points, triangles), lens), Grid(0.5, 0.5, 1.0, W, H))
    planes = np.linalg.inv(corners)  # their columns stand on the planes through the camera and an edge, inwards
    margin = (
        np.arcsin(lens.rays() @ (planes / np.linalg.norm(planes, axis=0))).min(-1) / lens.polynomial[0]
    )  # about pixels
    assert mask[margin > 1.0].all()
    assert not mask[margin < -1.0].any()
