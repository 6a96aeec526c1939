"""What lies around a place outdoors: ground to the horizon, buildings, trees and hills. Never reached, so it is plain."""

from itertools import pairwise
from typing import Literal

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.world.actor import Part
from generator.world.canvas import Canvas, Stock, ramp
from generator.world.materials import Detail, emission, linear, principled
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]
Colour = tuple[float, float, float]
Outskirts = Literal["town", "fields", "mixed", "harbour"]
Ground = Literal["asphalt", "paving", "gravel", "grass", "concrete", "soil"]

REACH = 470.0
"""Metres of ground in every direction."""

_NEAREST = 70.0

_GROUNDS: dict[Ground, tuple[Colour, float, float]] = {
    "asphalt": ((0.31, 0.31, 0.315), 0.88, 0.004),
    "paving": ((0.50, 0.49, 0.47), 0.80, 0.003),
    "gravel": ((0.50, 0.47, 0.42), 0.95, 0.012),
    "grass": ((0.30, 0.34, 0.17), 0.95, 0.020),
    "concrete": ((0.55, 0.54, 0.51), 0.80, 0.002),
    "soil": ((0.40, 0.33, 0.25), 0.95, 0.012),
}
"""sRGB, roughness and relief (metres)."""


def ground_material(
    name: str, what: Ground, pictures: Stock, rng: np.random.Generator, *, wear: float = 0.5, metres: float = 12.0
) -> bpy.types.Material:
    """Open ground, tileable over ``metres``: patches, stains, cracks or tufts by what it is."""
    colour, rough, relief = _GROUNDS[what]
    canvas = Canvas(rng, metres, metres, 1024 / metres, np.array(colour) * rng.uniform(0.92, 1.08))
    canvas.shade(1 + 0.07 * canvas.noise(4.0, 1.4) + 0.05 * canvas.noise(0.5, 1.0) + 0.07 * canvas.noise(0.06, 0.6))
    canvas.relief += 0.12 * canvas.noise(0.05, 0.6)
    if what in ("grass", "soil"):
        bare = ramp(canvas.noise(2.5, 1.6), 0.6 - wear, 1.6 - wear)
        canvas.blend(0.75 * bare, (0.42, 0.36, 0.26))
        canvas.blend(0.5 * ramp(canvas.noise(0.8, 1.2), 0.3, 1.5), (0.44, 0.43, 0.24))
        canvas.shade(1 + 0.20 * canvas.noise(0.12, 0.7))
        canvas.relief += 0.22 * canvas.noise(0.10, 0.6)
    elif what == "gravel":
        canvas.shade(1 + 0.20 * canvas.noise(0.035, 0.5))
        canvas.blend(0.4 * ramp(canvas.noise(3.0, 1.5), 0.2, 1.4), (0.40, 0.37, 0.30))
        canvas.blend(0.6 * ramp(canvas.noise(0.5, 1.2), 1.9, 2.5), (0.30, 0.33, 0.18))
        canvas.relief += 0.2 * canvas.noise(0.04, 0.4)
    else:
        _worn(canvas, what, wear, metres)
    fine = Detail(pictures.grit, (0.55, 0.55), 0.4, 0.2)
    image = canvas.image(name)
    return principled(
        name, (1, 1, 1), rough, image=image, bump_image=image, metres=(metres, metres), bump=relief, detail=fine,
        specular=0.35,
    )  # fmt: skip


def _worn(canvas: Canvas, what: Ground, wear: float, metres: float) -> None:
    rng = canvas.rng
    if what in ("paving", "concrete"):
        pitch = 0.5 if what == "paving" else 3.0
        cells = round(metres / pitch)
        shade = 1 + 0.05 * rng.standard_normal((cells, cells)).astype(np.float32)
        rows = (canvas.y[:, 0] / pitch).astype(int) % cells
        columns = (canvas.x[0] / pitch).astype(int) % cells
        canvas.shade(shade[np.ix_(rows, columns)])
        gap = np.minimum(*(np.abs((axis / pitch + 0.5) % 1 - 0.5) * pitch for axis in (canvas.x, canvas.y)))
        joint = ramp(gap, 0.012, 0.005)
        canvas.blend(0.7 * joint, (0.22, 0.21, 0.19))
        canvas.relief -= 0.35 * joint
    for _ in range(rng.poisson(1.5 + 5 * wear) if what == "asphalt" else 0):
        at, size = rng.uniform(1, metres - 1, 2), rng.uniform(0.5, 2.2, 2)
        canvas.rectangle(at, size, canvas.around(at) * rng.uniform(0.72, 1.15), alpha=0.85, relief=0.05)
        canvas.rectangle(at, size + 0.05, (0.10, 0.10, 0.10), alpha=0.25, soft=0.02)
    for _ in range(rng.poisson(12 * wear)):
        start = rng.uniform(0.5, metres - 0.5, 2)
        path = np.cumsum([start, *rng.normal(rng.normal(0, 0.25, 2), 0.16, (int(rng.integers(4, 12)), 2))], 0)
        canvas.polygon(path.clip(0.1, metres - 0.1), (0.12, 0.12, 0.11), 0.75, line=0.014, soft=0.004, relief=-0.3)
    for _ in range(rng.poisson(30 * wear)):
        at = rng.uniform(0.3, metres - 0.3, 2)
        canvas.blob(at, rng.uniform(0.04, 0.28), (0.10, 0.10, 0.10), alpha=rng.uniform(0.1, 0.4), soft=0.05, broken=0.2)
    for _ in range(rng.poisson(60)):
        at = rng.uniform(0.1, metres - 0.1, 2)
        canvas.blob(at, 0.018, rng.choice([0.2, 0.62]) * np.ones(3), alpha=0.6, rough=0.3)


def build_outskirts(
    kind: Outskirts,
    ground: bpy.types.Material,
    level: float,
    pictures: Stock,
    rng: np.random.Generator,
    collection: bpy.types.Collection,
    *,
    lit: float = 0.0,
    nearest: float = _NEAREST,
) -> list[Part]:
    """Ground, and what closes the view all round.

    Args:
        kind: what stands there; a harbour has its buildings low and far.
        ground: UVs are metres.
        level: height of the ground, metres.
        pictures: shared.
        rng: draws.
        collection: what it is linked to.
        lit: radiance of lit windows, W/m2/sr; 0 by day.
        nearest: metres to the nearest of it.
    """
    builder = MeshBuilder()
    _disc(builder, ground, level)
    leaves = _foliage("far trees", rng)
    hill = principled("far hills", linear((0.30, 0.36, 0.34)), 1.0, specular=0.0)
    _hills(builder, hill, level, rng)
    if kind != "town":
        for away in (rng.uniform(1.6, 2.2) * nearest, rng.uniform(3, 4) * nearest):
            _trees(builder, leaves, away, level, rng, gaps=0.25 if kind == "fields" else 0.6)
    else:
        _trees(builder, leaves, 2.6 * nearest, level, rng, gaps=0.65)
    if kind != "fields":
        _town(builder, nearest, level, pictures, rng, lit, low=kind == "harbour")
    thing = builder.object("outskirts", collection)
    return [Part(thing)]


def _disc(builder: MeshBuilder, material: bpy.types.Material, level: float) -> None:
    around = 2 * np.pi * np.arange(48) / 48
    rings = [0.0, 12.0, 60.0, 200.0, REACH]
    for inner, outer in pairwise(rings):
        for a, b in zip(around, np.roll(around, -1), strict=True):
            at = [(inner * np.cos(a), inner * np.sin(a)), (outer * np.cos(a), outer * np.sin(a)),
                  (outer * np.cos(b), outer * np.sin(b)), (inner * np.cos(b), inner * np.sin(b))]  # fmt: skip
            points = at if inner else at[1:3] + [at[0]]
            builder.add(np.array([(*p, level) for p in points]), [range(len(points))], material, np.array(points))


def _hills(builder: MeshBuilder, material: bpy.types.Material, level: float, rng: np.random.Generator) -> None:
    n = 180
    angle = 2 * np.pi * np.arange(n) / n
    tall = 7 + 3 * sum(rng.uniform(0.4, 1) / k * np.sin(k * angle + rng.uniform(0, 6.3)) for k in (1, 2, 3, 5, 8))
    tall = np.maximum(tall, 2.5)
    for k in range(n):
        a, b, j = angle[k], angle[(k + 1) % n], (k + 1) % n
        low = [(REACH * np.cos(t), REACH * np.sin(t), level - 2) for t in (a, b)]
        high = [(REACH * np.cos(t), REACH * np.sin(t), level + z) for t, z in ((b, tall[j]), (a, tall[k]))]
        builder.quad([low[1], low[0], high[1], high[0]], material)


def _foliage(name: str, rng: np.random.Generator) -> bpy.types.Material:
    canvas = Canvas(rng, 24, 12, 42, np.array((0.20, 0.25, 0.14)) * rng.uniform(0.8, 1.15))
    canvas.shade((1 + 0.28 * canvas.noise(1.6, 1.0) + 0.18 * canvas.noise(0.25, 0.6)).clip(0.25, 2))
    canvas.blend(0.35 * ramp(canvas.noise(6.0, 2), 0, 1.5), (0.32, 0.30, 0.15))
    return principled(name, (1, 1, 1), 1.0, image=canvas.image(name), metres=(24, 12), specular=0.0)


def _trees(
    builder: MeshBuilder,
    material: bpy.types.Material,
    away: float,
    level: float,
    rng: np.random.Generator,
    *,
    gaps: float,
) -> None:
    """A belt of crowns: uneven domes side by side, each a fan of the outline seen from the middle."""
    angle = 0.0
    open_until = 0.0
    while angle < 2 * np.pi:
        wide = rng.uniform(4.5, 10)
        step = wide / away
        if angle > open_until and rng.uniform() < 0.05 and gaps > 0.3:
            open_until = angle + rng.uniform(0.2, 1.2)
        if angle > open_until or gaps < 0.3:
            r, tall = away * rng.uniform(0.93, 1.07), rng.uniform(6, 13)
            _crown(builder, material, (r, angle), wide * rng.uniform(0.8, 1.2), tall, level, rng)
        angle += step * 0.62


def _crown(
    builder: MeshBuilder,
    material: bpy.types.Material,
    polar: tuple[float, float],
    wide: float,
    tall: float,
    level: float,
    rng: np.random.Generator,
) -> None:
    shape = np.linspace(-0.15 * np.pi, 1.15 * np.pi, 26)
    rough = 1 + 0.10 * rng.standard_normal(26)
    x = 0.5 * wide * np.cos(shape) * rough
    z = tall * (0.5 + 0.5 * np.sin(shape) * rough)
    outline = np.concatenate([[(0.25 * wide, -0.3)], np.stack([x, np.maximum(z, 0.6)], 1), [(-0.25 * wide, -0.3)]])
    with builder.at(
        transform((polar[0] * np.cos(polar[1]), polar[0] * np.sin(polar[1]), level), yaw=polar[1] - np.pi / 2)
    ):
        shade = float(rng.uniform(0.6, 1.25))
        points = np.c_[outline[:, 0], np.zeros(len(outline)), outline[:, 1]]
        # bulged towards the middle, so that light models it
        points = np.concatenate([points, [(0.0, -0.35 * wide, 0.5 * tall)]])
        n = len(outline)
        faces = [(n, (k + 1) % n, k) for k in range(n)][:-1]
        faces = [(a, c, b) for a, b, c in faces]
        uv = np.concatenate([points[list(face)][:, [0, 2]] for face in faces]) + rng.uniform(0, 20, 2)
        builder.add(points, faces, material, uv, smooth=True, tint=(shade, shade * rng.uniform(0.93, 1.05), shade))


_PLASTERS: tuple[Colour, ...] = (
    (0.68, 0.65, 0.58), (0.58, 0.50, 0.42), (0.52, 0.36, 0.30), (0.62, 0.62, 0.62), (0.72, 0.68, 0.55), (0.45, 0.46, 0.48),
)  # fmt: skip


def _town(
    builder: MeshBuilder,
    nearest: float,
    level: float,
    pictures: Stock,
    rng: np.random.Generator,
    lit: float,
    *,
    low: bool,
) -> None:
    """Blocks with rows of windows and roofs; by night some windows are lit."""
    fine = Detail(pictures.grime, (9.0, 9.0), 0.4, 0.2)
    walls = [
        principled(f"far wall {k}", linear(_PLASTERS[k]), 0.9, detail=fine) for k in rng.permutation(len(_PLASTERS))[:4]
    ]
    roof = principled("far roof", linear((0.33, 0.25, 0.22)), 0.9, detail=fine)
    glass = principled("far panes", (0.03, 0.035, 0.04), 0.15)
    warm = emission("far windows", (1.0, 0.72, 0.40), lit) if lit > 0 else None
    angle = rng.uniform(0, 0.4)
    while angle < 2 * np.pi:
        wide, deep, storeys = (
            rng.uniform(10, 26),
            rng.uniform(9, 14),
            int(rng.integers(1, 3) if low else rng.integers(2, 6)),
        )
        away = nearest * (rng.uniform(2.6, 4.5) if low else rng.uniform(1.0, 2.6))
        tall = 3.0 * storeys + 0.8
        with builder.at(
            transform((away * np.cos(angle), away * np.sin(angle), level), yaw=angle - np.pi / 2 + rng.normal(0, 0.15))
        ):
            wall = walls[int(rng.integers(len(walls)))]
            shade = float(rng.uniform(0.75, 1.1))
            builder.box((0, 0.5 * deep, 0.5 * tall), (wide, deep, tall), wall, tint=(shade,) * 3, skip=("-z",))
            if rng.uniform() < 0.6:
                _gable(builder, roof, wide, deep, tall)
            else:
                builder.box((0, 0.5 * deep, tall + 0.15), (wide + 0.3, deep + 0.3, 0.3), roof)
            _windows(builder, wide, storeys, glass, warm, rng)
        angle += (wide + rng.uniform(1, 14) * (3 if low else 1)) / away


def _gable(builder: MeshBuilder, roof: bpy.types.Material, wide: float, deep: float, tall: float) -> None:
    w, rise = 0.5 * wide + 0.3, 0.32 * deep
    front, back, ridge = -0.3, deep + 0.3, 0.5 * deep
    builder.quad([(-w, front, tall), (w, front, tall), (w, ridge, tall + rise), (-w, ridge, tall + rise)], roof)
    builder.quad([(w, back, tall), (-w, back, tall), (-w, ridge, tall + rise), (w, ridge, tall + rise)], roof)
    for side in (-1, 1):
        x = side * (w - 0.3)
        points = np.array([(x, front, tall), (x, back, tall), (x, ridge, tall + rise)])
        builder.add(points, [(0, 1, 2) if side > 0 else (0, 2, 1)], roof, points[:, 1:])


def _windows(
    builder: MeshBuilder,
    wide: float,
    storeys: int,
    glass: bpy.types.Material,
    warm: bpy.types.Material | None,
    rng: np.random.Generator,
) -> None:
    n = max(int(wide / rng.uniform(2.4, 3.6)), 2)
    half, high, burning = rng.uniform(0.4, 0.7), rng.uniform(1.2, 1.6), rng.uniform(0.08, 0.35)
    for storey in range(storeys):
        for k in range(n):
            x, z = (k + 0.5) * wide / n - 0.5 * wide, 3.0 * storey + 0.95
            pane = warm if warm is not None and rng.uniform() < burning else glass
            corners = [
                (x - half, -0.04, z),
                (x + half, -0.04, z),
                (x + half, -0.04, z + high),
                (x - half, -0.04, z + high),
            ]
            builder.quad(corners, pane)
