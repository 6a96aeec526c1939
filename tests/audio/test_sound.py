"""Shots are heard when they are fired and never otherwise; sound is a matter of the timeline alone."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.audio.onsets import onsets
from generator.audio.soundtrack import SoundTrack, soundtrack
from generator.motion.build import build_timeline
from generator.scenario.spec import ClipSpec
from generator.scenario.things import THINGS
from generator.sensor.video import VideoWriter, read_audio
from tests.specs import corridor_spec

BEHAVIOUR = [
    {"do": "low_ready", "for": 0.3},
    {"do": "aim", "at": "ahead", "for": 0.2, "raise_time": 0.3},
    {"do": "fire", "shots": 4, "interval": 0.18, "pause": 0.7},
    {"do": "reload", "for": 1.8},
    {"do": "fire", "shots": 2, "interval": 0.5, "pause": 0.7},
]
CLIP: dict[str, Any] = {"weapon__behaviour": BEHAVIOUR, "clip__duration": 6.0}


def _sound(spec: ClipSpec) -> SoundTrack:
    return soundtrack(spec, build_timeline(spec))


def _recorded(spec: ClipSpec, path: Path) -> tuple[np.ndarray, int]:
    """The sound as it comes out of the MP4."""
    sound = _sound(spec)
    with VideoWriter(path, 32, 32, 10.0, spec.device.encoder) as video:
        video.add_sound(sound.samples)
        for _ in range(spec.n_frames):
            video.add(np.zeros((32, 32, 3), np.uint8))
    return read_audio(path)


def _shots(spec: ClipSpec) -> list[float]:
    return [event.start for event in build_timeline(spec).events if event.type == "discharge"]


@pytest.mark.parametrize("kind", ["training_carbine", "training_pistol"])
@pytest.mark.parametrize("rate", [48000, 16000])
def test_every_shot_and_nothing_else_is_heard_within_10_ms(kind: str, rate: int, tmp_path: Path) -> None:
    """Rooms dry and live. At low rates AAC smears a shot over the milliseconds before it (pre-echo)."""
    for seed in range(12):
        spec = corridor_spec(
            **CLIP, weapon__kind=kind, camera__mount=("chest", "helmet")[seed % 2], seed=seed,
            environment__clutter=(seed % 5) / 4, environment__length=9.0 + 1.5 * seed,
            environment__wall=("plywood", "painted_board", "concrete_block", "plaster")[seed % 4],
            device__encoder__audio_rate=rate,
        )  # fmt: skip
        shots = _shots(spec)
        assert len(shots) == 6
        samples, found_rate = _recorded(spec, tmp_path / "clip.mp4")
        assert found_rate == rate
        heard = onsets(samples, rate)
        off = [min(abs(at - shot) for at in heard) for shot in shots]
        assert max(off) < 0.010, f"seed {seed}: no onset within {max(off):.3f} s of a shot"
        assert len(heard) == len(shots), f"seed {seed}: heard {heard}, fired {shots}"
        for shot in shots:  # and without the detector: much louder just after than just before
            before, after = (
                samples[round((shot + a) * rate) : round((shot + b) * rate)] for a, b in ((-0.04, -0.02), (0, 0.01))
            )
            assert np.abs(after).max() > max(0.35, 2 * np.abs(before).max())


@pytest.mark.parametrize("kind", ["phone", "torch"])
def test_a_clip_without_a_firearm_has_no_shot(kind: str, tmp_path: Path) -> None:
    for seed in range(3):
        spec = corridor_spec(**CLIP, weapon__kind=kind, seed=seed, camera__path={"kind": "advance", "speed": 2.2})
        samples, rate = _recorded(spec, tmp_path / "clip.mp4")
        assert onsets(samples, rate) == []
        assert 0.005 < np.abs(samples).max() < 0.2, "silence, or as loud as a shot"


@settings(max_examples=32, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(sorted(THINGS)), seed=st.integers(0, 10**6), interval=st.floats(0.12, 1.0), dry=st.booleans(),
    rate=st.sampled_from([16000, 48000]), kbps=st.sampled_from([64, 96]), length=st.floats(6, 24), width=st.floats(1.4, 3.5),
    wall=st.sampled_from(["plywood", "painted_board", "concrete_block", "plaster"]),
    floor=st.sampled_from(["concrete", "rubber", "vinyl"]),
)  # fmt: skip
def test_whatever_is_held_shots_are_heard_and_nothing_else_and_nothing_overflows(
    tmp_path: Path, kind: str, seed: int, interval: float, dry: bool, rate: int, kbps: int, length: float, width: float,
    wall: str, floor: str,
) -> None:  # fmt: skip
    """Clicks, racks, pumps, tasers, drills and toys are no shots; what is decoded stays within 5 % of full scale."""
    behaviour = [
        {"do": "aim", "at": "ahead", "for": 0.1, "raise_time": 0.3},
        {"do": "fire", "shots": 4, "interval": interval, "pause": 0.7, "dry": dry},
        {"do": "reload", "for": 1.0}, {"do": "clear", "for": 0.9}, {"do": "lower", "for": 0.3}, {"do": "holster", "for": 0.6},
    ]  # fmt: skip
    spec = corridor_spec(
        weapon__kind=kind, weapon__behaviour=behaviour, seed=seed, clip__duration=8.0, device__encoder__audio_rate=rate,
        device__encoder__audio_kbps=kbps, environment__length=length, environment__width=width, environment__wall=wall,
        environment__floor=floor,
    )  # fmt: skip
    samples, _ = _recorded(spec, tmp_path / "clip.mp4")
    shots, heard = _shots(spec), onsets(samples, rate)
    assert np.abs(samples).max() <= 1.05
    assert len(heard) == len(shots), f"heard {heard}, fired {shots}"
    assert all(abs(at - shot) < 0.010 for at, shot in zip(heard, shots, strict=True))


def test_sound_depends_on_the_timeline_and_not_on_what_is_seen() -> None:
    spec = corridor_spec(**CLIP)
    sound = _sound(spec).samples
    assert _sound(corridor_spec(**CLIP)).samples.tobytes() == sound.tobytes()
    unseen = {
        "clip__size": [640, 360], "environment__time": "night", "environment__lights__lumens": 900.0, "environment__wear": 0.1,
        "wearer__dress__colour": "olive", "people__0__dress__top": "fleece", "weapon__finish": "orange",
        "device__lens__field_of_view": 1.2, "device__exposure__target": 0.3,
    }  # fmt: skip
    assert _sound(corridor_spec(**CLIP, **unseen)).samples.tobytes() == sound.tobytes()
    assert _sound(corridor_spec(**CLIP, variant=1)).samples.tobytes() != sound.tobytes()


def test_a_twin_sounds_as_its_original_until_the_first_shot() -> None:
    spec, twin = (corridor_spec(**CLIP, weapon__kind=kind) for kind in ("training_pistol", "phone"))
    one, other = _sound(spec), _sound(twin)
    first = int(_shots(spec)[0] * one.rate)
    assert one.samples[:first].tobytes() == other.samples[:first].tobytes()
    assert np.abs(one.samples[first : first + one.rate // 10]).max() > 0.35


@pytest.mark.parametrize("kind", ["training_shotgun", "taser", "drill", "toy_blaster", "umbrella", "empty_hands"])
def test_every_twin_sounds_the_same_until_a_trigger_is_pulled(kind: str) -> None:
    pistol, phone, twin = (corridor_spec(**CLIP, weapon__kind=k) for k in ("training_pistol", "phone", kind))
    first = int(_shots(pistol)[0] * pistol.device.encoder.audio_rate)
    one, other = _sound(twin).samples, _sound(phone).samples
    assert one[:first].tobytes() == other[:first].tobytes()
    assert (one.tobytes() == other.tobytes()) == (kind in {"umbrella", "empty_hands"})


@pytest.mark.parametrize("rate", [16000, 44100])
def test_a_sound_track_is_as_long_as_the_clip_and_relied_on_throughout(rate: int) -> None:
    spec = corridor_spec(**CLIP, device__encoder__audio_rate=rate)
    sound = _sound(spec)
    assert (sound.rate, len(sound.samples), sound.samples.dtype) == (rate, 6 * rate, np.float32)
    assert np.abs(sound.samples).max() < 1
    assert list(sound.ranges) == [{"start": 0.0, "end": 6.0, "state": "ok"}]


def test_heels_are_heard_where_they_strike() -> None:
    """A walker is louder within 150 ms after a heel strike than before the next."""
    spec = corridor_spec(weapon__kind="phone", camera__path={"kind": "advance", "speed": 0.8}, clip__duration=6.0)
    timeline = build_timeline(spec)
    sound = _sound(spec)
    steps = [step for step in timeline.steps if 1 < step < 5]
    assert len(steps) > 4

    def level(start: float, end: float) -> float:
        part = sound.samples[round(start * sound.rate) : round(end * sound.rate)]
        return float(np.sqrt(np.mean(part**2)))

    louder = [level(step, step + 0.1) > 1.2 * level(step - 0.12, step - 0.01) for step in steps]
    assert all(louder)
