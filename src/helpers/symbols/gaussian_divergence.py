"""The symbols of the chapter on divergences between Gaussians."""

__all__ = ["ENTRIES"]

import sympy as sp

from helpers.symbols.entry import Entry, matrix, scalar, written

_d = sp.Symbol("d", integer=True, positive=True)

ENTRIES = (
    scalar("z", "the latent: what nobody observes", real=True),
    written("q", "", "a proposal: the Gaussian law that the divergence starts from"),
    written("p", "", "a model, or the law that a proposal is compared with"),
    scalar("mu", "the mean of the proposal", real=True),
    scalar("sigma", "the standard deviation of the proposal, never a variance", positive=True),
    written("D_{\\mathrm{KL}}(q\\,\\|\\,p)", "", "the Kullback–Leibler divergence of $p$ from $q$, in nats"),
    scalar("mu_0", "the mean of the first of two Gaussian laws", real=True),
    scalar("mu_1", "the mean of the second of two Gaussian laws", real=True),
    scalar("sigma_0", "the standard deviation of the first of two Gaussian laws", positive=True),
    scalar("sigma_1", "the standard deviation of the second of two Gaussian laws", positive=True),
    written("F", "", "the Fisher metric: the divergence's matrix of second derivatives at the law itself"),
    Entry("d", "number of dimensions", symbol=_d),
    matrix("A", _d, _d, "the matrix of a quadratic form"),
    matrix("S", _d, _d, "the covariance of any law"),
    matrix("m", _d, 1, "the mean of any law; that of $z - \\mu_1$ is $\\mu_0 - \\mu_1$"),
    matrix("Sigma_0", _d, _d, "the covariance of the first of two Gaussian laws"),
    matrix("Sigma_1", _d, _d, "the covariance of the second of two Gaussian laws"),
    matrix("B", _d, _d, "the matrix of an invertible affine map"),
    written("\\Lambda", "", "a precision: the inverse $\\Sigma^{-1}$ of a covariance"),
)
