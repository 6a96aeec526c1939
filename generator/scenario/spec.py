"""The words of a scenario and of a resolved clip: one set of models for both.

A scenario is the same tree as a clip with distributions in place of values; ``generator.scenario.draw`` resolves it.
Fields left out of a scenario are drawn from the ``DrawnFrom`` of their annotation.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple, Self

import numpy as np
from pydantic import Field, model_validator

from generator import streams
from generator.scenario.device import Device, check_use
from generator.scenario.environments import Environment, ShoothouseCorridor
from generator.scenario.model import DrawnFrom, Model, Unit
from generator.scenario.things import THINGS, HeldKind
from generator.scenario.transmission import Stream
from generator.scenario.travel import EVERYWHERE, Path

SPEC_EPOCH = 5
"""Raised when the meaning of a ClipSpec changes, so that ids change with it."""

NEAREST_PERSON = 3.5
"""Metres from the end where the wearer starts: nobody stands within reach of a raised weapon."""

MOST_PEOPLE = 24

Family = Literal["attack_response", "hostage", "patrol", "range_drill", "negative"]


class Body(Model):
    """An adult body. Nothing in it depends on role or on what is held."""

    sex: Annotated[Literal["female", "male"], DrawnFrom({"choice": ["female", "male"]})]
    age: Annotated[float, DrawnFrom({"uniform": [20, 60]})] = Field(ge=18, le=70, description="Years; adults only.")
    height: Annotated[Unit, DrawnFrom({"uniform": [0.05, 0.95]})] = Field(
        description="Stature as a quantile of adults of that sex."
    )
    weight: Annotated[Unit, DrawnFrom({"uniform": [0.3, 0.75]})] = Field(description="0 thin, 1 heavy.")
    muscle: Annotated[Unit, DrawnFrom({"uniform": [0.35, 0.8]})] = Field(description="0 slight, 1 muscular.")
    ancestry: Annotated[
        Literal["african", "asian", "caucasian"], DrawnFrom({"choice": ["african", "asian", "caucasian"]})
    ] = Field(description="Which ancestry morphs shape the body.")
    skin_tone: Annotated[int, DrawnFrom({"integers": [1, 10]})] = Field(
        ge=1, le=10, description="Monk Skin Tone scale, 1 lightest, 10 darkest."
    )


Cloth = Literal["black", "navy", "olive", "grey", "sand", "blue", "light_blue", "khaki", "tan", "charcoal", "green"]


GloveColour = Literal["black", "tan", "green", "grey", "blue", "brown", "orange"]


class Dress(Model):
    """What is worn."""

    top: Annotated[Literal["shirt", "overall", "fleece"], DrawnFrom({"choice": ["shirt", "overall", "fleece"]})]
    colour: Annotated[
        Cloth,
        DrawnFrom({"choice": {"black": 4, "navy": 4, "blue": 2, "light_blue": 2, "charcoal": 2, "grey": 3,
                              "olive": 3, "green": 1, "khaki": 2, "tan": 2, "sand": 2}}),
    ]  # fmt: skip
    sleeves: Annotated[Literal["long", "rolled", "short"], DrawnFrom({"choice": {"long": 4, "rolled": 3, "short": 2}})]
    gloves: Annotated[
        Literal["none", "full", "half_finger"], DrawnFrom({"choice": {"none": 6, "full": 3, "half_finger": 2}})
    ] = Field(description="Hands are bare more often than not.")
    glove_kind: Annotated[
        Literal["mechanic", "knit", "leather", "nitrile"],
        DrawnFrom({"choice": {"mechanic": 3, "knit": 2, "leather": 2, "nitrile": 1}}),
    ] = Field(description="Half-finger gloves of `nitrile` are of `knit`.")
    glove_colour: Annotated[
        GloveColour,
        DrawnFrom({"choice": {"black": 3, "tan": 2, "green": 1, "grey": 2, "blue": 2, "brown": 2, "orange": 1}}),
    ]
    vest: Annotated[bool, DrawnFrom({"choice": {True: 1, False: 1}})]
    watch: Annotated[Literal["none", "left", "right"], DrawnFrom({"choice": {"none": 11, "left": 7, "right": 2}})] = (
        Field(description="Wrist on which a watch is worn, over a long cuff or on the skin.")
    )


class Wearer(Model):
    """The person who wears the camera."""

    body: Body
    dress: Dress


Role = Literal["officer", "role_player", "hostage_taker", "hostage", "bystander"]
"""Who somebody plays; the label category has the same name. Said or drawn apart from the body, and never by it."""

Action = Literal[
    "stand", "talk", "walk", "run", "sit", "crouch", "kneel", "hands_up", "lie_down", "take_cover", "flee", "hold_hostage",
    "aim_at_camera", "surrender", "open_door", "film_with_phone",
]  # fmt: skip
"""What people do. Nothing of it answers a shot: when it begins is said or drawn, before anything is fired."""

HELD_IN_PLACE: frozenset[Action] = frozenset({"stand", "talk", "hands_up", "film_with_phone"})
"""What a hostage can do whom somebody holds."""


class Next(Model):
    """What somebody does after the first action."""

    action: Action
    after: Annotated[float, DrawnFrom({"uniform": [0.8, 2.0]})] = Field(
        ge=0, le=600, description="Seconds from the start of the clip at which it begins."
    )


class Person(Model):
    """Somebody in view. ``count`` copies are drawn each for itself."""

    id: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")
    role: Role
    action: Action = Field(
        default="stand",
        description="`sit` takes the nearest seat, where there is one; `take_cover` the nearest cover; `walk` and `run` go "
        "where `facing` points, `flee` away from the wearer; all of them stop short of walls.",
    )
    then: Next | None = Field(default=None, description="A second action, blended into; the first one goes on if left out.")
    count: int = Field(default=1, ge=1, le=8)
    along: Annotated[float, DrawnFrom({"uniform": [0.85, 0.95]})] = Field(
        ge=0.3, le=1, description="Place along the environment, as a share of its length."
    )
    across: Annotated[float, DrawnFrom({"uniform": [0.3, 0.7]})] = Field(
        ge=0, le=1, description="Place across it, 0 left, 1 right."
    )
    facing: Annotated[float, DrawnFrom({"normal": [0.0, 0.35], "clip": [-1.2, 1.2]})] = Field(
        ge=-3.2, le=3.2, description="Radians from facing the wearer."
    )
    headgear: Annotated[Literal["helmet", "cap", "none"], DrawnFrom({"choice": ["helmet", "cap", "none"]})]
    mask: Annotated[bool, DrawnFrom({"choice": {False: 5, True: 1}})] = Field(
        default=False, description="A plain cloth mask over mouth and nose, below the eye protection that everybody wears."
    )
    hi_vis: Annotated[bool, DrawnFrom({"choice": {False: 4, True: 1}})] = Field(
        default=False, description="A high-visibility waistcoat over everything else."
    )
    holds: Annotated[
        Literal["training_pistol", "training_carbine"], DrawnFrom({"choice": {"training_pistol": 3, "training_carbine": 1}})
    ] = Field(default="training_pistol", description="What `aim_at_camera` is done with: a training weapon.")
    finish: Annotated[Literal["blue", "orange", "marked"], DrawnFrom({"choice": ["blue", "orange", "marked"]})] = Field(
        default="blue", description="Of what `aim_at_camera` is done with; always one that tells it from a real weapon."
    )
    body: Body
    dress: Dress

    @property
    def actions(self) -> tuple[Action, ...]:
        """What is done, in order."""
        return (self.action,) if self.then is None else (self.action, self.then.action)


MountWord = Literal["chest", "helmet", "shoulder", "spectacle", "weapon", "hand"]


class Camera(Model):
    """How the camera is worn and carried."""

    mount: Annotated[MountWord, DrawnFrom({"choice": {"chest": 3, "helmet": 1}})] = Field(
        description="`weapon`: on the rail below what is held first; `hand`: a phone, held before the face by the free hand."
    )
    device: str = Field(
        default="bodycam_wide", description="A file of configs/cameras, without .yaml; `device` changes its values."
    )
    path: Path
    look_around: Annotated[Unit, DrawnFrom({"uniform": [0.2, 0.8]})] = Field(
        description="How much the wearer turns and glances; 0 looks straight ahead."
    )
    stream: Stream | None = Field(
        default=None, description="Streamed live: the clip is what arrives. Not streamed if left out."
    )


_Seconds = Annotated[float, Field(gt=0, le=600)]


class Verb(Model):
    """One step of a behaviour."""

    id: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$", description="Names the step in YAML paths.")


class Holstered(Verb):
    """Where the thing is carried: in the holster, on the sling, or in a hand that hangs."""

    do: Literal["holstered"]
    seconds: _Seconds = Field(alias="for")


class Draw(Verb):
    """Out of where it is carried, up to low ready (Bartel and Blake 2021; sources of all times: docs/behaviours.md)."""

    do: Literal["draw"]
    seconds: Annotated[float, DrawnFrom({"normal": [0.9, 0.3], "clip": [0.5, 2.0]})] = Field(alias="for", gt=0.4, le=6)


class LowReady(Verb):
    """Held low, muzzle down."""

    do: Literal["low_ready"]
    seconds: _Seconds = Field(alias="for")


class HighReady(Verb):
    """Held close before the chest, muzzle up."""

    do: Literal["high_ready"]
    seconds: _Seconds = Field(alias="for")


class Aim(Verb):
    """Raise (unless raised already) and hold on the target."""

    do: Literal["aim"]
    at: Literal["ahead", "target", "role_player", "hostage_taker"] = "ahead"
    seconds: _Seconds = Field(alias="for", description="How long it is held once raised.")
    raise_time: Annotated[float, DrawnFrom({"normal": [0.45, 0.1], "clip": [0.25, 0.9]})] = Field(ge=0.15, le=3)


class Fire(Verb):
    """Shots; only while aiming. Intervals lie between the fastest measured (Lewinski et al. 2014) and a par time's."""

    do: Literal["fire"]
    shots: int = Field(ge=1, le=60)
    interval: Annotated[float, DrawnFrom({"normal": [0.3, 0.08], "clip": [0.15, 0.66]})] = Field(
        ge=0.05, le=10, description="Seconds between shots of a group."
    )
    group: int | None = Field(
        default=None,
        ge=1,
        le=60,
        description="Shots in quick succession: 1 single, 2 pairs; all in one string if left out.",
    )
    pause: Annotated[float, DrawnFrom({"normal": [0.75, 0.15], "clip": [0.45, 1.5]})] = Field(
        ge=0.1, le=10, description="Seconds between groups."
    )
    dry: bool = Field(default=False, description="Dry practice: the trigger clicks, nothing is fired.")

    def offsets(self) -> tuple[float, ...]:
        """Seconds of every shot after the first one, without jitter."""
        size = self.group or self.shots
        gaps = [self.pause if k % size == 0 else self.interval for k in range(1, self.shots)]
        return tuple(float(x) for x in np.cumsum([0.0, *gaps]))

    @property
    def seconds(self) -> float:
        """From the first shot to the end of the step, without jitter."""
        return self.offsets()[-1] + self.interval


class Reload(Verb):
    """Change the magazine; ends in the posture it began in (time: Rehn, after Force Science's measurements)."""

    do: Literal["reload"]
    seconds: Annotated[float, DrawnFrom({"normal": [2.8, 0.6], "clip": [1.7, 4.6]})] = Field(alias="for", gt=0.8, le=20)


class Clear(Verb):
    """Clears a stoppage: taps the magazine, racks the action; ends in the posture it began in."""

    do: Literal["clear"]
    seconds: Annotated[float, DrawnFrom({"normal": [1.8, 0.3], "clip": [1.2, 3.2]})] = Field(alias="for", gt=0.8, le=20)


class Lower(Verb):
    """Down to low ready, and stay there."""

    do: Literal["lower"]
    seconds: Annotated[float, DrawnFrom({"normal": [0.5, 0.1], "clip": [0.3, 1.0]})] = Field(alias="for", gt=0.1, le=5)


class Holster(Verb):
    """Back to where it is carried."""

    do: Literal["holster"]
    seconds: Annotated[float, DrawnFrom({"normal": [1.4, 0.25], "clip": [0.9, 2.5]})] = Field(alias="for", gt=0.4, le=6)


class Transition(Verb):
    """From the slung long gun to the holstered sidearm, up to low ready with it; or back (time: after a drill's par)."""

    do: Literal["transition"]
    to: Literal["sidearm", "primary"] = "sidearm"
    seconds: Annotated[float, DrawnFrom({"normal": [1.9, 0.3], "clip": [1.3, 3.2]})] = Field(alias="for", gt=0.8, le=8)


Step = Annotated[
    Holstered | Draw | LowReady | HighReady | Aim | Fire | Reload | Clear | Lower | Holster | Transition,
    Field(discriminator="do"),
]

Finish = Literal["black", "grey", "blue", "orange", "marked"]
_FINISHES = DrawnFrom({"choice": {"black": 3, "grey": 1, "blue": 2, "orange": 1, "marked": 2}})


class Sidearm(Model):
    """What is holstered on the belt beside a long gun on its sling; ``transition`` changes between the two."""

    kind: Annotated[Literal["training_pistol", "taser"], DrawnFrom({"choice": {"training_pistol": 5, "taser": 1}})]
    finish: Annotated[Finish, _FINISHES]


class Held(NamedTuple):
    """One of the things that the wearer holds in the course of a clip."""

    kind: HeldKind
    finish: Finish


class Weapon(Model):
    """What the wearer holds, and what is done with it."""

    kind: HeldKind
    finish: Annotated[Finish, _FINISHES] = Field(description="`marked` is black with a coloured muzzle and magazine.")
    hands: Annotated[Literal["two", "one"], DrawnFrom({"choice": {"two": 4, "one": 1}})] = Field(
        description="How a handgun is held, a sidearm too; other things are held as they are built to be."
    )
    sidearm: Sidearm | None = Field(
        default=None,
        description="Worn beside what hangs on a sling; what is no weapon has none beside it, whatever is said.",
    )
    behaviour: tuple[Step, ...] = Field(min_length=1)

    @property
    def things(self) -> tuple[Held, ...]:
        """What is held, first the thing itself, then the sidearm where there is one beside it."""
        first = Held(self.kind, self.finish)
        if self.sidearm is None or THINGS[self.kind].carried != "sling":
            return (first,)
        return first, Held(self.sidearm.kind, self.sidearm.finish)


_Side = Annotated[int, Field(ge=32, le=8192, multiple_of=2)]


class Clip(Model):
    """Length, rate and size of the clip."""

    duration: float = Field(gt=0, le=3600, description="Seconds.")
    fps: float = Field(ge=5, le=120, description="Frames a second.")
    size: tuple[_Side, _Side] = Field(description="Width and height in pixels, both even (yuv420p).")

    @model_validator(mode="after")
    def _has_frames(self) -> Self:
        if round(self.duration * self.fps) < 1:
            raise ValueError(f"{self.duration} s at {self.fps} frames/s is no frame; allowed: at least one")
        return self


_BOTH_HANDS = ("reload", "clear", "transition")
"""Verbs that the support hand takes part in."""


class ClipSpec(Model):
    """One clip, every value resolved. Canonical JSON of it makes the clip's id."""

    schema_: Literal[1] = Field(alias="schema", default=1)
    scenario: str
    family: Family
    seed: int
    variant: int
    environment: Environment
    people: tuple[Person, ...]
    wearer: Wearer
    camera: Camera
    device: Device
    weapon: Weapon | None
    clip: Clip

    @model_validator(mode="after")
    def _nobody_at_the_muzzle(self) -> Self:
        ids = [person.id for person in self.people if person.id is not None]
        if len(set(ids)) < len(ids):
            raise ValueError(f"people have the ids {ids}; allowed: each once, the copies that `count` makes among them")
        if len(self.people) > MOST_PEOPLE:
            raise ValueError(f"{len(self.people)} people; allowed: up to {MOST_PEOPLE}")
        if not isinstance(
            self.environment, ShoothouseCorridor
        ):  # elsewhere people are kept away by how they are placed
            return self
        for index, person in enumerate(self.people):
            away = person.along * self.environment.length
            if away < NEAREST_PERSON:
                raise ValueError(
                    f"people.{index}.along {person.along:g} of environment.length {self.environment.length:g} is {away:.1f} m "
                    f"from the wearer's end; allowed: at least {NEAREST_PERSON:g} m"
                )
        return self

    @model_validator(mode="after")
    def _one_thing_each(self) -> Self:
        for index, person in enumerate(self.people):
            if {"aim_at_camera", "film_with_phone"} <= set(person.actions):
                raise ValueError(f"people.{index} with aim_at_camera and film_with_phone; allowed: one of them")
        return self

    @model_validator(mode="after")
    def _a_hostage_is_held(self) -> Self:
        still = any(p.role == "hostage" and HELD_IN_PLACE.issuperset(p.actions) for p in self.people)
        for index, person in enumerate(self.people):
            if "hold_hostage" in person.actions and (person.role == "hostage" or not still):
                raise ValueError(
                    f"people.{index} {person.role} with hold_hostage; allowed: beside somebody else of role hostage whose "
                    f"actions are {', '.join(sorted(HELD_IN_PLACE))}"
                )
        return self

    @model_validator(mode="after")
    def _path_is_there(self) -> Self:
        kind, allowed = self.camera.path.kind, EVERYWHERE | self.environment.offered
        if kind not in allowed:
            raise ValueError(
                f"camera.path.kind {kind} in environment.kind {self.environment.kind}, which has none as it is; allowed: "
                + ", ".join(sorted(allowed))
            )
        return self

    @model_validator(mode="after")
    def _something_carries_the_camera(self) -> Self:
        weapon, mount = self.weapon, self.camera.mount
        if mount == "weapon" and weapon is None:
            raise ValueError("camera.mount weapon with nothing held; allowed: where there is a weapon")
        if mount == "hand" and weapon is not None:
            thing, busy = THINGS[weapon.kind], [step.do for step in weapon.behaviour if step.do in _BOTH_HANDS]
            if thing.two_handed and not (thing.carried == "holster" and weapon.hands == "one"):
                raise ValueError(f"camera.mount hand with a {weapon.kind} in both hands; allowed: what one hand holds")
            if busy:
                raise ValueError(f"camera.mount hand with {busy[0]}, which takes both hands; allowed: other verbs")
        return self

    @model_validator(mode="after")
    def _device_fits(self) -> Self:
        check_use(self.device, self.family, self.clip.fps)
        return self

    @classmethod
    def from_tree(cls, tree: Mapping[str, Any]) -> "ClipSpec":
        """A clip from plain data, as YAML or JSON give it; raises pydantic's ValidationError."""
        return cls.model_validate_json(json.dumps(tree, default=str))

    def canonical(self) -> str:
        """JSON with sorted keys and no spaces; equal specs give equal text."""
        return json.dumps(self.model_dump(mode="json", by_alias=True), sort_keys=True, separators=(",", ":"))

    @property
    def n_frames(self) -> int:
        """Number of frames, ``round(duration * fps)``."""
        return round(self.clip.duration * self.clip.fps)

    @property
    def things(self) -> tuple[Held, ...]:
        """What the wearer holds in the course of the clip; a thing's place in it is its number in a Timeline."""
        return self.weapon.things if self.weapon else ()

    @property
    def setting(self) -> Literal["land", "transport", "water"]:
        """Which setting the environment belongs to."""
        return self.environment.setting

    def stream(self, name: str) -> np.random.Generator:
        """Named sub-stream for downstream draws; the same for a clip and its twins."""
        return streams.stream(self.seed, self.scenario, self.variant, f"stream:{name}")

    @cached_property
    def body_id(self) -> str:
        """Names the wearer's body, for splits that share no body."""
        return _digest(self.wearer.body.model_dump(mode="json"))

    @cached_property
    def layout_id(self) -> str:
        """Names the layout (the environment without its light), for splits that share no layout."""
        layout = self.environment.model_dump(mode="json", exclude={"time", "weather", "lights"})
        return _digest([self.seed, self.scenario, self.variant, layout])


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]
