"""Meshes from numpy arrays: boxes, cylinders, extrusions with material slots and UVs in metres, joined as they come."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

import bpy
import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Colour = tuple[float, float, float]

WHITE: Colour = (1.0, 1.0, 1.0)
"""The tint that changes nothing."""

_CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
# corner indices of each side, counter-clockwise from outside, and the axes its UVs run along
_SIDES: dict[str, tuple[tuple[int, int, int, int], int, int]] = {
    "-x": ((0, 1, 3, 2), 1, 2),
    "+x": ((4, 6, 7, 5), 1, 2),
    "-y": ((0, 4, 5, 1), 0, 2),
    "+y": ((2, 3, 7, 6), 0, 2),
    "-z": ((0, 2, 6, 4), 0, 1),
    "+z": ((1, 5, 7, 3), 0, 1),
}


def transform(
    position: ArrayLike = (0, 0, 0), *, yaw: float = 0.0, pitch: float = 0.0, roll: float = 0.0, scale: float = 1.0
) -> Array:
    """(4, 4) matrix: roll about y, then pitch about x, then yaw about z (radians), then a move in metres."""
    (cz, cx, cy), (sz, sx, sy) = np.cos([yaw, pitch, roll]), np.sin([yaw, pitch, roll])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    out = np.eye(4)
    out[:3, :3] = scale * about_z @ about_x @ about_y
    out[:3, 3] = position
    return out


def between(start: ArrayLike, end: ArrayLike) -> Array:
    """(4, 4) matrix whose z axis runs from ``start`` (its origin) towards ``end``; not scaled."""
    origin = np.asarray(start, float)
    z = np.asarray(end, float) - origin
    z = z / np.linalg.norm(z)
    helper = np.array([0.0, 1.0, 0.0]) if abs(z[1]) < 0.9 else np.array([1.0, 0.0, 0.0])
    x = np.cross(helper, z)
    x /= np.linalg.norm(x)
    out = np.eye(4)
    out[:3, :3] = np.stack([x, np.cross(z, x), z], 1)
    out[:3, 3] = origin
    return out


class MeshBuilder:
    """Collects faces of many pieces into one mesh.

    Everything is added in the frame of ``matrix`` (see ``at``). ``tint`` multiplies the colour of materials made by
    ``generator.world.materials``, so pieces of one material can differ. UVs are metres.
    """

    def __init__(self) -> None:
        self.matrix: Array = np.eye(4)
        self._vertices: list[Array] = []
        self._count = 0
        self._loops: list[NDArray[np.int64]] = []
        self._sizes: list[NDArray[np.int64]] = []
        self._uv: list[Array] = []
        self._tint: list[Array] = []
        self._slots: list[NDArray[np.int64]] = []
        self._smooth: list[NDArray[np.bool_]] = []
        self._materials: list[bpy.types.Material] = []

    @contextmanager
    def at(self, matrix: Array) -> Iterator[None]:
        """Within the block, pieces are added in the frame ``matrix`` of the present frame."""
        before = self.matrix
        self.matrix = before @ matrix
        try:
            yield
        finally:
            self.matrix = before

    @property
    def triangles(self) -> int:
        """Number of triangles so far."""
        return int(sum((sizes - 2).sum() for sizes in self._sizes))

    @property
    def bounds(self) -> tuple[Array, Array]:
        """(3,) lowest and highest corner of what was added so far."""
        points = np.concatenate(self._vertices)
        return points.min(0), points.max(0)

    def add(
        self,
        vertices: Array,
        faces: Sequence[Sequence[int]] | NDArray[np.int64],
        material: bpy.types.Material,
        uv: Array,
        *,
        smooth: bool = False,
        tint: Colour = WHITE,
    ) -> None:
        """Adds faces.

        Args:
            vertices: (n, 3) in the present frame, metres.
            faces: vertex indices of each face, counter-clockwise from outside.
            material: of all these faces.
            uv: (total corners, 2) in metres, in the order of the corners.
            smooth: whether normals are interpolated over shared vertices.
            tint: multiplies the material's colour.
        """
        if material not in self._materials:
            self._materials.append(material)
        sizes = np.array([len(face) for face in faces])
        loops = np.concatenate([np.asarray(face) for face in faces]).astype(np.int64)
        self._vertices.append(vertices @ self.matrix[:3, :3].T + self.matrix[:3, 3])
        self._loops.append(loops + self._count)
        self._sizes.append(sizes)
        self._uv.append(np.asarray(uv, float).reshape(-1, 2))
        self._tint.append(np.broadcast_to(np.array([*tint, 1.0]), (len(loops), 4)))
        self._slots.append(np.full(len(sizes), self._materials.index(material)))
        self._smooth.append(np.full(len(sizes), smooth))
        self._count += len(vertices)

    def quad(
        self, corners: ArrayLike, material: bpy.types.Material, *, uv: ArrayLike | None = None, tint: Colour = WHITE
    ) -> None:
        """One four-sided face; ``corners`` (4, 3) counter-clockwise. UVs default to metres from the first corner."""
        points = np.asarray(corners, float)
        if uv is None:
            u = np.linalg.norm(points[1] - points[0])
            v = np.linalg.norm(points[3] - points[0])
            uv = np.array([(0, 0), (u, 0), (u, v), (0, v)])
        self.add(points, [(0, 1, 2, 3)], material, np.asarray(uv, float), tint=tint)

    def box(
        self,
        centre: ArrayLike,
        size: ArrayLike,
        material: bpy.types.Material,
        *,
        bevel: float = 0.0,
        tint: Colour = WHITE,
        shift: ArrayLike = (0.0, 0.0),
        skip: Sequence[str] = (),
        grain: bool = False,
    ) -> None:
        """A box with sharp or chamfered edges.

        Args:
            centre: (3,) metres.
            size: (3,) whole extent along the axes.
            material: of all sides.
            bevel: width of the chamfer; 0 is sharp.
            tint: multiplies the material's colour.
            shift: (2,) added to the UVs, so that boxes of one material do not look alike.
            skip: sides left out, such as ``("-z",)``; only of a sharp box.
            grain: turns the UVs so that u runs along the longer edge of every side.
        """
        middle, half = np.asarray(centre, float), 0.5 * np.asarray(size, float)
        if bevel > 0:
            inset = min(bevel, 0.45 * 2 * float(half.min()))
            vertices, faces = _chamfered(half, inset)
        else:
            vertices = _CORNERS * half
            faces = [list(corners) for name, (corners, _, _) in _SIDES.items() if name not in skip]
        uv = np.concatenate([_flat_uv(vertices[list(face)], half if grain else None) for face in faces])
        self.add(vertices + middle, faces, material, uv + np.asarray(shift, float), tint=tint)

    def lathe(
        self,
        profile: ArrayLike,
        material: bpy.types.Material,
        *,
        segments: int = 16,
        smooth: bool = True,
        tint: Colour = WHITE,
        caps: tuple[bool, bool] = (False, False),
    ) -> None:
        """A surface turned about z.

        Args:
            profile: (n, 2) radius and height, metres; from bottom to top the outside is outside.
            material: of the surface.
            segments: sides of the turned surface.
            smooth: whether neighbouring faces share normals; edges sharper than 50 degrees stay sharp.
            tint: multiplies the material's colour.
            caps: flat ends at the first and the last ring.
        """
        rings = np.asarray(profile, float)
        angle = 2 * np.pi * np.arange(segments) / segments
        circle = np.stack([np.cos(angle), np.sin(angle)], 1)
        along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(rings, axis=0), axis=1))]
        widest = float(rings[:, 0].max())
        for first, last in _smooth_runs(rings):
            part = rings[first : last + 1]
            vertices = np.concatenate([np.c_[r * circle, np.full(segments, z)] for r, z in part])
            faces, uv = [], []
            for row in range(len(part) - 1):
                for k in range(segments):
                    after = (k + 1) % segments
                    low, high = row * segments, (row + 1) * segments
                    faces.append((low + k, low + after, high + after, high + k))
                    u = 2 * np.pi * widest / segments
                    v0, v1 = along[first + row], along[first + row + 1]
                    uv += [(k * u, v0), ((k + 1) * u, v0), ((k + 1) * u, v1), (k * u, v1)]
            self.add(vertices, faces, material, np.array(uv), smooth=smooth, tint=tint)
        for wanted, (radius, height), order in zip(caps, (rings[0], rings[-1]), (-1, 1), strict=True):
            if wanted:
                flat = radius * circle[::order]
                self.add(np.c_[flat, np.full(segments, height)], [range(segments)], material, flat, tint=tint)

    def cylinder(
        self,
        start: ArrayLike,
        end: ArrayLike,
        radius: float,
        material: bpy.types.Material,
        *,
        end_radius: float | None = None,
        segments: int = 12,
        tint: Colour = WHITE,
        caps: tuple[bool, bool] = (True, True),
    ) -> None:
        """A cylinder or cone from ``start`` to ``end`` (3,), metres."""
        length = float(np.linalg.norm(np.asarray(end, float) - np.asarray(start, float)))
        with self.at(between(start, end)):
            profile = [(radius, 0.0), (radius if end_radius is None else end_radius, length)]
            self.lathe(profile, material, segments=segments, tint=tint, caps=caps)

    def tube(
        self, points: ArrayLike, radius: float, material: bpy.types.Material, *, segments: int = 6, tint: Colour = WHITE
    ) -> None:
        """A hose or cable along ``points`` (n, 3); open at its ends."""
        path = np.asarray(points, float)
        heading = np.gradient(path, axis=0)
        heading /= np.linalg.norm(heading, axis=1, keepdims=True)
        helper = np.where(np.abs(heading[:, 2:]) < 0.9, [[0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0]])
        side = np.cross(heading, helper)
        side /= np.linalg.norm(side, axis=1, keepdims=True)
        up = np.cross(side, heading)
        angle = 2 * np.pi * np.arange(segments) / segments
        ring = side[:, None] * np.cos(angle)[:, None] + up[:, None] * np.sin(angle)[:, None]
        vertices = (path[:, None] + radius * ring).reshape(-1, 3)
        row, k = (a.ravel() for a in np.mgrid[0 : len(path) - 1, 0:segments])
        after = (k + 1) % segments
        faces = np.stack([row * segments + k, (row + 1) * segments + k, (row + 1) * segments + after], 1)
        faces = np.c_[faces, row * segments + after]
        along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))]
        step = 2 * np.pi * radius / segments
        corners = [(along[row], k * step), (along[row + 1], k * step), (along[row + 1], (k + 1) * step)]
        corners.append((along[row], (k + 1) * step))
        uv = np.stack([np.stack(corner, 1) for corner in corners], 1)
        self.add(vertices, faces, material, uv, smooth=True, tint=tint)

    def extrude(self, outline: ArrayLike, depth: float, material: bpy.types.Material, *, tint: Colour = WHITE) -> None:
        """A flat shape (n, 2) in x and z, counter-clockwise seen from -y, with thickness ``depth`` towards +y."""
        shape = np.asarray(outline, float)
        n = len(shape)
        front = np.c_[shape[:, 0], np.zeros(n), shape[:, 1]]
        back = front + (0.0, depth, 0.0)
        self.add(front, [range(n)], material, shape, tint=tint)
        self.add(back[::-1], [range(n)], material, shape[::-1], tint=tint)
        k = np.arange(n)
        after = (k + 1) % n
        edge = np.r_[0, np.cumsum(np.linalg.norm(np.roll(shape, -1, 0) - shape, axis=1))]
        faces = np.stack([k, k + n, after + n, after], 1)
        uv = np.stack([np.c_[edge[:-1], 0 * k], np.c_[edge[:-1], 0 * k + depth], np.c_[edge[1:], 0 * k + depth]], 1)
        uv = np.concatenate([uv, np.c_[edge[1:], 0 * k][:, None]], 1)
        self.add(np.concatenate([front, back]), faces, material, uv, tint=tint)

    def object(self, name: str, collection: bpy.types.Collection) -> bpy.types.Object:
        """Makes the mesh and its object, and links the object to the collection."""
        mesh = bpy.data.meshes.new(name)
        vertices, loops = np.concatenate(self._vertices), np.concatenate(self._loops)
        sizes = np.concatenate(self._sizes)
        mesh.vertices.add(len(vertices))
        mesh.loops.add(len(loops))
        mesh.polygons.add(len(sizes))
        mesh.vertices.foreach_set("co", vertices.astype(np.float32).ravel())
        mesh.loops.foreach_set("vertex_index", loops.astype(np.int32))
        mesh.polygons.foreach_set("loop_start", np.r_[0, np.cumsum(sizes)[:-1]].astype(np.int32))
        mesh.polygons.foreach_set("material_index", np.concatenate(self._slots).astype(np.int32))
        mesh.polygons.foreach_set("use_smooth", np.concatenate(self._smooth))
        mesh.uv_layers.new(name="uv").uv.foreach_set("vector", np.concatenate(self._uv).astype(np.float32).ravel())
        tint = mesh.attributes.new("tint", "FLOAT_COLOR", "CORNER")
        tint.data.foreach_set("color", np.concatenate(self._tint).astype(np.float32).ravel())
        for material in self._materials:
            mesh.materials.append(material)
        mesh.update(calc_edges=True)
        thing = bpy.data.objects.new(name, mesh)
        collection.objects.link(thing)
        return thing


def _flat_uv(points: Array, grain: Array | None) -> Array:
    """UVs of a face laid on the axes it faces least; along its longer edge where ``grain`` gives the box's size."""
    normal = np.cross(points[1] - points[0], points[2] - points[0])
    away = int(np.abs(normal).argmax())
    u, v = (axis for axis in range(3) if axis != away)
    if grain is not None and grain[v] > grain[u]:
        u, v = v, u
    return points[:, [u, v]]


def _chamfered(half: Array, inset: float) -> tuple[Array, list[list[int]]]:
    """Vertices and faces of a box with flat chamfers: three vertices a corner, each on one of its sides."""
    vertices = np.concatenate([_CORNERS * np.where(np.arange(3) == axis, half, half - inset) for axis in range(3)])
    faces: list[list[int]] = []
    for corners, u, v in _SIDES.values():
        axis = 3 - u - v
        faces.append([8 * axis + k for k in corners])
    for first in range(8):
        for axis in range(3):
            second = first ^ (4 >> axis)
            if second > first:
                a, b = (other for other in range(3) if other != axis)
                faces.append([8 * a + first, 8 * a + second, 8 * b + second, 8 * b + first])
        faces.append([first, 8 + first, 16 + first])
    for face in faces:  # whichever way round they came, turn them outwards
        points = vertices[face]
        if np.dot(np.cross(points[1] - points[0], points[2] - points[0]), points.mean(0)) < 0:
            face.reverse()
    return vertices, faces


def _smooth_runs(rings: Array) -> list[tuple[int, int]]:
    """Ranges of rings between edges sharper than 50 degrees."""
    heading = np.diff(rings, axis=0)
    heading /= np.maximum(np.linalg.norm(heading, axis=1, keepdims=True), 1e-9)
    sharp = [k + 1 for k in range(len(heading) - 1) if heading[k] @ heading[k + 1] < np.cos(np.radians(50))]
    edges = [0, *sharp, len(rings) - 1]
    return list(pairwise(edges))
