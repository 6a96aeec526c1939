"""The device's image processor: soft demosaicing, tone curve, noise reduction that smears, sharpening that leaves halos."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from generator.scenario.device import Device, Processing
from generator.sensor.exposure import LUMINANCE
from generator.sensor.noise import deviation

Array = NDArray[np.float64]
Single = NDArray[np.float32]

_ENTRIES = 8192
_BRIGHTEST = 4.0
"""Size of the tone table, whose steps go with the root of the level, and the level at its end."""

_SENSE = 2.2
"""Standard deviations of noise up to which detail counts as noise; half of detail this large is kept."""

_ROWS = 360
"""Rows of the picture whose pixels the profile's lengths are told in."""


def dimness(gain: float, device: Device) -> float:
    """How far the gain is up, 0 at gain 1, 1 at the device's highest, in doublings."""
    return float(np.clip(np.log2(gain) / np.log2(device.exposure.max_gain), 0, 1))


def tone_curve(level: Array, processing: Processing, dim: float) -> Array:
    """Linear level (1 is white) to the encoded value, 0..1; never falls.

    Black is cut off, more of it in low light; highlights roll off above the knee; then the transfer function of sRGB
    (IEC 61966-2-1) with a bend that adds contrast, as cameras do.
    """
    black = processing.black_level + processing.crush * dim
    linear = np.maximum(level - black, 0) / (1 - black)
    room = max(1 - processing.knee, 1e-6)
    linear = np.minimum(linear, processing.knee) + room * (1 - np.exp(-np.maximum(linear - processing.knee, 0) / room))
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)
    return np.asarray(encoded + processing.contrast * (encoded - 0.45) * encoded * (1 - encoded))


@dataclass(frozen=True)
class Processor:
    """The processor at one gain: tables of its tone curve and of the noise to be expected."""

    device: Device
    gain: float
    _tones: Single = field(repr=False)
    _noise: Single = field(repr=False)

    @classmethod
    def at(cls, device: Device, gain: float) -> "Processor":
        """The processor of a device at a gain."""
        level = (np.arange(_ENTRIES) / (_ENTRIES - 1)) ** 2 * _BRIGHTEST
        tones = tone_curve(level, device.processing, dimness(gain, device))
        noise = np.zeros(256)
        if device.noise is not None:
            codes = np.linspace(0, 1, 256)
            linear = np.interp(codes, tones, level)
            slope = np.gradient(tones, level)
            noise = deviation(linear, gain, device.noise) * np.interp(linear, level, slope)
        return cls(device, gain, tones.astype(np.float32), noise.astype(np.float32))

    def smearing(self) -> float:
        """Strength of the noise reduction, 0..1."""
        processing = self.device.processing
        return float(np.clip(processing.denoising + processing.denoising_growth * np.log2(self.gain), 0, 1))

    def processed(self, linear: Single) -> Single:
        """(3, H, W) encoded values, about 0..1 and not yet cut to it, of a (3, H, W) linear picture."""
        processing, pixel = self.device.processing, linear.shape[1] / _ROWS
        if processing.demosaic:
            # Red and blue have half of green's samples (Bayer 1976): they come out softer.
            soft = processing.demosaic * pixel
            linear = np.stack([_blurred(plane, s * soft) for plane, s in zip(linear, (1.3, 1.0, 1.3), strict=True)])
        encoded = self._toned(linear)
        weight = LUMINANCE.astype(np.float32)
        grey = weight[0] * encoded[0] + weight[1] * encoded[1] + weight[2] * encoded[2]
        strength = self.smearing()
        colours = [encoded[0] - grey, encoded[2] - grey]
        if strength and self.device.noise is not None:
            colours = [_smooth_colour(plane, 2.4 * strength * pixel) for plane in colours]
            grey = self._cored(grey, strength, pixel)
        if processing.sharpening:
            detail = grey - _blurred(grey, processing.halo * pixel)
            np.clip(detail, -0.12, 0.12, out=detail)
            grey = grey + np.float32(processing.sharpening) * detail
        kept = processing.saturation * (1 - processing.fading * dimness(self.gain, self.device))
        red, blue = (np.float32(kept) * plane for plane in colours)
        return np.stack([grey + red, grey - (weight[0] * red + weight[2] * blue) / weight[1], grey + blue])

    def _toned(self, linear: Single) -> Single:
        place = np.sqrt(np.clip(linear, 0, np.float32(_BRIGHTEST)) * np.float32(1 / _BRIGHTEST))
        place *= np.float32(_ENTRIES - 1)
        return np.asarray(self._tones[(place + np.float32(0.5)).astype(np.int16)])

    def _cored(self, grey: Single, strength: float, pixel: float) -> Single:
        """Detail that could be noise is taken away, so that fine texture smears and edges stay (coring, a Wiener gain).

        After Donoho and Johnstone 1994 (shrinkage) and what video cameras do; the widths are chosen by eye.
        """
        base = _blurred(grey, (0.8 + 0.8 * strength) * pixel)
        sigma = self._noise[np.clip(base * 255, 0, 255).astype(np.uint8)]
        detail = grey - base
        power = detail * detail
        threshold = sigma * np.float32(_SENSE * strength)
        keep = power / (power + threshold * threshold + np.float32(1e-12))
        return base + detail * ((1 - np.float32(strength)) + np.float32(strength) * keep)


def _blurred(plane: Single, sigma: float) -> Single:
    """Gaussian blur of an (H, W) plane, cut off at 2.5 sigma."""
    reach = max(int(2.5 * sigma + 0.5), 1)
    x = np.arange(-reach, reach + 1)
    kernel = np.exp(-0.5 * (x / sigma) ** 2)
    kernel /= kernel.sum()
    across = ndimage.correlate1d(plane, kernel, axis=1, mode="nearest")
    return np.asarray(ndimage.correlate1d(across, kernel, axis=0, mode="nearest"), np.float32)


def _smooth_colour(plane: Single, sigma: float) -> Single:
    """Colour smoothed over a few pixels; at half the size where that is even, as it is encoded (4:2:0)."""
    height, width = plane.shape
    if height % 2 or width % 2 or sigma < 0.8:
        return _blurred(plane, sigma)
    small = plane.reshape(height // 2, 2, width // 2, 2).sum(1).sum(-1) * np.float32(0.25)
    return _blurred(small, 0.5 * sigma).repeat(2, 0).repeat(2, 1)
