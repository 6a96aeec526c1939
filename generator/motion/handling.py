"""The weapon state machine: a behaviour becomes states, postures, shots and reloads on the clip's clock."""

from dataclasses import dataclass, replace

import numpy as np

from generator.motion.noise import minimum_jerk
from generator.motion.timeline import Event, Interval, WeaponState
from generator.scenario.spec import Aim, ClipSpec, Fire, LowReady, Reload
from generator.scenario.things import FIRE_DELAY, FIRE_JITTER, LOWERING_SECONDS, THINGS
from generator.tracks import TRACK_FLASH, TRACK_THING

FLASH_SECONDS = {"training_carbine": (0.003, 0.006), "training_pistol": (0.003, 0.008)}
"""Seconds, shortest and longest: a few milliseconds (Klingenberg and Heimerl 1992, Gun muzzle blast and flash)."""


@dataclass(frozen=True)
class Shot:
    """One discharge: when, how long it flashes, and how hard it kicks (1 = typical)."""

    t: float
    flash: float
    kick: float
    side: float


@dataclass(frozen=True)
class Posture:
    """Movement between low ready (0) and aimed (1), from ``start`` to ``end`` seconds."""

    start: float
    end: float
    before: float
    after: float


@dataclass(frozen=True)
class Handling:
    """What is done with the held thing.

    Attributes:
        states: tile the clip where a firearm is held; else empty.
        postures: movements in order of time; constant between them.
        shots: in order of time.
        reloads: (start, end) of each.
    """

    states: tuple[Interval, ...]
    postures: tuple[Posture, ...]
    shots: tuple[Shot, ...]
    reloads: tuple[tuple[float, float], ...]

    def raised(self, t: float) -> float:
        """0 low ready ... 1 aimed."""
        value = 0.0
        for move in self.postures:
            if t < move.start:
                break
            value = move.before + (move.after - move.before) * minimum_jerk(
                (t - move.start) / max(move.end - move.start, 1e-6)
            )
        return value

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
        for start, end in self.reloads:
            if start <= t < end:
                return (t - start) / (end - start)
        return None


class _Script:
    """Writes a behaviour down step by step; ``t`` is where the pen is."""

    def __init__(self, spec: ClipSpec, duration: float) -> None:
        assert spec.weapon is not None
        self.kind = spec.weapon.kind
        self.affords = THINGS[self.kind].affords
        self.duration = duration
        self.rng = spec.stream("motion/handling")
        self.shot_rng = spec.stream("motion/shots")
        self.t, self.raised = 0.0, 0.0
        self.states: list[Interval] = []
        self.postures: list[Posture] = []
        self.shots: list[Shot] = []
        self.reloads: list[tuple[float, float]] = []

    def spend(self, state: WeaponState, seconds: float) -> None:
        """Stays in a state; two spells of one state are one."""
        start, end = min(self.t, self.duration), min(self.t + seconds, self.duration)
        if end > start:
            if self.states and self.states[-1].state == state:
                start = self.states.pop().start
            self.states.append(Interval(state, start, end))
        self.t += seconds

    def move(self, to: float, state: WeaponState, seconds: float) -> None:
        """Changes posture."""
        self.postures.append(Posture(self.t, self.t + seconds, self.raised, to))
        self.raised = to
        self.spend(state, seconds)

    def hold(self, seconds: float) -> None:
        """Stays in the present posture."""
        self.spend("aiming" if self.raised else "low_ready", seconds)

    def fire(self, step: Fire) -> None:
        """Shots at the drawn interval with a few per cent of jitter; draws are the same whatever is held."""
        begin = self.t
        at = begin + float(self.rng.uniform(*FIRE_DELAY))
        for _ in range(step.shots):
            jitter, kick, side, flash = self.shot_rng.uniform(-1, 1, 4)
            low, high = FLASH_SECONDS.get(self.kind, (0.0, 0.0))
            if "fire" in self.affords and at < self.duration:
                self.shots.append(Shot(at, low + (high - low) * 0.5 * (1 + flash), 1 + 0.18 * kick, side))
            at += step.interval * (1 + FIRE_JITTER * jitter)
        self.hold(at - begin)

    def reload(self, step: Reload) -> None:
        """The support hand fetches a new magazine; a thing without one stays in its posture for the same time."""
        if "reload" in self.affords:
            self.reloads.append((self.t, self.t + step.seconds))
            self.spend("reloading", step.seconds)
        else:
            self.hold(step.seconds)


def handle(spec: ClipSpec) -> Handling:
    """The behaviour of the held thing over the clip; empty where nothing is held."""
    if spec.weapon is None:
        return Handling((), (), (), ())
    duration = spec.n_frames / spec.clip.fps
    script = _Script(spec, duration)
    for step in spec.weapon.behaviour:
        if isinstance(step, LowReady):
            if script.raised:
                script.move(0.0, "lowering", LOWERING_SECONDS)
            script.hold(step.seconds)
        elif isinstance(step, Aim):
            if not script.raised:
                script.move(1.0, "raising", step.raise_time)
            script.hold(step.seconds)
        elif isinstance(step, Fire):
            script.fire(step)
        elif isinstance(step, Reload):
            script.reload(step)
        elif script.raised:
            script.move(0.0, "lowering", step.seconds)
        else:
            script.hold(step.seconds)
    if script.t < duration:
        script.hold(duration - script.t)
    script.states[-1] = replace(script.states[-1], end=duration)  # rounding must not leave a gap at the end
    states = tuple(script.states) if THINGS[spec.weapon.kind].firearm else ()
    return Handling(states, tuple(script.postures), tuple(script.shots), tuple(script.reloads))


def events(handling: Handling, duration: float) -> tuple[Event, ...]:
    """Discharges and flashes that lie in the clip, in order of time."""
    found = []
    for number, shot in enumerate(handling.shots, 1):
        found.append(Event("discharge", shot.t, shot.t, TRACK_THING, {"shot": number}))
        end = min(shot.t + shot.flash, np.nextafter(duration, 0))
        found.append(Event("muzzle_flash", shot.t, float(end), TRACK_FLASH, {"shot": number}))
    return tuple(sorted(found, key=lambda event: event.start))
