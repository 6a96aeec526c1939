"""Targets, each a track of its own, and what practice with them leaves: marks on the walls, litter on the floor."""

from itertools import pairwise

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.layout import target_positions
from generator.scenario.environments import ShoothouseCorridor
from generator.scenario.spec import ClipSpec
from generator.site.corridor import Opening, Wall
from generator.tracks import TRACKS_TARGETS
from generator.world.actor import Part, Placement, StaticActor
from generator.world.canvas import Canvas, Stock
from generator.world.materials import Detail, linear, principled
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]
Colour = tuple[float, float, float]

MARKERS: tuple[Colour, ...] = (
    (0.36, 0.52, 0.70), (0.78, 0.46, 0.52), (0.80, 0.55, 0.30), (0.76, 0.70, 0.34), (0.42, 0.62, 0.46),
)  # fmt: skip
"""sRGB of training marker paint, washed out."""

_TAPES: tuple[Colour, ...] = (
    (0.68, 0.56, 0.38), (0.14, 0.14, 0.15), (0.76, 0.76, 0.74), (0.42, 0.44, 0.46), (0.70, 0.60, 0.16),
    (0.60, 0.18, 0.14),
)  # fmt: skip

# half outline of a plain torso with a square head, metres from the sheet's foot (x, z)
_HALF = np.array([(0.15, 0.0), (0.225, 0.20), (0.225, 0.45), (0.165, 0.60), (0.078, 0.60), (0.078, 0.76)])
_OUTLINE = np.concatenate([_HALF, _HALF[::-1] * (-1, 1)])


def build_targets(spec: ClipSpec, pictures: Stock, collection: bpy.types.Collection) -> list[StaticActor]:
    """The clip's targets, facing the wearer (towards -y), nearest first."""
    actors = []
    grime = Detail(pictures.grime, (1.6, 1.6), 0.6, 0.3)
    for k, place in enumerate(target_positions(spec)):
        rng, builder = spec.stream(f"world/target/{k}"), MeshBuilder()
        if rng.uniform() < 0.68:
            _silhouette(builder, k, rng, pictures, spec.environment.wear)
        else:
            _plate(builder, k, rng, grime)
        thing = builder.object(f"target {k}", collection)
        matrix = transform(place, yaw=rng.normal(0, 0.07))
        thing.matrix_world = matrix.T.tolist()
        track = Track(TRACKS_TARGETS + k, "target")
        actors.append(StaticActor((Part(thing, track.track_id),), (track,), (Placement(matrix),)))
    return actors


def _cardboard(name: str, rng: np.random.Generator, pictures: Stock, worn: float) -> bpy.types.Material:
    """Printed scoring zones, holes, patches of tape over older holes."""
    brown = np.array((0.66, 0.52, 0.36)) * rng.uniform(0.9, 1.08)
    canvas = Canvas(rng, 0.5, 0.8, 420, brown)
    canvas.shade(1 + 0.03 * canvas.noise(0.3, 1.6) + 0.02 * canvas.noise((0.4, 0.006), 1.4))
    ink = brown * 0.55
    c = np.array((0.25, 0.02))
    for half in ([(0.075, 0.14), (0.075, 0.42)], [(0.14, 0.08), (0.165, 0.2), (0.165, 0.44), (0.12, 0.53)]):
        edge = np.array(half)
        ring = np.concatenate([edge, edge[::-1] * (-1, 1), edge[:1]]) + c
        canvas.polygon(ring, ink, 0.85, line=0.004)
    canvas.rectangle(c + (0, 0.68), (0.10, 0.09), ink, alpha=0.0)
    canvas.polygon(c + [(-0.05, 0.63), (0.05, 0.63), (0.05, 0.73), (-0.05, 0.73), (-0.05, 0.63)], ink, 0.85, line=0.004)
    tape = ((0.62, 0.50, 0.36), (0.13, 0.13, 0.13), (0.80, 0.79, 0.75))[rng.integers(3)]
    for _ in range(rng.poisson(4 + 26 * worn)):
        at = c + rng.normal((0, 0.32), (0.07, 0.10))
        canvas.rectangle(
            at, (0.022, 0.022), np.array(tape) * rng.uniform(0.85, 1.1), turn=rng.uniform(0, 3), alpha=0.95
        )
    for _ in range(rng.poisson(3 + 12 * worn)):
        at = c + rng.normal((0, 0.33), (0.08, 0.11))
        canvas.blob(at, 0.0085, (0.40, 0.33, 0.24), rough=0.3, alpha=0.8)
        canvas.blob(at, 0.0048, (0.03, 0.03, 0.03), rough=0.2)
    image = canvas.image(name)
    fine = Detail(pictures.grime, (1.2, 1.2), 0.3, 0.2)
    return principled(name, (1, 1, 1), 0.85, image=image, metres=(0.5, 0.8), detail=fine)


def _silhouette(builder: MeshBuilder, k: int, rng: np.random.Generator, pictures: Stock, worn: float) -> None:
    """Cardboard stapled to two laths in a foot of timber or steel."""
    wood = principled(f"lath {k}", linear((0.68, 0.54, 0.36)), 0.8, detail=Detail(pictures.grain, (1.2, 0.6), 0.6, 0.2))
    sheet, foot = rng.uniform(0.62, 0.95), 0.38
    for side in (-1, 1):
        lean = rng.normal(0, 0.012)
        x, top = side * 0.11, sheet + 0.55
        with builder.at(transform((x, 0.012, 0.04), roll=lean)):
            builder.box((0, 0, 0.5 * top), (0.032, 0.014, top), wood, grain=True, shift=rng.uniform(0, 1, 2))
        builder.box((x, 0.012, 0.045), (0.038, foot, 0.089), wood, bevel=0.003, grain=True, shift=rng.uniform(0, 1, 2))
    builder.box((0, 0.03, 0.12), (0.34, 0.038, 0.089), wood, bevel=0.003, grain=True, shift=rng.uniform(0, 1, 2))
    card = _cardboard(f"cardboard {k}", rng, pictures, worn)
    with builder.at(transform((0, 0, sheet), roll=rng.normal(0, 0.03), pitch=rng.normal(0.02, 0.03))):
        _bent(builder, card, rng.normal(0, 0.012))


def _bent(builder: MeshBuilder, card: bpy.types.Material, bow: float) -> None:
    """The sheet, bowed a little about its upright axis: strips between the outline's corners."""
    levels = np.array([0.0, 0.1, 0.20, 0.33, 0.45, 0.525, 0.60, 0.6001, 0.76])
    half = np.interp(levels, _HALF[:, 1] + np.array([0, 0, 0, 0, 1e-4, 0]), _HALF[:, 0])
    across = np.linspace(-1, 1, 7)
    x = half[:, None] * across
    y = bow * (1 - (x / 0.225) ** 2) - 0.004
    grid = np.stack([x, y, np.broadcast_to(levels[:, None], x.shape)], -1)
    rows, columns = grid.shape[:2]
    row, column = (a.ravel() for a in np.mgrid[0 : rows - 1, 0 : columns - 1])
    first = row * columns + column
    front = np.stack([first, first + 1, first + columns + 1, first + columns], 1)
    points = grid.reshape(-1, 3)
    uv = points[:, [0, 2]] + (0.25, 0.02)
    builder.add(points, front, card, uv[front.ravel()], smooth=True)
    back = front[:, ::-1]
    # the back is plain: its UVs lie in the unprinted corner of the sheet
    builder.add(points + (0, 0.004, 0), back, card, 0.02 * uv[back.ravel()], smooth=True)


def _plate(builder: MeshBuilder, k: int, rng: np.random.Generator, grime: Detail) -> None:
    """A steel plate hung by chains from a frame of square tube."""
    rust = principled(f"target frame {k}", linear((0.26, 0.20, 0.16)), 0.7, 0.2, detail=grime)
    paint = _steel(f"plate {k}", rng, grime)
    height, half, r = rng.uniform(1.35, 1.6), 0.22, rng.uniform(0.13, 0.17)
    for side in (-1, 1):
        builder.box((side * half, 0, 0.5 * height), (0.03, 0.03, height), rust, bevel=0.003)
        builder.box((side * half, 0, 0.015), (0.03, 0.42, 0.03), rust, bevel=0.003)
        builder.tube(
            [(side * 0.07, 0, height), (side * 0.075, -0.01, height - 0.08), (side * 0.07, -0.02, height - 0.19)],
            0.005,
            rust,
        )
    builder.box((0, 0, height), (2 * half + 0.03, 0.03, 0.03), rust, bevel=0.003)
    with builder.at(transform((0, -0.02, height - 0.13 - r), pitch=rng.normal(-0.06, 0.03), yaw=rng.normal(0, 0.12))):
        angle = np.linspace(0, 2 * np.pi, 33)[:-1]
        builder.extrude(r * np.stack([np.cos(angle), np.sin(angle)], 1), 0.01, paint)
        builder.cylinder((0, 0, 0.7 * r), (0, -0.012, 0.7 * r), 0.012, rust)


def _steel(name: str, rng: np.random.Generator, grime: Detail) -> bpy.types.Material:
    """White paint over steel, splashed grey where it was struck."""
    canvas = Canvas(rng, 0.4, 0.4, 420, np.array((0.74, 0.73, 0.70)) if rng.uniform() < 0.6 else (0.62, 0.36, 0.12))
    for _ in range(rng.poisson(18)):
        at = rng.normal(0.2, 0.06, 2)
        canvas.blob(at, rng.uniform(0.006, 0.028), (0.36, 0.35, 0.34), rough=0.45, alpha=0.7, soft=0.003)
        canvas.blob(at, 0.006, (0.25, 0.24, 0.23), rough=0.3, alpha=0.9)
    # outlines are centred on the plate: move the picture's middle there
    canvas.rgb = np.roll(canvas.rgb, (canvas.shape[0] // 2, canvas.shape[1] // 2), (0, 1))
    return principled(name, (1, 1, 1), 0.5, 0.0, image=canvas.image(name), metres=(0.4, 0.4), detail=grime)


# -------------------------------------------------------------------------------------------- what practice leaves


def marks(canvas: Canvas, wall: Wall, spec: ClipSpec) -> None:
    """What people left: tape, marker paint, patches, screw holes, hand marks round doors, a stencil."""
    rng, worn = canvas.rng, spec.environment.wear
    for _ in range(rng.poisson(0.9 * wall.length * worn)):
        _tape(canvas, rng.uniform((0, 0.6), (wall.length, min(2.2, wall.height))))
    for _ in range(rng.poisson(0.30 * wall.length * worn)):
        _patch(canvas, rng.uniform((0.2, 0.5), (wall.length - 0.2, 1.9)))
    for _ in range(rng.poisson(3.0 * wall.length * worn)):
        canvas.blob(rng.uniform((0, 0.4), (wall.length, 2.2)), 0.004, (0.08, 0.07, 0.06), alpha=0.9, relief=-0.4)
    colours = rng.permutation(len(MARKERS))[:2]
    centres = [wall.local(place)[:3] for place in target_positions(spec)]
    groups = [(c[0], 1.25) for c in centres if c[1] > -0.9] + [
        (rng.uniform(0, wall.length), 1.2) for _ in range(1 + int(0.4 * wall.length))
    ]
    for u, z in groups:
        for _ in range(rng.poisson(28 * worn)):
            at = (u + 0.5 * rng.standard_normal(), z + 0.4 * rng.standard_normal())
            _marker(canvas, at, np.array(MARKERS[colours[int(rng.uniform() < 0.3)]]))
    for opening in wall.openings:
        if opening.bottom == 0:
            _hands(canvas, opening, worn)
    for _ in range(rng.poisson(0.12 * wall.length * worn)):
        _sprayed(canvas, rng.uniform((0.4, 0.9), (max(wall.length - 0.4, 0.5), 1.8)))
    if wall.length > 4 and rng.uniform() < 0.7:
        text = f"{rng.choice(list('ABCDEFHKLT'))}{rng.integers(1, 9)}"
        at = (rng.uniform(1.0, wall.length - 1.0), min(1.9, wall.height - 0.35))
        if not any(o.left - 0.3 < at[0] < o.right + 0.3 for o in wall.openings):
            canvas.letters(text, at, 0.22, (0.13, 0.13, 0.13), 0.75)


def _sprayed(canvas: Canvas, at: Array) -> None:
    """A cross, bar, ring or arrow from a spray can, with a run."""
    rng, size = canvas.rng, canvas.rng.uniform(0.08, 0.2)
    colour = ((0.10, 0.10, 0.10), (0.62, 0.14, 0.11), (0.16, 0.25, 0.48), (0.82, 0.80, 0.76))[rng.integers(4)]
    angle = np.linspace(0, 2.05 * np.pi, 20)
    shapes = (
        [[(-1, -1), (1, 1)], [(-1, 1), (1, -1)]],
        [[(-1.5, 0), (1.5, 0.1)]],
        [np.stack([np.cos(angle), 0.9 * np.sin(angle)], 1)],
        [[(-1.5, 0), (1.5, 0)], [(0.8, 0.6), (1.5, 0), (0.8, -0.6)]],
    )
    flip = rng.choice([-1.0, 1.0])
    for stroke in shapes[rng.integers(4)]:
        path = at + size * np.array(stroke) * (flip, 1) + rng.normal(0, 0.006, 2)
        canvas.polygon(path, colour, 0.30, line=0.05, soft=0.018)
        canvas.polygon(path, colour, 0.75, line=rng.uniform(0.02, 0.03), soft=0.005)
        run = [path[-1], path[-1] - (0.002, rng.uniform(0.03, 0.15))]
        canvas.polygon(run, colour, 0.6, line=0.006, soft=0.002)


def _tape(canvas: Canvas, at: Array) -> None:
    """A strip with torn ends, or the glue and lifted paint of one."""
    rng = canvas.rng
    colour = np.array(_TAPES[rng.integers(len(_TAPES))])
    size, turn = (rng.uniform(0.05, 0.35), rng.choice([0.025, 0.048])), rng.choice([0, np.pi / 2]) + rng.normal(0, 0.12)
    if rng.uniform() < 0.35:
        canvas.rectangle(at, size, canvas.around(at) * 0.8, turn=turn, alpha=0.5, broken=0.4, soft=0.002)
        return
    canvas.rectangle(at, (size[0] + 0.01, size[1] + 0.01), (0.15, 0.14, 0.13), turn=turn, alpha=0.25, soft=0.006)
    canvas.rectangle(at, size, colour, turn=turn, alpha=0.93, broken=rng.uniform(0, 0.12), relief=0.06)
    if rng.uniform() < 0.4:
        canvas.rectangle(at, size, colour * 0.92, turn=turn + np.pi / 2 + rng.normal(0, 0.2), alpha=0.93, relief=0.06)


def _patch(canvas: Canvas, at: Array) -> None:
    """A filled hole, rubbed down and touched up in a paint that is not quite the same."""
    rng = canvas.rng
    size = rng.uniform(0.12, 0.45, 2)
    shade = canvas.around(at) * rng.uniform(0.82, 1.16) + rng.normal(0, 0.015, 3)
    canvas.rectangle(at, size, shade, turn=rng.normal(0, 0.06), alpha=0.85, soft=rng.choice([0.001, 0.02]), relief=0.03)
    if rng.uniform() < 0.6:
        canvas.blob(at, 0.25 * float(size.min()), (0.80, 0.78, 0.74), rough=0.3, alpha=0.8, soft=0.008, relief=0.05)


def _marker(canvas: Canvas, at: tuple[float, float], colour: Array) -> None:
    """A mark of training marker paint: a spot with a splash, wiped or faded."""
    rng = canvas.rng
    pale = colour + rng.uniform(0.05, 0.4) * (canvas.around(at) - colour)
    strength = rng.uniform(0.35, 0.95)
    canvas.blob(at, rng.uniform(0.008, 0.02), pale, rough=0.35, alpha=strength, soft=0.002, broken=rng.uniform(0, 0.3))
    for _ in range(rng.integers(2, 8)):
        away = rng.normal(0, 0.028, 2)
        canvas.blob(np.array(at) + away, rng.uniform(0.0015, 0.005), pale, alpha=0.8 * strength)
    if rng.uniform() < 0.25:
        run = [at, (at[0] + rng.normal(0, 0.004), at[1] - rng.uniform(0.03, 0.14))]
        canvas.polygon(run, pale, 0.6 * strength, line=0.005, soft=0.002)
    if rng.uniform() < 0.2:  # wiped with a cloth
        canvas.rectangle(at, (0.18, 0.07), pale, turn=rng.normal(0, 0.6), alpha=0.18, soft=0.025, broken=0.4)


def _hands(canvas: Canvas, opening: Opening, worn: float) -> None:
    """Greasy dark where hands catch the wall beside a door."""
    rng = canvas.rng
    for u in (opening.left - 0.12, opening.right + 0.12):
        for _ in range(rng.poisson(14 * worn)):
            at = (u + 0.07 * rng.standard_normal(), 1.12 + 0.2 * rng.standard_normal())
            canvas.blob(at, rng.uniform(0.02, 0.06), (0.16, 0.14, 0.12), alpha=0.14, soft=0.025, broken=0.3)
            if rng.uniform() < 0.3:
                for finger in range(4):
                    tip = (at[0] + 0.02 * finger, at[1] + 0.05 + 0.008 * rng.standard_normal())
                    canvas.polygon([at, tip], (0.14, 0.12, 0.10), 0.22, line=0.014, soft=0.004, broken=0.3)


def build_debris(spec: ClipSpec, collection: bpy.types.Collection) -> list[Part]:
    """Litter on the floor, most of it swept to the walls: splinters, paper, tape, blank cases, caps."""
    room, rng, builder = spec.environment, spec.stream("world/debris"), MeshBuilder()
    assert isinstance(room, ShoothouseCorridor)
    pale = principled("litter", linear((0.80, 0.78, 0.74)), 0.8)
    brass = principled("brass", (0.42, 0.30, 0.12), 0.4, 0.9)
    n = rng.poisson(2 + room.length * (3 + 7 * room.wear) * (0.5 + room.clutter))
    for _ in range(min(int(n), 260)):
        near = abs(rng.normal(0, 0.12)) + 0.03 if rng.uniform() < 0.75 else rng.uniform(0.03, 0.5 * room.width)
        x = near if rng.uniform() < 0.5 else room.width - near
        place = transform((x, rng.uniform(0.1, room.length - 0.1), 0.001), yaw=rng.uniform(0, 2 * np.pi))
        with builder.at(place):
            _scrap(builder, rng, pale, brass)
    return [Part(builder.object("debris", collection))] if n else []


def _scrap(builder: MeshBuilder, rng: np.random.Generator, pale: bpy.types.Material, brass: bpy.types.Material) -> None:
    """One piece of litter, up to a few centimetres."""
    what, size = rng.uniform(), float(rng.gamma(3.0, 0.009))
    if what < 0.35:  # splinter
        shade = rng.uniform(0.4, 0.9)
        builder.box((0, 0, 0.002), (2 * size, 0.25 * size, 0.004), pale, tint=(shade, 0.78 * shade, 0.5 * shade))
    elif what < 0.6:  # paper or card, lifted at one edge
        tint = (1.0, 1.0, 1.0) if rng.uniform() < 0.5 else (0.60, 0.44, 0.28)
        lift = rng.uniform(0.1, 0.6) * size
        rows = np.array([(-1, 0.0), (0, 0.05 * lift), (1, lift)])
        for (y0, z0), (y1, z1) in pairwise(rows):
            corners = [
                (-size, y0 * size, z0),
                (size, y0 * size, z0),
                (0.9 * size, y1 * size, z1),
                (-size, y1 * size, z1),
            ]
            builder.quad(corners, pale, tint=tint)
    elif what < 0.72:  # a bit of tape
        tint = _TAPES[rng.integers(len(_TAPES))]
        builder.quad(
            [(-size, -0.02, 0.001), (size, -0.024, 0.001), (size, 0.02, 0.003), (-size, 0.024, 0.001)], pale, tint=tint
        )
    elif what < 0.88:  # case of a blank, 9 x 19 mm
        builder.cylinder((-0.0095, 0, 0.0049), (0.0095, 0, 0.0049), 0.0048, brass, segments=8)
    else:  # crumb of plaster or rubber
        shade = float(rng.choice([0.05, 0.6, 0.9]))
        builder.box(
            (0, 0, 0.3 * size), (size, 0.8 * size, 0.6 * size), pale, bevel=0.2 * size, tint=(shade, shade, shade)
        )
