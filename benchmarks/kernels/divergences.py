"""Divergences between Gaussian laws against `torch.distributions`, from the same tensors.

A call of the peer makes the laws and asks for their divergence. Its checks of arguments are on, as they are unless
one turns them off; ours checks its arguments, too.
"""

from collections.abc import Iterator

import torch
from side_by_side import Case, Claim, Family, Peer
from torch.distributions import MultivariateNormal, Normal
from torch.distributions.kl import kl_divergence as kl_of_laws

from helpers.models.gaussians import kl_divergence, kl_to_standard_normal

__all__ = ["FAMILIES"]

SIZES = (2, 4, 8, 16, 32, 64, 128, 256)
DIAGONAL, FULL = 256, 64  # laws in a batch


def _diagonal() -> Iterator[Case]:
    for size in SIZES:
        generator = torch.Generator().manual_seed(size)
        mean = torch.randn(DIAGONAL, size, generator=generator)
        scale = 0.3 + 1.5 * torch.rand(DIAGONAL, size, generator=generator)

        def theirs(mean=mean, scale=scale):
            return kl_of_laws(Normal(mean, scale), Normal(0.0, 1.0)).sum(-1)

        yield Case(
            size,
            lambda mean=mean, scale=scale: kl_to_standard_normal(mean, scale),
            {"torch.distributions": lambda call=theirs: Peer(call)},
        )


def _full() -> Iterator[Case]:
    for size in SIZES:
        generator = torch.Generator().manual_seed(size)

        def law(generator=generator, size=size):
            factor = (torch.randn(FULL, size, size, generator=generator) / (2 * size**0.5)).tril(-1)
            diagonal = 0.5 + torch.rand(FULL, size, generator=generator)
            return torch.randn(FULL, size, generator=generator), factor + torch.diag_embed(diagonal)

        q, p = law(), law()

        def theirs(q=q, p=p):
            return kl_of_laws(*(MultivariateNormal(mean, scale_tril=factor) for mean, factor in (q, p)))

        yield Case(
            size,
            lambda q=q, p=p: kl_divergence(*q, *p),
            {"torch.distributions": lambda call=theirs: Peer(call)},
        )


FAMILIES = [
    Family(
        name="divergence-diagonal",
        title="Divergence to the standard normal law, diagonal covariance",
        size="dimension, d",
        dtype="float32",
        work=f"{DIAGONAL} laws",
        claim=Claim("helpers.models.gaussians.kl_to_standard_normal", "Cost O(d).", 1),
        most=1e-4,
        reason="Ours takes one logarithm in double precision, so that no digits are lost near 1.",
        cases=_diagonal,
    ),
    Family(
        name="divergence-full",
        title="Divergence between two normal laws, Cholesky factors",
        size="dimension, d",
        dtype="float32",
        work=f"{FULL} pairs of laws",
        claim=Claim("helpers.models.gaussians.kl_divergence", "Cost O(d³) an entry of the batch.", 3),
        most=1e-3,
        reason="Both spend their time in the same triangular solve; the rest is a draw.",
        cases=_full,
    ),
]
