"""A library of finishes by word: what floors, walls, furniture and vehicles are made of.

``Finishes.of("tile")`` is a material that repeats; ``Finishes.surface`` the same with the soil of one particular floor or wall
over it, so that nothing large repeats. UVs are metres throughout.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import bpy
import numpy as np
from numpy.typing import ArrayLike

from generator.world.canvas import Canvas, Stock, image_from_array, ramp
from generator.world.finish_paint import PAINTERS
from generator.world.materials import Colour, Detail, linear, multiply, principled

Streams = Callable[[str], np.random.Generator]

Finish = Literal[
    "concrete", "rubber", "vinyl", "tile", "large_tile", "wall_tile", "paving", "carpet", "asphalt", "gravel", "grass", "brick",
    "concrete_block", "plaster", "painted_board", "plywood", "planks", "laminate_floor", "veneer", "timber", "steel", "aluminium",
    "painted_metal", "bare_metal", "stainless", "ribbed_metal", "panel_lined", "ceiling_tile", "upholstery", "leather",
    "laminate", "plastic", "moulded_rubber", "cardboard",
]  # fmt: skip

_BRIGHTEST = 1.3
"""The largest factor that a picture of soil holds: dust on dark floors is lighter than they are."""


@dataclass(frozen=True)
class _Kind:
    """How a finish is made.

    Attributes:
        metres: (width, height) of its repeating picture.
        ppm: pixels a metre of it.
        roughness, metallic: as in ``principled``.
        bump: metres of relief.
        colours: sRGB that it is sold in.
        detail: (picture, metres, colour, roughness) of what lies over it; see ``Detail``.
    """

    metres: tuple[float, float]
    ppm: float
    roughness: float
    bump: float
    colours: tuple[Colour, ...]
    detail: tuple[Literal["grime", "grain", "grit"], float, float, float] = ("grime", 1.7, 0.3, 0.3)
    metallic: float = 0.0


_GREYS: tuple[Colour, ...] = ((0.50, 0.49, 0.47), (0.58, 0.56, 0.53), (0.42, 0.42, 0.41))
_PALE: tuple[Colour, ...] = (
    (0.82, 0.80, 0.75), (0.78, 0.74, 0.65), (0.72, 0.75, 0.76), (0.76, 0.78, 0.72), (0.84, 0.83, 0.81), (0.70, 0.68, 0.66),
)  # fmt: skip
_WOODS: tuple[Colour, ...] = ((0.64, 0.50, 0.34), (0.48, 0.34, 0.22), (0.70, 0.60, 0.46), (0.36, 0.26, 0.19))
_STRONG: tuple[Colour, ...] = (
    (0.20, 0.28, 0.42), (0.42, 0.44, 0.46), (0.16, 0.17, 0.18), (0.45, 0.16, 0.13), (0.22, 0.36, 0.28), (0.66, 0.66, 0.63),
    (0.62, 0.45, 0.15),
)  # fmt: skip
_CLOTHS: tuple[Colour, ...] = (
    (0.16, 0.19, 0.26), (0.24, 0.24, 0.25), (0.34, 0.14, 0.15), (0.18, 0.29, 0.27), (0.30, 0.26, 0.22), (0.20, 0.27, 0.40),
)  # fmt: skip

_KINDS: Mapping[str, _Kind] = MappingProxyType(
    {
        "concrete": _Kind((2.4, 2.4), 220, 0.65, 0.004, _GREYS, ("grit", 0.5, 0.3, 0.35)),
        "rubber": _Kind((2.0, 2.0), 256, 0.78, 0.004, ((0.16, 0.16, 0.17), (0.20, 0.21, 0.23), (0.24, 0.18, 0.16))),
        "vinyl": _Kind((2.0, 2.0), 256, 0.36, 0.001,
            ((0.52, 0.52, 0.50), (0.58, 0.54, 0.46), (0.42, 0.46, 0.50), (0.44, 0.5, 0.46))),
        "tile": _Kind((2.4, 2.4), 240, 0.32, 0.003,
            ((0.66, 0.63, 0.57), (0.48, 0.46, 0.44), (0.56, 0.42, 0.34), (0.74, 0.73, 0.70))),
        "large_tile": _Kind((2.4, 2.4), 240, 0.26, 0.002, ((0.70, 0.68, 0.64), (0.40, 0.40, 0.40), (0.60, 0.56, 0.50))),
        "wall_tile": _Kind((1.6, 1.6), 300, 0.18, 0.002, ((0.85, 0.85, 0.82), (0.70, 0.78, 0.78), (0.80, 0.76, 0.62))),
        "paving": _Kind((2.4, 2.4), 220, 0.78, 0.006,
            ((0.55, 0.54, 0.51), (0.50, 0.46, 0.42), (0.44, 0.44, 0.44)), ("grit", 0.4, 0.35, 0.2)),
        "carpet": _Kind((2.0, 2.0), 330, 0.95, 0.004,
            ((0.26, 0.28, 0.31), (0.20, 0.24, 0.32), (0.34, 0.31, 0.28), (0.25, 0.30, 0.27))),
        "asphalt": _Kind((2.4, 2.4), 240, 0.85, 0.006,
            ((0.24, 0.24, 0.24), (0.31, 0.31, 0.30), (0.18, 0.18, 0.19)), ("grit", 0.5, 0.4, 0.2)),
        "gravel": _Kind((2.4, 2.4), 240, 0.9, 0.03,
            ((0.50, 0.48, 0.44), (0.44, 0.42, 0.40), (0.56, 0.50, 0.42)), ("grit", 0.4, 0.4, 0.1)),
        "grass": _Kind((2.4, 2.4), 240, 0.9, 0.03,
            ((0.27, 0.34, 0.15), (0.32, 0.36, 0.18), (0.36, 0.37, 0.20)), ("grit", 0.4, 0.4, 0.1)),
        "brick": _Kind((2.25, 1.5), 256, 0.85, 0.008,
            ((0.52, 0.28, 0.21), (0.46, 0.33, 0.26), (0.62, 0.50, 0.38), (0.36, 0.28, 0.26)), ("grit", 0.4, 0.3, 0.2)),
        "concrete_block": _Kind((2.4, 1.6), 240, 0.7, 0.006, _PALE, ("grit", 0.3, 0.25, 0.25)),
        "plaster": _Kind((2.4, 2.4), 200, 0.75, 0.002, _PALE, ("grime", 1.7, 0.15, 0.2)),
        "painted_board": _Kind((2.4, 2.4), 220, 0.6, 0.002, _PALE, ("grime", 1.7, 0.15, 0.25)),
        "plywood": _Kind((2.44, 1.22), 240, 0.75, 0.001,
            ((0.70, 0.57, 0.40), (0.64, 0.51, 0.35)), ("grime", 1.7, 0.25, 0.2)),
        "planks": _Kind((4.8, 1.8), 170, 0.7, 0.004, _WOODS),
        "laminate_floor": _Kind((2.4, 2.4), 220, 0.38, 0.001, _WOODS),
        "veneer": _Kind((2.4, 1.2), 220, 0.45, 0.0, _WOODS, ("grime", 1.3, 0.15, 0.3)),
        "timber": _Kind((2.4, 1.2), 220, 0.8, 0.001,
            ((0.68, 0.55, 0.38), (0.60, 0.48, 0.34)), ("grime", 1.7, 0.4, 0.2)),
        "steel": _Kind((1.2, 1.2), 420, 0.45, 0.004, ((0.45, 0.45, 0.46), (0.34, 0.34, 0.35)), metallic=0.8),
        "aluminium": _Kind((1.2, 1.2), 420, 0.36, 0.004, ((0.66, 0.67, 0.68), (0.58, 0.59, 0.60)), metallic=0.9),
        "painted_metal": _Kind((1.6, 1.6), 256, 0.42, 0.0008, _STRONG, ("grime", 1.3, 0.35, 0.35)),
        "bare_metal": _Kind((1.6, 1.6), 256, 0.42, 0.0008,
            ((0.55, 0.56, 0.57), (0.42, 0.42, 0.43)), ("grime", 1.3, 0.4, 0.4), 0.9),
        "stainless": _Kind((1.6, 1.6), 256, 0.28, 0.0004, ((0.66, 0.66, 0.66),), ("grime", 1.1, 0.2, 0.4), 1.0),
        "ribbed_metal": _Kind((2.0, 2.0), 240, 0.5, 0.03,
            ((0.66, 0.67, 0.66), (0.50, 0.55, 0.58), (0.60, 0.58, 0.50), (0.36, 0.42, 0.42))),
        "panel_lined": _Kind((1.8, 1.8), 240, 0.4, 0.003, _PALE),
        "ceiling_tile": _Kind((2.4, 2.4), 240, 0.9, 0.004,
            ((0.84, 0.83, 0.80), (0.78, 0.78, 0.76)), ("grime", 1.9, 0.15, 0.05)),
        "upholstery": _Kind((0.8, 0.8), 640, 0.95, 0.001, _CLOTHS, ("grime", 1.1, 0.3, 0.05)),
        "leather": _Kind((0.8, 0.8), 512, 0.5, 0.001, ((0.14, 0.13, 0.13), (0.30, 0.18, 0.12), (0.36, 0.34, 0.31))),
        "laminate": _Kind((1.6, 1.6), 220, 0.4, 0.0003,
            ((0.80, 0.79, 0.76), (0.62, 0.62, 0.61), (0.30, 0.30, 0.31)), ("grime", 1.3, 0.2, 0.3)),
        "plastic": _Kind((1.2, 1.2), 256, 0.45, 0.0003, _STRONG, ("grime", 0.9, 0.3, 0.3)),
        "moulded_rubber": _Kind((1.2, 1.2), 256, 0.8, 0.001,
            ((0.12, 0.12, 0.12), (0.18, 0.18, 0.18)), ("grit", 0.4, 0.3, 0.2)),
        "cardboard": _Kind((1.2, 1.2), 256, 0.85, 0.0006,
            ((0.62, 0.48, 0.32), (0.56, 0.43, 0.29)), ("grit", 0.4, 0.15, 0.1)),
    }
)  # fmt: skip


@dataclass
class Finishes:
    """The finishes of one world, each made when it is first asked for.

    Attributes:
        stream: named draws of the clip (``spec.stream``).
        pictures: what all worlds share.
        worn: how used everything is, 0..1.
    """

    stream: Streams
    pictures: Stock
    worn: float
    _made: dict[tuple[str, Colour], bpy.types.Material] = field(default_factory=dict)
    _pictures: dict[tuple[str, Colour], bpy.types.Image] = field(default_factory=dict)

    def colour(self, word: Finish, name: str) -> Colour:
        """One of the sRGB colours that a finish is sold in, a little off; ``name`` is of what it is for."""
        rng, colours = self.stream(f"world/finish/{name}"), _KINDS[word].colours
        off = rng.uniform(0.92, 1.08) * np.array(colours[rng.integers(len(colours))])
        r, g, b = np.clip(off, 0, 0.95)
        return float(r), float(g), float(b)

    def of(
        self, word: Finish, colour: ArrayLike | None = None, *, roughness: float | None = None
    ) -> bpy.types.Material:
        """A finish that repeats.

        Args:
            word: which.
            colour: sRGB; None is drawn, the same every time for one word.
            roughness: other than usual.
        """
        paint = self._colour(word, colour)
        key = (f"{word} {roughness}", paint)
        if key not in self._made:
            self._made[key] = self._principled(word, paint, f"{word} {len(self._made)}", roughness)
        return self._made[key]

    def surface(
        self,
        name: str,
        word: Finish,
        size: tuple[float, float],
        colour: ArrayLike | None = None,
        *,
        soil: Literal["floor", "wall", "ceiling"] = "floor",
        dado: tuple[float, ArrayLike] | None = None,
    ) -> bpy.types.Material:
        """A finish under the soil of one surface, whose UVs run from (0, 0) to ``size``.

        Args:
            name: of the surface; names its draws.
            word: which finish.
            size: (width, height) metres.
            colour: sRGB; None is drawn, the same every time for one word.
            soil: what use leaves: trodden in and swept to the edges; kicked, leaned on and run down; or damp and smoke.
            dado: height in metres and sRGB of another paint below it; walls only.
        """
        paint = self._colour(word, colour)
        material = self._principled(word, paint, name, None)
        ppm = float(np.clip(1100 / max(size), 12, 160))
        canvas = Canvas(self.stream(f"world/soil/{name}"), *size, ppm, (1 / _BRIGHTEST,) * 3)
        if dado is not None:
            below = np.array(linear(np.asarray(dado[1]))) / np.maximum(linear(np.asarray(paint)), 0.01) / _BRIGHTEST
            line = ramp(canvas.y, dado[0] + 0.5 / ppm, dado[0] - 0.5 / ppm)
            canvas.blend(line, np.clip(below, 0, 1))
        {"floor": _trodden, "wall": _leaned_on, "ceiling": _smoked}[soil](canvas, self.worn)
        picture = image_from_array(f"soil {name}", canvas.rgb, "Non-Color")
        multiply(material, picture, size, _BRIGHTEST)
        return material

    def _colour(self, word: Finish, colour: ArrayLike | None) -> Colour:
        if colour is None:
            return self.colour(word, word)
        r, g, b = (float(v) for v in np.asarray(colour, float))
        return r, g, b

    def _principled(self, word: Finish, paint: Colour, name: str, roughness: float | None) -> bpy.types.Material:
        kind = _KINDS[word]
        if (word, paint) not in self._pictures:
            canvas = Canvas(self.stream(f"world/finish/{word}/paint"), *kind.metres, kind.ppm, paint)
            PAINTERS[word](canvas, np.array(paint), self.worn)
            self._pictures[word, paint] = canvas.image(f"{word} {len(self._pictures)}")
        picture, metres, colour, rough = kind.detail
        image = self._pictures[word, paint]
        return principled(
            name, (1, 1, 1), kind.roughness if roughness is None else roughness, kind.metallic, image=image,
            bump_image=image if kind.bump > 0 else None, metres=kind.metres, bump=kind.bump,
            detail=Detail(getattr(self.pictures, picture), (metres, metres), colour * (0.4 + 0.8 * self.worn), rough),
        )  # fmt: skip


def glass(name: str, tint: Colour = (0.93, 0.96, 0.95), dirt: float = 0.06) -> bpy.types.Material:
    """A pane seen through: what it lets pass, a film of dust, and the reflection of a flat sheet.

    Panes are single quads, not boxes; parts made of it are left out of the labels (``in_labels=False``).

    Args:
        name: of the data block.
        tint: share of red, green and blue let through.
        dirt: share that dust scatters.
    """
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    nodes.clear()
    through, film = nodes.new("ShaderNodeBsdfTransparent"), nodes.new("ShaderNodeBsdfDiffuse")
    mirror, fresnel = nodes.new("ShaderNodeBsdfGlossy"), nodes.new("ShaderNodeFresnel")
    dusty, shining, output = (
        nodes.new("ShaderNodeMixShader"), nodes.new("ShaderNodeMixShader"), nodes.new("ShaderNodeOutputMaterial")
    )  # fmt: skip
    through.inputs["Color"].default_value = (*tint, 1.0)
    film.inputs["Color"].default_value = (0.55, 0.53, 0.50, 1.0)
    mirror.inputs["Roughness"].default_value = 0.03
    fresnel.inputs["IOR"].default_value = 1.75  # both faces of a sheet of 1.5 reflect
    dusty.inputs["Fac"].default_value = dirt
    links.new(through.outputs["BSDF"], dusty.inputs[1])
    links.new(film.outputs["BSDF"], dusty.inputs[2])
    links.new(fresnel.outputs["Fac"], shining.inputs["Fac"])
    links.new(dusty.outputs["Shader"], shining.inputs[1])
    links.new(mirror.outputs["BSDF"], shining.inputs[2])
    links.new(shining.outputs["Shader"], output.inputs["Surface"])
    return material


def _trodden(canvas: Canvas, worn: float) -> None:
    """Dust at the edges, scuffs and dull lanes in the middle, spills."""
    rng, clean = canvas.rng, 1 / _BRIGHTEST
    canvas.shade(1 + 0.05 * canvas.noise(2.5, 1.6) + 0.05 * worn * canvas.noise(0.5, 1.3))
    edge = np.minimum(
        np.minimum(canvas.x, canvas.width - canvas.x), np.minimum(canvas.y, canvas.height - canvas.y)
    ) + 0.05 * canvas.noise(0.5, 1.3)
    canvas.shade(1 - 0.35 * worn * ramp(edge, 0.3, 0.0))
    area = canvas.width * canvas.height
    canvas.shade(1 - 0.14 * worn * ramp(canvas.noise(min(1.5, 0.3 * canvas.width), 1.8), 0.3, 1.5))
    for _ in range(min(int(rng.poisson(2.5 * area * worn)), 420)):
        at, turn = rng.uniform((0, 0), (canvas.width, canvas.height)), rng.uniform(0, np.pi)
        away = rng.gamma(2.0, 0.08) * np.array([np.cos(turn), np.sin(turn)])
        dark = clean * rng.uniform(0.2, 0.7)
        canvas.polygon([at, at + away], (dark,) * 3, rng.uniform(0.2, 0.7), line=rng.uniform(0.004, 0.02), broken=0.4)
    for _ in range(min(int(rng.poisson(0.25 * area * worn)), 120)):
        at, size = rng.uniform((0, 0), (canvas.width, canvas.height)), rng.gamma(2.0, 0.08)
        shade = clean * rng.uniform(0.45, 0.85) * np.array((1.0, 0.97, 0.92))
        canvas.blob(at, size, shade, alpha=rng.uniform(0.15, 0.6), soft=0.2 * size)


def _leaned_on(canvas: Canvas, worn: float) -> None:
    """Kicks and mop water at the foot, a band of hands and trolleys, runs from above, touched-up paint."""
    rng, clean = canvas.rng, 1 / _BRIGHTEST
    canvas.shade(1 + 0.03 * canvas.noise(1.5, 1.6) + 0.04 * worn * canvas.noise((0.3, 1.5), 1.4))
    canvas.shade(1 - 0.4 * worn * ramp(canvas.y + 0.05 * canvas.noise(0.3, 1.2), 0.30, 0.0) ** 2)
    grey = clean * np.array((0.55, 0.53, 0.50))
    for _ in range(min(int(rng.poisson(8 * canvas.width * worn)), 260)):
        low = rng.uniform() < 0.6
        at = np.array([rng.uniform(0, canvas.width), abs(rng.normal(0.08, 0.15)) if low else rng.normal(0.95, 0.25)])
        away = rng.normal(0, (0.14, 0.02))
        canvas.polygon(
            [at, at + away],
            grey * rng.uniform(0.3, 1),
            rng.uniform(0.2, 0.7),
            line=rng.uniform(0.003, 0.02),
            broken=0.4,
        )
    for _ in range(min(int(rng.poisson(3 * canvas.width * worn)), 120)):
        at = np.array([rng.uniform(0, canvas.width), rng.normal(1.2, 0.3)])
        canvas.blob(at, rng.uniform(0.03, 0.12), grey, alpha=0.22, soft=0.04, broken=0.2)
    for _ in range(
        min(int(rng.poisson(0.35 * canvas.width * worn)), 40)
    ):  # touched up in paint that is not quite the same
        at = rng.uniform((0.2, 0.3), (max(canvas.width - 0.2, 0.3), max(canvas.height - 0.3, 0.5)))
        size, shade = rng.uniform(0.12, 0.6, 2), canvas.around(at) * rng.uniform(0.93, 1.09)
        canvas.rectangle(at, size, shade, turn=rng.normal(0, 0.05), alpha=0.8, soft=0.02, broken=0.1)
    for _ in range(min(int(rng.poisson(0.5 * canvas.width * worn)), 40)):
        x, top, long = rng.uniform(0, canvas.width), canvas.height, rng.gamma(2.0, 0.3)
        run = [(x, top), (x + rng.normal(0, 0.01), top - long)]
        canvas.polygon(run, grey, rng.uniform(0.1, 0.35), line=rng.uniform(0.01, 0.05), soft=0.012)


def _smoked(canvas: Canvas, worn: float) -> None:
    """Damp patches with rims, and a grey cast in patches."""
    rng, clean = canvas.rng, 1 / _BRIGHTEST
    canvas.shade(1 - 0.10 * worn * ramp(canvas.noise(2.0, 1.6), -0.5, 1.5))
    for _ in range(min(int(rng.poisson(0.03 * canvas.width * canvas.height * worn)), 30)):
        at, size = rng.uniform((0, 0), (canvas.width, canvas.height)), rng.uniform(0.1, 0.5)
        rim = clean * np.array((0.78, 0.66, 0.48))
        canvas.blob(at, size, rim, alpha=0.45, soft=0.01)
        canvas.blob(at, 0.9 * size, (clean,) * 3, alpha=0.6, soft=0.04)
