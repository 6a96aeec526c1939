"""What the glass does to a picture: falloff, lateral colour, veiling glare, ghosts of lamps, dirt, water drops.

Where things appear is the renderer's; nothing here moves anything by a pixel.
"""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from generator.scenario.device import Lens

Single = NDArray[np.float32]
Whole = NDArray[np.int64]

MOST_LATERAL_PX = 0.95
"""No colour is moved further than this, however large the picture: labels stay true to the pixel."""

_STEP = 4
"""Glare, ghosts and drops are reckoned on a picture of a quarter of the size."""

_MOST = 60.0
"""The brightest light (1 is white) that is spread."""

_BRIGHT = 4.0
"""What is this bright makes ghosts."""

_NEAR, _FAR, _NEAR_SHARE = 0.012, 0.06, 0.6
"""Widths of the glare as shares of the picture's width, and how much of it is near; chosen by eye."""

_GHOSTS = ((-0.55, (0.7, 1.0, 0.8), 0.010), (-1.25, (0.8, 0.7, 1.0), 0.030), (0.35, (0.4, 0.32, 0.25), 0.022))
"""Each ghost image of a lamp: its place on the line through the principal point as a multiple of the lamp's, tint, blur.

Ghosts lie on that line (Hullin et al. 2011, Physically-based real-time lens flare rendering); these three are chosen by eye.
"""


@dataclass(frozen=True)
class Optics:
    """The lens of a clip before its sensor; light goes through it plane by plane.

    Attributes:
        lens: the model.
        passed: (H, W) share of the light that goes straight on.
        scattered: (H, W) share of the light around that comes in.
        drops: pixels of water drops.
    """

    lens: Lens
    passed: Single = field(repr=False)
    scattered: Single = field(repr=False)
    drops: "Drops | None" = field(repr=False)

    @classmethod
    def of(cls, lens: Lens, width: int, height: int, rng: np.random.Generator) -> "Optics":
        """The lens before a picture of this size, its dirt and drops drawn from ``rng``."""
        falloff = vignetting(lens, width, height)
        dirt = lens.dirt * _smears(width, height, rng) if lens.dirt else np.zeros_like(falloff)
        drops = Drops.of(lens.drops, width, height, rng) if lens.drops else None
        # A smear takes light that would have gone straight on, and lets the light around in instead.
        return cls(lens, falloff * (1 - lens.glare) * (1 - 0.5 * dirt), falloff * (lens.glare + 0.4 * dirt), drops)

    def through(self, light: Single) -> Single:
        """(3, H, W) linear light behind the lens, of (3, H, W) before it."""
        lens, (height, width) = self.lens, light.shape[1:]
        light = lateral_colour(light, lens)
        veiled = bool(self.scattered.any())
        if not (veiled or lens.flare or self.drops):
            return light * self.passed
        small = _reduced(np.minimum(light, np.float32(_MOST)))
        result = light * self.passed
        if veiled:
            result += self.scattered * _spread(small, height, width)
        if lens.flare and float(small.max()) > _BRIGHT:
            result += self._ghosts(small, height, width)
        return self.drops.before(result, small) if self.drops else result

    def _ghosts(self, small: Single, height: int, width: int) -> Single:
        bright = np.maximum(small - np.float32(_BRIGHT), 0)
        total = np.zeros_like(small)
        for number in range(len(_GHOSTS)):
            rows, columns = _ghost(number, height, width, self.lens.principal_point)
            total += rows @ bright @ columns * np.float32(self.lens.flare) * _tint(number)
        up, across = _enlarging(height), _enlarging(width).T
        return np.stack([up @ plane @ across for plane in total])


def vignetting(lens: Lens, width: int, height: int) -> Single:
    """(H, W) share of the light that is left: 1 at the principal point, ``2 ** -vignetting`` in the farthest corner.

    The form ``(1 + a r^2)^-2`` is the natural cos^4 law of a lens with a focal length to suit (Kang and Weiss 2000).
    """
    y, x = _offsets(lens, width, height)
    squared = x**2 + y**2
    most = float(squared.max())
    a = (2 ** (0.5 * lens.vignetting) - 1) / most
    return np.asarray((1 + a * squared) ** -2, np.float32)


def lateral_colour(light: Single, lens: Lens) -> Single:
    """Red and blue a little larger than green, about the principal point; (3, H, W) in and out."""
    if not any(lens.lateral_colour):
        return light
    result = light.copy()
    height, width = light.shape[1:]
    y, x = _offsets(lens, width, height)
    reach = float(np.hypot(y, x).max())
    for plane, share in ((0, lens.lateral_colour[0]), (2, lens.lateral_colour[1])):
        magnified = 1 + float(np.clip(share, -MOST_LATERAL_PX / reach, MOST_LATERAL_PX / reach))
        rows = y[:, 0] / magnified - y[0, 0]
        columns = x[0] / magnified - x[0, 0]
        result[plane] = _resampled(_resampled(light[plane], rows).T, columns).T
    return result


def _resampled(plane: Single, rows: NDArray[np.float64]) -> Single:
    """Rows at fractional places, linear between neighbours."""
    place = np.clip(rows, 0, len(plane) - 1)
    low = np.minimum(place.astype(int), len(plane) - 2)
    share = (place - low).astype(np.float32)[:, None]
    return np.asarray(plane[low] * (1 - share) + plane[low + 1] * share)


def _offsets(lens: Lens, width: int, height: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(H, 1) and (1, W) pixels down and right of the principal point."""
    right, down = lens.principal_point
    y = np.arange(height) + 0.5 - (0.5 + down) * height
    x = np.arange(width) + 0.5 - (0.5 + right) * width
    return y[:, None], x[None, :]


def _reduced(light: Single) -> Single:
    """(3, h, w) means of blocks of a quarter of the size; the last rows and columns are repeated to fill them."""
    planes, height, width = light.shape
    down, across = -height % _STEP, -width % _STEP
    if down or across:
        light = np.pad(light, ((0, 0), (0, down), (0, across)), "edge")
    blocks = light.reshape(planes, light.shape[1] // _STEP, _STEP, light.shape[2] // _STEP, _STEP)
    return np.asarray(blocks.sum(2).sum(-1) * np.float32(1 / _STEP**2))


@lru_cache(maxsize=64)
def _enlarging(size: int) -> Single:
    """(size, small) matrix that enlarges a row of block means, linear between the blocks' centres."""
    small = -(-size // _STEP)
    place = np.clip((np.arange(size) + 0.5) / _STEP - 0.5, 0, small - 1)
    low = np.minimum(place.astype(int), max(small - 2, 0))
    matrix = np.zeros((size, small), np.float32)
    matrix[np.arange(size), low] = 1 - (place - low)
    matrix[np.arange(size), np.minimum(low + 1, small - 1)] += place - low
    return matrix


def _spread(small: Single, height: int, width: int) -> Single:
    """(3, H, W) the light of a small picture as glare spreads it."""
    near, far = _spreads(height, width)
    share = np.float32(_NEAR_SHARE)
    return np.stack([share * (near[0] @ plane @ near[1]) + (1 - share) * (far[0] @ plane @ far[1]) for plane in small])


@lru_cache(maxsize=16)
def _spreads(height: int, width: int) -> tuple[tuple[Single, Single], tuple[Single, Single]]:
    """For near and far glare: matrices that blur a small picture and enlarge it, from the left and from the right."""
    across = -(-width // _STEP)
    return (
        (_blurring(height, _NEAR * across), _blurring(width, _NEAR * across).T),
        (_blurring(height, _FAR * across), _blurring(width, _FAR * across).T),
    )


def _blurring(size: int, sigma: float) -> Single:
    small = np.eye(-(-size // _STEP), dtype=np.float32)
    return np.ascontiguousarray(_enlarging(size) @ ndimage.gaussian_filter1d(small, sigma, axis=0, mode="nearest"))


@lru_cache(maxsize=64)
def _ghost(number: int, height: int, width: int, principal: tuple[float, float]) -> tuple[Single, Single]:
    """Matrices that make a ghost of a small picture: scaled about the principal point, turned over, blurred."""
    scale, _, blur = _GHOSTS[number]
    right, down = principal
    across = -(-width // _STEP)
    rows = _scaling(-(-height // _STEP), 0.5 + down, scale, blur * across)
    return rows, _scaling(across, 0.5 + right, scale, blur * across).T


def _scaling(size: int, centre: float, scale: float, sigma: float) -> Single:
    """(size, size) matrix from an axis to itself scaled about ``centre``; what it shows of a lamp adds up to the lamp."""
    middle = centre * size
    goal = middle + (np.arange(size) + 0.5 - middle) * scale - 0.5  # where each pixel's light comes out
    matrix = np.zeros((size, size), np.float32)
    for source, place in enumerate(goal):
        low = int(np.floor(place))
        for at, share in ((low, low + 1 - place), (low + 1, place - low)):
            if 0 <= at < size:
                matrix[at, source] += share
    return np.asarray(ndimage.gaussian_filter1d(matrix, sigma, axis=0, mode="constant"), np.float32)


def _tint(number: int) -> Single:
    return np.array(_GHOSTS[number][1], np.float32)[:, None, None]


def _smears(width: int, height: int, rng: np.random.Generator) -> Single:
    """(H, W) how dirty the front glass is at each pixel, 0..1: wiped smears, and specks far out of focus.

    Chosen by eye; a lens of a few millimetres focuses nothing that lies on its own glass (Gu et al. 2009, Removing image artifacts
    due to dirty camera lenses).
    """
    angle, small = rng.uniform(0, np.pi), (max(height // 8, 2), max(width // 8, 2))
    cloud = ndimage.gaussian_filter(rng.standard_normal(small), (0.06 * small[1], 0.06 * small[1]), mode="wrap")
    streak = ndimage.gaussian_filter(rng.standard_normal(small), (0.01 * small[1], 0.15 * small[1]), mode="wrap")
    streak = ndimage.rotate(streak, float(np.degrees(angle)), reshape=False, mode="wrap", order=1)
    total = cloud / cloud.std() + 0.6 * streak / streak.std()
    smear = np.clip(0.35 + 0.3 * total, 0, 1)
    large = ndimage.zoom(smear, (height / small[0], width / small[1]), order=1, mode="nearest", grid_mode=True)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    for _ in range(int(rng.poisson(9))):
        radius = width * rng.uniform(0.01, 0.03)
        away = np.hypot(y - rng.uniform(0, height), x - rng.uniform(0, width)) / radius
        large = large + 0.5 * np.clip(1.5 - 1.5 * away, 0, 0.6)
    return np.asarray(np.clip(large, 0, 1), np.float32)


@dataclass(frozen=True)
class Drops:
    """Water drops on the front glass: each shows the whole scene small and upside down, blurred.

    Attributes:
        pixels: (n,) flat indices of the pixels that lie behind a drop.
        sources: (n,) flat indices into the small picture of what is seen there.
        cover: (n,) how much of it is seen, 0..1.
        shade: (n,) brightness: a drop's rim is dark.
    """

    pixels: Whole
    sources: Whole
    cover: Single
    shade: Single

    @classmethod
    def of(cls, count: int, width: int, height: int, rng: np.random.Generator) -> "Drops":
        """``count`` drops; sizes and places are drawn.

        A drop is a strong lens that turns the scene over (Garg and Nayar 2007, Vision and rain); sizes are chosen by eye.
        """
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        down, across = -(-height // _STEP), -(-width // _STEP)
        cover, shade = np.zeros((height, width), np.float32), np.ones((height, width), np.float32)
        source = np.zeros((height, width), np.int64)
        for _ in range(count):
            radius = width * float(np.exp(rng.uniform(np.log(0.012), np.log(0.05))))
            middle = rng.uniform(0, 1, 2) * (height, width)
            dy, dx = (y - middle[0]) / (radius * rng.uniform(0.9, 1.25)), (x - middle[1]) / radius
            away = np.hypot(dy, dx)
            inside = away < 1.15
            cover[inside] = np.clip((1.15 - away[inside]) / 0.3, 0, 1)
            shade[inside] = 1 - 0.45 * np.clip(away[inside], 0, 1) ** 4
            row = np.clip((0.5 - 0.45 * dy[inside]) * down, 0, down - 1).astype(np.int64)
            column = np.clip((0.5 - 0.45 * dx[inside]) * across, 0, across - 1).astype(np.int64)
            source[inside] = row * across + column
        pixels = np.flatnonzero(cover > 0)
        return cls(pixels, source.ravel()[pixels], cover.ravel()[pixels], shade.ravel()[pixels])

    def before(self, light: Single, small: Single) -> Single:
        """(3, H, W) light with the drops before it, of the scene in ``small``."""
        soft = ndimage.uniform_filter(small, (0, 3, 3), mode="nearest").reshape(3, -1)
        flat = light.reshape(3, -1)
        flat[:, self.pixels] += self.cover * (soft[:, self.sources] * self.shade - flat[:, self.pixels])
        return flat.reshape(light.shape)
