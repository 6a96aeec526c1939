"""The analytic renderer with each frame's number in its picture, as bright and dark bars; labels are the analytic scene's."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.frame import Exposures, Frame, Meter
from generator.motion.timeline import Timeline
from generator.scenario.spec import ClipSpec
from tests.analytic import AnalyticRenderer, AnalyticRendering

BITS = 8
BRIGHT = 60.0
"""Radiance of a bright bar: so much that the shutter is short and nothing smears."""


class NumberedRendering(AnalyticRendering):
    """Bars from left to right: bright, dark, then the number's bits, the highest first."""

    def meter(self) -> Meter:
        times = np.array([0.0, self.timeline.duration])
        return Meter(times, np.full((2, 9, 16, 3), 0.5 * BRIGHT, np.float32))

    def frames(self, exposures: Exposures, report: Callable[[float], None]) -> Iterator[Frame]:
        for frame in super().frames(exposures, report):
            yield replace(frame, radiance=bars(frame.index, *frame.depth.shape))


class NumberedRenderer(AnalyticRenderer):
    def open(self, spec: ClipSpec, timeline: Timeline, quality: str) -> NumberedRendering:
        return NumberedRendering(spec, timeline)


def bars(number: int, height: int, width: int) -> Any:
    """(H, W, 3) float32."""
    lit = [1, 0, *(number >> k & 1 for k in reversed(range(BITS)))]
    column = np.array(lit)[np.arange(width) * len(lit) // width]
    return np.broadcast_to((BRIGHT * column)[None, :, None], (height, width, 3)).astype(np.float32)


def number_of(image: NDArray[np.uint8]) -> int:
    """The number that a picture shows, from the middle of its bars."""
    height, width = image.shape[:2]
    band = image[height // 3 : 2 * height // 3].mean((0, 2))
    bar = width / (BITS + 2)
    levels = [float(band[round((k + 0.3) * bar) : round((k + 0.7) * bar)].mean()) for k in range(BITS + 2)]
    middle = (levels[0] + levels[1]) / 2
    assert levels[0] - levels[1] > 40, "there are no bars"
    return int("".join("1" if level > middle else "0" for level in levels[2:]), 2)
