"""Drawn places, and what every one of them must keep."""

from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely

from generator.motion.people import person_position
from generator.scenario.plan import load_sources, plan
from generator.scenario.spec import ClipSpec
from generator.site import site_of
from generator.site.route import plan_route

SCENES = Path(__file__).resolve().parents[2] / "scenes"


@lru_cache(maxsize=16)
def drawn(scene: str, path: str, n: int = 20, people: int = 2) -> tuple[ClipSpec, ...]:
    """So many variants of a scene with one kind of path."""
    overrides = {"twins": [], "camera.path": {"kind": path}, "people": [{"role": "role_player", "count": people}]}
    sources = load_sources([SCENES / scene], overrides=overrides, variants=n)
    return tuple(clip.spec for clip in plan(sources, 3))


def check_route(spec: ClipSpec, word: str, *, shortest: float) -> None:
    """There is a way of that kind, clear of everything, and people stand on free floor.

    Raises:
        AssertionError: says which variant.
    """
    site = site_of(spec)
    route = plan_route(site, site.ways[word])  # type: ignore[index]
    chest = route.places + (0, 0, 1.3)
    assert site.clearance(chest).min() >= 0.25, (spec.variant, chest[site.clearance(chest).argmin()])
    assert route.length >= shortest, (spec.variant, route.length)
    for person in spec.people:
        where = person_position(spec, person)
        floor = site.floor(where)
        assert floor is not None and abs(floor.ramp(where[:2]) - where[2]) < 0.02, (spec.variant, where)
        standing = shapely.Point(where[:2]).buffer(0.2)
        blocked = [s.name for s in site.near(where[2] + 0.2, where[2] + 1.7) if s.polygon.intersects(standing)]
        assert not blocked, (spec.variant, blocked)


def check_twins(spec: ClipSpec) -> None:
    """Another hour, weather and other lamps leave the place as it is.

    Raises:
        AssertionError: where they do not.
    """
    tree = spec.model_dump(mode="json", by_alias=True)
    other = "night" if tree["environment"]["time"] != "night" else "day"
    tree["environment"].update(time=other, weather="fog")
    tree["environment"]["lights"].update(dead=0.7, lumens=9000.0)
    first, second = site_of(spec), site_of(ClipSpec.from_tree(tree))
    assert len(first.solids) == len(second.solids)
    for a, b in zip(first.solids, second.solids, strict=True):
        assert np.array_equal(a.outline, b.outline) and (a.bottom, a.top) == (b.bottom, b.top)
    for word, way in first.ways.items():
        assert np.array_equal(way.points, second.ways[word].points)
