"""What each device does to light: lens, flicker, noise, white balance, tone, noise reduction."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from generator.frame import Exposures, Meter
from generator.motion.build import build_timeline
from generator.scenario.device import Device, Lens, Processing, SensorNoise, letterbox
from generator.scenario.profiles import device_names, device_tree, profile
from generator.sensor.develop import Developer
from generator.sensor.exposure import LUMINANCE
from generator.sensor.figures import BAND, GAINS, dead_leaves, developed, measured, profile_spec, spectrum_slope
from generator.sensor.flicker import Flicker
from generator.sensor.noise import deviation, exposed
from generator.sensor.optics import Optics, lateral_colour, vignetting
from generator.sensor.processing import tone_curve
from generator.sensor.white import decide_white_balance, drift
from tests.specs import corridor_spec

Single = NDArray[np.float32]

PROFILES = device_names()
NEGATIVE = ("film_camera", "game_capture")
SENSORS = [name for name in PROFILES if name not in NEGATIVE]
PICTURES = [dead_leaves(640, 360, np.random.default_rng(k)) for k in range(2)]


def _device(name: str = "bodycam_wide", **changes: Any) -> dict[str, Any]:
    """A profile with values by path, ``__`` for dots."""
    tree: dict[str, Any] = json.loads(json.dumps(device_tree(name)))
    for path, value in changes.items():
        *parents, last = path.split("__")
        node = tree
        for key in parents:
            node = node[key]
        node[last] = value
    return tree


CLEAN_LENS = {"kind": "rectilinear", "field_of_view": 1.5}
PLAIN = {"white_balance": {"strength": 0.0}}


# Profiles


@pytest.mark.parametrize("name", PROFILES)
def test_every_value_that_a_profile_can_draw_is_allowed_and_develops(name: str) -> None:
    profile(name)  # tries every one
    device = Device.model_validate_json(json.dumps(device_tree(name)))
    assert 1.22 <= device.lens.field_of_view <= 2.62, "70 to 150 degrees"
    image = developed(profile_spec(device_tree(name)), PICTURES[0], 4.0)
    assert image.shape == (360, 640, 3) and image.std() > 15
    bars = letterbox(device, 640, 360)
    assert not image[bars].any()
    assert image[~bars].mean() > 50


@pytest.mark.parametrize("name", SENSORS)
def test_spectra_fall_off_as_real_footage_does_and_noise_grows_with_gain(name: str) -> None:
    figures = measured(device_tree(name), PICTURES)
    assert -4.7 <= figures.slope_day <= -2.9
    assert -4.7 <= figures.slope_dark <= -2.8
    assert np.all(np.diff(figures.noise) > 0.15) and figures.noise[-1] > 2.5 * figures.noise[0], (GAINS, figures.noise)


def test_a_game_is_crisper_than_any_camera_and_has_no_noise() -> None:
    game = measured(device_tree("game_capture"), PICTURES)
    assert game.slope_day == pytest.approx(-2.5, abs=0.15)
    assert game.noise == (0, 0, 0, 0)


def test_the_slope_of_a_known_spectrum_is_found() -> None:
    rng = np.random.default_rng(3)
    frequency = np.hypot(np.fft.fftfreq(360)[:, None], np.fft.fftfreq(640)[None, :])
    for slope in (-2.0, -3.5):
        amplitude = np.maximum(frequency, BAND[0] / 10) ** (slope / 2)
        picture = np.fft.ifft2(np.fft.fft2(rng.standard_normal((360, 640))) * amplitude).real
        assert spectrum_slope(picture) == pytest.approx(slope, abs=0.12)


# Lens


@pytest.mark.parametrize("name", PROFILES)
@pytest.mark.parametrize("size", [(640, 360), (1920, 1080), (3840, 2160)])
def test_lateral_colour_stays_under_a_pixel_and_grows_from_the_principal_point(
    name: str, size: tuple[int, int]
) -> None:
    """A ramp moved by d pixels changes by d times its slope."""
    lens = Device.model_validate_json(json.dumps(device_tree(name))).lens
    width, height = (x // 4 for x in size)  # a quarter of the picture, with four times the magnification
    wide = lens.model_copy(update={"lateral_colour": tuple(4 * x for x in lens.lateral_colour)})
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    across, down = (lateral_colour(np.stack([ramp] * 3), wide) for ramp in (x, y))
    moved = np.hypot(across - x, down - y)
    assert not moved[1].any(), "green moves"
    assert moved[[0, 2], 2:-2, 2:-2].max() < 1.0
    if not any(lens.lateral_colour):
        assert not moved.any()
        return
    row, column = (0.5 + lens.principal_point[1]) * height, (0.5 + lens.principal_point[0]) * width
    assert moved[:, int(row), int(column)].max() < 0.01
    reach = np.hypot(x + 0.5 - column, y + 0.5 - row)[2:-2, 2:-2]
    share = min(abs(wide.lateral_colour[0]), 0.95 / float(np.hypot(x + 0.5 - column, y + 0.5 - row).max()))
    wanted = reach * share / (1 + np.sign(wide.lateral_colour[0]) * share)
    assert np.abs(moved[0, 2:-2, 2:-2] - wanted).max() < 0.01


@pytest.mark.parametrize("stops", [0.0, 0.5, 2.0])
def test_the_corner_is_darker_by_the_stops_that_the_profile_says(stops: float) -> None:
    lens = Lens(**CLEAN_LENS, vignetting=stops)
    left = vignetting(lens, 320, 180)
    assert left[0, 0] == pytest.approx(2**-stops, rel=1e-4) and left[90, 160] == pytest.approx(1, abs=1e-3)
    off = vignetting(lens.model_copy(update={"principal_point": (0.03, 0.0)}), 320, 180)
    assert off.min() == pytest.approx(2**-stops, rel=1e-4)
    assert stops == 0 or off[90].argmax() == pytest.approx(160 + 9.6, abs=1)


def test_glare_spreads_light_without_making_any_and_moves_nothing() -> None:
    lens = Lens(**CLEAN_LENS, glare=0.1)
    optics = Optics.of(lens, 320, 180, np.random.default_rng(0))
    flat = optics.through(np.full((3, 180, 320), 0.4, np.float32))
    assert flat == pytest.approx(0.4, abs=1e-4)
    lamp = np.zeros((3, 180, 320), np.float32)
    lamp[:, 88:92, 158:162] = 30.0
    seen = optics.through(lamp)
    assert seen.sum() == pytest.approx(lamp.sum(), rel=0.01)
    assert seen[0, 88:92, 158:162] == pytest.approx(30 * 0.9, rel=0.05)
    y, x = np.mgrid[0:180, 0:320] + 0.5
    veil = seen[0] - 0.9 * lamp[0]
    assert np.average(x, weights=veil) == pytest.approx(160, abs=0.1) and np.average(y, weights=veil) == pytest.approx(
        90, abs=0.1
    )


def test_ghosts_of_a_lamp_lie_on_the_line_through_the_principal_point() -> None:
    lens = Lens(**CLEAN_LENS, flare=0.01, principal_point=(0.02, -0.02))
    optics = Optics.of(lens, 320, 180, np.random.default_rng(0))
    lamp = np.zeros((3, 180, 320), np.float32)
    lamp[:, 28:32, 238:242] = 50.0
    ghosts = (optics.through(lamp) - lamp)[1]
    centre = np.array([0.52 * 320, 0.48 * 180])
    away = np.array([240.0, 30.0]) - centre
    y, x = np.mgrid[0:180, 0:320] + 0.5
    for scale in (-0.55, 0.35):
        place = centre + scale * away
        near = np.hypot(x - place[0], y - place[1]) < 9
        found = np.array([np.average(x[near], weights=ghosts[near]), np.average(y[near], weights=ghosts[near])])
        assert found == pytest.approx(place, abs=1.5)
    line = np.abs((x - centre[0]) * away[1] - (y - centre[1]) * away[0]) / np.hypot(*away)
    assert ghosts[line > 45].max() < 0.02 * ghosts.max()


def test_dirt_and_drops_come_only_where_they_are_asked_for_and_repeat_with_their_stream() -> None:
    picture = np.ascontiguousarray(np.repeat(np.repeat(PICTURES[0], 1, 0), 1, 1).transpose(2, 0, 1))

    def seen(seed: int = 4, **changes: Any) -> Single:
        return Optics.of(Lens(**CLEAN_LENS, **changes), 640, 360, np.random.default_rng(seed)).through(picture)

    assert np.array_equal(seen(), picture), "a perfect lens changes something"
    drops = seen(drops=6)
    touched = (drops != picture).any(0)
    assert 0.001 < touched.mean() < 0.2, "six drops"
    assert np.array_equal(drops, seen(drops=6)) and not np.array_equal(drops, seen(5, drops=6))
    dirty = seen(dirt=0.6)
    contrast = dirty.std() / dirty.mean() / (picture.std() / picture.mean())
    assert 0.5 < contrast < 0.97, "dirt does not veil"


def test_lenses_that_no_picture_can_be_made_with_are_refused() -> None:
    with pytest.raises(ValueError, match="folds inside the picture"):
        Lens(kind="fisheye", field_of_view=2.6, polynomial=(-0.4, 0.0, 0.0, 0.0))
    with pytest.raises(ValueError, match=r"allowed: up to 2\.1"):
        Lens(kind="rectilinear", field_of_view=2.4)
    with pytest.raises(ValueError, match="only where kind is fisheye"):
        Lens(**CLEAN_LENS, polynomial=(0.1, 0.0, 0.0, 0.0))


@pytest.mark.parametrize(("name", "projection"), [
    ("chest_140", lambda theta: 2 * np.sin(theta / 2)),
    ("action_wide", lambda theta: 0.5 * theta + np.tan(theta / 2)),
    ("shoulder", lambda theta: theta),
])  # fmt: skip
def test_fisheye_polynomials_are_the_projections_that_profiles_say(name: str, projection: Any) -> None:
    lens = Device.model_validate_json(json.dumps(device_tree(name))).lens
    theta = np.linspace(0, 1.35, 50)
    assert lens.radius(theta) == pytest.approx(projection(theta), rel=4e-3, abs=1e-9)


# Flicker


@pytest.mark.parametrize("mains", [50, 60])
@pytest.mark.parametrize("readout", [0.02, 0.031])
def test_bands_are_as_many_rows_apart_as_mains_and_readout_say(mains: int, readout: float) -> None:
    """The lamp peaks 2 x mains times a second, and the readout passes H / readout rows a second."""
    height = 2048
    flicker = Flicker(2.0 * mains, 0.35, 1.0, 0.3, readout)
    rows = flicker.rows(1.0, 5e-5, height)
    period = height / (readout * 2 * mains)
    spectrum = np.abs(np.fft.rfft((rows - rows.mean()) * np.hanning(height), 16 * height))
    assert 16 * height / spectrum.argmax() == pytest.approx(period, rel=0.02)
    assert (rows.max() - rows.min()) / (rows.max() + rows.min()) == pytest.approx(0.35, abs=0.02)


@given(t=st.floats(0, 600), exposure=st.floats(1e-4, 0.033), depth=st.floats(0, 1), share=st.floats(0, 1))
@settings(max_examples=50, deadline=None)
def test_flicker_integrates_the_lamps_light_over_each_rows_exposure(
    t: float, exposure: float, depth: float, share: float
) -> None:
    flicker = Flicker(100.0, depth, share, 1.1, 0.025)
    rows = flicker.rows(t, exposure, 7)
    middle = t + ((np.arange(7) + 0.5) / 7 - 0.5) * 0.025
    u = (np.arange(4000) + 0.5) / 4000 - 0.5
    swing = np.abs(np.sin(np.pi * 100.0 * (middle[:, None] + u * exposure) + 0.55)).mean(1)
    low, high = 1 - depth, 1 + depth  # up to a factor
    light = low + (high - low) * swing
    wanted = 1 + share * (light / (low + (high - low) * 2 / np.pi) - 1)
    assert rows == pytest.approx(wanted, abs=2e-3)
    whole = flicker.rows(t, 0.02, 7)
    assert whole == pytest.approx(1, abs=1e-9), "two whole periods show bands"


def test_tubes_flicker_leds_hardly_and_daylight_not() -> None:
    def depth(fixture: str, time: str = "night", **more: Any) -> float:
        found = [
            Flicker.of(corridor_spec(environment__lights__fixture=fixture, environment__time=time, seed=seed, **more))
            for seed in range(30)
        ]
        return float(np.mean([f.depth * f.share for f in found]))

    assert depth("tube") > 4 * depth("panel") > 0
    assert depth("tube", "day") == pytest.approx(0.5 * depth("tube"))
    game = corridor_spec(device=device_tree("game_capture"), family="negative")
    assert Flicker.of(game).share == 0


def test_bands_are_in_the_developed_picture(height: int = 360) -> None:
    device = _device(lens=CLEAN_LENS, processing=PLAIN, noise={"full_well": 1e9, "read_noise": 0.0}, overlay=None,
                     shutter={"kind": "rolling", "readout": 0.03})  # fmt: skip
    lights = corridor_spec().environment.lights.model_copy(update={"mains": 50, "flicker": 0.4})
    spec = profile_spec(device)
    spec = spec.model_copy(
        update={"environment": spec.environment.model_copy(update={"lights": lights, "time": "night"})}
    )
    n = spec.n_frames
    exposures = Exposures(np.full(n, 0.001), np.ones(n), np.zeros(n))
    flat = np.full((height, 640, 3), 0.3, np.float32)
    developer = Developer.of(spec, Meter(np.zeros(1), flat[None, ::90, ::90]), exposures, build_timeline(spec))
    image = developer.develop(flat, flat[..., 0], 2)
    rows = image.astype(float).mean((1, 2)) - image.mean()
    assert np.ptp(image.astype(float).mean(-1), axis=1).max() <= 1, "not constant along rows"
    spectrum = np.abs(np.fft.rfft(rows * np.hanning(height), 16 * height))
    assert 16 * height / spectrum.argmax() == pytest.approx(height / 3, rel=0.05)  # 0.03 s x 100 Hz: three bands


# Noise


@pytest.mark.parametrize("gain", [1.0, 4.0, 16.0, 64.0])
@pytest.mark.parametrize("level", [0.02, 0.18, 0.7])
def test_noise_has_the_variance_of_so_many_photons_and_of_the_reading(level: float, gain: float) -> None:
    """Var = N + read^2 + (amplifier / gain)^2 electrons, in units of white; 200000 samples tell it to a per cent."""
    noise = SensorNoise(full_well=8000, read_noise=2.5, amplifier_noise=12.0)
    picture = exposed(np.full((2, 250, 400), level, np.float32), gain, noise, np.random.default_rng(2))
    electrons = level * 8000 / gain
    wanted = electrons + 2.5**2 + (12 / gain) ** 2
    cut = gain * 3.5 * np.sqrt(wanted) / 8000 > min(
        level + 64 / 1023, 1.25 - level
    )  # the raw values' ends cut some off
    assert picture.var() == pytest.approx(wanted * (gain / 8000) ** 2, rel=0.02 if not cut else 0.2)
    assert deviation(np.array(level), gain, noise) ** 2 == pytest.approx(wanted * (gain / 8000) ** 2, rel=1e-9)
    if not cut:
        assert picture.mean() == pytest.approx(level, abs=5 * np.sqrt(wanted / 2e5) * gain / 8000)


def test_noise_reaches_the_picture_through_the_tone_curve() -> None:
    processing = {**PLAIN, "contrast": 0.2}
    device = _device(
        lens=CLEAN_LENS, processing=processing, noise={"full_well": 5000.0, "read_noise": 3.0}, overlay=None
    )
    spec = profile_spec(device)
    for level, gain in ((0.1, 2.0), (0.3, 8.0)):
        image = developed(spec, np.full((360, 640, 3), level, np.float32), gain).astype(float)
        curve = tone_curve(level + np.array([-0.01, 0.01]), Processing.model_validate(processing), 0.0)
        slope = 255 * (curve[1] - curve[0]) / 0.02
        wanted = (slope * deviation(np.array(level), gain, SensorNoise(full_well=5000.0, read_noise=3.0))) ** 2 + 1 / 12
        assert image.var(axis=(0, 1)) == pytest.approx(np.full(3, wanted), rel=0.05)
        channels = np.corrcoef(image.reshape(-1, 3).T)
        assert np.abs(channels - np.eye(3)).max() < 0.02, "the channels share their noise"


def test_frames_differ_in_noise_and_repeat_in_any_order() -> None:
    spec = profile_spec(device_tree("shoulder"))
    flat = np.full((360, 640, 3), 0.2, np.float32)
    one, two, again = (developed(spec, flat, 8.0, k) for k in (0, 1, 0))
    assert np.array_equal(one, again) and not np.array_equal(one, two)


# Processing


@given(
    black=st.floats(0, 0.05),
    crush=st.floats(0, 0.05),
    knee=st.floats(0.3, 1),
    contrast=st.floats(0, 0.8),
    dim=st.floats(0, 1),
)
@settings(max_examples=80, deadline=None)
def test_brighter_is_never_darker_in_the_picture(
    black: float, crush: float, knee: float, contrast: float, dim: float
) -> None:
    processing = Processing(black_level=black, crush=crush, knee=knee, contrast=contrast)
    curve = tone_curve(np.concatenate([np.linspace(-0.1, 1, 3000), np.geomspace(1, 100, 500)]), processing, dim)
    assert np.all(np.diff(curve) >= -1e-9)
    assert curve[0] == 0 and 0.9 < curve[-1] < 1.001


def test_in_low_light_colour_fades_black_is_crushed_and_fine_texture_smears() -> None:
    device = _device(noise={"full_well": 1e9, "read_noise": 0.0}, lens=CLEAN_LENS, overlay=None)
    spec = profile_spec(device)
    coloured = np.full((360, 640, 3), (0.3, 0.15, 0.1), np.float32)
    day, night = (developed(spec, coloured, gain).astype(float)[180, 320] for gain in (1.0, 64.0))
    assert np.ptp(night) < 0.75 * np.ptp(day)
    assert night @ LUMINANCE == pytest.approx(day @ LUMINANCE, rel=0.1)
    dark = np.full((360, 640, 3), 0.006, np.float32)
    assert developed(spec, dark, 64.0).mean() < 0.5 * developed(spec, dark, 1.0).mean()
    # Texture as faint as the noise of the high gain is lost in it, an edge is not.
    noisy = profile_spec(_device(lens=CLEAN_LENS, overlay=None))
    y, x = np.mgrid[0:360, 0:640]
    texture = 0.2 + 0.01 * np.sin(2 * np.pi * x / 4) + 0.15 * (y > 180)
    picture = np.repeat(texture[..., None], 3, -1).astype(np.float32)

    def kept(gain: float) -> tuple[float, float]:
        mean = np.mean([developed(noisy, picture, gain, k).astype(float) @ LUMINANCE for k in range(4)], axis=0)
        wave = np.abs((mean[40:160] * np.exp(-2j * np.pi * x[40:160] / 4)).mean())
        edge = mean[186:190].mean() - mean[171:175].mean()
        return float(wave), float(edge)

    (fine_day, edge_day), (fine_night, edge_night) = kept(1.0), kept(64.0)
    assert fine_night < 0.75 * fine_day
    assert edge_night > 0.9 * edge_day


def test_sharpening_leaves_a_halo_beside_edges_and_nothing_on_flat_areas() -> None:
    device = _device(noise={"full_well": 1e9, "read_noise": 0.0}, lens=CLEAN_LENS, overlay=None)
    x = np.arange(640) + np.zeros((360, 1))
    picture = np.repeat(np.where(x < 320, 0.08, 0.4)[..., None], 3, -1).astype(np.float32)
    row = developed(profile_spec(device), picture, 1.0)[180].astype(float) @ LUMINANCE
    dark, light = row[300], row[340]
    assert row[280:360].max() - light > 4 and dark - row[280:360].min() > 2
    assert np.ptp(row[100:250]) < 1.5


# White balance


def _lit(colours: list[tuple[float, float, float]]) -> Meter:
    pictures = np.broadcast_to(np.array(colours, np.float32)[:, None, None], (len(colours), 4, 4, 3))
    return Meter(np.linspace(0, 12, len(colours)), pictures)


def test_white_balance_takes_most_of_a_lamps_colour_late_and_keeps_its_brightness() -> None:
    device = Device.model_validate_json(
        json.dumps(_device(processing__white_balance={"strength": 0.7, "lag": 1.5, "wander": 0.0}))
    )
    times = np.linspace(0, 12, 241)
    rng = np.random.default_rng(0)
    assert decide_white_balance(_lit([(0.4, 0.4, 0.4)] * 2), device, times, rng) == pytest.approx(1, abs=1e-5)
    tungsten = np.array([1.5, 1.0, 0.5])
    gains = decide_white_balance(Meter(np.array([0, 3.999, 4.0, 12.0]), np.array(
        [np.ones(3), np.ones(3), tungsten, tungsten], np.float32)[:, None, None]), device, times, rng)  # fmt: skip
    assert gains @ LUMINANCE == pytest.approx(1, abs=1e-5)
    ratio = np.log2(gains[:, 2] / gains[:, 0])
    moved = ratio / (0.7 * np.log2(3.0))
    at = [np.argmin(np.abs(times - t)) for t in (3.9, 5.5, 7.0, 12.0)]
    assert moved[at] == pytest.approx([0, 1 - np.exp(-1), 1 - np.exp(-2), 1], abs=0.04)


@given(wander=st.floats(0, 0.5), seed=st.integers(0, 10**6))
@settings(max_examples=50, deadline=None)
def test_white_balance_drifts_slowly_and_within_its_bound(wander: float, seed: int) -> None:
    times = np.arange(0, 60, 1 / 15)
    found = drift(times, wander, np.random.default_rng(seed))
    assert np.abs(found).max() <= wander + 1e-12 and not found[:, 1].any()
    assert np.abs(np.diff(found, axis=0)).max() <= wander * 2 * np.pi / 7.0 / 15 + 1e-12, "jumps"
    assert wander == 0 or np.ptp(found[:, 0]) > 0.2 * wander, "stands still"
