"""The words that a place is described in: floors, solids, spots, ways, what it sounds like and how it rides."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

Streams = Callable[[str], np.random.Generator]
"""Named streams of draws: the same for a clip and its twins."""

FloorWord = Literal[
    "concrete",
    "rubber",
    "vinyl",
    "tile",
    "carpet",
    "asphalt",
    "paving",
    "gravel",
    "grass",
    "steel",
    "planks",
    "aluminium",
]
"""Materials of floors: what steps sound like and how cases bounce on them."""

SpotUse = Literal["stand", "sit", "cover", "target", "peek", "screen"]

WayWord = Literal["advance", "search", "climb_stairs", "board", "disembark", "take_cover", "pie_corner"]
"""Ways that a site may offer. ``retreat``, ``sweep`` and ``run`` take the one of ``advance``."""


def _ring(points: ArrayLike) -> shapely.Polygon:
    return shapely.Polygon(np.asarray(points, float)[:, :2])


@dataclass(frozen=True)
class Solid:
    """An upright prism that nothing passes through.

    Attributes:
        outline: (k, 2) corners of its footprint in order, metres; may be concave.
        bottom, top: heights, metres.
        name: what it is: wall, counter, seat, car, ... .
        fixed: part of the building; else a thing that stands in it, which a scenario's clutter may have drawn.
    """

    outline: Array = field(repr=False)
    bottom: float
    top: float
    name: str
    fixed: bool = True

    @cached_property
    def polygon(self) -> shapely.Polygon:
        """The footprint."""
        return _ring(self.outline)

    @classmethod
    def box(
        cls, centre: ArrayLike, size: ArrayLike, name: str, *, yaw: float = 0.0, bottom: float = 0.0, fixed: bool = True
    ) -> "Solid":
        """A box.

        Args:
            centre: (2,) of the footprint, metres.
            size: (3,) along its own x, y and z, metres.
            name: what it is.
            yaw: radians to the left that it is turned by.
            bottom: height that it begins at, metres.
            fixed: see the class.
        """
        x, y, z = (float(v) for v in np.asarray(size, float))
        corners = 0.5 * np.array([[-x, -y], [x, -y], [x, y], [-x, y]])
        cos, sin = np.cos(yaw), np.sin(yaw)
        turned = corners @ np.array([[cos, sin], [-sin, cos]])
        return cls(turned + np.asarray(centre, float)[:2], bottom, bottom + z, name, fixed)


@dataclass(frozen=True)
class Floor:
    """A piece of floor that can be walked on: level, a ramp, or a flight of stairs.

    Attributes:
        outline: (k, 2) corners in order, metres.
        height: of its surface at ``origin``, metres.
        surface: what it is made of.
        slope: (2,) rise per metre towards +x and +y; of stairs, of the line through their nosings.
        origin: (2,) where ``height`` is.
        going: depth of a tread of stairs, metres; 0 where there are none.
    """

    outline: Array = field(repr=False)
    height: float
    surface: FloorWord
    slope: tuple[float, float] = (0.0, 0.0)
    origin: tuple[float, float] = (0.0, 0.0)
    going: float = 0.0

    @cached_property
    def polygon(self) -> shapely.Polygon:
        """The outline."""
        return _ring(self.outline)

    @classmethod
    def level(cls, low: ArrayLike, high: ArrayLike, surface: FloorWord, height: float = 0.0) -> "Floor":
        """A level rectangle between two corners (2,)."""
        (x0, y0), (x1, y1) = np.asarray(low, float), np.asarray(high, float)
        return cls(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]), height, surface)

    def ramp(self, point: ArrayLike) -> float:
        """Height of the plane through the nosings at (2,), metres: what a body's middle follows."""
        along = np.asarray(point, float)[:2] - self.origin
        return float(self.height + along @ np.asarray(self.slope))

    def tread(self, point: ArrayLike) -> float:
        """Height of what a foot stands on at (2,), metres."""
        steep = float(np.hypot(*self.slope))
        if self.going == 0.0 or steep == 0.0:
            return self.ramp(point)
        along = float((np.asarray(point, float)[:2] - self.origin) @ np.asarray(self.slope) / steep)
        # A hair's breadth so that a nosing belongs to the tread that it begins.
        return float(self.height + (np.floor(along / self.going + 1e-6)) * self.going * steep)


@dataclass(frozen=True)
class Spot:
    """A place for a person or a thing.

    Attributes:
        place: (3,) on the floor, metres.
        yaw: radians to the left of +y that it faces.
        use: what it is for; ``sit`` has its seat's height in ``seat``; ``cover`` is crouched behind, facing what is aimed at.
        seat: height of the seat above the floor, metres.
    """

    place: tuple[float, float, float]
    yaw: float
    use: SpotUse
    seat: float = 0.0


@dataclass(frozen=True)
class Way:
    """A way through the site, coarsely: what is between two points is planned around what stands there.

    Attributes:
        points: (n, 3) on the floor, from where the wearer begins, metres.
        looks: (m, 3) what is worth looking at on the way: doorways, corners, windows, seats; at eye height.
        pause: indices of points at which the wearer stops for a moment.
        direct: straight from point to point; else around what stands between them.
    """

    points: Array = field(repr=False)
    looks: Array = field(default_factory=lambda: np.zeros((0, 3)), repr=False)
    pause: tuple[int, ...] = ()
    direct: bool = False


@dataclass(frozen=True)
class Acoustics:
    """What the place answers with: a box of surfaces around where sounds are made.

    Attributes:
        low, high: (3,) corners of the box, metres; outdoors of what reflects, or of the free field.
        walls, floor, ceiling: materials, see ``generator.audio.acoustics.ABSORPTION``; ``open`` lets everything out.
        about: absorption added to floor and ceiling for what stands about, and twice that to the walls, 0..1.
        openings: absorption added to the walls for doors and windows that swallow sound, 0..1.
    """

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    walls: str
    floor: str
    ceiling: str
    about: float = 0.0
    openings: float = 0.0


@dataclass(frozen=True)
class Ride:
    """How the place itself moves: a vessel at sea, a vehicle under way. The site's frame goes with it.

    Attributes:
        roll, pitch, heave: amplitudes of slow motion: radians, radians, metres.
        period: seconds of the roll.
        pivot: (3,) about which it turns, metres.
        speed: m/s forward (towards ``heading``), which what is outside goes by with.
        heading: radians to the left of +y.
        shake: m/s2 rms of what the track or the engine shakes.
        shake_band: hertz, lowest and highest of it.
    """

    roll: float = 0.0
    pitch: float = 0.0
    heave: float = 0.0
    period: float = 6.0
    pivot: tuple[float, float, float] = (0.0, 0.0, 0.0)
    speed: float = 0.0
    heading: float = 0.0
    shake: float = 0.0
    shake_band: tuple[float, float] = (1.0, 12.0)


@dataclass(frozen=True)
class Site:
    """A place as planned: everything that motion, sound and the Blender scene must agree on.

    Attributes:
        floors: pieces of floor; where two lie over each other the one nearest in height counts.
        solids: what nothing passes through, walls among it.
        ways: by kind; ``advance`` is always there and is what ``along`` of people is measured on.
        spots: seats, cover and so on.
        acoustics: what it sounds like.
        half_width: metres to either side of the way that ``across`` of people spans.
        ride: how the place moves, None where it stands.
        outdoors: whether rain and wind reach the wearer.
        gates: (n, 3) points of the floor before and behind narrow openings, which people leave free.
    """

    floors: tuple[Floor, ...]
    solids: tuple[Solid, ...]
    ways: Mapping[WayWord, Way]
    acoustics: Acoustics
    spots: tuple[Spot, ...] = ()
    half_width: float = 1.0
    ride: Ride | None = None
    outdoors: bool = False
    gates: tuple[tuple[float, float, float], ...] = ()

    def __post_init__(self) -> None:
        """Freezes the mapping of ways."""
        object.__setattr__(self, "ways", MappingProxyType(dict(self.ways)))

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree([floor.polygon for floor in self.floors])

    def floor(self, point: ArrayLike) -> Floor | None:
        """The floor under (3,), of several the one nearest in height; None beside every floor."""
        x, y, *rest = np.asarray(point, float)
        z = float(rest[0]) if rest else 0.0
        under = [self.floors[k] for k in self._tree.query(shapely.Point(x, y), predicate="intersects")]
        return min(under, key=lambda floor: abs(floor.ramp((x, y)) - z), default=None)

    def tread(self, point: ArrayLike) -> float:
        """Height of what a foot stands on at (3,), metres; the point's own height beside every floor."""
        found = self.floor(point)
        return float(np.asarray(point, float)[2]) if found is None else found.tread(np.asarray(point, float)[:2])

    def surface(self, point: ArrayLike) -> FloorWord:
        """What the floor under (3,) is made of; of the first floor beside every floor."""
        found = self.floor(point)
        return (self.floors[0] if found is None else found).surface

    def near(self, low: float, high: float) -> list[Solid]:
        """Solids that reach into a range of heights."""
        return [solid for solid in self.solids if solid.bottom < high and solid.top > low]

    def clearance(self, points: ArrayLike) -> Array:
        """(n,) metres from each of (n, 3) points to the nearest solid beside it at its height; 0 inside, infinite where none is."""
        where = np.atleast_2d(np.asarray(points, float))
        found = np.full(len(where), np.inf)
        spots = shapely.points(where[:, :2])
        for solid in self.solids:
            beside = shapely.distance(spots, solid.polygon)
            above = np.maximum.reduce([where[:, 2] - solid.top, solid.bottom - where[:, 2], np.zeros(len(where))])
            found = np.minimum(found, np.hypot(beside, above))
        return found
