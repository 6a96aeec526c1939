"""How hands hold a thing: the wrist in the thing's frame, seated by fitting the palm, and fingers fitted round it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from generator.scenario.things import HeldKind
from generator.world import anny
from generator.world.contact import DistanceField, Solid, least_of
from generator.world.figure import Figure, Posed, frame
from generator.world.props import Marks

Array = NDArray[np.float64]
Side = Literal["L", "R"]
Flexion = tuple[float, ...]
"""Radians a finger's three joints bend from rest; a fourth value, where given, spreads it towards the index side."""

_FINGERS = (2, 3, 4, 5)
_PALM_BONES = ("wrist", "metacarpal1", "metacarpal2", "metacarpal3", "metacarpal4")
_CLOSED = np.radians(45.0)
"""Flexion of the knuckle at which fingers that are spread at rest lie parallel."""

_FLESH = 0.0015
"""Metres that skin gives way where it presses."""

_BONE = 0.0045
_ALONG = (0.15, 0.35, 0.55, 0.75, 0.95)
"""Metres that points along a phalanx's bone keep from the surface, and where along it they are."""


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


@dataclass(frozen=True)
class _Style:
    """How a hand should lie, in the thing's frame; the fit departs from it a little.

    Attributes:
        fingers, palm: directions of the metacarpals and out of the palm.
        landmark, at, nudge: which landmark of the hand lies at which mark, moved by metres.
        thumb: where the thumb's tip goes, metres from the mark ``at``.
        level: hold the middle finger's knuckle at the height of the grip's mark along the grip.
        index: where the straight index finger's pad goes, metres from the trigger.
    """

    fingers: tuple[float, float, float]
    palm: tuple[float, float, float]
    landmark: Literal["web", "palm"]
    at: Literal["origin", "support", "grip"]
    nudge: tuple[float, float, float]
    thumb: tuple[float, float, float]
    level: bool = False
    index: tuple[float, float, float] | None = None


_RIGHT: dict[HeldKind, _Style] = {
    "training_pistol": _Style(
        (0.20, 0.97, -0.14), (-0.97, 0.22, 0), "web", "origin", (0, -0.004, -0.004), (-0.017, 0.056, 0.014), True,
        (0.014, 0.018, 0.024),
    ),
    "training_carbine": _Style(
        (0.20, 0.93, -0.24), (-0.97, 0.22, 0), "web", "origin", (0, -0.004, -0.006), (-0.018, 0.050, -0.022), True,
        (0.020, 0.020, 0.026),
    ),
    "phone": _Style((-0.62, 0.12, 0.77), (-0.12, -0.99, 0.05), "palm", "grip", (0.022, 0.004, -0.012), (0.040, -0.004, 0.062)),
    "torch": _Style((-0.08, 0.30, 0.95), (-0.98, 0.12, 0), "palm", "grip", (0.0128, -0.032, -0.004), (-0.006, -0.074, 0.004)),
}  # fmt: skip
_LEFT: dict[HeldKind, _Style] = {
    "training_pistol": _Style(
        (0.04, 0.85, -0.52), (0.98, -0.15, 0.10), "palm", "support", (-0.004, -0.012, -0.008), (-0.002, 0.060, 0.034)
    ),
    "training_carbine": _Style(
        (0.72, 0.66, 0.18), (0.22, -0.25, 0.94), "palm", "support", (-0.022, -0.058, 0.002), (-0.034, 0.000, 0.040)
    ),
}


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
    figure: Figure, kind: HeldKind, side: Side, marks: Marks, solid: Solid, *, skin_gap: float = 0.0
) -> Grasp | None:
    """The hand on the thing, its fingers closed on ``solid``; None where this hand does not hold it.

    Args:
        figure: whose hand.
        kind: what is held.
        side: which hand.
        marks: of the thing.
        solid: vertices (n, 3) and triangles (m, 3) to close on, in the thing's frame.
        skin_gap: metres of glove between skin and thing.
    """
    style = (_RIGHT if side == "R" else _LEFT).get(kind)
    if style is None:
        return None
    mark = {"origin": np.zeros(3), "support": marks.support, "grip": marks.grip}[style.at]
    field = DistanceField(solid, mark + np.array([0, 0.02, -0.02]), filled=side == "L")
    fit = _Fit(figure, rest(figure, side), field, skin_gap)
    place = mark + np.array(style.nudge)
    if side == "L" and kind == "training_carbine":  # short arms hold it further back
        place[1] += min(0.0, 0.35 * (_arm(figure) - 0.50))
    fit.seat(style, place, marks)
    thumb = fit.thumb(mark + np.array(style.thumb))
    angles: dict[int, Flexion] = {}
    for finger, neighbour in ((3, 3), (4, 3), (5, 4), (2, 3)):
        angles[finger] = fit.close(finger, angles.get(neighbour))
    trigger = None
    if style.index is not None:
        trigger = fit.reach(marks.trigger)
        angles[2] = fit.reach(marks.trigger + np.array(style.index), straight=True)
    return Grasp(side, fit.wrist, angles, thumb, trigger)


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


def _thumb_axis(figure: Figure, hand: Rest) -> Array:
    """About which the thumb's outer joints bend towards its pad: across the broad side of its last phalanx."""
    vertices = figure.vertices[figure.share(f"finger1-3.{hand.side}") > 0.7]
    name = f"finger1-3.{hand.side}"
    along = figure.tail(name) - figure.head(name)
    along = along / np.linalg.norm(along)
    flat = vertices - vertices.mean(0)
    flat = flat - np.outer(flat @ along, along)
    broad = np.linalg.eigh(flat.T @ flat)[1][:, 2]
    inward = figure.head(f"finger3-1.{hand.side}") + 0.03 * hand.axes[:, 2] - figure.head(name)
    return np.asarray(broad if np.cross(broad, along) @ inward > 0 else -broad)


def _thumb_turns(figure: Figure, hand: Rest, angles: Array) -> tuple[Array, Array, Array]:
    """Turns of the thumb's joints, each (n, 3, 3) in rest axes.

    ``angles`` (n, 5): base across the palm, base towards the fingers, base out of the palm, flexion of the two joints.
    """
    fingers, palm = hand.axes[:, 0], hand.axes[:, 2]
    along = figure.tail(f"finger1-1.{hand.side}") - figure.head(f"finger1-1.{hand.side}")
    base = _turns(fingers * _handedness(hand), angles[:, 0])
    base = base @ _turns(np.cross(along, fingers), angles[:, 1]) @ _turns(np.cross(along, palm), angles[:, 2])
    axis = _thumb_axis(figure, hand)
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


@dataclass(frozen=True)
class _Digit:
    """One finger: skin and points within its bones, and how they move.

    Attributes:
        vertices: (v, 3) at rest.
        weights: (v, 4) of palm and phalanges.
        clear: (v,) metres that each must keep from the thing; bones keep a finger from passing through thin things.
        pads: (3, v) skin of the palm's side of each phalanx.
        heads: (3, 3) joints.
        tip: (3,) middle of the last pad.
    """

    vertices: Array
    weights: Array
    clear: Array
    pads: NDArray[np.bool_]
    heads: Array
    tip: Array

    def posed(self, turns: Array) -> tuple[Array, Array]:
        """(n, v, 3) vertices and (n, 3) tips in rest axes, for (n, 3, 3, 3) turns."""
        points = np.broadcast_to(self.weights[:, :1] * self.vertices, (len(turns), *self.vertices.shape)).copy()
        head, before = np.broadcast_to(self.heads[0], (len(turns), 3)), turns[:, 0]
        for k in range(3):
            if k:
                head = head + before @ (self.heads[k] - self.heads[k - 1])
            before = turns[:, k]
            points += self.weights[:, k + 1, None] * (
                (self.vertices - self.heads[k]) @ before.swapaxes(1, 2) + head[:, None]
            )
        return points, head + before @ (self.tip - self.heads[2])


class _Fit:
    """Fits one hand to a field: first the palm, then thumb and fingers on the palm that stays."""

    def __init__(self, figure: Figure, hand: Rest, field: DistanceField, gap: float) -> None:
        self.wrist = np.eye(4)
        self._figure, self._hand, self._field, self._gap = figure, hand, field, gap
        self._body = anny.vertex_groups()["body"]

    def seat(self, style: _Style, place: Array, marks: Marks) -> None:
        """Puts the wrist where the palm lies on the thing, near what the style asks for."""
        hand, figure = self._hand, self._figure
        share = figure.share(
            *(f"{name}.{hand.side}" for name in _PALM_BONES), *(f"finger{f}-1.{hand.side}" for f in _FINGERS)
        )
        skin = figure.vertices[self._body[share[self._body] > 0.6]] - hand.wrist
        skin = skin[(skin @ hand.axes[:, 0] > 0.015)][::2]
        local = (hand.web if style.landmark == "web" else hand.palm) - hand.wrist
        knuckle = figure.head(f"finger3-1.{hand.side}") - hand.wrist
        facing = (skin - (hand.palm - hand.wrist)) @ hand.axes[:, 2] > -0.020
        wanted = frame(np.array(style.fingers), np.array(style.palm))
        axes = np.stack([wanted[:, 0], np.cross(wanted[:, 1], wanted[:, 0]) * _handedness(hand), wanted[:, 1]], -1)

        def placed(x: Array) -> tuple[Array, Array]:
            turns = _turns(axes[:, 0], x[:, 0]) @ _turns(axes[:, 1], x[:, 1]) @ _turns(axes[:, 2], x[:, 2])
            turns = turns @ (axes @ hand.axes.T)
            return turns, place + x[:, 3:] - turns @ local

        def cost(x: Array) -> Array:
            turns, heads = placed(x)
            depth = 1000 * (self._field.at(skin @ turns.swapaxes(1, 2) + heads[:, None]) - self._gap)
            deep = (np.maximum(-depth - 1000 * _FLESH, 0) ** 2).sum(1)
            loose = (np.clip(depth[:, facing], 0, 10) ** 2).mean(1)
            value = (
                0.5 * deep + 0.35 * loose + ((x[:, :3] / np.radians(9)) ** 2).sum(1) + ((x[:, 3:] / 0.006) ** 2).sum(1)
            )
            if style.level:
                off = (turns @ knuckle + heads - marks.grip) @ marks.grip_axis
                value = value + (off / 0.005) ** 2
            return np.asarray(value)

        most = np.array([*np.radians([22, 22, 22]), 0.022, 0.022, 0.022])
        turns, heads = placed(least_of(cost, -most, most, 400, 8)[None])
        self.wrist[:3, :3], self.wrist[:3, 3] = turns[0], heads[0]

    def close(self, finger: int, neighbour: Flexion | None = None) -> Flexion:
        """Flexion that wraps the finger round the thing, much as its neighbour where that is given."""
        digit = self._digit(finger)
        like, loose = (neighbour, 22) if neighbour is not None else (np.radians([35, 50, 30, 0]), 60)

        def cost(x: Array) -> Array:
            gaps, deep, _ = self._state(digit, _finger_turns(self._figure, self._hand, finger, x))
            value = 40 * deep + (np.array([0.35, 0.6, 1.0]) * np.clip(np.abs(gaps + 0.5), 0, 30) ** 2).sum(1)
            value += 0.6 * ((x[:, 2] - 0.6 * x[:, 1]) / np.radians(15)) ** 2 + (x[:, 3] / np.radians(4)) ** 2
            return np.asarray(value + ((x[:, :2] - like[:2]) ** 2).sum(1) / np.radians(loose) ** 2)

        found = least_of(cost, np.radians([-18, -16, -14, -8]), np.radians([82, 105, 75, 8]))
        return tuple(float(angle) for angle in found)

    def reach(self, point: Array, *, straight: bool = False) -> Flexion:
        """Flexion of the index finger that brings its pad to a point without running into the thing."""
        digit = self._digit(2)
        stiff, aside = np.radians((14, 20) if straight else (40, 10))
        near = np.array(
            [2.5, 9.0 if straight else 2.5, 2.5]
        )  # how far along the frame a straight finger ends is its own

        def cost(x: Array) -> Array:
            _, deep, tips = self._state(digit, _finger_turns(self._figure, self._hand, 2, x))
            value = 40 * deep + ((1000 * (tips - point) / near) ** 2).sum(1) + ((x[:, 1:3] / stiff) ** 2).sum(1)
            return np.asarray(value + ((x[:, 2] - 0.5 * x[:, 1]) / np.radians(15)) ** 2 + (x[:, 3] / aside) ** 2)

        found = least_of(cost, np.radians([-25, -16, -14, -18]), np.radians([70, 95, 60, 30]))
        return tuple(float(angle) for angle in found)

    def thumb(self, point: Array) -> tuple[Array, Array, Array]:
        """Turns of the thumb that lay it on the thing with its tip near a point."""
        digit = self._digit(1)

        def cost(x: Array) -> Array:
            first, second, third = _thumb_turns(self._figure, self._hand, x)
            second = first @ second
            gaps, deep, tips = self._state(digit, np.stack([first, second, second @ third], 1))
            value = 40 * deep + (np.array([0.0, 0.25, 0.6]) * np.clip(np.abs(gaps + 0.5), 0, 30) ** 2).sum(1)
            value += ((1000 * (tips - point) / 6) ** 2).sum(1) + ((x / np.radians([40, 40, 40, 35, 35])) ** 2).sum(1)
            return np.asarray(value)

        found = least_of(cost, np.radians([-30, -45, -45, -25, -25]), np.radians([60, 65, 50, 55, 60]), 900, 7)
        turns = _thumb_turns(self._figure, self._hand, found[None])
        return turns[0][0], turns[1][0], turns[2][0]

    def _digit(self, finger: int) -> _Digit:
        figure, side = self._figure, self._hand.side
        names = [f"finger{finger}-{joint}.{side}" for joint in (1, 2, 3)]
        shares = np.stack([figure.share(name)[self._body] for name in names], 1)
        used = np.nonzero(shares.sum(1) > 0.5)[0]
        shares, vertices = shares[used], figure.vertices[self._body[used]]
        pads = []
        for k, name in enumerate(names):
            head, along = figure.head(name), figure.tail(name) - figure.head(name)
            along = along / np.linalg.norm(along)
            palmar = np.cross(_thumb_axis(figure, self._hand), along) if finger == 1 else self._hand.axes[:, 2]
            palmar = palmar - along * (along @ palmar)
            pads.append((shares[:, k] > 0.6) & ((vertices - head) @ (palmar / np.linalg.norm(palmar)) > 0.002))
        last = pads[2]
        along = figure.tail(names[2]) - figure.head(names[2])
        ahead = (vertices[last] - figure.head(names[2])) @ along / (along @ along)
        tip = vertices[last][np.abs(ahead - 0.55) < 0.25].mean(0)
        weights = np.concatenate([1 - shares.sum(1, keepdims=True), shares], 1)
        heads = np.stack([figure.head(name) for name in names])
        tails = np.stack([figure.tail(name) for name in names])
        bones = np.concatenate([heads + u * (tails - heads) for u in _ALONG])
        clear = np.repeat([-_FLESH, _BONE], [len(vertices), len(bones)])
        return _Digit(
            np.concatenate([vertices, bones]),
            np.concatenate([weights, np.tile(np.eye(4)[1:], (len(_ALONG), 1))]),
            clear,
            np.pad(np.stack(pads), ((0, 0), (0, len(bones)))),
            heads,
            tip,
        )

    def _state(self, digit: _Digit, turns: Array) -> tuple[Array, Array, Array]:
        """Gaps (n, 3) of the pads in millimetres, how badly skin sinks in (n,), tips (n, 3) in the thing's frame."""
        points, tips = digit.posed(turns)
        rotation, root = self.wrist[:3, :3], self.wrist[:3, 3]
        local = points - self._hand.wrist
        depth = 1000 * (self._field.at(local @ rotation.T + root) - self._gap)
        gaps = np.stack([depth[:, pad].min(1) for pad in digit.pads], 1)
        sunk = 1000 * (0.016 - local @ self._hand.axes[:, 2])  # a fist's tips stop at the palm
        palm = np.where(local @ self._hand.axes[:, 0] < 0.075, np.maximum(sunk, 0), 0) * (digit.weights[:, 3] > 0.5)
        weight = np.where(digit.clear > 0, 6.0, 1.0)
        deep = (weight * np.maximum(1000 * digit.clear - depth, 0) ** 2).mean(1) + (palm**2).mean(1)
        return gaps, deep, (tips - self._hand.wrist) @ rotation.T + root
