"""What is screwed or pinned up: conduit, signs, a camera, an extinguisher, notices, patch boards."""

from itertools import pairwise

import bpy
import numpy as np

from generator.scenario.spec import ClipSpec
from generator.site.corridor import Plan, Wall
from generator.world.actor import Part
from generator.world.canvas import Canvas, Stock
from generator.world.fittings import GRIME_METRES
from generator.world.materials import Detail, linear, principled
from generator.world.meshes import MeshBuilder, transform


def build_fittings(spec: ClipSpec, layout: Plan, pictures: Stock, collection: bpy.types.Collection) -> list[Part]:
    """Conduit with boxes and switches, an arrow sign, a dome camera, an extinguisher's bracket."""
    rng, builder = spec.stream("world/fittings"), MeshBuilder()
    grime = Detail(pictures.grime, GRIME_METRES, 0.5, 0.35)
    steel = principled("galvanised", (0.48, 0.49, 0.50), 0.42, 0.9, detail=grime)
    plastic = principled("fitting plastic", linear((0.76, 0.75, 0.71)), 0.45, detail=grime)
    dark = principled("fitting dark", (0.015, 0.015, 0.017), 0.25, detail=grime)
    for wall in layout.walls[:2]:
        if rng.uniform() < 0.75:
            _conduit(builder, wall, steel if rng.uniform() < 0.6 else plastic, plastic, rng)
    _sign(builder, layout, rng, grime)
    _pinned(builder, layout, pictures, spec.stream("world/pinned"))
    x, y = rng.choice([0.14, layout.room.width - 0.14]), layout.room.length * rng.uniform(0.4, 0.8)
    if layout.clear(y, 0.2):
        with builder.at(transform((x, y, layout.room.height))):
            builder.lathe([(0.06, -0.045), (0.068, -0.04), (0.068, 0.0)], plastic, segments=20, caps=(True, False))
            dome = [(0.050 * np.sin(a), -0.045 - 0.05 * np.cos(a)) for a in np.linspace(0.05, np.pi / 2, 7)]
            builder.lathe(dome, dark, segments=20, caps=(True, False))
    _bracket(builder, layout.walls[int(rng.integers(2))], rng, grime)
    return [Part(builder.object("fittings", collection))]


def _free(wall: Wall, u: float, margin: float, *, low: bool = True) -> bool:
    """Whether nothing is cut out of the wall within ``margin`` of u; ``low`` looks at doors only."""
    return all(not (o.left - margin < u < o.right + margin) for o in wall.openings if not low or o.bottom == 0.0)


def _conduit(
    builder: MeshBuilder, wall: Wall, pipe: bpy.types.Material, box: bpy.types.Material, rng: np.random.Generator
) -> None:
    """A run under the ceiling with saddles, and drops to switches or sockets."""
    z, r = wall.height - rng.uniform(0.06, 0.1), 0.0125
    with builder.at(wall.matrix):
        builder.tube(
            [(0.02, -0.02, z), (0.5 * wall.length, -0.02, z), (wall.length - 0.02, -0.02, z)], r, pipe, segments=8
        )
        for u in np.arange(0.4, wall.length, 1.0):
            builder.box((u, -0.012, z), (0.018, 0.03, 0.034), pipe)
        for _ in range(int(rng.integers(1, 4))):
            u, end = rng.uniform(0.6, wall.length - 0.6), rng.choice([0.32, 1.15, 1.3])
            if not _free(wall, u, 0.2, low=False):
                continue
            builder.box((u, -0.024, z), (0.085, 0.048, 0.085), box, bevel=0.006)
            builder.tube(
                [(u, -0.02, z - 0.04), (u, -0.02, 0.5 * (z + end)), (u, -0.02, end + 0.04)], r, pipe, segments=8
            )
            builder.box((u, -0.02, end), (0.088, 0.04, 0.088), box, bevel=0.005)
            builder.box((u, -0.043, end), (0.03, 0.012, 0.04), box, bevel=0.003, tint=(0.8, 0.8, 0.8))
            for height in np.arange(end + 0.3, z - 0.2, 0.6):
                builder.box((u, -0.012, height), (0.034, 0.03, 0.018), pipe)


def _sign(builder: MeshBuilder, layout: Plan, rng: np.random.Generator, grime: Detail) -> None:
    """A plain green box with an arrow, on a wall near the ceiling or hung across the corridor."""
    green = principled("sign green", linear((0.10, 0.42, 0.24)), 0.4, detail=grime)
    pale = principled("sign arrow", linear((0.78, 0.80, 0.76)), 0.5, detail=grime)
    y, z = layout.room.length * rng.uniform(0.45, 0.85), layout.room.height - 0.30
    if rng.uniform() < 0.5 and layout.room.height > 2.45 and layout.clear(y, 0.3):
        place = transform((0.5 * layout.room.width, y, layout.room.height - 0.18), yaw=rng.normal(0, 0.03))
        wide = 0.36
    else:
        wall = layout.walls[int(rng.integers(2))]
        u = y if wall.name == "left" else layout.room.length - y
        if not _free(wall, u, 0.3, low=False):
            return
        place, wide = wall.matrix @ transform((u, -0.02, z)), 0.32
    flip = rng.choice([-1.0, 1.0])
    arrow = np.array(
        [(-0.10, -0.015), (0.02, -0.015), (0.02, -0.045), (0.10, 0.0), (0.02, 0.045), (0.02, 0.015), (-0.10, 0.015)]
    )
    arrow = arrow if flip > 0 else (arrow * (-1, 1))[::-1]
    with builder.at(place):
        builder.box((0, 0, 0), (wide, 0.04, 0.16), green, bevel=0.006)
        with builder.at(transform((0, -0.0215, 0))):
            builder.extrude(arrow, 0.001, pale)


def _bracket(builder: MeshBuilder, wall: Wall, rng: np.random.Generator, grime: Detail) -> None:
    """An extinguisher on its bracket, or the bracket alone."""
    u = rng.uniform(0.5, wall.length - 0.5)
    if not _free(wall, u, 0.3):
        return
    red = principled("sign red", linear((0.55, 0.06, 0.05)), 0.4, detail=grime)
    steel = principled("bracket", (0.10, 0.10, 0.11), 0.5, 0.6, detail=grime)
    with builder.at(wall.matrix @ transform((u, 0, 0.95))):
        builder.box((0, -0.004, 0.0), (0.05, 0.008, 0.30), steel, bevel=0.002)
        builder.tube(
            [(-0.075, -0.05, -0.06), (-0.05, -0.012, -0.06), (0.05, -0.012, -0.06), (0.075, -0.05, -0.06)], 0.005, steel
        )
        builder.box((0.0, -0.003, 0.45), (0.15, 0.006, 0.15), red)
        builder.box((0.0, -0.0065, 0.45), (0.03, 0.002, 0.09), steel, tint=(6, 6, 6))
        if rng.uniform() < 0.6 and wall.matrix is not None:
            with builder.at(transform((0, -0.085, -0.22))):
                body = [(0.060, 0.0), (0.072, 0.012), (0.072, 0.36), (0.055, 0.41), (0.022, 0.435), (0.022, 0.45)]
                builder.lathe(body, red, segments=18, caps=(True, True))
                builder.box((0, -0.02, 0.475), (0.022, 0.09, 0.05), steel, bevel=0.004)
                builder.tube(
                    [(0, 0.01, 0.46), (0.06, 0.02, 0.44), (0.09, 0.02, 0.30), (0.085, 0.02, 0.12)], 0.009, steel
                )


def _pinned(builder: MeshBuilder, layout: Plan, pictures: Stock, rng: np.random.Generator) -> None:
    """Notices without words, and boards screwed over what went through the wall."""
    paper = _paper(rng)
    ply = principled(
        "patch board", linear((0.64, 0.53, 0.39)), 0.8, detail=Detail(pictures.grain, (1.2, 0.6), 0.6, 0.2)
    )
    screw = principled("screw", (0.10, 0.10, 0.10), 0.5, 0.8)
    for wall in layout.walls:
        for _ in range(rng.poisson(0.16 * wall.length)):  # A4 sheets, their lower edge off the wall
            at, page = rng.uniform((0.3, 1.25), (wall.length - 0.3, 1.7)), int(rng.integers(2))
            if _free(wall, at[0], 0.2, low=False):
                with builder.at(wall.matrix @ transform((at[0], -0.004, at[1]), roll=rng.normal(0, 0.03))):
                    curl = -rng.uniform(0.0, 0.03)
                    rows = [(0.297, 0.0), (0.12, 0.0), (0.0, curl)]
                    for (z1, y1), (z0, y0) in pairwise(rows):
                        corners = [(-0.105, y0, z0), (0.105, y0, z0), (0.105, y1, z1), (-0.105, y1, z1)]
                        uv = np.array([(0, z0), (0.21, z0), (0.21, z1), (0, z1)]) + (0.21 * page, 0)
                        builder.quad(corners, paper, uv=uv)
        for _ in range(rng.poisson(0.12 * wall.length * layout.room.wear)):
            size, u = rng.uniform((0.2, 0.2), (0.6, 0.7)), rng.uniform(0.4, wall.length - 0.4)
            if not _free(wall, u, 0.5 * size[0] + 0.1, low=False):
                continue
            with builder.at(wall.matrix @ transform((u, -0.008, rng.uniform(0.6, 1.6)), roll=rng.normal(0, 0.02))):
                shade = rng.uniform(0.7, 1.15)
                builder.box(
                    (0, 0, 0), (size[0], 0.012, size[1]), ply, grain=True, shift=rng.uniform(0, 1, 2), tint=(shade,) * 3
                )
                for x, z in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                    place = 0.5 * size * (x, z) * 0.86 + rng.normal(0, 0.006, 2)
                    builder.box((place[0], -0.007, place[1]), (0.008, 0.002, 0.008), screw)


def _paper(rng: np.random.Generator) -> bpy.types.Material:
    """Two A4 pages side by side: a bar for a heading, grey lines for text, a plan of boxes."""
    canvas = Canvas(rng, 0.42, 0.297, 420, (0.84, 0.83, 0.79))
    for page in (0.0, 0.21):
        colour = ((0.20, 0.32, 0.55), (0.65, 0.52, 0.10), (0.60, 0.14, 0.12), (0.15, 0.40, 0.25))[rng.integers(4)]
        canvas.rectangle((page + 0.105, 0.268), (0.18, 0.03), colour)
        drawn = rng.uniform(0.06, 0.13)
        for z in np.arange(0.235, 0.02 + drawn, -0.0085):
            long = rng.uniform(0.08, 0.17)
            canvas.rectangle((page + 0.02 + 0.5 * long, z), (long, 0.0028), (0.35, 0.35, 0.36), alpha=0.8)
        for _ in range(4):
            corner = (page + rng.uniform(0.04, 0.17), rng.uniform(0.03, drawn))
            canvas.rectangle(corner, rng.uniform(0.02, 0.05, 2), (0.45, 0.47, 0.5), alpha=0.7)
    canvas.shade(1 + 0.04 * canvas.noise(0.2, 1.5))
    return principled("notices", (1, 1, 1), 0.6, image=canvas.image("notices"), metres=(0.42, 0.297))
