"""Render profiles: configs/quality/*.yaml."""

import yaml
from pydantic import Field, ValidationError

from generator.errors import UserError
from generator.paths import project_root
from generator.scenario.spec import Model


class Profile(Model):
    """What a quality changes: samples, bounces and denoiser, nothing else."""

    name: str
    samples: int = Field(ge=1, le=4096)
    bounces: int = Field(ge=0, le=64)
    denoise: bool


def profile(name: str) -> Profile:
    """The profile of that name.

    Raises:
        UserError: there is none, or its file is malformed.
    """
    path = project_root() / "configs" / "quality" / f"{name}.yaml"
    try:
        return Profile.model_validate(yaml.safe_load(path.read_text("utf-8")))
    except FileNotFoundError as error:
        raise UserError(f"quality {name!r}: no such file {path}; allowed: preview, standard, high") from error
    except (ValidationError, yaml.YAMLError) as error:
        raise UserError(f"{path}: not a render profile: {' '.join(str(error).split())}") from error
