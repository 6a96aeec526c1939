"""What is outside of an interior's windows: a skyline around it, daylight at every pane, the sun.

Photometry: luminance of the sky as CIE 110-1994 gives it (noon some thousand cd/m2), dusk a few, a lit town at night below one.
Light enters by area lights in the openings, which two samples a pixel find; the skyline itself is only seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import ClipSpec
from generator.site.walls import Partition
from generator.world.actor import Part
from generator.world.canvas import Canvas, ramp
from generator.world.finishes import glass
from generator.world.fittings import LUMENS_PER_WATT, area_light
from generator.world.lighting import unlit
from generator.world.materials import blackbody_rgb, emission
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]
Colour = tuple[float, float, float]

_SKY: dict[str, dict[str, float]] = {
    "day": {"clear": 5200.0, "overcast": 4200.0, "rain": 2200.0, "fog": 3000.0},
    "dusk": {"clear": 14.0, "overcast": 6.0, "rain": 4.0, "fog": 5.0},
    "night": {"clear": 0.06, "overcast": 0.25, "rain": 0.2, "fog": 0.5},
}
"""cd/m2 of the sky above the horizon."""

_SUN_LUX = 70000.0
"""Of a clear day, on a surface that faces it, behind the air of a town."""

_DISTANCE = 42.0
"""Metres from the building's middle to the picture of what is around it."""


@dataclass(frozen=True)
class Pane:
    """A window seen from inside.

    Attributes:
        matrix: (4, 4) world from pane: origin in its middle on the glass, x to the right, y outwards, z up.
        width, height: metres.
        clear: share of the light that blinds and dirt let in.
    """

    matrix: Array = field(repr=False)
    width: float
    height: float
    clear: float = 0.8


def panes_of(walls: Sequence[Partition], clear: float = 0.8) -> list[Pane]:
    """The windows in outer walls (``near`` is outside), their panes in the middle of the wall."""
    panes = []
    for wall in walls:
        for hole in wall.holes:
            if hole.kind == "window":
                middle = wall.matrix @ transform((hole.middle, 0.5 * wall.thick, 0.5 * (hole.bottom + hole.top)))
                # From inside x runs the other way: half a turn about z.
                inward = middle @ transform(yaw=np.pi)
                panes.append(Pane(inward, hole.right - hole.left, hole.top - hole.bottom, clear))
    return panes


def luminance(spec: ClipSpec) -> float:
    """cd/m2 of the sky seen from the windows."""
    place = spec.environment
    weather = getattr(place, "weather", "overcast")
    return _SKY[place.time][weather] * float(spec.stream("world/outside/sky").uniform(0.75, 1.3))


def build_outside(
    spec: ClipSpec,
    panes: Sequence[Pane],
    middle: tuple[float, float],
    collection: bpy.types.Collection,
    *,
    ground: float = 0.0,
    sun_from: float | None = None,
) -> list[Part]:
    """The skyline around, light at every pane, and the sun by clear day.

    Args:
        spec: the clip.
        panes: windows, glazed doors and the like.
        middle: (2,) of the building.
        collection: where it goes.
        ground: height of the ground outside, metres.
        sun_from: radians to the left of +y where the sun stands; None is drawn.
    """
    level = luminance(spec)
    time, weather = spec.environment.time, getattr(spec.environment, "weather", "overcast")
    kelvin = {"day": 6800.0 if weather != "clear" else 8500.0, "dusk": 9000.0, "night": 3000.0}[time]
    color = blackbody_rgb(kelvin)
    parts = [_skyline(spec, middle, ground, level, collection)]
    for k, pane in enumerate(panes):
        # Half of what a window looks at is ground and houses, a third as bright as the sky.
        watts = np.pi * 0.62 * level / LUMENS_PER_WATT * pane.width * pane.height * pane.clear
        if time == "night":
            watts += 1.2 / LUMENS_PER_WATT * pane.width * pane.height * pane.clear * np.pi
        place = pane.matrix @ transform((0, -0.03, 0), pitch=-np.pi / 2)
        parts.append(area_light(f"window {k}", place, (pane.width, pane.height), float(watts), color, collection))
    if time == "day" and weather == "clear" and panes:
        parts.append(_sun(spec, sun_from, collection))
    return parts


def build_glazing(
    panes: Sequence[Pane],
    frame: bpy.types.Material,
    collection: bpy.types.Collection,
    *,
    lights: int = 2,
    bar: float = 0.05,
) -> list[Part]:
    """Panes of glass in frames of ``lights`` lights side by side."""
    sheet, frames = MeshBuilder(), MeshBuilder()
    material = glass("window glass")
    for pane in panes:
        w, h = 0.5 * pane.width, 0.5 * pane.height
        with sheet.at(pane.matrix), frames.at(pane.matrix):
            sheet.quad([(-w, 0, -h), (w, 0, -h), (w, 0, h), (-w, 0, h)], material)
            for k in range(lights + 1):
                x = -w + 2 * w * k / lights
                x = float(np.clip(x, -w + 0.5 * bar, w - 0.5 * bar))
                frames.box((x, 0, 0), (bar, 0.07, 2 * h), frame, bevel=0.004)
            for z in (-h + 0.5 * bar, h - 0.5 * bar):
                frames.box((0, 0, z), (2 * w, 0.068, bar), frame, bevel=0.004)
            frames.box((0, -0.09, -h - 0.012), (2 * w + 0.08, 0.2, 0.024), frame, bevel=0.006)
    if not panes:
        return []
    thing = sheet.object("window panes", collection)
    thing.visible_shadow = False
    return [Part(thing, in_labels=False), Part(frames.object("window frames", collection))]


def sky_world(spec: ClipSpec, *, glow: float = 0.0) -> bpy.types.World:
    """A world that nearly nothing comes from: rooms are lit by their own lights.

    Args:
        spec: the clip.
        glow: share of the sky's luminance that is seen and lights; for places without a roof.
    """
    world = bpy.data.worlds.new("world")
    world.use_nodes = True
    weather = getattr(spec.environment, "weather", "overcast")
    tint = np.array((0.55, 0.78, 1.25)) if weather == "clear" and spec.environment.time != "night" else np.ones(3)
    level = glow * luminance(spec) / LUMENS_PER_WATT
    world.node_tree.nodes["Background"].inputs["Color"].default_value = (*(tint * level), 1.0)
    if glow == 0.0:
        world.cycles.sampling_method = "NONE"
    return world


def _skyline(
    spec: ClipSpec, middle: tuple[float, float], ground: float, level: float, collection: bpy.types.Collection
) -> Part:
    """A ring of four sides around the building, painted with sky, houses, trees and ground."""
    rng, time = spec.stream("world/outside/skyline"), spec.environment.time
    weather = getattr(spec.environment, "weather", "overcast")
    low, high, around = ground - 6.0, ground + 40.0, 8 * _DISTANCE
    canvas = Canvas(rng, around, high - low, 6.0, (0.5, 0.5, 0.5))
    top: Colour = {
        "clear": (0.55, 0.70, 0.92),
        "overcast": (0.84, 0.86, 0.88),
        "rain": (0.72, 0.74, 0.77),
        "fog": (0.8, 0.81, 0.82),
    }[weather]
    if time == "dusk":
        top = (0.50, 0.55, 0.80)
    if time == "night":
        top = (0.10, 0.11, 0.16)
    horizon = np.array((0.95, 0.80, 0.70)) if time == "dusk" else np.clip(np.array(top) * 1.25, 0, 1)
    canvas.rgb[:] = top
    canvas.blend(ramp(canvas.y, 30.0, 6.0), horizon)
    if weather != "fog":
        cloud = canvas.noise((40.0, 12.0), 1.2)
        canvas.blend(
            0.3 * ramp(cloud, 0.0, 2.4), np.clip(np.array(top) * (1.35 if weather == "clear" else 0.85) + 0.05, 0, 1)
        )
    haze = {"clear": 0.15, "overcast": 0.25, "rain": 0.5, "fog": 0.9}[weather]
    dim = 0.62 if time == "day" else 0.30
    for far in (1.0, 0.6, 0.25):
        _houses(canvas, rng, far, haze, dim, np.asarray(horizon), lit=time != "day")
    road = np.array((0.30, 0.30, 0.29)) * (1.0 if time == "day" else 0.4)
    canvas.blend(ramp(canvas.y, 6.4, 6.0), road * (1 - 0.5 * haze) + 0.5 * haze * np.asarray(horizon))
    canvas.shade(1 + 0.04 * canvas.noise(0.8, 1.0))
    # What is painted is relative to the sky, which stands for 0.6 in linear light.
    strength = level / LUMENS_PER_WATT / 0.6 if time != "night" else 1.4 / LUMENS_PER_WATT
    material = emission("skyline", (1.0, 1.0, 1.0), float(strength))
    nodes, links = material.node_tree.nodes, material.node_tree.links
    picture, uv = nodes.new("ShaderNodeTexImage"), nodes.new("ShaderNodeUVMap")
    picture.image = canvas.image("skyline")
    links.new(uv.outputs["UV"], picture.inputs["Vector"])
    glow = next(node for node in nodes if node.type == "EMISSION")
    links.new(picture.outputs["Color"], glow.inputs["Color"])
    builder = MeshBuilder()
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * _DISTANCE + np.array(middle)
    for k in range(4):
        (x0, y0), (x1, y1) = corners[k], corners[(k + 1) % 4]
        u0, u1 = k / 4, (k + 1) / 4
        builder.quad(
            [(x1, y1, low), (x0, y0, low), (x0, y0, high), (x1, y1, high)], material,
            uv=[(u1, 0), (u0, 0), (u0, 1), (u1, 1)],
        )  # fmt: skip
    thing = builder.object("skyline", collection)
    unlit(thing)
    return Part(thing)


def _houses(
    canvas: Canvas, rng: np.random.Generator, far: float, haze: float, dim: float, air: Array, *, lit: bool
) -> None:
    """A row of houses with windows, and trees before them; the farther the paler."""
    x = 0.0
    veil = min(haze * (0.4 + far), 0.95)
    while x < canvas.width:
        wide, tall = rng.uniform(7, 22), rng.uniform(3, 16) * (0.6 + 0.6 * far)
        base = 6.0 + 1.2 * far
        if rng.uniform() < 0.62:
            shade = dim * rng.uniform(0.5, 1.1)
            wall = shade * np.array(
                ((0.80, 0.76, 0.70), (0.66, 0.52, 0.45), (0.70, 0.72, 0.74), (0.76, 0.70, 0.58))[rng.integers(4)]
            )
            colour = wall * (1 - veil) + air * veil
            canvas.rectangle((x + 0.5 * wide, base + 0.5 * tall), (wide, tall), colour)
            if rng.uniform() < 0.4:
                roof = [
                    (x - 0.3, base + tall),
                    (x + wide + 0.3, base + tall),
                    (x + 0.5 * wide, base + tall + 0.22 * wide),
                ]
                canvas.polygon(roof, np.array((0.34, 0.24, 0.20)) * dim * (1 - veil) + air * veil)
            for wx in np.arange(x + 1.2, x + wide - 1.0, 2.2):
                for wz in np.arange(base + 1.4, base + tall - 1.0, 2.9):
                    bright = lit and rng.uniform() < 0.35
                    pane = np.array((1.0, 0.82, 0.52)) * rng.uniform(0.6, 1.0) if bright else 0.35 * colour
                    canvas.rectangle(
                        (wx, wz), (1.0, 1.4), pane if bright else pane * (1 - 0.5 * veil) + air * 0.5 * veil
                    )
        else:
            for _ in range(3):
                at = (x + rng.uniform(0, wide), base + rng.uniform(1.0, 4.5))
                leaf = np.array((0.26, 0.34, 0.18)) * dim * rng.uniform(0.7, 1.3)
                canvas.blob(at, rng.uniform(1.5, 3.2), leaf * (1 - veil) + air * veil, rough=0.3, soft=0.15)
        x += wide * rng.uniform(0.7, 1.2)


def _sun(spec: ClipSpec, sun_from: float | None, collection: bpy.types.Collection) -> Part:
    rng = spec.stream("world/outside/sun")
    turn = float(rng.uniform(-np.pi, np.pi)) if sun_from is None else sun_from + float(rng.normal(0, 0.5))
    height = float(rng.uniform(0.45, 0.95))
    data = bpy.data.lights.new("sun", "SUN")
    data.energy, data.angle = _SUN_LUX * 0.75 / LUMENS_PER_WATT, 0.0093
    data.color = tuple(blackbody_rgb(5200).tolist())
    thing = bpy.data.objects.new("sun", data)
    thing.matrix_world = transform(yaw=turn, pitch=height - np.pi / 2).T.tolist()  # shines along -z
    collection.objects.link(thing)
    return Part(thing, in_labels=False)
