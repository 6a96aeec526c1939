"""Builds the training village's street: facades with rooms behind their openings, road and kerbs, lamps, what stands about."""

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.scenario.spec import ClipSpec
from generator.site.mock_street import DEEP, KERB, STOREY, WALL, Facade, Hole, StreetPlan
from generator.site.yard import CARS
from generator.tracks import TRACKS_DOORS
from generator.world.actor import Part, Placement, StaticActor
from generator.world.canvas import stock
from generator.world.cars import build_cars
from generator.world.finishes import Finish, Finishes
from generator.world.materials import linear, principled
from generator.world.meshes import MeshBuilder, transform
from generator.world.outdoor_lamps import Lamp, build_beacon, build_lamps
from generator.world.outskirts import Ground, ground_material
from generator.world.places.outdoor_range import outdoors
from generator.world.sky import build_sky
from generator.world.surroundings import Environment
from generator.world.targets import build_targets
from generator.world.wall_cells import wall_cells
from generator.world.yard_things import build_things, numeral

Array = NDArray[np.float64]

_OTHERS: tuple[Finish, ...] = ("plywood", "concrete_block", "plaster", "brick", "ribbed_metal")
_PANEL = (11.0, 7.0)
"""Metres of wall that a material's soil covers."""

_DOOR_COLOURS = ((0.30, 0.22, 0.16), (0.24, 0.30, 0.36), (0.45, 0.45, 0.43), (0.36, 0.14, 0.12), (0.22, 0.30, 0.22))


def build_mock_street(spec: ClipSpec, plan: StreetPlan, collection: bpy.types.Collection) -> Environment:
    """Builds a street into a collection."""
    place = plan.place
    pictures = stock(spec.stream("world/stock"))
    finishes = Finishes(spec.stream, pictures, place.wear)
    lamps = 12.0 if place.time == "night" else 4.0
    sky = build_sky(spec, collection, pictures, outskirts="mixed", ground="grass", level=-0.05, nearest=75.0,
                    rain=(-plan.line, plan.line, -4.0, place.length), lamps=lamps)  # fmt: skip
    surface: Ground = place.surface
    road = ground_material("road", surface, pictures, spec.stream("world/road"), wear=0.25 + 0.7 * place.wear)
    pavement = finishes.surface("pavement", "paving", (place.pavement, place.length + 14))
    sky.soaked(road, pavement)
    rng = spec.stream("world/street style")
    others = [word for word in _OTHERS if word != place.facade]
    words: list[Finish] = [place.facade, *(others[int(k)] for k in rng.permutation(len(others))[:3])]
    walls = [finishes.surface(f"facade {k}", word, _PANEL, soil="wall") for k, word in enumerate(words)]
    sky.damp(*walls)
    shell = MeshBuilder()
    _ground(shell, plan, road, pavement, finishes, spec.stream("world/kerbs"))
    doors: list[tuple[Array, Hole]] = []
    for k, facade in enumerate(plan.facades):
        doors += _house(shell, plan, facade, walls[facade.finish], finishes, spec.stream(f"world/house/{k}"))
    _end(shell, plan, walls[1], finishes, spec)
    _numbers(shell, plan, spec)
    heads = _lamps(shell, plan, finishes)
    lit, moving = build_lamps(spec, heads, collection, burning=place.time != "day")
    moving += build_beacon(spec, np.array((plan.line - 0.2, 0.5 * place.length, 2.6)), collection)
    parts = [Part(shell.object("street", collection)), *lit, *sky.parts]
    structure = StaticActor(tuple(parts), (), tuple(Placement(np.array(part.object.matrix_world)) for part in parts))
    actors = [*build_targets(spec, pictures, collection), *_leaves(doors, finishes, spec, collection)]
    actors += build_things(plan.things, finishes, collection)
    labelled = sum(thing.labelled for thing in plan.things if thing.what not in CARS)
    actors += build_cars(plan.things, finishes, collection, labelled)
    return outdoors((structure, *actors), sky, moving)


def _ground(
    b: MeshBuilder,
    plan: StreetPlan,
    road: bpy.types.Material,
    pavement: bpy.types.Material,
    f: Finishes,
    rng: np.random.Generator,
) -> None:
    p, kerb, line = plan.place, 0.5 * plan.place.road, plan.line
    y0, y1 = -45.0, p.length + 1.2
    corners = [(-kerb, y0, 0), (kerb, y0, 0), (kerb, y1, 0), (-kerb, y1, 0)]
    b.quad(corners, road, uv=[(x, y) for x, y, _ in corners])
    stone = f.of("concrete")
    for side in (-1, 1):
        flat = [
            (side * kerb, y0, KERB),
            (side * (line + 2.2), y0, KERB),
            (side * (line + 2.2), y1, KERB),
            (side * kerb, y1, KERB),
        ]
        uv = [(abs(x) - kerb, y + 14) for x, y, _ in flat]
        order = [0, 1, 2, 3] if side > 0 else [1, 0, 3, 2]
        b.quad([flat[k] for k in order], pavement, uv=[uv[k] for k in order])
        for y in np.arange(-12, y1 - 0.9, 1.0):
            off, shade = rng.normal(0, 0.004, 2), float(rng.uniform(0.85, 1.1))
            b.box((side * (kerb + 0.065) + off[0], float(y) + 0.5, 0.5 * KERB - 0.05 + off[1]), (0.13, 0.992, KERB + 0.105), stone,
                  bevel=0.012, shift=rng.uniform(0, 2, 2), tint=(shade,) * 3)  # fmt: skip
        gutter = f.of("concrete", (0.33, 0.33, 0.32))
        g = [
            (side * (kerb - 0.28), -12, 0.003),
            (side * kerb, -12, 0.003),
            (side * kerb, y1, 0.003),
            (side * (kerb - 0.28), y1, 0.003),
        ]
        b.quad(g if side > 0 else g[::-1], gutter, uv=[(abs(x), y) for x, y, _ in (g if side > 0 else g[::-1])])
    iron = f.of("steel", (0.22, 0.21, 0.20))
    for y in rng.uniform(1, p.length, 3):
        b.cylinder((rng.normal(0, 0.7), y, 0.0), (rng.normal(0, 0.01), y, 0.004), 0.32, iron, segments=28)
        side = rng.choice([-1, 1])
        b.box((side * (kerb - 0.2), y + 2, 0.004), (0.3, 0.5, 0.008), iron)
    if p.surface == "asphalt" and rng.uniform() < 0.7:
        white = f.of("painted_metal", (0.68, 0.67, 0.63), roughness=0.8)
        for y in np.arange(-10, p.length - 1, 3.0):
            b.box((0, float(y) + 0.75, 0.0015), (0.11, 1.5, 0.003), white, shift=rng.uniform(0, 2, 2))


def _frame(plan: StreetPlan, facade: Facade) -> Array:
    """(4, 4) world from the facade: x along it to the right as seen from the street, y into the house, z up."""
    matrix = np.eye(4)
    if facade.side > 0:
        matrix[:2, 0], matrix[:2, 1], matrix[:2, 3] = (0, -1), (1, 0), (plan.line, facade.end)
    else:
        matrix[:2, 0], matrix[:2, 1], matrix[:2, 3] = (0, 1), (-1, 0), (-plan.line, facade.start)
    return matrix


def _house(
    b: MeshBuilder, plan: StreetPlan, facade: Facade, wall: bpy.types.Material, f: Finishes, rng: np.random.Generator
) -> list[tuple[Array, Hole]]:
    """Front with openings, plain ends and roof, a bare room a storey; gives back where doors hang."""
    length, height = facade.end - facade.start, facade.height
    shade = float(rng.uniform(0.85, 1.1))
    shift = np.array([rng.uniform(0, max(_PANEL[0] - length, 0.1)), 0.0])
    matrix = _frame(plan, facade)
    doors: list[tuple[Array, Hole]] = []
    with b.at(matrix):
        for left, right, low, high in wall_cells(length, height, facade.holes):
            middle = (0.5 * (left + right), 0.5 * WALL, 0.5 * (low + high))
            b.box(
                middle, (right - left, WALL, high - low), wall, shift=shift + (middle[0], middle[2]), tint=(shade,) * 3
            )
        for u, out in ((0.0, -1), (length, 1)):
            ends = [(u, 0, 0), (u, DEEP, 0), (u, DEEP, height), (u, 0, height)]
            b.quad(ends if out > 0 else ends[::-1], wall, tint=(shade,) * 3)
        back = [(length, DEEP, 0), (0, DEEP, 0), (0, DEEP, height), (length, DEEP, height)]
        b.quad(back, wall, tint=(shade,) * 3)
        concrete, timber = f.of("concrete"), f.of("timber")
        b.box(
            (0.5 * length, 0.5 * WALL - 0.02, height + 0.03), (length + 0.06, WALL + 0.12, 0.06), concrete, bevel=0.01
        )
        b.quad(
            [
                (0, 0, height - 0.35),
                (length, 0, height - 0.35),
                (length, DEEP, height - 0.35),
                (0, DEEP, height - 0.35),
            ],
            concrete,
        )
        b.cylinder((0.12, -0.06, 0.15), (0.12, -0.06, height - 0.1), 0.045, f.of("plastic", (0.35, 0.36, 0.36)))
        for storey in range(facade.storeys):
            _room(b, length, storey * STOREY + KERB, f)
        for hole in facade.holes:
            _opening(b, hole, timber, concrete, f, rng)
            if hole.what == "door":
                doors.append((matrix, hole))
    return doors


def _room(b: MeshBuilder, length: float, floor: float, f: Finishes) -> None:
    """The inside, seen through openings."""
    bare, ground = f.of("concrete_block", (0.52, 0.51, 0.49)), f.of("concrete")
    e, d, top = 0.02, DEEP - 0.03, floor + STOREY - 0.15
    b.quad([(e, d, floor), (length - e, d, floor), (length - e, d, top), (e, d, top)], bare)
    b.quad([(e, WALL, floor), (e, d, floor), (e, d, top), (e, WALL, top)], bare)
    b.quad([(length - e, d, floor), (length - e, WALL, floor), (length - e, WALL, top), (length - e, d, top)], bare)
    b.quad([(e, 0.02, floor), (length - e, 0.02, floor), (length - e, d, floor), (e, d, floor)], ground)
    b.quad([(e, d, top), (length - e, d, top), (length - e, WALL, top), (e, WALL, top)], ground)


def _opening(
    b: MeshBuilder,
    hole: Hole,
    timber: bpy.types.Material,
    concrete: bpy.types.Material,
    f: Finishes,
    rng: np.random.Generator,
) -> None:
    """Sill, lintel, and what is in the hole: bars of a frame, or boards."""
    middle, wide = 0.5 * (hole.left + hole.right), hole.right - hole.left
    b.box((middle, 0.5 * WALL - 0.004, hole.top + 0.09), (wide + 0.3, WALL + 0.008, 0.18), concrete, bevel=0.006)
    if hole.what in ("window", "boarded"):
        b.box((middle, 0.07, hole.bottom - 0.03), (wide + 0.1, 0.24, 0.06), concrete, bevel=0.008)
    if hole.what == "boarded":
        with b.at(transform((middle, -0.008, 0.5 * (hole.bottom + hole.top)), roll=rng.normal(0, 0.02))):
            shade = float(rng.uniform(0.7, 1.1))
            b.box(
                (0, 0, 0),
                (wide + 0.16, 0.016, hole.top - hole.bottom + 0.14),
                f.of("plywood"),
                shift=rng.uniform(0, 2, 2),
                tint=(shade,) * 3,
            )
    elif hole.what == "window" and rng.uniform() < 0.55:
        tall = hole.top - hole.bottom
        for u in (hole.left + 0.03, middle, hole.right - 0.03):
            b.box((u, 0.12, hole.bottom + 0.5 * tall), (0.055, 0.06, tall), timber, grain=True, bevel=0.004)
        for z in (hole.bottom + 0.03, hole.top - 0.03):
            b.box((middle, 0.12, z), (wide, 0.06, 0.055), timber, grain=True, bevel=0.004)
    elif hole.what in ("doorway", "door"):
        for u in (hole.left + 0.025, hole.right - 0.025):
            b.box((u, 0.11, 0.5 * hole.top), (0.05, 0.16, hole.top), timber, grain=True, bevel=0.004)
        b.box((middle, 0.11, hole.top - 0.025), (wide, 0.16, 0.05), timber, grain=True, bevel=0.004)


def _leaves(
    doors: list[tuple[Array, Hole]], f: Finishes, spec: ClipSpec, collection: bpy.types.Collection
) -> list[StaticActor]:
    """Leaves of the doors, shut or ajar, each a track."""
    actors = []
    for k, (matrix, hole) in enumerate(doors):
        rng = spec.stream(f"world/street door/{k}")
        colour = _DOOR_COLOURS[int(rng.integers(len(_DOOR_COLOURS)))]
        wide, tall = hole.right - hole.left - 0.11, hole.top - KERB - 0.06
        paint = f.of("painted_metal", colour) if rng.uniform() < 0.5 else f.of("planks", colour)
        builder = MeshBuilder()
        builder.box((0.5 * wide, 0.02, 0.5 * tall), (wide, 0.04, tall), paint, bevel=0.003, shift=rng.uniform(0, 2, 2))
        metal = f.of("bare_metal")
        for face in (-0.004, 0.044):
            builder.box((wide - 0.07, face, 1.02), (0.04, 0.008, 0.18), metal, bevel=0.002)
        builder.tube(
            [(wide - 0.07, -0.01, 1.05), (wide - 0.07, -0.05, 1.05), (wide - 0.19, -0.05, 1.045)], 0.009, metal
        )
        ajar = 0.0 if rng.uniform() < 0.6 else float(rng.uniform(0.2, 1.3))
        at = matrix @ transform((hole.left + 0.055, 0.10, KERB + 0.01), yaw=ajar)
        leaf = builder.object(f"street door {k}", collection)
        leaf.matrix_world = at.T.tolist()
        track = Track(TRACKS_DOORS + k, "door")
        actors.append(StaticActor((Part(leaf, track.track_id),), (track,), (Placement(at),)))
    return actors


def _end(b: MeshBuilder, plan: StreetPlan, wall: bpy.types.Material, f: Finishes, spec: ClipSpec) -> None:
    """A house across the far end, with an archway that is boarded and windows."""
    p, rng = plan.place, spec.stream("world/street end")
    length = 2 * plan.line + 6.0
    bays = max(int(length / 2.6), 2)
    holes = tuple(
        Hole("window" if rng.uniform() < 0.6 else "boarded", u - 0.5, u + 0.5, z + 0.9, z + 2.1)
        for z in (0.0, STOREY) for u in (np.arange(bays) + 0.5) * length / bays if rng.uniform() < p.openings
    )  # fmt: skip
    top = 2 * STOREY + 0.4
    with b.at(transform((-0.5 * length, p.length + 1.0, 0))):
        for left, right, low, high in wall_cells(length, top, holes):
            middle = (0.5 * (left + right), 0.5 * WALL, 0.5 * (low + high))
            b.box(middle, (right - left, WALL, high - low), wall, shift=(middle[0] % _PANEL[0], middle[2]))
        for storey in range(2):
            _room(b, length, storey * STOREY + KERB, f)
        for u, order in ((0.0, -1), (length, 1)):
            ends = [(u, 0, 0), (u, DEEP, 0), (u, DEEP, top), (u, 0, top)]
            b.quad(ends if order > 0 else ends[::-1], wall)
        b.quad(
            [(0, 0, top - 0.3), (length, 0, top - 0.3), (length, DEEP, top - 0.3), (0, DEEP, top - 0.3)],
            f.of("concrete"),
        )
        for hole in holes:
            _opening(b, hole, f.of("timber"), f.of("concrete"), f, rng)


def _numbers(b: MeshBuilder, plan: StreetPlan, spec: ClipSpec) -> None:
    """A stencilled board beside each door: a letter a side, a number a house."""
    rng = spec.stream("world/house numbers")
    letters = [str(x) for x in rng.choice(list("ABCDEFHKLT"), 2, replace=False)]
    for k, facade in enumerate(plan.facades):
        door = next((hole for hole in facade.holes if hole.what in ("door", "doorway")), None)
        if door is None or facade.end < -4:
            continue
        text = f"{letters[facade.side > 0]}{k + 1}"
        board = numeral(f"house {text}", text, rng, (0.80, 0.79, 0.75), (0.12, 0.12, 0.12))
        u = door.right + 0.34 if door.right + 0.7 < facade.end - facade.start else door.left - 0.34
        with b.at(_frame(plan, facade) @ transform((u, -0.012, 1.75))):
            b.box((0, 0, 0), (0.34, 0.02, 0.34), board, shift=(0.25, 0.25))


def _lamps(b: MeshBuilder, plan: StreetPlan, f: Finishes) -> list[Lamp]:
    """Posts with an arm over the road."""
    metal, heads = f.of("painted_metal", (0.30, 0.31, 0.31)), []
    glass = principled("lamp bowl", linear((0.55, 0.55, 0.53)), 0.3)
    for x, y in plan.lamps:
        side, high = np.sign(x), 5.4
        with b.at(transform((x, y, KERB))):
            b.lathe([(0.09, 0.0), (0.09, 1.1), (0.062, 1.15), (0.045, high)], metal, segments=16)
            arm = np.linspace(0, 0.5 * np.pi, 8)
            b.tube(
                np.stack([-side * 0.9 * (1 - np.cos(arm)), 0 * arm, high + 0.4 * np.sin(arm)], 1),
                0.03,
                metal,
                segments=8,
            )
            b.box((-side * 1.15, 0, high + 0.42), (0.62, 0.24, 0.09), metal, bevel=0.02)
            b.box((-side * 1.15, 0, high + 0.368), (0.50, 0.18, 0.02), glass, bevel=0.006)
        heads.append(Lamp(transform((x - side * 1.15, y, KERB + high + 0.352)), (0.46, 0.15)))
    return heads
