"""Kinds of clutter: pallets, tyres, crates, boxes and whatever else is left in a corridor."""

from collections.abc import Callable
from dataclasses import dataclass, field

import bpy
import numpy as np

from generator.world.canvas import Canvas, Stock
from generator.world.materials import Detail, linear, principled
from generator.world.meshes import MeshBuilder, transform

Colour = tuple[float, float, float]

_PLASTICS: tuple[Colour, ...] = (
    (0.16, 0.27, 0.48), (0.50, 0.13, 0.11), (0.20, 0.21, 0.22), (0.52, 0.53, 0.52), (0.17, 0.36, 0.25),
)  # fmt: skip


@dataclass
class Kit:
    """Materials that clutter shares, made when first asked for."""

    pictures: Stock
    rng: np.random.Generator
    made: dict[str, bpy.types.Material] = field(default_factory=dict)

    def wood(self) -> bpy.types.Material:
        """Rough sawn softwood."""
        fine = Detail(self.pictures.grain, (1.2, 0.6), 0.6, 0.2)
        return self._get("rough wood", lambda n: principled(n, linear((0.64, 0.52, 0.37)), 0.85, detail=fine))

    def plain(self, name: str, srgb: Colour, roughness: float, metallic: float = 0.0) -> bpy.types.Material:
        """One colour under dust and scratches."""
        fine = Detail(self.pictures.grime, (0.9, 0.9), 0.6, 0.35)
        return self._get(name, lambda n: principled(n, linear(srgb), roughness, metallic, detail=fine))

    def cardboard(self) -> bpy.types.Material:
        """Corrugated board with scuffs, print and packing tape; 1.2 m square."""
        return self._get("box board", self._cardboard)

    def _cardboard(self, name: str) -> bpy.types.Material:
        canvas = Canvas(self.rng, 1.2, 1.2, 256, (0.62, 0.48, 0.32))
        canvas.shade(1 + 0.04 * canvas.noise(0.4, 1.4) + 0.03 * canvas.noise((0.006, 0.3), 1.2))
        for _ in range(60):
            at = self.rng.uniform(0, 1.2, 2)
            canvas.polygon([at, at + self.rng.normal(0, 0.06, 2)], (0.40, 0.30, 0.20), 0.5, line=0.004, broken=0.3)
        for _ in range(5):
            canvas.rectangle(self.rng.uniform(0, 1.2, 2), (0.12, 0.05), (0.20, 0.18, 0.17), alpha=0.6, broken=0.3)
            canvas.rectangle(self.rng.uniform(0, 1.2, 2), (0.10, 0.07), (0.80, 0.79, 0.75), alpha=0.9)
        fine = Detail(self.pictures.grit, (0.4, 0.4), 0.15, 0.1)
        return principled(name, (1, 1, 1), 0.85, image=canvas.image(name), metres=(1.2, 1.2), detail=fine)

    def _get(self, name: str, make: Callable[[str], bpy.types.Material]) -> bpy.types.Material:
        if name not in self.made:
            self.made[name] = make(name)
        return self.made[name]


@dataclass(frozen=True)
class Kind:
    """A kind of clutter.

    Attributes:
        build: adds it with its back at y = 0, reaching to y = -depth; x is its middle.
        width, depth: metres along and away from the wall.
        weight: how common it is.
    """

    build: Callable[[MeshBuilder, np.random.Generator, Kit], None]
    width: float
    depth: float
    weight: float


def _shade(rng: np.random.Generator, spread: float = 0.15) -> Colour:
    """A tint a little lighter or darker."""
    k = float(np.exp(spread * rng.standard_normal()))
    return (k, k, k)


def _pallet(b: MeshBuilder, rng: np.random.Generator, kit: Kit) -> None:
    """A euro pallet (1.2 x 0.8 x 0.144 m) on its long edge, leaning on the wall; sometimes two."""
    wood = kit.wood()
    for k in range(int(rng.integers(1, 3))):
        lean = -np.radians(rng.uniform(4, 7))
        with b.at(transform((rng.normal(0, 0.03), -0.10 - 0.16 * k, 0.012), pitch=lean)):
            for z in (0.05, 0.225, 0.40, 0.575, 0.75):
                tall = 0.145 if z in (0.05, 0.40, 0.75) else 0.1
                at = (0, -0.131, float(np.clip(z, 0.5 * tall, 0.8 - 0.5 * tall)))
                b.box(at, (1.2, 0.022, tall), wood, grain=True, shift=rng.uniform(0, 1, 2), tint=_shade(rng))
            for x in (-0.55, 0, 0.55):
                b.box(
                    (x, -0.109, 0.4), (0.1, 0.022, 0.8), wood, grain=True, shift=rng.uniform(0, 1, 2), tint=_shade(rng)
                )
                for z in (0.05, 0.40, 0.75):
                    b.box((x, -0.06, z), (0.1, 0.078, 0.1), wood, shift=rng.uniform(0, 1, 2), tint=_shade(rng))
                b.box(
                    (x, -0.011, 0.4), (0.1, 0.022, 0.8), wood, grain=True, shift=rng.uniform(0, 1, 2), tint=_shade(rng)
                )


def _tyres(b: MeshBuilder, rng: np.random.Generator, kit: Kit) -> None:
    rubber = kit.plain("tyre", (0.19, 0.19, 0.19), 0.8)
    z = 0.0
    for _ in range(int(rng.integers(2, 5))):
        r, w = rng.uniform(0.25, 0.285), rng.uniform(0.15, 0.19)
        half = 0.5 * w
        side = [(0.62, 0.30), (0.70, 0.05), (0.85, 0.0), (0.95, 0.06), (0.985, 0.14), (1.0, 0.3)]
        outer = [(r * a, w * h) for a, h in side]
        groove = [(r * 0.97, w * 0.33), (r * 0.97, w * 0.37), (r, w * 0.38), (r, half)]
        lower = [*outer, *groove]
        upper = [(a, w - h) for a, h in reversed(lower[:-1])]
        inner = [(r * 0.60, w * 0.6), (r * 0.64, half), (r * 0.60, w * 0.4), lower[0]]
        with b.at(transform((rng.normal(0, 0.012), -0.30 + rng.normal(0, 0.008), z), roll=rng.normal(0, 0.012))):
            b.lathe([*lower, *upper, *inner], rubber, segments=24, tint=_shade(rng))
        z += w * 0.97


def _crates(b: MeshBuilder, rng: np.random.Generator, kit: Kit) -> None:
    """Stacking crates, 0.6 x 0.4 m, with ribs and hand holes."""
    z = 0.0
    for _ in range(int(rng.integers(1, 4))):
        k = int(rng.integers(len(_PLASTICS)))
        plastic = kit.plain(f"crate {k}", _PLASTICS[k], 0.5)
        h = float(rng.choice([0.22, 0.30]))
        with b.at(transform((rng.normal(0, 0.01), -0.21, z), yaw=rng.normal(0, 0.025))):
            _crate(b, plastic, h, _shade(rng, 0.08))
        z += h - 0.012


def _crate(b: MeshBuilder, plastic: bpy.types.Material, h: float, tint: Colour) -> None:
    w, d, t = 0.58, 0.38, 0.012
    b.box((0, 0, 0.02), (w - 0.03, d - 0.03, 0.012), plastic, tint=tint)
    for side in (-1, 1):
        b.box((0, side * (0.5 * d - 0.01), 0.5 * h), (w - 0.02, t, h - 0.01), plastic, tint=tint)
        b.box((side * (0.5 * w - 0.01), 0, 0.5 * h), (t, d - 0.02, h - 0.01), plastic, tint=tint)
        for z, tall in ((h - 0.02, 0.035), (0.02, 0.03), (0.55 * h, 0.012)):
            b.box((0, side * (0.5 * d - 0.004), z), (w, 0.014, tall), plastic, bevel=0.003, tint=tint)
            b.box((side * (0.5 * w - 0.004), 0, z), (0.014, d, tall), plastic, bevel=0.003, tint=tint)
        for x in np.linspace(-0.26, 0.26, 7):
            b.box((x, side * (0.5 * d - 0.003), 0.45 * h), (0.008, 0.012, 0.8 * h), plastic, tint=tint)
        hole = tuple(0.12 * c for c in tint)
        b.box((side * (0.5 * w - 0.004), 0, h - 0.065), (0.009, 0.11, 0.032), plastic, tint=(hole[0], hole[1], hole[2]))


def _boxes(b: MeshBuilder, rng: np.random.Generator, kit: Kit) -> None:
    """Cardboard boxes; the top one may stand open."""
    board, z = kit.cardboard(), 0.0
    n = int(rng.integers(1, 4))
    w, d = 0.46, 0.37
    for k in range(n):
        w, d, h = w * rng.uniform(0.82, 1.0), d * rng.uniform(0.85, 1.0), rng.uniform(0.2, 0.36)
        with b.at(transform((rng.normal(0, 0.02), -0.20, z), yaw=rng.normal(0, 0.06))):
            tint, shift = _shade(rng, 0.1), rng.uniform(0, 1, 2)
            b.box((0, 0, 0.5 * h), (w, d, h), board, bevel=0.004, shift=shift, tint=tint)
            tape = kit.plain("packing tape", (0.55, 0.44, 0.28), 0.3)
            b.box((0, -0.001, 0.5 * h + 0.0015), (w * 0.999, 0.05, h), tape, tint=tint)
            b.box((0, -0.5 * d - 0.0005, h - 0.05), (0.05, 0.002, 0.1), tape, tint=tint)
            if k == n - 1 and rng.uniform() < 0.5:
                for side in (-1, 1):
                    for along, across, yaw in ((w, 0.5 * d, 0.0), (d, 0.4 * w, np.pi / 2)):
                        edge = 0.5 * (d if yaw == 0 else w)
                        tilt = rng.uniform(0.2, 1.4)
                        hinge = transform(yaw=yaw) @ transform((0, side * edge, h), pitch=side * tilt)
                        with b.at(hinge):
                            b.box(
                                (0, side * 0.5 * across, 0),
                                (along * 0.98, across, 0.004),
                                board,
                                shift=shift,
                                tint=tint,
                            )
        z += h


def _cone(b: MeshBuilder, rng: np.random.Generator, kit: Kit) -> None:
    orange = kit.plain("cone", (0.78, 0.26, 0.10), 0.55)
    pale = kit.plain("cone sleeve", (0.72, 0.72, 0.70), 0.45)
    black = kit.plain("cone foot", (0.13, 0.13, 0.13), 0.8)
    h = rng.uniform(0.45, 0.72)
    with b.at(transform((0, -0.2, 0), yaw=rng.uniform(0, 1.5), roll=rng.normal(0, 0.015))):
        b.box((0, 0, 0.016), (0.27, 0.27, 0.032), black, bevel=0.012)
        radius = np.interp([0.0, 0.42, 0.42, 0.68, 0.68, 1.0], [0, 1], [0.115, 0.024])
        z = 0.03 + h * np.array([0.0, 0.42, 0.42, 0.68, 0.68, 1.0])
        b.lathe(np.stack([radius[:2], z[:2]], 1), orange, segments=24)
        b.lathe(np.stack([radius[2:4] + 0.0015, z[2:4]], 1), pale, segments=24)
        b.lathe(np.stack([radius[4:], z[4:]], 1), orange, segments=24, caps=(False, True))


def _chair(b: MeshBuilder, rng: np.random.Generator, kit: Kit) -> None:
    """A stacking chair with a bent shell on tube legs."""
    k = int(rng.integers(len(_PLASTICS)))
    shell, steel = kit.plain(f"chair {k}", _PLASTICS[k], 0.5), kit.plain("chair steel", (0.35, 0.35, 0.36), 0.4, 0.8)
    with b.at(transform((0, -0.30, 0), yaw=rng.uniform(-0.7, 0.7))):
        t = np.linspace(0, 1, 9)
        profile = np.interp(t, [0, 0.08, 0.42, 0.52, 1.0], [-0.22, -0.20, 0.13, 0.18, 0.24])
        height = np.interp(t, [0, 0.08, 0.42, 0.52, 1.0], [0.425, 0.445, 0.43, 0.47, 0.80])
        x = np.linspace(-0.2, 0.2, 5)
        grid = np.stack(np.broadcast_arrays(x[None], profile[:, None], height[:, None] + 0.6 * x[None] ** 2), -1).copy()
        row, column = (a.ravel() for a in np.mgrid[0:8, 0:4])
        first = row * 5 + column
        face = np.stack([first, first + 1, first + 6, first + 5], 1)
        points, tint = grid.reshape(-1, 3), _shade(rng, 0.1)
        uv = points[:, [0, 2]]
        b.add(points, face, shell, uv[face.ravel()], smooth=True, tint=tint)
        b.add(points - (0, 0.004, 0.006), face[:, ::-1], shell, uv[face[:, ::-1].ravel()], smooth=True, tint=tint)
        for side in (-1, 1):
            front = [(side * 0.23, -0.23, 0.01), (side * 0.19, -0.17, 0.42), (side * 0.18, 0.12, 0.42)]
            b.tube(front, 0.011, steel)
            b.tube([(side * 0.23, 0.25, 0.01), (side * 0.19, 0.16, 0.43), (side * 0.17, 0.22, 0.70)], 0.011, steel)


def _drum(b: MeshBuilder, rng: np.random.Generator, kit: Kit) -> None:
    """A 60 l drum with rolling hoops."""
    k = int(rng.integers(len(_PLASTICS)))
    shell, r, h = kit.plain(f"drum {k}", _PLASTICS[k], 0.42), 0.195, 0.62
    hoops = [(r, 0.02), (r, 0.19), (r + 0.010, 0.20), (r + 0.010, 0.215), (r, 0.225), (r, 0.40), (r + 0.010, 0.41)]
    hoops += [
        (r + 0.010, 0.425),
        (r, 0.435),
        (r, h - 0.05),
        (r + 0.012, h - 0.045),
        (r + 0.012, h - 0.01),
        (r - 0.01, h),
    ]
    with b.at(transform((0, -0.215, 0), yaw=rng.uniform(0, 6))):
        b.lathe([(r - 0.015, 0.0), *hoops], shell, segments=28, tint=_shade(rng, 0.1))
        b.lathe([(r - 0.01, h), (r - 0.02, h - 0.012), (0.001, h - 0.012)], shell, segments=28, tint=_shade(rng, 0.1))
        b.lathe([(0.03, h - 0.012), (0.03, h + 0.01), (0.02, h + 0.012)], shell, segments=12, caps=(False, True))


def _rolls(b: MeshBuilder, rng: np.random.Generator, kit: Kit) -> None:
    """Rolls of gaffer tape, lying and leaning."""
    card = kit.plain("tape core", (0.55, 0.45, 0.32), 0.8)
    for k in range(int(rng.integers(1, 4))):
        grey = float(rng.choice([0.10, 0.12, 0.45, 0.62]))
        cloth = kit.plain(f"tape {grey}", (grey, grey, grey), 0.55)
        r, w = rng.uniform(0.05, 0.07), 0.05
        place = transform((0.13 * (k - 1) + rng.normal(0, 0.02), -0.09 - rng.uniform(0, 0.08), 0.0))
        if rng.uniform() < 0.3:
            place = place @ transform((0, 0.03, r), pitch=np.pi / 2 - 0.25)
        with b.at(place):
            b.lathe([(0.038, 0.0), (r, 0.0), (r, w), (0.038, w)], cloth, segments=20)
            b.lathe([(0.038, w), (0.038, 0.0)], card, segments=20)


def _cable(b: MeshBuilder, rng: np.random.Generator, kit: Kit) -> None:
    """A coil of cable with its end wandering off, and a plug."""
    k = int(rng.integers(3))
    sheath = kit.plain(f"cable {k}", ((0.72, 0.35, 0.10), (0.12, 0.12, 0.12), (0.70, 0.62, 0.16))[k], 0.5)
    turns = rng.uniform(4.3, 6.3)
    a = np.linspace(0, 2 * np.pi * turns, int(20 * turns))
    r = 0.115 + 0.014 * np.sin(2.3 * a + 1) + 0.008 * np.sin(5.1 * a)
    z = 0.006 + 0.006 * (a / (2 * np.pi)) + 0.003 * np.sin(3.7 * a)
    coil = np.stack([r * np.cos(a) - 0.1, r * np.sin(a) - 0.15, z], 1)
    t = np.linspace(0, 1, 12)[1:, None]
    out = coil[-1] * (1 - t) + np.array([0.33, -0.06 - 0.1 * rng.uniform(), 0.006]) * t
    out[:, 1] += 0.05 * np.sin(7 * t[:, 0])
    out[:, 2] = np.maximum(coil[-1, 2] * (1 - 3 * t[:, 0]), 0.006)
    b.tube(np.concatenate([coil, out]), 0.0048, sheath, segments=5)
    b.box(out[-1] + (0.025, 0, 0.012), (0.055, 0.04, 0.034), kit.plain("plug", (0.12, 0.12, 0.12), 0.5), bevel=0.006)


def _sandbags(b: MeshBuilder, rng: np.random.Generator, kit: Kit) -> None:
    """Filled sacks laid in courses, pressed flat by their own weight."""
    hessian = kit.plain("sack", (0.47, 0.41, 0.30), 0.95)
    courses = int(rng.integers(1, 4))
    for course in range(courses):
        for k in range(courses - course if courses > 1 else 1):
            x = 0.46 * (k - 0.5 * (courses - course - 1)) * 0.62 + rng.normal(0, 0.015)
            with b.at(transform((x, -0.17 + rng.normal(0, 0.01), 0.105 * course), yaw=rng.normal(0, 0.1))):
                _sack(b, rng, hessian)


def _sack(b: MeshBuilder, rng: np.random.Generator, cloth: bpy.types.Material) -> None:
    u, v = np.linspace(0, 2 * np.pi, 21)[:-1], np.linspace(-np.pi / 2, np.pi / 2, 11)
    flat = lambda c, e: np.sign(c) * np.abs(c) ** e  # noqa: E731  superellipsoid
    x = 0.22 * flat(np.cos(v), 0.45)[:, None] * flat(np.cos(u), 0.5)[None]
    y = 0.135 * flat(np.cos(v), 0.45)[:, None] * flat(np.sin(u), 0.5)[None]
    z = np.broadcast_to(0.058 + 0.058 * flat(np.sin(v), 0.7)[:, None], x.shape)
    wobble = 1 + 0.05 * np.sin(3 * u + rng.uniform(0, 6))[None] + 0.02 * rng.standard_normal(x.shape)
    points = np.stack([x * wobble, y * wobble, z * (1 + 0.08 * np.sin(9 * x + rng.uniform(0, 6)))], -1).reshape(-1, 3)
    row, column = (a.ravel() for a in np.mgrid[0:10, 0:20])
    after = (column + 1) % 20
    face = np.stack([row * 20 + column, row * 20 + after, (row + 1) * 20 + after, (row + 1) * 20 + column], 1)
    uv = points[:, [0, 2]] + points[:, [1, 1]] * (0.5, 1.0)
    b.add(points, face, cloth, uv[face.ravel()] + rng.uniform(0, 1, 2), smooth=True, tint=_shade(rng, 0.12))


def _timber(b: MeshBuilder, rng: np.random.Generator, kit: Kit) -> None:
    """Offcuts of 2x4 and board lying along the wall, or leaning on it."""
    wood, standing = kit.wood(), rng.uniform() < 0.4
    for k in range(int(rng.integers(2, 5))):
        long = rng.uniform(0.6, 1.15)
        if standing:
            lean = transform(
                (0.13 * k - 0.2, -0.16 + rng.normal(0, 0.02), 0.0), pitch=-0.14 - 0.03 * k, roll=rng.normal(0, 0.06)
            )
            with b.at(lean):
                b.box(
                    (0, -0.019, 0.7 * long),
                    (0.089, 0.038, 1.4 * long),
                    wood,
                    grain=True,
                    shift=rng.uniform(0, 1, 2),
                    tint=_shade(rng),
                )
        else:
            place = (rng.normal(0, 0.04), -0.055 - 0.045 * (k % 2) - 0.02 * k, 0.020 + 0.039 * (k // 2))
            with b.at(transform(place, yaw=rng.normal(0, 0.03))):
                b.box((0, 0, 0), (long, 0.089, 0.038), wood, grain=True, shift=rng.uniform(0, 1, 2), tint=_shade(rng))


def _bucket(b: MeshBuilder, rng: np.random.Generator, kit: Kit) -> None:
    k = int(rng.integers(len(_PLASTICS)))
    plastic, wire = kit.plain(f"bucket {k}", _PLASTICS[k], 0.5), kit.plain("wire", (0.4, 0.4, 0.4), 0.4, 0.8)
    with b.at(transform((0, -0.165, 0), yaw=rng.uniform(0, 6))):
        wall = [
            (0.10, 0.0),
            (0.135, 0.26),
            (0.146, 0.262),
            (0.146, 0.275),
            (0.132, 0.275),
            (0.098, 0.012),
            (0.001, 0.012),
        ]
        b.lathe(wall, plastic, segments=24, tint=_shade(rng, 0.1))
        a = np.linspace(0, np.pi, 12)
        arc = np.stack([0.142 * np.cos(a), -0.10 * np.sin(a), 0.25 + 0.02 * np.sin(a)], 1)
        b.tube(arc, 0.0025, wire, segments=5)


def _broom(b: MeshBuilder, rng: np.random.Generator, kit: Kit) -> None:
    """A broom standing on its bristles against the wall."""
    wood, bristle = kit.wood(), kit.plain("bristle", (0.30, 0.12, 0.10), 0.9)
    with b.at(transform((0, -0.16, 0.0), pitch=-0.09, roll=rng.normal(0, 0.08))):
        b.cylinder((0, 0, 0.1), (0, 0, 1.45), 0.012, wood, segments=8)
        b.box((0, 0, 0.085), (0.36, 0.05, 0.035), wood, bevel=0.006, grain=True)
        b.box((0, 0, 0.036), (0.37, 0.062, 0.072), bristle)


def _sheets(b: MeshBuilder, rng: np.random.Generator, kit: Kit) -> None:
    """Spare boards of ply and card leaning on the wall."""
    wood, card = kit.wood(), kit.cardboard()
    for k in range(int(rng.integers(1, 5))):
        material = card if rng.uniform() < 0.5 else wood
        w, h = rng.uniform(0.4, 0.8), rng.uniform(0.6, 1.2)
        lean = transform(
            (rng.normal(0, 0.05), -0.10 - 0.022 * k, 0.0), pitch=-np.arcsin(0.085 / h), roll=rng.normal(0, 0.015)
        )
        with b.at(lean):
            b.box((0, -0.006, 0.5 * h), (w, 0.01, h), material, shift=rng.uniform(0, 1, 2), tint=_shade(rng))


KINDS: tuple[Kind, ...] = (
    Kind(_pallet, 1.26, 0.34, 1.0),
    Kind(_tyres, 0.62, 0.60, 1.2),
    Kind(_crates, 0.64, 0.42, 1.2),
    Kind(_boxes, 0.52, 0.42, 1.4),
    Kind(_cone, 0.40, 0.40, 0.9),
    Kind(_chair, 0.62, 0.60, 0.8),
    Kind(_drum, 0.44, 0.43, 0.8),
    Kind(_rolls, 0.45, 0.25, 0.6),
    Kind(_cable, 0.75, 0.30, 0.9),
    Kind(_sandbags, 0.95, 0.33, 1.0),
    Kind(_timber, 1.2, 0.24, 1.0),
    Kind(_bucket, 0.32, 0.31, 0.7),
    Kind(_broom, 0.40, 0.22, 0.6),
    Kind(_sheets, 0.85, 0.22, 0.9),
)
"""All kinds; a corridor uses those that its strip beside the lane has room for."""
