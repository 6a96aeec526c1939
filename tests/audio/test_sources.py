"""Every source sounds like what it is, and only shots are as loud as shots."""

from collections.abc import Callable

import numpy as np
import pytest

from generator.audio import manipulations, shots, tools
from generator.audio.body import FLOORS, footstep, gear_rattle
from generator.audio.casings import casing_sounds
from generator.audio.cues import support_sounds
from generator.audio.elements import noise, struck
from generator.motion.build import build_timeline
from tests.specs import corridor_spec

RATES = (16000, 48000)
HANDLING: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "dry_click": manipulations.dry_click,
    "magazine_out": manipulations.magazine_out,
    "magazine_in": manipulations.magazine_in,
    "shell_in": manipulations.shell_in,
    "tap": manipulations.tap,
    "rack_back": lambda rng, rate: manipulations.rack_back(rng, rate, 0.14),
    "rack_home": manipulations.rack_home,
    "snap": manipulations.holster_snap,
    "scrape": lambda rng, rate: manipulations.holster_scrape(rng, rate, 0.2),
    "sling": manipulations.sling_rattle,
    "pump_back": lambda rng, rate: shots.pump_back(rng, rate, 0.14),
    "pump_forward": lambda rng, rate: shots.pump_forward(rng, rate, 0.16),
    "action": lambda rng, rate: shots.action(rng, rate, "training_carbine"),
    "taser": tools.taser_pop,
    "crackle": lambda rng, rate: tools.crackle(rng, rate, 1.0),
    "squirt": tools.squirt,
    "paintball": tools.paintball_thump,
    "toy": tools.toy_pop,
    "drill": lambda rng, rate: tools.drill_motor(rng, rate, 1.2),
    "squelch": tools.squelch,
    "shutter": tools.shutter,
    "step": lambda rng, rate: footstep(rng, rate, "concrete"),
    "gear": gear_rattle,
}


def _rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def _centroid(x: np.ndarray, rate: int) -> float:
    power = np.abs(np.fft.rfft(x)) ** 2
    return float(np.sum(np.fft.rfftfreq(len(x), 1 / rate) * power) / power.sum())


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("name", HANDLING)
def test_a_source_is_heard_but_is_no_shot_and_repeats(name: str, rate: int) -> None:
    for seed in range(6):
        x = HANDLING[name](_rng(seed), rate)
        assert np.all(np.isfinite(x))
        assert 0.002 < np.abs(x).max() < 0.22
        assert np.array_equal(x, HANDLING[name](_rng(seed), rate))
    assert not np.array_equal(x, HANDLING[name](_rng(99), rate))


def test_noise_is_as_loud_at_every_rate_and_a_blow_peaks_at_1() -> None:
    for rate in (16000, 32000, 44100, 48000):
        assert noise(_rng(), rate, 4.0, 300, 2000).std() == pytest.approx(1, rel=0.1)
        assert noise(_rng(), rate, 4.0, 500, 2900, order=3).std() == pytest.approx(1, rel=0.1)
        assert np.abs(struck(_rng(), rate, 900, 5000, 0.01)).max() == pytest.approx(1)


def test_classes_of_firearms_differ_in_brightness_and_energy() -> None:
    kinds = ("training_pistol", "training_carbine", "training_smg", "training_shotgun")  # brightest first
    bright, energy = {}, {}
    for kind in kinds:
        sounds = [shots.blast(_rng(seed), 48000, kind) for seed in range(12)]
        assert all(1.0 < np.abs(x).max() < 5.0 for x in sounds), "a shot overloads the microphone"
        bright[kind] = np.mean([_centroid(x, 48000) for x in sounds])
        energy[kind] = np.mean([np.sum(x**2) for x in sounds])
    assert sorted(kinds, key=lambda kind: -bright[kind]) == list(kinds)
    assert energy["training_shotgun"] > 1.5 * energy["training_carbine"] > 1.5 * energy["training_pistol"]
    assert energy["training_smg"] < energy["training_carbine"]


def test_a_taser_ticks_nineteen_times_a_second() -> None:
    x = tools.crackle(_rng(), 48000, tools.TASER_SECONDS)
    loud = np.abs(x[: 5 * 48000]).reshape(-1, 48).max(1) > 0.02
    ticks = int(np.sum(np.diff(np.concatenate([[False], loud]).astype(int)) > 0))
    assert ticks == pytest.approx(95, abs=3)


def test_a_drill_runs_up_and_runs_out() -> None:
    x = tools.drill_motor(_rng(3), 48000, 1.5)

    def pitch(start: float) -> float:
        part = x[int(start * 48000) : int((start + 0.06) * 48000)]
        low = np.abs(np.fft.rfft(part * np.hanning(len(part)), 16384))[: int(900 / 48000 * 16384)]
        return float(np.argmax(low)) * 48000 / 16384

    assert pitch(0.02) < 0.8 * pitch(0.6)
    assert pitch(1.64) < 0.8 * pitch(1.2)
    assert np.abs(x[-1000:]).max() < 0.02 < np.abs(x[int(0.7 * 48000) :][:4800]).max()


def test_brass_rings_on_concrete_and_thuds_on_rubber() -> None:
    landings = [(1.0, 4.5), (1.2, 2.7), (1.32, 1.6)]
    by_floor = {floor: casing_sounds(landings, floor, _rng(1), 48000) for floor in FLOORS}
    for sounds in by_floor.values():
        assert [at for at, _ in sounds] == [1.0, 1.2, 1.32]
        peaks = [np.abs(x).max() for _, x in sounds]
        assert peaks[0] > peaks[-1] and peaks[0] < 0.08
    bright = {floor: _centroid(sounds[0][1], 48000) for floor, sounds in by_floor.items()}
    assert bright["concrete"] > 3000 > bright["rubber"]
    lasting = {floor: float(np.sum(sounds[0][1] ** 2)) for floor, sounds in by_floor.items()}
    assert lasting["concrete"] > lasting["vinyl"] > lasting["rubber"]
    hull = casing_sounds(landings, "concrete", _rng(1), 48000, hull=True)
    assert _centroid(hull[0][1], 48000) < 0.7 * bright["concrete"]
    assert casing_sounds([], "concrete", _rng(), 48000) == []


def test_what_the_support_hand_does_is_heard_when_it_is_seen() -> None:
    behaviour = [{"do": "low_ready", "for": 0.3}, {"do": "reload", "for": 2.0}, {"do": "clear", "for": 1.6}]
    spec = corridor_spec(weapon__kind="training_pistol", weapon__behaviour=behaviour, clip__duration=4.5)
    timeline = build_timeline(spec)
    (reload,), (clear,) = timeline.handling.things[0].reloads, timeline.handling.things[0].clears
    heard = support_sounds(timeline.handling.things[0], reload)
    names = [name for _, name in heard]
    assert sorted(names) == sorted({"magazine_out", "magazine_in", "tap", "rack_back", "rack_home"})
    assert names[0] == "magazine_out" and names[-2:] == ["rack_back", "rack_home"]
    for at, name in heard:
        before, after = timeline.at(at - 0.004), timeline.at(at + 0.002)
        if name == "magazine_out":
            assert (before.magazine, after.magazine) == ("seated", "pouch")
        elif name == "magazine_in":
            assert (before.magazine, after.magazine) == ("hand", "seated")
        elif name == "rack_home":
            assert before.rack > after.rack
    names = [name for _, name in support_sounds(timeline.handling.things[0], clear)]
    assert names == ["tap", "rack_back", "rack_home"]
