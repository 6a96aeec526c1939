"""Cases that fly out of a firearm and lie about afterwards, and the magazine that a reload drops."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.casings import MOST_CASES, Drop, drops, ejections
from generator.motion.falling import Body, Flight
from generator.motion.ports import PORTS
from generator.motion.timeline import Moment, Timeline
from generator.scenario.spec import ClipSpec
from generator.scenario.things import HeldKind
from generator.tracks import TRACKS_CASINGS, spare_track
from generator.world.actor import Part, Placement
from generator.world.props import Prop
from generator.world.surface import Shape, Slot, lathe, mesh_object

Array = NDArray[np.float64]

_HULLS = ((0.42, 0.012, 0.010), (0.30, 0.010, 0.012), (0.015, 0.16, 0.035))
"""Plastic of a shotgun's hulls, linear: two reds, a green."""


@dataclass(frozen=True)
class CasingActor:
    """One case a shot: not there before it leaves, on the floor after it has landed."""

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    flights: tuple[Flight, ...] = field(repr=False)

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Every case at that moment."""
        return tuple(Placement(flight.at(moment.t), visible=moment.t >= flight.start) for flight in self.flights)


@dataclass(frozen=True)
class SpareActor:
    """The magazines that reloads drop: not there until they are let go, where the seated one was."""

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    drops: tuple[Drop, ...] = field(repr=False)

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Every dropped magazine at that moment."""
        return tuple(
            Placement(drop.at(moment.t, moment.T_world_thing), visible=moment.t >= drop.start) for drop in self.drops
        )


def build_casings(
    spec: ClipSpec,
    timeline: Timeline,
    prop: Prop,
    rng: np.random.Generator,
    collection: bpy.types.Collection,
    thing: int = 0,
) -> CasingActor | None:
    """The cases of the shots of a clip's thing of that number; None where none leaves."""
    earlier = sum(len(ejections(spec, timeline, thing=other)) for other in range(thing))
    flights = ejections(spec, timeline, prop.marks.port, thing)[: max(MOST_CASES - earlier, 0)]
    if not flights:
        return None
    coats = _coats(rng)
    first = mesh_object("casing", _case(spec.things[thing].kind), coats, collection)
    objects = [first, *_copies(first, len(flights) - 1, collection)]
    parts = tuple(Part(made, TRACKS_CASINGS + earlier + index) for index, made in enumerate(objects))
    return CasingActor(parts, tuple(Track(part.track_id, "casing") for part in parts), flights)


def build_spares(
    spec: ClipSpec, timeline: Timeline, prop: Prop, collection: bpy.types.Collection, thing: int = 0
) -> SpareActor | None:
    """The magazines that reloads of a clip's thing of that number drop; None where none is."""
    if "magazine" not in prop.moving:
        return None
    original = prop.parts[prop.moving.index("magazine")].object
    found = drops(spec, timeline, prop.magazine_grip, _bulk(original.data), thing)
    earlier = sum(len(drops(spec, timeline, thing=other)) for other in range(thing))
    if not found:
        return None
    objects = _copies(original, len(found), collection)
    parts = tuple(Part(made, spare_track(earlier + index)) for index, made in enumerate(objects))
    return SpareActor(parts, tuple(Track(part.track_id, "magazine") for part in parts), found)


def _copies(original: bpy.types.Object, count: int, collection: bpy.types.Collection) -> list[bpy.types.Object]:
    """Objects that share a mesh."""
    made = [bpy.data.objects.new(f"{original.name}_{index}", original.data) for index in range(1, count + 1)]
    for thing in made:
        collection.objects.link(thing)
    return made


def _bulk(mesh: bpy.types.Mesh) -> tuple[Array, Body]:
    """Middle of a mesh in its own frame, and the box around it, to a tenth of a millimetre as ``motion.ports`` has it."""
    points = np.empty(3 * len(mesh.vertices), np.float32)
    mesh.vertices.foreach_get("co", points)
    low, high = points.reshape(-1, 3).min(0).astype(float), points.reshape(-1, 3).max(0).astype(float)
    x, y, z = np.round((high - low) / 2, 4)
    return np.round((low + high) / 2, 4), Body((float(x), float(y), float(z)))


def _case(kind: HeldKind) -> Shape:
    """An empty case along y, its open mouth forward."""
    radius, half, _ = PORTS[kind].case.half
    if kind == "training_shotgun":
        return _hull(radius, half)
    foot = [(-1.0, 0.93), (-0.97, 1.0), (-0.90, 1.0), (-0.88, 0.80), (-0.80, 0.80), (-0.74, 0.98)]
    neck = [(0.50, 0.95), (0.66, 0.64), (1.0, 0.64)] if kind == "training_carbine" else [(1.0, 0.96)]
    mouth = neck[-1][1] - 0.08
    # The foot is as long in metres whatever the case; its numbers are those of a short one.
    shrink = 0.0095 / half
    profile = [(-1 + (y + 1) * shrink, r) for y, r in foot] + neck + [(1.0, mouth), (0.35, mouth)]
    return _turned_out(profile, radius, half, "bright")


def _hull(radius: float, half: float) -> Shape:
    foot = [(-1.0, 0.95), (-1.0, 1.0), (-0.965, 1.0), (-0.955, 0.93), (-0.62, 0.93), (-0.61, 0.90)]
    tube = [(-0.60, 0.895), (0.93, 0.895), (1.0, 0.93), (1.0, 0.84), (0.6, 0.80)]
    shape = _turned_out(foot + tube, radius, half, "bright")
    return shape.painted("polymer", lambda c: (c[:, 1] > -0.612 * half) & (np.hypot(c[:, 0], c[:, 2]) > 0.79 * radius))


def _turned_out(profile: Sequence[tuple[float, float]], radius: float, half: float, slot: Slot) -> Shape:
    """Rings of (y, radius), each as a share; the bottom of the mouth is dark."""
    shape = lathe([(half * y, radius * r) for y, r in profile], slot, 16)
    depth = half * profile[-1][0]
    return shape.painted("hole", lambda c: (np.hypot(c[:, 0], c[:, 2]) < 1e-6) & (abs(c[:, 1] - depth) < 1e-6))


def _coats(rng: np.random.Generator) -> dict[Slot, bpy.types.Material]:
    """Brass, one clip's worth of tarnish on it; a hull's plastic; soot."""
    brass = np.array((0.86, 0.60, 0.24)) * rng.uniform(0.8, 1.1) + (0.0, float(rng.uniform(-0.02, 0.03)), 0.0)
    hull = np.array(_HULLS[int(rng.integers(len(_HULLS)))]) * rng.uniform(0.8, 1.2)
    return {
        "bright": _coat("casing_brass", brass, float(rng.uniform(0.26, 0.42)), 0.85),
        "polymer": _coat("casing_hull", hull, 0.38, 0.0),
        "hole": _coat("casing_soot", np.array((0.012, 0.011, 0.010)), 0.8, 0.0),
    }


def _coat(name: str, colour: Array, roughness: float, metallic: float) -> bpy.types.Material:
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    shader = next(node for node in made.node_tree.nodes if node.type == "BSDF_PRINCIPLED")
    shader.inputs["Base Color"].default_value = (*(float(c) for c in colour), 1.0)
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Metallic"].default_value = metallic
    return made
