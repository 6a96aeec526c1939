"""A shop and a warehouse."""

from collections.abc import Mapping, Sequence

import bpy
import numpy as np

from generator.scenario.environments import Shop, Warehouse
from generator.scenario.spec import ClipSpec
from generator.site.aisles import APRON, Plan
from generator.site.walls import Hole, Partition
from generator.world.actor import Part
from generator.world.canvas import stock
from generator.world.finishes import Finishes
from generator.world.furniture import FURNITURE, Maker, build_things, clutter_makers
from generator.world.goods import shop_makers, warehouse_makers
from generator.world.hall import build_roof
from generator.world.interior import build_interior_ceiling, build_signs, structure_of
from generator.world.lighting import build_lighting
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


def build_shop(spec: ClipSpec, plan: Plan, collection: bpy.types.Collection) -> Environment:
    """Builds a shop into a collection."""
    place = plan.place
    assert isinstance(place, Shop)
    pictures = stock(spec.stream("world/stock"))
    fin = Finishes(spec.stream, pictures, 0.8 * place.wear)
    style, b = spec.stream("world/style"), MeshBuilder()
    paint, other = PAINTS[style.integers(len(PAINTS))], PAINTS[style.integers(len(PAINTS))]
    metal = fin.of("painted_metal", (0.16, 0.17, 0.18) if style.uniform() < 0.5 else (0.70, 0.70, 0.68))
    table = {"room": Skin("plaster", paint, None, 0.09), "outside": Skin("brick")}
    trim = trim_material(other, pictures)
    build_partitions(b, plan.walls, Skins(fin, spec.stream("world/skins"), place.height + 0.1, table), trim)
    size = (place.width, place.length)
    build_floor(b, (0, 0), size, fin.surface("floor", place.floor, size))
    build_interior_ceiling(b, (0, 0), size, place.height, place.ceiling, fin)
    _forecourt(b, place.width, fin, "paving")
    parts = part_of(b, "shell", collection)
    windows = panes_of([plan.walls[0]])
    middle = (0.5 * place.width, 0.5 * place.length)
    parts += build_outside(spec, [*windows, *_openings(plan.walls[0])], middle, collection, ground=-0.1, sun_from=np.pi)
    parts += build_glazing(windows, metal, collection, lights=2)
    parts += build_signs(spec, plan.walls, place.height, fin, collection)
    makers = {**FURNITURE, **clutter_makers(fin), **shop_makers(fin, place.stock)}
    return _with_things(spec, plan, fin, makers, parts, collection)


def build_warehouse(spec: ClipSpec, plan: Plan, collection: bpy.types.Collection) -> Environment:
    """Builds a warehouse into a collection."""
    place = plan.place
    assert isinstance(place, Warehouse)
    pictures = stock(spec.stream("world/stock"))
    fin = Finishes(spec.stream, pictures, place.wear)
    b = MeshBuilder()
    table = {"room": Skin(place.cladding), "outside": Skin("ribbed_metal")}
    trim = trim_material((0.35, 0.36, 0.37), pictures)
    build_partitions(b, plan.walls, Skins(fin, spec.stream("world/skins"), place.height + 1.0, table), trim)
    size = (place.width, place.length)
    build_floor(b, (0, 0), size, fin.surface("floor", "concrete", size))
    _lines(b, plan, fin)
    _forecourt(b, place.width, fin, "asphalt")
    _roller_door(b, plan.walls[0], place.door, fin)
    parts = part_of(b, "shell", collection)
    parts += build_roof(spec, (0.0, 0.0), size, place.height, fin, collection, rooflights=place.rooflights, walls=False)
    middle = (0.5 * place.width, 0.5 * place.length)
    holes = _openings(plan.walls[0], lifted=place.door)
    parts += build_outside(spec, holes, middle, collection, ground=-0.1, sun_from=np.pi)
    parts += build_signs(spec, plan.walls, 1.3, fin, collection)
    makers = {**FURNITURE, **clutter_makers(fin), **warehouse_makers(fin, place.stock)}
    return _with_things(spec, plan, fin, makers, parts, collection)


def _with_things(
    spec: ClipSpec,
    plan: Plan,
    fin: Finishes,
    makers: Mapping[str, Maker],
    parts: list[Part],
    collection: bpy.types.Collection,
) -> Environment:
    lamps, moving = build_lighting(spec, plan.bays, fin.pictures, collection)
    fixed, loose = build_things(plan.things, makers, fin, collection)
    structure = structure_of([*parts, *lamps, *fixed])
    targets = build_targets(spec, fin.pictures, collection)
    doors = build_leaves(spec, plan.walls, fin.pictures, collection)
    return Environment((structure, *targets, *doors, *loose), sky_world(spec), tuple(moving))


def _forecourt(b: MeshBuilder, width: float, fin: Finishes, word: str) -> None:
    """Ground before the entrance, as far as anybody sees from inside."""
    material = fin.of("paving" if word == "paving" else "asphalt")
    build_floor(b, (-20.0, -40.0), (width + 20.0, -0.18), material, z=-0.006)
    if word == "paving":
        kerb = fin.of("concrete")
        b.box((0.5 * width, -APRON - 1.0, -0.04), (width + 40.0, 0.15, 0.09), kerb, bevel=0.01)
        build_floor(b, (-20.0, -40.0), (width + 20.0, -APRON - 1.08), fin.of("asphalt"), z=-0.004)


def _openings(wall: Partition, lifted: float = 1.0) -> list[Pane]:
    """The ways in, as far as they are open, for the daylight that comes by them."""
    panes = []
    for hole in wall.holes:
        share = lifted if hole.kind == "hatch" else 1.0
        if hole.kind in ("doorway", "hatch") and share > 0.05:
            tall = (hole.top - hole.bottom) * share
            middle = wall.matrix @ transform((hole.middle, 0.5 * wall.thick, 0.5 * tall), yaw=np.pi)
            panes.append(Pane(middle, hole.right - hole.left, tall, 0.9))
    return panes


def _lines(b: MeshBuilder, plan: Plan, fin: Finishes) -> None:
    """Worn yellow lines along the racks and before them."""
    paint = fin.surface("floor lines", "concrete", (1.0, 30.0), (0.66, 0.53, 0.12))
    rng = fin.stream("world/lines")
    for thing in plan.things:
        if thing.kind != "rack":
            continue
        x, y, long = thing.place[0], thing.place[1], thing.size[0]
        for side in (-1.0, 1.0):
            at = x + side * (0.5 * thing.size[1] + 0.16)
            if 0.1 < at < plan.place.width - 0.1:
                b.box((at, y, 0.0005), (0.09, long + 0.3, 0.002), paint, shift=rng.uniform(0, 5, 2))
    b.box(
        (0.5 * plan.place.width, 4.9, 0.0006), (plan.place.width - 0.6, 0.09, 0.002), paint, shift=rng.uniform(0, 5, 2)
    )


def _roller_door(b: MeshBuilder, wall: Partition, lifted: float, fin: Finishes) -> None:
    """Slats in their guides, rolled up as far as the door is open; the roll above."""
    found: Sequence[Hole] = [hole for hole in wall.holes if hole.kind == "hatch"]
    paint, dark = fin.of("painted_metal", fin.colour("painted_metal", "roller door")), fin.of("moulded_rubber")
    for hole in found:
        wide, low = hole.right - hole.left, lifted * (hole.top - 0.15)
        with b.at(wall.matrix @ transform((hole.middle, wall.thick, 0))):
            z = low + 0.04
            while z < hole.top + 0.05:
                b.box((0, 0.03, z), (wide + 0.1, 0.025, 0.092), paint, bevel=0.011)
                z += 0.095
            b.box((0, 0.03, low), (wide, 0.05, 0.08), dark, bevel=0.01)
            for side in (-1.0, 1.0):
                b.box(
                    (side * (0.5 * wide + 0.04), 0.03, 0.5 * hole.top), (0.12, 0.09, hole.top), paint, tint=(0.6,) * 3
                )
            b.cylinder(
                (-0.5 * wide - 0.1, 0.24, hole.top + 0.26),
                (0.5 * wide + 0.1, 0.24, hole.top + 0.26),
                0.22,
                paint,
                segments=20,
            )
            for x in (-0.5 * wide - 0.6, 0.5 * wide + 0.6):  # posts against being run into
                b.cylinder((x, 0.35, 0), (x, 0.35, 1.1), 0.08, fin.of("painted_metal", (0.68, 0.55, 0.10)), segments=16)
