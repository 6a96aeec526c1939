"""What shops and warehouses hold: shelves with goods, racks, pallets, a counter, a forklift."""

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.world.finishes import Finishes
from generator.world.furniture import Maker, Size, tinted
from generator.world.meshes import MeshBuilder, transform
from generator.world.stock import labels

Array = NDArray[np.float64]

_BOX_FACES = np.array([(0, 4, 5, 1), (4, 6, 7, 5), (6, 2, 3, 7), (2, 0, 1, 3), (1, 5, 7, 3)])
_SIDES = 8
_PROFILE = np.array([(1.0, 0.0), (1.0, 0.62), (0.42, 0.8), (0.38, 0.97), (0.0, 1.0)])
"""Radius and height of a bottle as shares of its own."""


class Goods:
    """Packets and bottles, many at once: collected, then added to a builder in two pieces."""

    def __init__(self) -> None:
        """Begins with none."""
        self.boxes: list[tuple[float, ...]] = []
        self.bottles: list[tuple[float, ...]] = []

    def facing(
        self,
        rng: np.random.Generator,
        x: float,
        end: float,
        front: float,
        deep: float,
        z: float,
        room: float,
        turn: float,
    ) -> float:
        """One article in a few rows side by side from x on; where the next may begin.

        Args:
            rng: draws.
            x: where it begins, metres along the shelf.
            end: where the shelf ends.
            front: y of the shelf's edge.
            deep: how far back goods reach.
            z: of the shelf.
            room: height to the next shelf.
            turn: +1 where the front looks towards -y, -1 towards +y.
        """
        pattern, bottle = int(rng.integers(16)), bool(rng.uniform() < 0.3)
        wide = float(rng.uniform(0.055, 0.1) if bottle else rng.uniform(0.06, 0.24))
        tall = min(float(rng.uniform(0.16, 0.32) if bottle else rng.uniform(0.08, 0.3)), room - 0.04)
        count, back = int(rng.integers(2, 6)), float(rng.uniform(0.0, 0.5)) * deep * (rng.uniform() < 0.4)
        thick = wide if bottle else min(float(rng.uniform(0.05, 0.2)), deep)
        high = max(int((room - 0.05) // tall), 1) if not bottle and rng.uniform() < 0.4 else 1
        for _ in range(count):
            if x + wide > end:
                break
            if rng.uniform() > 0.06:
                rows = 1 if deep - back < 2 * thick else 2
                for row in range(rows):
                    y = front + turn * (back + 0.012 + (row + 0.5) * thick + abs(float(rng.normal(0, 0.004))))
                    for level in range(high if row == 0 else 1):
                        shade = float(rng.uniform(0.9, 1.05))
                        if bottle:
                            self.bottles.append((x + 0.5 * wide, y, z, 0.48 * wide, tall, pattern, shade))
                        else:
                            at = (x + 0.5 * wide, y, z + (level + 0.5) * tall)
                            self.boxes.append((*at, wide - 0.004, thick - 0.003, tall - 0.001, pattern, shade))
            x += wide + 0.003
        return x + 0.008

    def add_to(self, b: MeshBuilder, material: bpy.types.Material) -> None:
        """Adds everything collected in the builder's present frame."""
        if self.boxes:
            data = np.array(self.boxes)
            signs = np.array([(i, j, k) for i in (-0.5, 0.5) for j in (-0.5, 0.5) for k in (-0.5, 0.5)])
            vertices = (data[:, None, :3] + signs * data[:, None, 3:6]).reshape(-1, 3)
            faces = (8 * np.arange(len(data))[:, None, None] + _BOX_FACES).reshape(-1, 4)
            low = np.stack([0.25 * (data[:, 6] % 4), 0.25 * (data[:, 6] // 4)], 1) + 0.004
            square = 0.242 * np.array([(0, 0), (1, 0), (1, 1), (0, 1)], float)
            uv = np.broadcast_to((low[:, None, None] + square), (len(data), 5, 4, 2)).reshape(-1, 2)
            b.add(vertices, [tuple(face) for face in faces.tolist()], material, uv)
        if self.bottles:
            data = np.array(self.bottles)
            angle = 2 * np.pi * np.arange(_SIDES) / _SIDES
            ring = np.stack([np.cos(angle), np.sin(angle)], 1)
            radii = data[:, 3, None] * _PROFILE[:, 0]
            flat = data[:, None, None, :2] + radii[:, :, None, None] * ring
            height = np.broadcast_to((data[:, 2, None] + data[:, 4, None] * _PROFILE[:, 1])[:, :, None], flat.shape[:3])
            vertices = np.concatenate([flat, height[..., None]], -1).reshape(-1, 3)
            rows, sides = (a.ravel() for a in np.mgrid[0 : len(_PROFILE) - 1, 0:_SIDES])
            after = (sides + 1) % _SIDES
            quads = np.stack(
                [
                    rows * _SIDES + sides,
                    rows * _SIDES + after,
                    (rows + 1) * _SIDES + after,
                    (rows + 1) * _SIDES + sides,
                ],
                1,
            )
            faces = (_SIDES * len(_PROFILE) * np.arange(len(data))[:, None, None] + quads).reshape(-1, 4)
            low = np.stack([0.25 * (data[:, 5] % 4), 0.25 * (data[:, 5] // 4)], 1) + 0.004
            u0, u1 = (sides % 4) / 4, (sides % 4 + 1) / 4
            v0, v1 = _PROFILE[rows, 1], _PROFILE[rows + 1, 1]
            corner = 0.242 * np.stack(
                [np.stack([u0, v0], 1), np.stack([u1, v0], 1), np.stack([u1, v1], 1), np.stack([u0, v1], 1)], 1
            )
            uv = (low[:, None, None] + corner).reshape(-1, 2)
            b.add(vertices, [tuple(face) for face in faces.tolist()], material, uv, smooth=True)


def shop_makers(fin: Finishes, stock: float) -> dict[str, Maker]:  # noqa: PLR0915 - makers that share materials
    """Makers of shop furniture; ``stock`` is how full the shelves are, 0..1."""
    packaging = labels(fin)
    paint, dark = fin.of("painted_metal", (0.74, 0.74, 0.72)), fin.of("plastic", (0.12, 0.12, 0.13))
    strip = fin.of("plastic", fin.colour("plastic", "shelf edge"))

    def shelves(
        b: MeshBuilder, rng: np.random.Generator, w: float, deep: float, h: float, front: float, turn: float
    ) -> None:
        goods, levels = Goods(), max(round(h / 0.38), 3)
        pitch = (h - 0.16) / levels
        for k in range(levels):
            z = 0.16 + k * pitch
            reach = deep if k == 0 else deep - 0.05
            edge = front if k == 0 else front + turn * 0.05
            b.box((0, edge + turn * 0.5 * reach, z - 0.012), (w, reach, 0.024), paint)
            b.box((0, edge - turn * 0.004, z - 0.012), (w, 0.008, 0.04), strip)
            for x in np.arange(-0.5 * w + 0.1, 0.5 * w - 0.05, float(rng.uniform(0.12, 0.3))):
                b.box((x, edge - turn * 0.009, z - 0.012), (0.05, 0.002, 0.032), paint, tint=(1.25,) * 3)
            x = -0.5 * w + 0.01
            while x < 0.5 * w - 0.08:
                if rng.uniform() > 0.25 + 0.75 * stock:
                    x += float(rng.uniform(0.1, 0.6))
                    continue
                x = goods.facing(rng, x, 0.5 * w - 0.01, edge, reach - 0.03, z, pitch - 0.03, turn)
        goods.add_to(b, packaging)

    def gondola(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:  # noqa: ARG001
        w, d, h = size
        b.box((0, 0, 0.07), (w, d - 0.04, 0.14), dark)
        b.box((0, 0, 0.5 * h), (w, 0.03, h), paint)
        for x in np.linspace(-0.5 * w, 0.5 * w, max(round(w / 1.25), 1) + 1):
            b.box((x, 0, 0.5 * h + 0.01), (0.03, 0.08, h + 0.02), paint)
        for side in (-1.0, 1.0):
            b.box((side * (0.5 * w - 0.008), 0, 0.5 * h), (0.016, d - 0.06, h), paint)
            shelves(b, rng, w - 0.04, 0.5 * d - 0.02, h, side * 0.5 * d, -side)

    def wall_shelf(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:  # noqa: ARG001
        w, d, h = size
        b.box((0, 0.02, 0.07), (w, d - 0.06, 0.14), dark)
        b.box((0, 0.5 * d - 0.015, 0.5 * h), (w, 0.03, h), paint)
        shelves(b, rng, w, d - 0.03, h, -0.5 * d, 1.0)
        b.box((0, -0.5 * d + 0.14, h + 0.05), (w, 0.03, 0.22), strip)

    def counter(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
        w, d, h = size
        b.box((0, 0, 0.5 * h - 0.02), (w, d, h - 0.04), fin.of("laminate"), bevel=0.006)
        b.box((0, 0, h - 0.015), (w + 0.06, d + 0.06, 0.03), fin.of("veneer"), bevel=0.004, grain=True)
        b.box((0.2 * w, 0.02, h + 0.06), (0.36, 0.38, 0.12), dark, bevel=0.01)
        with b.at(transform((0.2 * w, 0.02, h + 0.28), yaw=np.pi, pitch=0.25)):
            b.box((0, 0, 0), (0.36, 0.03, 0.26), dark, bevel=0.006)
        b.box((-0.05 * w, -0.1, h + 0.05), (0.09, 0.16, 0.10), dark, bevel=0.01)
        goods, x = Goods(), -0.48 * w
        while x < -0.12 * w:
            x = goods.facing(rng, x, -0.1 * w, -0.36 * d, 0.3, h, 0.3, 1.0)
        goods.add_to(b, packaging)
        goods, x = Goods(), -0.5 * w + 0.05  # sweets under the edge
        while x < 0.5 * w - 0.1:
            x = goods.facing(rng, x, 0.5 * w, -0.5 * d - 0.1, 0.08, 0.55, 0.14, 1.0)
        b.box((0, -0.5 * d - 0.05, 0.54), (w, 0.1, 0.015), paint)
        goods.add_to(b, packaging)

    def display(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
        """A chest or bin of offers, heaped."""
        w, d, h = size
        b.box(
            (0, 0, 0.45 * h),
            (w, d, 0.9 * h),
            fin.of("painted_metal", fin.colour("painted_metal", "display")),
            bevel=0.015,
        )
        b.box((0, 0, 0.9 * h), (w + 0.02, d + 0.02, 0.03), paint, bevel=0.005)
        goods = Goods()
        for _ in range(int(30 * stock) + 8):
            x, y = rng.uniform(-0.42, 0.42, 2) * (w, d)
            z = 0.9 * h + 0.03 + float(rng.uniform(0, max(0.1 * h - 0.03, 0.03)))
            sx, sy, sz = rng.uniform(0.06, 0.16, 3)
            goods.boxes.append((x, y, z, sx, sy, sz, float(rng.integers(16)), 1.0))
        goods.add_to(b, packaging)
        b.box((0, -0.5 * d - 0.004, 0.5 * h), (0.6 * w, 0.006, 0.3 * h), strip)

    def basket(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
        """A stack of baskets."""
        w, d, h = size
        plastic = fin.of("plastic", fin.colour("plastic", "baskets"))
        for k in range(int(h / 0.07)):
            lift = 0.07 * k
            for side in (-1.0, 1.0):
                b.box((side * 0.47 * w, 0, lift + 0.12), (0.012, 0.9 * d, 0.22), plastic, tint=tinted(rng, 0.05))
                b.box((0, side * 0.44 * d, lift + 0.12), (0.94 * w, 0.012, 0.22), plastic)
        b.box((0, 0, 0.02), (0.9 * w, 0.85 * d, 0.01), plastic)

    return {"gondola": gondola, "wall_shelf": wall_shelf, "counter": counter, "display": display, "basket": basket}


def pallet(b: MeshBuilder, rng: np.random.Generator, wood: bpy.types.Material, z: float = 0.0) -> None:
    """A euro pallet lying flat, 1.2 x 0.8 x 0.144 m (EN 13698-1)."""
    shade = tinted(rng, 0.15)
    for y in (-0.3275, -0.165, 0.0, 0.165, 0.3275):
        b.box(
            (0, y, z + 0.133),
            (1.2, 0.145 if abs(y) > 0.3 or y == 0 else 0.1, 0.022),
            wood,
            tint=shade,
            shift=rng.uniform(0, 1, 2),
        )
    for x in (-0.5, 0.0, 0.5):
        b.box((x, 0, z + 0.111), (0.145, 0.8, 0.022), wood, tint=shade, skip=("-z",))
    for y in (-0.35, 0.0, 0.35):
        b.box((0, y, z + 0.011), (1.2, 0.1, 0.022), wood, tint=shade)
        for x in (-0.5, 0.0, 0.5):
            b.box((x, y, z + 0.061), (0.14, 0.1, 0.078), wood, tint=shade, skip=("+z", "-z"))


def load(
    b: MeshBuilder, rng: np.random.Generator, high: float, z: float, materials: tuple[bpy.types.Material, ...]
) -> None:
    """What stands on a pallet up to ``high`` metres: cartons in layers, one big box, sacks, drums."""
    card, plastic, drum = materials
    what = float(rng.uniform())
    if what < 0.65:
        nx, ny, nz = int(rng.integers(2, 5)), int(rng.integers(2, 4)), max(int(high / rng.uniform(0.22, 0.45)), 1)
        sx, sy, sz = 1.16 / nx, 0.78 / ny, high / nz
        shade = float(rng.uniform(0.8, 1.15))
        for k in range(nz):
            for i in range(nx):
                for j in range(ny):
                    if k == nz - 1 and rng.uniform() < 0.12:
                        continue
                    at = (-0.58 + (i + 0.5) * sx, -0.39 + (j + 0.5) * sy, z + (k + 0.5) * sz)
                    tone = shade * float(rng.uniform(0.94, 1.05))
                    b.box(
                        at,
                        (sx - 0.006, sy - 0.006, sz - 0.004),
                        card,
                        tint=(tone,) * 3,
                        shift=rng.uniform(0, 1, 2),
                        skip=("-z",),
                    )
    elif what < 0.8:
        b.box(
            (0, 0, z + 0.5 * high),
            (1.16, 0.77, high),
            plastic if rng.uniform() < 0.5 else card,
            bevel=0.02,
            shift=rng.uniform(0, 1, 2),
        )
    elif what < 0.9:
        for k in range(max(int(high / 0.14), 1)):
            for x in (-0.3, 0.3):
                b.box(
                    (x + rng.normal(0, 0.015), rng.normal(0, 0.015), z + 0.14 * (k + 0.5)),
                    (0.58, 0.76, 0.135),
                    plastic,
                    bevel=0.055,
                    tint=tinted(rng),
                )
    else:
        for x in (-0.3, 0.3):
            with b.at(transform((x, 0, z))):
                b.lathe(
                    [(0.285, 0), (0.29, 0.28), (0.3, 0.29), (0.29, 0.3), (0.29, 0.6), (0.285, min(high, 0.88))],
                    drum,
                    segments=20,
                    caps=(True, True),
                    tint=tinted(rng, 0.2),
                )


def warehouse_makers(fin: Finishes, stock: float) -> dict[str, Maker]:  # noqa: PLR0915 - the same
    """Makers of what a warehouse holds; ``stock`` is the share of pallet places that are taken."""
    wood = fin.of("timber", (0.58, 0.47, 0.33))
    materials = (
        fin.of("cardboard"),
        fin.of("plastic", (0.66, 0.66, 0.63), roughness=0.25),
        fin.of("painted_metal", fin.colour("painted_metal", "drums")),
    )
    post = fin.of("painted_metal", fin.colour("painted_metal", "posts"))
    beam = fin.of("painted_metal", (0.66, 0.28, 0.08))
    dark, steel, rubber = fin.of("plastic", (0.08, 0.08, 0.085)), fin.of("bare_metal"), fin.of("moulded_rubber")

    def rack(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:  # noqa: ARG001
        w, d, h = size
        n = max(round(w / 2.8), 1)
        bay, levels = w / n, max(round((h - 0.35) / 1.5), 1)
        for k in range(n + 1):
            x = float(np.clip(-0.5 * w + k * bay, -0.5 * w + 0.05, 0.5 * w - 0.05))
            for y in (-0.5 * d + 0.05, 0.5 * d - 0.05):
                b.box((x, y, 0.5 * h), (0.09, 0.07, h), post)
                b.box((x, y, 0.005), (0.16, 0.14, 0.01), steel)
            for z in np.arange(0.3, h - 0.5, 0.9):
                b.cylinder(
                    (x, -0.5 * d + 0.05, z), (x, 0.5 * d - 0.05, z + 0.6), 0.014, post, segments=6, caps=(False, False)
                )
        for level in range(levels + 1):
            z = 0.0 if level == 0 else 0.12 + 1.5 * level
            for k in range(n):
                x = -0.5 * w + (k + 0.5) * bay
                if level > 0:
                    for y in (-0.5 * d + 0.03, 0.5 * d - 0.03):
                        b.box((x, y, z - 0.06), (bay - 0.09, 0.045, 0.11), beam)
                places = max(int((bay - 0.2) // 0.86), 1)
                for j in range(places):
                    if rng.uniform() > stock:
                        continue
                    at = x - 0.5 * (bay - 0.2) + (j + 0.5) * (bay - 0.2) / places
                    with b.at(
                        transform(
                            (at + rng.normal(0, 0.015), rng.normal(0, 0.02), z), yaw=np.pi / 2 + rng.normal(0, 0.015)
                        )
                    ):
                        pallet(b, rng, wood)
                        load(b, rng, float(rng.uniform(0.4, 1.1)), 0.144, materials)

    def loaded(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:  # noqa: ARG001
        pallet(b, rng, wood)
        load(b, rng, size[2] - 0.15, 0.144, materials)

    def empty(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:  # noqa: ARG001
        for k in range(max(int(size[2] / 0.144), 1)):
            with b.at(transform((rng.normal(0, 0.008), rng.normal(0, 0.008), 0.144 * k), yaw=rng.normal(0, 0.012))):
                pallet(b, rng, wood)

    def cage(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:  # noqa: ARG001
        """A roll cage with parcels."""
        w, d, h = size
        b.box((0, 0, 0.17), (w, d, 0.03), steel)
        for x in (-0.5 * w + 0.02, 0.5 * w - 0.02):
            for y in np.linspace(-0.5 * d + 0.02, 0.5 * d - 0.02, 7):
                b.cylinder((x, y, 0.17), (x, y, h), 0.006, steel, segments=6)
            for z in np.linspace(0.4, h, 5):
                b.cylinder((x, -0.5 * d + 0.02, z), (x, 0.5 * d - 0.02, z), 0.007, steel, segments=6)
            for y in (-0.5 * d + 0.08, 0.5 * d - 0.08):
                b.cylinder((x - 0.02, y, 0.06), (x + 0.02, y, 0.06), 0.06, rubber, segments=12)
        z = 0.19
        while z < 0.75 * h:
            tall = float(rng.uniform(0.2, 0.4))
            b.box(
                (rng.normal(0, 0.03), rng.normal(0, 0.03), z + 0.5 * tall),
                (0.8 * w, 0.8 * d, tall - 0.01),
                materials[0],
                tint=tinted(rng),
            )
            z += tall

    def jack(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:  # noqa: ARG001
        """A pallet jack: forks, pump, tiller."""
        w, d, h = size
        paint = fin.of("painted_metal", fin.colour("painted_metal", "jack"))
        for x in (-0.18, 0.18):
            b.box((x, -0.12, 0.09), (0.16, d - 0.4, 0.05), paint, bevel=0.008)
            b.cylinder((x - 0.04, -0.5 * d + 0.2, 0.04), (x + 0.04, -0.5 * d + 0.2, 0.04), 0.04, rubber, segments=12)
        b.box((0, 0.5 * d - 0.28, 0.3), (w - 0.1, 0.16, 0.42), paint, bevel=0.02)
        b.cylinder((-0.1, 0.5 * d - 0.2, 0.09), (0.1, 0.5 * d - 0.2, 0.09), 0.09, rubber, segments=16)
        b.tube([(0, 0.5 * d - 0.2, 0.4), (0, 0.5 * d - 0.1, 0.8), (0, 0.5 * d - 0.05, h - 0.05)], 0.02, paint)
        b.cylinder((-0.17, 0.5 * d - 0.05, h - 0.05), (0.17, 0.5 * d - 0.05, h - 0.05), 0.018, dark)

    def forklift(b: MeshBuilder, rng: np.random.Generator, size: Size, fin: Finishes) -> None:
        """A counterbalanced truck, forks towards -y: mast, guard over the seat, counterweight, wheels."""
        w, d, h = size
        paint = fin.of("painted_metal", ((0.72, 0.46, 0.06), (0.62, 0.13, 0.08), (0.45, 0.47, 0.47))[rng.integers(3)])
        y0 = -0.5 * d + 1.05  # the mast's front; forks reach from there
        for x in (-0.28, 0.28):
            b.box((x, y0 - 0.5, 0.07), (0.11, 1.05, 0.04), dark, bevel=0.006)
            b.box((x, y0 - 0.02, 0.35), (0.11, 0.05, 0.6), dark)
            b.box((1.35 * x, y0 + 0.09, 0.5 * h), (0.08, 0.14, h), dark)
        for z in (0.3, 0.62, h - 0.1):
            b.box((0, y0 + 0.03, z), (0.95, 0.05, 0.09), dark, bevel=0.004)
        b.box((0, 0.18, 0.48), (w - 0.1, 1.1, 0.5), paint, bevel=0.05)
        b.box((0, 0.5 * d - 0.38, 0.62), (w - 0.04, 0.72, 0.82), paint, bevel=0.12, tint=(0.4,) * 3)
        b.box((0, 0.40, 0.86), (0.5, 0.5, 0.16), dark, bevel=0.04)
        b.box((0, 0.66, 1.12), (0.48, 0.12, 0.5), dark, bevel=0.04)
        for x in (-0.5 * w + 0.1, 0.5 * w - 0.1):
            b.tube(
                [
                    (x, 0.5 * d - 0.75, 0.9),
                    (x, 0.5 * d - 0.85, h - 0.05),
                    (x, y0 + 0.75, h - 0.03),
                    (x, y0 + 0.35, 0.72),
                ],
                0.03,
                dark,
                segments=8,
            )
            for y, r in ((y0 + 0.35, 0.31), (0.5 * d - 0.42, 0.24)):
                b.cylinder((x - 0.1, y, r), (x + 0.1, y, r), r, rubber, segments=22)
                b.cylinder((x - 0.105, y, r), (x + 0.105, y, r), 0.5 * r, steel, segments=14)
        for k in range(6):
            b.box((0, y0 + 0.8 + 0.13 * k, h - 0.03), (w - 0.2, 0.025, 0.04), dark)
        b.tube([(-0.02, 0.02, 0.85), (-0.02, -0.1, 1.1)], 0.02, dark)
        with b.at(transform((-0.02, -0.06, 1.12), pitch=0.9)):
            b.lathe([(0.15, -0.012), (0.165, 0.0), (0.15, 0.012), (0.135, 0.0), (0.15, -0.012)], dark, segments=20)

    return {
        "rack": rack, "pallet": loaded, "pallet_low": loaded, "pallets": empty, "cage": cage, "jack": jack, "forklift": forklift,
    }  # fmt: skip
