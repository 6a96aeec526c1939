"""Pictures painted in numpy: noise, a canvas in metres, and the few pictures that a whole world shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any, Literal

import bpy
import numpy as np
import scipy.fft
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Array = NDArray[np.float64]
Single = NDArray[np.float32]

LONGEST_SIDE = 4096
"""Pixels of the largest picture."""


def image_from_array(
    name: str, values: NDArray[Any], colour_space: Literal["sRGB", "Non-Color", "Linear Rec.709"] = "sRGB"
) -> bpy.types.Image:
    """A packed picture.

    Args:
        name: of the data block.
        values: (h, w), (h, w, 1), (h, w, 3) or (h, w, 4) floats 0..1 in the named colour space; **row 0 is the
            bottom**, as in UV space. A fourth channel is kept as it is, whatever the colour space.
        colour_space: how Cycles reads the first three channels.
    """
    pixels = np.asarray(values, np.float32)
    pixels = pixels[..., None] if pixels.ndim == 2 else pixels
    height, width, channels = pixels.shape
    whole = np.empty((height, width, max(channels, 3)), np.uint8)
    whole[::-1] = np.clip(pixels, 0, 1) * np.float32(255) + np.float32(0.5)
    file = BytesIO()
    Image.fromarray(whole).save(file, "TGA")  # packing what Blender holds, as PNG, takes several times as long
    image = bpy.data.images.new(name, width, height, alpha=channels == 4)
    image.pack(data=file.getvalue(), data_len=file.tell())
    image.source = "FILE"
    image.colorspace_settings.name = colour_space
    image.alpha_mode = "CHANNEL_PACKED" if channels == 4 else "NONE"
    return image


def noise(
    rng: np.random.Generator,
    shape: tuple[int, int],
    ppm: float,
    size: float | tuple[float, float],
    rolloff: float = 1.5,
) -> Single:
    """Tileable (h, w) noise of mean 0 and standard deviation 1.

    Args:
        rng: where it is drawn from.
        shape: (h, w) pixels.
        ppm: pixels a metre.
        size: of the largest features, metres; (along x, along y) for streaks.
        rolloff: exponent at which finer features fade: 1 rough, 3 smooth.
    """
    sx, sy = (size, size) if isinstance(size, int | float) else size
    coarse = int(np.clip(min(sx, sy) * ppm * (0.12 if rolloff < 2.5 else 0.25), 1, 8))
    h, w = (max(-(-n // coarse), 4) for n in shape)
    spectrum = scipy.fft.rfft2(rng.standard_normal((h, w), np.float32), overwrite_x=True)
    fx, fy = np.fft.rfftfreq(w, coarse / ppm) * sx, np.fft.fftfreq(h, coarse / ppm) * sy
    spectrum *= (1 + fx**2 + fy[:, None] ** 2).astype(np.float32) ** (-0.5 * rolloff - 0.5)
    spectrum[0, 0] = 0
    field = scipy.fft.irfft2(spectrum, (h, w), overwrite_x=True)
    if coarse > 1:
        field = np.asarray(Image.fromarray(field.astype(np.float32)).resize(shape[::-1], Image.Resampling.BICUBIC))
    return np.asarray(field / max(float(field.std()), 1e-9), np.float32)


def ramp(values: NDArray[Any], low: float, high: float) -> Single:
    """Smoothstep from 0 at ``low`` to 1 at ``high``; either may be the larger."""
    t = ((np.asarray(values, np.float32) - low) / (high - low)).clip(0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


class Canvas:
    """A picture being painted: sRGB colour and relief over a rectangle of metres, row 0 at the bottom.

    Attributes:
        rgb: (h, w, 3) sRGB 0..1.
        relief: (h, w), 0.5 is the surface.
        ppm: pixels a metre, along both axes.
    """

    def __init__(self, rng: np.random.Generator, width: float, height: float, ppm: float, colour: ArrayLike) -> None:
        self.rng, self.ppm, self.width, self.height = rng, ppm, width, height
        self.shape = (max(round(height * ppm), 8), max(round(width * ppm), 8))
        self.rgb: Single = np.empty((*self.shape, 3), np.float32)
        self.rgb[:] = np.asarray(colour, np.float32)
        self.relief: Single = np.full(self.shape, 0.5, np.float32)
        self.x: Single = ((np.arange(self.shape[1], dtype=np.float32) + 0.5) / ppm)[None, :]
        self.y: Single = ((np.arange(self.shape[0], dtype=np.float32) + 0.5) / ppm)[:, None]

    def noise(self, size: float | tuple[float, float], rolloff: float = 1.5) -> Single:
        """Noise over the whole canvas; see ``noise``."""
        return noise(self.rng, self.shape, self.ppm, size, rolloff)

    @cached_property
    def grit(self) -> Single:
        """Coarse grain of the surface, by which rubbed-on marks break up."""
        return self.noise(0.03, 0.8)

    def blend(self, mask: NDArray[Any], colour: ArrayLike) -> None:
        """Mixes a colour in by a mask 0..1 that broadcasts to (h, w)."""
        cover = np.broadcast_to(np.asarray(mask, np.float32), self.shape)[..., None]
        self.rgb += cover * (np.asarray(colour, np.float32) - self.rgb)

    def shade(self, factor: NDArray[Any]) -> None:
        """Multiplies the colour by a (h, w) or (h, w, 3) factor."""
        by = np.asarray(factor, np.float32)
        self.rgb *= by if by.ndim == 3 else by[..., None]

    def around(self, at: ArrayLike, reach: float = 0.15) -> Single:
        """(3,) mean sRGB of the square of ``2 * reach`` metres about a point."""
        x, y = (np.asarray(at, float)[:2] * self.ppm).astype(int)
        r = max(int(reach * self.ppm), 2)
        rows = slice(int(np.clip(y - r, 0, self.shape[0] - 2)), max(int(y + r), 2))
        columns = slice(int(np.clip(x - r, 0, self.shape[1] - 2)), max(int(x + r), 2))
        return np.asarray(self.rgb[rows, columns].mean((0, 1)), np.float32)

    def polygon(
        self,
        points: ArrayLike,
        colour: ArrayLike,
        alpha: float = 1.0,
        *,
        soft: float = 0.0,
        broken: float = 0.0,
        relief: float = 0.0,
        line: float = 0.0,
    ) -> None:
        """Paints a polygon, or a line of width ``line`` metres along the points.

        Args:
            points: (n, 2) metres.
            colour: sRGB.
            alpha: cover.
            soft: blur in metres.
            broken: share rubbed off in grains, 0..1.
            relief: added to the relief where it covers.
            line: width of the stroke; 0 fills the polygon.
        """
        path = np.asarray(points, float)
        reach = line + 2.5 * soft + 2 / self.ppm
        low = np.floor((path.min(0) - reach) * self.ppm).astype(int).clip(0, None)
        high = np.ceil((path.max(0) + reach) * self.ppm).astype(int)
        high = np.minimum(high, (self.shape[1], self.shape[0]))
        if np.any(high <= low):
            return
        cover = _drawn((path * self.ppm - low), tuple(high - low), line * self.ppm, soft * self.ppm)
        window = (slice(low[1], high[1]), slice(low[0], high[0]))
        if broken > 0:
            level = float(np.interp(broken, [0, 0.02, 0.16, 0.5, 0.84, 0.98, 1], [-3, -2, -1, 0, 1, 2, 3]))
            cover = cover * ramp(self.grit[window], level - 0.35, level + 0.35)
        cover = alpha * cover
        self.rgb[window] += cover[..., None] * (np.asarray(colour, np.float32) - self.rgb[window])
        self.relief[window] += relief * cover

    def rectangle(
        self, centre: ArrayLike, size: ArrayLike, colour: ArrayLike, *, turn: float = 0.0, **how: Any
    ) -> None:
        """Paints a rectangle turned by ``turn`` radians; ``how`` as in ``polygon``."""
        half = 0.5 * np.asarray(size, float)
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
        c, s = np.cos(turn), np.sin(turn)
        self.polygon(corners @ np.array([[c, s], [-s, c]]) + np.asarray(centre, float), colour, **how)

    def blob(self, centre: ArrayLike, radius: float, colour: ArrayLike, *, rough: float = 0.25, **how: Any) -> None:
        """Paints an uneven disc; ``rough`` is how uneven its outline is."""
        angle = np.linspace(0, 2 * np.pi, 17)[:-1]
        uneven = radius * (1 + rough * self.rng.standard_normal(16).clip(-1.5, 1.8))
        outline = np.stack([uneven * np.cos(angle), uneven * np.sin(angle)], 1)
        self.polygon(outline + np.asarray(centre, float), colour, **how)

    def letters(self, text: str, centre: ArrayLike, size: float, colour: ArrayLike, alpha: float = 0.9) -> None:
        """Sprays stencil letters ``size`` metres high: gaps in the strokes where the stencil held together."""
        tall = max(int(size * self.ppm * 1.35), 8)
        picture = Image.new("L", (tall * len(text), int(1.5 * tall)), 0)
        font = ImageFont.load_default(tall)
        left, top, right, bottom = font.getbbox(text, stroke_width=tall // 28)
        ImageDraw.Draw(picture).text((-left, -top), text, 255, font, stroke_width=tall // 28)
        mask = np.asarray(picture, np.float32)[: int(bottom - top), : int(right - left)][::-1] / 255
        for column in np.linspace(0, mask.shape[1], 2 * len(text) + 1)[1::2]:
            mask[:, int(column) - 1 : int(column) + max(tall // 22, 1)] = 0
        low = np.round(np.asarray(centre, float) * self.ppm).astype(int) - np.array(mask.shape[::-1]) // 2
        self.stamp(mask, (int(low[0]), int(low[1])), colour, alpha)

    def stamp(self, mask: NDArray[Any], corner: tuple[int, int], colour: ArrayLike, alpha: float = 1.0) -> None:
        """Blends a small mask in with its lower left pixel at ``corner`` (column, row), cut at the canvas' edges."""
        (h, w), (x, y) = mask.shape, corner
        x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + w, self.shape[1]), min(y + h, self.shape[0])
        if x1 <= x0 or y1 <= y0:
            return
        cover = alpha * np.asarray(mask, np.float32)[y0 - y : y1 - y, x0 - x : x1 - x]
        cover = cover * ramp(self.grit[y0:y1, x0:x1], -2.2, -1.2)
        self.rgb[y0:y1, x0:x1] += cover[..., None] * (np.asarray(colour, np.float32) - self.rgb[y0:y1, x0:x1])

    def image(self, name: str) -> bpy.types.Image:
        """Colour with the relief as alpha, packed."""
        return image_from_array(name, np.concatenate([self.rgb, self.relief[..., None]], -1))


def _drawn(points: Array, size: tuple[int, ...], line: float, soft: float) -> Single:
    """(h, w) mask 0..1 of a polygon or line in pixels, drawn at twice the size for smooth edges."""
    picture = Image.new("L", (2 * size[0], 2 * size[1]), 0)
    draw = ImageDraw.Draw(picture)
    path: Sequence[tuple[float, float]] = [(2 * float(x), 2 * float(y)) for x, y in points]
    if line > 0:
        draw.line(path, fill=255, width=max(round(2 * line), 1), joint="curve")
    else:
        draw.polygon(path, fill=255)
    if soft > 0:
        picture = picture.filter(ImageFilter.GaussianBlur(float(2 * soft)))
    mask = np.asarray(picture, np.float32).reshape(size[1], 2, size[0], 2).mean((1, 3)) / 255
    if 0 < line < 0.5:  # thinner than half a pixel: fainter instead
        mask = mask * (2 * line)
    return np.asarray(mask, np.float32)


@dataclass(frozen=True)
class Stock:
    """Pictures that everything in one world shares.

    Attributes:
        grime: blotches, dust and fine scratches over 1.6 m.
        grain: wood grain along u over 1.2 m x 0.6 m.
        grit: fine sand over 0.5 m.
    """

    grime: bpy.types.Image
    grain: bpy.types.Image
    grit: bpy.types.Image


def stock(rng: np.random.Generator) -> Stock:
    """Makes the shared pictures."""
    side, ppm = (512, 512), 320.0
    grime = 0.55 + 0.10 * noise(rng, side, ppm, 0.5, 1.2) + 0.07 * noise(rng, side, ppm, 0.02, 1.0)
    scratch = noise(rng, side, ppm, (0.3, 0.004), 2.0) * ramp(noise(rng, side, ppm, 0.4, 2.0), 0.2, 1.2)
    grime = grime + 0.05 * scratch - 0.30 * ramp(noise(rng, side, ppm, 0.25, 1.3), 1.4, 2.2)
    ppm = 512 / 1.2
    wide = noise(rng, (256, 512), ppm, (0.9, 0.06), 2.0)
    rings = np.sin(9 * wide + 2 * noise(rng, (256, 512), ppm, (0.5, 0.02), 2.0))
    fibre = noise(rng, (256, 512), ppm, (0.25, 0.004), 1.2)
    grain = 0.5 + 0.10 * rings + 0.09 * fibre + 0.05 * wide
    grit = 0.5 + 0.14 * noise(rng, (256, 256), 512.0, 0.01, 0.6)
    return Stock(
        image_from_array("grime", grime, "Non-Color"),
        image_from_array("grain", grain, "Non-Color"),
        image_from_array("grit", grit, "Non-Color"),
    )
