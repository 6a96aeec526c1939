"""Doors: leaves (each a track of its own), frames, and the shallow dark rooms behind those that stand open."""

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.scenario.spec import ClipSpec
from generator.site.corridor import DoorPlan, Plan, Wall
from generator.tracks import TRACKS_DOORS
from generator.world.actor import Part, Placement, StaticActor
from generator.world.canvas import Canvas, Stock, ramp
from generator.world.corridor import Surfaces
from generator.world.fittings import LUMENS_PER_WATT, area_light
from generator.world.materials import Detail, blackbody_rgb, linear, principled
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]
Colour = tuple[float, float, float]

THICK = 0.044
"""Of a leaf, metres."""

_DEEP = 0.13
"""Depth of the frame: wall and lining, metres."""

DOOR_COLOURS: tuple[Colour, ...] = (
    (0.55, 0.56, 0.55), (0.33, 0.41, 0.50), (0.60, 0.46, 0.30), (0.42, 0.30, 0.21), (0.36, 0.43, 0.36),
    (0.72, 0.70, 0.65), (0.30, 0.30, 0.31),
)  # fmt: skip
"""sRGB of leaves and frames."""


def build_doors(
    spec: ClipSpec, layout: Plan, pictures: Stock, surfaces: Surfaces, collection: bpy.types.Collection
) -> tuple[list[StaticActor], list[Part]]:
    """Actors of the leaves; parts of the background: frames, rooms and the lamps in them."""
    style = spec.stream("world/door style")
    colour = DOOR_COLOURS[style.integers(len(DOOR_COLOURS))]
    frame_colour = colour if style.uniform() < 0.4 else DOOR_COLOURS[style.integers(len(DOOR_COLOURS))]
    features = (style.uniform() < 0.4, style.uniform() < 0.35)  # kick plate, small pane
    grime = Detail(pictures.grime, (1.6, 1.6), 0.7, 0.4)
    lining = principled("door frame", linear(frame_colour), 0.5, detail=grime)
    steel = principled("door steel", (0.42, 0.42, 0.43), 0.35, 0.95, detail=grime)
    letter = str(style.choice(list("ABCDEFHKLT")))
    actors, rooms, parts = [], MeshBuilder(), []
    for door in layout.doors:
        wall = layout.walls[door.wall]
        with rooms.at(wall.matrix):
            _frame(rooms, door, lining, steel)
        if door.angle > 0:
            parts += _room(spec, rooms, layout, door, surfaces, collection)
        else:
            _shut(rooms, wall, door, surfaces.backing)
        actors.append(build_leaf(spec, door, wall.matrix, (colour, features, letter), (grime, steel), collection))
    if layout.doors:
        parts.append(Part(rooms.object("frames", collection)))
    return actors, parts


def door_paint(canvas: Canvas, door: DoorPlan, letter: str, worn: float) -> None:
    """What use leaves on a leaf: dirt and kicks at the foot, hands round the handle, its number."""
    rng, handle = canvas.rng, canvas.width - 0.07 if door.hinge < 0 else 0.07
    canvas.shade(1 + 0.03 * canvas.noise(0.6, 1.6) + 0.02 * canvas.noise((0.02, 0.6), 1.4))
    canvas.shade(1 - 0.45 * worn * ramp(canvas.y + 0.05 * canvas.noise(0.2, 1.2), 0.45, 0.0) ** 2)
    for _ in range(rng.poisson(26 * worn)):
        at = rng.uniform((0, 0.02), (canvas.width, 0.4))
        away = rng.normal(0, (0.08, 0.03))
        dark = rng.uniform(0.2, 0.7)
        canvas.polygon([at, at + away], (0.08, 0.08, 0.08), dark, line=rng.uniform(0.003, 0.02), soft=0.003, broken=0.4)
    for _ in range(rng.poisson(22 * worn)):
        at = np.array([handle, 1.05]) + rng.normal(0, (0.08, 0.16))
        canvas.blob(at, rng.uniform(0.02, 0.06), (0.15, 0.13, 0.11), alpha=0.16, soft=0.02, broken=0.25)
    for _ in range(rng.poisson(16 * worn)):  # chips along the edges
        at = np.array([rng.choice([0.004, canvas.width - 0.004]), rng.uniform(0, canvas.height)])
        canvas.blob(at, rng.uniform(0.006, 0.02), (0.62, 0.54, 0.43), rough=0.5, alpha=0.85, relief=-0.2)
    for _ in range(rng.poisson(3 * worn)):
        at = rng.uniform((0.1, 0.9), (canvas.width - 0.1, 1.9))
        canvas.rectangle(
            at, (rng.uniform(0.05, 0.2), 0.025), canvas.around(at) * 1.2, turn=rng.normal(0, 0.2), broken=0.4
        )
    dark = canvas.rgb.mean() > 0.42
    ink = (0.12, 0.12, 0.12) if dark else (0.80, 0.79, 0.74)
    canvas.letters(f"{letter}{door.index + 1}", (0.5 * canvas.width, 1.62), 0.14, ink, 0.85)


def build_leaf(
    spec: ClipSpec,
    door: DoorPlan,
    wall: Array,
    style: tuple[Colour, tuple[bool, bool], str],
    shared: tuple[Detail, bpy.types.Material],
    collection: bpy.types.Collection,
) -> StaticActor:
    """The leaf, hinges and handles. Its origin is the lower hinge corner; it extends along +x or -x.

    Args:
        spec: the clip.
        door: which.
        wall: (4, 4) world from the frame of its wall: x along it, y through it.
        style: colour, whether it has a kick plate and a small pane, letter before its number.
        shared: grime and the steel of its handles.
        collection: where it goes.
    """
    (colour, (kick, pane), letter), (grime, steel), rng = style, shared, spec.stream(f"world/door/{door.index}")
    width, height, s = door.width - 0.008, door.height - 0.012, -door.hinge
    canvas = Canvas(rng, width, height, 260, np.array(colour) * rng.uniform(0.92, 1.08))
    door_paint(canvas, door, letter, spec.environment.wear)
    image = canvas.image(f"door {door.index}")
    paint = principled(
        f"door {door.index}",
        (1, 1, 1),
        0.5,
        image=image,
        bump_image=image,
        metres=(width, height),
        bump=0.002,
        detail=grime,
    )
    builder = MeshBuilder()
    size, shift = (width, THICK, height), (0.5 * width, 0.5 * height)
    builder.box((s * 0.5 * width, 0.5 * THICK, 0.5 * height), size, paint, bevel=0.0025, shift=shift)
    dark = principled("door glass", (0.012, 0.014, 0.015), 0.08)
    for face, out in ((0.0, -1), (THICK, 1)):
        if kick:
            builder.box((s * 0.5 * width, face + out * 0.001, 0.13), (width - 0.06, 0.002, 0.2), steel)
        if pane:
            builder.box((s * 0.68 * width, face + out * 0.004, 1.5), (0.15, 0.008, 0.5), steel, bevel=0.003)
            builder.box((s * 0.68 * width, face + out * 0.0055, 1.5), (0.11, 0.008, 0.46), dark)
        x = s * (width - 0.062)
        builder.box((x, face + out * 0.004, 1.03), (0.042, 0.008, 0.2), steel, bevel=0.003)
        builder.cylinder((x, face, 1.06), (x, face + out * 0.05, 1.06), 0.010, steel)
        lever = [
            (x, face + out * 0.05, 1.06),
            (x - s * 0.03, face + out * 0.054, 1.06),
            (x - s * 0.13, face + out * 0.05, 1.055),
        ]
        builder.tube(lever, 0.0095, steel, segments=8)
        builder.cylinder((x, face, 0.975), (x, face + out * 0.012, 0.975), 0.010, steel)
    for z in (0.2, 1.0, height - 0.2):
        builder.cylinder((0.0, THICK + 0.004, z - 0.05), (0.0, THICK + 0.004, z + 0.05), 0.007, steel, segments=8)
    leaf = builder.object(f"door leaf {door.index}", collection)
    matrix = wall @ hung(door)
    leaf.matrix_world = matrix.T.tolist()
    track = Track(TRACKS_DOORS + door.index, "door")
    return StaticActor((Part(leaf, track.track_id),), (track,), (Placement(matrix),))


def hung(door: DoorPlan) -> Array:
    """Leaf in the wall's frame: shut it lies at the back of the frame; it turns into the room behind."""
    x = door.u + door.hinge * (0.5 * door.width - 0.004)
    back = transform((0, -THICK, 0))
    # hinged on the right the leaf runs along -x and turns the other way
    return transform((x, _DEEP - 0.01, 0.008), yaw=-door.hinge * door.angle) @ back


def _frame(builder: MeshBuilder, door: DoorPlan, lining: bpy.types.Material, steel: bpy.types.Material) -> None:
    """Lining, stops, architraves on the corridor's side, hinge plates."""
    half, wide = 0.5 * door.width, 0.06
    for side in (-1, 1):
        edge = door.u + side * half
        builder.box(
            (edge + side * 0.012, 0.5 * _DEEP - 0.004, 0.5 * door.height), (0.026, _DEEP + 0.008, door.height), lining
        )
        builder.box((edge - side * 0.008, 0.06, 0.5 * door.height), (0.016, 0.03, door.height), lining)
        builder.box(
            (edge + side * 0.5 * wide, -0.008, 0.5 * (door.height + wide)),
            (wide, 0.016, door.height + wide),
            lining,
            bevel=0.003,
        )
    top = door.height
    builder.box((door.u, 0.5 * _DEEP, 0.003), (door.width, _DEEP - 0.02, 0.006), steel, bevel=0.002)
    builder.box((door.u, 0.5 * _DEEP - 0.004, top + 0.012), (door.width + 0.05, _DEEP + 0.008, 0.026), lining)
    builder.box((door.u, 0.06, top - 0.008), (door.width, 0.03, 0.016), lining)
    builder.box((door.u, -0.0085, top + 0.5 * wide), (door.width + 0.001, 0.0165, wide), lining, bevel=0.003)
    for z in (0.2, 1.0, top - 0.2):
        builder.box((door.u + door.hinge * (half - 0.001), _DEEP - 0.025, z), (0.002, 0.03, 0.1), steel)


def _shut(builder: MeshBuilder, wall: Wall, door: DoorPlan, backing: bpy.types.Material) -> None:
    """Darkness right behind a shut door, so that no light leaks round it."""
    half, y = 0.5 * door.width + 0.03, _DEEP + 0.01
    with builder.at(wall.matrix):
        corners = [(-half, y, -0.02), (half, y, -0.02), (half, y, door.height + 0.04), (-half, y, door.height + 0.04)]
        builder.quad(np.array(corners) + (door.u, 0, 0), backing)
        _sleeve(builder, door, 0.02, y, backing)


def _sleeve(builder: MeshBuilder, door: DoorPlan, y0: float, y1: float, material: bpy.types.Material) -> None:
    """Closes the hollow between wall and frame."""
    left, right, top = door.u - 0.5 * door.width - 0.028, door.u + 0.5 * door.width + 0.028, door.height + 0.028
    builder.quad([(left, y0, 0), (left, y1, 0), (left, y1, top), (left, y0, top)], material)
    builder.quad([(right, y0, 0), (right, y0, top), (right, y1, top), (right, y1, 0)], material)
    builder.quad([(left, y0, top), (left, y1, top), (right, y1, top), (right, y0, top)], material)
    builder.quad([(left, y0, -0.001), (right, y0, -0.001), (right, y1, -0.001), (left, y1, -0.001)], material)


def _room(
    spec: ClipSpec,
    builder: MeshBuilder,
    layout: Plan,
    door: DoorPlan,
    surfaces: Surfaces,
    collection: bpy.types.Collection,
) -> list[Part]:
    """A closed box behind an open door, with a dim lamp in some."""
    rng, wall = spec.stream(f"world/room/{door.index}"), layout.walls[door.wall]
    (left, right, depth), y0, h = door.room, _DEEP, layout.room.height
    y1, material, shade = y0 + depth, surfaces.walls[door.wall], rng.uniform(0.35, 0.8)
    tint = (shade, shade, shade)
    with builder.at(wall.matrix):
        _sleeve(builder, door, 0.02, y0 + 0.001, surfaces.backing)
        builder.quad([(left, y1, 0), (right, y1, 0), (right, y1, h), (left, y1, h)], material, tint=tint)
        builder.quad([(left, y0, 0), (left, y1, 0), (left, y1, h), (left, y0, h)], material, tint=tint)
        builder.quad([(right, y1, 0), (right, y0, 0), (right, y0, h), (right, y1, h)], material, tint=tint)
        floor = [(left, 0.04, 0), (right, 0.04, 0), (right, y1, 0), (left, y1, 0)]
        builder.quad(floor, surfaces.floor, tint=tint)
        ceiling = [(left, y0, h), (left, y1, h), (right, y1, h), (right, y0, h)]
        builder.quad(ceiling, surfaces.backing, tint=(4, 4, 4))
        a, b, top = door.u - 0.5 * door.width - 0.03, door.u + 0.5 * door.width + 0.03, door.height + 0.03
        for u0, u1, z0 in ((left, a, 0.0), (b, right, 0.0), (a, b, top)):
            builder.quad([(u1, y0, z0), (u0, y0, z0), (u0, y0, h), (u1, y0, h)], material, tint=tint)
    if not door.lit:
        return []
    place = wall.matrix @ transform((0.5 * (left + right), y0 + 0.55 * depth, h - 0.05))
    watts, color = float(rng.uniform(60, 350)) / LUMENS_PER_WATT, blackbody_rgb(float(rng.uniform(2600, 4500)))
    return [area_light(f"room {door.index}", place, (0.3, 0.3), watts, color, collection)]
