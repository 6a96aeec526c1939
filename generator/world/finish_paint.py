"""What finishes look like close up: patterns painted in metres on a canvas that may repeat.

Every painter takes a canvas, the sRGB colour of the finish and how worn it is (0 new .. 1). Patterns repeat at the canvas' edges
where its sides are multiples of ``generator.world.finishes`` table's; marks keep away from the edges.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from generator.world.canvas import Canvas, Single, ramp

Painter = Callable[[Canvas, NDArray[np.float64], float], None]


def _cells(
    canvas: Canvas, size: tuple[float, float], shift: float = 0.0
) -> tuple[NDArray[np.int64], NDArray[np.int64], Single]:
    """Row, column and metres to the nearest joint of a bond of cells; ``shift`` moves every other row by that share."""
    row = np.broadcast_to(np.floor(canvas.y / size[1] + 1e-4).astype(np.int64), canvas.shape)
    x = canvas.x + shift * size[0] * (row % 2)
    columns = max(round(canvas.width / size[0]), 1)
    column = np.floor(x / size[0] + 1e-4).astype(np.int64) % columns
    across = np.minimum(x % size[0], size[0] - x % size[0])
    along = np.minimum(canvas.y % size[1], size[1] - canvas.y % size[1])
    return row, column, np.minimum(across, along).astype(np.float32)


def _varied(canvas: Canvas, row: NDArray[np.int64], column: NDArray[np.int64], spread: float) -> None:
    """Makes every cell a little lighter or darker."""
    shades = 1 + spread * canvas.rng.standard_normal((int(row.max()) + 1, int(column.max()) + 1))
    canvas.shade(shades[row, column])


def _joint(canvas: Canvas, edge: Single, half: float, colour: ArrayLike, depth: float) -> Single:
    joint = ramp(edge, half + 1.2 / canvas.ppm, max(half - 0.6 / canvas.ppm, 0.0))
    canvas.blend(joint, colour)
    canvas.relief -= depth * joint
    return joint


def _scratches(canvas: Canvas, n: float, colour: ArrayLike, alpha: float = 0.5, long: float = 0.06) -> None:
    """Fine marks, away from the edges."""
    rng, side = canvas.rng, np.array([canvas.width, canvas.height])
    for _ in range(min(int(rng.poisson(n)), 160)):
        at = rng.uniform(0.08 * side, 0.92 * side)
        away = rng.normal(0, min(long, 0.05 * float(side.min())), 2)
        wide = rng.uniform(0.001, 0.006)
        canvas.polygon([at, at + away], colour, alpha * rng.uniform(0.3, 1), line=wide, broken=0.35, soft=0.001)


def _stains(canvas: Canvas, n: float, colour: ArrayLike, alpha: float = 0.3, size: float = 0.05) -> None:
    rng, side = canvas.rng, np.array([canvas.width, canvas.height])
    for _ in range(min(int(rng.poisson(n)), 80)):
        at, radius = rng.uniform(0.12 * side, 0.88 * side), min(rng.gamma(2.0, size / 2), 0.1 * float(side.min()))
        canvas.blob(at, radius, colour, alpha=alpha * rng.uniform(0.3, 1), soft=0.2 * radius)


def _concrete(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    canvas.rgb[:] = colour
    canvas.shade(1 + 0.08 * canvas.noise(0.9, 1.4) + 0.05 * canvas.noise(0.15, 1.2) + 0.035 * canvas.noise(0.012, 0.8))
    canvas.relief += 0.03 * canvas.noise(0.01, 0.8) + 0.08 * canvas.noise(0.6, 2.0)
    canvas.blend(0.7 * ramp(canvas.noise(0.012, 0.6), 2.6, 3.2), (0.22, 0.21, 0.20))
    _stains(canvas, 10 * worn, (0.2, 0.19, 0.17), 0.35)
    _scratches(canvas, 50 * worn, (0.14, 0.14, 0.14))


def _rubber(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    canvas.rgb[:] = colour
    row, column, edge = _cells(canvas, (0.5, 0.5))
    _varied(canvas, row, column, 0.07)
    canvas.blend(0.6 * (canvas.rng.uniform(size=canvas.shape) > 0.965), colour + 0.2)
    canvas.shade(1 + 0.10 * canvas.noise(0.02, 0.8))
    _joint(canvas, edge, 0.001, colour * 0.4, 0.4)
    canvas.relief += 0.05 * canvas.noise(0.006, 0.6)
    canvas.blend(0.2 * (0.4 + worn) * ramp(canvas.noise(0.5, 1.2), -0.5, 2.0), (0.46, 0.44, 0.41))
    _scratches(canvas, 30 * worn, (0.4, 0.39, 0.37), 0.4)


def _vinyl(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    canvas.rgb[:] = colour
    chips = canvas.noise((0.02, 0.012), 1.2)
    canvas.shade(1 + 0.06 * ramp(chips, 0.8, 1.2) - 0.08 * ramp(chips, -1.0, -1.5) + 0.03 * canvas.noise(0.8, 1.5))
    canvas.relief += 0.04 * canvas.noise(0.4, 2.0)
    _scratches(canvas, 60 * worn, (0.10, 0.10, 0.10), 0.45, 0.09)
    _stains(canvas, 6 * worn, colour * 0.6, 0.3)


def _tiles(size: tuple[float, float], half: float, spread: float, shift: float = 0.0) -> Painter:
    def paint(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
        canvas.rgb[:] = colour
        row, column, edge = _cells(canvas, size, shift)
        _varied(canvas, row, column, spread)
        canvas.shade(1 + 0.035 * canvas.noise(0.25, 1.5) + 0.02 * canvas.noise(0.01, 0.8))
        canvas.relief += 0.25 * ramp(edge, half, half + 0.006) + 0.03 * canvas.noise(0.2, 2.0)
        grout = np.clip(colour * 0.55 + 0.18 - 0.18 * worn, 0, 1)
        _joint(canvas, edge, half, grout, 0.3)
        canvas.blend(0.35 * worn * ramp(edge, 0.02, 0.0) * ramp(canvas.noise(0.4, 1.2), -0.3, 1.5), (0.2, 0.18, 0.15))
        _scratches(canvas, 25 * worn, (0.16, 0.16, 0.16), 0.35)

    return paint


def _carpet(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    """Loop-pile tiles, quarter-turned; lines of a second yarn."""
    canvas.rgb[:] = colour
    row, column, edge = _cells(canvas, (0.5, 0.5))
    turned = (row + column) % 2 == 0
    a, b = canvas.noise((0.16, 0.004), 0.9), canvas.noise((0.004, 0.16), 0.9)
    yarn = np.where(turned, a, b)
    canvas.shade(1 + 0.16 * yarn)
    canvas.blend(0.35 * ramp(yarn, 0.9, 1.4), np.clip(colour * 1.5 + 0.04, 0, 1))
    canvas.shade(1 + 0.16 * canvas.noise(0.005, 0.5))
    canvas.relief += 0.12 * canvas.noise(0.005, 0.5)
    _joint(canvas, edge, 0.0007, colour * 0.6, 0.1)
    _stains(canvas, 9 * worn, colour * 0.45, 0.45, 0.07)
    canvas.shade(1 - 0.12 * worn * ramp(canvas.noise(0.6, 1.4), 0.2, 1.6))


def _asphalt(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    canvas.rgb[:] = colour
    stones = canvas.noise(0.009, 0.6)
    canvas.shade(1 + 0.12 * canvas.noise(0.7, 1.3) + 0.22 * stones)
    canvas.blend(0.5 * ramp(stones, 1.5, 2.4), (0.5, 0.49, 0.47))
    canvas.blend(0.8 * ramp(stones, -1.5, -2.4), colour * 0.4)
    canvas.relief += 0.14 * stones
    _stains(canvas, 8 * worn, (0.06, 0.06, 0.06), 0.5, 0.12)


def _gravel(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    canvas.rgb[:] = colour
    big, small = canvas.noise(0.035, 2.2), canvas.noise(0.012, 1.0)
    stone = np.abs(big) + 0.5 * small
    canvas.shade(np.clip(0.75 + 0.35 * stone + 0.1 * canvas.noise(0.5, 1.4), 0.25, 1.7))
    tint = canvas.noise(0.03, 1.0)
    canvas.blend(0.4 * ramp(tint, 0.8, 1.4), colour * (1.1, 0.98, 0.85))
    canvas.blend(0.5 * (0.3 + worn) * ramp(canvas.noise(0.6, 1.4), 0.5, 1.8), (0.30, 0.26, 0.2))
    canvas.relief += 0.2 * stone


def _grass(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    canvas.rgb[:] = colour
    blades = canvas.noise((0.006, 0.05), 0.8) + canvas.noise((0.05, 0.006), 0.8)
    canvas.shade(np.clip(1 + 0.28 * blades + 0.12 * canvas.noise(0.5, 1.3), 0.2, 2.0))
    canvas.blend(0.6 * ramp(canvas.noise(0.02, 0.7), 1.2, 2.0), (0.55, 0.52, 0.28))
    canvas.blend(0.9 * worn * ramp(canvas.noise(0.7, 1.3), 0.9, 1.7), (0.38, 0.31, 0.22))
    canvas.relief += 0.18 * blades


def _brick(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    canvas.rgb[:] = colour
    row, column, edge = _cells(canvas, (0.225, 0.075), 0.5)
    _varied(canvas, row, column, 0.13)
    canvas.blend(0.3 * ramp(canvas.noise(0.1, 1.2), 0.4, 1.8), colour * (0.6, 0.55, 0.6))
    canvas.shade(1 + 0.09 * canvas.noise(0.012, 0.8))
    canvas.relief += 0.05 * canvas.noise(0.01, 0.8)
    mortar = np.array((0.60, 0.57, 0.52)) * (1 - 0.35 * worn)
    _joint(canvas, edge + 0.0012 * canvas.noise(0.02, 1.0), 0.005, mortar, 0.4)
    canvas.blend(0.3 * worn * ramp(canvas.noise((0.15, 0.8), 1.3), 0.7, 2.0), (0.22, 0.20, 0.18))


def _block(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    canvas.rgb[:] = colour
    row, column, edge = _cells(canvas, (0.4, 0.2), 0.5)
    _varied(canvas, row, column, 0.025)
    pores = canvas.noise(0.006, 0.7)
    canvas.shade(1 + 0.03 * canvas.noise(0.3, 1.3) - 0.30 * ramp(pores, 1.7, 2.6))
    canvas.relief += 0.05 * pores - 0.2 * ramp(pores, 1.6, 2.4)
    joint = ramp(edge, 0.009, 0.003)
    canvas.shade(1 - 0.16 * joint)
    canvas.relief -= 0.35 * joint
    _scratches(canvas, 20 * worn, (0.13, 0.13, 0.13), 0.4)


def _plaster(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    canvas.rgb[:] = colour
    canvas.shade(1 + 0.022 * canvas.noise(0.7, 1.5) + 0.015 * canvas.noise(0.03, 1.0))
    canvas.relief += 0.10 * canvas.noise(0.3, 1.6) + 0.03 * canvas.noise(0.006, 0.8)
    _scratches(canvas, 12 * worn, (0.2, 0.19, 0.18), 0.3)
    _stains(canvas, 3 * worn, colour * 0.7, 0.3)


def _board(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    """Sheets 1.2 m wide; paint off a roller, screw heads filled and shining through."""
    _plaster(canvas, colour, worn)
    edge = np.minimum(canvas.x % 1.2, 1.2 - canvas.x % 1.2)
    joint = np.broadcast_to(ramp(edge, 0.004, 0.001), canvas.shape)
    canvas.shade(1 - 0.3 * joint)
    canvas.relief -= 0.3 * joint
    screws = ramp(np.hypot(edge - 0.03, (canvas.y % 0.3) - 0.15), 0.006, 0.003)
    canvas.shade(1 - 0.12 * screws)


def _wood(along: tuple[float, float], board: tuple[float, float] | None) -> Painter:
    """Grain along u, in boards of (length, width) laid half over each other."""

    def paint(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
        canvas.rgb[:] = colour
        wide = canvas.noise((along[0], along[1]), 2.0)
        if board is not None:
            row, column, edge = _cells(canvas, board, 0.5)
            _varied(canvas, row, column, 0.08)
            drawn = canvas.rng.uniform(0, 7, (int(row.max()) + 1, int(column.max()) + 1))
            wide = wide + drawn[row, column].astype(np.float32)
        rings = np.sin(8 * wide + 2 * canvas.noise((0.5, 0.02), 2.0))
        fibre = canvas.noise((0.25, 0.004), 1.2)
        canvas.shade(np.clip(1 + 0.06 * rings + 0.06 * fibre, 0.3, 1.6))
        canvas.relief += 0.05 * fibre
        if board is not None:
            _joint(canvas, edge, 0.0015, colour * 0.3, 0.35)
        canvas.blend(0.25 * worn * ramp(canvas.noise(0.4, 1.3), 0.2, 1.8), (0.33, 0.30, 0.27))
        _scratches(canvas, 30 * worn, colour * 0.5, 0.4)

    return paint


def _tread(size: float, bars: int) -> Painter:
    """Rolled pattern of lens-shaped bars, turned a quarter from cell to cell (EN 10363 has one or five bars)."""

    def paint(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
        canvas.rgb[:] = colour
        canvas.shade(1 + 0.06 * canvas.noise(0.4, 1.3) + 0.04 * canvas.noise(0.01, 0.8))
        row, column, _ = _cells(canvas, (size, size))
        u, v = canvas.x % size - 0.5 * size, canvas.y % size - 0.5 * size
        even = (row + column) % 2 == 0
        p, q = np.where(even, u + v, u - v) / np.sqrt(2), np.where(even, v - u, u + v) / np.sqrt(2)
        pitch = 0.8 * size / bars
        q = (
            np.where(np.abs(q) < 0.5 * bars * pitch, (q + 0.5 * bars * pitch) % pitch - 0.5 * pitch, 1.0)
            if bars > 1
            else q
        )
        long = 0.42 * size
        bar = ramp(np.abs(q) - 0.22 * pitch * (1 - (p / long) ** 2), 0.0012, -0.0012) * (np.abs(p) < long)
        canvas.relief += 0.4 * bar
        canvas.shade(1 + (0.10 + 0.25 * worn) * bar)
        canvas.blend(0.4 * worn * (1 - bar) * ramp(canvas.noise(0.3, 1.3), -0.2, 1.6), (0.20, 0.16, 0.13))

    return paint


def _metal(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    """Sheet under paint or bare: orange peel, rubbed places, chips that show primer and rust."""
    canvas.rgb[:] = colour
    canvas.shade(1 + 0.03 * canvas.noise(0.5, 1.4))
    canvas.relief += 0.04 * canvas.noise(0.008, 1.0)
    _scratches(canvas, 45 * worn, np.clip(colour * 1.6 + 0.1, 0, 1), 0.5, 0.07)
    _scratches(canvas, 30 * worn, (0.08, 0.08, 0.08), 0.4)
    rng = canvas.rng
    for _ in range(rng.poisson(16 * worn**1.5)):
        at, r = rng.uniform(0.1, 0.9, 2) * (canvas.width, canvas.height), rng.gamma(2.0, 0.004)
        canvas.blob(at, r, (0.30, 0.18, 0.11), rough=0.5, alpha=0.8, relief=-0.1)


def _ribbed(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    """Trapezoidal cladding, ribs upright every 0.2 m, a lap of sheets every metre."""
    _metal(canvas, colour, worn)
    phase = np.broadcast_to(canvas.x % 0.2, canvas.shape)
    rib = ramp(np.abs(phase - 0.1), 0.055, 0.03)
    canvas.relief += 0.45 * rib - 0.2
    canvas.shade(1 - 0.14 * ramp(np.abs(np.abs(phase - 0.1) - 0.042), 0.018, 0.0))
    lap = np.minimum(canvas.x % 1.0, 1.0 - canvas.x % 1.0)
    canvas.shade(1 - 0.3 * np.broadcast_to(ramp(lap, 0.004, 0.0), canvas.shape))
    canvas.shade(1 - 0.25 * worn * ramp(canvas.noise((0.05, 1.0), 1.4), 0.4, 2.0))


def _panels(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    """Smooth panels 0.9 m wide with dark joints and covered screws."""
    canvas.rgb[:] = colour
    canvas.shade(1 + 0.02 * canvas.noise(0.6, 1.4))
    edge = np.minimum(canvas.x % 0.9, 0.9 - canvas.x % 0.9)
    joint = np.broadcast_to(ramp(edge, 0.005, 0.002), canvas.shape)
    canvas.shade(1 - 0.55 * joint)
    canvas.relief -= 0.4 * joint
    canvas.shade(1 - 0.35 * ramp(np.hypot(edge - 0.035, canvas.y % 0.45 - 0.225), 0.008, 0.005))
    _scratches(canvas, 25 * worn, (0.2, 0.2, 0.2), 0.35)


def _mineral(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    """Suspended ceiling: mineral tiles 0.6 m square with fissures, on a grid of T-bars; water stains."""
    canvas.rgb[:] = colour
    row, column, edge = _cells(canvas, (0.6, 0.6))
    _varied(canvas, row, column, 0.012)
    holes = np.maximum(ramp(canvas.noise(0.008, 0.7), 1.5, 2.2), ramp(canvas.noise((0.03, 0.008), 1.2), 1.6, 2.1))
    inside = ramp(edge, 0.014, 0.018)
    canvas.shade(1 - 0.28 * holes * inside)
    canvas.relief += 0.2 - 0.2 * inside
    canvas.shade(1 - 0.30 * ramp(np.abs(edge - 0.0135), 0.004, 0.0))
    for _ in range(canvas.rng.poisson(1.6 * worn)):
        at = canvas.rng.uniform(0.3, 0.7, 2) * (canvas.width, canvas.height)
        canvas.blob(at, 0.12, (0.60, 0.48, 0.32), alpha=0.35, soft=0.01)
        canvas.blob(at, 0.10, (0.78, 0.73, 0.64), alpha=0.4, soft=0.02)


def _weave(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    """Woven upholstery with flecks, rubbed pale where it is sat on."""
    canvas.rgb[:] = colour
    thread = 0.0035
    over = np.sign(np.sin(np.pi * canvas.x / thread) * np.sin(np.pi * canvas.y / thread))
    canvas.shade(1 + 0.14 * over + 0.12 * canvas.noise((0.03, 0.004), 0.8) + 0.10 * canvas.noise((0.004, 0.03), 0.8))
    canvas.blend(0.5 * ramp(canvas.noise(0.008, 0.8), 1.8, 2.3), np.clip(colour * 1.9 + 0.06, 0, 1))
    canvas.relief += 0.12 * over
    canvas.blend(0.3 * worn * ramp(canvas.noise(0.3, 1.4), 0.3, 1.8), np.clip(colour * 1.2 + 0.06, 0, 1))
    _stains(canvas, 4 * worn, colour * 0.5, 0.4, 0.05)


def _plain(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    canvas.rgb[:] = colour
    canvas.shade(1 + 0.02 * canvas.noise(0.4, 1.4) + 0.015 * canvas.noise(0.006, 0.8))
    canvas.relief += 0.05 * canvas.noise(0.004, 0.8)
    _scratches(canvas, 35 * worn, colour * 0.55, 0.35)
    _scratches(canvas, 20 * worn, np.clip(colour * 1.3 + 0.06, 0, 1), 0.35)


def _leather(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    canvas.rgb[:] = colour
    creases = np.abs(canvas.noise(0.012, 1.6))
    canvas.shade(0.9 + 0.12 * ramp(creases, 0.0, 0.5) + 0.05 * canvas.noise(0.2, 1.4))
    canvas.relief += 0.3 * ramp(creases, 0.0, 0.4) - 0.3
    canvas.blend(0.3 * worn * ramp(canvas.noise(0.2, 1.3), 0.4, 1.8), np.clip(colour * 1.4 + 0.08, 0, 1))


def _card(canvas: Canvas, colour: NDArray[np.float64], worn: float) -> None:
    canvas.rgb[:] = colour
    canvas.shade(1 + 0.04 * canvas.noise(0.4, 1.4) + 0.03 * canvas.noise((0.006, 0.3), 1.2))
    canvas.relief += 0.06 * canvas.noise((0.006, 0.3), 1.2)
    _scratches(canvas, 60 * worn, colour * 0.6, 0.5)


PAINTERS: Mapping[str, Painter] = MappingProxyType(
    {
        "concrete": _concrete,
        "rubber": _rubber,
        "vinyl": _vinyl,
        "tile": _tiles((0.3, 0.3), 0.0025, 0.035),
        "large_tile": _tiles((0.6, 0.6), 0.0015, 0.02),
        "wall_tile": _tiles((0.2, 0.1), 0.0015, 0.02, 0.5),
        "paving": _tiles((0.4, 0.4), 0.004, 0.07, 0.5),
        "carpet": _carpet,
        "asphalt": _asphalt,
        "gravel": _gravel,
        "grass": _grass,
        "brick": _brick,
        "concrete_block": _block,
        "plaster": _plaster,
        "painted_board": _board,
        "plywood": _wood((0.9, 0.06), None),
        "planks": _wood((0.9, 0.05), (2.4, 0.15)),
        "laminate_floor": _wood((0.7, 0.05), (1.2, 0.2)),
        "veneer": _wood((0.8, 0.05), None),
        "timber": _wood((0.9, 0.05), None),
        "steel": _tread(0.04, 1),
        "aluminium": _tread(0.05, 5),
        "painted_metal": _metal,
        "bare_metal": _metal,
        "stainless": _metal,
        "ribbed_metal": _ribbed,
        "panel_lined": _panels,
        "ceiling_tile": _mineral,
        "upholstery": _weave,
        "leather": _leather,
        "laminate": _plain,
        "plastic": _plain,
        "moulded_rubber": _plain,
        "cardboard": _card,
    }
)
"""The painter of every finish that has a picture of its own."""
