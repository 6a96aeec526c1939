"""The light of the sky: as much as handbooks say, from where it should be."""

import numpy as np
import pytest

pytest.importorskip("bpy")  # beside the world's materials

from generator.world.sky_light import directions, sky_light, sky_radiance


def _lux(radiance):
    height, width = radiance.shape[:2]
    up = directions(height, width)[..., 2]
    area = np.pi / height * 2 * np.pi / width * np.sqrt(1 - up**2)
    return float((radiance @ (0.2126, 0.7152, 0.0722) * area * np.maximum(up, 0)).sum())


@pytest.mark.parametrize("time", ["day", "dusk", "night"])
@pytest.mark.parametrize("weather", ["clear", "overcast", "rain", "fog"])
def test_the_ground_gets_what_the_sky_is_said_to_give(time, weather):
    light = sky_light(time, weather, np.random.default_rng(3))
    clouds = np.random.default_rng(4).standard_normal((64, 64))
    assert _lux(sky_radiance(light, clouds, (64, 128))) == pytest.approx(light.diffuse, rel=0.02)


def test_a_clear_noon_outshines_an_overcast_one_and_dusk_outshines_the_night():
    def total(time, weather):
        light = sky_light(time, weather, np.random.default_rng(5))
        return light.diffuse + light.direct * max(np.sin(light.height), 0)

    assert 30_000 < total("day", "clear") < 120_000
    assert 3_000 < total("day", "overcast") < 22_000
    assert 5 < total("dusk", "clear") < 110
    assert 0.05 < total("night", "clear") < 1.0


def test_twins_share_the_sun_whatever_the_weather():
    found = [sky_light("day", weather, np.random.default_rng(6)) for weather in ("clear", "overcast", "rain", "fog")]
    assert len({(light.bearing, light.height) for light in found}) == 1


def test_the_brightest_of_a_clear_sky_is_about_the_sun():
    light = sky_light("day", "clear", np.random.default_rng(7))
    radiance = sky_radiance(light, np.full((8, 8), -9.0), (90, 180)) @ (0.2126, 0.7152, 0.0722)
    way = directions(90, 180)[np.unravel_index(radiance.argmax(), radiance.shape)]
    sun = (
        np.cos(light.height) * np.cos(light.bearing),
        np.cos(light.height) * np.sin(light.bearing),
        np.sin(light.height),
    )
    assert np.degrees(np.arccos(way @ sun)) < 15
