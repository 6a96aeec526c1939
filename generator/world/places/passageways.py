"""A ship's passageway below deck."""

import bpy
import numpy as np

from generator.frame import Track
from generator.scenario.spec import ClipSpec
from generator.site.passageway import COAMING, CROSSING, WATERTIGHT, CabinDoor, PassagePlan
from generator.tracks import TRACKS_CLUTTER, TRACKS_DOORS
from generator.world.actor import Part, Placement, StaticActor
from generator.world.finishes import Finish
from generator.world.fittings import area_light
from generator.world.materials import linear, principled
from generator.world.meshes import MeshBuilder, transform
from generator.world.places.marine import DECK_GREEN, Kit, steel_door
from generator.world.places.marine_lamps import build_beacon, build_lamps
from generator.world.surroundings import Environment
from generator.world.targets import build_targets

Colour = tuple[float, float, float]

_PAINTS: tuple[Colour, ...] = ((0.78, 0.77, 0.70), (0.72, 0.76, 0.72), (0.80, 0.79, 0.76), (0.68, 0.72, 0.76))
_DADOS: tuple[Colour, ...] = ((0.30, 0.42, 0.38), (0.32, 0.38, 0.46), (0.46, 0.36, 0.28))
_PIPES: tuple[Colour, ...] = (
    (0.75, 0.75, 0.72), (0.20, 0.42, 0.24), (0.62, 0.12, 0.10), (0.20, 0.34, 0.58), (0.66, 0.50, 0.14), (0.55, 0.56, 0.57),
)  # fmt: skip
"""Pipes are told apart by colour bands for what flows in them; invented here."""


def build_passageway(spec: ClipSpec, plan: PassagePlan, collection: bpy.types.Collection) -> Environment:
    """Builds the passageway, closed all round."""
    kit, rng = Kit.of(spec, collection), spec.stream("world/passageway/look")
    paint = np.array(_PAINTS[rng.integers(len(_PAINTS))]) * rng.uniform(0.92, 1.04)
    dado = np.array(_DADOS[rng.integers(len(_DADOS))])
    _deck(kit, plan)
    _bulkheads(kit, plan, paint, dado, rng)
    _deckhead(kit, plan, paint, rng)
    _handrails(kit, plan)
    if plan.frame is not None:
        _watertight(kit, plan, plan.frame, paint)
    doors = [_door(kit, plan, door, paint, rng) for door in plan.doors]
    for side, y in plan.boxes:
        _box(kit, plan, side, y, rng)
    hung = [_extinguisher(kit, plan, k, side, y) for k, (side, y) in enumerate(plan.extinguishers)]
    along = np.arange(0.9, plan.place.length - 0.3, 2.6)
    z, x = plan.place.height - 0.02, 0.5 * plan.place.width
    lamps = [transform((x + 0.12, float(v), z), yaw=np.pi / 2) for v in along]
    middle = 0.5 * sum(plan.cross)
    lamps += [transform((-2.2, middle, z)), transform((plan.place.width + 2.2, middle, z))]
    parts, moving = build_lamps(spec, plan.place.lights, lamps, collection, outdoors=False)
    at = transform((0.03, plan.cross[1] + 0.35, plan.place.height - 0.35), roll=np.pi / 2)
    more, flashing = build_beacon(spec, plan.place.lights, at, collection)
    kit.parts += [*parts, *more]
    targets = build_targets(spec, kit.pictures, collection)
    world = bpy.data.worlds.new("world")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.0, 0.0, 0.0, 1.0)
    world.cycles.sampling_method = "NONE"
    return Environment((kit.structure(), *targets, *doors, *hung), world, (*moving, *flashing))


def _deck(kit: Kit, plan: PassagePlan) -> None:
    wide, length, (c0, c1) = plan.place.width, plan.place.length, plan.cross
    words: dict[str, Finish] = {"steel": "painted_metal", "vinyl": "vinyl", "rubber": "rubber"}
    word, colour = words[plan.place.surface], DECK_GREEN if plan.place.surface == "steel" else None
    b = kit.shell
    main = kit.finishes.surface("deck", word, (wide, length), colour)
    b.quad(
        [(0, 0, 0), (wide, 0, 0), (wide, length, 0), (0, length, 0)],
        main,
        uv=[(0, 0), (wide, 0), (wide, length), (0, length)],
    )
    for a, e in ((-CROSSING, 0.0), (wide, wide + CROSSING)):
        b.quad(
            [(a, c0, 0), (e, c0, 0), (e, c1, 0), (a, c1, 0)],
            kit.finish(word, colour),
            uv=[(a, c0), (e, c0), (e, c1), (a, c1)],
        )
    for door in plan.doors:
        if door.angle > 0:  # the cabin's floor
            x0, x1 = (-2.2, 0.0) if door.side < 0 else (wide, wide + 2.2)
            b.quad([(x0, door.y - 1.1, 0.002), (x1, door.y - 1.1, 0.002), (x1, door.y + 1.1, 0.002), (x0, door.y + 1.1, 0.002)],
                   kit.finish("carpet"))  # fmt: skip


def _bulkheads(kit: Kit, plan: PassagePlan, paint: np.ndarray, dado: np.ndarray, rng: np.random.Generator) -> None:
    place, b = plan.place, kit.shell
    wide, length, h = place.width, place.length, place.height
    word: Finish = "panel_lined" if place.lining == "panels" else "painted_metal"
    band = (1.05, dado) if place.lining == "dado" else None
    for side in (-1, 1):
        sort = kit.finishes.surface(f"bulkhead {side}", word, (length, h), paint, soil="wall", dado=band)
        holes = [(plan.cross[0], plan.cross[1], h)]
        holes += [(d.y - 0.5 * d.width, d.y + 0.5 * d.width, 1.96) for d in plan.doors if d.side == side]
        x = 0.0 if side < 0 else wide
        at = 0.0
        for low, high, top in [*sorted(holes), (length, length, h)]:
            for y0, y1, z0 in ((at, low, 0.0), (low, high, top)):
                if y1 - y0 < 1e-6 or h - z0 < 1e-6:
                    continue
                corners = [(x, y0, z0), (x, y1, z0), (x, y1, h), (x, y0, h)]
                ring = corners if side < 0 else corners[::-1]
                kit.shell.quad(ring, sort, uv=[(c[1], c[2]) for c in ring])
            at = high
        if place.lining == "plate":
            trim = kit.paint(paint)
            for y in np.arange(0.35, length, 0.72):
                if all(not (low - 0.12 < y < high + 0.12) for low, high, _ in holes):
                    b.box((x - side * 0.022, y, 0.5 * h), (0.05, 0.012, h), trim, tint=(0.96,) * 3)
    plain = kit.finish(word, paint)
    for y, order in ((0.0, 1), (length, -1)):
        corners = [(wide, y, 0), (0, y, 0), (0, y, h), (wide, y, h)]
        b.quad(corners[::order], plain)
    with b.at(transform((0.5 * wide, length, 0))):
        steel_door(b, kit, np.eye(4), (float(dado[0]), float(dado[1]), float(dado[2])), sill=0.15)
    for side in (-1, 1):
        a, e = (-CROSSING, 0.0) if side < 0 else (wide, wide + CROSSING)
        for y, order in ((plan.cross[0], -1), (plan.cross[1], 1)):
            corners = [(a, y, 0), (e, y, 0), (e, y, h), (a, y, h)]
            b.quad(corners[::order], plain)
        end = a if side < 0 else e
        corners = [(end, plan.cross[0], 0), (end, plan.cross[1], 0), (end, plan.cross[1], h), (end, plan.cross[0], h)]
        b.quad(corners[::-side], plain)
        for y in plan.cross:  # corner posts, yellow and black where heads and trolleys knock
            guard = kit.paint((0.74, 0.58, 0.10) if rng.uniform() < 0.4 else paint * 0.85)
            b.box((0.0 if side < 0 else wide, y, 0.62), (0.05, 0.05, 1.24), guard, bevel=0.008)
    skirt = kit.finish("moulded_rubber", (0.16, 0.16, 0.17))
    for side, y0, y1 in plan.bulkheads():
        x = 0.0 if side < 0 else wide
        b.box((x - side * 0.006, 0.5 * (y0 + y1), 0.05), (0.014, y1 - y0, 0.10), skirt)


def _deckhead(kit: Kit, plan: PassagePlan, paint: np.ndarray, rng: np.random.Generator) -> None:
    """Beams, pipes with flanges and bands, and trays of cables under the plating above."""
    place, b = plan.place, kit.shell
    wide, length, h = place.width, place.length, place.height
    roof = kit.finishes.surface("deckhead", "painted_metal", (wide, length), paint * 0.97, soil="ceiling")
    b.quad(
        [(0, 0, h), (0, length, h), (wide, length, h), (wide, 0, h)],
        roof,
        uv=[(0, 0), (0, length), (wide, length), (wide, 0)],
    )
    trim = kit.paint(paint)
    for a, e in ((-CROSSING, 0.0), (wide, wide + CROSSING)):
        b.quad([(a, plan.cross[0], h), (a, plan.cross[1], h), (e, plan.cross[1], h), (e, plan.cross[0], h)], trim)
    for y in np.arange(0.6, length, 1.2):
        b.box((0.5 * wide, y, h - 0.035), (wide, 0.012, 0.07), trim)
        b.box((0.5 * wide, y, h - 0.072), (wide, 0.07, 0.008), trim)
    x = 0.07
    for _ in range(place.pipes):
        radius = float(rng.choice([0.017, 0.024, 0.035, 0.05]))
        x += radius
        if 0.5 * wide - 0.08 < x < 0.5 * wide + 0.38:
            x = 0.5 * wide + 0.40
        if x > wide - 0.10:
            break
        z = h - 0.09 - radius
        colour = np.array(_PIPES[rng.integers(len(_PIPES))])
        coat = kit.paint(colour if rng.uniform() < 0.35 else paint * 0.9)
        b.cylinder((x, 0, z), (x, length, z), radius, coat, segments=10, caps=(False, False))
        for y in np.arange(rng.uniform(0.3, 1.5), length, 2.4):
            b.cylinder((x, y, z), (x, y + 0.03, z), radius + 0.022, coat, segments=12)
            b.cylinder((x, y + 0.032, z), (x, y + 0.062, z), radius + 0.022, coat, segments=12)
            b.cylinder((x, y + 0.5, z), (x, y + 0.62, z), radius + 0.002, kit.paint(colour), segments=10)
        for y in np.arange(0.6, length, 1.2):
            b.box((x, y + 0.02, z + 0.5 * radius + 0.02), (0.03, 0.03, radius + 0.08), trim)
        if rng.uniform() < 0.35:
            _valve(b, kit, (x, float(rng.uniform(2.0, length - 2.0)), z - radius), float(radius))
        x += radius + float(rng.uniform(0.03, 0.07))
    for k in range(place.trays):
        _tray(b, kit, wide - 0.17 - 0.02 * k, h - 0.13 - 0.13 * k, length, rng)


def _valve(b: MeshBuilder, kit: Kit, at: tuple[float, float, float], radius: float) -> None:
    """A hand wheel under a pipe."""
    x, y, z = at
    red = kit.paint((0.62, 0.10, 0.08))
    b.cylinder((x, y, z), (x, y, z - 0.05), 0.02, kit.finish("stainless"), segments=8)
    angle = np.linspace(0, 2 * np.pi, 17)
    reach = 0.045 + 0.6 * radius
    b.tube(np.stack([x + reach * np.cos(angle), y + reach * np.sin(angle), np.full(17, z - 0.05)], 1), 0.008, red)
    b.box((x, y, z - 0.05), (2 * reach, 0.012, 0.008), red)
    b.box((x, y, z - 0.05), (0.012, 2 * reach, 0.008), red)


def _tray(b: MeshBuilder, kit: Kit, x: float, z: float, length: float, rng: np.random.Generator) -> None:
    """A perforated tray with a bundle of cables tied down in it."""
    metal, black = kit.finish("bare_metal"), kit.finish("moulded_rubber", (0.07, 0.07, 0.075))
    grey = kit.finish("moulded_rubber", (0.35, 0.35, 0.36))
    b.box((x, 0.5 * length, z), (0.22, length, 0.006), metal)
    for side in (-1, 1):
        b.box((x + side * 0.11, 0.5 * length, z + 0.02), (0.005, length, 0.045), metal)
    y = np.linspace(0, length, max(int(length / 0.7), 4))
    for k in range(7):
        off = -0.09 + 0.03 * k + 0.008 * rng.standard_normal(len(y))
        lift = z + 0.015 + 0.006 * np.abs(rng.standard_normal(len(y)))
        b.tube(
            np.stack([x + off, y, lift], 1), float(rng.uniform(0.006, 0.014)), black if rng.uniform() < 0.6 else grey
        )
    for at in np.arange(0.6, length, 1.2):
        b.box((x, at, z + 0.07), (0.02, 0.02, 0.16), metal)


def _handrails(kit: Kit, plan: PassagePlan) -> None:
    """A rail along both bulkheads between the doors."""
    b, rail = (
        kit.shell,
        kit.finish("timber", (0.42, 0.27, 0.16)) if plan.place.lining == "panels" else kit.finish("stainless"),
    )
    for side in (-1, 1):
        x = 0.055 if side < 0 else plan.place.width - 0.055
        holes = sorted([plan.cross, *((d.y - 0.45, d.y + 0.45) for d in plan.doors if d.side == side)])
        if plan.frame is not None:
            holes = sorted([*holes, (plan.frame - 0.2, plan.frame + 1.1)])
        at = 0.15
        for low, high in [*holes, (plan.place.length - 0.1, plan.place.length)]:
            if low - at > 0.5:
                b.cylinder((x, at, 0.95), (x, low - 0.1, 0.95), 0.019, rail, segments=10)
                for y in np.linspace(at + 0.08, low - 0.18, max(round((low - at) / 1.1), 2)):
                    b.box((0.5 * (x + (0.0 if side < 0 else plan.place.width)), y, 0.94), (0.055, 0.025, 0.025),
                          kit.finish("stainless"))  # fmt: skip
            at = max(at, high + 0.1)


def _watertight(kit: Kit, plan: PassagePlan, y: float, paint: np.ndarray) -> None:
    """The frame across the passage, with its coaming, and the door folded back against the bulkhead."""
    b, wide, h = kit.shell, plan.place.width, plan.place.height
    frame, leaf = kit.paint(paint * 0.92), kit.paint(paint * 0.86)
    jamb, top = 0.5 * (wide - WATERTIGHT), 1.92
    for x in (0.5 * jamb, wide - 0.5 * jamb):
        b.box((x, y, 0.5 * h), (jamb, 0.05, h), frame)
    b.box((0.5 * wide, y, 0.5 * (top + h)), (WATERTIGHT + 0.01, 0.05, h - top), frame)
    b.box((0.5 * wide, y, 0.5 * COAMING), (WATERTIGHT + 0.01, 0.05, COAMING), frame, bevel=0.01)
    rim = kit.finish("moulded_rubber")
    for x in (jamb, wide - jamb):
        b.box((x, y, 0.5 * (top + COAMING)), (0.03, 0.09, top - COAMING), kit.paint((0.70, 0.56, 0.12)), bevel=0.01)
    b.box((0.5 * wide, y, top), (WATERTIGHT, 0.09, 0.03), kit.paint((0.70, 0.56, 0.12)), bevel=0.01)
    with b.at(transform((0.045, y + 0.08, COAMING))):
        b.box((0, 0.5 * WATERTIGHT, 0.88), (0.04, WATERTIGHT - 0.02, 1.76), leaf, bevel=0.018)
        b.box((0.026, 0.5 * WATERTIGHT, 0.88), (0.012, WATERTIGHT - 0.10, 1.68), rim, bevel=0.005)
        for z in (0.35, 0.88, 1.4):
            b.box((0.035, 0.5 * WATERTIGHT, z), (0.035, WATERTIGHT - 0.12, 0.035), leaf, bevel=0.006)
        for z in (0.2, 0.88, 1.55):
            b.box((0.05, WATERTIGHT - 0.06, z), (0.05, 0.10, 0.03), kit.finish("stainless"), bevel=0.006)


def _door(kit: Kit, plan: PassagePlan, door: CabinDoor, paint: np.ndarray, rng: np.random.Generator) -> StaticActor:
    """A cabin door in its frame; one that is open shows a dim cabin."""
    wide, w, top = plan.place.width, door.width, 1.96
    x = 0.0 if door.side < 0 else wide
    # The door's frame: x along the bulkhead, y into the cabin, z up; origin in the middle of the sill.
    wall = transform((x, door.y, 0.0), yaw=np.pi / 2 if door.side < 0 else -np.pi / 2)
    b = kit.shell
    trim = kit.finish("stainless") if plan.place.lining == "panels" else kit.paint(paint * 0.85)
    with b.at(wall):
        for side in (-1, 1):
            b.box((side * 0.5 * w, 0.02, 0.5 * top), (0.045, 0.10, top), trim, bevel=0.005)
        b.box((0, 0.02, top), (w + 0.045, 0.10, 0.045), trim, bevel=0.005)
        b.box((0, 0.03, 0.03), (w, 0.09, 0.06), trim, bevel=0.008)
        if door.angle > 0:
            _cabin(kit, w, plan.place.height, door.lit)
    leaf = MeshBuilder()
    sort = kit.finish("laminate", paint * rng.uniform(0.7, 1.0)) if rng.uniform() < 0.6 else kit.finish("veneer")
    leaf.box((0.5 * w - 0.03, 0.0, 0.5 * (top + 0.06)), (w - 0.055, 0.036, top - 0.09), sort, bevel=0.003)
    leaf.box((0.5 * w - 0.03, -0.020, 0.28), (0.36, 0.008, 0.18), kit.finish("aluminium"), bevel=0.002)
    for k in range(5):
        leaf.box((0.5 * w - 0.03, -0.026, 0.215 + 0.03 * k), (0.33, 0.01, 0.012), kit.finish("aluminium"))
    for y in (-1, 1):
        leaf.cylinder((w - 0.12, 0.0, 1.02), (w - 0.12, y * 0.055, 1.02), 0.011, kit.finish("stainless"), segments=8)
        leaf.cylinder(
            (w - 0.12, y * 0.055, 1.02), (w - 0.24, y * 0.055, 1.02), 0.010, kit.finish("stainless"), segments=8
        )
    leaf.box((0.5 * w - 0.03, -0.020, 1.62), (0.16, 0.006, 0.06), kit.finish("plastic", (0.86, 0.86, 0.84)))
    thing = leaf.object(f"door {door.index}", kit.collection)
    place = wall @ transform((-0.5 * w + 0.03, 0.03, 0.0), yaw=door.angle)
    thing.matrix_world = place.T.tolist()
    track = Track(TRACKS_DOORS + door.index, "door")
    return StaticActor((Part(thing, track.track_id),), (track,), (Placement(place),))


def _cabin(kit: Kit, w: float, h: float, lit: bool) -> None:
    """What is seen of a cabin through its open door: walls, a bunk, perhaps light. In the frame of the door."""
    b, wall = kit.shell, kit.finish("panel_lined", (0.74, 0.72, 0.66))
    deep = 2.2
    for x, order in ((-1.1, 1), (1.1, -1)):
        corners = [(x, 0.10, 0), (x, deep, 0), (x, deep, h), (x, 0.10, h)]
        b.quad(corners[::-order], wall)
    b.quad([(-1.1, deep, 0), (1.1, deep, 0), (1.1, deep, h), (-1.1, deep, h)], wall)
    b.quad([(-1.1, 0.1, h), (1.1, 0.1, h), (1.1, deep, h), (-1.1, deep, h)][::-1], wall)
    for side in (-1, 1):  # the inside of the bulkhead
        x0, x1 = (-1.1, -0.5 * w) if side < 0 else (0.5 * w, 1.1)
        b.quad([(x0, 0.10, 0), (x1, 0.10, 0), (x1, 0.10, h), (x0, 0.10, h)][::-1], wall)
    b.quad([(-0.5 * w, 0.1, 1.96), (0.5 * w, 0.1, 1.96), (0.5 * w, 0.1, h), (-0.5 * w, 0.1, h)][::-1], wall)
    for z in (0.45, 1.35):
        b.box((0.72, 1.2, z), (0.74, 1.9, 0.14), kit.finish("upholstery", (0.30, 0.36, 0.46)), bevel=0.04)
        b.box((0.36, 1.2, z + 0.02), (0.03, 1.9, 0.22), kit.finish("veneer"), bevel=0.006)
    b.box((-0.8, 1.6, 0.9), (0.5, 0.9, 1.8), kit.finish("laminate"), bevel=0.006)
    if lit:
        place = b.matrix @ transform((0, 1.1, h - 0.05))
        kit.parts.append(
            area_light("cabin lamp", place, (0.25, 0.25), 3.5, np.array([1.0, 0.82, 0.62]), kit.collection)
        )


def _box(kit: Kit, plan: PassagePlan, side: int, y: float, rng: np.random.Generator) -> None:
    """A distribution box, hose cabinet or notice frame on the bulkhead."""
    wide = plan.place.width
    with kit.shell.at(transform((0.0 if side < 0 else wide, y, 0), yaw=np.pi / 2 if side < 0 else -np.pi / 2)):
        what = rng.uniform()
        if what < 0.4:
            kit.shell.box((0, -0.06, 1.45), (0.32, 0.12, 0.44), kit.paint((0.58, 0.60, 0.61)), bevel=0.01)
            kit.shell.box((0.1, -0.125, 1.45), (0.03, 0.02, 0.10), kit.finish("moulded_rubber"), bevel=0.004)
            for x in (-0.08, 0.0, 0.08):
                kit.shell.cylinder(
                    (x, -0.05, 1.66), (x, -0.05, plan.place.height), 0.012, kit.finish("moulded_rubber"), segments=8
                )
        elif what < 0.7:
            kit.shell.box((0, -0.07, 1.15), (0.5, 0.14, 0.56), kit.paint((0.66, 0.10, 0.07)), bevel=0.012)
            kit.shell.box((0.18, -0.145, 1.15), (0.05, 0.015, 0.10), kit.finish("stainless"), bevel=0.004)
        else:
            kit.shell.box((0, -0.012, 1.5), (0.42, 0.02, 0.32), kit.finish("aluminium"), bevel=0.004)
            kit.shell.box((0, -0.024, 1.5), (0.38, 0.006, 0.28), principled("notice", linear((0.85, 0.85, 0.80)), 0.5))
            for k in range(6):
                long = float(rng.uniform(0.12, 0.3))
                kit.shell.box(
                    (-0.16 + 0.5 * long, -0.028, 1.6 - 0.036 * k), (long, 0.002, 0.010), kit.finish("moulded_rubber")
                )


def _extinguisher(kit: Kit, plan: PassagePlan, index: int, side: int, y: float) -> StaticActor:
    """A 6 kg extinguisher in its bracket."""
    b, red, black = MeshBuilder(), kit.paint((0.68, 0.07, 0.05), 0.3), kit.finish("moulded_rubber")
    b.lathe(
        [(0.05, 0.0), (0.078, 0.015), (0.08, 0.05), (0.08, 0.40), (0.06, 0.46), (0.025, 0.49)],
        red,
        segments=20,
        caps=(True, True),
    )
    b.box((0, 0, 0.52), (0.04, 0.10, 0.05), black, bevel=0.01)
    b.box((0.02, 0.02, 0.55), (0.03, 0.14, 0.015), red, bevel=0.004)
    b.tube([(0.0, -0.04, 0.5), (0.09, -0.09, 0.45), (0.10, -0.03, 0.25), (0.09, -0.02, 0.12)], 0.012, black)
    b.box((0, 0, 0.27), (0.164, 0.164, 0.12), principled(f"label {index}", linear((0.8, 0.78, 0.7)), 0.5), bevel=0.06)
    thing = b.object(f"extinguisher {index}", kit.collection)
    x = 0.085 if side < 0 else plan.place.width - 0.085
    place = transform((x, y, 0.72), yaw=np.pi / 2 if side < 0 else -np.pi / 2)
    thing.matrix_world = place.T.tolist()
    track = Track(TRACKS_CLUTTER + index, "clutter")
    return StaticActor((Part(thing, track.track_id),), (track,), (Placement(place),))
