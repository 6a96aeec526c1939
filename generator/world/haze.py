"""Fog and haze as the air between: what is far fades into the light of the air (Koschmieder 1924), in pictures only.

Every surface's light is ``L e^(-k d) + A (1 - e^(-k d))`` at the camera, with d metres away. A volume would need dozens of samples
for the same; surfaces stay opaque, so that depth, masks and normals do not know of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import bpy


@dataclass(frozen=True)
class Haze:
    """The air.

    Attributes:
        extinction: 1/m.
        radiance: linear Rec.709 of thick air, W/m2/sr.
    """

    extinction: float
    radiance: tuple[float, float, float]


def add_haze(materials: Iterable[bpy.types.Material], haze: Haze) -> None:
    """Lays the air over materials; what is see-through keeps its own way of fading."""
    for material in materials:
        nodes, links = material.node_tree.nodes, material.node_tree.links
        output = next((node for node in nodes if node.type == "OUTPUT_MATERIAL"), None)
        if output is None or not output.inputs["Surface"].links:
            continue
        if any(node.type in ("BSDF_TRANSPARENT", "HOLDOUT") for node in nodes):
            continue
        surface = output.inputs["Surface"].links[0].from_socket
        away, path = nodes.new("ShaderNodeCameraData"), nodes.new("ShaderNodeLightPath")
        scale, left, share, seen = (nodes.new("ShaderNodeMath") for _ in range(4))
        scale.operation, scale.inputs[1].default_value = "MULTIPLY", -haze.extinction
        left.operation = "EXPONENT"
        share.operation, share.inputs[0].default_value = "SUBTRACT", 1.0
        seen.operation = "MULTIPLY"
        air, mixed = nodes.new("ShaderNodeEmission"), nodes.new("ShaderNodeMixShader")
        air.inputs["Color"].default_value = (*haze.radiance, 1.0)
        links.new(away.outputs["View Distance"], scale.inputs[0])
        links.new(scale.outputs[0], left.inputs[0])
        links.new(left.outputs[0], share.inputs[1])
        links.new(share.outputs[0], seen.inputs[0])
        links.new(path.outputs["Is Camera Ray"], seen.inputs[1])  # light on its way between surfaces is left alone
        links.new(seen.outputs[0], mixed.inputs["Fac"])
        links.new(surface, mixed.inputs[1])
        links.new(air.outputs[0], mixed.inputs[2])
        links.new(mixed.outputs[0], output.inputs["Surface"])
        material.cycles.emission_sampling = "NONE"
