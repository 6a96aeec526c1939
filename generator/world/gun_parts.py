"""Outside shapes that training long guns share: tubes, grips, rails, sights, guards and triggers.

All sizes are chosen by eye for the class of thing and for a hand of human size; none is taken from a model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicSpline, PchipInterpolator

from generator.world.pistol import across, pin, sweep
from generator.world.surface import SLOTS, Shape, Slot, box, joined, lathe, loft, prism

Array = NDArray[np.float64]

HINGE = (0.0, 0.0795, 0.0060)
"""Where a trigger turns, from the web of a hand that holds a raked grip: its face is a finger's reach ahead."""

TRIGGER_ARM = 0.018
TRIGGER_TRAVEL = 0.008

RAIL_HEIGHT = 0.0046
_PITCH, _TOOTH = 0.010, 0.0048
"""Of an accessory rail: from tooth to tooth, and along one tooth."""


def outline(half_a: float, half_b: float, power: float = 2.0, n: int = 24) -> Array:
    """(n, 2) points of a superellipse: ``power`` 2 is an ellipse, larger ones are squarer."""
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    a = half_a * np.sign(s) * np.abs(s) ** (2 / power)
    return np.column_stack([a, half_b * np.sign(c) * np.abs(c) ** (2 / power)])


def ring_across(y: float, half_x: float, half_z: float, z: float = 0.0, power: float = 2.0, n: int = 24) -> Array:
    """(n, 3) ring across the gun, around (0, y, z)."""
    points = outline(half_x, half_z, power, n)
    return np.column_stack([points[:, 0], np.full(n, y), z + points[:, 1]])


def ring_level(z: float, half_x: float, half_y: float, y: float = 0.0, power: float = 2.0, n: int = 24) -> Array:
    """(n, 3) level ring around (0, y, z)."""
    points = outline(half_x, half_y, power, n)
    return np.column_stack([points[:, 0], y + points[:, 1], np.full(n, z)])


def profiled(rows: Sequence[Sequence[float]], slot: Slot, power: float = 3.0, n: int = 28) -> Shape:
    """A skin over rings across the gun, from rows of (y, low, high, half width)."""
    return loft(
        np.array([ring_across(y, half, (high - low) / 2, (high + low) / 2, power, n) for y, low, high, half in rows]),
        slot,
    )


def tube(
    along: tuple[float, float], radius: float, slot: Slot, *, x: float = 0.0, z: float = 0.0, n: int = 20,
    edge: float = 0.0006,
) -> Shape:  # fmt: skip
    """A round bar along y with broken edges."""
    lo, hi = along
    return lathe([(lo, radius - edge), (lo + edge, radius), (hi - edge, radius), (hi, radius - edge)], slot, n, x, z)


def mouth(along: tuple[float, float], radius: float, bore: float, slot: Slot, *, z: float = 0.0, n: int = 24) -> Shape:
    """The last bit of a tube, with a dark hole a few millimetres deep in its front."""
    lo, hi = along
    profile = [(lo, radius), (hi - 0.0008, radius), (hi, radius - 0.0008), (hi, bore), (hi - 0.006, bore - 0.0002)]
    made = lathe(profile, slot, n, 0.0, z)
    return made.painted("hole", lambda c: (c[:, 1] > hi - 0.0065) & (np.hypot(c[:, 0], c[:, 2] - z) < bore * 0.999))


def hoop(profile: Sequence[tuple[float, float]], slot: Slot, n: int = 20, x: float = 0.0, z: float = 0.0) -> Shape:
    """A ring with a hole: a closed (y, radius) section, counter-clockwise with y right and radius up, around an axis along y."""
    k = len(profile)
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    rings = [np.column_stack([x + r * np.cos(turn), np.full(n, y), z + r * np.sin(turn)]) for y, r in profile]
    i, j = (grid.ravel() for grid in np.meshgrid(np.arange(k), np.arange(n), indexing="ij"))
    after_i, after_j = (i + 1) % k, (j + 1) % n
    corners = np.stack([i * n + j, after_i * n + j, after_i * n + after_j, i * n + after_j], 1).astype(np.int32)
    made = Shape(
        np.concatenate(rings), corners.ravel(), np.full(len(corners), 4, np.int32),
        np.full(len(corners), SLOTS.index(slot), np.int32),
    )  # fmt: skip
    if (made.centres() * made.normals()).sum() < 0:
        made = Shape(made.vertices, corners[:, ::-1].ravel(), made.sizes, made.slots)
    return made


def collar(along: tuple[float, float], outer: float, inner: float, slot: Slot, *, x: float = 0.0, z: float = 0.0,
           n: int = 20) -> Shape:  # fmt: skip
    """A short open pipe."""
    lo, hi = along
    edge = 0.0004
    return hoop([(lo, inner), (hi, inner), (hi, outer - edge), (hi - edge, outer), (lo + edge, outer), (lo, outer - edge)],
                slot, n, x, z)  # fmt: skip


def rail(along: tuple[float, float], z: float, slot: Slot) -> Shape:
    """An accessory rail with cross slots, standing ``RAIL_HEIGHT`` above z."""
    top = z + RAIL_HEIGHT

    def ring(y: float, high: float, wide: float) -> Array:
        middle = min(z + 0.0022, high - 0.0004)
        right = [(0.0078, z - 0.001), (0.0084, z), (wide, middle), (wide - 0.0016, high)]
        points = np.array(right + [(-x, h) for x, h in right[::-1]])
        return np.column_stack([points[:, 0], np.full(len(points), y), points[:, 1]])

    rings, y = [], along[0]
    while y + _TOOTH < along[1]:
        rings += [ring(y, top, 0.0104), ring(y + _TOOTH, top, 0.0104)]
        rings += [ring(y + _TOOTH + 0.0002, z + 0.0016, 0.0094), ring(y + _PITCH - 0.0002, z + 0.0016, 0.0094)]
        y += _PITCH
    return loft(np.array(rings[:-2]), slot)


@dataclass(frozen=True)
class Grip:
    """A pistol grip.

    Attributes:
        shape: its skin, closed.
        centre: (3,) its middle where the middle finger lies.
        axis: (3,) unit, down along it.
    """

    shape: Shape
    centre: Array
    axis: Array


_GRIP = np.array(
    [  # height, back, front, half width
        (0.0160, -0.0120, 0.0440, 0.0125),
        (0.0080, -0.0090, 0.0460, 0.0130),
        (0.0020, -0.0030, 0.0470, 0.0138),
        (-0.0060, 0.0000, 0.0460, 0.0146),
        (-0.0160, -0.0045, 0.0425, 0.0152),
        (-0.0260, -0.0100, 0.0375, 0.0156),
        (-0.0360, -0.0155, 0.0320, 0.0159),
        (-0.0500, -0.0218, 0.0258, 0.0160),
        (-0.0660, -0.0280, 0.0192, 0.0160),
        (-0.0820, -0.0338, 0.0136, 0.0159),
        (-0.0940, -0.0378, 0.0112, 0.0162),
        (-0.1010, -0.0396, 0.0112, 0.0163),
        (-0.1040, -0.0380, 0.0096, 0.0150),
    ]
)
_FINGER = -0.036
"""Height of the middle finger below the web."""


def pistol_grip(slot: Slot, lean: float = 0.0, grooves: float = 0.0) -> Grip:
    """A grip below the origin, the web at its back; ``lean`` adds to its rake (radians), ``grooves`` (m) dent its front."""
    profile = PchipInterpolator(_GRIP[::-1, 0], _GRIP[::-1, 1:])

    def bounds(z: Array) -> tuple[Array, Array, Array]:
        back, front, half = profile(z).T
        shift = np.tan(lean) * np.minimum(z + 0.006, 0.0)
        dent = grooves * (0.5 - 0.5 * np.cos(2 * np.pi * (z + 0.026) / 0.022)) * ((z < -0.026) & (z > -0.092))
        return back + shift, front + shift - dent, half

    heights = np.concatenate(
        [np.linspace(0.016, -0.016, 8), np.linspace(-0.021, -0.094, 22), [-0.0985, -0.101, -0.104]]
    )
    back, front, half = bounds(heights)
    turn = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    power = np.where(c > 0, 3.0, 2.5)  # a round backstrap, a squarer front
    rings = [
        np.column_stack([w * np.sign(s) * np.abs(s) ** (2 / power),
                         (b + f) / 2 + (f - b) / 2 * np.sign(c) * np.abs(c) ** (2 / power), np.full(len(turn), z)])
        for z, b, f, w in zip(heights, back, front, half, strict=True)
    ]  # fmt: skip

    def panel(at: Array) -> NDArray[np.bool_]:
        b, f, _ = bounds(at[:, 2])
        depth = (at[:, 1] - b) / (f - b)
        inside: NDArray[np.bool_] = (at[:, 2] < -0.020) & (at[:, 2] > -0.095) & (depth > 0.10)
        return inside

    ends = bounds(np.array([_FINGER, -0.090]))
    middle = (ends[0] + ends[1]) / 2
    axis = np.array([0.0, middle[1] - middle[0], -0.090 - _FINGER])
    return Grip(
        loft(np.array(rings), slot).painted("grip", panel),
        np.array([0.0, middle[0], _FINGER]),
        axis / np.linalg.norm(axis),
    )


def guard(corners: Sequence[tuple[float, float]], slot: Slot, half: float = 0.0052) -> Shape:
    """A trigger guard through (y, z) corners, from the front to the grip."""
    at = np.linspace(0, len(corners) - 1, 30)
    path = CubicSpline(np.arange(len(corners)), np.array(corners))(at)
    thick = np.interp(at, [0, 1, len(corners) - 2, len(corners) - 1], [0.0036, 0.0022, 0.0022, 0.0036])
    return sweep([(float(y), float(z)) for y, z in path], half, [float(t) for t in thick], slot)


def trigger(slot: Slot) -> Shape:
    """A curved blade around its hinge; its face is ``TRIGGER_ARM`` below."""
    face = [(0.0040, 0.0040), (0.0036, -0.0050), (0.0014, -0.0120), (0.0004, -0.0180), (0.0026, -0.0250),
            (0.0048, -0.0282), (0.0012, -0.0286), (-0.0026, -0.0240), (-0.0044, -0.0180), (-0.0040, -0.0100),
            (-0.0032, -0.0040), (-0.0034, 0.0040)]  # fmt: skip
    return prism(face, -0.0034, 0.0034, slot, 0.0007)


def pins(places: Sequence[tuple[float, float, float]], half: float, slot: Slot = "steel") -> Shape:
    """Heads of cross pins at (y, z, radius), proud of both sides."""
    return joined([pin((-half, half), y, z, radius, slot) for y, z, radius in places])


def red_dot(y: float, z: float, *, tall: bool) -> tuple[Shape, float]:
    """A small optic on a rail at height z, and how high its line of sight is: a short tube, or a hooded open window."""
    clamp = across([(-0.0135, z - 0.004), (0.0135, z - 0.004), (0.0145, z + 0.003), (0.0100, z + 0.007), (-0.0100, z + 0.007),
                    (-0.0145, z + 0.003)], y - 0.019, y + 0.019, "steel", 0.0006)  # fmt: skip
    axis = z + (0.030 if tall else 0.024)
    knob = pin((0.0125, 0.0205), y, z + 0.001, 0.0050, "polymer")
    if not tall:
        arch = [(-0.0125, z + 0.006), (-0.0150, axis - 0.008), (-0.0150, axis + 0.009), (-0.0115, axis + 0.0130),
                (0.0115, axis + 0.0130), (0.0150, axis + 0.009), (0.0150, axis - 0.008), (0.0125, z + 0.006)]  # fmt: skip
        base = box((-0.0135, y - 0.023, z + 0.005), (0.0135, y + 0.021, axis - 0.0085), "steel", 0.0012)
        hood = [_bar(arch[k], arch[k + 1], (y + 0.006, y + 0.019)) for k in range(len(arch) - 1)]
        return joined([clamp, knob, base, *hood]), axis
    neck = prism([(y - 0.016, z + 0.005), (y + 0.016, z + 0.005), (y + 0.011, axis - 0.012), (y - 0.011, axis - 0.012)],
                 -0.0075, 0.0075, "steel", 0.0010)  # fmt: skip
    body = collar((y - 0.031, y + 0.031), 0.0145, 0.0120, "steel", z=axis, n=28)
    bells = [
        collar((y + a, y + b), 0.0160, 0.0125, "steel", z=axis, n=28) for a, b in ((-0.034, -0.022), (0.020, 0.036))
    ]
    cap = lathe([(-0.0062, 0.0055), (0.0, 0.0060), (0.0062, 0.0055)], "polymer", 14).moved((0, y, axis + 0.0165))
    turrets = [pin((0.0120, 0.0205), y, axis, 0.0062, "polymer"), cap]
    return joined([clamp, knob, neck, body, *bells, *turrets]), axis


def _bar(
    start: tuple[float, float], end: tuple[float, float], along: tuple[float, float], half: float = 0.0012
) -> Shape:
    """A flat bar between two points (x, z), wide along y."""
    a, b = np.array(start), np.array(end)
    way = (b - a) / np.linalg.norm(b - a)
    side = half * np.array([-way[1], way[0]])
    a, b = a - half * 0.8 * way, b + half * 0.8 * way
    points = [(float(p[0]), float(p[1])) for p in (a - side, b - side, b + side, a + side)]
    return across(points, along[0], along[1], "steel", 0.0004)


def sling_loop(at: ArrayLike, slot: Slot = "steel") -> Shape:
    """A wire loop across the gun, its middle at a point."""
    turn = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    centre = np.column_stack([np.zeros(16), 0.016 * np.cos(turn), 0.008 * np.sin(turn)])
    out = np.column_stack([np.zeros(16), np.cos(turn), np.sin(turn)])
    section = [(1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0)]
    rings = np.array(
        [
            [c + 0.0018 * (u * o + v * np.array([1.0, 0, 0])) for u, v in section]
            for c, o in zip(centre, out, strict=True)
        ]
    )
    k, n = 16, 4
    i, j = (grid.ravel() for grid in np.meshgrid(np.arange(k), np.arange(n), indexing="ij"))
    corners = np.stack([i * n + j, (i + 1) % k * n + j, (i + 1) % k * n + (j + 1) % n, i * n + (j + 1) % n], 1).astype(
        np.int32
    )
    made = Shape(
        rings.reshape(-1, 3), corners.ravel(), np.full(64, 4, np.int32), np.full(64, SLOTS.index(slot), np.int32)
    )
    if (made.centres() * made.normals()).sum() < 0:
        made = Shape(made.vertices, corners[:, ::-1].ravel(), made.sizes, made.slots)
    return made.moved(at)


def underside(shape: Shape, y: float, x: float = 0.0) -> float:
    """Height of the lowest surface above the point (x, y) of the ground.

    Raises:
        ValueError: nothing is above it.
    """
    return _lowest(shape.vertices[shape.triangles()], y, x)


def _lowest(corners: Array, y: float, x: float) -> float:
    """``underside`` of triangles (m, 3, 3)."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    area: Array = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    flat = np.abs(area) > 1e-12
    a, b, c, area = a[flat], b[flat], c[flat], area[flat]
    v = ((x - a[:, 0]) * (c[:, 1] - a[:, 1]) - (y - a[:, 1]) * (c[:, 0] - a[:, 0])) / area
    w = ((b[:, 0] - a[:, 0]) * (y - a[:, 1]) - (b[:, 1] - a[:, 1]) * (x - a[:, 0])) / area
    hit = (v >= 0) & (w >= 0) & (v + w <= 1)
    if not hit.any():
        raise ValueError(f"nothing above x = {x}, y = {y}")
    heights = (1 - v - w) * a[:, 2] + v * b[:, 2] + w * c[:, 2]
    return float(heights[hit].min())


def rest_for_palm(shape: Shape, y: float, reach: float = 0.006) -> Array:
    """(3,) point on the underside near y where a palm lies: the lowest within ``reach``, a tooth and not a gap."""
    places = np.linspace(y - reach, y + reach, 13)
    corners = shape.vertices[shape.triangles()]
    along = corners[:, :, 1]
    corners = corners[(along.min(1) <= places[-1]) & (along.max(1) >= places[0])]
    heights = [_lowest(corners, float(place), 0.0004) for place in places]
    best = int(np.argmin(np.array(heights) + 1e-6 * np.abs(places - y)))
    return np.array([0.0, float(places[best]), heights[best]])
