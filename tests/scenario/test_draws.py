"""Draws are a function of seed, scenario, variant and path; twins differ in what they say; grids multiply."""

from pathlib import Path
from typing import Any

import numpy as np
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import streams
from generator.scenario.distributions import draw
from generator.scenario.plan import load_sources, plan

BASE: dict[str, Any] = {
    "schema": 1,
    "name": "probe",
    "family": "range_drill",
    "environment": {"kind": "shoothouse_corridor", "time": {"choice": {"day": 1, "night": 1}}},
    "people": [{"id": "anna", "role": "role_player"}, {"id": "bert", "role": "role_player"}],
    "camera": {"path": {"kind": "advance", "speed": {"uniform": [0.5, 1.5]}}},
    "weapon": {
        "kind": {"choice": ["training_pistol", "training_carbine"]},
        "behaviour": [{"do": "low_ready", "for": {"uniform": [0.2, 0.5]}}, {"do": "aim", "for": 0.5}],
    },
    "clip": {"duration": 3.0, "fps": 10, "size": [160, 90]},
}

EXTRAS: list[tuple[str, Any]] = [
    ("environment.wear", 0.5),
    ("environment.length", {"uniform": [8, 30]}),
    ("environment.lights", {"lumens": 1000}),
    ("camera.mount", "helmet"),
    ("camera.look_around", 0.1),
    ("weapon.finish", {"choice": ["blue"]}),
    ("wearer", {"body": {"age": 40}}),
    ("wearer", {"dress": {"gloves": "full"}}),
]


def _clips(tree: dict[str, Any], tmp: Path, seed: int = 3) -> list[Any]:
    file = tmp / "scene.yaml"
    file.write_text(yaml.safe_dump(tree, sort_keys=False))
    return list(plan(load_sources([file]), seed))


def _leaves(tree: Any, path: str = "") -> dict[str, Any]:
    if isinstance(tree, dict):
        return {k: v for key, value in tree.items() for k, v in _leaves(value, f"{path}.{key}").items()}
    if isinstance(tree, list):
        return {k: v for i, value in enumerate(tree) for k, v in _leaves(value, f"{path}.{i}").items()}
    return {path[1:]: tree}


def _values(clip: Any) -> dict[str, Any]:
    return _leaves(clip.spec.model_dump(mode="json", by_alias=True))


def _with(tree: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    head, _, rest = path.partition(".")
    inner = _with(tree.get(head, {}), rest, value) if rest else value
    return {**tree, head: inner}


@given(extras=st.lists(st.sampled_from(EXTRAS), max_size=4), seed=st.integers(0, 2**40), backwards=st.booleans())
@settings(max_examples=25, deadline=None)
def test_adding_or_reordering_keys_changes_no_other_draw(tmp_path_factory, extras, seed, backwards):
    tmp = tmp_path_factory.mktemp("draws")
    before = _values(_clips(BASE, tmp, seed)[0])
    tree = dict(BASE)
    for path, value in extras:
        tree = _with(tree, path, value)
    if backwards:
        tree = dict(reversed(tree.items()))
    after = _values(_clips(tree, tmp, seed)[0])
    changed = {path for path in before if before[path] != after[path]}
    allowed = tuple(path for path, _ in extras)
    assert all(path.startswith(allowed) for path in changed)


@given(
    override=st.sampled_from(
        [{"weapon.kind": "phone"}, {"environment.time": "night", "environment.wear": 0.9}, {"people.bert.across": 0.5}]
    ),
    seed=st.integers(0, 1000),
)
@settings(max_examples=15, deadline=None)
def test_a_twin_differs_in_exactly_what_it_says(tmp_path_factory, override, seed):
    clips = _clips({**BASE, "twins": [override]}, tmp_path_factory.mktemp("twins"), seed)
    first, twin = clips[0], clips[-1]
    assert twin is first or twin.twin_of == first.clip_id
    one, other = _values(first), _values(twin)
    differing = {path for path in one if one[path] != other[path]}
    named = {path.replace("people.bert", "people.1") for path in override}
    assert differing == {path for path in named if one[path] != override[path.replace("people.1", "people.bert")]}


def test_items_with_ids_keep_their_draws_when_reordered(tmp_path):
    one = _clips(BASE, tmp_path)[0].spec.people
    other = _clips({**BASE, "people": BASE["people"][::-1]}, tmp_path)[0].spec.people
    assert one == other[::-1]


def test_grids_are_full_factorial_and_variants_repeat_each_cell(tmp_path):
    tree = _with(_with(BASE, "clip.fps", {"grid": [10, 15]}), "camera.mount", {"grid": ["chest", "helmet"]})
    clips = _clips({**tree, "variants": 2}, tmp_path)
    cells = [(c.spec.camera.mount, c.spec.clip.fps) for c in clips]
    assert cells == [("chest", 10.0), ("chest", 15.0), ("helmet", 10.0), ("helmet", 15.0)] * 2


def test_ids_do_not_depend_on_order_and_differ_between_variants(tmp_path):
    clips = _clips({**BASE, "variants": 20}, tmp_path)
    assert len({c.clip_id for c in clips}) == 20
    fewer = _clips({**BASE, "variants": 5}, tmp_path)
    assert [c.clip_id for c in fewer] == [c.clip_id for c in clips[:5]]


def test_seed_zero_is_a_seed():
    draws = [streams.stream(0, "s", 0, "p").uniform() for _ in range(2)]
    assert draws[0] == draws[1] != streams.stream(1, "s", 0, "p").uniform()


def test_a_clipped_normal_is_redrawn_not_clamped():
    values = [draw({"normal": [0, 1], "clip": [-0.5, 0.5]}, np.random.default_rng(k)) for k in range(400)]
    assert max(map(abs, values)) < 0.5
    assert np.std(values) < 0.3


def test_choice_weights_are_frequencies():
    values = [draw({"choice": {"a": 3, "b": 1, "c": 0}}, np.random.default_rng(k)) for k in range(800)]
    assert 0.7 < values.count("a") / 800 < 0.8
    assert "c" not in values


def test_a_scenario_changes_values_of_its_device_and_no_other(tmp_path):
    before = _clips({**BASE, "camera": {**BASE["camera"], "device": "shoulder"}}, tmp_path)[0]
    said = {
        "exposure": {"lag": {"uniform": [0.1, 0.2]}},
        "lens": {"dirt": 0.0, "principal_point": [0.0, {"uniform": [0.0, 0.01]}]},
    }
    after = _clips({**BASE, "camera": {**BASE["camera"], "device": "shoulder"}, "device": said}, tmp_path)[0]
    one, other = _values(before), _values(after)
    changed = {path for path in one if one[path] != other[path]}
    assert changed == {
        "device.exposure.lag",
        "device.lens.dirt",
        "device.lens.principal_point.0",
        "device.lens.principal_point.1",
    }
    assert 0.1 <= after.spec.device.exposure.lag <= 0.2 and after.spec.device.lens.principal_point[0] == 0
    drawn = {draw.path: draw.from_scenario for draw in after.draws if draw.path.startswith("device.")}
    assert drawn["device.exposure.lag"] and drawn["device.lens.principal_point.1"]
    assert not drawn["device.shutter.readout"], "the profile's draw counts as the scenario's own"
    assert "device.lens.dirt" not in drawn


def test_devices_can_be_drawn_set_in_a_grid_and_changed_in_a_twin(tmp_path):
    camera = {**BASE["camera"], "device": {"choice": ["phone", "shoulder", "chest_140"]}}
    clips = _clips({**BASE, "camera": camera, "variants": 12}, tmp_path)
    assert {clip.spec.device.name for clip in clips} == {"phone", "shoulder", "chest_140"}
    assert all(clip.spec.device.name == clip.spec.camera.device for clip in clips)
    grid = _clips({**BASE, "device": {"lens": {"drops": {"grid": [0, 5]}}}, "variants": 2}, tmp_path)
    assert [clip.spec.device.lens.drops for clip in grid] == [0, 5, 0, 5]
    first, twin = _clips({**BASE, "twins": [{"device.lens.drops": 9}]}, tmp_path)
    one, other = _values(first), _values(twin)
    assert {path for path in one if one[path] != other[path]} == {"device.lens.drops"}


def test_a_known_id_stays_what_it_is(tmp_path):
    """Ids name clips in published data sets: a change here means SPEC_EPOCH must be raised."""
    assert _clips(BASE, tmp_path, 0)[0].clip_id == "f861424be7682295"
