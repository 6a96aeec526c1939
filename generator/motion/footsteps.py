"""Footsteps of people in view: where each foot is put down and when; what is on the ground stays where it is."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from generator.motion.gait import RUNS_FROM, Stop, progress, step_length
from generator.motion.noise import minimum_jerk
from generator.site.curve import Curve
from generator.site.model import Site
from generator.site.route import Route

Array = NDArray[np.float64]

_STANCE = {False: 0.62, True: 0.38}
"""Share of a stride that a foot is on the ground, walking and running (Perry, Gait Analysis; Novacheck 1998)."""

_APART = 0.085
"""Metres from the line to the middle of each foot while walking (step width about 0.1 to 0.17 m)."""

_PUSH = {False: 0.42, True: 0.75}
"""Radians that a heel is raised as the foot leaves the ground; by eye from gait charts."""

_TOES_UP = 0.22
"""Of that, that the toes are up as the heel lands."""

_TURN_STEP = 0.42
"""Seconds that a step on the spot takes."""


@dataclass(frozen=True)
class Footstep:
    """One foot moved once.

    Attributes:
        foot: 0 left, 1 right.
        lift, land: seconds.
        place: (3,) under the ankle, on the ground.
        yaw: radians to the left of +y that the toes point.
        rise: metres that it is lifted between.
        push: radians that the heel is up as it leaves the ground.
        walked: whether it belongs to a way, else to a turn or a change of posture on the spot.
    """

    foot: int
    lift: float
    land: float
    place: Array = field(repr=False)
    yaw: float
    rise: float = 0.07
    push: float = 0.3
    walked: bool = False

    def heel(self, t: float) -> float:
        """Radians that the heel is up by this step: before it lifts and after; negative as it lands on the heel."""
        if t < self.lift:
            return self.push * minimum_jerk(1 - (self.lift - t) / 0.22)
        if t < self.land:
            u = (t - self.lift) / (self.land - self.lift)
            return self.push * (1 - minimum_jerk(1.3 * u) - _TOES_UP * minimum_jerk(2 * u - 1))
        return -_TOES_UP * self.push * (1 - minimum_jerk((t - self.land) / 0.12))


@dataclass(frozen=True)
class Feet:
    """Both feet through time.

    Attributes:
        home: (2, 4) place and yaw of each before its first step.
        steps: of each foot, in order of time.
    """

    home: Array
    steps: tuple[tuple[Footstep, ...], tuple[Footstep, ...]]

    def at(self, t: float) -> tuple[Array, Array]:
        """(2, 4) place under the ankle and yaw; (2,) radians that the heel is up (negative: the toes), of stepping alone."""
        made, pitch = self.home.copy(), np.zeros(2)
        for foot in (0, 1):
            for step in self.steps[foot]:
                pitch[foot] += step.heel(t)
                if t >= step.land:
                    made[foot, :3], made[foot, 3] = step.place, step.yaw
                elif t >= step.lift:
                    u = (t - step.lift) / (step.land - step.lift)
                    share = minimum_jerk(u)
                    made[foot, :3] += share * (step.place - made[foot, :3])
                    made[foot, 2] += step.rise * np.sin(np.pi * u) ** 2
                    made[foot, 3] += share * (step.yaw - made[foot, 3])
        return made, pitch

    def planted(self, t: float) -> tuple[bool, bool]:
        """Whether each foot is on the ground."""
        left, right = (all(t <= s.lift or t >= s.land for s in self.steps[foot]) for foot in (0, 1))
        return left, right

    def last(self, t: float) -> Array:
        """(2, 4) where each foot is once what it began before ``t`` is done."""
        made = self.home.copy()
        for foot in (0, 1):
            for step in self.steps[foot]:
                if step.lift < t:
                    made[foot, :3], made[foot, 3] = step.place, step.yaw
        return made

    def then(self, more: list[Footstep]) -> "Feet":
        """With further steps; each foot's begin after its last one landed."""
        lists: list[tuple[Footstep, ...]] = []
        for foot in (0, 1):
            mine = list(self.steps[foot])
            for step in sorted((s for s in more if s.foot == foot), key=lambda s: s.lift):
                lift = max(step.lift, mine[-1].land + 0.02) if mine else step.lift
                land = max(step.land, lift + 0.20)
                before = mine[-1].yaw if mine else float(self.home[foot, 3])
                yaw = before + (step.yaw - before + np.pi) % (2 * np.pi) - np.pi
                mine.append(Footstep(foot, lift, land, step.place, yaw, step.rise, step.push, step.walked))
            lists.append(tuple(mine))
        return Feet(self.home, (lists[0], lists[1]))

    def until(self, t: float) -> "Feet":
        """Without the steps that have not begun at ``t``."""
        left, right = (tuple(s for s in self.steps[foot] if s.lift < t) for foot in (0, 1))
        return Feet(self.home, (left, right))


@dataclass(frozen=True)
class Travel:
    """Going along a line, from a time on.

    Attributes:
        begin: seconds at which it starts.
        route: the line.
        speed: m/s.
        step: metres.
        parity: 0 where odd steps are the right foot's.
        progress: metres over time.
        total: metres at which it ends.
    """

    begin: float
    route: Route = field(repr=False)
    speed: float
    step: float
    parity: int
    progress: Curve = field(repr=False)
    total: float

    @property
    def runs(self) -> bool:
        """Whether both feet leave the ground."""
        return self.speed >= RUNS_FROM

    def distance(self, t: float) -> float:
        """Metres gone at ``t``."""
        inside = min(max(t, self.progress.start), self.progress.end)
        return min(max(float(self.progress.at(inside)[0]), 0.0), self.total)

    def pace(self, t: float) -> float:
        """Speed as a share of the full one."""
        if not self.progress.start < t < self.progress.end:
            return 0.0
        return min(max(float(self.progress.slope(t)[0]) / self.speed, 0.0), 1.0)

    def phase(self, t: float) -> float:
        """Steps taken so far."""
        return self.distance(t) / self.step

    def time(self, phase: float) -> float:
        """Seconds at which so many steps are taken; before the first at full speed backwards from the beginning."""
        if phase <= 0:
            return self.begin + phase * self.step / self.speed
        low, high = self.progress.start, self.progress.end
        if self.phase(high) < phase:
            return np.inf
        for _ in range(30):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.phase(middle) < phase else (low, middle)
        return high

    def footsteps(self, site: Site, until: float) -> list[Footstep]:
        """All steps that begin before ``until``; the last one brings the feet together."""
        stance, made = _STANCE[self.runs], []
        ahead = stance - 0.05
        count = max(round(self.total / self.step), 1)
        for k in range(1, count + 1):
            land = self.time(k - ahead)
            if not np.isfinite(land):
                break
            lift = max(self.time(k - ahead - (2 - 2 * stance)), land - 0.75) if k > 1 else land - 0.32
            if lift > until:
                break
            made.append(self._step(site, k, min(k * self.step, self.total), lift, max(land, lift + 0.22)))
        else:
            last = made[-1]
            close = self._step(site, count + 1, self.total, last.land + 0.06, last.land + 0.52)
            if close.lift < until:
                made.append(close)
        return made

    def _step(self, site: Site, k: int, along: float, lift: float, land: float) -> Footstep:
        foot = (k + self.parity) % 2
        place = self.route.beside(along, -_APART if foot == 0 else _APART)
        place = np.array([place[0], place[1], site.tread(place)])
        yaw = self.route.heading(along) + (0.08 if foot == 0 else -0.08)
        return Footstep(foot, lift, land, place, yaw, 0.20 if self.runs else 0.055, _PUSH[self.runs], True)


def travel(route: Route, speed: float, begin: float, total: float, duration: float, parity: int) -> Travel:
    """Going ``total`` metres along a route; steps are made to fit where the end is reached.

    The time before the clip counts from ``begin`` at the earliest 1.5 s before its start.
    """
    curve = progress(speed, (Stop(total),), begin, duration)
    reached = float(curve.at(curve.end)[0])
    nominal = step_length(speed)
    arrives = reached > total - 0.06
    total = reached if arrives else total
    step = total / max(round(total / nominal), 1) if arrives else nominal
    return Travel(begin, route, speed, step, parity, curve, total)


def homed(place: Array, yaw: float, feet: Array, site: Site) -> Array:
    """(2, 4) places and yaws of feet (2, 3: outward, forward, toes outward) about a root."""
    made = np.empty((2, 4))
    ahead, right = np.array([-np.sin(yaw), np.cos(yaw)]), np.array([np.cos(yaw), np.sin(yaw)])
    for foot, out in ((0, -1.0), (1, 1.0)):
        flat = place[:2] + out * feet[foot, 0] * right + feet[foot, 1] * ahead
        made[foot] = (*flat, site.tread(np.array([*flat, place[2]])), yaw - out * feet[foot, 2])
    return made


def stepped(now: Array, wanted: Array, start: float, seconds: float = _TURN_STEP, first: int = 0) -> list[Footstep]:
    """Steps on the spot that bring the feet from (2, 4) to (2, 4), one after another; feet that are there stay."""
    made, t = [], start
    for foot in (first, 1 - first):
        turn = (wanted[foot, 3] - now[foot, 3] + np.pi) % (2 * np.pi) - np.pi
        if np.linalg.norm(wanted[foot, :3] - now[foot, :3]) < 0.02 and abs(turn) < 0.1:
            continue
        made.append(Footstep(foot, t, t + seconds, wanted[foot, :3], now[foot, 3] + turn, 0.055))
        t += 0.8 * seconds
    return made
