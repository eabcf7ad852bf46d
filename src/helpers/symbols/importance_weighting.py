"""The symbols of the chapter on importance-weighted bounds."""

__all__ = ["ENTRIES"]

from helpers.symbols.entry import scalar, written

ENTRIES = (
    written("x", "", "the observation"),
    written("z", "", "the latent: a state in the derivations, a number in the continuous examples"),
    written("p", "", "the model: $p(x, z)$, the evidence $p(x)$ and the posterior $p(z \\mid x)$"),
    written("q", "", "the proposal, from which samples are drawn"),
    written("w", "", "the importance weight, $w(z) = p(x, z)/q(z)$; $w_k$ is that of sample $k$"),
    scalar("q_a", "the proposal's probability of state $a$", positive=True),
    scalar("q_b", "the proposal's probability of state $b$, $1 - q_a$", real=True),
    scalar("w_a", "the weight of state $a$", positive=True),
    scalar("w_b", "the weight of state $b$", positive=True),
    scalar("K", "number of samples", integer=True, positive=True),
    written("\\hat p", "", "the average weight of $K$ samples, an unbiased estimate of $p(x)$"),
    written(
        "\\mathcal L_1[r]", "", "the bound of a density $r$, normalised or not: $\\int r \\log(p(x, z)/r)$"
    ),
    written("\\mathcal L_K", "", "the importance-weighted bound, the mean of $\\log\\hat p$"),
    written("\\tilde q", "", "the proposal of one sample, given the others; its mass is not 1"),
    written("q_K", "", "the mean of $\\tilde q$: the law of the sample that is kept"),
    scalar("u", "a positive number, often $w(z)/p(x)$", positive=True),
    scalar("t", "a positive number, often $1/\\hat p$", positive=True),
    scalar("s", "the mean of $t$", positive=True),
    written("\\tilde w", "", "a normalised weight, $\\tilde w_k = w_k/\\sum_j w_j$"),
    written("\\theta", "", "the model's parameter: here the mean of the prior"),
    written("\\mu", "", "the mean of a normal proposal"),
    written("\\sigma", "", "the standard deviation of a normal proposal"),
    written("\\tau", "", "the standard deviation of the likelihood"),
)
