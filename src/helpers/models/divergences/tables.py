r"""Laws of several coordinates with finitely many values each, as tables: chain rule and total correlation."""

from __future__ import annotations

import torch

from helpers.models.divergences.vectors import alike, check_probabilities, kl_divergence

__all__ = ["chain_rule", "total_correlation"]


def chain_rule(q: torch.Tensor, p: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    r"""The two parts of $D_{\mathrm{KL}}(q \,\|\, p)$ for tables of two coordinates.

    They are $D_{\mathrm{KL}}(q(z_1) \,\|\, p(z_1))$ and
    $\mathbb E_{q(z_1)} D_{\mathrm{KL}}(q(z_2\mid z_1) \,\|\, p(z_2\mid z_1))$; a row without mass under q adds
    nothing. `q` and `p` are `(..., n, k)`, probabilities with $z_1$ along the rows; batches broadcast. Where p lacks
    a whole row that q has, the first part is infinite and the second leaves the row out. Raises ValueError as
    `kl_divergence`. Cost O(nk). Source: Cover and Thomas, "Elements of information theory" (2006), section 2.5.

    >>> import torch
    >>> q, p = torch.tensor([[0.5, 0.0], [0.0, 0.5]]), torch.full((2, 2), 0.25)
    >>> [round(part.item(), 4) for part in chain_rule(q, p)]
    [0.0, 0.6931]
    """
    check_probabilities("q", q, 2)
    check_probabilities("p", p, 2)
    q, p = alike(q, p, 2)
    rows_q, rows_p = q.sum(-1), p.sum(-1)
    present = ((rows_q > 0) & (rows_p > 0)).unsqueeze(-1)
    even = torch.full_like(q, 1 / q.shape[-1])
    conditionals = [
        torch.where(present, table / torch.where(present, rows.unsqueeze(-1), 1), even)
        for table, rows in ((q, rows_q), (p, rows_p))
    ]
    inner = kl_divergence(*conditionals)
    return kl_divergence(rows_q, rows_p), torch.where(rows_q > 0, rows_q * inner, 0).sum(-1)


def total_correlation(table: torch.Tensor, coordinates: int = 2) -> torch.Tensor:
    r"""$D_{\mathrm{KL}}(q \,\|\, \prod_i q_i)$, the divergence of a table from the product of its marginals.

    `table` is `(..., n_1, ..., n_k)` with k = `coordinates` at least 2, probabilities over the last k dimensions; the
    result is `(...)`, at least 0, and 0 for independent coordinates. Raises ValueError for another number of
    coordinates, and as `kl_divergence`. Cost O(k n_1 ⋯ n_k). Source: Watanabe, "Information theoretical analysis of
    multivariate correlation" (1960).

    >>> import torch
    >>> round(total_correlation(torch.tensor([[0.5, 0.0], [0.0, 0.5]])).item(), 4)
    0.6931
    """
    if isinstance(coordinates, bool) or not isinstance(coordinates, int) or coordinates < 2:
        raise ValueError(f"coordinates: got {coordinates!r}, expected a whole number of at least 2")
    check_probabilities("table", table, coordinates)
    product = torch.ones_like(table)
    for axis in range(-coordinates, 0):
        others = tuple(other for other in range(-coordinates, 0) if other != axis)
        product = product * table.sum(others, keepdim=True)
    return kl_divergence(table.flatten(-coordinates), product.flatten(-coordinates))
