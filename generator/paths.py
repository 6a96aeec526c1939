"""Where the project's own files are."""

import os
from pathlib import Path


def project_root() -> Path:
    """The folder with ``scenes/``, ``configs/`` and ``assets/``; ``BODYWORN_HOME`` overrides where it is."""
    home = os.environ.get("BODYWORN_HOME")
    return Path(home) if home else Path(__file__).resolve().parent.parent


def cache_root() -> Path:
    """Where unpacked asset packs are kept: ``BODYWORN_CACHE``, else ``~/.cache/bodyworn``."""
    cache = os.environ.get("BODYWORN_CACHE")
    return Path(cache) if cache else Path.home() / ".cache" / "bodyworn"
