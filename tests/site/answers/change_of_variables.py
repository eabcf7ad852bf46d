"""What is typed into the exercises of the chapter on change of variables."""

from . import Chapter

FORMS = {
    "change-of-variables-exponential": (
        [
            ["exp(-ln(y)^2/2)/(y sqrt(2 pi))"],
            ["e^(-ln(y)²/2) / (y√(2π))"],
            ["(2π)^(-1/2) exp(-0.5 ln(y)*ln(y)) y^(-1)"],
        ],
        {
            ("exp(-ln(y)^2/2)/sqrt(2 pi)",): "the factor is missing",
            ("y exp(-ln(y)^2/2)/sqrt(2 pi)",): "Multiplied where one must divide",
            ("exp(-ln(y)^2/2)/(2π y)",): "one root",
        },
    ),
    "change-of-variables-at-the-mean": (
        [["1/(4 pi)"], ["1/(2π*2)"], ["(4π)^-1"]],
        {
            ("-1/(4π)",): "No density is negative",
            ("1/(2π√2)",): "Under the root belongs",
            ("1/(8π)",): "stands under a root",
            ("1/(8π²)",): "half of the number of dimensions",
            ("1/(4π²)",): "Two things at once",
        },
    ),
    "change-of-variables-cholesky": (
        [["2", "0", "1", "1"], ["√4", "0.0", "2/2", "3-2"], ["4^(1/2)", "1-1", "1", "sqrt(1)"]],
        {
            ("0", "2", "1", "1"): "itself",
            ("2", "1", "0", "1"): "Transposed",
            ("4", "2", "2", "2"): "This is the covariance",
            ("-2", "0", "-1", "1"): "its diagonal is not positive",
            ("2", "0", "0", "√2"): "not independent",
        },
    ),
    "change-of-variables-collapse": (
        [["0.4"], ["2/5"], ["0.42"]],
        {
            ("-0.4",): "sign is wrong",
            ("0.9",): "Which products",
            ("2.5",): "Upside down",
            ("0",): "A zero on the diagonal",
        },
    ),
    "change-of-variables-banana": (
        [
            ["exp(-(u^2 + (v-u^2)^2)/2)/(2 pi)"],
            ["e^(-u²/2) e^(-(v-u²)²/2) / (2π)"],
            ["exp(-u²/2 - v²/2 + v u² - u⁴/2)/(2π)"],
        ],
        {
            ("exp(-(u^2 + (v+u^2)^2)/2)/(2 pi)",): "goes forwards",
            ("exp(-(u^2 + v^2)/2)/(2 pi)",): "does keep areas",
            ("exp(-(u^2 + (v-u^2)^2)/2)/(2 pi (1+4u²))",): "triangular",
            ("exp(-(u^2 + (v-u^2)^2)/2)/√(2π)",): "In the plane",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"\frac{\sqrt{2} e^{- \frac{\log{\left(y \right)}^{2}}{2}}}{2 \sqrt{\pi} y}",
    "sqrt(2)*exp(-log(y)**2/2)/(2*sqrt(pi)*y)",
    "bell_of_log / y",
    r"\frac{1}{4 \pi}",
    "1/(4*pi)",
    "0.07957747",
    "at_the_mean",
    r"\begin{bmatrix}2 & 0\\1 & 1\end{bmatrix}",
    "Matrix([[2, 0], [1, 1]])",
    "[[2, 0], [1, 1]]",
    "critical",
    r"\frac{2}{5}",
    r"e^{- \frac{u^{2}}{2} - \frac{\left(- u^{2} + v\right)^{2}}{2}}",
    "exp(-u**2/2 - (-u**2 + v)**2/2)",
    "Math.exp(-(1/2)*(u*u)",
]

CHAPTER = Chapter(
    "book/invertible_maps/change_of_variables.html",
    ("change-of-variables-root-flaw", *FORMS),
    FORMS,
    GIVEAWAYS,
)
