"""Time within a frame: Cycles samples it, and what moves is put in place for it at three instants."""

from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np

from generator.render import scenes
from generator.render.labels import Instant, Scan
from generator.world.stage import Stage

_FRAME = 1
"""What a new scene counts as now; Cycles asks for parts of a frame before and after it."""

_SHORTEST = 1e-3
"""Frames; a shutter of none at all would be no motion, for which Cycles builds the scene otherwise."""


class Motion:
    """Puts the three instants of an exposure in place while Cycles samples time."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        for part in stage.parts:
            part.object.cycles.motion_steps = 1  # samples of time: 2 ** steps + 1
            if part.deforming:
                # Cycles follows vertices only of meshes that something deforms; this wave is none.
                part.object.modifiers.new("moves", "WAVE").height = 0.0
        stage.camera.cycles.motion_steps = 1

    def render(self, scene: bpy.types.Scene, path: Path, scan: Scan, seconds: float, exposure: float) -> None:
        """Renders while rows are read and exposed.

        Cycles spreads the rows over ``shutter (1 - duration)``: they are read in the rest of the time.

        Args:
            scene: picture or labels.
            path: the file.
            scan: what is in place.
            seconds: from the first to the last instant.
            exposure: part of that for which every row is open; 0 for labels.
        """
        render = scene.render
        render.motion_blur_shutter = max(seconds * render.fps / render.fps_base, _SHORTEST)
        scene.cycles.rolling_shutter_type = "TOP" if exposure < seconds else "NONE"
        scene.cycles.rolling_shutter_duration = exposure / seconds if seconds else 0.0

        def placed(changed: bpy.types.Scene, _graph: object = None) -> None:
            off = changed.frame_current + changed.frame_subframe - _FRAME
            self._apply(scan, 1 + (off > _SHORTEST / 4) - (off < -_SHORTEST / 4))

        self._apply(scan, 1)
        # Only meanwhile: Blender does not end while someone listens.
        bpy.app.handlers.frame_change_pre.append(placed)
        try:
            scenes.render_to(scene, path)
        finally:
            bpy.app.handlers.frame_change_pre.remove(placed)

    def labels(self, scene: bpy.types.Scene, path: Path, scans: tuple[Scan, Scan, Scan], seconds: float) -> None:
        """Renders labels of the middle one of three frames, with the movement of deforming surfaces between them."""
        before, here, after = scans
        for which, part in enumerate(self._stage.parts[: len(here.middle.placements)]):
            if part.deforming:
                past, now, future = (scan.vertices(which) for scan in (before, here, after))
                for name, other in zip(scenes.MOVEMENTS, (now[0], now[2], *future, *past), strict=True):
                    movement = (other - now[1]).astype(np.float32)
                    part.object.data.attributes[name].data.foreach_set("vector", movement.ravel())
        self.render(scene, path, here, seconds, 0.0)

    def _apply(self, scan: Scan, which: int) -> None:
        """Puts an instant in place; what is there, and how bright, is as in the middle."""
        instant, middle = scan.instants[which], scan.middle
        places = middle.placements
        if instant is not middle:
            places = tuple(
                replace(there, matrix=here.matrix, vertices=here.vertices) if here.visible else there
                for here, there in zip(instant.placements, middle.placements, strict=True)
            )
        self._stage.apply(places, instant.T_world_camera)


def at_once(instant: Instant) -> Scan:
    """A scan in which nothing moves."""
    return Scan((instant, instant, instant))
