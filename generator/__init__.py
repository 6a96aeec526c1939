"""Bodyworn: labelled synthetic first-person footage of firearms training exercises."""

from typing import TYPE_CHECKING, Any

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
