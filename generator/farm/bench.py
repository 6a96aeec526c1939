"""`make bench`: one clip of the shipped scene at `standard`, and what it costs. The last line is JSON."""

import json
import sys
import tempfile
import time
from typing import Any

import numpy as np

from generator import assets
from generator.audio.soundtrack import soundtrack
from generator.dataset.store import DatasetMeta, Store
from generator.farm.clip import ClipJob, make_clip
from generator.farm.progress import RunBar
from generator.frame import Exposures, Meter
from generator.motion.build import build_timeline
from generator.paths import project_root
from generator.scenario.plan import load_sources, plan
from generator.scenario.profiles import device_names, device_tree
from generator.scenario.spec import ClipSpec
from generator.sensor.develop import Developer
from generator.sensor.figures import dead_leaves, profile_spec

SEED = 7
QUALITY = "standard"
RENDERER = "generator.render.cycles:CyclesRenderer"


def measure() -> dict[str, Any]:
    """Renders the first clip of the shipped scene at its own size, in this process."""
    sources = load_sources([project_root() / "scenes" / "land" / "shoothouse_corridor.yaml"], variants=1)
    planned = next(plan(sources, SEED))
    meta = DatasetMeta(SEED, QUALITY, {}, None, tuple(assets.licences(sorted(assets.packs()))))
    with tempfile.TemporaryDirectory() as folder:
        Store.open_or_create(folder, meta)
        job = ClipJob(planned, folder, meta, RENDERER)
        with RunBar(planned.spec.n_frames, 1) as bar:
            outcome = make_clip(job, lambda frames: bar.worked(planned.clip_id, frames))
            bar.finished(planned.clip_id, planned.spec.n_frames)
    if outcome.status != "rendered":
        raise SystemExit(f"error: the clip was {outcome.status}: {outcome.reason}")
    return {
        "clip": f"{planned.spec.clip.size[0]}x{planned.spec.clip.size[1]}, {outcome.n_frames} frames, {QUALITY}",
        "pipeline_over_render": round(outcome.wall_s / outcome.render_s, 3),
        "cpu_s_per_frame": round(outcome.cpu_s / outcome.n_frames, 3),
        "peak_rss_mb": round(outcome.peak_rss_mb),
        "render_s_per_frame": round(outcome.render_s / outcome.n_frames, 3),
    }


def sound_cost(spec: ClipSpec) -> float:
    """CPU-seconds that a second of sound takes, the least of three tries."""
    timeline = build_timeline(spec)
    costs = []
    for _ in range(3):
        begin = time.process_time()
        soundtrack(spec, timeline)
        costs.append(time.process_time() - begin)
    return min(costs) / (spec.n_frames / spec.clip.fps)


def sensor_cost(size: tuple[int, int] = (640, 360)) -> dict[str, float]:
    """CPU-seconds that developing a frame takes with each device profile, the least of three tries."""
    width, height = size
    picture = dead_leaves(width, height, np.random.default_rng(0))
    picture[: height // 20, : width // 8] = 30.0  # a lamp, for glare and ghosts
    depth = np.full((height, width), 0.8, np.float32)
    depth[:, width // 2 :] = 6.0
    costs = {}
    for name in device_names():
        spec = profile_spec(device_tree(name), size)
        exposures = Exposures(*(np.full(spec.n_frames, value) for value in (0.01, 8.0, 0.0)))
        meter = Meter(np.zeros(1), picture[None, ::40, ::40])
        developer = Developer.of(spec, meter, exposures, build_timeline(spec))
        tries = []
        for index in range(4):  # the first one fills caches that last for the clip
            begin = time.process_time()
            developer.develop(picture, depth, index)
            tries.append(time.process_time() - begin)
        costs[name] = min(tries[1:])
    return costs


def main() -> None:
    """Prints the figures; the last line is JSON."""
    from generator.render.bench import label_over_plain  # bpy: only where it renders

    figures = measure()
    sources = load_sources([project_root() / "scenes" / "land" / "shoothouse_corridor.yaml"], variants=1)
    spec = next(plan(sources, SEED)).spec
    figures["label_over_1spp"] = round(label_over_plain(spec), 3)
    figures["sound_cpu_s_per_s"] = round(sound_cost(spec), 3)
    costs = sensor_cost()
    figures["sensor_cpu_s_per_frame"] = round(max(costs.values()), 3)
    figures["sensor_share"] = round(max(costs.values()) / figures["cpu_s_per_frame"], 4)
    for name, value in figures.items():
        sys.stdout.write(f"{name:22} {value}\n")
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
