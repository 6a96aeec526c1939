"""Inertial samples: of paths known by arithmetic, of a clip's own path, and what a small sensor makes of them."""

from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy.spatial.transform import Rotation

from generator.dataset.inertial import imu_of, write_inertial
from generator.motion.build import build_timeline
from generator.motion.inertial import GRAVITY, RATE, readings, sample_times
from generator.scenario.profiles import device_tree
from generator.sensor.inertial import ACCELEROMETER, GYROSCOPE, inertial_record, measured
from tests.specs import corridor_spec

SHOTS = [
    {"do": "aim", "at": "ahead", "for": 0.4, "raise_time": 0.4},
    {"do": "fire", "shots": 3, "interval": 0.25, "pause": 0.7},
    {"do": "lower", "for": 0.4},
]


def test_a_carousel_reads_its_turn_and_its_pull_to_the_middle_and_gravity() -> None:
    """2 m from the axis, 0.5 turns a second, the frame's x outwards: w = pi about z, and -w^2 r along x."""
    rate, radius = np.pi, 2.0

    def pose(t: float) -> Any:
        matrix = np.eye(4)
        matrix[:3, :3] = Rotation.from_rotvec([0, 0, rate * t]).as_matrix()
        matrix[:3, 3] = matrix[:3, :3] @ [radius, 0, 0]
        return matrix

    turn, force = readings(pose, np.array([0.0, 0.3, 0.7314]))
    assert turn == pytest.approx(np.tile([0, 0, rate], (3, 1)), abs=1e-9)
    assert force == pytest.approx(np.tile([-(rate**2) * radius, 0, 9.80665], (3, 1)), rel=1e-4, abs=1e-6)


def test_a_jolt_between_two_samples_is_not_lost() -> None:
    """A velocity that steps by 1 m/s at any time: the samples' accelerations add up to it."""
    for moment in np.linspace(0.1, 0.1 + 1 / RATE, 9):

        def pose(t: float, moment: float = float(moment)) -> Any:
            matrix = np.eye(4)
            matrix[0, 3] = max(t - moment, 0.0)
            return matrix

        _, force = readings(pose, sample_times(0.3))
        assert (force - GRAVITY).sum(0) / RATE == pytest.approx([1, 0, 0], abs=1e-6)


@pytest.mark.parametrize("mount", ["chest", "helmet"])
@pytest.mark.parametrize("fps", [10.0, 25.0, 29.97])
def test_the_file_integrates_to_the_turn_and_the_travel_between_frames(mount: str, fps: float, tmp_path: Any) -> None:
    """Through shots and steps; rotation by the midpoint rule, travel by the hat-weighted double sum about three frames."""
    spec = corridor_spec(camera__mount=mount, clip__fps=fps, clip__duration=4.0, weapon__behaviour=SHOTS)
    timeline = build_timeline(spec)
    write_inertial(tmp_path / "imu.parquet", inertial_record(spec, timeline))
    imu = imu_of(tmp_path / "imu.parquet")
    assert len(imu.t) == np.ceil(timeline.duration * RATE - 1e-6) and imu.t[-1] < timeline.duration
    frames = (np.arange(spec.n_frames) + 0.5) / fps
    poses = [timeline.at(float(t)).T_world_camera for t in frames]
    turned, travelled = [], []
    for k in range(1, len(frames) - 1):
        before, here, after = frames[k - 1 : k + 2]
        attitude = Rotation.from_matrix(poses[k - 1][:3, :3])
        second = np.zeros(3)
        edges = np.unique(np.clip(np.arange(np.floor(before * RATE) - 1, after * RATE + 2) / RATE, before, after))
        for low, high in pairwise(edges):
            middle = 0.5 * (low + high)
            now = attitude * Rotation.from_rotvec(0.5 * (high - low) * _at(imu.t, imu.angular_velocity, middle))
            acceleration = now.apply(_at(imu.t, imu.specific_force, middle)) - [0, 0, 9.80665]
            hat = (middle - before) / (here - before) if middle < here else (after - middle) / (after - here)
            second += hat * acceleration * (high - low)
            attitude = attitude * Rotation.from_rotvec((high - low) * _at(imu.t, imu.angular_velocity, middle))
        turned.append((Rotation.from_matrix(poses[k + 1][:3, :3]).inv() * attitude).magnitude())
        places = [pose[:3, 3] for pose in poses[k - 1 : k + 2]]
        travelled.append(np.linalg.norm(second / fps - (places[2] - 2 * places[1] + places[0])))
    assert max(turned) < 4e-4, "radians, over two frames"
    assert max(travelled) < 6e-4, "metres"


def _at(t: Any, values: Any, x: float) -> Any:
    return np.array([np.interp(x, t, values[:, k]) for k in range(3)])


def test_the_sensor_has_the_noise_and_the_drift_of_its_data_sheet() -> None:
    """Allan deviation of an hour at rest: N / sqrt(tau) at 1 s, and at its foot no less than the instability allows."""
    n = int(3600 * RATE)
    for channel in (GYROSCOPE, ACCELEROMETER):
        read = measured(np.zeros((n, 3)), channel, np.random.default_rng(5))
        # The density of a sensor is one-sided: N^2 a hertz, so averages of tau seconds deviate by N / sqrt(2 tau).
        assert _allan(read, 1.0) == pytest.approx(channel.density / np.sqrt(2), rel=0.05)
        assert 0.4 < _allan(read, 100.0) / np.hypot(channel.density / np.sqrt(200), 0.6 * channel.instability) < 1.6
        steps = read / channel.step
        assert np.abs(steps - np.round(steps)).max() < 1e-6


def _allan(read: Any, seconds: float) -> float:
    size = int(seconds * RATE)
    means = read[: len(read) // size * size].reshape(-1, size, 3).mean(1)
    return float(np.sqrt(0.5 * np.mean(np.diff(means, axis=0) ** 2)))


def test_offsets_differ_from_part_to_part_as_the_data_sheet_says_and_what_is_too_much_is_cut() -> None:
    still = np.zeros((200, 3))
    offsets = [measured(still, GYROSCOPE, np.random.default_rng(k)).mean(0) for k in range(300)]
    assert np.std(offsets) == pytest.approx(GYROSCOPE.offset, rel=0.1)
    assert measured(still + 1e4, ACCELEROMETER, np.random.default_rng(0)).max() < ACCELEROMETER.full_scale


def test_a_twin_has_the_same_sensor_and_a_game_has_none(tmp_path: Any) -> None:
    spec, twin = corridor_spec(weapon__kind="phone"), corridor_spec(weapon__kind="torch")
    one, other = (inertial_record(s, build_timeline(s)) for s in (spec, twin))
    assert one.gyroscope is not None and np.array_equal(one.gyroscope, other.gyroscope)
    assert not np.allclose(one.gyroscope, one.angular_velocity, atol=1e-4)
    game = corridor_spec(family="negative", device=device_tree("game_capture"))
    write_inertial(tmp_path / "imu.parquet", inertial_record(game, build_timeline(game)))
    assert np.isnan(imu_of(tmp_path / "imu.parquet").accelerometer).all()
    table = pq.read_table(tmp_path / "imu.parquet")
    assert table.column("gyroscope").null_count == table.num_rows
    assert b"digitalCreation" in table.schema.metadata[b"digital_source_type"]
