"""What is typed into the exercises of the chapter on tools."""

from . import Chapter

FORMS = {
    "tools-forward-substitution": (
        [["K^2"], ["K·K"], ["K + K(K-1)"]],
        {
            ("K(K+1)/2",): "also subtracted",
            ("K² - K",): "divisions by the diagonal are missing",
            ("2K²",): "Half of the entries",
            ("K-1",): "So much costs the determinant",
            ("2K³/3 - K²/2 + 5K/6 - 1",): "Nothing has to be eliminated",
        },
    ),
    "tools-hundred-rows": (
        [["5051"], ["1 + 100*101/2"], ["5.051e3"]],
        {
            ("5050",): "The identity is forgotten",
            ("101",): "the entries of",
            ("0",): "the identity is added to it",
        },
    ),
    "tools-inverse-transposed": (
        [
            ["1/s_1", "-b/(s_1 s_2)", "0", "1/s_2"],
            ["1/s1", "−b/s1/s2", "0.0", "1/s2"],
            ["s_2/(s_1 s_2)", "-(b/s_1)/s_2", "b - b", "s_2^(-1)"],
        ],
        {
            ("1/s_1", "0", "-b/(s_1 s_2)", "1/s_2"): "This is the inverse",
            ("1/s_1", "0", "0", "1/s_2"): "the free entries of a triangular matrix",
            ("s_2", "-b", "0", "s_1"): "the cofactors",
            ("1/s_1", "b/(s_1 s_2)", "0", "1/s_2"): "A sign",
        },
    ),
    "tools-underflow": (
        [["46"], ["45 + 1"], ["4.6e1"]],
        {
            ("45",): "the last product that is not zero",
            ("324",): "in float64",
            ("38",): "fewer and fewer digits",
        },
    ),
    "tools-singular-entry": (
        [["0.58"], ["0.6"], ["9977/17250"]],
        {
            ("1.5",): "at the beginning",
            ("0",): "the other products are left",
            ("-0.5784",): "The sign",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"K^{2}",
    "K**2",
    "(K*K)",
    "solving_cost",
    "answer=5051",
    '"answer": 5051',
    "1 + 5050",
    "rank_one_answer",
    r"\frac{1}{s_{1}}",
    "[[1/s_1, -b/(s_1*s_2)], [0, 1/s_2]]",
    "small.inv()",
    "answer=zero_32",
    "answer=46",
    '"answer": 46',
    "9977/17250",
    r"\frac{9977}{17250}",
    "0.57837",
    "answer=root",
]

CHAPTER = Chapter("book/invertible_maps/tools.html", ("tools-factor-flaw", *FORMS), FORMS, GIVEAWAYS)
