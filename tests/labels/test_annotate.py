"""Keypoints: seen, hidden by something else, hidden by the own body, out of the picture, behind the camera."""

import numpy as np
import pytest

from generator.camera import Pinhole
from generator.frame import Exposures, Frame, ObjectTruth, Track
from generator.labels.annotate import frame_row, held, object_rows
from generator.motion.build import build_timeline
from generator.scenario.things import THINGS
from generator.tracks import TRACK_THING, TRACKS_PEOPLE_THINGS
from tests.specs import corridor_spec

CAMERA = Pinhole.from_field_of_view(64, 36, 1.2)
HAND, PHONE = 3, 1
NAMES = tuple(f"p{k}" for k in range(6))
TRACKS = {HAND: Track(HAND, "hand_right", keypoints=NAMES), PHONE: Track(PHONE, "phone")}


def _at(column: float, row: float, distance: float) -> list[float]:
    ray = np.array([(column - CAMERA.cx) / CAMERA.fx, (row - CAMERA.cy) / CAMERA.fy, 1.0])
    return list(ray / np.linalg.norm(ray) * distance)


def test_a_keypoint_is_visible_where_its_own_surface_is_the_nearest():
    """A hand 0.50 m away on the left half; a phone 0.48 m away on the right half, thinner than a hand."""
    instance = np.zeros((36, 64), np.uint16)
    depth = np.full((36, 64), 5.0, np.float32)
    instance[:, :32], depth[:, :32] = HAND, 0.50
    instance[:, 32:], depth[:, 32:] = PHONE, 0.48
    points = np.array([
        _at(10.5, 10.5, 0.51),  # a joint one centimetre under the skin
        _at(10.5, 20.5, 0.65),  # a finger tip behind the palm
        _at(50.5, 10.5, 0.50),  # a finger two centimetres behind the phone's front
        _at(32.5, 20.5, 0.51),  # a tip on the outline: its pixel is the phone's, the next one the hand's
        _at(90.0, 10.0, 0.50),  # beside the picture
        [0.0, 0.0, -0.4],  # behind the camera
    ])  # fmt: skip
    flow = np.zeros((36, 64, 2), np.float32)
    truth = ObjectTruth(HAND, np.eye(4), (0.0, 0.0, 32.0, 36.0), 32 * 36, 1.0, points)
    normal = np.zeros((36, 64, 3), np.float32)
    frame = Frame(0, 0.0, np.eye(4), np.zeros((36, 64, 3), np.float32), instance, depth, flow, flow, normal, (truth,))
    (row,) = object_rows(frame, TRACKS, CAMERA)
    assert [state for _, _, state in row["keypoints"]] == [2.0, 1.0, 1.0, 2.0, 0.0, 0.0]
    assert row["keypoints"][4][0] > 64
    assert np.isnan(row["keypoints"][5][:2]).all()
    assert np.allclose(row["keypoints"][0][:2], (10.5, 10.5))


STEPS = [
    {"do": "holstered", "for": 0.5}, {"do": "draw", "for": 1.0}, {"do": "aim", "at": "ahead", "for": 0.3, "raise_time": 0.4},
    {"do": "fire", "shots": 1, "interval": 0.3, "pause": 0.7}, {"do": "reload", "for": 2.0}, {"do": "lower", "for": 0.4},
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "hands", "raised"),
    [("training_pistol", "two", ("handgun", "handgun")), ("training_pistol", "one", (None, "handgun")),
     ("training_shotgun", "one", ("shotgun", "shotgun")), ("phone", "two", (None, "phone")), ("empty_hands", "two", (None, None))],
)  # fmt: skip
def test_each_hand_holds_what_the_thing_and_the_moment_give_it(kind, hands, raised):
    spec = corridor_spec(weapon__kind=kind, weapon__hands=hands, weapon__behaviour=STEPS, clip__duration=6.0)
    timeline = build_timeline(spec)
    assert held(spec, timeline.at(2.1)) == raised
    if THINGS[kind].carried != "hand":
        assert held(spec, timeline.at(0.2)) == (None, None)
    start, end = next(iter(timeline.handling.things[0].reloads), (0.0, 0.0))
    fetched = held(spec, timeline.at(start + 0.45 * (end - start)))
    assert fetched == ("magazine" if end > start else raised[0], raised[1])
    if any(event.type == "discharge" for event in timeline.events):
        (shot,) = (event.start for event in timeline.events if event.type == "discharge")
        assert timeline.at(shot).trigger > 0.5 > timeline.at(shot - 0.2).trigger


@pytest.mark.parametrize(("track", "seen"), [(TRACK_THING, True), (TRACKS_PEOPLE_THINGS, False)])
def test_what_people_in_view_hold_is_not_the_wearers_weapon(track: int, seen: bool) -> None:
    spec = corridor_spec(weapon__kind="training_pistol", people__0__action="aim_at_camera")
    timeline = build_timeline(spec)
    blank = np.zeros((36, 64), np.float32)
    flow, three = np.zeros((36, 64, 2), np.float32), np.zeros((36, 64, 3), np.float32)
    frame = Frame(0, 0.05, np.eye(4), three, blank.astype(np.uint16), blank, flow, flow, three, ())
    n = spec.n_frames
    exposures = Exposures(np.full(n, 0.01), np.ones(n), np.zeros(n))
    row = frame_row(frame, spec, timeline, exposures, [{"category": "handgun", "track_id": track, "visible_px": 40}])
    assert row["weapon_visible"] is seen
