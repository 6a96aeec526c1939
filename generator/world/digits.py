"""One finger while it is fitted to a thing: its skin and points in its bones, and how they move."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.world.bodymesh import Surface
from generator.world.figure import Figure
from generator.world.hands import Rest, Whole, palmar_side

Array = NDArray[np.float64]
Single = NDArray[np.float32]

FLESH = 0.0015
"""Metres that skin gives way where it presses."""

_SAMPLES = 360
"""Vertices of a finger's skin that are looked at while it is fitted."""

BONE = 0.0045
_ALONG = (0.15, 0.35, 0.55, 0.75, 0.95)
"""Metres that points along a phalanx's bone keep from the surface, and where along it they are."""

OUTER = [3 * k + joint for k in range(len(_ALONG)) for joint in range(3) if joint == 1 or k % 2 == 0]
"""Which of those points are compared with a neighbouring finger's."""

BONES = 3 * len(_ALONG)


@dataclass(frozen=True)
class Digit:
    """One finger: its refined skin and points within its bones, and how they move.

    Skin is linear in the bones' matrices: a vertex is a sum of what moves with the palm and with the three phalanges.

    Attributes:
        finger: 1 thumb ... 5 little finger.
        parts: (v, 16) of every point: its weight times offset from the joint for each phalanx, its four weights, and what
            of it moves with the palm. Skin of the three phalanges' pads first, then other skin, then points in bones.
        pads: ends of the three pads' rows.
        skin: end of the skin's rows.
        ends: rows of skin that goes with the last phalanx; they stop at the palm.
        heads: (3, 3) joints.
        tip: (3,) middle of the last pad.
        radius: (15,) metres from each of the points in bones to the skin beside it.
    """

    finger: int
    parts: Single
    pads: tuple[int, int, int]
    skin: int
    ends: Whole
    heads: Array
    tip: Array
    radius: Array

    def posed(self, turns: Array, rotation: Array, root: Array, rows: slice | Whole = slice(None)) -> Single:
        """(3, v, n) points for (n, 3, 3, 3) turns in rest axes, moved by a rotation (3, 3) and then by ``root`` (3,)."""
        n = len(turns)
        heads = self._heads(turns)
        columns = np.empty((16, 3, n), np.float32)
        columns[:9] = (rotation @ turns).transpose(1, 3, 2, 0).reshape(9, 3, n)
        columns[9:12] = (heads @ rotation.T + root).transpose(1, 2, 0)
        columns[12] = root[:, None]
        columns[13:] = rotation.T[:, :, None]
        parts = self.parts[rows]
        return np.asarray((parts @ columns.reshape(16, -1)).reshape(len(parts), 3, n).transpose(1, 0, 2))

    def tips(self, turns: Array) -> Array:
        """(n, 3) where the middle of the last pad is, in rest axes."""
        return np.asarray(self._heads(turns)[:, 2] + turns[:, 2] @ (self.tip - self.heads[2]))

    def _heads(self, turns: Array) -> Array:
        """(n, 3, 3) joints as they are posed, in rest axes."""
        second = self.heads[0] + turns[:, 0] @ (self.heads[1] - self.heads[0])
        third = second + turns[:, 1] @ (self.heads[2] - self.heads[1])
        return np.stack([np.broadcast_to(self.heads[0], second.shape), second, third], 1)


def made_digit(figure: Figure, hand: Rest, surface: Surface, outer: Whole, finger: int) -> Digit:
    """A finger of a surface, of whose vertices ``outer`` are the hand's."""
    names = [f"finger{finger}-{joint}.{hand.side}" for joint in (1, 2, 3)]
    coarse = np.stack([figure.share(name)[surface.cut.ids] for name in names])
    fine = np.asarray(surface.matrix[outer] @ coarse.T)
    used = np.nonzero(fine.sum(1) > 0.15)[0]  # creases of the palm move with the fingers, too
    used = used[:: max(1, len(used) // _SAMPLES)]
    vertices = surface.rest[outer[used]]
    pads = np.stack([(fine[used, k] > 0.6) & palmar_side(figure, hand, finger, k + 1, vertices) for k in range(3)])
    order = np.argsort(np.where(pads.any(0), pads.argmax(0), 3), kind="stable")
    used, vertices, pads = used[order], vertices[order], pads[:, order]
    along = figure.tail(names[2]) - figure.head(names[2])
    ahead = (vertices[pads[2]] - figure.head(names[2])) @ along / (along @ along)
    tip = vertices[pads[2]][np.abs(ahead - 0.55) < 0.25].mean(0)
    heads = np.stack([figure.head(name) for name in names])
    tails = np.stack([figure.tail(name) for name in names])
    bones = np.concatenate([heads + u * (tails - heads) for u in _ALONG])
    radius = np.linalg.norm(vertices - bones[:, None], axis=2).min(1)
    matrix = surface.matrix[outer[used]]
    coarse = np.concatenate([coarse, 1 - coarse.sum(0, keepdims=True)])
    weights = np.concatenate([np.asarray(matrix @ coarse.T), np.tile(np.eye(4)[:3], (len(_ALONG), 1))])
    carried = np.stack([np.asarray(matrix @ (share[:, None] * surface.cut.rest)) for share in coarse], 1)
    on_bones = np.concatenate(
        [np.tile(np.eye(3), (len(_ALONG), 1))[:, :, None] * bones[:, None], np.zeros((BONES, 1, 3))], 1
    )
    carried = np.concatenate([carried, on_bones])
    from_head = carried[:, :3] - weights[:, :3, None] * heads
    parts = np.concatenate([from_head.reshape(len(weights), 9), weights, carried[:, 3]], 1)
    first, second, third = (int(n) for n in np.cumsum(pads.sum(1)))
    ends = np.nonzero(weights[:, 2] > 0.5)[0] if finger > 1 else np.zeros(0, np.int64)
    return Digit(finger, parts.astype(np.float32), (first, second, third), len(used), ends, heads, tip, radius)
