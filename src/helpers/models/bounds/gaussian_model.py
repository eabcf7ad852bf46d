r"""A Gaussian latent, as formulas: $z \sim \mathcal N(0, 1)$ and $x \mid z \sim \mathcal N(\theta + z, \tau^2)$.

All that a bound on the evidence is made of, for a proposal $q = \mathcal N(\mu, \sigma^2)$. Scales are standard
deviations. Needs SymPy alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from helpers.arguments import checked, positive, real, scalar
from helpers.models.gaussians import divergence_to_standard_normal

__all__ = ["SPLITTINGS", "GaussianModel", "entropy", "log_normal_density"]

SPLITTINGS = ("evidence", "prior", "entropy")
"""Three ways to write the bound: evidence − divergence to the posterior, reconstruction − divergence to the prior,
energy + entropy."""


@checked(point=real, mean=real, scale=positive)
def log_normal_density(point: Any, mean: Any, scale: Any) -> sp.Expr:
    r"""$\log \mathcal N(\text{point}; \text{mean}, \text{scale}^2)$.

    >>> log_normal_density(0, 0, 1)
    -log(2*pi)/2
    """
    return -((point - mean) ** 2) / (2 * scale**2) - sp.log(scale) - sp.log(2 * sp.pi) / 2


@checked(scale=positive)
def entropy(scale: Any) -> sp.Expr:
    r"""$H(q) = -\mathbb E_q \log q = \log\sigma + \tfrac12\log(2\pi e)$ of a normal law, in nats.

    >>> entropy(1)
    1/2 + log(2*pi)/2
    """
    return sp.log(scale) + sp.log(2 * sp.pi) / 2 + sp.Rational(1, 2)


@dataclass(frozen=True)
class GaussianModel:
    r"""The model $z \sim \mathcal N(0, 1)$, $x \mid z \sim \mathcal N(\theta + z, \tau^2)$ at one observation $x$.

    Args:
        x: the observation, a number or an expression.
        scale: $\tau$, the standard deviation of the noise, positive.
        shift: $\theta$.

    Raises ValueError for a scale that is known not to be positive. Every method costs O(1).

    >>> x = sp.Symbol("x", real=True)
    >>> model = GaussianModel(x, 1)
    >>> model.posterior_mean, model.posterior_scale
    (x/2, sqrt(2)/2)
    """

    x: Any
    scale: Any = 1
    shift: Any = 0

    def __post_init__(self) -> None:
        for name in ("x", "scale", "shift"):
            object.__setattr__(self, name, (scalar if name == "scale" else real)(name, getattr(self, name)))
        _positive("scale", self.scale)

    @property
    def log_evidence(self) -> sp.Expr:
        r"""$\log p(x)$, the logarithm of $\mathcal N(x; \theta, 1 + \tau^2)$."""
        variance = 1 + self.scale**2
        return -((self.x - self.shift) ** 2) / (2 * variance) - sp.log(2 * sp.pi * variance) / 2

    @property
    def posterior_mean(self) -> sp.Expr:
        r"""The mean $(x - \theta) / (1 + \tau^2)$ of $p(z \mid x)$."""
        return (self.x - self.shift) / (1 + self.scale**2)

    @property
    def posterior_scale(self) -> sp.Expr:
        r"""The standard deviation $\tau / \sqrt{1 + \tau^2}$ of $p(z \mid x)$."""
        return self.scale / sp.sqrt(1 + self.scale**2)

    @checked(z=real)
    def log_likelihood(self, z: Any) -> sp.Expr:
        r"""$\log p(x \mid z)$."""
        return log_normal_density(self.x, self.shift + z, self.scale)

    @checked(z=real)
    def log_joint(self, z: Any) -> sp.Expr:
        r"""$\log p(x, z) = \log p(x \mid z) + \log p(z)$."""
        return self.log_likelihood(z) + log_normal_density(z, 0, 1)

    @checked(z=real)
    def log_posterior(self, z: Any) -> sp.Expr:
        r"""$\log p(z \mid x)$."""
        return log_normal_density(z, self.posterior_mean, self.posterior_scale)

    @checked(z=real, mu=real, sigma=positive)
    def log_weight(self, z: Any, mu: Any, sigma: Any) -> sp.Expr:
        r"""$\log w(z) = \log p(x, z) - \log q(z)$."""
        return self.log_joint(z) - log_normal_density(z, mu, _positive("sigma", sigma))

    @checked(mu=real, sigma=positive)
    def reconstruction(self, mu: Any, sigma: Any) -> sp.Expr:
        r"""$\mathbb E_q \log p(x \mid z)$."""
        sigma = _positive("sigma", sigma)
        square = (self.x - self.shift - mu) ** 2 + sigma**2
        return -square / (2 * self.scale**2) - sp.log(self.scale) - sp.log(2 * sp.pi) / 2

    @checked(mu=real, sigma=positive)
    def energy(self, mu: Any, sigma: Any) -> sp.Expr:
        r"""$\mathbb E_q \log p(x, z)$: of the complete data, latent and observation."""
        sigma = _positive("sigma", sigma)
        return self.reconstruction(mu, sigma) - (mu**2 + sigma**2) / 2 - sp.log(2 * sp.pi) / 2

    @checked(mu=real, sigma=positive)
    def divergence_to_prior(self, mu: Any, sigma: Any) -> sp.Expr:
        r"""$D_{\mathrm{KL}}(q \,\|\, p(z))$."""
        return divergence_to_standard_normal(mu, _positive("sigma", sigma))

    @checked(mu=real, sigma=positive)
    def divergence(self, mu: Any, sigma: Any) -> sp.Expr:
        r"""$D_{\mathrm{KL}}(q \,\|\, p(z \mid x))$, what the bound falls short of the evidence."""
        mean, scale = self.posterior_mean, self.posterior_scale
        return divergence_to_standard_normal((mu - mean) / scale, _positive("sigma", sigma) / scale)

    @checked(mu=real, sigma=positive)
    def bound(self, mu: Any, sigma: Any) -> sp.Expr:
        r"""$\mathcal L(q) = \mathbb E_q \log w$, by the splitting that needs neither evidence nor posterior.

        >>> GaussianModel(0, 1).bound(0, 1)
        -log(2*pi)/2 - 1/2
        """
        return self.reconstruction(mu, sigma) - self.divergence_to_prior(mu, sigma)

    @checked(z=real, mu=real, sigma=positive)
    def estimator(self, z: Any, mu: Any, sigma: Any, splitting: str = "evidence") -> sp.Expr:
        r"""What one draw z from q says of the bound: for each of `SPLITTINGS` another number of the same mean.

        `evidence` samples everything, $\log w(z)$; `prior` takes the divergence to the prior in closed form, and
        `entropy` the entropy. Raises ValueError for another splitting.
        """
        _known(splitting)
        if splitting == "prior":
            return self.log_likelihood(z) - self.divergence_to_prior(mu, sigma)
        if splitting == "entropy":
            return self.log_joint(z) + entropy(_positive("sigma", sigma))
        return self.log_weight(z, mu, sigma)

    @checked(mu=real, sigma=positive)
    def estimator_variance(self, mu: Any, sigma: Any, splitting: str = "evidence") -> sp.Expr:
        """The variance of `estimator` for z drawn from q; of `evidence` it is 0 exactly at the posterior."""
        sigma = _positive("sigma", sigma)
        _known(splitting)
        if splitting == "prior":
            variance, distance, excess = self.scale**2, self.x - self.shift - mu, sp.Integer(0)
        else:
            variance, distance = self.posterior_scale**2, mu - self.posterior_mean
            excess = sp.Integer(splitting == "evidence")
        return (sigma**2 / variance - excess) ** 2 / 2 + sigma**2 * distance**2 / variance**2


def _known(splitting: str) -> None:
    if not isinstance(splitting, str) or splitting not in SPLITTINGS:
        raise ValueError(f"splitting: got {splitting!r}, expected one of {', '.join(SPLITTINGS)}")


def _positive(name: str, value: Any) -> sp.Expr:
    if value.is_extended_nonpositive or value.is_extended_real is False:
        raise ValueError(f"{name}: got {value}, expected a positive standard deviation")
    return value
