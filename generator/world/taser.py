"""A conducted-energy device for training: a boxy, bright body with a cartridge in front. Outside only, nobody's model."""

from collections.abc import Mapping
from dataclasses import replace

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator

from generator.scenario.spec import Finish
from generator.world.pistol import across, pin, sweep
from generator.world.props import Marks, Moving, Piece, Prop, Travel, assemble, looks, shifted, unit, vector
from generator.world.surface import (
    Look,
    Shape,
    Slot,
    box,
    joined,
    lathe,
    loft,
    material,
    mesh_object,
    prism,
    wear_image,
)

Array = NDArray[np.float64]

TRIGGER_TRAVEL = 0.006
_HALF = 0.0165
"""Half width of the body."""

_REAR, _NOSE, _FRONT = -0.0290, 0.0900, 0.1180
"""Rear of the body, where the cartridge begins, where it ends."""

_LOW, _TOP = -0.0060, 0.0430
_AXIS = 0.0190
_HINGE = (0.0, 0.0640, -0.0030)
_RAKE = np.radians(14.0)

_YELLOW = (0.80, 0.50, 0.012)
_BLACK = Look((0.016, 0.016, 0.017), (0.05, 0.05, 0.05), roughness=0.58, edge=0.4, grain=0.5)


def _ring(y: float, half: float, low: float, top: float, corner: float) -> Array:
    """(n, 3) around a box with flat 45-degree edges, a little narrower above."""
    right = [
        (half - corner, low), (half, low + corner), (half, (low + top) / 2), (half - 0.0010, top - 1.5 * corner),
        (half - 0.0010 - 1.2 * corner, top),
    ]  # fmt: skip
    points = np.array(right + [(-x, z) for x, z in right[::-1]])
    return np.column_stack([points[:, 0], np.full(len(points), y), points[:, 1]])


def _body() -> Shape:
    """The boxy housing: a sloping rear, a raised back, flanks with a dark swage, a stepped nose."""
    plan = [  # y, half width, underside, upper side, corner
        (_REAR, _HALF - 0.0050, 0.0070, 0.0330, 0.0020), (_REAR + 0.0030, _HALF - 0.0015, 0.0044, 0.0372, 0.0032),
        (_REAR + 0.0110, _HALF, 0.0020, 0.0412, 0.0040), (-0.0060, _HALF, -0.0020, _TOP, 0.0042),
        (0.0100, _HALF, _LOW, _TOP, 0.0042), (0.0560, _HALF, _LOW, _TOP - 0.0006, 0.0042),
        (0.0600, _HALF + 0.0006, _LOW - 0.0012, _TOP - 0.0028, 0.0044),
        (_NOSE - 0.0050, _HALF + 0.0006, -0.0085, _TOP - 0.0040, 0.0044),
        (_NOSE, _HALF - 0.0006, -0.0080, _TOP - 0.0056, 0.0040),
    ]  # fmt: skip
    shell = loft(np.array([_ring(*row) for row in plan]), "paint")
    return shell.painted("accent", lambda c: (c[:, 1] < _REAR + 0.0025) | (c[:, 2] < -0.0030) & (c[:, 1] < 0.0580))


def _trims() -> Shape:
    """Dark flank panels with vents, a spine with sights, a lit window behind, a laser and a lamp under the nose."""
    pieces = []
    flank = [(-0.0120, 0.0090), (0.0520, 0.0050), (0.0600, 0.0120), (0.0600, 0.0190), (0.0480, 0.0240), (0.0060, 0.0240),
             (-0.0120, 0.0200)]  # fmt: skip
    for lo, hi in ((-_HALF - 0.0009, -_HALF + 0.0020), (_HALF - 0.0020, _HALF + 0.0009)):
        pieces.append(prism(flank, lo, hi, "accent", 0.0006))
        side = lo if lo < 0 else hi
        for k in range(4):
            y = 0.0240 + 0.0062 * k
            slot = [(y, 0.0100), (y + 0.0026, 0.0100), (y + 0.0052, 0.0200), (y + 0.0026, 0.0200)]
            pieces.append(prism(slot, min(side, side * 1.012), max(side, side * 1.012), "hole"))
    spine = prism([(-0.0180, _TOP - 0.0020), (0.0800, _TOP - 0.0060), (0.0780, _TOP - 0.0010), (0.0560, _TOP + 0.0012),
                   (-0.0140, _TOP + 0.0016)], -0.0066, 0.0066, "accent", 0.0008)  # fmt: skip
    notch = [(-0.0066, 0.0), (0.0066, 0.0), (0.0058, 0.0046), (0.0018, 0.0046), (0.0018, 0.0016), (-0.0018, 0.0016),
             (-0.0018, 0.0046), (-0.0058, 0.0046)]  # fmt: skip
    rear = across([(x, _TOP + 0.0010 + z) for x, z in notch], -0.0120, -0.0050, "accent", 0.0003)
    blade = prism([(0.0680, _TOP - 0.0030), (0.0800, _TOP - 0.0050), (0.0780, _TOP + 0.0050), (0.0750, _TOP + 0.0052)],
                  -0.0016, 0.0016, "accent", 0.0003)  # fmt: skip
    frame = across([(-0.0092, 0.0120), (0.0092, 0.0120), (0.0092, 0.0300), (-0.0092, 0.0300)],
                   _REAR - 0.0010, _REAR + 0.0020, "hole", 0.0008)  # fmt: skip
    window = box((-0.0072, _REAR - 0.0014, 0.0150), (0.0072, _REAR - 0.0008, 0.0270), "lens")
    # A bar gauge of charge: no figures, no text.
    bars = [box((-0.0058 + 0.0032 * k, _REAR - 0.0017, 0.0165), (-0.0036 + 0.0032 * k, _REAR - 0.0013, 0.0185 + 0.0018 * k),
                "dot") for k in range(4)]  # fmt: skip
    chin = prism([(0.0640, -0.0070), (_NOSE - 0.0060, -0.0078), (_NOSE - 0.0020, -0.0100), (_NOSE - 0.0040, -0.0150),
                  (0.0760, -0.0150), (0.0700, -0.0110)], -0.0100, 0.0100, "accent", 0.0012)  # fmt: skip
    lamps = [lathe([(_NOSE - 0.0060, 0.0030), (_NOSE - 0.0022, 0.0030), (_NOSE - 0.0018, 0.0026)], "lens", 12, x, -0.0115)
             for x in (-0.0048, 0.0048)]  # fmt: skip
    return joined([*pieces, spine, rear, blade, frame, window, *bars, chin, *lamps])


def _cartridge() -> Shape:
    """The cartridge in the nose: a block with finger catches at its sides and two blast doors on its face."""
    plan = [(_NOSE - 0.0010, _HALF - 0.0024, -0.0058, 0.0345, 0.0030), (_FRONT - 0.0020, _HALF - 0.0024, -0.0050, 0.0330, 0.0030),
            (_FRONT, _HALF - 0.0040, -0.0035, 0.0315, 0.0026)]  # fmt: skip
    block = loft(np.array([_ring(*row) for row in plan]), "polymer")
    pieces = [block]
    for lo, hi in ((-_HALF - 0.0002, -_HALF + 0.0040), (_HALF - 0.0040, _HALF + 0.0002)):
        for k in range(4):
            y = _NOSE + 0.0040 + 0.0046 * k
            pieces.append(box((lo, y, 0.0060), (hi, y + 0.0026, 0.0230), "polymer", 0.0006))
    for low, high in ((-0.0018, 0.0132), (0.0146, 0.0296)):
        pieces.append(box((-0.0104, _FRONT - 0.0012, low), (0.0104, _FRONT + 0.0006, high), "bright", 0.0008))
        middle = (low + high) / 2
        pieces.append(
            box((-0.0060, _FRONT + 0.0003, middle - 0.0012), (0.0060, _FRONT + 0.0009, middle + 0.0012), "hole")
        )
    return joined(pieces)


_GRIP = np.array(
    [  # height, back, front, half width
        (0.0060, -0.0190, 0.0480, 0.0140),
        (0.0010, -0.0110, 0.0490, 0.0142),
        (-0.0040, -0.0020, 0.0490, 0.0144),
        (-0.0090, 0.0004, 0.0480, 0.0146),
        (-0.0180, -0.0010, 0.0462, 0.0150),
        (-0.0320, -0.0052, 0.0432, 0.0154),
        (-0.0500, -0.0100, 0.0398, 0.0158),
        (-0.0700, -0.0146, 0.0362, 0.0158),
        (-0.0880, -0.0184, 0.0352, 0.0158),
        (-0.0960, -0.0206, 0.0372, 0.0160),
        (-0.1080, -0.0232, 0.0368, 0.0160),
        (-0.1100, -0.0226, 0.0356, 0.0150),
    ]
)
_PROFILE = PchipInterpolator(_GRIP[::-1, 0], _GRIP[::-1, 1:])


def _grip_at(z: float) -> tuple[float, float, float]:
    """Back, front and half width of the grip at a height."""
    back, front, half = _PROFILE(z)
    return float(back), float(front), float(half)


def _grip() -> Shape:
    """The grip; dark stippled straps and sides, and the battery's foot below a seam."""
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    heights = np.concatenate([
        np.linspace(0.0060, -0.0180, 8), np.linspace(-0.0240, -0.0930, 13), [-0.0950, -0.0953, -0.0962, -0.0965, -0.1080, -0.1100],
    ])  # fmt: skip
    rings = []
    for z in heights:
        back, front, half = _grip_at(float(z))
        inset = 0.0012 if z in (-0.0953, -0.0962) else 0.0
        x = (half - inset) * np.sign(s) * np.abs(s) ** (2 / 3.4)
        y = (back + front) / 2 + ((front - back) / 2 - inset) * np.sign(c) * np.abs(c) ** (2 / 2.8)
        rings.append(np.column_stack([x, y, np.full(len(turn), z)]))
    shape = loft(np.array(rings), "paint")

    def held(c: Array) -> NDArray[np.bool_]:
        bounds = _PROFILE(c[:, 2])
        depth = (c[:, 1] - bounds[:, 0]) / (bounds[:, 1] - bounds[:, 0])
        inside: NDArray[np.bool_] = (c[:, 2] < -0.0190) & (c[:, 2] > -0.0900) & ((depth > 0.08) | (c[:, 2] < -0.030))
        return inside

    shape = shape.painted("grip", held)
    return shape.painted("accent", lambda c: c[:, 2] < -0.0951)


def _guard() -> Shape:
    corners = np.array([(0.0860, -0.0100), (0.0885, -0.0180), (0.0870, -0.0270), (0.0800, -0.0335), (0.0690, -0.0350),
                        (0.0560, -0.0340), (0.0470, -0.0300), (0.0425, -0.0240)])  # fmt: skip
    at = np.linspace(0, len(corners) - 1, 28)
    path = CubicSpline(np.arange(len(corners)), corners)(at)
    thick = np.interp(at, [0, 1, 4, 6, 7], [0.0044, 0.0026, 0.0024, 0.0028, 0.0040])
    return sweep([(float(y), float(z)) for y, z in path], 0.0072, [float(t) for t in thick], "paint")


def _controls() -> Shape:
    """The safety levers, up, on both sides; screws."""
    lever = [
        (-0.0040, 0.0265),
        (0.0040, 0.0255),
        (0.0180, 0.0310),
        (0.0190, 0.0350),
        (0.0040, 0.0330),
        (-0.0040, 0.0335),
    ]
    levers = [prism(lever, lo, hi, "rubber", 0.0008)
              for lo, hi in ((-_HALF - 0.0032, -_HALF + 0.0020), (_HALF - 0.0020, _HALF + 0.0032))]  # fmt: skip
    pivots = [pin((lo, hi), 0.0, 0.0298, 0.0034, "rubber")
              for lo, hi in ((-_HALF - 0.0040, 0.0), (0.0, _HALF + 0.0040))]  # fmt: skip
    screws = [pin((-half, half), y, z, 0.0016, "hole", 10)
              for half, y, z in ((0.0169, -0.0180, 0.0140), (0.0172, 0.0780, 0.0280), (0.0172, 0.0800, -0.0010))]  # fmt: skip
    return joined([*levers, *pivots, *screws])


def _trigger() -> Shape:
    """Around its hinge: a broad blade."""
    face = [(0.0030, 0.0020), (0.0028, -0.0050), (0.0006, -0.0110), (0.0, -0.0160), (0.0020, -0.0220), (0.0042, -0.0252),
            (0.0012, -0.0262), (-0.0034, -0.0220), (-0.0060, -0.0150), (-0.0062, 0.0020)]  # fmt: skip
    return prism(face, -0.0046, 0.0046, "rubber", 0.0009)


def _marks() -> Marks:
    back, front, half = _grip_at(-0.046)
    return Marks(
        muzzle=vector(0.0, _FRONT + 0.0006, 0.0140),
        grip=vector(0.0, (back + front) / 2, -0.046),
        grip_axis=unit(0.0, -np.sin(_RAKE), -np.cos(_RAKE)),
        trigger=vector(0.0, _HINGE[1] + 0.0001, _HINGE[2] - 0.0160),
        support=vector(-half, (back + front) / 2 + 0.004, -0.046),
        support_normal=unit(-1.0, 0.0, 0.0),
        sights=vector(0.0, -0.0085, _TOP + 0.0056),
        butt=vector(0.0, _REAR, _AXIS),
    )


def _coats(finish: Finish, rng: np.random.Generator) -> Mapping[Slot, Look]:
    """Coats by slot: ``paint`` is the housing, ``accent`` its trims, ``polymer`` the cartridge, ``bright`` its doors.

    Blue and orange dummies are one colour with dark trims; others are yellow and black, all yellow, or grey-black.
    """
    coats = dict(looks(finish, rng))
    kind, shade = float(rng.random()), float(rng.uniform(0.88, 1.08))
    yellow = Look(
        (_YELLOW[0] * shade, _YELLOW[1] * shade, _YELLOW[2]), (0.55, 0.40, 0.10), roughness=0.50, edge=0.35, grain=0.45
    )
    glow = (0.10, 0.75, 0.22) if rng.random() < 0.6 else (0.85, 0.28, 0.03)
    coats["dot"] = Look(glow, glow, edge=0.0, grain=0.0, glow=float(rng.uniform(0.25, 0.8)))
    coats |= {"accent": _BLACK, "polymer": _BLACK, "rubber": _BLACK, "bright": yellow, "paint": yellow}
    coats["grip"] = replace(_BLACK, stipple=True, grain=0.7, roughness=0.68)
    if finish in ("blue", "orange"):
        coats["paint"] = coats["bright"] = looks(finish, rng)["polymer"]
    elif kind > 0.82:  # grey-black; the cartridge's doors stay bright
        coats["paint"] = Look((0.040, 0.041, 0.043), (0.10, 0.10, 0.10), roughness=0.55, edge=0.4, grain=0.5)
        coats["polymer"] = yellow
    elif kind > 0.62:  # all yellow
        coats["accent"] = coats["polymer"] = replace(
            yellow, colour=(0.88 * yellow.colour[0], 0.84 * yellow.colour[1], 0.01)
        )
        coats["bright"] = replace(_BLACK, colour=(0.10, 0.10, 0.10))
    return coats


def build_taser(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """The conducted-energy training device: body and trigger."""
    picture = wear_image(rng)
    coats = {slot: material(f"taser_{slot}", look, picture) for slot, look in _coats(finish, rng).items()}
    body = joined([_body(), _trims(), _cartridge(), _grip(), _guard(), _controls()])
    shapes: list[tuple[Moving, Shape, Array]] = [("body", body, np.eye(4)), ("trigger", _trigger(), shifted(_HINGE))]
    pieces = [Piece(name, mesh_object(f"taser_{name}", shape, coats, collection), rest, shape)
              for name, shape, rest in shapes]  # fmt: skip
    return assemble("taser", pieces, _marks(), Travel(trigger=TRIGGER_TRAVEL), 0.0160)
