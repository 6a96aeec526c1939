"""What the display of something with a lens shows: a picture that turns with it, as a live view does."""

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.world.fittings import LUMENS_PER_WATT
from generator.world.surface import image, noise

Array = NDArray[np.float64]

_ROWS, _COLUMNS = 160, 320
_HALF_WIDTH, _EYE, _CEILING, _BEHIND, _AHEAD = 1.05, 1.45, 2.6, 4.0, 12.0
"""Of the invented corridor, metres: walls to the sides, height of the lens, height of the room, ends along y."""


def surroundings(rng: np.random.Generator) -> Array:
    """(h, w, 4) sRGB all-round picture of an invented corridor along y, of its own tones; row 0 looks straight down.

    Columns are as Blender's equirectangular textures have them: the middle looks along x, a quarter of the way along y.
    """
    v, u = np.mgrid[0:_ROWS, 0:_COLUMNS].astype(float)
    azimuth, height = -2 * np.pi * ((u + 0.5) / _COLUMNS - 0.5), np.pi * ((v + 0.5) / _ROWS - 0.5)
    way = np.stack([np.cos(height) * np.cos(azimuth), np.cos(height) * np.sin(azimuth), np.sin(height)])
    room = np.array([[-_HALF_WIDTH, _HALF_WIDTH], [-_BEHIND, _AHEAD], [-_EYE, _CEILING - _EYE]])
    far = np.where(way < 0, room[:, 0, None, None], room[:, 1, None, None])
    reach = far / np.where(np.abs(way) < 1e-6, 1e-6, way)
    side = reach.argmin(0)
    x, y, z = way * reach.min(0)
    tones = [rng.uniform(0.35, 0.60), rng.uniform(0.45, 0.70), rng.uniform(0.20, 0.38), rng.uniform(0.60, 0.80)]
    tint = np.array([1.0, rng.uniform(0.92, 1.02), rng.uniform(0.80, 1.05)])
    up = way[2] > 0
    level = np.choose(side, [tones[0], tones[1], np.where(up, tones[3], tones[2])])
    picture = level[..., None] * tint
    for at, to, left in ((1.6, 2.5, True), (4.2, 5.1, False), (7.0, 7.9, True), (-2.2, -1.3, False)):
        door = (side == 0) & (y > at) & (y < to) & (z < 2.0 - _EYE) & ((x < 0) == left)
        picture[door] *= rng.uniform(0.4, 0.8)
    lamp = (side == 2) & up & (np.abs(x) < 0.15) & (np.abs((y + 1.0) % 3.0 - 1.5) < 0.6)
    # Lamps light what is near them: walls are brighter towards the ceiling and dim between the fittings.
    picture *= (0.80 + 0.14 * z / _EYE + 0.10 * np.cos(2 * np.pi * (y + 1.0) / 3.0 + np.pi))[..., None]
    picture *= (0.92 + 0.16 * noise((_ROWS, _COLUMNS), 1.2, rng))[..., None]
    picture[lamp] = (0.98, 0.98, 0.94)
    return np.concatenate([np.clip(picture, 0, 1), np.ones((_ROWS, _COLUMNS, 1))], 2)


def live_panel(
    name: str, corners: Array, angle: float, rng: np.random.Generator, luminance: float, collection: bpy.types.Collection
) -> bpy.types.Object:  # fmt: skip
    """A lit display that shows what its thing's lens, along y, is turned to.

    Every point of the display shows the direction that the lens maps to it, of surroundings that stand still in the world.
    So the picture pans, tilts and shakes with the thing. It has no parallax.

    Args:
        name: of the object.
        corners: (4, 3) lower left, lower right, upper right, upper left, seen from the front (-y), metres.
        angle: radians that the display's width shows.
        rng: draws the surroundings.
        luminance: of white, cd/m2.
        collection: where it is linked.
    """
    middle = corners.mean(0)
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(corner) for corner in corners], [], [(0, 1, 2, 3)])
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    tree = made.node_tree
    shader = tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (0.008, 0.008, 0.009, 1)
    shader.inputs["Roughness"].default_value = 0.15
    where = tree.nodes.new("ShaderNodeTexCoord")
    ray = tree.nodes.new("ShaderNodeVectorMath")  # the plane of the display, set before the lens at its focal length
    focal = 0.5 * float(np.ptp(corners[:, 0])) / np.tan(angle / 2)
    ray.operation = "ADD"
    ray.inputs[1].default_value = (-middle[0], focal - middle[1], -middle[2])
    turned = tree.nodes.new("ShaderNodeVectorTransform")
    turned.vector_type, turned.convert_from, turned.convert_to = "VECTOR", "OBJECT", "WORLD"
    around = tree.nodes.new("ShaderNodeTexEnvironment")
    around.image = image(f"{name}_around", surroundings(rng), colour=True)
    tree.links.new(where.outputs["Object"], ray.inputs[0])
    tree.links.new(ray.outputs["Vector"], turned.inputs["Vector"])
    tree.links.new(turned.outputs["Vector"], around.inputs["Vector"])
    tree.links.new(around.outputs["Color"], shader.inputs["Emission Color"])
    shader.inputs["Emission Strength"].default_value = luminance / LUMENS_PER_WATT
    made.cycles.emission_sampling = "NONE"
    mesh.materials.append(made)
    panel = bpy.data.objects.new(name, mesh)
    collection.objects.link(panel)
    return panel
