"""What can be held, and what each thing affords."""

from dataclasses import dataclass
from typing import Literal

HeldKind = Literal["training_carbine", "training_pistol", "phone", "torch"]
Verb = Literal["low_ready", "aim", "fire", "reload", "lower"]

FIRE_DELAY = (0.12, 0.3)
"""Seconds from the beginning of ``fire`` to its first shot, shortest and longest."""

FIRE_JITTER = 0.06
"""Largest deviation of a shot's interval from the drawn one, as a share of it."""

LOWERING_SECONDS = 0.5
"""How long ``low_ready`` takes to come down from aiming."""


@dataclass(frozen=True)
class Thing:
    """Something the wearer holds.

    Attributes:
        category: label category of ``generator/labels/categories.yaml``.
        firearm: whether it counts for ``first_person_firearm``.
        affords: verbs it can do; any other verb becomes its posture for the same drawn time,
            without a discharge.
    """

    category: str
    firearm: bool
    affords: frozenset[Verb]


_POSTURES: frozenset[Verb] = frozenset({"low_ready", "aim", "lower"})
_FIREARM: frozenset[Verb] = _POSTURES | {"fire", "reload"}

THINGS: dict[HeldKind, Thing] = {
    "training_carbine": Thing("carbine", True, _FIREARM),
    "training_pistol": Thing("handgun", True, _FIREARM),
    "phone": Thing("phone", False, _POSTURES),
    "torch": Thing("torch", False, _POSTURES),
}
