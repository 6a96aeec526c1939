"""What the words of all environments share."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from generator.scenario.model import DrawnFrom, Model, Unit
from generator.scenario.travel import PathWord

Setting = Literal["land", "transport", "water"]
TimeOfDay = Literal["day", "dusk", "night"]
Weather = Literal["clear", "overcast", "rain", "fog"]
Beacon = Literal["none", "red", "amber", "blue"]
Mains = Annotated[Literal[50, 60], DrawnFrom({"choice": [50, 60]})]

Fixture = Literal["tube", "panel", "bulkhead", "downlight", "high_bay", "strip", "street", "flood"]
"""Kinds of fittings: fluorescent tubes, LED panels, round bulkheads, downlights, lamps of high halls, LED strips, street lamps
and floodlights."""


class Lights(Model):
    """Lamps of a place. A site's plan does not depend on them, nor on time and weather: twins share it."""

    fixture: Annotated[Fixture, DrawnFrom({"choice": {"tube": 2, "panel": 2}})] = Field(description="Kind of fitting.")
    lumens: Annotated[float, DrawnFrom({"loguniform": [1500, 5000]})] = Field(
        ge=100, le=60000, description="Luminous flux of one fitting."
    )
    temperature: Annotated[float, DrawnFrom({"choice": [2900, 3500, 4000, 5000, 6200]})] = Field(
        ge=1800, le=8000, description="Correlated colour temperature, kelvin; about 2000 is sodium."
    )
    dead: Annotated[float, DrawnFrom({"choice": {0.0: 3, 0.15: 1, 0.4: 1}})] = Field(
        ge=0, le=1, description="Share of fittings that are out."
    )
    failing: Annotated[float, DrawnFrom({"choice": {0.0: 5, 0.15: 1}})] = Field(
        ge=0, le=1, description="Share of fittings that flicker on and off as failing tubes do."
    )
    emergency: Annotated[bool, DrawnFrom({"choice": {False: 6, True: 1}})] = Field(
        description="The mains are off: only emergency luminaires burn."
    )
    beacon: Annotated[Beacon, DrawnFrom({"choice": {"none": 8, "red": 1, "amber": 1, "blue": 1}})] = Field(
        description="A rotating or blinking alarm beacon."
    )
    mains: Mains = Field(description="Frequency of the mains, hertz; lamps flicker at twice of it.")
    flicker: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="Percent flicker (IEEE 1789) as a share; by the kind of fitting if left out.",
    )


class Place(Model):
    """What every environment says of itself besides its own words."""

    setting: ClassVar[Setting] = "land"
    paths: ClassVar[frozenset[PathWord]] = frozenset()
    """Paths that it has besides those that are everywhere."""

    time: Annotated[TimeOfDay, DrawnFrom({"choice": {"day": 3, "dusk": 1, "night": 2}})] = Field(
        description="Time of day: what comes in from outside, and whether lamps are needed."
    )
    weather: Annotated[Weather, DrawnFrom({"choice": {"clear": 3, "overcast": 3, "rain": 1, "fog": 1}})] = Field(
        description="Seen through windows, or walked in."
    )
    wear: Annotated[Unit, DrawnFrom({"uniform": [0.2, 0.8]})] = Field(description="Scuffs, stains, grime; 0 is new.")
    clutter: Annotated[Unit, DrawnFrom({"uniform": [0.1, 0.7]})] = Field(description="How much stands about.")
    targets: Annotated[int, DrawnFrom({"integers": [0, 2]})] = Field(
        ge=0, le=6, description="Cardboard or steel targets of the exercise."
    )

    @property
    def offered(self) -> frozenset[PathWord]:
        """Those of ``paths`` that it has as it is: what is under way cannot be boarded."""
        return self.paths
