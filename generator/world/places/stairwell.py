"""A stairwell."""

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import ClipSpec
from generator.site.corridor import DoorPlan
from generator.site.stairwell import LOBBY, RAIL, SLAB, Flight, Plan
from generator.world.actor import Part, StaticActor
from generator.world.canvas import stock
from generator.world.doors import DOOR_COLOURS, build_leaf
from generator.world.finishes import Finish, Finishes, glass
from generator.world.fittings import LUMENS_PER_WATT, area_light
from generator.world.interior import build_signs, structure_of
from generator.world.lighting import build_lighting
from generator.world.materials import Detail, blackbody_rgb, principled
from generator.world.meshes import MeshBuilder, transform
from generator.world.outside import build_glazing, build_outside, panes_of, sky_world
from generator.world.shell import PAINTS, Skin, Skins, build_floor, build_partitions, part_of, trim_material
from generator.world.surroundings import Environment
from generator.world.targets import build_targets

Array = NDArray[np.float64]

_WAIST = 0.24
"""Thickness of a flight under its steps, plumb, metres."""


def build_stairwell(spec: ClipSpec, plan: Plan, collection: bpy.types.Collection) -> Environment:
    """Builds a stairwell into a collection."""
    place = plan.place
    pictures = stock(spec.stream("world/stock"))
    fin = Finishes(spec.stream, pictures, place.wear)
    style, b = spec.stream("world/style"), MeshBuilder()
    paint, other = PAINTS[style.integers(len(PAINTS))], PAINTS[style.integers(len(PAINTS))]
    painted = place.wall in ("plaster", "concrete_block")
    table = {
        "room": Skin(place.wall, paint if painted else None),
        "outside": Skin("concrete"),
    }
    trim = trim_material(other, pictures)
    build_partitions(b, plan.walls, Skins(fin, spec.stream("world/skins"), plan.height, table), trim)
    if painted and style.uniform() < 0.6:
        _dado(b, plan, fin, (0.5 * other[0], 0.5 * other[1], 0.52 * other[2]))
    word: Finish = place.steps
    tread = fin.of(word)
    soffit = fin.of("plaster", (0.80, 0.79, 0.77)) if place.steps != "steel" else fin.of("painted_metal")
    _landings(b, plan, fin, soffit)
    edge = fin.of("moulded_rubber", (0.09, 0.09, 0.09) if style.uniform() < 0.6 else (0.62, 0.52, 0.12))
    for flight in plan.flights:
        _flight(b, flight, tread, edge, soffit)
    _under(b, plan, fin)
    parts = _lobby(b, plan, fin, collection)
    parts += part_of(b, "shell", collection)
    parts += _railings(plan, fin, collection)
    windows = panes_of([plan.walls[2]], 0.75)
    middle = (0.5 * plan.width, 0.5 * plan.depth)
    parts += build_outside(spec, windows, middle, collection, ground=-0.2, sun_from=0.0)
    parts += build_glazing(windows, fin.of("painted_metal", (0.72, 0.72, 0.70)), collection, lights=2)
    parts += build_signs(spec, plan.walls, 1.2, fin, collection)
    lamps, moving = build_lighting(spec, plan.bays, pictures, collection)
    structure = structure_of([*parts, *lamps])
    targets = build_targets(spec, pictures, collection)
    doors = _doors(spec, plan, fin, collection)
    return Environment((structure, *targets, *doors), sky_world(spec), tuple(moving))


def _dado(b: MeshBuilder, plan: Plan, fin: Finishes, colour: tuple[float, float, float]) -> None:
    """A band of gloss paint on the side walls of the landings, a hair before the plaster."""
    paint = fin.of("plaster", colour, roughness=0.4)
    for y0, y1, z in plan.landings:
        for x in (0.002, plan.width - 0.002):
            low, high = (y1, y0) if x > 0.5 * plan.width else (y0, y1)
            corners = [(x, low, z), (x, high, z), (x, high, z + 1.1), (x, low, z + 1.1)]
            b.quad(corners, paint)


def _landings(b: MeshBuilder, plan: Plan, fin: Finishes, soffit: bpy.types.Material) -> None:
    w = plan.width
    for k, (y0, y1, z) in enumerate(plan.landings):
        size = (w, y1 - y0)
        floor = fin.surface(f"landing {k}", plan.place.steps, size)
        build_floor(b, (0, y0), (w, y1), floor, z=z)
        if k == 0:
            continue
        build_floor(b, (0, y0), (w, y1), soffit, z=z - SLAB, up=False)
        front = y1 if y0 == 0.0 else y0
        if y0 == 0.0:
            b.quad([(w, front, z - SLAB), (0, front, z - SLAB), (0, front, z), (w, front, z)], soffit)
        else:
            b.quad([(0, front, z - SLAB), (w, front, z - SLAB), (w, front, z), (0, front, z)], soffit)
    build_floor(b, (0, plan.place.landing), (w, plan.depth), fin.of("concrete"), z=0.0)
    roof = fin.surface("ceiling", "plaster", (w, plan.depth), (0.82, 0.81, 0.79), soil="ceiling")
    build_floor(b, (0, 0), (w, plan.depth), roof, z=plan.height, up=False)


def _flight(
    b: MeshBuilder, flight: Flight, tread: bpy.types.Material, edge: bpy.types.Material, soffit: bpy.types.Material
) -> None:
    """Steps of one piece with their sloping underside; strips on the nosings."""
    n, r, g = flight.steps, flight.riser, flight.going
    wide = flight.right - flight.left
    right = flight.right if flight.way > 0 else flight.left
    frame = transform((right, flight.foot, flight.low), yaw=flight.way * np.pi / 2)
    with b.at(frame):
        top = [(0.0, 0.0)]
        for k in range(n):
            top += [(k * g, (k + 1) * r)]
            if k < n - 1:
                top += [((k + 1) * g, (k + 1) * r)]
        end = (n - 1) * g
        outline = np.array([*top, (end, n * r - _WAIST), (0.0, r - _WAIST)])
        b.extrude(outline[::-1], wide, tread)
        slope = [
            (0, 0, r - _WAIST - 0.004),
            (0, wide, r - _WAIST - 0.004),
            (end, wide, n * r - _WAIST - 0.004),
            (end, 0, n * r - _WAIST - 0.004),
        ]
        b.quad(slope, soffit)
        for k in range(n):
            b.box((k * g + 0.022, 0.5 * wide, (k + 1) * r + 0.0015), (0.045, wide - 0.06, 0.005), edge)


def _under(b: MeshBuilder, plan: Plan, fin: Finishes) -> None:
    """The wall that closes what is under the second flight on the ground."""
    place, flight = plan.place, plan.flights[1]
    x, y0, y1 = place.flight, place.landing, plan.half
    z0, z1 = flight.high - _WAIST, flight.low - _WAIST + flight.riser
    wall = fin.of(place.wall)
    # from the landing's end, where the flight is high, to the half landing
    side = np.array([(x, y0, 0.0), (x, y1, 0.0), (x, y1, z1), (x, y0, z0)])
    b.quad(side, wall, uv=side[:, 1:])
    b.quad([(0, y0, 0), (x, y0, 0), (x, y0, z0), (0, y0, z0)], wall)
    b.quad([(x, y1, 0), (plan.width, y1, 0), (plan.width, y1, z1), (x, y1, z1)], wall)
    dark = fin.of("painted_metal")
    b.box((0.5 * x, y0 - 0.012, 0.95), (min(0.7, x - 0.2), 0.03, 1.85), dark, bevel=0.004)
    b.cylinder((0.5 * x + 0.25, y0 - 0.03, 1.0), (0.5 * x + 0.25, y0 - 0.07, 1.0), 0.012, fin.of("bare_metal"))


def _railings(plan: Plan, fin: Finishes, collection: bpy.types.Collection) -> list[Part]:
    place, b, sheet = plan.place, MeshBuilder(), MeshBuilder()
    rng = fin.stream("world/railing")
    steel = fin.of("painted_metal", fin.colour("painted_metal", "railing"))
    rail = fin.of("veneer") if rng.uniform() < 0.5 else steel
    pane = glass("railing glass", (0.86, 0.93, 0.90), 0.03)
    for flight in plan.flights:
        foot, head = flight.points()
        for x, well in ((flight.left, flight.way > 0), (flight.right, flight.way < 0)):
            inward = 1.0 if x == flight.left else -1.0
            at = x - 0.03 * inward if well else x + 0.06 * inward
            a = np.array([at, foot[1] + flight.way * flight.going, flight.low + flight.riser])
            c = np.array([at, head[1], head[2]])
            b.tube([a + (0, 0, RAIL), 0.5 * (a + c) + (0, 0, RAIL), c + (0, 0, RAIL)], 0.021, rail, segments=10)
            if not well:
                for share in np.linspace(0.08, 0.92, 4):
                    p = a + share * (c - a) + (0, 0, RAIL)
                    b.cylinder(p - (0, 0, 0.03), p - (0.06 * inward, 0, 0.06), 0.007, steel, segments=6)
                continue
            _filled(b, sheet, a, c, place.railing, (steel, pane, fin.of("plaster", (0.76, 0.75, 0.72))))
    x0, x1, y, z = place.flight, plan.width, place.landing - 0.03, plan.landings[-1][2]
    a, c = np.array([x0, y, z]), np.array([x1, y, z])
    b.tube(
        [a + (0, 0, RAIL + 0.1), 0.5 * (a + c) + (0, 0, RAIL + 0.1), c + (0, 0, RAIL + 0.1)], 0.021, rail, segments=10
    )
    _filled(b, sheet, a, c, place.railing, (steel, pane, fin.of("plaster", (0.76, 0.75, 0.72))))
    for k, (y0, _, z) in enumerate(plan.landings[1:]):  # across the gap between the flights
        y = (y0 + 0.03) if k % 2 == 0 else place.landing - 0.03
        a, c = np.array([place.flight - 0.03, y, z + RAIL]), np.array([plan.width - place.flight + 0.03, y, z + RAIL])
        b.tube([a, 0.5 * (a + c), c], 0.021, rail, segments=8)
        b.tube([a - (0, 0, 0.45), 0.5 * (a + c) - (0, 0, 0.45), c - (0, 0, 0.45)], 0.012, steel)
    parts = part_of(b, "railings", collection)
    if sheet.triangles:
        parts.append(Part(sheet.object("railing panes", collection), in_labels=False))
    return parts


def _filled(
    b: MeshBuilder,
    sheet: MeshBuilder,
    a: Array,
    c: Array,
    kind: str,
    materials: tuple[bpy.types.Material, bpy.types.Material, bpy.types.Material],
) -> None:
    """What is between a handrail and the line from a to c: bars, mesh, glass or a parapet."""
    steel, pane, plaster = materials
    long = float(np.linalg.norm(c - a))
    posts = np.linspace(0, 1, max(round(long / 1.1), 1) + 1)
    for share in posts:
        p = a + share * (c - a)
        b.cylinder(p - (0, 0, 0.2), p + (0, 0, RAIL), 0.018, steel, segments=8)
    if kind == "bars":
        for share in np.arange(0.06, long, 0.115) / long:
            p = a + share * (c - a)
            b.cylinder(p + (0, 0, 0.06), p + (0, 0, RAIL - 0.01), 0.007, steel, segments=6)
        b.tube([a + (0, 0, 0.06), 0.5 * (a + c) + (0, 0, 0.06), c + (0, 0, 0.06)], 0.012, steel)
        return
    low, high = (0.05, RAIL - 0.08) if kind != "solid" else (-0.2, RAIL - 0.02)
    corners = np.array([a + (0, 0, low), c + (0, 0, low), c + (0, 0, high), a + (0, 0, high)])
    if kind == "glass":
        sheet.quad(corners, pane)
    elif kind == "solid":
        out = np.cross(c - a, (0, 0, 1.0))
        out = 0.02 * out / np.linalg.norm(out)
        b.quad(corners + out, plaster)
        b.quad((corners - out)[::-1], plaster)
        b.quad([corners[3] + out, corners[2] + out, corners[2] - out, corners[3] - out], plaster)
    else:
        for share in np.arange(0.03, long, 0.055) / long:
            p = a + share * (c - a)
            b.cylinder(p + (0, 0, low), p + (0, 0, high), 0.0025, steel, segments=4)
        for z in np.arange(low, high, 0.055):
            b.tube([a + (0, 0, z), 0.5 * (a + c) + (0, 0, z), c + (0, 0, z)], 0.0025, steel, segments=4)


def _doors(spec: ClipSpec, plan: Plan, fin: Finishes, collection: bpy.types.Collection) -> list[StaticActor]:
    """The shut doors on the landings above."""
    style = spec.stream("world/door style")
    colour = DOOR_COLOURS[style.integers(len(DOOR_COLOURS))]
    grime = Detail(fin.pictures.grime, (1.6, 1.6), 0.7, 0.4)
    steel = principled("door steel", (0.42, 0.42, 0.43), 0.35, 0.95, detail=grime)
    south = plan.walls[0]
    out = []
    for k, x in enumerate(plan.doors):
        door = DoorPlan(k, 0, x + 0.2, 0.92, 2.06, int(style.choice([-1, 1])), 0.0, (0.0, 0.0, 0.0), False)
        wall = south.matrix @ transform((0, south.thick - 0.10, (k + 1) * plan.place.rise))
        look = (colour, (True, bool(style.uniform() < 0.6)), "SRTN"[k])
        out.append(build_leaf(spec, door, wall, look, (grime, steel), collection))
    return out


def _lobby(b: MeshBuilder, plan: Plan, fin: Finishes, collection: bpy.types.Collection) -> list[Part]:
    """The passage that the wearer comes from, and the linings of the landings' doors."""
    x0, x1, y0, y1, h = plan.entrance - 1.2, plan.entrance + 1.2, -LOBBY, -0.2, 2.5
    wall = fin.of("plaster")
    build_floor(b, (x0, y0), (x1, 0.0), fin.of(plan.place.steps))
    build_floor(b, (x0, y0), (x1, y1), wall, z=h, up=False)
    for a, c in (((x0, y1), (x0, y0)), ((x0, y0), (x1, y0)), ((x1, y0), (x1, y1))):
        b.quad([(*c, 0), (*a, 0), (*a, h), (*c, h)], wall)
    frame = fin.of("painted_metal", (0.45, 0.46, 0.46))
    for k, x in enumerate(plan.doors):
        z = (k + 1) * plan.place.rise
        for side in (-1.0, 1.0):
            b.box((x + side * 0.495, 0.02, z + 1.05), (0.07, 0.05, 2.1), frame, bevel=0.004)
        b.box((x, 0.02, z + 2.095), (0.92, 0.049, 0.07), frame, bevel=0.004)
    if plan.place.lights.emergency:
        return []
    color = blackbody_rgb(float(plan.place.lights.temperature))
    place = transform((plan.entrance, 0.5 * (y0 + y1), h - 0.03))
    return [area_light("lobby", place, (0.5, 0.5), 900 / LUMENS_PER_WATT, color, collection)]
