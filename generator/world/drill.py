"""A cordless drill and driver: outside shapes only, in colours of nobody's brand.

Sizes are those of the class, chosen: about 190 mm from the rear cap to the chuck, 215 mm high with its battery.
"""

from dataclasses import dataclass
from typing import Literal

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from generator.scenario.spec import Finish
from generator.world.props import Marks, Moving, Piece, Prop, Travel, assemble, looks, shifted, unit, vector
from generator.world.shapes import SIDEWAYS, UPWARD, cushion, disc, fluted, rounded, upright
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
Colour = tuple[float, float, float]
Bit = Literal["driver", "twist"]

_AXIS = 0.0345
"""Height of the spindle above the web of the hand, metres."""
_HINGE = (0.0, 0.0560, 0.0040)
_ARM = 0.0200
_PRESS = 0.0060
"""Where the speed switch hinges, how far below lies its face, and how far that goes in, metres."""
_MIDDLE = -0.039
"""Height of the middle finger, right under the switch."""
_SOLE = -0.110
"""Height of the foot's upper face: below a hand of four fingers, metres."""

_SHELLS: dict[Finish, tuple[tuple[Colour, Colour], ...]] = {
    "black": (((0.075, 0.030, 0.160), (0.020, 0.020, 0.021)), ((0.30, 0.29, 0.27), (0.020, 0.020, 0.021))),
    "grey": (((0.085, 0.095, 0.035), (0.090, 0.092, 0.092)), ((0.36, 0.34, 0.30), (0.085, 0.035, 0.060))),
    "blue": (((0.020, 0.075, 0.22), (0.36, 0.29, 0.19)), ((0.030, 0.11, 0.26), (0.17, 0.17, 0.17))),
    "orange": (((0.55, 0.13, 0.02), (0.16, 0.16, 0.16)), ((0.50, 0.20, 0.06), (0.28, 0.28, 0.27))),
    "marked": (((0.46, 0.40, 0.29), (0.040, 0.050, 0.040)), ((0.21, 0.055, 0.035), (0.30, 0.29, 0.27))),
}
"""Shell and soft parts, linear, by eye: violet and black, pale grey and black, olive and grey, stone and plum, blue and sand,
slate blue and grey, orange and greys, cream and dark green-grey, brick and pale grey."""


@dataclass(frozen=True)
class _Plan:
    """What differs from drill to drill, metres.

    Attributes:
        rear, collar, nose: where the rear cap ends, the ring for the torque begins, the chuck ends.
        radius: of the motor housing.
        bit: what is in the chuck.
        reach: how far the bit stands out of it.
        battery: width, length and height of the battery.
        hook: side of the belt hook, 1 right, -1 left.
        vents: how many slots cool the motor.
    """

    rear: float
    collar: float
    nose: float
    radius: float
    bit: Bit
    reach: float
    battery: tuple[float, float, float]
    hook: int
    vents: int


def _drawn(rng: np.random.Generator) -> _Plan:
    bit: Bit = "driver" if rng.random() < 0.5 else "twist"
    return _Plan(
        rear=-float(rng.uniform(0.040, 0.050)),
        collar=float(rng.uniform(0.080, 0.086)),
        nose=float(rng.uniform(0.141, 0.149)),
        radius=float(rng.uniform(0.0262, 0.0282)),
        bit=bit,
        reach=float(rng.uniform(0.022, 0.045) if bit == "driver" else rng.uniform(0.050, 0.085)),
        battery=(float(rng.uniform(0.062, 0.074)), float(rng.uniform(0.094, 0.112)), float(rng.uniform(0.034, 0.052))),
        hook=int(rng.choice([-1, 1])),
        vents=int(rng.integers(4, 7)),
    )


def _round(half: float, high: float, power: float, n: int = 36) -> Array:
    """(n, 2) of a superellipse."""
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    return np.column_stack([half * np.sign(c) * np.abs(c) ** (2 / power), high * np.sign(s) * np.abs(s) ** (2 / power)])


def _housing(plan: _Plan) -> Shape:
    """Motor housing with a soft rear cap, gear case, and grooves where the halves meet them."""
    r, rear, collar = plan.radius, plan.rear, plan.collar
    rows = [
        (rear, 0.60 * r, 2.2), (rear + 0.0015, 0.74 * r, 2.3), (rear + 0.006, 0.90 * r, 2.4), (rear + 0.013, 0.965 * r, 2.5),
        (rear + 0.0180, 0.985 * r, 2.5), (rear + 0.0183, 0.955 * r, 2.5), (rear + 0.0195, 0.955 * r, 2.5),
        (rear + 0.0198, 0.985 * r, 2.5), (rear + 0.030, r, 2.6), (0.020, r, 2.6), (0.045, 0.985 * r, 2.5),
        (0.0600, 0.960 * r, 2.4), (0.0603, 0.930 * r, 2.3), (0.0615, 0.930 * r, 2.3), (0.0618, 0.950 * r, 2.3),
        (collar - 0.007, 0.930 * r, 2.1), (collar - 0.003, 0.900 * r, 2.0), (collar - 0.001, 0.86 * r, 2.0),
    ]  # fmt: skip
    rings = []
    for y, radius, power in rows:
        flat = _round(radius * 0.97, radius * 1.03, power)
        rings.append(np.column_stack([flat[:, 0], np.full(len(flat), y), _AXIS + flat[:, 1]]))
    shape = loft(np.array(rings), "polymer")
    return shape.painted("rubber", lambda c: c[:, 1] < rear + 0.0182).painted("rubber", lambda c: c[:, 1] > 0.0616)


def _vents(plan: _Plan) -> Shape:
    """Slanted dark slots in both sides, over the motor."""
    made = []
    for side in (-1, 1):
        x = side * plan.radius * 0.955
        for k in range(plan.vents):
            y = plan.rear + 0.026 + 0.0062 * k
            outline = [
                (y, _AXIS - 0.009),
                (y + 0.0030, _AXIS - 0.009),
                (y + 0.0072, _AXIS + 0.010),
                (y + 0.0042, _AXIS + 0.010),
            ]
            made.append(prism(outline, min(x, x + side * 0.0016), max(x, x + side * 0.0016), "hole", 0.0003))
    return joined(made)


_GRIP = np.array(
    [  # height, back, front, half width
        (0.020, -0.0140, 0.0580, 0.0185),
        (0.010, -0.0060, 0.0560, 0.0180),
        (0.002, -0.0012, 0.0530, 0.0172),
        (-0.006, -0.0004, 0.0495, 0.0166),
        (-0.016, -0.0026, 0.0455, 0.0164),
        (-0.028, -0.0064, 0.0405, 0.0164),
        (-0.042, -0.0110, 0.0345, 0.0166),
        (-0.058, -0.0156, 0.0290, 0.0168),
        (-0.074, -0.0196, 0.0250, 0.0168),
        (-0.090, -0.0232, 0.0232, 0.0170),
        (-0.102, -0.0268, 0.0262, 0.0186),
        (-0.111, -0.0340, 0.0360, 0.0235),
    ]
)
_PROFILE = PchipInterpolator(_GRIP[::-1, 0], _GRIP[::-1, 1:])


def _grip_at(z: float) -> tuple[float, float, float]:
    """Back, front and half width of the grip at a height."""
    back, front, half = _PROFILE(z)
    return float(back), float(front), float(half)


def _grip() -> Shape:
    """Pistol grip with a soft back and front."""
    rings = []
    for z in np.concatenate([np.linspace(0.020, -0.010, 8), np.linspace(-0.018, -0.111, 19)]):
        back, front, half = _grip_at(float(z))
        flat = _round(half, (front - back) / 2, 2.6, 32)
        rings.append(np.column_stack([flat[:, 0], (back + front) / 2 + flat[:, 1], np.full(len(flat), z)]))
    shape = loft(np.array(rings), "polymer")

    def soft(c: Array) -> NDArray[np.bool_]:
        bounds = _PROFILE(np.clip(c[:, 2], -0.111, 0.020))
        depth = (c[:, 1] - bounds[:, 0]) / (bounds[:, 1] - bounds[:, 0])
        inside: NDArray[np.bool_] = (depth < 0.34) | ((depth > 0.90) & (c[:, 2] < -0.034))
        return inside & (c[:, 2] < 0.012) & (c[:, 2] > -0.099)

    return shape.painted("grip", soft)


def _foot(plan: _Plan) -> Shape:
    """Flared foot, battery with side catches and a gauge of lamps, the work light, the belt hook."""
    width, length, height = plan.battery
    back, top = -0.038, _SOLE
    front, half, low = back + length, width / 2, top - 0.014 - height
    centre = np.array([0.0, (back + front) / 2])

    def level(z: float, inset: float, shrink: float = 0.0, radius: float = 0.014) -> tuple[float, Array]:
        return z, rounded((half - shrink, length / 2 - shrink), radius, inset) + centre

    plate = upright([level(top - 0.013, 0.0), level(top - 0.0035, 0.0), level(top + 0.0005, 0.0015), level(top + 0.004, 0.009)],
                    "polymer")  # fmt: skip
    seam = upright([level(top - 0.016, 0.0, 0.002), level(top - 0.012, 0.0, 0.002)], "hole")
    cell = upright(
        [level(low, 0.0034, 0.001), level(low + 0.0012, 0.0012, 0.0008), level(low + 0.004, 0.0, 0.0006),
         level(top - 0.017, 0.0), level(top - 0.0148, 0.0010)], "steel",
    )  # fmt: skip
    made = [plate, seam, cell]
    for side in (-1, 1):  # catches and a ribbed panel in each side
        x = side * (half - 0.0010)
        z = top - 0.026
        made.append(cushion((min(x, x + side * 0.0026), front - 0.040, z - 0.006),
                            (max(x, x + side * 0.0026), front - 0.016, z + 0.006), 0.003, 0.0010, "accent", "x"))  # fmt: skip
        for k in range(4):
            y = back + 0.016 + 0.0075 * k
            made.append(box((x - 0.0012, y, low + 0.008), (x + 0.0012, y + 0.0035, top - 0.021), "steel", 0.0006))
    for k in range(4):
        made.append(
            disc(
                (front - 0.0004, front + 0.0008), 0.006 * (k - 1.5), top - 0.025, 0.0015, "dot" if k < 3 else "hole", 8
            )
        )
    made.append(
        cushion(
            (-0.0165, front - 0.001, top - 0.030), (0.0165, front + 0.0004, top - 0.020), 0.003, 0.0004, "hole", "y"
        )
    )
    lamp = disc((front - 0.004, front + 0.0010), 0.0, top - 0.0060, 0.0042, "lens")
    ring = disc((front - 0.004, front + 0.0004), 0.0, top - 0.0060, 0.0058, "hole")
    return joined([*made, lamp, ring, _hook(plan.hook, half, back + 0.030, top)])


def _hook(side: int, half: float, y: float, top: float) -> Shape:
    """A bent steel strip on one side of the foot."""
    line = [(0.0, 0.0), (0.010, 0.0), (0.013, 0.003), (0.013, 0.036), (0.0145, 0.041), (0.0125, 0.0415), (0.0112, 0.036),
            (0.0112, 0.0045), (0.0092, 0.0018), (0.0, 0.0018)]  # fmt: skip
    strip = prism([(a, b) for a, b in line], -0.008, 0.008, "bright", 0.0004)
    turn = np.array([[0.0, side, 0], [1, 0, 0], [0, 0, 1]])  # outward along x, up along z
    if np.linalg.det(turn) < 0:
        turn[1, 0] = -1
    screw = disc((0.0, 0.0016), 0.0, 0.0, 0.0042, "bright").moved((side * (half - 0.006), y, top + 0.004), UPWARD)
    return joined([strip.moved((side * (half - 0.003), y, top - 0.009), turn), screw])


def _controls(plan: _Plan) -> Shape:
    """Direction selector through the grip, gear slider on the top, torque ring with its ticks."""
    selector = cushion((-0.0225, 0.0375, -0.0015), (0.0225, 0.0500, 0.0050), 0.002, 0.0012, "accent", "x")
    top = _AXIS + plan.radius * 1.03
    bed = cushion((-0.0095, 0.010, top - 0.004), (0.0095, 0.044, top + 0.0006), 0.005, 0.0008, "rubber")
    slider = cushion((-0.0070, 0.014, top - 0.002), (0.0070, 0.030, top + 0.0036), 0.003, 0.0012, "accent")
    ribs = [
        box((-0.0060, y, top + 0.003), (0.0060, y + 0.0012, top + 0.0044), "accent", 0.0003)
        for y in (0.0180, 0.0214, 0.0248)
    ]
    y, r = plan.collar, plan.radius * 0.90
    ring = fluted([(0.0, r - 0.0022), (0.0012, r), (0.0150, r - 0.0004), (0.0165, r - 0.0022), (0.0195, r - 0.0060)],
                  0.0010, 20, "rubber").moved((0, y - 0.0015, _AXIS))  # fmt: skip
    ticks = []
    for k in range(-4, 5):
        a = np.radians(90 + 17 * k)
        turn = np.array([[np.sin(a), 0, np.cos(a)], [0, 1, 0], [-np.cos(a), 0, np.sin(a)]])
        tick = box((-0.0005, y - 0.0060, r * 0.965), (0.0005, y - 0.0025, r * 1.045), "dot")
        ticks.append(tick.moved((0, 0, _AXIS), turn))
    screws = [
        disc((-0.0006, 0.0006), 0.0, 0.0, 0.0031, "hole", 12).moved((s * x, yy, z), SIDEWAYS)
        for s in (-1, 1)
        for x, yy, z in ((0.0176, 0.008, 0.002), (0.0168, 0.004, -0.088), (plan.radius * 0.92, 0.052, _AXIS + 0.010))
    ]
    return joined([selector, bed, slider, *ribs, ring, *ticks, *screws])


def _switch() -> Shape:
    """The speed switch around its hinge: a hollow-faced trigger as wide as the grip's front."""
    face = [(0.0060, 0.0000), (0.0072, -0.0050), (0.0046, -0.0120), (0.0036, -0.0200), (0.0052, -0.0262), (0.0068, -0.0295),
            (0.0040, -0.0312), (-0.0150, -0.0312), (-0.0150, 0.0000)]  # fmt: skip
    return prism(face, -0.0092, 0.0092, "accent", 0.0016)


def _chuck(plan: _Plan) -> Shape:
    """Keyless chuck and bit about the y axis, the collar's front face at y = 0."""
    long = plan.nose - plan.collar - 0.014
    back = fluted(
        [(0.0, 0.0165), (0.0012, 0.0185), (0.45 * long - 0.0014, 0.0185), (0.45 * long - 0.0004, 0.0170)],
        0.0010,
        14,
        "steel",
    )
    front = fluted([(0.45 * long + 0.0004, 0.0170), (0.45 * long + 0.0014, 0.0186), (0.80 * long, 0.0180), (0.86 * long, 0.0160)],
                   0.0010, 14, "steel")  # fmt: skip
    core = lathe([(-0.004, 0.0150), (0.84 * long, 0.0152), (0.93 * long, 0.0105), (long, 0.0078)], "bright", 24)
    jaws = []
    for k in range(3):
        a = 2 * np.pi * k / 3
        turn = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
        jaws.append(
            box((-0.0016, 0.8 * long, 0.0012), (0.0016, long + 0.0030, 0.0056), "steel", 0.0005).moved(turn=turn)
        )
    return joined([back, front, core, *jaws, _bit(plan, long)])


def _bit(plan: _Plan, start: float) -> Shape:
    """A hexagonal driver bit with a cross tip, or a twist drill."""
    end = start + plan.reach
    if plan.bit == "driver":
        turn = np.linspace(0, 2 * np.pi, 8, endpoint=False)
        rows = [(start - 0.02, 0.0035, 1.0), (end - 0.012, 0.0035, 1.0), (end - 0.0110, 0.0026, 1.0), (end - 0.0075, 0.0025, 0.9),
                (end - 0.0030, 0.0024, 0.45), (end, 0.0010, 0.5)]  # fmt: skip
        rings = [
            np.column_stack([r * np.where(np.arange(8) % 2 == 0, 1, w) * np.cos(turn), np.full(8, y),
                             r * np.where(np.arange(8) % 2 == 0, 1, w) * np.sin(turn)])
            for y, r, w in rows
        ]  # fmt: skip
        return loft(np.array(rings), "bright")
    turn = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    radius, shank, rings = 0.0030, start + 0.010, []
    for y in np.concatenate([[start - 0.02, shank], np.linspace(shank + 0.001, end - 0.003, 30), [end]]):
        depth = 0.0 if y <= shank else 0.50
        r = np.full(12, radius * (0.15 if y == end else 1.0)) * (1 - depth * np.clip(np.cos(2 * turn), 0, 1))
        a = turn + 2 * np.pi * max(y - shank, 0.0) / 0.022
        rings.append(np.column_stack([r * np.cos(a), np.full(12, y), r * np.sin(a)]))
    return loft(np.array(rings), "bright")


def _coats(finish: Finish, rng: np.random.Generator) -> dict[Slot, Look]:
    made = dict(looks("black", rng))
    shells = _SHELLS[finish]
    shell, soft = shells[int(rng.integers(len(shells)))]
    by = float(rng.uniform(0.85, 1.15))
    rough = float(rng.uniform(0.40, 0.55))

    def coat(colour: Colour, grain: float, stipple: bool = False) -> Look:
        r, g, b = (min(by * c, 0.75) for c in colour)
        return Look(
            (r, g, b),
            (1.6 * r + 0.02, 1.6 * g + 0.02, 1.6 * b + 0.02),
            roughness=rough,
            edge=0.35,
            grain=grain,
            stipple=stipple,
        )

    made["polymer"] = coat(shell, 0.35)
    made["rubber"] = coat(soft, 0.5)
    made["grip"] = coat(soft, 0.7, True)
    made["steel"] = Look((0.022, 0.022, 0.023), (0.06, 0.06, 0.06), roughness=0.5, edge=0.4, grain=0.3)
    lively = rng.random() < 0.5
    made["accent"] = coat(shell if lively and sum(soft) > 0.3 else (0.03, 0.03, 0.032), 0.2)
    made["lens"] = Look((0.85, 0.85, 0.80), (0.85, 0.85, 0.80), roughness=0.15, edge=0.0, grain=0.0)
    return made


def build_drill(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """The drill: body, speed switch, and the chuck with its bit, which turns about the y axis of its own frame."""
    plan = _drawn(rng)
    picture = wear_image(rng)
    coats = {slot: material(f"drill_{slot}", look, picture, dust=0.9) for slot, look in _coats(finish, rng).items()}
    body = joined([_housing(plan), _vents(plan), _grip(), _foot(plan), _controls(plan)])
    seat = (0.0, plan.collar + 0.014, _AXIS)
    shapes: list[tuple[Moving, Shape, Array]] = [
        ("body", body, np.eye(4)),
        ("trigger", _switch(), shifted(_HINGE)),
        ("chuck", _chuck(plan), shifted(seat)),
    ]
    pieces = [Piece(name, mesh_object(f"drill_{name}", shape, coats, collection), rest, shape)
              for name, shape, rest in shapes]  # fmt: skip
    back, front, _ = _grip_at(_MIDDLE)
    rake = float(np.arctan2(_grip_at(-0.028)[0] - _grip_at(-0.072)[0], 0.044))
    marks = Marks(
        muzzle=vector(0.0, plan.nose + plan.reach, _AXIS),
        grip=vector(0.0, (back + front) / 2, _MIDDLE),
        grip_axis=unit(0.0, -np.sin(rake), -np.cos(rake)),
        trigger=vector(0.0, _HINGE[1] + 0.0036, _HINGE[2] - _ARM),
        support=vector(0.0, -0.038 + plan.battery[1] / 2, _SOLE - 0.014 - plan.battery[2]),
        support_normal=unit(0.0, 0.0, -1.0),
        sights=vector(0.0, 0.0, _AXIS + 1.03 * plan.radius),
        butt=vector(0.0, plan.rear, _AXIS),
    )
    return assemble("drill", pieces, marks, Travel(trigger=_PRESS), _ARM)
