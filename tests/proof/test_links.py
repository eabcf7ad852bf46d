"""Links beyond what `decide` takes: up to a constant, in expectation, at explicit sizes, at length."""

import re

import pytest
import sympy as sp

from helpers.proof import Derivation, DerivationError, ledger
from helpers.proof.expectation import Expectation, Gaussian

x, y, t = sp.symbols("x y t", real=True)
mean = sp.Symbol("m", real=True)
std = sp.Symbol("s", positive=True)
n, m = sp.symbols("n m", integer=True, positive=True)


def test_up_to_a_constant_ignores_what_is_free_of_the_symbol():
    derivation = Derivation(
        "A log-density", -((x - t) ** 2) / 2 - sp.log(2 * sp.pi) / 2
    ).equals_up_to_constant(x * t - t**2 / 2, t, "drop what is free of $t$")
    assert derivation.steps[0].mark == "proved"
    assert derivation.relation == "==+c"
    assert "(up to a constant in t)" in str(derivation)
    assert r"\overset{c}{=}" in derivation.latex()


def test_the_second_value_of_the_symbol_has_a_name_of_its_own():
    """A symbol t' of the author's is another than the second value of t."""
    other = sp.Symbol("t'", real=True)
    with pytest.raises(DerivationError, match="refuted"):
        Derivation("A product", t * (other - sp.Abs(other)), domain=[t > 0]).equals_up_to_constant(
            sp.S.Zero, t, "zero for a positive $t'$ only"
        )


def test_a_condition_on_what_the_law_draws_is_refused():
    """|x| = x for x > 0, yet E|x| = E x = 0 is false under a law of the whole line."""
    chain = Derivation("A modulus", sp.Abs(x), domain=[x > 0]).equals(x, "positive")
    with pytest.raises(ValueError, match="domain: speaks of x"):
        chain.equals_in_expectation(sp.S.Zero, Gaussian(x, 0, 1), "odd")


def test_up_to_a_constant_refutes_what_depends_on_the_symbol():
    start = Derivation("A log-density", -((x - t) ** 2) / 2)
    with pytest.raises(DerivationError) as caught:
        start.equals_up_to_constant(x * t, t, "drop the square")
    counterexample = caught.value.verdict.counterexample
    assert {symbol.name for symbol in counterexample} >= {"t", "t'"}
    assert start.steps == []


def test_a_step_between_two_pieces_of_the_domain_is_no_constant():
    """The derivative of sign t vanishes wherever it exists; sign t is still no constant."""
    with pytest.raises(DerivationError):
        Derivation("A step", sp.sign(t) + t**2, domain=[sp.Ne(t, 0)]).equals_up_to_constant(t**2, t, "slope")


def test_up_to_a_constant_holds_the_second_value_to_the_domain():
    derivation = Derivation("A half-line", sp.Abs(t) + 1, domain=[t > 0])
    assert derivation.equals_up_to_constant(t, t, "positive").steps[0].mark == "proved"


def test_in_expectation_compares_expectations():
    law = Gaussian(x, mean, std)
    derivation = Derivation("A second moment", x**2).equals_in_expectation(
        mean**2 + std**2, law, "the variance is the second moment less the squared mean"
    )
    assert derivation.steps[0].mark == "proved"
    with pytest.raises(DerivationError, match="refuted"):
        Derivation("A second moment", x**2).equals_in_expectation(mean**2, law, "forget the variance")


def test_expectations_are_expressions_of_a_derivation():
    law = Gaussian(x, mean, std)
    derivation = Derivation("A second moment", Expectation((x - mean) ** 2, law)).equals(
        std**2, "the variance"
    )
    assert derivation.steps[0].mark == "proved"
    assert r"\mathbb{E}" in derivation.latex()


@pytest.mark.parametrize(
    "links",
    [
        (("up", t), ("<=", None)),
        (("<=", None), ("up", t)),
        (("up", t), ("up", x)),
        (("up", t), ("in", None)),
        (("<=", None), (">=", None)),
    ],
)
def test_links_whose_ends_would_not_compare_are_refused(links):
    law = Gaussian(x, mean, std)
    derivation = Derivation("A chain", t**2 + x**2)
    with pytest.raises(ValueError, match="relation"):
        for kind, of in links:
            if kind == "up":
                derivation.equals_up_to_constant(derivation.end, of, "nothing changes")
            elif kind == "in":
                derivation.equals_in_expectation(derivation.end, law, "nothing changes")
            else:
                derivation._add(kind, derivation.end, "nothing changes")


def test_at_explicit_sizes_a_step_is_decided_in_both_ways():
    A, B = sp.MatrixSymbol("A", n, m), sp.MatrixSymbol("B", m, n)
    derivation = Derivation("A transpose", (A * B).T, sizes={n: range(1, 5), m: (1, 2)}).equals(
        B.T * A.T, "the order turns around"
    )
    verdict = derivation.steps[0].verdict
    assert verdict.status == "proved"
    assert "for every size; also proved entry by entry for n = 1, 2, 3, 4; m = 1, 2" in verdict.method
    assert "entry by entry for n = 1, 2, 3, 4; m = 1, 2" in derivation.setting


def test_sizes_that_alone_are_proved_are_evidence_for_the_others():
    """det of a 2 x 2 block of n x n blocks: no rule for every n, entries where n is known."""
    A = sp.MatrixSymbol("A", n, n)
    verdict = (
        Derivation("Scaling", sp.Determinant(2 * A), sizes={n: (1, 2, 3)})
        .equals(2**n * sp.Determinant(A), "each of the $n$ rows doubles")
        .steps[0]
        .verdict
    )
    assert verdict.status in ("proved", "sampled")
    assert "proved entry by entry for n = 1, 2, 3" in verdict.method


def test_what_fails_at_one_size_is_refuted_there():
    A, B = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("B", n, n)
    with pytest.raises(DerivationError, match="refuted"):
        Derivation("Commute", A * B, sizes={n: (1, 2)}).equals(B * A, "true for n = 1 only")


def test_a_size_beyond_those_that_are_sampled_is_heard():
    A = sp.MatrixSymbol("A", n, n)
    vanishes = Derivation("A factor", (n - 1) * (n - 2) * (n - 3) * A, sizes={n: (1, 2, 3, 4)})
    with pytest.raises(DerivationError, match="refuted") as caught:
        vanishes.equals(sp.ZeroMatrix(n, n), "true for n = 1, 2, 3 only")
    assert caught.value.verdict.counterexample[n] == 4


def test_sizes_that_are_sampled_are_not_called_proved():
    A = sp.MatrixSymbol("A", n, n)
    chain = Derivation("Rounded", (sp.Float(0.1) + sp.Float(0.2)) * A, sizes={n: (1, 2)})
    verdict = chain.equals(sp.Float(0.3) * A, "but for rounding").steps[0].verdict
    assert verdict.status == "sampled"
    assert "sampled entry by entry for n = 1, 2" in verdict.method


@pytest.mark.parametrize("sizes", [{n: ()}, {n: (0, 1)}, {"n": (1,)}, {n: range(1, 20), m: range(1, 20)}])
def test_bad_sizes(sizes):
    with pytest.raises(ValueError, match="sizes"):
        Derivation("A matrix", sp.MatrixSymbol("A", n, n), sizes=sizes)


def test_a_step_can_be_shown_at_length():
    inner = Derivation("The inner square", (x + 1) ** 2).equals(x**2 + 2 * x + 1, "multiply out")
    outer = Derivation("The whole", y * (x + 1) ** 2).equals(y * x**2 + 2 * y * x + y, "expand", by=inner)
    html = outer._repr_html_()
    assert html.count("<details") == 1 and "The inner square" in html
    assert len(re.findall(r'id="how-', html)) == 2
    assert "The inner square" in str(outer)
    assert outer.to_dict()["steps"][0]["by"]["title"] == "The inner square"


def test_a_derivation_that_shows_something_else_does_not_serve():
    stranger = Derivation("Another square", (y + 1) ** 2).equals(y**2 + 2 * y + 1, "multiply out")
    with pytest.raises(ValueError, match="by"):
        Derivation("The whole", (x + 1) ** 2).equals(x**2 + 2 * x + 1, "expand", by=stranger)
    with pytest.raises(ValueError, match="by"):
        Derivation("The whole", (x + 1) ** 2).equals(x**2 + 2 * x + 1, "expand", by="multiply out")


def test_a_derivation_of_a_weaker_relation_does_not_serve():
    weak = Derivation("A step up", x**2).at_most(x**2 + 1, "add one")
    with pytest.raises(ValueError, match="by"):
        Derivation("The whole", x**2).less_than(x**2 + 1, "add one", by=weak)
    assert Derivation("The whole", x**2).at_most(x**2 + 1, "add one", by=weak).steps[0].by is weak


def test_the_relation_between_the_ends_is_the_weakest_link():
    chain = Derivation("A chain", x**2).at_most(x**2 + 1, "add one").less_than(x**2 + 2, "and another")
    assert chain.relation == "<"
    assert chain.end == x**2 + 2
    assert Derivation("A chain", x**2).relation == "=="


def test_compact_keeps_formulas_and_marks_and_moves_the_reason():
    derivation = Derivation("A square", (x + 1) ** 2).equals(x**2 + 2 * x + 1, "multiply out")
    slide = derivation.compact()._repr_html_()
    assert 'class="derivation derivation-compact"' in slide and 'class="derivation-reason"' not in slide
    tooltip = re.search(r'role="tooltip"[^>]*>(.*?)</span>', slide, re.DOTALL)[1]
    assert tooltip.startswith("multiply out. Proved:")
    assert 'class="mark mark-proved"' in slide
    assert 'class="derivation"' in derivation._repr_html_()


def test_a_matrix_of_blocks_is_proved_block_by_block_and_entry_by_entry():
    M, B = sp.MatrixSymbol("M", n, m), sp.MatrixSymbol("B", n + m, n + m)
    zero = sp.ZeroMatrix
    blocks = sp.BlockMatrix([[zero(n, n), M], [-M.T, zero(m, m)]])
    square = sp.BlockMatrix([[-M * M.T, zero(n, m)], [zero(m, n), -M.T * M]])
    derivation = Derivation("A square", B**2, where={B: blocks}, sizes={n: (1, 2, 3), m: (1, 2)})
    verdict = derivation.equals(square, "multiply block by block").steps[0].verdict
    assert verdict.status == "proved"
    assert verdict.method.startswith("block by block, products expanded, for every size; also proved entry")
    wrong = sp.BlockMatrix([[-M * M.T, zero(n, m)], [zero(m, n), M.T * M]])
    with pytest.raises(DerivationError, match="refuted"):
        Derivation("A square", B**2, where={B: blocks}).equals(wrong, "lose a sign")


def test_the_witness_is_asked_what_the_link_says(monkeypatch):
    """Not whether both lines are equal where they are so up to a constant, or in expectation only."""
    asked = []
    monkeypatch.setattr(ledger, "testimony", lambda equality, verdict: asked.append(equality) or {})
    law = Gaussian(x, mean, std)
    Derivation("A square", (t + 1) ** 2).equals_up_to_constant(t**2 + 2 * t, t, "drop the one")
    Derivation("A moment", x).equals_in_expectation(mean, law, "the mean")
    Derivation("An order", t**2).at_least(0, "a square")
    (lhs, rhs, _), expectations, none = asked
    assert sp.expand(lhs - rhs) == 0 and sp.expand(lhs) == 1
    assert expectations == (Expectation(x, law), Expectation(mean, law), None)
    assert none is None
