"""The wearer of the camera: hands, arms, trunk and legs, seen from the own body."""

from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from generator.frame import Track
from generator.motion.noise import minimum_jerk
from generator.motion.pose import mixed
from generator.motion.timeline import NOMINAL_STATURE, BodyMeasures, Moment
from generator.scenario.spec import ClipSpec, Dress
from generator.scenario.spec import Wearer as WearerSpec
from generator.scenario.things import HeldKind
from generator.tracks import TRACK_ARM_LEFT, TRACK_ARM_RIGHT, TRACK_HAND_LEFT, TRACK_HAND_RIGHT, TRACK_LEGS, TRACK_TORSO
from generator.world import garments, idle_hands
from generator.world.actor import Part, Placement
from generator.world.bodymesh import Skinned, Surface
from generator.world.contact import Solid, sprinkled, within
from generator.world.figure import Figure, Posed, about, measure, set_limb, solve
from generator.world.gloves import gloves_surface
from generator.world.grasping import grasp
from generator.world.grip_styles import WRAPPED
from generator.world.hands import Grasp, Rest, open_hand, outer_skin, rest, set_hand
from generator.world.joints import LIMITS, arm_angles
from generator.world.props import Prop
from generator.world.wearer_dress import dressed

Array = NDArray[np.float64]

HAND_KEYPOINTS = ("wrist", *(f"{name}_{joint}" for name in ("thumb", "index", "middle", "ring", "little")
                             for joint in ("1", "2", "3", "tip")))  # fmt: skip
"""21 points in the usual order of hand detectors: wrist, then four along each finger from its base."""

BODY_KEYPOINTS = ("neck", "shoulder_left", "shoulder_right", "hip_left", "hip_right")
_BODY_BONES = ("neck01", "upperarm01.L", "upperarm01.R", "upperleg01.L", "upperleg01.R")

ARM_KEYPOINTS = ("shoulder", "elbow", "wrist")

TRACKS = (
    Track(TRACK_HAND_LEFT, "hand_left", keypoints=HAND_KEYPOINTS),
    Track(TRACK_HAND_RIGHT, "hand_right", keypoints=HAND_KEYPOINTS),
    Track(TRACK_ARM_LEFT, "arm_left", keypoints=ARM_KEYPOINTS),
    Track(TRACK_ARM_RIGHT, "arm_right", keypoints=ARM_KEYPOINTS),
    Track(TRACK_TORSO, "wearer_torso", keypoints=BODY_KEYPOINTS),
    Track(TRACK_LEGS, "wearer_legs"),
)


def wearer_measures(wearer: WearerSpec) -> BodyMeasures:
    """Measures of the wearer's solved body."""
    return measure(solve(wearer.body), vest=wearer.dress.vest)


@dataclass(frozen=True)
class Holding:
    """How hands hold one of the things: it, and the grasp of each hand; ``left`` is None where that hangs."""

    prop: Prop | None = None
    right: Grasp | None = None
    left: Grasp | None = None

    def of(self, side: str) -> Grasp | None:
        """The grasp of a hand."""
        return self.right if side == "R" else self.left


@dataclass(frozen=True)
class Wearer:
    """The wearer as an actor.

    Attributes:
        figure: the solved body.
        holdings: how each of the things is held, by number; one of nothing where nothing is.
        parts: Blender objects; all deform.
        tracks: hands, arms, trunk, legs.
        prop, right, left: of the first thing, as in ``Holding``.
    """

    figure: Figure
    holdings: tuple[Holding, ...]
    _skinned: tuple[Skinned, ...] = field(repr=False)
    _tracks: tuple[int, ...] = field(repr=False)
    rests: dict[str, Rest] = field(repr=False)
    _recent: list[tuple[Moment, Posed]] = field(default_factory=list, repr=False, compare=False)

    @property
    def prop(self) -> Prop | None:
        """The first of the things."""
        return self.holdings[0].prop

    @property
    def right(self) -> Grasp | None:
        """How the right hand holds it."""
        return self.holdings[0].right

    @property
    def left(self) -> Grasp | None:
        """How the left hand holds it."""
        return self.holdings[0].left

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
        """The whole body at that moment; to be read only. Parts, keypoints and what is in a hand ask for the same few poses."""
        for known, posed in self._recent:
            if known is moment:
                return posed
        posed = self._solved(moment)
        self._recent[:] = [*self._recent[-2:], (moment, posed)]  # a read-out has three
        return posed

    def _solved(self, moment: Moment) -> Posed:
        figure = self.figure
        root = moment.T_world_torso.copy()
        root[:3, 3] -= root[:3, :3] @ figure.torso_origin
        posed = Posed(figure, root)
        upright = moment.T_world_torso[:3, :3]
        for side, foot in zip("LR", moment.feet, strict=True):
            knee = posed.head(f"upperleg01.{side}") + upright @ np.array([0.0, 1.0, -0.35])
            set_limb(posed, (f"upperleg01.{side}", f"lowerleg01.{side}", f"foot.{side}"), foot, knee)
            posed.turn(f"foot.{side}", idle_hands.yaw(upright))
        for side in "RL":
            self._arm(posed, moment, side)
        return posed

    def hand_frame(self, moment: Moment) -> Array:
        """(4, 4) left hand in the world: x to the index finger, y along the fingers, z out of the palm."""
        posed, hand = self.pose(moment), self.rests["L"]
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
        if track == TRACK_TORSO:
            return np.stack([posed.head(bone) for bone in _BODY_BONES])
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

    def _arm(self, posed: Posed, moment: Moment, side: str) -> None:
        figure, hand = self.figure, self.rests[side]
        torso = moment.T_world_torso
        hanging = idle_hands.hanging(moment, figure, hand)
        wrist, turn = hanging
        angles: dict[int, tuple[float, ...]] = dict(idle_hands.RELAXED)
        thumb = idle_hands.THUMB_RELAXED
        holds = self._holds(moment, side)
        if holds:
            (share, here, holding, held), *others = holds  # the thing that the hand is on most
            wrist, turn = self._on(here, side, holding, held)
            angles, thumb = self._fingers(held, here), held.thumb
            away = 1 - share
            if away > 0:
                there, there_turn, curled = self._away(here, side, hanging, turn, holding.prop)
                for other, its, other_holding, other_held in others:  # on its way from one thing to another
                    place, place_turn = self._on(its, side, other_holding, other_held)
                    there = there + other / away * (place - there)
                    there_turn = mixed(there_turn, place_turn, other / away)
                    thumb = idle_hands.eased(held.thumb, min(2 * away, 1.0))
                wrist = (1 - away) * wrist + away * there
                turn = mixed(turn, there_turn, away)
                angles = idle_hands.closed(angles, curled, min(2 * away, 1.0))
        self._shoulder(posed, torso, side, wrist)
        pole, aim = self._pole(posed, torso, side, wrist, turn), wrist
        for _ in range(3):  # the bones of the forearm are not quite in line: twisting them moves the wrist a little
            set_limb(posed, (f"upperarm01.{side}", f"lowerarm01.{side}", f"wrist.{side}"), aim, pole)
            _share_twist(posed, side, turn)
            aim = aim + wrist - posed.head(f"wrist.{side}")
        set_hand(posed, hand, turn, angles, thumb)

    def _holds(self, moment: Moment, side: str) -> list[tuple[float, Moment, Holding, Grasp]]:
        """What a hand can be on: its share on each thing, the moment told of that, and how it is held; the most first."""
        found = []
        for number, holding in enumerate(self.holdings):
            held, here = holding.of(side), moment.of(number)
            if held is not None:
                found.append((self._share_on(here, side), here, holding, held))
        return sorted(found, key=lambda hold: -hold[0])

    def _on(self, moment: Moment, side: str, holding: Holding, held: Grasp) -> tuple[Array, Array]:
        """Wrist (3,) and its rotation of a hand on a thing."""
        on_thing = self._held_frame(moment, side, holding.prop) @ held.wrist
        return on_thing[:3, 3], on_thing[:3, :3]

    @property
    def _empty(self) -> bool:
        return self.prop is None and self.right is not None

    def _share_on(self, moment: Moment, side: str) -> float:
        """How far a hand is on the thing; empty hands hang at the sides when low, 1 where they are raised."""
        if not self._empty:
            return moment.grip if side == "R" else moment.support
        return minimum_jerk((_height(moment) / self.figure.stature + 0.235) / 0.10)

    def _held_frame(self, moment: Moment, side: str, prop: Prop | None) -> Array:
        """(4, 4) world from the frame that a hand's grasp refers to: the thing, its fore-end, or its mirror image."""
        if self._empty and side == "L":
            mirror = np.diag([-1.0, 1, 1, 1])
            return moment.T_world_torso @ mirror @ np.linalg.inv(moment.T_world_torso) @ moment.T_world_thing @ mirror
        return np.asarray(moment.T_world_thing @ _pumped(side, moment, prop))

    def _pole(self, posed: Posed, torso: Array, side: str, wrist: Array, turn: Array) -> Array:
        """(3,) towards which the elbow points: mostly down, but so that wrist and forearm stay within their limits."""
        figure, hand, out = self.figure, self.rests[side], 1.0 if side == "R" else -1.0
        shoulder = posed.head(f"upperarm01.{side}")
        reach = wrist - shoulder
        upper, lower, end = (figure.head(f"{name}.{side}") for name in ("upperarm01", "lowerarm01", "wrist"))
        l1, l2 = float(np.linalg.norm(lower - upper)), float(np.linalg.norm(end - lower))
        distance = float(np.clip(np.linalg.norm(reach), abs(l1 - l2) + 1e-3, l1 + l2 - 2e-3))
        axis = reach / np.linalg.norm(reach)
        # The more the hand hangs, the more the elbow points back instead of down.
        hangs = float(np.clip((-reach @ torso[:3, 2] / (l1 + l2) - 0.70) / 0.2, 0, 1))
        down = np.array([_elbow_out(figure, side, reach) * out, -0.30, -1.0])
        wanted = torso[:3, :3] @ ((1 - hangs) * down + hangs * np.array([0.45 * out, -1.0, -0.3]))
        first = wanted - axis * (axis @ wanted)
        first = first / np.linalg.norm(first)
        swivel = _SWIVELS[:, None]
        side_ways = np.cos(swivel) * first + np.sin(swivel) * np.cross(axis, first)
        along = (l1 * l1 - l2 * l2 + distance * distance) / (2 * distance)
        off = np.sqrt(max(l1 * l1 - along * along, 0.0))
        arm = along * axis + off * side_ways
        fore = (distance * axis - arm) / l2
        hinge = np.cross(arm, fore)
        hinge = hinge / np.maximum(np.linalg.norm(hinge, axis=1, keepdims=True), 1e-9)
        found = arm_angles(arm / l1, fore, hinge, turn @ hand.axes, torso[:3, :3], out)
        cost = (_SWIVELS / np.radians(38)) ** 2
        for name, values in found.items():
            low, high = LIMITS[name]
            cost = cost + (np.maximum(np.maximum(low + 6 - values, values - high + 6), 0) / 3.5) ** 2
        weight = np.exp(-2.0 * (cost - cost.min()))
        chosen = float((weight @ _SWIVELS) / weight.sum())
        return np.asarray(shoulder + along * axis + np.cos(chosen) * first + np.sin(chosen) * np.cross(axis, first))

    def _away(
        self, moment: Moment, side: str, hanging: tuple[Array, Array], on_thing: Array, prop: Prop | None
    ) -> tuple[Array, Array, dict[int, tuple[float, float, float]]]:
        """Where a hand is that is off the thing: wrist (3,), its rotation, flexion of its fingers."""
        torso = moment.T_world_torso
        if side == "L" and moment.support_place == "pouch":
            place = (
                np.array([-0.145, 0.16, -0.31]) * self.figure.stature / NOMINAL_STATURE
            )  # above the pouches on the belt
            pouch = torso[:3, 3] + torso[:3, :3] @ place
            return pouch, mixed(on_thing, hanging[1], 0.8), idle_hands.FETCHING
        if side == "L" and moment.support_place == "chest":
            return *idle_hands.on_chest(moment, self.figure, self.rests["L"]), idle_hands.RELAXED
        if side == "L" and moment.support_place == "rack" and prop is not None and prop.marks.rack is not None:
            back = np.array([0.0, -max(prop.travel.action, prop.travel.charging) * moment.rack, 0.0])
            mark = (moment.T_world_thing @ (*(prop.marks.rack + back), 1.0))[:3]
            turn = moment.T_world_thing[:3, :3] @ idle_hands.OVERHAND @ self.rests["L"].axes.T
            palm = self.rests["L"].palm - self.rests["L"].wrist
            return mark - turn @ palm - 0.012 * turn @ self.rests["L"].axes[:, 2], turn, idle_hands.PINCHING
        return *hanging, idle_hands.RELAXED

    def _fingers(self, held: Grasp, moment: Moment) -> dict[int, tuple[float, ...]]:
        angles: dict[int, tuple[float, ...]] = dict(held.angles)
        if held.trigger is not None:
            press = moment.trigger
            way = [(1 - press) * a + press * b for a, b in zip(angles[2], held.trigger, strict=True)]
            way[0] -= np.radians(14.0) * np.sin(np.pi * press)  # round the guard, not through it
            angles[2] = tuple(float(angle) for angle in way)
        return angles

    def _shoulder(self, posed: Posed, torso: Array, side: str, wrist: Array) -> None:
        """The shoulder girdle follows a hand that reaches forward or across: as far as the arm needs, 42 degrees at most."""
        out, arm = 1 if side == "R" else -1, self.figure.arm_length(side)
        reach = wrist - posed.head(f"upperarm01.{side}")
        forward = float(np.clip(reach @ torso[:3, 1] / 0.45, 0, 1))
        across = float(np.clip(-reach @ torso[:3, 0] * out / 0.3, 0, 1))
        # Arms that reach up to the eye line take the shoulders with them.
        high = float(np.clip(reach @ torso[:3, 2] / 0.2, 0, 1))
        lift = np.radians(4.0 * forward + 10.0 * high) * -out
        # A hand near the trunk asks nothing of the girdle.
        far = float(np.clip((np.linalg.norm(reach) / arm - 0.6) / 0.3, 0, 1))
        least = (12 * forward + 6 * across) * far
        degrees = np.linspace(least, max(least, 42.0), 12)
        lengths = []
        for angle in degrees:
            self._girdle(posed, torso, side, float(angle), lift)
            lengths.append(np.linalg.norm(wrist - posed.head(f"upperarm01.{side}")))
        short = np.minimum.accumulate(lengths)  # falls as the shoulder comes forward
        enough = float(np.interp(-_STRETCH * arm, -short, degrees))
        self._girdle(posed, torso, side, enough, lift)

    def _girdle(self, posed: Posed, torso: Array, side: str, degrees: float, lift: float) -> None:
        turn = about(np.array([0.0, 0, 1.0]), np.radians(degrees) * (1 if side == "R" else -1))
        posed.turn(f"clavicle.{side}", torso[:3, :3] @ turn @ about(np.array([0.0, 1.0, 0]), lift))


_STRETCH = 0.975
"""Share of the arm's length beyond which the shoulder girdle helps."""

_SWIVELS = np.radians(np.arange(-100.0, 101.0, 5.0))
"""Places of the elbow about the line from shoulder to wrist that are tried, from where it would hang."""


def _height(moment: Moment) -> float:
    """Height of the thing's origin over the shoulders."""
    return float((np.linalg.inv(moment.T_world_torso) @ moment.T_world_thing)[2, 3])


def _pumped(side: str, moment: Moment, prop: Prop | None) -> Array:
    """The support hand goes back with the fore-end it holds; in the thing's frame."""
    frame = np.eye(4)
    if side == "L" and prop is not None:
        frame[1, 3] = -prop.travel.pump * moment.pump
    return frame


def _elbow_out(figure: Figure, side: str, reach: Array) -> float:
    """How far the elbow points out, for 1 down: the nearer the hand, the more it must give way to the side."""
    near = 0.92 - float(np.linalg.norm(reach)) / figure.arm_length(side)
    return float(0.45 + 1.6 * np.clip(near, 0.0, 0.4))


def _share_twist(posed: Posed, side: str, turn: Array) -> None:
    """Spreads the wrist's turn about the forearm over the forearm, as radius and ulna do."""
    base = posed.rotation(f"lowerarm01.{side}")
    posed.turn(f"lowerarm02.{side}", base)
    axis = posed.head(f"wrist.{side}") - posed.head(f"lowerarm01.{side}")
    axis = axis / np.linalg.norm(axis)
    away = turn @ base.T
    quaternion = np.array(
        [away[2, 1] - away[1, 2], away[0, 2] - away[2, 0], away[1, 0] - away[0, 1], 1 + np.trace(away)]
    )
    twist = 2 * np.arctan2(float(quaternion[:3] @ axis), float(quaternion[3]))
    twist = float((twist + np.pi) % (2 * np.pi) - np.pi)
    posed.turn(f"lowerarm01.{side}", about(axis, 0.25 * twist) @ base)
    posed.turn(f"lowerarm02.{side}", about(axis, 0.70 * twist) @ base)


def build_wearer(spec: ClipSpec, props: tuple[Prop, ...], collection: bpy.types.Collection) -> Wearer:
    """The wearer's body with its hands on the things, which are those of ``ClipSpec.things``; none for empty hands."""
    figure = solve(spec.wearer.body)
    rng = spec.stream("world/wearer")
    rests = {side: rest(figure, "R" if side == "R" else "L") for side in "LR"}
    surface = outer_surface(figure, spec.wearer.dress)
    if props:
        holdings = tuple(
            _holding(figure, held.kind, spec, prop, rests, surface)
            for held, prop in zip(spec.things, props, strict=True)
        )
    else:
        holdings = (_empty_handed(figure, spec),)
    made = dressed(figure, spec, rng, collection)
    return Wearer(figure, holdings, tuple(m[0] for m in made), tuple(m[1] for m in made), rests)


def _empty_handed(figure: Figure, spec: ClipSpec) -> Holding:
    """Hands that hold nothing: open where they are what is raised, else they hang."""
    if spec.weapon is None:
        return Holding()
    rng = spec.stream("world/open_hands")
    return Holding(None, open_hand(figure, "R", rng), open_hand(figure, "L", rng))


def _holding(
    figure: Figure, kind: HeldKind, spec: ClipSpec, prop: Prop, rests: dict[str, Rest], surface: Surface
) -> Holding:
    alone = kind in WRAPPED and spec.weapon is not None and spec.weapon.hands == "one"
    solid, pressed = _solids(prop)
    right = grasp(figure, kind, "R", prop.marks, solid, surface, pressed)
    if (
        (kind in WRAPPED or kind == "camera") and not alone and right is not None
    ):  # one hand closes on or beside the other
        solid = _with_hand(figure, solid, right, rests["R"], surface)
    return Holding(prop, right, grasp(figure, kind, "L", prop.marks, solid, surface, alone=alone))


def _solids(prop: Prop) -> tuple[Solid, Solid]:
    """A thing with its magazine in, as solids: its trigger at rest, and pressed."""
    vertices, triangles = prop.solid
    if "magazine" in prop.moving:
        which = prop.moving.index("magazine")
        points, mesh = _part_vertices(prop, which), prop.parts[which].object.data
        mesh.calc_loop_triangles()
        more = np.empty((len(mesh.loop_triangles), 3), np.int32)
        mesh.loop_triangles.foreach_get("vertices", more.ravel())
        more = more[~_enclosed(prop.solid, points[more])]
        triangles = np.concatenate([triangles, more + np.int32(len(vertices))])
        vertices = np.concatenate([vertices, points])
    pressed = vertices.copy()
    if "trigger" in prop.moving and prop.trigger_arm > 0:
        which = prop.moving.index("trigger")
        rest = prop.rests[which]
        apart, _ = cKDTree(_part_vertices(prop, which)).query(vertices)
        turn = rest[:3, :3] @ about(np.array([1.0, 0, 0]), -prop.travel.trigger / prop.trigger_arm) @ rest[:3, :3].T
        mine = apart < 1e-5  # meshes keep single precision
        pressed[mine] = (vertices[mine] - rest[:3, 3]) @ turn.T + rest[:3, 3]
    return (vertices, triangles), (pressed, triangles)


def _enclosed(solid: Solid, corners: Array) -> NDArray[np.bool_]:
    """(m,) which triangles (m, 3, 3) lie within a solid, nearly all of each; to skin that sinks in they seem a way out."""
    large = np.ptp(corners, axis=1).max(1) > 0.010
    points, owner = sprinkled(corners[large], 0.010)
    points = np.concatenate([points, corners.mean(1)])
    owner = np.concatenate([np.nonzero(large)[0][owner], np.arange(len(corners))])
    inside = np.bincount(owner, within(solid[0][solid[1]], points), len(corners))
    return np.asarray(inside > 0.8 * np.bincount(owner, minlength=len(corners)))


def _part_vertices(prop: Prop, which: int) -> Array:
    """(n, 3) vertices of a part at rest, in the thing's frame."""
    mesh, rest = prop.parts[which].object.data, prop.rests[which]
    local = np.empty((len(mesh.vertices), 3))
    mesh.vertices.foreach_get("co", local.ravel())
    return np.asarray(local @ rest[:3, :3].T + rest[:3, 3])


def _with_hand(
    figure: Figure, solid: tuple[Array, NDArray[np.int32]], held: Grasp, hand: Rest, surface: Surface
) -> tuple[Array, NDArray[np.int32]]:
    """A solid together with the hand that holds it."""
    root = np.eye(4)
    root[:3, :3] = held.wrist[:3, :3]
    root[:3, 3] = held.wrist[:3, 3] - held.wrist[:3, :3] @ hand.wrist
    posed = Posed(figure, root)
    set_hand(posed, hand, held.wrist[:3, :3], held.angles, held.thumb)
    used, triangles = outer_skin(figure, surface, hand.side)
    place = np.zeros(len(surface.rest), np.int32)
    place[used] = np.arange(len(used)) + len(solid[0])
    vertices = surface.posed(posed.matrices())[used]
    return np.concatenate([solid[0], vertices]), np.concatenate([solid[1], place[triangles]])


def outer_surface(figure: Figure, dress: Dress) -> Surface:
    """What of both hands touches things: gloves, or skin. The palms of half-finger gloves give way to it."""
    where = garments.regions(figure)
    if dress.gloves == "full":
        return gloves_surface(figure, where, dress)
    return garments.hands_surface(figure, where, dress.model_copy(update={"gloves": "none"}))
