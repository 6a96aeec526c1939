"""Builds a car park's deck: slab, ceiling with beams, pillars, parapets, marked bays, strip lamps, ramp, cars."""

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import ClipSpec
from generator.site.car_park import BAY, PARAPET, PILLAR, RAMP_LONG, RAMP_SLOPE, DeckPlan
from generator.site.yard import CARS
from generator.world.actor import Part, Placement, StaticActor
from generator.world.canvas import Canvas, ramp, stock
from generator.world.cars import build_cars
from generator.world.finishes import Finishes
from generator.world.materials import Detail, principled
from generator.world.meshes import MeshBuilder, transform
from generator.world.outdoor_lamps import Lamp, build_beacon, build_lamps
from generator.world.places.outdoor_range import outdoors
from generator.world.sky import build_sky
from generator.world.surroundings import Environment
from generator.world.targets import build_targets
from generator.world.yard_things import build_things, numeral

Array = NDArray[np.float64]

_CODES = ((0.12, 0.30, 0.50), (0.55, 0.38, 0.06), (0.14, 0.38, 0.24), (0.50, 0.14, 0.12), (0.40, 0.22, 0.42))
_BEAM = 0.32
_BEHIND = 8.0
_STOREY = 3.0


def build_car_park(spec: ClipSpec, plan: DeckPlan, collection: bpy.types.Collection) -> Environment:
    """Builds a deck into a collection."""
    place = plan.place
    pictures = stock(spec.stream("world/stock"))
    finishes = Finishes(spec.stream, pictures, place.wear)
    edge = plan.edge
    level = -_STOREY * place.storey - 0.4
    sky = build_sky(spec, collection, pictures, outskirts="town", ground="asphalt", level=level, nearest=80.0,
                    rain=(-edge - 7, edge + 7, -_BEHIND, plan.length), dry=[(-edge - 0.1, edge + 0.1, -60.0, plan.length + 40)],
                    lamps=8.0, roofed=22.0)  # fmt: skip
    shell = MeshBuilder()
    slab = _slab(spec, plan, pictures.grit)
    y0, y1 = -_BEHIND, plan.length
    corners = [(-edge, y0, 0), (edge, y0, 0), (edge, y1, 0), (-edge, y1, 0)]
    shell.quad(corners, slab, uv=[(x + edge, y - y0) for x, y, _ in corners])
    _ceiling(shell, plan, finishes)
    _pillars(shell, plan, finishes, spec)
    for side in (-1, 1):
        _side(shell, plan, side, finishes)
    _ends(shell, plan, finishes, spec)
    _pipes(shell, plan, finishes, spec.stream("world/pipes"))
    heads = _strips(shell, plan, finishes, place.lights.fixture)
    lit, moving = build_lamps(spec, heads, collection, burning=True, most=6)
    moving += build_beacon(spec, np.array((0.0, plan.length - 0.3, place.height - 0.3)), collection)
    parts = [Part(shell.object("deck", collection)), *lit, *sky.parts]
    structure = StaticActor(tuple(parts), (), tuple(Placement(np.array(part.object.matrix_world)) for part in parts))
    actors = [*build_targets(spec, pictures, collection), *build_things(plan.things, finishes, collection)]
    others = sum(thing.labelled for thing in plan.things if thing.what not in CARS)
    actors += build_cars(plan.things, finishes, collection, others)
    return outdoors((structure, *actors), sky, moving)


def _slab(spec: ClipSpec, plan: DeckPlan, grit: bpy.types.Image) -> bpy.types.Material:
    """The deck's surface in one picture: trowelled concrete, tyre lanes, oil in the bays, lines, arrows and numbers."""
    p, edge, rng = plan.place, plan.edge, spec.stream("world/slab")
    wide, long = 2 * edge, plan.length + _BEHIND
    grey = np.array(
        ((0.50, 0.50, 0.49), (0.44, 0.45, 0.46), (0.52, 0.50, 0.46), (0.38, 0.42, 0.40))[int(rng.integers(4))]
    )
    c = Canvas(rng, wide, long, min(46.0, 2000 / long), grey * rng.uniform(0.9, 1.1))
    c.shade(1 + 0.05 * c.noise(5.0, 1.5) + 0.04 * c.noise(0.8, 1.0) + 0.03 * c.noise(0.1, 0.7))
    tracks = np.exp(-(((np.abs(c.x - edge) - 0.75) / 0.45) ** 2))
    c.shade(1 - 0.2 * p.wear * tracks * (1 + 0.3 * c.noise((0.4, 6.0), 1.2)))
    white = np.array(((0.80, 0.79, 0.75), (0.74, 0.64, 0.22))[int(rng.uniform() < 0.3)])
    rubbed = 0.05 + 0.45 * p.wear
    front = 0.5 * p.lane
    for k in range(p.bays + 1):
        y = _BEHIND + k * p.bay_width
        for x in (edge - front - 0.5 * BAY, edge + front + 0.5 * BAY):
            c.rectangle((x, y), (BAY - 0.2, 0.10), white, broken=rubbed, alpha=0.9)
        if k == p.bays:
            continue
        for side in (-1, 1):
            at = np.array((edge + side * (front + 2.6), y + 0.5 * p.bay_width))
            for _ in range(rng.poisson(2 + 5 * p.wear)):
                c.blob(at + rng.normal(0, (0.9, 0.3)), rng.uniform(0.05, 0.32), (0.10, 0.10, 0.10), alpha=rng.uniform(0.15, 0.6),
                       soft=0.04, broken=0.15)  # fmt: skip
            text = f"{2 * k + (side > 0) + 1:02d}"
            c.letters(text, (edge + side * (front + 0.7), y + 0.5 * p.bay_width), 0.34, white, 0.8)
    for y in np.arange(_BEHIND - 4, long - 3, 9.0):
        _arrow(c, np.array((edge, y)), white, rubbed)
    for _ in range(rng.poisson(7)):
        path = np.cumsum(
            [rng.uniform((0.5, 0.5), (wide - 0.5, long - 0.5)), *rng.normal(rng.normal(0, 0.3, 2), 0.2, (8, 2))], 0
        )
        c.polygon(path.clip(0.1, (wide - 0.1, long - 0.1)), (0.16, 0.16, 0.15), 0.8, line=0.02, soft=0.01)
    damp = ramp(c.noise(3.0, 1.8), 1.2, 1.9) * ramp(np.abs(c.x - edge), front, edge)
    c.shade(1 - 0.3 * damp)
    for y in np.arange(0, long, 2 * p.bay_width):
        c.rectangle((edge, float(y)), (wide, 0.03), (0.17, 0.17, 0.17), alpha=0.8)
    image = c.image("slab")
    return principled(
        "slab",
        (1, 1, 1),
        0.5 + 0.2 * p.wear,
        image=image,
        metres=(wide, long),
        detail=Detail(grit, (0.5, 0.5), 0.3, 0.4),
    )


def _arrow(c: Canvas, at: Array, colour: Array, rubbed: float) -> None:
    shaft = [(-0.07, -0.9), (0.07, -0.9), (0.07, 0.3), (-0.07, 0.3)]
    head = [(-0.28, 0.25), (0.28, 0.25), (0.0, 1.0)]
    for outline in (shaft, head):
        c.polygon(at + np.array(outline), colour, 0.85, broken=rubbed)


def _ceiling(b: MeshBuilder, plan: DeckPlan, f: Finishes) -> None:
    p, edge, h = plan.place, plan.edge, plan.place.height
    y0, y1 = -_BEHIND, plan.length
    material = f.surface("deck ceiling", "concrete", (2 * edge, y1 - y0), (0.56, 0.56, 0.54), soil="ceiling")
    top = h + (_BEAM if p.beams else 0.0)
    corners = [(-edge, y0, top), (-edge, y1, top), (edge, y1, top), (edge, y0, top)]
    b.quad(corners, material, uv=[(x + edge, y - y0) for x, y, _ in corners])
    concrete = f.of("concrete")
    if p.beams:
        for k in range(0, p.bays + 1, p.every):
            y = k * p.bay_width
            if y < y1 - 0.2:
                b.box((0, y, h + 0.5 * _BEAM), (2 * edge, 0.38, _BEAM), concrete, bevel=0.012, shift=(0.3 * k, 0.1))
        for side in (-1, 1):
            b.box((side * (edge - 0.15), 0.5 * (y0 + y1), h + 0.5 * _BEAM), (0.3, y1 - y0, _BEAM), concrete)
    # the storey above, seen from inside at the open sides, and the edge of this one from below
    for side in (-1, 1):
        b.box((side * (edge + 0.12), 0.5 * (y0 + y1), top + 0.3), (0.24, y1 - y0, 0.9), concrete)
    b.box((0, 0.5 * (y0 + y1), top + 0.35), (2 * edge, y1 - y0 + 0.4, 0.5), concrete)


def _pillars(b: MeshBuilder, plan: DeckPlan, f: Finishes, spec: ClipSpec) -> None:
    p, rng = plan.place, spec.stream("world/pillars")
    concrete = f.surface("pillar", "concrete", (1.2, 3.2), (0.60, 0.60, 0.58), soil="wall")
    code = _CODES[int(rng.integers(len(_CODES)))]
    letter = str(rng.choice(list("ABCDEFHKLT")))
    band = f.of("painted_metal", code if p.paint == "coded" else (0.66, 0.56, 0.12), roughness=0.6)
    black = f.of("painted_metal", (0.10, 0.10, 0.10), roughness=0.6)
    h = p.height
    for k, (x, y) in enumerate(plan.pillars):
        shade = float(rng.uniform(0.9, 1.08))
        b.box(
            (x, y, 0.5 * h),
            (PILLAR, PILLAR, h),
            concrete,
            bevel=0.025,
            shift=(0.4 + 0.1 * (k % 3), 0.5 * h),
            tint=(shade,) * 3,
        )
        if p.paint == "band":
            for j in range(4):
                b.box(
                    (x, y, 0.16 + 0.22 * j),
                    (PILLAR + 0.006, PILLAR + 0.006, 0.22),
                    band if j % 2 else black,
                    bevel=0.02,
                )
        elif p.paint == "coded":
            b.box((x, y, 1.55), (PILLAR + 0.006, PILLAR + 0.006, 0.75), band, bevel=0.02)
            board = numeral(f"pillar {k}", f"{letter}{k // 2 + 1}", rng, code, (0.85, 0.84, 0.80))
            b.box((x, y - 0.5 * PILLAR - 0.006, 1.6), (0.36, 0.008, 0.36), board, shift=(0.25, 0.25))


def _side(b: MeshBuilder, plan: DeckPlan, side: int, f: Finishes) -> None:
    """A wall, or a parapet with the sky above it."""
    p, edge, h = plan.place, plan.edge, plan.place.height
    y0, y1 = -_BEHIND, plan.length
    long, mid = y1 - y0, 0.5 * (y0 + y1)
    concrete = f.of("concrete", (0.58, 0.57, 0.55))
    x = side * (edge + 0.1)
    if plan.side_height(side) > 1.5:
        wall = f.surface(f"deck wall {side}", "concrete_block", (long, h + 0.5), soil="wall")
        top = h + (_BEAM if p.beams else 0.0)
        corners = [(side * edge, y0, 0), (side * edge, y1, 0), (side * edge, y1, top), (side * edge, y0, top)]
        b.quad(corners if side < 0 else corners[::-1], wall,
               uv=[(y - y0, z) for _, y, z in (corners if side < 0 else corners[::-1])])  # fmt: skip
        b.box((x + 0.1 * side, mid, 0.5 * h), (0.2, long, h + 0.6), concrete)
        return
    b.box((x, mid, -0.25), (0.24, long, 0.5), concrete)
    if p.parapet == "concrete":
        b.box((x, mid, 0.5 * PARAPET), (0.16, long, PARAPET), concrete, bevel=0.015)
        return
    metal = f.of("painted_metal", (0.36, 0.38, 0.39))
    b.box((x, mid, 0.09), (0.18, long, 0.18), concrete, bevel=0.012)
    for y in np.arange(y0 + 0.3, y1, 1.6):
        b.box((x, float(y), 0.5 * PARAPET), (0.06, 0.06, PARAPET), metal)
    b.box((x, mid, PARAPET), (0.07, long, 0.05), metal, bevel=0.012)
    if p.parapet == "rails":
        for z in (0.32, 0.50, 0.68, 0.86):
            b.cylinder((x, y0, z), (x, y1, z), 0.017, metal, segments=8)
        b.box((x - 0.12 * side, mid, 0.5), (0.06, long, 0.28), f.of("ribbed_metal", (0.60, 0.61, 0.61)))
        return
    for y in np.arange(y0, y1, 0.12):  # bars of a mesh panel
        b.box((x, float(y), 0.5 * (PARAPET + 0.18)), (0.012, 0.012, PARAPET - 0.18), metal)
    for z in (0.4, 0.62, 0.84):
        b.box((x, mid, z), (0.012, long, 0.012), metal)


def _ends(b: MeshBuilder, plan: DeckPlan, f: Finishes, spec: ClipSpec) -> None:
    """Wall behind; ahead the stairs' core with a door and a letter, and the ramp under its own ceiling."""
    p, edge, h = plan.place, plan.edge, plan.place.height
    top = h + (_BEAM if p.beams else 0.0)
    y1, s = plan.length, plan.ramp_side
    wall = f.surface("deck end", "concrete_block", (edge, top), soil="wall", dado=(1.1, (0.30, 0.32, 0.34)))
    concrete = f.of("concrete", (0.54, 0.54, 0.52))
    core = [(0.0, y1, 0.0), (-s * edge, y1, 0.0), (-s * edge, y1, top), (0.0, y1, top)]
    order = core if s < 0 else core[::-1]
    b.quad(order, wall, uv=[(abs(x), z) for x, _, z in order])
    b.quad([(edge, -_BEHIND, 0), (-edge, -_BEHIND, 0), (-edge, -_BEHIND, top), (edge, -_BEHIND, top)], wall)
    door = f.of("painted_metal", (0.34, 0.40, 0.44))
    x = -s * 0.45 * edge
    b.box((x, y1 - 0.03, 1.03), (1.02, 0.06, 2.06), f.of("painted_metal", (0.25, 0.26, 0.27)), bevel=0.004)
    b.box((x, y1 - 0.055, 1.02), (0.92, 0.05, 2.0), door, bevel=0.004)
    b.box((x + 0.22, y1 - 0.082, 1.45), (0.16, 0.008, 0.6), principled("core pane", (0.02, 0.024, 0.026), 0.08))
    b.tube(
        [(x + 0.36, y1 - 0.08, 1.05), (x + 0.36, y1 - 0.13, 1.05), (x + 0.24, y1 - 0.13, 1.05)],
        0.010,
        f.of("bare_metal"),
    )
    board = numeral("storey", str(p.storey), spec.stream("world/storey"), (0.12, 0.22, 0.36), (0.85, 0.85, 0.82))
    b.box((x - 1.1, y1 - 0.012, 1.65), (0.46, 0.02, 0.46), board, shift=(0.25, 0.25))
    _ramp(b, plan, f, concrete)


def _ramp(b: MeshBuilder, plan: DeckPlan, f: Finishes, concrete: bpy.types.Material) -> None:
    """Runs on behind the deck's end: up to the light of the next storey or down into the dark."""
    p, s, y1 = plan.place, plan.ramp_side, plan.length
    near, far = s * 0.25, s * (plan.edge - 0.2)
    left, right = min(near, far), max(near, far)
    rise = RAMP_SLOPE * RAMP_LONG * (1 if p.ramp == "up" else -1)
    tall = p.height + 0.25
    y2, y3 = y1 + RAMP_LONG, y1 + RAMP_LONG + 6.0
    surface = f.surface("ramp", "concrete", (right - left, RAMP_LONG + 7), (0.46, 0.46, 0.45))
    for (ya, za), (yb, zb) in (((y1, 0.0), (y2, rise)), ((y2, rise), (y3, rise))):
        b.quad([(left, ya, za), (right, ya, za), (right, yb, zb), (left, yb, zb)], surface,
               uv=[(0, ya - y1), (right - left, ya - y1), (right - left, yb - y1), (0, yb - y1)])  # fmt: skip
        b.quad([(left, yb, zb + tall), (right, yb, zb + tall), (right, ya, za + tall), (left, ya, za + tall)], concrete)
        b.quad([(left, ya, za), (left, yb, zb), (left, yb, zb + tall), (left, ya, za + tall)], concrete)
        b.quad([(right, yb, zb), (right, ya, za), (right, ya, za + tall), (right, yb, zb + tall)], concrete)
    b.quad([(left, y3, rise), (right, y3, rise), (right, y3, rise + tall), (left, y3, rise + tall)], concrete)
    yellow, black = f.of("painted_metal", (0.66, 0.54, 0.10)), f.of("painted_metal", (0.10, 0.10, 0.10))
    for k in range(8):
        b.box((near, y1 - 0.06, 0.14 + 0.2 * k), (0.2, 0.14, 0.2), yellow if k % 2 else black, bevel=0.01)
    # what hangs over the ramp's mouth: a striped bar at the height that is let through
    for k in range(10):
        x = left + (k + 0.5) * (right - left) / 10
        b.box((x, y1 - 0.35, p.height - 0.12), ((right - left) / 10, 0.05, 0.13), yellow if k % 2 else black)
    top = p.height + (_BEAM if p.beams else 0.0)
    b.quad(
        [(right, y1, p.height + 0.1), (left, y1, p.height + 0.1), (left, y1, top + 0.3), (right, y1, top + 0.3)][::-1],
        concrete,
    )
    outer = s * plan.edge
    b.quad([(outer, y1, 0), (far, y1, 0), (far, y1, top), (outer, y1, top)][::-s], concrete)
    b.quad([(0, y1, 0), (near, y1, 0), (near, y1, top), (0, y1, top)][::s], concrete)


def _pipes(b: MeshBuilder, plan: DeckPlan, f: Finishes, rng: np.random.Generator) -> None:
    """Pipes and cable trays under the ceiling."""
    h, y0, y1 = plan.place.height, -_BEHIND, plan.length
    red, grey = f.of("painted_metal", (0.45, 0.12, 0.10)), f.of("painted_metal", (0.58, 0.58, 0.56))
    x = float(rng.choice([-1, 1]) * (0.5 * plan.place.lane + 0.1))
    b.cylinder((x, y0, h - 0.10), (x, y1, h - 0.10), 0.04, red, segments=12)
    for y in np.arange(y0 + 1, y1, 2.8):
        b.cylinder((x, float(y), h - 0.10), (x, float(y), h - 0.17), 0.012, red, segments=8)
        b.box((x, float(y), h - 0.05), (0.03, 0.03, 0.14), grey)
    b.box((-x, 0.5 * (y0 + y1), h - 0.09), (0.22, y1 - y0, 0.05), f.of("ribbed_metal", (0.62, 0.62, 0.61)))
    for side in (-1, 1):
        for y in rng.uniform(0, y1, 2):
            b.cylinder((side * (plan.edge - 0.12), y, 0), (side * (plan.edge - 0.12), y, h), 0.055, grey, segments=12)


def _strips(b: MeshBuilder, plan: DeckPlan, f: Finishes, fixture: str) -> list[Lamp]:
    """Rows of strip lamps: over both edges of the lane."""
    p, heads = plan.place, []
    body = f.of("painted_metal", (0.72, 0.72, 0.70))
    wide = 0.09 if fixture == "strip" else 0.055
    rows = (-0.5 * p.lane + 0.7, 0.5 * p.lane - 0.7)
    for k, y in enumerate(np.arange(-_BEHIND + 2.2, plan.length - 0.8, 2 * p.bay_width)):
        for x in rows if k % 2 == 0 or p.lane > 7 else rows[::-1]:
            at = transform((x, float(y), p.height - 0.11), yaw=0.5 * np.pi)
            with b.at(at):
                b.box((0, 0, 0.04), (1.3, wide + 0.04, 0.07), body, bevel=0.008)
                for end in (-0.5, 0.5):
                    b.cylinder((end, 0, 0.07), (end, 0, 0.42 if p.beams else 0.11), 0.008, body, segments=6)
            heads.append(Lamp(at, (1.22, wide)))
    return heads
