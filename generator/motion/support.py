"""What the two hands do besides holding: drawing, changing a magazine, clearing a stoppage."""

from dataclasses import dataclass, replace
from typing import Literal

from generator.motion.handling import Handled
from generator.motion.noise import minimum_jerk
from generator.motion.timeline import SupportPlace
from generator.scenario.things import THINGS

MAGAZINE_OUT = 0.08
"""Progress of a reload at which the old magazine is let go."""

FETCHED = 0.34
"""Progress of a reload at which the hand has the new magazine."""

GRASP = 0.38
"""Share of a draw that goes by before the thing leaves its holster: hand to grip, retention off."""


@dataclass(frozen=True)
class Hands:
    """What the hands do at one time; see ``Moment`` for grip, support, place, magazine and rack.

    Attributes:
        thing: progress 0..1 of the thing itself between two places; the hands may lead it.
        tilt: how far the thing is turned towards the support hand, 0..1.
        jolt: what tapping and racking move it, -1..1.
    """

    grip: float = 1.0
    support: float = 1.0
    place: SupportPlace = "rest"
    magazine: Literal["seated", "hand", "pouch"] = "seated"
    rack: float = 0.0
    thing: float = 1.0
    tilt: float = 0.0
    jolt: float = 0.0


def hands_at(handled: Handled, t: float) -> Hands:
    """The hands as they are on one thing at time ``t``."""
    before, to, share = handled.move(t)
    carried = "hand" if handled.kind is None else THINGS[handled.kind].carried
    in_hand = carried == "hand"
    drill = handled.drilling(t)
    if drill is not None:
        return replace(_let_hang(drill) if carried == "sling" else _taken_over(drill), thing=share)
    if share >= 1:  # there: what comes next may begin
        before = to
    if "carried" in (before, to) and not in_hand:
        if before == to:
            return Hands(grip=0.0, support=0.0)
        return _drawn(share) if before == "carried" else _drawn(1 - share, back=True)
    reload, clear = handled.reloading(t), handled.clearing(t)
    if reload is not None:
        return _reload(reload)
    if clear is not None:
        return _clear(clear)
    support = 1.0
    if in_hand and "carried" in (before, to):  # the other hand joins on the way up
        up = share if before == "carried" else 1 - share
        support = 0.0 if before == to else minimum_jerk((up - 0.5) / 0.5)
    return Hands(support=support, thing=share)


_CHANGES = (0.04, 0.34)
"""Shares of a transition between which the firing hand goes from one thing to the other, straight."""


def _let_hang(u: float) -> Hands:
    """The long gun ``u`` of the way of a transition: the firing hand leaves it, the support hand pushes it down and aside."""
    return Hands(
        grip=1 - minimum_jerk((u - _CHANGES[0]) / (_CHANGES[1] - _CHANGES[0])),
        support=1 - minimum_jerk((u - 0.20) / 0.24), place="chest",
    )  # fmt: skip


def _taken_over(u: float) -> Hands:
    """The sidearm ``u`` of the way of a transition: the support hand meets it on its way up."""
    return Hands(
        grip=minimum_jerk((u - _CHANGES[0]) / (_CHANGES[1] - _CHANGES[0])),
        support=minimum_jerk((u - 0.62) / 0.33), place="chest",
    )  # fmt: skip


def _drawn(share: float, *, back: bool = False) -> Hands:
    """A draw, ``share`` done, or going ``back`` a holstering seen from its end."""
    thing = min(max((share - GRASP) / (1 - GRASP), 0.0), 1.0)
    return Hands(
        grip=minimum_jerk(share / (0.9 * GRASP)),
        support=minimum_jerk((share - 0.55) / 0.42),
        thing=1 - thing if back else thing,
    )


def _pulse(u: float, start: float, top: float, let: float, end: float) -> float:
    """Rises from ``start`` to ``top`` and falls from ``let`` to ``end``."""
    return minimum_jerk((u - start) / (top - start)) * (1 - minimum_jerk((u - let) / (end - let)))


def _reload(u: float) -> Hands:
    """Magazine out, to the pouch, in, and the action racked; by progress."""
    tilt = _pulse(u, 0.0, 0.14, 0.84, 1.0)
    if u < 0.66:
        away = _pulse(u, 0.06, 0.26, 0.38, 0.60)
        seated = u < MAGAZINE_OUT or u >= 0.62
        magazine: Literal["seated", "hand", "pouch"] = "seated" if seated else "pouch" if u < FETCHED else "hand"
        tap = _pulse(u, 0.59, 0.615, 0.62, 0.66)
        return Hands(support=1 - away, place="pouch", magazine=magazine, tilt=tilt, jolt=-0.6 * tap)
    return Hands(
        support=1 - _pulse(u, 0.66, 0.75, 0.90, 1.0), place="rack", rack=_racked(u, 0.76, 0.86), tilt=tilt,
        jolt=_pulse(u, 0.76, 0.84, 0.86, 0.90),
    )  # fmt: skip


def _clear(u: float) -> Hands:
    """Tap the magazine, rack the action, look; by progress."""
    tilt = _pulse(u, 0.02, 0.22, 0.80, 0.98)
    tap = _pulse(u, 0.16, 0.22, 0.23, 0.30)
    away = _pulse(u, 0.28, 0.44, 0.72, 0.92)
    return Hands(
        support=1 - away, place="rack", rack=_racked(u, 0.46, 0.62), tilt=0.8 * tilt,
        jolt=_pulse(u, 0.46, 0.58, 0.62, 0.68) - 0.6 * tap,
    )  # fmt: skip


def _racked(u: float, start: float, let: float) -> float:
    """Pulled back by the hand from ``start`` to ``let``; let go it flies forward."""
    return minimum_jerk((u - start) / (0.8 * (let - start))) * (1 - minimum_jerk((u - let) / 0.03))
