"""A Ray actor with one Blender, pinned to cores of its own; and the actor that gathers progress."""

from contextlib import ExitStack
from typing import Any

import ray

from generator.farm.clip import ClipJob, ClipOutcome, make_clip
from generator.farm.cores import claimed_cores


@ray.remote(num_cpus=0)
class Progress:
    """Frames done by clip, written by workers and read by the driver."""

    def __init__(self) -> None:
        self._done: dict[str, float] = {}

    def report(self, clip_id: str, frames: float) -> None:
        """A worker has done this many frames of the clip so far."""
        self._done[clip_id] = frames

    def take(self) -> dict[str, float]:
        """What has changed since the last call."""
        done, self._done = self._done, {}
        return done


@ray.remote
class Worker:
    """Makes one clip after another. The renderer is imported after the process is pinned to its cores."""

    def __init__(self, cores: int, progress: Any) -> None:
        self._held = ExitStack()
        self._held.enter_context(claimed_cores(cores))
        self._progress = progress

    def make(self, job: ClipJob) -> ClipOutcome:
        """Makes a clip, or finds that somebody else has."""
        clip_id = job.planned.clip_id
        return make_clip(job, lambda frames: self._progress.report.remote(clip_id, frames))
