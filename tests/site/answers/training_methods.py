"""What is typed into the exercises of the chapter on training methods."""

from . import Chapter

FORMS = {
    "other-order-matrix": (
        [
            ["1-η²", "η", "-η", "1"],
            ["(1-eta)(1+eta)", "eta", "−eta", "1.0"],
            ["-eta*eta + 1", "2η/2", "-(η)", "η/η"],
        ],
        {
            ("1-η²", "-η", "η", "1"): "Rows and columns are exchanged",
            ("1", "η", "-η", "1-η²"): "the order of the chapter",
            ("1", "η", "-η", "1"): "look at the old numbers",
            ("1+η²", "η", "-η", "1"): "sign is wrong",
        },
    ),
    "other-order-energy": (
        [["d^2 + g^2 - eta*d*g"], ["d² − ηdg + g²"], ["(d-g)^2 + (2 - η) d g"]],
        {
            ("d² + g² + ηdg",): "another sign",
            ("d² + g² − 2ηdg",): "twice too large",
            ("g² + d²",): "A mixed term is missing",
        },
    ),
    "factor-per-gradient": (
        [["(3/4)^(1/4)"], ["sqrt(sqrt(0.75))"], ["exp(ln(3/4)/4)"]],
        {
            ("√3/2",): "the factor of a step",
            ("3/4",): "squared",
            ("√3/4",): "Factors multiply",
            ("√(1/2)",): "optimistic",
        },
    ),
    "best-rate-of-the-penalty": (
        [["0.5"], ["1/2"], ["0.49"]],
        {("1",): "where convergence ends", ("0",): "nothing moves"},
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"d^{2} - d \eta g + g^{2}",
    r"d^{2} - \eta d g + g^{2}",
    r"d^{2} + g^{2} - \eta d g",
    r"d^2 + g^2 - \eta d g",
    "d**2 - d*eta*g + g**2",
    "d**2 + g**2 - eta * d * g",
    "d² + g² - η*d*g",
    r"\begin{bmatrix}1 - \eta^{2} & \eta\\- \eta & 1\end{bmatrix}",
    "Matrix([[1 - eta**2, eta], [-eta, 1]])",
    "[[1 - (eta*eta), eta], [-eta, 1]]",
    r"\sqrt[4]{3}",
    "3**(1/4)",
    "0.93060485",
    "best_rate",
]

CHAPTER = Chapter("book/games/training_methods.html", ("consensus-flaw", *FORMS), FORMS, GIVEAWAYS)
