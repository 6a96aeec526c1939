"""A mirrorless stills camera: body with a hand grip, lens forward, lit display towards the wearer.

Sizes are those of the class, chosen: body about 125 mm wide and 70 mm high without the viewfinder's hump.
"""

from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import Finish
from generator.world.live_view import live_panel
from generator.world.props import Marks, Piece, Prop, assemble, looks, unit, vector
from generator.world.shapes import UPWARD, cushion, disc, fluted, lit_panel, rounded, tube, upright
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
    noise,
    wear_image,
)

Array = NDArray[np.float64]

_RIGHT = 0.026
"""Right end of the body; the web of the hand lies over its back's edge, at the origin."""
_FOOT, _TOP = -0.050, 0.020
"""Lower and upper end of the body, metres."""


@dataclass(frozen=True)
class _Plan:
    """What differs from camera to camera, metres.

    Attributes:
        width, depth: of the body without grip and lens.
        hump: whether there is a viewfinder over the lens; else the top is flat, with the eyepiece at the left.
        grip: how far the grip stands out in front of the body.
        lens: length of the barrel.
        radius: of the barrel.
        hood: whether a lens hood stands before the barrel.
        strap: a neck strap that hangs from both lugs, or a wrist loop at the right.
        neck: whether the strap is a neck strap.
    """

    width: float
    depth: float
    hump: bool
    grip: float
    lens: float
    radius: float
    hood: bool
    neck: bool

    @property
    def left(self) -> float:
        """Left end of the body."""
        return _RIGHT - self.width

    @property
    def axis(self) -> tuple[float, float]:
        """(x, z) of the lens."""
        return _RIGHT - 0.61 * self.width, -0.014


def _drawn(rng: np.random.Generator) -> _Plan:
    return _Plan(
        width=float(rng.uniform(0.118, 0.134)),
        depth=float(rng.uniform(0.032, 0.037)),
        hump=bool(rng.random() < 0.65),
        grip=float(rng.uniform(0.015, 0.022)),
        lens=float(rng.uniform(0.048, 0.098)),
        radius=float(rng.uniform(0.029, 0.0325)),
        hood=bool(rng.random() < 0.3),
        neck=bool(rng.random() < 0.6),
    )


def _body(plan: _Plan) -> Shape:
    """Top and bottom plates of metal with a leatherette band between them."""
    half = (plan.width / 2, plan.depth / 2)
    centre = np.array([_RIGHT - plan.width / 2, plan.depth / 2])

    def level(z: float, inset: float) -> tuple[float, Array]:
        return z, rounded(half, 0.013, inset, 7) + centre

    shape = upright(
        [
            level(_FOOT, 0.0022), level(_FOOT + 0.0007, 0.0008), level(_FOOT + 0.0025, 0.0), level(_FOOT + 0.0075, 0.0),
            level(_FOOT + 0.0078, 0.0005), level(0.0030, 0.0005), level(0.0033, 0.0), level(_TOP - 0.0045, 0.0),
            level(_TOP - 0.0014, 0.0008), level(_TOP - 0.0003, 0.0024), level(_TOP, 0.0045),
        ],
        "paint",
    )  # fmt: skip
    return shape.painted("grip", lambda c: (c[:, 2] > _FOOT + 0.0077) & (c[:, 2] < 0.0031))


_GRIP_HALF = 0.0160
"""Half width of the hand grip."""
_PROUD = 0.0006
"""Metres its top stands above the body's, so that no two faces lie in one plane."""


def _grip(plan: _Plan) -> Shape:
    """What the fingers wrap: a rubber bulge at the right front, with a sloping top that carries the shutter release."""
    x, out = _RIGHT - _GRIP_HALF - 0.0015, plan.depth + plan.grip
    rows = [  # height, front, half width, inset
        (_FOOT + 0.0010, out - 0.0050, 0.0144, 0.0020), (_FOOT + 0.0030, out - 0.0030, 0.0152, 0.0),
        (-0.036, out - 0.0012, 0.0157, 0.0), (-0.022, out, _GRIP_HALF, 0.0), (-0.008, out - 0.0008, _GRIP_HALF, 0.0),
        (0.004, out - 0.0005, _GRIP_HALF, 0.0), (0.0120, out + 0.0006, _GRIP_HALF, 0.0),
        (_TOP - 0.0035, out - 0.0006, _GRIP_HALF, 0.0),
        (_TOP - 0.0004, out - 0.0020, _GRIP_HALF, 0.0015), (_TOP + _PROUD, out - 0.0045, _GRIP_HALF, 0.0040),
    ]  # fmt: skip
    levels = []
    for z, front, half, inset in rows:
        back = 0.006
        deep = (front - back) / 2
        flat = rounded((half, deep), 0.0115, inset, 7)
        levels.append((z, flat + np.array([x, back + deep])))
    return upright(levels, "grip").painted("paint", lambda c: c[:, 2] > 0.0125)


def _hump(plan: _Plan) -> tuple[Shape, Array]:
    """Viewfinder with its eyepiece, hot shoe; and the middle of the eyepiece's upper edge."""
    x, _ = plan.axis
    if plan.hump:
        rows = [(_TOP - 0.003, 0.031, 0.0), (_TOP + 0.001, 0.028, 0.0), (_TOP + 0.010, 0.0215, 0.0),
                (_TOP + 0.0165, 0.0185, 0.0005), (_TOP + 0.0185, 0.0178, 0.0030)]  # fmt: skip
        front, back = plan.depth + 0.006, -0.0045
        levels = []
        for k, (z, half, inset) in enumerate(rows):
            ahead, behind = front - 0.0022 * k, back + 0.0004 * k
            flat = rounded((half, (ahead - behind) / 2), 0.006, inset)
            levels.append((z, flat + np.array([x, (ahead + behind) / 2])))
        block, ridge, eye = [upright(levels, "paint")], _TOP + 0.0185, np.array([x, -0.004, _TOP + 0.0075])
        size = (0.0165, 0.0100)
    else:
        ridge, eye = _TOP, np.array([plan.left + 0.020, -0.001, _TOP - 0.008])
        block, size = [], (0.0130, 0.0072)
    cup = cushion((eye[0] - size[0], eye[1] - 0.0055, eye[2] - size[1]), (eye[0] + size[0], eye[1] + 0.003, eye[2] + size[1]),
                  0.006, 0.0016, "rubber", "y")  # fmt: skip
    pane = cushion((eye[0] - size[0] + 0.005, eye[1] - 0.0060, eye[2] - size[1] + 0.004),
                   (eye[0] + size[0] - 0.005, eye[1], eye[2] + size[1] - 0.004), 0.003, 0.0002, "lens", "y")  # fmt: skip
    rails = [box((x + s * 0.0104 - 0.0016, 0.008, ridge - 0.001),
                 (x + s * 0.0104 + 0.0016, 0.027, ridge + 0.0034), "bright", 0.0004)
             for s in (-1, 1)]  # fmt: skip
    lips = [box((x + s * 0.0088 - 0.0024, 0.008, ridge + 0.0026),
                 (x + s * 0.0088 + 0.0024, 0.027, ridge + 0.0036), "bright", 0.0003)
            for s in (-1, 1)]  # fmt: skip
    bed = box((x - 0.0100, 0.008, ridge - 0.001), (x + 0.0100, 0.027, ridge + 0.0007), "hole")
    return joined([*block, cup, pane, *rails, *lips, bed]), vector(eye[0], eye[1] - 0.0055, eye[2] + size[1])


def _lens(plan: _Plan) -> Shape:
    """Mount, zoom and focus rings with grip ribs, front rim, and glass that lies deep in the barrel."""
    x, z = plan.axis
    r, start, end = plan.radius, plan.depth, plan.depth + plan.lens
    mount = lathe([(start - 0.002, r + 0.0035), (start + 0.0020, r + 0.0035), (start + 0.0030, r + 0.0025),
                   (start + 0.0032, r - 0.001)],
                  "bright", 32, x, z)  # fmt: skip
    profile = [
        (start, r - 0.001), (start + 0.004, r - 0.001), (start + 0.009, r), (end - 0.0085, r), (end - 0.0075, r + 0.0008),
        (end - 0.0010, r + 0.0008), (end, r), (end, r - 0.0030), (end - 0.004, r - 0.0050), (end - 0.009, r - 0.0085),
        (end - 0.0092, r - 0.0100),
    ]  # fmt: skip
    barrel = lathe(profile, "steel", 32, x, z).painted(
        "hole", lambda c: (c[:, 1] > end - 0.0095) & (np.hypot(c[:, 0] - x, c[:, 2] - z) < r - 0.0022)
    )
    glass = lathe([(end - 0.012, r - 0.0098), (end - 0.0088, r - 0.0096), (end - 0.0072, r - 0.0150), (end - 0.0064, 0.0060),
                   (end - 0.0062, 0.0010)], "lens", 28, x, z)  # fmt: skip
    made = [mount, barrel, glass]
    rings = [(start + 0.012, start + 0.030)] if plan.lens < 0.06 else [
        (start + 0.012, start + 0.034), (start + 0.042, end - 0.016)]  # fmt: skip
    for low, high in rings:
        ring = fluted([(0.0, r - 0.001), (0.0008, r + 0.0016), (high - low - 0.0008, r + 0.0016), (high - low, r - 0.001)],
                      0.0008, 34, "rubber")  # fmt: skip
        made.append(ring.moved((x, low, z)))
    if rings[-1][1] < end - 0.012:
        band = lathe([(end - 0.0135, r - 0.001), (end - 0.0133, r + 0.0003), (end - 0.0122, r + 0.0003), (end - 0.0120, r - 0.001)],
                     "accent", 32, x, z)  # fmt: skip
        made.append(band)
    if plan.hood:
        hood = [(end - 0.006, r + 0.0010), (end - 0.005, r + 0.0030), (end + 0.022, r + 0.0062), (end + 0.0224, r + 0.0056),
                (end + 0.0224, r + 0.0044), (end + 0.001, r + 0.0008), (end - 0.001, r - 0.002)]  # fmt: skip
        made.append(
            lathe(hood, "hole", 32, x, z).painted("steel", lambda c: np.hypot(c[:, 0] - x, c[:, 2] - z) > r + 0.0046)
        )
    dot = disc((-0.0004, 0.0006), 0.0, 0.0, 0.0016, "accent", 10).moved((x, start + 0.007, z + r - 0.0006), UPWARD)
    return joined([*made, dot])


def _knob(x: float, y: float, z: float, radius: float, height: float, slot: Slot = "steel") -> Shape:
    profile = [(0.0, radius - 0.0016), (0.0008, radius), (height - 0.0010, radius), (height - 0.0002, radius - 0.0008),
               (height, radius - 0.0020)]  # fmt: skip
    return fluted(profile, 0.0005, 18, slot).moved((x, y, z), UPWARD)


def _top(plan: _Plan) -> tuple[Shape, Array]:
    """Mode dial with its index, second dial, shutter release in its lever, small keys; and the release's top."""
    out = plan.depth + plan.grip
    x = _RIGHT - _GRIP_HALF - 0.0015
    place = np.array([x - 0.001, out - 0.0135, _TOP + _PROUD])
    collar = _knob(float(place[0]), float(place[1]), float(place[2]), 0.0088, 0.0030, "bright")
    lever = box(
        (place[0] - 0.002, place[1] + 0.006, _TOP + 0.0004),
        (place[0] + 0.002, place[1] + 0.0115, _TOP + 0.0028),
        "bright",
        0.0006,
    )
    release = lathe([(0.0, 0.0060), (0.0042, 0.0060), (0.0050, 0.0050), (0.0048, 0.0010)], "steel", 20).moved(
        place, UPWARD
    )
    edge = plan.axis[0] + (0.040 if plan.hump else 0.034)
    dial = _knob(edge, 0.0155, _TOP - 0.0006, 0.0105, 0.0082)
    face = lathe([(0.0, 0.0086), (0.0004, 0.0084)], "hole", 20).moved((edge, 0.0155, _TOP + 0.0075), UPWARD)
    marks = [
        disc((0.0, 0.0006), 0.0068 * np.cos(a), 0.0068 * np.sin(a), 0.0009, "accent" if k == 0 else "dot", 6)
        .moved((edge, 0.0155, _TOP + 0.0076), UPWARD)
        for k, a in enumerate(np.linspace(0, 2 * np.pi, 8, endpoint=False))
    ]  # fmt: skip
    wheel = _knob(_RIGHT - 0.015, 0.0095, _TOP - 0.0006, 0.0078, 0.0058)
    film = disc((0.0, 0.0014), 0.0, 0.0, 0.0028, "accent", 14).moved((_RIGHT - 0.031, 0.010, _TOP - 0.0004), UPWARD)
    made = [collar, lever, release, dial, face, *marks, wheel, film]
    if not plan.hump:
        made.append(_knob(plan.left + 0.018, 0.017, _TOP - 0.0006, 0.0095, 0.0060))
    return joined(made), place + np.array([0.0, 0.0, 0.0050])


def _back(plan: _Plan) -> tuple[Shape, Array]:
    """Display in its frame, thumb rest, cross pad and keys; and the display's four corners."""
    right, left = _RIGHT - 0.034, plan.left + 0.007
    low = _FOOT + 0.006
    high = low + min(0.054 if plan.hump else 0.047, (right - left) * 0.69)  # below the eyepiece
    frame = cushion((left, -0.0042, low), (right, 0.003, high), 0.003, 0.0012, "steel", "y")
    glass = cushion(
        (left + 0.002, -0.0045, low + 0.002), (right - 0.002, 0.0, high - 0.002), 0.0015, 0.0002, "lens", "y"
    )
    y, inset = -0.0046, 0.0042
    corners = np.array([(left + inset, y, low + inset), (right - inset, y, low + inset), (right - inset, y, high - inset),
                        (left + inset, y, high - inset)])  # fmt: skip
    x = _RIGHT - 0.0185
    rest = cushion((x + 0.002, -0.0030, -0.010), (x + 0.0145, 0.004, 0.0090), 0.004, 0.0022, "rubber", "y")
    pad = lathe([(0.0022, 0.0090), (-0.0012, 0.0090), (-0.0018, 0.0082), (-0.0018, 0.0052), (-0.0010, 0.0046), (-0.0010, 0.0010)],
                "steel", 24, x + 0.001, -0.026)  # fmt: skip
    spots: tuple[tuple[float, float, Slot], ...] = (
        (x - 0.009, -0.0425, "steel"), (x + 0.010, -0.0425, "steel"), (x - 0.009, 0.0010, "steel"), (x - 0.008, 0.0130, "accent"),
    )  # fmt: skip
    keys = [disc((-0.0012, 0.002), u, z, 0.0029, slot, 14) for u, z, slot in spots]
    return joined([frame, glass, rest, pad, *keys]), corners


def _lugs(plan: _Plan) -> Shape:
    """Strap lugs with their rings at both ends."""
    made = []
    turn = np.linspace(0, 2 * np.pi, 13)
    for side, x in ((-1, plan.left), (1, _RIGHT)):
        made.append(cushion((x - 0.0025, 0.0135, 0.008), (x + 0.0025, 0.0185, 0.014), 0.002, 0.0008, "bright", "x"))
        ring = np.column_stack(
            [x + side * 0.0034 + 0 * turn, 0.016 + 0.0050 * np.cos(turn), 0.0075 + 0.0050 * np.sin(turn)]
        )
        made.append(tube(ring, 0.0008, "bright", 6))
    return joined(made)


def _strap(plan: _Plan, rng: np.random.Generator) -> Shape:
    """A webbing strap that hangs down from its lugs: a neck strap behind the lens, or a wrist loop at the right."""
    sag = float(rng.uniform(0.085, 0.13))
    s = np.linspace(0, np.pi, 25)
    if plan.neck:  # both ends fall from the lugs and meet below the body, behind the left wrist
        half, middle = (plan.width + 0.008) / 2, (plan.left + _RIGHT) / 2
        x = middle + half * np.sign(np.cos(s)) * np.abs(np.cos(s)) ** 0.6
        path = np.column_stack([x, 0.016 - 0.060 * np.sin(s) ** 0.7, 0.003 - (sag + 0.050) * np.sin(s) ** 0.75])
    else:
        x = _RIGHT + 0.005 + 0.010 * np.sin(s)
        path = np.column_stack([x, 0.016 + 0.022 * np.cos(s) * np.sin(s) ** 0.3, 0.003 - 1.1 * sag * np.sin(s) ** 0.7])
    # Neither path ever runs along the axis that its width is laid along.
    return _webbing(path, 0.0055, vector(0.0, 1.0, 0.0)) if plan.neck else _webbing(path, 0.0032, vector(1.0, 0.0, 0.0))


def _webbing(path: Array, half: float, width: Array) -> Shape:
    """A flat band along a path (k, 3), its width as near to the direction ``width`` as the path allows."""
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    wide = width - along * (along @ width)[:, None]
    wide /= np.linalg.norm(wide, axis=1, keepdims=True)
    thick = np.cross(along, wide)
    corner = ((1, 1), (-1, 1), (-1, -1), (1, -1))
    rings = np.stack([path + half * u * wide + 0.0006 * v * thick for u, v in corner], 1)
    return loft(rings, "dot")


def _picture(rng: np.random.Generator) -> Array:
    """(h, w, 4) sRGB of an invented view: a plain room or a yard, with focus marks, a level and bars, no words."""
    h, w = 160, 240
    v, u = np.mgrid[0:h, 0:w].astype(float)
    u, v = (u + 0.5) / w, (v + 0.5) / h
    picture = _yard(u, v, rng) if rng.random() < 0.5 else _room(u, v, rng)
    picture *= (0.90 + 0.20 * noise((h, w), 1.3, rng))[..., None]
    for _ in range(2):  # soft, as small displays of small pictures are
        picture = sum(np.roll(picture, step, axis) for step in (-1, 1) for axis in (0, 1)) / 4  # type: ignore[assignment]
    white = np.array([0.93, 0.93, 0.93])
    picture[:14] *= 0.25
    picture[-12:] *= 0.35
    for k in range(9):
        if rng.random() < 0.75:  # settings, as bars of light
            at = 10 + 25 * k
            picture[4:9, at : at + int(rng.integers(6, 18))] = white if k % 4 else np.array([0.95, 0.75, 0.2])
    picture[h - 9 : h - 4, w - 24 : w - 9] = white
    picture[h - 8 : h - 5, w - 23 : w - 16] = np.array([0.2, 0.8, 0.3])
    cu, cv = rng.uniform(0.35, 0.65), rng.uniform(0.4, 0.6)
    du, dv = np.abs(u - cu) * w, np.abs(v - cv) * h
    square = (np.maximum(du, dv) < 17) & (np.maximum(du, dv) > 15.2) & (np.minimum(du, dv) > 9)
    picture[square] = np.array([0.25, 0.95, 0.3]) if rng.random() < 0.6 else white
    return np.concatenate([np.clip(picture, 0, 1), np.ones((h, w, 1))], 2)


def _yard(u: Array, v: Array, rng: np.random.Generator) -> Array:
    """Sky, a row of blocks with windows, and paving."""
    sky = np.array([0.55, 0.70, 0.90])[None, None] * (0.75 + 0.45 * (1 - v))[..., None]
    ground = np.array([0.42, 0.41, 0.38]) * rng.uniform(0.7, 1.1)
    picture = np.where((v > 0.36)[..., None], sky, ground * (0.7 + 0.8 * v)[..., None])
    left = -0.05
    while left < 1.0:
        right, high = left + rng.uniform(0.14, 0.32), rng.uniform(0.5, 0.85)
        tone = rng.uniform(0.3, 0.65) * np.array([1.0, rng.uniform(0.85, 0.97), rng.uniform(0.7, 0.95)])
        block = (u > left) & (u < right) & (v > 0.34) & (v < high)
        picture[block] = tone
        pane = block & (((u - left) % 0.06) > 0.025) & ((v % 0.11) > 0.05) & (v > 0.42)
        picture[pane] = 0.35 * tone
        left = right + rng.uniform(0.0, 0.05)
    for _ in range(3):  # trees
        cu, cv, r = rng.uniform(0, 1), rng.uniform(0.42, 0.55), rng.uniform(0.06, 0.13)
        crown = np.hypot((u - cu) * 1.5, v - cv) < r
        picture[crown] = np.array([0.16, 0.30, 0.12]) * rng.uniform(0.7, 1.3)
    return picture


def _room(u: Array, v: Array, rng: np.random.Generator) -> Array:
    """A wall with a bright window and a door, a floor, a table."""
    tone = rng.uniform(0.5, 0.75) * np.array([1.0, rng.uniform(0.9, 1.0), rng.uniform(0.78, 0.98)])
    floor = rng.uniform(0.22, 0.40) * np.array([1.0, 0.82, 0.62])
    picture = np.where((v > 0.30)[..., None], tone * (0.65 + 0.45 * v)[..., None], floor * (0.6 + 1.3 * v)[..., None])
    at = rng.uniform(0.08, 0.5)
    window = (u > at) & (u < at + 0.30) & (v > 0.50) & (v < 0.86)
    picture[window] = np.array([0.93, 0.96, 1.0])
    cross = window & ((np.abs(u - at - 0.15) < 0.008) | (np.abs(v - 0.68) < 0.010))
    picture[cross] = 0.45
    door = (u > at + 0.38) & (u < at + 0.54) & (v > 0.27) & (v < 0.80)
    picture[door] = np.array([0.34, 0.22, 0.13]) * rng.uniform(0.7, 1.4)
    table = (np.abs(u - 0.3) < 0.22) & (np.abs(v - 0.33) < 0.022)
    legs = (np.abs(np.abs(u - 0.3) - 0.20) < 0.012) & (v < 0.33) & (v > 0.12)
    picture[table | legs] = np.array([0.28, 0.18, 0.10])
    return picture


_PLATES: dict[Finish, tuple[tuple[float, float, float], ...]] = {
    "black": ((0.018, 0.018, 0.019), (0.028, 0.028, 0.030)),
    "grey": ((0.48, 0.47, 0.45), (0.16, 0.16, 0.165)),
    "blue": ((0.030, 0.050, 0.10), (0.018, 0.018, 0.019)),
    "orange": ((0.48, 0.47, 0.45), (0.36, 0.30, 0.23)),
    "marked": ((0.018, 0.018, 0.019), (0.60, 0.58, 0.53)),
}
"""Top and bottom plates, linear, by eye: blacks, silver and graphite, navy, champagne, ivory."""


def _coats(finish: Finish, rng: np.random.Generator) -> dict[Slot, Look]:
    made = dict(looks("black", rng))
    plate = _PLATES[finish][int(rng.integers(2))]
    silver = plate[0] > 0.4 and plate[0] < 0.5
    made["paint"] = Look(
        plate, (0.35, 0.34, 0.33), metal=silver, metallic=0.7 if silver else 0.0, roughness=0.42, edge=0.4, grain=0.1
    )
    brown = finish in ("grey", "orange") and rng.random() < 0.4
    hide = (0.11, 0.045, 0.018) if brown else (0.015, 0.015, 0.016)
    made["grip"] = Look(hide, (0.05, 0.05, 0.05), roughness=0.65, edge=0.2, grain=0.8, stipple=True)
    made["rubber"] = Look((0.016, 0.016, 0.016), (0.05, 0.05, 0.05), roughness=0.7, edge=0.2, grain=0.8, stipple=True)
    made["steel"] = Look((0.020, 0.020, 0.021), (0.25, 0.25, 0.25), metal=True, roughness=0.42, edge=0.5, grain=0.1)
    tint = [(0.35, 0.35, 0.36), (0.42, 0.30, 0.10), (0.06, 0.20, 0.30)][int(rng.integers(3))]  # nobody's red ring
    made["accent"] = Look(tint, (tint[0] / 2, tint[1] / 2, tint[2] / 2), roughness=0.4, edge=0.2)
    made["lens"] = Look((0.012, 0.010, 0.022), (0.03, 0.03, 0.03), roughness=0.05, edge=0.0, grain=0.0)
    return made


def _strap_look(rng: np.random.Generator) -> Look:
    colour = [(0.016, 0.016, 0.017), (0.15, 0.15, 0.15), (0.20, 0.09, 0.035), (0.03, 0.05, 0.12)][int(rng.integers(4))]
    return Look(colour, (1.5 * colour[0], 1.5 * colour[1], 1.5 * colour[2]), roughness=0.85, edge=0.1, grain=0.8)


def build_camera(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """The camera: y along the lens, the right hand at its grip, the display at -y."""
    plan = _drawn(rng)
    picture = wear_image(rng)
    coats = {slot: material(f"camera_{slot}", look, picture) for slot, look in _coats(finish, rng).items()}
    finder, eye = _hump(plan)
    top, release = _top(plan)
    back, corners = _back(plan)
    shape = joined([_body(plan), _grip(plan), finder, _lens(plan), top, back, _lugs(plan)])
    picture_taken, luminance = _picture(rng), float(rng.uniform(160, 420))
    if rng.random() < 0.6:
        screen = live_panel(
            "camera_screen", corners, float(np.radians(rng.uniform(40, 65))), rng, luminance, collection
        )
    else:
        screen = lit_panel("camera_screen", corners, picture_taken, luminance, collection)
    band = _strap(plan, rng)
    cloth: dict[Slot, bpy.types.Material] = {"dot": material("camera_strap", _strap_look(rng), picture)}
    pieces = [
        Piece("body", mesh_object("camera_body", shape, coats, collection), np.eye(4), shape),
        Piece("display", screen, np.eye(4)),
        # Without a shape: cloth gives way, no finger is fitted to it.
        Piece("body", mesh_object("camera_strap", band, cloth, collection), np.eye(4)),
    ]
    x, z = plan.axis
    marks = Marks(
        muzzle=vector(x, plan.depth + plan.lens - 0.0062, z),
        grip=vector(_RIGHT - _GRIP_HALF - 0.0015, (plan.depth + plan.grip) / 2, -0.009),
        grip_axis=unit(0.0, 0.0, -1.0),
        trigger=release,
        support=vector(x, plan.depth + 0.45 * plan.lens, z - plan.radius),
        support_normal=unit(0.0, 0.0, -1.0),
        sights=eye,
        butt=vector(_RIGHT - plan.width / 2, 0.0, -0.010),
    )
    return assemble("camera", pieces, marks)
