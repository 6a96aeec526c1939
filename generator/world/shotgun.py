"""A generic pump-action training shotgun: outside shapes only, drawn from nobody's model.

What makes the class: two tubes one above the other, a thick fore-end that slides on the lower one, a deep receiver and a
shoulder stock.
"""

from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from generator.scenario.spec import Finish
from generator.world import gun_parts as parts
from generator.world.pistol import across
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

PUMP_TRAVEL = 0.072
BOLT_TRAVEL = 0.070

_FRONT = 0.168
"""Front of the receiver, along y."""

_TUBE = -0.0300
"""Height of the magazine tube from the bore."""

_FORE_END = (0.2460, 0.3960)
"""Fore-end at rest, forward; its back comes to rest against the receiver."""

_PORT = (0.0820, 0.1440)
_BARREL = 0.0112
_TOP = 0.0180
"""Of the receiver, above the bore."""

_SHELLS = ((0.50, 0.020, 0.015), (0.015, 0.06, 0.36), (0.03, 0.20, 0.05), (0.72, 0.16, 0.012), (0.62, 0.61, 0.56))
"""Hulls: red, blue, green, orange, clear; by eye."""

_WALNUT = ((0.085, 0.034, 0.014), (0.15, 0.075, 0.03))
"""Oiled wood, and where the oil is worn off; by eye."""


@dataclass(frozen=True)
class _Build:
    """What is drawn by lot.

    Attributes:
        pistol: a grip of its own in place of a stock with a swept wrist.
        bore: height of the bore above the web of the hand.
        ghost: aperture sights on a rail in place of a bead.
        slab: a squared fore-end in place of a round ribbed one.
        muzzle: front of the barrel, along y.
        long_tube: the magazine tube reaches almost to the muzzle.
        shells: how many are held on the side; 0 without a holder.
        shield: a slotted shield over the barrel.
        wood: stock and fore-end of walnut.
    """

    pistol: bool
    bore: float
    ghost: bool
    slab: bool
    muzzle: float
    long_tube: bool
    shells: int
    shield: bool
    wood: bool


def _drawn(finish: Finish, rng: np.random.Generator) -> _Build:
    pistol, ghost, slab, long_tube, shield, wood = (rng.random(6) < (0.5, 0.5, 0.45, 0.4, 0.25, 0.45)).tolist()
    return _Build(
        pistol=pistol,
        bore=0.0530 if pistol else 0.0300,
        ghost=ghost,
        slab=slab and not wood,
        muzzle=float(rng.choice([0.585, 0.625, 0.665])),
        long_tube=long_tube,
        shells=int(rng.choice([0, 0, 4, 6])),
        shield=shield and not wood,
        wood=wood and not pistol and finish in ("black", "grey", "marked"),
    )


def _receiver_ring(
    y: float, top: float = _TOP, low: float = -0.0410, half: float = 0.0180, port: bool = False
) -> Array:
    """(n, 3) around the receiver, the bore at z = 0: flat sides, a round top; ``port`` opens its right side."""
    # Where the receiver slopes down at its rear, the corners under the top come down with it.
    flat = [
        (half, min(z, top - drop))
        for z, drop in ((-0.0200, 0.0170), (-0.0085, 0.0140), (0.0, 0.0115), (0.0075, 0.0090))
    ]
    right = [
        (half - 0.0060, low), (half - 0.0015, low + 0.0012), (half, low + 0.0050), *flat,
        (half - 0.0012, top - 0.0070), (half - 0.0060, top - 0.0022), (half - 0.0110, top - 0.0004), (0.0, top),
    ]  # fmt: skip
    left = [(-x, z) for x, z in right[:-1]][::-1]
    if port:
        right[4:8] = [(0.0100, -0.0083), (0.0092, 0.0), (0.0098, 0.0085), (0.0150, 0.0112)]
    points = np.array(right + left)
    return np.column_stack([points[:, 0], np.full(len(points), y), points[:, 1]])


def _receiver(build: _Build) -> Shape:
    """Receiver with its port, loading gate, trigger housing and guard; bore at z = 0."""
    lo, hi = _PORT
    rear = -0.008 if build.pistol else 0.012
    rings = [
        _receiver_ring(rear, 0.004, -0.034, 0.0165), _receiver_ring(rear + 0.010, 0.0125, -0.040, 0.0178),
        _receiver_ring(rear + 0.024, _TOP - 0.001), _receiver_ring(rear + 0.034), _receiver_ring(lo - 0.002),
        _receiver_ring(lo), _receiver_ring(lo + 0.0003, port=True), _receiver_ring(hi - 0.0003, port=True),
        _receiver_ring(hi), _receiver_ring(_FRONT - 0.002),
        _receiver_ring(_FRONT, _TOP - 0.001, -0.040, 0.0170),
    ]  # fmt: skip
    body = loft(np.array(rings), "steel")

    def opening(c: Array) -> NDArray[np.bool_]:
        inside: NDArray[np.bool_] = (
            (c[:, 0] > 0.004) & (c[:, 1] > lo) & (c[:, 1] < hi) & (c[:, 2] > -0.010) & (c[:, 2] < 0.012)
        )
        return inside

    gate = box((-0.0110, 0.1020, -0.0418), (0.0110, 0.1640, -0.0400), "hole", 0.0)
    lifter = prism(
        [(0.1060, -0.0425), (0.1600, -0.0412), (0.1600, -0.0402), (0.1060, -0.0402)], -0.0088, 0.0088, "bright", 0.0004
    )
    housing = prism(
        [(0.018, -0.0480), (0.030, -0.0300), (0.126, -0.0300), (0.126, -0.0430), (0.120, -0.0475)],
        -0.0115,
        0.0115,
        "polymer",
        0.0014,
    )
    low = -0.083
    # It ends in the front of whatever the hand holds.
    back = [(0.0395, -0.0630)] if build.pistol else [(0.0330, -0.0690), (0.0200, -0.0620)]
    ring = parts.guard(
        [(0.1200, -0.0440), (0.1190, -0.0600), (0.1130, -0.0740), (0.1010, low + 0.0010), (0.0840, low), (0.0660, low + 0.0005),
         (0.0540, low + 0.0030), (0.0440, low + 0.0090), *back],
        "polymer", 0.0058,
    )  # fmt: skip
    heads = parts.pins([(0.0420, -0.0260, 0.0030), (0.1100, -0.0280, 0.0030)], 0.0186)
    safety = parts.pins([(0.1130, -0.0415, 0.0036)], 0.0130, "bright")
    return joined([body.painted("hole", opening), gate, lifter, housing, ring, heads, safety])


def _barrels(build: _Build) -> Shape:
    """Barrel, magazine tube, clamp, cap; bore at z = 0."""
    end = build.muzzle - 0.030 if build.long_tube else 0.452
    barrel = lathe(
        [
            (_FRONT - 0.01, 0.0132),
            (_FRONT + 0.030, 0.0128),
            (_FRONT + 0.075, _BARREL + 0.0006),
            (build.muzzle - 0.012, _BARREL),
        ],
        "steel",
        24,
    )
    muzzle = parts.mouth((build.muzzle - 0.0125, build.muzzle), _BARREL + 0.0002, 0.0092, "accent")
    magazine = parts.tube((_FRONT - 0.01, end), 0.0120, "steel", z=_TUBE)
    grooves = [(end - 0.002, 0.0118)]
    for k in range(7):
        grooves += [
            (end + 0.0042 * k, 0.0136),
            (end + 0.0028 + 0.0042 * k, 0.0136),
            (end + 0.0030 + 0.0042 * k, 0.0128),
            (end + 0.0041 + 0.0042 * k, 0.0128),
        ]
    cap = lathe([*grooves, (end + 0.031, 0.0128), (end + 0.033, 0.0105)], "accent", 20, 0.0, _TUBE)
    at = end - 0.030 if build.long_tube else end - 0.012
    lug = across(
        [(-0.0052, _TUBE), (0.0052, _TUBE), (0.0075, -0.006), (-0.0075, -0.006)],
        at - 0.008,
        at + 0.010,
        "steel",
        0.0010,
    )
    bands = [
        parts.collar((at - 0.009, at + 0.011), radius, radius - 0.003, "steel", z=z)
        for radius, z in ((0.0142, _TUBE), (0.0135, 0.0))
    ]
    loop = parts.sling_loop((0.0, end - 0.004, _TUBE - 0.0190))
    made = [barrel, muzzle, magazine, cap, lug, loop, *(bands if build.long_tube else bands[:1])]
    if build.shield:
        made.append(_shield())
    return joined(made)


def _shield() -> Shape:
    """A sheet over the barrel with rows of dark slots."""
    lo, hi = _FRONT + 0.040, 0.430
    turn = np.radians(np.linspace(-28, 208, 15))
    outer = np.column_stack([0.0162 * np.cos(turn), 0.0162 * np.sin(turn)])
    inner = 0.92 * outer[::-1]
    skin = np.concatenate([outer, inner])
    sheet = loft(
        np.array([np.column_stack([skin[:, 0], np.full(len(skin), y), skin[:, 1]]) for y in (lo, hi)]), "steel"
    )
    slots = []
    for angle in np.radians([40.0, 90.0, 140.0]):
        out = np.array([np.cos(angle), 0.0, np.sin(angle)])
        side = np.array([-np.sin(angle), 0.0, np.cos(angle)])
        turned = np.column_stack([side, [0.0, 1.0, 0.0], out])
        for y in np.arange(lo + 0.018, hi - 0.024, 0.030):
            slots.append(
                box((-0.0028, -0.010, -0.0004), (0.0028, 0.010, 0.0003), "hole").moved(
                    out * 0.0162 + [0.0, y, 0.0], turned
                )
            )
    return joined([sheet, *slots])


def _fore_end(build: _Build, slot: Slot) -> Shape:
    """What the support hand slides, with the bars that run back into the receiver; bore at z = 0."""
    lo, hi = _FORE_END
    z = _TUBE - 0.0010
    rings: list[Array] = []
    if build.slab:
        rows = [(lo, 0.0165, 0.0185), (lo + 0.003, 0.0200, 0.0205), (lo + 0.030, 0.0205, 0.0212)]
        for y in np.arange(lo + 0.036, hi - 0.040, 0.0150):
            rows += [
                (y, 0.0208, 0.0215),
                (y + 0.0085, 0.0208, 0.0215),
                (y + 0.0100, 0.0186, 0.0196),
                (y + 0.0135, 0.0186, 0.0196),
            ]
        rows += [
            (hi - 0.022, 0.0205, 0.0212),
            (hi - 0.014, 0.0240, 0.0250),
            (hi - 0.004, 0.0236, 0.0246),
            (hi, 0.0200, 0.0210),
        ]
        power = 4.2
    else:
        rows = [(lo, 0.0160, 0.0160), (lo + 0.003, 0.0190, 0.0190), (lo + 0.012, 0.0200, 0.0200)]
        for y in np.arange(lo + 0.016, hi - 0.018, 0.0098):
            rows += [
                (y, 0.0222, 0.0222),
                (y + 0.0055, 0.0222, 0.0222),
                (y + 0.0068, 0.0198, 0.0198),
                (y + 0.0088, 0.0198, 0.0198),
            ]
        rows += [(hi - 0.010, 0.0212, 0.0212), (hi - 0.003, 0.0202, 0.0202), (hi, 0.0170, 0.0170)]
        power = 2.5
    rings = [parts.ring_across(y, half, tall, z, power, 32) for y, half, tall in rows]
    bars = [
        box((x - 0.0012, 0.1100, _TUBE - 0.0042), (x + 0.0012, lo + 0.020, _TUBE + 0.0042), "bright", 0.0004)
        for x in (-0.0140, 0.0140)
    ]
    return joined([loft(np.array(rings), slot), *bars])


def _bolt() -> Shape:
    lo, hi = _PORT
    body = lathe(
        [(lo - 0.004, 0.0104), (hi - 0.010, 0.0104), (hi - 0.0095, 0.0086), (hi + 0.004, 0.0086)],
        "bright",
        20,
        0.0050,
        0.0005,
    )
    claw = box((0.0142, lo + 0.026, -0.0022), (0.0162, hi - 0.004, 0.0020), "steel", 0.0005)
    return joined([body, claw])


def _sights(build: _Build) -> tuple[Shape, Array]:
    """Bead, or aperture on a rail; and the mark on the line of sight; bore at z = 0."""
    if not build.ghost:
        y = build.muzzle - 0.012
        bead = lathe(
            [(-0.0026, 0.0012), (-0.0014, 0.0026), (0.0, 0.0030), (0.0014, 0.0026), (0.0026, 0.0012)], "dot", 14
        ).moved((0, y, _BARREL + 0.0058))
        foot = box((-0.0010, y - 0.0010, _BARREL - 0.001), (0.0010, y + 0.0010, _BARREL + 0.0045), "bright")
        return joined([bead, foot]), vector(0.0, 0.040, _TOP + 0.0015)
    top = _TOP - 0.0012
    line = top + parts.RAIL_HEIGHT + 0.0170
    rail = parts.rail((0.030, _FRONT - 0.004), top, "steel")
    y = 0.048
    foot = box((-0.0120, y - 0.012, top + 0.003), (0.0120, y + 0.012, line - 0.0085), "steel", 0.0010)
    ring = parts.collar((y - 0.002, y + 0.0015), 0.0068, 0.0042, "steel", z=line, n=18)
    wings = [
        box((x - 0.0011, y - 0.010, line - 0.010), (x + 0.0011, y + 0.006, line + 0.0070), "steel", 0.0008)
        for x in (-0.0112, 0.0112)
    ]
    at = build.muzzle - 0.028
    ramp = prism(
        [
            (at - 0.026, _BARREL - 0.001),
            (at + 0.014, _BARREL - 0.001),
            (at + 0.012, _BARREL + 0.006),
            (at, _BARREL + 0.008),
        ],
        -0.0052,
        0.0052,
        "steel",
        0.0008,
    )
    blade = prism(
        [(at - 0.004, _BARREL + 0.005), (at + 0.010, _BARREL + 0.005), (at + 0.008, line - 0.0004), (at + 0.002, line)],
        -0.0012,
        0.0012,
        "steel",
        0.0003,
    )
    dot = lathe([(-0.0003, 0.0011), (0.0004, 0.0011)], "dot", 12, 0.0, line - 0.0022).moved((0.0, at + 0.0012, 0.0))
    return joined([rail, foot, ring, ramp, blade, dot, *wings]), vector(0.0, y - 0.006, line)


def _holder(build: _Build) -> list[Shape]:
    """A plate on the receiver's left with shells in it, heads down; bore at z = 0."""
    if not build.shells:
        return []
    pitch = 0.0218
    first = 0.150 - pitch * (build.shells - 1)
    plate = box((-0.0212, first - 0.013, -0.0270), (-0.0178, 0.163, -0.0020), "polymer", 0.0010)
    made = [plate]
    upright = np.array([[1.0, 0, 0], [0, 0, -1.0], [0, 1.0, 0]])  # the lathe's axis y, laid along z
    for k in range(build.shells):
        at = (-0.0316, first + k * pitch, -0.0480)
        head = lathe([(0.0, 0.0110), (0.0012, 0.0110), (0.0016, 0.0102), (0.0130, 0.0102)], "bright", 16)
        hull = lathe([(0.0130, 0.0099), (0.0560, 0.0099), (0.0580, 0.0090), (0.0578, 0.0060)], "paint", 16)
        loop = parts.collar((0.0230, 0.0420), 0.0116, 0.0098, "polymer", n=16)
        made.append(joined([head, hull, loop]).moved(at, upright))
    return made


_WRIST_TOP = (
    (0.034, 0.0400), (0.020, 0.0290), (0.008, 0.0090), (0.0, 0.0005), (-0.012, -0.0120), (-0.026, -0.0255),
    (-0.038, -0.0335), (-0.050, -0.0365), (-0.062, -0.0345), (-0.078, -0.0260), (-0.095, -0.0185), (-0.115, -0.0160),
    (-0.180, -0.0220), (-0.268, -0.0340),
)  # fmt: skip
_WRIST_LOW = (
    (0.034, -0.0200), (0.024, -0.0350), (0.012, -0.0500), (0.0, -0.0625), (-0.012, -0.0740), (-0.024, -0.0830),
    (-0.036, -0.0890), (-0.048, -0.0910), (-0.060, -0.0890), (-0.075, -0.0860), (-0.095, -0.0870), (-0.140, -0.0980),
    (-0.180, -0.1110), (-0.268, -0.1530),
)  # fmt: skip
_WRIST_HALF = (
    (0.034, 0.0150),
    (0.010, 0.0158),
    (-0.030, 0.0160),
    (-0.055, 0.0165),
    (-0.095, 0.0175),
    (-0.180, 0.0195),
    (-0.268, 0.0205),
)
"""Profiles (y, height or half width) of a stock whose wrist is the grip: swept down behind the web, then up to the comb."""


def _curve(points: tuple[tuple[float, float], ...]) -> PchipInterpolator:
    return PchipInterpolator(*np.array(points)[::-1].T)


def _swept_stock(slot: Slot) -> tuple[parts.Grip, Array]:
    """A stock whose wrist is held, with the middle of its butt."""
    places = np.concatenate([np.linspace(0.034, -0.095, 34), np.linspace(-0.110, -0.264, 8)])
    curves = (_curve(points)(places) for points in (_WRIST_LOW, _WRIST_TOP, _WRIST_HALF))
    rows = np.column_stack([places, *curves]).tolist()
    stock = parts.profiled(rows, slot, 2.5, 32)
    pad = parts.profiled(
        [(-0.263, -0.1515, -0.0335, 0.0208), (-0.279, -0.1550, -0.0350, 0.0208), (-0.284, -0.1520, -0.0385, 0.0180)],
        "rubber",
        2.8,
        32,
    )
    loop = parts.sling_loop((0.0, -0.215, -0.1335))
    # The axis lies midway between the top and the front of the wrist, a hand's width along it.
    start, end = np.array([0.012, -0.0220]), np.array([-0.034, -0.0600])
    axis = (end - start) / np.linalg.norm(end - start)
    middle = start + 0.030 * axis
    return parts.Grip(joined([stock, pad, loop]), vector(0.0, *middle), vector(0.0, *axis)), vector(
        0.0, -0.284, -0.0900
    )


def _gripped_stock(slot: Slot) -> tuple[parts.Grip, Array]:
    """A pistol grip, and a stock behind it that leaves room for the hand; with the middle of its butt."""
    grip = parts.pistol_grip(slot)
    rows = [
        (0.002, 0.0150, 0.0640, 0.0160), (-0.012, 0.0180, 0.0620, 0.0160), (-0.045, 0.0180, 0.0570, 0.0160),
        (-0.075, 0.0100, 0.0550, 0.0172), (-0.110, -0.0120, 0.0545, 0.0185), (-0.180, -0.0400, 0.0530, 0.0200),
        (-0.256, -0.0700, 0.0510, 0.0208),
    ]  # fmt: skip
    stock = parts.profiled(rows, slot, 2.7, 32)
    pad = parts.profiled(
        [(-0.255, -0.0710, 0.0515, 0.0210), (-0.270, -0.0720, 0.0500, 0.0210), (-0.275, -0.0690, 0.0470, 0.0180)],
        "rubber",
        2.9,
        32,
    )
    neck = box((-0.0150, -0.006, 0.0040), (0.0150, 0.050, 0.0300), slot, 0.0030)
    loop = parts.sling_loop((0.0, -0.215, -0.0640))
    return parts.Grip(joined([grip.shape, stock, pad, neck, loop]), grip.centre, grip.axis), vector(
        0.0, -0.275, -0.0110
    )


def _coats(build: _Build, finish: Finish, rng: np.random.Generator) -> dict[Slot, bpy.types.Material]:
    """Materials; hulls have a colour of their own, furniture may be of wood."""
    picture = wear_image(rng)
    made = dict(looks(finish, rng))
    hull = _SHELLS[int(rng.integers(len(_SHELLS)))]
    made["paint"] = Look(hull, (hull[0] * 0.5, hull[1] * 0.5, hull[2] * 0.5), roughness=0.42, edge=0.3)
    if build.wood:
        made["grip"] = Look(_WALNUT[0], _WALNUT[1], roughness=0.40, edge=0.7, grain=0.25)
    return {slot: material(f"shotgun_{slot}", look, picture) for slot, look in made.items()}


def build_shotgun(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """The training shotgun: body, fore-end, bolt, trigger; stock, sights, lengths, shells on the side by lot."""
    build = _drawn(finish, rng)
    coats = _coats(build, finish, rng)
    grip, butt = _gripped_stock("polymer") if build.pistol else _swept_stock("grip" if build.wood else "polymer")
    sights, line = _sights(build)
    up = np.array([0.0, 0.0, build.bore])
    body = joined([grip.shape, joined([_receiver(build), _barrels(build), sights, *_holder(build)]).moved(up)])
    pump = _fore_end(build, "grip" if build.wood or not build.slab else "polymer").moved(up)
    hinge = vector(0.0, parts.HINGE[1], build.bore - 0.0440)
    shapes: list[tuple[Moving, Shape, Array]] = [
        ("body", body, np.eye(4)),
        ("pump", pump, np.eye(4)),
        ("action", _bolt().moved(up), np.eye(4)),
        ("trigger", parts.trigger("steel"), shifted(hinge)),
    ]
    pieces = [
        Piece(name, mesh_object(f"shotgun_{name}", shape, coats, collection), rest, shape)
        for name, shape, rest in shapes
    ]
    palm = parts.rest_for_palm(pump, _FORE_END[0] + 0.055)
    marks = Marks(
        muzzle=vector(0.0, build.muzzle, build.bore),
        grip=grip.centre,
        grip_axis=grip.axis,
        trigger=hinge + (0.0, 0.0004, -parts.TRIGGER_ARM),
        support=palm,
        support_normal=unit(0.0, 0.0, -1.0),
        sights=line + up,
        rack=palm,
        butt=butt,
        port=(vector(0.0165, 0.5 * sum(_PORT), build.bore), unit(0.92, -0.25, 0.30)),
    )
    travel = Travel(action=BOLT_TRAVEL, trigger=parts.TRIGGER_TRAVEL, pump=PUMP_TRAVEL)
    return assemble("training_shotgun", pieces, marks, travel, parts.TRIGGER_ARM)
