"""What the builder of every environment gives back."""

from dataclasses import dataclass, field

import bpy

from generator.world.actor import Actor, StaticActor
from generator.world.haze import Haze


@dataclass(frozen=True)
class Environment:
    """What surrounds the wearer.

    Attributes:
        actors: what stays: structure first, then targets, doors and clutter.
        world: the sky, or what is seen through the openings of a room; nearly black where daylight comes from lamps behind them.
        moving: what moves by itself: water, what goes by outside, grab handles, beacons, doors that open.
        haze: the air that everything outdoors is seen through, None where it is clear.
    """

    actors: tuple[StaticActor, ...]
    world: bpy.types.World = field(repr=False)
    moving: tuple[Actor, ...] = ()
    haze: Haze | None = None
