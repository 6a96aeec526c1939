"""Cloth close by: threads or pile from a small repeating picture, nap that shines at grazing angles, over a garment's own picture.

A black cloth is no black hole: dyed cotton reflects 3-5 % head on and more at grazing angles, where fibres that stand out
of it catch the light; the shader's sheen lobe (Zeltner, Burley, Chiang 2022) is what shows that. Strengths are chosen by eye.
"""

from dataclasses import dataclass
from typing import Literal

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.world.canvas import image_from_array, noise

Array = NDArray[np.float64]
Weave = Literal["plain", "twill", "ripstop", "pile"]

TILE = 0.06
"""Metres that one repeat of the weave covers."""

_SIDE = 256


@dataclass(frozen=True)
class Cloth:
    """How a cloth takes light.

    Attributes:
        weave: how it is made.
        roughness: of its threads.
        sheen: weight of the nap's lobe, 0..1.
        depth: how high threads or tufts stand, metres.
    """

    weave: Weave
    roughness: float
    sheen: float
    depth: float


def drawn_cloth(top: str, rng: np.random.Generator) -> Cloth:
    """The cloth that a kind of garment is made of."""
    if top == "fleece":
        return Cloth("pile", 0.95, float(rng.uniform(0.20, 0.38)), 0.00034)
    weaves: tuple[Weave, ...] = ("plain", "twill", "ripstop")
    share = (0.45, 0.40, 0.15) if top == "shirt" else (0.10, 0.55, 0.35)
    return Cloth(
        weaves[int(rng.choice(3, p=share))], float(rng.uniform(0.72, 0.88)), float(rng.uniform(0.06, 0.18)), 0.00012
    )


def weave_tile(weave: Weave, rng: np.random.Generator) -> NDArray[np.float32]:
    """(256, 256, 4) that repeats: shade in red, gloss in green, height in alpha, each 0..1 about 0.5."""
    shape, ppm = (_SIDE, _SIDE), _SIDE / TILE
    v, u = np.mgrid[0:_SIDE, 0:_SIDE].astype(np.float32) * np.float32(2 * np.pi / _SIDE)
    if weave == "pile":
        tuft, curl = noise(rng, shape, ppm, 0.0035, 2.4), noise(rng, shape, ppm, 0.0012, 1.6)
        height = 0.5 + 0.14 * tuft + 0.09 * curl
        shade = (
            0.5 + 0.07 * tuft + 0.06 * curl + 0.10 * np.clip(noise(rng, shape, ppm, 0.004, 2.0) - 2.0, 0, 1)
        )  # pilling
        return _packed(shade, 0.5 + 0.06 * curl, height)
    warp = noise(rng, shape, ppm, (0.0008, 0.03), 2.0)  # threads are uneven: thick, thin, dyed more or less
    weft = noise(rng, shape, ppm, (0.03, 0.0008), 2.0)
    if weave == "twill":
        threads = np.cos(50 * u + 50 * v + 0.25 * warp) * (0.75 + 0.25 * np.cos(50 * u - 50 * v))
    else:
        threads = np.cos(64 * u + 0.2 * warp) * np.cos(64 * v + 0.2 * weft)
    uneven = 0.014 if weave == "twill" else 0.022
    height = 0.5 + 0.20 * threads + 1.6 * uneven * (warp + weft)
    shade = 0.5 + 0.050 * threads + uneven * (warp + 0.8 * weft)
    if weave == "ripstop":
        grid = np.maximum(np.cos(10 * u), np.cos(10 * v))
        line = np.clip((grid - 0.93) / 0.05, 0, 1)
        height, shade = height + 0.20 * line, shade - 0.05 * line
    return _packed(shade, 0.5 + 0.10 * threads, height)


def _packed(shade: Array, gloss: Array, height: Array) -> NDArray[np.float32]:
    return np.stack([shade, gloss, np.zeros_like(shade), height], -1).clip(0, 1).astype(np.float32)


def cloth_material(
    name: str, picture: bpy.types.Image, weave: bpy.types.Image, cloth: Cloth, metres: tuple[float, float]
) -> bpy.types.Material:
    """A cloth of a garment's picture and its threads.

    Args:
        name: of the material.
        picture: colour; its fourth channel is relief, -1..1 mm as 0..1.
        weave: see ``weave_tile``.
        cloth: how it takes light.
        metres: that the picture's whole width and height cover on this part of the garment.
    """
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    tree = made.node_tree
    shader, link = tree.nodes["Principled BSDF"], tree.links.new
    coarse, fine = (tree.nodes.new("ShaderNodeTexImage") for _ in range(2))
    coarse.image, fine.image = picture, weave
    coordinates, scaled = tree.nodes.new("ShaderNodeTexCoord"), tree.nodes.new("ShaderNodeVectorMath")
    scaled.operation = "MULTIPLY"
    scaled.inputs[1].default_value = (metres[0] / TILE, metres[1] / TILE, 0.0)
    link(coordinates.outputs["UV"], scaled.inputs[0])
    link(scaled.outputs[0], fine.inputs["Vector"])
    split = tree.nodes.new("ShaderNodeSeparateColor")
    link(fine.outputs["Color"], split.inputs[0])

    def line(value: bpy.types.NodeSocket, factor: float, add: float | bpy.types.NodeSocket) -> bpy.types.NodeSocket:
        node = tree.nodes.new("ShaderNodeMath")
        node.operation = "MULTIPLY_ADD"
        node.inputs[1].default_value = factor
        link(value, node.inputs[0])
        if isinstance(add, float):
            node.inputs[2].default_value = add
        else:
            link(add, node.inputs[2])
        return node.outputs[0]

    shaded = tree.nodes.new("ShaderNodeVectorMath")
    shaded.operation = "SCALE"
    link(coarse.outputs["Color"], shaded.inputs[0])
    link(line(split.outputs[0], 1.6, 0.2), shaded.inputs["Scale"])
    link(shaded.outputs[0], shader.inputs["Base Color"])
    link(line(split.outputs[1], -0.35, cloth.roughness + 0.175), shader.inputs["Roughness"])
    bump = tree.nodes.new("ShaderNodeBump")
    bump.inputs["Strength"].default_value, bump.inputs["Distance"].default_value = 1.0, 0.002
    link(line(fine.outputs["Alpha"], cloth.depth / 0.002, coarse.outputs["Alpha"]), bump.inputs["Height"])
    link(bump.outputs["Normal"], shader.inputs["Normal"])
    shader.inputs["Specular IOR Level"].default_value = 0.25
    shader.inputs["Sheen Weight"].default_value = cloth.sheen
    shader.inputs["Sheen Roughness"].default_value = 0.45
    made.cycles.emission_sampling = "NONE"
    return made


def weave_image(cloth: Cloth, rng: np.random.Generator) -> bpy.types.Image:
    """The threads of a cloth as a picture that several materials share."""
    return image_from_array("weave", weave_tile(cloth.weave, rng), "Non-Color")
