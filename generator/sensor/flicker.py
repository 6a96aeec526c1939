"""Lamps on the mains: light that comes and goes twice a period, seen as bands where the rows are read one after another."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import ClipSpec
from generator.site import site_of

Array = NDArray[np.float64]

_MAINS_SD = 0.02
"""Hertz by which the mains wander (about 20 mHz in continental Europe, as ENTSO-E reports): bands drift at any frame rate."""

_DAYLIGHT = 0.5
"""Share of the light that is the lamps' by day; an estimate for rooms with windows and roof openings."""

_MAGNETIC = 0.4
"""Share of tube fittings that still have magnetic ballasts; an estimate."""


_DISCHARGE: Mapping[str, tuple[float, float]] = MappingProxyType({"street": (0.05, 0.35), "high_bay": (0.02, 0.35)})
"""Percent flicker of lamps of which part are sodium or metal halide on magnetic ballasts (up to 0.95 alone; Poplawski and Miller
2011), part LED: estimates of the mixture."""

_LAMPS_OUTDOORS: Mapping[str, float] = MappingProxyType({"day": 0.0, "dusk": 0.3, "night": 1.0})
"""Share of the light outdoors that is the lamps'; an estimate."""


@dataclass(frozen=True)
class Flicker:
    """How the lamps of a clip flicker, as the device's rows see it.

    Attributes:
        frequency: hertz of the light, twice the mains'.
        depth: percent flicker as a share: (most - least) / (most + least) of the lamps' light (IEEE 1789-2015).
        share: of the light that comes from lamps, 0..1.
        phase: radians at t = 0.
        readout: seconds from the first row to the last.
    """

    frequency: float
    depth: float
    share: float
    phase: float
    readout: float

    @classmethod
    def of(cls, spec: ClipSpec) -> "Flicker":
        """The flicker of a clip; the lamps' share is 0 where there is no sensor to see it."""
        lights, rng = spec.environment.lights, spec.stream("sensor/flicker")
        wander, phase, chance, where = rng.standard_normal(), rng.uniform(0, 2 * np.pi), rng.uniform(), rng.uniform()
        # Measured percent flicker (Poplawski and Miller 2011, for the US Department of Energy): tubes on magnetic ballasts 25 to
        # 40 %, on electronic ones 2 to 10 %; LED drivers from nothing to much, those of panels little.
        low, high = (0.25, 0.40) if chance < _MAGNETIC else (0.02, 0.10)
        if lights.fixture in _DISCHARGE:
            low, high = _DISCHARGE[lights.fixture]
        elif lights.fixture != "tube":
            low, high = 0.0, 0.05
        depth = lights.flicker if lights.flicker is not None else low + (high - low) * where
        day = spec.environment.time == "day"
        lamps = _LAMPS_OUTDOORS[spec.environment.time] if site_of(spec).outdoors else _DAYLIGHT if day else 1.0
        return cls(
            frequency=2 * (lights.mains + _MAINS_SD * float(np.clip(wander, -2.5, 2.5))),
            depth=float(depth),
            share=0.0 if spec.device.noise is None else lamps,
            phase=float(phase),
            readout=spec.device.shutter.readout,
        )

    def rows(self, t: float, exposure_s: float, height: int) -> Array:
        """(height,) factors of the light, 1 in the mean.

        Args:
            t: mid-exposure of the centre row, seconds.
            exposure_s: shutter time.
            height: rows of the picture.

        The lamp's output is a rectified sine over a steady part (its phosphor's afterglow), integrated over each row's exposure.
        """
        middle = t + ((np.arange(height) + 0.5) / height - 0.5) * self.readout
        omega = np.pi * self.frequency  # a rectified sine has two humps a period
        begin = omega * (middle - 0.5 * exposure_s) + 0.5 * self.phase
        mean = (_humps(begin + omega * exposure_s) - _humps(begin)) / (omega * exposure_s)
        # (1 - d) + d pi/2 |sin| has mean 1; its percent flicker p gives d.
        hump = 0.5 * np.pi
        d = 2 * self.depth / (hump * (1 - self.depth) + 2 * self.depth)
        return np.asarray(1 + self.share * d * (hump * mean - 1))


def _humps(x: Array) -> Array:
    """The integral of |sin| from 0 to x."""
    whole = np.floor(x / np.pi)
    return np.asarray(2 * whole + 1 - np.cos(x - whole * np.pi))
