"""The pictures of a stream: encoded, with packets of chosen frames lost, decoded with what concealment makes of it, scaled back."""

from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.codec.context import Flags
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from numpy.typing import NDArray

from generator.sensor.link import LADDER, NEEDS, Carried

_FULL_RATE = 3_000_000 / (1280 * 720 * 30) ** 0.75
"""Bits a second at 1280x720 and 30 frames a second: the least that YouTube asks of 720p30 (Help, live encoder settings)."""

_LEAST_RATE = 24_000
_SLICES = 4
"""Slices a picture, so that a lost packet takes a band of it; real-time encoders cut pictures so (RFC 6184)."""

_LEAST_SIDE = 32
_NEVER = 1 << 20


class Relay:
    """Sends every captured frame of a clip in turn; keeps only what the codecs keep, whatever the clip's length."""

    def __init__(self, link: Carried, width: int, height: int, fps: float) -> None:
        self._link, self._size, self._fps = link, (width, height), fps
        self._encoder: Any = None
        self._rung = -1
        self._decoder: Any = av.CodecContext.create("h264", "r")
        self._decoder.thread_count = 1
        self._decoder.flags |= Flags.output_corrupt | Flags.low_delay
        self._last: NDArray[np.uint8] | None = None

    def receive(self, frame: int, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """What the receiver shows once it has the frame; what it showed before where it cannot decode it.

        Args:
            frame: number of the captured frame; ascending.
            image: (H, W, 3) uint8 sRGB.

        Returns:
            (H, W, 3) uint8, of the clip's size on every rung of the ladder.
        """
        if self._link.sent[frame]:
            data = self._encoded(frame, image)
            if not self._link.blind[frame]:
                self._decode(frame, without(data, *map(float, self._link.lost[frame])))
        return image if self._last is None else self._last

    def _encoded(self, frame: int, image: NDArray[np.uint8]) -> bytes:
        if self._encoder is None or self._link.rung[frame] != self._rung:
            self._rung = int(self._link.rung[frame])
            self._encoder = self._open(self._rung)
        picture = av.VideoFrame.from_ndarray(image, format="rgb24").reformat(
            self._encoder.width,
            self._encoder.height,
            "yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BICUBIC,
        )
        picture.pts, picture.time_base = frame, self._encoder.time_base
        picture.pict_type = PictureType.I if self._link.key[frame] else PictureType.NONE
        return b"".join(bytes(packet) for packet in self._encoder.encode(picture))

    def _open(self, rung: int) -> Any:
        """An encoder as live streaming sets it: no delay, key frames where they are asked for, and a bit rate that is kept."""
        width, height = rung_size(*self._size, rung)
        rate = Fraction(self._fps).limit_denominator(1001)
        bits = max(_LEAST_RATE, round(_FULL_RATE * (self._size[0] * self._size[1] * self._fps) ** 0.75 * NEEDS[rung]))
        encoder: Any = av.CodecContext.create("libx264", "w")
        encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
        encoder.time_base, encoder.framerate = 1 / rate, rate
        encoder.bit_rate, encoder.gop_size, encoder.thread_count = bits, _NEVER, 1
        encoder.color_range, encoder.colorspace = ColorRange.MPEG, Colorspace.ITU709
        encoder.options = {
            "preset": "veryfast", "tune": "zerolatency", "bf": "0", "threads": "1", "sc_threshold": "0", "forced-idr": "1",
            "slices": str(_SLICES), "maxrate": str(bits), "bufsize": str(bits),
        }  # fmt: skip
        return encoder

    def _decode(self, frame: int, data: bytes) -> None:
        """Decodes what arrived. A decoder that refuses damaged data shows nothing new, as a player's does."""
        packet = av.Packet(data)
        packet.pts = packet.dts = frame
        try:
            pictures = self._decoder.decode(packet)
        except av.FFmpegError:
            return
        for picture in pictures:
            self._last = np.asarray(
                picture.reformat(
                    *self._size,
                    "rgb24",
                    src_colorspace=Colorspace.ITU709,
                    src_color_range=ColorRange.MPEG,
                    interpolation=Interpolation.BICUBIC,
                ).to_ndarray(),
                np.uint8,
            )


def rung_size(width: int, height: int, rung: int) -> tuple[int, int]:
    """Width and height of the pictures on a rung of the ladder: even, and no smaller than two slices."""
    return tuple(min(side, max(_LEAST_SIDE, 2 * round(side * LADDER[rung] / 2))) for side in (width, height))  # type: ignore[return-value]


def units(data: bytes) -> list[bytes]:
    """The NAL units of a byte stream without their start codes (H.264, annex B)."""
    found, start = [], data.find(b"\0\0\1")
    while start >= 0:
        after = data.find(b"\0\0\1", start + 3)
        end = len(data) if after < 0 else after - (data[after - 1] == 0)
        found.append(data[start + 3 : end])
        start = after
    return found


def without(data: bytes, begin: float, end: float) -> bytes:
    """A picture's byte stream without the slices whose middle lies from ``begin`` to ``end`` of it.

    Where something is lost at least one slice is, and where not all is lost at least one is left.
    """
    if end <= begin:
        return data
    parts = units(data)
    slices = [k for k, part in enumerate(parts) if part[0] & 31 in (1, 5)]
    middles = [(k + 0.5) / len(slices) for k in range(len(slices))]
    gone = {k for k, middle in zip(slices, middles, strict=True) if begin <= middle < end}
    if not gone:
        nearest = min(range(len(slices)), key=lambda k: abs(middles[k] - (begin + end) / 2))
        gone = {slices[nearest]}
    if len(gone) == len(slices) and end - begin < 1:
        gone.discard(slices[0 if begin > 0 else -1])
    return b"".join(b"\0\0\0\1" + part for k, part in enumerate(parts) if k not in gone)
