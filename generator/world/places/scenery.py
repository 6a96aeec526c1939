"""What goes by outside of a vehicle: track, masts, fences, houses, tunnel walls, in pieces that come round again far away.

Everything is fast to the earth: a piece is placed by the inverse of the place's pose against it, so that parallax, roll and shake
seen through a window are those of the ride.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.timeline import Moment
from generator.scenario.environments.transit import Scenery
from generator.scenario.spec import ClipSpec
from generator.world.actor import Part, Placement
from generator.world.canvas import Canvas
from generator.world.materials import add_glow, emission, principled
from generator.world.meshes import MeshBuilder, transform
from generator.world.outskirts import ground_material
from generator.world.places.transit_kit import TransitKit

Array = NDArray[np.float64]

PIECE = 48.0
"""Metres of scenery that are built at once."""

_COPIES = 8
"""Pieces that stand in a row, two kinds by turns: they come round again some 190 m before and behind."""

RAIL = -1.12
"""Height of the heads of the rails below a carriage's floor, metres."""

_TRACK = -4.1
"""x of the middle of the next track, metres."""


@dataclass(frozen=True)
class Passing:
    """Parts that are fast to the earth.

    Attributes:
        parts: a mesh each.
        along: y of each at the start, metres.
        around: metres after which a part comes round again; 0 for what does not.
        middle: y about which it goes round, metres.
        heading: radians to the left of +y that the way goes.
    """

    parts: tuple[Part, ...]
    along: tuple[float, ...]
    around: float
    middle: float
    heading: float = 0.0
    tracks: tuple[Track, ...] = ()

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Where the earth is now, each part at that one of its places which is nearest."""
        ride, back = moment.ride, np.linalg.inv(moment.ride.T_earth_world)
        forward = ride.forward if ride.travelled else np.array([0.0, 1.0, 0.0])
        passed = ride.travelled * float(forward[1])
        out = []
        for y in self.along:
            turns = round((passed + self.middle - y) / self.around) if self.around else 0
            out.append(Placement(back @ transform((0.0, y + turns * self.around, 0.0))))
        return tuple(out)


@dataclass(frozen=True)
class Road:
    """A road that the vehicle is on.

    Attributes:
        kerb: side on which its kerb is near.
        near: metres from the vehicle to that kerb.
        pavement: height of the pavement over the road, metres.
    """

    kerb: int
    near: float
    pavement: float = 0.12


@dataclass(frozen=True)
class _Made:
    """What pieces of scenery are built of."""

    kit: TransitKit
    night: bool
    facades: tuple[bpy.types.Material, ...] = field(repr=False)
    ballast: bpy.types.Material = field(repr=False)
    ground: bpy.types.Material = field(repr=False)
    leaves: bpy.types.Material = field(repr=False)


def build_scenery(
    spec: ClipSpec,
    kit: TransitKit,
    what: Scenery,
    collection: bpy.types.Collection,
    *,
    sides: Sequence[int],
    half_width: float,
    middle: float,
    level: float = RAIL,
    road: Road | None = None,
) -> Passing:
    """Builds scenery to the given sides of a vehicle.

    Args:
        spec: the clip.
        kit: materials.
        what: kind of it.
        collection: what it is linked to.
        sides: -1 is x < 0, +1 is x > 0.
        half_width: of the vehicle outside, metres.
        middle: y about which it goes on and on, metres.
        level: height of rails or road, metres.
        road: a road and no track.

    Returns:
        One actor of all of it.
    """
    rng = spec.stream("world/scenery")
    made = _materials(spec, kit, what, rng)
    meshes: list[bpy.types.Object] = []
    for k in range(2):
        builder = MeshBuilder()
        for side in sides:
            with builder.at(transform((0, 0, level))):
                if road is not None:
                    _street(builder, made, side, half_width, road, rng)
                    _ROADSIDE[what](builder, made, side, half_width, rng)
                    continue
                if what != "tunnel":
                    _way(builder, made, side, half_width, rng)
                _PIECES[what](builder, made, side, half_width, rng)
        meshes.append(builder.object(f"scenery {k}", collection))
    parts, along = [], []
    for k in range(_COPIES):
        thing = meshes[k] if k < 2 else bpy.data.objects.new(f"scenery {k}", meshes[k % 2].data)
        if k >= 2:
            collection.objects.link(thing)
        parts.append(Part(thing))
        along.append(middle + (k - 0.5 * _COPIES) * PIECE)
    return Passing(tuple(parts), tuple(along), _COPIES * PIECE, middle - 0.5 * PIECE)


def _materials(spec: ClipSpec, kit: TransitKit, what: Scenery, rng: np.random.Generator) -> _Made:
    night = spec.environment.time != "day"
    facades = tuple(_facade(k, night, rng) for k in range(3)) if what in ("city", "suburb") else ()
    ballast = ground_material("ballast", "gravel", kit.pictures, rng, metres=8)
    ground = ground_material("verge", "asphalt" if what == "city" else "grass", kit.pictures, rng)
    leaves = kit.finishes.of("grass", np.array((0.20, 0.27, 0.11)) * rng.uniform(0.8, 1.3))
    return _Made(kit, night, facades, ballast, ground, leaves)


def _facade(k: int, night: bool, rng: np.random.Generator) -> bpy.types.Material:
    """12 m of a front with windows, three storeys high; by night some are lit."""
    size = (12.0, 9.0)
    paint = np.array(((0.66, 0.60, 0.52), (0.52, 0.34, 0.27), (0.60, 0.60, 0.58), (0.72, 0.66, 0.50))[rng.integers(4)])
    canvas = Canvas(rng, *size, 42, paint * rng.uniform(0.8, 1.1))
    canvas.shade(1 + 0.05 * canvas.noise(1.5, 1.4) + 0.04 * canvas.noise((0.3, 3.0), 1.3))
    glow = Canvas(rng, *size, 42, (0, 0, 0))
    wide, tall = rng.uniform(0.9, 1.8), rng.uniform(1.2, 1.9)
    for row in range(3):
        for x in np.arange(1.5, 12, 3.0):
            at = (x, 3.0 * row + 1.5)
            canvas.rectangle(at, (wide + 0.16, tall + 0.16), paint * 1.25)
            canvas.rectangle(at, (wide, tall), np.array((0.16, 0.19, 0.22)) * rng.uniform(0.6, 1.3))
            if rng.uniform() < 0.5:
                canvas.rectangle((x, at[1] + 0.25 * tall), (wide, 0.5 * tall), (0.72, 0.70, 0.64), alpha=0.8)
            canvas.rectangle(at, (0.06, tall), paint * 1.2)
            if rng.uniform() < 0.3:
                glow.rectangle(at, (wide, tall), np.array((1.0, 0.80, 0.5)) * rng.uniform(0.3, 1))
        canvas.rectangle((6.0, 3.0 * row + 0.05), (12.0, 0.12), paint * 0.8)
    material = principled(f"front {k}", (1, 1, 1), 0.8, image=canvas.image(f"front {k}"), metres=size)
    if night:
        add_glow(material, glow.image(f"lit front {k}"), size, 6.0)
    return material


def _strip(
    builder: MeshBuilder, material: bpy.types.Material, x: tuple[float, float], z: tuple[float, float], side: int
) -> None:
    """A strip of ground along the whole piece between two distances from the middle, facing up."""
    (a, b), (za, zb) = x, z
    corners = [(side * a, 0, za), (side * b, 0, zb), (side * b, PIECE, zb), (side * a, PIECE, za)]
    flat = corners if side > 0 else corners[::-1]
    builder.quad(flat, material, uv=[(cx, cy) for cx, cy, _ in flat])


def _way(builder: MeshBuilder, made: _Made, side: int, _half: float, rng: np.random.Generator) -> None:
    """Ballast; on the left the other track; masts and wires."""
    kit, steel = made.kit, made.kit.finishes.of("bare_metal", (0.30, 0.24, 0.20))
    edge = 6.4 if side < 0 else 3.0
    _strip(builder, made.ballast, (0.0, edge), (-0.16, -0.16), side)
    _strip(builder, made.ballast, (edge, edge + 1.0), (-0.16, -0.75), side)
    if side < 0:
        _track(builder, kit, _TRACK, steel, rng)
    x = side * (edge - 0.4)
    concrete = kit.finishes.of("painted_metal", (0.42, 0.44, 0.42))
    builder.box((x, 6.0, 3.4), (0.24, 0.20, 7.2), concrete, bevel=0.02)
    builder.box((x - side * 1.4, 6.0, 6.1), (2.8, 0.07, 0.07), concrete)
    builder.cylinder((x - side * 0.1, 6.0, 5.0), (x - side * 2.4, 6.0, 6.0), 0.03, concrete, segments=6)
    builder.box((x, 6.0, -0.1), (0.5, 0.5, 0.4), kit.finishes.of("concrete"))
    for y in np.arange(2.0, PIECE, 12.0):  # cable trough lids and markers
        builder.box((x, float(y), -0.12), (0.35, 11.9, 0.1), kit.finishes.of("concrete"))
    if rng.uniform() < 0.8:
        y = rng.uniform(12, 40)
        builder.box((x, y, 0.5), (0.55, 0.35, 1.3), kit.finishes.of("painted_metal", (0.45, 0.47, 0.44)), bevel=0.02)
    builder.box((side * (edge - 0.1), 27.0, 0.35), (0.05, 0.22, 0.9), kit.finishes.of("plastic", (0.8, 0.8, 0.75)))


def _track(
    builder: MeshBuilder, kit: TransitKit, x: float, steel: bpy.types.Material, rng: np.random.Generator
) -> None:
    """Two rails of 1,435 mm on sleepers every 0.6 m, in ballast."""
    sleeper = kit.finishes.of("concrete", (0.42, 0.40, 0.37))
    for y in np.arange(0.3, PIECE, 0.6):
        builder.box((x, float(y), -0.17), (2.5, 0.25, 0.10), sleeper, tint=(rng.uniform(0.8, 1.1),) * 3, skip=("-z",))
    for rail in (-0.755, 0.755):
        builder.box((x + rail, 0.5 * PIECE, -0.12), (0.13, PIECE, 0.02), steel)
        builder.box((x + rail, 0.5 * PIECE, -0.07), (0.02, PIECE, 0.10), steel)
        builder.box((x + rail, 0.5 * PIECE, -0.02), (0.07, PIECE, 0.04), kit.steel)


def _tree(
    builder: MeshBuilder, made: _Made, x: float, y: float, z: float, tall: float, rng: np.random.Generator
) -> None:
    """A trunk and a few uneven crowns."""
    bark = made.kit.finishes.of("timber", (0.26, 0.21, 0.16))
    builder.cylinder((x, y, z), (x, y, z + 0.6 * tall), 0.035 * tall, bark, end_radius=0.015 * tall, segments=7)
    for _ in range(5):
        at = np.array([x, y, z + tall * rng.uniform(0.45, 0.85)]) + rng.normal(0, 0.13 * tall, 3) * (1, 1, 0.5)
        _bush(builder, made, at, tall * rng.uniform(0.16, 0.28), rng)


def _bush(builder: MeshBuilder, made: _Made, at: Array, radius: float, rng: np.random.Generator) -> None:
    """An uneven ball of leaves."""
    angle = np.linspace(-np.pi / 2 + 0.15, np.pi / 2 - 0.15, 7)
    profile = np.stack([np.cos(angle), np.sin(angle)], 1) * radius * rng.uniform(0.75, 1.2, (7, 1))
    shade = rng.uniform(0.6, 1.3)
    with builder.at(transform(at, yaw=rng.uniform(0, 6), pitch=rng.normal(0, 0.3))):
        builder.lathe(
            profile, made.leaves, segments=9, smooth=False, tint=(shade, shade, 0.9 * shade), caps=(True, True)
        )


def _embankment(builder: MeshBuilder, made: _Made, side: int, _half: float, rng: np.random.Generator) -> None:
    """A cutting or a bank, bushes and trees."""
    low = (7.4 if side < 0 else 4.0), -0.75
    up = rng.uniform(1.5, 4.0) if side > 0 else rng.uniform(-1.5, 2.0)
    _strip(builder, made.ground, (low[0], low[0] + 5.5), (low[1], up), side)
    _strip(builder, made.ground, (low[0] + 5.5, 150.0), (up, up + 1.5), side)
    for _ in range(26):
        away = rng.uniform(0.6, 9.0)
        z = np.interp(away, (0, 5.5), (low[1], up))
        at = np.array([side * (low[0] + away), rng.uniform(0, PIECE), float(z) + 0.2])
        _bush(builder, made, at, rng.uniform(0.35, 1.1), rng)
    for _ in range(7):
        _tree(builder, made, side * rng.uniform(low[0] + 6, 45), rng.uniform(0, PIECE), up, rng.uniform(5, 12), rng)


def _fence(builder: MeshBuilder, material: bpy.types.Material, x: float, tall: float, z: float) -> None:
    builder.box((x, 0.5 * PIECE, z + 0.5 * tall), (0.05, PIECE, tall), material, grain=True)
    for y in np.arange(1.5, PIECE, 3.0):
        builder.box((x, float(y), z + 0.5 * tall + 0.05), (0.11, 0.11, tall + 0.1), material)


def _suburb(builder: MeshBuilder, made: _Made, side: int, _half: float, rng: np.random.Generator) -> None:
    """Fences, gardens, houses with gables, trees."""
    start = 7.4 if side < 0 else 5.5
    _strip(builder, made.ground, (start if side < 0 else 4.0, 150.0), (-0.75, -0.75), side)
    _gardens(builder, made, side, start, rng)


def _gardens(builder: MeshBuilder, made: _Made, side: int, start: float, rng: np.random.Generator) -> None:
    """A fence, houses and trees behind it, on ground at -0.75."""
    fence = made.kit.finishes.of("planks" if rng.uniform() < 0.5 else "concrete")
    _fence(builder, fence, side * (start + 0.6), rng.uniform(1.5, 2.1), -0.75)
    y = rng.uniform(0, 4)
    while y < PIECE - 8:
        wide, deep, tall = rng.uniform(6.5, 9.0), rng.uniform(7, 10), rng.choice([3.0, 5.6])
        x = side * (start + rng.uniform(6, 14) + 0.5 * deep)
        _house(builder, made, (x, y + 0.5 * wide), (deep, wide, float(tall)), rng)
        y += wide + rng.uniform(3, 6)
    for _ in range(8):
        _tree(
            builder,
            made,
            side * rng.uniform(start + 2, start + 30),
            rng.uniform(0, PIECE),
            -0.75,
            rng.uniform(3, 8),
            rng,
        )


def _house(
    builder: MeshBuilder,
    made: _Made,
    at: tuple[float, float],
    size: tuple[float, float, float],
    rng: np.random.Generator,
) -> None:
    deep, wide, tall = size
    front = made.facades[rng.integers(len(made.facades))]
    builder.box((*at, 0.5 * tall - 0.75), (deep, wide, tall), front, shift=(3 * rng.integers(4), 0.0))
    roof = made.kit.finishes.of("brick", (0.40, 0.22, 0.17))
    ridge, z = 0.45 * deep, tall - 0.75
    for way in (-1, 1):
        low, high = at[0] + way * (0.5 * deep + 0.35), at[0]
        slope = [(low, at[1] - 0.5 * wide - 0.3, z - 0.2), (low, at[1] + 0.5 * wide + 0.3, z - 0.2)]
        slope += [(high, at[1] + 0.5 * wide + 0.3, z + ridge), (high, at[1] - 0.5 * wide - 0.3, z + ridge)]
        builder.quad(slope[::-way], roof)
    for end in (-1, 1):
        y = at[1] + end * 0.5 * wide
        gable = np.array([(at[0] - 0.5 * deep, y, z), (at[0] + 0.5 * deep, y, z), (at[0], y, z + ridge)])
        builder.add(gable, [(0, 1, 2)], front, gable[:, ::2])


def _city(builder: MeshBuilder, made: _Made, side: int, _half: float, rng: np.random.Generator) -> None:
    """A wall with panels, and fronts of 12 to 30 m close behind it."""
    start = 7.4 if side < 0 else 5.0
    _strip(builder, made.ground, (start if side < 0 else 4.0, 150.0), (-0.75, -0.75), side)
    wall = made.kit.finishes.of(("concrete", "brick", "concrete_block")[rng.integers(3)])
    tall = rng.uniform(1.2, 2.6)
    builder.box((side * start, 0.5 * PIECE, 0.5 * tall - 0.75), (0.3, PIECE, tall), wall)
    for y in np.arange(0.2, PIECE, 4.0):
        builder.box((side * (start - 0.18), float(y), 0.5 * tall - 0.75), (0.12, 0.4, tall + 0.1), wall)
    _blocks(builder, made, side, start + rng.uniform(4, 9), rng)


def _blocks(builder: MeshBuilder, made: _Made, side: int, near: float, rng: np.random.Generator) -> None:
    """A row of buildings, and a taller one behind."""
    y = 0.0
    while y < PIECE - 5:
        wide, tall = float(rng.choice([9.0, 12.0, 15.0])), 3.0 * rng.integers(3, 9)
        wide = min(wide, PIECE - y)
        set_back = rng.uniform(0, 2.0)
        front = made.facades[rng.integers(3)]
        shift = (3.0 * rng.integers(4), 0.0)
        builder.box(
            (side * (near + set_back + 6), y + 0.5 * wide, 0.5 * tall - 0.75),
            (12, wide - 0.1, tall),
            front,
            shift=shift,
        )
        y += wide + (rng.uniform(2, 5) if rng.uniform() < 0.3 else 0.0)
    tall = 3.0 * rng.integers(10, 18)
    builder.box((side * rng.uniform(45, 80), rng.uniform(10, 38), 0.5 * tall), (18, 20, tall), made.facades[0])


def _street(builder: MeshBuilder, made: _Made, side: int, half: float, road: Road, rng: np.random.Generator) -> None:
    """A carriageway with lines, kerbs, a pavement with lamp posts and signs, parked cars opposite."""
    kit, near = made.kit, side == road.kerb
    asphalt, stone, up = kit.finishes.of("asphalt"), kit.finishes.of("paving"), road.pavement
    edge = half + (road.near if near else 4.6)
    _strip(builder, asphalt, (0.0, edge), (0.0, 0.0), side)
    builder.box((side * (edge + 0.07), 0.5 * PIECE, 0.5 * up), (0.15, PIECE, up), kit.finishes.of("concrete"))
    _strip(builder, stone, (edge + 0.14, 9.0), (up, up), side)
    white = kit.finishes.of("plastic", (0.75, 0.75, 0.72))
    if not near:
        for y in np.arange(1.0, PIECE, 6.0):
            builder.box((side * (half + 0.8), float(y), 0.003), (0.12, 3.0, 0.006), white)
    post = kit.finishes.of("painted_metal", (0.22, 0.24, 0.25))
    for y in (8.0, 32.0):
        x = side * (edge + 0.7)
        builder.cylinder((x, y, 0.1), (x, y, 6.0), 0.07, post, end_radius=0.045, segments=8)
        builder.box((x - side * 0.9, y, 6.0), (1.9, 0.14, 0.10), post, bevel=0.02)
        if made.night:
            builder.box((x - side * 1.4, y, 5.93), (0.6, 0.12, 0.03), emission("street lamp", (1.0, 0.78, 0.50), 60.0))
        builder.cylinder((x, y + 9, 0.1), (x, y + 9, 2.6), 0.03, kit.steel, segments=8)
        builder.box((x, y + 9, 2.35), (0.05, 0.5, 0.5), kit.finishes.of("plastic", kit.accent), bevel=0.02)
    for y in np.arange(rng.uniform(1, 5), PIECE - 5, rng.uniform(6.5, 14)):
        if not near:
            _parked(builder, kit, side * (edge - 1.0), float(y), rng)
    for y in np.arange(rng.uniform(2, 9), PIECE, 15.0):
        _tree(builder, made, side * (edge + 2.2), float(y), up, rng.uniform(4, 6.5), rng)


def _parked(builder: MeshBuilder, kit: TransitKit, x: float, y: float, rng: np.random.Generator) -> None:
    """A parked car, as far as one sees it from above while passing."""
    paints = ((0.10, 0.11, 0.13), (0.62, 0.63, 0.64), (0.30, 0.06, 0.06), (0.10, 0.16, 0.30), (0.75, 0.75, 0.73))
    paint = kit.finishes.of("painted_metal", paints[rng.integers(5)], roughness=0.2)
    glass = kit.finishes.of("plastic", (0.04, 0.05, 0.06), roughness=0.08)
    side = [(-2.1, 0.28), (2.1, 0.28), (2.15, 0.62), (1.9, 0.86), (1.1, 0.95), (-1.9, 0.95), (-2.15, 0.8)]
    cabin = [(-1.75, 0.94), (1.05, 0.94), (0.35, 1.42), (-1.2, 1.46)]
    with builder.at(transform((x, y, 0.0), yaw=np.pi / 2) @ transform((0, -0.88, 0))):
        builder.extrude(side, 1.76, paint)
        with builder.at(transform((0, 0.1, 0))):
            builder.extrude(cabin, 1.56, glass)
        builder.box((-0.42, 0.88, 1.455), (1.45, 1.42, 0.03), paint, bevel=0.012)
        for wheel in (-1.3, 1.3):
            for across in (0.0, 1.76):
                builder.cylinder(
                    (wheel, across - 0.02, 0.32), (wheel, across + 0.02, 0.32), 0.32, kit.dark, segments=14
                )


def _town(builder: MeshBuilder, made: _Made, side: int, _half: float, rng: np.random.Generator) -> None:
    """Fronts behind a pavement."""
    _strip(builder, made.kit.finishes.of("paving"), (9.0, 150.0), (0.1, 0.1), side)
    _blocks(builder, made, side, 9.5, rng)


def _homes(builder: MeshBuilder, made: _Made, side: int, _half: float, rng: np.random.Generator) -> None:
    """Front gardens behind a pavement."""
    _strip(builder, made.ground, (9.0, 150.0), (0.1, 0.1), side)
    with builder.at(transform((0, 0, 0.85))):
        _gardens(builder, made, side, 8.6, rng)


def _tunnel(builder: MeshBuilder, made: _Made, side: int, half: float, _rng: np.random.Generator) -> None:
    """Segments with joints and bolts' pockets, cables on brackets, lamps and niches, soot."""
    kit = made.kit
    lining, x = kit.finishes.of("concrete", (0.24, 0.235, 0.225)), half + 0.55
    _strip(builder, made.ballast, (0.0, x), (-0.16, -0.16), side)
    profile = [(x, -0.2), (x + 0.25, 1.2), (x + 0.22, 2.4), (x - 0.15, 3.4), (x - 0.9, 4.2), (0.0, 4.5)]
    for (xa, za), (xb, zb) in pairwise(profile):
        corners = [(side * xa, 0, za), (side * xa, PIECE, za), (side * xb, PIECE, zb), (side * xb, 0, zb)]
        builder.quad(corners[::-1] if side < 0 else corners, lining)
    rib = kit.finishes.of("concrete", (0.19, 0.185, 0.18))
    for y in np.arange(0.6, PIECE, 1.5):
        for (xa, za), (xb, zb) in pairwise(profile[:4]):
            middle, long = (side * 0.5 * (xa + xb), float(y), 0.5 * (za + zb)), float(np.hypot(xb - xa, zb - za))
            with builder.at(transform(middle, roll=side * float(np.arctan2(xb - xa, zb - za)))):
                builder.box((-side * 0.02, 0, 0), (0.06, 0.13, long), rib)
    for z, r in ((1.75, 0.03), (1.85, 0.022), (1.95, 0.035), (2.1, 0.02), (0.7, 0.045)):
        wave = np.arange(0, PIECE + 0.1, 1.5)
        sag = z - 0.03 * (np.arange(len(wave)) % 2)
        line = np.stack([np.full(len(wave), side * (x + 0.12)), wave, sag], 1)
        builder.tube(line, r, kit.dark, segments=5)
    for y in np.arange(3.0, PIECE, 3.0):
        builder.box((side * (x + 0.16), float(y), 1.9), (0.10, 0.05, 0.55), kit.finishes.of("bare_metal"))
    builder.box((side * (x + 0.13), 20.0, 1.0), (0.22, 0.9, 1.0), kit.finishes.of("painted_metal", (0.4, 0.42, 0.4)))
    if side < 0:
        for y in (6.0, 30.0):
            builder.box(
                (side * (x + 0.10), y, 2.55), (0.06, 0.65, 0.09), emission("tunnel lamp", (1.0, 0.92, 0.75), 28.0)
            )


_PIECES: dict[str, Callable[[MeshBuilder, _Made, int, float, np.random.Generator], None]] = {
    "embankment": _embankment, "suburb": _suburb, "city": _city, "tunnel": _tunnel,
}  # fmt: skip
_ROADSIDE = {"city": _town, "suburb": _homes}
