"""How each hand should lie on each kind of thing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from generator.scenario.things import HeldKind


@dataclass(frozen=True)
class Style:
    """How a hand should lie, in the thing's frame; the fit departs from it a little.

    Attributes:
        fingers, palm: directions of the metacarpals and out of the palm.
        landmark, at, nudge: which landmark of the hand lies at which mark, moved by metres.
        thumb: where the thumb's tip goes, metres from the mark ``at``.
        level: hold the middle finger's knuckle at the height of the grip's mark along the grip.
        index: where the straight index finger's pad goes, metres from the trigger.
        along: where the thumb's last bone points.
        back: how many metres further back the hand goes for each metre of an arm that is short.
        resting: the index finger lies on what it presses; its way is too short to be seen.
    """

    fingers: tuple[float, float, float]
    palm: tuple[float, float, float]
    landmark: Literal["web", "palm"]
    at: Literal["origin", "support", "grip"]
    nudge: tuple[float, float, float]
    thumb: tuple[float, float, float]
    level: bool = False
    index: tuple[float, float, float] | None = None
    along: tuple[float, float, float] | None = None
    back: float = 0.0
    resting: bool = False


_PISTOL = Style(
    (0.34, 0.94, -0.05), (-0.92, 0.34, 0), "web", "origin", (-0.006, -0.004, -0.006), (-0.017, 0.056, 0.014), True,
    (0.014, 0.018, 0.024), (-0.10, 0.98, 0.05),
)  # fmt: skip
_STOCKED = Style(
    (0.38, 0.87, -0.30), (-0.89, 0.45, 0), "web", "origin", (-0.005, -0.004, -0.007), (-0.018, 0.050, -0.022), True,
    (0.020, 0.020, 0.026), (-0.05, 0.90, -0.40),
)  # fmt: skip
_BULKY = replace(
    _PISTOL,
    fingers=(0.40, 0.89, -0.22),
    palm=(-0.88, 0.47, 0),
    thumb=(-0.022, 0.050, 0.002),
    index=(0.024, 0.012, 0.022),
)

RIGHT: Mapping[HeldKind, Style] = {
    "training_pistol": _PISTOL,
    "taser": _PISTOL,
    "water_pistol": _BULKY,
    "toy_blaster": _BULKY,
    "drill": replace(_BULKY, index=(0.020, 0.016, 0.012)),
    "training_carbine": _STOCKED,
    "training_smg": _STOCKED,
    "training_shotgun": _STOCKED,
    "paintball_marker": replace(_STOCKED, palm=(-0.95, 0.30, 0)),  # a fat grip: the palm lies on its side
    "phone": Style(
        (-0.62, 0.12, 0.77), (-0.12, -0.99, 0.05), "palm", "grip", (0.022, 0.004, -0.012), (0.040, -0.004, 0.062)
    ),
    "torch": Style(
        (-0.08, 0.56, 0.83), (-0.98, 0.12, 0), "palm", "grip", (0.0128, -0.032, -0.004), (-0.006, -0.074, 0.004)
    ),
    # Upright in the palm, fingers round its front edge, thumb up the other side.
    "radio": Style(
        (-0.90, 0.20, 0.38), (-0.25, -0.96, 0.05), "palm", "grip", (0.012, 0.016, -0.004), (0.030, -0.016, 0.056)
    ),
    "umbrella": Style(
        (0.06, 0.68, -0.73), (-0.98, 0.12, 0), "palm", "grip", (0.014, -0.012, 0.010), (-0.013, 0.056, 0.006)
    ),
    "camera": Style(
        (-0.15, 0.98, 0.10),
        (-0.98, -0.15, 0),
        "palm",
        "grip",
        (0.020, -0.028, -0.008),
        (-0.006, -0.033, 0.018),
        index=(0, 0.002, 0.003),
        resting=True,
    ),
}
_ROUND_THE_HAND = Style(
    (0.04, 0.95, -0.26), (0.98, -0.15, 0.10), "palm", "support", (-0.004, -0.012, -0.008), (-0.002, 0.060, 0.034),
    along=(0.10, 0.98, -0.05),
)  # fmt: skip
_UNDER = Style(
    (0.72, 0.66, 0.18),
    (0.22, -0.25, 0.94),
    "palm",
    "support",
    (-0.022, -0.058, 0.002),
    (-0.034, 0.000, 0.040),
    back=0.45,
)
_COLUMN = Style((-0.45, 0.88, -0.22), (0.88, 0.45, 0), "palm", "support", (-0.006, -0.006, 0.0), (0.012, -0.006, 0.030))

LEFT: Mapping[HeldKind, Style] = {
    "training_pistol": _ROUND_THE_HAND,
    "taser": _ROUND_THE_HAND,
    "training_carbine": _UNDER,
    "training_smg": replace(_UNDER, back=0.15, nudge=(-0.022, -0.036, 0.002)),
    "training_shotgun": replace(_UNDER, back=0.65, nudge=(-0.022, -0.066, 0.002)),
    "paintball_marker": _COLUMN,
    "camera": Style(
        (0.72, 0.62, 0.30), (0.10, -0.30, 0.95), "palm", "support", (-0.020, -0.028, 0), (-0.036, 0.004, 0.036)
    ),
}
WRAPPED: frozenset[HeldKind] = frozenset({"training_pistol", "taser"})
"""Handguns: the support hand closes over the firing hand, or stays off."""
