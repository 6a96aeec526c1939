"""Outlines of masks against steps of depth and changes of the picture."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from generator.labels.selfcheck.steps import ClipRecord, Step

_FARTHEST = 1e3
"""Metres beyond which all is sky."""

_STEP_CLIP = 0.05
"""Step of the logarithm of depth from which all steps count alike."""

_CHANGE_CLIP = 30.0
"""Levels of luminance from which all changes count alike."""

REACH = 4
"""Pixels to both sides that are looked at."""

_DIRECTION = ("below", "to the right")
_LEAST_PAIRS = 400
_DEPTH_MARGIN, _TRACK_MARGIN, _PICTURE_MARGIN, _FRAME_MARGIN = 1.15, 1.5, 1.1, 1.1
"""How much better another place must be than the right one. Of 68 rendered clips (96x54 to 640x480), the second best place
has at most 0.86 of the right one's depth steps, 0.97 of its changes of luminance (a pixel beside it), and another frame 0.86."""


class OutlineCheck:
    """Whether masks end where depth steps and where the picture changes: here, and not some pixels or a frame beside.

    Outlines are the pairs of neighbouring pixels with different tracks. The step of the logarithm of depth, and the change of
    luminance, are averaged across all of them at every small shift along the pair: the best shift is 0 when masks are where
    they belong. Luminance is compared with the pictures before and after as well.
    """

    def __init__(self, clip: ClipRecord) -> None:
        self._clip = clip
        flush = set(clip.of("door"))  # in the plane of their frames, whose outlines run beside theirs
        self._depth = {number: ShiftScore() for number in (None, *clip.tracks) if number not in flush}
        self._picture = ShiftScore()
        self._frames = np.zeros(3)

    def see(self, step: Step) -> None:
        """Adds one frame's outlines."""
        instance, here = step.here.instance, step.pictures[1]
        steps_of_depth = np.log(np.clip(step.here.depth, 1e-2, _FARTHEST))
        for axis in (0, 1):
            pairs = outline(instance, axis)
            if not len(pairs[0]):
                continue
            jumps = np.abs(np.diff(steps_of_depth, axis=axis))
            values = profile(jumps, pairs, axis, _STEP_CLIP)
            self._depth[None].add(axis, values)
            self._by_track(instance, pairs, axis, values)
            if here is None:
                continue
            clear = ~self._clip.drawn_over[pairs]
            pairs = pairs[0][clear], pairs[1][clear]
            self._picture.add(axis, profile(_changes(here, axis), pairs, axis, _CHANGE_CLIP))
            beside = (step.pictures[0], step.pictures[2])
            if beside[0] is not None and beside[1] is not None:
                for k, picture in enumerate((beside[0], here, beside[1])):
                    self._frames[k] += profile(_changes(picture, axis), pairs, axis, _CHANGE_CLIP)[REACH].sum()

    def _by_track(self, instance: Any, pairs: Any, axis: int, values: Any) -> None:
        first = instance[pairs]
        second = instance[pairs[0] + (axis == 0), pairs[1] + (axis == 1)]
        for number in np.unique(np.concatenate([first, second])):
            score = self._depth.get(int(number))
            if score is not None:
                score.add(axis, values[:, (first == number) | (second == number)])

    def end(self) -> None:
        """Judges the shifts and the frames."""
        report = self._clip.report
        for number, score in self._depth.items():
            margin, least = (_DEPTH_MARGIN, 1) if number is None else (_TRACK_MARGIN, 2)
            for axis, shift in score.shifts(margin):
                if abs(shift) < least:
                    continue  # a single thing may have a moulding beside its outline
                said = f"masks lie {shift:+d} px {_DIRECTION[axis]} of the steps of depth"
                report.expect(False, "outline", said, track=number)
        for axis, shift in self._picture.shifts(_PICTURE_MARGIN):
            if abs(shift) > 1:
                report.expect(False, "outline", f"masks lie {shift:+d} px {_DIRECTION[axis]} of the picture's outlines")
        report.figures["outline_contrast"] = self._picture.contrast
        if self._frames[1] > 0:
            best = int(np.argmax(self._frames))
            report.figures["outline_frame_contrast"] = float(self._frames[1] / max(self._frames[0], self._frames[2]))
            said = f"masks fit the picture of frame {best - 1:+d} better than their own"
            clear = self._frames[best] > _FRAME_MARGIN * self._frames[1] and self._picture.pairs >= _LEAST_PAIRS
            report.expect(best == 1 or not clear, "outline", said)


def outline(instance: NDArray[np.uint16], axis: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First pixels, rows and columns, of the pairs along ``axis`` that belong to different tracks, ``REACH`` from the edge."""
    differs = np.diff(instance.astype(np.int32), axis=axis) != 0
    edge = [slice(None), slice(None)]
    edge[axis] = slice(REACH, max(differs.shape[axis] - REACH, REACH))
    kept = np.zeros_like(differs)
    kept[tuple(edge)] = differs[tuple(edge)]
    rows, columns = np.nonzero(kept)
    return rows, columns


def profile(values: NDArray[Any], pairs: Any, axis: int, most: float) -> NDArray[np.float64]:
    """(2 REACH + 1, n) values between pixels, up to ``most``, beside the pairs at each shift along ``axis``."""
    rows, columns = pairs
    return np.stack(
        [
            np.minimum(values[rows + (k if axis == 0 else 0), columns + (k if axis == 1 else 0)], most)
            for k in range(-REACH, REACH + 1)
        ]
    ).astype(float)


def _changes(picture: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    return np.abs(np.diff(ndimage.gaussian_filter(picture, 0.7), axis=axis))


class ShiftScore:
    """Sums of profiles, down and across."""

    def __init__(self) -> None:
        self._sums = np.zeros((2, 2 * REACH + 1))
        self._pairs = np.zeros(2, int)

    @property
    def pairs(self) -> int:
        """Number of pairs so far."""
        return int(self._pairs.sum())

    @property
    def contrast(self) -> float:
        """How the right place stands out from the mean of all."""
        total = self._sums.sum(0)
        return float(total[REACH] / max(total.mean(), 1e-12))

    def add(self, axis: int, values: NDArray[np.float64]) -> None:
        """Takes a profile."""
        self._sums[axis] += values.sum(1)
        self._pairs[axis] += values.shape[1]

    def shifts(self, margin: float) -> list[tuple[int, int]]:
        """Axes along which another place is clearly better, and how far the masks lie from it."""
        found = []
        for axis in (0, 1):
            sums = self._sums[axis]
            best = int(np.argmax(sums))
            if self._pairs[axis] >= _LEAST_PAIRS and best != REACH and sums[best] > margin * sums[REACH]:
                found.append((axis, REACH - best))
        return found
