"""Plans of places outdoors: every way is walkable, people stand clear, and twins share everything."""

from itertools import product

import numpy as np
import pytest

from generator.motion.layout import target_positions
from generator.motion.people import person_position
from generator.scenario.plan import load_sources, plan
from generator.site import plan_of, site_of
from generator.site.route import plan_route

SCENES = {
    "outdoor_range": "land/outdoor_range.yaml",
    "mock_street": "land/mock_street.yaml",
    "car_park": "land/car_park.yaml",
    "tram_stop": "transport/tram_stop.yaml",
}
VARIANTS = 20


def _specs(kind, overrides=None):
    from generator.paths import project_root

    source = project_root() / "scenes" / SCENES[kind]
    sources = load_sources([source], overrides={"twins": [], **(overrides or {})}, variants=VARIANTS)
    return [clip.spec for clip in plan(sources, 3)]


@pytest.mark.parametrize("kind", SCENES)
def test_every_way_is_walkable_and_clear(kind):
    for spec in _specs(kind):
        site = site_of(spec)
        for word, way in site.ways.items():
            route = plan_route(site, way)
            if word == "advance":
                assert route.length > 8
            clear = site.clearance(route.places + (0.0, 0.0, 1.3)).min()
            assert clear >= 0.25, (spec.variant, word, clear)


@pytest.mark.parametrize("kind", SCENES)
def test_people_and_targets_stand_on_floors_clear_of_solids(kind):
    for spec in _specs(kind):
        site = site_of(spec)
        for person in spec.people:
            place = person_position(spec, person)
            assert site.floor(place) is not None
            assert site.clearance(place + (0.0, 0.0, 1.0))[0] > 0.2, (spec.variant, place)
        for place in target_positions(spec):
            assert site.floor(place) is not None
            assert site.clearance(place + (0.0, 0.0, 1.0))[0] > 0.0, (spec.variant, place)


@pytest.mark.parametrize("kind", SCENES)
def test_cover_is_behind_something_that_hides_a_kneeling_person(kind):
    for spec in _specs(kind):
        site = site_of(spec)
        spots = [spot for spot in site.spots if spot.use == "cover"]
        if "take_cover" not in site.ways:
            continue
        assert np.allclose(site.ways["take_cover"].points[-1], spots[0].place)
        for spot in spots:
            ahead = np.array(spot.place) + 1.1 * np.array([-np.sin(spot.yaw), np.cos(spot.yaw), 0.0]) + (0, 0, 0.6)
            between = (
                np.array(spot.place) + np.linspace(0, 1, 12)[:, None] * (ahead - spot.place) * (1, 1, 0) + (0, 0, 0.6)
            )
            assert site.clearance(between).min() == 0.0, (spec.variant, spot)


@pytest.mark.parametrize("kind", SCENES)
def test_twins_share_the_plan(kind):
    changes = product(["day", "night"], ["clear", "rain"])
    found = []
    for time, weather in changes:
        specs = _specs(kind, {"environment.time": time, "environment.weather": weather, "environment.lights.dead": 0.4})
        found.append([repr([solid.outline.tolist() for solid in plan_of(spec).site.solids]) for spec in specs[:5]])
    assert all(other == found[0] for other in found)
