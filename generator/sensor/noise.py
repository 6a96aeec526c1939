"""Light to electrons and back: photons are counted, amplifiers add their own."""

import numpy as np
from numpy.typing import NDArray

from generator.scenario.device import SensorNoise

Single = NDArray[np.float32]

_HEADROOM = 1.25
"""Where pixels saturate, times white."""

_PEDESTAL = 64 / 1023
"""Black level of the raw values: 64 of 1023, as sensors' data sheets have it. Noise below black is kept down to there."""


def exposed(light: Single, gain: float, noise: SensorNoise, rng: np.random.Generator) -> Single:
    """(3, H, W) linear picture that the sensor reads, black level taken off; noise may be below 0.

    Poisson-Gaussian (Foi, Trimeche, Katkovnik and Egiazarian 2008; EMVA standard 1288): the variance is the number of electrons
    plus that of the reading; the Poisson part is drawn as a normal of its variance.

    Args:
        light: (3, H, W) linear, 1 is white; not below 0.
        gain: of the amplifier: at gain g white has a g-th of the electrons.
        noise: of the sensor.
        rng: of this frame.
    """
    well = np.float32(noise.full_well / gain)
    electrons = light * well
    deviation = np.sqrt(electrons + np.float32(reading_variance(noise, gain)))
    deviation *= rng.standard_normal(light.shape, dtype=np.float32)
    electrons += deviation
    if noise.row_noise:
        electrons += np.float32(noise.row_noise) * rng.standard_normal((light.shape[1], 1), dtype=np.float32)
    np.clip(electrons, -np.float32(_PEDESTAL) * well, np.float32(_HEADROOM) * well, out=electrons)
    electrons *= 1 / well
    return electrons


def reading_variance(noise: SensorNoise, gain: float) -> float:
    """Electrons squared that reading a pixel adds: before the amplifier, and behind it seen through the gain."""
    return noise.read_noise**2 + (noise.amplifier_noise / gain) ** 2


def deviation(level: NDArray[np.float64], gain: float, noise: SensorNoise) -> NDArray[np.float64]:
    """Standard deviation of a linear level (1 is white), row noise left out."""
    well = noise.full_well / gain
    return np.asarray(np.sqrt(np.maximum(level, 0) * well + reading_variance(noise, gain)) / well)
