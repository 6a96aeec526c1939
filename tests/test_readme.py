"""What the README says works."""

import re

import yaml

from generator.cli import app, run
from generator.paths import project_root
from generator.scenario.plan import load_sources
from generator.scenario.profiles import device_names

README = (project_root() / "README.md").read_text("utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_scenario_it_shows_is_valid(tmp_path):
    file = tmp_path / "scene.yaml"
    file.write_text(_blocks("yaml")[0])
    assert load_sources([file])[0].scenario.n_variants == 20


def test_loading_a_data_set_takes_the_lines_it_shows(tmp_path, capsys, monkeypatch):
    out = tmp_path / "demo"
    arguments = [
        "render",
        str(project_root() / "scenes/land/shoothouse_corridor.yaml"),
        "--variants",
        "1",
        "--seed",
        "7",
    ]
    for setting in ("clip.duration=2.4", "clip.fps=5", "clip.size=[64, 36]"):
        arguments += ["--set", setting]
    arguments += ["--out", str(out), "--in-process", "--renderer", "tests.analytic:AnalyticRenderer"]
    assert run(lambda: app.main(args=arguments, standalone_mode=False)) == 0
    code = _blocks("python")[0]
    assert len(code.strip().splitlines()) <= 10
    capsys.readouterr()
    names: dict = {}
    exec(code.replace("outputs/demo", str(out)), names)
    assert "True" in capsys.readouterr().out
    assert names["picture"].shape == (36, 64, 3)
    assert names["mask"].shape == (36, 64)


def test_commands_and_links_exist():
    for path in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (project_root() / path).exists(), path
    commands = set(app.commands)
    for word in re.findall(r"bodyworn (\w+)", README):
        assert word in commands, word
    for command in commands:
        assert f"bodyworn {command}" in README, command


def test_every_option_of_the_check_is_said():
    for option in app.commands["check"].params:
        assert max(option.opts, key=len) in README or option.name == "dataset", option.name


def test_the_page_on_devices_lists_every_profile_and_its_example_is_valid(tmp_path):
    page = (project_root() / "docs" / "devices.md").read_text("utf-8")
    first = page[: page.index("## Other values")]
    assert sorted(re.findall(r"^\| `(\w+)`", first, re.MULTILINE)) == device_names()
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert example
    said = yaml.safe_load(example.group(1))
    scene = yaml.safe_load(_blocks("yaml")[0])
    file = tmp_path / "scene.yaml"
    file.write_text(yaml.safe_dump({**scene, **said, "camera": {**scene["camera"], **said["camera"]}}, sort_keys=False))
    assert load_sources([file])[0].scenario.n_variants == 20
