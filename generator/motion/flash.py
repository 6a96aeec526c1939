"""How much of a muzzle flash falls into an exposure."""

import math

from generator.motion.timeline import Timeline

DECAY = 2.5
"""The flash fades as exp(-DECAY u) over its duration, u from 0 to 1."""


def exposed_flash(timeline: Timeline, t: float, exposure_s: float) -> tuple[float, int]:
    """Mean brightness of flashes over an exposure centred on ``t``, and the number of the brightest shot.

    Returns:
        (mean brightness, 0..1; shot number). (0, 0) exactly when no flash overlaps the exposure.
    """
    begin, end = t - 0.5 * exposure_s, t + 0.5 * exposure_s
    total, best, number = 0.0, 0.0, 0
    for event in timeline.events:
        if event.type != "muzzle_flash" or event.end <= begin or event.start >= end:
            continue
        length = event.end - event.start
        u = max(begin - event.start, 0.0) / length, min(end - event.start, length) / length
        light = length / DECAY * (math.exp(-DECAY * u[0]) - math.exp(-DECAY * u[1]))
        total += light
        if light > best:
            best, number = light, int(event.attributes["shot"])
    return (total / exposure_s, number) if number else (0.0, 0)
