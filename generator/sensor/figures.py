"""Figures of every device profile, to set beside real footage: ``python -m generator.sensor.figures``; the last line is JSON.

Noise is measured on a flat grey, the power spectrum on invented pictures with the statistics of natural ones, both developed.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generator.frame import Exposures, Meter
from generator.motion.build import build_timeline
from generator.scenario.device import Device
from generator.scenario.profiles import device_names, device_tree
from generator.scenario.spec import ClipSpec
from generator.sensor.develop import Developer
from generator.sensor.exposure import LUMINANCE

Array = NDArray[np.float64]
Single = NDArray[np.float32]

BAND = (0.03, 0.4)
"""Cycles a pixel between which the slope is fitted."""

GAINS = (1.0, 4.0, 16.0, 32.0)

_SIZE = (640, 360)


@dataclass(frozen=True)
class ProfileFigures:
    """One profile: noise (8-bit levels rms) at GAINS, and the slope of the power spectrum by day and at a gain of 16."""

    noise: tuple[float, ...]
    slope_day: float
    slope_dark: float


def spectrum_slope(grey: Array) -> float:
    """Slope of log power over log frequency, fitted over BAND.

    The power spectrum of the (H, W) picture under a Hann window, averaged over all directions in 24 bins even in log frequency
    (Burton and Moorhead 1987; Field 1987: natural pictures have about -2).
    """
    height, width = grey.shape
    window = np.hanning(height)[:, None] * np.hanning(width)[None, :]
    power = np.abs(np.fft.fft2((grey - np.average(grey, weights=window)) * window)) ** 2
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None, :])
    edges = np.geomspace(*BAND, 25)
    where = np.digitize(frequency, edges)
    level = np.array([power[where == k].mean() for k in range(1, len(edges))])
    middle = np.sqrt(edges[1:] * edges[:-1])
    return float(np.polyfit(np.log(middle), np.log(level), 1)[0])


def dead_leaves(width: int, height: int, rng: np.random.Generator) -> Single:
    """(H, W, 3) linear picture of discs that hide each other, sizes as r^-3, shaded and with a little texture.

    The model whose edges and spectrum are nearest to those of natural pictures (Lee, Mumford and Huang 2001). Drawn at twice the
    size and averaged, as a renderer's pixels are.
    """
    w, h = 2 * width, 2 * height
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    picture = np.full((h, w, 3), 0.25, np.float32)
    small, large = 6.0, 0.6 * h
    radii = 1 / np.sqrt(rng.uniform(1 / large**2, 1 / small**2, 4000))
    for radius in radii:
        cy, cx = rng.uniform(-radius, h + radius), rng.uniform(-radius, w + radius)
        rows = slice(max(int(cy - radius), 0), max(int(cy + radius) + 1, 0))
        columns = slice(max(int(cx - radius), 0), max(int(cx + radius) + 1, 0))
        dy, dx = y[rows, columns] - cy, x[rows, columns] - cx
        inside = dy**2 + dx**2 < radius**2
        shade = 1 + 0.3 * (dx * np.cos(radius) + dy * np.sin(radius)) / radius
        colour = np.exp(rng.normal(np.log(0.2), 0.7)) * np.clip(rng.normal(1, 0.12, 3), 0.5, 1.5)
        picture[rows, columns][inside] = (shade[..., None] * colour.astype(np.float32))[inside]
    return picture.reshape(height, 2, width, 2, 3).mean((1, 3))


def profile_spec(device: Mapping[str, Any], size: tuple[int, int] = _SIZE, seed: int = 0) -> ClipSpec:
    """A clip whose device is what is looked at; of the scene only the lamps count, and they do not flicker."""
    only_negative = device["capture"] in ("game", "film")
    body = {
        "sex": "female",
        "age": 30.0,
        "height": 0.5,
        "weight": 0.5,
        "muscle": 0.5,
        "ancestry": "asian",
        "skin_tone": 5,
    }
    dress = {
        "top": "shirt", "colour": "navy", "sleeves": "long", "gloves": "none", "glove_kind": "knit", "glove_colour": "black",
        "vest": False, "watch": "none",
    }  # fmt: skip
    return ClipSpec.from_tree(
        {
            "scenario": "figures", "family": "negative" if only_negative else "range_drill", "seed": seed, "variant": 0,
            "environment": {
                "kind": "shoothouse_corridor", "time": "day", "length": 14.0, "width": 2.1, "height": 2.6, "doors": 0,
                "doors_open": 0.0, "wall": "plywood", "floor": "concrete", "wear": 0.5, "clutter": 0.0, "targets": 0,
                "lights": {"fixture": "panel", "spacing": 3.0, "lumens": 2400.0, "temperature": 4000.0, "dead": 0.0, "mains": 50,
                           "flicker": 0.0},
            },
            "people": [], "wearer": {"body": body, "dress": dress},
            "camera": {"mount": "chest", "path": {"kind": "static"}, "look_around": 0.0},
            "device": dict(device), "weapon": None, "clip": {"duration": 0.5, "fps": 24.0, "size": list(size)},
        }
    )  # fmt: skip


def developed(spec: ClipSpec, linear: Single, gain: float, index: int = 0) -> NDArray[np.uint8]:
    """A picture of linear levels (1 is white), developed at a gain."""
    n = spec.n_frames
    exposures = Exposures(np.full(n, 0.01), np.full(n, gain), np.zeros(n))
    grey = np.full((1, 9, 16, 3), 0.2, np.float32)
    depth = np.full(linear.shape[:2], getattr(spec.device.look, "focus", 3.0), np.float32)
    developer = Developer.of(spec, Meter(np.zeros(1), grey), exposures, build_timeline(spec))
    return developer.develop(linear, depth, index)


def measured(device: Mapping[str, Any], pictures: list[Single]) -> ProfileFigures:
    """Figures of a device."""
    device = {**device, "overlay": None, "look": _without_instruments(device)}
    spec = profile_spec(device, _SIZE)
    flat = np.full((_SIZE[1], _SIZE[0], 3), 0.18, np.float32)

    def noise(gain: float) -> float:
        one, other = (developed(spec, flat, gain, k).astype(float) @ LUMINANCE for k in (0, 1))
        return float(np.std((one - other)[120:240, 220:420]) / np.sqrt(2))

    def slope(gain: float) -> float:
        return float(
            np.mean([spectrum_slope((developed(spec, p, gain).astype(float) @ LUMINANCE)[50:310]) for p in pictures])
        )

    most = Device.model_validate(spec.device).exposure.max_gain
    return ProfileFigures(tuple(noise(min(g, most)) for g in GAINS), slope(1.0), slope(min(16.0, most)))


def _without_instruments(device: Mapping[str, Any]) -> dict[str, Any] | None:
    look = device.get("look")
    return {**look, "crosshair": "none", "display": False} if look and look["kind"] == "game" else look


def main() -> None:
    """Prints a table of all profiles; the last line is JSON."""
    pictures = [dead_leaves(*_SIZE, np.random.default_rng(k)) for k in range(3)]
    found = {name: measured(device_tree(name), pictures) for name in device_names()}
    heads = " ".join(f"noise@{gain:<3g}" for gain in GAINS)
    sys.stdout.write(f"{'profile':20} {heads}  slope day  slope dark\n")
    for name, figures in found.items():
        noise = " ".join(f"{value:9.2f}" for value in figures.noise)
        sys.stdout.write(f"{name:20} {noise}  {figures.slope_day:9.2f}  {figures.slope_dark:10.2f}\n")
    raw = float(np.mean([spectrum_slope(p.astype(float) @ LUMINANCE) for p in pictures]))
    sys.stdout.write(f"{'(before the device)':20} {raw:50.2f}\n")
    sys.stdout.write(json.dumps({name: vars(figures) for name, figures in found.items()}) + "\n")


if __name__ == "__main__":
    main()
