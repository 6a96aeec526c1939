"""The picture itself: exposure, and whether it moves as the flow says."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from generator.labels.selfcheck.steps import ClipRecord, Picture, Step

_DARK, _BRIGHT = 10.0, 247.0
"""Levels of luminance below which a pixel is black, above which it is blown."""

_DARKEST, _BRIGHTEST = 8.0, 235.0
"""Mean levels between which the median frame of a clip must be."""

_MOST_BLACK, _MOST_BLOWN = 0.97, 0.6
"""Shares of black and of blown pixels that the median frame of a clip may have."""

_ALL_BLACK = 0.995
"""Share of black pixels from which a single frame shows nothing."""


class ExposureCheck:
    """Neither black nor blown."""

    def __init__(self, clip: ClipRecord) -> None:
        self._clip = clip
        self._levels: list[float] = []
        self._black: list[float] = []
        self._blown: list[float] = []

    def see(self, step: Step) -> None:
        """Measures one picture."""
        light = step.pictures[1]
        if light is None:
            return
        self._levels.append(float(light.mean()))
        self._black.append(float(np.mean(light < _DARK)))
        self._blown.append(float(np.mean(light > _BRIGHT)))
        said = f"the picture is black ({100 * self._black[-1]:.1f} % of its pixels)"
        self._clip.report.expect(self._black[-1] < _ALL_BLACK, "exposure", said, frame=step.index)

    def end(self) -> None:
        """Judges the median frame."""
        if not self._levels:
            return
        report = self._clip.report
        middle, black, blown = (float(np.median(values)) for values in (self._levels, self._black, self._blown))
        report.figures.update(picture_mean=middle, picture_black=black, picture_blown=blown)
        dark = middle <= _DARKEST or black > _MOST_BLACK
        said = f"the clip is black (mean {middle:.1f}, {100 * black:.0f} % of the median frame's pixels are black)"
        report.expect(not dark, "exposure", said)
        said = f"the clip is blown (mean {middle:.1f}, {100 * blown:.0f} % of the median frame's pixels are white)"
        report.expect(middle < _BRIGHTEST and blown < _MOST_BLOWN, "exposure", said)


_MOVED = 1.0
"""Pixels of flow from which a warp makes a difference."""

_FINE, _COARSE = 0.8, 5.0
"""Pixels: detail between these two scales is compared, so that light, exposure and noise matter little."""

_SPIKE = 3.0
"""Standard deviations to which detail is cut: glints and flashes do not decide."""

_FEWEST = 500
_ENOUGH = 5000
"""Pixels that must have been compared, in a frame and in a clip."""

_LAG_MARGIN = 0.05
"""How much better another pair of frames must correlate. Of 68 rendered clips at 5 to 15 frames a second, right flow gives 0.65
to 0.91, none 0 to 0.65 (most where the camera hardly moves), and flow that is a frame off 0.08 to 0.88 less than right flow."""


class WarpCheck:
    """The next picture, fetched along the flow, looks like this one: more than it does unfetched, and than a frame off.

    Compared by the correlation of detail, which knows neither exposure nor gain; only where the flow is at least a pixel and
    leads to the same object.
    """

    def __init__(self, clip: ClipRecord) -> None:
        self._clip = clip
        self._sums: dict[str, NDArray[np.float64]] = {name: np.zeros(3) for name in ("right", "still", "early", "late")}
        self._n = 0
        self._worst = (np.inf, -1)
        self._details: dict[int, NDArray[np.float64]] = {}

    def see(self, step: Step) -> None:
        """Compares a picture with the next."""
        before, here, after, beyond = (
            self._detail(step.index + k - 1, picture) for k, picture in enumerate(step.pictures)
        )
        self._details = {k: v for k, v in self._details.items() if k >= step.index}
        if here is None or after is None or step.after is None:
            return
        cells, to = _pairs(step.here.forward, step.here.instance, step.after.instance, self._clip.drawn_over)
        if len(cells[0]) < _FEWEST:
            return
        right = _moments(here[cells], _fetched(after, to))
        still = _moments(here[cells], after[cells])
        self._sums["right"] += right
        self._sums["still"] += still
        self._n += len(cells[0])
        self._worst = min(self._worst, (_correlation(right) - _correlation(still), step.index))
        if before is not None and beyond is not None:
            self._sums["early"] += _moments(before[cells], _fetched(here, to))
            self._sums["late"] += _moments(after[cells], _fetched(beyond, to))
            self._sums.setdefault("between", np.zeros(3))
            self._sums["between"] += right

    def _detail(self, index: int, picture: Picture | None) -> NDArray[np.float64] | None:
        if picture is None:
            return None
        if index not in self._details:
            fine = ndimage.gaussian_filter(picture, _FINE) - ndimage.gaussian_filter(picture, _COARSE)
            most = _SPIKE * float(fine.std())
            self._details[index] = np.clip(fine, -most, most)
        return self._details[index]

    def end(self) -> None:
        """Judges the clip."""
        if self._n < _ENOUGH:
            return
        report, found = self._clip.report, {name: _correlation(sums) for name, sums in self._sums.items()}
        report.figures.update(warp_correlation=found["right"], unwarped_correlation=found["still"])
        said = (
            f"the next picture, fetched along the flow, agrees less ({found['right']:.2f}) than as it is "
            f"({found['still']:.2f}); least here"
        )
        report.expect(found["right"] > found["still"], "picture", said, frame=self._worst[1])
        for name, beside in (("early", -1), ("late", 1)):
            if "between" in found:
                better = found[name] > found["between"] + _LAG_MARGIN
                said = f"flow fits the pictures of frame {beside:+d} better ({found[name]:.2f} against {found['between']:.2f})"
                report.expect(not better, "picture", said)


def _pairs(
    flow: NDArray[np.float64], own: Any, following: Any, hidden: NDArray[np.bool_]
) -> tuple[tuple[Any, Any], NDArray[np.float64]]:
    """Pixels that move, and where to (rows and columns, (2, n)), both not ``hidden``; on a lattice in large frames."""
    height, width = own.shape
    every = max(1, width // 320)
    rows, columns = (index[::every, ::every] for index in np.mgrid[0:height, 0:width])
    step = flow[::every, ::every]
    to = np.stack([rows + step[..., 1], columns + step[..., 0]])
    with np.errstate(invalid="ignore"):
        inside = (to >= 0).all(0) & (to[0] <= height - 1) & (to[1] <= width - 1)
        moves = inside & (np.hypot(step[..., 0], step[..., 1]) > _MOVED)
    rows, columns, to = rows[moves], columns[moves], to[:, moves]
    nearest = np.rint(to).astype(int)
    same = own[rows, columns] == following[nearest[0], nearest[1]]
    same &= ~hidden[rows, columns] & ~hidden[nearest[0], nearest[1]]
    return (rows[same], columns[same]), to[:, same]


def _fetched(picture: NDArray[np.float64], to: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(ndimage.map_coordinates(picture, to, order=1))


def _moments(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Covariance and the two variances, times the number of pixels."""
    one, other = one - one.mean(), other - other.mean()
    return np.array([float(one @ other), float(one @ one), float(other @ other)])


def _correlation(moments: NDArray[np.float64]) -> float:
    return float(moments[0] / np.sqrt(max(moments[1] * moments[2], 1e-12)))
