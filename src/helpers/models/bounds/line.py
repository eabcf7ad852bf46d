r"""One continuous latent: $\mathcal L_K$ and the density $q_K$ as integrals over a line, without random numbers.

An inverse and a logarithm are mixtures of exponentials,
$\frac1a = \int_0^\infty e^{-ta}\,dt$ and $\log a = \int_0^\infty \frac{e^{-t} - e^{-ta}}{t}\,dt$ for $a > 0$. The
weights of independent draws add, so the mean of an exponential of their sum is a power of one function,
$m(t) = \mathbb E_q\,e^{-tw(z)}$: the integral over K - 1 draws becomes one over $t$.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from helpers.arguments import checked, function
from helpers.devices import device
from helpers.models.invertible import check_points, holds

__all__ = ["bound_on_a_line", "resampled_density_on_a_line"]

_REACH, _NODES = 10.0, 1601  # of the proposal's standard deviations, and of draws within them
_MOST = 40_000  # points of the grid in log t: half a gigabyte with all nodes
_STEP = 0.25  # of log t; the integrands are so smooth in it that the trapezoidal rule errs by less than 1e-12


@checked(log_weight=function, device=device)
def bound_on_a_line(
    log_weight: Callable[[torch.Tensor], torch.Tensor],
    mean: float,
    scale: float,
    samples: int,
    *,
    device: torch.device | str | None = None,
) -> torch.Tensor:
    r"""$\mathcal L_K$ for the proposal $\mathcal N(\mu, \sigma^2)$, in float64.

    `log_weight(z)` is $\log p(x, z) - \log q(z)$ at points `(...)` on `device`, by default PyTorch's; `samples` is K.
    The trapezoidal rule in $\log t$ and over ten standard deviations of z: right to about ten digits for smooth
    weights of moderate spread. Raises ValueError for a mean that is not finite, a scale that is not positive, K < 1,
    and log-weights of another shape or not finite. Cost O(s) for log-weights that spread over s.
    """
    values, log_masses = _nodes(log_weight, mean, scale, samples, device)
    if samples == 1:  # the only case in which one tiny weight makes a difference
        return (log_masses.exp() * values).sum()
    unit = (values + log_masses).logsumexp(0)  # log of the mean weight: the scale of t
    log_t = _log_t(values - unit)
    power = samples * _log_mean_exponential(log_t - math.log(samples), values - unit, log_masses)
    return unit + ((-log_t.exp()).exp() - power.exp()).sum() * _STEP


@checked(log_weight=function)
def resampled_density_on_a_line(
    points: torch.Tensor,
    log_weight: Callable[[torch.Tensor], torch.Tensor],
    mean: float,
    scale: float,
    samples: int,
) -> torch.Tensor:
    r"""The density $q_K$ at `points`, `(n,)` in float64, for the proposal $\mathcal N(\mu, \sigma^2)$.

    $q_K(z) = K\,q(z)\,w(z) \int_0^\infty e^{-tw(z)}\,m(t)^{K-1}\,dt$. Arguments and errors as in `bound_on_a_line`;
    ValueError for points of another kind. Cost O(s·n).
    """
    check_points("points", points, ())
    if points.ndim != 1 or points.dtype != torch.float64:
        raise ValueError(
            f"points: got {points.dtype} of shape {tuple(points.shape)}, expected float64 of shape (n,)"
        )
    values, log_masses = _nodes(log_weight, mean, scale, samples, points.device)
    log_proposal = -(((points - mean) / scale).square() / 2) - math.log(scale) - math.log(2 * math.pi) / 2
    if samples == 1:
        return log_proposal.exp()
    unit = (values + log_masses).logsumexp(0)
    own = log_weight(points) - unit
    log_t = _log_t(torch.cat([values - unit, own]))
    power = (samples - 1) * _log_mean_exponential(log_t, values - unit, log_masses)
    # dt = t d(log t)
    terms = log_t + power - (log_t + own.unsqueeze(-1)).exp()
    return (math.log(samples * _STEP) + log_proposal + own + terms.logsumexp(-1)).exp()


def _nodes(
    log_weight, mean: float, scale: float, samples: int, device: torch.device | str | None
) -> tuple[torch.Tensor, torch.Tensor]:
    """Log-weights on an even grid of z, and the logarithms of the masses that the proposal gives to its points."""
    if isinstance(mean, bool) or not isinstance(mean, int | float) or not math.isfinite(mean):
        raise ValueError(f"mean: got {mean!r}, expected a finite number")
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not 0 < scale < math.inf:
        raise ValueError(f"scale: got {scale!r}, expected a positive standard deviation")
    if isinstance(samples, bool) or not isinstance(samples, int) or samples < 1:
        raise ValueError(f"samples: got {samples!r}, expected a whole number K of at least 1")
    standard = torch.linspace(-_REACH, _REACH, _NODES, dtype=torch.float64, device=device)
    values = log_weight(mean + scale * standard)
    if not isinstance(values, torch.Tensor) or values.shape != standard.shape:
        kind = tuple(values.shape) if isinstance(values, torch.Tensor) else type(values).__name__
        raise ValueError(f"log_weight: got {kind}, expected values of shape {tuple(standard.shape)}")
    if not holds(torch.isfinite(values).all()):
        raise ValueError("log_weight: got NaN or infinity, expected finite log-weights")
    return values, (-standard.square() / 2).log_softmax(0)


def _log_t(log_weights: torch.Tensor) -> torch.Tensor:
    """A grid of log t that reaches from where every weight's exponential is 1 to where it is 0."""
    lowest, highest = torch.stack(log_weights.aminmax()).tolist()
    if (highest - lowest) / _STEP > _MOST:
        raise ValueError(
            f"log_weight: got values from {lowest:.3g} to {highest:.3g}, expected a range of {_MOST * _STEP:g}"
        )
    return torch.arange(-highest - 40, -lowest + 6, _STEP, dtype=torch.float64, device=log_weights.device)


def _log_mean_exponential(
    log_t: torch.Tensor, log_weights: torch.Tensor, log_masses: torch.Tensor
) -> torch.Tensor:
    r"""$\log m(t) = \log \mathbb E\,e^{-tw}$ at each t."""
    return (log_masses - (log_t.unsqueeze(-1) + log_weights).exp()).logsumexp(-1)
