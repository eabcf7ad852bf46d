r"""The diagonal Gaussian laws nearest to a given one, in either direction of the divergence."""

from __future__ import annotations

import torch

from helpers.arguments import checked, one_of
from helpers.models.gaussians.factor import check_factor
from helpers.models.gaussians.symbolic import DIRECTIONS
from helpers.models.invertible import check_points

__all__ = ["diagonal_projection"]


@checked(direction=one_of(DIRECTIONS))
def diagonal_projection(scale_tril: torch.Tensor, direction: str) -> torch.Tensor:
    r"""Standard deviations of the independent Gaussian law nearest to $p = \mathcal N(\mu, LL^\top)$.

    `scale_tril` is $L$, `(..., d, d)`, and the result `(..., d)`; the mean of that law is $p$'s.
    `direction="forward"` minimises $D_{\mathrm{KL}}(p\,\|\,q)$ over diagonal $q$ and keeps the marginal variances
    $\Sigma_{ii}$, the squared lengths of the rows of $L$; `"reverse"` minimises $D_{\mathrm{KL}}(q\,\|\,p)$ and has
    the variances $1/\Lambda_{ii}$ with $\Lambda = \Sigma^{-1}$, from the lengths of the columns of $L^{-1}$: the
    variance of each coordinate given all others, never larger. Neither forms the covariance.

    Raises ValueError for another direction, and for what is no lower triangular matrix with a positive diagonal. Cost
    O(d²) a matrix forward, O(d³) in reverse. Source: the chapter on divergences between Gaussians.

    >>> import torch
    >>> factor = torch.tensor([[1.0, 0.0], [0.6, 0.8]], dtype=torch.float64)  # correlation 0.6
    >>> diagonal_projection(factor, "forward").tolist(), diagonal_projection(factor, "reverse").tolist()
    ([1.0, 1.0], [0.8, 0.8])
    """
    check_points("scale_tril", scale_tril, (None, None))
    check_factor("scale_tril", scale_tril, scale_tril.shape[-1])
    lower = scale_tril.tril()
    if direction == "forward":
        return _lengths(lower, -1)
    unit = torch.eye(lower.shape[-1], dtype=lower.dtype, device=lower.device).expand_as(lower)
    columns = torch.linalg.solve_triangular(lower, unit, upper=False)
    return 1 / _lengths(columns, -2)


def _lengths(vectors: torch.Tensor, dim: int) -> torch.Tensor:
    """Euclidean lengths; of vectors whose squares leave the range, too. None of them is zero."""
    largest = vectors.detach().abs().amax(dim, keepdim=True)
    return largest.squeeze(dim) * torch.linalg.vector_norm(vectors / largest, dim=dim)
