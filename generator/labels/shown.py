"""Labels of a slot of the video: those of the captured frame that it shows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from generator.frame import Frame
from generator.sensor.delivery import Delivery


def shown_frame(frame: Frame, delivery: Delivery, slot: int) -> Frame:
    """The captured frame as the slot shows it: no flow to or from a slot that does not show the next or previous one."""
    forward, backward = frame.flow_forward, frame.flow_backward
    if not delivery.follows(slot + 1):
        forward = np.full_like(forward, np.nan)
    if not delivery.follows(slot):
        backward = np.full_like(backward, np.nan)
    return replace(frame, index=slot, flow_forward=forward, flow_backward=backward)


def shown_row(row: Mapping[str, Any], delivery: Delivery, slot: int) -> dict[str, Any]:
    """The row of frames.parquet of a slot, from that of the captured frame."""
    source = int(delivery.source[slot])
    return {
        **row,
        "frame": slot,
        "source_frame": source,
        "t": (slot + 0.5) / delivery.fps,
        "t_capture": (source + 0.5) / delivery.fps,
        "delivery": delivery.state[slot],
    }
