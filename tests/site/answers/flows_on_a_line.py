"""What is typed into the exercises of the chapter on flows of the line."""

from . import Chapter

FORMS = {
    "flows-on-a-line-softplus": (
        [["log(exp(y) - 1)"], ["ln(e^y − 1)"], ["y + ln(1 - exp(-y))"]],
        {
            ("log(exp(y)+1)",): "A sign",
            ("e^y - 1",): "One step is left",
            ("y - 1",): "not the difference of the logarithms",
        },
    ),
    "flows-on-a-line-common-shift": (
        [["w_1 a_1 + (1 - w_1) a_2"], ["a_2 + w_1*(a_1 - a_2)"], ["a_1 w_1 − a_2 w_1 + a_2"]],
        {
            ("(a_1 + a_2)/2",): "equal weights only",
            ("w_1 a_2 + (1 - w_1) a_1",): "changed places",
            ("w_1 a_1 + a_2",): "needs its weight",
        },
    ),
    "flows-on-a-line-steps": (
        [["19"], ["20 - 1"], ["1.9e1"]],
        {
            ("20",): "saves a step",
            ("18",): "One step short",
            ("14",): "for the factor of a step",
            ("6",): "divide it by ten",
        },
    ),
    "flows-on-a-line-plateau": (
        [["3.6"], ["2 ln(sqrt(10) + 3)"], ["3.64"]],
        {
            ("7.27",): "the distance between",
            ("1.82",): "stands inside",
            ("ln(10)",): "needs more",
        },
    ),
    "flows-on-a-line-collision": (
        [["1.57"], ["pi/2"], ["1.6"]],
        {
            ("pi",): "in the middle",
            ("3pi/2",): "the largest of the three",
            ("0",): "its image is",
        },
    ),
    "flows-on-a-line-cube-density": (
        [
            ["3 z^2 exp(-z^6/2)/sqrt(2 pi)"],
            ["3z²/√(2π) · e^(-z^6/2)"],
            ["3 z z e^(-(z^3)^2/2) (2 pi)^(-1/2)"],
        ],
        {
            ("exp(-z^6/2)/sqrt(2 pi)",): "The slope is missing",
            ("exp(-z^6/2)/(3 z^2 sqrt(2 pi))",): "Upside down",
            ("3 z^2 exp(-z^5/2)/sqrt(2 pi)",): "exponents multiply",
            ("3 z^2 exp(-z^2/2)/sqrt(2 pi)",): "must be taken at",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"\log{\left(e^{y} - 1 \right)}",
    r"\log{\left(-1 + e^{y} \right)}",
    "log(exp(y) - 1)",
    "Math.log(Math.exp(y) - 1)",
    r"a_{1} w_{1} + a_{2} \left(1 - w_{1}\right)",
    r"w_{1} a_{1} + \left(1 - w_{1}\right) a_{2}",
    "a_1*w_1 + a_2*(1 - w_1)",
    "w_1 * a_1 + (1 - w_1) * a_2,\n    domain",
    "so $n + 1 = 20$",
    "enough = next(",
    "wanted = ",
    r"2 \operatorname{acosh}{\left(\sqrt{10} \right)}",
    "2*acosh(sqrt(10))",
    "2*log(3 + sqrt(10))",
    "2 * log(sqrt(10) + 3)",
    r"2 \log{\left(3 + \sqrt{10} \right)}",
    "3.636892",
    "1.570796",
    r"3 \sqrt{2} z^{2} e^{- \frac{z^{6}}{2}}",
    r"\frac{3 z^{2} e^{- \frac{z^{6}}{2}}}{\sqrt{2 \pi}}",
    "3*sqrt(2)*z**2*exp(-z**6/2)",
    "cubed = 3",
]

CHAPTER = Chapter(
    "book/invertible_maps/flows_on_a_line.html",
    (
        "flows-on-a-line-softplus",
        "flows-on-a-line-common-shift",
        "flows-on-a-line-flaw",
        "flows-on-a-line-steps",
        "flows-on-a-line-plateau",
        "flows-on-a-line-collision",
        "flows-on-a-line-cube-density",
    ),
    FORMS,
    GIVEAWAYS,
)
