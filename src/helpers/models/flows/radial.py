r"""The radial flow as a PyTorch module, with its inverse in closed form."""

from __future__ import annotations

from functools import cache

import sympy as sp
import torch

from helpers.arguments import checked, finite
from helpers.codegen import to_torch
from helpers.models.flows.radial_formulas import radial_slope, radial_stretch
from helpers.models.invertible import InvertibleMap, all_finite, check_finite, check_form, check_points, holds

__all__ = ["RadialFlow"]


@cache
def _compiled():
    symbols = sp.symbols("r alpha beta")
    return to_torch([formula(*symbols) for formula in (radial_stretch, radial_slope)], symbols)


class RadialFlow(InvertibleMap):
    """$y = x + \\frac{\\beta}{\\alpha + r}(x - c)$ with $r = \\lVert x - c\\rVert$, on points `(..., D)`.

    A bijection exactly for $\\beta \\ge -\\alpha$. At $\\beta = -\\alpha$ its Jacobian is singular at the centre: the
    log-determinant there is $-\\infty$, that of the inverse $\\infty$.

    Args:
        center: `(D,)`, floating; its dtype is the module's.
        alpha: positive number.
        beta: at least `-alpha`.

    All three are parameters of the module; a value that training has made inadmissible is refused by the next call.
    Raises ValueError for another kind of argument, naming it. Cost O(D) a point, in both directions.
    Rezende and Mohamed, "Variational Inference with Normalizing Flows" (2015).

    >>> flow = RadialFlow(torch.zeros(2), 1.0, 1.0)
    >>> y, log_abs_det_jacobian = flow(torch.tensor([1.0, 0.0]))
    >>> y
    tensor([1.5000, 0.0000], grad_fn=<AddBackward0>)
    """

    @checked(alpha=finite(), beta=finite())
    def __init__(self, center: torch.Tensor, alpha: float, beta: float) -> None:
        super().__init__()
        check_points("center", center, (None,))
        if center.ndim != 1:
            raise ValueError(f"center: got shape {tuple(center.shape)}, expected (D,)")
        self.event_shape = (len(center),)
        self.center = torch.nn.Parameter(center.detach().clone())
        for name, value in (("alpha", alpha), ("beta", beta)):
            number = torch.as_tensor(value, dtype=center.dtype, device=center.device)
            if number.ndim != 0 or not holds(torch.isfinite(number)):
                raise ValueError(f"{name}: got {value!r}, expected a finite number")
            setattr(self, name, torch.nn.Parameter(number.detach().clone()))
        self._check_parameters()

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_form("x", x, self.event_shape)
        self._check_parameters()
        offset = x - self.center
        across, log_abs_det = self._at(torch.linalg.vector_norm(offset, dim=-1))
        self._check_factor("x", x, across)
        return self.center + across.unsqueeze(-1) * offset, log_abs_det

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_form("y", y, self.event_shape)
        self._check_parameters()
        offset = y - self.center
        across, log_abs_det = self._at(self._radius(torch.linalg.vector_norm(offset, dim=-1)))
        self._check_factor("y", y, across)
        # The factor is zero at the centre alone, and there for beta = -alpha: the centre stays where it is.
        across = torch.where(across > 0, across, 1)
        return self.center + offset / across.unsqueeze(-1), -log_abs_det

    def _at(self, r: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The factor across the ray and the log-determinant, at these distances from the centre."""
        across, along = _compiled()(r, self.alpha, self.beta)
        log_along = torch.log(along)
        if self.event_shape == (1,):
            return across, log_along
        return across, (self.event_shape[0] - 1) * torch.log(across) + log_along

    def _radius(self, rho: torch.Tensor) -> torch.Tensor:
        """The positive root of r² - (rho - alpha - beta) r - alpha rho = 0, without subtracting near equals."""
        half = (rho - (self.alpha + self.beta)) / 2
        # Where both terms under the root are zero (beta = -alpha, at the centre) its slope is infinite.
        under = half**2 + self.alpha * rho
        root = torch.where(under > 0, torch.sqrt(torch.where(under > 0, under, 1)), 0)
        large = torch.where(half < 0, root - half, 1)
        return torch.where(half < 0, self.alpha * rho / large, half + root)

    @staticmethod
    def _check_factor(name: str, points: torch.Tensor, across: torch.Tensor) -> None:
        """NaN, infinity and a distance whose square leaves the range make the factor NaN: only then look for them."""
        if not all_finite(across):
            check_finite(name, points)
            raise ValueError(
                f"{name}: got a point too far from the center for {points.dtype}, expected distances with a finite "
                "square"
            )

    def _check_parameters(self) -> None:
        alpha, beta = self.alpha.detach(), self.beta.detach()
        if holds((alpha > 0) & (beta >= -alpha)):
            return
        if not alpha > 0:
            raise ValueError(f"alpha: got {alpha.item()}, expected a positive number")
        raise ValueError(f"beta: got {beta.item()}, expected at least -alpha = {-alpha.item()}")
