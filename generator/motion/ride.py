"""A place that moves itself: a vessel that rolls, a carriage that shakes, and how those who stand in it sway.

The site's frame goes with the place and stays the world frame of everything else. What the earth does meanwhile is told by one
pose, ``RideMoment.T_earth_world``; it is what inertial readings are taken against.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from generator.motion.pose import pose, rotation
from generator.site.model import Ride

Array = NDArray[np.float64]


@dataclass(frozen=True)
class RideMoment:
    """How the place lies against the earth at one time.

    Attributes:
        travelled: metres gone towards ``forward`` since t = 0.
        pose: (4, 4) earth from world without the travel: roll, pitch, heave and shake; what is outside and far (sea, horizon)
            is seen through its inverse.
        forward: (3,) unit vector of the travel, level, in earth axes; those of the world where nothing rolls.
    """

    travelled: float = 0.0
    pose: Array = field(default_factory=lambda: np.eye(4), repr=False)
    forward: Array = field(default_factory=lambda: np.array([0.0, 1.0, 0.0]), repr=False)

    @property
    def T_earth_world(self) -> Array:  # noqa: N802
        """(4, 4) earth from world, the travel in it; the two are one at t = 0 but for roll, pitch, heave and shake."""
        matrix = self.pose.copy()
        matrix[:3, 3] += self.travelled * self.forward
        return matrix


STANDING = RideMoment()
"""A place that stands."""

_SWELL = np.array([0.25, 0.5, 0.25])
_BESIDE = np.array([0.83, 1.0, 1.19])
"""Shares and frequencies, of the middle one, of the sines of slow motion: narrow-banded, and never beyond the amplitude."""

_FASTER = (1.0, 0.72, 0.85)
"""Periods of roll, pitch and heave, of the roll's: pitch is the stiffer one; estimates."""

_SHAKES = np.array([0.7, 0.3, 1.0])
"""Shake to the side, along and up, of ``Ride.shake``: vehicles' floors shake most upwards, and least along (as the weighted figures
of EN 12299 for the comfort of rail passengers lie); an estimate."""

_ROCKS = 0.45
"""rad/s2 that the body of a vehicle rolls for each m/s2 that it shakes to the side, and half of it in pitch; an estimate."""

_TERMS = 8

_SWAY, _SWAY_DAMPING = 2 * np.pi * 0.9, 0.55
"""A person who stands with the feet apart as an inverted pendulum on springs, rad/s and share: trunks follow a floor below about
1 Hz and stay behind it above (Paddan and Griffin 1993, transmission of floor vibration to the heads of standing subjects)."""

_BOB, _BOB_DAMPING = 2 * np.pi * 5.0, 0.4
"""The same upwards: the main resonance of a standing body lies at about 5 Hz (ISO 5982; Griffin 1990, Handbook of human
vibration)."""

_LEVER = 1.4
"""Metres from the feet to the shoulders, that sway turns the body over."""

_NODS = 2.0
"""Radians that a trunk nods for each metre that it bobs; an estimate."""

_UPRIGHT = 0.6
"""Share of a slow tilt of the floor that a standing body takes out to stay upright; an estimate."""


@dataclass(frozen=True)
class Sines:
    """Sums of sines, several channels.

    Attributes:
        frequencies: (channels, terms) rad/s.
        phases: (channels, terms) radians.
        weights: (channels, terms) amplitudes.
    """

    frequencies: Array
    phases: Array
    weights: Array

    def at(self, t: float) -> Array:
        """(channels,) values at ``t`` seconds."""
        return np.asarray((self.weights * np.sin(self.frequencies * t + self.phases)).sum(1))

    def as_places(self) -> "Sines":
        """Where something is whose acceleration this is: integrated twice, without a drift."""
        return Sines(self.frequencies, self.phases, -self.weights / self.frequencies**2)

    def shaking(self, natural: Array, damping: Array) -> "Sines":
        """How far what hangs on damped springs is moved against a base whose acceleration this is.

        x'' + 2 d w x' + w^2 x = -a, settled (den Hartog, Mechanical Vibrations, chapter 2).

        Args:
            natural: (channels,) w, rad/s.
            damping: (channels,) d.
        """
        w, d, f = natural[:, None], damping[:, None], self.frequencies
        answer = -1.0 / (w**2 - f**2 + 2j * d * w * f)
        return Sines(f, self.phases + np.angle(answer), self.weights * np.abs(answer))


@dataclass(frozen=True)
class Sway:
    """How a standing body leaves its place on the floor: turned about its feet, and lifted.

    Attributes:
        lean: (3,) rotation vector about the feet in world axes, radians.
        lift: metres up.
    """

    lean: Array
    lift: float

    def carried(self, frame: Array, feet: Array, turned: float = 1.0) -> Array:
        """(4, 4) a frame on the body, with the body's sway.

        Args:
            frame: (4, 4) world from the frame as it is on a still floor.
            feet: (3,) point between the feet.
            turned: share of the turn that it takes part in; its place goes all the way.
        """
        place = feet + _turn(self.lean) @ (frame[:3, 3] - feet) + np.array([0.0, 0.0, self.lift])
        return pose(_turn(turned * self.lean) @ frame[:3, :3], place)


@dataclass(frozen=True)
class Moving:
    """A ride with its draws: known at any time."""

    ride: Ride
    slow: Sines = field(repr=False)
    shake: Sines = field(repr=False)
    rock: Sines = field(repr=False)
    bodies: Sines = field(repr=False)

    @property
    def _axes(self) -> Array:
        """(3, 3) world from the vehicle's right, forward and up."""
        return rotation(yaw=self.ride.heading)

    def at(self, t: float) -> RideMoment:
        """How the place lies at ``t`` seconds."""
        axes = self._axes
        roll, pitch, heave = self.slow.at(t)
        rocked, nodded = self.rock.at(t)
        turn = axes @ rotation(pitch + nodded, roll + rocked) @ axes.T
        pivot = np.array(self.ride.pivot)
        off = axes @ self.shake.at(t) + np.array([0.0, 0.0, heave])
        return RideMoment(self.ride.speed * t, pose(turn, pivot - turn @ pivot + off), axes[:, 1])

    def sway(self, t: float) -> Sway:
        """How somebody who stands in it sways at ``t`` seconds."""
        side, along, up = self.bodies.at(t)
        roll, pitch, _ = self.slow.at(t)
        lean = [along / -_LEVER + _NODS * up - _UPRIGHT * pitch, side / _LEVER - _UPRIGHT * roll, 0.0]
        return Sway(self._axes @ lean, float(up))


def moving(ride: Ride | None, rng: np.random.Generator) -> Moving | None:
    """The ride with its draws; None where the place stands."""
    if ride is None:
        return None
    middle = 2 * np.pi / (ride.period * np.array(_FASTER))
    frequencies = middle[:, None] * _BESIDE * rng.uniform(0.96, 1.04, (3, 3))
    amplitudes = np.array([ride.roll, ride.pitch, ride.heave])[:, None] * _SWELL
    slow = Sines(frequencies, rng.uniform(0, 2 * np.pi, (3, 3)), amplitudes)
    edges = np.geomspace(*ride.shake_band, _TERMS + 1)
    pushes = Sines(
        2 * np.pi * rng.uniform(edges[:-1], edges[1:], (3, _TERMS)),
        rng.uniform(0, 2 * np.pi, (3, _TERMS)),
        ride.shake * _SHAKES[:, None] * np.full((3, _TERMS), np.sqrt(2 / _TERMS)),
    )
    rocks = Sines(pushes.frequencies[:2], pushes.phases[:2] + 0.8, _ROCKS * pushes.weights[:2] * [[1.0], [0.5]])
    springs = np.array([_SWAY, _SWAY, _BOB]), np.array([_SWAY_DAMPING, _SWAY_DAMPING, _BOB_DAMPING])
    return Moving(ride, slow, pushes.as_places(), rocks.as_places(), pushes.shaking(*springs))


def _turn(vector: Array) -> Array:
    """(3, 3) of a rotation vector (Rodrigues)."""
    angle = float(np.linalg.norm(vector))
    if angle == 0.0:
        return np.eye(3)
    x, y, z = vector / angle
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * (k @ k))
