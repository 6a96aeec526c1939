"""Flow against depth, poses and itself."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.labels.selfcheck.geometry import Cells
from generator.labels.selfcheck.steps import ClipRecord, Planes, Step

FLOW_TOLERANCE = 0.5
"""Pixels that flow on what stands still may differ from what depth and poses say (float16 is good to 1/16 at 100)."""

_SHARE = 0.99
_CLOSED_SHARE = 0.9
"""Share of pixels whose forward and backward flow must close; the rest may be hidden in the next frame."""

_REACH = 0.5
"""Metres within which a thing may leave through the camera's plane in a frame."""

_ACROSS = 120
"""Pixels a row of the background that are looked at, at most about; all tell the same."""

_FEWEST = 50
"""Pixels of what stands still that are needed for a judgement."""

_DEPTH_TOLERANCE = 0.005
"""Relative error of depth over a clip: ten times what half precision loses."""

_FRAME_DEPTH_TOLERANCE = 0.01
_SURE = 6.0
"""Standard errors by which the scale of depth must be off."""

_RIGID = frozenset(
    {"handgun", "carbine", "submachine_gun", "shotgun", "taser", "magazine", "casing", "target", "phone", "torch", "radio",
     "drill", "camera", "water_pistol", "paintball_marker", "toy_blaster", "clutter", "door", "vehicle", "screen"}
)  # fmt: skip
"""Categories whose pose tells how most of their surface moves."""

_CYCLE = 0.8
"""Seconds after a trigger is pulled in which parts of a thing may move: a pump's is the slowest (docs/behaviours.md)."""

_RIGID_PIXELS = 60
_RIGID_TOLERANCE = 0.75


class FlowCheck:
    """Both flows of what stands still, or moves as one piece, against depth and poses; and against each other."""

    def __init__(self, clip: ClipRecord) -> None:
        self._clip = clip
        self._flash = clip.of("muzzle_flash")
        self._rigid = {number for number, track in clip.tracks.items() if track["category"] in _RIGID}
        self._handled = {event["track_id"] for event in clip.info["events"]}
        self._residuals: list[float] = []
        self._closed: list[tuple[float, int]] = []
        self._scale = DepthScale()

    def see(self, step: Step) -> None:
        """Looks at the flow from a frame to the next, and back from the next."""
        report, here, after = self._clip.report, step.here, step.after
        endless = bool(np.isinf(here.forward).any() or np.isinf(here.backward).any())
        report.expect(not endless, "flow", "infinite flow", frame=step.index)
        if after is None:
            return
        following = self._clip.rows[step.index + 1]["source_frame"] == step.row["source_frame"] + 1
        if not following:
            defined = bool(np.isfinite(here.forward).any() or np.isfinite(after.backward).any())
            report.expect(not defined, "flow", "flow across a dropped or repeated frame", frame=step.index)
            return
        self._check_defined(step, here, after)
        self._check_still(step.index, step.index + 1, here, here.forward)
        self._check_still(step.index + 1, step.index, after, after.backward)
        self._check_rigid(step, here)
        share = closure(here, after)
        if share is not None:
            self._closed.append((share, step.index))

    def end(self) -> None:
        """Judges the clip as a whole."""
        report = self._clip.report
        if self._residuals:
            report.figures["flow_residual_px"] = max(self._residuals)
        if self._scale.is_known:
            report.figures["depth_scale"] = self._scale.value
        said = f"depth is {self._scale.text} of what flow and poses say"
        report.expect(not self._scale.is_off(_DEPTH_TOLERANCE), "depth", said)
        if self._closed:
            mean = float(np.mean([share for share, _ in self._closed]))
            least, index = min(self._closed)
            report.figures["flow_closed"] = mean
            said = (
                f"forward and backward flow close on {100 * mean:.0f} % of the pixels only; here on {100 * least:.0f} %"
            )
            report.expect(mean > _CLOSED_SHARE, "flow", said, frame=index)

    def _check_defined(self, step: Step, here: Planes, after: Planes) -> None:
        """Flow on objects that stay, and on the background."""
        report, defined = self._clip.report, _defined(here.forward)
        # What comes within arm's reach of the lens, or is gone in the next frame, may leave through the camera's plane.
        stays = np.isin(here.instance, np.unique(after.instance)) & ~np.isin(here.instance, self._flash)
        surface = (here.instance > 0) & stays & (here.depth > _REACH)
        good = not surface.any() or bool(np.mean(defined[surface]) > _SHARE)
        report.expect(good, "flow", "forward flow is undefined on objects", frame=step.index)
        walls = (here.instance == 0) & np.isfinite(here.depth) & (here.depth > _REACH)
        good = walls.sum() < _FEWEST or bool(np.mean(defined[walls]) > _CLOSED_SHARE)
        report.expect(good, "flow", "forward flow is undefined on the background", frame=step.index)

    def _check_still(self, frame: int, other: int, planes: Planes, flow: NDArray[np.float64]) -> None:
        """The background's flow in one direction, and the scale of the depth it goes with."""
        still = (planes.instance == 0) & np.isfinite(planes.depth) & _defined(flow)
        cells = _some(still, max(1, still.shape[1] // _ACROSS))
        if len(cells[0]) < _FEWEST:
            return
        depth, geometry = planes.depth[cells], self._clip.geometry
        expected = geometry.flow(frame, other, cells, depth)
        goes_by = np.zeros(len(depth), bool)
        if geometry.rides:  # each pixel is either the place's or fast to the earth
            passing = geometry.passing(frame, other, cells, depth)
            off, off_passing = (np.linalg.norm(said - flow[cells], axis=-1) for said in (expected, passing))
            goes_by = np.nan_to_num(off_passing, nan=np.inf) < np.nan_to_num(off, nan=np.inf)
            expected = np.where(goes_by[:, None], passing, expected)
        known = np.isfinite(expected).all(-1)
        expected, found = expected[known], flow[cells][known]
        wrong = _beyond_half_precision(np.linalg.norm(expected - found, axis=-1), expected)
        if len(wrong) < _FEWEST:
            return
        self._residuals.append(float(np.quantile(wrong, _SHARE)))
        said = f"background flow is {self._residuals[-1]:.2f} px off depth and poses"
        if other < frame:
            said = f"backward {said}"
        self._clip.report.expect(self._residuals[-1] < FLOW_TOLERANCE, "flow", said, frame=frame)
        nudged = depth * (1 + _NUDGE)
        farther = geometry.flow(frame, other, cells, nudged)
        if goes_by.any():
            farther = np.where(goes_by[:, None], geometry.passing(frame, other, cells, nudged), farther)
        farther = farther[known]
        scale = DepthScale()
        scale.add((farther - expected) / _NUDGE, found - expected)
        said = f"depth is {scale.text} of what flow and poses say"
        self._clip.report.expect(not scale.is_off(_FRAME_DEPTH_TOLERANCE), "depth", said, frame=frame)
        self._scale.include(scale)

    def _is_worked(self, row: dict[str, Any]) -> bool:
        """Whether slides, bolts and fore-ends may move between this frame and the next."""
        begin, end = row["t_capture"] - _CYCLE, row["t_capture"] + 1 / self._clip.info["fps"]
        pulls = (event for event in self._clip.info["events"] if event["type"] in ("discharge", "trigger_pull"))
        return row["weapon_state"] in ("reloading", "clearing") or any(
            event["start"] <= end and event["end"] >= begin for event in pulls
        )

    def _check_rigid(self, step: Step, here: Planes) -> None:
        """Objects of one piece: the middle of their pixels moves as their poses say."""
        now, then = ({row["track_id"]: _poses(row) for row in rows} for rows in step.objects)
        numbers = self._rigid & now.keys() & then.keys()
        if self._is_worked(step.row):
            numbers -= self._handled
        for number in numbers:
            mask = (here.instance == number) & _defined(here.forward)
            cells = _some(mask, 1)
            if len(cells[0]) < _RIGID_PIXELS:
                continue
            every = max(1, len(cells[0]) // 500)
            cells = (cells[0][::every], cells[1][::every])
            carrier = now[number], then[number]
            expected = self._clip.geometry.flow(step.index, step.index + 1, cells, here.depth[cells], carrier)
            off = np.linalg.norm(expected - here.forward[cells], axis=-1)
            beyond_rounding = _beyond_half_precision(off, expected)
            middle = max(float(np.nanmedian(beyond_rounding)), 0.0) if np.isfinite(off).any() else 0.0
            figures = self._clip.report.figures
            figures["flow_rigid_px"] = max(figures.get("flow_rigid_px", 0.0), middle)
            said = f"flow is {middle:.2f} px off how its pose moves, in the median"
            self._clip.report.expect(middle < _RIGID_TOLERANCE, "flow", said, frame=step.index, track=number)


def _poses(row: dict[str, Any]) -> NDArray[np.float64]:
    """(3, 4, 4) of an object as the first row, the middle and the last row are read."""
    names = ("T_world_object_first", "T_world_object", "T_world_object_last")
    return np.array([row[name] for name in names], float).reshape(3, 4, 4)


_NUDGE = 0.01
"""Of depth, for a derivative."""


class DepthScale:
    """One factor on all depths that makes flow and poses agree best, by least squares.

    Flow answers to depth only as far as the camera moves from its place; what turns or stands still tells nothing, and adds
    nothing. Differences of more than a pixel count as one of a pixel.
    """

    def __init__(self) -> None:
        self._jj = self._jr = self._rr = 0.0
        self._n = 0

    def add(self, slope: NDArray[np.float64], residual: NDArray[np.float64]) -> None:
        """Takes how flow changes with the scale, (n, 2) pixels, and how far it is off, (n, 2) pixels."""
        good = np.isfinite(slope).all(-1)
        slope, residual = slope[good], residual[good]
        weight = 1 / np.maximum(np.linalg.norm(residual, axis=-1, keepdims=True), 1.0)
        self._jj += float((weight * slope * slope).sum())
        self._jr += float((weight * slope * residual).sum())
        self._rr += float((weight * residual * residual).sum())
        self._n += 2 * len(slope)

    def include(self, other: "DepthScale") -> None:
        """Adds what another one knows."""
        self._jj, self._jr, self._rr = self._jj + other._jj, self._jr + other._jr, self._rr + other._rr
        self._n += other._n

    @property
    def value(self) -> float:
        """Stored depth divided by what flow and poses say."""
        return 1 / max(1 + self._jr / self._jj, 0.1) if self._jj > 0 else 1.0

    @property
    def error(self) -> float:
        """Its standard error; flow is in half precision, so residuals are taken to be a thousandth of a pixel at least."""
        if self._jj <= 0 or self._n < _FEWEST:
            return float("inf")
        left = max(self._rr - self._jr**2 / self._jj, 0.0) / self._n
        return float(np.sqrt(max(left, 1e-6) / self._jj))

    @property
    def is_known(self) -> bool:
        """Whether the camera moved enough to tell."""
        return self.error < 0.2 * _DEPTH_TOLERANCE

    @property
    def text(self) -> str:
        """For a sentence."""
        return f"{self.value:.4f}"

    def is_off(self, tolerance: float) -> bool:
        """Whether the scale is known, and wrong."""
        off = abs(self.value - 1)
        return self.is_known and off > max(tolerance, _SURE * self.error)


def _beyond_half_precision(off: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pixels of error that eleven significant bits of depth and of flow do not explain."""
    return np.asarray(off - np.linalg.norm(expected, axis=-1) * 2.0**-9)


def _defined(flow: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Pixels with flow."""
    return np.isfinite(flow[..., 0] + flow[..., 1])


def stride(width: int) -> int:
    """Large frames are checked at every k-th pixel."""
    return max(1, width // 240)


def _some(mask: NDArray[np.bool_], every: int) -> Cells:
    """Pixels of a mask on a lattice."""
    rows, columns = np.nonzero(mask[::every, ::every])
    return rows * every, columns * every


def closure(here: Planes, after: Planes) -> float | None:
    """Share of the pixels that stay in view whose flow there and back ends where it began, or None if too few stay."""
    height, width = here.instance.shape
    every = stride(width)
    y, x = np.mgrid[0:height:every, 0:width:every]
    forward, own = here.forward[::every, ::every], here.instance[::every, ::every]
    target = np.stack([x, y], -1) + 0.5 + forward
    across, down = target[..., 0], target[..., 1]
    inside = _defined(target) & (across >= 0) & (down >= 0) & (across < width) & (down < height)
    if inside.sum() < 0.1 * inside.size:
        return None
    column, row = target[inside].astype(int).T
    same = after.instance[row, column] == own[inside]
    back: Any = after.backward[row, column]
    off = np.linalg.norm(forward[inside] + back, axis=-1)
    allowed = 1.5 + 0.05 * np.linalg.norm(forward[inside], axis=-1)
    closes = np.nan_to_num(off, nan=np.inf) < allowed
    return float(np.mean(closes[same])) if same.any() else None
