"""The outside of a vehicle: painted skin with a dark window band, underframe, and the doors' steps."""

import bpy
import numpy as np

from generator.site.car import HEAD, SILL, WALL, Car
from generator.world.meshes import MeshBuilder
from generator.world.places.transit_kit import TransitKit

_COVE = 0.30

BODIES = ((0.72, 0.72, 0.70), (0.30, 0.33, 0.38), (0.62, 0.58, 0.48), (0.16, 0.26, 0.40), (0.50, 0.14, 0.13))
"""sRGB of vehicles' paint."""


def build_skin(
    builder: MeshBuilder, kit: TransitKit, car: Car, side: int, body: bpy.types.Material, *, low: float
) -> None:
    """Panels over the wall of one side, between its doors, and a stripe of the accent.

    Args:
        builder: what they are added to, in the vehicle's frame.
        kit: materials.
        car: doors and windows of this side.
        side: -1 is x < 0.
        body: paint.
        low: height of the skirt's lower edge, metres.
    """
    x, gap = side * (0.5 * car.width + WALL + 0.009), 0.5 * car.door_width
    cuts = [-0.3, *(edge for y in car.doors for edge in (y - gap, y + gap)), car.length + 0.3]
    band = kit.finishes.of("plastic", (0.035, 0.037, 0.04), roughness=0.12)
    stripe = kit.finishes.of("painted_metal", kit.accent, roughness=0.3)
    top = car.height - _COVE
    for y0, y1 in zip(cuts[::2], cuts[1::2], strict=True):
        middle, long = 0.5 * (y0 + y1), y1 - y0 - 0.012
        builder.box((x, middle, 0.5 * (low + SILL) - 0.02), (0.018, long, SILL - low - 0.04), body, shift=(y0, 0))
        builder.box((x + side * 0.002, middle, 0.16), (0.018, long, 0.13), stripe)
        builder.box((x, middle, 0.5 * (HEAD + top) + 0.09), (0.018, long, top - HEAD + 0.10), body, shift=(y0, 0))
        edges = [y0, *(e for a, b in car.windows if y0 < a < y1 for e in (a - 0.015, b + 0.015)), y1]
        for a, b in zip(edges[::2], edges[1::2], strict=True):
            builder.box((x, 0.5 * (a + b), 0.5 * (SILL + HEAD)), (0.016, b - a, HEAD - SILL + 0.04), band)
    for y in car.doors:
        builder.box((x, y, 0.5 * low - 0.03), (0.05, car.door_width, abs(low) - 0.06), kit.dark)
        builder.box((x, y, top + 0.10), (0.05, car.door_width * 2.0, 0.10), kit.steel, bevel=0.01)


def build_underframe(builder: MeshBuilder, kit: TransitKit, car: Car, low: float, rail: float) -> None:
    """Boxes below the floor and bogies with wheels."""
    wide = car.width + 2 * WALL - 0.15
    frame = kit.finishes.of("painted_metal", (0.13, 0.13, 0.13))
    builder.box((0, 0.5 * car.length, 0.5 * low - 0.1), (wide, car.length - 0.2, 0.25), frame)
    for y in np.arange(0.24, 0.8, 0.13) * car.length:
        builder.box((0, float(y), low - 0.22), (wide - 0.2, 1.5, 0.5), frame, bevel=0.03)
    for y in (0.14 * car.length, 0.86 * car.length):
        builder.box((0, y, rail + 0.5), (2.1, 2.7, 0.26), frame, bevel=0.03)
        for off in (-0.95, 0.95):
            for side in (-1, 1):
                hub, rim = ((side * x, y + off, rail + 0.43) for x in (0.72, 0.85))
                builder.cylinder(hub, rim, 0.43, kit.finishes.of("bare_metal", (0.3, 0.27, 0.25)), segments=22)
