r"""A variational autoencoder small enough to be trained while a page is built."""

from __future__ import annotations

import math

import torch

from helpers.arguments import checked, instance
from helpers.models.invertible import check_points

__all__ = ["GaussianAutoencoder"]


class GaussianAutoencoder(torch.nn.Module):
    r"""A decoder f with Gaussian noise, and an encoder that answers x with a Gaussian over the latent.

    $z \sim \mathcal N(0, I)$, $p(x\mid z) = \mathcal N(f(z), \tau^2I)$ and
    $q(z\mid x) = \mathcal N(\mu(x), \operatorname{diag}\sigma(x)^2)$.

    f and $(\mu, \log\sigma)$ are networks with two hidden layers of tanh units; $\log\tau$ is a parameter.
    Points are `(..., data_size)`, latents `(..., latent_size)`. First weights come from PyTorch's global
    generator. Raises ValueError for sizes that are no positive whole numbers, noise that is not positive, and
    for points as `check_points` does. Cost O(h²) a point, h = `hidden`. Source: Kingma and Welling,
    "Auto-encoding variational Bayes" (2014).

    >>> import torch
    >>> model = GaussianAutoencoder(2, 1, hidden=4)
    >>> mean, log_scale = model.encode(torch.zeros(5, 2))
    >>> mean.shape, model.decode(mean).shape
    (torch.Size([5, 1]), torch.Size([5, 2]))
    """

    def __init__(self, data_size: int, latent_size: int, hidden: int, noise: float = 1.0) -> None:
        super().__init__()
        for name, size in (("data_size", data_size), ("latent_size", latent_size), ("hidden", hidden)):
            if isinstance(size, bool) or not isinstance(size, int) or size < 1:
                raise ValueError(f"{name}: got {size!r}, expected a whole number of at least 1")
        if not isinstance(noise, int | float) or not 0 < noise < math.inf:
            raise ValueError(f"noise: got {noise!r}, expected a positive standard deviation")
        self.data_size, self.latent_size = data_size, latent_size
        self.encoder = _network(data_size, hidden, 2 * latent_size)
        self.decoder = _network(latent_size, hidden, data_size)
        self.log_noise = torch.nn.Parameter(torch.tensor(math.log(noise)))

    def encode(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        r"""$\mu(x)$ and $\log\sigma(x)$, both `(..., latent_size)`."""
        check_points("x", x, (self.data_size,), like=self.log_noise)
        mean, log_scale = self.encoder(x).chunk(2, dim=-1)
        return mean, log_scale

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        r"""$f(z)$, `(..., data_size)`."""
        return self._decoded("z", z)

    def _decoded(self, name: str, z: torch.Tensor) -> torch.Tensor:
        check_points(name, z, (self.latent_size,), like=self.log_noise)
        return self.decoder(z)

    def log_joint(self, x: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        r"""$\log p(x, z)$ as `(...)`; the batches of `x` and `z` broadcast."""
        check_points("x", x, (self.data_size,), like=self.log_noise)
        return self._log_likelihood(x, self.decode(z)) + _log_normal(z, z.new_zeros(()), z.new_zeros(()))

    def bound(self, x: torch.Tensor, epsilon: torch.Tensor) -> torch.Tensor:
        r"""An unbiased estimate of the bound at each x, from $z = \mu + \sigma\varepsilon$.

        The divergence from the prior is exact. `epsilon` is standard normal, `(..., latent_size)`; the result
        is `(...)`, differentiable in all parameters.
        """
        mean, log_scale = self.encode(x)
        check_points("epsilon", epsilon, (self.latent_size,), like=self.log_noise)
        z = mean + log_scale.exp() * epsilon
        divergence = ((mean.square() + (2 * log_scale).exp() - 1) / 2 - log_scale).sum(-1)
        return self._log_likelihood(x, self._decoded("x, epsilon, as z", z)) - divergence

    @checked(generator=instance(torch.Generator))
    def log_weights(self, x: torch.Tensor, samples: int, generator: torch.Generator) -> torch.Tensor:
        r"""$\log p(x, z_k) - \log q(z_k\mid x)$ for K = `samples` draws from the encoder's law, `(..., K)`.

        For `importance_weighted_bound(..., dim=-1)`. Raises ValueError for K < 1. Cost O(Kh²) a point.
        """
        if isinstance(samples, bool) or not isinstance(samples, int) or samples < 1:
            raise ValueError(f"samples: got {samples!r}, expected a whole number of at least 1")
        mean, log_scale = (value.unsqueeze(-2) for value in self.encode(x))
        shape = (*x.shape[:-1], samples, self.latent_size)
        z = mean + log_scale.exp() * torch.randn(shape, generator=generator, dtype=x.dtype, device=x.device)
        return self.log_joint(x.unsqueeze(-2), z) - _log_normal(z, mean, log_scale)

    def _log_likelihood(self, x: torch.Tensor, decoded: torch.Tensor) -> torch.Tensor:
        return _log_normal(x, decoded, self.log_noise)


def _network(inputs: int, hidden: int, outputs: int) -> torch.nn.Sequential:
    return torch.nn.Sequential(
        torch.nn.Linear(inputs, hidden),
        torch.nn.Tanh(),
        torch.nn.Linear(hidden, hidden),
        torch.nn.Tanh(),
        torch.nn.Linear(hidden, outputs),
    )


def _log_normal(value: torch.Tensor, mean: torch.Tensor, log_scale: torch.Tensor) -> torch.Tensor:
    standard = (value - mean) * (-log_scale).exp()
    return (-standard.square() / 2 - log_scale - math.log(2 * math.pi) / 2).sum(-1)
