"""Encoders: polynomials of the datum, fitted in closed form, and fully connected networks to count."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch

from helpers.models.amortization.cost import parameter_count
from helpers.models.invertible import check_points, holds

__all__ = ["PolynomialEncoder", "count_parameters", "perceptron"]


class PolynomialEncoder(torch.nn.Module):
    r"""$\mu_\phi(x) = \sum_k \phi_k x^k$, or $\sum_k \phi_k \lvert x\rvert^k$ for one that does not see the sign.

    Args:
        coefficients: $\phi$, `(degree + 1, d)`, the constant first; learned.
        blind: whether it sees $\lvert x\rvert$ only.

    Data are numbers, `(...)`; the result is `(..., d)`. Raises ValueError for other shapes and kinds.
    Cost O(degree · d) a datum (Horner).

    >>> PolynomialEncoder(torch.tensor([[1.0], [2.0]]))(torch.tensor([0.0, 3.0])).tolist()
    [[1.0], [7.0]]
    """

    def __init__(self, coefficients: torch.Tensor, *, blind: bool = False) -> None:
        super().__init__()
        check_points("coefficients", coefficients, (None, None))
        if coefficients.ndim != 2:
            raise ValueError(f"coefficients: got shape {tuple(coefficients.shape)}, expected (degree + 1, d)")
        self.coefficients = torch.nn.Parameter(coefficients.detach().clone())
        self.blind = bool(blind)

    @classmethod
    def fit(
        cls, x: torch.Tensor, targets: torch.Tensor, degree: int, *, blind: bool = False
    ) -> PolynomialEncoder:
        """The encoder with the least sum of squared errors: that of the best bound where all posteriors have one
        covariance, and the errors of the coordinates are proportional.

        `x` is `(n,)` and `targets` `(n, d)`. Raises ValueError for other shapes and kinds, a degree that is no whole
        number from 0, and fewer than degree + 1 different (absolute) values. Cost O(n degree²), by QR.

        >>> x = torch.tensor([-1.0, 1.0, 2.0], dtype=torch.float64)
        >>> encoder = PolynomialEncoder.fit(x, (3 * x).unsqueeze(-1), degree=1)
        >>> [round(value, 4) + 0.0 for value in encoder.coefficients.flatten().tolist()]
        [0.0, 3.0]
        """
        check_points("x", x, ())
        check_points("targets", targets, (None,), like=x, of="x")
        if x.ndim != 1 or targets.ndim != 2 or targets.shape[0] != x.shape[0]:
            raise ValueError(
                f"x, targets: got shapes {tuple(x.shape)} and {tuple(targets.shape)}, expected (n,) and (n, d)"
            )
        if isinstance(degree, bool) or not isinstance(degree, int) or degree < 0:
            raise ValueError(f"degree: got {degree!r}, expected a whole number, 0 or greater")
        seen = x.abs() if blind else x
        different = (seen.sort().values.diff() > 0).sum() + min(1, x.numel())
        if not holds(different > degree):
            raise ValueError(
                f"degree: got {degree}, expected less than {different.item()}, the different data seen"
            )
        powers = seen.unsqueeze(-1) ** torch.arange(degree + 1, device=x.device)
        q, r = torch.linalg.qr(powers)
        return cls(torch.linalg.solve_triangular(r, q.mT @ targets, upper=True), blind=blind)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """$\\mu_\\phi(x)$."""
        check_points("x", x, ())
        seen = (x.abs() if self.blind else x).unsqueeze(-1)
        value = torch.zeros_like(seen)
        for coefficient in self.coefficients.flip(0):
            value = value * seen + coefficient
        return value


def perceptron(widths: Sequence[int]) -> torch.nn.Sequential:
    """A fully connected network with biases and ReLU between its layers, of widths as for `parameter_count`.

    >>> count_parameters(perceptron([784, 400, 40]))
    330040
    """
    parameter_count(widths)  # refuses what is no widths
    if not all(isinstance(width, int) for width in widths):
        raise ValueError(f"widths: got {widths!r}, expected numbers")
    layers: list[torch.nn.Module] = []
    for before, after in pairwise(widths):
        layers += [torch.nn.Linear(before, after), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def count_parameters(module: torch.nn.Module) -> int:
    """How many numbers a module learns. Raises ValueError for what is no module.

    >>> count_parameters(torch.nn.Linear(3, 2))
    8
    """
    if not isinstance(module, torch.nn.Module):
        raise ValueError(f"module: got {type(module).__name__}, expected a torch.nn.Module")
    return sum(parameter.numel() for parameter in module.parameters() if parameter.requires_grad)
