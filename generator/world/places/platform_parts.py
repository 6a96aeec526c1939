"""What platforms are made of: edge and tactile strip, columns, roof, benches, bins, boards, track bed."""

from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.site.model import Solid
from generator.world.meshes import MeshBuilder, transform
from generator.world.places.transit_kit import TransitKit, invented

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Slab:
    """A platform that runs along y.

    Attributes:
        edge: x of its edge.
        away: +1 where it lies to the right of its edge (x > edge), -1 to the left.
        width: metres.
        ends: y of its ends.
        top: height, metres.
        bed: height of the track bed beside it, metres.
    """

    edge: float
    away: int
    width: float
    ends: tuple[float, float]
    top: float = 0.0
    bed: float = -1.25

    def x(self, metres: float) -> float:
        """So many metres from the edge."""
        return self.edge + self.away * metres


def build_slab(builder: MeshBuilder, kit: TransitKit, slab: Slab, floor: bpy.types.Material) -> None:
    """Floor, nosing, a band of tactile paving with studs, a painted line, the wall down to the track."""
    (y0, y1), middle = slab.ends, 0.5 * sum(slab.ends)
    long, z = y1 - y0, slab.top
    a, b = sorted((slab.x(0.36), slab.x(slab.width)))
    builder.quad(
        [(a, y0, z), (b, y0, z), (b, y1, z), (a, y1, z)], floor, uv=[(0, 0), (b - a, 0), (b - a, long), (0, long)]
    )
    stone = kit.finishes.of("concrete", (0.60, 0.59, 0.56))
    for y in np.arange(y0, y1, 1.2):
        builder.box((slab.x(0.16), float(y) + 0.6, z - 0.06), (0.40, 1.194, 0.12), stone, bevel=0.006, shift=(y, 0))
    builder.box((slab.x(0.06), middle, z + 0.001), (0.07, long, 0.004), kit.finishes.of("plastic", (0.82, 0.80, 0.74)))
    yellow = kit.finishes.of("tile", (0.72, 0.58, 0.16))
    strip = sorted((slab.x(0.62), slab.x(1.02)))
    e = z + 0.005
    builder.quad([(strip[0], y0, e), (strip[1], y0, e), (strip[1], y1, e), (strip[0], y1, e)], yellow)
    for k in range(5):  # bars of the guidance pattern
        builder.box((slab.x(0.68 + 0.07 * k), middle, z + 0.008), (0.03, long, 0.008), yellow, bevel=0.003)
    face = kit.finishes.of("concrete", (0.30, 0.29, 0.28))
    builder.box((slab.x(0.10), middle, 0.5 * (slab.bed + z - 0.12)), (0.12, long, z - 0.12 - slab.bed), face)


def build_bed(
    builder: MeshBuilder, kit: TransitKit, x: float, ends: tuple[float, float], bed: float, ballast: bpy.types.Material
) -> None:
    """A track bed with sleepers, rails and what was dropped."""
    (y0, y1), middle = ends, 0.5 * sum(ends)
    builder.quad([(x - 2.2, y0, bed), (x + 2.2, y0, bed), (x + 2.2, y1, bed), (x - 2.2, y1, bed)], ballast,
                 uv=[(0, 0), (4.4, 0), (4.4, y1 - y0), (0, y1 - y0)])  # fmt: skip
    sleeper, rust = kit.finishes.of("concrete", (0.36, 0.34, 0.31)), kit.finishes.of("bare_metal", (0.28, 0.21, 0.17))
    for y in np.arange(y0 + 0.3, y1, 0.65):
        builder.box((x, float(y), bed + 0.03), (2.5, 0.25, 0.08), sleeper, skip=("-z",))
    for side in (-0.755, 0.755):
        builder.box((x + side, middle, bed + 0.12), (0.03, y1 - y0, 0.12), rust)
        builder.box((x + side, middle, bed + 0.19), (0.07, y1 - y0, 0.035), kit.steel, bevel=0.008)


def build_column(builder: MeshBuilder, kit: TransitKit, solid: Solid, kind: str, band: bpy.types.Material) -> None:
    """A column in the footprint of its solid, with a painted band at eye height and a base."""
    low, high = solid.outline.min(0), solid.outline.max(0)
    (x, y), wide = 0.5 * (low + high), float((high - low).min())
    top, stone = solid.top, kit.finishes.of("concrete", (0.56, 0.55, 0.52))
    if kind == "round":
        builder.cylinder((x, y, 0), (x, y, top), 0.5 * wide - 0.01, stone, segments=28)
        builder.cylinder((x, y, 1.35), (x, y, 1.75), 0.5 * wide - 0.004, band, segments=28)
        builder.cylinder((x, y, 0), (x, y, 0.14), 0.5 * wide, kit.dark, segments=28)
    elif kind == "square":
        builder.box((x, y, 0.5 * top), (wide - 0.02, wide - 0.02, top), kit.finishes.of("wall_tile"), bevel=0.012)
        builder.box((x, y, 1.55), (wide - 0.008, wide - 0.008, 0.4), band, bevel=0.01)
        builder.box((x, y, 0.07), (wide, wide, 0.14), kit.dark, bevel=0.01)
    else:
        steel = kit.finishes.of("painted_metal", kit.accent)
        for way in (-1, 1):
            builder.box((x + way * (0.5 * wide - 0.015), y, 0.5 * top), (0.026, wide - 0.02, top), steel, bevel=0.004)
        builder.box((x, y, 0.5 * top), (wide - 0.04, 0.016, top), steel)
        builder.box((x, y, 0.02), (wide + 0.0, wide, 0.03), kit.steel)
        for turn in (-1, 1):
            builder.box((x + turn * 0.45, y, top - 0.28), (0.9, 0.012, 0.05), steel)


def build_roof(
    builder: MeshBuilder, kit: TransitKit, x: tuple[float, float], ends: tuple[float, float], z: float
) -> None:
    """A canopy: ribbed sheets on purlins and beams, a gutter, closed above."""
    (x0, x1), (y0, y1) = x, ends
    sheet, beam = kit.finishes.of("ribbed_metal"), kit.finishes.of("painted_metal", kit.accent)
    builder.quad(
        [(x0, y0, z), (x0, y1, z), (x1, y1, z), (x1, y0, z)],
        sheet,
        uv=[(0, 0), (0, y1 - y0), (x1 - x0, y1 - y0), (x1 - x0, 0)],
    )
    builder.quad([(x0, y0, z + 0.12), (x1, y0, z + 0.12), (x1, y1, z + 0.12), (x0, y1, z + 0.12)], sheet)
    for at in np.arange(y0 + 0.4, y1, 3.2):
        builder.box((0.5 * (x0 + x1), float(at), z - 0.13), (x1 - x0, 0.09, 0.24), beam, bevel=0.008)
    for share in (0.12, 0.4, 0.68, 0.94):
        builder.box((x0 + share * (x1 - x0), 0.5 * (y0 + y1), z - 0.05), (0.06, y1 - y0, 0.09), beam)
    for at in (x0, x1):
        builder.box(
            (at, 0.5 * (y0 + y1), z + 0.04),
            (0.14, y1 - y0, 0.22),
            kit.finishes.of("painted_metal", (0.30, 0.31, 0.32)),
            bevel=0.02,
        )


def build_bench(builder: MeshBuilder, kit: TransitKit, solid: Solid, yaw: float) -> None:
    """A bench of slats or perforated steel with armrests, in its solid's middle."""
    middle, slat = solid.outline.mean(0), kit.finishes.of("planks")
    with builder.at(transform((*middle, 0.0), yaw=yaw)):
        for k in range(4):
            builder.box(
                (0, -0.10 + 0.115 * k, 0.45), (1.76, 0.095, 0.032), slat, bevel=0.006, grain=True, shift=(0, 0.3 * k)
            )
        for k in range(3):
            builder.box(
                (0, -0.20 - 0.02 * k, 0.58 + 0.115 * k),
                (1.76, 0.03, 0.095),
                slat,
                bevel=0.006,
                grain=True,
                shift=(0.2 * k, 0),
            )
        for x in (-0.72, 0.0, 0.72):
            builder.box((x, 0.06, 0.22), (0.05, 0.42, 0.03), kit.pole)
            for y in (-0.14, 0.24):
                builder.box((x, y, 0.22), (0.05, 0.05, 0.44), kit.pole, bevel=0.006)
            builder.box((x, -0.235, 0.66), (0.04, 0.03, 0.42), kit.pole, bevel=0.006)
            builder.tube(
                [(x, -0.20, 0.66), (x, 0.10, 0.66), (x, 0.22, 0.60), (x, 0.24, 0.46)], 0.014, kit.pole, segments=8
            )


def build_bin(builder: MeshBuilder, kit: TransitKit, solid: Solid) -> None:
    """A litter bin with a hood and a bag that hangs over its rim."""
    x, y = solid.outline.mean(0)
    metal, bag = kit.finishes.of("painted_metal", (0.22, 0.23, 0.24)), kit.finishes.of("plastic", (0.60, 0.62, 0.62))
    with builder.at(transform((x, y, 0.0))):
        builder.lathe([(0.17, 0.03), (0.21, 0.06), (0.22, 0.74)], metal, segments=20, caps=(True, False))
        builder.lathe([(0.225, 0.66), (0.228, 0.74), (0.215, 0.755), (0.20, 0.70)], bag, segments=20)
        for angle in np.arange(3) * 2 * np.pi / 3:
            at = (0.2 * np.cos(angle), 0.2 * np.sin(angle))
            builder.cylinder((*at, 0.74), (*at, 0.92), 0.012, kit.steel, segments=6)
        builder.lathe([(0.24, 0.92), (0.23, 0.96), (0.08, 1.02)], metal, segments=20, caps=(True, True))


def build_poster(
    builder: MeshBuilder, kit: TransitKit, at: Array, yaw: float, size: tuple[float, float], k: int
) -> None:
    """A framed notice on a wall whose face looks along ``yaw`` (radians to the left of +y)."""
    wide, tall = size
    with builder.at(transform(at, yaw=yaw)):
        builder.box((0, 0.012, 0), (wide + 0.09, 0.03, tall + 0.09), kit.finishes.of("bare_metal"), bevel=0.008)
        corners = [(0.5 * wide, 0.029, -0.5 * tall), (-0.5 * wide, 0.029, -0.5 * tall)]
        corners += [(-0.5 * wide, 0.029, 0.5 * tall), (0.5 * wide, 0.029, 0.5 * tall)]
        kit.notice(builder, np.array(corners), k)


def build_board(
    builder: MeshBuilder, kit: TransitKit, name: str, at: Array, ceiling: float, rng: np.random.Generator
) -> None:
    """A hanging board across the platform with an invented name, letters of light to both sides."""
    material, (wide, tall) = kit.display(name, invented(rng, 3))
    wide, tall = 2.6 * wide, 2.6 * tall
    with builder.at(transform(at)):
        builder.box(
            (0, 0, 0),
            (wide + 0.14, 0.16, tall + 0.12),
            kit.finishes.of("painted_metal", (0.10, 0.12, 0.16)),
            bevel=0.012,
        )
        for way in (-1, 1):
            y = way * 0.0815
            corners = [(way * 0.5 * wide, y, -0.5 * tall), (-way * 0.5 * wide, y, -0.5 * tall)]
            corners += [(-way * 0.5 * wide, y, 0.5 * tall), (way * 0.5 * wide, y, 0.5 * tall)]
            builder.quad(corners, material, uv=[(0, 0), (wide / 2.6, 0), (wide / 2.6, tall / 2.6), (0, tall / 2.6)])
            builder.cylinder(
                (way * 0.4 * wide, 0, 0.5 * tall), (way * 0.4 * wide, 0, ceiling - at[2]), 0.016, kit.steel, segments=8
            )
