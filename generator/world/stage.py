"""The whole Blender scene of a clip: actors, their parts, and how a moment puts them in place."""

from dataclasses import dataclass, field, replace

import bpy
import numpy as np
from mathutils import Matrix
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.projectiles import launch_frames
from generator.motion.timeline import Moment, Timeline
from generator.scenario.spec import ClipSpec, Draw, Holster, Holstered
from generator.scenario.things import THINGS
from generator.world.actor import Actor, Part, Placement, StaticActor
from generator.world.casings import build_casings, build_spares
from generator.world.environment import build_environment
from generator.world.flash import build_flash
from generator.world.holster import build_holster
from generator.world.projectiles import build_projectiles
from generator.world.props import Prop, ThingActor, build_thing
from generator.world.role_player import build_people
from generator.world.sling import build_sling
from generator.world.smoke import build_smoke
from generator.world.wearer import Wearer, build_wearer

Array = NDArray[np.float64]

_OPENCV_TO_BLENDER = np.diag([1.0, -1.0, -1.0, 1.0])
CLIP_START = 0.02
_SLUNG = 0.6
"""Share of long guns that have a sling on though nothing is carried on it."""


@dataclass
class Stage:
    """A built scene.

    Attributes:
        collection: what both renders see.
        pictured: what only the picture sees (lights, covers of lamps).
        camera: the camera object.
        world: surroundings of the picture.
        moving: actors that a moment moves.
        still: actors that stay.
        parts: of all actors, the moving ones first.
        tracks: of all actors, by id.
    """

    collection: bpy.types.Collection
    pictured: bpy.types.Collection
    camera: bpy.types.Object
    world: bpy.types.World
    moving: tuple[Actor, ...]
    still: tuple[StaticActor, ...]
    parts: tuple[Part, ...] = field(init=False)
    tracks: tuple[Track, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Gathers parts and tracks."""
        actors: list[Actor] = [*self.moving, *self.still]
        self.parts = tuple(part for actor in actors for part in actor.parts)
        self.tracks = tuple(sorted((track for actor in actors for track in actor.tracks), key=lambda t: t.track_id))

    def placements(self, moment: Moment) -> tuple[Placement, ...]:
        """Where the moving parts are."""
        return tuple(placement for actor in self.moving for placement in actor.place(moment))

    def still_placements(self) -> tuple[Placement, ...]:
        """Where the other parts are."""
        return tuple(placement for actor in self.still for placement in actor.placements)

    def keypoints(self, moment: Moment, track_id: int) -> Array | None:
        """World positions of a track's keypoints."""
        for actor in self.moving:
            if any(track.track_id == track_id and track.keypoints for track in actor.tracks):
                found: Array | None = actor.keypoints(moment, track_id)  # type: ignore[attr-defined]
                return found
        return None

    def apply(self, placements: tuple[Placement, ...], T_world_camera: Array) -> None:
        """Puts the moving parts and the camera in place."""
        for part, placement in zip(self.parts, placements, strict=False):
            thing = part.object
            if part.deforming:
                thing.data.vertices.foreach_set("co", np.asarray(placement.vertices, np.float32).ravel())
                thing.data.update()
            else:
                thing.matrix_world = Matrix(placement.matrix.tolist())
            if thing.hide_render == placement.visible:
                thing.hide_render = not placement.visible
            if placement.power is not None:
                thing.data.energy = placement.power
            if placement.veil is not None:
                thing.color = placement.veil
        self.camera.matrix_world = Matrix((T_world_camera @ _OPENCV_TO_BLENDER).tolist())


def flashed(moment: Moment, brightness: float, shot: int) -> Moment:
    """The moment as an exposure sees it: the mean brightness of the flash that falls into it."""
    return replace(moment, flash=brightness, shot=shot if brightness > 0 else moment.shot)


def build_stage(spec: ClipSpec, timeline: Timeline) -> Stage:
    """Empties Blender and builds the clip's scene; what flies or hangs in the air after shots is known from its motion."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    collection, pictured = bpy.data.collections.new("seen"), bpy.data.collections.new("pictured")
    environment = build_environment(spec, collection)
    moving: list[Actor] = []
    prop = None
    if spec.weapon is not None and THINGS[spec.weapon.kind].category is not None:
        prop = build_thing(spec.weapon.kind, spec.weapon.finish, spec.stream("world/thing"), collection)
    wearer = build_wearer(spec, prop, collection)
    if prop is not None:
        moving.append(ThingActor(prop, wearer.hand_frame))
        if spec.weapon is not None and THINGS[spec.weapon.kind].shot == "discharge":
            moving.append(build_flash(prop.marks, spec.stream("world/flash"), collection))
        moving += _after_shots(spec, timeline, prop, collection)
    moving.append(wearer)
    if prop is not None:  # after the wearer, whose trunk gives its track the frame that labels report
        moving += _carriers(spec, prop, wearer, collection)
    moving += build_people(spec, collection)
    camera = _camera(spec)
    pictured.objects.link(camera)
    stage = Stage(collection, pictured, camera, environment.world, tuple(moving), environment.actors)
    for part in stage.parts:
        part.object.pass_index = 0
        if not part.in_labels:
            collection.objects.unlink(part.object)
            pictured.objects.link(part.object)
        part.object.visible_camera = part.object.visible_camera and part.in_picture
    return stage


def _carriers(spec: ClipSpec, prop: Prop, wearer: Wearer, collection: bpy.types.Collection) -> list[Actor]:
    """The holster of what goes into one; the sling of what hangs on one, which not every long gun has."""
    assert spec.weapon is not None
    rng, carried = spec.stream("world/carrier"), THINGS[spec.weapon.kind].carried
    if carried == "holster":
        return [build_holster(prop, spec, wearer.figure, rng, collection)]
    hangs = any(isinstance(step, Holstered | Draw | Holster) for step in spec.weapon.behaviour)
    if carried == "sling" and (hangs or rng.uniform() < _SLUNG):
        return [build_sling(prop, spec, rng, collection)]
    return []


def _after_shots(spec: ClipSpec, timeline: Timeline, prop: Prop, collection: bpy.types.Collection) -> list[Actor]:
    """Cases, dropped magazines and smoke; water, darts and paintballs."""
    assert spec.weapon is not None
    kind = spec.weapon.kind
    pulls = [event.start for event in timeline.events if event.type == "trigger_pull"]
    thrown = launch_frames(kind, pulls, lambda t: timeline.at(t).T_world_thing)
    found: list[Actor | None] = [
        build_projectiles(kind, prop, thrown, spec.stream("world/projectiles"), collection) if thrown else None,
        build_casings(spec, timeline, spec.stream("world/casings"), collection),
        build_spares(spec, timeline, prop, collection),
        build_smoke(spec, timeline, prop.marks, spec.stream("world/smoke"), collection),
    ]
    return [actor for actor in found if actor is not None]


def _camera(spec: ClipSpec) -> bpy.types.Object:
    lens = bpy.data.cameras.new("camera")
    lens.sensor_fit = "HORIZONTAL"
    lens.lens_unit = "FOV"
    lens.angle = spec.device.field_of_view
    lens.clip_start, lens.clip_end = CLIP_START, 500.0
    return bpy.data.objects.new("camera", lens)
