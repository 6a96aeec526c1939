"""A hand-held two-way radio, its loudspeaker towards the wearer: a brick with an aerial, knobs and a lit display.

Sizes are those of the class, chosen: body about 58 mm wide, 36 mm deep and 105 to 135 mm high.
"""

from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import Finish
from generator.world.props import Marks, Piece, Prop, assemble, looks, unit, vector
from generator.world.shapes import SIDEWAYS, UPWARD, cushion, disc, fluted, lit_panel, rounded, segments, tube, upright
from generator.world.surface import Look, Shape, Slot, box, joined, lathe, material, mesh_object, prism, wear_image

Array = NDArray[np.float64]

_FOOT = -0.072
"""Height of the lower end: the web of the thumb lies 72 mm above it, so that the little finger still finds the body."""

_BODIES: dict[Finish, tuple[tuple[float, float, float], ...]] = {
    "black": ((0.014, 0.014, 0.015), (0.022, 0.024, 0.027)),
    "grey": ((0.075, 0.078, 0.082), (0.14, 0.14, 0.135)),
    "blue": ((0.012, 0.028, 0.085), (0.03, 0.05, 0.075)),
    "orange": ((0.60, 0.14, 0.015), (0.62, 0.34, 0.02)),
    "marked": ((0.014, 0.014, 0.015), (0.030, 0.036, 0.022)),
}
"""Colours of the case, linear, by eye: black, greys, navies, signal colours, black and olive."""


@dataclass(frozen=True)
class _Case:
    """One radio's plan, metres.

    Attributes:
        width, depth, height: of the body.
        keys: whether it has a keypad under the display.
        grille: how the loudspeaker's openings look.
        aerial: length above the body.
        stubby: a thick, short aerial instead of a whip.
        side: 1 where the aerial stands at the wearer's right, else -1.
        two_tone: a black front plate and loudspeaker, whatever the case's colour.
        steel_clip: the belt clip is bright steel instead of black plastic.
    """

    width: float
    depth: float
    height: float
    keys: bool
    grille: str
    aerial: float
    stubby: bool
    side: int
    two_tone: bool
    steel_clip: bool

    @property
    def top(self) -> float:
        """Height of the body's upper end."""
        return _FOOT + self.height


def _drawn(rng: np.random.Generator) -> _Case:
    stubby = bool(rng.random() < 0.45)
    keys = bool(rng.random() < 0.45)
    return _Case(
        width=float(rng.uniform(0.054, 0.061)),
        depth=float(rng.uniform(0.033, 0.038)),
        height=float(rng.uniform(0.118, 0.134) if keys else rng.uniform(0.106, 0.126)),
        keys=keys,
        grille=str(rng.choice(["slots", "holes", "bars"])),
        aerial=float(rng.uniform(0.055, 0.080) if stubby else rng.uniform(0.105, 0.165)),
        stubby=stubby,
        side=int(rng.choice([-1, 1])),
        two_tone=bool(rng.random() < 0.5),
        steel_clip=bool(rng.random() < 0.4),
    )


def _body(case: _Case) -> Shape:
    """Front half with sloping shoulders, and the battery behind it with a seam between them."""
    half, split, low = case.width / 2, 0.55 * case.depth, _FOOT
    middle = np.array([0.0, split / 2 + 0.002])

    def level(z: float, inset: float, narrow: float = 0.0) -> tuple[float, Array]:
        flat = rounded((half - narrow, split / 2 + 0.002), 0.0075, inset)
        return z, flat + middle

    top = case.top
    front = upright(
        [
            level(low, 0.0030, 0.001), level(low + 0.0012, 0.0010, 0.001), level(low + 0.004, 0.0, 0.0008),
            level(low + 0.030, 0.0), level(low + 0.062, 0.0, 0.0012), level(top - 0.016, 0.0), level(top - 0.006, 0.0),
            level(top - 0.0020, 0.0012, 0.0010), level(top, 0.0042, 0.0016),
        ],
        "polymer",
    )  # fmt: skip
    battery = cushion(
        (-half + 0.0012, split + 0.0052, low), (half - 0.0012, case.depth, top - 0.026), 0.006, 0.0024, "steel"
    )
    neck = cushion(
        (-half + 0.004, split, low + 0.004), (half - 0.004, split + 0.007, top - 0.030), 0.002, 0.001, "hole"
    )
    back = cushion(
        (-half + 0.0008, split, top - 0.0252),
        (half - 0.0008, case.depth - 0.004, top - 0.0015),
        0.006,
        0.003,
        "polymer",
    )
    latch = cushion(
        (-0.012, case.depth - 0.003, top - 0.034), (0.012, case.depth + 0.0012, top - 0.028), 0.001, 0.001, "rubber"
    )
    bumpers = [
        cushion((s * (half - 0.0035) - 0.0045, -0.0012, low - 0.0008), (s * (half - 0.0035) + 0.0045, 0.010, low + 0.011),
                0.003, 0.002, "rubber")
        for s in (-1, 1)
    ]  # fmt: skip
    return joined([front, battery, neck, back, latch, *bumpers])


def _speaker(case: _Case, low: float, high: float) -> Shape:
    """A sunken field of openings between two heights on the front."""
    half = case.width / 2 - 0.0105
    plate = cushion((-half - 0.0035, -0.0014, low), (half + 0.0035, 0.004, high), 0.005, 0.0010, "paint", "y")
    made = [plate]
    middle = (low + high) / 2
    if case.grille == "bars":
        for z in np.arange(low + 0.0055, high - 0.0040, 0.0044):
            made.append(box((-half, -0.0019, z - 0.0010), (half, 0.0, z + 0.0010), "hole", 0.0003))
    elif case.grille == "slots":
        for x in np.arange(-half + 0.001, half, 0.0043):
            reach = (high - low) / 2 - 0.0055 - 0.20 * abs(x)
            made.append(box((x - 0.0011, -0.0018, middle - reach), (x + 0.0011, 0.0, middle + reach), "hole", 0.0003))
    else:
        radius = min(half, (high - low) / 2 - 0.003)
        for i in range(-5, 6):
            for j in range(-6, 7):
                x, z = 0.0042 * (j + 0.5 * (i % 2)), 0.0037 * i
                if np.hypot(x, z) < radius:
                    made.append(lathe([(-0.0018, 0.00125), (0.0, 0.00125)], "hole", 7, x, middle + z))
    return joined(made)


def _keys(low: float, high: float) -> Shape:
    """Twelve plain keys."""
    made = []
    pitch = (high - low) / 4
    for row in range(4):
        for column in (-1, 0, 1):
            x, z = 0.0125 * column, low + pitch * (row + 0.5)
            made.append(cushion((x - 0.0050, -0.0018, z - 0.32 * pitch), (x + 0.0050, 0.002, z + 0.32 * pitch),
                                0.0016, 0.0006, "grip", "y"))  # fmt: skip
    return joined(made)


def _face(case: _Case) -> tuple[Shape, tuple[float, float, float, float]]:
    """Everything on the front, and the display's left, right, lower and upper edge."""
    wide, top = case.width / 2 - 0.0095, case.top
    if case.keys:
        screen = (-wide, wide, top - 0.064, top - 0.041)
        made = [_speaker(case, top - 0.034, top - 0.006), _keys(_FOOT + 0.006, top - 0.071)]
    else:
        screen = (-wide, wide, top - 0.031, top - 0.012)
        made = [_speaker(case, _FOOT + 0.012, top - 0.050)]
        row: tuple[tuple[float, Slot], ...] = ((-0.014, "grip"), (0.0, "accent"), (0.014, "grip"))
        for x, slot in row:
            low, high = (x - 0.0054, -0.0020, top - 0.0445), (x + 0.0054, 0.002, top - 0.0380)
            made.append(cushion(low, high, 0.002, 0.0007, slot, "y"))
    left, right, bottom, upper = screen
    bezel = cushion(
        (left - 0.0032, -0.0014, bottom - 0.0030), (right + 0.0032, 0.004, upper + 0.0030), 0.003, 0.0010, "hole", "y"
    )
    glass = cushion(
        (left - 0.0004, -0.00165, bottom - 0.0004), (right + 0.0004, 0.002, upper + 0.0004), 0.001, 0.0002, "lens", "y"
    )
    return joined([*made, bezel, glass]), screen


def _sides(case: _Case) -> tuple[Shape, Array]:
    """Push-to-talk key with its neighbours at the left, a covered socket at the right; and the key's middle."""
    half, y = case.width / 2, 0.0125
    low, high = -0.016, 0.018
    key = cushion((-half - 0.0024, y - 0.0062, low), (-half + 0.003, y + 0.0062, high), 0.003, 0.0010, "rubber", "x")
    ribs = [
        box((-half - 0.0028, y - 0.0042, z - 0.0007), (-half - 0.0018, y + 0.0042, z + 0.0007), "rubber", 0.0003)
        for z in np.linspace(low + 0.006, high - 0.006, 6)
    ]
    spots: tuple[tuple[float, Slot], ...] = ((low - 0.0095, "grip"), (high + 0.0090, "accent"))
    small = [
        cushion(
            (-half - 0.0016, y - 0.0045, z - 0.0050), (-half + 0.003, y + 0.0045, z + 0.0050), 0.002, 0.0007, slot, "x"
        )
        for z, slot in spots
    ]
    cover = cushion(
        (half - 0.003, y - 0.0065, -0.004), (half + 0.0018, y + 0.0065, 0.030), 0.003, 0.0010, "rubber", "x"
    )
    screw = disc((-0.001, 0.0006), 0.0, 0.0, 0.0032, "bright").moved((half + 0.0016, y, 0.013), SIDEWAYS)
    return joined([key, *ribs, *small, cover, screw]), vector(-half - 0.0026, y, (low + high) / 2)


def _knob(x: float, y: float, z: float, radius: float, height: float) -> Shape:
    profile = [(0.0, radius * 0.8), (0.002, radius * 0.8), (0.0022, radius), (height - 0.001, radius - 0.0004),
               (height, radius - 0.0014)]  # fmt: skip
    return fluted(profile, 0.0007, 10, "rubber").moved((x, y, z), UPWARD)


def _crown(case: _Case) -> tuple[Shape, Array]:
    """Aerial, two knobs, alarm key and lamp on the top; and the aerial's tip."""
    top, s, y = case.top - 0.001, case.side, 0.55 * case.depth - 0.002
    half = case.width / 2
    x = s * (half - 0.012)
    if case.stubby:
        line, radii = [0.0, 0.004, 0.0045, 0.010, case.aerial - 0.004, case.aerial - 0.001, case.aerial], [
            0.0088, 0.0088, 0.0072, 0.0070, 0.0056, 0.0048, 0.0028]  # fmt: skip
    else:
        line, radii = [0.0, 0.007, 0.0075, 0.026, 0.030, 0.6 * case.aerial, case.aerial - 0.001, case.aerial], [
            0.0084, 0.0080, 0.0066, 0.0056, 0.0042, 0.0036, 0.0032, 0.0018]  # fmt: skip
    aerial = tube(np.array([(x, y, top + z) for z in line]), np.array(radii), "rubber", 16)
    base = lathe([(-0.001, 0.0098), (0.0022, 0.0096), (0.0028, 0.0088)], "polymer", 20).moved((x, y, top), UPWARD)
    knobs = [_knob(-s * (half - 0.0105), y, top, 0.0078, 0.0135), _knob(-s * (half - 0.0290), y, top, 0.0062, 0.0105)]
    alarm = cushion((s * 0.0005 - 0.004, y - 0.003, top - 0.001), (s * 0.0005 + 0.004, y + 0.003, top + 0.0032), 0.002,
                    0.0008, "accent")  # fmt: skip
    lamp = lathe([(-0.001, 0.0017), (0.0008, 0.0016), (0.0014, 0.0008)], "dot", 10).moved(
        (-s * 0.006, 0.004, top), UPWARD
    )
    return joined([aerial, base, *knobs, alarm, lamp]), vector(x, y, top + case.aerial)


def _clip(case: _Case) -> Shape:
    """A sprung belt clip behind the battery, flat enough for fingers to lie over it."""
    back, high = case.depth, case.top - 0.036
    profile = [(0.0, 0.0), (0.0036, 0.0), (0.0048, -0.004), (0.0044, -0.046), (0.0020, -0.054), (0.0036, -0.0600),
               (0.0022, -0.0608), (0.0004, -0.054), (0.0028, -0.044), (0.0030, -0.008), (0.0, -0.008)]  # fmt: skip
    plate = prism(
        [(back - 0.0004 + y, high + z) for y, z in profile],
        -0.009,
        0.009,
        "bright" if case.steel_clip else "steel",
        0.0004,
    )
    return plate


def _display(rng: np.random.Generator) -> Array:
    """(h, w, 4) sRGB: a channel number and a frequency of invented figures, a battery and rising bars, no words."""
    h, w = 72, 144
    dark = bool(rng.random() < 0.5)
    tint = np.array(
        [(1.0, 0.62, 0.12), (0.55, 0.95, 0.35), (0.75, 0.90, 1.0), (0.98, 0.98, 0.92)][int(rng.integers(4))]
    )
    back, ink = (0.05 * tint, tint) if dark else (0.82 * tint, 0.10 * tint)
    picture = np.tile(back, (h, w, 1))

    def write(mask: NDArray[np.bool_], row: int, column: int) -> None:
        rows, columns = mask.shape
        picture[row : row + rows, column : column + columns][mask] = ink

    write(segments(rng.integers(0, 10, 6).tolist(), 24, 4), 25, 8)
    picture[25:29, 8 + 3 * 18 - 4 : 8 + 3 * 18 - 1] = ink
    write(segments(rng.integers(0, 10, 2).tolist(), 15, 3), 4, 8)
    for k in range(int(rng.integers(2, 6))):  # received strength
        picture[5 : 8 + 2 * k, 90 + 7 * k : 95 + 7 * k] = ink
    left = 116
    picture[57:66, left:136], picture[60:63, 136:138] = ink, ink
    picture[58:65, left + 1 : 135] = back
    picture[59:64, left + 2 : left + 2 + int(rng.integers(5, 16))] = ink
    for k in range(3):
        if rng.random() < 0.7:
            picture[58:65, 8 + 14 * k : 17 + 14 * k] = ink
    return np.concatenate([picture, np.ones((h, w, 1))], 2)


def _coats(case: _Case, finish: Finish, rng: np.random.Generator) -> dict[Slot, Look]:
    made = dict(looks("black" if finish != "marked" else "marked", rng))
    colour = _BODIES[finish][int(rng.integers(2))]
    pale = tuple(min(2.2 * c + 0.01, 0.8) for c in colour)
    case_look = Look(colour, (pale[0], pale[1], pale[2]), roughness=float(rng.uniform(0.45, 0.62)), edge=0.4, grain=0.4)
    black = Look((0.014, 0.014, 0.015), (0.05, 0.05, 0.05), roughness=0.55, edge=0.3, grain=0.4)
    alarm = [(0.65, 0.12, 0.01), (0.55, 0.02, 0.015), (0.70, 0.40, 0.02)][int(rng.integers(3))]
    made["polymer"] = case_look
    made["paint"] = black if case.two_tone else case_look
    made["steel"] = black
    made["grip"] = Look((0.06, 0.06, 0.062), (0.12, 0.12, 0.12), roughness=0.6, edge=0.3, grain=0.2)
    made["accent"] = Look(alarm, (alarm[0] * 0.4, alarm[1] * 0.4, alarm[2] * 0.4), roughness=0.5, edge=0.3)
    lamp = [(0.05, 0.9, 0.1), (0.9, 0.05, 0.03)][int(rng.random() < 0.3)]
    made["dot"] = Look(lamp, lamp, edge=0.0, grain=0.0, glow=2.0)
    return made


def build_radio(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """A hand-held radio, upright: z along the body, loudspeaker and display at -y, talk key at the left side."""
    case = _drawn(rng)
    picture = wear_image(rng)
    coats = {slot: material(f"radio_{slot}", look, picture) for slot, look in _coats(case, finish, rng).items()}
    face, (left, right, low, high) = _face(case)
    sides, talk = _sides(case)
    crown, tip = _crown(case)
    shape = joined([_body(case), face, sides, crown, _clip(case)])
    y = -0.00175
    corners = np.array([(left, y, low), (right, y, low), (right, y, high), (left, y, high)])
    screen = lit_panel("radio_screen", corners, _display(rng), float(rng.uniform(60, 220)), collection)
    pieces = [
        Piece("body", mesh_object("radio_body", shape, coats, collection), np.eye(4), shape),
        Piece("body", screen, np.eye(4)),
    ]
    marks = Marks(
        muzzle=tip,
        grip=vector(0.0, case.depth / 2, _FOOT + 0.38 * case.height),
        grip_axis=unit(0.0, 0.0, -1.0),
        trigger=talk,
        support=vector(-case.width / 2, 0.0125, -0.045),
        support_normal=unit(-1.0, 0.0, 0.0),
        sights=vector(0.0, 0.004, case.top),
        butt=vector(0.0, case.depth / 2, _FOOT),
    )
    return assemble("radio", pieces, marks)
