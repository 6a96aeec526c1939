"""What is shown when: nothing before it was captured, nothing twice by accident, the same for a clip and its twins."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.scenario.transmission import Recording, Stream
from generator.sensor.delivery import Delivery, Playout, delivery_of, frames_kept
from generator.sensor.link import LADDER, carried, played
from generator.sensor.spells import spells
from tests.specs import corridor_spec

CALM: dict[str, Any] = {
    "headroom": 3.0, "fades": 0.0, "fade_seconds": 1.0, "fade_rate": 0.1, "loss": 0.0, "buffer": 0.5, "after_stall": "jump",
    "keyframe_seconds": 2.0, "lost_sound": "silence",
}  # fmt: skip
ROUGH: dict[str, Any] = {**CALM, "headroom": 1.2, "fades": 25.0, "loss": 0.3, "buffer": 0.3, "keyframe_seconds": 1.0}
FPS = 15.0


def streamed(seed: int = 0, seconds: float = 10.0, **changes: Any) -> Delivery:
    return delivery_of(
        corridor_spec(seed=seed, clip__duration=seconds, clip__fps=FPS, camera__stream={**ROUGH, **changes})
    )


streams = st.builds(
    dict,
    headroom=st.floats(0.3, 3), fades=st.floats(0, 60), fade_seconds=st.floats(0.1, 5), fade_rate=st.floats(0.01, 1),
    loss=st.floats(0, 0.6), buffer=st.floats(0.05, 2), after_stall=st.sampled_from(["jump", "catch_up"]),
    keyframe_seconds=st.floats(0.3, 4), lost_sound=st.just("silence"),
)  # fmt: skip


def test_a_device_that_keeps_everything_shows_every_frame_in_its_time() -> None:
    spec = corridor_spec(clip__duration=5.1)
    found = delivery_of(spec)
    assert found.source.tolist() == list(range(spec.n_frames)) and set(found.state) == {"ok"}
    assert [(part.start, part.end, part.heard) for part in found.sound] == [
        (0.0, spec.n_frames / spec.clip.fps, "heard")
    ]
    for t in (0.0, 0.1, 1 / 3, 2.7182818, spec.n_frames / spec.clip.fps):
        assert found.playout.presented(t) == t, "an event is moved by rounding"


@given(seed=st.integers(0, 10**6), changes=streams, n=st.integers(1, 150))
@settings(max_examples=150, deadline=None)
def test_nothing_is_shown_before_it_is_captured_or_after_something_later(
    seed: int, changes: dict[str, Any], n: int
) -> None:
    found = streamed(seed, n / FPS, **changes)
    link = found.carried
    assert link is not None
    slots = np.arange(n)
    assert (found.source <= slots).all() and (np.diff(found.source) >= 0).all() and found.source[0] == 0
    assert link.displayable[found.source].all(), "a picture is shown that never arrived"
    # The playout: never ahead, never back, and its own inverse where it plays.
    shown, captured = found.playout.shown, found.playout.captured
    assert (np.diff(shown) >= 0).all() and (np.diff(captured) >= 0).all() and (captured <= shown + 1e-9).all()
    assert (shown[0], shown[-1]) == (0.0, n / FPS)
    for begin, end, since, until in found.playout.segments():
        if until > since + 1e-6:
            inside = since + 0.37 * (until - since)
            assert found.playout.presented(inside) == pytest.approx(begin + 0.37 * (end - begin), abs=1e-9)
    # No slot shows what a jump skipped, but for the first frame, which stands until there is something to play.
    jumps = [(captured[k], captured[k + 1]) for k in range(len(shown) - 1) if shown[k + 1] == shown[k]]
    for low, high in jumps:
        whole = found.source[found.source > 0]
        assert not any(low <= frame / FPS and (frame + 0.5) / FPS < high for frame in whole)
    # Sound tiles the clip, and is whole only where it is played at its own speed.
    assert found.sound[0].start == 0 and found.sound[-1].end == n / FPS
    assert all(one.end == other.start for one, other in zip(found.sound, found.sound[1:], strict=False))


@given(seed=st.integers(0, 10**6), changes=streams)
@settings(max_examples=60, deadline=None)
def test_damage_lasts_from_a_loss_to_a_key_frame_that_arrives(seed: int, changes: dict[str, Any]) -> None:
    link = streamed(seed, **changes).carried
    assert link is not None
    whole = True
    for k in np.flatnonzero(link.sent):
        lost = link.lost[k, 1] > link.lost[k, 0]
        whole = not lost and (whole or bool(link.key[k]))
        assert whole == (not link.damaged[k] and not link.blind[k])
    order = np.flatnonzero(link.sent)
    switches = order[1:][link.rung[order[1:]] != link.rung[order[:-1]]]
    assert link.key[0] and link.key[switches].all(), "a new size begins without a key frame"
    apart = np.diff(np.flatnonzero(link.key))
    silent = np.diff(order).max(initial=0)
    assert apart.max(initial=0) <= math.ceil(changes["keyframe_seconds"] * FPS) + silent, "a key frame is missing"


def test_a_good_link_carries_everything_and_a_slow_one_the_rung_it_can() -> None:
    calm = streamed(**{**CALM, "headroom": 1.3})
    assert calm.source.tolist() == list(range(150)) and set(calm.state) == {"ok"}
    for rung, side in enumerate(LADDER[:3]):
        slow = streamed(**{**CALM, "headroom": 1.01 * side**1.5 / 0.85})
        assert slow.carried is not None and set(slow.carried.rung[slow.carried.sent]) == {rung}
        assert slow.source.tolist() == list(range(150))
    halved = streamed(**{**CALM, "headroom": 0.2})
    assert halved.source.tolist() == [k - k % 2 for k in range(150)], "the lowest rung sends every second frame"


@pytest.mark.parametrize("after", ["jump", "catch_up"])
def test_the_picture_freezes_while_the_buffer_is_empty(after: str) -> None:
    """A link that carries nothing for two seconds, by arithmetic: the buffer of 0.4 s is used up, then the picture stands."""
    stream = Stream(**{**CALM, "buffer": 0.4, "after_stall": after})
    n = 120
    link = carried(stream, np.ones(n, bool), FPS, np.random.default_rng(0))
    arrival = np.arange(n) / FPS
    arrival[30:60] = 60 / FPS  # what is captured from 2 to 4 s comes at 4 s
    found = played(stream, type(link)(**{**vars(link), "arrival": arrival}), FPS)
    frozen = np.flatnonzero(found.rate == 0)
    assert frozen.tolist() == list(range(30, 54)), "frame 30 is due at 2.0 + 0.4 s and there at 4.0 s"
    assert (found.source[29:54] == 29).all()
    if after == "jump":
        assert found.source[54:].tolist() == list(range(54, n))
    else:
        assert found.source[54] == 30
        late = np.flatnonzero((np.arange(n) - found.source > 0) & (found.rate > 0))
        # 24 frames late, and a quarter of a frame is caught up each slot: 96 slots would be needed, 66 are left.
        assert late[0] == 54 and late[-1] == n - 1
        assert found.source[-1] == 30 + int(1.25 * (n - 1 - 54))


def test_a_busy_recorder_drops_its_share_and_freezes_in_runs() -> None:
    n = 40_000
    recording = Recording(load=0.25, dropped=0.4)
    kept = frames_kept(recording, n, 30.0, np.random.default_rng(5))
    assert 1 - kept.mean() == pytest.approx(0.25 * 0.4, rel=0.15)
    gaps = np.diff(np.flatnonzero(~kept))
    assert np.mean(gaps <= 8) > 0.9, "dropped frames come in busy spells, not evenly"
    frozen = frames_kept(Recording(load=1.0, freezes=6.0, freeze_seconds=0.5), n, 30.0, np.random.default_rng(6))
    starts = np.flatnonzero(frozen[:-1] & ~frozen[1:])
    assert len(starts) / (n / 30 / 60) == pytest.approx(6, rel=0.25)
    assert (~frozen).sum() / len(starts) / 30 == pytest.approx(0.5, rel=0.25)
    assert frames_kept(Recording(), n, 30.0, np.random.default_rng(7)).all()


@pytest.mark.parametrize(("share", "seconds"), [(0.1, 0.5), (0.5, 2.0), (0.03, 1.0)])
def test_bad_spells_last_and_recur_as_they_are_told(share: float, seconds: float) -> None:
    bad = spells(np.random.default_rng(1), 200_000, 25.0, share, seconds)
    ends = np.flatnonzero(bad[:-1] & ~bad[1:])
    assert bad.mean() == pytest.approx(share, rel=0.15)
    assert bad.sum() / len(ends) / 25 == pytest.approx(seconds, rel=0.15)


def test_a_twin_and_another_renderer_of_the_same_spec_get_the_same_delivery() -> None:
    one = delivery_of(corridor_spec(camera__stream=ROUGH, clip__duration=10.0))
    other = delivery_of(corridor_spec(camera__stream=ROUGH, clip__duration=10.0, weapon__kind="phone"))
    assert one.source.tolist() == other.source.tolist() and one.state == other.state and one.sound == other.sound
    assert (
        one.source.tolist()
        != delivery_of(corridor_spec(camera__stream=ROUGH, clip__duration=10.0, seed=1)).source.tolist()
    )


def test_what_a_jump_skips_is_where_the_jump_is_and_what_a_stall_delays_comes_after_it() -> None:
    jumped = Playout(np.array([0.0, 2.0, 3.0, 3.0, 5.0]), np.array([0.0, 2.0, 2.0, 3.0, 5.0]))
    assert [jumped.presented(t) for t in (0.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0)] == [0.0, 1.5, 3.0, 3.0, 3.0, 4.0, 5.0]
    late = Playout(np.array([0.0, 2.0, 3.0, 5.0]), np.array([0.0, 2.0, 2.0, 4.0]))
    assert [late.presented(t) for t in (1.0, 2.0, 3.0, 4.0, 4.5)] == [1.0, 3.0, 4.0, 5.0, 5.0]
