"""Role-players: where they stand, and how nobody stands quite still."""

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray

from generator.motion.noise import Wander, wander
from generator.motion.pose import pose, rotation
from generator.motion.timeline import PersonMoment
from generator.scenario.spec import ClipSpec, Person
from generator.site import main_route, site_of, storey
from generator.site.model import Site

Array = NDArray[np.float64]


NEAREST = 3.5
"""Metres along the way that the wearer takes, within which nobody is put."""

_ROOM = 0.33
"""Metres that somebody who stands keeps from what is solid."""


_GATE = 1.0
"""Metres from the points before and behind a doorway within which nobody stands: two people's breadth."""


def person_position(spec: ClipSpec, person: Person) -> Array:
    """(3,) point on the floor between the person's feet, in world space.

    ``along`` is measured on the site's main way, ``across`` to its right; where something stands there already, the nearest
    free point on the same floor is taken.
    """
    return standing_place(spec, person.along, person.across)


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
    if level.room[level.cell(wanted)] >= _ROOM and not _in_gate(wanted[None, :2], gates)[0]:
        return wanted
    if len(gates):
        cells = np.argwhere(level.room > _ROOM)
        places = level.point(cells.astype(float))
        places = places[~_in_gate(places, gates)]
        if len(places):
            nearest = places[np.argmin(((places - wanted[:2]) ** 2).sum(1))]
            return np.array([*nearest, wanted[2]])
    i, j = level.nearest(wanted, _ROOM)
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


def idlers(spec: ClipSpec) -> tuple[Wander, ...]:
    """Sway of each person, drawn from a stream of its own."""
    return tuple(wander(spec.stream(f"motion/people/{k}"), 3, (0.1, 1.2)) for k in range(len(spec.people)))


def person_moment(spec: ClipSpec, person: Person, sway: Wander, t: float) -> PersonMoment:
    """The person at time ``t``: facing back along the way, from where the wearer comes, plus ``facing``.

    Standing sway is about half a degree of lean about the ankles (Winter 1995, Human balance and posture control).
    """
    turn, lean, breath = sway.at(t)
    back = main_route(spec).heading(person.along * main_route(spec).length) + np.pi
    yaw = back + person.facing + np.radians(1.2) * turn
    root = pose(rotation(yaw=yaw), person_position(spec, person))
    return PersonMoment(root, float(np.radians(0.5) * lean), float(np.sin(2 * np.pi * 0.25 * t + breath)))
