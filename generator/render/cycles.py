"""Cycles: metering, pictures for the whole clip, then labels for the whole clip, joined frame by frame."""

import ctypes
import gc
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np
import OpenEXR
from numpy.typing import NDArray

from generator.camera import Lens
from generator.frame import Exposures, Frame, Meter, ObjectTruth, Track
from generator.motion.flash import RowFlash, row_flash
from generator.motion.timeline import BodyMeasures, Timeline
from generator.render import scenes
from generator.render.labels import Instant, Mesh, Passes, Scan, barred, by_row, dense_labels, truths
from generator.render.motion import Motion, at_once
from generator.render.profile import Profile, profile
from generator.scenario.device import letterbox
from generator.scenario.spec import ClipSpec
from generator.tracks import TRACK_FLASH
from generator.world.stage import Stage, build_stage, flashed, lens_of
from generator.world.wearer import wearer_measures

METER_STEP = 0.5
"""Seconds between metering pictures: finer than the lag of auto-exposure asks for."""

METER_WIDTH = 48
_PICTURE_SHARE = 0.75
"""Share of a frame's work that is its picture, for the progress bar."""


class CyclesRendering:
    """One clip in Blender; see ``generator.frame.Rendering``."""

    def __init__(self, spec: ClipSpec, timeline: Timeline, quality: Profile, *, wearer: bool = True) -> None:
        width, height = spec.clip.size
        self.camera: Lens = lens_of(spec.device, width, height)
        self.readout_s = spec.device.shutter.readout
        self._bars = letterbox(spec.device, width, height)
        self.tracks: tuple[Track, ...] = ()
        self.render_s = 0.0
        self._spec, self._timeline, self._quality, self._wearer = spec, timeline, quality, wearer
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> "CyclesRendering":
        """Builds the scene."""
        self._folder = tempfile.TemporaryDirectory(prefix="bodyworn-frames-")
        self._scratch = Path(self._folder.name)
        with scenes.quiet():
            self.stage: Stage = build_stage(self._spec, self._timeline, wearer=self._wearer)
        self.motion = Motion(self.stage)
        self.tracks = self.stage.tracks
        self.pictures = scenes.picture_scene(self.stage, self.camera.width, self.camera.height)
        self._meshes = _meshes(self.stage)
        return self

    def __exit__(self, *error: object) -> None:
        """Frees Blender's data and the scratch files."""
        with scenes.quiet():
            bpy.ops.wm.read_factory_settings(use_empty=True)
            bpy.data.orphans_purge(do_recursive=True)
        if self._folder is not None:
            self._folder.cleanup()
        # Bodies and things would be held while memory is given back.
        del self.stage, self.motion, self.pictures, self._meshes
        _give_back_memory()

    def provenance(self) -> dict[str, str]:
        """What rendered, with versions."""
        return {"renderer": "cycles", "blender": bpy.app.version_string, "samples": str(self._quality.samples)}

    def meter(self) -> Meter:
        """Tiny pictures every ``METER_STEP`` seconds, without flashes, the same for every quality."""
        render = self.pictures.render
        width = METER_WIDTH
        height = max(2, round(width * self.camera.height / self.camera.width))
        render.resolution_x, render.resolution_y = width, height
        scenes.set_metering(self.pictures)
        times = np.arange(0, self._timeline.duration, METER_STEP) + 0.5 / self._timeline.fps
        found = []
        for t in times:
            moment = flashed(self._timeline.at(float(t)), 0.0, 0)
            instant = Instant(float(t), moment.T_world_camera, self.stage.placements(moment))
            path = self._scratch / "meter.exr"
            self.motion.render(self.pictures, path, at_once(instant), 0.0, 0.0)
            found.append(read_radiance(path))
        render.resolution_x, render.resolution_y = self.camera.width, self.camera.height
        return Meter(times, np.stack(found))

    def frames(
        self, exposures: Exposures, report: Callable[[float], None], wanted: Sequence[int] | None = None
    ) -> Iterator[Frame]:
        """Pictures first, spooled to scratch, then labels; a switch between scenes would rebuild everything."""
        n = self._spec.n_frames
        chosen = tuple(range(n)) if wanted is None else tuple(wanted)
        # Numpy's share of the work runs in a thread: the engine keeps to this one, and lets Python run while it renders.
        with ThreadPoolExecutor(1) as pool:
            self._render_pictures(chosen, exposures, report, pool)
            labels = scenes.label_scene(self.stage, self.camera.width, self.camera.height)
            waiting: deque[Future[Frame]] = deque()
            for index, (before, here, after) in self._neighbours(chosen, exposures, pool):
                passes = self._label_passes(labels, before, here, after)
                if self._flash_in(passes, here.unlit):
                    dark = pool.submit(self.scan, index, exposures, lit=False).result()
                    passes = by_row(passes, self._label_passes(labels, before, dark, after), here.unlit)
                waiting.append(pool.submit(self._joined, index, passes, before, here, after))
                if len(waiting) > 1:
                    yield waiting.popleft().result()
                report(_PICTURE_SHARE * n + (1 - _PICTURE_SHARE) * (index + 1))
            while waiting:
                yield waiting.popleft().result()
            report(float(n))

    def _neighbours(
        self, chosen: Sequence[int], exposures: Exposures, pool: ThreadPoolExecutor
    ) -> Iterator[tuple[int, tuple[Scan, Scan, Scan]]]:
        """Each frame's number, and what is in place before, in and after it, found while the one before is rendered."""
        found: dict[int, Future[Scan]] = {}

        def ask(index: int) -> None:
            for near in (index - 1, index, index + 1):
                if near not in found:
                    found[near] = pool.submit(self.scan, near, exposures)

        for index, following in zip(chosen, (*chosen[1:], None), strict=True):
            ask(index)
            before, here, after = (found[near].result() for near in (index - 1, index, index + 1))
            if following is not None:
                ask(following)
                for past in [near for near in found if near < following - 1]:
                    del found[past]
            yield index, (before, here, after)

    def _joined(self, index: int, passes: Passes, before: Scan, here: Scan, after: Scan) -> Frame:
        """The spooled picture and the labels of one frame."""
        dense = dense_labels(passes, self.stage.parts, self.camera, before, here, after)
        dense = barred(dense, self._bars)
        return Frame(
            index=index,
            t=here.middle.t,
            T_world_camera=here.middle.T_world_camera,
            radiance=self._spooled(index, here.lit),
            instance=dense.instance,
            depth=dense.depth,
            flow_forward=dense.flow_forward,
            flow_backward=dense.flow_backward,
            normal=dense.normal,
            objects=tuple(self._truths(here, dense.instance)),
            readout=here.readout(self.camera),
        )

    def _render_pictures(
        self, chosen: Sequence[int], exposures: Exposures, report: Callable[[float], None], pool: ThreadPoolExecutor
    ) -> None:
        scenes.set_quality(self.pictures, self._quality)
        coming: deque[Future[Scan]] = deque()
        for index, following in zip(chosen, (*chosen[1:], None), strict=True):
            scan = coming.popleft().result() if coming else self.scan(index, exposures, exposed=True)
            if following is not None:
                coming.append(pool.submit(self.scan, following, exposures, exposed=True))
            if scan.lit is not None:
                dark = pool.submit(self.scan, index, exposures, exposed=True, lit=False).result()
                self._timed_picture(dark, index, exposures).rename(self._picture_path(index, "dark"))
            self._timed_picture(scan, index, exposures)
            report(_PICTURE_SHARE * (index + 1))

    def _timed_picture(self, scan: Scan, index: int, exposures: Exposures) -> Path:
        start = time.perf_counter()
        path = self.render_picture(scan, index, exposures)
        self.render_s += time.perf_counter() - start
        return path

    def render_picture(self, scan: Scan, index: int, exposures: Exposures) -> Path:
        """Renders a frame's picture to scratch, from what is in place while it is exposed."""
        exposure = float(exposures.exposure_s[index])
        path = self._picture_path(index)
        self.pictures.cycles.seed = index
        self.motion.render(self.pictures, path, scan, self.readout_s + exposure, exposure)
        return path

    def flash(self, index: int, exposures: Exposures) -> RowFlash:
        """Flashes as the rows of a frame see them."""
        t = (index + 0.5) / self._timeline.fps
        exposure = float(exposures.exposure_s[min(max(index, 0), self._spec.n_frames - 1)])
        return row_flash(self._timeline, t, exposure, self.readout_s, self.camera.height)

    def scan(self, index: int, exposures: Exposures, *, exposed: bool = False, lit: bool = True) -> Scan:
        """Everything while a frame is read, or while it is ``exposed``; one frame beyond the clip on both sides.

        A flash is as the row that sees most of it has it, or is left out where not ``lit``.
        """
        t = (index + 0.5) / self._timeline.fps
        exposure = float(exposures.exposure_s[min(max(index, 0), self._spec.n_frames - 1)])
        half = 0.5 * (self.readout_s + exposure * exposed)
        flash = self.flash(index, exposures)
        brightness, shot = (flash.peak, flash.shot) if lit else (0.0, 0)
        middle = self.instant(t, brightness, shot)
        if half == 0:
            return at_once(middle)
        first, last = self.instant(t - half, brightness, shot), self.instant(t + half, brightness, shot)
        return Scan((first, middle, last), flash.shares if lit else None)

    def instant(self, t: float, brightness: float = 0.0, shot: int = 0) -> Instant:
        """Everything at a time, with the flash as the frame's exposure has it."""
        moment = flashed(self._timeline.at(t), brightness, shot)
        return Instant(t, moment.T_world_camera, self.stage.placements(moment))

    def _picture_path(self, index: int, kind: str = "picture") -> Path:
        return self._scratch / f"{kind}-{index:06d}.exr"

    def _spooled(self, index: int, lit: NDArray[np.float64] | None) -> NDArray[np.float32]:
        """A frame's picture: light adds up, so each row has its share of what the flash adds to the picture without it."""
        radiance = self._taken(self._picture_path(index))
        if lit is None:
            return radiance
        dark = self._taken(self._picture_path(index, "dark"))
        share = lit.astype(np.float32)[:, None, None]
        return np.asarray((1 - share) * dark + share * radiance)

    @staticmethod
    def _taken(path: Path) -> NDArray[np.float32]:
        radiance = read_radiance(path)
        path.unlink()
        return radiance

    def _flash_in(self, passes: Passes, rows: NDArray[np.bool_]) -> bool:
        """Whether the flash is at a pixel of these rows."""
        numbers = [number for number, part in enumerate(self.stage.parts, 1) if part.track_id == TRACK_FLASH]
        return bool((np.isin(passes.part, numbers) & rows[:, None]).any())

    def _label_passes(self, labels: bpy.types.Scene, before: Scan, here: Scan, after: Scan) -> Passes:
        start = time.perf_counter()
        path = self.render_labels(labels, before, here, after)
        self.render_s += time.perf_counter() - start
        return read_passes(path)

    def render_labels(self, labels: bpy.types.Scene, before: Scan, here: Scan, after: Scan) -> Path:
        """Renders a frame's labels, with the movement of deforming surfaces."""
        path = self._scratch / "labels.exr"
        self.motion.labels(labels, path, (before, here, after), self.readout_s)
        return path

    def _truths(self, here: Scan, instance: NDArray[np.uint16]) -> Iterator[ObjectTruth]:
        moments = [self._timeline.at(instant.t) for instant in here.instants]
        readout, still = here.readout(self.camera), self.stage.still_placements()
        for truth in truths(self.stage.parts, here, self._meshes, readout, instance, still):
            found = [self.stage.keypoints(moment, truth.track_id) for moment in moments]
            points = [place for place in found if place is not None]
            yield replace(truth, keypoints=np.stack(points) if len(points) == len(found) else None)


class CyclesRenderer:
    """Makes renderings with Blender's Cycles on the CPU.

    Args:
        wearer: whether the wearer and what is held are built; a look at places does without.
    """

    def __init__(self, *, wearer: bool = True) -> None:
        self._wearer = wearer

    def measures(self, spec: ClipSpec) -> BodyMeasures:
        """Measures of the wearer's solved body."""
        return wearer_measures(spec.wearer)

    def open(self, spec: ClipSpec, timeline: Timeline, quality: str) -> CyclesRendering:
        """A rendering of the clip.

        Raises:
            UserError: the quality has no profile.
        """
        return CyclesRendering(spec, timeline, profile(quality), wearer=self._wearer)


def _give_back_memory() -> None:
    """Makes glibc return what the clip has freed; otherwise a process grows by some 70 MB a clip."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _meshes(stage: Stage) -> list[Mesh | None]:
    """Vertices and triangles of every labelled part."""
    found: list[Mesh | None] = []
    for part in stage.parts:
        mesh = part.object.data
        if not part.track_id or not part.in_labels or not isinstance(mesh, bpy.types.Mesh):
            found.append(None)
            continue
        vertices = np.empty(3 * len(mesh.vertices), np.float32)
        mesh.vertices.foreach_get("co", vertices)
        mesh.calc_loop_triangles()
        triangles = np.empty(3 * len(mesh.loop_triangles), np.int32)
        mesh.loop_triangles.foreach_get("vertices", triangles)
        found.append(Mesh(vertices.reshape(-1, 3).astype(float), triangles.reshape(-1, 3)))
    return found


def read_radiance(path: Path) -> NDArray[np.float32]:
    """(H, W, 3) scene-linear picture of an OpenEXR file."""
    with OpenEXR.File(str(path)) as file:
        channels = file.channels()
        pixels = channels["RGBA"].pixels if "RGBA" in channels else channels["RGB"].pixels
        return np.ascontiguousarray(pixels[..., :3], np.float32)


def read_passes(path: Path) -> Passes:
    """What a label render has written."""
    with OpenEXR.File(str(path), separate_channels=True) as file:
        channels = {name.partition(".")[2]: np.array(channel.pixels) for name, channel in file.channels().items()}

    def vector(name: str, letters: str) -> NDArray[np.float32]:
        return np.stack([channels[f"{name}.{letter}"] for letter in letters], -1).astype(np.float32)

    return Passes(
        position=vector("Position", "XYZ"),
        normal=vector(scenes.NORMAL, "RGB"),
        part=np.rint(channels["IndexOB.X"]).astype(np.int32),
        own=tuple(vector(name, "RGB") for name in scenes.OWN),
        to_next=tuple(vector(name, "RGB") for name in scenes.TO_NEXT),
        to_previous=tuple(vector(name, "RGB") for name in scenes.TO_PREVIOUS),
    )
