"""Figures of decoded video, to set beside real footage: slope of the power spectrum, and noise that flow does not explain."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from generator.sensor.exposure import LUMINANCE
from generator.sensor.figures import spectrum_slope

Array = NDArray[np.float64]
Images = Sequence[NDArray[np.uint8]]

_FLATTEST = 0.25
"""Share of the pixels, those with the weakest edges about them, in which noise is measured."""

_FEWEST = 500
_DARK, _BRIGHT = 20.0, 235.0
"""Levels beyond which the tone curve flattens noise."""

_MAD = 1.4826
"""Standard deviation over the median absolute deviation, of a normal distribution."""

_HIGH_PASS = 2.0
"""Pixels (sigma); what differs more slowly across the picture is light, vignetting and exposure, not noise."""


def grey(image: NDArray[np.uint8]) -> Array:
    """(H, W) luma of an (H, W, 3) picture, 0..255."""
    return np.asarray(image.astype(float) @ LUMINANCE)


def clip_slope(images: Images, bars: int = 0) -> float:
    """Median over the frames of the slope of the power spectrum of luma (``figures.spectrum_slope``), letterbox cut off.

    Args:
        images: (H, W, 3) decoded frames.
        bars: rows of letterbox at the top and at the bottom.
    """
    return float(np.median([spectrum_slope(grey(image)[bars : len(image) - bars]) for image in images]))


def frame_noise(image: NDArray[np.uint8], after: NDArray[np.uint8], flow: Array, still: NDArray[np.bool_]) -> float:
    """Noise of a frame in 8-bit levels rms: what differs from the next frame, fetched along the flow, in flat places.

    Fetching averages up to four pixels, which the variance is corrected for as if their noise were independent; after noise
    reduction and H.264 it is not quite.

    Args:
        image: (H, W, 3) a frame.
        after: (H, W, 3) the next one.
        flow: (H, W, 2) from the first to the second; NaN where undefined.
        still: (H, W) where to look.

    Returns:
        NaN where too little of the picture is flat.
    """
    here, there = grey(image), grey(after)
    height, width = here.shape
    y, x = np.mgrid[0:height, 0:width]
    across, down = x + flow[..., 0], y + flow[..., 1]
    seen = still & (across >= 0) & (down >= 0) & (across <= width - 1) & (down <= height - 1)  # NaN is neither
    seen &= (here > _DARK) & (here < _BRIGHT)
    place = np.where(seen, down, 0), np.where(seen, across, 0)
    fetched = np.where(seen, ndimage.map_coordinates(there, place, order=1), here)
    u, v = place[1] % 1, place[0] % 1
    weight = np.sqrt(1 + (u**2 + (1 - u) ** 2) * (v**2 + (1 - v) ** 2))
    smooth = ndimage.gaussian_filter(0.5 * (here + fetched), _HIGH_PASS)
    edges = np.hypot(ndimage.sobel(smooth, 0), ndimage.sobel(smooth, 1))
    seen &= ndimage.minimum_filter(seen, 7)
    if seen.sum() < _FEWEST:
        return float("nan")
    seen &= edges <= np.quantile(edges[seen], _FLATTEST)
    off = fetched - here
    off -= ndimage.gaussian_filter(off, _HIGH_PASS)
    values = (off / weight)[seen]
    return float(_MAD * np.median(np.abs(values - np.median(values))))
