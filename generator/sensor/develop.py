"""Radiance to the picture that a clip's device makes of it."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from generator.frame import Exposures, Meter
from generator.motion.timeline import Timeline
from generator.scenario.device import FilmLook, GameLook, letterbox
from generator.scenario.spec import ClipSpec
from generator.sensor.flicker import Flicker
from generator.sensor.look import Instruments, graded, out_of_focus
from generator.sensor.noise import exposed
from generator.sensor.optics import Optics
from generator.sensor.overlay import BurntIn
from generator.sensor.processing import Processor
from generator.sensor.white import decide_white_balance

Single = NDArray[np.float32]


@dataclass(frozen=True)
class Developer:
    """The device of one clip. Each frame is developed for itself, from streams of its own: order does not matter.

    Attributes:
        spec: the clip.
        exposures: of its frames.
        white_balance: (n, 3) channel gains.
        burnt_in: date, time and number; None where the device writes none.
        bars: (H, W) where the letterbox is.
    """

    spec: ClipSpec
    exposures: Exposures
    white_balance: Single = field(repr=False)
    burnt_in: BurntIn | None
    bars: NDArray[np.bool_] = field(repr=False)
    _optics: Optics = field(repr=False)
    _flicker: Flicker = field(repr=False)
    _instruments: Instruments | None = field(repr=False)

    @classmethod
    def of(cls, spec: ClipSpec, meter: Meter, exposures: Exposures, timeline: Timeline) -> "Developer":
        """The device of a clip.

        Args:
            spec: the clip.
            meter: tiny pictures, for the white balance.
            exposures: as ``decide_exposures`` gives them.
            timeline: of the clip: a game's instruments count its shots.
        """
        device, (width, height) = spec.device, spec.clip.size
        times = (np.arange(spec.n_frames) + 0.5) / spec.clip.fps
        look = device.look
        return cls(
            spec=spec,
            exposures=exposures,
            white_balance=decide_white_balance(meter, device, times, spec.stream("sensor/white_balance")),
            burnt_in=BurntIn.of(spec),
            bars=letterbox(device, width, height),
            _optics=Optics.of(device.lens, width, height, spec.stream("sensor/lens")),
            _flicker=Flicker.of(spec),
            _instruments=Instruments.of(look, timeline, spec.stream("sensor/look"))
            if isinstance(look, GameLook)
            else None,
        )

    def develop(self, radiance: Single, depth: Single, index: int) -> NDArray[np.uint8]:
        """One frame as 8-bit sRGB.

        Args:
            radiance: (H, W, 3) scene-linear Rec. 709, with motion blur.
            depth: (H, W) metres, inf = sky; only a film's shallow focus looks at it.
            index: of the frame.

        Returns:
            (H, W, 3) uint8. All but the letterbox bars and what is burnt in stays where it was in ``radiance``.
        """
        device, t = self.spec.device, (index + 0.5) / self.spec.clip.fps
        gain = float(self.exposures.gain[index])
        light = np.maximum(radiance.transpose(2, 0, 1), 0) * np.float32(2.0 ** float(self.exposures.ev[index]))
        if isinstance(device.look, FilmLook):
            light = out_of_focus(light, depth, device.look, device.lens)
        light = self._optics.through(np.ascontiguousarray(light))
        if self._flicker.share:
            rows = self._flicker.rows(t, float(self.exposures.exposure_s[index]), light.shape[1])
            light *= rows.astype(np.float32)[:, None]
        if device.noise is not None:
            light = exposed(light, gain, device.noise, self.spec.stream(f"sensor/noise/{index}"))
        light *= self.white_balance[index][:, None, None]
        encoded = Processor.at(device, gain).processed(light)
        if isinstance(device.look, FilmLook):
            encoded = graded(encoded, device.look)
        return self._finished(encoded, t)

    def _finished(self, encoded: Single, t: float) -> NDArray[np.uint8]:
        """The picture as bytes, with what is drawn on it."""
        image = np.ascontiguousarray(np.clip(encoded, 0, 1).transpose(1, 2, 0))
        if self.burnt_in is not None:
            self.burnt_in.draw(image, t)
        if self._instruments is not None:
            self._instruments.draw(image, t)
        image[self.bars] = 0
        return np.asarray(image * 255 + 0.5, np.uint8)
