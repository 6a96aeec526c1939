"""Cases and dropped magazines in the labels: seen in flight, and let go exactly where they were."""

import numpy as np
import pytest

from generator.camera import Bent
from generator.frame import Exposures
from generator.motion.build import build_timeline
from generator.motion.casings import drops, ejections
from generator.tracks import TRACK_MAGAZINE, TRACK_SPARE, TRACKS_CASINGS
from tests.specs import corridor_spec

pytest.importorskip("bpy")
pytestmark = pytest.mark.blender

FIRE = [
    {"do": "aim", "at": "ahead", "for": 0.2, "raise_time": 0.3},
    {"do": "fire", "shots": 1, "interval": 0.3, "pause": 0.7},
]
STILL = {"mount": "helmet", "device": "bodycam_wide", "path": {"kind": "static"}, "look_around": 0.0}


def test_a_case_is_labelled_in_flight_with_the_flow_of_its_centre():
    from generator.render.cycles import CyclesRenderer

    spec = corridor_spec(clip__size=[192, 108], clip__fps=50.0, clip__duration=1.0, weapon__kind="training_pistol",
                         weapon__behaviour=FIRE, camera=STILL, device__shutter__readout=0.018)  # fmt: skip
    renderer = CyclesRenderer()
    timeline = build_timeline(spec, renderer.measures(spec))
    (flight,) = ejections(spec, timeline)
    n = spec.n_frames
    exposures = Exposures(np.full(n, 0.01), np.ones(n), np.zeros(n))
    from generator.render import scenes
    from generator.render.labels import dense_labels

    seen = compared = 0
    with renderer.open(spec, timeline, "preview") as rendering:
        assert any(t.track_id == TRACKS_CASINGS and t.category == "casing" for t in rendering.tracks)
        labels = scenes.label_scene(rendering.stage, *spec.clip.size)
        first = int(flight.start * spec.clip.fps)
        for index in range(first - 1, min(first + 7, n)):
            before, here, after = (rendering.scan(index + k, exposures) for k in (-1, 0, 1))
            dense = dense_labels(
                rendering._label_passes(labels, before, here, after), rendering.stage.parts, rendering.camera, before, here,
                after,
            )  # fmt: skip
            mask = dense.instance == TRACKS_CASINGS
            assert not mask.any() or here.middle.t >= flight.start
            seen += bool(mask.any())
            if mask.sum() < 2 or after.middle.t < flight.start:
                continue
            start, end = (
                scan.readout(rendering.camera).project(
                    Bent(np.stack([flight.at(i.t)[None, :3, 3] for i in scan.instants]))
                )[0][0]
                for scan in (here, after)
            )
            off = np.linalg.norm(dense.flow_forward[mask].mean(0) - (end - start))
            assert off < 2.5 + 0.25 * np.linalg.norm(end - start), "its ends whirl about its centre"
            compared += 1
    assert seen >= 2
    assert compared >= 1


@pytest.mark.parametrize("kind", ["training_pistol", "training_carbine"])
def test_a_dropped_magazine_leaves_exactly_where_the_seated_one_was(kind):
    from generator.render.cycles import CyclesRenderer

    spec = corridor_spec(clip__size=[64, 36], clip__fps=10.0, clip__duration=3.0, weapon__kind=kind,
                         weapon__behaviour=[{"do": "reload", "for": 2.0}])  # fmt: skip
    renderer = CyclesRenderer()
    timeline = build_timeline(spec, renderer.measures(spec))
    (nominal,) = drops(spec, timeline)
    with renderer.open(spec, timeline, "preview") as rendering:
        stage = rendering.stage

        def place(track: int, t: float):
            placements = stage.placements(timeline.at(t))
            return next(p for part, p in zip(stage.parts, placements, strict=False) if part.track_id == track)

        seated, spare = (place(track, nominal.start - 1e-6) for track in (TRACK_MAGAZINE, TRACK_SPARE))
        assert seated.visible and not spare.visible
        loose, gone = (place(track, nominal.start + 1e-6) for track in (TRACK_SPARE, TRACK_MAGAZINE))
        assert loose.visible and not gone.visible
        assert np.abs(loose.matrix - seated.matrix).max() < 1e-3
        (spare_actor,) = (actor for actor in stage.moving for track in actor.tracks if track.track_id == TRACK_SPARE)
        end = place(TRACK_SPARE, spare_actor.actor.drops[0].flight.end + 0.1)
        assert end.visible
        mesh = next(part.object.data for part in stage.parts if part.track_id == TRACK_SPARE)
        points = np.array([vertex.co for vertex in mesh.vertices]) @ end.matrix[:3, :3].T + end.matrix[:3, 3]
        assert -1e-3 < points[:, 2].min() < 2e-3, "it lies on the floor"
        assert points[:, 2].max() < 0.06
        # Sound knows of the nominal magazine only: it must land when the one in the picture does.
        heard = nominal.flight.impacts[0]
        fallen = place(TRACK_SPARE, heard.t)
        points = np.array([vertex.co for vertex in mesh.vertices]) @ fallen.matrix[:3, :3].T + fallen.matrix[:3, 3]
        clear = min(points[:, 2].min(), points[:, 0].min(), spec.environment.width - points[:, 0].max())
        assert abs(clear) < 0.02
