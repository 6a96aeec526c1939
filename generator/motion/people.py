"""People in view: what they do when, where they go, and their postures and feet as pure functions of time."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from generator.motion import acting
from generator.motion.acting import Posture
from generator.motion.footsteps import Feet, Travel, homed, stepped, travel
from generator.motion.gait import RUNS_FROM
from generator.motion.noise import Wander, minimum_jerk, wander
from generator.motion.places import (
    behind_hostage,
    cover_of,
    facing_wearer,
    index_of,
    person_position,
    seat_of,
    straight,
    way_to,
)
from generator.motion.pose import pose, rotation
from generator.motion.timeline import PersonMoment
from generator.scenario.spec import Action, ClipSpec, Person
from generator.site import main_route, site_of
from generator.site.model import Site
from generator.site.route import Route

Array = NDArray[np.float64]

_SPEEDS: dict[str, tuple[float, float]] = {
    "walk": (1.0, 1.5),
    "run": (2.4, 3.2),
    "flee": (2.7, 3.5),
    "take_cover": (2.4, 3.0),
}
"""m/s, slowest and fastest (walking: Bohannon 1997, comfortable gait speed of adults)."""

_ENDLESS = 60.0
_EYE_LINE = 1.55
"""Metres above the floor at which people look at each other; of somebody standing."""


@dataclass(frozen=True)
class Key:
    """From ``start`` seconds on a posture comes, within ``seconds``."""

    start: float
    seconds: float
    name: str


@dataclass(frozen=True)
class Turn:
    """The root turns by so many radians to the left."""

    start: float
    seconds: float
    by: float


@dataclass(frozen=True)
class Look:
    """From ``start`` on something is looked at: a point, or the wearer where it is None."""

    start: float
    point: Array | None


@dataclass(frozen=True)
class Acting:
    """One person of a clip.

    Attributes:
        person: as in the spec.
        place: (3,) of the root at first.
        yaw: radians to the left of +y that it faces at first.
        keys, turns, travels, looks: what is done, in order of time.
        feet: where they are put.
        shown: (start, action) of every action as it begins.
        laid: seconds at which a thing is let go on the floor and where it lies; None where it stays in the hand.
        seat: metres of the seat above the floor.
    """

    person: Person
    place: Array
    yaw: float
    keys: tuple[Key, ...]
    turns: tuple[Turn, ...]
    travels: tuple[Travel, ...]
    looks: tuple[Look, ...]
    feet: Feet
    shown: tuple[tuple[float, Action], ...]
    laid: tuple[float, Array] | None
    seat: float
    _rest: Posture = field(repr=False)
    _sway: Wander = field(repr=False)
    _beat: Wander = field(repr=False)

    def root(self, t: float) -> tuple[Array, float]:
        """(3,) place on the floor and yaw at ``t``."""
        place, yaw = self.place, self.yaw
        for turn in self.turns:
            yaw += turn.by * minimum_jerk((t - turn.start) / turn.seconds)
        for going in self.travels:
            along = going.distance(t)
            if along > 0.0:
                place = place + going.route.place(along) - going.route.places[0]
                yaw += going.route.heading(along) - going.route.heading(0.0)
        return place, yaw

    def posture(self, t: float) -> Posture:
        """What limbs aim for at ``t``."""
        made = self._rest
        shares = [minimum_jerk((t - key.start) / key.seconds) for key in self.keys]
        begin = max((k for k, share in enumerate(shares) if share >= 1.0), default=0)
        for key, share in zip(self.keys[begin:], shares[begin:], strict=True):
            if share > 0.0:
                made = made.mixed(self._of(key.name, t), share)
        return made

    def _of(self, name: str, t: float) -> Posture:
        if name == "talk":
            return acting.gesturing(self._rest, self._beat.at(t))
        if name.startswith("stride"):
            going = self.travels[int(name[6:])]
            stoop = 0.55 * (self.person.actions[-1] in ("flee", "take_cover")) * going.runs
            return acting.striding(going.phase(t), going.pace(t), going.parity, runs=going.runs, stoop=stoop)
        if name == "seated":
            return acting.SEATED.but(lift=self.seat + acting.HIPS_OVER_SEAT)
        if name == "door":  # the hand tries the handle
            pull = 0.5 + 0.5 * np.sin(2 * np.pi * 0.7 * t)
            return acting.AT_DOOR.but(hands=acting.AT_DOOR.hands - np.array([[0, 0, 0], [0.0, 0.06, 0.05]]) * pull)
        return acting.POSTURES.get(name, self._rest)

    def at(self, t: float, eyes: Array) -> PersonMoment:
        """The person at time ``t``.

        Standing sway is about half a degree of lean about the ankles (Winter 1995, Human balance and posture control).

        Args:
            t: seconds.
            eyes: (3,) of the wearer, in the world.
        """
        turn, lean, breath = self._sway.at(t)
        place, yaw = self.root(t)
        posture = self.posture(t)
        still = 1.0 - max((going.pace(t) for going in self.travels), default=0.0)
        upright = float(np.clip((posture.pelvis[2] - 0.6) / 0.3, 0, 1)) * still
        sway = np.array([0.012 * turn, 0.006 * lean, 0.010 * breath]) * upright
        posture = posture.but(
            head=posture.head + sway, hands=posture.hands + 0.004 * still * np.sin(2 * np.pi * 0.25 * t + breath)
        )
        feet, heels = self.feet.at(t)
        looks_at = self._gaze(t, eyes)
        laid = 0.0 if self.laid is None else minimum_jerk((t - self.laid[0]) / 0.30)
        return PersonMoment(
            T_world_root=pose(rotation(yaw=yaw + np.radians(0.8) * turn * upright), place),
            lean=float(np.radians(0.5) * lean * upright),
            breath=float(np.sin(2 * np.pi * 0.25 * t + 3 * self.yaw)),
            posture=posture,
            feet=feet,
            heels=heels,
            looks_at=looks_at,
            aims_at=eyes,
            laid=laid,
            T_world_laid=np.eye(4) if self.laid is None else self.laid[1],
        )

    def _gaze(self, t: float, eyes: Array) -> Array:
        at = eyes
        for look in self.looks:
            share = minimum_jerk((t - look.start) / 0.45)
            if share > 0:
                at = at + share * ((eyes if look.point is None else look.point) - at)
        return at


class _Plan:
    """An Acting as it is put together, action after action."""

    def __init__(self, spec: ClipSpec, person: Person) -> None:
        self.spec, self.person = spec, person
        self.index = index_of(spec, person)
        self.rng = spec.stream(f"motion/acting/{self.index}")
        self.site: Site = site_of(spec)
        self.duration = spec.n_frames / spec.clip.fps
        self.rest = acting.standing(self.rng)
        if {"aim_at_camera", "film_with_phone"} & set(person.actions):
            self.rest = acting.carrying(self.rest)
        self.speed = {word: float(self.rng.uniform(*band)) for word, band in _SPEEDS.items()}
        self.parity = int(self.rng.integers(2))
        self.early = float(self.rng.uniform(-0.6, 0.3))
        self.place, self.yaw = person_position(spec, person), facing_wearer(spec, person) + person.facing
        self.keys: list[Key] = []
        self.turns: list[Turn] = []
        self.travels: list[Travel] = []
        self.looks: list[Look] = []
        self.laid: tuple[float, Array] | None = None
        self.seat = 0.45
        self.busy = 0.0
        self.shown: list[tuple[float, Action]] = []
        self._start()

    def _start(self) -> None:
        """Where the person is before anything is done, and how the feet stand."""
        spec, person, actions = self.spec, self.person, self.person.actions
        goes = person.action in ("walk", "run", "flee")
        if "hold_hostage" in actions and not goes:
            self.yaw = behind_hostage(spec, person)[1]
        found = seat_of(spec, person) if "sit" in actions and not goes else None
        if found is not None:
            self.yaw, self.seat = found[1], found[2]
        elif actions[0] in ("aim_at_camera", "film_with_phone"):
            self.yaw = facing_wearer(spec, person)
        begun = self._settles(person.action)
        feet = acting.POSTURES[begun].feet if begun in acting.POSTURES else self.rest.feet
        self.feet = Feet(homed(self.place, self.yaw, feet, self.site), ((), ()))
        self.start_place, self.start_yaw = self.place, self.yaw

    def do(self, action: Action, start: float, *, first: bool) -> None:
        """Adds an action."""
        start = max(start, self.busy)
        if start > self.duration + 0.5:  # flow of the last frame looks a frame further
            return
        self.shown.append((0.0 if first else start, action))
        if self.keys and self.keys[-1].name == "prone":  # up again by the way that one went down
            self._key(start, 1.1, "all_fours")
            start += 0.9
        if action in ("walk", "run", "flee"):
            self._go(action, self.early if first else start)
            return
        if not first and self.travels:
            start = self._halt(start, action)
        settled = self._settles(action)
        if first and settled is not None:
            self._key(-9.0, 1.0, settled)
            if action == "talk":
                self.looks.append(Look(-9.0, self._companion()))
            return
        getattr(self, f"_{action}", lambda at: self._pose(_SETTLED[action], at))(max(start, 0.25) if first else start)

    def _settles(self, action: Action) -> str | None:
        """The posture of an action that somebody may be in the middle of as the clip begins."""
        if action == "sit" and seat_of(self.spec, self.person) is None:
            return "crouched"
        return _SETTLED.get(action)

    def _key(self, start: float, seconds: float, name: str) -> None:
        self.keys.append(Key(start, seconds, name))

    def _pose(self, name: str, start: float, seconds: float = 0.8) -> float:
        """Comes into a posture; the feet step to where it has them. Seconds at which it is reached."""
        self._key(start, seconds, name)
        feet = acting.POSTURES[name].feet if name in acting.POSTURES else self.rest.feet
        wanted = homed(self.place, self.yaw, feet, self.site)
        steps = stepped(self.feet.last(np.inf), wanted, start, min(0.55 * seconds, 0.42), first=self.parity)
        self.feet = self.feet.then(steps)
        return start + seconds

    def _face(self, yaw: float, start: float, each: float = 0.55) -> float:
        """Turns on the spot, in steps of up to 70 degrees of ``each`` seconds. Seconds at which it is done."""
        by = float((yaw - self.yaw + np.pi) % (2 * np.pi) - np.pi)
        if abs(by) < 0.12:
            return start
        count = int(np.ceil(abs(by) / np.radians(70)))
        self.turns.append(Turn(start, count * each + 0.1, by))
        for k in range(count):
            self.yaw += by / count
            wanted = homed(self.place, self.yaw, self.rest.feet, self.site)
            first = 0 if by > 0 else 1
            steps = stepped(self.feet.last(np.inf), wanted, start + k * each, 0.55 * each, first=first)
            self.feet = self.feet.then(steps)
        return start + count * each + 0.1

    def _along(self, route: Route, speed: float, start: float, *, whole: bool) -> float:
        """Goes along a route; before the clip only straight on. Seconds at which the end is reached, or infinite."""
        heading = route.heading(0.0)
        if start > 0:
            start = self._face(heading, start, 0.38 if speed > RUNS_FROM else 0.55) - 0.15
        else:
            self.start_yaw, self.yaw = self.start_yaw + heading - self.yaw, heading
            self.feet = Feet(homed(self.place, self.yaw, self.rest.feet, self.site), ((), ()))
        begin = max(start, self.travels[-1].begin + 0.5) if self.travels else start
        going = travel(route, speed, begin, route.length, self.duration, self.parity)
        self.travels.append(going)
        self._key(begin - 0.15, 0.5, f"stride{len(self.travels) - 1}")
        self.looks.append(Look(begin, None))
        self.feet = self.feet.then(going.footsteps(self.site, self.duration + 1.4))
        self.place = going.route.place(going.total)
        self.yaw += route.heading(going.total) - heading
        arrives = going.time((going.total - 0.04) / going.step)
        if np.isfinite(arrives) and whole:
            self._key(arrives - 0.25, 0.6, "stand")
        return float(arrives)

    def _go(self, action: Action, start: float) -> None:
        speed = self.speed[action]
        if self.travels:
            start = self._halt(start, action)
        yaw = self.yaw
        if action == "flee":
            yaw = facing_wearer(self.spec, self.person) + np.pi + 0.2 * self.person.facing
        route = straight(self.spec, self.person, self.place, yaw, max(speed * (self.duration - start), 0.0) + 1.0)
        if route is None:
            if action == "flee":
                self._take_cover(start)
            return
        arrives = self._along(route, speed, start, whole=action != "flee")
        if action == "flee" and arrives < self.duration + 1.0:
            self._pose("covered", arrives - 0.1, 0.7)

    def _halt(self, start: float, action: Action) -> float:
        """Stops going where one is at ``start``, within a step or two. Seconds from which the next thing can be done."""
        going = self.travels[-1]
        reached = going.distance(start)
        if reached >= going.total - 0.05:
            return start
        self.travels.pop()
        reached = min(reached + 0.25 + 0.12 * going.speed**2, going.total)
        shorter = travel(going.route, going.speed, going.begin, reached, self.duration, going.parity)
        self.travels.append(shorter)
        on_the_spot = [s for foot in self.feet.steps for s in foot if not s.walked and s.lift < shorter.begin]
        steps = on_the_spot + shorter.footsteps(self.site, self.duration + 1.4)
        self.feet = Feet(self.feet.home, ((), ())).then(steps)
        self.keys = [key for key in self.keys if key.start < start or key.name.startswith("stride")]
        self.place = shorter.route.place(shorter.total)
        self.yaw += shorter.route.heading(shorter.total) - going.route.heading(going.total)
        stands = shorter.time(max(shorter.total - 0.10, 0.0) / shorter.step)
        if action not in ("walk", "run", "flee"):
            self._key(min(stands - 0.2, self.duration), 0.5, "stand")
        return float(min(max(stands, start), self.duration + 1.0)) + 0.2

    def _companion(self) -> Array | None:
        """(3,) face of the nearest other person within 4 m, None for the wearer's."""
        places = [person_position(self.spec, other) for other in self.spec.people if other is not self.person]
        near = [p for p in places if 0.4 < np.linalg.norm(p - self.place) < 4.0]
        if not near:
            return None
        return np.asarray(min(near, key=lambda p: float(np.linalg.norm(p - self.place))) + [0.0, 0.0, _EYE_LINE])

    def _talk(self, start: float) -> None:
        self.looks.append(Look(start, self._companion()))
        self._pose("talk", start, 0.7)

    def _sit(self, start: float) -> None:
        if seat_of(self.spec, self.person) is None or self.travels:
            self._pose("crouched", start, 0.9)
        else:
            self._pose("seated", start, 1.2)

    def _lie_down(self, start: float) -> None:
        start = self._face(self._roomiest(), start)
        self._pose("kneeling", start, 1.0)
        self._key(start + 0.9, 1.0, "all_fours")
        wanted = homed(self.place, self.yaw, acting.PRONE.feet, self.site)
        self._key(start + 1.9, 1.3, "prone")
        self.busy = start + 3.2
        steps = stepped(self.feet.last(np.inf), wanted, start + 1.95, 0.5, first=self.parity)
        self.feet = self.feet.then(steps)

    def _roomiest(self) -> float:
        """Yaw near the present one with room to lie: 1.45 m ahead and 0.75 m behind."""
        best, most = self.yaw, -1.0
        for turn in np.radians([0, 30, -30, 60, -60, 90, -90, 130, -130, 180]):
            ahead = np.array([-np.sin(self.yaw + turn), np.cos(self.yaw + turn), 0.0])
            points = self.place + np.linspace(-0.75, 1.45, 12)[:, None] * ahead + [0, 0, 0.3]
            room = min(float(self.site.clearance(points).min()), 0.25)
            if room > most + 0.02:
                best, most = self.yaw + float(turn), room
        return best

    def _take_cover(self, start: float) -> None:
        found = cover_of(self.spec, self.person)
        route = None if found is None else way_to(self.spec, self.person, self.place, found[0])
        if found is None or route is None:
            self._pose("covered", start, 0.65)
            return
        arrives = self._along(route, self.speed["take_cover"], start, whole=False)
        if np.isfinite(arrives):
            self._pose("crouched", self._face(found[1], arrives), 0.7)

    def _hold_hostage(self, start: float) -> None:
        place, yaw = behind_hostage(self.spec, self.person)
        route = way_to(self.spec, self.person, self.place, place) if self.travels else None
        if route is not None:
            start = self._along(route, 1.2, start, whole=True)
        if np.isfinite(start):
            self._pose("holding", self._face(yaw, start), 0.9)

    def _aim_at_camera(self, start: float) -> None:
        self._pose("aiming", self._face(facing_wearer(self.spec, self.person), start), 0.7)

    def _film_with_phone(self, start: float) -> None:
        self._pose("filming", self._face(facing_wearer(self.spec, self.person), start), 0.9)

    def _surrender(self, start: float) -> None:
        if "aim_at_camera" in self.person.actions or "film_with_phone" in self.person.actions:
            start = self._pose("laying_down", start, 1.1)
            side = np.array([np.cos(self.yaw), np.sin(self.yaw), 0.0])
            ahead = np.array([-np.sin(self.yaw), np.cos(self.yaw), 0.0])
            spot = self.place + 0.24 * side + 0.42 * ahead
            flat = rotation(yaw=self.yaw + 0.5) @ rotation(roll=np.pi / 2)
            self.laid = (start - 0.05, pose(flat, np.array([*spot[:2], self.site.tread(spot) + 0.022])))
            start += 0.3
        reached = self._pose("hands_up", start, 1.0)
        self.busy = self._pose("kneeling_up", reached + 0.5, 1.2)

    def _open_door(self, start: float) -> None:
        looks = self.site.ways["advance"].looks
        if len(looks):
            door = looks[int(np.linalg.norm(looks[:, :2] - self.place[:2], axis=1).argmin())]
            line = main_route(self.spec).places
            inner = line[int(np.linalg.norm(line[:, :2] - door[:2], axis=1).argmin())]
            out = (inner - door) * [1, 1, 0]
            out = out / max(float(np.linalg.norm(out)), 1e-6)
            place = np.array([*(door + 0.62 * out)[:2], self.place[2]])
            route = way_to(self.spec, self.person, self.place, place)
            if route is not None:
                start = self._along(route, 1.1, start, whole=True)
            self.looks.append(Look(start, door - [0, 0, 0.4]))
            way = door - self.place
            if np.isfinite(start) and np.linalg.norm(way[:2]) < 1.2:
                start = self._face(float(np.arctan2(-way[0], way[1])), start)
        if np.isfinite(start):
            self._pose("door", start, 0.8)

    def done(self) -> Acting:
        """What was put together."""
        rng = self.spec.stream(f"motion/people/{self.index}")
        sway, beat = wander(rng, 3, (0.1, 1.2)), wander(rng, 6, (0.25, 1.3))
        ordered = tuple(sorted(self.keys, key=lambda key: key.start))
        return Acting(
            self.person, self.start_place, self.start_yaw, ordered, tuple(self.turns), tuple(self.travels), tuple(self.looks),
            self.feet, tuple(self.shown), self.laid, self.seat, self.rest, sway, beat,
        )  # fmt: skip


_SETTLED: dict[Action, str] = {
    "stand": "stand", "talk": "talk", "sit": "seated", "crouch": "crouched", "kneel": "one_knee", "hands_up": "hands_up",
    "hold_hostage": "holding", "aim_at_camera": "aiming", "film_with_phone": "filming",
}  # fmt: skip
"""Actions that somebody is in the middle of as the clip begins; the others are done before the camera."""


def play(spec: ClipSpec, person: Person) -> Acting:
    """What a person does in a clip; a function of the spec alone."""
    plan = _Plan(spec, person)
    plan.do(person.action, 0.0, first=True)
    if person.then is not None:
        plan.do(person.then.action, person.then.after, first=False)
    return plan.done()


def cast(spec: ClipSpec) -> tuple[Acting, ...]:
    """Everybody, in the order of ``spec.people``."""
    return tuple(play(spec, person) for person in spec.people)


def person_track(spec: ClipSpec, person: Person) -> list[Array]:
    """(3,) points of the floor that a person is at in the course of the clip, about every half metre."""
    who = play(spec, person)
    made = [who.place]
    for going in who.travels:
        count = max(int(going.total / 0.5), 1)
        made += [going.route.place(along) for along in np.linspace(0.0, going.total, count + 1)[1:]]
    return made
