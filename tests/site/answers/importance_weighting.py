"""What is typed into the exercises of the chapter on importance-weighted bounds."""

from . import Chapter

FORMS = {
    "importance-weighting-mass": (
        [
            ["2 r a/(a+b) + 1 - r"],
            ["1 + r (a-b)/(a+b)"],
            ["(a + b + r a - r b)/(a + b)"],
        ],
        {
            ("1",): "That is the mean over",
            ("r a/(a+b) + 1 - r",): "an average of two weights",
            ("2(1-r) b/(a+b) + r",): "the mass for",
            ("2a/(a+b) + 1",): "counts with its probability",
        },
    ),
    "importance-weighting-kept": (
        [["2/5"], ["0.4"], ["1/16 + 27/80"]],
        {
            ("3/4",): "That is the posterior",
            ("1/4",): "one sample, kept whatever",
            ("37/160",): "comes in two orders",
            ("27/80",): "are drawn, too",
        },
    ),
    "importance-weighting-meet": (
        [["0.4"], ["2/5"], ["0.41"]],
        {
            ("0.6",): "the other state",
            ("0.5",): "even weights",
            ("0.3",): "What is missing",
            ("2/3",): "That is",
        },
    ),
    "importance-weighting-bias": (
        [
            ["r(1-r)(a-b)^2/(2K(r a + (1-r) b)^2)"],
            ["(r a² + (1-r) b² - (r a + (1-r)b)²) / (2 K (b + r(a-b))²)"],
            ["0.5 K^(-1) (r - r^2) ((a-b)/(b + r a - r b))^2"],
        ],
        {
            ("r(1-r)(a-b)^2/(K(r a + (1-r) b)^2)",): "Half of it",
            ("r(1-r)(a-b)^2/(2K)",): "divide by",
            ("r(1-r)(a-b)^2/(2(r a + (1-r) b)^2)",): "of the variance of one",
            ("-r(1-r)(a-b)^2/(2K(r a + (1-r) b)^2)",): "this difference is positive",
            ("(r a^2 + (1-r) b^2)/(2K(r a + (1-r) b)^2)",): "mean square of the weight",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"\frac{2 a r}{a + b}",
    "2*a*r/(a + b)",
    "mass_of_one",
    "Rational(2, 5)",
    r"\frac{2}{5}",
    "kept_first",
    "where_they_meet",
    r"r \left(1 - r\right) \left(a - b\right)^{2}",
    "r*(1 - r)*(a - b)**2/(2*K",
    "bias_term",
    "2*r*alpha",
    "Math.pow(a - b, 2)",
    "(a - b)*(a - b)",
    r"\frac{r \left(1 - r\right)",
]

CHAPTER = Chapter(
    "book/inference/importance_weighting.html",
    ("importance-weighting-ladder-flaw", "importance-weighting-exchange-flaw", *FORMS),
    FORMS,
    GIVEAWAYS,
)
