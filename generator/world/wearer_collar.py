"""The collar of the wearer's top: it stands round the neck and, on shirts and overalls, falls over. Measures by eye."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from generator.scenario.spec import Dress
from generator.world.bodymesh import Surface
from generator.world.figure import Figure
from generator.world.person_mesh import Piece, grid_faces, toned

Array = NDArray[np.float64]

_COLUMNS = 48


def collar(figure: Figure, top: Surface, dress: Dress, colour: Array, rng: np.random.Generator) -> Piece:
    """A collar that follows the neckline of the top at rest, open in front.

    Args:
        figure: whose.
        top: what it is sewn to.
        dress: fleeces have a standing collar only.
        colour: (3,) linear.
        rng: for how far it is open.
    """
    low, high = figure.head("neck01"), figure.head("head")
    axis = (high - low) / np.linalg.norm(high - low)
    gap = float(rng.uniform(0.15, 0.45))
    turn = np.linspace(gap, 2 * np.pi - gap, _COLUMNS)  # from the front round the right side
    out = np.stack([np.sin(turn), np.cos(turn), np.zeros(_COLUMNS)], -1)
    near = top.rest[np.linalg.norm((top.rest - low)[:, :2], axis=1) < 0.13] - low
    near = near[near[:, 2] > -0.10]
    angle, height = np.arctan2(near[:, 0], near[:, 1]), near @ axis
    base = np.empty((_COLUMNS, 3))
    for k, phi in enumerate(turn):
        inside = np.abs((angle - phi + np.pi) % (2 * np.pi) - np.pi) < 0.16
        base[k] = near[inside][height[inside].argmax()] if inside.any() else base[k - 1]
    base = ndimage.gaussian_filter1d(base, 1.5, axis=0, mode="nearest") + low
    front = np.clip(np.cos(turn), 0, 1)[:, None] ** 2
    stand, fall = (0.045, 0.0) if dress.top == "fleece" else (0.028, 0.044)
    wave = 0.002 * ndimage.gaussian_filter1d(rng.normal(0, 3, _COLUMNS), 4)[:, None]
    rows = [
        base - 0.010 * axis - 0.002 * out,
        base + 0.5 * stand * axis * (1 - 0.25 * front) + 0.001 * out,
        base + stand * axis * (1 - 0.4 * front) + (0.002 + wave) * out,
        base + (stand + 0.003) * axis * (1 - 0.4 * front) + (0.0055 + wave) * out,
    ]
    if fall > 0:  # points of the collar reach further down in front
        reach = fall * (1 + 0.5 * front**3)
        for share, away in ((0.45, 0.013), (0.93, 0.021), (1.0, 0.020), (0.96, 0.017)):
            rows.append(rows[3] - share * reach * axis + (away + 1.5 * wave) * out)
    else:
        rows += [base + 0.5 * stand * axis + 0.007 * out, base - 0.008 * axis + 0.006 * out]
    points = np.concatenate(rows)
    tone = toned(points, colour)
    edge = np.zeros((len(rows), _COLUMNS), bool)
    edge[:, [0, -1]] = True
    edge[3] = True
    return Piece(points, grid_faces(len(rows), _COLUMNS), tone * np.where(edge.ravel(), 0.8, 1.0)[:, None], "cloth")
