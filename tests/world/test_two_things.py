"""A long gun and a sidearm in one clip: hands on each in turn, one flash, pouches that empty."""

import numpy as np
import pytest

from generator.tracks import TRACK_SIDEARM, TRACK_SIDEARM_MAGAZINE, TRACK_THING
from tests.specs import corridor_spec

bpy = pytest.importorskip("bpy")
pytestmark = pytest.mark.blender

DRILL = [
    {"do": "aim", "at": "ahead", "for": 0.3, "raise_time": 0.4}, {"do": "fire", "shots": 1, "interval": 0.3, "pause": 0.7},
    {"do": "transition", "to": "sidearm", "for": 1.9}, {"do": "aim", "at": "ahead", "for": 0.3, "raise_time": 0.4},
    {"do": "fire", "shots": 1, "interval": 0.3, "pause": 0.7}, {"do": "reload", "for": 2.0}, {"do": "lower", "for": 0.4},
]  # fmt: skip


def test_hands_flash_and_pouches_follow_the_thing_that_is_held():
    from generator.motion.build import build_timeline
    from generator.world.actor import OfThing
    from generator.world.flash import FlashActor
    from generator.world.holster import Holster
    from generator.world.stage import wearer_actors
    from generator.world.wearer import Wearer, wearer_measures

    spec = corridor_spec(
        weapon__kind="training_smg", weapon__sidearm={"kind": "training_pistol", "finish": "blue"}, weapon__behaviour=DRILL,
        clip__duration=8.0,
    )  # fmt: skip
    timeline = build_timeline(spec, wearer_measures(spec.wearer))
    bpy.ops.wm.read_factory_settings(use_empty=True)
    actors = wearer_actors(spec, timeline, bpy.context.scene.collection)
    categories = {track.track_id: track.category for actor in actors for track in actor.tracks}
    parts = [part.track_id for actor in actors for part in actor.parts if part.track_id]
    assert set(parts) == set(categories)
    assert categories[TRACK_THING] == "submachine_gun" and categories[TRACK_SIDEARM] == "handgun"
    assert categories[TRACK_SIDEARM_MAGAZINE] == "magazine"

    wearer = next(actor for actor in actors if isinstance(actor, Wearer))
    (out, end), aimed = (
        next((s.start, s.end) for s in timeline.states if s.state == "transition"),
        timeline.events[-1].start,
    )
    for t, thing in ((out - 0.05, 0), (end, 1), (aimed - 0.1, 1)):
        moment = timeline.at(t)
        for side, hold in (("R", wearer.holdings[thing].right), ("L", wearer.holdings[thing].left)):
            wanted = (moment.things[thing].T_world @ hold.wrist)[:3, 3]
            rest = wearer.rests[side]
            assert np.linalg.norm(wearer.pose(moment).point(f"wrist.{side}", rest.wrist) - wanted) < 0.001
    steps = [wearer.keypoints(timeline.at(float(t)), 3)[0] for t in np.arange(out, end, 0.02)]
    assert np.linalg.norm(np.diff(steps, axis=0), axis=1).max() < 0.02 * 4.5, "the firing hand jumps"

    shots = [event.start for event in timeline.events if event.type == "discharge"]
    flashes = {a.thing: a for a in actors if isinstance(a, OfThing) and isinstance(a.actor, FlashActor)}
    for number, shot in enumerate(shots):
        moment = timeline.at(shot + 1e-4)
        burning = {thing: any(p.visible for p in flash.place(moment)) for thing, flash in flashes.items()}
        assert burning == {0: number == 0, 1: number == 1}

    belt = next(a for a in actors if isinstance(a, OfThing) and isinstance(a.actor, Holster))
    (start, stop) = timeline.handling.things[1].reloads[0]
    left = [sum(p.visible for p in belt.place(timeline.at(t))) for t in (start, stop)]
    assert left[1] == left[0] - 1
