"""What stands about yards, streets and decks, each made in its own frame: foot at z = 0, front towards +y."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.site.yard import Thing
from generator.tracks import TRACKS_CLUTTER
from generator.world.actor import Part, Placement, StaticActor
from generator.world.canvas import Canvas
from generator.world.finishes import Finishes
from generator.world.materials import linear, principled
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]
Colour = tuple[float, float, float]
Size = tuple[float, float, float]
Maker = Callable[[MeshBuilder, Size, np.random.Generator, Finishes], None]


def _shade(rng: np.random.Generator, spread: float = 0.12) -> Colour:
    k = float(np.exp(spread * rng.standard_normal()))
    return (k, k, k)


def _timber(
    b: MeshBuilder, centre: tuple[float, ...], size: tuple[float, ...], rng: np.random.Generator, f: Finishes
) -> None:
    b.box(centre, size, f.of("timber"), bevel=0.003, grain=True, shift=rng.uniform(0, 2, 2), tint=_shade(rng))


def _barricade(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    """A plywood sheet with ports, on a timber frame with feet."""
    w, d, h = size
    ply = f.of("plywood")
    ports = [(0.25, 0.35, 0.22), (-0.22, 0.75, 0.2), (0.15, 1.12, 0.2)]
    rows = [(0.08, 0.24), (0.24, 0.46), (0.46, 0.65), (0.65, 0.85), (0.85, 1.02), (1.02, 1.22), (1.22, h)]
    for low, high in rows:
        hole = next((p for p in ports if low <= p[1] <= high), None)
        cuts = [(-0.5 * w, 0.5 * w)]
        if hole is not None:
            cuts = [(-0.5 * w, hole[0] - hole[2]), (hole[0] + hole[2], 0.5 * w)]
        for left, right in cuts:
            middle = (0.5 * (left + right), 0.0, 0.5 * (low + high))
            b.box(middle, (right - left, 0.018, high - low), ply, shift=(middle[0], middle[2]))
    for x in (-0.5 * w + 0.045, 0.5 * w - 0.045):
        _timber(b, (x, 0.04, 0.5 * h), (0.089, 0.045, h), rng, f)
        _timber(b, (x, 0.0, 0.045), (0.045, d, 0.089), rng, f)
        with b.at(transform((x, 0.16, 0.36), pitch=0.52)):
            _timber(b, (0, 0, 0), (0.045, 0.03, 0.75), rng, f)
    for z in (0.09, 0.65, h - 0.03):
        _timber(b, (0, 0.035, z), (w - 0.18, 0.038, 0.06), rng, f)


def _barrel_at(b: MeshBuilder, x: float, y: float, rng: np.random.Generator, f: Finishes, h: float = 0.88) -> None:
    colour = ((0.18, 0.30, 0.50), (0.55, 0.30, 0.12), (0.30, 0.34, 0.28), (0.62, 0.60, 0.55))[int(rng.integers(4))]
    metal = f.of("painted_metal", colour)
    r = 0.285
    ring = [(r - 0.02, 0.0), (r, 0.015)]
    for z in (0.31, 0.57):
        ring += [(r, z - 0.03), (r + 0.012, z), (r, z + 0.03)]
    ring += [(r, h - 0.015), (r - 0.012, h), (r - 0.025, h - 0.015)]
    with b.at(transform((x, y, 0), yaw=rng.uniform(0, 6.3))):
        b.lathe(ring, metal, segments=24, caps=(False, True), tint=_shade(rng))
        b.cylinder((0.15, 0, h - 0.015), (0.15, 0, h), 0.03, metal, tint=(0.4, 0.4, 0.4))


def _barrels(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    for x in (-0.31, 0.31):
        _barrel_at(b, x, rng.normal(0, 0.01), rng, f)
    _timber(b, (0, 0, 0.9), (size[0], 0.28, 0.04), rng, f)


def _barrel(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    _barrel_at(b, 0, 0, rng, f, size[2])


def _barrier(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    """A concrete barrier of the usual section, with lifting slots and painted bands on some."""
    w, d, h = size
    half = [(0.5 * d, 0.0), (0.5 * d, 0.08), (0.27 * d, 0.33), (0.16 * d, h - 0.02), (0.12 * d, h)]
    outline = np.array(half + [(-x, z) for x, z in half[::-1]])
    with b.at(transform((-0.5 * w, 0, 0), yaw=-np.pi / 2) @ transform()):
        b.extrude(np.c_[-outline[::-1, 0], outline[::-1, 1]][::-1][:, :], w, f.of("concrete"), tint=_shade(rng, 0.08))
    if rng.uniform() < 0.5:
        for k in range(4):
            x = -0.5 * w + (k + 0.5) * w / 4
            b.box((x, 0, h + 0.002), (w / 8, 0.22 * d, 0.006), f.of("painted_metal", (0.62, 0.12, 0.10)))


def _wall(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    """A free-standing partition of sheets on studs, propped behind."""
    w, d, h = size
    ply = f.of("plywood")
    for k, left in enumerate(np.arange(-0.5 * w, 0.5 * w - 0.01, 0.9)):
        right = min(float(left) + 0.9, 0.5 * w)
        for face in (-1, 1):
            middle = (0.5 * (left + right), face * (0.5 * d - 0.009), 0.5 * h)
            b.box(
                middle, (right - left - 0.003, 0.018, h), ply, shift=(middle[0] + k, 0.3 * face), tint=_shade(rng, 0.06)
            )
    for x in np.linspace(-0.5 * w + 0.02, 0.5 * w - 0.02, 3):
        _timber(b, (x, 0, 0.5 * h), (0.045, d - 0.038, h - 0.01), rng, f)
    _timber(b, (0, 0, h + 0.02), (w, d, 0.04), rng, f)
    for x in (-0.3 * w, 0.3 * w):
        with b.at(transform((x, 0.42, 0.55), pitch=0.6)):
            _timber(b, (0, 0, 0), (0.038, 0.089, 1.3), rng, f)


def _frame(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    """A target frame of laths, with a torn backing on some."""
    w, d, h = size
    for x in (-0.5 * w + 0.05, 0.5 * w - 0.05):
        _timber(b, (x, 0, 0.5 * h), (0.045, 0.045, h), rng, f)
        _timber(b, (x, 0, 0.045), (0.045, d, 0.089), rng, f)
        with b.at(transform((x, 0.17, 0.28), pitch=0.5)):
            _timber(b, (0, 0, 0), (0.03, 0.03, 0.6), rng, f)
    for z in (0.55, h - 0.04):
        _timber(b, (0, 0.03, z), (w, 0.022, 0.07), rng, f)
    if rng.uniform() < 0.6:
        card = f.of("cardboard")
        left, right = -0.42 * w * rng.uniform(0.5, 1), 0.42 * w * rng.uniform(0.5, 1)
        b.box(
            (0.5 * (left + right), -0.004, 0.5 * (0.6 + h)),
            (right - left, 0.006, h - 0.68),
            card,
            shift=rng.uniform(0, 1, 2),
        )


def _board(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    """A post for a board; the numeral is the range's."""
    _timber(b, (0, 0, 0.5 * size[2]), (0.07, 0.07, size[2]), rng, f)


def _tyres(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    rubber, z = f.of("moulded_rubber"), 0.0
    while z < size[2] - 0.1:
        r, w = 0.5 * size[0] * rng.uniform(0.88, 1.0), 0.17
        tyre(b, (rng.normal(0, 0.015), rng.normal(0, 0.015), z), r, w, rubber)
        z += w


def tyre(b: MeshBuilder, foot: tuple[float, float, float], r: float, w: float, rubber: bpy.types.Material) -> None:
    """A tyre that lies flat, its axis along z."""
    half = [(0.60, 0.30), (0.68, 0.06), (0.84, 0.0), (0.95, 0.06), (0.985, 0.16), (1.0, 0.3)]
    outer = [(r * a, w * h) for a, h in half] + [(r * a, w * (1 - h)) for a, h in half[::-1]]
    with b.at(transform(foot)):
        b.lathe([*outer, outer[0]], rubber, segments=24)


def _pallets(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    z = 0.0
    while z < size[2] - 0.1:
        with b.at(transform((rng.normal(0, 0.02), rng.normal(0, 0.02), z), yaw=rng.normal(0, 0.03))):
            for y in np.linspace(-0.34, 0.34, 5):
                _timber(b, (0, y, 0.133), (1.2, 0.115, 0.022), rng, f)
            for x in (-0.53, 0, 0.53):
                _timber(b, (x, 0, 0.111), (0.14, 0.8, 0.022), rng, f)
                for y in (-0.33, 0, 0.33):
                    _timber(b, (x, y, 0.061), (0.14, 0.1, 0.078), rng, f)
                _timber(b, (x, 0, 0.011), (0.1, 0.8, 0.022), rng, f)
        z += 0.146


def _crate(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    w, d, h = size
    for k in range(3):
        b.box((0, 0, (k + 0.5) * h / 3), (w - 0.03, d - 0.03, h / 3 - 0.008), f.of("timber"), bevel=0.003, grain=True,
              shift=rng.uniform(0, 2, 2), tint=_shade(rng))  # fmt: skip
    for x in (-0.5 * w + 0.03, 0.5 * w - 0.03):
        for y in (-0.5 * d + 0.008, 0.5 * d - 0.008):
            _timber(b, (x, y, 0.5 * h), (0.05, 0.016, h), rng, f)


def _sandbags(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    w, d, h = size
    cloth = f.of("upholstery", (0.55, 0.48, 0.36))
    rows = max(round(h / 0.14), 1)
    for row in range(rows):
        for x in np.arange(-0.5 * w + 0.22 + (0.2 if row % 2 else 0), 0.5 * w - 0.1, 0.42):
            _bag(b, (float(x), rng.normal(0, 0.015), 0.07 + row * 0.135), (0.45, 0.85 * d, 0.16), cloth, rng)


def _bag(
    b: MeshBuilder, at: tuple[float, float, float], size: Size, cloth: bpy.types.Material, rng: np.random.Generator
) -> None:
    u, v = np.meshgrid(np.linspace(0, 2 * np.pi, 17)[:-1], np.linspace(-0.5 * np.pi, 0.5 * np.pi, 9))
    fold = 0.5 * np.array(size) * (1 + 0.03 * rng.standard_normal((9, 16, 1)))
    unit = np.stack([np.cos(v) * np.cos(u), np.cos(v) * np.sin(u), np.sin(v)], -1)
    points = (fold * np.sign(unit) * np.abs(unit) ** 0.65).reshape(-1, 3)
    row, k = (a.ravel() for a in np.mgrid[0:8, 0:16])
    after = (k + 1) % 16
    faces = np.stack([row * 16 + k, row * 16 + after, (row + 1) * 16 + after, (row + 1) * 16 + k], 1)
    with b.at(transform(at, yaw=rng.normal(0, 0.08), roll=rng.normal(0, 0.03))):
        b.add(points, faces, cloth, points[faces.ravel()][:, :2] * 1.5, smooth=True, tint=_shade(rng))


def _spool(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    r, h, wood = 0.5 * size[0], size[2], f.of("planks")
    b.lathe([(r, 0), (r, 0.05), (0.5 * r, 0.05), (0.5 * r, h - 0.05), (r, h - 0.05), (r, h)], wood, segments=28, caps=(True, True),
            tint=_shade(rng))  # fmt: skip


def _bucket(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    r, h = 0.5 * size[0], size[2]
    colour = ((0.12, 0.12, 0.13), (0.60, 0.32, 0.10), (0.70, 0.70, 0.68))[int(rng.integers(3))]
    b.lathe([(0.75 * r, 0), (0.95 * r, h - 0.03), (r, h - 0.03), (r, h), (0.92 * r, h), (0.72 * r, 0.02)], f.of("plastic", colour),
            segments=22, caps=(True, True))  # fmt: skip


def _cone(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:  # noqa: ARG001
    w, _, h = size
    orange, white = f.of("plastic", (0.80, 0.28, 0.08)), f.of("plastic", (0.85, 0.85, 0.83))
    b.box((0, 0, 0.015), (w, w, 0.03), orange, bevel=0.008)
    radii = np.interp([0.0, 0.35, 0.62, 1.0], [0, 1], [0.36 * w, 0.07 * w])
    for k, material in enumerate((orange, white, orange)):
        z = np.array([0.0, 0.35, 0.62, 1.0]) * (h - 0.03) + 0.03
        b.lathe([(radii[k], z[k]), (radii[k + 1], z[k + 1])], material, segments=20, caps=(False, k == 2))


def _bin(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    """A wheeled bin with a lid and handle."""
    w, d, h = size
    colour = ((0.14, 0.15, 0.16), (0.16, 0.26, 0.18), (0.20, 0.25, 0.38), (0.44, 0.36, 0.12))[int(rng.integers(4))]
    plastic = f.of("plastic", colour)
    low, high = np.array([0.38 * w, 0.34 * d]), np.array([0.48 * w, 0.46 * d])
    ring = lambda s, z: [(-s[0], -s[1], z), (s[0], -s[1], z), (s[0], s[1], z), (-s[0], s[1], z)]  # noqa: E731
    points = np.array(ring(low, 0.06) + ring(high, h - 0.08))
    for k in range(4):
        j = (k + 1) % 4
        b.quad(points[[k, j, 4 + j, 4 + k]], plastic)
    b.box((0, 0, h - 0.09), (w, d, 0.05), plastic, bevel=0.012)
    with b.at(transform((0, 0, h - 0.04), pitch=rng.normal(0.0, 0.01))):
        b.box((0, 0, 0), (0.98 * w, d, 0.045), plastic, bevel=0.02, tint=(0.8, 0.8, 0.8))
    b.cylinder((-0.4 * w, -0.5 * d - 0.02, h - 0.08), (0.4 * w, -0.5 * d - 0.02, h - 0.08), 0.014, plastic)
    for x in (-0.36 * w, 0.36 * w):
        b.cylinder((x - 0.03, -0.36 * d, 0.10), (x + 0.03, -0.36 * d, 0.10), 0.10, f.of("moulded_rubber"), segments=18)


def _container(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    """A 20 ft container on sleepers, its doors towards +y."""
    w, d, h = size
    colour = ((0.20, 0.30, 0.42), (0.45, 0.20, 0.14), (0.30, 0.36, 0.28), (0.55, 0.55, 0.52))[int(rng.integers(4))]
    ribbed, frame = f.of("ribbed_metal", colour), f.of("painted_metal", tuple(0.85 * c for c in colour))
    b.box((0, 0, 0.5 * h), (w - 0.06, d - 0.06, h - 0.12), ribbed)
    for x in (-0.5 * w + 0.06, 0.5 * w - 0.06):
        for y in (-0.5 * d + 0.06, 0.5 * d - 0.06):
            b.box((x, y, 0.5 * h), (0.12, 0.12, h), frame, bevel=0.01)
        for z in (0.08, h - 0.06):
            b.box((x, 0, z), (0.10, d, 0.12), frame, bevel=0.008)
    for y in (-0.5 * d + 0.05, 0.5 * d - 0.05):
        for z in (0.08, h - 0.06):
            b.box((0, y, z), (w, 0.08, 0.12), frame, bevel=0.008)
    for x in (-0.85, -0.35, 0.35, 0.85):
        b.cylinder((x, 0.5 * d + 0.02, 0.12), (x, 0.5 * d + 0.02, h - 0.12), 0.017, f.of("bare_metal"), segments=8)
        b.box((x, 0.5 * d + 0.035, 1.05), (0.30, 0.03, 0.035), f.of("bare_metal"), bevel=0.004)


def _shed(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    """A timber shed: boards upright, a door, a window and a felt roof."""
    w, d, h = size
    eaves = h - 0.35
    for x in (-0.5 * w, 0.5 * w):
        for y in np.arange(-0.5 * d + 0.07, 0.5 * d, 0.14):
            _timber(b, (x, float(y), 0.5 * eaves), (0.022, 0.137, eaves), rng, f)
    for y in (-0.5 * d, 0.5 * d):
        for x in np.arange(-0.5 * w + 0.07, 0.5 * w, 0.14):
            tall = eaves + 0.35 * (1 - abs(float(x)) / (0.5 * w))
            _timber(b, (float(x), y, 0.5 * tall), (0.137, 0.022, tall), rng, f)
    felt = f.of("rubber", (0.20, 0.20, 0.20))
    slope = np.arctan2(0.35, 0.5 * w)
    for side in (-1, 1):
        with b.at(transform((side * 0.25 * w, 0, eaves + 0.19), roll=side * slope)):
            b.box((0, 0, 0), (0.5 * w / np.cos(slope) + 0.16, d + 0.3, 0.03), felt)
    _timber(b, (0.1, 0.5 * d + 0.02, 0.98), (0.85, 0.03, 1.92), rng, f)
    for side in (-1, 1):
        for y in (-0.2 * d, 0.22 * d):
            b.box(
                (side * (0.5 * w + 0.014), y, 1.35),
                (0.012, 0.7, 0.55),
                principled("shed pane", (0.02, 0.024, 0.026), 0.08),
            )
            for off in (-0.36, 0.36):
                _timber(b, (side * (0.5 * w + 0.02), y + off, 1.35), (0.03, 0.06, 0.66), rng, f)
            for off in (-0.3, 0.3):
                _timber(b, (side * (0.5 * w + 0.02), y, 1.35 + off), (0.03, 0.72, 0.06), rng, f)


def _planter(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    w, d, h = size
    b.box((0, 0, 0.5 * h), size, f.of("concrete"), bevel=0.03, tint=_shade(rng, 0.08))
    b.box((0, 0, h - 0.01), (w - 0.14, d - 0.14, 0.03), f.of("grass", (0.25, 0.20, 0.14)))
    green = f.of("grass", (0.22, 0.30, 0.14))
    for _ in range(46):
        at = rng.uniform((-0.38 * w, -0.36 * d), (0.38 * w, 0.36 * d))
        tall, lean = rng.uniform(0.12, 0.45), rng.normal(0, 0.4)
        with b.at(transform((*at, h), yaw=rng.uniform(0, 6.3), pitch=lean)):
            b.quad(
                [(-0.02, 0, 0), (0.02, 0, 0), (0.06, 0.02, 0.6 * tall), (-0.06, 0.02, 0.6 * tall)],
                green,
                tint=_shade(rng, 0.3),
            )
            b.quad(
                [(-0.06, 0.02, 0.6 * tall), (0.06, 0.02, 0.6 * tall), (0.01, 0.05, tall), (-0.01, 0.05, tall)], green
            )


def _bench(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:
    w, d, _ = size
    metal = f.of("painted_metal", (0.24, 0.25, 0.26))
    for x in (-0.4 * w, 0.4 * w):
        b.box((x, 0, 0.22), (0.05, 0.38 * d + 0.1, 0.44), metal, bevel=0.006)
        with b.at(transform((x, -0.42 * d, 0.62), pitch=0.18)):
            b.box((0, 0, 0), (0.04, 0.05, 0.48), metal, bevel=0.005)
    for k in range(4):
        _timber(b, (0, -0.3 * d + k * 0.115, 0.455), (w, 0.09, 0.032), rng, f)
    for z in (0.62, 0.78):
        _timber(b, (0, -0.41 * d, z), (w, 0.03, 0.10), rng, f)


def _bollard(b: MeshBuilder, size: Size, rng: np.random.Generator, f: Finishes) -> None:  # noqa: ARG001
    r, h = 0.5 * size[0], size[2]
    b.lathe([(1.25 * r, 0), (1.25 * r, 0.05), (r, 0.06), (r, h - 0.10), (0.9 * r, h - 0.02), (0.4 * r, h)],
            f.of("painted_metal", (0.16, 0.17, 0.18)), segments=18, caps=(False, True))  # fmt: skip
    b.lathe([(1.02 * r, h - 0.26), (1.02 * r, h - 0.17)], f.of("plastic", (0.82, 0.80, 0.75)), segments=18)


MAKERS: Mapping[str, Maker] = MappingProxyType(
    {
        "barricade": _barricade, "barrels": _barrels, "barrel": _barrel, "barrier": _barrier, "wall": _wall, "frame": _frame,
        "board": _board, "tyres": _tyres, "pallets": _pallets, "crate": _crate, "sandbags": _sandbags, "spool": _spool,
        "bucket": _bucket, "cone": _cone, "bin": _bin, "container": _container, "timber": _shed, "planter": _planter,
        "bench": _bench, "bollard": _bollard,
    }
)  # fmt: skip
"""A maker for each kind of thing."""


def standing(thing: Thing) -> Array:
    """(4, 4) world from the frame that a thing is made in."""
    return transform(thing.place, yaw=thing.yaw)


def build_things(
    things: tuple[Thing, ...], finishes: Finishes, collection: bpy.types.Collection, first: int = 0
) -> list[StaticActor]:
    """What stands about: one actor for the structure, then one a labelled thing, in order; kinds without a maker are left out."""
    fixed = MeshBuilder()
    actors: list[StaticActor] = []
    for thing in things:
        make = MAKERS.get(thing.what)
        if make is None:
            continue
        if not thing.labelled:
            with fixed.at(standing(thing)):
                make(fixed, thing.size, thing.rng, finishes)
            continue
        builder = MeshBuilder()
        make(builder, thing.size, thing.rng, finishes)
        actors.append(labelled_actor(builder, standing(thing), first + len(actors), "clutter", collection))
    if fixed.triangles:
        mesh = fixed.object("things", collection)
        actors.insert(0, StaticActor((Part(mesh),), (), (Placement(np.eye(4)),)))
    return actors


def labelled_actor(
    builder: MeshBuilder, place: Array, index: int, category: str, collection: bpy.types.Collection
) -> StaticActor:
    """A thing that is a track: number ``index`` of the clutter."""
    mesh = builder.object(f"{category} {index}", collection)
    mesh.matrix_world = place.T.tolist()
    track = Track(TRACKS_CLUTTER + index, category)
    return StaticActor((Part(mesh, track.track_id),), (track,), (Placement(place),))


def numeral(name: str, text: str, stream_rng: np.random.Generator, ground: Colour, ink: Colour) -> bpy.types.Material:
    """A board of 0.5 m with a stencilled numeral."""
    canvas = Canvas(stream_rng, 0.5, 0.5, 360, ground)
    canvas.shade(1 + 0.04 * canvas.noise(0.2, 1.4))
    canvas.letters(text, (0.25, 0.25), 0.26 if len(text) < 3 else 0.18, ink)
    for _ in range(10):
        canvas.blob(
            stream_rng.uniform(0, 0.5, 2), stream_rng.uniform(0.004, 0.02), (0.35, 0.28, 0.2), alpha=0.5, broken=0.4
        )
    return principled(name, linear((1, 1, 1)), 0.6, image=canvas.image(name), metres=(0.5, 0.5))
