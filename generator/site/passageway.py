"""A passageway below deck: y from 0 to its length, x from 0 to its width, with a passage across it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from generator.scenario.environments import ShipPassageway
from generator.site.model import Acoustics, Floor, Ride, Site, Solid, Spot, Streams, Way

CROSSING = 4.5
"""Metres that the passage across can be seen into."""

PLATE = 0.12
"""Metres of a bulkhead with its stiffeners and lining."""

COAMING = 0.13
"""Metres: coamings below deck are lower than what is stepped around."""

WATERTIGHT = 1.02
"""Metres between the sides of the frame of a watertight door."""


@dataclass(frozen=True)
class CabinDoor:
    """One door. ``side`` -1 is the bulkhead at x = 0, +1 the other; ``angle`` radians that it stands open into the cabin."""

    index: int
    side: int
    y: float
    width: float
    angle: float
    lit: bool


@dataclass(frozen=True)
class PassagePlan:
    """Where everything fixed is.

    Attributes:
        place: the environment of the clip.
        doors: cabin doors.
        cross: (y0, y1) of the passage across.
        frame: y of the watertight door's frame, None without.
        extinguishers, boxes: (side, y) of what hangs on the bulkheads.
    """

    place: ShipPassageway
    doors: tuple[CabinDoor, ...]
    cross: tuple[float, float]
    frame: float | None
    extinguishers: tuple[tuple[int, float], ...]
    boxes: tuple[tuple[int, float], ...]

    def bulkheads(self) -> list[tuple[int, float, float]]:
        """(side, y0, y1) of the runs of both bulkheads, without their doors."""
        runs = []
        for side in (-1, 1):
            cuts = [(self.cross[0], self.cross[1])]
            cuts += [(d.y - 0.5 * d.width, d.y + 0.5 * d.width) for d in self.doors if d.side == side and d.angle > 0]
            at = 0.0
            for low, high in sorted(cuts):
                runs.append((side, at, low))
                at = high
            runs.append((side, at, self.place.length))
        return [(side, a, b) for side, a, b in runs if b - a > 0.02]

    @cached_property
    def site(self) -> Site:
        """The deck between the bulkheads, and of the passage across."""
        place, (c0, c1) = self.place, self.cross
        wide, length, middle = place.width, place.length, 0.5 * place.width
        solids = []
        for side, a, b in self.bulkheads():
            x = -0.5 * PLATE if side < 0 else wide + 0.5 * PLATE
            solids.append(Solid.box((x, 0.5 * (a + b)), (PLATE, b - a, place.height), "wall"))
        for y in (-0.5 * PLATE, length + 0.5 * PLATE):
            solids.append(Solid.box((middle, y), (wide + 2 * PLATE, PLATE, place.height), "wall"))
        for side in (-1, 1):
            near, far = (wide + PLATE, wide + CROSSING) if side > 0 else (-CROSSING, -PLATE)
            for y in (c0 - 0.5 * PLATE, c1 + 0.5 * PLATE):
                solids.append(Solid.box((0.5 * (near + far), y), (far - near, PLATE, place.height), "wall"))
            end = wide + CROSSING if side > 0 else -CROSSING
            solids.append(Solid.box((end, 0.5 * (c0 + c1)), (PLATE, c1 - c0, place.height), "wall"))
        if self.frame is not None:
            jamb = max(0.5 * (wide - WATERTIGHT), 0.02)
            for x in (0.5 * jamb, wide - 0.5 * jamb):
                solids.append(Solid.box((x, self.frame), (jamb, 0.08, place.height), "frame"))
        floors = (
            Floor.level((0.0, 0.0), (wide, length), place.surface),
            Floor.level((-CROSSING, c0), (wide + CROSSING, c1), place.surface),
        )
        looks = [((0.0 if d.side < 0 else wide), d.y, 1.5) for d in self.doors]
        looks += [(-1.2, 0.5 * (c0 + c1), 1.5), (wide + 1.2, 0.5 * (c0 + c1), 1.5)]
        looks = sorted(looks, key=lambda look: look[1])
        stops = sorted({round(max(y - 0.5, 1.3), 2) for _, y, _ in looks if y < length - 1.5})
        stops = [y for k, y in enumerate(stops) if k == 0 or y - stops[k - 1] > 0.8]
        search = np.array([[middle, 0.4, 0.0], *([middle, y, 0.0] for y in stops), [middle, length - 0.4, 0.0]])
        pie = np.array([[middle, c0 - 2.2, 0.0], [middle - 0.05, c0 - 1.0, 0.0], [middle - 0.05, c0 - 0.3, 0.0],
                        [middle, 0.5 * (c0 + c1), 0.0]])  # fmt: skip
        # Targets stand in the passage across: in this one nobody would get past.
        across = 0.5 * (c0 + c1)
        aside = [x for off in (1.3, 2.5, 3.7) for x in (wide + off, -off)]
        faced = np.array([[wide + 2.5, 0.5 * (c0 + c1), 1.5]])
        return Site(
            floors=floors,
            solids=tuple(solids),
            ways={
                "advance": Way(np.array([[middle, 0.4, 0.0], [middle, length - 0.4, 0.0]]), np.array(looks), direct=True),
                "search": Way(search, np.array(looks), tuple(range(1, len(search) - 1)), direct=True),
                "pie_corner": Way(pie, faced, direct=True),
            },
            spots=tuple(Spot((x, across, 0.0), np.pi, "target") for x in aside),
            acoustics=Acoustics(
                (0.0, 0.0, 0.0), (wide, length, place.height), "panel_lined" if place.lining == "panels" else "steel",
                place.surface, "steel", about=0.02 + 0.03 * place.clutter, openings=0.15 * place.doors_open,
            ),
            half_width=max(0.5 * wide - 0.4, 0.05),
            ride=Ride(
                roll=place.roll, pitch=0.4 * place.roll, heave=2.5 * place.roll, period=9.0, pivot=(middle, 0.5 * length, 0.5),
                speed=6.0, shake=place.engine, shake_band=(5.0, 22.0),
            ),
        )  # fmt: skip


def plan(place: ShipPassageway, stream: Streams) -> PassagePlan:
    """The plan of a passageway, of draws from named streams."""
    rng, length = stream("world/passageway"), place.length
    middle = float(rng.uniform(0.45, 0.62) * length)
    wide = float(rng.uniform(1.15, 1.4))
    cross = (middle - 0.5 * wide, middle + 0.5 * wide)
    after = rng.uniform() < 0.5
    spot = cross[1] + float(rng.uniform(1.2, 2.2)) if after else cross[0] - float(rng.uniform(2.6, 3.4))
    frame = spot if place.watertight else None
    taken: list[tuple[int, float, float]] = [(s, cross[0] - 0.15, cross[1] + 0.15) for s in (-1, 1)]
    if frame is not None:
        taken += [(s, frame - 0.25, frame + 1.15) for s in (-1, 1)]  # the leaf stands back against the bulkhead

    def free(side: int, y: float, half: float) -> bool:
        return all(s != side or y + half < a or y - half > b for s, a, b in taken)

    doors: list[CabinDoor] = []
    n_open = round(place.doors_open * place.doors)
    for side, share, turn, lit in zip(
        rng.choice([-1, 1], 60), rng.uniform(0, 1, 60), rng.uniform(0.5, 1.5, 60), rng.uniform(0, 1, 60), strict=True
    ):
        y, width = 1.1 + share * (length - 2.2), 0.72
        if len(doors) >= place.doors:
            break
        if free(int(side), float(y), 0.5 * width + 0.25):
            taken.append((int(side), float(y) - 0.5 * width - 0.2, float(y) + 0.5 * width + 0.2))
            angle = float(turn) if len(doors) < n_open else 0.0
            doors.append(CabinDoor(len(doors), int(side), float(y), width, angle, bool(lit < 0.5)))
    hung: dict[str, list[tuple[int, float]]] = {"extinguisher": [], "box": []}
    for what, wanted, half in (("extinguisher", place.extinguishers, 0.16), ("box", round(5 * place.clutter), 0.3)):
        for side, share in zip(rng.choice([-1, 1], 40), rng.uniform(0, 1, 40), strict=True):
            y = 0.5 + share * (length - 1.0)
            if len(hung[what]) < wanted and free(int(side), float(y), half + 0.05):
                taken.append((int(side), float(y) - half, float(y) + half))
                hung[what].append((int(side), float(y)))
    return PassagePlan(place, tuple(doors), cross, frame, tuple(hung["extinguisher"]), tuple(hung["box"]))
