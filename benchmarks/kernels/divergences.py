"""Divergences between Gaussian laws against `torch.distributions`, from the same tensors.

A call of the peer makes the laws and asks for their divergence: with its checks of arguments, which are on by
default, and without, as zuko turns them off for the whole process. Ours always checks.
"""

from collections.abc import Callable, Iterator
from functools import partial

import torch
from side_by_side import Case, Claim, Family, Peer
from torch.distributions import MultivariateNormal, Normal
from torch.distributions.kl import kl_divergence as kl_of_laws

from helpers.models.gaussians import kl_divergence, kl_to_standard_normal

__all__ = ["FAMILIES"]

SIZES = (2, 4, 8, 16, 32, 64, 128, 256)
DIAGONAL, FULL = 256, 64  # laws in a batch


def _diagonal_numbers(generator: torch.Generator, size: int) -> tuple[torch.Tensor, ...]:
    mean = torch.randn(DIAGONAL, size, generator=generator)
    return mean, 0.3 + 1.5 * torch.rand(DIAGONAL, size, generator=generator)


def _diagonal_peer(checked: bool, mean: torch.Tensor, scale: torch.Tensor) -> torch.Tensor:
    laws = (Normal(*numbers, validate_args=checked) for numbers in ((mean, scale), (0.0, 1.0)))
    return kl_of_laws(*laws).sum(-1)


def _full_numbers(generator: torch.Generator, size: int) -> tuple[torch.Tensor, ...]:
    def law() -> tuple[torch.Tensor, torch.Tensor]:
        factor = (torch.randn(FULL, size, size, generator=generator) / (2 * size**0.5)).tril(-1)
        diagonal = 0.5 + torch.rand(FULL, size, generator=generator)
        return torch.randn(FULL, size, generator=generator), factor + torch.diag_embed(diagonal)

    return *law(), *law()


def _full_peer(checked: bool, *numbers: torch.Tensor) -> torch.Tensor:
    pairs = numbers[:2], numbers[2:]
    laws = (MultivariateNormal(mean, scale_tril=factor, validate_args=checked) for mean, factor in pairs)
    return kl_of_laws(*laws)


def _cases(ours: Callable, theirs: Callable, draw: Callable) -> Iterator[Case]:
    for size in SIZES:
        numbers = draw(torch.Generator().manual_seed(size), size)
        peers = {
            f"torch.distributions{words}": partial(Peer, partial(theirs, checked, *numbers))
            for checked, words in ((True, ""), (False, ", unchecked"))
        }
        yield Case(size, partial(ours, *numbers), peers)


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
        cases=partial(_cases, kl_to_standard_normal, _diagonal_peer, _diagonal_numbers),
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
        cases=partial(_cases, kl_divergence, _full_peer, _full_numbers),
    ),
]
