"""Everyday things held like weapons: of true human size, cheap, alike for one seed, with marks that lie on them."""

import tempfile
from itertools import product
from pathlib import Path

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")
pytestmark = pytest.mark.blender

from mathutils import Matrix  # noqa: E402

from generator.motion.timeline import Moment, ThingMoment  # noqa: E402
from generator.render.cycles import read_radiance  # noqa: E402
from generator.render.scenes import render_to  # noqa: E402
from generator.world.live_view import live_panel  # noqa: E402
from generator.world.props import Prop, ThingActor, build_thing  # noqa: E402

KINDS = ("radio", "drill", "camera", "umbrella")
SEEDS = (0, 1, 2, 3)
FINISHES = ("black", "grey", "blue", "orange", "marked")


@pytest.fixture(scope="module")
def things() -> dict[tuple[str, int], Prop]:
    collection = bpy.data.collections.new("everyday_things")
    made = {
        (kind, seed): build_thing(kind, FINISHES[(seed + k) % 5], np.random.default_rng(seed), collection)
        for k, kind in enumerate(KINDS)
        for seed in SEEDS
    }
    return made


def _part(prop: Prop, moving: str, which: int = 0):
    """Vertices (n, 3) of a part in the thing's frame."""
    number = [k for k, name in enumerate(prop.moving) if name == moving][which]
    mesh, rest = prop.parts[number].object.data, prop.rests[number]
    points = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", points)
    return points.reshape(-1, 3) @ rest[:3, :3].T + rest[:3, 3]


def _distance(point, solid) -> float:
    """Metres from a point to the nearest triangle."""
    from mathutils import Vector
    from mathutils.bvhtree import BVHTree

    vertices, triangles = solid
    tree = BVHTree.FromPolygons(vertices.tolist(), triangles.tolist())
    return tree.find_nearest(Vector(point))[3]


def _thickness(point, way, solid) -> float:
    """Metres from a point within a thing to its outermost surface along a direction."""
    from mathutils import Vector
    from mathutils.bvhtree import BVHTree

    tree = BVHTree.FromPolygons(solid[0].tolist(), solid[1].tolist())
    return 0.5 - tree.ray_cast(Vector(point + 0.5 * way), Vector(-way))[3]


@pytest.mark.parametrize(("kind", "finish"), list(product(KINDS, FINISHES)))
def test_every_finish_builds_and_stays_in_the_triangle_budget(kind, finish):
    collection = bpy.data.collections.new("finish")
    prop = build_thing(kind, finish, np.random.default_rng(FINISHES.index(finish)), collection)
    drawn = 0
    for part in prop.parts:
        part.object.data.calc_loop_triangles()
        drawn += len(part.object.data.loop_triangles)
    assert 2_000 < drawn < 15_000
    for part in prop.parts:
        assert all(np.isfinite(vertex.co).all() for vertex in part.object.data.vertices), part.object.name
    assert prop.track.category == kind


@pytest.mark.parametrize(("kind", "seed"), list(product(KINDS, SEEDS)))
def test_marks_lie_on_the_surface_and_the_grip_within(things, kind, seed):
    prop = things[kind, seed]
    marks = prop.marks
    for name in ("muzzle", "trigger", "support", "sights", "butt"):
        assert _distance(getattr(marks, name), prop.solid) < 0.003, name
    assert np.linalg.norm(marks.grip_axis) == pytest.approx(1)
    assert np.linalg.norm(marks.support_normal) == pytest.approx(1)
    right = np.array([1.0, 0, 0])
    ahead = np.cross(marks.grip_axis, right)
    for way in (right, ahead, -ahead):
        assert 0.009 < _thickness(marks.grip, way, prop.solid) < 0.036, "a hand closes about the grip"
    assert _distance((0, 0, 0), prop.solid) < 0.003, "the origin is where the web of the hand touches"


@pytest.mark.parametrize("seed", SEEDS)
def test_things_have_the_size_of_real_ones(things, seed):
    body = _part(things["radio", seed], "body")
    wide = things["radio", seed].marks.sights[2] - body[:, 2].min()
    assert 0.100 < wide < 0.140, "height of the radio without knobs and aerial"
    assert 0.050 < np.ptp(body[:, 0]) < 0.070
    assert 0.04 < body[:, 2].max() - things["radio", seed].marks.sights[2] < 0.18, "aerial"

    drill = things["drill", seed]
    chuck = _part(drill, "chuck")
    thick = np.hypot(*(chuck - drill.rests[drill.moving.index("chuck")][:3, 3])[:, [0, 2]].T) > 0.006
    assert 0.170 < chuck[thick, 1].max() - drill.solid[0][:, 1].min() < 0.210, (
        "rear cap to the chuck's end, without a bit"
    )
    assert 0.18 < np.ptp(drill.solid[0][:, 2]) < 0.26

    assert 0.100 < np.ptp(things["camera", seed].solid[0][:, 0]) < 0.145, "width of the camera with its strap rings"
    assert 0.065 < np.ptp(things["camera", seed].solid[0][:, 2]) < 0.110
    assert 0.600 < np.ptp(things["umbrella", seed].solid[0][:, 1]) < 0.950


@pytest.mark.parametrize("seed", SEEDS)
def test_the_chuck_turns_about_its_own_y(things, seed):
    prop = things["drill", seed]
    number = prop.moving.index("chuck")
    rest, mesh = prop.rests[number], prop.parts[number].object.data
    points = np.array([vertex.co for vertex in mesh.vertices])
    assert np.allclose(rest[:3, 1], (0, 1, 0)), "the spindle lies along the drill"
    rings = np.abs(points[:, [0, 2]]).max(0)
    assert rings.max() < 0.022
    assert abs(points[:, 0].max() + points[:, 0].min()) < 0.001
    assert abs(points[:, 2].max() + points[:, 2].min()) < 0.001
    tip = points[points[:, 1].argmax()]
    assert np.hypot(tip[0], tip[2]) < 0.002, "the bit's point lies on the axis"
    assert np.allclose((rest @ (0, tip[1], 0, 1))[:3], prop.marks.muzzle, atol=0.001)


def test_the_speed_switch_goes_in_and_does_not_leave_the_grip(things):
    prop = things["drill", 0]
    assert prop.trigger_arm > 0
    assert 0.003 < prop.travel.trigger < 0.010
    hinge = prop.rests[prop.moving.index("trigger")][:3, 3]
    assert abs(hinge[2] - prop.trigger_arm - prop.marks.trigger[2]) < 1e-9
    switch = _part(prop, "trigger")
    assert switch[:, 1].max() - prop.travel.trigger > _front_of_grip(prop), "still stands out when pressed"


def _front_of_grip(prop: Prop) -> float:
    body = _part(prop, "body")
    level = (np.abs(body[:, 2] - prop.marks.trigger[2]) < 0.006) & (np.abs(body[:, 0]) < 0.004)
    return float(body[level, 1].max())


@pytest.mark.parametrize("kind", KINDS)
def test_one_seed_makes_one_thing_and_seeds_differ(kind):
    def made(seed: int) -> tuple:
        prop = build_thing(kind, "blue", np.random.default_rng(seed), bpy.data.collections.new("twin"))
        colours = [
            tuple(node.inputs[0].default_value)
            for part in prop.parts
            for slot in part.object.data.materials
            for node in slot.node_tree.nodes
            if node.bl_idname == "ShaderNodeVectorMath"
        ]
        return prop.solid[0], prop.solid[1], colours, [np.array(image) for image in _pictures(prop)]

    first, again, other = made(5), made(5), made(6)
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])
    assert first[2] == again[2]
    assert all(np.array_equal(a, b) for a, b in zip(first[3], again[3], strict=True))
    assert first[0].shape != other[0].shape or not np.allclose(first[0], other[0])


def _pictures(prop: Prop):
    for part in prop.parts:
        for slot in part.object.data.materials:
            for node in slot.node_tree.nodes:
                if node.bl_idname == "ShaderNodeTexImage" and node.image.size[0] < 512:
                    yield node.image.pixels[:]


@pytest.mark.parametrize("kind", ["radio", "camera"])
@pytest.mark.parametrize("seed", SEEDS)
def test_the_display_is_lit_and_faces_the_wearer(things, kind, seed):
    prop = things[kind, seed]
    mesh = next(p.object.data for p in prop.parts if "screen" in p.object.name)
    assert mesh.polygons[0].normal[1] == pytest.approx(-1)
    shader = mesh.materials[0].node_tree.nodes["Principled BSDF"]
    assert shader.inputs["Emission Strength"].default_value > 0.2
    corner = np.array([vertex.co for vertex in mesh.vertices])
    body = _part(prop, "body")
    inside = (body[:, 0] > corner[:, 0].min()) & (body[:, 0] < corner[:, 0].max())
    inside &= (body[:, 2] > corner[:, 2].min()) & (body[:, 2] < corner[:, 2].max())
    assert not (body[inside, 1] < corner[0, 1]).any(), "nothing of the body lies in front of the display"


def _shown(prop: Prop, moment) -> set[str]:
    placed = zip(prop.parts, ThingActor(prop).place(moment), strict=True)
    return {part.object.name.split(".")[0] for part, placement in placed if placement.visible}


def test_a_phone_records_when_raised_and_a_camera_blinks_with_its_shutter(things):
    still = {
        "t": 0.0, "T_world_camera": np.eye(4), "T_world_torso": np.eye(4), "T_world_head": np.eye(4), "held": 0, "state": None,
        "flash": 0.0, "shot": 0, "feet": np.zeros((2, 3)), "people": (),
    }  # fmt: skip
    low, raised = (Moment(**still, things=(ThingMoment(np.eye(4)),), raised=share) for share in (0.0, 1.0))
    phone = build_thing("phone", "black", np.random.default_rng(0), bpy.data.collections.new("phone"))
    assert _shown(phone, raised) - _shown(phone, low) == {"phone_stop", "phone_time"}
    dark = Moment(**still, things=(ThingMoment(np.eye(4), blank=True),), raised=1.0)
    camera = things["camera", 0]
    assert _shown(camera, raised) - _shown(camera, dark) == {"camera_screen"}


def _seen(panel, turn: float) -> np.ndarray:
    """What a square picture of a panel from straight ahead shows, (n, n); the panel and the eye are turned about z."""
    scene = bpy.data.scenes.new("live")
    scene.collection.objects.link(panel)
    panel.matrix_world = Matrix.Rotation(turn, 4, "Z")
    eye = bpy.data.objects.new("eye", bpy.data.cameras.new("eye"))
    eye.data.type, eye.data.ortho_scale, eye.data.clip_start = "ORTHO", 0.04, 0.01
    eye.matrix_world = panel.matrix_world @ Matrix.Translation((0, -0.5, 0)) @ Matrix.Rotation(np.pi / 2, 4, "X")
    scene.collection.objects.link(eye)
    scene.camera, scene.render.engine, scene.cycles.samples = eye, "CYCLES", 1
    scene.render.resolution_x = scene.render.resolution_y = 32
    scene.view_settings.view_transform = "Raw"
    scene.render.image_settings.file_format = "OPEN_EXR"
    with tempfile.TemporaryDirectory() as folder:
        render_to(scene, Path(folder) / "seen.exr")
        return read_radiance(Path(folder) / "seen.exr").mean(2)


def test_a_live_view_shows_what_the_lens_is_turned_to():
    corners = np.array([(-0.02, 0, -0.02), (0.02, 0, -0.02), (0.02, 0, 0.02), (-0.02, 0, 0.02)])
    angle = np.radians(50)
    panel = live_panel("live", corners, angle, np.random.default_rng(2), 179.0, bpy.data.collections.new("live"))
    ahead, left = _seen(panel, 0.0), _seen(panel, np.radians(25))
    # A turn to the left by half the field of view brings what was at the left edge into the middle.
    rows = slice(4, 28)
    moved, stayed = (np.abs(left[rows, 14:30] - ahead[rows, k : k + 16]).mean() for k in (0, 14))
    assert moved < 0.5 * stayed


@pytest.mark.parametrize("kind", ["torch", "training_carbine"])
def test_a_torch_shines_ahead_from_before_its_lens(kind):
    lit = []
    for seed in range(12):
        prop = build_thing(kind, "black", np.random.default_rng(seed), bpy.data.collections.new("lit"))
        lit += [(prop, rest) for part, rest in zip(prop.parts, prop.rests, strict=True) if part.object.type == "LIGHT"]
        if kind == "torch" or lit:
            break
    prop, frame = lit[0]
    assert -frame[:3, 2] == pytest.approx([0.0, 1.0, 0.0]), "a lamp shines along its -z"
    vertices, _ = prop.solid
    before = vertices[np.linalg.norm((vertices - frame[:3, 3])[:, [0, 2]], axis=1) < 0.0175]
    assert before[:, 1].max() < frame[1, 3] < before[:, 1].max() + 0.02, "nothing of the thing is in the beam"
