"""How a long gun hangs on its sling once a transition has let go of it: it swings, and comes to rest."""

import numpy as np
from numpy.typing import NDArray

from generator.motion.handling import Handled
from generator.motion.noise import minimum_jerk
from generator.motion.pose import pose, rotation
from generator.motion.support import hands_at
from generator.scenario.things import LET_GO

Array = NDArray[np.float64]

PIVOT = (-0.02, 0.06, 0.07)
"""Metres in the torso frame of the nominal stature: where the sling goes over the shoulder, above the hung gun's middle."""

_HERTZ = 0.76
"""Of a pendulum of 0.43 m, from there to the middle of the gun: sqrt(g / l) / 2 pi."""

_DAMPING = 0.16
_SWUNG = 8.0
_TWIST = 9.0
_STEPS = 1.5
"""Share of critical damping (webbing and clothes rub); degrees that it would swing and twist undamped when it is let go,
and that the steps keep it swinging; estimates."""


def hung(handled: Handled, t: float, scale: float, steps: float) -> Array:
    """(4, 4) in the torso frame by which a slung thing has swung sideways before the trunk; the identity if it has not.

    Before the trunk it can swing across and twist, but hardly to and fro.

    Args:
        handled: what is done with the thing.
        t: seconds.
        scale: of the body.
        steps: -1..1, the phase of the wearer's stride (``Gait.swing``).
    """
    drill = next((drill for drill in reversed(handled.drills) if not drill.back and drill.start <= t), None)
    if drill is None:
        return np.eye(4)
    since = t - (drill.start + LET_GO * (drill.end - drill.start))
    hands = hands_at(handled, t)
    free = (1 - hands.grip) * (1 - hands.support) * minimum_jerk(since / 0.25 + 0.5)
    if free <= 0:
        return np.eye(4)
    angular = 2 * np.pi * _HERTZ
    ring = np.exp(-_DAMPING * angular * max(since, 0.0))
    phase = angular * np.sqrt(1 - _DAMPING**2) * max(since, 0.0)
    across = np.radians(_SWUNG * ring * np.sin(phase) + _STEPS * steps)
    twist = np.radians(_TWIST * ring * np.sin(1.7 * phase + 0.4))
    turn = rotation(roll=free * float(across), yaw=free * float(twist))
    pivot = scale * np.array(PIVOT)
    return pose(turn, pivot - turn @ pivot)
