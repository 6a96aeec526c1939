"""Where the wearer looks, turn by turn."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.motion.noise import minimum_jerk

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Glances:
    """Where the wearer looks: head turns to drawn directions at drawn times; the trunk follows late and less.

    Attributes:
        starts: (n,) seconds at which a turn begins.
        seconds: (n,) how long it takes.
        yaw, pitch: (n + 1,) radians before the first and after each turn.
    """

    starts: Array
    seconds: Array
    yaw: Array
    pitch: Array

    def at(self, t: float, delay: float = 0.0) -> tuple[float, float]:
        """Yaw and pitch at ``t``, ``delay`` seconds late."""
        yaw, pitch = float(self.yaw[0]), float(self.pitch[0])
        for k, (start, seconds) in enumerate(zip(self.starts, self.seconds, strict=True)):
            share = minimum_jerk((t - delay - start) / seconds)
            yaw += share * float(self.yaw[k + 1] - self.yaw[k])
            pitch += share * float(self.pitch[k + 1] - self.pitch[k])
        return yaw, pitch


def glances(rng: np.random.Generator, amount: float, duration: float) -> Glances:
    """Turns every 1.2-3 s of 10-35 degrees at full ``amount``; head turns last 0.3-0.7 s (Grossman et al. 1988)."""
    n = int(duration / 1.2) + 2
    starts = np.cumsum(rng.uniform(1.2, 3.0, n)) - rng.uniform(0, 1.5)
    yaw = np.radians(28.0) * amount * rng.standard_normal(n + 1).clip(-1.6, 1.6) * 0.6
    pitch = np.radians(7.0) * amount * rng.standard_normal(n + 1).clip(-1.6, 1.6)
    return Glances(starts, rng.uniform(0.35, 0.75, n), yaw, pitch)
