"""YAML 1.2 with safe types, from files and from the command line: bounded, without cycles, with plain keys."""

import io
import math
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from generator.errors import UserError
from generator.scenario.distributions import brief

LARGEST_FILE = 4 * 1024**2
"""Bytes: a scenario is a page of text."""

_MOST_NODES = 200_000
_DEEPEST = 40


def read_yaml(path: Path) -> dict[str, Any]:
    """One mapping.

    Raises:
        UserError: not readable, not YAML, a duplicate key, a tag that is not plain data, empty, or not a mapping.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UserError(f"{path}: is no file; allowed: a scenario or recipe, in YAML")
        if status.st_size > LARGEST_FILE:
            raise UserError(f"{path}: has {status.st_size} bytes; allowed: up to {LARGEST_FILE}")
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise UserError(f"{path}: {reason}; allowed: a scenario or recipe, in YAML") from error
    tree = parse_yaml(text, str(path))
    if tree is None:
        raise UserError(f"{path}: is empty; allowed: a scenario or recipe, beginning with `schema: 1` or `name: ...`")
    if not isinstance(tree, dict):
        raise UserError(f"{path}: {brief(tree)} at the top; allowed: a mapping")
    return tree


def parse_yaml(text: str, where: str) -> Any:
    """One document as plain data.

    Args:
        text: the YAML.
        where: file or option, for messages.

    Raises:
        UserError: it is not plain YAML, or larger than any scenario once its aliases are written out.
    """
    reader = YAML(typ="safe", pure=True)
    reader.version = (1, 2)
    try:
        tree = reader.load(io.StringIO(text))
    except (YAMLError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        said = " ".join(str(error).split("To suppress")[0].split()) or type(error).__name__
        if isinstance(error, RecursionError):
            said = f"nested deeper than {_DEEPEST} levels"
        raise UserError(f"{where}: not plain YAML: {said}; allowed: YAML 1.2 without tags, each key once") from error
    fault = _fault(tree, {}, set())
    if isinstance(fault, str):
        raise UserError(f"{where}: {fault}")
    return tree


def _fault(node: Any, sizes: dict[int, tuple[int, int]], above: set[int]) -> str | tuple[int, int]:
    """What is wrong with a tree, or its size with aliases written out and its depth. Each shared part is counted once."""
    if not isinstance(node, Mapping | list):
        if isinstance(node, int) and not isinstance(node, bool) and node.bit_length() > 128:
            return "a whole number of more than 38 digits; allowed: smaller ones"
        if isinstance(node, str | int | float | None):
            return 1, 0
        return (
            f"{brief(node)} is a {type(node).__name__}; allowed: text, numbers, true, false, null, lists and mappings"
        )
    if id(node) in sizes:
        return sizes[id(node)]
    if id(node) in above:
        return "an alias that holds itself; allowed: aliases without circles"
    size, depth = 1, 0
    children = list(node.values()) if isinstance(node, Mapping) else node
    if isinstance(node, Mapping):
        bad = [key for key in node if not isinstance(key, str | int | float) and key is not None]
        bad += [key for key in node if isinstance(key, float) and not math.isfinite(key)]
        if bad:
            return f"the key {brief(bad[0])}; allowed: text or numbers as keys"
    for child in children:
        found = _fault(child, sizes, above | {id(node)})
        if isinstance(found, str):
            return found
        size, depth = size + found[0], max(depth, found[1] + 1)
    if size > _MOST_NODES or depth > _DEEPEST:
        return f"{size} values, {depth} levels deep with its aliases written out; allowed: {_MOST_NODES} and {_DEEPEST}"
    sizes[id(node)] = (size, depth)
    return size, depth
