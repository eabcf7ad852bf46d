"""The figure of the chapter on a learned density in Chromium."""

import json

import pytest

PAGE = "book/invertible_maps/learned_density.html"


@pytest.fixture
def figure(chromium, site_url):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(site_url + PAGE, wait_until="domcontentloaded")
    root = page.locator("[data-widget=flow-journey][data-state]")
    root.wait_for()
    yield root
    context.close()
    assert wrong == []


def state(figure) -> dict:
    figure.page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    return json.loads(figure.get_attribute("data-state"))


def test_the_slider_moves_the_points_by_the_keyboard(figure):
    stages = json.loads(figure.get_attribute("data-initial"))["points"]
    assert len(stages) == 9 and state(figure)["layers"] == 8
    slider = figure.get_by_label("Layers applied")
    for _ in range(5):
        slider.press("ArrowRight")
    now = state(figure)
    assert now["layer"] == pytest.approx(0.5)
    middle = [(a + b) / 2 for a, b in zip(stages[0][0], stages[1][0], strict=True)]
    assert now["first_point"] == pytest.approx(middle)
    slider.press("End")
    assert state(figure)["first_point"] == stages[8][0]
    assert "All 8 layers" in figure.locator(".dtr-status").inner_text()


def test_each_layer_moves_one_coordinate_by_turns(figure):
    axes = []
    for number in range(1, 9):
        figure.get_by_role("button", name="Next").click()
        now = state(figure)
        assert now["layer"] == number
        axes.append(now["axis"])
    assert axes == [1, 0] * 4
    figure.get_by_role("button", name="Back").click()
    assert state(figure)["layer"] == 7


def test_play_goes_to_the_end_in_whole_layers_where_motion_is_reduced(figure):
    figure.get_by_label("Layers applied").fill("6")
    figure.get_by_role("button", name="Play").click()
    assert state(figure)["playing"]
    figure.page.wait_for_function(
        "root => { const s = JSON.parse(root.dataset.state); return s.layer === 8 && !s.playing; }",
        arg=figure.element_handle(),
    )
    figure.get_by_role("button", name="Play").click()
    assert state(figure)["layer"] == 0
    figure.get_by_role("button", name="Pause").click()
    assert not state(figure)["playing"]


def test_the_final_points_lie_where_the_data_are(figure):
    """The last stage against the data: each crescent gets about half, as in the data."""
    initial = json.loads(figure.get_attribute("data-initial"))
    for points in (initial["points"][-1], initial["data"][0]):
        lower = sum(second < 0 for _, second in points) / len(points)
        assert 0.35 < lower < 0.65
