"""The Timeline: everything that moves or happens in a clip, on one continuous clock, before anything is rendered."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from generator.motion.acting import NEUTRAL, Posture
from generator.motion.ride import STANDING, RideMoment

if TYPE_CHECKING:
    from generator.motion.handling import Handling

Array = NDArray[np.float64]
WeaponState = Literal[
    "holstered", "drawing", "low_ready", "high_ready", "raising", "aiming", "reloading", "clearing", "lowering",
    "holstering", "transition",
]  # fmt: skip
SupportPlace = Literal["pouch", "rack", "chest", "rest"]

NOMINAL_STATURE = 1.73
"""Metres; of the body that places in the torso frame are given for."""

HEAD_DIP = (0.0, 0.035, -0.050)
"""Metres that the head goes forward and down, neck bent and shoulders up, behind what is raised (nominal stature)."""


@dataclass(frozen=True)
class BodyMeasures:
    """Measures of the wearer's body that camera and arms depend on, in metres.

    The *torso frame* has its origin midway between the shoulder joints, x to the wearer's right, y forward, z up.

    Attributes:
        stature: standing height.
        eye_height: of the midpoint between the eyes, standing.
        shoulder_height: of the torso frame's origin, standing upright.
        hip_height: of the hip joints.
        shoulder_half_width: from the torso frame's origin to a shoulder joint.
        arm_length: shoulder joint to wrist, straight.
        sternum: (3,) where a chest camera's lens sits, in the torso frame (outside clothing and vest).
        brow: (3,) where a helmet camera's lens sits, in the torso frame with the head upright.
        hip: (3,) how far the holster is moved from where ``HOLDS`` has it, in the torso frame, to lie on this body's hip.
    """

    stature: float
    eye_height: float
    shoulder_height: float
    hip_height: float
    shoulder_half_width: float
    arm_length: float
    sternum: tuple[float, float, float]
    brow: tuple[float, float, float]
    hip: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def line_of_sight(self) -> float:
        """Height of the eye above the torso frame's origin when the head has dipped behind what is aimed, metres."""
        return self.eye_height - self.shoulder_height + self.stature / NOMINAL_STATURE * HEAD_DIP[2]

    @classmethod
    def nominal(cls, stature: float = NOMINAL_STATURE) -> "BodyMeasures":
        """Mean adult proportions (Drillis and Contini 1966, as printed in Winter, Biomechanics, fig. 4.1)."""
        return cls(
            stature=stature,
            eye_height=0.936 * stature,
            shoulder_height=0.818 * stature,
            hip_height=0.530 * stature,
            shoulder_half_width=0.115 * stature,
            arm_length=(0.186 + 0.146) * stature,
            sternum=(0.0, 0.17, -0.12),
            brow=(0.0, 0.17, 0.19 * stature * 0.85),
        )


@dataclass(frozen=True)
class Interval:
    """A weapon state from ``start`` to ``end`` seconds, half-open.

    ``thing`` is the number of the thing that is in it; of a transition, of the one that is taken.
    """

    state: WeaponState
    start: float
    end: float
    thing: int = 0


@dataclass(frozen=True)
class Event:
    """Something that happens; an instant has ``start == end``. Times in seconds, in [0, duration)."""

    type: str
    start: float
    end: float
    track_id: int | None = None
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PersonMoment:
    """One person in view at one time.

    Attributes:
        T_world_root: on the floor between the feet (x right, y forward, z up).
        lean: radians that somebody who stands sways about the ankles.
        breath: -1 breathed out ... 1 breathed in.
        posture: what limbs and trunk aim for.
        feet: (2, 4) left and right: under the ankle in the world, and radians to the left of +y that the toes point.
        heels: (2,) radians that each heel is up by stepping, besides the posture's.
        looks_at: (3,) what the head turns to, in the world.
        aims_at: (3,) what a thing that is held up is turned to, in the world.
        laid: 0 the thing is in the hand ... 1 it lies on the floor.
        T_world_laid: where it lies then.
    """

    T_world_root: Array
    lean: float
    breath: float
    posture: Posture = NEUTRAL
    feet: Array = field(default_factory=lambda: np.zeros((2, 4)))
    heels: Array = field(default_factory=lambda: np.zeros(2))
    looks_at: Array = field(default_factory=lambda: np.zeros(3))
    aims_at: Array = field(default_factory=lambda: np.zeros(3))
    laid: float = 0.0
    T_world_laid: Array = field(default_factory=lambda: np.eye(4))


@dataclass(frozen=True)
class ThingMoment:
    """One of the things that are held in the course of a clip, and what the hands do with it, at one time.

    Attributes:
        T_world: (4, 4) the thing: origin where the web of the firing hand meets the back of the grip, x right, y forward
            along the muzzle, z up.
        grip: 1 firing hand on the thing ... 0 elsewhere: on another thing, or hanging at rest.
        support: 1 support hand on the thing ... 0 elsewhere: on another thing, or at ``support_place``.
        support_place: where the support hand is going or coming from: the pouch on the belt, what racks the action, flat
            on the chest, or hanging at rest.
        magazine: where the magazine is.
        trigger: trigger finger, 0 straight along the frame ... 1 pressing.
        action: slide or bolt as the shot moves it, 0 closed ... 1 fully back.
        rack: slide or charging handle as the support hand pulls it, 0 forward ... 1 fully back.
        pump: fore-end, 0 forward ... 1 fully back; the support hand goes with it.
        spin: radians that a chuck has turned.
        blank: whether a camera's display is dark because its shutter runs.
        spent: magazines that reloads have taken out of the pouches so far.
        retained: hood of its holster, 1 over the thing ... 0 turned forward, out of its way.
    """

    T_world: Array
    grip: float = 1.0
    support: float = 1.0
    support_place: SupportPlace = "rest"
    magazine: Literal["seated", "hand", "pouch"] = "seated"
    trigger: float = 0.0
    action: float = 0.0
    rack: float = 0.0
    pump: float = 0.0
    spin: float = 0.0
    blank: bool = False
    spent: int = 0
    retained: float = 0.0


@dataclass(frozen=True)
class Moment:
    """Everything that moves, at one time. Matrices are (4, 4), world from local, metres.

    What is said of *the* thing (``T_world_thing``, ``grip`` and so on, see ``ThingMoment``) is said of number ``held``.

    Attributes:
        t: seconds.
        T_world_camera: camera in OpenCV axes.
        T_world_torso: the wearer's torso frame (see BodyMeasures).
        T_world_head: the wearer's head: origin midway between the eyes, x right, y forward, z up.
        things: in the order of ``ClipSpec.things``; one that stands for nothing where nothing is held.
        held: number of the thing that is in the firing hand, or was last.
        raised: 0 low ready ... 1 aimed.
        state: weapon state, or None where no weapon is held.
        flash: brightness of the muzzle flash, 0..1.
        shot: number of the last shot so far, from 1; 0 before the first.
        feet: (2, 3) left and right ankle in world space.
        people: role-players, in the order of ``ClipSpec.people``.
        ride: how the place itself lies against the earth.
    """

    t: float
    T_world_camera: Array
    T_world_torso: Array
    T_world_head: Array
    things: tuple[ThingMoment, ...]
    held: int
    raised: float
    state: WeaponState | None
    flash: float
    shot: int
    feet: Array
    people: tuple[PersonMoment, ...]
    ride: RideMoment = STANDING

    def of(self, thing: int) -> "Moment":
        """The same moment, told of the thing of that number."""
        return self if thing == self.held else replace(self, held=thing)

    @property
    def thing(self) -> ThingMoment:
        """The thing, in full."""
        return self.things[self.held]

    @property
    def T_world_thing(self) -> Array:  # noqa: N802
        """(4, 4) where the thing is."""
        return self.thing.T_world

    @property
    def grip(self) -> float:
        """Share of the firing hand on it."""
        return self.thing.grip

    @property
    def support(self) -> float:
        """Share of the support hand on it."""
        return self.thing.support

    @property
    def support_place(self) -> SupportPlace:
        """Where the support hand is otherwise."""
        return self.thing.support_place

    @property
    def magazine(self) -> Literal["seated", "hand", "pouch"]:
        """Where its magazine is."""
        return self.thing.magazine

    @property
    def trigger(self) -> float:
        """The trigger finger."""
        return self.thing.trigger

    @property
    def action(self) -> float:
        """Slide or bolt, by a shot."""
        return self.thing.action

    @property
    def rack(self) -> float:
        """Slide or charging handle, by hand."""
        return self.thing.rack

    @property
    def pump(self) -> float:
        """Fore-end."""
        return self.thing.pump

    @property
    def spin(self) -> float:
        """Radians of a chuck."""
        return self.thing.spin

    @property
    def blank(self) -> bool:
        """Whether a camera's display is dark."""
        return self.thing.blank


class Timeline(Protocol):
    """What every later stage knows of a clip's motion. Frozen; ``at`` may be asked any time, in any order.

    ``at`` extends a little beyond the clip on both sides (at least one frame), so that flow of the first and last
    frame is defined.
    """

    @property
    def fps(self) -> float:
        """Frames a second."""

    @property
    def n_frames(self) -> int:
        """Number of frames."""

    @property
    def states(self) -> tuple[Interval, ...]:
        """Tiles [0, duration) where a weapon is held; empty otherwise."""

    @property
    def events(self) -> tuple[Event, ...]:
        """Sorted by start: discharge, muzzle_flash, ... ."""

    @property
    def handling(self) -> "Handling":
        """What is done with the held thing: shots, reloads."""

    @property
    def duration(self) -> float:
        """``n_frames / fps``."""

    def at(self, t: float) -> Moment:
        """Everything at time ``t``."""

    def imu(self, t: Array) -> tuple[Array, Array]:
        """Angular velocity (n, 3) rad/s and specific force (n, 3) m/s2 of the camera against the earth, camera axes."""
