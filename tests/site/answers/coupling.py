"""What is typed into the exercises of the chapter on coupling layers."""

from . import Chapter

FORMS = {
    "coupling-back": (
        [
            ["(u - v^2 e^(-2s)) e^(-v e^(-s))"],
            ["(u − (v exp(-s))²) / exp(v/exp(s))"],
            ["u exp(-v exp(-s)) - v v exp(-2s - v exp(-s))"],
        ],
        {
            ("(u - v²) e^(-v)",): "First undo the second half",
            ("u - v² exp(-2s) exp(-v exp(-s))",): "bracket closes too early",
            ("(u - v² exp(-2s)) exp(v exp(-s))",): "sign of the exponent",
            ("(u - v² exp(-s)) exp(-v exp(-s))",): "squared as a whole",
        },
    ),
    "coupling-corner": (
        [
            ["a_1 b_2 e^(b_1 b_2)", "a_1 b_1 e^(b_1 b_2)", "a_2 e^(b_1)", "0"],
            ["a1 b2 exp(b1 b2)", "a1 b1 exp(b2 b1)", "a2 exp(b1)", "0*b1"],
            ["exp(b_1 b_2) a_1 b_2", "(a_1 exp(b_1 b_2)) b_1", "exp(b_1) a_2", "a_1 - a_1"],
        ],
        {
            (
                "a_1 b_2 e^(b_1 b_2)",
                "a_2 b_1 e^(b_1)",
                "a_1 e^(b_1 b_2)",
                "0",
            ): "it multiplies rows",
            (
                "a_1 b_2 e^(b_1 b_2)",
                "a_2 e^(b_1)",
                "a_1 b_1 e^(b_1 b_2)",
                "0",
            ): "Rows and columns are exchanged",
            ("b_2", "b_1", "1", "0"): "has the factor",
            ("a_1 b_2 e^(b_1 b_2)", "0", "0", "0"): "does not act entry by entry",
        },
    ),
    "coupling-determinant-number": (
        [["e^(1/2)"], ["sqrt(e)"], ["exp(0.5)"]],
        {
            ("1/2",): "logarithm",
            ("1",): "count as well",
            ("-35 exp(1/2)",): "the corner does not count",
            ("exp(2) + exp(-2) + exp(1) + exp(-1/2)",): "The scales multiply",
        },
    ),
    "coupling-residual-slope": (
        [["1 + 6 b u^2"], ["6u²b + 1"], ["1 + 3 u u 2 b"]],
        {
            ("1 + 3u²",): "chain rule goes on",
            ("6 b u²",): "by itself has the slope",
            ("1",): "This is the determinant",
        },
    ),
    "coupling-equal-area": (
        [["-0.65"], ["−0.64"], ["-13/20"]],
        {("0",): "stretches rows", ("-1",): "middle row", ("0.65",): "The sign"},
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    "(u - v**2*exp(-2*s))*exp(-v*exp(-s))",
    "(u - v**2 * exp(-2 * s)) * exp(-v * exp(-s))",
    r"\left(u - v^{2} e^{- 2 s}\right) e^{- v e^{- s}}",
    "Matrix([[a_1*b_2*exp(b_1*b_2), a_1*b_1*exp(b_1*b_2)], [a_2*exp(b_1), 0]])",
    r"\begin{bmatrix}a_{1} b_{2} e^{b_{1} b_{2}} & a_{1} b_{1} e^{b_{1} b_{2}}\\a_{2} e^{b_{1}} & 0\end{bmatrix}",
    "corner_here",
    "exp(1/2)",
    r"e^{\frac{1}{2}}",
    "1.6487212",
    "6*b*u**2 + 1",
    "1 + 6 * b * u**2",
    r"1 + 6 b u^{2}",
    r"6 b u^{2} + 1",
    "best_s = log",
    "-0.64",
    "-0.65",
    "(v*exp(-s))**2",
    "Math.exp(1/2)",
]

CHAPTER = Chapter("book/invertible_maps/coupling.html", ("coupling-bracket-flaw", *FORMS), FORMS, GIVEAWAYS)
