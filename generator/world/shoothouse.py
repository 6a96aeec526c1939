"""The corridor of a shoot-house: painted surfaces, and everything that stands or hangs in it."""

import bpy
import numpy as np

from generator.scenario.environments import ShoothouseCorridor
from generator.scenario.spec import ClipSpec
from generator.site.corridor import Plan
from generator.world.actor import Part, Placement, StaticActor
from generator.world.canvas import Stock, stock
from generator.world.ceiling_paint import paint_ceiling
from generator.world.clutter import build_clutter
from generator.world.corridor import Surfaces, build_ceiling, build_floor, build_trim, build_walls
from generator.world.daylight import build_daylight
from generator.world.doors import build_doors
from generator.world.fittings import build_lamps
from generator.world.floor_paint import paint_floor
from generator.world.materials import Detail, linear, principled
from generator.world.meshes import MeshBuilder
from generator.world.surroundings import Environment
from generator.world.targets import build_debris, build_targets
from generator.world.wall_fittings import build_fittings
from generator.world.wall_paint import paint_wall

Colour = tuple[float, float, float]

# sRGB of paint that is sold for such rooms, and of the marks left by others
_PAINTS: tuple[Colour, ...] = (
    (0.80, 0.78, 0.72), (0.80, 0.74, 0.62), (0.62, 0.63, 0.61), (0.63, 0.69, 0.61), (0.60, 0.66, 0.70),
    (0.70, 0.61, 0.48), (0.74, 0.74, 0.75),
)  # fmt: skip
_DADOS: tuple[Colour, ...] = (
    (0.34, 0.39, 0.44), (0.32, 0.38, 0.33), (0.44, 0.34, 0.28), (0.27, 0.27, 0.28), (0.48, 0.49, 0.48),
)  # fmt: skip


def build_corridor(spec: ClipSpec, layout: Plan, collection: bpy.types.Collection) -> Environment:
    """Builds a corridor into a collection."""
    pictures = stock(spec.stream("world/stock"))
    surfaces = _surfaces(spec, layout, pictures)
    shell = MeshBuilder()
    build_walls(shell, layout, surfaces, spec.stream("world/sheets"))
    build_floor(shell, layout, surfaces)
    build_ceiling(shell, layout, surfaces, spec.stream("world/joists"))
    build_trim(shell, layout, surfaces, spec.stream("world/trim"))
    parts = [Part(shell.object("shell", collection))]
    parts += build_lamps(spec, layout, pictures, collection)
    parts += build_daylight(spec, layout, surfaces, collection)
    parts += build_fittings(spec, layout, pictures, collection)
    doors, frames = build_doors(spec, layout, pictures, surfaces, collection)
    parts += frames
    parts += build_debris(spec, collection)
    placements = tuple(Placement(np.array(part.object.matrix_world)) for part in parts)
    structure = StaticActor(tuple(parts), (), placements)
    targets = build_targets(spec, pictures, collection)
    clutter = build_clutter(spec, layout, pictures, collection)
    return Environment((structure, *targets, *doors, *clutter), _world(spec))


def _world(spec: ClipSpec) -> bpy.types.World:
    world = bpy.data.worlds.new("world")
    world.use_nodes = True
    glow = 0.02 if spec.environment.time == "day" else 0.0
    world.node_tree.nodes["Background"].inputs["Color"].default_value = (glow, glow, glow, 1.0)
    world.cycles.sampling_method = "NONE"
    return world


def _surfaces(spec: ClipSpec, layout: Plan, pictures: Stock) -> Surfaces:
    room, style = spec.environment, spec.stream("world/style")
    assert isinstance(room, ShoothouseCorridor)
    paint = np.array(_PAINTS[style.integers(len(_PAINTS))])
    dado = np.array(_DADOS[style.integers(len(_DADOS))]) if style.uniform() < 0.55 else None
    level, gloss = float(style.uniform(0.95, 1.3)), float(style.uniform(0.35, 0.75))
    fine = {
        "plywood": Detail(pictures.grit, (0.5, 0.5), 0.25, 0.25, 0.0),
        "painted_board": Detail(pictures.grit, (0.35, 0.35), 0.10, 0.20, 0.0008),
        "concrete_block": Detail(pictures.grit, (0.3, 0.3), 0.30, 0.25, 0.0),
        "plaster": Detail(pictures.grime, (1.1, 1.1), 0.16, 0.25, 0.0),
    }[room.wall]
    rough = {"plywood": 0.72, "painted_board": gloss, "concrete_block": gloss, "plaster": 0.8}[room.wall]
    walls = []
    for wall in layout.walls:
        canvas = paint_wall(spec, wall, paint, dado if room.wall != "plywood" else None, level)
        image = canvas.image(f"wall {wall.name}")
        material = principled(
            f"wall {wall.name}", (1, 1, 1), rough, image=image, bump_image=image, metres=(wall.length, wall.height),
            bump=0.012, detail=fine,
        )  # fmt: skip
        walls.append(material)
    timber = principled(
        "timber", linear((0.70, 0.56, 0.38)), 0.75, detail=Detail(pictures.grain, (1.2, 0.6), 0.65, 0.2, 0.0)
    )
    trim = dado * 0.8 if dado is not None else paint * style.choice([0.4, 0.7, 1.05])
    skirting = principled("skirting", linear(trim), 0.5, detail=Detail(pictures.grime, (1.6, 0.5), 0.7, 0.4))
    backing = principled("backing", (0.02, 0.018, 0.015), 0.9)
    return Surfaces(
        tuple(walls), paint_floor(spec, pictures), paint_ceiling(spec, layout, pictures), timber, skirting, backing
    )
