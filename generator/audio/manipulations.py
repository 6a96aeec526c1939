"""What hands do to a held thing: magazine, action, trigger, holster."""

import numpy as np

from generator.audio.elements import Array, at_peak, hump, noise, struck, swell, times, together


def dry_click(rng: np.random.Generator, rate: int) -> Array:
    """A hammer or striker falls on nothing."""
    return at_peak(struck(rng, rate, 2200, 7000, 0.004, contact=0.6), 0.05)


def magazine_out(rng: np.random.Generator, rate: int) -> Array:
    """The release is pressed, and the magazine slides out."""
    t = times(rate, 0.16)
    slide = noise(rng, rate, 0.16, 900, 4500) * hump(t, 0.16)
    return together(
        rate, (0.0, at_peak(struck(rng, rate, 2000, 6000, 0.004), 0.05)), (0.02, at_peak(slide, 0.022)),
        (0.13, at_peak(struck(rng, rate, 700, 3000, 0.008, tilt=0.9), 0.02)),
    )  # fmt: skip


def magazine_in(rng: np.random.Generator, rate: int) -> Array:
    """It slides in and latches; the latch is the moment 0.09 s after the beginning."""
    slide = noise(rng, rate, 0.09, 800, 4200) * np.linspace(0.3, 1, len(times(rate, 0.09)))
    return together(
        rate, (0.0, at_peak(slide, 0.025)), (0.085, at_peak(struck(rng, rate, 480, 3200, 0.012, tilt=0.8), 0.10)),
        (0.09, at_peak(struck(rng, rate, 2400, 6500, 0.005), 0.08)),
    )  # fmt: skip


def shell_in(rng: np.random.Generator, rate: int) -> Array:
    """A shell of paper and plastic pushed past a latch."""
    slide = noise(rng, rate, 0.11, 500, 2600) * np.linspace(0.2, 1, len(times(rate, 0.11)))
    return together(
        rate, (0.0, at_peak(slide, 0.022)), (0.105, at_peak(struck(rng, rate, 1300, 5200, 0.006, contact=0.5), 0.07))
    )


def tap(rng: np.random.Generator, rate: int) -> Array:
    """The palm strikes the magazine: flesh, and a rattle of what it strikes."""
    t = times(rate, 0.09)
    slap = noise(rng, rate, 0.09, 150, 1100) * swell(t, 0.0008, 0.014)
    return together(
        rate, (0.0, at_peak(slap, 0.08)), (0.003, at_peak(struck(rng, rate, 1100, 4200, 0.007), 0.035))
    )  # fmt: skip


def rack_back(rng: np.random.Generator, rate: int, seconds: float) -> Array:
    """Slide or bolt pulled back by hand: a scrape of ``seconds``, and the stop."""
    scrape = noise(rng, rate, seconds, 1200, 5200) * np.linspace(0.25, 1, len(times(rate, seconds)))
    return together(
        rate, (0.0, at_peak(scrape, 0.028)), (seconds, at_peak(struck(rng, rate, 1000, 5200, 0.010), 0.08))
    )  # fmt: skip


def rack_home(rng: np.random.Generator, rate: int) -> Array:
    """Let go, it flies forward and shuts."""
    return together(
        rate, (0.0, at_peak(struck(rng, rate, 1100, 6500, 0.013, contact=0.5), 0.14)),
        (0.006, at_peak(struck(rng, rate, 2600, 7000, 0.006), 0.06)),
    )  # fmt: skip


def holster_snap(rng: np.random.Generator, rate: int) -> Array:
    """The retention of a holster gives way or catches: a snap of stiff plastic."""
    return at_peak(struck(rng, rate, 1500, 5200, 0.005, contact=0.6), 0.06)


def holster_scrape(rng: np.random.Generator, rate: int, seconds: float) -> Array:
    """A thing slides in a holster."""
    t = times(rate, seconds)
    return at_peak(noise(rng, rate, seconds, 700, 3600) * hump(t, seconds), 0.022)


def sling_rattle(rng: np.random.Generator, rate: int) -> Array:
    """Swivels of a sling as it takes the weight or gives it up."""
    starts = np.sort(rng.uniform(0, 0.22, 4))
    levels = rng.uniform(0.01, 0.028, 4)
    return together(
        rate,
        *(
            (float(start), at_peak(struck(rng, rate, 2300, 6500, 0.012, modes=5), float(level)))
            for start, level in zip(starts, levels, strict=True)
        ),
    )
