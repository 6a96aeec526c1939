"""Device profiles: files of configs/cameras, with the values that a scenario gives instead."""

import copy
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from generator.errors import UserError
from generator.paths import project_root
from generator.scenario import paths
from generator.scenario.device import Device
from generator.scenario.distributions import BadDistribution, Limits, check, check_limits, is_distribution, possible
from generator.scenario.draw import Pick, resolve
from generator.scenario.yaml_text import read_yaml

FIXED = ("name", "capture")
"""What a scenario cannot change: the index and `positive` hang on it."""


def device_names() -> list[str]:
    """Names of all profiles."""
    return sorted(path.stem for path in _folder().glob("*.yaml"))


def profile(name: str) -> Mapping[str, Any]:
    """The profile as it was read, with its distributions; checked once a process.

    Raises:
        UserError: the file is malformed, or something that can be drawn from it is not allowed.
    """
    return _checked(_folder() / f"{name}.yaml")


def drawn_device(name: str, said: Mapping[str, Any], pick: Pick) -> dict[str, Any]:
    """A device's tree of values: the profile, with what the scenario says under ``device`` instead, drawn.

    Args:
        name: of the profile.
        said: what the scenario has under ``device``; mappings go key by key, everything else replaces what the profile has.
        pick: chooses values; what stands in the profile counts as a default.
    """
    spelled = {where for where, _ in paths.distributions(said, "device")}

    def chosen(path: str, node: Mapping[str, Any], limits: Limits, _spelled: bool) -> Any:
        inside = any(path == where or path.startswith(f"{where}.") for where in spelled)
        return pick(path, node, limits, inside)

    return dict(resolve(Device, _merged(profile(name), said), "device", chosen))


def device_tree(name: str) -> dict[str, Any]:
    """A profile's tree of values with the first possible one of every distribution, for checks that draw nothing."""
    return dict(resolve(Device, profile(name), "device", _first))


def _merged(base: Any, said: Any) -> Any:
    if not isinstance(base, Mapping) or not isinstance(said, Mapping) or is_distribution(base) or is_distribution(said):
        return copy.deepcopy(said)
    return {**base, **{key: _merged(base.get(key), value) for key, value in said.items()}}


def _first(_path: str, node: Mapping[str, Any], limits: Limits, _spelled: bool) -> Any:
    return possible(node, limits)[0]


@cache
def _checked(path: Path) -> Mapping[str, Any]:
    """Reads a profile, and tries every value that can be drawn from it, one at a time."""
    from generator.scenario.load import explain  # it needs this module

    tree = read_yaml(path)
    for where, node in paths.distributions(tree):
        try:
            check(node)
        except BadDistribution as error:
            raise UserError(f"{path}: {where}: {error}") from error
        if "grid" in node:
            raise UserError(f"{path}: {where}: a grid; allowed in a profile: a value or what can be drawn")
    if tree.get("name") != path.stem:
        raise UserError(f"{path}: name: {tree.get('name')!r}; allowed: {path.stem!r}, as the file is called")
    waiting: list[tuple[str, Any]] = [("", None)]
    known: set[str] = set()
    while waiting:
        where, value = waiting.pop()

        def pick(
            at: str, node: Mapping[str, Any], limits: Limits, _spelled: bool, where: str = where, value: Any = value
        ) -> Any:
            values = possible(node, limits)
            if at not in known:
                known.add(at)
                waiting.extend((at, other) for other in values[1:])
                check_limits(node, limits)
            return value if at == where else values[0]

        try:
            found = resolve(Device, tree, "", pick)
            Device.model_validate_json(json.dumps(found, default=str))
        except BadDistribution as error:
            raise UserError(f"{path}: {error}") from error
        except ValidationError as error:
            raise explain(path, tree, error, model=Device) from error
    return tree


def _folder() -> Path:
    return project_root() / "configs" / "cameras"
