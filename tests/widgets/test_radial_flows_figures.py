"""The figures on radial flows: their JavaScript against its Python twin on random points, and their traits."""

import math

import numpy as np
import pytest
import sympy as sp
import torch

from helpers.models import flows
from helpers.widgets import RadialDensity, RadialWarp, SeriesError


@pytest.fixture(scope="module")
def javascript(functions_of):
    """Call functions of the figures, many at once: `javascript([["slope", r, alpha, beta], ...])`."""
    call = functions_of(generated="generated/radial_flows.js", flow="radial_flows/flow.js")
    return lambda calls: [call(*each) for each in calls]


@pytest.fixture(scope="module")
def states():
    """Random (r, alpha, beta) with beta on both sides of the limit."""
    random = np.random.default_rng(0)
    alpha = random.uniform(0.2, 2, 200)
    return np.stack([random.uniform(0, 3, 200), alpha, random.uniform(-3, 3, 200)], axis=1)


def close(found, expected, tolerance=1e-11):
    np.testing.assert_allclose(
        np.array(found, dtype=float), np.array(expected, dtype=float), rtol=tolerance, atol=tolerance
    )


@pytest.mark.parametrize(
    "name, formula",
    [
        ("stretch", flows.radial_stretch),
        ("distance", flows.radial_distance),
        ("slope", flows.radial_slope),
    ],
)
def test_the_compiled_formulas_are_pythons(javascript, states, name, formula):
    close(javascript([[name, *state] for state in states.tolist()]), [formula(*state) for state in states])


def test_images_log_determinants_and_ways_back_are_those_of_the_module(javascript, states):
    """Within the limit, at random centres and points of the plane."""
    random = np.random.default_rng(1)
    calls, expected = [], []
    for _, alpha, beta in states[states[:, 2] >= -states[:, 1]].tolist():
        point, center = random.normal(size=(2, 2)).tolist()
        s = {"alpha": alpha, "beta": beta}
        flow = flows.RadialFlow(torch.tensor(center, dtype=torch.float64), alpha, beta)
        image, log_det = flow(torch.tensor(point, dtype=torch.float64))
        distance = math.dist(point, center)
        calls += [["image", point, s, center], ["source", image.tolist(), s, center]]
        calls += [["logDetAt", distance, s, 2]]
        expected += [*image.tolist(), *point, log_det.item()]
    found = np.hstack(javascript(calls))
    close(found, expected, 1e-9)


@pytest.mark.parametrize("dimension", [1, 2, 5])
def test_the_pushed_density_is_the_module_and_the_normal_density(javascript, states, dimension):
    random = np.random.default_rng(2)
    calls, densities, log_dets = [], [], []
    for _, alpha, beta in states[states[:, 2] > -states[:, 1] + 0.05][:60].tolist():
        point, center = random.normal(size=(2, 2)).tolist()
        if dimension == 1:
            point[1] = center[1] = 0.0
        calls.append(
            [
                "pushForward",
                point,
                {"alpha": alpha, "beta": beta, "center": center, "dimension": dimension},
            ]
        )
        pad = [0.0] * (dimension - 2)
        whole = torch.tensor((point + pad)[:dimension], dtype=torch.float64)
        flow = flows.RadialFlow(torch.tensor((center + pad)[:dimension], dtype=torch.float64), alpha, beta)
        x, log_det_back = flow.inverse(whole)
        base = torch.distributions.Normal(0.0, 1.0).log_prob(x).sum()
        densities.append((base + log_det_back).item())
        log_dets.append(-log_det_back.item())
    found = javascript(calls)
    close([row["logDensity"] for row in found], densities, 1e-8)
    close([row["logDet"] for row in found], log_dets, 1e-8)


def test_a_folded_flow_is_known_by_two_radii(javascript, states):
    folded = [{"alpha": alpha, "beta": beta} for _, alpha, beta in states.tolist() if beta < -alpha]
    assert len(folded) > 20
    found = javascript([["fold", s] for s in folded])
    for s, radii in zip(folded, found, strict=True):
        alpha, beta = s["alpha"], s["beta"]
        assert 0 < radii["turning"] < radii["collapse"]
        assert flows.radial_distance(radii["collapse"], alpha, beta) == pytest.approx(0, abs=1e-12)
        assert flows.radial_slope(radii["turning"], alpha, beta) == pytest.approx(0, abs=1e-9)
    assert javascript([["fold", {"alpha": 0.3, "beta": -0.3}], ["kind", {"alpha": 0.3, "beta": -0.3}]]) == [
        None,
        "edge",
    ]


def test_orientation_is_the_sign_of_the_determinant(javascript, states):
    found = javascript([["isTurned", r, {"alpha": a, "beta": b}] for r, a, b in states.tolist()])
    assert found == [flows.radial_determinant(r, a, b, 2) < 0 for r, a, b in states]
    assert {True, False} == set(found)


@pytest.mark.parametrize("size", [0.1, 0.7, 0.95])
@pytest.mark.parametrize("degrees", [0.0, 60.0, 90.0, 180.0])
def test_the_series_its_remainders_and_its_bound(javascript, size, degrees):
    angle = math.radians(degrees)
    matrix = size * np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    exact = np.linalg.slogdet(np.eye(2) + matrix)[1]
    at = {"lipschitz": size, "theta": angle}
    whole, rows, *partial = javascript(
        [["wholeLogDet", size, angle], ["remainders", at, 40], *(["partialSum", at, n] for n in range(41))]
    )
    assert whole == pytest.approx(exact, abs=1e-12)
    sums = np.cumsum(
        [0.0] + [(-1) ** (k + 1) / k * np.trace(np.linalg.matrix_power(matrix, k)) for k in range(1, 41)]
    )
    close(partial, sums)
    close([row["error"] for row in rows], np.abs(exact - sums), 1e-12)
    for n in (0, 1, 5, 40):
        bound = float(sp.N(flows.truncation_bound(2, sp.Rational(str(size)), n), 30))
        assert rows[n]["bound"] == pytest.approx(bound, rel=1e-9)
    assert all(row["error"] <= row["bound"] * (1 + 1e-12) + 1e-300 for row in rows)
    if degrees == 180:
        close([row["error"] for row in rows], [row["bound"] for row in rows], 1e-9)


@pytest.mark.parametrize(
    "figure, traits",
    [
        (RadialWarp, {"alpha": 1.0, "beta": 1.0, "radius": 1.0}),
        (RadialDensity, {"alpha": 1.0, "beta": 1.0, "dimension": 2, "center": (0.6, 0.4)}),
        (SeriesError, {"lipschitz": 0.7, "angle": 60.0, "terms": 5}),
    ],
)
def test_traits_and_descriptions(figure, traits):
    made = figure()
    assert {name: getattr(made, name) for name in figure.state_names()} == traits
    html = made.to_html()
    assert f'data-widget="{figure.widget}"' in html and figure.alt[:40] in html
    assert len(figure.caption) > 40


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: RadialWarp(alpha=0.1), r"alpha: got 0\.1, expected a number from 0\.2 to 2"),
        (lambda: RadialWarp(beta=-3.1), r"beta: got -3\.1"),
        (lambda: RadialDensity(dimension=2.5), r"dimension: got 2\.5, expected a whole number from 1 to 8"),
        (lambda: RadialDensity(center=(1, 2, 3)), r"center: got \(1, 2, 3\)"),
        (lambda: SeriesError(lipschitz=1.0), r"lipschitz: got 1\.0"),
        (lambda: SeriesError(terms=0), r"terms: got 0"),
    ],
)
def test_values_out_of_range_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_linked_figures_share_what_both_have():
    warp = RadialWarp(beta=0.5)
    density = RadialDensity(linked_to=warp)
    assert density.beta == 0.5
    warp.alpha = 1.5
    assert density.alpha == 1.5
