"""What is typed into the exercises of the chapter on signals at initialisation."""

from . import Chapter

FORMS = {
    "initialization-floor": (
        [["2/(5n)"], ["0.4/n"], ["(2/5) n^(-1)"]],
        {
            ("1/(2n)",): "without activation",
            ("1/(3n)",): "the biases of one layer alone",
            ("1/(4n)",): "Halved too late",
            ("0",): "every layer adds new biases",
        },
    ),
    "initialization-convolution": (
        [["1/45"], ["1/(3*15)"], ["3^-2 / 5"]],
        {
            ("1/9",): "how many numbers does one output read",
            ("1/15",): "the square of the bound",
            ("1/240",): "PyTorch's default takes the fan-in",
            ("1/48",): "the number of outputs",
        },
    ),
    "initialization-leaky": (
        [["8/(5n)"], ["1.6/n"], ["2/((1+1/4) n)"]],
        {
            ("2/n",): "right for ReLU",
            ("4/(3n)",): "The slopes were averaged",
            ("1/n",): "the second moment of the identity",
            ("5/(8n)",): "Upside down",
        },
    ),
    "initialization-border": (
        [["1.55"], ["31/20"], ["1.54"]],
        {
            ("1",): "the border without biases",
            ("√2",): "ReLU's border",
            ("1.5",): "still ordered",
            ("2",): "well inside chaos",
        },
    ),
    "initialization-kurtosis-exercise": (
        [["12/5"], ["2.4"], ["(16/15)/(4/9)"]],
        {
            ("33/10",): "for a standard normal",
            ("3",): "would be a normal law",
            ("9/5",): "the kurtosis of one uniform number",
            ("16/15",): "Divide by the square of the variance",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"\frac{2}{5 n}",
    "2/(5*n)",
    "relu_floor",
    r"\frac{1}{45}",
    "1/45",
    "0.02222222",
    "tap_variance",
    r"\frac{8}{5 n}",
    "8/(5*n)",
    "leaky_variance",
    "1.5496",
    "1.5497",
    r"\frac{12}{5}",
    "12/5",
    "peakedness",
]

CHAPTER = Chapter(
    "book/networks/initialization.html",
    ("initialization-second-moment-flaw", *FORMS),
    FORMS,
    GIVEAWAYS,
)
