"""What is typed into the exercises of the chapter on a learned density."""

from . import Chapter

FORMS = {
    "learned-density-one-layer": (
        [
            ["-(x_1 - k x_2^2)^2 e^(-2s)/2 - x_2^2/2 - log(2 pi) - s"],
            ["−½ ((x₁ − k x₂²)/exp(s))² − ½x₂² − ln(2π) − s"],
            ["-(x1 - k*x2**2)**2/(2exp(2s)) - (x2**2 + 2s)/2 - log(pi) - log(2)"],
        ],
        {
            ("-((x1 - k x2^2) e^(-s))^2/2 - x2^2/2 - log(2 pi)",): "log-determinant is missing",
            ("-((x1 - k x2^2) e^(-s))^2/2 - x2^2/2 - log(2 pi) + s",): "sign of the log-determinant",
            ("-((x1 - k x2^2) e^(-s))^2/2 - x2^2/2 - log(2 pi)/2 - s",): "two dimensions",
            ("-(e^s x1 + k x2^2)^2/2 - x2^2/2 - log(2 pi) - s",): "run forwards",
        },
    ),
    "learned-density-least-loss": (
        [["log(4)"], ["2 ln(2)"], ["-log(1/4)"]],
        {
            ("-log(4)",): "A sign",
            ("log(2)",): "one coordinate",
            ("0",): "entropy of the data does not",
            ("1/4",): "This is the density",
        },
    ),
    "learned-density-axes": (
        [["4"], ["8/2"], ["4.0"]],
        {("8",): "Each layer moves one coordinate", ("1",): "not the only one"},
    ),
    "learned-density-parameters": (
        [["6H + 2"], ["2(3H+1)"], ["2*H + 4*H + 2"]],
        {
            ("3H+1",): "This is one network",
            ("4H",): "biases are parameters",
            ("6H",): "output has a bias",
        },
    ),
}

GIVEAWAYS = [
    r"- \frac{x_{2}^{2}}{2} - s",
    "-x_2**2/2 - s - log(2*pi)",
    "- log(2 pi) - s",
    r"\log{\left(4 \right)}",
    "log(4)",
    "Math.log(4)",
    "moves_up",
    "journey_axes",
    "every second one",
    "answer=4",
    "6 H + 2",
    "6*H + 2",
    "6 * H + 2",
]

CHAPTER = Chapter(
    "book/invertible_maps/learned_density.html", ("learned-density-flaw", *FORMS), FORMS, GIVEAWAYS
)
