"""What people and physics do not do: slide, walk through walls, fire while reloading, or fall upwards."""

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from generator.motion.build import BuiltTimeline, build_timeline
from generator.motion.timeline import BodyMeasures
from tests.specs import corridor_spec

Array = NDArray[np.float64]
FIREARMS = ("training_carbine", "training_pistol")

SHOTS = [
    {"do": "low_ready", "for": 0.6},
    {"do": "aim", "at": "ahead", "for": 0.5, "raise_time": 0.4},
    {"do": "fire", "shots": 3, "interval": 0.5, "pause": 0.7},
    {"do": "lower", "for": 0.4},
]

seconds = st.floats(0.15, 1.5)
steps = st.lists(
    st.one_of(
        st.builds(lambda s: {"do": "low_ready", "for": s}, seconds),
        st.builds(
            lambda s, r, n: [
                {"do": "aim", "at": "target", "for": s, "raise_time": r}, {"do": "fire", "shots": n, "interval": s, "pause": 0.7}
            ],
            seconds, seconds, st.integers(1, 4),
        ),
        st.builds(lambda s: {"do": "reload", "for": 1 + s}, seconds),
        st.builds(lambda s: {"do": "lower", "for": s}, seconds),
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


def _flat(parts: list[Any]) -> list[dict[str, Any]]:
    return [step for part in parts for step in (part if isinstance(part, list) else [part])]


def _timeline(**overrides: Any) -> BuiltTimeline:
    return build_timeline(corridor_spec(**overrides))


def _walker(seed: int, speed: float, **overrides: Any) -> BuiltTimeline:
    return _timeline(seed=seed, camera__path={"kind": "advance", "speed": speed}, **overrides)


def _times(timeline: BuiltTimeline, step: float) -> Array:
    return np.arange(0, timeline.duration, step)


@given(
    parts=steps, kind=st.sampled_from(FIREARMS), duration=st.floats(0.5, 8), fps=st.sampled_from([10.0, 25.0, 29.97])
)
@example([{"do": "low_ready", "for": 0.47115916511466627}], "training_carbine", 3.375, 10.0)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_weapon_states_tile_the_clip_and_every_shot_falls_while_aiming(
    parts: list[Any], kind: str, duration: float, fps: float
) -> None:
    timeline = _timeline(
        weapon__kind=kind, weapon__behaviour=_flat(parts), clip__duration=duration, clip__fps=fps, clip__size=[32, 32]
    )
    edges = [0.0, *(state.end for state in timeline.states)]
    assert [state.start for state in timeline.states] == edges[:-1]
    assert edges[-1] == timeline.duration == round(duration * fps) / fps
    assert np.all(np.diff(edges) > 0)
    for state in timeline.states:
        middle = 0.5 * (state.start + state.end)
        assert timeline.at(state.start).state == timeline.at(middle).state == state.state
    shots = [event for event in timeline.events if event.type == "discharge"]
    assert [event.attributes["shot"] for event in shots] == list(range(1, len(shots) + 1))
    assert [event.start for event in timeline.events] == sorted(event.start for event in timeline.events)
    for event in timeline.events:
        assert 0 <= event.start <= event.end < timeline.duration
    for shot in shots:
        assert timeline.at(shot.start).state == "aiming"
        assert timeline.at(shot.start).raised == 1


@pytest.mark.parametrize("mount", ["chest", "helmet"])
@pytest.mark.parametrize("kind", FIREARMS)
def test_a_twin_with_a_phone_moves_as_the_shooter_does_until_the_first_shot(kind: str, mount: str) -> None:
    same = {"weapon__behaviour": SHOTS, "camera__mount": mount}
    shooter, twin = _timeline(weapon__kind=kind, **same), _timeline(weapon__kind="phone", **same)
    assert not twin.states and not twin.events
    first = next(event.start for event in shooter.events if event.type == "discharge")
    for t in np.arange(0, first, 0.02):
        one, other = shooter.at(t), twin.at(t)
        assert one.raised == other.raised
        assert one.T_world_torso.tobytes() == other.T_world_torso.tobytes()
        assert one.feet.tobytes() == other.feet.tobytes()
        assert one.T_world_camera.tobytes() == other.T_world_camera.tobytes(), f"the cameras part at {t:.2f} s"
    assert shooter.at(first + 0.03).T_world_camera.tobytes() != twin.at(first + 0.03).T_world_camera.tobytes()


@pytest.mark.parametrize("speed", [0.4, 1.1, 2.0])
def test_a_foot_on_the_ground_does_not_slide(speed: float) -> None:
    timeline = _walker(1, speed, environment__length=30.0, clip__duration=8.0)
    moments = [timeline.at(t) for t in _times(timeline, 0.004)]
    feet = np.array([moment.feet for moment in moments])
    ground = feet[..., 2].min()
    down = feet[..., 2] < ground + 1e-9
    assert down.any(1).all(), "both feet are in the air"
    standing = down[1:] & down[:-1]
    assert np.abs(np.diff(feet, axis=0))[standing].max() < 1e-6
    assert 0.05 < feet[..., 2].max() - ground < 0.2
    walked = feet[-1, :, 1] - feet[0, :, 1]
    trunk = np.array([moment.T_world_torso[1, 3] for moment in moments])
    assert walked.mean() == pytest.approx(trunk[-1] - trunk[0], abs=0.5)
    assert np.abs(feet[..., 1] - trunk[:, None]).max() < 0.75, "a foot is left behind"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("width", "length", "along"), [(1.3, 8.0, 0.55), (2.6, 16.0, 0.9)])
def test_the_wearer_stays_between_the_walls_and_stops_short_of_the_role_player(
    seed: int, width: float, length: float, along: float
) -> None:
    timeline = _walker(
        seed, 2.2, environment__width=width, environment__length=length, people__0__along=along,
        camera__look_around=1.0, camera__mount="helmet" if seed % 2 else "chest", clip__duration=12.0,
    )  # fmt: skip
    person = timeline.at(0).people[0].T_world_root[:3, 3]
    moments = [timeline.at(t) for t in _times(timeline, 0.1)]
    for moment in moments:
        for matrix, room in ((moment.T_world_torso, 0.2), (moment.T_world_head, 0.1), (moment.T_world_camera, 0.1)):
            assert room < matrix[0, 3] < width - room
        assert np.all((moment.feet[:, 0] > 0.05) & (moment.feet[:, 0] < width - 0.05))
        assert moment.T_world_torso[1, 3] < person[1] - 2.0
        assert moment.T_world_thing[1, 3] < person[1] - 1.5
    trunk = np.array([moment.T_world_torso[1, 3] for moment in moments])
    assert trunk[-1] > person[1] - 3.5, "the walker never arrives"
    assert np.diff(trunk).min() > -0.05, "the walker goes backwards"


@pytest.mark.parametrize("path", [{"kind": "static"}, {"kind": "advance", "speed": 1.2}], ids=["static", "advance"])
@pytest.mark.parametrize("mount", ["chest", "helmet"])
def test_an_accelerometer_reads_gravity_on_average(path: dict[str, Any], mount: str) -> None:
    timeline = _timeline(camera__path=path, camera__mount=mount, environment__length=30.0, clip__duration=10.0)
    times = np.arange(1.5, 9.5, 0.01)
    _, force = timeline.imu(times)
    world = [timeline.at(t).T_world_camera[:3, :3] @ f for t, f in zip(times, force, strict=True)]
    assert np.mean(world, 0) == pytest.approx([0, 0, 9.81], abs=0.12)


@pytest.mark.parametrize("mount", ["chest", "helmet"])
def test_integrated_angular_velocity_is_the_turn_between_two_poses(mount: str) -> None:
    """Over the second that holds the shots, by the exponential map of each millisecond."""
    timeline = _timeline(weapon__behaviour=SHOTS, camera__mount=mount)
    first = next(event.start for event in timeline.events if event.type == "discharge")
    step = 0.001
    times = first - 0.3 + step * (np.arange(1000) + 0.5)
    turn = timeline.at(times[0] - step / 2).T_world_camera[:3, :3]
    for rate in timeline.imu(times)[0]:
        turn = turn @ _rotated(rate * step)
    wanted = timeline.at(times[-1] + step / 2).T_world_camera[:3, :3]
    off = np.degrees(np.arccos(np.clip((np.trace(turn.T @ wanted) - 1) / 2, -1, 1)))
    assert off < 0.1


def _rotated(vector: Array) -> Array:
    """Rodrigues' formula."""
    angle = float(np.linalg.norm(vector))
    x, y, z = vector / max(angle, 1e-15)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


@pytest.mark.parametrize(("kind", "least"), [("training_carbine", 0.5), ("training_pistol", 2.0)])
def test_the_muzzle_rises_within_60_ms_of_every_shot_and_comes_down_again(kind: str, least: float) -> None:
    timeline = _timeline(weapon__kind=kind, weapon__behaviour=SHOTS, camera__path={"kind": "static"})
    shots = [event.start for event in timeline.events if event.type == "discharge"]
    assert len(shots) == 3

    def pitch(t: float) -> float:
        return float(np.degrees(np.arcsin(timeline.at(t).T_world_thing[2, 1])))

    for shot in shots:
        before = [pitch(shot - 0.005 * k) for k in range(1, 6)]
        after = [pitch(shot + 0.005 * k) for k in range(1, 13)]
        assert np.ptp(before) < least / 2, "the muzzle moves before the shot"
        assert max(after) - pitch(shot) > least
        assert abs(pitch(shot + 0.4) - pitch(shot)) < least
        back = (timeline.at(shot + 0.03).T_world_thing[:3, 3] - timeline.at(shot).T_world_thing[:3, 3])[1]
        assert back < -0.004, "the hands are not pushed back"
        assert timeline.at(shot).trigger > 0.9
        assert timeline.at(shot + 1e-4).flash > 0.5 and timeline.at(shot - 1e-4).flash == 0


@pytest.mark.parametrize("speed", [0.7, 1.3])
def test_the_body_bobs_once_a_step_by_what_legs_allow(speed: float) -> None:
    """A compass gait rises and falls by L^2 / 8 l from top to bottom; knees and ankles leave 65 % of it (Gard 2004)."""
    timeline = _walker(2, speed, environment__length=40.0, clip__duration=12.0, clip__fps=25.0)
    times = np.arange(2.0, 11.0, 0.01)
    moments = [timeline.at(t) for t in times]
    trunk = np.array([moment.T_world_torso[:3, 3] for moment in moments])
    measured = np.polyfit(times, trunk[:, 1], 1)[0]
    assert measured == pytest.approx(speed, rel=0.05)
    feet = np.array([moment.feet for moment in moments])
    low = feet[..., 2] < feet[..., 2].min() + 1e-9
    plants = np.unique(np.concatenate([feet[low[:, side], side, 1] for side in (0, 1)]).round(6))
    length = np.median(np.diff(plants))
    height = trunk[:, 2] - trunk[:, 2].mean()
    window = np.hanning(len(height))
    spectrum = np.abs(np.fft.rfft(height * window, 8192))
    bob = np.fft.rfftfreq(8192, 0.01)[spectrum.argmax()]
    assert bob == pytest.approx(measured / length, rel=0.03)
    strikes = [t for t in timeline.steps if 2 <= t < 11]
    assert np.median(np.diff(strikes)) == pytest.approx(1 / bob, rel=0.03)
    excursion = 2 * 2 * spectrum.max() / window.sum()
    assert excursion == pytest.approx(0.65 * length**2 / (8 * timeline.measures.hip_height), rel=0.25)


def test_a_clip_moves_the_same_however_often_and_in_whatever_order_it_is_asked() -> None:
    one, other = _timeline(), _timeline()
    times = np.random.default_rng(0).uniform(-0.1, one.duration + 0.1, 40)
    found = [other.at(t) for t in times[::-1]][::-1]
    for t, moment in zip(times, found, strict=True):
        again = one.at(t)
        for name in ("T_world_camera", "T_world_head", "T_world_thing", "feet"):
            assert getattr(again, name).tobytes() == getattr(moment, name).tobytes()
    assert (one.states, one.events, one.steps) == (other.states, other.events, other.steps)
    assert _timeline(variant=1).at(0.5).T_world_camera.tobytes() != one.at(0.5).T_world_camera.tobytes()


def test_states_and_events_do_not_depend_on_the_body() -> None:
    spec = corridor_spec(weapon__behaviour=SHOTS)
    short, tall = (build_timeline(spec, BodyMeasures.nominal(stature)) for stature in (1.55, 1.95))
    assert short.states == tall.states and short.events == tall.events
    assert tall.at(1).T_world_camera[2, 3] - short.at(1).T_world_camera[2, 3] > 0.2


DRAW = [
    {"do": "holstered", "for": 0.6}, {"do": "draw", "for": 1.0}, {"do": "aim", "at": "ahead", "for": 0.3, "raise_time": 0.4},
    {"do": "fire", "shots": 4, "interval": 0.2, "group": 2, "pause": 0.6}, {"do": "high_ready", "for": 0.4},
    {"do": "reload", "for": 2.0}, {"do": "clear", "for": 1.6}, {"do": "lower", "for": 0.4}, {"do": "holster", "for": 1.2},
]  # fmt: skip
ORDER = ["holstered", "drawing", "raising", "aiming", "lowering", "high_ready", "reloading", "clearing", "lowering",
         "low_ready", "holstering", "holstered"]  # fmt: skip
EVERY_FIREARM = ("training_carbine", "training_pistol", "training_smg", "training_shotgun")


@pytest.mark.parametrize("kind", EVERY_FIREARM)
def test_a_whole_exercise_goes_through_its_states_in_order(kind):
    timeline = _timeline(weapon__kind=kind, weapon__behaviour=DRAW, clip__duration=14.0)
    states = [interval.state for interval in timeline.states]
    assert states == [state for state in ORDER if state != "low_ready"] or states == ORDER
    assert timeline.states[0].start == 0 and timeline.states[-1].end == timeline.duration


@pytest.mark.parametrize("kind", ["training_pistol", "training_carbine", "phone"])
def test_nothing_jumps_while_hands_and_things_change_places(kind):
    """The held thing moves no faster than 9 m/s and turns no faster than 40 rad/s (recoil apart): one way to carry each."""
    steps = [{**step, "dry": True} if step["do"] == "fire" else step for step in DRAW]
    timeline = _timeline(weapon__kind=kind, weapon__behaviour=steps, clip__duration=14.0)
    before = None
    step = 0.004
    for t in np.arange(0.0, 13.9, step):
        here = timeline.at(float(t))
        for share in (here.grip, here.support, here.rack, here.pump, here.trigger):
            assert -1e-9 <= share <= 1 + 1e-9
        if before is not None:
            assert np.linalg.norm(here.T_world_thing[:3, 3] - before.T_world_thing[:3, 3]) < 9 * step
            cosine = (np.trace(before.T_world_thing[:3, :3].T @ here.T_world_thing[:3, :3]) - 1) / 2
            assert np.arccos(np.clip(cosine, -1, 1)) < 40 * step
            assert abs(here.grip - before.grip) < 20 * step and abs(here.support - before.support) < 20 * step
        before = here


def test_a_holstered_pistol_goes_with_the_trunk_and_no_hand_is_on_it():
    timeline = _timeline(weapon__kind="training_pistol", weapon__behaviour=DRAW, clip__duration=14.0)
    frames = [timeline.at(t) for t in (0.05, 0.2, 0.45)]
    local = [np.linalg.inv(m.T_world_torso) @ m.T_world_thing for m in frames]
    assert all(np.allclose(place, local[0], atol=1e-9) for place in local)
    assert all(m.grip == 0 and m.support == 0 for m in frames)


def test_pairs_are_two_quick_shots_and_a_pause():
    timeline = _timeline(weapon__kind="training_pistol", weapon__behaviour=DRAW, clip__duration=14.0)
    gaps = np.diff([event.start for event in timeline.events if event.type == "discharge"])
    assert gaps == pytest.approx([0.2, 0.6, 0.2], rel=0.07)


def test_a_pump_is_worked_between_shots_and_a_shot_that_comes_too_soon_is_none():
    steps = [{"do": "aim", "at": "ahead", "for": 0.3, "raise_time": 0.4},
             {"do": "fire", "shots": 4, "interval": 0.3, "pause": 0.7}]  # fmt: skip
    timeline = _timeline(weapon__kind="training_shotgun", weapon__behaviour=steps, clip__duration=4.0)
    shots = [event.start for event in timeline.events if event.type == "discharge"]
    assert len(shots) == 2
    for shot in shots:
        cycle = [timeline.at(shot + d).pump for d in np.arange(0.0, 0.6, 0.01)]
        assert max(cycle) > 0.98 and cycle[0] < 0.01 and cycle[-1] < 0.01
    assert all(timeline.at(shot + 0.02).action == 0 for shot in shots)


@pytest.mark.parametrize(
    ("kind", "dry", "type_"),
    [("training_pistol", True, "trigger_pull"), ("training_pistol", False, "discharge"), ("taser", False, "trigger_pull"),
     ("toy_blaster", False, "trigger_pull"), ("water_pistol", False, "trigger_pull"), ("paintball_marker", False, "trigger_pull"),
     ("phone", False, None), ("drill", False, None), ("camera", False, None),
     ("empty_hands", False, None)],
)  # fmt: skip
def test_what_a_trigger_does_is_what_the_thing_affords(kind, dry, type_):
    steps = [{"do": "aim", "at": "ahead", "for": 0.3, "raise_time": 0.4},
             {"do": "fire", "shots": 2, "interval": 0.3, "pause": 0.7, "dry": dry}]  # fmt: skip
    timeline = _timeline(weapon__kind=kind, weapon__behaviour=steps, clip__duration=3.0)
    found = [event.type for event in timeline.events]
    assert found.count("muzzle_flash") == found.count("discharge") == (2 if type_ == "discharge" else 0)
    assert found.count("trigger_pull") == (2 if type_ == "trigger_pull" else 0)
    turned = timeline.at(2.9).spin
    assert (turned > 5) == (kind == "drill")


def test_a_camera_takes_a_picture_a_press_and_its_display_goes_dark_for_each():
    steps = [
        {"do": "aim", "at": "ahead", "for": 0.3, "raise_time": 0.4},
        {"do": "fire", "shots": 3, "interval": 0.5, "pause": 0.9},
    ]
    timeline = _timeline(weapon__kind="camera", weapon__behaviour=steps, clip__duration=4.0)
    times = np.arange(0.0, 4.0, 0.01)
    dark = np.array([timeline.at(t).blank for t in times])
    pressed = np.array([timeline.at(t).trigger for t in times]) > 0.98
    pulls = timeline.handling.things[0].pulls
    assert np.sum(np.diff(dark.astype(int)) == 1) == np.sum(np.diff(pressed.astype(int)) == 1) == len(pulls) == 3
    for start, _ in pulls:
        assert 0.05 < times[dark & (times > start)][0] - start < 0.08, "the shutter runs after the press"


@pytest.mark.parametrize("mount", ["helmet", "chest"])
@pytest.mark.parametrize(
    "kind", ["phone", "torch", "radio", "drill", "umbrella", "camera", "water_pistol", "toy_blaster", "empty_hands"]
)
def test_a_raised_thing_is_in_the_picture_of_either_mount(kind, mount):
    steps = [{"do": "aim", "at": "ahead", "for": 2.0, "raise_time": 0.4}]
    half = np.tan(np.radians(50.0)) * np.array([1.0, 9 / 16])
    for seed in range(8):  # mounting angles differ
        timeline = _timeline(
            weapon__kind=kind, weapon__behaviour=steps, camera__mount=mount, camera__look_around=0.0, seed=seed
        )
        moment = timeline.at(1.5)
        x, y, z = (np.linalg.inv(moment.T_world_camera) @ moment.T_world_thing[:, 3])[:3]
        assert 0.15 < z < 0.75
        assert (np.abs(np.array([x, y]) / z) < half).all(), f"seed {seed}: {x / z:.2f}, {y / z:.2f} of {half}"


def test_a_reload_takes_the_magazine_out_brings_one_back_and_racks():
    timeline = _timeline(weapon__kind="training_pistol", weapon__behaviour=DRAW, clip__duration=14.0)
    (start, end) = timeline.handling.things[0].reloads[0]
    moments = [timeline.at(t) for t in np.linspace(start, end - 1e-6, 200)]
    order = [m.magazine for m in moments]
    assert [name for k, name in enumerate(order) if k == 0 or order[k - 1] != name] == [
        "seated",
        "pouch",
        "hand",
        "seated",
    ]
    racked = [k for k, m in enumerate(moments) if m.rack > 0.9]
    assert racked and racked[0] > len(order) - order[::-1].index("hand")
    assert all(moments[k].support_place == "rack" for k in racked)
