"""What a device's look asks of the motion: a game's camera that glides and weapon that is glued, a film's steady camera."""

from dataclasses import dataclass, replace

import numpy as np

from generator.motion.handling import Handling
from generator.motion.holds import HOLDS, Hold
from generator.scenario.device import FilmLook, GameLook
from generator.scenario.spec import ClipSpec
from generator.scenario.things import HeldKind

GAME_RAMP = 0.2
"""Seconds in which a game's walker reaches its speed: id Software's Quake (1996) adds 10 times the wished speed a second and
takes 4 times the present one away by friction, which comes to -ln(0.6) / 4 = 0.13 s from rest; a little more is an estimate."""

_KICK_TIME = 0.03
"""Seconds; a game's kick is highest after two of these, and below a tenth after a quarter of a second. An estimate."""

_KICK = 0.4
"""Share of a thing's own muzzle rise by which a game's view is pitched up at a shot; an estimate."""

PAN_SECONDS = 1.2
"""Width of the window over which a film's camera takes the mean of where the wearer looks; an estimate of an operator's pan."""


@dataclass(frozen=True)
class Ride:
    """How much of the wearer's movement a camera takes part in, as shares.

    Attributes:
        moves: of what steps and breath move it.
        turns: of what steps and breath turn it.
        sway: of the slow sway of a standing body.
        shots: of the jolts of shots.
        weld: of the head's tilt towards what is raised.
    """

    moves: float = 1.0
    turns: float = 1.0
    sway: float = 1.0
    shots: float = 1.0
    weld: float = 1.0


WORN = Ride()
"""The camera is fixed to the body."""

RIG = Ride(moves=0.08, turns=0.02, sway=0.5, shots=0.0, weld=0.0)
"""A stabilised rig. Moves: a sprung arm of 0.5 Hz passes 1 / ((1.8 / 0.5)^2 - 1) = 0.08 of what steps do 1.8 times a second (den
Hartog, Mechanical Vibrations: transmissibility of an isolator with little damping). Turns: makers of gimbals state a residual of
0.02 degrees, and steps turn a head by about one. The slow drift that is left is half a body's sway, below 0.4 Hz: an estimate."""

ASIDE = 0.03
"""Metres that a game's view is to the right of the body's middle: about as heads lean over a stock; an estimate."""

DRIFT = (0.03, 0.4)
"""Hertz between which a rig drifts; an estimate."""


@dataclass(frozen=True)
class Looks:
    """What the device's look asks for: ``glide``, ``glued`` (games), ``steady`` (films)."""

    glide: bool = False
    glued: bool = False
    steady: bool = False

    @classmethod
    def of(cls, spec: ClipSpec) -> "Looks":
        """Of the clip's device; all False where it has no look."""
        look = spec.device.look
        if isinstance(look, GameLook):
            return cls(glide=look.glide, glued=look.weapon_glued)
        return cls(steady=isinstance(look, FilmLook) and look.steady)

    def hold(self, kind: HeldKind) -> Hold:
        """How a thing is held."""
        return in_view(HOLDS[kind]) if self.glued and kind != "empty_hands" else HOLDS[kind]


def in_view(hold: Hold) -> Hold:
    """A hold as games show it: low is at the lower right of the picture, muzzle ahead; aimed, the sights are in its middle.

    What has sights is low 7 cm to the right of where it is aimed, and 6 cm below. Long guns come 3 cm nearer than shouldered ones,
    so that the left wrist stays within its limits.
    """
    x, y, z = hold.aimed
    if hold.sights is None:
        return replace(hold, low=(x + 0.04, y - 0.02, z - 0.06), low_turn=hold.aimed_turn)
    near = y - 0.03 if y < 0.5 else y  # handguns are held with arms nearly straight
    return replace(
        hold, low=(ASIDE + 0.07, y, z - 0.06), low_turn=(2.0, 0.0, 4.0), aimed=(ASIDE, near, z), aimed_turn=(0.0, 0.0, 0.0),
    )  # fmt: skip


def clean_kick(tau: float) -> float:
    """A game's kick ``tau`` seconds after the shot: up smoothly to 1 and exponentially back, without ringing; 0 before."""
    u = tau / _KICK_TIME
    return float(0.25 * u * u * np.exp(2 - u)) if u > 0 else 0.0


def view_kick(handling: Handling, t: float) -> float:
    """Radians by which shots pitch a game's view up at ``t``."""
    degrees = 0.0
    for handled in handling.things:
        if handled.kind is not None:
            rise = _KICK * HOLDS[handled.kind].rise
            degrees += sum(rise * shot.kick * clean_kick(t - shot.t) for shot in handled.shots if shot.live)
    return float(np.radians(degrees))
