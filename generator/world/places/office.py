"""An open-plan office."""

import bpy
import numpy as np

from generator.scenario.spec import ClipSpec
from generator.site.office import Plan
from generator.world.actor import Part
from generator.world.canvas import stock
from generator.world.finishes import Finishes
from generator.world.fittings import LUMENS_PER_WATT, area_light
from generator.world.furniture import FURNITURE, build_things, clutter_makers
from generator.world.interior import build_blinds, build_interior_ceiling, build_signs, structure_of
from generator.world.lighting import build_lighting
from generator.world.materials import blackbody_rgb
from generator.world.meshes import MeshBuilder, transform
from generator.world.outside import Pane, build_glazing, build_outside, panes_of, sky_world
from generator.world.shell import (
    PAINTS,
    Skin,
    Skins,
    build_floor,
    build_leaves,
    build_partitions,
    part_of,
    trim_material,
)
from generator.world.surroundings import Environment
from generator.world.targets import build_targets

_STOREY = 3.4
"""Metres from floor to floor."""

_LOBBY = 2.2


def build_office(spec: ClipSpec, plan: Plan, collection: bpy.types.Collection) -> Environment:
    """Builds an office into a collection."""
    place = plan.place
    pictures = stock(spec.stream("world/stock"))
    fin = Finishes(spec.stream, pictures, 0.65 * place.wear)
    style, b = spec.stream("world/style"), MeshBuilder()
    paint, other = PAINTS[style.integers(len(PAINTS))], PAINTS[style.integers(len(PAINTS))]
    trim = trim_material((0.35, 0.36, 0.37) if style.uniform() < 0.4 else other, pictures)
    table = {"room": Skin("plaster", paint, None, 0.08), "outside": Skin("plaster", other, None, 0.0)}
    build_partitions(b, plan.walls, Skins(fin, spec.stream("world/skins"), place.height + 0.1, table), trim)
    size = (place.width, place.length)
    build_floor(b, (0, 0), size, fin.surface("floor", place.floor, size))
    build_interior_ceiling(b, (0, 0), size, place.height, place.ceiling, fin)
    parts = _lobby(b, plan, fin, collection)
    parts += part_of(b, "shell", collection)
    windows = panes_of([wall for wall in plan.walls if wall.near == "outside"], 0.8 * (1 - 0.6 * place.blinds))
    parts += build_outside(
        spec, windows, (0.5 * place.width, 0.5 * place.length), collection, ground=-_STOREY * place.storey - 0.2,
        sun_from=np.pi / 2,
    )  # fmt: skip
    frame = fin.of("painted_metal", (0.74, 0.74, 0.72) if style.uniform() < 0.5 else (0.16, 0.17, 0.18))
    inner = _inner_panes(plan)
    parts += build_glazing([*windows, *inner], frame, collection, lights=1)
    parts += build_blinds(windows, place.blinds, fin, collection)
    parts += build_signs(spec, plan.walls, place.height, fin, collection)
    parts += _radiators(windows, fin, collection)
    lamps, moving = build_lighting(spec, plan.bays, pictures, collection)
    fixed, loose = build_things(plan.things, {**FURNITURE, **clutter_makers(fin)}, fin, collection)
    structure = structure_of([*parts, *lamps, *fixed])
    targets = build_targets(spec, pictures, collection)
    doors = build_leaves(spec, plan.walls, pictures, collection)
    return Environment((structure, *targets, *doors, *loose), sky_world(spec), tuple(moving))


def _inner_panes(plan: Plan) -> list[Pane]:
    """The glass of the rooms' fronts."""
    panes = []
    for wall in plan.walls:
        for hole in wall.holes:
            if hole.kind == "window" and wall.near != "outside":
                middle = transform((hole.middle, 0.5 * wall.thick, 0.5 * (hole.bottom + hole.top)))
                panes.append(Pane(wall.matrix @ middle, hole.right - hole.left, hole.top - hole.bottom))
    return panes


def _lobby(b: MeshBuilder, plan: Plan, fin: Finishes, collection: bpy.types.Collection) -> list[Part]:
    """The landing that the wearer comes from: plain walls round it and one lamp."""
    place = plan.place
    w, h = place.width, place.height
    lane = plan.ways["advance"].points[0][0]
    x0, x1 = max(lane - 2.0, 0.0), min(lane + 1.6, w)
    y0, y1 = -_LOBBY, -0.2
    wall = fin.of("plaster")
    build_floor(b, (x0, y0), (x1, 0.0), fin.of("tile"))
    build_floor(b, (x0, y0), (x1, y1), wall, z=h, up=False)
    for a, c in (((x0, y1), (x0, y0)), ((x0, y0), (x1, y0)), ((x1, y0), (x1, y1))):
        long = float(np.hypot(c[0] - a[0], c[1] - a[1]))
        uv = [(0, 0), (long, 0), (long, h), (0, h)]
        b.quad([(*a, 0), (*c, 0), (*c, h), (*a, h)][::-1], wall, uv=uv[::-1])
    if plan.place.lights.emergency:
        return []
    color = blackbody_rgb(float(plan.place.lights.temperature))
    at = transform((0.5 * (x0 + x1), 0.5 * (y0 + y1), h - 0.03))
    return [area_light("lobby", at, (0.5, 0.5), 1500 / LUMENS_PER_WATT, color, collection)]


def _radiators(windows: list[Pane], fin: Finishes, collection: bpy.types.Collection) -> list[Part]:
    """Panel radiators under windows that leave room for them."""
    b = MeshBuilder()
    paint = fin.of("painted_metal", (0.80, 0.79, 0.76))
    for pane in windows:
        sill = pane.matrix[2, 3] - 0.5 * pane.height
        if sill < 0.6:
            continue
        with b.at(pane.matrix @ transform((0, -0.17, -0.5 * pane.height - sill + 0.36))):
            b.box((0, 0, 0), (pane.width - 0.2, 0.06, 0.5), paint, bevel=0.006)
            for x in np.arange(-0.5 * pane.width + 0.16, 0.5 * pane.width - 0.12, 0.05):
                b.box((x, -0.031, 0), (0.02, 0.004, 0.44), paint, tint=(0.9,) * 3)
    return part_of(b, "radiators", collection)
