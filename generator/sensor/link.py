"""A phone's link and the player at its other end: what is sent at which size, what is lost, what is played when."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.scenario.transmission import Stream
from generator.sensor.spells import spells

Float = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

LADDER = (1.0, 0.75, 0.5, 1 / 3)
"""Sides of the pictures of the ladder over the clip's: 720, 540, 360 and 240 lines of 720 (Apple, HLS authoring specification,
which lists 234, 360, 540 and 720)."""

NEEDS = tuple(side**1.5 for side in LADDER)
"""Bit rates over the full picture's: with the number of pixels to the power of 0.75 (Waggoner 2009)."""

_EVERY = (1, 1, 1, 2)
"""On the lowest rung every second frame is sent, as real-time encoders lower the frame rate last."""

_SAFETY = 0.85
"""Share of the estimated rate that is used (draft-ietf-rmcat-gcc-02: a congested sender goes to 0.85 of what arrives)."""

_ESTIMATE_SECONDS = 0.5
"""Over which the sender measures what arrives (draft-ietf-rmcat-gcc-02: a window of 0.5 to 1 s)."""

_HOLD_SECONDS = 2.0
"""Before the ladder is climbed again; it is stepped down at once."""

_MOST_QUEUED = 0.7
"""Seconds of backlog from which the sender drops frames instead of queueing them (OBS Studio's default for RTMP)."""

_WHOLE = 0.3
"""Of the frames that lose packets, how many are lost altogether; of the others a run of packets. Small frames are few packets."""

FASTER = 1.25
"""Speed at which a player catches up; players allow 1.1 to 1.5 (Shaka Player, dash.js)."""

_REFILL = 0.5
"""Share of its buffer that a player which catches up fills before it goes on."""


ROUNDING = 1e-6
"""Frames: what positions that were added up may differ by."""


@dataclass(frozen=True)
class Carried:
    """What the link made of each captured frame.

    Attributes:
        sent: (n,) whether it was encoded and sent.
        rung: (n,) of the ladder; meaningless where nothing is sent.
        key: (n,) whether it is a key frame.
        lost: (n, 2) the part that was lost, as shares of the frame's packets from the first on; (0, 0) none, (0, 1) all.
        blind: (n,) sent, but the receiver cannot decode it: lost altogether, or its key frame was.
        damaged: (n,) decoded from what was lost in part or predicted from that.
        sound_lost: (n,) whether the sound captured during the frame is lost.
        arrival: (n,) seconds, ascending, at which a frame (or the news that there is none) has arrived.
    """

    sent: Booleans
    rung: Integers
    key: Booleans
    lost: Float
    blind: Booleans
    damaged: Booleans
    sound_lost: Booleans
    arrival: Float

    @property
    def displayable(self) -> Booleans:
        """(n,) whether the receiver has a picture of it."""
        return np.asarray(self.sent & ~self.blind)


@dataclass(frozen=True)
class Played:
    """What each slot of the video plays; positions in captured frames.

    Attributes:
        position: (n,) what is due when the slot begins, never ahead of the slot.
        rate: (n,) how much of what was captured it plays: 0 in a stall, 1 as it was, more while catching up.
        source: (n,) the captured frame that it shows.
    """

    position: Float
    rate: Float
    source: Integers


def carried(stream: Stream, kept: Booleans, fps: float, rng: np.random.Generator) -> Carried:
    """What the sender does with each captured frame, and what the link does with that.

    Args:
        stream: the options.
        kept: (n,) frames that the device captured at all.
        fps: frames a second.
        rng: draws the fades and the losses.
    """
    n = len(kept)
    share = stream.fades * stream.fade_seconds / (60 + stream.fades * stream.fade_seconds)
    fading = spells(rng, n, fps, share, stream.fade_seconds)
    capacity = stream.headroom * np.where(fading, stream.fade_rate, 1.0)
    sent, rung, key, arrival = _sent(stream, kept, capacity, fps)
    hit, part, sound_hit = rng.random(n), rng.random((n, 3)), rng.random(n)
    lost = _lost(stream, fading & sent & (hit < stream.loss), part)
    switched = np.zeros(n, bool)
    order = np.flatnonzero(sent)
    switched[order[1:]] = rung[order[1:]] != rung[order[:-1]]
    switched[0] = True
    lost[switched] = 0.0  # what begins a new size is sent until it has arrived
    blind, damaged = _decoding(sent, key, lost)
    return Carried(sent, rung, key, lost, blind, damaged, fading & (sound_hit < stream.loss), arrival)


def _sent(stream: Stream, kept: Booleans, capacity: Float, fps: float) -> tuple[Booleans, Integers, Booleans, Float]:
    """The sender: estimates the rate, chooses the rung, queues frames or drops them. All frames of a rung count alike."""
    n = len(kept)
    served = np.concatenate([[0.0], np.cumsum(capacity)]) / fps  # what the link can have carried by frame k
    sent, key = np.zeros(n, bool), np.zeros(n, bool)
    rungs, queued = np.zeros(n, np.int64), np.zeros(n)
    share = 1 - np.exp(-1 / (fps * _ESTIMATE_SECONDS))
    estimate, end = float(capacity[0]), 0.0
    rung = _fitting(estimate)
    changed, keyed, last = 0, 0, -max(_EVERY)
    fresh = True
    for k in range(n):
        estimate += share * (float(capacity[k]) - estimate)
        best = _fitting(estimate)
        if best > rung or (best < rung and k - changed >= _HOLD_SECONDS * fps):
            rung, changed, fresh = best if best > rung else rung - 1, k, True
        backlog = max(0.0, end - served[k]) / float(capacity[k])
        start = max(end, float(served[k]))
        if kept[k] and k - last >= _EVERY[rung] and (backlog <= _MOST_QUEUED or k == 0):
            sent[k], last = True, k
            key[k] = fresh or k - keyed >= stream.keyframe_seconds * fps
            keyed, fresh = (k, False) if key[k] else (keyed, fresh)
            start += NEEDS[rung] * _EVERY[rung] ** 0.25 / fps
        rungs[k], end = rung, start
        queued[k] = end
    return sent, rungs, key, _when(queued, served, float(capacity[-1]), fps)


def _fitting(estimate: float) -> int:
    """The best rung that the link carries, or the lowest."""
    needs = [need * every**-0.75 for need, every in zip(NEEDS, _EVERY, strict=True)]
    return next((k for k, need in enumerate(needs) if need <= _SAFETY * estimate), len(LADDER) - 1)


def _when(amounts: Float, served: Float, last: float, fps: float) -> Float:
    """Seconds from the first frame at which the link has carried so much; beyond the clip it goes on as it ended."""
    times = np.arange(len(served)) / fps
    beyond = times[-1] + np.maximum(amounts - served[-1], 0) / last
    return np.asarray(np.where(amounts <= served[-1], np.interp(amounts, served, times), beyond))


def _lost(stream: Stream, hit: Booleans, part: Float) -> Float:
    """(n, 2) what part of each frame is lost: all of it, or a run of its packets."""
    length = 0.2 + 0.5 * part[:, 1]
    begin = (1 - length) * part[:, 2]
    run = np.stack([begin, begin + length], -1)
    lost = np.where(part[:, :1] < _WHOLE, np.array([0.0, 1.0]), run)
    return np.asarray(np.where(hit[:, None] & (stream.loss > 0), lost, 0.0))


def _decoding(sent: Booleans, key: Booleans, lost: Float) -> tuple[Booleans, Booleans]:
    """What cannot be decoded and what is decoded with damage: both last until a key frame that arrives."""
    blind, damaged = np.zeros(len(sent), bool), np.zeros(len(sent), bool)
    no_key = smeared = False
    for k in np.flatnonzero(sent):
        gone, some = lost[k, 1] - lost[k, 0] >= 1, lost[k, 1] > lost[k, 0]
        if key[k]:
            no_key, smeared = bool(gone), bool(some)
        else:
            smeared = smeared or bool(some)
        blind[k] = no_key or gone
        damaged[k] = smeared and not blind[k]
    return blind, damaged


def played(stream: Stream, link: Carried, fps: float) -> Played:
    """The player: plays what is due, freezes when that has not arrived, then jumps or catches up.

    Slot ``k`` is shown ``buffer`` seconds after frame ``k`` was captured; that constant delay is not counted.
    """
    n = len(link.sent)
    arrived = np.searchsorted(link.arrival, np.arange(n) / fps + stream.buffer, side="right") - 1
    refill = max(1.0, _REFILL * stream.buffer * fps)
    position, rate = np.zeros(n), np.zeros(n)
    at, stalled = 0.0, False
    for k in range(n):
        if stalled and stream.after_stall == "jump":
            at, stalled = (float(k), False) if arrived[k] >= k else (at, True)
        elif stalled:
            stalled = arrived[k] < min(at + refill, k)
        elif int(at) > arrived[k]:
            stalled = True
        position[k] = at
        if not stalled:
            behind = k + 1 - at
            rate[k] = 1.0 if behind <= 1 else min(FASTER, behind)
            at = k + 1.0 if rate[k] == behind else at + rate[k]
    return Played(position, rate, _pictures(link.displayable, position, rate))


def _pictures(displayable: Booleans, position: Float, rate: Float) -> Integers:
    """(n,) the newest frame up to what is due that the receiver has a picture of; nothing that a jump skipped."""
    source = np.zeros(len(position), np.int64)
    shown, considered = 0, 1
    for k, due in enumerate(position):
        if k and due > position[k - 1] + rate[k - 1] + ROUNDING:
            considered = int(due)
        if rate[k] > 0:
            new = np.flatnonzero(displayable[considered : int(due) + 1])
            shown = considered + int(new[-1]) if len(new) else shown
            considered = max(considered, int(due) + 1)
        source[k] = shown
    return source
