"""What detectors made for real video say of ours: hands found and how well placed, and how much the picture moves.

Development only, in an environment of its own (`make realism`). The last line is JSON.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow.parquet as pq
from mediapipe.python.solutions.hands import HAND_CONNECTIONS, Hands

MATCHED = 0.5
"""Share of a hand's diagonal up to which a detection is of that hand."""

HANDS = ("hand_left", "hand_right")


def pictures(clip: Path) -> Iterator[Any]:
    """Every picture of a clip, (H, W, 3) uint8 RGB."""
    video = cv2.VideoCapture(str(clip / "video.mp4"))
    try:
        while True:
            there, image = video.read()
            if not there:
                return
            yield cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
    finally:
        video.release()


def hands_of(clip: Path) -> dict[int, list[tuple[Any, float]]]:
    """By frame: the 21 points (21, 2) in pixels and the box's diagonal of every hand with visible pixels."""
    found: dict[int, list[tuple[Any, float]]] = defaultdict(list)
    for row in pq.read_table(clip / "objects.parquet").to_pylist():
        if row["category"] in HANDS and row["visible_px"] and row["keypoints"]:
            points = np.array(row["keypoints"], float)[:, :2]
            if np.isfinite(points).all():
                found[row["frame"]].append((points, float(np.hypot(*np.ptp(points, axis=0)))))
    return found


def drawn(image: Any, truth: list[tuple[Any, float]], found: list[Any], path: Path) -> None:
    """Saves a frame with our points (red) and the detector's (green)."""
    image = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    for colour, hands in (((60, 60, 255), [points for points, _ in truth]), ((60, 255, 60), found)):
        for points in hands:
            for a, b in HAND_CONNECTIONS:
                cv2.line(image, *(tuple(int(x) for x in points[k]) for k in (a, b)), colour, 1)
    cv2.imwrite(str(path), image)


def detect(clip: Path, detector: Any, pictures_to: Path | None) -> Iterator[tuple[bool, float | None]]:
    """For every frame with a visible hand: whether one was found, and its mean error over the hand's diagonal."""
    truth = hands_of(clip)
    for index, image in enumerate(pictures(clip)):
        if not truth[index]:
            continue
        result = detector.process(image)
        size = np.array(image.shape[1::-1])
        found = [
            np.array([(mark.x, mark.y) for mark in hand.landmark]) * size for hand in result.multi_hand_landmarks or ()
        ]
        errors = [
            min(float(np.linalg.norm(points - own, axis=1).mean()) / across for own, across in truth[index])
            for points in found
        ]
        if pictures_to is not None:
            drawn(image, truth[index], found, pictures_to / f"{clip.name}-{index:03d}.png")
        near = [error for error in errors if error < MATCHED]
        yield bool(near), min(near) if near else None


def hands(clips: list[tuple[Path, dict[str, Any]]], pictures_to: Path | None = None) -> dict[str, Any]:
    """Share of frames in which a bare hand is found, per mount, thing and skin tone; and the median error."""
    groups: dict[str, list[bool]] = defaultdict(list)
    errors: dict[str, list[float]] = defaultdict(list)
    # A detector per clip: its state must not leak from one to the next.
    for clip, info in clips:
        spec = info["spec"]
        if spec["wearer"]["dress"]["gloves"] != "none":
            continue
        mount, kind, tone = spec["camera"]["mount"], spec["weapon"]["kind"], spec["wearer"]["body"]["skin_tone"]
        with Hands(static_image_mode=True, max_num_hands=2, min_detection_confidence=0.4) as detector:
            for seen, error in detect(clip, detector, pictures_to):
                for name in (mount, f"{mount} {kind}", f"{mount} tone {tone:02d}"):
                    groups[name].append(seen)
                    if error is not None:
                        errors[name].append(error)
    return {
        name: {
            "frames": len(seen),
            "found": round(float(np.mean(seen)), 3),
            "median_error": round(float(np.median(errors[name])), 3) if errors[name] else None,
        }
        for name, seen in sorted(groups.items())
    }


def flow(clips: list[tuple[Path, dict[str, Any]]]) -> dict[str, Any]:
    """Farneback flow of walking clips in frame widths a second: median and 90th percentile over pixels and frames."""
    speeds: dict[str, list[Any]] = defaultdict(list)
    for clip, info in clips:
        before = None
        for image in pictures(clip):
            grey = cv2.cvtColor(cv2.resize(image, (320, 180)), cv2.COLOR_RGB2GRAY)
            if before is not None:
                moved = cv2.calcOpticalFlowFarneback(before, grey, None, 0.5, 3, 15, 3, 5, 1.2, 0)
                speed = np.linalg.norm(moved, axis=-1)[::2, ::2].ravel() / 320 * info["fps"]
                speeds["all"].append(speed)
                speeds[info["spec"]["camera"]["mount"]].append(speed)
            before = grey
    return {
        name: {"median": round(float(np.median(np.concatenate(found))), 3),
               "p90": round(float(np.quantile(np.concatenate(found), 0.9)), 3)}
        for name, found in sorted(speeds.items())
    }  # fmt: skip


def clips_of(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Every clip directory of a data set with its clip.json."""
    return [(clip, json.loads((clip / "clip.json").read_text())) for clip in sorted((folder / "clips").iterdir())]


def main() -> None:
    """Prints the figures of the data set named on the command line; the last line is JSON.

    A second argument names a directory for the frames with both sets of points drawn over them.
    """
    clips = clips_of(Path(sys.argv[1]))
    pictures_to = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    if pictures_to is not None:
        pictures_to.mkdir(parents=True, exist_ok=True)
    figures = {
        "hands": hands([(clip, info) for clip, info in clips if info["fps"] < 10], pictures_to),
        "flow": flow([(clip, info) for clip, info in clips if info["fps"] >= 10]),
    }
    for part, rows in figures.items():
        for name, row in rows.items():
            sys.stdout.write(f"{part:6} {name:32} {'  '.join(f'{key} {value}' for key, value in row.items())}\n")
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
