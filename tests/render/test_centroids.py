"""The picture lies on its labels in a real scene: masks against what the exposure gathers of each object."""

import numpy as np
import pytest

pytest.importorskip("bpy")
pytestmark = pytest.mark.blender

from generator.render.centroids import ALLOWED, offsets, summary  # noqa: E402
from generator.scenario.profiles import device_tree  # noqa: E402
from tests.specs import corridor_spec  # noqa: E402


def test_masks_have_the_centroids_of_the_objects_in_the_exposure():
    """Two moments of a walk with shots, by a rolling shutter; `make centroids` is the long form, with all thirds filled."""
    spec = corridor_spec(device=device_tree("bodycam_wide"), clip__size=[192, 108], clip__fps=5.0, clip__duration=2.4,
                         weapon__kind="training_pistol")  # fmt: skip
    found = list(offsets(spec, (2, 6), samples=16))
    thirds = summary(found)
    assert sum(row["objects"] for row in thirds.values()) == len(found) >= 8
    assert np.median([offset.pixels for offset in found]) < ALLOWED
    assert all(row["median"] < ALLOWED for row in thirds.values() if row["objects"] >= 4)
