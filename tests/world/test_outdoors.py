"""Places outdoors as built: within their budget, by day and by night, dry and wet."""

import numpy as np
import pytest

from generator.motion.build import build_timeline
from generator.motion.timeline import BodyMeasures
from generator.scenario.plan import load_sources, plan

pytestmark = pytest.mark.blender

SCENES = {
    "outdoor_range": "land/outdoor_range.yaml",
    "mock_street": "land/mock_street.yaml",
    "car_park": "land/car_park.yaml",
    "tram_stop": "transport/tram_stop.yaml",
}


def _built(kind, **environment):
    from generator.paths import project_root
    from generator.world.stage import build_stage

    overrides = {f"environment.{path.replace('__', '.')}": value for path, value in environment.items()}
    sources = load_sources([project_root() / "scenes" / SCENES[kind]], overrides={**overrides, "twins": []}, variants=1)
    spec = next(iter(plan(sources, 1))).spec
    timeline = build_timeline(spec, BodyMeasures.nominal())
    return build_stage(spec, timeline, wearer=False), timeline


def _triangles(stage):
    meshes = [part.object.data for part in stage.parts if part.object.type == "MESH"]
    return sum(len(mesh.loops) - 2 * len(mesh.polygons) for mesh in meshes)


@pytest.mark.parametrize("kind", SCENES)
def test_a_place_is_built_by_day_and_by_night_within_its_budget(kind):
    watts = {}
    for time in ("day", "night"):
        stage, _ = _built(kind, time=time, weather="clear", lights__dead=0.0, lights__emergency=False)
        assert _triangles(stage) < 1_500_000
        lights = [part.object.data for part in stage.parts if part.object.type == "LIGHT"]
        watts[time] = {lamp.type: 0.0 for lamp in lights}
        for lamp in lights:
            watts[time][lamp.type] += lamp.energy
        ids = [part.track_id for actor in stage.still for part in actor.parts if part.track_id]
        assert len(set(ids)) == len(ids), "every labelled thing has a track of its own"
    assert watts["day"]["SUN"] > 1e4 * watts["night"]["SUN"], "the moon is no sun"
    assert watts["night"]["AREA"] > 0


@pytest.mark.parametrize("kind", ["mock_street", "car_park"])
def test_rain_falls_and_is_not_labelled(kind):
    stage, timeline = _built(kind, time="day", weather="rain")
    streaks = [k for k, part in enumerate(stage.parts) if part.object.name.startswith("rain")]
    assert streaks
    assert all(not stage.parts[k].in_labels for k in streaks)
    before, after = (stage.placements(timeline.at(t)) for t in (1.0, 1.02))
    fallen = [after[k].matrix[2, 3] - before[k].matrix[2, 3] for k in streaks if before[k].visible and after[k].visible]
    assert fallen
    assert np.allclose(fallen, -0.02 * 6.6, atol=1e-6)


def test_fog_is_in_every_opaque_surface_and_in_no_label():
    stage, _ = _built("mock_street", time="day", weather="fog")
    for part in stage.parts:
        for slot in part.object.material_slots:
            kinds = {node.type for node in slot.material.node_tree.nodes}
            assert "CAMERA" in kinds or "BSDF_TRANSPARENT" in kinds, slot.material.name
