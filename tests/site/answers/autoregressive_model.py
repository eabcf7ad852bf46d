"""What is typed into the exercises of the chapter on a model that draws pixel by pixel."""

from . import Chapter

FORMS = {
    "autoregressive-model-bits": (
        [["98/(784 ln(2))"], ["1/(8 ln(2))"], ["0.125/log(2)"]],
        {
            ("1/8",): "nats a pixel",
            ("ln(2)/8",): "Upside down",
            ("3.5/ln(2)",): "pixels",
            ("-1/(8 ln(2))",): "the sign of the log-likelihood",
        },
    ),
    "autoregressive-model-blind-spot": (
        [
            ["(R-1)*(1 + (a ln(a) + (1-a) ln(1-a))/ln(2))"],
            ["(R-1)(1 + a ln(a)/ln(2) + (1-a) ln(1-a)/ln(2))"],
            ["(R-1) (ln(2) + a ln(a) + (1-a) ln(1-a)) / ln(2)"],
        ],
        {
            ("R (1 + (a ln(a) + (1-a) ln(1-a))/ln(2))",): "The first row has no row above",
            ("-(R-1) (a ln(a) + (1-a) ln(1-a))/ln(2)",): "still has to pay",
            ("R-1",): "Right for",
            ("(R-1) (ln(2) + a ln(a) + (1-a) ln(1-a))",): "These are nats",
        },
    ),
    "autoregressive-model-explore": (
        [["0.862"], ["0.86"], ["86/100"]],
        {
            ("0.14",): "Make all three dark",
            ("0.5",): "fair coin",
        },
    ),
    "autoregressive-model-leak": (
        [["(2s)^k"], ["2^k s^k"], ["(s+s)^k"]],
        {
            ("2^k",): "limit",
            ("s^k",): "ink or none",
            ("2 s^k",): "more than two",
            ("2 s k",): "Factors multiply",
            ("1",): "none",
        },
    ),
    "autoregressive-model-one-pixel-off": (
        [["1/81"], ["3^(-4)"], ["(1/3)^4"]],
        {
            ("81",): "Upside down",
            ("1/6561",): "share a side",
            ("1/12",): "each of the four pairs",
            ("1/3",): "four neighbours",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"\frac{1}{8 \log{\left(2 \right)}}",
    "1/(8*log(2))",
    "0.18033688",
    "nats / (side**2 * sp.log(2))",
    "(R - 1) * (1 - coin)",
    r"\left(R - 1\right) \left(1 +",
    "(R - 1)*(a*log(a)/log(2)",
    "Math.log(2))*(R - 1)",
    "after_ink",
    r"\left(2 s\right)^{k}",
    "(2*s)**k",
    "(2 * s) ** k",
    "2^{k} s^{k}",
    r"\frac{1}{81}",
    "1/81",
    "0.012345679",
]

CHAPTER = Chapter(
    "book/networks/autoregressive_model.html",
    ("autoregressive-model-flaw", *FORMS),
    FORMS,
    GIVEAWAYS,
)
