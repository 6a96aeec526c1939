"""Interiors on land: there is a way through each of them, whatever was drawn."""

import pytest

from tests.site.places import check_route, check_twins, drawn

PLACES = {
    "land/shoothouse_rooms.yaml": {"advance": 6.0, "search": 8.0, "pie_corner": 2.0, "take_cover": 4.0},
    "land/office.yaml": {"advance": 9.0, "search": 9.0, "pie_corner": 1.5, "take_cover": 4.0},
    "land/stairwell.yaml": {"advance": 9.0, "climb_stairs": 8.0},
    "land/shop.yaml": {"advance": 12.0, "search": 12.0, "pie_corner": 1.2, "take_cover": 5.0},
    "land/warehouse.yaml": {"advance": 12.0, "search": 12.0, "pie_corner": 1.2, "take_cover": 5.0},
}
"""Scenes, and the shortest way in metres of each kind that they offer."""


@pytest.mark.parametrize(
    ("scene", "word", "shortest"), [(s, w, m) for s, ways in PLACES.items() for w, m in ways.items()]
)
def test_there_is_a_way(scene: str, word: str, shortest: float) -> None:
    for spec in drawn(scene, word):
        check_route(spec, word, shortest=shortest)


@pytest.mark.parametrize("scene", PLACES)
def test_twins_share_the_place(scene: str) -> None:
    for spec in drawn(scene, "advance")[:6]:
        check_twins(spec)
