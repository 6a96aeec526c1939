"""H.264 and AAC through PyAV; one encoder thread, so that bytes repeat."""

from array import array
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace
from numpy.typing import NDArray

from generator.origin import DIGITAL_SOURCE_TYPE, NOTICE
from generator.scenario.device import Encoder

_SAMPLES = 1024


class VideoWriter:
    """One MP4 with a picture and a sound track. Use as a context manager; add sound before or after the frames."""

    def __init__(self, path: Path, width: int, height: int, fps: float, encoder: Encoder) -> None:
        self._container: Any = av.open(
            str(path), "w", format="mp4", options={"movflags": "use_metadata_tags+faststart"}
        )
        self._container.metadata.update(
            {"comment": NOTICE, "digital_source_type": DIGITAL_SOURCE_TYPE, "encoder": "bodyworn"}
        )
        rate = Fraction(fps).limit_denominator(1001)
        self._video: Any = self._container.add_stream("libx264", rate=rate)
        self._video.width, self._video.height, self._video.pix_fmt = width, height, "yuv420p"
        self._tick = 1 / rate  # the muxer changes the stream's own once it has written its header
        self._video.codec_context.time_base = self._tick
        self._video.bit_rate = encoder.bit_rate(width, height, fps)
        self._video.codec_context.thread_count = 1
        self._video.codec_context.gop_size = max(1, round(encoder.keyframe_seconds * fps))
        self._video.codec_context.options = {"preset": "veryfast", "bf": "0", "threads": "1"}
        context = self._video.codec_context
        context.color_range, context.colorspace = ColorRange.MPEG, Colorspace.ITU709
        context.color_primaries = context.color_trc = 1  # BT.709
        self._audio: Any = self._container.add_stream("aac", rate=encoder.audio_rate)
        self._audio.codec_context.layout = "mono"
        self._audio.bit_rate = encoder.audio_kbps * 1000
        self._count = 0

    def add(self, image: NDArray[np.uint8]) -> None:
        """Encodes the next frame, (H, W, 3) uint8 sRGB."""
        frame = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(
            format="yuv420p", dst_colorspace=Colorspace.ITU709, dst_color_range=ColorRange.MPEG
        )
        frame.pts = self._count
        frame.time_base = self._tick
        self._count += 1
        self._container.mux(self._video.encode(frame))

    def add_sound(self, samples: NDArray[np.float32]) -> None:
        """Encodes the whole sound track, mono, -1..1."""
        for start in range(0, len(samples), _SAMPLES):
            block = np.ascontiguousarray(samples[None, start : start + _SAMPLES], np.float32)
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = self._audio.rate, start
            frame.time_base = Fraction(1, self._audio.rate)
            self._container.mux(self._audio.encode(frame))

    def __enter__(self) -> "VideoWriter":
        """The writer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Flushes the encoders and closes the file."""
        if error is None:
            self._container.mux(self._video.encode())
            self._container.mux(self._audio.encode())
        self._container.close()


def decoded_frames(source: Any) -> Iterator[NDArray[np.uint8]]:
    """Every picture of a video, (H, W, 3) uint8, in order of time.

    Args:
        source: a path or an open binary file.
    """
    with av.open(source if not isinstance(source, Path) else str(source)) as container:
        for frame in container.decode(video=0):
            image = frame.reformat(
                format="rgb24", src_colorspace=Colorspace.ITU709, src_color_range=ColorRange.MPEG
            ).to_ndarray()
            yield np.asarray(image, np.uint8)


def read_audio(path: Path) -> tuple[NDArray[np.float32], int]:
    """Mono samples from the start of the presentation, and their rate."""
    with av.open(str(path)) as container:
        rate = int(container.streams.audio[0].rate)
        pieces = array("f")
        for frame in container.decode(audio=0):
            block = np.asarray(frame.to_ndarray(), np.float32).mean(0)
            begin = round(float(frame.time or 0.0) * rate)
            # Samples before the presentation begins are the encoder's priming.
            pieces.frombytes(block[max(0, len(pieces) - begin) :].tobytes())
    return np.frombuffer(pieces, np.float32), rate
