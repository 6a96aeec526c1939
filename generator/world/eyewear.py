"""Eye protection: safety glasses and goggles."""

import numpy as np
from numpy.typing import NDArray

from generator.world.person_mesh import DARK, Piece, grid_faces, toned, tube
from generator.world.skull import Skull, ways

Array = NDArray[np.float64]

# light that comes back through a lens: smoke, amber, nearly clear
_TINTS = (((0.05, 0.055, 0.06), 3), ((0.42, 0.26, 0.05), 1), ((0.55, 0.58, 0.58), 2))


def eyewear(skull: Skull, skin: Array, rng: np.random.Generator) -> list[Piece]:
    """Safety glasses or goggles; nobody goes without."""
    weights = np.array([weight for _, weight in _TINTS], float)
    tint = np.array(_TINTS[int(rng.choice(len(_TINTS), p=weights / weights.sum()))][0])
    return goggles(skull, skin, tint, rng) if rng.random() < 0.4 else glasses(skull, skin, tint)


def _front(skull: Skull, width: float, low: float, high: float, wrap: float) -> float:
    """Front of a shield ``y - wrap * x**2`` that clears brow and cheeks (not the nose, which it has a notch for)."""
    away = skull.vertices - skull.eye
    nose = (np.abs(away[:, 0]) < 0.019) & (away[:, 2] < 0.004)
    near = (np.abs(away[:, 0]) < width) & (away[:, 2] > low) & (away[:, 2] < high) & ~nose
    return float((skull.vertices[near, 1] + wrap * away[near, 0] ** 2).max())


def _lens_tone(points: Array, eye: Array, skin: Array, tint: Array) -> Array:
    """What is seen through a lens, painted on it: eye sockets darker than the skin."""
    x, z = np.abs(points[:, 0]) - 0.031, points[:, 2] - eye[2]
    socket = 0.62 * np.exp(-((x / 0.014) ** 2) - (z / 0.008) ** 2) + 0.45 * np.exp(
        -((x / 0.018) ** 2) - ((z - 0.019) / 0.005) ** 2
    )
    return np.asarray(0.012 + tint * skin * (1 - np.clip(socket, 0, 0.9))[:, None] * 0.8)


def glasses(skull: Skull, skin: Array, tint: Array) -> list[Piece]:
    """Wrap-round safety glasses: one shield with a notch for the nose, brow bar, temples."""
    wide, wrap, eye = 0.067, 6.5, skull.eye
    front = _front(skull, wide, -0.018, 0.016, wrap) + 0.004
    n, m = 25, 6
    x = np.linspace(-wide, wide, n)
    out = np.abs(x) / wide
    low = -0.024 + 0.010 * out**3 + 0.020 * np.exp(-((x / 0.012) ** 2))
    high = 0.017 - 0.004 * out**2
    t = np.linspace(0, 1, m)[:, None]
    z = low + (high - low) * t
    y = front - wrap * x**2 - 0.006 * (1 - t)
    shield = np.stack([np.broadcast_to(x, z.shape), y, eye[2] + z], -1).reshape(-1, 3)
    made = [Piece(shield, grid_faces(m, n)[:, ::-1], _lens_tone(shield, eye, skin, tint), "lens")]
    top = np.stack([x, front - wrap * x**2 + 0.001, eye[2] + high], -1)
    made.append(tube(top, np.tile([0.0, 0, 1], (n, 1)), 0.0065, 0.005, DARK, "hard"))
    bottom = np.stack([x, front - wrap * x**2 - 0.005, eye[2] + low], -1)
    made.append(tube(bottom, np.tile([0.0, 0, 1], (n, 1)), 0.0025, 0.003, DARK, "hard"))
    for side in (-1, 1):
        s = np.linspace(0, 1, 8)
        y = front - wrap * wide**2 - 0.095 * s
        z = eye[2] + 0.010 - 0.010 * s**3
        x = np.maximum(wide + 0.002 + 0.006 * s, _side(skull, y, z) + 0.003)
        path = np.stack([side * x, y, z], -1)
        made.append(tube(path, np.tile([0.0, 0, 1], (8, 1)), 0.009, 0.003, DARK, "hard"))
    return made


def _side(skull: Skull, y: Array, z: Array) -> Array:
    """(n,) half width of the head at places (y, z)."""
    far = np.hypot(skull.vertices[:, 1] - y[:, None], skull.vertices[:, 2] - z[:, None])
    return np.asarray(np.where(far < 0.015, np.abs(skull.vertices[:, 0]), 0).max(1))


def goggles(skull: Skull, skin: Array, tint: Array, rng: np.random.Generator) -> list[Piece]:
    """Goggles: a frame that stands on the face, a bowed lens, an elastic strap round the head."""
    wide, wrap, eye = 0.078, 4.6, skull.eye
    front = _front(skull, 0.07, -0.03, 0.025, wrap) + 0.012
    n = 36
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    x = wide * np.sign(c) * np.abs(c) ** 0.62
    z = np.where(s > 0, 0.036, -0.040) * np.abs(s) ** 0.7 + 0.018 * np.exp(-((x / 0.016) ** 2)) * (s < 0)
    rings = []
    for scale, forward in ((1.04, -0.030), (1.07, -0.008), (1.0, 0.002), (0.9, 0.0), (0.86, -0.003)):
        rings.append(np.stack([x * scale, front + forward - wrap * (x * min(scale, 1)) ** 2, eye[2] + z * scale], -1))
    frame = np.concatenate(rings)
    colour = DARK if rng.random() < 0.7 else np.array([0.17, 0.13, 0.08])
    made = [Piece(frame, grid_faces(5, n, closed=True)[:, ::-1], toned(frame, colour), "hard")]
    half = np.arange(n // 2 + 1)
    px, top, low = 0.87 * x[half], 0.87 * z[half], 0.87 * z[-half]
    t = np.linspace(0, 1, 7)[:, None]
    shape = np.broadcast_to(px, (7, len(px)))
    lens = np.stack([shape, front - 0.003 - wrap * shape**2, eye[2] + low + (top - low) * t], -1).reshape(-1, 3)
    made.append(Piece(lens, grid_faces(7, len(px)), _lens_tone(lens, eye, skin, tint), "lens"))
    azimuth = np.radians(np.linspace(52, 308, 40))
    elevation = np.full(40, np.arctan2(-0.018, 0.09)) + 0.05 * np.cos(azimuth)
    path = skull.on(ways(azimuth, elevation), 0.010)
    ends = [np.array([[side * wide * 1.05, front - 0.02 - wrap * wide**2, eye[2] + 0.002]]) for side in (1, -1)]
    path = np.concatenate([ends[0], path, ends[1]])
    made.append(tube(path, np.tile([0.0, 0, 1], (len(path), 1)), 0.024, 0.003, colour, "cloth"))
    return made
