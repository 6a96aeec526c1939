"""Surfaces of the things that are held: closed shapes in numpy, and worn, greasy, dusty materials on them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import bmesh
import bpy
import numpy as np
from numpy.typing import ArrayLike, NDArray

from generator.world.canvas import image_from_array

Array = NDArray[np.float64]
Whole = NDArray[np.int32]
Slot = Literal["steel", "polymer", "grip", "accent", "bright", "hole", "rubber", "dot", "lens", "paint"]
SLOTS: tuple[Slot, ...] = ("steel", "polymer", "grip", "accent", "bright", "hole", "rubber", "dot", "lens", "paint")

TILE = 0.2
"""Metres one repeat of the wear picture covers."""

_PIXELS = 512
_SMOOTH = np.radians(33)
"""Edges bent more than this are shaded hard, radians."""

_NARROW = (0.0008, 0.0022)
"""Faces between convex edges are rubbed bare when narrower than the first, untouched when wider than the second."""


@dataclass(frozen=True)
class Shape:
    """Polygons in flat arrays, in metres.

    Attributes:
        vertices: (n, 3).
        corners: vertex of every face corner, face after face.
        sizes: corners of each face.
        slots: index into ``SLOTS`` of each face.
    """

    vertices: Array
    corners: Whole
    sizes: Whole
    slots: Whole

    @property
    def starts(self) -> Whole:
        """First corner of each face."""
        return (np.cumsum(self.sizes) - self.sizes).astype(np.int32)

    def moved(self, offset: ArrayLike = (0, 0, 0), turn: Array | None = None) -> "Shape":
        """Turned by a (3, 3) rotation, then moved."""
        turned = self.vertices if turn is None else self.vertices @ turn.T
        return Shape(turned + np.asarray(offset, float), self.corners, self.sizes, self.slots)

    def painted(self, slot: Slot, where: Callable[[Array], NDArray[np.bool_]] | None = None) -> "Shape":
        """With another slot on all faces, or on those whose centre (m, 3) lies ``where``."""
        chosen = np.ones(len(self.sizes), bool) if where is None else where(self.centres())
        slots = np.where(chosen, SLOTS.index(slot), self.slots).astype(np.int32)
        return Shape(self.vertices, self.corners, self.sizes, slots)

    def centres(self) -> Array:
        """(m, 3) mean of each face's vertices."""
        total: Array = np.add.reduceat(self.vertices[self.corners], self.starts, axis=0)
        return total / self.sizes[:, None]

    def normals(self) -> Array:
        """(m, 3) area vectors of the faces, not normalised; half a cross product each."""
        here, after = self.vertices[self.corners], self.vertices[self._next()]
        area: Array = np.add.reduceat(np.cross(here, after), self.starts, axis=0)
        return area / 2

    def triangles(self) -> Whole:
        """(t, 3) fan of each face."""
        fans = []
        for k in range(1, int(self.sizes.max()) - 1):
            first = self.starts[self.sizes > k + 1]
            fans.append(np.stack([self.corners[first], self.corners[first + k], self.corners[first + k + 1]], 1))
        return np.concatenate(fans).astype(np.int32)

    def _next(self) -> Whole:
        after = np.arange(1, len(self.corners) + 1)
        after[self.starts + self.sizes - 1] = self.starts
        return self.corners[after]


def joined(shapes: Sequence[Shape]) -> Shape:
    """Shapes as one, unwelded."""
    first = np.cumsum([0] + [len(shape.vertices) for shape in shapes])
    return Shape(
        np.concatenate([shape.vertices for shape in shapes]),
        np.concatenate([shape.corners + n for shape, n in zip(shapes, first, strict=False)]).astype(np.int32),
        np.concatenate([shape.sizes for shape in shapes]),
        np.concatenate([shape.slots for shape in shapes]),
    )


def _closed(vertices: Array, faces: Sequence[Sequence[int]], slot: Slot) -> Shape:
    """A closed shape with its faces turned outward."""
    sizes = np.array([len(face) for face in faces], np.int32)
    corners = np.concatenate([np.asarray(face, np.int32) for face in faces])
    shape = Shape(np.asarray(vertices, float), corners, sizes, np.full(len(sizes), SLOTS.index(slot), np.int32))
    if (shape.centres() * shape.normals()).sum() < 0:  # volume by the divergence theorem
        corners = np.concatenate([np.asarray(face, np.int32)[::-1] for face in faces])
        shape = Shape(shape.vertices, corners, sizes, shape.slots)
    return shape


def loft(rings: Array, slot: Slot) -> Shape:
    """A closed skin over rings (r, n, 3) of points, with flat ends."""
    count, n, _ = rings.shape
    faces: list[list[int]] = [list(range(n)), list(range((count - 1) * n, count * n))[::-1]]
    for i in range(count - 1):
        for j in range(n):
            k = (j + 1) % n
            faces.append([i * n + k, i * n + j, (i + 1) * n + j, (i + 1) * n + k])
    return _closed(rings.reshape(-1, 3), faces, slot)


def prism(outline: Sequence[tuple[float, float]], lo: float, hi: float, slot: Slot, bevel: float = 0.0) -> Shape:
    """A side profile of (y, z) pulled from x = lo to hi, its edges chamfered by ``bevel`` metres."""
    n = len(outline)
    flat = np.array(outline, float)
    vertices = np.concatenate([np.column_stack([np.full(n, x), flat]) for x in (lo, hi)])
    faces: list[list[int]] = [list(range(n)), list(range(n, 2 * n))[::-1]]
    faces += [[(j + 1) % n, j, n + j, n + (j + 1) % n] for j in range(n)]
    shape = _closed(vertices, faces, slot)
    return chamfered(shape, bevel) if bevel > 0 else shape


def chamfered(shape: Shape, width: float) -> Shape:
    """With a narrow flat along every edge that is bent more than 30 degrees; one slot."""
    bm = bmesh.new()
    points = [bm.verts.new(vertex) for vertex in shape.vertices]
    for start, size in zip(shape.starts, shape.sizes, strict=True):
        bm.faces.new([points[i] for i in shape.corners[start : start + size]])
    bmesh.ops.recalc_face_normals(bm, faces=bm.faces)
    sharp = [edge for edge in bm.edges if edge.calc_face_angle(0.0) > np.radians(30)]
    bmesh.ops.bevel(
        bm, geom=sharp, offset=width, offset_type="OFFSET", segments=1, profile=0.5, affect="EDGES", clamp_overlap=True
    )
    bm.verts.index_update()
    vertices = np.array([vertex.co for vertex in bm.verts])
    faces = [[vertex.index for vertex in face.verts] for face in bm.faces]
    bm.free()
    return _closed(vertices, faces, SLOTS[int(shape.slots[0])])


def box(lo: Sequence[float], hi: Sequence[float], slot: Slot, bevel: float = 0.0) -> Shape:
    """A box between two corners."""
    (x0, y0, z0), (x1, y1, z1) = lo, hi
    return prism([(y0, z0), (y1, z0), (y1, z1), (y0, z1)], x0, x1, slot, bevel)


def lathe(profile: Sequence[tuple[float, float]], slot: Slot, n: int = 20, x: float = 0.0, z: float = 0.0) -> Shape:
    """Rings of (y, radius) around an axis along y at (x, z)."""
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    rings = np.array([np.column_stack([x + r * np.cos(turn), np.full(n, y), z + r * np.sin(turn)]) for y, r in profile])
    return loft(rings, slot)


def noise(shape: tuple[int, int], steepness: float, rng: np.random.Generator) -> Array:
    """Noise that repeats at the edges, 0..1, with a power-law spectrum."""
    fy, fx = np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])[None, :]
    size = np.hypot(fx, fy)
    size[0, 0] = 1.0
    wave: Array = np.fft.irfft2(np.fft.rfft2(rng.standard_normal(shape)) * size**-steepness, shape)
    wave = (wave - wave.mean()) / wave.std()
    return np.clip(0.5 + wave / 5, 0, 1)


def image(name: str, pixels: Array, colour: bool) -> bpy.types.Image:
    """A packed picture from (h, w, 4) floats, row 0 at the bottom; sRGB-encoded where ``colour``, else plain data."""
    return image_from_array(name, pixels, "sRGB" if colour else "Non-Color")


def wear_image(rng: np.random.Generator) -> bpy.types.Image:
    """Red: scratches. Green: where fingers left grease and rubbed. Blue: fine grain. Alpha: stipple."""
    n = _PIXELS
    scratches = np.zeros((n, n))
    for _ in range(int(rng.integers(220, 380))):
        length, angle = rng.exponential(26) + 4, rng.normal(0.2, 0.9)
        s = np.linspace(0, length, int(length * 1.5) + 2)
        bend = rng.normal(0, 0.004) * s**2
        x = rng.uniform(0, n) + s * np.cos(angle) - bend * np.sin(angle)
        y = rng.uniform(0, n) + s * np.sin(angle) + bend * np.cos(angle)
        place = (y.astype(int) % n, x.astype(int) % n)
        scratches[place] = np.maximum(
            scratches[place], rng.uniform(0.3, 1.0) * np.clip(np.sin(np.pi * s / length), 0, 1) ** 0.5
        )
    grease = np.clip(0.6 * noise((n, n), 1.5, rng) + 0.4 * noise((n, n), 0.8, rng), 0, 1)
    grain = noise((n, n), 0.25, rng)
    return image("wear", np.stack([scratches, grease, grain, _stipple(rng)], 2), colour=False)


def _stipple(rng: np.random.Generator) -> Array:
    """(n, n) raised dots on a jittered grid, about 1.6 mm apart."""
    cells = 128
    spread = _PIXELS // cells
    near = np.full((cells, spread, cells, spread), np.inf)
    centre = rng.uniform(0.2, 0.8, (2, cells, cells)) * spread
    pixel = np.arange(spread) + 0.5
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            up, right = np.roll(centre, (-i, -j), (1, 2))
            dy = (up + i * spread)[:, None, :, None] - pixel[:, None, None]
            dx = (right + j * spread)[:, None, :, None] - pixel
            near = np.minimum(near, dy**2 + dx**2)
    dots: Array = np.clip(1.15 - np.sqrt(near).reshape(_PIXELS, _PIXELS) / (0.55 * spread), 0, 1)
    return dots


@dataclass(frozen=True)
class Look:
    """One coat of paint, plastic or metal; colours are linear Rec.709.

    Attributes:
        colour: of the coat.
        under: what shows where the coat is rubbed off.
        metal: whether what shows is metal.
        metallic: of the coat itself.
        roughness: of the coat.
        edge: how much its edges are rubbed, 0..1.
        grain: height of the fine grain for the bump, 0..1.
        stipple: a moulded non-slip pattern in place of the grain.
        glow: radiance it emits, W/m2/sr.
    """

    colour: tuple[float, float, float]
    under: tuple[float, float, float] = (0.35, 0.35, 0.36)
    metal: bool = False
    metallic: float = 0.0
    roughness: float = 0.5
    edge: float = 0.5
    grain: float = 0.15
    stipple: bool = False
    glow: float = 0.0


def material(name: str, look: Look, picture: bpy.types.Image, dust: float = 0.5) -> bpy.types.Material:
    """A worn coat: rubbed edges, scratches, grease and dust, from one picture and two face attributes."""
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    tree = made.node_tree
    tree.nodes.clear()
    shader, out = tree.nodes.new("ShaderNodeBsdfPrincipled"), tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(shader.outputs[0], out.inputs["Surface"])
    texture, split = tree.nodes.new("ShaderNodeTexImage"), tree.nodes.new("ShaderNodeSeparateColor")
    texture.image = picture
    tree.links.new(texture.outputs["Color"], split.inputs[0])
    scratch, grease, grain = split.outputs
    wear = (_attribute(tree, "wear"), 1.5 * look.edge)
    rubbed = _sum(tree, [wear, (scratch, 0.45 + 0.7 * look.edge), (grease, 0.9), (grain, 0.5)], -1.45)
    mask = _ramp(tree, rubbed, (0.0, 0.25), (0.0, 0.85))
    dusty = _ramp(tree, _sum(tree, [(_attribute(tree, "dust"), 1.0), (grain, 0.8), (grease, -1.2)], 0.0),
                  (0.2, 1.2), (0.0, 0.15 * dust))  # fmt: skip
    colour = _mix(tree, mask, _grimy(tree, look, grease, texture.outputs["Alpha"]), look.under)
    tree.links.new(_mix(tree, dusty, colour, (0.30, 0.28, 0.25)), shader.inputs["Base Color"])
    # Fingers polish: greasy places are smoother, dust and grain are rougher.
    gloss = _sum(tree, [(grease, -0.34), (grain, 0.10), (dusty, 0.8), (mask, -0.12), (scratch, 0.08)],
                 look.roughness + 0.13)  # fmt: skip
    tree.links.new(gloss, shader.inputs["Roughness"])
    if look.metal:
        tree.links.new(_sum(tree, [(mask, 1 - look.metallic)], look.metallic), shader.inputs["Metallic"])
    if look.grain > 0:
        bump = tree.nodes.new("ShaderNodeBump")
        bump.inputs["Strength"].default_value = look.grain
        bump.inputs["Distance"].default_value = 0.0004
        tree.links.new(texture.outputs["Alpha"] if look.stipple else grain, bump.inputs["Height"])
        tree.links.new(bump.outputs[0], shader.inputs["Normal"])
    if look.glow > 0:
        shader.inputs["Emission Color"].default_value = (*look.colour, 1)
        shader.inputs["Emission Strength"].default_value = look.glow
    made.cycles.emission_sampling = "NONE"
    return made


def _grimy(
    tree: bpy.types.NodeTree, look: Look, grease: bpy.types.NodeSocket, stipple: bpy.types.NodeSocket
) -> bpy.types.NodeSocket:
    """The coat's colour: paler where it was handled, dark in the pits of a stipple, which the camera cannot resolve."""
    terms = [(grease, 0.75)] + ([(stipple, 0.5)] if look.stipple else [])
    shade = _ramp(tree, _sum(tree, terms, 0.0), (0.0, 1.2), (0.55, 1.45))
    node = tree.nodes.new("ShaderNodeVectorMath")
    node.operation = "SCALE"
    node.inputs[0].default_value = look.colour
    tree.links.new(shade, node.inputs["Scale"])
    return node.outputs[0]


def _attribute(tree: bpy.types.NodeTree, name: str) -> bpy.types.NodeSocket:
    node = tree.nodes.new("ShaderNodeAttribute")
    node.attribute_name = name
    return node.outputs["Fac"]


def _sum(
    tree: bpy.types.NodeTree, terms: Sequence[tuple[bpy.types.NodeSocket, float]], start: float
) -> bpy.types.NodeSocket:
    total: bpy.types.NodeSocket | float = start
    for value, factor in terms:
        node = tree.nodes.new("ShaderNodeMath")
        node.operation = "MULTIPLY_ADD"
        tree.links.new(value, node.inputs[0])
        node.inputs[1].default_value = factor
        if isinstance(total, float):
            node.inputs[2].default_value = total
        else:
            tree.links.new(total, node.inputs[2])
        total = node.outputs[0]
    return total


def _ramp(
    tree: bpy.types.NodeTree, value: bpy.types.NodeSocket, source: tuple[float, float], target: tuple[float, float]
) -> bpy.types.NodeSocket:
    node = tree.nodes.new("ShaderNodeMapRange")
    for key, number in zip(("From Min", "From Max", "To Min", "To Max"), (*source, *target), strict=True):
        node.inputs[key].default_value = number
    tree.links.new(value, node.inputs["Value"])
    return node.outputs[0]


def _mix(tree: bpy.types.NodeTree, factor: bpy.types.NodeSocket, a: object, b: object) -> bpy.types.NodeSocket:
    node = tree.nodes.new("ShaderNodeMix")
    node.data_type = "RGBA"
    tree.links.new(factor, node.inputs[0])
    for socket, value in ((node.inputs[6], a), (node.inputs[7], b)):
        if isinstance(value, tuple):
            socket.default_value = (*value, 1)
        else:
            tree.links.new(value, socket)
    return node.outputs[2]


def mesh_object(
    name: str, shape: Shape, materials: Mapping[Slot, bpy.types.Material], collection: bpy.types.Collection
) -> bpy.types.Object:
    """A mesh object with UVs in tiles of ``TILE`` and the face attributes ``wear`` and ``dust``."""
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(shape.vertices))
    mesh.vertices.foreach_set("co", shape.vertices.astype(np.float32).ravel())
    mesh.loops.add(len(shape.corners))
    mesh.loops.foreach_set("vertex_index", shape.corners)
    mesh.polygons.add(len(shape.sizes))
    mesh.polygons.foreach_set("loop_start", shape.starts)
    used = np.unique(shape.slots)
    for slot in used:
        mesh.materials.append(materials[SLOTS[slot]])
    mesh.polygons.foreach_set("material_index", np.searchsorted(used, shape.slots).astype(np.int32))
    mesh.update(calc_edges=True)
    mesh.polygons.foreach_set("use_smooth", np.ones(len(shape.sizes), bool))
    mesh.set_sharp_from_angle(angle=float(_SMOOTH))
    normals = shape.normals()
    unit = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    mesh.uv_layers.new(name="wear_uv").data.foreach_set("uv", _box_uv(shape, unit).astype(np.float32).ravel())
    for key, values in (("wear", _edge_wear(shape, unit)), ("dust", np.clip(unit[:, 2], 0, 1))):
        mesh.attributes.new(key, "FLOAT", "FACE").data.foreach_set("value", values.astype(np.float32))
    made = bpy.data.objects.new(name, mesh)
    collection.objects.link(made)
    return made


def _box_uv(shape: Shape, unit: Array) -> Array:
    """(k, 2): each face is mapped along the axis it faces most."""
    axis = np.repeat(np.abs(unit).argmax(1), shape.sizes)
    point = shape.vertices[shape.corners] / TILE
    rows = np.arange(len(point))
    return np.column_stack(
        [point[rows, np.array([1, 0, 1])[axis]], point[rows, np.array([2, 2, 0])[axis]] + 0.37 * axis]
    )


def _edge_wear(shape: Shape, unit: Array) -> Array:
    """(m,) 0..1: narrow faces between convex edges, where a coat goes first."""
    after = shape._next()
    ends = np.sort(np.stack([shape.corners, after], 1), axis=1)
    _, edge, count = np.unique(ends, axis=0, return_inverse=True, return_counts=True)
    face = np.repeat(np.arange(len(shape.sizes)), shape.sizes)
    order = np.argsort(edge, kind="stable")
    paired = order[(count[edge] == 2)[order]].reshape(-1, 2)
    length = np.linalg.norm(shape.vertices[shape.corners] - shape.vertices[after], axis=1)
    a, b = face[paired[:, 0]], face[paired[:, 1]]
    middle = shape.centres()
    convex = (unit[a] * (middle[b] - middle[a])).sum(1) < 0
    bent = convex & ((unit[a] * unit[b]).sum(1) < np.cos(np.radians(22)))
    open_length = np.zeros(len(shape.sizes))
    np.add.at(open_length, a, bent * length[paired[:, 0]])
    np.add.at(open_length, b, bent * length[paired[:, 0]])
    around = np.add.reduceat(length, shape.starts)
    longest = np.maximum.reduceat(length, shape.starts)
    width = np.linalg.norm(shape.normals(), axis=1) / np.maximum(longest, 1e-9)
    low, high = _NARROW
    wear: Array = np.clip((high - width) / (high - low), 0, 1) * np.clip(
        2 * open_length / np.maximum(around, 1e-9) - 0.4, 0, 1
    )
    return wear
