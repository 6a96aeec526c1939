"""Places under the open sky, or open to it: a range, a training village's street, a car park's deck, a tram stop."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from generator.scenario.environments.common import Lights, Place, Setting
from generator.scenario.model import DrawnFrom, Unit
from generator.scenario.travel import PathWord


class FloodLights(Lights):
    """Floodlights on poles; off by day."""

    fixture: Annotated[Literal["flood"], DrawnFrom({"choice": ["flood"]})] = Field(description="Kind of fitting.")
    lumens: Annotated[float, DrawnFrom({"loguniform": [15000, 55000]})] = Field(
        ge=1000, le=60000, description="Luminous flux of one fitting."
    )


class StreetLights(Lights):
    """Street lamps; off by day."""

    fixture: Annotated[Literal["street"], DrawnFrom({"choice": ["street"]})] = Field(description="Kind of fitting.")
    lumens: Annotated[float, DrawnFrom({"loguniform": [4000, 14000]})] = Field(
        ge=500, le=60000, description="Luminous flux of one fitting."
    )
    temperature: Annotated[float, DrawnFrom({"choice": {2000: 2, 2700: 1, 3000: 2, 4000: 2}})] = Field(
        ge=1800, le=8000, description="Correlated colour temperature, kelvin; about 2000 is sodium."
    )


class StripLights(Lights):
    """Strip lamps under a low ceiling; they burn by day as well."""

    fixture: Annotated[Literal["strip", "tube"], DrawnFrom({"choice": {"strip": 2, "tube": 1}})] = Field(
        description="Kind of fitting."
    )
    lumens: Annotated[float, DrawnFrom({"loguniform": [2000, 6500]})] = Field(
        ge=300, le=20000, description="Luminous flux of one fitting."
    )


class OutdoorRange(Place):
    """An outdoor range: earth banks on three sides, frames for targets, barricades, a shed, boards that tell distances."""

    paths: ClassVar[frozenset[PathWord]] = frozenset({"take_cover", "pie_corner"})

    kind: Literal["outdoor_range"]
    depth: Annotated[float, DrawnFrom({"uniform": [18.0, 32.0]})] = Field(
        ge=14, le=60, description="Metres from the shooters' end to the foot of the far bank."
    )
    width: Annotated[float, DrawnFrom({"uniform": [9.0, 18.0]})] = Field(
        ge=8, le=30, description="Metres between the side banks."
    )
    bank: Annotated[float, DrawnFrom({"uniform": [2.2, 4.5]})] = Field(
        ge=1.5, le=7, description="Metres that the far bank is high."
    )
    ground: Annotated[
        Literal["gravel", "grass", "asphalt"], DrawnFrom({"choice": {"gravel": 3, "grass": 2, "asphalt": 1}})
    ] = Field(description="Ground.")
    barricades: Annotated[int, DrawnFrom({"integers": [2, 5]})] = Field(
        ge=1, le=8, description="Walls, barrels and barriers to fire from behind."
    )
    barricade: Annotated[
        Literal["plywood", "barrels", "concrete"], DrawnFrom({"choice": {"plywood": 3, "barrels": 2, "concrete": 1}})
    ] = Field(description="What most of them are.")
    frames: Annotated[int, DrawnFrom({"integers": [3, 7]})] = Field(
        ge=1, le=10, description="Timber frames, with targets or empty."
    )
    boards: Annotated[Literal[0, 5, 10], DrawnFrom({"choice": {0: 1, 5: 2, 10: 2}})] = Field(
        description="Metres from one distance board to the next; 0 has none."
    )
    shed: Annotated[
        Literal["none", "timber", "container"], DrawnFrom({"choice": {"none": 1, "timber": 2, "container": 2}})
    ] = Field(description="What stands beside the shooters' end.")
    sleepers: Annotated[float, DrawnFrom({"choice": {0.0: 2, 0.5: 2, 0.9: 1}})] = Field(
        ge=0, le=1.5, description="Metres that timber holds up the foot of the banks."
    )
    growth: Annotated[Unit, DrawnFrom({"uniform": [0.1, 0.9]})] = Field(
        description="How far weeds and grass have grown."
    )
    flags: Annotated[bool, DrawnFrom({"choice": {True: 1, False: 1}})] = Field(description="Range flags on the banks.")
    lights: FloodLights


class MockStreet(Place):
    """A training village's street: facades of block or plywood with holes for windows and doors, parked cars, kerbs."""

    paths: ClassVar[frozenset[PathWord]] = frozenset({"take_cover", "pie_corner", "search"})

    kind: Literal["mock_street"]
    length: Annotated[float, DrawnFrom({"uniform": [24.0, 40.0]})] = Field(ge=20, le=70, description="Metres.")
    road: Annotated[float, DrawnFrom({"uniform": [4.8, 7.0]})] = Field(
        ge=4.4, le=12, description="Metres between the kerbs."
    )
    pavement: Annotated[float, DrawnFrom({"uniform": [1.7, 2.8]})] = Field(
        ge=1.5, le=5, description="Metres of either pavement."
    )
    facade: Annotated[Literal["concrete_block", "plywood", "plaster", "brick"],
        DrawnFrom({"choice": {"concrete_block": 3, "plywood": 2, "plaster": 1, "brick": 1}})] = (
        Field(description="What most facades are of.")
    )  # fmt: skip
    storeys: Annotated[float, DrawnFrom({"uniform": [1.0, 2.2]})] = Field(
        ge=1, le=3, description="Storeys in the mean."
    )
    frontage: Annotated[float, DrawnFrom({"uniform": [6.0, 10.0]})] = Field(
        ge=5, le=16, description="Metres of one facade."
    )
    openings: Annotated[float, DrawnFrom({"uniform": [0.4, 0.9]})] = Field(
        ge=0.1, le=1, description="Share of a facade's bays that have a window or a door."
    )
    boarded: Annotated[Unit, DrawnFrom({"uniform": [0.0, 0.4]})] = Field(description="Share of windows boarded up.")
    cars: Annotated[int, DrawnFrom({"integers": [2, 5]})] = Field(ge=0, le=10, description="Parked cars.")
    bins: Annotated[int, DrawnFrom({"integers": [1, 5]})] = Field(ge=0, le=10, description="Bins on the pavements.")
    lamps: Annotated[int, DrawnFrom({"integers": [2, 4]})] = Field(ge=1, le=6, description="Street lamps.")
    surface: Annotated[
        Literal["asphalt", "paving", "concrete"], DrawnFrom({"choice": {"asphalt": 3, "paving": 1, "concrete": 1}})
    ] = Field(description="Of the road.")
    lights: StreetLights


class CarPark(Place):
    """A deck of a multi-storey car park: pillars, a low ceiling with strip lamps, marked bays, parked cars, open sides."""

    paths: ClassVar[frozenset[PathWord]] = frozenset({"take_cover", "search"})

    kind: Literal["car_park"]
    bays: Annotated[int, DrawnFrom({"integers": [10, 15]})] = Field(
        ge=8, le=24, description="Bays on either side of the lane."
    )
    bay_width: Annotated[float, DrawnFrom({"uniform": [2.3, 2.7]})] = Field(ge=2.2, le=3.2, description="Metres.")
    lane: Annotated[float, DrawnFrom({"uniform": [5.5, 6.5]})] = Field(
        ge=4.5, le=9, description="Metres between the bays."
    )
    height: Annotated[float, DrawnFrom({"uniform": [2.25, 2.9]})] = Field(
        ge=2.1, le=4, description="Metres to the ceiling."
    )
    every: Annotated[Literal[2, 3], DrawnFrom({"choice": [2, 3]})] = Field(
        description="Bays from one pillar to the next."
    )
    occupied: Annotated[Unit, DrawnFrom({"uniform": [0.15, 0.6]})] = Field(description="Share of bays with a car.")
    storey: Annotated[int, DrawnFrom({"integers": [1, 5]})] = Field(
        ge=0, le=12, description="Storeys above the ground."
    )
    open_side: Annotated[
        Literal["left", "right", "both"], DrawnFrom({"choice": {"left": 1, "right": 1, "both": 3}})
    ] = Field(description="Sides that are open above a parapet.")
    parapet: Annotated[Literal["concrete", "rails", "mesh"], DrawnFrom({"choice": ["concrete", "rails", "mesh"]})] = (
        Field(description="What is along the open sides.")
    )
    ramp: Annotated[Literal["up", "down"], DrawnFrom({"choice": ["up", "down"]})] = Field(
        description="Where the ramp at the end goes."
    )
    beams: Annotated[bool, DrawnFrom({"choice": {True: 2, False: 1}})] = Field(
        description="Beams from pillar to pillar."
    )
    paint: Annotated[Literal["none", "band", "coded"], DrawnFrom({"choice": {"none": 1, "band": 2, "coded": 2}})] = (
        Field(description="Paint on the pillars.")
    )
    lights: StripLights


class TramStop(Place):
    """A tram stop: platform with kerb and shelter, rails in paving, a standing tram with an open door."""

    setting: ClassVar[Setting] = "transport"
    paths: ClassVar[frozenset[PathWord]] = frozenset({"board", "disembark"})

    kind: Literal["tram_stop"]
    length: Annotated[float, DrawnFrom({"uniform": [22.0, 34.0]})] = Field(
        ge=18, le=60, description="Metres of platform."
    )
    width: Annotated[float, DrawnFrom({"uniform": [3.2, 5.0]})] = Field(ge=2.8, le=8, description="Metres of platform.")
    kerb: Annotated[float, DrawnFrom({"uniform": [0.20, 0.32]})] = Field(
        ge=0.1, le=0.4, description="Metres of the platform above the rails; the tram's floor is as high."
    )
    floor: Annotated[
        Literal["paving", "concrete", "asphalt"], DrawnFrom({"choice": {"paving": 3, "concrete": 1, "asphalt": 1}})
    ] = Field(description="Of the platform.")
    shelters: Annotated[int, DrawnFrom({"integers": [1, 2]})] = Field(ge=0, le=3, description="Shelters.")
    shelter: Annotated[Literal["glass", "steel"], DrawnFrom({"choice": {"glass": 2, "steel": 1}})] = Field(
        description="Their walls."
    )
    tram: Annotated[Literal["white", "red", "green", "yellow", "grey"],
        DrawnFrom({"choice": ["white", "red", "green", "yellow", "grey"]})] = Field(description="The tram's colour.")  # fmt: skip
    sections: Annotated[int, DrawnFrom({"integers": [2, 3]})] = Field(ge=1, le=4, description="Sections of the tram.")
    doors_open: Annotated[float, DrawnFrom({"uniform": [0.3, 1.0]})] = Field(
        ge=0, le=1, description="Share of its doors that stand open; one always does."
    )
    bed: Annotated[
        Literal["paving", "asphalt", "grass"], DrawnFrom({"choice": {"paving": 2, "asphalt": 2, "grass": 1}})
    ] = Field(description="What the rails lie in.")
    seats: Annotated[int, DrawnFrom({"integers": [1, 4]})] = Field(ge=0, le=8, description="Benches on the platform.")
    pillar: Annotated[bool, DrawnFrom({"choice": {True: 3, False: 1}})] = Field(description="An information pillar.")
    lights: StreetLights
