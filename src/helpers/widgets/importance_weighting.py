"""The figures of the chapter on importance-weighted bounds: the ladder of four levels, and the resampled proposal."""

from __future__ import annotations

from helpers.widgets.base import Figure, Integer, Real

__all__ = ["ImportanceLadder", "ResampledProposal"]


class ImportanceLadder(Figure):
    """Two hidden states: the levels L₁[q] ≤ L_K ≤ L₁[q_K] ≤ log p(x), and the outcomes that L_K averages.

    Traits: `proposal` (0.02 to 0.98, the probability that q gives to state a), `joint_a` and `joint_b` (0.05 to 0.6,
    the model's p(x, a) and p(x, b)), `samples` (1 to 32).
    """

    topic = "importance_weighting"
    widget = "importance-ladder"
    alt = (
        "Above, a scale from 0 to 1 with three marks: the probability of state a under the proposal q, under the "
        "resampled proposal and under the posterior. Below, four rungs on one scale of nats: the bounds L1 of q, "
        "L K, L1 of the resampled proposal, and the log-evidence. A table lists the outcomes of the other draws."
    )
    caption = (
        "The four levels keep their order whatever q is, and more samples move the middle two to the right. All four "
        "meet where q is the posterior. A single outcome may lie above log p(x); only the mean is a bound."
    )
    printed = (
        ("$K = 1$", {"samples": 1}),
        ("$K = 4$", {"samples": 4}),
        ("$K = 32$", {"samples": 32}),
    )

    proposal = Real(0.5, 0.02, 0.98)
    joint_a = Real(0.4, 0.05, 0.6)
    joint_b = Real(0.1, 0.05, 0.6)
    samples = Integer(2, 1, 32)


class ResampledProposal(Figure):
    """The line: draw K points from q, keep one in proportion to its weight. Density and histogram of what is kept.

    Traits: `samples` (1 to 32), `mu` (-2 to 2), `sigma` (0.3 to 2), `observed` (-2 to 3, the x that was seen), `tau`
    (0.3 to 1.5, the noise of the likelihood), `noise` (0 to 9999, which table of random numbers).
    """

    topic = "importance_weighting"
    widget = "resampled-proposal"
    alt = (
        "Densities over z: the prior, the likelihood, the posterior, the proposal q, and the density of resampled "
        "draws, with a histogram of such draws behind it."
    )
    caption = (
        "With one sample what is kept has the density q. As K grows it turns into the posterior, fastest where q has "
        "its mass, and last where the posterior has mass that q hardly ever reaches."
    )
    printed = (
        ("$K = 1$", {"samples": 1}),
        ("$K = 4$", {"samples": 4}),
        ("$K = 32$", {"samples": 32}),
    )

    samples = Integer(4, 1, 32)
    mu = Real(-0.8, -2.0, 2.0)
    sigma = Real(1.0, 0.3, 2.0)
    observed = Real(1.5, -2.0, 3.0)
    tau = Real(0.6, 0.3, 1.5)
    noise = Integer(1, 0, 9999)
