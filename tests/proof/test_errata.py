"""The errata of the problem sheets: what they claim falsely is refuted or located, what is right is proved."""

from collections import Counter

import pytest
import sympy as sp
from sympy.core.function import AppliedUndef, UndefinedFunction

from helpers.proof import FAULTS, find_flaw

from . import errata

ERRATA = errata.ERRATA
CLAIMS = [erratum for erratum in ERRATA if isinstance(erratum, errata.FalseClaim)]
CHAINS = [erratum for erratum in ERRATA if isinstance(erratum, errata.FalseStep)]
NUMBERED = [erratum for erratum in CLAIMS + CHAINS if erratum.number]
SUPPLIED = [erratum for erratum in ERRATA if getattr(erratum, "supplied", None)]
SHEETS = {"E000": 9, "E001": 19, "E002": 51, "E003": 20, "E004": 10}
ROUNDING = sp.Rational(1, 20_000)  # half a unit of the fourth decimal


def by_id(group):
    return [pytest.param(erratum, id=erratum.id) for erratum in group]


def test_every_erratum_is_treated_once():
    wanted = {f"{sheet}-{number}" for sheet, count in SHEETS.items() for number in range(1, count + 1)}
    assert Counter(erratum.id for erratum in ERRATA) == Counter(wanted)
    assert len(ERRATA) == 109


def test_every_erratum_has_its_kind_and_its_topic():
    listed = [id for faults in errata.CATALOGUE.values() for ids in faults.values() for id in ids.split()]
    assert Counter(listed) == Counter(erratum.id for erratum in ERRATA)
    assert set(errata.FAULTS.values()) == set(FAULTS)
    assert errata.FAULTS["E002-46"] == "error" and errata.TOPICS["E002-46"] == "gan"


def test_what_is_not_put_to_the_engine_is_a_small_part():
    kinds = Counter(type(erratum).__name__ for erratum in ERRATA)
    assert set(kinds) == {"FalseClaim", "FalseStep", "NoClaim"}
    assert kinds["NoClaim"] < 109 / 5
    assert all(erratum.reason for erratum in ERRATA if isinstance(erratum, errata.NoClaim))


def test_titles_tell_the_mistakes_apart():
    assert len({erratum.title for erratum in ERRATA}) == len(ERRATA)


@pytest.mark.parametrize("erratum", by_id(CLAIMS))
def test_the_printed_claim_is_refuted(erratum):
    verdict = erratum.printed.decide()
    assert verdict.status == "refuted", str(verdict)
    assert isinstance(verdict.counterexample, dict)
    assert violates(erratum.printed, verdict)


@pytest.mark.parametrize("erratum", by_id(CLAIMS))
def test_the_corrected_claim_holds(erratum):
    verdict = erratum.corrected.decide()
    assert verdict.status in ("proved", erratum.evidence), str(verdict)


@pytest.mark.parametrize("erratum", by_id(CHAINS))
def test_the_false_step_is_located(erratum):
    flaw = find_flaw(list(erratum.steps), domain=erratum.domain)
    assert flaw.index == erratum.index
    assert flaw.counterexample
    assert violates(errata.Claim(flaw.before, flaw.after, flaw.relation), flaw.verdict)
    assert find_flaw(list(erratum.corrected), domain=erratum.domain) is None


@pytest.mark.parametrize("erratum", by_id(SUPPLIED))
def test_what_was_left_out_is_proved(erratum):
    assert erratum.supplied.decide().status == "proved"


@pytest.mark.parametrize("erratum", by_id(NUMBERED))
def test_the_numbers_that_show_the_mistake_are_reproduced(erratum):
    number = erratum.number
    expressions = number.of or (erratum.printed.rhs, erratum.corrected.rhs)
    pairs = zip((number.printed, number.correct), expressions, strict=True)
    pairs = [(text, expression) for text, expression in pairs if expression is not None]
    assert pairs
    for text, expression in pairs:
        assert agrees(value(expression, number.at), text), f"{value(expression, number.at)} is not {text}"


# A second way to evaluate, with nothing of the engine's: SymPy's substitution and mpmath's numbers.


def value(expression, at):
    """The expression at symbol → value and undefined function (or its application) → its formula."""
    expression = sp.sympify(expression)
    for function, formula in at.items():
        if isinstance(function, AppliedUndef):
            function, formula = function.func, sp.Lambda(function.args, formula)
        if isinstance(function, UndefinedFunction):
            expression = expression.replace(function, formula)
    # sizes before the matrices that have them
    numbers = {symbol: number for symbol, number in at.items() if isinstance(symbol, sp.Symbol)}
    matrices = {
        matrix.subs(numbers): entries for matrix, entries in at.items() if isinstance(matrix, sp.MatrixSymbol)
    }
    expression = expression.doit().subs(numbers).subs(matrices).doit()
    return expression if expression in (sp.true, sp.false, sp.oo) else sp.N(expression, 30)


def agrees(found, text):
    if text in ("True", "False", "oo"):
        return found == sp.sympify(text)
    expected = sp.sympify(text)
    if isinstance(expected, list):
        expected = sp.Matrix(expected)
        return found.shape == expected.shape and all(abs(gap) <= ROUNDING for gap in found - expected)
    return bool(abs(found - sp.N(expected, 30)) <= ROUNDING)


def violates(claim, verdict):
    """Whether the claim is false at the counterexample; an equality must fail by more than rounding."""
    sides = claim.lhs, claim.rhs
    if verdict.entry:
        row, column = verdict.entry
        sides = tuple(sp.Matrix(side)[row - 1, column - 1] for side in sides)
    left, right = (value(side, verdict.counterexample) for side in sides)
    if claim.relation == "=>":
        return left == sp.true and right == sp.false
    if claim.relation == "<=>":
        return {left, right} == {sp.true, sp.false}
    gap = left - right
    if claim.relation == "==":
        return bool(abs(gap) > sp.Float("1e-9"))
    upward = gap if claim.relation in ("<=", "<") else -gap
    return bool(upward > 0 or (upward == 0 and claim.relation in ("<", ">")))
