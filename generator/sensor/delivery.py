"""Which captured frame is shown when, and what is heard: decided from the spec alone, before anything is rendered."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import ClipSpec
from generator.scenario.transmission import Recording
from generator.sensor.link import ROUNDING, Carried, Played, carried, played
from generator.sensor.spells import spells

Float = NDArray[np.float64]
Integers = NDArray[np.int64]

State = Literal["ok", "repeated", "corrupt"]
Heard = Literal["heard", "unrecorded", "stalled", "hurried", "lost"]

_BUSY_SECONDS = 1.0
"""Mean length of a spell in which the device is busy: a card that tidies up stalls writes for 0.1 to 1 s (SD Physical Layer
Specification: busy time-outs of 250 to 750 ms), and processors throttle for longer."""


@dataclass(frozen=True)
class Playout:
    """What was captured when that is due at a time of the clip; piecewise linear, never falling, and never ahead of time.

    Attributes:
        shown: (k,) seconds of the clip, ascending; two that are equal are a jump.
        captured: (k,) seconds of the Timeline, ascending; two that are equal are a stall.
    """

    shown: Float
    captured: Float

    def presented(self, time: float) -> float:
        """When in the clip comes what was captured at ``time``; what a jump skips is where the jump is.

        What comes after the end is at the end. What is captured at the instant of a stall comes after it.
        """
        k = int(np.searchsorted(self.captured, time, side="right")) - 1
        if time <= self.captured[0]:
            return float(self.shown[0])
        if k + 1 >= len(self.captured):
            return float(self.shown[-1])
        slope = (self.shown[k + 1] - self.shown[k]) / (self.captured[k + 1] - self.captured[k])
        return float(self.shown[k] + (time - self.captured[k]) * slope)

    def segments(self) -> Iterator[tuple[float, float, float, float]]:
        """(begin, end) in the clip and (begin, end) as captured, of every piece that takes time."""
        for k in range(len(self.shown) - 1):
            if self.shown[k + 1] > self.shown[k]:
                yield (
                    float(self.shown[k]), float(self.shown[k + 1]), float(self.captured[k]), float(self.captured[k + 1]),
                )  # fmt: skip


@dataclass(frozen=True)
class SoundPart:
    """A stretch of the sound track, in seconds of the clip, and what became of it."""

    start: float
    end: float
    heard: Heard


@dataclass(frozen=True)
class Delivery:
    """What is shown and heard.

    Attributes:
        fps: frames a second, captured and shown.
        source: (n,) the captured frame that each slot of the video shows; never falls, never later than the slot.
        state: (n,) how its picture comes: as it is, as a repetition of the slot before, or damaged.
        playout: what is due when. Sound and events follow it; the picture follows it as far as frames arrived.
        sound: tiles the clip.
        carried: what the link made of each captured frame, or None where nothing is streamed.
    """

    fps: float
    source: Integers
    state: tuple[State, ...]
    playout: Playout
    sound: tuple[SoundPart, ...]
    carried: Carried | None = None

    @property
    def t_capture(self) -> Float:
        """(n,) seconds at which the shown frames were captured."""
        return np.asarray((self.source + 0.5) / self.fps)

    def slots(self, frame: int) -> range:
        """The slots that show a captured frame; they lie together."""
        first, last = np.searchsorted(self.source, frame, "left"), np.searchsorted(self.source, frame, "right")
        return range(int(first), int(last))

    def needed(self, frame: int) -> bool:
        """Whether the picture of a captured frame is shown, or sent and so what others are predicted from."""
        return bool(self.slots(frame)) or (self.carried is not None and bool(self.carried.sent[frame]))

    def follows(self, slot: int) -> bool:
        """Whether the slot shows the very next captured frame after what the slot before it shows."""
        return 0 < slot < len(self.source) and bool(self.source[slot] == self.source[slot - 1] + 1)


def delivery_of(spec: ClipSpec) -> Delivery:
    """The delivery of a clip, the same for its twins."""
    n, fps = spec.n_frames, spec.clip.fps
    kept = frames_kept(spec.device.recording, n, fps, spec.stream("delivery/recorder"))
    stream = spec.camera.stream
    if stream is None:
        source = np.maximum.accumulate(np.where(kept, np.arange(n), 0))
        shown = Played(np.arange(n, dtype=float), np.ones(n), source)
        heard: list[Heard] = ["heard"] * n
        sound = _unrecorded(spec.device.recording.silence, n / fps)
        return Delivery(fps, source, _states(source, None), _playout(shown, fps), sound)
    link = carried(stream, kept, fps, spec.stream("delivery/link"))
    shown = played(stream, link, fps)
    heard = [_heard(rate, position, link) for rate, position in zip(shown.rate, shown.position, strict=True)]
    return Delivery(fps, shown.source, _states(shown.source, link), _playout(shown, fps), _parts(heard, fps), link)


def frames_kept(recording: Recording, n: int, fps: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """(n,) which captured frames a device writes; the first always.

    While the device is busy, single frames are dropped, and now and then a run of them.
    """
    share = recording.load
    busy = spells(rng, n, fps, share, _BUSY_SECONDS)
    chance, freezes, lengths = rng.random(n), rng.random(n), rng.exponential(recording.freeze_seconds * fps, n)
    kept = ~(busy & (chance < recording.dropped))
    for start in np.flatnonzero(busy & (freezes < recording.freezes / 60 / fps)):
        kept[start : start + max(1, round(lengths[start]))] = False
    kept[0] = True
    return np.asarray(kept)


def _heard(rate: float, position: float, link: Carried) -> Heard:
    if rate == 0:
        return "stalled"
    if rate != 1:
        return "hurried"
    return "lost" if link.sound_lost[int(position)] else "heard"


def _states(source: Integers, link: Carried | None) -> tuple[State, ...]:
    states: list[State] = []
    for slot, frame in enumerate(source):
        if link is not None and link.damaged[frame]:
            states.append("corrupt")
        else:
            states.append("repeated" if slot and frame == source[slot - 1] else "ok")
    return tuple(states)


def _unrecorded(silence: float, duration: float) -> tuple[SoundPart, ...]:
    """Pre-event silence, then sound."""
    if silence <= 0:
        return (SoundPart(0.0, duration, "heard"),)
    if silence >= duration:
        return (SoundPart(0.0, duration, "unrecorded"),)
    return SoundPart(0.0, silence, "unrecorded"), SoundPart(silence, duration, "heard")


def _parts(heard: list[Heard], fps: float) -> tuple[SoundPart, ...]:
    parts, first = [], 0
    for kind, run in groupby(heard):
        last = first + len(list(run))
        parts.append(SoundPart(first / fps, last / fps, kind))
        first = last
    return tuple(parts)


def _playout(shown: Played, fps: float) -> Playout:
    """The knots of what each slot plays: its position when it begins, and how much it plays, both in frames."""
    knots: list[tuple[float, float]] = [(0.0, float(shown.position[0]))]
    rate = -1.0
    for slot, (position, going) in enumerate(zip(shown.position, shown.rate, strict=True)):
        if slot and position > knots[-1][1] + ROUNDING:
            knots.append((float(slot), float(position)))
            rate = -1.0
        else:
            knots[-1] = (float(slot), float(position))
        end = (slot + 1.0, float(position + going))
        if going == rate:
            knots[-1] = end
        else:
            knots.append(end)
        rate = float(going)
    at = np.array(knots)
    return Playout(at[:, 0] / fps, at[:, 1] / fps)


def as_record(delivery: Delivery) -> dict[str, Any]:
    """What clip.json says of it: the knots of the playout, and counts."""
    played = delivery.playout
    counts = {state: delivery.state.count(state) for state in ("ok", "repeated", "corrupt")}
    sent = delivery.carried
    return {
        "playout": [list(pair) for pair in zip(played.shown.tolist(), played.captured.tolist(), strict=True)],
        "frames": counts,
        "ladder": None if sent is None else [int(rung) for rung, _ in groupby(sent.rung[sent.sent].tolist())],
    }
