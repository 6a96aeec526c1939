"""The inside of a carriage: shell with windows and doors, seats, poles, racks, notices."""

from dataclasses import dataclass, field
from itertools import pairwise

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.timeline import Moment
from generator.scenario.spec import ClipSpec
from generator.site import site_of
from generator.site.car import HEAD, SCREEN_TOP, SILL, WALL, Car
from generator.tracks import TRACKS_CLUTTER, TRACKS_DOORS
from generator.world.actor import Part, Placement, StaticActor
from generator.world.meshes import MeshBuilder, transform
from generator.world.places.lamps import Fitting
from generator.world.places.transit_kit import TransitKit, add_pole, add_rail, add_seat, handle_mesh, invented

Array = NDArray[np.float64]

_COVE = 0.30
"""Metres up and in that the slanted panels between wall and ceiling take."""

_LEAF_TOP = 1.95
_SPELLS = 2 * np.pi * 0.13
"""rad/s at which handles swing more and less by turns; chosen."""


class Shell:
    """Materials of a carriage's lining, drawn once."""

    def __init__(self, spec: ClipSpec, kit: TransitKit, car: Car, floor: str) -> None:
        rng, finishes = spec.stream("world/car/lining"), kit.finishes
        tone = np.array(
            ((0.80, 0.79, 0.75), (0.74, 0.76, 0.77), (0.82, 0.78, 0.68), (0.66, 0.69, 0.71))[rng.integers(4)]
        )
        self.wall = finishes.of("laminate", tone)
        self.low = finishes.of("laminate", 0.72 * tone if rng.uniform() < 0.5 else tone)
        self.ceiling = finishes.of("laminate", np.minimum(1.06 * tone, 0.9))
        self.door = finishes.of("painted_metal", kit.accent if rng.uniform() < 0.4 else 0.85 * tone)
        size = (car.width + 0.4, car.length)
        self.floor = finishes.surface("car floor", floor, size)  # type: ignore[arg-type]


def build_shell(builder: MeshBuilder, panes: MeshBuilder, kit: TransitKit, shell: Shell, car: Car) -> None:
    """Floor, walls with window openings, cove, ceiling and end walls; openings for all doors."""
    x = 0.5 * car.width + WALL
    corners = [(-x, 0, 0), (x, 0, 0), (x, car.length, 0), (-x, car.length, 0)]
    builder.quad(corners, shell.floor, uv=[(cx + x, cy) for cx, cy, _ in corners])
    build_lining(builder, panes, kit, shell, (car, car))
    _ends(builder, kit, shell, car)


def build_lining(
    builder: MeshBuilder, panes: MeshBuilder, kit: TransitKit, shell: Shell, sides: tuple[Car, Car]
) -> None:
    """Walls with openings as the left and the right one have them, coves, ceiling and the roof above."""
    car = sides[0]
    half, long, high = 0.5 * car.width, car.length, car.height
    x, top = half + WALL, high - _COVE
    for side, mine in zip((-1, 1), sides, strict=True):
        _side(builder, panes, kit, shell, mine, side)
        away = side * (half - _COVE)
        cove = [(side * half, 0, top), (side * half, long, top), (away, long, high), (away, 0, high)]
        builder.quad(cove[::-1] if side < 0 else cove, shell.wall)
        builder.box((side * (half - 0.012), 0.5 * long, top), (0.03, long, 0.018), kit.shell)
        for y0, y1 in mine.windows:  # skirting heater
            builder.box(
                (side * (half - 0.05), 0.5 * (y0 + y1), 0.11), (0.10, y1 - y0 + 0.1, 0.16), kit.steel, bevel=0.01
            )
    inner = half - _COVE
    ceiling = [(-inner, 0, high), (-inner, long, high), (inner, long, high), (inner, 0, high)]
    builder.quad(ceiling, shell.ceiling)
    for y in np.arange(1.4, long, 2.8):  # joints and grilles of the ceiling
        builder.box((0, float(y), high - 0.003), (2 * inner, 0.012, 0.006), kit.dark)
        builder.box((0.62 * inner, float(y) + 1.3, high - 0.006), (0.22, 0.55, 0.012), kit.shell, bevel=0.003)
        for k in range(9):
            builder.box((0.62 * inner - 0.08 + 0.02 * k, float(y) + 1.3, high - 0.014), (0.006, 0.5, 0.006), kit.dark)
    # The roof above keeps daylight out.
    wide, over, (y0, y1) = x + 0.1, high + 0.3, (-0.6, long + 0.6)
    builder.quad([(-wide, y0, over), (wide, y0, over), (wide, y1, over), (-wide, y1, over)], shell.wall)
    for side in (-1, 1):
        outer = [(side * x, y0, top), (side * x, y1, top), (side * wide, y1, over), (side * wide, y0, over)]
        builder.quad(outer, shell.wall)


def _side(builder: MeshBuilder, panes: MeshBuilder, kit: TransitKit, shell: Shell, car: Car, side: int) -> None:
    half, gap = 0.5 * car.width, 0.5 * car.door_width
    top = car.height - _COVE
    holes = [(y0, y1, SILL, min(HEAD, top - 0.06), True) for y0, y1 in car.windows]
    holes += [(y - gap, y + gap, 0.0, min(_LEAF_TOP, top), False) for y in car.doors]
    holes.sort()
    edges = [0.0, *(edge for hole in holes for edge in hole[:2]), car.length]
    x = side * (half + 0.5 * WALL)
    for y0, y1 in zip(edges[::2], edges[1::2], strict=True):
        if y1 - y0 > 0.004:
            builder.box((x, 0.5 * (y0 + y1), 0.5 * top), (WALL, y1 - y0, top), shell.wall, shift=(y0, 0))
    for y0, y1, low, high, glazed in holes:
        middle, wide = 0.5 * (y0 + y1), y1 - y0
        if low > 0:
            builder.box((x, middle, 0.5 * low), (WALL, wide, low), shell.low, shift=(y0, 0))
        builder.box((x, middle, 0.5 * (high + top)), (WALL, wide, top - high), shell.wall, shift=(y0, 0))
        if not glazed:
            continue
        at = side * (half + 0.015)
        for z in (low, high):
            builder.box((at, middle, z), (0.05, wide + 0.05, 0.035), kit.dark, bevel=0.008)
        for y in (y0, y1):
            builder.box((at, y, 0.5 * (low + high)), (0.05, 0.035, high - low), kit.dark, bevel=0.008)
        if high - low > 0.7:  # a vent that tips
            builder.box((at, middle, high - 0.24), (0.03, wide, 0.022), kit.dark)
        z = half + 0.055
        panes.quad([(side * z, y0, low), (side * z, y1, low), (side * z, y1, high), (side * z, y0, high)], kit.glass)


def _ends(builder: MeshBuilder, kit: TransitKit, shell: Shell, car: Car) -> None:
    """End walls with a gangway's door, its pane dark but for a lit line of the next carriage."""
    half, wide, tall = 0.5 * car.width + WALL, 0.74, 1.95
    for y, way in ((0.0, -1), (car.length, 1)):
        at = y + way * 0.5 * WALL
        for side in (-1, 1):
            x = 0.5 * (half + 0.5 * wide)
            builder.box((side * x, at, 0.5 * car.height), (half - 0.5 * wide, WALL, car.height), shell.wall)
        builder.box((0, at, 0.5 * (tall + car.height)), (wide, WALL, car.height - tall), shell.wall)
        leaf, stile = at + way * 0.01, 0.11
        for side in (-1, 1):
            builder.box((side * 0.5 * (wide - stile), leaf, 0.5 * tall), (stile, 0.045, tall), shell.door, bevel=0.006)
            builder.box((side * (0.5 * wide + 0.02), y, 0.5 * tall), (0.045, WALL + 0.03, tall), kit.steel, bevel=0.006)
        builder.box((0, leaf, 0.42), (wide - 2 * stile, 0.045, 0.84), shell.door)
        builder.box((0, leaf, tall - 0.07), (wide - 2 * stile, 0.045, 0.14), shell.door)
        builder.box((0.5 * wide - 0.05, y - way * 0.03, 1.02), (0.03, 0.03, 0.26), kit.steel, bevel=0.01)
        box = [(-0.6, 2.05), (0.6, 2.05), (0.6, 0.0), (-0.6, 0.0)]
        ends = (y + way * WALL, y + way * 1.1)
        for (xa, za), (xb, zb) in pairwise([*box, box[0]]):
            builder.quad([(xa, ends[0], za), (xa, ends[1], za), (xb, ends[1], zb), (xb, ends[0], zb)], kit.dark)
        builder.quad([(-0.6, ends[1], 0), (0.6, ends[1], 0), (0.6, ends[1], 2.05), (-0.6, ends[1], 2.05)], shell.low)


def build_doors(
    kit: TransitKit, shell: Shell, car: Car, opened: frozenset[int], collection: bpy.types.Collection,
    sides: tuple[int, ...] = (-1, 1),
) -> list[StaticActor]:  # fmt: skip
    """Two leaves a door on the given sides; those that are open, on the last of them, stand before the wall outside."""
    actors, top = [], min(_LEAF_TOP, car.height - _COVE)
    for side in sides:
        for k, y in enumerate(car.doors):
            leaves, panes = MeshBuilder(), MeshBuilder()
            slid = 0.5 * car.door_width - 0.03 if side == sides[-1] and k in opened else 0.0
            for way in (-1, 1):
                wide = 0.5 * car.door_width
                middle = y + way * (0.5 * wide + slid)
                x = side * (0.5 * car.width + (WALL + 0.035 if slid else 0.045))
                _leaf(leaves, panes, kit, shell, (x, middle), (wide, top), way)
            number = 2 * k + (side > 0)
            track = Track(TRACKS_DOORS + number, "door")
            parts = (
                Part(leaves.object(f"door {number}", collection), track.track_id),
                Part(panes.object(f"door pane {number}", collection), in_labels=False),
            )
            actors.append(StaticActor(parts, (track,), (Placement(np.eye(4)),) * 2))
    return actors


def _leaf(
    leaves: MeshBuilder, panes: MeshBuilder, kit: TransitKit, shell: Shell, at: tuple[float, float], size: tuple[float, float],
    way: int,
) -> None:  # fmt: skip
    (x, y), (wide, top) = at, size
    low, high, stile, thick = 0.78, top - 0.22, 0.10, 0.04
    for edge in (-1, 1):
        builder_y = y + edge * 0.5 * (wide - stile)
        leaves.box((x, builder_y, 0.5 * top), (thick, stile - 0.004, top), shell.door, bevel=0.008)
    leaves.box((x, y, 0.5 * low), (thick, wide - 2 * stile, low), shell.door)
    leaves.box((x, y, 0.5 * (high + top)), (thick, wide - 2 * stile, top - high), shell.door)
    leaves.box((x, y - way * 0.5 * wide, 0.5 * top), (thick + 0.012, 0.02, top), kit.dark)
    for z in (low, high):
        leaves.box((x, y, z), (thick + 0.014, wide - 2 * stile + 0.02, 0.03), kit.dark, bevel=0.006)
    for edge in (-1, 1):
        gasket = (x, y + edge * (0.5 * wide - stile), 0.5 * (low + high))
        leaves.box(gasket, (thick + 0.014, 0.03, high - low), kit.dark, bevel=0.006)
    e = 0.5 * wide - stile
    panes.quad([(x, y - e, low), (x, y + e, low), (x, y + e, high), (x, y - e, high)], kit.glass)


def furnish(
    builder: MeshBuilder,
    panes: MeshBuilder,
    kit: TransitKit,
    shell: Shell,
    car: Car,
    racks: str,
    rng: np.random.Generator,
) -> None:
    """Seats, screens, poles, rails and racks."""
    for seat in car.seats:
        add_seat(builder, kit, seat, rng, against_wall=abs(np.sin(seat.yaw)) > 0.5)
    for x0, x1, y in car.screens:
        middle, wide = 0.5 * (x0 + x1), abs(x1 - x0)
        builder.box((middle, y, 0.5), (wide, 0.035, 0.96), shell.low, bevel=0.008)
        builder.box((middle, y, SCREEN_TOP), (wide, 0.04, 0.03), kit.steel, bevel=0.008)
        panes.quad([(x0, y, 0.98), (x1, y, 0.98), (x1, y, SCREEN_TOP), (x0, y, SCREEN_TOP)], kit.glass)
    for x, y in car.poles:
        add_pole(builder, kit, x, y, (0.0, car.height))
    for x in sorted({x for x, _, _ in car.handles}):
        rail = next(z for at, _, z in car.handles if at == x)
        add_rail(builder, kit, x, (0.4, car.length - 0.4), rail, car.height)
    if racks == "none":
        return
    for side in (-1, 1):
        wall = side * 0.5 * car.width
        for y0, y1 in car.windows:
            _rack(builder, panes, kit, (wall, side), (y0 - 0.05, y1 + 0.05), racks)


def _rack(
    builder: MeshBuilder,
    panes: MeshBuilder,
    kit: TransitKit,
    wall: tuple[float, int],
    ys: tuple[float, float],
    kind: str,
) -> None:
    (x, side), (y0, y1), z, deep = wall, ys, HEAD + 0.09, 0.33
    for y in (y0 + 0.05, y1 - 0.05):
        builder.box((x - side * 0.5 * deep, y, z - 0.012), (deep, 0.03, 0.045), kit.steel, bevel=0.008)
    rails = np.linspace(0.06, deep, 5 if kind == "metal" else 2)
    for away in rails:
        builder.cylinder((x - side * away, y0, z + 0.02), (x - side * away, y1, z + 0.02), 0.009, kit.steel, segments=8)
    if kind == "glass":
        a, b = x - side * 0.02, x - side * deep
        panes.quad([(a, y0, z + 0.012), (b, y0, z + 0.012), (b, y1, z + 0.012), (a, y1, z + 0.012)], kit.glass)
    builder.cylinder((x - side * deep, y0, z + 0.05), (x - side * deep, y1, z + 0.05), 0.012, kit.steel, segments=8)


def put_notices(builder: MeshBuilder, kit: TransitKit, car: Car, share: float, rng: np.random.Generator) -> None:
    """On the coves, over doors and beside the gangways; a line of stops, alarm handles."""
    half, top = 0.5 * car.width, car.height - _COVE
    slant = np.array([-_COVE, _COVE]) / np.hypot(_COVE, _COVE)
    for side in (-1, 1):
        for y in np.arange(0.9, car.length - 0.9, 0.78):
            if rng.uniform() > share or any(abs(y - door) < 0.5 * car.door_width + 0.4 for door in car.doors):
                continue
            low, high = 0.07, 0.34
            points = []
            for u, along in ((-0.3, low), (0.3, low), (0.3, high), (-0.3, high)):
                x = side * (half + slant[0] * along - 0.006)
                points.append((x, float(y) - side * u, top + slant[1] * along - 0.006))
            kit.notice(builder, np.array(points), int(rng.integers(8)))
        for y in car.doors:
            over = ((-0.55, top - 0.11), (0.55, top - 0.11), (0.55, top), (-0.55, top))
            board = [(side * (half - 0.006), y - side * u, z) for u, z in over]
            kit.notice(builder, np.array(board), int(rng.integers(8)))
            red = kit.finishes.of("plastic", (0.66, 0.10, 0.08))
            builder.box(
                (side * (half - 0.02), y + 0.5 * car.door_width + 0.13, 1.45), (0.05, 0.11, 0.16), red, bevel=0.012
            )
    for y, way in ((0.004, 1), (car.length - 0.004, -1)):
        for x in (-0.72 * half, 0.72 * half):
            if rng.uniform() < 0.4 + 0.5 * share:
                board = [(x - way * u, y, z) for u, z in ((0.24, 1.32), (-0.24, 1.32), (-0.24, 1.66), (0.24, 1.66))]
                kit.notice(builder, np.array(board), int(rng.integers(8)))
        material, (wide, tall) = kit.display(f"display {way}", invented(rng, 3))
        z = car.height - 0.18
        builder.box((0, y - way * 0.02, z), (wide + 0.06, 0.05, tall + 0.05), kit.dark, bevel=0.008)
        face = y + way * 0.0075
        corners = [(-way * -0.5 * wide, face, z - 0.5 * tall), (-way * 0.5 * wide, face, z - 0.5 * tall)]
        corners += [(-way * 0.5 * wide, face, z + 0.5 * tall), (-way * -0.5 * wide, face, z + 0.5 * tall)]
        builder.quad(corners, material, uv=[(0, 0), (wide, 0), (wide, tall), (0, tall)])


def car_fittings(car: Car, lights_fixture: str, rng: np.random.Generator) -> list[Fitting]:
    """Lines of light along the ceiling: one in the middle, or two."""
    n = max(2, round(car.length / 3.0))
    wide = {"tube": 0.10, "strip": 0.06, "panel": 0.30}[lights_fixture]
    rows = (0.0,) if lights_fixture == "panel" or rng.uniform() < 0.3 else (-0.45, 0.45)
    share = {"tube": 0.86, "strip": 0.985, "panel": 0.5}[lights_fixture]
    pitch = car.length / n
    return [
        Fitting(transform((0, (k + 0.5) * pitch, car.height), yaw=np.pi / 2), share * pitch, wide, rows)
        for k in range(n)
    ]


@dataclass(frozen=True)
class SwayingHandles:
    """Handles that hang from a rail and swing as pendulums that the vehicle shakes.

    Attributes:
        parts, tracks: one of each a handle.
        places: (n, 3) where they hang, metres.
        rest, swing, rate, phase: (n, 2) of roll and pitch: radians, radians, rad/s, radians.
    """

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    places: Array = field(repr=False)
    rest: Array = field(repr=False)
    swing: Array = field(repr=False)
    rate: Array = field(repr=False)
    phase: Array = field(repr=False)

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Swinging across more than along, in spells."""
        spell = 0.65 + 0.35 * np.sin(_SPELLS * moment.t)
        turns = self.rest + self.swing * spell * np.sin(self.rate * moment.t + self.phase)
        return tuple(
            Placement(transform(at, roll=float(roll), pitch=float(pitch)))
            for at, (roll, pitch) in zip(self.places, turns, strict=True)
        )


def build_handles(
    spec: ClipSpec, kit: TransitKit, places: tuple[tuple[float, float, float], ...], collection: bpy.types.Collection
) -> list[SwayingHandles]:
    """One actor of all handles; none where there are none."""
    if not places:
        return []
    objects = [handle_mesh(kit, collection)]
    for k in range(1, len(places)):
        objects.append(bpy.data.objects.new(f"handle {k}", objects[0].data))
        collection.objects.link(objects[-1])
    tracks = tuple(Track(TRACKS_CLUTTER + k, "clutter") for k in range(len(places)))
    rng, ride = spec.stream("world/handles"), site_of(spec).ride
    amplitude = 0.0 if ride is None else min(0.35 * ride.shake + 0.8 * ride.roll, 0.22)
    shape = (len(places), 2)
    return [
        SwayingHandles(
            tuple(Part(thing, track.track_id) for thing, track in zip(objects, tracks, strict=True)), tracks,
            np.array(places), rng.normal(0, 0.035, shape), amplitude * rng.uniform(0.5, 1.0, shape) * (1.0, 0.5),
            # Pendulums of about 0.2 m: 1.1 Hz (T = 2 pi sqrt(l / g)), stiffened a little by their straps.
            2 * np.pi * rng.uniform(1.0, 1.35, shape), rng.normal(0, 0.7, shape),
        )
    ]  # fmt: skip
