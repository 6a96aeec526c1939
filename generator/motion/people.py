"""Role-players: where they stand, and how nobody stands quite still."""

import numpy as np
from numpy.typing import NDArray

from generator.motion.noise import Wander, wander
from generator.motion.pose import pose, rotation
from generator.motion.timeline import PersonMoment
from generator.scenario.spec import ClipSpec, Person

Array = NDArray[np.float64]


def person_position(spec: ClipSpec, person: Person) -> Array:
    """(3,) point on the floor between the person's feet, in world space."""
    room = spec.environment
    return np.array([0.35 + person.across * (room.width - 0.7), person.along * room.length, 0.0])


def idlers(spec: ClipSpec) -> tuple[Wander, ...]:
    """Sway of each person, drawn from a stream of its own."""
    return tuple(wander(spec.stream(f"motion/people/{k}"), 3, (0.1, 1.2)) for k in range(len(spec.people)))


def person_moment(spec: ClipSpec, person: Person, sway: Wander, t: float) -> PersonMoment:
    """The person at time ``t``: facing the wearer (towards -y) plus ``facing``.

    Standing sway is about half a degree of lean about the ankles (Winter 1995, Human balance and posture control).
    """
    turn, lean, breath = sway.at(t)
    yaw = np.pi + person.facing + np.radians(1.2) * turn
    root = pose(rotation(yaw=yaw), person_position(spec, person))
    return PersonMoment(root, float(np.radians(0.5) * lean), float(np.sin(2 * np.pi * 0.25 * t + breath)))
