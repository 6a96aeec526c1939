"""Pictures for docs/gallery.md: every environment by day and by night, and every scene, as their devices see them.

``python -m generator.render.gallery [NAME ...] --out docs``: one JPEG a setting and one of scenes; names choose some of them.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from tqdm import tqdm

from generator.labels.preview import save_jpeg
from generator.paths import project_root
from generator.render.placecost import kinds, place_spec
from generator.render.stills import stills
from generator.scenario.plan import load_sources, plan
from generator.scenario.spec import ClipSpec

_SIZE = (240, 136)
_COLUMNS, _MARGIN, _LINE = 4, 4, 13
_SEED = 3

Cell = tuple[str, ClipSpec]


def cells() -> dict[str, list[Cell]]:
    """What is on each sheet: by setting every environment by day and night, and the scenes, each with its words."""
    found: dict[str, list[Cell]] = {"land": [], "transport": [], "water": [], "scenes": []}
    for kind in kinds():
        for time in ("day", "night"):
            spec = place_spec(kind, time, _SIZE, _SEED)
            found[spec.setting].append((f"{kind}, {time}", spec))
    for scene in sorted((project_root() / "scenes").glob("*/*.yaml")):
        overrides: dict[str, Any] = {"clip.size": list(_SIZE), "twins": []}
        spec = next(iter(plan(load_sources([scene], overrides=overrides, variants=1), _SEED))).spec
        found["scenes"].append((f"{spec.family}: {scene.stem}", spec))
    return found


def drawn(chosen: Sequence[Cell]) -> Image.Image:
    """A sheet of one picture of each, from the middle of its clip."""
    width, height = _SIZE[0] + _MARGIN, _SIZE[1] + _LINE + _MARGIN
    rows = -(-len(chosen) // _COLUMNS)
    sheet = Image.new("RGB", (_COLUMNS * width + _MARGIN, rows * height + _MARGIN), (24, 24, 24))
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(10)
    for index, (words, picture) in enumerate(_pictures(chosen)):
        x, y = _MARGIN + index % _COLUMNS * width, _MARGIN + index // _COLUMNS * height
        draw.text((x + 1, y), words, fill=(210, 210, 210), font=font)
        sheet.paste(picture, (x, y + _LINE))
    return sheet


def _pictures(chosen: Sequence[Cell]) -> Iterator[tuple[str, Image.Image]]:
    for words, spec in tqdm(chosen, unit="picture"):
        # One picture, from the middle of the clip.
        image = next(iter(stills(spec, 2 * spec.clip.duration, wearer="," not in words)))
        yield words, Image.fromarray(np.ascontiguousarray(image))


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the sheets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="land, transport, water, scenes; all of them if left out")
    parser.add_argument("--out", type=Path, default=project_root() / "docs")
    given = parser.parse_args(arguments)
    for name, chosen in cells().items():
        if chosen and (not given.names or name in given.names):
            save_jpeg(drawn(chosen), given.out / f"gallery-{name}.jpg")
            sys.stdout.write(f"look at {given.out / f'gallery-{name}.jpg'}\n")


if __name__ == "__main__":
    main()
