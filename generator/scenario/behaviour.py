"""What a behaviour must keep to besides its types: no shot before aiming, nothing that cannot fit into the clip."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator.errors import UserError
from generator.scenario import paths
from generator.scenario.spec import Aim, ClipSpec, Fire, Lower, LowReady, Reload
from generator.scenario.things import FIRE_DELAY, FIRE_JITTER, LOWERING_SECONDS


def shortest_seconds(spec: ClipSpec) -> float:
    """The least time that the behaviour of this clip takes, in seconds; 0 without one."""
    total, raised = 0.0, False
    for step in spec.weapon.behaviour if spec.weapon else ():
        if isinstance(step, LowReady):
            total += step.seconds + (LOWERING_SECONDS if raised else 0.0)
            raised = False
        elif isinstance(step, Aim):
            total += step.seconds + (0.0 if raised else step.raise_time)
            raised = True
        elif isinstance(step, Fire):
            total += FIRE_DELAY[0] + step.shots * step.interval * (1 - FIRE_JITTER)
        elif isinstance(step, Reload | Lower):
            total += step.seconds
            raised = raised and isinstance(step, Reload)
    return total


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
    raised = False
    for index, step in enumerate(spec.weapon.behaviour):
        where = f"{prefix}weapon.behaviour.{paths.item_name(raw[index], index) if isinstance(raw, list) else index}"
        if isinstance(step, Aim):
            raised = True
            if step.at == "role_player" and not spec.people:
                raise UserError(f"{file}: {where}.at: 'role_player', but there are no people; allowed: ahead, target")
        elif isinstance(step, Fire) and not raised:
            raise UserError(f"{file}: {where}.do: 'fire' before aiming; allowed: after a step `aim`")
        elif isinstance(step, LowReady | Lower):
            raised = False
