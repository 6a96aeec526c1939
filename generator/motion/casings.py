"""Cases that fly from a firearm, and the magazine that a reload drops: their flights, and when they land for sound."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from generator.motion.falling import FLOORS, GRAVITY, Body, Flight, Room, fall, turned
from generator.motion.handling import PUMP_DELAY, PUMP_SECONDS
from generator.motion.ports import PORTS, SEATS
from generator.motion.support import MAGAZINE_OUT
from generator.motion.timeline import Timeline
from generator.scenario.spec import ClipSpec
from generator.scenario.things import THINGS
from generator.site import site_of
from generator.site.model import FloorWord, Site

Array = NDArray[np.float64]

MOST_CASES = 60
"""Cases of a clip that are followed; later shots leave none."""

_OPENS = 0.012
"""Seconds after a shot at which a slide or bolt is far enough back; it takes 18 ms to go all the way."""

_PUMPED = PUMP_DELAY + 0.4 * PUMP_SECONDS
_REVOLUTIONS = (20.0, 60.0)
"""Turns a second of a case, fewest and most; a shotgun's long case, drawn out by hand, turns a third as fast."""

_SWUNG = 1.0
"""Radians a case has already swung to the right, about its rim on the extractor, when it leaves."""

_STEP = 0.002
"""Half the time over which velocities of the thing are taken, seconds."""

_PUSH = 0.35
"""Speed at which a released magazine sets off, m/s; chosen."""

_HEARD = 0.25
"""Slowest impact that can be heard, m/s; chosen."""


def ejections(
    spec: ClipSpec, timeline: Timeline, port: tuple[Array, Array] | None = None, thing: int = 0
) -> tuple[Flight, ...]:
    """Flights of the cases of all live shots of a thing, in order of shots; a flight's start is when the case leaves.

    Args:
        spec: the clip.
        timeline: its motion.
        port: place and unit direction in the thing frame; where the kind has it when None.
        thing: number of the thing.

    Returns:
        At most ``MOST_CASES``; none where the thing has no port, or for cases that leave after the clip.
    """
    handled = timeline.handling.things[thing]
    if handled.kind is None or handled.kind not in PORTS:
        return ()
    nominal, manual = PORTS[handled.kind], THINGS[handled.kind].manual
    place, towards = port or nominal.marks
    site, rng = site_of(spec), spec.stream(_named("motion/casings", thing))
    flights = []
    for shot in [shot for shot in handled.shots if shot.live][:MOST_CASES]:
        draws, stray = rng.uniform(0, 1, 2), rng.normal(0, 1, (2, 3))
        leaves = shot.t + (_PUMPED if manual else _OPENS)
        if leaves >= timeline.duration:
            continue
        frame, velocity, spin = _carried(timeline, thing, leaves, _placed(place, turned((0.0, 0.0, -_SWUNG))))
        axes = timeline.at(leaves).of(thing).T_world_thing[:3, :3]
        speed = nominal.speed[0] + (nominal.speed[1] - nominal.speed[0]) * draws[0]
        away = towards + 0.11 * stray[0]
        rate = 2 * np.pi * (_REVOLUTIONS[0] + (_REVOLUTIONS[1] - _REVOLUTIONS[0]) * draws[1]) / (3 if manual else 1)
        axis = np.array([0.0, 0.0, -1.0]) + 0.3 * stray[1]
        flights.append(
            _fallen(
                nominal.case, site, leaves, frame,
                velocity + axes @ (speed * away / np.linalg.norm(away)),
                spin + axes @ (rate * axis / np.linalg.norm(axis)),
            )
        )  # fmt: skip
    return tuple(flights)


@dataclass(frozen=True)
class Drop:
    """A magazine that a reload lets go: it slides out of its well with the thing, then falls.

    Attributes:
        start: seconds at which it is released; until then it is seated.
        free: seconds at which it has left the well.
        seat: (4, 4) magazine to thing when seated.
        middle: (4, 4) its centre in the magazine's frame.
        flight: of its centre.
    """

    start: float
    free: float
    seat: Array = field(repr=False)
    middle: Array = field(repr=False)
    flight: Flight = field(repr=False)

    def at(self, t: float, T_world_thing: Array) -> Array:
        """(4, 4) magazine to world at time ``t``, at which the thing is there."""
        if t < self.free:
            return np.asarray(T_world_thing @ _slid(self.seat, max(t - self.start, 0.0)))
        return np.asarray(self.flight.at(t) @ np.linalg.inv(self.middle))


def drops(
    spec: ClipSpec,
    timeline: Timeline,
    seat: Array | None = None,
    body: tuple[Array, Body] | None = None,
    thing: int = 0,
) -> tuple[Drop, ...]:
    """Magazines that reloads of a thing drop, in order of time.

    Args:
        spec: the clip.
        timeline: its motion.
        seat: (4, 4) magazine to thing when seated.
        body: its middle (3,) in its own frame, and its shape about that.
        thing: number of the thing.

    Seat and body are those that the kind has where they are None.
    """
    handled = timeline.handling.things[thing]
    if handled.kind is None or handled.kind not in SEATS:
        return ()
    nominal = SEATS[handled.kind]
    seat = nominal.frame if seat is None else seat
    centre, shape = body or (np.array(nominal.centre), nominal.body)
    middle = _placed(centre, np.eye(3))
    site, rng = site_of(spec), spec.stream(_named("motion/magazines", thing))
    sliding = (np.sqrt(_PUSH**2 + 2 * GRAVITY * nominal.well) - _PUSH) / GRAVITY
    found = []
    for start, end in handled.reloads:
        stray = rng.normal(0, 1, 3)
        leaves = start + MAGAZINE_OUT * (end - start)
        free = leaves + sliding
        if leaves >= timeline.duration:
            continue
        frame, velocity, spin = _carried(timeline, thing, free, _slid(seat, sliding) @ middle)
        # The floor plate goes first and the lips come free last: what tips it is small.
        along = frame[:3, :3] @ np.array([0.0, 0.0, -(_PUSH + GRAVITY * sliding)])
        flight = _fallen(shape, site, free, frame, velocity + along, spin + 1.3 * stray)
        found.append(Drop(leaves, free, seat, middle, flight))
    return tuple(found)


def landings(
    spec: ClipSpec, timeline: Timeline, port: tuple[Array, Array] | None = None, thing: int = 0
) -> tuple[tuple[float, float], ...]:
    """Seconds and m/s of every impact of a thing's cases in the clip that can be heard, in order of time."""
    return _heard(ejections(spec, timeline, port, thing), timeline.duration)


def magazine_landings(spec: ClipSpec, timeline: Timeline, thing: int = 0) -> tuple[tuple[float, float], ...]:
    """Seconds and m/s of every impact of a thing's dropped magazines in the clip that can be heard, in order of time."""
    return _heard([drop.flight for drop in drops(spec, timeline, thing=thing)], timeline.duration)


def _named(stream: str, thing: int) -> str:
    """The stream of a thing; the first one's is what it would be alone."""
    return f"{stream}/{thing}" if thing else stream


def _heard(flights: Sequence[Flight], duration: float) -> tuple[tuple[float, float], ...]:
    impacts = [(impact.t, impact.speed) for flight in flights for impact in flight.impacts]
    return tuple(sorted((t, speed) for t, speed in impacts if speed >= _HEARD and t < duration))


_WALLS = 6.0
"""Metres within which a wall is near enough to bounce off."""


def _fallen(body: Body, site: Site, start: float, frame: Array, velocity: Array, spin: Array) -> Flight:
    """A fall onto the floor below, between the nearest wall and what is opposite of it."""
    room, width, surface = _surroundings(site, frame[:3, 3])
    turn = room[:3, :3].T
    local = np.linalg.inv(room) @ frame
    return fall(body, Room(width, FLOORS[surface]), start, local, turn @ velocity, turn @ spin).moved(room)


def _surroundings(site: Site, place: Array) -> tuple[Array, float, FloorWord]:
    """(4, 4) world from a room whose x leads from the nearest wall across, how wide it is, and what its floor is of."""
    floor = site.floor(place - [0.0, 0.0, 1.2])
    height = 0.0 if floor is None else floor.tread(place[:2])
    surface = site.surface(place - [0.0, 0.0, 1.2])
    room = np.eye(4)
    room[:3, 3] = place[0], place[1], height
    here = shapely.Point(place[:2])
    walls = [
        solid.polygon for solid in site.near(height + 0.05, float(place[2])) if solid.polygon.distance(here) < _WALLS
    ]
    if not walls:
        return room, np.inf, surface
    nearest = np.array(shapely.shortest_line(here, shapely.union_all(walls)).coords)[1]
    across = place[:2] - nearest
    near = float(np.hypot(*across))
    if near < 1e-6:
        return room, np.inf, surface
    x = across / near
    beam = shapely.LineString([place[:2], place[:2] + 2 * _WALLS * x])
    far = min(
        (wall.distance(here) for wall in shapely.intersection(walls, beam) if not wall.is_empty), default=2 * _WALLS
    )
    room[:2, 0], room[:2, 1], room[:2, 3] = x, (-x[1], x[0]), nearest
    return room, near + far, surface


def _placed(place: Array, turn: Array) -> Array:
    frame = np.eye(4)
    frame[:3, :3], frame[:3, 3] = turn, place
    return frame


def _slid(seat: Array, seconds: float) -> Array:
    """The magazine in the thing frame, so long after its release: down along its own axis, by its weight and a push."""
    down = _placed(np.array([0.0, 0.0, -(_PUSH * seconds + 0.5 * GRAVITY * seconds**2)]), np.eye(3))
    return np.asarray(seat @ down)


def _carried(timeline: Timeline, thing: int, t: float, local: Array) -> tuple[Array, Array, Array]:
    """World frame (4, 4) of what is fixed to the thing at ``t``, its velocity and its angular velocity."""
    before, here, after = (timeline.at(t + d).of(thing).T_world_thing @ local for d in (-_STEP, 0.0, _STEP))
    relative = after[:3, :3] @ before[:3, :3].T
    sine = 0.5 * np.array(
        [relative[2, 1] - relative[1, 2], relative[0, 2] - relative[2, 0], relative[1, 0] - relative[0, 1]]
    )
    return here, (after[:3, 3] - before[:3, 3]) / (2 * _STEP), sine / (2 * _STEP)
