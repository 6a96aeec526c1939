"""The corridor of a shoot-house: straight, from y = 0 to its length, x from 0 to its width."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from generator.scenario.environments import ShoothouseCorridor
from generator.scenario.spec import ClipSpec
from generator.site.model import Acoustics, Floor, Site, Solid, Streams, Way

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

    @cached_property
    def site(self) -> Site:
        """The lane between what stands along the walls is free; see ``generator.world.clutter``."""
        room, middle = self.room, 0.5 * self.room.width
        ends = np.array([[middle, 0.0, 0.0], [middle, room.length, 0.0]])
        looks = np.array([self.walls[door.wall].world(door.u, 0.0, 1.5) for door in self.doors]).reshape(-1, 3)
        looks = looks[np.argsort(looks[:, 1], kind="stable")]
        stops = [y for y in looks[:, 1] - 0.5 if 1.3 < y < room.length - 1.0]
        search = np.array([ends[0], *([middle, y, 0.0] for y in stops), ends[1]])
        return Site(
            floors=(Floor.level((0, 0), (room.width, room.length), room.floor),),
            solids=tuple(_solid(wall) for wall in self.walls),
            ways={
                "advance": Way(ends, looks, direct=True),
                "search": Way(search, looks, tuple(range(1, len(search) - 1)), direct=True),
            },
            acoustics=Acoustics(
                (0.0, 0.0, 0.0), (room.width, room.length, room.height), room.wall, room.floor, "ceiling",
                about=0.03 * room.clutter, openings=0.10 * room.doors_open,
            ),
            half_width=middle - 0.35,
        )  # fmt: skip


def corridor_of(spec: ClipSpec) -> ShoothouseCorridor:
    """The environment of a clip that takes place in a corridor; TypeError elsewhere."""
    if not isinstance(spec.environment, ShoothouseCorridor):
        raise TypeError(f"{spec.environment.kind} is no corridor")
    return spec.environment


def _solid(wall: Wall) -> Solid:
    corners = [wall.world(u, depth, 0.0)[:2] for u, depth in ((0, 0), (wall.length, 0), (wall.length, 0.1), (0, 0.1))]
    return Solid(np.array(corners), 0.0, wall.height, "wall")


def plan(room: ShoothouseCorridor, stream: Streams) -> Plan:
    """The plan of a corridor, of draws from named streams."""
    walls = _walls(room, stream("world/sheets"))
    doors = _doors(room, walls, stream("world/doors"))
    windows, gaps = _daylight(room, doors, walls, stream("world/daylight"))
    ceiling: Ceiling = ("board", "joists", "tiles")[_ceiling_kind(room, stream("world/ceiling"))]
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
