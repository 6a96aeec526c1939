"""Bodies: adults of the stature that was asked for, limbs of constant length, hands that hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.scenario.spec import Body
from generator.world.figure import STATURE, Posed, set_limb, solve
from tests.specs import BODY, corridor_spec

bpy = pytest.importorskip("bpy")
pytestmark = pytest.mark.blender


def _body(**changes: object) -> Body:
    return Body.model_validate({**BODY, **changes})


@given(
    sex=st.sampled_from(["male", "female"]), age=st.floats(18, 70), height=st.floats(0.02, 0.98), weight=st.floats(0, 1),
    muscle=st.floats(0, 1), ancestry=st.sampled_from(["african", "asian", "caucasian"]),
)  # fmt: skip
@settings(max_examples=12, deadline=None)
def test_bodies_have_the_stature_of_their_quantile_and_are_adults(sex, age, height, weight, muscle, ancestry):
    figure = solve(_body(sex=sex, age=age, height=height, weight=weight, muscle=muscle, ancestry=ancestry))
    assert figure.stature == pytest.approx(STATURE[sex].inv_cdf(height), abs=0.002)
    assert figure.stature > 1.40
    heads = figure.stature / (figure.stature - figure.head("head")[2])
    assert heads > 5.5, "adults are at least five and a half heads tall"


def test_a_child_is_refused():
    child = Body.model_construct(**{**BODY, "age": 15.0})
    with pytest.raises(ValueError, match="adult"):
        solve(child)


@given(
    x=st.floats(-0.2, 0.7), y=st.floats(-0.2, 0.6), z=st.floats(0.7, 1.8),
)  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_an_arm_reaches_its_target_and_keeps_its_lengths(x, y, z):
    figure = solve(_body())
    posed = Posed(figure)
    target = np.array([x, y, z])
    names = ("upperarm01.R", "lowerarm01.R", "wrist.R")
    set_limb(posed, names, target, np.array([0.6, -0.3, 0.2]))
    shoulder, elbow, wrist = (posed.head(name) for name in names)
    rest = [figure.head(name) for name in names]
    assert np.linalg.norm(elbow - shoulder) == pytest.approx(np.linalg.norm(rest[1] - rest[0]), abs=1e-6)
    assert np.linalg.norm(wrist - elbow) == pytest.approx(np.linalg.norm(rest[2] - rest[1]), abs=1e-6)
    length = sum(np.linalg.norm(rest[k + 1] - rest[k]) for k in (0, 1))
    least = abs(np.linalg.norm(rest[1] - rest[0]) - np.linalg.norm(rest[2] - rest[1]))
    if least + 0.01 < np.linalg.norm(target - shoulder) < length - 0.01:
        assert np.linalg.norm(wrist - target) < 1e-6


def test_subdivision_is_blenders():
    from generator.world.subdivide import catmull_clark

    bpy.ops.wm.read_factory_settings(use_empty=True)
    rng = np.random.default_rng(3)
    faces = np.array([[0, 1, 4, 3], [1, 2, 5, 4], [3, 4, 7, 6], [4, 5, 8, 7], [2, 9, 10, 5]])  # with a border
    vertices = rng.normal(size=(11, 3))
    mesh = bpy.data.meshes.new("m")
    mesh.from_pydata(vertices.tolist(), [], faces.tolist())
    thing = bpy.data.objects.new("m", mesh)
    bpy.context.scene.collection.objects.link(thing)
    modifier = thing.modifiers.new("s", "SUBSURF")
    modifier.levels = 1
    modifier.use_limit_surface = False
    modifier.boundary_smooth = "ALL"
    fine = thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).to_mesh()
    theirs = np.array([v.co for v in fine.vertices])
    ours = catmull_clark(faces, 11).matrix @ vertices
    assert len(ours) == len(theirs)
    far = np.linalg.norm(ours[:, None] - theirs[None], axis=-1).min(1)
    assert far.max() < 1e-5


@pytest.mark.parametrize("kind", ["training_carbine", "training_pistol"])
@pytest.mark.parametrize("sex", ["male", "female"])
def test_the_firing_hand_holds_the_grip(kind, sex):
    """Fingertips touch, and nothing of a finger sinks deep into the grip."""
    from mathutils import Vector
    from mathutils.bvhtree import BVHTree

    from generator.world.grasping import grasp
    from generator.world.hands import rest, set_hand
    from generator.world.props import build_thing
    from generator.world.wearer import outer_surface

    bpy.ops.wm.read_factory_settings(use_empty=True)
    spec = corridor_spec(weapon__kind=kind, wearer__body__sex=sex)
    prop = build_thing(kind, "black", spec.stream("t"), bpy.context.scene.collection)
    figure = solve(spec.wearer.body)
    held = grasp(figure, kind, "R", prop.marks, prop.solid, outer_surface(figure, spec.wearer.dress))
    assert held is not None
    hand = rest(figure, "R")
    root = np.eye(4)
    root[:3, :3] = held.wrist[:3, :3]
    root[:3, 3] = held.wrist[:3, 3] - held.wrist[:3, :3] @ hand.wrist
    posed = Posed(figure, root)
    set_hand(posed, hand, held.wrist[:3, :3], held.angles, held.thumb)
    tree = BVHTree.FromPolygons([tuple(v) for v in prop.solid[0]], [tuple(map(int, t)) for t in prop.solid[1]])
    for finger in (3, 4, 5):
        name = f"finger{finger}-3.R"
        middle = 0.5 * (figure.head(name) + figure.tail(name))
        _, _, _, far = tree.find_nearest(Vector(posed.point(name, middle)))
        assert far < 0.030, f"finger {finger} floats {1000 * far:.0f} mm from the thing (bone to surface)"
