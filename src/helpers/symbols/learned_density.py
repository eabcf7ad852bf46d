"""The symbols of the chapter on a learned density."""

__all__ = ["ENTRIES"]

from helpers.symbols.entry import scalar, written

ENTRIES = (
    scalar("z_1", "first coordinate of a point of the round Gaussian", real=True),
    scalar("z_2", "second coordinate of a point of the round Gaussian", real=True),
    scalar("x_1", "first coordinate of a datum", real=True),
    scalar("x_2", "second coordinate of a datum", real=True),
    written("p", "log_p", "the density of the data"),
    written("q", "log_q", "the density of the flow"),
    written("g", "flow", "the flow: takes a point of the round Gaussian to a datum"),
    scalar("s", "logarithm of a scale", real=True),
    scalar("H", "number of hidden units in a network", integer=True, positive=True),
)
