"""The streamed picture: real codecs, real losses."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from generator.sensor.link import Carried
from generator.sensor.relay import Relay, rung_size, units, without

WIDTH, HEIGHT, FPS = 192, 108, 15.0
ROOT = Path(__file__).parents[2]


def pictures(n: int) -> list[NDArray[np.uint8]]:
    """Boards of many sizes that move, so that no frame is its predecessor; fine detail besides."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    grain = np.random.default_rng(1).integers(0, 60, (HEIGHT, WIDTH, 1))
    found = []
    for k in range(n):
        board = 90 * ((x + 3 * k) // 23 % 2 ^ (y + 2 * k) // 17 % 2)[..., None]
        ramp = np.stack([x * 60 / WIDTH, y * 60 / HEIGHT, (x + y) * 60 / (WIDTH + HEIGHT)], -1)
        found.append((20 + board + ramp + np.roll(grain, k, 1)).clip(0, 255).astype(np.uint8))
    return found


def link(
    n: int, *, keys: tuple[int, ...] = (0,), lost: dict[int, tuple[float, float]] | None = None, **changes: Any
) -> Carried:
    """Every frame sent at full size, but for the changes."""
    gone = np.zeros((n, 2))
    for frame, part in (lost or {}).items():
        gone[frame] = part
    values: dict[str, Any] = {
        "sent": np.ones(n, bool), "rung": np.zeros(n, np.int64), "key": np.isin(np.arange(n), keys), "lost": gone,
        "blind": gone[:, 1] - gone[:, 0] >= 1, "damaged": np.zeros(n, bool), "sound_lost": np.zeros(n, bool),
        "arrival": np.arange(n) / FPS,
    }  # fmt: skip
    return Carried(**{**values, **changes})


def relayed(carried: Carried, sent: list[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    relay = Relay(carried, WIDTH, HEIGHT, FPS)
    return [relay.receive(k, picture) for k, picture in enumerate(sent)]


def difference(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    return float(np.abs(one.astype(float) - other).mean())


def test_what_arrives_whole_is_the_picture_in_its_own_slot() -> None:
    sent = pictures(12)
    for k, got in enumerate(relayed(link(12), sent)):
        off = [difference(got, other) for other in sent]
        assert int(np.argmin(off)) == k, "a picture comes late or early"
        assert off[k] < 0.8 * sorted(off)[1]


@pytest.mark.parametrize("part", [(0.2, 0.7), (0.0, 1.0)], ids=["some packets", "the whole frame"])
@pytest.mark.parametrize("frame", [5, 6])
def test_smear_begins_at_the_loss_and_ends_at_the_next_key_frame(frame: int, part: tuple[float, float]) -> None:
    sent = pictures(20)
    clean = relayed(link(20, keys=(0, 12)), sent)
    got = relayed(link(20, keys=(0, 12), lost={frame: part}), sent)
    same = [np.array_equal(one, other) for one, other in zip(clean, got, strict=True)]
    assert same == [not frame <= k < 12 for k in range(20)]
    assert all(difference(clean[k], got[k]) > 0.5 for k in range(frame, 12))
    if part == (0.0, 1.0):
        assert np.array_equal(got[frame], got[frame - 1]), "what is lost altogether leaves the picture before it"


def test_a_key_frame_lost_in_part_smears_and_one_lost_altogether_freezes_until_the_next() -> None:
    sent = pictures(24)
    clean = relayed(link(24, keys=(0, 8, 16)), sent)
    smeared = relayed(link(24, keys=(0, 8, 16), lost={8: (0.1, 0.8)}), sent)
    blind = np.isin(np.arange(24), range(8, 16))
    frozen = relayed(link(24, keys=(0, 8, 16), lost={8: (0.0, 1.0)}, blind=blind), sent)
    for k in range(24):
        during = 8 <= k < 16
        assert np.array_equal(clean[k], smeared[k]) == np.array_equal(clean[k], frozen[k]) == (not during)
        if during:
            assert difference(smeared[k], clean[k]) > 1 and np.array_equal(frozen[k], clean[7])


def test_a_lower_rung_takes_fine_detail_and_gives_it_back() -> None:
    sent = pictures(24)
    rung = np.where((np.arange(24) >= 8) & (np.arange(24) < 16), 2, 0)
    got = relayed(link(24, keys=(0, 8, 16), rung=rung), sent)

    def fine(image: NDArray[np.uint8]) -> float:
        """Power beyond half of Nyquist across, where a picture of half the width holds nothing."""
        power = np.abs(np.fft.rfft(image.mean(-1) - image.mean(), axis=1)) ** 2
        return float(power[:, WIDTH // 4 + 4 :].sum())

    power = np.array([fine(image) for image in got])
    assert power[8:16].max() < 0.25 * min(power[:8].min(), power[16:].min())
    assert {image.shape for image in got} == {(HEIGHT, WIDTH, 3)}
    assert rung_size(WIDTH, HEIGHT, 2) == (96, 54) and rung_size(64, 36, 3) == (32, 32)


def test_frames_that_are_not_sent_leave_what_was_shown() -> None:
    sent = pictures(10)
    got = relayed(link(10, sent=np.arange(10) % 2 == 0), sent)
    assert all(np.array_equal(got[k], got[k - 1]) for k in range(1, 10, 2))
    assert not any(np.array_equal(got[k], got[k - 1]) for k in range(2, 10, 2))


def test_losses_take_slices_and_nothing_else() -> None:
    """A picture of four slices behind parameter sets (types 7 and 8), as a byte stream."""
    slices = [bytes([0x65, k, k]) for k in range(1, 5)]
    head = [b"\x67\x01", b"\x68\x02"]
    data = b"".join(b"\0\0\0\1" + part for part in head + slices)
    assert units(data) == head + slices
    assert units(without(data, 0.0, 0.0)) == head + slices
    assert units(without(data, 0.3, 0.7)) == [*head, slices[0], slices[3]]
    assert units(without(data, 0.0, 1.0)) == head
    assert units(without(data, 0.13, 0.14)) == [*head, *slices[1:]], (
        "a burst that falls between middles takes the nearest"
    )
    few = b"".join(b"\0\0\0\1" + part for part in slices[:2])
    assert len(units(without(few, 0.2, 0.9))) == 1, "of two slices one is left"


def test_concealed_pictures_repeat_to_the_byte_in_another_process() -> None:
    code = (
        "import hashlib; from tests.sensor.test_relay import *; "
        "got = relayed(link(20, keys=(0, 9), lost={3: (0.2, 0.7), 6: (0.0, 1.0), 9: (0.1, 0.8)}), pictures(20)); "
        "print(hashlib.sha256(b''.join(image.tobytes() for image in got)).hexdigest())"
    )
    digests = {
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True).stdout for _ in range(3)
    }
    assert len(digests) == 1
