"""Compositions and permutations."""

import torch

from helpers.models.invertible import Composition, InvertibleMap, Permutation, check_points

from . import Case


class Scale(InvertibleMap):
    """x ↦ a x on vectors of three entries, to have something with a determinant to compose."""

    event_shape = (3,)

    def __init__(self):
        super().__init__()
        self.factors = torch.nn.Parameter(torch.tensor([2.0, -0.5, 3.0], dtype=torch.float64))

    def forward(self, x):
        check_points("x", x, self.event_shape)
        return x * self.factors, self.factors.abs().log().sum().expand(x.shape[:-1])

    def inverse(self, y):
        check_points("y", y, self.event_shape)
        return y / self.factors, -self.factors.abs().log().sum().expand(y.shape[:-1])


CASES = [
    Case("permutation", lambda: Permutation([2, 0, 1, 3])),
    Case(
        "composition", lambda: Composition(Permutation([2, 0, 1]), Scale(), Permutation([1, 2, 0]), Scale())
    ),
]
