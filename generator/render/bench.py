"""What a label render costs against a plain 1-sample render of the same frames, in CPU-seconds."""

import resource
from collections.abc import Callable
from functools import partial

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
    with renderer.open(spec, timeline, "standard") as rendering:
        plain = Profile(name="plain", samples=1, bounces=4, denoise=False)
        scenes.set_quality(rendering.pictures, plain)
        pictures = []
        for index in range(frames + 1):
            scan = rendering.scan(index, exposures, exposed=True)
            pictures.append(_cpu(partial(rendering.render_picture, scan, index, exposures)))
        labels = scenes.label_scene(rendering.stage, *spec.clip.size)
        cost = []
        for index in range(frames + 1):
            scans = [rendering.scan(index + k, exposures) for k in (-1, 0, 1)]
            cost.append(_cpu(partial(rendering.render_labels, labels, *scans)))
    return float(np.sum(cost[1:]) / np.sum(pictures[1:]))


def _cpu(work: Callable[[], object]) -> float:
    before = resource.getrusage(resource.RUSAGE_SELF)
    work()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
