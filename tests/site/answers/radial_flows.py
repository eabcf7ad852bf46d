"""What is typed into the exercises of the chapter on radial flows."""

from . import Chapter

FORMS = {
    "radial-flows-determinant-in-space": (
        [
            ["(1+beta/(2 alpha))^2 (1+beta/(4 alpha))"],
            ["(2α+β)²(4α+β)/(16α³)"],
            ["(1 + β/2/α)*(1 + β/(2α))*(1 + β/4/α)"],
        ],
        {
            ("(1+β/(2α))^3",): "the third lies along it",
            ("(1+β/(2α))^3 (1+β/(4α))",): "Four factors for three directions",
            ("(1+β/(2α)) (1+β/(4α))",): "This is the plane",
            ("(1+β/(2α)) (1+β/(4α))²",): "have changed places",
        },
    ),
    "radial-flows-where-from": (
        [["(1+√7)/2"], ["1/2 + sqrt(7)/2"], ["0.5 + sqrt(7/4)"]],
        {
            ("(1-√7)/2",): "the other root",
            ("6/5",): "the way back",
            ("√6/2",): "the flow pulls",
        },
    ),
    "radial-flows-turning-radius": (
        [["sqrt(-alpha beta) - alpha"], ["√(-βα) − α"], ["(-αβ)^(1/2) - α"]],
        {
            ("-(α+β)",): "crosses zero",
            ("√(-αβ)",): "Subtract",
            ("√(-αβ)+α",): "is subtracted",
            ("-αβ-α",): "take a root",
        },
    ),
    "radial-flows-repair": (
        [["2/25"], ["0.08"], ["8e-2"]],
        {
            ("2/5",): "to the inner product",
            ("3/25",): "It need not be more than",
            ("4/25",): "The limit is",
        },
    ),
    "radial-flows-terms": (
        [["17"], ["16 + 1"], ["1.7e1"]],
        {
            ("16",): "One term short",
            ("9",): "for an error of",
            ("14",): "in one dimension",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"\left(1 + \frac{\beta}{2 \alpha}\right)^{2}",
    "(1 + beta/(2*alpha))**2",
    "(1 + beta / (2 * alpha)) ** 2",
    r"\frac{1 + \sqrt{7}}{2}",
    r"\frac{1}{2} + \frac{\sqrt{7}}{2}",
    "1/2 + sqrt(7)/2",
    "1.82287565",
    r"- \alpha + \sqrt{- \alpha \beta}",
    r"\sqrt{- \alpha \beta} - \alpha",
    "sqrt(-alpha*beta) - alpha",
    "Math.sqrt(-alpha*beta)",
    r"\frac{2}{25}",
    "Rational(2, 25)",
    "in_space",
    "where_from",
    "enough = ",
]

CHAPTER = Chapter(
    "book/invertible_maps/radial_flows.html", ("radial-flows-slope-flaw", *FORMS), FORMS, GIVEAWAYS
)
