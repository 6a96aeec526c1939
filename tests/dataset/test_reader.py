"""Lens and shutter of real clips, from their files alone: ``project`` and ``unproject`` against what the renderer wrote."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import least_squares

pytest.importorskip("bpy")
pytestmark = pytest.mark.blender

from generator import assets  # noqa: E402
from generator.camera import PoseTrack  # noqa: E402
from generator.dataset.reader import open_dataset  # noqa: E402
from generator.dataset.store import DatasetMeta, Store  # noqa: E402
from generator.farm.clip import ClipJob, make_clip  # noqa: E402
from generator.scenario.plan import PlannedClip, clip_id  # noqa: E402
from generator.scenario.profiles import device_tree  # noqa: E402
from tests.specs import corridor_spec  # noqa: E402

DEVICES = {"chest_140": "chest", "helmet_rectilinear": "helmet"}
RAISE = [{"do": "low_ready", "for": 0.1}, {"do": "aim", "at": "ahead", "for": 0.2, "raise_time": 0.4}]


@pytest.fixture(scope="module", params=DEVICES)
def clip(request, tmp_path_factory):
    """A fisheye and a rectilinear lens, both before rolling shutters, on a walk in which a pistol is raised."""
    spec = corridor_spec(
        device=device_tree(request.param), camera__device=request.param, camera__mount=DEVICES[request.param],
        clip__size=[160, 90], clip__fps=10.0, clip__duration=0.7, weapon__kind="training_pistol", weapon__behaviour=RAISE,
    )  # fmt: skip
    folder = str(tmp_path_factory.mktemp(request.param))
    meta = DatasetMeta(0, "preview", {"test-corridor": "0" * 64}, None, tuple(assets.licences(sorted(assets.packs()))))
    Store.open_or_create(folder, meta)
    planned = PlannedClip(clip_id(spec), spec, "scene.yaml")
    outcome = make_clip(ClipJob(planned, folder, meta, "generator.render.cycles:CyclesRenderer"), lambda _: None)
    assert outcome.status == "rendered", outcome.reason
    Store(folder, meta).compact_index()
    read = open_dataset(folder)[planned.clip_id]
    assert read.info["intrinsics"]["readout_s"] > 0.015
    assert read.info["intrinsics"]["model"] == ("fisheye_polynomial" if request.param == "chest_140" else "pinhole")
    return read


def test_what_stands_still_is_unprojected_and_projected_where_the_flow_goes(clip):
    for frame, after in pairwise(clip.frames):
        depth, flow = frame.depth.astype(float), frame.flow_forward.astype(float)
        y, x = np.nonzero((frame.instance == 0) & np.isfinite(depth) & np.isfinite(flow).all(-1))
        assert len(y) > 1000
        pixels = np.stack([x + 0.5, y + 0.5], -1)
        world = clip.unproject(pixels, depth[y, x], frame.row["t"])
        assert np.abs(clip.project(world, frame.row["t"]) - pixels).max() < 0.01
        off = np.linalg.norm(clip.project(world, after.row["t"]) - pixels - flow[y, x], axis=-1)
        rounding = 2.0**-9 * np.linalg.norm(flow[y, x], axis=-1)  # of depth and flow, in half precision
        assert np.nanquantile(off - rounding, 0.99) < 0.02


def _poses(row):
    names = ("T_world_object_first", "T_world_object", "T_world_object_last")
    return PoseTrack(np.array([row[name] for name in names]).reshape(3, 4, 4))


@pytest.mark.parametrize("category", ["handgun", "role_player"])
def test_keypoints_of_rigid_things_are_points_of_their_frames(clip, category):
    """One place in the thing's own frame explains a keypoint in all frames: put into the world by the poses, then projected."""
    rows = [row for row in clip.object_rows if row["category"] == category]
    moved = checked = 0
    for number in range(len(rows[0]["keypoints"])):
        seen = [(row, np.array(row["keypoints"][number][:2], float)) for row in rows]
        # Far outside the picture rows are not read any more: the last row's time counts for what lies below.
        seen = [
            (row, pixel)
            for row, pixel in seen
            if np.isfinite(pixel).all() and -20 < pixel[1] < 110 and -80 < pixel[0] < 240
        ]
        if len(seen) < 4:
            continue

        def off(place, seen=seen):
            found = []
            for row, pixel in seen:
                t = clip.frame_rows[row["frame"]]["t"]
                phase = clip.readout(t).phase_of(pixel[1])
                found.append(clip.project(_poses(row).to_world(place, phase), t) - pixel)
            return np.nan_to_num(np.concatenate(found), nan=1e3)

        fit = least_squares(off, np.array([0.0, 0.05, 0.0] if category == "handgun" else [0.0, 0.0, 1.2]), x_scale=0.05)
        assert np.abs(fit.fun).max() < 0.1, f"keypoint {number}"
        checked += 1
        moved = max(moved, np.ptp([pixel for _, pixel in seen], axis=0).max())
    assert checked >= 3
    assert moved > (10 if category == "handgun" else 2), "nothing moved"
