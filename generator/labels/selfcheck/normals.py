"""Normals against depth, poses and the rays of their pixels."""

import numpy as np
from numpy.typing import NDArray

from generator.labels.selfcheck.geometry import Cells
from generator.labels.selfcheck.steps import ClipRecord, Planes, Step

_LENGTH = 0.02
"""By which a stored normal may be shorter or longer than 1: rounding to 1/127 in each component, and a little."""

_ACROSS = 60
"""Pixels a row at which normals are compared with depth, at about; all tell the same."""

_APART = 0.025
"""Length of a chord, of the picture's width: so long that half precision of depth turns it by a degree at most."""

_LEVEL = 0.05
"""Share of its length by which the middle of a chord may lie off the surface, on what is taken to be flat."""

_EVEN = float(np.cos(np.radians(8)))
"""Cosine of the angle within which all normals along a chord on what is taken to be flat lie."""

_FEWEST = 50
_SHARE = 0.75
"""Share of the flat pixels of a frame that must agree; the rest may lie across shallow steps and bends."""

_TOLERANCE = 4.0
"""Degrees by which they may be off what depth says."""

Points = NDArray[np.float64]


class NormalCheck:
    """Whether normals are unit vectors that face the camera, are where surfaces are, and stand on them."""

    def __init__(self, clip: ClipRecord) -> None:
        self._clip = clip
        self._flash = clip.of("muzzle_flash")
        self._off: list[float] = []

    def see(self, step: Step) -> None:
        """Looks at the normals of one frame; clips of earlier versions have none."""
        here, report = step.here, self._clip.report
        if here.normal is None:
            return
        surface = np.isfinite(here.depth) & ~np.isin(here.instance, self._flash)
        length = np.linalg.norm(here.normal, axis=-1)
        good = bool((np.abs(length[surface] - 1) < _LENGTH).all())
        report.expect(good, "normal", "a surface has no unit vector for a normal", frame=step.index)
        report.expect(not length[~surface].any(), "normal", "a normal where there is no surface", frame=step.index)
        rows, columns = np.nonzero(surface)
        cells = (rows, columns)
        along = (here.normal[cells] * self._clip.geometry.rays(cells)).sum(-1)
        report.expect(bool((along < _LENGTH).all()), "normal", "a normal turns away from the camera", frame=step.index)
        self._compare(step.index, here)

    def end(self) -> None:
        """Judges the clip: where joists or slats follow each other, a single frame may tell little."""
        if not self._off:
            return
        off = float(np.median(self._off))
        self._clip.report.figures["normal_off_deg"] = off
        said = f"normals are {off:.1f} degrees off what depth and poses say"
        self._clip.report.expect(off < _TOLERANCE, "normal", said)

    def _compare(self, frame: int, planes: Planes) -> None:
        """Flat parts of the background: two chords across a pixel, along its row and its column, say which way they face."""
        assert planes.normal is not None
        rows, columns, half = self._lattice(planes)
        arms = [(rows + dy * half, columns + dx * half) for dy, dx in ((0, 0), (0, -1), (0, 1), (-1, 0), (1, 0))]
        plain = np.all([(planes.instance[arm] == 0) & np.isfinite(planes.depth[arm]) for arm in arms], axis=0)
        if plain.sum() < _FEWEST:
            return
        arms = [(row[plain], column[plain]) for row, column in arms]
        geometry = self._clip.geometry
        middle, left, right, above, below = (geometry.surface(frame, arm, planes.depth[arm]) for arm in arms)
        level = _is_straight(left, middle, right) & _is_straight(above, middle, below)
        level &= _is_even(planes.normal, arms[0], half)
        if level.sum() < _FEWEST:
            return
        ways = geometry.to_world(frame, arms[0], planes.normal[arms[0]])[level]
        said = np.cross(right - left, below - above)[level]
        sine = np.linalg.norm(np.cross(ways, said), axis=-1) / np.maximum(np.linalg.norm(said, axis=-1), 1e-12)
        self._off.append(float(np.degrees(np.arcsin(min(float(np.quantile(sine, _SHARE)), 1.0)))))

    def _lattice(self, planes: Planes) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
        """Rows and columns of the pixels that are looked at, and half the length of a chord in pixels."""
        height, width = planes.instance.shape
        half, every = max(2, round(0.5 * _APART * width)), max(1, width // _ACROSS)
        rows, columns = np.mgrid[half : height - half : every, half : width - half : every].reshape(2, -1)
        return rows, columns, half


def _is_even(normal: Points, cells: Cells, half: int) -> NDArray[np.bool_]:
    """Whether normals hardly change along both chords: from joist to joist, or slat to slat, they do in between."""
    rows, columns = cells
    steps = np.arange(-half, half + 1)[:, None]
    along = np.concatenate([normal[rows, columns + steps], normal[rows + steps, columns]])
    return np.asarray(((along * normal[cells]).sum(-1) > _EVEN).all(0))


def _is_straight(first: Points, middle: Points, last: Points) -> NDArray[np.bool_]:
    """Whether the middle one of three points (n, 3) lies on the line through the others."""
    chord = last - first
    length = np.linalg.norm(chord, axis=-1)
    off = np.linalg.norm(np.cross(middle - first, chord), axis=-1)
    return np.asarray((length > 0) & (off < _LEVEL * length * length))
