"""Water to the horizon, and what a vessel's own motion does to everything outside it.

The surface is one mesh in the earth's axes: fine near the wearer, where waves bend it, coarse and flat towards the horizon, where a
picture of ripples and a rougher reflection stand for them. Its vertices move as particles of water do, so that its flow is theirs;
it has a track of its own, as background structure is what stands still.

A vessel keeps its own frame as the world. Sea, coast, sun and sky are turned the other way (``Adrift``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.timeline import Moment
from generator.tracks import TRACK_SURROUNDINGS
from generator.world.actor import Part, Placement
from generator.world.canvas import image_from_array, noise, ramp
from generator.world.materials import linear
from generator.world.meshes import MeshBuilder
from generator.world.waves import Grid, Waves

Array = NDArray[np.float64]
Hue = Literal["ocean", "coast", "harbour"]

REACH = 1900.0
"""Metres of water in every direction: from a deck 10 m above it that is 0.3 degrees below the true horizon."""

_FADE = 14.0
"""Metres over which waves die down towards the flat part."""

_HUES: dict[Hue, tuple[float, float, float]] = {
    "ocean": (0.05, 0.17, 0.24), "coast": (0.085, 0.165, 0.19), "harbour": (0.17, 0.21, 0.17),
}  # fmt: skip
"""sRGB of what comes back out of deep water: 1 to 4 % (Mobley, Light and Water, 1994, ch. 3); darker offshore."""

_IOR = 1.333
_TILE = 24.0
"""Metres that the pictures of ripples and foam cover."""

WATER = Track(TRACK_SURROUNDINGS, "surroundings", "water")


@dataclass(frozen=True)
class Hull:
    """The water that a vessel pushes aside, in the site's frame.

    Attributes:
        stern, bow: y of the ends of the waterline, metres.
        half: half of the beam at the waterline, metres.
        middle: x of the keel.
        depth: metres that the surface is pressed down inside, so that no wave comes through the bottom.
        wake: 0 of a vessel that lies still; height of the first crest of its bow wave, metres.
    """

    stern: float
    bow: float
    half: float
    middle: float = 0.0
    depth: float = 1.5
    wake: float = 0.0

    def pressed(self, x: Array, y: Array) -> Array:
        """(r, c) metres down at places x (c,), y (r,)."""
        reach = np.clip((self.bow - y) / (0.30 * (self.bow - self.stern)), 0, 1) ** 0.6
        half = np.maximum(self.half * reach, 1e-3)[:, None]
        inside = np.clip((half + 0.05 - np.abs(x - self.middle)[None, :]) / 0.35, 0, 1)
        inside *= (np.clip((y - self.stern + 0.2) / 0.35, 0, 1) * (y < self.bow))[:, None]
        return np.asarray(self.depth * inside)

    def raised(self, x: Array, y: Array) -> Array:
        """(r, c) metres up in the vessel's wake: two crested arms at Kelvin's 19.5 degrees, and waves across behind the stern."""
        behind, aside = (self.bow - y)[:, None], np.abs(x - self.middle)[None, :]
        long = 3.0 + 4.0 * self.wake
        arm = aside - 0.75 * self.half - 0.34 * behind
        crest = np.exp(-((arm / (0.6 * long)) ** 2)) * np.cos(2 * np.pi * arm / long)
        crest *= np.clip(behind / 1.5, 0, 1) / np.sqrt(1 + np.maximum(behind, 0) / 12)
        astern = (self.stern - y)[:, None]
        row = np.cos(2 * np.pi * astern / (1.6 * long)) * np.exp(
            -((aside / (self.half + 0.2 * np.maximum(astern, 0))) ** 2)
        )
        row = row * np.clip(astern / 2, 0, 1) / (1 + np.maximum(astern, 0) / 25)
        return np.asarray(self.wake * (crest + 0.6 * row))


@dataclass(frozen=True)
class WaterActor:
    """The surface, a deforming part in the site's frame.

    Attributes:
        parts, tracks: one of each.
        grid: places of rest in the earth's axes at t = 0.
        waves: sea state.
        level: height of still water in the earth, metres.
        rough: (x0, x1, y0, y1) in the site's frame within which there are waves.
        hull: what presses it aside, None at a quay.
        shore: x of a quay's edge, at which water only goes up and down; None at sea.
    """

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    grid: Grid
    waves: Waves
    level: float
    rough: tuple[float, float, float, float]
    hull: Hull | None = None
    shore: float | None = None

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """The surface at the moment's time, seen from the place as it lies then."""
        vertices = self.vertices(moment.t, moment.ride.T_earth_world, moment.ride.travelled * moment.ride.forward)
        return (Placement(np.eye(4), vertices),)

    def vertices(self, t: float, T_earth_world: Array, gone: Array) -> Array:
        """(n, 3) in the site's frame.

        Args:
            t: seconds.
            T_earth_world: (4, 4).
            gone: (3,) metres that the place has travelled.
        """
        xs, ys = self.grid.xs - gone[0], self.grid.ys - gone[1]
        x0, x1, y0, y1 = self.rough
        calm_y = _within(ys, y0, y1)
        near = np.flatnonzero(calm_y > 0)
        first, last = (int(near[0]), int(near[-1]) + 1) if len(near) else (0, 0)
        points = np.empty((len(ys), len(xs), 3))
        points[..., 0], points[..., 1], points[..., 2] = self.grid.xs, self.grid.ys[:, None], self.level
        calm_x = _within(xs, -np.inf if self.shore is not None else x0, x1)
        part = slice(first, last)
        off = self.waves.moved(Grid(self.grid.xs, self.grid.ys[part]), t, (calm_x, calm_y[part]))
        if self.shore is not None:
            off[..., 0] *= np.clip((xs - self.shore) / 1.0, 0, 1)
        points[part] += off
        if self.hull is not None:
            points[part, :, 2] -= self.hull.pressed(xs, ys[part])
            if self.hull.wake > 0:
                points[part, :, 2] += self.hull.raised(xs, ys[part]) * calm_x * calm_y[part, None]
        turn = np.linalg.inv(T_earth_world)
        return np.asarray(points.reshape(-1, 3) @ turn[:3, :3].T + turn[:3, 3])


def _within(places: Array, low: float, high: float) -> Array:
    """1 between the two, falling to 0 at them."""
    u = np.clip(np.minimum(places - low, high - places) / _FADE, 0, 1)
    return np.asarray(u * u * (3 - 2 * u))


def build_water(
    grid: Grid,
    waves: Waves,
    material: bpy.types.Material,
    collection: bpy.types.Collection,
    *,
    level: float,
    rough: tuple[float, float, float, float],
    hull: Hull | None = None,
    shore: float | None = None,
) -> WaterActor:
    """The surface; see ``WaterActor``. Of a vessel under way ``grid`` must reach as far ahead as it goes."""
    builder = MeshBuilder()
    x, y = np.meshgrid(grid.xs, grid.ys)
    rest = np.stack([x, y, np.full(x.shape, level)], -1).reshape(-1, 3)
    faces = grid.faces
    builder.add(rest, faces, material, rest[faces.ravel(), :2], smooth=True)
    thing = builder.object("water", collection)
    part = Part(thing, TRACK_SURROUNDINGS, deforming=True)
    return WaterActor((part,), (WATER,), grid, waves, level, rough, hull, shore)


def water_material(
    hue: Hue,
    wind: float,
    rng: np.random.Generator,
    *,
    wake: tuple[bpy.types.Image, tuple[float, float, float, float]] | None = None,
    bend: float = 1.0,
) -> bpy.types.Material:
    """Water of the sea.

    Far away the slopes of waves are smaller than a pixel: there the reflection is as rough as their mean square slope says, 0.003 +
    0.00512 U for U m/s of wind (Cox and Munk 1954). Near by it is smooth, and bent by a picture of ripples.

    Args:
        hue: of what comes out of the water.
        wind: m/s.
        rng: draws.
        wake: picture of foam and the (x0, x1, y0, y1) of the site's frame that it covers.
        bend: factor on the relief of ripples.
    """
    material = bpy.data.materials.new("water")
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    shader = next(node for node in nodes if node.type == "BSDF_PRINCIPLED")
    shader.inputs["IOR"].default_value = _IOR
    away = nodes.new("ShaderNodeCameraData").outputs["View Distance"]
    slope = float(np.sqrt(0.003 + 0.00512 * wind))
    ripples = _ripples(rng)
    height = _calculated(
        material, "ADD", _tiled(material, ripples, _TILE), _tiled(material, ripples, 0.37 * _TILE, 1.1)
    )
    bump = nodes.new("ShaderNodeBump")
    bump.inputs["Distance"].default_value = (0.05 + 0.05 * slope / 0.2) * bend
    links.new(height, bump.inputs["Height"])
    links.new(_ranged(material, away, (20.0, 160.0), (1.0, 0.05)), bump.inputs["Strength"])
    links.new(bump.outputs["Normal"], shader.inputs["Normal"])
    smooth = _ranged(material, away, (8.0, 160.0), (0.10, float(np.sqrt(slope))))
    foam = _tiled(material, _whitecaps(wind, rng), 2 * _TILE, 0.4)
    if wake is not None:
        lace = _tiled(material, _lace(rng), 0.5 * _TILE)
        covered = _calculated(material, "MULTIPLY", _fixed(material, *wake), 1.7)
        stirred = _calculated(material, "SUBTRACT", covered, lace)
        foam = _calculated(material, "MAXIMUM", foam, _ranged(material, stirred, (0.0, 0.45), (0.0, 1.0)))
    colour = nodes.new("ShaderNodeMix")
    colour.data_type = "RGBA"
    # By identifier: a mix of colours shares its sockets' names with mixes of numbers.
    sockets = {socket.identifier: socket for socket in colour.inputs}
    sockets["A_Color"].default_value = (*linear(np.array(_HUES[hue]) * rng.uniform(0.88, 1.12)), 1.0)
    sockets["B_Color"].default_value = (0.62, 0.66, 0.66, 1.0)  # of foam: 0.5 to 0.6 and less as it ages (Koepke 1984)
    links.new(foam, sockets["Factor_Float"])
    mixed = next(socket for socket in colour.outputs if socket.identifier == "Result_Color")
    links.new(mixed, shader.inputs["Base Color"])
    dull = _calculated(material, "ADD", smooth, _calculated(material, "MULTIPLY", foam, 0.8))
    links.new(dull, shader.inputs["Roughness"])
    return material


def _ranged(material: bpy.types.Material, socket: Any, source: tuple[float, float], target: tuple[float, float]) -> Any:
    """Socket of a value taken from one range to another, clamped."""
    node = material.node_tree.nodes.new("ShaderNodeMapRange")
    for name, value in zip(("From Min", "From Max", "To Min", "To Max"), (*source, *target), strict=True):
        node.inputs[name].default_value = value
    material.node_tree.links.new(socket, node.inputs["Value"])
    return node.outputs["Result"]


def _calculated(material: bpy.types.Material, operation: str, first: Any, second: Any) -> Any:
    """Socket of a sum, product and so on of sockets or numbers."""
    node = material.node_tree.nodes.new("ShaderNodeMath")
    node.operation = operation
    for socket, value in zip(node.inputs, (first, second), strict=False):
        if isinstance(value, float):
            socket.default_value = value
        else:
            material.node_tree.links.new(value, socket)
    return node.outputs[0]


def _tiled(material: bpy.types.Material, image: bpy.types.Image, metres: float, turn: float = 0.0) -> Any:
    """Socket of a picture that repeats and goes with the water."""
    nodes, links = material.node_tree.nodes, material.node_tree.links
    place, mapping, texture = (nodes.new(f"ShaderNode{kind}") for kind in ("UVMap", "Mapping", "TexImage"))
    mapping.inputs["Scale"].default_value = (1 / metres,) * 3
    mapping.inputs["Rotation"].default_value = (0, 0, turn)
    texture.image = image
    links.new(place.outputs["UV"], mapping.inputs["Vector"])
    links.new(mapping.outputs["Vector"], texture.inputs["Vector"])
    return texture.outputs["Color"]


def _fixed(material: bpy.types.Material, image: bpy.types.Image, over: tuple[float, float, float, float]) -> Any:
    """Socket of a picture that goes with the vessel, black beside (x0, x1, y0, y1)."""
    nodes, links, (x0, x1, y0, y1) = material.node_tree.nodes, material.node_tree.links, over
    where, mapping, texture = (nodes.new(f"ShaderNode{kind}") for kind in ("NewGeometry", "Mapping", "TexImage"))
    mapping.inputs["Scale"].default_value = (1 / (x1 - x0), 1 / (y1 - y0), 1.0)
    mapping.inputs["Location"].default_value = (-x0 / (x1 - x0), -y0 / (y1 - y0), 0.0)
    texture.image, texture.extension = image, "CLIP"
    links.new(where.outputs["Position"], mapping.inputs["Vector"])
    links.new(mapping.outputs["Vector"], texture.inputs["Vector"])
    return texture.outputs["Color"]


def _ripples(rng: np.random.Generator) -> bpy.types.Image:
    """Height of short waves over a tile, 0..1: rounded troughs and sharper crests."""
    ppm = 1024 / _TILE
    wave = noise(rng, (1024, 1024), ppm, (1.1, 2.0), 2.2) + 0.35 * noise(rng, (1024, 1024), ppm, 0.3, 1.8)
    return image_from_array("ripples", 0.75 - 0.22 * np.abs(wave - 0.3), "Non-Color")


def _lace(rng: np.random.Generator) -> bpy.types.Image:
    """What foam lies in: cells with bright rims, over half a tile."""
    ppm = 1024 / (0.5 * _TILE)
    a, b = (noise(rng, (1024, 1024), ppm, 0.9, 2.2) for _ in range(2))
    fine = noise(rng, (1024, 1024), ppm, 0.15, 1.2)
    return image_from_array(
        "lace", np.clip(0.55 * np.minimum(np.abs(a), np.abs(b)) + 0.12 * fine + 0.25, 0, 1), "Non-Color"
    )


def _whitecaps(wind: float, rng: np.random.Generator) -> bpy.types.Image:
    """Foam that breaking crests leave; share of the surface 3.84e-6 U^3.41 (Monahan and O'Muircheartaigh 1980)."""
    share = 3.84e-6 * max(wind, 0.0) ** 3.41
    shape, ppm = (1024, 1024), 1024 / (2 * _TILE)
    spots = noise(rng, shape, ppm, (5.0, 2.0), 1.9)
    lace = 0.35 * noise(rng, shape, ppm, 0.5, 1.0)
    field_ = spots + lace
    level = float(np.quantile(field_, 1 - min(share, 0.2)))
    return image_from_array("whitecaps", 0.9 * ramp(field_, level, level + 0.5), "Non-Color")


def wake_picture(
    hull: Hull, over: tuple[float, float, float, float], rng: np.random.Generator, *, scum: float = 0.5
) -> bpy.types.Image:
    """Where a vessel's foam lies, 0..1 over a rectangle (x0, x1, y0, y1): along the hull, on the arms of its wake, and astern."""
    x0, x1, y0, y1 = over
    shape = (min(round(8 * (y1 - y0)), 1024), min(round(8 * (x1 - x0)), 1024))
    x = (x0 + (np.arange(shape[1]) + 0.5) / shape[1] * (x1 - x0))[None, :]
    y = (y0 + (np.arange(shape[0]) + 0.5) / shape[0] * (y1 - y0))[:, None]
    aside, behind = np.abs(x - hull.middle), hull.bow - y
    reach = np.clip(behind / (0.30 * (hull.bow - hull.stern)), 0, 1) ** 0.6
    beside = aside - hull.half * reach
    along = (behind > -0.6) & (y > hull.stern)
    mask = scum * along * np.exp(-np.maximum(beside, 0) / 0.5)
    if hull.wake > 0:
        arm = aside - 0.75 * hull.half - 0.34 * behind
        strength = np.clip(0.9 * np.exp(-np.maximum(behind, 0) / 30), 0, 1) * (behind > -0.5)
        mask = np.maximum(mask, strength * np.exp(-((arm / (0.5 + 0.03 * np.maximum(behind, 0))) ** 2)))
        mask = np.maximum(mask, 0.85 * along * np.exp(-np.maximum(beside, 0) / 1.2))
        astern = np.maximum(hull.stern - y, 0)
        churned = (y < hull.stern + 0.5) * np.exp(-((aside / (0.9 * hull.half + 0.06 * astern)) ** 4))
        mask = np.maximum(mask, churned * (0.35 + 0.6 * np.exp(-astern / 25)))
    mask = mask * (1 + 0.25 * noise(rng, shape, 8.0, 2.0, 1.6))
    edge = np.minimum.reduce([x - x0, x1 - x]) / 3, np.minimum(y - y0, y1 - y) / 6
    return image_from_array("wake", np.clip(mask, 0, 1) * np.clip(edge[0], 0, 1) * np.clip(edge[1], 0, 1), "Non-Color")


@dataclass(frozen=True)
class Adrift:
    """What belongs to the earth and is seen from a place that moves: sun, sky, coast.

    Attributes:
        parts, tracks: of it.
        rest: (4, 4) of every part in the earth.
        passes: whether each also stays behind as the place travels; what is endlessly far only turns.
    """

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    rest: tuple[Array, ...] = field(repr=False)
    passes: tuple[bool, ...]

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Turned the other way."""
        still = np.eye(4)  # what is endlessly far, and the sky's axes, only turn: moved axes would shift directions
        still[:3, :3] = moment.ride.pose[:3, :3].T
        gone = np.linalg.inv(moment.ride.T_earth_world)
        return tuple(
            Placement((gone if passes else still) @ matrix)
            for matrix, passes in zip(self.rest, self.passes, strict=True)
        )


def adrift(
    parts: Sequence[Part], world: bpy.types.World, collection: bpy.types.Collection, coast: Sequence[Part] = ()
) -> Adrift:
    """Sun and sky of a vessel.

    The sky's picture is looked up in the axes of an empty object that turns against the vessel.

    Args:
        parts: endlessly far: sun or moon.
        world: whose picture is turned.
        collection: what the empty is linked to.
        coast: of surroundings that lie far off, but not endlessly.
    """
    axes = bpy.data.objects.new("sky axes", None)
    collection.objects.link(axes)
    nodes, links = world.node_tree.nodes, world.node_tree.links
    where = nodes.new("ShaderNodeTexCoord")
    where.object = axes
    for node in [node for node in nodes if node.type == "TEX_ENVIRONMENT"]:
        links.new(where.outputs["Object"], node.inputs["Vector"])
    every = [*parts, Part(axes, in_labels=False), *coast]
    rest = tuple(np.array(part.object.matrix_world) for part in every)
    passes = tuple(part in coast for part in every)
    tracks = (Track(TRACK_SURROUNDINGS, "surroundings", "water"),) if coast else ()
    return Adrift(tuple(every), tracks, rest, passes)
