"""The symbols of the chapter on gradients of expectations."""

__all__ = ["ENTRIES"]

from helpers.symbols.entry import scalar, written

ENTRIES = (
    scalar("z", "the latent: what nobody observes", real=True),
    scalar("phi", "a parameter of the law $q$", real=True),
    written("q", "", "the law that is learned, and its density"),
    written("p", "", "the standard normal law, and its density"),
    written("f", "", "the integrand: a function of the draw, and perhaps of the parameter"),
    written("h", "", "a positive function that does not depend on the parameter"),
    written("s", "estimators.score", "the score $\\partial_\\phi \\log q(z)$"),
    scalar("mu", "the mean of the proposal", real=True),
    scalar("sigma", "the standard deviation of the proposal, never a variance", positive=True),
    scalar("epsilon", "noise with a law that no parameter moves, standard normal", real=True),
    scalar("b", "a baseline: a constant that is subtracted from the integrand", real=True),
    scalar("omega", "the frequency of a wave", positive=True),
    scalar("a_2", "the coefficient of $\\epsilon^2$ in $\\log q - \\log p$", real=True),
    scalar("a_1", "the coefficient of $\\epsilon$ in $\\log q - \\log p$", real=True),
    scalar("a_0", "the constant in $\\log q - \\log p$", real=True),
    written("\\eta", "", "the length of a step, as a multiple of the gradient"),
    written("d", "", "number of dimensions"),
)
