"""Affine maps, of either sign of the determinant."""

import torch

from helpers.models.densities import Affine, DiagonalAffine

from . import Case


def tensor(rows):
    return torch.tensor(rows, dtype=torch.float64)


SHIFT = tensor([0.3, -1.2, 2.0])
NEGATIVE = tensor([[0.4, 1.5, -0.3], [2.0, 0.1, 0.7], [-0.6, 0.2, 1.1]])
TRIANGLE = tensor([[1.4, 0.0, 0.0], [-0.8, 0.5, 0.0], [0.3, 0.9, -2.0]])
assert torch.linalg.det(NEGATIVE) < -1

CASES = [
    Case("diagonal affine", lambda: DiagonalAffine(SHIFT, tensor([1.7, -0.4, 3.0]))),
    Case("affine, one entry", lambda: Affine(tensor([0.5]), tensor([[-2.5]]))),
    Case("affine", lambda: Affine(SHIFT, NEGATIVE)),
    Case("affine, mirrored", lambda: Affine(SHIFT, NEGATIVE * tensor([[1.0, -1.0, 1.0]]))),
    Case("affine, lower triangular", lambda: Affine(SHIFT, TRIANGLE, lower_triangular=True)),
]
