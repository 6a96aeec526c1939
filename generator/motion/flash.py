"""How much of a muzzle flash falls into the exposure of each row."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.camera import row_times
from generator.motion.timeline import Event, Timeline

Array = NDArray[np.float64]

DECAY = 2.5
"""The flash fades as exp(-DECAY u) over its duration, u from 0 to 1."""

_SAME = 0.02
"""Share of the brightest row's light by which rows may differ and still count as lit alike: no eye or sensor tells that."""


@dataclass(frozen=True)
class RowFlash:
    """Flashes as the rows of one frame see them.

    Attributes:
        brightness: (H,) mean brightness over each row's exposure, 0..1; 0 exactly where no flash overlaps it.
        shot: number of the brightest shot; 0 where no row sees any.
    """

    brightness: Array
    shot: int

    @property
    def peak(self) -> float:
        """Of the row that sees most."""
        return float(self.brightness.max())

    @property
    def shares(self) -> Array | None:
        """(H,) of the peak; None where all rows see the same, or nothing."""
        if self.brightness.min() >= (1 - _SAME) * self.peak:
            return None
        return self.brightness / self.peak


def row_flash(timeline: Timeline, t: float, exposure_s: float, readout_s: float, height: int) -> RowFlash:
    """Flashes in a frame of ``height`` rows that are read over ``readout_s``, each exposed about the time at which it is read."""
    times = row_times(t, readout_s, height) if readout_s else np.array([t])
    begin, end = times - 0.5 * exposure_s, times + 0.5 * exposure_s
    total, best, number = np.zeros(len(times)), 0.0, 0
    for event in timeline.events:
        if event.type == "muzzle_flash" and event.end > begin[0] and event.start < end[-1]:
            light = _light(event, begin, end)
            total += light
            if light.max() > best:
                best, number = float(light.max()), int(event.attributes["shot"])
    brightness = total / exposure_s if number else total
    return RowFlash(np.broadcast_to(brightness, (height,)), number)


def exposed_flash(timeline: Timeline, t: float, exposure_s: float) -> tuple[float, int]:
    """Mean brightness of flashes over an exposure centred on ``t``, and the number of the brightest shot.

    Returns:
        (mean brightness, 0..1; shot number). (0, 0) exactly when no flash overlaps the exposure.
    """
    found = row_flash(timeline, t, exposure_s, 0.0, 1)
    return found.peak, found.shot


def _light(event: Event, begin: Array, end: Array) -> Array:
    """Brightness of a flash, integrated from ``begin`` to ``end`` (n,), seconds."""
    length = event.end - event.start
    first, last = (np.clip((edge - event.start) / length, 0.0, 1.0) for edge in (begin, end))
    light = length / DECAY * (np.exp(-DECAY * first) - np.exp(-DECAY * last))
    return np.where((event.end > begin) & (event.start < end), light, 0.0)
