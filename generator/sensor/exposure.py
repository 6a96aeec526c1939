"""Auto-exposure: metering pictures to shutter time and gain of every frame."""

import numpy as np
from numpy.typing import NDArray

from generator.frame import Exposures, Meter
from generator.scenario.spec import Device

Array = NDArray[np.float64]

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Rec. 709."""

EV_STEP = 1 / 16
REFERENCE_S = 0.01
"""Shutter time at which ``white_radiance`` is white with gain 1."""

_CLIP = 4.0
"""Metered pixels are cut at this many times the mean, so that a lamp in view does not blacken the room."""


def decide_exposures(meter: Meter, device: Device, times: Array) -> Exposures:
    """What the device's auto-exposure does: a first-order lag after the level that would suit, in 1/16 EV.

    Args:
        meter: tiny pictures at a few times.
        device: target level, lag and limits.
        times: (n,) seconds of the frames.

    Returns:
        Shutter time, gain and EV of each frame. The shutter is lengthened before the gain is raised.
    """
    auto = device.exposure
    wanted = np.log2(auto.target / np.array([_metered(picture, auto.centre_weight) for picture in meter.radiance]))
    step = 1 / 120
    grid = np.arange(meter.t[0], max(times[-1], meter.t[-1]) + step, step)
    goal = np.interp(grid, meter.t, wanted)
    level = np.empty_like(goal)
    level[0] = goal[0]  # the camera had been running before the clip
    share = 1 - np.exp(-step / auto.lag)
    for k in range(1, len(goal)):
        level[k] = level[k - 1] + share * (goal[k] - level[k - 1])
    ev = np.round(np.interp(times, grid, level) / EV_STEP) * EV_STEP
    most = np.log2(auto.longest / REFERENCE_S * auto.max_gain / auto.white_radiance)
    least = np.log2(auto.shortest / REFERENCE_S / auto.white_radiance)
    ev = np.clip(ev, np.ceil(least / EV_STEP) * EV_STEP, np.floor(most / EV_STEP) * EV_STEP)
    light = np.exp2(ev) * auto.white_radiance  # shutter over reference, times gain
    exposure = np.clip(light * REFERENCE_S, auto.shortest, auto.longest)
    gain = np.maximum(light * REFERENCE_S / exposure, 1.0)
    return Exposures(exposure, gain, ev)


def _metered(picture: NDArray[np.float32], centre_weight: float) -> float:
    """Centre-weighted mean luminance."""
    luminance = np.maximum(picture @ LUMINANCE, 1e-6)
    height, width = luminance.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    weight = 1 - centre_weight + centre_weight * np.exp(-2.0 * (x**2 + y**2))
    mean = float(np.average(luminance, weights=weight))
    return float(np.average(np.minimum(luminance, _CLIP * mean), weights=weight))
