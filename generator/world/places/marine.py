"""What quays and vessels share: the builder's kit, sea and sky around them, railings, doors, windows and what lies about."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import bpy
import numpy as np
from numpy.typing import ArrayLike, NDArray

from generator.frame import Track
from generator.scenario.spec import ClipSpec
from generator.site.stowed import Stowed
from generator.tracks import TRACK_SURROUNDINGS, TRACKS_CLUTTER
from generator.world.actor import Actor, Part, Placement, StaticActor
from generator.world.canvas import Stock, stock
from generator.world.finishes import Finish, Finishes
from generator.world.materials import emission, principled
from generator.world.meshes import MeshBuilder, transform
from generator.world.sky import Sky, build_sky
from generator.world.water import Hue, Hull, adrift, build_water, wake_picture, water_material
from generator.world.waves import Grid, graded, sea_state

Array = NDArray[np.float64]
Colour = tuple[float, float, float]

SAFETY_ORANGE: Colour = (0.80, 0.28, 0.06)
DECK_GREEN: Colour = (0.20, 0.33, 0.27)
NAVAL_GREY: Colour = (0.48, 0.51, 0.53)
SHIP_WHITE: Colour = (0.82, 0.82, 0.79)


@dataclass
class Kit:
    """What a builder works with.

    Attributes:
        spec: the clip.
        collection: what everything is linked to.
        pictures, finishes: of this world.
        shell: structure that is being built.
        parts: structure besides: lamps, panes.
        moving: actors that a moment moves.
    """

    spec: ClipSpec
    collection: bpy.types.Collection
    pictures: Stock
    finishes: Finishes
    shell: MeshBuilder = field(default_factory=MeshBuilder)
    parts: list[Part] = field(default_factory=list)
    moving: list[Actor] = field(default_factory=list)

    @classmethod
    def of(cls, spec: ClipSpec, collection: bpy.types.Collection) -> "Kit":
        """The kit of a clip."""
        pictures = stock(spec.stream("world/stock"))
        return cls(spec, collection, pictures, Finishes(spec.stream, pictures, spec.environment.wear))

    def paint(self, colour: ArrayLike, roughness: float | None = None) -> bpy.types.Material:
        """Painted metal of an sRGB colour."""
        return self.finishes.of("painted_metal", colour, roughness=roughness)

    def finish(self, word: Finish, colour: ArrayLike | None = None) -> bpy.types.Material:
        """A finish by word."""
        return self.finishes.of(word, colour)

    def structure(self, name: str = "structure") -> StaticActor:
        """Everything built so far that stays."""
        parts = [*self.parts]
        if self.shell.triangles:
            parts.insert(0, Part(self.shell.object(name, self.collection)))
        return StaticActor(tuple(parts), (), tuple(Placement(np.array(part.object.matrix_world)) for part in parts))


def sea_around(
    kit: Kit,
    *,
    level: float,
    hull: Hull,
    wind: float,
    height: float,
    speed: float,
    coast: bool,
    near: float = 34.0,
    bend: float = 1.0,
) -> Sky:
    """Sea and sky around a vessel that heads towards +y; adds the actors, gives back the sky.

    Args:
        kit: of the place.
        level: height of still water in the site's frame, metres.
        hull: what presses the water aside.
        wind: m/s.
        height: significant height of the waves, metres.
        speed: m/s that the vessel makes.
        coast: whether there is land far off.
        near: metres of water with waves to either side.
        bend: relief of ripples.
    """
    spec, rng = kit.spec, kit.spec.stream("world/sea")
    sky = build_sky(spec, kit.collection, kit.pictures, ground=None, level=level)
    waves = sea_state(height, float(np.clip(26 * height, 3.0, 60.0)), rng.uniform(0, 2 * np.pi), rng)
    ahead = speed * (spec.clip.duration + 2.0)
    step = float(np.interp(near, [20, 60], [0.42, 0.8]))
    xs = graded((-0.55 * near, 0.55 * near), step, (-1900.0, 1900.0))
    dense = (hull.stern - 0.7 * near, hull.bow + 0.7 * near + ahead)
    ys = graded(dense, step, (-1900.0 + hull.stern, 1900.0 + ahead))
    over = (hull.middle - 0.9 * near, hull.middle + 0.9 * near, hull.stern - 1.4 * near, hull.bow + 0.2 * near)
    picture = wake_picture(hull, over, rng, scum=float(np.clip(0.25 + 0.5 * height, 0, 0.9)))
    hue: Hue = "coast" if coast else "ocean"
    water = water_material(hue, wind, rng, wake=(picture, over), bend=bend)
    rough = (-1.3 * near, 1.3 * near, hull.stern - 1.5 * near, hull.bow + 1.5 * near)
    kit.moving.append(build_water(Grid(xs, ys), waves, water, kit.collection, level=level, rough=rough, hull=hull))
    land = [_coast(kit, level, sky.horizon, rng)] if coast else []
    kit.moving.append(adrift(sky.parts, sky.world, kit.collection, land))
    kit.moving += sky.moving
    return sky


def _coast(kit: Kit, level: float, horizon: Array, rng: np.random.Generator) -> Part:
    """Hills over a part of the horizon, more than a kilometre off: nearly the colour of the air before them."""
    builder, n = MeshBuilder(), 120
    first, wide = rng.uniform(0, 2 * np.pi), rng.uniform(0.8, 2.6)
    for layer, (r, share, pale) in enumerate(((1650.0, 1.0, 0.72), (1450.0, 0.7, 0.50))):
        r_, g, b = horizon * pale * np.array((0.80, 0.92, 1.0))
        hill = emission(f"coast {layer}", (float(r_), float(g), float(b)), 1.0)
        along = np.linspace(0, 1, n)
        angle = first + (0.2 * layer + share * along) * wide
        rough = [
            rng.uniform(0.5, 1) / k * np.sin(2 * np.pi * k * along + rng.uniform(0, 6.3)) for k in (1, 2, 3, 5, 9, 17)
        ]
        tall = (1.0 + 0.55 * sum(rough)) * (34.0 - 18.0 * layer)
        tall = np.maximum(tall, 2.0) * np.sin(np.pi * along.clip(0.01, 0.99)) ** 0.7
        x, y = r * np.cos(angle), r * np.sin(angle)
        points = np.stack([np.r_[x, x], np.r_[y, y], np.r_[np.full(n, level - 3), level + tall]], 1)
        k = np.arange(n - 1)
        builder.add(points, np.stack([k + 1, k, k + n, k + n + 1], 1), hill, np.zeros((4 * (n - 1), 2)))
    return Part(builder.object("coast", kit.collection), TRACK_SURROUNDINGS)


def clutter(kit: Kit, things: Sequence[Stowed]) -> list[StaticActor]:
    """A track for each labelled thing."""
    actors = []
    for k, thing in enumerate([thing for thing in things if thing.labelled]):
        builder = MeshBuilder()
        MAKERS[thing.what](builder, kit, thing)
        made = builder.object(f"clutter {k}", kit.collection)
        place = transform(thing.place, yaw=thing.yaw)
        made.matrix_world = place.T.tolist()
        track = Track(TRACKS_CLUTTER + k, "clutter")
        actors.append(StaticActor((Part(made, track.track_id),), (track,), (Placement(place),)))
    return actors


def furnish(kit: Kit, things: Sequence[Stowed]) -> None:
    """What stands there and is structure."""
    for thing in things:
        if not thing.labelled and thing.what in MAKERS:
            with kit.shell.at(transform(thing.place, yaw=thing.yaw)):
                MAKERS[thing.what](kit.shell, kit, thing)


def railing(
    builder: MeshBuilder, points: ArrayLike, material: bpy.types.Material, *, height: float = 1.1, bars: int = 3,
    radius: float = 0.021, every: float = 1.5,
) -> None:  # fmt: skip
    """Stanchions and rails along (n, 3) points on the deck."""
    path = np.asarray(points, float)
    up = np.array([0.0, 0.0, 1.0])
    for a, b in pairwise(path):
        long = float(np.linalg.norm(b - a))
        n = max(round(long / every), 1)
        for k in range(n + 1):
            foot = a + (b - a) * k / n
            builder.cylinder(foot, foot + (height - 0.01) * up, radius, material, segments=8)
            builder.cylinder(foot, foot + 0.012 * up, 2.6 * radius, material, segments=8)
        for share in np.linspace(1, 0.28, bars):
            thick = radius * (1.15 if share == 1 else 0.75)
            builder.cylinder(a + share * height * up, b + share * height * up, thick, material, segments=8)


def steel_door(
    builder: MeshBuilder,
    kit: Kit,
    matrix: Array,
    colour: Colour,
    *,
    size: tuple[float, float] = (0.78, 1.85),
    sill: float = 0.2,
    window: bool = True,
) -> None:
    """A closed weathertight door in the frame ``matrix``: x along the bulkhead, -y out of it, z up from the deck."""
    wide, tall = size
    leaf, trim = kit.paint(colour), kit.paint(np.array(colour) * 0.8)
    dark, bright = kit.finish("moulded_rubber"), kit.finish("stainless")
    with builder.at(matrix):
        builder.box((0, -0.02, sill + 0.5 * tall), (wide + 0.14, 0.06, tall + 0.14), trim, bevel=0.02)
        builder.box((0, -0.055, sill + 0.5 * tall), (wide, 0.04, tall), leaf, bevel=0.015)
        for z in (0.22, 0.5, 0.78):
            for side in (-1, 1):
                at = np.array([side * (0.5 * wide - 0.05), -0.085, sill + z * tall])
                builder.box(at, (0.04, 0.03, 0.16), bright, bevel=0.006)
        for z in (0.2, 0.8):
            builder.cylinder(
                (-0.5 * wide - 0.02, -0.08, sill + z * tall - 0.06),
                (-0.5 * wide - 0.02, -0.08, sill + z * tall + 0.06),
                0.018,
                bright,
            )
        if window:
            pane = principled("port glass", (0.02, 0.025, 0.03), 0.08)
            builder.cylinder((0, -0.075, sill + 0.76 * tall), (0, -0.095, sill + 0.76 * tall), 0.15, dark, segments=20)
            builder.cylinder((0, -0.08, sill + 0.76 * tall), (0, -0.098, sill + 0.76 * tall), 0.12, pane, segments=20)


def window(
    builder: MeshBuilder, kit: Kit, matrix: Array, size: tuple[float, float], glow: bpy.types.Material | None = None
) -> None:
    """A window with rounded frame in a bulkhead: x along it, -y out, origin in its middle."""
    pane = glow or principled("window glass", (0.015, 0.02, 0.025), 0.06)
    rim = kit.finish("moulded_rubber")
    w, h = size
    with builder.at(matrix):
        builder.box((0, -0.004, 0), (w + 0.10, 0.03, h + 0.10), rim, bevel=0.014)
        builder.quad(
            [(-w / 2, -0.021, -h / 2), (w / 2, -0.021, -h / 2), (w / 2, -0.021, h / 2), (-w / 2, -0.021, h / 2)], pane
        )


def rope_coil(builder: MeshBuilder, kit: Kit, thing: Stowed) -> None:
    """Turns of rope laid down, a little untidy."""
    rope, rng, radius = kit.finish("upholstery", (0.55, 0.49, 0.36)), thing.rng, 0.5 * thing.size[0]
    turn = np.linspace(0, 2 * np.pi * 6, 150)
    wave = radius * (0.84 - 0.06 * np.sin(turn / 6) + 0.03 * np.sin(0.37 * turn + rng.uniform(0, 6)))
    z = 0.03 + (thing.size[2] - 0.08) * turn / turn[-1]
    builder.tube(np.stack([wave * np.cos(turn), wave * np.sin(turn), z], 1), 0.024, rope, segments=6)


def crates(builder: MeshBuilder, kit: Kit, thing: Stowed) -> None:
    """Slatted crates, two or more side by side and on each other, filling the thing's box."""
    rng, (w, d, h) = thing.rng, thing.size
    wood, dark = kit.finish("timber"), kit.finish("timber", (0.46, 0.37, 0.27))
    rows = max(round(h / 0.62), 1)
    columns = max(round(w / 0.8), 1)
    for i in range(columns):
        for j in range(rows):
            if j and rng.uniform() < 0.2 and i == columns - 1 and h < 1.2:
                continue
            size = np.array([w / columns - 0.012, d - 0.012, h / rows - 0.006])
            at = np.array([(i + 0.5) * w / columns - 0.5 * w, 0, (j + 0.5) * h / rows])
            shade = float(rng.uniform(0.7, 1.1))
            with builder.at(transform(at, yaw=rng.normal(0, 0.008))):
                builder.box((0, 0, 0), size - 0.05, dark, tint=(0.6 * shade,) * 3)
                _slats(builder, wood, size, shade, rng)


def _slats(builder: MeshBuilder, wood: bpy.types.Material, size: Array, shade: float, rng: np.random.Generator) -> None:
    half = 0.5 * size
    for side in (-1, 1):
        n = max(round(size[2] / 0.12), 2)
        for k in range(n):
            z, tone = -half[2] + (k + 0.5) * size[2] / n, shade * float(rng.uniform(0.8, 1.12))
            thick = (size[2] / n - 0.014,)
            builder.box(
                (0, side * (half[1] - 0.012), z),
                (size[0], 0.02, *thick),
                wood,
                grain=True,
                shift=rng.uniform(0, 1, 2),
                tint=(tone,) * 3,
            )
            builder.box(
                (side * (half[0] - 0.012), 0, z),
                (0.02, size[1] - 0.05, *thick),
                wood,
                grain=True,
                shift=rng.uniform(0, 1, 2),
                tint=(tone,) * 3,
            )
        for x in (-1, 1):
            builder.box(
                (x * (half[0] - 0.05), side * (half[1] - 0.001), 0),
                (0.085, 0.022, size[2]),
                wood,
                grain=True,
                tint=(shade,) * 3,
                bevel=0.002,
            )
    n = max(round(size[0] / 0.14), 2)
    for k in range(n):
        x = -half[0] + (k + 0.5) * size[0] / n
        builder.box(
            (x, 0, half[2] - 0.012),
            (size[0] / n - 0.012, size[1], 0.02),
            wood,
            grain=True,
            shift=rng.uniform(0, 1, 2),
            tint=(shade * float(rng.uniform(0.8, 1.1)),) * 3,
        )


def pallet(builder: MeshBuilder, kit: Kit, thing: Stowed) -> None:
    """A pallet (EN 13698: 1200 x 800 mm) with sacks or boxes under a wrap of film."""
    rng, wood, (w, d, h) = thing.rng, kit.finish("timber"), thing.size
    for y in (-1, 0, 1):
        builder.box((0, y * (0.5 * d - 0.06), 0.05), (w, 0.1, 0.1), wood, grain=True)
    for x in np.linspace(-0.5 * w + 0.06, 0.5 * w - 0.06, 6):
        builder.box((x, 0, 0.122), (0.11, d, 0.022), wood, grain=True, shift=rng.uniform(0, 1, 2))
    sort = kit.finish("cardboard") if rng.uniform() < 0.6 else kit.finish("upholstery", (0.62, 0.58, 0.48))
    rows = max(round((h - 0.14) / 0.3), 1)
    for j in range(rows):
        for i in range(3):
            shade = float(rng.uniform(0.8, 1.1))
            size = (w / 3 - 0.02, d - 0.04, (h - 0.14) / rows - 0.01)
            at = ((i - 1) * w / 3 + rng.normal(0, 0.008), rng.normal(0, 0.01), 0.135 + (j + 0.5) * (h - 0.14) / rows)
            builder.box(at, size, sort, bevel=0.02, tint=(shade,) * 3, shift=rng.uniform(0, 1, 2))


def drums(builder: MeshBuilder, kit: Kit, thing: Stowed) -> None:
    """Four 200-litre drums, 0.58 m across and 0.88 m high (ISO 15750)."""
    rng, r, h = thing.rng, 0.29, 0.88
    for x in (-1, 1):
        for y in (-1, 1):
            if rng.uniform() < 0.15:
                continue
            paint = kit.paint(
                ((0.16, 0.27, 0.44), (0.46, 0.15, 0.12), (0.2, 0.2, 0.2), (0.2, 0.36, 0.28))[rng.integers(4)]
            )
            profile = [
                (r, 0),
                (r, 0.28),
                (r + 0.012, 0.29),
                (r, 0.30),
                (r, 0.58),
                (r + 0.012, 0.59),
                (r, 0.60),
                (r, h),
                (r - 0.015, h),
            ]
            with builder.at(transform((x * 0.305, y * 0.305, 0))):
                builder.lathe(profile, paint, segments=20, tint=(float(rng.uniform(0.7, 1.1)),) * 3)
                builder.lathe([(r - 0.015, h - 0.015), (0.001, h - 0.015)], paint, segments=20)


def box(builder: MeshBuilder, kit: Kit, thing: Stowed) -> None:
    """A tool or fish box of plastic."""
    rng, (w, d, h) = thing.rng, thing.size
    shade = ((0.72, 0.40, 0.10), (0.20, 0.30, 0.42), (0.50, 0.51, 0.50), (0.16, 0.17, 0.18))[rng.integers(4)]
    builder.box((0, 0, 0.42 * h), (w - 0.03, d - 0.03, 0.84 * h), kit.finish("plastic", shade), bevel=0.03)
    builder.box((0, 0, 0.9 * h), (w, d, 0.16 * h), kit.finish("plastic", shade), bevel=0.02, tint=(0.8,) * 3)
    builder.box((0, -0.5 * d, 0.8 * h), (0.12, 0.03, 0.05), kit.finish("moulded_rubber"), bevel=0.008)


def locker(builder: MeshBuilder, kit: Kit, thing: Stowed) -> None:
    """A deck locker: ribs, lid with an overhang, hasps."""
    w, d, h = thing.size
    paint = kit.paint(SHIP_WHITE if thing.rng.uniform() < 0.6 else SAFETY_ORANGE)
    builder.box((0, 0, 0.5 * h), (w, d - 0.06, h - 0.08), paint, bevel=0.012)
    builder.box((0, 0, h - 0.04), (w, d, 0.08), paint, bevel=0.02, tint=(0.95,) * 3)
    for x in (-0.3, 0.3):
        builder.box((x * w, -0.5 * d + 0.02, h - 0.14), (0.05, 0.03, 0.14), kit.finish("stainless"), bevel=0.005)
        builder.box((x * w, -0.5 * d + 0.03, 0.45 * h), (0.05, 0.03, 0.7 * h), paint, bevel=0.006)


def ring(builder: MeshBuilder, kit: Kit, thing: Stowed) -> None:
    """A lifebuoy that lies on a box."""
    angle = np.linspace(0, 2 * np.pi, 33)
    z = thing.size[2] - 0.06
    path = np.stack([0.18 * np.cos(angle), 0.18 * np.sin(angle), np.full(33, z)], 1)
    builder.box((0, 0, 0.5 * (z - 0.05)), (0.44, 0.44, z - 0.05), kit.paint(SHIP_WHITE), bevel=0.02)
    for k in range(4):
        run = path[8 * k : 8 * k + 9]
        builder.tube(run, 0.055, kit.finish("plastic", SAFETY_ORANGE if k % 2 else (0.85, 0.85, 0.82)), segments=10)


def bag(builder: MeshBuilder, kit: Kit, thing: Stowed) -> None:
    """A holdall."""
    w, _, h = thing.size
    cloth = kit.finish("upholstery")
    profile = [(0.02, -0.5 * w), (0.5 * h, -0.47 * w), (0.52 * h, 0.0), (0.5 * h, 0.47 * w), (0.02, 0.5 * w)]
    with builder.at(transform((0, 0, 0.5 * h)) @ transform(roll=np.pi / 2)):
        builder.lathe(profile, cloth, segments=14)
    strap = kit.finish("moulded_rubber")
    angle = np.linspace(0, np.pi, 12)
    for y in (-0.06, 0.06):
        path = np.stack([0.17 * np.cos(angle), np.full(12, y), h - 0.03 + 0.09 * np.sin(angle)], 1)
        builder.tube(path, 0.010, strap)


MAKERS = {
    "crates": crates, "pallet": pallet, "drums": drums, "coil": rope_coil, "box": box, "locker": locker, "ring": ring,
    "bag": bag,
}  # fmt: skip
"""Makers of things by kind; builders of places add their own."""
