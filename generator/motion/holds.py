"""How each thing is held: pose of the thing in the torso frame in every place, and how it kicks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.motion.handling import Place
from generator.motion.pose import pose, rotation
from generator.scenario.things import HeldKind

Array = NDArray[np.float64]
Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Hold:
    """Where a thing is held (thing frame: origin at the web of the firing hand, y along the muzzle).

    Positions are (x, y, z) of the origin in the torso frame for a stature of 1.73 m, metres; turns are pitch (up), roll
    (clockwise seen by the wearer), yaw (left), degrees.

    Attributes:
        low, low_turn: low ready.
        high, high_turn: high ready.
        aimed, aimed_turn: aimed.
        carried, carried_turn: in the holster, on the sling or in the hanging hand.
        rise: muzzle rise by a shot, degrees.
        push: how far a shot pushes the thing back, metres.
        shake: how far a shot pitches the trunk and head, degrees.
        reloading: change of pitch and roll while reloading, degrees.
    """

    low: Triple
    low_turn: Triple
    high: Triple
    high_turn: Triple
    aimed: Triple
    aimed_turn: Triple
    carried: Triple
    carried_turn: Triple
    rise: float = 0.0
    push: float = 0.0
    shake: float = 0.0
    reloading: tuple[float, float] = (0.0, 0.0)

    def at(self, place: Place, scale: float) -> tuple[Array, Array]:
        """Origin (3,) in metres for a body ``scale`` times the nominal one, and pitch, roll, yaw (3,) in radians."""
        origin, turn = {
            "low": (self.low, self.low_turn),
            "high": (self.high, self.high_turn),
            "aimed": (self.aimed, self.aimed_turn),
            "carried": (self.carried, self.carried_turn),
        }[place]
        return scale * np.array(origin), np.radians(turn)

    def frame(self, place: Place, scale: float) -> Array:
        """(4, 4) the thing in the torso frame in a place."""
        origin, turn = self.at(place, scale)
        return pose(rotation(*turn), origin)


# The right hip behind the seam of the trousers, muzzle down; the butt a hand's breadth below the ribs. Near straight down,
# roll and yaw nearly cancel: together they lean the muzzle 4 degrees out, as the hip slopes.
_HIP: tuple[Triple, Triple] = ((0.225, 0.005, -0.475), (-79.0, -19.4, -25.1))
# On a two-point sling before the chest, muzzle down to the left.
_SLING: tuple[Triple, Triple] = ((0.07, 0.255, -0.20), (-58, 14, 22))


def _handgun(rise: float, push: float, shake: float, reloading: tuple[float, float]) -> Hold:
    """Two hands, arms nearly straight, sights at the eye line; low ready in front of the belly."""
    return Hold(
        (0.03, 0.41, -0.28), (-34, 0, 6), (0.02, 0.37, 0.03), (38, 0, 2), (0.012, 0.545, 0.075), (0, 0, 0), *_HIP, rise, push,
        shake, reloading,
    )  # fmt: skip


def _long_gun(low: Triple, aimed: Triple, rise: float, push: float, shake: float, reloading: tuple[float, float]) -> Hold:
    """Butt in the right shoulder pocket, sights on the line of sight; low ready keeps the butt near the shoulder."""
    return Hold(
        low, (-33, 4, 9), (0.095, 0.28, -0.16), (34, -4, 12), aimed, (0, 0, 1), *_SLING, rise, push, shake, reloading,
    )  # fmt: skip


# As a grip lies in a hand that hangs, its arm a little bent, thumb forward; found from hands fitted to each thing.
_HANGING: tuple[Triple, Triple] = ((0.252, 0.238, -0.472), (-45, 21, 16))


def _one_handed(
    low: Triple, low_turn: Triple, aimed: Triple, aimed_turn: Triple, high: Triple, high_turn: Triple,
    carried: tuple[Triple, Triple] = _HANGING,
) -> Hold:  # fmt: skip
    """In the firing hand alone; the hanging hand carries it beside the thigh."""
    return Hold(low, low_turn, high, high_turn, aimed, aimed_turn, *carried)


HOLDS: dict[HeldKind, Hold] = {
    "training_carbine": _long_gun((0.09, 0.325, -0.15), (0.075, 0.342, 0.01), 1.1, 0.012, 0.35, (9, 24)),
    "training_smg": _long_gun((0.09, 0.302, -0.16), (0.075, 0.312, 0.005), 0.8, 0.007, 0.22, (9, 24)),
    "training_shotgun": _long_gun((0.09, 0.315, -0.17), (0.075, 0.330, 0.056), 3.2, 0.026, 0.85, (6, 10)),
    "training_pistol": _handgun(3.6, 0.017, 0.30, (16, 18)),
    "taser": _handgun(0.0, 0.0, 0.0, (0, 0)),
    # Screen towards the wearer; low is held before the chest, raised films at chin height.
    "phone": _one_handed((0.08, 0.38, -0.18), (-40, 0, 4), (0.05, 0.44, -0.01), (-6, 0, 0), (0.06, 0.36, -0.06), (-18, 0, 2),
                         ((0.256, 0.192, -0.504), (0, -117, -93))),
    # Overhand in a fist, thumb on the switch at its end, elbow down, beam past the little finger.
    "torch": _one_handed((0.16, 0.31, -0.18), (-42, 0, 4), (0.145, 0.33, -0.02), (-4, 0, 2), (0.15, 0.28, 0.06), (-10, 0, 4),
                         ((0.247, 0.191, -0.515), (-51, -171, 177))),
    # Carried before the breast; raised, the microphone is a hand's breadth from the mouth.
    "radio": _one_handed((0.13, 0.30, -0.24), (-20, 0, 8), (0.07, 0.235, 0.05), (8, -10, 18), (0.09, 0.28, -0.08), (0, -6, 10),
                         ((0.233, 0.215, -0.480), (-3, -72, -96))),
    # The bit at what is drilled, at breast height, the elbow bent.
    "drill": _one_handed((0.17, 0.36, -0.30), (-28, 0, 2), (0.09, 0.47, -0.06), (0, 0, 3), (0.15, 0.33, -0.12), (30, 0, 4)),
    # Closed, by its handle: tip to the floor, or held out before the body; high, over the head.
    "umbrella": _one_handed((0.19, 0.30, -0.36), (-56, 0, 3), (0.13, 0.40, -0.18), (-20, 0, 4), (0.15, 0.36, -0.02), (62, 0, 0),
                            ((0.244, 0.230, -0.465), (-8, 2, -4))),
    # Both hands, its display before the face; low, before the belly.
    "camera": _one_handed((0.10, 0.33, -0.26), (-30, 0, 2), (0.085, 0.33, 0.09), (0, 0, 0), (0.09, 0.30, -0.05), (-6, 0, 0),
                          ((0.227, 0.196, -0.464), (-65, -18, -23))),
    "water_pistol": _one_handed((0.13, 0.40, -0.27), (-32, 0, 5), (0.10, 0.57, 0.02), (0, 0, 2), (0.15, 0.34, 0.02), (48, 0, 4)),
    "toy_blaster": _one_handed((0.12, 0.39, -0.26), (-30, 0, 6), (0.08, 0.53, 0.03), (0, 0, 1), (0.14, 0.33, 0.0), (44, 0, 4)),
    "paintball_marker": Hold(
        (0.09, 0.36, -0.17), (-30, 3, 8), (0.10, 0.31, -0.12), (34, -4, 8), (0.075, 0.40, -0.01), (0, 0, 1),
        *_HANGING, 0.25, 0.003, 0.05,
    ),
    # Where the firing hand is: at the side, before the body as if to push a door, out in front.
    "empty_hands": _one_handed((0.20, 0.22, -0.44), (-48, 0, 0), (0.13, 0.50, -0.03), (8, 0, 2), (0.17, 0.38, -0.10), (20, 0, 0)),
}  # fmt: skip
