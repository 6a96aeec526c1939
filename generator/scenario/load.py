"""YAML files to scenarios: read safely, checked before anything is drawn or overridden."""

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ValidationError

from generator.errors import UserError
from generator.scenario import paths
from generator.scenario.behaviour import check_behaviour, shortest_seconds
from generator.scenario.distributions import (
    BadDistribution,
    Limits,
    brief,
    check,
    check_limits,
    is_distribution,
    possible,
    smallest,
)
from generator.scenario.draw import Pick, known_keys, known_words, resolve
from generator.scenario.profiles import FIXED, device_names, drawn_device
from generator.scenario.scenario import ScenarioModel
from generator.scenario.spec import ClipSpec
from generator.scenario.yaml_text import read_yaml

MOST_CLIPS = 1_000_000
"""Variants times cells of a grid that one scenario may have."""

_BODY = frozenset({"environment", "people", "wearer", "camera", "device", "weapon", "clip", "family"})
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
    body = {k: v for k, v in raw.items() if k not in _OUTSIDE}
    for where, node in paths.distributions(body):
        _check_distribution(path, where, node)
    fault = paths.misplaced(body)
    if fault is not None:
        raise UserError(f"{path}: {fault}")
    head = {key: raw[key] for key in raw if key in ScenarioModel.model_fields or key == "schema"}
    unknown = sorted({str(key) for key in raw} - set(head) - _BODY)
    if unknown:
        allowed = ", ".join(sorted(_BODY | {"schema", *ScenarioModel.model_fields} - {"schema_"}))
        raise UserError(f"{path}: {unknown[0]}: unknown key; allowed: {allowed}")
    if type(raw.get("schema", 1)) is not int:  # 1.0 and true are equal to 1
        raise UserError(f"{path}: schema: {brief(raw['schema'])}; allowed: 1")
    try:
        model = ScenarioModel.model_validate_json(json.dumps(head, default=str))
    except ValidationError as error:
        raise explain(path, raw, error) from error
    for index, twin in enumerate(raw.get("twins") or ()):
        _check_twin(path, index, twin)
    tree = {key: value for key, value in raw.items() if key not in _OUTSIDE}
    grid = tuple(
        (where, tuple(node["grid"]))
        for where, node in sorted(paths.distributions(tree), key=lambda found: found[0])
        if "grid" in node
    )
    # The twins as they were read: JSON would turn weights' keys into text.
    scenario = Scenario(model.name, path, tree, model.variants, tuple(raw.get("twins") or ()), grid)
    if scenario.n_variants > MOST_CLIPS:
        raise UserError(
            f"{path}: variants: {model.variants} make {scenario.n_variants} clips; allowed: up to {MOST_CLIPS} with grids"
        )
    for twin in all_twins(scenario):
        _check_tree(scenario, twin)
    return scenario


def _check_twin(path: Path, index: int, twin: Mapping[str, Any]) -> None:
    """A twin says something, and says it of what a clip is."""
    if not twin:
        raise UserError(f"{path}: twins.{index}: changes nothing; allowed: paths with the values they have in the twin")
    for where in twin:
        if str(where).partition(".")[0] not in _BODY:
            raise UserError(
                f"{path}: twins.{index}.{where}: unknown path; allowed: paths that begin with {', '.join(sorted(_BODY))}"
            )


def _check_tree(scenario: Scenario, twin: int | None) -> None:
    """Tries every distribution's possible values, one at a time, also of those that stand inside another's value."""
    tree = scenario.twin_tree(twin)
    prefix = "" if twin is None else f"twins.{twin}: "
    file = scenario.file
    for where, node in paths.distributions(tree):
        _check_distribution(file, prefix + where, node)
        if twin is not None and "grid" in node and dict(scenario.grid).get(where) != tuple(node["grid"]):
            raise UserError(f"{file}: {prefix}{where}: a grid; allowed in a twin: a value or what can be drawn")
    waiting: list[dict[str, Any]] = [{}]
    seen: set[tuple[str, str]] = set()
    while waiting and len(seen) < _MOST_TRIED:
        chosen = waiting.pop()
        tried: dict[str, list[Any]] = {}
        spec = build_spec(scenario, tree, 0, 0, _trier(chosen, tried), prefix)
        check_behaviour(file, prefix, tree, spec)
        for where, values in sorted(tried.items()):
            if where in chosen or (where, repr(values)) in seen:
                continue
            seen.add((where, repr(values)))
            around = {path: value for path, value in chosen.items() if where.startswith(f"{path}.")}
            waiting += [{**around, where: value} for value in values[1:]]
    _check_length(scenario, tree, prefix)


_MOST_TRIED = 4000


def _trier(chosen: Mapping[str, Any], tried: dict[str, list[Any]]) -> Pick:
    """A Pick of the ``chosen`` values, else each distribution's first; notes in ``tried`` what else there is."""

    def pick(path: str, node: Mapping[str, Any], limits: Limits, spelled: bool) -> Any:
        try:
            if spelled:
                check(node)
                check_limits(node, limits)
            values = possible(node, limits)
        except BadDistribution as error:
            raise BadDistribution(f"{path}: {error}") from error
        if spelled:
            tried[path] = values
        return chosen[path] if path in chosen else values[0]

    return pick


def _check_length(scenario: Scenario, tree: Mapping[str, Any], prefix: str) -> None:
    """The shortest behaviour fits: the smallest numbers, and the shortest of what else can be chosen."""
    shortest: ClipSpec | None = None
    needed = np.inf
    waiting: list[dict[str, Any]] = [{}]
    known: set[str] = set()
    for _ in range(_MOST_BEHAVIOURS):
        if not waiting:
            break
        chosen = waiting.pop()

        def pick(path: str, node: Mapping[str, Any], limits: Limits, _spelled: bool, chosen: Any = chosen) -> Any:
            values = possible(node, limits)
            numbers = all(isinstance(value, int | float) for value in values)
            if numbers or not path.startswith("weapon.behaviour"):
                return smallest(node, limits)
            if path not in known:
                known.add(path)
                waiting.extend({**chosen, path: value} for value in values[1:])
            return chosen.get(path, values[0])

        spec = build_spec(scenario, tree, 0, 0, pick, prefix)
        seconds = shortest_seconds(spec)
        if seconds < needed:
            shortest, needed = spec, seconds
    if shortest is not None:
        check_behaviour(scenario.file, prefix, tree, shortest, length=True)


_MOST_BEHAVIOURS = 200


def build_spec(
    scenario: Scenario, tree: Mapping[str, Any], seed: int, variant: int, pick: Any, prefix: str = ""
) -> ClipSpec:
    """The ClipSpec of a tree whose distributions ``pick`` resolves.

    Raises:
        UserError: the values that were picked are not allowed.
    """
    body = {key: value for key, value in tree.items() if key not in ("name", "device")}
    body = {"people": [], "wearer": {}, "weapon": None, **body}
    body |= {"scenario": scenario.name, "seed": seed, "variant": variant}
    try:
        resolved = resolve(ClipSpec, body, "", pick)
        camera = resolved.get("camera")
        name = camera.get("device", "bodycam_wide") if isinstance(camera, dict) else "bodycam_wide"
        resolved["device"] = _device(f"{scenario.file}: {prefix}", name, tree.get("device"), pick)
    except BadDistribution as error:
        raise UserError(f"{scenario.file}: {prefix}{error}") from error
    try:
        return ClipSpec.from_tree(resolved)
    except ValidationError as error:
        raise explain(scenario.file, resolved, error, prefix) from error


def _device(where: str, name: Any, said: Any, pick: Any) -> Mapping[str, Any]:
    if name not in device_names():
        raise UserError(f"{where}camera.device: {brief(name)}; allowed: {', '.join(device_names())}")
    if said is not None and (not isinstance(said, Mapping) or is_distribution(said)):
        raise UserError(f"{where}device: {brief(said)}; allowed: a mapping of values that differ from the profile's")
    said = said or {}
    for key in FIXED:
        if key in said:
            raise UserError(
                f"{where}device.{key}: {brief(said[key])}; allowed: what the profile says (camera.device names it)"
            )
    return drawn_device(name, said, pick)


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


def explain(
    file: Path, tree: Mapping[str, Any], error: ValidationError, prefix: str = "", model: type[BaseModel] = ClipSpec
) -> UserError:
    """The first fault of a validation as one line: file, YAML path, value, what is allowed."""
    # A wrong kind makes everything beside it look wrong as well: it is told first.
    faults = sorted(error.errors(), key=lambda fault: fault["loc"][-1:] not in (("kind",), ("do",)))
    fault = faults[0]
    where = f"{file}: {prefix}{_yaml_path(tree, fault['loc'])}"
    context = fault.get("ctx", {})
    if fault["type"] == "missing":
        return UserError(f"{where}: missing; allowed: a value, or in what is drawn a distribution")
    if fault["type"] == "extra_forbidden":
        allowed = f"; allowed: {', '.join(known)}" if (known := known_keys(model, fault["loc"][:-1])) else ""
        return UserError(f"{where}: unknown key (its value is {brief(fault['input'])}){allowed}")
    if fault["type"] in ("union_tag_invalid", "union_tag_not_found"):
        key = str(context["discriminator"]).strip("'")
        value = brief(context["tag"]) if "tag" in context else "missing"
        return UserError(f"{where}.{key}: {value}; allowed: {', '.join(known_words(model, fault['loc'], key))}")
    if fault["type"] == "value_error":
        return UserError(f"{where}: {fault['msg'].removeprefix('Value error, ')}")
    message = fault["msg"].removeprefix("Input should be ")
    for said, plain in _PLAIN.items():
        message = message.replace(said, plain)
    return UserError(f"{where}: {brief(fault['input'])}; allowed: {message}")


_PLAIN = {
    "an object": "a mapping", "a valid array": "a list", "a valid tuple": "a list", "String should match pattern": "text like",
    "Tuple should have at least 1 item after validation, not 0": "at least one item",
    "String should have at least 1 character": "some text",
}  # fmt: skip
"""Pydantic's words in those of YAML."""


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


def all_twins(scenario: Scenario) -> list[int | None]:
    """The scenario itself (None), then its twins."""
    return [None, *range(len(scenario.twins))]
