"""Held things that are no firearms: taser, drill, radio, and toys."""

import numpy as np

from generator.audio.elements import Array, at_peak, hump, noise, struck, swell, times, together

TASER_HERTZ = 19.0
"""Pulses a second of a conducted-energy device, as its users' manuals state."""

TASER_SECONDS = 5.0
"""How long one pull of its trigger lasts."""

_REV_UP, _REV_DOWN = 0.16, 0.28  # seconds a drill takes to its speed and from it: by ear


def taser_pop(rng: np.random.Generator, rate: int) -> Array:
    """The cartridge: compressed gas throws its doors off. Sharp, but no blast."""
    t = times(rate, 0.12)
    gas = noise(rng, rate, 0.12, 900, 6500) * swell(t, 0.0015, 0.012)
    push = noise(rng, rate, 0.12, 140, 800) * swell(t, 0.002, 0.016)
    return at_peak(at_peak(gas, 1.0) + at_peak(push, 0.7), 0.17)


def crackle(rng: np.random.Generator, rate: int, seconds: float) -> Array:
    """The electrical ticking of a conducted-energy device for ``seconds``."""
    count = max(1, round(seconds * TASER_HERTZ))
    jitter = rng.normal(0, 0.0012, count)
    tick = struck(rng, rate, 2600, 7000, 0.0022, modes=7, tilt=0.0, contact=0.8)
    starts = np.maximum(np.arange(count) / TASER_HERTZ + jitter, 0.0)
    pulses = np.zeros(len(times(rate, seconds)) + len(tick))
    pulses[np.round(starts * rate).astype(int)] = rng.uniform(0.035, 0.06, count)
    out = np.zeros_like(pulses)
    for begin in np.flatnonzero(pulses):  # 19 a second
        out[begin : begin + len(tick)] += (pulses[begin] * tick)[: len(out) - begin]
    return out


def squirt(rng: np.random.Generator, rate: int) -> Array:
    """A toy pump of plastic, and a jet of water."""
    t = times(rate, 0.26)
    jet = noise(rng, rate, 0.26, 1400, 6000) * swell(t, 0.02, 0.07) * (1 + 0.4 * noise(rng, rate, 0.26, 15, 60))
    return together(
        rate, (0.0, at_peak(struck(rng, rate, 700, 2600, 0.006, contact=0.5), 0.03)), (0.008, at_peak(jet, 0.05))
    )  # fmt: skip


def paintball_thump(rng: np.random.Generator, rate: int) -> Array:
    """A valve lets compressed air go behind a ball: a thump, a hollow barrel, a hiss; the hammer's knock."""
    t = times(rate, 0.2)
    thump = noise(rng, rate, 0.2, 110, 520) * swell(t, 0.003, 0.020)
    barrel = np.sin(2 * np.pi * rng.uniform(560, 640) * t) * swell(t, 0.003, 0.012)
    air = noise(rng, rate, 0.2, 1100, 5200) * swell(t, 0.004, 0.026)
    return together(
        rate, (0.0, at_peak(at_peak(thump, 1.0) + 0.35 * barrel + at_peak(air, 0.45), 0.17)),
        (0.014, at_peak(struck(rng, rate, 900, 3600, 0.008), 0.05)),
    )  # fmt: skip


def toy_pop(rng: np.random.Generator, rate: int) -> Array:
    """A sear of plastic, a spring that jangles, a plunger that stops."""
    t = times(rate, 0.22)
    f = rng.uniform(820, 980)
    # A coil spring disperses: its ring slides downwards while it dies.
    phase = 2 * np.pi * np.cumsum(f * (1 + 0.9 * np.exp(-t / 0.03))) / rate
    spring = (np.sin(phase) + 0.6 * np.sin(1.83 * phase) + 0.3 * np.sin(2.71 * phase)) * swell(t, 0.002, 0.045)
    pop = noise(rng, rate, 0.22, 260, 1500) * swell(t, 0.001, 0.009)
    return together(
        rate, (0.0, at_peak(struck(rng, rate, 1500, 5000, 0.004, contact=0.5), 0.05)), (0.004, at_peak(spring, 0.045)),
        (0.012, at_peak(pop, 0.11)), (0.016, at_peak(struck(rng, rate, 500, 2400, 0.008), 0.06)),
    )  # fmt: skip


def drill_motor(rng: np.random.Generator, rate: int, seconds: float) -> Array:
    """A cordless drill whose trigger is held for ``seconds``: motor and gears run up, bog down under load, run out."""
    t = times(rate, seconds + _REV_DOWN)
    up = -np.expm1(-t / (0.5 * _REV_UP))
    down = np.exp(-np.maximum(t - seconds, 0) / (0.35 * _REV_DOWN))
    knots = np.arange(0, t[-1] + 0.4, 0.2)  # the load of a bit that bites changes a few times a second
    load = np.interp(t, knots, rng.uniform(0.0, 0.16, len(knots))) + 0.05 * np.clip((t - 0.25) / 0.2, 0, 1)
    speed = up * down * (1 - load)
    phase = 2 * np.pi * np.cumsum(rng.uniform(300, 350) * speed) / rate
    tone = sum(
        weight * np.sin(order * phase + rng.uniform(0, 2 * np.pi))
        for order, weight in ((1, 0.5), (2, 1.0), (3, 0.45), (5.27, 0.7), (8, 0.3), (10.54, 0.35))
        if order * 350 < 0.45 * rate
    )
    gears = noise(rng, rate, len(t) / rate, 900, 5200) * (0.7 + 0.3 * np.sin(0.31 * phase))
    level = speed * (0.75 + 1.4 * load)
    return at_peak((tone + 0.8 * gears) * level, 0.10)


def shutter(rng: np.random.Generator, rate: int) -> Array:
    """A mirrorless camera's mechanical shutter: its curtains shut and run, then a motor opens and cocks them again.

    Two clicks of light blades that are stopped: the first when the curtains shut and run, the second when they have been
    opened again for the live view, 60 to 120 ms later. Between them the motor whirrs. What moves follows the description of
    two-curtain shutters before a sensor that also feeds the display (C. Verzosa, How do different camera shutters work,
    jdmeyerphotography.com); times, bands and levels are estimates, not measured.
    """
    again = float(rng.uniform(0.06, 0.12))
    f = rng.uniform(1500, 2300)

    def click(level: float) -> Array:
        blades = struck(rng, rate, 1400, 7500, 0.005, modes=12, tilt=0.2, contact=0.9)
        body = struck(rng, rate, 350, 1100, 0.007, modes=5, contact=0.2)  # the case takes up the stop
        return level * at_peak(together(rate, (0.0, blades), (0.0005, 0.45 * body)), 1.0)

    t = times(rate, again)
    whirr = (np.sin(2 * np.pi * f * t) + 0.4 * np.sin(2 * np.pi * 2.02 * f * t)) + 0.8 * noise(
        rng, rate, again, 900, 5000
    )
    loud = float(rng.uniform(0.035, 0.055))
    return together(
        rate, (0.0, click(loud)), (0.012, at_peak(whirr * hump(t, again), 0.12 * loud)), (again, click(0.8 * loud))
    )


def squelch(rng: np.random.Generator, rate: int) -> Array:
    """A handheld radio is keyed and let go: a click, a short burst of noise in the band of speech, a click."""
    seconds = rng.uniform(0.11, 0.17)
    t = times(rate, seconds)
    gate = np.clip(np.minimum(t, seconds - t) / 0.003, 0, 1)
    burst = noise(rng, rate, seconds, 500, 2900, order=3) * gate
    click = at_peak(struck(rng, rate, 1600, 4200, 0.003), 0.03)
    return together(rate, (0.0, click), (0.03, at_peak(burst, 0.07)), (0.03 + seconds, 0.8 * click))


def pull_sound(rng: np.random.Generator, rate: int, kind: str) -> Array:
    """What one pull of the trigger of a thing that fires nothing sounds like; a short silence if nothing."""
    sounds = {"taser": taser_pop, "water_pistol": squirt, "paintball_marker": paintball_thump, "toy_blaster": toy_pop}
    return sounds[kind](rng, rate) if kind in sounds else hump(times(rate, 0.0), 1.0)
