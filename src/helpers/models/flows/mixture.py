r"""The logit of a mixture of sigmoids, an invertible map of the line that bends as often as one likes."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch.nn.functional import logsigmoid

from helpers.models.flows.solvers import bisection, newton_step
from helpers.models.invertible import InvertibleMap, check_form, check_points, holds

__all__ = ["SigmoidMixture"]

Numbers = torch.Tensor | Sequence


class SigmoidMixture(InvertibleMap):
    r"""$g(z) = \sigma^{-1}\bigl(\sum_{i=1}^N w_i\,\sigma(a_i z + b_i)\bigr)$, on each coordinate of a point.

    With $a_i > 0$, $w_i > 0$ and $\sum_i w_i = 1$ it is a bijection of the line, and its slope lies in
    $(0, \max_i a_i]$. It is computed in log-space, where it neither overflows nor saturates. The inverse has no
    formula: $\min_i (y - b_i)/a_i \le g^{-1}(y) \le \max_i (y - b_i)/a_i$ is a bracket, which bisection halves; one
    Newton step carries the derivatives.

    Args:
        weights: $w_i$, `(N,)` for a map of numbers, event shape `()`, or `(d, N)` for one of vectors `(d,)`;
            positive, with sums over N of 1 (to 1e-6).
        scales: $a_i$, of the same shape, positive.
        shifts: $b_i$, of the same shape.

    The parameters that are trained, `logits`, `log_scales` and `shifts`, may be any numbers: the weights are the
    softmax of the logits. Raises ValueError for shapes that differ, weights and scales that are not positive, sums
    that are not 1. Cost: O(dN) a point, the inverse 68 times that in float64.

    References:
        | Ho, Chen, Srinivas, Duan and Abbeel, "Flow++", ICML 2019.

    >>> import torch
    >>> flow = SigmoidMixture([0.5, 0.5], [1.0, 1.0], [4.0, -4.0])
    >>> y, log_slope = flow(torch.tensor([1.0, 40.0]))
    >>> y
    tensor([ 0.0815, 36.6928], grad_fn=<SubBackward0>)
    >>> flow.inverse(y)[0]
    tensor([ 1.0000, 40.0000], grad_fn=<SubBackward0>)
    """

    def __init__(self, weights: Numbers, scales: Numbers, shifts: Numbers) -> None:
        super().__init__()
        weights, scales, shifts = (
            _tensor(name, values)
            for name, values in (("weights", weights), ("scales", scales), ("shifts", shifts))
        )
        for name, values in (("weights", weights), ("scales", scales), ("shifts", shifts)):
            check_form(name, values, (), like=weights, of="the weights")
            if values.ndim < 1 or values.numel() == 0 or values.shape != weights.shape:
                raise ValueError(
                    f"{name}: got shape {tuple(values.shape)}, expected (N,) or (d, N), the same for "
                    f"weights, scales and shifts; the weights' is {tuple(weights.shape)}"
                )
            if not holds(torch.isfinite(values).all()):
                raise ValueError(f"{name}: got NaN or infinity, expected finite numbers")
        for name, values in (("weights", weights), ("scales", scales)):
            if not holds((values > 0).all()):
                raise ValueError(f"{name}: got {values.min().item():g}, expected positive numbers")
        sums = weights.sum(dim=-1)
        if not holds(((sums - 1).abs() <= 1e-6).all()):
            wrong = sums.flatten()[(sums - 1).abs().flatten().argmax()]
            raise ValueError(f"weights: got a sum of {wrong.item():g}, expected sums of 1")
        self.event_shape = tuple(weights.shape[:-1])
        self.logits = torch.nn.Parameter(weights.detach().log())
        self.log_scales = torch.nn.Parameter(scales.detach().log())
        self.shifts = torch.nn.Parameter(shifts.detach().clone())

    @property
    def weights(self) -> torch.Tensor:
        """$w_i$, of the shape of `shifts`."""
        return self.logits.softmax(dim=-1)

    @property
    def scales(self) -> torch.Tensor:
        """$a_i$, of the shape of `shifts`."""
        return self.log_scales.exp()

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_points("x", x, self.event_shape, like=self.shifts)
        y, log_slope = self._value_and_log_slope(x)
        return y, self._total(log_slope)

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_points("y", y, self.event_shape, like=self.shifts)
        # A little beyond the bracket, so that rounding cannot put the target outside.
        room = 64 * torch.finfo(y.dtype).eps * (1 + y.abs() + self.shifts.abs().amax(dim=-1)).detach()
        low = self._crossings(y - room).amin(dim=-1)
        high = self._crossings(y + room).amax(dim=-1)
        solution = bisection(lambda x: self._value_and_log_slope(x)[0], y, low, high)

        def value_and_slope(x):
            value, log_slope = self._value_and_log_slope(x)
            return value, log_slope.exp()

        x = newton_step(value_and_slope, solution, y)
        return x, -self._total(self._value_and_log_slope(x)[1])

    def _crossings(self, y: torch.Tensor) -> torch.Tensor:
        """Where each line a_i z + b_i takes the value y: `(..., *event, N)`."""
        return (y.unsqueeze(-1) - self.shifts) / self.scales

    def _value_and_log_slope(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        lines = self.scales * x.unsqueeze(-1) + self.shifts
        log_weights = self.logits.log_softmax(dim=-1)
        rising, falling = logsigmoid(lines), logsigmoid(-lines)
        log_f = torch.logsumexp(log_weights + rising, dim=-1)
        log_rest = torch.logsumexp(log_weights + falling, dim=-1)
        log_f_slope = torch.logsumexp(log_weights + self.log_scales + rising + falling, dim=-1)
        return log_f - log_rest, log_f_slope - log_f - log_rest

    def _total(self, log_slopes: torch.Tensor) -> torch.Tensor:
        """The sum over the coordinates of a point; `sum(dim=())` would be that over everything."""
        return log_slopes.flatten(-len(self.event_shape)).sum(dim=-1) if self.event_shape else log_slopes


def _tensor(name: str, values: Numbers) -> torch.Tensor:
    try:
        return torch.as_tensor(values)
    except (TypeError, ValueError, RuntimeError):
        raise ValueError(f"{name}: got {type(values).__name__}, expected a tensor or numbers") from None
