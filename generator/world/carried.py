"""What people in view hold: a training weapon that is aimed, or a phone that films."""

from dataclasses import dataclass, replace

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.pose import mixed, pose
from generator.motion.timeline import PersonMoment
from generator.scenario.spec import ClipSpec, Person
from generator.tracks import TRACKS_PEOPLE_THINGS
from generator.world.actor import Part, Placement
from generator.world.body_pose import Body, Grip, hand_turn
from generator.world.figure import Posed
from generator.world.hands import Rest
from generator.world.props import Prop, build_thing

Array = NDArray[np.float64]

_RAISED = 0.5
"""Share of holding up from which a phone shows what it films."""


@dataclass(frozen=True)
class Carried:
    """A thing in somebody's hands, or where they have laid it.

    Attributes:
        prop: the thing.
        grip: how it is held.
        parts: Blender objects.
        track: of the thing.
        body: whose hands.
    """

    prop: Prop
    grip: Grip
    parts: tuple[Part, ...]
    track: Track
    body: Body

    def place(self, person: PersonMoment, posed: Posed) -> tuple[Placement, ...]:
        """Every part: rigid with the right hand, or on the floor."""
        hand = self.body.hands[1]
        wrist = pose(posed.rotation("wrist.R"), posed.point("wrist.R", hand.wrist))
        frame = wrist @ np.linalg.inv(self.grip.right)
        if person.laid > 0.0:
            lies = person.T_world_laid
            turn = mixed(frame[:3, :3], lies[:3, :3], person.laid)
            frame = pose(turn, (1 - person.laid) * frame[:3, 3] + person.laid * lies[:3, 3])
        raised = float(person.posture.thing[0]) > _RAISED
        return tuple(
            Placement(frame @ rest, visible=raised or moving not in ("display", "raised"))
            for moving, rest in zip(self.prop.moving, self.prop.rests, strict=True)
        )


def build_carried(
    spec: ClipSpec, person: Person, index: int, body: Body, collection: bpy.types.Collection
) -> Carried | None:
    """What a person's actions are done with; None for those that need nothing."""
    rng = spec.stream(f"world/people/{index}/thing")
    if "aim_at_camera" in person.actions:
        prop = build_thing(person.holds, person.finish, rng, collection)
        grip = _weapon_grip(prop, body, long=person.holds == "training_carbine")
    elif "film_with_phone" in person.actions:
        prop = build_thing("phone", "black", rng, collection)
        grip = _phone_grip(body)
    else:
        return None
    number = TRACKS_PEOPLE_THINGS + index
    parts = tuple(replace(part, track_id=number if part.track_id else 0) for part in prop.parts)
    return Carried(prop, grip, parts, Track(number, prop.track.category, person.role), body)


def _web_at(hand: Rest, turn: Array, place: Array) -> Array:
    """(4, 4) wrist of a hand so turned whose web between thumb and index finger is at a place."""
    return pose(turn, place - turn @ (hand.web - hand.wrist))


def _palm_at(hand: Rest, turn: Array, place: Array) -> Array:
    """(4, 4) wrist of a hand so turned whose palm lies on a place."""
    return pose(turn, place - turn @ (hand.palm - hand.wrist))


def _weapon_grip(prop: Prop, body: Body, *, long: bool) -> Grip:
    """Two hands: on the grip, and over the first or under the fore-end. Seen from metres away, so by eye."""
    left, right = body.hands
    firing = _web_at(right, hand_turn(right, np.array([-0.10, 0.95, -0.30]), np.array([-1.0, -0.12, 0.0])), np.zeros(3))
    marks = prop.marks
    up = float(marks.sights[2])
    if long:
        turn = hand_turn(left, np.array([0.55, 0.80, 0.25]), -marks.support_normal)
        support = _palm_at(left, turn, marks.support + 0.004 * marks.support_normal)
        return Grip(firing, support, 0.20, np.array([0.0, 0.0, -up]))
    turn = hand_turn(left, np.array([0.42, 0.80, -0.42]), np.array([1.0, -0.25, 0.1]))
    support = _palm_at(left, turn, marks.grip + np.array([-0.030, 0.006, 0.004]))
    return Grip(firing, support, 0.78 * body.arms[1] - 0.02, np.array([0.0, 0.0, -up]))


def _phone_grip(body: Body) -> Grip:
    """One hand, its palm along the phone's right edge, fingers behind it."""
    hand = body.hands[1]
    turn = hand_turn(hand, np.array([-0.35, 0.42, 0.84]), np.array([-0.92, -0.05, -0.35]))
    return Grip(_palm_at(hand, turn, np.array([0.046, 0.004, -0.004])), None, 0.43, np.array([0.06, 0.0, -0.20]))
