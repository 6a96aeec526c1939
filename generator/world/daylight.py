"""Daylight: window and roof openings, the sky behind them, the sun."""

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import ClipSpec
from generator.site.corridor import JOIST, Opening, Plan, Wall
from generator.world.actor import Part
from generator.world.corridor import Surfaces
from generator.world.fittings import LUMENS_PER_WATT, area_light
from generator.world.materials import blackbody_rgb, emission
from generator.world.meshes import MeshBuilder, transform

Array = NDArray[np.float64]

_SKY_LUMINANCE = (900.0, 3500.0)
"""cd/m2 behind dirty polycarbonate: a quarter to a half of an overcast sky (CIE 110-1994: 2000-10000)."""


def build_daylight(spec: ClipSpec, layout: Plan, surfaces: Surfaces, collection: bpy.types.Collection) -> list[Part]:
    """Window and roof openings: reveals, a pane of sky behind, and by day one area light each and a low sun."""
    rng, day = spec.stream("world/sky"), spec.environment.time == "day"
    kelvin, luminance = rng.uniform(5600, 7800), np.exp(rng.uniform(*np.log(_SKY_LUMINANCE)))
    sunny, heading, steep = rng.uniform() < 0.55, rng.uniform(0, 2 * np.pi), rng.uniform(0.5, 1.0)
    color = blackbody_rgb(float(kelvin))
    radiance = luminance / LUMENS_PER_WATT if day else 0.004
    sky = emission("sky", tuple(color.tolist()), float(radiance))
    reveal, pane, parts = MeshBuilder(), MeshBuilder(), []
    frames = [_window_frame(layout.walls[k], opening) for k, opening in layout.windows]
    frames += [_gap_frame(layout, gap) for gap in layout.gaps]
    for k, (matrix, width, height, depth) in enumerate(frames):
        with reveal.at(matrix), pane.at(matrix):
            _shaft(reveal, width, height, depth, surfaces.timber)
            corners = [(-0.5, depth, -0.5), (0.5, depth, -0.5), (0.5, depth, 0.5), (-0.5, depth, 0.5)]
            pane.quad(np.array(corners) * (width, 1, height), sky)
        if day:
            # area lights shine along -z: that is -y of the opening's frame
            place = matrix @ transform((0, depth - 0.01, 0), pitch=-np.pi / 2)
            watts = np.pi * radiance * width * height
            parts.append(area_light(f"sky {k}", place, (width, height), float(watts), color, collection))
    if frames:
        parts.append(Part(reveal.object("reveals", collection)))
        shining = pane.object("panes", collection)
        shining.visible_diffuse = shining.visible_glossy = shining.visible_shadow = False
        parts.append(Part(shining))
    if day and sunny and frames:
        parts.append(_sun(frames[0][0], float(heading), float(steep), float(rng.uniform(2000, 9000)), collection))
    return parts


def _window_frame(wall: Wall, opening: Opening) -> tuple[Array, float, float, float]:
    middle = transform((0.5 * (opening.left + opening.right), 0, 0.5 * (opening.bottom + opening.top)))
    return wall.matrix @ middle, opening.right - opening.left, opening.top - opening.bottom, 0.16


def _gap_frame(layout: Plan, gap: tuple[float, float, float, float]) -> tuple[Array, float, float, float]:
    x0, x1, y0, y1 = gap
    top = layout.room.height + (JOIST if layout.ceiling == "joists" else 0.0)
    return transform((0.5 * (x0 + x1), 0.5 * (y0 + y1), top), pitch=np.pi / 2), x1 - x0, y1 - y0, 0.3


def _shaft(builder: MeshBuilder, width: float, height: float, depth: float, material: bpy.types.Material) -> None:
    """The four inner sides of an opening, a bar across, in the opening's frame (y into the wall)."""
    w, h = 0.5 * width, 0.5 * height
    ring = [(-w, -h), (w, -h), (w, h), (-w, h)]
    for (x0, z0), (x1, z1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        builder.quad([(x0, 0, z0), (x0, depth, z0), (x1, depth, z1), (x1, 0, z1)], material)
    builder.box((0, depth - 0.03, 0), (0.035, 0.04, height), material, grain=True)
    for side in (-1, 1):
        builder.box((side * w, -0.006, 0), (0.06, 0.02, height + 0.06), material, grain=True)
        builder.box((0, -0.006, side * h), (width + 0.06, 0.02, 0.06), material, grain=True)


def _sun(opening: Array, heading: float, steep: float, lux: float, collection: bpy.types.Collection) -> Part:
    """Sunlight through dirty panes; it enters by the opening, and nowhere else since the shell is closed."""
    data = bpy.data.lights.new("sun", "SUN")
    data.energy, data.angle = lux / LUMENS_PER_WATT, 0.02
    data.color = tuple(blackbody_rgb(4700).tolist())
    thing = bpy.data.objects.new("sun", data)
    into = -opening[:3, 1]  # out of the wall, into the corridor
    aside = np.array([np.cos(heading), np.sin(heading), 0.0])
    ray = into + 0.6 * (aside - (aside @ into) * into) + (0, 0, -steep)
    ray /= np.linalg.norm(ray)
    side = np.cross(ray, (0.3, 0.9, 0.1))
    side /= np.linalg.norm(side)
    matrix = np.eye(4)
    matrix[:3, :3] = np.stack([side, np.cross(-ray, side), -ray], 1)
    thing.matrix_world = matrix.T.tolist()
    collection.objects.link(thing)
    return Part(thing, in_labels=False)
