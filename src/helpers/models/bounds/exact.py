r"""The ladder $\mathcal L_1[q] \le \mathcal L_K[q] \le \mathcal L_1[q_K] \le \log p(x)$, exact for finite latents."""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import torch

from helpers.models.invertible import check_form, holds

__all__ = ["Ladder", "ladder"]

_MOST = 2_000_000  # numbers in the table of outcomes


class Ladder(NamedTuple):
    """The four rungs, `(...)` each, and the law of the resampled state, `(..., n)`."""

    elbo: torch.Tensor
    bound: torch.Tensor
    elbo_resampled: torch.Tensor
    log_evidence: torch.Tensor
    resampled: torch.Tensor


def ladder(log_joint: torch.Tensor, log_proposal: torch.Tensor, samples: int) -> Ladder:
    r"""All four rungs for a batch of problems with n states and `samples` = K draws, exactly.

    `log_joint` is $\log p(x, i)$ and `log_proposal` is $\log q_i$, both `(..., n)`; their batch shapes broadcast.
    What counts of an outcome is how often each state was drawn: there are $\binom{n+K-1}{K}$ cases, each with a
    multinomial probability. A state with $p(x, i) = 0$ is allowed beside one that is not (`elbo` is then −∞); the
    proposal must give every state a positive probability.

    Raises ValueError for tensors of another kind, shapes that differ, NaN or +∞, a joint that is 0 everywhere, a
    proposal that is 0 somewhere or does not sum to one, K < 1, and for more than two million numbers in the table of
    cases. Cost O(n) for each case and problem. Source: the chapter on importance-weighted bounds.

    >>> import torch
    >>> rungs = ladder(torch.tensor([0.4, 0.1]).log(), torch.tensor([0.5, 0.5]).log(), samples=2)
    >>> [round(rung.item(), 4) for rung in rungs[:4]], rungs.resampled
    ([-0.9163, -0.8047, -0.754, -0.6931], tensor([0.6500, 0.3500]))
    """
    _check(log_joint, log_proposal, samples)
    log_joint, log_proposal = torch.broadcast_tensors(log_joint, log_proposal)
    log_weights = log_joint - log_proposal
    counts = _counts(log_weights.shape[-1], samples)
    ways = math.lgamma(samples + 1) - torch.lgamma(counts + 1).sum(-1)
    table, ways = (value.to(log_weights) for value in (counts, ways))  # (cases, n) and (cases,)
    log_probability = ways + (table * log_proposal.unsqueeze(-2)).sum(-1)  # (..., cases)
    # log of c·w, where a state that was not drawn or has no weight adds nothing
    shares = table.log() + log_weights.unsqueeze(-2)  # (..., cases, n)
    log_total = shares.logsumexp(-1)
    log_estimate = log_total - math.log(samples)
    bound = (log_probability.exp() * log_estimate).sum(-1)
    # Where every weight drawn is 0 none can be kept, and no state gains: 0/0 counts as 0.
    empty = (log_total == -math.inf).unsqueeze(-1)
    log_kept = torch.where(empty, -math.inf, shares - torch.where(empty, 0.0, log_total.unsqueeze(-1)))
    log_resampled = (log_probability.unsqueeze(-1) + log_kept).logsumexp(-2)
    resampled = log_resampled.exp()
    kept = log_resampled > -math.inf
    terms = torch.where(kept, resampled * torch.where(kept, log_joint - log_resampled, 0.0), 0.0)
    return Ladder(
        (log_proposal.exp() * log_weights).sum(-1),
        bound,
        terms.sum(-1),
        log_joint.logsumexp(-1),
        resampled,
    )


def _counts(states: int, samples: int) -> torch.Tensor:
    """How often each state may be drawn, in all cases, `(cases, states)`: gaps between bars among stars."""
    places = samples + states - 1
    bars = [(-1, *inner, places) for inner in itertools.combinations(range(places), states - 1)]
    return torch.tensor(bars, dtype=torch.float64, device="cpu").diff(dim=-1) - 1


def _check(log_joint: object, log_proposal: object, samples: int) -> None:
    for name, value in (("log_joint", log_joint), ("log_proposal", log_proposal)):
        check_form(name, value, ())
        if value.ndim == 0 or value.shape[-1] == 0:
            raise ValueError(
                f"{name}: got shape {tuple(value.shape)}, expected (..., n) with n of at least 1"
            )
        if not holds((value < math.inf).all()):  # false for NaN, too
            raise ValueError(f"{name}: got NaN or +inf, expected finite numbers, or -inf for a probability 0")
    if log_joint.dtype != log_proposal.dtype or log_joint.device != log_proposal.device:
        raise ValueError(
            f"log_proposal: got {log_proposal.dtype} on {log_proposal.device}, "
            f"expected {log_joint.dtype} on {log_joint.device} as log_joint"
        )
    try:
        shape = torch.broadcast_shapes(log_joint.shape, log_proposal.shape)
    except RuntimeError:
        shape = ()
    if not shape or log_joint.shape[-1] != log_proposal.shape[-1]:
        raise ValueError(
            f"log_proposal: got shape {tuple(log_proposal.shape)}, expected one that fits {tuple(log_joint.shape)}"
        )
    if not holds((log_joint > -math.inf).any(-1).all()):
        raise ValueError("log_joint: got only -inf for a problem, expected a state that is possible")
    if not holds((log_proposal > -math.inf).all()):
        raise ValueError("log_proposal: got -inf, expected every state to have a positive probability")
    tolerance = 16 * log_proposal.shape[-1] * torch.finfo(log_proposal.dtype).eps
    if not holds((log_proposal.logsumexp(-1).abs() <= tolerance).all()):
        raise ValueError("log_proposal: got probabilities that do not sum to 1, expected a normalised law")
    if isinstance(samples, bool) or not isinstance(samples, int) or samples < 1:
        raise ValueError(f"samples: got {samples!r}, expected a whole number K of at least 1")
    states = log_joint.shape[-1]
    if (numbers := states * math.comb(samples + states - 1, states - 1)) > _MOST:
        raise ValueError(
            f"samples: got {samples} for {states} states, {numbers} numbers; expected at most {_MOST}"
        )
