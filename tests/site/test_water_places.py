"""Plans of places on and beside the water: every way is walkable, people stand clear, cover hides, and twins share everything."""

from itertools import product

import numpy as np
import pytest

from generator.motion.layout import target_positions
from generator.motion.people import person_position
from generator.paths import project_root
from generator.scenario.plan import load_sources, plan
from generator.scenario.travel import EVERYWHERE
from generator.site import plan_of, site_of
from generator.site.route import plan_route

KINDS = ("quayside", "ferry_deck", "ship_passageway", "patrol_boat")
VARIANTS = 20


def _specs(kind, overrides=None, variants=VARIANTS):
    source = project_root() / "scenes" / "water" / f"{kind}.yaml"
    sources = load_sources([source], overrides={"twins": [], **(overrides or {})}, variants=variants)
    return [clip.spec for clip in plan(sources, 3)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_way_is_walkable_and_clear(kind):
    for spec in _specs(kind):
        site = site_of(spec)
        assert type(spec.environment).paths | {"advance"} == set(site.ways), (
            "what the words say is what the plan offers"
        )
        assert not type(spec.environment).paths & EVERYWHERE
        for word, way in site.ways.items():
            route = plan_route(site, way)
            if word != "pie_corner":
                assert route.length > 8, (spec.variant, word)
            for height in (0.5, 1.3):
                clear = site.clearance(route.places + (0.0, 0.0, height)).min()
                assert clear >= 0.25, (spec.variant, word, clear)
            assert all(site.floor(place) is not None for place in route.places[2:-2:5]), (spec.variant, word)


@pytest.mark.parametrize("kind", KINDS)
def test_people_and_targets_stand_on_floors_clear_of_solids(kind):
    for spec in _specs(kind, {"environment.targets": 2}):
        site = site_of(spec)
        people = [person_position(spec, person) for person in spec.people]
        for place in [*people, *target_positions(spec)]:
            assert site.floor(place) is not None
            assert site.clearance(place + (0.0, 0.0, 1.0))[0] > 0.2, (spec.variant, place)


@pytest.mark.parametrize("kind", ["quayside", "ferry_deck"])
def test_cover_is_behind_something_that_hides_a_kneeling_person(kind):
    for spec in _specs(kind):
        site = site_of(spec)
        (spot,) = (spot for spot in site.spots if spot.use == "cover")
        assert np.allclose(site.ways["take_cover"].points[-1], spot.place)
        ahead = np.array([-np.sin(spot.yaw), np.cos(spot.yaw), 0.0])
        between = np.array(spot.place) + np.linspace(0, 1.2, 14)[:, None] * ahead + (0, 0, 0.7)
        assert site.clearance(between).min() == 0.0, spec.variant


def test_a_gangway_leads_from_the_quay_up_to_the_deck():
    for spec in _specs("quayside"):
        site, ship = site_of(spec), plan_of(spec).vessel
        route = plan_route(site, site.ways["board"])
        assert route.places[0, 2] == 0.0 and route.places[-1, 2] == pytest.approx(ship.deck)
        rise = np.diff(route.places[:, 2]) / np.linalg.norm(np.diff(route.places[:, :2], axis=0), axis=1)
        assert rise.min() > -1e-9 and rise.max() < 0.75
        assert site.surface(route.places[-1]) == "steel"


def test_vessels_ride_and_the_quay_stands():
    for kind in KINDS:
        (spec,) = _specs(kind, variants=1)
        ride = site_of(spec).ride
        assert (ride is None) == (kind == "quayside")
        if ride is not None:
            assert ride.roll == spec.environment.roll and ride.heading == 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_twins_share_the_plan(kind):
    found = []
    for time, weather in product(["day", "night"], ["clear", "rain"]):
        overrides = {"environment.time": time, "environment.weather": weather, "environment.lights.dead": 0.4}
        specs = _specs(kind, overrides, variants=4)
        found.append([repr([solid.outline.tolist() for solid in site_of(spec).solids]) for spec in specs])
    assert all(other == found[0] for other in found)
