"""People in view: skinning reproduces what was bound, bones keep their lengths, feet stay where they are put."""

import numpy as np
import pytest

from generator.motion.build import build_timeline
from generator.motion.people import play
from generator.scenario.spec import ClipSpec
from generator.tracks import TRACKS_PEOPLE, TRACKS_PEOPLE_THINGS
from generator.world.body_pose import SOLE, Body, posed_person
from generator.world.figure import solve
from tests.specs import corridor_tree

bpy = pytest.importorskip("bpy")
pytestmark = pytest.mark.blender

ACTIONS = (
    "stand", "talk", "walk", "run", "crouch", "kneel", "hands_up", "lie_down", "take_cover", "flee", "aim_at_camera",
    "surrender", "open_door", "film_with_phone",
)  # fmt: skip
EYES = np.array([1.0, 1.0, 1.6])
_LIMBS = ((5, 7), (7, 9), (6, 8), (8, 10), (11, 13), (13, 15), (12, 14), (14, 16), (11, 12), (1, 2), (3, 4))
"""Pairs of COCO's keypoints that a bone joins."""


def _spec(**person) -> ClipSpec:
    tree = corridor_tree()
    tree["clip"]["duration"] = 5.0
    tree["people"][0].update(person)
    return ClipSpec.from_tree(tree)


def _built(**person):
    from generator.world.role_player import build_people

    spec = _spec(**person)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    (made,) = build_people(spec, bpy.data.collections.new("seen"))
    return made, build_timeline(spec)


@pytest.mark.parametrize(
    "dress",
    [{}, {"hi_vis": True, "mask": True, "headgear": "cap"}, {"action": "aim_at_camera", "role": "hostage_taker"}],
)
def test_a_person_builds_and_follows_their_bones(dress):
    from generator.world.role_player import BOUND

    person, timeline = _built(**dress)
    bound = person.bound.posed(posed_person(person.body, BOUND).matrices())
    assert np.abs(bound - person.bound.vertices).max() < 1e-6
    assert np.abs(np.asarray(person.bound.weights.sum(1)) - 1).max() < 1e-9
    mesh = person.parts[0].object.data
    moment = timeline.at(1.0)
    placements = person.place(moment)
    assert len(placements) == len(person.parts)
    assert placements[0].vertices.shape == (len(mesh.vertices), 3)
    assert np.isfinite(placements[0].vertices).all()
    assert -0.03 < placements[0].vertices[:, 2].min() < 0.02, "boots are on the floor"
    assert person.tracks[0].track_id == TRACKS_PEOPLE
    assert person.tracks[0].category == dress.get("role", "role_player")
    if "action" in dress:
        assert (person.tracks[1].track_id, person.tracks[1].category) == (TRACKS_PEOPLE_THINGS, "handgun")
        thing = placements[1].matrix
        ahead = moment.T_world_head[:3, 3] - thing[:3, 3]
        assert thing[:3, 1] @ ahead / np.linalg.norm(ahead) > 0.97, "it is turned to the wearer"
        points = person.keypoints(moment, TRACKS_PEOPLE)
        assert np.linalg.norm(points[10] - thing[:3, 3]) < 0.16, "the wrist is at its grip"


def test_keypoints_keep_the_lengths_of_bones():
    person, timeline = _built(action="run", then={"action": "surrender", "after": 1.5})
    points = np.array([person.keypoints(timeline.at(float(t)), TRACKS_PEOPLE) for t in np.arange(0.0, 5.0, 0.1)])
    for a, b in _LIMBS:
        lengths = np.linalg.norm(points[:, a] - points[:, b], axis=1)
        assert np.ptp(lengths) / lengths.mean() < 0.03, (a, b)


@pytest.fixture(scope="module")
def body() -> Body:
    return Body.of(solve(_spec().people[0].body), 0.02)


@pytest.mark.parametrize("action", ACTIONS)
def test_bones_move_without_a_jump(action, body):
    spec = _spec(action=action)
    who = play(spec, spec.people[0])
    step = 0.02
    bones = ("head", "wrist.L", "wrist.R", "lowerarm01.L", "lowerarm01.R", "lowerleg01.L", "lowerleg01.R", "spine01")
    places = []
    for t in np.arange(0.0, 5.0, step):
        posed = posed_person(body, who.at(float(t), EYES))
        places.append([posed.head(bone) for bone in bones])
    speed = np.linalg.norm(np.diff(places, axis=0), axis=2).max(0) / step
    assert speed.max() < 10.5, dict(zip(bones, speed.round(1), strict=True))


@pytest.mark.parametrize("action", ["walk", "run"])
def test_feet_do_not_slide(action, body):
    spec = _spec(action=action)
    who = play(spec, spec.people[0])
    ball = {side: body.figure.head(f"toe2-1.{side}") * [1, 1, 0] - [0, 0, SOLE] for side in "LR"}
    lying: dict[tuple[str, float], list[np.ndarray]] = {}
    for t in np.arange(0.0, 5.0, 0.01):
        planted = who.feet.planted(float(t))
        moment = who.at(float(t), EYES)
        posed = posed_person(body, moment)
        for k, side in enumerate("LR"):
            if planted[k] and moment.heels[k] >= 0:
                key = (side, round(float(moment.feet[k, 1]), 6))
                lying.setdefault(key, []).append(posed.point(f"foot.{side}", ball[side]))
    assert len(lying) > 6
    for points in lying.values():
        slid = np.ptp(np.array(points), axis=0)
        assert np.hypot(slid[0], slid[1]) < 0.02
        assert np.abs(np.array(points)[:, 2]).max() < 0.03


@pytest.mark.parametrize(("sex", "height", "weight"), [("female", 0.05, 0.75), ("male", 0.95, 0.3)])
def test_any_body_reaches_the_floor(sex, height, weight):
    spec = _spec(action="kneel")
    figure = solve(spec.people[0].body.model_copy(update={"sex": sex, "height": height, "weight": weight}))
    body = Body.of(figure, 0.02)
    for action in ("stand", "kneel", "crouch", "lie_down", "surrender"):
        spec = _spec(action=action)
        posed = posed_person(body, play(spec, spec.people[0]).at(4.9, EYES))
        knees = [posed.head(f"lowerleg01.{side}")[2] for side in "LR"]
        ankles = [posed.head(f"foot.{side}")[2] for side in "LR"]
        assert min(knees) > 0.03
        assert 0.05 < min(ankles) < 0.30
        if action in ("kneel", "surrender"):
            assert min(knees) < 0.15, "a knee is on the floor"
        if action == "lie_down":
            assert posed.head("spine01")[2] < 0.40
            assert max(knees) < 0.25
