"""Walking and running: distance along the route, steps, and what they do to the trunk."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from generator.motion.looks import GAME_RAMP, Looks
from generator.motion.noise import minimum_jerk
from generator.motion.timeline import BodyMeasures
from generator.scenario.spec import ClipSpec
from generator.site.curve import Curve
from generator.site.model import Floor, Site
from generator.site.route import BODY, Route

Array = NDArray[np.float64]

WALK_RATIO = 0.0065
"""Step length over cadence, m/(steps/min): invariant over speed (Sekiya et al. 1997, The invariant walk ratio)."""

RUNS_FROM = 2.05
"""m/s at which people change from walking to running (Hreljac 1993)."""

_RUN_CADENCE = 2.75
"""Steps a second of running at 2 to 4 m/s, which hardly depends on speed (Cavanagh and Kram 1989: 78 to 83 strides a minute)."""

_RUN_RISE = 0.075
"""Metres up and down of the trunk while running slowly (Novacheck 1998, The biomechanics of running: 7 to 10 cm)."""

_STANCE = {False: 0.5, True: 0.36}
"""Share of a stride that a foot is on the ground, by whether one runs (Novacheck 1998; double support is left out)."""

_APART = 0.09
"""Metres from the line to the middle of each foot: step widths of about 0.1 m and what stands ready a little wider."""

_EASE = 0.20
"""Seconds (standard deviation) over which a change of pace is spread."""

_SLOWING = 1.6
"""m/s2 with which walkers brake before they stop; an estimate."""

_CHEST = 1.25
"""Metres above the floor at which it must be wide enough: where shoulders and cameras are, above seats."""

_GRID = 0.02
_BEFORE, _AFTER = 1.5, 1.5
"""Seconds before and after the clip for which progress is known."""


@dataclass(frozen=True)
class Gait:
    """Where the feet and the trunk are, as functions of time.

    Attributes:
        speed: m/s; 0 when standing.
        start: metres along the route at t = 0 when nothing is walked.
        way: +1 along the route, -1 backwards against it.
        step: step length, metres.
        leg: hip height, metres; scales the vertical movement.
        lane: metres to the right of the route.
        parity: 0 or 1, which foot leads.
        route: what is walked along.
        site: where it leads.
    """

    speed: float
    start: float
    way: int
    step: float
    leg: float
    lane: float
    parity: int
    route: Route = field(repr=False)
    site: Site = field(repr=False)
    _progress: Curve | None = field(repr=False)

    @property
    def runs(self) -> bool:
        """Whether both feet leave the ground."""
        return self.speed >= RUNS_FROM

    def distance(self, t: float) -> float:
        """Metres walked at time ``t``."""
        return 0.0 if self._progress is None else float(self._progress.at(t)[0])

    def pace(self, t: float) -> float:
        """Speed now, as a share of the walking speed, 0..1."""
        if self._progress is None:
            return 0.0
        return min(max(float(self._progress.slope(t)[0]) / self.speed, 0.0), 1.0)

    def phase(self, t: float) -> float:
        """Steps taken so far; heels strike at whole numbers."""
        return self.distance(t) / self.step

    def along(self, t: float) -> float:
        """Metres along the route."""
        return self.start + self.way * self.distance(t)

    def place(self, t: float) -> Array:
        """(3,) point of the lane under the trunk; on stairs of the line through the nosings."""
        return self.route.beside(self.along(t), self.lane)

    def heading(self, t: float, ahead: float = 0.0) -> float:
        """Radians to the left of +y that the route leads, ``ahead`` seconds further on at the present pace."""
        return self.route.heading(self.along(t) + self.way * ahead * self.speed * self.pace(t))

    def swing(self, t: float) -> float:
        """Swing of a hanging right arm, -1 back ... 1 forward, opposite to the right leg; scaled with the pace."""
        return float(-self.pace(t) * np.cos(np.pi * (self.phase(t) + self.parity)))

    def feet(self, t: float, ankle: float) -> Array:
        """(2, 3) left and right ankle in world space; a foot on the ground does not move."""
        phase = self.phase(t)
        feet = np.empty((2, 3))
        stance = 2 * _STANCE[self.runs]  # in steps
        for side in (0, 1):
            lead = side ^ self.parity
            strike = 2 * np.floor((phase - lead) / 2) + lead
            swing = (phase - strike - stance) / (2 - stance)
            before = self._foothold(strike, side)
            if swing <= 0:
                feet[side] = before
                continue
            share, after = minimum_jerk(swing), self._foothold(strike + 2, side)
            feet[side] = (1 - share) * before + share * after
            rise = abs(after[2] - before[2])
            feet[side, 2] += (0.09 + (0.12 if self.runs else 0.0) + 0.6 * rise) * np.sin(np.pi * swing) ** 2
        return feet + [0.0, 0.0, ankle]

    def _foothold(self, strike: float, side: int) -> Array:
        """(3,) where the foot that strikes with that step is; on stairs the middle of a tread."""
        along = self.start + self.way * (strike + 0.5) * self.step
        place = self.route.beside(along, self.lane + (-_APART if side == 0 else _APART))
        floor = self.site.floor(place)
        if floor is None:
            return place
        if floor.going:
            place = _on_tread(floor, place)
        return np.array([place[0], place[1], floor.tread(place)])

    def trunk(self, t: float) -> tuple[Array, Array]:
        """Movement of the trunk by walking: (3,) metres right, forward, up; (3,) radians pitch, roll, yaw.

        Vertical excursion follows the compass gait reduced by 35 % for knee and ankle (Gard, Miff and Kuo 2004,
        Comparison of kinematic and kinetic methods for computing the vertical motion of the body centre of mass during
        walking); lateral about 2 cm a
        side and trunk rotations of 1-4 degrees (Murray, Drought and Kory 1964; Stokes et al. 1989). Heel strikes ring
        at about 12 Hz through the trunk (Lafortune 1991 measured 10-20 Hz shock content). Runners rise and fall by more, turn
        their shoulders further and land harder (Novacheck 1998; Derrick et al. 1998: shocks two to three times those of walking).
        """
        phase, pace = self.phase(t), self.pace(t)
        step, stride = 2 * np.pi * phase, np.pi * (phase + self.parity)
        rise = _RUN_RISE if self.runs else 0.65 * self.step**2 / (8 * self.leg)
        hard = 2.5 if self.runs else 1.0
        tau = (phase - np.floor(phase)) * self.step / max(self.speed, 0.1)
        strike = -np.expm1(-((tau / 0.02) ** 2)) * np.exp(-tau / 0.045) * np.sin(2 * np.pi * 12 * tau)
        move = np.array(
            [
                0.021 * np.sin(stride),
                0.010 * np.sin(step),
                -0.5 * rise * np.cos(step) - 0.3 * rise - 0.0025 * hard * strike,
            ]
        )
        turns = np.array([1.8, 1.6, 1.9]) if self.runs else np.ones(3)
        degrees = np.array(
            [0.9 * np.sin(step + 0.6) + 0.25 * hard * strike, 1.4 * np.sin(stride + 0.3), 3.2 * np.sin(stride - 0.5)]
        )
        return pace * move, pace * np.radians(turns * degrees)


def _on_tread(floor: Floor, place: Array) -> Array:
    """The place moved along a flight of stairs to the middle of the tread that it is on."""
    slope = np.asarray(floor.slope)
    uphill = slope / np.hypot(*slope)
    along = float((place[:2] - floor.origin) @ uphill)
    middle = (np.floor(along / floor.going + 1e-6) + 0.5) * floor.going
    return np.array([*(place[:2] + (middle - along) * uphill), place[2]])


def heel_strikes(gait: Gait, duration: float) -> tuple[float, ...]:
    """Times in [0, duration) at which a heel strikes, found on a 5 ms grid."""
    t = np.arange(0, duration, 0.005)
    whole = np.floor([gait.phase(x) for x in t])
    return tuple(float(x) for x in t[1:][np.diff(whole) > 0])


def step_length(speed: float) -> float:
    """Metres of a step at a speed, m/s."""
    if speed >= RUNS_FROM:
        return speed / _RUN_CADENCE
    return WALK_RATIO * float(np.sqrt(60 * speed / WALK_RATIO)) if speed else 0.3


@dataclass(frozen=True)
class Stop:
    """Where the wearer stops.

    Attributes:
        distance: metres walked until there.
        seconds: for how long; for good where it is infinite.
    """

    distance: float
    seconds: float = np.inf


def progress(speed: float, stops: tuple[Stop, ...], begin: float, duration: float, ease: float = _EASE) -> Curve:
    """Metres walked over time: off at ``begin``, braking before every stop, on again after it.

    Args:
        speed: m/s.
        stops: in order.
        begin: seconds at which walking begins (it may have begun before the clip).
        duration: of the clip, seconds.
        ease: seconds (standard deviation) over which a change of pace is spread.
    """
    n = int((duration + _BEFORE + _AFTER) / _GRID) + 2
    t = -_BEFORE + _GRID * np.arange(n)
    speeds = np.zeros(n)
    walked, waits, waiting = 0.0, list(stops), 0.0
    for k in range(n):
        if t[k] < begin or waiting > 0:
            waiting -= _GRID
            continue
        left = waits[0].distance - walked if waits else np.inf
        if left < 0.02:
            waiting = waits.pop(0).seconds
            continue
        # Braking evenly; in the last centimetres at a speed that still gets there.
        speeds[k] = min(speed, np.sqrt(2 * _SLOWING * left) if left > 0.05 else max(2.5 * left, 0.1))
        walked += _GRID * speeds[k]
    eased = gaussian_filter1d(speeds, ease / _GRID, mode="nearest")
    metres = np.concatenate([[0.0], np.cumsum(0.5 * _GRID * (eased[1:] + eased[:-1]))])
    return Curve.through(-_BEFORE, _GRID, metres[:, None])


def walker(
    spec: ClipSpec, measures: BodyMeasures, site: Site, route: Route, *, start: float, stops: tuple[Stop, ...], way: int = 1,
    step: float | None = None,
) -> Gait:  # fmt: skip
    """The gait of the wearer.

    Args:
        spec: the clip.
        measures: of the wearer.
        site: where the wearer walks.
        route: along what.
        start: metres along it where the wearer begins.
        stops: on the way; the last one is where it ends.
        way: +1 along the route, -1 backwards against it.
        step: step length where it is not the speed's, metres.
    """
    rng = spec.stream("motion/gait")
    begin, lane, parity = rng.uniform(-0.6, 0.4), rng.uniform(-0.12, 0.12), int(rng.integers(2))
    spare = max(_narrowest(site, route, start, way * stops[-1].distance) - BODY, 0.0)
    lane = float(np.clip(lane, -spare, spare))
    speed = float(getattr(spec.camera.path, "speed", 0.0))
    ease = 0.4 * GAME_RAMP if Looks.of(spec).glide else _EASE
    curve = progress(speed, stops, begin, spec.n_frames / spec.clip.fps, ease) if speed else None
    length = step or step_length(speed) * (0.8 if way < 0 else 1.0)  # backwards in shorter steps
    return Gait(speed, start, way, length, measures.hip_height, lane, parity, route, site, curve)


def _narrowest(site: Site, route: Route, start: float, reach: float) -> float:
    """Metres from the line to the nearest solid at the height of the chest, on the stretch that is walked."""
    walked = [route.place(along) for along in np.arange(0.0, abs(reach) + 0.1, 0.1) * np.sign(reach) + start]
    return float(site.clearance(np.array(walked) + [0.0, 0.0, _CHEST]).min())


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
