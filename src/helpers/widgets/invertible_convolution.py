"""The figures of the chapter on 1×1 convolutions: the factors, the layer's Jacobian, the conditional layer's."""

from __future__ import annotations

from helpers.models.invertible_convolution import ORDERS
from helpers.widgets.base import Choice, Figure, Integer, Real

__all__ = ["ConditionalJacobian", "LayerJacobian", "PLUFactorization"]

_ORDERS_OF_THREE = ("123", "132", "213", "231", "312", "321")


class _ConvolutionFigure(Figure):
    topic = "invertible_convolution"


class PLUFactorization(_ConvolutionFigure):
    """The factors of a matrix of three channels and their product, its log-determinant, and what that costs.

    Traits: `permutation` (an order of three, `"231"` for $(Pv)_1 = v_2$), `s_1`, `s_2`, `s_3`, `l_21`, `u_12` (-2 to
    2), `channels` (1 to 512: for the count of operations).
    """

    widget = "plu-factorization"
    alt = (
        "Four 3 by 3 matrices as coloured cells: a permutation P, a lower triangle L with ones on its diagonal, an "
        "upper triangle with s on its diagonal, and their product A, which is full. Below, two bars on a logarithmic "
        "scale: a few operations for the sum of logarithms, many for an elimination."
    )
    caption = (
        "The log-determinant follows the three numbers of s and nothing else: L, U and P fill the matrix A without "
        "changing its volume. Reading it off costs a few operations a channel, elimination their cube."
    )
    printed = (
        ("no permutation", {"permutation": "123"}),
        ("a permutation", {"permutation": "231"}),
        ("$s_2 = 0$: singular", {"permutation": "231", "s_2": 0.0}),
    )

    permutation = Choice("231", _ORDERS_OF_THREE)
    s_1 = Real(1.5, -2.0, 2.0)
    s_2 = Real(-0.8, -2.0, 2.0)
    s_3 = Real(0.6, -2.0, 2.0)
    l_21 = Real(0.7, -2.0, 2.0)
    u_12 = Real(1.2, -2.0, 2.0)
    channels = Integer(48, 1, 512)


class LayerJacobian(_ConvolutionFigure):
    """The Jacobian of a whole layer of three channels, in any order of its inputs and outputs.

    Traits: `pixels` (1 to 4), `input_order` and `output_order` (names in `ORDERS` of
    `helpers.models.invertible_convolution`), `exchange` (`"none"`, or `"first_two"` outputs exchanged), `s_1`
    (-2 to 2).
    """

    widget = "layer-jacobian"
    alt = (
        "The Jacobian of a layer as coloured cells, three rows and columns for each pixel. With the channels "
        "fastest in both orders it has one full 3 by 3 block for each pixel on its diagonal; in row-major order "
        "each block is spread into stripes."
    )
    caption = (
        "Another order of the inputs or the outputs moves columns or rows. The size of the determinant stays "
        "what the formula says; its sign is the same for sure only where inputs and outputs have the same order."
    )
    printed = (
        (
            "channels fastest in both orders",
            {"input_order": "channel_fastest", "output_order": "channel_fastest"},
        ),
        ("row-major in both", {"input_order": "row_major", "output_order": "row_major"}),
        ("row-major outputs only", {"input_order": "channel_fastest", "output_order": "row_major"}),
    )

    pixels = Integer(3, 1, 4)
    input_order = Choice("channel_fastest", ORDERS)
    output_order = Choice("channel_fastest", ORDERS)
    exchange = Choice("none", ("none", "first_two"))
    s_1 = Real(1.5, -2.0, 2.0)


class ConditionalJacobian(_ConvolutionFigure):
    """The Jacobian of a conditional layer, two channels and two pixels a half, channels fastest.

    Traits: `kappa` (0 to 2: the strength of the conditioning network), `beta` (0 to 2: the size of the second half),
    `delta` (-1 to 1: how far the first half is moved from the point where the network's output is held), `s_1`, `s_2`
    (-2 to 2: what the network says at that point).
    """

    widget = "conditional-jacobian"
    alt = (
        "An 8 by 8 Jacobian as coloured cells: an identity at the upper left, zeros at the upper right, two equal "
        "2 by 2 blocks at the lower right, and at the lower left a full block that fades out with the strength of "
        "the conditioning network."
    )
    caption = (
        "The lower left block is what the first half does to the second through the network. It is there, and it "
        "never enters the determinant: only the values of s do."
    )
    printed = (
        (r"$\kappa = 0$", {"kappa": 0.0}),
        (r"$\kappa = 1$", {"kappa": 1.0}),
        (r"$\kappa = 2$", {"kappa": 2.0}),
    )

    kappa = Real(1.0, 0.0, 2.0)
    beta = Real(1.0, 0.0, 2.0)
    delta = Real(0.0, -1.0, 1.0)
    s_1 = Real(1.5, -2.0, 2.0)
    s_2 = Real(-0.8, -2.0, 2.0)
