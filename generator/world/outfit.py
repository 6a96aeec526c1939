"""What is drawn of the clothes beyond the spec."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import Person
from generator.world.skin import CLOTH

Array = NDArray[np.float64]

_TROUSERS = (
    CLOTH["black"],
    CLOTH["navy"],
    CLOTH["olive"],
    CLOTH["grey"],
    CLOTH["sand"],
    CLOTH["tan"],
    (0.03, 0.042, 0.07),
)
_BANDS = ((0.72, 0.50, 0.02), (0.75, 0.17, 0.015))  # yellow, orange


@dataclass(frozen=True)
class Outfit:
    """What was drawn of the clothes beyond the spec.

    Attributes:
        top, legs: linear colours.
        tucked: the top is inside the trousers.
        band: colour of an arm band and its side, or None.
        boots: linear colour.
    """

    top: Array
    legs: Array
    tucked: bool
    band: tuple[Array, str] | None
    boots: Array


def draw_outfit(person: Person, rng: np.random.Generator) -> Outfit:
    """Colours of what the spec leaves open, and how the top is worn."""
    dress = person.dress
    shade = float(np.exp(rng.normal(0, 0.12)))
    top = np.array(CLOTH[dress.colour]) * shade * (1 + rng.normal(0, 0.03, 3))
    others = [np.array(c) for c in _TROUSERS if np.abs(np.log(np.array(c) / top)).max() > 0.5]
    legs = top * 0.96 if dress.top == "overall" else others[int(rng.integers(len(others)))] * shade
    tucked = dress.top == "overall" or (dress.top == "shirt" and bool(rng.random() < 0.5))
    band = None
    if rng.random() < 0.5:
        band = np.array(_BANDS[int(rng.integers(2))]), "LR"[int(rng.integers(2))]
    boots = np.array(
        [(0.016, 0.015, 0.014), (0.10, 0.065, 0.035), (0.035, 0.024, 0.017)][int(rng.choice(3, p=[0.6, 0.25, 0.15]))]
    )
    return Outfit(top, legs, tucked, band, boots)
