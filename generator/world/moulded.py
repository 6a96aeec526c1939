"""Moulded things: fat lofts, chunky shells, grips, tubes along a path, and plastic that light comes through."""

from collections.abc import Sequence

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.world.pistol import pin
from generator.world.props import vector
from generator.world.surface import Look, Shape, Slot, joined, lathe, loft

Array = NDArray[np.float64]
Colour = tuple[float, float, float]

_UPRIGHT = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
"""Turns what lies along y to stand along z."""


def bulb(rows: Sequence[Sequence[float]], slot: Slot, n: int = 24, power: float = 2.3) -> Shape:
    """A round thing along y: rows of (y, height of its middle, half width, half height), superelliptic sections.

    ``power`` 2 is an ellipse; more is boxier.
    """
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    x, z = np.sign(c) * np.abs(c) ** (2 / power), np.sign(s) * np.abs(s) ** (2 / power)
    return loft(np.array([np.column_stack([w * x, np.full(n, y), mid + h * z]) for y, mid, w, h in rows]), slot)


def shell(rows: Sequence[Sequence[float]], slot: Slot) -> Shape:
    """A box along y with chamfered long edges: rows of (y, half width, bottom, top, chamfer)."""
    rings = []
    for y, half, low, high, cut in rows:
        right = [(half - cut, low), (half, low + cut), (half, high - cut), (half - cut, high)]
        rings.append([(x, y, z) for x, z in right + [(-x, z) for x, z in right[::-1]]])
    return loft(np.array(rings), slot)


def block(y: tuple[float, float], half: float, z: tuple[float, float], cut: float, slot: Slot) -> Shape:
    """A ``shell`` of one size whose ends are chamfered too."""
    (back, front), (low, high) = y, z
    small = (half - cut, low + cut, high - cut, 0.4 * cut)
    full = (half, low, high, cut)
    return shell([(back, *small), (back + cut, *full), (front - cut, *full), (front, *small)], slot)


def handle(rows: Sequence[Sequence[float]], slot: Slot, n: int = 28, power: float = 2.6) -> Shape:
    """A grip: level sections of (height, back, front, half width), from the top down."""
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    along, aside = np.sign(c) * np.abs(c) ** (2 / power), np.sign(s) * np.abs(s) ** (2 / power)
    return loft(
        np.array([
            np.column_stack([half * aside, (back + front) / 2 + (front - back) / 2 * along, np.full(n, z)])
            for z, back, front, half in rows
        ]),
        slot,
    )  # fmt: skip


def upright(profile: Sequence[tuple[float, float]], x: float, y: float, slot: Slot, n: int = 20) -> Shape:
    """Rings of (z, radius) around a vertical axis at (x, y)."""
    return lathe(profile, slot, n).moved((x, y, 0.0), _UPRIGHT)


def tube(path: Array, radius: float, slot: Slot, n: int = 10) -> Shape:
    """A round hose along a path (k, 3) that never runs along x."""
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    side = np.cross(along, [1.0, 0, 0])
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    other = np.cross(along, side)
    turn = np.linspace(0, 2 * np.pi, n, endpoint=False)
    ring = np.cos(turn)[None, :, None] * side[:, None] + np.sin(turn)[None, :, None] * other[:, None]
    return loft(path[:, None] + radius * ring, slot)


def ball(centre: Sequence[float], radius: float, slot: Slot, n: int = 8) -> Shape:
    """A ball of ``n`` meridians."""
    tilt = np.linspace(-np.pi / 2, np.pi / 2, n // 2 + 1) * 0.97
    profile = [(float(radius * np.sin(a)), float(radius * np.cos(a))) for a in tilt]
    return lathe(profile, slot, n).moved(centre)


def screws(places: Sequence[tuple[float, float]], half: float, radius: float = 0.0032) -> Shape:
    """Sunk screw heads on the left side, where a moulded half is screwed to the other: (y, z) of each."""
    made = []
    for y, z in places:
        made.append(pin((-half - 0.0004, -half + 0.002), y, z, radius + 0.0014, "hole", 12))
        made.append(pin((-half - 0.0008, -half + 0.002), y, z, radius, "bright", 10))
    return joined(made)


def seam(rows: Sequence[Sequence[float]], out: float, slot: Slot) -> Shape:
    """The raised line where two moulded halves meet, round a ``bulb`` of the same rows but for its blunt rear end."""
    return bulb([(y, mid, 0.0009, h + out) for y, mid, _, h in rows[2:]], slot, 20, 4.0)


def plastic(colour: Colour, rng: np.random.Generator, gloss: float = 0.22) -> Look:
    """Coloured right through: glossy, rubbed edges hardly paler."""
    tone = float(rng.uniform(0.9, 1.1))
    coat = (colour[0] * tone, colour[1] * tone, colour[2] * tone)
    pale = (0.75 * coat[0] + 0.08, 0.75 * coat[1] + 0.08, 0.75 * coat[2] + 0.08)
    return Look(
        coat, pale, roughness=gloss + float(rng.uniform(-0.04, 0.06)), edge=float(rng.uniform(0.1, 0.35)), grain=0.06
    )


def translucent(made: bpy.types.Material, colour: Colour, level: float, wet: float) -> bpy.types.Material:
    """Coloured clear plastic without the cost of looking through it: pale face on, deep at its edges, darker where wet.

    Args:
        made: a material with one Principled shader; changed in place.
        colour: of the plastic.
        level: height of the water in the object's own frame, metres.
        wet: what the colour is scaled by below that height.
    """
    tree = made.node_tree
    shader = next(node for node in tree.nodes if node.type == "BSDF_PRINCIPLED")
    angle, mix, scale = (tree.nodes.new(f"ShaderNode{kind}") for kind in ("LayerWeight", "Mix", "VectorMath"))
    where, split, share = (tree.nodes.new(f"ShaderNode{kind}") for kind in ("TexCoord", "SeparateXYZ", "MapRange"))
    angle.inputs["Blend"].default_value = 0.45
    mix.data_type, scale.operation = "RGBA", "SCALE"
    pale = tuple(0.95 * c + 0.045 for c in colour)
    deep = tuple(0.55 * c for c in colour)
    mix.inputs[6].default_value, mix.inputs[7].default_value = (*pale, 1), (*deep, 1)
    ends = (("From Min", level - 0.0012), ("From Max", level + 0.0012), ("To Min", wet), ("To Max", 1.0))
    for key, value in ends:
        share.inputs[key].default_value = value
    tree.links.new(where.outputs["Object"], split.inputs[0])
    tree.links.new(split.outputs["Z"], share.inputs["Value"])
    tree.links.new(angle.outputs["Facing"], mix.inputs[0])
    tree.links.new(mix.outputs[2], scale.inputs[0])
    tree.links.new(share.outputs["Result"], scale.inputs["Scale"])
    tree.links.new(scale.outputs[0], shader.inputs["Base Color"])
    return made


def row_at(rows: Sequence[Sequence[float]], z: float) -> tuple[float, float, float]:
    """Back, front and half width of a ``handle`` at a height."""
    table = np.array(rows)[::-1]
    back, front, half = (float(np.interp(z, table[:, 0], table[:, k])) for k in (1, 2, 3))
    return back, front, half


def gripped(rows: Sequence[Sequence[float]], z: float) -> tuple[Array, Array, float]:
    """Centre (3,), axis (3,) down along a ``handle`` and half its width, at a height."""

    def middle(height: float) -> float:
        back, front, _ = row_at(rows, height)
        return (back + front) / 2

    axis = vector(0.0, (middle(z - 0.02) - middle(z + 0.02)) / 0.04, -1.0)
    return vector(0.0, middle(z), z), axis / np.linalg.norm(axis), row_at(rows, z)[2]
