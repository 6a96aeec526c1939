"""A plain room to judge things, hands and bodies in: soft light, a grey floor, nothing else."""

from collections.abc import Sequence

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import ClipSpec, Finish
from generator.scenario.things import THINGS, HeldKind
from generator.world.actor import Actor, OfThing
from generator.world.props import Prop, ThingActor, build_thing
from generator.world.stage import Stage, build_things
from generator.world.wearer import build_wearer

Array = NDArray[np.float64]


def thing_stage(kind: HeldKind, finish: Finish, rng: np.random.Generator) -> tuple[Stage, Prop]:
    """A thing alone, at the origin of the world, and its prop.

    Raises:
        ValueError: nothing is held (``empty_hands``).
    """
    bpy.ops.wm.read_factory_settings(use_empty=True)
    collection = bpy.data.collections.new("seen")
    if THINGS[kind].category is None:
        raise ValueError(f"{kind}: nothing to build")
    prop = build_thing(kind, finish, rng, collection)
    return _stage(collection, (ThingActor(prop),), centre=np.zeros(3), floor=False), prop


def wearer_stage(spec: ClipSpec, centre: Array, *, shod: bool = True) -> Stage:
    """The wearer of a clip with what is held; ``centre`` (3,) is lit. The floor is left out unless ``shod``."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    collection = bpy.data.collections.new("seen")
    props = build_things(spec, collection)
    wearer = build_wearer(spec, props, collection)
    actors: list[Actor] = [OfThing(ThingActor(prop, wearer.hand_frame), number) for number, prop in enumerate(props)]
    return _stage(collection, (*actors, wearer), centre=centre, floor=shod)


def _stage(collection: bpy.types.Collection, actors: Sequence[Actor], *, centre: Array, floor: bool) -> Stage:
    pictured = bpy.data.collections.new("pictured")
    for offset, size, watts in (
        ((-1.6, -0.6, 2.0), 1.6, 55.0),
        ((1.8, 0.8, 1.4), 1.2, 22.0),
        ((0.2, 2.2, 0.8), 1.0, 14.0),
    ):
        pictured.objects.link(_area(centre, np.array(offset), size, watts))
    if floor:
        pictured.objects.link(_floor())
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    camera.data.sensor_fit, camera.data.lens_unit = "HORIZONTAL", "FOV"
    camera.data.clip_start = 0.02
    pictured.objects.link(camera)
    world = bpy.data.worlds.new("studio")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.30, 0.31, 0.33, 1)
    return Stage(collection, pictured, camera, world, tuple(actors), ())


def _area(centre: Array, offset: Array, size: float, watts: float) -> bpy.types.Object:
    from mathutils import Vector

    light = bpy.data.lights.new("area", "AREA")
    light.size, light.energy = size, watts
    made = bpy.data.objects.new("area", light)
    made.location = centre + offset
    made.rotation_mode = "QUATERNION"
    made.rotation_quaternion = Vector(-offset).to_track_quat("-Z", "Y")
    return made


def _floor() -> bpy.types.Object:
    mesh = bpy.data.meshes.new("floor")
    mesh.from_pydata([(-8, -8, 0), (8, -8, 0), (8, 8, 0), (-8, 8, 0)], [], [(0, 1, 2, 3)])
    made = bpy.data.materials.new("floor")
    made.use_nodes = True
    made.node_tree.nodes["Principled BSDF"].inputs["Base Color"].default_value = (0.22, 0.22, 0.22, 1)
    made.node_tree.nodes["Principled BSDF"].inputs["Roughness"].default_value = 0.8
    mesh.materials.append(made)
    return bpy.data.objects.new("floor", mesh)
