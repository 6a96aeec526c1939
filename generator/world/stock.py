"""Barriers, goods and gear by word; frames and sizes as in ``furniture``."""

from collections.abc import Mapping
from types import MappingProxyType

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.world.canvas import Canvas
from generator.world.finishes import Finishes
from generator.world.furniture import Maker, Size, tinted
from generator.world.materials import Detail, principled
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]


def _at(rng: np.random.Generator) -> Array:
    return np.asarray(rng.uniform(0, 1, 2))


def _tyre(b: MeshBuilder, r: float, w: float, rubber: bpy.types.Material, rng: np.random.Generator) -> None:
    half = 0.5 * w
    side = [(0.62, 0.30), (0.70, 0.05), (0.85, 0.0), (0.95, 0.06), (1.0, 0.3)]
    lower = [*((r * a, w * h) for a, h in side), (r, half)]
    upper = [(a, w - h) for a, h in reversed(lower[:-1])]
    inner = [(r * 0.60, w * 0.6), (r * 0.60, w * 0.4), lower[0]]
    b.lathe([*lower, *upper, *inner], rubber, segments=20, tint=tinted(rng, 0.15))


def _barrier_tyres(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    """Stacks of tyres side by side, filled, between two posts."""
    w, d, h = size
    rubber, post = fin.of("moulded_rubber"), fin.of("timber")
    n = max(round(w / 0.6), 1)
    for k in range(n):
        x, z = -0.5 * w + (k + 0.5) * w / n, 0.0
        while z < h - 0.1:
            tall = float(rng.uniform(0.16, 0.2))
            with b.at(transform((x + rng.normal(0, 0.01), rng.normal(0, 0.01), z), roll=rng.normal(0, 0.01))):
                _tyre(b, min(0.5 * w / n, 0.5 * d) - 0.01, tall, rubber, rng)
            z += 0.97 * tall
        with b.at(transform((x, 0, z - 0.06))):
            b.lathe([(0.15, 0.0), (0.0, 0.02)], fin.of("gravel"), segments=12)
    for x in (-0.5 * w, 0.5 * w):
        b.box((x, 0, 0.5 * h + 0.05), (0.05, 0.09, h + 0.1), post, bevel=0.003, grain=True, shift=_at(rng))


def _barrier_timber(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    """Railway sleepers or beams, one upon the other, held by uprights."""
    w, d, h = size
    wood = fin.of("timber", (0.42, 0.33, 0.24))
    n = max(round(h / 0.2), 2)
    for k in range(n):
        z = (k + 0.5) * h / n
        long = w - abs(float(rng.normal(0, 0.03)))
        b.box((rng.normal(0, 0.012), rng.normal(0, 0.008), z), (long, d - 0.1, h / n - 0.006), wood, bevel=0.012,
              grain=True, shift=_at(rng), tint=tinted(rng, 0.18))  # fmt: skip
    for x in (-0.36 * w, 0.36 * w):
        for y in (-1.0, 1.0):
            b.box(
                (x, y * (0.5 * d - 0.022), 0.5 * h),
                (0.09, 0.044, h),
                wood,
                bevel=0.003,
                grain=True,
                shift=_at(rng),
                tint=(1.3,) * 3,
            )


def _barrier_steel(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    """A plate faced with rubber on splayed feet."""
    w, d, h = size
    plate, rubber = fin.of("painted_metal", fin.colour("painted_metal", "plate")), fin.of("moulded_rubber")
    b.box((0, 0, 0.5 * h + 0.02), (w, 0.016, h - 0.04), plate, bevel=0.003, shift=_at(rng))
    b.box((0, -0.024, 0.5 * h + 0.02), (w - 0.04, 0.03, h - 0.1), rubber, bevel=0.006, shift=_at(rng))
    for x in (-0.4 * w, 0.4 * w):
        b.box((x, 0, 0.03), (0.06, d, 0.06), plate, bevel=0.004)
        b.cylinder((x, 0.45 * d, 0.05), (x, 0.02, 0.7 * h), 0.018, plate)
    for x in np.linspace(-0.45, 0.45, 5) * w:
        for z in (0.08, h - 0.08):
            b.cylinder((x, -0.045, z), (x, -0.036, z), 0.012, plate, segments=6)


_PRINTS = (
    (0.88, 0.86, 0.80), (0.84, 0.80, 0.66), (0.70, 0.16, 0.13), (0.82, 0.62, 0.14), (0.16, 0.28, 0.56), (0.42, 0.28, 0.18),
    (0.22, 0.46, 0.26), (0.80, 0.42, 0.14), (0.55, 0.72, 0.80), (0.14, 0.14, 0.16), (0.62, 0.12, 0.30), (0.90, 0.89, 0.86),
)  # fmt: skip
"""sRGB of printing inks."""


def labels(fin: Finishes) -> bpy.types.Material:
    """Sixteen invented patterns of packaging, 0.25 m square each, in a picture of 1 m."""
    rng = fin.stream("world/labels")
    canvas = Canvas(rng, 1.0, 1.0, 512, (0.8, 0.8, 0.8))
    for i in range(4):
        for j in range(4):
            x, y = 0.25 * i, 0.25 * j
            # Packets are mostly white, brown, red, yellow and blue; few are purple or green all over.
            base, other = (
                np.array(_PRINTS[k]) * rng.uniform(0.85, 1.05) for k in rng.choice(len(_PRINTS), 2, replace=False)
            )
            canvas.rectangle((x + 0.125, y + 0.125), (0.25, 0.25), base)
            what = int(rng.integers(5))
            if what == 0:
                canvas.rectangle((x + 0.125, y + 0.15), (0.246, rng.uniform(0.04, 0.12)), other)
            elif what == 1:
                canvas.blob((x + 0.125, y + 0.14), rng.uniform(0.04, 0.08), other, rough=0.0)
            elif what == 2:
                u = np.linspace(0.004, 0.246, 20)
                wave = y + 0.12 + 0.04 * np.sin(u * rng.uniform(20, 60))
                canvas.polygon(np.c_[x + u, wave], other, line=0.03)
            elif what == 3:
                for k in np.arange(0.02, 0.24, 0.05):
                    canvas.rectangle((x + k, y + 0.125), (0.02, 0.24), other)
            else:
                canvas.polygon([(x + 0.03, y + 0.05), (x + 0.22, y + 0.05), (x + 0.125, y + 0.22)], other)
            for k in range(int(rng.integers(1, 4))):
                pale = (0.92, 0.91, 0.88) if base.mean() < 0.55 else (0.15, 0.15, 0.16)
                long = rng.uniform(0.06, 0.18)
                canvas.rectangle((x + 0.125, y + 0.04 + 0.022 * k), (long, 0.009), pale)
            canvas.rectangle((x + 0.20, y + 0.025), (0.05, 0.03), (0.9, 0.9, 0.9))
            for k in range(9):
                canvas.rectangle((x + 0.18 + 0.005 * k, y + 0.025), (0.002, 0.026), (0.05, 0.05, 0.05))
    canvas.shade(1 + 0.03 * canvas.noise(0.1, 1.2))
    return principled(
        "packaging", (1, 1, 1), 0.4, image=canvas.image("packaging"), metres=(1.0, 1.0),
        detail=Detail(fin.pictures.grime, (1.1, 1.1), 0.15, 0.25),
    )  # fmt: skip


def parcel(
    b: MeshBuilder, centre: Array, size: Size, pattern: int, material: bpy.types.Material, tint: float = 1.0
) -> None:
    """A packed box whose every side shows one of the packaging patterns whole."""
    x, y, z = 0.5 * np.asarray(size)
    corners = np.array([(i, j, k) for i in (-x, x) for j in (-y, y) for k in (-z, z)]) + centre
    u, v = 0.25 * (pattern % 4) + 0.004, 0.25 * (pattern // 4) + 0.004
    uv = np.array([(u, v), (u + 0.242, v), (u + 0.242, v + 0.242), (u, v + 0.242)])
    faces = [(0, 4, 5, 1), (4, 6, 7, 5), (6, 2, 3, 7), (2, 0, 1, 3), (1, 5, 7, 3)]
    b.add(corners, faces, material, np.tile(uv, (5, 1)), tint=(tint,) * 3)


STOCK: Mapping[str, Maker] = MappingProxyType(
    {"barrier_tyres": _barrier_tyres, "barrier_timber": _barrier_timber, "barrier_steel": _barrier_steel}
)
"""The builder of each kind that needs nothing but its size."""
