"""Gloves: cut from the hand's surface, painted on the hand's atlas. Measures and strengths are chosen by eye."""

import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import Dress
from generator.world import garments
from generator.world.bodymesh import Surface, cut, refine
from generator.world.canvas import noise
from generator.world.figure import Figure
from generator.world.hand_atlas import HEIGHT, WIDTH, Atlas, map_uv
from generator.world.hand_skin import encoded
from generator.world.hands import rest
from generator.world.skin import CLOTH

Array = NDArray[np.float64]

_LEATHER = {"tan": (0.30, 0.17, 0.075), "brown": (0.10, 0.050, 0.024), "orange": (0.36, 0.17, 0.05)}
_NITRILE = {"blue": (0.05, 0.16, 0.52), "green": (0.05, 0.30, 0.16), "tan": (0.62, 0.48, 0.31),
            "grey": (0.22, 0.23, 0.26), "brown": (0.62, 0.48, 0.31)}  # fmt: skip
_KNIT = {"grey": (0.40, 0.40, 0.39), "tan": (0.46, 0.36, 0.20), "blue": (0.07, 0.15, 0.36)}
_DIPPED = np.array([[0.018, 0.018, 0.020], [0.20, 0.075, 0.020], [0.07, 0.075, 0.08]])
"""Linear colours, by eye; what is not named is as cloth."""

ROUGHNESS = {"mechanic": 0.78, "knit": 0.85, "leather": 0.55, "nitrile": 0.34}


def glove_kind(dress: Dress) -> str:
    """What the gloves are of; there are no half-finger gloves of nitrile."""
    return "knit" if dress.gloves == "half_finger" and dress.glove_kind == "nitrile" else dress.glove_kind


def glove_colour(dress: Dress) -> Array:
    """(3,) linear colour of a glove's back."""
    named = {"leather": _LEATHER, "nitrile": _NITRILE, "knit": _KNIT}.get(glove_kind(dress), {})
    return np.array(named.get(dress.glove_colour, CLOTH[dress.glove_colour]))


def gloves_surface(figure: Figure, where: garments.Regions, dress: Dress) -> Surface:
    """Gloves with a cuff; thicker over the knuckles; half-finger gloves end at the middle phalanx."""
    kind = glove_kind(dress)
    cuff = {"mechanic": 0.050, "knit": 0.065, "leather": 0.055, "nitrile": 0.075}[kind]
    keep = where.body & ((where.hand > 0.5) | ((where.fore > 0.3) & (where.wrist_distance < cuff)))
    half = dress.gloves == "half_finger"
    if half:
        keep &= ~garments.finger_ends(figure, 0.3)
    thin = kind == "nitrile"
    offset = np.full(len(figure.vertices), 0.0006 if thin else 0.0010 if half else garments.GLOVE_THICKNESS)
    for side in "LR":
        wrist = figure.head(f"wrist.{side}")
        back = -rest(figure, "R" if side == "R" else "L").axes[:, 2]
        for finger in (2, 3, 4, 5):
            knuckle = figure.head(f"finger{finger}-1.{side}") + 0.012 * back
            near = np.linalg.norm(figure.vertices - knuckle, axis=1)
            offset += (0.0018 if kind == "mechanic" else 0.0004) * np.exp(-((near / 0.014) ** 2))
        towards = figure.head(f"lowerarm01.{side}") - wrist
        up = (figure.vertices - wrist) @ (towards / np.linalg.norm(towards))
        near = np.linalg.norm(figure.vertices - wrist, axis=1) < 0.12
        offset += np.where(near, (0.0008 if thin else 0.0030) * np.clip((up - 0.005) / 0.03, 0, 1), 0.0)
    return refine(cut(figure, keep, offset, 0.0005 if thin else 0.0013, 2), 1, base_uv=map_uv())


def glove_picture(atlas: Atlas, dress: Dress, rng: np.random.Generator) -> NDArray[np.float32]:
    """(HEIGHT, WIDTH, 4) colour and relief; see ``hand_skin.encoded``."""
    colour, relief = {"mechanic": _mechanic, "knit": _knit, "leather": _leather, "nitrile": _nitrile}[
        glove_kind(dress)
    ](atlas, glove_colour(dress), rng)
    if dress.gloves == "half_finger":
        which, place = atlas.digit
        hem = _band(place - np.where(which == 1, 1.12, 1.27), 0.07) * (which > 0)
        colour, relief = colour * (1 - 0.35 * hem)[:, None], relief + 0.0006 * hem
    return atlas.image(encoded(np.clip(colour, 0.004, 0.85), relief))


def _noise(atlas: Atlas, size: float, rng: np.random.Generator) -> Array:
    rows, columns = atlas.pixels.T
    return np.clip(noise(rng, (HEIGHT, WIDTH), HEIGHT / 0.3, size, 2.0)[rows, columns].astype(float), -2.5, 2.5)


def _smooth(value: Array, low: float, high: float) -> Array:
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def _band(value: Array, half: float) -> Array:
    """1 within ``half`` of zero, soft at its ends."""
    return np.asarray(1 - _smooth(np.abs(value), 0.75 * half, half))


def _mixed(colour: Array, other: Array, share: Array) -> Array:
    return colour + share[:, None] * (other - colour)


def _bends(atlas: Atlas) -> Array:
    """(n,) 1 at the joints, where gloves crease."""
    which, place = atlas.digit
    at_joint = np.exp(-(((place - 1) / 0.22) ** 2)) + np.exp(-(((place - 2) / 0.25) ** 2))
    return np.where(which > 0, at_joint, 0.6 * np.exp(-((atlas.along / 0.12) ** 2)))


def _creases(atlas: Atlas, rng: np.random.Generator, pitch: float) -> Array:
    """(n,) -1..1 short folds across the fingers and the wrist."""
    which, place = atlas.digit
    along = np.where(which > 0, place * 0.024, atlas.along * 0.09)
    return np.sin(2 * np.pi * along / pitch + 1.3 * _noise(atlas, 0.012, rng))


def _seams(atlas: Atlas) -> Array:
    """(n,) 1 on the seam between palm and back, along the sides of hand and fingers."""
    return _band(atlas.palmar - 0.05, 0.11) * (atlas.along > -0.1)


def _mechanic(atlas: Atlas, base: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Stretch back, synthetic palm, a padded panel over the knuckles, bars on the fingers, a strap."""
    dark = np.array([0.017, 0.017, 0.018])
    main, other = (base, dark) if base.mean() > 0.03 else (base, np.array([0.06, 0.062, 0.066]))
    palm = _smooth(atlas.palmar, -0.02, 0.12)
    weave = _noise(atlas, 0.0016, rng)
    colour = np.tile(main, (len(weave), 1)) * (1 + 0.08 * weave + 0.10 * _noise(atlas, 0.03, rng))[:, None]
    inner = (0.45 * other + 0.20 * main + 0.006) * np.ones((len(weave), 1))
    colour = _mixed(colour, inner * (1 + 0.12 * _noise(atlas, 0.006, rng))[:, None], palm)
    relief = 0.00006 * weave
    which, place = atlas.digit
    pad = _band(atlas.along - 0.90 - 0.10 * atlas.across, 0.17) * _band(atlas.across - 0.02, 0.72) * (1 - palm)
    pad *= (which != 1) * (np.where(which > 0, place, 0) < 0.4)
    grooves = 0.5 + 0.5 * np.cos(2 * np.pi * (atlas.across - 0.02) / 0.33)
    colour = _mixed(colour, other * 1.1 + 0.004, pad * (0.65 + 0.35 * grooves))
    relief = relief + pad * (0.0005 + 0.0004 * grooves)
    bars = _band(place - 0.62, 0.16) + _band(place - 1.5, 0.18)
    bars *= (which > 1) * (1 - palm)
    colour, relief = _mixed(colour, other * 1.1 + 0.003, bars), relief + 0.0005 * bars
    tip = np.where(which > 0, _smooth(place, 2.3, 2.5), 0.0)
    colour = _mixed(colour, other + 0.004, tip)
    strap = _band(atlas.along + 0.17, 0.13)
    tab = strap * _band(atlas.across - 0.05, 0.42) * (atlas.palmar < 0)
    colour, relief = _mixed(colour, other, strap), relief + 0.0004 * strap + 0.0005 * tab
    colour = _mixed(colour, main * 1.15 + 0.01, _band(tab - 0.5, 0.45) * 0.5)
    seam = _seams(atlas)
    colour = colour * (1 - 0.45 * seam)[:, None]
    fold = _bends(atlas) * _creases(atlas, rng, 0.0055)
    return colour * (1 + 0.12 * fold)[:, None], relief - 0.0004 * seam + 0.00035 * fold


def _knit(atlas: Atlas, base: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Knitted liner with ribs along the fingers; palm and fingertips dipped in rubber."""
    which, _ = atlas.digit
    rubber = _DIPPED[int(rng.integers(len(_DIPPED)))]
    ribs = np.cos(2 * np.pi * atlas.across * 0.075 / 0.0032)
    stitch = 0.6 * ribs + 0.4 * np.cos(2 * np.pi * atlas.along * 0.09 / 0.0026)
    cuff = _smooth(-atlas.along, 0.05, 0.12)
    colour = np.tile(base, (len(ribs), 1)) * (1 + (0.13 + 0.12 * cuff) * stitch)[:, None]
    colour = colour * (1 - 0.16 * np.clip(_noise(atlas, 0.02, rng), -1, 1.5))[:, None]  # grime
    relief = (0.00016 + 0.0003 * cuff) * stitch
    line = atlas.palmar + 0.12 * _noise(atlas, 0.012, rng)
    tips = np.where(which > 0, _smooth(atlas.digit[1], 2.2, 2.5), 0.0)
    dipped = np.maximum(_smooth(line, -0.12, 0.0), tips) * _smooth(atlas.along, 0.0, 0.06)
    grain = _noise(atlas, 0.0024, rng)
    colour = _mixed(colour, rubber * (1 + 0.10 * grain)[:, None], dipped)
    relief = (1 - dipped) * relief + dipped * (0.0003 + 0.00010 * grain)
    bead = _band(atlas.along + 0.64, 0.05)
    return colour * (1 - 0.5 * bead)[:, None], relief + 0.0005 * bead + 0.0003 * _bends(atlas) * _creases(
        atlas, rng, 0.006
    )


def _leather(atlas: Atlas, base: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Worn leather: creased at the joints, rubbed pale on knuckles and palm, dark with sweat, three lines on the back."""
    grain, wide = _noise(atlas, 0.0022, rng), _noise(atlas, 0.025, rng)
    colour = np.tile(base, (len(grain), 1)) * (1 + 0.10 * grain + 0.14 * wide)[:, None]
    fold = _bends(atlas) * _creases(atlas, rng, 0.0065)
    colour = colour * (1 + 0.28 * np.clip(fold, -1, 0.4))[:, None]
    worn = np.clip(_smooth(atlas.palmar, 0.3, 0.9) * (0.6 + 0.4 * wide), 0, 1) * (atlas.along > 0.05)
    colour = _mixed(colour, 0.55 * base + 0.012, 0.7 * worn)
    seam = _seams(atlas)
    points = np.zeros(len(grain))
    for place in (-0.28, 0.02, 0.30):
        points = np.maximum(points, _band(atlas.across - place, 0.030) * _band(atlas.along - 0.58, 0.28))
    points *= _smooth(-atlas.palmar, 0.2, 0.5)
    edge = _band(atlas.along + 0.42, 0.025) + _band(atlas.along + 0.05, 0.02) * (atlas.palmar < 0.3)
    lines = np.clip(seam + edge, 0, 1)
    colour = colour * (1 - 0.4 * lines)[:, None] * (1 - 0.25 * points)[:, None]
    return colour, 0.00007 * grain + 0.0005 * fold - 0.0005 * lines + 0.0008 * points


def _nitrile(atlas: Atlas, base: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Thin and smooth, wrinkled round the joints and loose at the wrist, with a rolled bead."""
    wide = _noise(atlas, 0.02, rng)
    cuff = _smooth(-atlas.along, 0.0, 0.3)
    fold = _bends(atlas) * _creases(atlas, rng, 0.0042) + cuff * np.sin(2 * np.pi * atlas.across / 0.22 + 2 * wide)
    ripple = np.abs(_noise(atlas, 0.010, rng))
    bead = _band(atlas.along + 0.80, 0.03)
    colour = np.tile(base, (len(wide), 1)) * (1 + 0.05 * wide + 0.10 * fold + 0.2 * bead)[:, None]
    return colour, 0.00035 * fold + 0.00018 * ripple + 0.0007 * bead
