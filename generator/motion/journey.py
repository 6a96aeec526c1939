"""Where the wearer goes: each kind of path as a route, stops on it, and what is looked at on the way."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from generator.motion.gait import Gait, Stop, walker
from generator.motion.noise import minimum_jerk
from generator.motion.people import person_track
from generator.motion.places import person_position
from generator.motion.timeline import BodyMeasures
from generator.scenario.spec import ClipSpec
from generator.scenario.travel import PieCornerPath, SearchPath, SweepPath, TakeCoverPath
from generator.site import main_route, site_of
from generator.site.curve import Curve
from generator.site.model import Site, Way, WayWord
from generator.site.route import BODY, NoWayError, Route, plan_route

Array = NDArray[np.float64]

START = 0.8
"""Metres along its way at which the wearer begins."""

STOP_SHORT = 2.5
"""Metres kept from a person in the way and from the way's end."""

_IN_THE_WAY = 1.3
"""Metres from the line within which a person is in the way."""

_ROUND = 0.45
"""Metres kept from the middle of people who are passed."""

_KNEEL = 0.42
"""Of the hip's height, that it comes down by on one knee: the upright thigh stands on the ground (hip height less thigh length,
Drillis and Contini 1966: 0.53 and 0.245 of stature)."""

_BEFORE = 0.32
"""Metres that cameras on chest and head are before the middle of the feet."""

_KEPT_OFF = 0.23
"""Metres that they keep off what is solid as trunk and head turn."""

_GLANCED = 0.4
"""Metres besides the body's from which on there is room to glance anywhere."""

_SWERVE_GRID = 0.1

_AHEAD = 0.6
"""Seconds by which the head turns before the body into a bend (Grasso et al. 1998; Imai et al. 2001: about one second ahead, less
in sharp bends)."""


@dataclass(frozen=True)
class Turns:
    """Where the wearer turns to on purpose, besides glancing about: yaw of trunk and of head to the left of the heading.

    Attributes:
        starts, seconds: (n,) when a turn begins and how long it takes.
        yaw: (n + 1,) radians before the first and after each.
        head: (n + 1,) radians of the head besides.
        sweep: (span radians, period seconds, phase) of turning from side to side, or None.
    """

    starts: Array = field(default_factory=lambda: np.zeros(0))
    seconds: Array = field(default_factory=lambda: np.zeros(0))
    yaw: Array = field(default_factory=lambda: np.zeros(1))
    head: Array = field(default_factory=lambda: np.zeros(1))
    sweep: tuple[float, float, float] | None = None

    def at(self, t: float) -> tuple[float, float]:
        """Yaw of the trunk and of the head at ``t``."""
        yaw, head = float(self.yaw[0]), float(self.head[0])
        for k, (start, seconds) in enumerate(zip(self.starts, self.seconds, strict=True)):
            share = minimum_jerk((t - start) / seconds)
            yaw += share * float(self.yaw[k + 1] - self.yaw[k])
            head += share * float(self.head[k + 1] - self.head[k])
        if self.sweep is not None:
            span, period, phase = self.sweep
            u = (t / period + phase) % 1.0
            # There and back, held for a moment at each end; the head leads.
            yaw += span * (2 * (minimum_jerk(2.4 * u) - minimum_jerk(2.4 * (u - 0.5))) - 1)
        return yaw, head


@dataclass(frozen=True)
class Journey:
    """How the wearer goes through the site.

    Attributes:
        gait: steps and the line.
        turns: what is turned to on purpose.
        knee: (begin seconds, how long, share 0..1 of kneeling) of going down, or None.
    """

    gait: Gait
    turns: Turns
    knee: tuple[float, float, float] | None = None
    _swerve: Curve | None = field(default=None, repr=False)

    def heading(self, t: float) -> float:
        """Radians to the left of +y of the trunk, before glances and aiming."""
        return self.gait.heading(t) + self.turns.at(t)[0] + self._away(t, 0)

    def facing(self, t: float) -> float:
        """Radians to the left of +y of the head: it goes before the trunk into a bend."""
        yaw, head = self.turns.at(t)
        return self.gait.heading(t, _AHEAD) + yaw + head + self._away(t, 1)

    def freedom(self, t: float) -> float:
        """Share of glances, and of turning to aim, that is made: less where a wall is within reach."""
        return 1.0 if self._swerve is None else float(np.clip(self._swerve.at(t)[2], 0.0, 1.0))

    def _away(self, t: float, part: int) -> float:
        return 0.0 if self._swerve is None else float(self._swerve.at(t)[part])

    def down(self, t: float) -> float:
        """Metres that the hips are lower than standing."""
        if self.knee is None:
            return 0.0
        begin, seconds, share = self.knee
        return share * _KNEEL * self.gait.leg * minimum_jerk((t - begin) / seconds)


_WAYS: dict[str, WayWord] = {
    "search": "search", "climb_stairs": "climb_stairs", "board": "board", "disembark": "disembark",
    "take_cover": "take_cover", "pie_corner": "pie_corner",
}  # fmt: skip


def journey(spec: ClipSpec, measures: BodyMeasures) -> Journey:
    """The way that the clip's path takes in the clip's site."""
    site, path = site_of(spec), spec.camera.path
    people = [person_position(spec, person) for person in spec.people]
    word = _WAYS.get(path.kind, "advance")
    way = site.ways[word]
    if word == "advance":
        route = main_route(spec)
        passed = [place for place in people if not way.direct and _beside(route, place) < _ROUND + 0.3]
        if passed:
            route, _ = _around(site, way, passed)
        blocked = False
    else:
        route, blocked = _around(site, way, people)
    start, direction = START, 1
    everywhere = [place for person in spec.people for place in person_track(spec, person)]
    reach = max(_free(route, everywhere, start) - STOP_SHORT, 0.3)
    if word in ("climb_stairs", "board", "disembark", "take_cover", "pie_corner"):
        start, reach = 0.0, max((_free(route, people, 0.0) - STOP_SHORT) if blocked else route.length - 0.1, 0.3)
    if path.kind == "retreat":
        start, direction = START + 0.75 * reach, -1
        reach = start - 0.3
    stops: tuple[Stop, ...] = (Stop(reach),)
    if isinstance(path, SearchPath):
        stops = (*(Stop(at - start, path.dwell) for at in route.pauses if 0.3 < at - start < reach - 0.4), *stops)
    step = next((floor.going for floor in site.floors if floor.going), None) if path.kind == "climb_stairs" else None
    gait = walker(spec, measures, site, route, start=start, stops=stops, way=direction, step=step)
    turns = _turns(spec, gait)
    return Journey(gait, turns, _knee(spec, gait, reach), _swerve(site, gait, turns, spec.n_frames / spec.clip.fps))


def _swerve(site: Site, gait: Gait, turns: Turns, duration: float) -> Curve | None:
    """(3,) radians by which trunk and head turn aside, so that what they wear keeps off what is beside; share of glances made.

    None where there is room.
    """
    times = np.arange(-_SWERVE_GRID, duration + 2 * _SWERVE_GRID, _SWERVE_GRID)
    places = np.array([gait.place(float(t)) for t in times])
    aside = np.array([turns.at(float(t)) for t in times])
    trunk = np.array([gait.heading(float(t)) for t in times]) + aside[:, 0]
    head = np.array([gait.heading(float(t), _AHEAD) for t in times]) + aside.sum(1)
    off = np.stack([_kept_off(site, places + [0.0, 0.0, z], yaw) for z, yaw in ((1.2, trunk), (1.6, head))], -1)
    ahead = _BEFORE * np.stack([-np.sin(trunk), np.cos(trunk), np.zeros(len(times))], -1) + [0.0, 0.0, 1.6]
    room = np.minimum(site.clearance(places + [0.0, 0.0, 1.6]), site.clearance(places + ahead))
    free = np.clip((room - BODY) / _GLANCED, 0.2, 1.0)
    if not off.any() and free.min() == 1.0:
        return None
    off = np.column_stack([off, free])
    return Curve.through(float(times[0]), _SWERVE_GRID, gaussian_filter1d(off, 1.0, axis=0, mode="nearest"))


def _kept_off(site: Site, places: Array, yaw: Array) -> Array:
    """(n,) smallest turns after which what is ``_BEFORE`` ahead of (n, 3) places has room; most room where nothing has enough."""

    def room(by: float, which: NDArray[np.bool_]) -> Array:
        turned = yaw[which] + by
        ahead = np.stack([-np.sin(turned), np.cos(turned), np.zeros(len(turned))], -1)
        return site.clearance(places[which] + _BEFORE * ahead)

    best, by = room(0.0, np.ones(len(yaw), bool)), np.zeros(len(yaw))
    for angle in np.arange(0.1, 1.3, 0.1):
        for off in (angle, -angle):
            near = best < _KEPT_OFF
            if not near.any():
                return by
            found = room(float(off), near)
            more = found > best[near] + 0.01
            better = np.flatnonzero(near)[more]
            best[better], by[better] = found[more], off
    return by


def _around(site: Site, way: Way, people: list[Array]) -> tuple[Route, bool]:
    """The route around people; up to them, and true, where an aisle is too narrow to pass them."""
    try:
        return plan_route(site, way, tuple((place, _ROUND) for place in people)), False
    except NoWayError:
        return plan_route(site, way), True


def _beside(route: Route, place: Array) -> float:
    return float(np.linalg.norm(route.places[:, :2] - place[:2], axis=1).min())


def _free(route: Route, people: list[Array], start: float) -> float:
    """Metres from where the wearer begins to the first person in the way, or to its end."""
    found = [route.length]
    for place in people:
        away = np.linalg.norm(route.places[:, :2] - place[:2], axis=1)
        k = int(away.argmin())
        if away[k] < _IN_THE_WAY and abs(route.places[k, 2] - place[2]) < 1.0:
            found.append(float(np.linalg.norm(np.diff(route.places[: k + 1, :2], axis=0), axis=1).sum()))
    return min(found) - start


def _turns(spec: ClipSpec, gait: Gait) -> Turns:
    path, rng = spec.camera.path, spec.stream("motion/turns")
    if isinstance(path, SweepPath):
        return Turns(sweep=(path.span, path.period, float(rng.uniform())))
    looks = gait.route.looks
    if not isinstance(path, SearchPath | PieCornerPath) or not len(looks):
        return Turns()
    duration = spec.n_frames / spec.clip.fps
    if isinstance(path, PieCornerPath):
        return _facing(gait, looks[0], duration)
    return _looked_at(gait, looks, duration, rng)


def _yaw_to(gait: Gait, look: Array, t: float) -> float:
    """Radians to the left of the heading at which a point is seen."""
    x, y = look[:2] - gait.place(t)[:2]
    off = np.arctan2(-x, y) - gait.heading(t)
    return float((off + np.pi) % (2 * np.pi) - np.pi)


def _facing(gait: Gait, look: Array, duration: float) -> Turns:
    """Facing one point all the time, followed every quarter of a second."""
    at = np.arange(0.0, duration + 0.25, 0.25)
    yaw = np.unwrap([_yaw_to(gait, look, t) for t in (0.0, *(at + 0.25))])
    return Turns(at, np.full(len(at), 0.5), yaw, np.zeros(len(yaw)))


def _looked_at(gait: Gait, looks: Array, duration: float, rng: np.random.Generator) -> Turns:
    """Each point is turned to while it is near and ahead of the shoulder, one after another; then forward again."""
    times = np.arange(0.0, duration, 0.1)
    starts: list[float] = []
    yaws, heads, now = [0.0], [0.0], -1
    for t in times:
        place = gait.place(float(t))
        wanted = -1
        for k, look in enumerate(looks):
            away, yaw = float(np.hypot(*(look[:2] - place[:2]))), _yaw_to(gait, look, float(t))
            if 0.6 < away < 2.8 and abs(yaw) < 1.75 and abs(look[2] - place[2] - 1.5) < 1.0:
                wanted = k
                break
        if wanted != now and (not starts or t - starts[-1] > 0.5):
            starts.append(float(t))
            full = 0.0 if wanted < 0 else float(np.clip(_yaw_to(gait, looks[wanted], float(t) + 0.4), -1.7, 1.7))
            share = float(rng.uniform(0.45, 0.75))
            yaws.append(share * full)
            heads.append((1 - share) * full)
            now = wanted
    return Turns(np.array(starts), rng.uniform(0.45, 0.8, len(starts)), np.array(yaws), np.array(heads))


def _knee(spec: ClipSpec, gait: Gait, reach: float) -> tuple[float, float, float] | None:
    path = spec.camera.path
    if not isinstance(path, TakeCoverPath):
        return None
    duration = spec.n_frames / spec.clip.fps
    late = next((t for t in np.arange(0.0, duration, 0.05) if gait.distance(float(t)) > reach - 0.5), duration)
    return float(late), 0.75, path.crouch
