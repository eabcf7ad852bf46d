"""The figures of the chapter on the evidence bound: how log p(x) divides, and two steps that climb it."""

from __future__ import annotations

from helpers.widgets.base import Choice, Figure, Real

__all__ = ["EvidenceBar", "ExpectationMaximization"]


class EvidenceBar(Figure):
    """One observation x of the model z ~ N(0, 1), x | z ~ N(z, τ²), and a guess q = N(μ, σ²) at its latent z.

    Traits: `mu` (-3 to 3) and `sigma` (0.1 to 2.5) of q, `x` (-3 to 3), `tau` (0.4 to 2), `splitting` (`evidence`,
    `prior` or `entropy`: the way to write the bound that the formula shows and the draws follow).
    """

    topic = "evidence_bound"
    widget = "evidence-bar"
    alt = (
        "Left, the densities of prior, posterior and guess q over the latent z, and below them a map of the mean and "
        "the standard deviation of q with a point to drag. Right, three pairs of bars on an axis of nats, all ending "
        "at the bound, left of the line at log p(x); below them a histogram of single draws."
    )
    caption = (
        "However the bound is split, it ends at the same place, and never beyond log p(x). What is missing is the "
        "divergence from the guess to the posterior. At the posterior nothing is missing, and all draws of the first "
        "splitting are one number."
    )
    printed = (
        ("a guess beside the posterior", {"mu": -0.5, "sigma": 0.9, "x": 1.5, "tau": 1.0}),
        ("a nearer one", {"mu": 0.4, "sigma": 0.9, "x": 1.5, "tau": 1.0}),
        ("the posterior", {"mu": 0.75, "sigma": 0.7071067811865476, "x": 1.5, "tau": 1.0}),
    )

    mu = Real(-0.5, -3.0, 3.0)
    sigma = Real(0.9, 0.1, 2.5)
    x = Real(1.5, -3.0, 3.0)
    tau = Real(1.0, 0.4, 2.0)
    splitting = Choice("evidence", ("evidence", "prior", "entropy"))


class ExpectationMaximization(Figure):
    """EM for the shift θ of the model z ~ N(0, 1), x | z ~ N(θ + z, τ²): steps that climb one bound by turns.

    Traits: `theta` (-20 to 20), `mean` (-20 to 20) and `scale` (0.2 to 3) of q, `x` (-2 to 2), `tau` (0.5 to 2).
    """

    topic = "evidence_bound"
    widget = "expectation-maximization"
    alt = (
        "Left, over the parameter theta, the curve of log p(x) and below it the bound for the present q; a bar "
        "between them is the gap at the present theta. Right, a map of the bound over theta and the mean of q, with "
        "the path of the steps: up and down for E steps, sideways for M steps."
    )
    caption = (
        "The E step lifts the bound until it touches the curve at the present parameter, the M step climbs to its "
        "top. So log p(x) never falls, and each pair of steps leaves the same share of the distance to the maximum."
    )
    printed = (
        ("the start", {"theta": -2.5, "mean": 0.0, "scale": 1.0, "x": 1.5, "tau": 1.0}),
        ("after an E step", {"theta": -2.5, "mean": 2.0, "scale": 0.7071067811865476, "x": 1.5, "tau": 1.0}),
        ("after the M step", {"theta": -0.5, "mean": 2.0, "scale": 0.7071067811865476, "x": 1.5, "tau": 1.0}),
    )

    theta = Real(-2.5, -20.0, 20.0)
    mean = Real(0.0, -20.0, 20.0)
    scale = Real(1.0, 0.2, 3.0)
    x = Real(1.5, -2.0, 2.0)
    tau = Real(1.0, 0.5, 2.0)
