"""Handguns and the holster: nothing floats, nothing blocks the draw, the same seed makes the same thing."""

from typing import Any

import numpy as np
import pytest

from generator.world.figure import Figure, hip_offset, measure, solve
from tests.specs import corridor_spec

bpy = pytest.importorskip("bpy")
pytestmark = pytest.mark.blender

BUILDS = (
    ("training_pistol", "pistol", "build_full_size"),
    ("training_pistol", "pistol_compact", "build_compact"),
    ("taser", "taser", "build_taser"),
)
FINISHES = ("black", "grey", "blue", "orange", "marked")
BODIES: tuple[dict[str, Any], ...] = (
    {},
    {"weight": 0.3, "muscle": 0.35},
    {"weight": 0.75, "muscle": 0.8},
    {"sex": "female", "height": 0.05, "weight": 0.3, "muscle": 0.35},
    {"sex": "female", "height": 0.05, "weight": 0.75, "muscle": 0.35},
    {"height": 0.95, "weight": 0.3},
    {"height": 0.95, "weight": 0.75, "muscle": 0.8},
)


def _built(module: str, name: str, finish: str = "black", seed: int = 0) -> Any:
    from importlib import import_module

    bpy.ops.wm.read_factory_settings(use_empty=True)
    build = getattr(import_module(f"generator.world.{module}"), name)
    return build(finish, np.random.default_rng(seed), bpy.context.scene.collection)


def _tree(vertices: Any, triangles: Any, shift: float = 0.0) -> Any:
    from mathutils.bvhtree import BVHTree

    return BVHTree.FromPolygons([(x, y + shift, z) for x, y, z in vertices.tolist()], triangles.tolist())


def _holster(prop: Any, kind: str, body: dict[str, Any] | None = None) -> Any:
    from generator.world.holster import build_holster

    spec = corridor_spec(weapon__kind=kind, **{f"wearer__body__{key}": value for key, value in (body or {}).items()})
    figure = solve(spec.wearer.body)
    return build_holster(kind, prop, spec, figure, np.random.default_rng(4), bpy.context.scene.collection), spec, figure


@pytest.mark.parametrize(("kind", "module", "name"), BUILDS)
@pytest.mark.parametrize("finish", FINISHES)
def test_a_handgun_is_of_its_size_and_complete(kind: str, module: str, name: str, finish: str) -> None:
    prop = _built(module, name, finish)
    size = np.ptp(prop.solid[0], axis=0)
    assert 0.026 < size[0] < 0.045
    assert 0.14 < size[1] < 0.21
    assert 0.13 < size[2] < 0.175
    assert {"body", "trigger"} <= set(prop.moving)
    assert ("magazine" in prop.moving) == ("action" in prop.moving) == (kind == "training_pistol")
    assert sum(len(part.object.data.loop_triangles) or len(part.object.data.polygons) for part in prop.parts) < 15000
    firearm = kind == "training_pistol"
    assert prop.marks.butt is not None
    assert (prop.marks.rack is not None) == (prop.marks.port is not None) == firearm


@pytest.mark.parametrize(("kind", "module", "name"), BUILDS)
@pytest.mark.parametrize("seed", [0, 7])
def test_marks_lie_on_the_surface(kind: str, module: str, name: str, seed: int) -> None:
    from mathutils import Vector

    prop = _built(module, name, seed=seed)
    tree = _tree(*prop.solid)
    marks = prop.marks
    near = {"muzzle": 0.006, "support": 0.003, "butt": 0.004, "rack": 0.014, "trigger": 0.003}
    for mark, far in near.items():
        place = getattr(marks, mark)
        if place is not None:
            assert tree.find_nearest(Vector(place))[3] < far, mark
    if marks.port is not None:
        assert tree.find_nearest(Vector(marks.port[0]))[3] < 0.004
    # The grip's middle is inside it on all four sides.
    for way in ((1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0)):
        hit = tree.ray_cast(Vector(marks.grip), Vector(way), 0.05)
        assert hit[0] is not None
        assert hit[3] > 0.006  # the inner side of a grip panel counts
    # Nothing stands before the muzzle, and nothing but sights between eye and muzzle.
    assert tree.ray_cast(Vector(marks.muzzle) + Vector((0, 0.003, 0)), Vector((0, 1, 0)), 0.5)[0] is None
    assert np.linalg.norm(marks.grip_axis) == pytest.approx(1)
    assert np.linalg.norm(marks.support_normal) == pytest.approx(1)


@pytest.mark.parametrize(("kind", "module", "name"), BUILDS)
def test_the_same_seed_makes_the_same_thing(kind: str, module: str, name: str) -> None:
    one, two = (_built(module, name, seed=3) for _ in range(2))
    assert one.solid[0].tobytes() == two.solid[0].tobytes()
    assert one.moving == two.moving
    holsters = [_holster(prop, kind)[0] for prop in (one, two)]
    assert holsters[0].solid[0].tobytes() == holsters[1].solid[0].tobytes()
    assert holsters[0].T_torso_thing.tobytes() == holsters[1].T_torso_thing.tobytes()


def test_pistols_are_of_two_shapes() -> None:
    from generator.world.pistol import build_pistol

    bpy.ops.wm.read_factory_settings(use_empty=True)
    names = {
        build_pistol("black", np.random.default_rng(seed), bpy.context.scene.collection)
        .parts[0]
        .object.name.split("_")[0]
        for seed in range(8)
    }
    assert names == {"pistol", "compact"}


@pytest.mark.parametrize(("kind", "module", "name"), BUILDS)
def test_every_piece_is_closed(kind: str, module: str, name: str) -> None:
    prop = _built(module, name)
    for part, moving in zip(prop.parts, prop.moving, strict=True):
        mesh = part.object.data
        edges = np.array([tuple(sorted(pair)) for polygon in mesh.polygons for pair in polygon.edge_keys])
        _, used = np.unique(edges, axis=0, return_counts=True)
        assert (used % 2 == 0).all(), f"{moving} has an open edge"


@pytest.mark.parametrize(("kind", "module", "name"), BUILDS)
@pytest.mark.parametrize("fitted", [False, True])
def test_nothing_blocks_the_draw(
    kind: str, module: str, name: str, fitted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At rest and on the way out along the holster's axis the thing touches the shell nowhere; then it is out."""
    from generator.world import pistol, pistol_compact
    from generator.world.handgun_fittings import Fittings

    for part in (pistol, pistol_compact):
        monkeypatch.setattr(part, "draw_fittings", lambda _: Fittings(light=fitted, dot=fitted))
    prop = _built(module, name)
    holster, _, _ = _holster(prop, kind)
    shell = _tree(*holster.solid)
    for way in (0.0, 0.01, 0.03, 0.06, 0.10, 0.15, 0.20, 0.25):
        assert not shell.overlap(_tree(*prop.solid, -way)), f"touches {1000 * way:.0f} mm out"
    near = np.abs(holster.solid[0] - np.clip(holster.solid[0], prop.solid[0].min(0), prop.solid[0].max(0)))
    assert near.max() < 0.02, "the shell stands off the thing"
    assert prop.solid[0][:, 1].max() - 0.25 < holster.solid[0][:, 1].min()


@pytest.mark.parametrize(("kind", "module", "name"), BUILDS)
def test_a_clip_never_draws_or_holsters_through_the_shell(
    kind: str, module: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from generator.motion.build import build_timeline
    from generator.world import pistol, pistol_compact
    from generator.world.handgun_fittings import Fittings

    for part in (pistol, pistol_compact):
        monkeypatch.setattr(part, "draw_fittings", lambda _: Fittings(light=True, dot=True))
    prop = _built(module, name)
    holster, spec, figure = _holster(prop, kind)
    steps = ({"do": "holstered", "for": 0.3}, {"do": "draw", "for": 1.0}, {"do": "holster", "for": 1.0})
    spec = corridor_spec(weapon__kind=kind, weapon__behaviour=list(steps), clip__duration=2.3)
    timeline = build_timeline(spec, measure(figure, vest=False))
    shell = _tree(*holster.solid)
    for t in np.arange(0.3, 2.3, 0.08):
        moment = timeline.at(float(t))
        moved = np.linalg.inv(moment.T_world_torso @ holster.T_torso_thing) @ moment.T_world_thing
        points = prop.solid[0] @ moved[:3, :3].T + moved[:3, 3]
        assert not shell.overlap(_tree(points, prop.solid[1])), f"through the shell at {t:.2f} s"


def test_a_hood_holds_the_pistol_and_turns_out_of_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    from generator.motion.build import build_timeline
    from generator.world import holster as holsters
    from generator.world import pistol
    from generator.world.handgun_fittings import Fittings

    monkeypatch.setattr(holsters, "_HOODED", 1.0)
    monkeypatch.setattr(pistol, "draw_fittings", lambda _: Fittings(light=False, dot=False))
    prop = _built("pistol", "build_pistol")
    holster, _, figure = _holster(prop, "training_pistol")
    assert holster.hood is not None
    steps = ({"do": "holstered", "for": 0.3}, {"do": "draw", "for": 1.0}, {"do": "holster", "for": 1.0})
    spec = corridor_spec(weapon__kind="training_pistol", weapon__behaviour=list(steps), clip__duration=2.4)
    timeline = build_timeline(spec, measure(figure, vest=False))
    thing, bow = _tree(*prop.solid), holster.hood.shape
    for t in np.arange(0.1, 2.4, 0.04):
        moment = timeline.at(float(t))
        away = np.linalg.inv(moment.T_world_thing) @ holster.place(moment)[2].matrix
        assert not thing.overlap(_tree(bow.vertices @ away[:3, :3].T + away[:3, 3], bow.triangles())), (
            f"through it at {t:.2f} s"
        )
    closed, drawn = (holster.hood.frame(timeline.at(t).thing.retained)[:3, 1] for t in (0.1, 1.2))
    assert closed[1] < -0.9 and drawn[1] > -0.3 and timeline.at(2.39).thing.retained == 1


def _cloth(figure: Figure, spec: Any) -> list[Any]:
    """Trees over trousers and the trunk's part of the top, in the torso frame."""
    from mathutils.bvhtree import BVHTree

    from generator.world import garments
    from generator.world.subdivide import vertex_normals

    where, rng = garments.regions(figure), np.random.default_rng(0)
    on_arm = where.upper + where.fore + where.hand > 0.2
    trees = []
    for surface in (
        garments.trousers_surface(figure, where, rng),
        garments.sleeves_surface(figure, where, spec.wearer.dress, garments.sleeve_end(spec.wearer.dress, rng), rng),
    ):
        assert surface.relief is not None
        points = (
            surface.rest + surface.relief[:, None] * vertex_normals(surface.rest, surface.faces) - figure.torso_origin
        )
        faces = surface.faces[~on_arm[surface.cut.base_faces[surface.parent]]]
        trees.append(BVHTree.FromPolygons(points.tolist(), faces.tolist()))
    return trees


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize(("kind", "module", "name"), BUILDS)
def test_the_holster_lies_on_the_hip(kind: str, module: str, name: str, body: dict[str, Any]) -> None:
    from mathutils import Vector

    prop = _built(module, name)
    holster, spec, figure = _holster(prop, kind, body)
    frame = holster.T_torso_thing
    points = [Vector(p) for p in (holster.solid[0][::4] @ frame[:3, :3].T + frame[:3, 3]).tolist()]
    gaps = []
    for tree in _cloth(figure, spec):
        for point in points:
            outside = tree.ray_cast(point, Vector((1, 0.01, 0.01)), 0.10)[0] is None
            gaps.append((1 if outside else -1) * tree.find_nearest(point)[3])
    assert -0.005 < min(gaps) < 0.015
    assert measure(figure, vest=False).hip == hip_offset(figure)


def test_motion_carries_the_thing_where_the_holster_is() -> None:
    from generator.motion.build import build_timeline

    prop = _built("taser", "build_taser")
    holster, spec, figure = _holster(prop, "taser", {"sex": "female", "height": 0.1})
    spec = corridor_spec(
        weapon__kind="taser", weapon__behaviour=[{"do": "holstered", "for": 2.0}, {"do": "draw", "for": 1.0}],
        wearer__body__sex="female", wearer__body__height=0.1,
    )  # fmt: skip
    moment = build_timeline(spec, measure(figure, vest=spec.wearer.dress.vest)).at(0.5)
    assert moment.state in ("holstered", None)
    assert moment.T_world_thing == pytest.approx(moment.T_world_torso @ holster.T_torso_thing, abs=1e-9)


def test_what_is_not_carried_in_a_holster_gets_none() -> None:
    prop = _built("taser", "build_taser")
    with pytest.raises(ValueError, match="holster"):
        _holster(prop, "phone")


@pytest.mark.parametrize(("kind", "module", "name"), BUILDS[:2])
@pytest.mark.parametrize("sex", ["male", "female"])
def test_the_firing_hand_closes_round_both_grips(kind: str, module: str, name: str, sex: str) -> None:
    from mathutils import Vector

    from generator.world.figure import Posed
    from generator.world.grasping import grasp
    from generator.world.hands import rest, set_hand
    from generator.world.wearer import outer_surface

    prop = _built(module, name)
    wearer = corridor_spec(wearer__body__sex=sex).wearer
    figure = solve(wearer.body)
    held = grasp(figure, "training_pistol", "R", prop.marks, prop.solid, outer_surface(figure, wearer.dress))
    assert held is not None
    hand, root = rest(figure, "R"), np.eye(4)
    root[:3, :3] = held.wrist[:3, :3]
    root[:3, 3] = held.wrist[:3, 3] - held.wrist[:3, :3] @ hand.wrist
    posed = Posed(figure, root)
    set_hand(posed, hand, held.wrist[:3, :3], held.angles, held.thumb)
    tree = _tree(*prop.solid)
    for finger in (3, 4, 5):
        bone = f"finger{finger}-3.R"
        middle = 0.5 * (figure.head(bone) + figure.tail(bone))
        assert tree.find_nearest(Vector(posed.point(bone, middle)))[3] < 0.025
