"""The wearer: steps, breath, cloth, and gear that rattles."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from generator.audio.elements import Array, at_peak, noise, struck, swell, times, together


@dataclass(frozen=True)
class FloorSound:
    """How a floor answers to soles and brass. Levels against a thud of 1; by ear.

    Attributes:
        click, click_low, click_high: the heel's hard contact and where it lies, hertz.
        grit: what the sole grinds.
        thud: hertz of the thud.
        ring, ring_low, ring_high: of a casing that lands: seconds of decay, and where it rings.
        loud: of a casing that lands.
    """

    click: float
    click_low: float
    click_high: float
    grit: float
    thud: float
    ring: float
    ring_low: float
    ring_high: float
    loud: float


FLOORS: Mapping[str, FloorSound] = MappingProxyType(
    {
        "concrete": FloorSound(0.55, 900, 4200, 0.22, 78, 0.045, 3200, 9500, 1.0),
        "vinyl": FloorSound(0.40, 500, 2200, 0.10, 92, 0.024, 2600, 8000, 0.65),
        "rubber": FloorSound(0.12, 300, 1100, 0.05, 70, 0.007, 700, 3200, 0.30),
        "tile": FloorSound(0.65, 1100, 4800, 0.12, 84, 0.050, 3600, 10500, 1.05),
        "carpet": FloorSound(0.05, 200, 800, 0.03, 66, 0.004, 500, 2000, 0.12),
        "asphalt": FloorSound(0.45, 800, 3600, 0.40, 72, 0.032, 3000, 8500, 0.80),
        "paving": FloorSound(0.55, 900, 4200, 0.30, 76, 0.042, 3300, 9500, 0.95),
        "gravel": FloorSound(0.18, 900, 5200, 1.10, 60, 0.010, 1500, 6000, 0.35),
        "grass": FloorSound(0.04, 250, 1200, 0.25, 58, 0.003, 500, 1800, 0.06),
        "steel": FloorSound(0.70, 600, 3400, 0.10, 130, 0.090, 2200, 9000, 1.10),
        "planks": FloorSound(0.45, 350, 1900, 0.12, 105, 0.022, 2200, 6500, 0.70),
        "aluminium": FloorSound(0.60, 700, 3800, 0.10, 120, 0.070, 2600, 9000, 1.00),
    }
)
"""By ear; steel and aluminium ring under foot, gravel crunches, carpet and grass swallow."""


def footstep(rng: np.random.Generator, rate: int, floor: str) -> Array:
    """Heel, then sole 60 to 100 ms later, then grit; begins at the heel's strike."""
    of = FLOORS[floor]
    t = times(rate, 0.26)
    roll = rng.uniform(0.06, 0.1)
    sole = np.maximum(t - roll, 0)
    thud = np.sin(2 * np.pi * of.thud * t) * np.exp(-t / 0.018)
    thud += 0.5 * np.sin(2 * np.pi * 1.45 * of.thud * sole) * np.exp(-sole / 0.018)
    grit = of.grit * noise(rng, rate, 0.26, 1200, 6000) * np.exp(-((t - roll - 0.02) ** 2) / 0.0014)
    heel = at_peak(struck(rng, rate, of.click_low, of.click_high, 0.006, tilt=0.8), of.click)
    return np.asarray(rng.uniform(0.013, 0.022) * together(rate, (0.0, thud + grit), (0.0, heel)))


def gear_rattle(rng: np.random.Generator, rate: int) -> Array:
    """Buckles and pouches of a vest after a heel has struck; begins at the strike."""
    starts, levels = rng.uniform(0.02, 0.14, 3), rng.uniform(0.001, 0.0045, 3)
    t = times(rate, 0.14)
    creak = 0.0012 * noise(rng, rate, 0.14, 350, 1600) * swell(t, 0.02, 0.04)
    pieces = [
        (float(start), at_peak(struck(rng, rate, 1800, 6000, 0.008, modes=5), float(level)))
        for start, level in zip(starts, levels, strict=True)
    ]
    return together(rate, (0.0, creak), *pieces)


def breath_levels(t: Array, rate: float, phase: float, effort: float) -> tuple[Array, Array]:
    """Levels (rms) of drawing breath and letting it go.

    Args:
        t: (n,) seconds.
        rate: of the breath, hertz.
        phase: of it, sin(2 pi (rate t + phase)) being how far the chest is filled.
        effort: 0 at rest ... 1 hurrying.

    Returns:
        (n,) in, through the nose or teeth, brighter; (n,) out.
    """
    flow = np.cos(2 * np.pi * (rate * t + phase))
    loud = 0.0018 * (1 + 1.6 * effort)
    return loud * np.clip(flow, 0, 1) ** 2, 0.8 * loud * np.clip(-flow, 0, 1) ** 1.5
