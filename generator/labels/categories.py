"""Label categories and their stable ids."""

from functools import cache
from pathlib import Path

import yaml


@cache
def categories() -> dict[str, int]:
    """Id of every category, by name."""
    text = (Path(__file__).parent / "categories.yaml").read_text("utf-8")
    return {str(name): int(number) for name, number in yaml.safe_load(text).items()}
