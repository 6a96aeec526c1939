"""``make devices``: every device profile films, lit well and badly, and the decoded video is set beside real footage.

``python -m generator.farm.devices OUT [DEVICE ...]`` renders what OUT lacks (run it again to continue), and prints a table; the
last line is JSON. The exit code is 1 where a clip was quarantined or a figure misses its bar.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from generator.dataset.reader import Clip, open_dataset
from generator.errors import UserError
from generator.farm.run import Run, render_run
from generator.paths import project_root
from generator.scenario.device import FILM_FPS, ONLY_NEGATIVE, letterbox
from generator.scenario.profiles import device_names
from generator.scenario.spec import ClipSpec
from generator.sensor.footage import clip_slope, frame_noise

SEED = 4

SLOPES: Mapping[str, tuple[float, float]] = {"device": (-4.7, -2.9), "game": (-2.9, -2.1)}
"""Slope of the power spectrum of real footage, 0.03 to 0.4 cycles a pixel: of cameras, and about that of games (-2.5)."""

_LAND, _NEGATIVE = "scenes/land/shoothouse_corridor.yaml", "scenes/negatives"
_USES: Mapping[str, tuple[str, str]] = {
    "action_linear": (_LAND, "helmet"),
    "action_wide": (_LAND, "helmet"),
    "bodycam_wide": (_LAND, "chest"),
    "chest_140": (_LAND, "chest"),
    "film_camera": (f"{_NEGATIVE}/film_scene.yaml", "helmet"),
    "game_capture": (f"{_NEGATIVE}/game_footage.yaml", "helmet"),
    "helmet_rectilinear": (_LAND, "helmet"),
    "phone": (_LAND, "hand"),
    "shoulder": (_LAND, "shoulder"),
    "spectacle": (_LAND, "spectacle"),
    "weapon_mounted": (_LAND, "weapon"),
}
"""Scenario and mount in which each device films."""

_SCENE: Mapping[str, Any] = {
    "clip.size": [640, 360],
    "camera.path": {"kind": "advance", "speed": 1.0},
    "weapon.kind": "training_pistol",
    "environment.time": "day",
    "environment.lights.lumens": 4000,
    "environment.lights.dead": 0.0,
    "twins": [{"environment.time": "night", "environment.lights.lumens": 400}],
}
"""Values of the scenario that are the same for all: a lit corridor, and a tenth of the light, which gain has to make up for."""

_HELD: Mapping[str, Mapping[str, Any]] = {
    "hand": {"weapon.hands": "one"},
    "weapon": {"weapon.kind": "training_carbine"},
}
"""What a mount changes of it."""

_FRAMES = 8


@dataclass(frozen=True)
class Figures:
    """One clip.

    Attributes:
        gain: median over the frames.
        slope: ``footage.clip_slope``.
        noise: ``footage.frame_noise``, 8-bit levels rms, median over the frames.
        level: mean of the picture, 0..255.
    """

    gain: float
    slope: float
    noise: float
    level: float


def scene_of(device: str) -> Path:
    """The scenario file in which a device films."""
    return project_root() / _USES[device][0]


def overrides_of(device: str) -> dict[str, Any]:
    """What is changed in the scenario for a device."""
    fps = FILM_FPS if device == "film_camera" else 15.0
    seconds = _FRAMES / fps
    steps = [
        {"do": "low_ready", "for": 0.15 * seconds},
        {"do": "aim", "at": "ahead", "for": 0.3 * seconds, "raise_time": 0.5 * seconds},
    ]
    return {
        **_SCENE, **_HELD.get(_USES[device][1], {}), "camera.device": device, "camera.mount": _USES[device][1], "clip.fps": fps,
        "clip.duration": seconds, "weapon.behaviour": steps,
    }  # fmt: skip


def render(device: str, out: Path) -> int:
    """Renders what is missing of a device's two clips; the exit code of ``bodyworn render``."""
    return render_run(
        Run(
            (scene_of(device),), str(out / device), SEED, variants=1, overrides=overrides_of(device), quality="standard"
        )
    )


def figures(clip: Clip) -> Figures:
    """Of the decoded video."""
    spec = ClipSpec.from_tree(clip.info["spec"])
    frames = list(clip.frames)
    bars = int(letterbox(spec.device, *spec.clip.size)[: spec.clip.size[1] // 2].all(1).sum())
    noises = [
        frame_noise(here.image, after.image, here.flow_forward.astype(float), here.instance == 0)
        for here, after in pairwise(frames)
    ]
    return Figures(
        gain=float(np.median([row["gain"] for row in clip.frame_rows])),
        slope=clip_slope([frame.image for frame in frames], bars),
        noise=float(np.nanmedian(noises)),
        level=float(np.mean([frame.image for frame in frames])),
    )


def faults(found: Mapping[str, Figures], capture: str) -> list[str]:
    """What misses its bar; ``found`` has the figures of the clips that are whole, by time of day."""
    if set(found) != {"day", "night"}:
        return ["quarantined"]
    low, high = SLOPES["game" if capture == "game" else "device"]
    wrong = [f"slope by {name}" for name, clip in found.items() if not low <= clip.slope <= high]
    if capture not in ONLY_NEGATIVE and not found["night"].noise > found["day"].noise:
        wrong.append("noise does not grow with gain")
    return wrong


def main(arguments: Sequence[str]) -> int:
    """Renders and measures."""
    if not arguments or set(arguments[1:]) - set(_USES):
        raise UserError(f"devices {' '.join(arguments)}: allowed: OUT [DEVICE ...], of {', '.join(_USES)}")
    missing = set(device_names()) - set(_USES)
    if missing:
        raise UserError(
            f"configs/cameras: {', '.join(sorted(missing))} in no scenario; allowed: profiles that _USES names"
        )
    out, devices = Path(arguments[0]), list(arguments[1:]) or list(_USES)
    for device in devices:
        render(device, out)
    everything: dict[str, Any] = {}
    for device in devices:
        clips = {clip.info["spec"]["environment"]["time"]: clip for clip in _whole(out / device)}
        found = {time: figures(clip) for time, clip in sorted(clips.items())}
        capture = next((clip.info["spec"]["device"]["capture"] for clip in clips.values()), "")
        wrong = faults(found, capture)
        for time, clip in found.items():
            sys.stdout.write(
                f"{device:20} {time:6} gain {clip.gain:5.1f}  level {clip.level:5.1f}  slope {clip.slope:6.2f}  "
                f"noise {clip.noise:5.2f}\n"
            )
        sys.stdout.write(f"{device:20} {', '.join(wrong) or 'ok'}\n")
        everything[device] = {"faults": wrong, **{time: asdict(clip) for time, clip in found.items()}}
    sys.stdout.write(json.dumps(everything) + "\n")
    return int(any(row["faults"] for row in everything.values()))


def _whole(folder: Path) -> list[Clip]:
    """The clips of a data set that are committed and not quarantined."""
    data = open_dataset(str(folder))
    return [data[row["clip_id"]] for row in data.index if row["status"] == "ok"]


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except UserError as error:
        sys.exit(f"error: {error}")
