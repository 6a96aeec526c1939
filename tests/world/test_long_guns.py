"""Long guns: marks lie where they claim, moving parts stay attached, slings neither stretch nor pass through the trunk."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.motion.holds import HOLDS
from generator.motion.timeline import BodyMeasures
from tests.specs import corridor_spec

bpy = pytest.importorskip("bpy")
from generator.world import sling  # noqa: E402
from generator.world.contact import DistanceField  # noqa: E402
from generator.world.props import ThingActor, build_thing  # noqa: E402

pytestmark = pytest.mark.blender

KINDS = ("training_smg", "training_shotgun", "training_carbine")
BUDGET = {"training_smg": 15_000, "training_shotgun": 15_000, "training_carbine": 17_500}
SEEDS = {"training_smg": range(8), "training_shotgun": range(8), "training_carbine": (0, 1, 2, 3, 4, 5, 15)}
"""For the carbine: one seed to each of its variants."""

CASES = [(kind, seed) for kind in KINDS for seed in SEEDS[kind]]


def _built(kind, seed, finish="black"):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    collection = bpy.data.collections.new("seen")
    return build_thing(kind, finish, np.random.default_rng(seed), collection)


def _vertices(part):
    mesh = part.object.data
    found = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", found)
    return found.reshape(-1, 3).astype(float)


def _placed(prop):
    """Vertices of each part in the thing frame, by what it is; a weapon light's beam is left out."""
    return {
        moving: _vertices(part) @ rest[:3, :3].T + rest[:3, 3]
        for part, moving, rest in zip(prop.parts, prop.moving, prop.rests, strict=True)
        if part.object.type == "MESH"
    }


def _ray(solid, start, way):
    """Distance along a ray to the first surface."""
    corners = solid[0][solid[1]]
    edge, other = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    across = np.cross(way, other)
    det = (edge * across).sum(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        off = start - corners[:, 0]
        u = (off * across).sum(1) / det
        turned = np.cross(off, edge)
        v = (turned @ way) / det
        far = (other * turned).sum(1) / det
        hit = (np.abs(det) > 1e-16) & (u >= 0) & (v >= 0) & (u + v <= 1) & (far > 0)
    return float(far[hit].min()) if hit.any() else np.inf


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_marks_lie_where_they_claim(kind, seed):
    prop = _built(kind, seed)
    marks, (vertices, _) = prop.marks, prop.solid
    triangles = 0
    for part in (part for part in prop.parts if part.object.type == "MESH"):
        part.object.data.calc_loop_triangles()
        triangles += len(part.object.data.loop_triangles)
    assert triangles < BUDGET[kind]

    assert marks.muzzle[0] == pytest.approx(0.0, abs=1e-6)
    assert marks.muzzle[1] == pytest.approx(vertices[:, 1].max(), abs=0.005), "nothing is before the muzzle"
    assert marks.butt[1] == pytest.approx(vertices[:, 1].min(), abs=0.005), "nothing is behind the butt"

    # From a hand's breadth outside, the palm meets the surface at its mark.
    outside = marks.support + (0.0004, 0, 0) + 0.09 * marks.support_normal
    assert _ray(prop.solid, outside, -marks.support_normal) == pytest.approx(0.09, abs=0.003)

    # The grip's mark is in its middle: as far from the left as from the right, and as wide as a hand wants it.
    right, left = (_ray(prop.solid, marks.grip + (s * 0.1, 0, 0), np.array([-s, 0.0, 0])) for s in (1.0, -1.0))
    assert right == pytest.approx(left, abs=0.003)
    assert 0.024 < 0.2 - right - left < 0.036
    ahead = np.cross(marks.grip_axis, [1.0, 0, 0])  # forward, square to the grip
    ahead = ahead if ahead[1] > 0 else -ahead
    # The guard may stand before the grip's front: rays start inside.
    front, back = (_ray(prop.solid, marks.grip, way) for way in (ahead, -ahead))
    assert 0.038 < front + back < 0.056
    assert front == pytest.approx(back, abs=0.006)
    assert (
        15
        < np.degrees(np.arctan2(-marks.grip_axis[1], -marks.grip_axis[2]))
        < (52 if kind == "training_shotgun" else 28)
    )

    assert np.linalg.norm(marks.grip_axis) == pytest.approx(1.0)
    assert np.linalg.norm(marks.support_normal) == pytest.approx(1.0)
    assert np.linalg.norm(marks.port[1]) == pytest.approx(1.0)
    web = DistanceField(prop.solid, np.zeros(3), filled=False).at(np.zeros((1, 1, 3)))
    assert abs(float(web[0, 0])) < 0.006, "the web of the hand meets the back of the grip"
    trigger = _placed(prop)["trigger"]
    assert np.abs(trigger - marks.trigger).sum(1).min() < 0.012
    assert marks.sights[2] > marks.muzzle[2] + 0.015


@pytest.mark.parametrize(("kind", "seed"), CASES)
def test_moving_parts_stay_attached(kind, seed):
    prop = _built(kind, seed)
    placed = _placed(prop)
    body = placed["body"]
    for moving in {"action", "pump", "charging"} & set(prop.moving):
        travel = getattr(prop.travel, moving)
        assert 0.03 < travel < 0.10
        low, high = placed[moving].min(0), placed[moving].max(0)
        low, high = low - (0, travel, 0), high - (0, travel, 0)
        inside = ((body > low) & (body < high)).all(1)
        overlap = np.minimum(high, body.max(0)) - np.maximum(low, body.min(0))
        assert inside.any() or (overlap > 0).all(), f"{moving} has left the gun"
        assert low[1] > body[:, 1].min()
    rest = prop.magazine_grip
    if "magazine" in prop.moving:
        assert np.allclose(rest[:3, :3] @ rest[:3, :3].T, np.eye(3))
        local = _vertices(prop.parts[prop.moving.index("magazine")])
        assert np.abs(local[:, 0]).max() < 0.02, "what a hand holds is as wide as a magazine"
        assert np.linalg.norm(local, axis=1).max() < 0.22


@pytest.mark.parametrize(("kind", "seed"), [(kind, SEEDS[kind][1]) for kind in KINDS])
def test_a_seed_is_a_gun(kind, seed):
    first = [_vertices(part) for part in _built(kind, seed).parts]
    again = [_vertices(part) for part in _built(kind, seed).parts]
    for one, two in zip(first, again, strict=True):
        assert np.array_equal(one, two)


@pytest.mark.parametrize("kind", KINDS)
def test_seeds_differ(kind):
    sizes = {tuple(len(part) for part in _placed(_built(kind, seed)).values()) for seed in SEEDS[kind]}
    assert len(sizes) >= (5 if kind == "training_carbine" else 3)


def test_the_pump_works_the_bolt():
    prop = _built("training_shotgun", 0)
    moment = SimpleNamespace(T_world_thing=np.eye(4), action=0.0, rack=0.0, pump=1.0, trigger=0.0, magazine="seated")
    back = {
        moving: place.matrix[1, 3] for moving, place in zip(prop.moving, ThingActor(prop).place(moment), strict=True)
    }
    assert back["pump"] == pytest.approx(-prop.travel.pump)
    assert back["action"] == pytest.approx(-prop.travel.action)
    assert prop.marks.support[1] - prop.travel.pump > 0.15


TRUNK = sling.Trunk.of(BodyMeasures.nominal())
DOWN = np.array([0.0, 0.0, -1.0])


@given(
    x=st.floats(-0.15, 0.15), y=st.floats(0.35, 0.75), z=st.floats(-0.45, 0.15),
    butt_x=st.floats(0.02, 0.16), butt_y=st.floats(0.08, 0.20), butt_z=st.floats(-0.2, 0.06), slack=st.floats(0.0, 0.25),
)  # fmt: skip
@settings(max_examples=40, deadline=None, derandomize=True)
def test_webbing_neither_stretches_nor_passes_through_the_trunk(x, y, z, butt_x, butt_y, butt_z, slack):
    fore, butt = np.array([x, y, z]), np.array([butt_x, butt_y, butt_z])
    path = TRUNK.path()
    arm = sling.Arm.reaching(fore - (0.02, 0.15, 0.02), BodyMeasures.nominal())
    length = sling.length_of(path) + sum(sling.least_length(fore, butt, TRUNK, arm)) + slack
    curve = sling.strap_curve(fore, butt, length, DOWN, TRUNK, arm)
    assert len(curve) == 2 * sling.SPAN + sling.BODY - 2
    assert sling.length_of(curve) == pytest.approx(length, rel=0.01)
    assert np.allclose(curve[0], fore) and np.allclose(curve[-1], butt)
    # The butt itself may lie within the outline, pressed into the shoulder: what is near it is left out.
    half, front, back = TRUNK.depths(curve[:, 2])
    deep = np.where(curve[:, 1] > 0, front, back)
    inside = (np.hypot(curve[:, 0] / half, curve[:, 1] / np.maximum(deep, 1e-3)) < 0.97) & (
        curve[:, 2] < TRUNK.top - 0.01
    )
    assert not inside[np.linalg.norm(curve - butt, axis=1) > 0.12].any()


def test_slack_shrinks_as_the_ends_move_apart():
    lows = []
    for far in (0.3, 0.5, 0.7, 0.79):
        curve = sling.hanging(np.array([0.0, 0.3, 0.0]), np.array([0.1, 0.3 + far, 0.0]), 0.8, DOWN, TRUNK.outside)
        assert sling.length_of(curve) == pytest.approx(max(0.8, np.hypot(0.1, far)), rel=0.01)
        lows.append(float(curve[:, 2].min()))
    assert lows == sorted(lows)
    assert lows[0] < -0.25
    # A shallow parabola: sag^2 = 3/8 chord (length - chord).
    chord = np.hypot(0.1, 0.79)
    assert lows[-1] == pytest.approx(-np.sqrt(3 / 8 * chord * (0.8 - chord)), rel=0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_a_sling_follows_the_gun(kind):
    prop = _built(kind, 1)
    spec = corridor_spec(weapon__kind=kind)
    actor = sling.build_sling(prop, spec, np.random.default_rng(3), bpy.data.collections["seen"])
    mesh = actor.parts[0].object.data
    assert actor.parts[0].deforming
    assert actor.tracks[0].category == "sling"
    assert all(slot.material is not None and slot.material.use_nodes for slot in actor.parts[0].object.material_slots)
    turned = np.array([[0.0, -1, 0, 3.0], [1.0, 0, 0, 2.0], [0, 0, 1, 1.4], [0, 0, 0, 1]])
    for place in ("low", "high", "aimed", "carried"):
        thing = turned @ HOLDS[kind].frame(place, 1.0)
        moment = SimpleNamespace(T_world_torso=turned, T_world_thing=thing, support=float(place != "carried"))
        vertices = actor.place(moment)[0].vertices
        assert vertices.shape == (len(mesh.vertices), 3)
        points = vertices[: 4 * (2 * sling.SPAN + sling.BODY - 2)].reshape(-1, 4, 3).mean(1)
        assert np.allclose(points[0], thing[:3, :3] @ actor.fore + thing[:3, 3], atol=1e-6)
        assert np.allclose(points[-1], thing[:3, :3] @ actor.butt + thing[:3, 3], atol=1e-6)
        assert sling.length_of(points) == pytest.approx(actor.strap.length, rel=0.01)
