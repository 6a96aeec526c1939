"""Masks against boxes, keypoints and rows, and whether there is a subject at all."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.labels.annotate import visible_boxes
from generator.labels.selfcheck.steps import ClipRecord, Step
from generator.tracks import TRACKS_PEOPLE

_BESIDE = 1.001
"""Pixels beside a visible keypoint in which its own surface must be: tips lie on outlines, places in single precision."""

_JOINT = 3.0
"""Pixels by which a keypoint of a whole, visible object may lie outside its box, plus a tenth of the box: joints are inside."""

_KIN = {"hand_left": "arm_left", "hand_right": "arm_right", "arm_left": "hand_left", "arm_right": "hand_right"}
"""A wrist is seen where either of the two is."""

_MANY = 200
"""Pixels of a thing beside which those of its outline, which may or may not be its own, are few."""

_LONG_ENOUGH = 0.5
"""Seconds for which something is held before it must have been seen."""

_LAG_CLIP = 4.0
_LAG_SIDES = 80
_LAG_MARGIN = 1.15


class MaskCheck:
    """Boxes, pixel counts, keypoints and depth of every mask."""

    def __init__(self, clip: ClipRecord) -> None:
        self._clip = clip
        self._lag = BoxLag(clip)

    def see(self, step: Step) -> None:
        """Compares every mask of a frame with its row."""
        report, instance = self._clip.report, step.here.instance
        boxes = visible_boxes(instance)
        listed = {row["track_id"]: row for row in step.objects[0]}
        for number, (box, pixels) in boxes.items():
            place = {"frame": step.index, "track": number}
            report.expect(number in self._clip.tracks, "masks", "is in the masks, but no track", **place)
            report.expect(number in listed, "masks", "visible, but has no row", **place)
            if number in listed:
                self._compare(listed[number], box, pixels, step)
        for number, row in listed.items():
            if number not in boxes:
                gone = row["box_visible"] is None and row["visible_px"] == 0
                report.expect(gone, "boxes", "has a box but no mask", frame=step.index, track=number)
            self._check_occluder(row, boxes, step.index)
        if np.isin(instance, self._clip.of("muzzle_flash")).any():
            report.expect(step.row["muzzle_flash"], "masks", "a flash in the masks, but none is said", frame=step.index)
        deep = np.isfinite(step.here.depth) & (step.here.depth > 0)
        report.expect(bool(np.all(deep[instance > 0])), "depth", "an object without depth", frame=step.index)
        self._lag.see(step.index, {number: box for number, (box, _) in boxes.items()}, step.objects[0])

    def end(self) -> None:
        """Judges whether boxes are those of their frames."""
        self._lag.end()

    def _compare(self, row: dict[str, Any], box: tuple[float, ...], pixels: int, step: Step) -> None:
        report, place = self._clip.report, {"frame": step.index, "track": row["track_id"]}
        right = row["box_visible"] == list(box) and row["visible_px"] == pixels
        said = f"box {row['box_visible']} with {row['visible_px']} pixels is not its mask's {box} with {pixels}"
        report.expect(right, "boxes", said, **place)
        report.expect(row["percent_visible"] > 0, "boxes", "visible, but percent_visible is 0", **place)
        around = row["box_amodal"]
        held = around is not None and all(
            low - 1e-3 <= v and v + size <= low + extent + 1e-3
            for low, extent, v, size in zip(around[:2], around[2:], box[:2], box[2:], strict=True)
        )
        report.expect(held, "boxes", f"amodal box {around} does not hold the visible {box}", **place)
        if held and row["keypoints"] is not None:
            self._check_keypoints(row, step.here.instance, step.index)

    def _check_occluder(self, row: dict[str, Any], boxes: dict[int, Any], frame: int) -> None:
        """What hides a thing is seen where the hidden one would be; clips of earlier versions tell nothing."""
        if "occluder" not in row:
            return
        report, place, number = self._clip.report, {"frame": frame, "track": row["track_id"]}, row["occluder"]
        if number is None:
            gone = row["box_amodal"] is not None and row["visible_px"] == 0
            report.expect(not gone, "occluders", "is hidden, but by nothing", **place)
            half = row["visible_px"] > _MANY and row["visibility_in_frame"] < 0.5
            report.expect(
                not half, "occluders", f"is hidden to {row['visibility_in_frame']:.2f}, but by nothing", **place
            )
            return
        report.expect(row["box_amodal"] is not None, "occluders", f"is out of view, but hidden by {number}", **place)
        report.expect(number != row["track_id"], "occluders", "hides itself", **place)
        if number and row["box_amodal"] is not None:
            around, over = _sides(row["box_amodal"]), _sides(boxes[number][0]) if number in boxes else None
            meets = over is not None and bool((over[:2] < around[2:]).all() and (around[:2] < over[2:]).all())
            report.expect(meets, "occluders", f"is hidden by {number}, which is not seen there", **place)

    def _check_keypoints(self, row: dict[str, Any], instance: NDArray[np.uint16], frame: int) -> None:
        report, place = self._clip.report, {"frame": frame, "track": row["track_id"]}
        own = [row["track_id"], *self._clip.of(_KIN.get(row["category"], ""))]
        left, top, right, bottom = _sides(row["box_amodal"])
        margin = _JOINT + 0.1 * max(right - left, bottom - top)
        for number, (x, y, state) in enumerate(row["keypoints"]):
            if state == 2:
                rows, columns = (slice(max(int(v - _BESIDE), 0), int(v + _BESIDE) + 1) for v in (y, x))
                window = instance[rows, columns]
                said = f"keypoint {number} at ({x:.1f}, {y:.1f}) is said to be visible, but its mask is not there"
                report.expect(bool(np.isin(window, own).any()), "keypoints", said, **place)
            if state > 0:
                inside = left - margin <= x <= right + margin and top - margin <= y <= bottom + margin
                said = f"keypoint {number} at ({x:.1f}, {y:.1f}) is far outside the box {row['box_amodal']}"
                report.expect(inside, "keypoints", said, **place)


def _sides(box: Any) -> NDArray[np.float64]:
    """Left, top, right, bottom of x, y, width, height."""
    x, y, width, height = box
    return np.array([x, y, x + width, y + height])


class BoxLag:
    """Whether the amodal boxes are of this frame and not of the one before or after.

    An amodal box shares most of its sides with the visible one, whatever stands in front. Off by a frame, the sides of all
    that moves lie beside each other; each side counts up to a few pixels, so that hidden ones do not decide.
    """

    def __init__(self, clip: ClipRecord) -> None:
        self._clip = clip
        self._visible: list[dict[int, Any]] = []
        self._amodal: list[dict[int, Any]] = []
        self._off = np.zeros(3)
        self._sides = 0

    def see(self, index: int, visible: dict[int, Any], objects: list[dict[str, Any]]) -> None:
        """Takes the boxes of a frame; three are held."""
        self._visible = [*self._visible[-2:], visible]
        self._amodal = [
            *self._amodal[-2:], {row["track_id"]: row["box_amodal"] for row in objects if row["box_amodal"]},
        ]  # fmt: skip
        if index < 2:
            return
        for number, box in self._visible[1].items():
            around = [boxes.get(number) for boxes in self._amodal]
            if all(found is not None for found in around):
                off = [np.minimum(np.abs(_sides(found) - _sides(box)), _LAG_CLIP).sum() for found in around]
                self._off += off
                self._sides += 4

    def end(self) -> None:
        """Notes a fault where another frame's boxes lie closer."""
        if self._sides < _LAG_SIDES:
            return
        mean = self._off / self._sides
        best = int(np.argmin(mean))
        self._clip.report.figures["box_off_px"] = float(mean[1])
        said = f"amodal boxes fit the masks of frame {1 - best:+d} better ({mean[best]:.2f} px against {mean[1]:.2f})"
        self._clip.report.expect(best == 1 or mean[1] < _LAG_MARGIN * mean[best] + 0.05, "boxes", said)


class SubjectCheck:
    """Whether the clip shows what it is about: hands, or what they hold, while something is held."""

    def __init__(self, clip: ClipRecord) -> None:
        self._clip = clip
        self._held = 0
        self._seen = 0

    def see(self, step: Step) -> None:
        """Counts frames in which something is held, and those in which it or a hand is seen."""
        row = step.row
        holds = {row["left_hand_holds"], row["right_hand_holds"]} - {None}
        if row["weapon_state"] == "holstered" or not (holds or row["weapon_kind"] == "empty_hands"):
            return
        self._held += 1
        # What people in view hold is of the same categories, and no subject.
        subjects = [number for number in self._clip.of("hand_left", "hand_right", *holds) if number < TRACKS_PEOPLE]
        self._seen += bool(np.isin(step.here.instance, subjects).any())

    def end(self) -> None:
        """Notes a fault where a clip never shows what is held for long enough.

        A camera on the weapon looks along it, past the weapon and the hands.
        """
        if self._clip.info["spec"]["camera"]["mount"] == "weapon":
            return
        if self._held:
            self._clip.report.figures["subject_seen"] = self._seen / self._held
        enough = self._held < _LONG_ENOUGH * self._clip.info["fps"]
        said = f"neither hands nor what they hold are visible in any of {self._held} frames in which something is held"
        self._clip.report.expect(enough or self._seen > 0, "subjects", said)
