"""A holster's hood: a bow over the rear of the slide that a thumb turns forward before the draw."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.world.contact import Solid
from generator.world.surface import Shape, box, joined

Array = NDArray[np.float64]

_PIVOT = (0.048, 0.008)
"""(y, z) of its hinge in the thing frame, just inside the holster's mouth, metres."""

_OPEN = float(np.radians(105.0))
_TALLEST = 0.050
"""Height of a thing behind the hinge above which no bow passes: of a slide without an optic, metres."""

_ARM, _BOW, _SHEET = 0.0048, 0.0065, 0.0011
"""Half widths of the arms and of the bow, half the sheet's thickness, metres; by eye."""


@dataclass(frozen=True)
class Hood:
    """The bow: its shape in its own frame (hinge along x at the origin, y to the bow), and its turns.

    Attributes:
        shape: of the bow and its arms.
        closed: radians from forward, about the hinge, over the thing.
    """

    shape: Shape
    closed: float

    def frame(self, retained: float) -> Array:
        """(4, 4) in the thing frame of the holstered thing; 1 is closed, 0 open."""
        angle = _OPEN + retained * (self.closed - _OPEN)
        frame = np.eye(4)
        cos, sin = np.cos(angle), np.sin(angle)
        frame[1:3, 1:3] = [[cos, -sin], [sin, cos]]
        frame[1:3, 3] = _PIVOT
        return frame


def hood_over(solid: Solid, half_width: float) -> Hood | None:
    """The hood for a thing; None where it is too tall behind the hinge.

    Args:
        solid: the thing.
        half_width: of what the arms must pass outside of, beside the thing, metres.
    """
    y, z = _PIVOT
    behind = solid[0][(solid[0][:, 1] < y) & (solid[0][:, 2] > 0.004)]
    top = float(behind[:, 2].max())
    if top > _TALLEST:
        return None
    reach = float(np.hypot(behind[:, 1] - y, behind[:, 2] - z).max()) + 0.0025
    side = max(half_width, float(np.abs(behind[:, 0]).max())) + 0.0008 + _SHEET
    arms = [
        box((x - _SHEET, -0.0060, -_ARM), (x + _SHEET, reach + 2 * _SHEET, _ARM), "polymer", 0.0006)
        for x in (-side, side)
    ]
    bow = box((-side - _SHEET, reach, -_BOW), (side + _SHEET, reach + 2 * _SHEET, _BOW), "polymer", 0.0008)
    return Hood(joined([*arms, bow]), float(np.pi - np.arcsin((0.62 * top - z) / reach)))
