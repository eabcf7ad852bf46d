r"""A contractive residual block, $x \mapsto x + f(x)$ with $\operatorname{Lip}(f) < 1$, and its log-determinant."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch

from helpers.arguments import checked, instance, whole
from helpers.models.flows.contractive_formulas import log_determinant_term, truncation_bound
from helpers.models.flows.solvers import fixed_point
from helpers.models.invertible import InvertibleMap, check_form, check_points

__all__ = ["ContractiveResidual"]


class ContractiveResidual(InvertibleMap):
    """$y = x + f(x)$ on points `(..., D)`, with a network $f$ whose Lipschitz constant is at most $L < 1$.

    The network is $W_m\\tanh(\\dots\\tanh(W_1 x + b_1)\\dots) + b_m$.
    Each of the m matrices is divided, before use, by as much as its largest singular value exceeds $L^{1/m}$; tanh
    never lengthens a difference, so the product of the m bounds is a Lipschitz constant of $f$. For $L < 1$ the map
    is a bijection with a Lipschitz inverse.

    `forward` and `inverse` use the Jacobian itself: exact, O(D³) a point. The estimators
    need only products with it, and `truncation_bound(n)` says how far n terms of the series can be off.

    Args:
        weights: m >= 1 matrices `(rows, columns)` that fit together, from D columns to D rows.
        biases: m vectors, one of each matrix's number of rows.
        lipschitz: L, from above 0 to below 1.

    Weights and biases are parameters of the module. Raises ValueError for another kind of argument, naming it; the
    inverse raises it, with the residual, where the fixed point is not reached. Cost of the inverse: about
    $36/\\log(1/L)$ evaluations of $f$ in float64.
    Behrmann et al., "Invertible Residual Networks" (2019); Chen et al., "Residual Flows" (2019).

    >>> block = ContractiveResidual([torch.tensor([[3.0]])], [torch.zeros(1)], 0.5)
    >>> y, log_abs_det_jacobian = block(torch.tensor([2.0]))
    >>> round(y.item(), 4), round(log_abs_det_jacobian.exp().item(), 4)
    (3.0, 1.5)
    """

    def __init__(
        self, weights: Sequence[torch.Tensor], biases: Sequence[torch.Tensor], lipschitz: float
    ) -> None:
        super().__init__()
        if isinstance(lipschitz, bool) or not isinstance(lipschitz, float) or not 0 < lipschitz < 1:
            raise ValueError(f"lipschitz: got {lipschitz!r}, expected a number from above 0 to below 1")
        for name, given in (("weights", weights), ("biases", biases)):
            if not isinstance(given, Sequence) or isinstance(given, str):
                raise ValueError(f"{name}: got {type(given).__name__}, expected a sequence of tensors")
        if len(weights) == 0 or len(weights) != len(biases):
            raise ValueError(
                f"weights, biases: got {len(weights)} and {len(biases)}, expected one bias a matrix, at least one"
            )
        check_form("weights", weights[0], (None, None))
        width = weights[0].shape[-1] if weights[0].ndim == 2 else 0
        size = width
        for weight, bias in zip(weights, biases, strict=True):
            check_points("weights", weight, (None, width or None))
            check_points("biases", bias, (weight.shape[0],))
            if weight.ndim != 2 or bias.ndim != 1 or bias.dtype != weight.dtype:
                raise ValueError(
                    f"weights, biases: got shapes {tuple(weight.shape)} and {tuple(bias.shape)} of {weight.dtype} "
                    f"and {bias.dtype}, expected (rows, columns) and (rows,) of one dtype"
                )
            width = weight.shape[0]
        if width != size:
            raise ValueError(
                f"weights: got a network from {size} to {width} entries, expected as many as before"
            )
        self.lipschitz = lipschitz
        self.event_shape = (size,)
        self.weights = torch.nn.ParameterList(weight.detach().clone() for weight in weights)
        self.biases = torch.nn.ParameterList(bias.detach().clone() for bias in biases)

    @classmethod
    @checked(dimension=whole(1), width=whole(1), generator=instance(torch.Generator))
    def random(
        cls, dimension: int, width: int, lipschitz: float, *, generator: torch.Generator
    ) -> ContractiveResidual:
        """A block of two matrices with normal entries, `dimension` → `width` → `dimension`, in float64."""

        def normal(*shape: int) -> torch.Tensor:
            return torch.randn(*shape, generator=generator, dtype=torch.float64, device=generator.device)

        weights = [normal(width, dimension), normal(dimension, width)]
        return cls(weights, [normal(width), normal(dimension)], lipschitz)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_points("x", x, self.event_shape, like=self.biases[0])
        value, jacobian = self._value_and_jacobian(x, self._layers())
        return x + value, self._log_det(jacobian)

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_points("y", y, self.event_shape, like=self.biases[0])
        rounding = torch.finfo(y.dtype).eps
        steps = 20 + math.ceil(math.log(rounding) / math.log(self.lipschitz))
        layers = self._layers()  # their largest singular values once, not in each step
        start = fixed_point(
            lambda x: y - self._value_and_jacobian(x, layers, with_jacobian=False)[0],
            y.detach(),
            steps=steps,
            tolerance=64 * rounding,
            event_dims=1,
        ).detach()
        # One Newton step: it squares the error, and carries the derivatives (implicit function theorem).
        value, jacobian = self._value_and_jacobian(start, layers)
        gap = (start + value - y).unsqueeze(-1)
        x = start - torch.linalg.solve(self._identity(jacobian) + jacobian, gap).squeeze(-1)
        return x, -self._log_det(self._value_and_jacobian(x, layers)[1])

    def residual(self, x: torch.Tensor) -> torch.Tensor:
        """$f(x)$, `(..., D)`."""
        check_points("x", x, self.event_shape, like=self.biases[0])
        return self._residual(x)

    def _residual(self, x: torch.Tensor) -> torch.Tensor:
        return self._value_and_jacobian(x, self._layers(), with_jacobian=False)[0]

    def jacobian(self, x: torch.Tensor) -> torch.Tensor:
        """$J_f(x)$, `(..., D, D)`. Cost O(D² width)."""
        check_points("x", x, self.event_shape, like=self.biases[0])
        return self._value_and_jacobian(x, self._layers())[1]

    def log_det_series(self, x: torch.Tensor, terms: int) -> torch.Tensor:
        """The sums of the first 1, ..., `terms` terms of the power series: `(..., terms)`.

        Each is within `truncation_bound` of the log-determinant. Cost O(terms · D³) a point.
        """
        if isinstance(terms, bool) or not isinstance(terms, int) or terms < 1:
            raise ValueError(f"terms: got {terms!r}, expected a whole number of at least 1")
        jacobian = self.jacobian(x)
        power, found = self._identity(jacobian), []
        for k in range(1, terms + 1):
            power = power @ jacobian
            trace = torch.diagonal(power, dim1=-2, dim2=-1).sum(-1)
            found.append(log_determinant_term(trace, k))
        return torch.stack(found, dim=-1).cumsum(-1)

    def truncation_bound(self, terms: int) -> float:
        """What the error of the first `terms` terms does not exceed, at any point. Cost O(terms)."""
        return float(truncation_bound(self.event_shape[0], self.lipschitz, terms))

    @checked(generator=instance(torch.Generator))
    def hutchinson_series(self, x: torch.Tensor, terms: int, *, generator: torch.Generator) -> torch.Tensor:
        """One draw a point of the first `terms` terms, with $v^\\top J_f^k v$ for each trace: `(...)`.

        The entries of $v$ are 1 or -1 with equal chances, so that the mean is the truncated series: biased for the
        log-determinant, by at most `truncation_bound(terms)`. Cost O(terms) products with the Jacobian.
        Hutchinson, "A stochastic estimator of the trace" (1989).
        """
        if isinstance(terms, bool) or not isinstance(terms, int) or terms < 1:
            raise ValueError(f"terms: got {terms!r}, expected a whole number of at least 1")
        check_points("x", x, self.event_shape, like=self.biases[0])
        weights = torch.ones(*x.shape[:-1], terms, dtype=x.dtype, device=x.device)
        return self._random_series(x, weights, generator)

    @checked(generator=instance(torch.Generator))
    def russian_roulette(
        self, x: torch.Tensor, *, generator: torch.Generator, continue_probability: float = 0.5
    ) -> torch.Tensor:
        """One draw a point of an unbiased estimate of the log-determinant: `(...)`.

        After each term a coin decides whether another follows; term k, reached with probability $p^{k-1}$, is divided
        by it. The mean is the whole series. The variance is finite because $p > L^2$ is asked for.
        Raises ValueError otherwise. Cost: $1/(1 - p)$ products with the Jacobian on average, for the slowest point.
        Chen et al., "Residual Flows for Invertible Generative Modeling" (2019).
        """
        check_points("x", x, self.event_shape, like=self.biases[0])
        p = continue_probability
        if not isinstance(p, int | float) or not self.lipschitz**2 < p < 1:
            raise ValueError(
                f"continue_probability: got {p!r}, expected from above lipschitz² = {self.lipschitz**2:g} to below 1"
            )
        uniform = torch.rand(x.shape[:-1], generator=generator, dtype=torch.float64, device=x.device)
        # P(count >= k) = P(uniform < p^(k-1)), because 1 - uniform > 0 keeps the logarithm finite.
        count = 1 + torch.floor(torch.log1p(-uniform) / math.log(p))
        k = torch.arange(1, 1 + int(count.max()) if count.numel() else 1, device=x.device)
        weights = (k <= count.unsqueeze(-1)) / p ** (k - 1).to(torch.float64)
        return self._random_series(x, weights.to(x.dtype), generator)

    def _random_series(
        self, x: torch.Tensor, weights: torch.Tensor, generator: torch.Generator
    ) -> torch.Tensor:
        """Sum over k of `weights[..., k - 1]` times term k, with one random sign vector a point."""
        signs = torch.randint(0, 2, x.shape, generator=generator, device=x.device)
        probe = (2 * signs - 1).to(x.dtype)
        _, pull_back = torch.func.vjp(self._residual, x)
        row, total = probe, x.new_zeros(x.shape[:-1])
        for k in range(1, weights.shape[-1] + 1):
            (row,) = pull_back(row)
            total = total + weights[..., k - 1] * log_determinant_term((row * probe).sum(-1), k)
        return total

    def _layers(self) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """The matrices, divided so that each keeps to its share of the Lipschitz constant, and the biases."""
        share = self.lipschitz ** (1 / len(self.weights))
        return [
            (weight * torch.clamp(share / torch.linalg.matrix_norm(weight, ord=2), max=1), bias)
            for weight, bias in zip(self.weights, self.biases, strict=True)
        ]

    def _value_and_jacobian(
        self,
        x: torch.Tensor,
        layers: list[tuple[torch.Tensor, torch.Tensor]],
        *,
        with_jacobian: bool = True,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        value, jacobian = x, self._identity(x.unsqueeze(-1)) if with_jacobian else None
        for index, (matrix, bias) in enumerate(layers):
            if index > 0:
                value = torch.tanh(value)
                if with_jacobian:
                    jacobian = (1 - value**2).unsqueeze(-1) * jacobian
            value = value @ matrix.mT + bias
            if with_jacobian:
                jacobian = matrix @ jacobian
        return value, jacobian

    def _identity(self, like: torch.Tensor) -> torch.Tensor:
        size = self.event_shape[0]
        return torch.eye(size, dtype=like.dtype, device=like.device).expand(*like.shape[:-2], size, size)

    def _log_det(self, jacobian: torch.Tensor) -> torch.Tensor:
        return torch.linalg.slogdet(self._identity(jacobian) + jacobian).logabsdet
