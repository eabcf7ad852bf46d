"""What is printed means what was given: the text is read back by rules of its own and evaluated."""

import random
import re

import pytest
import sympy as sp

from helpers.notation import one_line, to_latex

x, y, eta = sp.symbols("x y eta")
A, B, C = (sp.MatrixSymbol(name, 2, 2) for name in "ABC")
LEAVES = [x, y, eta, sp.Integer(2), sp.Integer(3), sp.Integer(-1), sp.Rational(1, 2), sp.Rational(-2, 3)]


def build(generator, depth):
    """A random formula as Python would read it: sums, differences, products, quotients, powers."""
    if depth == 0:
        return generator.choice(LEAVES)
    left, right = build(generator, depth - 1), build(generator, depth - generator.choice((1, depth)))
    kind = generator.randrange(6)
    if kind == 0:
        return left + right
    if kind == 1:
        return left - right
    if kind == 2:
        return left * right
    if kind == 3:
        return left / right
    return -left if kind == 4 else left**2


def from_text(text):
    for digit, power in zip("²³", "23", strict=True):
        text = text.replace(digit, f"**{power}")
    return text.replace("η", "eta")


def from_latex(text):
    """TeX of such formulas as Python: fractions, powers, brackets, products by juxtaposition."""
    text = re.sub(r"\\left\(|\\left\[", "(", text)
    text = re.sub(r"\\right\)|\\right\]", ")", text)
    text = re.sub(r"\\eta(?![a-z])", "eta", text).replace(r"\cdot", "*")
    while match := re.search(r"\\frac\{([^{}]*)\}\{([^{}]*)\}|\^\{([^{}]*)\}", text):
        above, below, power = match.groups()
        new = f"**({power})" if above is None else f"(({above})/({below}))"
        text = text[: match.start()] + new + text[match.end() :]
    return re.sub(r"(?<=[\w)]) +(?=[\w(])", " * ", text)


def evaluate(source, point):
    return eval(source, {"__builtins__": {}}, {s.name: value for s, value in point.items()})


@pytest.mark.parametrize("seed", range(300))
def test_a_formula_and_its_texts_have_one_value(seed):
    """300 random formulas, seeds fixed, at one point each: a lost sign or bracket would change most values."""
    with sp.evaluate(False):
        written = build(random.Random(seed), 4)
    point = {x: 1.37, y: -0.61, eta: 0.23}
    evaluated = written.doit()
    if evaluated.has(sp.zoo, sp.nan):
        return  # a division by zero, as x/(2 - 2): there is no value to compare
    value = complex(evaluated.subs(point))
    for text, as_python in ((one_line, from_text), (to_latex, from_latex)):
        source = as_python(text(written, as_written=True))
        assert evaluate(source, point) == pytest.approx(value, rel=1e-9), source


@pytest.mark.parametrize(
    "expression, expected",
    [
        ((A - B).subs(B, B + C), r"A - \left(B + C\right)"),
        ((A - 2 * B).subs(B, B + C), r"A - 2 \left(B + C\right)"),
        (sp.And(x > 0, sp.Or(y > 0, eta > 0)), r"\left("),
        (1 + eta**2, r"1 + \eta^{2}"),
        (1 - eta * x, r"1 - \eta x"),
        (sp.Identity(2) + eta * A, r"I + \eta A"),
        (sp.Determinant(A), r"\det\left(A\right)"),
        (A / 2, r"\frac{1}{2} A"),
        (sp.true, r"\text{always}"),
    ],
)
def test_latex_as_the_book_writes_it(expression, expected):
    assert (
        to_latex(expression).startswith(expected)
        if expected == r"\left("
        else to_latex(expression) == expected
    )


def test_what_follows_a_derivative_or_a_limit_is_kept_out_of_it():
    with sp.evaluate(False):
        product, limit = sp.Derivative(x**2, x) * y, sp.Limit(x, x, 0) * y
    assert to_latex(product, as_written=True) == r"\left(\frac{d}{d x} x^{2}\right) y"
    assert to_latex(limit, as_written=True) == r"\left(\lim_{x \to 0^+} x\right) y"


def test_a_sum_over_a_sum_is_a_term_as_it_was_written():
    L, i = sp.symbols("L i", integer=True, positive=True)
    with sp.evaluate(False):
        written = L - (2 + sp.Sum(L + i + 1, (i, 1, L)))
    assert one_line(written, as_written=True) == "L - (2 + Sum(L + i + 1, (i, 1, L)))"
    assert r"\sum_{i=1}^{L} \left(L + i + 1\right)" in to_latex(written, as_written=True)


def test_or_inside_and_keeps_its_brackets_on_one_line():
    assert one_line(sp.And(x > 0, sp.Or(y > 0, eta > 0))) == "(η > 0 or y > 0) and x > 0"
