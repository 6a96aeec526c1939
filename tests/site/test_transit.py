"""Carriages, buses and platforms as planned: everything can be walked, nobody stands in a seat, and twins share the plan."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from generator.motion.build import build_timeline
from generator.motion.people import person_position
from generator.scenario.environments.transit import BusInterior, RailCarriage, StationPlatform
from generator.scenario.plan import load_sources, plan
from generator.scenario.spec import ClipSpec
from generator.scenario.travel import EVERYWHERE
from generator.site import plan_of, site_of
from generator.site.route import plan_route

PLACES = {"rail_carriage": RailCarriage, "bus_interior": BusInterior, "station_platform": StationPlatform}
STANDS: dict[str, dict[str, Any]] = {
    "rail_carriage": {"moving": 0.0},
    "bus_interior": {"moving": 0.0},
    "station_platform": {"train": "open"},
}
PATHS = [(kind, path) for kind, place in PLACES.items() for path in sorted(place.paths | {"advance"})]
VARIANTS = 22


@cache
def _specs(folder: Path, kind: str, path: str) -> tuple[ClipSpec, ...]:
    scene = {
        "schema": 1,
        "name": "tested",
        "family": "patrol",
        "environment": {"kind": kind, **(STANDS[kind] if path in ("board", "disembark") else {})},
        "people": [{"role": "role_player", "count": {"integers": [1, 3]}}],
        "camera": {"path": {"kind": path}},
        "clip": {"duration": 4.0, "fps": 10, "size": [160, 90]},
        "variants": VARIANTS,
    }
    file = folder / f"{kind}-{path}.yaml"
    file.write_text(yaml.safe_dump(scene))
    return tuple(clip.spec for clip in plan(load_sources([file]), 3))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("transit")


@pytest.mark.parametrize(("kind", "path"), PATHS)
def test_every_way_can_be_walked(kind: str, path: str, folder: Path) -> None:
    """A quarter of a metre beside the wearer's chest at least, over at least eight metres where the place is long enough."""
    for spec in _specs(folder, kind, path):
        site = site_of(spec)
        route = plan_route(site, site.ways[path])  # type: ignore[index]
        assert site.clearance(route.places + [0, 0, 1.3]).min() >= 0.25, spec.variant
        assert all(site.floor(place) is not None for place in route.places), spec.variant
        assert route.length > (4.5 if path in ("take_cover", "climb_stairs") else 8.0), spec.variant


@pytest.mark.parametrize(("kind", "path"), PATHS)
def test_the_wearer_walks_into_nobody(kind: str, path: str, folder: Path) -> None:
    """Around people where there is room, else up to them: their middles stay apart by more than half a body's breadth each."""
    for spec in _specs(folder, kind, path)[:6]:
        timeline = build_timeline(spec)
        people = np.array([person_position(spec, person) for person in spec.people])
        for t in np.arange(0.0, timeline.duration, 0.4):
            feet = timeline.at(float(t)).feet.mean(0)
            assert np.linalg.norm((people - feet)[:, :2], axis=1).min() > 0.40, (spec.variant, t)


@pytest.mark.parametrize("kind", sorted(PLACES))
def test_people_stand_on_floors_clear_of_what_stands_there(kind: str, folder: Path) -> None:
    for spec in _specs(folder, kind, "advance"):
        site = site_of(spec)
        for person in spec.people:
            place = person_position(spec, person)
            assert site.floor(place) is not None
            assert site.clearance(place + [0, 0, 0.9])[0] > 0.25


@pytest.mark.parametrize("kind", sorted(PLACES))
def test_a_plan_does_not_know_time_weather_or_lights(kind: str, folder: Path) -> None:
    for spec in _specs(folder, kind, "advance")[:6]:
        lights = spec.environment.lights.model_copy(update={"dead": 1.0, "lumens": 555.0})
        changed = spec.environment.model_copy(update={"time": "night", "weather": "rain", "lights": lights})
        other = spec.model_copy(update={"environment": changed})
        one, two = site_of(spec), site_of(other)
        assert [s.outline.tolist() for s in one.solids] == [s.outline.tolist() for s in two.solids]
        assert one.ride == two.ride
        assert np.array_equal(one.ways["advance"].points, two.ways["advance"].points)


@pytest.mark.parametrize("kind", sorted(PLACES))
def test_nobody_boards_what_is_under_way_or_closed(kind: str, folder: Path) -> None:
    for path in ("advance", "search"):
        for spec in _specs(folder, kind, path):
            offered = spec.environment.offered | EVERYWHERE
            for word in ("board", "disembark"):
                assert (word in site_of(spec).ways) == (word in offered)


def test_seats_of_a_carriage_leave_an_aisle_and_are_as_many_as_they_say(folder: Path) -> None:
    for spec in _specs(folder, "rail_carriage", "advance"):
        found: Any = plan_of(spec)
        sit = [spot for spot in found.site.spots if spot.use == "sit"]
        assert len(sit) == sum(seat.places for seat in found.car.seats) >= 10
        for spot in sit:
            assert abs(spot.place[0]) < 0.5 * found.car.width and 0 < spot.place[1] < found.car.length
