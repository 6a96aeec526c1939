"""ClipSpec to Timeline."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from generator.motion.flash import DECAY
from generator.motion.gait import Breath, breathing, heel_strikes
from generator.motion.handling import PUMP_DELAY, PUMP_SECONDS, Handled, Handling, Place, Shot, events, handle
from generator.motion.holds import HOLDS, Hold
from generator.motion.inertial import readings
from generator.motion.journey import Journey, journey
from generator.motion.layout import aim_point
from generator.motion.mounts import Carriers, Mount
from generator.motion.noise import Wander, minimum_jerk, spring, wander
from generator.motion.people import idlers, person_moment
from generator.motion.pose import mixed, pose, rotation
from generator.motion.slung import hung
from generator.motion.support import FETCHED, Hands, hands_at
from generator.motion.timeline import HEAD_DIP, NOMINAL_STATURE, BodyMeasures, Event, Interval, Moment, ThingMoment
from generator.scenario.spec import ClipSpec
from generator.scenario.things import THINGS

Array = NDArray[np.float64]

_DRAWN = 0.20
"""Metres that a thing slides along its holster before it turns."""

_CROUCH = 0.035  # of stature: knees slightly bent while handling something
_LEAN = np.radians(7.0)
_AIM_ASIDE = 0.9
"""Radians to either side of the heading that the trunk turns to aim; further would need other steps."""

_PRESS, _RELEASE = 0.09, 0.10  # seconds the trigger finger takes before and after a shot
_SPIN = 2 * np.pi * 7.5
"""Radians a second of a drill's chuck in its low gear (about 450 a minute, as cordless drills state)."""

SHUTTER_DELAY, _BLANK = 0.06, 0.11
"""Seconds from a camera's release to its shutter, and for which its display is dark then; estimates, of mirrorless cameras."""

_CYCLE_BACK, _CYCLE = 0.018, 0.075  # seconds the slide or bolt takes back, and in all


@dataclass(frozen=True)
class Glances:
    """Where the wearer looks: head turns to drawn directions at drawn times; the trunk follows late and less.

    Attributes:
        starts: (n,) seconds at which a turn begins.
        seconds: (n,) how long it takes.
        yaw, pitch: (n + 1,) radians before the first and after each turn.
    """

    starts: Array
    seconds: Array
    yaw: Array
    pitch: Array

    def at(self, t: float, delay: float = 0.0) -> tuple[float, float]:
        """Yaw and pitch at ``t``, ``delay`` seconds late."""
        yaw, pitch = float(self.yaw[0]), float(self.pitch[0])
        for k, (start, seconds) in enumerate(zip(self.starts, self.seconds, strict=True)):
            share = minimum_jerk((t - delay - start) / seconds)
            yaw += share * float(self.yaw[k + 1] - self.yaw[k])
            pitch += share * float(self.pitch[k + 1] - self.pitch[k])
        return yaw, pitch


def _glances(rng: np.random.Generator, amount: float, duration: float) -> Glances:
    """Turns every 1.2-3 s of 10-35 degrees at full ``amount``; head turns last 0.3-0.7 s (Grossman et al. 1988)."""
    n = int(duration / 1.2) + 2
    starts = np.cumsum(rng.uniform(1.2, 3.0, n)) - rng.uniform(0, 1.5)
    yaw = np.radians(28.0) * amount * rng.standard_normal(n + 1).clip(-1.6, 1.6) * 0.6
    pitch = np.radians(7.0) * amount * rng.standard_normal(n + 1).clip(-1.6, 1.6)
    return Glances(starts, rng.uniform(0.35, 0.75, n), yaw, pitch)


@dataclass(frozen=True)
class Aiming:
    """How this wearer aims and reloads.

    Attributes:
        below: metres that the sights stay below the line of sight: 0 through the sights, more over them at the target.
        look: radians that the head goes down to look at the hands.
    """

    below: float
    look: float


@dataclass(frozen=True)
class BuiltTimeline:
    """The Timeline of a ClipSpec; see ``generator.motion.timeline.Timeline``."""

    spec: ClipSpec
    measures: BodyMeasures
    fps: float
    n_frames: int
    states: tuple[Interval, ...]
    events: tuple[Event, ...]
    steps: tuple[float, ...]
    handling: Handling = field(repr=False)
    aim: Array | None
    _journey: Journey = field(repr=False)
    _breath: Breath = field(repr=False)
    _glances: Glances = field(repr=False)
    _sway: Wander = field(repr=False)
    _hands: Wander = field(repr=False)
    _jitter: Wander = field(repr=False)
    _mount: Mount = field(repr=False)
    _aiming: Aiming = field(repr=False)
    _idlers: tuple[Wander, ...] = field(repr=False)

    @property
    def duration(self) -> float:
        """``n_frames / fps``."""
        return self.n_frames / self.fps

    @property
    def breath(self) -> Breath:
        """The wearer's breathing."""
        return self._breath

    def at(self, t: float) -> Moment:
        """Everything at time ``t``."""
        raised = self.handling.raised(t)
        torso, steady = self._torso(t, raised)
        head = self._head(t, torso, raised)
        live = [shot for _, shot in self.handling.shots if shot.live]
        things = tuple(self._thing_moment(handled, t, torso, steady) for handled in self.handling.things)
        carriers = Carriers(torso, steady, head, things[0].T_world)
        return Moment(
            t=t,
            T_world_camera=self._mount.camera(carriers, self.measures, self._jitter.at(t)),
            T_world_torso=torso,
            T_world_head=head,
            things=things,
            held=self.handling.held(t),
            raised=raised,
            state=self.handling.state(t),
            flash=max((_flash(t, shot) for shot in live), default=0.0),
            shot=sum(shot.t <= t for shot in live),
            feet=self._journey.gait.feet(t, 0.052 * self.measures.stature),
            people=tuple(
                person_moment(self.spec, person, sway, t)
                for person, sway in zip(self.spec.people, self._idlers, strict=True)
            ),
        )

    def camera(self, t: float) -> Array:
        """(4, 4) world from camera (OpenCV axes) at time ``t``: what ``at`` says, for less."""
        raised = self.handling.raised(t)
        torso, steady = self._torso(t, raised)
        first = self.handling.things[0]
        thing = self._thing(first, t, torso, steady, hands_at(first, t))
        carriers = Carriers(torso, steady, self._head(t, torso, raised), thing)
        return self._mount.camera(carriers, self.measures, self._jitter.at(t))

    def _thing_moment(self, handled: Handled, t: float, torso: Array, steady: Array) -> ThingMoment:
        """One of the things, with what hands and shots do to it."""
        hands = hands_at(handled, t)
        manual = handled.kind is not None and THINGS[handled.kind].manual
        once = handled.kind is not None and THINGS[handled.kind].once
        held_down = sum(float(np.clip(t - start, 0, end - start)) for start, end in handled.pulls)
        live = [shot for shot in handled.shots if shot.live]
        held = max((_held(t, start, end) for start, end in handled.pulls), default=0.0)
        return ThingMoment(
            T_world=self._thing(handled, t, torso, steady, hands),
            grip=hands.grip,
            support=hands.support,
            support_place=hands.place,
            magazine=hands.magazine,
            trigger=max((_trigger(t - shot.t) for shot in handled.shots), default=held),
            action=0.0 if manual else max((_action(t - shot.t) for shot in live), default=0.0),
            rack=hands.rack,
            pump=max((_pump(t - shot.t) for shot in live), default=0.0) if manual else 0.0,
            retained=hands.retained,
            spin=0.0 if once else _SPIN * held_down,
            blank=once and any(0 <= t - start - SHUTTER_DELAY < _BLANK for start, _ in handled.pulls),
            spent=sum(t >= start + FETCHED * (end - start) for start, end in handled.reloads),
        )

    def imu(self, t: Array) -> tuple[Array, Array]:
        """Angular velocity (n, 3) rad/s and specific force (n, 3) m/s2 of the camera, camera axes.

        Means over about one sample of an inertial sensor: see ``generator.motion.inertial.readings``.
        """
        return readings(self.camera, t)

    def _shake(self, t: float, frequency: float, damping: float) -> tuple[float, float, float]:
        """Radians that shots pitch the trunk, as much to the drawn side, each thing's kick by how far it is felt; their sum."""
        along = side = push = 0.0
        for handled in self.handling.things:
            kick, aside = _kick(handled, t, frequency, damping)
            felt = np.radians(HOLDS[handled.kind].shake) if handled.kind else 0.0
            along, side, push = along + felt * kick, side + felt * aside, push + kick
        return float(along), float(side), push

    def _torso(self, t: float, raised: float) -> tuple[Array, Array]:
        """The torso frame, and the steadier frame that the arms carry the thing in."""
        move, turn = self._journey.gait.trunk(t)
        sway = self._sway.at(t)
        yaw, _ = self._glances.at(t, delay=0.18)
        heading = self._journey.heading(t)
        yaw = heading + 0.45 * yaw * (1 - 0.75 * raised) + raised * self._bearing(t)
        shake, shake_side, push = self._shake(t, 5.0, 0.45)
        breath = self._breath.at(t)
        lean = _LEAN + np.radians(3.0) * raised
        height = self.measures.shoulder_height - _CROUCH * self.measures.stature * (0.6 + 0.4 * raised)
        beside, ahead = move[0] + 0.012 * sway[0], 0.10 + move[1] + 0.010 * sway[1] - 0.004 * push
        up = height - self._journey.down(t) + move[2] + 0.004 * breath
        origin = self._journey.gait.place(t) + rotation(yaw=heading) @ [beside, ahead, up]
        calm = np.radians(0.7) * sway[2:5]
        angles = turn + calm + np.array([shake - np.radians(0.35) * breath, 0.3 * shake_side, yaw])
        torso = pose(rotation(angles[0] - lean, angles[1], angles[2]), origin)
        # Shoulders and elbows take out most of what the trunk does at step frequency.
        gentle = 0.35 * turn + calm + np.array([0.0, 0.0, yaw])
        steady = pose(rotation(gentle[0], gentle[1], gentle[2]), origin - np.array([0, 0, 0.45 * move[2]]))
        return torso, steady

    def _bearing(self, t: float) -> float:
        """Yaw towards what is aimed at, radians to the left of the heading."""
        if self.aim is None:
            return 0.0
        x, y = (self.aim - self._journey.gait.place(t))[:2]
        off = np.arctan2(-x, y) - self._journey.heading(t)
        return float(np.clip((off + np.pi) % (2 * np.pi) - np.pi, -_AIM_ASIDE, _AIM_ASIDE))

    def _head(self, t: float, torso: Array, raised: float) -> Array:
        """The head: glances, roll held against the trunk's, and pitch against its own rise and fall.

        It nods down as it rises, 2.6 degrees from top to bottom, so that the eyes keep to a point ahead (Pozzo, Berthoz and
        Lefort 1990; Hirasaki et al. 1999, Effects of walking velocity on vertical head and body movements).
        """
        _, turn = self._journey.gait.trunk(t)
        yaw, pitch = self._glances.at(t)
        free = 1 - 0.8 * raised
        sway = self._sway.at(t)[5:8]
        shake, shake_side, _ = self._shake(t - 0.004, 6.5, 0.4)
        # The head tilts a little towards what is raised, whatever it is: a twin keeps the camera's path.
        weld = np.radians(3.0) * raised
        angles = np.array([-0.35, -0.3, 0.5]) * turn + np.radians(0.6) * sway
        angles[0] += np.radians(1.3) * self._journey.gait.pace(t) * np.cos(2 * np.pi * self._journey.gait.phase(t))
        turned_to = self._journey.facing(t) + yaw * free + raised * self._bearing(t)
        down = np.radians(4.0) + self._aiming.look * self._look(t)
        angles += [pitch * free - down + 1.1 * shake, weld + 0.5 * shake_side, turned_to]
        neck = np.array([0.0, 0.0, 0.07 * self.measures.stature / NOMINAL_STATURE])
        turned = rotation(angles[0], angles[1], angles[2])
        reach = np.array([0.0, 0.09, self.measures.eye_height - self.measures.shoulder_height - neck[2]])
        neck = neck + raised * self.measures.stature / NOMINAL_STATURE * np.array(HEAD_DIP)
        origin = torso[:3, 3] + rotation(yaw=_yaw_of(torso)) @ neck + turned @ reach
        return pose(turned, origin)

    def _look(self, t: float) -> float:
        """How far the wearer looks down at what the hands do, 0..1."""
        return max((_glance(t, start, end) for start, end in self.handling.looks), default=0.0)

    def _thing(self, handled: Handled, t: float, torso: Array, steady: Array, hands: Hands) -> Array:
        """One of the things: carried with the trunk; in the hands steadier than it, with sway, recoil and tilt."""
        if handled.kind is None:
            return pose(np.eye(3), steady[:3, 3])
        hold, raised = HOLDS[handled.kind], handled.raised(t)
        scale = self.measures.stature / NOMINAL_STATURE
        before, to, _ = handled.move(t)
        eye = self.measures.line_of_sight - self._aiming.below
        origin, turn = _on_the_way(hold, before, to, hands.thing, scale, eye)
        sway = self._hands.at(t)
        tremor = 0.6 + 0.4 * (1 - raised) + 0.5 * self._journey.gait.pace(t)
        origin = origin + 0.004 * tremor * sway[:3] + np.array([0, 0, 0.003 * self._breath.at(t)])
        turn = turn + np.radians(0.55) * tremor * sway[3:]
        kick, side = _kick(handled, t, 4.2, 0.55)
        push, _ = _kick(handled, t, 7.0, 0.6)
        turn = turn + np.radians(hold.rise) * np.array([kick, 0.25 * side, 0.35 * side])
        origin = origin - np.array([0.0, hold.push, -0.3 * hold.push]) * push
        turn = turn + hands.tilt * np.radians([*hold.reloading, 0.0])
        back, lower = hold.drawn_in
        origin = origin + hands.tilt * np.array([-0.015, -back, -lower * raised])
        origin = origin + hands.jolt * np.array([0.0, -0.012, 0.006])
        free = pose(steady[:3, :3] @ rotation(*turn), steady[:3, :3] @ origin + steady[:3, 3])
        worn = _share_of(before, to, hands.thing)
        if worn == 0:
            return free
        kept = self._kept(handled, t, torso, scale)
        if THINGS[handled.kind].carried == "holster":  # out along the holster first, then up and forward
            kept[:3, 3] -= _DRAWN * minimum_jerk((1 - worn) / 0.45) * kept[:3, 1]
            worn = 1 - minimum_jerk((1 - worn - 0.22) / 0.78)
        place = (1 - worn) * free[:3, 3] + worn * kept[:3, 3]
        return pose(mixed(free[:3, :3], kept[:3, :3], worn), place)

    def _kept(self, handled: Handled, t: float, torso: Array, scale: float) -> Array:
        """(4, 4) a thing where it is carried: on the hip of this body, on its sling, or in a hand that hangs."""
        assert handled.kind is not None
        hold, carried = HOLDS[handled.kind], THINGS[handled.kind].carried
        kept: Array = torso @ hold.frame("carried", scale)
        if carried == "holster":
            kept[:3, 3] += torso[:3, :3] @ np.array(self.measures.hip)
        elif carried == "hand":  # it swings with the steps
            swing = np.radians(9.0) * self._journey.gait.swing(t)
            kept = pose(rotation(pitch=swing, yaw=_yaw_of(torso)) @ hold.frame("carried", scale)[:3, :3], kept[:3, 3])
        elif (let_go := hung(handled, t, self.measures, self._journey.gait.swing(t))) is not None:
            kept = torso @ let_go
        return kept


def _kick(handled: Handled, t: float, frequency: float, damping: float) -> tuple[float, float]:
    """Sum of a thing's shots' spring responses at ``t``: along the axis, and to the drawn side."""
    along = side = 0.0
    for shot in handled.shots:
        if shot.live and shot.t < t < shot.t + 1.5:
            response = shot.kick * spring(t - shot.t, frequency, damping)
            along, side = along + response, side + shot.side * response
    return along, side


def _yaw_of(torso: Array) -> float:
    return float(np.arctan2(-torso[0, 1], torso[1, 1]))


def _share_of(before: Place, to: Place, share: float) -> float:
    """How far a thing is where it is carried, 0..1, ``share`` of the way between two places."""
    at_start, at_end = float(before == "carried"), float(to == "carried")
    return at_start + (at_end - at_start) * minimum_jerk(1.35 * share if at_start else 1 - 1.35 * (1 - share))


def _on_the_way(hold: Hold, before: Place, to: Place, share: float, scale: float, eye: float) -> tuple[Array, Array]:
    """Origin (3,) and turn (3,) between two places, ``share`` of the way; hands travel on an arc, out and up."""
    u = minimum_jerk(share)
    first, last = (hold.at("low" if place == "carried" else place, scale, eye) for place in (before, to))
    origin = (1 - u) * first[0] + u * last[0] + np.array([0.0, 0.035, 0.0]) * np.sin(np.pi * u) * (before != to)
    return origin, (1 - u) * first[1] + u * last[1]


def _trigger(since: float) -> float:
    if since < 0:
        return minimum_jerk(1 + since / _PRESS)
    return 1 - minimum_jerk((since - 0.05) / _RELEASE)


def _held(t: float, start: float, end: float) -> float:
    """A trigger that is held from ``start`` to ``end`` seconds."""
    return minimum_jerk((t - start) / _PRESS + 1) * (1 - minimum_jerk((t - end) / _RELEASE))


def _glance(t: float, start: float, end: float) -> float:
    """Down at the beginning of a spell and up before its end; a head turn of this size takes about 0.35 s."""
    return minimum_jerk((t - start - 0.05) / 0.35) * (1 - minimum_jerk((t - end + 0.40) / 0.35))


def _pump(since: float) -> float:
    """The fore-end after a shot: back, and forward again."""
    u = (since - PUMP_DELAY) / PUMP_SECONDS
    return minimum_jerk(u / 0.42) * (1 - minimum_jerk((u - 0.52) / 0.48))


def _action(since: float) -> float:
    if since <= 0 or since >= _CYCLE:
        return 0.0
    if since < _CYCLE_BACK:
        return since / _CYCLE_BACK
    return 1 - minimum_jerk((since - _CYCLE_BACK) / (_CYCLE - _CYCLE_BACK))


def _flash(t: float, shot: Shot) -> float:
    """Brightness: at once, then fading over the flash."""
    u = (t - shot.t) / shot.flash
    return float(np.exp(-DECAY * u)) if 0 <= u < 1 else 0.0


def _aiming(spec: ClipSpec) -> Aiming:
    """Half of all wearers look through the sights; the others over them at the target, as close drills are shot. An estimate."""
    rng = spec.stream("motion/aiming")
    sighted, below, look = rng.uniform(size=3)
    return Aiming(0.012 * below if sighted < 0.5 else 0.02 + 0.08 * below, float(np.radians(6 + 12 * look)))


def build_timeline(spec: ClipSpec, measures: BodyMeasures | None = None) -> BuiltTimeline:
    """The Timeline of a clip.

    Args:
        spec: the clip.
        measures: of the wearer's body; nominal proportions when None. States and events do not depend on them.
    """
    measures = measures or BodyMeasures.nominal()
    duration = spec.n_frames / spec.clip.fps
    going = journey(spec, measures)
    handling = handle(spec)
    return BuiltTimeline(
        spec=spec,
        measures=measures,
        fps=spec.clip.fps,
        n_frames=spec.n_frames,
        states=handling.states,
        events=events(handling, duration),
        steps=heel_strikes(going.gait, duration),
        handling=handling,
        aim=aim_point(spec),
        _journey=going,
        _breath=breathing(spec.stream("motion/breath"), going.gait.speed),
        _glances=_glances(spec.stream("motion/glances"), spec.camera.look_around, duration),
        _sway=wander(spec.stream("motion/sway"), 8, (0.08, 1.6)),
        _hands=wander(spec.stream("motion/hands"), 6, (0.15, 4.0)),
        _jitter=wander(spec.stream("motion/jitter"), 3, (1.5, 9.0)),
        _mount=Mount.of(spec),
        _aiming=_aiming(spec),
        _idlers=idlers(spec),
    )
