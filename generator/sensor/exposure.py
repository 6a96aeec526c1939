"""Auto-exposure: metering pictures to shutter time and gain of every frame."""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from generator.frame import Exposures, Meter
from generator.scenario.device import Device

Array = NDArray[np.float64]

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Rec. 709."""

EV_STEP = 1 / 16
REFERENCE_S = 0.01
"""Shutter time at which ``white_radiance`` is white with gain 1."""

_CLIP = 4.0
"""Metered pixels are cut at this many times the mean, so that a lamp in view does not blacken the room."""


def decide_exposures(meter: Meter, device: Device, times: Array, period: float = np.inf) -> Exposures:
    """What the device's auto-exposure does: a first-order lag after the level that would suit, in 1/16 EV.

    Args:
        meter: tiny pictures at a few times.
        device: target level, lag and limits.
        times: (n,) seconds of the frames.
        period: seconds from one frame to the next, for which a row is open at most: then it begins the next picture. While the
            last rows of one picture are read, the first ones gather the next, so the read-out takes nothing off it.

    Returns:
        Shutter time, gain and EV of each frame. The shutter is lengthened before the gain is raised, in whole periods of the
        lamps where the device's banding filter is on.
    """
    auto = device.exposure
    wanted = np.log2(auto.target / np.array([_metered(picture, auto.centre_weight) for picture in meter.radiance]))
    ev = np.round(followed(meter.t, wanted, times, auto.lag) / EV_STEP) * EV_STEP
    flicker = 0.5 / auto.banding_filter if auto.banding_filter else 0.0
    longest = _multiple(min(auto.longest, period), flicker)
    most = np.log2(longest / REFERENCE_S * auto.max_gain / auto.white_radiance)
    least = np.log2(auto.shortest / REFERENCE_S / auto.white_radiance) if not auto.iris else -np.inf
    ev = np.clip(ev, np.ceil(least / EV_STEP) * EV_STEP, np.floor(most / EV_STEP) * EV_STEP)
    light = np.exp2(ev) * auto.white_radiance  # shutter over reference, times gain
    exposure = np.array([_multiple(x, flicker) for x in np.clip(light * REFERENCE_S, auto.shortest, longest)])
    gain = np.maximum(light * REFERENCE_S / exposure, 1.0)
    return Exposures(exposure, gain, ev)


def followed(t: Array, goal: Array, times: Array, lag: float) -> Array:
    """What a first-order control with the time constant ``lag`` has reached at ``times``; it begins at its goal.

    Args:
        t: (m,) seconds at which the goal is known; it goes straight between them.
        goal: (m,) or (m, k).
        times: (n,) seconds.
        lag: seconds.
    """
    step = 1 / 120
    grid = np.arange(t[0], max(times[-1], t[-1]) + step, step)
    goals = np.stack([np.interp(grid, t, column) for column in np.atleast_2d(goal.T)])
    share = 1 - np.exp(-step / lag)
    first = goals[:, :1]  # the camera had been running before the clip
    level = first + signal.lfilter([share], [1, share - 1], goals - first, axis=1)
    found = np.stack([np.interp(times, grid, column) for column in level])
    return np.asarray(found[0] if goal.ndim == 1 else found.T)


def _multiple(exposure: float, period: float) -> float:
    """The longest multiple of a lamp's period that is not longer; what is shorter than one stays as it is."""
    if period == 0 or exposure < period:
        return float(exposure)
    return float(np.floor(exposure / period + 1e-6) * period)


def _metered(picture: NDArray[np.float32], centre_weight: float) -> float:
    """Centre-weighted mean luminance."""
    luminance = np.maximum(picture @ LUMINANCE, 1e-6)
    height, width = luminance.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    weight = 1 - centre_weight + centre_weight * np.exp(-2.0 * (x**2 + y**2))
    mean = float(np.average(luminance, weights=weight))
    return float(np.average(np.minimum(luminance, _CLIP * mean), weights=weight))
