"""Whether pictures lie on their labels: masks against what a device's exposure really gathers of each object.

``python -m generator.render.centroids`` prints medians by third of the frame; the last line is JSON, and the exit code is 1 where
a median reaches ``ALLOWED``.

An object is rendered white on black, without noise, through the very code that renders pictures (``generator.render.motion``: the
same instants, rows and shutter), so that each pixel holds the share of its exposure for which the object was seen. Mask and
coverage then have the same centroid if labels are taken in the middle of each row's exposure. A skew between the rows of both
would cancel in a mean over the frame; hence the thirds.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Exposures
from generator.motion.build import build_timeline
from generator.paths import project_root
from generator.render import scenes
from generator.render.cycles import CyclesRenderer, CyclesRendering, read_passes, read_radiance
from generator.render.profile import Profile
from generator.scenario.plan import load_sources, plan
from generator.scenario.spec import ClipSpec
from generator.sensor.exposure import decide_exposures
from generator.tracks import TRACK_FLASH
from generator.world.stage import Stage

ALLOWED = 0.5
"""Pixels that a median may reach."""

THIRDS = ("top", "middle", "bottom")

_CHANNELS = 3
"""Objects that one render shows, each in a colour of its own."""

_FEWEST_PX = 12
"""Smaller masks are mostly outline: their centroid is that of a few pixel centres."""

_SAMPLES = 16

_EVERY = 2
"""Frames from one that is looked at to the next."""

_SEED = 4
_CASES: tuple[tuple[str, str], ...] = (("bodycam_wide", "chest"), ("chest_140", "chest"), ("helmet_rectilinear", "helmet"),
                                       ("weapon_mounted", "weapon"))  # fmt: skip
_SCENE: Mapping[str, Any] = {
    "twins": [], "clip": {"duration": 2.7, "fps": 6, "size": [640, 360]}, "camera.path": {"kind": "advance", "speed": 1.3},
    "weapon.kind": "training_pistol",
    "weapon.behaviour": [{"do": "low_ready", "for": 0.3}, {"do": "aim", "at": "ahead", "for": 0.3, "raise_time": 0.4},
                         {"do": "fire", "shots": 3, "interval": 0.25}, {"do": "lower"}],
}  # fmt: skip
"""A walk with shots in the shipped corridor, by the devices' own exposure."""


@dataclass(frozen=True)
class Offset:
    """One object in one frame.

    Attributes:
        frame: number of the frame.
        track_id: of the object.
        row: height of the mask's centroid as a share of the picture's, 0 at the top.
        right, down: pixels from the mask's centroid to that of the picture.
        smear: pixels that the coverage is wider than the mask, root mean square from the centroid: how much it moved.
    """

    frame: int
    track_id: int
    row: float
    right: float
    down: float
    smear: float

    @property
    def pixels(self) -> float:
        """Distance of the two centroids."""
        return float(np.hypot(self.right, self.down))

    @property
    def third(self) -> str:
        """Third of the frame that the mask's centroid lies in."""
        return THIRDS[min(int(3 * self.row), 2)]


def offsets(spec: ClipSpec, frames: Sequence[int] | None = None, samples: int = _SAMPLES) -> Iterator[Offset]:
    """Every labelled object of some frames (all where left out) that the frame's border does not cut.

    Where something stands before an object, both masks and pictures show what is left of it. Muzzle flashes, which are no
    surfaces in the picture, are left out.
    """
    renderer = CyclesRenderer()
    timeline = build_timeline(spec, renderer.measures(spec))
    chosen = range(spec.n_frames) if frames is None else frames
    with renderer.open(spec, timeline, "preview") as rendering:
        times = (np.arange(spec.n_frames) + 0.5) / spec.clip.fps
        exposures = decide_exposures(rendering.meter(), spec.device, times, period=1 / spec.clip.fps)
        labels = scenes.label_scene(rendering.stage, rendering.camera.width, rendering.camera.height)
        masks = {index: _mask(rendering, labels, index, exposures) for index in chosen}
        _make_glow(rendering, samples)
        for index, mask in masks.items():
            wanted = [
                track for track in map(int, np.unique(mask)) if track not in (0, TRACK_FLASH) and _whole(mask == track)
            ]
            for start in range(0, len(wanted), _CHANNELS):
                group = wanted[start : start + _CHANNELS]
                cover = _cover(rendering, index, exposures, group)
                for track, plane in zip(group, np.moveaxis(cover, -1, 0), strict=False):
                    if _uncut(plane > 0):
                        yield _offset(index, track, mask == track, plane)


def _mask(rendering: CyclesRendering, labels: bpy.types.Scene, index: int, exposures: Exposures) -> NDArray[np.int64]:
    """(H, W) track ids of a frame, as labels have them."""
    scans = [rendering.scan(index + step, exposures) for step in (-1, 0, 1)]
    passes = read_passes(rendering.render_labels(labels, *scans))
    return np.array([0, *(part.track_id for part in rendering.stage.parts)])[passes.part]


def _whole(mask: NDArray[np.bool_]) -> bool:
    return int(mask.sum()) >= _FEWEST_PX and _uncut(mask)


def _uncut(seen: NDArray[np.bool_]) -> bool:
    return not (seen[[0, -1]].any() or seen[:, [0, -1]].any())


def _make_glow(rendering: CyclesRendering, samples: int) -> None:
    """Lets every surface of the picture shine in its object's colour, and nothing else; labels can no longer be rendered."""
    stage: Stage = rendering.stage
    material = bpy.data.materials.new("glow")
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    nodes.clear()
    colour, light = nodes.new("ShaderNodeObjectInfo"), nodes.new("ShaderNodeEmission")
    links.new(colour.outputs["Color"], light.inputs["Color"])
    links.new(light.outputs[0], nodes.new("ShaderNodeOutputMaterial").inputs["Surface"])
    for thing in stage.collection.all_objects:
        if isinstance(thing.data, bpy.types.Mesh):
            thing.data.materials.clear()
            thing.data.materials.append(material)
            thing.color = (0.0, 0.0, 0.0, 1.0)
        elif isinstance(thing.data, bpy.types.Light):
            thing.data.energy = 0.0
    for thing in list(stage.pictured.objects):  # smoke, covers of lamps, light: labels know nothing of them
        if thing != stage.camera:
            stage.pictured.objects.unlink(thing)
    scene = rendering.pictures
    scene.world = bpy.data.worlds.new("nothing")
    scene.world.color = (0.0, 0.0, 0.0)
    scenes.set_quality(scene, Profile(name="glow", samples=samples, bounces=0, denoise=False))


def _cover(rendering: CyclesRendering, index: int, exposures: Exposures, tracks: Sequence[int]) -> NDArray[np.float32]:
    """(H, W, 3) share of each pixel's exposure for which it shows up to three tracks."""
    for part in rendering.stage.parts:
        if isinstance(part.object.data, bpy.types.Mesh):
            shown = [float(part.track_id == track) for track in tracks]
            part.object.color = (*shown, *[0.0] * (_CHANNELS - len(shown)), 1.0)
    path = rendering.render_picture(rendering.scan(index, exposures, exposed=True), index, exposures)
    cover = read_radiance(path)
    path.unlink()
    return cover


def _offset(index: int, track: int, mask: NDArray[np.bool_], cover: NDArray[np.float32]) -> Offset:
    (x, y, wide), (seen_x, seen_y, seen_wide) = _moments(mask.astype(float)), _moments(cover.astype(float))
    smear = float(np.sqrt(max(seen_wide - wide, 0.0)))
    return Offset(index, track, y / mask.shape[0], seen_x - x, seen_y - y, smear)


def _moments(weights: NDArray[np.float64]) -> tuple[float, float, float]:
    """Centroid (right, down) in pixels and mean square distance from it."""
    y, x = np.mgrid[0 : weights.shape[0], 0 : weights.shape[1]] + 0.5
    total = weights.sum()
    middle = (weights * x).sum() / total, (weights * y).sum() / total
    wide = (weights * ((x - middle[0]) ** 2 + (y - middle[1]) ** 2)).sum() / total
    return float(middle[0]), float(middle[1]), float(wide)


def summary(found: Sequence[Offset]) -> dict[str, dict[str, float]]:
    """By third: number of objects, median distance, median offset right and down, 90th percentile, and median smear; pixels."""
    thirds: dict[str, list[Offset]] = defaultdict(list)
    for offset in found:
        thirds[offset.third].append(offset)
    return {
        third: {
            "objects": len(thirds[third]),
            "median": float(np.median([o.pixels for o in thirds[third]])),
            "right": float(np.median([o.right for o in thirds[third]])),
            "down": float(np.median([o.down for o in thirds[third]])),
            "p90": float(np.quantile([o.pixels for o in thirds[third]], 0.9)),
            "smear": float(np.median([o.smear for o in thirds[third]])),
        }
        for third in THIRDS
        if thirds[third]
    }


def main() -> int:
    """Measures a walk with shots on four mounts; prints a table, the last line is JSON."""
    figures: dict[str, dict[str, dict[str, float]]] = {}
    everything: list[Offset] = []
    for device, mount in _CASES:
        overrides = {**_SCENE, "camera.device": device, "camera.mount": mount}
        scene = project_root() / "scenes" / "land" / "shoothouse_corridor.yaml"
        sources = load_sources([scene], overrides=overrides, variants=1)
        spec = next(plan(sources, _SEED)).spec
        found = list(offsets(spec, range(0, spec.n_frames, _EVERY)))
        everything += found
        figures[device] = summary(found)
        _print(device, figures[device])
    figures["all"] = summary(everything)
    _print("all", figures["all"])
    sys.stdout.write(json.dumps(figures) + "\n")
    return int(len(figures["all"]) < len(THIRDS) or any(row["median"] >= ALLOWED for row in figures["all"].values()))


def _print(name: str, thirds: dict[str, dict[str, float]]) -> None:
    for third, row in thirds.items():
        rest = "  ".join(f"{key} {value:5.2f}" for key, value in row.items() if key != "objects")
        sys.stdout.write(f"{name:20} {third:7} {row['objects']:4} objects  {rest}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
