"""What the README says works."""

import re

from generator.cli import app, run
from generator.paths import project_root
from generator.scenario.plan import load_sources

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
