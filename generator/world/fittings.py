"""Ceiling fittings: lamps and their light."""

from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import ClipSpec
from generator.site.corridor import Plan
from generator.world.actor import Part
from generator.world.canvas import Stock
from generator.world.materials import Detail, blackbody_rgb, emission, linear, principled
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]

LUMENS_PER_WATT = 179.0
"""Radiance luminous efficacy by which lumens become watts of Cycles (Ward, RADIANCE)."""

GRIME_METRES = (1.6, 1.6)
"""(width, height) that the grime on fittings covers."""


def area_light(
    name: str,
    matrix: Array,
    size: tuple[float, float],
    watts: float,
    color: Array,
    collection: bpy.types.Collection,
    *,
    shape: str = "RECTANGLE",
) -> Part:
    """A lamp without a body that shines along -z of its matrix; unseen by the camera, seen in reflections."""
    data = bpy.data.lights.new(name, "AREA")
    data.shape, data.size, data.size_y = shape, size[0], size[1]
    data.energy = watts  # emitted flux: measured, radiance is watts / (pi area) for either shape
    data.color = tuple(float(c) for c in color)
    thing = bpy.data.objects.new(name, data)
    thing.matrix_world = matrix.T.tolist()
    thing.visible_camera = False
    collection.objects.link(thing)
    return Part(thing, in_labels=False)


@dataclass(frozen=True)
class Lamp:
    """One ceiling fitting.

    Attributes:
        matrix: (4, 4) world from fitting: origin on the ceiling, x along a tube.
        watts: radiant flux as Cycles counts it; 0 is out.
        color: (3,) linear Rec.709, luminance 1.
    """

    matrix: Array = field(repr=False)
    watts: float
    color: Array = field(repr=False)


def lamps(spec: ClipSpec, layout: Plan) -> list[Lamp]:
    """The ceiling fittings, evenly spaced but moved off roof openings; at least one of them works."""
    room, lights, rng = layout.room, layout.room.lights, spec.stream("world/lamps")
    n = max(round(room.length / lights.spacing), 1)
    order = rng.permutation(n)
    dead = set(order[: min(round(lights.dead * n), n - 1)].tolist())
    across = rng.uniform() < 0.25 and lights.fixture != "bulkhead" and room.width > 1.6
    x = 0.5 * room.width + rng.normal(0, 0.05)
    out: list[Lamp] = []
    roomy: list[bool] = []
    for k, y in enumerate((np.arange(n) + 0.5) * room.length / n):
        tries = [float(y) + d for d in (0.0, 0.35, -0.35, 0.7, -0.7, 1.0, -1.0)]
        reach = 0.35 if across else 0.85
        fit = [t for t in tries if layout.clear(t, reach) and 0.35 < t < room.length - 0.35]
        place = (x, (fit or tries)[0] + float(rng.normal(0, 0.03)), room.height)
        roomy.append(bool(fit))
        kelvin = lights.temperature * (1 + 0.02 * rng.standard_normal())
        kelvin *= 1.3 if rng.uniform() < 0.12 else 1.0  # replaced by another sort
        watts = lights.lumens * rng.uniform(0.82, 1.08) / LUMENS_PER_WATT
        matrix = transform(place, yaw=rng.normal(0, 0.01) + (0.0 if across else np.pi / 2))
        out.append(Lamp(matrix, 0.0 if k in dead else float(watts), blackbody_rgb(float(kelvin))))
    beside = [lamp for lamp, fits in zip(out, roomy, strict=True) if fits]  # those not in a roof opening
    return beside if any(lamp.watts > 0 for lamp in beside) else out


def upward_light(spec: ClipSpec, layout: Plan) -> tuple[NDArray[np.float32], float] | None:
    """What tubes and bulkheads throw at a flat ceiling, which their downward area lights do not reach.

    Returns:
        (h, w, 3) irradiance from row 0 at y = 0, as a share of the second value (W/m2); None where there is none.
    """
    fixture, room = layout.room.lights.fixture, layout.room
    if fixture == "panel" or layout.ceiling == "joists":
        return None
    ppm, (_, drop, _), half = 16, _SHAPES[fixture], 0.58 if fixture == "tube" else 0.0
    grid = np.meshgrid(
        (np.arange(round(room.width * ppm)) + 0.5) / ppm, (np.arange(round(room.length * ppm)) + 0.5) / ppm
    )
    total = np.zeros((*grid[0].shape, 3))
    for lamp in lamps(spec, layout):
        along, across = lamp.matrix[:2, 0], lamp.matrix[:2, 1]
        away = np.stack([grid[0] - lamp.matrix[0, 3], grid[1] - lamp.matrix[1, 3]], -1)
        u, d2 = away @ along, (away @ across) ** 2 + drop**2
        if half > 0:  # a line of that length with intensity even around it
            d = np.sqrt(d2)
            share = drop / d2 * (np.arctan((u + half) / d) - np.arctan((u - half) / d)) / (2 * half)
        else:
            share = drop / (u**2 + d2) ** 1.5
        total += (_UPWARD[fixture] * lamp.watts / np.pi**2 * share)[..., None] * lamp.color
    strongest = float(total.max())
    return ((total / strongest).astype(np.float32), strongest) if strongest > 0 else None


def build_lamps(spec: ClipSpec, layout: Plan, pictures: Stock, collection: bpy.types.Collection) -> list[Part]:
    """The ceiling fittings: bodies, glowing covers, and one area light for each that works."""
    fixture = layout.room.lights.fixture
    body, glow, parts = MeshBuilder(), MeshBuilder(), []
    enamel = principled(
        "enamel", linear((0.80, 0.80, 0.77)), 0.35, detail=Detail(pictures.grime, GRIME_METRES, 0.35, 0.3)
    )
    dull = principled("dead cover", linear((0.62, 0.62, 0.60)), 0.4)
    size, drop, shape = _SHAPES[fixture]
    for k, lamp in enumerate(lamps(spec, layout)):
        cover, target = dull, body
        if lamp.watts > 0:
            strength = lamp.watts / (np.pi * size[0] * size[1] * _SPREAD[fixture])
            cover, target = emission(f"glow {k}", tuple(lamp.color.tolist()), strength), glow
            place = lamp.matrix @ transform((0, 0, -drop))
            down = lamp.watts * (1 - _UPWARD[fixture])
            parts.append(area_light(f"lamp {k}", place, size, down, lamp.color, collection, shape=shape))
        with body.at(lamp.matrix), target.at(lamp.matrix):
            _BODIES[fixture](body, target, enamel, cover)
    parts.append(Part(body.object("lamp bodies", collection)))
    if glow.triangles:
        shining = glow.object("lamp covers", collection)
        # the area light stands for it: the cover itself is only to be seen
        shining.visible_diffuse = shining.visible_glossy = shining.visible_shadow = False
        shining.visible_transmission = False
        parts.append(Part(shining))
    return parts


_UPWARD = {"tube": 0.3, "panel": 0.0, "bulkhead": 0.15}
"""Share of the flux that goes up past the body of a fitting."""

_SHAPES: dict[str, tuple[tuple[float, float], float, str]] = {
    "tube": ((1.15, 0.05), 0.125, "RECTANGLE"),
    "panel": ((0.56, 0.56), 0.018, "RECTANGLE"),
    "bulkhead": ((0.24, 0.24), 0.105, "DISK"),
}
"""Of each fitting: size of its light and how far it hangs below the ceiling, metres."""

_SPREAD = {"tube": 3.1, "panel": 1.0, "bulkhead": 1.6}
"""Glowing surface over the area of the light."""


def _tube(body: MeshBuilder, cover: MeshBuilder, enamel: bpy.types.Material, glow: bpy.types.Material) -> None:
    body.box((0, 0, -0.03), (1.24, 0.065, 0.06), enamel, bevel=0.006)
    for end in (-1, 1):
        body.box((end * 0.605, 0, -0.08), (0.022, 0.03, 0.06), enamel, bevel=0.003)
        body.cylinder((end * 0.594, 0, -0.095), (end * 0.565, 0, -0.095), 0.0135, enamel, tint=(0.5, 0.5, 0.5))
    cover.cylinder((-0.575, 0, -0.095), (0.575, 0, -0.095), 0.013, glow, caps=(False, False))


def _panel(body: MeshBuilder, cover: MeshBuilder, enamel: bpy.types.Material, glow: bpy.types.Material) -> None:
    for side in (-1, 1):
        body.box((side * 0.295, 0, -0.008), (0.03, 0.62, 0.022), enamel, bevel=0.003)
        body.box((0, side * 0.295, -0.008), (0.56, 0.03, 0.022), enamel, bevel=0.003)
    z, e = -0.010, 0.281
    cover.quad([(-e, -e, z), (-e, e, z), (e, e, z), (e, -e, z)], glow)


def _bulkhead(body: MeshBuilder, cover: MeshBuilder, enamel: bpy.types.Material, glow: bpy.types.Material) -> None:
    body.lathe([(0.145, -0.045), (0.15, -0.03), (0.15, -0.002)], enamel, segments=24, caps=(True, False))
    cover.lathe(
        [(0.06, -0.095), (0.10, -0.088), (0.125, -0.070), (0.13, -0.046)], glow, segments=24, caps=(True, False)
    )
    for angle in np.arange(4) * np.pi / 2 + np.pi / 4:
        with body.at(transform(yaw=float(angle))):
            body.tube([(0.148, 0, -0.03), (0.14, 0, -0.075), (0.10, 0, -0.102), (0.0, 0, -0.110)], 0.0035, enamel)


_BODIES = {"tube": _tube, "panel": _panel, "bulkhead": _bulkhead}
