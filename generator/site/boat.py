"""A small open boat: y from the transom at 0 forward to the bow, x to either side of the keel, z = 0 on the sole."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from generator.scenario.environments import PatrolBoat
from generator.site.model import Acoustics, Floor, Ride, Site, Solid, Streams, Way
from generator.site.stowed import Stowage, Stowed

TUBE = 0.26
"""Radius of a tube, metres."""

SOLE = 0.32
"""Metres of the sole above the water."""

SEAT = (0.38, 0.78, 0.88)


@dataclass(frozen=True)
class BoatPlan:
    """Where everything fixed is.

    Attributes:
        place: the environment of the clip.
        side: 1 where one walks to starboard of the console, -1 to port.
        console: the console.
        things: seats, lockers, boxes.
        arch: y of the arch's feet, None without.
    """

    place: PatrolBoat
    side: int
    console: Stowed
    things: tuple[Stowed, ...]
    arch: float | None

    @property
    def half(self) -> float:
        """Half the beam inside, metres."""
        return 0.5 * self.place.beam

    @property
    def straight(self) -> float:
        """Where, along y, the sides begin to close towards the bow."""
        return 0.72 * self.place.length

    def outline(self, out: float = 0.0) -> np.ndarray:
        """(n, 2) of the sole's edge, ``out`` metres farther out; from the transom to port round the bow to starboard."""
        u = np.linspace(0, 1, 10)
        x, y = (
            (self.half + out) * np.cos(0.5 * np.pi * u) ** 0.8,
            self.straight + (self.place.length + out - self.straight) * np.sin(0.5 * np.pi * u),
        )
        port = np.stack([-x, y], 1)
        board = np.stack([x, y], 1)[::-1]
        return np.concatenate([[(-self.half - out, 0.0)], port, board[1:], [(self.half + out, 0.0)]])

    @cached_property
    def site(self) -> Site:
        """The sole inside the tubes or bulwark."""
        place, length, lane = self.place, self.place.length, self.side * (self.half - 0.42)
        edge, outer = self.outline(), self.outline(0.4)
        solids = [
            Solid(np.array([edge[k], edge[k + 1], outer[k + 1], outer[k]]), 0.0, 0.62, "side")
            for k in range(len(edge) - 1)
        ]
        solids += [Solid.box((0.0, -0.2), (2 * self.half + 0.6, 0.4, 0.75), "transom"), self.console.solid]
        solids += [thing.solid for thing in self.things]
        end = (0.0, length - 0.35, 0.0)
        points = np.array([[lane, 0.35, 0.0], [lane, 0.5 * length, 0.0], [0.3 * lane, 0.82 * length, 0.0], end])
        looks = np.array([[0.0, self.console.place[1], 1.4]])
        return Site(
            floors=(Floor(edge, 0.0, "aluminium"),),
            solids=tuple(solids),
            ways={"advance": Way(points, looks)},
            acoustics=Acoustics(
                (-4.0, -4.0, -0.4), (4.0, length + 4.0, 8.0), "open", "water", "open", about=0.05
            ),
            half_width=max(self.half - 0.8, 0.3),
            ride=Ride(
                roll=place.roll, pitch=0.6 * place.roll, heave=0.35 * place.sea, period=3.2 + 0.5 * place.sea,
                pivot=(0.0, 0.4 * length, -SOLE), speed=place.speed, shake=0.05 + 0.05 * place.speed * (0.3 + place.sea),
                shake_band=(1.2, 9.0),
            ),
            outdoors=True,
        )  # fmt: skip


def plan(place: PatrolBoat, stream: Streams) -> BoatPlan:
    """The plan of a boat, of draws from named streams."""
    rng, half, length = stream("world/boat"), 0.5 * place.beam, place.length
    side = 1 if rng.uniform() < 0.5 else -1
    # Off the middle where that leaves a lane of 0.85 m on the other side.
    wide = min(2 * (half - 0.86), 1.15)
    off = -side * 0.02
    yard = Stowage(stream("world/boat/things"))
    lane = side * (half - 0.42)
    yard.keep([(lane, 0.2), (lane, 0.5 * length), (0.3 * lane, 0.82 * length), (0.0, length - 0.3)], 0.34)
    y = 0.40 * length + float(rng.uniform(-0.3, 0.4))
    console = Stowed("console", (off, y, 0.0), (wide, 0.75, 1.15), 0.0, int(rng.integers(2**31)))
    for row in range(place.seats):
        for s in (-1, 1):
            at = (off + s * (0.5 * wide - 0.5 * SEAT[0]), y - 1.15 - 1.05 * row)
            if at[1] > 0.5:
                yard.put("seat", at, SEAT, margin=0.01)
    yard.put("locker", (-side * 0.35 * half, 0.66 * length), (0.8, 0.55, 0.45), sure=False)
    for _ in range(round(6 * place.clutter)):
        what = str(rng.choice(["box", "coil", "bag"]))
        size = {"box": (0.5, 0.36, 0.32), "coil": (0.5, 0.5, 0.2), "bag": (0.6, 0.34, 0.3)}[what]
        at = (float(rng.uniform(-half + 0.3, half - 0.3)), float(rng.uniform(0.3, 0.68 * length)))
        spot = Stowed(what, (*at, 0.0), size, 0.0, 0)
        if spot.solid.polygon.distance(console.solid.polygon) > 0.15:
            yard.put(what, at, size, float(rng.uniform(0, 3)), labelled=True)
    arch = float(rng.uniform(0.35, 0.7)) if place.arch else None
    return BoatPlan(place, side, console, tuple(yard.things), arch)
