"""Measures how hands hold things: ``python -m generator.world.gripcheck [--kinds a,b] [--bodies N] [--device NAME]``.

Every kind is held by several bodies in several states. The wearer's posed skin, or its gloves, is measured against the
triangles of the thing as it is at that moment: gaps under the pads that should touch, how deep skin sinks in, joints
beyond their limits, and how far the wrists drift on the thing.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.motion.build import BuiltTimeline, build_timeline
from generator.motion.timeline import Moment
from generator.scenario.profiles import device_tree
from generator.scenario.spec import ClipSpec, Dress
from generator.scenario.things import THINGS, HeldKind
from generator.world.bodymesh import Surface
from generator.world.contact import Measured
from generator.world.figure import Figure
from generator.world.hands import Side, outer_skin, pad_skin
from generator.world.joints import beyond, hand_angles, posed_arm_angles
from generator.world.props import Prop, ThingActor, build_thing
from generator.world.wearer import Wearer, build_wearer, outer_surface, wearer_measures

Array = NDArray[np.float64]
Pads = Mapping[Side, tuple[int, ...]]

GAP, DEPTH, DRIFT = 3.0, 4.0, 1.0
"""Millimetres: the bars for pads that should touch, for skin inside the thing, and for drift of the wrists on it."""

BODIES: tuple[dict[str, Any], ...] = (
    {"sex": "male", "age": 34.0, "height": 0.5, "weight": 0.5, "muscle": 0.55, "ancestry": "caucasian"},
    {"sex": "female", "age": 29.0, "height": 0.06, "weight": 0.32, "muscle": 0.40, "ancestry": "asian"},
    {"sex": "male", "age": 45.0, "height": 0.95, "weight": 0.75, "muscle": 0.80, "ancestry": "african"},
    {"sex": "female", "age": 40.0, "height": 0.95, "weight": 0.70, "muscle": 0.50, "ancestry": "caucasian"},
    {"sex": "male", "age": 24.0, "height": 0.05, "weight": 0.30, "muscle": 0.36, "ancestry": "asian"},
    {"sex": "female", "age": 55.0, "height": 0.50, "weight": 0.75, "muscle": 0.45, "ancestry": "african"},
)
"""Both sexes, short and tall, thin and heavy; every second one wears gloves."""

_FIST: Pads = {"R": (1, 3, 4, 5)}
_BOTH: Pads = {"R": (1, 3, 4, 5), "L": (1, 2, 3, 4, 5)}
PADS: dict[HeldKind, Pads] = {
    "training_carbine": _BOTH, "training_smg": _BOTH, "training_shotgun": _BOTH, "paintball_marker": _BOTH,
    "training_pistol": _BOTH, "taser": _BOTH,
    "phone": {"R": (1, 3, 4, 5)}, "torch": {"R": (2, 3, 4, 5)}, "radio": {"R": (1, 2, 3, 4, 5)}, "drill": _FIST,
    "umbrella": {"R": (1, 2, 3, 4, 5)}, "camera": {"R": (1, 3, 4), "L": (1, 2, 3)}, "water_pistol": _FIST, "toy_blaster": _FIST,
    "empty_hands": {},
}  # fmt: skip
"""Which fingertip pads lie on the thing, or on the other hand; 1 is the thumb."""


def check_spec(
    kind: HeldKind, body: Mapping[str, Any], gloves: str, hands: str = "two", device: str = "bodycam_wide"
) -> ClipSpec:
    """A clip in which a thing goes through all its states, recorded by the device of that name: a game's glues it."""
    dress = {
        "top": "shirt",
        "colour": "navy",
        "sleeves": "long",
        "gloves": gloves,
        "glove_kind": "mechanic",
        "glove_colour": "black",
        "vest": True,
        "watch": "none",
    }
    return ClipSpec.from_tree(
        {
            "scenario": "gripcheck", "family": "negative", "seed": 3, "variant": 0,
            "environment": {
                "kind": "shoothouse_corridor", "time": "day", "length": 14.0, "width": 2.1, "height": 2.6, "doors": 0,
                "doors_open": 0.0, "wall": "plywood", "floor": "concrete", "wear": 0.5, "clutter": 0.0, "targets": 0,
                "lights": {"fixture": "tube", "spacing": 3.0, "lumens": 2400.0, "temperature": 4000.0, "dead": 0.0, "mains": 50},
            },
            "people": [],
            "wearer": {"body": {**body, "skin_tone": 4}, "dress": dress},
            "camera": {"mount": "chest", "path": {"kind": "advance", "speed": 1.0}, "look_around": 0.5},
            "device": device_tree(device),
            "weapon": {
                "kind": kind, "finish": "black", "hands": hands,
                "behaviour": [
                    {"do": "low_ready", "for": 0.6}, {"do": "aim", "for": 0.4, "raise_time": 0.4},
                    {"do": "fire", "shots": 2, "interval": 0.4, "pause": 0.7}, {"do": "reload", "for": 2.0},
                    {"do": "lower", "for": 0.4}, {"do": "high_ready", "for": 1.2}, {"do": "holster", "for": 1.2},
                    {"do": "holstered", "for": 0.5},
                ],
            },
            "clip": {"duration": 8.5, "fps": 10.0, "size": [160, 90]},
        }
    )  # fmt: skip


@dataclass
class Worst:
    """The worst of a kind, millimetres and degrees, and where it was."""

    gap: float = 0.0
    depth: float = 0.0
    hands: float = 0.0
    drift: float = 0.0
    beyond: dict[str, float] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    setup: float = 0.0

    def note(self, name: str, value: float, where: str) -> None:
        """Keeps the larger."""
        if value > getattr(self, name):
            setattr(self, name, value)
            self.where[name] = where

    @property
    def passed(self) -> bool:
        """Whether all bars hold."""
        return self.gap <= GAP and self.depth <= DEPTH and self.drift <= DRIFT and not self.beyond


def states(timeline: BuiltTimeline) -> dict[str, Moment]:
    """A moment of each state: low, aimed, firing with the trigger pressed, support hand away (or carried), high."""
    handling = timeline.handling.things[0]
    times = np.arange(0, timeline.duration, 0.02)
    moments = {float(t): handling.move(float(t)) for t in times}

    def still(place: str) -> float:
        return next(t for t, move in moments.items() if move[1] == place and (move[0] == place or move[2] >= 1))

    aimed = still("aimed") + 0.1
    spells = [shot.t for shot in handling.shots] + [0.5 * (a + b) for a, b in handling.pulls]
    firing = spells[0] if spells else aimed + 0.3
    away = sum(handling.reloads[0]) / 2 - 0.2 if handling.reloads else still("carried")
    found = {"low": still("low"), "aimed": aimed, "firing": firing, "away": away, "high": still("high") + 0.3}
    return {name: timeline.at(t) for name, t in found.items()}


class _Thing:
    """The triangles of every part of a thing, each in its own frame."""

    def __init__(self, prop: Prop | None) -> None:
        self._actor = None if prop is None else ThingActor(prop)
        self._measured = [] if prop is None else [_measured(part.object) for part in prop.parts]

    def at(self, points: Array, moment: Moment) -> Array:
        """(n,) signed distances of world points to the thing as it is at a moment."""
        if self._actor is None:
            return np.full(len(points), np.inf)
        least = np.full(len(points), np.inf)
        for measured, placement in zip(self._measured, self._actor.place(moment), strict=True):
            if measured is not None and placement.visible:
                local = np.linalg.inv(placement.matrix)
                least = np.minimum(least, measured.at(points @ local[:3, :3].T + local[:3, 3]))
        return least


def _measured(thing: bpy.types.Object) -> Measured | None:
    if thing.type != "MESH":
        return None
    mesh = thing.data
    mesh.calc_loop_triangles()
    vertices, triangles = np.empty((len(mesh.vertices), 3)), np.empty((len(mesh.loop_triangles), 3), np.int32)
    mesh.vertices.foreach_get("co", vertices.ravel())
    mesh.loop_triangles.foreach_get("vertices", triangles.ravel())
    return Measured((vertices, triangles))


@dataclass(frozen=True)
class _Skins:
    """What of a surface is measured: outer vertices and faces of each hand, and the pads of its fingers."""

    surface: Surface
    used: dict[Side, NDArray[np.int64]]
    faces: dict[Side, NDArray[np.int32]]
    pads: dict[Side, dict[int, NDArray[np.int64]]]


def _skins(figure: Figure, dress: Dress) -> _Skins:
    surface = outer_surface(figure, dress)
    used, faces, pads = {}, {}, {}
    sides: tuple[Side, ...] = ("L", "R")
    for side in sides:
        used[side], faces[side] = outer_skin(figure, surface, side)
        pads[side] = {finger: pad_skin(figure, surface, side, finger) for finger in (1, 2, 3, 4, 5)}
    return _Skins(surface, used, faces, pads)


def _moment_check(
    worst: Worst, wearer: Wearer, thing: _Thing, skins: _Skins, moment: Moment, kind: HeldKind, state: str, label: str
) -> None:
    posed = wearer.pose(moment)
    points = skins.surface.posed(posed.matrices())
    on: list[Side] = []
    if wearer.right is not None and moment.grip >= 1:
        on.append("R")
    if wearer.left is not None and moment.support >= 1:
        on.append("L")
    right = Measured((points, skins.faces["R"]), 0.0015) if len(on) > 1 else None
    for side in wearer.rests:
        rest = wearer.rests[side]
        angles = hand_angles(posed, rest) | posed_arm_angles(posed, rest, moment.T_world_torso[:3, :3])
        for joint, excess in beyond(angles).items():
            if excess > worst.beyond.get(f"{side}:{joint}", 0.5):
                worst.beyond[f"{side}:{joint}"] = round(excess, 1)
                worst.where[f"{side}:{joint}"] = f"{label} {state}"
    for side in on:
        used = skins.used[side]
        distance = 1000 * thing.at(points[used], moment)
        whole = np.full(len(points), np.inf)
        whole[used] = distance
        deepest = int(distance.argmin())
        worst.note(
            "depth", float(-distance[deepest]), f"{label} {state} {side} {_part(wearer.figure, skins, used[deepest])}"
        )
        if side == "L" and right is not None:
            other = 1000 * right.at(points[used])
            worst.note(
                "hands",
                float(-other.min()),
                f"{label} {state} {_part(wearer.figure, skins, used[int(other.argmin())])}",
            )
            whole[used] = np.minimum(distance, other)
        touching = set(PADS[kind].get(side, ()))
        held = wearer.right
        if side == "R" and held is not None and held.trigger is not None and moment.trigger > 0.98:
            touching.add(2)
        for finger in touching:
            gap = float(whole[skins.pads[side][finger]].min())
            worst.note("gap", gap, f"{label} {state} {side}{finger}")


def _part(figure: Figure, skins: _Skins, vertex: int) -> str:
    """The bone that most of a vertex of the surface hangs on."""
    row = skins.surface.matrix[vertex] @ skins.surface.cut.weights
    names = list(figure.column)
    return names[int(row.toarray().argmax())]


def _drift(wearer: Wearer, timeline: BuiltTimeline) -> dict[Side, float]:
    """Millimetres that each wrist moves on the thing while it is held."""
    found: dict[Side, list[Array]] = {"R": [], "L": []}
    if wearer.prop is None:
        return {}
    for t in np.arange(0, timeline.duration, 0.25):
        moment = timeline.at(float(t))
        posed = wearer.pose(moment)
        local = np.linalg.inv(moment.T_world_thing)
        sides: tuple[tuple[Side, float], ...] = (("R", moment.grip), ("L", moment.support))
        for side, share in sides:
            held = wearer.right if side == "R" else wearer.left
            if held is not None and share >= 1:
                place = (local @ (*posed.head(f"wrist.{side}"), 1.0))[:3]
                if side == "L":
                    place[1] += wearer.prop.travel.pump * moment.pump
                found[side].append(place - held.wrist[:3, 3])
    return {side: 1000 * float(np.linalg.norm(rows, axis=1).max()) if rows else 0.0 for side, rows in found.items()}


def check(
    kind: HeldKind, bodies: Sequence[Mapping[str, Any]], hands: str = "two", device: str = "bodycam_wide"
) -> Worst:
    """Measures one kind over bodies and states, as a device of that name asks it to be carried."""
    worst = Worst()
    bpy.ops.wm.read_factory_settings(use_empty=True)
    collection = bpy.data.collections.new("gripcheck")
    prop = None
    if kind != "empty_hands":
        prop = build_thing(kind, "black", np.random.default_rng(7), collection)
    thing = _Thing(prop)
    for number, body in enumerate(bodies):
        gloved = number % 2 == 1
        spec = check_spec(kind, body, "full" if gloved else "none", hands, device)
        measures = wearer_measures(spec.wearer)
        start = time.process_time()
        wearer = build_wearer(spec, () if prop is None else (prop,), collection)
        worst.setup = max(worst.setup, time.process_time() - start)
        timeline = build_timeline(spec, measures)
        label = f"body{number}{'g' if gloved else ''}"
        skins = _skins(wearer.figure, spec.wearer.dress)
        for state, moment in states(timeline).items():
            _moment_check(worst, wearer, thing, skins, moment, kind, state, label)
        for side, drift in _drift(wearer, timeline).items():
            worst.note("drift", drift, f"{label} {side}")
        for block in [block for block in collection.objects if block.type == "MESH" and block.name.startswith(_WORN)]:
            bpy.data.objects.remove(block)
    return worst


_WORN = ("hand", "forearm", "glove", "sleeve", "trunk", "head", "trousers", "boots", "vest")


def _line(name: str, worst: Worst) -> str:
    joints = ", ".join(f"{joint} +{excess:g}" for joint, excess in sorted(worst.beyond.items())) or "none"
    return (
        f"{name:24s} {'PASS' if worst.passed else 'FAIL'}  gap {worst.gap:5.2f}  depth {worst.depth:5.2f}  between hands "
        f"{worst.hands:5.2f}  drift {worst.drift:5.2f} mm  wearer {worst.setup:.2f} CPU-s  beyond limits: {joints}"
    )


def _cases(kinds: Sequence[HeldKind]) -> Iterator[tuple[str, HeldKind, str]]:
    for kind in kinds:
        yield kind, kind, "two"
        if kind in ("training_pistol", "taser"):
            yield f"{kind} (one hand)", kind, "one"


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a line for each kind; returns 1 where a bar does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kinds", default=",".join(get_args(HeldKind)), help="separated by commas")
    parser.add_argument("--bodies", type=int, default=len(BODIES), help="how many of the six bodies")
    parser.add_argument(
        "--device", default="bodycam_wide", help="game_capture for weapons that are glued to the picture"
    )
    parser.add_argument("--where", action="store_true", help="say where the worst was")
    options = parser.parse_args(arguments)
    chosen: list[HeldKind] = [kind for kind in THINGS if kind in options.kinds.split(",")]
    results: dict[str, Worst] = {}
    for name, kind, hands in _cases(chosen):
        results[name] = check(kind, BODIES[: options.bodies], hands, options.device)
        _say(_line(name, results[name]))
        if options.where:
            _say(f"    {results[name].where}")
    failed = [name for name, worst in results.items() if not worst.passed]
    _say("PASS" if not failed else f"FAIL: {', '.join(failed)}")
    _say(json.dumps({
        name: {"gap": worst.gap, "depth": worst.depth, "hands": worst.hands, "drift": worst.drift, "beyond": worst.beyond,
               "setup": worst.setup, "passed": worst.passed}
        for name, worst in results.items()
    }))  # fmt: skip
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
