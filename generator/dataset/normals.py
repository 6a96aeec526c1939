"""Unit normals in a byte a component: 127 times the vector, rounded; off by less than 0.4 degrees. Zero stays zero."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

SCALE = 127
"""What a component of 1 is stored as."""


def stored_normals(normals: NDArray[np.float32]) -> NDArray[np.int8]:
    """(..., 3) int8 of unit vectors (..., 3), as labels.h5 holds them."""
    return np.rint(SCALE * normals).astype(np.int8)


def normals_of(stored: NDArray[np.int8] | Any) -> NDArray[np.float32]:
    """(..., 3) unit vectors, or zero where there is no surface, from what labels.h5 holds."""
    ways = np.asarray(stored, np.float32)
    length = np.linalg.norm(ways, axis=-1, keepdims=True)
    return np.asarray(ways / np.maximum(length, 1.0), np.float32)
