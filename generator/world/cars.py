"""Parked cars of no make: a lofted body with glass, wheels, lamps, bumpers and seams."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.site.yard import CARS, Thing
from generator.world.actor import StaticActor
from generator.world.finishes import Finishes
from generator.world.materials import Detail, linear, principled
from generator.world.meshes import MeshBuilder, transform
from generator.world.yard_things import labelled_actor, standing, tyre

Array = NDArray[np.float64]
Colour = tuple[float, float, float]

_PAINTS: tuple[Colour, ...] = (
    (0.80, 0.80, 0.79), (0.12, 0.12, 0.13), (0.45, 0.46, 0.48), (0.30, 0.31, 0.33), (0.16, 0.24, 0.40), (0.48, 0.10, 0.10),
    (0.62, 0.58, 0.48), (0.14, 0.26, 0.20), (0.62, 0.66, 0.70),
)  # fmt: skip
"""sRGB, roughly by how common they are on roads."""

# Stations from the tail to the nose: (share of the length, share of the half width, height of the belt, height of the top).
# Heights are shares of the car's. What follows a station until the next: see _GLASS.
_STATIONS: Mapping[str, tuple[tuple[float, float, float, float], ...]] = MappingProxyType(
    {
        "hatchback": (
            (0.0, 0.86, 0.50, 0.51), (0.02, 0.94, 0.60, 0.63), (0.05, 0.97, 0.66, 0.70), (0.145, 0.99, 0.66, 0.965),
            (0.20, 1.0, 0.655, 0.99), (0.355, 1.0, 0.65, 1.0), (0.375, 1.0, 0.648, 1.0), (0.56, 1.0, 0.645, 0.985),
            (0.60, 1.0, 0.64, 0.96), (0.755, 0.99, 0.625, 0.655), (0.90, 0.97, 0.58, 0.60),
            (0.965, 0.93, 0.50, 0.52), (1.0, 0.80, 0.40, 0.41),
        ),
        "saloon": (
            (0.0, 0.84, 0.52, 0.53), (0.015, 0.93, 0.62, 0.64), (0.05, 0.96, 0.66, 0.68), (0.175, 0.99, 0.665, 0.70),
            (0.30, 1.0, 0.66, 0.95), (0.36, 1.0, 0.655, 0.99), (0.47, 1.0, 0.65, 1.0), (0.488, 1.0, 0.65, 1.0),
            (0.60, 1.0, 0.645, 0.985), (0.635, 1.0, 0.64, 0.955), (0.765, 0.99, 0.62, 0.65),
            (0.90, 0.97, 0.575, 0.595), (0.97, 0.92, 0.50, 0.52), (1.0, 0.80, 0.40, 0.41),
        ),
        "estate": (
            (0.0, 0.86, 0.52, 0.53), (0.015, 0.94, 0.60, 0.63), (0.04, 0.97, 0.655, 0.70),
            (0.095, 0.99, 0.655, 0.955), (0.17, 1.0, 0.65, 0.985), (0.29, 1.0, 0.648, 1.0), (0.305, 1.0, 0.648, 1.0),
            (0.47, 1.0, 0.645, 1.0), (0.488, 1.0, 0.645, 1.0), (0.61, 1.0, 0.64, 0.98), (0.645, 1.0, 0.635, 0.95),
            (0.77, 0.99, 0.62, 0.65), (0.90, 0.97, 0.575, 0.595), (0.97, 0.92, 0.50, 0.52), (1.0, 0.80, 0.40, 0.41),
        ),
        "van": (
            (0.0, 0.95, 0.55, 0.95), (0.012, 0.985, 0.56, 0.985), (0.06, 1.0, 0.56, 1.0), (0.42, 1.0, 0.55, 1.0),
            (0.60, 1.0, 0.545, 1.0), (0.625, 1.0, 0.54, 1.0), (0.745, 1.0, 0.535, 0.985), (0.78, 1.0, 0.53, 0.96),
            (0.895, 0.98, 0.50, 0.55), (0.965, 0.94, 0.43, 0.46), (1.0, 0.82, 0.34, 0.35),
        ),
    }
)  # fmt: skip

_GLASS: Mapping[str, tuple[frozenset[int], frozenset[int]]] = MappingProxyType(
    {
        "hatchback": (frozenset({4, 6, 8}), frozenset({2, 8})),
        "saloon": (frozenset({5, 7, 9}), frozenset({3, 9})),
        "estate": (frozenset({4, 6, 8, 10}), frozenset({2, 10})),
        "van": (frozenset({5, 7}), frozenset({7})),
    }
)
"""Stations after which the side, and the top, is glass."""


@dataclass(frozen=True)
class _Stuff:
    """Materials of one car."""

    paint: bpy.types.Material
    glass: bpy.types.Material
    black: bpy.types.Material
    rubber: bpy.types.Material
    rim: bpy.types.Material
    clear: bpy.types.Material
    red: bpy.types.Material
    plate: bpy.types.Material


def build_cars(
    things: tuple[Thing, ...], finishes: Finishes, collection: bpy.types.Collection, first: int
) -> list[StaticActor]:
    """The cars among things, each a track of its own; numbers of their tracks begin after ``first`` others."""
    cars = [thing for thing in things if thing.what in CARS]
    shared = {
        "glass": principled("car glass", (0.010, 0.012, 0.013), 0.04),
        "black": principled("car trim", (0.016, 0.016, 0.017), 0.55),
        "clear": principled("car lamp", (0.55, 0.56, 0.57), 0.12, 0.6),
        "red": principled("tail lamp", (0.22, 0.01, 0.01), 0.15),
        "rim": finishes.of("aluminium"),
        "rubber": finishes.of("moulded_rubber", (0.11, 0.11, 0.11)),
        "plate": principled("number plate", linear((0.80, 0.80, 0.77)), 0.4),
    }
    paints: dict[int, bpy.types.Material] = {}
    actors = []
    for k, thing in enumerate(cars):
        rng = thing.rng
        which = int(min(rng.exponential(4.5), len(_PAINTS) - 1))
        if which not in paints:
            grime = Detail(finishes.pictures.grime, (1.6, 1.6), 0.15 + 0.35 * finishes.worn, 0.35)
            paints[which] = principled(
                f"car paint {which}", linear(_PAINTS[which]), 0.22 + 0.1 * finishes.worn, detail=grime
            )
        builder = MeshBuilder()
        make_car(builder, thing.what, _Stuff(paints[which], **shared))
        actors.append(labelled_actor(builder, standing(thing), first + k, "vehicle", collection))
    return actors


def make_car(b: MeshBuilder, kind: str, stuff: _Stuff) -> None:
    """A car whose nose is towards +y and whose middle is at the origin."""
    width, length, height = CARS[kind]
    half, low = 0.5 * width - 0.02, 0.19
    rings = np.stack(
        [
            _ring(share, half * wide, low, height * belt, height * top, length)
            for share, wide, belt, top in _STATIONS[kind]
        ]
    )
    side, top = _GLASS[kind]
    _skin(b, rings, side, top, stuff)
    wheel = 0.315 if kind != "van" else 0.34
    axles = (0.19 * length - 0.5 * length, 0.5 * length - 0.185 * length)
    for y in axles:
        for s in (-1, 1):
            _wheel(b, s, half, y, wheel, stuff)
    front, back = 0.5 * length, -0.5 * length
    belt = height * 0.5
    for s in (-1, 1):
        _lamp(b, (s * 0.66 * half, front - 0.09, 0.64), (0.34, 0.14, 0.13), s * -0.35, stuff.clear)
        _lamp(
            b,
            (s * 0.78 * half, back + 0.035, 0.56 * height),
            (0.22, 0.10, 0.16 if kind != "van" else 0.34),
            s * 0.25,
            stuff.red,
        )
        mirror = 0.5 * length - (0.30 if kind != "van" else 0.185) * length
        b.box(
            (s * (half + 0.075), mirror, belt + 0.17 * height),
            (0.17, 0.08, 0.12),
            stuff.black,
            bevel=0.02,
        )
        for share in (0.36, 0.62) if kind != "van" else (0.60,):
            y = share * length - 0.5 * length
            b.box((s * (half + 0.001), y - 0.12, 0.60 * height), (0.012, 0.16, 0.025), stuff.black, bevel=0.004)
            b.box((s * (half - 0.0035), y, 0.38 * height), (0.012, 0.008, 0.40 * height), stuff.black)
        b.box((s * (half - 0.004), 0, low + 0.075), (0.02, 0.60 * length, 0.10), stuff.black, bevel=0.006)
    b.box((0, front - 0.012, 0.30), (1.45 * half, 0.05, 0.10), stuff.black, bevel=0.01)
    b.box((0, front - 0.045, 0.52), (0.95 * half, 0.05, 0.09), stuff.black, bevel=0.01)
    b.box((0, back + 0.004, 0.33), (1.66 * half, 0.08, 0.16), stuff.black, bevel=0.02)
    b.box((0, front + 0.018, 0.41), (0.50, 0.012, 0.11), stuff.plate, bevel=0.003)
    b.box(
        (0, back - 0.012 if kind != "van" else back - 0.004, 0.50 * height),
        (0.50, 0.014, 0.11),
        stuff.plate,
        bevel=0.003,
    )


def _ring(share: float, half: float, low: float, belt: float, top: float, length: float) -> Array:
    """(14, 3) points about a station, from the middle of the floor to the right, over the roof and back."""
    y = (share - 0.5) * length
    rise = max(top - belt, 0.0)
    lean = 0.97 * half - 0.26 * rise
    sill = low + 0.10
    right = [
        (0.86 * half, low), (0.985 * half, sill), (half, low + 0.55 * (belt - low)), (0.975 * half, belt),
        (lean, belt + 0.86 * rise), (lean - 0.10 - 0.04 * rise, belt + 0.975 * rise), (0.42 * lean, top),
    ]  # fmt: skip
    return np.array([(x, y, z) for x, z in right] + [(-x, y, z) for x, z in right[::-1]])


def _skin(b: MeshBuilder, rings: Array, side: frozenset[int], top: frozenset[int], stuff: _Stuff) -> None:
    """Faces between the stations, by material."""
    n, m = rings.shape[:2]
    points = rings.reshape(-1, 3)
    groups: dict[str, list[tuple[int, int, int, int]]] = {"paint": [], "glass": [], "black": []}
    for k in range(n - 1):
        for j in range(m):
            i = (j + 1) % m
            face = (k * m + j, k * m + i, (k + 1) * m + i, (k + 1) * m + j)
            mirrored = j if j < 7 else 12 - j
            word = "paint"
            if j == m - 1:
                word = "black"
            elif (mirrored == 3 and k in side) or (mirrored in (4, 5, 6) and k in top):
                word = "glass"
            groups[word].append(face[::-1])
    for word, faces in groups.items():
        used = np.unique(faces)
        where = np.zeros(len(points), int)
        where[used] = np.arange(len(used))
        uv = points[np.array(faces).ravel()][:, 1:]
        b.add(points[used], where[np.array(faces)], getattr(stuff, word), uv, smooth=word != "glass")
    b.add(rings[0], [range(m)], stuff.paint, rings[0][:, [0, 2]])
    b.add(rings[-1], [range(m)[::-1]], stuff.paint, rings[-1][::-1][:, [0, 2]])


def _wheel(b: MeshBuilder, s: int, half: float, y: float, r: float, stuff: _Stuff) -> None:
    """Tyre and rim in a dark arch."""
    turn = transform((s * (half - 0.20), y, r), roll=s * np.pi / 2)
    with b.at(turn):
        tyre(b, (0, 0, 0), r, 0.215, stuff.rubber)
        rim = 0.62 * r
        b.lathe([(rim, 0.20), (0.94 * rim, 0.175), (0.30 * rim, 0.19), (0.0, 0.195)], stuff.rim, segments=20)
        for k in range(5):
            with b.at(transform(yaw=2 * np.pi * k / 5)):
                b.box((0.62 * rim, 0.09, 0.184), (0.34 * rim, 0.055, 0.012), stuff.black)
    angle = np.linspace(-0.03 * np.pi, 1.03 * np.pi, 15)
    x = s * (half + 0.004)
    outer = np.stack([np.full(15, x), y + (r + 0.055) * np.cos(angle), r + (r + 0.055) * np.sin(angle)], 1)
    inner = np.stack([np.full(15, x), y + (r - 0.02) * np.cos(angle), r + (r - 0.02) * np.sin(angle)], 1)
    faces = [(k, k + 1, 15 + k + 1, 15 + k) if s > 0 else (k, 15 + k, 15 + k + 1, k + 1) for k in range(14)]
    points = np.concatenate([outer, inner])
    b.add(points, faces, stuff.black, points[np.concatenate(faces)][:, 1:])
    well = np.concatenate([inner, [(x, y, r)]])
    fan = [(15, k, k + 1) if s > 0 else (15, k + 1, k) for k in range(14)]
    b.add(well - (s * 0.001, 0, 0), fan, stuff.black, well[np.concatenate(fan)][:, 1:], tint=(0.3, 0.3, 0.3))


def _lamp(
    b: MeshBuilder,
    at: tuple[float, float, float],
    size: tuple[float, float, float],
    yaw: float,
    material: bpy.types.Material,
) -> None:
    with b.at(transform(at, yaw=yaw)):
        b.box((0, 0, 0), size, material, bevel=0.025)
