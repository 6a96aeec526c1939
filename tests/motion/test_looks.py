"""What looks ask of motion: a game's camera has no body, its weapon sticks to the picture, a film's camera is on a rig."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from generator.motion.build import BuiltTimeline, build_timeline
from generator.motion.looks import Looks, clean_kick
from generator.scenario.profiles import device_tree
from generator.scenario.things import THINGS
from tests.specs import corridor_spec

Array = NDArray[np.float64]

BEHAVIOUR = [
    {"do": "low_ready", "for": 2.0}, {"do": "aim", "at": "target", "for": 2.5, "raise_time": 0.4},
    {"do": "fire", "shots": 3, "interval": 0.4, "pause": 0.7}, {"do": "reload", "for": 2.0}, {"do": "lower", "for": 1.0},
]  # fmt: skip
STEP = 0.01
WALK = np.arange(1.5, 8.5, STEP)
"""Seconds in which every walk below goes on evenly."""


def _timeline(profile: str = "game_capture", look: dict[str, Any] | None = None, **overrides: Any) -> BuiltTimeline:
    device = device_tree(profile)
    if look:
        device["look"] = {**device["look"], **look}
    chosen: dict[str, Any] = {
        "family": "negative", "device": device, "camera__mount": "helmet", "camera__path": {"kind": "advance", "speed": 1.3},
        "environment__length": 40.0, "clip__duration": 10.0, "clip__fps": 24.0, "weapon__behaviour": BEHAVIOUR, **overrides,
    }  # fmt: skip
    return build_timeline(corridor_spec(**chosen))


def _cameras(timeline: BuiltTimeline, times: Array) -> Array:
    return np.array([timeline.camera(float(t)) for t in times])


def _angles(cameras: Array) -> Array:
    """(n, 3) degrees: pitch, roll, yaw of cameras in OpenCV axes."""
    right, forward = cameras[:, :3, 0], cameras[:, :3, 2]
    yaw = np.arctan2(-forward[:, 0], forward[:, 1])
    return np.degrees(np.stack([np.arcsin(forward[:, 2]), np.arcsin(right[:, 2]), yaw], -1))


def _amplitude(values: Array, hertz: float) -> float:
    """Of the sinusoid of that frequency; a Blackman window keeps slow turns out of it."""
    window = np.blackman(len(values))
    wave = np.exp(-2j * np.pi * hertz * STEP * np.arange(len(values)))
    trend = np.polyval(np.polyfit(WALK, values, 1), WALK)
    return float(2 * np.abs(np.sum(window * (values - trend) * wave)) / window.sum())


def _shake(values: Array) -> float:
    """Rms above 1 Hz."""
    window = np.blackman(len(values))
    trend = np.polyval(np.polyfit(WALK, values, 3), WALK)
    spectrum = np.fft.rfft(window * (values - trend))
    fast = np.fft.rfftfreq(len(values), STEP) > 1
    return float(np.sqrt(2 * np.sum(np.abs(spectrum[fast]) ** 2) / len(values) / np.sum(window**2)))


def _step_hertz(timeline: BuiltTimeline) -> float:
    inside = [t for t in timeline.steps if WALK[0] < t < WALK[-1]]
    return float(1 / np.mean(np.diff(inside)))


@pytest.mark.parametrize("mount", ["helmet", "chest", "weapon"])
def test_a_camera_that_glides_is_level_and_knows_no_steps(mount: str) -> None:
    timeline = _timeline(camera__mount=mount, camera__look_around=1.0)
    cameras = _cameras(timeline, np.arange(0, timeline.duration, STEP))
    assert np.ptp(cameras[:, 2, 3]) < 1e-6, "it rises and falls"
    assert np.ptp(cameras[:, 0, 3]) < 1e-6, "it goes from side to side"
    assert np.abs(_angles(cameras)[:, 1]).max() < 1e-6, "it rolls"
    walk = _cameras(timeline, WALK)
    assert np.ptp(np.diff(walk[:, 1, 3])) < 1e-6, "its speed changes with the steps"
    worn = _cameras(_timeline("helmet_rectilinear", camera__look_around=1.0), WALK)
    bob = [_amplitude(which[:, 2, 3], _step_hertz(timeline)) for which in (walk, worn)]
    assert bob[0] < 1e-6 and bob[1] > 0.01
    assert np.ptp(_angles(walk)[:, 2]) > 3, "it does not look around"


def test_a_gliding_camera_starts_to_walk_at_once_and_never_jumps() -> None:
    timeline = _timeline(seed=3)
    times = np.arange(-0.5, timeline.duration, 0.002)
    cameras = _cameras(timeline, times)
    speed = np.diff(cameras[:, 1, 3]) / 0.002
    assert np.abs(np.diff(speed)).max() < 0.002 * 1.3 / 0.2 + 1e-6, (
        "it is pushed harder than a fifth of a second allows"
    )
    pitch, _, yaw = _angles(cameras).T
    rates = np.diff(np.stack([pitch, yaw], -1), axis=0) / 0.002
    assert np.abs(np.diff(rates, axis=0)).max() < 4.0, "the turn's rate jumps by that many degrees a second"


def test_a_shot_kicks_a_games_view_up_once_and_it_comes_back_without_ringing() -> None:
    timeline = _timeline(camera__look_around=0.0, camera__path={"kind": "static"})
    shot = [event.start for event in timeline.events if event.type == "discharge"][-1]
    after = _angles(_cameras(timeline, shot + np.arange(0, 0.5, 0.005)))
    pitch = after[:, 0] - after[0, 0]
    top = int(pitch.argmax())
    assert 0.2 < pitch[top] < 2 and 0.03 < 0.005 * top < 0.1
    assert np.all(np.diff(pitch[: top + 1]) > 0) and np.all(np.diff(pitch[top:]) < 0)
    assert abs(pitch[-1]) < 0.02 and np.abs(after[:, 1]).max() < 1e-9
    assert clean_kick(-0.01) == 0 and clean_kick(0.0) == 0 and clean_kick(0.06) == pytest.approx(1)


def _in_camera(timeline: BuiltTimeline, times: Array) -> Array:
    return np.array([np.linalg.inv(m.T_world_camera) @ m.T_world_thing for m in (timeline.at(float(t)) for t in times)])


def _spread(poses: Array) -> tuple[float, float]:
    """Metres and degrees between the first pose and the farthest."""
    turned = poses[0, :3, :3].T @ poses[:, :3, :3]
    cosine = np.clip((np.trace(turned, axis1=1, axis2=2) - 1) / 2, -1, 1)
    return float(np.linalg.norm(poses[:, :3, 3] - poses[0, :3, 3], axis=1).max()), float(
        np.degrees(np.arccos(cosine)).max()
    )


@pytest.mark.parametrize(("mount", "glide"), [
    ("helmet", True), ("weapon", True), ("helmet", False), ("chest", False), ("spectacle", False),
])  # fmt: skip
@pytest.mark.parametrize("kind", ["training_carbine", "training_pistol", "phone"])
def test_what_is_glued_keeps_its_place_in_the_picture(mount: str, glide: bool, kind: str) -> None:
    timeline = _timeline(look={"glide": glide}, weapon__kind=kind, camera__mount=mount, camera__look_around=1.0)
    for begin, end in ((0.0, 1.9), (2.5, 4.8)):  # low, and aimed
        metres, degrees = _spread(_in_camera(timeline, np.arange(begin, end, 0.05)))
        assert metres < 1e-3 and degrees < 0.1
    free = _timeline(look={"glide": glide, "weapon_glued": False}, weapon__kind=kind, camera__look_around=1.0)
    assert _spread(_in_camera(free, np.arange(2.5, 4.8, 0.05)))[0] > 3e-3


@pytest.mark.parametrize("kind", [kind for kind in THINGS if kind != "empty_hands"])
def test_games_show_what_is_held_at_the_lower_right_and_sights_in_the_middle(kind: str) -> None:
    timeline = _timeline(weapon__kind=kind)
    low, aimed = _in_camera(timeline, np.array([1.0, 3.0]))
    x, y, z = low[:3, 3]
    assert x > 0.05 and y > 0 and z > 0.1, "not at the lower right"
    ahead = (low @ (0.0, 0.3, 0.0, 1.0))[:3]  # what is before the hands
    assert abs(ahead[1] / ahead[2]) < np.tan(np.radians(30)), "below the picture"
    sights = Looks(glued=True).hold(kind).sights
    if sights is not None:
        assert aimed @ (0, 0, sights, 1) == pytest.approx([0, 0, aimed[2, 3], 1], abs=1e-6)
        assert aimed[:3, 1] == pytest.approx([0, 0, 1], abs=1e-6), "it does not point where the view does"


def test_a_glued_weapon_is_pushed_straight_back_by_a_shot_and_its_recoil_is_smooth() -> None:
    timeline = _timeline()
    shot = next(event.start for event in timeline.events if event.type == "discharge")
    before, after = _in_camera(timeline, np.array([shot, shot + 0.06]))
    moved = after[:3, 3] - before[:3, 3]
    assert moved[:2] == pytest.approx([0, 0], abs=1e-9) and -0.03 < moved[2] < -0.005
    assert after[:3, :3] == pytest.approx(before[:3, :3], abs=1e-9)


@pytest.mark.parametrize("mount", ["helmet", "chest", "shoulder", "spectacle"])
def test_a_steady_camera_passes_a_tenth_of_the_steps_and_hardly_any_shake(mount: str) -> None:
    film = _timeline("film_camera", camera__mount=mount)
    free = _timeline("film_camera", {"steady": False}, camera__mount=mount)
    steady, worn = _cameras(film, WALK), _cameras(free, WALK)
    hertz = _step_hertz(film)
    assert _amplitude(steady[:, 2, 3], hertz) < 0.1 * _amplitude(worn[:, 2, 3], hertz)
    for axis in (0, 2):
        assert _shake(steady[:, axis, 3]) < 0.12 * _shake(worn[:, axis, 3])
    shakes = [[_shake(column) for column in _angles(which).T] for which in (steady, worn)]
    assert np.all(np.array(shakes[0]) < 0.15 * np.array(shakes[1]))
    assert np.abs(_angles(steady)[:, 1]).max() < 1.5, "the horizon is not level"
    assert 1e-4 < np.std(np.diff(_angles(steady)[:, 1])) / STEP < 1.0, "it does not drift, or not slowly"


def test_a_steady_camera_leaves_the_wearer_and_what_is_held_as_they_are() -> None:
    film, free = _timeline("film_camera"), _timeline("film_camera", {"steady": False})
    for t in np.arange(0, film.duration, 0.1):
        one, other = film.at(float(t)), free.at(float(t))
        for name in ("T_world_torso", "T_world_head", "T_world_thing", "feet"):
            assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


@pytest.mark.parametrize(("profile", "flags"), [
    ("game_capture", {"glide": False, "weapon_glued": False}), ("film_camera", {"steady": False}),
])  # fmt: skip
@pytest.mark.parametrize("mount", ["helmet", "chest", "hand"])
def test_without_the_flags_a_look_moves_as_any_worn_camera_does(
    profile: str, flags: dict[str, bool], mount: str
) -> None:
    same = {"camera__mount": mount, "weapon__kind": "training_pistol", "weapon__hands": "one"}
    same["weapon__behaviour"] = [step for step in BEHAVIOUR if step["do"] != "reload"]
    look, worn = _timeline(profile, flags, **same), _timeline("bodycam_wide", **same)
    for t in np.arange(0, 9, 0.1):
        one, other = look.at(float(t)), worn.at(float(t))
        for name in ("T_world_camera", "T_world_torso", "T_world_head", "T_world_thing", "feet"):
            assert getattr(one, name).tobytes() == getattr(other, name).tobytes()


@pytest.mark.parametrize(
    ("profile", "mount"), [("game_capture", "helmet"), ("film_camera", "helmet"), ("film_camera", "chest")]
)
def test_inertial_truth_of_a_look_is_the_path_of_its_camera(profile: str, mount: str) -> None:
    timeline = _timeline(profile, camera__mount=mount)
    times = np.arange(2.0, 8.0, 0.005)
    rates, forces = timeline.imu(times)
    turn = timeline.camera(times[0] - 0.0025)[:3, :3]
    for rate in rates:
        turn = turn @ _rotated(rate * 0.005)
    wanted = timeline.camera(times[-1] + 0.0025)[:3, :3]
    assert np.degrees(np.arccos(np.clip((np.trace(turn.T @ wanted) - 1) / 2, -1, 1))) < 0.1
    world = [timeline.camera(t)[:3, :3] @ f for t, f in zip(times, forces, strict=True)]
    assert np.mean(world, 0) == pytest.approx([0, 0, 9.81], abs=0.12)
    assert np.abs(np.linalg.norm(forces, axis=1) - 9.81).max() < 3, "a jolt that no rig and no game has"


def _rotated(vector: Array) -> Array:
    """Rodrigues' formula."""
    angle = float(np.linalg.norm(vector))
    x, y, z = vector / max(angle, 1e-15)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)
