"""The whole Blender scene of a clip: actors, their parts, and how a moment puts them in place."""

from dataclasses import dataclass, field, replace

import bpy
import numpy as np
from mathutils import Matrix
from numpy.typing import NDArray

from generator.camera import Fisheye, Lens, Pinhole
from generator.frame import Track
from generator.motion.projectiles import launch_frames
from generator.motion.timeline import Moment, Timeline
from generator.scenario.spec import ClipSpec, Device, Draw, Holster, Holstered, Transition
from generator.scenario.things import THINGS
from generator.world.actor import Actor, OfThing, Part, Placement, StaticActor
from generator.world.casings import build_casings, build_spares
from generator.world.environment import build_environment
from generator.world.flash import FlashActor, build_flash
from generator.world.haze import add_haze
from generator.world.holster import build_holster
from generator.world.projectiles import build_projectiles
from generator.world.props import Prop, ThingActor, build_thing, numbered
from generator.world.role_player import build_people
from generator.world.sling import build_sling
from generator.world.smoke import build_smoke
from generator.world.wearer import Wearer, build_wearer

Array = NDArray[np.float64]

_OPENCV_TO_BLENDER = np.diag([1.0, -1.0, -1.0, 1.0])
CLIP_START, CLIP_END = 0.02, 2500.0
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
        tracks = {track.track_id: track for actor in actors for track in actor.tracks}  # things share the flash's
        self.tracks = tuple(track for _, track in sorted(tracks.items()))

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


def build_stage(spec: ClipSpec, timeline: Timeline, *, wearer: bool = True) -> Stage:
    """Empties Blender and builds the clip's scene; what flies or hangs in the air after shots is known from its motion.

    Args:
        spec: the clip.
        timeline: its motion.
        wearer: whether the wearer is built, with all that is held, carried and fired.
    """
    bpy.ops.wm.read_factory_settings(use_empty=True)
    collection, pictured = bpy.data.collections.new("seen"), bpy.data.collections.new("pictured")
    environment = build_environment(spec, collection)
    moving = wearer_actors(spec, timeline, collection) if wearer else []
    moving += build_people(spec, collection)
    moving += environment.moving
    camera = _camera(spec)
    pictured.objects.link(camera)
    stage = Stage(collection, pictured, camera, environment.world, tuple(moving), environment.actors)
    for part in stage.parts:
        part.object.pass_index = 0
        if not part.in_labels:
            collection.objects.unlink(part.object)
            pictured.objects.link(part.object)
        part.object.visible_camera = part.object.visible_camera and part.in_picture
    if environment.haze is not None:
        seen = {
            slot.material for part in stage.parts for slot in part.object.material_slots if slot.material is not None
        }
        add_haze(sorted(seen, key=lambda material: str(material.name)), environment.haze)
    return stage


def wearer_actors(spec: ClipSpec, timeline: Timeline, collection: bpy.types.Collection) -> list[Actor]:
    """The wearer, the things that are held, what carries them, and what comes out of them."""
    moving: list[Actor] = []
    props = build_things(spec, collection)
    wearer = build_wearer(spec, props, collection)
    for number, prop in enumerate(props):
        mine: list[Actor] = [ThingActor(prop, wearer.hand_frame)]
        if THINGS[spec.things[number].kind].shot == "discharge":
            mine.append(_flash(spec, timeline, number, prop, collection))
        mine += _after_shots(spec, timeline, number, prop, collection)
        moving += [OfThing(actor, number) for actor in mine]
    moving.append(wearer)
    for number, prop in enumerate(props):  # after the wearer, whose trunk gives its track the frame that labels report
        moving += [OfThing(actor, number) for actor in _carriers(spec, number, prop, wearer, collection)]
    return moving


def build_things(spec: ClipSpec, collection: bpy.types.Collection) -> tuple[Prop, ...]:
    """What is held in the course of a clip, by number; empty where the hands are."""
    return tuple(
        numbered(build_thing(held.kind, held.finish, _stream(spec, "thing", number), collection), number)
        for number, held in enumerate(spec.things)
        if THINGS[held.kind].category is not None
    )


def _stream(spec: ClipSpec, name: str, number: int) -> np.random.Generator:
    """A stream of draws for a thing; the first one's is what it would be alone."""
    return spec.stream(f"world/{name}/{number}" if number else f"world/{name}")


def _carriers(spec: ClipSpec, number: int, prop: Prop, wearer: Wearer, collection: bpy.types.Collection) -> list[Actor]:
    """The holster of what goes into one; the sling of what hangs on one, which not every long gun has."""
    assert spec.weapon is not None
    kind, rng = spec.things[number].kind, _stream(spec, "carrier", number)
    carried = THINGS[kind].carried
    if carried == "holster":
        return [build_holster(kind, prop, spec, wearer.figure, rng, collection)]
    hangs = any(isinstance(step, Holstered | Draw | Holster | Transition) for step in spec.weapon.behaviour)
    if carried == "sling" and (hangs or rng.uniform() < _SLUNG):
        return [build_sling(prop, spec, rng, collection)]
    return []


def _flash(spec: ClipSpec, timeline: Timeline, number: int, prop: Prop, collection: bpy.types.Collection) -> FlashActor:
    """The flash at a thing's muzzle, of the shots that are its own."""
    live = [thing for thing, shot in timeline.handling.shots if shot.live]
    own = frozenset(shot for shot, thing in enumerate(live, 1) if thing == number)
    return build_flash(prop.marks, _stream(spec, "flash", number), collection, own)


def _after_shots(
    spec: ClipSpec, timeline: Timeline, number: int, prop: Prop, collection: bpy.types.Collection
) -> list[Actor]:
    """Cases, dropped magazines and smoke; water, darts and paintballs."""
    handled, kind = timeline.handling.things[number], spec.things[number].kind
    pulls = [shot.t for shot in handled.shots if not shot.live]
    thrown = launch_frames(kind, pulls, lambda t: timeline.at(t).of(number).T_world_thing)
    found: list[Actor | None] = [
        build_projectiles(kind, prop, thrown, _stream(spec, "projectiles", number), collection) if thrown else None,
        build_casings(spec, timeline, prop, _stream(spec, "casings", number), collection, number),
        build_spares(spec, timeline, prop, collection, number),
        build_smoke(timeline, number, prop.marks, _stream(spec, "smoke", number), collection),
    ]
    return [actor for actor in found if actor is not None]


def _camera(spec: ClipSpec) -> bpy.types.Object:
    camera = bpy.data.cameras.new("camera")
    camera.clip_start, camera.clip_end = CLIP_START, CLIP_END
    set_lens(camera, lens_of(spec.device, *spec.clip.size))
    return bpy.data.objects.new("camera", camera)


_SENSOR = 36.0
"""Millimetres across, of Blender's camera; only ratios to it count."""


def set_lens(camera: bpy.types.Camera, lens: Lens) -> None:
    """Makes Blender's camera see as a lens does.

    Blender measures ``shift`` in widths of the picture; of panoramic cameras the vertical one in heights. It writes a
    fisheye's angle as minus a polynomial of millimetres on the sensor (manual: Fisheye Lens Polynomial).
    """
    camera.sensor_fit, camera.sensor_width = "HORIZONTAL", _SENSOR
    right, down = lens.cx / lens.width - 0.5, lens.cy / lens.height - 0.5
    camera.shift_x = -right
    if isinstance(lens, Pinhole):
        camera.type = "PERSP"
        camera.lens = lens.fx * _SENSOR / lens.width
        camera.shift_y = down * lens.height / lens.width
        return
    assert isinstance(lens, Fisheye)
    camera.type = "PANO"
    camera.shift_y = down
    camera.panorama_type = "FISHEYE_LENS_POLYNOMIAL"
    camera.fisheye_fov = 2 * np.pi
    camera.fisheye_polynomial_k0 = 0.0
    per_mm = lens.width / _SENSOR
    for power, coefficient in enumerate(lens.polynomial, 1):
        setattr(camera, f"fisheye_polynomial_k{power}", -coefficient * per_mm**power)


def lens_of(device: Device, width: int, height: int) -> Lens:
    """The lens of a device for a picture of so many pixels."""
    lens = device.lens
    if lens.kind == "fisheye":
        return Fisheye.from_field_of_view(width, height, lens.field_of_view, lens.polynomial, lens.principal_point)
    return Pinhole.from_field_of_view(width, height, lens.field_of_view, lens.principal_point)
