"""Weapon-shaped toys and the paintball marker: built to a budget, marks on their surface; what they throw falls."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.motion.pose import pose, rotation
from generator.motion.projectiles import LOADS, Launch, launch_frames, launches
from generator.scenario.spec import Finish

G = 9.80665
KINDS = ("water_pistol", "toy_blaster", "paintball_marker")


def _still(t: float) -> np.ndarray:
    return pose(rotation(0.1, 0.0, 0.3), np.array([0.2, 1.0, 1.4]))


# ------------------------------------------------------------------------------------------------------ projectiles


@given(t=st.floats(0.0, 0.7), pitch=st.floats(-0.6, 0.6), yaw=st.floats(-1, 1), seed=st.integers(0, 999))
@settings(max_examples=40, deadline=None)
def test_a_dart_drops_half_g_t_squared_below_its_line(t, pitch, yaw, seed):
    frame = pose(rotation(pitch, 0.0, yaw), np.array([0.0, 2.0, 1.5]))
    (dart,) = launches("toy_blaster", np.array([0.0, 0.3, 0.05]), ((1.0, frame),), np.random.default_rng(seed))
    line = dart.origin + dart.velocity * t
    fell = line - dart.position(1.0 + t)
    assert fell == pytest.approx([0.0, 0.0, 0.5 * G * t**2], abs=1e-9)
    assert np.linalg.norm(dart.velocity) == pytest.approx(20.0)
    assert dart.velocity @ frame[:3, 1] > 0.995 * 20.0, "it leaves along the muzzle"


@given(t=st.floats(0.001, 0.25), seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_a_paintball_stays_under_its_muzzle_line(t, seed):
    (ball,) = launches(
        "paintball_marker", np.array([0.0, 0.45, 0.03]), ((0.5, _still(0.5)),), np.random.default_rng(seed)
    )
    way = ball.velocity / np.linalg.norm(ball.velocity)
    ahead = ball.position(0.5 + t) - ball.origin
    assert ahead[2] < (ahead @ way) * way[2] + 1e-12
    assert ahead @ way == pytest.approx(85.0 * t, rel=0.03)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_flies_before_the_pull(kind):
    frames = launch_frames(kind, [0.7], _still)
    thrown = launches(kind, np.array([0.0, 0.2, 0.03]), frames, np.random.default_rng(1))
    assert min(launch.t for launch in thrown) == 0.7
    assert all(np.isnan(launch.position(0.7 - 1e-6)).all() for launch in thrown)
    assert thrown[0].position(0.7) == pytest.approx((_still(0.7) @ [0.0, 0.2, 0.03, 1.0])[:3])


def test_a_squirt_leaves_the_nozzle_wherever_it_has_gone_by_then():
    muzzle, walk = np.array([0.0, 0.18, 0.03]), np.array([0.0, 1.4, 0.0])
    frames = launch_frames("water_pistol", [0.0, 1.0], lambda t: pose(np.eye(3), walk * t))
    thrown = launches("water_pistol", muzzle, frames, np.random.default_rng(3))
    assert len(thrown) == 2 * 15
    for drop in thrown:
        assert drop.origin == pytest.approx(muzzle + walk * drop.t)
        assert np.linalg.norm(drop.velocity - walk) == pytest.approx(LOADS["water_pistol"].speed)


def test_overlapping_squirts_never_double():
    times = [t for t, _ in launch_frames("water_pistol", [0.0, 0.1, 0.2], _still)]
    assert np.diff(times).min() > 0.5 * LOADS["water_pistol"].every


def test_what_throws_nothing_has_no_launches():
    assert launch_frames("phone", [1.0], _still) == ()


# ------------------------------------------------------------------------------------------------------------ things


def _built(kind, finish="black", seed=0):
    bpy = pytest.importorskip("bpy")
    from generator.world.props import build_thing

    bpy.ops.wm.read_factory_settings(use_empty=True)
    return build_thing(kind, finish, np.random.default_rng(seed), bpy.context.scene.collection)


def _distance(solid, point):
    """Metres from a point to the nearest triangle (Ericson, Real-Time Collision Detection, 5.1.5, by projection)."""
    vertices, triangles = solid
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    size = np.linalg.norm(normal, axis=1)
    keep = size > 1e-12
    a, b, c, normal = a[keep], b[keep], c[keep], normal[keep] / size[keep, None]
    off = ((point - a) * normal).sum(1)
    foot = point - off[:, None] * normal
    inside = np.ones(len(a), bool)
    best = np.full(len(a), np.inf)
    for p, q in ((a, b), (b, c), (c, a)):
        inside &= (np.cross(q - p, foot - p) * normal).sum(1) >= 0
        edge = q - p
        along = np.clip(((point - p) * edge).sum(1) / np.maximum((edge**2).sum(1), 1e-18), 0, 1)
        best = np.minimum(best, np.linalg.norm(p + along[:, None] * edge - point, axis=1))
    return float(np.where(inside, np.abs(off), best).min())


@pytest.mark.blender
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_marks_lie_on_the_surface(kind, seed):
    prop = _built(kind, get_args(Finish)[seed % 5], seed)
    marks = prop.marks
    for name in ("muzzle", "trigger", "support", "rack", "butt", "sights"):
        place = getattr(marks, name)
        if place is None:
            continue
        # A bore is open: the muzzle is in the middle of its rim.
        allowed = 0.010 if name == "muzzle" else 0.003
        assert _distance(prop.solid, place) < allowed, name
    assert _distance(prop.solid, np.zeros(3)) < 0.003, "the web of the hand touches the back of the grip"
    assert np.linalg.norm(marks.grip_axis) == pytest.approx(1.0)
    assert np.linalg.norm(marks.support_normal) == pytest.approx(1.0)
    assert marks.grip_axis[2] < -0.9
    assert _distance(prop.solid, marks.grip) < 0.026, "a grip that a hand closes round"


@pytest.mark.blender
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_things_keep_the_budget(kind, seed):
    prop = _built(kind, "marked", seed)
    faces = sum(len(face.vertices) - 2 for part in prop.parts for face in part.object.data.polygons)
    assert faces < 16_000
    assert {"body", "trigger"} <= set(prop.moving)
    assert prop.magazine_track is None, "no toy has a part of the category magazine"
    assert prop.track.category == kind


@pytest.mark.blender
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_draw_builds_the_same_thing_and_others_differ(kind):
    one, two, other = (_built(kind, "black", seed) for seed in (3, 3, 4))
    assert np.array_equal(one.solid[0], two.solid[0])
    assert not np.array_equal(one.solid[0], other.solid[0])


@pytest.mark.blender
def test_water_pistols_and_blasters_come_in_two_shapes():
    for kind in ("water_pistol", "toy_blaster"):
        assert len({len(_built(kind, "marked", seed).solid[0]) for seed in range(8)}) >= 2


@pytest.mark.blender
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_thrown_is_seen_after_the_pull_only_and_never_labelled(kind):
    bpy = pytest.importorskip("bpy")
    from generator.world.projectiles import build_projectiles

    prop = _built(kind)
    frames = launch_frames(kind, [0.5, 0.62], _still)
    actor = build_projectiles(kind, prop, frames, np.random.default_rng(0), bpy.context.scene.collection)
    assert not any(part.in_labels or part.track_id for part in actor.parts)
    assert actor.tracks == ()
    from types import SimpleNamespace

    def seen(t):
        placed = actor.place(SimpleNamespace(t=t))
        assert len(placed) == len(actor.parts)
        return [place for place in placed if place.visible]

    assert not seen(0.499)
    assert seen(0.505)
    assert not seen(0.62 + 0.16 + LOADS[kind].life)
    for place in seen(0.63):
        along = place.matrix[:3, 1] / np.linalg.norm(place.matrix[:3, 1])
        assert along @ _still(0)[:3, 1] > 0.95, "stretched along its flight"


def test_a_launch_is_a_parabola():
    launch = Launch(0.0, np.zeros(3), np.array([0.0, 3.0, 4.0]))
    top = 4.0 / G
    assert launch.position(top)[2] == pytest.approx(4.0**2 / (2 * G))
    assert launch.speed(top)[2] == pytest.approx(0.0, abs=1e-12)
    assert launch.position([0.1, 0.2]).shape == (2, 3)
