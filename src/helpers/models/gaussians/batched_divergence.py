r"""Kullback–Leibler divergences between Gaussian laws, batched, from Cholesky factors of their covariances.

The law $\mathcal N(\mu, LL^\top)$ is given by its mean $\mu$ and a lower triangular $L$ with a positive diagonal; no
covariance is formed and no matrix inverted.
"""

from __future__ import annotations

import torch

from helpers.devices import supports_float64
from helpers.models.gaussians.factor import check_alike, check_factor, common_batch
from helpers.models.invertible import all_finite, check_form, check_points, holds

__all__ = ["kl_divergence", "kl_to_standard_normal"]


def kl_divergence(
    mean_q: torch.Tensor, scale_tril_q: torch.Tensor, mean_p: torch.Tensor, scale_tril_p: torch.Tensor
) -> torch.Tensor:
    r"""$D_{\mathrm{KL}}(\mathcal N(\mu_q, L_qL_q^\top) \,\|\, \mathcal N(\mu_p, L_pL_p^\top))$, in nats.

    Means are `(..., d)`, Cholesky factors `(..., d, d)`; batches broadcast, and the result has the batch's shape.
    With $M = L_p^{-1}L_q$, triangular, and $y = L_p^{-1}(\mu_q - \mu_p)$ the divergence is
    $\tfrac12\bigl(\lVert y\rVert^2 + \sum_{i>j} M_{ij}^2 + \sum_i (M_{ii}^2 - 1 - \log M_{ii}^2)\bigr)$:
    no term is negative, so that none cancels another, and determinants beyond the floating-point range do no harm.
    What is solved for is $M - I$, from $L_q - L_p$, so that laws that nearly agree keep their digits. The result is
    infinite where the divergence is beyond the range.

    Raises ValueError for tensors of another kind, dtypes or devices that differ, shapes that do not fit, numbers that
    are not finite, and a factor that is not lower triangular with a positive diagonal. Inside `torch.func.vmap`,
    which has no values to look at, values are not checked. Cost O(d³) an entry of the batch. Source: the chapter on
    divergences between Gaussians.

    >>> import torch
    >>> zero, one = torch.zeros(1), torch.eye(1)
    >>> round(kl_divergence(zero + 1, 2 * one, zero, one).item(), 4)  # (1 + 4 - 1) / 2 - log 2
    1.3069
    """
    check_points("mean_q", mean_q, (None,))
    size = mean_q.shape[-1]
    check_points("mean_p", mean_p, (size,))
    check_factor("scale_tril_q", scale_tril_q, size)
    check_factor("scale_tril_p", scale_tril_p, size)
    given = {"mean_q": mean_q, "scale_tril_q": scale_tril_q, "mean_p": mean_p, "scale_tril_p": scale_tril_p}
    check_alike(given)
    batch = common_batch(given, {"mean_q": 1, "scale_tril_q": 2, "mean_p": 1, "scale_tril_p": 2})

    # The factors are known to be triangular; for gradients the upper part of L_q must stay out of the sum, too.
    difference = (scale_tril_q - scale_tril_p).tril()
    factor_p = scale_tril_p.expand(*batch, size, size)
    excess = torch.linalg.solve_triangular(factor_p, difference.expand(*batch, size, size), upper=False)
    shift = (mean_q - mean_p).unsqueeze(-1).expand(*batch, size, 1)
    deviation = torch.linalg.solve_triangular(factor_p, shift, upper=False)
    diagonal_q, diagonal_p = (factor.diagonal(dim1=-2, dim2=-1) for factor in (scale_tril_q, scale_tril_p))
    # M - I has zeros above its diagonal, and its squares are those of M below the diagonal and (M_ii - 1)² on it.
    above = _above_logarithm(excess.diagonal(dim1=-2, dim2=-1), diagonal_q, diagonal_p)
    return (excess.square().sum((-2, -1)) + deviation.square().sum((-2, -1))) / 2 + above.sum(-1)


def kl_to_standard_normal(mean: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    r"""$D_{\mathrm{KL}}(\mathcal N(\mu, \operatorname{diag}\sigma^2) \,\|\, \mathcal N(0, I))$, in nats.

    `mean` and `scale` are `(..., d)` and broadcast; `scale` is a standard deviation, not a variance. The result is
    `(...)`, the sum $\sum_i \tfrac12(\mu_i^2 + \sigma_i^2 - 1) - \log\sigma_i$ over the last dimension; two tensors
    without dimensions are one coordinate. Raises ValueError for tensors of another kind, dtypes or devices that
    differ, shapes that do not broadcast, numbers that are not finite, and a scale that is not positive. Cost O(d).
    Source: Kingma and Welling, "Auto-encoding variational Bayes" (2014), appendix B.

    >>> import torch
    >>> round(kl_to_standard_normal(torch.tensor([1.0]), torch.tensor([2.0])).item(), 4)
    1.3069
    """
    given = {"mean": mean, "scale": scale}
    for name, value in given.items():
        check_form(name, value, ())
    check_alike(given)
    shape = common_batch(given, {"mean": 0, "scale": 0})
    excess = scale - 1
    terms = 0.5 * (mean.square() + excess.square()) + _above_logarithm(excess, scale, None)
    result = terms.sum(-1) if shape else terms
    # NaN, infinity and a scale that is not positive have no finite divergence: only then look for them.
    if not all_finite(result):
        for name, value in given.items():
            check_points(name, value, ())
        if not holds((scale > 0).all()):
            raise ValueError(f"scale: got {scale.min().item():.6g}, expected positive standard deviations")
    return result


def _above_logarithm(excess: torch.Tensor, scale: torch.Tensor, unit: torch.Tensor | None) -> torch.Tensor:
    r"""$e - \log(1 + e)$ for $1 + e$ = scale / unit, of which `excess` is $e$; never negative. NaN for scale < 0.

    `unit` is 1 if it is None. Near $e = 0$ it is the difference of two nearly equal numbers. Numbers of single
    precision are too far apart for that to cost any of their digits, if it is taken in double precision.
    """
    if scale.dtype != torch.float64 and supports_float64(scale.device):
        ratio = scale.double() if unit is None else scale.double() / unit.double()
        return (ratio - 1).sub_(ratio.log()).to(scale.dtype)
    # Near 0 log(1 + e) = 2 artanh s with s = e/(2 + e), and e = 2s/(1 - s): the difference is
    # 2s²/(1 - s) - 2(s³/3 + s⁵/5 + ...).
    near = excess.abs() < 0.25  # |s| < 1/7, and a term of the series is 1/49 of the one before
    # Each branch gets numbers at which its gradient is finite: one of the other branch must not spoil the sum.
    small = torch.where(near, excess, 0.0)
    s = small / (2 + small)
    square = s.square()
    series = torch.full_like(s, 1 / 19)
    for power in range(17, 1, -2):
        series = series * square + 1 / power
    close = 2 * square * (1 / (1 - s) - s * series)
    if unit is None:
        return torch.where(near, close, excess - torch.where(near, 1.0, scale).log())
    ratio = scale / unit
    ordinary = (ratio > torch.finfo(ratio.dtype).tiny) & torch.isfinite(ratio)  # else only the logarithms are
    logarithm = torch.where(ordinary, torch.where(ordinary, ratio, 1.0).log(), scale.log() - unit.log())
    return torch.where(near, close, excess - logarithm)
