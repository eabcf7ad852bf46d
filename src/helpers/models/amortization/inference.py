r"""A linear Gaussian model with its exact posterior, the best mean-field proposal, and the gaps of any other.

Posteriors are given by their mean $m$ and the Cholesky factor $L$ of their covariance,
$\Lambda^{-1} = LL^\top$; nothing is inverted: $L^{-1}$ is applied by forward substitution.
"""

from __future__ import annotations

from typing import NamedTuple

import torch

from helpers.models.gaussians import cholesky_factor
from helpers.models.invertible import check_points, holds

__all__ = ["DatumGaps", "LinearGaussian", "datum_gaps", "gradient_ascent", "mean_field_projection"]


class LinearGaussian(torch.nn.Module):
    r"""$z \sim \mathcal N(0, I_d)$ and $u = Wz + \tau\varepsilon$ with $\varepsilon \sim \mathcal N(0, I_p)$.

    Args:
        loading: $W$, `(p, d)`.
        noise: $\tau > 0$, a tensor without dimensions: a standard deviation.

    Both are kept as they are (buffers, no copies are learned). Raises ValueError for other shapes and kinds and a
    noise that is not positive. Source: Tipping and Bishop, "Probabilistic principal component analysis" (1999).

    >>> model = LinearGaussian(torch.ones(1, 1), torch.tensor(1.0))
    >>> mean, scale_tril = model.posterior(torch.tensor([3.0]))
    >>> round(mean.item(), 4), round(scale_tril.item() ** 2, 4)
    (1.5, 0.5)
    """

    loading: torch.Tensor
    noise: torch.Tensor

    def __init__(self, loading: torch.Tensor, noise: torch.Tensor) -> None:
        super().__init__()
        check_points("loading", loading, (None, None))
        if loading.ndim != 2:
            raise ValueError(f"loading: got shape {tuple(loading.shape)}, expected (p, d)")
        check_points("noise", noise, ())
        if noise.ndim:
            raise ValueError(f"noise: got shape {tuple(noise.shape)}, expected no dimensions")
        if not holds(noise > 0):
            raise ValueError(f"noise: got {noise.item():.6g}, expected a positive standard deviation")
        if (noise.dtype, noise.device) != (loading.dtype, loading.device):
            raise ValueError(
                f"loading, noise: got {loading.dtype} on {loading.device} and {noise.dtype} on {noise.device}, "
                "expected one dtype and one device"
            )
        self.register_buffer("loading", loading)
        self.register_buffer("noise", noise)

    def precision(self) -> torch.Tensor:
        r"""$\Lambda = I + W^\top W/\tau^2$, `(d, d)`: the same for every datum. Cost O(p d²)."""
        size = self.loading.shape[1]
        eye = torch.eye(size, dtype=self.loading.dtype, device=self.loading.device)
        return eye + self.loading.mT @ self.loading / self.noise.square()

    def posterior(self, u: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        r"""The mean `(..., d)` of $p(z \mid u)$ and the Cholesky factor `(d, d)` of its covariance.

        `u` is `(..., p)`.

        The covariance is $RR^\top$ with $R = C^{-\top}$, $CC^\top = \Lambda$; a QR factorisation makes it lower
        triangular. Cost O(d³), and O(p d + d²) a datum.
        """
        check_points("u", u, (self.loading.shape[0],))
        factor = torch.linalg.cholesky(self.precision())
        pulled = u @ self.loading / self.noise.square()
        mean = torch.cholesky_solve(pulled.unsqueeze(-1), factor).squeeze(-1)
        eye = torch.eye(factor.shape[0], dtype=u.dtype, device=u.device)
        back = torch.linalg.solve_triangular(factor, eye, upper=False)  # C⁻¹, and Λ⁻¹ = C⁻ᵀ C⁻¹
        upper = torch.linalg.qr(back, mode="r").R
        return mean, (upper * upper.diagonal().sign().unsqueeze(-1)).mT

    def log_evidence(self, u: torch.Tensor) -> torch.Tensor:
        r"""$\log p(u)$ of $\mathcal N(0, WW^\top + \tau^2 I)$, `(...)`. Cost O(p³)."""
        check_points("u", u, (self.loading.shape[0],))
        eye = torch.eye(u.shape[-1], dtype=u.dtype, device=u.device)
        factor = cholesky_factor(self.loading @ self.loading.mT + self.noise.square() * eye)
        return _log_normal(u, factor)

    def log_joint(self, u: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        r"""$\log p(u, z)$, `(...)`; `u` is `(..., p)` and `z` is `(..., d)`, and they broadcast."""
        check_points("u", u, (self.loading.shape[0],))
        check_points("z", z, (self.loading.shape[1],))
        of_noise = (u - z @ self.loading.mT) / self.noise
        return _standard(z) + _standard(of_noise) - u.shape[-1] * self.noise.log()


class DatumGaps(NamedTuple):
    """The two parts of the divergence to the posterior, `(...)` each, in nats; `total` is their sum."""

    approximation: torch.Tensor
    amortization: torch.Tensor

    @property
    def total(self) -> torch.Tensor:
        """The divergence itself, and minus the bias of the bound."""
        return self.approximation + self.amortization


def mean_field_projection(mean: torch.Tensor, scale_tril: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    r"""The normal law with independent coordinates of smallest divergence to $\mathcal N(m, LL^\top)$.

    $\mu = m$ and $\sigma_i = 1/\sqrt{\Lambda_{ii}}$, where $\Lambda_{ii}$ is the squared length of
    column i of $L^{-1}$.
    `mean` is `(..., d)`, `scale_tril` `(..., d, d)`, lower triangular with a positive diagonal; the results are
    `(..., d)`. Raises ValueError for other shapes and kinds. Cost O(d³) a matrix.

    >>> factor = torch.linalg.cholesky(torch.tensor([[1.0, 0.6], [0.6, 1.0]]))
    >>> [round(value, 4) for value in mean_field_projection(torch.zeros(2), factor)[1].tolist()]
    [0.8, 0.8]
    """
    _check_posterior(mean, scale_tril)
    scale = _precision_diagonal(scale_tril).rsqrt()
    shape = torch.broadcast_shapes(mean.shape, scale.shape)
    return mean.expand(shape), scale.expand(shape)


def datum_gaps(
    mean_q: torch.Tensor, scale_q: torch.Tensor, mean: torch.Tensor, scale_tril: torch.Tensor
) -> DatumGaps:
    r"""The gaps of proposals with independent coordinates for posteriors $\mathcal N(m, LL^\top)$.

    `mean_q` and `scale_q` (standard deviations) are `(..., d)`, `mean` `(..., d)`, `scale_tril` `(..., d, d)`;
    batches broadcast. The approximation gap is that of the best mean-field proposal,
    $\tfrac12\log(\prod_i\Lambda_{ii}/\det\Lambda)$; the amortization gap is what this one loses beyond it. Both
    are sums of terms that are not negative, up to rounding. Raises ValueError for shapes and kinds that do not fit
    and scales that are not positive. Cost O(d³) an entry of the batch.

    >>> one = torch.ones(1)
    >>> datum_gaps(one, one, 0 * one, torch.eye(1)).amortization.item()
    0.5
    """
    _check_posterior(mean, scale_tril)
    for name, value in (("mean_q", mean_q), ("scale_q", scale_q)):
        check_points(name, value, (mean.shape[-1],))
        _check_kind(name, value, mean)
    if not holds((scale_q > 0).all()):
        raise ValueError(f"scale_q: got {scale_q.min().item():.6g}, expected positive standard deviations")
    try:
        shape = torch.broadcast_shapes(mean_q.shape, scale_q.shape, mean.shape, scale_tril.shape[:-1])
    except RuntimeError as error:
        shapes = ", ".join(str(tuple(value.shape)) for value in (mean_q, scale_q, mean, scale_tril))
        raise ValueError(
            f"mean_q, scale_q, mean, scale_tril: got shapes {shapes}, expected batches that broadcast"
        ) from error
    diagonal = _precision_diagonal(scale_tril)
    own = scale_tril.diagonal(dim1=-2, dim2=-1).square()  # the product of its inverses is det Λ
    approximation = (diagonal * own).log().sum(-1).clamp(min=0) / 2
    deviation = (mean_q - mean).expand(shape).unsqueeze(-1)
    factor = scale_tril.expand(*shape[:-1], *scale_tril.shape[-2:])
    whitened = torch.linalg.solve_triangular(factor, deviation, upper=False).squeeze(-1)
    ratio = diagonal * scale_q.square()
    spread = (ratio - 1 - ratio.log()).expand(shape)
    amortization = (whitened.square() + spread).sum(-1) / 2
    return DatumGaps(approximation.expand(shape[:-1]), amortization)


def gradient_ascent(
    start: torch.Tensor, mean: torch.Tensor, precision: torch.Tensor, learning_rate: float, steps: int
) -> torch.Tensor:
    r"""The means $\mu_0, \mu_1, \dots$ of gradient ascent on the bound: $\mu \leftarrow \mu + \eta\Lambda(m - \mu)$.

    `start` and the posterior's `mean` are `(..., d)`, `precision` `(..., d, d)`; the result is
    `(steps + 1, ..., d)`. Raises ValueError for shapes and kinds that do not fit, a learning rate that is not
    positive and a number of steps that is negative. Cost O(d²) a step and datum.

    >>> path = gradient_ascent(torch.zeros(1), torch.ones(1), 2 * torch.eye(1), learning_rate=0.1, steps=2)
    >>> [round(value, 4) for value in (1 - path).flatten().tolist()]
    [1.0, 0.8, 0.64]
    """
    check_points("start", start, (None,))
    size = start.shape[-1]
    for name, value, shape in (("mean", mean, (size,)), ("precision", precision, (size, size))):
        check_points(name, value, shape)
        _check_kind(name, value, start)
    if isinstance(learning_rate, bool) or not isinstance(learning_rate, int | float) or not learning_rate > 0:
        raise ValueError(f"learning_rate: got {learning_rate!r}, expected a positive number")
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 0:
        raise ValueError(f"steps: got {steps!r}, expected a whole number, 0 or greater")
    shape = torch.broadcast_shapes(start.shape, mean.shape, precision.shape[:-1])
    path = [start.expand(shape)]
    for _ in range(steps):
        pull = precision @ (mean - path[-1]).unsqueeze(-1)
        path.append(path[-1] + learning_rate * pull.squeeze(-1))
    return torch.stack(path)


def _precision_diagonal(scale_tril: torch.Tensor) -> torch.Tensor:
    eye = torch.eye(scale_tril.shape[-1], dtype=scale_tril.dtype, device=scale_tril.device)
    columns = torch.linalg.solve_triangular(scale_tril, eye.expand(scale_tril.shape), upper=False)
    return columns.square().sum(-2)


def _check_posterior(mean: torch.Tensor, scale_tril: torch.Tensor) -> None:
    check_points("mean", mean, (None,))
    size = mean.shape[-1]
    check_points("scale_tril", scale_tril, (size, size))
    _check_kind("scale_tril", scale_tril, mean)
    diagonal = scale_tril.diagonal(dim1=-2, dim2=-1)
    if not holds((diagonal > 0).all()):
        raise ValueError(
            f"scale_tril: got {diagonal.min().item():.6g} on the diagonal, expected positive numbers"
        )
    if not holds((scale_tril.triu(1) == 0).all()):
        raise ValueError("scale_tril: got entries above the diagonal, expected a lower triangular matrix")


def _check_kind(name: str, value: torch.Tensor, like: torch.Tensor) -> None:
    if (value.dtype, value.device) != (like.dtype, like.device):
        raise ValueError(
            f"{name}: got {value.dtype} on {value.device}, expected {like.dtype} on {like.device}"
        )


def _standard(point: torch.Tensor) -> torch.Tensor:
    constant = point.shape[-1] * torch.log(torch.tensor(2 * torch.pi, dtype=torch.float64)).item()
    return -(point.square().sum(-1) + constant) / 2


def _log_normal(point: torch.Tensor, factor: torch.Tensor) -> torch.Tensor:
    white = torch.linalg.solve_triangular(
        factor.expand(*point.shape[:-1], *factor.shape), point.unsqueeze(-1), upper=False
    ).squeeze(-1)
    return _standard(white) - factor.diagonal().log().sum()
