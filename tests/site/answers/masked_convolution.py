"""What is typed into the exercises of the chapter on masked convolutions."""

from . import Chapter

FORMS = {
    "masked-convolution-three-layers": (
        [["13"], ["3 + 5 + 5"], ["26/2"]],
        {
            ("14",): "does not see itself",
            ("10",): "That is the field of A, B",
            ("21",): "lie off the image",
            ("24",): "no blind spot",
        },
    ),
    "masked-convolution-five-by-five": (
        [["(L-1)/(4(2L+1))"], ["(L-1)/(8L+4)"], ["1/8 - 3/(8(2L+1))"]],
        {
            ("(L-1)/(4(L+1))",): "kernels. Here",
            ("(L-1)/(4(5L+1))",): "not the size of the kernel",
            ("1/8",): "limit for many layers",
            ("1 - (L-1)/(4(2L+1))",): "the part that is seen",
            ("L(L-1)",): "Divide by the number",
        },
    ),
    "masked-convolution-colours": (
        [
            ["0", "0", "0", "1", "0", "0", "1", "1", "0"],
            ["0", "0", "0", "1", "0", "0", "2/2", "1", "1-1"],
            ["0", "0/2", "0", "1.0", "0", "0", "1", "√1", "0"],
        ],
        {
            ("1", "0", "0", "1", "1", "0", "1", "1", "1"): "each number sees itself",
            ("0", "1", "1", "0", "0", "1", "0", "0", "0"): "Transposed",
            ("0", "0", "0", "0", "0", "0", "0", "0", "0"): "they are drawn before",
            ("0", "0", "0", "1", "0", "0", "3", "1", "0"): "numbers of paths",
            ("0", "0", "0", "0", "0", "0", "1", "0", "0"): "even green could not",
        },
    ),
    "masked-convolution-most-of-type-a": (
        [["2"], ["4/2"], ["2.0"]],
        {
            ("1",): "neighbour on the",
            ("3",): "one to the left",
            ("4",): "two to the left",
            ("0",): "sees itself",
        },
    ),
    "masked-convolution-only-type-a": (
        [["(L+1)^2"], ["L² + 2L + 1"], ["(1+L)(L+1)"]],
        {
            ("L(3L+5)/2",): "with one layer of type A",
            ("2L(L+1)",): "blind spot included",
            ("4^L",): "Many lead to the same pixel",
            ("L^2",): "how many are these",
            ("(2L+1)^2",): "without masks",
        },
    ),
}

# Each right answer as the page must not hold it: as LaTeX, as SymPy writes it, as JavaScript, as its author does.
GIVEAWAYS = [
    "how_many_of_three",
    "blind_part_of_five",
    "(L - 1)/(4*(2*L + 1))",
    r"\frac{L - 1}{4 \left(2 L + 1\right)}",
    r"\frac{L - 1}{4 \left(1 + 2 L\right)}",
    "within_pixel",
    "Matrix([[0, 0, 0], [1, 0, 0], [1, 1, 0]])",
    "[[0, 0, 0], [1, 0, 0], [1, 1, 0]]",
    r"\begin{bmatrix}0 & 0 & 0\\1 & 0 & 0\\1 & 1 & 0\end{bmatrix}",
    "most_of_type_A",
    "only_A",
    "(L + 1)**2",
    "L**2 + 2*L + 1",
    "L*L + 2*L + 1",
    r"\left(L + 1\right)^{2}",
    r"\left(1 + L\right)^{2}",
]

CHAPTER = Chapter(
    "book/networks/masked_convolution.html",
    (*FORMS, "masked-convolution-blind-flaw"),
    FORMS,
    GIVEAWAYS,
)
