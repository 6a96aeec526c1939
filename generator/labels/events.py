"""Events and tags of a clip, as clip.json and the index hold them."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.motion.people import play
from generator.motion.timeline import Event, Timeline
from generator.scenario.spec import ClipSpec
from generator.scenario.things import THINGS
from generator.sensor.delivery import Delivery, delivery_of
from generator.tracks import THING_TRACKS, TRACKS_PEOPLE

WEAPON_STATES = (
    "holstered", "drawing", "low_ready", "high_ready", "raising", "aiming", "reloading", "clearing", "lowering",
    "holstering", "transition",
)  # fmt: skip


def shown_range(start: float, end: float, t_capture: NDArray[np.float64]) -> tuple[int, int]:
    """Half-open range of the slots that show frames captured in [start, end)."""
    first, last = np.searchsorted(t_capture, start, "left"), np.searchsorted(t_capture, end, "left")
    return int(first), int(last)


def frame_range(start: float, end: float, fps: float) -> tuple[int, int]:
    """Half-open range of frames: the one that holds an instant, or those whose ``t`` lies in an interval."""
    if start == end:
        first = math.floor(start * fps)
        return first, first + 1
    return _first_at(start, fps), _first_at(end, fps)


def _first_at(time: float, fps: float) -> int:
    """The first frame whose ``t``, as frames.parquet holds it, is not before ``time``."""
    frame = math.ceil(time * fps - 0.5)
    while frame > 0 and (frame - 0.5) / fps >= time:
        frame -= 1
    while (frame + 0.5) / fps < time:
        frame += 1
    return frame


def event_records(spec: ClipSpec, timeline: Timeline, delivery: Delivery | None = None) -> list[dict[str, Any]]:
    """Weapon states, shots and flashes of the wearer, and people's actions, in order of time.

    Args:
        spec: the clip.
        timeline: of the clip.
        delivery: when what is shown; ``delivery_of(spec)`` if left out. What it never comes to is no event of the clip.
    """
    delivery = delivery or delivery_of(spec)
    states = [Event(state.state, state.start, state.end, THING_TRACKS[state.thing]) for state in timeline.states]
    actions = [event for index in range(len(spec.people)) for event in _actions(spec, index, timeline.duration)]
    records = []
    for event in sorted([*states, *actions, *timeline.events], key=lambda event: (event.start, event.end, event.type)):
        start, end = (min(delivery.playout.presented(t), timeline.duration) for t in (event.start, event.end))
        instant = event.start == event.end
        if start >= timeline.duration or (start == end and not instant):
            continue
        if instant:
            first, last = frame_range(start, end, timeline.fps)
        else:
            first, last = shown_range(event.start, event.end, delivery.t_capture)
        records.append(
            {
                "type": event.type,
                "start": start,
                "end": end,
                "captured": [event.start, event.end],
                "frame_start": first,
                "frame_end": last,
                "track_id": event.track_id,
                "attributes": dict(event.attributes),
            }
        )
    return records


def _actions(spec: ClipSpec, index: int, duration: float) -> list[Event]:
    """What a person does, one after the other; an action goes on until the next begins."""
    person = spec.people[index]
    shown = play(spec, person).shown
    ends = [*(start for start, _ in shown[1:]), duration]
    return [
        Event("action", start, min(end, duration), TRACKS_PEOPLE + index, {"action": action, "role": person.role})
        for (start, action), end in zip(shown, ends, strict=True)
        if start < duration
    ]


def tags(
    spec: ClipSpec, timeline: Timeline, *, firearm_visible: bool, delivery: Delivery | None = None
) -> dict[str, Any]:
    """What the clip is, in the words of the index.

    Args:
        spec: the clip.
        timeline: of the clip.
        firearm_visible: whether a held firearm has visible pixels at some time (measured, or for a plan assumed).
        delivery: when what is shown; ``delivery_of(spec)`` if left out.
    """
    kind = spec.weapon.kind if spec.weapon else None
    playout = (delivery or delivery_of(spec)).playout
    firearm = any(THINGS[held.kind].firearm for held in spec.things) and firearm_visible
    return {
        "family": spec.family,
        "setting": spec.setting,
        "environment": spec.environment.kind,
        "weapon_kind": kind,
        "mount": spec.camera.mount,
        "device": spec.camera.device,
        "capture": spec.device.capture,
        "first_person_firearm": firearm,
        "discharge": any(
            event.type == "discharge" and playout.presented(event.start) < timeline.duration
            for event in timeline.events
        ),
        "positive": firearm and spec.device.capture not in ("game", "film"),
    }
