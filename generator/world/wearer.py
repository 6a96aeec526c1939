"""The wearer of the camera: hands, arms, trunk and legs, seen from the own body."""

from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.pose import mixed
from generator.motion.timeline import BodyMeasures, Moment
from generator.scenario.spec import ClipSpec
from generator.scenario.spec import Wearer as WearerSpec
from generator.tracks import TRACK_ARM_LEFT, TRACK_ARM_RIGHT, TRACK_HAND_LEFT, TRACK_HAND_RIGHT, TRACK_LEGS, TRACK_TORSO
from generator.world import garments
from generator.world.actor import Part, Placement
from generator.world.bodymesh import Skinned
from generator.world.figure import Figure, Posed, about, measure, set_limb, skin, solve
from generator.world.hands import Grasp, Rest, grasp, rest, set_hand
from generator.world.props import Prop
from generator.world.wearer_dress import dressed

Array = NDArray[np.float64]

HAND_KEYPOINTS = ("wrist", *(f"{name}_{joint}" for name in ("thumb", "index", "middle", "ring", "little")
                             for joint in ("1", "2", "3", "tip")))  # fmt: skip
"""21 points in the usual order of hand detectors: wrist, then four along each finger from its base."""

ARM_KEYPOINTS = ("shoulder", "elbow", "wrist")

_RELAXED: dict[int, tuple[float, float, float]] = {
    finger: (np.radians(22 + 4 * finger), np.radians(30 + 3 * finger), np.radians(18)) for finger in (2, 3, 4, 5)
}  # a hand that holds nothing
_FETCHING: dict[int, tuple[float, float, float]] = {
    finger: (np.radians(34), np.radians(38), np.radians(20)) for finger in (2, 3, 4, 5)
}  # a hand round a magazine
_PINCHING: dict[int, tuple[float, float, float]] = {
    finger: (np.radians(52), np.radians(40), np.radians(22)) for finger in (2, 3, 4, 5)
}  # a hand over a slide
_OVERHAND = np.array([[0.80, 0.0, 0.60], [0.0, -1.0, 0.0], [0.60, 0.0, -0.80]]).T
"""Columns: fingers' direction, across towards the index finger, out of the palm, of a left hand that comes over the top
from the left, in the thing's frame."""

_THUMB_RELAXED = (np.eye(3), np.eye(3), np.eye(3))

TRACKS = (
    Track(TRACK_HAND_LEFT, "hand_left", keypoints=HAND_KEYPOINTS),
    Track(TRACK_HAND_RIGHT, "hand_right", keypoints=HAND_KEYPOINTS),
    Track(TRACK_ARM_LEFT, "arm_left", keypoints=ARM_KEYPOINTS),
    Track(TRACK_ARM_RIGHT, "arm_right", keypoints=ARM_KEYPOINTS),
    Track(TRACK_TORSO, "wearer_torso"),
    Track(TRACK_LEGS, "wearer_legs"),
)


def wearer_measures(wearer: WearerSpec) -> BodyMeasures:
    """Measures of the wearer's solved body."""
    return measure(solve(wearer.body), vest=wearer.dress.vest)


@dataclass(frozen=True)
class Wearer:
    """The wearer as an actor.

    Attributes:
        figure: the solved body.
        prop: what is held.
        parts: Blender objects; all deform.
        tracks: hands, arms, trunk, legs.
        right, left: how each hand holds the thing; ``left`` is None where it hangs.
    """

    figure: Figure
    prop: Prop | None
    right: Grasp | None
    left: Grasp | None
    _skinned: tuple[Skinned, ...] = field(repr=False)
    _tracks: tuple[int, ...] = field(repr=False)
    _rests: dict[str, Rest] = field(repr=False)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Blender objects of the body."""
        return tuple(
            Part(skinned.object, track, deforming=True)
            for skinned, track in zip(self._skinned, self._tracks, strict=True)
        )

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Hands, arms, trunk, legs."""
        return TRACKS

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """World-space vertices of every part; the frame reported is that of the part's own bone."""
        posed = self.pose(moment)
        matrices = posed.matrices()
        done: dict[int, Array] = {}
        placements = []
        for skinned, track in zip(self._skinned, self._tracks, strict=True):
            key = id(skinned.surface)
            if key not in done:
                done[key] = skinned.surface.posed(matrices)
            placements.append(Placement(self._frame(posed, track), done[key][skinned.used]))
        return tuple(placements)

    def pose(self, moment: Moment) -> Posed:
        """The whole body at that moment."""
        figure = self.figure
        root = moment.T_world_torso.copy()
        root[:3, 3] -= root[:3, :3] @ figure.torso_origin
        posed = Posed(figure, root)
        upright = moment.T_world_torso[:3, :3]
        for side, foot in zip("LR", moment.feet, strict=True):
            knee = posed.head(f"upperleg01.{side}") + upright @ np.array([0.0, 1.0, -0.35])
            set_limb(posed, (f"upperleg01.{side}", f"lowerleg01.{side}", f"foot.{side}"), foot, knee)
            posed.turn(f"foot.{side}", _yaw(upright))
        for side, held in (("R", self.right), ("L", self.left)):
            self._arm(posed, moment, side, held)
        return posed

    def hand_frame(self, moment: Moment) -> Array:
        """(4, 4) left hand in the world: x to the index finger, y along the fingers, z out of the palm."""
        posed, hand = self.pose(moment), self._rests["L"]
        matrix = np.eye(4)
        turn = posed.rotation("wrist.L")
        matrix[:3, :3] = np.stack([turn @ hand.axes[:, 1], turn @ hand.axes[:, 0], turn @ hand.axes[:, 2]], -1)
        matrix[:3, 3] = posed.point("wrist.L", hand.palm) + 0.02 * matrix[:3, 2]
        return matrix

    def keypoints(self, moment: Moment, track: int) -> Array | None:
        """(k, 3) world positions of a track's keypoints."""
        posed = self.pose(moment)
        side = "L" if track in (TRACK_HAND_LEFT, TRACK_ARM_LEFT) else "R"
        if track in (TRACK_HAND_LEFT, TRACK_HAND_RIGHT):
            return self._hand_points(posed, side)
        if track in (TRACK_ARM_LEFT, TRACK_ARM_RIGHT):
            return np.stack([posed.head(f"{name}.{side}") for name in ("upperarm01", "lowerarm01", "wrist")])
        return None

    def _hand_points(self, posed: Posed, side: str) -> Array:
        figure = self.figure
        points = [posed.head(f"wrist.{side}")]
        for finger in (1, 2, 3, 4, 5):
            points += [posed.head(f"finger{finger}-{joint}.{side}") for joint in (1, 2, 3)]
            points.append(posed.point(f"finger{finger}-3.{side}", figure.tail(f"finger{finger}-3.{side}")))
        return np.stack(points)

    def _frame(self, posed: Posed, track: int) -> Array:
        bone = {
            TRACK_HAND_LEFT: "wrist.L", TRACK_HAND_RIGHT: "wrist.R", TRACK_ARM_LEFT: "upperarm01.L",
            TRACK_ARM_RIGHT: "upperarm01.R", TRACK_TORSO: "spine02", TRACK_LEGS: "root",
        }[track]  # fmt: skip
        matrix = np.eye(4)
        matrix[:3, :3] = posed.rotation(bone)
        matrix[:3, 3] = posed.head(bone)
        return matrix

    def _arm(self, posed: Posed, moment: Moment, side: str, held: Grasp | None) -> None:
        figure, hand = self.figure, self._rests[side]
        torso = moment.T_world_torso
        out = 1.0 if side == "R" else -1.0
        hanging, hanging_turn = _hanging(torso, figure, hand)
        wrist, turn = hanging, hanging_turn
        angles: dict[int, tuple[float, ...]] = dict(_RELAXED)
        thumb = _THUMB_RELAXED
        if held is not None:
            on_thing = moment.T_world_thing @ self._pumped(side, moment) @ held.wrist
            wrist, turn = on_thing[:3, 3], on_thing[:3, :3]
            angles, thumb = self._fingers(held, moment), held.thumb
            away = 1 - (moment.grip if side == "R" else moment.support)
            if away > 0:
                there, there_turn, curled = self._away(moment, side, (hanging, hanging_turn), turn)
                wrist = (1 - away) * wrist + away * there
                turn = mixed(turn, there_turn, away)
                angles = _closed(angles, curled, min(2 * away, 1.0))
        self._shoulder(posed, torso, side, wrist)
        shoulder = posed.head(f"upperarm01.{side}")
        pole = shoulder + torso[:3, :3] @ np.array([_elbow_out(figure, side, wrist - shoulder) * out, -0.30, -1.0])
        if held is None:  # the elbow of a hanging arm points back
            pole = shoulder + torso[:3, :3] @ np.array([0.45 * out, -1.0, -0.3])
        set_limb(posed, (f"upperarm01.{side}", f"lowerarm01.{side}", f"wrist.{side}"), wrist, pole)
        _share_twist(posed, side, turn)
        set_hand(posed, hand, turn, angles, thumb)

    def _pumped(self, side: str, moment: Moment) -> Array:
        """The support hand goes back with the fore-end it holds; in the thing's frame."""
        frame = np.eye(4)
        if side == "L" and self.prop is not None:
            frame[1, 3] = -self.prop.travel.pump * moment.pump
        return frame

    def _away(
        self, moment: Moment, side: str, hanging: tuple[Array, Array], on_thing: Array
    ) -> tuple[Array, Array, dict[int, tuple[float, float, float]]]:
        """Where a hand is that is off the thing: wrist (3,), its rotation, flexion of its fingers."""
        torso = moment.T_world_torso
        if side == "L" and moment.support_place == "pouch":
            pouch = torso[:3, 3] + torso[:3, :3] @ np.array([-0.16, 0.22, -0.43])
            return pouch, mixed(on_thing, hanging[1], 0.8), _FETCHING
        if side == "L" and moment.support_place == "rack" and self.prop is not None and self.prop.marks.rack is not None:
            back = np.array([0.0, -max(self.prop.travel.action, self.prop.travel.charging) * moment.rack, 0.0])
            mark = (moment.T_world_thing @ (*(self.prop.marks.rack + back), 1.0))[:3]
            turn = moment.T_world_thing[:3, :3] @ _OVERHAND @ self._rests["L"].axes.T
            palm = self._rests["L"].palm - self._rests["L"].wrist
            return mark - turn @ palm - 0.012 * turn @ self._rests["L"].axes[:, 2], turn, _PINCHING
        return *hanging, _RELAXED

    def _fingers(self, held: Grasp, moment: Moment) -> dict[int, tuple[float, ...]]:
        angles: dict[int, tuple[float, ...]] = dict(held.angles)
        if held.trigger is not None:
            press = moment.trigger
            angles[2] = tuple((1 - press) * a + press * b for a, b in zip(angles[2], held.trigger, strict=True))
        return angles

    def _shoulder(self, posed: Posed, torso: Array, side: str, wrist: Array) -> None:
        """The shoulder girdle follows a hand that reaches forward or across: as far as the arm needs, 42 degrees at most."""
        out, arm = 1 if side == "R" else -1, _arm_length(self.figure, side)
        reach = wrist - posed.head(f"upperarm01.{side}")
        forward = float(np.clip(reach @ torso[:3, 1] / 0.45, 0, 1))
        across = float(np.clip(-reach @ torso[:3, 0] * out / 0.3, 0, 1))
        lift = np.radians(4.0) * forward * -out
        # A hand near the trunk asks nothing of the girdle.
        far = float(np.clip((np.linalg.norm(reach) / arm - 0.6) / 0.3, 0, 1))
        for degrees in np.arange((12 * forward + 6 * across) * far, 42.5, 2.0):
            turn = about(np.array([0.0, 0, 1.0]), np.radians(degrees) * out) @ about(np.array([0.0, 1.0, 0]), lift)
            posed.turn(f"clavicle.{side}", torso[:3, :3] @ turn)
            if np.linalg.norm(wrist - posed.head(f"upperarm01.{side}")) < 0.98 * arm:
                break


def _arm_length(figure: Figure, side: str) -> float:
    upper, lower, end = (figure.head(f"{name}.{side}") for name in ("upperarm01", "lowerarm01", "wrist"))
    return float(np.linalg.norm(lower - upper) + np.linalg.norm(end - lower))


def _elbow_out(figure: Figure, side: str, reach: Array) -> float:
    """How far the elbow points out, for 1 down: the nearer the hand, the more it must give way to the side."""
    near = 0.92 - float(np.linalg.norm(reach)) / _arm_length(figure, side)
    return float(0.45 + 1.6 * np.clip(near, 0.0, 0.4))


def _hanging(torso: Array, figure: Figure, hand: Rest) -> tuple[Array, Array]:
    """Wrist and its rotation of an arm that hangs, slightly bent, palm inwards."""
    side, out = hand.side, 1.0 if hand.side == "R" else -1.0
    shoulder = figure.head(f"upperarm01.{side}") - figure.torso_origin
    level = _yaw(torso[:3, :3])
    wrist = torso[:3, 3] + torso[:3, :3] @ shoulder
    wrist = wrist + 0.96 * _arm_length(figure, side) * level @ np.array([0.20 * out, 0.24, -0.95])
    wanted = np.stack([np.array([0.02 * out, 0.25, -1.0]), np.zeros(3), np.array([-out, 0.0, 0.0])], -1)
    wanted[:, 0] /= np.linalg.norm(wanted[:, 0])
    wanted[:, 2] -= wanted[:, 0] * (wanted[:, 0] @ wanted[:, 2])
    wanted[:, 2] /= np.linalg.norm(wanted[:, 2])
    sign = np.sign(np.linalg.det(hand.axes))
    wanted[:, 1] = sign * np.cross(wanted[:, 2], wanted[:, 0])
    return wrist, level @ wanted @ hand.axes.T


def _closed(
    angles: dict[int, tuple[float, ...]], other: dict[int, tuple[float, float, float]], share: float
) -> dict[int, tuple[float, ...]]:
    """Fingers ``share`` of the way from one hand to another."""
    return {
        finger: tuple((1 - share) * a + share * b for a, b in zip(flexion, (*other[finger], 0.0), strict=False))
        for finger, flexion in angles.items()
    }


def _yaw(turn: Array) -> Array:
    """The part of a rotation that is about the vertical."""
    return about(np.array([0.0, 0, 1.0]), float(np.arctan2(turn[1, 0], turn[0, 0])))


def _share_twist(posed: Posed, side: str, turn: Array) -> None:
    """Spreads the wrist's turn about the forearm over the forearm, as radius and ulna do."""
    axis = posed.head(f"wrist.{side}") - posed.head(f"lowerarm01.{side}")
    axis = axis / np.linalg.norm(axis)
    base = posed.rotation(f"lowerarm01.{side}")
    away = turn @ base.T
    quaternion = np.array(
        [away[2, 1] - away[1, 2], away[0, 2] - away[2, 0], away[1, 0] - away[0, 1], 1 + np.trace(away)]
    )
    twist = 2 * np.arctan2(float(quaternion[:3] @ axis), float(quaternion[3]))
    twist = float((twist + np.pi) % (2 * np.pi) - np.pi)
    posed.turn(f"lowerarm01.{side}", about(axis, 0.25 * twist) @ base)
    posed.turn(f"lowerarm02.{side}", about(axis, 0.70 * twist) @ base)


def build_wearer(spec: ClipSpec, prop: Prop | None, collection: bpy.types.Collection) -> Wearer:
    """The wearer's body with its hands on the thing."""
    figure = solve(spec.wearer.body)
    rng = spec.stream("world/wearer")
    rests = {side: rest(figure, "R" if side == "R" else "L") for side in "LR"}
    right, left = _grasps(figure, spec, prop, rests)
    made = dressed(figure, spec, rng, collection)
    return Wearer(figure, prop, right, left, tuple(m[0] for m in made), tuple(m[1] for m in made), rests)


def _grasps(
    figure: Figure, spec: ClipSpec, prop: Prop | None, rests: dict[str, Rest]
) -> tuple[Grasp | None, Grasp | None]:
    if prop is None or spec.weapon is None:
        return None, None
    gap = garments.GLOVE_THICKNESS if spec.wearer.dress.gloves == "full" else 0.0
    kind = spec.weapon.kind
    right = grasp(figure, kind, "R", prop.marks, prop.solid, skin_gap=gap)
    solid = prop.solid
    if kind == "training_pistol" and right is not None:  # the support hand closes over the firing hand
        solid = _with_hand(figure, solid, right, rests["R"])
    return right, grasp(figure, kind, "L", prop.marks, solid, skin_gap=gap)


def _with_hand(
    figure: Figure, solid: tuple[Array, NDArray[np.int32]], held: Grasp, hand: Rest
) -> tuple[Array, NDArray[np.int32]]:
    from generator.world import anny

    root = np.eye(4)
    root[:3, :3] = held.wrist[:3, :3]
    root[:3, 3] = held.wrist[:3, 3] - held.wrist[:3, :3] @ hand.wrist
    posed = Posed(figure, root)
    set_hand(posed, hand, held.wrist[:3, :3], held.angles, held.thumb)
    base = anny.base()
    keep = (base.groups == "body") & (figure.share("finger", "metacarpal", "wrist")[base.faces].mean(1) > 0.7)
    keep &= figure.vertices[base.faces].mean(1)[:, 0] > 0
    ids, flat = np.unique(base.faces[keep], return_inverse=True)
    quads = flat.reshape(-1, 4)
    vertices = skin(anny.weights()[ids], figure.vertices[ids], posed.matrices())
    triangles = np.concatenate([quads[:, :3], quads[:, [0, 2, 3]]]) + len(solid[0])
    return np.concatenate([solid[0], vertices]), np.concatenate([solid[1], triangles.astype(np.int32)])
