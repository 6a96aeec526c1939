"""A platform under ground or in the open: what it is made of, a train at it, the platform opposite, and their light."""

import bpy
import numpy as np

from generator.scenario.environments import StationPlatform
from generator.scenario.spec import ClipSpec
from generator.site.station import HOLE, OPPOSITE, SPACING, StationPlan
from generator.world.actor import Actor, Part, Placement, StaticActor
from generator.world.fittings import LUMENS_PER_WATT, area_light
from generator.world.materials import blackbody_rgb
from generator.world.meshes import MeshBuilder, transform
from generator.world.outskirts import ground_material
from generator.world.places.car_interior import Shell, build_doors, build_shell, furnish, put_notices
from generator.world.places.car_outside import BODIES, build_skin, build_underframe
from generator.world.places.lamps import Fitting, build_lamps
from generator.world.places.left_behind import build_left_behind
from generator.world.places.platform_parts import (
    Slab,
    build_bed,
    build_bench,
    build_bin,
    build_board,
    build_column,
    build_poster,
    build_roof,
    build_slab,
)
from generator.world.places.scenery import RAIL
from generator.world.places.transit_kit import ACCENTS, TransitKit
from generator.world.sky import build_sky
from generator.world.surroundings import Environment
from generator.world.targets import build_targets

_SKIRT = -0.55
"""Height of the lower edge of a carriage's skirt, metres."""

_BEYOND = 34.0
"""Metres that tracks go on past the platform's ends."""

_BED = RAIL - 0.2
_CAR_LUMENS = 9000.0
"""Of all lamps of one carriage at the platform; an estimate of some 25 fittings of 18 W tubes behind covers."""


def build_station_platform(spec: ClipSpec, plan: StationPlan, collection: bpy.types.Collection) -> Environment:
    """Builds a station into a collection."""
    room = spec.environment
    assert isinstance(room, StationPlatform)
    kit = TransitKit(spec, ACCENTS[room.accent], ("stripes", "checks", "dots")[spec.variant % 3])
    builder, rng = MeshBuilder(), spec.stream("world/station/parts")
    tunnel = room.station == "tunnel"
    _platform(builder, kit, plan, rng)
    _tracks(spec, builder, kit, plan)
    _opposite(builder, kit, plan, rng)
    fittings = _tunnel(builder, kit, plan) if tunnel else _open(builder, kit, plan, rng)
    alarm = (0.62 * room.width, 0.5 * room.length + 1.0, room.height - 0.02)
    enamel = kit.finishes.of("laminate", (0.75, 0.75, 0.73))
    parts, moving = build_lamps(spec, fittings, enamel, collection, alarm=alarm)
    parts.append(Part(builder.object("station", collection)))
    train, doors = _train(spec, kit, plan, collection) if room.train != "none" else ([], [])
    parts += train
    haze = None
    rain: tuple[Actor, ...] = ()
    if tunnel:
        world = bpy.data.worlds.new("under ground")
        world.use_nodes = True
        world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.0, 0.0, 0.0, 1.0)
        world.cycles.sampling_method = "NONE"
    else:
        reach = (plan.opposite - OPPOSITE - 1.0, room.width + 4.0, -8.0, room.length + 8.0)
        sky = build_sky(
            spec, collection, kit.pictures, outskirts="town", ground="gravel", level=_BED - 0.04, nearest=45.0, rain=reach,
            dry=((0.2, room.width + 0.5, 0.0, room.length),), lamps=40.0,
        )  # fmt: skip
        parts += sky.parts
        world, rain, haze = sky.world, sky.moving, sky.haze
    structure = StaticActor(tuple(parts), (), tuple(Placement(np.array(part.object.matrix_world)) for part in parts))
    left = build_left_behind(spec, kit, plan.site, collection)
    targets = build_targets(spec, kit.pictures, collection)
    return Environment((structure, *targets, *doors, *left), world, (*moving, *rain), haze)


def _platform(builder: MeshBuilder, kit: TransitKit, plan: StationPlan, rng: np.random.Generator) -> None:
    """Slab with its furniture; the opening of the stairs, with a balustrade and steps that go down."""
    room = plan.room
    x, y = plan.hole
    low = y - 0.5 * HOLE[1]
    floor = kit.finishes.surface("platform", room.floor, (room.width, room.length))
    slab = Slab(0.0, 1, room.width, (0.0, low), bed=_BED)
    build_slab(builder, kit, slab, floor)
    build_slab(builder, kit, Slab(0.0, 1, x - 0.5 * HOLE[0], (low, room.length), bed=_BED), floor)
    rest = [(x + 0.5 * HOLE[0], low), (room.width, low), (room.width, room.length), (x + 0.5 * HOLE[0], room.length)]
    builder.quad([(*corner, 0.0) for corner in rest], floor, uv=rest)
    end = [(x - 0.5 * HOLE[0], low + HOLE[1]), (x + 0.5 * HOLE[0], low + HOLE[1])]
    end += [(x + 0.5 * HOLE[0], room.length), (x - 0.5 * HOLE[0], room.length)]
    builder.quad([(*corner, 0.0) for corner in end], floor, uv=end)
    _stairs(builder, kit, plan)
    band = kit.finishes.of("painted_metal", kit.accent)
    for column in plan.columns:
        build_column(builder, kit, column, room.column, band)
    for bench in plan.benches:
        build_bench(builder, kit, bench, np.pi / 2)
    for bin_ in plan.bins:
        build_bin(builder, kit, bin_)
    for k, column in enumerate(plan.columns[1::2]):
        if rng.uniform() < 0.3 + 0.7 * room.boards:
            at = column.outline.mean(0)
            build_board(
                builder, kit, f"board {k}", np.array((at[0] - 1.35, at[1], room.height - 0.55)), room.height, rng
            )


def _stairs(builder: MeshBuilder, kit: TransitKit, plan: StationPlan) -> None:
    """Steps down towards +y, or an escalator's combs and balustrades; a railing round the opening but at its head."""
    (x, y), (wide, long) = plan.hole, HOLE
    low = y - 0.5 * long
    concrete, tile = kit.finishes.of("concrete", (0.42, 0.41, 0.40)), kit.finishes.of("wall_tile")
    rise, going = 0.17, 0.30
    moving = plan.room.exit == "escalator"
    tread = kit.finishes.of("ribbed_metal", (0.30, 0.31, 0.32)) if moving else concrete
    bright = kit.finishes.of("plastic", (0.80, 0.64, 0.10))
    for k in range(int(long / going)):
        z, at = -rise * (k + 1), low + going * (k + 0.5)
        builder.box((x, at, z - 0.4), (wide, going, 0.8), tread)
        builder.box((x, at - 0.5 * going + 0.025, z + 0.001), (wide, 0.05, 0.006), bright)
    for side in (-1, 1):
        edge = x + side * 0.5 * wide
        builder.box((edge, y, -1.4), (0.10, long, 2.8), tile)
        if moving:
            inner = x + side * 0.36
            for at in (edge - side * 0.12, inner):
                builder.box((at, y - 0.2, 0.35), (0.16, long + 0.5, 0.75), kit.steel, bevel=0.05)
                builder.box((at, y - 0.2, 0.86), (0.09, long + 0.9, 0.06), kit.dark, bevel=0.025)
            continue
        for z in (0.55, 1.05):
            builder.cylinder((edge, low, z), (edge, low + long, z), 0.022, kit.pole, segments=10)
        for at in np.linspace(low, low + long, 5):
            builder.cylinder((edge, float(at), 0), (edge, float(at), 1.05), 0.02, kit.pole, segments=8)
    for z in (0.55, 1.05):
        builder.cylinder((x - 0.5 * wide, low + long, z), (x + 0.5 * wide, low + long, z), 0.022, kit.pole, segments=10)
    builder.box((x, low + long + 0.05, -1.4), (wide, 0.1, 2.8), tile)
    if moving:
        builder.box(
            (x, low - 0.5, 0.004), (wide - 0.5, 1.0, 0.012), kit.finishes.of("ribbed_metal", (0.45, 0.46, 0.47))
        )


def _tracks(spec: ClipSpec, builder: MeshBuilder, kit: TransitKit, plan: StationPlan) -> None:
    """Two tracks, and what lies between them."""
    rng, ends = spec.stream("world/station/tracks"), (-_BEYOND, plan.room.length + _BEYOND)
    ballast = ground_material("ballast", "gravel", kit.pictures, rng, metres=8)
    for x in (plan.track, plan.track - SPACING):
        build_bed(builder, kit, x, ends, _BED, ballast)
    paper = kit.finishes.of("cardboard")
    for _ in range(int(4 + 14 * plan.room.clutter)):
        at = (
            plan.track - SPACING * rng.integers(2) + rng.normal(0, 0.8),
            rng.uniform(0, plan.room.length),
            _BED + 0.02,
        )
        with builder.at(transform(at, yaw=rng.uniform(0, 6), pitch=rng.normal(0, 0.3))):
            builder.box(
                (0, 0, 0),
                (rng.uniform(0.06, 0.2), rng.uniform(0.05, 0.15), 0.012),
                paper,
                tint=(rng.uniform(0.7, 1.5),) * 3,
            )


def _opposite(builder: MeshBuilder, kit: TransitKit, plan: StationPlan, rng: np.random.Generator) -> None:
    """The other platform with benches, boards and posters on its wall."""
    room, edge = plan.room, plan.opposite
    floor = kit.finishes.of(room.floor)
    slab = Slab(edge, -1, OPPOSITE, (0.0, room.length), bed=_BED)
    build_slab(builder, kit, slab, floor)
    wall, tall, long = edge - OPPOSITE, room.height, room.length
    material = kit.finishes.surface(
        "opposite wall", room.wall, (long, tall), soil="wall", dado=(1.1, kit.accent) if rng.uniform() < 0.4 else None
    )
    corners = [(wall, 0, 0), (wall, long, 0), (wall, long, tall), (wall, 0, tall)]
    builder.quad(corners, material, uv=[(0, 0), (long, 0), (long, tall), (0, tall)])
    band = kit.finishes.of("painted_metal", kit.accent)
    builder.box((wall + 0.02, 0.5 * long, 2.35), (0.03, long, 0.22), band)
    for y in np.arange(2.0, long - 2.0, 3.6):
        if rng.uniform() < 0.2 + 0.8 * room.boards:
            size = ((1.7, 1.1), (2.6, 1.3))[rng.integers(2)]
            build_poster(builder, kit, np.array((wall + 0.01, y, 1.55)), -np.pi / 2, size, int(rng.integers(8)))
    for y in np.arange(5.0, long - 4.0, 9.0):
        with builder.at(transform((wall + 0.42, y, 0.0), yaw=-np.pi / 2)):
            builder.box((0, 0.05, 0.44), (1.8, 0.42, 0.05), kit.finishes.of("planks"), bevel=0.01)
            for at in (-0.7, 0.7):
                builder.box((at, 0.05, 0.21), (0.06, 0.36, 0.42), kit.pole, bevel=0.01)


def _back(builder: MeshBuilder, kit: TransitKit, plan: StationPlan, rng: np.random.Generator, tall: float) -> None:
    """The wall behind the platform with its posters."""
    room = plan.room
    long, wide = room.length, room.width
    material = kit.finishes.surface("back wall", room.wall, (long, tall), soil="wall")
    corners = [(wide, long, 0), (wide, 0, 0), (wide, 0, tall), (wide, long, tall)]
    builder.quad(corners, material, uv=[(0, 0), (long, 0), (long, tall), (0, tall)])
    builder.box(
        (wide - 0.02, 0.5 * long, min(2.35, tall - 0.2)),
        (0.03, long, 0.22),
        kit.finishes.of("painted_metal", kit.accent),
    )
    builder.box((wide - 0.012, 0.5 * long, 0.07), (0.024, long, 0.14), kit.dark)
    for y in np.arange(1.6, long - 1.6, 2.9):
        if rng.uniform() < 0.15 + 0.75 * room.boards:
            build_poster(builder, kit, np.array((wide - 0.012, y, 1.62)), np.pi / 2, (1.7, 1.15), int(rng.integers(8)))


def _tunnel(builder: MeshBuilder, kit: TransitKit, plan: StationPlan) -> list[Fitting]:
    """Walls, a ceiling with beams, cable trays and ducts, ends with portals into the dark; rows of fittings."""
    room, rng = plan.room, plan.room
    wide, long, tall = room.width, room.length, room.height
    draws = np.random.Generator(np.random.Philox(round(1e6 * room.columns)))
    _back(builder, kit, plan, draws, tall)
    left = plan.opposite - OPPOSITE
    ceiling = kit.finishes.surface("ceiling", "concrete", (wide - left, long), soil="ceiling")
    corners = [(left, 0, tall), (left, long, tall), (wide, long, tall), (wide, 0, tall)]
    builder.quad(corners, ceiling, uv=[(x - left, y) for x, y, _ in corners])
    beam = kit.finishes.of("concrete", (0.50, 0.49, 0.47))
    for column in plan.columns:
        y = float(column.outline[:, 1].mean())
        builder.box((0.5 * (left + wide), y, tall - 0.14), (wide - left, 0.34, 0.28), beam)
    tray = kit.finishes.of("bare_metal")
    for x, z, r in ((wide - 0.5, 0.22, 0.10), (wide - 0.9, 0.16, 0.05), (0.25, 0.20, 0.06)):
        builder.cylinder((x, 0, tall - z), (x, long, tall - z), r, tray, segments=10)
    dark = kit.finishes.of("concrete", (0.16, 0.155, 0.15))
    lining = plan.track - SPACING - 2.1
    for end, way in ((0.0, -1), (long, 1)):
        y = end + way * 0.1
        builder.box((0.5 * wide, y, 0.5 * tall), (wide, 0.2, tall), kit.finishes.of(room.wall))
        builder.box((0.5 * (left + plan.opposite), y, 0.5 * tall), (OPPOSITE, 0.2, tall), kit.finishes.of(room.wall))
        builder.box((0.5 * plan.opposite, y, tall - 0.02), (-plan.opposite, 0.2, max(2 * (tall - 2.9), 0.1)), beam)
        far = end + way * _BEYOND
        for x in (lining + 0.0, 0.0):
            builder.quad([(x, end, _BED), (x, far, _BED), (x, far, 3.0), (x, end, 3.0)], dark)
        builder.quad([(lining, end, 2.95), (lining, far, 2.95), (0, far, 2.95), (0, end, 2.95)], dark)
        builder.quad([(lining, far, _BED), (0, far, _BED), (0, far, 3.0), (lining, far, 3.0)], dark)
    for x in (left + 1.4, 1.7, 0.84 * wide):
        builder.box((x, 0.5 * long, tall - 0.21), (0.12, long, 0.05), tray)
    rows = [1.7, 0.84 * wide] if wide > 5.5 else [0.5 * wide]
    n = max(3, round(long / (5.2 if rng.lights.fixture != "panel" else 4.0)))
    pitch = long / n
    out = [
        Fitting(transform((x, (k + 0.5) * pitch, tall - 0.24), yaw=np.pi / 2), 0.72 * pitch, 0.14)
        for x in rows
        for k in range(n)
    ]
    out += [
        Fitting(transform((left + 1.4, (k + 0.5) * 2 * pitch, tall - 0.24), yaw=np.pi / 2), 1.1 * pitch, 0.14)
        for k in range(n // 2)
    ]
    return out


def _open(builder: MeshBuilder, kit: TransitKit, plan: StationPlan, rng: np.random.Generator) -> list[Fitting]:
    """A canopy over the platform and one opposite, the wall behind, a fence beyond the ends."""
    room = plan.room
    wide, long, tall = room.width, room.length, room.height
    _back(builder, kit, plan, rng, tall)
    covered = (0.0, max(0.75 * long, plan.hole[1] + 3.0))
    build_roof(builder, kit, (0.25, wide + 0.3), (covered[0], min(covered[1], long)), tall)
    left = plan.opposite - OPPOSITE
    build_roof(builder, kit, (left - 0.2, plan.opposite - 0.4), (0.2 * long, 0.7 * long), tall)
    steel = kit.finishes.of("painted_metal", kit.accent)
    for y in np.arange(0.22 * long, 0.7 * long, 6.0):
        builder.box((left + 1.3, float(y), 0.5 * tall), (0.2, 0.2, tall), steel, bevel=0.01)
    fence = kit.finishes.of("bare_metal")
    for end in (-0.05, long + 0.05):
        for a, b in ((0.3, wide), (left, plan.opposite - 0.3)):
            for z in np.arange(0.3, 1.3, 0.2):
                builder.cylinder((a, end, float(z)), (b, end, float(z)), 0.014, fence, segments=6)
    for end in (-22.0, long + 22.0):
        for x in (plan.track - 0.5 * SPACING,):
            builder.box((x, end, _BED + 3.6), (0.25, 0.2, 7.2), kit.finishes.of("concrete"))
            builder.box((x, end, _BED + 6.2), (5.6, 0.08, 0.08), kit.finishes.of("concrete"))
    signal = kit.finishes.of("plastic", (0.05, 0.05, 0.05))
    builder.box((plan.track + 1.0, long + 6.0, 1.3), (0.35, 0.25, 0.9), signal, bevel=0.03)
    builder.cylinder((plan.track + 1.0, long + 6.05, _BED), (plan.track + 1.0, long + 6.05, 1.0), 0.06, fence)
    n = max(3, round(min(covered[1], long) / 5.5))
    pitch = min(covered[1], long) / n
    z = tall - 0.26
    return [Fitting(transform((0.42 * wide, (k + 0.5) * pitch, z), yaw=np.pi / 2), 0.5 * pitch, 0.14) for k in range(n)]


def _train(
    spec: ClipSpec, kit: TransitKit, plan: StationPlan, collection: bpy.types.Collection
) -> tuple[list[Part], list[StaticActor]]:
    """The carriage at the platform with its inside and doors, and its like before and behind it."""
    car, shell = plan.car, Shell(spec, kit, plan.car, "vinyl")
    builder, panes, rng = MeshBuilder(), MeshBuilder(), spec.stream("world/car/seats")
    build_shell(builder, panes, kit, shell, car)
    furnish(builder, panes, kit, shell, car, "metal", rng)
    put_notices(builder, kit, car, 0.5, rng)
    body = kit.finishes.of("painted_metal", BODIES[rng.integers(len(BODIES))])
    for side in (-1, 1):
        build_skin(builder, kit, car, side, body, low=_SKIRT)
    build_underframe(builder, kit, car, _SKIRT, RAIL)
    mesh, glazing = builder.object("carriage", collection), panes.object("carriage panes", collection)
    parts: list[Part] = []
    doors: list[StaticActor] = []
    lamp = blackbody_rgb(4200)
    for k in (0, -1, 1):
        y = plan.at[1] + k * (car.length + 1.3)
        place = transform((plan.at[0], y, 0.0))
        for first, in_labels in ((mesh, True), (glazing, False)):
            thing = first if k == 0 else bpy.data.objects.new(f"{first.name} {k}", first.data)
            if k != 0:
                collection.objects.link(thing)
            thing.matrix_world = place.T.tolist()
            parts.append(Part(thing, in_labels=in_labels))
        above = place @ transform((0, 0.5 * car.length, car.height - 0.05))
        watts = _CAR_LUMENS / LUMENS_PER_WATT
        parts.append(area_light(f"carriage lamp {k}", above, (0.9, car.length - 1.0), watts, lamp, collection))
        opened = (
            plan.opened if k == 0 else frozenset(range(len(car.doors))) if plan.room.train == "open" else frozenset()
        )
        for actor in build_doors(kit, shell, car, opened, collection):
            for part in actor.parts:
                part.object.matrix_world = place.T.tolist()
            if k == 0:
                doors.append(StaticActor(actor.parts, actor.tracks, (Placement(place),) * len(actor.parts)))
            else:  # others' doors are structure: their tracks would be the same
                parts += [Part(part.object, in_labels=part.in_labels) for part in actor.parts]
    return parts, doors
