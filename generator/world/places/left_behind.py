"""What passengers leave on seats and benches: rucksacks, shopping bags, newspapers, cups; each a track of its own."""

import bpy
import numpy as np

from generator.frame import Track
from generator.scenario.spec import ClipSpec
from generator.site.model import Site
from generator.tracks import TRACKS_CLUTTER
from generator.world.actor import Part, Placement, StaticActor
from generator.world.meshes import MeshBuilder, transform
from generator.world.places.transit_kit import TransitKit

_FIRST = 40
"""Tracks of clutter before it are those of handles."""

_MOST = 12
_SHARE = 0.22
"""Of the seats that have something on them at clutter 1."""


def build_left_behind(
    spec: ClipSpec, kit: TransitKit, site: Site, collection: bpy.types.Collection, taken: int = 0
) -> list[StaticActor]:
    """Things on seats, as many as ``clutter`` says.

    Args:
        spec: the clip.
        kit: materials.
        site: its spots to sit are where things lie.
        collection: what they are linked to.
        taken: tracks of clutter that others have.
    """
    rng = spec.stream("world/left_behind")
    seats = [spot for spot in site.spots if spot.use == "sit"]
    count = min(round(_SHARE * spec.environment.clutter * len(seats)), _MOST)
    actors = []
    for k, which in enumerate(rng.permutation(len(seats))[:count]):
        spot, builder = seats[which], MeshBuilder()
        (_rucksack, _bag, _newspaper, _cup)[rng.choice(4, p=[0.25, 0.25, 0.35, 0.15])](builder, kit, rng)
        x, y, z = spot.place
        place = transform((x, y, z + spot.seat + 0.005), yaw=spot.yaw + rng.normal(0, 0.3))
        thing = builder.object(f"left behind {k}", collection)
        thing.matrix_world = place.T.tolist()
        track = Track(TRACKS_CLUTTER + max(_FIRST, taken) + k, "clutter")
        actors.append(StaticActor((Part(thing, track.track_id),), (track,), (Placement(place),)))
    return actors


def _cloth(kit: TransitKit, rng: np.random.Generator) -> bpy.types.Material:
    colours = ((0.10, 0.11, 0.13), (0.14, 0.20, 0.30), (0.32, 0.12, 0.11), (0.20, 0.24, 0.17), (0.36, 0.30, 0.22))
    return kit.finishes.of("upholstery", colours[rng.integers(len(colours))])


def _rucksack(b: MeshBuilder, kit: TransitKit, rng: np.random.Generator) -> None:
    """Leaning on the back of the seat."""
    cloth, tall = _cloth(kit, rng), rng.uniform(0.38, 0.48)
    with b.at(transform((0, -0.10, 0), pitch=np.radians(rng.uniform(6, 14)), roll=rng.normal(0, 0.05))):
        b.box((0, 0, 0.5 * tall), (0.29, 0.15, tall), cloth, bevel=0.055)
        b.box((0, 0.10, 0.36 * tall), (0.22, 0.07, 0.5 * tall), cloth, bevel=0.03)
        b.box((0, 0.02, tall - 0.012), (0.25, 0.12, 0.04), cloth, bevel=0.018, tint=(0.8, 0.8, 0.8))
        b.tube(
            [(-0.03, -0.02, tall), (-0.02, -0.02, tall + 0.05), (0.02, -0.02, tall + 0.05), (0.03, -0.02, tall)],
            0.008,
            kit.dark,
        )
        for x in (-0.09, 0.09):
            b.box((x, 0.135, 0.36 * tall), (0.012, 0.012, 0.45 * tall), kit.dark)


def _bag(b: MeshBuilder, kit: TransitKit, rng: np.random.Generator) -> None:
    """A paper or plastic carrier with two handles, a little crumpled."""
    paper = kit.finishes.of("cardboard", ((0.62, 0.48, 0.32), (0.80, 0.79, 0.76), (0.55, 0.16, 0.16))[rng.integers(3)])
    w, d, h = rng.uniform(0.24, 0.32), rng.uniform(0.09, 0.14), rng.uniform(0.28, 0.36)
    for k in range(4):
        z, lean = (k + 0.5) * h / 4, rng.normal(0, 0.006, 2)
        b.box((lean[0], lean[1], z), (w * (1 - 0.02 * k), d * (1 - 0.08 * k), h / 4 + 0.004), paper, bevel=0.008)
    for y in (-0.3, 0.3):
        b.tube(
            [(-0.06, y * d, h), (-0.05, y * d, h + 0.09), (0.05, y * d, h + 0.09), (0.06, y * d, h)], 0.004, kit.dark
        )


def _newspaper(b: MeshBuilder, kit: TransitKit, rng: np.random.Generator) -> None:
    """Sheets that were folded and put down."""
    for k in range(3):
        with b.at(transform((*rng.normal(0, 0.012, 2), 0.004 + 0.005 * k), yaw=rng.normal(0, 0.10))):
            b.box((0, 0, 0), (0.29, 0.21, 0.004), kit.finishes.of("cardboard", (0.72, 0.71, 0.67)), bevel=0.0015)
    with b.at(transform((0, 0, 0.0185), yaw=rng.normal(0, 0.1))):
        kit.notice(
            b, np.array([(-0.13, -0.09, 0), (0.13, -0.09, 0), (0.13, 0.09, 0), (-0.13, 0.09, 0)]), int(rng.integers(8))
        )


def _cup(b: MeshBuilder, kit: TransitKit, rng: np.random.Generator) -> None:
    """A paper cup with a lid."""
    paper = kit.finishes.of("cardboard", (0.78, 0.74, 0.68))
    b.lathe([(0.029, 0.0), (0.041, 0.105)], paper, segments=18, caps=(True, False))
    b.lathe([(0.0345, 0.035), (0.0405, 0.080)], kit.finishes.of("cardboard", (0.36, 0.24, 0.15)), segments=18)
    b.lathe([(0.043, 0.103), (0.043, 0.111), (0.035, 0.118)], kit.dark, segments=18, caps=(False, True))
    if rng.uniform() < 0.4:
        b.box((0.12, 0.05, 0.003), (0.10, 0.08, 0.004), kit.finishes.of("cardboard", (0.80, 0.79, 0.76)))
