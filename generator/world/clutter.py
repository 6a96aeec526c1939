"""Clutter along the walls, each thing a track of its own, clear of lane, doors, targets and role-players."""

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.layout import target_positions
from generator.motion.people import person_track
from generator.scenario.spec import ClipSpec
from generator.site.corridor import LANE, Plan, Wall, corridor_of
from generator.tracks import TRACKS_CLUTTER
from generator.world.actor import Part, Placement, StaticActor
from generator.world.canvas import Stock
from generator.world.clutter_kinds import KINDS, Kind, Kit
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]

PER_METRE = 1.1
"""Things a metre of corridor at clutter 1."""

MOST = 30
"""Things at most, whatever the length."""


def build_clutter(spec: ClipSpec, layout: Plan, pictures: Stock, collection: bpy.types.Collection) -> list[StaticActor]:
    """Things along the walls; how many follows ``clutter`` and length, what and where the stream."""
    room, rng = corridor_of(spec), spec.stream("world/clutter")
    kit = Kit(pictures, spec.stream("world/clutter/pictures"))
    strip = 0.5 * room.width - LANE - 0.02
    wanted = min(round(PER_METRE * room.clutter * room.length), MOST)
    taken: list[tuple[str, float, float]] = []
    actors: list[StaticActor] = []
    kinds = [kind for kind in KINDS if kind.depth <= strip]
    share = np.array([kind.weight for kind in kinds])
    for _ in range(6 * wanted):
        kind = kinds[int(rng.choice(len(kinds), p=share / share.sum()))]
        wall, along, item = layout.walls[int(rng.integers(2))], rng.uniform(), rng.integers(2**31)
        u = 0.5 * kind.width + along * (wall.length - kind.width)
        if len(actors) >= wanted or not _fits(spec, wall, u, kind, taken):
            continue
        builder = MeshBuilder()
        kind.build(builder, np.random.Generator(np.random.Philox(int(item))), kit)
        low, high = builder.bounds
        if high[1] - low[1] > strip:
            continue
        taken.append((wall.name, u - 0.5 * kind.width, u + 0.5 * kind.width))
        place = wall.matrix @ transform((u, -0.008 - high[1], -low[2]))  # against the wall, on the floor
        actors.append(_thing(len(actors), builder, place, collection))
    return actors


def _fits(spec: ClipSpec, wall: Wall, u: float, kind: Kind, taken: list[tuple[str, float, float]]) -> bool:
    half = 0.5 * kind.width
    if any(o.bottom == 0 and o.left - half - 0.08 < u < o.right + half + 0.08 for o in wall.openings):
        return False
    if any(name == wall.name and left - half - 0.06 < u < right + half + 0.06 for name, left, right in taken):
        return False
    middle = wall.world(u, -0.5 * kind.depth, 0.0)
    if middle[1] - half < 1.1:
        return False
    if any(
        np.linalg.norm((middle - place)[:2]) < 0.35 + np.hypot(half, 0.5 * kind.depth)
        for place in target_positions(spec)
    ):
        return False
    near = 0.5 + half
    return all(np.linalg.norm((middle - place)[:2]) > near for person in spec.people for place in person_track(spec, person))


def _thing(index: int, builder: MeshBuilder, place: Array, collection: bpy.types.Collection) -> StaticActor:
    thing = builder.object(f"clutter {index}", collection)
    thing.matrix_world = place.T.tolist()
    track = Track(TRACKS_CLUTTER + index, "clutter")
    return StaticActor((Part(thing, track.track_id),), (track,), (Placement(place),))
