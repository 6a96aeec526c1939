"""What a renderer hands on: frames of radiance with ground truth. Nothing here knows of Blender."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from generator.camera import Lens, Readout
from generator.motion.timeline import BodyMeasures, Timeline
from generator.scenario.spec import ClipSpec

Float = NDArray[np.float64]
Single = NDArray[np.float32]

NEAR_VIEW = 1.0
"""How far, in frame widths and heights, amodal boxes are followed outside the picture on each side."""


@dataclass(frozen=True)
class Track:
    """One thing that is labelled through the whole clip; ``track_id`` is its value in the instance map."""

    track_id: int
    category: str
    role: str = ""
    keypoints: tuple[str, ...] = ()


@dataclass(frozen=True)
class ObjectTruth:
    """One track in one frame, as if nothing stood in front of it.

    Attributes:
        track_id: of the track.
        T_world_object: (4, 4) object to world in the middle of the read-out.
        amodal_box: x, y, width, height in pixels of the whole object, followed up to ``NEAR_VIEW`` frames outside
            the picture; None when it is wholly outside the picture.
        amodal_px: pixels inside the picture that the object would cover with nothing in front of it.
        percent_in_frame: share of its projected area that lies inside the picture, 0..1.
        keypoints: (k, 3) world positions, or (3, k, 3) where they are at the first row, the middle and the last row, or None.
        frames: (3, 4, 4) object to world at the first row, the middle and the last row; all the same where left out.
        occluder: track that hides most of what is hidden of it inside the picture, 0 = background structure; None where nothing is.
    """

    track_id: int
    T_world_object: Float
    amodal_box: tuple[float, float, float, float] | None
    amodal_px: int
    percent_in_frame: float
    keypoints: Float | None = None
    frames: Float | None = None
    occluder: int | None = None


@dataclass(frozen=True)
class Frame:
    """One frame: radiance and ground truth at the same pixels.

    Attributes:
        index: frame number, from 0.
        t: time of the frame in seconds.
        T_world_camera: (4, 4) camera (OpenCV axes) to world in the middle of the read-out.
        radiance: (H, W, 3) float32, scene-linear Rec.709, before exposure, smeared and sheared by the shutter.
        instance: (H, W) uint16, track ids, 0 = background structure.
        depth: (H, W) float32, metres along the pixel's ray, inf = sky.
        flow_forward: (H, W, 2) float32, pixels right and down to the next frame, NaN where undefined.
        flow_backward: the same to the previous frame.
        normal: (H, W, 3) float32, the surface's unit normal in camera axes as the pixel's row is read, turned to the camera; zero
            where there is no surface (sky, bars, the muzzle flash).
        objects: the tracks that are in or near the view.
        readout: the camera while the frame's rows were read; where left out, all rows were read at once.
    """

    index: int
    t: float
    T_world_camera: Float
    radiance: Single
    instance: NDArray[np.uint16]
    depth: Single
    flow_forward: Single
    flow_backward: Single
    normal: Single
    objects: tuple[ObjectTruth, ...]
    readout: Readout | None = None


@dataclass(frozen=True)
class Exposures:
    """The device's decision for every frame, from metering.

    Attributes:
        exposure_s: (n,) shutter time in seconds.
        gain: (n,) sensor gain, 1 = base.
        ev: (n,) log2 of the factor from radiance to a linear picture in which 1 is white; multiples of 1/16.
    """

    exposure_s: Float
    gain: Float
    ev: Float


@dataclass(frozen=True)
class Meter:
    """Tiny pictures of the clip before it is rendered.

    Attributes:
        t: (m,) times in seconds, ascending.
        radiance: (m, h, w, 3) float32, scene-linear.
    """

    t: Float
    radiance: Single


class Rendering(Protocol):
    """One clip being rendered. Use as a context manager; scratch files go when it closes."""

    camera: Lens
    readout_s: float
    """Seconds from the first row to the last; 0 where the shutter is global."""
    tracks: tuple[Track, ...]
    render_s: float
    """Seconds spent inside the engine so far (picture and label; metering not counted)."""

    def __enter__(self) -> "Rendering":
        """Builds the scene."""

    def __exit__(self, *error: object) -> None:
        """Frees the scene and its scratch files."""

    def meter(self) -> Meter:
        """Renders the metering pictures."""

    def frames(
        self, exposures: Exposures, report: Callable[[float], None], wanted: Sequence[int] | None = None
    ) -> Iterator[Frame]:
        """Renders the clip: pictures first (spooled), then labels, joined frame by frame in order.

        Args:
            exposures: of all frames.
            report: called with the frames done so far; a frame counts in parts, what is not wanted as done.
            wanted: numbers of the frames that are asked for, ascending; all where left out. Each is the same whatever else is.
        """

    def provenance(self) -> dict[str, str]:
        """What rendered, with versions."""


class Renderer(Protocol):
    """Makes renderings; one a process."""

    def measures(self, spec: ClipSpec) -> BodyMeasures:
        """Measures of the wearer's body, which motion depends on."""

    def open(self, spec: ClipSpec, timeline: Timeline, quality: str) -> Rendering:
        """A rendering of the clip; ``quality`` names a profile of ``configs/quality``."""
