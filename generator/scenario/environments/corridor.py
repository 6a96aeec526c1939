"""The corridor of a shoot-house."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from generator.scenario.environments.common import Setting
from generator.scenario.model import DrawnFrom, Model, Unit
from generator.scenario.travel import PathWord


class CorridorLights(Model):
    """Ceiling lights of a corridor."""

    fixture: Annotated[
        Literal["tube", "panel", "bulkhead"], DrawnFrom({"choice": {"tube": 2, "panel": 1, "bulkhead": 1}})
    ] = Field(description="Kind of fitting.")
    spacing: Annotated[float, DrawnFrom({"uniform": [2.2, 4.5]})] = Field(
        ge=1.5, le=8, description="Metres between fittings."
    )
    lumens: Annotated[float, DrawnFrom({"loguniform": [900, 4200]})] = Field(
        ge=100, le=10000, description="Luminous flux of one fitting."
    )
    temperature: Annotated[float, DrawnFrom({"choice": [2900, 3500, 4000, 5000, 6200]})] = Field(
        ge=2000, le=8000, description="Correlated colour temperature, kelvin."
    )
    dead: Annotated[float, DrawnFrom({"choice": {0.0: 2, 0.2: 1, 0.4: 1}})] = Field(
        ge=0, le=0.9, description="Share of fittings that are out."
    )
    mains: Annotated[Literal[50, 60], DrawnFrom({"choice": [50, 60]})] = Field(
        description="Frequency of the mains, hertz; lamps flicker at twice of it."
    )
    flicker: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Percent flicker (IEEE 1789) as a share; by the kind of fitting if left out.",
    )


class ShoothouseCorridor(Model):
    """A straight corridor of a shoot-house: partition walls, doors, targets, used by many courses before."""

    setting: ClassVar[Setting] = "land"
    paths: ClassVar[frozenset[PathWord]] = frozenset({"search"})

    kind: Literal["shoothouse_corridor"]
    time: Annotated[Literal["day", "night"], DrawnFrom({"choice": {"day": 2, "night": 1}})] = Field(
        description="Day lets daylight in through openings; night does not."
    )
    length: Annotated[float, DrawnFrom({"uniform": [10.0, 20.0]})] = Field(ge=6, le=40, description="Metres.")
    width: Annotated[float, DrawnFrom({"uniform": [1.7, 2.6]})] = Field(ge=1.3, le=4, description="Metres.")
    height: Annotated[float, DrawnFrom({"uniform": [2.4, 3.0]})] = Field(ge=2.2, le=4.5, description="Metres.")
    doors: Annotated[int, DrawnFrom({"integers": [2, 5]})] = Field(ge=0, le=10, description="Doors along both walls.")
    doors_open: Annotated[float, DrawnFrom({"uniform": [0.0, 0.6]})] = Field(
        ge=0, le=1, description="Share of doors that stand open."
    )
    wall: Annotated[
        Literal["plywood", "painted_board", "concrete_block", "plaster"],
        DrawnFrom({"choice": ["plywood", "painted_board", "concrete_block", "plaster"]}),
    ] = Field(description="Wall material.")
    floor: Annotated[Literal["concrete", "rubber", "vinyl"], DrawnFrom({"choice": ["concrete", "rubber", "vinyl"]})] = (
        Field(description="Floor material.")
    )
    wear: Annotated[Unit, DrawnFrom({"uniform": [0.3, 0.9]})] = Field(
        description="Scuffs, tape, stains, patches; 0 is newly painted."
    )
    clutter: Annotated[Unit, DrawnFrom({"uniform": [0.1, 0.7]})] = Field(description="How much stands about.")
    targets: Annotated[int, DrawnFrom({"integers": [1, 3]})] = Field(
        ge=0, le=6, description="Cardboard or steel targets."
    )
    lights: CorridorLights

    @property
    def offered(self) -> frozenset[PathWord]:
        """All of ``paths``."""
        return self.paths
