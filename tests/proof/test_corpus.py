"""The corpus: a true claim is proved or, where it is marked so, sampled; a false one is refuted where it is false."""

import numpy as np
import pytest
import sympy as sp
from sympy.core.function import AppliedUndef

from helpers.proof import decide
from helpers.proof.expectation import Expectation

from .corpus import FALSE, TRUE, Claim

LEAST = 150
LEAST_SHARE_PROVED = 0.95
DIGITS = 60
# What has no exact value here is compared in double precision, the rest to 45 of 60 digits.
INEXACT = (sp.Integral, Expectation, sp.Float)
NODES, WEIGHTS = np.polynomial.hermite.hermgauss(60)


@pytest.mark.parametrize("name", TRUE)
def test_true_claim_is_proved_or_sampled_as_marked(name):
    claim = TRUE[name]
    verdict = decide(claim.lhs, claim.rhs, claim.relation, domain=claim.domain)
    assert verdict.status == ("sampled" if claim.sampled else "proved"), f"{verdict}"
    assert verdict.counterexample is None
    assert verdict.method != "identical", "says nothing about the engine"


@pytest.mark.parametrize("name", FALSE)
def test_false_claim_is_refuted_at_a_point_where_it_is_false(name):
    claim = FALSE[name]
    verdict = decide(claim.lhs, claim.rhs, claim.relation, domain=claim.domain)
    assert verdict.status == "refuted", f"{verdict}"
    assert is_false_at(claim, verdict.counterexample), f"{verdict}"


def test_nearly_all_true_claims_are_proved():
    # What is proved and what is sampled is asserted above, claim by claim: here the marks are counted.
    proved = sum(not claim.sampled for claim in TRUE.values())
    assert proved >= LEAST_SHARE_PROVED * len(TRUE)


def test_the_corpus_is_large_and_no_claim_stands_in_it_twice():
    for claims in (TRUE, FALSE):
        assert len(claims) >= LEAST
        contents = {(str(c.lhs), str(c.rhs), c.relation, str(c.domain)) for c in claims.values()}
        assert len(contents) == len(claims)
    assert all(claim.source for claim in (*TRUE.values(), *FALSE.values()))


def is_false_at(claim: Claim, point: dict) -> bool:
    """Whether the claim fails at the point, by SymPy's own evaluation, in which no ball arithmetic takes part."""
    point = {**anywhere(claim), **point}
    left, right = (value_at(side, point) for side in (claim.lhs, claim.rhs))
    if claim.relation == "=>":
        return (left, right) == (sp.true, sp.false)
    if claim.relation == "<=>":
        return {left, right} == {sp.true, sp.false}
    inexact = any(sp.sympify(side).has(*INEXACT) for side in (claim.lhs, claim.rhs))
    tolerance = 1e-8 if inexact else 1e-45
    gaps = [sp.N(gap, DIGITS) for gap in sp.flatten([left - right])]
    if claim.relation == "==":
        return any(abs(gap) > tolerance for gap in gaps)
    excess = gaps[0] if claim.relation in ("<", "<=") else -gaps[0]
    return bool(excess > tolerance) or ("=" not in claim.relation and sp.simplify(left - right) == 0)


def anywhere(claim: Claim) -> dict:
    """Values for what a counterexample leaves out, because the entry that differs does not depend on it."""
    free = set().union(*(sp.sympify(side).free_symbols for side in (claim.lhs, claim.rhs)))
    known = {m for m in free if isinstance(m, sp.MatrixSymbol) and m.rows.is_Integer}
    return {**{m: sp.eye(m.rows) for m in known}, **{symbol: sp.S.One for symbol in free if symbol.is_Symbol}}


def value_at(side, point: dict):
    side = sp.sympify(side)
    shapes = (
        size for matrix in side.atoms(sp.MatrixSymbol, sp.Identity, sp.ZeroMatrix) for size in matrix.shape
    )
    sizes = set().union(*(size.free_symbols for size in shapes))
    side = side.subs({key: value for key, value in point.items() if key in sizes})
    for kind, explicit in ((sp.Identity, sp.eye), (sp.ZeroMatrix, sp.zeros)):
        side = side.replace(kind, lambda *shape, explicit=explicit: sp.ImmutableMatrix(explicit(*shape)))
    for applied, formula in point.items():
        if isinstance(applied, AppliedUndef):
            side = side.replace(applied.func, sp.Lambda(applied.args, formula))
    side = side.replace(lambda node: isinstance(node, AppliedUndef), lambda node: sp.S.Zero)
    numbers = {key: value for key, value in point.items() if not isinstance(key, AppliedUndef)}
    side = side.replace(is_matrix_derivative, lambda node: difference_quotient(node, numbers))
    side = side.replace(
        lambda node: isinstance(node, sp.Derivative | sp.Subs | sp.Limit),
        lambda node: node.doit(integrals=False),
    )
    side = side.subs(numbers).replace(lambda node: isinstance(node, Expectation), hermite_quadrature)
    side = side.replace(lambda node: isinstance(node, sp.Integral), lambda node: node.evalf(15)).doit()
    return side.as_explicit() if isinstance(side, sp.MatrixExpr) else side


def is_matrix_derivative(node) -> bool:
    return isinstance(node, sp.Derivative) and isinstance(node.variables[0], sp.MatrixSymbol)


def difference_quotient(node: sp.Derivative, numbers: dict) -> sp.Matrix:
    """∂f/∂S at exact matrices, by central differences of step 1e-30, whose error is of the order of 1e-60."""
    matrix, step = node.variables[0], sp.Rational(1, 10**30)
    at, others = numbers[matrix], {key: value for key, value in numbers.items() if key != matrix}

    def entry(i: int, j: int):
        unit = sp.Matrix(*at.shape, lambda k, m: int((k, m) == (i, j)))
        ends = (
            value_at(node.expr, {**others, matrix: sp.ImmutableMatrix(at + s * step * unit)}) for s in (1, -1)
        )
        high, low = (sp.N(end, 120) for end in ends)
        return sp.Rational(high - low) / (2 * step)

    return sp.ImmutableMatrix(*at.shape, entry)


def hermite_quadrature(node: Expectation) -> sp.Float:
    """Mean of a function of one Gaussian variable, all parameters numbers: exact for polynomials up to degree 119."""
    (variable,), law = node.law.variables, node.law
    body = sp.lambdify(variable, node.body)
    positions = float(law.mean) + float(law.std) * np.sqrt(2) * NODES
    return sp.Float(sum(w * body(x) for w, x in zip(WEIGHTS, positions, strict=True)) / np.sqrt(np.pi))
