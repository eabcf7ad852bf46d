r"""Divergences between laws of finitely many outcomes, batched: probability vectors `(..., n)`."""

from __future__ import annotations

from functools import cache

import sympy as sp
import torch

from helpers.arguments import checked, one_of
from helpers.codegen import to_torch
from helpers.models.divergences.symbolic import GENERATORS, generator
from helpers.models.invertible import check_points, holds

__all__ = ["check_pair", "check_probabilities", "f_divergence", "kl_divergence", "mass_on_support"]


def kl_divergence(q: torch.Tensor, p: torch.Tensor) -> torch.Tensor:
    r"""$D_{\mathrm{KL}}(q \,\|\, p) = \sum_i q_i \log(q_i/p_i)$, in nats; $+\infty$ where some $q_i > 0 = p_i$.

    `q` and `p` are `(..., n)`, not negative, and sum to one along the last dimension to the root of the dtype's
    precision; batches broadcast, and the result has the batch's shape. Summed are the terms
    $q_i(t_i - 1 - \log t_i)$ with $t_i = p_i/q_i$, and $p_i$ where $q_i = 0$: as both laws have mass one, the sum is
    the same, no term is negative, and none cancels another. Gradients are those along directions that keep the
    masses. Raises ValueError for tensors of another kind, dtypes or devices that differ, shapes that do not
    broadcast, negative entries and sums other than one. Cost O(n). Source: Kullback and Leibler, "On information and
    sufficiency" (1951).

    >>> import torch
    >>> round(kl_divergence(torch.tensor([1.0, 0.0]), torch.tensor([0.5, 0.5])).item(), 4)
    0.6931
    >>> kl_divergence(torch.tensor([0.5, 0.5]), torch.tensor([1.0, 0.0]))
    tensor(inf)
    """
    q, p = check_pair(q, p)
    return _terms(q, p).sum(-1)


def mass_on_support(q: torch.Tensor, p: torch.Tensor) -> torch.Tensor:
    r"""The mass that p has where q is positive, $\sum_{q_i > 0} p_i$. Shapes, errors and cost as in `kl_divergence`.

    >>> import torch
    >>> mass_on_support(torch.tensor([1.0, 0.0]), torch.tensor([0.5, 0.5]))
    tensor(0.5000)
    """
    q, p = check_pair(q, p)
    return torch.where(q > 0, p, 0).sum(-1)


@checked(name=one_of(GENERATORS))
def f_divergence(q: torch.Tensor, p: torch.Tensor, name: str) -> torch.Tensor:
    r"""$D_f(q \,\|\, p) = \sum_{p_i > 0} p_i f(q_i/p_i) + f'(\infty) \sum_{p_i = 0} q_i$, f by its name.

    The names are those of `generator`. $f'(\infty)$ is the limit of $f(t)/t$: infinite for `kl` and `chi_squared`, 0
    for `reverse_kl`. Shapes and errors
    as in `kl_divergence`, which `kl` agrees with, and ValueError for an unknown name. Cost O(n).

    >>> import torch
    >>> f_divergence(torch.tensor([1.0, 0.0]), torch.tensor([0.5, 0.5]), "total_variation")
    tensor(0.5000)
    """
    function, at_zero, at_infinity = _compiled(name)
    q, p = check_pair(q, p)
    ratio = torch.where((q > 0) & (p > 0), q, 1) / torch.where((q > 0) & (p > 0), p, 1)
    inside = torch.where(p > 0, p, 0) * function(ratio)
    only_p = torch.where(p > 0, p * at_zero, 0)
    only_q = torch.where(q > 0, q * at_infinity, 0)
    return torch.where(p > 0, torch.where(q > 0, inside, only_p), only_q).sum(-1)


@cache
def _compiled(name: str):
    """The function on batches, its value at 0, and its slope at infinity."""
    t = sp.Symbol("t", positive=True)
    formula = generator(name, t)
    ends = sp.limit(formula, t, 0, "+"), sp.limit(formula / t, t, sp.oo)
    return to_torch(formula, [t]), *(float(end) for end in ends)


def _terms(q: torch.Tensor, p: torch.Tensor) -> torch.Tensor:
    """$q_i \\log(q_i/p_i) - q_i + p_i$, none of them negative, and with gradients where q or p is 0."""
    both = (q > 0) & (p > 0)
    far = both & ((p > 2 * q) | (2 * p < q))  # there a quotient would lose digits, elsewhere the logarithms
    near_q, near_p = (torch.where(both & ~far, value, 1) for value in (q, p))
    far_q, far_p = (torch.where(far, value, 1) for value in (q, p))
    change = (near_p - near_q) / near_q
    near = near_q * (change - torch.log1p(change))
    distant = far_q * (far_q.log() - far_p.log()) + (far_p - far_q)
    outside = torch.where(q > 0, torch.inf, p)
    return torch.where(far, distant, torch.where(both, near, outside))


def check_pair(q: object, p: object) -> tuple[torch.Tensor, torch.Tensor]:
    """Both as probabilities of one dtype, device and shape; ValueError that names the argument otherwise."""
    check_probabilities("q", q)
    check_probabilities("p", p)
    return alike(q, p)


def alike(q: torch.Tensor, p: torch.Tensor, dimensions: int = 1) -> tuple[torch.Tensor, torch.Tensor]:
    """Broadcast; the last `dimensions` must be equal."""
    if (q.dtype, q.device) != (p.dtype, p.device):
        raise ValueError(f"p: got {p.dtype} on {p.device}, expected {q.dtype} on {q.device} as q")
    if q.shape[-dimensions:] != p.shape[-dimensions:]:
        raise ValueError(
            f"p: got shape {tuple(p.shape)}, expected the outcomes of q, {tuple(q.shape[-dimensions:])}"
        )
    try:
        return torch.broadcast_tensors(q, p)
    except RuntimeError as error:
        shapes = f"{tuple(q.shape)} and {tuple(p.shape)}"
        raise ValueError(f"q, p: got shapes {shapes}, expected batches that broadcast") from error


def check_probabilities(name: str, value: object, dimensions: int = 1) -> None:
    """Refuse what is no batch of probabilities over the outcomes of the last `dimensions`."""
    check_points(name, value, (None,) * dimensions)
    if not holds((value >= 0).all()):
        raise ValueError(f"{name}: got {value.min().item():.6g}, expected no negative probability")
    total = value.sum(tuple(range(-dimensions, 0)))
    if not holds(((total - 1).abs() <= torch.finfo(value.dtype).eps ** 0.5).all()):
        worst = total.flatten()[(total - 1).abs().argmax()].item()
        raise ValueError(f"{name}: got probabilities of sum {worst:.6g}, expected 1")
