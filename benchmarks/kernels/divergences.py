"""Divergences between Gaussian laws against `torch.distributions`, from the same tensors.

A call of the peer makes the laws and asks for their divergence: with its checks of arguments, which are on by
default, and without, as zuko turns them off for the whole process. Ours always checks.
"""

from collections.abc import Callable, Iterator

import torch
from side_by_side import Case, Claim, Family, Peer
from torch.distributions import MultivariateNormal, Normal
from torch.distributions.kl import kl_divergence as kl_of_laws

from helpers.models.gaussians import kl_divergence, kl_to_standard_normal

__all__ = ["FAMILIES"]

SIZES = (2, 4, 8, 16, 32, 64, 128, 256)
DIAGONAL, FULL = 256, 64  # laws in a batch


def _checked_or_not(theirs: Callable[[bool], torch.Tensor]) -> dict[str, Callable[[], Peer]]:
    return {
        "torch.distributions": lambda: Peer(lambda: theirs(True)),
        "torch.distributions, unchecked": lambda: Peer(lambda: theirs(False)),
    }


def _diagonal() -> Iterator[Case]:
    for size in SIZES:
        generator = torch.Generator().manual_seed(size)
        mean = torch.randn(DIAGONAL, size, generator=generator)
        scale = 0.3 + 1.5 * torch.rand(DIAGONAL, size, generator=generator)

        def theirs(checked, mean=mean, scale=scale):
            laws = (Normal(*numbers, validate_args=checked) for numbers in ((mean, scale), (0.0, 1.0)))
            return kl_of_laws(*laws).sum(-1)

        yield Case(
            size,
            lambda mean=mean, scale=scale: kl_to_standard_normal(mean, scale),
            _checked_or_not(theirs),
        )


def _full() -> Iterator[Case]:
    for size in SIZES:
        generator = torch.Generator().manual_seed(size)

        def law(generator=generator, size=size):
            factor = (torch.randn(FULL, size, size, generator=generator) / (2 * size**0.5)).tril(-1)
            diagonal = 0.5 + torch.rand(FULL, size, generator=generator)
            return torch.randn(FULL, size, generator=generator), factor + torch.diag_embed(diagonal)

        q, p = law(), law()

        def theirs(checked, q=q, p=p):
            laws = (MultivariateNormal(m, scale_tril=factor, validate_args=checked) for m, factor in (q, p))
            return kl_of_laws(*laws)

        yield Case(
            size,
            lambda q=q, p=p: kl_divergence(*q, *p),
            _checked_or_not(theirs),
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
        reason=(
            "Without its checks the peer has fewer passes over the numbers. Ours takes a logarithm in double "
            "precision besides, so that laws that nearly agree keep their digits."
        ),
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
        reason=(
            "Without its checks the peer is left with the solve that both need. Ours looks at both factors."
        ),
        cases=_full,
    ),
]
