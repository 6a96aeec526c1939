"""Carriages, buses and platforms as built: day and night, within their budget, and what goes by outside goes by."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from generator.motion.build import build_timeline
from generator.scenario.plan import load_sources, plan
from generator.scenario.spec import ClipSpec
from generator.tracks import TRACKS_CLUTTER, TRACKS_DOORS

SCENES = Path(__file__).parents[2] / "scenes" / "transport"
MOST_TRIANGLES = 1.5e6


@cache
def _spec(scene: str, **overrides: Any) -> ClipSpec:
    values = {path.replace("__", "."): value for path, value in overrides.items()}
    sources = load_sources([SCENES / f"{scene}.yaml"], overrides={**values, "twins": []}, variants=1)
    return next(iter(plan(sources, 5))).spec


def _built(spec: ClipSpec) -> Any:
    bpy = pytest.importorskip("bpy")
    from generator.world.environment import build_environment

    bpy.ops.wm.read_factory_settings(use_empty=True)
    return build_environment(spec, bpy.context.scene.collection)


def _parts(environment: Any) -> list[Any]:
    return [part for actor in (*environment.actors, *environment.moving) for part in actor.parts]


def _triangles(environment: Any) -> int:
    meshes = [part.object.data for part in _parts(environment) if part.object.type == "MESH"]
    return sum(int(sum(len(polygon.vertices) - 2 for polygon in mesh.polygons)) for mesh in meshes)


@pytest.mark.blender
@pytest.mark.parametrize("time", ["day", "night"])
@pytest.mark.parametrize(
    ("scene", "changes"),
    [
        ("rail_carriage", {"environment__moving": 0.8, "environment__scenery": "city"}),
        ("rail_boarding", {"environment__weather": "rain"}),
        ("bus_interior", {"environment__lights__failing": 1.0, "environment__lights__beacon": "red"}),
        ("station_platform", {"environment__train": "open", "environment__station": "open_air"}),
    ],
)
def test_a_place_is_built_within_its_budget(scene: str, changes: dict[str, Any], time: str) -> None:
    environment = _built(_spec(scene, **changes, environment__time=time))
    assert 5e3 < _triangles(environment) < MOST_TRIANGLES
    tracks = [track for actor in (*environment.actors, *environment.moving) for track in actor.tracks]
    ids = [track.track_id for track in tracks]
    assert len(ids) == len(set(ids))
    assert any(TRACKS_DOORS <= number < TRACKS_CLUTTER for number in ids)


@pytest.mark.blender
def test_what_is_outside_goes_back_as_far_as_the_carriage_travels() -> None:
    """A piece of scenery stays where it is on earth, or comes round by whole rounds; everything in between is one rigid motion."""
    spec = _spec("rail_carriage", environment__moving=1.0, environment__line_speed=30.0, environment__scenery="suburb")
    environment, timeline = _built(spec), build_timeline(spec)
    scenery = next(actor for actor in environment.moving if type(actor).__name__ == "Passing" and actor.around)
    moments = [timeline.at(t) for t in (0.0, 1.0, 2.0, 2.1)]
    on_earth = np.array([[m.ride.T_earth_world @ p.matrix for p in scenery.place(m)] for m in moments])
    rounds = (on_earth[:, :, 1, 3] - on_earth[0, :, 1, 3]) / scenery.around
    assert np.abs(rounds - np.round(rounds)).max() < 1e-6
    on_earth[..., 1, 3] -= np.round(rounds) * scenery.around
    assert np.abs(on_earth - on_earth[0]).max() < 1e-6
    seen = np.array([[p.matrix[1, 3] for p in scenery.place(m)] for m in moments])
    middle = 0.5 * spec.environment.length  # type: ignore[union-attr]
    assert np.abs(seen - middle).max() <= 0.5 * scenery.around + 25.0
    still = np.abs(seen[3] - seen[2]) < 10.0
    assert still.sum() >= len(still) - 1
    assert seen[3][still] - seen[2][still] == pytest.approx(-3.0, abs=0.05)


@pytest.mark.blender
def test_handles_swing_under_way_and_hang_at_a_platform() -> None:
    for moving, least, most in ((1.0, 0.02, 0.8), (0.0, 0.0, 0.0)):
        changes = {"environment__moving": moving, "environment__handles": 1.0, "environment__rough": 0.8}
        spec = _spec("rail_carriage", **changes)
        environment, timeline = _built(spec), build_timeline(spec)
        handles = next(actor for actor in environment.moving if type(actor).__name__ == "SwayingHandles")
        poses = np.array([[p.matrix[:3, :3] for p in handles.place(timeline.at(t))] for t in np.arange(0, 3, 0.1)])
        tilt = np.arccos(np.clip(np.einsum("tnij,nij->tn", poses, poses[0]) / 2 - 0.5, -1, 1))
        assert least <= tilt.max() <= most + 1e-6
