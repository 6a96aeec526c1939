"""Where cases leave each thing and where its magazine sits, known to motion before the thing is built.

Both are nominal: sound hears their landings. The picture takes both from the thing that was built, which has them where they
are here (a shotgun with a pistol grip has its port 23 mm higher, from where a case falls some 10 ms longer).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from generator.motion.falling import Body
from generator.scenario.things import HeldKind

Array = NDArray[np.float64]
Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Port:
    """An ejection port in the thing frame.

    Attributes:
        place: its middle, metres.
        towards: which way cases leave; any length.
        speed: of cases, shortest and longest, m/s.
        case: shape of a case, along y.
    """

    place: Triple
    towards: Triple
    speed: tuple[float, float]
    case: Body

    @property
    def marks(self) -> tuple[Array, Array]:
        """Place and unit direction, as ``generator.world.props.Marks.port`` holds them."""
        towards = np.array(self.towards)
        return np.array(self.place), towards / np.linalg.norm(towards)


PORTS: Mapping[HeldKind, Port] = MappingProxyType(
    {
        "training_pistol": Port(
            (0.010, 0.074, 0.028), (0.9, -0.25, 0.55), (1.8, 3.0), Body((0.0049, 0.0095, 0.0049), True)
        ),
        "training_carbine": Port(
            (0.016, 0.114, 0.054), (0.95, -0.32, 0.22), (2.3, 3.5), Body((0.0048, 0.0220, 0.0048), True)
        ),
        "training_smg": Port(
            (0.0162, 0.1095, 0.052), (0.85, -0.30, 0.45), (1.9, 3.1), Body((0.0049, 0.0095, 0.0049), True)
        ),
        "training_shotgun": Port(
            (0.0165, 0.113, 0.030), (0.92, -0.25, 0.30), (1.5, 2.3), Body((0.0100, 0.0300, 0.0100), True)
        ),
    }
)
"""Places and ways are those of the models; speeds and sizes are chosen by eye, sizes rounded."""


@dataclass(frozen=True)
class Seat:
    """A magazine in the thing frame.

    Attributes:
        place: origin of the magazine's own frame (z up to the lips, y forward).
        pitch: radians by which that frame leans, its z axis forward from upright.
        centre: middle of the magazine in its own frame.
        body: its shape about that.
        well: metres that it slides before it is out.
    """

    place: Triple
    pitch: float
    centre: Triple
    body: Body
    well: float

    @property
    def frame(self) -> Array:
        """(4, 4) magazine to thing when seated."""
        frame = np.eye(4)
        cos, sin = np.cos(self.pitch), np.sin(self.pitch)
        frame[1:3, 1:3] = [[cos, sin], [-sin, cos]]
        frame[:3, 3] = self.place
        return frame


SEATS: Mapping[HeldKind, Seat] = MappingProxyType(
    {
        "training_pistol": Seat(
            (0.0, 0.0014, -0.072), float(np.radians(20.2)), (0.0, 0.0010, 0.0172), Body((0.0156, 0.0300, 0.0659)), 0.105
        ),
        "training_carbine": Seat(
            (0.0, 0.139, -0.092), 0.0, (0.0, 0.0037, 0.0383), Body((0.0158, 0.0403, 0.0947)), 0.075
        ),
        "training_smg": Seat((0.0, 0.125, -0.080), 0.0, (0.0, 0.0, 0.020), Body((0.0130, 0.0180, 0.0900)), 0.070),
    }
)
"""The pistol's and the carbine's are those of the models; the sub-machine gun's is a plausible place before its grip."""
