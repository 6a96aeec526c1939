"""The second shape of the training pistol: hammer-fired, all steel to look at, with a round slide and grip panels.

Outside shapes only, drawn from nobody's model. Sizes are those of the class (about 190 mm long with the hammer, 140 mm
high, slide 24 mm wide, reach to the trigger 66 mm).
"""

from collections.abc import Mapping
from dataclasses import replace

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator

from generator.scenario.spec import Finish
from generator.world.handgun_fittings import Fittings, dot_height, dot_shape, draw_fittings, light_shape
from generator.world.pistol import across, box_magazine, pin, sweep
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

SLIDE_TRAVEL = 0.042
TRIGGER_TRAVEL = 0.010
_HALF = 0.0120
"""Half width of the slide."""

_REAR, _FRONT = -0.0085, 0.1540
_BOTTOM, _SHOULDER, _TOP = 0.0108, 0.0236, 0.0366
"""Heights of the slide: underside, where its sides begin to round, upper side."""

_BORE = 0.0248
_PORT = (0.060, 0.0905)
_HINGE = (0.0, 0.0660, -0.0005)
_RAKE = np.radians(16.5)
"""Lean of the grip, radians from upright."""

_PANEL = (-0.0130, -0.0945)
_RAIL = -0.0052
"""Underside of the dust cover."""

_PANEL_LOOKS = (
    Look((0.105, 0.036, 0.013), (0.24, 0.12, 0.05), roughness=0.38, edge=0.5, grain=0.25),
    Look((0.045, 0.017, 0.009), (0.14, 0.07, 0.03), roughness=0.42, edge=0.5, grain=0.35),
    Look((0.018, 0.018, 0.018), (0.06, 0.06, 0.06), roughness=0.70, edge=0.3, grain=0.8, stipple=True),
    Look((0.060, 0.066, 0.058), (0.12, 0.12, 0.11), roughness=0.60, edge=0.4, grain=0.7, stipple=True),
)
"""Grip panels: light and dark wood, black rubber, grey laminate; by eye."""


def _section(half: float, top: float, cut: float = 0.0, port: bool = False) -> Array:
    """(n, 2) points (x, z) around the slide: upright sides, a round back; ``cut`` sinks the sides' grooves."""
    side = half - cut
    turn = np.radians([14.0, 30.0, 46.0, 62.0, 76.0])
    power = 2 / 2.3  # a little squarer than an ellipse
    arc = [
        (side * float(np.cos(a) ** power), _SHOULDER + (top - _SHOULDER - 0.4 * cut) * float(np.sin(a) ** power))
        for a in turn
    ]
    right = [(side - 0.0008, _BOTTOM), (side, _BOTTOM + 0.0008), (side, 0.0176), (side, _SHOULDER), *arc, (0.0, top)]
    left = [(-x, z) for x, z in right[:-1]][::-1]
    if port:
        right[3:] = [(0.0096, 0.0182), (0.0094, 0.0196), (0.0088, 0.0240), (0.0080, 0.0285), (0.0060, 0.0312),
                     (0.0030, 0.0320), (-0.0014, 0.0322)]  # fmt: skip
        left[0] = (-0.0030, left[0][1])
    return np.array(right + left)


def _slide_rings() -> Array:
    """Rings along the slide: upright fine grooves behind, the port, a nose that rounds off."""
    rings = [
        (_REAR, _section(_HALF - 0.0008, _TOP - 0.0010)),
        (_REAR + 0.0008, _section(_HALF, _TOP)),
        (_REAR + 0.0050, _section(_HALF, _TOP)),
    ]
    for k in range(11):
        for at, cut in ((0.0, 0.0), (0.0005, 0.0006), (0.0011, 0.0006), (0.0016, 0.0)):
            rings.append((_REAR + 0.0056 + 0.0022 * k + at, _section(_HALF, _TOP, cut)))
    lo, hi = _PORT
    rings += [
        (lo, _section(_HALF, _TOP)),
        (lo + 0.0002, _section(_HALF, _TOP, port=True)),
        (hi - 0.0002, _section(_HALF, _TOP, port=True)),
        (hi, _section(_HALF, _TOP)),
        (0.1180, _section(_HALF, _TOP)),
        (0.1240, _section(_HALF - 0.0012, _TOP)),  # the nose is milled slimmer
        (0.1490, _section(_HALF - 0.0013, _TOP - 0.0002)),
        (0.1525, _section(_HALF - 0.0026, _TOP - 0.0014)),
        (_FRONT, _section(_HALF - 0.0048, _TOP - 0.0036)),
    ]
    return np.array([np.column_stack([p[:, 0], np.full(len(p), y), p[:, 1]]) for y, p in rings])


def _slide(fittings: Fittings) -> Shape:
    lo, hi = _PORT
    body = loft(_slide_rings(), "steel").painted(
        "hole", lambda c: (c[:, 0] > -0.002) & (c[:, 1] > lo) & (c[:, 1] < hi) & (c[:, 2] > 0.0180) & (c[:, 2] < 0.0335)
    )
    body = body.painted("accent", lambda c: c[:, 1] > 0.1500)
    rib = prism([(0.0060, _TOP - 0.0008), (0.1430, _TOP - 0.0008), (0.1430, _TOP + 0.0003), (0.0060, _TOP + 0.0003)],
                -0.0024, 0.0024, "steel", 0.0002)  # fmt: skip
    notch = [(-0.0078, 0.0), (0.0078, 0.0), (0.0064, 0.0056), (0.0016, 0.0056), (0.0016, 0.0028), (-0.0016, 0.0028),
             (-0.0016, 0.0056), (-0.0064, 0.0056)]  # fmt: skip
    rear = across([(x, _TOP - 0.0012 + z) for x, z in notch], -0.0040, 0.0040, "hole", 0.0003)
    ramp = [(0.1330, _TOP - 0.001), (0.1470, _TOP - 0.001), (0.1466, 0.0386), (0.1440, 0.0408), (0.1422, 0.0412)]
    front = prism(ramp, -0.0016, 0.0016, "hole", 0.0003)
    bead = lathe([(0.1330, 0.0002), (0.1421, 0.0009), (0.1424, 0.0009)], "dot", 10, 0.0, 0.0398)
    extractor = box((_HALF - 0.001, 0.0300, 0.0196), (_HALF + 0.0003, 0.0597, 0.0230), "steel", 0.0004)
    plug = across([(-0.0050, 0.0130), (0.0050, 0.0130), (0.0050, 0.0255), (0.0, 0.0285), (-0.0050, 0.0255)],
                  _REAR - 0.0003, _REAR + 0.002, "hole", 0.0003)  # fmt: skip
    aiming = dot_shape(-0.0055, _TOP, "paint") if fittings.dot else rear
    return joined([body, rib, aiming, front, bead, extractor, plug])


def _barrel() -> Shape:
    tube = lathe([(0.05, 0.0066), (0.1560, 0.0066), (0.1568, 0.0058), (0.1568, 0.0046), (0.1540, 0.0045)],
                 "bright", 24, 0.0, _BORE)  # fmt: skip
    tube = tube.painted("hole", lambda c: (c[:, 1] > 0.1530) & (np.hypot(c[:, 0], c[:, 2] - _BORE) < 0.0051))
    bush = lathe(
        [(0.1500, 0.0092), (0.1548, 0.0092), (0.1553, 0.0084), (0.1553, 0.0064)], "steel", 24, 0.0, _BORE - 0.0010
    )
    hood = across([(-0.0016, 0.0200), (0.0094, 0.0204), (0.0098, 0.0262), (0.0080, 0.0315), (0.0040, 0.0338), (-0.0016, 0.0342)],
                  _PORT[0] + 0.0008, _PORT[1] - 0.0006, "bright", 0.0004)  # fmt: skip
    guide = lathe([(0.10, 0.0040), (0.1512, 0.0040), (0.1518, 0.0032)], "steel", 16, 0.0, 0.0096)
    return joined([tube, bush, hood, guide])


def _frame_ring(y: float, half: float, low: float, top: float) -> Array:
    """(n, 3) around the frame: upright sides on a round belly."""
    belly = min(0.0085, 0.75 * (top - low))
    turn = np.radians([0.0, 18.0, 36.0, 54.0, 72.0, 90.0])
    right = [(half * float(np.sin(a)) ** 0.8, low + belly * (1 - float(np.cos(a)) ** 0.9)) for a in turn]
    right += [(half, top - 0.0006), (half - 0.0006, top)]
    right[0] = (0.0004, low)
    points = np.array(right + [(-x, z) for x, z in right[::-1]])
    return np.column_stack([points[:, 0], np.full(len(points), y), points[:, 1]])


def _frame(fittings: Fittings) -> Shape:
    """Beavertail, frame and a long round dust cover; a short rail where a light hangs."""
    plan = [  # y, half width, underside, top
        (-0.0310, 0.0040, 0.0086, 0.0112), (-0.0300, 0.0064, 0.0074, 0.0116), (-0.0265, 0.0084, 0.0058, 0.0114),
        (-0.0200, 0.0098, 0.0036, 0.0104), (-0.0130, 0.0108, 0.0014, 0.0098), (-0.0085, 0.0114, -0.0006, 0.0104),
        (0.0, 0.0117, -0.0040, 0.0104), (0.0120, 0.0118, -0.0070, 0.0104), (0.0560, 0.0118, -0.0080, 0.0104),
        (0.0800, 0.0118, -0.0074, 0.0104), (0.0960, 0.0118, -0.0062, 0.0104), (0.1060, 0.0114, _RAIL, 0.0104),
        (0.1360, 0.0114, _RAIL, 0.0104), (0.1400, 0.0110, -0.0040, 0.0102), (0.1425, 0.0100, -0.0010, 0.0098),
    ]  # fmt: skip
    shape = loft(np.array([_frame_ring(*row) for row in plan]), "polymer")
    if not fittings.light:
        return shape
    ribs = [box((-0.0108, y, _RAIL - 0.0016), (0.0108, y + 0.0066, _RAIL + 0.0050), "polymer", 0.0006)
            for y in (0.1080, 0.1190, 0.1300)]  # fmt: skip
    return joined([shape, *ribs, light_shape(0.1040, _RAIL - 0.0012, "paint")])


_GRIP = np.array(
    [  # height, back, front, half width of the metal
        (0.0090, -0.0120, 0.0490, 0.0112),
        (0.0030, -0.0062, 0.0492, 0.0114),
        (-0.0010, -0.0016, 0.0490, 0.0113),
        (-0.0055, 0.0004, 0.0482, 0.0110),
        (-0.0120, 0.0004, 0.0470, 0.0108),
        (-0.0220, -0.0022, 0.0448, 0.0108),
        (-0.0350, -0.0072, 0.0416, 0.0108),
        (-0.0500, -0.0130, 0.0374, 0.0108),
        (-0.0650, -0.0180, 0.0328, 0.0108),
        (-0.0800, -0.0218, 0.0282, 0.0108),
        (-0.0950, -0.0254, 0.0238, 0.0109),
        (-0.1000, -0.0264, 0.0228, 0.0110),
    ]
)
_PROFILE = PchipInterpolator(_GRIP[::-1, 0], _GRIP[::-1, 1:])


def _grip_at(z: float) -> tuple[float, float, float]:
    """Back, front and half width of the grip's metal at a height."""
    back, front, half = _PROFILE(z)
    return float(back), float(front), float(half)


def _grip() -> Shape:
    """The grip's metal: round straps with fine chequering, flat sides that the panels cover."""
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    rings = []
    for z in np.concatenate([np.linspace(0.0090, -0.0180, 8), np.linspace(-0.0230, -0.1000, 14)]):
        back, front, half = _grip_at(float(z))
        x = half * np.sign(s) * np.abs(s) ** (2 / 3.2)
        y = (back + front) / 2 + (front - back) / 2 * np.sign(c) * np.abs(c) ** (2 / 2.4)
        rings.append(np.column_stack([x, y, np.full(len(turn), z)]))
    shape = loft(np.array(rings), "polymer")

    def strap(c: Array) -> NDArray[np.bool_]:
        bounds = _PROFILE(c[:, 2])
        depth = (c[:, 1] - bounds[:, 0]) / (bounds[:, 1] - bounds[:, 0])
        inside: NDArray[np.bool_] = ((depth < 0.10) | (depth > 0.90)) & (c[:, 2] < -0.030) & (c[:, 2] > -0.094)
        return inside

    return shape.painted("grip", strap)


def _panels() -> Shape:
    """Bulging grip panels with two screws each."""
    share = np.linspace(0, 1, 11)
    bulge = 1 - np.abs(2 * share - 1) ** 3.2
    pieces = []
    for side in (-1.0, 1.0):
        rings = []
        for z in np.linspace(_PANEL[0], _PANEL[1], 16):
            back, front, half = _grip_at(float(z))
            ends = min(abs(z - _PANEL[0]), abs(z - _PANEL[1])) / 0.0045
            thick = 0.0044 * float(np.clip(ends + 0.25, 0, 1)) ** 0.5
            lead = 0.0060 * float(np.clip(1 - abs(z - _PANEL[0]) / 0.012, 0, 1)) ** 2  # its upper front corner is round
            y = back + 0.0062 + (front - 0.0062 - lead - back - 0.0062) * share
            outer = np.column_stack([side * (half - 0.0014 + (thick + 0.0014) * bulge), y, np.full(len(y), z)])
            inner = np.column_stack([np.full(2, side * 0.0070), y[[-1, 0]], np.full(2, z)])
            rings.append(np.concatenate([outer, inner]))
        pieces.append(loft(np.array(rings), "rubber"))
        for z in (-0.0260, -0.0820):
            back, front, half = _grip_at(z)
            reach = sorted((side * half, side * (half + 0.0047)))
            pieces.append(pin((reach[0], reach[1]), (back + front) / 2, z, 0.0030, "bright"))
    return joined(pieces)


def _guard() -> Shape:
    """A thin round bow."""
    corners = np.array([(0.0975, -0.0050), (0.0996, -0.0130), (0.0972, -0.0225), (0.0900, -0.0298), (0.0790, -0.0332),
                        (0.0670, -0.0330), (0.0560, -0.0298), (0.0480, -0.0250), (0.0425, -0.0215)])  # fmt: skip
    at = np.linspace(0, len(corners) - 1, 32)
    path = CubicSpline(np.arange(len(corners)), corners)(at)
    thick = np.interp(at, [0, 1.2, 4, 6.5, 8], [0.0038, 0.0017, 0.0017, 0.0020, 0.0034])
    return sweep([(float(y), float(z)) for y, z in path], 0.0048, [float(t) for t in thick], "polymer")


def _hammer() -> Shape:
    """A cocked spur hammer behind the slide, with the hole that lightens it."""
    outline = [(-0.0040, 0.0090), (-0.0075, 0.0105), (-0.0105, 0.0180), (-0.0130, 0.0248), (-0.0172, 0.0284), (-0.0232, 0.0306),
               (-0.0272, 0.0316), (-0.0278, 0.0294), (-0.0250, 0.0262), (-0.0230, 0.0215), (-0.0212, 0.0160), (-0.0190, 0.0105),
               (-0.0150, 0.0080), (-0.0080, 0.0070)]  # fmt: skip
    body = prism(outline, -0.0038, 0.0038, "steel", 0.0008)
    ring = pin((-0.00395, 0.00395), -0.0176, 0.0232, 0.0022, "hole")
    return joined([body, ring])


def _controls() -> Shape:
    stop = prism([(0.0420, 0.0042), (0.0660, 0.0038), (0.0700, 0.0070), (0.0560, 0.0074), (0.0500, 0.0100), (0.0420, 0.0096)],
                 -0.0140, -0.0114, "steel", 0.0005)  # fmt: skip
    safety = prism([(-0.0030, 0.0040), (0.0040, 0.0030), (0.0220, 0.0066), (0.0230, 0.0096), (0.0060, 0.0098), (0.0, 0.0110),
                    (-0.0040, 0.0100)], -0.0146, -0.0112, "steel", 0.0006)  # fmt: skip
    catch = pin((-0.0146, -0.0100), 0.0410, -0.0150, 0.0042, "steel")
    pins = [pin((-half, half), y, z, r, "bright") for half, y, z, r in (
        (0.0121, 0.0660, -0.0005, 0.0016), (0.0119, 0.0100, -0.0010, 0.0014), (0.0121, -0.0040, 0.0050, 0.0018))]  # fmt: skip
    loop = pin((-0.0030, 0.0030), -0.0235, -0.0975, 0.0040, "steel")
    return joined([stop, safety, catch, loop, *pins])


def _trigger() -> Shape:
    """Around its hinge: one long curved blade."""
    face = [(0.0034, 0.0024), (0.0036, -0.0040), (0.0014, -0.0105), (0.0, -0.0170), (0.0016, -0.0228), (0.0052, -0.0272),
            (0.0030, -0.0284), (-0.0016, -0.0244), (-0.0038, -0.0180), (-0.0030, -0.0100), (-0.0022, -0.0030),
            (-0.0034, 0.0024)]  # fmt: skip
    return prism(face, -0.0040, 0.0040, "bright", 0.0009)


def _marks(fittings: Fittings) -> Marks:
    back, front, half = _grip_at(-0.046)
    return Marks(
        muzzle=vector(0.0, 0.1568, _BORE),
        grip=vector(0.0, (back + front) / 2, -0.046),
        grip_axis=unit(0.0, -np.sin(_RAKE), -np.cos(_RAKE)),
        trigger=vector(0.0, _HINGE[1] + 0.0002, _HINGE[2] - 0.0165),
        support=vector(-half - 0.0044, (back + front) / 2, -0.046),
        support_normal=unit(-1.0, 0.0, 0.0),
        sights=vector(0.0, 0.0, dot_height(_TOP) if fittings.dot else 0.0408),
        rack=vector(0.0, 0.006, 0.0276),
        butt=vector(0.0, -0.0310, 0.0100),
        port=(vector(0.0086, 0.0750, 0.0262), unit(0.85, -0.25, 0.65)),
    )


def _coats(finish: Finish, rng: np.random.Generator) -> Mapping[Slot, Look]:
    """Coats by slot: ``polymer`` is the frame's metal, ``rubber`` the panels, ``paint`` what is fitted to it."""
    coats = dict(looks(finish, rng))
    panel, two_tone = _PANEL_LOOKS[int(rng.integers(len(_PANEL_LOOKS)))], bool(rng.random() < 0.3)
    if finish in ("blue", "orange"):
        coats["rubber"], coats["paint"] = coats["grip"], coats["polymer"]
        return coats  # cast dummies are of one colour
    coats["paint"] = Look((0.018, 0.018, 0.019), (0.06, 0.06, 0.06), roughness=0.55, edge=0.4, grain=0.4)
    tone = float(rng.uniform(0.26, 0.40))
    satin = Look(
        (tone, 0.985 * tone, 0.96 * tone), (0.45, 0.44, 0.43), metal=True, metallic=1.0, roughness=0.40, edge=0.3
    )
    blued = replace(coats["steel"], metallic=0.55, roughness=coats["steel"].roughness - 0.08)
    coats["steel"] = satin if finish == "grey" else blued
    coats["polymer"] = satin if finish == "grey" or two_tone else blued
    coats["grip"] = replace(coats["polymer"], stipple=True, grain=0.7, roughness=coats["polymer"].roughness + 0.1)
    coats["rubber"] = panel
    if finish != "marked":
        coats["accent"] = coats["steel"]
    return coats


def build_compact(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """The hammer-fired training pistol: frame and barrel, slide, trigger, magazine."""
    fittings = draw_fittings(rng)
    picture = wear_image(rng)
    coats = {slot: material(f"compact_{slot}", look, picture) for slot, look in _coats(finish, rng).items()}
    back, front, _ = _grip_at(-0.072)
    magazine, seat = box_magazine(
        (back + front) / 2, -0.072, float(_RAKE), half=0.0094, deep=0.0160, plate=(0.0112, 0.0232)
    )
    body = joined([_frame(fittings), _grip(), _panels(), _guard(), _hammer(), _controls(), _barrel()])
    shapes: list[tuple[Moving, Shape, Array]] = [
        ("body", body, np.eye(4)),
        ("action", _slide(fittings), np.eye(4)),
        ("trigger", _trigger(), shifted(_HINGE)),
        ("magazine", magazine, seat),
    ]
    pieces = [Piece(name, mesh_object(f"compact_{name}", shape, coats, collection), rest, shape)
              for name, shape, rest in shapes]  # fmt: skip
    return assemble("training_pistol", pieces, _marks(fittings), Travel(SLIDE_TRAVEL, TRIGGER_TRAVEL), 0.0165)
