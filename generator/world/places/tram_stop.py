"""Builds the tram stop: platform with kerb and guiding strips, track bed with rails, shelters, pillar, poles and wire, the tram."""

import bpy
import numpy as np

from generator.scenario.spec import ClipSpec
from generator.site.tram_stop import AISLE, StopPlan
from generator.world.actor import Part, Placement, StaticActor
from generator.world.canvas import Canvas, stock
from generator.world.digits_board import matrix_board
from generator.world.finishes import Finishes, glass
from generator.world.fittings import LUMENS_PER_WATT, area_light
from generator.world.materials import blackbody_rgb, emission, principled
from generator.world.meshes import MeshBuilder, transform
from generator.world.outdoor_lamps import Lamp, build_beacon, build_lamps
from generator.world.outskirts import Ground, ground_material
from generator.world.places.outdoor_range import outdoors
from generator.world.sky import build_sky
from generator.world.surroundings import Environment
from generator.world.targets import build_targets
from generator.world.tram import COLOURS, build_tram, stuff_of
from generator.world.yard_things import build_things

_GAUGE = 1.435
_SECOND = 3.3
"""Metres from one track's middle to the other's."""

_SHELTER_LUMENS = 1800.0
_PAST = 28.0
"""Metres that platform and tracks run on before and behind."""


def build_tram_stop(spec: ClipSpec, plan: StopPlan, collection: bpy.types.Collection) -> Environment:
    """Builds a stop into a collection."""
    place = plan.place
    pictures = stock(spec.stream("world/stock"))
    finishes = Finishes(spec.stream, pictures, place.wear)
    lamps = 12.0 if place.time == "night" else 4.0
    back = -place.width
    roofs = [(back, back + 1.3, y - 2.0, y + 2.0) for y in plan.shelters]
    sky = build_sky(spec, collection, pictures, outskirts="town", ground="asphalt", level=-place.kerb - 0.02, nearest=42.0,
                    rain=(back - 3, 8.0, -5.0, place.length + 4),
                    dry=[(0.0, 2.5, plan.start - 1.2, plan.end + 1.2), *roofs],
                    lamps=lamps, roofed=4.0)  # fmt: skip
    floor = finishes.surface("platform", place.floor, (place.width, place.length + 8))
    word: Ground = place.bed
    bed = ground_material("track bed", word, pictures, spec.stream("world/bed"), wear=0.3 + 0.5 * place.wear)
    road = ground_material("road", "asphalt", pictures, spec.stream("world/road"), wear=0.3 + 0.5 * place.wear)
    sky.soaked(floor, bed, road)
    b, panes = MeshBuilder(), MeshBuilder()
    pane = glass("shelter glass", dirt=0.02 + 0.06 * place.wear)
    _platform(b, plan, floor, finishes, spec.stream("world/platform"))
    _tracks(b, plan, bed, road, finishes)
    lit: list[Part] = []
    for k, y in enumerate(plan.shelters):
        _shelter(b, panes, plan, y, finishes, pane, spec, k)
        if place.time != "day" and not place.lights.emergency:
            lit.append(_shelter_light(b, plan, y, place.lights.temperature, collection))
    if plan.pillar is not None:
        _pillar(b, plan, plan.pillar, finishes, spec)
    heads = _poles(b, plan, finishes)
    _railing(b, plan, finishes)
    stuff = stuff_of(spec, finishes, place.tram)
    tram, doors = build_tram(spec, plan, finishes, stuff, collection)
    lamps_lit, moving = build_lamps(spec, heads, collection, burning=place.time != "day")
    lit += lamps_lit
    moving += build_beacon(spec, np.array((back + 0.5, plan.shelters[0] if plan.shelters else 2.0, 2.45)), collection)
    parts = [Part(b.object("stop", collection)), *tram, *lit, *sky.parts]
    if panes.triangles:
        clear = panes.object("panes", collection)
        clear.visible_shadow = False
        parts.append(Part(clear, in_labels=False))
    structure = StaticActor(tuple(parts), (), tuple(Placement(np.array(part.object.matrix_world)) for part in parts))
    actors = [*build_targets(spec, pictures, collection), *doors, *build_things(plan.things, finishes, collection)]
    return outdoors((structure, *actors), sky, moving)


def _platform(b: MeshBuilder, plan: StopPlan, floor: bpy.types.Material, f: Finishes, rng: np.random.Generator) -> None:
    p, y0, y1 = plan.place, -4.0, plan.place.length + 4.0
    corners = [(-p.width, y0, 0), (-0.28, y0, 0), (-0.28, y1, 0), (-p.width, y1, 0)]
    b.quad(corners, floor, uv=[(x + p.width, y - y0) for x, y, _ in corners])
    stone = f.of("concrete", (0.60, 0.59, 0.57))
    for y in np.arange(y0, y1 - 0.9, 1.0):
        shade, off = float(rng.uniform(0.88, 1.08)), rng.normal(0, 0.002)
        b.box((-0.14, float(y) + 0.5, -0.5 * p.kerb + off), (0.28, 0.994, p.kerb + 0.004), stone, bevel=0.012,
              shift=rng.uniform(0, 2, 2), tint=(shade,) * 3)  # fmt: skip
    white = f.of("painted_metal", (0.78, 0.77, 0.73), roughness=0.7)
    b.box((-0.34, 0.5 * (y0 + y1), 0.001), (0.09, y1 - y0, 0.003), white)
    tactile = f.of("concrete", (0.70, 0.69, 0.64))
    for k in range(6):  # ribs that are felt underfoot
        b.box((-0.60 - 0.05 * k, 0.5 * (y0 + y1), 0.002), (0.028, y1 - y0, 0.008), tactile, bevel=0.003)
    for y, sign in ((y0, -1), (y1, 1)):  # ramps at both ends down to the street
        ends = [(-p.width, y, 0), (0, y, 0), (0, y + sign * 3.0, -p.kerb), (-p.width, y + sign * 3.0, -p.kerb)]
        b.quad(ends[:: -1 if sign < 0 else 1], floor)
    b.box((-p.width - 0.06, 0.5 * (y0 + y1), -0.5 * p.kerb), (0.12, y1 - y0, p.kerb), stone)


def _tracks(b: MeshBuilder, plan: StopPlan, bed: bpy.types.Material, road: bpy.types.Material, f: Finishes) -> None:
    p = plan.place
    y0, y1, z = -_PAST, p.length + _PAST, -p.kerb
    right = AISLE + _SECOND + 1.6
    for (x0, x1), material in (
        ((0.0, right), bed),
        ((right, right + 7.5), road),
        ((-p.width - 9.0, -p.width - 0.1), road),
    ):
        corners = [(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)]
        b.quad(corners, material, uv=[(x, y) for x, y, _ in corners])
    steel, groove, concrete = f.of("stainless"), f.of("rubber"), f.of("concrete")
    for middle in (AISLE, AISLE + _SECOND):
        for side in (-1, 1):
            x = middle + side * 0.5 * _GAUGE
            b.box((x, 0.5 * (y0 + y1), z + 0.001), (0.30, y1 - y0, 0.006), concrete)
            b.box((x, 0.5 * (y0 + y1), z + 0.004), (0.062, y1 - y0, 0.012), steel)
            b.box((x - side * 0.056, 0.5 * (y0 + y1), z + 0.0025), (0.045, y1 - y0, 0.008), groove)
    kerb = f.of("concrete", (0.55, 0.54, 0.52))
    for x in (right, right + 7.5):
        b.box((x, 0.5 * (y0 + y1), z + 0.05), (0.15, y1 - y0, 0.14), kerb, bevel=0.015)
    white = f.of("painted_metal", (0.72, 0.71, 0.67), roughness=0.8)
    for y in np.arange(y0, y1, 4.0):
        b.box((right + 3.75, float(y), z + 0.002), (0.12, 2.0, 0.004), white)


def _shelter(
    b: MeshBuilder,
    panes: MeshBuilder,
    plan: StopPlan,
    y: float,
    f: Finishes,
    pane: bpy.types.Material,
    spec: ClipSpec,
    k: int,
) -> None:
    """Posts, roof, walls of glass or sheet, a bench, and a poster of shapes."""
    p, rng = plan.place, spec.stream(f"world/shelter/{k}")
    x0 = -p.width + 0.12
    metal = f.of("painted_metal", (0.26, 0.27, 0.28))
    for off in (-1.9, -0.63, 0.63, 1.9):
        b.box((x0, y + off, 1.15), (0.06, 0.06, 2.3), metal, bevel=0.005)
    for off in (-1.9, 1.9):
        b.box((x0 + 0.88, y + off, 1.15), (0.05, 0.05, 2.3), metal, bevel=0.005)
        b.box((x0 + 0.6, y + off, 2.27), (1.2, 0.06, 0.07), metal)
    b.box((x0 + 0.58, y, 2.35), (1.34, 4.1, 0.07), metal, bevel=0.015)
    b.box((x0, y, 0.20), (0.05, 3.8, 0.04), metal)
    if p.shelter == "glass":
        panes.quad([(x0, y - 1.9, 0.22), (x0, y + 1.9, 0.22), (x0, y + 1.9, 2.2), (x0, y - 1.9, 2.2)], pane)
        for off in (-1.9, 1.9):
            panes.quad(
                [(x0, y + off, 0.22), (x0 + 0.86, y + off, 0.22), (x0 + 0.86, y + off, 2.2), (x0, y + off, 2.2)], pane
            )
        stripe = f.of("painted_metal", (0.70, 0.70, 0.68), roughness=0.6)
        for z in (1.0, 1.55):
            b.box((x0 + 0.004, y, z), (0.004, 3.7, 0.035), stripe)
    else:
        sheet = f.of("ribbed_metal", COLOURS[p.tram])
        b.box((x0, y, 1.2), (0.03, 3.76, 1.96), sheet)
        for off in (-1.9, 1.9):
            b.box((x0 + 0.44, y + off, 1.2), (0.84, 0.03, 1.96), sheet)
    b.box((x0 + 0.34, y - 0.5, 0.45), (0.38, 2.2, 0.05), f.of("timber"), bevel=0.008, grain=True)
    for off in (-1.4, 0.4):
        b.box((x0 + 0.34, y + off, 0.22), (0.30, 0.05, 0.44), metal)
    poster = _poster(f"poster {k}", rng)
    b.box((x0 + 0.03, y + 1.27, 1.30), (0.03, 1.02, 1.5), metal, bevel=0.004)
    xp, low, high = x0 + 0.048, y + 0.80, y + 1.74
    b.quad(
        [(xp, low, 0.6), (xp, high, 0.6), (xp, high, 2.0), (xp, low, 2.0)],
        poster,
        uv=[(0, 0), (0.94, 0), (0.94, 1.4), (0, 1.4)],
    )


def _shelter_light(b: MeshBuilder, plan: StopPlan, y: float, kelvin: float, collection: bpy.types.Collection) -> Part:
    """A strip under a shelter's roof."""
    at, size, watts = transform((-plan.place.width + 0.75, y, 2.30)), (0.10, 2.4), _SHELTER_LUMENS / LUMENS_PER_WATT
    colour = blackbody_rgb(max(kelvin, 2700.0))
    tone = (float(colour[0]), float(colour[1]), float(colour[2]))
    with b.at(at):
        cover = emission(f"shelter strip {y:.2f}", tone, watts / (np.pi * size[0] * size[1]))
        b.quad([(-0.05, -1.2, 0), (-0.05, 1.2, 0), (0.05, 1.2, 0), (0.05, -1.2, 0)], cover)
    return area_light(f"shelter {y:.2f}", at @ transform((0, 0, -0.02)), size, watts, colour, collection)


def _poster(name: str, rng: np.random.Generator) -> bpy.types.Material:
    """Bold shapes in two colours: no words."""
    hue = rng.uniform(0, 2 * np.pi, 2)
    ground, ink = (0.5 + 0.32 * np.cos(h + np.array([0, 2.1, 4.2])) for h in hue)
    c = Canvas(rng, 0.94, 1.4, 220, ground)
    for _ in range(int(rng.integers(3, 7))):
        at, size = rng.uniform((0.1, 0.2), (0.84, 1.3)), rng.uniform(0.08, 0.36)
        shade = ink * rng.uniform(0.5, 1.2)
        if rng.uniform() < 0.5:
            c.blob(at, float(size), shade, rough=0.0)
        else:
            c.rectangle(at, (size, rng.uniform(0.05, 0.8)), shade, turn=rng.choice([0, 0.6, 1.57]))
    c.rectangle((0.47, 0.08), (0.8, 0.05), (0.92, 0.92, 0.90))
    c.shade(1 + 0.03 * c.noise(0.3, 1.4))
    return principled(name, (1, 1, 1), 0.25, image=c.image(name), metres=(0.94, 1.4))


def _pillar(b: MeshBuilder, plan: StopPlan, y: float, f: Finishes, spec: ClipSpec) -> None:
    """An information pillar: a diagram of lines and a board of dots above."""
    rng, x = spec.stream("world/pillar"), -plan.place.width + 0.5
    body = f.of("painted_metal", (0.20, 0.22, 0.24))
    b.box((x, y, 1.2), (0.24, 0.46, 2.4), body, bevel=0.02)
    b.box((x, y, 0.05), (0.30, 0.54, 0.10), f.of("stainless"), bevel=0.006)
    c = Canvas(rng, 0.38, 0.9, 420, (0.86, 0.86, 0.83))
    for k in range(int(rng.integers(3, 6))):
        colour = 0.5 + 0.4 * np.cos(rng.uniform(0, 6.3) + np.array([0, 2.1, 4.2]))
        u = 0.05 + 0.07 * k
        bends = [(rng.uniform(0.08, 0.32), rng.uniform(0.5, 0.65)), (rng.uniform(0.05, 0.33), 0.84)]
        path = [(u, 0.06), (u, rng.uniform(0.2, 0.4)), *bends]
        c.polygon(path, colour, line=0.012)
        for s in np.linspace(0.05, 0.95, 8):
            at = np.array([np.interp(s * 3, range(4), [q[i] for q in path]) for i in (0, 1)])
            c.blob(at, 0.009, (0.95, 0.95, 0.94), rough=0.0)
    sheet = principled("line diagram", (1, 1, 1), 0.2, image=c.image("line diagram"), metres=(0.38, 0.9))
    face = x + 0.124
    b.quad([(face, y - 0.19, 0.75), (face, y + 0.19, 0.75), (face, y + 0.19, 1.65), (face, y - 0.19, 1.65)], sheet,
           uv=[(0, 0), (0.38, 0), (0.38, 0.9), (0, 0.9)])  # fmt: skip
    text = f"{int(spec.stream('world/tram line').integers(1, 29))}  {int(rng.integers(2, 15))}'"
    board = matrix_board("next tram", text, (0.40, 0.14))
    b.quad([(face, y - 0.20, 1.90), (face, y + 0.20, 1.90), (face, y + 0.20, 2.04), (face, y - 0.20, 2.04)], board,
           uv=[(0, 0), (0.40, 0), (0.40, 0.14), (0, 0.14)])  # fmt: skip


def _poles(b: MeshBuilder, plan: StopPlan, f: Finishes) -> list[Lamp]:
    """Poles behind the platform that carry the wire over the tracks, and a lamp each."""
    metal, heads, x = f.of("painted_metal", (0.30, 0.32, 0.33)), [], -plan.place.width - 0.25
    high = 5.6
    for y in plan.poles:
        b.cylinder((x, y, -plan.place.kerb), (x, y, 6.2), 0.09, metal, end_radius=0.07, segments=14)
        b.cylinder((x, y, high), (AISLE + _SECOND + 0.4, y, high + 0.15), 0.03, metal, segments=8)
        b.cylinder((x, y, 6.1), (AISLE, y, high + 0.1), 0.008, metal, segments=6)
        with b.at(transform((x + 1.05, y, high - 0.42))):
            b.cylinder((-1.0, 0, 0.1), (0, 0, 0.1), 0.022, metal, segments=8)
            b.box((0, 0, 0.05), (0.58, 0.22, 0.08), metal, bevel=0.02)
        heads.append(Lamp(transform((x + 1.05, y, high - 0.42)), (0.44, 0.15)))
    wire = f.of("rubber", (0.12, 0.11, 0.10))
    for middle in (AISLE, AISLE + _SECOND):
        b.cylinder((middle, -_PAST, 5.05), (middle, plan.place.length + _PAST, 5.05), 0.007, wire, segments=6)
        for y in plan.poles:
            b.cylinder((middle, y, 5.05), (middle, y, high + 0.12), 0.006, wire, segments=6)
    return heads


def _railing(b: MeshBuilder, plan: StopPlan, f: Finishes) -> None:
    """A railing along the back of the platform."""
    metal, x, y1 = f.of("painted_metal", (0.26, 0.27, 0.28)), -plan.place.width - 0.05, plan.place.length
    for y in np.arange(0.0, y1 + 0.1, 1.5):
        b.box((x, float(y), 0.5), (0.05, 0.05, 1.0), metal)
    for z in (0.98, 0.55, 0.15):
        b.cylinder((x, 0.0, z), (x, y1, z), 0.022 if z > 0.9 else 0.015, metal, segments=8)
