"""What a body wears, cut from the clothes shell: which faces, how loose, how wrinkled."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import Dress
from generator.world import anny
from generator.world.bodymesh import Surface, cut, face_mean, refine, refined_uv
from generator.world.figure import Figure
from generator.world.hand_atlas import map_uv, nail_share

Array = NDArray[np.float64]
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
    if dress.sleeves == "long":
        keep &= along > 0.90
    if dress.gloves == "full":
        keep &= (where.hand < 0.5) & (where.wrist_distance > 0.025)
    elif dress.gloves == "half_finger":
        finger = face_mean(figure.share("finger"))
        keep &= ((where.hand < 0.5) & (where.wrist_distance > 0.025)) | (finger > 0.5)
    return refine(cut(figure, keep), 1, base_uv=map_uv())


def nail_faces(surface: Surface) -> Mask:
    """(faces,) of a refined surface that show a nail."""
    return np.asarray(nail_share(refined_uv(anny.base().uv[anny.base().face_uv[surface.cut.base_faces]], 1)) > 0.5)


def sleeves_surface(figure: Figure, where: Regions, dress: Dress, rng: np.random.Generator) -> Surface:
    """Top garment: sleeves and trunk in one. Rolled sleeves end above the elbow in a thick roll."""
    along = arm_distance(figure)
    end = 0.98 if dress.sleeves == "long" else 0.46
    arm_faces = face_mean(along)
    on_arm = where.upper + where.fore + where.hand > 0.5
    keep = where.shell & (where.head < 0.4) & (where.leg < 0.75) & ~(on_arm & (arm_faces > end))
    loose = {"shirt": 0.006, "overall": 0.009, "fleece": 0.008}[dress.top]
    offset = np.full(len(figure.vertices), loose)
    offset += 0.006 * np.clip(along, 0, 1)
    if dress.sleeves == "rolled":
        offset += 0.006 * np.exp(-(((along - end) / 0.05) ** 2))
    else:  # a cuff that closes round the wrist
        offset -= 0.004 * np.exp(-(((along - end) / 0.035) ** 2))
    coarse = cut(figure, keep, offset, _CLOTH)
    surface = refine(coarse, 2)
    return Surface(
        surface.cut, surface.matrix, surface.faces, surface.parent, surface.uv,
        _wrinkles(surface, along, rng, 0.0075 if dress.top != "fleece" else 0.005),
    )  # fmt: skip


def trousers_surface(figure: Figure, where: Regions, rng: np.random.Generator) -> Surface:
    """Trousers, wide enough to hang."""
    keep = where.shell & (where.leg + where.foot >= 0.45)
    height = figure.vertices[:, 2] / figure.head("upperleg01.R")[2]
    offset = 0.010 + 0.016 * np.clip(1 - height, 0, 1)
    surface = refine(cut(figure, keep, offset, _CLOTH), 1)
    waves = rng.normal(0, 1, (8, 3)) * [12, 12, 40]
    relief = 0.004 * np.sin(surface.rest @ waves.T + rng.uniform(0, 6.28, 8)).mean(1) * 1.8
    return Surface(surface.cut, surface.matrix, surface.faces, surface.parent, surface.uv, relief)


def boots_surface(figure: Figure, where: Regions) -> Surface:
    """Boots over the feet, toes together: the body's feet swollen."""
    keep = where.body & ((where.foot > 0.3) | ((where.leg > 0.5) & _below(figure, 0.19)))
    offset = np.full(len(figure.vertices), 0.011)
    return refine(cut(figure, keep, offset), 1)


def head_surface(figure: Figure, where: Regions) -> Surface:
    """Head and neck: the own shadow has a head, though the own camera does not see it."""
    return refine(cut(figure, where.body & (where.head > 0.3)), 0)


def _below(figure: Figure, height: float) -> Mask:
    return np.asarray(face_mean(figure.vertices[:, 2]) < height)


def _wrinkles(surface: Surface, along: Array, rng: np.random.Generator, depth: float) -> Array:
    """Relief of folds: rings round the arm that crowd at the elbow and the cuff, slanting and broken up."""
    place = np.asarray(surface.matrix @ along[surface.cut.ids])
    rest = surface.rest
    relief = np.zeros(len(rest))
    for _ in range(7):
        direction = rng.normal(0, 1, 3)
        slant = rest @ direction * rng.uniform(6, 16)
        rings = np.sin(2 * np.pi * (place * rng.uniform(9, 20)) + slant + rng.uniform(0, 6.28))
        broken = 0.5 + 0.5 * np.sin(rest @ rng.normal(0, 14, 3) + rng.uniform(0, 6.28))
        relief += np.where(rings > 0, rings, 0.4 * rings) * broken / 7
    crowd = 0.35 + 0.9 * np.exp(-(((place - 0.52) / 0.12) ** 2)) + 0.8 * np.exp(-(((place - 0.93) / 0.08) ** 2))
    trunk = place < 0.02
    relief *= np.where(trunk, 0.6, crowd)
    edge = np.clip((0.985 - place) / 0.02, 0.15, 1.0)
    return np.asarray(depth * 2.2 * relief * edge)
