"""The one mesh of a role-player: pieces, how they are made, and how they are joined."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from generator.world import anny, twist
from generator.world.bodymesh import Surface
from generator.world.figure import Posed
from generator.world.skin import skin_material

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

UP = np.array([0.0, 0.0, 1.0])
DARK = np.array([0.014, 0.014, 0.015])
"""Linear colour of black plastic."""


@dataclass(frozen=True)
class Piece:
    """A part of a person before it is joined.

    Attributes:
        vertices: (n, 3).
        faces: (m, 4); -1 as fourth makes a triangle.
        tone: (n, 3) linear colour.
        material: name of its material.
        rest: (n, 3) where textures are looked up; the vertices themselves where None.
        uv: (m, 4, 2) or None.
        weights: (n, bones + stations) what it hangs on; None where it goes with what it lies on.
        limb: whether what it lies on is an arm; else it is the trunk.
    """

    vertices: Array
    faces: Indices
    tone: Array
    material: str
    rest: Array | None = None
    uv: Array | None = None
    weights: sparse.csr_matrix | None = None
    limb: bool = False

    def moved(self, matrix: Array) -> "Piece":
        """The piece moved by a (4, 4) matrix; textures stay with it."""
        rest = self.vertices if self.rest is None else self.rest
        moved = self.vertices @ matrix[:3, :3].T + matrix[:3, 3]
        return replace(self, vertices=moved, rest=rest)

    def on(self, bone: str) -> "Piece":
        """The piece rigid with a bone."""
        column = next(k for k, other in enumerate(anny.bones()) if other.name == bone)
        n = len(self.vertices)
        one = sparse.csr_matrix((np.ones(n), (np.arange(n), np.full(n, column))), shape=(n, len(anny.bones()) + twist.count()))
        return replace(self, weights=one)


def grid_faces(rows: int, columns: int, *, closed: bool = False) -> Indices:
    """(m, 4) quads of a grid of vertices, row by row; ``closed`` joins the last column to the first."""
    grid = np.arange(rows * columns).reshape(rows, columns)
    if closed:
        grid = np.concatenate([grid, grid[:, :1]], 1)
    return np.stack([grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]], -1).reshape(-1, 4)


def toned(vertices: Array, colour: Sequence[float] | Array) -> Array:
    """(n, 3) one colour for all vertices."""
    return np.tile(np.asarray(colour, float), (len(vertices), 1))


def tube(
    path: Array, across: Array, width: float, depth: float, colour: Sequence[float] | Array, material: str
) -> Piece:
    """A flat band along a path.

    Args:
        path: (n, 3) its middle.
        across: (n, 3) unit directions of its width; the depth is at right angles to it and the path.
        width: metres.
        depth: metres.
        colour: linear.
        material: of the piece.
    """
    along = np.gradient(path, axis=0)
    out = np.cross(along, across)
    out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-9)
    corners = [path + 0.5 * (a * width * across + b * depth * out) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
    vertices = np.stack(corners, 1).reshape(-1, 3)
    last = 4 * (len(path) - 1)
    ends = np.array([[3, 2, 1, 0], [last, last + 1, last + 2, last + 3]])
    return Piece(
        vertices, np.concatenate([grid_faces(len(path), 4, closed=True), ends]), toned(vertices, colour), material
    )


def block(centre: Array, size: Array, colour: Sequence[float] | Array, material: str) -> Piece:
    """A box that is a little smaller in front (+y), so that its edges catch light."""
    signs = np.array([[x, y, z] for y in (-1, 1) for x, z in ((-1, -1), (1, -1), (1, 1), (-1, 1))], float)
    signs[4:, [0, 2]] *= 0.85
    vertices = centre + 0.5 * size * signs
    faces = np.array([[4, 5, 6, 7][::-1], *[[k, (k + 1) % 4, 4 + (k + 1) % 4, 4 + k] for k in range(4)]])[:, ::-1]
    return Piece(vertices, faces, toned(vertices, colour), material)


def body_piece(surface: Surface, posed: Posed, tone: Array, material: str) -> Piece:
    """A surface of the body as it is posed."""
    hung = sparse.csr_matrix(surface.matrix @ twist.widened(surface.cut.hung))
    return Piece(surface.posed(posed.matrices()), surface.faces, tone, material, surface.rest, surface.uv, hung)


def patchy(points: Array, rng: np.random.Generator, frequency: float, depth: float) -> Array:
    """(n, 1) about 1, uneven by ``depth``."""
    waves = rng.normal(0, frequency, (3, 6))
    return np.asarray(1 + depth * 1.6 * np.sin(points @ waves + rng.uniform(0, 6.28, 6)).mean(1)[:, None])


def join(name: str, pieces: Sequence[Piece], collection: bpy.types.Collection) -> bpy.types.Object:
    """One object of all pieces, a slot for every material."""
    kinds = tuple(dict.fromkeys(piece.material for piece in pieces))
    counts = np.cumsum([0, *(len(piece.vertices) for piece in pieces)])
    vertices = np.concatenate([piece.vertices for piece in pieces])
    rest = np.concatenate([piece.vertices if piece.rest is None else piece.rest for piece in pieces])
    faces = np.concatenate([piece.faces + first for piece, first in zip(pieces, counts, strict=False)])
    slots = np.concatenate([np.full(len(piece.faces), kinds.index(piece.material)) for piece in pieces])
    uv = np.concatenate([np.zeros((len(piece.faces), 4, 2)) if piece.uv is None else piece.uv for piece in pieces])
    tone = np.concatenate([np.concatenate([piece.tone, np.ones((len(piece.tone), 1))], 1) for piece in pieces])
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(vertices))
    mesh.loops.add(4 * len(faces))
    mesh.polygons.add(len(faces))
    mesh.vertices.foreach_set("co", vertices.astype(np.float32).ravel())
    mesh.loops.foreach_set("vertex_index", faces.astype(np.int32).ravel())
    mesh.polygons.foreach_set("loop_start", np.arange(0, 4 * len(faces), 4, dtype=np.int32))
    mesh.uv_layers.new(name="UV").uv.foreach_set("vector", uv.astype(np.float32).ravel())
    mesh.attributes.new("rest", "FLOAT_VECTOR", "POINT").data.foreach_set("vector", rest.astype(np.float32).ravel())
    mesh.attributes.new("tone", "FLOAT_COLOR", "POINT").data.foreach_set("color", tone.astype(np.float32).ravel())
    for kind in kinds:
        mesh.materials.append(_material(f"{name} {kind}", kind))
    mesh.polygons.foreach_set("material_index", slots.astype(np.int32))
    mesh.polygons.foreach_set("use_smooth", np.ones(len(faces), bool))
    mesh.update(calc_edges=True)
    mesh.validate()
    made = bpy.data.objects.new(name, mesh)
    collection.objects.link(made)
    return made


# roughness, specular, noise frequency in 1/m (x, y, z), bump in metres, unevenness of colour
_LOOKS: dict[str, tuple[float, float, tuple[float, float, float], float, float]] = {
    "cloth": (0.9, 0.2, (24.0, 24.0, 15.0), 0.012, 0.09),
    "leather": (0.55, 0.4, (60.0, 60.0, 60.0), 0.003, 0.25),
    "hard": (0.5, 0.4, (80.0, 80.0, 80.0), 0.0006, 0.15),
    "hair": (0.55, 0.3, (300.0, 70.0, 110.0), 0.003, 0.3),
    "lens": (0.08, 0.5, (5.0, 5.0, 5.0), 0.0, 0.0),
}


def _material(name: str, kind: str) -> bpy.types.Material:
    """A material that takes its colour from ``tone`` and its unevenness from one noise."""
    if kind == "skin":
        return skin_material(name)
    roughness, specular, scale, bump, uneven = _LOOKS[kind]
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    tree = material.node_tree
    shader = tree.nodes["Principled BSDF"]
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Specular IOR Level"].default_value = specular
    tone, rest = (tree.nodes.new("ShaderNodeAttribute") for _ in range(2))
    tone.attribute_name, rest.attribute_name = "tone", "rest"
    if uneven <= 0:
        tree.links.new(tone.outputs["Color"], shader.inputs["Base Color"])
        return material
    stretch, noise = tree.nodes.new("ShaderNodeVectorMath"), tree.nodes.new("ShaderNodeTexNoise")
    stretch.operation = "MULTIPLY"
    stretch.inputs[1].default_value = scale
    noise.inputs["Scale"].default_value, noise.inputs["Detail"].default_value = 1.0, 3.0
    tree.links.new(rest.outputs["Vector"], stretch.inputs[0])
    tree.links.new(stretch.outputs["Vector"], noise.inputs["Vector"])
    spread, mix = tree.nodes.new("ShaderNodeMapRange"), tree.nodes.new("ShaderNodeVectorMath")
    for key, value in (("From Min", 0.3), ("From Max", 0.7), ("To Min", 1 - uneven), ("To Max", 1 + uneven)):
        spread.inputs[key].default_value = value
    mix.operation = "SCALE"
    tree.links.new(noise.outputs["Fac"], spread.inputs["Value"])
    tree.links.new(tone.outputs["Color"], mix.inputs[0])
    tree.links.new(spread.outputs["Result"], mix.inputs["Scale"])
    tree.links.new(mix.outputs["Vector"], shader.inputs["Base Color"])
    relief = tree.nodes.new("ShaderNodeBump")
    relief.inputs["Strength"].default_value, relief.inputs["Distance"].default_value = 0.6, bump
    tree.links.new(noise.outputs["Fac"], relief.inputs["Height"])
    tree.links.new(relief.outputs["Normal"], shader.inputs["Normal"])
    return material
