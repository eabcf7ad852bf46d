"""The figures on signals at initialisation in the built site: every control moves what it should."""

import math

import pytest

from helpers.models import initialization

from .live_figures import Figure

PAGE = "book/networks/initialization.html"
SIGNAL = {"depth": 6, "log_width": 3, "activation": "relu", "scheme": "torch"}
WIDE = {"weight_scale": 1.5, "bias_scale": 0.5, "activation": "tanh", "start": 0.3}


@pytest.fixture
def signal(page):
    figure = Figure(page, "signal-by-depth")
    figure.set(**SIGNAL)
    return figure


@pytest.fixture
def wide(page):
    figure = Figure(page, "order-and-chaos")
    figure.set(**WIDE)
    return figure


def assert_true(state: dict) -> None:
    """What the first figure says of its state, computed again in Python."""
    widths = [2 ** state["log_width"]] * (state["depth"] + 1)
    expected = initialization.variance_profile(widths, state["activation"], state["scheme"])
    assert state["profile"] == pytest.approx(expected, rel=1e-10)
    assert state["networks"] == 2**20 // widths[0] ** 2


def test_the_figures_begin_as_python_made_them(pages, address):
    page = pages.open(address)
    for widget, first in (("signal-by-depth", SIGNAL), ("order-and-chaos", WIDE)):
        figure = Figure(page, widget)
        assert figure.root.count() == 1
        assert {name: figure.state[name] for name in first} == first
    figure = Figure(page, "signal-by-depth")
    assert_true(figure.state)
    assert len(figure.initial["measured"]) == 45


@pytest.mark.parametrize("trait, low, high", [("depth", 1, 10), ("log_width", 2, 6)])
def test_the_sliders(signal, trait, low, high):
    slider = signal.control(trait)
    keys = (
        ("Home", low),
        ("ArrowLeft", low),
        ("ArrowRight", low + 1),
        ("End", high),
        ("ArrowDown", high - 1),
    )
    for key, value in keys:
        slider.press(key)
        assert signal.state[trait] == value
        assert_true(signal.state)
        assert len(signal.root.locator(".dtr-measured circle").all()) == signal.state["depth"]
    width = 2 ** signal.state["log_width"]
    if trait == "log_width":
        assert slider.get_attribute("aria-valuetext") == f"{width} units"


def test_activations_and_schemes(signal):
    for activation in ("identity", "relu", "tanh"):
        for scheme in ("torch", "kaiming", "xavier"):
            state = signal.set(activation=activation, scheme=scheme, log_width=6, depth=8)
            assert_true(state)
            # Where theory is exact: three half-widths of an interval of 99 % are more than seven standard errors.
            if activation != "tanh":
                assert abs(state["mean"] - state["profile"][-1]) < 3 * state["half_width"]
            assert (state["input_share"] is None) == (activation == "tanh")
            assert ("Gaussian" in signal.status) == (activation == "tanh")


def test_a_narrow_network_is_not_its_mean(signal):
    state = signal.set(activation="relu", scheme="kaiming", log_width=2, depth=10)
    assert abs(state["mean"] - 2) < 3 * state["half_width"]
    assert state["median"] < 0.01
    assert "2.000 by the recursion" in signal.status


def test_the_width_sets_the_floor(signal):
    ends = [signal.set(activation="identity", log_width=k, depth=10)["profile"][-1] for k in (3, 4)]
    assert ends[0] / ends[1] == pytest.approx(2, rel=1e-2)


@pytest.mark.parametrize(
    "trait, low, high", [("weight_scale", 0.1, 3), ("bias_scale", 0, 1.5), ("start", -1, 1)]
)
def test_the_scales(wide, trait, low, high):
    slider = wide.control(trait)
    for key, value in (("Home", low), ("ArrowRight", low + 0.05), ("End", high), ("ArrowLeft", high - 0.05)):
        slider.press(key)
        state = wide.state
        assert state[trait] == pytest.approx(value, abs=1e-12)
        chi = initialization.susceptibility("tanh", state["weight_scale"], state["bias_scale"])
        assert state["chi"] == pytest.approx(chi, rel=1e-7)
        assert state["path"][0] == state["start"]


def test_the_point_is_dragged_and_moved_with_the_arrow_keys(wide):
    state = wide.drag((60, -40))
    assert state["weight_scale"] > 1.6 and state["bias_scale"] > 0.6
    assert state["chi"] == pytest.approx(
        initialization.susceptibility("tanh", state["weight_scale"], state["bias_scale"]), rel=1e-7
    )
    wide.set(weight_scale=1.5, bias_scale=0.5)
    for key, trait, value in (
        ("ArrowRight", "weight_scale", 1.55),
        ("ArrowUp", "bias_scale", 0.55),
        ("Shift+ArrowLeft", "weight_scale", 1.3),
    ):
        wide.handle().press(key)
        assert wide.state[trait] == pytest.approx(value)


def test_order_border_chaos(wide):
    sides = [wide.set(weight_scale=w)["side"] for w in (1.2, 1.55, 2.5)]
    assert sides == ["order", "border", "chaos"]
    assert "Chaos" in wide.status and wide.readout()[2] == "they do not fall"
    state = wide.set(weight_scale=1.5)
    assert state["chi"] == pytest.approx(0.9671, abs=5e-5)
    assert wide.readout()[1] == "0.9671"
    assert float(wide.readout()[2]) == pytest.approx(-1 / math.log(0.9671), abs=0.05)


def test_rectifiers(wide):
    state = wide.set(activation="relu", weight_scale=1, bias_scale=0.5)
    assert (state["chi"], state["side"]) == (0.5, "order")
    assert state["q"] == pytest.approx(0.5)
    state = wide.set(weight_scale=2)
    assert (state["q"], state["chi"]) == ("infinite", 2)
    assert "without bound" in wide.status and wide.readout()[0] == "∞"
    assert state["path"][-1] > state["path"][0]
    assert "shrinks to 0" not in wide.status
    wide.set(weight_scale=1, bias_scale=0)
    assert "shrinks to 0" in wide.status
