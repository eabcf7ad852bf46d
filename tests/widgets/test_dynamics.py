"""The figures' JavaScript against its Python twin on random points, and how the figures write numbers."""

import math
from functools import cache

import numpy as np
import pytest
import sympy as sp
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.models import games

EPSILON = np.finfo(float).eps

MORE = """{
  all: () => generated.methods,
  converges: (s) => generated.methods[s.method].converges(s.learning_rate, dynamics.parameterOf(s)),
  // The grid of the sliders, then points between them, evenly spread by two irrational strides.
  decomposeMany: (count) => {
    for (const method of ["optimistic", "heavy_ball_simultaneous", "heavy_ball_alternating"]) {
      const at = (rate, p) => dynamics.eigenvalues(generated.methods[method].matrix(rate, p));
      for (let i = 0; i <= 250; i += 1) for (let j = 0; j <= 48; j += 1) at(i / 100, (j - 24) / 20);
      for (let i = 0; i < count; i += 1) at(2.5 * ((i * Math.SQRT2) % 1), -1.2 + 2.4 * ((i * Math.sqrt(3)) % 1));
    }
    return "done";
  },
  curve: (state, times) => {
    const modes = dynamics.modes(state);
    return modes && { points: modes.at && times.map(modes.at), envelope: times.map(modes.envelope) };
  },
}"""


@pytest.fixture(scope="module")
def javascript(functions_of):
    """Call a function of the figures: `javascript("trajectory", state, 30)`."""
    return functions_of(
        generated="generated/games.js", dynamics="games/dynamics.js", numbers="shared/numbers.js", more=MORE
    )


def numbers(low: float, high: float, smallest: float) -> st.SearchStrategy[float]:
    """Zero or a number of at least the size `smallest`."""
    return st.floats(low, high).map(lambda x: x if abs(x) >= smallest else 0.0)


RATES = numbers(0, 2.5, 1e-6)
PARAMETERS = {"strength": numbers(0, 3, 1e-6), "momentum": numbers(-1.2, 1.2, 1e-6)}
COORDINATES = numbers(-2, 2, 1e-100)
STARTS = st.tuples(COORDINATES, COORDINATES)


def states(method: str) -> st.SearchStrategy[dict]:
    """States of a figure; as in the page, the traits of other methods are there too, and must not matter."""
    return st.fixed_dictionaries(
        {"method": st.just(method), "learning_rate": RATES, "start": STARTS, **PARAMETERS}
    )


def given_parameters(state: dict) -> dict:
    """What the Python functions take besides the learning rate."""
    name = games.METHODS[state["method"]].parameter
    return {name: state[name]} if name else {}


@cache
def compiled(method: str):
    """The iteration matrix by SymPy's own printer, which shares nothing with the book's."""
    eta, parameter = sp.symbols("eta p", nonnegative=True)
    name = games.METHODS[method].parameter
    matrix = games.iteration_matrix(method, eta, **({name: parameter} if name else {}))
    return sp.lambdify([eta, parameter], matrix.tolist(), "math")


def matrix_of(state: dict) -> np.ndarray:
    parameter = games.METHODS[state["method"]].parameter
    return np.array(compiled(state["method"])(state["learning_rate"], state.get(parameter, 0)), dtype=float)


def condition_of_eigenvectors(matrix: np.ndarray) -> float:
    return np.linalg.cond(np.linalg.eig(matrix).eigenvectors)


each_method = pytest.mark.parametrize("method", games.METHODS)


def test_the_page_knows_the_same_methods(javascript):
    known = javascript("all")
    assert list(known) == list(games.METHODS)
    for name, method in games.METHODS.items():
        entry = known[name]
        assert (entry["title"], entry["parameter"], entry["memory"]) == (
            method.title,
            method.parameter,
            method.memory,
        )


@each_method
@given(data=st.data())
@settings(max_examples=40)
def test_compiled_matrix(javascript, method, data):
    state = data.draw(states(method))
    np.testing.assert_allclose(javascript("iterationMatrix", state), matrix_of(state), rtol=0, atol=1e-12)


def exact_spectral_radius(method: str, learning_rate: str, parameter: str) -> float:
    """By SymPy: square-free factors of the characteristic polynomial, their roots to 40 digits."""
    name = games.METHODS[method].parameter
    given_exactly = {name: sp.Rational(parameter)} if name else {}
    variable = sp.Symbol("x")
    polynomial = games.characteristic_polynomial(
        method, sp.Rational(learning_rate), variable, **given_exactly
    )
    roots = [
        root
        for factor, _ in sp.factor_list(polynomial, variable)[1]
        for root in sp.Poly(factor, variable).nroots(n=40)
    ]
    return float(max(map(abs, roots)))


@pytest.mark.parametrize("learning_rate", ["0.2", "0.6"])
@each_method
def test_spectral_radius_in_sympy_numpy_torch_and_javascript(javascript, method, learning_rate):
    parameter = {"momentum": "-0.5", "strength": "0.5", None: "0"}[games.METHODS[method].parameter]
    state = {"method": method, "learning_rate": float(learning_rate), "strength": 0.5, "momentum": -0.5}
    exact = exact_spectral_radius(method, learning_rate, parameter)
    by_torch = torch.linalg.eigvals(torch.from_numpy(matrix_of(state))).abs().max().item()
    by_numpy = games.spectral_radius(method, float(learning_rate), **given_parameters(state))
    by_javascript = javascript("spectralRadius", javascript("iterationMatrix", state))
    np.testing.assert_allclose([by_torch, by_numpy, by_javascript], exact, rtol=0, atol=1e-12)


@each_method
@given(data=st.data())
@settings(max_examples=40)
def test_eigenvalues(javascript, method, data):
    """Within what rounding allows: Bauer and Fike's bound, or half the digits where two eigenvalues meet."""
    state = data.draw(states(method))
    matrix = matrix_of(state)
    tolerance = min(1e-6, 100 * EPSILON * condition_of_eigenvectors(matrix) * np.linalg.norm(matrix, 2))
    computed = javascript("eigenvalues", matrix.tolist())
    assert [value["modulus"] for value in computed] == sorted(
        (value["modulus"] for value in computed), reverse=True
    )
    left = [complex(value["re"], value["im"]) for value in computed]
    for expected in np.linalg.eigvals(matrix):
        nearest = min(left, key=lambda value: abs(value - expected))
        assert abs(nearest - expected) <= tolerance
        left.remove(nearest)
    # A 4 x 4 double eigenvalue may be moved twice as far as the bound for simple ones.
    radius = games.spectral_radius(method, state["learning_rate"], **given_parameters(state))
    assert abs(javascript("spectralRadius", matrix.tolist()) - radius) <= tolerance


def test_eigenvalues_are_found_for_every_setting_of_the_sliders_and_between(javascript):
    """The library's iteration has no limit of its own: left alone it did not end at η = 2.08, β = −1."""
    assert javascript("decomposeMany", 100_000) == "done"


@each_method
@given(data=st.data(), steps=st.integers(0, 60))
@settings(max_examples=40)
def test_trajectory(javascript, method, data, steps):
    """Within twice the standard bound for repeated multiplication, once for each side."""
    state = data.draw(states(method))
    matrix = matrix_of(state)
    expected = games.simulate(
        method, state["start"], state["learning_rate"], steps, **given_parameters(state)
    )
    size = len(matrix)
    growth = max(np.linalg.norm(np.linalg.matrix_power(matrix, k), 2) for k in range(steps + 1))
    largest = max(1.0, expected.norm(dim=-1).max().item())
    bound = 2 * (steps + 1) * size * EPSILON * np.linalg.norm(np.abs(matrix), 2) * growth * largest
    computed = javascript("trajectory", state, steps)
    assert len(computed) == steps + 1
    np.testing.assert_allclose(computed, expected.numpy(), rtol=0, atol=2 * bound)


@each_method
@given(data=st.data())
@settings(max_examples=60)
def test_curve_and_envelope(javascript, method, data):
    """The curve passes through every step, and the envelope lies above every step.

    Rounding moves an eigenvalue by about 1e-16 times the eigenvectors' condition number, and a mode after k
    steps by k times that; the envelope is the sum of the modes' sizes.
    """
    state = data.draw(states(method))
    steps = list(range(41))
    curve = javascript("curve", state, steps)
    condition = condition_of_eigenvectors(matrix_of(state))
    if curve is None:
        assert condition > 1e5
        return
    points = np.array(javascript("trajectory", state, steps[-1]))
    envelope = np.array(curve["envelope"])
    tolerance = 100 * EPSILON * condition * (1 + np.array(steps)) * envelope
    assert (envelope >= np.linalg.norm(points, axis=1) - tolerance).all()
    if curve["points"] is not None:
        distance = np.linalg.norm(np.array(curve["points"]) - points, axis=1)
        assert (distance <= tolerance).all()


@given(state=states("simultaneous"))
def test_envelope_of_the_simultaneous_method_is_the_norm(javascript, state):
    norms = np.linalg.norm(javascript("trajectory", state, 40), axis=1)
    curve = javascript("curve", state, list(range(41)))
    np.testing.assert_allclose(curve["envelope"], norms, rtol=1e-12)


@pytest.mark.parametrize(
    "method, learning_rate",
    [("alternating", 0.6), ("extragradient", 0.3), ("consensus", 0.2), ("penalty", 0.2)],
)
def test_envelope_of_one_turning_pair_is_attained(javascript, method, learning_rate):
    """It is the long radius of an ellipse: some of 1000 steps come within one part in a thousand of it."""
    state = {"method": method, "learning_rate": learning_rate, "start": [0.7, -0.3], "strength": 0.5}
    norms = np.linalg.norm(javascript("trajectory", state, 1000), axis=1)
    ratio = norms / javascript("curve", state, list(range(1001)))["envelope"]
    assert 0.999 < ratio.max() <= 1 + 1e-9


def test_no_modes_where_two_eigenvalues_meet(javascript):
    """At η = 2 the alternating method has −1 twice, with one eigenvector."""
    state = {"method": "alternating", "learning_rate": 2.0, "start": [1, 0]}
    matrix = matrix_of(state)
    assert np.linalg.matrix_rank(matrix + np.eye(2)) == 1
    assert np.trace(matrix) == -2
    assert javascript("curve", state, [0]) is None


@each_method
def test_nothing_moves_at_learning_rate_zero(javascript, method):
    state = {"method": method, "learning_rate": 0, "start": [0.6, -0.8], "strength": 0.5, "momentum": -0.5}
    curve = javascript("curve", state, [0, 0.5, 7])
    np.testing.assert_allclose(javascript("trajectory", state, 7), [[0.6, -0.8]] * 8, rtol=0, atol=1e-14)
    np.testing.assert_allclose(curve["envelope"], 1, rtol=0, atol=1e-12)


def test_no_smooth_curve_through_a_negative_eigenvalue(javascript):
    """With η = 2.4 the alternating method has negative eigenvalues: each step jumps to the other side."""
    state = {"method": "alternating", "learning_rate": 2.4, "start": [1, 0]}
    assert (np.linalg.eigvals(matrix_of(state)).real < 0).all()
    curve = javascript("curve", state, list(range(20)))
    assert curve["points"] is None
    norms = np.linalg.norm(javascript("trajectory", state, 19), axis=1)
    assert (np.array(curve["envelope"]) >= norms * (1 - 1e-12)).all()


@each_method
@given(data=st.data())
def test_region_of_convergence(javascript, method, data):
    """Decided exactly in Python at the same doubles; points where rounding could decide are left out."""
    state = data.draw(states(method))
    eta, parameter = sp.symbols("eta p", real=True)
    name = games.METHODS[method].parameter
    values = {eta: sp.Rational(state["learning_rate"])}
    if name:
        values[parameter] = sp.Rational(state[name])
    condition = games.converges(method, eta, **({name: parameter} if name else {}))
    for inequality in condition.atoms(sp.core.relational.Relational):
        gap = (inequality.lhs - inequality.rhs).subs(values)
        assume(gap == 0 or abs(gap) > 1e-12)
        # An exact tie may be rounded away in a product.
        assume(gap != 0 or all(value.q == 1 for value in values.values()))
    assert javascript("converges", state) is bool(condition.subs(values))


def at(method: str, point: tuple[float, float]) -> dict:
    return {"method": method, "learning_rate": point[0], "strength": point[1], "momentum": point[1]}


@pytest.mark.parametrize(
    "method, inside, border, outside",
    [  # each a learning rate and a parameter
        ("implicit", (0.01, 0), (0, 0), None),
        ("extragradient", (0.99, 0), (1, 0), (1.01, 0)),
        ("optimistic", (0.577, 0), None, (0.578, 0)),
        ("consensus", (0.99, 1), (1, 1), (1.01, 1)),
        ("consensus", (0.79, 0.5), None, (0.81, 0.5)),
        ("penalty", (0.49, 0.5), (0.5, 0.5), (0.51, 0.5)),
        ("penalty", (1, 2.49), (1, 2.5), (1, 2.51)),
        ("heavy_ball_alternating", (0.99, -0.5), (1, -0.5), (1.01, -0.5)),
        ("heavy_ball_alternating", (0.2, -0.01), (0.2, 0), (0.2, 0.01)),
    ],
)
def test_verdict_changes_at_the_border(javascript, method, inside, border, outside):
    for point, expected in [(inside, "converges"), (border, "neither"), (outside, "diverges")]:
        if point:
            assert javascript("verdict", at(method, point)) == expected, point


@pytest.mark.parametrize(
    "method, learning_rate, expected",
    [
        ("simultaneous", 0.01, "diverges"),
        ("simultaneous", 2.5, "diverges"),
        ("alternating", 0.2, "neither"),
        ("alternating", 2.0, "neither"),
        ("alternating", 2.01, "diverges"),
        ("heavy_ball_simultaneous", 0.2, "diverges"),
        *[(method, 0.0, "neither") for method in games.METHODS],
    ],
)
def test_verdict(javascript, method, learning_rate, expected):
    state = {"method": method, "learning_rate": learning_rate, "strength": 0.5, "momentum": -0.5}
    assert javascript("verdict", state) == expected


@each_method
def test_a_trajectory_that_leaves_the_range_of_numbers_ends(javascript, method):
    state = {"method": method, "learning_rate": 2.5, "strength": 3.0, "momentum": 1.2, "start": [1e300, 0]}
    computed = javascript("trajectory", state, 200)
    expected = games.simulate(method, state["start"], 2.5, 200, **given_parameters(state)).numpy()
    finite = np.isfinite(expected).all(axis=1)
    assert np.isfinite(np.array(computed, dtype=float)).all()
    # Where PyTorch multiplies and adds in one operation, a product that is too large alone may still be cancelled.
    assert finite.sum() - 1 <= len(computed) <= finite.sum()
    # The implicit method alone converges at these rates; on all others the numbers run out.
    assert finite.all() == (method == "implicit")


@pytest.mark.parametrize("size", [1e300, 1e-200])
def test_curve_and_envelope_of_a_huge_or_tiny_start(javascript, size):
    state = {"method": "penalty", "learning_rate": 0.5, "strength": 0.8, "start": [size, -size]}
    curve = javascript("curve", state, list(range(41)))
    points = np.array(javascript("trajectory", state, 40))
    np.testing.assert_allclose(np.array(curve["points"]) / size, points / size, rtol=0, atol=1e-12)
    ratio = np.linalg.norm(points / size, axis=1) / (np.array(curve["envelope"]) / size)
    assert 0.9 < ratio.max() <= 1 + 1e-12


def test_envelope_beyond_the_range_of_numbers_is_infinite_not_nan(javascript):
    state = {"method": "simultaneous", "learning_rate": 2.5, "start": [1e300, 0]}
    envelope = np.array(javascript("curve", state, list(range(201)))["envelope"], dtype=float)
    assert envelope[0] == pytest.approx(1e300)
    assert np.isposinf(envelope[-1])
    assert not np.isnan(envelope).any()


@given(v=STARTS, t=st.floats(-7, 7))
def test_continuous_time_turns_clockwise_on_the_circle(javascript, v, t):
    field = np.array(games.FIELD.jacobian(games.STATE), dtype=float)
    np.testing.assert_allclose(javascript("field", *v), field @ v, rtol=0, atol=1e-15)
    turned = np.array([[math.cos(t), math.sin(t)], [-math.sin(t), math.cos(t)]]) @ v
    np.testing.assert_allclose(javascript("flow", t, *v), turned, rtol=0, atol=1e-14)
    quarter = javascript("flow", math.pi / 2, 1, 0)
    np.testing.assert_allclose(quarter, [0, -1], rtol=0, atol=1e-15)


@pytest.mark.parametrize(
    "value, digits, text",
    [
        (0.2, 2, "0.20"),
        (-0.2, 2, "−0.20"),
        (0, 2, "0.00"),
        (-0.0, 2, "0.00"),
        (-0.001, 2, "0.00"),
        (30, 0, "30"),
        (-0.4, 0, "0"),
        (99999, 2, "99999.00"),
        (1e5, 2, "1.00·10⁵"),
        (-1.5e86, 3, "−1.50·10⁸⁶"),
        (1e300, 2, "1.00·10³⁰⁰"),
        (0.00049, 3, "4.90·10⁻⁴"),
        (0.0005, 3, "0.001"),
        (-2e-12, 3, "−2.00·10⁻¹²"),
    ],
)
def test_decimal(javascript, value, digits, text):
    assert javascript("decimal", value, digits) == text


@pytest.mark.parametrize(
    "value, tex",
    [(-0.5, "-0.50"), (0, "0.00"), (1.5e86, r"1.50\cdot 10^{86}"), (-1e300, r"-1.00\cdot 10^{300}")],
)
def test_tex_decimal(javascript, value, tex):
    assert javascript("texDecimal", value) == tex


def test_tex_decimal_of_a_small_number(javascript):
    assert javascript("texDecimal", -3e-7, 3) == r"-3.00\cdot 10^{-7}"


@pytest.mark.parametrize("exponent, text", [(0, "⁰"), (-12, "⁻¹²"), (3456789, "³⁴⁵⁶⁷⁸⁹")])
def test_superscript(javascript, exponent, text):
    assert javascript("superscript", exponent) == text


@pytest.mark.parametrize(
    "value, text",
    [
        (1, "1"),
        (0.05, "0.05"),
        (0.001, "0.001"),
        (5000, "5000"),
        (1e4, "10⁴"),
        (2e-5, "2·10⁻⁵"),
        (1e-300, "10⁻³⁰⁰"),
    ],
)
def test_log_label(javascript, value, text):
    assert javascript("logLabel", value) == text


@pytest.mark.parametrize(
    "low, high, ticks",
    [
        (0.3, 4, [0.5, 1, 2]),
        (0.9, 60, [1, 10]),
        (1.5, 60, [2, 5, 10, 20, 50]),
        (0.5, 2e4, [1, 10, 100, 1e3, 1e4]),
        (1e-300, 1e300, [1e-300, 1e-200, 1e-100, 1, 1e100, 1e200, 1e300]),
    ],
)
def test_log_ticks(javascript, low, high, ticks):
    assert javascript("logTicks", low, high) == ticks


@given(low=st.floats(-299.5, 298), decades=st.floats(1, 600))
def test_log_ticks_are_few_and_inside(javascript, low, decades):
    low, high = 10**low, 10 ** min(299.5, low + decades)
    ticks = javascript("logTicks", low, high)
    assert 2 <= len(ticks) <= 9
    assert all(low <= tick <= high for tick in ticks)
    assert ticks == sorted(set(ticks))
    assert {f"{tick:.0e}"[0] for tick in ticks} <= {"1", "2", "5"}
