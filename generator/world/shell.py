"""Rooms from walls with openings: faces, jambs, skirting, doors; the same for every place that is planned of partitions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import ArrayLike, NDArray

from generator.scenario.spec import ClipSpec
from generator.site.walls import Hole, Partition
from generator.world.actor import Part, StaticActor
from generator.world.canvas import Stock
from generator.world.doors import DOOR_COLOURS, build_leaf
from generator.world.finishes import Finish, Finishes
from generator.world.materials import Detail, linear, principled
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]
Colour = tuple[float, float, float]

PAINTS: tuple[Colour, ...] = (
    (0.80, 0.78, 0.72), (0.82, 0.80, 0.77), (0.74, 0.75, 0.75), (0.72, 0.76, 0.73), (0.68, 0.73, 0.76), (0.80, 0.74, 0.64),
    (0.62, 0.62, 0.60), (0.76, 0.71, 0.69),
)  # fmt: skip
"""sRGB of wall paints that are sold for working places."""

_LONGEST = 12.0
"""Metres of wall that one picture of soil covers."""


@dataclass(frozen=True)
class Skin:
    """What a face of a wall is covered with.

    Attributes:
        finish: word.
        colour: sRGB; None is drawn.
        dado: height and sRGB of another paint below it.
        skirting: height of a skirting board, metres; 0 has none.
    """

    finish: Finish
    colour: ArrayLike | None = None
    dado: tuple[float, Colour] | None = None
    skirting: float = 0.0


@dataclass
class Skins:
    """Materials of walls' faces: each word in two pictures of soil, taken at another place by every wall."""

    finishes: Finishes
    rng: np.random.Generator
    height: float
    table: Mapping[str, Skin]
    _made: dict[tuple[str, int], bpy.types.Material] = field(default_factory=dict)

    def of(self, word: str) -> tuple[bpy.types.Material, Array]:
        """The material of a face and what is added to its UVs."""
        variant, skin = int(self.rng.integers(2)), self.table[word]
        if (word, variant) not in self._made:
            self._made[word, variant] = self.finishes.surface(
                f"wall {word} {variant}", skin.finish, (_LONGEST, self.height), skin.colour, soil="wall", dado=skin.dado
            )
        # Whole sheets, so that the joints of boards begin at the wall's corner half of the time.
        return self._made[word, variant], np.array([self.rng.integers(10) * 1.2, 0.0])


def build_partitions(
    builder: MeshBuilder, walls: Iterable[Partition], skins: Skins, trim: bpy.types.Material, *, raw: bool = False
) -> None:
    """Adds walls: both faces, tops and reveals, linings of their doors, skirting.

    Args:
        builder: takes the faces.
        walls: which.
        skins: materials by the walls' words.
        trim: of linings, architraves and skirting.
        raw: rough openings of studs instead of linings with architraves.
    """
    for wall in walls:
        faces = (skins.of(wall.near), skins.of(wall.far))
        with builder.at(wall.matrix):
            for piece in wall.pieces():
                _piece(builder, wall, piece, faces)
            for hole in wall.holes:
                if hole.kind in ("door", "doorway"):
                    _lining(builder, wall, hole, trim, raw)
            for side, word in ((0, wall.near), (1, wall.far)):
                tall = skins.table[word].skirting
                if tall > 0 and wall.bottom + tall < wall.bottom + wall.height:
                    _skirting(builder, wall, side, tall, trim, skins.rng)


def _piece(
    builder: MeshBuilder,
    wall: Partition,
    piece: tuple[float, float, float, float],
    faces: tuple[tuple[bpy.types.Material, Array], tuple[bpy.types.Material, Array]],
) -> None:
    l, r, b, t = piece  # noqa: E741
    y = wall.thick
    (near, at), (far, to) = faces
    uv = np.array([(l, b), (r, b), (r, t), (l, t)]) + at
    builder.quad([(l, 0, b), (r, 0, b), (r, 0, t), (l, 0, t)], near, uv=uv)
    m = wall.length
    uv = np.array([(m - r, b), (m - l, b), (m - l, t), (m - r, t)]) + to
    builder.quad([(r, y, b), (l, y, b), (l, y, t), (r, y, t)], far, uv=uv)
    builder.quad([(l, 0, t), (r, 0, t), (r, y, t), (l, y, t)], near, uv=[(l, t), (r, t), (r, t - y), (l, t - y)])
    builder.quad([(l, y, b), (r, y, b), (r, 0, b), (l, 0, b)], near, uv=[(l, b), (r, b), (r, b + y), (l, b + y)])
    builder.quad([(l, y, b), (l, 0, b), (l, 0, t), (l, y, t)], near, uv=[(0, b), (y, b), (y, t), (0, t)])
    builder.quad([(r, 0, b), (r, y, b), (r, y, t), (r, 0, t)], near, uv=[(0, b), (y, b), (y, t), (0, t)])


def _lining(builder: MeshBuilder, wall: Partition, hole: Hole, trim: bpy.types.Material, raw: bool) -> None:
    """Jambs and head with architraves on both faces; or two studs and a header."""
    thick, y = (0.038, 0.5 * wall.thick) if raw else (0.026, 0.5 * wall.thick)
    deep = wall.thick - 0.012 if raw else wall.thick + 0.012
    for side, edge in ((-1, hole.left), (1, hole.right)):
        u = edge - side * 0.5 * thick if raw else edge + side * 0.5 * thick
        builder.box((u, y, 0.5 * hole.top), (thick, deep, hole.top), trim, grain=True, shift=(edge, 0.3))
        if not raw:
            for face, out in ((0.0, -1), (wall.thick, 1)):
                size = (0.06, 0.016, hole.top + 0.06)
                builder.box(
                    (edge + side * 0.03, face + out * 0.008, 0.5 * size[2]), size, trim, bevel=0.003, grain=True
                )
    wide = hole.right - hole.left
    head = hole.top - 0.5 * thick if raw else hole.top + 0.5 * thick
    builder.box((hole.middle, y, head), (wide if raw else wide + 0.05, deep, thick), trim, grain=True)
    if not raw:
        for face, out in ((0.0, -1), (wall.thick, 1)):
            place = (hole.middle, face + out * 0.0085, hole.top + 0.03)
            builder.box(place, (wide + 0.001, 0.0165, 0.06), trim, bevel=0.003, grain=True)


def _skirting(
    builder: MeshBuilder, wall: Partition, side: int, tall: float, trim: bpy.types.Material, rng: np.random.Generator
) -> None:
    cuts = [0.0]
    for hole in sorted(wall.holes, key=lambda h: h.left):
        if hole.bottom < tall:
            cuts += [hole.left - 0.06, hole.right + 0.06]
    cuts.append(wall.length)
    y = -0.007 if side == 0 else wall.thick + 0.007
    for start, end in zip(cuts[::2], cuts[1::2], strict=True):
        if end - start > 0.05:
            shade = rng.uniform(0.85, 1.08)
            size = (end - start - 0.002, 0.014, tall)
            builder.box(
                (0.5 * (start + end), y, 0.5 * tall), size, trim, bevel=0.003, grain=True, shift=rng.uniform(0, 1, 2),
                tint=(shade,) * 3,
            )  # fmt: skip


def build_leaves(
    spec: ClipSpec, walls: Sequence[Partition], pictures: Stock, collection: bpy.types.Collection
) -> list[StaticActor]:
    """The leaves of all doors, each a track of its own, numbered as they come."""
    style = spec.stream("world/door style")
    colour = DOOR_COLOURS[style.integers(len(DOOR_COLOURS))]
    letter = str(style.choice(list("ABCDEFHKLT")))
    features = (bool(style.uniform() < 0.4), bool(style.uniform() < 0.35))
    grime = Detail(pictures.grime, (1.6, 1.6), 0.7, 0.4)
    steel = principled("door steel", (0.42, 0.42, 0.43), 0.35, 0.95, detail=grime)
    actors: list[StaticActor] = []
    for wall in walls:
        for hole in wall.holes:
            if hole.kind == "door":
                door = wall.door(hole, len(actors))
                matrix = wall.matrix @ transform(
                    (0, wall.thick - 0.13, 0)
                )  # leaves are hung 0.13 m behind the near face
                actors.append(build_leaf(spec, door, matrix, (colour, features, letter), (grime, steel), collection))
    return actors


def build_floor(
    builder: MeshBuilder,
    low: ArrayLike,
    high: ArrayLike,
    material: bpy.types.Material,
    *,
    z: float = 0.0,
    up: bool = True,
) -> None:
    """Adds a level rectangle between two corners (2,), seen from above, or from below where it is a ceiling."""
    (x0, y0), (x1, y1) = np.asarray(low, float), np.asarray(high, float)
    corners = np.array([(x0, y0, z), (x1, y0, z), (x1, y1, z), (x0, y1, z)])
    uv = corners[:, :2] - (x0, y0)
    builder.quad(corners if up else corners[::-1], material, uv=uv if up else uv[::-1])


def part_of(builder: MeshBuilder, name: str, collection: bpy.types.Collection) -> list[Part]:
    """The builder's mesh as background, nothing where it is empty."""
    return [Part(builder.object(name, collection))] if builder.triangles else []


def trim_material(colour: ArrayLike, pictures: Stock) -> bpy.types.Material:
    """Gloss paint of joinery."""
    return principled("trim", linear(colour), 0.45, detail=Detail(pictures.grime, (1.6, 0.5), 0.5, 0.4))
