"""The corridor's plan (numpy only) and its shell: walls with openings, floor, ceiling, skirting and studs."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import ClipSpec, ShoothouseCorridor
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]
Ceiling = Literal["board", "joists", "tiles"]

SHEET = 1.22
"""Width of a plywood sheet, metres (4 ft)."""

JOIST = 0.19
"""Height of a ceiling joist, metres (2x8 in, planed)."""

LANE = 0.35
"""Half the width of the lane in the middle that stays free, metres."""


@dataclass(frozen=True)
class Opening:
    """A hole in a wall, in the wall's metres."""

    left: float
    right: float
    bottom: float
    top: float

    def holds(self, u: float, z: float) -> bool:
        """Whether a point of the wall lies in it."""
        return self.left < u < self.right and self.bottom < z < self.top


@dataclass(frozen=True)
class Wall:
    """One wall. Its frame, as seen from inside: x to the right, y into the wall, z up; origin at the floor.

    Attributes:
        name: left, right, far or near.
        matrix: (4, 4) world from wall.
        length, height: metres.
        joints: x of the joints between sheets.
        openings: doors and windows.
    """

    name: str
    matrix: Array = field(repr=False)
    length: float
    height: float
    joints: tuple[float, ...] = ()
    openings: tuple[Opening, ...] = ()

    def world(self, u: float, depth: float, z: float) -> Array:
        """World position of a point in the wall's frame."""
        return np.asarray((self.matrix @ (u, depth, z, 1.0))[:3])

    def local(self, point: Array) -> Array:
        """A world position in the wall's frame."""
        return np.asarray((np.linalg.inv(self.matrix) @ (*point, 1.0))[:3])


@dataclass(frozen=True)
class DoorPlan:
    """One door.

    Attributes:
        index: counts from 0; its track is TRACKS_DOORS + index.
        wall: index into ``Plan.walls``.
        u: centre of the opening along the wall.
        width, height: clear opening, metres.
        hinge: -1 hinges on the left, +1 on the right.
        angle: radians that it stands open into the room behind; 0 is closed.
        room: left and right end along the wall and depth of the room behind, metres.
        lit: whether a lamp burns in that room.
    """

    index: int
    wall: int
    u: float
    width: float
    height: float
    hinge: int
    angle: float
    room: tuple[float, float, float]
    lit: bool


@dataclass(frozen=True)
class Plan:
    """Where everything fixed is. Independent of time of day and of the lights, so that twins share it.

    Attributes:
        room: the environment of the clip.
        walls: left, right, far, near.
        doors: in order of their index.
        windows: (wall, opening) of high window openings.
        gaps: (x0, x1, y0, y1) of openings in the roof.
        ceiling: kind of ceiling.
    """

    room: ShoothouseCorridor
    walls: tuple[Wall, ...]
    doors: tuple[DoorPlan, ...]
    windows: tuple[tuple[int, Opening], ...]
    gaps: tuple[tuple[float, float, float, float], ...]
    ceiling: Ceiling

    def clear(self, y: float, margin: float) -> bool:
        """Whether a ceiling point at ``y`` is at least ``margin`` from every roof opening."""
        return all(not (y0 - margin < y < y1 + margin) for _, _, y0, y1 in self.gaps)


def plan(spec: ClipSpec) -> Plan:
    """The plan of a clip's corridor."""
    room = spec.environment
    walls = _walls(room, spec.stream("world/sheets"))
    doors = _doors(room, walls, spec.stream("world/doors"))
    windows, gaps = _daylight(room, doors, walls, spec.stream("world/daylight"))
    ceiling: Ceiling = ("board", "joists", "tiles")[_ceiling_kind(room, spec.stream("world/ceiling"))]
    holes: list[list[Opening]] = [[], [], [], []]
    for door in doors:
        half = 0.5 * door.width
        holes[door.wall].append(Opening(door.u - half, door.u + half, 0.0, door.height))
    for wall, opening in windows:
        holes[wall].append(opening)
    cut = tuple(replace(wall, openings=tuple(found)) for wall, found in zip(walls, holes, strict=True))
    return Plan(room, cut, doors, windows, gaps, ceiling)


def _walls(room: ShoothouseCorridor, rng: np.random.Generator) -> tuple[Wall, ...]:
    frames = (
        ("left", (0, 0), (0, 1), room.length),
        ("right", (room.width, room.length), (0, -1), room.length),
        ("far", (0, room.length), (1, 0), room.width),
        ("near", (room.width, 0), (-1, 0), room.width),
    )
    pitch = {"plywood": SHEET, "painted_board": 1.2}.get(room.wall)
    walls = []
    for name, (x, y), (ax, ay), length in frames:
        matrix = np.eye(4)
        matrix[:2, 0], matrix[:2, 1], matrix[:2, 3] = (ax, ay), (-ay, ax), (x, y)
        joints: tuple[float, ...] = ()
        if pitch is not None:
            first = rng.uniform(0.3, 1.0) * pitch
            joints = tuple(u for u in np.arange(first, length, pitch) if 0.12 < u < length - 0.12)
        walls.append(Wall(name, matrix, length, room.height, joints))
    return tuple(walls)


def _doors(room: ShoothouseCorridor, walls: tuple[Wall, ...], rng: np.random.Generator) -> tuple[DoorPlan, ...]:
    width, height = rng.choice([0.76, 0.83, 0.9]), min(rng.choice([1.98, 2.04, 2.1]), room.height - 0.12)
    lowest, highest = 1.0 + width, room.length - 0.35 - 0.5 * width
    most = int((highest - lowest) / (width + 0.28)) + 1
    count = [0, 0, 0, 0]
    count[2] = int(room.doors >= 2 and rng.uniform() < 0.3)
    for k in range(room.doors - count[2]):
        side = (
            int(rng.integers(2))
            if k == 0
            else int(count[0] > count[1])
            if rng.uniform() < 0.7
            else int(rng.integers(2))
        )
        side = side if count[side] < most else 1 - side
        side = side if count[side] < most else (2 if count[2] == 0 else 3)
        count[side] += 1
    places: list[tuple[int, float]] = [(2, 0.5 * room.width)] * count[2] + [(3, 0.5 * room.width)] * min(count[3], 1)
    for side in (0, 1):
        free = highest - lowest - (count[side] - 1) * (width + 0.28)
        ys = lowest + np.sort(rng.uniform(0, max(free, 0), count[side])) + np.arange(count[side]) * (width + 0.28)
        places += [(side, float(y) if side == 0 else room.length - float(y)) for y in ys]
    n_open = round(room.doors_open * len(places))
    opened = set(rng.permutation(len(places))[:n_open].tolist())
    return tuple(_door(k, places, (width, height), k in opened, walls, rng) for k in range(len(places)))


def _door(
    index: int,
    places: list[tuple[int, float]],
    size: tuple[float, float],
    opened: bool,
    walls: tuple[Wall, ...],
    rng: np.random.Generator,
) -> DoorPlan:
    wall, u = places[index]
    others = [other for side, other in places if side == wall and other != u]
    reach = [rng.uniform(0.3, 1.1) + 0.5 * size[0] for _ in range(2)]
    left = max([u - reach[0], 0.06, *(0.5 * (u + other) + 0.06 for other in others if other < u)])
    right = min([u + reach[1], walls[wall].length - 0.06, *(0.5 * (u + other) - 0.06 for other in others if other > u)])
    # hinged on the far side the leaf is seen; on the near side it hides behind the wall
    far = 1 if wall == 0 else -1
    hinge = far if rng.uniform() < 0.7 else -far
    wide = np.radians(rng.uniform(62, 100) if rng.uniform() < 0.6 else rng.uniform(14, 50))
    depth, lit = float(rng.uniform(1.7, 3.2)), bool(rng.uniform() < 0.4)
    return DoorPlan(index, wall, u, *size, hinge, float(wide) if opened else 0.0, (left, right, depth), lit)


def _daylight(
    room: ShoothouseCorridor, doors: tuple[DoorPlan, ...], walls: tuple[Wall, ...], rng: np.random.Generator
) -> tuple[tuple[tuple[int, Opening], ...], tuple[tuple[float, float, float, float], ...]]:
    """One or two high windows, or roof openings where no window fits or the draw says so."""
    wanted, roof = int(rng.integers(1, 3)), rng.uniform() < 0.4
    windows: list[tuple[int, Opening]] = []
    top = room.height - 0.14
    bottom = max(top - rng.uniform(0.38, 0.6), 1.62)
    for wall, share, size in zip(rng.choice([0, 1, 0, 1, 2], 12), *rng.uniform(0, 1, (2, 12)), strict=True):
        width = 0.55 + 0.5 * size if wall < 2 else 0.45 * room.width
        low, high = 0.2 + 0.5 * width, walls[wall].length - 0.2 - 0.5 * width
        u = low + share * (high - low) if wall < 2 else 0.5 * room.width
        apart = all(door.wall != wall or abs(door.u - u) > 0.6 * door.width + 0.5 * width + 1.2 for door in doors)
        apart &= all(other != wall or abs(0.5 * (o.left + o.right) - u) > 2.0 for other, o in windows)
        if apart and len(windows) < wanted and not roof:
            windows.append((int(wall), Opening(u - 0.5 * width, u + 0.5 * width, bottom, top)))
    gaps = []
    if not windows:
        for share in (np.arange(wanted) + rng.uniform(0.25, 0.8, wanted)) / wanted:
            y, half = float(room.length * share), float(rng.uniform(0.2, 0.42))
            inset = rng.uniform(0.12, 0.3) * room.width
            gaps.append((inset, room.width - inset, y - half, y + half))
    return tuple(windows), tuple(gaps)


def _ceiling_kind(room: ShoothouseCorridor, rng: np.random.Generator) -> int:
    """Joists over plywood more often than over plaster."""
    weights = {"plywood": (1, 3, 0), "painted_board": (2, 1, 2), "concrete_block": (2, 2, 1), "plaster": (2, 0, 2)}
    share = np.array(weights[room.wall], float)
    return int(rng.choice(3, p=share / share.sum()))


# ------------------------------------------------------------------------------------------------------- the shell


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
