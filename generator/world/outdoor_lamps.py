"""Lamps on poles and under decks: heads and covers, light, failing ones that flicker, and alarm beacons."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.timeline import Moment
from generator.scenario.spec import ClipSpec
from generator.world.actor import Actor, Part, Placement
from generator.world.fittings import LUMENS_PER_WATT, area_light
from generator.world.materials import blackbody_rgb, emission, principled
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]

EMERGENCY_SHARE = 0.06
"""Of a fitting's flux, that is left on its battery."""

_BEACONS = {"red": (1.0, 0.06, 0.03), "amber": (1.0, 0.42, 0.04), "blue": (0.08, 0.20, 1.0)}
_BEACON_WATTS = 9.0
"""Radiant watts in the mean of a flash of a few hundred candela."""


@dataclass(frozen=True)
class BlinkActor:
    """A light and what glows with it, whose brightness is a function of time.

    Attributes:
        parts: the light, then its cover.
        tracks: none.
        placements: of both.
        watts: at its brightest.
        radiance: (3,) of the cover then.
        rate: hertz of a beacon; 0 is a failing lamp.
        phase: seconds.
    """

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    placements: tuple[Array, ...] = field(repr=False)
    watts: float
    radiance: tuple[float, float, float]
    rate: float
    phase: float

    def level(self, t: float) -> float:
        """Share of its brightest."""
        if self.rate > 0:
            return float(np.exp(-((((t + self.phase) * self.rate) % 1.0 - 0.3) ** 2) / 0.012))
        slow = np.sin(2 * np.pi * 0.63 * (t + self.phase)) + np.sin(2 * np.pi * 1.71 * (t + 2.3 * self.phase))
        fast = np.sin(2 * np.pi * 7.3 * (t + self.phase)) + np.sin(2 * np.pi * 11.9 * t)
        return 1.0 if slow > -0.2 else (0.65 if slow + 0.5 * fast > -0.4 else 0.04)

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Both, as bright as they are."""
        level = self.level(moment.t)
        red, green, blue = (level * c for c in self.radiance)
        light, cover = self.placements
        return Placement(light, power=level * self.watts), Placement(cover, veil=(red, green, blue, 1.0))


@dataclass(frozen=True)
class Lamp:
    """One fitting.

    Attributes:
        matrix: (4, 4) of its cover's middle; light goes along -z.
        size: (x, y) metres of its light.
    """

    matrix: Array
    size: tuple[float, float]


def coloured(name: str) -> bpy.types.Material:
    """Emission in the colour of the object: radiance that an actor says (``Placement.veil``)."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    nodes.clear()
    own, glow, output = (nodes.new(f"ShaderNode{kind}") for kind in ("ObjectInfo", "Emission", "OutputMaterial"))
    links.new(own.outputs["Color"], glow.inputs["Color"])
    links.new(glow.outputs["Emission"], output.inputs["Surface"])
    material.cycles.emission_sampling = "NONE"
    return material


def build_lamps(
    spec: ClipSpec, lamps: Sequence[Lamp], collection: bpy.types.Collection, *, burning: bool, most: int = 8
) -> tuple[list[Part], list[Actor]]:
    """Covers and light of fittings whose bodies the place makes.

    Args:
        spec: its lights count: flux, colour, how many are dead or fail, whether the mains are off.
        lamps: fittings. Where there are more than ``most`` that burn, neighbours share a light between them.
        collection: what it is linked to.
        burning: whether they are switched on.
        most: lights at most.
    """
    lights, rng = spec.environment.lights, spec.stream("world/outdoor lamps")
    n = len(lamps)
    order = [int(k) for k in rng.permutation(n)]
    flux, tone = rng.uniform(0.85, 1.1, n), 1 + 0.02 * rng.standard_normal(n)
    phases = rng.uniform(0, 5, n)
    dead = set(order[: min(round(lights.dead * n), n - 1)])
    failing = set(order[len(dead) : len(dead) + round(getattr(lights, "failing", 0.0) * n)])
    share = 1.0
    if getattr(lights, "emergency", False):
        dead, failing, share = {k for k in range(n) if k % 3 != order[0] % 3}, set(), EMERGENCY_SHARE
    glow, dull, parts, actors = MeshBuilder(), MeshBuilder(), [], list[Actor]()
    grey = principled("dull cover", (0.25, 0.25, 0.24), 0.35)
    steady: list[int] = []
    for k, lamp in enumerate(lamps):
        if not burning or k in dead:
            with dull.at(lamp.matrix):
                _pane(dull, lamp.size, grey)
            continue
        watts = float(lights.lumens * flux[k] * share / LUMENS_PER_WATT)
        colour = blackbody_rgb(float(lights.temperature * tone[k]))
        radiance = watts / (np.pi * lamp.size[0] * lamp.size[1])
        if k in failing:
            actors.append(_failing(k, lamp, watts, radiance * colour, float(phases[k]), collection))
            continue
        steady.append(k)
        with glow.at(lamp.matrix):
            _pane(
                glow,
                lamp.size,
                emission(f"cover {k}", (float(colour[0]), float(colour[1]), float(colour[2])), radiance),
            )
    for group in np.array_split(steady, min(most, len(steady))) if steady else []:
        parts.append(_shared([lamps[int(k)] for k in group], float(lights.lumens * share / LUMENS_PER_WATT), lights.temperature,
                             int(group[0]), collection))  # fmt: skip
    for name, builder in (("lamp glow", glow), ("lamp covers", dull)):
        if builder.triangles:
            mesh = builder.object(name, collection)
            mesh.visible_shadow = mesh.visible_diffuse = False
            parts.append(Part(mesh))
    return parts, actors


def _pane(builder: MeshBuilder, size: tuple[float, float], material: bpy.types.Material) -> None:
    x, y = 0.5 * size[0], 0.5 * size[1]
    builder.quad([(-x, -y, 0), (-x, y, 0), (x, y, 0), (x, -y, 0)], material)


def _shared(lamps: list[Lamp], watts: float, kelvin: float, name: int, collection: bpy.types.Collection) -> Part:
    """One light in the middle of neighbours, as long as they reach."""
    places = np.array([lamp.matrix[:3, 3] for lamp in lamps])
    matrix = lamps[0].matrix.copy()
    matrix[:3, 3] = places.mean(0) - 0.02 * matrix[:3, 2]
    along = np.abs((places - places.mean(0)) @ matrix[:3, 0]).max()
    across = np.abs((places - places.mean(0)) @ matrix[:3, 1]).max()
    size = (lamps[0].size[0] + 2 * float(along), lamps[0].size[1] + 2 * float(across))
    return area_light(f"lamp {name}", matrix, size, watts * len(lamps), blackbody_rgb(kelvin), collection)


def _failing(
    k: int, lamp: Lamp, watts: float, radiance: Array, phase: float, collection: bpy.types.Collection
) -> BlinkActor:
    matrix = lamp.matrix.copy()
    matrix[:3, 3] -= 0.02 * matrix[:3, 2]
    light = area_light(f"failing {k}", matrix, lamp.size, watts, radiance / radiance.max(), collection)
    builder = MeshBuilder()
    _pane(builder, lamp.size, coloured(f"failing cover {k}"))
    cover = builder.object(f"failing cover {k}", collection)
    cover.visible_shadow = cover.visible_diffuse = False
    red, green, blue = (float(c) for c in radiance)
    return BlinkActor((light, Part(cover)), (), (matrix, lamp.matrix), watts, (red, green, blue), 0.0, phase)


def build_beacon(spec: ClipSpec, place: Array, collection: bpy.types.Collection) -> list[Actor]:
    """A blinking alarm beacon standing on (3,), where the lights say that there is one."""
    word = getattr(spec.environment.lights, "beacon", "none")
    if word == "none":
        return []
    colour = _BEACONS[word]
    data = bpy.data.lights.new("beacon", "POINT")
    data.color, data.shadow_soft_size = colour, 0.05
    light = bpy.data.objects.new("beacon", data)
    collection.objects.link(light)
    builder = MeshBuilder()
    builder.lathe([(0.065, 0.0), (0.065, 0.09), (0.05, 0.12), (0.0, 0.13)], coloured("beacon dome"), segments=18)
    cover = builder.object("beacon dome", collection)
    cover.visible_shadow = False
    foot = transform(place)
    radiance = (14 * colour[0], 14 * colour[1], 14 * colour[2])
    phase = float(spec.stream("world/beacon").uniform(0, 1))
    middle = foot @ transform((0, 0, 0.06))
    return [
        BlinkActor((Part(light, in_labels=False), Part(cover)), (), (middle, foot), _BEACON_WATTS, radiance, 1.3, phase)
    ]
