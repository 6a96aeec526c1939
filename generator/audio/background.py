"""What is heard all the time: the room, breath, cloth."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from generator.audio.body import breath_levels
from generator.audio.elements import Array, band_filter
from generator.motion.build import BuiltTimeline
from generator.motion.support import hands_at
from generator.scenario.spec import ClipSpec

_BLOCK = 48000

_CLOTH_HERTZ = 50.0
_CLOTH = 0.0032  # level (rms) of cloth at 1 m/s
_ELBOW = (0.27, 0.10, -0.30)  # torso frame, metres
_REACH: Mapping[str, tuple[float, float, float]] = MappingProxyType(
    {"carried": (0.2, 0.05, -0.48), "low": (0.05, 0.38, -0.26), "high": (0.05, 0.32, -0.05), "aimed": (0.04, 0.5, 0.04)}
)
"""Metres, torso frame: a hand in every posture, the same for everything that is held so that twins sound the same."""


def _blocks(sound: NDArray[np.float32], rate: int) -> Iterator[tuple[NDArray[np.float32], Array]]:
    """The sound piece by piece, each with its times: a long clip is not held twice."""
    for start in range(0, len(sound), _BLOCK):
        block = sound[start : start + _BLOCK]
        yield block, (start + np.arange(len(block))) / rate


class _Noise:
    """Band noise that goes on from block to block, rms about 1."""

    def __init__(self, rng: np.random.Generator, rate: int, low: float, high: float) -> None:
        self._rng = rng
        self._sos, self._scale = band_filter(rate, low, high)
        self._state = np.zeros((len(self._sos), 2))

    def next(self, n: int) -> Array:
        """(n,) the following samples."""
        noise, self._state = signal.sosfilt(self._sos, self._rng.standard_normal(n), zi=self._state)
        return np.asarray(self._scale * noise)


def add_room_tone(sound: NDArray[np.float32], rate: int, mains: int, rng: np.random.Generator) -> None:
    """Ventilation: noise falling towards high frequencies, and hum of the fittings (twice the mains, and harmonics)."""
    hum, phase = rng.uniform(0.2, 1.0), rng.uniform(0, 2 * np.pi)
    air = _Noise(rng, rate, 90, 700)
    for block, t in _blocks(sound, rate):
        tone = np.sin(4 * np.pi * mains * t + phase) + 0.4 * np.sin(8 * np.pi * mains * t)
        hiss = 0.0005 * rng.standard_normal(len(t))
        block[:] += (0.0011 * air.next(len(t)) + 0.0010 * hum * tone + hiss).astype(np.float32)


def add_breath(sound: NDArray[np.float32], rate: int, spec: ClipSpec, timeline: BuiltTimeline) -> None:
    """Breath close to the microphone, in time with the chest; nearer to a camera on the head."""
    rng, breath = spec.stream("audio/breath"), timeline.breath
    near = rng.uniform(0.8, 1.3) * (1.5 if spec.camera.mount in ("helmet", "spectacle") else 1.0)
    drawn, let = _Noise(rng, rate, 900, 3800), _Noise(spec.stream("audio/breath/out"), rate, 350, 1800)
    for block, t in _blocks(sound, rate):
        levels = breath_levels(t, breath.rate, breath.phase, min(max((breath.rate - 0.25) / 0.2, 0.0), 1.0))
        block[:] += (near * (levels[0] * drawn.next(len(t)) + levels[1] * let.next(len(t)))).astype(np.float32)


def add_cloth(sound: NDArray[np.float32], rate: int, spec: ClipSpec, timeline: BuiltTimeline) -> None:
    """Cloth that rubs as arms and trunk move: noise as loud as they are fast, two looks late and never early."""
    speeds = _arm_speeds(timeline)
    rub = _Noise(spec.stream("audio/cloth"), rate, 700, 5000)
    flutter = _Noise(spec.stream("audio/cloth/flutter"), rate, 4, 22)  # folds catch and let go
    for block, t in _blocks(sound, rate):
        level = np.interp(t * _CLOTH_HERTZ - 2, np.arange(len(speeds)), speeds)
        folds = np.abs(0.5 + 0.5 * flutter.next(len(t)))
        block[:] += (_CLOTH * level * folds * rub.next(len(t))).astype(np.float32)


def _arm_speeds(timeline: BuiltTimeline) -> Array:
    """(n,) metres a second of an arm against the room and the trunk, at ``_CLOTH_HERTZ``; the way ahead is left out."""
    t = np.arange(0, timeline.duration + 2 / _CLOTH_HERTZ, 1 / _CLOTH_HERTZ)
    elbow, hand, support = np.empty((len(t), 3)), np.empty((len(t), 3)), np.empty(len(t))
    for k, at in enumerate(t):
        torso = timeline.at(float(at)).T_world_torso
        elbow[k] = torso[:3, :3] @ np.array(_ELBOW) + torso[:3, 3]
        reach, gripped, support[k] = np.zeros(3), 1e-6, 0.0
        for handled in timeline.handling.things:  # a hand between two things is where it has more of
            hands = hands_at(handled, float(at))
            before, after, _ = handled.move(float(at))
            place = (1 - hands.thing) * np.array(_REACH[before]) + hands.thing * np.array(_REACH[after])
            reach, gripped = reach + (hands.grip + 1e-6) * place, gripped + hands.grip + 1e-6
            support[k] += 0.45 * hands.support + 0.25 * hands.grip
        hand[k] = (reach + 1e-6 * np.array(_REACH["carried"])) / gripped
    trunk = np.diff(elbow, axis=0)
    trunk[:, 1] -= np.convolve(np.pad(trunk[:, 1], (24, 0), mode="edge"), np.full(25, 1 / 25), "valid")
    moved = (
        0.7 * np.linalg.norm(trunk, axis=1) + np.linalg.norm(np.diff(hand, axis=0), axis=1) + np.abs(np.diff(support))
    )
    return np.asarray(moved * _CLOTH_HERTZ)
