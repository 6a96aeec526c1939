"""Boards of glowing dots with invented numbers and arrows."""

import bpy
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from generator.world.canvas import image_from_array

_DOT = 0.0125
"""Metres from dot to dot."""


def matrix_board(
    name: str, text: str, size: tuple[float, float] = (0.84, 0.2), radiance: float = 6.0
) -> bpy.types.Material:
    """Emission of amber dots over ``size`` metres: digits or letters in the middle.

    Args:
        name: of the data blocks.
        text: what is shown.
        size: width and height, metres; UVs are metres.
        radiance: W/m2/sr of a lit dot.
    """
    columns, rows = (max(round(side / _DOT), 4) for side in size)
    picture = Image.new("L", (columns, rows), 0)
    font = ImageFont.load_default(rows - 2)
    left, top, right, bottom = font.getbbox(text)
    ImageDraw.Draw(picture).text(((columns - right - left) / 2, (rows - bottom - top) / 2), text, 255, font)
    lit = (np.asarray(picture, float)[::-1] > 110).astype(float)
    at = (np.arange(8) + 0.5) / 8 - 0.5
    dot = (at[:, None] ** 2 + at[None, :] ** 2 < 0.14).astype(float)
    dots = np.kron(lit, dot)
    image = image_from_array(name, np.stack([dots, 0.62 * dots, 0.10 * dots], -1))
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    nodes.clear()
    place, scale, texture, glow, output = (
        nodes.new(f"ShaderNode{kind}") for kind in ("UVMap", "VectorMath", "TexImage", "Emission", "OutputMaterial")
    )
    scale.operation = "MULTIPLY"
    scale.inputs[1].default_value = (1 / size[0], 1 / size[1], 1.0)
    texture.image = image
    glow.inputs["Strength"].default_value = radiance
    links.new(place.outputs["UV"], scale.inputs[0])
    links.new(scale.outputs["Vector"], texture.inputs["Vector"])
    links.new(texture.outputs["Color"], glow.inputs["Color"])
    links.new(glow.outputs["Emission"], output.inputs["Surface"])
    material.cycles.emission_sampling = "NONE"
    return material
