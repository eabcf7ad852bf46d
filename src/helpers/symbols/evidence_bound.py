"""The symbols of the chapter on the evidence bound."""

__all__ = ["ENTRIES"]

from helpers.symbols.entry import scalar, written

ENTRIES = (
    scalar("z", "the latent: what nobody observes", real=True),
    scalar("x", "the observation", real=True),
    written(
        "p", "", "densities of the model: $p(z)$ prior, $p(x\\mid z)$ likelihood, $p(z\\mid x)$ posterior"
    ),
    written("p(x)", "", "the evidence: the density of the model at the observation"),
    scalar("theta", "the parameter of the model, in $p_\\theta$", real=True),
    scalar("tau", "the standard deviation of the observation's noise", positive=True),
    written("q", "", "the proposal: a density that is a guess at the posterior"),
    scalar("mu", "the mean of the proposal", real=True),
    scalar("sigma", "the standard deviation of the proposal, never a variance", positive=True),
    written("w", "", "the weight $p(x, z)/q(z)$ of a latent"),
    written("\\mathcal{L}", "bound", "the evidence bound $\\mathbb E_q \\log w$, or ELBO"),
    written("H(q)", "entropy", "the entropy $-\\mathbb E_q \\log q$ of the proposal"),
)
