"""A standing tram: sides with windows, noses, bellows, doors, seats, poles and light inside. Of no make, town or operator."""

from dataclasses import dataclass
from itertools import pairwise

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.frame import Track
from generator.scenario.spec import ClipSpec
from generator.site.tram_stop import AISLE, BODY, DOOR, SECTION, SKIN, TALL, StopPlan
from generator.tracks import TRACKS_DOORS
from generator.world.actor import Part, Placement, StaticActor
from generator.world.digits_board import matrix_board
from generator.world.finishes import Finishes, glass
from generator.world.fittings import LUMENS_PER_WATT, area_light
from generator.world.materials import blackbody_rgb, emission, linear, principled
from generator.world.meshes import MeshBuilder, transform
from generator.world.wall_cells import wall_cells

Array = NDArray[np.float64]
Colour = tuple[float, float, float]

COLOURS: dict[str, Colour] = {
    "white": (0.80, 0.80, 0.78), "red": (0.55, 0.10, 0.09), "green": (0.12, 0.33, 0.20), "yellow": (0.74, 0.56, 0.08),
    "grey": (0.42, 0.44, 0.46),
}  # fmt: skip

_SILL, _HEAD = 0.88, 2.12
"""Metres of the windows above the floor."""

_DOOR_TALL = 2.16
_ROOF = 0.42
_LAMP_LUMENS = 3200.0


@dataclass(frozen=True)
class _Pane:
    """An opening of a side."""

    left: float
    right: float
    bottom: float
    top: float


@dataclass(frozen=True)
class Stuff:
    """Materials of the tram."""

    paint: bpy.types.Material
    band: bpy.types.Material
    black: bpy.types.Material
    dark: bpy.types.Material
    lining: bpy.types.Material
    floor: bpy.types.Material
    seat: bpy.types.Material
    pole: bpy.types.Material


def stuff_of(spec: ClipSpec, finishes: Finishes, colour: str) -> Stuff:
    """Materials by the tram's colour."""
    rng = spec.stream("world/tram colours")
    second = (0.16, 0.17, 0.18) if rng.uniform() < 0.6 else (0.78, 0.78, 0.76)
    poles = ((0.70, 0.56, 0.10), (0.66, 0.67, 0.68), (0.62, 0.30, 0.08))[int(rng.integers(3))]
    return Stuff(
        finishes.of("painted_metal", COLOURS[colour], roughness=0.3),
        finishes.of("painted_metal", second, roughness=0.3),
        principled("tram rubber", (0.016, 0.016, 0.017), 0.6),
        principled("tram dark glass", (0.010, 0.012, 0.013), 0.05),
        finishes.of("panel_lined", (0.72, 0.72, 0.70)),
        finishes.of("vinyl"),
        finishes.of("upholstery"),
        finishes.of("painted_metal", poles, roughness=0.35),
    )


def build_tram(
    spec: ClipSpec, plan: StopPlan, finishes: Finishes, stuff: Stuff, collection: bpy.types.Collection
) -> tuple[list[Part], list[StaticActor]]:
    """Parts of the structure, and its doors, each a track."""
    body, panes = MeshBuilder(), MeshBuilder()
    pane = glass("tram glass", (0.62, 0.66, 0.66), 0.04)
    for side in (0, 1):
        _side(body, panes, plan, side, stuff, pane)
    _hull(body, plan, stuff)
    for end in (-1, 1):
        _nose(body, plan, end, stuff, spec)
    _inside(body, plan, stuff, finishes)
    parts = [Part(body.object("tram", collection))]
    clear = panes.object("tram panes", collection)
    clear.visible_shadow = False
    parts.append(Part(clear, in_labels=False))
    parts += _light(spec, plan, collection)
    return parts, [_door(k, plan, stuff, collection) for k in range(len(plan.doors))]


def _side(
    b: MeshBuilder, panes: MeshBuilder, plan: StopPlan, side: int, stuff: Stuff, pane: bpy.types.Material
) -> None:
    """One long side: windows between the doors; the far side has no doors."""
    long = plan.end - plan.start
    holes = []
    for y, _ in plan.doors:
        u = y - plan.start
        if side == 0:
            holes.append(_Pane(u - 0.5 * DOOR, u + 0.5 * DOOR, 0.0, _DOOR_TALL))
        else:
            holes.append(_Pane(u - 0.6, u + 0.6, _SILL, _HEAD))
        for off in (-2.95, -1.55, 1.55, 2.95):
            holes.append(_Pane(u + off - 0.62, u + off + 0.62, _SILL, _HEAD))
    x = BODY[side]
    inward = 1 if side == 0 else -1
    for left, right, low, high in wall_cells(long, TALL, holes):
        middle = (x + inward * 0.5 * SKIN, plan.start + 0.5 * (left + right), 0.5 * (low + high))
        material = stuff.band if low >= _SILL - 1e-6 and high <= _HEAD + 0.05 else stuff.paint
        b.box(middle, (SKIN, right - left, high - low), material, shift=(middle[1], middle[2]))
        # what is seen from inside: lining, a hair before the sheet
        xi = x + inward * (SKIN + 0.004)
        y_left, y_right = plan.start + left, plan.start + right
        inner = [(xi, y_left, low), (xi, y_right, low), (xi, y_right, high), (xi, y_left, high)]
        b.quad(inner if inward > 0 else inner[::-1], stuff.lining)
    for hole in holes:
        if hole.bottom == 0.0:
            continue
        y0, y1, z0, z1 = plan.start + hole.left, plan.start + hole.right, hole.bottom, hole.top
        xo = x + inward * 0.02
        panes.quad([(xo, y0, z0), (xo, y1, z0), (xo, y1, z1), (xo, y0, z1)], pane)
        for y in (y0, y1):
            b.box((x + inward * 0.02, y, 0.5 * (z0 + z1)), (0.05, 0.035, z1 - z0), stuff.black)
        for z in (z0, z1):
            b.box((x + inward * 0.02, 0.5 * (y0 + y1), z), (0.05, y1 - y0, 0.035), stuff.black)
        b.box((x + inward * 0.03, 0.5 * (y0 + y1), z1 - 0.34), (0.035, y1 - y0, 0.025), stuff.black)


def _hull(b: MeshBuilder, plan: StopPlan, stuff: Stuff) -> None:
    """Floor, skirts, roof and bellows."""
    y0, y1 = plan.start, plan.end
    mid, long = 0.5 * (y0 + y1), y1 - y0
    wide, kerb = BODY[1] - BODY[0], plan.place.kerb
    b.box((AISLE, mid, -0.06), (wide - 0.02, long, 0.119), stuff.black)
    b.quad([(BODY[0], y0, 0.0), (BODY[1], y0, 0.0), (BODY[1], y1, 0.0), (BODY[0], y1, 0.0)], stuff.floor,
           uv=[(0, 0), (wide, 0), (wide, long), (0, long)])  # fmt: skip
    for x in BODY:
        b.box((x, mid, -0.5 * (kerb - 0.08) - 0.02), (0.05, long, max(kerb - 0.10, 0.05)), stuff.band)
    for y in np.arange(y0 + 1.6, y1, 3.2):
        for x in (AISLE - 0.72, AISLE + 0.72):
            r = max(0.5 * (kerb - 0.13), 0.05)  # what is seen of a wheel below a low floor
            b.cylinder((x - 0.06, float(y), r - kerb), (x + 0.06, float(y), r - kerb), r, stuff.black, segments=20)
    outline = [(BODY[0], TALL), (BODY[0] + 0.10, TALL + 0.24), (BODY[0] + 0.40, TALL + _ROOF), (BODY[1] - 0.40, TALL + _ROOF),
               (BODY[1] - 0.10, TALL + 0.24), (BODY[1], TALL)]  # fmt: skip
    for (xa, za), (xb, zb) in pairwise(outline):
        b.quad([(xb, y0, zb), (xa, y0, za), (xa, y1, za), (xb, y1, zb)][::-1], stuff.paint)
    for y in (y0 + 0.28 * long, y0 + 0.72 * long):
        b.box((AISLE, y, TALL + _ROOF + 0.12), (1.5, 2.4, 0.26), stuff.band, bevel=0.06)
    (xa, xb), z = (BODY[0] + 0.02, BODY[1] - 0.02), TALL - 0.35
    ceiling = [(xa, y0, z), (xa, y1, z), (xb, y1, z), (xb, y0, z)]
    b.quad(ceiling, stuff.lining)
    for k in range(1, round(long / SECTION)):
        y = y0 + k * SECTION
        for j in range(5):
            at = y + (j - 2) * 0.13
            for x in BODY:
                b.box((x, at, 0.5 * TALL), (0.07, 0.10, TALL + 0.02), stuff.black, bevel=0.02)
            b.box((AISLE, at, TALL + 0.2), (wide - 0.1, 0.10, 0.36), stuff.black, bevel=0.02)
    b.box((AISLE, y0 + 0.5 * long, TALL + _ROOF + 0.30), (0.9, 0.08, 0.05), stuff.black)
    pantograph = [(AISLE, mid - 1.0, TALL + 0.5), (AISLE, mid + 0.2, TALL + 1.1), (AISLE, mid - 0.6, TALL + 1.75)]
    for foot, head in pairwise(pantograph):
        b.cylinder(foot, head, 0.03, stuff.black, segments=8)
    b.box((AISLE, mid - 0.6, TALL + 1.78), (1.4, 0.3, 0.04), stuff.black)


def _nose(b: MeshBuilder, plan: StopPlan, end: int, stuff: Stuff, spec: ClipSpec) -> None:
    """A rounded end with a large windscreen, lamps and the line's number."""
    kerb, at = plan.place.kerb, plan.end if end > 0 else plan.start
    half = 0.5 * (BODY[1] - BODY[0])
    rings = []
    stations = (
        (0.0, 1.0, TALL + 0.24),
        (0.45, 0.97, TALL + 0.18),
        (0.85, 0.88, TALL - 0.02),
        (1.08, 0.74, TALL - 0.22),
    )
    for off, narrow, top in stations:
        back = (0.0, 0.04, 0.30, 0.55) if off > 0.4 else (0, 0, 0, 0)  # the screen leans back
        heights = [-kerb + 0.12, 0.25, 0.80, 1.9, top]
        lean = [0.0, 0.0, -0.02, -back[3] * off * 0.45, -back[3] * off * 0.75]
        right = [
            (narrow * half * w, off + d, z) for w, d, z in zip((0.96, 1.0, 1.0, 0.97, 0.80), lean, heights, strict=True)
        ]
        rings.append(np.array(right + [(-x, y, z) for x, y, z in right[::-1]]))
    points = np.concatenate(rings) * (1, end, 1) + (AISLE, at, 0)
    m = 10
    for k in range(3):
        for j in range(m):
            i = (j + 1) % m
            face = [k * m + j, k * m + i, (k + 1) * m + i, (k + 1) * m + j]
            screen = j in (2, 3, 5, 6) and k >= 1
            corners = points[face if end < 0 else face[::-1]]
            b.quad(corners, stuff.dark if screen else stuff.paint)
    last = points[3 * m :]
    lower, upper = [0, 1, 2, 7, 8, 9], [2, 3, 4, 5, 6, 7]
    for ids, material in ((lower, stuff.paint), (upper, stuff.dark)):
        face = last[ids[:: (1 if end < 0 else -1)]]
        b.add(face, [range(len(ids))], material, face[:, [0, 2]])
    nose = at + end * 1.09
    clear = principled(f"tram lamp {end}", (0.55, 0.56, 0.57), 0.1, 0.5)
    shine = emission(
        f"tram lamp glow {end}", (1.0, 0.93, 0.82) if end > 0 else (1.0, 0.05, 0.03), 9.0 if end > 0 else 4.0
    )
    for s in (-1, 1):
        b.box((AISLE + s * 0.62, nose, 0.42), (0.30, 0.05, 0.12), clear, bevel=0.015)
        b.box((AISLE + s * 0.62, nose + end * 0.027, 0.42), (0.16, 0.006, 0.06), shine)
    b.box((AISLE, nose - end * 0.02, 0.10), (1.5, 0.06, 0.16), stuff.black, bevel=0.02)
    number = str(int(spec.stream("world/tram line").integers(1, 29)))
    board = matrix_board("line", number)
    with b.at(transform((AISLE, nose - end * 0.34, 2.28), yaw=0.0 if end < 0 else np.pi)):
        b.box((0, -0.09, 0), (0.9, 0.05, 0.24), stuff.black)
        b.quad([(-0.42, -0.12, -0.1), (0.42, -0.12, -0.1), (0.42, -0.12, 0.1), (-0.42, -0.12, 0.1)], board,
               uv=[(0, 0), (0.84, 0), (0.84, 0.2), (0, 0.2)])  # fmt: skip


def _inside(b: MeshBuilder, plan: StopPlan, stuff: Stuff, f: Finishes) -> None:
    """Seats, poles and the walls before the cabs."""
    shell = f.of("plastic", (0.30, 0.32, 0.34))
    for seat in plan.seats:
        with b.at(transform((seat.x, seat.y, 0), yaw=0.0 if seat.forward else np.pi)):
            b.box((0, 0.0, 0.40), (0.44, 0.44, 0.06), shell, bevel=0.02)
            b.box((0, 0.01, 0.445), (0.40, 0.38, 0.05), stuff.seat, bevel=0.02)
            with b.at(transform((0, -0.20, 0.72), pitch=0.14)):
                b.box((0, 0, 0), (0.43, 0.05, 0.60), shell, bevel=0.02)
                b.box((0, 0.03, 0.0), (0.38, 0.03, 0.52), stuff.seat, bevel=0.012)
            b.box((0, 0, 0.19), (0.06, 0.34, 0.38), shell, bevel=0.01)
            side = -1 if (seat.x > AISLE) == seat.forward else 1
            b.tube(
                [(side * 0.20, -0.24, 0.98), (side * 0.20, -0.27, 1.05), (side * 0.08, -0.27, 1.05)], 0.016, stuff.pole
            )
    for y, _ in plan.doors:
        for x in (0.45, 2.05):
            for at in (y - 0.5 * DOOR - 0.12, y + 0.5 * DOOR + 0.12):
                b.cylinder((x, at, 0), (x, at, TALL - 0.36), 0.017, stuff.pole, segments=10)
        b.box((BODY[0] + 0.02, y, 0.003), (0.08, DOOR, 0.008), f.of("aluminium"))
        b.box((BODY[0] + 0.3, y, 0.002), (0.10, DOOR, 0.004), stuff.pole)
    for x in (AISLE - 0.45, AISLE + 0.45):
        b.cylinder((x, plan.start + 0.3, 2.02), (x, plan.end - 0.3, 2.02), 0.015, stuff.pole, segments=8)
        for y in np.arange(plan.start + 0.8, plan.end, 1.3):
            b.tube([(x, float(y), 2.02), (x + 0.02, float(y), 1.90), (x, float(y) + 0.07, 1.80), (x - 0.01, float(y) - 0.06, 1.80),
                    (x, float(y), 1.90)], 0.012, stuff.black)  # fmt: skip
    for end, y in ((-1, plan.start), (1, plan.end)):
        b.box((AISLE, y + end * 0.02, 0.5 * TALL), (BODY[1] - BODY[0] - 0.05, 0.05, TALL), stuff.lining, bevel=0.004)
        b.box((AISLE, y - end * 0.012, 1.45), (0.9, 0.012, 0.9), stuff.dark, bevel=0.004)


def _light(spec: ClipSpec, plan: StopPlan, collection: bpy.types.Collection) -> list[Part]:
    """Two strips along the ceiling; one light a section."""
    out = spec.environment.lights.emergency if hasattr(spec.environment.lights, "emergency") else False
    kelvin = float(spec.stream("world/tram light").choice([3500, 4000, 5000]))
    colour = blackbody_rgb(kelvin)
    watts = _LAMP_LUMENS * (0.08 if out else 1.0) / LUMENS_PER_WATT
    glow, parts = MeshBuilder(), []
    z, tone = TALL - 0.37, (float(colour[0]), float(colour[1]), float(colour[2]))
    long = SECTION - 1.6
    for k in range(len(plan.doors)):
        y = plan.start + (k + 0.5) * SECTION
        cover = emission(f"tram strip {k}", tone, watts / (np.pi * 2 * 0.10 * long))
        for x in (AISLE - 0.62, AISLE + 0.62):
            ya, yb = y - 0.5 * long, y + 0.5 * long
            glow.quad([(x - 0.05, ya, z), (x - 0.05, yb, z), (x + 0.05, yb, z), (x + 0.05, ya, z)], cover)
        parts.append(area_light(f"tram {k}", transform((AISLE, y, z - 0.03)), (1.3, long), watts, colour, collection))
    mesh = glow.object("tram strips", collection)
    mesh.visible_shadow = mesh.visible_diffuse = False
    return [*parts, Part(mesh)]


def _door(k: int, plan: StopPlan, stuff: Stuff, collection: bpy.types.Collection) -> StaticActor:
    """Two leaves of dark glass in a frame; open they stand outside beside the doorway."""
    y, opened = plan.doors[k]
    b = MeshBuilder()
    half, tall = 0.5 * DOOR, _DOOR_TALL - 0.03
    for s in (-1, 1):
        middle = s * (0.5 * half + (half + 0.02 if opened else 0.0))
        x = -0.035 if opened else 0.02
        with b.at(transform((x, middle, 0.02))):
            for off in (-1, 1):
                b.box((0, off * (0.5 * half - 0.04), 0.5 * tall), (0.035, 0.08, tall), stuff.band, bevel=0.006)
            for z, high in ((0.16, 0.32), (tall - 0.06, 0.12)):
                b.box((0, 0, z), (0.035, half - 0.15, high), stuff.band)
            b.box((0, 0, 0.5 * tall + 0.1), (0.022, half - 0.15, tall - 0.44), stuff.dark)
            b.box((0, -s * (0.5 * half - 0.005), 0.5 * tall), (0.045, 0.02, tall), stuff.black)
            button = linear((0.20, 0.55, 0.25))
            if s < 0:
                b.cylinder((-0.017, -0.5 * half + 0.05, 1.05), (-0.03, -0.5 * half + 0.05, 1.05), 0.025,
                           principled(f"door button {k}", button, 0.4), segments=14)  # fmt: skip
    matrix = transform((BODY[0], y, 0))
    leaf = b.object(f"tram door {k}", collection)
    leaf.matrix_world = matrix.T.tolist()
    track = Track(TRACKS_DOORS + k, "door")
    return StaticActor((Part(leaf, track.track_id),), (track,), (Placement(matrix),))
