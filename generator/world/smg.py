"""A generic compact training sub-machine-gun: outside shapes only, drawn from nobody's model.

What makes the class: a short round-topped receiver over a raked grip, a slim curved magazine ahead of the guard, a stub
of a barrel under a cocking tube, and a skeleton stock.
"""

from dataclasses import dataclass
from typing import Literal

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import Finish
from generator.world import gun_parts as parts
from generator.world.pistol import across, pin, sweep
from generator.world.props import Marks, Moving, Piece, Prop, Travel, assemble, looks, shifted, unit, vector
from generator.world.surface import Shape, box, joined, lathe, loft, material, mesh_object, prism, wear_image

Array = NDArray[np.float64]
Stock = Literal["collapsing", "folding", "fixed"]

BOLT_TRAVEL = 0.046
CHARGING_TRAVEL = 0.055

_BORE = 0.0490
_REAR, _FRONT = -0.0750, 0.1850
_PORT = (0.0860, 0.1330)
_PORT_Z = (0.0440, 0.0600)
_COCKING = 0.0735
"""Height of the tube that the charging handle runs in."""

_HANDLE = 0.2880
"""Where the charging handle is at rest, along y."""

_HANDGUARD = (0.1835, 0.3120)
_WELL_Y = 0.1460
_SIGHT = 0.0985
"""Height of the line of sight over iron sights."""

_DOT = 0.058


@dataclass(frozen=True)
class _Build:
    """What is drawn by lot: the stock, the sights, how long the magazine and barrel are, how the handguard is moulded."""

    stock: Stock
    optic: Literal["drum", "reflex", "tube"]
    magazine: float
    muzzle: float
    ribs: bool
    lean: float
    grooves: float


def _drawn(rng: np.random.Generator) -> _Build:
    stocks: tuple[Stock, ...] = ("collapsing", "folding", "fixed")
    optics: tuple[Literal["drum", "reflex", "tube"], ...] = ("drum", "drum", "reflex", "tube")
    return _Build(
        stock=stocks[int(rng.integers(3))],
        optic=optics[int(rng.integers(4))],
        magazine=float(rng.choice([0.125, 0.185, 0.185])),
        muzzle=float(rng.choice([0.348, 0.372, 0.398])),
        ribs=bool(rng.random() < 0.5),
        lean=float(np.radians(rng.uniform(-3.0, 3.0))),
        grooves=float(rng.choice([0.0, 0.0012])),
    )


def _receiver_ring(y: float, grow: float = 0.0, port: bool = False, groove: float = 0.0) -> Array:
    """(n, 3) around the receiver: flat sides with a pressed groove, a round top; ``port`` opens its right side."""
    right = [
        (0.0120, 0.0220), (0.0155, 0.0228), (0.0162, 0.0245), (0.0162, 0.0320), (0.0162 - groove, 0.0335),
        (0.0162 - groove, 0.0395), (0.0162, 0.0410), (0.0162, 0.0440), (0.0162, 0.0520), (0.0162, 0.0600), (0.0150, 0.0655),
        (0.0122, 0.0705), (0.0078, 0.0738), (0.0, 0.0752),
    ]  # fmt: skip
    left = [(-x, z) for x, z in right[:-1]][::-1]
    if port:
        right[7:11] = [(0.0092, 0.0442), (0.0088, 0.0520), (0.0092, 0.0598), (0.0140, 0.0655)]
    points = np.array(right + left)
    scale = 1 + grow
    return np.column_stack([points[:, 0] * scale, np.full(len(points), y), 0.048 + (points[:, 1] - 0.048) * scale])


def _receiver() -> Shape:
    lo, hi = _PORT
    plan = [(_REAR, -0.06, False, 0.0), (_REAR + 0.0015, 0.0, False, 0.0), (_REAR + 0.012, 0.0, False, 0.0),
            (_REAR + 0.014, 0.0, False, 0.0016), (0.070, 0.0, False, 0.0016), (0.072, 0.0, False, 0.0),
            (lo, 0.0, False, 0.0), (lo + 0.0003, 0.0, True, 0.0), (hi - 0.0003, 0.0, True, 0.0), (hi, 0.0, False, 0.0),
            (0.142, 0.0, False, 0.0), (0.144, 0.0, False, 0.0016), (0.176, 0.0, False, 0.0016), (0.178, 0.0, False, 0.0),
            (_FRONT, 0.0, False, 0.0)]  # fmt: skip
    body = loft(np.array([_receiver_ring(*row) for row in plan]), "steel")
    body = body.painted(
        "hole", lambda c: (c[:, 0] > 0.004) & (c[:, 1] > lo) & (c[:, 1] < hi) & (c[:, 2] > 0.043) & (c[:, 2] < 0.062)
    )
    cap = loft(np.array([_receiver_ring(y, g) for y, g in ((_REAR - 0.016, -0.16), (_REAR - 0.012, -0.02), (_REAR - 0.002, 0.05),
                                                           (_REAR + 0.004, 0.05), (_REAR + 0.005, 0.0))]), "polymer")  # fmt: skip
    extractor_edge = box(
        (0.0155, hi - 0.001, _PORT_Z[0] - 0.001), (0.0172, hi + 0.010, _PORT_Z[1] + 0.001), "steel", 0.0006
    )
    return joined([body, cap, extractor_edge])


def _lower() -> Shape:
    """Housing of grip and trigger, magazine well, controls."""
    housing = prism(
        [(-0.046, 0.0245), (-0.040, 0.0120), (-0.012, 0.0060), (0.040, 0.0040), (0.112, 0.0040), (0.120, 0.0080), (0.120, 0.0245)],
        -0.0158, 0.0158, "polymer", 0.0016,
    )  # fmt: skip
    rings = [
        (0.0240, 0.0168, 0.0250),
        (0.0100, 0.0168, 0.0250),
        (-0.0080, 0.0172, 0.0256),
        (-0.0130, 0.0186, 0.0272),
        (-0.0150, 0.0186, 0.0272),
    ]
    well = loft(np.array([parts.ring_level(z, half, deep, _WELL_Y, 7.0, 28) for z, half, deep in rings]), "steel")
    ring = parts.guard([(0.1190, 0.0030), (0.1180, -0.0130), (0.1130, -0.0260), (0.1020, -0.0330), (0.0850, -0.0350),
                        (0.0660, -0.0345), (0.0520, -0.0320), (0.0435, -0.0265), (0.0390, -0.0190)], "polymer")  # fmt: skip
    levers = [
        prism(
            [(0.022, 0.0150), (0.030, 0.0110), (0.036, 0.0140), (0.034, 0.0185), (0.000, 0.0205), (-0.002, 0.0175)],
            lo,
            hi,
            "steel",
            0.0006,
        )
        for lo, hi in ((-0.0186, -0.0155), (0.0155, 0.0186))
    ]
    catch = prism(
        [(0.1150, -0.0180), (0.1210, -0.0180), (0.1210, 0.0020), (0.1170, 0.0020)], -0.0060, 0.0060, "steel", 0.0008
    )
    heads = parts.pins([(-0.030, 0.0165, 0.0028), (0.1080, 0.0150, 0.0028), (0.0795, 0.0120, 0.0016)], 0.0168)
    return joined([housing, well, ring, catch, heads, *levers])


def _front(build: _Build) -> Shape:
    """Handguard, cocking tube with its slot, barrel."""
    lo, hi = _HANDGUARD
    rows = [(lo, 0.026, 0.0620, 0.0175), (lo + 0.004, 0.0235, 0.0640, 0.0205)]
    if build.ribs:
        for y in np.arange(lo + 0.010, hi - 0.020, 0.0095):
            rows += [(y, 0.0225, 0.0645, 0.0222), (y + 0.0050, 0.0225, 0.0645, 0.0222), (y + 0.0062, 0.0243, 0.0635, 0.0204),
                     (y + 0.0083, 0.0243, 0.0635, 0.0204)]  # fmt: skip
    else:
        rows += [
            (lo + 0.018, 0.0222, 0.0645, 0.0222),
            ((lo + hi) / 2, 0.0215, 0.0645, 0.0226),
            (hi - 0.022, 0.0222, 0.0645, 0.0222),
        ]
    rows += [(hi - 0.008, 0.0215, 0.0640, 0.0225), (hi - 0.002, 0.0225, 0.0630, 0.0215), (hi, 0.0245, 0.0620, 0.0195)]
    guard = parts.profiled(rows, "polymer", 3.6, 28)
    cocking = parts.tube((0.150, 0.330), 0.0105, "steel", z=_COCKING, n=20)
    slot = box((-0.01085, 0.206, _COCKING - 0.0020), (-0.0080, 0.300, _COCKING + 0.0024), "hole", 0.0)
    lower, shoulder, upper = _BORE - 0.015, _COCKING + 0.004, _COCKING + 0.012
    right = [(0.0125, lower), (0.0150, _BORE - 0.004), (0.0118, shoulder), (0.0070, upper)]
    nose = across([*right, *((-x, z) for x, z in reversed(right))], hi - 0.001, hi + 0.020, "steel", 0.0016)
    barrel = parts.tube((hi, build.muzzle - 0.018), 0.0082, "steel", z=_BORE)
    collar = parts.tube((hi + 0.019, hi + 0.026), 0.0100, "steel", z=_BORE)
    muzzle = parts.mouth((build.muzzle - 0.020, build.muzzle), 0.0100, 0.0052, "accent", z=_BORE)
    back = build.muzzle - 0.026
    lugs = [
        box((x - 0.0022, back, _BORE - 0.0022), (x + 0.0022, back + 0.0055, _BORE + 0.0022), "steel", 0.0006)
        for x in (-0.0092, 0.0092)
    ]
    swivel = parts.sling_loop((-0.0165, hi + 0.010, _BORE - 0.002))
    return joined([guard, cocking, slot, nose, barrel, collar, muzzle, swivel, *lugs])


def _front_sight() -> Shape:
    y = _HANDGUARD[1] + 0.010
    foot, head = _COCKING + 0.008, _SIGHT - 0.0100
    base = prism(
        [(y - 0.010, foot), (y + 0.010, foot), (y + 0.006, head), (y - 0.006, head)], -0.0042, 0.0042, "steel", 0.0008
    )
    hood = parts.collar((y - 0.008, y + 0.008), 0.0118, 0.0098, "steel", z=_SIGHT, n=24)
    post = box((-0.0009, y - 0.0012, _SIGHT - 0.0102), (0.0009, y + 0.0012, _SIGHT), "steel", 0.0)
    return joined([base, hood, post])


def _rear_sights(build: _Build) -> tuple[Shape, Array]:
    """Drum or optic, and the mark on the line of sight."""
    if build.optic == "drum":
        y = -0.024
        side = [(y - 0.030, 0.0715), (y + 0.034, 0.0715), (y + 0.020, 0.0790), (y + 0.013, 0.0850), (y - 0.016, 0.0850)]
        base = prism([*side, (y - 0.024, 0.0790)], -0.0098, 0.0098, "steel", 0.0012)
        drum = lathe([(-0.0125, 0.0105), (-0.0115, 0.0118), (0.0115, 0.0118), (0.0125, 0.0105)], "steel", 16)
        tilt = np.radians(62.0)
        turn = np.array([[1.0, 0, 0], [0, np.cos(tilt), -np.sin(tilt)], [0, np.sin(tilt), np.cos(tilt)]])
        ears = [
            box((x - 0.0012, y - 0.012, 0.083), (x + 0.0012, y + 0.008, _SIGHT + 0.003), "steel", 0.0008)
            for x in (-0.0132, 0.0132)
        ]
        hole = lathe([(-0.0004, 0.0022), (0.0004, 0.0022)], "hole", 12, 0.0, _SIGHT).moved((0.0, y - 0.0148, 0.0))
        return joined([base, drum.moved((0.0, y - 0.002, _SIGHT - 0.0045), turn), hole, *ears]), vector(
            0.0, y - 0.016, _SIGHT
        )
    top = 0.0742
    rails = parts.rail((-0.052, 0.142), top, "steel")
    optic, axis = parts.red_dot(_DOT, top + parts.RAIL_HEIGHT, tall=build.optic == "tube")
    return joined([rails, optic]), vector(0.0, _DOT - 0.030, axis)


def _stock(kind: Stock) -> tuple[Shape, Array]:
    """The stock, and the middle of its rear end."""
    if kind == "collapsing":
        return _collapsing()
    if kind == "folding":
        return _folding()
    body = parts.profiled(
        [(_REAR - 0.010, 0.0260, 0.0700, 0.0150), (_REAR - 0.020, 0.0240, 0.0720, 0.0165), (_REAR - 0.055, 0.0130, 0.0700, 0.0160),
         (-0.180, -0.0250, 0.0690, 0.0170), (-0.222, -0.0440, 0.0690, 0.0180), (-0.226, -0.0455, 0.0690, 0.0180)],
        "polymer", 3.4,
    )  # fmt: skip
    pad = parts.profiled(
        [(-0.225, -0.0460, 0.0695, 0.0185), (-0.237, -0.0460, 0.0695, 0.0188), (-0.242, -0.0420, 0.0655, 0.0160)],
        "rubber",
        3.4,
    )
    return joined([body, pad]), vector(0.0, -0.242, 0.0118)


def _collapsing() -> tuple[Shape, Array]:
    bar = parts.outline(0.0030, 0.0056, 3, 12)
    struts = [
        loft(
            np.array([np.column_stack([x + bar[:, 0], np.full(12, y), 0.0365 + bar[:, 1]]) for y in (-0.214, 0.062)]),
            "steel",
        )
        for x in (-0.0182, 0.0182)
    ]
    block = box((-0.0215, _REAR - 0.020, 0.0290), (0.0215, _REAR + 0.004, 0.0440), "steel", 0.0016)
    curve = [
        (0.0690, -0.2200),
        (0.0640, -0.2160),
        (0.0460, -0.2145),
        (0.0200, -0.2150),
        (-0.0060, -0.2175),
        (-0.0330, -0.2200),
        (-0.0430, -0.2235),
    ]
    plate = sweep(
        [(y, z) for z, y in curve], 0.0175, [0.0040, 0.0058, 0.0062, 0.0058, 0.0056, 0.0052, 0.0036], "rubber"
    )
    bridge = box((-0.0205, -0.2160, 0.0300), (0.0205, -0.2040, 0.0430), "steel", 0.0016)
    return joined([*struts, block, plate, bridge]), vector(0.0, -0.2260, 0.0200)


def _folding() -> tuple[Shape, Array]:
    knuckle = prism(
        [(_REAR - 0.030, 0.0300), (_REAR + 0.002, 0.0270), (_REAR + 0.002, 0.0690), (_REAR - 0.030, 0.0660)],
        -0.0130,
        0.0130,
        "steel",
        0.0020,
    )
    hinge = pin((-0.0185, -0.0115), _REAR - 0.016, 0.0480, 0.0090, "steel")
    top = sweep(
        [(_REAR - 0.024, 0.0600), (-0.150, 0.0610), (-0.221, 0.0630)], 0.0085, [0.0062, 0.0060, 0.0060], "polymer"
    )
    low = sweep(
        [(_REAR - 0.024, 0.0360), (-0.130, 0.0220), (-0.190, -0.0160), (-0.221, -0.0400)],
        0.0080,
        [0.0066, 0.0060, 0.0058, 0.0060],
        "polymer",
    )
    web = sweep([(-0.158, 0.0600), (-0.166, 0.0020)], 0.0050, [0.0040, 0.0040], "polymer")
    back = sweep(
        [(-0.2230, 0.0720), (-0.2225, 0.0300), (-0.2240, -0.0100), (-0.2270, -0.0500)],
        0.0165,
        [0.0058, 0.0064, 0.0060, 0.0050],
        "rubber",
    )
    return joined([knuckle, hinge, top, low, web, back]), vector(0.0, -0.2290, 0.0150)


def _bolt() -> Shape:
    lo, hi = _PORT
    body = lathe(
        [(lo - 0.012, 0.0100), (lo - 0.011, 0.0108), (hi - 0.004, 0.0108), (hi - 0.0035, 0.0088), (hi + 0.003, 0.0088)],
        "bright",
        20,
        0.0038,
        0.0520,
    )
    claw = box((0.0128, lo + 0.018, 0.0500), (0.0152, hi - 0.006, 0.0540), "steel", 0.0005)
    return joined([body, claw])


def _charging() -> Shape:
    """A handle at the upper left, folded slightly up and forward."""
    carrier = box(
        (-0.0130, _HANDLE - 0.010, _COCKING - 0.0018), (-0.0070, _HANDLE + 0.008, _COCKING + 0.0020), "steel", 0.0004
    )
    knob = lathe(
        [(-0.0010, 0.0034), (0.0080, 0.0036), (0.0110, 0.0056), (0.0270, 0.0062), (0.0295, 0.0050), (0.0300, 0.0030)],
        "polymer",
        14,
    )
    lift = np.radians(24.0)
    # The lathe's axis y is laid to the left and up.
    turn = np.array([[0.0, -np.cos(lift), np.sin(lift)], [1.0, 0.0, 0.0], [0.0, np.sin(lift), np.cos(lift)]])
    return joined([carrier, knob.moved((-0.0105, _HANDLE, _COCKING), turn)])


def _magazine(length: float) -> tuple[Shape, Array]:
    """The magazine around the middle of what a hand holds, and where that is."""
    straight, radius = 0.045, 0.42
    top = 0.030

    def spine(s: float) -> tuple[float, float, float]:
        """y, z and lean (radians) a distance down the spine."""
        if s <= straight:
            return _WELL_Y, top - s, 0.0
        angle = (s - straight) / radius
        return _WELL_Y + radius * (1 - np.cos(angle)), top - straight - radius * np.sin(angle), angle

    section = parts.outline(0.0118, 0.0192, 7.0, 32)
    section[:, 0] -= (
        0.0014 * np.sign(section[:, 0]) * ((np.abs(section[:, 1]) > 0.0035) & (np.abs(section[:, 1]) < 0.0120))
    )

    def ring(s: float, grow: float = 0.0) -> Array:
        y, z, lean = spine(s)
        across_y = section[:, 1] * (1 + grow / 0.0192)
        return np.column_stack(
            [section[:, 0] * (1 + grow / 0.0118), y + across_y * np.cos(lean), z + across_y * np.sin(lean)]
        )

    end = straight + length
    body = loft(np.array([ring(0.0, -0.003), *(ring(s) for s in np.linspace(0.004, end, 14))]), "accent")
    floor = loft(
        np.array(
            [
                ring(end - 0.004, 0.0022),
                ring(end - 0.003, 0.0030),
                ring(end + 0.006, 0.0030),
                ring(end + 0.0085, 0.0012),
            ]
        ),
        "polymer",
    )
    y, z, lean = spine(straight + 0.62 * length)
    frame = shifted((0.0, y, z))
    cos, sin = np.cos(lean), np.sin(lean)
    frame[1:3, 1:3] = [[cos, -sin], [sin, cos]]
    whole = joined([body, floor])
    return whole.moved(-frame[:3, :3].T @ frame[:3, 3], frame[:3, :3].T), frame


def build_smg(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """The training sub-machine-gun: body, bolt, trigger, charging handle, magazine; stock, sights and sizes by lot."""
    picture = wear_image(rng)
    coats = {slot: material(f"smg_{slot}", look, picture) for slot, look in looks(finish, rng).items()}
    build = _drawn(rng)
    grip = parts.pistol_grip("polymer", build.lean, build.grooves)
    stock, butt = _stock(build.stock)
    sights, line = _rear_sights(build)
    front = _front(build)
    magazine, seat = _magazine(build.magazine)
    body = joined([_receiver(), _lower(), grip.shape, front, _front_sight(), sights, stock])
    shapes: list[tuple[Moving, Shape, Array]] = [
        ("body", body, np.eye(4)),
        ("action", _bolt(), np.eye(4)),
        ("trigger", parts.trigger("steel"), shifted(parts.HINGE)),
        ("charging", _charging(), np.eye(4)),
        ("magazine", magazine, seat),
    ]
    pieces = [
        Piece(name, mesh_object(f"smg_{name}", shape, coats, collection), rest, shape) for name, shape, rest in shapes
    ]
    travel = Travel(action=BOLT_TRAVEL, trigger=parts.TRIGGER_TRAVEL, charging=CHARGING_TRAVEL)
    return assemble("training_smg", pieces, _marks(build, grip, front, line, butt), travel, parts.TRIGGER_ARM)


def _marks(build: _Build, grip: parts.Grip, front: Shape, line: Array, butt: Array) -> Marks:
    return Marks(
        muzzle=vector(0.0, build.muzzle, _BORE),
        grip=grip.centre,
        grip_axis=grip.axis,
        trigger=vector(0.0, parts.HINGE[1] + 0.0004, parts.HINGE[2] - parts.TRIGGER_ARM),
        support=parts.rest_for_palm(front, 0.5 * sum(_HANDGUARD)),
        support_normal=unit(0.0, 0.0, -1.0),
        sights=line,
        rack=vector(-0.0270, _HANDLE, _COCKING + 0.0080),
        butt=butt,
        port=(vector(0.0162, 0.5 * sum(_PORT), 0.0520), unit(0.85, -0.30, 0.45)),
    )
