"""What is laid on clothes: belt, collar, pockets, arm band, plate vest."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, cKDTree

from generator.world import anny
from generator.world.figure import Figure, Posed
from generator.world.outfit import Outfit
from generator.world.person_mesh import UP, Piece, grid_faces, toned
from generator.world.skin import CLOTH
from generator.world.subdivide import vertex_normals

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]

WEBBING = np.array([0.016, 0.015, 0.015])
"""Linear colour of belts and radios."""
_FRONT = np.array([[1.0, 0, 0], [0, 0, 1.0], [0, 1.0, 0]])
"""Columns: to the right, up, forward."""


class Draped:
    """Posed cloth that other things are laid on."""

    def __init__(self, vertices: Array, faces: Indices, keep: Mask | None = None) -> None:
        """``keep`` (n,) leaves out what nothing is laid on: the arms, which may hang or fold in front."""
        shown = np.ones(len(vertices), bool) if keep is None else np.asarray(keep)
        self.vertices = vertices[shown]
        self.normals = vertex_normals(vertices, faces)[shown]

    def height(self, origin: Array, axes: Array, points: Array) -> Array:
        """(n,) height along the third axis at points (n, 2) of the plane of the first two; ``axes`` has columns."""
        facing = self.normals @ axes[:, 2] > 0.15
        local = (self.vertices[facing] - origin) @ axes
        near = np.abs(local[:, 2]) < 0.35
        tree = cKDTree(local[near, :2])
        far, who = tree.query(points, k=6)
        weight = 1 / (far + 0.006) ** 2
        return np.asarray((local[near, 2][who] * weight).sum(1) / weight.sum(1))

    def patch(
        self, origin: Array, axes: Array, size: tuple[float, float], lift: float, colour: Sequence[float] | Array,
        *, taper: float = 1.0, steps: tuple[int, int] = (6, 6), smooth: float = 0.0, material: str = "cloth",
    ) -> Piece:  # fmt: skip
        """A padded rectangle laid on the cloth: pocket, panel, pouch, strap.

        Args:
            origin: (3,) its middle.
            axes: (3, 3) columns: width, length, outward.
            size: width and length, metres.
            lift: thickness, metres.
            colour: linear.
            taper: width at the far end of the length over that at the near end.
            steps: vertices along width and length.
            smooth: 0..1, how much it spans what lies below.
            material: of the piece.
        """
        n, m = steps
        u = np.concatenate([[-1.0], np.linspace(-1, 1, n), [1.0]])
        v = np.concatenate([[-1.0], np.linspace(-1, 1, m), [1.0]])
        x, y = np.meshgrid(0.5 * size[0] * u, 0.5 * size[1] * v)
        x = x * (1 + (taper - 1) * (y / size[1] + 0.5))
        flat = np.stack([x.ravel(), y.ravel()], -1)
        height = self.height(origin, axes, flat).reshape(x.shape)
        smoothed = 0.5 * (height.mean(0, keepdims=True) + height.max()) - 0.35 * (x / size[0]) ** 2 * size[0]
        height = np.maximum((1 - smooth) * height + smooth * smoothed, height - 0.004)
        rim = np.zeros(x.shape, bool)
        rim[[0, -1]], rim[:, [0, -1]] = True, True
        top = np.where(rim, -0.006, lift)
        local = np.stack([x.ravel(), y.ravel(), (height + top).ravel()], -1)
        vertices = origin + local @ axes.T
        tone = toned(vertices, colour) * np.where(rim.ravel(), 0.45, 1.0)[:, None]
        faces = grid_faces(m + 2, n + 2)
        return Piece(vertices, faces if np.linalg.det(axes) > 0 else faces[:, ::-1], tone, material)


def _ring(points: Array, centre: Array, axis: Array, half: float, grow: float, colour: Array, n: int = 28) -> Piece:
    """A band round what lies within ``half`` metres of a plane."""
    axis = axis / np.linalg.norm(axis)
    first = np.cross(axis, [0.0, 1.0, 0.1])
    first /= np.linalg.norm(first)
    second = np.cross(axis, first)
    local = points - centre
    near = local[np.abs(local @ axis) < half + 0.015]
    flat = np.stack([near @ first, near @ second], -1)
    hull = ConvexHull(flat).equations
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    unit = np.stack([np.cos(turn), np.sin(turn)], -1)
    facing = unit @ hull[:, :2].T
    radius = np.where(facing > 1e-6, -hull[:, 2] / np.maximum(facing, 1e-6), np.inf).min(1)
    rings = []
    for along, out in ((-half, -0.006), (-half, grow), (0.0, grow + 0.001), (half, grow), (half, -0.006)):
        rings.append(centre + axis * along + (unit @ np.stack([first, second])) * (radius + out)[:, None])
    vertices = np.concatenate(rings)
    return Piece(vertices, grid_faces(5, n, closed=True), toned(vertices, colour), "cloth")


def belt(cloth: Array, centre: Array, colour: Array) -> list[Piece]:
    """A belt round the waist of posed cloth, with its buckle."""
    trunk = cloth[np.abs(cloth[:, 0] - centre[0]) < 0.26]
    band = _ring(trunk, centre - [0, 0, 0.012], UP, 0.019, 0.004, colour, 40)
    front = band.vertices[band.vertices[:, 1].argmax()]
    on = Draped(band.vertices, band.faces)
    place = np.array([centre[0], front[1], centre[2] - 0.012])
    return [band, on.patch(place, _FRONT, (0.05, 0.036), 0.006, (0.20, 0.19, 0.18), steps=(3, 3), material="hard")]


def collar(figure: Figure, posed: Posed, kind: str, outfit: Outfit, rng: np.random.Generator) -> list[Piece]:
    """A band round the neck, open in front, that folds over itself on a shirt."""
    low = figure.head("neck01") + [0, 0.0, -0.012]
    points = figure.vertices[anny.vertex_groups()["body"]]
    height = 0.05 if kind == "fleece" else 0.036
    n = 32
    gap = np.radians(float(rng.uniform(7, 20)) if kind != "fleece" else 5)
    turn = np.linspace(gap, 2 * np.pi - gap, n)
    unit = np.stack([np.sin(turn), np.cos(turn)], -1)
    front = 0.5 + 0.5 * np.cos(turn)
    near = points[(np.abs(points[:, 2] - low[2] - 0.02) < 0.02) & (np.abs(points[:, 0]) < 0.09)]
    hull = ConvexHull(near[:, :2] - low[:2]).equations
    facing = unit @ hull[:, :2].T
    radius = np.where(facing > 1e-6, -hull[:, 2] / np.maximum(facing, 1e-6), np.inf).min(1)
    radius = np.minimum(radius, 0.088)
    base = low[2] - (0.035 if kind != "fleece" else 0.018) * front + 0.012 * (1 - front)
    profile = [(0.016, -0.012), (0.010, 0.4 * height), (0.009, height)]
    profile += (
        [(0.017, height + 0.001), (0.026, 0.45 * height), (0.036, -0.004)] if kind != "fleece" else [(0.013, height)]
    )
    rows = []
    for out, up in profile:
        flat = low[:2] + unit * (radius + out + 0.012 * (1 - up / height))[:, None]
        rows.append(np.concatenate([flat, (base + up)[:, None]], 1))
    vertices = np.concatenate(rows)
    piece = Piece(vertices, grid_faces(len(rows), n)[:, ::-1], toned(vertices, outfit.top * 0.92), "cloth")
    return [piece.moved(posed.matrix("neck01"))]


def front_details(figure: Figure, posed: Posed, on: Draped, kind: str, outfit: Outfit) -> list[Piece]:
    """Placket or zip down the front, chest pockets."""
    chest = posed.point("spine01", figure.torso_origin)
    waist = posed.point("spine04", np.array([0.0, 0.0, figure.head("spine04")[2]]))
    length = chest[2] - waist[2] + (0.0 if outfit.tucked else 0.12) - 0.02
    middle = np.array([0.5 * (chest[0] + waist[0]), chest[1], chest[2] - 0.5 * length - 0.005])
    width = 0.028 if kind == "shirt" else 0.012
    colour = outfit.top * (0.93 if kind == "shirt" else 0.5)
    made = [on.patch(middle, _FRONT, (width, length), 0.004, colour, steps=(2, 16))]
    if kind == "fleece":
        return made
    for side in (-1, 1):
        place = np.array([chest[0] + side * 0.085, chest[1], chest[2] - 0.105])
        made.append(on.patch(place, _FRONT, (0.10, 0.11), 0.0045, outfit.top * 0.95, steps=(5, 5), smooth=0.4))
        made.append(
            on.patch(place + [0, 0, 0.045], _FRONT, (0.106, 0.035), 0.008, outfit.top, steps=(5, 2), smooth=0.4)
        )
    return made


def arm_band(posed: Posed, top: Piece, colour: Array, side: str, *, rolled: bool) -> Piece:
    """A bright band round the upper arm, as marks role-players."""
    a, b = posed.head(f"upperarm01.{side}"), posed.head(f"lowerarm01.{side}")
    centre = a + (0.52 if not rolled else 0.45) * (b - a)
    near = top.vertices[np.linalg.norm(top.vertices - centre, axis=1) < 0.11]
    out, axis = (1.0 if side == "R" else -1.0), (b - a) / np.linalg.norm(b - a)
    inward = np.array([-out, 0.0, 0.0]) + out * axis[0] * axis
    near = near[(near - centre) @ inward < 0.068]  # the trunk is not banded
    return _ring(near, centre, b - a, 0.036, 0.003, colour, 24)


def plate_vest(figure: Figure, posed: Posed, on: Draped, colour: str, rng: np.random.Generator) -> list[Piece]:
    """A plate vest: panels in front and behind, shoulder straps, side bands, pouches."""
    chest = posed.point("spine01", figure.torso_origin)
    cloth = np.array(CLOTH["black" if colour in ("black", "navy", "grey") else "olive"]) * rng.uniform(0.9, 1.4)
    wide = 1.55 * abs(float(figure.head("upperarm01.R")[0]))
    tall = 0.34
    made = []
    for axes in (_FRONT, np.stack([-_FRONT[:, 0], UP, -_FRONT[:, 2]], -1)):
        middle = chest + [0, 0, -0.035 - 0.5 * tall]
        made.append(on.patch(middle, axes, (wide, tall), 0.030, cloth, taper=0.72, steps=(9, 11), smooth=0.75))
    whole = Draped(np.concatenate([on.vertices, made[0].vertices]), np.zeros((1, 4), int))
    whole.normals = np.concatenate([on.normals, vertex_normals(made[0].vertices, made[0].faces)])
    for x in (-0.095, 0.0, 0.095):
        place = chest + [x * wide / 0.3, 0, -0.30 + rng.uniform(-0.006, 0.006)]
        made.append(
            whole.patch(place, _FRONT, (0.078, 0.125), 0.030, cloth * rng.uniform(0.85, 1.15), steps=(4, 5), smooth=0.3)
        )
    radio = chest + [-0.07, 0, -0.13]
    made.append(whole.patch(radio, _FRONT, (0.05, 0.12), 0.030, WEBBING, steps=(3, 4), smooth=0.9, material="hard"))
    made.append(whole.patch(chest + [0.065, 0, -0.12], _FRONT, (0.09, 0.04), 0.004, cloth * 1.5, steps=(4, 3)))
    up = np.stack([np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), UP], -1)
    for side in (-1, 1):
        over = chest + [side * 0.30 * wide, -0.015, 0.0]
        made.append(on.patch(over, up, (0.052, 0.19), 0.010, cloth, steps=(3, 12)))
        axes = np.stack([np.array([0.0, -side, 0]), UP, np.array([side * 1.0, 0, 0])], -1)
        flank = np.array([chest[0], chest[1] - 0.02, chest[2] - 0.30])
        made.append(on.patch(flank, axes, (0.19, 0.14), 0.010, cloth, steps=(8, 4)))
    return made
