"""The open deck of a ferry at sea."""

from itertools import pairwise

import bpy
import numpy as np

from generator.scenario.spec import ClipSpec
from generator.site.ferry import FRONT_HEIGHT, HOUSE_HEIGHT, RAIL, FerryPlan
from generator.site.stowed import Stowed
from generator.world.finishes import Finish
from generator.world.fittings import LUMENS_PER_WATT
from generator.world.materials import emission, linear, principled
from generator.world.meshes import MeshBuilder, transform
from generator.world.places.marine import (
    DECK_GREEN,
    NAVAL_GREY,
    SAFETY_ORANGE,
    SHIP_WHITE,
    Kit,
    clutter,
    furnish,
    railing,
    sea_around,
    steel_door,
    window,
)  # fmt: skip
from generator.world.places.marine_lamps import build_beacon, build_lamps
from generator.world.surroundings import Environment
from generator.world.targets import build_targets
from generator.world.water import Hull

_BANDS = {
    "white": (0.70, 0.62, 0.20),
    "blue": (0.10, 0.22, 0.46),
    "red": (0.52, 0.11, 0.09),
    "green": (0.10, 0.34, 0.24),
}
_LIT = 55.0
"""cd/m2 of a window with a lit saloon behind it; chosen."""


def build_ferry_deck(spec: ClipSpec, plan: FerryPlan, collection: bpy.types.Collection) -> Environment:
    """Builds the deck and the sea around it."""
    kit, place = Kit.of(spec, collection), plan.place
    _deck(kit, plan)
    _rails(kit, plan)
    lamps = _house(kit, plan) + _front(kit, plan)
    if plan.awning is not None:
        lamps += _awning(kit, plan, plan.awning)
    for thing in plan.things:
        maker = {"bench": _bench, "raft": _raft, "vent": _vent}.get(thing.what)
        if maker is not None:
            with kit.shell.at(transform(thing.place, yaw=thing.yaw)):
                maker(kit.shell, kit, thing)
    furnish(kit, plan.things)
    parts, moving = build_lamps(spec, place.lights, lamps, collection, outdoors=True)
    y = plan.house[2]
    more, flashing = build_beacon(spec, place.lights, transform((0.5, y + 0.4, HOUSE_HEIGHT)), collection)
    kit.parts += [*parts, *more]
    kit.moving += [*moving, *flashing]
    hull = Hull(-1.0, place.length + 34.0, plan.half - 0.2, depth=2.0, wake=0.05 * place.speed)
    sky = sea_around(
        kit,
        level=-place.freeboard,
        hull=hull,
        wind=place.wind,
        height=place.sea,
        speed=place.speed,
        coast=place.coast,
        near=46.0,
        bend=1.6,
    )
    targets, things = build_targets(spec, kit.pictures, collection), clutter(kit, plan.things)
    return Environment((kit.structure(), *targets, *things), sky.world, tuple(kit.moving), sky.haze)


def _deck(kit: Kit, plan: FerryPlan) -> None:
    half, length, b = plan.half, plan.place.length, kit.shell
    colour = {"steel": DECK_GREEN, "planks": None, "rubber": (0.20, 0.28, 0.30)}[plan.place.surface]
    word: Finish = "painted_metal" if plan.place.surface == "steel" else plan.place.surface
    deck = kit.finishes.surface("deck", word, (2 * half, length), colour)
    b.quad(
        [(-half, 0, 0), (half, 0, 0), (half, length, 0), (-half, length, 0)],
        deck,
        uv=[(0, 0), (2 * half, 0), (2 * half, length), (0, length)],
    )
    side, band = kit.paint(SHIP_WHITE), kit.paint(_BANDS[plan.place.hull])
    low, mid = -plan.place.freeboard - 1.5, -0.45 * plan.place.freeboard
    for x, order in ((-half, -1), (half, 1)):
        for z0, z1, sort in ((low, mid, band), (mid, -0.02, side)):
            corners = [(x, 0, z0), (x, length + 34, z0), (x, length + 34, z1), (x, 0, z1)]
            b.quad(corners[::order], sort)
        b.box((x - 0.06 * order, 0.5 * length, 0.05), (0.10, length, 0.10), kit.paint(NAVAL_GREY), bevel=0.01)
    b.quad([(-half, 0, low), (half, 0, low), (half, 0, -0.02), (-half, 0, -0.02)], side)
    b.box((0, 0.06, 0.05), (2 * half, 0.10, 0.10), kit.paint(NAVAL_GREY), bevel=0.01)
    # a lane marked on the deck, worn away in places
    mark = kit.paint((0.75, 0.68, 0.30))
    rng, x = kit.spec.stream("world/ferry/marks"), plan.lane
    for edge in (-0.62, 0.62):
        for y in np.arange(0.8, length - 0.5, 0.55):
            if rng.uniform() > 0.35 * kit.spec.environment.wear:
                long = float(rng.uniform(0.4, 0.55))
                b.quad(
                    [
                        (x + edge - 0.03, y, 0.003),
                        (x + edge + 0.03, y, 0.003),
                        (x + edge + 0.03, y + long, 0.003),
                        (x + edge - 0.03, y + long, 0.003),
                    ],
                    mark,
                )


def _rails(kit: Kit, plan: FerryPlan) -> None:
    half, length, b = plan.half - 0.04, plan.place.length, kit.shell
    runs = [(-half, length), (-half, 0.04), (half, 0.04), (half, length)]
    points = [(x, y, 0.08) for x, y in runs]
    if plan.place.solid_rail:
        plate, cap = kit.paint(SHIP_WHITE), kit.finish("timber", (0.45, 0.28, 0.16))
        for (x0, y0), (x1, y1) in pairwise(runs):
            size = (abs(x1 - x0) + 0.04, abs(y1 - y0) + 0.04, RAIL - 0.16)
            b.box((0.5 * (x0 + x1), 0.5 * (y0 + y1), 0.14 + 0.5 * size[2]), size, plate)
            b.box((0.5 * (x0 + x1), 0.5 * (y0 + y1), RAIL), (size[0] + 0.06, size[1] + 0.06, 0.05), cap, bevel=0.015)
        for y in np.arange(0.8, length, 1.4):
            for side in (-1, 1):
                b.box((side * (half - 0.07), y, 0.5 * RAIL), (0.12, 0.014, RAIL - 0.1), plate)
        return
    paint = kit.paint(SHIP_WHITE)
    railing(b, points, paint, height=RAIL - 0.08, bars=4)
    rng = kit.spec.stream("world/ferry/rail")
    for side in (-1, 1):  # lifebuoys hung on the rail
        for y in np.arange(rng.uniform(2, 4), length - 1, 6.5):
            with b.at(transform((side * (half - 0.06), float(y), 0.72), yaw=np.pi / 2)):
                angle = np.linspace(0, 2 * np.pi, 33)
                ring = np.stack([0.3 * np.cos(angle), np.zeros(33), 0.3 * np.sin(angle)], 1)
                for k in range(8):
                    run = ring[4 * k : 4 * k + 5]
                    b.tube(
                        run, 0.06, kit.finish("plastic", SAFETY_ORANGE if k % 2 else (0.85, 0.85, 0.82)), segments=10
                    )


def _glow(plan: FerryPlan, name: str) -> bpy.types.Material | None:
    """What lit windows shine with after dark."""
    if plan.place.time == "day" or plan.place.lights.emergency:
        return None
    return emission(name, (1.0, 0.78, 0.52), _LIT / LUMENS_PER_WATT)


def _house(kit: Kit, plan: FerryPlan) -> list[np.ndarray]:
    """The deckhouse amidships: doors, windows, ladder, vents, the funnel on its roof."""
    b, (x0, x1, y0, y1), h = kit.shell, plan.house, HOUSE_HEIGHT
    wall, trim = (
        kit.finishes.surface("house", "painted_metal", (y1 - y0, h), SHIP_WHITE, soil="wall"),
        kit.paint(SHIP_WHITE),
    )
    glow = _glow(plan, "house windows")
    for side, x in ((-1, x0), (1, x1)):
        corners = [(x, y0, 0), (x, y1, 0), (x, y1, h), (x, y0, h)]
        b.quad(corners[::side], wall, uv=[(c[1] - y0, c[2]) for c in corners[::side]])
    for y, order in ((y0, 1), (y1, -1)):
        corners = [(x0, y, 0), (x1, y, 0), (x1, y, h), (x0, y, h)]
        b.quad(corners[::order], wall, uv=[(c[0] - x0, c[2]) for c in corners[::order]])
    b.box((0, 0.5 * (y0 + y1), h + 0.05), (x1 - x0 + 0.24, y1 - y0 + 0.24, 0.10), trim, bevel=0.02)
    for x, y, yaw in plan.doors[:2]:
        steel_door(b, kit, transform((x, y, 0), yaw=yaw + np.pi), (0.70, 0.71, 0.69))
        side = 1 if x > 0 else -1
        for v in np.arange(y0 + 0.9, y1 - 0.7, 1.35):
            if abs(v - y) > 0.95:
                window(b, kit, transform((x, v, 1.55), yaw=side * np.pi / 2), (0.62, 0.72), glow)
    _funnel(kit, plan)
    for x in (-0.42, 0.42):  # ladder up the after end
        b.cylinder((x * 0.5, y0 - 0.12, 0.25), (x * 0.5, y0 - 0.12, h + 0.9), 0.02, trim, segments=8)
    for z in np.arange(0.35, h, 0.3):
        b.cylinder((-0.21, y0 - 0.12, z), (0.21, y0 - 0.12, z), 0.012, trim, segments=8)
    red = kit.paint((0.62, 0.08, 0.06))
    b.box((x0 + 0.5, y0 - 0.12, 1.1), (0.5, 0.24, 0.6), red, bevel=0.015)
    b.box((x1 - 0.45, y0 - 0.09, 1.3), (0.36, 0.18, 0.5), kit.paint(NAVAL_GREY), bevel=0.01)
    for side, x in ((-1, x0), (1, x1)):
        b.cylinder((x + side * 0.06, y0, 2.38), (x + side * 0.06, y1, 2.38), 0.035, trim, segments=10)
        b.cylinder(
            (x + side * 0.045, y0 + 0.1, 0.95),
            (x + side * 0.045, y1 - 0.1, 0.95),
            0.018,
            kit.finish("timber"),
            segments=8,
        )
    places = [
        transform((x, float(y), 2.22), yaw=np.pi / 2) @ transform((0, 0, 0), pitch=side * np.radians(70))
        for side, x in ((1, x1 + 0.04), (-1, x0 - 0.04))
        for y in np.arange(y0 + 1.0, y1, 3.4)
    ]
    return [*places, transform((0.0, y0 - 0.06, 2.25), pitch=np.radians(-70))]


def _funnel(kit: Kit, plan: FerryPlan) -> None:
    """An oval funnel in the company's colours, with its pipes."""
    _, x1, y0, y1 = plan.house
    b, middle, h = kit.shell, 0.5 * (y0 + y1) + 0.6, HOUSE_HEIGHT + 0.1
    wide, long, tall = min(0.75 * 2 * x1, 2.4), min(0.5 * (y1 - y0), 3.6), 4.2
    angle = np.linspace(0, 2 * np.pi, 25)[:-1]
    oval = np.stack([0.5 * wide * np.cos(angle), 0.5 * long * np.sin(angle)], 1)
    bands = [
        (0.0, 2.2, _BANDS[plan.place.hull]),
        (2.2, 3.1, SHIP_WHITE),
        (3.1, 3.7, _BANDS[plan.place.hull]),
        (3.7, tall, (0.09, 0.09, 0.09)),
    ]
    for low, high, colour in bands:
        n = len(angle)
        rings = [np.c_[oval * (1 - 0.02 * z), np.full(n, z)] - (0, 0.12 * z, 0) for z in (low, high)]
        k = np.arange(n)
        faces = np.stack([k, (k + 1) % n, (k + 1) % n + n, k + n], 1)
        points = np.concatenate(rings)
        uv = points[faces.ravel()][:, [1, 2]]
        with b.at(transform((0, middle, h))):
            b.add(points, faces, kit.paint(colour), uv, smooth=True)
            if high == tall:
                b.add(rings[1] - (0, 0, 0.15), [range(n)], kit.paint((0.06, 0.06, 0.06)), oval)
    for x, y in ((-0.3, 0.2), (0.3, 0.2), (0.0, -0.5)):
        at = np.array([x * wide, middle + y - 0.5, h + tall - 0.2])
        b.cylinder(at, at + (0, -0.1, 0.7), 0.14, kit.finish("bare_metal", (0.2, 0.19, 0.18)), caps=(False, False))


def _front(kit: Kit, plan: FerryPlan) -> list[np.ndarray]:
    """The superstructure that closes the deck forward: doors, rows of windows, a bridge wing deck with its rail, a mast."""
    b, half, y, h = kit.shell, plan.half, plan.place.length, FRONT_HEIGHT
    wall = kit.finishes.surface("front", "painted_metal", (2 * half, h), SHIP_WHITE, soil="wall")
    b.quad(
        [(-half, y, 0), (half, y, 0), (half, y, h), (-half, y, h)],
        wall,
        uv=[(0, 0), (2 * half, 0), (2 * half, h), (0, h)],
    )
    side = kit.paint(SHIP_WHITE)
    for x, order in ((-half, -1), (half, 1)):
        corners = [(x, y, 0), (x, y + 30, 0), (x, y + 30, h), (x, y, h)]
        b.quad(corners[::order], side)
    b.quad([(-half, y, h), (half, y, h), (half, y + 30, h), (-half, y + 30, h)], kit.paint(DECK_GREEN))
    glow = _glow(plan, "front windows")
    for x, _, yaw in plan.doors[2:]:
        steel_door(b, kit, transform((x, y, 0), yaw=yaw + np.pi), (0.62, 0.64, 0.62))
        b.box((x, y - 0.25, 2.35), (1.1, 0.5, 0.05), side, bevel=0.01)
    for x in np.arange(-half + 0.9, half - 0.5, 1.35):
        if all(abs(x - door[0]) > 0.95 for door in plan.doors[2:]):
            window(b, kit, transform((x, y, 1.55)), (0.8, 0.75), glow)
        window(b, kit, transform((x, y, 4.1)), (0.95, 0.8), glow)
    b.box((0, y - 0.3, 2.72), (2 * half, 0.6, 0.10), side, bevel=0.02)
    railing(b, [(-half + 0.1, y - 0.55, 2.77), (half - 0.1, y - 0.55, 2.77)], side, height=1.0)
    b.box((0, y - 0.012, 0.12), (2 * half, 0.03, 0.24), kit.paint(NAVAL_GREY))
    b.cylinder((0, y + 5, h), (0, y + 5, h + 7.5), 0.16, side, end_radius=0.08)
    b.box((0, y + 4.8, h + 4.6), (2.6, 0.12, 0.12), side, bevel=0.02)
    b.box((0, y + 4.6, h + 5.0), (1.9, 0.22, 0.16), kit.paint(NAVAL_GREY), bevel=0.03)
    return [transform((float(x), y - 0.25, 2.66)) for x in np.linspace(-half + 1.2, half - 1.2, 3)]


def _awning(kit: Kit, plan: FerryPlan, reach: tuple[float, float]) -> list[np.ndarray]:
    """A deck above, on stanchions along the sides, with beams under it."""
    b, half, (y0, y1), z = kit.shell, plan.half, reach, 2.62
    white = kit.paint(SHIP_WHITE)
    roof = kit.finishes.surface("awning", "painted_metal", (2 * half, y1 - y0), SHIP_WHITE, soil="ceiling")
    b.quad(
        [(-half, y0, z), (-half, y1, z), (half, y1, z), (half, y0, z)],
        roof,
        uv=[(0, 0), (0, y1 - y0), (2 * half, y1 - y0), (2 * half, 0)],
    )
    b.box((0, 0.5 * (y0 + y1), z + 0.08), (2 * half, y1 - y0, 0.12), white)
    for y in np.arange(y0 + 0.1, y1, 1.3):
        b.box((0, y, z - 0.07), (2 * half, 0.014, 0.14), white)
        b.box((0, y, z - 0.14), (2 * half, 0.10, 0.012), white)
    for y in np.arange(y0 + 0.1, y1 - 0.3, 2.6):
        for side in (-1, 1):
            b.cylinder((side * (half - 0.14), y, 0), (side * (half - 0.14), y, z), 0.05, white, segments=12)
    return [transform((side * 0.62 * half, float(y), z - 0.02)) for y in np.arange(y0 + 1, y1, 3.0) for side in (-1, 1)]


def _bench(b: MeshBuilder, kit: Kit, thing: Stowed) -> None:
    """Slats of moulded plastic or wood on steel frames, bolted down."""
    w = thing.size[0]
    rng = kit.spec.stream("world/ferry/bench")
    slat = (
        kit.finish("plastic", (0.78, 0.40, 0.10)) if rng.uniform() < 0.35 else kit.finish("timber", (0.52, 0.36, 0.22))
    )
    frame = kit.paint(NAVAL_GREY)
    for x in (-0.42 * w, 0.0, 0.42 * w):
        for y in (-0.2, 0.2):
            b.box((x, y, 0.2), (0.045, 0.045, 0.4), frame)
            b.box((x, y, 0.005), (0.1, 0.1, 0.01), frame)
        b.box((x, 0, 0.4), (0.045, 0.48, 0.04), frame)
        b.box((x, -0.24, 0.62), (0.045, 0.04, 0.46), frame)
    for k in range(5):
        tone = float(thing.rng.uniform(0.85, 1.1))
        b.box((0, -0.19 + 0.098 * k, 0.435), (w, 0.082, 0.03), slat, bevel=0.006, grain=True, tint=(tone,) * 3)
    for k in range(4):
        with b.at(transform((0, -0.215 - 0.012 * k, 0.53 + 0.09 * k), pitch=np.radians(-8))):
            b.box((0, 0, 0), (w, 0.025, 0.075), slat, bevel=0.006, grain=True)


def _raft(b: MeshBuilder, kit: Kit, thing: Stowed) -> None:
    """A life-raft in its drum of white glass fibre on a cradle, strapped."""
    _, long, h = thing.size
    drum, strap, frame = kit.finish("plastic", (0.84, 0.84, 0.80)), kit.finish("moulded_rubber"), kit.paint(NAVAL_GREY)
    r, z = 0.31, h - 0.33
    profile = [
        (0.10, -0.5),
        (0.24, -0.485),
        (0.30, -0.44),
        (r, -0.40),
        (r, -0.02),
        (r + 0.014, -0.015),
        (r + 0.014, 0.015),
        (r, 0.02),
        (r, 0.40),
        (0.30, 0.44),
        (0.24, 0.485),
        (0.10, 0.5),
    ]
    with b.at(transform((0, 0, z)) @ transform(pitch=np.pi / 2)):
        b.lathe(np.array(profile) * (1, 0.94 * long), drum, segments=22, caps=(True, True))
    for y in (-0.3 * long, 0.3 * long):
        with b.at(transform((0, y, z)) @ transform(pitch=np.pi / 2)):
            b.lathe([(r + 0.004, -0.03), (r + 0.008, 0.0), (r + 0.004, 0.03)], strap, segments=22)
        b.box((0, y, 0.5 * (z - 0.26)), (0.52, 0.06, z - 0.24), frame, bevel=0.01)
        for x in (-0.27, 0.27):
            b.box((x, y, 0.5 * (z + 0.02)), (0.05, 0.06, z + 0.02), frame, bevel=0.008)
    plate = principled("raft plate", linear(np.array((0.10, 0.30, 0.18))), 0.5)
    b.box((0, 0, z + r + 0.002), (0.16, 0.22, 0.012), plate)


def _vent(b: MeshBuilder, kit: Kit, thing: Stowed) -> None:
    """A mushroom ventilator."""
    white = kit.paint(SHIP_WHITE)
    h = thing.size[2]
    b.lathe([(0.17, 0), (0.15, 0.05), (0.15, h - 0.24)], white, segments=18)
    b.lathe(
        [(0.15, h - 0.2), (0.24, h - 0.2), (0.25, h - 0.12), (0.17, h - 0.03), (0.03, h)],
        white,
        segments=18,
        caps=(True, True),
    )
