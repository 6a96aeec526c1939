"""What can be held, and what each thing affords."""

from dataclasses import dataclass
from typing import Literal

HeldKind = Literal[
    "training_carbine", "training_pistol", "training_smg", "training_shotgun", "taser", "phone", "torch", "radio",
    "drill", "umbrella", "camera", "water_pistol", "paintball_marker", "toy_blaster", "empty_hands",
]  # fmt: skip
Verb = Literal[
    "holstered", "draw", "low_ready", "high_ready", "aim", "fire", "reload", "clear", "lower", "holster", "transition"
]
Shot = Literal["discharge", "trigger_pull"]

FIRE_DELAY = (0.12, 0.3)
"""Seconds from the beginning of ``fire`` to its first shot, shortest and longest."""

FIRE_JITTER = 0.06
"""Largest deviation of a shot's interval from the drawn one, as a share of it."""

LOWERING_SECONDS = 0.5
"""How long a posture takes to come down from aiming where the step does not say."""


@dataclass(frozen=True)
class Thing:
    """Something the wearer holds.

    Attributes:
        category: label category of ``generator/labels/categories.yaml``; None for empty hands, which have no track.
        firearm: whether it counts for ``first_person_firearm``, and has weapon states.
        affords: verbs it can do; any other verb becomes its posture for the same drawn time,
            without a discharge.
        shot: the event that pulling its trigger makes; None without a trigger that counts.
        two_handed: the support hand holds it too; of handguns the scenario says so (``weapon.hands``).
        manual: the action is worked by hand after each shot (a pump's fore-end).
        once: of a trigger that fires nothing: each pull does its work once (a camera's release), else for as long as it is
            held (a drill's).
        carried: where it is while ``holstered``: in a holster on the belt, on a sling before the chest, or in the hand
            that hangs down.
    """

    category: str | None
    firearm: bool
    affords: frozenset[Verb]
    shot: Shot | None = None
    two_handed: bool = False
    manual: bool = False
    once: bool = False
    carried: Literal["holster", "sling", "hand"] = "hand"


LET_GO, TAKEN = 0.44, 0.40
"""Shares of a ``transition`` to the sidearm after which the long gun hangs, and the sidearm leaves its holster; estimates."""

_POSTURES: frozenset[Verb] = frozenset({"holstered", "draw", "low_ready", "high_ready", "aim", "lower", "holster"})
_TRIGGER: frozenset[Verb] = _POSTURES | {"fire"}
_FIREARM: frozenset[Verb] = _TRIGGER | {"reload", "clear"}
_SLUNG: frozenset[Verb] = _FIREARM | {"transition"}

THINGS: dict[HeldKind, Thing] = {
    "training_carbine": Thing("carbine", True, _SLUNG, "discharge", True, carried="sling"),
    "training_pistol": Thing("handgun", True, _FIREARM, "discharge", True, carried="holster"),
    "training_smg": Thing("submachine_gun", True, _SLUNG, "discharge", True, carried="sling"),
    "training_shotgun": Thing("shotgun", True, _SLUNG, "discharge", True, manual=True, carried="sling"),
    "taser": Thing("taser", False, _TRIGGER, "trigger_pull", True, carried="holster"),
    "phone": Thing("phone", False, _POSTURES),
    "torch": Thing("torch", False, _POSTURES),
    "radio": Thing("radio", False, _POSTURES),
    "drill": Thing("drill", False, _TRIGGER),
    "umbrella": Thing("umbrella", False, _POSTURES),
    "camera": Thing("camera", False, _TRIGGER, two_handed=True, once=True),
    "water_pistol": Thing("water_pistol", False, _TRIGGER, "trigger_pull"),
    "paintball_marker": Thing("paintball_marker", False, _TRIGGER, "trigger_pull", True),
    "toy_blaster": Thing("toy_blaster", False, _TRIGGER, "trigger_pull"),
    "empty_hands": Thing(None, False, _POSTURES),
}
