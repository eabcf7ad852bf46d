"""The symbols of the chapter on the Kullback–Leibler divergence."""

__all__ = ["ENTRIES"]

from helpers.symbols.entry import scalar, written

ENTRIES = (
    written("q", "", "the law of what happens: probabilities or a density"),
    written("p", "", "the law that is believed"),
    scalar("z", "an outcome, or a point: what the laws are laws of", real=True),
    written(
        "D_{\\mathrm{KL}}(q\\,\\|\\,p)",
        "divergences.kl_divergence",
        "the Kullback–Leibler divergence of $q$ from $p$, in nats",
    ),
    scalar("t", "the ratio $p(z)/q(z)$", positive=True),
    scalar("u", "the ratio $q(z)/p(z)$", positive=True),
    scalar("m", "the mass that $p$ has where $q$ is positive", positive=True),
    written("f", "divergences.generator", "the convex function of an $f$-divergence, $f(1) = 0$"),
    written("d", "", "number of coordinates"),
    scalar("mu", "the mean of both coordinates of a pair", real=True),
    scalar("rho_q", "the correlation of a pair under $q$", real=True),
    scalar("rho_p", "the correlation of a pair under $p$", real=True),
)
