r"""Stay close to the identity: $g(z) = z + f(z)$ with $\lvert f'\rvert \le c < 1$ is invertible, by a fixed point."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch

from helpers.arguments import checked, several, whole
from helpers.models.flows.solvers import fixed_point, newton_step
from helpers.models.invertible import InvertibleMap, check_points, holds

__all__ = ["ResidualMap"]


class ResidualMap(InvertibleMap):
    r"""$g(z) = z + f(z)$ on each coordinate of a point, for a function $f$ with $\lvert f'\rvert \le c < 1$.

    The slope $1 + f'$ lies in $[1 - c, 1 + c]$. The inverse is the fixed point of $x \mapsto y - f(x)$: after n steps
    from y the error is at most $c^n \lvert f(x)\rvert$, with $x$ the solution.

    Args:
        function: $f$, entry by entry; PyTorch must be able to differentiate it forwards. A `torch.nn.Module` brings
            its parameters.
        lipschitz: $c$, from 0 to less than 1.
        event_shape: of one point; `()`, a number, by default.

    Raises ValueError for a Lipschitz constant outside [0, 1), and in both directions where $\lvert f'\rvert$
    exceeds it at a point. Cost: one evaluation of $f$ and its slope; the inverse about
    $\log\varepsilon/\log c$ evaluations, with $\varepsilon$ the dtype's rounding unit.

    >>> import torch
    >>> flow = ResidualMap(lambda z: torch.sin(z) / 2, lipschitz=0.5)
    >>> y, log_slope = flow(torch.tensor([0.0, 1.0]))
    >>> flow.inverse(y)[0]
    tensor([0., 1.])
    """

    @checked(event_shape=several(whole(1), least=0))
    def __init__(
        self,
        function: Callable[[torch.Tensor], torch.Tensor],
        lipschitz: float,
        *,
        event_shape: Sequence[int] = (),
    ) -> None:
        super().__init__()
        if not callable(function):
            raise ValueError(f"function: got {function!r}, expected a function of a tensor")
        if isinstance(lipschitz, bool) or not isinstance(lipschitz, int | float) or not 0 <= lipschitz < 1:
            raise ValueError(f"lipschitz: got {lipschitz!r}, expected a number from 0 to less than 1")
        self.function = function
        self.lipschitz = float(lipschitz)
        self.event_shape = tuple(event_shape)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_points("x", x, self.event_shape)
        change, slope = self._change_and_slope(x)
        return x + change, self._total(slope)

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_points("y", y, self.event_shape)
        solution = fixed_point(lambda x: y - self.function(x), y, steps=self._steps(y))

        def value_and_slope(x):
            change, slope = self._change_and_slope(x)
            return x + change, 1 + slope

        x = newton_step(value_and_slope, solution, y)
        return x, -self._total(self._change_and_slope(x)[1])

    def _change_and_slope(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        change, slope = torch.func.jvp(self.function, (x,), (torch.ones_like(x),))
        # The slope at the bound itself may be rounded upwards.
        if not holds((slope.abs() <= self.lipschitz + 8 * torch.finfo(x.dtype).eps).all()):
            raise ValueError(
                f"function: got a slope of size {slope.abs().max().item():.6g}, "
                f"expected at most lipschitz = {self.lipschitz:g}"
            )
        return change, slope

    def _steps(self, y: torch.Tensor) -> int:
        """Enough for c to the power of it to be below the rounding unit."""
        rounding = math.log(torch.finfo(y.dtype).eps)
        return 4 + math.ceil(rounding / math.log(self.lipschitz)) if self.lipschitz > 0 else 4

    def _total(self, slopes: torch.Tensor) -> torch.Tensor:
        log_slopes = torch.log1p(slopes)
        return log_slopes.flatten(-len(self.event_shape)).sum(dim=-1) if self.event_shape else log_slopes
