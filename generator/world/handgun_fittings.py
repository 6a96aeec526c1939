"""What can be fitted to a handgun: a light under its frame, a small red dot sight on its slide. Nobody's model."""

from dataclasses import dataclass

import numpy as np

from generator.world.surface import Shape, Slot, box, joined, lathe, prism

LIGHT_SHARE, DOT_SHARE = 0.28, 0.22
"""How many of the handguns have a light, and how many a red dot; chosen."""

_LIGHT_LENGTH = 0.058
_WINDOW = (0.0042, 0.0190)
"""Height of the red dot's window over the slide, metres."""


@dataclass(frozen=True)
class Fittings:
    """What is fitted to one handgun."""

    light: bool
    dot: bool


def draw_fittings(rng: np.random.Generator) -> Fittings:
    """Drawn each for itself; always two draws."""
    light, dot = rng.random(2)
    return Fittings(bool(light < LIGHT_SHARE), bool(dot < DOT_SHARE))


def light_shape(y: float, top: float, slot: Slot) -> Shape:
    """An unlit weapon light, its clamp's rear at ``y``, hung under a rail whose underside is at ``top``."""
    axis, end = top - 0.0165, y + _LIGHT_LENGTH
    body = prism([(y + 0.0030, top - 0.0050), (y + 0.0065, top + 0.0004), (end - 0.0200, top + 0.0004),
                  (end - 0.0170, top - 0.0030), (end - 0.0170, axis - 0.0110), (end - 0.0240, axis - 0.0135),
                  (y + 0.0080, axis - 0.0115), (y + 0.0030, axis - 0.0060)],
                 -0.0128, 0.0128, slot, 0.0024)  # fmt: skip
    bezel = [(end - 0.0190, 0.0118), (end - 0.0150, 0.0140), (end - 0.0012, 0.0140), (end, 0.0130), (end, 0.0112),
             (end - 0.0020, 0.0108)]  # fmt: skip
    head = lathe(bezel, slot, 24, 0.0, axis)
    head = head.painted("lens", lambda c: (c[:, 1] > end - 0.0022) & (np.hypot(c[:, 0], c[:, 2] - axis) < 0.0105))
    jaws = [
        box((lo, y + 0.0090, top - 0.0036), (hi, y + 0.0330, top + 0.0030), slot, 0.0008)
        for lo, hi in ((-0.0142, -0.0112), (0.0112, 0.0142))
    ]
    switches = [box((lo, y, axis - 0.0030), (hi, y + 0.0050, axis + 0.0080), slot, 0.0010)
                for lo, hi in ((-0.0122, -0.0025), (0.0025, 0.0122))]  # fmt: skip
    return joined([body, head, *jaws, *switches])


def dot_shape(y: float, top: float, slot: Slot) -> Shape:
    """A small red dot sight, its rear at ``y``, on a slide whose upper side is at ``top``."""
    low, high = top + _WINDOW[0], top + _WINDOW[1]
    base = prism([(y, top - 0.0008), (y + 0.0430, top - 0.0008), (y + 0.0430, low - 0.0006), (y + 0.0400, low + 0.0006),
                  (y + 0.0120, low + 0.0006), (y + 0.0080, low + 0.0032), (y + 0.0015, low + 0.0032), (y, low)],
                 -0.0128, 0.0128, slot, 0.0012)  # fmt: skip
    front = (y + 0.0270, y + 0.0410)
    posts = [
        prism([(front[0] + 0.0030, low - 0.0010), (front[1], low - 0.0010), (front[1], high), (front[0] + 0.0050, high)],
              lo, hi, slot, 0.0007)
        for lo, hi in ((-0.0132, -0.0108), (0.0108, 0.0132))
    ]  # fmt: skip
    hood = prism([(front[0] + 0.0042, high - 0.0024), (front[1], high - 0.0024), (front[1] + 0.0010, high),
                  (front[1] - 0.0010, high + 0.0012), (front[0] + 0.0050, high + 0.0008)],
                 -0.0132, 0.0132, slot, 0.0007)  # fmt: skip
    eye = box((-0.0030, y + 0.0090, low), (0.0030, y + 0.0120, low + 0.0032), "lens", 0.0004)
    return joined([base, *posts, hood, eye])


def dot_height(top: float) -> float:
    """Height of the middle of the red dot's window on a slide whose upper side is at ``top``."""
    return top + sum(_WINDOW) / 2
