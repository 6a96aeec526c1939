"""Environments by kind: the words of each, one module a kind or family of kinds."""

from typing import Annotated

from pydantic import Field

from generator.scenario.environments.common import Fixture, Lights, Place, Setting, TimeOfDay, Weather
from generator.scenario.environments.corridor import CorridorLights, ShoothouseCorridor
from generator.scenario.environments.water import FerryDeck, PatrolBoat, Quayside, ShipPassageway

__all__ = [
    "CorridorLights", "Environment", "FerryDeck", "Fixture", "Lights", "PatrolBoat", "Place", "Quayside", "Setting",
    "ShipPassageway", "ShoothouseCorridor", "TimeOfDay", "Weather",
]  # fmt: skip

Environment = Annotated[
    ShoothouseCorridor | Quayside | FerryDeck | ShipPassageway | PatrolBoat, Field(discriminator="kind")
]
"""A union discriminated by ``kind``; one member for every kind."""
