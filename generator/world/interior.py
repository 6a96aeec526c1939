"""What working interiors share: ceilings of three kinds, blinds, things on the walls."""

from collections.abc import Sequence
from typing import Literal

import bpy
import numpy as np

from generator.scenario.spec import ClipSpec
from generator.site.walls import Partition
from generator.world.actor import Part, Placement, StaticActor
from generator.world.finishes import Finishes
from generator.world.materials import emission, linear, principled
from generator.world.meshes import MeshBuilder, transform
from generator.world.outside import Pane

Corner = tuple[float, float]


def build_interior_ceiling(
    b: MeshBuilder,
    low: Corner,
    high: Corner,
    height: float,
    kind: Literal["suspended", "plaster", "open"],
    fin: Finishes,
) -> None:
    """A ceiling over a rectangle, closed above; an open one shows the slab, ducts and trays that hang under it."""
    (x0, y0), (x1, y1) = low, high
    w, d = x1 - x0, y1 - y0
    word, colour = {
        "suspended": ("ceiling_tile", None), "plaster": ("plaster", (0.83, 0.82, 0.80)), "open": ("concrete", (0.52, 0.51, 0.50)),
    }[kind]  # fmt: skip
    material = fin.surface("ceiling", word, (w, d), colour, soil="ceiling")  # type: ignore[arg-type]
    z = height + (0.28 if kind == "open" else 0.0)
    corners = [(x0, y0, z), (x0, y1, z), (x1, y1, z), (x1, y0, z)]
    b.quad(corners, material, uv=[(0, 0), (0, d), (w, d), (w, 0)])
    rng = fin.stream("world/ceiling")
    steel, dark = fin.of("bare_metal"), fin.of("plastic", (0.1, 0.1, 0.1))
    if kind == "open":
        for x in (x0 - 0.1, x1 + 0.1):
            b.box((x, 0.5 * (y0 + y1), height + 0.14), (0.2, d, 0.3), material)
        for y in (y0 - 0.1, y1 + 0.1):
            b.box((0.5 * (x0 + x1), y, height + 0.14), (w, 0.2, 0.3), material)
        x = float(x0 + rng.uniform(0.25, 0.75) * w)
        b.cylinder((x, y0, z - 0.17), (x, y1, z - 0.17), 0.15, steel, segments=20, caps=(False, False))
        for y in np.arange(y0 + 0.6, y1, 1.5):
            b.cylinder((x, y, z - 0.17), (x, y + 0.04, z - 0.17), 0.158, steel, segments=20)
            b.box((x, y, z - 0.01), (0.34, 0.03, 0.02), steel)
        tray = float(x0 + rng.uniform(0.1, 0.9) * w)
        b.box((tray, 0.5 * (y0 + y1), z - 0.12), (0.3, d, 0.01), steel)
        for side in (-0.15, 0.15):
            b.box((tray + side, 0.5 * (y0 + y1), z - 0.09), (0.008, d, 0.07), steel)
        for k in range(5):
            b.tube([(tray - 0.1 + 0.05 * k, y0, z - 0.10), (tray - 0.1 + 0.05 * k, y1, z - 0.10)], 0.012, dark)
    for _ in range(int(w * d / 18)):  # air outlets, smoke detectors
        x, y = float(rng.uniform(x0 + 0.5, x1 - 0.5)), float(rng.uniform(y0 + 0.5, y1 - 0.5))
        if rng.uniform() < 0.5:
            with b.at(transform((x, y, z))):
                b.lathe(
                    [(0.05, -0.045), (0.055, -0.02), (0.055, 0.0)], fin.of("laminate"), segments=16, caps=(True, False)
                )
        elif kind == "suspended":
            x, y = x0 + 0.3 + 0.6 * round((x - x0 - 0.3) / 0.6), y0 + 0.3 + 0.6 * round((y - y0 - 0.3) / 0.6)
            b.box((x, y, z - 0.006), (0.59, 0.59, 0.012), fin.of("painted_metal", (0.78, 0.78, 0.76)))
            for k in range(3):
                side = 0.46 - 0.15 * k
                b.box((x, y, z - 0.0135), (side, side, 0.003), dark if k % 2 == 0 else fin.of("laminate"))


def build_blinds(panes: Sequence[Pane], lowered: float, fin: Finishes, collection: bpy.types.Collection) -> list[Part]:
    """Venetian blinds inside of windows, each let down to another height, slats at one angle a window."""
    rng, b = fin.stream("world/blinds"), MeshBuilder()
    paint = fin.of("painted_metal", (0.78, 0.77, 0.74))
    for pane in panes:
        share, tilt = float(np.clip(rng.normal(lowered, 0.25), 0, 1)), float(rng.uniform(-0.9, 0.9))
        top = 0.5 * pane.height
        with b.at(pane.matrix @ transform((0, -0.13, 0))):
            b.box((0, 0, top - 0.02), (pane.width - 0.02, 0.05, 0.04), paint, bevel=0.004)
            n = int(share * pane.height / 0.042)
            for k in range(n):
                with b.at(transform((0, 0, top - 0.06 - 0.042 * k), pitch=tilt + float(rng.normal(0, 0.03)))):
                    b.box((0, 0, 0), (pane.width - 0.03, 0.05, 0.0012), paint)
            foot = top - 0.06 - 0.042 * n
            for stack in range(8 if n < 4 else 1):
                b.box((0, 0, foot - 0.004 * stack), (pane.width - 0.03, 0.05, 0.0035), paint)
            for x in (-0.35, 0.35):
                b.box((x * pane.width, -0.026, 0.5 * (top + foot)), (0.004, 0.001, top - foot), paint)
    return [Part(b.object("blinds", collection))] if b.triangles else []


def build_signs(
    spec: ClipSpec, walls: Sequence[Partition], height: float, fin: Finishes, collection: bpy.types.Collection
) -> list[Part]:
    """Green running arrows over doorways, lit from inside, and red boxes, switches and sockets on the walls."""
    rng, b, glow = spec.stream("world/signs"), MeshBuilder(), MeshBuilder()
    pale = fin.of("plastic", (0.80, 0.79, 0.76))
    red = fin.of("painted_metal", (0.55, 0.07, 0.06))
    # 200 cd/m2, as EN 1838 has it for signs that are lit; a fifth of it in the green.
    green = emission("sign green", linear((0.10, 0.62, 0.35)), 200.0 / 179.0)
    white = emission("sign arrow", (0.9, 1.0, 0.95), 500.0 / 179.0)
    dark = principled("sign body", linear((0.75, 0.75, 0.73)), 0.5)
    for wall in walls:
        for hole in wall.holes:
            if hole.kind == "window" or hole.top + 0.3 > wall.height or rng.uniform() < 0.4:
                continue
            for depth, turn in ((-0.02, 0.0), (wall.thick + 0.02, np.pi)):
                with b.at(wall.matrix @ transform((hole.middle, depth, hole.top + 0.2), yaw=turn)):
                    b.box((0, 0.0, 0), (0.34, 0.035, 0.17), dark, bevel=0.004)
                with glow.at(wall.matrix @ transform((hole.middle, depth, hole.top + 0.2), yaw=turn)):
                    e = [(-0.16, -0.019, -0.075), (0.16, -0.019, -0.075), (0.16, -0.019, 0.075), (-0.16, -0.019, 0.075)]
                    glow.quad(e, green)
                    flip = float(rng.choice([-1.0, 1.0]))
                    arrow = np.array(
                        [
                            (-0.1, -0.015),
                            (0.02, -0.015),
                            (0.02, -0.045),
                            (0.1, 0.0),
                            (0.02, 0.045),
                            (0.02, 0.015),
                            (-0.1, 0.015),
                        ]
                    )
                    arrow = arrow if flip > 0 else (arrow * (-1, 1))[::-1]
                    glow.add(np.c_[arrow[:, 0], np.full(7, -0.0195), arrow[:, 1]], [range(7)], white, arrow.astype(float))
        for _ in range(rng.poisson(0.35 * wall.length)):
            u, low = float(rng.uniform(0.3, max(wall.length - 0.3, 0.31))), bool(rng.uniform() < 0.7)
            if any(hole.left - 0.2 < u < hole.right + 0.2 for hole in wall.holes):
                continue
            z, (depth, turn) = (
                (0.3 if low else min(1.1, height)),
                ((0.0, 0.0), (wall.thick, np.pi))[int(rng.integers(2))],
            )
            with b.at(wall.matrix @ transform((u, depth, z), yaw=turn)):
                n = int(rng.integers(1, 4)) if low else 1
                for k in range(n):
                    b.box((0.081 * k, -0.005, 0), (0.08, 0.01, 0.08), pale, bevel=0.003)
                    if low:
                        b.box((0.081 * k, -0.0105, 0), (0.042, 0.002, 0.042), pale, bevel=0.001, tint=(0.75,) * 3)
                    else:
                        b.box((0.0, -0.012, 0), (0.05, 0.006, 0.05), pale, bevel=0.002, tint=(1.05,) * 3)
        if rng.uniform() < 0.3 and wall.length > 3:
            u = float(rng.uniform(0.6, wall.length - 0.6))
            if all(not hole.left - 0.4 < u < hole.right + 0.4 for hole in wall.holes):
                with b.at(wall.matrix @ transform((u, wall.thick, 0.55), yaw=np.pi)):
                    b.lathe(
                        [(0.06, 0), (0.072, 0.012), (0.072, 0.36), (0.05, 0.42), (0.02, 0.45)],
                        red,
                        segments=18,
                        caps=(True, True),
                    )
    parts = [Part(b.object("signs", collection))] if b.triangles else []
    if glow.triangles:
        thing = glow.object("lit signs", collection)
        thing.visible_diffuse = thing.visible_shadow = False
        parts.append(Part(thing))
    return parts


def structure_of(parts: Sequence[Part]) -> StaticActor:
    """Everything that has no track, where it was built."""
    return StaticActor(tuple(parts), (), tuple(Placement(np.array(part.object.matrix_world)) for part in parts))
