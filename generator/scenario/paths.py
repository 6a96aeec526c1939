"""YAML paths: ``weapon.behaviour.0.for``; a list item goes by its ``id`` where it has one, else by its index."""

from collections.abc import Iterator, Mapping
from typing import Any

from generator.scenario.distributions import brief, is_distribution


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


def _what(node: Any) -> str:
    return "a distribution" if is_distribution(node) else "a value"


def misplaced(tree: Any, path: str = "", *, inside: bool = False) -> str | None:
    """The first grid whose path is not known before anything is drawn, or item id that is no name of its own; or None.

    Grids number the variants, so none may stand in another distribution's value or under ``count``.
    """
    if is_distribution(tree):
        if inside and "grid" in tree:
            return f"{path}: a grid inside what is drawn or counted; allowed: where its path is always there"
        children = [(path, child, True) for child in _values_of(tree)]
    elif isinstance(tree, Mapping):
        children = [(join(path, key), child, inside or _is_counted(tree)) for key, child in tree.items()]
    elif isinstance(tree, list):
        ids = [item["id"] for item in tree if isinstance(item, Mapping) and "id" in item and item["id"] is not None]
        for k, name in enumerate(ids):
            if not isinstance(name, str):
                return f"{path}: the id {brief(name)}; allowed: text, not drawn"
            if name in ids[:k]:
                return f"{path}: the id {name!r} twice; allowed: each id once"
        children = [(join(path, item_name(item, index)), item, inside) for index, item in enumerate(tree)]
    else:
        return None
    return next((fault for where, child, deep in children if (fault := misplaced(child, where, inside=deep))), None)


def _is_counted(node: Mapping[str, Any]) -> bool:
    return node.get("count", 1) != 1


def _values_of(node: Mapping[str, Any]) -> list[Any]:
    body = node.get("choice", node.get("grid"))
    return list(body) if isinstance(body, list | Mapping) else []


def put(tree: dict[str, Any], path: str, value: Any) -> None:
    """Sets a value in the tree, making mappings on the way.

    Raises:
        KeyError: a list has no such item, or the way leads through a value; the message says where.
    """
    node: Any = tree
    keys = str(path).split(".")
    if "" in keys:
        raise KeyError("has an empty key; allowed: names joined by single dots")
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
            raise KeyError(f"{'.'.join(keys[:depth])} is {_what(node)}; allowed: a path that ends there")
        if last:
            node[position] = value
        else:
            node = node[position]
