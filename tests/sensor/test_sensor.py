"""Exposure follows the light with a lag, in whole flickers of the lamps; the video keeps times and colours."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from generator.frame import Meter
from generator.sensor.exposure import decide_exposures
from generator.sensor.video import VideoWriter, decoded_frames, read_audio
from tests.specs import corridor_spec

DEVICE = corridor_spec().device
TIMES = (np.arange(40) + 0.5) / 10


def _meter(levels: NDArray[np.float64], t: NDArray[np.float64]) -> Meter:
    """Grey pictures of these radiances at these times."""
    return Meter(t, np.broadcast_to(levels[:, None, None, None], (len(t), 9, 16, 3)).astype(np.float32))


def _constant(level: float) -> Meter:
    return _meter(np.full(9, level), np.linspace(0, 4, 9))


# Exposure


@pytest.mark.parametrize("level", [0.05, 0.7, 3.0, 40.0])
def test_a_constant_scene_comes_out_at_the_target_level(level: float) -> None:
    found = decide_exposures(_constant(level), DEVICE, TIMES)
    assert level * 2**found.ev == pytest.approx(DEVICE.exposure.target, rel=2 ** (1 / 32) - 1)
    assert np.array_equal(found.ev * 16, np.round(found.ev * 16)), "not in steps of 1/16 EV"
    # The three say the same: shutter over 1/100 s, times gain, over the radiance that is white then.
    light = found.exposure_s / 0.01 * found.gain / DEVICE.exposure.white_radiance
    assert light == pytest.approx(2**found.ev, rel=1e-9)


@pytest.mark.parametrize("factor", [8.0, 1 / 8])
@pytest.mark.parametrize("lag", [0.2, 0.5])
def test_exposure_follows_a_step_with_the_time_constant_of_the_device(lag: float, factor: float) -> None:
    device = DEVICE.model_copy(update={"exposure": DEVICE.exposure.model_copy(update={"lag": lag})})
    t = np.array([0, 1.0, 1.001, 4.0])
    times = np.array([0.5, 1.0, 1.0 + lag, 1.0 + 2 * lag, 1.0 + 8 * lag, 3.99])[[0, 1, 2, 3, 5]]
    ev = decide_exposures(_meter(np.array([1, 1, factor, factor]), t), device, times).ev
    moved = (ev - ev[0]) / -np.log2(factor)
    assert moved == pytest.approx([0, 0, 1 - np.exp(-1), 1 - np.exp(-2), 1], abs=0.04)


def test_the_shutter_is_lengthened_before_the_gain_is_raised() -> None:
    auto = DEVICE.exposure
    levels = np.geomspace(1e4, 1e-4, 60)
    found = [decide_exposures(_constant(float(level)), DEVICE, TIMES[:1]) for level in levels]
    exposure, gain = (np.array([getattr(f, name)[0] for f in found]) for name in ("exposure_s", "gain"))
    assert np.all(np.diff(exposure) >= 0) and np.all(np.diff(gain) >= 0)
    assert np.all((gain == 1) | (exposure == auto.longest))
    assert (exposure.min(), exposure.max()) == pytest.approx((auto.shortest, auto.longest), rel=0.05)
    assert gain.max() == pytest.approx(auto.max_gain, rel=0.05) and gain.max() <= auto.max_gain * (1 + 1e-9)
    assert np.all(exposure >= auto.shortest) and np.all(exposure <= auto.longest)


def test_a_lamp_in_view_does_not_blacken_the_room() -> None:
    room = np.full((1, 36, 64, 3), 0.5, np.float32)
    lamp = room.copy()
    lamp[:, :3, :3] = 5000.0
    plain, lit = (decide_exposures(Meter(np.zeros(1), p), DEVICE, np.zeros(1)).ev[0] for p in (room, lamp))
    assert -3 < lit - plain < 0


@pytest.mark.parametrize("mains", [50, 60])
def test_a_banding_filter_keeps_the_shutter_at_whole_flickers_of_the_lamps(mains: int) -> None:
    auto = DEVICE.exposure.model_copy(update={"banding_filter": mains})
    device = DEVICE.model_copy(update={"exposure": auto})
    for level in np.geomspace(1e2, 1e-4, 40):
        found = decide_exposures(_constant(float(level)), device, TIMES[:1])
        flickers = found.exposure_s[0] * 2 * mains
        assert flickers < 1 or flickers == pytest.approx(round(flickers), abs=1e-6)
        light = found.exposure_s / 0.01 * found.gain / auto.white_radiance
        assert light == pytest.approx(2**found.ev, rel=1e-9), "the gain does not make up for it"
        assert found.gain[0] <= auto.max_gain * (1 + 1e-9)


def test_an_iris_takes_what_the_shortest_shutter_cannot() -> None:
    auto = DEVICE.exposure.model_copy(update={"longest": 1 / 48, "shortest": 1 / 48, "iris": True})
    device = DEVICE.model_copy(update={"exposure": auto})
    found = decide_exposures(_constant(500.0), device, TIMES[:1])
    assert 500.0 * 2 ** found.ev[0] == pytest.approx(auto.target, rel=0.03)
    assert (found.exposure_s[0], found.gain[0]) == (1 / 48, 1.0)


@pytest.mark.parametrize("fps", [30.0, 60.0, 120.0])
def test_no_row_is_open_for_longer_than_a_frame_and_gain_makes_up_for_it(fps: float) -> None:
    device = DEVICE.model_copy(update={"exposure": DEVICE.exposure.model_copy(update={"longest": 0.04})})
    found = decide_exposures(_constant(0.1), device, TIMES[:1], period=1 / fps)
    slow = decide_exposures(_constant(0.1), device, TIMES[:1])
    assert found.exposure_s[0] == pytest.approx(1 / fps) and slow.exposure_s[0] == pytest.approx(0.04)
    assert found.ev[0] == slow.ev[0]
    assert found.gain[0] == pytest.approx(slow.gain[0] * 0.04 * fps)


# Video


def _pictures(n: int, height: int = 90, width: int = 160) -> list[NDArray[np.uint8]]:
    """Edges, gradients and a patch of noise that move."""
    y, x = np.mgrid[0:height, 0:width]
    grain = np.random.default_rng(1).integers(0, 16, (height, width, 1))
    found = []
    for k in range(n):
        board = 60 * ((x + 2 * k) // 20 % 2 ^ y // 18 % 2)[..., None]
        ramp = np.stack([x * 100 / width, y * 100 / height, (x + y) * 100 / (width + height)], -1)
        found.append((30 + board + ramp + grain).clip(0, 255).astype(np.uint8))
    return found


def _write(path: Path, pictures: list[NDArray[np.uint8]], fps: float, rate: int = 48000) -> Path:
    height, width = pictures[0].shape[:2]
    encoder = DEVICE.encoder.model_copy(update={"audio_rate": rate})
    sound = np.zeros(round(len(pictures) / fps * rate), np.float32)
    sound[rate // 2 :: rate // 2] = 0.9  # clicks every half second
    with VideoWriter(path, width, height, fps, encoder) as video:
        video.add_sound(sound)
        for picture in pictures:
            video.add(picture)
    return path


@pytest.mark.parametrize(("fps", "rate"), [(10.0, 16000), (12.5, 48000), (30000 / 1001, 44100)])
def test_a_video_repeats_to_the_byte_and_keeps_its_pictures(fps: float, rate: int, tmp_path: Path) -> None:
    pictures = _pictures(30)
    one, other = (_write(tmp_path / name, pictures, fps, rate) for name in ("a.mp4", "b.mp4"))
    assert one.read_bytes() == other.read_bytes()
    decoded = list(decoded_frames(one))
    assert len(decoded) == 30
    for picture, found in zip(pictures, decoded, strict=True):
        error = np.mean((picture.astype(float) - found) ** 2)
        assert 10 * np.log10(255**2 / error) > 26
    with av.open(str(one)) as video:
        times = [float(frame.time) for frame in video.decode(video=0)]
    assert times == pytest.approx(np.arange(30) / fps, abs=1e-4)
    with av.open(str(one)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == Fraction(fps).limit_denominator(1001)
        assert stream.codec_context.pix_fmt == "yuv420p"
    samples, found_rate = read_audio(one)
    assert found_rate == rate
    assert len(samples) / rate == pytest.approx(30 / fps, abs=0.05)
    clicks = np.flatnonzero(np.abs(samples) > 0.5 * np.abs(samples).max())
    off = clicks / rate - np.round(clicks / rate * 2) / 2
    assert clicks[0] / rate == pytest.approx(0.5, abs=0.002) and np.abs(off).max() < 0.002, "the sound is shifted"


@pytest.mark.parametrize(
    "colour", [(0, 0, 0), (255, 255, 255), (200, 40, 40), (40, 170, 60), (40, 60, 190), (128, 128, 128)], ids=str
)
def test_colours_come_back_as_they_went_in(colour: tuple[int, int, int], tmp_path: Path) -> None:
    """A matrix of BT.601 in the place of BT.709, or a full range for a limited one, is off by 10 and more."""
    flat = np.broadcast_to(np.array(colour, np.uint8), (64, 96, 3)).copy()
    (found, *_) = decoded_frames(_write(tmp_path / "flat.mp4", [flat] * 5, 10.0))
    assert found.reshape(-1, 3).mean(0) == pytest.approx(np.array(colour, float), abs=4)
