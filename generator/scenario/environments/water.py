"""Places on and beside the water: a quay, a ferry's deck, a ship's passageway, an open boat."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from generator.scenario.environments.common import Fixture, Lights, Place, Setting
from generator.scenario.model import DrawnFrom, Unit
from generator.scenario.travel import PathWord


class OutdoorLights(Lights):
    """Lamps in the open: they burn at dusk and by night."""

    fixture: Annotated[Fixture, DrawnFrom({"choice": {"flood": 2, "street": 2, "bulkhead": 1}})] = Field(
        description="Kind of fitting."
    )
    lumens: Annotated[float, DrawnFrom({"loguniform": [4000, 20000]})] = Field(
        ge=100, le=60000, description="Luminous flux of one fitting."
    )
    temperature: Annotated[float, DrawnFrom({"choice": [2000, 2900, 4000, 5000]})] = Field(
        ge=1800, le=8000, description="Correlated colour temperature, kelvin; about 2000 is sodium."
    )


class DeckLights(Lights):
    """Lamps on board: round ones on bulkheads, tubes under decks."""

    fixture: Annotated[Fixture, DrawnFrom({"choice": {"bulkhead": 3, "tube": 1}})] = Field(
        description="Kind of fitting."
    )
    lumens: Annotated[float, DrawnFrom({"loguniform": [600, 2600]})] = Field(
        ge=100, le=60000, description="Luminous flux of one fitting."
    )


class Quayside(Place):
    """The edge of a quay: bollards, fenders, crates, containers, a crane's feet, and a vessel moored at it with her gangway out."""

    setting: ClassVar[Setting] = "water"
    paths: ClassVar[frozenset[PathWord]] = frozenset({"board", "take_cover", "search"})

    kind: Literal["quayside"]
    length: Annotated[float, DrawnFrom({"uniform": [20.0, 32.0]})] = Field(ge=18, le=60, description="Metres of quay.")
    apron: Annotated[float, DrawnFrom({"uniform": [6.5, 10.0]})] = Field(
        ge=6, le=16, description="Metres from the edge to what is stacked."
    )
    surface: Annotated[
        Literal["concrete", "asphalt", "paving"], DrawnFrom({"choice": {"concrete": 3, "asphalt": 2, "paving": 1}})
    ] = Field(description="What the quay is paved with.")
    freeboard: Annotated[float, DrawnFrom({"uniform": [1.2, 3.2]})] = Field(
        ge=0.6, le=6, description="Metres from the quay down to the water: tide."
    )
    bollard_spacing: Annotated[float, DrawnFrom({"uniform": [5.0, 9.0]})] = Field(
        ge=3, le=20, description="Metres between bollards."
    )
    fenders: Annotated[
        Literal["tyres", "cylinders", "timber"], DrawnFrom({"choice": ["tyres", "cylinders", "timber"]})
    ] = Field(description="What hangs before the wall.")
    containers: Annotated[int, DrawnFrom({"integers": [2, 7]})] = Field(
        ge=0, le=16, description="Containers stacked behind the apron."
    )
    crates: Annotated[int, DrawnFrom({"integers": [3, 8]})] = Field(
        ge=1, le=14, description="Stacks of crates and loaded pallets on the apron; one of them gives cover."
    )
    cranes: Annotated[int, DrawnFrom({"choice": {0: 1, 1: 3}})] = Field(
        ge=0, le=2, description="Portal cranes whose feet stand on the apron."
    )
    vessel: Annotated[Literal["coaster", "tug", "launch"], DrawnFrom({"choice": ["coaster", "tug", "launch"]})] = Field(
        description="What is moored there."
    )
    deck: Annotated[float, DrawnFrom({"uniform": [0.3, 1.1]})] = Field(
        ge=0.2, le=1.6, description="Metres of the vessel's deck above the quay."
    )
    wind: Annotated[float, DrawnFrom({"uniform": [1.0, 9.0]})] = Field(ge=0, le=18, description="Wind, m/s: ripples.")
    lamp_spacing: Annotated[float, DrawnFrom({"uniform": [9.0, 15.0]})] = Field(
        ge=6, le=30, description="Metres between lamp posts."
    )
    lights: OutdoorLights


class FerryDeck(Place):
    """The open passenger deck of a ferry at sea: benches, railings, life-raft drums, deckhouse and funnel."""

    setting: ClassVar[Setting] = "water"
    paths: ClassVar[frozenset[PathWord]] = frozenset({"take_cover", "search"})

    kind: Literal["ferry_deck"]
    length: Annotated[float, DrawnFrom({"uniform": [18.0, 28.0]})] = Field(ge=16, le=40, description="Metres of deck.")
    beam: Annotated[float, DrawnFrom({"uniform": [10.0, 15.0]})] = Field(ge=9, le=24, description="Metres across.")
    freeboard: Annotated[float, DrawnFrom({"uniform": [4.5, 10.0]})] = Field(
        ge=2, le=20, description="Metres from this deck down to the water."
    )
    house: Annotated[float, DrawnFrom({"uniform": [0.26, 0.42]})] = Field(
        ge=0.2, le=0.5, description="Share of the beam that the deckhouse amidships takes."
    )
    surface: Annotated[
        Literal["steel", "planks", "rubber"], DrawnFrom({"choice": {"steel": 3, "planks": 1, "rubber": 1}})
    ] = Field(description="What the deck is covered with.")
    benches: Annotated[Unit, DrawnFrom({"uniform": [0.4, 1.0]})] = Field(description="Share of places with a bench.")
    rafts: Annotated[int, DrawnFrom({"integers": [2, 6]})] = Field(
        ge=1, le=10, description="Life-raft drums along the railings."
    )
    solid_rail: Annotated[bool, DrawnFrom({"choice": {False: 3, True: 1}})] = Field(
        description="A bulwark of plate instead of an open railing."
    )
    awning: Annotated[bool, DrawnFrom({"choice": {False: 2, True: 1}})] = Field(
        description="A deck above part of this one."
    )
    hull: Annotated[
        Literal["white", "blue", "red", "green"], DrawnFrom({"choice": ["white", "blue", "red", "green"]})
    ] = Field(description="Colour of bands and funnel.")
    sea: Annotated[float, DrawnFrom({"loguniform": [0.15, 1.8]})] = Field(
        ge=0.05, le=4, description="Significant height of the waves, metres."
    )
    wind: Annotated[float, DrawnFrom({"uniform": [2.0, 12.0]})] = Field(
        ge=0, le=20, description="Wind, m/s: whitecaps and ripples."
    )
    speed: Annotated[float, DrawnFrom({"choice": [0.0, 4.0, 7.0, 9.0]})] = Field(ge=0, le=14, description="m/s ahead.")
    roll: Annotated[float, DrawnFrom({"uniform": [0.01, 0.06]})] = Field(
        ge=0, le=0.25, description="Radians to either side at most."
    )
    coast: Annotated[bool, DrawnFrom({"choice": {True: 2, False: 1}})] = Field(description="Land on the horizon.")
    lights: DeckLights


class ShipPassageway(Place):
    """A passageway below deck: cabin doors, coamings, pipes and cable trays under a low deckhead, a crossing."""

    setting: ClassVar[Setting] = "water"
    paths: ClassVar[frozenset[PathWord]] = frozenset({"search", "pie_corner"})

    kind: Literal["ship_passageway"]
    length: Annotated[float, DrawnFrom({"uniform": [13.0, 20.0]})] = Field(ge=12, le=36, description="Metres.")
    width: Annotated[float, DrawnFrom({"uniform": [1.25, 1.7]})] = Field(ge=1.15, le=2.4, description="Metres.")
    height: Annotated[float, DrawnFrom({"uniform": [2.08, 2.3]})] = Field(
        ge=2.02, le=2.6, description="Metres to the deckhead; pipes and trays hang lower."
    )
    doors: Annotated[int, DrawnFrom({"integers": [3, 6]})] = Field(ge=0, le=10, description="Cabin doors.")
    doors_open: Annotated[float, DrawnFrom({"uniform": [0.0, 0.5]})] = Field(
        ge=0, le=1, description="Share of them that stand open."
    )
    lining: Annotated[
        Literal["plate", "panels", "dado"], DrawnFrom({"choice": {"plate": 2, "panels": 2, "dado": 1}})
    ] = Field(description="Bulkheads: painted steel with stiffeners, lined panels, or two colours of paint.")
    surface: Annotated[Literal["steel", "vinyl", "rubber"], DrawnFrom({"choice": ["steel", "vinyl", "rubber"]})] = (
        Field(description="What the deck is covered with.")
    )
    pipes: Annotated[int, DrawnFrom({"integers": [2, 6]})] = Field(ge=0, le=8, description="Pipes under the deckhead.")
    trays: Annotated[int, DrawnFrom({"choice": {0: 1, 1: 2, 2: 1}})] = Field(ge=0, le=2, description="Cable trays.")
    watertight: Annotated[bool, DrawnFrom({"choice": {True: 3, False: 1}})] = Field(
        description="A watertight door stands open in its frame, with a coaming to step over."
    )
    extinguishers: Annotated[int, DrawnFrom({"integers": [1, 3]})] = Field(ge=0, le=5, description="On the bulkheads.")
    roll: Annotated[float, DrawnFrom({"uniform": [0.0, 0.06]})] = Field(
        ge=0, le=0.25, description="Radians to either side at most."
    )
    engine: Annotated[float, DrawnFrom({"loguniform": [0.01, 0.12]})] = Field(
        ge=0, le=1, description="m/s2 that the engines shake the deck."
    )
    lights: DeckLights


class PatrolBoat(Place):
    """A small open boat under way: console, seats, tubes or a low bulwark, an arch with lamps and aerials."""

    setting: ClassVar[Setting] = "water"
    paths: ClassVar[frozenset[PathWord]] = frozenset()

    kind: Literal["patrol_boat"]
    length: Annotated[float, DrawnFrom({"uniform": [9.0, 10.8]})] = Field(ge=8.6, le=14, description="Metres of deck.")
    beam: Annotated[float, DrawnFrom({"uniform": [2.7, 3.3]})] = Field(ge=2.5, le=4, description="Metres inside.")
    sides: Annotated[Literal["tubes", "bulwark"], DrawnFrom({"choice": {"tubes": 2, "bulwark": 1}})] = Field(
        description="A rigid inflatable's tubes, or a bulwark of plate."
    )
    colour: Annotated[
        Literal["grey", "orange", "black", "navy"], DrawnFrom({"choice": ["grey", "orange", "black", "navy"]})
    ] = Field(description="Colour of tubes or hull.")
    console: Annotated[Literal["open", "screen", "roof"], DrawnFrom({"choice": ["open", "screen", "roof"]})] = Field(
        description="Console: bare, with a windscreen, or under a hard top."
    )
    seats: Annotated[int, DrawnFrom({"integers": [1, 3]})] = Field(ge=0, le=3, description="Rows of two jockey seats.")
    arch: Annotated[bool, DrawnFrom({"choice": {True: 3, False: 1}})] = Field(
        description="An arch with radar and lamps."
    )
    engines: Annotated[int, DrawnFrom({"integers": [1, 2]})] = Field(ge=1, le=3, description="Outboard engines.")
    sea: Annotated[float, DrawnFrom({"loguniform": [0.1, 0.8]})] = Field(
        ge=0.05, le=1.5, description="Significant height of the waves, metres."
    )
    wind: Annotated[float, DrawnFrom({"uniform": [1.0, 10.0]})] = Field(ge=0, le=18, description="Wind, m/s.")
    speed: Annotated[float, DrawnFrom({"choice": [0.0, 3.0, 6.0, 10.0]})] = Field(ge=0, le=16, description="m/s ahead.")
    roll: Annotated[float, DrawnFrom({"uniform": [0.04, 0.14]})] = Field(
        ge=0, le=0.35, description="Radians to either side at most."
    )
    coast: Annotated[bool, DrawnFrom({"choice": {True: 3, False: 1}})] = Field(description="Land on the horizon.")
    lights: DeckLights
