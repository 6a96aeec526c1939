"""ClipSpec to Timeline."""

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from generator.motion.flash import DECAY
from generator.motion.gait import Breath, breathing, heel_strikes
from generator.motion.glances import Glances, glances
from generator.motion.handling import PUMP_DELAY, PUMP_SECONDS, Handled, Handling, Place, Shot, events, handle
from generator.motion.holds import HOLDS, Hold
from generator.motion.inertial import readings
from generator.motion.journey import Journey, journey
from generator.motion.layout import aim_point, aimed_person
from generator.motion.looks import ASIDE, DRIFT, PAN_SECONDS, RIG, WORN, Looks, Ride, clean_kick, view_kick
from generator.motion.mounts import BEFORE_EYES, Carriers, Mount
from generator.motion.noise import Wander, minimum_jerk, spring, wander
from generator.motion.people import Acting, cast
from generator.motion.pose import mixed, pose, rotation
from generator.motion.ride import STANDING, Moving, moving
from generator.motion.slung import hung
from generator.motion.support import FETCHED, Hands, hands_at
from generator.motion.timeline import (
    HEAD_DIP,
    NOMINAL_STATURE,
    BodyMeasures,
    Event,
    Interval,
    Moment,
    PersonMoment,
    ThingMoment,
)
from generator.scenario.spec import ClipSpec
from generator.scenario.things import THINGS
from generator.site import site_of

Array = NDArray[np.float64]

_DRAWN = 0.20
"""Metres that a thing slides along its holster before it turns."""

_CROUCH = 0.035  # of stature: knees slightly bent while handling something
_LEAN = np.radians(7.0)
_AIM_ASIDE = 0.9
"""Radians to either side of the heading that the trunk turns to aim; further would need other steps."""

_LEAN_RAISED = _LEAN + np.radians(3.0)
_NECK = 0.07
"""Metres of the nominal stature that the neck, about which the head turns, is above the shoulders."""

_RIG_HEIGHT = 0.5
"""A film's camera keeps the height between that of a head that aims and of one that does not."""

_PAN_STEP = 0.04
"""Seconds between the places of a pan, which goes smoothly through them."""

_PRESS, _RELEASE = 0.09, 0.10  # seconds the trigger finger takes before and after a shot
_SPIN = 2 * np.pi * 7.5
"""Radians a second of a drill's chuck in its low gear (about 450 a minute, as cordless drills state)."""

SHUTTER_DELAY, _BLANK = 0.06, 0.11
"""Seconds from a camera's release to its shutter, and for which its display is dark then; estimates, of mirrorless cameras."""

_CYCLE_BACK, _CYCLE = 0.018, 0.075  # seconds the slide or bolt takes back, and in all


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
    aimed: int | None
    cast: tuple[Acting, ...] = field(repr=False)
    _journey: Journey = field(repr=False)
    _breath: Breath = field(repr=False)
    _glances: Glances = field(repr=False)
    _sway: Wander = field(repr=False)
    _hands: Wander = field(repr=False)
    _jitter: Wander = field(repr=False)
    _drift: Wander = field(repr=False)
    _mount: Mount = field(repr=False)
    _looks: Looks = field(repr=False)
    _aiming: Aiming = field(repr=False)
    _moving: Moving | None = field(default=None, repr=False)

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
        body = self._body(t)
        live = [shot for _, shot in self.handling.shots if shot.live]
        things = tuple(self._thing_moment(handled, t, body) for handled in self.handling.things)
        return Moment(
            t=t,
            T_world_camera=self._camera(t, body, things[0].T_world),
            T_world_torso=body.torso,
            T_world_head=body.head,
            things=things,
            held=self.handling.held(t),
            raised=self.handling.raised(t),
            state=self.handling.state(t),
            flash=max((_flash(t, shot) for shot in live), default=0.0),
            shot=sum(shot.t <= t for shot in live),
            feet=self._journey.gait.feet(t, 0.052 * self.measures.stature),
            people=tuple(self._riding(who.at(t, body.head[:3, 3]), t) for who in self.cast),
            ride=STANDING if self._moving is None else self._moving.at(t),
        )

    def camera(self, t: float) -> Array:
        """(4, 4) world from camera (OpenCV axes) at time ``t``: what ``at`` says, for less."""
        body, first = self._body(t), self.handling.things[0]
        return self._camera(t, body, self._thing(first, t, body, hands_at(first, t)))

    def _body(self, t: float) -> Carriers:
        """Trunk, arms and head."""
        return (
            self._gliding(t) if self._looks.glide else self._carriers(t, self.handling.raised(t), self._gaze(t), WORN)
        )

    def _camera(self, t: float, body: Carriers, thing: Array) -> Array:
        """The camera on the body, on what is held first, or on a rig of its own that follows the body."""
        if self._looks.steady:
            body = self._carriers(t, _RIG_HEIGHT, self._pan(t), RIG)
        return self._mount.camera(body, thing, self.measures, self._jitter.at(t))

    def _carriers(self, t: float, raised: float, gaze: Array, ride: Ride) -> Carriers:
        """What a camera can sit on, as far as it takes part in the body's movement."""
        torso, steady = self._torso(t, raised, float(gaze[0]), ride)
        head = self._head(t, torso, raised, gaze, ride)
        if self._moving is None:
            return Carriers(torso, steady, head)
        sway, feet = self._moving.sway(t), self._journey.gait.place(t)
        # Shoulders and neck take out part of the turn, and a rig as much of it as of a body's own sway.
        return Carriers(
            sway.carried(torso, feet, ride.sway),
            sway.carried(steady, feet, 0.6 * ride.sway),
            sway.carried(head, feet, 0.5 * ride.sway),
        )

    def _riding(self, person: PersonMoment, t: float) -> PersonMoment:
        """Somebody who stands in a place that moves."""
        if self._moving is None:
            return person
        root = person.T_world_root
        return replace(person, T_world_root=self._moving.sway(t).carried(root, root[:3, 3]))

    def _gaze(self, t: float) -> Array:
        """(4,) radians: yaw of the trunk, yaw and pitch of the head, and how far it is bent down to the hands."""
        raised = self.handling.raised(t)
        yaw, pitch = self._glances.at(t)
        late, _ = self._glances.at(t, delay=0.18)
        room = self._journey.freedom(t)
        yaw, late = room * yaw, room * late
        free, bearing = 1 - 0.8 * raised, raised * self._bearing(t)
        head = self._journey.facing(t) + yaw * free + bearing
        # In the picture of a game the body turns with the view.
        trunk = head if self._looks.glued else self._journey.heading(t) + 0.45 * late * (1 - 0.75 * raised) + bearing
        return np.array([trunk, head, pitch * free, np.radians(4.0) + self._aiming.look * self._look(t)])

    @cached_property
    def _pan(self) -> CubicSpline:
        """(4,) what ``_gaze`` says, as an operator follows it: its mean under a Hann window, from a second before the clip on."""
        half = round(0.5 * PAN_SECONDS / _PAN_STEP)
        weights = np.hanning(2 * half + 1)
        grid = _PAN_STEP * np.arange(-round(1 / _PAN_STEP) - half, round((self.duration + 1) / _PAN_STEP) + half + 1)
        gaze = np.array([self._gaze(float(t)) for t in grid])
        smooth = [np.convolve(angle, weights / weights.sum(), "valid") for angle in gaze.T]
        return CubicSpline(grid[half : len(grid) - half], np.stack(smooth, -1))

    def _gliding(self, t: float) -> Carriers:
        """A game's camera goes level along its path, turned as by a mouse, and the body hangs on it as it does when it aims."""
        _, yaw, pitch, _ = self._gaze(t)
        upright, eye = rotation(yaw=yaw), self._eye
        height = self.measures.shoulder_height - _CROUCH * self.measures.stature + eye[2]
        before, eye = np.array([0.0, BEFORE_EYES, 0.0]), eye + (ASIDE, 0.0, 0.0)
        # It turns about itself.
        ahead = np.array([0.0, 0.10 + eye[1] + BEFORE_EYES, height - self._journey.down(t)])
        view = self._journey.gait.place(t) + rotation(yaw=self._journey.heading(t)) @ ahead
        origin = view - upright @ (eye + before)
        head = pose(rotation(pitch=pitch + view_kick(self.handling, t), yaw=yaw), view - upright @ before)
        return Carriers(pose(rotation(pitch=-_LEAN_RAISED, yaw=yaw), origin), pose(upright, origin), head)

    @property
    def _eye(self) -> Array:
        """(3,) the eyes of one who aims and looks straight ahead, in the torso frame without its lean."""
        return self._neck(1.0) + self._reach

    @property
    def _reach(self) -> Array:
        """(3,) from the neck, about which the head turns, to the eyes."""
        measures = self.measures
        return np.array(
            [0.0, 0.09, measures.eye_height - measures.shoulder_height - _NECK * measures.stature / NOMINAL_STATURE]
        )

    def _neck(self, raised: float) -> Array:
        """(3,) from the torso frame's origin to the neck."""
        scale = self.measures.stature / NOMINAL_STATURE
        return np.array([0.0, 0.0, _NECK * scale]) + raised * scale * np.array(HEAD_DIP)

    @cached_property
    def _glue(self) -> Array | None:
        """(4, 4) from a camera to the frame that a still body's arms carry things in; None where nothing is glued.

        A camera on the weapon has that in its place anyhow.
        """
        if not self._looks.glued or self._mount.word == "weapon":
            return None
        down = rotation(pitch=0.0 if self._looks.glide else -np.radians(4.0))
        head = pose(down, self._neck(1.0) + down @ self._reach + (ASIDE, 0.0, 0.0))
        still = Carriers(pose(rotation(pitch=-_LEAN_RAISED), np.zeros(3)), np.eye(4), head)
        return np.asarray(np.linalg.inv(self._mount.camera(still, np.eye(4), self.measures, np.zeros(3))))

    def _thing_moment(self, handled: Handled, t: float, body: Carriers) -> ThingMoment:
        """One of the things, with what hands and shots do to it."""
        hands = hands_at(handled, t)
        manual = handled.kind is not None and THINGS[handled.kind].manual
        once = handled.kind is not None and THINGS[handled.kind].once
        held_down = sum(float(np.clip(t - start, 0, end - start)) for start, end in handled.pulls)
        live = [shot for shot in handled.shots if shot.live]
        held = max((_held(t, start, end) for start, end in handled.pulls), default=0.0)
        return ThingMoment(
            T_world=self._thing(handled, t, body, hands),
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

        Against the earth, which turns and speeds up under a place that moves itself: the world frame is not inertial then.
        Means over about one sample of an inertial sensor: see ``generator.motion.inertial.readings``.
        """
        if (ride := self._moving) is None:
            return readings(self.camera, t)
        return readings(lambda at: ride.at(at).T_earth_world @ self.camera(at), t)

    def _shake(self, t: float, frequency: float, damping: float) -> tuple[float, float, float]:
        """Radians that shots pitch the trunk, as much to the drawn side, each thing's kick by how far it is felt; their sum."""
        along = side = push = 0.0
        for handled in self.handling.things:
            kick, aside = _kick(handled, t, frequency, damping)
            felt = np.radians(HOLDS[handled.kind].shake) if handled.kind else 0.0
            along, side, push = along + felt * kick, side + felt * aside, push + kick
        return float(along), float(side), push

    def _torso(self, t: float, raised: float, yaw: float, ride: Ride) -> tuple[Array, Array]:
        """The torso frame, and the steadier frame that the arms carry the thing in."""
        move, turn = self._journey.gait.trunk(t)
        move, turn = ride.moves * move, ride.turns * turn
        sway = ride.sway * self._sway_of(ride, t)
        shake, shake_side, push = (ride.shots * x for x in self._shake(t, 5.0, 0.45))
        breath = self._breath.at(t)
        lean = _LEAN + np.radians(3.0) * raised
        height = self.measures.shoulder_height - _CROUCH * self.measures.stature * (0.6 + 0.4 * raised)
        beside, ahead = move[0] + 0.012 * sway[0], 0.10 + move[1] + 0.010 * sway[1] - 0.004 * push
        up = height - self._journey.down(t) + move[2] + ride.moves * 0.004 * breath
        origin = self._journey.gait.place(t) + rotation(yaw=self._journey.heading(t)) @ [beside, ahead, up]
        calm = np.radians(0.7) * sway[2:5]
        angles = turn + calm + np.array([shake - ride.turns * np.radians(0.35) * breath, 0.3 * shake_side, yaw])
        torso = pose(rotation(angles[0] - lean, angles[1], angles[2]), origin)
        # Shoulders and elbows take out most of what the trunk does at step frequency.
        gentle = 0.35 * turn + calm + np.array([0.0, 0.0, yaw])
        steady = pose(rotation(gentle[0], gentle[1], gentle[2]), origin - np.array([0, 0, 0.45 * move[2]]))
        return torso, steady

    def _sway_of(self, ride: Ride, t: float) -> Array:
        """(8,) sway of unit size: a body's, or what drift a rig has."""
        return (self._sway if ride is WORN else self._drift).at(t)

    def _bearing(self, t: float) -> float:
        """Yaw towards what is aimed at, radians to the left of the heading."""
        if self.aim is None:
            return 0.0
        aim = self.aim if self.aimed is None else self.cast[self.aimed].root(t)[0]
        x, y = (aim - self._journey.gait.place(t))[:2]
        off = np.arctan2(-x, y) - self._journey.heading(t)
        widest = self._journey.freedom(t) * _AIM_ASIDE
        return float(np.clip((off + np.pi) % (2 * np.pi) - np.pi, -widest, widest))

    def _head(self, t: float, torso: Array, raised: float, gaze: Array, ride: Ride) -> Array:
        """The head: glances, roll held against the trunk's, and pitch against its own rise and fall.

        It nods down as it rises, 2.6 degrees from top to bottom, so that the eyes keep to a point ahead (Pozzo, Berthoz and
        Lefort 1990; Hirasaki et al. 1999, Effects of walking velocity on vertical head and body movements).
        """
        turn = ride.turns * self._journey.gait.trunk(t)[1]
        sway = ride.sway * self._sway_of(ride, t)[5:8]
        shake, shake_side, _ = (ride.shots * x for x in self._shake(t - 0.004, 6.5, 0.4))
        # The head tilts a little towards what is raised, whatever it is: a twin keeps the camera's path.
        weld = ride.weld * np.radians(3.0) * raised
        angles = np.array([-0.35, -0.3, 0.5]) * turn + np.radians(0.6) * sway
        angles[0] += (
            ride.turns * np.radians(1.3) * self._journey.gait.pace(t) * np.cos(2 * np.pi * self._journey.gait.phase(t))
        )
        _, yaw, pitch, down = gaze
        angles += [pitch - down + 1.1 * shake, weld + 0.5 * shake_side, yaw]
        turned = rotation(angles[0], angles[1], angles[2])
        origin = torso[:3, 3] + rotation(yaw=_yaw_of(torso)) @ self._neck(raised) + turned @ self._reach
        return pose(turned, origin)

    def _look(self, t: float) -> float:
        """How far the wearer looks down at what the hands do, 0..1."""
        return max((_glance(t, start, end) for start, end in self.handling.looks), default=0.0)

    def _thing(self, handled: Handled, t: float, body: Carriers, hands: Hands) -> Array:
        """One of the things: carried with the trunk; in the hands steadier than it, with sway, recoil and tilt.

        What is glued keeps to the camera instead, and is only pushed straight back by shots.
        """
        torso, frame = body.torso, body.steady
        if handled.kind is None:
            return pose(np.eye(3), frame[:3, 3])
        hold, raised = self._looks.hold(handled.kind), handled.raised(t)
        scale = self.measures.stature / NOMINAL_STATURE
        before, to, _ = handled.move(t)
        eye = self.measures.line_of_sight - (self._aiming.below if self._glue is None else 0.0)
        origin, turn = _on_the_way(hold, before, to, hands.thing, scale, eye)
        if self._glue is None:
            origin, turn = self._carried(handled, t, hold, origin, turn)
        else:
            frame = self._camera(t, body, frame) @ self._glue
            push = sum(shot.kick * clean_kick(t - shot.t) for shot in handled.shots if shot.live)
            origin = origin - np.array([0.0, hold.push * push, 0.0])
            # To be reloaded it goes where the body has it, out of the middle of the picture.
            origin = origin + hands.tilt * raised * scale * (np.array(HOLDS[handled.kind].aimed) - hold.aimed)
        turn = turn + hands.tilt * np.radians([*hold.reloading, 0.0])
        back, lower = hold.drawn_in
        origin = origin + hands.tilt * np.array([-0.015, -back, -lower * raised])
        origin = origin + hands.jolt * np.array([0.0, -0.012, 0.006])
        free = pose(frame[:3, :3] @ rotation(*turn), frame[:3, :3] @ origin + frame[:3, 3])
        worn = _share_of(before, to, hands.thing)
        if worn == 0:
            return free
        kept = self._kept(handled, t, torso, scale)
        if THINGS[handled.kind].carried == "holster":  # out along the holster first, then up and forward
            kept[:3, 3] -= _DRAWN * minimum_jerk((1 - worn) / 0.45) * kept[:3, 1]
            worn = 1 - minimum_jerk((1 - worn - 0.22) / 0.78)
        place = (1 - worn) * free[:3, 3] + worn * kept[:3, 3]
        return pose(mixed(free[:3, :3], kept[:3, :3], worn), place)

    def _carried(self, handled: Handled, t: float, hold: Hold, origin: Array, turn: Array) -> tuple[Array, Array]:
        """Origin (3,) and turn (3,) in hands that sway and tremble, with the recoil of shots."""
        sway = self._hands.at(t)
        tremor = 0.6 + 0.4 * (1 - handled.raised(t)) + 0.5 * self._journey.gait.pace(t)
        origin = origin + 0.004 * tremor * sway[:3] + np.array([0, 0, 0.003 * self._breath.at(t)])
        turn = turn + np.radians(0.55) * tremor * sway[3:]
        kick, side = _kick(handled, t, 4.2, 0.55)
        push, _ = _kick(handled, t, 7.0, 0.6)
        turn = turn + np.radians(hold.rise) * np.array([kick, 0.25 * side, 0.35 * side])
        return origin - np.array([0.0, hold.push, -0.3 * hold.push]) * push, turn

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
        aimed=aimed_person(spec),
        cast=cast(spec),
        _journey=going,
        _breath=breathing(spec.stream("motion/breath"), going.gait.speed),
        _glances=glances(spec.stream("motion/glances"), spec.camera.look_around, duration),
        _sway=wander(spec.stream("motion/sway"), 8, (0.08, 1.6)),
        _hands=wander(spec.stream("motion/hands"), 6, (0.15, 4.0)),
        _jitter=wander(spec.stream("motion/jitter"), 3, (1.5, 9.0)),
        _drift=wander(spec.stream("motion/rig"), 8, DRIFT),
        _mount=Mount.of(spec),
        _looks=Looks.of(spec),
        _aiming=_aiming(spec),
        _moving=moving(site_of(spec).ride, spec.stream("motion/ride")),
    )
