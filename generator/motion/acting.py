"""How people hold themselves: postures of every action as targets that any body can reach, and how they blend."""

from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Arms = Literal["hang", "folded", "belt", "hip"]


@dataclass(frozen=True)
class Posture:
    """What limbs and trunk aim for, told without knowing the body; left before right. The world turns it into bones.

    Everything is a target that blends linearly. Heights and lengths are shares of the body's own unless metres are said.

    Attributes:
        pelvis: (3,) middle of the hip joints from the root: right, forward, up, in heights of the hip when standing.
        lift: (1,) metres added to its height.
        tilt: (3,) radians of the pelvis against the root: back (positive leans back), roll to the right, yaw to the left.
        spine: (3,) the same of the chest against the pelvis.
        head: (3,) the same of the head against the chest.
        look: (1,) share 0..1 to which the head turns to what is looked at.
        hands: (2, 3) wrist from its shoulder joint, in arm lengths: outward, forward, up of the chest.
        elbows: (2, 3) direction in which the elbow points, the same axes.
        palms: (2, 3) direction that the palm faces before ``flex``, the same axes.
        flex: (2,) radians that the wrist bends towards the palm.
        curl: (2,) fingers, 0 flat ... 1 fist.
        feet: (2, 3) metres outward and forward of the root, and radians that the toes point outward.
        heels: (2,) radians that the heel is raised about the ball of the foot.
        knees: (2,) outward part of the direction in which the knee points, for 1 forward.
        thing: (1,) share 0..1 to which the hands hold a thing before the eyes instead.
        stretch: (1,) share 0..1 to which the pelvis goes forward until the legs are straight.
    """

    pelvis: Array
    lift: Array
    tilt: Array
    spine: Array
    head: Array
    look: Array
    hands: Array
    elbows: Array
    palms: Array
    flex: Array
    curl: Array
    feet: Array
    heels: Array
    knees: Array
    thing: Array
    stretch: Array

    def but(self, **others: object) -> "Posture":
        """The posture with some of its targets replaced; numbers are given to both sides."""
        made = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, value in others.items():
            made[name] = np.array(np.broadcast_to(np.asarray(value, float), made[name].shape))
        return Posture(**made)

    def mixed(self, other: "Posture", share: float) -> "Posture":
        """``share`` of the way to another one."""
        if share <= 0.0:
            return self
        if share >= 1.0:
            return other
        return Posture(
            **{f.name: (1 - share) * getattr(self, f.name) + share * getattr(other, f.name) for f in fields(self)}
        )


def _both(*values: float) -> Array:
    return np.array([values, values], float)


_HANG = (0.15, 0.09, -0.95)
_HEIGHT = 0.985
"""Of the hip's height that it has while standing: knees are not locked."""

NEUTRAL = Posture(
    pelvis=np.array([0.0, -0.01, _HEIGHT]), lift=np.zeros(1), tilt=np.zeros(3), spine=np.zeros(3), head=np.zeros(3),
    look=np.array([0.6]), hands=_both(*_HANG), elbows=_both(0.45, -1.0, -0.1), palms=_both(-1.0, -0.3, 0.0),
    flex=np.full(2, 0.06), curl=np.full(2, 0.38), feet=_both(0.115, 0.0, 0.16), heels=np.zeros(2), knees=np.full(2, 0.18),
    thing=np.zeros(1), stretch=np.zeros(1),
)  # fmt: skip
"""Upright, arms hanging."""

_THIGH = 0.455
"""Of the hip's height, that the thigh is long (0.245 of 0.530 of stature, Drillis and Contini 1966)."""

KNEELING = NEUTRAL.but(
    pelvis=[0.0, 0.02, _THIGH], lift=0.012, spine=[-0.05, 0, 0], feet=_both(0.11, -0.40, 0.05), heels=1.05, knees=0.10,
)  # fmt: skip
"""On both knees, toes on the floor."""

HANDS_UP = {
    "hands": _both(0.26, 0.14, 0.60), "elbows": _both(1.0, -0.05, -0.75), "palms": _both(0.05, 1.0, 0.1), "flex": -0.12,
    "curl": 0.10, "look": 0.9,
}  # fmt: skip
_ALL_FOURS = KNEELING.but(
    pelvis=[0.0, 0.10, _THIGH], tilt=[-1.20, 0, 0], spine=[-0.05, 0, 0], head=[0.55, 0, 0], look=0.2,
    hands=_both(0.02, 0.90, 0.16), elbows=_both(0.5, 0.1, -1.0), palms=_both(-0.1, 0.0, -1.0), flex=-1.25, curl=0.12,
)  # fmt: skip
PRONE = NEUTRAL.but(
    pelvis=[0.0, 0.42, 0.0], stretch=1.0, lift=0.135, tilt=[-1.50, 0, 0], spine=[0.13, 0, 0], head=[0.62, 0, 0], look=0.25,
    hands=_both(0.36, 0.36, 0.46), elbows=_both(1.0, 0.6, -0.35), palms=_both(-0.05, 1.0, 0.0), flex=-0.05, curl=0.16,
    feet=_both(0.16, -0.42, 0.25), heels=1.30, knees=0.25,
)  # fmt: skip
CROUCHED = NEUTRAL.but(
    pelvis=[0.0, -0.14, 0.50], tilt=[-0.42, 0, 0], spine=[-0.42, 0, 0], head=[0.45, 0, 0], look=0.8,
    feet=np.array([[0.15, 0.08, 0.22], [0.15, -0.10, 0.22]]), heels=[0.0, 0.30], knees=0.35,
    hands=_both(-0.10, 0.56, -0.42), elbows=_both(0.9, -0.3, -0.7), palms=_both(-0.5, 0.0, -0.9), flex=0.15, curl=0.3,
)  # fmt: skip
COVERED = CROUCHED.but(
    pelvis=[0.0, -0.17, 0.44], tilt=[-0.50, 0, 0], spine=[-0.62, 0, 0], head=[0.15, 0, 0], look=0.25,
    hands=_both(0.00, 0.16, 0.44), elbows=_both(0.55, 1.0, -0.25), palms=_both(-1.0, -0.10, 0.0), flex=0.1, curl=0.15,
)  # fmt: skip
ONE_KNEE = NEUTRAL.but(
    pelvis=[0.0, 0.0, _THIGH], lift=0.014, tilt=[-0.06, 0, 0], spine=[-0.10, 0, 0], look=0.8,
    feet=np.array([[0.12, 0.36, 0.10], [0.10, -0.40, 0.0]]), heels=[0.0, 1.0], knees=[0.15, 0.05],
    hands=np.array([[0.0, 0.50, -0.60], [0.10, 0.28, -0.80]]), palms=_both(-0.4, 0.0, -1.0), flex=0.1,
)  # fmt: skip
SEATED = NEUTRAL.but(
    pelvis=[0.0, -0.46, 0.0], lift=0.0, tilt=[0.12, 0, 0], spine=[-0.22, 0, 0], head=[0.06, 0, 0],
    feet=_both(0.15, 0.02, 0.12), knees=0.22, hands=_both(-0.06, 0.52, -0.66), palms=_both(-0.3, 0.0, -1.0), flex=0.12,
)  # fmt: skip
HIPS_OVER_SEAT = 0.095
"""Metres that the hip joints are over what is sat on; flesh and cloth under them, by eye."""

HOLDING = NEUTRAL.but(
    tilt=[-0.05, 0, 0], spine=[-0.04, 0, 0], look=0.75,
    hands=np.array([[-0.10, 0.34, -0.42], [-0.38, 0.86, 0.02]]), elbows=np.array([[0.9, -0.6, -0.8], [1.0, 0.25, -0.30]]),
    palms=np.array([[-0.4, 1.0, 0.0], [-0.20, -1.0, -0.10]]), flex=[-0.6, 0.20], curl=[0.3, 0.45],
)  # fmt: skip
"""Close behind somebody, an arm across the other's shoulder and chest."""

AIMING = NEUTRAL.but(
    tilt=[-0.05, 0, 0], spine=[-0.08, 0, 0], look=1.0, thing=1.0, curl=1.0,
    hands=np.array([[-0.36, 0.72, 0.10], [-0.34, 0.76, 0.12]]), elbows=_both(0.6, -0.1, -1.0), palms=_both(-1.0, 0.0, 0.0),
    feet=np.array([[0.14, 0.12, 0.10], [0.14, -0.12, 0.35]]), pelvis=[0.0, -0.01, 0.965], flex=0.0,
)  # fmt: skip
FILMING = NEUTRAL.but(
    look=1.0, thing=1.0, curl=np.array([0.35, 0.62]), hands=np.array([_HANG, [-0.20, 0.58, 0.00]]),
    elbows=np.array([[0.45, -1.0, -0.1], [0.55, -0.3, -1.0]]), palms=np.array([[-1.0, -0.3, 0.0], [-0.75, 0.55, 0.0]]),
)  # fmt: skip
LAYING_DOWN = CROUCHED.but(
    pelvis=[0.0, -0.10, 0.46], tilt=[-0.70, 0, 0], spine=[-0.45, 0, 0], head=[0.75, 0, 0],
    hands=np.array([[-0.10, 0.50, -0.42], [-0.05, 0.52, -0.72]]), thing=0.0, curl=[0.3, 0.8],
)  # fmt: skip
AT_DOOR = NEUTRAL.but(
    tilt=[-0.08, 0, 0], spine=[-0.10, 0, 0.12], look=0.7,
    hands=np.array([_HANG, [-0.10, 0.80, -0.42]]), elbows=np.array([[0.45, -1.0, -0.1], [0.7, -0.4, -1.0]]),
    palms=np.array([[-1.0, -0.3, 0.0], [-0.9, 0.0, -0.6]]), curl=[0.38, 0.62],
    feet=np.array([[0.11, 0.10, 0.1], [0.12, -0.06, 0.2]]),
)  # fmt: skip

_RESTING: dict[Arms, dict[str, object]] = {
    "hang": {},
    "folded": {
        "hands": np.array([[-0.25, 0.32, -0.68], [-0.25, 0.42, -0.66]]), "elbows": _both(0.9, -0.5, -0.6),
        "palms": _both(-0.25, -1.0, -0.1), "flex": 0.15, "curl": 0.3,
    },
    "belt": {
        "hands": _both(-0.02, 0.30, -0.70), "elbows": _both(1.0, -0.9, -0.3), "palms": _both(-0.55, -1.0, 0.1), "curl": 0.45,
        "flex": 0.2,
    },
    "hip": {
        "hands": np.array([_HANG, [0.07, 0.02, -0.67]]), "elbows": np.array([[0.45, -1.0, -0.1], [1.0, -0.75, 0.1]]),
        "palms": np.array([[-1.0, -0.3, 0.0], [-1.0, -0.25, 0.1]]), "flex": [0.06, 0.35],
    },
}  # fmt: skip


def standing(rng: np.random.Generator) -> Posture:
    """A way to stand, drawn: weight on one leg, hips and shoulders tilted against each other, arms as they are held."""
    right = float(rng.choice([-1.0, 1.0]))
    free = np.array([1.25, 1.0]) if right > 0 else np.array([1.0, 1.25])
    wide, ahead, toes = rng.uniform(0.085, 0.13), rng.uniform(-0.015, 0.05), rng.uniform(0.09, 0.25, 2)
    ahead_of = np.where(free > 1, ahead, 0.0)
    feet = np.stack([wide * free, ahead_of, toes + 0.14 * (free > 1)], -1)
    tilt, twist = right * np.radians(rng.uniform(1.0, 3.0)), np.radians(rng.normal(0, 4))
    arms: Arms = ("hang", "folded", "belt", "hip")[int(rng.choice(4, p=[0.5, 0.2, 0.15, 0.15]))]
    made = NEUTRAL.but(
        pelvis=[0.030 * right, -0.012, _HEIGHT], tilt=[0, -tilt, twist], spine=[np.radians(rng.uniform(-3, 1)), 1.7 * tilt, -twist],
        head=np.radians([rng.normal(-3, 4), rng.normal(0, 2.5), rng.normal(0, 10)]), feet=feet,
        look=rng.uniform(0.3, 0.9), curl=rng.uniform(0.28, 0.46, 2),
    ).but(**_RESTING[arms])  # fmt: skip
    hands = made.hands + rng.normal(0, 0.012, (2, 3))
    return made.but(hands=hands)


def gesturing(base: Posture, beat: Array) -> Posture:
    """Somebody who talks: hands before the belly, moved by (6,) slow noise of unit variance; the head nods with it.

    Forearms beat at 0.3 to 1.5 Hz, which is where co-speech gestures have their power (Pouw et al. 2020).
    """
    low, strong = np.tanh(beat), 0.5 + 0.5 * float(np.tanh(1.3 * beat[5]))
    right = np.array([0.02 + 0.10 * low[0], 0.50 + 0.10 * low[1], -0.50 + 0.13 * low[2]])
    left = np.array([0.00 + 0.08 * low[3], 0.44 + 0.07 * low[1], -0.62 + 0.12 * low[4]])
    hands = np.stack([(1 - strong) * base.hands[0] + strong * left, right])
    palms = np.stack(
        [(1 - strong) * base.palms[0] + strong * np.array([-0.7, 0.1, 0.5]), [-0.75 + 0.2 * low[1], 0.0, 0.6]]
    )
    elbows = np.stack([base.elbows[0], [0.55, -0.8, -0.6]])
    head = base.head + np.array([0.05 * low[2], 0.03 * low[3], 0.06 * low[0]])
    return base.but(
        hands=hands, palms=palms, elbows=elbows, head=head, look=0.95, curl=[float(base.curl[0]), 0.26 + 0.1 * float(low[0])],
        flex=[float(base.flex[0]), 0.1 * float(low[4])], spine=base.spine + np.array([0.0, 0.0, 0.05 * low[0]]),
    )  # fmt: skip


def striding(phase: float, pace: float, parity: int, *, runs: bool, stoop: float = 0.0) -> Posture:
    """A walk or run at a moment.

    Excursions of the pelvis and turns of the trunk are as in ``gait.Gait.trunk``; arms swing against the legs, with the
    elbows at a right angle when running (Novacheck 1998).

    Args:
        phase: steps taken so far; the pelvis passes over a planted foot at whole numbers.
        pace: share of the full speed, 0..1.
        parity: 0 where odd steps are the right foot's.
        runs: whether it is a run.
        stoop: 0..1, how much the head is kept down.
    """
    step = 2 * np.pi * phase
    stride = np.pi * (phase + parity)
    swing, over = (
        pace * float(np.sin(stride)),
        pace * float(np.cos(stride)),
    )  # left arm and right leg forward; over the left foot
    bob = (0.030 if runs else -0.016) * np.cos(step)
    height = _HEIGHT - pace * ((0.050 if runs else 0.020) + 0.06 * stoop + bob)
    yaw = (0.14 if runs else 0.08) * swing
    lean = -(0.16 if runs else 0.04) * pace - 0.30 * stoop
    base = NEUTRAL.but(
        pelvis=[-0.018 * over, -0.005 + 0.02 * pace * runs, height], tilt=[0.4 * lean, 0.02 * over, yaw],
        spine=[0.6 * lean, -0.02 * over, -2.1 * yaw], head=[0.4 * stoop + 0.05 * pace, 0.0, 1.1 * yaw],
        look=0.35 - 0.15 * stoop, feet=_both(0.085, 0.0, 0.10), knees=0.10,
    )  # fmt: skip
    fore = np.array([swing, -swing])  # left arm forward while the right leg is
    if runs:
        bent = NEUTRAL.but(
            hands=np.stack([0.02 - 0.08 * np.clip(fore, 0, 1), 0.26 + 0.26 * fore, -0.50 + 0.20 * np.clip(fore, -0.4, 1)], -1),
            elbows=_both(0.45, -1.0, -0.35), palms=_both(-1.0, 0.1, 0.0), curl=0.62,
        )  # fmt: skip
        arms = NEUTRAL.mixed(bent, pace)
    else:
        arms = NEUTRAL.but(
            hands=np.stack([np.full(2, 0.15), 0.10 + 0.26 * fore + 0.05 * pace, -0.945 + 0.07 * fore * fore + 0.02 * fore], -1),
            curl=0.42,
        )  # fmt: skip
    return base.but(hands=arms.hands, elbows=arms.elbows, palms=arms.palms, curl=arms.curl)


ALL_FOURS = _ALL_FOURS


def carrying(base: Posture) -> Posture:
    """The same with both arms hanging and a fist round what the right hand carries."""
    return base.but(
        hands=NEUTRAL.hands, elbows=NEUTRAL.elbows, palms=NEUTRAL.palms, flex=NEUTRAL.flex, curl=[0.38, 0.95]
    )


POSTURES: dict[str, Posture] = {
    "kneeling": KNEELING, "kneeling_up": KNEELING.but(**HANDS_UP), "all_fours": ALL_FOURS, "prone": PRONE, "crouched": CROUCHED,
    "covered": COVERED, "one_knee": ONE_KNEE, "hands_up": NEUTRAL.but(**HANDS_UP), "holding": HOLDING, "aiming": AIMING,
    "filming": FILMING, "laying_down": LAYING_DOWN, "seated": SEATED, "door": AT_DOOR,
}  # fmt: skip
"""By name. Whoever does something that is not here stands in their own way."""
