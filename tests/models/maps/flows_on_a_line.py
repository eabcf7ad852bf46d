"""Scalar flows, on each coordinate of a vector."""

import torch

from helpers.models.flows import ResidualMap, SigmoidMixture

from . import Case


class Wave(torch.nn.Module):
    """c sin(z + phase) with |c| < 1, whatever the parameter: a residual with parameters of its own."""

    def __init__(self):
        super().__init__()
        self.strength = torch.nn.Parameter(torch.tensor(0.7, dtype=torch.float64))
        self.phase = torch.nn.Parameter(torch.tensor(0.3, dtype=torch.float64))

    def forward(self, z):
        return torch.tanh(self.strength) * torch.sin(z + self.phase)


def mixture():
    return SigmoidMixture(
        torch.tensor([[0.2, 0.5, 0.3], [0.1, 0.1, 0.8]], dtype=torch.float64),
        torch.tensor([[1.5, 0.7, 2.0], [0.5, 3.0, 1.2]], dtype=torch.float64),
        torch.tensor([[-2.0, 0.5, 3.0], [0.0, 1.0, -1.0]], dtype=torch.float64),
    )


CASES = [
    Case("sigmoid mixture", mixture),
    Case(
        "sigmoid mixture of one",
        lambda: SigmoidMixture(
            torch.ones(3, 1, dtype=torch.float64),
            torch.tensor([[0.5], [2.0], [1.7]], dtype=torch.float64),
            torch.tensor([[1.0], [-2.0], [0.3]], dtype=torch.float64),
        ),
    ),
    Case("residual map", lambda: ResidualMap(Wave(), 0.61, event_shape=(3,))),
]
