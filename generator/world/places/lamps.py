"""Fittings of ceilings and roofs: bodies, glowing covers and the light they give; what fails or blinks is an actor of the clock."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.noise import Wander, wander
from generator.motion.timeline import Moment
from generator.scenario.environments import Lights
from generator.scenario.spec import ClipSpec
from generator.world.actor import Actor, Part, Placement
from generator.world.fittings import LUMENS_PER_WATT, area_light
from generator.world.materials import blackbody_rgb, emission
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]

_EMERGENCY = 0.045
"""Share of a fitting's flux that its emergency lamp gives: some 100 lm, as stand-alone luminaires do."""

_BEACONS = {"red": (1.0, 0.03, 0.02), "amber": (1.0, 0.36, 0.02), "blue": (0.03, 0.12, 1.0)}
_BEACON_WATTS = 9.0
_SECONDS = 1.15
"""Between two flashes of a beacon; chosen within the 60 to 120 a minute of warning lights."""


@dataclass(frozen=True)
class Fitting:
    """One fitting.

    Attributes:
        matrix: (4, 4) world from fitting: origin on the ceiling, x along it, z up.
        length, width: of its glowing cover, metres.
        rows: y of covers side by side.
    """

    matrix: Array = field(repr=False)
    length: float
    width: float
    rows: tuple[float, ...] = (0.0,)


@dataclass(frozen=True)
class FailingLamp:
    """A lamp that goes off and on as failing tubes do: its light, then its glowing cover."""

    parts: tuple[Part, ...]
    placements: tuple[Placement, ...] = field(repr=False)
    watts: float
    fault: Wander = field(repr=False)
    tracks: tuple[Track, ...] = ()

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """On, or off but for a rest of glow."""
        on = float(self.fault.at(moment.t)[0]) > -0.15
        light, cover = self.placements
        return (
            Placement(light.matrix, power=self.watts * (1.0 if on else 0.02)),
            Placement(cover.matrix, visible=on),
        )


@dataclass(frozen=True)
class Beacon:
    """A blinking alarm: its light, then its glowing dome."""

    parts: tuple[Part, ...]
    placements: tuple[Placement, ...] = field(repr=False)
    tracks: tuple[Track, ...] = ()

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Swells and fades twice in each period."""
        swing = max(0.0, float(np.sin(2 * np.pi * moment.t / _SECONDS))) ** 3
        light, dome = self.placements
        return Placement(light.matrix, power=_BEACON_WATTS * swing), Placement(dome.matrix, visible=swing > 0.05)


def build_lamps(
    spec: ClipSpec,
    fittings: Sequence[Fitting],
    enamel: bpy.types.Material,
    collection: bpy.types.Collection,
    *,
    alarm: tuple[float, float, float] | None = None,
) -> tuple[list[Part], list[Actor]]:
    """Builds fittings: what burns all the time, and what flickers or blinks.

    Args:
        spec: its environment's ``lights`` count.
        fittings: where they are; one burns at least, unless all are said to be dead.
        enamel: of their bodies.
        collection: what everything is linked to.
        alarm: where a beacon hangs if there is one.
    """
    lights, rng = spec.environment.lights, spec.stream("world/lamps")
    assert isinstance(lights, Lights)
    order = rng.permutation(len(fittings))
    dead = set(order[: min(round(lights.dead * len(fittings)), len(fittings) - (lights.dead < 1))].tolist())
    failing = set(order[::-1][: round(lights.failing * len(fittings))].tolist()) - dead
    body, shining = MeshBuilder(), MeshBuilder()
    parts: list[Part] = []
    moving: list[Actor] = []
    dull = emission("dead cover", (0.25, 0.25, 0.24), 0.02)
    for k, fitting in enumerate(fittings):
        kelvin = lights.temperature * (1.25 if rng.uniform() < 0.08 else 1 + 0.02 * rng.standard_normal())
        watts, color = lights.lumens * rng.uniform(0.85, 1.06) / LUMENS_PER_WATT, blackbody_rgb(float(kelvin))
        if lights.emergency:
            watts, color = (watts * _EMERGENCY if k % 3 == 1 else 0.0), blackbody_rgb(5800)
        burns = watts > 0 and (lights.emergency or k not in dead)
        with body.at(fitting.matrix):
            _body(body, fitting, enamel, dull)
        if not burns:
            continue
        area = np.pi * fitting.length * fitting.width * len(fitting.rows)
        glow = emission(f"glow {k}", tuple(color.tolist()), float(watts / area))
        spread = max(fitting.width, max(fitting.rows) - min(fitting.rows) + fitting.width)
        place = fitting.matrix @ transform((0, 0.5 * (max(fitting.rows) + min(fitting.rows)), -0.075))
        light = area_light(f"lamp {k}", place, (fitting.length, spread), float(watts), color, collection)
        if k in failing and not lights.emergency:
            cover = MeshBuilder()
            with cover.at(fitting.matrix):
                _covers(cover, fitting, glow)
            thing = _unlit(cover.object(f"failing cover {k}", collection))
            there = (Placement(place), Placement(np.eye(4)))
            fault = wander(spec.stream(f"world/lamps/{k}"), 1, (0.7, 9.0))
            moving.append(FailingLamp((light, Part(thing)), there, float(watts), fault))
            continue
        parts.append(light)
        with shining.at(fitting.matrix):
            _covers(shining, fitting, glow)
    parts.append(Part(body.object("lamp bodies", collection)))
    if shining.triangles:
        parts.append(Part(_unlit(shining.object("lamp covers", collection))))
    if lights.beacon != "none" and alarm is not None:
        moving.append(_beacon(lights, np.array(alarm), enamel, parts, collection))
    return parts, moving


def _unlit(thing: bpy.types.Object) -> bpy.types.Object:
    """The area light stands for it: a cover itself is only to be seen."""
    thing.visible_diffuse = thing.visible_glossy = thing.visible_shadow = thing.visible_transmission = False
    return thing


def _body(body: MeshBuilder, fitting: Fitting, enamel: bpy.types.Material, dull: bpy.types.Material) -> None:
    long, wide = fitting.length, fitting.width
    for y in fitting.rows:
        body.box((0, y, -0.016), (long + 0.05, wide + 0.05, 0.032), enamel, bevel=0.006)
        body.box((0, y, -0.042), (long, wide, 0.024), dull, bevel=0.008)
        for end in (-1, 1):
            body.box((end * (0.5 * long + 0.012), y, -0.035), (0.028, wide + 0.02, 0.05), enamel, bevel=0.005)


def _covers(cover: MeshBuilder, fitting: Fitting, glow: bpy.types.Material) -> None:
    for y in fitting.rows:
        cover.box((0, y, -0.043), (fitting.length - 0.004, fitting.width + 0.004, 0.028), glow, bevel=0.008)


def _beacon(
    lights: Lights, at: Array, enamel: bpy.types.Material, parts: list[Part], collection: bpy.types.Collection
) -> Beacon:
    color, foot, dome = _BEACONS[lights.beacon], MeshBuilder(), MeshBuilder()
    with foot.at(transform(at)), dome.at(transform(at)):
        foot.lathe([(0.055, -0.03), (0.06, -0.02), (0.06, 0.0)], enamel, caps=(True, False))
        dome.lathe(
            [(0.02, -0.115), (0.045, -0.10), (0.052, -0.03)], emission("beacon", color, 40.0), caps=(True, False)
        )
    parts.append(Part(foot.object("beacon foot", collection)))
    place = transform(at + (0, 0, -0.13))
    light = area_light("beacon", place, (0.12, 0.12), _BEACON_WATTS, np.array(color), collection, shape="DISK")
    there = (Placement(place), Placement(np.eye(4)))
    return Beacon((light, Part(_unlit(dome.object("beacon dome", collection)))), there)
