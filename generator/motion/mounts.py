"""Where a camera sits on its wearer, on what is held or in a hand, and how loosely."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from generator.motion.looks import Looks
from generator.motion.pose import OPENCV_FROM_BODY, mixed, pose, rotation
from generator.motion.timeline import BodyMeasures
from generator.scenario.spec import ClipSpec, MountWord
from generator.scenario.things import HeldKind

Array = NDArray[np.float64]

_SHOULDER = (-0.62, 0.55, 0.055)
"""Left, as most stocks are shouldered on the right: share of the shoulder's half width, of the sternum's distance to the front, and
metres above the shoulder joints: 4 to 8 cm before the bare collar bone of thin and heavy bodies, with and without vest."""

_TEMPLE = (0.066, 0.045, 0.006)
"""Metres from the midpoint of the eyes to a lens beside the right hinge: frames are 130 to 145 mm wide, as opticians measure, and
spectacles stand 12 to 14 mm before the cornea, which is 13 mm before the eye's centre; the camera is a little before them."""

_HELD = (0.02, 0.34, -0.06)
"""Metres from the midpoint of the eyes to the lens of a phone: it is held 32 to 36 cm away (Bababekova et al. 2011, Font size and
viewing distance of handheld smart phones), a little below the eyes."""

_FOLLOWS = 0.7
"""Share of the head's turn that a hand-held phone follows; an estimate."""

BEFORE_EYES = 0.07
"""Metres that a game's camera is before the midpoint of the eyes, level: the tip of the nose is about 4 before it."""

_BELOW: dict[HeldKind, tuple[float, float, float]] = {
    "training_pistol": (0.0, 0.130, -0.052),
    "taser": (0.0, 0.095, -0.055),
    "training_smg": (0.0, 0.325, -0.004),
    "training_carbine": (0.0, 0.520, 0.008),
    "training_shotgun": (0.0, 0.550, -0.052),
    "paintball_marker": (0.0, 0.400, -0.008),
}
"""Where a lens below the barrel is, in the thing frame: below what the shapes of each kind have there, behind the muzzle and before
the support hand, as measured on them."""

_BELOW_OTHERS = (0.0, 0.10, -0.05)


@dataclass(frozen=True)
class Carriers:
    """What a camera can sit on at one time; 4x4 matrices to the world.

    Attributes:
        torso: the torso frame.
        steady: the frame that the arms carry things in.
        head: the head, its origin midway between the eyes.
    """

    torso: Array
    steady: Array
    head: Array


@dataclass(frozen=True)
class Mount:
    """How the camera sits: mounting angles (radians) and looseness (radians rms).

    ``eyes``, before them, is where a game's gliding camera is, whatever ``camera.mount`` says: it has no body.
    """

    word: MountWord | Literal["eyes"]
    kind: HeldKind | None
    turn: Array
    loose: float

    @classmethod
    def of(cls, spec: ClipSpec) -> "Mount":
        """Mounting angles: a chest camera sits on a sloping chest and is tilted up by hand; a helmet's at the hands.

        A rig is level and not loose. A game's camera that glides is at the eyes, level.
        """
        looks = Looks.of(spec)
        pitch, roll, yaw = spec.stream("motion/mount").uniform(-1, 1, 3)
        degrees, loose = {
            "chest": ((14.0 + 5.0 * pitch, 3.5 * roll, 4.0 * yaw), 0.35),
            "helmet": ((-17.0 + 5.0 * pitch, 3.0 * roll, 3.0 * yaw), 0.25),
            # On a strap that bends, and often knocked; spectacles slide down the nose; a rail holds. All estimates.
            "shoulder": ((6.0 + 5.0 * pitch, 6.0 * roll, 3.0 + 7.0 * yaw), 0.5),
            "spectacle": ((-7.0 + 4.0 * pitch, 1.5 * roll, -2.0 + 2.0 * yaw), 0.1),
            "weapon": ((0.6 * pitch, 1.5 * roll, 0.6 * yaw), 0.05),
            "hand": ((-3.0 + 4.0 * pitch, 4.0 * roll, 4.0 * yaw), 0.3),
        }[spec.camera.mount]
        kind = spec.weapon.kind if spec.weapon else None
        if looks.glide:
            return cls("eyes", kind, np.zeros(3), 0.0)
        if looks.steady:
            return cls(spec.camera.mount, kind, np.radians([degrees[0], 0.0, degrees[2]]), 0.0)
        return cls(spec.camera.mount, kind, np.radians(degrees), float(np.radians(loose)))

    def camera(self, carriers: Carriers, thing: Array, measures: BodyMeasures, jitter: Array) -> Array:
        """(4, 4) camera (OpenCV axes) to world.

        Args:
            carriers: where everything is.
            thing: (4, 4) what is held first; only a camera on the weapon asks for it.
            measures: of the wearer.
            jitter: (3,) of unit size, how the loose camera has turned.
        """
        base, place = self._seat(carriers, thing, measures)
        turn = self.turn + self.loose * jitter
        return pose(base @ rotation(*turn) @ OPENCV_FROM_BODY, place)

    def _seat(self, carriers: Carriers, thing: Array, measures: BodyMeasures) -> tuple[Array, Array]:
        """The rotation that the mounting angles are against, and where the lens is."""
        torso, head = carriers.torso, carriers.head
        if self.word == "eyes":
            ahead = np.array([head[0, 1], head[1, 1], 0.0])
            return head[:3, :3], head[:3, 3] + BEFORE_EYES * ahead / np.linalg.norm(ahead)
        if self.word == "chest":
            return torso[:3, :3], _at(torso, np.array(measures.sternum))
        if self.word == "shoulder":
            x, y, z = _SHOULDER
            return torso[:3, :3], _at(torso, np.array([x * measures.shoulder_half_width, y * measures.sternum[1], z]))
        if self.word == "weapon":
            offset = _BELOW.get(self.kind, _BELOW_OTHERS) if self.kind else _BELOW_OTHERS
            return thing[:3, :3], _at(thing, np.array(offset))
        if self.word == "spectacle":
            return head[:3, :3], _at(head, np.array(_TEMPLE))
        if self.word == "hand":
            # The arm takes part of the steps out of it, and turns less than the head.
            base = mixed(carriers.steady[:3, :3], head[:3, :3], _FOLLOWS)
            steadier = np.array([0.0, 0.0, carriers.steady[2, 3] - torso[2, 3]])
            return base, head[:3, 3] + steadier + base @ np.array(_HELD)
        eyes = np.array(
            [0.0, 0.09, measures.eye_height - measures.shoulder_height]
        )  # in the torso frame, the head upright
        return head[:3, :3], _at(head, np.array(measures.brow) - eyes)


def _at(frame: Array, offset: Array) -> Array:
    return np.asarray(frame[:3, :3] @ offset + frame[:3, 3])
