"""Things that are no weapons: a phone that films, and a lit hand torch."""

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import Finish
from generator.world.beam import ahead, beam
from generator.world.fittings import LUMENS_PER_WATT
from generator.world.live_view import live_panel
from generator.world.props import Marks, Piece, Prop, assemble, looks, unit, vector
from generator.world.shapes import lit_panel, segments
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
    wear_image,
)

Array = NDArray[np.float64]

_WIDTH, _HEIGHT, _THICK = 0.0742, 0.1560, 0.0084
_FOOT = -_HEIGHT / 6
"""Height of the phone's lower end: the origin is the centre of its lower third."""


def _slab(half_x: float, low: float, high: float, depths: tuple[tuple[float, float], ...], radius: float) -> Array:
    """Rings of a plate with round corners: (y, inset) of each, from front to back."""
    rings = []
    for y, inset in depths:
        r = radius - inset
        points = []
        for cx, cz, start in ((half_x, high, 0), (-half_x, high, 90), (-half_x, low, 180), (half_x, low, 270)):
            sx, sz = np.sign(cx), 1.0 if start < 180 else -1.0
            for angle in np.radians(np.linspace(start, start + 90, 7)):
                x = cx - sx * radius + r * np.cos(angle)
                z = cz - sz * radius + r * np.sin(angle)
                points.append((x, y, z))
        rings.append(points)
    return np.array(rings)


def _round(y: tuple[float, float], x: float, z: float, radius: float, slot: Slot, n: int = 20) -> Shape:
    return lathe([(y[0], radius), (y[1] - 0.0003, radius), (y[1], radius - 0.0004)], slot, n, x, z)


def _phone_shape(cased: bool, cameras: int, rng: np.random.Generator) -> Shape:
    """Glass slab in a metal band, or in a soft case; screen at -y."""
    half, high = _WIDTH / 2, _FOOT + _HEIGHT
    bevel = ((-_THICK, 0.0012), (-_THICK + 0.0006, 0.0003), (-_THICK + 0.0018, 0.0), (-0.0018, 0.0), (-0.0006, 0.0003),
             (0.0, 0.0012))  # fmt: skip
    slab = loft(_slab(half, _FOOT, high, bevel, 0.0105), "paint")
    slab = slab.painted("lens", lambda c: (c[:, 1] < -_THICK + 0.0005) | (c[:, 1] > -0.0005))
    pieces = [slab]
    back = 0.0
    if cased:
        back = 0.0014
        rim = ((-_THICK + 0.0012, 0.0004), (-_THICK + 0.0018, 0.0), (back - 0.0012, 0.0), (back, 0.0014))
        pieces.append(loft(_slab(half + 0.0015, _FOOT - 0.0015, high + 0.0015, rim, 0.0118), "polymer"))
    for side, z, long in ((half, 0.075, 0.011), (-half, 0.082, 0.008), (-half, 0.066, 0.008)):
        out = 0.0022 if cased else 0.0006
        pieces.append(
            box(
                (side - out, -0.0055, z - long),
                (side + out, -0.0030, z + long),
                "polymer" if cased else "paint",
                0.0004,
            )
        )
    wide = float(rng.uniform(0.026, 0.038))
    bump_x, top = -half + 0.0055, high - 0.0055  # seen from the back, at its upper left
    edge = ((back - 0.0005, 0.0), (back + 0.0012, 0.0), (back + 0.0020, 0.0008))
    bump = loft(_slab(wide / 2, top - wide, top, edge, 0.007), "lens").moved((bump_x + wide / 2, 0, 0))
    pieces.append(bump)
    places = [(0.28, 0.28), (0.28, 0.72), (0.72, 0.5)][:cameras]
    for u, v in places:
        x, z = bump_x + u * wide, top - v * wide
        pieces.append(_round((back + 0.0018, back + 0.0032), x, z, 0.0062, "paint"))
        pieces.append(_round((back + 0.0028, back + 0.00335), x, z, 0.0050, "lens"))
    return joined(pieces)


def _screen_picture(rng: np.random.Generator) -> Array:
    """(h, w, 4) sRGB of an invented camera app around its finder: a release, plain controls, a mark over the finder."""
    h, w = 416, 192
    v, u = np.mgrid[0:h, 0:w].astype(float)
    u, v = (u + 0.5) / w, (v + 0.5) / h  # v upward
    picture = np.full((h, w, 3), 0.015)

    def disc(cu: float, cv: float, radius: float, colour: tuple[float, float, float], inner: float = 0.0) -> None:
        distance = np.hypot((u - cu) * w, (v - cv) * h)
        picture[(distance < radius) & (distance >= inner)] = colour

    disc(0.5, 0.095, 25, (0.93, 0.93, 0.93), 21)
    disc(0.5, 0.095, 18, (0.93, 0.93, 0.93))
    disc(0.16, 0.095, 14, tuple(rng.uniform(0.2, 0.6, 3)))
    disc(0.84, 0.095, 14, (0.22, 0.22, 0.23))
    for k, grey in enumerate((0.45, 0.85, 0.45)):
        word = (np.abs(u - 0.28 - 0.22 * k) < 0.055) & (np.abs(v - 0.175) < 0.006)
        picture[word] = (grey, grey, 0.3 * grey if k == 1 else grey)
    return np.concatenate([np.clip(picture, 0, 1), np.ones((h, w, 1))], 2)


_FINDER = (0.20, 0.90)
"""Of the screen's height: the part that the live view fills."""


def _screen(rng: np.random.Generator, collection: bpy.types.Collection) -> list[Piece]:
    """The lit screen, a hair before the glass: controls, the live view, and what shows that it records, once raised."""
    half, low, high, y = _WIDTH / 2 - 0.0030, _FOOT + 0.0030, _FOOT + _HEIGHT - 0.0030, -_THICK - 0.00006

    def corners(left: float, right: float, bottom: float, top: float, before: float) -> Array:
        """Of a rectangle in shares of the screen, seen by the wearer."""
        us, vs = half * (2 * np.array([left, right]) - 1), low + (high - low) * np.array([bottom, top])
        return np.array([(us[i], y - before, vs[j]) for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))])

    luminance = float(rng.uniform(180, 520))  # cd/m2 of white
    angle = float(np.radians(rng.uniform(38, 52)))  # of a phone's main camera, upright: about 26 mm on 36 x 24 mm film
    controls = lit_panel("phone_screen", corners(0, 1, 0, 1, 0.0), _screen_picture(rng), luminance, collection)
    finder = live_panel("phone_finder", corners(0, 1, *_FINDER, 0.00006), angle, rng, luminance, collection)
    red = np.tile(np.array([0.80, 0.08, 0.06, 1.0]), (4, 4, 1))
    stop = lit_panel("phone_stop", corners(0.45, 0.55, 0.074, 0.116, 0.00012), red, luminance, collection)
    bar = lit_panel("phone_time", corners(0.37, 0.63, 0.925, 0.962, 0.00012), _elapsed(rng), luminance, collection)
    return [
        Piece("body", controls, np.eye(4)),
        Piece("body", finder, np.eye(4)),
        Piece("raised", stop, np.eye(4)),
        Piece("raised", bar, np.eye(4)),
    ]


def _elapsed(rng: np.random.Generator) -> Array:
    """(h, w, 4) sRGB of a red field with invented figures: how long it has recorded."""
    picture = np.tile(np.array([0.80, 0.10, 0.08, 1.0]), (20, 66, 1))
    figures = segments(rng.integers(0, 6, 4).tolist(), 13, 2)
    picture[3 : 3 + figures.shape[0], 6 : 6 + figures.shape[1]][figures] = 0.95
    return picture


def build_phone(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """A phone, its screen towards the wearer: bare, or in a case of the finish's colour."""
    cased, cameras = bool(rng.random() < 0.6), int(rng.integers(1, 4))
    picture = wear_image(rng)
    coats = dict(looks(finish, rng))
    tone = float(rng.uniform(0.08, 0.6))
    coats["paint"] = Look(
        (tone, tone, 1.02 * tone), (0.5, 0.5, 0.5), metal=True, metallic=1.0, roughness=0.28, edge=0.3, grain=0.0
    )
    materials = {slot: material(f"phone_{slot}", look, picture, dust=0.3) for slot, look in coats.items()}
    shape = _phone_shape(cased, cameras, rng)
    pieces = [
        Piece("body", mesh_object("phone_body", shape, materials, collection), np.eye(4), shape),
        *_screen(rng, collection),
    ]
    marks = Marks(
        muzzle=vector(-_WIDTH / 2 + 0.016, 0.005, _FOOT + _HEIGHT - 0.016),
        grip=vector(0.0, -_THICK / 2, 0.0),
        grip_axis=unit(0.0, 0.0, -1.0),
        trigger=vector(0.0, -_THICK, _FOOT + 0.095 * _HEIGHT),
        support=vector(-_WIDTH / 2, -_THICK / 2, 0.02),
        support_normal=unit(-1.0, 0.0, 0.0),
        sights=vector(0.0, -_THICK, _FOOT + 0.55 * _HEIGHT),
    )
    return assemble("phone", pieces, marks)


_BARREL, _HEAD, _BACK, _FRONT = 0.0128, 0.0172, -0.068, 0.074
"""Torch: radius of barrel and head, ends along y, metres."""


def _torch_shape() -> Shape:
    z = -_BARREL
    body = [(_BACK, 0.0098), (_BACK + 0.0008, 0.0112), (_BACK + 0.012, 0.0118), (_BACK + 0.0128, 0.0108), (_BACK + 0.0142, 0.0108),
            (_BACK + 0.0150, 0.0126)]  # fmt: skip
    pieces = []
    tube = lathe([*body, (-0.040, 0.0126), (-0.0395, 0.0120), (0.034, 0.0120), (0.0345, 0.0126), (0.042, 0.0128), (0.047, 0.0150)],
                 "steel", 28, 0.0, z)  # fmt: skip
    pieces.append(tube)
    pieces.append(_knurl(-0.039, 0.0335, 0.0119, 0.0130, z))
    for y in (-0.0425, 0.038):
        pieces.append(lathe([(y - 0.0012, 0.0126), (y - 0.0009, 0.0134), (y + 0.0009, 0.0134), (y + 0.0012, 0.0126)],
                            "steel", 28, 0.0, z))  # fmt: skip
    head = [(0.0465, 0.0150), (0.048, 0.0158)]
    for k in range(4):  # cooling fins
        y = 0.0495 + 0.0030 * k
        head += [(y, 0.0164), (y + 0.0012, 0.0164), (y + 0.0014, 0.0146), (y + 0.0026, 0.0146)]
    head += [(0.0622, _HEAD), (0.0715, _HEAD), (_FRONT - 0.0006, _HEAD - 0.0002), (_FRONT, _HEAD - 0.0010),
             (_FRONT, _HEAD - 0.0024), (_FRONT - 0.0016, _HEAD - 0.0026)]  # fmt: skip
    pieces.append(lathe(head, "steel", 28, 0.0, z))
    pieces.append(
        lathe([(_BACK - 0.0014, 0.0062), (_BACK - 0.0010, 0.0078), (_BACK + 0.001, 0.0082)], "rubber", 20, 0.0, z)
    )
    under = -2 * _BARREL  # the pocket clip
    pieces.append(box((-0.0028, -0.030, under - 0.0024), (0.0028, 0.042, under - 0.0014), "bright", 0.0003))
    pieces.append(box((-0.0028, 0.038, under - 0.0024), (0.0028, 0.042, under + 0.0010), "bright", 0.0003))
    return joined(pieces)


def _knurl(lo: float, hi: float, low: float, high: float, z: float) -> Shape:
    """Diamond knurling: a tube whose radius alternates around and along."""
    around, along = 36, 26
    turn = np.linspace(0, 2 * np.pi, around, endpoint=False)
    rings = []
    for i, y in enumerate(np.linspace(lo, hi, along)):
        radius = np.where((np.arange(around) + i) % 2 == 0, high, low) if 0 < i < along - 1 else np.full(around, low)
        rings.append(np.column_stack([radius * np.cos(turn), np.full(around, y), z + radius * np.sin(turn)]))
    return loft(np.array(rings), "steel")


def build_torch(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """A lit hand torch of 600 to 1500 lumens."""
    picture = wear_image(rng)
    lumens = float(rng.uniform(600, 1500))
    warm = float(rng.uniform(0, 1))
    colour = (0.92 + 0.16 * warm, 1.0, 1.12 - 0.30 * warm)  # cool to neutral white LEDs
    coats = dict(looks(finish, rng))
    # Luminance of the lit head: lumens over its area and a sphere's quarter, in radiance; sensors saturate long before.
    glow = lumens / LUMENS_PER_WATT / (np.pi * 0.0135**2) / 4 / np.pi
    coats["dot"] = Look(colour, colour, edge=0.0, grain=0.0, glow=float(glow))
    materials = {slot: material(f"torch_{slot}", look, picture) for slot, look in coats.items()}
    shape = joined(
        [_torch_shape(), lathe([(_FRONT - 0.004, 0.0140), (_FRONT - 0.0014, 0.0146)], "dot", 24, 0.0, -_BARREL)]
    )
    pieces = [
        Piece("body", mesh_object("torch_body", shape, materials, collection), np.eye(4), shape),
        Piece("light", beam("torch_beam", lumens, colour, collection), ahead((0.0, _FRONT + 0.004, -_BARREL))),
    ]
    marks = Marks(
        muzzle=vector(0.0, _FRONT, -_BARREL),
        grip=vector(0.0, 0.0, -_BARREL),
        grip_axis=unit(0.0, -1.0, 0.0),
        trigger=vector(0.0, _BACK - 0.0014, -_BARREL),
        support=vector(0.0, 0.02, -2 * _BARREL),
        support_normal=unit(0.0, 0.0, -1.0),
        sights=vector(0.0, 0.06, _HEAD - _BARREL),
    )
    return assemble("torch", pieces, marks)
