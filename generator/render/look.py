"""A look at scenarios: a sheet with a line for every variant, a picture a second."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from tqdm import tqdm

from generator.labels.preview import save_jpeg
from generator.render.stills import stills
from generator.scenario.plan import PlannedClip, load_sources, plan, recipe_value

_WIDTH = 240
"""Pixels of one picture."""

_EVERY = 1.0
_MARGIN, _LINE = 4, 14


def look(
    files: Sequence[Path], out: Path, *, seed: int | None, variants: int | None, overrides: Mapping[str, Any]
) -> int:
    """Renders the sheet and returns how many clips are on it.

    A clip's line says its id, its environment with time and weather, its path and what is held; twins follow what they vary.

    Raises:
        UserError: a file is missing or malformed.
    """
    sources = load_sources(files, overrides=overrides, variants=variants)
    clips = list(plan(sources, seed if seed is not None else recipe_value(sources, "seed", 0)))
    rows = [_row(clip) for clip in tqdm(clips, unit="clip", desc="look")]
    canvas = Image.new("RGB", (max(row.width for row in rows), sum(row.height for row in rows)), (24, 24, 24))
    top = 0
    for row in rows:
        canvas.paste(row, (0, top))
        top += row.height
    save_jpeg(canvas, out)
    return len(clips)


def _row(clip: PlannedClip) -> Image.Image:
    """One clip's pictures under a line of words."""
    width, height = clip.spec.clip.size
    small = (_WIDTH, max(2 * round(_WIDTH * height / width / 2), 32))
    spec = clip.spec.model_copy(update={"clip": clip.spec.clip.model_copy(update={"size": small})})
    pictures = list(stills(spec, _EVERY))
    row = Image.new("RGB", (len(pictures) * (_WIDTH + _MARGIN), small[1] + _LINE + _MARGIN), (24, 24, 24))
    for index, picture in enumerate(pictures):
        row.paste(Image.fromarray(np.ascontiguousarray(picture)), (index * (_WIDTH + _MARGIN), _LINE))
    ImageDraw.Draw(row).text((2, 1), _words(clip), fill=(200, 200, 200), font=ImageFont.load_default(11))
    return row


def _words(clip: PlannedClip) -> str:
    spec, place = clip.spec, clip.spec.environment
    weather = getattr(place, "weather", None)
    where = " ".join(str(word) for word in (place.kind, place.time, weather) if word)
    held = spec.weapon.kind if spec.weapon else "nothing"
    twin = f", twin of {clip.twin_of}" if clip.twin_of else ""
    return f"{clip.clip_id} {spec.scenario} {spec.variant}: {where}, {spec.camera.path.kind}, {held}{twin}"
