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
from generator.scenario.environments.transit import BusInterior, RailCarriage, StationPlatform, TransitLights
from generator.scenario.environments.water import (
    DeckLights,
    FerryDeck,
    OutdoorLights,
    PatrolBoat,
    Quayside,
    ShipPassageway,
)

__all__ = [
    "BusInterior",
    "CarPark",
    "CorridorLights",
    "DeckLights",
    "Environment",
    "FerryDeck",
    "Fixture",
    "FloodLights",
    "HallLights",
    "Lights",
    "MockStreet",
    "Office",
    "OutdoorLights",
    "OutdoorRange",
    "PatrolBoat",
    "Place",
    "Quayside",
    "RailCarriage",
    "RoomLights",
    "Setting",
    "ShipPassageway",
    "ShoothouseCorridor",
    "ShoothouseRooms",
    "Shop",
    "Stairwell",
    "StationPlatform",
    "StreetLights",
    "StripLights",
    "TimeOfDay",
    "TramStop",
    "TransitLights",
    "Warehouse",
    "Weather",
]

Environment = Annotated[
    ShoothouseCorridor
    | OutdoorRange | MockStreet | CarPark | TramStop
    | ShoothouseRooms | Office | Stairwell | Shop | Warehouse
    | RailCarriage | BusInterior | StationPlatform
    | Quayside | FerryDeck | ShipPassageway | PatrolBoat,
    Field(discriminator="kind"),
]
"""A union discriminated by ``kind``; one member for every kind."""
