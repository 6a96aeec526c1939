"""People in view: whole adults, dressed, with headgear and eye protection, who act; one skinned mesh each."""

from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.acting import NEUTRAL
from generator.motion.timeline import Moment, PersonMoment
from generator.scenario.spec import ClipSpec, Person
from generator.tracks import TRACKS_PEOPLE
from generator.world import anny, garments
from generator.world.actor import Actor, Part, Placement
from generator.world.body_pose import Body, posed_person
from generator.world.bodymesh import cut, refine
from generator.world.carried import Carried, build_carried
from generator.world.clothes import clothes
from generator.world.eyewear import eyewear
from generator.world.face import face
from generator.world.figure import Figure, Posed, solve
from generator.world.gloves import glove_colour
from generator.world.hair import draw_hair, hair
from generator.world.hands import rest as hand_rest
from generator.world.headgear import cap, helmet
from generator.world.outfit import draw_outfit
from generator.world.person_mesh import Piece, body_piece, join, patchy, toned
from generator.world.person_skin import Bound
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

_BONES = ("upperarm01", "lowerarm01", "wrist", "upperleg01", "lowerleg01", "foot")

BOUND = PersonMoment(
    np.eye(4), 0.0, 0.0,
    NEUTRAL.but(hands=[0.40, 0.05, -0.88], look=0.0, curl=0.2, flex=0.0, palms=[-1.0, -0.1, 0.0], knees=0.1),
    np.array([[-0.12, 0.0, 0.0, 0.12], [0.12, 0.0, 0.0, -0.12]]),
)  # fmt: skip
"""How people stand while they are dressed: arms 25 degrees out, so that sleeves have armpits to fold about."""


@dataclass(frozen=True)
class RolePlayer:
    """One person.

    Attributes:
        parts: one skinned mesh, then what is held.
        tracks: of the person, and of what is held.
        body: what poses are worked out with.
        bound: the mesh and what it hangs on.
    """

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    body: Body = field(repr=False)
    bound: Bound = field(repr=False)
    _index: int
    _head: Array = field(repr=False)
    _carried: Carried | None = field(repr=False)
    _recent: list[tuple[PersonMoment, Posed]] = field(default_factory=list, repr=False, compare=False)

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """World-space vertices, reported in the frame on the floor between the feet; and where what is held is."""
        person = moment.people[self._index]
        posed = self.pose(moment)
        made = Placement(person.T_world_root, self.bound.posed(posed.matrices()))
        return (made, *(self._carried.place(person, posed) if self._carried is not None else ()))

    def pose(self, moment: Moment) -> Posed:
        """The bones at that moment; to be read only. Mesh and keypoints ask for the same few poses."""
        person = moment.people[self._index]
        for known, posed in self._recent:
            if known is person:
                return posed
        posed = posed_person(self.body, person, None if self._carried is None else self._carried.grip)
        self._recent[:] = [*self._recent[-2:], (person, posed)]  # a read-out has three
        return posed

    def keypoints(self, moment: Moment, track_id: int) -> Array | None:
        """(17, 3) world positions of COCO's keypoints; None for another's track."""
        if track_id != self.tracks[0].track_id:
            return None
        posed = self.pose(moment)
        body = np.stack([posed.head(f"{bone}.{side}") for bone in _BONES for side in "LR"])
        return np.concatenate([posed.point("head", self._head), body])


def build_people(spec: ClipSpec, collection: bpy.types.Collection) -> tuple[Actor, ...]:
    """An actor for every person of the clip, in the order of ``spec.people``."""
    return tuple(_build(spec, person, k, collection) for k, person in enumerate(spec.people))


def _build(spec: ClipSpec, person: Person, index: int, collection: bpy.types.Collection) -> RolePlayer:
    rng = spec.stream(f"world/people/{index}")
    figure = solve(person.body)
    body = Body.of(figure, 0.06 if person.dress.vest else 0.03 if person.hi_vis else 0.012)
    posed = posed_person(body, BOUND)
    skull = Skull(figure)
    pieces = dressed(figure, person, skull, posed, rng)
    name = f"person {index}"
    track = Track(TRACKS_PEOPLE + index, person.role, person.role, KEYPOINTS)
    made = join(name, pieces, collection)
    bound = Bound.at(pieces, posed.matrices())
    carried = build_carried(spec, person, index, body, collection)
    parts, tracks = [Part(made, track.track_id, deforming=True)], [track]
    if carried is not None:
        parts, tracks = [*parts, *carried.parts], [*tracks, carried.track]
    return RolePlayer(tuple(parts), tuple(tracks), body, bound, index, _marks(figure, skull), carried)


def dressed(figure: Figure, person: Person, skull: Skull, posed: Posed, rng: np.random.Generator) -> list[Piece]:
    """Everything that a person shows, as they stand while they are dressed."""
    where = garments.regions(figure)
    outfit = draw_outfit(person, rng)
    hairdo = draw_hair(person.body.sex, person.body.age, person.body.skin_tone, rng)
    pieces = face(figure, where, person, skull, hairdo, posed, rng)
    pieces += _hands(figure, where, person, posed, rng)
    pieces += clothes(figure, where, person, outfit, posed, rng)
    on_head = eyewear(skull, skin_colour(person.body.skin_tone), rng)
    on_head += hair(skull, hairdo, rng, pressed=person.headgear != "none")
    if person.headgear != "none":
        on_head += helmet(skull, rng) if person.headgear == "helmet" else cap(skull, rng)
    return [*pieces, *(piece.moved(posed.matrix("head")).on("head") for piece in on_head)]


def _marks(figure: Figure, skull: Skull) -> Array:
    """(5, 3) nose, eyes and ears, left before right, at rest."""
    groups = anny.vertex_groups()
    middle = skull.vertices[(np.abs(skull.vertices[:, 0]) < 0.02) & (skull.vertices[:, 2] < skull.eye[2])]
    marks = [middle[middle[:, 1].argmax()] * [0, 1, 1]]
    marks += [figure.vertices[groups[f"helper-{side}-eye"]].mean(0) for side in "lr"]
    ears = figure.vertices[groups["body"]][mask("ears")[groups["body"]] > 0.5]
    marks += [ears[ears[:, 0] < 0].mean(0), ears[ears[:, 0] > 0].mean(0)]
    return np.stack(marks)


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
