"""What `validate` and `explain` print."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.errors import UserError
from generator.scenario.plan import Source, load_sources, variant_clips


def validate_text(files: Sequence[Path]) -> str:
    """One line a scenario; raises UserError on the first fault."""
    lines = []
    for source in (source for file in files for source in load_sources([file])):  # each file for itself
        scenario = source.scenario
        clips = scenario.n_variants * (1 + len(scenario.twins))
        twins = f", {len(scenario.twins)} twins each" if scenario.twins else ""
        lines.append(
            f"{scenario.file}: {scenario.name} is valid (up to {clips} clips: {scenario.n_variants} variants{twins})"
            if twins
            else f"{scenario.file}: {scenario.name} is valid ({clips} clips)"
        )
    return "\n".join(lines)


def explain_clip(folder: Path) -> str:
    """Every draw of a rendered clip, from its directory."""
    try:
        info = json.loads((folder / "clip.json").read_text("utf-8"))
        return _text(info["clip_id"], info["scenario"], info["variant"], info["twin_of"], info["draws"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"{folder}: no clip directory ({error}); allowed: one with a clip.json, or a scenario"
        ) from error


def explain_scenario(source: Source, seed: int, variant: int) -> str:
    """Every draw of one variant and its twins, without rendering.

    Raises:
        UserError: there is no such variant.
    """
    most = source.scenario.n_variants
    if not 0 <= variant < most:
        raise UserError(f"--variant {variant}: not in {source.scenario.file}; allowed: 0 to {most - 1}")
    return "\n\n".join(
        _text(
            clip.clip_id,
            clip.spec.scenario,
            variant,
            clip.twin_of,
            [draw_record(draw) for draw in clip.draws],
            clip.twin,
        )
        for clip in variant_clips(source, seed, variant)
    )


def draw_record(draw: Any) -> dict[str, Any]:
    """A draw as clip.json keeps it."""
    return {
        "path": draw.path,
        "value": draw.value,
        "distribution": {str(key): _plain(body) for key, body in draw.distribution.items()},
        "from_scenario": draw.from_scenario,
    }


def _plain(body: Any) -> Any:
    """JSON has only strings for keys: weights become [value, weight] pairs."""
    return [[value, weight] for value, weight in body.items()] if isinstance(body, Mapping) else body


def _text(
    clip_id: str,
    scenario: str,
    variant: int,
    twin_of: str | None,
    draws: Iterable[Mapping[str, Any]],
    twin: Mapping[str, Any] | None = None,
) -> str:
    lines = [f"clip {clip_id}: {scenario}, variant {variant}" + (f", twin of {twin_of}" if twin_of else "")]
    lines += [f"  {path} = {value!r}  (twin)" for path, value in (twin or {}).items()]
    for draw in draws:
        (kind, body), *rest = draw["distribution"].items()
        source = "" if draw["from_scenario"] else "  (default)"
        extra = "".join(f" {key} {value}" for key, value in rest)
        lines.append(f"  {draw['path']} = {draw['value']!r}  from {kind} {body}{extra}{source}")
    return "\n".join(lines)
