"""What the wearer's dressed body costs: CPU-seconds of a corridor frame with and without it, printed as JSON.

``python -m generator.render.bodycost [scenario.yaml] [--frames N] [--size W H] [--seed S]``
"""

import argparse
import json
import resource
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from generator.motion.build import build_timeline
from generator.motion.timeline import Timeline
from generator.paths import project_root
from generator.render import scenes
from generator.render.cycles import CyclesRenderer, CyclesRendering
from generator.render.profile import profile
from generator.scenario.plan import load_sources, plan
from generator.scenario.spec import ClipSpec
from generator.tracks import (
    TRACK_ARM_LEFT,
    TRACK_ARM_RIGHT,
    TRACK_HAND_LEFT,
    TRACK_HAND_RIGHT,
    TRACK_LEGS,
    TRACK_TORSO,
)

OWN_TRACKS = (TRACK_HAND_LEFT, TRACK_HAND_RIGHT, TRACK_ARM_LEFT, TRACK_ARM_RIGHT, TRACK_TORSO, TRACK_LEGS)


def body_cost(spec: ClipSpec, *, frames: int = 4, quality: str = "standard") -> dict[str, float]:
    """CPU time of a frame's picture with and without the wearer's parts, the same views.

    The frame that builds everything is rendered beforehand and left out.

    Args:
        spec: the clip.
        frames: how many, spread over the clip.
        quality: of the pictures.

    Returns:
        ``with_body_s`` and ``without_body_s`` a frame, ``share`` of the former that the body costs, and ``faces`` of it.
    """
    renderer = CyclesRenderer()
    timeline = build_timeline(spec, renderer.measures(spec))
    times = (np.arange(frames) + 0.5) / frames * timeline.duration
    with renderer.open(spec, timeline, quality) as rendering, tempfile.TemporaryDirectory() as folder:
        scenes.set_quality(rendering.pictures, profile(quality))
        own = [part.object for part in rendering.stage.parts if part.track_id in OWN_TRACKS]
        faces = sum(len(thing.data.polygons) for thing in own)
        cost = {}
        for name, hidden in (("with_body_s", False), ("without_body_s", True)):
            for thing in own:
                thing.hide_render = hidden
            path = Path(folder) / "frame.exr"
            _seconds(rendering, timeline, times[:1], path, hidden=hidden)
            cost[name] = _seconds(rendering, timeline, times, path, hidden=hidden) / frames
    share = 1 - cost["without_body_s"] / cost["with_body_s"]
    return {**{name: round(seconds, 3) for name, seconds in cost.items()}, "share": round(share, 3), "faces": faces}


def _seconds(
    rendering: CyclesRendering, timeline: Timeline, times: NDArray[np.float64], path: Path, *, hidden: bool
) -> float:
    """CPU-seconds of pictures at these times, placing things included."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    stage = rendering.stage
    for t in times:
        moment = timeline.at(float(t))
        stage.apply(stage.placements(moment), moment.T_world_camera)
        for part in stage.parts:
            if hidden and part.track_id in OWN_TRACKS:
                part.object.hide_render = True
        scenes.render_to(rendering.pictures, path)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the figures of the first clip of a scenario."""
    parser = argparse.ArgumentParser(description=__doc__)
    shipped = project_root() / "scenes" / "land" / "shoothouse_corridor.yaml"
    parser.add_argument("scenario", nargs="?", type=Path, default=shipped)
    parser.add_argument("--frames", type=int, default=4)
    parser.add_argument(
        "--size", type=int, nargs=2, default=None, help="width and height; the scenario's where left out"
    )
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    spec = next(plan(load_sources([given.scenario]), given.seed)).spec
    if given.size is not None:
        size = (given.size[0], given.size[1])
        spec = spec.model_copy(update={"clip": spec.clip.model_copy(update={"size": size})})
    sys.stdout.write(json.dumps(body_cost(spec, frames=given.frames)) + "\n")


if __name__ == "__main__":
    main()
