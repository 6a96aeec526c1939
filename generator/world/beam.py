"""The beam of a reflector torch, in the hand or on a weapon: a hot spot in a wide, weak spill."""

import bpy
import numpy as np
from numpy.typing import ArrayLike, NDArray

from generator.world.fittings import LUMENS_PER_WATT

Array = NDArray[np.float64]

_HOT, _SPILL, _SPILL_SHARE = np.radians(5.5), np.radians(36), 0.045
"""Beam of a reflector torch: width (one sigma) of the hot spot, half angle of the spill, spill over peak intensity."""


def ahead(at: ArrayLike) -> Array:
    """(4, 4) frame of a lamp at a point of a thing that shines along the thing's y."""
    frame = np.eye(4)
    frame[1:3, 1:3] = [[0, -1], [1, 0]]  # a lamp shines along its -z
    frame[:3, 3] = at
    return frame


def beam(
    name: str, lumens: float, colour: tuple[float, float, float], collection: bpy.types.Collection
) -> bpy.types.Object:
    """One spot light whose strength falls off with the angle from its axis."""
    light = bpy.data.lights.new(name, "SPOT")
    light.energy, half = _power(lumens)
    light.spot_size, light.spot_blend, light.shadow_soft_size = 2 * half, 0.35, 0.008
    light.color = colour
    light.use_nodes = True
    tree = light.node_tree
    where, split = tree.nodes.new("ShaderNodeTexCoord"), tree.nodes.new("ShaderNodeSeparateXYZ")
    tree.links.new(where.outputs["Normal"], split.inputs[0])
    # exp(-angle^2 / 2 s^2) with angle^2 = 2 (1 - cos): exp((cos - 1) / s^2); the axis is the lamp's -z.
    cosine = _math(tree, "ABSOLUTE", split.outputs["Z"])
    lowered = _math(tree, "SUBTRACT", cosine, 1.0)
    scaled = _math(tree, "MULTIPLY", lowered, float(1 / _HOT**2))
    hot = _math(tree, "EXPONENT", scaled)
    strength = _math(tree, "ADD", hot, _SPILL_SHARE)
    tree.links.new(strength, tree.nodes["Emission"].inputs["Strength"])
    made = bpy.data.objects.new(name, light)
    collection.objects.link(made)
    return made


def _power(lumens: float) -> tuple[float, float]:
    """Watts of a Blender spot and its half angle so that hot spot and spill carry ``lumens``.

    Cycles spreads a spot's power over the whole sphere and cuts the cone out of it: intensity is power / 4 pi.
    """
    angle = np.linspace(0, _SPILL, 400)
    profile = np.exp(-0.5 * (angle / _HOT) ** 2) + _SPILL_SHARE
    flux = float(np.trapz(profile * 2 * np.pi * np.sin(angle), angle))
    return 4 * np.pi * lumens / LUMENS_PER_WATT / flux, float(_SPILL)


def _math(
    tree: bpy.types.NodeTree, operation: str, value: bpy.types.NodeSocket, other: float = 0.0
) -> bpy.types.NodeSocket:
    node = tree.nodes.new("ShaderNodeMath")
    node.operation = operation
    tree.links.new(value, node.inputs[0])
    node.inputs[1].default_value = other
    return node.outputs[0]
