"""Thin smoke at muzzle and port after a shot: a few soft cards that face the camera, seen by the picture alone.

A card dims what is behind it and adds what smoke there would scatter, worked out here from the lamps: that has no noise,
where a surface that is now hit and now passed has so much at two samples that the denoiser leaves blotches.

A path may pass no more transparent surfaces than it has bounces, so at most three cards are there at a time: one at the
muzzle for each of the last two shots, and one at the port for the last.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.motion.ports import PORTS
from generator.motion.timeline import Moment, Timeline
from generator.scenario.things import HeldKind
from generator.world.actor import Part, Placement
from generator.world.flash import PEAK_WATTS
from generator.world.props import Marks
from generator.world.surface import image, noise

Array = NDArray[np.float64]

_DENSITY: Mapping[HeldKind, float] = MappingProxyType(
    {"training_pistol": 0.65, "training_carbine": 0.80, "training_smg": 0.65, "training_shotgun": 0.95}
)
"""Opacity of the middle of a fresh card; by eye."""

_MUZZLE_CARDS = 2
_BEFORE = 0.02
"""Seconds before a shot over which the thing's speed is taken."""

_RISE = 0.16
"""Metres a second at which warm smoke goes up; by eye."""

_NEAREST = 0.15
"""Metres from the lens at which smoke is no longer seen as such, and over which it fades before that."""

_DRAGGED = 0.7
"""Share of the thing's own speed that the air around it has."""

_PIXELS = 160
_WHITENESS = 0.9
"""Share of the light that smoke scatters instead of swallowing; grey-white."""

_BETWEEN_WALLS = 2.0
"""Light in a room over that which comes straight from its lamps, for walls that return half; chosen."""

_FORWARD = 2.0
"""Light that smoke sends on over what it would scatter alike to all sides: lamps hang ahead of the wearer. By eye."""

_FIRELIGHT = (1.0, 0.62, 0.30)
"""Colour of the flash's light, as ``world.flash`` has it."""


@dataclass(frozen=True)
class _Puff:
    """Smoke of one shot at one place.

    Attributes:
        start, life: seconds.
        place: (3,) where it comes out.
        jet: (3,) how far it is blown before it stands still.
        drift: (3,) m/s.
        sizes: half its width at first and in the end, metres.
        density: opacity of its middle when fresh.
        roll: radians, which way up the card is.
        radiance: (3,) of thick smoke in the light of the room.
    """

    start: float
    life: float
    place: Array
    jet: Array
    drift: Array
    sizes: tuple[float, float]
    density: float
    roll: float
    radiance: Array

    def at(self, moment: Moment, lamp: Array) -> Placement:
        """The card that faces the camera; hidden before and after. ``lamp`` (3,) is where a flash is, in the thing frame."""
        s = moment.t - self.start
        if not 0 <= s < self.life:
            return Placement(np.eye(4), visible=False)
        place = self.place + self.jet * (1 - np.exp(-s / 0.05)) + self.drift * s
        size = self.sizes[0] + (self.sizes[1] - self.sizes[0]) * (1 - np.exp(-s / 0.30))
        thinning = (self.sizes[0] / size) ** 0.4
        fade = self.density * thinning * min(s / 0.012, 1.0) * (1 - s / self.life) ** 1.4
        away = float(np.linalg.norm(place - moment.T_world_camera[:3, 3]))
        fade *= float(np.clip((away - _NEAREST) / _NEAREST, 0, 1))
        lit = self.radiance
        if moment.flash > 0:
            apart = place - (moment.T_world_thing @ np.append(lamp, 1.0))[:3]
            watts = moment.flash * PEAK_WATTS / (float(apart @ apart) + 0.25 * size**2)
            lit = lit + _WHITENESS * watts / (4 * np.pi) ** 2 * np.array(_FIRELIGHT)
        red, green, blue = (float(x) for x in lit)
        frame = _facing(place, moment.T_world_camera, size, self.roll + 0.5 * s)
        return Placement(frame, veil=(red, green, blue, float(fade)))


@dataclass(frozen=True)
class SmokeActor:
    """Cards at the muzzle, then one at the port; each shows the last puff that is its own."""

    parts: tuple[Part, ...]
    tracks: tuple[Track, ...]
    cards: tuple[tuple[_Puff, ...], ...] = field(repr=False)
    lamp: Array = field(repr=False)

    def place(self, moment: Moment) -> tuple[Placement, ...]:
        """Every card at that moment."""
        return tuple(_last(puffs, moment.t).at(moment, self.lamp) for puffs in self.cards)


def _last(puffs: tuple[_Puff, ...], t: float) -> _Puff:
    return next((puff for puff in reversed(puffs) if puff.start <= t), puffs[0])


def _facing(place: Array, T_world_camera: Array, size: float, roll: float) -> Array:
    """(4, 4) of a card of half width ``size`` that looks at the camera."""
    towards = T_world_camera[:3, 3] - place
    towards = towards / np.linalg.norm(towards)
    right = np.cross(-T_world_camera[:3, 1], towards)
    right /= np.linalg.norm(right)
    up = np.cross(towards, right)
    cos, sin = np.cos(roll), np.sin(roll)
    frame = np.eye(4)
    frame[:3, :3] = size * np.column_stack([cos * right + sin * up, cos * up - sin * right, towards])
    frame[:3, 3] = place
    return frame


def build_smoke(
    timeline: Timeline, number: int, marks: Marks, rng: np.random.Generator, collection: bpy.types.Collection
) -> SmokeActor | None:
    """The smoke of the shots of a clip's thing of that number; None where there is none."""
    handled = timeline.handling.things[number]
    kind, shots = handled.kind, [shot.t for shot in handled.shots if shot.live]
    if kind is None or kind not in _DENSITY or not shots:
        return None
    draught = rng.normal(0, 1, 3) * (0.07, 0.07, 0.02)
    muzzle = _puffs(timeline, number, shots, _MUZZLE_CARDS, marks.muzzle + (0, 0.03, 0), (0.0, 1.0, 0.0), _DENSITY[kind],
                    (0.045, 0.22), draught, rng)  # fmt: skip
    place, towards = marks.port or PORTS[kind].marks
    port = _puffs(
        timeline, number, shots, 1, place + 0.02 * towards, towards, 0.7 * _DENSITY[kind], (0.02, 0.09), draught, rng
    )
    cards = [tuple(muzzle[k::_MUZZLE_CARDS]) for k in range(min(_MUZZLE_CARDS, len(muzzle)))] + [tuple(port)]
    veil = _veil(rng)
    parts = tuple(Part(_card(f"smoke_{k}", veil, collection), in_labels=False) for k in range(len(cards)))
    return SmokeActor(parts, (), tuple(cards), marks.muzzle + (0, 0.05, 0))


def _puffs(
    timeline: Timeline, number: int, shots: list[float], cards: int, place: Array, towards: tuple[float, float, float] | Array,
    density: float, sizes: tuple[float, float], draught: Array, rng: np.random.Generator,
) -> list[_Puff]:  # fmt: skip
    """One puff a shot, gone when its card is needed again."""
    found = []
    lamps = _lamps()
    for index, t in enumerate(shots):
        stray, (many, big, long, roll) = rng.normal(0, 1, 3), rng.uniform(0, 1, 4)
        thing = timeline.at(t).of(number).T_world_thing
        blown = thing[:3, :3] @ (np.asarray(towards) + 0.12 * stray) * sizes[1]
        until = shots[index + cards] - t - 0.002 if index + cards < len(shots) else np.inf
        origin = (thing @ np.append(place, 1.0))[:3]
        # The kick has not begun before the shot: what moves the thing then is the wearer's walk.
        carried = (thing - timeline.at(t - _BEFORE).of(number).T_world_thing)[:3, 3] / _BEFORE
        found.append(
            _Puff(
                t, float(min(0.45 + 0.75 * long, until)), origin, blown,
                draught + _DRAGGED * carried + np.array([0.0, 0.0, _RISE]) + 0.03 * stray,
                (sizes[0], float(sizes[1] * (0.75 + 0.5 * big))),
                float(density * (0.6 + 0.7 * many)), float(2 * np.pi * roll), _scattered(lamps, origin),
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class _Lamp:
    """A lamp of the room: place, direction (None all round), and watts a steradian along it, by colour."""

    place: Array
    towards: Array | None
    intensity: Array


def _lamps() -> list[_Lamp]:
    """Point, spot and area lights that are lit."""
    found = []
    for thing in bpy.data.objects:
        if thing.type != "LIGHT" or thing.data.type == "SUN" or thing.data.energy <= 0:
            continue
        frame, light = np.array(thing.matrix_world), thing.data
        area = light.type == "AREA"  # a matt surface sends P / pi straight ahead; a point sends P / 4 pi everywhere
        watts = np.array(light.color) * light.energy / (np.pi if area else 4 * np.pi)
        found.append(_Lamp(frame[:3, 3], -frame[:3, 2] / np.linalg.norm(frame[:3, 2]) if area else None, watts))
    return found


def _scattered(lamps: list[_Lamp], place: Array) -> Array:
    """(3,) radiance of thick smoke that scatters it; nothing stands in the light's way."""
    fluence = np.zeros(3)
    for lamp in lamps:
        way = place - lamp.place
        square = float(way @ way) + 0.04
        ahead = 1.0 if lamp.towards is None else max(float(lamp.towards @ way) / np.sqrt(square), 0.0)
        fluence += lamp.intensity * ahead / square
    return np.asarray(_WHITENESS * _FORWARD * _BETWEEN_WALLS * fluence / (4 * np.pi))


def _card(name: str, veil: bpy.types.Material, collection: bpy.types.Collection) -> bpy.types.Object:
    """A square of half width 1 that only the camera sees."""
    mesh = bpy.data.meshes.new(name)
    corners = [(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)]
    mesh.from_pydata(corners, [], [(0, 1, 2, 3)])
    places = np.array([(0.5 + 0.5 * x, 0.5 + 0.5 * y) for x, y, _ in corners], np.float32)
    mesh.uv_layers.new(name="card").data.foreach_set("uv", places.ravel())
    mesh.materials.append(veil)
    made = bpy.data.objects.new(name, mesh)
    made.visible_shadow = made.visible_diffuse = made.visible_glossy = made.visible_transmission = False
    collection.objects.link(made)
    return made


def _wisp(rng: np.random.Generator) -> Array:
    """(n, n) opacity of a wisp, 0..1 and 0 at the rim: curling noise in a soft round."""
    n = _PIXELS
    y, x = np.mgrid[0:n, 0:n] / (n - 1) * 2 - 1
    bend = [(noise((n, n), 2.2, rng) - 0.5) * 0.9 for _ in range(2)]
    rows = ((y + bend[0] + 1) / 2 * (n - 1)).astype(int) % n
    columns = ((x + bend[1] + 1) / 2 * (n - 1)).astype(int) % n
    curls = noise((n, n), 1.5, rng)[rows, columns]
    far = np.hypot(x + 0.5 * bend[0], y + 0.5 * bend[1])
    soft = np.clip(1 - far, 0, 1) ** 1.3 * np.clip(4 * (1 - np.hypot(x, y)), 0, 1)
    wisp: Array = np.clip(soft * (0.5 + 2.4 * np.clip(curls - 0.25, 0, 1)), 0, 1)
    return wisp / wisp.max()


def _veil(rng: np.random.Generator) -> bpy.types.Material:
    """Dims by the wisp times the object's alpha, and adds the object's colour by as much; one closure, so no chance in it."""
    made = bpy.data.materials.new("smoke")
    made.use_nodes = True
    tree = made.node_tree
    tree.nodes.clear()
    nodes, link = tree.nodes, tree.links.new
    out = nodes.new("ShaderNodeOutputMaterial")
    texture, own, product = (
        nodes.new("ShaderNodeTexImage"),
        nodes.new("ShaderNodeObjectInfo"),
        nodes.new("ShaderNodeMath"),
    )
    wisp = _wisp(rng)
    texture.image = image("smoke", np.repeat(wisp[..., None], 4, 2), colour=False)
    texture.extension = "CLIP"
    product.operation = "MULTIPLY"
    link(texture.outputs["Color"], product.inputs[0])
    link(own.outputs["Alpha"], product.inputs[1])
    add, glow, clear, rest = (
        nodes.new(f"ShaderNode{name}") for name in ("AddShader", "Emission", "BsdfTransparent", "Math")
    )
    rest.operation, rest.inputs[0].default_value = "SUBTRACT", 1.0
    link(product.outputs[0], rest.inputs[1])
    link(own.outputs["Color"], glow.inputs["Color"])
    link(product.outputs[0], glow.inputs["Strength"])
    link(rest.outputs[0], clear.inputs["Color"])
    link(glow.outputs[0], add.inputs[0])
    link(clear.outputs[0], add.inputs[1])
    link(add.outputs[0], out.inputs["Surface"])
    made.cycles.emission_sampling = "NONE"
    return made
