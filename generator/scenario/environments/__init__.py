"""Environments by kind: the words of each, one module a kind or family of kinds."""

from typing import Annotated

from pydantic import Field

from generator.scenario.environments.common import Fixture, Lights, Place, Setting, TimeOfDay, Weather
from generator.scenario.environments.corridor import CorridorLights, ShoothouseCorridor
from generator.scenario.environments.transit import BusInterior, RailCarriage, StationPlatform, TransitLights

__all__ = [
    "BusInterior", "CorridorLights", "Environment", "Fixture", "Lights", "Place", "RailCarriage", "Setting", "ShoothouseCorridor",
    "StationPlatform", "TimeOfDay", "TransitLights", "Weather",
]  # fmt: skip

Environment = Annotated[ShoothouseCorridor | RailCarriage | BusInterior | StationPlatform, Field(discriminator="kind")]
"""A union discriminated by ``kind``; one member for every kind."""
