"""Automatic white balance: follows the light late, and drifts."""

import numpy as np
from numpy.typing import NDArray

from generator.frame import Meter
from generator.scenario.device import Device
from generator.sensor.exposure import LUMINANCE, followed

Array = NDArray[np.float64]
Single = NDArray[np.float32]

_LIMITS = (0.6, 1.7)

_PERIODS = (7.0, 19.0)
"""Shortest and longest period of the drift, seconds; an estimate."""

_SHARES = (0.65, 0.35)
"""Of the two waves: not even, so that they never cancel each other."""


def decide_white_balance(meter: Meter, device: Device, times: Array, rng: np.random.Generator) -> Single:
    """(n, 3) channel gains of every frame.

    Grey world, held back, as automatic white balance leaves part of the lamp's colour (Buchsbaum 1980, A spatial processor model
    for object colour perception); it lags after the light, and red and blue drift by up to ``wander`` each. Luminance is kept.

    Args:
        meter: tiny pictures at a few times.
        device: strength, lag and wander.
        times: (n,) seconds of the frames.
        rng: of the drift.
    """
    balance = device.processing.white_balance
    mean = np.maximum(meter.radiance.reshape(len(meter.t), -1, 3).mean(1).astype(float), 1e-9)
    goal = balance.strength * np.log2(mean[:, 1:2] / mean)
    level = followed(meter.t, goal, times, balance.lag) + drift(times, balance.wander, rng)
    gains = np.clip(np.exp2(level), *_LIMITS)
    return (gains / (gains @ LUMINANCE)[:, None]).astype(np.float32)


def drift(times: Array, wander: float, rng: np.random.Generator) -> Array:
    """(n, 3) log2 of gains that wander by at most ``wander``: two slow waves each for red and blue, green stays."""
    periods, phases = rng.uniform(*_PERIODS, (2, 2)), rng.uniform(0, 2 * np.pi, (2, 2))
    waves = np.sin(2 * np.pi * times[:, None, None] / periods + phases) @ np.array(_SHARES)
    return wander * np.stack([waves[:, 0], np.zeros(len(times)), waves[:, 1]], -1)
