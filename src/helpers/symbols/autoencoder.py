"""The symbols of the chapter on a measured autoencoder."""

__all__ = ["ENTRIES"]

import sympy as sp

from helpers.symbols.entry import matrix, scalar, written

_D, _d = sp.symbols("D d", integer=True, positive=True)

ENTRIES = (
    scalar("x", "the observation", real=True),
    scalar("z", "the latent: what nobody observes", real=True),
    scalar("mu", "the mean of the proposal", real=True),
    scalar("sigma", "the standard deviation of the proposal, never a variance", positive=True),
    scalar("tau", "the standard deviation of the observation's noise", positive=True),
    scalar("c", "the number that multiplies the latent in a linear decoder", real=True),
    scalar("lam", "variance of the data along a direction", name="lambda", positive=True),
    scalar("beta", "weight of the divergence in the loss", positive=True),
    matrix("W", _D, _d, "the matrix of a linear decoder"),
    written("\\mathcal L", "", "the evidence lower bound"),
    written("\\mathcal L_K", "", "the importance-weighted bound with $K$ samples"),
    written("f", "", "the decoder"),
)
