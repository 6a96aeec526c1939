"""Interiors on land: rooms of a shoot-house, an office, a stairwell, a shop, a warehouse."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from generator.scenario.environments.common import Lights, Place
from generator.scenario.model import DrawnFrom
from generator.scenario.travel import PathWord


class RoomLights(Lights):
    """Lamps of rooms with ordinary ceilings."""

    fixture: Annotated[
        Literal["tube", "panel", "bulkhead", "downlight", "strip"],
        DrawnFrom({"choice": {"tube": 2, "panel": 2, "bulkhead": 1, "downlight": 1, "strip": 1}}),
    ] = Field(description="Kind of fitting.")


class HallLights(Lights):
    """Lamps of halls."""

    fixture: Annotated[
        Literal["tube", "high_bay", "strip"], DrawnFrom({"choice": {"high_bay": 3, "strip": 1, "tube": 1}})
    ] = Field(description="Kind of fitting.")
    lumens: Annotated[float, DrawnFrom({"loguniform": [7000, 24000]})] = Field(
        ge=100, le=60000, description="Luminous flux of one fitting."
    )


class ShoothouseRooms(Place):
    """Two to five rooms of a shoot-house: partition walls with door openings, props, ballistic walls."""

    paths: ClassVar[frozenset[PathWord]] = frozenset({"search", "pie_corner", "take_cover"})

    kind: Literal["shoothouse_rooms"]
    width: Annotated[float, DrawnFrom({"uniform": [6.5, 9.5]})] = Field(
        ge=6, le=14, description="Of the whole, metres."
    )
    length: Annotated[float, DrawnFrom({"uniform": [9.0, 14.0]})] = Field(
        ge=8, le=20, description="Of the whole, metres."
    )
    height: Annotated[float, DrawnFrom({"uniform": [2.3, 3.0]})] = Field(
        ge=2.2, le=4, description="Of the walls, metres."
    )
    rooms: Annotated[int, DrawnFrom({"integers": [2, 5]})] = Field(ge=2, le=5, description="Rooms.")
    wall: Annotated[
        Literal["plywood", "painted_board", "concrete_block", "planks"],
        DrawnFrom({"choice": {"plywood": 3, "painted_board": 2, "concrete_block": 2, "planks": 1}}),
    ] = Field(description="What the walls are of.")
    floor: Annotated[
        Literal["concrete", "rubber", "gravel", "vinyl"],
        DrawnFrom({"choice": ["concrete", "rubber", "gravel", "vinyl"]}),
    ] = Field(description="What the floor is of.")
    roof: Annotated[Literal["open", "ceiling", "hall"], DrawnFrom({"choice": {"open": 2, "ceiling": 2, "hall": 3}})] = (
        Field(description="Open to the sky, a ceiling on the walls, or a hall's roof high above them.")
    )
    doors: Annotated[float, DrawnFrom({"uniform": [0.0, 0.6]})] = Field(
        ge=0, le=1, description="Share of the doorways with a leaf, which stands open."
    )
    ballistic: Annotated[int, DrawnFrom({"integers": [0, 2]})] = Field(
        ge=0, le=4, description="Free-standing ballistic walls of tyres, timber or steel."
    )
    furniture: Annotated[float, DrawnFrom({"uniform": [0.5, 2.0]})] = Field(
        ge=0, le=4, description="Pieces of furniture for ten square metres."
    )
    lights: RoomLights


class Office(Place):
    """An open-plan office with a window front, a meeting room and a kitchenette."""

    paths: ClassVar[frozenset[PathWord]] = frozenset({"search", "take_cover", "pie_corner"})

    kind: Literal["office"]
    width: Annotated[float, DrawnFrom({"uniform": [8.5, 12.0]})] = Field(
        ge=8, le=16, description="Metres, window to wall."
    )
    length: Annotated[float, DrawnFrom({"uniform": [14.0, 20.0]})] = Field(
        ge=12, le=28, description="Metres along the windows."
    )
    height: Annotated[float, DrawnFrom({"uniform": [2.5, 3.0]})] = Field(
        ge=2.4, le=4, description="To the ceiling, metres."
    )
    ceiling: Annotated[
        Literal["suspended", "plaster", "open"], DrawnFrom({"choice": {"suspended": 3, "plaster": 1, "open": 1}})
    ] = Field(description="Mineral tiles, plain, or open to ducts and slab.")
    floor: Annotated[
        Literal["carpet", "vinyl", "planks", "tile"],
        DrawnFrom({"choice": {"carpet": 3, "vinyl": 1, "planks": 1, "tile": 1}}),
    ] = Field(description="What the floor is of.")
    desks: Annotated[float, DrawnFrom({"uniform": [0.55, 1.0]})] = Field(
        ge=0.2, le=1, description="Share of places for desks that are taken."
    )
    screens: Annotated[float, DrawnFrom({"uniform": [0.0, 1.0]})] = Field(
        ge=0, le=1, description="Share of desks with a fabric screen."
    )
    monitors_on: Annotated[float, DrawnFrom({"uniform": [0.0, 0.6]})] = Field(
        ge=0, le=1, description="Share of monitors that are on."
    )
    blinds: Annotated[float, DrawnFrom({"uniform": [0.0, 0.9]})] = Field(
        ge=0, le=1, description="How far the blinds are let down, on average."
    )
    rooms: Annotated[int, DrawnFrom({"integers": [1, 2]})] = Field(
        ge=0, le=3, description="Rooms partitioned off: meeting room, kitchenette."
    )
    storey: Annotated[int, DrawnFrom({"integers": [0, 6]})] = Field(
        ge=0, le=12, description="Storeys above the ground."
    )
    lights: RoomLights


class Stairwell(Place):
    """A stairwell with half landings over two or three storeys."""

    paths: ClassVar[frozenset[PathWord]] = frozenset({"climb_stairs"})

    kind: Literal["stairwell"]
    storeys: Annotated[int, DrawnFrom({"integers": [2, 3]})] = Field(
        ge=2, le=3, description="Storeys that the stairs climb."
    )
    rise: Annotated[float, DrawnFrom({"uniform": [2.7, 3.3]})] = Field(
        ge=2.5, le=3.8, description="From floor to floor, metres."
    )
    flight: Annotated[float, DrawnFrom({"uniform": [1.15, 1.5]})] = Field(
        ge=1.05, le=2.2, description="Width of a flight, metres."
    )
    going: Annotated[float, DrawnFrom({"uniform": [0.25, 0.30]})] = Field(
        ge=0.22, le=0.34, description="Depth of a tread, metres."
    )
    well: Annotated[float, DrawnFrom({"uniform": [0.1, 0.5]})] = Field(
        ge=0.05, le=1.5, description="Gap between the flights, metres."
    )
    landing: Annotated[float, DrawnFrom({"uniform": [1.4, 1.9]})] = Field(
        ge=1.25, le=3, description="Depth of a landing, metres."
    )
    railing: Annotated[
        Literal["bars", "mesh", "glass", "solid"], DrawnFrom({"choice": {"bars": 3, "mesh": 1, "glass": 1, "solid": 1}})
    ] = Field(description="What fills the railing.")
    wall: Annotated[
        Literal["plaster", "concrete", "brick", "concrete_block"],
        DrawnFrom({"choice": ["plaster", "concrete", "brick", "concrete_block"]}),
    ] = Field(description="What the walls are of.")
    steps: Annotated[
        Literal["concrete", "tile", "steel", "vinyl"],
        DrawnFrom({"choice": {"concrete": 3, "tile": 2, "steel": 1, "vinyl": 1}}),
    ] = Field(description="What the steps are of.")
    windows: Annotated[bool, DrawnFrom({"choice": {True: 2, False: 1}})] = Field(
        description="Windows on the half landings."
    )
    lights: RoomLights


class Shop(Place):
    """A shop: aisles of shelves with goods, a counter, a window front."""

    paths: ClassVar[frozenset[PathWord]] = frozenset({"search", "take_cover", "pie_corner"})

    kind: Literal["shop"]
    width: Annotated[float, DrawnFrom({"uniform": [8.0, 12.0]})] = Field(
        ge=7, le=16, description="Metres along the shop front."
    )
    length: Annotated[float, DrawnFrom({"uniform": [12.0, 17.0]})] = Field(
        ge=10, le=24, description="Metres from the front to the back."
    )
    height: Annotated[float, DrawnFrom({"uniform": [2.7, 3.6]})] = Field(
        ge=2.5, le=5, description="To the ceiling, metres."
    )
    aisle: Annotated[float, DrawnFrom({"uniform": [1.2, 1.8]})] = Field(
        ge=1.1, le=3, description="Width of an aisle, metres."
    )
    shelf: Annotated[float, DrawnFrom({"uniform": [1.4, 2.1]})] = Field(
        ge=1.2, le=2.4, description="Height of the shelves, metres."
    )
    stock: Annotated[float, DrawnFrom({"uniform": [0.4, 1.0]})] = Field(
        ge=0, le=1, description="How full the shelves are."
    )
    floor: Annotated[
        Literal["tile", "vinyl", "concrete", "planks"],
        DrawnFrom({"choice": {"tile": 3, "vinyl": 2, "concrete": 1, "planks": 1}}),
    ] = Field(description="What the floor is of.")
    ceiling: Annotated[
        Literal["suspended", "plaster", "open"], DrawnFrom({"choice": {"suspended": 2, "plaster": 1, "open": 1}})
    ] = Field(description="Mineral tiles, plain, or open to ducts and slab.")
    front: Annotated[float, DrawnFrom({"uniform": [0.4, 1.0]})] = Field(
        ge=0, le=1, description="Share of the shop front that is glass."
    )
    counter: Annotated[Literal["left", "right"], DrawnFrom({"choice": ["left", "right"]})] = Field(
        description="Side of the counter, seen from the entrance."
    )
    lights: RoomLights


class Warehouse(Place):
    """A warehouse: pallet racks, aisles, a roller door, a forklift."""

    paths: ClassVar[frozenset[PathWord]] = frozenset({"search", "take_cover", "pie_corner"})

    kind: Literal["warehouse"]
    width: Annotated[float, DrawnFrom({"uniform": [13.0, 18.0]})] = Field(ge=12, le=26, description="Metres.")
    length: Annotated[float, DrawnFrom({"uniform": [20.0, 28.0]})] = Field(ge=16, le=40, description="Metres.")
    height: Annotated[float, DrawnFrom({"uniform": [6.0, 9.0]})] = Field(
        ge=5, le=12, description="To the eaves, metres."
    )
    aisle: Annotated[float, DrawnFrom({"uniform": [2.4, 3.4]})] = Field(
        ge=2, le=5, description="Width of an aisle, metres."
    )
    levels: Annotated[int, DrawnFrom({"integers": [2, 4]})] = Field(
        ge=1, le=5, description="Levels of beams above the floor."
    )
    stock: Annotated[float, DrawnFrom({"uniform": [0.35, 0.95]})] = Field(
        ge=0, le=1, description="Share of pallet places that are taken."
    )
    loose: Annotated[float, DrawnFrom({"uniform": [0.0, 1.0]})] = Field(
        ge=0, le=1, description="How many pallets stand about on the floor."
    )
    cladding: Annotated[
        Literal["ribbed_metal", "concrete_block", "brick"],
        DrawnFrom({"choice": {"ribbed_metal": 3, "concrete_block": 1, "brick": 1}}),
    ] = Field(description="What the walls are of.")
    door: Annotated[float, DrawnFrom({"choice": {0.0: 2, 0.6: 1, 1.0: 2}})] = Field(
        ge=0, le=1, description="How far the roller door is up."
    )
    rooflights: Annotated[float, DrawnFrom({"uniform": [0.0, 1.0]})] = Field(
        ge=0, le=1, description="Share of the roof's bays with translucent sheets."
    )
    forklift: Annotated[bool, DrawnFrom({"choice": {True: 3, False: 1}})] = Field(
        description="Whether a forklift stands there."
    )
    lights: HallLights
