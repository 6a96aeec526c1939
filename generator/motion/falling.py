"""How small hard things fly, bounce and come to rest: a flight is worked out once, then known at any time.

Between bounces a thing flies on a parabola and turns at a constant rate, as a ball of the same mean inertia would. A
bounce is one impulse at the point that touches, with restitution and Coulomb friction. When too little energy is left
to bounce it tips over its edge until it lies flat, while it slides, rolls and turns to a stop.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

GRAVITY = 9.80665
_UP = np.array([0.0, 0.0, 1.0])
_DOWN = -GRAVITY * _UP
_MOST_BOUNCES = 80
_RADIANS_A_STEP = 0.08
"""How far a thing turns between two looks for contact: at most 0.1 mm of a long case's end is overlooked."""

_TOUCH = 1e-7
"""Metres: contact, with room for rounding."""

_RATTLE, _MOST_RATTLES = 1e-4, 4
"""Seconds between bounces that are a rattle, and how many of them in a row there are."""

_SMALL = 0.02
"""J/kg of bouncing and tumbling below which a thing no longer bounces: a hop of about two millimetres."""

_OVER = 1.005
"""Energy with which a thing that stands on end tips over its edge, as a multiple of what is just enough."""


@dataclass(frozen=True)
class Surface:
    """What a thing falls on.

    Attributes:
        restitution: speed after a bounce over speed before it.
        friction: of sliding.
        rolling: deceleration of what rolls, as a share of gravity.
    """

    restitution: float
    friction: float
    rolling: float


FLOORS: dict[str, Surface] = {
    "concrete": Surface(0.50, 0.38, 0.045),
    "rubber": Surface(0.36, 0.62, 0.110),
    "vinyl": Surface(0.42, 0.30, 0.050),
    "tile": Surface(0.55, 0.26, 0.040),
    "carpet": Surface(0.12, 0.70, 0.250),
    "asphalt": Surface(0.45, 0.50, 0.090),
    "paving": Surface(0.50, 0.42, 0.060),
    "gravel": Surface(0.15, 0.75, 0.400),
    "grass": Surface(0.06, 0.85, 0.600),
    "steel": Surface(0.55, 0.30, 0.040),
    "planks": Surface(0.40, 0.42, 0.080),
    "aluminium": Surface(0.50, 0.32, 0.050),
}
"""Floors by material; chosen by eye."""

WALL = Surface(0.38, 0.35, 0.05)
"""Any wall; chosen by eye."""


@dataclass(frozen=True)
class Body:
    """A convex stand-in for what falls, around its centre.

    Attributes:
        half: half its size along its own x, y and z, metres. It lies flat on the face across the shortest.
        round: a cylinder along y, whose half sizes along x and z are its radius; else a box.
    """

    half: tuple[float, float, float]
    round: bool = False

    @cached_property
    def reach(self) -> float:
        """Largest distance of a point from the centre."""
        x, y, z = self.half
        return float(np.hypot(x, y) if self.round else np.sqrt(x * x + y * y + z * z))

    @cached_property
    def inertia(self) -> float:
        """Mean moment of inertia over mass, m2."""
        x, y, z = self.half
        if self.round:
            return (x * x + 2 * y * y / 3) / 3
        return 2 * (x * x + y * y + z * z) / 9

    @cached_property
    def flat(self) -> float:
        """Height of the centre when it lies flat."""
        return min(self.half)

    def support(self, along: Array) -> Array:
        """How far the body reaches to one side; ``along`` (..., 3) are the cosines of that side with its three axes."""
        half = np.array(self.half)
        if self.round:
            end = np.abs(along[..., 1])
            return np.asarray(half[1] * end + half[0] * np.sqrt(np.clip(1 - end**2, 0, 1)))
        return np.asarray(np.abs(along) @ half)

    def contact(self, turn: Array, side: Array) -> Array:
        """(3,) from the centre to the point that touches a plane whose normal, towards the body, is ``side``."""
        along = turn.T @ side
        sign = np.where(along >= 0, 1.0, -1.0)
        if not self.round:
            return np.asarray(-turn @ (sign * self.half))
        across = side - along[1] * turn[:, 1]
        length = float(np.linalg.norm(across))
        rim = across / length if length > 1e-9 else turn[:, 0]
        return np.asarray(-(sign[1] * self.half[1] * turn[:, 1] + self.half[0] * rim))


@dataclass(frozen=True)
class Room:
    """Where it falls: a floor at z = 0 between walls at x = 0 and x = ``width``; no walls where it is infinite."""

    width: float
    floor: Surface
    wall: Surface = WALL

    @property
    def planes(self) -> tuple[tuple[Array, float, Surface], ...]:
        """Inward normal, offset and surface of each plane; inside is where normal @ point > offset."""
        planes = [(_UP, 0.0, self.floor)]
        if np.isfinite(self.width):
            planes += [
                (np.array([1.0, 0, 0]), 0.0, self.wall),
                (np.array([-1.0, 0, 0]), -self.width, self.wall),
            ]
        return tuple(planes)


@dataclass(frozen=True)
class Impact:
    """A bounce: when, how hard, and where the centre was.

    ``speed`` is that of a plain fall onto the surface which would push as hard, m/s: an end that whips down has little behind it.
    """

    t: float
    speed: float
    place: tuple[float, float, float]


@dataclass(frozen=True)
class _Arc:
    """Free flight from ``start`` seconds: place, velocity, rotation and angular velocity (rad/s, world)."""

    start: float
    origin: Array
    velocity: Array
    turn: Array
    spin: Array

    def at(self, t: float) -> tuple[Array, Array]:
        """Place and rotation."""
        s = t - self.start
        return self.origin + self.velocity * s + 0.5 * _DOWN * s * s, turned(self.spin * s) @ self.turn

    def cosines(self, s: Array, side: Array) -> Array:
        """(n, 3) cosines of ``side`` with the body's axes, ``s`` seconds after the start."""
        rate = float(np.linalg.norm(self.spin))
        axis = self.spin / rate if rate > 0 else _UP
        along = np.outer(axis @ self.turn, axis).T  # (3, 3) part of each axis that stays
        rest = self.turn - along
        crossed = np.cross(axis, self.turn, axisb=0, axisc=0)
        angle = (rate * s)[:, None]
        return np.asarray(side @ along + np.cos(angle) * (side @ rest) + np.sin(angle) * (side @ crossed))


@dataclass(frozen=True)
class _Rest:
    """From the last bounce on: tipping flat, sliding, rolling and turning to a stop.

    Attributes:
        start: seconds.
        origin, turn: place and rotation at the start.
        axis: (3,) about which it tips.
        times, angles: (n,) seconds after the start and radians tipped until then.
        glide: (k, 3) velocities that slow down each for itself.
        slowing: (k,) their decelerations.
        stop: seconds after the start at which a wall ends the glide.
        yaw, yaw_slowing: rad/s about the vertical, and how that slows down.
        roll: rad/s about its own y axis per m/s of the first glide.
    """

    start: float
    origin: Array
    turn: Array
    axis: Array
    times: Array
    angles: Array
    glide: Array
    slowing: Array
    stop: float
    yaw: float
    yaw_slowing: float
    roll: float
    body: Body
    width: float

    def at(self, t: float) -> tuple[Array, Array]:
        """Place and rotation."""
        s = t - self.start
        tipped = turned(self.axis * float(np.interp(s, self.times, self.angles)))
        yawed = turned(_UP * _slowed(self.yaw, self.yaw_slowing, s))
        gone = [
            _slowed(float(np.linalg.norm(v)), a, min(s, self.stop))
            for v, a in zip(self.glide, self.slowing, strict=True)
        ]
        rolled = turned(np.array([0.0, self.roll * gone[0], 0.0]))
        turn = yawed @ tipped @ self.turn @ rolled
        place = self.origin.copy()
        for way, v in zip(gone, self.glide, strict=True):
            place = place + way * _unit(v)
        aside = float(self.body.support(turn[0]))
        if np.isfinite(self.width):
            place[0] = np.clip(place[0], aside, self.width - aside)
        place[2] = float(self.body.support(turn[2]))
        return place, turn

    @property
    def end(self) -> float:
        """When nothing moves any more."""
        lasting = [_lasting(float(np.linalg.norm(v)), a) for v, a in zip(self.glide, self.slowing, strict=True)]
        return self.start + max(
            float(self.times[-1]), min(max(lasting), self.stop), _lasting(self.yaw, self.yaw_slowing)
        )


@dataclass(frozen=True)
class Flight:
    """A fall from ``start`` seconds until rest; a pure function of time.

    Attributes:
        start, end: seconds at which it begins and at which it lies still.
        impacts: bounces in order of time, the one it does not bounce from among them.
    """

    start: float
    end: float
    impacts: tuple[Impact, ...]
    _arcs: tuple[_Arc, ...] = field(repr=False)
    _rest: _Rest = field(repr=False)
    _room: Array = field(default_factory=lambda: np.eye(4), repr=False)

    def moved(self, room: Array) -> "Flight":
        """The same fall in a room that is elsewhere.

        Args:
            room: (4, 4) world from the room's frame, z up.
        """
        impacts = tuple(
            replace(impact, place=_tuple(room[:3, :3] @ impact.place + room[:3, 3])) for impact in self.impacts
        )
        return replace(self, impacts=impacts, _room=room @ self._room)

    def at(self, t: float) -> Array:
        """(4, 4) body to world at time ``t``; before the start where it began."""
        t = max(t, self.start)
        leg: _Arc | _Rest = self._rest
        if t < self._rest.start:
            leg = next(arc for arc in reversed(self._arcs) if arc.start <= t)
        place, turn = leg.at(t)
        frame = np.eye(4)
        frame[:3, :3], frame[:3, 3] = turn, place
        return np.asarray(self._room @ frame)


def _tuple(place: Array) -> tuple[float, float, float]:
    x, y, z = (float(v) for v in place)
    return x, y, z


def turned(by: ArrayLike) -> Array:
    """3x3 rotation by a vector: about its direction, by its length in radians."""
    vector = np.asarray(by, float)
    angle = float(np.linalg.norm(vector))
    if angle < 1e-12:
        return np.eye(3)
    x, y, z = vector / angle
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross))


def _unit(v: Array) -> Array:
    length = float(np.linalg.norm(v))
    return v / length if length > 1e-12 else np.zeros(3)


def _lasting(rate: float, slowing: float) -> float:
    return abs(rate) / slowing


def _slowed(rate: float, slowing: float, s: float) -> float:
    """Way after ``s`` seconds at a rate that falls evenly to nothing."""
    lasting = _lasting(rate, slowing)
    s = min(s, lasting)
    return rate * s * (1 - 0.5 * s / lasting) if lasting > 0 else 0.0


def fall(
    body: Body, room: Room, start: float, frame: Array, velocity: ArrayLike, spin: ArrayLike
) -> Flight:  # fmt: skip
    """The flight of a body that is let go.

    Args:
        body: its shape.
        room: what it falls in.
        start: seconds.
        frame: (4, 4) body to world, the origin at its centre.
        velocity: (3,) m/s.
        spin: (3,) angular velocity, rad/s, world.
    """
    origin = np.array(frame[:3, 3], float)
    turn = np.array(frame[:3, :3], float)
    for normal, offset, _ in room.planes:  # what begins in a wall begins at it
        short = offset + float(body.support(normal @ turn)) - float(normal @ origin)
        origin = origin + max(short, 0.0) * normal
    arc = _Arc(start, origin, np.asarray(velocity, float).copy(), turn, np.asarray(spin, float).copy())
    arcs, impacts, rattles = [arc], [], 0
    while True:
        s, plane = _contact(body, room, arc)
        place, turn = arc.at(arc.start + s)
        normal, _, surface = room.planes[plane]
        before = arc.velocity + _DOWN * s
        arm = body.contact(turn, normal)
        rattles = rattles + 1 if s < _RATTLE else 0
        after, spun = _bounced(body, surface, arm, normal, before, arc.spin)
        if rattles >= _MOST_RATTLES:
            after, spun = _calmed(body, surface, normal, before, arc.spin)
        speed = float((after - before) @ normal) / (1 + surface.restitution)
        if speed > 0:
            impacts.append(Impact(arc.start + s, speed, (float(place[0]), float(place[1]), float(place[2]))))
        over = rattles >= _MOST_RATTLES or len(arcs) >= _MOST_BOUNCES
        if plane == 0 and (over or _rests(body, turn, after, spun)):
            energy = 0.5 * float(before @ before) + 0.5 * body.inertia * float(arc.spin @ arc.spin)
            rest = _resting(body, room, _Arc(arc.start + s, place, after, turn, spun), energy)
            return Flight(start, rest.end, tuple(impacts), tuple(arcs), rest)
        arc = _Arc(arc.start + s, place, after, turn, spun)
        arcs.append(arc)


def _calmed(body: Body, surface: Surface, normal: Array, velocity: Array, spin: Array) -> tuple[Array, Array]:
    """Velocity and spin of what rattles on a plane, end after end: it stops turning and leaves with some of that energy."""
    straight = float(velocity @ normal)
    kept = float(spin @ normal) * normal
    energy = 0.5 * straight**2 + 0.5 * body.inertia * float((spin - kept) @ (spin - kept))
    away = surface.restitution * np.sqrt(2 * energy)
    return velocity + (away - straight) * normal, kept


def _contact(body: Body, room: Room, arc: _Arc) -> tuple[float, int]:
    """Seconds until the body touches a plane next, and which."""
    height, climb = float(arc.origin[2]) - body.flat, float(arc.velocity[2])
    # A little deeper than the floor: what lies almost still would otherwise not be found to touch it.
    deep = max(height, 0.0) + 4 * _TOUCH
    horizon = (climb + np.sqrt(climb * climb + 2 * GRAVITY * deep)) / GRAVITY + 1e-4
    rate = float(np.linalg.norm(arc.spin))
    count = int(np.ceil(horizon * max(rate / _RADIANS_A_STEP, 60.0))) + 2
    looks = np.linspace(0.0, horizon, count)[1:]
    found = []
    for plane, (normal, offset, _) in enumerate(room.planes):
        closed = np.flatnonzero(_gap(body, arc, looks, normal, offset) < -_TOUCH)
        if len(closed):
            k = int(closed[0])
            lo, hi = (float(looks[k - 1]) if k else 0.0), float(looks[k])
            found.append((_last_clear(body, arc, normal, offset, lo, hi), plane))
    return min(found)


def _gap(body: Body, arc: _Arc, s: Array, normal: Array, offset: float) -> Array:
    centre = normal @ arc.origin + s * float(normal @ arc.velocity) + 0.5 * float(normal @ _DOWN) * s * s
    return np.asarray(centre - offset - body.support(arc.cosines(s, normal)))


def _last_clear(body: Body, arc: _Arc, normal: Array, offset: float, lo: float, hi: float) -> float:
    """The last time between two at which it is still clear, to a nanosecond."""
    for _ in range(4):
        s = np.linspace(lo, hi, 33)
        closed = _gap(body, arc, s[1:], normal, offset) < -_TOUCH
        k = int(np.argmax(closed)) if closed.any() else 31
        lo, hi = float(s[k]), float(s[k + 1])
    return lo


def _bounced(
    body: Body, surface: Surface, arm: Array, normal: Array, velocity: Array, spin: Array
) -> tuple[Array, Array]:
    """Velocity and spin after an impulse at the end of ``arm``: it sticks if friction can hold it there, else slips."""
    towards = velocity + np.cross(spin, arm)
    closing = float(towards @ normal)
    if closing >= 0:
        return velocity, spin
    k = body.inertia
    yielding = np.eye(3) + (float(arm @ arm) * np.eye(3) - np.outer(arm, arm)) / k  # velocity by impulse over mass
    impulse = -np.linalg.solve(yielding, towards + surface.restitution * closing * normal)
    push = float(impulse @ normal)
    if push <= 0 or np.linalg.norm(impulse - push * normal) > surface.friction * push:
        slip = -_unit(towards - closing * normal)
        pressed = normal + surface.friction * slip
        give = float(normal @ yielding @ pressed)
        impulse = -(1 + surface.restitution) * closing / give * pressed if give > 0 else np.zeros(3)
        if give <= 0 or float(impulse @ towards + 0.5 * impulse @ yielding @ impulse) > 0:  # friction would drive it
            impulse = -(1 + surface.restitution) * closing / float(normal @ yielding @ normal) * normal
    return velocity + impulse, spin + np.cross(arm, impulse) / k


def _leaning(body: Body, turn: Array) -> tuple[Array, float]:
    """Axis (3,) and angle by which it tips until it lies flat."""
    if body.round:
        axis = turn[:, 1] * (1.0 if turn[2, 1] >= 0 else -1.0)
        angle = float(np.arcsin(np.clip(axis[2], 0, 1)))
        about = _unit(np.cross(_UP, axis))
    else:
        thin = int(np.argmin(body.half))
        axis = turn[:, thin] * (1.0 if turn[2, thin] >= 0 else -1.0)
        angle = float(np.arccos(np.clip(axis[2], 0, 1)))
        about = _unit(np.cross(axis, _UP))
    return (about if about.any() else np.array([1.0, 0, 0])), angle


def _lever(body: Body, turn: Array, angle: float) -> float:
    """Half the body's length in the plane in which it tips: its height is flat cos(angle) + lever sin(angle)."""
    if np.sin(angle) < 1e-6:
        return max(body.half)
    return (float(body.support(turn[2])) - body.flat * float(np.cos(angle))) / float(np.sin(angle))


def _rests(body: Body, turn: Array, velocity: Array, spin: Array) -> bool:
    """Whether a thing that has just touched the floor no longer bounces.

    What has too little energy to get over its longest edge stays on the side of it where it is: a case that would stay
    standing on its end is tipped over while it still has the energy to. A box, with more edges than one, then never bounces.
    """
    k = body.inertia
    tumble = 0.5 * k * float(spin[0] ** 2 + spin[1] ** 2) + 0.5 * float(velocity[2] ** 2)
    if tumble < _SMALL:
        return True
    energy = tumble + 0.5 * k * float(spin[2] ** 2) + GRAVITY * float(body.support(turn[2]))
    if energy > 1.1 * GRAVITY * body.reach:
        return False
    _, angle = _leaning(body, turn)
    return not body.round or angle > np.arctan2(_lever(body, turn, angle), body.flat)


def _resting(body: Body, room: Room, arc: _Arc, energy: float) -> _Rest:
    """How it comes to rest after its last impact; ``energy`` is what it had before it, kinetic, J/kg."""
    axis, angle = _leaning(body, arc.turn)
    lever, k = _lever(body, arc.turn, angle), body.inertia
    standing = angle > np.arctan2(lever, body.flat)
    here = float(body.support(arc.turn[2]))
    top = float(np.hypot(lever, body.flat)) if standing else here
    tumble = 0.5 * (0.5 * k * float(arc.spin[0] ** 2 + arc.spin[1] ** 2) + 0.5 * float(arc.velocity[2] ** 2))
    tipping = max(tumble, GRAVITY * (_OVER * top - here) if standing else 0.2 * _SMALL)
    level = arc.velocity * (1, 1, 0)
    level = level * min(1.0, np.sqrt(2 * max(energy - tipping, 0.0)) / max(float(np.linalg.norm(level)), 1e-9))
    spare = max(energy - tipping - 0.5 * float(level @ level), 0.0)
    yaw = float(np.sign(arc.spin[2])) * min(0.7 * abs(float(arc.spin[2])), np.sqrt(2 * spare / k))
    x = float(arc.origin[0])
    if min(x, room.width - x) < body.reach:  # beside a wall it tips along it, or off it
        level, yaw = level * (0, 1, 0), 0.0
    left = angle * (1 - np.linspace(0, 1, 97) ** 2)
    aside = body.support(np.array([(turned(axis * (angle - a)) @ arc.turn)[0] for a in left]))
    pushed = np.clip(x, aside, np.maximum(room.width - aside, aside))
    times, angles = _tipping(left, lever, body.flat, k, tipping + GRAVITY * here, pushed)
    glide, slowing, roll = _gliding(body, room.floor, turned(axis * angle) @ arc.turn, level)
    rest = _Rest(
        arc.start, arc.origin, arc.turn, axis, times, angles, glide, slowing, np.inf, yaw,
        1.5 * room.floor.friction * GRAVITY / max(body.half), roll, body, room.width,
    )  # fmt: skip
    return _Rest(**{**vars(rest), "stop": _walled(rest)})


def _tipping(left: Array, lever: float, flat: float, k: float, energy: float, aside: Array) -> tuple[Array, Array]:
    """Times and angles of tipping over an edge, by the energy that remains at every angle; a quarter is lost on the way.

    Args:
        left: (n,) radians until it lies flat, falling to 0.
        lever: see ``_lever``.
        flat: height of the centre when it lies flat.
        k: inertia over mass.
        energy: at the start, kinetic and of its height, J/kg.
        aside: (n,) distance along x to which a wall pushes it.
    """
    if left[0] < 1e-5:
        return np.zeros(1), np.zeros(1)
    height = flat * np.cos(left) + lever * np.sin(left)
    rise = lever * np.cos(left) - flat * np.sin(left)
    angles = left[0] - left
    push = np.gradient(aside, angles)
    lost = np.maximum(energy - GRAVITY * height, 1e-5) * (1 - 0.25 * angles / left[0])
    pace = np.sqrt(2 * lost / (k + rise**2 + push**2))
    seconds = 2 * np.diff(angles) / (pace[1:] + pace[:-1])
    return np.concatenate([[0.0], np.cumsum(seconds)]), angles


def _gliding(body: Body, floor: Surface, turn: Array, level: Array) -> tuple[Array, Array, float]:
    """Velocities along the floor, their decelerations, and rad/m of rolling: a cylinder rolls across its axis."""
    if not body.round:
        return level[None], np.array([floor.friction * GRAVITY]), 0.0
    axis = _unit(turn[:, 1] * (1, 1, 0))
    along = float(level @ axis) * axis
    # What begins to roll without spin gives part of its speed to it.
    across = (level - along) / (1 + body.inertia / body.half[0] ** 2)
    roll = float(np.cross(_UP, _unit(across)) @ turn[:, 1]) / body.half[0]
    return np.stack([across, along]), GRAVITY * np.array([floor.rolling, floor.friction]), roll


def _walled(rest: _Rest) -> float:
    """Seconds after which a wall stops it."""
    if not np.isfinite(rest.width):
        return np.inf
    seconds = max(_lasting(float(np.linalg.norm(v)), a) for v, a in zip(rest.glide, rest.slowing, strict=True))
    s = np.linspace(0, seconds, 200)
    x = np.full(len(s), rest.origin[0])
    for v, a in zip(rest.glide, rest.slowing, strict=True):
        x += np.array([_slowed(float(np.linalg.norm(v)), a, float(u)) for u in s]) * _unit(v)[0]
    aside = float(rest.body.support(rest.at(rest.start + seconds)[1][0]))
    outside = np.flatnonzero(
        (x < aside) & (rest.glide.sum(0)[0] < 0) | (x > rest.width - aside) & (rest.glide.sum(0)[0] > 0)
    )
    return float(s[outside[0]]) if len(outside) else np.inf
