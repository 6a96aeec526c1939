"""What each environment costs: building it, its triangles, and a frame's CPU time as a multiple of the corridor's.

``python -m generator.render.placecost [KIND ...] [--frames N] [--size W H] [--seed S]``; the last line is JSON. Without a wearer,
whose cost is the same everywhere and would make the multiples smaller.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
from tqdm import tqdm

from generator.motion.build import build_timeline
from generator.motion.timeline import BodyMeasures
from generator.paths import project_root
from generator.render import scenes
from generator.render.cycles import CyclesRenderer
from generator.render.profile import profile
from generator.scenario.environments import Environment
from generator.scenario.plan import load_sources, plan
from generator.scenario.spec import ClipSpec

CORRIDOR = "shoothouse_corridor"
TIMES = ("day", "night")


def kinds() -> tuple[str, ...]:
    """Every kind of environment, the corridor first."""
    union = get_args(Environment)
    members = get_args(union[0]) if union else (Environment,)
    words = [get_args(member.model_fields["kind"].annotation)[0] for member in members]
    return (CORRIDOR, *(word for word in words if word != CORRIDOR))


def place_spec(kind: str, time_of_day: str, size: tuple[int, int], seed: int) -> ClipSpec:
    """A clip that walks through an environment, everything else drawn."""
    overrides: dict[str, Any] = {
        "environment": {"kind": kind, "time": time_of_day}, "people": [], "twins": [],
        "clip": {"duration": 4.0, "fps": 5.0, "size": list(size)}, "weapon.behaviour": [{"do": "low_ready", "for": 3.0}],
    }  # fmt: skip
    scene = project_root() / "scenes" / "land" / "shoothouse_corridor.yaml"
    return next(iter(plan(load_sources([scene], overrides=overrides, variants=1), seed))).spec


def place_cost(spec: ClipSpec, frames: int) -> dict[str, float]:
    """Seconds of building, triangles, and CPU-seconds of a picture at ``standard`` (the first one, which uploads, left out)."""
    timeline = build_timeline(spec, BodyMeasures.nominal())
    begin = time.process_time()
    with CyclesRenderer(wearer=False).open(spec, timeline, "standard") as rendering, tempfile.TemporaryDirectory() as folder:
        built = time.process_time() - begin
        triangles = sum(
            sum(len(polygon.vertices) - 2 for polygon in part.object.data.polygons)
            for part in rendering.stage.parts
            if part.object.type == "MESH"
        )
        scenes.set_quality(rendering.pictures, profile("standard"))
        path, spent = Path(folder) / "frame.exr", []
        for t in np.linspace(0.1, 0.9, frames + 1) * timeline.duration:
            before = resource.getrusage(resource.RUSAGE_SELF)
            moment = timeline.at(float(t))
            rendering.stage.apply(rendering.stage.placements(moment), moment.T_world_camera)
            scenes.render_to(rendering.pictures, path)
            after = resource.getrusage(resource.RUSAGE_SELF)
            spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {"build_s": built, "triangles": float(triangles), "frame_s": float(np.mean(spent[1:]))}


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a line for every environment by day and by night."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND")
    parser.add_argument("--frames", type=int, default=3)
    parser.add_argument("--size", type=int, nargs=2, default=(320, 180), metavar=("W", "H"))
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    wanted = [CORRIDOR, *(kind for kind in given.kinds or kinds() if kind != CORRIDOR)]
    figures: dict[str, dict[str, float]] = {}
    for kind in tqdm(wanted, unit="place"):
        for moment in TIMES:
            cost = place_cost(place_spec(kind, moment, tuple(given.size), given.seed), given.frames)
            cost["of_corridor"] = cost["frame_s"] / figures.get(f"{CORRIDOR} {moment}", cost)["frame_s"]
            figures[f"{kind} {moment}"] = {name: round(value, 3) for name, value in cost.items()}
            said = "  ".join(f"{name} {value:g}" for name, value in figures[f"{kind} {moment}"].items())
            sys.stdout.write(f"{kind:22} {moment:6} {said}\n")
            sys.stdout.flush()
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
