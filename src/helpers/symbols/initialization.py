"""The symbols of the chapter on signals at initialisation."""

__all__ = ["ENTRIES"]

from helpers.symbols.entry import scalar, written

ENTRIES = (
    scalar("L", "number of layers", integer=True, positive=True),
    scalar("ell", "the layer, counted from 1", integer=True, positive=True),
    written("n_\\ell", "", "width of layer $\\ell$: its number of units; $n_0$ is that of the input"),
    written("A_\\ell", "", "weight matrix of layer $\\ell$, $n_\\ell \\times n_{\\ell-1}$"),
    written("b_\\ell", "", "bias vector of layer $\\ell$"),
    written("\\sigma", "", "the activation"),
    written("u_\\ell", "", "the pre-activations $A_\\ell y_{\\ell-1} + b_\\ell$"),
    written("y_\\ell", "", "the output of layer $\\ell$; $y_0 = x$"),
    written("v_\\ell", "", "mean of $u_{\\ell,i}^2$ over networks, inputs and units"),
    scalar("n", "fan-in: how many numbers a unit reads", integer=True, positive=True),
    scalar("r", "bound of a uniform law: it reaches from $-r$ to $r$", positive=True),
    scalar("A", "one weight", real=True),
    scalar("b", "one bias", real=True),
    scalar("x", "one entry of the input", real=True),
    scalar("v", "second moment of what a layer reads, or of the layer below", positive=True),
    scalar("u", "one pre-activation", real=True),
    scalar("a", "slope of a leaky rectifier below zero", real=True),
    scalar("q", "second moment of a very wide layer", positive=True),
    scalar("c", "correlation of two inputs' pre-activations", real=True),
    written("\\chi", "initialization.susceptibility", "factor of the gradients' mean square a layer"),
    written("\\sigma_w", "", "standard deviation of a weight, times $\\sqrt n$"),
    written("\\sigma_b", "", "standard deviation of a bias"),
    written("\\xi", "", "a standard normal number"),
)
