"""The symbols of the chapter on flows of the line."""

__all__ = ["ENTRIES"]

from helpers.symbols.entry import scalar, written

ENTRIES = (
    scalar("z", "a point of the line, the datum", real=True),
    scalar("y", "its image, $g(z)$", real=True),
    written("g", "", "the map, from the line to the line"),
    written("p_0", "densities.standard_normal_density", "the density of the simple number $y$"),
    written("p", "", "the density of $z$, $p_0(g(z))\\,g'(z)$"),
    scalar("k", "the outer factor of a relu map", real=True),
    scalar("m", "the inner factor of a relu map", real=True, nonzero=True),
    scalar("t", "the offset of a relu map", real=True),
    scalar("z_1", "one point", real=True),
    scalar("z_2", "another point", real=True),
    scalar("lam", "the slope of a leaky relu on the left", name="lambda", positive=True),
    written("\\sigma", "line.sigmoid", "the logistic sigmoid"),
    written("N", "", "number of components of a mixture"),
    written("F", "F", "a mixture of sigmoids, $\\sum_i w_i\\,\\sigma(a_i z + b_i)$"),
    scalar("w_1", "the weight of component 1; the weights sum to one", positive=True),
    scalar("w_2", "the weight of component 2", positive=True),
    scalar("a_1", "the scale of component 1", positive=True),
    scalar("a_2", "the scale of component 2", positive=True),
    scalar("a_3", "the scale of component 3", positive=True),
    scalar("b_1", "the shift of component 1", real=True),
    scalar("b_2", "the shift of component 2", real=True),
    scalar("b_3", "the shift of component 3", real=True),
    scalar("s_1", "the sigmoid of component 1, $\\sigma(a_1 z + b_1)$", positive=True),
    scalar("s_2", "the sigmoid of component 2", positive=True),
    scalar("s_3", "the sigmoid of component 3", positive=True),
    scalar("A", "the largest scale, $\\max_i a_i$", positive=True),
    written("f", "f", "what a residual map adds to its point"),
    scalar("c", "the strength of a residual: $\\lvert f'\\rvert \\le \\lvert c\\rvert$", real=True),
    written("x_n", "", "the iterate after $n$ steps towards the solution $x$ of $g(x) = y$"),
    scalar("n", "number of steps", integer=True, nonnegative=True),
    scalar("e_0", "the first error, $\\lvert x_0 - x\\rvert$", positive=True),
)
