"""What is typed into the exercises of the chapter on gradients of expectations."""

from . import Chapter

FORMS = {
    "gradients-square": (
        [
            ["2 (mu + sigma epsilon) epsilon"],
            ["2με + 2σε²"],
            ["epsilon*(mu+mu) + 2*sigma*epsilon^2"],
        ],
        {
            ("2(μ + σε)",): "How fast does",
            ("2σ",): "exact slope",
            ("(μ+σε)²(ε²-1)/σ",): "vote of the score function",
            ("(μ+σε)ε",): "The slope of",
        },
    ),
    "gradients-best-baseline": (
        [["3"], ["6/2"], ["√9"]],
        {
            ("1",): "count more",
            ("0",): "Without a baseline",
            ("15",): "the variance without a baseline",
            ("5",): "where the score is",
        },
    ),
    "gradients-parabola": (
        [["15 sigma^2"], ["15σ²"], ["3*5*σ*σ"]],
        {
            ("15 σ^4",): "divides by",
            ("3 σ²",): "has the power",
            ("15",): "Right for",
            ("4σ²",): "reparameterised vote",
            ("6σ²",): "best baseline",
        },
    ),
    "gradients-lead": (
        [["1.109"], ["1.11"], ["111/100"]],
        {
            ("1",): "Near",
            ("1/√2",): "total and path",
            ("10",): "ahead for long",
        },
    ),
    "gradients-boundary": (
        [["phi"], ["φ"], ["φ²/φ"]],
        {
            ("2φ/3",): "slope itself",
            ("-φ/3",): "what the score function gives",
            ("φ/3",): "The signs",
            ("φ²",): "at the moving end",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"\epsilon \left(2 \epsilon \sigma + 2 \mu\right)",
    "epsilon*(2*epsilon*sigma + 2*mu)",
    "square_vote",
    "15*sigma**2",
    r"15 \sigma^{2}",
    "15*(sigma*sigma)",
    "1.10898",
    "1.1089861",
    "lead_changes",
    "answer=phi",
    "answer=3",
    "answer=sp.Integer(3)",
    "sp.Integer(3)",
    "square_vote,",
    "15 * sigma",
    "15σ²",
    "15 \\sigma^2",
]

CHAPTER = Chapter(
    "book/inference/gradients.html",
    ("gradients-exchange-flaw", "gradients-own-baseline-flaw", *FORMS),
    FORMS,
    GIVEAWAYS,
)
