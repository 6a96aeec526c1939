"""Headgear: training helmets and caps."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from generator.world.person_mesh import DARK, Piece, block, grid_faces, toned, tube
from generator.world.skull import Skull, ways

Array = NDArray[np.float64]

_SHELLS = ((0.018, 0.018, 0.019), (0.055, 0.058, 0.034), (0.17, 0.125, 0.075), (0.08, 0.083, 0.085), (0.02, 0.05, 0.14))
_CAPS = ((0.015, 0.015, 0.017), (0.016, 0.022, 0.05), (0.06, 0.062, 0.036), (0.21, 0.165, 0.105), (0.20, 0.02, 0.018))


def _dome(skull: Skull, grow: Sequence[float], rim: Array, rows: int) -> Array:
    """(rows, columns, 3) shell from a rim, given as heights above the eyes for azimuths all round, to the crown."""
    azimuth = np.linspace(0, 2 * np.pi, len(rim), endpoint=False)
    flat = 0.5 * (skull.half[0] + skull.half[1])
    low = np.arctan2(rim + skull.eye[2] - skull.centre[2], flat)
    t = np.linspace(0, 1, rows)[:, None]
    elevation = low + (np.radians(89) - low) * t
    return skull.oval(ways(np.broadcast_to(azimuth, elevation.shape), elevation), grow)


def _round(columns: int) -> Array:
    """(columns,) degrees from straight ahead, 0 to 180, of azimuths all round."""
    return np.asarray(
        np.degrees(np.abs((np.linspace(0, 2 * np.pi, columns, endpoint=False) + np.pi) % (2 * np.pi) - np.pi))
    )


def helmet(skull: Skull, rng: np.random.Generator) -> list[Piece]:
    """A training helmet: shell with a rolled rim, dark lining, plate in front, rails, chin strap."""
    columns, rows = 40, 12
    sides = 0.028 if rng.random() < 0.5 else -0.035  # cut high over the ears, or covering them
    rim = np.interp(_round(columns), [0, 40, 65, 85, 110, 140, 180], [0.052, 0.048, 0.03, sides, sides, -0.04, -0.05])
    grow = (0.031, 0.032, 0.032)
    shell = _dome(skull, grow, rim, rows)
    flare = np.zeros((rows, 1, 1))
    flare[0] = 0.006
    shell = shell + flare * np.where(np.arange(rows)[:, None, None] == 0, 1, 0) * _outward(shell, skull)
    inner = _dome(skull, (0.012, 0.012, 0.012), rim + 0.002, rows)[:4]
    colour = np.array(_SHELLS[int(rng.integers(len(_SHELLS)))])
    vertices = np.concatenate([inner[::-1].reshape(-1, 3), shell.reshape(-1, 3)])
    dirt = (
        0.85
        + 0.3 * (np.sin(vertices @ rng.normal(0, 40, (3, 5)) + rng.uniform(0, 6.28, 5)).mean(1) > 0.15)[:, None] * 0.4
    )
    tone = toned(vertices, colour) * dirt
    tone[: 4 * columns] = DARK * 0.6
    tone[4 * columns : 5 * columns] = colour * 0.4
    made = [Piece(vertices, grid_faces(rows + 4, columns, closed=True), tone, "hard")]
    made += _helmet_trim(skull, grow, sides)
    return made + _strap(skull, sides)


def _outward(points: Array, skull: Skull) -> Array:
    away = points - skull.centre
    away[..., 2] = 0
    return np.asarray(away / np.maximum(np.linalg.norm(away, axis=-1, keepdims=True), 1e-6))


def _helmet_trim(skull: Skull, grow: Sequence[float], sides: float) -> list[Piece]:
    made = []
    front = skull.oval(np.array([[0.0, np.cos(0.55), np.sin(0.55)]]), grow)[0]
    made.append(block(front + np.array([0, -0.003, 0.004]), np.array([0.042, 0.020, 0.048]), DARK, "hard"))
    low = np.arctan2(sides + 0.024 + skull.eye[2] - skull.centre[2], skull.half[0])
    for side in (-1, 1):
        azimuth = side * np.radians(np.linspace(50, 125, 10))
        path = skull.oval(ways(azimuth, np.full(10, max(low, 0.12))), np.array(grow) + 0.004)
        made.append(tube(path, np.tile([0.0, 0, 1.0], (10, 1)), 0.020, 0.009, DARK, "hard"))
    return made


def _strap(skull: Skull, sides: float) -> list[Piece]:
    """Chin strap, from in front of and behind the ears to the chin."""
    low = skull.vertices[(np.abs(skull.vertices[:, 0]) < 0.03) & (skull.vertices[:, 1] > skull.eye[1] - 0.06)]
    chin = low[low[:, 2].argmin()] * [0, 1, 1] - skull.centre
    made = []
    for side in (-1, 1):
        start = ways(np.array(side * np.radians(68)), np.array(np.arctan2(max(sides, 0.0) - 0.03, 0.09)))
        jaw = np.array([side * 0.055, 0.55 * chin[1] + 0.45 * 0.0, 0.72 * chin[2]])
        knots = np.stack([start * 0.1, jaw, chin + [0, 0.004, 0.0]])
        t = np.linspace(0, 1, 9)[:, None]
        route = (1 - t) ** 2 * knots[0] + 2 * t * (1 - t) * knots[1] + t**2 * knots[2]
        path = skull.on(route, 0.004)
        forward = np.tile([0.0, 1.0, 0.25], (9, 1)) / np.hypot(1, 0.25)
        made.append(tube(path, forward, 0.016, 0.003, DARK, "cloth"))
    return made


def cap(skull: Skull, rng: np.random.Generator) -> list[Piece]:
    """A baseball cap: six panels, a curved peak."""
    columns, rows = 48, 9
    degrees = _round(columns)
    rim = np.interp(degrees, [0, 60, 110, 180], [0.047, 0.036, 0.016, 0.004])
    crown = _dome(skull, (0.013, 0.014, 0.014 + rng.uniform(0, 0.010)), rim, rows)
    colour = np.array(_CAPS[int(rng.integers(len(_CAPS)))])
    seam = np.exp(-((((np.arange(columns) * 6 / columns + 0.5) % 1 - 0.5) / 0.06) ** 2))
    crown = crown - 0.0025 * seam[None, :, None] * _outward(crown, skull)
    tone = toned(crown.reshape(-1, 3), colour) * (1 - 0.35 * np.tile(seam, rows))[:, None]
    tone *= (0.9 + 0.25 * np.linspace(0, 1, rows).repeat(columns))[:, None]  # the crown fades in the sun
    tone[:columns] *= 0.6
    made = [Piece(crown.reshape(-1, 3), grid_faces(rows, columns, closed=True), tone, "cloth")]
    return [*made, _peak(skull, colour, crown[0, 0], float(rng.uniform(0.068, 0.080)))]


def _peak(skull: Skull, colour: Array, front: Array, length: float) -> Piece:
    n, m = 21, 6
    azimuth = np.radians(np.linspace(-66, 66, n))
    low = np.arctan2(front[2] - skull.centre[2], skull.half[1])
    root = skull.oval(ways(azimuth, np.full(n, low)), (0.012, 0.013, 0.016))
    reach = length * np.cos(azimuth * 90 / 66) ** 0.6 + 0.004
    t = np.linspace(0, 1, m)[:, None]
    x = root[None, :, 0] * (1 + 0.10 * t)
    y = root[None, :, 1] + reach * t
    bend = 3.2 * (root[None, :, 0] ** 2) * (0.35 + 0.65 * t)
    z = front[2] + 0.006 - bend - 0.22 * reach * t
    top = np.stack([x, y, z], -1).reshape(-1, 3)
    under = top - [0, 0, 0.004]
    count = n * m
    faces = grid_faces(m, n)
    edge = np.arange(count - n, count)
    rim = np.stack([edge[:-1], edge[1:], edge[1:] + count, edge[:-1] + count], -1)
    tone = np.concatenate([toned(top, colour), toned(under, colour * 0.55)])
    return Piece(np.concatenate([top, under]), np.concatenate([faces[:, ::-1], faces + count, rim]), tone, "cloth")
