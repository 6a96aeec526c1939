"""Shapes that everyday things share: rounded blocks, tubes along a path, knobs, and lit displays with simple pictures."""

from collections.abc import Sequence

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.world.surface import Shape, Slot, image, lathe, loft

Array = NDArray[np.float64]

UPWARD = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
"""Turns a shape made along y so that it stands along z."""
SIDEWAYS = np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]])
"""Turns a shape made along y so that it lies along x."""
_LUMENS_PER_WATT = 179.0
"""Of the light in the whole project."""


def rounded(half: tuple[float, float], radius: float, inset: float = 0.0, n: int = 5) -> Array:
    """(4 n, 2) outline of a rectangle with round corners, anticlockwise; ``inset`` shrinks it, metres."""
    radius = min(radius, *half)
    a, b, r = half[0] - radius, half[1] - radius, max(radius - inset, 1e-4)
    short = max(inset - radius + 1e-4, 0.0)
    points = []
    for k, (su, sv) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        turn = np.radians(np.linspace(90 * k, 90 * k + 90, n))
        points.append(np.column_stack([su * (a - short) + r * np.cos(turn), sv * (b - short) + r * np.sin(turn)]))
    return np.concatenate(points)


def upright(levels: Sequence[tuple[float, Array]], slot: Slot) -> Shape:
    """A closed skin over outlines (n, 2) of (x, y), each at its height z."""
    return loft(np.array([np.column_stack([flat, np.full(len(flat), z)]) for z, flat in levels]), slot)


def forward(levels: Sequence[tuple[float, Array]], slot: Slot) -> Shape:
    """A closed skin over outlines (n, 2) of (x, z), each at its place y."""
    return loft(
        np.array([np.column_stack([flat[:, 0], np.full(len(flat), y), flat[:, 1]]) for y, flat in levels]), slot
    )


def cushion(
    low: Sequence[float], high: Sequence[float], radius: float, edge: float, slot: Slot, along: str = "z"
) -> Shape:
    """A block between two corners: corners of ``radius`` about one axis, the ends' edges rounded by ``edge`` metres."""
    lo, hi = np.asarray(low, float), np.asarray(high, float)
    axis = "xyz".index(along)
    u, v = (k for k in range(3) if k != axis)
    half = (float(hi[u] - lo[u]) / 2, float(hi[v] - lo[v]) / 2)
    steps = ((0.0, edge), (0.3 * edge, 0.3 * edge), (edge, 0.0))
    ends = [(lo[axis] + d, i) for d, i in steps] + [(hi[axis] - d, i) for d, i in steps[::-1]]
    rings = []
    for at, inset in ends:
        flat = rounded(half, radius, inset)
        ring = np.empty((len(flat), 3))
        ring[:, u], ring[:, v] = flat[:, 0] + (lo[u] + hi[u]) / 2, flat[:, 1] + (lo[v] + hi[v]) / 2
        ring[:, axis] = at
        rings.append(ring)
    return loft(np.array(rings), slot)


def tube(path: Array, radius: Array | float, slot: Slot, n: int = 12, flat: float = 1.0) -> Shape:
    """A round bar along a path (k, 3).

    Args:
        path: middle line, metres.
        radius: of every point, or of all.
        slot: its coat.
        n: points around.
        flat: thickness over width of its section; the width starts out along x, or along y where the path starts along x.
    """
    path = np.asarray(path, float)
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    side = np.array([1.0, 0, 0]) if abs(along[0, 0]) < 0.9 else np.array([0.0, 1, 0])
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    rings = []
    for point, way, r in zip(path, along, np.broadcast_to(radius, len(path)), strict=True):
        side = side - way * (side @ way)
        side /= np.linalg.norm(side)
        up = np.cross(way, side)
        rings.append(point + r * (np.outer(np.cos(turn), side) + flat * np.outer(np.sin(turn), up)))
    return loft(np.array(rings), slot)


def fluted(profile: Sequence[tuple[float, float]], depth: float, ribs: int, slot: Slot) -> Shape:
    """A knob about the y axis: rings of (y, radius) whose rim has ``ribs`` grooves of ``depth`` metres."""
    turn = np.linspace(0, 2 * np.pi, 4 * ribs, endpoint=False)
    dent = np.where(np.arange(len(turn)) % 4 < 2, 0.0, depth)
    widest = max(r for _, r in profile)
    rings = [
        np.column_stack([(r - dent * (r > widest - 0.0012)) * np.cos(turn), np.full(len(turn), y),
                         (r - dent * (r > widest - 0.0012)) * np.sin(turn)])
        for y, r in profile
    ]  # fmt: skip
    return loft(np.array(rings), slot)


def disc(y: tuple[float, float], x: float, z: float, radius: float, slot: Slot, n: int = 16) -> Shape:
    """A short cylinder along y with a broken edge at both ends."""
    step = min(0.0004, 0.2 * radius, 0.3 * (y[1] - y[0]))
    return lathe(
        [(y[0], radius - step), (y[0] + step, radius), (y[1] - step, radius), (y[1], radius - step)], slot, n, x, z
    )


def lit_panel(
    name: str, corners: Array, picture: Array, luminance: float, collection: bpy.types.Collection
) -> bpy.types.Object:
    """A lit display.

    Args:
        name: of the object.
        corners: (4, 3) lower left, lower right, upper right, upper left, seen from the front, metres.
        picture: (h, w, 4) sRGB-encoded, row 0 at the bottom.
        luminance: of white, cd/m2.
        collection: where it is linked.
    """
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(corner) for corner in corners], [], [(0, 1, 2, 3)])
    mesh.uv_layers.new(name="screen").data.foreach_set("uv", [0.0, 0, 1, 0, 1, 1, 0, 1])
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    tree = made.node_tree
    shader = tree.nodes["Principled BSDF"]
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image = image(name, picture, colour=True)
    shader.inputs["Base Color"].default_value = (0.008, 0.008, 0.009, 1)
    shader.inputs["Roughness"].default_value = 0.15
    tree.links.new(texture.outputs["Color"], shader.inputs["Emission Color"])
    shader.inputs["Emission Strength"].default_value = luminance / _LUMENS_PER_WATT
    made.cycles.emission_sampling = "NONE"
    mesh.materials.append(made)
    panel = bpy.data.objects.new(name, mesh)
    collection.objects.link(panel)
    return panel


_LIT = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abfgcd")
"""Lit segments of the figures 0 to 9: a on top, then clockwise to f, g in the middle."""


def segments(digits: Sequence[int], height: int, thick: int) -> NDArray[np.bool_]:
    """(height, w) mask of seven-segment figures side by side, row 0 at the bottom."""
    wide, gap = int(0.56 * height), max(int(0.24 * height), 2)
    mask = np.zeros((height, len(digits) * (wide + gap)), bool)
    middle = height // 2
    bars = {
        "a": (slice(height - thick, height), slice(1, wide - 1)),
        "d": (slice(0, thick), slice(1, wide - 1)),
        "g": (slice(middle - thick // 2, middle - thick // 2 + thick), slice(1, wide - 1)),
        "b": (slice(middle, height - 1), slice(wide - thick, wide)),
        "c": (slice(1, middle), slice(wide - thick, wide)),
        "e": (slice(1, middle), slice(0, thick)),
        "f": (slice(middle, height - 1), slice(0, thick)),
    }
    for k, digit in enumerate(digits):
        for bar in _LIT[digit]:
            rows, columns = bars[bar]
            left = k * (wide + gap)
            mask[rows, columns.start + left : columns.stop + left] = True
    return mask
