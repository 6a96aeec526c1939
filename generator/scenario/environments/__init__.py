"""Environments by kind: the words of each, one module a kind or family of kinds."""

from typing import Annotated

from pydantic import Field

from generator.scenario.environments.common import Fixture, Lights, Place, Setting, TimeOfDay, Weather
from generator.scenario.environments.corridor import CorridorLights, ShoothouseCorridor
from generator.scenario.environments.outdoors import CarPark, MockStreet, OutdoorRange, TramStop

__all__ = [
    "CarPark", "CorridorLights", "Environment", "Fixture", "Lights", "MockStreet", "OutdoorRange", "Place", "Setting",
    "ShoothouseCorridor", "TimeOfDay", "TramStop", "Weather",
]  # fmt: skip

Environment = Annotated[
    ShoothouseCorridor | OutdoorRange | MockStreet | CarPark | TramStop, Field(discriminator="kind")
]
"""A union discriminated by ``kind``; one member for every kind."""
