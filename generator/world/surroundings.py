"""What the builder of every environment gives back."""

from dataclasses import dataclass, field

import bpy

from generator.world.actor import Actor, StaticActor


@dataclass(frozen=True)
class Environment:
    """What surrounds the wearer.

    Attributes:
        actors: what stays: structure first, then targets, doors and clutter.
        world: the sky, or what is seen through the openings of a room; nearly black where daylight comes from lamps behind them.
        moving: what moves by itself: water, what goes by outside, grab handles, beacons, doors that open.
    """

    actors: tuple[StaticActor, ...]
    world: bpy.types.World = field(repr=False)
    moving: tuple[Actor, ...] = ()
