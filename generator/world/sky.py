"""The sky: a picture of it around the world, sun or moon, ground to the horizon, what stands there, rain and haze.

The picture is not sampled as a light (``sampling_method`` NONE): under an open sky a bounce finds it by itself with little noise,
and the sun has every shadow ray for itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.environments import Place
from generator.scenario.spec import ClipSpec
from generator.world.actor import Actor, Part
from generator.world.canvas import Stock, image_from_array, noise
from generator.world.fittings import LUMENS_PER_WATT
from generator.world.haze import Haze
from generator.world.outskirts import Ground, Outskirts, build_outskirts, ground_material
from generator.world.rain import Rectangle, build_rain, puddles, wetted
from generator.world.sky_light import LN20, SkyLight, sky_light, sky_radiance

Array = NDArray[np.float64]

_SUN_ANGLE = 0.0093
"""Radians across the sun's disc, as of the moon's."""

_WINDOW = 60.0
"""cd/m2 of a lit window from outside by night; chosen."""

_CLEAR = 6000.0
"""Metres of visibility from which on the air is left away: 7 % of what is 150 m off."""


@dataclass(frozen=True)
class Sky:
    """What surrounds a place outdoors.

    Attributes:
        world: to be the environment's.
        parts: ground, skyline, sun: structure without a track.
        moving: rain.
        haze: to be the environment's; None in clear air.
        light: what it was made from.
        horizon: (3,) radiance just above the horizon, W/m2/sr.
        pools: where water stands, None where the ground is dry; see ``soaked``.
    """

    world: bpy.types.World
    parts: tuple[Part, ...]
    moving: tuple[Actor, ...]
    haze: Haze | None
    light: SkyLight
    horizon: Array = field(repr=False)
    pools: bpy.types.Image | None = None

    def soaked(self, *materials: bpy.types.Material) -> None:
        """Makes materials of ground wet where it rains: with puddles."""
        if self.pools is not None:
            for material in materials:
                wetted(material, self.pools)

    def damp(self, *materials: bpy.types.Material) -> None:
        """Makes materials wet where it rains, off which water runs."""
        if self.pools is not None:
            for material in materials:
                wetted(material)


def build_sky(
    spec: ClipSpec,
    collection: bpy.types.Collection,
    pictures: Stock,
    *,
    outskirts: Outskirts = "mixed",
    ground: Ground | bpy.types.Material | None = "grass",
    level: float = -0.03,
    nearest: float = 70.0,
    rain: Rectangle = (-10.0, 10.0, -6.0, 30.0),
    dry: Sequence[Rectangle] = (),
    lamps: float = 0.0,
) -> Sky:
    """The sky of a clip.

    Args:
        spec: its environment's ``time`` and ``weather`` count.
        collection: what everything is linked to.
        pictures: shared pictures of the world.
        outskirts: what closes the view.
        ground: far ground; None for a place that lays its own to the horizon (water), and has no skyline either.
        level: its height, metres: a little below the place's own floor.
        nearest: metres to the nearest building or tree round the origin.
        rain: (x0, x1, y0, y1) where rain can be seen falling, metres.
        dry: rectangles under roofs, where none falls.
        lamps: lux that the place's lamps give about: fog and rain are seen in their light.

    Raises:
        TypeError: the environment has no weather.
    """
    rng = spec.stream("world/sky")
    place = spec.environment
    if not isinstance(place, Place):
        raise TypeError(f"a {place.kind} has no weather: its words must derive from Place")
    light = sky_light(place.time, place.weather, rng)
    radiance = sky_radiance(light, noise(rng, (512, 512), 512.0, 0.30, 1.15).astype(float)) / LUMENS_PER_WATT
    rows = len(radiance)
    low = radiance[rows // 2 + 1 : rows // 2 + 12].reshape(-1, 3).mean(0)
    lamp_light = np.array([1.0, 0.86, 0.66]) * 0.2 * lamps / np.pi / LUMENS_PER_WATT
    horizon = low + (lamp_light if light.time != "day" else 0.0)
    parts = _beam(light, collection)
    draws = spec.stream("world/outskirts")
    pools = puddles(spec.stream("world/puddles"), 0.55) if light.weather == "rain" else None
    if ground is not None:
        far = _far_ground(ground, pictures, draws, pools)
        windows = _WINDOW / LUMENS_PER_WATT if light.time != "day" else 0.0
        parts += build_outskirts(outskirts, far, level, pictures, draws, collection, lit=windows, nearest=nearest)
    moving: list[Actor] = []
    if light.weather == "rain":
        moving.append(
            build_rain(rain, dry, max(level, 0.0), _colour(1.35 * horizon), spec.stream("world/rain"), collection)
        )
    haze = Haze(LN20 / light.visibility, _colour(horizon)) if light.visibility < _CLEAR else None
    return Sky(_world(radiance), tuple(parts), tuple(moving), haze, light, horizon, pools)


def _colour(values: Array) -> tuple[float, float, float]:
    return float(values[0]), float(values[1]), float(values[2])


def _far_ground(
    ground: Ground | bpy.types.Material, pictures: Stock, rng: np.random.Generator, pools: bpy.types.Image | None
) -> bpy.types.Material:
    if isinstance(ground, bpy.types.Material):
        return ground
    made = ground_material("far ground", ground, pictures, rng, metres=24)
    return made if pools is None else wetted(made, pools, 23.0)


def _world(radiance: Array) -> bpy.types.World:
    """The picture around the world; eight bits of a curve, dithered by what noise there is in a cloud."""
    most = float(radiance.max())
    share = radiance / most
    curve = np.where(share <= 0.0031308, 12.92 * share, 1.055 * np.maximum(share, 1e-9) ** (1 / 2.4) - 0.055)
    image = image_from_array("sky", curve, "sRGB")
    world = bpy.data.worlds.new("sky")
    world.use_nodes = True
    nodes, links = world.node_tree.nodes, world.node_tree.links
    picture = nodes.new("ShaderNodeTexEnvironment")
    picture.image = image
    links.new(picture.outputs["Color"], nodes["Background"].inputs["Color"])
    nodes["Background"].inputs["Strength"].default_value = most
    world.cycles.sampling_method = "NONE"
    return world


def _beam(light: SkyLight, collection: bpy.types.Collection) -> list[Part]:
    """Sun or moon."""
    if light.direct <= 0:
        return []
    data = bpy.data.lights.new("sun", "SUN")
    data.energy, data.angle = light.direct / LUMENS_PER_WATT, _SUN_ANGLE
    data.color = tuple(light.colour.tolist())
    height = light.height
    z = np.array([np.cos(height) * np.cos(light.bearing), np.cos(height) * np.sin(light.bearing), np.sin(height)])
    side = np.cross((0.0, 0.0, 1.0), z)
    side /= np.linalg.norm(side)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([side, np.cross(z, side), z], 1)
    thing = bpy.data.objects.new("sun", data)
    thing.matrix_world = matrix.T.tolist()
    collection.objects.link(thing)
    return [Part(thing, in_labels=False)]
