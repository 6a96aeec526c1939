"""What a small inertial sensor in the camera makes of the true motion: offset, noise, slow drift, range and steps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.motion.inertial import RATE, sample_times
from generator.motion.timeline import Timeline
from generator.scenario.spec import ClipSpec

Array = NDArray[np.float64]

_STANDARD_GRAVITY = 9.80665


@dataclass(frozen=True)
class Channel:
    """One of the two sensors, in its unit (rad/s or m/s2).

    Attributes:
        offset: standard deviation from part to part of what it reads too much, per axis.
        density: white noise, a square root of a hertz.
        instability: the lowest value of its Allan deviation divided by 0.664 (IEEE Std 952-1997, annex C).
        full_scale: largest value; what is beyond reads as that.
    """

    offset: float
    density: float
    instability: float
    full_scale: float

    @property
    def step(self) -> float:
        """Of its 16-bit number."""
        return self.full_scale / 2**15


GYROSCOPE = Channel(np.radians(0.5), np.radians(0.007), np.radians(6 / 3600), np.radians(2000))
ACCELEROMETER = Channel(
    0.020 * _STANDARD_GRAVITY, 160e-6 * _STANDARD_GRAVITY, 40e-6 * _STANDARD_GRAVITY, 16 * _STANDARD_GRAVITY
)
"""Of six-axis MEMS parts for phones and wearables, of about 2015 to 2020: their datasheets give 0.004 to 0.010 degrees/s
and 70 to 300 micro-g a square root of a hertz, zero-rate offsets of 0.5 to 3 degrees/s and zero-g offsets of 20 to 60 mg, and
ranges up to 2000 degrees/s and 16 g in 16 bits. Instabilities are seldom stated; Allan plots of such parts bottom out at a
few degrees an hour and some tens of micro-g."""

_CORRELATION = 100.0
"""Seconds over which the drift forgets: the Allan deviation of such parts is lowest at 100 s or so."""


def measured(true: Array, channel: Channel, rng: np.random.Generator) -> Array:
    """What the sensor reads of (n, 3) true values at ``RATE``, in their unit.

    White noise of density N, averaged over one period, has the deviation ``N sqrt(RATE / 2)``. The drift is a first-order
    Gauss-Markov process; the Allan deviation of one of deviation s is highest at 1.89 correlation times, with 0.618 s
    (IEEE Std 952-1997, annex C), and that is set to the floor that the instability stands for.
    """
    offset = channel.offset * rng.standard_normal(3)
    drift = np.empty_like(true)
    spread = 0.664 / 0.618 * channel.instability
    keep = np.exp(-1 / (RATE * _CORRELATION))
    drawn = rng.standard_normal(true.shape)
    level = spread * rng.standard_normal(3)
    for k, kick in enumerate(drawn):
        drift[k] = level
        level = keep * level + spread * np.sqrt(1 - keep**2) * kick
    noise = channel.density * np.sqrt(RATE / 2) * rng.standard_normal(true.shape)
    read = np.clip(true + offset + drift + noise, -channel.full_scale, channel.full_scale - channel.step)
    return np.asarray(np.round(read / channel.step) * channel.step)


@dataclass(frozen=True)
class InertialRecord:
    """The samples of a clip: what moved, and what the device's sensor read of it.

    Attributes:
        t: (n,) seconds, every 1 / ``RATE`` from 0.
        angular_velocity, specific_force: (n, 3) true values, rad/s and m/s2, camera axes.
        gyroscope, accelerometer: (n, 3) the same as measured; None where the device has no such sensor.
    """

    t: Array
    angular_velocity: Array
    specific_force: Array
    gyroscope: Array | None
    accelerometer: Array | None


def inertial_record(spec: ClipSpec, timeline: Timeline) -> InertialRecord:
    """Samples over [0, duration); what is no camera but a game's view measures nothing."""
    times = sample_times(timeline.duration)
    turn, force = timeline.imu(times)
    if spec.device.capture == "game":
        return InertialRecord(times, turn, force, None, None)
    rng = spec.stream("sensor/inertial")
    return InertialRecord(times, turn, force, measured(turn, GYROSCOPE, rng), measured(force, ACCELEROMETER, rng))
