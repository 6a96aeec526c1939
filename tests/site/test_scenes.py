"""Every path in every environment that a scene uses: nobody goes through anything, feet stay where they stand."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import shapely

from generator.motion.build import BuiltTimeline, build_timeline
from generator.motion.people import person_position
from generator.motion.timeline import BodyMeasures
from generator.paths import project_root
from generator.scenario.plan import load_sources, plan
from generator.scenario.spec import ClipSpec
from generator.scenario.things import THINGS
from generator.site import site_of
from generator.world.stage import lens_of

VARIANTS = int(os.environ.get("BODYWORN_VARIANTS", "4"))
"""Of each scene; `make paths` asks for 20."""

SCENES = sorted((project_root() / "scenes").glob("*/*.yaml"))
_NAMES = [f"{scene.parent.name}/{scene.stem}" for scene in SCENES]


@cache
def _variants(scene: Path) -> tuple[tuple[ClipSpec, BuiltTimeline], ...]:
    """Of a scene, without twins, a few frames a second; the first of each twin pair walks as the other does."""
    clips = plan(load_sources([scene], variants=VARIANTS), 20261125)
    specs = {clip.spec.variant: clip.spec for clip in clips if clip.twin_of is None}
    return tuple((spec, build_timeline(spec, BodyMeasures.nominal())) for spec in specs.values())


def _moments(timeline: BuiltTimeline, rate: float = 5.0) -> Iterator[float]:
    return iter(np.arange(0, timeline.duration, 1 / rate).tolist())


@pytest.mark.parametrize("scene", SCENES, ids=_NAMES)
def test_the_camera_keeps_15_cm_from_everything(scene: Path) -> None:
    for spec, timeline in _variants(scene):
        places = np.array([timeline.camera(t)[:3, 3] for t in _moments(timeline)])
        nearest = site_of(spec).clearance(places).min()
        assert nearest >= 0.15, f"variant {spec.variant}: {nearest:.3f} m, {spec.environment.kind}, {spec.camera.path.kind}"


@pytest.mark.parametrize("scene", SCENES, ids=_NAMES)
def test_people_stand_on_floors_and_in_nothing(scene: Path) -> None:
    for spec, _ in _variants(scene):
        site = site_of(spec)
        for person in spec.people:
            place = person_position(spec, person)
            assert site.floor(place) is not None, f"variant {spec.variant}: beside every floor at {place}"
            body = shapely.Point(place[:2]).buffer(0.20)
            for solid in site.near(place[2] + 0.3, place[2] + 1.6):
                into = body.intersection(solid.polygon)
                deep = 0.0 if into.is_empty else 0.20 - shapely.Point(place[:2]).distance(solid.polygon)
                assert deep <= 0.02, f"variant {spec.variant}: {deep:.2f} m in {solid.name}"


@pytest.mark.parametrize("scene", SCENES, ids=_NAMES)
def test_a_foot_that_stands_slides_less_than_2_cm_a_step(scene: Path) -> None:
    for spec, timeline in _variants(scene)[:6]:
        times = np.arange(0, min(timeline.duration, 3.0), 0.02)
        feet = np.array([timeline.at(float(t)).feet for t in times])
        for side in (0, 1):
            foot = feet[:, side]
            tread = np.array([site_of(spec).tread(place) for place in foot])
            low = foot[:, 2] - tread < 0.052 * timeline.measures.stature + 0.004
            slid = 0.0
            for before, here, down in zip(foot[:-1], foot[1:], low[1:] & low[:-1], strict=True):
                slid = slid + float(np.hypot(*(here - before)[:2])) if down else 0.0
                assert slid < 0.02, f"variant {spec.variant}: {slid:.3f} m"


@pytest.mark.parametrize("scene", SCENES, ids=_NAMES)
def test_what_is_aimed_is_seen_in_most_frames(scene: Path) -> None:
    seen: list[bool] = []
    for spec, timeline in _variants(scene):
        if spec.weapon is None or not THINGS[spec.weapon.kind].firearm or spec.family == "negative":
            continue
        lens = lens_of(spec.device, *spec.clip.size)
        for t in _moments(timeline):
            if timeline.handling.state(t) != "aiming":
                continue
            moment = timeline.at(t)
            along = moment.T_world_thing @ np.array([[0, y, 0.03, 1.0] for y in np.linspace(-0.05, 0.3, 8)]).T
            local = (np.linalg.inv(moment.T_world_camera) @ along)[:3].T
            pixels = lens.project(local)
            inside = (local[:, 2] > 0.02) & (pixels >= 0).all(1) & (pixels < spec.clip.size).all(1)
            seen.append(bool(inside.any()))
    if not seen:
        pytest.skip("nobody aims a firearm")
    assert np.mean(seen) >= 0.6, f"in {np.mean(seen):.0%} of {len(seen)} moments"
