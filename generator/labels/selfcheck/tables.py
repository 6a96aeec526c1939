"""Frames, tracks and events against each other."""

from typing import Any

import numpy as np

from generator.camera import row_times
from generator.labels.categories import categories
from generator.labels.events import WEAPON_STATES
from generator.labels.selfcheck.steps import ClipRecord

_ROWS_OF_THEIR_OWN = 6
"""Content version from which on each row sees of a flash what burns while it is exposed."""


def check_frames(clip: ClipRecord) -> bool:
    """One row a frame, at its time; without that nothing further can be looked at."""
    n, fps, report = clip.info["n_frames"], clip.info["fps"], clip.report
    report.expect(len(clip.rows) == n, "frames", f"frames.parquet has {len(clip.rows)} rows for {n} frames")
    for index, row in enumerate(clip.rows):
        good = row["frame"] == index and abs(row["t"] - (index + 0.5) / fps) < 1e-9
        report.expect(good, "frames", f"row {row['frame']} at t = {row['t']}", frame=index)
    return not report.found["frames"]


def check_tracks(clip: ClipRecord) -> None:
    """Every track is of a category that there is."""
    for number, track in clip.tracks.items():
        known = track["category"] in categories()
        clip.report.expect(known, "tracks", f"no category {track['category']!r}", track=number)


def check_events(clip: ClipRecord) -> None:
    """Weapon states, shots and flashes against the rows of the frames."""
    events = clip.info["events"]
    states = sorted((e for e in events if e["type"] in WEAPON_STATES), key=lambda event: float(event["start"]))
    _check_states(clip, states)
    _check_shots(clip, states, [event for event in events if event["type"] == "discharge"])
    flashes = [tuple(e["captured"]) for e in events if e["type"] == "muzzle_flash"]
    # Earlier versions took the whole frame to be exposed at once.
    readout_s = clip.info["intrinsics"]["readout_s"] if clip.info["content_version"] >= _ROWS_OF_THEIR_OWN else 0.0
    for row in clip.rows:
        times = row_times(row["t_capture"], readout_s, clip.info["height"]) if readout_s else np.array([row["t_capture"]])
        half = row["exposure_s"] / 2
        lit = any(((start < times + half) & (times - half < stop)).any() for start, stop in flashes)
        clip.report.expect(
            row["muzzle_flash"] == lit, "events", f"muzzle_flash {row['muzzle_flash']}", frame=row["frame"]
        )


def _check_states(clip: ClipRecord, states: list[dict[str, Any]]) -> None:
    if states:
        edges = [0.0, *(event["end"] for event in states)]
        tiled = [event["start"] for event in states] == edges[:-1] and edges[-1] == clip.info["duration"]
        clip.report.expect(tiled, "events", "weapon states do not tile the clip")
    for row in clip.rows:
        state = next((e["type"] for e in states if e["captured"][0] <= row["t_capture"] < e["captured"][1]), None)
        said = f"weapon_state {row['weapon_state']}, but the events say {state}"
        clip.report.expect(row["weapon_state"] == state, "events", said, frame=row["frame"])


def _check_shots(clip: ClipRecord, states: list[dict[str, Any]], shots: list[dict[str, Any]]) -> None:
    counted = [0] * len(clip.rows)  # by captured frame
    for number, event in enumerate(shots, 1):
        at = int(np.floor(event["captured"][0] * clip.info["fps"]))
        inside = 0 <= at < len(counted)
        clip.report.expect(inside, "events", f"discharge at {event['start']:.3f} s is outside the clip")
        if inside:
            counted[at] += 1
        # A state that a stream's jump skips is no event.
        during = {s["type"] for s in states if s["captured"][0] <= event["captured"][0] < s["captured"][1]}
        clip.report.expect(during <= {"aiming"}, "events", f"discharge at {event['start']:.3f} s is not while aiming")
        clip.report.expect(event["attributes"]["shot"] == number, "events", f"shot {number} is numbered otherwise")
    for row in clip.rows:
        count = counted[row["source_frame"]]
        said = f"discharge {row['discharge']}, but {count} events"
        clip.report.expect(row["discharge"] == count, "events", said, frame=row["frame"])
