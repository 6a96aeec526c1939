"""Hair: drawn for a body, grown over its scalp."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.world import garments
from generator.world.bodymesh import cut, face_mean, refine
from generator.world.person_mesh import Piece, grid_faces, toned
from generator.world.skull import Skull, mask, ways
from generator.world.subdivide import vertex_normals

Array = NDArray[np.float64]

HAIR = ((0.008, 0.006, 0.005), (0.016, 0.010, 0.007), (0.040, 0.022, 0.012), (0.085, 0.046, 0.022), (0.20, 0.13, 0.065))
"""Linear reflectances of black to fair hair, by eye."""

_GREY = np.array([0.20, 0.195, 0.19])


def _azimuth(points: Array, centre: Array) -> Array:
    return np.asarray(np.abs(np.arctan2(points[:, 0] - centre[0], points[:, 1] - centre[1])))


@dataclass(frozen=True)
class Hairdo:
    """How hair is worn.

    Attributes:
        length: metres it stands off the scalp.
        recede: metres the hair line has gone up.
        tied: bun or tail at the back.
        colour: (3,) linear.
        bald: only a wreath is left.
    """

    length: float
    recede: float
    tied: bool
    colour: Array
    bald: bool


def draw_hair(sex: str, age: float, tone: int, rng: np.random.Generator) -> Hairdo:
    """Hair drawn for a body: dark hair goes with dark skin, grey comes with age."""
    usual = 3.2 - 0.42 * tone
    colour = np.array(HAIR[int(np.clip(round(rng.normal(max(usual, 0.3), 0.9)), 0, 4 if tone <= 5 else 1))])
    grey = float(np.clip((age - 36) / 30 + rng.normal(0, 0.15), 0, 0.9))
    colour = (1 - grey) * colour + grey * _GREY
    if sex == "female":
        return Hairdo(float(rng.uniform(0.008, 0.014)), 0.0, bool(rng.random() < 0.8), colour, bald=False)
    bald = bool(rng.random() < np.clip((age - 35) / 60, 0.03, 0.4))
    recede = float(np.clip(rng.normal((age - 25) / 1200, 0.008), 0, 0.03))
    return Hairdo(float(rng.choice([0.003, 0.007, 0.013])), recede, tied=False, colour=colour, bald=bald)


def hair_cover(skull: Skull, points: Array, hairdo: Hairdo) -> Array:
    """(n,) metres above the hair line, negative on bare skin."""
    azimuth = np.degrees(_azimuth(points, skull.centre))
    above = points[:, 2] - skull.eye[2]
    front = 0.072 + hairdo.recede
    temple = front + 0.35 * hairdo.recede
    line = np.interp(azimuth, [0, 28, 48, 62, 74, 92, 100, 125, 180],
                     [front, front - 0.003, temple - 0.006, 0.035, -0.018, -0.028, 0.0, -0.035, -0.075])  # fmt: skip
    cover = above - line
    if hairdo.bald:
        cover = np.minimum(cover, 0.055 - above)
    return np.asarray(cover)


def hair(skull: Skull, hairdo: Hairdo, rng: np.random.Generator, *, pressed: bool) -> list[Piece]:
    """Hair as a cap over the scalp that dips under the skin along the hair line; ``pressed`` under headgear."""
    figure = skull.figure
    where = garments.regions(figure)
    cover = hair_cover(skull, figure.vertices, hairdo)
    cover = np.where(mask("ears") > 0.25, -0.02, cover)
    keep = (
        where.body
        & (where.head > 0.4)
        & (face_mean(cover) > -0.012)
        & (face_mean(figure.vertices[:, 1]) < skull.eye[1] + 0.03)
    )
    if pressed:
        keep &= face_mean(cover) < 0.065
    length = min(hairdo.length, 0.006) if pressed else hairdo.length
    up = np.clip((figure.vertices[:, 2] - skull.eye[2]) / 0.09, 0.25, 1.0)
    offset = np.clip(cover * 0.55, -0.005, length * up)
    surface = refine(cut(figure, keep, offset), 1)
    rest = surface.rest
    strand = np.sin(rest @ rng.normal(0, 160, (3, 5)) + rng.uniform(0, 6.28, 5)).mean(1)
    lump = np.sin(rest @ rng.normal(0, 45, (3, 4)) + rng.uniform(0, 6.28, 4)).mean(1)
    grown = np.clip(hair_cover(skull, rest, hairdo) / 0.02, 0, 1)
    rest = rest + vertex_normals(rest, surface.faces) * (grown * length * (0.10 * strand + 0.22 * lump))[:, None]
    tone = np.clip(hairdo.colour * (1 + 0.25 * strand + 0.12 * lump)[:, None], 0.003, 0.6)
    made = [Piece(rest, surface.faces, tone, "hair")]
    if hairdo.tied:
        made += _tail(skull, hairdo, rng)
    return made


def _tail(skull: Skull, hairdo: Hairdo, rng: np.random.Generator) -> list[Piece]:
    """A bun, or a tail that hangs from the back of the head."""
    back = skull.centre + np.array([0.0, -skull.half[1] - 0.012, -0.015])
    azimuth, elevation = np.meshgrid(np.linspace(0, 2 * np.pi, 12, endpoint=False), np.linspace(-1.5, 1.5, 8))
    ball = ways(azimuth, elevation).reshape(-1, 3)
    size = np.array([0.036, 0.026, 0.033]) if rng.random() < 0.5 else np.array([0.022, 0.022, 0.075])
    knot = back + np.array([0, -0.006, -max(0.0, size[2] - 0.033)]) + ball * size
    knot += ball * (0.003 * np.sin(knot @ rng.normal(0, 150, 3)))[:, None]
    tone = np.clip(
        toned(knot, hairdo.colour) * (0.75 + 0.25 * np.sin(knot @ rng.normal(0, 200, 3)))[:, None], 0.003, 0.6
    )
    return [Piece(knot, grid_faces(8, 12, closed=True), tone, "hair")]
