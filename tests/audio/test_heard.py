"""The sound that a clip has: gone exactly where its ranges say, and elsewhere what was captured, in its time."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.audio.heard import heard_track
from generator.audio.soundtrack import SoundTrack
from generator.sensor.delivery import Delivery, Playout, SoundPart, delivery_of
from tests.sensor.test_delivery import streamed
from tests.specs import corridor_spec

RATE = 16000


def track(seconds: float) -> SoundTrack:
    """A sound whose every sample tells its time: a ramp that never is 0."""
    n = round(seconds * RATE)
    return SoundTrack(
        (0.1 + 0.8 * np.arange(n) / n).astype(np.float32), RATE, ({"start": 0.0, "end": seconds, "state": "ok"},)
    )


def time_of(samples: Any, seconds: float) -> Any:
    return (samples - 0.1) / 0.8 * seconds


@pytest.mark.parametrize(("silence", "silent"), [(0.0, 0.0), (2.0, 2.0), (30.0, 3.0)])
def test_pre_event_video_is_silent_for_so_long(silence: float, silent: float) -> None:
    spec = corridor_spec(device__recording={"silence": silence})
    before = track(3.0)
    after = heard_track(before, delivery_of(spec), repeats=False)
    states = [(part["start"], part["end"], part["state"]) for part in after.ranges]
    assert states == [part for part in [(0.0, silent, "silent"), (silent, 3.0, "ok")] if part[1] > part[0]]
    assert not after.samples[: round(silent * RATE)].any()
    assert np.array_equal(after.samples[round(silent * RATE) :], before.samples[round(silent * RATE) :])
    assert (after is before) == (silence == 0), "a track to which nothing happens stays as it is"


@given(seed=st.integers(0, 10**5), repeats=st.booleans(), after=st.sampled_from(["jump", "catch_up"]))
@settings(max_examples=40, deadline=None)
def test_sound_is_zero_in_silent_ranges_and_captured_sound_in_ok_ones(seed: int, repeats: bool, after: str) -> None:
    found = streamed(seed, after_stall=after)
    seconds = 10.0
    heard = heard_track(track(seconds), found, repeats=repeats)
    assert (heard.ranges[0]["start"], heard.ranges[-1]["end"]) == (0.0, seconds)
    for part in heard.ranges:
        piece = heard.samples[round(part["start"] * RATE) : round(part["end"] * RATE)]
        if part["state"] == "silent":
            assert not piece.any()
        elif part["state"] == "ok":
            captured = time_of(piece, seconds)
            times = part["start"] + np.arange(len(piece)) / RATE
            for k in range(0, len(piece), 997):
                if part["start"] + 0.01 < times[k] < part["end"] - 0.01:
                    assert found.playout.presented(float(captured[k])) == pytest.approx(times[k], abs=1e-3)


def test_hurried_sound_runs_at_the_players_speed() -> None:
    playout = Playout(np.array([0.0, 1.0, 2.0, 6.0]), np.array([0.0, 1.0, 1.0, 6.0]))
    parts = (SoundPart(0.0, 1.0, "heard"), SoundPart(1.0, 2.0, "stalled"), SoundPart(2.0, 6.0, "hurried"))
    base = delivery_of(corridor_spec())
    found: Delivery = replace(base, playout=playout, sound=parts)
    heard = heard_track(track(6.0), found, repeats=False)
    assert [part["state"] for part in heard.ranges] == ["ok", "silent", "replaced"]
    times = time_of(heard.samples, 6.0)
    assert times[round(4.0 * RATE)] == pytest.approx(3.5, abs=1e-3)
    assert np.diff(times[2 * RATE + 1 : 6 * RATE - 1]) * RATE == pytest.approx(1.25, rel=0.05)


def test_lost_sound_is_bridged_by_what_was_heard_before_and_dies_away() -> None:
    parts = (SoundPart(0.0, 1.0, "heard"), SoundPart(1.0, 1.2, "lost"), SoundPart(1.2, 3.0, "heard"))
    found = replace(delivery_of(corridor_spec()), sound=parts)
    before = track(3.0)
    bridged, silent = (heard_track(before, found, repeats=repeats) for repeats in (True, False))
    lost = slice(RATE, round(1.2 * RATE))
    assert [part["state"] for part in bridged.ranges] == ["ok", "replaced", "ok"]
    assert [part["state"] for part in silent.ranges] == ["ok", "silent", "ok"]
    assert not silent.samples[lost].any()
    first = round(0.01 * RATE)
    assert np.array_equal(bridged.samples[RATE : RATE + first], before.samples[RATE - 320 : RATE - 320 + first])
    assert not bridged.samples[round(1.06 * RATE) + 1 : lost.stop].any()
    for other in (bridged, silent):
        assert np.array_equal(np.delete(other.samples, lost), np.delete(before.samples, lost))
