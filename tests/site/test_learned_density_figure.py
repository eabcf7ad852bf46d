"""The figure of the chapter on a learned density in Chromium."""

from itertools import accumulate

import pytest

from .live_figures import Figure

PAGE = "book/invertible_maps/learned_density.html"


@pytest.fixture
def figure(pages, address):
    return Figure(pages.open(address), "flow-journey")


def unpacked(trait):
    """The stages that the page holds as texts of differences."""
    columns, stages = [None, None], []
    for texts in trait["stages"]:
        for c, text in enumerate(texts):
            if text is not None:
                column = [int(number) for number in text.split()]
                for _ in range(trait["differences"]):
                    column = list(accumulate(column))
                columns[c] = [number / trait["per_unit"] for number in column]
        stages.append([list(point) for point in zip(*columns, strict=True)])
    return stages


def test_the_slider_moves_the_points_by_the_keyboard(figure):
    stages = unpacked(figure.initial["points"])
    assert len(stages) == 9 and figure.state["layers"] == 8
    slider = figure.root.get_by_label("Layers applied")
    for _ in range(5):
        slider.press("ArrowRight")
    now = figure.state
    assert now["layer"] == pytest.approx(0.5)
    middle = [(a + b) / 2 for a, b in zip(stages[0][0], stages[1][0], strict=True)]
    assert now["first_point"] == pytest.approx(middle)
    slider.press("End")
    assert figure.state["first_point"] == stages[8][0]
    assert "All 8 layers" in figure.status


def test_each_layer_moves_one_coordinate_by_turns(figure):
    axes = []
    for number in range(1, 9):
        figure.button("Next").click()
        now = figure.state
        assert now["layer"] == number
        axes.append(now["axis"])
    assert axes == [1, 0] * 4
    figure.button("Back").click()
    assert figure.state["layer"] == 7


def test_play_goes_to_the_end_and_starts_again(figure):
    figure.root.get_by_label("Layers applied").fill("6")
    figure.button("Play").click()
    assert figure.state["playing"]
    figure.until(layer=8, playing=False)
    figure.button("Play").click()
    assert figure.state["layer"] < 8
    figure.button("Pause").click()
    assert not figure.state["playing"]


def test_where_motion_is_unwelcome_the_reader_takes_the_steps(pages, address):
    figure = Figure(pages.open(address, reduced_motion="reduce"), "flow-journey")
    assert figure.button("Play").count() == 0
    figure.button("Next").click()
    assert figure.state["layer"] == 1
    assert not figure.state["playing"]


def test_the_final_points_lie_where_the_data_are(figure):
    """The last stage against the data: each crescent gets about half, as in the data."""
    initial = figure.initial
    for points in (unpacked(initial["points"])[-1], unpacked(initial["data"])[0]):
        lower = sum(second < 0 for _, second in points) / len(points)
        assert 0.35 < lower < 0.65
