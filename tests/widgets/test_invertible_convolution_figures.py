"""The figures on 1×1 convolutions without a browser: their JavaScript against Python, and their traits."""

import json
import math

import numpy as np
import pytest
import sympy as sp
import torch

from helpers.checks import jacobian
from helpers.models import invertible_convolution as plu
from helpers.models.invertible_convolution import ConditionalPLUConvolution, PLUConvolution
from helpers.widgets import ConditionalJacobian, LayerJacobian, PLUFactorization
from helpers.widgets.formulas.invertible_convolution import PERMUTATIONS
from helpers.widgets.invertible_convolution import _ORDERS_OF_THREE

FIGURES = [PLUFactorization, LayerJacobian, ConditionalJacobian]

GENERATOR = np.random.default_rng(8)


def between(low: float, high: float) -> float:
    return round(GENERATOR.uniform(low, high), 3)


def scale() -> float:
    """From -2 to 2 and not near zero, where a rounding would move the logarithm."""
    return between(0.1, 2) * (1 if GENERATOR.random() < 0.5 else -1)


FACTORS = [
    {
        "permutation": name,
        **{letter: between(-2, 2) for letter in ("l_21", "u_12")},
        **{letter: scale() for letter in ("s_1", "s_2", "s_3")},
    }
    for name in PERMUTATIONS
    for _ in range(4)
]
LAYERS = [
    {"pixels": pixels, "input_order": given, "output_order": made, "exchange": exchange, "s_1": scale()}
    for pixels in (1, 2, 3, 4)
    for given in plu.ORDERS
    for made in plu.ORDERS
    for exchange in ("none", "first_two")
]
CONDITIONAL = [
    {
        "kappa": between(0, 2),
        "beta": between(0, 2),
        "delta": between(-1, 1),
        "s_1": scale(),
        "s_2": scale(),
    }
    for _ in range(12)
]
CHANNELS = [1, 2, 3, 48, 512]


@pytest.fixture(scope="module")
def answers(functions_of):
    """What a function of the figures answers: `answers("factorization", state)`."""
    return functions_of(layers="invertible_convolution/layers.js")


def switched_off(state: dict) -> dict:
    return {**state, "kappa": 0}


def layer_of(state: dict) -> PLUConvolution:
    """The same matrix by the PyTorch module, which shares none of the compiled code."""
    fixed = {"l_31": 0.5, "l_32": -0.7, "u_13": -0.4, "u_23": 0.9, **state}
    layer = PLUConvolution(
        3,
        permutation=PERMUTATIONS[state["permutation"]],
        sign=[math.copysign(1, state[f"s_{i}"]) for i in (1, 2, 3)],
    ).double()
    with torch.no_grad():
        for i, j in np.ndindex(3, 3):
            letter = f"s_{i + 1}" if i == j else f"{'l' if i > j else 'u'}_{i + 1}{j + 1}"
            layer.entries[i, j] = math.log(abs(fixed[letter])) if i == j else fixed[letter]
    return layer


def close(actual, expected, tolerance=1e-12):
    np.testing.assert_allclose(np.array(actual, dtype=float), expected, rtol=tolerance, atol=tolerance)


def test_the_factors_and_their_product(answers):
    for state in FACTORS:
        now, layer = answers("factorization", state), layer_of(state)
        close(now["product"], layer.matrix().detach().numpy())
        close(np.linalg.multi_dot([now["permutation"], now["lower"], now["triangle"]]), now["product"])
        sign, log_abs_det = np.linalg.slogdet(np.array(now["product"]))
        assert now["sign"] == sign
        close(now["log_abs_det"], log_abs_det, 1e-10)


def test_a_scale_of_zero_is_told(answers):
    now = answers("factorization", {**FACTORS[0], "s_2": 0})
    assert now["sign"] == 0
    assert now["log_abs_det"] == "-Infinity"


def test_the_layers_jacobian_in_every_order(answers):
    for state in LAYERS:
        now = answers("layerJacobian", state)
        matrix = matrix_of_the_layer(state["s_1"])
        expected = np.array(
            plu.layer_jacobian(
                sp.Matrix(matrix), state["pixels"], state["input_order"], state["output_order"]
            ).tolist(),
            dtype=float,
        )
        if state["exchange"] == "first_two":
            expected[[0, 1]] = expected[[1, 0]]
        close(now["matrix"], expected)
        sign, log_abs_det = np.linalg.slogdet(expected)
        assert now["sign"] == sign
        close(now["log_abs_det"], log_abs_det, 1e-10)
        close(now["formula"], log_abs_det, 1e-10)
        rows, columns = now["rows"], now["columns"]
        assert all(
            (value != 0) <= (rows[i][1] == columns[j][1])  # an entry that is not zero lies within one pixel
            for (i, j), value in np.ndenumerate(expected)
        )


def matrix_of_the_layer(s_1: float) -> list:
    """The matrix of the second figure, which moves only s_1."""
    state = {"permutation": "231", "l_21": 0.7, "u_12": 1.2, "s_1": s_1, "s_2": -0.8, "s_3": 0.6}
    return layer_of(state).matrix().tolist()


def test_another_order_moves_the_sign_at_most(answers):
    for pixels, odd in ((1, False), (2, True), (3, True), (4, False)):
        states = [s for s in LAYERS if s["pixels"] == pixels and s["exchange"] == "none"]
        signs = {
            (s["input_order"] == s["output_order"]): answers("layerJacobian", s)["sign"]
            * np.sign(s["s_1"]) ** pixels
            for s in states
        }
        assert bool(signs[True] == -signs[False]) is odd


WEIGHTS = {"l_21": (1, -2, 1, 0), "u_12": (-1, 1, 0, 2), "s_1": (1, 1, -1, 1), "s_2": (0, -1, 2, 1)}
FIRST = torch.tensor([0.4, -0.3, 0.2, 0.6], dtype=torch.float64)
SECOND = torch.tensor([0.8, -0.5, 0.3, 0.9], dtype=torch.float64)


def conditional_layer_of(state: dict) -> tuple[ConditionalPLUConvolution, torch.Tensor]:
    """The layer of the third figure as a PyTorch module, and its point, an image (4, 1, 2)."""
    base = {"l_21": 0.6, "u_12": -0.5, "s_1": math.log(abs(state["s_1"])), "s_2": math.log(abs(state["s_2"]))}

    def conditioner(first):
        numbers = first.squeeze(-2).transpose(-1, -2).flatten(-2)  # channels fastest
        found = {}
        for name, weights in WEIGHTS.items():
            w = torch.tensor(weights, dtype=torch.float64)
            found[name] = base[name] + state["kappa"] * (torch.tanh(numbers @ w) - torch.tanh(FIRST @ w))
        return torch.stack([found["s_1"], found["u_12"], found["l_21"], found["s_2"]], dim=-1)

    layer = ConditionalPLUConvolution(
        2, conditioner, sign=[math.copysign(1, state["s_1"]), math.copysign(1, state["s_2"])]
    ).double()
    halves = [FIRST + state["delta"], state["beta"] * SECOND]
    return layer, torch.cat([half.reshape(1, 2, 2).transpose(-1, -2).reshape(2, 1, 2) for half in halves])


def test_the_conditional_jacobian_is_pytorchs(answers):
    """The module and autograd share nothing with the compiled SymPy expressions."""
    channels_fastest = torch.tensor([0, 2, 1, 3, 4, 6, 5, 7])
    for state in CONDITIONAL:
        layer, image = conditional_layer_of(state)
        row_major = jacobian(
            lambda v, layer=layer: layer(v.reshape(4, 1, 2))[0].reshape(-1), image.reshape(-1)
        )
        expected = row_major[channels_fastest][:, channels_fastest].numpy()
        now = answers("conditional", state)
        close(now["matrix"], expected, 1e-10)
        close(now["lower_left"], np.linalg.norm(expected[4:, :4]), 1e-10)
        close(now["formula"], layer(image)[1].item(), 1e-10)
        close(now["log_abs_det"], np.linalg.slogdet(expected).logabsdet, 1e-10)


def test_the_strength_of_the_network_moves_the_block_and_not_the_determinant(answers):
    for state in CONDITIONAL:
        there, off = (
            answers("conditional", {**state, "delta": 0}),
            answers("conditional", switched_off(state)),
        )
        assert off["lower_left"] == 0 < there["lower_left"]
        close(there["formula"], off["formula"])
        expected = 2 * (math.log(abs(state["s_1"])) + math.log(abs(state["s_2"])))
        close(there["formula"], expected)
        close(there["scales"], [state["s_1"], state["s_2"]])


def test_without_a_second_half_the_block_is_empty(answers):
    for state in CONDITIONAL:
        assert answers("conditional", {**state, "beta": 0})["lower_left"] == 0


@pytest.mark.parametrize("channels", CHANNELS)
def test_operations(answers, channels):
    now = answers("operations", channels)
    assert now["from_scale"] == 2 * channels - 1
    elimination = sum((channels - k) + 2 * (channels - k) ** 2 for k in range(1, channels))
    assert now["by_elimination"] == pytest.approx(elimination + 2 * channels - 1, rel=1e-12)


# Traits.


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_says_what_is_to_be_seen_and_what_to_conclude(figure):
    made = figure()
    state = json.loads(json.dumps(made.page_state()))
    assert sorted(state) == figure.state_names()
    assert len(made.alt) > 80 and len(made.caption) > 80
    assert f'data-widget="{figure.widget}"' in made.to_html()


def test_the_orders_are_those_of_the_formulas():
    assert set(_ORDERS_OF_THREE) == set(PERMUTATIONS)


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: PLUFactorization(permutation="112"), r"permutation: got '112', expected one of 123, 132"),
        (lambda: PLUFactorization(s_1=2.5), r"s_1: got 2\.5, expected a number from -2 to 2"),
        (lambda: PLUFactorization(l_21=math.nan), r"l_21: got nan"),
        (lambda: PLUFactorization(channels=0), r"channels: got 0, expected a whole number from 1 to 512"),
        (lambda: LayerJacobian(pixels=5), r"pixels: got 5, expected a whole number from 1 to 4"),
        (lambda: LayerJacobian(input_order="C"), r"input_order: got 'C', expected one of channel_fastest"),
        (lambda: LayerJacobian(exchange=True), r"exchange: got True, expected one of none, first_two"),
        (lambda: ConditionalJacobian(kappa=-1), r"kappa: got -1, expected a number from 0 to 2"),
        (lambda: ConditionalJacobian(delta="0"), r"delta: got '0', expected a number from -1 to 1"),
        (lambda: ConditionalJacobian(strength=1), r"ConditionalJacobian: got strength, expected among beta"),
    ],
)
def test_bad_traits_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
