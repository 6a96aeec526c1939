"""A mechanical paintball marker: hopper on top, air bottle behind as a stock, regulator as a foregrip.

Drawn from nobody's model. Sizes of the class by eye (barrel 30 cm, 200-ball hopper, 0.5 l bottle); the bore is that
of 17 mm balls. Outside shapes only.
"""

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
    shell,
    tube,
    upright,
)
from generator.world.pistol import pin, sweep
from generator.world.props import Marks, Moving, Piece, Prop, Travel, assemble, looks, shifted, unit, vector
from generator.world.surface import Look, Shape, Slot, box, joined, lathe, material, mesh_object, prism, wear_image

Array = NDArray[np.float64]

TRIGGER_TRAVEL = 0.006
BALL = 0.0085
"""Radius of a paintball (0.68 inch)."""

_BORE = 0.0340
_TUBE = 0.0185
_GRIP = (  # height, back, front, half width
    (0.0140, -0.0100, 0.0460, 0.0125), (0.0020, -0.0022, 0.0460, 0.0135), (-0.0060, 0.0004, 0.0460, 0.0142),
    (-0.0180, -0.0008, 0.0450, 0.0150), (-0.0340, -0.0050, 0.0425, 0.0158), (-0.0520, -0.0105, 0.0375, 0.0160),
    (-0.0700, -0.0160, 0.0320, 0.0158), (-0.0860, -0.0205, 0.0280, 0.0156), (-0.0960, -0.0235, 0.0265, 0.0156),
)  # fmt: skip
_HELD = -0.042
_HINGE = (0.0, 0.0620, 0.0040)
_FEED_Y, _REG_Y = 0.1050, 0.1500
_HOPPER = (  # y, middle, half width, half height
    (-0.0480, 0.1550, 0.0100, 0.0100), (-0.0440, 0.1545, 0.0240, 0.0220), (-0.0300, 0.1530, 0.0380, 0.0350),
    (-0.0050, 0.1500, 0.0490, 0.0450), (0.0300, 0.1460, 0.0540, 0.0490), (0.0700, 0.1430, 0.0540, 0.0490),
    (0.1050, 0.1430, 0.0500, 0.0460), (0.1350, 0.1450, 0.0400, 0.0380), (0.1520, 0.1470, 0.0260, 0.0250),
    (0.1600, 0.1480, 0.0100, 0.0100),
)  # fmt: skip
_BOTTLE_R, _BOTTLE_Z = 0.0400, -0.1360
_BOTTLE_TILT = np.radians(4.0)
_PAINTS: tuple[Colour, ...] = (
    (0.80, 0.42, 0.01), (0.85, 0.12, 0.006), (0.02, 0.30, 0.06), (0.02, 0.12, 0.55), (0.75, 0.05, 0.25), (0.70, 0.70, 0.66),
)  # fmt: skip
_BOTTLES: tuple[Colour, ...] = (
    (0.025, 0.026, 0.028), (0.12, 0.12, 0.125), (0.45, 0.02, 0.015), (0.01, 0.06, 0.34), (0.62, 0.40, 0.01),
)  # fmt: skip
_ANODISED: tuple[Colour, ...] = (
    (0.30, 0.01, 0.01), (0.01, 0.05, 0.32), (0.10, 0.015, 0.22), (0.02, 0.18, 0.03), (0.45, 0.22, 0.03), (0.02, 0.02, 0.022),
)  # fmt: skip


def _barrel(end: float) -> Shape:
    """Barrel with a knurled collar, a stepped front and rows of ports that spiral round it."""
    tube_ = lathe([(0.160, 0.0170), (0.164, 0.0180), (0.184, 0.0180), (0.188, 0.0150), (0.200, 0.0124), (end - 0.105, 0.0118),
                   (end - 0.100, 0.0132), (end - 0.003, 0.0132), (end, 0.0120), (end, 0.0090), (end - 0.02, 0.0088)],
                  "steel", 24, 0.0, _BORE)  # fmt: skip
    tube_ = tube_.painted("hole", lambda c: (np.hypot(c[:, 0], c[:, 2] - _BORE) < 0.0092) & (c[:, 1] > end - 0.03))
    tube_ = tube_.painted("accent", lambda c: (c[:, 1] > end - 0.104) & (np.hypot(c[:, 0], c[:, 2] - _BORE) > 0.0095))
    ports = []
    for k in range(5):
        for j in range(5):
            ports.append(_port(end - 0.090 + 0.0155 * k, 0.4 * np.pi * j + 0.28 * k, 0.0132, 0.0028))
    collar = [
        lathe([(y, 0.0178), (y + 0.001, 0.0188), (y + 0.002, 0.0188), (y + 0.003, 0.0178)], "accent", 20, 0.0, _BORE)
        for y in (0.166, 0.171, 0.176)
    ]
    return joined([tube_, *ports, *collar])


def _port(y: float, angle: float, radius: float, size: float) -> Shape:
    """A dark disc on the barrel's skin: a port is seen as its hole only."""
    disc = upright([(radius - 0.0030, size), (radius + 0.0002, size)], 0.0, 0.0, "hole", 7)
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
    return disc.moved(turn=turn).moved((0.0, y, _BORE))


def _body() -> Shape:
    """Receiver tube with its block, end cap, cocking slot and knob, feed neck with its clamp, a sight rail."""
    z = _BORE
    receiver = lathe([(-0.066, 0.0160), (-0.064, _TUBE), (0.156, _TUBE), (0.162, 0.0172)], "steel", 24, 0.0, z)
    cap = lathe(
        [(-0.084, 0.0110), (-0.081, 0.0150), (-0.072, 0.0168), (-0.064, 0.0174), (-0.060, 0.0150)], "accent", 20, 0.0, z
    )
    rings = [
        lathe([(y, _TUBE - 0.0004), (y + 0.0007, _TUBE + 0.0010), (y + 0.0033, _TUBE + 0.0010), (y + 0.004, _TUBE - 0.0004)],
              "accent", 22, 0.0, z)
        for y in (0.070, 0.124, 0.140)
    ]  # fmt: skip
    under = shell([(-0.052, 0.0110, 0.0100, 0.0300, 0.004), (-0.044, 0.0150, 0.0040, 0.0300, 0.004),
                   (0.150, 0.0150, 0.0040, 0.0300, 0.004), (0.168, 0.0140, 0.0060, 0.0260, 0.004)], "steel")  # fmt: skip
    slot = block((-0.050, 0.040), 0.0025, (z - 0.0045, z + 0.0045), 0.001, "hole").moved((-_TUBE + 0.0015, 0.0, 0.0))
    knob = pin((-0.0345, -0.0170), 0.028, z, 0.0042, "bright")
    grips = pin((-0.0345, -0.0255), 0.028, z, 0.0064, "accent")
    rail = shell(
        [(-0.050, 0.0080, z + 0.015, z + 0.0235, 0.0015), (0.050, 0.0080, z + 0.015, z + 0.0235, 0.0015)], "steel"
    )
    teeth = [
        block((y, y + 0.005), 0.0100, (z + 0.0215, z + 0.0275), 0.001, "steel")
        for y in np.arange(-0.049, 0.044, 0.0100)
    ]
    neck = upright([(z, 0.0150), (0.062, 0.0150), (0.064, 0.0165), (0.078, 0.0165), (0.079, 0.0185), (0.098, 0.0185),
                    (0.099, 0.0165)], 0.0, _FEED_Y, "accent")  # fmt: skip
    lever = box((0.0150, _FEED_Y - 0.006, 0.081), (0.0255, _FEED_Y + 0.014, 0.095), "bright", 0.002)
    bolts = [pin((side * 0.0140 - 0.0014, side * 0.0140 + 0.0014), y, 0.0110, 0.0030, "bright") for side in (-1, 1)
             for y in (-0.034, 0.056, 0.122)]  # fmt: skip
    chambered = pin((0.0165, _TUBE + 0.0003), _FEED_Y, z, 0.0048, "dot")  # seen through the detent's window
    return joined([receiver, chambered, cap, *rings, under, slot, knob, grips, rail, *teeth, neck, lever, *bolts])


def _frame() -> Shape:
    """Grip frame: grip with rubber panels, the long guard of a two-finger trigger."""
    grip = handle(_GRIP, "polymer")

    def panel(c: Array) -> NDArray[np.bool_]:
        table = np.array(_GRIP)[::-1]
        back, front = (np.interp(c[:, 2], table[:, 0], table[:, k]) for k in (1, 2))
        deep = (c[:, 1] - back) / (front - back)
        inside: NDArray[np.bool_] = (c[:, 2] < -0.016) & (c[:, 2] > -0.090) & (deep > 0.02)
        return inside

    corners = ((0.1160, 0.0060), (0.1230, -0.0060), (0.1240, -0.0250), (0.1190, -0.0460), (0.1080, -0.0600), (0.0880, -0.0660),
               (0.0680, -0.0655), (0.0500, -0.0600), (0.0380, -0.0520))  # fmt: skip
    at = np.linspace(0, len(corners) - 1, 28)
    path = CubicSpline(np.arange(len(corners)), np.array(corners))(at)
    guard = sweep([(float(y), float(z)) for y, z in path], 0.0080, [0.0030] * len(path), "polymer")
    ribs = [
        handle(
            [(z + 0.0014, *row), (z, row[0] + 0.004, row[1] + 0.0010, row[2] + 0.0011), (z - 0.0014, *row)],
            "rubber",
            20,
        )
        for z in np.arange(-0.022, -0.088, -0.0062)
        for row in [row_at(_GRIP, float(z))]
    ]
    return joined([grip.painted("rubber", panel), guard, *ribs])


def _regulator() -> Shape:
    """The foregrip: a regulator that screws up into the body, ribbed for the hand, with a gauge on its left."""
    profile: list[tuple[float, float]] = [
        (0.008, 0.0130),
        (0.002, 0.0130),
        (0.000, 0.0172),
        (-0.012, 0.0172),
        (-0.014, 0.0160),
    ]
    for z in np.arange(-0.020, -0.084, -0.0090):
        profile += [
            (float(z), 0.0160),
            (float(z) - 0.0015, 0.0172),
            (float(z) - 0.0050, 0.0172),
            (float(z) - 0.0065, 0.0160),
        ]
    profile += [(-0.094, 0.0160), (-0.096, 0.0176), (-0.110, 0.0176), (-0.113, 0.0120)]
    column = upright(profile, 0.0, _REG_Y, "steel", 18)
    column = column.painted("accent", lambda c: (c[:, 2] < -0.094) | (c[:, 2] > -0.013))
    gauge = pin((-0.0300, -0.0150), _REG_Y, -0.104, 0.0075, "bright", 16)
    face = pin((-0.0306, -0.0290), _REG_Y, -0.104, 0.0062, "grip", 16)
    return joined([column, gauge, face])


def _air(length: float) -> Shape:
    """What joins grip and bottle, the bottle with its valve, and the hose to the regulator."""
    foot = block((-0.034, 0.048), 0.0130, (-0.112, -0.0945), 0.003, "polymer")
    adapter = block((-0.018, 0.046), 0.0150, (_BOTTLE_Z - 0.016, -0.1080), 0.004, "accent")
    r = _BOTTLE_R
    profile = [(0.030, 0.0120), (0.020, 0.0150), (-0.018, 0.0150), (-0.020, 0.0175), (-0.044, 0.0175), (-0.046, 0.0150),
               (-0.050, 0.0150), (-0.054, 0.0200), (-0.060, 0.0280), (-0.068, 0.0345), (-0.078, 0.0388), (-0.088, r)]  # fmt: skip
    end = -0.088 - length
    profile += [
        (end + 0.026, r),
        (end + 0.016, 0.94 * r),
        (end + 0.008, 0.80 * r),
        (end + 0.002, 0.52 * r),
        (end, 0.20 * r),
    ]
    bottle = lathe(profile, "paint", 24)
    bottle = bottle.painted("bright", lambda c: c[:, 1] > -0.0515)
    bands = [lathe([(y, r - 0.0004), (y - 0.0006, r + 0.0004), (y - 0.004, r + 0.0004), (y - 0.0046, r - 0.0004)], "lens", 24)
             for y in (-0.100, end + 0.034)]  # fmt: skip
    gauge = pin((-0.0270, -0.0140), -0.032, 0.0, 0.0085, "bright", 16)
    cos, sin = np.cos(_BOTTLE_TILT), np.sin(_BOTTLE_TILT)
    turn = np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])
    air = joined([bottle, *bands, gauge]).moved((0.0, 0.0, _BOTTLE_Z), turn)
    hung = [
        (0.0, 0.044, -0.126),
        (0.0, 0.078, -0.136),
        (0.0, 0.112, -0.140),
        (0.0, 0.143, -0.130),
        (0.0, 0.151, -0.108),
    ]
    bend = CubicSpline(np.arange(5), np.array(hung))
    hose = tube(bend(np.linspace(0, 4, 20)), 0.0040, "rubber")
    fittings = [lathe([(0.044, 0.0062), (0.058, 0.0062), (0.060, 0.0050)], "bright", 12, 0.0, -0.127)]
    return joined([foot, adapter, air, hose, *fittings])


def _hopper() -> Shape:
    """The clear shell of the hopper, with its seam, lid and neck."""
    egg = bulb(_HOPPER, "lens", 28, 2.2)
    rim = bulb([(y, mid, w + 0.0016, 0.0016) for y, mid, w, _ in _HOPPER], "grip", 28, 4.0)
    lid = bulb([(-0.0500, 0.1600, 0.016, 0.016), (-0.0470, 0.1595, 0.028, 0.027), (-0.0330, 0.1585, 0.0385, 0.036),
                (-0.0300, 0.1580, 0.0365, 0.034)], "grip", 24, 2.2)  # fmt: skip
    latch = block((-0.040, -0.020), 0.008, (0.1880, 0.1960), 0.002, "grip")
    neck = upright([(0.070, 0.0142), (0.097, 0.0142), (0.101, 0.0190), (0.108, 0.0260)], 0.0, _FEED_Y, "grip")
    return joined([egg, rim, lid, latch, neck])


def _smoked(made: bpy.types.Material, smoke: Colour, paint: Colour, level: float) -> bpy.types.Material:
    """Smoked clear plastic with balls behind it up to a height, without the cost and noise of looking through it.

    Args:
        made: a material with one Principled shader; changed in place.
        smoke: colour of the plastic with nothing behind it.
        paint: of the balls, as they are in the open.
        level: metres in the object's own frame.
    """
    tree = made.node_tree
    shader = next(node for node in tree.nodes if node.type == "BSDF_PRINCIPLED")
    where, cells, split, mix = (
        tree.nodes.new(f"ShaderNode{kind}") for kind in ("TexCoord", "TexVoronoi", "SeparateXYZ", "Mix")
    )
    cells.inputs["Scale"].default_value, cells.inputs["Randomness"].default_value = 1 / (2 * BALL), 0.55
    ball_, full, both = (tree.nodes.new("ShaderNodeMapRange") for _ in range(3))
    # A ball is round: it darkens to its rim, and between balls it is dark.
    _set(ball_, 0.25, 0.62, 1.0, 0.0)
    ball_.interpolation_type = "SMOOTHSTEP"
    _set(full, level + 0.4 * BALL, level - 0.4 * BALL, 0.0, 1.0)
    mix.data_type = "RGBA"
    mix.inputs[6].default_value = (*smoke, 1)
    mix.inputs[7].default_value = (*(0.5 * p + 0.6 * s for p, s in zip(paint, smoke, strict=True)), 1)
    tree.links.new(where.outputs["Object"], cells.inputs["Vector"])
    tree.links.new(where.outputs["Object"], split.inputs[0])
    tree.links.new(cells.outputs["Distance"], ball_.inputs["Value"])
    # The heap's surface is bumpy: the level rises in the middle of each ball.
    heap = tree.nodes.new("ShaderNodeMath")
    heap.operation = "MULTIPLY_ADD"
    heap.inputs[1].default_value = BALL
    tree.links.new(cells.outputs["Distance"], heap.inputs[0])
    tree.links.new(split.outputs["Z"], heap.inputs[2])
    tree.links.new(heap.outputs[0], full.inputs["Value"])
    _set(both, 0.0, 1.0, 0.0, 1.0)
    tree.links.new(ball_.outputs["Result"], both.inputs["Value"])
    tree.links.new(full.outputs["Result"], both.inputs["To Max"])
    tree.links.new(both.outputs["Result"], mix.inputs[0])
    tree.links.new(mix.outputs[2], shader.inputs["Base Color"])
    return made


def _set(node: bpy.types.Node, low: float, high: float, to_low: float, to_high: float) -> None:
    """Range of a Map Range node."""
    for key, value in (("From Min", low), ("From Max", high), ("To Min", to_low), ("To Max", to_high)):
        node.inputs[key].default_value = value


def _trigger() -> Shape:
    """A double trigger around its hinge: two scallops for two fingers."""
    s = np.linspace(0, 1, 17)
    reach = 0.050
    front = np.column_stack([0.0040 - 0.0032 * np.abs(np.sin(2 * np.pi * s)) + 0.004 * s**2, 0.003 - reach * s])
    back = np.column_stack([-0.0040 + 0.004 * s**2 - 0.001 * np.sin(np.pi * s), 0.003 - reach * s])
    outline = [(float(y), float(z)) for y, z in np.concatenate([front, back[::-1]])]
    return prism(outline, -0.0042, 0.0042, "accent", 0.0008)


def _marks(end: float, butt: Array) -> Marks:
    centre, axis, _ = gripped(_GRIP, _HELD)
    return Marks(
        muzzle=vector(0.0, end, _BORE),
        grip=centre,
        grip_axis=axis,
        trigger=vector(0.0, _HINGE[1] + 0.0010, _HINGE[2] - 0.0100),
        support=vector(-0.0116, _REG_Y - 0.0116, -0.050),
        support_normal=unit(-1.0, -1.0, 0.0),
        sights=vector(0.0, -0.040, _BORE + 0.0275),
        rack=vector(-0.0345, 0.028, _BORE),
        butt=butt,
    )


def _looks(finish: Finish, rng: np.random.Generator) -> dict[Slot, Look]:
    """Metal in the finish's coat; fittings anodised, or of the same coat; a bottle and a hopper of their own."""
    coats = dict(looks(finish, rng))
    colour = _ANODISED[int(rng.integers(len(_ANODISED)))]
    pale = (0.5 * colour[0] + 0.3, 0.5 * colour[1] + 0.3, 0.5 * colour[2] + 0.3)
    coats["accent"] = Look(colour, pale, metal=True, metallic=0.7, roughness=0.3, edge=0.4, grain=0.05)
    coats["paint"] = plastic(_BOTTLES[int(rng.integers(len(_BOTTLES)))], rng, 0.20)
    smoke = float(rng.uniform(0.015, 0.05))
    coats["lens"] = plastic((smoke, 1.02 * smoke, 1.05 * smoke), rng, 0.10)
    coats["grip"] = plastic((0.018, 0.018, 0.019), rng, 0.35)
    coats["dot"] = plastic(_PAINTS[int(rng.integers(len(_PAINTS)))], rng, 0.25)
    return coats


def build_paintball_marker(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """A marker with a smoked hopper half full of balls and an air bottle for a stock: body and trigger.

    The right hand holds the grip with one or two fingers in the guard, the left the regulator's column, thumb behind.
    """
    picture = wear_image(rng)
    coat = _looks(finish, rng)
    coats = {slot: material(f"marker_{slot}", look, picture, dust=0.6) for slot, look in coat.items()}
    end, length = float(rng.uniform(0.425, 0.485)), float(rng.uniform(0.100, 0.135))
    smoked = _smoked(coats["lens"].copy(), coat["lens"].colour, coat["dot"].colour, float(rng.uniform(0.125, 0.160)))
    body = joined([_body(), _barrel(end), _frame(), _regulator(), _air(length)])
    shapes: list[tuple[str, Moving, Shape, Array, dict[Slot, bpy.types.Material]]] = [
        ("body", "body", body, np.eye(4), coats),
        ("hopper", "body", _hopper(), np.eye(4), {**coats, "lens": smoked}),
        ("trigger", "trigger", _trigger(), shifted(_HINGE), coats),
    ]
    pieces = [
        Piece(moving, mesh_object(f"marker_{name}", shape, used, collection), rest, shape)
        for name, moving, shape, rest, used in shapes
    ]
    far = -0.088 - length
    butt = vector(0.0, far * float(np.cos(_BOTTLE_TILT)), _BOTTLE_Z + far * float(np.sin(_BOTTLE_TILT)))
    return assemble("paintball_marker", pieces, _marks(end, butt), Travel(trigger=TRIGGER_TRAVEL), 0.010)
