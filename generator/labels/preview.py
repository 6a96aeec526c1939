"""The contact sheet: frames over the same frames with their labels drawn on."""

import colorsys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from generator.frame import Frame
from generator.origin import DIGITAL_SOURCE_TYPE, NOTICE

COLUMNS = 4
_MOST_WIDTH = 480
_MARGIN = 4


def colour(track_id: int) -> tuple[int, int, int]:
    """A colour of its own for every track, by the golden angle."""
    r, g, b = colorsys.hsv_to_rgb((track_id * 0.61803398875) % 1.0, 0.65, 1.0)
    return int(255 * r), int(255 * g), int(255 * b)


def overlay(
    image: NDArray[np.uint8], instance: NDArray[np.uint16], objects: Sequence[Mapping[str, Any]]
) -> Image.Image:
    """The picture with masks tinted, visible boxes (solid), amodal boxes (dotted corners), keypoints and names."""
    tint = image.astype(np.float32)
    for number in np.unique(instance):
        if number:
            mask = instance == number
            tint[mask] = 0.5 * tint[mask] + 0.5 * np.array(colour(int(number)), np.float32)
    sheet = Image.fromarray(tint.astype(np.uint8))
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(max(8, image.shape[0] // 20))
    for row in objects:
        line = colour(row["track_id"])
        if row["box_amodal"] is not None and row["visible_px"]:
            x, y, w, h = row["box_amodal"]
            for a, b in ((x, y), (x + w, y), (x, y + h), (x + w, y + h)):
                draw.rectangle([a - 1, b - 1, a + 1, b + 1], fill=line)
        if row["box_visible"] is not None:
            x, y, w, h = row["box_visible"]
            draw.rectangle([x, y, x + w - 1, y + h - 1], outline=line)
            draw.text((x + 2, y + 1), row["category"], fill=line, font=font)
        for px, py, state in row["keypoints"] or ():
            if state:
                draw.ellipse(
                    [px - 1.5, py - 1.5, px + 1.5, py + 1.5], fill=(255, 255, 255) if state == 2 else (90, 90, 90)
                )
    return sheet


@dataclass
class ContactSheet:
    """Gathers a few frames of a clip while they pass by.

    Attributes:
        chosen: indices of the frames shown.
    """

    chosen: tuple[int, ...]
    _cells: list[tuple[Image.Image, Image.Image]] = field(default_factory=list)

    @classmethod
    def of(cls, n_frames: int, wanted: Sequence[int] = ()) -> "ContactSheet":
        """Frames spread over the clip, and some that must be among them (those with a shot)."""
        spread = [round(k * (n_frames - 1) / (2 * COLUMNS - 1)) for k in range(2 * COLUMNS)]
        for frame in sorted(set(wanted))[: 2 * COLUMNS - 2]:
            if 0 <= frame < n_frames and frame not in spread:
                nearest = min(range(len(spread)), key=lambda k: (abs(spread[k] - frame), k))
                spread[nearest] = frame
        return cls(tuple(sorted(set(spread))))

    def add(self, frame: Frame, image: NDArray[np.uint8], objects: Sequence[Mapping[str, Any]]) -> None:
        """Takes a frame in if it is one of the chosen."""
        if frame.index in self.chosen:
            labelled = overlay(image, frame.instance, objects)
            picture = Image.fromarray(image)
            for sheet in (picture, labelled):
                sheet.thumbnail((_MOST_WIDTH, _MOST_WIDTH))
            self._cells.append((picture, labelled))

    def save(self, path: Path) -> None:
        """Writes the JPEG, which says that it is synthetic (EXIF and XMP)."""
        width, height = self._cells[0][0].size
        rows = -(-len(self._cells) // COLUMNS)
        columns = min(COLUMNS, len(self._cells))
        sheet = Image.new(
            "RGB", (columns * (width + _MARGIN) + _MARGIN, rows * (2 * height + 2 * _MARGIN) + _MARGIN), (24, 24, 24)
        )
        for index, (picture, labelled) in enumerate(self._cells):
            x = _MARGIN + (index % COLUMNS) * (width + _MARGIN)
            y = _MARGIN + (index // COLUMNS) * 2 * (height + _MARGIN)
            sheet.paste(picture, (x, y))
            sheet.paste(labelled, (x, y + height + _MARGIN // 2))
        save_jpeg(sheet, path)


def save_jpeg(image: Image.Image, path: Path) -> None:
    """Writes a JPEG that says that it is synthetic (EXIF and XMP)."""
    exif = Image.Exif()
    exif[0x010E] = NOTICE  # ImageDescription
    exif[0x0131] = "bodyworn"  # Software
    image.save(path, "JPEG", quality=88, exif=exif, xmp=_xmp())


def _xmp() -> bytes:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        f'Iptc4xmpExt:DigitalSourceType="{DIGITAL_SOURCE_TYPE}"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()
