"""The drill with two things: one hangs, the other is drawn, and back; each with its own shots, hands and labels."""

from typing import Any

import numpy as np
import pytest

from generator.labels.annotate import held
from generator.labels.events import event_records, tags
from generator.motion.build import BuiltTimeline, build_timeline
from generator.motion.casings import drops, ejections
from generator.tracks import TRACK_SIDEARM, TRACK_THING
from tests.specs import corridor_spec

DRILL = [
    {"do": "aim", "at": "ahead", "for": 0.3, "raise_time": 0.4}, {"do": "fire", "shots": 1, "interval": 0.3, "pause": 0.7},
    {"do": "transition", "to": "sidearm", "for": 1.9}, {"do": "aim", "at": "ahead", "for": 0.3, "raise_time": 0.4},
    {"do": "fire", "shots": 2, "interval": 0.3, "pause": 0.7}, {"do": "reload", "for": 2.0}, {"do": "lower", "for": 0.4},
    {"do": "transition", "to": "primary", "for": 2.0}, {"do": "low_ready", "for": 0.5},
]  # fmt: skip


def _spec(kind: str, sidearm: str = "training_pistol", **more: Any) -> Any:
    return corridor_spec(
        weapon__kind=kind, weapon__sidearm={"kind": sidearm, "finish": "blue"}, weapon__behaviour=DRILL, clip__duration=11.0,
        **more,
    )  # fmt: skip


def _spell(timeline: BuiltTimeline, which: int) -> tuple[float, float]:
    found = [(state.start, state.end) for state in timeline.states if state.state == "transition"]
    return found[which]


@pytest.mark.parametrize(("kind", "sidearm"), [("training_carbine", "training_pistol"), ("training_shotgun", "taser")])
def test_each_thing_does_what_it_is_in_the_hand_for(kind: str, sidearm: str) -> None:
    spec = _spec(kind, sidearm)
    timeline = build_timeline(spec)
    firearm = sidearm == "training_pistol"
    order = ["raising", "aiming", "transition", "raising", "aiming", *(["reloading"] if firearm else []), "lowering",
             "transition", "low_ready"]  # fmt: skip
    assert [state.state for state in timeline.states] == order
    pulls = [(event.type, event.track_id) for event in timeline.events if event.type != "muzzle_flash"]
    second = "discharge" if firearm else "trigger_pull"
    assert pulls == [("discharge", TRACK_THING), (second, TRACK_SIDEARM), (second, TRACK_SIDEARM)]
    assert [len(ejections(spec, timeline, thing=k)) for k in (0, 1)] == [1, 2 if firearm else 0]
    assert [len(drops(spec, timeline, thing=k)) for k in (0, 1)] == [0, 1 if firearm else 0]
    records = [r for r in event_records(spec, timeline) if r["type"] == "transition"]
    assert [record["track_id"] for record in records] == [TRACK_SIDEARM, TRACK_THING]
    first = {"training_carbine": "carbine", "training_shotgun": "shotgun"}[kind]
    other = "handgun" if firearm else "taser"
    out, back = _spell(timeline, 0), _spell(timeline, 1)
    assert held(spec, timeline.at(out[0])) == held(spec, timeline.at(back[1])) == (first, first)
    assert held(spec, timeline.at(out[1])) == held(spec, timeline.at(back[0])) == (other, other)
    assert held(spec, timeline.at(0.55 * out[0] + 0.45 * out[1])) == (None, other)
    assert timeline.at(out[0]).held == timeline.at(back[1]).held == 0
    assert timeline.at(out[1]).held == timeline.at(back[0]).held == 1
    assert timeline.at(back[0]).things[1].spent == firearm


@pytest.mark.parametrize("kind", ["training_carbine", "training_smg", "training_shotgun"])
def test_nothing_jumps_and_no_hand_is_in_two_places(kind: str) -> None:
    timeline = build_timeline(_spec(kind, camera__path={"kind": "static"}))
    before, step = None, 0.004
    start, end = _spell(timeline, 0)[0], _spell(timeline, 1)[1]
    for t in np.arange(start - 0.05, end + 0.05, step):
        here = timeline.at(float(t))
        assert sum(thing.grip for thing in here.things) <= 1 + 1e-9
        assert sum(thing.support for thing in here.things) <= 1 + 1e-9
        if before is not None:
            near = any(-0.02 < t - shot.t < 0.3 for _, shot in timeline.handling.shots)
            for now, then in zip(here.things, before.things, strict=True):
                if not near:  # recoil apart
                    assert np.linalg.norm(now.T_world[:3, 3] - then.T_world[:3, 3]) < 9 * step
                    cosine = (np.trace(then.T_world[:3, :3].T @ now.T_world[:3, :3]) - 1) / 2
                    assert np.arccos(np.clip(cosine, -1, 1)) < 40 * step
                assert abs(now.grip - then.grip) < 20 * step and abs(now.support - then.support) < 20 * step
        before = here


def test_the_long_gun_hangs_muzzle_down_swings_and_comes_to_rest() -> None:
    timeline = build_timeline(_spec("training_carbine", camera__path={"kind": "static"}))
    start, end = _spell(timeline, 0)
    times = np.arange(start + 0.5 * (end - start), _spell(timeline, 1)[0], 0.02)
    local = np.array([np.linalg.inv(m.T_world_torso) @ m.things[0].T_world for m in map(timeline.at, times)])
    assert (local[:, 2, 1] < -0.75).all(), "its muzzle points down, 49 degrees or more as it swings"
    across = local[:, 0, 3] - local[-25:, 0, 3].mean()
    early, late = np.ptp(across[:60]), np.ptp(across[-40:])
    assert 0.01 < early < 0.12
    assert late < 0.3 * early


def test_a_phone_is_lowered_for_as_long_and_carries_nothing_beside_it() -> None:
    shooter, twin = (_spec(kind) for kind in ("training_carbine", "phone"))
    assert len(shooter.things) == 2 and len(twin.things) == 1
    one, other = build_timeline(shooter), build_timeline(twin)
    assert not other.states and not other.events
    assert not tags(twin, other, firearm_visible=True)["first_person_firearm"]
    for t in np.arange(0.0, one.duration, 0.05):
        assert one.at(t).raised == pytest.approx(other.at(t).raised, abs=1e-9)
