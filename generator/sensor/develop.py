"""Radiance to the picture a body-worn camera makes of it."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from generator.frame import Meter
from generator.scenario.spec import Device
from generator.sensor.exposure import LUMINANCE

Single = NDArray[np.float32]

_KNEE = 0.75
"""Linear level above which highlights roll off instead of clipping."""

_GLARE = 0.06
_GLARE_MOST = 60.0
"""Share of light that the lens spreads, and the brightest light (1 is white) that is reckoned with."""

_GLARE_STEP = 4

_WHITE_LIMITS = (0.6, 1.7)


def decide_white_balance(meter: Meter, strength: float = 0.7) -> Single:
    """(3,) channel gains: grey world, held back, as automatic white balance leaves part of the lamp's colour.

    Luminance is kept. Source for grey world: Buchsbaum 1980, A spatial processor model for object colour perception.
    """
    mean = np.maximum(meter.radiance.reshape(-1, 3).mean(0), 1e-9)
    gains = (mean.mean() / mean) ** strength
    gains = np.clip(gains / gains[1], *_WHITE_LIMITS)
    return (gains / float(gains @ LUMINANCE)).astype(np.float32)


def develop(
    radiance: Single, *, ev: float, gain: float, white_balance: Single, device: Device, rng: np.random.Generator
) -> NDArray[np.uint8]:
    """One frame as 8-bit sRGB.

    Args:
        radiance: (H, W, 3) scene-linear Rec. 709.
        ev: log2 of the factor to a linear picture in which 1 is white.
        gain: of the sensor, for the noise.
        white_balance: (3,) channel gains.
        device: noise and sharpening.
        rng: of this frame.

    Returns:
        (H, W, 3) uint8.
    """
    noise = device.noise
    scale = np.float32(2.0**ev)
    # Noise is made before white balance, where the sensor makes it: Poisson-Gaussian in electrons (Foi et al. 2008).
    light = _with_glare(np.maximum(radiance, 0) * scale)
    electrons = light * _falloff(radiance.shape) * np.float32(noise.full_well / gain)
    deviation = np.sqrt(electrons + np.float32(noise.read_noise**2))
    electrons = electrons + deviation * rng.standard_normal(radiance.shape, dtype=np.float32)
    electrons = np.clip(electrons, 0, np.float32(1.25 * noise.full_well / gain))
    picture = electrons * np.float32(gain / noise.full_well) * white_balance
    picture = _denoised(picture, noise.denoising)
    picture = _encoded(_rolled_off(picture))
    picture = _sharpened(picture, noise.sharpening)
    return np.asarray(np.clip(picture * 255 + 0.5, 0, 255), np.uint8)


def _with_glare(light: Single) -> Single:
    """Veiling glare: a dusty plastic lens spreads a few per cent of the light, seen round lamps and flashes.

    The effect: Talvala, Adams, Horowitz and Levoy 2007, Veiling glare in high dynamic range imaging. The share is chosen by
    eye.
    """
    height, width = light.shape[:2]
    down, across = -(-height // _GLARE_STEP), -(-width // _GLARE_STEP)
    padded = np.pad(
        np.minimum(light, _GLARE_MOST),
        ((0, down * _GLARE_STEP - height), (0, across * _GLARE_STEP - width), (0, 0)),
        "edge",
    )
    small = padded.reshape(down, _GLARE_STEP, across, _GLARE_STEP, 3).mean((1, 3))
    near = ndimage.gaussian_filter(small, (0.012 * across, 0.012 * across, 0), mode="nearest")
    far = ndimage.gaussian_filter(small, (0.06 * across, 0.06 * across, 0), mode="nearest")
    spread = ndimage.zoom(
        0.6 * near + 0.4 * far, (_GLARE_STEP, _GLARE_STEP, 1), order=1, mode="nearest", grid_mode=True
    )
    return np.asarray(light + _GLARE * (spread[:height, :width] - np.minimum(light, _GLARE_MOST)), np.float32)


def _falloff(shape: tuple[int, ...]) -> Single:
    """Brightness towards the corners: half of the natural cos^4 of a wide lens, the rest is corrected in the camera."""
    height, width = shape[:2]
    y, x = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    squared = (x**2 + (y * height / width) ** 2).astype(np.float32)
    return np.asarray(1 / (1 + 0.28 * squared) ** 1.5, np.float32)[..., None]


def _denoised(picture: Single, strength: float) -> Single:
    """Colour is smoothed over a few pixels, brightness hardly, as noise reduction in small cameras does."""
    if strength == 0:
        return picture
    grey = (picture @ LUMINANCE.astype(np.float32))[..., None]
    colour = picture - grey
    radius = 1.6 * strength * picture.shape[0] / 360
    colour = ndimage.gaussian_filter(colour, (radius, radius, 0), mode="nearest")
    soft = ndimage.gaussian_filter(grey, (0.5, 0.5, 0), mode="nearest")
    return np.asarray(np.maximum((1 - 0.6 * strength) * grey + 0.6 * strength * soft + colour, 0), np.float32)


def _rolled_off(linear: Single) -> Single:
    """Highlights bend towards white above the knee."""
    over = np.maximum(linear - _KNEE, 0)
    room = 1 - _KNEE
    return np.asarray(np.minimum(linear, _KNEE) + room * (1 - np.exp(-over / room)), np.float32)


def _encoded(linear: Single) -> Single:
    """Transfer function of sRGB (IEC 61966-2-1) with a little contrast, as cameras add."""
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)
    return np.asarray(encoded + 0.22 * (encoded - 0.45) * encoded * (1 - encoded), np.float32)


def _sharpened(picture: Single, amount: float) -> Single:
    """Unsharp mask on brightness with visible overshoot, as in-camera sharpening leaves."""
    if amount == 0:
        return picture
    grey = picture @ LUMINANCE.astype(np.float32)
    detail = grey - ndimage.gaussian_filter(grey, 0.9, mode="nearest")
    return np.asarray(picture + amount * np.clip(detail, -0.12, 0.12)[..., None], np.float32)
