"""Finding shots in a sound track, without knowing where they are."""

import numpy as np
from numpy.typing import NDArray

LOUD = 0.35
"""Peak level, of full scale, from which a sound counts as a shot."""

APART = 0.06
"""Seconds within which two peaks are one shot."""

_WINDOW = 0.001
_RISE = 0.2
_AGAINST_BEFORE = 1.7
"""How far a shot stands above what is still heard of the one before: an eighth of a second after it in a bare room."""


def onsets(samples: NDArray[np.float32], rate: int) -> list[float]:
    """Times in seconds at which a loud sound begins.

    An onset is where the envelope first passes ``_RISE`` of full scale on its way to ``LOUD``, well above what it was
    20 to 40 ms before: nearer lie a codec's pre-echo and the walls' answers.
    """
    size = max(1, round(_WINDOW * rate))
    n = len(samples) // size
    windows = samples[: n * size].reshape(n, size)
    envelope = np.maximum(windows.max(1), -windows.min(1))
    apart = max(1, round(APART / _WINDOW))
    found: list[float] = []
    k = 0
    while k < n:
        before = float(envelope[max(0, k - 40) : max(0, k - 20)].max(initial=0.0))
        if envelope[k] >= _RISE and envelope[k] > _AGAINST_BEFORE * before and envelope[k : k + 6].max() >= LOUD:
            inside = np.abs(samples[k * size : (k + 1) * size])
            first = int(np.argmax(inside >= min(_RISE, float(inside.max()))))
            found.append((k * size + first) / rate)
            k += apart
        else:
            k += 1
    return found
