"""The sound a body-worn camera records: the room, steps, breath, handling, and shots with the room's answer."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from generator.motion.build import BuiltTimeline
from generator.motion.timeline import Moment
from generator.scenario.spec import ClipSpec

Array = NDArray[np.float64]

SPEED_OF_SOUND = 343.0
_ABSORPTION = {"plywood": 0.14, "painted_board": 0.10, "concrete_block": 0.06, "plaster": 0.07}
"""Mean of octave bands 250 Hz - 4 kHz (Kuttruff, Room Acoustics, 6th ed., table A.1, rounded)."""

_LOUDEST = 0.78
"""Of full scale: AAC overshoots what it is given by up to a quarter."""

_SHOT_SECONDS = 0.35
_BLOCK = 48000


@dataclass(frozen=True)
class SoundTrack:
    """Mono sound.

    Attributes:
        samples: (n,) float32, -1..1.
        rate: hertz.
        ranges: ``{start, end, state}`` in seconds, tiling the clip.
    """

    samples: NDArray[np.float32]
    rate: int
    ranges: tuple[dict[str, Any], ...]


def soundtrack(spec: ClipSpec, timeline: BuiltTimeline) -> SoundTrack:
    """The sound track of a clip; it depends on the timeline alone, not on what was rendered."""
    rate = spec.device.encoder.audio_rate
    n = round(timeline.duration * rate)
    sound = np.zeros(n, np.float32)
    _add_room_tone(sound, rate, spec.stream("audio/room"))
    _add_breath(sound, rate, spec.stream("audio/breath"))
    rng = spec.stream("audio/steps")
    for step in timeline.steps:
        _add(sound, round(step * rate), _footstep(rng, rate, spec.environment.floor))
    rng = spec.stream("audio/handling")
    for start, end in timeline.handling.reloads:
        for share, loud in ((0.12, 0.05), (0.78, 0.09)):  # magazine out, magazine in
            _add(sound, round((start + share * (end - start)) * rate), loud * _clack(rng, rate))
    shots = timeline.handling.shots
    if shots:
        rng = spec.stream("audio/shots")
        response = _room_response(spec, timeline.at(shots[0].t), rate, spec.stream("audio/response"))
        delay = _distance(timeline.at(shots[0].t)) / SPEED_OF_SOUND
        carbine = spec.weapon is not None and spec.weapon.kind == "training_carbine"
        for shot in shots:
            blast = signal.fftconvolve(_blast(rng, rate, carbine), response)
            _add(sound, round((shot.t + delay) * rate), (2.6 * blast).astype(np.float32))
    samples = _limited(sound)
    return SoundTrack(samples, rate, ({"start": 0.0, "end": timeline.duration, "state": "ok"},))


def _add(sound: NDArray[np.float32], start: int, piece: NDArray[Any]) -> None:
    """Adds a piece; what lies outside the clip is cut."""
    skip = max(0, -start)
    length = min(len(piece) - skip, len(sound) - max(start, 0))
    if length > 0:
        sound[max(start, 0) : max(start, 0) + length] += piece[skip : skip + length].astype(np.float32)


def _add_room_tone(sound: NDArray[np.float32], rate: int, rng: np.random.Generator) -> None:
    """Ventilation: noise falling towards high frequencies, and mains hum of the fittings (100 Hz and harmonics)."""
    low = signal.butter(2, [70, 900], "bandpass", fs=rate, output="sos")
    state = np.zeros((low.shape[0], 2))
    hum = rng.uniform(0.2, 1.0)
    phase = rng.uniform(0, 2 * np.pi)
    for start in range(0, len(sound), _BLOCK):
        block = sound[start : start + _BLOCK]
        noise, state = signal.sosfilt(low, rng.standard_normal(len(block)), zi=state)
        t = (start + np.arange(len(block))) / rate
        tone = np.sin(2 * np.pi * 100 * t + phase) + 0.4 * np.sin(2 * np.pi * 200 * t)
        block += (0.006 * noise + 0.0012 * hum * tone + 0.0006 * rng.standard_normal(len(block))).astype(np.float32)


def _add_breath(sound: NDArray[np.float32], rate: int, rng: np.random.Generator) -> None:
    """Breathing close to the microphone: band noise swelling every two to three seconds."""
    at = rng.uniform(0, 1.5)
    while at * rate < len(sound):
        n = int(rng.uniform(0.5, 0.9) * rate)
        band = signal.butter(2, [350, 2600], "bandpass", fs=rate, output="sos")
        swell = np.sin(np.pi * np.arange(n) / n) ** 2
        _add(sound, int(at * rate), rng.uniform(0.003, 0.008) * swell * signal.sosfilt(band, rng.standard_normal(n)))
        at += rng.uniform(1.0, 1.7)


def _footstep(rng: np.random.Generator, rate: int, floor: str) -> Array:
    """Heel then sole: two low thuds and a little grit, softer on rubber."""
    n = int(0.22 * rate)
    t = np.arange(n) / rate
    thud = np.zeros(n)
    for begin, loud, tone in ((0.0, 1.0, 75), (rng.uniform(0.06, 0.1), 0.5, 110)):
        k = int(begin * rate)
        thud[k:] += loud * np.sin(2 * np.pi * tone * t[: n - k]) * np.exp(-t[: n - k] / 0.018)
    grit = signal.sosfilt(signal.butter(2, [900, 5000], "bandpass", fs=rate, output="sos"), rng.standard_normal(n))
    grit *= np.exp(-((t - 0.05) ** 2) / 0.0012) * (0.06 if floor == "rubber" else 0.16)
    return np.asarray(rng.uniform(0.012, 0.022) * (thud + grit))


def _clack(rng: np.random.Generator, rate: int) -> Array:
    """Something hard meets something hard: damped tones."""
    t = np.arange(int(0.06 * rate)) / rate
    tones = ((2300, 0.006, 1.0), (3900, 0.004, 0.8), (5200, 0.003, 0.7), (950, 0.012, 0.5))
    return np.asarray(
        sum(a * np.sin(2 * np.pi * f * rng.uniform(0.93, 1.07) * t) * np.exp(-t / d) for f, d, a in tones)
    )


def _blast(rng: np.random.Generator, rate: int, carbine: bool) -> Array:
    """A shot close by: Friedlander wave, turbulent tail, then the action.

    Positive phase about 0.5-1 ms at arm's length (Maher and Shaw 2008, Deciphering gunshot recordings).
    """
    n = int(_SHOT_SECONDS * rate)
    t = np.arange(n) / rate
    positive = 0.0009 if carbine else 0.0006
    blast = (1 - t / positive) * np.exp(-t / positive)
    noise = rng.standard_normal(n)
    low = signal.sosfilt(signal.butter(2, [60, 700], "bandpass", fs=rate, output="sos"), noise) * np.exp(-t / 0.045)
    high_band = [1500, min(9000, 0.45 * rate)]
    high = signal.sosfilt(signal.butter(2, high_band, "bandpass", fs=rate, output="sos"), noise) * np.exp(-t / 0.012)
    blast = blast + (0.9 if carbine else 0.6) * low + 0.35 * high
    clack, k = _clack(rng, rate), int(0.035 * rate)
    blast[k : k + len(clack)] += 0.06 * clack
    return np.asarray(blast * rng.uniform(0.92, 1.0))


def _distance(moment: Moment) -> float:
    return float(np.linalg.norm(_muzzle(moment) - moment.T_world_camera[:3, 3]))


def _muzzle(moment: Moment) -> Array:
    """About where the muzzle is: a quarter of a metre ahead of the hand."""
    return np.asarray(moment.T_world_thing[:3, 3] + 0.25 * moment.T_world_thing[:3, 1])


def _room_response(spec: ClipSpec, moment: Moment, rate: int, rng: np.random.Generator) -> Array:
    """Impulse response of the corridor from muzzle to microphone, beginning with the direct sound at 1.

    Image sources for the first 60 ms (pyroomacoustics), then noise decaying with Sabine's reverberation time.
    """
    import pyroomacoustics

    room = spec.environment
    size = np.array([room.width, room.length, room.height])
    absorption = _ABSORPTION[room.wall] + 0.06 * room.clutter + 0.10 * room.doors_open
    source = np.clip(_muzzle(moment), 0.15, size - 0.15)
    microphone = np.clip(moment.T_world_camera[:3, 3], 0.12, size - 0.12)
    box = pyroomacoustics.ShoeBox(
        size, fs=rate, materials=pyroomacoustics.Material(absorption), max_order=6, air_absorption=True
    )
    box.add_source(source)
    box.add_microphone(microphone)
    box.compute_rir()
    response = np.asarray(box.rir[0][0], float)
    direct = int(np.argmax(np.abs(response) > 0.3 * np.abs(response).max()))
    response = response[max(direct - 2, 0) :] / np.abs(response).max()
    surface = 2 * (size[0] * size[1] + size[1] * size[2] + size[0] * size[2])
    decay = 0.161 * float(np.prod(size)) / (absorption * surface) / 13.8  # Sabine, to a time constant
    early, n = int(0.06 * rate), int(min(6.9 * decay, 1.2) * rate)
    tail = np.zeros(max(n, len(response)))
    tail[: len(response)] = response
    t = np.arange(len(tail)) / rate
    level = float(np.sqrt(np.mean(response[early // 2 : early] ** 2))) if len(response) > early else 0.01
    fade = np.clip((t - 0.03) / 0.03, 0, 1) * np.exp(-(t - 0.045) / decay)
    return np.asarray(tail * np.clip((0.07 - t) / 0.01, 0, 1) + 0.7 * level * fade * rng.standard_normal(len(tail)))


def _limited(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """The microphone overloads: soft clipping that leaves quiet sound alone. Works in place."""
    sound /= np.float32(_LOUDEST)
    np.tanh(sound, out=sound)
    sound *= np.float32(_LOUDEST)
    return sound
