"""Good times and bad times that alternate: the Gilbert-Elliott process, sampled at frames."""

import numpy as np
from numpy.typing import NDArray


def spells(rng: np.random.Generator, n: int, fps: float, share: float, mean_seconds: float) -> NDArray[np.bool_]:
    """(n,) whether a frame falls in a bad spell.

    A two-state Markov chain (Gilbert 1960, Capacity of a burst-noise channel) in its stationary distribution: bad spells last
    ``mean_seconds`` on average (at least a frame), and ``share`` of the time is bad.

    Args:
        rng: a number a frame is drawn, whatever the other arguments are.
        n: frames.
        fps: frames a second.
        share: of the time that is bad, 0..1.
        mean_seconds: of a bad spell.
    """
    chance = rng.random(n)
    if share <= 0 or share >= 1:
        return np.full(n, share >= 1)
    leave = min(1.0, 1 / (mean_seconds * fps))
    enter = min(1.0, leave * share / (1 - share))
    bad = np.zeros(n, bool)
    here = chance[0] < share
    for k in range(n):
        if k:
            here = chance[k] >= leave if here else chance[k] < enter
        bad[k] = here
    return bad
