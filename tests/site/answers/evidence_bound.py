"""What is typed into the exercises of the chapter on the evidence bound."""

from . import Chapter

FORMS = {
    "evidence-bound-prior": (
        [
            ["-(x^2+1)/(2 tau^2) - log(2 pi tau^2)/2"],
            ["-x²/(2τ²) - 1/(2τ²) - ln(τ) - ln(2π)/2"],
            ["-0.5*((1 + x^2)/tau^2 + ln(2π) + 2 ln(tau))"],
        ],
        {
            ("-x^2/(2 tau^2) - log(2 pi tau^2)/2",): "The square has to be averaged",
            ("-x^2/(2(1+tau^2)) - log(2 pi (1+tau^2))/2",): "This is the evidence itself",
            ("-(x^2+1)/(2 tau^2) - log(2 pi tau^2)/2 - 1/2",): "A divergence was taken away",
            ("-(x^2+1)/(2 tau^2)",): "normaliser of the likelihood",
        },
    ),
    "evidence-bound-two-coins": (
        [["ln(5/4)"], ["ln(5) - 2 ln(2)"], ["-log(0.8)"]],
        {
            ("-ln(5/4)",): "a positive number",
            ("ln(5/8)",): "logarithm of the evidence",
            ("-ln(2)",): "This is the bound itself",
            ("ln(2/5)/5 + 4 ln(8/5)/5",): "the other direction",
        },
    ),
    "evidence-bound-best-width": (
        [["0.6"], ["3/5"], ["0.62"]],
        {
            ("0.36",): "the variance",
            ("0.75",): "precisions add",
            ("0.8",): "a factor",
            ("1",): "narrower guess",
        },
    ),
    "evidence-bound-noise": (
        [["(x-mu)^2 + sigma^2"], ["x² - 2 x μ + μ² + σ²"], ["σ² + (mu - x)^2"]],
        {
            ("(x-mu)^2",): "Only the mean of the guess",
            ("sqrt((x-mu)^2 + sigma^2)",): "The question asks for",
            ("(x-mu)^2 - sigma^2",): "A sign",
            ("x^2 - 1",): "maximises the evidence",
        },
    ),
    "evidence-bound-no-variance": (
        [["ln(4/3)"], ["-ln(3/4)"], ["2 ln(2) - ln(3)"]],
        {
            ("0",): "No variance does not mean no gap",
            ("-ln(4/3)",): "a positive number",
            ("ln(4)",): "not three",
            ("1/4",): "The gap is a logarithm",
        },
    ),
    "evidence-bound-pairs": (
        [["21"], ["20+1"], ["42/2"]],
        {
            ("7",): "each pair halves",
            ("3",): "kept",
            ("20",): "round up",
            ("42",): "Count the pairs",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"- \frac{x^{2} + 1}{2 \tau^{2}}",
    "-log(2*pi*tau**2)/2 - (x**2 + 1)/(2*tau**2)",
    "-(x**2 + 1) / (2 * tau**2)",
    "lazy",
    r"\log{\left(\frac{5}{4} \right)}",
    "log(5/4)",
    "0.22314",
    "coin_gap",
    "best_scale",
    r"\frac{3}{5}",
    "mean_square",
    "sigma**2 + (-mu + x)**2",
    r"\log{\left(\frac{4}{3} \right)}",
    "log(4/3)",
    "0.28768",
    "short_by",
    r"- \log{\left(\frac{3}{4} \right)}",
    "Integer(21)",
    "sp.ceiling",
]

CHAPTER = Chapter(
    "book/inference/evidence_bound.html",
    ("evidence-bound-lost-prior-flaw", *FORMS),
    FORMS,
    GIVEAWAYS,
)
