"""The microphone and its electronics: band limits, automatic gain, overload."""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from generator.audio.elements import Array

CEILING = 0.53
"""Of full scale, where the recorder clips. Its own filter adds up to four tenths of that, and AAC at 64 kbit/s up to as much again
on a hard transient."""

_THRESHOLD = 0.16  # of full scale, from which the gain is turned down
_SLOPE = 0.55  # decibels less a decibel above it
_DEEPEST = 6.5  # decibels
_ATTACK, _RELEASE = 0.006, 0.45  # seconds
_FRAME = 0.001
_LOWEST = 70.0
_HIGHEST = (8500.0, 0.42)  # hertz, and at most this share of the rate
_BLOCK = 1000  # frames of the gain that are worked on at once: a long clip is not held twice


def recorded(sound: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """What is written for a sound at the microphone (1 = full scale); causal, and done in place.

    The gain follows what has been heard, never what comes, so a shot overloads the clipper before the gain gives way,
    and quiet sounds come back over half a second.
    """
    size = max(1, round(_FRAME * rate))
    block = _BLOCK * size
    low_cut = signal.butter(1, _LOWEST, "highpass", fs=rate, output="sos")
    state = np.zeros((len(low_cut), 2))
    for start in range(0, len(sound), block):
        part = sound[start : start + block]
        part[:], state = signal.sosfilt(low_cut, part, zi=state)
    gains = _gains(_peaks(sound, size))
    smooth = signal.butter(2, min(_HIGHEST[0], _HIGHEST[1] * rate), fs=rate, output="sos")
    state = np.zeros((len(smooth), 2))
    for start in range(0, len(sound), block):
        part = sound[start : start + block]
        gain = np.interp((start + np.arange(len(part))) / size, np.arange(len(gains)), gains)
        part[:], state = signal.sosfilt(smooth, CEILING * np.tanh(gain * part / CEILING), zi=state)
    return sound


def _peaks(sound: NDArray[np.float32], size: int) -> Array:
    """Peak of every frame; the last may be shorter."""
    starts = np.arange(0, len(sound), size)
    return np.maximum(np.maximum.reduceat(sound, starts), -np.minimum.reduceat(sound, starts)).astype(float)


def _gains(peaks: Array) -> Array:
    """Gain at the beginning of every frame and at the end of the last, from the frames before the one that ends there."""
    fall = 8.69 * _FRAME / _RELEASE  # decibels a frame
    frames = np.arange(len(peaks)) * fall
    level = np.maximum.accumulate(20 * np.log10(np.maximum(peaks, 1e-6)) + frames) - frames
    less = np.clip(_SLOPE * (level - 20 * np.log10(_THRESHOLD)), 0, _DEEPEST)
    share = -np.expm1(-_FRAME / _ATTACK)
    less = signal.lfilter([share], [1, share - 1], less)
    return np.asarray(10 ** (-np.concatenate([[0.0, 0.0], less[:-1]]) / 20))
