"""The weapon state machine: a behaviour becomes states, postures, shots and what hands do, on the clip's clock."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from generator.motion.noise import minimum_jerk
from generator.motion.timeline import Event, Interval, WeaponState
from generator.scenario.behaviour import after
from generator.scenario.spec import Aim, ClipSpec, Draw, Fire, Holster, Reload, Step, Transition
from generator.scenario.spec import Clear as ClearStep
from generator.scenario.things import FIRE_DELAY, FIRE_JITTER, LET_GO, LOWERING_SECONDS, TAKEN, THINGS, HeldKind
from generator.tracks import THING_TRACKS, TRACK_FLASH

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

HANDS_CHANGE = 0.19
"""Share of a transition to the sidearm after which the firing hand is nearer to that than to the long gun."""

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
class Drill:
    """A transition from ``start`` to ``end`` seconds: to the sidearm, or ``back`` to the long gun."""

    start: float
    end: float
    back: bool


@dataclass(frozen=True)
class Handled:
    """What is done with one thing.

    Attributes:
        kind: what it is; None where nothing is held.
        first: place at the beginning.
        postures: its movements in order of time; constant between them.
        shots: pulls of its trigger in order of time.
        reloads, clears, pulls: (start, end) of each; pulls are spells of a trigger that is held (a drill's),
            or one each for a picture (a camera's).
        drills: transitions from or to it.
    """

    kind: HeldKind | None
    first: Place
    postures: tuple[Posture, ...] = ()
    shots: tuple[Shot, ...] = ()
    reloads: tuple[tuple[float, float], ...] = ()
    clears: tuple[tuple[float, float], ...] = ()
    pulls: tuple[tuple[float, float], ...] = ()
    drills: tuple[Drill, ...] = ()

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

    def reloading(self, t: float) -> float | None:
        """Progress 0..1 of the reload at ``t``, or None."""
        return _progress(self.reloads, t)

    def clearing(self, t: float) -> float | None:
        """Progress 0..1 of the clearance at ``t``, or None."""
        return _progress(self.clears, t)

    def drilling(self, t: float) -> float | None:
        """How far a transition at ``t`` is from the long gun, 0, to the sidearm, 1; or None."""
        for drill in self.drills:
            if drill.start <= t < drill.end:
                share = (t - drill.start) / (drill.end - drill.start)
                return 1 - share if drill.back else share
        return None


@dataclass(frozen=True)
class Handling:
    """What is done with the things of a clip.

    Attributes:
        states: tile the clip where a firearm is held; else empty.
        things: in the order of ``ClipSpec.things``; one that stands for nothing where nothing is held.
        turns: (seconds, number of a thing): from when on which is in the firing hand; from 0 seconds, in order.
        looks: (start, end) of spells in which the wearer looks down at the hands, the same whatever is held.
    """

    states: tuple[Interval, ...]
    things: tuple[Handled, ...]
    turns: tuple[tuple[float, int], ...] = ((0.0, 0),)
    looks: tuple[tuple[float, float], ...] = ()

    @property
    def shots(self) -> tuple[tuple[int, Shot], ...]:
        """Pulls of every trigger with the number of its thing, in order of time."""
        found = [(number, shot) for number, handled in enumerate(self.things) for shot in handled.shots]
        return tuple(sorted(found, key=lambda pulled: pulled[1].t))

    def held(self, t: float) -> int:
        """Number of the thing that is in the firing hand, or was last."""
        return next(number for start, number in reversed(self.turns) if t >= start or start == 0)

    def raised(self, t: float) -> float:
        """0 nothing is aimed ... 1 aimed."""
        return max(handled.raised(t) for handled in self.things)

    def state(self, t: float) -> WeaponState | None:
        """The state at ``t``; before and after the clip, the first and the last."""
        if not self.states:
            return None
        for interval in self.states:
            if t < interval.end:
                return interval.state
        return self.states[-1].state


def _progress(spells: tuple[tuple[float, float], ...], t: float) -> float | None:
    for start, end in spells:
        if start <= t < end:
            return (t - start) / (end - start)
    return None


class _Notes:
    """What has been written down of one thing so far; ``place`` is where it is now."""

    def __init__(self, kind: HeldKind, first: Place) -> None:
        self.kind, self.thing = kind, THINGS[kind]
        self.first = self.place = first
        self.postures: list[Posture] = []
        self.shots: list[Shot] = []
        self.drills: list[Drill] = []
        self.spells: dict[str, list[tuple[float, float]]] = {"reload": [], "clear": [], "pull": []}

    def move(self, to: Place, start: float, end: float) -> None:
        self.postures.append(Posture(start, end, self.place, to))
        self.place = to

    def handled(self) -> Handled:
        reloads, clears, pulls = (tuple(self.spells[name]) for name in ("reload", "clear", "pull"))
        return Handled(
            self.kind, self.first, tuple(self.postures), tuple(self.shots), reloads, clears, pulls, tuple(self.drills)
        )


class _Script:
    """Writes a behaviour down step by step; ``t`` is where the pen is, ``number`` which thing is in the hand."""

    def __init__(self, spec: ClipSpec, duration: float) -> None:
        assert spec.weapon is not None
        self.duration = duration
        self.rng = spec.stream("motion/handling")
        self.shot_rng = spec.stream("motion/shots")
        first = spec.weapon.behaviour[0]
        # A clip that begins with a movement begins where that starts; any other begins where its first step is.
        start = {"aim": "low", "holster": "low", "draw": "carried", "transition": "low"}
        place = _place(start.get(first.do) or after(first, ""))
        self.notes = [_Notes(held.kind, "carried" if k else place) for k, held in enumerate(spec.things)]
        self.number = 0
        self.turns: list[tuple[float, int]] = [(0.0, 0)]
        self.looks: list[tuple[float, float]] = []
        self.t = 0.0
        self.states: list[Interval] = []

    @property
    def here(self) -> _Notes:
        """Of the thing that is in the hand."""
        return self.notes[self.number]

    def spend(self, state: WeaponState, seconds: float) -> None:
        """Stays in a state; two spells of one state are one."""
        start, end = min(self.t, self.duration), min(self.t + seconds, self.duration)
        if end > start:
            if self.states and (self.states[-1].state, self.states[-1].thing) == (state, self.number):
                start = self.states.pop().start
            self.states.append(Interval(state, start, end, self.number))
        self.t += seconds

    def move(self, to: Place, state: WeaponState, seconds: float) -> None:
        """Changes posture."""
        self.here.move(to, self.t, self.t + seconds)
        self.spend(state, seconds)

    def hold(self, seconds: float) -> None:
        """Stays in the present posture."""
        self.spend(_STATES[self.here.place], seconds)

    def fire(self, step: Fire) -> None:
        """Shots at the drawn times with a few per cent of jitter; draws are the same whatever is held."""
        begin, here = self.t, self.here
        first = begin + float(self.rng.uniform(*FIRE_DELAY))
        low, high = FLASH_SECONDS.get(here.kind, (0.0, 0.0))
        live = here.thing.shot == "discharge" and not step.dry
        offsets, drift, last = (*step.offsets(), step.seconds), 0.0, -np.inf
        for offset, following in pairwise(offsets):
            jitter, kick, side, flash = self.shot_rng.uniform(-1, 1, 4)
            at = first + offset + drift
            drift += FIRE_JITTER * jitter * (following - offset)
            ready = not here.thing.manual or at - last >= _MANUAL_LEAST
            if here.thing.shot is not None and at < self.duration and ready:
                seconds = low + (high - low) * 0.5 * (1 + flash) if live else 0.0
                here.shots.append(Shot(at, seconds, 1 + 0.18 * kick, side, live))
                last = at
            elif here.thing.once and at < self.duration:
                here.spells["pull"].append((at, at + _RELEASED))
        end = first + step.seconds + drift
        if here.thing.shot is None and "fire" in here.thing.affords and not here.thing.once:
            here.spells["pull"].append((first, max(end - 0.15, first + 0.1)))
        self.hold(end - begin)

    def spell(self, name: Literal["reload", "clear"], state: WeaponState, seconds: float) -> None:
        """The support hand does something; a thing that does not afford it stays in its posture for the same time."""
        self.looks.append((self.t, self.t + seconds))
        if name in self.here.thing.affords:
            self.here.spells[name].append((self.t, self.t + seconds))
            self.spend(state, seconds)
        else:
            self.hold(seconds)

    def transition(self, seconds: float) -> None:
        """Lets the long gun hang and draws the sidearm, or back; the trunk does the same with what is no weapon."""
        begin, end, here = self.t, self.t + seconds, self.here
        if len(self.notes) == 1:
            if here.place != "low":
                here.move("low", begin, begin + LET_GO * seconds)
                self.spend("lowering", LET_GO * seconds)
            self.hold(end - self.t)
            return
        back = self.number == 1
        self.number = 1 - self.number
        self.here.move("low", begin + (1 - LET_GO if back else TAKEN) * seconds, end)
        here.move("carried", begin, begin + (1 - TAKEN if back else LET_GO) * seconds)
        for notes in self.notes:
            notes.drills.append(Drill(begin, end, back))
        self.turns.append((begin + (1 - HANDS_CHANGE if back else HANDS_CHANGE) * seconds, self.number))
        self.spend("transition", seconds)

    def step(self, step: Step) -> None:
        """Writes down one step."""
        if isinstance(step, Aim):
            if self.here.place != "aimed":
                self.move("aimed", "raising", step.raise_time)
            self.hold(step.seconds)
        elif isinstance(step, Fire):
            self.fire(step)
        elif isinstance(step, Reload):
            self.spell("reload", "reloading", step.seconds)
        elif isinstance(step, ClearStep):
            self.spell("clear", "clearing", step.seconds)
        elif isinstance(step, Transition):
            self.transition(float(step.seconds))
        else:
            self._change(step)

    def _change(self, step: Step) -> None:
        """Verbs that end in another posture: those that are movements take their time to it, the others move and stay."""
        place = self.here.place
        to = _place(after(step, place))
        seconds = float(step.seconds)
        if to == place:
            self.hold(seconds)
        elif isinstance(step, Draw):
            self.move(to, "drawing", seconds)
        elif isinstance(step, Holster):
            self.move(to, "holstering", seconds)
        elif step.do == "lower":
            self.move(to, "lowering", seconds)
        else:
            state: WeaponState = "raising" if (place, to) == ("low", "high") else "lowering"
            self.move(to, state, LOWERING_SECONDS)
            self.hold(seconds)


def _place(name: str) -> Place:
    return next(place for place in PLACES if place == name)


def handle(spec: ClipSpec) -> Handling:
    """The behaviour of what is held over the clip; one thing that is none where nothing is held."""
    if spec.weapon is None:
        return Handling((), (Handled(None, "low"),))
    duration = spec.n_frames / spec.clip.fps
    script = _Script(spec, duration)
    for step in spec.weapon.behaviour:
        script.step(step)
    if script.t < duration:
        script.hold(duration - script.t)
    script.states[-1] = replace(script.states[-1], end=duration)  # rounding must not leave a gap at the end
    states = tuple(script.states) if any(notes.thing.firearm for notes in script.notes) else ()
    return Handling(states, tuple(notes.handled() for notes in script.notes), tuple(script.turns), tuple(script.looks))


def events(handling: Handling, duration: float) -> tuple[Event, ...]:
    """Discharges and flashes, or pulls of a trigger that fire nothing, that lie in the clip, in order of time."""
    found, number = [], 0
    for thing, shot in handling.shots:
        track = THING_TRACKS[thing]
        if not shot.live:
            found.append(Event("trigger_pull", shot.t, shot.t, track))
            continue
        number += 1
        found.append(Event("discharge", shot.t, shot.t, track, {"shot": number}))
        end = min(shot.t + shot.flash, np.nextafter(duration, 0))
        found.append(Event("muzzle_flash", shot.t, float(end), TRACK_FLASH, {"shot": number}))
    return tuple(sorted(found, key=lambda event: event.start))
