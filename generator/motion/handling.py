"""The weapon state machine: a behaviour becomes states, postures, shots and what hands do, on the clip's clock."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from generator.motion.noise import minimum_jerk
from generator.motion.timeline import Event, Interval, WeaponState
from generator.scenario.behaviour import after
from generator.scenario.spec import Aim, ClipSpec, Draw, Fire, Holster, Reload, Step
from generator.scenario.spec import Clear as ClearStep
from generator.scenario.things import FIRE_DELAY, FIRE_JITTER, LOWERING_SECONDS, THINGS, HeldKind
from generator.tracks import TRACK_FLASH, TRACK_THING

Place = Literal["carried", "low", "high", "aimed"]
PLACES: tuple[Place, ...] = ("carried", "low", "high", "aimed")

FLASH_SECONDS: dict[HeldKind, tuple[float, float]] = {
    "training_carbine": (0.003, 0.006),
    "training_pistol": (0.003, 0.008),
    "training_smg": (0.003, 0.006),
    "training_shotgun": (0.004, 0.009),
}
"""Seconds, shortest and longest: a few milliseconds (Klingenberg and Heimerl 1992, Gun muzzle blast and flash)."""

PUMP_DELAY, PUMP_SECONDS = 0.13, 0.34
"""Seconds from a shot to the moment the fore-end moves, and for it to go back and forth."""

_MANUAL_LEAST = PUMP_DELAY + PUMP_SECONDS + 0.05
"""Seconds between shots of an action that is worked by hand; a trigger that is pulled sooner finds it open."""

_RELEASED = 0.14
"""Seconds that a camera's release is held down for one picture: a finger's tap; an estimate."""

_STATES: dict[Place, WeaponState] = {
    "carried": "holstered", "low": "low_ready", "high": "high_ready", "aimed": "aiming",
}  # fmt: skip


@dataclass(frozen=True)
class Shot:
    """One pull of the trigger: when, how long it flashes, and how hard it kicks (1 = typical).

    ``live`` is a discharge; otherwise it clicks, squirts or throws a paintball: no flash.
    """

    t: float
    flash: float
    kick: float
    side: float
    live: bool = True


@dataclass(frozen=True)
class Posture:
    """Movement from one place to another, from ``start`` to ``end`` seconds."""

    start: float
    end: float
    before: Place
    after: Place


@dataclass(frozen=True)
class Handling:
    """What is done with the held thing.

    Attributes:
        first: place at the beginning.
        states: tile the clip where a firearm is held; else empty.
        postures: movements in order of time; constant between them.
        shots: pulls of the trigger in order of time.
        reloads, clears, pulls: (start, end) of each; pulls are spells of a trigger that is held (a drill's),
            or one each for a picture (a camera's).
        looks: (start, end) of spells in which the wearer looks down at the hands, the same whatever is held.
    """

    first: Place
    states: tuple[Interval, ...]
    postures: tuple[Posture, ...]
    shots: tuple[Shot, ...]
    reloads: tuple[tuple[float, float], ...] = ()
    clears: tuple[tuple[float, float], ...] = ()
    pulls: tuple[tuple[float, float], ...] = ()
    looks: tuple[tuple[float, float], ...] = ()

    def move(self, t: float) -> tuple[Place, Place, float]:
        """The last movement that has begun: from where, to where, and its progress 0..1."""
        here: tuple[Place, Place, float] = (self.first, self.first, 1.0)
        for move in self.postures:
            if t < move.start:
                break
            share = min((t - move.start) / max(move.end - move.start, 1e-6), 1.0)
            here = (move.before, move.after, share)
        return here

    def raised(self, t: float) -> float:
        """0 not aimed ... 1 aimed."""
        before, to, share = self.move(t)
        return float(before == "aimed") + (float(to == "aimed") - float(before == "aimed")) * minimum_jerk(share)

    def state(self, t: float) -> WeaponState | None:
        """The state at ``t``; before and after the clip, the first and the last."""
        if not self.states:
            return None
        for interval in self.states:
            if t < interval.end:
                return interval.state
        return self.states[-1].state

    def reloading(self, t: float) -> float | None:
        """Progress 0..1 of the reload at ``t``, or None."""
        return _progress(self.reloads, t)

    def clearing(self, t: float) -> float | None:
        """Progress 0..1 of the clearance at ``t``, or None."""
        return _progress(self.clears, t)


def _progress(spells: tuple[tuple[float, float], ...], t: float) -> float | None:
    for start, end in spells:
        if start <= t < end:
            return (t - start) / (end - start)
    return None


class _Script:
    """Writes a behaviour down step by step; ``t`` is where the pen is."""

    def __init__(self, spec: ClipSpec, duration: float) -> None:
        assert spec.weapon is not None
        self.kind = spec.weapon.kind
        self.thing = THINGS[self.kind]
        self.duration = duration
        self.rng = spec.stream("motion/handling")
        self.shot_rng = spec.stream("motion/shots")
        first = spec.weapon.behaviour[0]
        # A clip that begins with a movement begins where that starts; any other begins where its first step is.
        start = {"aim": "low", "holster": "low", "draw": "carried"}
        self.place = self.first = _place(start.get(first.do) or after(first, ""))
        self.t = 0.0
        self.states: list[Interval] = []
        self.postures: list[Posture] = []
        self.shots: list[Shot] = []
        self.spells: dict[str, list[tuple[float, float]]] = {"reload": [], "clear": [], "pull": [], "look": []}

    def spend(self, state: WeaponState, seconds: float) -> None:
        """Stays in a state; two spells of one state are one."""
        start, end = min(self.t, self.duration), min(self.t + seconds, self.duration)
        if end > start:
            if self.states and self.states[-1].state == state:
                start = self.states.pop().start
            self.states.append(Interval(state, start, end))
        self.t += seconds

    def move(self, to: Place, state: WeaponState, seconds: float) -> None:
        """Changes posture."""
        self.postures.append(Posture(self.t, self.t + seconds, self.place, to))
        self.place = to
        self.spend(state, seconds)

    def hold(self, seconds: float) -> None:
        """Stays in the present posture."""
        self.spend(_STATES[self.place], seconds)

    def fire(self, step: Fire) -> None:
        """Shots at the drawn times with a few per cent of jitter; draws are the same whatever is held."""
        begin = self.t
        first = begin + float(self.rng.uniform(*FIRE_DELAY))
        low, high = FLASH_SECONDS.get(self.kind, (0.0, 0.0))
        live = self.thing.shot == "discharge" and not step.dry
        offsets, drift, last = (*step.offsets(), step.seconds), 0.0, -np.inf
        for offset, following in pairwise(offsets):
            jitter, kick, side, flash = self.shot_rng.uniform(-1, 1, 4)
            at = first + offset + drift
            drift += FIRE_JITTER * jitter * (following - offset)
            ready = not self.thing.manual or at - last >= _MANUAL_LEAST
            if self.thing.shot is not None and at < self.duration and ready:
                seconds = low + (high - low) * 0.5 * (1 + flash) if live else 0.0
                self.shots.append(Shot(at, seconds, 1 + 0.18 * kick, side, live))
                last = at
            elif self.thing.once and at < self.duration:
                self.spells["pull"].append((at, at + _RELEASED))
        end = first + step.seconds + drift
        if self.thing.shot is None and "fire" in self.thing.affords and not self.thing.once:
            self.spells["pull"].append((first, max(end - 0.15, first + 0.1)))
        self.hold(end - begin)

    def spell(self, name: Literal["reload", "clear"], state: WeaponState, seconds: float) -> None:
        """The support hand does something; a thing that does not afford it stays in its posture for the same time."""
        self.spells["look"].append((self.t, self.t + seconds))
        if name in self.thing.affords:
            self.spells[name].append((self.t, self.t + seconds))
            self.spend(state, seconds)
        else:
            self.hold(seconds)

    def step(self, step: Step) -> None:
        """Writes down one step."""
        if isinstance(step, Aim):
            if self.place != "aimed":
                self.move("aimed", "raising", step.raise_time)
            self.hold(step.seconds)
        elif isinstance(step, Fire):
            self.fire(step)
        elif isinstance(step, Reload):
            self.spell("reload", "reloading", step.seconds)
        elif isinstance(step, ClearStep):
            self.spell("clear", "clearing", step.seconds)
        else:
            self._change(step)

    def _change(self, step: Step) -> None:
        """Verbs that end in another posture: those that are movements take their time to it, the others move and stay."""
        to = _place(after(step, self.place))
        seconds = float(step.seconds)
        if to == self.place:
            self.hold(seconds)
        elif isinstance(step, Draw):
            self.move(to, "drawing", seconds)
        elif isinstance(step, Holster):
            self.move(to, "holstering", seconds)
        elif step.do == "lower":
            self.move(to, "lowering", seconds)
        else:
            state: WeaponState = "raising" if (self.place, to) == ("low", "high") else "lowering"
            self.move(to, state, LOWERING_SECONDS)
            self.hold(seconds)


def _place(name: str) -> Place:
    return next(place for place in PLACES if place == name)


def handle(spec: ClipSpec) -> Handling:
    """The behaviour of the held thing over the clip; empty where nothing is held."""
    if spec.weapon is None:
        return Handling("low", (), (), ())
    duration = spec.n_frames / spec.clip.fps
    script = _Script(spec, duration)
    for step in spec.weapon.behaviour:
        script.step(step)
    if script.t < duration:
        script.hold(duration - script.t)
    script.states[-1] = replace(script.states[-1], end=duration)  # rounding must not leave a gap at the end
    states = tuple(script.states) if script.thing.firearm else ()
    spells = {name: tuple(found) for name, found in script.spells.items()}
    return Handling(
        script.first, states, tuple(script.postures), tuple(script.shots), spells["reload"], spells["clear"], spells["pull"],
        spells["look"],
    )  # fmt: skip


def events(handling: Handling, duration: float) -> tuple[Event, ...]:
    """Discharges and flashes, or pulls of a trigger that fire nothing, that lie in the clip, in order of time."""
    found, number = [], 0
    for shot in handling.shots:
        if not shot.live:
            found.append(Event("trigger_pull", shot.t, shot.t, TRACK_THING))
            continue
        number += 1
        found.append(Event("discharge", shot.t, shot.t, TRACK_THING, {"shot": number}))
        end = min(shot.t + shot.flash, np.nextafter(duration, 0))
        found.append(Event("muzzle_flash", shot.t, float(end), TRACK_FLASH, {"shot": number}))
    return tuple(sorted(found, key=lambda event: event.start))
