"""A hall of steel: cladding, portal frames, roof with translucent sheets; round a shoot-house, or as a warehouse."""

import bpy
import numpy as np

from generator.scenario.spec import ClipSpec
from generator.site.bays import bays_of
from generator.world.actor import Part
from generator.world.finishes import Finish, Finishes
from generator.world.fittings import LUMENS_PER_WATT, area_light
from generator.world.lighting import unlit
from generator.world.materials import blackbody_rgb, emission
from generator.world.meshes import MeshBuilder, transform
from generator.world.outside import luminance

Corner = tuple[float, float]


def build_roof(
    spec: ClipSpec,
    low: Corner,
    high: Corner,
    height: float,
    fin: Finishes,
    collection: bpy.types.Collection,
    *,
    rooflights: float,
    cladding: Finish = "ribbed_metal",
    walls: bool = True,
) -> list[Part]:
    """Roof, frames and, where asked for, walls of a hall over a rectangle.

    Args:
        spec: the clip.
        low: (2,) corner, metres.
        high: (2,) the opposite one.
        height: of the eaves; the roof is flat, a metre higher.
        fin: finishes.
        collection: where it goes.
        rooflights: share of the bays with translucent sheets.
        cladding: of the walls.
        walls: whether the four walls are built.
    """
    rng, b = spec.stream("world/hall"), MeshBuilder()
    (x0, y0), (x1, y1) = low, high
    w, d = x1 - x0, y1 - y0
    top = height + 1.0
    skin = fin.of(cladding)
    if walls:
        sides = [((x0, y0), (x1, y0)), ((x1, y0), (x1, y1)), ((x1, y1), (x0, y1)), ((x0, y1), (x0, y0))]
        for (ax, ay), (bx, by) in sides:  # seen from inside
            long = float(np.hypot(bx - ax, by - ay))
            uv = [(0, 0), (long, 0), (long, top), (0, top)]
            b.quad([(bx, by, 0), (ax, ay, 0), (ax, ay, top), (bx, by, top)], skin, uv=uv)
    roof = fin.of("ribbed_metal", fin.colour("ribbed_metal", "roof"))
    b.quad([(x0, y0, top), (x0, y1, top), (x1, y1, top), (x1, y0, top)], roof, uv=[(0, 0), (0, d), (w, d), (w, 0)])
    steel = fin.of("painted_metal", fin.colour("painted_metal", "frames"))
    n = max(round(d / 5.0), 2)
    for k in range(n + 1):
        y = y0 + 0.15 + k * (d - 0.3) / n
        for x in (x0 + 0.15, x1 - 0.15):
            _beam(b, (x, y, 0.0), (x, y, top), 0.2, steel)
        _beam(b, (x0, y, top - 0.2), (x1, y, top - 0.2), 0.3, steel)
    for x in np.arange(x0 + 0.8, x1, 1.6):
        b.box((x, 0.5 * (y0 + y1), top - 0.03), (0.06, d, 0.08), steel, tint=(0.9,) * 3)
    parts = [Part(b.object("hall", collection))]
    level = luminance(spec) * 0.35 / LUMENS_PER_WATT
    kelvin = {"day": 6400.0, "dusk": 9000.0, "night": 3500.0}[spec.environment.time]
    color = blackbody_rgb(kelvin)
    sheet = MeshBuilder()
    glow = emission("rooflight", (float(color[0]), float(color[1]), float(color[2])), max(level, 1e-4))
    for bay in bays_of(low, high, top, 5.5):
        if rng.uniform() >= rooflights:
            continue
        sx, sy = 1.2, 0.8 * bay.size[1]
        x, y = bay.middle
        corners = [
            (x - sx / 2, y - sy / 2),
            (x - sx / 2, y + sy / 2),
            (x + sx / 2, y + sy / 2),
            (x + sx / 2, y - sy / 2),
        ]
        sheet.quad([(*corner, top - 0.015) for corner in corners], glow)
        if spec.environment.time != "night":
            place = transform((x, y, top - 0.35))
            parts.append(
                area_light(f"rooflight {len(parts)}", place, (sx, sy), np.pi * level * sx * sy, color, collection)
            )
    if sheet.triangles:
        thing = sheet.object("rooflights", collection)
        unlit(thing)
        parts.append(Part(thing))
    return parts


def _beam(
    b: MeshBuilder,
    start: tuple[float, float, float],
    end: tuple[float, float, float],
    deep: float,
    steel: bpy.types.Material,
) -> None:
    """A rolled I section; upright ones have their web across the hall."""
    (x0, y0, z0), (x1, y1, z1) = start, end
    middle = ((x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2)
    if z1 - z0 > x1 - x0:
        long = z1 - z0
        b.box(middle, (deep, 0.012, long), steel)
        for side in (-0.5, 0.5):
            b.box((middle[0] + side * deep, middle[1], middle[2]), (0.016, 0.14, long), steel)
        return
    long = x1 - x0
    b.box(middle, (long, 0.012, deep), steel)
    for side in (-0.5, 0.5):
        b.box((middle[0], middle[1], middle[2] + side * deep), (long, 0.15, 0.016), steel)
