"""The environment of a clip: its plan, given to the builder of its kind."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import bpy

from generator.scenario.spec import ClipSpec
from generator.site import plan_of
from generator.world.places.boats import build_patrol_boat
from generator.world.places.ferries import build_ferry_deck
from generator.world.places.passageways import build_passageway
from generator.world.places.quays import build_quayside
from generator.world.shoothouse import build_corridor
from generator.world.surroundings import Environment

Builder = Callable[[ClipSpec, Any, bpy.types.Collection], Environment]

BUILDERS: "MappingProxyType[str, Builder]" = MappingProxyType(
    {
        "shoothouse_corridor": build_corridor,
        "quayside": build_quayside,
        "ferry_deck": build_ferry_deck,
        "ship_passageway": build_passageway,
        "patrol_boat": build_patrol_boat,
    }
)
"""The builder of each kind of environment; it takes the plan that the planner of the same kind made."""


def build_environment(spec: ClipSpec, collection: bpy.types.Collection) -> Environment:
    """Builds the clip's environment into a collection."""
    return BUILDERS[spec.environment.kind](spec, plan_of(spec), collection)
