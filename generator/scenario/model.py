"""What all models of the scenario language share."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Unit = Annotated[float, Field(ge=0, le=1)]


@dataclass(frozen=True)
class DrawnFrom:
    """Annotation: the distribution a field is drawn from where the scenario does not mention it."""

    distribution: Any


class Model(BaseModel):
    """Frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
