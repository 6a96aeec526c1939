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
        drawn_in: how far back and down it is drawn meanwhile, metres.
        sights: height of the line of sight over the origin, metres, for what is aimed over sights: aiming brings it to the eye,
            and ``aimed`` is where that is on the nominal body; a mean of the shapes that the kind has.
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
    sights: float | None = None
    drawn_in: tuple[float, float] = (0.06, 0.03)

    def at(self, place: Place, scale: float, eye: float | None = None) -> tuple[Array, Array]:
        """Origin (3,) in metres for a body ``scale`` times the nominal one, and pitch, roll, yaw (3,) in radians.

        ``eye`` is the height of the eye that looks over the sights, metres above the origin of the torso frame.
        """
        origin, turn = {
            "low": (self.low, self.low_turn),
            "high": (self.high, self.high_turn),
            "aimed": (self.aimed, self.aimed_turn),
            "carried": (self.carried, self.carried_turn),
        }[place]
        placed = scale * np.array(origin)
        if place == "aimed" and self.sights is not None and eye is not None:
            placed[2] = eye - self.sights
        return placed, np.radians(turn)

    def frame(self, place: Place, scale: float, eye: float | None = None) -> Array:
        """(4, 4) the thing in the torso frame in a place; see ``at``."""
        origin, turn = self.at(place, scale, eye)
        return pose(rotation(*turn), origin)


# The right hip behind the seam of the trousers, muzzle down; the butt a hand's breadth below the ribs. Near straight down,
# roll and yaw nearly cancel: together they lean the muzzle 4 degrees out, as the hip slopes.
_HIP: tuple[Triple, Triple] = ((0.225, 0.005, -0.475), (-79.0, -19.4, -25.1))
# On a two-point sling before the chest, muzzle down to the left.
_SLING: tuple[Triple, Triple] = ((0.07, 0.255, -0.20), (-58, 14, 22))


def _handgun(rise: float, push: float, shake: float, reloading: tuple[float, float], sights: float) -> Hold:
    """Two hands, arms nearly straight, sights at the eye line; low ready before the lower chest, arms stretched."""
    return Hold(
        (0.025, 0.535, -0.225), (-30, 0, 5), (0.02, 0.37, 0.03), (38, 0, 2), (0.020, 0.590, 0.11), (0, 0, 0), *_HIP, rise, push,
        shake, reloading, sights, (0.09, 0.04),
    )  # fmt: skip


def _long_gun(
    low: Triple, aimed: Triple, rise: float, push: float, shake: float, reloading: tuple[float, float], sights: float,
) -> Hold:  # fmt: skip
    """Butt in the right shoulder pocket, sights on the line of sight; low ready keeps the butt near the shoulder."""
    return Hold(
        low, (-33, 4, 9), (0.095, 0.28, -0.16), (29, -4, 12), aimed, (0, 0, 1), *_SLING, rise, push, shake, reloading, sights,
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
    "training_carbine": _long_gun((0.09, 0.325, -0.15), (0.075, 0.342, 0.042), 1.1, 0.012, 0.35, (9, 24), 0.112),
    "training_smg": _long_gun((0.09, 0.302, -0.16), (0.075, 0.312, 0.054), 0.8, 0.007, 0.22, (9, 20), 0.10),
    "training_shotgun": _long_gun((0.09, 0.293, -0.17), (0.075, 0.308, 0.087), 3.2, 0.026, 0.85, (6, 10), 0.067),
    "training_pistol": _handgun(3.6, 0.017, 0.30, (20, 30), 0.043),
    "taser": _handgun(0.0, 0.0, 0.0, (0, 0), 0.049),
    # Screen towards the wearer; low is held before the breast, raised films at chin height.
    "phone": _one_handed((0.06, 0.44, -0.09), (-28, -10, -8), (0.055, 0.43, 0.025), (-8, -6, -8), (0.045, 0.44, -0.01),
                         (-16, -8, -12), ((0.255, 0.191, -0.496), (1, -121, -94))),
    # Overhand in a fist at shoulder height, elbow down, beam past the little finger, thumb on the switch at its end.
    "torch": _one_handed((0.135, 0.47, -0.07), (-36, -12, 8), (0.126, 0.47, 0.055), (-6, -12, -2), (0.143, 0.46, 0.05), (-4, -6, 1),
                         ((0.247, 0.190, -0.513), (-52, -169, 176))),
    # Carried before the breast; raised it is spoken into from a forearm's length, its face turned to the wearer's.
    "radio": _one_handed((0.10, 0.43, -0.09), (-16, -6, -27), (0.09, 0.42, 0.022), (-2, -4, -30), (0.094, 0.43, -0.02),
                         (-10, -4, -29), ((0.232, 0.217, -0.465), (0, -88, -96))),
    # The bit at what is drilled, before the right shoulder, the elbow bent.
    "drill": _one_handed((0.17, 0.47, -0.11), (-22, 0, 17), (0.145, 0.50, 0.075), (1, 0, 9), (0.172, 0.454, 0.036), (32, -3, 14),
                         ((0.252, 0.239, -0.461), (-55, 24, 17))),
    # Closed, by its handle as a stick is held: level, or held out before the body tip up; high, over the head.
    "umbrella": _one_handed((0.17, 0.42, -0.12), (10, 4, 8), (0.140, 0.49, 0.05), (24, 1, 4), (0.163, 0.463, 0.028), (61, 4, 9),
                            ((0.243, 0.230, -0.452), (-19, -1, -6))),
    # Both hands, its display a forearm's length before the face; low, before the breast.
    "camera": _one_handed((0.094, 0.45, -0.09), (-14, 9, 10), (0.085, 0.44, 0.033), (4, 7, 9), (0.10, 0.445, -0.02), (0, 7, 9),
                          ((0.226, 0.197, -0.455), (-72, -19, -24))),
    # Before the right shoulder, so that the wrist need not bend far to point ahead.
    "water_pistol": _one_handed((0.164, 0.48, -0.11), (-23, -2, 15), (0.120, 0.525, 0.088), (1, 0, 6), (0.172, 0.458, 0.057),
                                (40, -2, 12)),
    "toy_blaster": _one_handed((0.154, 0.48, -0.11), (-24, 0, 15), (0.120, 0.515, 0.083), (1, -1, 6), (0.173, 0.454, 0.057),
                               (39, -3, 12)),
    "paintball_marker": Hold(
        (0.09, 0.36, -0.17), (-30, 3, 8), (0.10, 0.31, -0.12), (34, -4, 8), (0.075, 0.40, 0.092), (0, 0, 1),
        *_HANGING, 0.25, 0.003, 0.05, sights=0.062,
    ),
    # Where the firing hand is: at the side, before the body as if to push a door, out in front.
    "empty_hands": _one_handed((0.20, 0.22, -0.44), (-48, 0, 0), (0.15, 0.48, 0.065), (7, -3, 2), (0.15, 0.43, -0.07), (14, -4, 0)),
}  # fmt: skip
