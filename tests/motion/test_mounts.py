"""Where cameras sit: each mount moves with what carries it."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from generator.motion.build import BuiltTimeline, build_timeline
from generator.motion.timeline import BodyMeasures
from tests.specs import corridor_spec

Array = NDArray[np.float64]

ONE_HAND = {"weapon__kind": "training_pistol", "weapon__hands": "one"}
SHOTS = [
    {"do": "low_ready", "for": 0.6}, {"do": "aim", "at": "ahead", "for": 0.5, "raise_time": 0.4},
    {"do": "fire", "shots": 3, "interval": 0.3, "pause": 0.7}, {"do": "lower", "for": 0.5},
]  # fmt: skip
MOUNTS = ["chest", "helmet", "shoulder", "spectacle", "weapon", "hand"]


def _timeline(mount: str, **overrides: Any) -> BuiltTimeline:
    spec = corridor_spec(camera__mount=mount, **{**ONE_HAND, "clip__duration": 6.0, **overrides})
    return build_timeline(spec, BodyMeasures.nominal())


def _forward(matrix: Array) -> Array:
    return np.asarray(matrix[:3, 2])


@pytest.mark.parametrize("kind", ["training_pistol", "training_smg", "training_shotgun", "training_carbine", "phone"])
def test_a_camera_below_the_barrel_keeps_its_place_on_what_is_held_and_looks_along_it(kind: str) -> None:
    timeline = _timeline("weapon", weapon__kind=kind, weapon__behaviour=SHOTS)
    moments = [timeline.at(t) for t in np.arange(0, 5, 0.05)]
    local = np.array([np.linalg.inv(m.T_world_thing) @ m.T_world_camera for m in moments])
    assert np.ptp(local[:, :3, 3], axis=0).max() < 1e-9
    along = np.degrees(np.arccos(np.clip(local[:, 1, 2], -1, 1)))  # camera's z against the thing's y
    assert along.max() < 2.5 and np.ptp(along) < 1.0
    assert np.all(local[:, 2, 1] < -0.99), "upside down"
    travelled = np.array([m.T_world_camera[2, 3] for m in moments])
    assert np.ptp(travelled) > 0.1, "it does not rise with the thing"


def test_shots_kick_a_camera_on_the_weapon_more_than_one_on_the_chest() -> None:
    def turned(mount: str) -> float:
        timeline = _timeline(mount, weapon__behaviour=SHOTS, camera__path={"kind": "static"})
        first = next(event.start for event in timeline.events if event.type == "discharge")
        before, after = (timeline.at(first + d).T_world_camera for d in (-0.01, 0.05))
        return float(np.degrees(np.arccos(np.clip(_forward(before) @ _forward(after), -1, 1))))

    assert turned("weapon") > 2.0 > 2 * turned("chest")


def test_spectacles_are_at_the_eyes_and_look_where_the_head_does() -> None:
    timeline = _timeline("spectacle", camera__look_around=1.0)
    for t in np.arange(0, 6, 0.1):
        moment = timeline.at(float(t))
        away = moment.T_world_camera[:3, 3] - moment.T_world_head[:3, 3]
        assert 0.06 < np.linalg.norm(away) < 0.1
        assert away @ moment.T_world_head[:3, 0] > 0.05, "not on the right temple"
        assert np.degrees(np.arccos(_forward(moment.T_world_camera) @ moment.T_world_head[:3, 1])) < 15


def test_a_phone_is_held_at_reading_distance_before_the_face_and_steadier_than_the_head() -> None:
    walk = {"camera__path": {"kind": "advance", "speed": 1.3}, "environment__length": 30.0, "camera__look_around": 0.0}
    steps = [{"do": "low_ready", "for": 5.0}]
    found = {}
    for mount in ("hand", "helmet"):
        timeline = _timeline(mount, weapon__behaviour=steps, **walk)
        moments = [timeline.at(float(t)) for t in np.arange(2, 5.5, 0.02)]
        heights = np.array([m.T_world_camera[2, 3] for m in moments])
        found[mount] = heights.std()
        if mount == "hand":
            away = [np.linalg.norm(m.T_world_camera[:3, 3] - m.T_world_head[:3, 3]) for m in moments]
            assert min(away) > 0.3 and max(away) < 0.42
    assert found["hand"] < 0.8 * found["helmet"]


def test_a_shoulder_camera_is_on_the_left_above_the_joint_and_before_the_body() -> None:
    timeline = _timeline("shoulder")
    for t in np.arange(0, 6, 0.2):
        moment = timeline.at(float(t))
        x, y, z, _ = np.linalg.inv(moment.T_world_torso) @ moment.T_world_camera[:, 3]
        assert -0.15 < x < -0.08 and y > 0.08 and 0.04 < z < 0.07


@pytest.mark.parametrize("mount", MOUNTS)
def test_every_mount_moves_smoothly_and_an_accelerometer_on_it_reads_gravity(mount: str) -> None:
    timeline = _timeline(mount, environment__length=30.0, clip__duration=10.0)
    times = np.arange(5.0, 9.5, 0.01)
    rates, forces = timeline.imu(times)
    world = [timeline.at(t).T_world_camera[:3, :3] @ f for t, f in zip(times, forces, strict=True)]
    assert np.mean(world, 0) == pytest.approx([0, 0, 9.81], abs=0.2)
    assert np.abs(rates).max() < 6.0
    for t in times[::50]:
        turn = timeline.at(float(t)).T_world_camera[:3, :3]
        assert turn.T @ turn == pytest.approx(np.eye(3), abs=1e-9) and np.linalg.det(turn) == pytest.approx(1)


@pytest.mark.parametrize(("overrides", "said"), [
    ({"camera__mount": "weapon", "weapon": None}, "camera.mount weapon with nothing held"),
    ({"camera__mount": "hand"}, "in both hands"),
    ({"camera__mount": "hand", **ONE_HAND, "weapon__hands": "two"}, "in both hands"),
    ({"camera__mount": "hand", **ONE_HAND, "weapon__behaviour": [{"do": "low_ready", "for": 1.0}, {"do": "reload", "for": 2.0}]},
     "takes both hands"),
])  # fmt: skip
def test_mounts_that_nothing_carries_are_refused(overrides: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        corridor_spec(**overrides)
