"""The figures on tools without a browser: compiled JavaScript against Python on random states, and checked traits."""

import random

import numpy as np
import pytest
import torch

from helpers.models.determinants import determinant_cost
from helpers.models.projection import project_onto_box, project_onto_segment, projected_gradient_descent
from helpers.widgets import DeterminantCost, DeterminantGradient, NearestPoint
from helpers.widgets.formulas import tools as constants

FIGURES = [DeterminantCost, DeterminantGradient, NearestPoint]


@pytest.fixture(scope="module")
def javascript(functions_of):
    """Call functions of the figures: a list of (name, arguments) → the list of their results."""
    call = functions_of(
        generated="generated/tools.js",
        products="tools/products.js",
        matrices="tools/matrices.js",
        descent="tools/descent.js",
    )
    return lambda calls: [call(name, *values) for name, values in calls]


def test_costs(javascript):
    sizes = [2, 3, 4, 5, 10, 64, 169, 170, 999]
    for size, found in zip(sizes, javascript([("costs", [size]) for size in sizes]), strict=True):
        for method in ("diagonal", "rank_one", "elimination"):
            assert found[method] == pytest.approx(float(determinant_cost(method, size)), rel=1e-14)
        if size < constants.LARGEST_LEIBNIZ:
            assert found["leibniz"] == pytest.approx(float(determinant_cost("leibniz", size)), rel=1e-14)
        else:
            assert found["leibniz"] == "Infinity"


@pytest.mark.parametrize("precision, dtype", [("float32", np.float32), ("float64", np.float64)])
def test_products_are_rounded_as_numpy_rounds_them(javascript, precision, dtype):
    factors = [0.05, 0.1, 0.35, 1.0, 2.5, 3.0]
    results = javascript([("products", [factor, 1000, precision]) for factor in factors])
    for factor, found in zip(factors, results, strict=True):
        with np.errstate(all="ignore"):
            expected = np.multiply.accumulate(np.array([1, *[factor] * 1000], dtype=dtype))
        np.testing.assert_array_equal(np.array(found, dtype=float), expected.astype(float))


def test_the_number_of_factors_that_underflows(javascript):
    found = [javascript([("products", [0.1, 400, name])])[0] for name in ("float32", "float64")]
    assert javascript([("leavesRangeAt", [values]) for values in found]) == [46, 324]
    assert javascript([("leavesRangeAt", [[1, 0.5]])]) == [None]
    assert javascript([("logOfProduct", [400, 0.1])])[0] == pytest.approx(-400)


def random_states(count, seed):
    draw = random.Random(seed)
    for index in range(count):
        yield {
            "structure": ("full", "triangular", "diagonal")[index % 3],
            "row": draw.randint(1, 4),
            "column": draw.randint(1, 4),
            "value": round(draw.uniform(-3, 3), 2),
        }


def expected_matrix(state):
    matrix = np.array(constants.BASE.tolist(), dtype=float)
    matrix[state["row"] - 1, state["column"] - 1] = state["value"]
    return {"full": lambda m: m, "triangular": np.tril, "diagonal": lambda m: np.diag(np.diag(m))}[
        state["structure"]
    ](matrix)


def test_log_determinant_and_gradient(javascript):
    states = list(random_states(120, 4))
    for state, found in zip(states, javascript([("analyse", [state]) for state in states]), strict=True):
        matrix = expected_matrix(state)
        np.testing.assert_array_equal(found["matrix"], matrix)
        sign, log_abs_det = np.linalg.slogdet(matrix)
        if abs(np.linalg.det(matrix)) < 0.02:
            continue
        assert found["determinant"] == pytest.approx(sign * np.exp(log_abs_det), rel=1e-10)
        assert found["logAbsDeterminant"] == pytest.approx(log_abs_det, abs=1e-10)
        gradient = np.linalg.inv(matrix).T
        free = {"full": np.ones((4, 4)), "triangular": np.tril(np.ones((4, 4))), "diagonal": np.eye(4)}
        expected = gradient * free[state["structure"]]
        np.testing.assert_allclose(found["gradient"], expected, rtol=1e-9, atol=1e-9)
        if state["structure"] != "full":  # exact zeros, which the picture leaves empty
            assert (np.array(found["gradient"])[~np.eye(4, dtype=bool)] == 0).all()


def test_descent(javascript):
    draw = random.Random(2)
    curvatures = torch.tensor([float(h) for h in constants.CURVATURES], dtype=torch.float64)
    lowest = torch.tensor([float(m) for m in constants.MINIMUM], dtype=torch.float64)
    onto = {
        "segment": lambda x: project_onto_segment(x, float(constants.SEGMENT_AT)),
        "box": lambda x: project_onto_box(x, 0, 1),
        "plane": lambda x: x,
    }
    states = [
        {
            "target": target,
            "point": [draw.uniform(-1, 2), draw.uniform(-1, 2)],
            "learning_rate": draw.choice([0, 0.2, 0.5, 0.8]),
        }
        for target in onto
        for _ in range(15)
    ]
    for state, found in zip(states, javascript([("path", [state, 40]) for state in states]), strict=True):
        start = torch.tensor(state["point"], dtype=torch.float64)
        expected = projected_gradient_descent(
            lambda x: curvatures * (x - lowest), start, state["learning_rate"], 40, onto[state["target"]]
        )
        np.testing.assert_allclose(found["points"], expected.numpy(), rtol=1e-9, atol=1e-12)
        assert len(found["before"]) == 40
    (border,) = javascript([("largestLearningRate", [])])
    assert border == pytest.approx(2 / max(map(float, constants.CURVATURES)))


@pytest.mark.parametrize(
    "figure, name, value, expected",
    [
        (DeterminantCost, "dimension", 1, "a whole number from 2 to 1000"),
        (DeterminantCost, "dimension", 2.5, "a whole number from 2 to 1000"),
        (DeterminantCost, "factor", 0, "a number from 0.05 to 3"),
        (DeterminantGradient, "structure", "upper", "one of full, triangular, diagonal"),
        (DeterminantGradient, "row", 5, "a whole number from 1 to 4"),
        (DeterminantGradient, "value", 3.5, "a number from -3 to 3"),
        (NearestPoint, "target", "disc", "one of segment, box, plane"),
        (NearestPoint, "point", (1.0,), "two finite numbers"),
        (NearestPoint, "learning_rate", 0.9, "a number from 0 to 0.8"),
        (NearestPoint, "step", -1, "a whole number from 0 to 40"),
    ],
)
def test_bad_values_are_refused(figure, name, value, expected):
    with pytest.raises(ValueError) as raised:
        figure(**{name: value})
    assert str(raised.value).startswith(f"{name}: got {value!r}, expected {expected}")
