"""Smooth motion that never repeats, known at any time without stepping: a sum of sines with drawn phases."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Wander:
    """Band-limited noise of several channels with unit variance each.

    Attributes:
        frequencies: (channels, terms) hertz.
        phases: (channels, terms) radians.
        weights: (terms,) amplitudes; their squares add up to 2.
    """

    frequencies: Array
    phases: Array
    weights: Array

    def at(self, t: float) -> Array:
        """(channels,) values at time ``t`` in seconds."""
        return np.asarray(np.sin(2 * np.pi * self.frequencies * t + self.phases) @ self.weights)


def wander(rng: np.random.Generator, channels: int, band: tuple[float, float], terms: int = 7) -> Wander:
    """Noise whose power falls as 1/f between the ends of ``band`` (hertz), as postural sway does.

    Source for the 1/f spectrum of sway: Collins and De Luca 1993, Open-loop and closed-loop control of posture.
    """
    edges = np.geomspace(*band, terms + 1)
    frequencies = rng.uniform(edges[:-1], edges[1:], (channels, terms))
    weights = 1 / np.sqrt(0.5 * (edges[:-1] + edges[1:]))
    weights *= np.sqrt(2 / np.sum(weights**2))
    return Wander(frequencies, rng.uniform(0, 2 * np.pi, (channels, terms)), weights)


def minimum_jerk(u: float) -> float:
    """Smooth step from 0 at u <= 0 to 1 at u >= 1 with the least jerk (Flash and Hogan 1985)."""
    u = min(max(u, 0.0), 1.0)
    return u * u * u * (10 - 15 * u + 6 * u * u)


def spring(tau: float, frequency: float, damping: float) -> float:
    """Response of a spring-damper to a unit impulse, scaled so that its first peak is 1; 0 before the impulse.

    Args:
        tau: seconds since the impulse.
        frequency: undamped natural frequency, hertz.
        damping: damping ratio, below 1.
    """
    if tau <= 0:
        return 0.0
    omega = 2 * np.pi * frequency
    damped = omega * np.sqrt(1 - damping**2)
    peak = np.arctan2(np.sqrt(1 - damping**2), damping) / damped
    scale = np.exp(-damping * omega * peak) * np.sin(damped * peak)
    return float(np.exp(-damping * omega * tau) * np.sin(damped * tau) / scale)
