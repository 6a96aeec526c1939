"""A flash of two milliseconds under a long read-out: a band of the picture, and only the rows of it in the labels."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from generator.frame import Exposures
from generator.labels.annotate import frame_row, object_rows
from generator.motion.build import build_timeline
from generator.motion.flash import exposed_flash, row_flash
from generator.motion.timeline import Event
from generator.tracks import TRACK_FLASH
from tests.specs import corridor_spec

SIZE = (128, 72)
READOUT, BURNS = 0.05, 0.002
STEPS = [
    {"do": "aim", "at": "ahead", "for": 0.2, "raise_time": 0.2}, {"do": "fire", "shots": 1, "interval": 0.2, "pause": 0.5},
]  # fmt: skip
SPEC = corridor_spec(
    clip__size=list(SIZE), clip__duration=0.8, clip__fps=5.0, weapon__kind="training_pistol", weapon__behaviour=STEPS,
    camera__mount="helmet", device__shutter={"kind": "rolling", "readout": READOUT}, device__lens__kind="rectilinear",
    device__lens__field_of_view=0.8, device__lens__polynomial=[0.0] * 4,
)  # fmt: skip
INDEX, T1 = 3, 0.7


@dataclass
class Fired:
    """A timeline whose shot flashes at a time of the test's choice, or not at all."""

    timeline: Any
    start: float | None

    @property
    def events(self):
        flash = [] if self.start is None else [Event("muzzle_flash", self.start, self.start + BURNS, TRACK_FLASH, {"shot": 1})]
        return (*(event for event in self.timeline.events if event.type != "muzzle_flash"), *flash)

    def __getattr__(self, name):
        return getattr(self.timeline, name)


def _overlap(start, t, exposure):
    """(H,) seconds for which each row is exposed while it burns, by a sum over small steps."""
    burning = start + (np.arange(4000) + 0.5) / 4000 * BURNS
    rows = t + READOUT * ((np.arange(SIZE[1]) + 1) / SIZE[1] - 0.5)
    return (np.abs(burning[None] - rows[:, None]) < 0.5 * exposure).mean(1) * BURNS


@pytest.mark.parametrize(
    ("off", "exposure"), [(0.0, 0.004), (0.013, 0.001), (-0.026, 0.004), (0.02, 0.0002), (0.0, 0.06), (0.1, 0.01)]
)
def test_each_row_sees_what_burns_while_it_is_exposed(off, exposure):
    start = T1 + off
    timeline = Fired(build_timeline(SPEC), start)
    found = row_flash(timeline, T1, exposure, READOUT, SIZE[1])
    overlap = _overlap(start, T1, exposure)
    assert not overlap[found.brightness == 0].any()
    assert (found.brightness > 0).sum() <= (overlap > 0).sum() + 2, "but for overlaps shorter than a step of the sum"
    assert found.shot == int(overlap.any())
    # All of the flash is its mean brightness, (1 - exp(-2.5)) / 2.5, for as long as it burns.
    whole = (1 - np.exp(-2.5)) / 2.5 * BURNS / exposure
    assert found.brightness[overlap > 0.9999 * BURNS] == pytest.approx(whole, rel=1e-3)
    assert (found.brightness <= whole * 1.0001).all()
    alone = [exposed_flash(timeline, float(t), exposure)[0] for t in T1 + READOUT * ((np.arange(SIZE[1]) + 1) / SIZE[1] - 0.5)]
    assert found.brightness == pytest.approx(alone)
    assert (found.shares is None) == (found.peak == 0 or found.brightness.min() > 0.98 * found.peak)


def _rendered(start, exposure):
    from generator.render.cycles import CyclesRenderer

    renderer = CyclesRenderer()
    timeline = Fired(build_timeline(SPEC, renderer.measures(SPEC)), start)
    n = SPEC.n_frames
    exposures = Exposures(np.full(n, exposure), np.ones(n), np.zeros(n))
    with renderer.open(SPEC, timeline, "standard") as rendering:
        frame = list(rendering.frames(exposures, lambda _: None))[INDEX]
        tracks = {track.track_id: track for track in rendering.tracks}
        objects = object_rows(frame, tracks, rendering.camera)
        return frame, {row["track_id"]: row for row in objects}, frame_row(frame, SPEC, timeline, exposures, objects)


@pytest.mark.blender
def test_rows_that_never_saw_the_flash_are_those_of_a_picture_without_it():
    pytest.importorskip("bpy")
    exposure = 0.004
    dark, _, said_dark = _rendered(None, exposure)
    whole, objects, _ = _rendered(T1 - 0.5 * BURNS, 2 * READOUT)
    core = np.nonzero((whole.instance == TRACK_FLASH).any(1))[0]
    assert len(core) >= 3 and objects[TRACK_FLASH]["visible_px"]
    # The flash goes out as the row through the middle of its core begins to be exposed: what is below it is dark.
    middle = int(core.mean())
    start = T1 + READOUT * ((middle + 1) / SIZE[1] - 0.5) - 0.5 * exposure - BURNS
    lit, objects, said = _rendered(start, exposure)
    overlap = _overlap(start, T1, exposure)
    seen, unseen = overlap > 1e-6, overlap == 0
    assert 4 <= seen.sum() < 0.2 * SIZE[1]
    for name in ("radiance", "instance", "depth", "normal", "flow_forward", "flow_backward"):
        assert np.array_equal(getattr(lit, name)[unseen], getattr(dark, name)[unseen], equal_nan=True), name
    gained = (lit.radiance - dark.radiance).mean(-1)
    bright = overlap > 0.99 * BURNS
    assert bright.any() and gained[bright].mean() > 0.3 * dark.radiance.mean(), "the corridor is lit, not the core alone"
    flash = lit.instance == TRACK_FLASH
    assert flash.any() and not flash[unseen].any()
    row = objects[TRACK_FLASH]
    assert row["box_amodal"][1] >= np.nonzero(seen)[0][0] - 1e-3
    assert row["box_amodal"][1] + row["box_amodal"][3] == pytest.approx(np.nonzero(seen)[0][-1] + 1, abs=0.01)
    assert np.isnan(lit.flow_forward[flash]).all() and not lit.normal[flash].any()
    assert said["muzzle_flash"] and not said_dark["muzzle_flash"]
