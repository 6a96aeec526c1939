"""Shots by class of firearm, and the action that follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from generator.audio.elements import Array, at_peak, noise, struck, swell, times, together
from generator.scenario.things import HeldKind


@dataclass(frozen=True)
class Blast:
    """How a muzzle blast sounds at arm's length. All chosen: they order the classes, they measure no make.

    Attributes:
        pressure: peak of the blast wave over full scale of the microphone; above 1 it overloads.
        positive: positive phase of the blast wave, seconds.
        low, low_decay: level (rms over the blast's peak) of the turbulent rumble below ``split``, and its decay, seconds.
        high, high_decay: the same of the hiss above it.
        split: hertz between rumble and hiss.
    """

    pressure: float
    positive: float
    low: float
    low_decay: float
    high: float
    high_decay: float
    split: float


BLASTS: Mapping[HeldKind, Blast] = MappingProxyType(
    {
        "training_pistol": Blast(1.75, 0.0005, 0.17, 0.007, 0.23, 0.005, 1300.0),
        "training_smg": Blast(1.6, 0.0007, 0.19, 0.009, 0.09, 0.005, 1000.0),
        "training_carbine": Blast(1.9, 0.0008, 0.13, 0.009, 0.14, 0.006, 900.0),
        "training_shotgun": Blast(1.9, 0.0014, 0.32, 0.022, 0.12, 0.009, 600.0),
    }
)
"""Blast waves of small arms last about half a millisecond to a few (Maher and Shaw 2008, Deciphering gunshot
recordings): longest from the widest bore and the largest charge."""

_SLIDE_BACK, _SLIDE_HOME = 0.018, 0.072
"""Seconds from a shot until slide or bolt hits the rear and is home again: as the picture shows it."""


def blast(rng: np.random.Generator, rate: int, kind: HeldKind) -> Array:
    """A shot close by: a Friedlander wave, then rumble and hiss of the gas. (n,), begins at the peak."""
    of = BLASTS[kind]
    t = times(rate, 6 * max(of.low_decay, of.high_decay))
    wave = (1 - t / of.positive) * np.exp(-t / of.positive)
    rumble = noise(rng, rate, len(t) / rate, 60, of.split) * swell(t, 0.0006, of.low_decay)
    hiss = noise(rng, rate, len(t) / rate, of.split, 7000) * swell(t, 0.0002, of.high_decay)
    return np.asarray(of.pressure * rng.uniform(0.92, 1.0) * (wave + of.low * rumble + of.high * hiss))


def action(rng: np.random.Generator, rate: int, kind: HeldKind) -> Array:
    """The action working by itself: it hits the rear, and closes; the carbine's spring rings. Begins with the shot."""
    heavy = 1.0 if kind == "training_pistol" else 0.65
    rear = at_peak(struck(rng, rate, 900 * heavy, 5200, 0.010), 0.09)
    home = at_peak(struck(rng, rate, 1300 * heavy, 6500, 0.012), 0.11)
    parts = [(_SLIDE_BACK, rear), (_SLIDE_HOME, home)]
    if kind == "training_carbine":
        parts.append((_SLIDE_BACK, at_peak(struck(rng, rate, 420, 1700, 0.09, modes=6, contact=0.0), 0.035)))
    return together(rate, *parts)


def pump_back(rng: np.random.Generator, rate: int, seconds: float) -> Array:
    """The fore-end pulled back: it unlocks, slides and hits the rear ``seconds`` after it began."""
    slide = noise(rng, rate, seconds, 700, 4200) * np.linspace(0.2, 1.0, len(times(rate, seconds)))
    return together(
        rate,
        (0.0, at_peak(struck(rng, rate, 1400, 4800, 0.006), 0.05)),
        (0.0, at_peak(slide, 0.035)),
        (seconds, at_peak(struck(rng, rate, 520, 4200, 0.016, contact=0.5), 0.16)),
    )


def pump_forward(rng: np.random.Generator, rate: int, seconds: float) -> Array:
    """The fore-end pushed forward: it slides, and locks with a clack ``seconds`` after it began."""
    slide = noise(rng, rate, seconds, 800, 4800) * np.linspace(0.3, 1.0, len(times(rate, seconds)))
    return together(
        rate,
        (0.0, at_peak(slide, 0.035)),
        (seconds, at_peak(struck(rng, rate, 680, 5200, 0.018, contact=0.5), 0.18)),
        (seconds + 0.012, at_peak(struck(rng, rate, 1800, 6200, 0.006), 0.05)),
    )
