"""The figures of the chapter on convolutions as matrices: one layer with its derivatives, and overlapping stamps."""

from __future__ import annotations

from helpers.widgets.base import Choice, Figure, Integer, Real

__all__ = ["ConvolutionMatrices", "OverlapCounts"]


class ConvolutionMatrices(Figure):
    """A layer of seven inputs, three taps and five outputs, and its derivatives by input, kernel and bias.

    Traits: `w_1`, `w_2`, `w_3` (the taps, -2 to 2), `position` (1 to 5: the chosen output), `lit` (`"one"` output is
    differentiated, or the sum of `"all"`), `matrix` (what stands for the derivatives by the kernel: `"hankel"`, or
    `"padded"` for the rows with zeros of some solutions).
    """

    topic = "convolution"
    widget = "convolution-matrices"
    alt = (
        "Above, three strips of numbers: seven inputs, a kernel of three taps that lies below three of them, and "
        "five outputs; lines lead from the taps to the chosen output. Below, three matrices as coloured cells, five "
        "rows each: Toeplitz with the taps along its diagonals, Hankel with the inputs along its antidiagonals, and "
        "a column of ones. The rows of the chosen output are framed, and a last row has the gradient."
    )
    caption = (
        "An output is linear in the inputs, in the taps and in the bias, and its row in each matrix says with which "
        "factors. The kernel slides over the input, so its matrix is Toeplitz; the input slides past the kernel, so "
        "its matrix is Hankel, and no entry of it is a zero that was not in the input."
    )
    printed = (
        ("output 2 alone", {"lit": "one", "position": 2}),
        ("the sum of all outputs", {"lit": "all"}),
    )

    w_1 = Real(1.0, -2.0, 2.0)
    w_2 = Real(0.5, -2.0, 2.0)
    w_3 = Real(-0.8, -2.0, 2.0)
    position = Integer(2, 1, 5)
    lit = Choice("one", ("one", "all"))
    matrix = Choice("hankel", ("hankel", "padded"))


class OverlapCounts(Figure):
    """How many stamps of a kernel cover each output of a transposed convolution, on a line and in the plane.

    Traits: `kernel_size` (1 to 6), `stride` (1 to 4). There are five stamps on a line.
    """

    topic = "convolution"
    widget = "overlap-counts"
    alt = (
        "Left, five rows of cells: each has a stamp of ones, moved on by the stride from row to row, and below them "
        "a row of sums says how many stamps cover each column. Right, the same counts in the plane, products of a "
        "row's and a column's, as shades: a checkerboard, or an even patch."
    )
    caption = (
        "Each place is covered by as many stamps as there are taps at a distance of whole strides. The counts are "
        "even away from the border exactly if the stride divides the size of the kernel; otherwise they make a "
        "checkerboard before anything is learned."
    )
    printed = (
        ("kernel 3, stride 2", {"kernel_size": 3, "stride": 2}),
        ("kernel 4, stride 2", {"kernel_size": 4, "stride": 2}),
        ("kernel 5, stride 3", {"kernel_size": 5, "stride": 3}),
    )

    kernel_size = Integer(3, 1, 6)
    stride = Integer(2, 1, 4)
