"""Painted ceilings: joists under boards, mineral tiles or plasterboard, and the light that lamps throw up at them."""

import bpy
import numpy as np

from generator.scenario.environments import ShoothouseCorridor
from generator.scenario.spec import ClipSpec
from generator.site.corridor import Plan
from generator.world.canvas import LONGEST_SIDE, Canvas, Stock, image_from_array, ramp
from generator.world.fittings import upward_light
from generator.world.materials import Detail, add_glow, principled


def paint_ceiling(spec: ClipSpec, layout: Plan, pictures: Stock) -> bpy.types.Material:
    """The ceiling as it looks today: material, old leaks, the glow of its lamps."""
    room, rng = spec.environment, spec.stream("world/ceiling paint")
    assert isinstance(room, ShoothouseCorridor)
    ppm = min(110.0, LONGEST_SIDE / room.length)
    canvas = Canvas(rng, room.width, room.length, ppm, (0.74, 0.73, 0.70))
    if layout.ceiling == "joists":
        canvas.rgb[:] = (0.56, 0.44, 0.29)
        flakes = canvas.noise((0.05, 0.02), 0.9) + canvas.noise((0.02, 0.05), 0.9)
        canvas.shade(1 + 0.10 * flakes + 0.06 * canvas.noise(1.2, 1.5))
    elif layout.ceiling == "tiles":
        _tiles(canvas, room.wear)
    else:
        canvas.shade(1 + 0.03 * canvas.noise(0.8, 1.6) + 0.012 * canvas.noise((0.2, 1.0), 1.2))
        for y in np.arange(rng.uniform(0.4, 1.2), canvas.height, 1.2):
            canvas.polygon([(0, y), (canvas.width, y)], (0.35, 0.34, 0.32), 0.5, line=0.006, relief=-0.1, broken=0.2)
    for _ in range(rng.poisson(0.18 * room.length * (0.3 + room.wear))):  # old leaks: a pale middle with a brown rim
        at, reach = rng.uniform((0, 0), (room.width, room.length)), rng.uniform(0.1, 0.35)
        canvas.blob(at, reach, (0.45, 0.36, 0.24), rough=0.15, alpha=0.30, soft=0.02)
        canvas.blob(at, 0.82 * reach, (0.68, 0.62, 0.52), rough=0.12, alpha=0.35, soft=0.03)
    image = canvas.image("ceiling")
    detail = Detail(pictures.grit, (0.5, 0.5), 0.15, 0.1)
    size = (room.width, room.length)
    ceiling = principled(
        "ceiling", (1, 1, 1), 0.85, image=image, bump_image=image, metres=size, bump=0.008, detail=detail
    )
    upward = upward_light(spec, layout)
    if upward is not None:
        add_glow(ceiling, image_from_array("upward light", np.sqrt(upward[0]), "sRGB"), size, upward[1])
    return ceiling


def _tiles(canvas: Canvas, worn: float) -> None:
    """Mineral tiles of 0.6 m in a grid of T-bars; some replaced, some stained, one or two gone."""
    rng, side = canvas.rng, 0.6
    row, column = np.floor(canvas.y / side).astype(int), np.floor((canvas.x + 0.25) / side).astype(int)
    tone = 1 + 0.03 * rng.standard_normal((int(row.max()) + 1, int(column.max()) + 1))
    tone[rng.uniform(size=tone.shape) < 0.02 + 0.03 * worn] = 0.06
    canvas.shade(np.broadcast_to(tone[row, column], canvas.shape))
    holes = canvas.noise(0.012, 0.8)
    canvas.shade(1 - 0.30 * ramp(holes, 1.2, 1.8))
    across = np.maximum(np.abs((canvas.x + 0.25) % side - 0.5 * side), np.abs(canvas.y % side - 0.5 * side))
    bar = ramp(across, 0.5 * side - 0.015, 0.5 * side - 0.010)
    canvas.blend(bar, np.array((0.78, 0.78, 0.76)))
    canvas.shade(1 - 0.35 * ramp(across, 0.5 * side - 0.024, 0.5 * side - 0.015) * (1 - bar))
    canvas.relief += 0.25 * bar
