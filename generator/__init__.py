"""Bodyworn: labelled synthetic first-person footage of firearms training exercises."""

import os
from typing import TYPE_CHECKING, Any

# Arrow's own allocator keeps what is freed: some 25 MB more in a process that writes and checks a long clip. Arrow reads this once,
# as it is imported.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

__version__ = "0.1.0"

if TYPE_CHECKING:
    from generator.dataset.reader import open_dataset

__all__ = ["__version__", "open_dataset"]


def __getattr__(name: str) -> Any:
    """Imports the reader when it is asked for: the command line starts without it."""
    if name == "open_dataset":
        from generator.dataset.reader import open_dataset

        return open_dataset
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
