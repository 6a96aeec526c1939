"""Where hands are that are off what is held, and how their fingers lie: hanging, fetching, racking, flat on the chest."""

import numpy as np
from numpy.typing import NDArray

from generator.motion.pose import mixed
from generator.motion.timeline import NOMINAL_STATURE, Moment
from generator.world.figure import Figure, about
from generator.world.hands import Rest

Array = NDArray[np.float64]
Thumb = tuple[Array, Array, Array]

RELAXED: dict[int, tuple[float, float, float]] = {
    finger: (np.radians(22 + 4 * finger), np.radians(30 + 3 * finger), np.radians(18)) for finger in (2, 3, 4, 5)
}  # a hand that holds nothing
FETCHING: dict[int, tuple[float, float, float]] = {
    finger: (np.radians(34), np.radians(38), np.radians(20)) for finger in (2, 3, 4, 5)
}  # a hand round a magazine
PINCHING: dict[int, tuple[float, float, float]] = {
    finger: (np.radians(52), np.radians(40), np.radians(22)) for finger in (2, 3, 4, 5)
}  # a hand over a slide
OVERHAND = np.array([[0.80, 0.0, 0.60], [0.0, -1.0, 0.0], [0.60, 0.0, -0.80]]).T
"""Columns: fingers' direction, across towards the index finger, out of the palm, of a left hand that comes over the top
from the left, in the thing's frame."""

THUMB_RELAXED = (np.eye(3), np.eye(3), np.eye(3))


def hanging(moment: Moment, figure: Figure, hand: Rest) -> tuple[Array, Array]:
    """Wrist and its rotation of an arm that hangs, slightly bent, palm inwards, and swings against the leg beside it."""
    side, out = hand.side, 1.0 if hand.side == "R" else -1.0
    torso = moment.T_world_torso
    shoulder = figure.head(f"upperarm01.{side}") - figure.torso_origin
    level = yaw(torso[:3, :3])
    stride = float((level.T @ (moment.feet[0] - moment.feet[1]))[1]) * out
    swung = about(np.array([1.0, 0, 0]), float(np.clip(_SWING * stride, -0.4, 0.4)))
    wrist = torso[:3, 3] + torso[:3, :3] @ shoulder
    wrist = wrist + 0.96 * figure.arm_length(side) * level @ swung @ np.array([0.20 * out, 0.20, -0.95])
    return wrist, level @ swung @ axes(hand, np.array([0.02 * out, 0.25, -1.0]), np.array([-out, 0.0, 0.0]))


def axes(hand: Rest, fingers: Array, palm: Array) -> Array:
    """Rotation of a wrist whose fingers point one way (3,) and whose palm faces another (3,), as nearly as it can."""
    first = fingers / np.linalg.norm(fingers)
    last = palm - first * (first @ palm)
    last = last / np.linalg.norm(last)
    across = np.sign(np.linalg.det(hand.axes)) * np.cross(last, first)
    return np.asarray(np.stack([first, across, last], -1) @ hand.axes.T)


_CHEST = (-0.215, 0.235, -0.20)
"""Where the wrist of a support hand waits for the sidearm, for the nominal stature; beside a gun that hangs, by eye."""


def on_chest(moment: Moment, figure: Figure, hand: Rest) -> tuple[Array, Array]:
    """Wrist and its rotation of a support hand that lies flat before the chest."""
    torso = moment.T_world_torso
    place = np.array(_CHEST) * figure.stature / NOMINAL_STATURE
    flat = axes(hand, np.array([0.9, 0.15, 0.35]), np.array([0.1, -1.0, 0.0]))
    return torso[:3, 3] + torso[:3, :3] @ place, torso[:3, :3] @ flat


def eased(thumb: Thumb, share: float) -> Thumb:
    """A thumb ``share`` of the way from how it holds to how it lies at rest."""
    first, second, third = (mixed(joint, rest, share) for joint, rest in zip(thumb, THUMB_RELAXED, strict=True))
    return first, second, third


_SWING = 0.45
"""Radians that an arm swings for each metre between the feet; by eye."""


def closed(
    angles: dict[int, tuple[float, ...]], other: dict[int, tuple[float, float, float]], share: float
) -> dict[int, tuple[float, ...]]:
    """Fingers ``share`` of the way from one hand to another."""
    return {
        finger: tuple((1 - share) * a + share * b for a, b in zip(flexion, (*other[finger], 0.0), strict=False))
        for finger, flexion in angles.items()
    }


def yaw(turn: Array) -> Array:
    """The part of a rotation that is about the vertical."""
    return about(np.array([0.0, 0, 1.0]), float(np.arctan2(turn[1, 0], turn[0, 0])))
