"""A small open patrol boat at sea."""

from itertools import pairwise

import bpy
import numpy as np

from generator.scenario.spec import ClipSpec
from generator.site.boat import SOLE, TUBE, BoatPlan
from generator.site.stowed import Stowed
from generator.world.actor import Part
from generator.world.finishes import Finish, glass
from generator.world.materials import emission, principled
from generator.world.meshes import MeshBuilder, transform
from generator.world.places.marine import Kit, clutter, furnish, railing, sea_around
from generator.world.places.marine_lamps import build_beacon, build_lamps
from generator.world.spray import build_spray
from generator.world.surroundings import Environment
from generator.world.targets import build_targets
from generator.world.water import Hull

_COLOURS = {
    "grey": (0.42, 0.44, 0.46), "orange": (0.78, 0.28, 0.07), "black": (0.11, 0.115, 0.12), "navy": (0.10, 0.14, 0.24),
}  # fmt: skip
_TOP = 0.62
"""Metres of bulwark above the sole."""


def build_patrol_boat(spec: ClipSpec, plan: BoatPlan, collection: bpy.types.Collection) -> Environment:
    """Builds the boat and the sea around it."""
    kit, place = Kit.of(spec, collection), plan.place
    _sole(kit, plan)
    if place.sides == "tubes":
        _tubes(kit, plan)
    else:
        _bulwark(kit, plan)
    _transom(kit, plan)
    with kit.shell.at(transform(plan.console.place)):
        _console(kit, plan)
    for thing in plan.things:
        if thing.what == "seat":
            with kit.shell.at(transform(thing.place)):
                _seat(kit.shell, kit, thing)
    furnish(kit, plan.things)
    lamps = _arch(kit, plan) if plan.arch is not None else []
    parts, moving = build_lamps(spec, place.lights, lamps, collection, outdoors=True)
    top = transform((0.0, plan.arch, 2.24)) if plan.arch is not None else transform((0.0, -0.35, 0.78))
    more, flashing = build_beacon(spec, place.lights, top, collection)
    kit.parts += [*parts, *more]
    kit.moving += [*moving, *flashing]
    hull = Hull(
        -0.35, place.length + 0.35, plan.half + 0.12, depth=1.0, wake=0.022 * place.speed if place.speed else 0.0
    )
    sky = sea_around(
        kit, level=-SOLE, hull=hull, wind=place.wind, height=place.sea, speed=place.speed, coast=place.coast
    )
    drops = build_spray(hull, -SOLE, place.speed, 1.3 * sky.horizon, spec.stream("world/spray"), collection)
    kit.moving += [drops] if drops is not None else []
    targets = build_targets(spec, kit.pictures, collection)
    things = clutter(kit, plan.things)
    return Environment((kit.structure(), *targets, *things), sky.world, tuple(kit.moving), sky.haze)


def _sole(kit: Kit, plan: BoatPlan) -> None:
    """Chequered plate or rubber matting, with hatches let into it."""
    edge = plan.outline(0.06)
    rng = kit.spec.stream("world/boat/sole")
    word: Finish = "rubber" if rng.uniform() < 0.4 else "aluminium"
    size = (2 * plan.half + 0.3, plan.place.length + 0.3)
    material = kit.finishes.surface("sole", word, size)
    points = np.c_[edge, np.zeros(len(edge))]
    # clockwise from above: turned over
    kit.shell.add(points, [range(len(points))[::-1]], material, (edge + (plan.half + 0.1, 0.0))[::-1])
    hatch = kit.finish("aluminium", (0.5, 0.51, 0.52))
    for y in np.arange(1.0, 0.68 * plan.place.length, 1.9):
        kit.shell.box((0, y, 0.003), (0.62, 0.62, 0.012), hatch, bevel=0.004)
        kit.shell.box((0.2, y, 0.011), (0.09, 0.03, 0.008), kit.finish("stainless"), bevel=0.003)


def _tubes(kit: Kit, plan: BoatPlan) -> None:
    """Inflated tubes along the sides with rubbing strakes, patches and a lifeline."""
    fabric = kit.finishes.of("leather", _COLOURS[plan.place.colour], roughness=0.62)
    strake, rope = kit.finish("moulded_rubber"), kit.finish("upholstery", (0.12, 0.12, 0.12))
    out = plan.outline(TUBE)
    # Finely along, so that the tube bends smoothly.
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(out, axis=0), axis=1))])
    even = np.linspace(0, along[-1], 90)
    path = np.stack([np.interp(even, along, out[:, axis]) for axis in (0, 1)], 1)
    low = np.c_[path, np.full(len(path), 0.20)]
    kit.shell.tube(low, TUBE, fabric, segments=16)
    for end in (low[0], low[-1]):
        with kit.shell.at(transform(end, pitch=np.pi / 2)):
            kit.shell.lathe([(TUBE, 0.0), (0.7 * TUBE, 0.14), (0.12, 0.22)], fabric, segments=16, caps=(False, True))
    away = plan.outline(2 * TUBE - 0.01)
    kit.shell.tube(np.c_[away, np.full(len(away), 0.17)], 0.05, strake)
    grab = plan.outline(TUBE - 0.12)
    for k in range(0, 80, 6):
        a, b = low[k + 2], low[min(k + 7, 89)]
        lift = np.array([0.0, 0.0, TUBE + 0.004])
        middle = 0.5 * (a + b) + lift + (0, 0, 0.012)
        inward = np.array([-np.sign(a[0]) * 0.10, 0.0, -0.03])
        kit.shell.tube(np.array([a + lift + inward, middle + inward + (0, 0, -0.01), b + lift + inward]), 0.011, rope)
        kit.shell.box(a + lift + inward, (0.09, 0.12, 0.03), strake, bevel=0.01)
    kit.shell.tube(np.c_[grab, np.full(len(grab), 0.02)], 0.03, strake)


def _bulwark(kit: Kit, plan: BoatPlan) -> None:
    """Sides of plate with frames inside and a rail on top."""
    hull, inside = kit.paint(_COLOURS[plan.place.colour]), kit.paint((0.56, 0.58, 0.59))
    outer, inner = plan.outline(0.16), plan.outline(0.05)
    for ring, material, order in ((outer, hull, 1), (inner, inside, -1)):
        for a, b in pairwise(ring):
            low = -0.7 if order > 0 else -0.02
            corners = [(*a, low), (*b, low), (*b, _TOP), (*a, _TOP)]
            kit.shell.quad(corners[::-order], material)
    for a, b, c, d in zip(inner[:-1], inner[1:], outer[1:], outer[:-1], strict=True):
        kit.shell.quad([(*a, _TOP), (*b, _TOP), (*c, _TOP), (*d, _TOP)][::-1], hull)
    middle = plan.outline(0.10)
    kit.shell.tube(np.c_[middle, np.full(len(middle), _TOP + 0.02)], 0.045, kit.finish("moulded_rubber"), segments=8)
    rail = plan.outline(0.08)[1:-1]
    railing(
        kit.shell,
        np.c_[rail, np.full(len(rail), _TOP)],
        kit.finish("stainless"),
        height=0.26,
        bars=1,
        radius=0.014,
        every=1.2,
    )
    for y in np.arange(0.7, plan.straight, 0.9):
        for side in (-1, 1):
            kit.shell.box((side * (plan.half + 0.01), y, 0.5 * _TOP), (0.08, 0.03, _TOP), inside, bevel=0.005)


def _transom(kit: Kit, plan: BoatPlan) -> None:
    """Transom and the outboard engines on it."""
    wide = 2 * plan.half + 0.15
    kit.shell.box((0, -0.16, 0.1), (wide, 0.16, 0.9), kit.paint((0.5, 0.52, 0.53)), bevel=0.02)
    n = plan.place.engines
    cowl = kit.paint((0.12, 0.125, 0.13), 0.25)
    for k in range(n):
        x = (k - 0.5 * (n - 1)) * 0.72
        with kit.shell.at(transform((x, -0.62, 0.0))):
            kit.shell.box((0, 0, 0.72), (0.44, 0.66, 0.5), cowl, bevel=0.11)
            kit.shell.box((0, -0.02, 0.44), (0.36, 0.5, 0.16), kit.paint((0.3, 0.31, 0.32)), bevel=0.04)
            kit.shell.box((0, 0.02, -0.1), (0.16, 0.34, 1.0), cowl, bevel=0.05)
            kit.shell.box((0, 0.36, 0.42), (0.26, 0.16, 0.3), kit.finish("aluminium"), bevel=0.03)


def _console(kit: Kit, plan: BoatPlan) -> None:
    """Console with sloped panel, wheel, throttle, displays; windscreen or hard top."""
    w, d, h = plan.console.size
    body, dark = kit.paint((0.62, 0.64, 0.65)), kit.finish("moulded_rubber")
    b = kit.shell
    b.box((0, 0, 0.5 * (h - 0.2)), (w, d, h - 0.2), body, bevel=0.05)
    b.box((0, 0.1, h - 0.1), (w - 0.03, d - 0.22, 0.24), body, bevel=0.05)
    with b.at(transform((0, -0.5 * d + 0.15, h - 0.13), pitch=np.radians(52))):
        b.box((0, 0, 0), (w - 0.1, 0.34, 0.02), kit.finish("plastic", (0.13, 0.13, 0.14)), bevel=0.006)
        night = kit.spec.environment.time != "day"
        lit = emission("plotter", (0.10, 0.28, 0.42), 0.06 if night else 0.5)
        for x in (-0.24 * w, 0.24 * w):
            b.box((x, 0.02, 0.012), (0.36 * w, 0.24, 0.02), dark, bevel=0.006)
            b.quad(
                [
                    (x - 0.15 * w, -0.075, 0.0235),
                    (x + 0.15 * w, -0.075, 0.0235),
                    (x + 0.15 * w, 0.12, 0.0235),
                    (x - 0.15 * w, 0.12, 0.0235),
                ],
                lit,
            )
    with b.at(transform((-0.15 * w, -0.5 * d - 0.10, h - 0.30), pitch=np.radians(-62))):
        angle = np.linspace(0, 2 * np.pi, 25)
        b.tube(np.stack([0.17 * np.cos(angle), 0.17 * np.sin(angle), np.zeros(25)], 1), 0.016, dark, segments=8)
        for turn in np.arange(3) * 2 * np.pi / 3:
            b.cylinder((0, 0, -0.02), (0.165 * np.cos(turn), 0.165 * np.sin(turn), 0.0), 0.009, kit.finish("stainless"))
        b.cylinder((0, 0, -0.1), (0, 0, 0.0), 0.03, dark)
    b.box((0.32 * w, -0.5 * d - 0.03, h - 0.22), (0.12, 0.10, 0.12), dark, bevel=0.02)
    b.cylinder(
        (0.32 * w, -0.5 * d - 0.06, h - 0.18), (0.32 * w, -0.5 * d - 0.10, h - 0.02), 0.014, kit.finish("stainless")
    )
    steel = kit.finish("stainless")
    b.tube(
        [(-0.5 * w, -0.1, h), (-0.5 * w, -0.1, h + 0.12), (0.5 * w, -0.1, h + 0.12), (0.5 * w, -0.1, h)], 0.015, steel
    )
    if plan.place.console == "open":
        return
    frame = kit.paint((0.14, 0.145, 0.15))
    tall = 0.48 if plan.place.console == "screen" else 0.98
    feet = [(x, y) for x in (-0.5 * w + 0.03, 0.5 * w - 0.03) for y in (0.28, -0.30 if tall > 0.5 else 0.28)]
    for x, y in feet:
        b.cylinder((x, y, h - 0.05), (x, y - 0.05, h + tall), 0.02, frame, segments=8)
    b.cylinder((feet[0][0], 0.23, h + tall), (feet[2][0], 0.23, h + tall), 0.02, frame, segments=8)
    if tall > 0.5:
        b.box((0, -0.08, h + tall + 0.03), (w + 0.3, d + 0.55, 0.06), body, bevel=0.025)
    pane = MeshBuilder()
    x, y, z = plan.console.place
    top = min(tall, 0.62)
    with pane.at(transform((x, y, z))):
        pane.quad(
            [
                (-0.5 * w + 0.05, 0.28, h + 0.02),
                (0.5 * w - 0.05, 0.28, h + 0.02),
                (0.5 * w - 0.05, 0.28 - 0.05 * top, h + top),
                (-0.5 * w + 0.05, 0.28 - 0.05 * top, h + top),
            ],
            glass("screen"),
        )
    kit.parts.append(Part(pane.object("windscreen", kit.collection), in_labels=False))


def _seat(builder: MeshBuilder, kit: Kit, thing: Stowed) -> None:
    """A jockey seat: pod, saddle, back rest and a handle for who sits behind."""
    w, d, h = thing.size
    pod, cloth = kit.paint((0.58, 0.60, 0.61)), kit.finish("leather", (0.10, 0.10, 0.105))
    builder.box((0, 0, 0.26), (w - 0.1, d - 0.14, 0.52), pod, bevel=0.05)
    builder.box((0, 0.03, 0.60), (w - 0.02, d - 0.12, 0.16), cloth, bevel=0.06)
    builder.box((0, -0.5 * d + 0.09, h - 0.14), (w, 0.12, 0.30), cloth, bevel=0.05)
    steel = kit.finish("stainless")
    x, y = 0.5 * w - 0.02, -0.5 * d + 0.03
    builder.tube([(-x, y, 0.5), (-x, y, h + 0.05), (x, y, h + 0.05), (x, y, 0.5)], 0.014, steel)


def _arch(kit: Kit, plan: BoatPlan) -> list[np.ndarray]:
    """An arch over the stern with radar, aerials, a lifebuoy; where lamps hang."""
    assert plan.arch is not None
    b, paint = kit.shell, kit.paint((0.60, 0.62, 0.63))
    y, x, top = plan.arch, plan.half + 0.10, 2.12
    for dy in (-0.18, 0.18):
        path = [
            (-x, y + dy, 0.2),
            (-x, y + 0.6 * dy, 1.5),
            (-0.8 * x, y + 0.5 * dy, top),
            (0.8 * x, y + 0.5 * dy, top),
            (x, y + 0.6 * dy, 1.5),
            (x, y + dy, 0.2),
        ]
        b.tube(path, 0.036, paint, segments=10)
    for z in (0.7, 1.2):
        for side in (-1, 1):
            b.cylinder((side * x, y - 0.13, z), (side * x, y + 0.13, z), 0.022, paint, segments=8)
    b.box((0, y, top + 0.03), (0.9, 0.3, 0.03), paint, bevel=0.01)
    with b.at(transform((0, y, top + 0.05))):
        b.lathe(
            [(0.06, 0), (0.06, 0.05), (0.30, 0.06), (0.31, 0.14), (0.26, 0.22), (0.05, 0.25)],
            kit.paint((0.84, 0.84, 0.82)),
            segments=24,
            caps=(False, True),
        )
    for side, tall in ((-1, 2.2), (1, 1.6)):
        b.cylinder(
            (0.62 * side * x, y, top),
            (0.66 * side * x, y - 0.15, top + tall),
            0.008,
            kit.finish("moulded_rubber"),
            segments=6,
        )
    for side, colour in ((-1, (0.7, 0.03, 0.03)), (1, (0.02, 0.5, 0.12))):
        b.box(
            (side * 0.72 * x, y + 0.1, top + 0.07),
            (0.08, 0.10, 0.09),
            principled(f"side lamp {side}", colour, 0.2),
            bevel=0.015,
        )
    return [transform((s * 0.45 * x, y + 0.12, top - 0.03)) for s in (-1, 1)]
