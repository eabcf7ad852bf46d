"""The figures on convolutions as matrices in Chromium: keyboard and pointer choose, and the rows light up."""

import pytest
import torch
import torch.nn.functional as F

from helpers.models import convolution
from helpers.widgets import ConvolutionMatrices, OverlapCounts

from .live_figures import Figure

PAGE = "book/networks/convolution.html"
FIGURES = (ConvolutionMatrices, OverlapCounts)


@pytest.fixture(scope="module")
def page(pages, site_url):
    return pages.open(site_url + PAGE)


@pytest.fixture
def layer(page):
    """The first figure, as Python made it."""
    figure = Figure(page, ConvolutionMatrices.widget)
    figure.set(**ConvolutionMatrices().page_state())
    return figure


@pytest.fixture
def overlaps(page):
    """The second figure, as Python made it."""
    figure = Figure(page, OverlapCounts.widget)
    figure.set(**OverlapCounts().page_state())
    return figure


def framed(figure) -> list[int]:
    """How many cells are framed in each of the three matrices."""
    marked = [sum(cell["marked"] for cell in figure.cells(i)) for i in range(3)]
    assert sum(marked) == figure.root.locator(".dtr-heat-frames rect").count()
    return marked


def lit(figure) -> list[list[bool]]:
    """Which cells of the three strips are lit: inputs, kernel, outputs."""
    strips = figure.root.locator(".dtr-strip")
    return [
        strips.nth(i).locator("> g").evaluate_all("all => all.map((cell) => cell.matches('.dtr-lit'))")
        for i in range(3)
    ]


@pytest.mark.parametrize("kind", FIGURES)
def test_each_figure_begins_as_python_made_it(page, kind):
    assert Figure(page, kind.widget).initial == kind().page_state()


@pytest.mark.parametrize("kind", FIGURES)
def test_every_control_moves_by_the_keyboard(page, layer, overlaps, kind):
    figure = {ConvolutionMatrices: layer, OverlapCounts: overlaps}[kind]
    for trait in kind.state_names():
        control, before = figure.control(trait), figure.state[trait]
        control.focus()
        is_list = control.evaluate("element => element.tagName") == "SELECT"
        control.press("ArrowDown" if is_list else "ArrowLeft")
        assert figure.state[trait] != before, trait


def test_the_arrow_keys_choose_an_output_and_its_rows_light_up(layer):
    strip = layer.handle("Chosen output: the arrow keys move it")
    strip.focus()
    for key, position in (
        ("ArrowRight", 3),
        ("ArrowUp", 4),
        ("ArrowLeft", 3),
        ("End", 5),
        ("ArrowRight", 5),
        ("Home", 1),
    ):
        strip.press(key)
        now = layer.state
        assert now["position"] == position
        inputs, kernel, outputs = lit(layer)
        assert inputs == [position <= i + 1 < position + 3 for i in range(7)]
        assert kernel == [True] * 3
        assert outputs == [i + 1 == position for i in range(5)]
        assert framed(layer) == [2 * 7, 2 * 3, 2 * 1]  # the row of the output, and the gradient
        assert now["kernel_gradient"] == now["by_kernel"][position - 1]
        assert now["input_gradient"] == now["toeplitz"][position - 1]
        assert now["bias_gradient"] == 1
        assert strip.get_attribute("aria-valuenow") == str(position)
        assert f"Output {position} reads the inputs {position} to {position + 2}" in layer.status


def test_a_click_on_an_output_or_a_row_chooses_it(layer):
    layer.root.scroll_into_view_if_needed()
    layer.root.locator(".dtr-strip-output > g").nth(3).click()
    assert layer.state["position"] == 4
    for index in range(3):
        first = layer.cells(index)[0]
        for row, chosen in ((2, 3), (0, 1), (5, 1)):  # the last row is the gradient, which is no output
            layer.page.mouse.click(first["x"], first["y"] + row * first["side"])
            assert layer.state["position"] == chosen


def test_all_positions_light_up_together_for_the_bias(layer):
    now = layer.set(lit="all", w_1=1, w_2=0.5, w_3=-1.5)
    assert framed(layer) == [6 * 7, 6 * 3, 6]
    assert all(all(cells) for cells in lit(layer))
    assert now["bias_gradient"] == 5
    assert now["input_gradient"] == pytest.approx([1, 1.5, 0, 0, 0, -1, -1.5])
    assert now["kernel_gradient"] == pytest.approx(
        [sum(column) for column in zip(*now["by_kernel"], strict=True)]
    )
    assert "All outputs together" in layer.status


def test_the_outputs_are_those_of_pytorch(layer):
    signal = torch.tensor([[[1, 2, -1, 0.5, 1.5, -2, 1]]], dtype=torch.float64)
    for taps in ((1, 0.5, -0.8), (-2, 2, 0.3), (0, 0, 0)):
        now = layer.set(**{f"w_{i + 1}": tap for i, tap in enumerate(taps)})
        kernel = torch.tensor([[taps]], dtype=torch.float64)
        assert now["outputs"] == pytest.approx(F.conv1d(signal, kernel).flatten().tolist())
        assert now["by_kernel_times_kernel"] == pytest.approx(now["outputs"])
        assert now["is_right"] is True


def test_the_padded_matrix_is_said_to_be_wrong(layer):
    now = layer.set(matrix="padded")
    assert now["is_right"] is False and now["by_kernel"][1] == [0, 2, -1]
    assert "does not give the outputs: 4 of 5 rows are wrong" in layer.status
    assert layer.set(w_1=0, w_2=0, w_3=0)["is_right"] is True
    assert "padded" in layer.root.locator(".dtr-heat-title").nth(1).inner_text()


def test_counts_are_even_where_the_stride_divides(overlaps):
    for kernel_size in range(1, 7):
        for stride in range(1, 5):
            now = overlaps.set(kernel_size=kernel_size, stride=stride)
            assert tuple(now["counts"]) == convolution.overlap_counts(kernel_size, stride, 5)
            assert tuple(now["interior"]) == convolution.interior_counts(kernel_size, stride)
            words = " divides " if kernel_size % stride == 0 else " does not divide "
            assert words in overlaps.status
    assert len(overlaps.cells(1)) == 22**2
    assert overlaps.root.locator(".dtr-heat-cells path").count() < 22  # one for each count


def test_on_a_phone_a_finger_chooses_an_output(pages, site_url):
    page = pages.open(site_url + PAGE, width=360, has_touch=True, is_mobile=True)
    figure = Figure(page, ConvolutionMatrices.widget)
    cell = figure.root.locator(".dtr-strip-output > g").nth(4)
    cell.scroll_into_view_if_needed()
    box = cell.locator("rect").bounding_box()
    assert box["height"] >= 44
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert figure.state["position"] == 5
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
