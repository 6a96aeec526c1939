"""The environment of a clip: its plan, given to the builder of its kind."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import bpy

from generator.scenario.spec import ClipSpec
from generator.site import plan_of
from generator.world.places.aisles import build_shop, build_warehouse
from generator.world.places.boats import build_patrol_boat
from generator.world.places.bus_interior import build_bus_interior
from generator.world.places.car_park import build_car_park
from generator.world.places.ferries import build_ferry_deck
from generator.world.places.mock_street import build_mock_street
from generator.world.places.office import build_office
from generator.world.places.outdoor_range import build_outdoor_range
from generator.world.places.passageways import build_passageway
from generator.world.places.quays import build_quayside
from generator.world.places.rail_carriage import build_rail_carriage
from generator.world.places.rooms import build_shoothouse_rooms
from generator.world.places.stairwell import build_stairwell
from generator.world.places.station_platform import build_station_platform
from generator.world.places.tram_stop import build_tram_stop
from generator.world.shoothouse import build_corridor
from generator.world.surroundings import Environment

Builder = Callable[[ClipSpec, Any, bpy.types.Collection], Environment]

BUILDERS: "MappingProxyType[str, Builder]" = MappingProxyType(
    {
        "shoothouse_corridor": build_corridor,
        "office": build_office,
        "shoothouse_rooms": build_shoothouse_rooms,
        "stairwell": build_stairwell,
        "outdoor_range": build_outdoor_range,
        "mock_street": build_mock_street,
        "car_park": build_car_park,
        "tram_stop": build_tram_stop,
        "rail_carriage": build_rail_carriage,
        "bus_interior": build_bus_interior,
        "station_platform": build_station_platform,
        "quayside": build_quayside,
        "ferry_deck": build_ferry_deck,
        "ship_passageway": build_passageway,
        "patrol_boat": build_patrol_boat,
        "shop": build_shop,
        "warehouse": build_warehouse,
    }
)
"""The builder of each kind of environment; it takes the plan that the planner of the same kind made."""


def build_environment(spec: ClipSpec, collection: bpy.types.Collection) -> Environment:
    """Builds the clip's environment into a collection."""
    return BUILDERS[spec.environment.kind](spec, plan_of(spec), collection)
