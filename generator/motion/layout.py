"""Where things stand that people aim at: known to motion before the world is built."""

import numpy as np
from numpy.typing import NDArray

from generator.motion.people import person_position
from generator.scenario.spec import Aim, ClipSpec

Array = NDArray[np.float64]


def target_positions(spec: ClipSpec) -> list[Array]:
    """(3,) point on the floor under each target, nearest first; along the walls, clear of lane and role-players."""
    room = spec.environment
    rng = spec.stream("layout/targets")
    people = [person_position(spec, person) for person in spec.people]
    places: list[Array] = []
    for along, across, wall in rng.uniform(0, 1, (room.targets, 3)):
        side = 0.32 + 0.12 * across
        x = side if wall < 0.5 else room.width - side
        spot = np.array([x, room.length * (0.55 + 0.4 * along), 0.0])
        for other in [*people, *places]:
            if np.linalg.norm((spot - other)[:2]) < 0.7:
                spot = np.array([room.width - spot[0], spot[1] + 0.4, 0.0])
        spot[1] = min(spot[1], room.length - 0.35)
        places.append(spot)
    return sorted(places, key=lambda place: float(place[1]))


def aim_point(spec: ClipSpec) -> Array | None:
    """(2,) floor point that the thing is aimed at; None is straight ahead."""
    steps = spec.weapon.behaviour if spec.weapon else ()
    wanted = next((step.at for step in steps if isinstance(step, Aim)), "ahead")
    if wanted == "role_player" and spec.people:
        return person_position(spec, spec.people[0])[:2]
    if wanted == "target":
        return next((place[:2] for place in target_positions(spec)), None)
    return None
