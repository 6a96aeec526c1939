"""What flies out of a toy or a marker, in the picture only: too thin and too short-lived to be labelled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.projectiles import LOADS, Launch, ThingFrame, launches
from generator.motion.timeline import Moment
from generator.scenario.things import HeldKind
from generator.world.actor import Part, Placement
from generator.world.moulded import Colour, ball
from generator.world.props import Prop
from generator.world.surface import Shape, Slot, lathe, mesh_object

Array = NDArray[np.float64]

EXPOSURE = 1 / 250
"""Seconds that a fast piece is smeared over where the caller does not say: an ordinary exposure in good light."""

_FAINTEST = 0.12
"""Opacity of the faintest smear, by eye: a ball of paint would else vanish in any exposure."""

_THREAD, _DROP = 0.0022, 0.0042
"""Radius of a jet of water at the nozzle, and of the ragged lumps it breaks into, metres; by eye."""

_BREAKS = 0.16
"""Seconds after which a jet has broken into drops."""

_PUFF_SECONDS = 0.10
_HIDDEN = np.diag([1e-3, 1e-3, 1e-3, 1.0])


@dataclass(frozen=True)
class _Body:
    """Length and radius of a piece, metres, and the slots of the thing's own materials that it is made of."""

    length: float
    radius: float
    slots: tuple[Slot, ...]


_BODIES: Mapping[HeldKind, _Body] = {
    "toy_blaster": _Body(0.072, 0.0066, ("dot", "rubber")),
    "paintball_marker": _Body(0.017, 0.0085, ("dot",)),
}


@dataclass(frozen=True)
class ProjectilesActor:
    """Pieces in flight. Each part is lent to one piece after the other; a puff of air, where there is one, is last.

    Attributes:
        parts: Blender objects, unit length along y and unit radius.
        tracks: none.
        kind: what throws them.
        launched: pieces in order of time.
        smear: metres that a piece is lengthened by its flight during an exposure.
        puffs: whether the last part is a puff of air.
    """

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    kind: HeldKind
    launched: tuple[Launch, ...] = field(repr=False)
    smear: float
    puffs: bool

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Every part at that moment; those of no piece are hidden."""
        lent = len(self.parts) - self.puffs
        placed = [Placement(_HIDDEN, visible=False)] * len(self.parts)
        flying = [k for k, launch in enumerate(self.launched) if 0 <= moment.t - launch.t < LOADS[self.kind].life]
        for k in flying:
            launch = self.launched[k]
            at = launch.position(moment.t)
            if at[2] > 0:  # what is below the floor has landed
                length, radius = self._size(moment.t - launch.t)
                placed[k % lent] = Placement(_along(at, launch.speed(moment.t), length, radius))
        if self.puffs and flying and moment.t - self.launched[flying[-1]].t < _PUFF_SECONDS:
            placed[-1] = Placement(_puff(self.launched[flying[-1]], moment.t))
        return tuple(placed)

    def _size(self, flown: float) -> tuple[float, float]:
        """Length and radius of a piece that has flown so many seconds: a thread of water becomes drops."""
        body = _BODIES.get(self.kind)
        if body is not None:
            return body.length + self.smear, body.radius
        load = LOADS[self.kind]
        broken = min(flown / _BREAKS, 1.0)
        thread = 1.1 * load.speed * load.every
        return (1 - broken) * thread + broken * (2 * _DROP + self.smear), (1 - broken) * _THREAD + broken * _DROP


def _along(at: Array, way: Array, length: float, radius: float) -> Array:
    """(4, 4) that puts a unit piece's middle ``at`` a point, its y along ``way``."""
    y = way / np.linalg.norm(way)
    x = np.cross(y, [0.0, 0.0, 1.0])
    x = x / np.linalg.norm(x) if np.linalg.norm(x) > 1e-6 else np.array([1.0, 0.0, 0.0])
    frame = np.eye(4)
    frame[:3, :3] = np.column_stack([radius * x, length * y, radius * np.cross(x, y)])
    frame[:3, 3] = at
    return frame


def _puff(launch: Launch, t: float) -> Array:
    """Air that follows the ball out of the muzzle: it runs ahead, slows down and swells."""
    age = (t - launch.t) / _PUFF_SECONDS
    radius = 0.012 + 0.045 * age**0.6
    y = launch.velocity / np.linalg.norm(launch.velocity)
    return _along(launch.origin + y * (0.02 + 0.11 * age**0.5), y, 1.5 * radius, radius)


def _most_at_once(launched: Sequence[Launch], life: float) -> int:
    """Most pieces in flight at any time, at least 1."""
    starts = np.array([launch.t for launch in launched])
    return max([1, *(int(((starts <= t) & (starts > t - life)).sum()) for t in starts)])


def _faded(made: bpy.types.Material, opacity: float) -> bpy.types.Material:
    """A copy that covers only ``opacity`` of what is behind it."""
    copy = made.copy()
    tree = copy.node_tree
    out = next(node for node in tree.nodes if node.type == "OUTPUT_MATERIAL")
    clear, mix = tree.nodes.new("ShaderNodeBsdfTransparent"), tree.nodes.new("ShaderNodeMixShader")
    mix.inputs[0].default_value = opacity
    tree.links.new(clear.outputs[0], mix.inputs[1])
    tree.links.new(out.inputs["Surface"].links[0].from_socket, mix.inputs[2])
    tree.links.new(mix.outputs[0], out.inputs["Surface"])
    return copy


def _plain(name: str, colour: Colour, roughness: float) -> bpy.types.Material:
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    shader = made.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*colour, 1)
    shader.inputs["Roughness"].default_value = roughness
    return made


def _mist() -> bpy.types.Material:
    """Thin white mist, thinner to its rim."""
    made = _faded(_plain("puff", (0.8, 0.8, 0.8), 1.0), 0.0)
    tree = made.node_tree
    mix = next(node for node in tree.nodes if node.type == "MIX_SHADER")
    angle, share = tree.nodes.new("ShaderNodeLayerWeight"), tree.nodes.new("ShaderNodeMapRange")
    angle.inputs["Blend"].default_value = 0.5
    share.interpolation_type = "SMOOTHSTEP"
    share.inputs["From Max"].default_value = 0.9
    share.inputs["To Min"].default_value, share.inputs["To Max"].default_value = 0.16, 0.0
    tree.links.new(angle.outputs["Facing"], share.inputs["Value"])
    tree.links.new(share.outputs["Result"], mix.inputs[0])
    return made


def _of_prop(prop: Prop, slot: Slot) -> bpy.types.Material:
    """The thing's own material of a slot: what flies out has the colour of what is seen in it."""
    for part in prop.parts:
        for made in part.object.data.materials:
            if made.name.partition(".")[0].endswith(f"_{slot}"):
                return made
    raise ValueError(f"no material of slot {slot} on the thing")


def _piece() -> Shape:
    """A unit piece with round ends, its front sixth of its own slot."""
    ends = [(0.5 - 0.06 * (1 - np.sqrt(1 - r**2)), float(r)) for r in (0.999, 0.9, 0.7, 0.35)]
    profile = [(-y, r) for y, r in ends[::-1]] + [(0.33, 1.0), (0.335, 1.0)] + ends
    return lathe([(float(y), r) for y, r in profile], "dot", 10).painted("rubber", lambda c: c[:, 1] > 0.333)


def _materials(kind: HeldKind, prop: Prop, smear: float) -> dict[Slot, bpy.types.Material]:
    body = _BODIES.get(kind)
    if body is None:
        water = _faded(_plain("water", (0.78, 0.84, 0.88), 0.08), 0.6)
        return {"dot": water, "rubber": water}
    opacity = max(body.length / (body.length + smear), _FAINTEST)  # what an exposure spreads out, it thins
    made = {slot: _faded(_of_prop(prop, slot), opacity) for slot in body.slots}
    return {"dot": made["dot"], "rubber": made.get("rubber", made["dot"])}


def build_projectiles(
    kind: HeldKind,
    prop: Prop,
    frames: Sequence[ThingFrame],
    rng: np.random.Generator,
    collection: bpy.types.Collection,
    *,
    exposure_s: float = EXPOSURE,
) -> ProjectilesActor:
    """Everything that the thing throws in a clip, as parts of the picture only.

    Args:
        kind: what is held; one of ``LOADS``.
        prop: the thing, for its muzzle and its colours.
        frames: of ``generator.motion.projectiles.launch_frames``.
        rng: for the spread.
        collection: what the objects are linked into.
        exposure_s: seconds that flight is smeared over.

    Raises:
        KeyError: the kind throws nothing.
    """
    load = LOADS[kind]
    launched = launches(kind, prop.marks.muzzle, frames, rng)
    smear = load.speed * exposure_s
    materials = _materials(kind, prop, smear)
    first = mesh_object(f"{kind}_piece", _piece(), materials, collection)
    objects = [first]
    for _ in range(_most_at_once(launched, load.life) - 1):
        objects.append(first.copy())  # shares the mesh
        collection.objects.link(objects[-1])
    puffs = kind == "paintball_marker"
    if puffs:
        objects.append(mesh_object("puff", ball((0, 0, 0), 1.0, "dot", 16), {"dot": _mist()}, collection))
    for made in objects:
        made.visible_shadow = False
    parts = tuple(Part(made, in_labels=False) for made in objects)
    return ProjectilesActor(parts, (), kind, launched, smear, puffs)
