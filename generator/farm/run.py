"""A run: what the destination lacks of a plan, rendered and committed clip by clip."""

import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from generator import assets
from generator.dataset.store import DatasetMeta, Store
from generator.farm.clip import ClipJob, ClipOutcome, give_up, load_renderer, make_clip
from generator.farm.progress import RunBar
from generator.scenario.plan import Source, count, load_sources, plan, recipe_value

EXIT_QUARANTINED = 3

_LONG_PLAN = 2000
"""Clips from which drawing them takes long enough for a bar."""


@dataclass(frozen=True)
class Run:
    """What ``bodyworn render`` was asked for; None means the recipe's value, else the default."""

    scenes: tuple[Path, ...]
    out: str
    seed: int | None = None
    variants: int | None = None
    overrides: dict[str, Any] = field(default_factory=dict)
    quality: str | None = None
    workers: int | None = None
    address: str | None = None
    in_process: bool = False
    rerender: bool = False
    renderer: str = "generator.render.cycles:CyclesRenderer"

    @property
    def default_renderer(self) -> bool:
        """Whether Blender renders, and asset packs are needed."""
        return self.renderer == Run.renderer


@dataclass
class Summary:
    """What a run did."""

    present: int = 0
    rendered: int = 0
    quarantined: list[tuple[str, str]] = field(default_factory=list)
    frames: int = 0
    render_s: float = 0.0
    cpu_s: float = 0.0

    def add(self, outcome: ClipOutcome) -> None:
        """Counts one clip."""
        if outcome.status == "quarantined":
            self.quarantined.append((outcome.clip_id, outcome.reason))
        elif outcome.status == "already there":
            self.present += 1
        else:
            self.rendered += 1
            self.frames += outcome.n_frames
        self.render_s += outcome.render_s
        self.cpu_s += outcome.cpu_s

    def text(self, out: str, seconds: float) -> str:
        """A few lines for the end of the run."""
        lines = [f"{out}: {self.rendered} clips rendered ({self.frames} frames), {self.present} were there already"]
        if self.frames:
            lines.append(
                f"{seconds:.0f} s, {self.frames / seconds:.2f} frames/s, {self.cpu_s / self.frames:.2f} CPU-s a frame"
            )
        lines += [f"quarantined {clip_id}: {reason}" for clip_id, reason in self.quarantined]
        return "\n".join(lines)


def render_run(run: Run) -> int:
    """Renders what the destination lacks.

    Returns:
        0, or 3 when clips were quarantined.

    Raises:
        UserError: bad input, or a destination that holds something else; nothing has been written then.
        KeyboardInterrupt: interrupted; what is committed stays, and the same run continues later.
    """
    sources = load_sources(run.scenes, overrides=run.overrides, variants=run.variants)
    seed = run.seed if run.seed is not None else recipe_value(sources, "seed", 0)
    quality = run.quality or recipe_value(sources, "quality", "standard")
    if run.default_renderer:
        for name in assets.packs():
            assets.pack_path(name)
    meta = _meta(sources, seed, quality)
    store = Store.checked(run.out, meta, rerender=run.rerender)
    committed = store.committed()
    clips, frames, present = _missing(sources, seed, committed)  # every clip is drawn before anything is written
    if not run.default_renderer:
        load_renderer(run.renderer)
    with _connected(run, clips):
        store.create()
        return _render(run, store, sources, seed, meta, committed, clips, frames, present)


def _render(
    run: Run,
    store: Store,
    sources: tuple[Source, ...],
    seed: int,
    meta: DatasetMeta,
    committed: set[str],
    clips: int,
    frames: int,
    present: int,
) -> int:
    store.clean_staging()
    summary = Summary(present=present)
    jobs = (
        ClipJob(planned, run.out, meta, run.renderer)
        for planned in plan(sources, seed)
        if planned.clip_id not in committed
    )
    start = time.monotonic()
    try:
        with RunBar(frames, clips) as bar:
            for outcome in _outcomes(run, store, jobs, bar, clips):
                summary.add(outcome)
                bar.finished(outcome.clip_id, outcome.n_frames, quarantined=outcome.status == "quarantined")
    finally:
        store.compact_index()
        store.clean_staging()
    sys.stdout.write(summary.text(run.out, time.monotonic() - start) + "\n")
    return EXIT_QUARANTINED if summary.quarantined else 0


def _meta(sources: tuple[Source, ...], seed: int, quality: str) -> DatasetMeta:
    licences = {source.recipe.license for source in sources if source.recipe is not None and source.recipe.license}
    return DatasetMeta(
        seed=seed,
        quality=quality,
        scenarios={source.scenario.name: source.digest for source in sources},
        licence=" AND ".join(sorted(licences)) or None,
        assets=tuple(assets.licences(sorted(assets.packs()))),
    )


def _missing(sources: tuple[Source, ...], seed: int, committed: set[str]) -> tuple[int, int, int]:
    """Clips and frames still to be rendered, and clips that are there."""
    clips = frames = present = 0
    quiet = None if count(sources) > _LONG_PLAN else True  # None: a bar where there is a terminal
    for planned in tqdm(plan(sources, seed), "planning", count(sources), unit="clip", leave=False, disable=quiet):
        if planned.clip_id in committed:
            present += 1
        else:
            clips, frames = clips + 1, frames + planned.spec.n_frames
    return clips, frames, present


def _outcomes(run: Run, store: Store, jobs: Iterator[ClipJob], bar: RunBar, clips: int) -> Iterator[ClipOutcome]:
    if clips == 0:
        return
    if run.in_process:
        for job in jobs:
            clip_id = job.planned.clip_id
            yield make_clip(job, partial(bar.worked, clip_id))
        return
    from generator.farm import pool

    workers = min(run.workers or pool.default_workers(run.address), clips)
    crew = pool.Pool(workers, pool.cores_a_worker(workers, run.address), lambda job, why: give_up(store, job, why))
    yield from crew.outcomes(jobs, bar.worked)


def _connected(run: Run, clips: int) -> AbstractContextManager[None]:
    """Ray while the run lasts, where it is needed at all."""
    if run.in_process or clips == 0:
        return nullcontext()
    from generator.farm import pool  # Ray takes a second to import

    return pool.connected(run.address, run.workers or 1)
