"""What is typed into the exercises of the chapter on 1×1 convolutions."""

from . import Chapter

FORMS = {
    "plu-product": (
        [
            ["l_21 s_1", "l_21 u_12 + s_2", "s_1", "u_12"],
            ["s_1*l_21", "s_2 + u_12 l_21", "s_1", "2u_12/2"],
            ["l_21 (s_1 + 0)", "s_2+l_21*u_12", "s_1 s_2/s_2", "u_12"],
        ],
        {
            ("s_1", "u_12", "l_21 s_1", "l_21 u_12 + s_2"): "permutation is still missing",
            ("u_12", "s_1", "l_21 u_12 + s_2", "l_21 s_1"): "the columns are exchanged",
            ("l_21 s_2", "s_2", "s_1 + l_21 u_12", "u_12"): "the wrong order",
        },
    ),
    "plu-scaled-rotation": (
        [["3 N log(g)"], ["N*ln(g^3)"], ["(N + 2N) log(g)"]],
        {
            ("N log(g)",): "stands in every row",
            ("3 log(g)",): "one pixel",
            ("3 N g",): "logarithm is missing",
            ("g^(3N)",): "the determinant",
        },
    ),
    "plu-out-of-reach": (
        [["4"], ["2*2"], ["4.0"]],
        {("5",): "singular", ("0",): "does no harm", ("-4",): "A sign"},
    ),
    "plu-keep-the-volume": (
        [["1/1.2"], ["0.85"], ["5/6"]],
        {("1.2",): "multiply to", ("0.3",): "multiply, do not add", ("1",): "the other two"},
    ),
    "plu-conditional-jacobian": (
        [
            ["1", "0", "q e^p", "e^p"],
            ["1", "0", "exp(p) q", "exp(p)"],
            ["2 - 1", "p - p", "q*exp(p)", "1/exp(-p)"],
        ],
        {
            ("1", "0", "0", "e^p"): "The scale depends on",
            ("1", "q e^p", "0", "e^p"): "Rows and columns are exchanged",
            ("1", "0", "e^p", "e^p"): "keeps the factor",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"3 N \log{\left(g \right)}",
    "3*N*log(g)",
    "3 * N * log(factor)",
    "3*N*Math.log(g)",
    "Matrix([[l_21*s_1, l_21*u_12 + s_2], [s_1, u_12]])",
    "[[l_21*s_1, l_21*u_12 + s_2], [s_1, u_12]]",
    r"\begin{bmatrix}l_{21} s_{1} & l_{21} u_{12} + s_{2}\\s_{1} & u_{12}\end{bmatrix}",
    r"\frac{5}{6}",
    "0.83333",
    "Rational(5, 6)",
    "t = 4",
    "t=4",
    "t - 4",
    "Matrix([[1, 0], [q*exp(p), exp(p)]])",
    "[[1, 0], [q*Math.exp(p), Math.exp(p)]]",
    r"\begin{bmatrix}1 & 0\\q e^{p} & e^{p}\end{bmatrix}",
]

CHAPTER = Chapter(
    "book/invertible_maps/invertible_convolution.html", (*FORMS, "plu-two-pixels-flaw"), FORMS, GIVEAWAYS
)
