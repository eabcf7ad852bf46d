"""Random true claims: each made by an exact rule, valid under the assumptions of the symbols in it."""

__all__ = ["KINDS", "Pair"]

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from hypothesis import assume
from hypothesis import strategies as st
from sympy import (
    Abs,
    Derivative,
    I,
    Max,
    Min,
    Rational,
    Sum,
    conjugate,
    cos,
    cosh,
    exp,
    im,
    log,
    pi,
    re,
    sign,
    sin,
    sinh,
    sqrt,
    tan,
    tanh,
)

z, w = sp.symbols("z w")
x, y = sp.symbols("x y", real=True)
p, q = sp.symbols("p q", positive=True)
n = sp.Symbol("n", integer=True, positive=True)
k, j = sp.symbols("k j", integer=True)
t = sp.Symbol("t", real=True)
f, g = sp.Function("f"), sp.Function("g")
h = sp.Function("h", positive=True)
N = sp.Symbol("N", integer=True, positive=True)
MATRICES = {size: [sp.MatrixSymbol(name, size, size) for name in "ABC"] for size in (N, sp.Integer(2))}


@dataclass(frozen=True)
class Pair:
    """The claim `lhs relation rhs` for the symbols' values, in the open intervals of `domain` if it has any."""

    lhs: Any
    rhs: Any
    relation: str = "=="
    domain: dict[Any, tuple] | None = None


# What rules are about, one letter a kind of argument

numbers = st.builds(sp.Rational, st.integers(-4, 4), st.sampled_from([1, 1, 2, 3]))
nonzero = numbers.filter(lambda number: number != 0)
smalls = st.integers(2, 3).map(sp.Integer)


def _linear(symbols: Sequence[Any]) -> st.SearchStrategy:
    return st.one_of(
        st.sampled_from(symbols),
        st.builds(lambda a, s, b: a * s + b, nonzero, st.sampled_from(symbols), numbers),
        st.builds(lambda s, a, r: s + a * r, st.sampled_from(symbols), nonzero, st.sampled_from(symbols)),
    )


positives = st.one_of(
    st.sampled_from([p, q, p + q, 2 * p, p * q, p**2 + 1, x**2 + 1, q / 3, exp(x), p / q, sp.Integer(3)]),
    st.builds(lambda a, s, b: abs(a) * s + b**2, nonzero, st.sampled_from([p, q, y**2]), nonzero),
)
reals = st.one_of(_linear([x, y, p]), st.sampled_from([x * y, x**2 - y, x - q, 1 - x, x + y**2]))
complexes = st.one_of(
    _linear([z, w, x, p]), st.sampled_from([z * w, z**2 + 1, I * z, z - I, x + I * y, z + I * x])
)


def _tree(leaves: Sequence[Any], steps: Sequence[Callable[[Any, Any], Any]], size: int) -> st.SearchStrategy:
    return st.recursive(
        st.one_of(st.sampled_from(leaves), numbers),
        lambda inner: st.one_of(*(st.builds(step, inner, inner) for step in steps)),
        max_leaves=size,
    )


_add, _multiply = (lambda a, b: a + b), (lambda a, b: a * b)
_square, _divide = (lambda a, b: a**2 - b), (lambda a, b: a / (b**2 + 3))
polynomials = _tree([z, w, x, p, I], [_add, _multiply, _multiply, _square], 7)
real_polynomials = _tree([x, y, p], [_add, _multiply, _square], 4)
fractions = _tree([z, w, p, x], [_add, _multiply, _divide, _divide], 6)
coefficients = st.lists(nonzero, min_size=1, max_size=3)
# Functions of one real variable with their derivatives, from the table that every calculus book has.
differentiated = st.one_of(
    st.builds(lambda m, c: lambda s: (c * s**m, c * m * s ** (m - 1)), st.integers(1, 4), nonzero),
    st.builds(lambda a: lambda s: (sin(a * s), a * cos(a * s)), nonzero),
    st.builds(lambda a: lambda s: (cos(a * s), -a * sin(a * s)), nonzero),
    st.builds(
        lambda a: lambda s: (exp(a * s), a * exp(a * s)),
        st.sampled_from([p, *map(sp.Integer, (-2, -1, 1, 2))]),
    ),
    st.builds(
        lambda a: lambda s: (log(s**2 + a), 2 * s / (s**2 + a)), st.sampled_from([sp.S(1), sp.S(2), p])
    ),
    st.just(lambda s: (sp.atan(s), 1 / (1 + s**2))),
    st.just(lambda s: (sqrt(s**2 + 1), s / sqrt(s**2 + 1))),
    st.just(lambda s: (tanh(s), 1 - tanh(s) ** 2)),
    st.just(lambda s: (s * exp(s), (s + 1) * exp(s))),
)
entries = st.sampled_from([0, 1, -1, 2, 3, Rational(1, 2), x, p, z, x + 1, -y, x * y])


@st.composite
def matrix_words(draw: Any) -> tuple:
    """Three matrix expressions of one size, which is symbolic or 2."""
    symbols = draw(st.sampled_from(list(MATRICES.values())))
    letters = st.sampled_from([*symbols, *(symbol.T for symbol in symbols)])
    words = st.one_of(
        letters,
        st.builds(lambda a, b: a * b, letters, letters),
        st.builds(lambda a, c, b: a + c * b, letters, nonzero, letters),
    )
    return tuple(draw(words) for _ in range(3))


def _explicit(size: int) -> st.SearchStrategy:
    return st.lists(entries, min_size=size**2, max_size=size**2).map(
        lambda values: sp.ImmutableMatrix(size, size, values)
    )


ARGUMENTS: dict[str, st.SearchStrategy] = {
    "c": complexes, "r": reals, "p": positives, "q": nonzero, "n": smalls, "P": polynomials, "R": real_polynomials,
    "F": fractions, "C": coefficients, "d": differentiated, "M": _explicit(2), "L": _explicit(3),
    "S": st.sampled_from(list(MATRICES.values())).map(tuple), "W": matrix_words(),
}  # fmt: skip
# A rule: the letters of its arguments, and the two sides (and the relation, if not ==) that they give.
Rule = tuple[str, Callable[..., tuple]]


@st.composite
def from_rules(draw: Any, rules: Sequence[Rule], dressings: Sequence[Callable[[Any, Any], Any]]) -> Pair:
    """A pair by one of the rules, both sides put into the same larger expression, and maybe exchanged."""
    letters, rule = draw(st.sampled_from(rules))
    try:
        lhs, rhs, *relation = rule(*(draw(ARGUMENTS[letter]) for letter in letters))
        if dressings and draw(st.booleans()):
            dressing, other = draw(st.sampled_from(dressings)), draw(reals)
            lhs, rhs = dressing(lhs, other), dressing(rhs, other)
    except (ValueError, TypeError, ArithmeticError):
        lhs = rhs = sp.nan
    assume(not lhs.has(sp.nan, sp.zoo, sp.oo) or lhs.has(Sum, sp.Integral))
    assume(not rhs.has(sp.nan, sp.zoo))
    if not relation and draw(st.booleans()):
        lhs, rhs = rhs, lhs
    return Pair(lhs, rhs, *relation)


PLAIN = [_add, _multiply, lambda a, b: a**2 + b * a, lambda a, b: b - 3 * a]
TERMS = [_add, lambda a, b: b - 3 * a]


def _rewriting(letter: str, *steps: Callable[[Any], Any]) -> list[Rule]:
    return [(letter, lambda e, step=step: (e, step(e))) for step in steps]


POLYNOMIALS = [
    *_rewriting(
        "P", sp.expand, sp.factor, lambda e: sp.collect(sp.expand(e), z), lambda e: sp.expand(e, deep=False)
    ),
    ("PPP", lambda a, b, c: (a * (b - c), a * b - a * c)),
    (
        "PPn",
        lambda a, b, m: ((a + b) ** m, sum(sp.binomial(m, i) * a**i * b ** (m - i) for i in range(m + 1))),
    ),
    ("PP", lambda a, b: (a**3 - b**3, (a - b) * (a**2 + a * b + b**2))),
    ("PPcc", lambda a, b, c, d: ((a * c - b * d) ** 2 + (a * d + b * c) ** 2, (a**2 + b**2) * (c**2 + d**2))),
    ("P", lambda a: (a.subs(z, z + 1), sp.expand(sp.expand(a).subs(z, z + 1)))),
]
FRACTIONS = [
    *_rewriting("F", sp.together, sp.cancel, sp.factor, lambda e: sp.expand(sp.together(e))),
    ("Fc", lambda a, c: (1 / (c * (c + 1)) + a, 1 / c - 1 / (c + 1) + a)),
    ("cc", lambda a, b: (1 / (1 / a + 1 / b), a * b / (a + b))),
    ("ccq", lambda a, b, c: (a / b + c, (a + b * c) / b)),
    ("cn", lambda a, m: (sum(a**i for i in range(m + 1)), (a ** (m + 1) - 1) / (a - 1))),
]
ROOTS = [
    ("pp", lambda a, b: (sqrt(a) * sqrt(b), sp.sqrt(sp.expand(a * b)))),
    ("r", lambda a: (sqrt(sp.expand(a**2)), Abs(a))),
    ("pp", lambda a, b: ((sqrt(a) + sqrt(b)) * (sqrt(a) - sqrt(b)), a - b)),
    ("pp", lambda a, b: (1 / (sqrt(a) + sqrt(b)), (sqrt(a) - sqrt(b)) / (a - b))),
    ("pp", lambda a, b: (sqrt(a + b + 2 * sqrt(a * b)), sqrt(a) + sqrt(b))),
    ("c", lambda a: (sqrt(a) ** 2 + sqrt(a), sqrt(a) * (1 + sqrt(a)))),
    ("pq", lambda a, r: ((a**r) ** Rational(1, 2), a ** (r / 2))),
    ("pn", lambda a, m: ((a**m) ** Rational(1, 3), sp.cbrt(a) ** m)),
    ("pp", lambda a, b: (sqrt(a / b), sqrt(a * b) / b)),
    ("pr", lambda a, r: (sqrt(a * r**2), sqrt(a) * Abs(r))),
]
LOGARITHMS = [
    ("pp", lambda a, b: (log(sp.expand(a * b)), log(a) + log(b))),
    ("pp", lambda a, b: (log(a / b), log(a) - log(b))),
    ("pq", lambda a, r: (log(a**r), r * log(a))),
    ("r", lambda a: (log(exp(a) * 2), a + log(2))),
    ("cc", lambda a, b: (exp(a + b), sp.Mul(exp(a), exp(b), evaluate=False))),
    ("cn", lambda a, m: (exp(a) ** m, exp(m * a))),
    ("pr", lambda a, r: (exp(r * log(a)), a**r)),
    ("prr", lambda a, r, s: (a ** (r + s), sp.Mul(a**r, a**s, evaluate=False))),
    ("rr", lambda a, b: (log(exp(a) + exp(b)), a + log(1 + exp(b - a)))),
    ("r", lambda a: (1 / (1 + exp(-a)), exp(a) / (1 + exp(a)))),
    ("r", lambda a: (log(1 + exp(a)) - log(1 + exp(-a)), a)),
    ("r", lambda a: (1 / (1 + exp(-a)), 1 - 1 / (1 + exp(a)))),
    ("r", lambda a: (log(a**2 + 1), 2 * log(sqrt(a**2 + 1)))),
    ("r", lambda a: (log(a**2), 2 * log(Abs(a)))),
]
TRIGONOMETRY = [
    ("cc", lambda a, b: (sin(a + b), sin(a) * cos(b) + cos(a) * sin(b))),
    ("cc", lambda a, b: (cos(a - b), cos(a) * cos(b) + sin(a) * sin(b))),
    ("c", lambda a: (sin(2 * a), 2 * sin(a) * cos(a))),
    ("c", lambda a: (cos(2 * a), 1 - 2 * sin(a) ** 2)),
    ("c", lambda a: (sin(a) ** 2 + cos(a) ** 2, sp.S.One)),
    ("c", lambda a: (sin(3 * a), 3 * sin(a) - 4 * sin(a) ** 3)),
    ("cc", lambda a, b: (2 * sin(a) * cos(b), sin(a + b) + sin(a - b))),
    ("c", lambda a: (1 + tan(a) ** 2, 1 / cos(a) ** 2)),
    ("c", lambda a: (exp(I * a), cos(a) + I * sin(a))),
    ("c", lambda a: (cosh(a) ** 2 - sinh(a) ** 2, sp.S.One)),
    ("cc", lambda a, b: (sinh(a + b), sinh(a) * cosh(b) + cosh(a) * sinh(b))),
    ("c", lambda a: (tanh(a), (exp(2 * a) - 1) / (exp(2 * a) + 1))),
    ("c", lambda a: (sin(a + pi / 2), cos(a))),
    ("c", lambda a: (cosh(a), cos(I * a))),
    ("r", lambda a: (cos(sp.atan(a)), 1 / sqrt(1 + a**2))),
    ("r", lambda a: (tan(a / 2), sin(a) / (1 + cos(a)))),
]
COMPLEX = [
    ("cc", lambda a, b: (Abs(sp.expand(a * b)), Abs(a) * Abs(b))),
    ("c", lambda a: (a * conjugate(a), Abs(a) ** 2)),
    ("cc", lambda a, b: (conjugate(sp.expand(a * b)), conjugate(a) * conjugate(b))),
    ("c", lambda a: (conjugate(exp(a)), exp(conjugate(a)))),
    ("c", lambda a: (re(a), (a + conjugate(a)) / 2)),
    ("c", lambda a: (im(a), (a - conjugate(a)) / (2 * I))),
    ("r", lambda a: (Abs(exp(I * a)), sp.S.One)),
    ("c", lambda a: (Abs(exp(a)), exp(re(a)))),
    ("cc", lambda a, b: (Abs(a + b) ** 2 + Abs(a - b) ** 2, 2 * Abs(a) ** 2 + 2 * Abs(b) ** 2)),
    ("cc", lambda a, b: (Abs(a + b) ** 2, Abs(a) ** 2 + 2 * re(a * conjugate(b)) + Abs(b) ** 2)),
    ("rr", lambda a, b: (Abs(a + I * b), sqrt(a**2 + b**2))),
    ("r", lambda a: (sign(a) * Abs(a), a)),
    ("rr", lambda a, b: (sign(a * b), sign(a) * sign(b))),
    ("rp", lambda a, b: (Abs(a * b), b * Abs(a))),
    ("cc", lambda a, b: (im(a * b), re(a) * im(b) + im(a) * re(b))),
    ("c", lambda a: (re(I * a), -im(a))),
]
PIECES = [
    ("rr", lambda a, b: (Max(a, b), (a + b + Abs(a - b)) / 2)),
    ("rr", lambda a, b: (Min(a, b), (a + b - Abs(a - b)) / 2)),
    ("rr", lambda a, b: (Max(a, b) + Min(a, b), a + b)),
    ("rr", lambda a, b: (Max(a, b) * Min(a, b), a * b)),
    ("r", lambda a: (Max(a, 0) - Max(-a, 0), a)),
    ("r", lambda a: (sp.Piecewise((a, a > 0), (-a, True)), Abs(a))),
    ("rrr", lambda a, b, c: (Max(a, b) + c, Max(a + c, b + c))),
    ("rrp", lambda a, b, c: (Max(a, b) * c, Max(a * c, b * c))),
    ("rr", lambda a, b: (-Max(a, b), Min(-a, -b))),
    (
        "rrr",
        lambda a, b, c: (
            sp.Piecewise((a, x > 0), (b, True)) * c,
            sp.Piecewise((a * c, x > 0), (b * c, True)),
        ),
    ),
    ("rr", lambda a, b: (sp.Piecewise((a, x > y), (b, True)), sp.Piecewise((b, x <= y), (a, True)))),
    ("rqq", lambda a, b, c: (Max(-Abs(b), Min(a, Abs(c))), Min(Abs(c), Max(a, -Abs(b))))),
    ("rrr", lambda a, b, c: (Max(a, Min(b, c)), Min(Max(a, b), Max(a, c)))),
]


def _terms(values: Sequence[Any], index: Any) -> Any:
    return sum((value * index**i for i, value in enumerate(values)), sp.S.Zero)


def _split_sum(values: Sequence[Any], m: Any) -> tuple:
    start, rest = Sum(_terms(values, k), (k, 1, m)), Sum(_terms(values, k + m), (k, 1, n))
    return Sum(_terms(values, k), (k, 1, n + m)), start + rest


_POWER_SUMS = (n, n * (n + 1) / 2, n * (n + 1) * (2 * n + 1) / 6)
SUMS = [
    ("C", lambda c: (Sum(_terms(c, k), (k, 1, n)), sum(a * s for a, s in zip(c, _POWER_SUMS, strict=False)))),
    ("C", lambda c: (Sum(_terms(c, k), (k, 1, n)), Sum(_terms(c, k + 1), (k, 0, n - 1)))),
    ("Cn", _split_sum),
    ("Cr", lambda c, a: (Sum(_terms(c, k) * a**k, (k, 0, 3)), sum(_terms(c, i) * a**i for i in range(4)))),
    ("q", lambda a: (Sum(a / (k * (k + 1)), (k, 1, n)), a * n / (n + 1))),
    ("qn", lambda a, m: (Sum(a * p**k, (k, 0, m + 2)) * (1 - p), a * (1 - p ** (m + 3)))),
    ("q", lambda a: (Sum(a * (1 + p) ** k, (k, 0, n)) * p, a * ((1 + p) ** (n + 1) - 1))),
    ("q", lambda a: (Sum((a / 5) ** k, (k, 0, sp.oo)), 5 / (5 - a))),
    ("rrn", lambda a, b, m: (Sum(sp.binomial(m, k) * a**k * b ** (m - k), (k, 0, m)), (a + b) ** m)),
    ("q", lambda a: (sp.Product(k, (k, 1, n)) * a, sp.factorial(n) * a)),
    ("qr", lambda a, r: (Sum(a * f(k) + r, (k, 1, 4)), a * Sum(f(k), (k, 1, 4)) + 4 * r)),
    ("rq", lambda r, a: (sp.Product(r + a * k, (k, 1, 3)), (r + a) * (r + 2 * a) * (r + 3 * a))),
    ("rn", lambda r, m: (Sum(r * k * j, (k, 1, m), (j, 1, 2)), 3 * r * m * (m + 1) / 2)),
]  # fmt: skip
COMBINATORICS = [
    ("c", lambda a: (sp.gamma(a + 1), a * sp.gamma(a))),
    ("n", lambda m: (sp.binomial(n + m, n), sp.binomial(n + m - 1, n) + sp.binomial(n + m - 1, n - 1))),
    ("nq", lambda m, a: (a * sp.factorial(n + m), a * (n + m) * sp.factorial(n + m - 1))),
    ("p", lambda a: (sp.beta(a, 2), 1 / (a * (a + 1)))),
    ("r", lambda a: (sp.erf(a) + sp.erf(-a) + sp.erfc(a), 1 - sp.erf(a))),
    ("p", lambda a: (sp.digamma(a + 1), sp.digamma(a) + 1 / a)),
    ("n", lambda m: (sp.binomial(n + m, m) * sp.factorial(m), sp.rf(n + 1, m).expand(func=True))),
]


def _product_rule(u: Any, v: Any) -> tuple:
    (a, da), (b, db) = u(x), v(x)
    return Derivative(a * b, x), da * b + a * db


def _quotient_rule(u: Any, v: Any) -> tuple:
    (a, da), (b, db) = u(x), v(x)
    return Derivative(a / (b**2 + 1), x), (da * (b**2 + 1) - 2 * a * b * db) / (b**2 + 1) ** 2


def _chain_rule(u: Any, v: Any) -> tuple:
    inner, slope = v(x)
    outer, outer_slope = u(t)
    return Derivative(outer.subs(t, inner), x), outer_slope.subs(t, inner) * slope


def _unknown_product(u: Any, a: Any) -> tuple:
    inner, slope = u(x)
    return Derivative(a * f(x) * inner, x), a * (f(x).diff(x) * inner + f(x) * slope)


def _unknown_chain(u: Any, a: Any) -> tuple:
    inner, slope = u(x)
    return Derivative(a * f(inner), x), a * slope * sp.Subs(Derivative(f(t), t), t, inner)


def _quotient_of_unknowns(a: Any) -> tuple:
    return Derivative(f(x) / (a**2 * h(x)), x), (f(x).diff(x) * h(x) - f(x) * h(x).diff(x)) / (a * h(x)) ** 2


def _second_derivative(a: Any) -> tuple:
    (u, du, ddu), (v, dv, ddv) = ([function(x).diff(x, order) for order in range(3)] for function in (f, g))
    return Derivative(u * v, (x, 2)) * a, a * (ddu * v + 2 * du * dv + u * ddv)


DERIVATIVES = [
    ("dd", _product_rule),
    ("dd", _quotient_rule),
    ("dd", _chain_rule),
    ("dq", _unknown_product),
    ("dq", _unknown_chain),
    ("q", _quotient_of_unknowns),
    ("q", lambda a: (Derivative(log(a**2 * h(x)), x), h(x).diff(x) / h(x))),
    ("q", _second_derivative),
    ("q", lambda a: (Derivative(f(x, y) * a, x, y), a * Derivative(f(x, y), y, x))),
    ("qn", lambda a, m: (Derivative(f(x) ** m * a, x), a * m * f(x) ** (m - 1) * f(x).diff(x))),
]


def _antiderivative(u: Any, a: Any, b: Any) -> tuple:
    whole, integrand = u(t)
    assume(a != b)
    return sp.Integral(integrand, (t, a, b)), whole.subs(t, b) - whole.subs(t, a)


def _integrated_terms(values: Sequence[Any], end: Any) -> tuple:
    whole = sum(value * end ** (i + 1) / (i + 1) for i, value in enumerate(values))
    return sp.Integral(_terms(values, t), (t, 0, end)), whole


def _linear_integral(a: Any, b: Any) -> tuple:
    limits = (t, 0, 1)
    return sp.Integral(a * f(t) + b * g(t), limits), a * sp.Integral(f(t), limits) + b * sp.Integral(
        g(t), limits
    )


INTEGRALS = [
    ("dqq", _antiderivative),
    ("dq", lambda u, a: _antiderivative(u, a, x)),
    ("dq", lambda u, a: _antiderivative(u, sp.S.Zero, p)),
    ("Cq", _integrated_terms),
    ("n", lambda m: (sp.Integral(t**m * exp(-p * t), (t, 0, sp.oo)), sp.factorial(m) / p ** (m + 1))),
    ("q", lambda a: (sp.Integral(a * exp(-p * t**2), (t, -sp.oo, sp.oo)), a * sqrt(pi / p))),
    ("qq", _linear_integral),
    ("qp", lambda a, b: (sp.Integral(a * t * y, (t, 0, 1), (y, 0, 2)), a)),
]
_det, _product, _inverse = sp.Determinant, sp.MatMul, sp.Inverse


def _adjugate(m: Any) -> tuple:
    swapped = sp.ImmutableMatrix([[m[1, 1], -m[0, 1]], [-m[1, 0], m[0, 0]]])
    return _inverse(m), swapped / (m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0])


EXPLICIT_MATRICES = [
    ("MM", lambda a, b: (_det(_product(a, b)), _det(a) * _det(b))),
    ("LL", lambda a, b: (sp.Trace(_product(a, b)), sp.Trace(_product(b, a)))),
    ("MM", lambda a, b: (sp.Transpose(_product(a, b)), _product(sp.Transpose(b), sp.Transpose(a)))),
    ("M", _adjugate),
    ("MM", lambda a, b: ((a + b) * (a - b), sp.MatAdd(a**2, -a * b, b * a, -(b**2)))),
    ("Lq", lambda a, c: (_det(c * a), c**3 * _det(a))),
    ("L", lambda a: (_det(a), _det(sp.Transpose(a)))),
    ("M", lambda a: (a**2, sp.Trace(a).doit() * a - a.det() * sp.eye(2))),
    ("MM", lambda a, b: (_product(_inverse(a), a, b), b)),
    ("M", lambda a: (sp.Trace(_product(a, sp.Transpose(a))), sum(entry**2 for entry in a))),
    ("MMr", lambda a, b, c: (_product(a, c * b + a), _product(c, a, b) + a**2)),
]
MATRIX_SYMBOLS = [
    ("W", lambda s: (sp.Transpose(_product(s[0], s[1])), s[1].T * s[0].T)),
    ("Wq", lambda s, c: ((s[0] + c * s[1]) * s[2], s[0] * s[2] + c * s[1] * s[2])),
    ("W", lambda s: ((s[0] + s[1]) ** 2, s[0] ** 2 + s[0] * s[1] + s[1] * s[0] + s[1] ** 2)),
    ("W", lambda s: (sp.Trace(s[0] * s[1] * s[2]), sp.Trace(s[2] * s[0] * s[1]))),
    ("W", lambda s: (sp.Trace(s[0].T * s[1]), sp.Trace(s[1].T * s[0]))),
    ("S", lambda s: (_inverse(_product(s[0], s[1])), _inverse(s[1]) * _inverse(s[0]))),
    ("W", lambda s: (_det(_product(s[0], s[1])), _det(s[0]) * _det(s[1]))),
    ("Wq", lambda s, c: (sp.Trace(c * s[0] + s[1]), c * sp.Trace(s[0]) + sp.Trace(s[1]))),
    ("Wr", lambda s, c: (s[0] * (sp.Identity(s[0].rows) + c * s[1]) - s[0], c * s[0] * s[1])),
    ("S", lambda s: (_inverse(s[0].T), _inverse(s[0]).T)),
    (
        "Sq",
        lambda s, c: (_inverse(s[0]) * (s[0] + c * s[1]), sp.Identity(s[0].rows) + c * _inverse(s[0]) * s[1]),
    ),
    ("W", lambda s: (sp.Transpose(s[0] * s[1].T + s[2]), s[1] * s[0].T + s[2].T)),
]
INEQUALITIES = [
    ("RR", lambda a, b: (sp.expand(a**2 + b**2), sp.expand(2 * a * b), ">=")),
    ("RRq", lambda a, b, c: (sp.S.Zero, sp.expand(a**2 + b**2 + c**2), "<")),
    ("rrrr", lambda a, b, c, d: ((a * c + b * d) ** 2, sp.expand((a**2 + b**2) * (c**2 + d**2)), "<=")),
    ("pp", lambda a, b: (2 / (1 / a + 1 / b), (a + b) / 2, "<=")),
    ("pp", lambda a, b: (sqrt(a * b), (a + b) / 2, "<=")),
    ("p", lambda a: (a + 1 / a, sp.Integer(2), ">=")),
    ("rr", lambda a, b: (Abs(a + b), Abs(a) + Abs(b), "<=")),
    ("rr", lambda a, b: (Max(a, b), (a + b) / 2, ">=")),
    ("r", lambda a: (a / (1 + a**2), Rational(1, 2), "<=")),
    ("r", lambda a: (exp(a), 1 + a, ">=")),
    ("p", lambda a: (log(a), a - 1, "<=")),
    ("r", lambda a: (cos(a), sp.Integer(1), "<=")),
    ("r", lambda a: (1 / (1 + exp(-a)), sp.Integer(1), "<")),
    ("r", lambda a: (Abs(tanh(a)), sp.Integer(1), "<")),
    ("pp", lambda a, b: (a / (a + b), sp.Integer(1), "<")),
    ("rrr", lambda a, b, c: (sp.expand(a * b + b * c + c * a), sp.expand(a**2 + b**2 + c**2), "<=")),
]


@st.composite
def bounded_inequalities(draw: Any) -> Pair:
    """A quadratic polynomial and its least value over an interval, and a fraction below 1 on it."""
    low, width, peak, scale = draw(numbers), abs(draw(nonzero)), draw(numbers), abs(draw(nonzero))
    high = low + width
    curve = sp.expand(scale * (x - peak) ** 2)
    greatest = scale * max((low - peak) ** 2, (high - peak) ** 2)
    strict = draw(st.booleans())
    return Pair(curve, greatest, "<" if strict else "<=", {x: (low, high)})


KINDS: dict[str, st.SearchStrategy] = {
    "polynomials": from_rules(POLYNOMIALS, []),
    "rational functions": from_rules(FRACTIONS, []),
    "roots": from_rules(ROOTS, PLAIN),
    "logarithms and exponentials": from_rules(LOGARITHMS, PLAIN),
    "trigonometry": from_rules(TRIGONOMETRY, PLAIN),
    "complex numbers": from_rules(COMPLEX, PLAIN),
    "pieces": from_rules(PIECES, TERMS),
    "sums": from_rules(SUMS, TERMS),
    "combinatorics": from_rules(COMBINATORICS, TERMS),
    "derivatives": from_rules(DERIVATIVES, TERMS),
    "integrals": from_rules(INTEGRALS, TERMS),
    "explicit matrices": from_rules(EXPLICIT_MATRICES, []),
    "matrix symbols": from_rules(MATRIX_SYMBOLS, []),
    "inequalities": from_rules(INEQUALITIES, [_add]),
    "inequalities on an interval": bounded_inequalities(),
}
