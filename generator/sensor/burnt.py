"""Where a clip's pictures have something drawn over them: what is there says nothing about the scene."""

import numpy as np
from numpy.typing import NDArray

from generator.scenario.device import GameLook, letterbox
from generator.scenario.spec import ClipSpec
from generator.sensor.look import Instruments
from generator.sensor.overlay import BurntIn


def burnt_in(spec: ClipSpec) -> NDArray[np.bool_]:
    """(H, W) pixels that a clip's overlay, display or letterbox covers at some time; what is drawn is looked for twice a second."""
    width, height = spec.clip.size
    covered = letterbox(spec.device, width, height).copy()
    look = spec.device.look
    display = Instruments(look, (), ()) if isinstance(look, GameLook) else None
    drawn = [thing for thing in (BurntIn.of(spec), display) if thing is not None]
    for t in np.arange(0.0, spec.clip.duration, 0.5) if drawn else ():
        # Drawn over grey, as what is drawn is white or black.
        picture = np.full((height, width, 3), 0.5, np.float32)
        for thing in drawn:
            thing.draw(picture, float(t))
        covered |= (picture != 0.5).any(-1)
    return covered
