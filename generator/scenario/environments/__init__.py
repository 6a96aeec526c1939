"""Environments by kind: the words of each, one module a kind or family of kinds."""

from typing import Annotated

from pydantic import Field

from generator.scenario.environments.common import Fixture, Lights, Place, Setting, TimeOfDay, Weather
from generator.scenario.environments.corridor import CorridorLights, ShoothouseCorridor
from generator.scenario.environments.rooms import (
    HallLights,
    Office,
    RoomLights,
    ShoothouseRooms,
    Shop,
    Stairwell,
    Warehouse,
)  # fmt: skip

__all__ = [
    "CorridorLights",
    "Environment",
    "Fixture",
    "HallLights",
    "Lights",
    "Office",
    "Place",
    "RoomLights",
    "Setting",
    "ShoothouseCorridor",
    "ShoothouseRooms",
    "Shop",
    "Stairwell",
    "TimeOfDay",
    "Warehouse",
    "Weather",
]  # fmt: skip

Environment = Annotated[
    ShoothouseCorridor | ShoothouseRooms | Office | Stairwell | Shop | Warehouse, Field(discriminator="kind")
]
"""A union discriminated by ``kind``; one member for every kind."""
