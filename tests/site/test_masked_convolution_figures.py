"""The figures of the chapter on masked convolutions in the built site: every control moves what it should."""

import pytest

from helpers.models.masked_convolution import (
    blind_fraction,
    causal_count,
    field_count,
    path_counts,
    receptive_field,
)

from ..widgets.masked_layers import layers_of
from .live_figures import Figure

PAGE = "book/networks/masked_convolution.html"
START = {
    "size": 5,
    "row": 3,
    "column": 4,
    "depth": 2,
    "mask_1": "A",
    "mask_2": "B",
    "orientation": "raster",
    "order": "raster",
    "stacks": "one",
    "flipped": "no",
    "weights": "in order",
    "step": 2,
}
FRAME = "The output pixel"


@pytest.fixture
def explorer(page):
    """The explorer as it begins."""
    figure = Figure(page, "receptive-field")
    figure.set(stacks="one", flipped="no", orientation="raster")
    figure.button("A, B").click()
    figure.until(pixel=[START["row"], START["column"]])  # drawn: keys move the pixel that is shown
    return figure


@pytest.fixture
def cone(page):
    figure = Figure(page, "blind-cone")
    figure.set(depth=5, half_width=1, number_of_a=1, stacks="one")
    return figure


def assert_true(figure: Figure) -> dict:
    """What the explorer says and draws of its state, computed again in Python."""
    state = figure.state
    side = state["size"]
    pixel = tuple(index - 1 for index in state["pixel"])
    layers = layers_of(state)
    field = receptive_field(layers, (side, side), pixel)
    assert state["seen"] == [[r + 1, c + 1] for r, c in field.nonzero().tolist()]
    counts = path_counts(layers[len(layers) - state["step"] :], (side, side), pixel)
    assert state["level"] == counts.tolist()
    cells = figure.root.locator(".dtr-pixel")
    shown = [cell if cell else "0" for cell in cells.locator("text").all_text_contents()]
    if counts.max() < 10_000:
        assert shown == [str(count) for count in counts.flatten().tolist()]
    assert figure.readout()[0] == str(int(field.sum()))
    assert figure.readout()[2:] == [str(len(state["future"])), str(len(state["blind"]))]
    if state["step"] == state["depth"]:
        assert figure.root.locator(".dtr-pixel-leak").count() == len(state["future"])
        assert figure.root.locator(".dtr-pixel-blind").count() == len(state["blind"])
    return state


def test_the_figures_begin_as_python_made_them(pages, address):
    page = pages.open(address)
    figure = Figure(page, "receptive-field")
    assert figure.root.count() == 1 and Figure(page, "blind-cone").root.count() == 1
    assert {name: figure.state[name] for name in START} == START
    assert_true(figure)


@pytest.mark.parametrize("orientation", ["raster", "below"])
@pytest.mark.parametrize(
    "name, seen, raster, itself",
    [
        ("A, A", "32; 42 43 44; 52 53 54 55", "12 13 14 15; 22 23 24; 32", False),
        ("A, B", "32 33; 42 43 44 45; 52 53 54 55", "12 13 14 15; 22 23 24 25; 32 33", False),
        ("B, A", "32 33; 42 43 44 45; 52 53 54 55", "12 13 14 15; 22 23 24 25; 32 33", False),
        ("B, B", "32 33 34; 42 43 44 45; 52 53 54 55", "12 13 14 15; 22 23 24 25; 32 33 34", True),
    ],
)
def test_the_four_cases(explorer, name, seen, raster, itself, orientation):
    explorer.set(orientation=orientation)
    explorer.button(name).click()
    state = assert_true(explorer)
    assert explorer.button(name).get_attribute("aria-pressed") == "true"
    assert (state["orientation"], state["order"], state["sees_itself"]) == (orientation, orientation, itself)
    expected = seen if orientation == "below" else raster
    assert explorer.root.locator(".dtr-pixel-list").inner_text() == f"Seen: {expected}"
    assert ("itself" in explorer.status) == itself


def test_the_pixel_moves_by_the_arrow_keys(explorer):
    frame = explorer.handle(FRAME)
    for key, pixel in (
        ("ArrowUp", [2, 4]),
        ("ArrowRight", [2, 5]),
        ("ArrowRight", [2, 5]),
        ("ArrowDown", [3, 5]),
        ("ArrowLeft", [3, 4]),
        ("Shift+ArrowLeft", [3, 1]),
        ("Shift+ArrowDown", [5, 1]),
    ):
        frame.press(key)
        assert assert_true(explorer)["pixel"] == pixel, key
        assert frame.get_attribute("aria-valuetext") == f"row {pixel[0]}, column {pixel[1]}"


def test_two_keys_within_one_frame_are_two_steps(explorer):
    explorer.handle(FRAME).evaluate(
        """(frame) => ["ArrowUp", "ArrowUp", "ArrowLeft"].forEach(
            (key) => frame.dispatchEvent(new KeyboardEvent("keydown", { key }))
        )"""
    )
    explorer.until(pixel=[1, 3])


def test_the_pixel_moves_by_the_pointer(explorer):
    explorer.root.scroll_into_view_if_needed()
    cells = explorer.root.locator(".dtr-pixel")
    cells.nth(5 * 3 + 1).click()
    assert assert_true(explorer)["pixel"] == [4, 2]
    box = cells.nth(0).bounding_box()
    state = explorer.drag((1.1 * box["width"], -2.1 * box["height"]), FRAME)
    assert state["pixel"] == [2, 3]
    assert_true(explorer)


def test_every_layer_has_its_mask_and_kernel(explorer):
    explorer.set(depth=5, size=9)
    for layer, mask, kernel_size in zip(range(1, 6), ("plain", "B", "A", "A", "plain"), "75573", strict=True):
        explorer.set(**{f"mask_{layer}": mask, f"kernel_size_{layer}": kernel_size})
        state = assert_true(explorer)
        assert (state[f"mask_{layer}"], state[f"kernel_size_{layer}"]) == (mask, kernel_size)
    cards = explorer.root.locator(".dtr-layer-card:visible")
    assert cards.count() == 5
    explorer.set(depth=2)
    assert cards.count() == 2


def test_sizes_and_depths(explorer):
    for size in (5, 8, 11):
        explorer.set(size=size)
        for _ in range(2):
            explorer.handle(FRAME).press("Shift+ArrowDown")
            explorer.handle(FRAME).press("Shift+ArrowRight")
        assert assert_true(explorer)["pixel"] == [size, size]
        assert explorer.root.locator(".dtr-pixel").count() == size * size
    assert "row 11: 9–10" in explorer.root.locator(".dtr-pixel-list").inner_text()
    explorer.set(size=5)
    assert assert_true(explorer)["pixel"] == [5, 5]  # a pixel outside of the smaller image comes in
    for depth in (1, 3, 5):
        assert explorer.set(depth=depth)["step"] == depth
        assert explorer.root.locator(".dtr-level-button:visible").count() == depth + 1


def test_masks_that_look_below_and_flipped_ones(explorer):
    state = explorer.set(orientation="below")
    assert state["order"] == "below" and state["future"] == []
    explorer.set(order="raster")
    state = assert_true(explorer)
    assert [4, 4] in state["future"] and "drawn later" in explorer.status
    explorer.set(flipped="yes")
    state = assert_true(explorer)
    assert [3, 5] in state["seen"] and [3, 3] not in state["seen"]


def test_swapping_changes_the_value_and_not_the_pixels(explorer):
    before = explorer.state
    explorer.button("Swap layers").click()
    after = assert_true(explorer)
    assert after["seen"] == before["seen"] and after["same_field"]
    assert (after["mask_1"], after["mask_2"]) == ("B", "A")
    assert (after["value"], after["other_value"]) == (before["other_value"], before["value"])
    assert abs(after["value"] - before["value"]) > 0.01
    explorer.button("Swap layers").click()
    assert explorer.state["value"] == before["value"]


def test_blind_spot_and_two_stacks(explorer):
    explorer.button("Blind spot").click()
    state = assert_true(explorer)
    assert state["blind"] and not state["future"]
    explorer.button("Two stacks").click()
    state = assert_true(explorer)
    assert not state["blind"] and not state["future"]
    assert state["value"] is None and not explorer.button("Reverse layers").is_visible()
    assert not explorer.control("flipped").is_visible()
    explorer.set(stacks="one")
    assert explorer.button("Reverse layers").is_visible() and explorer.control("flipped").is_visible()


def test_back_and_next_and_the_small_pictures(explorer):
    assert explorer.state["step"] == 2
    for name, step in (("Back", 1), ("Back", 0), ("Back", 0), ("Next", 1), ("Next", 2), ("Next", 2)):
        explorer.button(name).click()
        assert assert_true(explorer)["step"] == step
    for name, step in (("Show output", 0), ("Show layer 1", 1), ("Show image", 2)):
        explorer.button(name).click()
        assert assert_true(explorer)["step"] == step
        assert explorer.button(name).get_attribute("aria-pressed") == "true"


def test_the_field_grows(pages, address):
    page = pages.open(address, stopped_clock=True)
    figure = Figure(page, "receptive-field")
    figure.button("Grow").click()
    page.clock.run_for(100)
    assert (figure.now["step"], figure.now["playing"]) == (0, True)
    page.clock.run_for(1300)
    assert (figure.now["step"], figure.now["playing"]) == (1, True)
    figure.button("Pause").click()
    page.clock.run_for(3000)
    assert (figure.now["step"], figure.button("Grow").count()) == (1, 1)
    figure.button("Grow").click()
    page.clock.run_for(4000)
    assert (figure.now["step"], figure.now["playing"]) == (2, False)
    # What is new comes in from the pixel outwards.
    assert figure.root.locator(".dtr-growing").count() == 1


def test_nothing_moves_where_motion_is_unwelcome(pages, address):
    figure = Figure(pages.open(address, reduced_motion="reduce"), "receptive-field")
    assert figure.button("Grow").count() == 0
    figure.button("Back").click()
    figure.button("Next").click()
    assert figure.state["step"] == 2
    moving = figure.root.locator(".dtr-pixel rect").first.evaluate(
        "(rect) => getComputedStyle(rect).transitionDuration"
    )
    assert moving in ("0s", "")
    assert figure.root.locator(".dtr-level-button:visible").count() == 3


def test_the_cone(cone):
    for depth, half, number in ((1, 1, 1), (5, 1, 1), (12, 3, 1), (4, 2, 3), (2, 1, 12)):
        state = cone.set(depth=depth, half_width=half, number_of_a=number)
        number = min(number, depth)
        assert state["seen"] == field_count(half, depth, number)
        assert state["causal"] == causal_count(half, depth)
        assert cone.readout()[1] == str(state["blind"])
        assert state["limit"] == pytest.approx(1 / (4 * half))
        if number == 1:
            assert state["fraction"] == pytest.approx(float(blind_fraction(half, depth)))
    state = cone.set(stacks="two")
    assert (state["blind"], state["fraction"]) == (0, 0)
    assert cone.root.locator(".dtr-cone-blind").count() == 0
    assert "all 12 pixels" in cone.status


def test_the_sliders_of_the_cone_by_keys(cone):
    for trait, high in (("depth", 12), ("half_width", 3), ("number_of_a", 12)):
        slider = cone.control(trait)
        for key, value in (("End", high), ("ArrowRight", high), ("ArrowLeft", high - 1), ("Home", 1)):
            slider.press(key)
            assert cone.state[trait] == value, (trait, key)


def test_nothing_went_wrong(pages):
    pages.assert_nothing_wrong()
