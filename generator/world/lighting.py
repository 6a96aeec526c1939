"""Lamps of rooms: fittings in bays under a ceiling, what they throw, and those that fail, blink or burn in an emergency.

One area light stands for all working fittings of a bay: a picture of two samples a pixel chooses among few lights.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.motion.timeline import Moment
from generator.scenario.environments import Lights
from generator.scenario.spec import ClipSpec
from generator.site.bays import Bay
from generator.world.actor import Actor, Part, Placement
from generator.world.canvas import Stock
from generator.world.fittings import BODIES, GRIME_METRES, LUMENS_PER_WATT, area_light
from generator.world.materials import Detail, blackbody_rgb, emission, linear, principled
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]

_PITCH = {
    "tube": (2.6, 2.4),
    "panel": (2.4, 2.4),
    "bulkhead": (3.4, 3.0),
    "downlight": (1.8, 1.8),
    "high_bay": (5.0, 5.0),
    "strip": (2.6, 2.6),
}
"""Metres between fittings, along and across, where the plan does not say; practice of lighting design."""

_GLOWING = {"tube": 0.094, "panel": 0.316, "bulkhead": 0.07, "downlight": 0.018, "high_bay": 0.11, "strip": 0.10}
"""Square metres of the surface that glows."""

_DROP = {"tube": 0.13, "panel": 0.02, "bulkhead": 0.11, "downlight": 0.012, "high_bay": 0.42, "strip": 0.09}
"""Metres that light leaves a fitting below the ceiling."""

_EMERGENCY_LUMENS = (90.0, 240.0)
"""Of a self-contained emergency luminaire (EN 1838 asks 1 lux along the way out)."""

_BEACONS = {"red": (1.0, 0.05, 0.02), "amber": (1.0, 0.42, 0.03), "blue": (0.06, 0.16, 1.0)}


@dataclass(frozen=True)
class FailingLamp:
    """A fitting that goes on and off by itself: its light, and its glowing cover.

    Attributes:
        parts: light and cover.
        watts: of the light when it burns.
        on: (n,) whether it burns, a value for each tenth of a second; repeats.
        matrices: where light and cover are.
    """

    parts: tuple[Part, ...]
    watts: float
    on: tuple[bool, ...] = field(repr=False)
    matrices: tuple[Array, Array] = field(repr=False)
    tracks: tuple[()] = ()

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """On or off."""
        burns = self.on[int(moment.t * 10) % len(self.on)]
        light, cover = self.matrices
        return Placement(light, power=self.watts if burns else 0.0), Placement(cover, visible=burns)


@dataclass(frozen=True)
class Beacon:
    """A rotating beacon: a beam that goes round, and a dome that flares when it comes by.

    Attributes:
        parts: beam and dome.
        matrix: where it is.
        turns: a second.
    """

    parts: tuple[Part, ...]
    matrix: Array = field(repr=False)
    turns: float = 2.0
    tracks: tuple[()] = ()

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """The beam at the moment's angle, a little below the horizon."""
        angle = 2 * np.pi * self.turns * moment.t
        beam = self.matrix @ transform((0, 0, -0.06), yaw=angle) @ transform(pitch=np.radians(78))
        return Placement(beam), Placement(self.matrix, visible=bool(np.cos(angle) > -0.2))


def build_lighting(
    spec: ClipSpec, bays: Sequence[Bay], pictures: Stock, collection: bpy.types.Collection
) -> tuple[list[Part], list[Actor]]:
    """Fittings of all bays: parts of the structure, and what changes with time."""
    lights, rng = spec.environment.lights, spec.stream("world/lighting")
    assert isinstance(lights, Lights)
    fixture = "high_bay" if lights.fixture in ("street", "flood") else lights.fixture
    grime = Detail(pictures.grime, GRIME_METRES, 0.35, 0.3)
    enamel = principled("enamel", linear((0.80, 0.80, 0.77)), 0.35, detail=grime)
    dull = principled("dead cover", linear((0.66, 0.66, 0.64)), 0.4)
    color = blackbody_rgb(float(lights.temperature))
    watts = lights.lumens / LUMENS_PER_WATT
    shining = emission("lamp glow", _rgb(color), watts / (np.pi * _GLOWING[fixture]))
    body, glow = MeshBuilder(), MeshBuilder()
    parts: list[Part] = []
    moving: list[Actor] = []
    off = spec.environment.time == "night"
    lit = [not (off and rng.uniform() < 0.2) for _ in bays]
    dark = 0
    for k, bay in enumerate(bays):
        places = fittings_of(bay, fixture)
        chance = rng.uniform(size=(len(places), 2))
        burning = 0
        if dark > 0 and lights.dead < 1:  # nobody leaves two bays in a row in the dark: the first lamp is seen to
            lit[k], chance[0, 0] = True, 1.0
        for (x, y), (dead, failing) in zip(places, chance, strict=True):
            matrix = transform((x, y, bay.height), yaw=bay.turn + rng.normal(0, 0.006))
            works = dead >= lights.dead and lit[k] and not lights.emergency
            fails = works and failing < lights.failing and len(moving) < 3
            spare = MeshBuilder()
            with body.at(matrix), glow.at(matrix):
                target = glow if works and not fails else body
                BODIES[fixture](body, target, enamel, shining if works and not fails else dull)
            if fails:
                BODIES[fixture](MeshBuilder(), spare, enamel, shining)
                moving.append(_failing(spec, len(moving), matrix, spare, (watts, color, _DROP[fixture]), collection))
            burning += works and not fails
        dark = 0 if burning else dark + 1
        if burning:
            size = (max(bay.size[0] - 0.8, 0.5), max(bay.size[1] - 0.8, 0.5))
            if len(places) == 1:
                size = (0.5, 0.5)
            middle = transform((*bay.middle, bay.height - _DROP[fixture] - 0.01))
            total = watts * burning * float(rng.uniform(0.85, 1.05))
            parts.append(area_light(f"bay {k}", middle, size, total, color, collection))
        if lights.emergency and (k % 2 == 0 or len(bays) < 3):
            parts += _emergency(bay, rng, enamel, collection, k)
    parts += [Part(body.object("lamp bodies", collection))] if body.triangles else []
    if glow.triangles:
        cover = glow.object("lamp covers", collection)
        unlit(cover)
        parts.append(Part(cover))
    if lights.beacon != "none" and bays:
        moving.append(_beacon(bays[int(rng.integers(len(bays)))], lights.beacon, enamel, collection))
    return parts, moving


def unlit(thing: bpy.types.Object) -> None:
    """Makes a glowing thing only seen: lights of their own stand for what it gives."""
    thing.visible_diffuse = thing.visible_glossy = thing.visible_shadow = thing.visible_transmission = False


def fittings_of(bay: Bay, fixture: str) -> list[tuple[float, float]]:
    """(x, y) of a bay's fittings: an even grid."""
    along, across = _PITCH[fixture]
    width, depth = bay.size
    if bay.turn != 0.0:
        along, across = across, along
    nx, ny = max(round(width / along), 1), max(round(depth / across), 1)
    xs = bay.low[0] + (np.arange(nx) + 0.5) * width / nx
    ys = bay.low[1] + (np.arange(ny) + 0.5) * depth / ny
    if fixture == "panel" and nx * ny > 1:  # panels lie in the grid of the ceiling's tiles
        xs, ys = (
            (np.round((xs - bay.low[0] - 0.3) / 0.6) * 0.6 + 0.3 + bay.low[0]),
            (np.round((ys - bay.low[1] - 0.3) / 0.6) * 0.6 + 0.3 + bay.low[1]),
        )
    return [(float(x), float(y)) for x in xs for y in ys]


def _failing(
    spec: ClipSpec,
    index: int,
    matrix: Array,
    cover: MeshBuilder,
    light: tuple[float, Array, float],
    collection: bpy.types.Collection,
) -> FailingLamp:
    watts, color, drop = light
    rng = spec.stream(f"world/lighting/failing/{index}")
    bursts: list[bool] = []
    while len(bursts) < 200:
        bursts += [True] * int(rng.geometric(0.08)) + [False] * int(rng.geometric(0.35))
        for _ in range(int(rng.integers(0, 4))):  # strikes a few times before it catches
            bursts += [True, False]
    thing = cover.object(f"failing cover {index}", collection)
    unlit(thing)
    place = matrix @ transform((0, 0, -drop - 0.01))
    lamp = area_light(f"failing {index}", place, (0.5, 0.3), watts, color, collection)
    return FailingLamp((lamp, Part(thing, in_labels=False)), watts, tuple(bursts), (place, matrix))


def _emergency(
    bay: Bay, rng: np.random.Generator, enamel: bpy.types.Material, collection: bpy.types.Collection, index: int
) -> list[Part]:
    """A small luminaire on the ceiling, in a corner of the bay."""
    x, y = bay.low[0] + 0.25 * bay.size[0], bay.low[1] + 0.3 * bay.size[1]
    watts, color = float(rng.uniform(*_EMERGENCY_LUMENS)) / LUMENS_PER_WATT, blackbody_rgb(5600)
    body, glow = MeshBuilder(), MeshBuilder()
    place = transform((x, y, bay.height))
    with body.at(place), glow.at(place):
        body.box((0, 0, -0.02), (0.34, 0.13, 0.04), enamel, bevel=0.006)
        glow.box(
            (0, 0, -0.05), (0.30, 0.10, 0.025), emission(f"emergency {index}", _rgb(color), watts / (np.pi * 0.04))
        )
    cover = glow.object(f"emergency cover {index}", collection)
    unlit(cover)
    light = area_light(f"emergency {index}", place @ transform((0, 0, -0.07)), (0.3, 0.1), watts, color, collection)
    return [Part(body.object(f"emergency body {index}", collection)), Part(cover), light]


def _beacon(bay: Bay, word: str, enamel: bpy.types.Material, collection: bpy.types.Collection) -> Beacon:
    color = np.array(_BEACONS[word])
    data = bpy.data.lights.new("beacon", "SPOT")
    data.spot_size, data.spot_blend, data.shadow_soft_size = np.radians(70), 0.7, 0.04
    data.energy, data.color = 90.0, tuple(color.tolist())
    beam = bpy.data.objects.new("beacon", data)
    beam.visible_camera = False
    collection.objects.link(beam)
    dome = MeshBuilder()
    profile = [(0.055, -0.14), (0.07, -0.12), (0.07, -0.03)]
    glowing = emission("beacon dome", _rgb(color), 60.0)
    dome.lathe(profile, glowing, segments=20, caps=(True, False))
    dome.lathe([(0.085, -0.03), (0.085, 0.0)], enamel, segments=20, caps=(True, False))
    thing = dome.object("beacon dome", collection)
    unlit(thing)
    matrix = transform((bay.low[0] + 0.7 * bay.size[0], bay.low[1] + 0.8 * bay.size[1], bay.height))
    return Beacon((Part(beam, in_labels=False), Part(thing, in_labels=False)), matrix)


def _rgb(color: Array) -> tuple[float, float, float]:
    r, g, b = (float(v) for v in color)
    return r, g, b
