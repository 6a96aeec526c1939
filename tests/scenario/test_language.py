"""The scenario language: what may be written, what is refused, and in which words."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from generator.cli import _overrides, app, run
from generator.errors import UserError
from generator.paths import project_root
from generator.scenario.load import load_scenario
from generator.scenario.plan import load_sources, plan
from generator.scenario.schema import scenario_schema
from generator.scenario.yaml_text import read_yaml

SHIPPED = sorted((project_root() / "scenes").glob("*/*.yaml"))

GOOD = """\
schema: 1
name: probe
family: range_drill
environment: {kind: shoothouse_corridor}
camera: {path: {kind: advance}}
weapon:
  kind: training_pistol
  behaviour:
    - {do: low_ready, for: 0.4}
    - {do: aim, for: 0.4}
    - {do: fire, shots: 1}
clip: {duration: 3.0, fps: 10, size: [160, 90]}
"""

SLUNG = GOOD.replace("kind: training_pistol", "kind: training_smg\n  sidearm: {}").replace(
    "    - {do: aim, for: 0.4}\n    - {do: fire, shots: 1}\n", "    - {do: transition}\n"
)

BAD = {
    "unknown key": (GOOD + "colour: red\n", "colour"),
    "unknown key inside": (GOOD.replace("kind: advance", "kind: advance, spede: 1"), "camera.path.spede"),
    "duplicate key": (GOOD + "name: again\n", "duplicate key"),
    "wrong type": (GOOD.replace("duration: 3.0", "duration: long"), "clip.duration"),
    "number as text": (GOOD.replace("duration: 3.0", "duration: '3'"), "clip.duration"),
    "uniform backwards": (GOOD.replace("duration: 3.0", "duration: {uniform: [2, 1]}"), "clip.duration: uniform"),
    "weights sum to zero": (GOOD.replace("fps: 10", "fps: {choice: {10: 0, 15: 0}}"), "clip.fps: choice"),
    "unknown environment": (GOOD.replace("shoothouse_corridor", "volcano"), "environment.kind: 'volcano'"),
    "fire before aim": (GOOD.replace("    - {do: aim, for: 0.4}\n", ""), "weapon.behaviour.1.do"),
    "behaviour too long": (GOOD.replace("do: aim, for: 0.4", "do: aim, for: {uniform: [3, 4]}"), "weapon.behaviour"),
    "no duration": (GOOD.replace("duration: 3.0", "duration: 0"), "clip.duration: 0"),
    "odd size": (GOOD.replace("[160, 90]", "[160, 91]"), "clip.size.1: 91"),
    "empty file": ("", "is empty"),
    "python tag": ("name: !!python/object/apply:os.system ['true']\n", "not plain YAML"),
    "too many variants": (GOOD + "variants: 1000000000\n", "variants"),
    "grid too large": (GOOD.replace("fps: 10", "fps: {grid: [10, 15, 20]}") + "variants: 900000\n", "variants"),
    "not a number": (GOOD.replace("duration: 3.0", "duration: .nan"), "clip.duration"),
    "second choice is wrong": (
        GOOD.replace("kind: training_pistol", "kind: {choice: [training_pistol, cannon]}"),
        "weapon.kind: 'cannon'",
    ),
    "aim at nobody": (GOOD.replace("do: aim,", "do: aim, at: role_player,"), "weapon.behaviour.1.at"),
    "a child": (GOOD + "wearer: {body: {age: 12}}\n", "wearer.body.age: 12"),
    "transition of a handgun": (
        GOOD.replace("{do: fire, shots: 1}", "{do: transition}"),
        "weapon.behaviour.2.do: 'transition' with a training_pistol",
    ),
    "transition without a sidearm": (
        GOOD.replace("{do: fire, shots: 1}", "{do: transition}").replace("training_pistol", "training_smg"),
        "weapon.behaviour.2.do: 'transition' without a sidearm",
    ),
    "transition to what is held": (
        SLUNG.replace("{do: transition}", "{do: transition, to: primary}"),
        "weapon.behaviour.1.to: 'primary'",
    ),
    "twin that cannot change": (
        SLUNG + "twins: [{weapon.kind: training_pistol}]\n",
        "twins.0: weapon.sidearm: beside a training_pistol",
    ),
    "twin path": (GOOD + "twins: [{weapon.behaviour.9.for: 1.0}]\n", "twins.0 weapon.behaviour.9.for"),
    "twin value": (GOOD + "twins: [{weapon.kind: spoon}]\n", "twins.0: weapon.kind: 'spoon'"),
    "unknown device": (GOOD.replace("camera: {", "camera: {device: ../x, "), "camera.device"),
    "unknown key of a device": (GOOD + "device: {lens: {zoom: 2}}\n", "device.lens.zoom: unknown key"),
    "device value": (GOOD + "device: {exposure: {lag: {uniform: [0.1, 9.0]}}}\n", "device.exposure.lag: 9"),
    "a lens too wide": (
        GOOD + "device: {lens: {field_of_view: 2.5}}\n",
        "device.lens: field_of_view 2.5 of a rectilinear lens",
    ),
    "another capture": (GOOD + "device: {capture: game}\n", "device.capture: 'game'; allowed: what the profile says"),
    "a device that is no mapping": (GOOD + "device: phone\n", "device: 'phone'; allowed: a mapping"),
    "a game that is no negative": (
        GOOD.replace("camera: {", "camera: {device: game_capture, "),
        "only in family negative",
    ),
    "a game among what may be drawn": (
        GOOD.replace("camera: {", "camera: {device: {choice: [phone, game_capture]}, "),
        "only in family negative",
    ),
    "a list": ("- 1\n", "a mapping"),
    "a normal that hardly ever fits": (
        GOOD.replace("duration: 3.0", "duration: {normal: [3590, 1.0e+14]}"),
        "clip.duration: normal",
    ),
    "whole numbers drawn from a range": (
        GOOD + "people: [{role: role_player, count: {uniform: [1, 3]}}]\n",
        "people.0.count",
    ),
    "odd sizes may be drawn": (GOOD.replace("[160, 90]", "[{integers: [64, 128]}, 90]"), "clip.size.0: 65"),
    "a child inside a choice": (
        GOOD + "wearer: {choice: [{body: {age: 30}}, {body: {age: {choice: [25, 12]}}}]}\n",
        "wearer.body.age: 12",
    ),
    "fire before aim inside a choice": (
        GOOD.replace("    - {do: aim, for: 0.4}\n", "    - {do: {choice: [aim, low_ready]}, for: 0.4}\n"),
        "weapon.behaviour.2.do",
    ),
    "grid inside a choice": (
        GOOD.replace(
            "path: {kind: advance}", "path: {choice: [{kind: static}, {kind: advance, speed: {grid: [0.7, 1.3]}}]}"
        ),
        "camera.path.speed: a grid",
    ),
    "grid that is counted": (
        GOOD + "people: [{role: role_player, count: 2, along: {grid: [0.8, 0.9]}}]\n",
        "people.0.along: a grid",
    ),
    "an id twice": (GOOD + "people: [{id: a, role: role_player}, {id: a, role: role_player}]\n", "people: the id 'a'"),
    "a copy's id is another's": (
        GOOD + "people: [{id: a, role: role_player, count: 2}, {id: a_2, role: role_player}]\n",
        "people have the ids",
    ),
    "aliases that explode": (
        "a: &a [1,1,1,1,1,1,1,1,1,1]\n"
        + "".join(
            f"{y}: &{y} [{','.join([f'*{x}'] * 10)}]\n" for x, y in ("ab", "bc", "cd", "de", "ef", "fg", "gh", "hi")
        ),
        "aliases",
    ),
    "an alias that holds itself": (GOOD + "people: &p [*p]\n", "holds itself"),
    "very deep": (GOOD + "people: " + "[" * 60 + "]" * 60 + "\n", "levels"),
    "a date as a key": (GOOD + "twins: [{2020-01-01: 1}]\n", "the key"),
    "a number of 400 digits": (
        GOOD.replace("duration: 3.0", "duration: {uniform: [1, " + "9" * 400 + "]}"),
        "38 digits",
    ),
    "two unknown keys of different kinds": (GOOD + "5: 1\nfoo: 2\n", "5: unknown key"),
    "an unknown key is told what is known": (
        GOOD.replace("fps: 10", "fps: 10, rate: 3"),
        "allowed: duration, fps, size",
    ),
    "an unknown verb": (
        GOOD.replace("do: low_ready", "do: dance"),
        "weapon.behaviour.0.do: 'dance'; allowed: holstered, draw, low_ready",
    ),
    "a twin of the seed": (GOOD + "twins: [{seed: 4}]\n", "twins.0.seed: unknown path"),
    "a twin that says nothing": (GOOD + "twins: [{}]\n", "twins.0: changes nothing"),
    "a twin with a grid of its own": (
        GOOD.replace("fps: 10", "fps: {grid: [10, 15]}") + "twins: [{clip.fps: {grid: [10, 20]}}]\n",
        "twins.0: clip.fps: a grid",
    ),
    "weights that overflow": (GOOD.replace("fps: 10", "fps: {choice: {10: 1.7e308, 15: 1.7e308}}"), "clip.fps: choice"),
    "a schema that equals 1": (GOOD.replace("schema: 1", "schema: true"), "schema: True; allowed: 1"),
    "text that moves the cursor": (GOOD + '"a\\nb\\e[31m": 1\n', "unknown key"),
    "frames faster than they are read": (GOOD.replace("fps: 10", "fps: 60"), "allowed: up to 1 / clip.fps = 0.01667 s"),
    "no frames": (GOOD.replace("duration: 3.0", "duration: 0.01").replace("fps: 10", "fps: 5"), "clip"),
}


@pytest.mark.parametrize("fault", BAD, ids=str)
def test_bad_input_is_one_line_with_its_path_and_exit_code_2(fault, tmp_path, capsys, monkeypatch):
    text, said = BAD[fault]
    file = tmp_path / "scene.yaml"
    file.write_text(text)
    monkeypatch.chdir(tmp_path)
    for command in (["validate", str(file)], ["render", str(file), "--out", str(tmp_path / "out")]):
        code = run(lambda command=command: app.main(args=command, standalone_mode=False))
        error = capsys.readouterr().err
        assert code == 2, error
        assert error.count("\n") == 1
        assert str(file) in error and said in error
    assert sorted(p.name for p in tmp_path.iterdir()) == ["scene.yaml"]


def test_weights_keep_their_numbers_in_a_twin_and_in_a_recipe(tmp_path):
    scene = tmp_path / "scene.yaml"
    scene.write_text(GOOD + "twins: [{clip.fps: {choice: {12: 1, 14.5: 2}}}]\n")
    assert {clip.spec.clip.fps for clip in plan(load_sources([scene], variants=20), 0)} == {10, 12, 14.5}
    recipe = tmp_path / "recipe.yaml"
    scene.write_text(GOOD)
    recipe.write_text(
        "name: r\nscenarios: [{file: scene.yaml, overrides: {environment.doors: {choice: {2: 1, 4: 1}}}}]\n"
    )
    assert {clip.spec.environment.doors for clip in plan(load_sources([recipe], variants=20), 0)} == {2, 4}


def test_a_drawn_combination_that_breaks_the_rules_is_refused(tmp_path):
    """Each choice is allowed where the others stand first; both together fire before aiming."""
    scene = tmp_path / "scene.yaml"
    step = "{choice: [{do: aim, for: 0.4}, {do: reload, for: 1}]}"
    first = "    - {do: {choice: [aim, low_ready]}, for: 0.4}\n"
    scene.write_text(GOOD.replace("    - {do: aim, for: 0.4}\n", f"{first}    - {step}\n"))
    with pytest.raises(UserError, match=r"variant \d+: weapon\.behaviour\.\d\.do: 'fire' before aiming"):
        list(plan(load_sources([scene], variants=40), 0))


def test_the_shortest_of_several_behaviours_counts(tmp_path):
    scene = tmp_path / "scene.yaml"
    long, short = "[{do: low_ready, for: 9}]", "[{do: low_ready, for: 1}]"
    head = GOOD[: GOOD.index("  behaviour:")]
    tail = GOOD[GOOD.index("clip:") :]
    for first, second in ((long, short), (short, long)):
        scene.write_text(f"{head}  behaviour: {{choice: [{first}, {second}]}}\n{tail}")
        load_scenario(scene)
    scene.write_text(f"{head}  behaviour: {{choice: [{long}, {long}]}}\n{tail}")
    with pytest.raises(UserError, match="takes at least 9"):
        load_scenario(scene)


def test_the_command_line_reads_the_same_yaml_as_files():
    assert _overrides(["a=1e1", "b=no", "c=010", "d={uniform: [1, 2]}"]) == {
        "a": 10.0, "b": "no", "c": 10, "d": {"uniform": [1, 2]},
    }  # fmt: skip
    for bad in (
        "a={x: 1, x: 2}",
        "a=!!bool foo",
        "a=2020-13-45",
        "a=&a [*a]",
        "a=" + "[" * 1200,
        "a=" + "9" * 5000,
        "a=1\n---\n2",
    ):
        with pytest.raises(UserError, match="--set"):
            _overrides([bad])


def test_a_missing_file_and_a_directory_are_bad_input(tmp_path):
    for path in (tmp_path / "nothing.yaml", tmp_path):
        with pytest.raises(UserError, match=str(path)):
            read_yaml(path)


def test_command_line_overrides_do_not_excuse_a_broken_file(tmp_path):
    file = tmp_path / "scene.yaml"
    file.write_text(GOOD.replace("duration: 3.0", "duration: 0"))
    with pytest.raises(UserError, match=r"clip\.duration: 0"):
        load_scenario(file, overrides={"clip.duration": 3.0})


def test_yaml_1_2_has_no_norwegian_booleans(tmp_path):
    file = tmp_path / "scene.yaml"
    file.write_text("a: no\nb: 010\nc: 1e3\n")
    assert read_yaml(file) == {"a": "no", "b": 10, "c": 1000.0}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda p: p.stem)
def test_shipped_scenes_are_valid_and_match_the_schema_that_editors_use(path):
    load_scenario(path)
    jsonschema.Draft202012Validator(scenario_schema()).validate(
        json.loads(json.dumps(yaml.safe_load(path.read_text())))
    )


@pytest.mark.parametrize(
    "fault", ["unknown key", "unknown key inside", "wrong type", "unknown environment", "no duration"]
)
def test_the_editor_schema_refuses_what_validation_refuses(fault):
    validator = jsonschema.Draft202012Validator(scenario_schema())
    assert validator.is_valid(yaml.safe_load(GOOD))
    assert not validator.is_valid(yaml.safe_load(BAD[fault][0]))


def test_the_schema_file_is_what_the_models_say():
    written = json.loads((project_root() / "scenes" / "scenario.schema.json").read_text())
    assert written == scenario_schema(), "run `make schema`"


def test_recipes_are_loaded_from_the_project(tmp_path):
    from generator.scenario.plan import load_sources

    sources = load_sources([project_root() / "configs" / "datasets" / "starter.yaml"], variants=2)
    assert [s.scenario.variants for s in sources] == [2] * 13
    assert all(isinstance(s.scenario.file, Path) for s in sources)
