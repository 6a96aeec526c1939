"""The sound track as it is heard: silent before the recorder was switched on, and where a stream lost it."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.audio.soundtrack import SoundTrack
from generator.sensor.delivery import Delivery, Heard, SoundPart

Single = NDArray[np.float32]

_PITCH = 0.02
"""Seconds that are repeated in the place of a lost packet, as long as a packet of speech codecs."""

_FADE_FROM, _FADE_TO = 0.01, 0.06
"""Seconds between which the repetition dies away (ITU-T G.711, appendix I)."""


def heard_track(track: SoundTrack, delivery: Delivery, *, repeats: bool) -> SoundTrack:
    """The track that the clip has.

    Args:
        track: of what was captured.
        delivery: of the clip.
        repeats: whether lost sound is bridged by what was heard just before, instead of silence.

    Returns:
        The same track where nothing happens to it. Else its samples follow the playout; they are 0 in ``silent`` ranges.
    """
    if all(part.heard == "heard" for part in delivery.sound):
        return track
    samples = _played(track.samples, track.rate, delivery)
    for part in delivery.sound:
        first, last = round(part.start * track.rate), round(part.end * track.rate)
        if part.heard == "lost" and repeats:
            samples[first:last] = _bridged(samples[:first], last - first, track.rate)
        elif _state(part.heard, repeats) == "silent":
            samples[first:last] = 0
    return replace(track, samples=samples, ranges=_ranges(delivery.sound, repeats))


def _state(heard: Heard, repeats: bool) -> str:
    if heard == "heard":
        return "ok"
    return "replaced" if heard == "hurried" or (heard == "lost" and repeats) else "silent"


def _ranges(parts: tuple[SoundPart, ...], repeats: bool) -> tuple[dict[str, Any], ...]:
    ranges: list[dict[str, Any]] = []
    for part in parts:
        state = _state(part.heard, repeats)
        if ranges and ranges[-1]["state"] == state:
            ranges[-1]["end"] = part.end
        else:
            ranges.append({"start": part.start, "end": part.end, "state": state})
    return tuple(ranges)


def _played(samples: Single, rate: int, delivery: Delivery) -> Single:
    """Each piece of the playout at its speed; what is hurried is higher in pitch."""
    out = np.zeros_like(samples)
    for begin, end, since, until in delivery.playout.segments():
        first, last = round(begin * rate), min(round(end * rate), len(out))
        if until <= since or last <= first:
            continue
        if abs((until - since) - (end - begin)) < 0.5 / rate:
            start = round(since * rate)
            piece = samples[start : start + last - first]
            out[first : first + len(piece)] = piece
        else:
            speed = (until - since) / (end - begin)
            at = since * rate + np.arange(last - first) * speed
            low = int(at[0])
            window = samples[low : int(at[-1]) + 2]
            out[first:last] = np.interp(at - low, np.arange(len(window)), window)
    return out


def _bridged(before: Single, length: int, rate: int) -> Single:
    """The last packet again and again, dying away; silence where there was none before."""
    size = min(round(_PITCH * rate), len(before))
    if size == 0:
        return np.zeros(length, np.float32)
    again = np.resize(before[-size:], length)
    seconds = np.arange(length) / rate
    return np.asarray(again * np.clip((_FADE_TO - seconds) / (_FADE_TO - _FADE_FROM), 0, 1), np.float32)
