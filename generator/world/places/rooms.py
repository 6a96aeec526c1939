"""The rooms of a shoot-house."""

from dataclasses import replace

import bpy
import numpy as np

from generator.scenario.environments import ShoothouseRooms
from generator.scenario.spec import ClipSpec
from generator.site.bays import Bay, bays_of
from generator.site.rooms import APRON, Plan
from generator.world.actor import Actor, Part, Placement, StaticActor
from generator.world.canvas import stock
from generator.world.finishes import Finish, Finishes
from generator.world.furniture import FURNITURE, build_things, clutter_makers
from generator.world.hall import build_roof
from generator.world.lighting import build_lighting
from generator.world.meshes import MeshBuilder
from generator.world.outside import sky_world
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
from generator.world.sky import build_sky
from generator.world.stock import STOCK
from generator.world.surroundings import Environment
from generator.world.targets import build_targets

_AROUND = 5.0
"""Metres of hall around the rooms."""

_HALL = 5.5
"""Height of its eaves, metres."""


def build_shoothouse_rooms(spec: ClipSpec, plan: Plan, collection: bpy.types.Collection) -> Environment:
    """Builds the rooms into a collection."""
    place = plan.place
    pictures = stock(spec.stream("world/stock"))
    fin = Finishes(spec.stream, pictures, place.wear)
    style = spec.stream("world/style")
    timber = fin.of("timber")
    raw = place.wall in ("plywood", "planks")
    walls, bays = plan.walls, _bays(plan)
    b = MeshBuilder()
    trim = timber if raw else trim_material(PAINTS[style.integers(len(PAINTS))], pictures)
    build_partitions(b, walls, _skins(spec, place, fin), trim, raw=raw)
    size = (place.width, place.length)
    build_floor(b, (0, 0), size, fin.surface("floor", place.floor, size))
    parts: list[Part] = []
    moving: list[Actor] = []
    low, high = (-_AROUND, -_AROUND - APRON), (place.width + _AROUND, place.length + _AROUND)
    world, haze = sky_world(spec), None
    if place.roof == "open":
        sky = build_sky(spec, collection, pictures, ground="gravel", level=-0.04, nearest=30.0)
        world, haze = sky.world, sky.haze
        parts += sky.parts
        moving += sky.moving
        build_floor(b, (-1.0, -APRON - 1), (place.width + 1.0, -0.07), fin.of("concrete"), z=-0.003)
        _timbers(b, plan, fin)
    else:
        build_floor(b, low, high, fin.of("concrete"), z=-0.004)
        rooflights = float(style.uniform(0.2, 0.9)) if place.roof == "hall" else 0.1
        parts += build_roof(spec, low, high, _HALL, fin, collection, rooflights=rooflights)
        if place.roof == "ceiling":
            _ceiling(b, plan, fin)
    parts += part_of(b, "shell", collection)
    lamps, failing = build_lighting(spec, bays, pictures, collection)
    parts += lamps
    moving += failing
    makers = {**FURNITURE, **STOCK, **clutter_makers(fin)}
    fixed, loose = build_things(plan.things, makers, fin, collection)
    parts += fixed
    placements = tuple(Placement(np.array(part.object.matrix_world)) for part in parts)
    structure = StaticActor(tuple(parts), (), placements)
    targets = build_targets(spec, pictures, collection)
    doors = build_leaves(spec, walls, pictures, collection)
    return Environment((structure, *targets, *doors, *loose), world, tuple(moving), haze)


def _bays(plan: Plan) -> tuple[Bay, ...]:
    """Rooms under their own ceiling or beams; else the bays of the hall, its lamps high above the walls."""
    place = plan.place
    if place.roof == "hall":
        return bays_of((-1.0, -1.0), (place.width + 1.0, place.length + 1.0), _HALL - 0.4, 6.0)
    return tuple(replace(bay, height=bay.height - (0.02 if place.roof == "open" else 0.0)) for bay in plan.bays)


def _skins(spec: ClipSpec, place: ShoothouseRooms, fin: Finishes) -> Skins:
    rng = spec.stream("world/skins")
    paint, dado = PAINTS[rng.integers(len(PAINTS))], PAINTS[rng.integers(len(PAINTS))]
    word: Finish = place.wall
    painted = place.wall in ("painted_board", "concrete_block")
    colour = paint if painted else None
    below = (1.1, (0.5 * dado[0], 0.5 * dado[1], 0.52 * dado[2])) if painted and rng.uniform() < 0.5 else None
    tall = float(rng.choice([0.0, 0.09])) if place.wall == "painted_board" else 0.0
    table = {
        "inner": Skin(word, colour, below, tall),
        "outer": Skin(word if rng.uniform() < 0.6 else "plywood", colour),
    }
    return Skins(fin, rng, place.height, table)


def _ceiling(b: MeshBuilder, plan: Plan, fin: Finishes) -> None:
    place = plan.place
    size = (place.width + 0.26, place.length + 0.26)
    rng = fin.stream("world/ceiling")
    sheets: Finish = "painted_board" if place.wall in ("painted_board", "concrete_block") else "plywood"
    colour = (0.80, 0.79, 0.76) if sheets == "painted_board" else None
    material = fin.surface("ceiling", sheets, size, colour, soil="ceiling")
    build_floor(b, (-0.13, -0.13), (size[0] - 0.13, size[1] - 0.13), material, z=place.height, up=False)
    build_floor(b, (-0.13, -0.13), (size[0] - 0.13, size[1] - 0.13), material, z=place.height + 0.05)
    if sheets == "plywood":
        for y in np.arange(rng.uniform(0.2, 0.5), place.length, 0.61):
            at = (0.5 * place.width, float(y), place.height - 0.07)
            shade = float(rng.uniform(0.8, 1.15))
            b.box(
                at,
                (place.width, 0.038, 0.14),
                fin.of("timber"),
                grain=True,
                shift=rng.uniform(0, 1, 2),
                tint=(shade,) * 3,
            )


def _timbers(b: MeshBuilder, plan: Plan, fin: Finishes) -> None:
    """Beams across open rooms, from which lamps hang, and plates along the tops of the walls."""
    rng = fin.stream("world/timbers")
    for x0, y0, x1, y1 in plan.rooms:
        n = max(round((y1 - y0) / 2.6), 1)
        for k in range(n):
            y = y0 + (k + 0.5) * (y1 - y0) / n
            at = (0.5 * (x0 + x1), y, plan.place.height + 0.05)
            b.box(
                at, (x1 - x0 + 0.1, 0.045, 0.14), fin.of("timber"), bevel=0.003, grain=True, shift=rng.uniform(0, 1, 2)
            )
    for wall in plan.walls:
        with b.at(wall.matrix):
            at = (0.5 * wall.length, 0.5 * wall.thick, wall.height + 0.018)
            b.box(
                at,
                (wall.length, wall.thick + 0.02, 0.036),
                fin.of("timber"),
                bevel=0.003,
                grain=True,
                shift=rng.uniform(0, 1, 2),
            )
