"""Twist spread along the limbs: stations between the bones that skin and sleeves hang on, so that no wrist pinches.

Linear blending of two bones that are twisted against each other narrows the skin between them by the cosine of half the
twist (the "candy wrapper"). Radius and ulna turn skin evenly along the forearm instead: here a limb gets a row of
stations, each turned by its share of the limb's whole twist, and a vertex hangs on the two that it lies between.
Neighbouring stations differ by a few degrees, so that the blend stays linear and exact, and loses under 1 % of width.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from generator.world import anny

if TYPE_CHECKING:
    from generator.world.figure import Figure

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Limb:
    """A stretch of a limb over which twist spreads.

    Attributes:
        above: bone that the limb's upper end does not twist against.
        bones: of the limb, as in the rig.
        end: bone at whose head the stretch ends.
        turned: whether the end's own twist belongs to the stretch, as a hand's does to the forearm.
        places: 0..1 along the limb, of each station.
        shares: 0..1 of the twist that each has.
    """

    above: str
    bones: tuple[str, str]
    end: str
    turned: bool
    places: tuple[float, ...]
    shares: tuple[float, ...]


_EVEN = tuple(k / 8 for k in range(9))
_HALF = tuple(k / 5 for k in range(6))

LIMBS: tuple[Limb, ...] = tuple(
    limb
    for side in "LR"
    for limb in (
        # Skin at the shoulder goes with the shoulder, from the biceps on with the elbow.
        Limb(f"shoulder01.{side}", (f"upperarm01.{side}", f"upperarm02.{side}"), f"lowerarm01.{side}", False,
             _HALF, (0.0, 0.3, 0.6, 0.85, 1.0, 1.0)),
        Limb(f"upperarm02.{side}", (f"lowerarm01.{side}", f"lowerarm02.{side}"), f"wrist.{side}", True, _EVEN, _EVEN),
    )
)  # fmt: skip


def count() -> int:
    """How many stations a body has."""
    return sum(len(limb.places) for limb in LIMBS)


def nearest(end: str, place: float) -> int:
    """Column, after those of the bones, of the station next to ``place`` on the limb that ends at a bone."""
    first = len(anny.bones())
    for limb in LIMBS:
        if limb.end == end:
            return first + int(np.abs(np.array(limb.places) - place).argmin())
        first += len(limb.places)
    raise KeyError(end)


@cache
def _columns() -> dict[str, int]:
    return {bone.name: k for k, bone in enumerate(anny.bones())}


def spread(figure: Figure, ids: Indices, weights: sparse.csr_matrix) -> sparse.csr_matrix:
    """(n, bones + stations) weights in which what hung on a limb's bones hangs on its stations.

    Args:
        figure: whose.
        ids: (n,) vertices of the base mesh.
        weights: (n, bones).
    """
    points, columns = figure.vertices[ids], _columns()
    keep = np.ones(weights.shape[1])
    parts = []
    for limb in LIMBS:
        bones = [columns[bone] for bone in limb.bones]
        share = np.asarray(weights[:, bones].sum(1)).ravel()
        keep[bones] = 0.0
        rows = np.nonzero(share > 0)[0]
        start, way = figure.head(limb.bones[0]), figure.head(limb.end) - figure.head(limb.bones[0])
        place = np.clip((points[rows] - start) @ way / (way @ way), 0, 1) * (len(limb.places) - 1)
        low = np.minimum(place.astype(int), len(limb.places) - 2)
        t = place - low
        values = np.concatenate([(1 - t) * share[rows], t * share[rows]])
        at = (np.concatenate([rows, rows]), np.concatenate([low, low + 1]))
        parts.append(sparse.csr_matrix((values, at), shape=(len(ids), len(limb.places))))
    return sparse.csr_matrix(sparse.hstack([weights @ sparse.diags(keep), *parts]))


def widened(weights: sparse.csr_matrix) -> sparse.csr_matrix:
    """(n, bones + stations) of weights that may lack the stations."""
    missing = len(anny.bones()) + count() - weights.shape[1]
    return (
        sparse.csr_matrix(sparse.hstack([weights, sparse.csr_matrix((weights.shape[0], missing))]))
        if missing
        else weights
    )


def station_matrices(figure: Figure, matrices: Array) -> Array:
    """(stations, 3, 4) from rest to posed space, of (bones, 3, 4) of the bones.

    The limb's ends stay where its bones put them; the last station has the whole twist of what follows.
    """
    made = []
    for limb in LIMBS:
        chain = [
            matrices[figure.column[bone]] for bone in (limb.above, *limb.bones, *([limb.end] if limb.turned else []))
        ]
        start, end = figure.head(limb.bones[0]), figure.head(limb.end)
        first = chain[1][:, :3] @ start + chain[1][:, 3]
        last = chain[2][:, :3] @ end + chain[2][:, 3]
        axis = (last - first) / np.linalg.norm(last - first)
        twists = [twist_about(b[:, :3] @ a[:, :3].T, axis) for a, b in pairwise(chain)]
        base = _about(axis, np.array([-twists[0]]))[0] @ chain[1][:, :3]
        base = _least(base @ (end - start), axis) @ base
        turns = _about(axis, float(np.sum(twists)) * np.array(limb.shares)) @ base
        left = last - first - turns @ (end - start)  # the bones of a forearm are not quite in line
        moved = first - turns @ start + np.array(limb.places)[:, None] * left
        made.append(np.concatenate([turns, moved[:, :, None]], -1))
    return np.concatenate(made)


def twist_about(turn: Array, axis: Array) -> float:
    """Radians that a (3, 3) rotation turns about an axis, once its swing is taken off; -pi..pi."""
    vector = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
    angle = 2 * np.arctan2(float(vector @ axis), 1 + float(np.trace(turn)))
    return float((angle + np.pi) % (2 * np.pi) - np.pi)


def _about(axis: Array, angles: Array) -> Array:
    """(k, 3, 3) rotations about a unit axis (Rodrigues)."""
    x, y, z = axis
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    sin, cos = np.sin(angles)[:, None, None], np.cos(angles)[:, None, None]
    return np.asarray(np.eye(3) + sin * k + (1 - cos) * (k @ k))


def _least(a: Array, b: Array) -> Array:
    """(3, 3) least rotation from a direction to a unit one that is near it."""
    a = a / np.linalg.norm(a)
    v = np.cross(a, b)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.asarray(np.eye(3) + k + k @ k / (1 + float(a @ b)))
