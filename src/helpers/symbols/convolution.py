"""The symbols of the chapter on convolutions as matrices."""

__all__ = ["ENTRIES"]

import sympy as sp

from helpers.symbols.entry import Entry, matrix, written

_n_1, _n_2, _n_3, _f_1 = sp.symbols("n_1 n_2 n_3 f_1", integer=True, positive=True)

ENTRIES = (
    written("L", "", "number of layers, $\\ell = 1, \\dots, L$"),
    written("x", "x", "the input of the network, $y_0 = x$"),
    written("y_\\ell", "run_t.inputs", "output of layer $\\ell$"),
    written("u_\\ell", "", "pre-activation of layer $\\ell$"),
    written("w_\\ell", "run.kernels", "kernel of layer $\\ell$"),
    written("f_\\ell", "", "number of taps of the kernel $w_\\ell$"),
    written("b_\\ell", "biases", "bias of layer $\\ell$, one number that all positions add"),
    written("n_\\ell", "", "number of positions of layer $\\ell$"),
    written("\\sigma", "sigma", "an activation, applied entry by entry"),
    written("\\sigma'", "", "the derivative of the activation"),
    written("A_w", "toeplitz", "the Toeplitz matrix of a convolution with the kernel $w$"),
    written("H_f(y)", "hankel", "the Hankel matrix of an input $y$ and $f$ taps"),
    written(
        "V_\\ell", "backward_matrix", "the derivatives $\\partial y_L / \\partial u_\\ell$, an output a row"
    ),
    written("v_\\ell", "found.signals", "the backward signal, the gradient of $E$ by $u_\\ell$"),
    written("E", "", "a number computed from the output of the network"),
    Entry("n_1", "number of positions of the first layer", symbol=_n_1),
    Entry("n_2", "number of positions of the second layer", symbol=_n_2),
    Entry("n_3", "number of positions of the third layer", symbol=_n_3),
    Entry("f_1", "number of taps of the first kernel", symbol=_f_1),
    matrix("A_2", _n_2, _n_1, "the Toeplitz matrix of the second layer"),
    matrix("A_3", _n_3, _n_2, "the Toeplitz matrix of the third layer"),
    matrix("D_1", _n_1, _n_1, "the diagonal matrix of the slopes $\\sigma'(u_1)$"),
    matrix("D_2", _n_2, _n_2, "the diagonal matrix of the slopes $\\sigma'(u_2)$"),
    matrix("H_1", _n_1, _f_1, "the Hankel matrix of the network's input"),
    matrix("V_1", _n_3, _n_1, "the derivatives $\\partial y_3/\\partial u_1$ of three layers"),
    matrix("V_2", _n_3, _n_2, "the derivatives $\\partial y_3/\\partial u_2$ of three layers"),
    written("s", "stride", "stride: how far the kernel moves from output to output"),
    written("p", "padding", "padding: how many zeros stand at either end of the input"),
    written("d", "dilation", "dilation: how far apart the taps of a kernel are"),
    written("k", "", "size of a kernel in one direction of an image"),
)
