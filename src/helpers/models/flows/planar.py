r"""The planar flow as a PyTorch module; its inverse is one equation in one unknown, solved by bisection."""

from __future__ import annotations

import torch

from helpers.arguments import checked, finite
from helpers.models.flows.solvers import bisection
from helpers.models.invertible import InvertibleMap, all_finite, check_points, holds

__all__ = ["PlanarFlow"]


class PlanarFlow(InvertibleMap):
    """$y = x + u\\tanh(w^\\top x + b)$ on points `(..., D)`: every point moves along $u$.

    A bijection exactly for $w^\\top u \\ge -1$. At $w^\\top u = -1$ its Jacobian is singular on the plane
    $w^\\top x + b = 0$: the log-determinant there is $-\\infty$, that of the inverse $\\infty$; near it
    the inverse loses digits, because a rounding of y moves x by its cube root.

    Args:
        w, u: `(D,)`, floating, of one dtype, with $w^\\top u \\ge -1$; `w` is not zero.
        b: a number.

    All three are parameters of the module; values that training has made inadmissible are refused by the next call.
    `repaired(w, u, b)` takes any `u` and first makes $w^\\top u$ larger than $-1$.

    The inverse needs $s = w^\\top x + b$, the root of $s + w^\\top u\\tanh s = w^\\top y + b$, which lies within
    $\\lvert w^\\top u\\rvert$ of the right side; bisection finds it, and one Newton step makes it differentiable.
    Raises ValueError for another kind of argument, naming it. Cost O(D) a point, and O(D + steps) for the inverse.
    Rezende and Mohamed, "Variational Inference with Normalizing Flows" (2015).

    >>> flow = PlanarFlow(torch.tensor([2.0, 0.0]), torch.tensor([0.25, 1.0]), 0.0)
    >>> y, log_abs_det_jacobian = flow(torch.zeros(2))
    >>> round(log_abs_det_jacobian.exp().item(), 4)
    1.5
    """

    @checked(b=finite())
    def __init__(self, w: torch.Tensor, u: torch.Tensor, b: float) -> None:
        super().__init__()
        _check_vectors(w, u)
        number = torch.as_tensor(b, dtype=w.dtype, device=w.device)
        if not holds(torch.isfinite(number)):  # too large for the dtype
            raise ValueError(f"b: got {b!r}, expected a finite number")
        self.event_shape = (len(w),)
        self.w = torch.nn.Parameter(w.detach().clone())
        self.u = torch.nn.Parameter(u.detach().clone())
        self.b = torch.nn.Parameter(number.detach().clone())
        self._check_parameters()

    @classmethod
    @checked(b=finite())
    def repaired(cls, w: torch.Tensor, u: torch.Tensor, b: float) -> PlanarFlow:
        """The flow of $w$ and $\\hat u = u + (m(w^\\top u) - w^\\top u)\\,w / \\lVert w\\rVert^2$.

        Here $m(t) = -1 + \\log(1 + e^t)$. Any `u` will do: $w^\\top\\hat u = m(w^\\top u) > -1$.
        Arguments, errors and cost as for the class.
        """
        _check_vectors(w, u)
        inner, square = w @ u, w @ w
        if not all_finite(torch.stack([inner, square, 1 / square])):
            raise ValueError(f"w, u: got products that leave the range of {w.dtype}, expected finite ones")
        return cls(w, u + (torch.nn.functional.softplus(inner) - 1 - inner) * w / square, b)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_points("x", x, self.event_shape, like=self.w)
        inner = self._check_parameters()
        s = x @ self.w + self.b
        return x + torch.tanh(s).unsqueeze(-1) * self.u, torch.log(self._slope(s, inner))

    def inverse(self, y: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        check_points("y", y, self.event_shape, like=self.w)
        inner = self._check_parameters()
        target = y @ self.w + self.b
        with torch.no_grad():
            fixed = inner.detach()
            reach = fixed.abs() + torch.finfo(y.dtype).eps * (1 + target.abs())
            start = bisection(lambda s: s + fixed * torch.tanh(s), target, target - reach, target + reach)
            slope = self._slope(start, fixed)
            # At w·u = -1 the slope vanishes at s = 0: there no Newton step can be taken, and none is needed.
            divisor = torch.where(slope > 0, slope, torch.inf)
        s = start - (start + inner * torch.tanh(start) - target) / divisor
        return y - torch.tanh(s).unsqueeze(-1) * self.u, -torch.log(self._slope(s, inner))

    @staticmethod
    def _slope(s: torch.Tensor, inner: torch.Tensor) -> torch.Tensor:
        """1 + (1 - tanh² s) w·u, as (1 + w·u) - w·u tanh² s, which keeps its digits where w·u is near -1."""
        return (1 + inner) - inner * torch.tanh(s) ** 2

    def _check_parameters(self) -> torch.Tensor:
        if not holds((self.w != 0).any()):
            raise ValueError("w: got zeros, expected a vector that is not zero")
        inner = self.w @ self.u
        # A sum of products that is -1 may be rounded to less.
        rounding = 4 * torch.finfo(inner.dtype).eps * (self.w.detach().abs() @ self.u.detach().abs())
        if not holds(inner.detach() >= -1 - rounding):
            raise ValueError(f"u: got w·u = {inner.item()}, expected at least -1")
        return torch.clamp(inner, min=-1)


def _check_vectors(w: torch.Tensor, u: torch.Tensor) -> None:
    check_points("w", w, (None,))
    if w.ndim != 1:
        raise ValueError(f"w: got shape {tuple(w.shape)}, expected (D,)")
    if not holds((w != 0).any()):
        raise ValueError("w: got zeros, expected a vector that is not zero")
    check_points("u", u, (len(w),))
    if u.shape != w.shape or u.dtype != w.dtype or u.device != w.device:
        raise ValueError(
            f"u: got {u.dtype} of shape {tuple(u.shape)} on {u.device}, expected {w.dtype} of shape "
            f"{tuple(w.shape)} on {w.device}, as w"
        )
