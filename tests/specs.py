"""Clips for tests, without going through scenario files."""

from typing import Any

from generator.scenario.profiles import device_tree
from generator.scenario.spec import ClipSpec

BODY = {
    "sex": "male", "age": 34.0, "height": 0.5, "weight": 0.5, "muscle": 0.55, "ancestry": "caucasian", "skin_tone": 4,
}  # fmt: skip
DRESS = {
    "top": "shirt", "colour": "navy", "sleeves": "long", "gloves": "none", "glove_colour": "black",
    "glove_kind": "mechanic", "vest": True, "watch": "none",
}  # fmt: skip


def _put(tree: dict[str, Any], path: str, value: Any) -> None:
    node: Any = tree
    *parents, last = path.split(".")
    for key in parents:
        node = node[int(key)] if isinstance(node, list) else node[key]
    if isinstance(node, list):
        node[int(last)] = value
    else:
        node[last] = value


def corridor_tree() -> dict[str, Any]:
    """A resolved clip as plain data."""
    device = device_tree("bodycam_wide")
    return {
        "schema": 1,
        "scenario": "test-corridor",
        "family": "range_drill",
        "seed": 0,
        "variant": 0,
        "environment": {
            "kind": "shoothouse_corridor", "time": "day", "length": 14.0, "width": 2.1, "height": 2.6, "doors": 3,
            "doors_open": 0.3, "wall": "plywood", "floor": "concrete", "wear": 0.6, "clutter": 0.4, "targets": 2,
            "lights": {"fixture": "tube", "spacing": 3.0, "lumens": 2400.0, "temperature": 4000.0, "dead": 0.2, "mains": 50},
        },
        "people": [
            {"id": None, "role": "role_player", "action": "stand", "count": 1, "along": 0.9, "across": 0.5,
             "facing": 0.1, "headgear": "helmet", "body": dict(BODY), "dress": dict(DRESS)},
        ],
        "wearer": {"body": dict(BODY), "dress": dict(DRESS)},
        "camera": {
            "mount": "chest", "device": "bodycam_wide", "path": {"kind": "advance", "speed": 1.0}, "look_around": 0.5,
        },
        "device": device,
        "weapon": {
            "kind": "training_carbine", "finish": "black", "hands": "two",
            "behaviour": [
                {"do": "low_ready", "for": 0.5},
                {"do": "aim", "at": "ahead", "for": 0.4, "raise_time": 0.4},
                {"do": "fire", "shots": 2, "interval": 0.25, "pause": 0.7},
                {"do": "lower", "for": 0.4},
            ],
        },
        "clip": {"duration": 3.0, "fps": 10.0, "size": [160, 90]},
    }  # fmt: skip


def corridor_spec(**overrides: Any) -> ClipSpec:
    """A clip in the corridor. Overrides by path with ``__`` for dots: ``weapon__kind="phone"``, ``clip__fps=15.0``."""
    tree = corridor_tree()
    for path, value in overrides.items():
        _put(tree, path.replace("__", "."), value)
    return ClipSpec.from_tree(tree)
