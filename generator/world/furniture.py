"""Furniture by word, built in the very size that the plan gives it: origin in the middle of the footprint, back towards +y."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.site.walls import Thing
from generator.tracks import TRACKS_CLUTTER
from generator.world.actor import Part, Placement, StaticActor
from generator.world.clutter_kinds import KINDS, Kit
from generator.world.finishes import Finish, Finishes
from generator.world.materials import emission
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]
Size = tuple[float, float, float]
Maker = Callable[[MeshBuilder, np.random.Generator, Size, Finishes], None]

MOST_TRACKS = 90
"""Loose things that become tracks of their own at most; what is more belongs to the building."""


def tinted(rng: np.random.Generator, spread: float = 0.08) -> tuple[float, float, float]:
    """A tint a little lighter or darker."""
    k = float(np.exp(spread * rng.standard_normal()))
    return (k, k, k)


def _at(rng: np.random.Generator) -> NDArray[np.float64]:
    return np.asarray(rng.uniform(0, 1, 2))


def _legs(b: MeshBuilder, size: Size, top: float, wide: float, metal: bpy.types.Material, inset: float = 0.06) -> None:
    for x in (-1.0, 1.0):
        for y in (-1.0, 1.0):
            at = (x * (0.5 * size[0] - inset), y * (0.5 * size[1] - inset), 0.5 * top)
            b.box(at, (wide, wide, top), metal, bevel=0.004)


def _desk(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    """A desk with its screen, keyboard, papers and a pedestal of drawers."""
    w, d, h = size
    top, metal = fin.of("laminate" if rng.uniform() < 0.5 else "veneer"), fin.of("painted_metal", (0.30, 0.31, 0.32))
    b.box((0, 0, h - 0.0125), (w, d, 0.025), top, bevel=0.003, shift=_at(rng), tint=tinted(rng, 0.03))
    _legs(b, size, h - 0.025, 0.045, metal)
    b.box((0, 0.5 * d - 0.07, h - 0.06), (w - 0.2, 0.03, 0.05), metal)
    b.box((0, 0.5 * d - 0.08, 0.55 * h), (w - 0.3, 0.018, 0.3), top, shift=_at(rng))
    side = float(rng.choice([-1, 1]))
    at = (side * (0.5 * w - 0.30), 0.05, 0.29)
    b.box(at, (0.4, 0.55, 0.54), fin.of("painted_metal", (0.62, 0.62, 0.60)), bevel=0.005, shift=_at(rng))
    for z in (0.12, 0.30, 0.47):
        b.box((at[0], at[1] - 0.279, z), (0.12, 0.012, 0.014), metal)
        b.box((at[0], at[1] - 0.276, z + 0.085), (0.39, 0.003, 0.004), metal, tint=(0.3,) * 3)
    dark, pale = fin.of("plastic", (0.08, 0.08, 0.085)), fin.of("laminate", (0.82, 0.81, 0.78))
    if rng.uniform() < 0.85:
        b.box((rng.normal(0, 0.04), -0.12, h + 0.010), (0.44, 0.14, 0.02), dark, bevel=0.004)
        b.box((0.32 + rng.normal(0, 0.02), -0.12, h + 0.015), (0.06, 0.10, 0.03), dark, bevel=0.012)
    for _ in range(int(rng.integers(1, 5))):
        x, y = rng.uniform(-0.45, 0.45) * w, rng.uniform(-0.3, 0.3) * d
        with b.at(transform((x, y, h + 0.002), yaw=rng.normal(0, 0.5))):
            b.box((0, 0, 0), (0.21, 0.297, 0.004 * rng.integers(1, 8)), pale, tint=tinted(rng))
    if rng.uniform() < 0.6:
        with b.at(transform((rng.uniform(-0.4, 0.4) * w, 0.1, h))):
            mug = fin.of("plastic", fin.colour("painted_metal", f"mug {rng.integers(4)}"))
            b.lathe([(0.036, 0.0), (0.04, 0.095), (0.036, 0.095), (0.033, 0.01)], mug, segments=14, caps=(True, False))
    if rng.uniform() < 0.5:
        x = -side * (0.5 * w - 0.16)
        for _ in range(int(rng.integers(2, 6))):
            folder = fin.of("plastic", fin.colour("plastic", f"folder {rng.integers(5)}"))
            b.box((x, 0.22, h + 0.16), (0.07, 0.28, 0.31), folder, bevel=0.003, shift=_at(rng))
            x += side * 0.075


def _table(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    w, d, h = size
    b.box((0, 0, h - 0.015), (w, d, 0.03), fin.of("veneer"), bevel=0.004, shift=_at(rng), grain=True)
    _legs(b, size, h - 0.03, 0.05, fin.of("painted_metal", (0.2, 0.2, 0.21)))
    pale = fin.of("laminate", (0.82, 0.81, 0.78))
    for _ in range(int(rng.integers(0, 4))):
        with b.at(transform((rng.uniform(-0.4, 0.4) * w, rng.uniform(-0.3, 0.3) * d, h + 0.003), yaw=rng.normal())):
            b.box((0, 0, 0), (0.21, 0.297, 0.006), pale, tint=tinted(rng))


def _swivel(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    """A swivel chair on five castors: seat, back, armrests."""
    h = size[2]
    cloth, dark = fin.of("upholstery"), fin.of("plastic", (0.07, 0.07, 0.075))
    for k in range(5):
        with b.at(transform((0, 0, 0), yaw=2 * np.pi * k / 5 + 0.3)):
            b.box((0.15, 0, 0.085), (0.28, 0.045, 0.03), dark, bevel=0.008)
            b.cylinder((0.275, -0.022, 0.03), (0.275, 0.022, 0.03), 0.029, dark, segments=10)
    seat = 0.47
    b.cylinder((0, 0, 0.08), (0, 0, seat - 0.06), 0.026, dark)
    b.box((0, -0.02, seat - 0.045), (0.44, 0.42, 0.03), dark, bevel=0.01)
    b.box((0, -0.02, seat), (0.48, 0.47, 0.075), cloth, bevel=0.03, shift=_at(rng))
    with b.at(transform((0, 0.225, seat + 0.07), pitch=-0.16)):
        b.box((0, 0.03, 0.5 * (h - seat - 0.07)), (0.44, 0.06, h - seat - 0.1), cloth, bevel=0.025, shift=_at(rng))
        b.box((0, 0.075, 0.10), (0.07, 0.03, 0.4), dark, bevel=0.01)
    if rng.uniform() < 0.7:
        for x in (-1.0, 1.0):
            b.box((x * 0.27, 0.0, seat + 0.09), (0.03, 0.04, 0.2), dark, bevel=0.008)
            b.box((x * 0.27, -0.02, seat + 0.2), (0.06, 0.26, 0.03), dark, bevel=0.012)


def _chair(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    """A stacking chair on steel legs."""
    w, d, h = size
    shell = fin.of("plastic", fin.colour("plastic", "chairs")) if rng.uniform() < 0.5 else fin.of("veneer")
    metal = fin.of("bare_metal")
    for x in (-1.0, 1.0):
        u = x * (0.5 * w - 0.03)
        b.tube(
            [(u, -0.5 * d + 0.03, 0), (u, -0.5 * d + 0.07, 0.44), (u, 0.1, 0.45), (u, 0.5 * d - 0.03, h)], 0.011, metal
        )
        b.tube([(u, 0.5 * d - 0.02, 0), (u, 0.5 * d - 0.12, 0.44)], 0.011, metal)
    b.box((0, -0.02, 0.46), (w - 0.04, 0.40, 0.014), shell, bevel=0.006, shift=_at(rng))
    with b.at(transform((0, 0.5 * d - 0.06, h - 0.15), pitch=-0.12)):
        b.box((0, 0, 0), (w - 0.05, 0.014, 0.28), shell, bevel=0.006, shift=_at(rng))


def _monitor(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:  # noqa: ARG001
    """A flat screen on its foot; off."""
    w, _, h = size
    dark, glass = fin.of("plastic", (0.06, 0.06, 0.065)), fin.of("plastic", (0.015, 0.016, 0.018), roughness=0.12)
    b.box((0, 0, 0.006), (0.24, 0.18, 0.012), dark, bevel=0.004)
    b.box((0, 0.04, 0.12), (0.05, 0.02, 0.24), dark, bevel=0.004)
    tall = 0.58 * w
    b.box((0, 0.0, h - 0.5 * tall), (w, 0.035, tall), dark, bevel=0.006)
    b.quad(_front(w - 0.024, tall - 0.024, -0.0182, h - 0.5 * tall), glass)


def _front(w: float, h: float, y: float, z: float) -> list[tuple[float, float, float]]:
    return [
        (-0.5 * w, y, z - 0.5 * h),
        (0.5 * w, y, z - 0.5 * h),
        (0.5 * w, y, z + 0.5 * h),
        (-0.5 * w, y, z + 0.5 * h),
    ]


def _monitor_on(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    """A flat screen that shows invented windows: bars, rows of grey, a chart."""
    _monitor(b, rng, size, fin)
    w, _, h = size
    tall = 0.58 * w
    # 120 to 250 cd/m2 are usual for office screens; 179 lm a watt.
    base = emission(f"screen {rng.integers(10**6)}", (0.75, 0.82, 0.95), float(rng.uniform(120, 250)) / 179 / 1.0)
    ink = emission(f"screen ink {rng.integers(10**6)}", (0.10, 0.16, 0.30), 0.35)
    b.quad(_front(w - 0.03, tall - 0.03, -0.0186, h - 0.5 * tall), base)
    top = h - 0.03
    b.quad(_front(w - 0.03, 0.02, -0.0190, top), ink)
    for k in range(int(rng.integers(3, 9))):
        wide = rng.uniform(0.2, 0.8) * (w - 0.08)
        z = top - 0.035 - 0.026 * k
        if z > h - tall + 0.04:
            with b.at(transform((-0.5 * (w - 0.08 - wide), 0, 0))):
                b.quad(_front(wide, 0.010, -0.0190, z), ink)


def _screen(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    """A free-standing screen covered with cloth."""
    w, d, h = size
    metal = fin.of("painted_metal", (0.35, 0.35, 0.36))
    b.box((0, 0, 0.5 * h + 0.04), (w - 0.03, d * 0.8, h - 0.1), fin.of("upholstery"), bevel=0.008, shift=_at(rng))
    for x in (-1.0, 1.0):
        b.box((x * (0.5 * w - 0.012), 0, 0.5 * h), (0.024, d, h), metal, bevel=0.004)
    b.box((0, 0, h - 0.008), (w, d, 0.016), metal, bevel=0.003)
    b.box((0, 0, 0.06), (w, d * 0.7, 0.03), metal)


def _cabinet(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    """Steel drawers or doors."""
    w, d, h = size
    paint = fin.of("painted_metal", fin.colour("painted_metal", "cabinets"))
    dark = fin.of("plastic", (0.07, 0.07, 0.075))
    b.box((0, 0.01, 0.5 * h), (w, d - 0.02, h), paint, bevel=0.006, shift=_at(rng), tint=tinted(rng, 0.04))
    rows = max(round(h / 0.33), 1)
    if h > 1.5:
        for x in (-1.0, 1.0):
            b.box(
                (x * 0.25 * w, -0.5 * d + 0.006, 0.5 * h),
                (0.5 * w - 0.01, 0.014, h - 0.03),
                paint,
                bevel=0.004,
                shift=_at(rng),
            )
            b.box((x * 0.05, -0.5 * d - 0.006, 0.52 * h), (0.016, 0.02, 0.14), dark, bevel=0.004)
        return
    for k in range(rows):
        z = (k + 0.5) * h / rows
        b.box((0, -0.5 * d + 0.006, z), (w - 0.02, 0.014, h / rows - 0.014), paint, bevel=0.004, shift=_at(rng))
        b.box((0, -0.5 * d - 0.006, z + 0.06), (0.14, 0.02, 0.016), dark, bevel=0.004)


def _shelf(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    """An open shelf with folders, boxes and books."""
    w, d, h = size
    board = fin.of("laminate" if rng.uniform() < 0.5 else "veneer")
    for x in (-1.0, 1.0):
        b.box((x * (0.5 * w - 0.01), 0, 0.5 * h), (0.02, d, h), board, shift=_at(rng))
    b.box((0, 0.5 * d - 0.004, 0.5 * h), (w, 0.008, h), board, shift=_at(rng))
    rows = max(round(h / 0.38), 2)
    for k in range(rows + 1):
        z = 0.05 + k * (h - 0.07) / rows
        b.box((0, 0, z), (w - 0.04, d - 0.01, 0.02), board, shift=_at(rng))
        x = float(-0.5 * w + 0.05)
        while k < rows and x < 0.5 * w - 0.14:
            if rng.uniform() < 0.2:
                x += rng.uniform(0.05, 0.3)
                continue
            wide, tall = (rng.uniform(0.03, 0.08), rng.uniform(0.2, 0.31)) if rng.uniform() < 0.8 else (0.24, 0.2)
            if x + wide > 0.5 * w - 0.03:
                break
            tall = min(tall, (h - 0.07) / rows - 0.04)
            word: Finish = "plastic" if wide < 0.2 else "cardboard"
            colour = fin.colour("plastic", f"folder {rng.integers(6)}") if word == "plastic" else None
            b.box(
                (x + 0.5 * wide, 0.02, z + 0.01 + 0.5 * tall),
                (wide - 0.002, d - 0.08, tall),
                fin.of(word, colour),
                shift=_at(rng),
            )
            x += wide


def _sofa(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    """An old sofa: base, cushions, back, arms."""
    w, d, h = size
    cloth = fin.of("upholstery" if rng.uniform() < 0.6 else "leather")
    b.box((0, 0, 0.21), (w, d, 0.30), cloth, bevel=0.03, shift=_at(rng))
    b.box((0, 0.5 * d - 0.11, 0.5 * h + 0.08), (w - 0.04, 0.22, h - 0.16), cloth, bevel=0.06, shift=_at(rng))
    for x in (-1.0, 1.0):
        b.box((x * (0.5 * w - 0.09), 0, 0.33), (0.18, d, 0.50), cloth, bevel=0.05, shift=_at(rng))
    n = 2 if w < 1.7 else 3
    for k in range(n):
        wide = (w - 0.38) / n
        x = -0.5 * w + 0.19 + (k + 0.5) * wide
        with b.at(transform((x, -0.09, 0.42), yaw=rng.normal(0, 0.02), roll=rng.normal(0, 0.02))):
            b.box((0, 0, 0), (wide - 0.01, d - 0.24, 0.14), cloth, bevel=0.045, shift=_at(rng), tint=tinted(rng, 0.05))


def _mattress(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    """A bed: frame of boards and a mattress."""
    w, d, h = size
    wood = fin.of("timber")
    b.box((0, 0, 0.5 * (h - 0.16)), (w, d, h - 0.18), wood, bevel=0.006, grain=True, shift=_at(rng))
    ticking = fin.of("upholstery", (0.62, 0.60, 0.55))
    b.box((0, 0, h - 0.085), (w - 0.03, d - 0.03, 0.17), ticking, bevel=0.05, shift=_at(rng))


def _units(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    """Kitchen units under a worktop with a sink, a kettle, cupboards on the wall above."""
    w, d, h = size
    front, top = fin.of("laminate", (0.76, 0.75, 0.72)), fin.of("veneer")
    steel, dark = fin.of("stainless"), fin.of("plastic", (0.06, 0.06, 0.06))
    b.box((0, 0.03, 0.5 * h), (w, d - 0.06, h - 0.04), front, shift=_at(rng))
    b.box((0, 0, h - 0.018), (w, d, 0.036), top, bevel=0.004, grain=True, shift=_at(rng))
    n = max(round(w / 0.6), 1)
    for k in range(n):
        x = -0.5 * w + (k + 0.5) * w / n
        b.box(
            (x, -0.5 * d + 0.045, 0.5 * h + 0.02), (w / n - 0.006, 0.018, h - 0.16), front, bevel=0.003, shift=_at(rng)
        )
        b.box((x, -0.5 * d + 0.028, h - 0.12), (0.12, 0.016, 0.012), steel)
        b.box((x, 0.5 * d - 0.16, 1.78), (w / n - 0.006, 0.32, 0.62), front, bevel=0.003, shift=_at(rng))
    b.box((0.22 * w, 0.0, h + 0.001), (0.46, 0.38, 0.006), steel, bevel=0.002)
    b.box((0.22 * w, 0.0, h + 0.003), (0.38, 0.30, 0.004), steel, tint=(0.25,) * 3)
    b.tube(
        [(0.22 * w, 0.2, h), (0.22 * w, 0.2, h + 0.24), (0.22 * w, 0.13, h + 0.29), (0.22 * w, 0.05, h + 0.24)],
        0.012,
        steel,
    )
    with b.at(transform((-0.3 * w, 0.05, h))):
        b.lathe([(0.08, 0), (0.085, 0.02), (0.06, 0.2), (0.02, 0.23)], steel, segments=18, caps=(True, True))
    b.box((-0.05 * w, 0.1, h + 0.13), (0.46, 0.32, 0.26), dark, bevel=0.008)
    for _ in range(5):
        with b.at(transform((rng.uniform(-0.45, 0.1) * w, rng.uniform(-0.2, 0.0), h))):
            b.lathe(
                [(0.03, 0.0), (0.04, 0.09), (0.037, 0.09)],
                front,
                segments=12,
                caps=(True, False),
                tint=tinted(rng, 0.2),
            )


def _fridge(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    w, d, h = size
    paint, dark = fin.of("painted_metal", (0.80, 0.80, 0.78)), fin.of("plastic", (0.2, 0.2, 0.2))
    b.box((0, 0.02, 0.5 * h), (w, d - 0.04, h), paint, bevel=0.01, shift=_at(rng))
    for z0, z1 in ((0.06, 0.36 * h), (0.37 * h, h)):
        b.box((0, -0.5 * d + 0.03, 0.5 * (z0 + z1)), (w, 0.05, z1 - z0 - 0.01), paint, bevel=0.012, shift=_at(rng))
        b.box((-0.4 * w, -0.5 * d - 0.005, z0 + 0.5 * (z1 - z0)), (0.03, 0.03, 0.3), dark, bevel=0.008)


def _plant(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    """A pot with broad leaves."""
    w, _, h = size
    pot = fin.of("plastic", fin.colour("plastic", f"pot {rng.integers(3)}"))
    r = 0.34 * w
    b.lathe([(0.75 * r, 0.0), (r, 0.3), (0.92 * r, 0.3), (0.9 * r, 0.26)], pot, segments=20, caps=(True, False))
    b.lathe([(0.91 * r, 0.27), (0.0, 0.275)], fin.of("gravel", (0.16, 0.12, 0.09)), segments=20)
    leaf = fin.of("leather", (0.13, 0.27, 0.10))
    for _ in range(int(rng.integers(14, 26))):
        turn, lean, long = rng.uniform(0, 2 * np.pi), rng.uniform(0.15, 1.0), rng.uniform(0.5, 0.95) * (h - 0.3)
        spread = min(lean * long * 0.6, 0.5 * w)
        with b.at(transform((0, 0, 0.27), yaw=turn)):
            tip = (spread, 0, long)
            b.tube(
                [(0, 0, 0), (0.3 * spread, 0, 0.6 * long), (0.7 * spread, 0, 0.9 * long), tip], 0.004, leaf, segments=4
            )
            mid, end, wide = (0.55 * spread, 0, 0.78 * long), (1.0 * spread, 0, 0.98 * long), rng.uniform(0.03, 0.07)
            out = (1.15 * spread, 0, 0.82 * long)
            b.quad(
                [mid, (end[0], -wide, end[2] - 0.02), out, (end[0], wide, end[2] - 0.02)], leaf, tint=tinted(rng, 0.2)
            )


def _bin(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    r, h = 0.5 * size[0], size[2]
    b.lathe(
        [(0.8 * r, 0), (r, h), (0.95 * r, h), (0.77 * r, 0.02)],
        fin.of("plastic", (0.13, 0.13, 0.14)),
        segments=18,
        caps=(True, False),
    )
    pale = fin.of("laminate", (0.82, 0.81, 0.78))
    for _ in range(4):
        with b.at(
            transform((*rng.uniform(-0.4 * r, 0.4 * r, 2), h - 0.06), yaw=rng.uniform(0, 3), pitch=rng.normal(0, 0.5))
        ):
            b.box((0, 0, 0), (0.09, 0.08, 0.06), pale, bevel=0.02)


def _whiteboard(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
    """A board on the wall with strokes of marker on it."""
    w, d, h = size
    b.box((0, 0, 0.5 * h), (w, d, h), fin.of("bare_metal"), bevel=0.004)
    b.quad(
        _front(w - 0.04, h - 0.04, -0.5 * d - 0.001, 0.5 * h), fin.of("laminate", (0.88, 0.88, 0.87), roughness=0.15)
    )
    for _ in range(int(rng.integers(6, 20))):
        ink = fin.of("plastic", ((0.1, 0.1, 0.4), (0.5, 0.08, 0.08), (0.06, 0.06, 0.06))[rng.integers(3)])
        x, z = rng.uniform(-0.4, 0.3) * w, rng.uniform(0.15, 0.85) * h
        b.box((x, -0.5 * d - 0.002, z), (rng.uniform(0.05, 0.35), 0.001, 0.008), ink)


def clutter_makers(fin: Finishes) -> dict[str, Maker]:
    """Makers of what is left about, ``clutter0`` and so on, as ``generator.world.clutter_kinds`` has them."""
    kit = Kit(fin.pictures, fin.stream("world/clutter/pictures"))

    def maker(build: Callable[[MeshBuilder, np.random.Generator, Kit], None]) -> Maker:
        def make(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:  # noqa: ARG001
            with b.at(transform((0, 0.5 * size[1], 0))):
                build(b, rng, kit)

        return make

    return {f"clutter{k}": maker(kind.build) for k, kind in enumerate(KINDS)}


FURNITURE: Mapping[str, Maker] = MappingProxyType(
    {
        "desk": _desk, "table": _table, "swivel": _swivel, "chair": _chair, "monitor": _monitor, "monitor_on": _monitor_on,
        "screen": _screen, "cabinet": _cabinet, "shelf": _shelf, "sofa": _sofa, "mattress": _mattress, "units": _units,
        "fridge": _fridge, "plant": _plant, "bin": _bin, "whiteboard": _whiteboard,
    }
)  # fmt: skip
"""The builder of each kind."""


def build_things(
    things: Iterable[Thing],
    makers: Mapping[str, Maker],
    fin: Finishes,
    collection: bpy.types.Collection,
    *,
    name: str = "furniture",
) -> tuple[list[Part], list[StaticActor]]:
    """Furniture: parts of the building in one mesh, and what is loose as tracks of its own."""
    fixed, actors = MeshBuilder(), list[StaticActor]()
    for thing in things:
        rng = np.random.Generator(np.random.Philox(thing.seed))
        matrix = transform(thing.place, yaw=thing.yaw)
        if not thing.loose or len(actors) >= MOST_TRACKS:
            with fixed.at(matrix):
                makers[thing.kind](fixed, rng, thing.size, fin)
            continue
        builder = MeshBuilder()
        makers[thing.kind](builder, rng, thing.size, fin)
        mesh = builder.object(f"{thing.kind} {len(actors)}", collection)
        mesh.matrix_world = matrix.T.tolist()
        track = Track(TRACKS_CLUTTER + len(actors), "screen" if thing.kind.startswith("monitor") else "clutter")
        actors.append(StaticActor((Part(mesh, track.track_id),), (track,), (Placement(matrix),)))
    return ([Part(fixed.object(name, collection))] if fixed.triangles else []), actors
