"""What is typed into the exercises of the chapter on divergences between Gaussians."""

from . import Chapter

FORMS = {
    "gaussian-divergence-exchanged": (
        [
            ["ln(sigma) + (1 + mu^2)/(2 sigma^2) - 1/2"],
            ["(1+μ²-σ²)/(2σ²) + ln(σ)"],
            ["0.5 (mu*mu + 1) sigma^-2 - 0.5 - ln(1/sigma)"],
        ],
        {
            ("(mu^2 + sigma^2 - 1)/2 - ln(sigma)",): "Which law does the mean run over",
            ("ln(sigma) + (1 + mu^2)/(2 sigma^2)",): "both laws agree",
            ("-ln(sigma) + (1 + mu^2)/(2 sigma^2) - 1/2",): "sign of the logarithm",
            ("ln(sigma) + 1/(2 sigma^2) + mu^2/2 - 1/2",): "in units of the second law",
            ("ln(sigma)/2 + (1 + mu^2)/(2 sigma) - 1/2",): "used as a variance",
        },
    ),
    "gaussian-divergence-tilted": (
        [["3/2 - ln(3)/2"], ["(3-ln(3))/2"], ["1.5 - ln(√3)"]],
        {
            ("3 - ln(3)",): "whole sum is halved",
            ("5/2 - ln(3)/2",): "dimension is missing",
            ("3/2 + ln(3)/2",): "logarithm's sign",
            ("(3 - ln(4))/2",): "not the product of the diagonal",
            ("1 - ln(3)/2",): "not the same",
            ("ln(3)/2",): "other direction",
        },
    ),
    "gaussian-divergence-short-axis": (
        [["0.75"], ["2/√7"], ["sqrt(4/7)"]],
        {
            ("4/7",): "Is this the variance",
            ("1/2",): "root of the determinant",
            ("1",): "nowhere narrower",
            ("√2",): "forward law's width",
        },
    ),
    "gaussian-divergence-round": (
        [["2 g h/(g+h)"], ["2/(1/g + 1/h)"], ["g h / ((g+h)/2)"]],
        {
            ("(g+h)/2",): "minimises the forward",
            ("√(g h)",): "same volume",
            ("g h/(g+h)",): "A factor",
            ("(1/g+1/h)/2",): "You want its variance",
        },
    ),
    "gaussian-divergence-curvature": (
        [["√3"], ["sqrt(3)"], ["3^(1/2)"]],
        {
            ("3",): "root is missing",
            ("1",): "divergence is least",
            ("1/√3",): "Upside down",
            ("√2",): "Count the powers",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"\log{\left(\sigma \right)} - \frac{1}{2} + \frac{\mu^{2} + 1}{2 \sigma^{2}}",
    "log(sigma) - 1/2 + (mu**2 + 1)/(2*sigma**2)",
    "gaussians.scalar_divergence(0, 1, mu, sigma)",
    r"\frac{3}{2} - \frac{\log{\left(3 \right)}}{2}",
    "3/2 - log(3)/2",
    "0.95069",
    r"\frac{2 \sqrt{7}}{7}",
    "2*sqrt(7)/7",
    "0.7559",
    "short_axis,",
    "best_round",
    r"\frac{2 g h}{g + h}",
    "2*g*h/(g + h)",
    "answer=sp.sqrt(3)",
    "1.73205",
]

CHAPTER = Chapter(
    "book/inference/gaussian_divergence.html",
    ("gaussian-divergence-trace-flaw", *FORMS),
    FORMS,
    GIVEAWAYS,
)
