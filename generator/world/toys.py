"""Weapon-shaped toys: a small water pistol or a soaker with a pump, and a blaster that throws foam darts.

Drawn from nobody's model. Sizes by eye, of the class; grips are those of a grown hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from generator.scenario.spec import Finish
from generator.world.moulded import (
    Colour,
    block,
    bulb,
    gripped,
    handle,
    plastic,
    row_at,
    screws,
    seam,
    shell,
    translucent,
    upright,
)
from generator.world.pistol import sweep
from generator.world.props import Marks, Moving, Piece, Prop, Travel, assemble, shifted, vector
from generator.world.surface import (
    Look,
    Shape,
    Slot,
    joined,
    lathe,
    loft,
    material,
    mesh_object,
    prism,
    wear_image,
)

Array = NDArray[np.float64]

_RED, _ORANGE, _YELLOW = (0.60, 0.018, 0.014), (0.82, 0.13, 0.006), (0.84, 0.50, 0.012)
_LIME, _TEAL, _BLUE = (0.20, 0.58, 0.025), (0.008, 0.36, 0.40), (0.010, 0.085, 0.58)
_PURPLE, _PINK, _WHITE = (0.16, 0.025, 0.42), (0.78, 0.06, 0.28), (0.70, 0.70, 0.68)
_GREY, _DARK = (0.16, 0.165, 0.17), (0.022, 0.023, 0.026)
_BRIGHT: tuple[Colour, ...] = (_RED, _ORANGE, _YELLOW, _LIME, _TEAL, _BLUE, _PURPLE, _PINK)
_SHELLS: dict[Finish, tuple[Colour, ...]] = {
    "black": (_DARK, *_BRIGHT),
    "grey": (_WHITE, _GREY),
    "blue": (_BLUE, _TEAL),
    "orange": (_ORANGE, _YELLOW),
    "marked": _BRIGHT,
}
"""What a finish means for a toy: mostly bright whatever is asked, since that is what toys are."""

TRIGGER_TRAVEL = 0.008
PUMP_TRAVEL = 0.055
CHARGING_TRAVEL = 0.050

_GRIP = (  # height, back, front, half width
    (0.0130, -0.0120, 0.0500, 0.0120), (0.0020, -0.0045, 0.0500, 0.0134), (-0.0060, 0.0005, 0.0490, 0.0140),
    (-0.0180, -0.0010, 0.0470, 0.0146), (-0.0340, -0.0060, 0.0435, 0.0152), (-0.0520, -0.0130, 0.0375, 0.0156),
    (-0.0700, -0.0200, 0.0310, 0.0156), (-0.0860, -0.0260, 0.0262, 0.0154), (-0.0960, -0.0300, 0.0245, 0.0160),
    (-0.0990, -0.0298, 0.0240, 0.0150),
)  # fmt: skip
_HELD = -0.044
"""Height of the middle finger on the grip."""


@dataclass(frozen=True)
class Scheme:
    """Colours of a toy: its shell, a second shell, and what stands out."""

    shell: Colour
    second: Colour
    accent: Colour


def _scheme(finish: Finish, rng: np.random.Generator, accents: Sequence[Colour]) -> Scheme:
    shells = _SHELLS[finish]
    first = shells[int(rng.integers(len(shells)))]
    others = [c for c in (_DARK, _GREY, _WHITE, *_BRIGHT) if c != first]
    second = others[int(rng.integers(3 if rng.random() < 0.6 else len(others)))]
    left = [c for c in accents if c not in (first, second)] or list(accents)
    return Scheme(first, second, left[int(rng.integers(len(left)))])


def _coats(scheme: Scheme, rng: np.random.Generator) -> dict[Slot, Look]:
    """polymer: shell; steel: second shell; accent, grip, rubber (dart tips) and dot (foam) as they say."""
    dark = Look((0.012, 0.012, 0.013), (0.02, 0.02, 0.02), roughness=0.6, edge=0.0, grain=0.0)
    return {
        "polymer": plastic(scheme.shell, rng),
        "steel": plastic(scheme.second, rng, 0.30),
        "accent": plastic(scheme.accent, rng),
        "grip": plastic(scheme.second, rng, 0.42),
        "lens": plastic(scheme.shell, rng, 0.12),
        "bright": Look((0.42, 0.41, 0.40), metal=True, metallic=1.0, roughness=0.35, edge=0.2, grain=0.0),
        "hole": dark,
        "rubber": Look(_ORANGE, _ORANGE, roughness=0.7, edge=0.0, grain=0.1),
        "dot": Look((0.03, 0.14, 0.55), (0.05, 0.2, 0.6), roughness=0.85, edge=0.0, grain=0.25),
    }


def _materials(name: str, coats: Mapping[Slot, Look], rng: np.random.Generator) -> dict[Slot, bpy.types.Material]:
    picture = wear_image(rng)
    return {slot: material(f"{name}_{slot}", look, picture, dust=0.25) for slot, look in coats.items()}


def _made(
    name: str,
    shapes: Sequence[tuple[Moving, Shape, Array]],
    coats: Mapping[Slot, bpy.types.Material],
    collection: bpy.types.Collection,
) -> list[Piece]:
    return [
        Piece(moving, mesh_object(f"{name}_{moving}", shape, coats, collection), rest, shape)
        for moving, shape, rest in shapes
    ]


def _guard(corners: Sequence[tuple[float, float]], across: float, thick: float, slot: Slot) -> Shape:
    """A trigger guard through (y, z) corners."""
    at = np.linspace(0, len(corners) - 1, 26)
    path = CubicSpline(np.arange(len(corners)), np.array(corners))(at)
    return sweep([(float(y), float(z)) for y, z in path], across, [thick] * len(path), slot)


def _blade(reach: float, half: float, slot: Slot) -> Shape:
    """A fat curved trigger around its hinge, ``reach`` metres long."""
    s = np.linspace(0, 1, 9)
    front = np.column_stack([0.0032 + 0.0030 * (2 * s - 1) ** 2, 0.002 - reach * s])
    back = np.column_stack([-0.0058 + 0.0034 * (2 * s - 1) ** 2, 0.002 - reach * s])
    outline = [(float(y), float(z)) for y, z in np.concatenate([front, back[::-1]])]
    return prism(outline, -half, half, slot, 0.0012)


def _trigger_marks(hinge: tuple[float, float, float], reach: float) -> tuple[Array, float]:
    """Where the finger presses a ``_blade``, at its rest, and how far that is below the hinge."""
    down = 0.5 * reach - 0.002
    return vector(0.0, hinge[1] + 0.0032, hinge[2] - down), down


def _marks(
    muzzle: Array, trigger: Array, sights: Array, butt: Array,
    support: tuple[Array, Array] | None, rack: Array | None = None, rows: Sequence[Sequence[float]] = _GRIP,
) -> Marks:  # fmt: skip
    """Marks; without a ``support`` the other hand wraps the firing hand from the left."""
    centre, axis, half = gripped(rows, _HELD)
    at, out = support or (vector(-half, centre[1], centre[2]), vector(-1.0, 0.0, 0.0))
    return Marks(
        muzzle=muzzle, grip=centre, grip_axis=axis, trigger=trigger, support=at, support_normal=out, sights=sights,
        rack=rack, butt=butt,
    )  # fmt: skip


# ---------------------------------------------------------------------------------------------------- water pistol

_MID = 0.0315
_TANK = (  # y, middle, half width, half height
    (-0.0400, 0.0330, 0.0060, 0.0065), (-0.0385, 0.0328, 0.0105, 0.0115), (-0.0320, 0.0324, 0.0160, 0.0175),
    (-0.0200, 0.0318, 0.0200, 0.0220), (0.0000, _MID, 0.0222, 0.0246), (0.0250, _MID, 0.0226, 0.0252),
    (0.0500, _MID, 0.0220, 0.0244), (0.0720, 0.0320, 0.0196, 0.0216), (0.0880, 0.0326, 0.0160, 0.0172),
    (0.1000, 0.0332, 0.0126, 0.0134), (0.1080, 0.0335, 0.0112, 0.0118), (0.1600, 0.0335, 0.0094, 0.0098),
    (0.1640, 0.0335, 0.0080, 0.0084),
)  # fmt: skip
_BORE = 0.0335
_HINGE = (0.0, 0.0665, 0.0080)
_REACH = 0.030
_LOOP = (
    (0.0960, 0.0200), (0.0990, 0.0060), (0.0985, -0.0100), (0.0920, -0.0215), (0.0780, -0.0260), (0.0600, -0.0255),
    (0.0480, -0.0210), (0.0400, -0.0160),
)  # fmt: skip


def _small_body(rng: np.random.Generator) -> tuple[Shape, Shape]:
    """Moulded tank, barrel, grip and guard, and what is put on it: plug, nozzle."""
    rings = [
        lathe(
            [(y - 0.0026, r), (y - 0.0016, r + 0.0022), (y + 0.0016, r + 0.0022), (y + 0.0026, r)],
            "lens",
            22,
            0.0,
            _BORE,
        )
        for y, r in ((0.116, 0.0108), (0.130, 0.0104), (0.144, 0.0100))
    ]
    fins = [
        bulb([(y - 0.0018, _MID, w, h), (y, _MID, w + 0.0014, h + 0.0014), (y + 0.0018, _MID, w, h)], "lens")
        for y, w, h in ((0.006, 0.0223, 0.0247), (0.026, 0.0226, 0.0252), (0.046, 0.0221, 0.0246))
    ]
    grip_ribs = [
        handle([(z + 0.0016, *row), (z, row[0] - 0.0008, row[1] + 0.0012, row[2] + 0.0010), (z - 0.0016, *row)], "lens")
        for z in np.arange(-0.030, -0.088, -0.0075)
        for row in [row_at(_GRIP, float(z))]
    ]
    body = joined([bulb(_TANK, "lens"), seam(_TANK, 0.0012, "lens"), handle(_GRIP, "lens"), *rings, *fins, *grip_ribs,
                   _guard(_LOOP, 0.0050, 0.0026, "lens")])  # fmt: skip
    sight = prism(
        [(0.150, 0.0425), (0.157, 0.0425), (0.1555, 0.0500), (0.1515, 0.0500)], -0.0020, 0.0020, "lens", 0.0008
    )
    plug_y = float(rng.uniform(-0.016, 0.004))
    plug = upright(
        [(0.050, 0.0095), (0.0560, 0.0098), (0.0600, 0.0100), (0.0612, 0.0092), (0.0618, 0.0030)], 0.0, plug_y, "accent"
    )
    tab = prism([(plug_y - 0.016, 0.0545), (plug_y, 0.0545), (plug_y, 0.0568), (plug_y - 0.016, 0.0568)],
                -0.0045, 0.0045, "accent", 0.0006)  # fmt: skip
    nozzle = lathe([(0.160, 0.0082), (0.163, 0.0102), (0.169, 0.0102), (0.1715, 0.0080), (0.178, 0.0052), (0.180, 0.0044),
                    (0.180, 0.0016), (0.174, 0.0014)], "accent", 20, 0.0, _BORE)  # fmt: skip
    nozzle = nozzle.painted("hole", lambda c: (np.hypot(c[:, 0], c[:, 2] - _BORE) < 0.0014) & (c[:, 1] > 0.17))
    return joined([body, sight]), joined([plug, tab, nozzle])


def _small(scheme: Scheme, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """A small one for one hand."""
    clear = bool(rng.random() < 0.7)
    materials = _materials("water_pistol", _coats(scheme, rng), rng)
    body, fitted = _small_body(rng)
    if clear:
        level = _MID + float(rng.uniform(-0.006, 0.014))
        translucent(materials["lens"], scheme.shell, level, float(rng.uniform(0.36, 0.50)))
    trigger, arm = _trigger_marks(_HINGE, _REACH)
    shapes: list[tuple[Moving, Shape, Array]] = [
        ("body", joined([body, fitted]), np.eye(4)),
        ("trigger", _blade(_REACH, 0.0046, "accent"), shifted(_HINGE)),
    ]
    pieces = _made("water_pistol", shapes, materials, collection)
    marks = _marks(vector(0.0, 0.180, _BORE), trigger, vector(0.0, -0.010, 0.0565), vector(0.0, -0.040, 0.033), None)
    return assemble("water_pistol", pieces, marks, Travel(trigger=TRIGGER_TRAVEL), arm)


_SOAKER = (  # y, half width, bottom, top, chamfer
    (-0.0750, 0.0120, 0.0200, 0.0480, 0.006), (-0.0700, 0.0185, 0.0130, 0.0540, 0.008), (-0.0300, 0.0205, 0.0070, 0.0560, 0.009),
    (0.0900, 0.0210, 0.0060, 0.0560, 0.009), (0.1000, 0.0225, 0.0000, 0.0560, 0.009), (0.1900, 0.0225, 0.0000, 0.0540, 0.009),
    (0.2050, 0.0190, 0.0060, 0.0500, 0.008),
)  # fmt: skip
_SOAKER_TANK = (
    (-0.0860, 0.0900, 0.0120, 0.0110), (-0.0820, 0.0900, 0.0230, 0.0205), (-0.0700, 0.0900, 0.0335, 0.0300),
    (-0.0500, 0.0900, 0.0390, 0.0350), (-0.0150, 0.0900, 0.0400, 0.0360), (0.0250, 0.0900, 0.0385, 0.0345),
    (0.0600, 0.0890, 0.0330, 0.0300), (0.0850, 0.0880, 0.0250, 0.0230), (0.1000, 0.0870, 0.0165, 0.0165),
    (0.1120, 0.0870, 0.0150, 0.0150),
)  # fmt: skip
_SOAKER_BORE, _PUMP_Z = 0.0380, 0.0120
_PUMP = (0.2230, 0.3230)


def _soaker_body() -> Shape:
    """Shell, second shell in front, barrel, nozzle, pump rod, tank's collar and cap, guard."""
    frame = shell(_SOAKER, "polymer")
    cheeks = [
        block((-0.055, 0.080), 0.0012, (0.014, 0.049), 0.006, "steel").moved((side * 0.0212, 0.0, 0.0))
        for side in (-1, 1)
    ]
    vents = [block((y, y + 0.005), 0.0235, (0.012, 0.040), 0.0015, "hole") for y in (0.118, 0.130, 0.142, 0.154, 0.166)]
    barrel = lathe([(0.19, 0.0160), (0.215, 0.0160), (0.220, 0.0125), (0.374, 0.0115)], "steel", 24, 0.0, _SOAKER_BORE)
    tip = lathe([(0.366, 0.0120), (0.370, 0.0165), (0.386, 0.0165), (0.391, 0.0130), (0.402, 0.0100), (0.405, 0.0080),
                 (0.405, 0.0030), (0.396, 0.0026)], "accent", 24, 0.0, _SOAKER_BORE)  # fmt: skip
    tip = tip.painted("hole", lambda c: (np.hypot(c[:, 0], c[:, 2] - _SOAKER_BORE) < 0.0028) & (c[:, 1] > 0.39))
    rod = lathe(
        [(0.190, 0.0080), (0.352, 0.0080), (0.354, 0.0105), (0.364, 0.0105), (0.366, 0.0090)],
        "bright",
        18,
        0.0,
        _PUMP_Z,
    )
    strut = block((0.352, 0.366), 0.0055, (_PUMP_Z, _SOAKER_BORE), 0.001, "steel")
    saddle = shell([(-0.062, 0.014, 0.050, 0.066, 0.003), (-0.056, 0.020, 0.050, 0.070, 0.003),
                    (0.070, 0.020, 0.050, 0.070, 0.003), (0.080, 0.014, 0.050, 0.062, 0.003)], "polymer")  # fmt: skip
    collar = lathe(
        [(0.104, 0.0185), (0.107, 0.0200), (0.124, 0.0200), (0.128, 0.0180), (0.130, 0.0100)], "accent", 14, 0.0, 0.087
    )
    neck = shell([(0.108, 0.010, 0.05, 0.080, 0.002), (0.122, 0.010, 0.05, 0.080, 0.002)], "polymer")
    loop = _guard(((0.100, 0.004), (0.105, -0.010), (0.103, -0.024), (0.093, -0.034), (0.076, -0.038), (0.058, -0.036),
                   (0.046, -0.030), (0.040, -0.022)), 0.0075, 0.0034, "polymer")  # fmt: skip
    ribs = [
        handle([(z + 0.0018, *row), (z, row[0], row[1] + 0.0016, row[2] + 0.0014), (z - 0.0018, *row)], "grip")
        for z in np.arange(-0.032, -0.086, -0.009)
        for row in [row_at(_GRIP, float(z))]
    ]
    heads = screws([(-0.058, 0.031), (0.086, 0.020), (0.104, 0.046), (0.186, 0.020), (0.186, 0.044)], 0.0215)
    return joined([frame, *cheeks, *vents, barrel, tip, rod, strut, saddle, collar, neck, loop, handle(_GRIP, "polymer"),
                   *ribs, heads])  # fmt: skip


def _pump_handle() -> Shape:
    """Ribbed, around the rod."""
    back, front = _PUMP
    profile: list[tuple[float, float]] = [(back, 0.0150), (back + 0.003, 0.0215)]
    for y in np.linspace(back + 0.010, front - 0.014, 7):
        profile += [
            (float(y), 0.0215),
            (float(y) + 0.002, 0.0192),
            (float(y) + 0.005, 0.0192),
            (float(y) + 0.007, 0.0215),
        ]
    profile += [(front - 0.002, 0.0225), (front, 0.0160)]
    return lathe(profile, "accent", 22, 0.0, _PUMP_Z)


def _soaker(scheme: Scheme, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """A large one: tank on top, pump under the barrel for the other hand."""
    coats = _coats(scheme, rng)
    glass = scheme.accent if rng.random() < 0.5 else scheme.shell
    coats["lens"] = plastic(glass, rng, 0.12)
    materials = _materials("water_pistol", coats, rng)
    translucent(materials["lens"], glass, 0.090 + float(rng.uniform(-0.015, 0.017)), float(rng.uniform(0.36, 0.50)))
    ribs = [
        bulb([(y - 0.003, 0.09, w, h), (y, 0.09, w + 0.0016, h + 0.0016), (y + 0.003, 0.09, w, h)], "lens")
        for y, w, h in ((-0.042, 0.0393, 0.0353), (-0.012, 0.0399, 0.0359), (0.018, 0.0389, 0.0349))
    ]
    tank = joined([bulb(_SOAKER_TANK, "lens", 28), seam(_SOAKER_TANK, 0.0012, "lens"), *ribs])
    hinge = (0.0, 0.0690, 0.0060)
    trigger, arm = _trigger_marks(hinge, 0.034)
    shapes: list[tuple[Moving, Shape, Array]] = [
        ("body", joined([_soaker_body(), tank]), np.eye(4)),
        ("trigger", _blade(0.034, 0.0060, "accent"), shifted(hinge)),
        ("pump", _pump_handle(), np.eye(4)),
    ]
    pieces = _made("water_pistol", shapes, materials, collection)
    support = vector(0.0, sum(_PUMP) / 2, _PUMP_Z - 0.0205), vector(0.0, 0.0, -1.0)
    marks = _marks(vector(0.0, 0.405, _SOAKER_BORE), trigger, vector(0.0, -0.02, 0.127),
                   vector(0.0, -0.075, 0.034), support)  # fmt: skip
    return assemble("water_pistol", pieces, marks, Travel(trigger=TRIGGER_TRAVEL, pump=PUMP_TRAVEL), arm)


def build_water_pistol(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """A water pistol of bright plastic: small, of one clear or opaque moulding, or a soaker with a tank and a pump.

    The small one is for one hand and its support mark is on the left of the grip; the soaker's is under its pump.
    """
    large = bool(rng.random() < 0.45)
    bright = _SHELLS["marked"] if finish == "black" else None  # nobody moulds a black water pistol
    scheme = _scheme("marked" if bright else finish, rng, _BRIGHT)
    return _soaker(scheme, rng, collection) if large else _small(scheme, rng, collection)


# ----------------------------------------------------------------------------------------------------- dart blaster

_DART_BORE = 0.0480
_LOWER = (  # y, half width, bottom, top, chamfer
    (-0.0660, 0.0150, 0.0180, 0.0560, 0.006), (-0.0600, 0.0215, 0.0110, 0.0620, 0.008), (-0.0200, 0.0235, 0.0060, 0.0640, 0.009),
    (0.0900, 0.0235, 0.0040, 0.0640, 0.009), (0.0980, 0.0245, -0.0020, 0.0640, 0.009), (0.1750, 0.0245, -0.0020, 0.0640, 0.009),
    (0.1850, 0.0225, 0.0060, 0.0620, 0.009),
)  # fmt: skip
_FAT = tuple((z, back, front + 0.001, half + 0.0016) for z, back, front, half in _GRIP)
_DART_HINGE = (0.0, 0.0710, 0.0040)
_DART_REACH = 0.040


def _dart(y: float, x: float, z: float) -> Shape:
    """A foam dart, its tip at ``y`` and its tail 72 mm behind."""
    foam = lathe([(y - 0.072, 0.0060), (y - 0.072, 0.0064), (y - 0.012, 0.0064)], "dot", 12, x, z)
    tip = lathe([(y - 0.012, 0.0066), (y - 0.005, 0.0066), (y - 0.001, 0.0048), (y, 0.0018)], "rubber", 12, x, z)
    return joined([foam, tip])


def _upper(rng: np.random.Generator) -> Shape:
    """What sits on the lower shell: side panels, a ridged top rail, sights, a striker's knob behind."""
    panels = [
        prism([(-0.046, 0.024), (0.030, 0.024), (0.046, 0.038), (0.084, 0.038), (0.090, 0.046), (0.090, 0.056), (-0.046, 0.056)],
              lo, hi, "steel", 0.0012)
        for lo, hi in ((-0.0256, -0.0226), (0.0226, 0.0256))
    ]  # fmt: skip
    vents = [block((y, y + 0.006), 0.0254, (0.046, 0.057), 0.0012, "hole") for y in (0.104, 0.116, 0.128)]
    rail = shell([(0.085, 0.0085, 0.062, 0.0745, 0.002), (0.175, 0.0085, 0.062, 0.0745, 0.002)], "steel")
    teeth = [block((y, y + 0.0065), 0.0108, (0.0725, 0.0785), 0.0012, "steel") for y in np.arange(0.087, 0.168, 0.0115)]
    rear = prism(
        [(-0.052, 0.062), (-0.034, 0.062), (-0.038, 0.0785), (-0.046, 0.0785)], -0.0150, 0.0150, "steel", 0.0012
    )
    notch = block((-0.0465, -0.0375), 0.0040, (0.0745, 0.0792), 0.0008, "hole")
    knob = lathe([(-0.080, 0.0070), (-0.078, 0.0095), (-0.072, 0.0095), (-0.070, 0.0055), (-0.058, 0.0055)], "accent", 18,
                 0.0, 0.040)  # fmt: skip
    heads = screws([(-0.054, 0.018), (-0.012, 0.014), (0.090, 0.014), (0.103, 0.030), (0.168, 0.012), (0.168, 0.056)],
                   0.0240, float(rng.uniform(0.0028, 0.0036)))  # fmt: skip
    return joined([*panels, *vents, rail, *teeth, rear, notch, knob, heads])


def _muzzle(start: float, end: float, radius: float) -> Shape:
    """A barrel shroud with its ring in the accent's colour, and the bore."""
    z = _DART_BORE
    shroud = lathe([(start, radius - 0.002), (start + 0.004, radius), (end - 0.026, radius - 0.001), (end - 0.024, radius - 0.003)],
                   "polymer", 12, 0.0, z)  # fmt: skip
    ring = lathe([(end - 0.028, radius - 0.001), (end - 0.024, radius + 0.003), (end - 0.004, radius + 0.003), (end, radius),
                  (end, 0.0086), (end - 0.014, 0.0080)], "accent", 24, 0.0, z)  # fmt: skip
    return joined([
        shroud, ring.painted("hole", lambda c: (np.hypot(c[:, 0], c[:, 2] - z) < 0.0084) & (c[:, 1] > end - 0.02)),
    ])  # fmt: skip


def _fore_end(front: float) -> Shape:
    """What the other hand holds, under barrel or drum: a fat ribbed box with a rounded nose."""
    low, high = -0.0200, 0.0240
    body = shell([(0.172, 0.0180, low + 0.004, high, 0.007), (0.180, 0.0205, low, high, 0.009),
                  (front - 0.012, 0.0205, low, high, 0.009), (front, 0.0150, low + 0.008, high - 0.002, 0.007)],
                 "polymer")  # fmt: skip
    ribs = [
        shell([(y, 0.0205, low, high - 0.006, 0.009), (y + 0.0015, 0.0218, low - 0.0013, high - 0.006, 0.0094),
               (y + 0.0045, 0.0218, low - 0.0013, high - 0.006, 0.0094), (y + 0.006, 0.0205, low, high - 0.006, 0.009)], "grip")
        for y in np.arange(0.192, front - 0.022, 0.0125)
    ]  # fmt: skip
    return joined([body, *ribs])


def _grip_and_guard() -> Shape:
    ribs = [
        handle([(z + 0.0022, *row), (z + 0.001, row[0], row[1] + 0.0016, row[2] + 0.0016),
                (z - 0.001, row[0], row[1] + 0.0016, row[2] + 0.0016), (z - 0.0022, *row)], "grip")
        for z in np.arange(-0.030, -0.088, -0.0085)
        for row in [row_at(_FAT, float(z))]
    ]  # fmt: skip
    loop = _guard(((0.099, 0.002), (0.106, -0.012), (0.106, -0.030), (0.097, -0.042), (0.078, -0.047), (0.060, -0.046),
                   (0.047, -0.040), (0.041, -0.030)), 0.0095, 0.0042, "polymer")  # fmt: skip
    return joined([handle(_FAT, "polymer"), *ribs, loop])


def _dart_magazine() -> Shape:
    """A box of darts before the guard: two rails, cap and foot, with the darts between them."""
    frame = [
        block((0.103, 0.112), 0.0100, (-0.122, 0.004), 0.002, "steel"),
        block((0.180, 0.188), 0.0100, (-0.122, -0.014), 0.002, "steel"),
        block((0.100, 0.191), 0.0125, (-0.130, -0.118), 0.003, "accent"),
        block((0.100, 0.191), 0.0115, (-0.020, 0.002), 0.002, "steel"),
        block((0.110, 0.182), 0.0015, (-0.122, -0.012), 0.0006, "hole"),
    ]
    return joined([*frame, *[_dart(0.1810, 0.0, z) for z in np.arange(-0.109, -0.022, 0.0138)]])


def _drum(y: tuple[float, float], radius: float) -> Shape:
    """A lobed drum around the axis below the bore, six darts in it, their tips showing."""
    back, front = y
    middle, around = _DART_BORE - 0.024, 48
    turn = np.linspace(0, 2 * np.pi, around, endpoint=False)
    lobes = 1 + 0.09 * np.cos(6 * (turn - np.pi / 2))
    rings = []
    for at, size in ((back, 0.86), (back + 0.004, 1.0), (front - 0.004, 1.0), (front, 0.86)):
        r = radius * size * lobes
        rings.append(np.column_stack([r * np.cos(turn), np.full(around, at), middle + r * np.sin(turn)]))
    made = [loft(np.array(rings), "grip")]
    made.append(
        lathe([(front - 0.001, 0.0085), (front + 0.004, 0.0080), (front + 0.005, 0.0060)], "accent", 18, 0.0, middle)
    )
    for k in range(6):
        angle = np.pi / 2 + k * np.pi / 3
        x, z = 0.024 * float(np.cos(angle)), middle + 0.024 * float(np.sin(angle))
        made.append(
            lathe([(front - 0.002, 0.0092), (front + 0.0008, 0.0090), (front + 0.0008, 0.0070)], "accent", 14, x, z)
        )
        made.append(_dart(front + 0.004, x, z))
    return joined(made)


def _priming_slide() -> Shape:
    """Over the rear of the top: a saddle that is pulled back, with ridges for the fingers."""
    body = shell([(-0.030, 0.0150, 0.0600, 0.0740, 0.004), (-0.026, 0.0195, 0.0580, 0.0790, 0.006),
                  (0.072, 0.0195, 0.0580, 0.0790, 0.006), (0.078, 0.0160, 0.0600, 0.0750, 0.004)], "accent")  # fmt: skip
    ridges = [
        shell([(y, 0.0195, 0.0600, 0.0790, 0.006), (y + 0.001, 0.0213, 0.0600, 0.0806, 0.006),
               (y + 0.003, 0.0213, 0.0600, 0.0806, 0.006), (y + 0.004, 0.0195, 0.0600, 0.0790, 0.006)], "accent")
        for y in (*np.arange(-0.021, 0.008, 0.0068), *np.arange(0.050, 0.068, 0.0068))
    ]  # fmt: skip
    window = block((0.018, 0.042), 0.0100, (0.0760, 0.0796), 0.001, "hole")
    return joined([body, *ridges, window])


def build_toy_blaster(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """A blaster for foam darts in two or three colours: darts in a box before the guard, or in a drum in front."""
    drum = bool(rng.random() < 0.45)
    scheme = _scheme(finish, rng, (_ORANGE,) if rng.random() < 0.75 else (_ORANGE, _RED, _YELLOW, _LIME))
    coats = _coats(scheme, rng)
    if rng.random() < 0.4:
        coats["dot"] = Look((0.72, 0.11, 0.01), (0.8, 0.2, 0.05), roughness=0.85, edge=0.0, grain=0.25)
        coats["rubber"] = Look((0.02, 0.16, 0.5), (0.02, 0.16, 0.5), roughness=0.7, edge=0.0, grain=0.1)
    materials = _materials("toy_blaster", coats, rng)
    end = 0.300 if drum else 0.345 + float(rng.uniform(-0.02, 0.02))
    front = 0.290 if drum else end - 0.045
    parts = [shell(_LOWER, "polymer"), _upper(rng), _grip_and_guard(), _fore_end(front)]
    if drum:
        bridge = shell([(0.17, 0.0090, 0.062, 0.0820, 0.003), (0.282, 0.0090, 0.0745, 0.0820, 0.003)], "polymer")
        plate = shell([(0.274, 0.0150, 0.000, 0.0820, 0.006), (0.284, 0.0150, 0.000, 0.0820, 0.006)], "polymer")
        parts += [bridge, plate, _drum((0.190, 0.260), 0.0400).moved((0.0, 0.0, 0.006)), _muzzle(0.280, end, 0.0175)]
    else:
        parts += [_dart_magazine(), _muzzle(0.182, end, 0.0195)]
    trigger, arm = _trigger_marks(_DART_HINGE, _DART_REACH)
    shapes: list[tuple[Moving, Shape, Array]] = [
        ("body", joined(parts), np.eye(4)),
        ("charging", _priming_slide(), np.eye(4)),
        ("trigger", _blade(_DART_REACH, 0.0062, "accent"), shifted(_DART_HINGE)),
    ]
    pieces = _made("toy_blaster", shapes, materials, collection)
    support = vector(0.0, (0.180 + front - 0.012) / 2, -0.0205), vector(0.0, 0.0, -1.0)
    marks = _marks(vector(0.0, end, _DART_BORE), trigger, vector(0.0, -0.042, 0.0800), vector(0.0, -0.080, 0.040),
                   support, vector(0.0, -0.008, 0.0800), _FAT)  # fmt: skip
    return assemble("toy_blaster", pieces, marks, Travel(trigger=TRIGGER_TRAVEL, charging=CHARGING_TRAVEL), arm)
