"""The head of a scenario file: what says which clips there are. What a clip is, is in ``spec``."""

from typing import Any, Literal

from pydantic import Field

from generator.scenario.model import Model
from generator.scenario.spec import Family


class ScenarioModel(Model):
    """Keys of a scenario besides the tree that is drawn."""

    schema_: Literal[1] = Field(alias="schema", description="Version of the scenario language.")
    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9-]{0,63}$", description="Small letters, digits and dashes; keys the draws."
    )
    family: Family
    variants: int = Field(default=1, ge=1, le=1_000_000, description="How often each cell of the grid is drawn.")
    twins: tuple[dict[str, Any], ...] = Field(
        default=(), max_length=20, description="Each twin: paths and the values they have there, all else unchanged."
    )
