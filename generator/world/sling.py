"""A two-point sling: webbing from a long gun's fore part over the left shoulder, across the back, to its butt.

The middle lies on the trunk; the two spans to the gun hang. Webbing does not stretch, so what one posture leaves over hangs
as slack. Curves are worked out in the torso frame (see ``BodyMeasures``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.handling import PLACES
from generator.motion.looks import Looks
from generator.motion.slung import resting
from generator.motion.timeline import NOMINAL_STATURE, BodyMeasures, Moment
from generator.scenario.spec import ClipSpec
from generator.tracks import TRACK_SLING
from generator.world.actor import Part, Placement
from generator.world.props import Prop
from generator.world.skin import CLOTH
from generator.world.wearer import wearer_measures

Array = NDArray[np.float64]

SPAN, BODY = 40, 30
"""Points along each hanging span and along what lies on the trunk."""

_DENSE = 72
_THICK = 0.0022
_GAP = 0.006
"""Metres that the webbing's middle keeps from the trunk."""

_EASE = np.hanning(15)[1:-1] / np.hanning(15).sum()
"""Weights of a running mean over a dense span: bends of less than about 7 cm are rounded."""

_COLOURS = ("black", "black", "olive", "sand", "grey")


Outside = Callable[[Array], Array]


@dataclass(frozen=True)
class Trunk:
    """What the strap must not pass through: ellipses across the trunk, less deep towards the shoulders; torso frame.

    Attributes:
        half_width: across the chest, metres.
        front, back: how far it reaches before and behind the torso frame's origin at the chest, metres.
        top: height of the shoulder's upper side between neck and joint, metres.
    """

    half_width: float
    front: float
    back: float
    top: float

    @classmethod
    def of(cls, body: BodyMeasures) -> "Trunk":
        """The trunk of a body with what it wears: a chest camera's lens sits two centimetres before it."""
        grown = body.stature / NOMINAL_STATURE
        return cls(0.82 * body.shoulder_half_width, body.sternum[1] - 0.020, 0.135 * grown, 0.078 * grown)

    def depths(self, z: Array) -> tuple[Array, Array, Array]:
        """Half width, front and back (n,) at heights (n,)."""
        share = np.clip((self.top - z) / (self.top + 0.09), 0.0, 1.0)
        slope = np.sin(0.5 * np.pi * share) ** 0.8
        return self.half_width * (0.75 + 0.25 * slope), self.front * slope, self.back * slope

    def outside(self, points: Array) -> Array:
        """(n, 3) points, those inside moved straight out of the ellipse at their height."""
        half, front, back = self.depths(points[:, 2])
        deep = np.maximum(np.where(points[:, 1] > 0, front, back), 1e-3) + _GAP
        wide = half + _GAP
        size = np.hypot(points[:, 0] / wide, points[:, 1] / deep)
        inside = (size < 1) & (points[:, 2] < self.top) & (points[:, 2] > -0.55)
        grow = np.where(inside, 1 / np.maximum(size, 0.05), 1.0)
        return points * np.column_stack([grow, grow, np.ones(len(points))])

    def path(self) -> Array:
        """(``BODY``, 3) where the strap lies: over the left shoulder, across the back, to the right side under the arm."""
        w, b = self.half_width, self.back
        knots = np.array([
            (-0.62 * w, 0.030, self.top + 0.004), (-0.60 * w, -0.030, self.top + 0.004), (-0.42 * w, -0.80 * b, 0.020),
            (0.10 * w, -b, -0.100), (0.66 * w, -0.80 * b, -0.190), (w + _GAP, -0.010, -0.235),
        ])  # fmt: skip
        dense = np.stack([np.interp(np.linspace(0, 5, 121), np.arange(6), knots[:, k]) for k in range(3)], 1)
        kernel = np.hanning(23)
        padded = np.concatenate([np.repeat(dense[:1], 11, 0), dense, np.repeat(dense[-1:], 11, 0)])
        smooth = np.stack([np.convolve(padded[:, k], kernel / kernel.sum(), "valid") for k in range(3)], 1)
        return evenly(self.outside(smooth), BODY)


@dataclass(frozen=True)
class Arm:
    """The support arm under the strap, which lies on it as on a log; torso frame.

    Attributes:
        joints: (3, 3) shoulder, elbow, palm.
        radius: metres, of the sleeve; 0 for an arm that is elsewhere.
    """

    joints: Array
    radius: float

    @classmethod
    def reaching(cls, palm: Array, body: BodyMeasures, share: float = 1.0) -> "Arm":
        """The arm whose palm is at a point: its elbow hangs down and a little out. ``share`` of it is there, 0..1."""
        shoulder = np.array([-body.shoulder_half_width, 0.0, 0.0])
        upper, fore = 0.56 * body.arm_length, 0.44 * body.arm_length + 0.07
        reach = palm - shoulder
        far = float(np.linalg.norm(reach))
        far = min(max(far, 1e-6), 0.999 * (upper + fore))
        ahead = reach / max(float(np.linalg.norm(reach)), 1e-9)
        along = (far**2 + upper**2 - fore**2) / (2 * far)
        out = np.array([-0.5, 0.0, -1.0])
        out = out - ahead * (out @ ahead)
        out = out / max(float(np.linalg.norm(out)), 1e-9)
        elbow = shoulder + along * ahead + np.sqrt(max(upper**2 - along**2, 0.0)) * out
        return cls(np.stack([shoulder, elbow, palm]), 0.055 * body.stature / NOMINAL_STATURE * share)

    def over(self, points: Array) -> Array:
        """(n, 3) points, those below the arm's upper side lifted onto it."""
        if self.radius < 1e-4:
            return points
        height = np.full(len(points), -np.inf)
        for start, end in ((self.joints[0], self.joints[1]), (self.joints[1], self.joints[2])):
            along = end - start
            share = np.clip(((points - start)[:, :2] @ along[:2]) / max(float(along[:2] @ along[:2]), 1e-9), 0.0, 1.0)
            axis = start + share[:, None] * along
            aside = np.linalg.norm((points - axis)[:, :2], axis=1)
            round_ = np.sqrt(np.maximum(self.radius**2 - aside**2, 0.0))
            height = np.maximum(height, np.where(aside < self.radius, axis[:, 2] + round_, -np.inf))
        return np.column_stack([points[:, :2], np.maximum(points[:, 2], height)])


def length_of(points: Array) -> float:
    """Metres along a polyline (n, 3)."""
    return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())


def evenly(points: Array, n: int) -> Array:
    """(n, 3) points at equal distances along a polyline."""
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    return np.stack([np.interp(np.linspace(0, along[-1], n), along, points[:, k]) for k in range(3)], 1)


def _eased(points: Array) -> Array:
    """Points (n, 3) without sharp bends, which webbing does not make over a hand or a collar; the ends stay."""
    reach = len(_EASE) // 2
    before, after = 2 * points[0] - points[reach:0:-1], 2 * points[-1] - points[-2 : -2 - reach : -1]
    padded = np.concatenate([before, points, after])
    return np.stack([np.convolve(padded[:, k], _EASE, "valid") for k in range(3)], 1)


def hanging(start: Array, end: Array, length: float, down: Array, outside: Outside) -> Array:
    """(``SPAN``, 3) points of a strap of that length between two ends: a parabola, kept out of the body.

    Args:
        start: (3,) one end, torso frame.
        end: (3,) the other.
        length: metres; if it is too short to go round the body, the strap is taut and longer.
        down: (3,) unit, the way it hangs.
        outside: moves points (n, 3) out of the body.
    """
    chord = end - start
    reach = float(np.linalg.norm(chord))
    along = chord / max(reach, 1e-9)
    # A strap that hangs straight down buckles forward.
    sag = down + np.array([0.0, 0.15, 0.0])
    sag = sag - along * (sag @ along)
    sag = sag / max(float(np.linalg.norm(sag)), 1e-9)
    t = np.linspace(0, 1, _DENSE)[:, None]

    def bent(depth: float) -> Array:
        free = start + t * chord + 4 * depth * t * (1 - t) * sag
        free[1:-1] = outside(free[1:-1])
        return _eased(free)

    low, high = 0.0, 0.75 * length
    for _ in range(26):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if length_of(bent(middle)) < length else (low, middle)
    return evenly(bent(low), SPAN)


def least_length(fore: Array, butt: Array, trunk: Trunk, arm: Arm | None = None) -> tuple[float, float]:
    """Metres of the fore and the rear span when taut."""
    path = trunk.path()
    spans = []
    for start, end, outside in ((fore, path[0], _over(trunk, arm)), (path[-1], butt, trunk.outside)):
        line = start + np.linspace(0, 1, _DENSE)[:, None] * (end - start)
        line[1:-1] = outside(line[1:-1])
        spans.append(length_of(line))
    return spans[0], spans[1]


def _over(trunk: Trunk, arm: Arm | None) -> Outside:
    def outside(points: Array) -> Array:
        moved = trunk.outside(points)
        return moved if arm is None else arm.over(moved)

    return outside


def strap_curve(fore: Array, butt: Array, length: float, down: Array, trunk: Trunk, arm: Arm | None = None) -> Array:
    """(2 ``SPAN`` + ``BODY`` - 2, 3) points of the strap from the gun's fore part to its butt; torso frame.

    Args:
        fore: (3,) where it is fastened before the hands.
        butt: (3,) where it is fastened behind.
        length: of the whole strap, metres; slack is shared by both spans as their lengths, where it can.
        down: (3,) unit, gravity's direction.
        trunk: what it lies on.
        arm: what its fore span passes over.
    """
    path = trunk.path()
    first, last = least_length(fore, butt, trunk, arm)
    slack = max(length - length_of(path) - first - last, 0.0)
    part = slack / (first + last)
    front = hanging(fore, path[0], first * (1 + part), down, _over(trunk, arm))
    # Webbing slides over the back: what cannot hang on the arm's side hangs on the other.
    left = first + last + slack - length_of(front)
    rear = hanging(path[-1], butt, left, down, trunk.outside)
    return np.concatenate([front, path[1:-1], rear])


def ribbon_frames(curve: Array) -> tuple[Array, Array, Array]:
    """Tangents, widths and normals (n, 3) of a strap that twists as little as it can, flat on the back."""
    tangents = np.gradient(curve, axis=0)
    tangents /= np.maximum(np.linalg.norm(tangents, axis=1, keepdims=True), 1e-12)
    middle = SPAN + BODY // 2
    normals = np.empty_like(curve)
    normal = np.array([0.0, -1.0, 0.0])
    for steps in (range(middle, len(curve)), range(middle, -1, -1)):
        carried = normal
        for k in steps:
            carried = carried - tangents[k] * (carried @ tangents[k])
            carried = carried / max(float(np.linalg.norm(carried)), 1e-9)
            normals[k] = carried
    return tangents, np.cross(tangents, normals), normals


@dataclass(frozen=True)
class Strap:
    """What is drawn by lot of a sling.

    Attributes:
        length: metres, fastened end to fastened end.
        width: of the webbing, metres.
        slider: where along the curve its slider sits, number of a point.
    """

    length: float
    width: float
    slider: int


def ribbon(curve: Array, strap: Strap) -> Array:
    """(4 n + 24, 3) vertices: four round every point of the curve, then hooks at both ends and a slider."""
    tangents, widths, normals = ribbon_frames(curve)
    half, thick = 0.5 * strap.width, 0.5 * _THICK
    corners = [curve + u * half * widths + v * thick * normals for u, v in ((1, 1), (-1, 1), (-1, -1), (1, -1))]
    skin = np.stack(corners, 1).reshape(-1, 3)
    blocks = []
    for k, wide, long, high in (
        (0, 0.42, 0.022, 0.0045), (len(curve) - 1, 0.42, 0.022, 0.0045), (strap.slider, 1.22, 0.013, 0.0032),
    ):  # fmt: skip
        size = np.array([wide * half, long, high])
        axes = np.stack([widths[k], tangents[k], normals[k]])
        blocks.append(curve[k] + (_CUBE * size) @ axes)
    return np.concatenate([skin, *blocks])


_CUBE = np.array([(x, y, z) for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-1.0, 1.0)])
_CUBE_FACES = np.array([(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)])


@dataclass(frozen=True)
class SlingActor:
    """The sling, one deforming part.

    Attributes:
        parts, tracks: see ``Actor``.
        fore, butt: (3,) where it is fastened, thing frame.
        palm: (3,) where the support hand holds the thing.
        strap: its sizes.
        trunk: what it lies on.
        body: whose arm it passes over.
    """

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    fore: Array = field(repr=False)
    butt: Array = field(repr=False)
    palm: Array = field(repr=False)
    strap: Strap
    trunk: Trunk
    body: BodyMeasures

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Its vertices, from where the trunk and the gun are."""
        torso = moment.T_world_torso
        local = np.linalg.inv(torso) @ moment.T_world_thing
        fore, butt, palm = (local[:3, :3] @ end + local[:3, 3] for end in (self.fore, self.butt, self.palm))
        arm = Arm.reaching(palm, self.body, moment.support)
        curve = strap_curve(fore, butt, self.strap.length, -torso[2, :3], self.trunk, arm)
        vertices = ribbon(curve, self.strap) @ torso[:3, :3].T + torso[:3, 3]
        return (Placement(torso, vertices=vertices),)


def fastenings(prop: Prop) -> tuple[Array, Array]:
    """(3,) and (3,) points on the gun's left side, thing frame: between the support hand and the muzzle, and at the butt."""
    marks, skin = prop.marks, prop.solid[0]
    skin = skin[skin[:, 0] < -0.004]
    ahead = 0.5 * float(marks.muzzle[1] - marks.support[1])
    wanted = (
        marks.support + (-0.020, ahead, 0.010),
        (marks.butt if marks.butt is not None else marks.grip) + (-0.020, 0.035, -0.020),
    )
    fore, butt = (skin[int(np.argmin(np.linalg.norm(skin - point, axis=1)))] + (-_THICK, 0.0, 0.0) for point in wanted)
    return fore, butt


def build_sling(prop: Prop, spec: ClipSpec, rng: np.random.Generator, collection: bpy.types.Collection) -> SlingActor:
    """The sling of a long gun, just long enough for every posture of its hold and a little more.

    Raises:
        ValueError: nothing is held.
    """
    if spec.weapon is None:
        raise ValueError("nothing to sling")
    body = wearer_measures(spec.wearer)
    trunk = Trunk.of(body)
    fore, butt = fastenings(prop)
    hold, palm = Looks.of(spec).hold(spec.weapon.kind), prop.marks.support
    needed = []
    scale = body.stature / NOMINAL_STATURE
    frames: dict[str, Array] = {place: hold.frame(place, scale, body.line_of_sight) for place in PLACES}
    if spec.weapon.sidearm is not None:
        frames["hung"] = resting(body)
    for place, frame in frames.items():
        ends = [frame[:3, :3] @ end + frame[:3, 3] for end in (fore, butt, palm)]
        arm = None if place in ("carried", "hung") else Arm.reaching(ends[2], body)
        needed.append(sum(least_length(ends[0], ends[1], trunk, arm)))
    length = length_of(trunk.path()) + max(needed) + float(rng.uniform(0.03, 0.12))
    strap = Strap(length, float(rng.choice([0.025, 0.032, 0.038])), int(rng.integers(8, 22)))
    made = _object(strap, CLOTH[_COLOURS[int(rng.integers(len(_COLOURS)))]], collection)
    parts = (Part(made, TRACK_SLING, deforming=True),)
    return SlingActor(parts, (Track(TRACK_SLING, "sling"),), fore, butt, palm, strap, trunk, body)


def _object(strap: Strap, colour: tuple[float, float, float], collection: bpy.types.Collection) -> bpy.types.Object:
    """The strap's mesh: its faces, and how it lies when it is stretched out (attribute ``rest``) for its weave."""
    n = 2 * SPAN + BODY - 2
    grid = np.arange(4 * n).reshape(n, 4)
    here, after = grid[:-1], grid[1:]
    around = [np.stack([here[:, k], here[:, (k + 1) % 4], after[:, (k + 1) % 4], after[:, k]], 1) for k in range(4)]
    strip = np.concatenate([*around, grid[:1, ::-1], grid[-1:]])
    blocks = np.concatenate([_CUBE_FACES + 4 * n + 8 * k for k in range(3)])
    faces = np.concatenate([strip, blocks]).astype(np.int32)
    straight = np.column_stack([np.zeros(n), np.linspace(0, strap.length, n), np.zeros(n)])
    rest = ribbon(straight, strap)
    mesh = bpy.data.meshes.new("sling")
    mesh.vertices.add(len(rest))
    mesh.loops.add(faces.size)
    mesh.polygons.add(len(faces))
    put = partial(np.ascontiguousarray, dtype=np.float32)
    mesh.vertices.foreach_set("co", put(rest).ravel())
    mesh.loops.foreach_set("vertex_index", faces.ravel())
    mesh.polygons.foreach_set("loop_start", np.arange(0, faces.size, 4, dtype=np.int32))
    mesh.attributes.new("rest", "FLOAT_VECTOR", "POINT").data.foreach_set("vector", put(rest).ravel())
    mesh.materials.append(_material("webbing", colour, 0.82))
    mesh.materials.append(_material("sling hardware", (0.018, 0.018, 0.019), 0.42))
    mesh.polygons.foreach_set("material_index", np.repeat([0, 1], [len(strip), len(blocks)]).astype(np.int32))
    mesh.update(calc_edges=True)
    made = bpy.data.objects.new("sling", mesh)
    collection.objects.link(made)
    return made


def _material(name: str, colour: tuple[float, float, float], roughness: float) -> bpy.types.Material:
    """An even coat (linear Rec.709): a strap is a few pixels wide."""
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    shader = made.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*colour, 1)
    shader.inputs["Roughness"].default_value = roughness
    return made
