"""How hands hold a thing: the wrist in the thing's frame, seated by fitting the palm, and fingers fitted round it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from generator.scenario.things import HeldKind
from generator.world.bodymesh import Surface
from generator.world.contact import DistanceField, Solid, least_of
from generator.world.figure import Figure, Posed, frame
from generator.world.grip_styles import LEFT, RIGHT, Style
from generator.world.joints import LIMITS, hand_angles, thumb_axis
from generator.world.props import Marks

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Side = Literal["L", "R"]
Flexion = tuple[float, ...]
"""Radians a finger's three joints bend from rest; a fourth value, where given, spreads it towards the index side."""

_FINGERS = (2, 3, 4, 5)
_PALM_BONES = ("wrist", "metacarpal1", "metacarpal2", "metacarpal3", "metacarpal4")
_CLOSED = np.radians(45.0)
"""Flexion of the knuckle at which fingers that are spread at rest lie parallel."""

_FLESH = 0.0015
"""Metres that skin gives way where it presses."""

_MOST = 1.7
"""Millimetres that skin may sink in at most; flesh that gives way is not modelled."""

_SQUEEZE = 0.0015
"""Metres that two fingers side by side flatten each other."""

_SAMPLES = 120
"""Vertices of a finger's skin that are looked at while it is fitted."""

_BONE = 0.0045
_ALONG = (0.15, 0.35, 0.55, 0.75, 0.95)
"""Metres that points along a phalanx's bone keep from the surface, and where along it they are."""

_OUTER = tuple(3 * k + joint for k in range(len(_ALONG)) for joint in range(3) if joint == 1 or k % 2 == 0)
"""Which of those points are compared with a neighbouring finger's."""


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
    hand = figure.share(*(f"{name}.{side}" for name in _PALM_BONES))
    vertices = figure.vertices[hand > 0.5]
    centre = wrist + 0.55 * along
    out = (vertices - centre) @ axes[:, 2]
    near = np.linalg.norm((vertices - centre) - np.outer(out, axes[:, 2]), axis=1) < 0.025
    palm = centre + axes[:, 2] * float(out[near].max())
    thumb, index = figure.head(f"finger1-2.{side}"), figure.head(f"finger2-1.{side}")
    web = 0.5 * (thumb + index) - 0.10 * along + 0.004 * axes[:, 2]
    return Rest(side, axes, wrist, web, palm)


def grasp(
    figure: Figure, kind: HeldKind, side: Side, marks: Marks, solid: Solid, surface: Surface, pressed: Solid | None = None,
    *, alone: bool = False,
) -> Grasp | None:  # fmt: skip
    """The hand on the thing, its fingers closed on ``solid``; None where this hand does not hold it.

    Args:
        figure: whose hand.
        kind: what is held.
        side: which hand.
        marks: of the thing.
        solid: vertices (n, 3) and triangles (m, 3) to close on, in the thing's frame.
        surface: skin or gloves of both hands.
        pressed: as ``solid``, with the trigger pressed; the same where left out.
        alone: whether the left hand stays off.
    """
    style = (RIGHT if side == "R" else LEFT).get(kind)
    if style is None or (alone and side == "L"):
        return None
    mark = {"origin": np.zeros(3), "support": marks.support, "grip": marks.grip}[style.at]
    place = mark + np.array(style.nudge)
    place[1] += style.back * min(0.0, _arm(figure) - 0.50)
    field = DistanceField(solid, place + np.array([0, 0.02, -0.02]), filled=side == "L")
    fit = _Fit(figure, rest(figure, side), surface, field)
    fit.seat(style, place, marks)
    angles: dict[int, Flexion] = {}
    around = ((3, 3), (4, 3), (5, 4)) if style.index is not None else ((3, 3), (4, 3), (5, 4), (2, 3))
    for finger, neighbour in around:
        angles[finger] = fit.close(finger, angles.get(neighbour))
    along = None if style.along is None else np.array(style.along) / np.linalg.norm(style.along)
    fit.settle(angles, fit.thumb(mark + np.array(style.thumb), along, first=True))
    for finger, neighbour in around:
        beside = angles.get(neighbour) if neighbour != finger else None
        angles[finger] = fit.close(finger, beside, angles[finger])
    thumb = fit.thumb(mark + np.array(style.thumb), along)
    fit.polish(angles, thumb)
    trigger = None
    if style.index is not None:
        if not style.resting:
            point = _pressed_point(marks.trigger, solid, pressed)
            near = DistanceField(pressed or solid, marks.trigger + np.array([0, -0.02, 0.0]), reach=0.07)
            trigger = fit.reach(point, near)
        angles[2] = fit.reach(marks.trigger + np.array(style.index), field, straight=True)
    return Grasp(side, fit.wrist, angles, thumb, trigger)


def open_hand(figure: Figure, side: Side, rng: np.random.Generator) -> Grasp:
    """A hand that holds nothing, before the body: half open, palm inwards and down, fingers each a little otherwise."""
    hand = rest(figure, side)
    out = 1.0 if side == "R" else -1.0
    curl = rng.uniform(0.5, 1.15)
    angles: dict[int, Flexion] = {}
    for finger in _FINGERS:
        bent = np.radians([10 + 4 * finger, 16 + 3 * finger, 9, 0]) * curl
        bent = bent + np.radians([4, 4, 3, 1.5]) * rng.normal(0, 1, 4)
        angles[finger] = tuple(float(angle) for angle in bent)
    wanted = frame(np.array([-0.16 * out, 0.95, 0.20 + 0.1 * rng.normal()]), np.array([-0.75 * out, 0.10, -0.66]))
    axes = np.stack([wanted[:, 0], np.cross(wanted[:, 1], wanted[:, 0]) * _handedness(hand), wanted[:, 1]], -1)
    wrist = np.eye(4)
    wrist[:3, :3] = axes @ hand.axes.T
    wrist[:3, 3] = -wrist[:3, :3] @ (hand.web - hand.wrist)
    bends = np.radians([[8.0, 10.0, 6.0, 6.0, 8.0]]) * rng.uniform(0.3, 1.3)
    first, second, third = (turn[0] for turn in _thumb_turns(figure, hand, bends))
    return Grasp(side, wrist, angles, (first, second, third))


def _pressed_point(trigger: Array, solid: Solid, pressed: Solid | None) -> Array:
    """Where the trigger's face is once it is pressed: as its nearest vertex has moved."""
    if pressed is None:
        return trigger
    moved = np.nonzero(np.abs(pressed[0] - solid[0]).max(1) > 1e-6)[0]
    if not len(moved):
        return trigger
    nearest = moved[np.linalg.norm(solid[0][moved] - trigger, axis=1).argmin()]
    return np.asarray(trigger + pressed[0][nearest] - solid[0][nearest])


def _arm(figure: Figure) -> float:
    """Metres from shoulder to wrist."""
    shoulder, elbow, wrist = (figure.head(f"{name}.L") for name in ("upperarm01", "lowerarm01", "wrist"))
    return float(np.linalg.norm(elbow - shoulder) + np.linalg.norm(wrist - elbow))


def _turns(axis: Array, angle: Array) -> Array:
    """(n, 3, 3) rotations about one axis (Rodrigues)."""
    x, y, z = axis / np.linalg.norm(axis)
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    angle = np.asarray(angle, float).reshape(-1, 1, 1)
    return np.asarray(np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * (k @ k))


def _about_axes(axes: Array, x: Array) -> Array:
    """(n, 3, 3) small turns about the columns of ``axes`` by the first three of (n, ...) numbers."""
    return np.asarray(_turns(axes[:, 0], x[:, 0]) @ _turns(axes[:, 1], x[:, 1]) @ _turns(axes[:, 2], x[:, 2]))


def _sunken(depth: Array) -> Array:
    """(n,) how badly skin at distances (n, k) in millimetres sinks in."""
    soft = (np.maximum(-depth - 1000 * _FLESH, 0) ** 2).sum(1)
    return np.asarray(0.25 * soft + 120 * np.maximum(-depth.min(1) - _MOST, 0) ** 2)


def _handedness(hand: Rest) -> float:
    """Sign of (palm x fingers) . across: differs between left and right."""
    return float(np.sign(np.cross(hand.axes[:, 2], hand.axes[:, 0]) @ hand.axes[:, 1]))


def _finger_turns(figure: Figure, hand: Rest, finger: int, flexion: Array) -> Array:
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
        spread = spread + flexion[:, 3] * _handedness(hand)
    aside = _turns(out, spread)
    bent = np.cumsum(flexion[:, :3], 1)
    return np.stack([aside @ _turns(np.cross(own, out), bent[:, k]) for k in range(3)], 1)


def _thumb_turns(figure: Figure, hand: Rest, angles: Array) -> tuple[Array, Array, Array]:
    """Turns of the thumb's joints, each (n, 3, 3) in rest axes.

    ``angles`` (n, 5): base across the palm, base towards the fingers, base out of the palm, flexion of the two joints.
    """
    fingers, palm = hand.axes[:, 0], hand.axes[:, 2]
    along = figure.tail(f"finger1-1.{hand.side}") - figure.head(f"finger1-1.{hand.side}")
    base = _turns(fingers * _handedness(hand), angles[:, 0])
    base = base @ _turns(np.cross(along, fingers), angles[:, 1]) @ _turns(np.cross(along, palm), angles[:, 2])
    axis = thumb_axis(figure, hand)
    return base, _turns(axis, angles[:, 3]), _turns(axis, angles[:, 4])


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
        turns = _finger_turns(posed.figure, hand, finger, np.array([flexion]))[0]
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


def pad_skin(figure: Figure, surface: Surface, side: Side, finger: int) -> Whole:
    """(k,) vertices of the surface that make the pad of a fingertip."""
    hand = rest(figure, side)
    used, _ = outer_skin(figure, surface, side)
    bone = f"finger{finger}-3.{side}"
    share = np.asarray(surface.matrix[used] @ figure.share(bone)[surface.cut.ids])
    return np.asarray(used[(share > 0.6) & _palmar(figure, hand, finger, 3, surface.rest[used])])


def _palmar(figure: Figure, hand: Rest, finger: int, joint: int, points: Array) -> NDArray[np.bool_]:
    """(n,) which points at rest lie on the palm's side of a phalanx's bone."""
    bone = f"finger{finger}-{joint}.{hand.side}"
    head, along = figure.head(bone), figure.tail(bone) - figure.head(bone)
    along = along / np.linalg.norm(along)
    palmar = np.cross(thumb_axis(figure, hand), along) if finger == 1 else hand.axes[:, 2]
    palmar = palmar - along * (along @ palmar)
    return np.asarray((points - head) @ (palmar / np.linalg.norm(palmar)) > 0.002)


@dataclass(frozen=True)
class _Digit:
    """One finger: its refined skin and points within its bones, and how they move.

    Skin is linear in the bones' matrices: every vertex is a sum of ``anchors`` that move with palm and phalanges.

    Attributes:
        finger: 1 thumb ... 5 little finger.
        anchors: (4, v, 3) rest positions times weights, of palm and phalanges.
        weights: (4, v).
        clear: (v,) metres that each must keep from the thing; bones keep a finger from passing through thin things.
        pads: (3, v) skin of the palm's side of each phalanx.
        heads: (3, 3) joints.
        tip: (3,) middle of the last pad.
        bones: (v,) which points are within the bones.
        radius: (5 * 3,) metres from each of those points to the skin beside it.
    """

    finger: int
    anchors: Array
    weights: Array
    clear: Array
    pads: NDArray[np.bool_]
    heads: Array
    tip: Array
    bones: NDArray[np.bool_]
    radius: Array

    def posed(self, turns: Array) -> tuple[Array, Array]:
        """(n, v, 3) vertices and (n, 3) tips in rest axes, for (n, 3, 3, 3) turns."""
        points = np.broadcast_to(self.anchors[0], (len(turns), *self.anchors.shape[1:])).copy()
        head, before = np.broadcast_to(self.heads[0], (len(turns), 3)), turns[:, 0]
        for k in range(3):
            if k:
                head = head + before @ (self.heads[k] - self.heads[k - 1])
            before = turns[:, k]
            local = self.anchors[k + 1] - self.weights[k + 1, :, None] * self.heads[k]
            points += local @ before.swapaxes(1, 2) + self.weights[k + 1, :, None] * head[:, None]
        return points, head + before @ (self.tip - self.heads[2])


class _Fit:
    """Fits one hand to a field: first the palm, then thumb and fingers on the palm that stays."""

    def __init__(self, figure: Figure, hand: Rest, surface: Surface, field: DistanceField) -> None:
        self.wrist = np.eye(4)
        self._figure, self._hand, self._surface, self._field = figure, hand, surface, field
        self._outer, _ = outer_skin(figure, surface, hand.side)
        self._rest_angles = hand_angles(Posed(figure), hand)
        self._closed: dict[int, tuple[Array, Array]] = {}
        self._digits: dict[int, _Digit] = {}
        self._thumb: Array | None = None

    def _share(self, *names: str) -> Array:
        """(k,) weight of bones on the hand's outer vertices."""
        cut = self._surface.cut
        return np.asarray(self._surface.matrix[self._outer] @ self._figure.share(*names)[cut.ids])

    def seat(self, style: Style, place: Array, marks: Marks) -> None:
        """Puts the wrist where the palm lies on the thing, near what the style asks for."""
        hand, figure = self._hand, self._figure
        skin = self._palm_skin()
        local = (hand.web if style.landmark == "web" else hand.palm) - hand.wrist
        knuckle = figure.head(f"finger3-1.{hand.side}") - hand.wrist
        facing = (skin - (hand.palm - hand.wrist)) @ hand.axes[:, 2] > -0.020
        wanted = frame(np.array(style.fingers), np.array(style.palm))
        axes = np.stack([wanted[:, 0], np.cross(wanted[:, 1], wanted[:, 0]) * _handedness(hand), wanted[:, 1]], -1)

        # The web stays behind a grip: a small hand that slips to its side cannot bring the thumb round.
        astray = np.array([0.003, 0.006, 0.006] if style.landmark == "web" else [0.006, 0.006, 0.006])

        def placed(x: Array) -> tuple[Array, Array]:
            turns = _about_axes(axes, x) @ (axes @ hand.axes.T)
            return turns, place + x[:, 3:] - turns @ local

        def cost(x: Array) -> Array:
            turns, heads = placed(x)
            depth = 1000 * self._field.at(skin @ turns.swapaxes(1, 2) + heads[:, None])
            loose = (np.clip(depth[:, facing], 0, 10) ** 2).mean(1)
            value = (
                _sunken(depth) + 0.35 * loose + ((x[:, :3] / np.radians(6)) ** 2).sum(1) + ((x[:, 3:] / astray) ** 2).sum(1)
            )
            if style.level:
                off = (turns @ knuckle + heads - marks.grip) @ marks.grip_axis
                value = value + (off / 0.006) ** 2
            return np.asarray(value)

        most = np.array([*np.radians([22, 22, 22]), 0.022, 0.022, 0.022])
        turns, heads = placed(least_of(cost, -most, most, 400, 7)[None])
        self.wrist[:3, :3], self.wrist[:3, 3] = turns[0], heads[0]

    def settle(self, angles: Mapping[int, Flexion], thumb: tuple[Array, Array, Array]) -> None:
        """Moves the hand as it is, closed, so that nothing of it sinks in: fingers may have met more than the palm did."""
        hand = self._hand
        palm = self._palm_skin(0.8)
        first, second, third = thumb
        bent = {1: np.stack([first, first @ second, first @ second @ third])[None]}
        for finger, flexion in angles.items():
            bent[finger] = _finger_turns(self._figure, hand, finger, np.array([flexion]))
        points = [palm]
        for finger, turns in bent.items():
            digit = self._digit(finger)
            points.append(digit.posed(turns)[0][0][~digit.bones] - hand.wrist)
        skin = np.concatenate(points)
        pivot, axes = hand.palm - hand.wrist, self.wrist[:3, :3] @ hand.axes

        def placed(x: Array) -> tuple[Array, Array]:
            turns = _about_axes(axes, x) @ self.wrist[:3, :3]
            return turns, self.wrist[:3, 3] + (self.wrist[:3, :3] - turns) @ pivot + x[:, 3:]

        def cost(x: Array) -> Array:
            turns, heads = placed(x)
            depth = 1000 * self._field.at(skin @ turns.swapaxes(1, 2) + heads[:, None])
            return _sunken(depth) + ((x[:, :3] / np.radians(6)) ** 2).sum(1) + ((x[:, 3:] / 0.004) ** 2).sum(1)

        most = np.array([*np.radians([9, 9, 9]), 0.011, 0.011, 0.011])
        turns, heads = placed(least_of(cost, -most, most, 120, 5)[None])
        self.wrist[:3, :3], self.wrist[:3, 3] = turns[0], heads[0]
        self._closed.clear()

    def polish(self, angles: Mapping[int, Flexion], thumb: tuple[Array, Array, Array]) -> None:
        """Moves the closed hand by a little so that none of its skin, as it is posed, sinks in, and its pads stay on."""
        figure, hand, surface = self._figure, self._hand, self._surface
        root = np.eye(4)
        root[:3, :3] = self.wrist[:3, :3]
        root[:3, 3] = self.wrist[:3, 3] - self.wrist[:3, :3] @ hand.wrist
        posed = Posed(figure, root)
        set_hand(posed, hand, self.wrist[:3, :3], angles, thumb)
        everywhere = surface.posed(posed.matrices())
        skin = everywhere[self._outer]
        skin = skin[self._field.at(skin) < 0.008]
        skin = skin[:: max(1, len(skin) // 900)]
        pads = [everywhere[pad_skin(figure, surface, hand.side, finger)][::2] for finger in (*angles, 1)]
        ends = np.cumsum([0, len(skin), *(len(pad) for pad in pads)])
        points, axes = np.concatenate([skin, *pads]), self.wrist[:3, :3] @ hand.axes
        pivot = points.mean(0)
        # A pad that never met the thing does not pull.
        meant = np.array([1000 * float(self._field.at(pad).min()) < 7 for pad in pads])

        def cost(x: Array) -> Array:
            moved = (points - pivot) @ _about_axes(axes, x).swapaxes(1, 2) + pivot + x[:, None, 3:]
            depth = 1000 * self._field.at(moved)
            value = _sunken(depth) + ((x[:, :3] / np.radians(3)) ** 2).sum(1) + ((x[:, 3:] / 0.002) ** 2).sum(1)
            for k in np.nonzero(meant)[0]:
                value += 20 * np.maximum(depth[:, ends[k + 1] : ends[k + 2]].min(1) - 0.8, 0) ** 2
            return np.asarray(value)

        most = np.array([*np.radians([5, 5, 5]), 0.006, 0.006, 0.006])
        found = least_of(cost, -most, most, 60, 8)
        turn = _about_axes(axes, found[None])[0]
        self.wrist[:3, 3] = turn @ (self.wrist[:3, 3] - pivot) + pivot + found[3:]
        self.wrist[:3, :3] = turn @ self.wrist[:3, :3]

    def _palm_skin(self, own: float = 0.6) -> Array:
        """(k, 3) skin of palm and first phalanges at rest, from the wrist, of which the palm's bones carry ``own``."""
        hand = self._hand
        names = [f"{name}.{hand.side}" for name in _PALM_BONES]
        if own < 0.7:
            names += [f"finger{finger}-1.{hand.side}" for finger in _FINGERS]
        skin = self._surface.rest[self._outer[self._share(*names) > own]] - hand.wrist
        skin = skin[(skin @ hand.axes[:, 0] > 0.010)]
        return np.asarray(skin[:: max(1, len(skin) // 300)])

    def close(self, finger: int, neighbour: Flexion | None = None, start: Flexion | None = None) -> Flexion:
        """Flexion that wraps the finger round the thing, much as its neighbour and near ``start`` where they are given."""
        digit = self._digit(finger)
        like, loose = (neighbour, 22) if neighbour is not None else (np.radians([35, 50, 30, 0]), 60)

        def cost(x: Array) -> Array:
            gaps, deep, _ = self._state(digit, _finger_turns(self._figure, self._hand, finger, x))
            value = deep + (np.array([0.35, 0.6, 2.0]) * np.clip(np.abs(gaps + 0.5), 0, 30) ** 2).sum(1)
            value += 0.6 * ((x[:, 2] - 0.6 * x[:, 1]) / np.radians(15)) ** 2 + (x[:, 3] / np.radians(12)) ** 2
            return np.asarray(value + ((x[:, :2] - like[:2]) ** 2).sum(1) / np.radians(loose) ** 2)

        low, high = self._bounds(finger, 16)
        if start is None:
            return self._kept(finger, digit, least_of(cost, low, high, 260, 5))
        near = np.radians([20, 20, 20, 6])
        low, high = np.maximum(low, np.asarray(start) - near), np.minimum(high, np.asarray(start) + near)
        return self._kept(finger, digit, least_of(cost, low, high, 100, 6, start))

    def reach(self, point: Array, field: DistanceField, *, straight: bool = False) -> Flexion:
        """Flexion of the index finger that brings its pad to a point without running into the thing."""
        digit = self._digit(2)
        stiff, aside = np.radians((14, 20) if straight else (40, 10))
        # How far along the frame a straight finger ends is its own.
        near = np.array([2.5, 9.0, 2.5] if straight else [4.0, 4.0, 5.0])

        def cost(x: Array) -> Array:
            gaps, deep, tips = self._state(digit, _finger_turns(self._figure, self._hand, 2, x), field)
            value = deep + ((1000 * (tips - point) / near) ** 2).sum(1) + ((x[:, 1:3] / stiff) ** 2).sum(1)
            value += (0.3 if straight else 2.0) * np.clip(np.abs(gaps[:, 2] + 0.5), 0, 30) ** 2
            return np.asarray(value + ((x[:, 2] - 0.5 * x[:, 1]) / np.radians(15)) ** 2 + (x[:, 3] / aside) ** 2)

        found = least_of(cost, *self._bounds(2, 18 if straight else 14), 360 if straight else 1000, 7)
        return tuple(float(angle) for angle in found)

    def thumb(self, point: Array, along: Array | None, *, first: bool = False) -> tuple[Array, Array, Array]:
        """Turns of the thumb that lay it on the thing with its tip near a point, and its last bone ``along``.

        The ``first`` time it may sink in, so that it gets to the right side of the thing; the hand settles after that.
        """
        digit = self._digit(1)
        last = self._figure.tail(f"finger1-3.{self._hand.side}") - self._figure.head(f"finger1-3.{self._hand.side}")
        last = last / np.linalg.norm(last)
        hard = 0.03 if first else 1.0

        def cost(x: Array) -> Array:
            base, second, third = _thumb_turns(self._figure, self._hand, x)
            second = base @ second
            gaps, deep, tips = self._state(digit, np.stack([base, second, second @ third], 1))
            value = hard * deep + (np.array([0.0, 0.3, 3.0]) * np.clip(np.abs(gaps + 0.5), 0, 30) ** 2).sum(1)
            value += ((1000 * (tips - point) / 6) ** 2).sum(1) + ((x / np.radians([40, 40, 40, 30, 30])) ** 2).sum(1)
            if along is not None:
                way = (self.wrist[:3, :3] @ (second @ third @ last)[..., None])[..., 0]
                value += 12 * (1 - way @ along)
            return np.asarray(value)

        low, high = np.radians([-30, -45, -45, -15, -20]), np.radians([60, 65, 50, 55, 60])
        for k, name in ((3, "thumb_mcp"), (4, "thumb_ip")):
            at_rest = self._rest_angles[f"{name}_1"]
            low[k] = max(low[k], np.radians(LIMITS[name][0] - at_rest + 2))
            high[k] = min(high[k], np.radians(LIMITS[name][1] - at_rest - 2))
        if self._thumb is not None:
            near = np.radians([40, 40, 40, 35, 35])
            low, high = np.maximum(low, self._thumb - near), np.minimum(high, self._thumb + near)
        self._thumb = least_of(cost, low, high, 300, 3 if first else 7, self._thumb)
        base, middle, end = (turn[0] for turn in _thumb_turns(self._figure, self._hand, self._thumb[None]))
        self._keep(1, digit, np.stack([base, base @ middle, base @ middle @ end]))
        return base, middle, end

    def _bounds(self, finger: int, aside: float) -> tuple[Array, Array]:
        """Least and most flexion of a finger's joints from rest, within the limits of the joints, and spread."""
        names = [f"{name}_{finger}" for name in ("mcp", "pip", "dip")]
        at_rest = np.array([self._rest_angles[name] for name in names])
        low, high = np.array([LIMITS[name[:-2]] for name in names]).T
        low, high = np.maximum(low - at_rest + 2, -35), np.minimum(high - at_rest - 2, 110)
        own = self._rest_angles[f"spread_{finger}"]
        least, most = np.array(LIMITS["spread"]) + (2, -2) - own
        return np.radians([*low, max(-aside, min(least, 0))]), np.radians([*high, min(aside, max(most, 0))])

    def _kept(self, finger: int, digit: _Digit, found: Array) -> Flexion:
        self._keep(finger, digit, _finger_turns(self._figure, self._hand, finger, found[None])[0])
        return tuple(float(angle) for angle in found)

    def _keep(self, finger: int, digit: _Digit, turns: Array) -> None:
        """Remembers where the bones of a closed finger are, so that others keep clear of them."""
        points, _ = digit.posed(turns[None])
        self._closed[finger] = points[0][digit.bones], digit.radius

    def _digit(self, finger: int) -> _Digit:
        if finger not in self._digits:
            self._digits[finger] = self._made(finger)
        return self._digits[finger]

    def _made(self, finger: int) -> _Digit:
        figure, hand, surface = self._figure, self._hand, self._surface
        names = [f"finger{finger}-{joint}.{hand.side}" for joint in (1, 2, 3)]
        outer = self._outer
        fine = np.stack([self._share(name) for name in names], 1)
        used = np.nonzero(fine.sum(1) > 0.15)[0]  # creases of the palm move with the fingers, too
        used = used[:: max(1, len(used) // (3 * _SAMPLES if finger == 2 else _SAMPLES))]  # the index finger passes edges
        coarse = np.stack([figure.share(name)[surface.cut.ids] for name in names])
        coarse = np.concatenate([1 - coarse.sum(0, keepdims=True), coarse])
        matrix = surface.matrix[outer[used]]
        weights = np.asarray(matrix @ coarse.T).T
        anchors = np.stack([np.asarray(matrix @ (share[:, None] * surface.cut.rest)) for share in coarse])
        vertices = surface.rest[outer[used]]
        pads = np.stack(
            [(fine[used, k] > 0.6) & _palmar(figure, hand, finger, k + 1, vertices) for k in range(3)]
        )
        last = pads[2]
        along = figure.tail(names[2]) - figure.head(names[2])
        ahead = (vertices[last] - figure.head(names[2])) @ along / (along @ along)
        tip = vertices[last][np.abs(ahead - 0.55) < 0.25].mean(0)
        heads = np.stack([figure.head(name) for name in names])
        tails = np.stack([figure.tail(name) for name in names])
        bones = np.concatenate([heads + u * (tails - heads) for u in _ALONG])
        radius = np.linalg.norm(vertices - bones[:, None], axis=2).min(1)
        on_bones = np.tile(np.eye(4)[1:], (len(_ALONG), 1)).T
        return _Digit(
            finger,
            np.concatenate([anchors, on_bones[:, :, None] * bones], 1),
            np.concatenate([weights, on_bones], 1),
            np.repeat([-_FLESH, _BONE], [len(vertices), len(bones)]),
            np.pad(pads, ((0, 0), (0, len(bones)))),
            heads,
            tip,
            np.repeat([False, True], [len(vertices), len(bones)]),
            radius,
        )

    def _state(self, digit: _Digit, turns: Array, field: DistanceField | None = None) -> tuple[Array, Array, Array]:
        """Gaps (n, 3) of the pads in millimetres, how badly skin sinks in (n,), tips (n, 3) in the thing's frame."""
        points, tips = digit.posed(turns)
        rotation, root = self.wrist[:3, :3], self.wrist[:3, 3]
        local = points - self._hand.wrist
        depth = 1000 * (field or self._field).at(local @ rotation.T + root)
        gaps = np.stack([depth[:, pad].min(1) for pad in digit.pads], 1)
        sunk = 1000 * (0.016 - local @ self._hand.axes[:, 2])  # a fist's tips stop at the palm
        ends = (digit.weights[3] > 0.5) & (digit.finger > 1)
        palm = np.where(local @ self._hand.axes[:, 0] < 0.075, np.maximum(sunk, 0), 0) * ends
        weight = np.where(digit.clear > 0, 6.0, 1.0)
        deep = 40 * (weight * np.maximum(1000 * digit.clear - depth, 0) ** 2).mean(1) + 40 * (palm**2).mean(1)
        deep += 120 * np.maximum(-depth[:, ~digit.bones].min(1) - _MOST, 0) ** 2
        own = points[:, digit.bones]
        for other, (bones, radius) in self._closed.items():
            apart = np.linalg.norm(own[:, :, None] - bones, axis=3)
            room = digit.radius[:, None] + radius - _SQUEEZE
            deep += 2 * (np.maximum(1000 * (room - apart), 0) ** 2).max((1, 2))
            if other > 1 and abs(other - digit.finger) == 1:  # fingers that grip lie side by side
                loose = np.clip(1000 * (apart - room).min(2)[:, _OUTER], 0, 12)
                deep += 0.5 * (loose**2).mean(1)
        return gaps, deep, (tips - self._hand.wrist) @ rotation.T + root
