"""Labels under every lens and shutter against arithmetic that knows neither the label render nor its interpolation."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("bpy")
pytestmark = pytest.mark.blender

from generator.camera import Bent, Fisheye, Pinhole, between, poses_between, to_camera  # noqa: E402
from generator.dataset.normals import normals_of, stored_normals  # noqa: E402
from generator.render.cycles import read_passes, read_radiance  # noqa: E402
from generator.render.labels import Instant, Scan, dense_labels, truths  # noqa: E402
from generator.render.motion import at_once  # noqa: E402
from generator.world.actor import Placement  # noqa: E402
from tests.render import moving_scene as scene  # noqa: E402

W, H, T0, READOUT = 160, 90, 0.2, 0.024
LENSES = {
    "rectilinear": Pinhole.from_field_of_view(W, H, 1.5, (0.01, -0.02)),
    "fisheye": Fisheye.from_field_of_view(W, H, 2.2, (-0.04, 0.005, 0.0, 0.0), (-0.01, 0.015)),
}
CASES = [
    (lens, readout, moves) for lens in LENSES for readout, moves in ((0.0, True), (READOUT, True), (READOUT, False))
]


class Rendered:
    """Two frames' worth of labels of the moving scene."""

    def __init__(self, lens, readout, moves, folder):
        self.world = scene.MovingScene(LENSES[lens], readout, moves)
        self.lens, self.folder = self.world.lens, Path(folder)
        times = [T0 + k / scene.FPS for k in (-1, 0, 1)]
        self.scans = tuple(self.world.scan(t) for t in times)
        motion = self.world.motion
        self.passes = self.passes_with(motion, seed=0)
        self.again = self.passes_with(motion, seed=9)
        self.rows = {row: self.row_alone(motion, row) for row in range(2, H, 9)} if readout and moves else {}
        self.dense = dense_labels(self.passes, self.world.stage.parts, self.lens, *self.scans)
        self.truths = {
            truth.track_id: truth
            for truth in truths(
                self.world.stage.parts, self.scans[1], self.world.meshes, self.scans[1].readout(self.lens),
                self.dense.instance, self.world.stage.still_placements(),
            )
        }  # fmt: skip

    def passes_with(self, motion, seed):
        self.world.labels.cycles.seed = seed
        motion.labels(self.world.labels, self.folder / "labels.exr", self.scans, self.world.readout_s)
        return read_passes(self.folder / "labels.exr")

    def row_alone(self, motion, row):
        """The scene as it stands while a row is read, unblurred and all rows at once."""
        phase = np.array([2 * (row + 1) / H - 1])
        scan = self.scans[1]
        places = [Placement(poses_between(scan.matrices(k), phase)[0]) for k in (0, 1)]
        places.append(Placement(np.eye(4), vertices=between(scan.vertices(2), phase[0])))
        camera = poses_between(scan.readout(self.lens).poses, phase)[0]
        motion.render(
            self.world.labels, self.folder / "row.exr", at_once(Instant(0.0, camera, tuple(places))), 0.0, 0.0
        )
        return read_passes(self.folder / "row.exr")

    def camera(self, t):
        return scene.camera_at(float(t), self.world.moves)

    def seen_at(self, where, t):
        """Pixel (2,), camera-space point (3,) and time at which the row of a moving point ``where(t)`` is read."""
        now = t
        for _ in range(25):
            local = to_camera(where(now), self.camera(now))
            pixel = self.lens.project(local)
            now = float(self.world.time_of(pixel[1], t))
        return pixel, local, now


def _name(case):
    return f"{case[0]}-{1000 * case[1]:.0f}ms-{'moving' if case[2] else 'still'}"


@pytest.fixture(scope="module", params=CASES, ids=_name)
def rendered(request, tmp_path_factory):
    return Rendered(*request.param, tmp_path_factory.mktemp("labels"))


def test_masks_do_not_depend_on_the_seed(rendered):
    assert np.array_equal(rendered.passes.part, rendered.again.part)


def test_every_row_is_that_of_the_scene_at_the_rows_time(rendered):
    for row, alone in rendered.rows.items():
        assert np.array_equal(alone.part[row], rendered.passes.part[row]), row
        assert np.allclose(alone.position[row], rendered.passes.position[row], atol=1e-3)


def _pixels(rendered, part, count=60):
    """Rows and columns of pixels inside a part, away from its outline."""
    mask = rendered.passes.part == part
    for axis in (0, 1):
        for step in (-2, -1, 1, 2):
            mask &= np.roll(rendered.passes.part, step, axis) == part
    mask[:3] = mask[-3:] = False
    mask[:, :3] = mask[:, -3:] = False
    rows, columns = np.nonzero(mask)
    chosen = np.random.default_rng(1).permutation(len(rows))[:count]
    return rows[chosen], columns[chosen]


def _flow_errors(rendered, points):
    """Errors of the flow forward and back at (row, column), pixels; ``points`` gives a point's place over time."""
    errors = []
    for row, column, where in points:
        for flow, step in ((rendered.dense.flow_forward, 1), (rendered.dense.flow_backward, -1)):
            pixel, local, _ = rendered.seen_at(where, T0 + step / scene.FPS)
            if local[2] > 0.2 and (np.abs(pixel - (W / 2, H / 2)) < (W, H)).all():
                errors.append(np.linalg.norm(flow[row, column] - (pixel - (column + 0.5, row + 0.5))))
    return np.array(errors)


def test_depth_and_flow_of_the_wall(rendered):
    rays = rendered.lens.rays()
    points, worst = [], 0.0
    for row, column in zip(*_pixels(rendered, 4), strict=True):
        pose = rendered.camera(rendered.world.time_of(row + 0.5, T0))
        way = pose[:3, :3] @ rays[row, column]
        away = (scene.WALL_Y - pose[1, 3]) / way[1]
        worst = max(worst, abs(rendered.dense.depth[row, column] / away - 1))
        points.append((row, column, lambda _, place=pose[:3, 3] + away * way: place))
    assert worst < 0.005
    errors = _flow_errors(rendered, points)
    assert len(errors) > 60
    assert np.median(errors) < 0.1
    assert np.quantile(errors, 0.99) < 0.5


def test_depth_and_flow_of_the_cube(rendered):
    rays = rendered.lens.rays()
    points, worst = [], 0.0
    for row, column in zip(*_pixels(rendered, scene.CUBE), strict=True):
        t = float(rendered.world.time_of(row + 0.5, T0))
        pose, cube = rendered.camera(t), scene.cube_at(t)
        start, way = to_camera(pose[:3, 3], cube), (pose[:3, :3] @ rays[row, column]) @ cube[:3, :3]
        near, far = np.sort(np.stack([(-scene.HALF - start) / way, (scene.HALF - start) / way]), 0)
        away = near.max()
        assert away < far.min(), "the ray meets the cube"
        worst = max(worst, abs(rendered.dense.depth[row, column] / away - 1))
        inside = np.array([*(start + away * way), 1.0])
        points.append((row, column, lambda now, inside=inside: (scene.cube_at(now) @ inside)[:3]))
    assert worst < 0.005
    errors = _flow_errors(rendered, points)
    assert len(errors) > 60
    assert np.median(errors) < 0.1
    assert np.quantile(errors, 0.99) < 0.5


def _angle(rendered, row, column, expected, t):
    """Degrees between a pixel's normal, as it is stored, and a world direction, turned to the camera."""
    pose = rendered.camera(t)
    expected = pose[:3, :3].T @ expected
    expected = -np.sign(expected @ rendered.lens.rays()[row, column]) * expected
    stored = normals_of(stored_normals(rendered.dense.normal[row, column]))
    across, along = np.linalg.norm(np.cross(stored, expected)), stored @ expected
    return np.degrees(np.arctan2(across, along))


def test_normals_of_the_wall_the_cube_and_the_ball(rendered):
    """In the axes that the camera has as the pixel's row is read."""
    count = 0
    for row, column in zip(*_pixels(rendered, 4), strict=True):
        t = float(rendered.world.time_of(row + 0.5, T0))
        assert _angle(rendered, row, column, np.array([0.0, 1.0, 0.0]), t) < 1.0
    rays = rendered.lens.rays()
    for row, column in zip(*_pixels(rendered, scene.CUBE), strict=True):
        t = float(rendered.world.time_of(row + 0.5, T0))
        pose, cube = rendered.camera(t), scene.cube_at(t)
        point = (
            pose[:3, 3] + rendered.dense.depth[row, column] * pose[:3, :3] @ rays[row, column] - cube[:3, 3]
        ) @ cube[:3, :3]
        side = int(np.abs(point).argmax())
        if np.sort(np.abs(point))[1] < 0.97 * scene.HALF:  # not beside an edge
            assert _angle(rendered, row, column, cube[:3, side], t) < 1.0
            count += 1
    for row, column in zip(*_pixels(rendered, scene.BALL), strict=True):
        t = float(rendered.world.time_of(row + 0.5, T0))
        pose = rendered.camera(t)
        to, way = scene.ball_at(t)[:3, 3] - pose[:3, 3], pose[:3, :3] @ rays[row, column]
        along = way @ to
        off = np.sqrt(to @ to - along**2)
        if off < 0.85 * scene.RADIUS:  # away from the silhouette, where a pixel of the facets' outline is many degrees
            point = (along - np.sqrt(scene.RADIUS**2 - off**2)) * way - to
            assert _angle(rendered, row, column, point / scene.RADIUS, t) < 1.0
            count += 1
    assert count > 60
    length = np.linalg.norm(rendered.dense.normal, axis=-1)
    assert np.allclose(length, rendered.passes.part > 0, atol=1e-5)
    assert ((rendered.dense.normal * rays).sum(-1) < 1e-6).all()


def test_flow_of_bending_skin(rendered):
    """The vertices that are in view are followed by the arm's own formula; a vertex lies up to half a pixel from a centre."""
    start = scene.arm_at(T0)
    points = []
    for vertex in range(0, len(start), 5):
        pixel, local, _ = rendered.seen_at(lambda now, vertex=vertex: scene.arm_at(now)[vertex], T0)
        column, row = np.floor(pixel).astype(int)
        if not (2 <= row < H - 2 and 2 <= column < W - 2) or local[2] < 0.2:
            continue
        near = abs(np.linalg.norm(local) - rendered.dense.depth[row, column]) < 0.004
        if near and (rendered.passes.part[row - 1 : row + 2, column - 1 : column + 2] == scene.ARM).all():
            points.append((pixel, vertex))
    errors = []
    for pixel, vertex in points:
        for flow, step in ((rendered.dense.flow_forward, 1), (rendered.dense.flow_backward, -1)):
            there, local, _ = rendered.seen_at(
                lambda now, vertex=vertex: scene.arm_at(now)[vertex], T0 + step / scene.FPS
            )
            # Flow at the vertex from the flows of the four pixels around it.
            x, y = pixel - 0.5
            i, j, u, v = int(y), int(x), y - int(y), x - int(x)
            around = flow[i : i + 2, j : j + 2].astype(float)
            if (
                local[2] > 0.2
                and (rendered.passes.part[i : i + 2, j : j + 2] == scene.ARM).all()
                and np.isfinite(around).all()
            ):
                at = (around[0] * [[1 - u], [u]]).sum(0) * (1 - v) + (around[1] * [[1 - u], [u]]).sum(0) * v
                errors.append(np.linalg.norm(at - (there - pixel)))
    assert len(errors) > 30
    assert np.median(errors) < 0.1
    assert np.quantile(errors, 0.99) < 0.5


def test_amodal_boxes_and_visibility_of_the_ball(rendered):
    """Its outline by arithmetic: the farthest points, each at its own row's time, of many on the ball."""
    rng = np.random.default_rng(3)
    ways = rng.normal(size=(4000, 3))
    ways = scene.RADIUS * ways / np.linalg.norm(ways, axis=1, keepdims=True)
    pixels = np.array(
        [rendered.seen_at(lambda now, way=way: scene.ball_at(now)[:3, 3] + way, T0)[0] for way in ways[::4]]
    )
    low, high = pixels.min(0), pixels.max(0)
    truth = rendered.truths[scene.BALL]
    assert np.allclose(truth.amodal_box, (*low, *(high - low)), atol=1.0)
    visible = int((rendered.dense.instance == scene.BALL).sum())
    assert visible <= truth.amodal_px
    covered = (rendered.dense.instance != 0) & (rendered.dense.instance != scene.BALL)
    if (
        not covered[int(low[1]) : int(high[1]) + 1, int(low[0]) : int(high[0]) + 1].any()
        and truth.percent_in_frame == 1
    ):
        assert visible / truth.amodal_px > 0.99, "nothing hides it"


def test_keypoints_are_where_their_rows_are_read(rendered):
    scan: Scan = rendered.scans[1]
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * scene.HALF
    knots = np.stack([corners @ m[:3, :3].T + m[:3, 3] for m in scan.matrices(0)])
    found, _, _ = scan.readout(rendered.lens).project(Bent(knots))
    for corner, pixel in zip(corners, found, strict=True):
        expected, _, _ = rendered.seen_at(lambda now, corner=corner: (scene.cube_at(now) @ [*corner, 1.0])[:3], T0)
        assert np.linalg.norm(pixel - expected) < 0.5


@pytest.mark.parametrize(("third", "pitch"), [("top", 0.36), ("middle", 0.02), ("bottom", -0.30)])
def test_the_picture_lies_on_its_labels(third, pitch, tmp_path):
    """Smear and shear of the exposure are about the labels' rows: a skew between the two would show at the top and the bottom."""
    exposure, off, places = 0.012, [], []
    world = scene.MovingScene(LENSES["rectilinear"], READOUT, True, pitch)
    picture = world.glow(scene.BALL)
    x, y = np.meshgrid(np.arange(W) + 0.5, np.arange(H) + 0.5)
    motion = world.motion
    for t in (0.05, 0.15, 0.25):
        motion.render(picture, tmp_path / "picture.exr", world.scan(t, exposure), READOUT + exposure, exposure)
        light = read_radiance(tmp_path / "picture.exr").mean(-1)
        motion.labels(world.labels, tmp_path / "labels.exr", (world.scan(t),) * 3, READOUT)
        mask = read_passes(tmp_path / "labels.exr").part == scene.BALL
        assert mask.any()
        if mask[[0, -1]].any() or mask[:, [0, -1]].any():
            continue
        own = np.array([x[mask].mean(), y[mask].mean()])
        seen = np.array([np.average(x, weights=light), np.average(y, weights=light)])
        off.append(np.linalg.norm(own - seen))
        places.append(own[1] / H)
    low, high = {"top": (0.0, 0.34), "middle": (0.33, 0.67), "bottom": (0.66, 1.0)}[third]
    assert off and all(low < place < high for place in places), places
    assert np.median(off) < 0.5
