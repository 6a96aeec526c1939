"""What is drawn on the picture: clock and number of a device, instruments of a game, letterbox and focus of a film."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml
from numpy.typing import NDArray

from generator.cli import app, run
from generator.errors import UserError
from generator.frame import Exposures, Meter
from generator.motion.build import build_timeline
from generator.scenario.device import Device, letterbox
from generator.scenario.plan import load_sources, plan
from generator.scenario.profiles import device_tree
from generator.scenario.spec import ClipSpec
from generator.sensor.develop import Developer
from generator.sensor.figures import developed, profile_spec
from generator.sensor.look import Instruments, confusion_radius, out_of_focus
from generator.sensor.overlay import _FORMATS, BurntIn, glyph
from generator.sensor.video import decoded_frames
from tests.specs import corridor_spec

LAYOUTS = ["top_left", "top_right", "bottom_left", "bottom_right", "bottom_bar"]
CLOCKS = sorted(_FORMATS)


def _with_overlay(size: tuple[int, int] = (640, 360), seed: int = 0, **overlay: Any) -> ClipSpec:
    chosen = {"layout": "top_left", "clock": "iso", "device_id": True, "height": 0.045, "drift": 0.0, **overlay}
    return profile_spec({**device_tree("bodycam_wide"), "overlay": chosen}, size, seed)


def _frames(spec: ClipSpec, indices: list[int], level: float = 0.1) -> list[NDArray[np.uint8]]:
    width, height = spec.clip.size
    flat = np.full((height, width, 3), level, np.float32)
    n = spec.n_frames
    exposures = Exposures(np.full(n, 0.01), np.ones(n), np.zeros(n))
    developer = Developer.of(spec, Meter(np.zeros(1), flat[None, ::40, ::40]), exposures, build_timeline(spec))
    return [developer.develop(flat, flat[..., 0], k) for k in indices]


def _read(image: NDArray[np.uint8], burnt_in: BurntIn, t: float) -> str:
    """The first line as the picture shows it: at each character's place the digit whose glyph fits best."""
    grey = image.astype(float).mean(-1) / 255
    first = burnt_in.placed(t)[: len(burnt_in.lines(t)[0])]
    read = ""
    for placed in first:
        if not placed.char.isdigit():
            read += placed.char
            continue
        errors = {}
        for digit in "0123456789":
            mask = glyph(digit, burnt_in.size)
            seen = grey[placed.y - 1 : placed.y - 1 + mask.shape[0], placed.x - 1 : placed.x - 1 + mask.shape[1]]
            errors[digit] = np.mean((seen - mask[: seen.shape[0], : seen.shape[1]]) ** 2)
        read += min(errors, key=errors.get)
    return read


# Overlay


@pytest.mark.parametrize(("layout", "clock"), list(zip(LAYOUTS, CLOCKS, strict=True)))
def test_the_clock_in_the_picture_reads_the_time_of_the_frame(layout: str, clock: str) -> None:
    spec = _with_overlay(layout=layout, clock=clock, height=0.06).model_copy(
        update={"clip": corridor_spec().clip.model_copy(update={"duration": 130.0, "fps": 10.0, "size": (640, 360)})}
    )
    burnt_in = BurntIn.of(spec)
    assert burnt_in is not None
    for index, image in zip((0, 7, 1234), _frames(spec, [0, 7, 1234]), strict=True):
        t = (index + 0.5) / 10
        shown = datetime.strptime(_read(image, burnt_in, t), _FORMATS[clock])
        assert shown == (burnt_in.start + timedelta(seconds=t)).replace(microsecond=0)


def test_a_clock_that_gains_shows_it() -> None:
    spec = _with_overlay(drift=30.0)
    burnt_in = BurntIn.of(spec)
    assert burnt_in is not None and burnt_in.off_s > 0
    begin, end = (datetime.strptime(burnt_in.lines(t)[0], _FORMATS["iso"]) for t in (0.0, 3600.0))
    assert (end - begin).total_seconds() == pytest.approx(3630, abs=1)


def test_everything_burnt_in_stays_inside_the_picture_and_apart_from_it_nothing_changes() -> None:
    for layout in LAYOUTS:
        for size in ((320, 180), (960, 540)):
            spec = _with_overlay(size, layout=layout)
            burnt_in = BurntIn.of(spec)
            assert burnt_in is not None
            placed = burnt_in.placed(0.02)
            assert len({(p.x, p.y) for p in placed}) == len(placed)
            assert all(0 <= p.x < size[0] - 2 and 0 <= p.y <= size[1] - burnt_in.size for p in placed)
            (image,) = _frames(spec, [0])
            without = spec.model_copy(update={"device": spec.device.model_copy(update={"overlay": None})})
            (bare,) = _frames(without, [0])
            changed = (image != bare).any(-1)
            rows = np.zeros(size[1], bool)
            for p in placed:
                rows[max(p.y - 3, 0) : p.y + burnt_in.size + 4] = True
            assert changed.any() and not changed[~rows].any()


def test_dates_and_numbers_are_drawn_from_the_clips_own_stream_and_suit_the_hour() -> None:
    found = [BurntIn.of(_with_overlay(seed=seed)) for seed in range(40)]
    again = BurntIn.of(_with_overlay(seed=0))
    assert found[0] == again
    assert len({b.start for b in found}) == 40 and len({b.device_id for b in found}) > 35
    assert all(8 <= b.start.hour < 17 for b in found), "by day"
    spec = _with_overlay()
    night = spec.model_copy(update={"environment": spec.environment.model_copy(update={"time": "night"})})
    hour = BurntIn.of(night).start.hour
    assert hour >= 21 or hour < 5


# Looks


def _scene(tmp_path: Path, **tree: Any) -> Path:
    base = {
        "schema": 1, "name": "probe", "family": "negative", "environment": {"kind": "shoothouse_corridor"},
        "camera": {"path": {"kind": "static"}, "device": "game_capture"},
        "weapon": {"kind": "phone", "behaviour": [{"do": "low_ready", "for": 0.5}]},
        "clip": {"duration": 2.0, "fps": 24, "size": [160, 90]},
    }  # fmt: skip
    file = tmp_path / "scene.yaml"
    file.write_text(yaml.safe_dump({**base, **tree}))
    return file


@pytest.mark.parametrize("device", ["game_capture", "film_camera"])
def test_games_and_films_are_only_for_negatives(device: str, tmp_path: Path) -> None:
    camera = {"path": {"kind": "static"}, "device": device}
    (clip,) = plan(load_sources([_scene(tmp_path, camera=camera)]), 0)
    assert clip.spec.device.name == device
    for family in ("range_drill", "patrol", "hostage", "attack_response"):
        with pytest.raises(UserError, match=rf"camera\.device {device} .*allowed: only in family negative"):
            load_sources([_scene(tmp_path, camera=camera, family=family)])


def test_films_have_24_frames_a_second(tmp_path: Path) -> None:
    camera = {"path": {"kind": "static"}, "device": "film_camera"}
    with pytest.raises(UserError, match=r"clip\.fps 15 .*allowed: 24"):
        load_sources([_scene(tmp_path, camera=camera, clip={"duration": 2.0, "fps": 15, "size": [160, 90]})])


def test_a_games_rounds_go_down_with_each_shot_and_up_with_a_reload() -> None:
    behaviour = [
        {"do": "low_ready", "for": 0.3}, {"do": "aim", "at": "ahead", "for": 0.3, "raise_time": 0.3},
        {"do": "fire", "shots": 3, "interval": 0.25, "pause": 0.7}, {"do": "reload", "for": 2.0},
        {"do": "fire", "shots": 2, "interval": 0.25, "pause": 0.7}, {"do": "lower", "for": 0.4},
    ]  # fmt: skip
    spec = corridor_spec(
        family="negative", device=device_tree("game_capture"), weapon__behaviour=behaviour, clip__duration=9.0,
        clip__size=[640, 360],
    )  # fmt: skip
    timeline = build_timeline(spec)
    look = spec.device.look
    assert look is not None and look.kind == "game"
    shown = Instruments.of(look, timeline, spec.stream("sensor/look"))
    shots = [event.start for event in timeline.events if event.type == "discharge"]
    assert len(shots) == 5
    (end,) = (state.end for state in timeline.states if state.state == "reloading")
    full = look.magazine
    assert [shown.rounds(t) for t in (0.0, shots[0] + 0.01, shots[2] + 0.01)] == [full, full - 1, full - 3]
    assert shown.rounds(end - 0.01) == full - 3 and shown.rounds(end + 0.01) == full
    assert shown.rounds(8.9) == full - 2
    blank = np.zeros((360, 640, 3), np.float32)
    pictures = []
    for t in (0.0, shots[0] + 0.01, shots[0] + 0.02):
        picture = blank.copy()
        shown.draw(picture, t)
        pictures.append(picture)
    changed = (pictures[0] != pictures[1]).any(-1)
    assert changed[300:, 320:].any() and not changed[:300].any() and not changed[:, :320].any()
    assert np.array_equal(pictures[1], pictures[2])


def test_the_letterbox_leaves_a_picture_of_the_films_aspect() -> None:
    tree = device_tree("film_camera")
    for aspect in (2.39, 1.85):
        device = Device.model_validate({**tree, "look": {**tree["look"], "aspect": aspect}}, strict=False)
        bars = letterbox(device, 1280, 720)
        rows = ~bars.all(1)
        assert 1280 / rows.sum() == pytest.approx(aspect, rel=0.004)
        assert np.array_equal(bars, bars[::-1]) and np.array_equal(bars.any(1), bars.all(1))
    assert not letterbox(corridor_spec().device, 1280, 720).any()
    picture = np.full((360, 640, 3), 0.5, np.float32)
    image = developed(profile_spec(tree), picture, 1.0)
    bars = letterbox(Device.model_validate(tree, strict=False), 640, 360)
    assert not image[bars].any() and image[~bars].min() > 60


def test_blur_grows_away_from_the_focus_as_a_thin_lens_says() -> None:
    tree = device_tree("film_camera")
    tree = {**tree, "look": {**tree["look"], "focus": 1.5, "f_number": 1.4}}
    device = Device.model_validate(tree, strict=False)
    look, lens = device.look, device.lens
    assert look is not None and look.kind == "film"
    focal = 0.018 / np.tan(lens.field_of_view / 2)
    for depth in (0.5, 1.5, 4.0, np.inf):
        # Image distances of depth and focus; the cone from the aperture is cut at the sensor.
        sensor, image = (1 / (1 / focal - 1 / d) for d in (1.5, depth))
        cone = focal / 1.4 * abs(sensor - image) / image
        assert confusion_radius(np.array(depth), look, lens) == pytest.approx(0.5 * cone / 0.036, rel=1e-6, abs=1e-12)
    points = np.zeros((3, 180, 320), np.float32)
    points[:, 90, [80, 240]] = 100.0
    depth = np.full((180, 320), 1.5, np.float32)
    depth[:, 160:] = np.inf
    seen = out_of_focus(points, depth, look, lens)
    assert np.array_equal(seen[:, :, :160], points[:, :, :160])
    spot = seen[0, :, 160:]
    assert spot.sum() == pytest.approx(100, rel=0.02)
    x = np.arange(160) + np.zeros((180, 1))
    spread = np.sqrt(np.average((x - 80) ** 2, weights=spot))
    assert spread == pytest.approx(0.5 * 320 * float(confusion_radius(np.array(np.inf), look, lens)), rel=0.25)


# Labels


def _rendered(out: Path, scene: Path, *settings: str) -> Path:
    """The directory of a scene's only clip, rendered without Blender."""
    arguments = [
        "render",
        str(scene),
        "--out",
        str(out),
        "--in-process",
        "--renderer",
        "tests.analytic:AnalyticRenderer",
    ]
    for setting in settings:
        arguments += ["--set", setting]
    assert run(lambda: app.main(args=arguments, standalone_mode=False)) == 0
    (clip,) = (out / "clips").iterdir()
    return clip


def test_what_is_drawn_on_the_picture_is_never_in_the_labels(tmp_path: Path) -> None:
    camera = {"path": {"kind": "static"}, "mount": "chest", "device": "shoulder"}
    scene = _scene(tmp_path, camera=camera, family="range_drill", clip={"duration": 0.5, "fps": 10, "size": [320, 180]})
    written = _rendered(tmp_path / "with", scene, "device.overlay.layout=bottom_bar")
    bare = _rendered(tmp_path / "without", scene, "device.overlay=null")
    for name in ("objects.parquet", "frames.parquet"):
        assert pq.read_table(written / name).equals(pq.read_table(bare / name))
    with h5py.File(written / "labels.h5") as one, h5py.File(bare / "labels.h5") as other:
        assert set(one) == set(other)
        for name in one:
            assert np.array_equal(one[name][:], other[name][:], equal_nan=name != "instance"), name
    pictures = [next(iter(decoded_frames(clip / "video.mp4"))).astype(int) for clip in (written, bare)]
    assert np.abs(pictures[0] - pictures[1])[160:].max() > 80, "nothing is written"
    told = [json.loads((clip / "clip.json").read_text())["overlay"] for clip in (written, bare)]
    assert told[1] is None
    assert told[0]["first"][0][:2].isdigit() and datetime.fromisoformat(told[0]["start"]).year >= 2016
