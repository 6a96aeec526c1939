"""Painted walls: plywood, boards, blocks or plaster, and years of use on them."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from generator.scenario.environments import ShoothouseCorridor
from generator.scenario.spec import ClipSpec
from generator.site.corridor import Wall
from generator.world.canvas import LONGEST_SIDE, Canvas, ramp
from generator.world.targets import marks

Array = NDArray[np.float64]
Colour = tuple[float, float, float]


def paint_wall(spec: ClipSpec, wall: Wall, paint: Array, dado: Array | None, level: float) -> Canvas:
    """One wall as it looks today: material, then years of use."""
    room, rng = spec.environment, spec.stream(f"world/wall/{wall.name}")
    assert isinstance(room, ShoothouseCorridor)
    ppm = min(220.0, LONGEST_SIDE / wall.length)
    canvas = Canvas(rng, wall.length, wall.height, ppm, paint)
    if room.wall == "plywood":
        _plywood(canvas, wall)
    else:
        canvas.shade(1 + 0.030 * canvas.noise(1.2, 2.0) + 0.012 * canvas.noise(0.05, 1.0))
        if dado is not None:
            edge = level + 0.002 * canvas.noise((0.3, 5.0), 1.5)
            canvas.blend(ramp(canvas.y - edge, 0.004, -0.004), dado)
            canvas.shade(1 + 0.02 * canvas.noise(0.7, 1.5))
        {"concrete_block": _blocks, "painted_board": _boards, "plaster": _plaster}[room.wall](canvas, wall, room.wear)
    wear(canvas, wall, room.wear)
    marks(canvas, wall, spec)
    return canvas


def _plywood(canvas: Canvas, wall: Wall) -> None:
    """Sheets of rotary-cut softwood: contour-like grain, footballs where knots were cut out, screws, a stamp."""
    rng = canvas.rng
    canvas.rgb[:] = (0.70, 0.555, 0.385)
    wide = canvas.noise((0.45, 2.6), 2.2)
    rings = np.sin(2 * np.pi * (1.7 * wide + 0.10 * canvas.noise((0.05, 0.6), 1.5)))
    grain = 1 + 0.07 * rings - 0.10 * ramp(rings, 0.55, 1.0) + 0.035 * canvas.noise((0.012, 0.5), 1.2)
    edges = np.round(np.array([0.0, *wall.joints, wall.length]) * canvas.ppm).astype(int)
    for start, end in pairwise(edges):
        sheet = np.roll(grain[:, start:end], int(rng.integers(4096)), 0)[:: rng.choice([-1, 1]), :: rng.choice([-1, 1])]
        tone = rng.normal(0, 0.07) + np.array([0.03, 0.0, -0.05]) * rng.standard_normal()
        grey = rng.uniform(0, 0.35)
        part = canvas.rgb[:, start:end]
        part *= sheet[..., None] * (1 + tone).astype(np.float32)
        part += grey * (part.mean(-1, keepdims=True) * np.array([1.0, 0.97, 0.92], np.float32) - part)
        left, right = start / canvas.ppm, end / canvas.ppm
        for _ in range(rng.poisson(5 * (right - left))):
            at = rng.uniform((left + 0.06, 0.1), (right - 0.06, wall.height - 0.1))
            angle = np.linspace(0, 2 * np.pi, 24)
            if rng.uniform() < 0.45:  # a football patch
                size = rng.uniform(0.02, 0.035)
                outline = np.stack([size * np.sin(angle) ** 3, 2.6 * size * np.cos(angle)], 1)
                canvas.polygon(at + outline, np.array((0.72, 0.58, 0.41)) * rng.uniform(0.8, 1.1), 0.8)
                canvas.polygon(at + outline, (0.3, 0.2, 0.12), 0.6, line=0.003)
            else:
                canvas.blob(at, rng.uniform(0.008, 0.02), (0.33, 0.20, 0.11), alpha=0.75, soft=0.004)
    if rng.uniform() < 0.35:  # whole sheets painted, long ago and thinly
        colour = rng.uniform(0.35, 0.75) * np.array([1.0, 1.0, 0.98])
        for k in np.flatnonzero(rng.uniform(size=len(edges) - 1) < 0.35):
            thin = 0.80 + 0.10 * canvas.noise((0.05, 0.5), 1.2)[:, edges[k] : edges[k + 1]]
            part = canvas.rgb[:, edges[k] : edges[k + 1]]
            part += thin[..., None].clip(0, 0.97) * (colour.astype(np.float32) - part)
    _fixings(canvas, wall, (0.22, 0.20, 0.18))
    canvas.shade(1 - 0.12 * ramp(canvas.noise(0.9, 1.1), 0.2, 2.0))  # handled, stacked, rained on


def _fixings(canvas: Canvas, wall: Wall, colour: Colour) -> None:
    """Joints, and screws beside them and down the middle of each sheet."""
    rng = canvas.rng
    for joint in wall.joints:
        line = [(joint, 0.0), (joint, wall.height)]
        canvas.polygon(line, (0.10, 0.08, 0.06), 0.85, line=0.005, relief=-0.3)
        canvas.polygon(line, (0.25, 0.2, 0.15), 0.25, line=0.02, soft=0.01)
        canvas.polygon(line, (0.22, 0.18, 0.14), 0.16, line=0.10, soft=0.05, broken=0.25)
    edges = [0.0, *wall.joints, wall.length]
    columns = [u + d for u in wall.joints for d in (-0.025, 0.025)]
    columns += [0.5 * (a + b) for a, b in pairwise(edges) if b - a > 0.7]
    for u in columns:
        for z in np.arange(rng.uniform(0.05, 0.2), wall.height, 0.3):
            at = (u + rng.normal(0, 0.005), z + rng.normal(0, 0.012))
            canvas.blob(at, 0.009, colour, rough=0.05, alpha=0.5, soft=0.003)
            canvas.blob(at, 0.0055, colour, rough=0.05, alpha=0.9, relief=-0.2)


def _blocks(canvas: Canvas, _wall: Wall, worn: float) -> None:
    """Blocks of 440 x 215 mm in running bond under paint, with 10 mm joints (BS EN 771-3 sizes)."""
    rng = canvas.rng
    row = np.floor(canvas.y / 0.225).astype(int)
    shifted = canvas.x + 0.225 * (row % 2) + rng.uniform(0, 0.45)
    wobble = 0.0022 * canvas.noise(0.1, 1.5)
    across = np.abs((shifted % 0.45) - 0.225) + wobble
    up = np.abs((canvas.y % 0.225) - 0.1125) + wobble
    joint = np.maximum(ramp(across, 0.2185, 0.2225), ramp(up, 0.106, 0.110))
    column = np.floor(shifted / 0.45).astype(int)
    tones = 1 + 0.035 * rng.standard_normal((int(row.max()) + 1, int(column.max()) + 1)).astype(np.float32)
    canvas.shade(np.broadcast_to(tones[row, column], canvas.shape))
    canvas.shade(1 - 0.16 * joint)
    pits = canvas.noise(0.018, 0.8)
    canvas.relief += 0.035 * pits - 0.42 * joint - 0.25 * ramp(pits, 1.9, 2.6) + 0.05 * canvas.noise(0.5, 2.0)
    canvas.shade(1 - 0.45 * ramp(pits, 2.0, 2.7))
    bare = ramp(canvas.noise(0.25, 1.2) - 0.6 * joint, 2.6 - worn, 2.8 - worn)  # paint gone, down to the block
    canvas.blend(0.85 * bare, np.array((0.52, 0.51, 0.49)))


def _boards(canvas: Canvas, wall: Wall, worn: float) -> None:
    """Filled joints that show as faint bands, popped screws under the paint, roller lap marks."""
    canvas.shade(1 + 0.012 * canvas.noise((0.12, 1.5), 1.5))
    uneven = 0.015 * canvas.noise((0.1, 0.6), 1.5)
    for joint in wall.joints:
        line = [(joint, 0.0), (joint, wall.height)]
        filled = ramp(np.abs(canvas.x - joint) + uneven, 0.10, 0.06)
        canvas.shade(1 + 0.035 * filled)
        canvas.relief += 0.04 * filled
        if canvas.rng.uniform() < 0.3 + 0.5 * worn:  # the filler has cracked
            canvas.polygon(line, (0.22, 0.2, 0.18), 0.7, line=0.0035, broken=0.35, relief=-0.2)
        for z in np.arange(0.12, wall.height, 0.32):
            for side in (-0.03, 0.03):
                at = (joint + side + canvas.rng.normal(0, 0.008), z + canvas.rng.normal(0, 0.02))
                canvas.blob(at, 0.008, canvas.around(at) * 0.86, rough=0.1, alpha=0.6, soft=0.003, relief=0.1)
    gone = ramp(canvas.noise(0.05, 1.0) + 0.9 * ramp(canvas.y, 0.5, 0.0), 3.3 - 0.6 * worn, 3.4 - 0.6 * worn)
    canvas.blend(gone, (0.62, 0.52, 0.42))


def _plaster(canvas: Canvas, wall: Wall, worn: float) -> None:
    """Trowelled plaster: waves, hairline cracks, damp, corners knocked off."""
    rng = canvas.rng
    canvas.relief += 0.12 * canvas.noise(0.7, 2.2) + 0.02 * canvas.noise((0.5, 0.06), 1.4)
    canvas.shade(1 + 0.03 * canvas.noise((0.7, 0.15), 1.4))
    damp = ramp(canvas.noise(1.0, 1.3) + 1.2 * ramp(canvas.y, 0.7, 0.0), 1.6, 2.6)
    canvas.shade(1 - np.array([0.10, 0.14, 0.24], np.float32) * damp[..., None] * worn)
    for _ in range(rng.poisson(0.35 * wall.length * (0.3 + worn))):
        crack(canvas, rng.uniform((0, 0.3), (wall.length, wall.height)), rng.uniform(-np.pi, 0), rng.uniform(0.3, 1.3))
    gone = ramp(canvas.noise(0.12, 1.1) + 1.0 * ramp(canvas.y, 0.5, 0.0), 3.1 - 0.7 * worn, 3.2 - 0.7 * worn)
    canvas.blend(gone, (0.60, 0.57, 0.53))
    canvas.relief -= 0.25 * gone


def crack(canvas: Canvas, start: Array, heading: float, length: float) -> None:
    """A crack that wanders and forks."""
    rng, step = canvas.rng, 0.025
    turn = heading + np.cumsum(rng.normal(0, 0.28, int(length / step)))
    path = start + step * np.cumsum(np.stack([np.cos(turn), np.sin(turn)], 1), 0)
    if len(path) < 3:
        return
    canvas.polygon(path, (0.16, 0.15, 0.14), 0.75, line=rng.uniform(0.0015, 0.004), relief=-0.2)
    canvas.polygon(path, (0.3, 0.29, 0.27), 0.18, line=0.02, soft=0.008)
    if length > 0.4:
        crack(canvas, path[len(path) // 2], heading + rng.choice([-0.8, 0.8]), 0.45 * length)


def wear(canvas: Canvas, wall: Wall, worn: float) -> None:
    """Dirt towards the floor, drips, scuffs at boot and shoulder height, rubbed hand height."""
    rng = canvas.rng
    cloud = canvas.noise(0.5, 1.3)
    low = ramp(canvas.y + 0.06 * cloud, 0.55, 0.0) ** 2
    canvas.shade(
        1 - np.array([0.42, 0.45, 0.50], np.float32) * (worn * low * (0.8 + 0.25 * cloud))[..., None].clip(0, 1)
    )
    rubbed = ramp(canvas.noise((0.7, 0.25), 1.1) + 0.5 * canvas.noise((0.02, 0.3), 1.0), 0.0, 2.2)
    band = np.exp(-(((canvas.y - 1.2) / 0.28) ** 2)) * rubbed
    canvas.shade(1 - np.array([0.26, 0.29, 0.34], np.float32) * (worn * band)[..., None])
    streaks = ramp(canvas.noise((0.05, 1.2), 1.6), 1.2, 2.6) * ramp(canvas.noise(1.5, 2.0), 0.0, 1.2)
    canvas.shade(1 - 0.30 * worn * streaks)
    canvas.shade(1 + 0.05 * worn * canvas.noise(1.6, 1.2))
    per_metre = wall.length * worn
    for height, spread, n, dark in ((0.13, 0.09, 34, 0.75), (0.7, 0.25, 9, 0.45), (1.32, 0.14, 10, 0.4)):
        for _ in range(rng.poisson(n * per_metre)):
            _scuff(canvas, rng.uniform(0, wall.length), height + spread * rng.standard_normal(), dark)
    for _ in range(rng.poisson(0.5 * per_metre)):  # smears of dirty water, glue, whatever was leant there
        at, wide = rng.uniform((0, 0.1), (wall.length, 1.7)), rng.gamma(2.0, 0.07)
        shade = canvas.around(at) * rng.choice([0.55, 0.7, 1.25])
        canvas.blob(
            at, wide, shade, rough=0.35, alpha=rng.uniform(0.15, 0.45), soft=0.15 * wide, broken=rng.uniform(0, 0.4)
        )
        if rng.uniform() < 0.4:
            run = [at, at - (rng.normal(0, 0.01), rng.uniform(0.1, 0.7))]
            canvas.polygon(run, shade, 0.35, line=rng.uniform(0.006, 0.02), soft=0.004, broken=0.15)
    for _ in range(rng.poisson(1.6 * per_metre)):  # knocks that reached what is under the paint
        at = rng.uniform((0, 0.1), (wall.length, 1.5))
        canvas.blob(at, rng.uniform(0.004, 0.016), (0.66, 0.62, 0.56), rough=0.45, alpha=0.8, relief=-0.2)


def _scuff(canvas: Canvas, u: float, z: float, dark: float) -> None:
    rng = canvas.rng
    length, slope = rng.gamma(2.0, 0.06), rng.normal(0, 0.28)
    t = np.linspace(0, 1, 6)
    path = np.stack([u + length * t, z + length * (slope * t + rng.normal(0, 0.12) * t * (1 - t))], 1)
    colour = (0.10, 0.095, 0.09) if rng.uniform() < 0.8 else (0.75, 0.73, 0.70)
    canvas.polygon(
        path,
        colour,
        dark * rng.uniform(0.3, 1.0),
        line=rng.uniform(0.003, 0.016),
        soft=0.002,
        broken=rng.uniform(0.2, 0.7),
    )
