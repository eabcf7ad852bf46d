"""The symbols of the chapter on amortised inference."""

__all__ = ["ENTRIES"]

import sympy as sp

from helpers.symbols.entry import Entry, matrix, scalar, written

_d = sp.Symbol("d", integer=True, positive=True)


def _count(code: str, meaning: str) -> Entry:
    return scalar(code, meaning, integer=True, positive=True)


ENTRIES = (
    scalar("z", "the latent: what nobody observes", real=True),
    scalar("x", "the observation", real=True),
    scalar("phi", "the parameters of the encoder; where it has one, that number", real=True),
    written("\\psi", "", "the numbers that choose a member of the family $\\mathcal Q$: means and scales"),
    written("\\mathcal Q", "", "the family of proposals $q(z;\\psi)$"),
    written("\\mathcal L_i(q)", "", "the evidence lower bound of datum $x_i$ under the proposal $q$"),
    written("q_i^*", "", "the best member of $\\mathcal Q$ for datum $x_i$"),
    written("q_\\phi", "", "the proposal that the encoder names for a datum"),
    scalar("mu", "the mean of the proposal", real=True),
    scalar("sigma", "the standard deviation of the proposal, never a variance", positive=True),
    scalar("m", "the mean of a posterior", real=True),
    matrix("Lambda", _d, _d, "the precision of a Gaussian posterior: the inverse of its covariance"),
    scalar("rho", "the correlation of two latent variables under the posterior", real=True),
    scalar("eta", "the learning rate", positive=True),
    scalar("k", "gradient steps done", integer=True, nonnegative=True),
    _count("n", "number of data"),
    Entry("d", "number of dimensions of the latent variable", symbol=_d),
    _count("r", "numbers in a datum"),
    _count("h", "width of the encoder's hidden layer"),
    _count("P", "how many numbers the parameters $\\phi$ of the encoder are"),
    _count("c", "how many numbers $\\psi$ is: what one posterior takes in memory"),
    _count("T", "gradient steps for each datum"),
    _count("B", "data seen in training the encoder, with repetitions"),
)
