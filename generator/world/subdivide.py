"""Catmull-Clark subdivision as a sparse matrix: fine = matrix @ coarse, for any pose of the coarse mesh."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Subdivided:
    """A mesh of quads, refined once or more.

    Attributes:
        matrix: (fine, coarse) vertices of the fine mesh as weighted means of the coarse ones.
        faces: (n, 4) of the fine mesh; each coarse face has become consecutive ones.
        parent: (n,) coarse face of every fine face.
    """

    matrix: sparse.csr_matrix
    faces: Indices
    parent: Indices


def catmull_clark(faces: Indices, n_vertices: int, levels: int = 1) -> Subdivided:
    """Refines a mesh of quads that may have borders (Catmull and Clark 1978; border rule of Hoppe et al. 1994).

    Args:
        faces: (f, 4) vertex indices.
        n_vertices: of the coarse mesh; all must be used by a face.
        levels: how often.
    """
    return _refined(np.ascontiguousarray(faces, np.int64).tobytes(), n_vertices, levels)


@lru_cache(maxsize=16)
def _refined(stored: bytes, n_vertices: int, levels: int) -> Subdivided:
    """As ``catmull_clark``, of faces as bytes; hands, gloves and heads are refined again and again."""
    faces = np.frombuffer(stored, np.int64).reshape(-1, 4)
    matrix = sparse.identity(n_vertices, format="csr")
    parent = np.arange(len(faces))
    for _ in range(levels):
        step, faces = _once(faces, matrix.shape[0])
        matrix = sparse.csr_matrix(step @ matrix)
        parent = np.repeat(parent, 4)
    return Subdivided(matrix, faces, parent)


def _once(faces: Indices, n: int) -> tuple[sparse.csr_matrix, Indices]:
    f = len(faces)
    face_points = sparse.csr_matrix((np.full(4 * f, 0.25), (np.repeat(np.arange(f), 4), faces.ravel())), shape=(f, n))
    sides = np.sort(np.stack([faces, np.roll(faces, -1, 1)], -1).reshape(-1, 2), 1)
    edges, which, used = np.unique(sides, axis=0, return_inverse=True, return_counts=True)
    which = which.reshape(f, 4)
    e = len(edges)
    middle = sparse.csr_matrix((np.full(2 * e, 0.5), (np.repeat(np.arange(e), 2), edges.ravel())), shape=(e, n))
    border = used == 1
    around = sparse.csr_matrix((np.ones(4 * f), (which.ravel(), np.repeat(np.arange(f), 4))), shape=(e, f))
    inner = sparse.diags(np.where(border, 0.0, 0.5))
    edge_points = (
        sparse.diags(np.where(border, 1.0, 0.5)) @ middle + inner @ sparse.diags(1 / used) @ around @ face_points
    )
    vertex_points = _vertex_rule(faces, edges, border, middle, face_points, n)
    ring = np.arange(f)
    first = n + e + ring
    quads = [np.stack([faces[:, k], n + which[:, k], first, n + which[:, k - 1]], -1) for k in range(4)]
    return sparse.csr_matrix(sparse.vstack([vertex_points, edge_points, face_points])), np.stack(quads, 1).reshape(
        -1, 4
    )


def _vertex_rule(
    faces: Indices,
    edges: Indices,
    border: NDArray[np.bool_],
    middle: sparse.csr_matrix,
    face_points: sparse.csr_matrix,
    n: int,
) -> sparse.csr_matrix:
    """New places of the old vertices: (F + 2 R + (k - 3) P) / k inside, 1/8 6/8 1/8 along borders."""
    f, e = len(faces), len(edges)
    valence = np.bincount(edges.ravel(), minlength=n).astype(float)
    at_faces = sparse.csr_matrix((np.ones(4 * f), (faces.ravel(), np.repeat(np.arange(f), 4))), shape=(n, f))
    n_faces = np.maximum(np.asarray(at_faces.sum(1)).ravel(), 1)
    at_edges = sparse.csr_matrix((np.ones(2 * e), (edges.ravel(), np.repeat(np.arange(e), 2))), shape=(n, e))
    on_border = np.bincount(edges[border].ravel(), minlength=n) == 2
    corner = (np.bincount(edges[border].ravel(), minlength=n) > 0) & ~on_border
    k = np.maximum(valence, 1)
    inside = (
        sparse.diags(1 / k / n_faces) @ at_faces @ face_points
        + sparse.diags(2 / k / k) @ at_edges @ middle
        + sparse.diags((k - 3) / k)
    )
    border_edges = at_edges @ sparse.diags(border.astype(float))
    along = 0.25 * (border_edges @ middle) + 0.5 * sparse.identity(n)
    keep = sparse.diags((~on_border & ~corner).astype(float))
    return sparse.csr_matrix(
        keep @ inside + sparse.diags(on_border.astype(float)) @ along + sparse.diags(corner.astype(float))
    )


def vertex_normals(vertices: Array, faces: Indices) -> Array:
    """(v, 3) unit normals, faces weighted by area."""
    a, b = vertices[faces[:, 2]] - vertices[faces[:, 0]], vertices[faces[:, 3]] - vertices[faces[:, 1]]
    face = np.cross(a, b)
    flat = faces.ravel()
    normals = np.stack([np.bincount(flat, np.repeat(face[:, k], 4), len(vertices)) for k in range(3)], -1)
    return np.asarray(normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12))
