"""Clothes cut from the shell: top, trousers and boots, with folds; what is laid on them is in ``trimmings``."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from generator.scenario.spec import Person
from generator.world import anny, garments
from generator.world.bodymesh import Surface, cut, refine
from generator.world.figure import Figure, Posed
from generator.world.outfit import Outfit
from generator.world.person_mesh import UP, Piece, body_piece, patchy, toned
from generator.world.subdivide import vertex_normals
from generator.world.trimmings import WEBBING, Draped, arm_band, belt, collar, front_details, plate_vest

Array = NDArray[np.float64]

SOLE = 0.03
"""Metres that boots add (as in ``figure.measure``)."""


def clothes(
    figure: Figure, where: garments.Regions, person: Person, outfit: Outfit, posed: Posed, rng: np.random.Generator
) -> list[Piece]:
    """Top, trousers, boots, and what is laid on them."""
    dress = person.dress
    hip, waist = figure.head("upperleg01.R")[2], figure.head("spine04")[2] - 0.02
    hem = waist if outfit.tucked else hip - 0.03 + float(rng.uniform(-0.02, 0.02))
    top = _top(figure, where, person, outfit, hem, rng)
    legs = _legs(figure, where, waist, None if outfit.tucked else hem, rng)
    pieces = [_cloth_piece(top, posed, outfit.top, rng), _cloth_piece(legs, posed, outfit.legs, rng)]
    pieces.append(_boots(figure, where, outfit, posed, rng))
    sleeve = figure.share("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
    on = Draped(pieces[0].vertices, pieces[0].faces, top.matrix @ sleeve[top.cut.ids] < 0.35)
    centre = posed.point("spine04", np.array([0.0, figure.torso_origin[1], waist]))
    if outfit.tucked:
        leather = WEBBING if dress.top != "overall" else outfit.top * 0.7
        pieces += belt(np.concatenate([on.vertices, pieces[1].vertices]), centre, leather)
    pieces += collar(figure, posed, dress.top, outfit, rng)
    pieces += front_details(figure, posed, on, dress.top, outfit)
    if outfit.band is not None:
        band = arm_band(posed, pieces[0], *outfit.band, rolled=dress.sleeves == "rolled")
        pieces.append(replace(band, limb=True))
    if person.hi_vis:
        pieces.append(waistcoat(figure, where, hem, posed, rng))
    elif dress.vest:
        pieces += plate_vest(figure, posed, on, dress.colour, rng)
    return pieces


def _cloth_piece(surface: Surface, posed: Posed, colour: Array, rng: np.random.Generator) -> Piece:
    """Cloth that is darker in its folds, paler on their crests and unevenly faded."""
    relief = np.zeros(len(surface.rest)) if surface.relief is None else surface.relief
    spread = max(float(relief.std()), 1e-5)
    tone = colour * (1 + 0.13 * np.clip(relief / spread, -2.2, 1.6))[:, None] * patchy(surface.rest, rng, 9, 0.07)
    return body_piece(surface, posed, np.clip(tone, 0.004, 0.8), "cloth")


def _smooth_step(value: Array, low: float, high: float) -> Array:
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t))


def _hung(rest: Array, trunk: Array, low: float, high: float, hang: float) -> Array:
    """Cloth round a trunk that spans its hollows instead of clinging.

    Args:
        rest: (n, 3).
        trunk: (n,) share by which a vertex belongs to the trunk.
        low: lowest height, metres.
        high: above it the cloth clings.
        hang: 0..1, how straight it falls from what stands out.
    """
    centre = np.median(rest[trunk > 0.6, :2], axis=0) * [0, 1]
    levels = np.linspace(low - 0.01, min(high + 0.06, float(rest[trunk > 0.6, 2].max()) - 0.01), 26)
    angles = np.linspace(-np.pi, np.pi, 73)
    unit = np.stack([np.sin(angles), np.cos(angles)], -1)
    radii = np.empty((len(levels), len(angles)))
    for k, level in enumerate(levels):
        near = (np.abs(rest[:, 2] - level) < 0.03) & (trunk > 0.6)
        hull = ConvexHull(rest[near, :2] - centre).equations
        facing = unit @ hull[:, :2].T
        reach = np.where(facing > 1e-6, -hull[:, 2] / np.maximum(facing, 1e-6), np.inf)
        radii[k] = reach.min(1)
    fallen = radii.copy()
    for i, j in zip(*np.triu_indices(len(levels), 2), strict=True):  # chords over the hollows
        t = np.linspace(0, 1, j - i + 1)[:, None]
        fallen[i : j + 1] = np.maximum(fallen[i : j + 1], radii[i] * (1 - t) + radii[j] * t)
    fallen = (1 - hang) * radii + hang * fallen
    flat = rest[:, :2] - centre
    place = np.arctan2(flat[:, 0], flat[:, 1])
    column = (place + np.pi) / (2 * np.pi) * 72
    row = np.clip((rest[:, 2] - levels[0]) / (levels[1] - levels[0]), 0, 24.999)
    a, b = row.astype(int), np.minimum(column.astype(int), 71)
    u, v = row - a, column - b
    wanted = (fallen[a, b] * (1 - v) + fallen[a, b + 1] * v) * (1 - u) + (
        fallen[a + 1, b] * (1 - v) + fallen[a + 1, b + 1] * v
    ) * u
    share = trunk * (1 - _smooth_step(rest[:, 2], high - 0.05, high + 0.03))
    now = np.maximum(np.linalg.norm(flat, axis=1), 1e-6)
    scale = 1 + share * (np.maximum(wanted, now * 0.98) / now - 1)
    return np.concatenate([centre + flat * scale[:, None], rest[:, 2:]], 1)


def _ridges(
    points: Array, rng: np.random.Generator, axis: Array, wavelength: tuple[float, float], spread: float, count: int = 5
) -> Array:
    """(n,) folds that run across an axis: crests rounder than valleys, broken up; about -1..1."""
    total = np.zeros(len(points))
    for _ in range(count):
        way = axis + spread * rng.normal(0, 1, 3)
        way = way / np.linalg.norm(way) * 2 * np.pi / rng.uniform(*wavelength)
        bend = 1.4 * np.sin(points @ rng.normal(0, 9, 3) + rng.uniform(0, 6.28))
        wave = np.sin(points @ way + bend + rng.uniform(0, 6.28))
        there = np.clip(0.45 + 0.9 * np.sin(points @ rng.normal(0, 8, 3) + rng.uniform(0, 6.28)), 0, 1)
        total += (np.abs(wave) ** 0.8 * np.sign(wave)) * there
    return np.asarray(total / np.sqrt(count))


def _top(
    figure: Figure, where: garments.Regions, person: Person, outfit: Outfit, hem: float, rng: np.random.Generator
) -> Surface:
    dress = person.dress
    along = garments.arm_distance(figure)
    arm = figure.share("upperarm", "shoulder01", "lowerarm", "wrist", "finger", "metacarpal")
    on_arm = garments.face_mean(arm) > 0.5
    heights = figure.vertices[:, 2]
    lowest = heights[anny.base().faces].max(1) > hem - (0.02 if outfit.tucked else 0.0)
    end = 0.985 if dress.sleeves == "long" else 0.50
    neck = figure.head("neck01")[2] + 0.002
    keep = where.shell & (lowest | on_arm) & ~(on_arm & (garments.face_mean(along) > end))
    keep &= garments.face_mean(heights) < neck + 0.012
    loose = {"shirt": 0.009, "overall": 0.013, "fleece": 0.015}[dress.top]
    offset = loose * (1 - 0.7 * np.exp(-(((along - 0.05) / 0.16) ** 2)) * (arm > 0.2)) + 0.008 * np.clip(
        along, 0, 1
    ) * (arm > 0.2)
    if dress.sleeves == "rolled":
        offset = offset + 0.007 * np.exp(-(((along - 0.47) / 0.04) ** 2))
    else:
        offset = offset - 0.007 * np.exp(-(((along - 0.97) / 0.04) ** 2))
    coarse = cut(figure, keep, offset)
    trunk = np.asarray(1 - np.clip(arm[coarse.ids] * 1.6, 0, 1), float)
    rest = coarse.rest
    high = figure.torso_origin[2] - 0.10
    rest = _hung(rest, trunk, hem, high, 0.55 if outfit.tucked else 0.85)
    if outfit.tucked:  # blouses over the belt
        out = np.exp(-(((rest[:, 2] - hem - 0.055) / 0.035) ** 2)) * trunk * 0.012
        rest = rest + vertex_normals(rest, coarse.faces) * [1, 1, 0] * out[:, None]
    else:
        flare = 0.012 * trunk * _smooth_step(-rest[:, 2], -hem - 0.16, -hem)
        rest = rest + vertex_normals(rest, coarse.faces) * [1, 1, 0] * flare[:, None]
        rest[:, 2] = np.where(trunk > 0.5, np.maximum(rest[:, 2], hem), rest[:, 2])  # a level hem
    surface = refine(replace(coarse, rest=rest), 1)
    return replace(surface, relief=_top_relief(figure, surface, along, arm, hem, dress.top, rng))


def _top_relief(
    figure: Figure, surface: Surface, along: Array, arm: Array, hem: float, kind: str, rng: np.random.Generator
) -> Array:
    rest = surface.rest
    place = np.asarray(surface.matrix @ along[surface.cut.ids])
    sleeve = np.clip(np.asarray(surface.matrix @ arm[surface.cut.ids]), 0, 1)
    right = rest[:, 0] > 0
    rings = np.zeros(len(rest))
    for side, mine in (("R", right), ("L", ~right)):
        axis = figure.head(f"wrist.{side}") - figure.head(f"upperarm01.{side}")
        rings[mine] = _ridges(rest[mine], rng, axis / np.linalg.norm(axis), (0.045, 0.085), 0.35)
    crowd = 0.45 + 0.9 * np.exp(-(((place - 0.52) / 0.13) ** 2)) + 0.7 * np.exp(-(((place - 0.90) / 0.08) ** 2))
    down = _ridges(rest, rng, np.array([1.0, 0.3, 0.0]), (0.09, 0.17), 0.35)
    level = _ridges(rest, rng, np.array([0.0, 0.0, 1.0]), (0.05, 0.10), 0.30)
    height = (rest[:, 2] - hem) / max(figure.torso_origin[2] - hem, 0.1)
    drag = _ridges(rest, rng, np.array([0.7, 0.0, 0.7]), (0.06, 0.10), 0.4)
    body = 0.75 * down * np.clip(1.1 - height, 0.1, 1) + 0.8 * level * np.exp(-(((height - 0.12) / 0.16) ** 2))
    body += 0.8 * drag * np.exp(-(((height - 0.75) / 0.2) ** 2)) * np.clip(np.abs(rest[:, 0]) / 0.12, 0.2, 1)
    depth = {"shirt": 0.0062, "overall": 0.0075, "fleece": 0.0055}[kind]
    return np.asarray(depth * (sleeve * rings * crowd + (1 - sleeve) * body))


def _legs(
    figure: Figure, where: garments.Regions, waist: float, hem: float | None, rng: np.random.Generator
) -> Surface:
    """Trousers up to the waist, or to just under the hem of what hangs over them."""
    heights = figure.vertices[:, 2]
    centre = garments.face_mean(heights)
    arm = garments.face_mean(figure.share("upperarm", "lowerarm", "wrist", "finger", "metacarpal"))
    high = waist + 0.015 if hem is None else hem + 0.07
    keep = where.shell & (centre < high) & (centre > 0.062) & (heights[anny.base().faces].max(1) > 0.075) & (arm < 0.3)
    hip, knee = figure.head("upperleg01.R")[2], figure.head("lowerleg01.R")[2]
    knots = [0.0, 0.12, knee - 0.08, knee, hip - 0.1, hip, waist]
    offset = np.interp(heights, knots, [0.034, 0.030, 0.026, 0.020, 0.016, 0.011, 0.005])
    under = np.zeros(len(heights)) if hem is None else _smooth_step(heights, hem - 0.04, hem)
    coarse = cut(figure, keep, offset * (1 - under))
    rest = coarse.rest
    trunk = _smooth_step(rest[:, 2], hip - 0.10, hip - 0.02)
    rest = _hung(rest, trunk, hip - 0.06, waist + 0.2, 0.3) if hem is None else rest
    rest[:, 2] = np.maximum(rest[:, 2], 0.058)
    surface = refine(replace(coarse, rest=rest), 1)
    fine = surface.rest
    rings = _ridges(fine, rng, UP, (0.055, 0.11), 0.45)
    stacks = _ridges(fine, rng, UP, (0.045, 0.07), 0.18)
    down = _ridges(fine, rng, np.array([1.0, 0.5, 0.1]), (0.08, 0.14), 0.3)
    z = fine[:, 2]
    relief = rings * (
        0.35 + 0.9 * np.exp(-(((z - knee) / 0.10) ** 2)) + 0.9 * np.exp(-(((z - hip + 0.09) / 0.06) ** 2))
    )
    relief += 1.5 * stacks * np.exp(-(((z - 0.11) / 0.07) ** 2)) + 0.4 * down
    relief *= np.clip(((waist if hem is None else hem) - z) / 0.08, 0.0, 1)
    return replace(surface, relief=0.0068 * relief)


_HI_VIS = ((0.55, 0.80, 0.03), (0.85, 0.22, 0.01))
"""Linear fluorescent yellow and orange."""


def waistcoat(figure: Figure, where: garments.Regions, hem: float, posed: Posed, rng: np.random.Generator) -> Piece:
    """A high-visibility waistcoat: loose, without sleeves, two bands round the waist and one over each shoulder."""
    arm = figure.share("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
    heights, x = figure.vertices[:, 2], np.abs(figure.vertices[:, 0])
    low, neck = max(hem - 0.02, figure.head("upperleg01.R")[2] + 0.02), figure.head("neck01")[2] - 0.015
    armpit = 0.93 * abs(float(figure.head("upperarm01.R")[0]))
    keep = where.shell & (garments.face_mean(arm) < 0.30) & (garments.face_mean(heights) > low)
    keep &= (garments.face_mean(heights) < neck) & (garments.face_mean(x) < armpit)
    coarse = cut(figure, keep, 0.026)
    trunk = np.clip(1 - 1.5 * arm[coarse.ids], 0, 1)
    rest = _hung(coarse.rest, trunk, low, figure.torso_origin[2] - 0.10, 0.9)
    rest = rest + vertex_normals(rest, coarse.faces) * [0.006, 0.006, 0]
    surface = refine(replace(coarse, rest=rest), 1)
    fine = surface.rest
    surface = replace(surface, relief=0.004 * _ridges(fine, rng, np.array([0.8, 0.2, 0.3]), (0.08, 0.15), 0.4))
    tone = toned(fine, _HI_VIS[int(rng.integers(2))]) * patchy(fine, rng, 9, 0.08)
    waist = figure.head("spine04")[2]
    band = (np.abs(fine[:, 2] - waist) < 0.027) | (np.abs(fine[:, 2] - waist + 0.11) < 0.024)
    band |= (np.abs(np.abs(fine[:, 0]) - 0.115) < 0.024) & (fine[:, 2] > waist)
    tone[band] = np.array([0.55, 0.56, 0.57])
    return body_piece(surface, posed, tone, "cloth")


def _boots(figure: Figure, where: garments.Regions, outfit: Outfit, posed: Posed, rng: np.random.Generator) -> Piece:
    """Boots from the shell's feet, with soles down to the floor."""
    heights = figure.vertices[anny.base().faces, 2]
    centre = heights.mean(1)
    coarse = cut(
        figure, where.shell & (centre < 0.125), np.interp(figure.vertices[:, 2], [0, 0.05, 0.2], [0.013, 0.010, 0.008])
    )
    rest = coarse.rest.copy()
    sole = rest[:, 2] < 0.012
    rest[sole, 2] = -SOLE
    surface = refine(replace(coarse, rest=rest), 1)
    tone = toned(surface.rest, outfit.boots) * patchy(surface.rest, rng, 30, 0.2)
    low = _smooth_step(-surface.rest[:, 2], -0.004, 0.010)[:, None]
    tone = (1 - low) * tone + low * np.array([0.014, 0.013, 0.012])
    dusty = np.clip(0.07 - surface.rest[:, 2], 0, 0.05)[:, None] / 0.05 * 0.10
    tone = (1 - dusty) * tone + dusty * np.array([0.20, 0.18, 0.15])
    return body_piece(surface, posed, tone, "leather")
