"""A carriage at a platform or under way: its inside, what stands or goes by outside, the light of both."""

from dataclasses import replace

import bpy
import numpy as np

from generator.scenario.environments import RailCarriage
from generator.scenario.spec import ClipSpec
from generator.site.car import HEAD, SILL, WALL
from generator.site.rail import BEYOND, PLATFORM_WIDTH, RailPlan
from generator.world.actor import Actor, Part, Placement, StaticActor
from generator.world.fittings import area_light
from generator.world.meshes import MeshBuilder, transform
from generator.world.places.car_interior import (
    Shell,
    build_doors,
    build_handles,
    build_shell,
    car_fittings,
    furnish,
    put_notices,
)
from generator.world.places.car_outside import BODIES, build_skin
from generator.world.places.lamps import Fitting, build_lamps
from generator.world.places.left_behind import build_left_behind
from generator.world.places.platform_parts import Slab, build_board, build_column, build_poster, build_roof, build_slab
from generator.world.places.scenery import RAIL, Passing, build_scenery
from generator.world.places.transit_kit import ACCENTS, TransitKit
from generator.world.sky import Sky, build_sky
from generator.world.surroundings import Environment
from generator.world.targets import build_targets

_ROOF = 3.3
"""Height of the platform's roof above it, metres."""


def build_rail_carriage(spec: ClipSpec, plan: RailPlan, collection: bpy.types.Collection) -> Environment:
    """Builds a carriage into a collection."""
    room = spec.environment
    assert isinstance(room, RailCarriage)
    kit = TransitKit(spec, ACCENTS[room.accent], room.moquette)
    car, shell = plan.car, Shell(spec, kit, plan.car, room.floor)
    builder, panes = MeshBuilder(), MeshBuilder()
    build_shell(builder, panes, kit, shell, car)
    furnish(builder, panes, kit, shell, car, room.racks, spec.stream("world/car/seats"))
    put_notices(builder, kit, car, room.adverts, spec.stream("world/car/notices"))
    fittings = car_fittings(car, room.lights.fixture, spec.stream("world/car/lamps"))
    if plan.stands:
        body = kit.finishes.of("painted_metal", BODIES[spec.stream("world/car/body").integers(len(BODIES))])
        build_skin(builder, kit, car, 1, body, low=-0.55)
        fittings += _platform(spec, builder, kit, plan)
    alarm = (0.5, 0.5 * car.length, car.height)
    parts, moving = build_lamps(spec, fittings, shell.ceiling, collection, alarm=alarm)
    parts.append(Part(builder.object("carriage", collection)))
    parts.append(Part(panes.object("panes", collection), in_labels=False))
    under_ground = room.scenery == "tunnel"
    sky, outside = surroundings(spec, kit, collection, road=False, middle=0.5 * car.length, closed=under_ground)
    if not under_ground:
        parts += window_light(sky, car.width, car.length, (SILL, HEAD), collection, shaded=plan.stands)
    sides = (-1,) if plan.stands else (-1, 1)
    scenery = build_scenery(
        spec, kit, room.scenery, collection, sides=sides, half_width=0.5 * car.width + WALL, middle=0.5 * car.length
    )
    parts += [part for part in sky.parts if part.object.type == "LIGHT" and not under_ground]
    structure = StaticActor(tuple(parts), (), tuple(Placement(np.array(part.object.matrix_world)) for part in parts))
    doors = build_doors(kit, shell, car, plan.opened, collection)
    targets = build_targets(spec, kit.pictures, collection)
    left = build_left_behind(spec, kit, plan.site, collection, len(car.handles))
    handles = build_handles(spec, kit, car.handles, collection)
    rain = () if under_ground else sky.moving
    return Environment(
        (structure, *targets, *doors, *left), sky.world, (scenery, *outside, *handles, *moving, *rain),
        None if under_ground else sky.haze,
    )  # fmt: skip


def surroundings(
    spec: ClipSpec, kit: TransitKit, collection: bpy.types.Collection, *, road: bool, middle: float, closed: bool
) -> tuple[Sky, list[Actor]]:
    """Sky, and far ground and skyline that are left behind; under ground only darkness."""
    sky = build_sky(
        spec, collection, kit.pictures, ground=None if closed else ("asphalt" if road else "grass"),
        level=(RAIL - 0.9) if not road else -0.5, nearest=150.0, rain=(-9.0, 9.0, -4.0, 2 * middle + 4.0),
        dry=((-1.6, 1.6, -1.0, 2 * middle + 1.0),), lamps=5.0,
    )  # fmt: skip
    if closed:
        world = bpy.data.worlds.new("under ground")
        world.use_nodes = True
        world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.0, 0.0, 0.0, 1.0)
        world.cycles.sampling_method = "NONE"
        for part in sky.parts:
            collection.objects.unlink(part.object)
        return replace(sky, world=world, parts=()), []
    solid = tuple(part for part in sky.parts if part.object.type != "LIGHT")
    return sky, [Passing(solid, (0.0,) * len(solid), 0.0, middle)] if solid else []


def window_light(
    sky: Sky,
    width: float,
    length: float,
    heights: tuple[float, float],
    collection: bpy.types.Collection,
    *,
    shaded: bool,
) -> list[Part]:
    """The sky's light through the windows: a lamp along either side outside, which only the panes let in.

    The world's own picture is found by bounces alone, too rarely in here.
    """
    radiance = sky.horizon * 0.8
    strength = float(radiance @ (0.2126, 0.7152, 0.0722))
    if strength < 1e-5:
        return []
    low, high = heights
    parts = []
    for side in (-1, 1):
        under_roof = 0.25 if shaded and side > 0 else 1.0
        place = transform((side * (0.5 * width + 0.35), 0.5 * length, 0.5 * (low + high) + 0.15), yaw=side * np.pi / 2)
        place = place @ transform(pitch=np.pi / 2)
        watts = np.pi * strength * under_roof * length * (high - low)
        parts.append(
            area_light(
                f"window light {side}", place, (length, high - low), float(watts), radiance / strength, collection
            )
        )
    return parts


def _platform(spec: ClipSpec, builder: MeshBuilder, kit: TransitKit, plan: RailPlan) -> list[Fitting]:
    """The platform that it stands at, up to its wall and roof; its fittings."""
    car, rng = plan.car, spec.stream("world/platform")
    ends = (-BEYOND, car.length + BEYOND)
    slab = Slab(plan.edge, 1, PLATFORM_WIDTH, ends, bed=RAIL - 0.2)
    floor = kit.finishes.surface("platform", "paving", (PLATFORM_WIDTH - 0.36, ends[1] - ends[0]))
    build_slab(builder, kit, slab, floor)
    for k in plan.opened:
        y = car.doors[k]
        x = 0.5 * (0.5 * car.width + plan.edge)
        builder.box((x, y, -0.012), (plan.edge - 0.5 * car.width - 0.02, car.door_width, 0.02), kit.steel, bevel=0.004)
    back = plan.edge + PLATFORM_WIDTH
    wall = kit.finishes.surface("platform wall", "wall_tile", (ends[1] - ends[0], _ROOF), soil="wall")
    long = ends[1] - ends[0]
    corners = [
        (back - 0.1, ends[1], 0),
        (back - 0.1, ends[0], 0),
        (back - 0.1, ends[0], _ROOF),
        (back - 0.1, ends[1], _ROOF),
    ]
    builder.quad(corners, wall, uv=[(0, 0), (long, 0), (long, _ROOF), (0, _ROOF)])
    build_roof(builder, kit, (plan.edge - 0.1, back + 0.2), ends, _ROOF)
    columns = [solid for solid in plan.site.solids if solid.name == "column"]
    kind = ("round", "square", "steel")[rng.integers(3)]
    band = kit.finishes.of("painted_metal", kit.accent)
    for solid in columns:
        build_column(builder, kit, solid, kind, band)
    for y in np.arange(ends[0] + 2.0, ends[1] - 2.0, 2.7):
        if rng.uniform() < 0.7:
            build_poster(builder, kit, np.array((back - 0.1, y, 1.65)), np.pi / 2, (1.7, 1.1), int(rng.integers(8)))
    for y in (0.15 * car.length, 0.8 * car.length):
        build_board(builder, kit, f"board {y:.0f}", np.array((plan.edge + 2.2, y, 2.75)), _ROOF, rng)
    return [
        Fitting(transform((plan.edge + 1.9, y, _ROOF - 0.26), yaw=np.pi / 2), 3.4, 0.14)
        for y in np.arange(ends[0] + 3, ends[1], 8.0)
    ]
