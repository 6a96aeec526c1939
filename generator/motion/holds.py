"""How each thing is held: pose of the thing in the torso frame, low and raised, and how it kicks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.scenario.things import HeldKind

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Hold:
    """Where a thing is held (thing frame: origin at the web of the firing hand, y along the muzzle).

    Attributes:
        low, high: (x, y, z) of the origin in the torso frame for a stature of 1.73 m, metres; low ready and aimed.
        low_turn, high_turn: pitch (up), roll (clockwise seen by the wearer), yaw (left), degrees.
        rise: muzzle rise by a shot, degrees.
        push: how far a shot pushes the thing back, metres.
        shake: how far a shot pitches the trunk and head, degrees.
        reloading: change of pitch and roll while reloading, degrees.
    """

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    low_turn: tuple[float, float, float]
    high_turn: tuple[float, float, float]
    rise: float = 0.0
    push: float = 0.0
    shake: float = 0.0
    reloading: tuple[float, float] = (0.0, 0.0)


HOLDS: dict[HeldKind, Hold] = {
    # Butt in the right shoulder pocket, sights on the line of sight; low ready keeps the butt near the shoulder.
    "training_carbine": Hold(
        (0.09, 0.345, -0.15), (0.075, 0.365, 0.01), (-33, 4, 9), (0, 0, 1), 1.1, 0.012, 0.35, (9, 24)
    ),
    # Two hands, arms nearly straight, sights at the eye line; low ready in front of the belly.
    "training_pistol": Hold(
        (0.03, 0.41, -0.28), (0.012, 0.585, 0.075), (-34, 0, 6), (0, 0, 0), 3.6, 0.017, 0.30, (16, 18)
    ),
    # Screen towards the wearer; low is held before the chest, raised films at chin height.
    "phone": Hold((0.08, 0.38, -0.18), (0.05, 0.44, -0.01), (-40, 0, 4), (-6, 0, 0)),
    # Overhand in a fist, thumb on the switch at its end, elbow down, beam past the little finger.
    "torch": Hold((0.16, 0.34, -0.18), (0.135, 0.41, -0.08), (-26, 0, 4), (-2, 0, 2)),
}


def blended(hold: Hold, raised: float) -> tuple[Array, Array]:
    """Origin (3,) in metres and pitch, roll, yaw (3,) in radians between low (0) and aimed (1)."""
    origin = (1 - raised) * np.array(hold.low) + raised * np.array(hold.high)
    # Hands travel on an arc, out and up, not on a chord.
    origin = origin + np.array([0.0, 0.035, 0.0]) * np.sin(np.pi * raised)
    turn = np.radians((1 - raised) * np.array(hold.low_turn) + raised * np.array(hold.high_turn))
    return origin, turn
