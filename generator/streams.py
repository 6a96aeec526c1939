"""Named random streams: every draw is a function of its name and nothing else."""

import hashlib

import numpy as np


def stream(seed: int, scenario: str, variant: int, name: str) -> np.random.Generator:
    """A counter-based generator (Philox) keyed by SHA-256 of the four arguments.

    Args:
        seed: seed of the data set; 0 is a seed like any other.
        scenario: name of the scenario.
        variant: index of the variant, from 0.
        name: YAML path of a drawn value, or the name of a downstream use such as ``stream:sensor/noise``.

    Two different names give independent streams; no stream depends on which others exist or in what order
    they are used.
    """
    text = "\0".join((str(seed), scenario, str(variant), name))
    digest = hashlib.sha256(text.encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))
