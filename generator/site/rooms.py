"""The rooms of a shoot-house: a rectangle cut into rooms, from y = 0 (the entrance) to its length, x from 0 to its width."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from generator.scenario.environments import ShoothouseRooms
from generator.site.bays import Bay
from generator.site.furnish import Furnisher, target_spots
from generator.site.model import Acoustics, Floor, Site, Spot, Streams, Way, WayWord
from generator.site.walls import THICK, Hole, Partition, Thing, all_solids, box_of_walls

Array = NDArray[np.float64]
Room = tuple[float, float, float, float]

APRON = 2.6
"""Metres of floor before the entrance."""

_EYE = 1.5

_PROPS: tuple[tuple[str, float, float, float, float, bool], ...] = (
    ("sofa", 1.7, 0.85, 0.78, 1.0, False),
    ("table", 1.3, 0.75, 0.74, 1.0, False),
    ("cabinet", 0.45, 0.6, 1.32, 1.0, False),
    ("cabinet", 0.9, 0.45, 1.9, 0.7, False),
    ("shelf", 0.85, 0.32, 1.8, 0.7, False),
    ("mattress", 0.95, 1.95, 0.46, 0.6, False),
    ("chair", 0.46, 0.52, 0.84, 1.2, True),
    ("clutter1", 0.62, 0.60, 0.7, 1.0, True),
    ("clutter2", 0.64, 0.42, 0.9, 1.0, True),
    ("clutter3", 0.52, 0.42, 0.9, 1.0, True),
    ("clutter6", 0.44, 0.44, 0.9, 0.8, True),
    ("clutter9", 0.95, 0.33, 0.6, 0.7, True),
)
"""Kind, width, depth, height in metres, how common, whether it is loose."""


@dataclass(frozen=True)
class Plan:
    """Where everything is.

    Attributes:
        place: the environment.
        walls: partitions; the first four are the outer ones.
        rooms: (x0, y0, x1, y1) of each.
        things: furniture, barricades, clutter.
        ways: as the site has them.
        spots: cover.
        gates: before and behind every doorway.
    """

    place: ShoothouseRooms
    walls: tuple[Partition, ...]
    rooms: tuple[Room, ...]
    things: tuple[Thing, ...]
    ways: dict[WayWord, Way]
    spots: tuple[Spot, ...]
    gates: tuple[tuple[float, float, float], ...]

    @cached_property
    def bays(self) -> tuple[Bay, ...]:
        """One for every room, at the walls' tops."""
        return tuple(Bay((x0, y0), (x1, y1), self.place.height) for x0, y0, x1, y1 in self.rooms)

    @cached_property
    def site(self) -> Site:
        """What everybody may rely on."""
        place = self.place
        return Site(
            floors=(
                Floor.level((0, 0), (place.width, place.length), place.floor),
                Floor.level((-1.0, -APRON), (place.width + 1.0, 0.0), "concrete"),
            ),
            solids=(*all_solids(self.walls), *(thing.solid for thing in self.things)),
            ways=self.ways,
            acoustics=Acoustics(
                (0.0, 0.0, 0.0), (place.width, place.length, place.height), "plywood" if place.wall == "planks" else place.wall,
                place.floor, {"open": "open", "ceiling": "ceiling", "hall": "steel"}[place.roof],
                about=min(0.02 + 0.04 * place.furniture, 0.15), openings=0.12,
            ),
            spots=self.spots,
            half_width=1.0,
            outdoors=place.roof == "open",
            gates=self.gates,
        )  # fmt: skip


def plan(place: ShoothouseRooms, stream: Streams) -> Plan:
    """The plan of a clip's rooms."""
    best: tuple[float, tuple[Partition, ...], tuple[Room, ...], list[_Door]] | None = None
    rng = stream("world/rooms")
    for _ in range(12):  # of a few ways to cut it the one with the longest way through
        rooms, lines = _cut(place, rng)
        walls, doors = _doors(place, rooms, lines, rng)
        order = _path(doors, len(rooms))
        points = _through(walls, doors, order)
        long = float(sum(np.linalg.norm(b - a) for a, b in pairwise(points)))
        if best is None or long > best[0]:
            best = (long, walls, rooms, doors)
    assert best is not None
    _, walls, rooms, doors = best
    return _furnished(place, walls, rooms, doors, stream("world/furniture"))


@dataclass(frozen=True)
class _Door:
    """Between two rooms (-1 is outside): which wall and hole, and which room is on the wall's near side."""

    wall: int
    hole: int
    near: int
    far: int


def _cut(
    place: ShoothouseRooms, rng: np.random.Generator
) -> tuple[tuple[Room, ...], list[tuple[int, float, float, float]]]:
    """Rooms, and the lines that cut them: (axis that they lie across, where, from, to)."""
    rooms: list[Room] = [(0.0, 0.0, place.width, place.length)]
    lines: list[tuple[int, float, float, float]] = []
    while len(rooms) < place.rooms:
        rooms.sort(key=lambda r: (r[2] - r[0]) * (r[3] - r[1]))
        x0, y0, x1, y1 = rooms.pop()
        axis = int(y1 - y0 > x1 - x0) if abs((y1 - y0) - (x1 - x0)) > 0.8 else int(rng.integers(2))
        low, high = ((x0, x1), (y0, y1))[axis]
        at = low + (high - low) * float(rng.uniform(0.38, 0.62))
        if axis == 0:
            rooms += [(x0, y0, at, y1), (at, y0, x1, y1)]
            lines.append((0, at, y0, y1))
        else:
            rooms += [(x0, y0, x1, at), (x0, at, x1, y1)]
            lines.append((1, at, x0, x1))
    return tuple(sorted(rooms, key=lambda r: (r[1], r[0]))), lines


def _doors(
    place: ShoothouseRooms,
    rooms: tuple[Room, ...],
    lines: list[tuple[int, float, float, float]],
    rng: np.random.Generator,
) -> tuple[tuple[Partition, ...], list[_Door]]:
    """Walls with their doorways: a tree over the rooms and some more, and the entrance."""
    h = place.height
    walls = [
        replace(w, near="outer", far="inner") for w in box_of_walls((0, 0), (place.width, place.length), h, thick=THICK)
    ]
    for k, (axis, at, a, b) in enumerate(lines):
        ends = ((at, a), (at, b)) if axis == 0 else ((a, at), (b, at))
        walls.append(Partition(f"inner {k}", *ends, h, (), THICK, 0.0, "inner", "inner"))
    shared: list[tuple[int, int, int, float, float]] = []  # wall, near room, far room, from, to along the wall
    for k, (axis, at, a, _) in enumerate(lines):
        for i, first in enumerate(rooms):
            for j, second in enumerate(rooms):
                if abs(first[axis + 2] - at) > 1e-6 or abs(second[axis] - at) > 1e-6:
                    continue
                other = 1 - axis
                low, high = max(first[other], second[other]), min(first[other + 2], second[other + 2])
                if high - low > 1.7:
                    # a wall across x runs along +y and has the larger x on its near side
                    near, far = (j, i) if axis == 0 else (i, j)
                    shared.append((4 + k, near, far, low - a, high - a))
    chosen: list[tuple[int, int, int, float, float]] = []
    group = list(range(len(rooms)))
    for index in rng.permutation(len(shared)):
        _, i, j, _, _ = shared[index]
        joined = group[i] == group[j]
        if not joined or rng.uniform() < 0.2:
            chosen.append(shared[index])
            group = [group[i] if g == group[j] else g for g in group]
    front = [k for k, r in enumerate(rooms) if r[1] == 0.0]
    entrance = front[int(rng.integers(len(front)))]
    x0, _, x1, _ = rooms[entrance]
    corner = float(walls[0].start[0])
    chosen.append((0, -1, entrance, x0 - corner, x1 - corner))
    doors: list[_Door] = []
    wide, tall = float(rng.choice([0.86, 0.92, 1.0])), min(float(rng.choice([2.0, 2.06, 2.1])), h - 0.12)
    for wall, near, far, a, b in chosen:
        u = float(rng.uniform(a + 0.35 + 0.5 * wide, b - 0.35 - 0.5 * wide))
        leaf = near >= 0 and rng.uniform() < place.doors
        hole = Hole(
            u - 0.5 * wide, u + 0.5 * wide, 0.0, tall, "door" if leaf else "doorway", int(rng.choice([-1, 1])),
            float(rng.uniform(1.5, 1.8)) if leaf else 0.0,
        )  # fmt: skip
        doors.append(_Door(wall, len(walls[wall].holes), near, far))
        walls[wall] = replace(walls[wall], holes=(*walls[wall].holes, hole))
    return tuple(walls), doors


def _next(doors: list[_Door], room: int) -> list[tuple[int, int]]:
    """(door, room behind it) of a room."""
    return [(k, d.far if d.near == room else d.near) for k, d in enumerate(doors) if room in (d.near, d.far)]


def _path(doors: list[_Door], rooms: int) -> list[int]:
    """Rooms from outside (-1) to the one that is the most doors away."""
    before: dict[int, int] = {-1: -1}
    queue = [-1]
    for room in queue:
        for _, other in _next(doors, room):
            if other not in before:
                before[other] = room
                queue.append(other)
    assert len(queue) == rooms + 1
    order = [queue[-1]]
    while order[-1] != -1:
        order.append(before[order[-1]])
    return order[::-1]


def _gate(walls: tuple[Partition, ...], doors: list[_Door], a: int, b: int) -> tuple[Array, Array]:
    """(3,) before and behind the door from room a into room b."""
    door = next(d for d in doors if {d.near, d.far} == {a, b})
    wall = walls[door.wall]
    before, behind = wall.through(wall.holes[door.hole])
    return (before, behind) if door.near == a else (behind, before)


def _through(walls: tuple[Partition, ...], doors: list[_Door], order: list[int]) -> list[Array]:
    points: list[Array] = []
    for a, b in pairwise(order):
        points += _gate(walls, doors, a, b)
    start = points[0].copy()
    start[1] = -APRON + 0.5
    return [start, *points]


def _tour(doors: list[_Door], room: int, seen: list[int]) -> list[int]:
    """Rooms as they are visited one after another, back through those already seen."""
    out = [room]
    for _, other in _next(doors, room):
        if other not in seen:
            seen.append(other)
            out += [*_tour(doors, other, seen), room]
    return out


def doors_of(walls: Sequence[Partition]) -> list[tuple[int, int]]:
    """(wall, hole) of every opening that is walked through."""
    return [(k, j) for k, wall in enumerate(walls) for j, hole in enumerate(wall.holes) if hole.passable]


def unhinged(
    walls: tuple[Partition, ...], doors: Sequence[tuple[int, int]], nearest: float = 0.42
) -> tuple[tuple[Partition, ...], list[Array]]:
    """The walls without those leaves that stand in somebody's way, and (3,) before and behind every opening.

    Args:
        walls: of the place.
        doors: (wall, hole) of what is walked through.
        nearest: metres that a leaf keeps from the points before and behind openings, its own among them.
    """
    out = list(walls)
    for k, j in doors:
        hole = out[k].holes[j]
        if hole.kind != "door":
            continue
        leaf = out[k].leaf(hole).polygon
        points = [p for a, b in doors for p in out[a].through(out[a].holes[b])]
        others = [s.polygon for i, w in enumerate(out) if i != k for s in w.solids() if s.bottom < 1.0]
        beside = any(leaf.distance(shapely.Point(p[:2])) < nearest for p in points)
        if beside or any(leaf.distance(other) < 0.02 for other in others):
            holes = list(out[k].holes)
            holes[j] = replace(hole, kind="doorway", angle=0.0)
            out[k] = replace(out[k], holes=tuple(holes))
    return tuple(out), [p for a, b in doors for p in out[a].through(out[a].holes[b])]


def gates_of(points: Sequence[Array]) -> tuple[tuple[float, float, float], ...]:
    """Points as the site has them."""
    return tuple((float(x), float(y), float(z)) for x, y, z in points)


def _furnished(
    place: ShoothouseRooms,
    walls: tuple[Partition, ...],
    rooms: tuple[Room, ...],
    doors: list[_Door],
    rng: np.random.Generator,
) -> Plan:
    order = _path(doors, len(rooms))
    walls, gates = unhinged(walls, doors_of(walls))
    line = _through(walls, doors, order)
    floor = shapely.box(-1, -APRON, place.width + 1, place.length)
    room = Furnisher(floor, all_solids(walls), [line[0], *gates])
    if not room.joined:
        walls, gates = unhinged(walls, doors_of(walls), nearest=np.inf)
        line = _through(walls, doors, order)
        room = Furnisher(floor, all_solids(walls), [line[0], *gates])
    room.keep_free(shapely.box(-1, -APRON, place.width + 1, 0.0))
    for a, b in zip(gates[::2], gates[1::2], strict=True):
        room.keep_lane((a, b), 0.5)
    x0, y0, x1, y1 = rooms[order[-1]]
    corners = [np.array([x, y, 0.0]) for x in (x0 + 0.9, x1 - 0.9) for y in (y0 + 0.9, y1 - 0.9)]
    end = max(corners, key=lambda corner: float(np.linalg.norm(corner - line[-1])))
    room.must_reach(end)
    pie = _pie(walls, rooms, doors, rng)
    room.keep_lane(list(pie[0]), 0.45)
    cover, spot = _cover(room, rooms[order[-1]], line[-1], rng)
    for _ in range(8 * place.ballistic):
        if sum(thing.kind.startswith("barrier") for thing in room.things) > place.ballistic:
            break
        x0, y0, x1, y1 = rooms[int(rng.integers(len(rooms)))]
        at = rng.uniform((x0 + 0.5, y0 + 0.5), (x1 - 0.5, y1 - 0.5))
        room.add(_barrier(at, float(rng.choice([0, np.pi / 2])) + float(rng.normal(0, 0.1)), rng), gap=0.3)
    wanted = round(place.furniture * place.width * place.length / 10)
    loose = round(place.clutter * place.width * place.length / 9)
    share = np.array([prop[4] for prop in _PROPS])
    for _ in range(14 * (wanted + loose)):
        if wanted + loose <= 0:
            break
        kind, w, d, h, _, is_loose = _PROPS[int(rng.choice(len(_PROPS), p=share / share.sum()))]
        if (loose if is_loose else wanted) <= 0:
            continue
        thing = _along(rooms[int(rng.integers(len(rooms)))], kind, (w, d, h), rng, loose=is_loose)
        if room.add(thing):
            wanted, loose = wanted - (not is_loose), loose - is_loose
    looks = [walls[d.wall].world(walls[d.wall].holes[d.hole].middle, 0.0, _EYE) for d in doors]
    looks += [
        np.array([x, y, _EYE]) for x0, y0, x1, y1 in rooms for x, y in ((x0 + 0.6, y1 - 0.6), (x1 - 0.6, y1 - 0.6))
    ]
    search, pauses = _search(walls, rooms, doors, line[0], room)
    ways: dict[WayWord, Way] = {
        "advance": Way(np.array([*line, end]), np.array(looks)),
        "search": Way(search, np.array(looks), pauses),
        "pie_corner": Way(pie[0], pie[1][None]),
        "take_cover": Way(np.array([*line, np.array(cover)]), np.array(looks)),
    }
    inset = 0.55
    corners = [
        np.array([x, y]) for x0, y0, x1, y1 in rooms for x in (x0 + inset, x1 - inset) for y in (y0 + inset, y1 - inset)
    ]
    spots = target_spots(room, corners, ways.values(), place.targets, rng)
    return Plan(place, walls, rooms, tuple(room.things), ways, (spot, *spots), gates_of([*gates, cover]))


def _search(
    walls: tuple[Partition, ...], rooms: tuple[Room, ...], doors: list[_Door], start: Array, room: Furnisher
) -> tuple[Array, tuple[int, ...]]:
    points, pauses = [start], list[int]()
    seen = {-1}
    tour = _tour(doors, -1, [-1])
    last = max(k for k, r in enumerate(tour) if tour.index(r) == k)  # no way back out once all are seen
    for a, b in pairwise(tour[: last + 1]):
        before, behind = _gate(walls, doors, a, b)
        points += [before, behind]
        x0, y0, x1, y1 = rooms[b]
        middle = 0.55 * np.array([0.5 * (x0 + x1), 0.5 * (y0 + y1), 0.0]) + 0.45 * behind
        if b not in seen and room.is_free(middle, 0.4):
            points.append(middle)
        if b in seen:
            continue
        seen.add(b)
        if not pauses or pauses[-1] != len(points) - 1:
            pauses.append(len(points) - 1)
    return np.array(points), tuple(pauses)


def _pie(
    walls: tuple[Partition, ...], rooms: tuple[Room, ...], doors: list[_Door], rng: np.random.Generator
) -> tuple[Array, Array]:
    """An arc before a door: its points, and what is faced behind the door."""
    side = int(rng.choice([-1, 1]))
    for index in rng.permutation(len(doors)):
        door = doors[index]
        wall, radius = walls[door.wall], 1.25
        hole = wall.holes[door.hole]
        angles = np.radians(np.linspace(158, 40, 9))[::-side]
        for near, sign, base in ((door.near, -1.0, 0.0), (door.far, 1.0, wall.thick)):
            if near < 0 or (hole.kind == "door" and sign > 0):  # from the side that the leaf does not stand on
                continue
            arc = np.array(
                [wall.world(hole.middle + radius * np.cos(a), base + sign * radius * np.sin(a)) for a in angles]
            )
            x0, y0, x1, y1 = rooms[near]
            if np.all(
                (arc[:, 0] > x0 + 0.5) & (arc[:, 0] < x1 - 0.5) & (arc[:, 1] > y0 + 0.5) & (arc[:, 1] < y1 - 0.5)
            ):
                return arc, wall.world(hole.middle, base - sign * 0.9, _EYE)
    door = doors[-1]  # the entrance has room before it
    wall = walls[door.wall]
    hole = wall.holes[door.hole]
    angles = np.radians(np.linspace(150, 50, 9))[::-side]
    arc = np.array([wall.world(hole.middle + 1.3 * np.cos(a), -1.3 * np.sin(a)) for a in angles])
    return arc, wall.world(hole.middle, 1.0, _EYE)


def _barrier(at: Array, yaw: float, rng: np.random.Generator, *, low: bool = False) -> Thing:
    kind = str(rng.choice(["barrier_tyres", "barrier_timber", "barrier_steel"]))
    depth = {"barrier_tyres": 0.62, "barrier_timber": 0.3, "barrier_steel": 0.4}[kind]
    height = float(rng.uniform(1.05, 1.25)) if low else float(rng.uniform(1.2, 2.0))
    wide = 1.24 if kind == "barrier_tyres" else float(rng.uniform(1.1, 1.6))
    x, y = float(at[0]), float(at[1])
    return Thing(kind, (x, y, 0.0), yaw, (wide, depth, height), int(rng.integers(2**31)))


def _cover(room: Furnisher, last: Room, entry: Array, rng: np.random.Generator) -> tuple[Array, Spot]:
    """A low barrier in the last room with space behind it; else the end of the way serves, faced ahead."""
    x0, y0, x1, y1 = last
    for _ in range(60):
        at = rng.uniform((x0 + 0.7, y0 + 0.7), (x1 - 0.7, y1 - 0.7))
        ahead = np.array([x0 + x1, y0 + y1]) * 0.5 - entry[:2]
        yaw = float(np.arctan2(-ahead[0], ahead[1])) + float(rng.normal(0, 0.25))
        way = np.array([-np.sin(yaw), np.cos(yaw)])
        thing = _barrier(at, yaw, rng, low=True)
        behind = at - way * (0.5 * thing.size[1] + 0.5)
        if np.linalg.norm(behind - entry[:2]) < 0.6 or not room.is_free(behind, 0.42):
            continue
        if room.add(thing, gap=0.2):
            room.must_reach(behind, 0.4)
            return np.array([*behind, 0.0]), Spot((float(behind[0]), float(behind[1]), 0.0), yaw, "cover")
    return entry, Spot((float(entry[0]), float(entry[1]), 0.0), 0.0, "cover")


def _along(room: Room, kind: str, size: tuple[float, float, float], rng: np.random.Generator, *, loose: bool) -> Thing:
    """A thing with its back to one of the room's walls, or, a table, anywhere."""
    x0, y0, x1, y1 = room
    w, d, _ = size
    side, off = int(rng.integers(4)), 0.5 * THICK + 0.5 * d + 0.04
    share = float(rng.uniform())
    if kind == "table" and rng.uniform() < 0.6:
        x, y, yaw = rng.uniform(x0 + 0.8, x1 - 0.8), rng.uniform(y0 + 0.8, y1 - 0.8), float(rng.uniform(0, np.pi))
    elif side % 2 == 0:  # north, south
        x = x0 + 0.5 * w + 0.12 + share * max(x1 - x0 - w - 0.24, 0.0)
        y, yaw = (y1 - off, 0.0) if side == 0 else (y0 + off, np.pi)
    else:  # west, east
        y = y0 + 0.5 * w + 0.12 + share * max(y1 - y0 - w - 0.24, 0.0)
        x, yaw = (x0 + off, np.pi / 2) if side == 1 else (x1 - off, -np.pi / 2)
    yaw += float(rng.normal(0, 0.12)) if kind == "chair" else 0.0
    return Thing(kind, (float(x), float(y), 0.0), yaw, size, int(rng.integers(2**31)), loose)
