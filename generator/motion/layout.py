"""Where things stand that people aim at: known to motion before the world is built."""

import numpy as np
from numpy.typing import NDArray

from generator.motion.people import person_track
from generator.motion.places import free_place, person_position
from generator.scenario.spec import Aim, ClipSpec
from generator.site import main_route, site_of

Array = NDArray[np.float64]


def target_positions(spec: ClipSpec) -> list[Array]:
    """(3,) point on the floor under each target, nearest first; beside the way, clear of it and of role-players."""
    site, route = site_of(spec), main_route(spec)
    rng = spec.stream("layout/targets")
    people = [place for person in spec.people for place in person_track(spec, person)]
    spots = [np.array(spot.place) for spot in site.spots if spot.use == "target"]
    places: list[Array] = []
    for k, (along, across, wall) in enumerate(rng.uniform(0, 1, (spec.environment.targets, 3))):
        if spots:
            places.append(spots[k % len(spots)])
            continue
        at, aside = route.length * (0.55 + 0.4 * along), site.half_width + 0.03 - 0.12 * across
        right = -aside if wall < 0.5 else aside
        spot = route.beside(at, right)
        for other in [*people, *places]:
            if np.linalg.norm((spot - other)[:2]) < 0.7:
                at, right = at + 0.4, -right
                spot = route.beside(at, right)
        spot = route.beside(min(at, route.length - 0.35), right)
        places.append(spot if site.ways["advance"].direct else free_place(spec, spot))
    return sorted(places, key=lambda place: float(np.linalg.norm(place - route.places[0])))


def _wanted(spec: ClipSpec) -> str:
    steps = spec.weapon.behaviour if spec.weapon else ()
    return next((step.at for step in steps if isinstance(step, Aim)), "ahead")


def aimed_person(spec: ClipSpec) -> int | None:
    """Number of the person that the thing is aimed at: the first of the role that is said, or the first of all; else None."""
    wanted = _wanted(spec)
    if wanted not in ("role_player", "hostage_taker") or not spec.people:
        return None
    return next((k for k, person in enumerate(spec.people) if person.role == wanted), 0)


def aim_point(spec: ClipSpec) -> Array | None:
    """(3,) floor point that the thing is aimed at, of a person where they begin; None is straight ahead."""
    person = aimed_person(spec)
    if person is not None:
        return person_position(spec, spec.people[person])
    return next(iter(target_positions(spec)), None) if _wanted(spec) == "target" else None
