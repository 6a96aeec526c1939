"""Builds the outdoor range: banks, ground, what the plan has put there, range flags and floodlights."""

import bpy
import numpy as np

from generator.scenario.environments import OutdoorRange
from generator.scenario.spec import ClipSpec
from generator.site.outdoor_range import SIDE_FOOT, RangePlan
from generator.world.actor import Actor, Part, Placement, StaticActor
from generator.world.canvas import stock
from generator.world.finishes import Finishes
from generator.world.meshes import MeshBuilder, transform
from generator.world.outdoor_lamps import Lamp, build_beacon, build_lamps
from generator.world.outskirts import Ground, ground_material
from generator.world.sky import Sky, build_sky
from generator.world.surroundings import Environment
from generator.world.targets import build_targets
from generator.world.yard_things import build_things, numeral


def build_outdoor_range(spec: ClipSpec, plan: RangePlan, collection: bpy.types.Collection) -> Environment:
    """Builds a range into a collection."""
    place = plan.place
    pictures = stock(spec.stream("world/stock"))
    finishes = Finishes(spec.stream, pictures, place.wear)
    half = 0.5 * place.width
    lamps = 25.0 if place.time == "night" else 0.0
    sky = build_sky(spec, collection, pictures, outskirts="fields", ground="grass", level=-0.05, nearest=90.0,
                    rain=(-half, half, -4.0, place.depth), lamps=lamps)  # fmt: skip
    word: Ground = place.ground
    ground = ground_material("range ground", word, pictures, spec.stream("world/ground"), wear=0.3 + 0.5 * place.wear)
    bank = ground_material("bank", "soil" if place.growth < 0.45 else "grass", pictures, spec.stream("world/bank"),
                           wear=1 - place.growth, metres=9.0)  # fmt: skip
    sky.soaked(ground)
    sky.damp(bank)
    shell = MeshBuilder()
    low, high = (-half - 0.4, -30.0), (half + 0.4, place.depth + 0.4)
    corners = [(low[0], low[1], 0), (high[0], low[1], 0), (high[0], high[1], 0), (low[0], high[1], 0)]
    shell.quad(corners, ground, uv=[corner[:2] for corner in corners])
    _banks(shell, place, bank, spec.stream("world/bank shape"))
    if place.sleepers > 0:
        _sleepers(shell, place, finishes, spec.stream("world/sleepers"))
    _tufts(shell, place, finishes, spec.stream("world/tufts"))
    _boards(shell, plan, spec)
    if place.flags:
        _flags(shell, place, finishes, spec.stream("world/flags"))
    heads = _poles(shell, place, finishes)
    lit, moving = build_lamps(spec, heads, collection, burning=place.time != "day")
    moving += build_beacon(spec, np.array((-half + 0.3, place.depth - 0.5, 0.7 * place.bank)), collection)
    parts = [Part(shell.object("range", collection)), *lit, *sky.parts]
    structure = StaticActor(tuple(parts), (), tuple(Placement(np.array(part.object.matrix_world)) for part in parts))
    actors = build_things(plan.things, finishes, collection)
    return outdoors((structure, *build_targets(spec, pictures, collection), *actors), sky, moving)


def outdoors(actors: tuple[StaticActor, ...], sky: Sky, moving: list[Actor]) -> Environment:
    """An environment under a sky."""
    return Environment(actors, sky.world, (*moving, *sky.moving), sky.haze)


def _banks(b: MeshBuilder, place: OutdoorRange, material: bpy.types.Material, rng: np.random.Generator) -> None:
    """Earth thrown up along three sides: slopes of 34 to 40 degrees, uneven, with a flat crest."""
    half, depth = 0.5 * place.width, place.depth
    runs = [
        ((-half - SIDE_FOOT, depth), (half + SIDE_FOOT, depth), place.bank),
        ((-half, 0.5), (-half, depth + 3.0), 0.7 * place.bank),
        ((half, depth + 3.0), (half, 0.5), 0.7 * place.bank),
    ]
    for start, end, tall in runs:
        a, z = np.array(start), np.array(end)
        length = float(np.linalg.norm(z - a))
        along = (z - a) / length
        out = np.array([-along[1], along[0]])
        n = max(int(length / 0.45), 8)
        slope = tall / np.tan(np.radians(rng.uniform(34, 42)))
        profile = np.array(
            [(0, -0.05), (0.12, 0.10), (0.35, 0.33), (0.6, 0.62), (0.82, 0.87), (0.95, 0.98), (1.15, 1.0), (1.5, 0.99), (2.4, 0.2),
             (2.8, -0.05)]
        )  # fmt: skip
        m = len(profile)
        u = np.linspace(0, length, n + 1)
        wave = sum(rng.normal(0, 0.06) * np.sin(2 * np.pi * u / w + rng.uniform(0, 6.3)) for w in (9.0, 4.1, 2.3))
        d = profile[None, :, 0] * slope + 0.10 * rng.standard_normal((n + 1, m)) * (np.arange(m) > 0)
        d = np.maximum(d, 0.0)
        h = profile[None, :, 1] * tall * (1 + wave[:, None]) + 0.05 * rng.standard_normal((n + 1, m)) * (
            np.arange(m) > 0
        )
        taper = np.ones(n + 1)
        if tall < place.bank:  # side banks end in a slope at the shooters' end
            from_end = u if start[1] < 1 else length - u
            taper = np.clip(from_end / 2.5, 0.02, 1)
        h = h * taper[:, None]
        points = np.concatenate([a + u[:, None, None] * along + d[..., None] * out, h[..., None]], -1).reshape(-1, 3)
        row, k = (x.ravel() for x in np.mgrid[0:n, 0 : m - 1])
        first = row * m + k
        faces = np.stack([first, first + m, first + m + 1, first + 1], 1)
        arc = np.r_[0, np.cumsum(np.hypot(*np.diff(profile * (slope, tall), axis=0).T))]
        uv = np.stack([np.repeat(u, m), np.tile(arc, n + 1)], 1)
        b.add(points, faces, material, uv[faces.ravel()], smooth=True)


def _sleepers(b: MeshBuilder, place: OutdoorRange, f: Finishes, rng: np.random.Generator) -> None:
    half, timber = 0.5 * place.width, f.of("timber", (0.32, 0.26, 0.21))
    rows = max(round(place.sleepers / 0.14), 1)
    for row in range(rows):
        for x in np.arange(-half, half - 0.5, 2.4):
            at = (float(x) + 1.2, place.depth - 0.06 + rng.normal(0, 0.008), 0.07 + 0.142 * row)
            b.box(
                at,
                (2.38, 0.14, 0.14),
                timber,
                bevel=0.012,
                grain=True,
                shift=rng.uniform(0, 2, 2),
                tint=(rng.uniform(0.7, 1.15),) * 3,
            )
        for side in (-1, 1):
            for y in np.arange(2.0, place.depth - 0.5, 2.4):
                at = (side * (half - 0.02) + rng.normal(0, 0.008), float(y) + 1.2, 0.07 + 0.142 * row)
                if at[1] + 1.2 < place.depth:
                    b.box(at, (0.14, 2.38, 0.14), timber, bevel=0.012, grain=True, tint=(rng.uniform(0.7, 1.15),) * 3)


def _tufts(b: MeshBuilder, place: OutdoorRange, f: Finishes, rng: np.random.Generator) -> None:
    """Weeds along the foot of the banks and in the open ground: fans of blades."""
    green = f.of("grass")
    half, n = 0.5 * place.width, round(40 + 420 * place.growth)
    for _ in range(n):
        if rng.uniform() < 0.7:
            side, y = rng.choice([-1, 1]), rng.uniform(-4, place.depth)
            x = side * (half - abs(rng.normal(0, 0.35)) - 0.05)
        else:
            x, y = rng.uniform(-half, half), rng.uniform(-6, place.depth)
        tall, dry = rng.uniform(0.05, 0.30), rng.uniform(0.6, 1.6)
        points, faces = [], []
        for blade in range(5):
            turn, lean, wide = rng.uniform(0, 6.3), rng.uniform(0.1, 0.7), rng.uniform(0.006, 0.014)
            along, over = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
            for k, (u, z) in enumerate([(0.0, 0.0), (0.35, 0.6), (1.0, 1.0)]):
                half_wide = wide * (1, 0.8, 0.1)[k]
                foot = np.array([x, y]) + 0.04 * along + u * lean * tall * along
                points += [(*(foot - half_wide * over), z * tall), (*(foot + half_wide * over), z * tall)]
            first = 6 * blade
            faces += [(first, first + 1, first + 3, first + 2), (first + 2, first + 3, first + 5, first + 4)]
        tint = (0.9 * dry, 0.9, 0.8)
        b.add(np.array(points), faces, green, np.array(points)[np.concatenate(faces)][:, [0, 2]], tint=tint)


def _boards(b: MeshBuilder, plan: RangePlan, spec: ClipSpec) -> None:
    """A numeral on every post: metres to the far bank."""
    made: dict[int, bpy.types.Material] = {}
    rng = spec.stream("world/boards")
    ground, ink = (
        ((0.85, 0.84, 0.80), (0.08, 0.08, 0.08)) if rng.uniform() < 0.5 else ((0.60, 0.47, 0.10), (0.08, 0.08, 0.08))
    )
    for thing in plan.things:
        if thing.what != "board":
            continue
        metres = round(plan.place.depth - thing.place[1])
        if metres not in made:
            made[metres] = numeral(f"board {metres}", str(metres), rng, ground, ink)
        x, y, _ = thing.place
        with b.at(transform((x, y - 0.05, 1.0), yaw=thing.yaw)):
            b.box((0, 0, 0.25), (0.5, 0.02, 0.5), made[metres], shift=(0.25, 0.0), bevel=0.0)


def _flags(b: MeshBuilder, place: OutdoorRange, f: Finishes, rng: np.random.Generator) -> None:
    cloth, metal = f.of("upholstery", (0.62, 0.10, 0.09)), f.of("bare_metal")
    for x in (-0.5 * place.width + 0.4, 0.5 * place.width - 0.4):
        y, z = place.depth + 1.2 * place.bank + 0.3, place.bank
        b.cylinder((x, y, z - 0.3), (x, y, z + 2.6), 0.02, metal)
        u = np.linspace(0, 0.9, 9)
        wave = 0.07 * np.sin(7 * u + rng.uniform(0, 6)) * (0.2 + u)
        top = np.stack([x + u, y + wave, z + 2.55 - 0.25 * u], 1)
        points = np.concatenate([top, top - (0, 0, 0.55)])
        faces = [(k + 9, k + 10, k + 1, k) for k in range(8)]
        b.add(points, faces, cloth, points[np.concatenate(faces)][:, [0, 2]], smooth=True)


def _poles(b: MeshBuilder, place: OutdoorRange, f: Finishes) -> list[Lamp]:
    """Two poles at the shooters' end, two by the far bank, heads tilted down the range."""
    metal, heads = f.of("painted_metal", (0.40, 0.41, 0.42)), []
    for x, y, towards in (
        (-0.5 * place.width - 0.6, -1.5, 1), (0.5 * place.width + 0.6, -1.5, 1),
        (-0.5 * place.width - 0.3, 0.6 * place.depth, 1), (0.5 * place.width + 0.3, 0.6 * place.depth, 1),
    ):  # fmt: skip
        high = 5.5 + 0.3 * place.bank
        b.cylinder((x, y, -0.2), (x, y, high), 0.07, metal, end_radius=0.045)
        head = transform((x, y + 0.1 * towards, high), yaw=float(np.arctan2(x, 6.0 * towards)), pitch=0.75)
        with b.at(head):
            b.box((0, 0, 0.04), (0.42, 0.32, 0.07), metal, bevel=0.01)
        heads.append(Lamp(head @ transform((0, 0, 0.0)), (0.36, 0.26)))
    return heads
