r"""The linear-Gaussian model in numbers: evidence, posterior samples, by Cholesky factors of `(d, d)` matrices."""

from __future__ import annotations

import math

import torch

from helpers.arguments import checked, instance
from helpers.models.gaussians.factor import solve_lower
from helpers.models.invertible import check_points, holds

__all__ = ["LinearGaussian", "probabilistic_pca"]


class LinearGaussian:
    r"""$z \sim \mathcal N(0, I)$, $x = Wz + b + \tau\odot\varepsilon$: factor analysis (one τ: probabilistic PCA).

    Args:
        weight: $W$, `(..., D, d)`.
        shift: $b$, `(..., D)`.
        noise: $\tau$, `(..., D)`, standard deviations of the noise, positive. All entries equal: probabilistic PCA.

    Batches broadcast, with each other and with the points. Everything is differentiable in the three and works in
    `torch.func.vmap`. With $V = W/\tau$ and $A = I + V^\top V = LL^\top$ no matrix of size D is formed and none is
    inverted. Raises ValueError for tensors of another kind, shapes that do not fit, dtypes or devices that differ,
    numbers that are not finite and noise that is not positive. Cost O(Dd² + d³) a model, O(Dd) a point. Source:
    Tipping and Bishop, "Probabilistic principal component analysis" (1999).

    >>> import torch
    >>> model = LinearGaussian(torch.zeros(2, 1), torch.zeros(2), torch.ones(2))
    >>> round(model.log_evidence(torch.zeros(2)).item(), 4)  # -log 2π
    -1.8379
    """

    def __init__(self, weight: torch.Tensor, shift: torch.Tensor, noise: torch.Tensor) -> None:
        check_points("weight", weight, (None, None))
        size = weight.shape[-2]
        for name, value in (("shift", shift), ("noise", noise)):
            check_points(name, value, (size,))
        if not holds((noise > 0).all()):
            raise ValueError(f"noise: got {noise.min().item():.6g}, expected positive standard deviations")
        for what in ("dtype", "device"):
            kinds = [str(getattr(value, what)) for value in (weight, shift, noise)]
            if len(set(kinds)) > 1:
                raise ValueError(f"weight, shift, noise: got {', '.join(kinds)}, expected one {what}")
        self.weight, self.shift, self.noise = weight, shift, noise
        self.data_size, self.latent_size = size, weight.shape[-1]
        self._scaled = weight / noise.unsqueeze(-1)
        identity = torch.eye(self.latent_size, dtype=weight.dtype, device=weight.device)
        self._precision = identity + self._scaled.mT @ self._scaled  # of the latent given x
        self._factor, failed = torch.linalg.cholesky_ex(self._precision)
        if not holds((failed == 0).all()):
            raise ValueError(
                f"weight, noise: got weights so much larger than the noise that {weight.dtype} does not hold their "
                "squared quotients, expected smaller ones"
            )

    def log_evidence(self, x: torch.Tensor) -> torch.Tensor:
        r"""$\log p(x)$ at `x` `(..., D)`, as `(...)`, by the determinant lemma and Woodbury's identity."""
        check_points("x", x, (self.data_size,), like=self.weight)
        deviation = (x - self.shift) / self.noise
        solved = solve_lower(self._factor, self._projected(deviation))
        quadratic = deviation.square().sum(-1) - solved.square().sum(-1)
        half_log_det = self.noise.log().sum(-1) + self._factor.diagonal(dim1=-2, dim2=-1).log().sum(-1)
        return -quadratic / 2 - half_log_det - self.data_size * math.log(2 * math.pi) / 2

    def posterior(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        r"""Mean `(..., d)` and lower triangular factor `(..., d, d)` of the law of z given `x` `(..., D)`.

        The covariance is $A^{-1}$, the same for every x. Its factor comes from the Cholesky factor of A with rows and
        columns in reverse order.
        """
        check_points("x", x, (self.data_size,), like=self.weight)
        projected = self._projected((x - self.shift) / self.noise)
        mean = solve_lower(self._factor, solve_lower(self._factor, projected), transposed=True)
        reversed_factor = torch.linalg.cholesky(self._precision.flip((-2, -1))).flip((-2, -1))
        identity = torch.eye(self.latent_size, dtype=x.dtype, device=x.device)
        return mean, torch.linalg.solve_triangular(reversed_factor.mT, identity, upper=False)

    def log_joint(self, x: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        r"""$\log p(x, z)$ for `x` `(..., D)` and `z` `(..., d)`, as `(...)`."""
        check_points("x", x, (self.data_size,), like=self.weight)
        check_points("z", z, (self.latent_size,), like=self.weight)
        decoded = (self.weight @ z.unsqueeze(-1)).squeeze(-1) + self.shift
        likelihood = -((x - decoded) / self.noise).square().sum(-1) / 2 - self.noise.log().sum(-1)
        constant = (self.data_size + self.latent_size) * math.log(2 * math.pi) / 2
        return likelihood - z.square().sum(-1) / 2 - constant

    @checked(generator=instance(torch.Generator))
    def sample(self, n: int, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
        """n observations `(n, ..., D)` and the latents `(n, ..., d)` that they come from."""
        if isinstance(n, bool) or not isinstance(n, int) or n < 0:
            raise ValueError(f"n: got {n!r}, expected a whole number of at least 0")
        batch = torch.broadcast_shapes(self.weight.shape[:-2], self.shift.shape[:-1], self.noise.shape[:-1])
        kind = {"dtype": self.weight.dtype, "device": self.weight.device, "generator": generator}
        z = torch.randn(n, *batch, self.latent_size, **kind)
        noise = torch.randn(n, *batch, self.data_size, **kind)
        return (self.weight @ z.unsqueeze(-1)).squeeze(-1) + self.shift + self.noise * noise, z

    def _projected(self, deviation: torch.Tensor) -> torch.Tensor:
        return (self._scaled.mT @ deviation.unsqueeze(-1)).squeeze(-1)


def probabilistic_pca(covariance: torch.Tensor, latent_size: int) -> tuple[torch.Tensor, torch.Tensor]:
    r"""The weight `(..., D, d)` and the noise τ `(...)` that maximise the likelihood of data with that covariance.

    $W = U(\Lambda - \tau^2I)^{1/2}$ of the d largest eigenvalues, and $\tau^2$ is the mean of the others.
    `covariance` is `(..., D, D)`, symmetric, with a positive mean of the last eigenvalues. Raises ValueError
    for another shape or kind, a `latent_size` outside 1, ..., D - 1, and noise that would be zero. Cost
    O(D³). Source: Tipping and Bishop, "Probabilistic principal component analysis" (1999), equations 7 and 8.

    >>> import torch
    >>> weight, noise = probabilistic_pca(torch.diag(torch.tensor([5.0, 1.0])), 1)
    >>> weight.abs().squeeze().tolist(), noise.item()
    ([2.0, 0.0], 1.0)
    """
    check_points("covariance", covariance, (None, None))
    size = covariance.shape[-1]
    if covariance.shape[-2] != size:
        raise ValueError(f"covariance: got shape {tuple(covariance.shape)}, expected (..., D, D)")
    allowed = 8 * torch.finfo(covariance.dtype).eps * covariance.abs().amax((-2, -1), keepdim=True)
    if not holds(((covariance - covariance.mT).abs() <= allowed).all()):
        raise ValueError("covariance: expected a symmetric matrix, got one that is not")
    if isinstance(latent_size, bool) or not isinstance(latent_size, int) or not 0 < latent_size < size:
        raise ValueError(f"latent_size: got {latent_size!r}, expected from 1 to {size - 1}")
    try:
        values, vectors = torch.linalg.eigh(covariance)
    except NotImplementedError:
        raise ValueError(
            f"covariance: got {covariance.dtype}, expected torch.float32 or torch.float64"
        ) from None
    variance = values[..., :-latent_size].mean(-1)
    if not holds((variance > 0).all()):
        raise ValueError(
            f"covariance: got {variance.min().item():.6g} for the mean of the last {size - latent_size} "
            "eigenvalues, expected a positive number"
        )
    lengths = (values[..., -latent_size:] - variance.unsqueeze(-1)).clamp(min=0).sqrt()
    weight = vectors[..., -latent_size:] * lengths.unsqueeze(-2)
    return weight.flip(-1), variance.sqrt()
