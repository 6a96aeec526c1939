"""Every device profile films somewhere, and what misses its bar is said."""

import pytest

from generator.errors import UserError
from generator.farm.devices import SEED, Figures, faults, main, overrides_of, scene_of
from generator.scenario.plan import load_sources, plan
from generator.scenario.profiles import device_names

GOOD = {"day": Figures(1.0, -3.3, 0.8, 110.0), "night": Figures(12.0, -3.5, 1.4, 60.0)}


@pytest.mark.parametrize("device", device_names())
def test_every_profile_films_by_day_and_in_a_tenth_of_the_light(device):
    sources = load_sources([scene_of(device)], overrides=overrides_of(device), variants=1)
    day, night = (planned.spec for planned in plan(sources, SEED))
    assert day.camera.device == night.camera.device == device
    assert (day.environment.time, night.environment.time) == ("day", "night")
    assert night.environment.lights.lumens == pytest.approx(0.1 * day.environment.lights.lumens)
    assert day.device == night.device and day.n_frames == night.n_frames >= 8


def test_what_misses_its_bar_is_said():
    assert faults(GOOD, "body_worn") == []
    assert faults({"day": GOOD["day"]}, "body_worn") == ["quarantined"]
    soft = {**GOOD, "day": Figures(1.0, -5.0, 0.8, 110.0)}
    assert faults(soft, "body_worn") == ["slope by day"]
    assert faults(GOOD, "game") == ["slope by day", "slope by night"]
    clean = {**GOOD, "night": Figures(12.0, -3.5, 0.7, 60.0)}
    assert faults(clean, "phone") == ["noise does not grow with gain"]


def test_an_unknown_device_is_bad_input(tmp_path):
    with pytest.raises(UserError, match="allowed: OUT"):
        main([str(tmp_path), "pinhole"])
