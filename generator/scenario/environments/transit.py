"""Public transport: the saloon of a train, a bus, and the platform of a station."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from generator.scenario.environments.common import Lights, Place, Setting
from generator.scenario.model import DrawnFrom, Unit
from generator.scenario.travel import PathWord

Seating = Literal["rows_2_2", "rows_2_1", "longitudinal"]
Moquette = Literal["plain", "stripes", "checks", "dots", "waves"]
Accent = Literal["yellow", "orange", "red", "blue", "teal", "green", "steel"]
Scenery = Literal["embankment", "suburb", "city", "tunnel"]
TransitFixture = Literal["tube", "panel", "strip"]

_ACCENTS = {"choice": {"yellow": 4, "orange": 1, "red": 1, "blue": 2, "teal": 1, "green": 1, "steel": 3}}
_MOQUETTES = {"choice": {"plain": 1, "stripes": 2, "checks": 2, "dots": 2, "waves": 1}}
_PASSES: frozenset[PathWord] = frozenset({"board", "disembark"})


class TransitLights(Lights):
    """Lamps of a vehicle's ceiling or of a platform's roof."""

    fixture: Annotated[TransitFixture, DrawnFrom({"choice": {"tube": 3, "strip": 3, "panel": 1}})] = Field(
        description="Kind of fitting."
    )
    lumens: Annotated[float, DrawnFrom({"loguniform": [1000, 3600]})] = Field(
        ge=100, le=60000, description="Luminous flux of one fitting."
    )


class RailCarriage(Place):
    """The saloon of a railway or metro carriage: seats, poles, windows, doors; it stands at a platform or is under way."""

    setting: ClassVar[Setting] = "transport"
    paths: ClassVar[frozenset[PathWord]] = frozenset({"search", "take_cover", "board", "disembark"})

    kind: Literal["rail_carriage"]
    length: Annotated[float, DrawnFrom({"uniform": [18.0, 24.0]})] = Field(
        ge=14, le=26, description="Of the saloon, metres."
    )
    width: Annotated[float, DrawnFrom({"uniform": [2.55, 2.85]})] = Field(ge=2.5, le=3.2, description="Inside, metres.")
    height: Annotated[float, DrawnFrom({"uniform": [2.1, 2.35]})] = Field(
        ge=2.05, le=2.7, description="Inside, metres."
    )
    seating: Annotated[Seating, DrawnFrom({"choice": {"rows_2_2": 3, "rows_2_1": 2, "longitudinal": 3}})] = Field(
        description="Seats in rows on both sides of an aisle, or benches along the walls."
    )
    pitch: Annotated[float, DrawnFrom({"uniform": [0.78, 0.95]})] = Field(
        ge=0.72, le=1.2, description="Metres from seat row to seat row."
    )
    facing: Annotated[Unit, DrawnFrom({"uniform": [0.0, 1.0]})] = Field(
        description="Share of the rows that face each other in bays."
    )
    doors: Annotated[int, DrawnFrom({"integers": [2, 4]})] = Field(ge=1, le=4, description="Doors on either side.")
    door_width: Annotated[float, DrawnFrom({"uniform": [1.15, 1.5]})] = Field(
        ge=1.0, le=1.8, description="Clear width of a door, metres."
    )
    doors_open: Annotated[Unit, DrawnFrom({"uniform": [0.3, 1.0]})] = Field(
        description="Share of the doors on the platform's side that stand open; at least one, none under way."
    )
    moving: Annotated[Unit, DrawnFrom({"choice": {0.0: 2, 0.4: 1, 0.7: 1, 1.0: 1}})] = Field(
        description="Share of the line's speed that it goes at; 0 stands at a platform."
    )
    line_speed: Annotated[float, DrawnFrom({"uniform": [14.0, 38.0]})] = Field(
        ge=5, le=60, description="Speed of the line, m/s."
    )
    rough: Annotated[Unit, DrawnFrom({"uniform": [0.2, 0.8]})] = Field(
        description="State of the track: 0.1 to 0.6 m/s2 rms of shake at the line's speed."
    )
    scenery: Annotated[Scenery, DrawnFrom({"choice": {"embankment": 2, "suburb": 2, "city": 2, "tunnel": 2}})] = Field(
        description="What is outside."
    )
    poles: Annotated[Unit, DrawnFrom({"uniform": [0.2, 1.0]})] = Field(description="How many grab poles there are.")
    handles: Annotated[Unit, DrawnFrom({"uniform": [0.0, 1.0]})] = Field(
        description="How many handles hang from the rails."
    )
    racks: Annotated[Literal["none", "metal", "glass"], DrawnFrom({"choice": ["none", "metal", "glass"]})] = Field(
        description="Luggage racks over the windows."
    )
    moquette: Annotated[Moquette, DrawnFrom(_MOQUETTES)] = Field(description="Pattern of the seats' cloth.")
    accent: Annotated[Accent, DrawnFrom(_ACCENTS)] = Field(description="Colour of poles and handles.")
    floor: Annotated[
        Literal["vinyl", "rubber", "carpet"], DrawnFrom({"choice": {"vinyl": 3, "rubber": 2, "carpet": 1}})
    ] = Field(description="Floor material.")
    adverts: Annotated[Unit, DrawnFrom({"uniform": [0.0, 1.0]})] = Field(description="How many notices there are.")
    lights: TransitLights

    @property
    def offered(self) -> frozenset[PathWord]:
        """One gets on and off where it stands."""
        return self.paths if self.moving == 0.0 else self.paths - _PASSES


class BusInterior(Place):
    """A town bus: seats on podests, bright poles, a driver's cab; it stands at a kerb or is under way."""

    setting: ClassVar[Setting] = "transport"
    paths: ClassVar[frozenset[PathWord]] = frozenset({"search", "board", "disembark"})

    kind: Literal["bus_interior"]
    length: Annotated[float, DrawnFrom({"uniform": [10.8, 14.0]})] = Field(ge=10, le=18, description="Inside, metres.")
    width: Annotated[float, DrawnFrom({"uniform": [2.38, 2.5]})] = Field(ge=2.3, le=2.6, description="Inside, metres.")
    height: Annotated[float, DrawnFrom({"uniform": [2.15, 2.35]})] = Field(
        ge=2.05, le=2.5, description="Inside, metres."
    )
    doors: Annotated[int, DrawnFrom({"integers": [2, 3]})] = Field(ge=2, le=3, description="Doors on the kerb's side.")
    right_hand: Annotated[bool, DrawnFrom({"choice": {True: 3, False: 1}})] = Field(
        description="Traffic keeps to the right, so that doors are on the right."
    )
    pitch: Annotated[float, DrawnFrom({"uniform": [0.70, 0.82]})] = Field(
        ge=0.66, le=1.0, description="Metres from seat row to seat row."
    )
    podest: Annotated[float, DrawnFrom({"uniform": [0.10, 0.24]})] = Field(
        ge=0, le=0.4, description="Height of the podests that seats stand on, metres."
    )
    rear_step: Annotated[float, DrawnFrom({"choice": {0.0: 1, 0.18: 1, 0.24: 1}})] = Field(
        ge=0, le=0.3, description="Step of the aisle behind the last door, metres; 0 is low throughout."
    )
    moving: Annotated[Unit, DrawnFrom({"choice": {0.0: 2, 0.5: 1, 1.0: 1}})] = Field(
        description="Share of the traffic's speed that it goes at; 0 stands at a kerb."
    )
    traffic: Annotated[float, DrawnFrom({"uniform": [6.0, 16.0]})] = Field(
        ge=3, le=25, description="Speed of traffic, m/s."
    )
    rough: Annotated[Unit, DrawnFrom({"uniform": [0.2, 0.8]})] = Field(
        description="State of road and engine: 0.2 to 0.9 m/s2 rms of shake at speed."
    )
    scenery: Annotated[Literal["suburb", "city"], DrawnFrom({"choice": ["suburb", "city"]})] = Field(
        description="What is outside."
    )
    poles: Annotated[Unit, DrawnFrom({"uniform": [0.3, 1.0]})] = Field(description="How many grab poles there are.")
    handles: Annotated[Unit, DrawnFrom({"uniform": [0.0, 1.0]})] = Field(
        description="How many handles hang from the rails."
    )
    accent: Annotated[Accent, DrawnFrom({"choice": {"yellow": 4, "orange": 3, "red": 2, "blue": 1, "green": 1}})] = (
        Field(description="Colour of poles and handles.")
    )
    moquette: Annotated[Moquette, DrawnFrom(_MOQUETTES)] = Field(description="Pattern of the seats' cloth.")
    floor: Annotated[
        Literal["vinyl", "rubber", "planks"], DrawnFrom({"choice": {"vinyl": 3, "rubber": 3, "planks": 1}})
    ] = Field(description="Floor material.")
    adverts: Annotated[Unit, DrawnFrom({"uniform": [0.0, 1.0]})] = Field(description="How many notices there are.")
    lights: TransitLights

    @property
    def offered(self) -> frozenset[PathWord]:
        """One gets on and off where it stands."""
        return self.paths if self.moving == 0.0 else self.paths - _PASSES


class StationPlatform(Place):
    """A platform: tactile edge, roof on columns or a tunnel, benches, boards, stairs down; a train may stand at it."""

    setting: ClassVar[Setting] = "transport"
    paths: ClassVar[frozenset[PathWord]] = frozenset({"search", "take_cover", "board"})

    kind: Literal["station_platform"]
    length: Annotated[float, DrawnFrom({"uniform": [30.0, 60.0]})] = Field(ge=22, le=90, description="Metres.")
    width: Annotated[float, DrawnFrom({"uniform": [4.5, 8.5]})] = Field(ge=4, le=12, description="Metres.")
    station: Annotated[Literal["tunnel", "open_air"], DrawnFrom({"choice": ["tunnel", "open_air"]})] = Field(
        description="Under ground, or under a roof in the open."
    )
    height: Annotated[float, DrawnFrom({"uniform": [2.9, 4.2]})] = Field(
        ge=2.7, le=6, description="Of the ceiling or the roof above the platform, metres."
    )
    train: Annotated[Literal["none", "closed", "open"], DrawnFrom({"choice": ["none", "closed", "open"]})] = Field(
        description="A train at the platform: none, with closed or with open doors."
    )
    columns: Annotated[float, DrawnFrom({"uniform": [4.0, 7.5]})] = Field(
        ge=3, le=12, description="Metres from column to column."
    )
    column: Annotated[Literal["round", "square", "steel"], DrawnFrom({"choice": ["round", "square", "steel"]})] = Field(
        description="Kind of column."
    )
    floor: Annotated[
        Literal["paving", "tile", "concrete", "asphalt"],
        DrawnFrom({"choice": ["paving", "tile", "concrete", "asphalt"]}),
    ] = Field(description="Floor material.")
    wall: Annotated[Literal["wall_tile", "panel_lined", "concrete", "brick"], DrawnFrom(
        {"choice": ["wall_tile", "panel_lined", "concrete", "brick"]}
    )] = Field(description="Wall behind the platform and opposite.")  # fmt: skip
    accent: Annotated[Accent, DrawnFrom(_ACCENTS)] = Field(description="Colour of benches, bands and the train.")
    benches: Annotated[Unit, DrawnFrom({"uniform": [0.2, 1.0]})] = Field(
        description="How many benches and bins there are."
    )
    boards: Annotated[Unit, DrawnFrom({"uniform": [0.2, 1.0]})] = Field(
        description="How many boards and posters there are."
    )
    exit: Annotated[Literal["stairs", "escalator"], DrawnFrom({"choice": ["stairs", "escalator"]})] = Field(
        description="What goes down from the platform's end."
    )
    lights: TransitLights

    @property
    def offered(self) -> frozenset[PathWord]:
        """One boards a train that is open."""
        return self.paths if self.train == "open" else self.paths - _PASSES
