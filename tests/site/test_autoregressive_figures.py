"""The figure that draws pixel by pixel, in Chromium."""

import math

import pytest

from .live_figures import Figure

PAGE = "book/networks/autoregressive_model.html"


@pytest.fixture
def figure(pages, site_url):
    figure = Figure(pages.open(site_url + PAGE, reduced_motion="reduce"), "pixel-sampler")
    assert figure.state["present"] == 4 and figure.state["by_hand"] == []  # it begins with four pixels drawn
    figure.button("Restart").click()
    return figure


def test_steps_follow_the_tree_of_probabilities(figure):
    table, state = figure.initial["conditionals"], figure.state
    assert (state["present"], state["sees"], state["probability"]) == (0, [], table[0])
    node, total = 0, 0.0
    for step in range(9):
        assert state["present"] == step and state["probability"] == table[node]
        assert state["sees"] == figure.initial["fields"][step]
        figure.button("Step").click()
        state = figure.state
        pixel = state["image"][step]
        total += math.log(table[node] if pixel else 1 - table[node])
        assert state["log_probability"] == pytest.approx(total, abs=1e-12)
        node = 2 * node + 1 + pixel
    assert state["present"] is None and state["total"] == 1
    assert state["counts"][sum(state["image"])] == 1
    assert "finished" in figure.status and "1 image counted" in figure.status
    figure.button("Step").click()  # the next image
    state = figure.state
    assert state["drawn"] == 1 and sum(pixel is not None for pixel in state["image"]) == 1


def test_draw_finishes_an_image_at_once_where_motion_is_reduced(figure):
    figure.button("▶ Draw").click()
    state = figure.state
    assert None not in state["image"] and not state["playing"] and state["total"] == 1


def test_draw_goes_pixel_by_pixel(pages, site_url):
    figure = Figure(pages.open(site_url + PAGE, stopped_clock=True), "pixel-sampler")
    figure.button("Restart").click()
    figure.button("▶ Draw").click()
    figure.page.clock.run_for(60)
    assert figure.now["playing"] and figure.now["image"].count(None) == 8
    figure.page.clock.run_for(900)
    assert figure.now["image"].count(None) == 6
    figure.button("Pause").click()
    figure.page.clock.run_for(2000)
    assert not figure.now["playing"] and figure.now["image"].count(None) == 6
    figure.button("▶ Draw").click()
    figure.page.clock.run_for(6000)
    assert None not in figure.now["image"] and not figure.now["playing"] and figure.now["total"] == 1


def test_many_draws_settle_on_the_bars_in_the_order_of_the_masks_only(figure):
    def apart():
        for _ in range(10):
            figure.button("Draw 100").click()
        state = figure.state
        assert state["total"] == sum(state["counts"]) == 1000
        shares = [count / 1000 for count in state["counts"]]
        return sum(abs(a - b) for a, b in zip(shares, state["exact"], strict=True)) / 2

    assert apart() < 0.06
    figure.set(order="backwards")
    assert figure.state["total"] == 0 and figure.state["present"] == 8
    assert apart() > 0.2
    figure.button("Restart").click()
    assert figure.state["total"] == 0 and figure.state["image"] == [None] * 9


def test_the_same_seed_draws_the_same_and_another_one_does_not(figure):
    seen = []
    for seed in (3, 4, 3):
        figure.set(seed=seed)
        figure.button("Draw 100").click()
        seen.append(figure.state["counts"])
    assert seen[0] == seen[2] != seen[1]


def cell(figure, row, column):
    return figure.root.get_by_role("button", name=f"row {row}, column {column}")


def test_pixels_by_pointer_and_by_keyboard(figure):
    for column in (1, 2, 3):
        cell(figure, 1, column).click()
    state = figure.state
    assert state["image"][:3] == [1, 1, 1] and state["present"] == 3
    table = figure.initial["conditionals"]
    assert state["probability"] == table[14]
    with_ink = state["probability"]
    assert cell(figure, 2, 1).inner_text() == f"{100 * with_ink:.0f} %"
    # The upper right corner is in the blind spot of the fourth pixel, its left neighbour is not.
    cell(figure, 1, 3).focus()
    figure.page.keyboard.press("Enter")
    assert figure.state["image"][:3] == [1, 1, 0] and figure.state["probability"] == pytest.approx(
        with_ink, abs=2e-6
    )
    figure.page.keyboard.press("ArrowLeft")
    figure.page.keyboard.press("Space")
    assert figure.state["image"][:3] == [1, 0, 0] and figure.state["probability"] < with_ink - 0.05
    figure.page.keyboard.press("ArrowDown")
    assert figure.page.evaluate("document.activeElement.ariaLabel").startswith("row 2, column 2")
    figure.page.keyboard.press("ArrowDown")
    figure.page.keyboard.press("ArrowDown")  # stays inside
    figure.page.keyboard.press("Enter")
    state = figure.state
    assert state["image"][7] == 1 and state["image"].count(None) == 1 and state["present"] == 8
    assert "by hand" in figure.status and state["by_hand"]
    figure.button("Step").click()
    assert figure.state["total"] == 0  # an image changed by hand does not count
    figure.button("Step").click()
    assert figure.state["drawn"] == 0


def test_the_answer_of_the_exercise_can_be_read(figure):
    for column in (1, 2, 3):
        cell(figure, 1, column).click()
    shown = float(figure.status.split("probability ")[1].split(".  ")[0].split(". ")[0])
    assert shown == pytest.approx(figure.initial["conditionals"][14], abs=6e-4)
