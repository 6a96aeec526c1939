"""Interiors are built by day and by night within their budget of triangles."""

import pytest

pytest.importorskip("bpy")

import bpy

from generator.scenario.spec import ClipSpec
from generator.world.environment import build_environment
from tests.site.places import drawn

pytestmark = pytest.mark.blender

MOST_TRIANGLES = 1_500_000


def _built(spec: ClipSpec) -> int:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    collection = bpy.data.collections.new("seen")
    environment = build_environment(spec, collection)
    moving = [part for actor in environment.moving for part in actor.parts]
    still = [part for actor in environment.actors for part in actor.parts]
    tracks = [track.track_id for actor in environment.actors for track in actor.tracks]
    assert len(set(tracks)) == len(tracks)
    assert any(part.object.type == "LIGHT" for part in (*moving, *still))
    meshes = [part.object.data for part in still if part.object.type == "MESH"]
    return sum(len(polygon.vertices) - 2 for mesh in meshes for polygon in mesh.polygons)


@pytest.mark.parametrize("kind", ["shoothouse_rooms", "office", "stairwell", "shop", "warehouse"])
def test_is_built_by_day_and_by_night(kind: str) -> None:
    for k, time in enumerate(("day", "night")):
        tree = drawn(f"land/{kind}.yaml", "advance", 2, 1)[k].model_dump(mode="json", by_alias=True)
        tree["environment"]["time"] = time
        assert 2000 < _built(ClipSpec.from_tree(tree)) < MOST_TRIANGLES
