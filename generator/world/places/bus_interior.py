"""A town bus: its inside with podests, bright poles, cab and doors; the street outside."""

import bpy
import numpy as np

from generator.scenario.environments import BusInterior
from generator.scenario.spec import ClipSpec
from generator.site.bus import CAB, KERB, BusPlan
from generator.site.car import HEAD, SILL, WALL
from generator.world.actor import Part, Placement, StaticActor
from generator.world.fittings import LUMENS_PER_WATT, area_light
from generator.world.materials import blackbody_rgb
from generator.world.meshes import MeshBuilder, transform
from generator.world.places.car_interior import Shell, build_doors, build_handles, build_lining, furnish
from generator.world.places.car_outside import BODIES, build_skin
from generator.world.places.lamps import Fitting, build_lamps
from generator.world.places.left_behind import build_left_behind
from generator.world.places.rail_carriage import surroundings, window_light
from generator.world.places.scenery import Road, build_scenery
from generator.world.places.transit_kit import ACCENTS, TransitKit, invented
from generator.world.surroundings import Environment
from generator.world.targets import build_targets

_STREET_LUMENS = 6000.0
_ROAD = -0.27
"""Height of the road against the floor of a bus that kneels, metres."""


def build_bus_interior(spec: ClipSpec, plan: BusPlan, collection: bpy.types.Collection) -> Environment:
    """Builds a bus into a collection."""
    room = spec.environment
    assert isinstance(room, BusInterior)
    kit = TransitKit(spec, ACCENTS[room.accent], room.moquette)
    car, shell = plan.car, Shell(spec, kit, plan.car, room.floor)
    builder, panes, rng = MeshBuilder(), MeshBuilder(), spec.stream("world/bus/fittings")
    sides = (plan.car, plan.blind) if plan.side < 0 else (plan.blind, plan.car)
    build_lining(builder, panes, kit, shell, sides)
    _floor(builder, kit, shell, plan)
    _ends(builder, panes, kit, shell, plan, rng)
    furnish(builder, panes, kit, shell, car, "none", rng)
    _podests(builder, kit, shell, plan)
    _cab(builder, panes, kit, shell, plan)
    _fittings(builder, kit, plan, room.adverts, rng)
    if plan.stands:
        body = kit.finishes.of("painted_metal", BODIES[rng.integers(len(BODIES))])
        build_skin(builder, kit, car, plan.side, body, low=-0.2)
        _wheels(builder, kit, plan)
    n = max(3, round(car.length / 2.6))
    wide, pitch = {"tube": 0.09, "strip": 0.05, "panel": 0.26}[room.lights.fixture], car.length / n
    rows = (0.0,) if room.lights.fixture == "panel" else (-0.42, 0.42)
    places = [transform((0, (k + 0.5) * pitch, car.height), yaw=np.pi / 2) for k in range(n)]
    fittings = [Fitting(place, 0.84 * pitch, wide, rows) for place in places]
    parts, moving = build_lamps(spec, fittings, shell.ceiling, collection, alarm=(0.0, 0.6 * car.length, car.height))
    parts.append(Part(builder.object("bus", collection)))
    parts.append(Part(panes.object("panes", collection), in_labels=False))
    middle = 0.5 * car.length
    sky, outside = surroundings(spec, kit, collection, road=True, middle=middle, closed=False)
    parts += window_light(sky, car.width, car.length, (SILL, HEAD), collection, shaded=False)
    near = plan.edge - 0.5 * car.width - WALL if plan.stands else 0.9
    scenery = build_scenery(
        spec, kit, room.scenery, collection, sides=(-1, 1), half_width=0.5 * car.width + WALL, middle=middle,
        level=_ROAD, road=Road(plan.side, near, KERB - _ROAD),
    )  # fmt: skip
    parts += [part for part in sky.parts if part.object.type == "LIGHT"]
    if plan.stands and room.time != "day":
        parts += _street_light(plan, collection)
    structure = StaticActor(tuple(parts), (), tuple(Placement(np.array(part.object.matrix_world)) for part in parts))
    doors = build_doors(kit, shell, car, plan.opened, collection, (plan.side,))
    left = build_left_behind(spec, kit, plan.site, collection, len(car.handles))
    handles = build_handles(spec, kit, car.handles, collection)
    targets = build_targets(spec, kit.pictures, collection)
    return Environment(
        (structure, *targets, *doors, *left), sky.world, (scenery, *outside, *handles, *moving, *sky.moving), sky.haze
    )


def _street_light(plan: BusPlan, collection: bpy.types.Collection) -> list[Part]:
    """The lamps over the stop: two of some 6,000 lm, as streets with buses have them."""
    parts = []
    for k, y in enumerate((-1.5, 0.62 * plan.car.length)):
        place = transform((plan.side * (plan.edge + 1.6), y, 5.4))
        watts = _STREET_LUMENS / LUMENS_PER_WATT
        parts.append(area_light(f"street light {k}", place, (0.5, 0.2), watts, blackbody_rgb(2900), collection))
    return parts


def _wheels(builder: MeshBuilder, kit: TransitKit, plan: BusPlan) -> None:
    """In arches on the kerb's side."""
    x = plan.side * (0.5 * plan.car.width + WALL + 0.02)
    doors = plan.car.doors
    for y in (2.35, 0.5 * (doors[-1] + plan.car.length) + 0.2):
        for radius, off in ((0.52, 0.0), (0.42, 0.012)):
            ends = ((x - plan.side * 0.05, y, _ROAD + 0.46), (x + plan.side * off, y, _ROAD + 0.46))
            builder.cylinder(*ends, radius, kit.dark, segments=26)
        hub = ((x, y, _ROAD + 0.46), (x + plan.side * 0.03, y, _ROAD + 0.46))
        builder.cylinder(*hub, 0.24, kit.finishes.of("bare_metal"), segments=20)


def _floor(builder: MeshBuilder, kit: TransitKit, shell: Shell, plan: BusPlan) -> None:
    """Low up to the step, raised behind it, with a bright nosing."""
    car, up = plan.car, plan.room.rear_step
    x = 0.5 * car.width + WALL
    pieces = [(0.0, plan.step, 0.0), (plan.step, car.length, up)]
    for y0, y1, z in pieces:
        corners = [(-x, y0, z), (x, y0, z), (x, y1, z), (-x, y1, z)]
        builder.quad(corners, shell.floor, uv=[(cx + x, cy) for cx, cy, _ in corners])
    bright = kit.finishes.of("plastic", (0.80, 0.62, 0.10))
    if up > 0:
        builder.quad([(-x, plan.step, 0), (x, plan.step, 0), (x, plan.step, up), (-x, plan.step, up)], shell.floor)
        builder.box((0, plan.step + 0.02, up - 0.01), (2 * x, 0.05, 0.03), bright, bevel=0.006)
    for y in car.doors:
        builder.box((plan.side * (0.5 * car.width - 0.02), y, 0.003), (0.06, car.door_width, 0.008), bright)
        if plan.stands:
            at = plan.side * 0.5 * (0.5 * car.width + plan.edge)
            builder.box((at, y, -0.03), (plan.edge - 0.5 * car.width, car.door_width, 0.06), kit.steel, bevel=0.006)


def _podests(builder: MeshBuilder, kit: TransitKit, shell: Shell, plan: BusPlan) -> None:
    """What seats stand on: low boxes with a trim, wheel arches under the first rows."""
    trim = kit.finishes.of("plastic", (0.72, 0.56, 0.10))
    for k, seat in enumerate(plan.car.seats):
        ground = plan.room.rear_step if seat.y > plan.step else 0.0
        rise = seat.base - ground
        if rise < 0.03:
            continue
        wide, deep = seat.width + 0.02, min(plan.room.pitch, 0.78) if seat.places < 5 else 0.8
        builder.box((seat.x, seat.y, ground + 0.5 * rise), (wide, deep, rise), shell.floor, skip=("-z",))
        inner = seat.x - np.sign(seat.x) * 0.5 * wide
        if seat.places < 5:
            builder.box((inner, seat.y, seat.base - 0.012), (0.02, deep, 0.03), trim)
        if seat.places < 5 and k % 5 == 1:
            builder.box(
                (seat.x + np.sign(seat.x) * 0.12, seat.y, seat.base + 0.12),
                (wide - 0.3, 0.5, 0.24),
                shell.low,
                bevel=0.05,
            )


def _ends(
    builder: MeshBuilder, panes: MeshBuilder, kit: TransitKit, shell: Shell, plan: BusPlan, rng: np.random.Generator
) -> None:
    """Windscreen over a dashboard in front, a rear window over the last bench, a board that tells the next stop."""
    car = plan.car
    half, high = 0.5 * car.width + WALL, car.height
    for y, low, top in ((-0.5 * WALL, 0.72, high - 0.22), (car.length + 0.5 * WALL, 1.25, high - 0.35)):
        builder.box((0, y, 0.5 * low), (2 * half, WALL, low), shell.wall)
        builder.box((0, y, 0.5 * (top + high)), (2 * half, WALL, high - top), shell.wall)
        for side in (-1, 1):
            builder.box((side * (half - 0.09), y, 0.5 * (low + top)), (0.18, WALL, top - low), shell.wall)
            builder.box((side * (half - 0.19), y, 0.5 * (low + top)), (0.03, WALL + 0.02, top - low), kit.dark)
        for z in (low, top):
            builder.box((0, y, z), (2 * half - 0.34, WALL + 0.02, 0.03), kit.dark)
        a = half - 0.18
        panes.quad([(-a, y, low), (a, y, low), (a, y, top), (-a, y, top)], kit.glass)
    builder.box((0, 0.16, 0.72), (2 * half - 0.25, 0.34, 0.10), kit.dark, bevel=0.03)
    material, (wide, tall) = kit.display("next stop", invented(rng, 3))
    z = high - 0.12
    builder.box((0, 0.42, z), (wide + 0.08, 0.05, tall + 0.06), kit.dark, bevel=0.008)
    e = 0.5 * wide
    face = [
        (e, 0.447, z - 0.5 * tall),
        (-e, 0.447, z - 0.5 * tall),
        (-e, 0.447, z + 0.5 * tall),
        (e, 0.447, z + 0.5 * tall),
    ]
    builder.quad(face, material, uv=[(0, 0), (wide, 0), (wide, tall), (0, tall)])


def _cab(builder: MeshBuilder, panes: MeshBuilder, kit: TransitKit, shell: Shell, plan: BusPlan) -> None:
    """The driver's cab: seat, wheel and console behind a half-height door, with a pane over it and a wall behind."""
    inner, wall = plan.cab
    low, high = sorted((inner, wall))
    middle, wide = 0.5 * (low + high), high - low
    builder.box((inner, 0.5 * CAB + 0.15, 0.52), (0.035, CAB - 0.3, 1.04), shell.low, bevel=0.01)
    builder.box((middle, CAB, 0.55), (wide, 0.04, 1.10), shell.low, bevel=0.01)
    builder.box((middle, CAB, 1.92), (wide, 0.05, 0.05), kit.steel, bevel=0.01)
    builder.cylinder((inner, CAB, 0.0), (inner, CAB, plan.car.height), 0.018, kit.pole)
    panes.quad([(low, CAB, 1.1), (high, CAB, 1.1), (high, CAB, 1.9), (low, CAB, 1.9)], kit.glass)
    panes.quad([(inner, 0.3, 1.04), (inner, CAB, 1.04), (inner, CAB, 1.5), (inner, 0.3, 1.5)], kit.glass)
    builder.box((middle, 0.98, 0.42), (0.48, 0.46, 0.12), kit.cloth, bevel=0.04)
    builder.box((middle, 1.22, 0.82), (0.46, 0.12, 0.78), kit.cloth, bevel=0.04)
    builder.box((middle, 1.0, 0.18), (0.3, 0.3, 0.36), kit.dark)
    builder.box((middle, 0.40, 0.80), (0.62, 0.20, 0.26), kit.shell, bevel=0.04)
    ring = np.linspace(0, 2 * np.pi, 25)
    with builder.at(transform((middle, 0.60, 0.86), pitch=np.radians(28))):
        builder.tube(np.stack([0.22 * np.cos(ring), 0.22 * np.sin(ring), 0 * ring], 1), 0.014, kit.dark, segments=8)
        for turn in (0.0, 2.1, 4.2):
            builder.cylinder((0, 0, -0.02), (0.21 * np.cos(turn), 0.21 * np.sin(turn), 0), 0.012, kit.dark, segments=6)
        builder.cylinder((0, 0, -0.35), (0, 0, -0.01), 0.03, kit.dark)
    builder.box((inner + np.sign(wall - inner) * 0.12, 0.55, 1.10), (0.2, 0.26, 0.14), kit.shell, bevel=0.02)


def _fittings(builder: MeshBuilder, kit: TransitKit, plan: BusPlan, adverts: float, rng: np.random.Generator) -> None:
    """Bell pushes on poles, validators, hammers, notices on the coves, the rail that the poles hold."""
    car, red = plan.car, kit.finishes.of("plastic", (0.68, 0.10, 0.08))
    ready = kit.finishes.of("plastic", (0.16, 0.30, 0.52))
    for k, (x, y) in enumerate(car.poles):
        if k % 2 == 0:
            builder.box((x, y, 1.28), (0.055, 0.05, 0.10), kit.shell, bevel=0.012)
            builder.box((x - np.sign(x) * 0.03, y, 1.28), (0.012, 0.03, 0.03), red, bevel=0.005)
    for x, y in car.poles[-3:]:
        builder.box((x - np.sign(x) * 0.05, y, 1.08), (0.14, 0.12, 0.24), ready, bevel=0.02)
    half, cove = 0.5 * car.width, 0.30
    for side, mine in ((plan.side, car), (-plan.side, plan.blind)):
        for y0, y1 in mine.windows:
            y = 0.5 * (y0 + y1)
            builder.box((side * (half - 0.02), y0 - 0.03, 1.62), (0.05, 0.05, 0.16), red, bevel=0.01)
            if rng.uniform() > adverts:
                continue
            points = []
            for u, along in ((-0.3, 0.06), (0.3, 0.06), (0.3, 0.33), (-0.3, 0.33)):
                drop = along * np.sqrt(0.5)
                points.append((side * (half - drop - 0.006), y - side * u, car.height - cove + drop - 0.006))
            kit.notice(builder, np.array(points), int(rng.integers(8)))
    bar = half - 0.34
    for side in (-1, 1):
        builder.cylinder(
            (side * bar, CAB, car.height - 0.10), (side * bar, car.length - 1.0, car.height - 0.10), 0.016, kit.pole
        )
