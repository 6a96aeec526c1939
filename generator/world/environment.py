"""The environment of a clip: its plan, given to the builder of its kind."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import bpy

from generator.scenario.spec import ClipSpec
from generator.site import plan_of
from generator.world.places.aisles import build_shop, build_warehouse
from generator.world.places.office import build_office
from generator.world.places.rooms import build_shoothouse_rooms
from generator.world.places.stairwell import build_stairwell
from generator.world.shoothouse import build_corridor
from generator.world.surroundings import Environment

Builder = Callable[[ClipSpec, Any, bpy.types.Collection], Environment]

BUILDERS: "MappingProxyType[str, Builder]" = MappingProxyType(
    {
        "shoothouse_corridor": build_corridor,
        "office": build_office,
        "shoothouse_rooms": build_shoothouse_rooms,
        "stairwell": build_stairwell,
        "shop": build_shop,
        "warehouse": build_warehouse,
    }
)
"""The builder of each kind of environment; it takes the plan that the planner of the same kind made."""


def build_environment(spec: ClipSpec, collection: bpy.types.Collection) -> Environment:
    """Builds the clip's environment into a collection."""
    return BUILDERS[spec.environment.kind](spec, plan_of(spec), collection)
