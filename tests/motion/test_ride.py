"""A place that moves: what its frame does against the earth, how people sway in it, and what inertial sensors feel of it."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from generator.motion.build import BuiltTimeline, build_timeline
from generator.motion.inertial import GRAVITY, RATE, readings
from generator.motion.ride import STANDING, Moving, moving
from generator.site.model import Ride
from tests.specs import corridor_spec

VESSEL = Ride(roll=0.12, pitch=0.05, heave=0.4, period=7.0, pivot=(1.0, 5.0, -2.0), speed=3.0, heading=0.4)
CARRIAGE = Ride(speed=25.0, shake=0.35, heading=-0.3)
TIMES = np.arange(0.0, 120.0, 0.05)


def _moving(ride: Ride) -> Moving:
    found = moving(ride, np.random.default_rng(5))
    assert found is not None
    return found


def _timeline(ride: Ride | None) -> BuiltTimeline:
    spec = corridor_spec(clip__duration=3.0)
    return replace(build_timeline(spec), _moving=moving(ride, np.random.default_rng(5)))


def test_a_place_that_stands_is_the_earth() -> None:
    timeline = _timeline(None)
    assert timeline.at(1.0).ride is STANDING
    assert STANDING.T_earth_world.tolist() == np.eye(4).tolist()


def test_a_vessel_rolls_about_its_pivot_by_no_more_than_it_says() -> None:
    """Angles about its own axes stay within their amplitudes and use most of them; the pivot only heaves."""
    ride, axes = _moving(VESSEL), Rotation.from_rotvec([0, 0, VESSEL.heading])
    poses = np.array([ride.at(float(t)).pose for t in TIMES])
    turns = (axes.inv() * Rotation.from_matrix(poses[:, :3, :3]) * axes).as_euler("yxz")
    for axis, limit in ((0, VESSEL.roll), (1, VESSEL.pitch)):
        assert 0.7 * limit < np.abs(turns[:, axis]).max() <= limit * (1 + 0.02)
    moved = poses[:, :3, :3] @ VESSEL.pivot + poses[:, :3, 3] - VESSEL.pivot
    assert np.abs(moved[:, :2]).max() < 1e-9
    assert 0.7 * VESSEL.heave < np.abs(moved[:, 2]).max() <= VESSEL.heave


def test_a_roll_has_the_period_that_is_said() -> None:
    ride = _moving(VESSEL)
    rolls = np.array([ride.slow.at(float(t))[0] for t in TIMES])
    crossings = int((np.diff(np.sign(rolls)) > 0).sum())
    assert TIMES[-1] / crossings == pytest.approx(VESSEL.period, rel=0.15)


def test_what_is_travelled_goes_towards_the_heading() -> None:
    ride = _moving(replace(CARRIAGE, shake=0.0))
    there = ride.at(4.0).T_earth_world[:3, 3]
    assert there == pytest.approx([100 * np.sin(0.3), 100 * np.cos(0.3), 0.0], abs=1e-9)


def test_a_floor_shakes_by_its_stated_acceleration() -> None:
    """Second differences of its height, over two minutes, as rms."""
    ride, step = _moving(CARRIAGE), 1e-3
    heights = np.array([[ride.at(float(t + d)).pose[2, 3] for d in (-step, 0, step)] for t in TIMES])
    acceleration = (heights[:, 0] - 2 * heights[:, 1] + heights[:, 2]) / step**2
    assert float(np.sqrt((acceleration**2).mean())) == pytest.approx(CARRIAGE.shake, rel=0.1)


def test_bodies_obey_the_pendulum_that_they_are_said_to_be() -> None:
    """x'' + 2 d w x' + w^2 x = -a to the side, by differences."""
    ride, step = _moving(replace(CARRIAGE, heading=0.0)), 1e-3
    for t in (0.3, 2.0, 17.7):
        x = np.array([ride.bodies.at(t + d)[0] for d in (-step, 0.0, step)])
        floor = np.array([ride.shake.at(t + d)[0] for d in (-step, 0.0, step)])
        second, first = (x[0] - 2 * x[1] + x[2]) / step**2, (x[2] - x[0]) / (2 * step)
        w, d = 2 * np.pi * 0.9, 0.55
        pushed = (floor[0] - 2 * floor[1] + floor[2]) / step**2
        assert second + 2 * d * w * first + w**2 * x[1] == pytest.approx(-pushed, abs=1e-3)


def test_who_stands_on_a_heeling_deck_leans_towards_the_upright() -> None:
    """Less tilted against the earth than the deck, by a little more than half; feet stay where they are."""
    vessel = replace(VESSEL, heading=0.0, heave=0.0)
    still, afloat = _timeline(None), _timeline(vessel)
    for t in (0.5, 1.5, 2.5):
        ours, theirs = afloat.at(t), still.at(t)
        assert ours.feet.tolist() == theirs.feet.tolist()
        up = ours.ride.pose[:3, :3] @ ours.people[0].T_world_root[:3, 2]
        deck = ours.ride.pose[:3, 2]
        tilt, deck_tilt = (np.arccos(v[2]) for v in (up, deck))
        assert tilt == pytest.approx(0.4 * deck_tilt, rel=0.1, abs=2e-3)
        moved = np.linalg.norm(ours.T_world_torso[:3, 3] - theirs.T_world_torso[:3, 3])
        assert moved == pytest.approx(0.6 * deck_tilt * 1.35, rel=0.15, abs=3e-3)


def test_a_camera_that_is_bolted_down_feels_the_deck_and_nothing_of_the_speed() -> None:
    """Its readings are those of the deck's own rotation about the pivot, by the equation of a rigid body."""
    ride, place, step = _moving(VESSEL), np.array([2.0, 9.0, 1.5]), 1e-4
    fixed = np.eye(4)
    fixed[:3, 3] = place
    times = np.array([0.4, 3.1, 11.0])
    rate, force = readings(lambda t: ride.at(t).T_earth_world @ fixed, times)
    for t, turn, felt in zip(times, rate, force, strict=True):
        before, now, after = (ride.at(float(t + d)).pose for d in (-step, 0.0, step))
        turning = Rotation.from_matrix(before[:3, :3].T @ after[:3, :3]).as_rotvec() / (2 * step)
        arm = [pose[:3, :3] @ place + pose[:3, 3] for pose in (before, now, after)]
        pulled = now[:3, :3].T @ ((arm[0] - 2 * arm[1] + arm[2]) / step**2 + GRAVITY)
        assert turn == pytest.approx(turning, abs=1e-5)
        assert felt == pytest.approx(pulled, abs=2e-4)
    assert np.abs(force[:, :2]).max() > 0.2  # gravity turns


@pytest.mark.parametrize("ride", [VESSEL, CARRIAGE])
def test_readings_of_a_clip_integrate_to_its_poses_against_the_earth(ride: Ride) -> None:
    """Turns between two times by the product of the samples, places by the double sum (both exact on the samples' grid)."""
    timeline = _timeline(ride)
    times = 0.5 + np.arange(100) / RATE
    rate, force = timeline.imu(times)
    poses = [m.ride.T_earth_world @ m.T_world_camera for m in (timeline.at(float(t)) for t in times)]
    attitude = Rotation.from_matrix(poses[0][:3, :3])
    for turn, here, there in zip(0.5 * (rate[1:] + rate[:-1]), poses[:-1], poses[1:], strict=True):
        attitude = attitude * Rotation.from_rotvec(turn / RATE)
        assert (Rotation.from_matrix(there[:3, :3]).inv() * attitude).magnitude() < 2e-4
        assert np.linalg.norm(there[:3, 3] - here[:3, 3]) < (ride.speed + 4) / RATE
    for k in range(1, len(times) - 1):
        second = (poses[k + 1][:3, 3] - 2 * poses[k][:3, 3] + poses[k - 1][:3, 3]) * RATE**2
        assert poses[k][:3, :3] @ force[k] - GRAVITY == pytest.approx(second, abs=1e-5)
