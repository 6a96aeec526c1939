"""A wrist watch: strap round whatever covers the wrist, case on its back; rigid with the forearm. Measures by eye."""

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import ConvexHull, cKDTree

from generator.world import twist
from generator.world.attached import attach
from generator.world.bodymesh import Skinned
from generator.world.figure import Figure
from generator.world.hands import Side, rest
from generator.world.person_mesh import Piece, grid_faces, toned
from generator.world.skin import toned_material

Array = NDArray[np.float64]

_UP_THE_ARM = 0.036
_GAP = 0.0005
_STRAPS = ((0.013, 0.013, 0.014), (0.016, 0.016, 0.017), (0.07, 0.035, 0.018), (0.045, 0.05, 0.03), (0.30, 0.30, 0.31))
_CASES = ((0.015, 0.015, 0.016), (0.42, 0.42, 0.43), (0.10, 0.10, 0.105))


def watch(
    figure: Figure, side: Side, cover: Array, weights: sparse.csr_matrix, rng: np.random.Generator,
    collection: bpy.types.Collection,
) -> Skinned:  # fmt: skip
    """A watch on one wrist: the case is rigid with the forearm, the strap follows what it goes round.

    Args:
        figure: whose.
        side: which wrist.
        cover: (n, 3) points at rest of everything that the strap goes round.
        weights: (n, bones + stations) of these points.
        rng: for its make.
        collection: to link into.
    """
    wrist, elbow = figure.head(f"wrist.{side}"), figure.head(f"lowerarm01.{side}")
    axis = (elbow - wrist) / np.linalg.norm(elbow - wrist)
    back = -rest(figure, side).axes[:, 2]
    back = back - axis * (back @ axis)
    back /= np.linalg.norm(back)
    frame = np.stack([np.cross(back, axis), back, axis], -1)  # across, out, up the arm
    local = (cover - wrist - _UP_THE_ARM * axis) @ frame
    near = local[(np.abs(local[:, 2]) < 0.009) & (np.hypot(local[:, 0], local[:, 1]) < 0.07)]
    centre = np.array([*(0.5 * (near[:, :2].min(0) + near[:, :2].max(0))), 0.0])
    hull = ConvexHull(near[:, :2] - centre[:2]).equations
    strap = np.array(_STRAPS[int(rng.integers(len(_STRAPS)))])
    pieces = [_strap(hull, strap, float(rng.uniform(0.018, 0.022)))]
    seat = float(_radius(hull, np.array([[0.0, 1.0]]))[0]) + _GAP
    case = np.array(_CASES[int(rng.integers(len(_CASES)))])
    pieces += _round(seat, case, rng) if rng.random() < 0.65 else _square(seat, case)
    moved = [
        Piece((p.vertices + centre) @ frame.T + wrist + _UP_THE_ARM * axis, p.faces, p.tone, p.material) for p in pieces
    ]
    count = sum(len(piece.vertices) for piece in moved[1:])
    tree = cKDTree(cover)
    place = 1 - _UP_THE_ARM / float(np.linalg.norm(elbow - wrist))
    case_weights = sparse.csr_matrix(
        (np.ones(count), (np.arange(count), np.full(count, twist.nearest(f"wrist.{side}", place)))),
        shape=(count, weights.shape[1]),
    )
    bound = sparse.vstack([weights[tree.query(moved[0].vertices)[1]], case_weights])
    materials = [
        toned_material("watch strap", 0.6),
        toned_material("watch case", 0.3, specular=0.6, metallic=0.6 if case[0] > 0.05 else 0.0),
        toned_material("watch glass", 0.05, specular=0.6),
    ]
    return attach(f"watch.{side}", moved, sparse.csr_matrix(bound), collection, materials)


def _radius(hull: Array, unit: Array) -> Array:
    facing = unit @ hull[:, :2].T
    return np.asarray(np.where(facing > 1e-6, -hull[:, 2] / np.maximum(facing, 1e-6), np.inf).min(1))


def _strap(hull: Array, colour: Array, width: float) -> Piece:
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    unit = np.stack([np.sin(turn), np.cos(turn)], -1)
    radius = _radius(hull, unit) + _GAP
    rings = [(-0.5, -0.002), (-0.5, 0.002), (-0.42, 0.003), (0.42, 0.003), (0.5, 0.002), (0.5, -0.002)]
    points = [np.c_[unit * (radius + out)[:, None], np.full(48, z * width)] for z, out in rings]
    vertices = np.concatenate(points)
    return Piece(vertices, grid_faces(6, 48, closed=True)[:, ::-1], toned(vertices, colour), "cloth")


def _turned(profile: Array, colour: Array, material: str, n: int = 28) -> Piece:
    """A lathe about the axis out of the wrist; (k, 2) radius and height."""
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    points = np.concatenate([np.stack([r * np.sin(turn), np.full(n, h), r * np.cos(turn)], -1) for r, h in profile])
    return Piece(points, grid_faces(len(profile), n, closed=True), toned(points, colour), material)


def _round(seat: float, case: Array, rng: np.random.Generator) -> list[Piece]:
    r = float(rng.uniform(0.019, 0.0225))
    dial = np.array([(0.012, 0.012, 0.014), (0.55, 0.55, 0.53), (0.02, 0.03, 0.07)][int(rng.integers(3))])
    body = np.array(
        [(r - 0.002, -0.004), (r, 0.0), (r, 0.006), (r - 0.0012, 0.0085), (r - 0.0035, 0.0088), (r - 0.0038, 0.008)]
    )
    face = np.array([(r - 0.0038, 0.008), (0.0, 0.0082)])
    made = [_turned(body + [0, seat], case, "hard"), _turned(face + [0, seat], dial, "glass")]
    bright = np.array([0.7, 0.7, 0.68]) if dial[0] < 0.3 else np.array([0.02, 0.02, 0.02])
    marks = [(a, 0.74, 0.92, 0.0006) for a in np.arange(12) * np.pi / 6]
    marks += [(rng.uniform(0, 6.28), 0.0, 0.5, 0.0009), (rng.uniform(0, 6.28), 0.0, 0.75, 0.0006)]
    inner = r - 0.0038
    for angle, start, end, half in marks:
        way, across = np.array([np.sin(angle), 0, np.cos(angle)]), np.array([np.cos(angle), 0, -np.sin(angle)])
        ends = [inner * start * way, inner * end * way]
        quad = np.stack(
            [ends[0] - half * across, ends[0] + half * across, ends[1] + half * across, ends[1] - half * across]
        )
        quad += [0, seat + 0.0084, 0]
        made.append(Piece(quad, np.array([[3, 2, 1, 0]]), toned(quad, bright), "hard"))
    return made


def _square(seat: float, case: Array) -> list[Piece]:
    """A digital watch: a rounded square with a dark screen."""
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    ring = np.stack([np.sign(s) * np.abs(s) ** 0.45 * 0.0185, np.sign(c) * np.abs(c) ** 0.45 * 0.0205], -1)
    levels = [(0.94, -0.004), (1.0, 0.001), (1.0, 0.008), (0.93, 0.0105), (0.82, 0.011)]
    points = np.concatenate([np.stack([k * ring[:, 0], np.full(32, seat + h), k * ring[:, 1]], -1) for k, h in levels])
    made = [Piece(points, grid_faces(5, 32, closed=True), toned(points, case), "hard")]
    screen = np.concatenate(
        [np.stack([k * ring[:, 0], np.full(32, seat + 0.0111), k * ring[:, 1]], -1) for k in (0.82, 0.0)]
    )
    made.append(Piece(screen, grid_faces(2, 32, closed=True), toned(screen, (0.012, 0.014, 0.016)), "glass"))
    return made
