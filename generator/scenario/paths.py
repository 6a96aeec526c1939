"""YAML paths: ``weapon.behaviour.0.for``; a list item goes by its ``id`` where it has one, else by its index."""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.scenario.distributions import is_distribution


def item_name(item: Any, index: int) -> str:
    """How an item of a list is called in a path."""
    name = item.get("id") if isinstance(item, Mapping) else None
    return name if isinstance(name, str) else str(index)


def join(path: str, key: object) -> str:
    """The path of a child."""
    return f"{path}.{key}" if path else str(key)


def distributions(tree: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every distribution that the tree spells out, with its path, in the order of the file."""
    if is_distribution(tree):
        yield path, tree
    elif isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from distributions(value, join(path, key))
    elif isinstance(tree, list):
        for index, item in enumerate(tree):
            yield from distributions(item, join(path, item_name(item, index)))


def put(tree: dict[str, Any], path: str, value: Any) -> None:
    """Sets a value in the tree, making mappings on the way.

    Raises:
        KeyError: a list has no such item, or the way leads through a value; the message says where.
    """
    node: Any = tree
    keys = path.split(".")
    for depth, key in enumerate(keys):
        last = depth == len(keys) - 1
        if isinstance(node, list):
            names = [item_name(item, index) for index, item in enumerate(node)]
            if key not in names:
                raise KeyError(f"{'.'.join(keys[:depth])} has no item {key!r}; allowed: {', '.join(names) or 'none'}")
            position: Any = names.index(key)
        elif isinstance(node, dict) and not is_distribution(node):
            position = key
            if not last and node.get(key) is None:
                node[key] = {}
        else:
            raise KeyError(f"{'.'.join(keys[:depth])} is a value, not a mapping")
        if last:
            node[position] = value
        else:
            node = node[position]
