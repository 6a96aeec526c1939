"""When which sound of the held thing is made, and where."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from generator.audio import manipulations, shots, tools
from generator.audio.casings import casing_sounds, magazine_sounds
from generator.audio.elements import Array
from generator.motion.build import SHUTTER_DELAY, BuiltTimeline
from generator.motion.casings import landings, magazine_landings
from generator.motion.handling import PUMP_DELAY, PUMP_SECONDS, Handled, Posture
from generator.motion.support import GRASP, Hands, hands_at
from generator.scenario.spec import ClipSpec
from generator.scenario.things import THINGS, HeldKind
from generator.site import site_of

Place = Literal["hands", "floor"]
Sound = Literal["magazine_out", "magazine_in", "tap", "rack_back", "rack_home"]

_GRID = 0.002
"""Seconds between the looks that are taken at the hands."""

_PUMP_BACK, _PUMP_AHEAD = (0.0, 0.42), (0.52, 1.0)
"""Shares of the pump's stroke in which the fore-end goes back and forward, as the picture shows it."""


_PULLED, _SHUT = 0.97, 0.03
"""Of its travel, where the action counts as at the rear and as shut."""


@dataclass(frozen=True)
class Cue:
    """A sound made at ``t`` seconds, dry.

    Attributes:
        t: seconds on the clip's clock; it may begin before the clip or end after it.
        samples: (n,) at the microphone, without the room.
        place: where it is made.
    """

    t: float
    samples: Array
    place: Place


def cues(spec: ClipSpec, timeline: BuiltTimeline, rate: int) -> Iterator[Cue]:
    """All sounds of the held thing but the blasts of its shots; every kind of sound draws from a stream of its own."""
    for number, handled in enumerate(timeline.handling.things):
        if handled.kind is not None:
            yield from _thing_cues(_Sounding(spec, number, handled, handled.kind, rate), timeline)


@dataclass(frozen=True)
class _Sounding:
    """A thing that makes sounds, and how many samples a second they have."""

    spec: ClipSpec
    number: int
    handled: Handled
    kind: HeldKind
    rate: int

    def stream(self, name: str) -> np.random.Generator:
        """A stream of draws; the first thing's is what it would be alone."""
        return self.spec.stream(f"audio/{name}/{self.number}" if self.number else f"audio/{name}")


def _thing_cues(thing: _Sounding, timeline: BuiltTimeline) -> Iterator[Cue]:
    """All sounds of one thing but blasts."""
    yield from _trigger_pulls(thing, timeline.duration)
    yield from _actions(thing)
    yield from _support(thing)
    yield from _postures(thing)
    spec, feet = thing.spec, timeline.at(0.5 * timeline.duration).feet.mean(0)
    floor = site_of(spec).surface(feet)
    rings = casing_sounds(
        landings(spec, timeline, thing=thing.number), floor, thing.stream("casings"), thing.rate,
        hull=thing.kind == "training_shotgun",
    )  # fmt: skip
    rings += magazine_sounds(
        magazine_landings(spec, timeline, thing.number), floor, thing.stream("magazines"), thing.rate
    )
    for at, samples in rings:
        yield Cue(at, samples, "floor")


def _trigger_pulls(thing: _Sounding, duration: float) -> Iterator[Cue]:
    """Pulls that fire nothing: a click, or what a taser, a toy, a drill or a camera does."""
    rng, rate, kind = thing.stream("pulls"), thing.rate, thing.kind
    pulls = [shot.t for shot in thing.handled.shots if not shot.live]
    for at in pulls:
        click = manipulations.dry_click(rng, rate) if THINGS[kind].firearm else tools.pull_sound(rng, rate, kind)
        yield Cue(at, click, "hands")
    for start, end in thing.handled.pulls:
        if THINGS[kind].once:
            yield Cue(start + SHUTTER_DELAY, tools.shutter(rng, rate), "hands")
        elif start < duration:
            yield Cue(start, tools.drill_motor(rng, rate, min(end, duration) - start), "hands")
    if kind == "taser":
        rng = thing.stream("crackle")
        for start, end in _joined([(at, min(at + tools.TASER_SECONDS, duration)) for at in pulls]):
            yield Cue(start, tools.crackle(rng, rate, end - start), "hands")


def _joined(spells: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spells in order of time, those that overlap made one: another pull prolongs the first."""
    joined: list[tuple[float, float]] = []
    for start, end in spells:
        begin = joined.pop()[0] if joined and start <= joined[-1][1] else start
        joined.append((begin, end))
    return joined


def _actions(thing: _Sounding) -> Iterator[Cue]:
    """The action after every live shot: by itself, or by a pump."""
    rng, rate, kind = thing.stream("action"), thing.rate, thing.kind
    for shot in thing.handled.shots:
        if not shot.live:
            continue
        if not THINGS[kind].manual:
            yield Cue(shot.t, shots.action(rng, rate, kind), "hands")
            continue
        begin = shot.t + PUMP_DELAY
        for (start, end), stroke in ((_PUMP_BACK, shots.pump_back), (_PUMP_AHEAD, shots.pump_forward)):
            yield Cue(begin + PUMP_SECONDS * start, stroke(rng, rate, PUMP_SECONDS * (end - start)), "hands")


def _support(thing: _Sounding) -> Iterator[Cue]:
    """What the support hand does in reloads and clearances."""
    rng, rate, manual = thing.stream("support"), thing.rate, THINGS[thing.kind].manual
    for spell in (*thing.handled.reloads, *thing.handled.clears):
        back = 0.0
        for at, sound in support_sounds(thing.handled, spell):
            if sound == "magazine_out":
                yield Cue(at, manipulations.magazine_out(rng, rate), "hands")
            elif sound == "magazine_in":  # it latches when the picture has it seated
                piece = manipulations.shell_in(rng, rate) if manual else manipulations.magazine_in(rng, rate)
                yield Cue(at - 0.09, piece, "hands")
            elif sound == "tap":
                yield Cue(at, manipulations.tap(rng, rate), "hands")
            elif sound == "rack_back":
                back = at
            else:
                yield from _racked(rng, rate, manual=manual, back=back, home=at)


def _racked(rng: np.random.Generator, rate: int, *, manual: bool, back: float, home: float) -> Iterator[Cue]:
    """The action is pulled to the rear at ``back`` and shuts at ``home`` seconds."""
    if manual:
        yield Cue(back - 0.12, shots.pump_back(rng, rate, 0.12), "hands")
        yield Cue(home - 0.08, shots.pump_forward(rng, rate, 0.08), "hands")
    else:
        yield Cue(back - 0.14, manipulations.rack_back(rng, rate, 0.14), "hands")
        yield Cue(home, manipulations.rack_home(rng, rate), "hands")


def support_sounds(handled: Handled, spell: tuple[float, float]) -> list[tuple[float, Sound]]:
    """When the support hand makes which sound in a reload or clearance; read off what it is seen to do.

    Args:
        handled: what is done with the thing.
        spell: start and end of the reload or clearance, seconds.

    Returns:
        Seconds and sound, in order of time.
    """
    t = np.arange(spell[0], spell[1], _GRID)
    hands = [hands_at(handled, float(at)) for at in t]
    found: list[tuple[float, Sound]] = []
    for k in range(1, len(t)):
        before, here = hands[k - 1], hands[k]
        if before.magazine == "seated" != here.magazine:
            found.append((float(t[k]), "magazine_out"))
        if here.magazine == "seated" != before.magazine:
            found.append((float(t[k]), "magazine_in"))
        if before.rack < _PULLED <= here.rack:
            found.append((float(t[k]), "rack_back"))
        if before.rack > _SHUT >= here.rack:
            found.append((float(t[k]), "rack_home"))
        if k + 1 < len(t) and _is_tap(before, here, hands[k + 1]):
            found.append((float(t[k]), "tap"))
    return found


def _is_tap(before: Hands, here: Hands, after: Hands) -> bool:
    """Whether what a blow of the palm moves is at its extreme."""
    return here.jolt < -0.3 and before.jolt > here.jolt <= after.jolt


def _postures(thing: _Sounding) -> Iterator[Cue]:
    """Holsters and slings that give a thing up or take it back; a radio that is keyed when it is at the mouth."""
    rng, radio, rate, kind = thing.stream("carry"), thing.stream("radio"), thing.rate, thing.kind
    carried = THINGS[kind].carried
    for move in thing.handled.postures:
        seconds = move.end - move.start
        if "carried" in (move.before, move.after) and move.before != move.after:
            out = move.before == "carried"
            if carried == "sling":
                yield Cue(move.start + (0.36 if out else 0.6) * seconds, manipulations.sling_rattle(rng, rate), "hands")
            elif carried == "holster":
                if any(drill.start <= move.start < drill.end for drill in thing.handled.drills):
                    # The movement of a transition is the thing's alone: the hand has been on it before.
                    yield from _holster(rng, rate, _drawn_at(move, out=out), seconds / (1 - GRASP), out=out)
                else:
                    yield from _holster(rng, rate, move.start, seconds, out=out)
        if kind == "radio" and move.after == "aimed":
            yield Cue(move.end + 0.05, tools.squelch(radio, rate), "hands")


def _drawn_at(move: Posture, *, out: bool) -> float:
    """When a draw or holstering by itself would begin whose thing moves as here."""
    return move.start - (move.end - move.start) * GRASP / (1 - GRASP) if out else move.start


def _holster(rng: np.random.Generator, rate: int, start: float, seconds: float, *, out: bool) -> Iterator[Cue]:
    """Retention off and out; or in, and it catches. The thing leaves at ``GRASP`` of a draw."""
    scrape = min(0.18 * seconds, 0.3)
    snap = start + (0.33 if out else 0.63) * seconds
    slide = start + GRASP * seconds if out else start + (1 - GRASP) * seconds - scrape
    yield Cue(slide, manipulations.holster_scrape(rng, rate, scrape), "hands")
    yield Cue(snap, manipulations.holster_snap(rng, rate), "hands")
