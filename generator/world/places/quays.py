"""A quay with what stands on it, the water beyond and a vessel alongside."""

from itertools import pairwise

import bpy
import numpy as np

from generator.scenario.spec import ClipSpec
from generator.site.quay import CONTAINER, COPING, CRANE_FOOT, GANGWAY, QuayPlan
from generator.site.stowed import Stowed
from generator.world.canvas import Canvas
from generator.world.fittings import LUMENS_PER_WATT
from generator.world.materials import Detail, emission, principled
from generator.world.meshes import MeshBuilder, transform
from generator.world.outskirts import build_outskirts, ground_material
from generator.world.places.marine import NAVAL_GREY, SHIP_WHITE, Kit, clutter, furnish, railing, steel_door, window
from generator.world.places.marine_lamps import build_beacon, build_lamps
from generator.world.sky import Sky, build_sky
from generator.world.surroundings import Environment
from generator.world.targets import build_targets
from generator.world.water import Hull, build_water, wake_picture, water_material
from generator.world.waves import Grid, graded, sea_state

Colour = tuple[float, float, float]

_HULLS: tuple[Colour, ...] = (
    (0.10, 0.12, 0.16),
    (0.10, 0.20, 0.34),
    (0.30, 0.10, 0.08),
    (0.12, 0.24, 0.20),
    (0.36, 0.38, 0.39),
)
_BOXES: tuple[Colour, ...] = (
    (0.16, 0.27, 0.45), (0.50, 0.18, 0.12), (0.20, 0.34, 0.26), (0.56, 0.36, 0.14), (0.44, 0.46, 0.47), (0.33, 0.20, 0.16),
)  # fmt: skip
_FAR = 1900.0


def build_quayside(spec: ClipSpec, plan: QuayPlan, collection: bpy.types.Collection) -> Environment:
    """Builds the quay, its vessel and the harbour."""
    kit, place = Kit.of(spec, collection), plan.place
    sky = _harbour(kit, plan)
    paved = _paving(kit, plan)
    sky.soaked(*paved)
    _fenders(kit, plan)
    _vessel(kit, plan)
    _gangway(kit, plan)
    _cranes(kit, plan)
    makers = {"bollard": _bollard, "container": _container, "lamp post": _post}
    for thing in plan.things:
        if thing.what in makers:
            with kit.shell.at(transform(thing.place, yaw=thing.yaw)):
                makers[thing.what](kit.shell, kit, thing)
    furnish(kit, plan.things)
    lamps = [transform((x + 1.35, y, 7.7)) for x, y in plan.lamps]
    ship = plan.vessel
    lamps.append(transform((ship.house[0] - 0.2, ship.gate - 1.5, ship.deck + 2.3)))
    parts, moving = build_lamps(spec, place.lights, lamps, collection, outdoors=True)
    top = transform((ship.house[0] + 0.3, ship.house[3] - 0.3, ship.deck + ship.house[4] + 0.1))
    more, flashing = build_beacon(spec, place.lights, top, collection)
    kit.parts += [*parts, *more, *sky.parts]
    targets, things = build_targets(spec, kit.pictures, collection), clutter(kit, plan.things)
    everything = (*kit.moving, *moving, *flashing, *sky.moving)
    return Environment((kit.structure(), *targets, *things), sky.world, everything, sky.haze)


def _harbour(kit: Kit, plan: QuayPlan) -> Sky:
    """Sky, water and the far shore; land behind the quay to the horizon."""
    spec, place, rng = kit.spec, plan.place, kit.spec.stream("world/harbour")
    lux = 0.0 if spec.environment.time == "day" else 15.0
    sky = build_sky(spec, kit.collection, kit.pictures, ground=None, level=0.0, lamps=lux)
    level = -place.freeboard
    waves = sea_state(0.03 + 0.014 * place.wind, 2.2 + 0.25 * place.wind, rng.uniform(0, 2 * np.pi), rng)
    xs = graded((-COPING + 0.05, 16.0), 0.40, (-COPING + 0.05, _FAR), 1.14)
    ys = graded((-8.0, place.length + 16.0), 0.45, (-_FAR, _FAR), 1.14)
    ship = plan.vessel
    hull = Hull(ship.y0, ship.y1, 0.5 * (ship.x1 - ship.x0), 0.5 * (ship.x0 + ship.x1), depth=1.2)
    over = (-COPING, 24.0, -16.0, place.length + 30.0)
    water = water_material("harbour", place.wind, rng, wake=(wake_picture(hull, over, rng, scum=0.35), over), bend=0.8)
    rough = (-np.inf, 60.0, -40.0, place.length + 50.0)
    kit.moving.append(
        build_water(Grid(xs, ys), waves, water, kit.collection, level=level, rough=rough, hull=hull, shore=-COPING)
    )
    land = ground_material("land", "concrete", kit.pictures, rng, wear=spec.environment.wear, metres=24)
    sky.soaked(land)
    draws, lit = spec.stream("world/outskirts"), 0.0 if spec.environment.time == "day" else 60.0 / LUMENS_PER_WATT
    kit.parts += build_outskirts(
        "harbour", land, level - 2.2, kit.pictures, draws, kit.collection, lit=lit, nearest=95.0
    )
    back = -plan.place.apron - 9.0
    corners = [(-_FAR, -_FAR), (back, -_FAR), (back, _FAR), (-_FAR, _FAR)]
    kit.shell.quad([(*c, -0.02) for c in corners], land, uv=corners)
    for y0, y1 in ((-_FAR, -14.0), (place.length + 24.0, _FAR)):
        corners = [(back, y0), (0.0, y0), (0.0, y1), (back, y1)]
        kit.shell.quad([(*c, -0.012) for c in corners], land, uv=corners)
    _warehouse(kit, plan, rng, lit)
    return sky


def _warehouse(kit: Kit, plan: QuayPlan, rng: np.random.Generator, lit: float) -> None:
    """A long shed of profiled sheet behind the stacks: doors, a roof edge, gutters and a row of windows."""
    b, x = kit.shell, -plan.place.apron - float(rng.uniform(15, 22))
    y0, y1, tall = -30.0, plan.place.length + 34.0, float(rng.uniform(6.0, 8.5))
    sheet, dark = kit.finish("ribbed_metal"), kit.paint(NAVAL_GREY)
    b.quad([(x, y0, 0), (x, y1, 0), (x, y1, tall), (x, y0, tall)], sheet, uv=[(y0, 0), (y1, 0), (y1, tall), (y0, tall)])
    b.box((x - 7, 0.5 * (y0 + y1), tall + 0.1), (14.6, y1 - y0, 0.35), dark)
    glow = emission("shed windows", (1.0, 0.80, 0.55), 0.8 * lit) if lit > 0 else None
    for y in np.arange(y0 + 4, y1 - 4, 9.0):
        b.box((x, y, 2.2), (0.14, 4.4, 4.4), kit.finish("ribbed_metal", (0.34, 0.38, 0.42)))
        b.box((x + 0.04, y, 4.5), (0.2, 4.8, 0.25), dark)
        shown = glow if rng.uniform() < 0.4 else None
        window(b, kit, transform((x, y + 4.5, tall - 1.3), yaw=np.pi / 2), (2.4, 0.9), shown)
        b.cylinder((x + 0.08, y + 3.0, 0), (x + 0.08, y + 3.0, tall), 0.06, dark, segments=8)


def _paving(kit: Kit, plan: QuayPlan) -> list[bpy.types.Material]:
    """The apron, its coping of stone or steel, crane rails and painted lines; the wall down into the water."""
    b, place = kit.shell, plan.place
    x0, y0, y1 = -place.apron - 9.0, -14.0, place.length + 24.0
    wide, long = -COPING - x0, y1 - y0
    top = kit.finishes.surface("apron", place.surface, (wide, long))
    b.quad(
        [(x0, y0, 0), (-COPING, y0, 0), (-COPING, y1, 0), (x0, y1, 0)],
        top,
        uv=[(0, 0), (wide, 0), (wide, long), (0, long)],
    )
    stone = kit.finish("concrete", (0.50, 0.49, 0.46))
    rng = kit.spec.stream("world/quay/coping")
    for y in np.arange(y0, y1, 2.0):
        tone = float(rng.uniform(0.85, 1.1))
        b.box(
            (-0.5 * COPING, y + 1.0, -0.13),
            (COPING, 1.985, 0.26 + 0.05),
            stone,
            bevel=0.025,
            tint=(tone,) * 3,
            shift=rng.uniform(0, 2, 2),
        )
    wall = _wall(kit, long, place.freeboard + 3.0)
    low = -place.freeboard - 3.0
    b.quad(
        [(-0.02, y0, low), (-0.02, y1, low), (-0.02, y1, -0.2), (-0.02, y0, -0.2)],
        wall,
        uv=[(0, 0), (long, 0), (long, -0.2 - low), (0, -0.2 - low)],
    )
    for base in (y0, y1):
        far = -_FAR if base < 0 else _FAR
        corners = [
            (-0.02, min(base, far), low),
            (-0.02, max(base, far), low),
            (-0.02, max(base, far), 0),
            (-0.02, min(base, far), 0),
        ]
        b.quad(corners, stone)
    yellow, worn = kit.paint((0.74, 0.60, 0.14)), kit.spec.environment.wear
    for y in np.arange(y0, y1, 0.8):
        if rng.uniform() > 0.5 * worn:
            cut = float(rng.uniform(0.0, 0.25)) * worn
            b.quad(
                [(-1.12, y + cut, 0.004), (-0.98, y + cut, 0.004), (-0.98, y + 0.79, 0.004), (-1.12, y + 0.79, 0.004)],
                yellow,
            )
    if plan.cranes:
        rail, slot = kit.finish("bare_metal", (0.34, 0.30, 0.27)), principled("rail slot", (0.02, 0.02, 0.02), 0.9)
        for x in (-1.7, -place.apron + 0.45):
            b.quad([(x - 0.09, y0, 0.002), (x + 0.09, y0, 0.002), (x + 0.09, y1, 0.002), (x - 0.09, y1, 0.002)], slot)
            b.box((x, 0.5 * (y0 + y1), 0.004), (0.07, y1 - y0, 0.008), rail)
    return [top, stone]


def _wall(kit: Kit, long: float, tall: float) -> bpy.types.Material:
    """Concrete with a dark green tide band, streaks and joints."""
    rng = kit.spec.stream("world/quay/wall")
    canvas = Canvas(rng, long, tall, min(2048 / long, 48), (0.44, 0.43, 0.40))
    canvas.shade(1 + 0.08 * canvas.noise(3.0, 1.4) + 0.06 * canvas.noise((0.2, 2.5), 1.2))
    wet = np.clip((3.0 + 0.9 + 0.25 * canvas.noise(1.5, 1.4) - canvas.y) / 0.5, 0, 1)
    canvas.blend(0.85 * wet, (0.13, 0.15, 0.10))
    for x in np.arange(2.0, long, 6.0):
        canvas.rectangle((x, 0.5 * tall), (0.05, tall), (0.16, 0.15, 0.14), alpha=0.7)
    fine = Detail(kit.pictures.grit, (0.5, 0.5), 0.3, 0.2)
    image = canvas.image("quay wall")
    return principled("quay wall", (1, 1, 1), 0.7, image=image, metres=(long, tall), detail=fine)


def _fenders(kit: Kit, plan: QuayPlan) -> None:
    """What hangs before the wall, and ladders."""
    b, place, rubber = kit.shell, plan.place, kit.finish("moulded_rubber")
    rng, chain = kit.spec.stream("world/quay/fenders"), kit.finish("bare_metal", (0.25, 0.20, 0.17))
    for k, y in enumerate(np.arange(-6.0, place.length + 14.0, 2.9)):
        if abs(y - plan.vessel.gate) < 0.8:
            continue
        if place.fenders == "timber":
            b.box((0.10, y, -0.75), (0.24, 0.28, 1.9), kit.finish("timber", (0.30, 0.24, 0.18)), bevel=0.02, grain=True)
        elif place.fenders == "cylinders":
            b.cylinder((0.20, y - 0.7, -0.62), (0.20, y + 0.7, -0.62), 0.20, rubber, segments=16)
            for end in (-0.75, 0.75):
                b.tube([(-0.02, y + end, -0.1), (0.1, y + end, -0.3), (0.2, y + 0.9 * end, -0.6)], 0.014, chain)
        else:
            with b.at(transform((0.13, y, -0.75 + rng.normal(0, 0.12)), yaw=np.pi / 2)):
                angle = np.linspace(0, 2 * np.pi, 25)
                b.tube(np.stack([0.40 * np.cos(angle), 0 * angle, 0.40 * np.sin(angle)], 1), 0.13, rubber, segments=10)
            b.tube([(-0.02, y, -0.05), (0.06, y, -0.2), (0.1, y, -0.45)], 0.014, chain)
        if k % 6 == 3:
            for side in (-0.2, 0.2):
                b.cylinder(
                    (0.06, y + 1.4 + side, -place.freeboard - 0.8),
                    (0.06, y + 1.4 + side, 0.25),
                    0.022,
                    chain,
                    segments=8,
                )
            for z in np.arange(-place.freeboard - 0.6, 0.0, 0.3):
                b.cylinder((0.06, y + 1.2, z), (0.06, y + 1.6, z), 0.014, chain, segments=6)


def _bollard(b: MeshBuilder, kit: Kit, thing: Stowed) -> None:
    """A cast bollard with a lip, bolted down; rubbed bright by ropes."""
    worn = kit.finish("steel", (0.24, 0.20, 0.18)) if thing.rng.uniform() < 0.5 else kit.paint((0.55, 0.44, 0.12))
    b.lathe(
        [
            (0.25, 0.0),
            (0.25, 0.03),
            (0.16, 0.06),
            (0.145, 0.18),
            (0.15, 0.34),
            (0.20, 0.41),
            (0.21, 0.46),
            (0.15, 0.51),
            (0.02, 0.52),
        ],
        worn,
        segments=20,
    )
    for turn in np.arange(6) * np.pi / 3:
        b.cylinder(
            (0.215 * np.cos(turn), 0.215 * np.sin(turn), 0.03),
            (0.215 * np.cos(turn), 0.215 * np.sin(turn), 0.05),
            0.018,
            worn,
            segments=6,
        )


def _container(b: MeshBuilder, kit: Kit, thing: Stowed) -> None:
    """One or two containers: corrugated sides, posts, castings, door bars, an invented mark."""
    w, d, tall = thing.size
    across = w > d
    long, wide = max(w, d), min(w, d)
    for level in range(round(tall / CONTAINER[2])):
        colour = np.array(_BOXES[thing.rng.integers(len(_BOXES))]) * thing.rng.uniform(0.85, 1.1)
        side, frame = kit.finish("ribbed_metal", colour), kit.paint(colour * 0.9)
        h = CONTAINER[2]
        with b.at(transform((0, 0, level * h), yaw=np.pi / 2 if across else 0.0)):
            for x in (-1, 1):
                corners = [
                    (x * (0.5 * wide - 0.02), -0.5 * long, 0.1),
                    (x * (0.5 * wide - 0.02), 0.5 * long, 0.1),
                    (x * (0.5 * wide - 0.02), 0.5 * long, h - 0.1),
                    (x * (0.5 * wide - 0.02), -0.5 * long, h - 0.1),
                ]
                b.quad(corners[::x], side, uv=[(c[1], c[2]) for c in corners[::x]])
                for z in (0.07, h - 0.06):
                    b.box((x * (0.5 * wide - 0.05), 0, z), (0.10, long - 0.2, 0.13), frame, bevel=0.01)
                for y in (-1, 1):
                    b.box(
                        (x * (0.5 * wide - 0.07), y * (0.5 * long - 0.07), 0.5 * h),
                        (0.13, 0.13, h - 0.02),
                        frame,
                        bevel=0.01,
                    )
                    for z in (0.06, h - 0.06):
                        b.box(
                            (x * (0.5 * wide - 0.08), y * (0.5 * long - 0.08), z),
                            (0.165, 0.165, 0.12),
                            kit.paint(NAVAL_GREY),
                            bevel=0.01,
                        )
            b.box((0, 0, h - 0.05), (wide - 0.1, long - 0.1, 0.06), side)
            for end, order in ((-0.5 * long + 0.04, 1), (0.5 * long - 0.04, -1)):
                b.box((0, end, 0.5 * h), (wide - 0.2, 0.05, h - 0.22), frame)
                for share in (-0.85, -0.3, 0.3, 0.85):
                    bar = 0.475 * share * wide
                    b.cylinder(
                        (bar, end - 0.05 * order, 0.12),
                        (bar, end - 0.05 * order, h - 0.12),
                        0.017,
                        kit.finish("bare_metal"),
                        segments=8,
                    )
                    b.box((bar, end - 0.06 * order, 1.05), (0.22, 0.02, 0.035), kit.finish("bare_metal"))
                b.box((0, end - 0.028 * order, 0.5 * h), (0.02, 0.01, h - 0.3), kit.finish("moulded_rubber"))


def _post(b: MeshBuilder, kit: Kit, thing: Stowed) -> None:
    """A lamp post on a concrete foot, with an arm over the apron."""
    pole = kit.paint((0.40, 0.42, 0.43))
    b.lathe([(0.12, 0.0), (0.12, 0.5), (0.10, 0.52)], kit.finish("concrete"), segments=16)
    b.cylinder((0, 0, 0), (0, 0, thing.size[2]), 0.075, pole, end_radius=0.05, segments=14)
    b.tube([(0, 0, 7.4), (0.2, 0, 7.75), (0.6, 0, 7.85), (1.5, 0, 7.8)], 0.035, pole, segments=8)
    b.box((0.085, 0, 0.9), (0.02, 0.10, 0.35), pole, bevel=0.006)


def _cranes(kit: Kit, plan: QuayPlan) -> None:
    """Portal cranes: legs with bogies on the rails, sills, the portal and the house with its jib above."""
    b, apron = kit.shell, plan.place.apron
    rng = kit.spec.stream("world/quay/cranes")
    for y in plan.cranes:
        paint = kit.paint(((0.62, 0.46, 0.10), (0.16, 0.30, 0.46), (0.48, 0.50, 0.51))[rng.integers(3)])
        dark = kit.paint((0.14, 0.14, 0.14))
        xs = (-1.7, -apron + 0.45)
        for x in xs:
            for side in (-1, 1):
                b.box((x, y + CRANE_FOOT * side, 0.38), (0.5, 1.3, 0.36), dark, bevel=0.03)
                for v in (-0.4, 0.4):
                    b.cylinder(
                        (x - 0.1, y + CRANE_FOOT * side + v, 0.26),
                        (x + 0.1, y + CRANE_FOOT * side + v, 0.26),
                        0.25,
                        dark,
                        segments=16,
                    )
                b.box((x, y + CRANE_FOOT * side, 4.8), (0.7, 0.7, 8.4), paint, bevel=0.03)
                b.box((x, y + CRANE_FOOT * side, 1.3), (0.72, 0.72, 0.5), kit.paint((0.08, 0.08, 0.08)))
            b.box((x, y, 8.6), (0.7, 2 * CRANE_FOOT + 0.7, 0.9), paint, bevel=0.03)
        middle = 0.5 * sum(xs)
        for side in (-1, 1):
            b.box((middle, y + CRANE_FOOT * side, 8.6), (abs(xs[1] - xs[0]), 0.6, 0.8), paint, bevel=0.03)
        b.cylinder((middle, y, 8.4), (middle, y, 10.2), 1.2, dark, segments=20)
        b.box((middle, y, 11.6), (3.0, 4.2, 2.8), paint, bevel=0.06)
        tip = np.array([middle + 16.0, y + float(rng.uniform(-9, 9)), 24.0])
        foot = np.array([middle + 1.2, y, 10.8])
        for off in (-0.5, 0.5):
            b.cylinder(foot + (0, off, 0), tip + (0, 0.4 * off, 0), 0.12, paint, segments=8)
            b.cylinder(foot + (0, off, 1.0), tip + (0, 0.4 * off, 0.3), 0.08, paint, segments=8)
        for share in np.linspace(0.04, 0.94, 12):
            low, high = foot + share * (tip - foot), foot + (share + 0.05) * (tip - foot)
            b.cylinder(
                low + (0, -0.5 + 0.3 * share, 0),
                high + (0, 0.5 - 0.3 * share, 0.9 - 0.6 * share),
                0.04,
                paint,
                segments=6,
            )
        hook = tip - (0, 0, 9.0)
        b.cylinder(hook, tip, 0.018, dark, segments=6)
        b.box(hook, (0.4, 0.4, 0.7), kit.paint((0.66, 0.52, 0.10)), bevel=0.05)


def _vessel(kit: Kit, plan: QuayPlan) -> None:
    """The vessel alongside: hull with boot top and rubbing strake, bulwarks, deckhouse, hatch, mast, mooring ropes."""
    b, ship, rng = kit.shell, plan.vessel, kit.spec.stream("world/quay/vessel")
    hull_paint = kit.paint(np.array(_HULLS[rng.integers(len(_HULLS))]))
    boot, white = kit.paint((0.36, 0.12, 0.09)), kit.paint(SHIP_WHITE)
    rust = kit.finish("steel", (0.30, 0.19, 0.13))
    x0, x1, y0, y1, deck = ship.x0, ship.x1, ship.y0, ship.y1, ship.deck
    middle, water = 0.5 * (x0 + x1), -plan.place.freeboard
    straight = y1 - 0.28 * (y1 - y0)
    u = np.linspace(0, 1, 12)
    bow_x, bow_y = (
        0.5 * (x1 - x0) * np.cos(0.5 * np.pi * u) ** 0.7,
        straight + (y1 - straight) * np.sin(0.5 * np.pi * u),
    )
    outline = np.concatenate(
        [[(x0, y0)], np.stack([middle - bow_x, bow_y], 1), np.stack([middle + bow_x, bow_y], 1)[::-1][1:], [(x1, y0)]]
    )
    bands = [(water - 1.5, water + 0.35, boot), (water + 0.35, deck, hull_paint), (deck, deck + 0.88, hull_paint)]
    half = 0.5 * GANGWAY + 0.05
    loop = [*outline, outline[0]]
    for a, c in pairwise(loop):
        pieces = [(a, c)]
        if a[0] == x0 and c[0] <= x0 + 1e-6 and a[1] < ship.gate < c[1]:
            pieces = [(a, np.array([x0, ship.gate - half])), (np.array([x0, ship.gate + half]), c)]
        for low, high, sort in bands:
            for p, q in pieces if low == deck else [(a, c)]:
                corners = [(*q, low), (*p, low), (*p, high), (*q, high)]
                b.quad(corners, sort)
                if low == deck:
                    inward = 0.06 * np.array([-(q - p)[1], (q - p)[0]]) / max(float(np.linalg.norm(q - p)), 1e-9)
                    inside = [(*(p - inward), low), (*(q - inward), low), (*(q - inward), high), (*(p - inward), high)]
                    b.quad(inside, white)
                    b.quad([(*p, high), (*q, high), (*(q - inward), high), (*(p - inward), high)][::-1], white)
    plating = kit.finishes.surface("ship deck", "painted_metal", (x1 - x0, y1 - y0), (0.30, 0.36, 0.33))
    points = np.c_[outline, np.full(len(outline), deck)]
    b.add(points, [range(len(points))[::-1]], plating, (outline - (x0, y0))[::-1])
    strake = kit.finish("moulded_rubber")
    b.tube([(x0 - 0.04, y0, deck - 0.25), (x0 - 0.04, straight, deck - 0.25)], 0.11, strake, segments=8)
    for y in np.arange(y0 + 1.5, straight, 3.4):  # scuppers that have run rust down the side
        b.box((x0 - 0.004, y, deck - 0.02), (0.02, 0.35, 0.09), rust)
    for y in np.arange(y0 + 2.0, straight, 4.2):
        with b.at(transform((x0 - 0.2, y, -0.15))):
            b.lathe(
                [(0.03, -0.4), (0.17, -0.3), (0.19, 0.0), (0.17, 0.3), (0.03, 0.4)],
                kit.finish("plastic", (0.16, 0.18, 0.22)),
                segments=14,
            )
        b.cylinder(
            (x0 - 0.2, y, 0.25),
            (x0 + 0.02, y, deck + 0.88),
            0.010,
            kit.finish("upholstery", (0.5, 0.46, 0.36)),
            segments=6,
        )
    _deckhouse(kit, plan)
    hx0, hx1, hy0, hy1, low = ship.hatch
    if hy1 > hy0 + 0.4:
        b.box(
            (0.5 * (hx0 + hx1), 0.5 * (hy0 + hy1), deck + 0.5 * low),
            (hx1 - hx0, hy1 - hy0, low),
            hull_paint,
            bevel=0.02,
        )
        for y in np.arange(hy0 + 0.3, hy1, 1.1):
            b.box(
                (0.5 * (hx0 + hx1), y, deck + low + 0.02),
                (hx1 - hx0 + 0.1, 1.04, 0.10),
                kit.paint((0.42, 0.22, 0.16)),
                bevel=0.02,
            )
    b.cylinder((middle, hy1 + 0.5, deck), (middle, hy1 + 0.5, deck + 6.5), 0.13, white, end_radius=0.07)
    b.cylinder((middle, hy1 + 0.4, deck + 1.2), (middle, hy0 + 0.8, deck + 5.0), 0.08, white, segments=10)
    _ropes(kit, plan, straight)


def _deckhouse(kit: Kit, plan: QuayPlan) -> None:
    b, ship, rng = kit.shell, plan.vessel, kit.spec.stream("world/quay/house")
    x0, x1, y0, y1, tall = ship.house
    white = kit.finish("painted_metal", SHIP_WHITE)
    night = kit.spec.environment.time != "day"
    glow = (
        emission("cabin windows", (1.0, 0.8, 0.55), 90.0 / LUMENS_PER_WATT) if night and rng.uniform() < 0.7 else None
    )
    with b.at(transform((0.5 * (x0 + x1), 0.5 * (y0 + y1), ship.deck))):
        w, d = x1 - x0, y1 - y0
        b.box((0, 0, 0.5 * tall), (w, d, tall), white, bevel=0.03)
        b.box((0, 0, tall + 0.04), (w + 0.3, d + 0.3, 0.08), white, bevel=0.02)
        steel_door(b, kit, transform((-0.5 * w, 0.28 * d, 0), yaw=-np.pi / 2), (0.42, 0.30, 0.16))
        for y in np.arange(-0.38 * d, 0.05 * d, 0.9):
            window(b, kit, transform((-0.5 * w, y, 1.6), yaw=-np.pi / 2), (0.5, 0.5), glow)
        for x in np.arange(-0.5 * w + 0.6, 0.5 * w - 0.3, 0.95):
            window(b, kit, transform((x, 0.5 * d, 1.65), yaw=np.pi), (0.6, 0.6), glow)
            window(b, kit, transform((x, 0.5 * d - 0.6, tall + 1.25), yaw=np.pi), (0.62, 0.6), glow)
        b.box((0, -0.2, tall + 1.0), (w - 0.7, d - 0.8, 2.0), white, bevel=0.04)
        b.box((0, -0.1, tall + 2.05), (w - 0.4, d - 0.5, 0.10), white, bevel=0.02)
        railing(
            b,
            [
                (-0.5 * w - 0.1, -0.5 * d, tall + 0.08),
                (-0.5 * w - 0.1, 0.5 * d, tall + 0.08),
                (0.5 * w, 0.5 * d + 0.1, tall + 0.08),
            ],
            white,
            height=0.95,
            bars=2,
        )
        b.cylinder((0, -0.6, tall + 2.0), (0, -0.6, tall + 4.6), 0.05, white, segments=10)
        b.box((0, -0.6, tall + 3.6), (1.3, 0.07, 0.07), white)
        b.box((0, -0.5, tall + 2.7), (1.4, 0.12, 0.10), kit.paint(NAVAL_GREY), bevel=0.02)


def _ropes(kit: Kit, plan: QuayPlan, straight: float) -> None:
    """Mooring ropes that hang in their own weight from fairleads to bollards."""
    b, ship = kit.shell, plan.vessel
    rope = kit.finish("upholstery", (0.52, 0.48, 0.40))
    leads = [(ship.y0 + 1.0, -1), (ship.y0 + 3.0, 1), (straight - 0.5, -1), (straight + 0.2, 1)]
    for y, way in leads:
        ahead = [v for v in plan.bollards if (v - y) * way > 1.0]
        if not ahead:
            continue
        goal = min(ahead, key=lambda v: abs(v - y))
        start, end = np.array([ship.x0 + 0.02, y, ship.deck + 0.55]), np.array([-0.55, goal, 0.34])
        u = np.linspace(0, 1, 16)[:, None]
        sag = 0.035 * float(np.linalg.norm(end - start))
        b.tube(start + u * (end - start) - 4 * sag * u * (1 - u) * np.array([0, 0, 1]), 0.026, rope, segments=8)
        for turn in range(3):
            angle = np.linspace(0, 2 * np.pi, 19)
            ring = np.stack(
                [0.165 * np.cos(angle) - 0.62, 0.165 * np.sin(angle) + goal, np.full(19, 0.25 + 0.045 * turn)], 1
            )
            b.tube(ring, 0.024, rope, segments=6)


def _gangway(kit: Kit, plan: QuayPlan) -> None:
    """A gangway of aluminium with handrails on stanchions, cleats across, a roller at its foot and a net below."""
    b, ship, half = kit.shell, plan.vessel, 0.5 * GANGWAY
    alloy, dark = kit.finish("aluminium"), kit.finish("moulded_rubber")
    foot, head = np.array([ship.foot, ship.gate, 0.06]), np.array([ship.head, ship.gate, ship.deck + 0.02])
    run = head - foot
    side = np.array([0.0, half, 0.0])
    b.quad([foot - side, head - side, head + side, foot + side], alloy)
    b.quad(
        [
            foot + side - (0, 0, 0.05),
            head + side - (0, 0, 0.05),
            head - side - (0, 0, 0.05),
            foot - side - (0, 0, 0.05),
        ],
        alloy,
    )
    long = float(np.linalg.norm(run))
    for share in np.arange(0.15, long, 0.35) / long:
        at = foot + share * run
        b.box(at + (0, 0, 0.012), (0.03, 2 * half - 0.06, 0.022), dark)
    for sign in (-1, 1):
        rail = sign * side * 1.04
        b.tube([foot + rail, head + rail], 0.035, alloy, segments=8)
        for height, thick in ((1.0, 0.022), (0.55, 0.015)):
            b.tube([foot + rail + (0, 0, height), head + rail + (0, 0, height)], thick, alloy, segments=8)
        for share in np.linspace(0.03, 0.97, max(round(long / 0.8), 3)):
            at = foot + share * run + rail
            b.cylinder(at, at + (0, 0, 1.0), 0.018, alloy, segments=8)
    b.cylinder(foot - side - (0, 0, 0.0), foot + side, 0.06, dark, segments=12)
