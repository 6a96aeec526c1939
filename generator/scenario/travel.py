"""How the wearer goes through the environment: the paths of a scenario."""

from typing import Annotated, Literal

from pydantic import Field

from generator.scenario.model import DrawnFrom, Model, Unit

WalkingSpeed = Annotated[float, DrawnFrom({"uniform": [0.6, 1.4]})]
SlowSpeed = Annotated[float, DrawnFrom({"uniform": [0.4, 0.9]})]


class StaticPath(Model):
    """The wearer stands, shifting weight."""

    kind: Literal["static"]


class AdvancePath(Model):
    """The wearer walks forward along the environment."""

    kind: Literal["advance"]
    speed: WalkingSpeed = Field(ge=0.2, le=2.2, description="m/s.")


class RetreatPath(Model):
    """The wearer backs away along the environment, facing forward."""

    kind: Literal["retreat"]
    speed: SlowSpeed = Field(ge=0.2, le=1.5, description="m/s.")


class SweepPath(Model):
    """The wearer walks slowly and turns from side to side, weapon and all."""

    kind: Literal["sweep"]
    speed: SlowSpeed = Field(ge=0.0, le=1.5, description="m/s; 0 sweeps on the spot.")
    span: Annotated[float, DrawnFrom({"uniform": [0.5, 1.0]})] = Field(
        ge=0.1, le=1.6, description="Radians to either side."
    )
    period: Annotated[float, DrawnFrom({"uniform": [2.4, 5.0]})] = Field(
        ge=1, le=20, description="Seconds there and back."
    )


class SearchPath(Model):
    """The wearer goes from room to room, or from door to door, stops and looks in."""

    kind: Literal["search"]
    speed: SlowSpeed = Field(ge=0.2, le=1.5, description="m/s.")
    dwell: Annotated[float, DrawnFrom({"uniform": [0.5, 1.5]})] = Field(
        ge=0, le=10, description="Seconds at each place that is looked into."
    )


class PieCornerPath(Model):
    """The wearer works sideways around a corner or a door's edge, slice by slice, facing what comes into view."""

    kind: Literal["pie_corner"]
    speed: Annotated[float, DrawnFrom({"uniform": [0.25, 0.55]})] = Field(ge=0.1, le=1.2, description="m/s.")


class ClimbStairsPath(Model):
    """The wearer goes up a flight of stairs."""

    kind: Literal["climb_stairs"]
    speed: Annotated[float, DrawnFrom({"uniform": [0.35, 0.65]})] = Field(
        ge=0.15, le=1.2, description="m/s over the ground."
    )


class BoardPath(Model):
    """The wearer goes on board: from platform, stop or quay into the vehicle or vessel."""

    kind: Literal["board"]
    speed: SlowSpeed = Field(ge=0.2, le=1.8, description="m/s.")


class DisembarkPath(Model):
    """The wearer leaves the vehicle or vessel."""

    kind: Literal["disembark"]
    speed: SlowSpeed = Field(ge=0.2, le=1.8, description="m/s.")


class RunPath(Model):
    """The wearer runs along the environment."""

    kind: Literal["run"]
    speed: Annotated[float, DrawnFrom({"uniform": [2.2, 3.4]})] = Field(ge=1.8, le=5.0, description="m/s.")


class TakeCoverPath(Model):
    """The wearer hurries behind something and goes down on a knee behind it."""

    kind: Literal["take_cover"]
    speed: Annotated[float, DrawnFrom({"uniform": [1.6, 2.8]})] = Field(ge=0.5, le=4.0, description="m/s.")
    crouch: Annotated[Unit, DrawnFrom({"uniform": [0.5, 1.0]})] = Field(
        description="How low in the end: 0 standing, 1 on a knee."
    )


Path = Annotated[
    StaticPath | AdvancePath | RetreatPath | SweepPath | SearchPath | PieCornerPath | ClimbStairsPath | BoardPath | DisembarkPath
    | RunPath | TakeCoverPath,
    Field(discriminator="kind"),
]  # fmt: skip

PathWord = Literal[
    "static",
    "advance",
    "retreat",
    "sweep",
    "search",
    "pie_corner",
    "climb_stairs",
    "board",
    "disembark",
    "run",
    "take_cover",
]

EVERYWHERE: frozenset[PathWord] = frozenset({"static", "advance", "retreat", "sweep", "run"})
"""Paths that every environment has; others it says that it has."""
