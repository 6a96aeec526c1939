"""JSON Schema of scenario files, made from the models, for completion in editors."""

import json
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from generator.scenario import environments, spec, travel
from generator.scenario.device import DEVICE_MODELS
from generator.scenario.distributions import KINDS
from generator.scenario.draw import all_drawn
from generator.scenario.model import DrawnFrom, Model
from generator.scenario.profiles import FIXED
from generator.scenario.scenario import ScenarioModel
from generator.scenario.spec import ClipSpec

_BODY = ("environment", "people", "wearer", "camera", "device", "weapon", "clip")

_NUMBERS = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_DISTRIBUTION: dict[str, Any] = {
    "description": "Drawn anew for every variant, keyed by seed, scenario, variant and YAML path.",
    "type": "object",
    "properties": {
        "uniform": {**_NUMBERS, "description": "[low, high]"},
        "loguniform": {**_NUMBERS, "description": "[low, high], both above 0"},
        "normal": {**_NUMBERS, "description": "[mean, standard deviation]"},
        "clip": {**_NUMBERS, "description": "[low, high]; a normal is redrawn until it lies between"},
        "integers": {**_NUMBERS, "items": {"type": "integer"}, "description": "[low, high], both included"},
        "choice": {"type": ["array", "object"], "description": "[values] or {value: weight}"},
        "grid": {"type": "array", "minItems": 1, "description": "every value in turn, full factorial"},
    },
    "additionalProperties": False,
    "oneOf": [{"required": [kind]} for kind in KINDS],
    "dependentRequired": {"clip": ["normal"]},
}


def scenario_schema() -> dict[str, Any]:
    """The schema as plain data (JSON Schema 2020-12)."""
    everything = _models()
    others: tuple[type[Model], ...] = (*DEVICE_MODELS, ScenarioModel)
    everything += [model for model in others if model not in everything]
    _, raw = models_json_schema([(model, "validation") for model in everything], by_alias=True)
    definitions: dict[str, Any] = raw["$defs"]
    for model in everything:
        if model.__name__ in definitions:
            _loosen(model, definitions[model.__name__])
    for model in DEVICE_MODELS:  # a scenario says only what differs from the profile
        definitions[model.__name__].pop("required", None)
    for key in FIXED:
        del definitions["Device"]["properties"][key]
    clip, head = definitions["ClipSpec"], definitions["ScenarioModel"]
    body = {key: clip["properties"][key] for key in _BODY}
    _any_of([definitions, body])
    used = _used({"body": body, "head": head["properties"]}, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Bodyworn scenario",
        "type": "object",
        "properties": {**head["properties"], **body},
        "required": ["schema", "name", "family", "environment", "camera", "clip"],
        "additionalProperties": False,
        "$defs": {**{name: definitions[name] for name in sorted(used)}, "Distribution": _DISTRIBUTION},
    }


def _models() -> list[type[Model]]:
    """Every model of the scenario language that is not a device's, each once."""
    found: dict[type[Model], None] = {}
    for module in (spec, environments, travel):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Model) and value is not Model:
                found[value] = None
    return list(found)


def write_schema(path: Path) -> None:
    """Writes the schema file."""
    path.write_text(json.dumps(scenario_schema(), indent=1, sort_keys=True) + "\n", "utf-8")


def _loosen(model: type[BaseModel], schema: dict[str, Any]) -> None:
    """A distribution may stand for each value; what can be drawn may be left out."""
    schema.pop("title", None)
    for name, field in model.model_fields.items():
        key = field.alias or name
        value = schema["properties"][key]
        value.pop("title", None)
        default = next((m.distribution for m in field.metadata if isinstance(m, DrawnFrom)), None)
        if default is not None:
            text = f"Drawn from {default} where left out."
            value["description"] = f"{value.pop('description', '')} {text}".strip()
        if model is ScenarioModel or key in ("do", "schema"):
            continue
        schema["properties"][key] = _or_distribution(value, field.annotation)
    if model is ClipSpec or "required" not in schema:
        return
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    schema["required"] = [
        key
        for key in schema["required"]
        if not any(isinstance(m, DrawnFrom) for m in fields[key].metadata) and not all_drawn(fields[key].annotation)
    ]
    if not schema["required"]:
        del schema["required"]


def _or_distribution(value: dict[str, Any], annotation: Any) -> dict[str, Any]:
    if get_origin(annotation) is tuple and get_args(annotation)[-1] is Ellipsis:
        return value
    if "prefixItems" in value:
        value = {**value, "prefixItems": [_or_distribution(item, int) for item in value["prefixItems"]]}
    told = {"description": value.pop("description")} if "description" in value else {}
    return {**told, "anyOf": [value, {"$ref": "#/$defs/Distribution"}]}


def _any_of(node: Any) -> None:
    """Where the kind itself is drawn a node may fit several members of a union; each is a model of its own all the same."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            if here.pop("discriminator", None) is not None and "oneOf" in here:
                here["anyOf"] = here.pop("oneOf")
            waiting += list(here.values())
        elif isinstance(here, list):
            waiting += here


def _used(node: Any, definitions: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            name = str(node.get("$ref", "")).rpartition("/")[2]
            if name in definitions and name not in found:
                found.add(name)
                waiting.append(definitions[name])
            waiting += list(node.values())
        elif isinstance(node, list):
            waiting += node
    return found
