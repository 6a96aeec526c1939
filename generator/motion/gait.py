"""Walking: distance along the path, steps, and what they do to the trunk."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from generator.motion.looks import GAME_RAMP, Looks
from generator.motion.noise import minimum_jerk
from generator.motion.timeline import BodyMeasures
from generator.scenario.spec import AdvancePath, ClipSpec

Array = NDArray[np.float64]

WALK_RATIO = 0.0065
"""Step length over cadence, m/(steps/min): invariant over speed (Sekiya et al. 1997, The invariant walk ratio)."""

START_Y = 0.8
STOP_SHORT = 2.5
"""Metres kept from the nearest person and from the end wall."""

_RAMP = 0.7
_SOFTNESS = 0.35


@dataclass(frozen=True)
class Gait:
    """Where the feet and the trunk are, as functions of time.

    Attributes:
        speed: m/s; 0 when standing.
        reach: metres that can be walked before something is in the way.
        begin: seconds at which walking begins (it may have begun before the clip).
        step: step length, metres.
        leg: hip height, metres; scales the vertical movement.
        lane: x of the path.
        parity: 0 or 1, which foot leads.
        ramp: seconds from rest to the full speed.
    """

    speed: float
    reach: float
    begin: float
    step: float
    leg: float
    lane: float
    parity: int
    ramp: float = _RAMP

    def distance(self, t: float) -> float:
        """Metres walked at time ``t``: a soft start, and a soft stop before ``reach``."""
        if self.speed == 0:
            return 0.0
        u = (t - self.begin) / self.ramp
        # The integral of a linear ramp of the speed: u^2/2 ramps while it starts, then u - 1/2.
        free = self.speed * self.ramp * (0.0 if u <= 0 else 0.5 * u * u if u < 1 else u - 0.5)
        k = _SOFTNESS
        return float(free - k * np.logaddexp(0, (free - self.reach) / k))

    def pace(self, t: float) -> float:
        """Speed now, as a share of the walking speed, 0..1."""
        if self.speed == 0:
            return 0.0
        return float(np.clip((self.distance(t + 0.01) - self.distance(t - 0.01)) / (0.02 * self.speed), 0, 1))

    def phase(self, t: float) -> float:
        """Steps taken so far; heels strike at whole numbers."""
        return self.distance(t) / self.step

    def swing(self, t: float) -> float:
        """Swing of a hanging right arm, -1 back ... 1 forward, opposite to the right leg; scaled with the pace."""
        return float(-self.pace(t) * np.cos(np.pi * (self.phase(t) + self.parity)))

    def feet(self, t: float, ankle: float) -> Array:
        """(2, 3) left and right ankle in world space; a foot on the ground does not move."""
        phase = self.phase(t)
        feet = np.empty((2, 3))
        for side in (0, 1):
            lead = side ^ self.parity
            strike = 2 * np.floor((phase - lead) / 2) + lead
            swing = phase - strike - 1
            ahead, lift = strike + 0.5, 0.0
            if swing > 0:
                ahead += 2 * minimum_jerk(swing)
                lift = 0.09 * np.sin(np.pi * swing) ** 2
            x = self.lane + (-0.09 if side == 0 else 0.09)
            feet[side] = x, START_Y + ahead * self.step, ankle + lift
        return feet

    def trunk(self, t: float) -> tuple[Array, Array]:
        """Movement of the trunk by walking: (3,) metres right, forward, up; (3,) radians pitch, roll, yaw.

        Vertical excursion follows the compass gait reduced by 35 % for knee and ankle (Gard, Miff and Kuo 2004,
        Comparison of kinematic and kinetic methods for computing the vertical motion of the body centre of mass during
        walking); lateral about 2 cm a
        side and trunk rotations of 1-4 degrees (Murray, Drought and Kory 1964; Stokes et al. 1989). Heel strikes ring
        at about 12 Hz through the trunk (Lafortune 1991 measured 10-20 Hz shock content).
        """
        phase, pace = self.phase(t), self.pace(t)
        step, stride = 2 * np.pi * phase, np.pi * (phase + self.parity)
        rise = 0.65 * self.step**2 / (8 * self.leg)
        tau = (phase - np.floor(phase)) * self.step / max(self.speed, 0.1)
        strike = -np.expm1(-((tau / 0.02) ** 2)) * np.exp(-tau / 0.045) * np.sin(2 * np.pi * 12 * tau)
        move = np.array(
            [0.021 * np.sin(stride), 0.010 * np.sin(step), -0.5 * rise * np.cos(step) - 0.3 * rise - 0.0025 * strike]
        )
        degrees = np.array(
            [0.9 * np.sin(step + 0.6) + 0.25 * strike, 1.4 * np.sin(stride + 0.3), 3.2 * np.sin(stride - 0.5)]
        )
        return pace * move, pace * np.radians(degrees)


def heel_strikes(gait: Gait, duration: float) -> tuple[float, ...]:
    """Times in [0, duration) at which a heel strikes, found on a 5 ms grid."""
    t = np.arange(0, duration, 0.005)
    whole = np.floor([gait.phase(x) for x in t])
    return tuple(float(x) for x in t[1:][np.diff(whole) > 0])


def walking(spec: ClipSpec, measures: BodyMeasures, nearest: float) -> Gait:
    """The gait of the wearer.

    Args:
        spec: the clip.
        measures: of the wearer.
        nearest: y of the nearest thing ahead, metres.
    """
    rng = spec.stream("motion/gait")
    begin, lane, parity = rng.uniform(-0.6, 0.4), rng.uniform(-0.12, 0.12), int(rng.integers(2))
    path = spec.camera.path
    speed = path.speed if isinstance(path, AdvancePath) else 0.0
    cadence = np.sqrt(60 * speed / WALK_RATIO)
    step = WALK_RATIO * cadence if speed else 0.3
    reach = max(nearest - STOP_SHORT - START_Y, 0.3)
    middle = 0.5 * spec.environment.width
    ramp = GAME_RAMP if Looks.of(spec).glide else _RAMP
    return Gait(speed, reach, begin, step, measures.hip_height, middle + lane, parity, ramp)


@dataclass(frozen=True)
class Breath:
    """Breathing: about 14 a minute at rest, faster with effort (Tipton et al. 2017)."""

    rate: float
    phase: float

    def at(self, t: float) -> float:
        """-1 breathed out ... 1 breathed in."""
        return float(np.sin(2 * np.pi * (self.rate * t + self.phase)))


def breathing(rng: np.random.Generator, speed: float) -> Breath:
    """Rate in hertz by effort, with a drawn phase."""
    return Breath(float(rng.uniform(0.22, 0.28) + 0.09 * speed), float(rng.uniform()))
