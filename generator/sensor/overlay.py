"""What a device burns into its picture: date, time and a device number, all invented. It is never in the labels."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from generator.scenario.device import Overlay
from generator.scenario.spec import ClipSpec

Single = NDArray[np.float32]
Side = Literal["left", "right"]

_FORMATS = {
    "iso": "%Y-%m-%d %H:%M:%S",
    "iso_zulu": "%Y-%m-%dT%H:%M:%SZ",
    "day_first": "%d/%m/%Y %H:%M:%S",
    "month_first": "%m/%d/%Y %H:%M:%S",
    "twelve_hours": "%m/%d/%Y %I:%M:%S %p",
}

_LETTERS = "BDFGHKLNPRTZ"
"""Of invented device numbers: nothing that could be read as a maker's name."""

_MOST_HOURS = 2000.0
"""Hours for which a device's clock may have run since it was set: docks set clocks each week or hardly ever."""


@dataclass(frozen=True)
class Placed:
    """One character of a line: its left and top edge in pixels."""

    char: str
    x: int
    y: int


@dataclass(frozen=True)
class BurntIn:
    """The overlay of a clip.

    Attributes:
        overlay: of the device.
        start: what its clock showed at t = 0, which is ``off_s`` seconds from the exercise's own time.
        off_s: seconds that the clock is fast.
        device_id: the invented number; empty where none is shown.
        width, height: of the picture.
    """

    overlay: Overlay
    start: datetime
    off_s: float
    device_id: str
    width: int
    height: int

    @classmethod
    def of(cls, spec: ClipSpec) -> "BurntIn | None":
        """The overlay of a clip, or None where its device has none. The hour suits the time of day of the scene."""
        overlay = spec.device.overlay
        if overlay is None:
            return None
        rng = spec.stream("sensor/overlay")
        day = datetime(2016, 1, 1) + timedelta(days=int(rng.integers(0, 3650)))
        day_hour, night_hour = rng.uniform(8.5, 16.5), rng.uniform(21.0, 28.5)
        hour = day_hour if spec.environment.time == "day" else night_hour
        off = overlay.drift * rng.uniform(0, _MOST_HOURS)
        start = day + timedelta(seconds=float(np.round(hour * 3600 + off, 3)))
        number = _device_id(rng) if overlay.device_id else ""
        return cls(overlay, start, float(off), number, *spec.clip.size)

    def lines(self, t: float) -> tuple[str, ...]:
        """What is written at ``t`` seconds after the clip's start: the time, then the number."""
        now = self.start + timedelta(seconds=t * (1 + self.overlay.drift / 3600))
        clock = now.strftime(_FORMATS[self.overlay.clock])
        return (clock, self.device_id) if self.device_id else (clock,)

    def facts(self) -> dict[str, Any]:
        """For clip.json."""
        return {
            "start": self.start.isoformat(timespec="milliseconds"), "clock_off_s": self.off_s, "device_id": self.device_id,
            "first": list(self.lines(0.0)),
        }  # fmt: skip

    @property
    def size(self) -> int:
        """Height of a line in pixels; below 7 nothing could be read."""
        return max(round(self.overlay.height * self.height), 7)

    def placed(self, t: float) -> tuple[Placed, ...]:
        """Every character of the overlay and where it stands."""
        layout, lines, margin = self.overlay.layout, self.lines(t), max(self.size // 2, 2)
        if layout == "bottom_bar":
            y = self.height - self.size - 2
            sides: tuple[Side, ...] = ("left", "right")
            return tuple(p for text, side in zip(lines, sides, strict=False) for p in self._line(text, side, margin, y))
        side: Side = "left" if layout.endswith("left") else "right"
        first = margin if layout.startswith("top") else self.height - margin - len(lines) * (self.size + 1)
        rows = (first + k * (self.size + 1) for k in range(len(lines)))
        return tuple(p for text, y in zip(lines, rows, strict=True) for p in self._line(text, side, margin, y))

    def _line(self, text: str, side: Side, margin: int, y: int) -> list[Placed]:
        ends = np.cumsum([0, *(advance(char, self.size) for char in text)])
        left = margin if side == "left" else self.width - margin - int(ends[-1])
        return [Placed(char, left + int(x), y) for char, x in zip(text, ends, strict=False)]

    def draw(self, image: Single, t: float) -> None:
        """Writes onto an (H, W, 3) picture of 0..1 in place."""
        if self.overlay.layout == "bottom_bar":
            image[self.height - self.size - 4 :] *= np.float32(0.25)
        write(image, self.placed(t), self.size)


def write(
    image: Single, characters: tuple[Placed, ...], size: int, colour: tuple[float, float, float] = (1, 1, 1)
) -> None:
    """Draws characters with a dark outline onto an (H, W, 3) picture of 0..1 in place; what is outside is cut off."""
    tint = np.array(colour, np.float32)
    for outline in (True, False):
        for placed in characters:
            mask = glyph(placed.char, size)
            if outline:
                mask = np.float32(0.75) * _widened(mask)
            y, x = placed.y - 1, placed.x - 1
            top, left = max(-y, 0), max(-x, 0)
            part = image[max(y, 0) : max(y + mask.shape[0], 0), max(x, 0) : max(x + mask.shape[1], 0)]
            cover = mask[top : top + part.shape[0], left : left + part.shape[1], None]
            part *= 1 - cover
            if not outline:
                part += cover * tint


@lru_cache(maxsize=1024)
def glyph(char: str, size: int) -> Single:
    """(size + 2, w + 2) coverage of a character in pillow's own font, with an empty edge of a pixel."""
    font = _font(size)
    canvas = Image.new("L", (int(np.ceil(font.getlength(char))) + 4, size + 2))
    ImageDraw.Draw(canvas).text((1, 1), char, fill=255, font=font, anchor="lt" if _is_tall(char) else "la")
    if not _is_tall(char):
        # Marks such as ':' and '-' keep their height on the line: place them by the top of a digit.
        canvas = Image.new("L", canvas.size)
        top = font.getbbox("0", anchor="la")[1]
        ImageDraw.Draw(canvas).text((1, 1 - top), char, fill=255, font=font, anchor="la")
    return np.asarray(canvas, np.float32) / 255


def _is_tall(char: str) -> bool:
    return char.isalnum()


def advance(char: str, size: int) -> int:
    """Pixels from a character to the next: one width for all digits, so that a clock does not jitter."""
    font = _font(size)
    if char.isdigit():
        return max(int(np.ceil(font.getlength(digit))) for digit in "0123456789")
    return max(int(np.ceil(font.getlength(char))), 1) + (1 if char.isalpha() else 0)


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size / 0.76)  # capitals of pillow's own font are 0.72 em high: they fill the line
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


def _widened(mask: Single) -> Single:
    padded = np.pad(mask, 1)
    h, w = mask.shape
    return np.asarray(np.max([padded[dy : dy + h, dx : dx + w] for dy in range(3) for dx in range(3)], axis=0))


def _device_id(rng: np.random.Generator) -> str:
    """An invented number, in one of a few patterns."""
    digits = "".join(str(d) for d in rng.integers(0, 10, 7))
    letters = "".join(_LETTERS[k] for k in rng.integers(0, len(_LETTERS), 2))
    patterns = (
        f"{letters}{digits[:2]}-{digits[2:]}",
        f"ID {digits[:6]}",
        f"{letters}{digits[:4]}",
        f"UNIT {digits[:4]}",
    )
    return patterns[int(rng.integers(len(patterns)))]
