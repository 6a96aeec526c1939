"""How a long gun hangs on its sling once a transition has let go of it: it swings, and comes to rest."""

import numpy as np
from numpy.typing import NDArray

from generator.motion.handling import Handled
from generator.motion.pose import pose, rotation
from generator.motion.support import hands_at
from generator.motion.timeline import NOMINAL_STATURE, BodyMeasures
from generator.scenario.things import LET_GO

Array = NDArray[np.float64]

_REST, _REST_TURN = (0.045, 0.030, -0.505), (-62.0, 0.0, 64.0)
"""The thing's origin: x and z in the torso frame of the nominal stature, y before a chest camera's lens, metres; pitch,
roll, yaw, degrees. Its left side lies on the chest, its stock beside a camera there, its muzzle before the left knee; by eye."""

_PIVOT = (-0.05, 0.06, 0.0)
"""Metres in the torso frame of the nominal stature: the place about which it swings, where the sling lies on the chest."""

_HERTZ = 0.76
"""Of a pendulum of 0.43 m, from there to the middle of the gun: sqrt(g / l) / 2 pi."""

_DAMPING = 0.16
_SWUNG = 9.0
_TWIST = 4.0
_STEPS = 1.5
"""Share of critical damping (webbing and clothes rub); degrees that it would swing and twist undamped when it is let go,
and that the steps keep it swinging; estimates."""


def resting(body: BodyMeasures) -> Array:
    """(4, 4) in the torso frame of a long gun that hangs on its sling, let go by both hands."""
    scale = body.stature / NOMINAL_STATURE
    x, y, z = _REST
    return pose(rotation(*np.radians(_REST_TURN)), np.array([scale * x, body.sternum[1] + y, scale * z]))


def hung(handled: Handled, t: float, body: BodyMeasures, steps: float) -> Array | None:
    """(4, 4) in the torso frame of a long gun that a transition has let go of, or None if none has.

    Before the trunk it can swing across, and hardly to and fro.

    Args:
        handled: what is done with the thing.
        t: seconds.
        body: whose trunk it hangs on.
        steps: -1..1, the phase of the wearer's stride (``Gait.swing``).
    """
    drill = next((drill for drill in reversed(handled.drills) if not drill.back and drill.start <= t), None)
    if drill is None or any(drill.end <= move.start <= t for move in handled.postures if move.after == "carried"):
        return None  # by now it has been slung by hand
    since = max(t - (drill.start + LET_GO * (drill.end - drill.start)), 0.0)
    hands = hands_at(handled, t)
    free = (1 - hands.grip) * (1 - hands.support)
    angular = 2 * np.pi * _HERTZ
    ring = np.exp(-_DAMPING * angular * since)
    phase = angular * np.sqrt(1 - _DAMPING**2) * since
    across = np.radians(_SWUNG * ring * np.sin(phase) + _STEPS * steps)
    twist = np.radians(_TWIST * ring * np.sin(1.7 * phase))
    turn = rotation(roll=free * float(across), yaw=free * float(twist))
    pivot = body.stature / NOMINAL_STATURE * np.array(_PIVOT)
    return np.asarray(pose(turn, pivot - turn @ pivot) @ resting(body))
