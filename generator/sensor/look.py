"""The two looks that only negatives have: footage of a game, and a scene of a film."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from generator.motion.timeline import Timeline
from generator.scenario.device import FilmLook, GameLook, Lens
from generator.sensor.overlay import Placed, advance, write

Single = NDArray[np.float32]

_FULL_FRAME = 0.036
"""Metres: width of the sensor that a film's depth of field is reckoned for."""

_SIGMAS = (0.0, 0.7, 1.5, 3.0, 6.0, 12.0)
"""Blurs in pixels that a picture out of focus is mixed from."""

_GRADES = {
    "teal_orange": ((-0.05, 0.01, 0.05), (0.05, 0.01, -0.06)),
    "warm": ((0.02, 0.0, -0.02), (0.05, 0.02, -0.05)),
}
"""Tints of shadows and of highlights."""

_HUD = (0.85, 0.95, 1.0)


@dataclass(frozen=True)
class Instruments:
    """What a game draws over its picture: a crosshair, rounds left, and a health that never changes.

    Attributes:
        look: of the device.
        shots, reloads: seconds, ascending.
        health: percent; nobody is ever hurt.
    """

    look: GameLook
    shots: tuple[float, ...]
    reloads: tuple[float, ...]
    health: int = field(default=100)

    @classmethod
    def of(cls, look: GameLook, timeline: Timeline, rng: np.random.Generator) -> "Instruments":
        """The instruments of a clip, from what happens in it."""
        shots = tuple(event.start for event in timeline.events if event.type in ("discharge", "trigger_pull"))
        reloads = tuple(state.end for state in timeline.states if state.state == "reloading")
        return cls(look, shots, reloads, int(rng.integers(60, 101)))

    def rounds(self, t: float) -> int:
        """Rounds left at ``t``: each shot takes one, a reload fills up; an empty magazine stays at 0."""
        filled = max((end for end in self.reloads if end <= t), default=-np.inf)
        return max(self.look.magazine - sum(filled < shot <= t for shot in self.shots), 0)

    def draw(self, image: Single, t: float) -> None:
        """Draws onto an (H, W, 3) picture of 0..1 in place."""
        height, width = image.shape[:2]
        _crosshair(image, self.look.crosshair)
        if not self.look.display:
            return
        size, margin = max(round(0.06 * height), 8), max(round(0.04 * height), 3)
        y = height - margin - size
        rounds = f"{self.rounds(t)} / {3 * self.look.magazine}"
        write(image, _text(rounds, width - margin - _length(rounds, size), y, size), size, _HUD)
        health = str(self.health)
        write(image, _text(health, margin, y, size), size, _HUD)
        left, right = margin + _length("100", size) + size // 2, margin + _length("100", size) + 5 * size
        bar = image[y + size // 4 : y + size - size // 4, left:right]
        bar *= np.float32(0.4)
        bar[:, : round(bar.shape[1] * self.health / 100)] = np.array(_HUD, np.float32)


def _length(text: str, size: int) -> int:
    return sum(advance(char, size) for char in text)


def _text(text: str, x: int, y: int, size: int) -> tuple[Placed, ...]:
    ends = np.cumsum([0, *(advance(char, size) for char in text)])
    return tuple(Placed(char, x + int(end), y) for char, end in zip(text, ends, strict=False))


def _crosshair(image: Single, kind: str) -> None:
    """In the middle of the picture, a few per cent of its height."""
    height, width = image.shape[:2]
    y, x = np.ogrid[0:height, 0:width]
    dy, dx = np.abs(y + 0.5 - height / 2), np.abs(x + 0.5 - width / 2)
    unit = max(height / 360, 0.5)
    if kind == "dot":
        drawn = np.hypot(dy, dx) < 2.2 * unit
    elif kind == "circle":
        drawn = np.abs(np.hypot(dy, dx) - 10 * unit) < 0.9 * unit
    elif kind == "cross":
        arm = (np.maximum(dy, dx) < 11 * unit) & (np.maximum(dy, dx) > 3.5 * unit)
        drawn = arm & (np.minimum(dy, dx) < 1.0 * unit)
    else:
        return
    image[drawn] = np.array([0.35, 1.0, 0.45], np.float32)


def out_of_focus(light: Single, depth: Single, look: FilmLook, lens: Lens) -> Single:
    """(3, H, W) light blurred by depth, as a fast lens before a full-frame sensor sees it.

    The circle of confusion of a thin lens (Potmesil and Chakravarty 1981): ``f^2 / (N (s - f)) * |d - s| / d``. A disc of radius R
    is blurred with a Gaussian of R / 2 on each axis; each pixel is mixed from the two nearest of a few blurs. What is blurred does
    not spread over what is sharp: edges of near things out of focus are harder than a real lens makes them.

    Args:
        light: linear.
        depth: (H, W) metres along the ray, inf where there is nothing.
        look: focus and f-number.
        lens: its field of view gives the focal length.
    """
    sigma = 0.5 * confusion_radius(np.asarray(depth, np.float64), look, lens) * light.shape[2]
    place = np.interp(sigma, _SIGMAS, np.arange(len(_SIGMAS))).astype(np.float32)
    result = light.copy()
    for k in range(1, len(_SIGMAS)):
        share = np.clip(place - np.float32(k - 1), 0, 1)
        if not share.any():
            break
        blurred = ndimage.gaussian_filter(light, (0, _SIGMAS[k], _SIGMAS[k]), mode="nearest", truncate=2.5)
        result += share * (blurred - result)
    return result


def confusion_radius(depth: NDArray[np.float64], look: FilmLook, lens: Lens) -> NDArray[np.float64]:
    """Radius of the blur of a point at ``depth`` metres, as a share of the picture's width."""
    focal = 0.5 * _FULL_FRAME / np.tan(0.5 * lens.field_of_view)
    away = np.abs(1 - look.focus / np.maximum(depth, 0.05))
    return np.asarray(0.5 * focal**2 / (look.f_number * (look.focus - focal)) * away / _FULL_FRAME)


def graded(encoded: Single, look: FilmLook) -> Single:
    """(3, H, W) encoded values with a colourist's grade: tints of shadows and highlights, chosen by eye."""
    grey = np.clip(encoded.mean(0), 0, 1)
    if look.grade == "bleach":  # bleach bypass: less colour, more contrast
        mixed = np.float32(0.55) * encoded + np.float32(0.45) * grey
        return np.asarray(mixed + np.float32(0.5) * (mixed - np.float32(0.4)) * grey * (1 - grey), np.float32)
    shadows, lights = _GRADES[look.grade]
    dark, bright = (1 - grey) ** 2 * grey * 4, grey**2
    tint = [np.float32(s) * dark + np.float32(b) * bright for s, b in zip(shadows, lights, strict=True)]
    return np.asarray(encoded + np.stack(tint), np.float32)
