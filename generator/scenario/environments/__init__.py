"""Environments by kind: the words of each, one module a kind or family of kinds."""

from typing import Annotated

from pydantic import Field

from generator.scenario.environments.common import Fixture, Lights, Place, Setting, TimeOfDay, Weather
from generator.scenario.environments.corridor import CorridorLights, ShoothouseCorridor
from generator.scenario.environments.outdoors import (
    CarPark,
    FloodLights,
    MockStreet,
    OutdoorRange,
    StreetLights,
    StripLights,
    TramStop,
)
from generator.scenario.environments.rooms import (
    HallLights,
    Office,
    RoomLights,
    ShoothouseRooms,
    Shop,
    Stairwell,
    Warehouse,
)

__all__ = [
    "CarPark",
    "CorridorLights",
    "Environment",
    "Fixture",
    "FloodLights",
    "HallLights",
    "Lights",
    "MockStreet",
    "Office",
    "OutdoorRange",
    "Place",
    "RoomLights",
    "Setting",
    "ShoothouseCorridor",
    "ShoothouseRooms",
    "Shop",
    "Stairwell",
    "StreetLights",
    "StripLights",
    "TimeOfDay",
    "TramStop",
    "Warehouse",
    "Weather",
]

Environment = Annotated[
    ShoothouseCorridor
    | OutdoorRange
    | MockStreet
    | CarPark
    | TramStop
    | ShoothouseRooms
    | Office
    | Stairwell
    | Shop
    | Warehouse,
    Field(discriminator="kind"),
]
"""A union discriminated by ``kind``; one member for every kind."""
