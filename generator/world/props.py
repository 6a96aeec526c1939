"""The things a wearer holds: meshes, the marks that hands need, and how their parts move.

Thing frame: origin where the web of the firing hand meets the back of the grip, x right, y along the muzzle, z up.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any, Literal

import bpy
import numpy as np
from numpy.typing import ArrayLike, NDArray

from generator.frame import Track
from generator.motion.timeline import Moment
from generator.scenario.spec import Finish
from generator.scenario.things import THINGS, HeldKind
from generator.tracks import MAGAZINE_TRACKS, THING_TRACKS, TRACK_MAGAZINE, TRACK_THING
from generator.world.actor import Part, Placement
from generator.world.surface import Look, Shape, Slot, joined

Array = NDArray[np.float64]
Moving = Literal["body", "action", "magazine", "trigger", "light", "pump", "charging", "chuck", "display", "raised"]
"""What moves a part: the shot (action), hands (magazine, pump, charging handle), the trigger finger, a motor (chuck).

A ``display`` goes dark while a camera's shutter runs; what is ``raised`` is seen while the thing is."""
HandFrame = Callable[[Moment], Array]
"""World frame (4, 4) of the left hand: x across the palm to the index finger, y along the fingers, z out of it."""


@dataclass(frozen=True)
class Marks:
    """Places on a thing that hands, sights and flash refer to, each (3,) in the thing frame.

    Attributes:
        muzzle: where the bore ends (phone: its lens; torch: its lens).
        grip: centre of the grip at the middle finger.
        grip_axis: unit, down along the grip, from the index finger to the little finger.
        trigger: where the index finger presses.
        support: where the palm of the support hand lies, on the surface.
        support_normal: unit, from that surface to the palm.
        sights: on the line of sight above the rear sight.
        rack: what the support hand takes hold of to work the action by hand: the slide's rear, a charging handle; None
            where there is nothing to rack.
        butt: rear end of the stock, or of the grip's top where there is none.
        port: where cases come out, and which way; None without an ejection port.
    """

    muzzle: Array
    grip: Array
    grip_axis: Array
    trigger: Array
    support: Array
    support_normal: Array
    sights: Array
    rack: Array | None = None
    butt: Array | None = None
    port: tuple[Array, Array] | None = None


@dataclass(frozen=True)
class Travel:
    """Metres that parts go back, along -y, at full movement: slide or bolt, the trigger's face, fore-end, charging handle."""

    action: float = 0.0
    trigger: float = 0.0
    pump: float = 0.0
    charging: float = 0.0


@dataclass(frozen=True)
class Prop:
    """A thing that can be held.

    Attributes:
        parts: Blender objects, each in its own frame.
        moving: what each part is.
        rests: (4, 4) frame of each part in the thing frame, at rest.
        travel: how far each part goes; see ``Travel``.
        trigger_arm: metres from the trigger's hinge, the origin of its part, down to its face; 0 without a trigger.
        magazine_grip: (4, 4) the magazine in the thing frame when seated; its origin is in the middle of what a hand
            holds, z up to the lips, y forward. The identity without a magazine.
        marks: see ``Marks``.
        solid: (n, 3) vertices and (m, 3) triangles in the thing frame, of everything but the magazine.
        track: of the thing.
        magazine_track: of the magazine, or None.
    """

    parts: tuple[Part, ...]
    moving: tuple[Moving, ...]
    rests: tuple[Array, ...]
    travel: Travel
    trigger_arm: float
    magazine_grip: Array
    marks: Marks
    solid: tuple[Array, NDArray[np.int32]] = field(repr=False)
    track: Track
    magazine_track: Track | None


_COATS: dict[Finish, tuple[float, float, float]] = {
    "black": (0.020, 0.020, 0.022),
    "grey": (0.115, 0.115, 0.118),
    "blue": (0.012, 0.085, 0.31),
    "orange": (0.72, 0.115, 0.012),
    "marked": (0.020, 0.020, 0.022),
}
_ACCENTS = ((0.012, 0.10, 0.42), (0.60, 0.035, 0.02), (0.75, 0.30, 0.01), (0.10, 0.38, 0.05))
"""Blue, red, orange-yellow, green: colours that mark converted training weapons."""


def looks(finish: Finish, rng: np.random.Generator) -> Mapping[Slot, Look]:
    """Coats of a thing. Blue and orange things are cast in one coloured polymer, as dummy weapons are."""
    shade = float(rng.uniform(0.85, 1.2))
    coat = _scaled(_COATS[finish], shade)
    solid = finish in ("blue", "orange")
    rough, edge = float(rng.uniform(0.42, 0.56)), float(rng.uniform(0.25, 1.0))
    pale = _scaled(coat, 1.6 if solid else 2.6)
    accent = _ACCENTS[int(rng.integers(len(_ACCENTS)))] if finish == "marked" else coat
    polymer = Look(coat, pale, roughness=rough + 0.1, edge=0.5 * edge, grain=0.5)
    steel = polymer if solid else Look(_scaled(coat, 1.15), metal=True, roughness=rough - 0.06, edge=edge)
    bright = polymer if solid else Look((0.30, 0.29, 0.28), metal=True, metallic=1.0, roughness=0.33, edge=edge)
    return {
        "steel": steel,
        "grip": replace(polymer, grain=0.6, stipple=True, roughness=polymer.roughness + 0.08),
        "polymer": polymer,
        "accent": Look(accent, _scaled(accent, 0.4), roughness=0.5, edge=edge) if finish == "marked" else polymer,
        "bright": bright,
        "hole": Look((0.006, 0.006, 0.006), (0.01, 0.01, 0.01), roughness=0.8, edge=0.0, grain=0.0),
        "rubber": Look((0.016, 0.016, 0.016), (0.05, 0.05, 0.05), roughness=0.75, edge=0.3, grain=0.8, stipple=True),
        "dot": Look((0.75, 0.75, 0.70), (0.4, 0.4, 0.38), roughness=0.5, edge=0.2, grain=0.0),
        "lens": Look((0.01, 0.012, 0.016), (0.03, 0.03, 0.03), roughness=0.06, edge=0.0, grain=0.0),
        "paint": Look((0.5, 0.5, 0.52), roughness=0.3, metal=True, metallic=1.0, edge=edge, grain=0.05),
    }


def _scaled(colour: tuple[float, float, float], by: float) -> tuple[float, float, float]:
    return (colour[0] * by, colour[1] * by, colour[2] * by)


@dataclass(frozen=True)
class Piece:
    """A part while it is built: an object or a light, its rest frame, and its shape in that frame."""

    moving: Moving
    object: Any
    rest: Array
    shape: Shape | None = None


def shifted(offset: ArrayLike) -> Array:
    """(4, 4) translation."""
    frame = np.eye(4)
    frame[:3, 3] = offset
    return frame


def vector(x: float, y: float, z: float) -> Array:
    """(3,) array."""
    return np.array([x, y, z])


def unit(x: float, y: float, z: float) -> Array:
    """(3,) array of length 1."""
    made = np.array([x, y, z])
    return made / np.linalg.norm(made)


def numbered(prop: Prop, number: int) -> Prop:
    """The prop as the thing of that number, with the tracks that such a thing has."""
    tracks = {TRACK_THING: THING_TRACKS[number], TRACK_MAGAZINE: MAGAZINE_TRACKS[number]}
    magazine = prop.magazine_track
    return replace(
        prop,
        parts=tuple(replace(part, track_id=tracks.get(part.track_id, part.track_id)) for part in prop.parts),
        track=replace(prop.track, track_id=THING_TRACKS[number]),
        magazine_track=None if magazine is None else replace(magazine, track_id=MAGAZINE_TRACKS[number]),
    )


def assemble(
    kind: HeldKind, pieces: Sequence[Piece], marks: Marks, travel: Travel | None = None, arm: float = 0.0
) -> Prop:
    """A prop of its pieces.

    Raises:
        ValueError: nothing is held (``empty_hands``).
    """
    category = THINGS[kind].category
    if category is None:
        raise ValueError(f"{kind}: nothing to build")
    shapes = [
        piece.shape.moved(piece.rest[:3, 3], piece.rest[:3, :3])
        for piece in pieces
        if piece.shape is not None and piece.moving != "magazine"
    ]
    solid = joined(shapes)
    has_magazine = any(piece.moving == "magazine" for piece in pieces)
    rest = {piece.moving: piece.rest for piece in pieces}
    parts = tuple(
        Part(
            piece.object,
            track_id=0
            if piece.object.type == "LIGHT"
            else TRACK_MAGAZINE
            if piece.moving == "magazine"
            else TRACK_THING,
            in_labels=piece.object.type != "LIGHT",
        )
        for piece in pieces
    )
    return Prop(
        parts=parts,
        moving=tuple(piece.moving for piece in pieces),
        rests=tuple(piece.rest for piece in pieces),
        travel=travel or Travel(),
        trigger_arm=arm,
        magazine_grip=rest.get("magazine", np.eye(4)),
        marks=marks,
        solid=(solid.vertices, solid.triangles()),
        track=Track(TRACK_THING, category, keypoints=_keypoint_names(kind, has_magazine)),
        magazine_track=Track(TRACK_MAGAZINE, "magazine") if has_magazine else None,
    )


def _keypoint_names(kind: HeldKind, has_magazine: bool) -> tuple[str, ...]:
    """What is marked on things with a trigger that counts as a shot's, real or not."""
    if THINGS[kind].shot is None:
        return ()
    return ("muzzle", "grip", *(("magazine",) if has_magazine else ()), "rear_sight", "butt")


Builder = Callable[[Finish, np.random.Generator, bpy.types.Collection], Prop]

BUILDERS: dict[HeldKind, tuple[str, str]] = {
    "training_carbine": ("carbine", "build_carbine"),
    "training_pistol": ("pistol", "build_pistol"),
    "training_smg": ("smg", "build_smg"),
    "training_shotgun": ("shotgun", "build_shotgun"),
    "taser": ("taser", "build_taser"),
    "phone": ("everyday", "build_phone"),
    "torch": ("everyday", "build_torch"),
    "radio": ("radio", "build_radio"),
    "drill": ("drill", "build_drill"),
    "umbrella": ("umbrella", "build_umbrella"),
    "camera": ("still_camera", "build_camera"),
    "water_pistol": ("toys", "build_water_pistol"),
    "paintball_marker": ("paintball", "build_paintball_marker"),
    "toy_blaster": ("toys", "build_toy_blaster"),
}
"""Module of ``generator.world`` and function that builds each kind; empty hands hold nothing."""


def build_thing(kind: HeldKind, finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """The thing of that kind, linked into the collection.

    Raises:
        UserError: the carbine's asset pack is not in the cache.
    """
    module, name = BUILDERS[kind]
    build: Builder = getattr(import_module(f"generator.world.{module}"), name)
    return build(finish, rng, collection)


@dataclass(frozen=True)
class ThingActor:
    """A held thing, moved by a moment.

    Attributes:
        prop: what is held.
        hand_frame: left hand in the world, for a magazine in the hand; without it such a magazine is hidden.
    """

    prop: Prop
    hand_frame: HandFrame | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """Blender objects of the thing."""
        return self.prop.parts

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The thing, and its magazine where it has one."""
        return tuple(track for track in (self.prop.track, self.prop.magazine_track) if track is not None)

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Every part at that moment."""
        return tuple(
            self._magazine(moment, rest)
            if moving == "magazine"
            else Placement(
                moment.T_world_thing @ self._moved(moving, moment) @ rest @ self._turned(moving, moment),
                visible=_shown(moving, moment),
            )
            for moving, rest in zip(self.prop.moving, self.prop.rests, strict=True)
        )

    def keypoints(self, moment: Moment, track: int) -> Array | None:
        """(k, 3) world positions of the thing's keypoints; the magazine's is where it sits when it is seated."""
        if track != self.prop.track.track_id or not self.prop.track.keypoints:
            return None
        marks = self.prop.marks
        rear = float(self.prop.solid[0][:, 1].min())
        places = {
            "muzzle": marks.muzzle,
            "grip": marks.grip,
            "magazine": self.prop.magazine_grip[:3, 3],
            "rear_sight": marks.sights,
            "butt": marks.butt if marks.butt is not None else np.array([0.0, rear, 0.0]),
        }
        local = np.stack([places[name] for name in self.prop.track.keypoints])
        return np.asarray(local @ moment.T_world_thing[:3, :3].T + moment.T_world_thing[:3, 3])

    def _moved(self, moving: Moving, moment: Moment) -> Array:
        travel = self.prop.travel
        back = {
            "action": travel.action * max(moment.action, moment.rack, moment.pump),  # a fore-end works the bolt
            "pump": travel.pump * max(moment.pump, moment.rack),  # and is what is racked
            "charging": travel.charging * moment.rack,
        }.get(moving, 0.0)
        return shifted((0.0, -back, 0.0))

    def _turned(self, moving: Moving, moment: Moment) -> Array:
        frame = np.eye(4)
        if moving == "trigger" and self.prop.trigger_arm > 0:
            # Below the hinge, back is a turn about -x.
            angle = -self.prop.travel.trigger * moment.trigger / self.prop.trigger_arm
            cos, sin = np.cos(angle), np.sin(angle)
            frame[1:3, 1:3] = [[cos, -sin], [sin, cos]]
        elif moving == "chuck":  # turns about the axis of its own frame along y
            cos, sin = np.cos(moment.spin), np.sin(moment.spin)
            frame[0, 0], frame[0, 2], frame[2, 0], frame[2, 2] = cos, sin, -sin, cos
        return frame

    def _magazine(self, moment: Moment, rest: Array) -> Placement:
        seated = moment.T_world_thing @ rest
        if moment.magazine == "seated":
            return Placement(seated)
        if moment.magazine == "hand" and self.hand_frame is not None:
            return Placement(_in_hand(self.hand_frame(moment)))
        return Placement(seated, visible=False)


def _shown(moving: Moving, moment: Moment) -> bool:
    """Whether a part is to be seen."""
    return not (moving == "display" and moment.blank) and (moving != "raised" or moment.raised > _RAISED)


_RAISED = 0.5
"""Of ``Moment.raised``, from where a thing counts as raised: a phone films."""


def _in_hand(hand: Array) -> Array:
    """The magazine held like a can: lips beyond the index finger, front along the fingers, a side on the palm.

    Its axes come from two of the hand's, so that it stays a rotation whatever the handedness of the hand's frame.
    """
    up, front = hand[:3, 0], hand[:3, 1]
    frame = np.eye(4)
    frame[:3, :3] = np.column_stack([np.cross(front, up), front, up])
    frame[:3, 3] = (hand @ np.array([0.0, 0.0, _PALM, 1.0]))[:3]
    return frame


_PALM = 0.016
"""Metres from the palm to the middle of a magazine in it."""
