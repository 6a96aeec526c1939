"""YAML files to scenarios: read safely, checked before anything is drawn or overridden."""

import copy
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from generator.errors import UserError
from generator.paths import project_root
from generator.scenario import paths
from generator.scenario.behaviour import check_behaviour
from generator.scenario.distributions import BadDistribution, Limits, check, possible, smallest
from generator.scenario.draw import resolve
from generator.scenario.scenario import ScenarioModel
from generator.scenario.spec import ClipSpec

MOST_CLIPS = 1_000_000
"""Variants times cells of a grid that one scenario may have."""

_BODY = frozenset({"environment", "people", "wearer", "camera", "weapon", "clip", "family"})
"""Keys that say what a clip is."""

_OUTSIDE = frozenset({"variants", "twins"})
"""Keys that say which clips there are, not what a clip is."""


@dataclass(frozen=True)
class Scenario:
    """One scenario, checked. ``tree`` is raw YAML with its distributions and is never changed.

    Attributes:
        name: of the scenario.
        file: where it was read.
        tree: what a clip is, without ``variants`` and ``twins``.
        variants: repeats of each cell of the grid.
        twins: for each twin, its overrides by path.
        grid: (path, values) of every grid, ordered by path.
    """

    name: str
    file: Path
    tree: Mapping[str, Any]
    variants: int
    twins: tuple[Mapping[str, Any], ...]
    grid: tuple[tuple[str, tuple[Any, ...]], ...]

    @property
    def n_variants(self) -> int:
        """Number of variants with all cells of the grid."""
        cells = 1
        for _, values in self.grid:
            cells *= len(values)
        return self.variants * cells

    def cells(self, variant: int) -> dict[str, Any]:
        """The value of every grid for a variant: cells in turn, the last path fastest."""
        chosen: dict[str, Any] = {}
        for path, values in reversed(self.grid):
            variant, index = divmod(variant, len(values))
            chosen[path] = values[index]
        return chosen

    def twin_tree(self, twin: int | None) -> dict[str, Any]:
        """The tree of a twin; of the scenario itself when None."""
        tree: dict[str, Any] = copy.deepcopy(dict(self.tree))
        for path, value in self.twins[twin].items() if twin is not None else ():
            _put(self.file, f"twins.{twin}", tree, path, copy.deepcopy(value))
        return tree


def read_yaml(path: Path) -> dict[str, Any]:
    """One YAML 1.2 mapping with safe types.

    Raises:
        UserError: not readable, not YAML, a duplicate key, a tag that is not plain data, empty, or not a mapping.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise UserError(f"{path}: {reason}; allowed: a scenario or recipe, in YAML") from error
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    try:
        tree = reader.load(io.StringIO(text))
    except (YAMLError, ValueError, RecursionError) as error:
        said = " ".join(str(error).split("To suppress")[0].split()) or type(error).__name__
        raise UserError(f"{path}: not plain YAML: {said}") from error
    if tree is None:
        raise UserError(f"{path}: is empty; allowed: a scenario or recipe, beginning with `schema: 1` or `name: ...`")
    if not isinstance(tree, dict):
        raise UserError(f"{path}: {_brief(tree)} at the top; allowed: a mapping")
    return tree


def load_scenario(
    path: Path, *, overrides: Mapping[str, Any] | None = None, variants: int | None = None, said_by: str = "--set"
) -> Scenario:
    """Reads and checks a scenario; then applies overrides and checks again.

    Args:
        path: of the YAML file.
        overrides: values by YAML path.
        variants: instead of the file's.
        said_by: where the overrides come from, for messages.

    Raises:
        UserError: on the first fault, naming file, YAML path, value and what is allowed.
    """
    raw = read_yaml(path)
    scenario = _checked(path, raw)
    if not overrides and variants is None:
        return scenario
    raw = copy.deepcopy(raw)
    for where, value in (overrides or {}).items():
        _put(path, said_by, raw, where, copy.deepcopy(value))
    if variants is not None:
        raw["variants"] = variants
    return _checked(path, raw)


def _checked(path: Path, raw: dict[str, Any]) -> Scenario:
    for where, node in paths.distributions({k: v for k, v in raw.items() if k not in _OUTSIDE}):
        _check_distribution(path, where, node)
    head = {key: raw[key] for key in raw if key in ScenarioModel.model_fields or key == "schema"}
    unknown = sorted(set(raw) - set(head) - _BODY)
    if unknown:
        allowed = ", ".join(sorted(_BODY | {"schema", *ScenarioModel.model_fields} - {"schema_"}))
        raise UserError(f"{path}: {unknown[0]}: unknown key; allowed: {allowed}")
    try:
        model = ScenarioModel.model_validate_json(json.dumps(head, default=str))
    except ValidationError as error:
        raise explain(path, raw, error) from error
    tree = {key: value for key, value in raw.items() if key not in _OUTSIDE}
    grid = tuple((where, tuple(node["grid"])) for where, node in sorted(paths.distributions(tree)) if "grid" in node)
    scenario = Scenario(model.name, path, tree, model.variants, tuple(model.twins), grid)
    if scenario.n_variants > MOST_CLIPS:
        raise UserError(
            f"{path}: variants: {model.variants} make {scenario.n_variants} clips; allowed: up to {MOST_CLIPS} with grids"
        )
    for twin in all_twins(scenario):
        _check_tree(scenario, twin)
    return scenario


def _check_tree(scenario: Scenario, twin: int | None) -> None:
    """Tries every distribution's possible values one at a time, the others at their first."""
    tree = scenario.twin_tree(twin)
    prefix = "" if twin is None else f"twins.{twin}: "
    tried: dict[str, list[Any]] = {}
    for where, node in paths.distributions(tree):
        _check_distribution(scenario.file, prefix + where, node)
        if twin is not None and "grid" in node and where not in dict(scenario.grid):
            raise UserError(
                f"{scenario.file}: {prefix}{where}: a grid; allowed in a twin: a value or what can be drawn"
            )

    def first(path: str, node: Mapping[str, Any], limits: Limits, spelled: bool) -> Any:
        values = possible(node, limits)
        if spelled:
            tried[path] = values
        return values[0]

    base = build_spec(scenario, tree, 0, 0, first, prefix)
    check_behaviour(scenario.file, prefix, tree, base)
    for where, values in sorted(tried.items()):
        for value in values[1:]:
            chosen = {where: value}

            def one(path: str, node: Mapping[str, Any], limits: Limits, spelled: bool, chosen: Any = chosen) -> Any:
                return chosen[path] if path in chosen else first(path, node, limits, spelled)

            check_behaviour(scenario.file, prefix, tree, build_spec(scenario, tree, 0, 0, one, prefix))
    shortest = build_spec(scenario, tree, 0, 0, lambda _p, node, limits, _s: smallest(node, limits), prefix)
    check_behaviour(scenario.file, prefix, tree, shortest, length=True)


def build_spec(
    scenario: Scenario, tree: Mapping[str, Any], seed: int, variant: int, pick: Any, prefix: str = ""
) -> ClipSpec:
    """The ClipSpec of a tree whose distributions ``pick`` resolves.

    Raises:
        UserError: the values that were picked are not allowed.
    """
    body = {key: value for key, value in tree.items() if key != "name"}
    body = {"people": [], "wearer": {}, "weapon": None, **body}
    body |= {"scenario": scenario.name, "seed": seed, "variant": variant}
    resolved = resolve(ClipSpec, body, "", pick)
    camera = resolved.get("camera")
    name = camera.get("device", "bodycam_wide") if isinstance(camera, dict) else "bodycam_wide"
    resolved["device"] = _device(scenario.file, prefix, name)
    try:
        return ClipSpec.from_tree(resolved)
    except ValidationError as error:
        raise explain(scenario.file, resolved, error, prefix) from error


def _device(file: Path, prefix: str, name: Any) -> Mapping[str, Any]:
    known = sorted(path.stem for path in (project_root() / "configs" / "cameras").glob("*.yaml"))
    if name not in known:
        raise UserError(f"{file}: {prefix}camera.device: {_brief(name)}; allowed: {', '.join(known)}")
    return _read_device(project_root() / "configs" / "cameras" / f"{name}.yaml")


@cache
def _read_device(path: Path) -> Mapping[str, Any]:
    return read_yaml(path)


def _check_distribution(path: Path, where: str, node: Mapping[str, Any]) -> None:
    try:
        check(node)
    except BadDistribution as error:
        raise UserError(f"{path}: {where}: {error}") from error


def _put(file: Path, said_by: str, tree: dict[str, Any], where: str, value: Any) -> None:
    try:
        paths.put(tree, where, value)
    except KeyError as error:
        raise UserError(f"{file}: {said_by} {where}: {error.args[0]}") from error


def explain(file: Path, tree: Mapping[str, Any], error: ValidationError, prefix: str = "") -> UserError:
    """The first fault of a validation as one line: file, YAML path, value, what is allowed."""
    # A wrong kind makes everything beside it look wrong as well: it is told first.
    faults = sorted(error.errors(), key=lambda fault: fault["loc"][-1:] not in (("kind",), ("do",)))
    fault = faults[0]
    where = _yaml_path(tree, fault["loc"])
    if fault["type"] == "missing":
        return UserError(f"{file}: {prefix}{where}: missing; allowed: a value or a distribution")
    if fault["type"] == "extra_forbidden":
        return UserError(f"{file}: {prefix}{where}: unknown key (its value is {_brief(fault['input'])})")
    message = fault["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return UserError(f"{file}: {prefix}{where}: {_brief(fault['input'])}; allowed: {message}")


def _yaml_path(tree: Any, location: Sequence[int | str]) -> str:
    """Pydantic's location without the tags of unions, and with items by their ids."""
    path = ""
    for part in location:
        if isinstance(tree, Mapping):
            if part not in tree and part in (tree.get("kind"), tree.get("do")):
                continue
            path, tree = paths.join(path, part), tree.get(part)
        elif isinstance(tree, list) and isinstance(part, int) and part < len(tree):
            path, tree = paths.join(path, paths.item_name(tree[part], part)), tree[part]
        else:
            path = paths.join(path, part)
    return path or "the file"


def _brief(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def all_twins(scenario: Scenario) -> list[int | None]:
    """The scenario itself (None), then its twins."""
    return [None, *range(len(scenario.twins))]
