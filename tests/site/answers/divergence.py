"""What is typed into the exercises of the chapter on the Kullback–Leibler divergence."""

from . import Chapter

FORMS = {
    "divergence-coin": (
        [
            ["-1/2 log(4c(1-c))"],
            ["ln(1/(2 sqrt(c(1-c))))"],
            ["-log(2) - (ln(c) + ln(1-c))/2"],
        ],
        {
            ("c log(2c) + (1-c) log(2(1-c))",): "the other way round",
            ("1/2 log(4c(1-c))",): "A sign",
            ("-log(4c(1-c))",): "has that factor",
            ("-(log(c) + log(1-c))/2",): "whole surprise",
        },
    ),
    "divergence-die": (
        [["log(3) - log(2)/2"], ["ln(3/√2)"], ["0.5 ln(9/2)"]],
        {
            ("log(2)",): "only the lower bound",
            ("1/2",): "The gaps come on top",
            ("(log(3) - log(2)/2)/log(2)",): "In bits",
            ("log(2)/2 - log(3)",): "A sign",
            ("log(6)",): "your surprise",
        },
    ),
    "divergence-balance": (
        [["0.95"], ["sqrt(8/3 (9/16 - log(5/4)))"], ["0.96"]],
        {
            ("0",): "the pairs are not equal",
            ("8/3 (9/16 - log(5/4))",): "Take the root",
            ("1.5",): "Where do they cross",
        },
    ),
    "divergence-total-correlation": (
        [
            ["2a log(4a) + (1-2a) log(2-4a)"],
            ["log(2) + 2a ln(2a) + (1-2a) ln(1-2a)"],
            ["2 ln(2) + 2a ln(a) + (1-2a) ln(1/2-a)"],
        ],
        {
            ("a log(4a) + (1/2-a) log(2-4a)",): "belongs to two results",
            ("2a log(2a) + (1-2a) log(1-2a)",): "gives each result",
            ("-2a log(4a) - (1-2a) log(2-4a)",): "A sign",
            ("-1/2 log(4a) - 1/2 log(2-4a)",): "The other way round",
        },
    ),
    "divergence-waiting": (
        [["w/v - 1 - log(w/v)"], ["log(v/w) + (w-v)/v"], ["ln(v) - ln(w) + w/v - 1"]],
        {
            ("v/w - 1 - log(v/w)",): "the other direction",
            ("log(v/w)",): "The exponents count",
            ("1 - w/v + log(w/v)",): "A sign",
            ("log(v/w) + (w-v) v",): "1/v, not",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"\frac{\log{\left(\frac{1}{2 c} \right)}}{2} + \frac{\log{\left(\frac{1}{2 \left(1 - c\right)} \right)}}{2}",
    "log(1/(2*c))/2 + log(1/(2*(1 - c)))/2",
    "from_coin",
    r"\frac{\log{\left(\frac{3}{2} \right)}}{2} + \frac{\log{\left(3 \right)}}{2}",
    "log(3/2)/2 + log(3)/2",
    "of_the_die",
    "0.7520386",
    "0.9512888",
    "balanced",
    r"2 a \log{\left(4 a \right)} + 2 \left(\frac{1}{2} - a\right) \log{\left(2 - 4 a \right)}",
    "2*a*log(4*a) + 2*(1/2 - a)*log(2 - 4*a)",
    "2*a*Math.log(4*a)",
    r"- \log{\left(\frac{w}{v} \right)} - 1 + \frac{w}{v}",
    "-log(w/v) - 1 + w/v",
    "Math.log(w/v)",
    "of_waiting",
]

CHAPTER = Chapter("book/inference/divergence.html", ("divergence-mass-flaw", *FORMS), FORMS, GIVEAWAYS)
