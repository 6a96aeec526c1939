"""Single pictures of clips, as their device would take them: a look at a scenario's variants without rendering clips.

``python -m generator.render.stills SCENARIO [--set PATH=VALUE ...] --out sheet.png`` looks at one variant without its wearer.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from generator.motion.build import build_timeline
from generator.motion.timeline import BodyMeasures
from generator.render import scenes
from generator.render.cycles import CyclesRenderer, read_radiance
from generator.render.profile import profile
from generator.scenario.plan import load_sources, plan
from generator.scenario.spec import ClipSpec
from generator.scenario.yaml_text import parse_yaml
from generator.sensor.develop import Developer
from generator.sensor.exposure import decide_exposures

COLUMNS = 6


def stills(spec: ClipSpec, every: float, *, wearer: bool = True) -> Iterator[NDArray[np.uint8]]:
    """Pictures of a clip, one every so many seconds, developed by its device; no labels, no codec.

    Args:
        spec: the clip; its size is the pictures'.
        every: seconds between pictures; the first is taken half of it after the start.
        wearer: whether the wearer and what is held are in it; without, a scene is built several times faster.

    Yields:
        (H, W, 3) uint8 sRGB.
    """
    renderer = CyclesRenderer(wearer=wearer)
    timeline = build_timeline(spec, renderer.measures(spec) if wearer else BodyMeasures.nominal())
    fps = spec.clip.fps
    # A clip shorter than that gives one picture.
    frames = sorted({int(t * fps) for t in np.arange(0.5 * min(every, timeline.duration), timeline.duration, every)})
    with renderer.open(spec, timeline, "preview") as rendering:
        meter = rendering.meter()
        exposures = decide_exposures(meter, spec.device, (np.arange(spec.n_frames) + 0.5) / fps)
        developer = Developer.of(spec, meter, exposures, timeline)
        scenes.set_quality(rendering.pictures, profile("preview"))
        far = np.full(spec.clip.size[::-1], np.inf, np.float32)
        for frame in frames:
            path = rendering.render_picture(rendering.scan(frame, exposures, exposed=True), frame, exposures)
            yield developer.develop(read_radiance(path), far, frame)


def sheet(rows: Sequence[Sequence[NDArray[np.uint8]]], columns: int = COLUMNS) -> Image.Image:
    """Pictures side by side, a clip after another, each beginning a new line."""
    lines: list[list[NDArray[np.uint8]]] = []
    for row in rows:
        lines += [list(row[k : k + columns]) for k in range(0, len(row), columns)]
    height, width = lines[0][0].shape[:2]
    canvas = np.zeros((len(lines) * height, max(map(len, lines)) * width, 3), np.uint8)
    for i, line in enumerate(lines):
        for j, picture in enumerate(line):
            canvas[i * height : (i + 1) * height, j * width : (j + 1) * width] = picture
    return Image.fromarray(canvas)


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the sheet of one variant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", type=Path)
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--variant", type=int, default=0)
    parser.add_argument("--every", type=float, default=1.0)
    parser.add_argument("--wearer", action="store_true")
    parser.add_argument("--out", type=Path, default=Path("stills.png"))
    given = parser.parse_args(arguments)
    overrides = {path: parse_yaml(value, "--set") for path, _, value in (text.partition("=") for text in given.set)}
    sources = load_sources([given.scenario], overrides={**overrides, "twins": []}, variants=given.variant + 1)
    clip = next(clip for clip in plan(sources, given.seed) if clip.spec.variant == given.variant)
    sheet([list(stills(clip.spec, given.every, wearer=given.wearer))]).save(given.out)
    sys.stdout.write(f"look at {given.out}\n")


if __name__ == "__main__":
    main()
