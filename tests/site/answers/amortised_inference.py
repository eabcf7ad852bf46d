"""What is typed into the exercises of the chapter on amortised inference."""

from . import Chapter

FORMS = {
    "amortised-inference-constant-encoder": (
        [["(a-b)^2/16"], ["((b - a)/4)²"], ["(a² - 2 a b + b²)/16"]],
        {
            ("(a-b)^2/8",): "the sum over both",
            ("(a-b)^2/4",): "half as large",
            ("a^2/4",): "gap of",
            ("(a-b)/4",): "The gap is its square",
            ("(a+b)^2/16",): "How far is that",
        },
    ),
    "amortised-inference-precision": (
        [["1/2 ln(4/3)"], ["ln(2/√3)"], ["ln(2) - ln(3)/2"]],
        {
            ("-ln(4/3)/2",): "not negative",
            ("ln(4/3)",): "is missing",
            ("ln(3)/2",): "Where is the product",
            ("ln(2)",): "Where is the determinant",
        },
    ),
    "amortised-inference-one-nat": (
        [["0.93"], ["sqrt(1 - exp(-2))"], ["√(1-e^-2)"]],
        {
            ("1 - exp(-2)",): "Take the root",
            ("sqrt(1-exp(-1))",): "is lost",
            ("exp(-1)",): "the best scale",
            ("1",): "infinite",
        },
    ),
    "amortised-inference-break-even": (
        [["556"], ["5560/10"], ["(101*50 + 51*10)/10"]],
        {
            ("550",): "The biases are parameters",
            ("1112",): "is ten numbers",
            ("5560",): "This is the encoder",
            ("555",): "Both layers have biases",
            ("551",): "Both layers have biases",
        },
    ),
    "amortised-inference-refined-gap": (
        [
            ["lambda (1 - eta lambda)^4 delta^2 / 2"],
            ["λ ((1 - η λ)² δ)² / 2"],
            ["0.5 δ² λ (η λ - 1)^4"],
        ],
        {
            ("lambda (1 - eta lambda)^2 delta^2 / 2",): "shrinks twice",
            ("lambda (1 - 2 eta)^4 delta^2 / 2",): "for the precision",
            ("(1 - eta lambda)^4 delta^2",): "times the squared error",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"\frac{\left(a - b\right)^{2}}{16}",
    "(a - b)**2/16",
    "(a - b) ** 2 / 16",
    r"\frac{\log{\left(\frac{4}{3} \right)}}{2}",
    "log(4/3)/2",
    "0.14384103",
    "gap_of_given",
    r"\sqrt{1 - e^{-2}}",
    "sqrt(1 - exp(-2))",
    "0.92987",
    "one_nat",
    "small_encoder",
    "556.0",
    r"\frac{\delta^{2} \lambda \left(- \eta \lambda + 1\right)^{4}}{2}",
    "delta**2*lambda*(-eta*lambda + 1)**4/2",
]

CHAPTER = Chapter(
    "book/inference/amortised_inference.html",
    ("amortised-inference-scale-flaw", *FORMS),
    FORMS,
    GIVEAWAYS,
)
