"""Things that ride on the body: shapes with a colour at every vertex, bound to a bone or to the cloth below them."""

from collections.abc import Sequence

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from generator.world.bodymesh import Cut, Skinned, Surface, make_object
from generator.world.figure import Figure
from generator.world.person_mesh import Piece

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

_SHARP = np.radians(42)
SLOTS = ("cloth", "hard", "glass")


def on_bone(figure: Figure, bone: str, count: int) -> sparse.csr_matrix:
    """(count, bones) weights that bind all of a thing to one bone."""
    rows = np.arange(count)
    column = np.full(count, figure.column[bone])
    return sparse.csr_matrix((np.ones(count), (rows, column)), shape=(count, len(figure.parents)))


def on_cloth(surface: Surface, points: Array, reach: int = 4) -> sparse.csr_matrix:
    """(n, bones) weights of the nearest vertices of a surface, so that a thing follows it."""
    weights = sparse.csr_matrix(surface.matrix @ surface.cut.hung)
    _, near = cKDTree(surface.rest).query(points, k=reach)
    rows = np.repeat(np.arange(len(points)), reach)
    mean = sparse.csr_matrix(
        (np.full(len(rows), 1 / reach), (rows, near.ravel())), shape=(len(points), len(surface.rest))
    )
    return sparse.csr_matrix(mean @ weights)


def joined(pieces: Sequence[Piece]) -> tuple[Array, Indices, Array, Indices]:
    """Vertices (n, 3), quads (m, 4), colours (n, 3) and slots (m,) of pieces; triangles become thin quads."""
    counts = np.cumsum([0, *(len(piece.vertices) for piece in pieces)])
    faces = []
    for piece, first in zip(pieces, counts, strict=False):
        quads = np.where(piece.faces < 0, piece.faces[:, [2]], piece.faces)
        faces.append(quads + first)
    slots = np.concatenate([np.full(len(piece.faces), SLOTS.index(piece.material)) for piece in pieces])
    return (
        np.concatenate([piece.vertices for piece in pieces]),
        np.concatenate(faces),
        np.concatenate([piece.tone for piece in pieces]),
        slots,
    )


def attach(
    name: str, pieces: Sequence[Piece], weights: sparse.csr_matrix, collection: bpy.types.Collection,
    materials: Sequence[bpy.types.Material],
) -> Skinned:  # fmt: skip
    """One object of pieces in the body's rest space; ``materials`` in the order of ``SLOTS``."""
    vertices, faces, tone, slots = joined(pieces)
    whole = Cut(np.arange(len(vertices)), faces, np.zeros(len(faces), int), vertices, weights)
    uv = np.zeros((len(faces), 4, 2))
    surface = Surface(whole, sparse.csr_matrix(sparse.identity(len(vertices))), faces, np.arange(len(faces)), uv)
    every = np.ones(len(faces), bool)
    made = make_object(name, surface, every, materials, collection, slots=slots, colours=tone)
    made.object.data.set_sharp_from_angle(angle=_SHARP)
    return made
