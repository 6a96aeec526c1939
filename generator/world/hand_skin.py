"""Skin of hands and forearms, painted on the atlas: melanin and blood, creases, veins, nails, spots, hair.

Colours are linear Rec. 709, relief is in metres. Depths and strengths are chosen by eye.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from generator.scenario.spec import Body
from generator.world.canvas import noise
from generator.world.hair import HAIR
from generator.world.hand_atlas import FINGERS, HEIGHT, WIDTH, Atlas, smooth_nails, squared
from generator.world.skin import skin_colour

Array = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]

_MELANIN = np.array([0.45, 0.75, 1.0])
_BLOOD = np.array([0.07, 0.55, 0.44])
"""How much more melanin and blood take from red, green and blue: melanin least from red, blood most from green."""

_PALM = np.array([0.57, 0.365, 0.26])
_NAIL = np.array([0.52, 0.315, 0.27])
_PPM = HEIGHT / 0.3

Line = tuple[tuple[float, float], ...]
"""Points (along, across) on the hand; see ``Atlas``."""

_CREASES: tuple[Line, ...] = (
    ((0.84, -0.62), (0.80, -0.35), (0.86, 0.0), (0.98, 0.24)),
    ((0.76, 0.62), (0.68, 0.25), (0.55, -0.15), (0.44, -0.50)),
    ((0.76, 0.62), (0.70, 0.36), (0.52, 0.10), (0.28, 0.0), (0.06, 0.08)),
    ((-0.02, -0.45), (0.01, 0.0), (-0.02, 0.45)),
    ((-0.10, -0.45), (-0.07, 0.0), (-0.10, 0.45)),
)
"""Lines of the palm and the wrist."""

_VEINS_BACK: tuple[Line, ...] = (
    ((1.02, 0.10), (0.84, 0.05), (0.62, 0.12), (0.42, 0.22), (0.18, 0.30), (-0.15, 0.42), (-0.7, 0.45), (-1.5, 0.25),
     (-2.4, 0.30)),
    ((1.02, 0.42), (0.84, 0.34), (0.60, 0.30), (0.42, 0.22)),
    ((1.02, -0.20), (0.86, -0.16), (0.74, -0.06), (0.62, 0.12)),
    ((1.00, -0.45), (0.82, -0.36), (0.58, -0.30), (0.30, -0.34), (0.0, -0.36), (-0.6, -0.40), (-1.3, -0.55)),
    ((0.86, -0.16), (0.72, -0.28), (0.58, -0.30)),
    ((-0.35, 0.44), (-0.6, 0.1), (-1.0, -0.1), (-1.3, -0.55)),
    ((-0.9, 0.40), (-1.1, 0.62), (-1.6, 0.75)),
)  # fmt: skip
_VEINS_FRONT: tuple[Line, ...] = (
    ((-0.06, 0.12), (-0.4, 0.16), (-0.9, 0.05), (-1.5, 0.20), (-2.3, 0.10)),
    ((-0.10, -0.15), (-0.6, -0.20), (-0.9, 0.05)),
    ((-0.15, 0.40), (-0.7, 0.50), (-1.5, 0.20)),
)


def skin_picture(atlas: Atlas, body: Body, rng: np.random.Generator, shown: Mask | None = None) -> NDArray[np.float32]:
    """(HEIGHT, WIDTH, 4): sRGB-encoded colour, and relief of -1..1 mm as 0..1.

    ``shown`` (n,) are the pixels that anything will be seen of; the others stay black.
    """
    shown = np.ones(len(atlas.points), bool) if shown is None else shown
    part = atlas if shown.all() else atlas.part(shown)
    colour, relief = painted(part, body, rng, lambda: _hair(atlas, shown, body, rng))
    return part.image(encoded(colour, relief))


def mean_colour(atlas: Atlas, picture: NDArray[np.float32]) -> Array:
    """(3,) linear colour that a picture of skin has on the forearm below the elbow, on the whole."""
    rows, columns = atlas.pixels[below_elbow(atlas)].T
    return np.asarray(decoded(picture[rows, columns, :3]).mean(0))


def below_elbow(atlas: Atlas) -> Mask:
    """(n,) pixels of the upper end of the forearm, whose colour the upper arm has."""
    return np.asarray(atlas.along < -1.8)


def decoded(srgb: NDArray[Any]) -> Array:
    """Linear values of sRGB-encoded ones."""
    return np.asarray(np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4), float)


def encoded(colour: Array, relief: Array) -> Array:
    """(n, 4) what the map's picture holds of linear colours (n, 3) and relief (n,) in metres."""
    linear = np.clip(colour, 0.0, 1.0)
    srgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.concatenate([srgb, np.clip(0.5 + relief / 0.002, 0, 1)[:, None]], 1)


def painted(atlas: Atlas, body: Body, rng: np.random.Generator, hair: Callable[[], Array]) -> tuple[Array, Array]:
    """(n, 3) linear colours and (n,) relief in metres of skin, with the cover (n,) of its hair."""
    old = float(np.clip((body.age - 25) / 45, 0, 1))
    pale = 1 - (body.skin_tone - 1) / 12  # how much of the blood shows
    base = skin_colour(body.skin_tone) * np.array([0.92, 0.89, 0.86])  # sun and weather of an outdoor trade, by eye
    palm = _smooth(atlas.palmar, -0.15, 0.75) * _smooth(atlas.along, -0.12, 0.08)
    palm = np.maximum(palm, 0.35 * _tips(atlas))
    wide, fine, grain = (_field(atlas, size, rng) for size in (0.030, 0.008, 0.0022))
    melanin = 0.03 * wide + 0.025 * fine
    blood = 0.16 + 0.07 * wide + 0.06 * fine
    lined = _network(atlas, old, rng) * (1 - palm)
    relief = (0.000030 + 0.00002 * old) * grain - (0.00007 + 0.00008 * old) * lined
    melanin, blood = melanin + (0.05 + 0.05 * old) * lined, blood + 0.07 * lined
    beside = _between(atlas)
    melanin, blood = melanin + 0.16 * beside, blood + 0.34 * beside
    shade, pressed, knuckle = _joints(atlas, old, rng)
    relief = relief + pressed
    melanin = melanin + 0.9 * shade + knuckle * (0.06 + 0.020 * body.skin_tone)
    blood = blood + 0.6 * shade + 0.45 * knuckle + 0.10 * palm + 0.22 * _tips(atlas)
    lines = _lines(atlas, _CREASES, rng, 0.02, (0.0006, 0.0012)) * _smooth(atlas.palmar, 0.2, 0.6)
    lines *= 0.4 + 0.6 * _smooth(atlas.along, 0.0, 0.05)  # those of the wrist are fainter
    melanin, blood, relief = melanin + 0.20 * lines, blood + 0.35 * lines, relief - 0.00040 * lines
    vein = _veins(atlas, body, old, rng)
    relief = relief + 0.0008 * vein + _tendons(atlas, body, old)
    spots = _spots(atlas, body, old, rng) * (1 - palm)
    melanin = melanin + 0.55 * spots
    here = base * np.exp(-np.outer(melanin, _MELANIN))
    inner = (0.22 * base + 0.78 * _PALM * (0.34 + 0.69 * pale)) * np.exp(-np.outer(0.6 * melanin, _MELANIN))
    colour = here + (palm * 0.85)[:, None] * (inner - here)
    colour = colour * np.exp(-np.outer(blood * (0.35 + 0.65 * pale), _BLOOD))
    colour = colour * (1 - (vein * (0.10 + 0.14 * pale))[:, None] * np.array([1.0, 0.45, 0.25]))
    colour = colour * (1 - hair()[:, None] * (1 - np.array(HAIR[1]) / 0.3))
    return _nailed(atlas, colour, relief, pale)


def _smooth(value: Array, low: float, high: float) -> Array:
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def _field(atlas: Atlas, size: float, rng: np.random.Generator) -> Array:
    """(n,) noise of standard deviation 1 with features of ``size`` metres."""
    rows, columns = atlas.pixels.T
    return np.clip(noise(rng, (HEIGHT, WIDTH), _PPM, size, 2.0)[rows, columns].astype(float), -2.5, 2.5)


def _network(atlas: Atlas, old: float, rng: np.random.Generator) -> Array:
    """(n,) 1 in the fine furrows that cross on the backs of hands and on forearms, broader and deeper with age."""
    width = 0.16 + 0.10 * old
    fields = [_field(atlas, size, rng) for size in (0.0030, 0.0042)]
    furrows = [np.exp(-((field / width) ** 2)) for field in fields]
    return np.asarray(
        np.maximum(furrows[0], 0.8 * furrows[1]) * (0.7 + 0.3 * np.clip(_field(atlas, 0.015, rng), -1, 1))
    )


def _between(atlas: Atlas) -> Array:
    """(n,) 1 on the sides of fingers that face another finger, and in the webs: redder, darker, and what sets them apart."""
    which, place = atlas.digit
    sideways = atlas.normals @ atlas.hand.axes[:, 1]  # towards the index finger
    facing = np.where(which == 2, -sideways, np.where(which == 5, sideways, np.abs(sideways)))
    sides = _smooth(facing, 0.45, 0.95) * (which > 1) * (1 - 0.6 * _smooth(place, 2.2, 2.8))
    web = _smooth(np.abs(sideways), 0.3, 0.8) * (which > 1) * np.exp(-(((place - 0.3) / 0.25) ** 2))
    return np.asarray(np.clip(sides + 0.5 * web, 0, 1))


def _tendons(atlas: Atlas, body: Body, old: float) -> Array:
    """(n,) metres that the fingers' tendons stand out of the back of the hand: lean and old hands show them."""
    shown = np.clip(0.35 + 0.75 * old + 0.8 * (0.5 - body.weight) + 0.3 * (body.muscle - 0.5), 0.1, 1.2)
    broad = float(np.linalg.norm(atlas.fingers[2].joints[0] - atlas.fingers[5].joints[0]))
    total = np.zeros(len(atlas.points))
    for knuckle in (0.46, 0.16, -0.16, -0.44):
        line = knuckle * (0.35 + 0.65 * _smooth(atlas.along, 0.1, 1.0))
        away = (atlas.across - line) * broad
        total += np.exp(-((away / 0.0026) ** 2)) - 0.35 * np.exp(-((away / 0.0060) ** 2))
    there = _smooth(atlas.along, 0.18, 0.45) * (1 - _smooth(atlas.along, 0.86, 1.0)) * _smooth(-atlas.palmar, 0.2, 0.7)
    return np.asarray(0.00065 * shown * there * total)


def _tips(atlas: Atlas) -> Array:
    """(n,) 1 towards the ends of the fingers."""
    which, place = atlas.digit
    return np.where(which > 0, _smooth(place, 2.35, 3.0), 0.0)


def _joints(atlas: Atlas, old: float, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """(n,) darkness of creases, relief in metres, and how much a knuckle is near."""
    dark, relief, near = np.zeros((3, len(atlas.points)))
    for number in FINGERS:
        finger, around = atlas.fingers[number], atlas.around[number]
        points = atlas.points[around]
        for joint in (0, 1, 2):
            away = points - finger.joints[joint]
            inside = squared(away) < 0.020**2
            chosen, away = around[inside], away[inside]
            axis = finger.axis(joint)
            side = np.cross(axis, finger.back)
            t, c = away @ axis, away @ side
            back = atlas.normals[chosen] @ finger.back
            spread = 0.0095 if joint == 0 else 0.0075
            t = t + 0.0014 * np.sin(c * rng.uniform(300, 500) + rng.uniform(0, 6.28)) - 12 * c**2
            window = np.exp(-((t / (0.8 * spread)) ** 2) - (c / (1.3 * spread)) ** 2) * np.clip(1.4 * back, 0, 1)
            near[chosen] = np.maximum(near[chosen], window)
            if joint == 0:  # the thumb's lies under the ball of the thumb and does not show
                relief[chosen] += (0.00035 + 0.0003 * old) * window * (number != 1)
                continue
            wave = np.cos(2 * np.pi * t / rng.uniform(0.0024, 0.0030)) ** 3
            strength = (0.7 + 0.5 * old) * (1.0 if joint == 1 else 0.6)
            relief[chosen] += 0.00022 * strength * wave * window
            dark[chosen] += 0.20 * strength * np.clip(-wave, 0, 1) * window
            fold = np.exp(-((t / 0.0007) ** 2)) + 0.7 * np.exp(-(((t - 0.0026) / 0.0006) ** 2)) * (joint == 1)
            fold *= np.clip(-1.6 * back, 0, 1) * (np.abs(c) < 0.010)
            relief[chosen] -= 0.00040 * fold
            dark[chosen] += 0.30 * fold
    return dark, relief, near


def _path(line: Line, rng: np.random.Generator, jitter: float) -> Array:
    """(k, 2) a smooth line through points moved a little."""
    knots = np.array(line) + rng.normal(0, jitter, (len(line), 2))
    t = np.linspace(0, len(knots) - 1, 12 * (len(knots) - 1) + 1)
    path = np.stack([np.interp(t, np.arange(len(knots)), knots[:, k]) for k in (0, 1)], -1)
    for _ in range(30):
        path[1:-1] = 0.25 * path[:-2] + 0.5 * path[1:-1] + 0.25 * path[2:]
    return path


def _lines(
    atlas: Atlas, lines: tuple[Line, ...], rng: np.random.Generator, jitter: float, width: tuple[float, float]
) -> Array:
    """(n,) 1 on lines over the hand, fading over ``width`` metres; the width is drawn for each line."""
    scale = float(np.linalg.norm(atlas.fingers[3].joints[0] - atlas.hand.wrist))
    broad = float(np.linalg.norm(atlas.fingers[2].joints[0] - atlas.fingers[5].joints[0]))
    flat = np.stack([atlas.along * scale, atlas.across * broad])
    total = np.zeros(flat.shape[1])
    for line in lines:
        path = _path(line, rng, jitter) * [scale, broad]
        thick = float(rng.uniform(*width))
        whole = _beside(flat, path, 3 * thick)
        around = flat[:, whole]
        for first in range(0, len(path) - 1, 6):  # piece by piece: few pixels are near a line that winds
            piece = path[first : first + 7]
            near = _beside(around, piece, 3 * thick)
            if len(near):
                dense = np.concatenate([piece[:-1] + u * np.diff(piece, axis=0) for u in (0.0, 0.25, 0.5, 0.75)])
                far = cKDTree(dense).query(around[:, near].T, distance_upper_bound=3 * thick)[0]
                found = whole[near]
                total[found] = np.maximum(total[found], np.exp(-((far / thick) ** 2)))
    return total


def _beside(flat: Array, path: Array, reach: float) -> Indices:
    """(k,) which of points (2, n) lie within ``reach`` of the box round a path (m, 2)."""
    (left, low), (right, high) = path.min(0) - reach, path.max(0) + reach
    x, y = flat
    return np.nonzero((x > left) & (x < right) & (y > low) & (y < high))[0]


def _veins(atlas: Atlas, body: Body, old: float, rng: np.random.Generator) -> Array:
    """(n,) how much a vein stands out: more with age, muscle and little fat."""
    shown = 0.25 + 0.65 * old + 0.45 * (body.muscle - 0.5) + 0.7 * (0.5 - body.weight) + 0.12 * (body.sex == "male")
    back = _lines(atlas, _VEINS_BACK, rng, 0.035, (0.0014, 0.0022)) * _smooth(-atlas.palmar, 0.1, 0.6)
    front = _lines(atlas, _VEINS_FRONT, rng, 0.05, (0.0012, 0.0020)) * _smooth(atlas.palmar, 0.2, 0.7)
    uneven = np.clip(0.75 + 0.25 * _field(atlas, 0.02, rng), 0.2, 1.2)
    return np.asarray(np.clip(shown, 0.12, 1.0) * uneven * np.maximum(back, 0.6 * front * (atlas.along < 0.0)))


def _spots(atlas: Atlas, body: Body, old: float, rng: np.random.Generator) -> Array:
    """(n,) freckles on light skin, and spots that come with age."""
    freckles = _smooth(_field(atlas, 0.0035, rng), 1.9, 2.4) * (0.5 if body.skin_tone <= 4 else 0.12)
    stains = _smooth(_field(atlas, 0.009, rng), 1.7, 2.1) * 0.9 * max(0.0, old - 0.35)
    return np.asarray(freckles + stains)


def _hair(atlas: Atlas, seen: Mask, body: Body, rng: np.random.Generator) -> Array:
    """(k,) cover of thin dark hairs that lie down the arm and outwards, on the back of the forearm and the hand.

    ``seen`` (n,) are the k pixels asked for.
    """
    shown = rng.uniform(0.5, 1.0) if body.sex == "male" else rng.uniform(0.05, 0.25)
    dense = _smooth(-atlas.along, 0.0, 0.5) + 0.15 * (atlas.along < 0.75) * (atlas.along > 0)
    dense *= _smooth(-atlas.palmar, -0.3, 0.5) * (0.6 + 0.4 * np.clip(_field(atlas, 0.02, rng), -1, 1))
    dense = np.clip(dense, 0, None)
    count = int(3200 * shown)
    if dense.sum() <= 0 or not count:
        return np.zeros(int(seen.sum()))
    tips = atlas.pixels[rng.choice(len(dense), count, p=dense / dense.sum())].astype(float)
    turn = rng.normal(0, 0.28, count)
    cos, sin = np.cos(turn)[:, None], np.sin(turn)[:, None]
    # A hair of 0.08 mm covers about a tenth of a pixel of 0.75 mm.
    length, strength = rng.uniform(7, 19, count), rng.uniform(0.06, 0.20, count) * (0.6 if body.sex == "female" else 1)
    if not (dense[seen] > 0).any():
        return np.zeros(int(seen.sum()))
    place = np.full((HEIGHT, WIDTH, 3), np.nan)
    rows, columns = atlas.pixels.T
    place[rows, columns] = atlas.points
    right, up = np.minimum(columns + 1, WIDTH - 1), np.minimum(rows + 1, HEIGHT - 1)
    left, down = np.maximum(columns - 1, 0), np.maximum(rows - 1, 0)
    along_x = (place[rows, right] - place[rows, left]) / (right - left)[:, None]
    along_y = (place[up, columns] - place[down, columns]) / (up - down)[:, None]
    lie = atlas.hand.axes @ np.array([0.8, -0.6, 0.0])
    square = np.stack([_dot(along_x, along_x), _dot(along_x, along_y), _dot(along_y, along_y)])
    a, b = along_x @ lie, along_y @ lie
    det = square[0] * square[2] - square[1] ** 2
    way = np.stack([square[0] * b - square[1] * a, square[2] * a - square[1] * b], -1) / det[:, None]  # row, column
    way = np.nan_to_num(way / np.linalg.norm(way, axis=1, keepdims=True))
    way = atlas.smooth(way.T, 6.0).T
    way /= np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6)
    field = np.zeros((HEIGHT, WIDTH, 2))
    field[rows, columns] = way
    cover = np.zeros((HEIGHT, WIDTH))
    for step in range(19):
        cell = tips.astype(int).clip(0, [HEIGHT - 1, WIDTH - 1])
        alive = step < length
        thin = 1 - (step / length[alive]) ** 2  # ends in a point
        cover[cell[alive, 0], cell[alive, 1]] += strength[alive] * thin
        go = field[cell[:, 0], cell[:, 1]]
        tips = tips + cos * go + sin * go[:, ::-1] * [1, -1]
    return np.asarray(np.clip(cover[rows[seen], columns[seen]], 0, 0.5))


def _dot(a: Array, b: Array) -> Array:
    """(n,) products of (n, 3); numpy is slow at sums along a short last axis."""
    return np.asarray(a[:, 0] * b[:, 0] + (a[:, 1] * b[:, 1] + a[:, 2] * b[:, 2]))


def _nailed(atlas: Atlas, colour: Array, relief: Array, pale: float) -> tuple[Array, Array]:
    """Nails with a pale lunula and a free edge in a reddish rim of skin."""
    rows, columns = atlas.pixels.T
    nail = smooth_nails(0.8)[rows, columns].astype(float)
    rim = np.clip(smooth_nails(2.2)[rows, columns].astype(float) * 2.2, 0, 1) * (1 - np.clip(nail * 1.6, 0, 1))
    colour = colour * (1 - (rim * 0.75)[:, None] * np.array([0.20, 0.42, 0.42]))
    relief = relief + 0.00030 * rim - 0.00015 * (nail > 0.3)
    bed = _NAIL * (0.24 + 0.72 * pale**1.2) * np.array([1.0, 0.88 + 0.12 * pale, 0.82 + 0.18 * pale])
    for number in FINGERS:
        finger = atlas.fingers[number]
        away = atlas.points[atlas.around[number]] - finger.joints[3]
        inside = (nail[atlas.around[number]] > 0.15) & (squared(away) < 0.022**2)
        chosen, away = atlas.around[number][inside], away[inside]
        axis = finger.axis(2)
        t, c = away @ axis, away @ np.cross(axis, finger.back)
        strong = nail[chosen] > 0.5
        if not strong.any():  # gloved
            continue
        low, high = np.percentile(t[strong], [2, 98])
        half = max(float(np.abs(c[strong] - np.median(c[strong])).max()), 1e-4)
        t, c = (t - low) / (high - low), (c - np.median(c[strong])) / half
        moon = 0.5 * _smooth(1 - (t / 0.26) ** 2 - (c / 0.62) ** 2, 0.0, 0.4) * (1.0 if number < 4 else 0.4)
        edge = _smooth(t + 0.14 * c**2, 0.86, 0.93)
        here = bed * (1 + 0.04 * np.cos(c * 22))[:, None]
        here = here + moon[:, None] * (np.array([0.66, 0.50, 0.45]) * (0.30 + 0.66 * pale) - here)
        here = here + (0.85 * edge)[:, None] * (np.array([0.68, 0.60, 0.50]) * (0.40 + 0.56 * pale) - here)
        share = _smooth(nail[chosen], 0.25, 0.6)[:, None]
        colour[chosen] = colour[chosen] + share * (here - colour[chosen])
    return np.clip(colour, 0.003, 0.85), relief
