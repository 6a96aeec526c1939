"""Aisles between rows of shelves or racks: a shop and a warehouse. Rows run along y; one comes in at y = 0."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from generator.scenario.environments import Shop, Warehouse
from generator.site.bays import Bay, bays_of
from generator.site.furnish import Furnisher, target_spots
from generator.site.model import Acoustics, Floor, Site, Spot, Streams, Way, WayWord
from generator.site.rooms import gates_of
from generator.site.walls import Hole, Partition, Thing, all_solids, box_of_walls

Array = NDArray[np.float64]

APRON = 3.2
"""Metres of pavement or yard before the entrance."""

_EYE = 1.5


@dataclass(frozen=True)
class Plan:
    """Where everything is.

    Attributes:
        place: the environment.
        walls: south with the entrance, east, north, west.
        things: shelves, goods, gear.
        ways, spots, gates: as the site has them.
        lamps: bays of the ceiling, or of the roof.
    """

    place: Shop | Warehouse
    walls: tuple[Partition, ...]
    things: tuple[Thing, ...]
    ways: dict[WayWord, Way]
    spots: tuple[Spot, ...]
    gates: tuple[tuple[float, float, float], ...]
    bays: tuple[Bay, ...]

    @cached_property
    def site(self) -> Site:
        """What everybody may rely on."""
        place = self.place
        shop = isinstance(place, Shop)
        floor, outside = (place.floor, "paving") if isinstance(place, Shop) else ("concrete", "asphalt")
        return Site(
            floors=(
                Floor.level((0, 0), (place.width, place.length), floor),
                Floor.level((-2.0, -APRON), (place.width + 2.0, 0.0), "paving" if outside == "paving" else "asphalt"),
            ),
            solids=(*all_solids(self.walls), *(thing.solid for thing in self.things)),
            ways=self.ways,
            acoustics=Acoustics(
                (0.0, 0.0, 0.0), (place.width, place.length, place.height), "plaster" if shop else "steel", floor,
                "ceiling" if shop else "steel", about=0.12 if shop else 0.08, openings=0.06,
            ),
            spots=self.spots,
            half_width=0.8,
            gates=self.gates,
        )  # fmt: skip


@dataclass(frozen=True)
class _Rows:
    """Rows of shelves: (x0, x1) of each, and what of y they take."""

    spans: tuple[tuple[float, float], ...]
    low: float
    high: float

    def aisles(self, width: float) -> list[float]:
        """X of the middles of the aisles, from left to right, between the rows (walls have shelves of their own)."""
        edges = [*self.spans, (width, width)]
        return [0.5 * (a[1] + b[0]) for a, b in zip(self.spans, edges[1:], strict=True) if b[0] - a[1] > 1.0]


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(2**31))


def _snake(aisles: list[float], low: float, high: float, start: Array, first: int) -> list[Array]:
    """Through the aisles one after another, up the first, down the next."""
    order = list(range(first, len(aisles))) + list(range(first - 1, -1, -1))
    points, up = [start], True
    for k in order:
        ends = (low, high) if up else (high, low)
        points += [np.array([aisles[k], y, 0.0]) for y in ends]
        up = not up
    return points


def _arc(rows: _Rows, aisle: float) -> tuple[Array, Array]:
    """Round the end of the row on the left of an aisle: points, and what is faced up the aisle."""
    corner = np.array([max(x1 for _, x1 in rows.spans if x1 < aisle), rows.low])
    angles = np.radians(np.linspace(212, 318, 9))
    arc = np.array([[corner[0] + 0.85 * np.cos(a), corner[1] + 0.85 * np.sin(a), 0.0] for a in angles])
    return arc, np.array([corner[0] + 0.7, corner[1] + 3.0, _EYE])


def _ends(place: Shop | Warehouse) -> list[Array]:
    """Places along the back wall and beside the entrance."""
    xs = np.arange(0.7, place.width - 0.6, 0.5)
    return [np.array([x, y]) for x in xs for y in (place.length - 0.5, place.length - 0.9, 0.7)]


def _cornered(aisles: list[float], inside: Array) -> float:
    """The aisle nearest to the entrance that has a row on its left with room before its end."""
    return aisles[min(max(_first(aisles, inside), 1), len(aisles) - 1)]


def _first(aisles: list[float], inside: Array) -> int:
    """The aisle nearest to the entrance."""
    return int(np.argmin(np.abs(np.array(aisles) - inside[0])))


def _ways(rows: _Rows, aisles: list[float], start: Array, inside: Array, cover: Array) -> dict[WayWord, Way]:
    first = _first(aisles, inside)
    low, high = rows.low - 0.85, rows.high + 0.75
    points = [start, *_snake(aisles, low, high, inside, first)]
    looks = [np.array([x, y, _EYE]) for x in aisles for y in (rows.low + 1.5, rows.high - 1.5)]
    arc, face = _arc(rows, _cornered(aisles, inside))
    return {
        "advance": Way(np.array(points[: 6 if len(points) > 5 else len(points)]), np.array(looks)),
        "search": Way(np.array(points), np.array(looks), tuple(range(2, len(points) - 1))),
        "take_cover": Way(np.array([start, inside, cover]), np.array(looks)),
        "pie_corner": Way(arc, face[None]),
    }


def plan_shop(place: Shop, stream: Streams) -> Plan:
    """The plan of a shop, of draws from named streams."""
    rng = stream("world/shop")
    w, long = place.width, place.length
    front, back, deep, wall_deep = 3.0, 2.7, 0.9, 0.45
    n = max(int((w - 2 * wall_deep - place.aisle) // (deep + place.aisle)), 1)
    gap = (w - 2 * wall_deep - n * deep) / (n + 1)
    spans = tuple((wall_deep + gap + k * (deep + gap), wall_deep + gap + k * (deep + gap) + deep) for k in range(n))
    rows = _Rows(((0.0, wall_deep), *spans, (w - wall_deep, w)), front, long - back)
    aisles = rows.aisles(w)
    door = float(aisles[int(rng.integers(len(aisles)))])
    walls = _shop_walls(place, door, rng)
    start, inside = np.array([door, -APRON + 0.5, 0.0]), np.array([door, 0.9, 0.0])
    floor = shapely.box(-2, -APRON, w + 2, long)
    reach = [start, inside, *(np.array([x, y, 0.0]) for x in aisles for y in (front - 0.85, long - back + 0.75))]
    room = Furnisher(floor, all_solids(walls), reach)
    room.keep_free(shapely.box(-2, -APRON, w + 2, 0.2))
    room.keep_lane((start, inside), 0.7)
    for x in aisles:
        room.keep_lane(((x, front - 1.0, 0), (x, long - back + 0.8, 0)), 0.46)
    room.keep_lane(list(_arc(rows, _cornered(aisles, inside))[0]), 0.42)
    split = 0.5 * (front + long - back)
    for x0, x1 in spans:
        for a, b in (
            ((front, split - 0.6), (split + 0.6, long - back)) if long - front - back > 7 else ((front, long - back),)
        ):
            room.add(
                Thing(
                    "gondola", (0.5 * (x0 + x1), 0.5 * (a + b), 0.0), np.pi / 2, (b - a, deep, place.shelf), _seed(rng)
                ),
                gap=0.0,
            )
    tall = min(place.shelf + 0.35, place.height - 0.4)
    for x, yaw in ((0.5 * wall_deep + 0.01, np.pi / 2), (w - 0.5 * wall_deep - 0.01, -np.pi / 2)):
        size = (long - front - 0.6, wall_deep - 0.02, tall)
        room.add(Thing("wall_shelf", (x, front + 0.5 * size[0], 0.0), yaw, size, _seed(rng)), gap=0.0)
    left = place.counter == "left"
    x = 1.25 if left else w - 1.25
    if abs(door - x) < 1.9:
        x = w - 1.25 if left else 1.25
    room.add(Thing("counter", (x, 1.5, 0.0), np.pi / 2 if x < 0.5 * w else -np.pi / 2, (1.9, 0.7, 0.98), _seed(rng)))
    cover, spot = _behind(room, "display", (1.3, 0.6, 1.08), (aisles, long - back + 1.35), rng)
    _shop_about(place, room, rng)
    bays = bays_of((0.0, 0.0), (w, long), place.height, 6.5, np.pi / 2)
    gates = gates_of([inside, cover])
    ways = _ways(rows, aisles, start, inside, cover)
    spots = (spot, *target_spots(room, _ends(place), ways.values(), place.targets, rng))
    return Plan(place, walls, tuple(room.things), ways, spots, gates, bays)


def _behind(
    room: Furnisher,
    kind: str,
    size: tuple[float, float, float],
    where: tuple[list[float], float],
    rng: np.random.Generator,
) -> tuple[Array, Spot]:
    """Something low to go down behind, at one height y in one of the aisles' ends, and the place before it."""
    aisles, y = where
    for _ in range(40):
        x = float(aisles[int(rng.integers(len(aisles)))]) + float(rng.normal(0, 0.3))
        at = y + float(rng.uniform(-0.1, 0.25))
        behind = np.array([x, at - 0.5 * size[1] - 0.48, 0.0])
        if room.is_free(behind, 0.36) and room.add(Thing(kind, (x, at, 0.0), 0.0, size, _seed(rng)), gap=0.02):
            room.must_reach(behind, 0.36)
            return behind, Spot((x, float(behind[1]), 0.0), 0.0, "cover")
    x = float(aisles[0])
    return np.array([x, y - 0.7, 0.0]), Spot((x, y - 0.7, 0.0), 0.0, "cover")


def _shop_walls(place: Shop, door: float, rng: np.random.Generator) -> tuple[Partition, ...]:
    south, east, north, west = box_of_walls((0, 0), (place.width, place.length), place.height + 0.05)
    holes = [Hole(door + 0.2 - 0.6, door + 0.2 + 0.6, 0.0, 2.2, "doorway")]
    sill, top = float(rng.choice([0.15, 0.5])), min(place.height - 0.3, 2.7)
    for a, b in ((0.5, door - 0.65), (door + 1.05, place.width - 0.1)):
        wide = (b - a) * place.front
        if wide > 0.8:
            middle = 0.5 * (a + b)
            holes.append(Hole(middle - 0.5 * wide, middle + 0.5 * wide, sill, top, "window"))
    store = place.width * float(rng.uniform(0.2, 0.8))
    north = replace(north, holes=(Hole(store - 0.45, store + 0.45, 0.0, 2.05, "door", 1, 0.0),))
    return replace(south, holes=tuple(holes)), east, north, west


def _shop_about(place: Shop, room: Furnisher, rng: np.random.Generator) -> None:
    kinds = (
        ("clutter3", 0.52, 0.42, 0.9), ("plant", 0.6, 0.6, 1.2), ("bin", 0.36, 0.36, 0.7), ("basket", 0.45, 0.45, 0.8),
        ("display", 0.8, 0.6, 1.0), ("clutter2", 0.64, 0.42, 0.9),
    )  # fmt: skip
    wanted = round(2 + 9 * place.clutter)
    for _ in range(14 * wanted):
        kind, w, d, h = kinds[int(rng.integers(len(kinds)))]
        y = (
            float(rng.uniform(0.6, 2.6))
            if rng.uniform() < 0.5
            else float(rng.uniform(place.length - 2.2, place.length - 0.4))
        )
        at = (float(rng.uniform(0.5, place.width - 0.5)), y, 0.0)
        yaw = float(rng.choice([0.0, np.pi / 2, np.pi])) + float(rng.normal(0, 0.06))
        if room.add(Thing(kind, at, yaw, (w, d, h), _seed(rng), True), gap=0.05):
            wanted -= 1
        if wanted <= 0:
            break


def plan_warehouse(place: Warehouse, stream: Streams) -> Plan:
    """The plan of a warehouse, of draws from named streams."""
    rng = stream("world/warehouse")
    w, long = place.width, place.length
    front, back, deep = 5.2, 2.6, 1.1
    n = max(int((w - deep - place.aisle) // (2 * deep + 0.1 + place.aisle)), 1)
    used = deep + n * (2 * deep + 0.1)
    gap = (w - used - 0.2) / (n + 1)
    spans = [(0.2, 0.2 + deep)]
    for _ in range(n):
        x = spans[-1][1] + gap
        spans.append((x, x + 2 * deep + 0.1))
    rows = _Rows(tuple(spans), front, long - back)
    aisles = rows.aisles(w)
    south, east, north, west = box_of_walls((0, 0), (w, long), place.height + 1.0)
    door = float(rng.uniform(1.2, 0.3 * w)) if rng.uniform() < 0.5 else float(rng.uniform(0.7 * w, w - 1.2))
    gate = 0.5 * w if abs(door - 0.5 * w) > 3.2 else (0.3 if door > 0.5 * w else 0.7) * w
    holes = (
        Hole(door + 0.2 - 0.5, door + 0.2 + 0.5, 0.0, 2.1, "doorway"),
        Hole(gate + 0.2 - 1.9, gate + 0.2 + 1.9, 0.0, 4.0, "hatch"),
    )
    walls = (replace(south, holes=holes), east, north, west)
    start, inside = np.array([door, -APRON + 0.5, 0.0]), np.array([door, 1.0, 0.0])
    floor = shapely.box(-2, -APRON, w + 2, long)
    reach = [start, inside, *(np.array([x, y, 0.0]) for x in aisles for y in (front - 0.85, long - back + 0.75))]
    room = Furnisher(floor, all_solids(walls), reach)
    room.keep_free(shapely.box(-2, -APRON, w + 2, 0.3))
    room.keep_lane((start, inside), 0.7)
    room.keep_lane(list(_arc(rows, _cornered(aisles, inside))[0]), 0.5)
    tall = 0.35 + 1.5 * place.levels
    tall = min(tall, place.height - 0.6)
    for x0, x1 in spans:
        for x in (x0 + 0.5 * deep, x1 - 0.5 * deep)[: 2 if x1 - x0 > 1.5 else 1]:
            yaw = np.pi / 2 if x > 0.5 * (x0 + x1) else -np.pi / 2
            size = (long - back - front, deep, tall)
            room.add(Thing("rack", (x, 0.5 * (front + long - back), 0.0), yaw, size, _seed(rng)), gap=0.0)
    cover, spot = _behind(room, "pallet_low", (1.2, 0.8, 1.15), (aisles, front + 0.6 * (long - back - front)), rng)
    for x in aisles:
        room.keep_lane(((x, front - 1.0, 0), (x, long - back + 0.8, 0)), 0.5)
    if place.forklift:
        for _ in range(30):
            at = (float(rng.uniform(1.5, w - 1.5)), float(rng.uniform(1.8, front - 0.9)), 0.0)
            size = (1.15, 3.1, 2.15)
            if room.add(Thing("forklift", at, float(rng.uniform(0, 2 * np.pi)), size, _seed(rng)), gap=0.1):
                break
    _warehouse_about(place, room, rng)
    bays = bays_of((0.0, 0.0), (w, long), place.height + 0.4, 9.0)
    gates = gates_of([inside, cover])
    ways = _ways(rows, aisles, start, inside, cover)
    spots = (spot, *target_spots(room, _ends(place), ways.values(), place.targets, rng))
    return Plan(place, walls, tuple(room.things), ways, spots, gates, bays)


def _warehouse_about(place: Warehouse, room: Furnisher, rng: np.random.Generator) -> None:
    """Pallets on the floor, empty ones in stacks, cages, drums, cones."""
    kinds = (
        ("pallet", 1.2, 0.8, 1.5, 3), ("pallets", 1.2, 0.8, 1.1, 2), ("cage", 0.8, 0.72, 1.7, 1), ("clutter6", 0.44, 0.44, 0.9, 1),
        ("clutter4", 0.4, 0.4, 0.7, 1), ("clutter3", 0.52, 0.42, 0.9, 1), ("jack", 0.55, 1.6, 1.2, 1),
    )  # fmt: skip
    share = np.array([kind[4] for kind in kinds], float)
    wanted = round(3 + 12 * place.loose + 8 * place.clutter)
    for _ in range(12 * wanted):
        kind, w, d, h, _ = kinds[int(rng.choice(len(kinds), p=share / share.sum()))]
        y = (
            float(rng.uniform(0.7, 4.6))
            if rng.uniform() < 0.7
            else float(rng.uniform(place.length - 2.1, place.length - 0.6))
        )
        at = (float(rng.uniform(0.8, place.width - 0.8)), y, 0.0)
        yaw = float(rng.choice([0.0, np.pi / 2])) + float(rng.normal(0, 0.08))
        height = h * float(rng.uniform(0.7, 1.15)) if kind in ("pallet", "pallets") else h
        if room.add(Thing(kind, at, yaw, (w, d, height), _seed(rng), True), gap=0.06):
            wanted -= 1
        if wanted <= 0:
            break
