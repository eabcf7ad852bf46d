"""Claims are entered as they are made, and published with the cell that made them."""

import json

import pytest
import sympy as sp

from helpers import building
from helpers.proof import (
    Derivation,
    DerivationError,
    Lemma,
    Verdict,
    claim,
    find_flaw,
    ledger,
    refute,
    witness,
)

x = sp.Symbol("x", real=True)


@pytest.fixture
def entered(monkeypatch):
    """What has been entered since the test began."""
    monkeypatch.setattr(ledger, "_entries", [])
    monkeypatch.setattr(ledger, "_published", 0)
    monkeypatch.delenv(building.VARIABLE, raising=False)
    return ledger.entries


def test_each_step_is_entered_with_what_the_reader_sees(entered):
    Derivation("A square", (x + 1) ** 2, claim_id="square", domain=[x > 0]).equals(
        x**2 + 2 * x + 1, "multiply out"
    ).at_least(2 * x + 1, "drop the square")
    first, second = entered()
    assert (first.kind, first.title, first.anchor, first.number) == ("step", "A square", "square", 1)
    assert first.statement == "(x + 1)² = x² + 2*x + 1"
    assert second.statement == "x² + 2*x + 1 ≥ 2*x + 1"
    assert second.latex == r"x^{2} + 2 x + 1 \ge 1 + 2 x"
    assert (second.number, second.claim_id, second.why) == (2, "square", "drop the square")
    assert second.setting == "for $x > 0$"
    assert (first.mark, second.mark) == ("proved", "proved")
    assert first.seconds > 0
    assert first.points == 25
    assert 0 <= first.largest_residual < 1e-50


def test_a_false_step_is_not_entered(entered):
    with pytest.raises(DerivationError):
        Derivation("A square", (x + 1) ** 2).equals(x**2 + 1, "drop the mixed term")
    assert entered() == ()


def test_anchors_differ_where_the_claims_do(entered):
    Derivation("A square", (x + 1) ** 2).equals(x**2 + 2 * x + 1, "multiply out")
    Derivation("A square", (x + 2) ** 2).equals(x**2 + 4 * x + 4, "multiply out")
    Derivation("A square", (x + 2) ** 2, domain=[x > 0]).equals(x**2 + 4 * x + 4, "multiply out")
    anchors = [entry.anchor for entry in entered()]
    assert len(set(anchors)) == 3
    assert all(anchor.startswith("a-square-") for anchor in anchors)


def test_claims_lemmas_and_mistakes_are_entered_as_such(entered):
    verdict = claim("Shift", sp.sin(x + sp.pi), -sp.sin(x), claim_id="shift")
    assert verdict.status == "proved"
    Lemma("A lemma", "One is one.", "A book, 1999.", check=lambda: True)
    wrong = refute("A root of a square", sp.sqrt(x**2), x)
    assert wrong.counterexample[x] < 0
    kinds = [(entry.kind, entry.mark) for entry in entered()]
    assert kinds == [("claim", "proved"), ("lemma", "cited"), ("mistake", "refuted")]
    assert "the left side is" in entered()[2].method
    assert entered()[1].method == "A book, 1999. Its numeric check: it passed."


def test_a_flaw_with_a_title_is_entered(entered):
    chain = [(x + 1) ** 2, x**2 + 2 * x + 1, x**2 + 1]
    assert find_flaw(chain).index == 2
    assert entered() == ()
    assert find_flaw(chain, title="The square of a sum").index == 2
    (mistake,) = entered()
    assert (mistake.kind, mistake.mark, mistake.number) == ("mistake", "refuted", 2)
    assert mistake.statement == "x² + 2*x + 1 = x² + 1"


@pytest.mark.parametrize("make", [claim, refute])
def test_a_claim_that_is_not_what_it_is_called_raises_and_is_not_entered(entered, make):
    sides = (sp.sqrt(x**2), x) if make is claim else (sp.sqrt(x**2), sp.Abs(x))
    with pytest.raises(DerivationError, match=r"A root of a square is (refuted|proved)"):
        make("A root of a square", *sides)
    assert entered() == ()


@pytest.mark.parametrize("make", [claim, refute])
def test_what_is_not_decided_is_neither_a_claim_nor_a_mistake(entered, make):
    with pytest.raises(DerivationError, match="Far away is undecided"):
        make("Far away", sp.exp(x) > 10**100, x < 5, "=>")
    assert entered() == ()


def test_what_holds_wherever_it_was_tried_is_no_mistake(entered):
    with pytest.raises(DerivationError, match="A sign is sampled"):
        refute("A sign", x + sp.sin(x) > 0, x > 0, "<=>")
    assert entered() == ()


@pytest.mark.parametrize("make", [claim, refute])
def test_bad_input_of_claims(make):
    with pytest.raises(ValueError, match="title"):
        make("", x, x)
    with pytest.raises(ValueError, match="relation"):
        make("Equal", x, x, "=")


def test_the_second_witness_is_asked_in_a_build_only_and_only_of_proved_equalities(entered, monkeypatch):
    asked = []

    def second_witness(lhs, rhs, *, domain=None):
        asked.append((lhs, rhs, domain))
        return witness.Testimony("agrees", "to 30 digits at 12 points", 0.1)

    monkeypatch.setattr("helpers.proof.witness.available", lambda: True)
    monkeypatch.setattr("helpers.proof.witness.second_witness", second_witness)
    claim("At home", (x + 1) ** 2, x**2 + 2 * x + 1)
    assert asked == []
    monkeypatch.setenv(building.VARIABLE, "1")
    Derivation("In a build", (x + 1) ** 2).equals(x**2 + 2 * x + 1, "multiply out").at_least(0, "a square")
    claim("In a build", (x - 1) ** 2, x**2 - 2 * x + 1, domain=[x > 0])
    assert asked == [((x + 1) ** 2, x**2 + 2 * x + 1, None), ((x - 1) ** 2, x**2 - 2 * x + 1, [x > 0])]
    assert [entry.witness for entry in entered()] == ["", "agrees", "", "agrees"]
    assert entered()[1].witness_method == "to 30 digits at 12 points"


def test_each_cell_publishes_its_own_claims_under_a_name_of_their_own(entered, monkeypatch):
    published = []
    monkeypatch.setattr(
        "IPython.display.publish_display_data", lambda data, metadata: published.append((data, metadata))
    )
    claim("One", x, x)
    claim("Two", x + x, 2 * x)
    ledger._publish()
    ledger._publish()  # a cell without claims
    claim("Three", x * x, x**2)
    ledger._publish()
    (first, first_metadata), (second, second_metadata) = published
    titles = [
        [entry["title"] for entry in json.loads(data["application/papermill.record/text/plain"])]
        for data in (first, second)
    ]
    assert titles == [["One", "Two"], ["Three"]]
    names = [metadata["scrapbook"]["name"] for metadata in (first_metadata, second_metadata)]
    assert len(set(names)) == 2 and all(name.startswith("ledger-") for name in names)


def test_an_entry_of_no_kind_is_refused():
    with pytest.raises(ValueError, match="kind"):
        ledger.record(ledger.Entry("remark", "A title", "a-title", "x = x", "x = x", "proved", "identical"))


def test_verdicts_know_how_long_they_took_and_compare_and_print_without_it():
    assert claim("Shift", sp.sin(x + sp.pi), -sp.sin(x)).seconds > 0
    assert Verdict("proved", "identical", seconds=1.0) == Verdict("proved", "identical", seconds=2.0)
    assert repr(Verdict("proved", "identical", seconds=1.0)) == repr(
        Verdict("proved", "identical", seconds=2.0)
    )
