"""Inertial samples against the poses of the frames, by integration."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from generator.dataset.inertial import Imu, imu_of
from generator.labels.selfcheck.steps import ClipRecord
from generator.motion.inertial import GRAVITY, RATE, sample_times
from generator.sensor.inertial import ACCELEROMETER, GYROSCOPE, Channel

Array = NDArray[np.float64]

_TURN_TOLERANCE = 1e-3
"""Radians between two frames; frames lie between samples, which costs 0.0001 (tests/sensor/test_inertial.py)."""

_TRAVEL_TOLERANCE = 1.5e-3
"""Metres, of the second difference of three frames' places; 0.0002 for the same reason."""

_MOST_DEVIATIONS = 6.0


def check_inertial(clip: ClipRecord) -> None:
    """Times of the samples, turns and travel between frames, and what is measured against what is true."""
    report, imu = clip.report, imu_of(clip.folder / "imu.parquet")
    wanted = sample_times(clip.info["duration"])
    good = imu.t.shape == wanted.shape and bool(np.allclose(imu.t, wanted, atol=1e-9, rtol=0))
    report.expect(good, "inertial", f"{len(imu.t)} samples are not {RATE:.0f} a second over {clip.info['duration']} s")
    true = np.concatenate([imu.angular_velocity, imu.specific_force], axis=1)
    finite = bool(np.isfinite(true).all())
    report.expect(finite, "inertial", "angular_velocity or specific_force is not finite")
    if not (good and finite):
        return
    _check_path(clip, imu)
    _check_measured(clip, imu)


def _check_measured(clip: ClipRecord, imu: Imu) -> None:
    """Readings lie about the true values as far as such sensors are off."""
    for name, read, true, channel in (
        ("gyroscope", imu.gyroscope, imu.angular_velocity, GYROSCOPE),
        ("accelerometer", imu.accelerometer, imu.specific_force, ACCELEROMETER),
    ):
        if np.isnan(read).all():
            none = clip.info["tags"]["capture"] == "game"
            clip.report.expect(none, "inertial", f"{name} is missing")
            continue
        off = np.abs(read - np.clip(true, -channel.full_scale, channel.full_scale)).max(1)
        worst = int(np.argmax(np.nan_to_num(off, nan=np.inf)))
        said = f"{name} at {imu.t[worst]:.3f} s is {off[worst]:.3f} off the true value"
        clip.report.expect(bool(off[worst] < _spread(channel)), "inertial", said)


def _spread(channel: Channel) -> float:
    return (
        _MOST_DEVIATIONS * (channel.offset + channel.instability + channel.density * np.sqrt(RATE / 2)) + channel.step
    )


def _check_path(clip: ClipRecord, imu: Imu) -> None:
    """Integrates from frame to frame: turns by the midpoint rule, places by the double sum about three frames.

    The second difference of places is the acceleration's integral under a hat that is 1 at the middle frame and 0 at the two
    beside it, so the speed at which a frame begins need not be known.
    """
    frames = _distinct(clip, imu)
    times = np.array([row["t_capture"] for row in frames])
    poses = [_against_the_earth(row) for row in frames]
    if len(times) < 2:
        return
    edges = np.unique(np.concatenate([imu.t, times]))
    edges = edges[(edges >= times[0]) & (edges <= times[-1])]
    middles, lengths = 0.5 * (edges[1:] + edges[:-1]), np.diff(edges)
    rate, force = (_interpolated(imu.t, values, middles) for values in (imu.angular_velocity, imu.specific_force))
    steps = Rotation.from_rotvec(rate * lengths[:, None])
    halves = Rotation.from_rotvec(0.5 * rate * lengths[:, None]).as_matrix()
    first = np.searchsorted(edges, times)
    turns = steps.as_matrix()
    worst_turn, worst_travel = 0.0, 0.0
    integrals: list[Array] = []
    for k in range(len(times) - 1):
        attitude = poses[k][:3, :3]
        begun, ending = np.zeros(3), np.zeros(3)
        for cell in range(first[k], first[k + 1]):
            acceleration = attitude @ halves[cell] @ force[cell] - GRAVITY
            share = (middles[cell] - times[k]) / (times[k + 1] - times[k])
            begun += (1 - share) * lengths[cell] * acceleration
            ending += share * lengths[cell] * acceleration
            attitude = attitude @ turns[cell]
        off = float(Rotation.from_matrix(poses[k + 1][:3, :3].T @ attitude).magnitude())
        worst_turn = max(worst_turn, off)
        said = f"the gyroscope turns {off:.4f} rad otherwise than the poses until the next frame"
        clip.report.expect(off < _TURN_TOLERANCE, "inertial", said, frame=frames[k]["frame"])
        integrals.append(ending)
        if k > 0:
            off = _travel_error(
                times[k - 1 : k + 2], [pose[:3, 3] for pose in poses[k - 1 : k + 2]], integrals[-2] + begun
            )
            worst_travel = max(worst_travel, off)
            said = f"the accelerometer goes {off:.4f} m otherwise than the poses about this frame"
            clip.report.expect(off < _TRAVEL_TOLERANCE, "inertial", said, frame=frames[k]["frame"])
    clip.report.figures.update(inertial_turn_rad=worst_turn, inertial_travel_m=worst_travel)


def _against_the_earth(row: dict[str, Any]) -> Array:
    """(4, 4) earth from camera; the world is the earth where the place stands, as in clips from before ``T_earth_world``."""
    camera = np.array(row["T_world_camera"], float).reshape(4, 4)
    earth = row.get("T_earth_world")
    return camera if earth is None else np.array(earth, float).reshape(4, 4) @ camera


def _travel_error(times: Array, places: list[Array], integral: Array) -> float:
    """Metres by which the integral of the hat-weighted acceleration misses the second difference of three places."""
    before, after = times[1] - times[0], times[2] - times[1]
    second = (places[2] - places[1]) / after - (places[1] - places[0]) / before
    return float(np.linalg.norm(integral - second) * min(before, after))


def _distinct(clip: ClipRecord, imu: Imu) -> list[dict[str, Any]]:
    """Frames that were captured one after the other within the samples; repeated ones once."""
    kept: list[dict[str, Any]] = []
    last = imu.t[0]
    for row in clip.rows:
        if last < row["t_capture"] <= imu.t[-1]:
            kept.append(row)
            last = row["t_capture"]
    return kept


def _interpolated(t: Array, values: Array, at: Array) -> Array:
    return np.stack([np.interp(at, t, values[:, axis]) for axis in range(3)], axis=1)
