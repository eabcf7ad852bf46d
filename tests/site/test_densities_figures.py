"""The figures of the chapter on change of variables in the built site: every control moves what it should."""

import math

import numpy as np
import pytest

from .live_figures import Figure

PAGE = "book/invertible_maps/change_of_variables.html"
LINE = {"mu": 0.5, "sigma": 1.8, "point": 0.7}
PLANE = {
    "s11": 1.5,
    "s12": 0.5,
    "s21": 0.5,
    "s22": 1,
    "point": [-1, 1.2],
    "direction": "forwards",
    "normaliser": "right",
}


@pytest.fixture
def line(page):
    figure = Figure(page, "scaled-density")
    figure.set(**LINE)
    return figure


@pytest.fixture
def plane(page):
    figure = Figure(page, "affine-density")
    figure.set(**{name: value for name, value in PLANE.items() if name != "point"})
    return figure


def matrix_of(state: dict) -> np.ndarray:
    return np.array([[state["s11"], state["s12"]], [state["s21"], state["s22"]]])


def assert_true(state: dict) -> None:
    """What the plane's figure says of its state, computed again in Python."""
    matrix = matrix_of(state)
    det = float(np.linalg.det(matrix))
    assert state["det"] == pytest.approx(det, abs=1e-12)
    if abs(det) < 1e-9:
        assert state["singular"] and state["density"] is None
        return
    forwards = state["direction"] == "forwards"
    z = np.array(state["point"]) if forwards else np.linalg.solve(matrix, state["point"])
    np.testing.assert_allclose(state["z"], z, atol=1e-9)
    np.testing.assert_allclose(state["x"], matrix @ z, atol=1e-9)
    right = math.exp(-(z @ z) / 2) / (2 * math.pi * abs(det))
    assert state["by_map"] == pytest.approx(right, rel=1e-9)
    assert state["by_inverse"] == pytest.approx(right, rel=1e-7)
    mass = math.sqrt(abs(det)) if state["normaliser"] == "printed" else 1
    assert state["total_mass"] == pytest.approx(mass, rel=1e-12)
    assert state["density"] == pytest.approx(right * mass, rel=1e-9)
    assert state["masses"][1] == pytest.approx(state["masses"][0] * mass, rel=1e-9)


def test_the_figures_begin_as_python_made_them(pages, address):
    page = pages.open(address)
    for widget, first in (("scaled-density", LINE), ("affine-density", PLANE)):
        figure = Figure(page, widget)
        assert figure.root.count() == 1
        assert {name: figure.state[name] for name in first} == first
    assert_true(Figure(page, "affine-density").state)


def test_the_sliders_of_the_line(line):
    for trait, low, high in (("mu", -2, 2), ("sigma", -2.5, 2.5), ("point", -2.5, 2.5)):
        for state in line.by_keys(trait, low, high, 0.05):
            image = state["mu"] + state["sigma"] * state["point"]
            assert state["image"] == pytest.approx(image, abs=1e-12)
            assert state["mass"] == pytest.approx(state["base_mass"], rel=1e-9)


def test_the_line_at_scale_zero_and_below(line):
    state = line.set(sigma=0)
    assert (state["has_density"], state["density"]) == (False, None)
    assert "No density" in line.status
    assert line.readout()[3] == "none"
    state = line.set(sigma=-1)
    assert state["has_density"] and state["density"] == pytest.approx(state["base_density"])
    assert "mirrors the line" in line.status
    assert state["moved_interval"][0] > state["moved_interval"][1]


def test_the_interval_is_dragged_and_moved_with_the_arrow_keys(line):
    before = line.state["point"]
    state = line.drag((60, 30), "Place of the interval")
    assert state["point"] > before + 0.5
    assert float(line.control("point").input_value()) == state["point"]
    line.set(point=0.7)
    line.handle("Place of the interval").press("ArrowLeft")
    assert line.state["point"] == pytest.approx(0.65)
    line.handle("Place of the interval").press("Shift+ArrowRight")
    assert line.state["point"] == pytest.approx(0.9)


def test_the_readout_of_the_line(line):
    length, moved, base, density, mass, moved_mass = map(float, line.readout())
    assert (length, moved) == (0.4, 0.72)
    assert density == pytest.approx(base / 1.8, abs=1e-4)
    assert mass == moved_mass


def test_the_entries_of_the_matrix(plane):
    for trait in ("s11", "s12", "s21", "s22"):
        for state in plane.by_keys(trait, -2, 2, 0.05):
            assert_true(state)


def test_the_columns_are_dragged_and_moved_with_the_arrow_keys(plane):
    state = plane.drag((-60, 25), "Column 1 of S")
    assert state["s11"] < 0.9 and state["s21"] < 0.2
    assert (state["s12"], state["s22"]) == (0.5, 1)
    assert_true(state)
    plane.set(s12=0.5, s22=1)
    for key, entry, value in (
        ("ArrowUp", "s22", 1.05),
        ("ArrowLeft", "s12", 0.45),
        ("Shift+ArrowDown", "s22", 0.8),
    ):
        plane.handle("Column 2 of S").press(key)
        assert plane.state[entry] == pytest.approx(value)
    assert_true(plane.state)


def test_through_determinant_zero(plane):
    signs = []
    for value in (1, 0.5, 0.25, 0, -1):
        state = plane.set(s11=1, s12=0.5, s21=0.5, s22=value)
        signs.append(np.sign(round(state["det"], 9)))
        assert_true(state)
        if state["singular"]:
            assert "no density" in plane.status and plane.readout()[3] == "none"
        else:
            assert ("mirrors the plane" in plane.status) == (state["det"] < 0)
    assert signs == [1, 1, 0, -1, -1]


def test_the_printed_normaliser_has_another_mass(plane):
    state = plane.set(normaliser="printed", s11=2, s12=0, s21=0, s22=2)
    assert state["total_mass"] == pytest.approx(2)
    assert_true(state)
    assert "that is no density" in plane.status
    assert plane.root.locator(".dtr-differs").count() == 1
    state = plane.set(s11=1, s22=-1)
    assert state["total_mass"] == 1 and plane.root.locator(".dtr-differs").count() == 0
    assert "that is no density" not in plane.status


def test_backwards_is_the_same_point_from_the_other_side(plane):
    ahead = plane.state
    assert plane.handle("The point z").is_visible() and not plane.handle("The point x").is_visible()
    state = plane.set(direction="backwards")
    assert state["point"] == pytest.approx(ahead["x"], abs=0.006)
    assert state["by_inverse"] == pytest.approx(ahead["by_map"], rel=0.05)
    assert_true(state)
    assert plane.handle("The point x").is_visible() and not plane.handle("The point z").is_visible()
    assert state["areas"][1] == pytest.approx(0.64) and state["areas"][0] != pytest.approx(0.64)
    plane.handle("The point x").press("ArrowRight")
    moved = plane.state
    assert moved["point"][0] == pytest.approx(state["point"][0] + 0.05)
    assert_true(moved)
    dragged = plane.drag((30, -30), "The point x")
    assert dragged["point"][0] > moved["point"][0] + 0.4 and dragged["point"][1] > moved["point"][1] + 0.4
    assert_true(dragged)
    flat = plane.set(s11=1, s12=1, s21=1, s22=1)
    assert flat["z"] is None and "no inverse" in plane.status
    assert plane.set(direction="forwards")["z"] is not None


def test_the_point_of_the_plane_is_dragged(plane):
    before = plane.state["point"]
    state = plane.drag((40, 0), "The point z")
    assert state["point"][0] > before[0] + 0.5 and state["point"][1] == pytest.approx(before[1], abs=0.05)
    assert_true(state)
