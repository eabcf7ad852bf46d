"""One expression, four languages: NumPy, PyTorch and JavaScript against SymPy's own 30 digits."""

import json
import math
import subprocess

import numpy
import pytest
import sympy
import torch
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sympy import I, Matrix, Max, Min, Mod, Piecewise, Rational, exp, log, pi, sqrt, symbols

from helpers.codegen import to_javascript, to_latex, to_numpy, to_torch
from helpers.devices import available, supports_float64

# p is positive in the tests, the others have either sign
x, y, p, eta, lamda, new, x_prime, E = symbols("x y p η lambda new x' E")
SYMBOLS = [x, y, p, eta, lamda, new, x_prime, E]

EXPRESSIONS = {
    "polynomial": 3 * x**2 * y - y**3 / 7 + Rational(2, 3),
    "order": x - 2 * y + 3 * p - 4 * eta + 5 * lamda - 6 * new + 7 * x_prime - 8 * E,
    "integer_quotient": Rational(1, 3) * x + Rational(-7, 2),
    "negative_powers": p**-1 + p**-2 + (p + 1) ** -3 + p ** Rational(-1, 2) + p ** Rational(-3, 2),
    "fractional_powers": sqrt(p) * p ** Rational(1, 3) + (p + 1) ** Rational(5, 4),
    "power_of_negative": (-x) ** 2 - x**2 + (-2) ** 3 * y + (-p) ** 4,
    "variable_exponents": p**x + 2**y + p ** (-x),
    "constants": pi * x + sympy.E * y + sqrt(2) + log(Rational(1, 2)) - exp(sqrt(2)) * x + sympy.Float(0.1),
    "exponential": exp(-(x**2) / 2) / sqrt(2 * pi) + log(p) * exp(x),
    "trigonometric": sympy.sin(x) + sympy.cos(y) * sympy.tan(x / 2) + sympy.atan(x) + sympy.atan2(y, p),
    "inverse_trigonometric": sympy.asin(x / 3) + sympy.acos(y / 3),
    "hyperbolic": sympy.sinh(x) + sympy.cosh(y) + sympy.tanh(x * y),
    "inverse_hyperbolic": sympy.asinh(x) + sympy.acosh(p + 1) + sympy.atanh(y / 3),
    "steps": abs(x) + sympy.sign(y) + sympy.floor(x) + sympy.ceiling(y) + sympy.Heaviside(x),
    "remainder": Mod(x, 3) + Mod(y, -1),
    "extremes": Max(x, y, 0) - 2 * Min(x, 1, p),
    "branches": Piecewise(
        (x**2, x < 0), (sqrt(p) / 3, (x < 1) & (y > 0)), (1, sympy.Ne(x, 1)), (x - 5, True)
    ),
    "negated_condition": Piecewise((1, ~((x < 0) | (y >= 0))), (p, True)),
    "shared": exp(x) * sympy.sin(exp(x)) + (1 + exp(x)) ** 2 / (1 + exp(x) ** 3),
    "matrix": Matrix([[1, -eta, x], [lamda * new, exp(-(x_prime**2)), E / 3]]),
    "column": Matrix([x, y + eta, 2]),
    "nested": [x, (Matrix([[x, y]]), [p]), 5],
}


@pytest.fixture(scope="module")
def run_javascript(node):
    """Every function at every argument list, in one process: one dictionary of results an argument list."""

    def run(sources: dict[str, str], arguments: list) -> list[dict]:
        script = "".join(
            [
                *(f"{source}\n" for source in sources.values()),
                f"const functions = {{{', '.join(sources)}}}, points = {json.dumps(arguments)};",
                # JSON has no NaN and no Infinity
                "const text = (k, v) => typeof v === 'number' && !Number.isFinite(v) ? String(v) : v;",
                "const values = (a) => Object.entries(functions).map(([n, f]) => [n, f(...a)]);",
                "console.log(JSON.stringify(points.map((a) => Object.fromEntries(values(a))), text));",
            ]
        )
        done = subprocess.run([node], input=script, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def exact(expr, values: dict):
    """The expression by SymPy alone, to 30 digits, as nested lists of floats."""
    if isinstance(expr, list | tuple):
        return [exact(item, values) for item in expr]
    if isinstance(expr, sympy.MatrixBase):
        return [[exact(entry, values) for entry in row] for row in expr.tolist()]
    return float(sympy.sympify(expr).subs(values).evalf(30))


def as_lists(result):
    return [as_lists(item) for item in result] if isinstance(result, list | tuple) else result.tolist()


def assert_close(got, expected, label):
    """Equal shape, and each number within 1e-12 of 1 or of its magnitude.

    Inputs are at most 3 in magnitude, so that no intermediate result passes about 1e3 and rounding stays
    below 1e3 · 2⁻⁵³ ≈ 1e-13.
    """
    if isinstance(expected, list):
        assert isinstance(got, list) and len(got) == len(expected), label
        for g, e in zip(got, expected, strict=True):
            assert_close(g, e, label)
    else:
        assert abs(got - expected) <= 1e-12 * max(1.0, abs(expected)), (label, got, expected)


signed = st.floats(-2, 2, allow_subnormal=False).map(lambda v: v + 0.0)  # no -0.0: SymPy has one zero
positive = st.floats(0.125, 3)
points = st.lists(
    st.tuples(*(positive if s is p else signed for s in SYMBOLS)), min_size=8, max_size=12, unique=True
)


BACKENDS = {
    "NumPy": {name: to_numpy(expr, SYMBOLS) for name, expr in EXPRESSIONS.items()},
    "PyTorch": {name: to_torch(expr, SYMBOLS) for name, expr in EXPRESSIONS.items()},
}
JAVASCRIPT = {name: to_javascript(expr, SYMBOLS, name) for name, expr in EXPRESSIONS.items()}


# without shrinking: the message names the expression, the backend and the point as it is
@settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate])
@given(points)
def test_the_three_backends_agree_with_sympy(run_javascript, points):
    for point, computed in zip(points, run_javascript(JAVASCRIPT, points), strict=True):
        values = {s: sympy.Float(v, 40) for s, v in zip(SYMBOLS, point, strict=True)}
        for name, expr in EXPRESSIONS.items():
            expected = exact(expr, values)
            assert_close(computed[name], expected, ("JavaScript", name, point))
            for backend, functions in BACKENDS.items():
                assert_close(as_lists(functions[name](*point)), expected, (backend, name, point))


@pytest.mark.parametrize("name", EXPRESSIONS)
@pytest.mark.parametrize("compile_to", [to_numpy, to_torch])
def test_a_batch_is_its_points(name, compile_to):
    function = compile_to(EXPRESSIONS[name], SYMBOLS)
    random = numpy.random.default_rng(1)
    shapes = [(3, 1), (4,), (), (1, 4), (1,), (3, 4), (1, 1), (4,)]
    arrays = [random.uniform(0.2, 2, shape) for shape in shapes]
    if compile_to is to_torch:
        batch = as_lists_of_arrays(function(*map(torch.from_numpy, map(numpy.asarray, arrays))))
    else:
        batch = as_lists_of_arrays(function(*arrays))
    full = numpy.broadcast_arrays(*arrays)
    for index in numpy.ndindex(3, 4):
        single = as_lists_of_arrays(function(*(float(array[index]) for array in full)))
        for b, s in zip(batch, single, strict=True):
            assert b.shape == (3, 4, *s.shape)
            numpy.testing.assert_allclose(b[index], s, rtol=1e-13, atol=1e-13)


def as_lists_of_arrays(result) -> list[numpy.ndarray]:
    if isinstance(result, list | tuple):
        return [array for item in result for array in as_lists_of_arrays(item)]
    return [numpy.asarray(result)]


def test_matrix_shapes():
    assert to_numpy(Matrix([x, 2]), [x])(numpy.ones((5, 3))).shape == (5, 3, 2, 1)
    assert to_torch(Matrix([[x, 2]]), [x])(torch.ones(5, 3)).shape == (5, 3, 1, 2)
    assert to_numpy(sympy.eye(2), [])().shape == (2, 2)
    assert isinstance(to_numpy(x + 1, [x])(1.0), float)


@pytest.mark.parametrize("compile_to", [to_numpy, to_torch])
def test_lists_and_tuples_come_back_as_they_were_given(compile_to):
    function = compile_to([x, (x + 1, [x**2])], [x])
    assert function(2.0) == [2.0, (3.0, [4.0])]


def test_result_owns_its_memory():
    # a constant is one number broadcast: writing to one entry must not change the others
    for constant in (to_numpy(sympy.S(3), [x])(numpy.ones(4)), to_torch(sympy.S(3), [x])(torch.ones(4))):
        constant[0] = 7
        assert constant.tolist() == [7, 3, 3, 3]


def test_common_subexpressions_are_computed_once():
    # SymPy itself writes exp(x)**2 as exp(2*x), another number: the parts here have exp(x) alone
    shared = exp(x) / (1 + exp(x))
    assert to_javascript([shared, Matrix([sqrt(shared + 1), exp(x)])], [x], "f").count("Math.exp(") == 1
    assert to_numpy([shared, Matrix([sqrt(shared + 1), exp(x)])], [x]).__doc__.count("exp(") == 1
    assert to_torch([shared, Matrix([sqrt(shared + 1), exp(x)])], [x]).__doc__.count("exp(") == 1


def test_a_temporary_does_not_take_an_arguments_name(run_javascript):
    t0, t1 = symbols("t0 t1")
    expr = exp(t0) * sympy.sin(exp(t0)) + t1 * sympy.cos(exp(t0))
    value = math.exp(0.5) * math.sin(math.exp(0.5)) + 3 * math.cos(math.exp(0.5))
    assert to_numpy(expr, [t0, t1])(0.5, 3.0) == pytest.approx(value, rel=1e-14)
    assert run_javascript({"f": to_javascript(expr, [t0, t1], "f")}, [[0.5, 3.0]])[0]["f"] == pytest.approx(
        value, rel=1e-14
    )


def test_a_temporary_does_not_take_the_name_of_an_argument_that_is_not_used(run_javascript):
    t0 = sympy.Symbol("t0")
    source = to_javascript(exp(x) * sympy.sin(exp(x)), [t0, x], "f")
    expected = math.exp(0.5) * math.sin(math.exp(0.5))
    assert run_javascript({"f": source}, [[7.0, 0.5]])[0]["f"] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    "names",
    [
        ["η", "eta"],
        ["x_1", "x_{1}", "x 1"],
        ["x'", "x''"],
        ["lambda", "lambda_", "in", "let", "None", "async", "arguments", "eval", "Math", "NaN", "undefined"],
        ["xp", "constant", "f", "1x", "é", "θ̂", "Σ_t", "class"],
    ],
)
def test_awkward_names_stay_distinct_and_in_order(run_javascript, names):
    arguments = [sympy.Symbol(name) for name in names]
    expr = sum((k + 1) * argument for k, argument in enumerate(arguments)) + exp(arguments[0])
    values = [0.5 * (k + 1) for k in range(len(names))]
    expected = sum((k + 1) * v for k, v in enumerate(values)) + math.exp(values[0])
    assert to_numpy(expr, arguments)(*values) == pytest.approx(expected, rel=1e-14)
    assert to_torch(expr, arguments)(*values).item() == pytest.approx(expected, rel=1e-14)
    strict = '"use strict"; ' + to_javascript(expr, arguments, "f")
    assert run_javascript({"f": strict}, [values])[0]["f"] == pytest.approx(expected, rel=1e-14)


def test_greek_is_spelled_out():
    assert to_javascript(eta + sympy.Symbol("Γ_1"), [eta, sympy.Symbol("Γ_1")], "f").startswith(
        "function f(eta, Gamma_1) {"
    )


def test_outside_the_domain_is_nan_or_infinite(run_javascript):
    expr = [
        sqrt(x),
        1 / x,
        log(x),
        x ** Rational(1, 3),
        Piecewise((1, x > 0)),
        sympy.oo * sympy.S(1),
        exp(800 - x),
    ]
    computed = run_javascript({"f": to_javascript(expr, [x], "f")}, [[-1], [0]])
    assert computed[0]["f"] == ["NaN", -1, "NaN", "NaN", "NaN", "Infinity", "Infinity"]
    assert computed[1]["f"] == [0, "Infinity", "-Infinity", 0, "NaN", "Infinity", "Infinity"]
    with numpy.errstate(all="ignore"):
        numpy.testing.assert_array_equal(
            to_numpy(expr, [x])(-1), [math.nan, -1, *[math.nan] * 3, *[math.inf] * 2]
        )
    numpy.testing.assert_array_equal(
        to_torch(expr, [x])(-1), [math.nan, -1, *[math.nan] * 3, *[math.inf] * 2]
    )


@pytest.mark.filterwarnings("error")
def test_a_guarded_division_does_not_warn():
    sinc = Piecewise((sympy.sin(x) / x, sympy.Ne(x, 0)), (1, True))
    assert to_numpy(sinc, [x])(numpy.array([0.0, math.pi / 2])).tolist() == [1.0, 1 / (math.pi / 2)]


def test_large_integers_and_rationals_do_not_overflow(run_javascript):
    expr = x + Rational(10**400, 10**399 + 1) + sympy.Integer(2) ** 70 * x
    assert to_torch(expr, [x])(1.0).item() == to_numpy(expr, [x])(1.0) == 1.0 + 10.0 + 2.0**70
    assert run_javascript({"f": to_javascript(expr, [x], "f")}, [[1.0]])[0]["f"] == 1.0 + 10.0 + 2.0**70


# ---------------------------------------------------------------- complex numbers


def test_complex_expressions():
    z = [
        I * x + sqrt(1 - x),
        abs(x + 2 * I),
        Max(x, 2) + I,
        Piecewise((I, x > 1), (x, True)),
        (-1) ** Rational(1, 3),
    ]
    expected = [3j + 1j * math.sqrt(2), math.hypot(3, 2), 3 + 1j, 1j, complex(0.5, math.sqrt(3) / 2)]
    for compile_to in (to_numpy, to_torch):
        results = compile_to(z, [x])(3.0)
        numpy.testing.assert_allclose([complex(result) for result in results], expected, rtol=1e-14)
    assert to_torch(I * x, [x])(torch.ones(2)).dtype == torch.complex64
    assert to_numpy(I * x, [x])(numpy.ones(2)).dtype == numpy.complex128
    with pytest.raises(ValueError, match="real and imaginary parts"):
        to_javascript(x * I, [x], "f")
    with pytest.raises(ValueError, match="real and imaginary parts"):
        to_javascript(x * (-1) ** Rational(1, 3), [x], "f")


def test_complex_input():
    assert to_numpy(x**2, [x])(1j) == -1
    assert to_torch(sympy.sign(x), [x])(torch.tensor(3 + 4j)).item() == pytest.approx(0.6 + 0.8j)
    assert to_numpy(sympy.conjugate(x) * sympy.re(x), [x])(2 + 1j) == 4 - 2j


# ---------------------------------------------------------------- PyTorch


@pytest.mark.parametrize("device", available(), ids=str)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_torch_keeps_dtype_and_device(device, dtype):
    if dtype == torch.float64 and not supports_float64(device):
        pytest.skip(f"{device} has no float64")
    expr = [
        Matrix([[x / 3, 1]]),
        Piecewise((Rational(1, 3), x > 0), (y, True)),
        Max(x, 0),
        sympy.S(2),
        sqrt(2) * x,
    ]
    values = torch.linspace(0.1, 1, 4, dtype=dtype, device=device)
    results = to_torch(expr, [x, y])(values, 0.1)
    assert all(result.dtype == dtype and result.device == values.device for result in results)
    # 1/3 must be the nearest number of the dtype, not one rounded through float32
    assert results[1][0].item() == torch.tensor(1 / 3, dtype=dtype).item()


def test_dtypes_of_mixed_inputs():
    assert to_torch(x + y, [x, y])(torch.tensor(0.1), 0.1).dtype == torch.float32
    assert to_torch(x + y, [x, y])(torch.tensor(0.1), torch.tensor(0.1).double()).dtype == torch.float64
    assert to_torch(x + y, [x, y])(torch.arange(3), 1).dtype == torch.float64
    for kinds in (("float32", "float64"), ("float64", "float32")):
        first, second = (numpy.ones(2, dtype=kind) for kind in kinds)
        assert to_numpy(x + y, [x, y])(first, second).dtype == numpy.float64
    assert to_numpy(x**-1, [x])(numpy.arange(1, 3)).tolist() == [1.0, 0.5]
    assert to_numpy(x / 3, [x])(numpy.float32([1])).dtype == numpy.float32
    assert to_torch(x, [x])(0.1).item() == 0.1  # and not 0.1 rounded to float32 on the way


SMOOTH = ["polynomial", "negative_powers", "variable_exponents", "exponential", "trigonometric", "shared"]


@pytest.mark.parametrize("device", available(), ids=str)
@pytest.mark.parametrize("name", SMOOTH)
def test_autograd_equals_the_symbolic_gradient(device, name):
    if not supports_float64(device):
        pytest.skip(f"{device} has no float64")
    variables = [x, y, p]
    expr = EXPRESSIONS[name]
    gradient = to_torch([expr.diff(variable) for variable in variables], variables)
    tensors = [
        torch.tensor(value, dtype=torch.float64, device=device, requires_grad=True)
        for value in ([0.3, -1.2], [-0.7, 1.9], [0.4, 2.5])
    ]
    found = torch.autograd.grad(to_torch(expr, variables)(*tensors).sum(), tensors, materialize_grads=True)
    for f, e in zip(found, gradient(*tensors), strict=True):
        torch.testing.assert_close(f, e, rtol=1e-12, atol=1e-12)


def test_torch_func_transforms():
    expr = Matrix([x * y, x + exp(y)])
    function = to_torch(expr, [x, y])
    jacobian = to_torch(expr.jacobian([x, y]), [x, y])
    batch = torch.tensor([[0.3, 1.2], [-0.7, 1.9], [2.0, 0.0]], dtype=torch.float64)

    def vector_map(v):
        return function(v[0], v[1])[:, 0]

    for transform in (torch.func.jacrev, torch.func.jacfwd):
        found = torch.func.vmap(transform(vector_map))(batch)
        torch.testing.assert_close(found, jacobian(batch[:, 0], batch[:, 1]), rtol=1e-13, atol=0)
    # a shared temporary, a condition and a constant entry under vmap
    mixed = to_torch([Piecewise((exp(x) + exp(x) ** 2, x > 0), (1, True)), sympy.S(2), Max(x, 0)], [x])
    torch.testing.assert_close(torch.func.vmap(mixed)(batch[:, 0]), mixed(batch[:, 0]))


# ---------------------------------------------------------------- wrong input


@pytest.mark.parametrize("compile_to", [to_numpy, to_torch, lambda e, s: to_javascript(e, s, "f")])
@pytest.mark.parametrize(
    ("expr", "given_symbols", "error", "message"),
    [
        (x + y, [x], ValueError, "y in expr but not in symbols"),
        (Matrix([[x, eta]]), [x], ValueError, "η in expr"),
        (x, [sympy.Symbol("x", positive=True)], ValueError, "other assumptions"),
        (x, [x, y, x], ValueError, "x is given more than once"),
        (x, ["x"], TypeError, "expected SymPy symbols"),
        ("x", [x], TypeError, "string"),
        (x < 1, [x], TypeError, "expected a SymPy expression"),
        (sympy.zeros(0, 2), [x], ValueError, "no entries"),
        ([], [x], ValueError, "empty sequence"),
        (sympy.MatrixSymbol("A", 2, 2), [x], ValueError, "A in expr"),
        (sympy.gamma(x), [x], ValueError, r"gamma.*gamma\(x\)"),
        (sympy.Function("g")(x), [x], ValueError, r"g\(x\)"),
        (sympy.Function("g")(2) * x, [x], ValueError, r"g\(2\)"),
        (sympy.Integral(sympy.Function("g")(x), (x, 0, y)), [y], ValueError, "Integral"),
        (x + sympy.zoo, [x], ValueError, "zoo"),
    ],
)
def test_wrong_expressions_and_symbols(compile_to, expr, given_symbols, error, message):
    with pytest.raises(error, match=message):
        compile_to(expr, given_symbols)


@pytest.mark.parametrize("name", ["", "a b", "2f", "class", "lambda", "η", None, "f;alert(1)"])
def test_wrong_javascript_names(name):
    with pytest.raises(ValueError, match="name"):
        to_javascript(x, [x], name)


def test_complex_functions_are_not_javascript():
    with pytest.raises(ValueError, match="conjugate"):
        to_javascript(sympy.conjugate(x), [x], "f")


@pytest.mark.parametrize("compile_to", [to_numpy, to_torch])
def test_wrong_values(compile_to):
    function = compile_to(x + eta, [x, eta])
    with pytest.raises(TypeError, match=r"expected 2 values \(x, eta\), got 1"):
        function(1.0)
    with pytest.raises(TypeError, match="eta: expected a number"):
        function(1.0, "a")
    with pytest.raises(ValueError, match=r"x \(2,\), eta \(3,\)"):
        function(numpy.ones(2), numpy.ones(3))


# ---------------------------------------------------------------- LaTeX


def test_latex_of_matrices_and_greek():
    beta, gamma, sigma, unicode_sigma = symbols("beta gamma sigma Σ_t")
    assert (
        to_latex(Matrix([[1, -eta], [eta, lamda]]))
        == r"\begin{bmatrix}1 & - \eta\\\eta & \lambda\end{bmatrix}"
    )
    assert to_latex(beta + gamma + sigma + unicode_sigma) == r"\beta + \gamma + \sigma + \Sigma_{t}"


def test_a_shared_constant_may_hold_another():
    inner = 1 + sqrt(2)
    outer = sympy.sin(inner)
    values = [outer * x, outer**2 + inner * x, sympy.cos(outer + x) + exp(outer)]
    expected = [float(value.subs(x, 2)) for value in values]
    assert to_numpy(values, [x])(2.0) == pytest.approx(expected, rel=1e-14)
