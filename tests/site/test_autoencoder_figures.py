"""The figure of the chapter on a measured autoencoder in Chromium."""

import math

import pytest

from .live_figures import Figure

PAGE = "book/inference/autoencoder.html"


@pytest.fixture
def figure(page):
    figure = Figure(page, "trained-autoencoder")
    figure.set(x1=1.2, x2=0.9, z=0.6, doublings=4)
    return figure


def test_the_parts_add_up_and_a_datum_on_the_ring_is_served_well(figure):
    state = figure.state
    parts = state["bound"] + state["amortisation"] + state["approximation"]
    assert parts == pytest.approx(state["log_evidence"], abs=1e-9)
    assert 0 <= state["amortisation"] < 0.1 and -1e-6 < state["approximation"] < 0.1
    assert "nats below" in figure.status or "nearly tight" in figure.status


def test_somewhere_on_the_ring_two_bumps_cost_the_logarithm_of_two(figure):
    largest = {"approximation": 0.0}
    torn = 0.0
    for degrees in range(135, 226):
        angle = math.radians(degrees)
        state = figure.set(x1=round(1.5 * math.cos(angle), 2), x2=round(1.5 * math.sin(angle), 2))
        largest = max(largest, state, key=lambda one: one["approximation"])
        torn = max(torn, state["amortisation"])
    assert largest["approximation"] == pytest.approx(math.log(2), abs=0.1)
    assert torn > 1  # there the encoder aims between the bumps


def test_the_centre_says_nothing(figure):
    state = figure.set(x1=0, x2=0)
    assert state["best_scale"] > 0.5 and state["approximation"] < 0.15


def test_samples_close_the_gap_from_below(figure):
    figure.set(x1=-1.2, x2=0.2)
    values = [figure.set(doublings=k)["importance"] for k in range(11)]
    assert values == sorted(values)
    state = figure.state
    assert state["samples"] == 1024
    assert state["importance"] < state["log_evidence"] + 4 * state["importance_error"] + 1e-3
    assert figure.set(doublings=0)["importance"] == pytest.approx(
        state["bound"], abs=6 * figure.state["importance_error"] + 1e-3
    )


def test_the_datum_moves_by_pointer_and_by_arrow_keys(figure):
    moved = figure.drag((-30, 20), "The datum x")
    assert moved["x1"] < 1.2 and moved["x2"] < 0.9
    assert moved["log_evidence"] != pytest.approx(figure.set(x1=1.2, x2=0.9)["log_evidence"])
    figure.handle("The datum x").press("ArrowLeft")
    assert figure.state["x1"] == pytest.approx(1.15)
    figure.handle("The datum x").press("Shift+ArrowUp")
    assert figure.state["x2"] == pytest.approx(1.15)


def test_the_latent_moves_the_decoded_point_and_nothing_else(figure):
    before = figure.state
    figure.handle("The latent z").press("ArrowRight")
    after = figure.state
    assert after["z"] == pytest.approx(0.65) and after["decoded"] != before["decoded"]
    assert after["log_evidence"] == before["log_evidence"]
    dragged = figure.drag((40, 30), "The latent z")
    assert dragged["z"] > 0.65
    figure.control("z").press("End")
    assert figure.state["z"] == 3.5


def test_the_decoder_runs_around_the_ring(figure):
    radii = [math.hypot(*figure.set(z=z / 10)["decoded"]) for z in range(-15, 16)]
    assert all(1.2 < radius < 1.8 for radius in radii)
