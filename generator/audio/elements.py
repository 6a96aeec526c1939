"""What sounds are made of: bands of noise, damped modes of things that are struck, and envelopes."""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Array = NDArray[np.float64]

_HIGHEST = 0.45
"""Of the sample rate: bands and modes end there."""


def times(rate: int, seconds: float) -> Array:
    """(n,) seconds from 0, at least one."""
    return np.asarray(np.arange(max(1, round(seconds * rate))) / rate)


def band_filter(rate: int, low: float, high: float, order: int = 1) -> tuple[Array, float]:
    """Butterworth band-pass for noise.

    Args:
        rate: hertz.
        low: lower edge, hertz.
        high: upper edge, hertz; what is too high for the rate is left out.
        order: of the slopes; 1 falls by 6 dB an octave.

    Returns:
        Second-order sections, and the factor that gives filtered white noise an rms of about 1 at any rate.
    """
    high = min(high, _HIGHEST * rate)
    low = min(low, 0.5 * high)
    sos = signal.butter(order, [low, high], "bandpass", fs=rate, output="sos")
    return np.asarray(sos), 1 / float(np.sqrt(_noise_power(rate, high - low, order)))


def _noise_power(rate: int, width: float, order: int) -> float:
    """Mean square of white noise of variance 1 behind a band-pass of ``width`` hertz."""
    if order == 1:
        # (1 - A) / 2 with an all-pass A, so the mean of its power is (1 - A's first sample) / 2.
        slope = float(np.tan(np.pi * width / rate))
        return slope / (1 + slope)
    x = 0.5 * np.pi / order
    return float(min(2 * width / rate * x / np.sin(x), 1.0))


def noise(rng: np.random.Generator, rate: int, seconds: float, low: float, high: float, order: int = 1) -> Array:
    """(n,) noise between two frequencies in hertz, rms about 1."""
    sos, scale = band_filter(rate, low, high, order)
    return np.asarray(scale * signal.sosfilt(sos, rng.standard_normal(len(times(rate, seconds)))))


def struck(
    rng: np.random.Generator, rate: int, low: float, high: float, decay: float, *, modes: int = 9, tilt: float = 0.5,
    contact: float = 0.3,
) -> Array:  # fmt: skip
    """Something hard is struck once: damped modes and the noise of the contact; (n,), its peak is 1.

    Args:
        rng: draws the modes; all begin at phase zero, as a blow makes them.
        rate: hertz.
        low: hertz; the modes lie between it and ``high``, evenly on a logarithmic scale in the mean.
        high: hertz.
        decay: time constant of a mode at ``low``, seconds; higher ones die sooner, with the root of the frequency.
        modes: how many.
        tilt: amplitudes fall with frequency to this power.
        contact: noise against modes.
    """
    t = times(rate, 5 * decay)
    f = low * (high / low) ** rng.uniform(0, 1, modes)
    loud = rng.uniform(0.4, 1.0, modes) * (f / low) ** -tilt * (f < _HIGHEST * rate)
    tau = decay * np.sqrt(low / f) * rng.uniform(0.7, 1.1, modes)
    # One complex exponential a mode costs less than a sine and a decay each.
    ring = (loud[:, None] * np.exp(np.outer(2j * np.pi * f - 1 / tau, t))).imag.sum(0)
    ring /= max(float(np.abs(ring).max()), 1e-9)
    click = noise(rng, rate, 5 * decay, 0.7 * low, 1.5 * high) * np.exp(-t / 0.0012)
    return at_peak(ring + contact * click, 1.0)


def at_peak(samples: Array, peak: float) -> Array:
    """The same sound with a given peak."""
    return np.asarray(samples * (peak / max(float(np.abs(samples).max(initial=0.0)), 1e-9)))


def swell(t: Array, attack: float, decay: float) -> Array:
    """Envelope of something that begins within ``attack`` seconds and dies away with time constant ``decay``."""
    return np.asarray(-np.expm1(-t / attack) * np.exp(-t / decay))


def hump(t: Array, seconds: float) -> Array:
    """Envelope of something that swells and fades within ``seconds``."""
    return np.asarray(np.sin(np.pi * np.clip(t / seconds, 0, 1)) ** 2)


def together(rate: int, *parts: tuple[float, Array]) -> Array:
    """One sound of parts, each with the seconds at which it begins."""
    begins = [round(start * rate) for start, _ in parts]
    total = np.zeros(max(begin + len(part) for begin, (_, part) in zip(begins, parts, strict=True)))
    for begin, (_, part) in zip(begins, parts, strict=True):
        total[begin : begin + len(part)] += part
    return total
