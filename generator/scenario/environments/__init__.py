"""Environments by kind: the words of each, one module a kind or family of kinds."""

from generator.scenario.environments.common import Fixture, Lights, Place, Setting, TimeOfDay, Weather
from generator.scenario.environments.corridor import CorridorLights, ShoothouseCorridor

__all__ = [
    "CorridorLights", "Environment", "Fixture", "Lights", "Place", "Setting", "ShoothouseCorridor", "TimeOfDay", "Weather",
]  # fmt: skip

Environment = ShoothouseCorridor
"""A union discriminated by ``kind``; one member for every kind."""
