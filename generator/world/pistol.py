"""The training pistol, and its first shape: generic, full-size, striker-fired; outside only, drawn from nobody's model.

Sizes are those of the class (about 190 mm long, 140 mm high, slide 26 mm wide, reach to the trigger 70 mm).
"""

from collections.abc import Sequence

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator

from generator.motion.ports import PORTS
from generator.scenario.spec import Finish
from generator.world.handgun_fittings import Fittings, dot_height, dot_shape, draw_fittings, light_shape
from generator.world.props import Marks, Moving, Piece, Prop, Travel, assemble, looks, shifted, unit, vector
from generator.world.surface import (
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

SLIDE_TRAVEL = 0.045
TRIGGER_TRAVEL = 0.009
_HALF = 0.0128
"""Half width of the slide."""

_REAR, _FRONT = -0.0205, 0.1645
_BOTTOM, _TOP = 0.0092, 0.0345
_BORE = 0.0232
_PORT = (0.058, 0.0915)
_HINGE = (0.0, 0.0700, -0.0015)
_RAKE = np.radians(20.2)
"""Lean of the grip, radians from upright."""

_RAIL = -0.0068
"""Underside of the accessory rail."""


def _section(half: float, top: float, cut: float = 0.0, port: bool = False) -> Array:
    """(n, 2) points (x, z) around the slide; ``cut`` sinks the flats of the sides, as between serrations."""
    side = half - cut
    right = [
        (side - 0.0007, _BOTTOM),
        (side, _BOTTOM + 0.0007),
        (side, 0.0180),
        (side, 0.0268),
        (side - 0.0004, 0.0275),
        (half - 0.0038, top - 0.0005),
        (half - 0.0046, top),
        (0.0, top),
    ]
    left = [(-x, z) for x, z in right[:-1]][::-1]
    left.insert(0, (-0.0035, top))
    if port:
        right[3:] = [(0.0105, 0.0183), (0.0100, 0.0200), (0.0080, 0.0300), (0.0060, 0.0312), (-0.0033, 0.0314)]
    return np.array(right + left)


def _slide_rings() -> Array:
    """Rings along the slide: chamfered ends, slanted serrations behind, the port, a nose that narrows."""
    rings: list[tuple[float, Array, float]] = [
        (_REAR, _section(_HALF - 0.0007, _TOP - 0.0007), 0.0),
        (_REAR + 0.0007, _section(_HALF, _TOP), 0.0),
        (_REAR + 0.0060, _section(_HALF, _TOP), 0.25),
    ]
    pitch, y = 0.0031, _REAR + 0.0062
    for _ in range(9):
        for at, cut in ((0.0, 0.0), (0.0005, 0.0007), (0.0014, 0.0007), (0.0019, 0.0)):
            rings.append((y + at, _section(_HALF, _TOP, cut), 0.25))
        y += pitch
    rings.append((y + 0.004, _section(_HALF, _TOP), 0.0))
    lo, hi = _PORT
    rings += [
        (lo, _section(_HALF, _TOP), 0.0),
        (lo + 0.0002, _section(_HALF, _TOP, port=True), 0.0),
        (hi - 0.0002, _section(_HALF, _TOP, port=True), 0.0),
        (hi, _section(_HALF, _TOP), 0.0),
        (0.1220, _section(_HALF, _TOP), 0.0),
    ]
    for k in range(4):  # a few serrations in front
        for at, cut in ((0.0, 0.0), (0.0005, 0.0006), (0.0014, 0.0006), (0.0019, 0.0)):
            rings.append((0.1260 + k * pitch + at, _section(_HALF, _TOP, cut), 0.25))
    rings += [
        (0.1460, _section(_HALF, _TOP), 0.0),
        (0.1625, _section(_HALF - 0.0012, _TOP - 0.0003), 0.0),
        (_FRONT, _section(_HALF - 0.0030, _TOP - 0.0022), 0.0),
    ]
    return np.array(
        [
            np.column_stack([points[:, 0], y + slant * (points[:, 1] - 0.022), points[:, 1]])
            for y, points, slant in rings
        ]
    )


def across(outline: Sequence[tuple[float, float]], lo: float, hi: float, slot: Slot, bevel: float = 0.0) -> Shape:
    """A front profile of (x, z) pulled from y = lo to hi."""
    turn = np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]])
    return prism(outline, -hi, -lo, slot, bevel).moved(turn=turn)


def sweep(path: Sequence[tuple[float, float]], across: float, thick: Sequence[float], slot: Slot) -> Shape:
    """A chamfered bar along (y, z): half width ``across`` in x, half thickness along the path."""
    line = np.array(path, float)
    along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    side = np.column_stack([-along[:, 1], along[:, 0]])
    corner = [(1, 0.6), (0.75, 1), (-0.75, 1), (-1, 0.6), (-1, -0.6), (-0.75, -1), (0.75, -1), (1, -0.6)]
    rings = [
        [(across * u, *(point + half * v * normal)) for u, v in corner]
        for point, normal, half in zip(line, side, thick, strict=True)
    ]
    return loft(np.array(rings), slot)


def pin(x: tuple[float, float], y: float, z: float, radius: float, slot: Slot, n: int = 14) -> Shape:
    """A short cylinder across the thing."""
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    outline = [(y + radius * float(np.cos(a)), z + radius * float(np.sin(a))) for a in turn]
    return prism(outline, x[0], x[1], slot, 0.0002)


def _slide() -> Shape:
    body = loft(_slide_rings(), "steel")
    lo, hi = _PORT
    body = body.painted(
        "hole", lambda c: (c[:, 0] > -0.004) & (c[:, 1] > lo) & (c[:, 1] < hi) & (c[:, 2] > 0.0183) & (c[:, 2] < 0.0325)
    )
    body = body.painted("accent", lambda c: c[:, 1] > 0.147)
    notch = [(-0.0095, 0.0), (0.0095, 0.0), (0.0080, 0.0064), (0.0019, 0.0064), (0.0019, 0.0030), (-0.0019, 0.0030),
             (-0.0019, 0.0064), (-0.0080, 0.0064)]  # fmt: skip
    rear = across([(x, _TOP - 0.0002 + z) for x, z in notch], -0.0140, -0.0060, "steel", 0.0003)
    front = prism([(0.1485, _TOP - 0.001), (0.1565, _TOP - 0.001), (0.1530, 0.0402), (0.1488, 0.0406)],
                  -0.0018, 0.0018, "steel", 0.0003)  # fmt: skip
    dots = [
        lathe([(y - 0.00025, 0.0010), (y + 0.0005, 0.0010)], "dot", 12, x, z)
        for x, y, z in ((-0.0049, -0.0140, 0.0381), (0.0049, -0.0140, 0.0381), (0.0, 0.1487, 0.0386))
    ]
    plate = across(
        [(-0.0075, 0.0105), (0.0075, 0.0105), (0.0075, 0.0270), (0.0050, 0.0300), (-0.0050, 0.0300), (-0.0075, 0.0270)],
        _REAR - 0.0004, _REAR + 0.002, "polymer", 0.0003,
    )  # fmt: skip
    extractor = box((_HALF - 0.001, 0.0340, 0.0198), (_HALF + 0.0004, 0.0578, 0.0240), "bright", 0.0004)
    return joined([body, rear, front, plate, extractor, *dots])


def _barrel() -> Shape:
    tube = lathe(
        [(0.05, 0.0064), (0.1662, 0.0064), (0.1668, 0.0058), (0.1668, 0.0046), (0.1640, 0.0045)],
        "bright",
        24,
        0.0,
        _BORE,
    ).painted("hole", lambda c: (c[:, 1] > 0.163) & (np.hypot(c[:, 0], c[:, 2] - _BORE) < 0.0051))
    hood = across([(-0.0032, 0.0200), (0.0112, 0.0202), (0.0119, 0.0262), (0.0086, 0.0332), (-0.0032, 0.0338)],
                  _PORT[0] + 0.0008, _PORT[1] - 0.0006, "bright", 0.0004)  # fmt: skip
    guide = lathe([(0.10, 0.0042), (0.1650, 0.0042), (0.1655, 0.0036)], "steel", 16, 0.0, 0.0128)
    return joined([tube, hood, guide])


def _frame_ring(y: float, half: float, low: float, groove: float = 0.0, top: float = 0.0088) -> Array:
    """(n, 3) around the frame under the slide; ``groove`` is the depth of an accessory rail's side grooves."""
    corner = min(0.0030, (top - low) / 3)
    right = [
        (half - corner - 0.0006, low),
        (half - 0.0004, low + corner),
        (half, low + corner + 0.0004),
        (half - groove, low + corner + 0.0010),
        (half - groove, low + corner + 0.0036),
        (half, low + corner + 0.0042),
        (half, top - 0.0005),
        (half - 0.0005, top),
    ]
    if top - low < 0.0105:
        right[2:6] = [(half, low + corner + (top - 0.0006 - low - corner) * k / 4) for k in range(4)]
    points = np.array(right + [(-x, z) for x, z in right[::-1]])
    return np.column_stack([points[:, 0], np.full(len(points), y), points[:, 1]])


def _frame() -> Shape:
    """Tang, frame and dust cover with its accessory rail."""
    plan = [  # y, half width, underside, groove, top
        (-0.0248, 0.0070, 0.0046, 0.0, 0.0066), (-0.0240, 0.0086, 0.0036, 0.0, 0.0074), (-0.0205, 0.0105, 0.0024, 0.0, 0.0082),
        (-0.0150, 0.0118, 0.0012, 0.0, 0.0088), (-0.0080, 0.0122, -0.0006, 0.0, 0.0088), (0.0, 0.0124, -0.0040, 0.0, 0.0088),
        (0.012, 0.0125, -0.0065, 0.0, 0.0088), (0.06, 0.0125, -0.0065, 0.0, 0.0088), (0.085, 0.0125, -0.0060, 0.0, 0.0088),
        (0.0985, 0.0125, -0.0068, 0.0, 0.0088), (0.0990, 0.0122, -0.0068, 0.0022, 0.0088),
    ]  # fmt: skip
    for slot in (0.1120, 0.1240, 0.1360):
        plan += [(slot, 0.0122, -0.0068, 0.0022, 0.0088), (slot + 0.0003, 0.0122, -0.0046, 0.0012, 0.0088),
                 (slot + 0.0053, 0.0122, -0.0046, 0.0012, 0.0088), (slot + 0.0056, 0.0122, -0.0068, 0.0022, 0.0088)]  # fmt: skip
    plan += [(0.1490, 0.0122, -0.0068, 0.0022, 0.0088), (0.1505, 0.0108, -0.0050, 0.0010, 0.0086)]
    return loft(np.array([_frame_ring(*row) for row in plan]), "polymer")


_GRIP = np.array(
    [  # height, back, front, half width
        (0.0060, -0.0135, 0.0500, 0.0120),
        (0.0025, -0.0095, 0.0510, 0.0124),
        (-0.0005, -0.0035, 0.0515, 0.0125),
        (-0.0040, -0.0005, 0.0515, 0.0126),
        (-0.0090, 0.0006, 0.0510, 0.0128),
        (-0.0170, -0.0010, 0.0500, 0.0131),
        (-0.0260, -0.0046, 0.0478, 0.0136),
        (-0.0320, -0.0074, 0.0452, 0.0140),
        (-0.0420, -0.0126, 0.0415, 0.0146),
        (-0.0520, -0.0182, 0.0378, 0.0150),
        (-0.0640, -0.0240, 0.0330, 0.0151),
        (-0.0760, -0.0284, 0.0284, 0.0150),
        (-0.0880, -0.0318, 0.0243, 0.0151),
        (-0.0960, -0.0336, 0.0232, 0.0155),
        (-0.1000, -0.0345, 0.0236, 0.0158),
    ]
)


_PROFILE = PchipInterpolator(_GRIP[::-1, 0], _GRIP[::-1, 1:])


def _grip_at(z: float) -> tuple[float, float, float]:
    """Back, front and half width of the grip at a height."""
    back, front, half = _PROFILE(z)
    return float(back), float(front), float(half)


def _grip() -> Shape:
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    rings = []
    for z in np.concatenate([np.linspace(0.0060, -0.0200, 9), np.linspace(-0.0250, -0.1000, 16)]):
        back, front, half = _grip_at(float(z))
        c, s = np.cos(turn), np.sin(turn)
        # Flat sides, a round backstrap and a squarer frontstrap.
        power = np.where(c > 0, 3.4, 2.5)
        x = half * np.sign(s) * np.abs(s) ** (2 / power)
        y = (back + front) / 2 + (front - back) / 2 * np.sign(c) * np.abs(c) ** (2 / power)
        rings.append(np.column_stack([x, y, np.full(len(turn), z)]))
    shape = loft(np.array(rings), "polymer")

    def panel(c: Array) -> NDArray[np.bool_]:
        bounds = _PROFILE(c[:, 2])
        depth = (c[:, 1] - bounds[:, 0]) / (bounds[:, 1] - bounds[:, 0])
        side = (depth > 0.14) & (depth < 0.86) & (c[:, 2] < -0.026)
        strap = ((depth < 0.05) | (depth > 0.95)) & (c[:, 2] < -0.034)
        inside: NDArray[np.bool_] = (side | strap) & (c[:, 2] > -0.092)
        return inside

    return shape.painted("grip", panel)


def _guard() -> Shape:
    corners = np.array([(0.1000, -0.0045), (0.1052, -0.0100), (0.1068, -0.0190), (0.1050, -0.0280), (0.0985, -0.0338),
                        (0.0860, -0.0352), (0.0700, -0.0350), (0.0560, -0.0335), (0.0470, -0.0290), (0.0430, -0.0220)])  # fmt: skip
    at = np.linspace(0, len(corners) - 1, 34)
    path = CubicSpline(np.arange(len(corners)), corners)(at)
    thick = np.interp(at, [0, 2, 4, 7, 9], [0.0042, 0.0024, 0.0026, 0.0022, 0.0040])
    return sweep([(float(y), float(z)) for y, z in path], 0.0056, [float(t) for t in thick], "polymer")


def _controls() -> Shape:
    stop = prism([(0.0340, 0.0036), (0.0600, 0.0042), (0.0640, 0.0076), (0.0460, 0.0078), (0.0440, 0.0090),
                  (0.0350, 0.0090)], -0.0146, -0.0122, "steel", 0.0004)  # fmt: skip
    levers = [
        prism([(0.0760, 0.0020), (0.0850, 0.0020), (0.0850, 0.0062), (0.0760, 0.0062)], lo, hi, "steel", 0.0004)
        for lo, hi in ((-0.0136, -0.0120), (0.0120, 0.0136))
    ]
    catch = prism([(0.0400, -0.0250), (0.0470, -0.0250), (0.0480, -0.0190), (0.0400, -0.0180)],
                  -0.0158, -0.0120, "polymer", 0.0006)  # fmt: skip
    pins = [pin((-half, half), y, z, r, "steel") for half, y, z, r in (
        (0.0129, 0.0700, -0.0015, 0.0015), (0.0129, 0.0120, -0.0020, 0.0014), (0.0129, 0.0560, 0.0010, 0.0013))]  # fmt: skip
    return joined([stop, *levers, catch, *pins])


def _trigger() -> Shape:
    """Around its hinge."""
    face = [(0.0030, 0.0020), (0.0028, -0.0050), (0.0008, -0.0120), (0.0000, -0.0180), (0.0022, -0.0250),
            (0.0035, -0.0275), (0.0005, -0.0285), (-0.0030, -0.0240), (-0.0048, -0.0180), (-0.0046, -0.0100),
            (-0.0036, -0.0040), (-0.0036, 0.0020)]  # fmt: skip
    blade = prism([(y, z) for y, z in face], -0.0034, 0.0034, "polymer", 0.0007)
    safety = prism([(y + 0.0007, z) for y, z in face[2:5]] + [(-0.0030, -0.0240), (-0.0040, -0.0130)],
                   -0.0010, 0.0010, "steel", 0.0003)  # fmt: skip
    return joined([blade, safety])


def box_magazine(
    y: float, z: float, rake: float, *, half: float, deep: float, plate: tuple[float, float]
) -> tuple[Shape, Array]:
    """A magazine around the middle of what a hand holds, and where that is in the thing frame.

    Args:
        y: forward place of that middle in the thing frame.
        z: its height.
        rake: lean of the grip, radians.
        half: half width of the tube.
        deep: half depth of the tube.
        plate: half width and half depth of the base plate.
    """
    frame = shifted((0.0, y, z))
    cos, sin = np.cos(rake), np.sin(rake)
    frame[1:3, 1:3] = [[cos, sin], [-sin, cos]]
    turn = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)

    def ring(z: float, half: float, deep: float, y: float = 0.0, lean: float = 0.0) -> Array:
        outline_x = half * np.sign(s) * np.abs(s) ** 0.5
        outline_y = y + deep * np.sign(c) * np.abs(c) ** 0.5
        return np.column_stack([outline_x, outline_y, z + lean * outline_y])

    level = np.tan(rake)  # the base plate follows the grip's level foot
    body = loft(
        np.array([ring(-0.030, half, deep), ring(0.062, half, deep), ring(0.070, 0.90 * half, 0.97 * deep),
                  ring(0.0785, 0.78 * half, 0.92 * deep), ring(0.0790, 0.70 * half, 0.89 * deep)]),
        "steel",
    )  # fmt: skip
    wide, long = plate
    base = loft(
        np.array([
            ring(-0.0395, wide - 0.0016, long - 0.0040, 0.001, level), ring(-0.0385, wide - 0.0006, long - 0.0025, 0.001, level),
            ring(-0.0325, wide, long, 0.001, level), ring(-0.0305, wide - 0.0004, long - 0.0010, 0.001, level),
        ]),
        "accent",
    )  # fmt: skip
    holes = [
        pin((-half - 0.0001, half + 0.0001), -0.45 * deep, at, 0.0016, "hole", 10) for at in (-0.012, 0.010, 0.032)
    ]
    cartridge = lathe([(-0.012, 0.0046), (0.006, 0.0046), (0.012, 0.0030), (0.0145, 0.0008)], "accent", 12, 0.0, 0.0795)
    return joined([body, base, *holes, cartridge]), frame


def _marks(fittings: Fittings) -> Marks:
    back, front, half = _grip_at(-0.046)
    return Marks(
        muzzle=vector(0.0, 0.1668, _BORE),
        grip=vector(0.0, (back + front) / 2, -0.046),
        grip_axis=unit(0.0, -np.sin(_RAKE), -np.cos(_RAKE)),
        trigger=vector(0.0, _HINGE[1] + 0.0002, _HINGE[2] - 0.0175),
        support=vector(-half, (back + front) / 2 + 0.006, -0.046),
        support_normal=unit(-1.0, 0.0, 0.0),
        sights=vector(0.0, -0.010, dot_height(_TOP) if fittings.dot else 0.0402),
        rack=vector(0.0, -0.008, 0.027),
        butt=vector(0.0, -0.0248, 0.006),
        port=PORTS["training_pistol"].marks,
    )


_COMPACT = 0.45
"""Share of the pistols that have the second shape; chosen."""


def build_pistol(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """A training pistol of one of two shapes: striker-fired with a square slide, or hammer-fired with a round one.

    Parts: frame and barrel, slide, trigger, magazine.
    """
    if rng.random() < _COMPACT:
        from generator.world.pistol_compact import build_compact  # it is made of this module's parts

        return build_compact(finish, rng, collection)
    return build_full_size(finish, rng, collection)


def build_full_size(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """The striker-fired training pistol."""
    fittings = draw_fittings(rng)
    picture = wear_image(rng)
    coats = {slot: material(f"pistol_{slot}", look, picture) for slot, look in looks(finish, rng).items()}
    back, front, _ = _grip_at(-0.072)
    magazine, seat = box_magazine(
        (back + front) / 2, -0.072, float(_RAKE), half=0.0108, deep=0.0165, plate=(0.0156, 0.0300)
    )
    light = [light_shape(0.1090, _RAIL, "polymer")] if fittings.light else []
    body = joined([_frame(), _grip(), _guard(), _controls(), _barrel(), *light])
    slide = joined([_slide(), dot_shape(-0.0050, _TOP, "polymer")]) if fittings.dot else _slide()
    shapes: list[tuple[Moving, Shape, Array]] = [
        ("body", body, np.eye(4)),
        ("action", slide, np.eye(4)),
        ("trigger", _trigger(), shifted(_HINGE)),
        ("magazine", magazine, seat),
    ]
    pieces = [Piece(name, mesh_object(f"pistol_{name}", shape, coats, collection), rest, shape)
              for name, shape, rest in shapes]  # fmt: skip
    return assemble("training_pistol", pieces, _marks(fittings), Travel(SLIDE_TRAVEL, TRIGGER_TRAVEL), 0.0175)
