"""Rain: streaks that fall, seen by the picture alone, and what water does to surfaces."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.timeline import Moment
from generator.world.actor import Part, Placement
from generator.world.canvas import image_from_array, noise, ramp
from generator.world.materials import emission
from generator.world.meshes import MeshBuilder

Array = NDArray[np.float64]
Rectangle = tuple[float, float, float, float]

_LAYERS = 6
_TALL = 5.0
"""Metres of a layer; it falls from twice that height to as far below the ground."""

_SPEED = 6.6
"""m/s: terminal speed of drops of 2 mm (Gunn and Kinzer 1949)."""

_PER_M3 = 3.5
"""Streaks in a cubic metre: nearer than real drops of that size are, as those beyond a few metres are too thin to be seen."""

_LONG, _WIDE = (0.07, 0.16), (0.0010, 0.0022)
"""Metres: a drop goes 7 to 16 cm while a shutter is open for 1/100 to 1/40 s."""


@dataclass(frozen=True)
class RainActor:
    """Layers of streaks that fall one after the other."""

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    way: Array = field(repr=False)
    phases: tuple[float, ...] = ()

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Every layer; one that begins anew is away for a moment, below the ground or above what is seen."""
        period = 2 * _TALL / _SPEED
        out = []
        for phase in self.phases:
            u = (moment.t / period + phase) % 1.0
            matrix = np.eye(4)
            matrix[:3, 3] = (u - 0.5) * period * self.way
            out.append(Placement(matrix, visible=0.03 < u < 0.97))
        return tuple(out)


def build_rain(
    over: Rectangle,
    dry: Sequence[Rectangle],
    level: float,
    radiance: tuple[float, float, float],
    rng: np.random.Generator,
    collection: bpy.types.Collection,
) -> RainActor:
    """Rain over a rectangle (x0, x1, y0, y1), metres.

    Args:
        over: where it falls.
        dry: rectangles under roofs.
        level: height of the ground.
        radiance: of a streak: what it bends to the camera is the sky's.
        rng: draws.
        collection: what it is linked to.
    """
    x0, x1, y0, y1 = over
    wind = rng.normal(0, 0.9, 2).clip(-2, 2)
    way = np.array([*wind, -_SPEED])
    water = emission("rain", radiance, 1.0)
    count = min(int(_PER_M3 * (x1 - x0) * (y1 - y0) * _TALL * 2 / _LAYERS), 9000)
    parts = []
    for layer in range(_LAYERS):
        at = rng.uniform((x0, y0, level), (x1, y1, level + _TALL), (count, 3))
        inside = np.zeros(count, bool)
        for a, b, c, d in dry:
            inside |= (at[:, 0] > a - 0.3) & (at[:, 0] < b + 0.3) & (at[:, 1] > c - 0.3) & (at[:, 1] < d + 0.3)
        at = at[~inside]
        n = len(at)
        turn = rng.uniform(-1.2, 1.2, n)
        side = np.stack([np.cos(turn), np.sin(turn), 0 * turn], 1) * 0.5 * rng.uniform(*_WIDE, n)[:, None]
        along = way / np.linalg.norm(way) * rng.uniform(*_LONG, n)[:, None]
        points = np.stack([at - side, at + side, at + side + along, at - side + along], 1).reshape(-1, 3)
        builder = MeshBuilder()
        builder.add(points, np.arange(4 * n).reshape(n, 4), water, np.zeros((4 * n, 2)))
        thing = builder.object(f"rain {layer}", collection)
        thing.visible_shadow = thing.visible_diffuse = thing.visible_glossy = thing.visible_transmission = False
        parts.append(Part(thing, in_labels=False))
    return RainActor(tuple(parts), (), way, tuple((layer + 0.5) / _LAYERS for layer in range(_LAYERS)))


def puddles(rng: np.random.Generator, wet: float = 0.5) -> bpy.types.Image:
    """A tileable mask of where water stands, to be laid over some 9 m; ``wet`` is how much, 0..1."""
    field_ = noise(rng, (512, 512), 57.0, 2.2, 2.2) + 0.15 * noise(rng, (512, 512), 57.0, 0.3, 1.4)
    level = float(np.interp(wet, [0, 1], [1.7, 0.3]))
    return image_from_array("puddles", ramp(field_, level - 0.12, level + 0.12), "Non-Color")


def wetted(
    material: bpy.types.Material, pools: bpy.types.Image | None = None, metres: float = 9.0
) -> bpy.types.Material:
    """Makes a principled material wet: darker and smoother (Lekner and Dorf 1988), with pools by a mask.

    Args:
        material: is changed, and given back.
        pools: see ``puddles``; None where water runs off.
        metres: that ``pools`` covers, in the UVs' metres.
    """
    nodes, links = material.node_tree.nodes, material.node_tree.links
    shader = next(node for node in nodes if node.type == "BSDF_PRINCIPLED")
    pool = None
    if pools is not None:
        place, scale, texture = (nodes.new(f"ShaderNode{kind}") for kind in ("UVMap", "VectorMath", "TexImage"))
        scale.operation, scale.inputs[1].default_value = "SCALE", (0, 0, 0)
        scale.inputs["Scale"].default_value = 1 / metres
        texture.image = pools
        links.new(place.outputs["UV"], scale.inputs[0])
        links.new(scale.outputs[0], texture.inputs["Vector"])
        pool = texture.outputs["Color"]

    def affine(socket: bpy.types.NodeSocket, slope: float, offset: float) -> bpy.types.NodeSocket:
        node = nodes.new("ShaderNodeMath")
        node.operation = "MULTIPLY_ADD"
        node.inputs[1].default_value, node.inputs[2].default_value = slope, offset
        links.new(socket, node.inputs[0])
        return node.outputs[0]

    def times(first: bpy.types.NodeSocket, second: bpy.types.NodeSocket) -> bpy.types.NodeSocket:
        node = nodes.new("ShaderNodeVectorMath")
        node.operation = "MULTIPLY"
        links.new(first, node.inputs[0])
        links.new(second, node.inputs[1])
        return node.outputs[0]

    colour, rough = shader.inputs["Base Color"], shader.inputs["Roughness"]
    value = nodes.new("ShaderNodeValue")
    value.outputs[0].default_value = 0.62
    dark = affine(pool, -0.30, 0.62) if pool is not None else value.outputs[0]
    if colour.links:
        links.new(times(colour.links[0].from_socket, dark), colour)
    start = rough.links[0].from_socket if rough.links else None
    damp = 0.45
    if pool is None:
        if start is not None:
            links.new(affine(start, damp, 0.0), rough)
        else:
            rough.default_value *= damp
        return material
    if start is None:
        fixed = nodes.new("ShaderNodeValue")
        fixed.outputs[0].default_value = rough.default_value
        start = fixed.outputs[0]
    dry = affine(pool, -1.0, 1.0)
    links.new(affine(times(affine(start, damp, 0.0), dry), 1.0, 0.02), rough)
    for node in nodes:
        if node.type == "BUMP":
            links.new(dry, node.inputs["Strength"])
    return material
