"""Where people are: their places at the start, and the lines that they can go along without touching anything."""

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray

from generator.scenario.spec import HELD_IN_PLACE, ClipSpec, Person
from generator.site import main_route, site_of, storey
from generator.site.model import Site, Way
from generator.site.route import NoWayError, Route, plan_route

Array = NDArray[np.float64]

NEAREST = 3.5
"""Metres along the way that the wearer takes, within which nobody is put."""

ROOM = 0.33
"""Metres that somebody who stands or goes keeps from what is solid, to the middle."""

_APART = 0.55
"""Metres that people keep from each other's places, middle to middle, as they go."""

_FROM_WEARER = 4.3
"""Metres from where the wearer begins, which nobody comes nearer than."""

_OFF_THE_WAY = 1.0
"""Metres from a way of its own (stairs, a boarding, a corner) that people in view keep off."""

BEHIND = 0.29
"""Metres from the middle of a hostage back to the middle of who holds them; a little to the side, to see past the head."""

_ASIDE = 0.10

BEFORE_SEAT = 0.42
"""Metres from the middle of a seat to between the feet of who sits on it, or stands before it."""

_GATE = 1.0
"""Metres from the points before and behind a doorway within which nobody stands: two people's breadth."""

_SPACING = 0.10
_HEIGHTS = (0.3, 1.0, 1.6)


def index_of(spec: ClipSpec, person: Person) -> int:
    """A person's number."""
    return next((k for k, other in enumerate(spec.people) if other is person), spec.people.index(person))


def person_position(spec: ClipSpec, person: Person) -> Array:
    """(3,) point on the floor between the person's feet at the start, in world space.

    ``along`` is measured on the site's main way, ``across`` to its right; where something stands there already, the nearest
    free point on the same floor is taken. Who sits is at the nearest free seat, who holds a hostage behind them.
    """
    if "hold_hostage" in person.actions and not _goes(person):
        return behind_hostage(spec, person)[0]
    if "sit" in person.actions and not _goes(person):
        seat = seat_of(spec, person)
        if seat is not None:
            return seat[0] + BEFORE_SEAT * _ahead(seat[1])
    place = standing_place(spec, person.along, person.across)
    return _with_room_behind(spec, person, place) if person.role == "hostage" and _is_held(spec, person) else place


def _goes(person: Person) -> bool:
    return person.action in ("walk", "run", "flee")


def facing_wearer(spec: ClipSpec, person: Person) -> float:
    """Radians to the left of +y: back along the way, from where the wearer comes."""
    route = main_route(spec)
    return route.heading(person.along * route.length) + np.pi


def standing_place(spec: ClipSpec, along: float, across: float) -> Array:
    """(3,) point of the floor at a share of the main way and of the width beside it."""
    site, route = site_of(spec), main_route(spec)
    wide = 2 * (across - 0.5) * site.half_width
    if site.ways["advance"].direct:
        return route.beside(along * route.length, wide)
    return free_place(spec, route.beside(max(along * route.length, NEAREST), wide))


def free_place(spec: ClipSpec, wanted: Array) -> Array:
    """The point nearest to a wanted one where a person can stand, on the same floor and out of doorways."""
    wanted = _off_stairs(site_of(spec), wanted)
    level = storey(spec, float(np.round(wanted[2], 1)))
    gates = np.array([gate[:2] for gate in site_of(spec).gates if abs(gate[2] - wanted[2]) < 1.0]).reshape(-1, 2)
    if level.room[level.cell(wanted)] >= ROOM and not _in_gate(wanted[None, :2], gates)[0]:
        return wanted
    if len(gates):
        cells = np.argwhere(level.room > ROOM)
        places = level.point(cells.astype(float))
        places = places[~_in_gate(places, gates)]
        if len(places):
            nearest = places[np.argmin(((places - wanted[:2]) ** 2).sum(1))]
            return np.array([*nearest, wanted[2]])
    i, j = level.nearest(wanted, ROOM)
    return np.array([*level.point(np.array([i, j])), wanted[2]])


def _off_stairs(site: Site, wanted: Array) -> Array:
    """On the floor under it; the nearest landing instead of a flight of stairs."""
    found = site.floor(wanted)
    if found is None:
        return wanted
    if found.going == 0.0:
        return np.array([*wanted[:2], found.ramp(wanted[:2])])
    spot = shapely.Point(wanted[:2])
    flats = [floor for floor in site.floors if floor.slope == (0.0, 0.0)]
    landing = min(flats, key=lambda f: float(np.hypot(f.polygon.distance(spot), f.height - wanted[2])))
    inside = landing.polygon.buffer(-0.45)
    place = shapely.ops.nearest_points(landing.polygon.centroid if inside.is_empty else inside, spot)[0]
    return np.array([place.x, place.y, landing.height])


def _in_gate(places: Array, gates: Array) -> NDArray[np.bool_]:
    """(n,) whether (n, 2) places would stand in the way of somebody who comes through one of (m, 2) gates."""
    if not len(gates):
        return np.zeros(len(places), bool)
    return np.asarray(np.linalg.norm(places[:, None] - gates, axis=2).min(1) < _GATE)


def seat_of(spec: ClipSpec, person: Person) -> tuple[Array, float, float] | None:
    """(3,) place, yaw and height of the seat that is the person's: the nearest that nobody before them has; None without one."""
    seats = [spot for spot in site_of(spec).spots if spot.use == "sit"]
    mine = index_of(spec, person)
    for number, other in enumerate(spec.people[: mine + 1]):
        if "sit" not in other.actions or not seats:
            continue
        place = standing_place(spec, other.along, other.across)
        best = min(seats, key=lambda spot: float(np.linalg.norm(np.array(spot.place) - place)))
        seats.remove(best)
        if number == mine:
            return np.array(best.place), best.yaw, best.seat
    return None


def cover_of(spec: ClipSpec, person: Person) -> tuple[Array, float] | None:
    """(3,) place and yaw of the cover within 8 m that is the person's; None without one."""
    covers = [spot for spot in site_of(spec).spots if spot.use == "cover"]
    mine = index_of(spec, person)
    for number, other in enumerate(spec.people[: mine + 1]):
        place = standing_place(spec, other.along, other.across)
        near = [spot for spot in covers if np.linalg.norm(np.array(spot.place) - place) < 8.0]
        if "take_cover" not in other.actions or not near:
            continue
        best = min(near, key=lambda spot: float(np.linalg.norm(np.array(spot.place) - place)))
        covers.remove(best)
        if number == mine:
            return np.array(best.place), best.yaw
    return None


def _hostage_of(spec: ClipSpec, taker: Person) -> Person:
    still = [p for p in spec.people if p.role == "hostage" and HELD_IN_PLACE.issuperset(p.actions)]
    own = standing_place(spec, taker.along, taker.across)
    return min(still, key=lambda p: float(np.linalg.norm(standing_place(spec, p.along, p.across) - own)))


def _is_held(spec: ClipSpec, hostage: Person) -> bool:
    takers = [p for p in spec.people if "hold_hostage" in p.actions]
    return any(_hostage_of(spec, taker) is hostage for taker in takers)


def behind_hostage(spec: ClipSpec, taker: Person) -> tuple[Array, float]:
    """(3,) place close behind the nearest hostage who stays where they are, and the yaw that both face."""
    hostage = _hostage_of(spec, taker)
    yaw = facing_wearer(spec, hostage) + hostage.facing
    place = person_position(spec, hostage)
    return place - BEHIND * _ahead(yaw) + _ASIDE * _right(yaw), yaw


def _with_room_behind(spec: ClipSpec, hostage: Person, place: Array) -> Array:
    """Moved forward as far as who holds them needs to stand behind."""
    ahead = _ahead(facing_wearer(spec, hostage) + hostage.facing)
    for step in np.arange(0.0, 1.2, 0.05):
        moved = place + step * ahead
        if clear(site_of(spec), moved - (BEHIND + 0.06) * ahead) >= ROOM and clear(site_of(spec), moved) >= ROOM:
            return np.asarray(moved)
    return place


def _ahead(yaw: float) -> Array:
    return np.array([-np.sin(yaw), np.cos(yaw), 0.0])


def _right(yaw: float) -> Array:
    return np.array([np.cos(yaw), np.sin(yaw), 0.0])


def clear(site: Site, point: Array) -> float:
    """Metres from a point (3,) of the floor to the nearest solid that a body there would touch."""
    return float(site.clearance(point + np.array([[0.0, 0.0, height] for height in _HEIGHTS])).min())


def straight(spec: ClipSpec, person: Person, start: Array, yaw: float, metres: float) -> Route | None:
    """The way straight ahead, as far as it is free; turned aside as little as it takes where that is not far.

    None where there is no room at all.
    """
    best: Route | None = None
    for turn in np.radians([0, 25, -25, 50, -50, 80, -80, 115, -115, 150, -150, 180]):
        line = start + np.arange(0.0, metres + _SPACING, _SPACING)[:, None] * _ahead(yaw + turn)
        found = trimmed(spec, person, line)
        if found is not None and (best is None or found.length > best.length + 0.3):
            best = found
        if best is not None and best.length > min(metres, 2.2) - 0.15:
            break
    return best


def way_to(spec: ClipSpec, person: Person, start: Array, end: Array) -> Route | None:
    """A way around what stands between, as far as it is free; None where there is none."""
    site = site_of(spec)
    if np.linalg.norm((end - start)[:2]) < 0.25 or abs(end[2] - start[2]) > 0.3:
        return None
    if site.ways["advance"].direct:
        n = max(int(np.linalg.norm(end - start) / _SPACING), 4)
        return trimmed(spec, person, start + np.linspace(0, 1, n)[:, None] * (end - start))
    try:
        route = plan_route(site, Way(np.stack([start, end])), body=ROOM)
    except NoWayError:
        return None
    return trimmed(spec, person, route.places)


def trimmed(spec: ClipSpec, person: Person, line: Array) -> Route | None:
    """A line (n, 3) cut where it would come too near to walls, to people or to the wearer; None if little is left."""
    site, wearer = site_of(spec), main_route(spec).place(0.8)
    others = [
        person_position(spec, other)
        for other in spec.people
        if other is not person and "hold_hostage" not in person.actions
    ]
    way = next((found for word, found in site.ways.items() if word in _OWN and word == spec.camera.path.kind), None)
    around = site.clearance((line[:, None] + [[0.0, 0.0, height] for height in _HEIGHTS]).reshape(-1, 3))
    around = around.reshape(len(line), -1).min(1)
    keep, last = 1, line[0]
    for point, free in zip(line[1:], around[1:], strict=True):
        here = np.array([point[0], point[1], site.tread(point)])
        if site.floor(point) is None or free < min(ROOM, around[0]):
            break
        if any(_nearer(other, here, last, _APART) for other in others) or _nearer(wearer, here, last, _FROM_WEARER):
            break
        if way is not None and any(_nearer(knot, here, last, _OFF_THE_WAY) for knot in way.points):
            break
        keep, last = keep + 1, here
    length = float(np.linalg.norm(np.diff(line[:keep, :2], axis=0), axis=1).sum())
    if length < 0.5:
        return None
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line[:keep, :2], axis=0), axis=1))])
    even = np.linspace(0, along[-1], max(int(along[-1] / _SPACING), 4))
    return Route(np.stack([np.interp(even, along, line[:keep, axis]) for axis in range(3)], -1))


_OWN = ("climb_stairs", "board", "disembark", "take_cover", "pie_corner")


def _nearer(what: Array, here: Array, last: Array, least: float) -> bool:
    """Whether a step brings somebody within a distance of something, nearer than before."""
    now = float(np.linalg.norm((here - what)[:2]))
    return now < least and now < float(np.linalg.norm((last - what)[:2])) and abs(here[2] - what[2]) < 1.5
