"""The symbols of the chapter on a measured autoencoder."""

__all__ = ["ENTRIES"]

import sympy as sp

from helpers.symbols.entry import matrix, scalar, written

_D, _d = sp.symbols("D d", integer=True, positive=True)

ENTRIES = (
    scalar("x", "an observation", real=True),
    scalar("z", "the latent number behind an observation", real=True),
    scalar("mu", "mean of the proposal $q$", real=True),
    scalar("sigma", "scale of the proposal $q$, a standard deviation", positive=True),
    scalar("tau", "standard deviation of the noise in $p(x\\mid z)$", positive=True),
    scalar("c", "the number that multiplies the latent in a linear decoder", real=True),
    scalar("lam", "variance of the data along a direction", name="lambda", positive=True),
    scalar("beta", "weight of the divergence in the loss", positive=True),
    matrix("W", _D, _d, "the matrix of a linear decoder"),
    written("\\mathcal L", "", "the evidence lower bound"),
    written("\\mathcal L_K", "", "the importance-weighted bound with $K$ samples"),
    written("f", "", "the decoder"),
)
