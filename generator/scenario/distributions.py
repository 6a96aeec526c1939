"""Distributions that may stand wherever a scenario has a value."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

KINDS = ("uniform", "loguniform", "normal", "integers", "choice", "grid")
_LEAST_MASS = 1e-3
"""Share of a truncated normal that must lie inside its limits, so that redrawing ends."""

_MOST_REDRAWS = 100_000
MOST_VALUES = 1000
"""Values of one choice or grid: each is checked by itself."""

_LARGEST = 1e15


class BadDistribution(ValueError):  # noqa: N818  a value's fault, told to the user in its own words
    """A distribution that cannot be drawn from; the message says what is allowed."""


@dataclass(frozen=True)
class Limits:
    """What the field that is drawn allows; an unbounded normal is redrawn until it fits."""

    low: float = -math.inf
    high: float = math.inf


def is_distribution(node: Any) -> bool:
    """Whether a YAML node is a distribution rather than a value."""
    return isinstance(node, Mapping) and any(kind in node for kind in KINDS)


def check(node: Mapping[str, Any]) -> None:
    """Raises BadDistribution unless ``node`` can be drawn from."""
    kind = _kind(node)
    body = node[kind]
    if kind in ("uniform", "loguniform", "integers"):
        low, high = _pair(kind, body, int if kind == "integers" else (int, float))
        if low > high:
            raise BadDistribution(f"{kind}: {body}; allowed: [low, high] with low <= high")
        if kind == "loguniform" and low <= 0:
            raise BadDistribution(f"loguniform: {body}; allowed: both above 0")
    elif kind == "normal":
        _check_normal(node)
    elif kind == "choice":
        _check_choice(body)
    elif not isinstance(body, list) or not 0 < len(body) <= MOST_VALUES:
        raise BadDistribution(f"grid: {brief(body)}; allowed: a list of 1 to {MOST_VALUES} values")


def check_limits(node: Mapping[str, Any], limits: Limits) -> None:
    """Raises BadDistribution where a normal without ``clip`` hardly ever falls into what its field allows."""
    if "normal" in node and "clip" not in node:
        mean, sd = node["normal"]
        inside = limits.low <= mean <= limits.high if sd == 0 else normal_mass(mean, sd, *_ends(limits)) >= _LEAST_MASS
        if not inside:
            raise BadDistribution(
                f"normal: {node['normal']}; allowed: one of which at least {_LEAST_MASS} lies between "
                f"{limits.low:g} and {limits.high:g}"
            )


def _ends(limits: Limits) -> tuple[float, float]:
    return max(limits.low, -_LARGEST), min(limits.high, _LARGEST)


def brief(value: Any, most: int = 60) -> str:
    """A value on one short line, for messages."""
    text = " ".join(repr(value).split())
    return text if len(text) <= most else text[: most - 3] + "..."


def draw(node: Mapping[str, Any], rng: np.random.Generator, limits: Limits | None = None) -> Any:
    """One value. ``grid`` is not drawn: the plan assigns its cells.

    Args:
        node: a checked distribution.
        rng: the generator of this value's path.
        limits: of the field; only a normal without ``clip`` is cut to them, by redrawing.
    """
    limits = limits or Limits()
    kind = _kind(node)
    body = node[kind]
    if kind == "uniform":
        return float(rng.uniform(*body))
    if kind == "loguniform":
        return float(math.exp(rng.uniform(math.log(body[0]), math.log(body[1]))))
    if kind == "integers":
        return int(rng.integers(body[0], body[1], endpoint=True))
    if kind == "choice":
        values, weights = _weighted(body)
        cut = np.cumsum(weights) / np.sum(weights)
        return values[min(int(np.searchsorted(cut, rng.uniform(), side="right")), len(values) - 1)]
    if kind == "normal":
        low, high = node.get("clip", (limits.low, limits.high))
        for _ in range(_MOST_REDRAWS):
            value = float(rng.normal(*body))
            if low <= value <= high:
                return value
        raise BadDistribution(f"normal: {body}; allowed: one that falls between {low:g} and {high:g}")
    raise BadDistribution("grid: stands where a value is drawn; allowed: only in the scenario itself")


def possible(node: Mapping[str, Any], limits: Limits | None = None) -> list[Any]:
    """Every value of a choice or grid, else the smallest, middle and largest: what validation tries."""
    limits = limits or Limits()
    kind = _kind(node)
    body = node[kind]
    if kind == "choice":
        values, weights = _weighted(body)
        return [value for value, weight in zip(values, weights, strict=True) if weight > 0]
    if kind == "grid":
        return list(body)
    if kind == "normal":
        low, high = node.get("clip", (limits.low, limits.high))
        middle = min(max(body[0], low), high) if "clip" in node else body[0]
        ends = [end for end in (low, high) if math.isfinite(end)] if "clip" in node else []
        return [middle, *ends]
    if kind == "integers":
        return [body[0], body[1], min(body[0] + 1, body[1])]  # the third shows where only even numbers are allowed
    inner = body[0] + 0.381966 * (body[1] - body[0])  # hardly ever whole, as what is drawn
    return [float(body[0]), float(body[1]), float(inner)]


def smallest(node: Mapping[str, Any], limits: Limits | None = None) -> Any:
    """The smallest value it can take, or its first one where values have no order."""
    values = possible(node, limits)
    if _kind(node) == "normal" and "clip" not in node and limits is not None and math.isfinite(limits.low):
        return limits.low
    numbers = [value for value in values if isinstance(value, int | float)]
    return min(numbers) if len(numbers) == len(values) else values[0]


def _kind(node: Mapping[str, Any]) -> str:
    kinds = [kind for kind in KINDS if kind in node]
    others = [key for key in node if key not in KINDS and not (key == "clip" and "normal" in node)]
    if len(kinds) != 1 or others:
        raise BadDistribution(
            f"{brief(dict(node))}; allowed: exactly one of {', '.join(KINDS)} (clip only with normal)"
        )
    return kinds[0]


def _pair(kind: str, body: Any, types: Any) -> tuple[float, float]:
    good = isinstance(body, list) and len(body) == 2
    if not good or any(not _is_number(x, types) for x in body):
        numbers = "whole numbers" if kind == "integers" else "numbers"
        raise BadDistribution(f"{kind}: {brief(body)}; allowed: a list of two {numbers} up to {_LARGEST:g}")
    return body[0], body[1]


def _is_number(x: Any, types: Any) -> bool:
    return not isinstance(x, bool) and isinstance(x, types) and -_LARGEST <= x <= _LARGEST  # NaN is not


def _check_normal(node: Mapping[str, Any]) -> None:
    mean, sd = _pair("normal", node["normal"], (int, float))
    if sd < 0:
        raise BadDistribution(f"normal: {node['normal']}; allowed: [mean, sd] with sd >= 0")
    if "clip" not in node:
        return
    low, high = _pair("clip", node["clip"], (int, float))
    if low > high or (sd == 0 and not low <= mean <= high):
        raise BadDistribution(f"clip: {node['clip']}; allowed: [low, high] with low <= high, around the mean")
    if sd > 0 and normal_mass(mean, sd, low, high) < _LEAST_MASS:
        raise BadDistribution(f"clip: {node['clip']}; allowed: limits that hold at least {_LEAST_MASS} of the normal")


def normal_mass(mean: float, sd: float, low: float, high: float) -> float:
    """Share of a normal distribution that lies between ``low`` and ``high``."""
    return 0.5 * (math.erf((high - mean) / (sd * math.sqrt(2))) - math.erf((low - mean) / (sd * math.sqrt(2))))


def _check_choice(body: Any) -> None:
    if not isinstance(body, list | Mapping) or not 0 < len(body) <= MOST_VALUES:
        raise BadDistribution(
            f"choice: {brief(body)}; allowed: a list of 1 to {MOST_VALUES} values, or values with their weights"
        )
    weights = _weighted(body)[1]
    if any(not _is_number(w, (int, float)) or w < 0 for w in weights):
        raise BadDistribution(f"choice: {brief(dict(body))}; allowed: weights from 0 to {_LARGEST:g}")
    if sum(weights) <= 0:
        raise BadDistribution(f"choice: the weights of {brief(dict(body))} sum to zero; allowed: a sum above 0")


def _weighted(body: Any) -> tuple[list[Any], list[Any]]:
    if isinstance(body, Mapping):
        return list(body), list(body.values())
    return list(body), [1.0] * len(body)
