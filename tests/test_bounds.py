"""Bounded by construction: no words for what is never shown, and nobody's body decides what they are or hold."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from scipy.stats import chi2_contingency

from generator.paths import project_root
from generator.scenario.plan import load_sources, plan

NEVER = re.compile(
    r"blood|gore|wound|injur|corpse|dead_?body|killed|victim|child|kid\b|kids|baby|infant|teen|toddler|minor\b|school|kindergarten|"
    r"nursery|church|mosque|synagogue|temple|chapel|shrine|altar|worship",
    re.IGNORECASE,
)

DRAWS = 10_000

SCENE = """
schema: 1
name: anybody
family: hostage
environment: {kind: office}
people:
  - {role: {choice: [officer, role_player, hostage_taker, hostage, bystander]}, action: stand}
camera: {mount: chest, path: {kind: static}}
weapon:
  kind: {choice: [training_pistol, training_carbine, taser, phone, torch, drill, empty_hands]}
  behaviour: [{do: low_ready, for: 1.0}]
clip: {duration: 2.0, fps: 5, size: [64, 36]}
"""


def _words(node: Any) -> Iterator[str]:
    """Keys and the values that a scenario may take; not the descriptions, which may say what there is not."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("description", "title"):
                continue
            if key == "properties":
                yield from value
            yield from _words(value)
    elif isinstance(node, list):
        for value in node:
            yield from _words(value)
    elif isinstance(node, str):
        yield node


def test_the_language_has_no_words_for_what_is_never_shown() -> None:
    schema = json.loads((project_root() / "scenes" / "scenario.schema.json").read_text("utf-8"))
    words = set(_words(schema))
    assert "hostage_taker" in words and "office" in words
    assert not [word for word in words if NEVER.search(word)]


def test_neither_have_categories_scenes_nor_assets() -> None:
    root = project_root()
    categories = yaml.safe_load((root / "generator" / "labels" / "categories.yaml").read_text("utf-8"))
    assert not [name for name in categories if NEVER.search(name)]
    for scene in sorted((root / "scenes").glob("*/*.yaml")):
        assert not NEVER.search(scene.read_text("utf-8")), scene.name
    packs = yaml.safe_load((root / "assets" / "packs.yaml").read_text("utf-8"))
    named = {word for word in _words(packs) if NEVER.search(word)}
    left_out = {word for word in named if re.fullmatch(r"\*\w+\*", word)}  # what unpacking drops
    assert named == left_out and left_out


def test_what_is_drawn_on_pictures_comes_from_lists_without_such_words() -> None:
    """Letters, signs and overlays are string literals of the modules that draw them."""
    for module in sorted((project_root() / "generator").rglob("*.py")):
        for text in re.findall(r'"([A-Z][A-Z0-9 /.-]{2,})"', module.read_text("utf-8")):
            assert not NEVER.search(text), f"{module.name}: {text}"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, int, str, str, int, bool]]:
    path: Path = tmp_path_factory.mktemp("bounds") / "anybody.yaml"
    path.write_text(SCENE, "utf-8")
    found = []
    for clip in plan(load_sources([path], variants=DRAWS), 0):
        person, wearer = clip.spec.people[0], clip.spec.wearer.body
        assert clip.spec.weapon is not None
        armed = clip.spec.weapon.kind in ("training_pistol", "training_carbine")
        body = person.body
        found.append((person.role, body.sex, body.skin_tone, body.ancestry, wearer.sex, wearer.skin_tone, armed))
    return found


def _independent(pairs: list[tuple[object, object]]) -> float:
    """p of the chi-squared test of independence."""
    counts = Counter(pairs)
    rows, columns = (sorted({pair[k] for pair in pairs}, key=str) for k in (0, 1))
    return float(chi2_contingency(np.array([[counts[a, b] for b in columns] for a in rows])).pvalue)


@pytest.mark.parametrize("trait", [1, 2, 3], ids=["sex", "skin tone", "ancestry"])
def test_a_role_does_not_depend_on_the_body(drawn: list[tuple[Any, ...]], trait: int) -> None:
    assert len(drawn) == DRAWS
    assert _independent([(row[0], row[trait]) for row in drawn]) > 1e-4


@pytest.mark.parametrize("trait", [4, 5], ids=["sex", "skin tone"])
def test_holding_a_firearm_does_not_depend_on_the_body(drawn: list[tuple[Any, ...]], trait: int) -> None:
    assert _independent([(row[6], row[trait]) for row in drawn]) > 1e-4


def test_the_test_of_independence_finds_a_dependence(drawn: list[tuple[Any, ...]]) -> None:
    """Roles that went by sex in one draw of ten would be found."""
    rng = np.random.default_rng(0)
    skewed = [("hostage" if row[1] == "female" and rng.uniform() < 0.1 else row[0], row[1]) for row in drawn]
    assert _independent(skewed) < 1e-4
