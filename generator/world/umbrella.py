"""A closed stick umbrella: folded canopy with pleats along +y, the hand on a crook or straight handle.

Never open: a canopy of a metre would pass through corridor walls and hide the whole view of a chest camera.
"""

from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import Finish
from generator.world.props import Marks, Piece, Prop, assemble, looks, unit, vector
from generator.world.shapes import SIDEWAYS, disc, tube
from generator.world.surface import Look, Shape, Slot, joined, lathe, loft, material, mesh_object, wear_image

Array = NDArray[np.float64]
Colour = tuple[float, float, float]

_GORES = 8
_AROUND = 10
"""Points across one pleat."""
_HOOK = 0.034
"""Radius of a crook's middle line, metres."""


@dataclass(frozen=True)
class _Plan:
    """What differs from umbrella to umbrella, metres.

    Attributes:
        crook: a crook instead of a straight handle.
        radius: of the handle where it is held.
        hem: where the canopy's hem lies ahead of the hand.
        canopy: length of the folded canopy.
        ferrule: length of the tip.
        full: largest radius of the folded canopy.
        pleat: depth of the pleats as a share of the radius.
        twist: radians that the pleats wind about the shaft from hem to crown.
        shaft: radius of the shaft.
    """

    crook: bool
    radius: float
    hem: float
    canopy: float
    ferrule: float
    full: float
    pleat: float
    twist: float
    shaft: float

    @property
    def axis(self) -> float:
        """Height of the shaft: the web of the hand lies on the handle's top."""
        return -self.radius

    @property
    def crown(self) -> float:
        """Where the canopy ends at the tip."""
        return self.hem + self.canopy


def _drawn(rng: np.random.Generator) -> _Plan:
    crook, rolled = bool(rng.random() < 0.55), bool(rng.random() < 0.6)
    return _Plan(
        crook=crook,
        radius=float(rng.uniform(0.0105, 0.0125) if crook else rng.uniform(0.0135, 0.0160)),
        hem=float(rng.uniform(0.085, 0.110)),
        canopy=float(rng.uniform(0.51, 0.60)),
        ferrule=float(rng.uniform(0.035, 0.065)),
        full=float(rng.uniform(0.019, 0.023) if rolled else rng.uniform(0.029, 0.038)),
        pleat=float(rng.uniform(0.16, 0.24) if rolled else rng.uniform(0.34, 0.46)),
        twist=float(rng.uniform(1.6, 2.6) if rolled else rng.uniform(0.4, 1.0)) * float(rng.choice([-1, 1])),
        shaft=float(rng.uniform(0.0045, 0.0065)),
    )


def _turned(plan: _Plan, y: Array) -> Array:
    """Radians that the pleats are wound at a place along the shaft: most where the strap pulls them."""
    share = np.clip((y - plan.hem) / plan.canopy, 0.0, 1.0)
    return np.asarray(plan.twist * (1 - share) ** 1.6)


def _girth(plan: _Plan, share: Array, strap: float) -> Array:
    """Mean radius of the folded cloth from hem (0) to crown (1), drawn in by the strap."""
    ends, sizes = [0.0, 0.04, 0.12, 0.30, 0.60, 0.90, 1.0], [0.78, 0.90, 0.98, 1.0, 0.76, 0.46, 0.36]
    radius = plan.full * np.interp(share, ends, sizes)
    waist = np.exp(-(((share - strap) / 0.045) ** 2))
    tied = 0.82 * min(plan.full, 0.026)
    return np.asarray(radius + waist * np.minimum(tied - radius, 0.0))


def _canopy(plan: _Plan, strap: float, rng: np.random.Generator) -> Shape:
    """Folded cloth: eight pleats laid over one another, uneven as cloth is, each gore's edge in its own shade."""
    turn = np.linspace(0, 2 * np.pi, _GORES * _AROUND, endpoint=False)
    phase = (turn * _GORES / (2 * np.pi)) % 1.0
    gore = (turn * _GORES / (2 * np.pi)).astype(int)
    uneven = rng.uniform(0.72, 1.2, _GORES)[gore]
    wave, start = rng.uniform(0.5, 1.5, _GORES)[gore], rng.uniform(0, 2 * np.pi, _GORES)[gore]
    fold = np.where(phase < 0.86, phase / 0.86, (1 - phase) / 0.14) - 0.5  # rises slowly, falls over its edge
    shares = np.concatenate([[0.0], np.linspace(0.004, 0.10, 7), np.linspace(0.125, 1.0, 34)])
    girth = _girth(plan, shares, strap)
    rings = []
    for k, (share, radius) in enumerate(zip(shares, girth, strict=True)):
        y = plan.hem + plan.canopy * share
        depth = plan.pleat * min(1.0, 0.35 + 2.5 * (1 - share)) * uneven
        wobble = 1 + 0.05 * np.sin(9 * wave * share + start) * (1 - share)
        r = radius * wobble * (1 + depth * fold)
        r = np.maximum(r, plan.shaft + 0.001)
        a = turn + float(_turned(plan, np.array(y)))
        hem = -0.010 * uneven * (phase - 0.5) * max(0.0, 1 - 12 * share)
        if k == 0:  # the inside of the hem
            r, hem = 0.45 * r, hem + 0.012
        rings.append(np.column_stack([r * np.cos(a), y + hem, plan.axis + r * np.sin(a)]))
    shape = loft(np.array(rings), "rubber")

    def second(c: Array) -> NDArray[np.bool_]:
        angle = np.arctan2(c[:, 2] - plan.axis, c[:, 0]) - _turned(plan, c[:, 1])
        return np.asarray((np.floor(angle * _GORES / (2 * np.pi)).astype(int) % 2) == 1)

    return shape.painted("accent", second)


def _strap(plan: _Plan, strap: float) -> Shape:
    """The band that ties the cloth, with its button, and a loose end."""
    y = plan.hem + plan.canopy * strap
    r = float(_girth(plan, np.array([strap]), strap)[0]) * (1 + 0.42 * plan.pleat) + 0.0006
    band = lathe(
        [(y - 0.0085, r - 0.0012), (y - 0.0080, r), (y + 0.0080, r), (y + 0.0085, r - 0.0012)],
        "paint",
        24,
        0.0,
        plan.axis,
    )
    button = disc((0.0, 0.0016), 0.0, 0.0, 0.0050, "bright").moved((-r - 0.0008, y, plan.axis + 0.002), SIDEWAYS)
    path = np.array(
        [(-r * 0.80, y, plan.axis - 0.55 * r), (-r, y, plan.axis - r), (-r * 0.95, y - 0.001, plan.axis - r - 0.016)]
    )
    end = tube(path, 0.0070, "paint", 8, 0.12)
    return joined([band, button, end])


def _metal(plan: _Plan) -> Shape:
    """Shaft, runner, rib tips at the hem, crown cap and ferrule."""
    z, hem, crown = plan.axis, plan.hem, plan.crown
    shaft = lathe([(-0.02, plan.shaft), (crown + 0.004, plan.shaft)], "steel", 16, 0.0, z)
    low = hem - 0.016
    runner = lathe(
        [(low, plan.shaft + 0.001), (low + 0.001, plan.shaft + 0.0030), (low + 0.006, plan.shaft + 0.0030),
         (low + 0.007, plan.shaft + 0.0018), (hem + 0.02, plan.shaft + 0.0018)], "hole", 18, 0.0, z,
    )  # fmt: skip
    tips = []
    spread = 0.60 * plan.full
    for k in range(_GORES):
        a = 2 * np.pi * (k + 0.86) / _GORES + plan.twist
        tips.append(lathe([(hem - 0.0105, 0.0010), (hem - 0.0100, 0.0017), (hem - 0.0070, 0.0017),
                           (hem - 0.0060, 0.0011), (hem + 0.02, 0.0010)],
                          "bright", 8, spread * float(np.cos(a)), z + spread * float(np.sin(a))))  # fmt: skip
    neck = 0.36 * plan.full + 0.0012
    cap = lathe(
        [(crown - 0.006, neck + 0.0012), (crown + 0.001, neck + 0.0006), (crown + 0.006, plan.shaft + 0.0012)],
        "polymer",
        20,
        0.0,
        z,
    )
    end = crown + plan.ferrule
    ferrule = lathe([(crown + 0.004, plan.shaft + 0.0006), (end - 0.012, plan.shaft - 0.0002), (end - 0.010, plan.shaft - 0.0016),
                     (end - 0.001, plan.shaft - 0.0018), (end, plan.shaft - 0.0030)], "bright", 16, 0.0, z)  # fmt: skip
    return joined([shaft, runner, *tips, cap, ferrule])


def _handle(plan: _Plan) -> tuple[Shape, Array]:
    """The handle, and its rear end on the surface."""
    z, r, front = plan.axis, plan.radius, plan.hem - 0.030
    ring = lathe([(front - 0.003, r * 0.80), (front - 0.002, r * 0.92), (front + 0.006, r * 0.88),
                  (front + 0.0075, plan.shaft + 0.001)], "bright", 24, 0.0, z)  # fmt: skip
    if not plan.crook:
        back = -0.088
        rows = [(back, 0.70 * r), (back + 0.0015, 0.88 * r), (back + 0.006, r), (back + 0.014, 1.02 * r)]
        for k in range(5):  # shallow waves for the fingers
            y = back + 0.022 + 0.020 * k
            rows += [(y, 0.97 * r), (y + 0.010, 1.01 * r)]
        rows = [row for row in rows if row[0] < front - 0.012] + [
            (front - 0.010, 0.97 * r),
            (front - 0.003, 0.84 * r),
            (front, 0.78 * r),
        ]
        grip = lathe(rows, "polymer", 24, 0.0, z)
        button = disc((0.0, 0.0040), 0.0, 0.0, 0.0050, "hole", 16).moved((0, front - 0.014, 0.93 * r + z), np.array(
            [[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]))  # fmt: skip
        return joined([grip, button, ring]), vector(0.0, back, z)
    bend = np.radians(np.concatenate([np.linspace(0, 180, 22)[1:], [196, 210]]))
    centre = np.array([-0.070, z - _HOOK])
    straight = [(0.0, y, z) for y in (front, front - 0.002, 0.5 * front, 0.0, -0.022, -0.046, centre[0])]
    curve = [(0.0, centre[0] - _HOOK * np.sin(a), centre[1] + _HOOK * np.cos(a)) for a in bend]
    tail = np.array(curve[-1]) - np.array(curve[-2])
    tail /= np.linalg.norm(tail)
    ends = [tuple(np.array(curve[-1]) + d * tail) for d in (0.012, 0.0155, 0.0165)]
    path = np.array([*straight, *curve, *ends])
    radii = np.full(len(path), r)
    radii[0] = 0.86 * r
    radii[len(straight) :] *= np.linspace(1.0, 0.90, len(path) - len(straight))
    radii[-2:] *= (0.80, 0.40)
    return joined([tube(path, radii, "polymer", 18), ring]), vector(0.0, centre[0] - _HOOK - 0.95 * r, centre[1])


_CLOTHS: dict[Finish, tuple[tuple[Colour, Colour], ...]] = {
    "black": (((0.012, 0.012, 0.014), (0.012, 0.012, 0.014)), ((0.030, 0.031, 0.034), (0.030, 0.031, 0.034))),
    "grey": (((0.13, 0.13, 0.14), (0.13, 0.13, 0.14)), ((0.30, 0.27, 0.22), (0.22, 0.20, 0.16))),
    "blue": (((0.010, 0.022, 0.085), (0.010, 0.022, 0.085)), ((0.015, 0.10, 0.30), (0.62, 0.62, 0.60))),
    "orange": (((0.15, 0.010, 0.020), (0.15, 0.010, 0.020)), ((0.60, 0.22, 0.02), (0.60, 0.22, 0.02))),
    "marked": (((0.015, 0.080, 0.035), (0.015, 0.080, 0.035)), ((0.40, 0.02, 0.025), (0.62, 0.62, 0.60))),
}
"""Gores, two by two, linear, by eye: black, charcoal, grey, sand, navy, blue and white, wine, orange, green, red and white."""


def _coats(plan: _Plan, finish: Finish, rng: np.random.Generator) -> dict[Slot, Look]:
    made = dict(looks("black", rng))
    first, second = _CLOTHS[finish][int(rng.integers(2))]

    def cloth(colour: Colour, by: float = 1.0) -> Look:
        r, g, b = (by * c for c in colour)
        return Look((r, g, b), (1.2 * r, 1.2 * g, 1.2 * b), roughness=0.62, edge=0.0, grain=0.35)

    made["rubber"], made["accent"], made["paint"] = cloth(first), cloth(second, 0.9), cloth(first, 1.25)
    woods = ((0.16, 0.062, 0.020), (0.070, 0.026, 0.011), (0.30, 0.15, 0.055))
    wood = woods[int(rng.integers(3))]
    if plan.crook and rng.random() < 0.75:
        made["polymer"] = Look(
            wood, (wood[0] * 1.8, wood[1] * 1.8, wood[2] * 1.8), roughness=0.30, edge=0.3, grain=0.15
        )
    else:
        made["polymer"] = Look((0.016, 0.016, 0.017), (0.05, 0.05, 0.05), roughness=0.5, edge=0.3, grain=0.4)
    dark = rng.random() < 0.5
    made["steel"] = Look(
        (0.02, 0.02, 0.02) if dark else (0.45, 0.45, 0.45),
        metal=True,
        metallic=0.0 if dark else 1.0,
        roughness=0.3,
        edge=0.2,
    )
    return made


def build_umbrella(finish: Finish, rng: np.random.Generator, collection: bpy.types.Collection) -> Prop:
    """A closed umbrella: shaft along +y, the hand on its handle, a crook turned down."""
    plan = _drawn(rng)
    picture = wear_image(rng)
    coats = {
        slot: material(f"umbrella_{slot}", look, picture, dust=0.2) for slot, look in _coats(plan, finish, rng).items()
    }
    strap = float(rng.uniform(0.20, 0.30))
    handle, rear = _handle(plan)
    shape = joined([_canopy(plan, strap, rng), _strap(plan, strap), _metal(plan), handle])
    pieces = [Piece("body", mesh_object("umbrella_body", shape, coats, collection), np.eye(4), shape)]
    marks = Marks(
        muzzle=vector(0.0, plan.crown + plan.ferrule, plan.axis),
        grip=vector(0.0, -0.024, plan.axis),
        grip_axis=unit(0.0, -1.0, 0.0),
        trigger=vector(0.0, plan.hem - 0.034, plan.axis + 0.84 * plan.radius),
        support=vector(0.0, plan.hem + 0.45 * plan.canopy, plan.axis - float(_girth(plan, np.array([0.45]), strap)[0])),
        support_normal=unit(0.0, 0.0, -1.0),
        sights=vector(0.0, 0.0, 0.0),
        butt=rear,
    )
    return assemble("umbrella", pieces, marks)
