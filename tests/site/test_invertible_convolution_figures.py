"""The figures on 1×1 convolutions in Chromium: each control moves what the mathematics says, and nothing else."""

import math

import numpy as np
import pytest

from helpers.widgets import ConditionalJacobian, LayerJacobian, PLUFactorization

from .live_figures import Figure

PAGE = "book/invertible_maps/invertible_convolution.html"
FIGURES = (PLUFactorization, LayerJacobian, ConditionalJacobian)


@pytest.fixture
def figures(page):
    """The three figures by name, as Python made them."""
    found = {kind: Figure(page, kind.widget) for kind in FIGURES}
    for kind, figure in found.items():
        figure.set(**kind().page_state())
    return found


def log_sizes(state: dict, count: int) -> float:
    return sum(math.log(abs(state[f"s_{i + 1}"])) for i in range(count))


@pytest.mark.parametrize("kind", FIGURES)
def test_each_figure_begins_as_python_made_it(page, kind):
    assert Figure(page, kind.widget).initial == kind().page_state()


@pytest.mark.parametrize("kind", FIGURES)
def test_every_control_moves_by_the_keyboard(figures, kind):
    figure = figures[kind]
    for trait in kind.state_names():
        control, before = figure.control(trait), figure.state[trait]
        control.focus()
        is_list = control.evaluate("element => element.tagName") == "SELECT"
        key = (
            "ArrowUp"
            if is_list and before in ("row_major", "321")
            else "ArrowDown"
            if is_list
            else "ArrowLeft"
        )
        control.press(key)
        assert figure.state[trait] != before, trait


def test_the_first_logarithm_moves_with_the_scales_and_with_nothing_else(figures):
    figure = figures[PLUFactorization]
    first = figure.state
    assert first["log_abs_det"] == pytest.approx(math.log(1.5 * 0.8 * 0.6))
    for change in ({"l_21": -1.5}, {"u_12": 0.05}, {"permutation": "213"}, {"permutation": "312"}):
        now = figure.set(**change)
        assert now["product"] != first["product"]
        assert now["log_abs_det"] == pytest.approx(first["log_abs_det"], abs=1e-14)
        sign, size = np.linalg.slogdet(np.array(now["product"]))
        assert (now["sign"], now["log_abs_det"]) == (sign, pytest.approx(size))
    for trait in ("s_1", "s_2", "s_3"):
        now = figure.set(**{trait: 2})
        assert now["log_abs_det"] == pytest.approx(log_sizes(now, 3))
    shown = figure.root.locator(".dtr-status").inner_text()
    assert f"{now['log_abs_det']:.4f}" in shown.replace("−", "-")


def test_a_permutation_of_one_exchange_turns_the_sign(figures):
    figure = figures[PLUFactorization]
    signs = {name: figure.set(permutation=name)["sign"] for name in ("123", "231", "312", "213", "321")}
    assert [*signs.values()] == [-1, -1, -1, 1, 1]


def test_a_scale_of_zero_is_said_to_have_no_inverse(figures):
    figure = figures[PLUFactorization]
    assert figure.set(s_2=0)["sign"] == 0
    assert "singular" in figure.root.locator(".dtr-status").inner_text()


def test_operations_are_counted(figures):
    figure = figures[PLUFactorization]
    for channels in (1, 10, 512):
        now = figure.set(channels=channels)
        eliminated = sum((channels - k) + 2 * (channels - k) ** 2 for k in range(1, channels))
        assert now["ratio"] == pytest.approx((eliminated + 2 * channels - 1) / (2 * channels - 1))
    assert str(round(now["ratio"])) in "".join(figure.root.locator(".dtr-cost").inner_text().split())


def test_the_order_moves_the_stripes_and_the_sign_but_not_the_logarithm(figures):
    figure = figures[LayerJacobian]
    first = figure.state
    assert first["formula"] == pytest.approx(3 * math.log(1.5 * 0.8 * 0.6))
    one = figure.set(output_order="row_major")
    both = figure.set(input_order="row_major")
    exchanged = figure.set(exchange="first_two")
    for now in (one, both, exchanged):
        assert now["matrix"] != first["matrix"]
        assert now["formula"] == first["formula"]
        assert now["log_abs_det"] == pytest.approx(first["formula"])
    assert [now["sign"] for now in (first, one, both, exchanged)] == [-1, 1, -1, 1]
    assert np.count_nonzero(both["matrix"]) == 9 * 3
    four = figure.set(pixels=4)
    assert len(four["matrix"]) == 12 and four["formula"] == pytest.approx(4 / 3 * first["formula"])
    assert len(figure.cells()) == 12 * 12


def test_the_lower_left_block_fades_and_the_logarithm_stays(figures):
    figure = figures[ConditionalJacobian]
    sizes, logs = [], []
    for kappa in (0, 0.5, 1, 2):
        now = figure.set(kappa=kappa)
        sizes.append(now["lower_left"])
        logs.append(now["log_abs_det"])
    assert sizes[0] == 0 and sizes == sorted(sizes) and sizes[1] > 0.1
    assert sizes[3] == pytest.approx(4 * sizes[1])
    assert logs == pytest.approx([2 * math.log(1.5 * 0.8)] * 4)
    assert figure.set(beta=0)["lower_left"] == 0
    # Away from the point at which the network's output is held, the scales move, and the logarithm with them.
    moved = figure.set(delta=0.5)
    assert moved["formula"] == pytest.approx(moved["log_abs_det"])
    assert abs(moved["formula"] - logs[0]) > 0.1
    assert figure.set(kappa=0)["formula"] == pytest.approx(logs[0])
    scaled = figure.set(s_1=-2)
    assert scaled["formula"] == pytest.approx(2 * math.log(2 * 0.8))


def test_a_finger_moves_the_sliders(phone_page):
    for kind in FIGURES:
        figure = Figure(phone_page, kind.widget)
        slider = figure.root.locator("input[type=range]").first
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        before = figure.state
        phone_page.touchscreen.tap(box["x"] + 0.1 * box["width"], box["y"] + box["height"] / 2)
        trait = slider.get_attribute("data-trait")
        assert figure.state[trait] < before[trait]
