"""Motion blur from exact flow and depth: what moves while the shutter is open smears over what lies behind it."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Single = NDArray[np.float32]

_TILE = 12
"""Pixels over which the fastest motion is looked for."""

_SOFT = 0.08
"""Relative difference of depth over which one surface counts as behind another."""

_TAPS = ((0.4, 1.5, 5), (1.5, 4.0, 9), (4.0, 10.0, 17), (10.0, np.inf, 41))
"""Pixels whose half smear lies between the first two numbers are gathered with so many samples."""

_LEAST = _TAPS[0][0]


def motion_blurred(
    radiance: Single,
    depth: Single,
    flow_forward: Single,
    flow_backward: Single,
    share: float,
    rng: np.random.Generator,
) -> Single:
    """Radiance as it is smeared over the exposure.

    A reconstruction filter along the fastest motion nearby, weighted by depth (McGuire, Hennessy, Bukowski and Osman
    2012, A reconstruction filter for plausible motion blur).

    Args:
        radiance: (H, W, 3) at mid-exposure.
        depth: (H, W) metres.
        flow_forward: (H, W, 2) pixels to the next frame; NaN counts as still.
        flow_backward: (H, W, 2) pixels to the previous frame.
        share: exposure over frame interval.
        rng: shifts the samples along the path, so that no copies are seen.
    """
    half = (0.25 * share) * (np.nan_to_num(flow_forward) - np.nan_to_num(flow_backward)).astype(np.float32)
    speed = np.linalg.norm(half, axis=-1)
    fastest = _fastest_nearby(half, speed)
    reach = np.linalg.norm(fastest, axis=-1)
    if reach.max() <= _LEAST:
        return radiance
    result = radiance.copy()
    shift = rng.uniform(-0.5, 0.5, reach.shape).astype(np.float32)
    for low, high, taps in _TAPS:
        where = np.nonzero((reach > low) & (reach <= high))
        if len(where[0]):
            result[where] = _gathered(radiance, depth, speed, fastest[where], where, shift[where], taps)
    return result


def _fastest_nearby(half: Single, speed: Single) -> Single:
    """(H, W, 2) the longest half smear in the tiles around a pixel, its length cut to a tenth of the picture."""
    height, width = speed.shape
    down, across = -(-height // _TILE), -(-width // _TILE)
    padded = np.zeros((down * _TILE, across * _TILE), np.float32)
    padded[:height, :width] = speed
    tiles = padded.reshape(down, _TILE, across, _TILE).transpose(0, 2, 1, 3).reshape(down, across, -1)
    first = tiles.argmax(-1)
    row = np.minimum(np.arange(down)[:, None] * _TILE + first // _TILE, height - 1)
    column = np.minimum(np.arange(across)[None, :] * _TILE + first % _TILE, width - 1)
    best = half[row, column]
    most = tiles.max(-1)
    around = ndimage.maximum_filter(most, 3, mode="nearest")
    chosen = best.copy()
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            y = np.clip(np.arange(down) + dy, 0, down - 1)[:, None]
            x = np.clip(np.arange(across) + dx, 0, across - 1)[None, :]
            hit = most[y, x] == around
            chosen[hit] = best[y, x][hit]
    length = np.linalg.norm(chosen, axis=-1, keepdims=True)
    chosen = chosen * np.minimum(1, 0.1 * width / np.maximum(length, 1e-6))
    large = chosen.repeat(_TILE, 0).repeat(_TILE, 1)
    return np.asarray(large[:height, :width], np.float32)


def _gathered(
    radiance: Single,
    depth: Single,
    speed: Single,
    path: Single,
    where: tuple[NDArray[np.int64], ...],
    shift: Single,
    taps: int,
) -> Single:
    """Radiance of the pixels ``where``, gathered along ``path`` with ``taps`` samples."""
    rows, columns = where
    height, width = speed.shape
    own_depth, own = np.minimum(depth[rows, columns], 1e3), np.maximum(speed[rows, columns], 0.5)
    weight = 1 / own
    total = radiance[rows, columns] * weight[:, None]
    length = np.linalg.norm(path, axis=-1)
    for tap in range(taps):
        place = (2 * (tap + 0.5 + shift) / taps - 1)[:, None] * path
        x = np.clip(np.rint(columns + place[:, 0]), 0, width - 1).astype(np.int32)
        y = np.clip(np.rint(rows + place[:, 1]), 0, height - 1).astype(np.int32)
        away = np.abs(2 * (tap + 0.5 + shift) / taps - 1) * length
        other_depth, other = np.minimum(depth[y, x], 1e3), np.maximum(speed[y, x], 0.5)
        scale = _SOFT * np.minimum(own_depth, other_depth)
        in_front = np.clip(1 - (other_depth - own_depth) / scale, 0, 1)
        behind = np.clip(1 - (own_depth - other_depth) / scale, 0, 1)
        share = in_front * np.clip(1 - away / other, 0, 1) + behind * np.clip(1 - away / own, 0, 1)
        share += 2 * _within(away, other) * _within(away, own)
        weight = weight + share
        total = total + radiance[y, x] * share[:, None]
    return np.asarray(total / weight[:, None], np.float32)


def _within(away: Single, reach: Single) -> Single:
    """1 up to the end of a smear, 0 beyond, with a soft edge."""
    u = np.clip((away / reach - 0.95) / 0.1, 0, 1)
    return np.asarray(1 - u * u * (3 - 2 * u), np.float32)
