"""What a behaviour must keep to besides its types: no shot before aiming, nothing that cannot fit into the clip."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.errors import UserError
from generator.scenario import paths
from generator.scenario.spec import (
    Aim,
    ClipSpec,
    Draw,
    Fire,
    HighReady,
    Holster,
    Holstered,
    Lower,
    LowReady,
    Step,
    Transition,
    Weapon,
)  # fmt: skip
from generator.scenario.things import FIRE_DELAY, FIRE_JITTER, LOWERING_SECONDS, THINGS


def shortest_seconds(spec: ClipSpec) -> float:
    """The least time that the behaviour of this clip takes, in seconds; 0 without one."""
    total, place = 0.0, ""
    for step in spec.weapon.behaviour if spec.weapon else ():
        before, place = place, after(step, place)
        if isinstance(step, Aim):
            total += step.seconds + (0.0 if before == "aimed" else step.raise_time)
        elif isinstance(step, Fire):
            total += FIRE_DELAY[0] + step.seconds * (1 - FIRE_JITTER)
        else:
            moved = before not in ("", place) and isinstance(step, LowReady | HighReady)
            total += step.seconds + (LOWERING_SECONDS if moved else 0.0)
    return total


def after(step: Step, place: str) -> str:
    """Posture at the end of a step that begins in posture ``place``; "" is where the clip begins, wherever that is."""
    if isinstance(step, Holstered | Holster):
        return "carried"
    if isinstance(step, HighReady):
        return "high"
    if isinstance(step, Aim):
        return "aimed"
    if isinstance(step, Draw | LowReady | Lower | Transition):
        return "low"
    return place or "low"


def check_behaviour(file: Path, prefix: str, tree: Mapping[str, Any], spec: ClipSpec, *, length: bool = False) -> None:
    """Checks the order of verbs, or with ``length`` that the (shortest) behaviour fits into the (shortest) clip.

    Raises:
        UserError: it does not.
    """
    if spec.weapon is None:
        return
    if length:
        needed = shortest_seconds(spec)
        if needed > spec.clip.duration + 1e-9:
            raise UserError(
                f"{file}: {prefix}weapon.behaviour: takes at least {needed:.2f} s; "
                f"allowed: up to clip.duration, {spec.clip.duration:g} s"
            )
        return
    raw = tree["weapon"]["behaviour"]
    if spec.weapon.sidearm is not None and THINGS[spec.weapon.kind].carried == "holster":
        raise UserError(
            f"{file}: {prefix}weapon.sidearm: beside a {spec.weapon.kind}; allowed: beside what hangs on a sling "
            f"({', '.join(_SLUNG)})"
        )
    place, held = "", "primary"
    for index, step in enumerate(spec.weapon.behaviour):
        where = f"{prefix}weapon.behaviour.{paths.item_name(raw[index], index) if isinstance(raw, list) else index}"
        _check_posture(file, where, step, place)
        place = after(step, place)
        if isinstance(step, Transition):
            _check_transition(file, where, step, held, spec.weapon)
            held = step.to
        if isinstance(step, Aim) and step.at == "role_player" and not spec.people:
            raise UserError(f"{file}: {where}.at: 'role_player', but there are no people; allowed: ahead, target")
        if isinstance(step, Aim) and step.at == "hostage_taker" and all(p.role != "hostage_taker" for p in spec.people):
            raise UserError(f"{file}: {where}.at: 'hostage_taker', but nobody has that role; allowed: ahead, target, role_player")


_SLUNG = tuple(kind for kind, thing in THINGS.items() if thing.carried == "sling")


def _check_transition(file: Path, where: str, step: Transition, held: str, weapon: Weapon) -> None:
    """Whether there are two things to change between; what is no weapon only keeps its posture meanwhile.

    Raises:
        UserError: there are not, or the thing is in the hand already.
    """
    carried = THINGS[weapon.kind].carried
    if carried == "holster":
        raise UserError(
            f"{file}: {where}.do: 'transition' with a {weapon.kind}, which hangs on no sling; allowed: with {', '.join(_SLUNG)}"
        )
    if carried == "sling" and weapon.sidearm is None:
        raise UserError(f"{file}: {where}.do: 'transition' without a sidearm; allowed: with weapon.sidearm")
    if step.to == held:
        raise UserError(f"{file}: {where}.to: {step.to!r} is what is held; allowed: {_OTHER[held]}")


_OTHER = {"primary": "sidearm", "sidearm": "primary"}


def _check_posture(file: Path, where: str, step: Step, place: str) -> None:
    """Whether a step may begin in a posture.

    Raises:
        UserError: it may not.
    """
    if isinstance(step, Fire) and place != "aimed":
        raise UserError(f"{file}: {where}.do: 'fire' before aiming; allowed: after a step `aim`")
    if place == "carried" and not isinstance(step, Draw | Holstered):
        raise UserError(f"{file}: {where}.do: {step.do!r} while holstered; allowed: draw, holstered")
    if isinstance(step, Draw) and place not in ("", "carried"):
        raise UserError(
            f"{file}: {where}.do: 'draw' of what is drawn already; allowed: first, or after holstered, holster"
        )
    if isinstance(step, Holstered) and place not in ("", "carried"):
        raise UserError(f"{file}: {where}.do: 'holstered' of what is drawn; allowed: first, or after a step `holster`")
