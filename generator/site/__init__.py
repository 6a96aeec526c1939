"""Places as planned: what motion, sound and the Blender scene must agree on. Numpy only.

An environment's plan is a function of its words and of named draws. It does not read time, weather or lights, so that twins
share it.
"""

from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Protocol

import numpy as np

from generator import streams
from generator.scenario.environments import Environment
from generator.scenario.spec import ClipSpec
from generator.site.model import Site, Streams
from generator.site.route import Level, Route, level_of, plan_route


class Planned(Protocol):
    """What the planner of every environment gives back: its own details, and the site."""

    @property
    def site(self) -> Site:
        """What everybody may rely on."""


PLANNERS: dict[str, tuple[str, str]] = {
    "shoothouse_corridor": ("corridor", "plan"),
    "office": ("office", "plan"),
    "shoothouse_rooms": ("rooms", "plan"),
    "stairwell": ("stairwell", "plan"),
    "outdoor_range": ("outdoor_range", "plan"),
    "mock_street": ("mock_street", "plan"),
    "car_park": ("car_park", "plan"),
    "tram_stop": ("tram_stop", "plan"),
    "rail_carriage": ("rail", "plan"),
    "bus_interior": ("bus", "plan"),
    "station_platform": ("station", "plan"),
    "quayside": ("quay", "plan"),
    "ferry_deck": ("ferry", "plan"),
    "ship_passageway": ("passageway", "plan"),
    "patrol_boat": ("boat", "plan"),
    "shop": ("aisles", "plan_shop"),
    "warehouse": ("aisles", "plan_warehouse"),
}
"""Module of ``generator.site`` and function that plans each kind of environment; a clip needs one of them."""


@lru_cache(maxsize=64)
def _planned(seed: int, scenario: str, variant: int, environment: Environment) -> Planned:
    def stream(name: str) -> np.random.Generator:
        return streams.stream(seed, scenario, variant, f"stream:{name}")

    module, name = PLANNERS[environment.kind]
    planner: Callable[[Environment, Streams], Planned] = getattr(import_module(f"generator.site.{module}"), name)
    return planner(environment, stream)


@lru_cache(maxsize=64)
def _main_route(seed: int, scenario: str, variant: int, environment: Environment) -> Route:
    site = _planned(seed, scenario, variant, environment).site
    return plan_route(site, site.ways["advance"])


def plan_of(spec: ClipSpec) -> Planned:
    """The plan of a clip's environment; what it is beyond ``site`` is between its planner and its builder."""
    return _planned(spec.seed, spec.scenario, spec.variant, spec.environment)


def site_of(spec: ClipSpec) -> Site:
    """The site of a clip."""
    return plan_of(spec).site


def main_route(spec: ClipSpec) -> Route:
    """The way through the site with nobody on it: what ``along`` of people is measured on."""
    return _main_route(spec.seed, spec.scenario, spec.variant, spec.environment)


@lru_cache(maxsize=64)
def _storey(seed: int, scenario: str, variant: int, environment: Environment, height: float) -> Level:
    return level_of(_planned(seed, scenario, variant, environment).site, height)


def storey(spec: ClipSpec, height: float) -> Level:
    """One storey of a clip's site, with nobody on it."""
    return _storey(spec.seed, spec.scenario, spec.variant, spec.environment, height)
