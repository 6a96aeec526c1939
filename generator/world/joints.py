"""Angles of the wearer's joints and how far they may go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from generator.world.figure import Figure, Posed

if TYPE_CHECKING:
    from generator.world.hands import Rest

Array = NDArray[np.float64]

LIMITS: Mapping[str, tuple[float, float]] = {
    "mcp": (-20, 90), "pip": (-5, 110), "dip": (-12, 80), "spread": (-25, 25),
    "thumb_mcp": (-15, 70), "thumb_ip": (-25, 85),
    "wrist_flexion": (-75, 75), "wrist_ulnar": (-20, 35), "pronation": (-90, 85), "elbow": (0, 150),
    "arm_back": (-90, 60), "arm_across": (-90, 45), "arm_up": (-90, 45),
}  # fmt: skip
"""Degrees, least and most; chosen near the normal ranges that clinicians use, fingers a little wider for hyperextension.

Finger joints: flexion; ``spread``: of a finger towards the thumb, from the hand's own axis. Wrist: flexion towards the
palm, deviation towards the little finger; ``pronation`` 0 thumb up. The last three: elevation of the upper arm's
direction backward, towards the other side, and upward.
"""


def hand_angles(posed: Posed, hand: Rest) -> dict[str, float]:
    """Degrees of every joint of a hand, named by limit and finger, as ``pip_3``."""
    axes = posed.rotation(f"wrist.{hand.side}") @ hand.axes
    found: dict[str, float] = {}
    for finger in (1, 2, 3, 4, 5):
        bones = [f"finger{finger}-{joint}.{hand.side}" for joint in (1, 2, 3)]
        points = [posed.head(bone) for bone in bones] + [posed.point(bones[2], posed.figure.tail(bones[2]))]
        ways = np.diff(points, axis=0)
        ways = ways / np.linalg.norm(ways, axis=1, keepdims=True)
        # The palm's side of a phalanx goes with it.
        inward = [_inward(posed, hand, finger, bone) for bone in bones]
        outer = [_signed(ways[k], ways[k + 1], inward[k]) for k in (0, 1)]
        if finger == 1:
            found |= {"thumb_mcp_1": outer[0], "thumb_ip_1": outer[1]}
            continue
        found[f"mcp_{finger}"] = float(np.degrees(np.arctan2(ways[0] @ axes[:, 2], ways[0] @ axes[:, 0])))
        found[f"spread_{finger}"] = float(np.degrees(np.arcsin(np.clip(ways[0] @ axes[:, 1], -1, 1))))
        found |= {f"pip_{finger}": outer[0], f"dip_{finger}": outer[1]}
    return found


def _inward(posed: Posed, hand: Rest, finger: int, bone: str) -> Array:
    if finger > 1:
        return posed.rotation(bone) @ hand.axes[:, 2]
    figure = posed.figure
    along = figure.tail(bone) - figure.head(bone)
    return posed.rotation(bone) @ np.cross(thumb_axis(figure, hand), along / np.linalg.norm(along))


def thumb_axis(figure: Figure, hand: Rest) -> Array:
    """About which the thumb's outer joints bend towards its pad: across the broad side of its last phalanx."""
    vertices = figure.vertices[figure.share(f"finger1-3.{hand.side}") > 0.7]
    name = f"finger1-3.{hand.side}"
    along = figure.tail(name) - figure.head(name)
    along = along / np.linalg.norm(along)
    flat = vertices - vertices.mean(0)
    flat = flat - np.outer(flat @ along, along)
    broad = np.linalg.eigh(flat.T @ flat)[1][:, 2]
    inward = figure.head(f"finger3-1.{hand.side}") + 0.03 * hand.axes[:, 2] - figure.head(name)
    return np.asarray(broad if np.cross(broad, along) @ inward > 0 else -broad)


def _signed(first: Array, second: Array, inward: Array) -> float:
    inward = inward - first * (first @ inward)
    inward = inward / np.linalg.norm(inward)
    return float(np.degrees(np.arctan2(second @ inward, second @ first)))


def arm_angles(upper: Array, fore: Array, hinge: Array, axes: Array, torso: Array, out: float) -> dict[str, Array]:
    """Degrees of an arm's joints, each (...,).

    Args:
        upper: (..., 3) unit direction of the upper arm.
        fore: (..., 3) unit direction of the forearm.
        hinge: (..., 3) unit, about which the elbow bends.
        axes: (3, 3) posed axes of the hand, see ``Rest``.
        torso: (3, 3) of the trunk.
        out: 1 right, -1 left.
    """
    bend = np.cross(hinge, fore)  # where the forearm goes as the elbow bends: the thumb's side when neutral
    local = upper @ torso
    return {
        "wrist_flexion": _degrees(-fore @ axes[:, 2]),
        "wrist_ulnar": _degrees(fore @ axes[:, 1]),
        "pronation": np.degrees(np.arctan2(-(bend @ axes[:, 2]), -out * (hinge @ axes[:, 2]))),
        "elbow": np.degrees(np.arccos(np.clip((upper * fore).sum(-1), -1, 1))),
        "arm_back": _degrees(-local[..., 1]),
        "arm_across": _degrees(-out * local[..., 0]),
        "arm_up": _degrees(local[..., 2]),
    }


def _degrees(sine: Array) -> Array:
    return np.asarray(np.degrees(np.arcsin(np.clip(sine, -1, 1))))


def posed_arm_angles(posed: Posed, hand: Rest, torso: Array) -> dict[str, float]:
    """Degrees of the joints of a posed arm; ``torso`` is (3, 3)."""
    side, figure = hand.side, posed.figure
    shoulder, elbow, wrist = (posed.head(f"{name}.{side}") for name in ("upperarm01", "lowerarm01", "wrist"))
    upper, fore = _unit(elbow - shoulder), _unit(wrist - elbow)
    hinge = posed.rotation(f"upperarm01.{side}") @ rest_hinge(figure, side)
    axes = posed.rotation(f"wrist.{side}") @ hand.axes
    found = arm_angles(upper, fore, hinge, axes, torso, 1.0 if side == "R" else -1.0)
    return {name: float(value) for name, value in found.items()}


def rest_hinge(figure: Figure, side: str) -> Array:
    """(3,) unit: what the elbow bends about, at rest."""
    shoulder, elbow, wrist = (figure.head(f"{name}.{side}") for name in ("upperarm01", "lowerarm01", "wrist"))
    return _unit(np.cross(elbow - shoulder, wrist - elbow))


def _unit(vector: Array) -> Array:
    return np.asarray(vector / np.linalg.norm(vector))


def beyond(angles: Mapping[str, float]) -> dict[str, float]:
    """Degrees by which joints are outside their limits; those inside are left out. A number after ``_`` is a finger."""
    found = {}
    for name, angle in angles.items():
        stem, _, last = name.rpartition("_")
        low, high = LIMITS[stem if last.isdigit() else name]
        excess = max(low - angle, angle - high)
        if excess > 0:
            found[name] = excess
    return found
