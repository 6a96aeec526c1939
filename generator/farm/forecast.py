"""What `bodyworn plan` prints: counts, label histograms and cost, before anything is rendered."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from generator.errors import UserError
from generator.labels.events import tags
from generator.motion.build import build_timeline
from generator.paths import project_root
from generator.scenario.plan import count, load_sources, recipe_value, variant_clips
from generator.scenario.spec import ClipSpec

MOST_COUNTED = 2000
"""Clips that are drawn for the histograms; of larger plans every k-th variant."""

_BAR = 24


@dataclass
class _Forecast:
    clips: int = 0
    twins: int = 0
    frames: float = 0.0
    cpu_s: float = 0.0
    histograms: dict[str, Counter[str]] = field(default_factory=dict)

    def see(self, name: str, value: object) -> None:
        """Counts a label."""
        self.histograms.setdefault(name, Counter())[str(value)] += 1


def plan_text(
    files: Sequence[Path], *, seed: int | None, variants: int | None, overrides: Mapping[str, Any], quality: str | None
) -> str:
    """Counts and label histograms of a plan, and about what it costs.

    ``positive`` is a prediction: it supposes that a held firearm comes into view.
    """
    sources = load_sources(files, overrides=overrides, variants=variants)
    seed = seed if seed is not None else recipe_value(sources, "seed", 0)
    quality = quality or recipe_value(sources, "quality", "standard")
    stride = -(-count(sources) // MOST_COUNTED)
    forecast = _Forecast()
    counted = 0
    for source in sources:
        for variant in range(0, source.scenario.n_variants, stride):
            counted += 1
            for planned in variant_clips(source, seed, variant):
                forecast.clips += 1
                forecast.twins += planned.twin_of is not None
                forecast.frames += planned.spec.n_frames
                forecast.cpu_s += clip_cost(planned.spec, quality)
                _count_labels(forecast, planned.spec, planned.split)
    # By variants: a twin that is what was drawn anyway is no clip, so clips are known only for variants that were drawn.
    scale = sum(source.scenario.n_variants for source in sources) / max(counted, 1)
    return _text(forecast, scale, seed, quality)


def clip_cost(spec: ClipSpec, quality: str) -> float:
    """CPU-seconds of one clip by the measured figures of configs/quality/cost.yaml."""
    path = project_root() / "configs" / "quality" / "cost.yaml"
    try:
        figures = yaml.safe_load(path.read_text("utf-8"))
        per_frame, per_megapixel = figures[quality]["per_frame"], figures[quality]["per_megapixel"]
        per_clip = figures["per_clip"]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise UserError(
            f"{path}: no cost of quality {quality!r} ({error}); allowed: as `make bench` measures it"
        ) from error
    megapixels = spec.clip.size[0] * spec.clip.size[1] / 1e6
    return float(per_clip + spec.n_frames * (per_frame + per_megapixel * megapixels))


def _count_labels(forecast: _Forecast, spec: ClipSpec, split: str | None) -> None:
    timeline = build_timeline(spec)
    words = tags(spec, timeline, firearm_visible=True)
    for name in ("positive", "family", "setting", "environment", "weapon_kind", "mount"):
        forecast.see(name, words[name])
    forecast.see("time", spec.environment.time)
    forecast.see("discharges", sum(event.type == "discharge" for event in timeline.events))
    forecast.see("gloves", spec.wearer.dress.gloves)
    forecast.see("sex of wearer", spec.wearer.body.sex)
    forecast.see("skin tone of wearer", f"{spec.wearer.body.skin_tone:2d}")
    if split is not None:
        forecast.see("split", split)


def _text(forecast: _Forecast, scale: float, seed: int, quality: str) -> str:
    hours = forecast.cpu_s * scale / 3600
    clips = f"{forecast.clips} of about {round(forecast.clips * scale)}" if scale > 1 else f"{forecast.clips}"
    lines = [
        f"{'about ' if scale > 1 else ''}{round(forecast.clips * scale)} clips ({round(forecast.twins * scale)} twins), "
        f"{round(forecast.frames * scale)} frames; seed {seed}, quality {quality}",
        f"about {hours:.2f} core-hours ({forecast.cpu_s * scale / max(forecast.frames * scale, 1):.1f} CPU-s a frame; "
        "configs/quality/cost.yaml)",
        f"labels, drawn for {clips} clips (positive supposes that a held firearm comes into view):",
    ]
    for name, histogram in forecast.histograms.items():
        lines.append(f"  {name}")
        most = max(histogram.values())
        for value, times in sorted(histogram.items()):
            bar = "#" * max(1, round(_BAR * times / most))
            lines.append(f"    {value:22} {round(times * scale):6d}  {bar}")
    return "\n".join(lines)
