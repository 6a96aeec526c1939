"""Muzzle flash: a few drawn shapes of burning gas, one seen a shot, and the light they throw."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.timeline import Moment
from generator.tracks import TRACK_FLASH
from generator.world.actor import Part, Placement
from generator.world.props import Marks

Array = NDArray[np.float64]

VARIANTS = 4
_SHOTS = 64
"""Shots that are drawn ahead; a longer string of fire repeats them."""

PEAK_WATTS = 350.0
"""Radiant watts of the light at its instant of full brightness; ``Moment.flash`` says what share an exposure gets.

A flash lasts 3 to 8 ms and fades, so an exposure of 1/60 s that holds all of it gets a mean of about 0.12: 42 W, which
is 7,500 lm at 179 lm/W or 600 cd: about 600 lx on a wall 1 m away, against 50 to 150 lx in a dim corridor. So that
frame jumps by two or three stops near the muzzle, and far walls hardly change.
"""

_CORE = 260.0
"""Radiance of the core, W/m2/sr: about a hundred times what is white at 1/100 s and gain 1, as sensors clip on it."""


@dataclass(frozen=True)
class _Look:
    """One shot's flash: which shape, how large, how turned, how bright."""

    variant: int
    size: float
    roll: float
    power: float


@dataclass(frozen=True)
class FlashActor:
    """The flash of the last shot, seen while ``Moment.flash`` is above 0. Its last part is the light.

    ``own`` are the numbers of the shots that flash here; all of the clip's where None.
    """

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    muzzle: Array = field(repr=False)
    looks: tuple[_Look, ...] = field(repr=False)
    own: frozenset[int] | None = None

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """The shot's shape at the muzzle, scaled and turned; all others hidden."""
        look = self.looks[moment.shot % len(self.looks)]
        burning = moment.flash > 0 and (self.own is None or moment.shot in self.own)
        at_muzzle = np.eye(4)
        at_muzzle[:3, 3] = self.muzzle
        cos, sin = np.cos(look.roll), np.sin(look.roll)
        size = look.size * (0.55 + 0.45 * min(moment.flash, 1.0))
        shaped = np.eye(4)
        shaped[:3, :3] = size * np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
        frame = moment.T_world_thing @ at_muzzle
        shapes = [Placement(frame @ shaped, visible=burning and variant == look.variant) for variant in range(VARIANTS)]
        ahead = np.eye(4)
        ahead[1, 3] = 0.05 * size
        light = Placement(frame @ ahead, visible=burning, power=float(burning * moment.flash * look.power * PEAK_WATTS))
        return (*shapes, light)


def _petal(axis: Array, length: float, width: float, rng: np.random.Generator) -> tuple[Array, Array]:
    """A tongue of fire: vertices (n, 3) and heat (n,) 1 at its root, 0 at its tip."""
    side = np.cross(axis, [0.13, 0.51, 0.85])
    side /= np.linalg.norm(side)
    other = np.cross(axis, side)
    around, along = 12, 9
    turn = np.linspace(0, 2 * np.pi, around, endpoint=False)
    lumps = 1 + 0.22 * rng.standard_normal((along, around))
    flat = rng.uniform(0.55, 1.0)
    drift = rng.normal(0, 0.10 * length, (2,))
    vertices, heat = [], []
    for i, s in enumerate(np.linspace(0, 1, along)):
        # Fat near the muzzle, torn towards the tip.
        radius = width * (np.sin(np.pi * min(0.12 + 0.88 * s**0.8, 1.0)) + 0.04) * lumps[i]
        centre = axis * length * s + (side * drift[0] + other * drift[1]) * s**2
        ring = centre + radius[:, None] * (np.cos(turn)[:, None] * side + flat * np.sin(turn)[:, None] * other)
        vertices.append(ring)
        heat.append(np.full(around, 1 - s**1.6) * np.clip(lumps[i], 0.7, 1.3))
    return np.concatenate(vertices), np.concatenate(heat)


def _tubes(count: int, around: int, along: int) -> list[tuple[int, ...]]:
    """Faces of ``count`` tongues, ends closed."""
    faces: list[tuple[int, ...]] = []
    for tongue in range(count):
        first = tongue * around * along
        for i in range(along - 1):
            for j in range(around):
                k, row = (j + 1) % around, first + i * around
                faces.append((row + j, row + k, row + around + k, row + around + j))
        faces.append(tuple(range(first + around - 1, first - 1, -1)))
        faces.append(tuple(range(first + (along - 1) * around, first + along * around)))
    return faces


def _burst(rng: np.random.Generator) -> tuple[Array, Array, list[tuple[int, ...]]]:
    """A star of a few tongues around a ball: one forward, three to six sideways, none like the other."""
    lobes = int(rng.integers(3, 7))
    start = rng.uniform(0, 2 * np.pi)
    tongues = [_petal(np.array([0.0, 1.0, 0.0]), rng.uniform(0.06, 0.15), rng.uniform(0.020, 0.034), rng)]
    tongues.append(_petal(np.array([0.0, 1.0, 0.0]), rng.uniform(0.045, 0.06), rng.uniform(0.030, 0.042), rng))
    for k in range(lobes):
        roll = start + 2 * np.pi * k / lobes + rng.normal(0, 0.30)
        forward = rng.uniform(0.1, 1.1)
        axis = np.array([np.cos(roll), forward, np.sin(roll)])
        tongues.append(_petal(axis / np.linalg.norm(axis), rng.uniform(0.035, 0.12), rng.uniform(0.009, 0.022), rng))
    vertices = np.concatenate([tongue[0] for tongue in tongues])
    heat = np.concatenate([tongue[1] for tongue in tongues])
    return vertices, heat, _tubes(len(tongues), 12, 9)


def _fire(tint: Sequence[float]) -> bpy.types.Material:
    """Light only: orange and thin where cool, white where hot."""
    made = bpy.data.materials.new("muzzle_flash")
    made.use_nodes = True
    tree = made.node_tree
    tree.nodes.clear()
    out, glow = tree.nodes.new("ShaderNodeOutputMaterial"), tree.nodes.new("ShaderNodeEmission")
    heat, ramp = tree.nodes.new("ShaderNodeAttribute"), tree.nodes.new("ShaderNodeValToRGB")
    heat.attribute_name = "heat"
    ramp.color_ramp.elements[0].color = (1.0, 0.36, 0.08, 1)
    ramp.color_ramp.elements[1].color = (*tint, 1)
    ramp.color_ramp.elements[1].position = 0.65
    middle = ramp.color_ramp.elements.new(0.3)
    middle.color = (1.0, 0.60, 0.24, 1)
    strength = tree.nodes.new("ShaderNodeMath")
    strength.operation = "POWER"
    strength.inputs[1].default_value = 2.6
    scale = tree.nodes.new("ShaderNodeMath")
    scale.operation = "MULTIPLY_ADD"
    scale.inputs[1].default_value, scale.inputs[2].default_value = _CORE, 4.0
    tree.links.new(heat.outputs["Fac"], ramp.inputs[0])
    tree.links.new(heat.outputs["Fac"], strength.inputs[0])
    tree.links.new(strength.outputs[0], scale.inputs[0])
    tree.links.new(ramp.outputs[0], glow.inputs["Color"])
    tree.links.new(scale.outputs[0], glow.inputs["Strength"])
    tree.links.new(glow.outputs[0], out.inputs["Surface"])
    made.cycles.emission_sampling = "NONE"
    return made


def build_flash(
    marks: Marks, rng: np.random.Generator, collection: bpy.types.Collection, own: frozenset[int] | None = None
) -> FlashActor:
    """The flash at a thing's muzzle: ``VARIANTS`` shapes, then a point light that the labels do not see; see ``own`` there."""
    parts = []
    fire = _fire((1.0, 0.86, 0.62))
    for variant in range(VARIANTS):
        vertices, heat, faces = _burst(rng)
        mesh = bpy.data.meshes.new(f"flash_{variant}")
        mesh.from_pydata(vertices.tolist(), [], faces)
        mesh.attributes.new("heat", "FLOAT", "POINT").data.foreach_set("value", heat.astype(np.float32))
        mesh.polygons.foreach_set("use_smooth", np.ones(len(mesh.polygons), bool))
        mesh.materials.append(fire)
        shape = bpy.data.objects.new(f"flash_{variant}", mesh)
        shape.visible_shadow = False  # fire throws no shadow of the light in it
        collection.objects.link(shape)
        parts.append(Part(shape, TRACK_FLASH))
    light = bpy.data.lights.new("flash", "POINT")
    light.color, light.shadow_soft_size, light.energy = (1.0, 0.62, 0.30), 0.03, 0.0
    lamp = bpy.data.objects.new("flash", light)
    lamp.visible_camera = False  # what is seen of a flash is its fire; the light would be a white ball around it
    collection.objects.link(lamp)
    parts.append(Part(lamp, in_labels=False))
    # A pistol burns less powder behind its bullet than a carbine; the carbine's flash hider splits what there is.
    mean = 0.8 if marks.muzzle[1] < 0.3 else 1.0
    looks = tuple(
        _Look(int(rng.integers(VARIANTS)), mean * float(np.clip(rng.lognormal(0.0, 0.3), 0.5, 1.8)),
              float(rng.uniform(0, 2 * np.pi)), float(np.clip(rng.lognormal(0.0, 0.25), 0.5, 1.7)))
        for _ in range(_SHOTS)
    )  # fmt: skip
    return FlashActor(tuple(parts), (Track(TRACK_FLASH, "muzzle_flash"),), marks.muzzle.copy(), looks, own)
