"""The environment of a clip: its plan, given to the builder of its kind."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import bpy

from generator.scenario.spec import ClipSpec
from generator.site import plan_of
from generator.world.surroundings import Environment

Builder = Callable[[ClipSpec, Any, bpy.types.Collection], Environment]

BUILDERS: dict[str, tuple[str, str]] = {
    "shoothouse_corridor": ("shoothouse", "build_corridor"),
    "office": ("places.office", "build_office"),
    "shoothouse_rooms": ("places.rooms", "build_shoothouse_rooms"),
    "stairwell": ("places.stairwell", "build_stairwell"),
    "outdoor_range": ("places.outdoor_range", "build_outdoor_range"),
    "mock_street": ("places.mock_street", "build_mock_street"),
    "car_park": ("places.car_park", "build_car_park"),
    "tram_stop": ("places.tram_stop", "build_tram_stop"),
    "rail_carriage": ("places.rail_carriage", "build_rail_carriage"),
    "bus_interior": ("places.bus_interior", "build_bus_interior"),
    "station_platform": ("places.station_platform", "build_station_platform"),
    "quayside": ("places.quays", "build_quayside"),
    "ferry_deck": ("places.ferries", "build_ferry_deck"),
    "ship_passageway": ("places.passageways", "build_passageway"),
    "patrol_boat": ("places.boats", "build_patrol_boat"),
    "shop": ("places.aisles", "build_shop"),
    "warehouse": ("places.aisles", "build_warehouse"),
}
"""Module of ``generator.world`` and function that builds each kind of environment, of the plan that its planner made."""


def build_environment(spec: ClipSpec, collection: bpy.types.Collection) -> Environment:
    """Builds the clip's environment into a collection."""
    module, name = BUILDERS[spec.environment.kind]
    build: Builder = getattr(import_module(f"generator.world.{module}"), name)
    return build(spec, plan_of(spec), collection)
