"""Skin and clothes of people that follow their bones: linear blend skinning of the joined mesh, bound where it was built."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import cKDTree

from generator.world import anny
from generator.world.person_mesh import Piece

Array = NDArray[np.float64]

_ARM = ("clavicle", "shoulder01", "upperarm", "lowerarm", "wrist", "finger", "metacarpal")
_FEWEST = 0.02
"""Weights below this are left to the others."""


@dataclass(frozen=True)
class Bound:
    """A mesh bound to a skeleton.

    Attributes:
        vertices: (n, 3) where it was bound.
        weights: (n, k) rows sum to 1; columns are bones, then stations (see ``twist``).
        back: (k, 4, 4) of every column, from the place it was bound at to rest space.
    """

    vertices: Array = field(repr=False)
    weights: sparse.csr_matrix = field(repr=False)
    back: Array = field(repr=False)

    @classmethod
    def at(cls, pieces: Sequence[Piece], matrices: Array) -> "Bound":
        """Pieces bound where they are; ``matrices`` (k, 3, 4) are those of the pose that they were built in."""
        square = np.zeros((len(matrices), 4, 4))
        square[:, :3], square[:, 3, 3] = matrices, 1.0
        vertices = np.concatenate([piece.vertices for piece in pieces])
        return cls(vertices, _weights(pieces), np.linalg.inv(square))

    def posed(self, matrices: Array) -> Array:
        """(n, 3) vertices for (k, 3, 4) matrices of another pose."""
        moves = (matrices @ self.back).reshape(len(matrices), 12)
        blended = np.asarray(self.weights @ moves).reshape(-1, 3, 4)
        return np.asarray(np.einsum("vij,vj->vi", blended[:, :, :3], self.vertices) + blended[:, :, 3])


def _weights(pieces: Sequence[Piece]) -> sparse.csr_matrix:
    """Weights of all pieces. What lies on others takes those of what is under it, on the trunk or on the arms."""
    hung = [piece for piece in pieces if piece.weights is not None]
    under = np.concatenate([piece.vertices for piece in hung])
    below = sparse.csr_matrix(sparse.vstack([piece.weights for piece in hung]))
    arm = np.array([bone.name.startswith(_ARM) for bone in anny.bones()])
    columns = np.zeros(below.shape[1], bool)
    columns[: len(arm)], columns[len(arm) :] = arm, True
    share = np.asarray(below[:, columns].sum(1)).ravel()
    on_trunk, on_arm = np.nonzero(share < 0.30)[0], np.nonzero(share > 0.85)[0]
    trees = {False: (cKDTree(under[on_trunk]), on_trunk), True: (cKDTree(under[on_arm]), on_arm)}
    made = []
    for piece in pieces:
        if piece.weights is not None:
            made.append(piece.weights)
            continue
        tree, rows = trees[piece.limb]
        away, near = tree.query(piece.vertices, k=6)
        near_by = 1 / (away + 0.004) ** 2
        near_by /= near_by.sum(1, keepdims=True)
        n = len(piece.vertices)
        mean = sparse.csr_matrix(
            (near_by.ravel(), (np.repeat(np.arange(n), 6), rows[near].ravel())), shape=(n, len(under))
        )
        taken = sparse.csr_matrix(mean @ below)
        if piece.material == "hard":  # buckles and radios do not bend
            whole = np.asarray(taken.mean(0))
            taken = sparse.csr_matrix(np.repeat(whole, n, 0))
        made.append(taken)
    whole_mesh = sparse.csr_matrix(sparse.vstack(made))
    whole_mesh.data[whole_mesh.data < _FEWEST] = 0.0
    whole_mesh.eliminate_zeros()
    total = np.asarray(whole_mesh.sum(1)).ravel()
    return sparse.csr_matrix(sparse.diags(1 / total) @ whole_mesh)
