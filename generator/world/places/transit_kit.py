"""Materials and furniture that trains, buses and platforms share: moquette, seats, poles, handles, notices."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.environments.transit import Accent, Moquette
from generator.scenario.spec import ClipSpec
from generator.site.car import SEAT_HEIGHT, Seat
from generator.world.canvas import Canvas, Stock, stock
from generator.world.finishes import Finishes, glass
from generator.world.materials import Colour, Detail, add_glow, principled
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]

ACCENTS: dict[Accent, Colour] = {
    "yellow": (0.86, 0.66, 0.10), "orange": (0.82, 0.38, 0.09), "red": (0.62, 0.12, 0.11), "blue": (0.14, 0.27, 0.55),
    "teal": (0.10, 0.42, 0.42), "green": (0.18, 0.45, 0.22), "steel": (0.62, 0.63, 0.64),
}  # fmt: skip
"""sRGB of powder coats."""

_CLOTH: tuple[Colour, ...] = (
    (0.12, 0.16, 0.30), (0.20, 0.20, 0.22), (0.30, 0.10, 0.13), (0.10, 0.26, 0.26), (0.22, 0.13, 0.28), (0.14, 0.24, 0.15),
)  # fmt: skip
_FIELDS: tuple[Colour, ...] = (
    (0.80, 0.22, 0.18), (0.15, 0.36, 0.62), (0.88, 0.72, 0.22), (0.20, 0.52, 0.36), (0.86, 0.85, 0.80), (0.13, 0.13, 0.16),
    (0.70, 0.36, 0.56), (0.90, 0.52, 0.20), (0.36, 0.62, 0.70),
)  # fmt: skip
_SYLLABLES = ("ra", "ve", "lo", "mi", "tu", "sen", "kor", "dal", "ny", "fos", "be", "grit", "am", "zol", "pe", "vik")

NOTICES = 8
"""Different notices of a world, side by side in one picture."""

NOTICE_SIZE = (0.60, 0.30)
"""Width and height of one in its picture, metres."""


def invented(rng: np.random.Generator, syllables: int = 2) -> str:
    """A word that means nothing."""
    return "".join(str(rng.choice(_SYLLABLES)) for _ in range(syllables)).upper()


@dataclass(frozen=True)
class TransitKit:
    """What one vehicle or station is made of, each made when it is first asked for."""

    spec: ClipSpec
    accent: Colour
    pattern: Moquette = "plain"
    pictures: Stock = field(init=False, repr=False)
    finishes: Finishes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Makes the shared pictures."""
        pictures = stock(self.spec.stream("world/stock"))
        object.__setattr__(self, "pictures", pictures)
        object.__setattr__(self, "finishes", Finishes(self.spec.stream, pictures, self.spec.environment.wear))

    @cached_property
    def pole(self) -> bpy.types.Material:
        """Powder-coated or brushed tube."""
        if self.accent == ACCENTS["steel"]:
            return self.finishes.of("stainless", self.accent)
        return self.finishes.of("painted_metal", self.accent, roughness=0.32)

    @cached_property
    def dark(self) -> bpy.types.Material:
        """Rubber gaskets, bellows."""
        return self.finishes.of("moulded_rubber", (0.06, 0.06, 0.065))

    @cached_property
    def shell(self) -> bpy.types.Material:
        """Moulded seat shells and covers."""
        shade = self.spec.stream("world/transit/shell").uniform(0.16, 0.5)
        return self.finishes.of("plastic", (shade, shade, 1.03 * shade))

    @cached_property
    def steel(self) -> bpy.types.Material:
        """Brushed steel."""
        return self.finishes.of("stainless")

    @cached_property
    def glass(self) -> bpy.types.Material:
        """Windows, dustier where less is cleaned."""
        return glass("window", dirt=0.03 + 0.10 * self.spec.environment.wear)

    @cached_property
    def cloth(self) -> bpy.types.Material:
        """Moquette: a dark ground with a woven pattern that hides what it gathers; worn pale where people sit."""
        rng, side = self.spec.stream("world/transit/moquette"), 0.48
        ground = np.array(_CLOTH[rng.integers(len(_CLOTH))]) * rng.uniform(0.85, 1.25)
        inks = [np.clip(0.55 * np.array(_FIELDS[k]) + 0.3 * ground, 0, 1) for k in rng.permutation(len(_FIELDS))[:3]]
        canvas = Canvas(rng, side, side, 700, ground)
        _PATTERNS[self.pattern](canvas, inks, side)
        canvas.shade(1 + 0.10 * canvas.noise(0.004, 0.8) + 0.05 * canvas.noise(0.12, 1.4))
        worn = self.spec.environment.wear
        canvas.shade(1 - 0.22 * worn * np.clip(canvas.noise(0.18, 1.5), 0, 2))
        fine = Detail(self.pictures.grime, (1.1, 1.1), 0.35 * (0.4 + worn), 0.05)
        image = canvas.image("moquette")
        return principled(
            "moquette", (1, 1, 1), 0.95, image=image, bump_image=image, metres=(side, side), bump=0.0008, detail=fine
        )

    @cached_property
    def notices(self) -> bpy.types.Material:
        """``NOTICES`` sheets of invented colour fields; UVs of ``notice`` pick one."""
        rng = self.spec.stream("world/transit/notices")
        wide, tall = NOTICE_SIZE
        canvas = Canvas(rng, NOTICES * wide, tall, 420, (0.85, 0.84, 0.80))
        for k in range(NOTICES):
            _sheet(canvas, k * wide, rng)
        canvas.shade(1 + 0.03 * canvas.noise(0.3, 1.5))
        return principled("notices", (1, 1, 1), 0.35, image=canvas.image("notices"), metres=(NOTICES * wide, tall))

    def notice(self, builder: MeshBuilder, corners: Array, k: int) -> None:
        """Puts a notice on four corners (4, 3), counter-clockwise from its lower left."""
        wide, tall = NOTICE_SIZE
        u = (k % NOTICES) * wide
        builder.quad(corners, self.notices, uv=[(u, 0), (u + wide, 0), (u + wide, tall), (u, tall)])

    def display(self, name: str, text: str, nits: float = 350.0) -> tuple[bpy.types.Material, tuple[float, float]]:
        """A board of light-emitting dots that shows letters, and its size in metres; not a lamp."""
        rng = self.spec.stream(f"world/transit/{name}")
        size = (0.62, 0.11)
        canvas = Canvas(rng, *size, 900, (0.015, 0.015, 0.017))
        canvas.letters(text, (0.5 * size[0], 0.5 * size[1]), 0.055, (1.0, 0.55, 0.10), 1.0)
        dots = (np.sin(canvas.x * 2 * np.pi / 0.0055) > -0.5) & (np.sin(canvas.y * 2 * np.pi / 0.0055) > -0.5)
        canvas.shade(0.25 + 0.75 * dots)
        image = canvas.image(name)
        material = principled(name, (1, 1, 1), 0.25, image=image, metres=size)
        add_glow(material, image, size, nits / 179.0 * np.pi)
        return material, size


def _sheet(canvas: Canvas, left: float, rng: np.random.Generator) -> None:
    """One notice: a field or two, bars for text, a mark."""
    wide, tall = NOTICE_SIZE
    inks = [np.array(_FIELDS[k]) for k in rng.permutation(len(_FIELDS))[:3]]
    canvas.rectangle((left + 0.5 * wide, 0.5 * tall), (wide, tall), inks[0])
    kind = rng.integers(4)
    if kind == 0:
        canvas.rectangle((left + 0.25 * wide, 0.5 * tall), (0.5 * wide, tall), inks[1])
    elif kind == 1:
        canvas.blob((left + wide * rng.uniform(0.25, 0.75), 0.5 * tall), 0.34 * tall, inks[1], rough=0.02)
    elif kind == 2:
        turn = rng.uniform(0.2, 0.6) * wide
        canvas.polygon([(left, 0), (left + turn, 0), (left + turn + 0.2, tall), (left, tall)], inks[1])
    else:
        canvas.rectangle((left + 0.5 * wide, 0.16 * tall), (wide, 0.32 * tall), inks[1])
    canvas.letters(invented(rng), (left + wide * rng.uniform(0.35, 0.62), 0.66 * tall), 0.055, inks[2])
    x = left + wide * rng.uniform(0.08, 0.5)
    for row in range(int(rng.integers(2, 5))):
        long = rng.uniform(0.12, 0.22)
        canvas.rectangle((x + 0.5 * long, 0.30 * tall - 0.022 * row), (long, 0.009), inks[2], alpha=0.8)
    canvas.rectangle((left, 0.5 * tall), (0.004, tall), (0.1, 0.1, 0.1))


def _plain(canvas: Canvas, inks: list[Array], side: float) -> None:
    canvas.blend(0.12 * (np.sin(canvas.x * 2 * np.pi / (side / 60)) > 0), inks[0])


def _stripes(canvas: Canvas, inks: list[Array], side: float) -> None:
    for ink, x, wide in ((inks[0], 0.12, 0.05), (inks[1], 0.20, 0.015), (inks[2], 0.34, 0.03), (inks[0], 0.42, 0.008)):
        canvas.rectangle((x, 0.5 * side), (wide, side), ink, alpha=0.75, broken=0.15)


def _checks(canvas: Canvas, inks: list[Array], side: float) -> None:
    n = 8
    step = side / n
    for i in range(n):
        for j in range(n):
            if (i + j) % 2 == 0:
                ink = inks[(i * 3 + j) % 3]
                canvas.rectangle(
                    ((i + 0.5) * step, (j + 0.5) * step), (0.72 * step, 0.72 * step), ink, alpha=0.7, broken=0.15
                )


def _dots(canvas: Canvas, inks: list[Array], side: float) -> None:
    n = 9
    for i in range(n):
        for j in range(n):
            at = ((i + 0.5) / n * side, (j + 0.5 + 0.25 * (-1) ** i) / n * side)
            canvas.blob(at, (0.008, 0.012, 0.006)[(i + 2 * j) % 3], inks[(i + j) % 3], rough=0.1, alpha=0.8)


def _waves(canvas: Canvas, inks: list[Array], side: float) -> None:
    x = np.linspace(-0.02, side + 0.02, 40)
    for k, y in enumerate(np.arange(0.04, side, 0.08)):
        line = np.stack([x, y + 0.02 * np.sin(2 * np.pi * (2 * x / side + 0.5 * (k % 2)))], 1)
        canvas.polygon(line, inks[k % 3], 0.75, line=0.012, broken=0.15)


_PATTERNS: dict[Moquette, Callable[[Canvas, list[Array], float], None]] = {
    "plain": _plain, "stripes": _stripes, "checks": _checks, "dots": _dots, "waves": _waves,
}  # fmt: skip


def add_seat(
    builder: MeshBuilder, kit: TransitKit, seat: Seat, rng: np.random.Generator, *, against_wall: bool = False
) -> None:
    """A row of seats, each a cushion and a back in a shell, with a grab on the back; benches have their backs on the wall."""
    each = seat.width / seat.places
    with builder.at(transform((seat.x, seat.y, seat.base), yaw=seat.yaw)):
        back = -0.5 * seat.depth
        for k in range(seat.places):
            x = (k + 0.5) * each - 0.5 * seat.width
            sunk = rng.normal(0, 0.003)
            shade = float(np.exp(0.06 * rng.standard_normal()))
            tint, shift = (shade,) * 3, rng.uniform(0, 0.48, 2)
            builder.box(
                (x, back + 0.33, SEAT_HEIGHT - 0.05 + sunk),
                (each - 0.018, 0.44, 0.10),
                kit.cloth,
                bevel=0.028,
                tint=tint,
                shift=shift,
            )
            with builder.at(transform((x, back + 0.10, SEAT_HEIGHT), pitch=0.0 if against_wall else np.radians(8))):
                builder.box((0, 0.0, 0.30), (each - 0.018, 0.075, 0.58), kit.cloth, bevel=0.03, tint=tint, shift=shift)
                if not against_wall:
                    builder.box((0, -0.052, 0.32), (each - 0.006, 0.028, 0.70), kit.shell, bevel=0.012)
                    builder.box((0, -0.01, 0.635), (each - 0.03, 0.10, 0.09), kit.shell, bevel=0.03)
        builder.box((0, back + 0.31, SEAT_HEIGHT - 0.115), (seat.width - 0.02, 0.44, 0.035), kit.shell, bevel=0.01)
        if against_wall:
            builder.box((0, back + 0.13, 0.17), (seat.width, 0.05, 0.34), kit.shell)
            builder.box((0, back + 0.03, SEAT_HEIGHT + 0.62), (seat.width, 0.05, 0.05), kit.shell, bevel=0.01)
            return
        for x in (-0.30, 0.30):
            builder.box((x * seat.width, back + 0.30, 0.17), (0.05, 0.30, 0.33), kit.steel, bevel=0.008)
        if seat.x == 0.0:  # across the whole width: nobody passes
            return
        inner = -np.sign(seat.x) * np.cos(seat.yaw) * (0.5 * seat.width - 0.03)
        grab = [
            (0, 0, 0),
            (0, -0.005, 0.05),
            (-0.07 * np.sign(inner), -0.005, 0.075),
            (-0.16 * np.sign(inner), -0.005, 0.075),
        ]
        top = np.array([inner, back + 0.01, 1.06])
        builder.tube(top + np.array(grab), 0.013, kit.pole, segments=8)


def add_pole(builder: MeshBuilder, kit: TransitKit, x: float, y: float, span: tuple[float, float]) -> None:
    """A grab pole with flanges."""
    low, high = span
    builder.cylinder((x, y, low), (x, y, high), 0.0165, kit.pole, segments=14, caps=(False, False))
    for z, other in ((low, low + 0.03), (high, high - 0.03)):
        builder.cylinder((x, y, min(z, other)), (x, y, max(z, other)), 0.032, kit.steel, segments=14)


def add_rail(
    builder: MeshBuilder, kit: TransitKit, x: float, ys: tuple[float, float], z: float, ceiling: float
) -> None:
    """A rail along y under the ceiling, with hangers."""
    builder.cylinder((x, ys[0], z), (x, ys[1], z), 0.016, kit.pole, segments=10)
    for y in np.arange(ys[0] + 0.15, ys[1], 1.6):
        builder.cylinder((x, float(y), z), (x, float(y), ceiling), 0.011, kit.steel, segments=8, caps=(False, False))


def handle_mesh(kit: TransitKit, collection: bpy.types.Collection) -> bpy.types.Object:
    """A strap with a loop, hanging from its origin."""
    builder = MeshBuilder()
    builder.box((0, 0, -0.005), (0.045, 0.05, 0.05), kit.shell, bevel=0.008)
    builder.box((0, 0, -0.085), (0.006, 0.026, 0.13), kit.dark)
    ring = np.linspace(0, 2 * np.pi, 15)
    loop = np.stack([0 * ring, 0.058 * np.sin(ring), -0.195 - 0.05 * np.cos(ring)], 1)
    builder.tube(loop, 0.011, kit.pole, segments=7)
    return builder.object("handle", collection)
