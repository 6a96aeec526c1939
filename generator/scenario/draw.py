"""Resolving: a tree with distributions becomes a tree of values, guided by the models' annotations."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from generator import streams
from generator.scenario.distributions import BadDistribution, Limits, draw, is_distribution
from generator.scenario.model import DrawnFrom
from generator.scenario.paths import item_name, join


@dataclass(frozen=True)
class Draw:
    """One drawn value: where it stands, from what it was drawn, and whether the scenario said so itself."""

    path: str
    distribution: Any
    value: Any
    from_scenario: bool


Pick = Callable[[str, Mapping[str, Any], Limits, bool], Any]
"""Chooses a value for (path, distribution, limits of the field, whether the scenario spells it out)."""


def resolve(annotation: Any, node: Any, path: str, pick: Pick) -> Any:
    """The tree with every distribution replaced by a value, and fields left out drawn from their defaults.

    Args:
        annotation: type of the node: a model, a union discriminated by ``kind`` or ``do``, a tuple of models, a value.
        node: raw YAML.
        path: YAML path of the node.
        pick: chooses values. What is malformed passes through, for the models to complain about.
    """
    return _resolve(annotation, node, path, pick, Limits())


class Drawer:
    """The Pick that draws: each value from a stream named after its path, grid cells as the plan assigned them."""

    def __init__(self, seed: int, scenario: str, variant: int, cells: Mapping[str, Any]) -> None:
        self._key = (seed, scenario, variant)
        self._cells = cells
        self.draws: list[Draw] = []

    def __call__(self, path: str, node: Mapping[str, Any], limits: Limits, spelled: bool) -> Any:
        """Draws and remembers."""
        if "grid" in node:
            value = self._cells[path]
        else:
            try:
                value = draw(node, streams.stream(*self._key, path), limits)
            except BadDistribution as error:
                raise BadDistribution(f"{path}: {error}") from error
        self.draws.append(Draw(path, node, value, spelled))
        return value


def _resolve(annotation: Any, node: Any, path: str, pick: Pick, limits: Limits, spelled: bool = True) -> Any:
    if is_distribution(node):
        node = pick(path, node, limits, spelled)
    annotation = _bare(annotation)
    model = _model(annotation, node, path, pick)
    if model is not None and isinstance(node, Mapping):
        return _resolve_model(model[0], {**node, **model[1]}, path, pick)
    if get_origin(annotation) is tuple and isinstance(node, list):
        return _resolve_items(get_args(annotation), node, path, pick)
    return node


def _resolve_model(model: type[BaseModel], node: Mapping[str, Any], path: str, pick: Pick) -> dict[str, Any]:
    done = dict(node)
    for name, field in model.model_fields.items():
        key = field.alias or name
        here = join(path, key)
        limits = _limits(field)
        if key in node:
            done[key] = _resolve(field.annotation, node[key], here, pick, limits)
            continue
        default = next((m.distribution for m in field.metadata if isinstance(m, DrawnFrom)), None)
        if default is not None:
            done[key] = _resolve(field.annotation, default, here, pick, limits, spelled=False)
        elif field.is_required() and all_drawn(field.annotation):
            done[key] = _resolve(field.annotation, {}, here, pick, limits)
    return done


def _resolve_items(arguments: tuple[Any, ...], node: list[Any], path: str, pick: Pick) -> list[Any]:
    done = []
    for index, item in enumerate(node):
        annotation = arguments[0] if arguments[-1] is Ellipsis else arguments[min(index, len(arguments) - 1)]
        here = join(path, item_name(item, index))
        if isinstance(item, Mapping) and "count" in item:
            done += _copies(annotation, item, here, pick)
        else:
            done.append(_resolve(annotation, item, here, pick, Limits()))
    return done


def _copies(annotation: Any, item: Mapping[str, Any], path: str, pick: Pick) -> list[Any]:
    """``count`` copies of an item, each drawn for itself: the first under the item's path, others under ``path#k``."""
    count = item["count"]
    if is_distribution(count):
        count = pick(join(path, "count"), count, Limits(), True)
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= 8:
        return [_resolve(annotation, {**item, "count": count}, path, pick, Limits())]
    copies = []
    for number in range(count):
        copy = {**item, "count": 1}
        if number and isinstance(item.get("id"), str):
            copy["id"] = f"{item['id']}_{number + 1}"
        copies.append(_resolve(annotation, copy, f"{path}#{number + 1}" if number else path, pick, Limits()))
    return copies


def _bare(annotation: Any) -> Any:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        if len(members) == 1:
            return _bare(members[0])
    return annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _model(annotation: Any, node: Any, path: str, pick: Pick) -> tuple[type[BaseModel], dict[str, Any]] | None:
    """The model a node is meant for, and the value of its discriminator where that had to be drawn."""
    if _is_model(annotation):
        return annotation, {}
    if get_origin(annotation) not in (Union, UnionType) or not isinstance(node, Mapping):
        return None
    for key in ("kind", "do"):
        if key not in node:
            continue
        tag = node[key]
        if is_distribution(tag):
            tag = pick(join(path, key), tag, Limits(), True)
        for member in map(_bare, get_args(annotation)):
            if _is_model(member) and key in member.model_fields:
                words = _bare(member.model_fields[key].annotation)
                if get_origin(words) is Literal and tag in get_args(words):
                    return member, {key: tag}
    return None


def _at(model: type[BaseModel], location: Sequence[int | str]) -> Any:
    """The annotation at pydantic's location of a fault, or None where the way is lost."""
    annotation: Any = model
    for part in location:
        annotation = _bare(annotation)
        if _is_model(annotation):
            fields = {field.alias or name: field for name, field in annotation.model_fields.items()}
            if part not in fields:
                return None
            annotation = fields[str(part)].annotation
        elif get_origin(annotation) is tuple and isinstance(part, int):
            arguments = get_args(annotation)
            annotation = arguments[0] if arguments[-1] is Ellipsis else arguments[min(part, len(arguments) - 1)]
        elif get_origin(annotation) in (Union, UnionType):
            members = [m for m in map(_bare, get_args(annotation)) if _is_model(m)]
            annotation = next((m for m in members for key in ("kind", "do") if part in _tags(m, key)), None)
        else:
            return None
    return _bare(annotation)


def _tags(model: type[BaseModel], key: str) -> tuple[str, ...]:
    """What a discriminating field of a model may say."""
    if key not in model.model_fields:
        return ()
    return tuple(str(word) for word in get_args(_bare(model.model_fields[key].annotation)))


def known_keys(model: type[BaseModel], location: Sequence[int | str]) -> list[str]:
    """Keys of the model at pydantic's location of a fault; none where that is no model."""
    found = _at(model, location)
    return sorted(field.alias or name for name, field in found.model_fields.items()) if _is_model(found) else []


def known_words(model: type[BaseModel], location: Sequence[int | str], key: str) -> list[str]:
    """Values of the discriminating field ``key`` of the union at pydantic's location of a fault."""
    found = _at(model, location)
    return [tag for member in map(_bare, get_args(found)) if _is_model(member) for tag in _tags(member, key)]


def all_drawn(annotation: Any) -> bool:
    """Whether a model can be left out altogether because every field of it can be drawn."""
    model = _bare(annotation)
    if not _is_model(model):
        return False
    return all(
        not field.is_required() or any(isinstance(m, DrawnFrom) for m in field.metadata) or all_drawn(field.annotation)
        for field in model.model_fields.values()
    )


def _limits(field: FieldInfo) -> Limits:
    low, high = float("-inf"), float("inf")
    for bound in field.metadata:
        if isinstance(bound, annotated_types.Ge):
            low = max(low, float(bound.ge))  # type: ignore[arg-type]
        elif isinstance(bound, annotated_types.Gt):
            low = max(low, float(bound.gt) + 1e-6)  # type: ignore[arg-type]
        elif isinstance(bound, annotated_types.Le):
            high = min(high, float(bound.le))  # type: ignore[arg-type]
        elif isinstance(bound, annotated_types.Lt):
            high = min(high, float(bound.lt) - 1e-6)  # type: ignore[arg-type]
    return Limits(low, high)
