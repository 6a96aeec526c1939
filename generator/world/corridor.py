"""The shell of a corridor: walls with openings, floor, ceiling, skirting and studs."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import bpy
import numpy as np

from generator.site.corridor import JOIST, Plan, Wall
from generator.world.meshes import MeshBuilder, transform


@dataclass(frozen=True)
class Surfaces:
    """Materials of the shell."""

    walls: tuple[bpy.types.Material, ...]
    floor: bpy.types.Material
    ceiling: bpy.types.Material
    timber: bpy.types.Material
    skirting: bpy.types.Material
    backing: bpy.types.Material


def _cells(wall: Wall, extra: float | None) -> Iterator[tuple[int, float, float, float, float]]:
    """(sheet, left, right, bottom, top) of the pieces of a wall around its openings."""
    us = sorted({0.0, wall.length, *wall.joints, *(u for o in wall.openings for u in (o.left, o.right))})
    zs = {0.0, wall.height, *(z for o in wall.openings for z in (o.bottom, o.top))}
    if extra is not None and extra < wall.height - 0.05:
        zs.add(extra)
    levels = sorted(zs)
    for left, right in pairwise(us):
        sheet = sum(joint <= left + 1e-6 for joint in wall.joints)
        for bottom, top in pairwise(levels):
            u, z = 0.5 * (left + right), 0.5 * (bottom + top)
            if not any(opening.holds(u, z) for opening in wall.openings):
                yield sheet, left, right, bottom, top


def build_walls(builder: MeshBuilder, layout: Plan, surfaces: Surfaces, rng: np.random.Generator) -> None:
    """Adds the four walls: sheets that stand a little proud of each other, and a dark backing that no light passes."""
    sheets = layout.room.wall in ("plywood", "painted_board")
    loose = {"plywood": 1.0, "painted_board": 0.35}.get(layout.room.wall, 0.0)
    for wall, material in zip(layout.walls, surfaces.walls, strict=True):
        proud = loose * rng.uniform(-0.003, 0.003, len(wall.joints) + 1)
        lean = loose * np.radians(rng.normal(0, 0.22, (len(wall.joints) + 1, 2)))
        with builder.at(wall.matrix):
            for sheet, left, right, bottom, top in _cells(wall, 2.44 if sheets else None):
                middle = np.array([0.5 * (left + right), 0.0, 0.5 * (bottom + top)])
                edges = np.array([0.0, *wall.joints, wall.length])
                seat = np.array([0.5 * (edges[sheet] + edges[sheet + 1]), 0.0, 1.2])
                gap = 0.0015 * loose
                size = (right - left - gap, 0.018, top - bottom - (gap if bottom > 2 else 0.0))
                with builder.at(transform(seat + (0, proud[sheet], 0), yaw=lean[sheet, 0], pitch=lean[sheet, 1])):
                    offset = middle - seat
                    # UVs of the front are metres of the wall, so that one picture covers it
                    builder.box(offset + (0, 0.009, 0), size, material, shift=(middle[0], middle[2]))
                # Past the corners the backings of two walls cross, or daylight would come in between leaning sheets.
                start = left - 0.04 if left == 0 else left
                end = right + 0.04 if right == wall.length else right
                back = [(start, 0.03, bottom), (end, 0.03, bottom), (end, 0.03, top), (start, 0.03, top)]
                builder.quad(back, surfaces.backing)


def build_floor(builder: MeshBuilder, layout: Plan, surfaces: Surfaces) -> None:
    """Adds the floor, reaching under the walls."""
    w, length, e = layout.room.width, layout.room.length, 0.04
    corners = [(-e, -e, 0), (w + e, -e, 0), (w + e, length + e, 0), (-e, length + e, 0)]
    builder.quad(corners, surfaces.floor, uv=[corner[:2] for corner in corners])


def build_ceiling(builder: MeshBuilder, layout: Plan, surfaces: Surfaces, rng: np.random.Generator) -> None:
    """Adds the ceiling around the roof openings: a flat one, or joists under a deck."""
    room, e = layout.room, 0.04
    z = room.height + (JOIST if layout.ceiling == "joists" else 0.0)
    ys = sorted({-e, room.length + e, *(y for gap in layout.gaps for y in gap[2:])})
    for y0, y1 in pairwise(ys):
        gap = next((g for g in layout.gaps if g[2] < 0.5 * (y0 + y1) < g[3]), None)
        spans = [(-e, room.width + e)] if gap is None else [(-e, gap[0]), (gap[1], room.width + e)]
        for x0, x1 in spans:
            corners = [(x0, y0, z), (x0, y1, z), (x1, y1, z), (x1, y0, z)]
            builder.quad(corners, surfaces.ceiling, uv=[corner[:2] for corner in corners])
    if layout.ceiling == "joists":
        _joists(builder, layout, surfaces, rng)


def _joists(builder: MeshBuilder, layout: Plan, surfaces: Surfaces, rng: np.random.Generator) -> None:
    room = layout.room
    for y in np.arange(rng.uniform(0.1, 0.3), room.length, 0.406):
        if not layout.clear(float(y), 0.03):
            continue
        shade = rng.uniform(0.75, 1.1)
        place = (0.5 * room.width, float(y), room.height + 0.5 * JOIST)
        size = (room.width + 0.04, 0.038, JOIST)
        builder.box(place, size, surfaces.timber, grain=True, shift=rng.uniform(0, 1, 2), tint=(shade,) * 3)
    for wall in layout.walls:
        with builder.at(wall.matrix):  # rim that closes the space between the joists
            size = (wall.length + 0.06, 0.038, JOIST)
            builder.box((0.5 * wall.length, 0.019, room.height + 0.5 * JOIST), size, surfaces.timber, grain=True)


def build_trim(builder: MeshBuilder, layout: Plan, surfaces: Surfaces, rng: np.random.Generator) -> None:
    """Adds skirting, or bottom plates and battens of 2x4 where the walls are plywood."""
    kind = layout.room.wall
    battens = kind == "plywood" and rng.uniform() < 0.6
    plates = kind == "plywood" and rng.uniform() < 0.5
    if kind == "concrete_block" and rng.uniform() < 0.6:
        return
    tall, thick = (0.089, 0.038) if plates else (float(rng.choice([0.07, 0.095, 0.12])), 0.014)
    material = surfaces.timber if kind == "plywood" else surfaces.skirting
    if kind != "plywood" or plates:
        for wall in layout.walls:
            _skirting(builder, wall, tall, thick, material, rng)
    if battens:
        for wall in layout.walls[:2]:
            for joint in wall.joints:
                if rng.uniform() < 0.45 and not any(o.left - 0.1 < joint < o.right + 0.1 for o in wall.openings):
                    with builder.at(
                        wall.matrix @ transform((joint + rng.normal(0, 0.006), 0, 0), roll=rng.normal(0, 0.004))
                    ):
                        low = tall if plates else 0.0
                        size = (0.089, 0.02, layout.room.height - low - 0.01)
                        middle = (0, -0.010, low + 0.5 * size[2])
                        shade = rng.uniform(0.8, 1.15)
                        builder.box(
                            middle,
                            size,
                            material,
                            bevel=0.002,
                            grain=True,
                            shift=rng.uniform(0, 1, 2),
                            tint=(shade,) * 3,
                        )


def _skirting(
    builder: MeshBuilder, wall: Wall, tall: float, thick: float, material: bpy.types.Material, rng: np.random.Generator
) -> None:
    """Runs of board between the doors, each up to 2.4 m long."""
    edge = 0.075  # architraves beside the doors
    cuts = [0.0]
    for opening in sorted(wall.openings, key=lambda o: o.left):
        if opening.bottom == 0.0:
            cuts += [opening.left - edge, opening.right + edge]
    cuts.append(wall.length)
    with builder.at(wall.matrix):
        for start, end in zip(cuts[::2], cuts[1::2], strict=True):
            pieces = max(int(np.ceil((end - start) / 2.4)), 1)
            for k in range(pieces if end - start > 0.05 else 0):
                u0, u1 = start + np.array([k, k + 1]) * (end - start) / pieces
                shade = rng.uniform(0.8, 1.1)
                size = (u1 - u0 - 0.002, thick, tall)
                place = (0.5 * (u0 + u1), -0.5 * thick, 0.5 * tall)
                builder.box(
                    place, size, material, bevel=0.003, grain=True, shift=rng.uniform(0, 1, 2), tint=(shade,) * 3
                )
