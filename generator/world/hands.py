"""Hands: their frame at rest, how fingers and thumb turn, and what of their skin touches things."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from generator.world.bodymesh import Surface
from generator.world.figure import Figure, Posed, frame
from generator.world.joints import thumb_axis

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Side = Literal["L", "R"]
Flexion = tuple[float, ...]
"""Radians a finger's three joints bend from rest; a fourth value, where given, spreads it towards the index side."""

FINGERS = (2, 3, 4, 5)
PALM_BONES = ("wrist", "metacarpal1", "metacarpal2", "metacarpal3", "metacarpal4")
_CLOSED = np.radians(45.0)
"""Flexion of the knuckle at which fingers that are spread at rest lie parallel."""


@dataclass(frozen=True)
class Rest:
    """A hand at rest: its own frame and landmarks, in the body's rest space.

    Attributes:
        side: L or R.
        axes: (3, 3) columns: fingers' direction, across towards the index finger, out of the palm.
        wrist: (3,).
        web: (3,) between thumb and index finger.
        palm: (3,) on the skin in the middle of the palm.
    """

    side: Side
    axes: Array
    wrist: Array
    web: Array
    palm: Array


@dataclass(frozen=True)
class Grasp:
    """A hand on a thing.

    Attributes:
        side: L or R.
        wrist: (4, 4) the wrist in the thing's frame: rotation from rest axes, position of its head.
        angles: flexion of every finger, by finger 2..5.
        thumb: three (3, 3) rotations of the thumb's joints in rest axes.
        trigger: flexion of the index finger on the trigger, or None.
    """

    side: Side
    wrist: Array
    angles: dict[int, Flexion]
    thumb: tuple[Array, Array, Array]
    trigger: Flexion | None = None


def rest(figure: Figure, side: Side) -> Rest:
    """Frame and landmarks of a hand at rest."""
    wrist = figure.head(f"wrist.{side}")
    along = figure.head(f"finger3-1.{side}") - wrist
    across = figure.head(f"finger2-1.{side}") - figure.head(f"finger5-1.{side}")
    axes = frame(along, across)
    tips = figure.tail(f"finger3-3.{side}") - figure.head(f"finger3-1.{side}")
    if axes[:, 2] @ tips < 0:  # fingers hang a little towards the palm
        axes[:, 2] *= -1
    hand = figure.share(*(f"{name}.{side}" for name in PALM_BONES))
    vertices = figure.vertices[hand > 0.5]
    centre = wrist + 0.55 * along
    out = (vertices - centre) @ axes[:, 2]
    near = np.linalg.norm((vertices - centre) - np.outer(out, axes[:, 2]), axis=1) < 0.025
    palm = centre + axes[:, 2] * float(out[near].max())
    thumb, index = figure.head(f"finger1-2.{side}"), figure.head(f"finger2-1.{side}")
    web = 0.5 * (thumb + index) - 0.10 * along + 0.004 * axes[:, 2]
    return Rest(side, axes, wrist, web, palm)


def open_hand(figure: Figure, side: Side, rng: np.random.Generator) -> Grasp:
    """A hand that holds nothing, before the body: half open, palm inwards and down, fingers each a little otherwise."""
    hand = rest(figure, side)
    out = 1.0 if side == "R" else -1.0
    curl = rng.uniform(0.5, 1.15)
    angles: dict[int, Flexion] = {}
    for finger in FINGERS:
        bent = np.radians([10 + 4 * finger, 16 + 3 * finger, 9, 0]) * curl
        bent = bent + np.radians([4, 4, 3, 1.5]) * rng.normal(0, 1, 4)
        angles[finger] = tuple(float(angle) for angle in bent)
    wanted = frame(np.array([-0.16 * out, 0.95, 0.20 + 0.1 * rng.normal()]), np.array([-0.75 * out, 0.10, -0.66]))
    axes = np.stack([wanted[:, 0], np.cross(wanted[:, 1], wanted[:, 0]) * handedness(hand), wanted[:, 1]], -1)
    wrist = np.eye(4)
    wrist[:3, :3] = axes @ hand.axes.T
    wrist[:3, 3] = -wrist[:3, :3] @ (hand.web - hand.wrist)
    bends = np.radians([[8.0, 10.0, 6.0, 6.0, 8.0]]) * rng.uniform(0.3, 1.3)
    first, second, third = (turn[0] for turn in thumb_turns(figure, hand, bends))
    return Grasp(side, wrist, angles, (first, second, third))


def about_each(axis: Array, angle: Array) -> Array:
    """(n, 3, 3) rotations about one axis (Rodrigues)."""
    x, y, z = axis / np.linalg.norm(axis)
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.asarray(angle, float).reshape(-1, 1, 1)
    return np.asarray(np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * (k @ k))


def handedness(hand: Rest) -> float:
    """Sign of (palm x fingers) . across: differs between left and right."""
    return float(np.sign(np.cross(hand.axes[:, 2], hand.axes[:, 0]) @ hand.axes[:, 1]))


def finger_turns(figure: Figure, hand: Rest, finger: int, flexion: Array) -> Array:
    """(n, 3, 3, 3) turns of a finger's joints from rest, in rest axes, for (n, 3 or 4) flexions.

    A finger bends in its own plane; as the knuckle bends, the planes of all fingers become parallel.
    """
    out = hand.axes[:, 2]

    def direction(which: int) -> Array:
        way = figure.tail(f"finger{which}-3.{hand.side}") - figure.head(f"finger{which}-1.{hand.side}")
        way = way - out * (way @ out)
        return np.asarray(way / np.linalg.norm(way))

    own, middle = direction(finger), direction(3)
    apart = float(np.arctan2(np.cross(own, middle) @ out, own @ middle))
    spread = apart * np.clip(flexion[:, 0] / _CLOSED, 0.0, 1.0)
    if flexion.shape[1] > 3:
        spread = spread + flexion[:, 3] * handedness(hand)
    aside = about_each(out, spread)
    bent = np.cumsum(flexion[:, :3], 1)
    hinge = about_each(np.cross(own, out), bent.ravel()).reshape(-1, 3, 3, 3)
    return np.asarray(aside[:, None] @ hinge)


def thumb_turns(figure: Figure, hand: Rest, angles: Array) -> tuple[Array, Array, Array]:
    """Turns of the thumb's joints, each (n, 3, 3) in rest axes.

    ``angles`` (n, 5): base across the palm, base towards the fingers, base out of the palm, flexion of the two joints.
    """
    fingers, palm = hand.axes[:, 0], hand.axes[:, 2]
    along = figure.tail(f"finger1-1.{hand.side}") - figure.head(f"finger1-1.{hand.side}")
    base = about_each(fingers * handedness(hand), angles[:, 0])
    base = base @ about_each(np.cross(along, fingers), angles[:, 1]) @ about_each(np.cross(along, palm), angles[:, 2])
    axis = thumb_axis(figure, hand)
    return base, about_each(axis, angles[:, 3]), about_each(axis, angles[:, 4])


def set_hand(
    posed: Posed, hand: Rest, turn: Array, angles: Mapping[int, Flexion], thumb: tuple[Array, Array, Array]
) -> None:
    """Turns wrist, fingers and thumb of a pose.

    Args:
        posed: the pose, its arm set.
        hand: rest frame of the hand.
        turn: (3, 3) global rotation of the wrist.
        angles: flexion by finger.
        thumb: rotations of the thumb's joints.
    """
    posed.turn(f"wrist.{hand.side}", turn)
    for finger, flexion in angles.items():
        turns = finger_turns(posed.figure, hand, finger, np.array([flexion]))[0]
        for joint in (1, 2, 3):
            posed.turn(f"finger{finger}-{joint}.{hand.side}", turn @ turns[joint - 1])
    total = turn
    for joint, local in enumerate(thumb, 1):
        total = total @ local
        posed.turn(f"finger1-{joint}.{hand.side}", total)


def outer_skin(figure: Figure, surface: Surface, side: Side) -> tuple[Whole, NDArray[np.int32]]:
    """Vertices (k,) and triangles (m, 3) of the outer side of a hand's skin or glove, as indices of the surface."""
    cut = surface.cut
    first = len(np.unique(cut.base_faces))  # a thick cut repeats its faces for the inner side
    share = np.asarray(surface.matrix @ figure.share("wrist", "finger", "metacarpal")[cut.ids])
    mine = (surface.rest[:, 0] > 0) == (side == "R")
    faces = surface.faces[(surface.parent < first) & (mine & (share > 0.5))[surface.faces].all(1)]
    return np.unique(faces), np.concatenate([faces[:, :3], faces[:, [0, 2, 3]]]).astype(np.int32)


def pad_skin(figure: Figure, surface: Surface, side: Side, finger: int, outer: Whole | None = None) -> Whole:
    """(k,) vertices of the surface that make the pad of a fingertip; ``outer`` are those of ``outer_skin``, if at hand."""
    hand = rest(figure, side)
    used = outer_skin(figure, surface, side)[0] if outer is None else outer
    bone = f"finger{finger}-3.{side}"
    share = np.asarray(surface.matrix[used] @ figure.share(bone)[surface.cut.ids])
    return np.asarray(used[(share > 0.6) & palmar_side(figure, hand, finger, 3, surface.rest[used])])


def palmar_side(figure: Figure, hand: Rest, finger: int, joint: int, points: Array) -> NDArray[np.bool_]:
    """(n,) which points at rest lie on the palm's side of a phalanx's bone."""
    bone = f"finger{finger}-{joint}.{hand.side}"
    head, along = figure.head(bone), figure.tail(bone) - figure.head(bone)
    along = along / np.linalg.norm(along)
    palmar = np.cross(thumb_axis(figure, hand), along) if finger == 1 else hand.axes[:, 2]
    palmar = palmar - along * (along @ palmar)
    return np.asarray((points - head) @ (palmar / np.linalg.norm(palmar)) > 0.002)
