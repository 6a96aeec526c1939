"""Painted floors: concrete, rubber tiles or vinyl, and what boots leave on them."""

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.environments import ShoothouseCorridor
from generator.scenario.spec import ClipSpec
from generator.world.canvas import LONGEST_SIDE, Canvas, Stock, ramp
from generator.world.materials import Detail, principled
from generator.world.targets import MARKERS
from generator.world.wall_paint import crack

Array = NDArray[np.float64]


def paint_floor(spec: ClipSpec, pictures: Stock) -> bpy.types.Material:
    """The floor as it looks today: material, then what was trodden into it."""
    room, rng = spec.environment, spec.stream("world/floor")
    assert isinstance(room, ShoothouseCorridor)
    canvas = Canvas(rng, room.width, room.length, min(200.0, LONGEST_SIDE / room.length), (0.5, 0.5, 0.5))
    {"concrete": _concrete, "rubber": _rubber, "vinyl": _vinyl}[room.floor](canvas, room.wear)
    _trodden(canvas, room.wear, room.floor == "rubber")
    image = canvas.image("floor")
    rough = {"concrete": 0.62, "rubber": 0.78, "vinyl": 0.34}[room.floor]
    detail = {
        "concrete": Detail(pictures.grit, (0.5, 0.5), 0.30, 0.35),
        "rubber": Detail(pictures.grit, (0.22, 0.22), 0.45, 0.25),
        "vinyl": Detail(pictures.grime, (1.3, 1.3), 0.18, 0.45),
    }[room.floor]
    return principled(
        "floor", (1, 1, 1), rough, image=image, bump_image=image, metres=(room.width, room.length), bump=0.006,
        detail=detail,
    )  # fmt: skip


def _concrete(canvas: Canvas, worn: float) -> None:
    rng = canvas.rng
    canvas.rgb[:] = np.array((0.50, 0.49, 0.47)) * rng.uniform(0.8, 1.15)
    canvas.shade(1 + 0.09 * canvas.noise(1.1, 1.4) + 0.05 * canvas.noise(0.15, 1.2) + 0.035 * canvas.noise(0.012, 0.8))
    canvas.relief += 0.03 * canvas.noise(0.01, 0.8) + 0.08 * canvas.noise(0.6, 2.0)
    for y in np.arange(rng.uniform(1.5, 3.5), canvas.height, rng.uniform(3.0, 4.5)):
        canvas.polygon([(0, y), (canvas.width, y)], (0.12, 0.115, 0.11), 0.9, line=0.007, relief=-0.4)
    for _ in range(rng.poisson(0.3 * canvas.height * (0.4 + worn))):
        start = rng.uniform((0, 0), (canvas.width, canvas.height))
        crack(canvas, start, rng.uniform(-np.pi, np.pi), rng.uniform(0.4, 1.8))
    for _ in range(rng.poisson(0.8 * canvas.height * worn)):
        at, size = rng.uniform((0, 0), (canvas.width, canvas.height)), rng.gamma(2.0, 0.05)
        canvas.blob(at, size, (0.17, 0.16, 0.14), rough=0.2, alpha=rng.uniform(0.15, 0.5), soft=0.25 * size)


def _rubber(canvas: Canvas, worn: float) -> None:
    """Tiles of crumb rubber with coloured flecks and dovetail joints."""
    rng = canvas.rng
    canvas.rgb[:] = np.array((0.145, 0.145, 0.15)) * rng.uniform(0.85, 1.4)
    side = float(rng.choice([0.5, 1.0]))
    wave = 0.012 * np.sign(np.sin(2 * np.pi * np.broadcast_to(canvas.y, canvas.shape) / 0.08))
    across = np.abs(((canvas.x + 0.2 + wave) % side) - 0.5 * side)
    wave = 0.012 * np.sign(np.sin(2 * np.pi * np.broadcast_to(canvas.x, canvas.shape) / 0.08))
    along = np.abs(((canvas.y + wave) % side) - 0.5 * side)
    tiles = 1 + 0.12 * rng.standard_normal((int(canvas.height / side) + 2, int(canvas.width / side) + 3))
    row, column = np.floor(canvas.y / side).astype(int), np.floor((canvas.x + 0.2) / side).astype(int)
    canvas.shade(np.broadcast_to(tiles[row, column], canvas.shape))
    joint = ramp(np.maximum(across, along), 0.5 * side - 0.006, 0.5 * side - 0.001)
    flecks = rng.uniform(size=canvas.shape)
    colours = np.array([(0.35, 0.40, 0.48), (0.45, 0.44, 0.42), (0.30, 0.36, 0.31)])
    canvas.blend(0.7 * (flecks > 0.955), colours[rng.integers(3)])
    canvas.shade(1 + 0.10 * canvas.noise(0.02, 0.8))
    canvas.shade(1 - 0.6 * joint)
    canvas.relief += 0.05 * canvas.noise(0.006, 0.6) - 0.4 * joint
    canvas.blend(0.22 * (0.5 + worn) * ramp(canvas.noise(0.5, 1.2), -0.5, 2.0), (0.46, 0.44, 0.41))


def _vinyl(canvas: Canvas, worn: float) -> None:
    """Sheet or 305 mm tiles with a chip pattern; worn dull where people walk."""
    rng = canvas.rng
    bases = ((0.52, 0.52, 0.50), (0.58, 0.54, 0.46), (0.42, 0.46, 0.50), (0.40, 0.36, 0.33), (0.46, 0.51, 0.47))
    canvas.rgb[:] = bases[rng.integers(len(bases))]
    chips = canvas.noise((0.02, 0.012), 1.2)
    canvas.shade(1 + 0.05 * ramp(chips, 0.8, 1.2) - 0.07 * ramp(chips, -1.0, -1.5) + 0.03 * canvas.noise(0.8, 1.5))
    if rng.uniform() < 0.6:
        side = 0.305
        row, column = np.floor(canvas.y / side).astype(int), np.floor((canvas.x + 0.1) / side).astype(int)
        tiles = 1 + 0.035 * rng.standard_normal((int(row.max()) + 1, int(column.max()) + 1))
        odd = rng.uniform(size=tiles.shape) < 0.02
        canvas.shade(np.broadcast_to((tiles - 0.25 * odd)[row, column], canvas.shape))
        across = np.maximum(np.abs((canvas.x + 0.1) % side - 0.5 * side), np.abs(canvas.y % side - 0.5 * side))
        joint = ramp(across, 0.5 * side - 0.004, 0.5 * side)
        canvas.shade(1 - 0.35 * joint)
        canvas.relief -= 0.12 * joint
    else:
        for y in np.arange(rng.uniform(1, 2), canvas.height, 2.0):
            canvas.polygon([(0, y), (canvas.width, y)], (0.2, 0.19, 0.18), 0.6, line=0.004, relief=-0.1)
    canvas.relief += 0.04 * canvas.noise(0.4, 2.0)
    dull = ramp(np.abs(canvas.x - 0.5 * canvas.width) + 0.06 * canvas.noise(0.6, 1.5), 0.55, 0.15)
    canvas.shade(1 - 0.10 * worn * dull)


def _trodden(canvas: Canvas, worn: float, dark: bool) -> None:
    """Dust at the walls, boot scuffs and prints, dropped paint, lines of tape."""
    rng, middle = canvas.rng, 0.5 * canvas.width
    wall = ramp(middle - np.abs(canvas.x - middle) + 0.04 * canvas.noise(0.3, 1.2), 0.24, 0.0)
    dust = np.array((0.42, 0.39, 0.35)) * (1.0 if dark else 0.75)
    canvas.blend(0.45 * worn * wall, dust)
    rubber = (0.09, 0.09, 0.09) if not dark else (0.36, 0.35, 0.33)
    for _ in range(rng.poisson(30 * canvas.height * worn)):
        at = np.array([middle + 0.3 * canvas.width * rng.standard_normal(), rng.uniform(0, canvas.height)])
        turn = rng.normal(np.pi / 2, 0.5)
        t = np.linspace(0, 1, 5)
        away = rng.gamma(2.0, 0.05) * np.stack([t, rng.normal(0, 0.5) * t**2], 1)
        c, s = np.cos(turn), np.sin(turn)
        path = at + away @ np.array([[c, s], [-s, c]])
        canvas.polygon(path, rubber, rng.uniform(0.15, 0.6), line=rng.uniform(0.003, 0.02), soft=0.002, broken=0.45)
    for _ in range(rng.poisson(5 * canvas.height * worn)):
        _print(canvas, rng.uniform((0.2, 0), (canvas.width - 0.2, canvas.height)), dust * (1.0 if dark else 0.55))
    for _ in range(rng.poisson(4 * canvas.height * worn)):
        colour = np.array(MARKERS[rng.integers(len(MARKERS))]) * 0.8
        at = rng.uniform((0, 0), (canvas.width, canvas.height))
        canvas.blob(at, rng.uniform(0.004, 0.012), colour, alpha=rng.uniform(0.2, 0.7), soft=0.002)
    _lines(canvas, worn)


def _print(canvas: Canvas, at: Array, colour: Array) -> None:
    """The print of one dusty boot: sole and heel in bars."""
    rng = canvas.rng
    turn = rng.normal(np.pi / 2, 0.25) + rng.choice([0.0, np.pi])
    c, s = np.cos(turn), np.sin(turn)
    alpha = rng.uniform(0.08, 0.3)
    for along in (-0.12, -0.10, -0.08, -0.01, 0.015, 0.04, 0.065, 0.09, 0.115):
        wide = 0.085 if along > 0 else 0.065
        spot = at + np.array([c, s]) * along
        canvas.rectangle(spot, (0.014, wide), colour, turn=turn, alpha=alpha, soft=0.003, broken=0.35)


def _lines(canvas: Canvas, worn: float) -> None:
    """Tape across the floor where drills begin and stop, and a cross."""
    rng = canvas.rng
    for _ in range(int(rng.integers(1, 4))):
        y, wide = rng.uniform(1.5, canvas.height - 0.5), rng.choice([0.025, 0.05, 0.075])
        colour = ((0.74, 0.62, 0.14), (0.62, 0.17, 0.13), (0.74, 0.74, 0.70), (0.16, 0.30, 0.52))[rng.integers(4)]
        tilt = rng.normal(0, 0.02)
        line = [(0.03, y), (canvas.width - 0.03, y + tilt)]
        canvas.polygon(line, colour, 0.92, line=float(wide), broken=0.05 + 0.35 * worn, relief=0.03)
    for _ in range(rng.poisson(0.10 * canvas.height)):
        at = rng.uniform((0.4, 1.0), (canvas.width - 0.4, canvas.height - 0.5))
        for turn in (0.8, 0.8 + np.pi / 2):
            canvas.rectangle(
                at, (0.26, 0.048), (0.70, 0.70, 0.66), turn=turn, alpha=0.9, broken=0.2 * worn, relief=0.03
            )
