"""The room answers as its surfaces have it; the recorder overloads as a small one does."""

import numpy as np
import pytest

from generator.audio.acoustics import response, reverberation
from generator.audio.recorder import CEILING, recorded
from generator.site import site_of
from tests.specs import corridor_spec


def _reverberation_heard(x: np.ndarray, rate: int) -> float:
    """T20 by backward integration (ISO 3382), as the time to 60 dB."""
    left = 10 * np.log10(np.cumsum(x[::-1] ** 2)[::-1] / np.sum(x**2) + 1e-12)
    start, end = int(np.argmax(left < -8)), int(np.argmax(left < -28))
    return 60 / 20 * (end - start) / rate


@pytest.mark.parametrize("rate", [16000, 48000])
def test_a_room_rings_as_long_as_its_surfaces_let_it(rate: int) -> None:
    heard = {}
    for wall, opened in (("concrete_block", 0.0), ("plaster", 0.0), ("plywood", 0.6)):
        room = site_of(corridor_spec(environment__wall=wall, environment__doors_open=opened)).acoustics
        far, near = np.array([1.0, 4.0, 1.4]), np.array([1.1, 1.0, 1.3])
        x = response(room, far, near, rate, np.random.default_rng(0), longest=2.0, order=8)
        expected = reverberation(room)
        assert np.abs(x[: rate // 1000]).max() == pytest.approx(1, rel=0.02), "it begins with the direct sound"
        heard[wall] = _reverberation_heard(x, rate)
        assert 0.6 * expected.min() < heard[wall] < 1.3 * expected.max()
    assert heard["plywood"] < heard["concrete_block"]


def test_the_recorder_knows_nothing_of_what_comes() -> None:
    rate = 48000
    quiet = (0.01 * np.random.default_rng(0).standard_normal(rate)).astype(np.float32)
    shot = quiet.copy()
    shot[rate // 2 : rate // 2 + 200] += 3.0
    one, other = recorded(quiet.copy(), rate), recorded(shot.copy(), rate)
    assert one[: rate // 2].tobytes() == other[: rate // 2].tobytes()
    after = slice(rate // 2 + 4800, rate // 2 + 9600)
    assert 0.2 < other[after].std() / one[after].std() < 0.7, "the gain gives way after a shot"
    assert np.abs(other).max() < 1.4 * CEILING


@pytest.mark.parametrize("n", [1, 47, 48, 49, 48000, 48001, 100000])
def test_a_track_of_any_length_is_recorded(n: int) -> None:
    sound = np.full(n, 0.001, np.float32)
    assert recorded(sound, 48000) is sound
    assert np.all(np.isfinite(sound))
