"""Waves go as fast as deep water lets them, are as high as is said, and stay out of hulls; places on water keep to their budget."""

from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("bpy")  # beside the world's materials

from generator.motion.build import build_timeline
from generator.motion.pose import pose, rotation
from generator.motion.timeline import BodyMeasures
from generator.paths import project_root
from generator.scenario.plan import load_sources, plan
from generator.world.places.marine_lamps import Failing
from generator.world.spray import Spray
from generator.world.water import Hull, WaterActor
from generator.world.waves import GRAVITY, Grid, Waves, graded, sea_state

CALM = (np.ones(200), np.ones(200))
GRID = Grid(np.linspace(0, 80, 200), np.linspace(0, 80, 200))


def _actor(waves, **how):
    grid = Grid(graded((-10, 10), 0.5, (-60, 60)), graded((-20, 40), 0.5, (-60, 120)))
    return WaterActor((), (), grid, waves, -0.4, (-30.0, 30.0, -40.0, 60.0), **how)


def test_a_wave_travels_at_the_phase_speed_of_deep_water():
    long = 20.0
    wave = Waves(np.array([[1.0, 0.0]]), np.array([2 * np.pi / long]), np.array([0.3]), np.zeros(1))
    speed, t = np.sqrt(GRAVITY * long / (2 * np.pi)), 1.7
    later = wave.moved(GRID, t, CALM)[0, :, 2]
    assert later == pytest.approx(0.3 * np.cos(2 * np.pi / long * (GRID.xs - speed * t)), abs=1e-9)


def test_particles_go_round_circles():
    wave = Waves(np.array([[0.6, 0.8]]), np.array([0.5]), np.array([0.2]), np.array([1.0]))
    off = wave.moved(GRID, 0.9, CALM)
    assert np.linalg.norm(off, axis=-1) == pytest.approx(0.2, abs=1e-9)


def test_a_sea_is_as_high_as_is_said():
    sea = sea_state(0.8, 40.0, 0.7, np.random.default_rng(2))
    assert 4 * np.sqrt((sea.amplitudes**2 / 2).sum()) == pytest.approx(0.8)
    assert (sea.amplitudes * sea.numbers).sum() < 0.76, "no crest loops over itself"


def test_water_does_not_depend_on_when_it_was_asked_before():
    actor = _actor(sea_state(0.5, 12.0, 0.0, np.random.default_rng(1)))
    first = actor.vertices(1.0, np.eye(4), np.zeros(3))
    actor.vertices(5.0, np.eye(4), np.zeros(3))
    assert (actor.vertices(1.0, np.eye(4), np.zeros(3)) == first).all()


def test_still_water_stays_level_in_the_earth_under_a_vessel_that_rolls_and_travels():
    actor = _actor(sea_state(1e-6, 12.0, 0.0, np.random.default_rng(1)))
    gone = np.array([0.0, 6.0, 0.0])
    turned = pose(rotation(pitch=0.05, roll=0.2), np.array([0.3, 0.0, 0.5]) + gone)
    world = actor.vertices(2.0, turned, gone)
    earth = world @ turned[:3, :3].T + turned[:3, 3]
    assert earth[:, 2] == pytest.approx(-0.4, abs=1e-5)
    rest = np.stack([axis.ravel() for axis in np.meshgrid(actor.grid.xs, actor.grid.ys)], 1)
    assert earth[:, :2] == pytest.approx(rest, abs=1e-5), "water stays behind; the vessel goes"


def test_no_wave_comes_through_the_bottom():
    hull = Hull(0.0, 10.0, 1.6, depth=1.2)
    actor = _actor(sea_state(0.5, 12.0, 0.0, np.random.default_rng(1)), hull=hull)
    for t in (0.0, 1.3, 4.0):
        found = actor.vertices(t, np.eye(4), np.zeros(3))
        inside = (abs(found[:, 0]) < 0.9) & (found[:, 1] > 1.0) & (found[:, 1] < 7.0)
        assert inside.sum() > 20 and found[inside, 2].max() < -0.7


def test_a_grid_grows_from_its_middle_to_its_ends():
    places = graded((-5.0, 5.0), 0.5, (-900.0, 300.0))
    assert places[0] == -900.0 and places[-1] == 300.0
    assert (np.diff(places) > 0.4).all() and len(places) < 120


def test_a_failing_lamp_burns_and_is_dark_by_the_clock_alone():
    lamp = Failing((), (), (np.eye(4), np.eye(4)), 5.0, 0.7)
    burns = [lamp.burns(t) for t in np.arange(0, 10, 0.05)]
    assert 0.2 < np.mean(burns) < 0.95
    assert burns == [lamp.burns(t) for t in np.arange(0, 10, 0.05)]


def test_spray_falls_back_into_the_water():
    spray = Spray((), (), np.zeros((1, 3)), np.array([[1.0, -2.0, 2.4]]), np.zeros(1))
    top = [spray.place(SimpleNamespace(t=t))[0] for t in np.arange(0.05, 1.25, 0.02)]
    seen = [placement.matrix[2, 3] for placement in top if placement.visible]
    assert max(seen) == pytest.approx(2.4**2 / (2 * GRAVITY), abs=0.01)
    assert min(seen) > -0.35 and not top[-1].visible


@pytest.mark.blender
@pytest.mark.parametrize("kind", ["quayside", "ferry_deck", "ship_passageway", "patrol_boat"])
def test_a_place_is_built_by_day_and_by_night_within_its_budget(kind):
    from generator.world.stage import build_stage

    watts = {}
    for time in ("day", "night"):
        overrides = {
            "environment.time": time, "environment.weather": "clear", "environment.lights.dead": 0.0,
            "environment.lights.emergency": False, "environment.lights.failing": 0.0, "twins": [],
        }  # fmt: skip
        source = project_root() / "scenes" / "water" / f"{kind}.yaml"
        spec = next(iter(plan(load_sources([source], overrides=overrides, variants=1), 1))).spec
        timeline = build_timeline(spec, BodyMeasures.nominal())
        stage = build_stage(spec, timeline, wearer=False)
        meshes = [part.object.data for part in stage.parts if part.object.type == "MESH"]
        assert sum(len(mesh.loops) - 2 * len(mesh.polygons) for mesh in meshes) < 1.5e6
        stage.apply(stage.placements(timeline.at(0.5)), timeline.at(0.5).T_world_camera)
        lights = [part.object.data for part in stage.parts if part.object.type == "LIGHT"]
        watts[time] = sum(light.energy for light in lights if light.type == "AREA")
    assert watts["night"] > 2
    assert (watts["day"] > 2) == (kind == "ship_passageway"), "lamps in the open are off by day"
