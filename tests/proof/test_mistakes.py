"""Known mistakes are entered with two computed numbers, and the claims refuted for them under the same name."""

import numpy as np
import pytest
import sympy as sp
import torch

from helpers import building
from helpers.proof import find_flaw, ledger, mistake, refute

x = sp.Symbol("x", real=True)
WORDS = {"fault": "error", "instead": "The mixed term is missing.", "quantity": "The square at $x = 1$"}


@pytest.fixture
def entered(monkeypatch):
    """What has been entered since the test began."""
    monkeypatch.setattr(ledger, "_entries", [])
    monkeypatch.delenv(building.VARIABLE, raising=False)
    return ledger.entries


def test_a_mistake_is_entered_with_its_numbers(entered):
    found = mistake("E000-1", "$(x + 1)^2$ is $x^2 + 1$", printed=sp.Integer(2), right=4.0, **WORDS)
    (entry,) = entered()
    assert (entry.kind, entry.mark, entry.anchor) == ("mistake", "refuted", "e000-1")
    assert (entry.erratum, entry.fault, entry.printed, entry.right) == ("E000-1", "error", "2", "4")
    assert (entry.quantity, entry.why) == ("The square at $x = 1$", "The mixed term is missing.")
    assert str(found) == "$(x + 1)^2$ is $x^2 + 1$ [error]\nThe square at $x = 1$: 4, by the claim 2"


def test_numbers_below_zero_are_shown_with_a_minus_sign(entered):
    mistake("E000-1", "A claim", printed=-1, right=-2.5, **WORDS)
    (entry,) = entered()
    assert (entry.printed, entry.right) == ("-1", "-2.5")
    assert entry.statement == "The square at $x = 1$: −1"
    assert entry.method == "Refuted by two computed numbers: −2.5, by the claim −1."


def test_refuted_claims_and_flaws_carry_its_name(entered):
    refute("A square", (x + 1) ** 2, x**2 + 1, erratum="E000-1")
    find_flaw([(x + 1) ** 2, x**2 + 1], title="A square", erratum="E000-1")
    refute("A root", sp.sqrt(x**2), x)
    assert [entry.erratum for entry in entered()] == ["E000-1", "E000-1", ""]


@pytest.mark.parametrize(
    "value, text",
    [
        (sp.Rational(1, 3), "0.33333"),
        (sp.sqrt(2), "1.4142"),
        (-1, "-1"),
        (torch.tensor(7.10668, dtype=torch.float64), "7.1067"),
        (np.float64(1e-9), "1e-09"),
        (np.array([[1, 2], [3, 4]]), "[[1, 2], [3, 4]]"),
        (sp.Matrix([1, sp.Rational(1, 2)]), "[[1], [0.5]]"),
        ([1, 2.5], "[1, 2.5]"),
        (True, "true"),
        (sp.false, "false"),
        (sp.oo, "∞"),
        (-sp.oo, "-∞"),
    ],
)
def test_numbers_of_every_kind(entered, value, text):
    assert mistake("E000-1", "A claim", printed=value, right=17, **WORDS).printed == text


@pytest.mark.parametrize("value", ["2", x, None, float("nan"), sp.I, sp.zoo])
def test_what_is_no_number_is_refused(entered, value):
    with pytest.raises(ValueError, match="right: expected a computed number"):
        mistake("E000-1", "A claim", printed=1, right=value, **WORDS)
    assert entered() == ()


def test_two_numbers_that_read_the_same_show_nothing(entered):
    with pytest.raises(ValueError, match=r"two different numbers, got 0\.33333 twice"):
        mistake("E000-1", "A claim", printed=1 / 3, right=sp.Rational(333333, 1000000), **WORDS)


@pytest.mark.parametrize("name", ["E1-1", "E000-", "E000-01", "e000-1", "E000-1 ", "E000-0", "", 46])
def test_names_follow_one_pattern(entered, name):
    for enter in (
        lambda: mistake(name, "A claim", printed=1, right=2, **WORDS),
        lambda: refute("A square", (x + 1) ** 2, x**2 + 1, erratum=name),
        lambda: find_flaw([(x + 1) ** 2, x**2 + 1], title="A square", erratum=name),
    ):
        with pytest.raises(ValueError, match="erratum: expected a name such as E999-1"):
            enter()


@pytest.mark.parametrize(
    "changes, argument",
    [({"fault": "slip"}, "fault"), ({"instead": ""}, "instead"), ({"quantity": None}, "quantity")],
)
def test_words_are_asked_for(entered, changes, argument):
    with pytest.raises(ValueError, match=f"^{argument}: "):
        mistake("E000-1", "A claim", printed=1, right=2, **WORDS | changes)


def test_a_flaw_with_an_erratum_needs_a_title():
    with pytest.raises(ValueError, match="title: "):
        find_flaw([(x + 1) ** 2, x**2 + 1], erratum="E000-1")


def test_the_box_shows_numbers_and_no_name():
    box = mistake("E000-1", "A claim", printed=-1, right=2, **WORDS | {"instead": "a < b"})._repr_html_()
    assert '<strong class="mistake-right">2</strong>' in box
    assert '<strong class="mistake-printed">−1</strong>' in box
    assert "a &lt; b" in box and r"\(x = 1\)" in box
    assert "E000-1" not in box.replace('data-erratum="E000-1"', "")
