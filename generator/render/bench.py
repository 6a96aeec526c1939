"""What a label render costs against a plain 1-sample render of the same frames, in CPU-seconds."""

import resource
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from generator.frame import Exposures
from generator.motion.build import build_timeline
from generator.render import scenes
from generator.render.cycles import CyclesRenderer
from generator.render.profile import Profile
from generator.scenario.spec import ClipSpec

FRAMES = 8


def label_over_plain(spec: ClipSpec, frames: int = FRAMES) -> float:
    """CPU time of the label render over that of a plain 1-sample picture render, each over consecutive frames.

    The first frame of each, which builds everything, is left out; the plain render has the bounces of `standard` and no
    denoiser.
    """
    renderer = CyclesRenderer()
    timeline = build_timeline(spec, renderer.measures(spec))
    n = spec.n_frames
    exposures = Exposures(np.full(n, 0.01), np.ones(n), np.zeros(n))
    with renderer.open(spec, timeline, "standard") as rendering, tempfile.TemporaryDirectory() as folder:
        plain = Profile(name="plain", samples=1, bounces=4, denoise=False)
        scenes.set_quality(rendering.pictures, plain)
        path = Path(folder) / "frame.exr"
        pictures = []
        for index in range(frames + 1):
            instant = rendering.instant(index, exposures)
            rendering.stage.apply(instant.placements, instant.T_world_camera)
            pictures.append(_cpu(lambda: scenes.render_to(rendering.pictures, path)))
        labels = scenes.label_scene(rendering.stage, *spec.clip.size)
        cost = []
        for index in range(frames + 1):
            before, here, after = (rendering.instant(index + k, exposures) for k in (-1, 0, 1))
            rendering.stage_labels(before, here, after)
            cost.append(_cpu(lambda: scenes.render_to(labels, path)))
    return float(np.sum(cost[1:]) / np.sum(pictures[1:]))


def _cpu(work: Callable[[], None]) -> float:
    before = resource.getrusage(resource.RUSAGE_SELF)
    work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
