"""All images of a small grid as tensors, and what can be computed by going through them; imports PyTorch."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch

from helpers.arguments import checked, instance, several, whole
from helpers.devices import device
from helpers.models.autoregressive.laws import number_of_pixels
from helpers.models.invertible import check_form, holds

__all__ = [
    "all_images",
    "chernoff_exponent",
    "conditional_entropies",
    "entropy",
    "image_numbers",
    "kl_divergence",
    "law_of_conditionals",
]


@checked(shape=several(whole(1), least=2, most=2), dtype=instance(torch.dtype), device=device)
def all_images(
    shape: tuple[int, int], *, dtype: torch.dtype = torch.float64, device: torch.device | str | None = None
) -> torch.Tensor:
    """Every binary image of that shape, `(2 ** (H * W), 1, H, W)`, in the order of their numbers.

    Raises ValueError for more than 16 pixels.

    >>> all_images((1, 2)).squeeze()
    tensor([[0., 0.],
            [0., 1.],
            [1., 0.],
            [1., 1.]], dtype=torch.float64)
    """
    count = number_of_pixels(*shape)
    digits = torch.arange(count - 1, -1, -1, device=device)
    pixels = torch.arange(2**count, device=device).unsqueeze(-1) >> digits & 1
    return pixels.to(dtype).reshape(-1, 1, *shape)


def image_numbers(images: torch.Tensor) -> torch.Tensor:
    """The numbers of binary images `(..., 1, H, W)`, `(...)` int64. Raises ValueError for another shape."""
    if not isinstance(images, torch.Tensor) or images.is_complex():
        raise ValueError(f"images: got {type(images).__name__}, expected a tensor of zeros and ones")
    if images.ndim < 3 or images.shape[-3] != 1:
        raise ValueError(f"images: got shape {tuple(images.shape)}, expected (..., 1, H, W)")
    bits = images.flatten(-3).long()
    place = 2 ** torch.arange(bits.shape[-1] - 1, -1, -1, device=bits.device)
    return (bits * place).sum(-1)


def entropy(probabilities: torch.Tensor) -> torch.Tensor:
    """The entropy of a law `(..., n)` in nats, `(...)`; 0 log 0 is 0. Raises ValueError for what is no law."""
    _require_law("probabilities", probabilities)
    return -torch.special.xlogy(probabilities, probabilities).sum(-1)


def kl_divergence(p: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    """The divergence of a law p from one with the logarithms `log_q`, both `(..., n)`, in nats, `(...)`.

    Infinite where q is zero and p is not. Raises ValueError where p is no law, and for another shape.
    """
    _require_law("p", p)
    check_form("log_q", log_q, (), like=p, of="p")
    if log_q.shape != p.shape:
        raise ValueError(f"log_q: got shape {tuple(log_q.shape)}, expected {tuple(p.shape)}")
    return (torch.special.xlogy(p, p) - torch.where(p > 0, p * log_q, 0)).sum(-1)


def conditional_entropies(probabilities: torch.Tensor, fields: torch.Tensor) -> torch.Tensor:
    r"""For each pixel its entropy given the pixels that it sees, $H(x_i \mid x_{S_i})$ in nats, `(n,)`.

    `probabilities` is `(2 ** n,)` in the order of the images' numbers, `fields` `(n, n)` bool: row i has the pixels
    $S_i$, as `receptive_fields(...)` of the stack does after `reshape(n, n)`. If the fields are those of an order, no
    model that sees no more has a cross-entropy below the sum: it is reached by the conditional laws themselves.
    Raises ValueError for what is no law, other shapes, and a pixel that sees itself. Cost: O(n 2ⁿ).
    """
    _require_law("probabilities", probabilities)
    n = int(math.log2(max(probabilities.numel(), 1)))
    if probabilities.ndim != 1 or n == 0 or len(probabilities) != 2**n:
        raise ValueError(f"probabilities: got shape {tuple(probabilities.shape)}, expected (2 ** n,)")
    if not isinstance(fields, torch.Tensor):
        raise ValueError(f"fields: got {type(fields).__name__}, expected bool ({n}, {n})")
    if fields.shape != (n, n) or fields.dtype != torch.bool:
        raise ValueError(f"fields: got {fields.dtype} {tuple(fields.shape)}, expected bool ({n}, {n})")
    rows = fields.tolist()  # one look at the device, not one a pair of pixels
    if any(row[i] for i, row in enumerate(rows)):
        raise ValueError("fields: got a pixel that sees itself, expected none")
    cube = probabilities.reshape((2,) * n)  # an axis a pixel

    def entropy_of(seen: list[bool], own: int | None = None) -> torch.Tensor:
        unseen = [axis for axis in range(n) if not seen[axis] and axis != own]
        marginal = (cube.sum(unseen) if unseen else cube).flatten()
        return -torch.special.xlogy(marginal, marginal).sum()

    return torch.stack([entropy_of(row, i) - entropy_of(row) for i, row in enumerate(rows)])


def law_of_conditionals(table: torch.Tensor, order: Sequence[int] | None = None) -> torch.Tensor:
    r"""The law of images whose pixels are drawn one after the other, each given those drawn before, `(2 ** n,)`.

    `table` has the $2^n - 1$ probabilities of ink as a binary tree: entry 0 for the first pixel, and after entry k
    the entry 2k + 1 where the pixel has no ink, 2k + 2 where it has. `order` lists the pixels as they are
    drawn, by their places in raster order; by default that order itself.
    Raises ValueError for another shape, numbers outside [0, 1], and what is no order. Cost: O(n 2ⁿ).
    """
    check_form("table", table, ())
    n = int(math.log2(len(table) + 1)) if table.ndim == 1 else 0
    if n == 0 or len(table) != 2**n - 1:
        raise ValueError(f"table: got shape {tuple(table.shape)}, expected (2 ** n - 1,)")
    if not holds(((table >= 0) & (table <= 1)).all()):
        raise ValueError("table: got numbers outside [0, 1] or NaN, expected probabilities")
    drawn = list(range(n)) if order is None else several(whole())("order", order)
    if sorted(drawn) != list(range(n)):
        raise ValueError(f"order: got {drawn}, expected each of 0, ..., {n - 1} once")
    law = table.new_ones(1)
    for k in range(n):
        q = table[2**k - 1 : 2 ** (k + 1) - 1]
        law = torch.stack([law * (1 - q), law * q], dim=-1).flatten()
    # Axis k of the cube is the pixel drawn k-th.
    axes = [drawn.index(pixel) for pixel in range(n)]
    return law.reshape((2,) * n).permute(axes).flatten()


def chernoff_exponent(counts: torch.Tensor, probabilities: torch.Tensor) -> torch.Tensor:
    r"""How unlikely the counts of draws are: the largest $n\,\mathrm{KL}(k_i/n \,\Vert\, p_i)$ over all outcomes i.

    `counts` are whole numbers `(m,)` with the sum n, `probabilities` `(m,)` the law that the draws should have.
    By Chernoff's bound one outcome's share lies so far above its probability with a probability of at most
    $e^{-n\,\mathrm{KL}}$, and as far below it likewise: so the result exceeds t with a probability of at most
    $2m\,e^{-t}$, for every n and without an approximation. Raises ValueError for other shapes, no draws and what
    is no law. Infinite where an outcome of probability zero was drawn.
    """
    _require_law("probabilities", probabilities)
    if not isinstance(counts, torch.Tensor) or counts.is_complex() or counts.device != probabilities.device:
        raise ValueError(
            f"counts: got {type(counts).__name__}, expected whole numbers on {probabilities.device}"
        )
    if counts.shape != probabilities.shape or counts.ndim != 1:
        raise ValueError(f"counts: got shape {tuple(counts.shape)}, expected {tuple(probabilities.shape)}")
    n = counts.sum()
    if not holds((n >= 1) & (counts >= 0).all()):
        raise ValueError(f"counts: got {int(n)} draws, expected at least one and no negative count")
    share, p = counts / n, probabilities
    divergence = torch.special.xlogy(share, share / p) + torch.special.xlogy(1 - share, (1 - share) / (1 - p))
    return (n * torch.where((share == 0) & (p == 0), 0, divergence)).max()


def _require_law(name: str, probabilities: torch.Tensor) -> None:
    check_form(name, probabilities, (None,))
    total = probabilities.sum(-1)
    if not holds((probabilities >= 0).all() & ((total - 1).abs() < 1e-5).all()):
        raise ValueError(f"{name}: expected numbers of at least 0 with the sum 1, got the sum {total}")
