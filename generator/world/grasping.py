"""How hands hold a thing: the wrist in the thing's frame, seated by fitting the palm, and fingers fitted round it."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.scenario.things import HeldKind
from generator.world.bodymesh import Surface
from generator.world.contact import DistanceField, Solid, least_of
from generator.world.digits import BONE, FLESH, OUTER, Digit, made_digit
from generator.world.figure import Figure, Posed, frame
from generator.world.grip_styles import LEFT, RIGHT, Style
from generator.world.hands import (
    FINGERS,
    PALM_BONES,
    Flexion,
    Grasp,
    Rest,
    Side,
    about_each,
    finger_turns,
    handedness,
    outer_skin,
    pad_skin,
    rest,
    set_hand,
    thumb_turns,
)
from generator.world.joints import LIMITS, hand_angles
from generator.world.props import Marks

Array = NDArray[np.float64]
Single = NDArray[np.float32]

_MOST = 1.7
"""Millimetres that skin may sink in at most; flesh that gives way is not modelled."""

_LOOSE = 1.0
"""Millimetres that a pad may be off the thing after the hand's last move before its finger closes again."""

_DEEP = 2.5
"""Millimetres that its skin may have sunk in by then."""

_SQUEEZE = 0.0015
"""Metres that two fingers side by side flatten each other."""


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
    place[1] += style.back * min(0.0, figure.arm_length("L") - 0.50)
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
    for finger, neighbour in around:
        if fit.amiss(finger):
            beside = angles.get(neighbour) if neighbour != finger else None
            angles[finger] = fit.close(finger, beside, angles[finger])
    if fit.amiss(1):
        thumb = fit.thumb(mark + np.array(style.thumb), along, anew=True)
    trigger = None
    if style.index is not None:
        if not style.resting:
            point = _pressed_point(marks.trigger, solid, pressed)
            near = DistanceField(pressed or solid, marks.trigger + np.array([0, -0.02, 0.0]), reach=0.06)
            trigger = fit.reach(point, near)
        angles[2] = fit.reach(marks.trigger + np.array(style.index), field, straight=True)
    return Grasp(side, fit.wrist, angles, thumb, trigger)


def _pressed_point(trigger: Array, solid: Solid, pressed: Solid | None) -> Array:
    """Where the trigger's face is once it is pressed: as its nearest vertex has moved."""
    if pressed is None:
        return trigger
    moved = np.nonzero(np.abs(pressed[0] - solid[0]).max(1) > 1e-6)[0]
    if not len(moved):
        return trigger
    nearest = moved[np.linalg.norm(solid[0][moved] - trigger, axis=1).argmin()]
    return np.asarray(trigger + pressed[0][nearest] - solid[0][nearest])


def about_axes(axes: Array, x: Array) -> Array:
    """(n, 3, 3) small turns about the columns of ``axes`` by the first three of (n, ...) numbers."""
    return np.asarray(
        about_each(axes[:, 0], x[:, 0]) @ about_each(axes[:, 1], x[:, 1]) @ about_each(axes[:, 2], x[:, 2])
    )


def _sunken(depth: Single) -> Array:
    """(n,) how badly skin at distances (k, n) in millimetres sinks in."""
    soft = (np.maximum(-depth - 1000 * FLESH, 0) ** 2).sum(0)
    return np.asarray(0.25 * soft + 120 * np.maximum(-depth.min(0) - _MOST, 0) ** 2, float)


def _moved(points: Array, turns: Array, heads: Array) -> Single:
    """(3, k, n) points (k, 3) turned by each of (n, 3, 3) and moved by (n, 3)."""
    columns = np.concatenate([turns.transpose(2, 1, 0), heads.T[None]]).astype(np.float32)
    parts = np.concatenate([points, np.ones((len(points), 1))], 1).astype(np.float32)
    return np.asarray((parts @ columns.reshape(4, -1)).reshape(len(points), 3, -1).transpose(1, 0, 2))


class _Fit:
    """Fits one hand to a field: first the palm, then thumb and fingers on the palm that stays."""

    def __init__(self, figure: Figure, hand: Rest, surface: Surface, field: DistanceField) -> None:
        self.wrist = np.eye(4)
        self._figure, self._hand, self._surface, self._field = figure, hand, surface, field
        self._outer, _ = outer_skin(figure, surface, hand.side)
        self._rest_angles = hand_angles(Posed(figure), hand)
        self._closed: dict[int, tuple[Single, Array]] = {}
        self._turned: dict[int, Array] = {}
        self._digits: dict[int, Digit] = {}
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
        axes = np.stack([wanted[:, 0], np.cross(wanted[:, 1], wanted[:, 0]) * handedness(hand), wanted[:, 1]], -1)

        # The web stays behind a grip: a small hand that slips to its side cannot bring the thumb round.
        astray = np.array([0.003, 0.006, 0.006] if style.landmark == "web" else [0.006, 0.006, 0.006])

        def placed(x: Array) -> tuple[Array, Array]:
            turns = about_axes(axes, x) @ (axes @ hand.axes.T)
            return turns, place + x[:, 3:] - turns @ local

        def cost(x: Array) -> Array:
            turns, heads = placed(x)
            depth = 1000 * self._field.over(*_moved(skin, turns, heads))
            loose = (np.clip(depth[facing], 0, 10) ** 2).mean(0)
            value = (
                _sunken(depth)
                + 0.35 * loose
                + ((x[:, :3] / np.radians(6)) ** 2).sum(1)
                + ((x[:, 3:] / astray) ** 2).sum(1)
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
            bent[finger] = finger_turns(self._figure, hand, finger, np.array([flexion]))
        points: list[NDArray[Any]] = [palm]
        for finger, turns in bent.items():
            digit = self._digit(finger)
            points.append(digit.posed(turns, np.eye(3), -hand.wrist, slice(digit.skin))[:, :, 0].T)
        skin = np.concatenate(points)
        pivot, axes = hand.palm - hand.wrist, self.wrist[:3, :3] @ hand.axes

        def placed(x: Array) -> tuple[Array, Array]:
            turns = about_axes(axes, x) @ self.wrist[:3, :3]
            return turns, self.wrist[:3, 3] + (self.wrist[:3, :3] - turns) @ pivot + x[:, 3:]

        def cost(x: Array) -> Array:
            turns, heads = placed(x)
            depth = 1000 * self._field.over(*_moved(skin, turns, heads))
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
        pads = [everywhere[pad_skin(figure, surface, hand.side, finger, self._outer)][::2] for finger in (*angles, 1)]
        ends = np.cumsum([0, len(skin), *(len(pad) for pad in pads)])
        points, axes = np.concatenate([skin, *pads]), self.wrist[:3, :3] @ hand.axes
        pivot = points.mean(0)
        # A pad that never met the thing does not pull.
        meant = np.array(
            [1000 * float(self._field.over(*pad.T.astype(np.float32), bare=True).min()) < 7 for pad in pads]
        )

        def cost(x: Array) -> Array:
            moved = _moved(points - pivot, about_axes(axes, x), pivot + x[:, 3:])
            depth = 1000 * self._field.over(*moved)
            gaps = 1000 * self._field.over(*moved[:, ends[1] :], bare=True) if self._field.filled else depth[ends[1] :]
            value = _sunken(depth) + ((x[:, :3] / np.radians(3)) ** 2).sum(1) + ((x[:, 3:] / 0.002) ** 2).sum(1)
            for k in np.nonzero(meant)[0]:
                value += 20 * np.maximum(gaps[ends[k + 1] - ends[1] : ends[k + 2] - ends[1]].min(0) - 0.8, 0) ** 2
            return np.asarray(value)

        most = np.array([*np.radians([5, 5, 5]), 0.006, 0.006, 0.006])
        found = least_of(cost, -most, most, 60, 8)
        turn = about_axes(axes, found[None])[0]
        self.wrist[:3, 3] = turn @ (self.wrist[:3, 3] - pivot) + pivot + found[3:]
        self.wrist[:3, :3] = turn @ self.wrist[:3, :3]

    def _palm_skin(self, own: float = 0.6) -> Array:
        """(k, 3) skin of palm and first phalanges at rest, from the wrist, of which the palm's bones carry ``own``."""
        hand = self._hand
        names = [f"{name}.{hand.side}" for name in PALM_BONES]
        if own < 0.7:
            names += [f"finger{finger}-1.{hand.side}" for finger in FINGERS]
        skin = self._surface.rest[self._outer[self._share(*names) > own]] - hand.wrist
        skin = skin[(skin @ hand.axes[:, 0] > 0.010)]
        return np.asarray(skin[:: max(1, len(skin) // 300)])

    def close(self, finger: int, neighbour: Flexion | None = None, start: Flexion | None = None) -> Flexion:
        """Flexion that wraps the finger round the thing, much as its neighbour and near ``start`` where they are given."""
        digit = self._digit(finger)
        like, loose = (neighbour, 22) if neighbour is not None else (np.radians([35, 50, 30, 0]), 60)

        def cost(x: Array) -> Array:
            gaps, deep, _ = self._state(digit, finger_turns(self._figure, self._hand, finger, x))
            value = deep + (np.array([0.35, 0.6, 2.0]) * np.clip(np.abs(gaps + 0.5), 0, 30) ** 2).sum(1)
            value += 0.9 * ((x[:, 2] - 0.6 * x[:, 1]) / np.radians(15)) ** 2 + (x[:, 3] / np.radians(12)) ** 2
            return np.asarray(value + ((x[:, :2] - like[:2]) ** 2).sum(1) / np.radians(loose) ** 2)

        low, high = self._bounds(finger, 16)
        if start is None:
            return self._kept(finger, digit, least_of(cost, low, high, 500, 6))
        near = np.radians([20, 20, 20, 6])
        low, high = np.maximum(low, np.asarray(start) - near), np.minimum(high, np.asarray(start) + near)
        return self._kept(finger, digit, least_of(cost, low, high, 250, 6, start))

    def reach(self, point: Array, field: DistanceField, *, straight: bool = False) -> Flexion:
        """Flexion of the index finger that brings its pad to a point without running into the thing."""
        digit = self._digit(2)
        stiff, aside = np.radians((14, 20) if straight else (40, 10))
        # How far along the frame a straight finger ends is its own.
        near = np.array([2.5, 9.0, 2.5] if straight else [4.0, 4.0, 5.0])

        def cost(x: Array) -> Array:
            gaps, deep, tips = self._state(digit, finger_turns(self._figure, self._hand, 2, x), field)
            value = deep + ((1000 * (tips - point) / near) ** 2).sum(1) + ((x[:, 1:3] / stiff) ** 2).sum(1)
            value += (0.3 if straight else 2.0) * np.clip(np.abs(gaps[:, 2] + 0.5), 0, 30) ** 2
            return np.asarray(value + ((x[:, 2] - 0.5 * x[:, 1]) / np.radians(15)) ** 2 + (x[:, 3] / aside) ** 2)

        found = least_of(cost, *self._bounds(2, 18 if straight else 14), 1000 if straight else 800, 6)
        return tuple(float(angle) for angle in found)

    def thumb(
        self, point: Array, along: Array | None, *, first: bool = False, anew: bool = False
    ) -> tuple[Array, Array, Array]:
        """Turns of the thumb that lay it on the thing with its tip near a point, and its last bone ``along``.

        The ``first`` time it may sink in, so that it gets to the right side of the thing; the hand settles after that. Later
        times stay near the time before, except ``anew``.
        """
        digit = self._digit(1)
        last = self._figure.tail(f"finger1-3.{self._hand.side}") - self._figure.head(f"finger1-3.{self._hand.side}")
        last = last / np.linalg.norm(last)
        hard = 0.03 if first else 1.0

        def cost(x: Array) -> Array:
            base, second, third = thumb_turns(self._figure, self._hand, x)
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
        if self._thumb is not None and not anew:
            near = np.radians([40, 40, 40, 35, 35])
            low, high = np.maximum(low, self._thumb - near), np.minimum(high, self._thumb + near)
        self._thumb = least_of(cost, low, high, 2000 if anew else 400, 3 if first else 7, self._thumb)
        base, middle, end = (turn[0] for turn in thumb_turns(self._figure, self._hand, self._thumb[None]))
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

    def _kept(self, finger: int, digit: Digit, found: Array) -> Flexion:
        self._keep(finger, digit, finger_turns(self._figure, self._hand, finger, found[None])[0])
        return tuple(float(angle) for angle in found)

    def _keep(self, finger: int, digit: Digit, turns: Array) -> None:
        """Remembers where the bones of a closed finger are, so that others keep clear of them."""
        bones = digit.posed(turns[None], *self._place, slice(digit.skin, None))[:, :, 0]
        self._closed[finger] = bones, digit.radius
        self._turned[finger] = turns

    def amiss(self, finger: int) -> bool:
        """Whether the pad of a closed finger is off the thing, or its skin too deep in it."""
        digit = self._digit(finger)
        gaps, _, _ = self._state(digit, self._turned[finger][None])
        skin = digit.posed(self._turned[finger][None], *self._place, slice(digit.skin))
        return bool(gaps[0, 2] > _LOOSE or 1000 * self._field.over(*skin).min() < -_DEEP)

    @property
    def _place(self) -> tuple[Array, Array]:
        """Rotation and translation from the body's rest space to the thing's frame."""
        rotation = self.wrist[:3, :3]
        return rotation, self.wrist[:3, 3] - rotation @ self._hand.wrist

    def _digit(self, finger: int) -> Digit:
        if finger not in self._digits:
            self._digits[finger] = made_digit(self._figure, self._hand, self._surface, self._outer, finger)
        return self._digits[finger]

    def _state(self, digit: Digit, turns: Array, field: DistanceField | None = None) -> tuple[Array, Array, Array]:
        """Gaps (n, 3) of the pads in millimetres, how badly skin sinks in (n,), tips (n, 3) in the thing's frame."""
        rotation, root = self._place
        points = digit.posed(turns, rotation, root)
        field = field or self._field
        depth = 1000 * field.over(*points)
        pads = 1000 * field.over(*points[:, : digit.pads[2]], bare=True) if field.filled else depth[: digit.pads[2]]
        skin, bones = depth[: digit.skin], depth[digit.skin :]
        gaps = np.stack([part.min(0) for part in np.split(pads, digit.pads[:2])], 1)
        deep = (np.maximum(-1000 * FLESH - skin, 0) ** 2).sum(0) + 6 * (np.maximum(1000 * BONE - bones, 0) ** 2).sum(0)
        deep = 40 / len(depth) * deep + 120 * np.maximum(-skin.min(0) - _MOST, 0) ** 2
        if len(digit.ends):  # a fist's tips stop at the palm
            axes = self._hand.axes
            along, _, up = digit.posed(turns, axes.T, -axes.T @ self._hand.wrist, digit.ends)
            sunk = np.where(along < 0.075, np.maximum(16 - 1000 * up, 0), 0)
            deep += 40 / len(depth) * (sunk**2).sum(0)
        own = points[:, digit.skin :]
        for other, (its, radius) in self._closed.items():
            if other == digit.finger:
                continue
            beside = min(other, digit.finger) > 1 and abs(other - digit.finger) == 1
            apart = 1000 * np.sqrt(((own[:, :, None] - its[:, None, :, None]) ** 2).sum(0))
            room = 1000 * (digit.radius[:, None] + radius - _SQUEEZE)
            apart -= room[:, :, None].astype(np.float32)
            deep += 2 * np.maximum(-apart.min((0, 1)), 0) ** 2
            if beside:  # fingers that grip lie side by side
                deep += 0.5 * (np.clip(apart.min(1)[OUTER], 0, 12) ** 2).mean(0)
        return gaps.astype(float), deep.astype(float), digit.tips(turns) @ rotation.T + root
