"""What is typed into the exercises of the chapter on convolutions as matrices."""

from . import Chapter

FORMS = {
    "convolution-stamps": (
        [
            ["v_1", "2v_1 + v_2", "3v_1 + 2v_2", "3v_2"],
            ["1*v_1", "v_2 + v_1*2", "v_1 + 2(v_1 + v_2)", "4v_2 - v_2"],
            ["v₁", "2v₁+v₂", "2v₂+3v₁", "3v₂"],
        ],
        {
            ("3v_1", "2v_1 + 3v_2", "v_1 + 2v_2", "v_2"): "The kernel is turned round",
            ("v_1 + v_2", "2(v_1 + v_2)", "3(v_1 + v_2)", "0"): "Both stamps begin",
        },
    ),
    "convolution-two-layers": (
        [
            ["2 v_1 u_1 x_1 + 2 v_2 u_2 x_2"],
            ["2 (v_1 u_1 x_1 + v_2 u_2 x_2)"],
            ["v₁·2u₁·x₁ + 2x₂u₂v₂"],
        ],
        {
            ("2 v_1 u_1 x_1",): "Only one position",
            ("2 (v_1 u_1 + v_2 u_2) x_1",): "does not move here",
            ("v_1 x_1 + v_2 x_2",): "slope of the activation is missing",
            ("2 v_1 u_1 x_2 + 2 v_2 u_2 x_3",): "second tap",
            ("v_1 u_1 x_1 + v_2 u_2 x_2",): "is not",
            ("4 v_1 u_1^2 x_1 + 4 v_2 u_2^2 x_2",): "counted twice",
        },
    ),
    "convolution-output-padding": (
        [["1"], ["27 - 26"], ["2/2"]],
        {("0",): "one is missing", ("14",): "rows of the outputs", ("2",): "remainder"},
    ),
    "convolution-stride-two": (
        [
            ["g_1 y_2 + g_2 y_4 + g_3 y_6"],
            ["y_6 g_3 + y_4 g_2 + y_2 g_1"],
            ["g₁y₂ + g₂y₄ + g₃y₆"],
        ],
        {
            ("g_1 y_2 + g_2 y_3 + g_3 y_4",): "slides without the stride",
            ("g_1 y_1 + g_2 y_3 + g_3 y_5",): "first tap",
            ("g_1 y_3 + g_2 y_4 + g_3 y_5",): "move their beginning",
            ("g_3 y_2 + g_2 y_4 + g_1 y_6",): "not turned round",
        },
    ),
    "convolution-blind-middle": (
        [["-1.5"], ["-3/2"], ["-1.48"]],
        {
            ("1.5",): "The sign",
            ("-0.5",): "only two taps read it",
            ("-1",): "which taps have been added",
            ("0",): "still read by the other two",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    r"\begin{bmatrix}v_{1}\\2 v_{1} + v_{2}\\3 v_{1} + 2 v_{2}\\3 v_{2}\end{bmatrix}",
    "Matrix([[v_1], [2*v_1 + v_2], [3*v_1 + 2*v_2], [3*v_2]])",
    "2*v_1 + v_2",
    "of_two, taps_123",
    r"2 u_{1} v_{1} x_{1} + 2 u_{2} v_{2} x_{2}",
    "2*u_1*v_1*x_1 + 2*u_2*v_2*x_2",
    "by_first_tap",
    "answer=unread",
    "output_padding(side",
    "2*v_1*u_1*x_1",
    r"g_{1} y_{2} + g_{2} y_{4} + g_{3} y_{6}",
    "g_1*y_2 + g_2*y_4 + g_3*y_6",
    "by_second_tap",
    r"- \frac{3}{2}",
    "-3/2",
    "balanced",
]

CHAPTER = Chapter(
    "book/networks/convolution.html",
    ("convolution-slope-flaw", *FORMS),
    FORMS,
    GIVEAWAYS,
)
