"""The sound a body-worn camera records: the room, the wearer, what is done with the held thing, with the room's answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from generator.audio.acoustics import SPEED_OF_SOUND, response
from generator.audio.background import add_breath, add_cloth, add_room_tone
from generator.audio.body import footstep, gear_rattle
from generator.audio.cues import Place, cues
from generator.audio.elements import Array
from generator.audio.recorder import recorded
from generator.audio.shots import blast
from generator.motion.build import BuiltTimeline
from generator.scenario.spec import ClipSpec
from generator.scenario.things import HeldKind
from generator.site import site_of

_MUZZLE: Mapping[HeldKind, float] = MappingProxyType(
    {"training_pistol": 0.18, "training_smg": 0.42, "training_carbine": 0.55, "training_shotgun": 0.68}
)
"""Metres from the web of the firing hand to about the muzzle."""

_HANDS = (0.06, 0.38, -0.22)
"""Metres, torso frame: about where hands work, whatever they hold."""

_STRIDE = 2.0
"""Metres that are walked before shots get another response of the room."""


@dataclass(frozen=True)
class SoundTrack:
    """Mono sound.

    Attributes:
        samples: (n,) float32, -1..1.
        rate: hertz.
        ranges: ``{start, end, state}`` in seconds, tiling the clip.
    """

    samples: NDArray[np.float32]
    rate: int
    ranges: tuple[dict[str, Any], ...]


def soundtrack(spec: ClipSpec, timeline: BuiltTimeline) -> SoundTrack:
    """The sound track of a clip; it depends on the timeline alone, not on what was rendered."""
    rate = spec.device.encoder.audio_rate
    sound = np.zeros(round(timeline.duration * rate), np.float32)
    add_room_tone(sound, rate, spec.environment.lights.mains, spec.stream("audio/room"))
    add_breath(sound, rate, spec, timeline)
    add_cloth(sound, rate, spec, timeline)
    room = _Room(spec, timeline, rate)
    for at, samples in _steps(spec, timeline, rate):
        _add(sound, round(at * rate), room.answer("floor", samples))
    for cue in cues(spec, timeline, rate):
        _add(sound, round(cue.t * rate), room.answer(cue.place, cue.samples))
    for at, samples in _shots(spec, timeline, rate, room):
        _add(sound, round(at * rate), samples)
    return SoundTrack(recorded(sound, rate), rate, ({"start": 0.0, "end": timeline.duration, "state": "ok"},))


def _add(sound: NDArray[np.float32], start: int, piece: NDArray[Any]) -> None:
    """Adds a piece; what lies outside the clip is cut."""
    skip = max(0, -start)
    length = min(len(piece) - skip, len(sound) - max(start, 0))
    if length > 0:
        sound[max(start, 0) : max(start, 0) + length] += piece[skip : skip + length].astype(np.float32)


class _Room:
    """Responses of the clip's room, each computed once, from where the wearer is at the beginning or at a shot."""

    def __init__(self, spec: ClipSpec, timeline: BuiltTimeline, rate: int) -> None:
        self._spec, self._timeline, self._rate = spec, timeline, rate
        self._found: dict[tuple[str | int, ...], Array] = {}

    def answer(self, place: Place, samples: Array) -> Array:
        """A sound made at a place, as it comes to the microphone with the room's answer."""
        return np.asarray(signal.oaconvolve(samples, self._near(place)))

    def shot(self, samples: Array, muzzle: Array, camera: Array) -> Array:
        """The same at a muzzle."""
        x, y, z = (int(v // _STRIDE) for v in camera)
        key = ("muzzle", x, y, z)
        if key not in self._found:
            self._found[key] = self._response("muzzle", muzzle, camera, 1.3, 8)
        return np.asarray(signal.oaconvolve(samples, self._found[key]))

    def _near(self, place: Place) -> Array:
        if (place, 0) not in self._found:
            moment = self._timeline.at(0.0)
            torso = moment.T_world_torso
            source = torso[:3, :3] @ np.array(_HANDS) + torso[:3, 3]
            if place == "floor":
                source[2] = site_of(self._spec).tread(moment.feet.mean(0))
            self._found[place, 0] = self._response(place, source, moment.T_world_camera[:3, 3], 0.45, 4)
        return self._found[place, 0]

    def _response(self, name: str, source: Array, microphone: Array, longest: float, order: int) -> Array:
        rng = self._spec.stream(f"audio/response/{name}")
        return response(
            site_of(self._spec).acoustics, source, microphone, self._rate, rng, longest=longest, order=order
        )


def _shots(spec: ClipSpec, timeline: BuiltTimeline, rate: int, room: _Room) -> Iterator[tuple[float, Array]]:
    """Every live shot, when it comes to the microphone."""
    rng = spec.stream("audio/shots")
    for number, shot in timeline.handling.shots:
        kind = timeline.handling.things[number].kind
        if shot.live and kind is not None:
            moment = timeline.at(shot.t).of(number)
            thing, camera = moment.T_world_thing, moment.T_world_camera[:3, 3]
            muzzle = thing[:3, 3] + _MUZZLE[kind] * thing[:3, 1]
            delay = float(np.linalg.norm(muzzle - camera)) / SPEED_OF_SOUND
            yield shot.t + delay, room.shot(blast(rng, rate, kind), muzzle, camera)


def _steps(spec: ClipSpec, timeline: BuiltTimeline, rate: int) -> Iterator[tuple[float, Array]]:
    """Soles on the floor, and with a vest the gear that rattles."""
    rng, gear, site = spec.stream("audio/steps"), spec.stream("audio/gear"), site_of(spec)
    for step in timeline.steps:
        yield step, footstep(rng, rate, site.surface(timeline.at(step).feet.mean(0)))
        if spec.wearer.dress.vest:
            yield step, gear_rattle(gear, rate)
