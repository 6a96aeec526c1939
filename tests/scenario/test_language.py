"""The scenario language: what may be written, what is refused, and in which words."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from generator.cli import app, run
from generator.errors import UserError
from generator.paths import project_root
from generator.scenario.load import load_scenario, read_yaml
from generator.scenario.schema import scenario_schema

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
    "twin path": (GOOD + "twins: [{weapon.behaviour.9.for: 1.0}]\n", "twins.0 weapon.behaviour.9.for"),
    "twin value": (GOOD + "twins: [{weapon.kind: spoon}]\n", "twins.0: weapon.kind: 'spoon'"),
    "unknown device": (GOOD.replace("camera: {", "camera: {device: ../x, "), "camera.device"),
    "a list": ("- 1\n", "a mapping"),
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
    assert [s.scenario.variants for s in sources] == [2, 2]
    assert all(isinstance(s.scenario.file, Path) for s in sources)
