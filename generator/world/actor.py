"""What a Blender scene is made of: actors, each a few objects that a Moment puts in place."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.timeline import Moment

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """One Blender object.

    Attributes:
        object: a mesh object with baked modifiers, or a light.
        track_id: the track it belongs to; 0 is background structure.
        deforming: its vertices move on their own; it then has no transform, no modifiers, and its vertices are
            given in world space.
        in_picture: seen by the picture render.
        in_labels: seen by the label render.
    """

    object: Any
    track_id: int = 0
    deforming: bool = False
    in_picture: bool = True
    in_labels: bool = True


@dataclass(frozen=True)
class Placement:
    """Where one part is.

    Attributes:
        matrix: (4, 4) object to world. For a deforming part: the frame that labels report as T_world_object.
        vertices: (n, 3) float world-space vertices of a deforming part, else None.
        visible: whether it is there at all.
        power: watts, for a light whose power changes; else None.
        veil: radiance (red, green, blue, W/m2/sr) and opacity 0..1 that a see-through material reads as the object's
            colour; else None.
    """

    matrix: Array
    vertices: Array | None = None
    visible: bool = True
    power: float | None = None
    veil: tuple[float, float, float, float] | None = None


class Actor(Protocol):
    """A few parts that move together. ``place`` is a pure function of the moment."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """Blender objects."""

    @property
    def tracks(self) -> tuple[Track, ...]:
        """What is labelled of it."""

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """One placement a part, in the order of ``parts``."""


@dataclass(frozen=True)
class OfThing:
    """An actor that belongs to one of the held things: it is put in place by the moment told of that thing.

    Attributes:
        actor: the actor.
        thing: number of the thing.
    """

    actor: Actor
    thing: int

    @property
    def parts(self) -> tuple[Part, ...]:
        """The actor's."""
        return self.actor.parts

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The actor's."""
        return self.actor.tracks

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """The actor's, with the thing in hand."""
        return self.actor.place(moment.of(self.thing))

    def keypoints(self, moment: Moment, track: int) -> Array | None:
        """The actor's, where it has any."""
        found: Array | None = self.actor.keypoints(moment.of(self.thing), track)  # type: ignore[attr-defined]
        return found


@dataclass(frozen=True)
class StaticActor:
    """An actor that does not move."""

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    placements: tuple[Placement, ...] = field(repr=False)

    def place(self, moment: Moment) -> tuple[Placement, ...]:  # noqa: ARG002
        """The same placements at any moment."""
        return self.placements
