"""An office: from the entrance at y = 0 to its length, windows along x = 0, rooms partitioned off along the other side."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from generator.scenario.environments import Office
from generator.site.bays import Bay, bays_of
from generator.site.furnish import Furnisher, target_spots
from generator.site.model import Acoustics, Floor, Site, Spot, Streams, Way, WayWord
from generator.site.rooms import doors_of, gates_of, unhinged
from generator.site.walls import THICK, Hole, Partition, Thing, all_solids, box_of_walls

Array = NDArray[np.float64]

_EYE = 1.5
_ROOM_DEEP = 3.0
"""Metres from the inner wall to the glass of the rooms that are partitioned off."""

_LOBBY = 2.2
"""Metres of floor before the entrance."""


@dataclass(frozen=True)
class Plan:
    """Where everything is.

    Attributes:
        place: the environment.
        walls: outer ones first (south with the entrance, east, north, west with the windows), then partitions.
        things: furniture.
        ways, spots, gates: as the site has them.
        rooms: (x0, y0, x1, y1) of what is partitioned off.
    """

    place: Office
    walls: tuple[Partition, ...]
    things: tuple[Thing, ...]
    ways: dict[WayWord, Way]
    spots: tuple[Spot, ...]
    gates: tuple[tuple[float, float, float], ...]
    rooms: tuple[tuple[float, float, float, float], ...]

    @cached_property
    def bays(self) -> tuple[Bay, ...]:
        """The open plan in a few, and one for every room."""
        place = self.place
        deep = _ROOM_DEEP if self.rooms else 0.0
        bays = bays_of((0.0, 0.0), (place.width - deep, place.length), place.height, 7.0)
        at = 0.0
        for x0, y0, x1, y1 in self.rooms:
            bays += (Bay((x0, y0), (x1, y1), place.height),)
            at = max(at, y1)
        if self.rooms and place.length - at > 1.0:
            bays += (Bay((place.width - deep, at), (place.width, place.length), place.height),)
        return bays

    @cached_property
    def site(self) -> Site:
        """What everybody may rely on."""
        place = self.place
        return Site(
            floors=(
                Floor.level((0, 0), (place.width, place.length), place.floor),
                Floor.level((0.0, -_LOBBY), (place.width, 0.0), "tile"),
            ),
            solids=(*all_solids(self.walls), *(thing.solid for thing in self.things if thing.kind not in ON_TOP)),
            ways=self.ways,
            acoustics=Acoustics(
                (0.0, 0.0, 0.0), (place.width, place.length, place.height), "painted_board", place.floor, "ceiling",
                about=0.05 + 0.06 * place.desks, openings=0.05,
            ),
            spots=self.spots,
            half_width=1.3,
            gates=self.gates,
        )  # fmt: skip


ON_TOP = frozenset({"monitor", "monitor_on", "whiteboard"})
"""Kinds that stand on or hang over other things, and are in nobody's way by themselves."""


def plan(place: Office, stream: Streams) -> Plan:
    """The plan of an office, of draws from named streams."""
    rng = stream("world/office")
    rooms = _rooms(place, rng)
    walls = _walls(place, rooms, rng)
    walls, gates = unhinged(walls, doors_of(walls))
    w, deep = place.width, _ROOM_DEEP if rooms else 0.0
    lane = w - deep - 0.95  # along the partitioned rooms, from the entrance to the far end
    start = np.array([lane, -_LOBBY + 0.5, 0.0])
    end = np.array([max(lane - 3.2, 1.2), place.length - 0.9, 0.0])
    turn = np.array([lane, place.length - 1.1, 0.0])
    floor = shapely.box(0, -_LOBBY, w, place.length)
    room = Furnisher(floor, all_solids(walls), [start, *gates])
    room.must_reach(end)
    room.keep_free(shapely.box(0, -_LOBBY, w, 0.3))
    room.keep_lane((start, turn), 0.55)
    for a, b in zip(gates[::2], gates[1::2], strict=True):
        room.keep_lane((a, b), 0.5)
    things: list[Thing] = []
    rows = _desks(place, room, lane, things, rng)
    cover, spot = _cover(room, place, lane, rng)
    for k, (x0, y0, x1, y1) in enumerate(rooms):
        (_kitchen if k == 1 else _meeting)(room, (x0, y0, x1, y1), things, rng)
    _about(place, room, lane, rng)
    looks = [p + (0, 0, _EYE) for p in gates]
    looks += [np.array([1.5, y, 1.2]) for y in rows]
    between = [np.array([lane - 1.2, y, 0.0]) for y in rows if 1.5 < y < place.length - 2.0]
    stops = [start, *(np.array([lane, p[1], 0.0]) for p in between), turn, end]
    ways: dict[WayWord, Way] = {
        "advance": Way(np.array([start, turn, end]), np.array(looks)),
        "search": Way(np.array(stops), np.array(looks), tuple(range(1, len(stops) - 1))),
        "take_cover": Way(np.array([start, cover]), np.array(looks)),
        "pie_corner": _pie(walls, rng),
    }
    wall = [np.array([x, place.length - d]) for x in np.arange(0.6, lane + 0.4, 0.5) for d in (0.5, 1.9)]
    spots = target_spots(room, wall, ways.values(), place.targets, rng)
    return Plan(place, walls, (*room.things, *things), ways, (spot, *spots), gates_of([*gates, cover]), rooms)


def _rooms(place: Office, rng: np.random.Generator) -> tuple[tuple[float, float, float, float], ...]:
    at = float(rng.uniform(2.2, 3.4))
    rooms = []
    for k in range(place.rooms):
        long = float(rng.uniform(3.6, 4.8)) if k != 1 else float(rng.uniform(2.8, 3.6))
        if at + long > place.length - 1.8:
            break
        rooms.append((place.width - _ROOM_DEEP, at, place.width, at + long))
        at += long
    return tuple(rooms)


def _walls(
    place: Office, rooms: tuple[tuple[float, float, float, float], ...], rng: np.random.Generator
) -> tuple[Partition, ...]:
    h, w = place.height, place.width
    south, east, north, west = box_of_walls((0, 0), (w, place.length), h + 0.05)
    deep = _ROOM_DEEP if rooms else 0.0
    lane = w - deep - 0.95
    u = lane - south.start[0]
    south = replace(south, holes=(Hole(u - 0.5, u + 0.5, 0.0, 2.1, "doorway"),))
    n = max(round(place.length / float(rng.uniform(1.6, 2.6))), 3)
    sill, top = float(rng.choice([0.12, 0.85, 0.95])), min(h - 0.25, 2.5)
    pitch = place.length / n
    panes = tuple(
        Hole(
            0.2 + (k + 0.5) * pitch - 0.5 * (pitch - 0.35),
            0.2 + (k + 0.5) * pitch + 0.5 * (pitch - 0.35),
            sill,
            top,
            "window",
        )
        for k in range(n)
    )
    west = replace(west, holes=panes)
    walls = [south, east, north, west]
    x = w - _ROOM_DEEP
    for k, (_, y0, _, y1) in enumerate(rooms):
        door = float(rng.uniform(0.9, y1 - y0 - 0.9))
        hole = Hole(door - 0.45, door + 0.45, 0.0, 2.06, "door", int(rng.choice([-1, 1])), float(rng.uniform(1.5, 1.7)))
        # The wall runs towards -y, so that its far side is the room, into which the door opens.
        front = Partition(f"front {k}", (x, y0), (x, y1), h, (), THICK, 0.0, "room", "room")
        front = replace(front, start=front.end, end=front.start)
        holes = [replace(hole, left=y1 - y0 - hole.right, right=y1 - y0 - hole.left)]
        if k != 1:  # glass beside the door
            door = holes[0].middle
            for a, b in ((0.2, door - 0.65), (door + 0.65, y1 - y0 - 0.2)):
                if b - a > 0.5:
                    holes.append(Hole(a, b, 0.1, 2.06, "window"))
        walls.append(replace(front, holes=tuple(holes)))
        if k == 0:
            walls.append(Partition(f"side {k}a", (x, y0), (w, y0), h))
        walls.append(Partition(f"side {k}b", (x, y1), (w, y1), h))
    return tuple(walls)


def _desks(place: Office, room: Furnisher, lane: float, things: list[Thing], rng: np.random.Generator) -> list[float]:
    """Pairs of desks face to face, in rows from the windows towards the lane; y of the gaps between the rows."""
    wide, deep, high = float(rng.choice([1.4, 1.6])), 0.8, float(rng.uniform(0.72, 0.75))
    across = int((lane - 0.75 - 0.35) // (wide + 0.02))
    pitch = 2 * deep + 2 * float(rng.uniform(1.0, 1.25))
    rows: list[float] = []
    y = 1.6 + deep + 0.55
    while y + deep + 1.5 < place.length:
        x0 = 0.35 + float(rng.uniform(0.0, 0.2))
        for k in range(across):
            x = x0 + (k + 0.5) * (wide + 0.02)
            for side in (-1.0, 1.0):
                if rng.uniform() > place.desks:
                    continue
                yaw = np.pi if side > 0 else 0.0  # the back of a desk is where the two meet
                at = (x, y + side * (0.5 * deep + 0.03), 0.0)
                if room.add(Thing("desk", at, yaw, (wide, deep, high), _seed(rng)), gap=0.0):
                    _on_desk(place, room, things, at, yaw, high, rng)
            if rng.uniform() < place.screens:
                room.add(Thing("screen", (x, y, 0.0), 0.0, (wide - 0.02, 0.04, 1.25), _seed(rng)), gap=0.0)
        rows.append(y + deep + 0.5 * (pitch - 2 * deep))
        y += pitch
    return rows


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**31))


def _on_desk(
    place: Office,
    room: Furnisher,
    things: list[Thing],
    at: tuple[float, float, float],
    yaw: float,
    high: float,
    rng: np.random.Generator,
) -> None:
    back = np.array([-np.sin(yaw), np.cos(yaw)])
    side = np.array([np.cos(yaw), np.sin(yaw)])
    for k in range(int(rng.integers(1, 3))):
        x, y = np.array(at[:2]) + 0.18 * back + (0.62 * k - 0.1 + rng.normal(0, 0.03)) * side * (-1) ** k
        kind = "monitor_on" if rng.uniform() < place.monitors_on else "monitor"
        turn = yaw + float(rng.normal(0, 0.15))
        things.append(Thing(kind, (float(x), float(y), high), turn, (0.56, 0.2, 0.5), _seed(rng), True))
    if rng.uniform() < 0.9:
        x, y = np.array(at[:2]) - (0.4 + float(rng.uniform(0.12, 0.4))) * back + float(rng.normal(0, 0.15)) * side
        turn = yaw + np.pi + float(rng.normal(0, 0.5))
        size = (0.6, 0.6, float(rng.uniform(0.95, 1.12)))
        room.add(Thing("swivel", (float(x), float(y), 0.0), turn, size, _seed(rng), True), gap=0.0)


def _cover(room: Furnisher, place: Office, lane: float, rng: np.random.Generator) -> tuple[Array, Spot]:
    """Behind a low cabinet that stands out into the lane, about two thirds along; else at the far end of the lane."""
    for _ in range(40):
        y, x = float(rng.uniform(0.5, 0.8)) * place.length, lane - 0.55 - 0.62
        behind = np.array([x + float(rng.uniform(-0.2, 0.2)), y - 0.55, 0.0])
        if not room.is_free(behind, 0.38):
            continue
        if room.add(Thing("cabinet", (x, y, 0.0), 0.0, (1.1, 0.45, 1.1), _seed(rng)), gap=0.02):
            room.must_reach(behind, 0.38)
            return behind, Spot((float(behind[0]), float(behind[1]), 0.0), 0.0, "cover")
    end = np.array([lane, place.length - 1.6, 0.0])
    return end, Spot((lane, place.length - 1.6, 0.0), 0.0, "cover")


def _meeting(
    room: Furnisher, where: tuple[float, float, float, float], things: list[Thing], rng: np.random.Generator
) -> None:
    x0, y0, x1, y1 = where
    x, y = 0.5 * (x0 + x1) + 0.25, 0.5 * (y0 + y1)
    long = float(np.clip(y1 - y0 - 2.0, 1.6, 2.6))
    room.add(Thing("table", (x, y, 0.0), np.pi / 2, (long, 1.0, 0.74), _seed(rng)))
    for side in (-1.0, 1.0):
        for k in range(int(long // 0.7)):
            at = (x + side * (0.78 + float(rng.normal(0, 0.05))), y - 0.5 * long + 0.4 + 0.7 * k, 0.0)
            kind = "swivel" if rng.uniform() < 0.3 else "chair"
            turn = -side * np.pi / 2 + float(rng.normal(0, 0.25))
            room.add(Thing(kind, at, turn, (0.48, 0.52, 0.86), _seed(rng), True), gap=0.01)
    board = (x1 - 0.03, y, 1.0)
    things.append(Thing("whiteboard", board, -np.pi / 2, (1.5, 0.04, 1.0), _seed(rng)))


def _kitchen(
    room: Furnisher, where: tuple[float, float, float, float], things: list[Thing], rng: np.random.Generator
) -> None:
    x0, y0, x1, y1 = where
    long = float(min(y1 - y0 - 1.1, 2.4))
    room.add(Thing("units", (x1 - 0.34, y0 + 0.2 + 0.5 * long, 0.0), -np.pi / 2, (long, 0.62, 0.9), _seed(rng)))
    room.add(Thing("fridge", (x1 - 0.36, y0 + 0.6 + long, 0.0), -np.pi / 2, (0.6, 0.62, 1.8), _seed(rng)))
    room.add(Thing("table", (x0 + 0.95, y1 - 0.75, 0.0), 0.0, (0.8, 0.8, 0.74), _seed(rng)))
    room.add(Thing("bin", (x0 + 0.35, y0 + 0.35, 0.0), 0.0, (0.3, 0.3, 0.5), _seed(rng), True))
    things.append(Thing("whiteboard", (0.5 * (x0 + x1), y1 - THICK, 1.2), 0.0, (0.9, 0.03, 0.6), _seed(rng)))


def _about(place: Office, room: Furnisher, lane: float, rng: np.random.Generator) -> None:
    """Cabinets and shelves along the inner wall, plants at the windows, bins, boxes."""
    kinds = (
        ("cabinet", 0.45, 0.6, 1.32, False), ("cabinet", 0.9, 0.45, 1.9, False), ("shelf", 0.9, 0.34, 1.9, False),
        ("plant", 0.7, 0.7, 1.3, True), ("bin", 0.3, 0.3, 0.4, True), ("clutter3", 0.52, 0.42, 0.9, True),
    )  # fmt: skip
    wanted = round((0.25 + place.clutter) * place.length)
    for _ in range(12 * wanted):
        if wanted <= 0:
            break
        kind, w, d, h, loose = kinds[int(rng.integers(len(kinds)))]
        where = float(rng.uniform())
        if where < 0.5:
            at, yaw = (place.width - 0.5 * d - 0.02, float(rng.uniform(0.6, place.length - 0.6))), -np.pi / 2
        elif where < 0.75:
            at, yaw = (float(rng.uniform(0.6, lane - 0.8)), place.length - 0.5 * d - 0.02), 0.0
        elif where < 0.9:
            at, yaw = (float(rng.uniform(0.6, lane - 0.8)), 0.5 * d + 0.32), np.pi
        else:
            at, yaw = (0.5 * d + 0.05, float(rng.uniform(0.6, place.length - 0.6))), np.pi / 2
            h = min(h, 1.3)
        if room.add(Thing(kind, (*at, 0.0), yaw, (w, d, h), _seed(rng), loose)):
            wanted -= 1


def _pie(walls: tuple[Partition, ...], rng: np.random.Generator) -> Way:
    """Round the door of the first room, or round the entrance."""
    found = [wall for wall in walls if wall.name.startswith("front")]
    if not found:
        hole = walls[0].holes[0]
        side = int(rng.choice([-1, 1]))
        angles = np.radians(np.linspace(150, 50, 9))[::side]
        arc = [walls[0].world(hole.middle + 1.2 * np.cos(a), -1.2 * np.sin(a)) for a in angles]
        return Way(np.array(arc), walls[0].world(hole.middle, 1.5, _EYE)[None])
    wall = found[0]
    hole = wall.holes[0]
    along = np.linspace(-1.5, 0.7, 8) * float(rng.choice([-1, 1]))
    # The lane is 0.95 m from the glass: past the door in it, nearly straight, always facing into the room.
    points = [wall.world(hole.middle + u, -0.88 - 0.07 * np.cos(u), 0.0) for u in along]
    return Way(np.array(points), wall.world(hole.middle, wall.thick + 1.2, _EYE)[None])
