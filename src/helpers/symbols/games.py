"""The symbols of the chapter on games."""

__all__ = ["ENTRIES"]

import sympy as sp

from helpers.symbols.entry import Entry, matrix, scalar, written

_n, _m = sp.symbols("n m", integer=True, positive=True)

ENTRIES = (
    scalar("d", "the discriminator's parameter, which ascends", real=True),
    scalar("g", "the generator's parameter, which descends", real=True),
    written("V", "games.PAYOFF", "the value of the game, $d\\,g$ or $d^\\top M g$"),
    written("v", "games.STATE", "the state of the game, $(d, g)$; $v_k$ after $k$ steps"),
    written("F", "games.FIELD", "the direction in which the players together want to move"),
    scalar("eta", "the learning rate", positive=True),
    scalar("k", "number of steps", integer=True, nonnegative=True),
    matrix("A", 2, 2, "the matrix of one step, the iteration matrix"),
    matrix("J", 2, 2, "the Jacobian of the field, a clockwise quarter turn"),
    written("I", "I", "the identity matrix"),
    written("i", "i", "the imaginary unit"),
    scalar("lam", "an eigenvalue, or the argument of a characteristic polynomial", name="lambda"),
    written("\\rho", "games.spectral_radius", "the spectral radius, the largest $\\lvert\\lambda\\rvert$"),
    written("\\ell", "", "a row vector with $\\ell A = \\lambda\\ell$"),
    scalar("phi", "an angle", real=True),
    matrix("R", 2, 2, "the clockwise rotation by an angle, which stands below it"),
    scalar("d_0", "the discriminator's parameter at the start", real=True),
    scalar("g_0", "the generator's parameter at the start", real=True),
    scalar("t", "continuous time", real=True),
    Entry("n", "number of the discriminator's parameters", symbol=_n),
    Entry("m", "number of the generator's parameters", symbol=_m),
    matrix("M", _n, _m, "the matrix of a game with many parameters"),
    matrix("B", _n + _m, _n + _m, "the matrix of the field in a game with many parameters"),
    written("s", "", "a singular value of $M$"),
)
