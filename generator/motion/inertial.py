"""What an ideal inertial sensor at the camera reads, from the camera's exact path."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

Array = NDArray[np.float64]

RATE = 200.0
"""Samples a second."""

GRAVITY = np.array([0.0, 0.0, 9.80665])
"""m/s2 upwards: what an accelerometer at rest reads (standard gravity, ISO 80000-3)."""


def sample_times(duration: float) -> Array:
    """(n,) seconds of the samples in [0, duration): whole multiples of a period."""
    return np.arange(np.ceil(duration * RATE - 1e-6)) / RATE


def readings(pose: Callable[[float], Array], t: Array) -> tuple[Array, Array]:
    """Angular velocity (n, 3) rad/s and specific force (n, 3) m/s2 in the axes of the moving frame.

    Both are means over about one period, as a sensor that decimates an oversampled signal gives them, so that nothing
    falls between two samples, not even the jolt of a shot:

    - the rate is the turn from half a period before to half a period after, divided by the period: the product of the
      samples' exponentials is the turn of the path (Savage 1998, Strapdown inertial navigation integration algorithm
      design, part 1);
    - the acceleration is the second difference of the place over one period, the mean under a triangle two periods wide:
      its double sum is the path's places (Verlet's scheme).

    Args:
        pose: (4, 4) world from the moving frame, at a time in seconds; asked one period beyond ``t`` on both sides.
        t: (n,) seconds.
    """
    times = np.asarray(t, float).ravel()
    # In pieces: the poses take many times the room of what is read from them.
    pieces = [_readings(pose, piece) for piece in np.split(times, range(_PIECE, len(times), _PIECE))]
    rates, forces = zip(*pieces, strict=True)
    return np.concatenate(rates), np.concatenate(forces)


_PIECE = 500
"""Samples whose poses are held at once."""


def _readings(pose: Callable[[float], Array], times: Array) -> tuple[Array, Array]:
    period = 1 / RATE
    known: dict[int, Array] = {}

    def at(x: float) -> Array:
        key = round(x * 1e7)  # neighbours on a grid share places
        if key not in known:
            known[key] = pose(x)
        return known[key]

    if not len(times):
        return np.empty((0, 3)), np.empty((0, 3))
    turns = [np.array([at(float(x + d))[:3, :3] for x in times]) for d in (-period / 2, 0.0, period / 2)]
    places = [np.array([at(float(x + d))[:3, 3] for x in times]) for d in (-period, 0.0, period)]
    before, now, after = (Rotation.from_matrix(turn) for turn in turns)
    rate = (before.inv() * after).as_rotvec() / period
    acceleration = (places[2] - 2 * places[1] + places[0]) / period**2
    return np.asarray(rate), np.asarray(now.inv().apply(acceleration + GRAVITY))
