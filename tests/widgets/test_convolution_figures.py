"""The figures on convolutions as matrices without a browser: their JavaScript against Python, and their traits."""

import itertools
import json

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from helpers.models import convolution
from helpers.widgets import ConvolutionMatrices, OverlapCounts
from helpers.widgets.formulas.convolution import INPUT

GENERATOR = np.random.default_rng(12)
SIGNAL = torch.tensor([float(value) for value in INPUT], dtype=torch.float64)
OUTPUTS = len(INPUT) - 2


def state(position: int, lit: str, matrix: str) -> dict:
    taps = {f"w_{i}": round(GENERATOR.uniform(-2, 2), 3) for i in (1, 2, 3)}
    return {**taps, "position": position, "lit": lit, "matrix": matrix}


STATES = [
    state(position, lit, matrix)
    for position, lit, matrix in itertools.product(
        range(1, OUTPUTS + 1), ("one", "all"), ("hankel", "padded")
    )
]


@pytest.fixture(scope="module")
def answers(functions_of):
    """What a function of the figures answers: `answers("layer", state)`."""
    return functions_of(matrices="convolution/matrices.js")


def close(found, expected) -> None:
    listed = expected.tolist() if isinstance(expected, torch.Tensor) else expected
    np.testing.assert_allclose(found, listed, rtol=1e-12, atol=1e-12)


def test_the_layer_is_pytorchs_and_its_gradients_are_autograds(answers):
    for given in STATES:
        now = answers("layer", given)
        kernel = torch.tensor([given[f"w_{i}"] for i in (1, 2, 3)], dtype=torch.float64)
        leaves = [SIGNAL.clone(), kernel, torch.zeros(1, dtype=torch.float64)]
        y, w, b = (leaf.requires_grad_() for leaf in leaves)
        made = F.conv1d(y[None, None], w[None, None], b)[0, 0]
        close(now["outputs"], made.detach())
        chosen = made.sum() if given["lit"] == "all" else made[int(given["position"]) - 1]
        by_input, by_kernel, by_bias = torch.autograd.grad(chosen, (y, w, b))
        close(now["input_gradient"], by_input)
        close(now["bias_gradient"], by_bias[0])
        close(now["toeplitz"], convolution.toeplitz(kernel.detach(), len(INPUT)))
        if given["matrix"] == "hankel":
            close(now["kernel_gradient"], by_kernel)
            close(now["by_kernel_times_kernel"], now["outputs"])
            close(now["by_kernel"], convolution.hankel(SIGNAL, 3))


def test_the_padded_matrix_is_wrong_below_its_first_row(answers):
    for given in STATES:
        if given["matrix"] != "padded":
            continue
        now = answers("layer", given)
        expected = [
            [SIGNAL[j].item() if j >= i else 0 for j in range(3)] for i in range(OUTPUTS)
        ]  # the pattern of the kernel
        close(now["by_kernel"], expected)
        close(now["by_kernel_times_kernel"], np.array(expected) @ [given[f"w_{i}"] for i in (1, 2, 3)])
        close(now["kernel_gradient"], np.array(now["cotangent"]) @ expected)
        assert now["outputs"][0] == pytest.approx(now["by_kernel_times_kernel"][0])
        assert np.abs(np.subtract(now["outputs"], now["by_kernel_times_kernel"])).max() > 0.1


@pytest.mark.parametrize("kernel_size, stride", [*itertools.product(range(1, 7), range(1, 5))])
def test_overlaps(answers, kernel_size, stride):
    now = answers("overlaps", {"kernel_size": kernel_size, "stride": stride})
    assert tuple(now["counts"]) == convolution.overlap_counts(kernel_size, stride, 5)
    assert tuple(now["interior"]) == convolution.interior_counts(kernel_size, stride)
    assert now["is_even"] == (kernel_size % stride == 0)
    ones = torch.ones(1, 1, kernel_size, kernel_size)
    plane = F.conv_transpose2d(torch.ones(1, 1, 5, 5), ones, stride=stride)[0, 0]
    assert now["plane"] == plane.tolist()
    stamps = convolution.toeplitz(torch.ones(kernel_size), len(now["counts"]), stride=stride)
    assert now["stamps"] == stamps.tolist()


@pytest.mark.parametrize("figure", [ConvolutionMatrices, OverlapCounts])
def test_a_figure_says_what_is_to_be_seen_and_what_to_conclude(figure):
    made = figure()
    assert sorted(json.loads(json.dumps(made.page_state()))) == figure.state_names()
    assert len(made.alt) > 80 and len(made.caption) > 80
    assert f'data-widget="{figure.widget}"' in made.to_html()


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: ConvolutionMatrices(w_1=2.5), r"w_1: got 2\.5, expected a number from -2 to 2"),
        (lambda: ConvolutionMatrices(w_3=float("nan")), r"w_3: got nan"),
        (lambda: ConvolutionMatrices(position=0), r"position: got 0, expected a whole number from 1 to 5"),
        (lambda: ConvolutionMatrices(position=6), r"position: got 6"),
        (lambda: ConvolutionMatrices(lit="two"), r"lit: got 'two', expected one of one, all"),
        (lambda: ConvolutionMatrices(matrix="toeplitz"), r"matrix: got 'toeplitz', expected one of hankel"),
        (lambda: OverlapCounts(kernel_size=7), r"kernel_size: got 7, expected a whole number from 1 to 6"),
        (lambda: OverlapCounts(stride=0), r"stride: got 0, expected a whole number from 1 to 4"),
        (lambda: OverlapCounts(stride=1.5), r"stride: got 1\.5"),
        (lambda: OverlapCounts(size=3), r"OverlapCounts: got size, expected among kernel_size, stride"),
    ],
)
def test_bad_traits_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
