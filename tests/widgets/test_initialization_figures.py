"""The figures on signals at initialisation: JavaScript against its Python twin, and their traits."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.models import initialization
from helpers.widgets import OrderAndChaos, SignalByDepth

ACTIVATIONS, SCHEMES = ("identity", "relu", "tanh"), ("torch", "kaiming", "xavier")


@pytest.fixture(scope="module")
def javascript(functions_of):
    return functions_of(
        signals="initialization/signals.js",
        generated="generated/initialization.js",
        more="{ critical: () => generated.criticalLine, scales: () => generated.schemeScales, "
        "tex: () => generated.recursionTex, "
        "mapAt: (a, w, b, c) => signals.correlationMap(a, w, b, signals.fixedPoint(a, w, b))(c) }",
    )


@given(st.sampled_from(ACTIVATIONS), st.sampled_from(SCHEMES), st.integers(1, 64), st.integers(1, 10))
@settings(max_examples=60)
def test_the_profile_is_that_of_python(javascript, activation, scheme, width, depth):
    expected = initialization.variance_profile([width] * (depth + 1), activation, scheme)
    assert javascript("profile", activation, scheme, width, depth) == pytest.approx(expected, rel=1e-12)


@given(st.sampled_from(ACTIVATIONS[:2]), st.sampled_from(SCHEMES), st.integers(1, 64), st.integers(1, 10))
@settings(max_examples=40)
def test_what_the_input_contributes(javascript, activation, scheme, width, depth):
    """Two inputs of different size: the difference of their profiles is the input's part."""
    sizes = [width] * (depth + 1)
    one, two = (
        initialization.variance_profile(sizes, activation, scheme, input_second_moment=moment)
        for moment in (1, 2)
    )
    expected = [b - a for a, b in zip(one, two, strict=True)]
    found = javascript("inputShare", activation, scheme, width, depth)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-14)


def test_tanh_has_no_separate_part_of_the_input(javascript):
    assert javascript("inputShare", "tanh", "torch", 8, 3) is None


# Beyond this the two compute the same numbers with different rounding.
@given(st.sampled_from(("tanh", "relu")), st.floats(0.1, 3), st.floats(0, 1.5), st.floats(-1, 1))
@settings(max_examples=40, deadline=None)
def test_order_and_chaos(javascript, activation, w, b, c):
    q = initialization.fixed_point(activation, w, b)
    found = javascript("fixedPoint", activation, w, b)
    if math.isinf(q):
        assert found == "Infinity"
        return
    # On the border of w = 1, b = 0 the fixed point of tanh is 0 to rounding on one side or the other.
    assert found == pytest.approx(q, rel=1e-9, abs=1e-10)
    chi = initialization.susceptibility(activation, w, b)
    assert javascript("susceptibility", activation, w, b) == pytest.approx(chi, rel=1e-8)
    if q > 1e-6:
        expected = initialization.correlation_map(c, activation, w, b)
        assert javascript("mapAt", activation, w, b, c) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize(
    "w, b, side", [(1.5, 0.5, "order"), (1.55, 0.5, "border"), (2.5, 0.3, "chaos"), (0.5, 0, "order")]
)
def test_the_sides_of_the_line(javascript, w, b, side):
    state = {"activation": "tanh", "weight_scale": w, "bias_scale": b, "start": 0.3}
    found = javascript("orderAndChaos", state)
    assert found["side"] == side
    assert found["path"][0] == 0.3 and len(found["path"]) == 13
    chi = initialization.susceptibility("tanh", w, b)
    assert found["depth_scale"] == (pytest.approx(-1 / math.log(chi)) if side == "order" else None)
    after = 0.3
    if b:
        for _ in range(12):
            after = initialization.correlation_map(after, "tanh", w, b)
        assert found["path"][-1] == pytest.approx(after, abs=1e-6)


def test_on_the_critical_line_the_factor_is_one(javascript):
    line = javascript("critical")
    assert line[0] == [1, 0] and line[-1][1] > 1.5
    for w, b in line[4:]:
        assert initialization.susceptibility("tanh", w, b) == pytest.approx(1, abs=2e-3)
    assert javascript("scales") == pytest.approx({"torch": 3**-0.5, "xavier": 1, "kaiming": 2**0.5})


def test_the_formulas_beside_the_figure(javascript):
    tex = javascript("tex")
    assert set(tex) == {f"{activation} {scheme}" for activation in ACTIVATIONS for scheme in SCHEMES}
    assert tex["relu torch"] == "\\frac{v_{\\ell-1}}{6} + \\frac{1}{3 n}"
    assert tex["relu kaiming"] == tex["identity xavier"] == "v_{\\ell-1}"


ROW = [0.5, 0.1, 0.25, *[0.1] * 5, 0.2, 0.1, 0.1, 0.1, 0, 0, 0]
MEASURED = {"relu torch 8": {"networks": 300, "layers": [ROW] * 10}}


def test_the_measurements(javascript):
    state = {"activation": "relu", "scheme": "torch", "log_width": 3, "depth": 4, "measured": MEASURED}
    found = javascript("signal", state)
    assert (found["networks"], found["mean"], found["half_width"], found["median"]) == (300, 0.5, 0.1, 0.25)
    profile = initialization.variance_profile([8] * 5, "relu", "torch")
    assert found["covered"] == sum(abs(0.5 - moment) <= 0.1 for moment in profile[1:])
    part = javascript("inputShare", "relu", "torch", 8, 4)[-1]
    assert found["input_share"] == pytest.approx(part / profile[-1])
    bare = javascript("signal", {**state, "log_width": 4})
    assert (bare["networks"], bare["mean"], bare["covered"]) == (None, None, None)
    assert bare["width"] == 16


def test_the_histogram_is_a_density(javascript):
    bars = javascript("bars", ROW[3:])
    assert len(bars) == 24 and bars[0]["from"] == -4 and bars[-1]["to"] == 4
    area = sum(bar["height"] * (bar["to"] - bar["from"]) for bar in bars)
    assert area == pytest.approx(sum(ROW[3:]))
    assert [bar["height"] for bar in bars] == [bar["height"] for bar in bars][::-1]
    place, height = javascript("bell")[60]
    assert place == pytest.approx(0, abs=1e-12) and height == pytest.approx(1 / math.sqrt(2 * math.pi))


@pytest.mark.parametrize(
    "figure, name, value, message",
    [
        (SignalByDepth, "depth", 0, "depth: got 0, expected a whole number from 1 to 10"),
        (SignalByDepth, "log_width", 7, "log_width: got 7, expected a whole number from 2 to 6"),
        (SignalByDepth, "activation", "gelu", "activation: got 'gelu', expected one of identity, relu, tanh"),
        (SignalByDepth, "scheme", "lecun", "scheme: got 'lecun', expected one of torch, kaiming, xavier"),
        (SignalByDepth, "measured", {"x": 3}, "measured: got .*expected a dictionary of measurements"),
        (SignalByDepth, "measured", [1], "measured: got"),
        (
            SignalByDepth,
            "measured",
            {"relu torch 8": {"networks": 3, "layers": [ROW] * 9}},
            "measured: got .* 10 rows of 15 numbers",
        ),
        (
            SignalByDepth,
            "measured",
            {"relu torch 8": {"networks": 3, "layers": [[-1.0, *ROW[1:]]] * 10}},
            "measured: got",
        ),
        (OrderAndChaos, "weight_scale", 0, "weight_scale: got 0, expected a number from 0.1 to 3"),
        (OrderAndChaos, "bias_scale", math.nan, "bias_scale: got nan"),
        (OrderAndChaos, "activation", "identity", "activation: got 'identity', expected one of tanh, relu"),
        (OrderAndChaos, "start", 1.2, "start: got 1.2, expected a number from -1 to 1"),
    ],
)
def test_bad_values_are_refused(figure, name, value, message):
    with pytest.raises(ValueError, match=message):
        figure(**{name: value})


def test_the_measurements_are_kept_short():
    figure = SignalByDepth(measured={"a": {"networks": 7, "layers": [[1 / 3] * 15] * 10}})
    assert figure.measured["a"]["layers"][0][0] == 0.3333
