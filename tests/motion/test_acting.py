"""People in view: what they do is a smooth function of time, their feet stay where they are put, nobody walks into walls."""

from typing import Any, get_args

import numpy as np
import pytest
from pydantic import ValidationError

from generator.labels.events import event_records
from generator.motion import people, places
from generator.motion.acting import POSTURES, Posture
from generator.motion.build import build_timeline
from generator.motion.people import Acting, play
from generator.motion.places import ROOM, clear
from generator.scenario.draw import Drawer, resolve
from generator.scenario.spec import Action, ClipSpec, Person
from generator.site import main_route, site_of
from generator.site.model import Acoustics, Floor, Site, Solid, Spot, Way
from generator.site.route import level_of, plan_route
from generator.tracks import TRACKS_PEOPLE
from tests.specs import corridor_tree

ACTIONS = tuple(action for action in get_args(Action) if action != "hold_hostage")
EYES = np.array([1.0, 1.0, 1.6])
STEP = 0.004


def _spec(action: str, then: str | None = None, *, seconds: float = 6.0, after: float = 1.5, **person: Any) -> ClipSpec:
    tree = corridor_tree()
    tree["clip"]["duration"] = seconds
    tree["people"][0].update(action=action, **person)
    if then is not None:
        tree["people"][0]["then"] = {"action": then, "after": after}
    return ClipSpec.from_tree(tree)


def _who(spec: ClipSpec) -> Acting:
    return play(spec, spec.people[0])


def _flat(posture: Posture) -> np.ndarray:
    return np.concatenate([np.ravel(getattr(posture, name)) for name in posture.__dataclass_fields__])


@pytest.mark.parametrize("then", [None, "flee", "surrender"])
@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_jumps(action: str, then: str | None) -> None:
    who = _who(_spec(action, then))
    moments = [who.at(float(t), EYES) for t in np.arange(-0.1, 6.1, STEP)]
    posture = np.abs(np.diff([_flat(m.posture) for m in moments], axis=0)).max() / STEP
    assert posture < 12.0, "a target moves faster than any limb"
    roots = np.diff([m.T_world_root[:3, 3] for m in moments], axis=0) / STEP
    assert np.linalg.norm(roots, axis=1).max() < 4.0, "nobody is faster than a run"
    feet = np.diff([m.feet[:, :3] for m in moments], axis=0) / STEP
    assert np.linalg.norm(feet, axis=2).max() < 16.0, "a swinging foot overtakes its body by two to four times"
    assert np.abs(np.diff([m.heels for m in moments], axis=0)).max() / STEP < 16.0
    gaze = np.diff([m.looks_at for m in moments], axis=0) / STEP
    assert np.linalg.norm(gaze, axis=1).max() < 60.0


@pytest.mark.parametrize("action", ["walk", "run", "flee", "open_door"])
@pytest.mark.parametrize("seed", range(3))
def test_a_foot_on_the_ground_stays_where_it_is(action: str, seed: int) -> None:
    spec = _spec(action).model_copy(update={"variant": seed})
    who = _who(spec)
    times = np.arange(0.0, 6.0, 0.01)
    planted = np.array([who.feet.planted(float(t)) for t in times])
    places = np.array([who.feet.at(float(t))[0][:, :3] for t in times])
    both = planted[1:] & planted[:-1]
    slid = np.linalg.norm(np.diff(places, axis=0), axis=2)[both]
    assert both.sum() > 100
    assert slid.max() < 1e-9
    assert np.abs(places[planted][:, 2]).max() < 1e-9, "what is planted is on the floor"


@pytest.mark.parametrize("action", ["walk", "run"])
def test_the_body_goes_with_its_feet(action: str) -> None:
    spec = _spec(action)
    who = _who(spec)
    reach = 0.75 if action == "walk" else 0.95
    for t in np.arange(0.0, 6.0, 0.02):
        root, feet = who.root(float(t))[0], who.feet.at(float(t))[0]
        planted = who.feet.planted(float(t))
        away = np.linalg.norm((feet[:, :3] - root)[:, :2], axis=1)
        assert away[list(planted)].max(initial=0.0) < reach, "a planted foot is within a stride of the body"
    assert np.linalg.norm(who.root(5.9)[0] - who.root(0.0)[0]) > 3.0


@pytest.mark.parametrize("action", ["walk", "run", "flee", "open_door", "take_cover"])
@pytest.mark.parametrize("variant", range(8))
def test_nobody_goes_through_a_wall_or_up_to_the_wearer(action: str, variant: int) -> None:
    rng = np.random.default_rng(variant)
    spec = _spec(
        action, ("flee", "walk", None)[variant % 3], facing=float(rng.uniform(-3, 3)), across=float(rng.uniform())
    )
    spec = spec.model_copy(update={"variant": variant})
    who, site, wearer = _who(spec), site_of(spec), main_route(spec).place(0.8)
    start = who.root(-0.1)[0]
    for t in np.arange(-0.1, 6.1, 0.02):
        place = who.root(float(t))[0]
        assert clear(site, place) > min(ROOM, clear(site, start)) - 0.06
        assert site.floor(place) is not None
        assert np.linalg.norm((place - wearer)[:2]) > 4.0


def test_the_wearer_stops_short_of_where_people_come_to() -> None:
    timeline = build_timeline(_spec("run", facing=0.0))
    for t in np.arange(0.0, 6.0, 0.1):
        moment = timeline.at(float(t))
        gap = moment.people[0].T_world_root[:3, 3] - moment.T_world_camera[:3, 3]
        assert np.linalg.norm(gap[:2]) > 1.5


def test_actions_are_events_one_after_the_other() -> None:
    spec = _spec("aim_at_camera", "surrender", after=2.0, role="hostage_taker")
    found = [e for e in event_records(spec, build_timeline(spec)) if e["type"] == "action"]
    assert [(e["start"], e["end"]) for e in found] == [(0.0, 2.0), (2.0, 6.0)]
    assert [e["attributes"] for e in found] == [
        {"action": "aim_at_camera", "role": "hostage_taker"}, {"action": "surrender", "role": "hostage_taker"},
    ]  # fmt: skip
    assert {e["track_id"] for e in found} == {TRACKS_PEOPLE}


def _pair(**taker: Any) -> ClipSpec:
    tree = corridor_tree()
    hostage, other = tree["people"][0], {**tree["people"][0]}
    hostage.update(role="hostage", action="hands_up")
    other.update(role="hostage_taker", action="hold_hostage", **taker)
    tree["people"] = [hostage, other]
    return ClipSpec.from_tree(tree)


@pytest.mark.parametrize("across", [0.0, 0.5, 1.0])
def test_a_hostage_is_held_from_close_behind(across: float) -> None:
    spec = _pair(across=across)
    hostage, taker = (play(spec, person) for person in spec.people)
    ahead = np.array([-np.sin(hostage.yaw), np.cos(hostage.yaw), 0.0])
    behind = hostage.place - taker.place
    assert 0.2 < behind @ ahead < 0.4
    assert np.linalg.norm(behind) < 0.42
    assert taker.yaw == pytest.approx(hostage.yaw)
    assert clear(site_of(spec), taker.place) >= ROOM - 0.02


@pytest.mark.parametrize(
    "change",
    [
        {"role": "hostage", "action": "hold_hostage"},
        {"role": "hostage_taker", "action": "hold_hostage"},
        {"action": "film_with_phone", "then": {"action": "aim_at_camera", "after": 1.0}},
        {"action": "aim_at_camera", "finish": "black"},
        {"action": "bleed"},
        {"role": "child"},
    ],
)
def test_what_is_refused(change: dict[str, Any]) -> None:
    tree = corridor_tree()
    tree["people"][0].update(change)
    with pytest.raises(ValidationError):
        ClipSpec.from_tree(tree)


def test_the_role_and_what_is_held_say_nothing_of_the_body() -> None:
    given = {
        "role": {"choice": ["officer", "hostage_taker", "hostage", "bystander"]},
        "action": {"choice": ["stand", "aim_at_camera"]},
    }
    drawn = [
        Person.model_validate_json(_json(resolve(Person, given, "people.0", Drawer(5, "roles", k, {}))))
        for k in range(600)
    ]
    armed = np.array([p.action == "aim_at_camera" for p in drawn])
    taker = np.array([p.role == "hostage_taker" for p in drawn])
    for trait in (
        np.array([p.body.sex == "female" for p in drawn]), np.array([p.body.skin_tone for p in drawn]),
        np.array([p.body.ancestry == "african" for p in drawn]), np.array([p.body.ancestry == "asian" for p in drawn]),
    ):  # fmt: skip
        for fact in (armed, taker):
            assert abs(np.corrcoef(trait.astype(float), fact)[0, 1]) < 0.13  # three standard errors


def _json(tree: Any) -> str:
    import json

    return json.dumps(tree)


def test_a_body_changes_nothing_of_what_is_done() -> None:
    one = _spec("walk", "surrender")
    body = one.people[0].body.model_copy(update={"sex": "female", "skin_tone": 9, "ancestry": "african", "height": 0.1})
    other = one.model_copy(update={"people": (one.people[0].model_copy(update={"body": body}),)})
    for t in (0.0, 1.3, 4.0):
        first, second = _who(one).at(t, EYES), _who(other).at(t, EYES)
        assert np.array_equal(_flat(first.posture), _flat(second.posture))
        assert np.array_equal(first.feet, second.feet)


def test_lying_down_takes_its_time() -> None:
    who = _who(_spec("lie_down"))
    heights = np.array([who.posture(float(t)).pelvis[2] for t in np.arange(0, 6, 0.02)])
    assert heights[0] > 0.9
    assert heights[-1] < 0.05
    assert np.abs(np.diff(heights)).max() / 0.02 < 1.0, "nobody drops"


def test_every_posture_is_finite() -> None:
    for name, posture in POSTURES.items():
        assert np.isfinite(_flat(posture)).all(), name
        assert ((posture.curl >= 0) & (posture.curl <= 1)).all(), name


@pytest.mark.parametrize("action", ["walk", "run"])
def test_arms_swing_against_the_legs(action: str) -> None:
    who = _who(_spec(action))
    ahead = np.array([-np.sin(who.root(3.0)[1]), np.cos(who.root(3.0)[1]), 0.0])
    legs, arms = [], []
    for t in np.arange(1.0, 3.0, 0.02):
        feet = who.feet.at(float(t))[0][:, :3]
        legs.append((feet[1] - feet[0]) @ ahead)
        hands = who.posture(float(t)).hands
        arms.append(hands[0, 1] - hands[1, 1])
    assert np.corrcoef(legs, arms)[0, 1] > 0.8, "the left arm comes forward with the right leg"


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Site:
    """A hall with pillars in the way, a seat and cover, in place of the corridor."""
    pillars = tuple(Solid.box((x, y), (0.5, 0.5, 3), "pillar") for x in (3, 5, 7) for y in (4, 7, 10, 13))
    walls = tuple(
        Solid.box(centre, size, "wall")
        for centre, size in (
            ((0, 8), (0.2, 16, 3)), ((10, 8), (0.2, 16, 3)), ((5, 0), (10, 0.2, 3)), ((5, 16), (10, 0.2, 3)),
        )
    )  # fmt: skip
    site = Site(
        floors=(Floor.level((0, 0), (10, 16), "concrete"),),
        solids=(*pillars, *walls, Solid.box((2, 8.5), (0.45, 0.45, 0.42), "seat")),
        ways={"advance": Way(np.array([[4, 0.8, 0], [4, 15.0, 0]]))},
        acoustics=Acoustics((0, 0, 0), (10, 16, 3), "plaster", "concrete", "ceiling"),
        spots=(Spot((2.0, 8.5, 0.0), -1.57, "sit", 0.42), Spot((7.0, 14.2, 0.0), 3.1, "cover")),
        half_width=2.0,
    )
    route, level = plan_route(site, site.ways["advance"]), level_of(site, 0.0)
    for module in (places, people):
        monkeypatch.setattr(module, "site_of", lambda spec: site)
        monkeypatch.setattr(module, "main_route", lambda spec: route)
    monkeypatch.setattr(places, "storey", lambda spec, height: level)
    return site


def test_a_seat_is_sat_on(room: Site) -> None:
    who = _who(_spec("stand", "sit", along=0.5, across=0.2))
    before, after = who.at(0.5, EYES), who.at(5.0, EYES)
    assert clear(room, who.place) > 0.15, "before the seat, not in it"
    assert before.posture.pelvis[2] > 0.9
    hips = after.posture.pelvis[2] + after.posture.lift[0]
    assert 0.42 < hips < 0.56, "on the seat"
    back = after.T_world_root @ np.array([0.0, 0.92 * after.posture.pelvis[1], 0.0, 1.0])
    assert np.linalg.norm(back[:2] - [2.0, 8.5]) < 0.1


def test_a_seat_has_one_person(room: Site) -> None:
    tree = corridor_tree()
    tree["people"][0].update(action="sit", along=0.5, across=0.2)
    tree["people"].append({**tree["people"][0]})
    spec = ClipSpec.from_tree(tree)
    first, second = (play(spec, person) for person in spec.people)
    assert first.posture(1.0).pelvis[2] < 0.1
    assert second.posture(1.0).pelvis[2] > 0.3, "nobody sits on another; who finds no seat crouches"


@pytest.mark.parametrize("variant", range(6))
def test_cover_is_run_to_around_pillars(room: Site, variant: int) -> None:
    spec = _spec("take_cover", along=0.55 + 0.05 * variant, across=0.1 * variant).model_copy(
        update={"variant": variant}
    )
    who = _who(spec)
    end = who.root(6.0)[0]
    places_ = np.array([who.root(float(t))[0] for t in np.arange(0.0, 6.0, 0.05)])
    assert min(clear(room, place) for place in places_) > 0.25
    assert np.linalg.norm(end[:2] - [7.0, 14.2]) < 0.7 or not who.travels
