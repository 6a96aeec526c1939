"""Materials of everything in the world that is not skin."""

from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Detail:
    """A tileable picture that breaks up a surface; 0.5 is neutral.

    Attributes:
        image: one-channel picture.
        metres: (width, height) that it covers before it repeats.
        colour: how much it darkens and lightens the colour, 0 not at all.
        roughness: how much it varies the roughness.
        bump: relief in metres from black to white; 0 is flat (and costs nothing).
    """

    image: bpy.types.Image
    metres: tuple[float, float]
    colour: float = 0.4
    roughness: float = 0.3
    bump: float = 0.0


def principled(
    name: str,
    color: Colour,
    roughness: float,
    metallic: float = 0.0,
    image: bpy.types.Image | None = None,
    bump_image: bpy.types.Image | None = None,
    *,
    metres: tuple[float, float] = (1.0, 1.0),
    bump: float = 0.002,
    detail: Detail | None = None,
    specular: float = 0.5,
) -> bpy.types.Material:
    """An opaque surface. UVs are metres; the corner attribute ``tint`` (see MeshBuilder) multiplies the colour.

    Args:
        name: of the data block.
        color: linear Rec.709; multiplies ``image`` where there is one.
        roughness: 0 mirror .. 1 matt.
        metallic: 0 or 1.
        image: colour picture; its alpha, where it has one, is relief.
        bump_image: relief; ``image`` itself to use its alpha.
        metres: (width, height) that ``image`` and ``bump_image`` cover.
        bump: relief in metres from black to white.
        detail: finer structure over it.
        specular: strength of the reflection, 0.5 is glass and paint.
    """
    material, nodes, shader = _shader(name)
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Metallic"].default_value = metallic
    shader.inputs["Specular IOR Level"].default_value = specular
    tint = nodes.new("ShaderNodeAttribute")
    tint.attribute_name = "tint"
    colour = _product(material, tint.outputs["Vector"], color)
    height = None
    if image is not None:
        picture = _picture(material, image, metres)
        colour = _product(material, picture.outputs["Color"], colour)
        if bump_image is image:
            height = picture.outputs["Alpha"]
    if bump_image is not None and bump_image is not image:
        height = _picture(material, bump_image, metres).outputs["Color"]
    if detail is not None:
        fine = _picture(material, detail.image, detail.metres).outputs["Color"]
        factor = _linear(material, fine, 2 * detail.colour, 1 - detail.colour)
        colour = _product(material, colour, factor)
        if detail.roughness > 0:
            rough = _linear(material, fine, -detail.roughness, roughness + 0.5 * detail.roughness, clamp=True)
            material.node_tree.links.new(rough, shader.inputs["Roughness"])
        if detail.bump > 0 and height is None:
            height, bump = fine, detail.bump
    if height is not None:
        relief = nodes.new("ShaderNodeBump")
        relief.inputs["Distance"].default_value = bump
        material.node_tree.links.new(height, relief.inputs["Height"])
        material.node_tree.links.new(relief.outputs["Normal"], shader.inputs["Normal"])
    material.node_tree.links.new(colour, shader.inputs["Base Color"])
    return material


def emission(name: str, color: Colour, strength: float) -> bpy.types.Material:
    """A glowing surface (linear Rec.709, W/m2/sr). It is seen, but not sampled as a light: give it an area light."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    nodes.clear()
    glow, output = nodes.new("ShaderNodeEmission"), nodes.new("ShaderNodeOutputMaterial")
    glow.inputs["Color"].default_value = (*color, 1.0)
    glow.inputs["Strength"].default_value = strength
    links.new(glow.outputs["Emission"], output.inputs["Surface"])
    material.cycles.emission_sampling = "NONE"
    return material


def add_glow(
    material: bpy.types.Material, image: bpy.types.Image, metres: tuple[float, float], strength: float
) -> None:
    """Adds emission to a principled material: light that is known to arrive there, times its reflectance over pi."""
    shader = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    picture = _picture(material, image, metres)
    colour = shader.inputs["Base Color"].links[0].from_socket
    glow = _product(material, picture.outputs["Color"], colour)
    material.node_tree.links.new(glow, shader.inputs["Emission Color"])
    shader.inputs["Emission Strength"].default_value = strength / np.pi
    material.cycles.emission_sampling = "NONE"


def multiply(
    material: bpy.types.Material, image: bpy.types.Image, metres: tuple[float, float], factor: float = 1.0
) -> None:
    """Multiplies a principled material's colour by ``factor`` times a picture over (width, height) metres."""
    shader = next(node for node in material.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    link = shader.inputs["Base Color"].links[0]
    picture = _picture(material, image, metres)
    colour = _product(material, picture.outputs["Color"], link.from_socket)
    if factor != 1.0:
        colour = _product(material, colour, (factor, factor, factor))
    material.node_tree.links.new(colour, shader.inputs["Base Color"])


def blackbody_rgb(kelvin: float) -> Array:
    """(3,) linear Rec.709 of a Planckian radiator, luminance 1.

    Chromaticity by the cubic splines of Kim et al. (US patent 7024034, 2006), good from 1667 K to 25000 K.
    """
    t = 1000.0 / float(np.clip(kelvin, 1667, 25000))
    if kelvin < 4000:
        x = -0.2661239 * t**3 - 0.2343589 * t**2 + 0.8776956 * t + 0.179910
    else:
        x = -3.0258469 * t**3 + 2.1070379 * t**2 + 0.2226347 * t + 0.240390
    if kelvin < 2222:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif kelvin < 4000:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    xyz = np.array([x / y, 1.0, (1 - x - y) / y])
    # IEC 61966-2-1, D65
    matrix = [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
    return np.maximum(np.array(matrix) @ xyz, 0.0)


def linear(srgb: ArrayLike) -> Colour:
    """SRGB values 0..1 to linear Rec.709 (IEC 61966-2-1)."""
    c = np.asarray(srgb, float)
    out = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    return float(out[0]), float(out[1]), float(out[2])


def _shader(name: str) -> tuple[bpy.types.Material, bpy.types.Nodes, bpy.types.Node]:
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    nodes = material.node_tree.nodes
    nodes.clear()
    shader, output = nodes.new("ShaderNodeBsdfPrincipled"), nodes.new("ShaderNodeOutputMaterial")
    material.node_tree.links.new(shader.outputs["BSDF"], output.inputs["Surface"])
    return material, nodes, shader


def _picture(material: bpy.types.Material, image: bpy.types.Image, metres: tuple[float, float]) -> bpy.types.Node:
    nodes, links = material.node_tree.nodes, material.node_tree.links
    place, scale, texture = (nodes.new(f"ShaderNode{kind}") for kind in ("UVMap", "VectorMath", "TexImage"))
    scale.operation = "MULTIPLY"
    scale.inputs[1].default_value = (1 / metres[0], 1 / metres[1], 1.0)
    texture.image = image
    links.new(place.outputs["UV"], scale.inputs[0])
    links.new(scale.outputs["Vector"], texture.inputs["Vector"])
    return texture


def _product(material: bpy.types.Material, first: Any, second: Any) -> Any:
    """Socket of the product of a socket and a socket or constant colour."""
    node = material.node_tree.nodes.new("ShaderNodeVectorMath")
    node.operation = "MULTIPLY"
    material.node_tree.links.new(first, node.inputs[0])
    if isinstance(second, tuple):
        node.inputs[1].default_value = second
    else:
        material.node_tree.links.new(second, node.inputs[1])
    return node.outputs["Vector"]


def _linear(material: bpy.types.Material, socket: Any, slope: float, offset: float, *, clamp: bool = False) -> Any:
    """Socket of ``slope * socket + offset``."""
    node = material.node_tree.nodes.new("ShaderNodeMath")
    node.operation, node.use_clamp = "MULTIPLY_ADD", clamp
    node.inputs[1].default_value, node.inputs[2].default_value = slope, offset
    material.node_tree.links.new(socket, node.inputs[0])
    return node.outputs["Value"]
