"""Noise of decoded video is what flow does not explain."""

import numpy as np
import pytest

from generator.sensor.footage import clip_slope, frame_noise

H, W = 120, 200


def _pair(sigma, shift, seed=0):
    """A soft texture that moves by ``shift`` pixels, with fresh noise in both frames."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:H, 0:W].astype(float)

    def picture(dx, dy):
        level = 110 + 40 * np.sin((x - dx) / 17) * np.cos((y - dy) / 13)
        level += 60 * ((x - dx) % 50 < 3)  # edges, which are not noise
        noisy = level + sigma * rng.normal(size=level.shape)
        return np.repeat(np.clip(noisy + 0.5, 0, 255).astype(np.uint8)[..., None], 3, -1)

    return picture(0, 0), picture(*shift), np.broadcast_to(np.array(shift, float), (H, W, 2))


@pytest.mark.parametrize("sigma", [1.5, 4.0])
@pytest.mark.parametrize("shift", [(0.0, 0.0), (3.0, -2.0), (2.5, 1.25)])
def test_noise_is_found_whatever_moves(sigma, shift):
    here, after, flow = _pair(sigma, shift)
    assert frame_noise(here, after, flow, np.ones((H, W), bool)) == pytest.approx(sigma, rel=0.12)


def test_there_is_no_noise_where_nothing_is_flat_or_flow_is_unknown():
    here, after, flow = _pair(2.0, (1.0, 0.0))
    assert np.isnan(frame_noise(here, after, flow, np.zeros((H, W), bool)))
    assert np.isnan(frame_noise(here, after, np.full((H, W, 2), np.nan), np.ones((H, W), bool)))


def test_the_slope_of_a_clip_is_its_middle_frames_without_the_letterbox():
    rng = np.random.default_rng(1)
    frequency = np.hypot(np.fft.fftfreq(H)[:, None], np.fft.fftfreq(W)[None])
    frequency[0, 0] = 1
    images = []
    for power in (-2.5, -3.0, -4.0):
        field = np.fft.ifft2(np.fft.fft2(rng.normal(size=(H, W))) * frequency ** (power / 2)).real
        image = 128 + 40 * field / field.std()
        image[:10] = image[-10:] = 0
        images.append(np.repeat(np.clip(image, 0, 255).astype(np.uint8)[..., None], 3, -1))
    assert clip_slope(images, 10) == pytest.approx(-3.0, abs=0.2)
