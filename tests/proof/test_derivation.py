"""Derivations: false steps raise, true ones are shown with how they were checked."""

import re
from html.parser import HTMLParser

import pytest
import sympy as sp
from sympy import And, I, Rational

from helpers.proof import Derivation, DerivationError, Lemma, decide, derivation, find_flaw
from helpers.proof.derivation_html import words
from helpers.proof.verdict import Verdict

η = sp.Symbol("eta", positive=True)
x, y = sp.symbols("x y", real=True)
t = sp.Symbol("t", positive=True)


def modulus():
    return Derivation("The modulus of an eigenvalue", (1 + I * η) * (1 - I * η), claim_id="games.modulus")


def lemma(check=lambda: True):
    return Lemma("Bernoulli's inequality", "A power lies above its tangent.", "Bernoulli, 1689.", check)


def test_steps_chain_and_carry_verdicts():
    derivation = modulus().equals(1 + η**2, "multiply out").greater_than(1, "η > 0")
    assert [step.relation for step in derivation.steps] == ["==", ">"]
    assert [step.mark for step in derivation.steps] == ["proved", "proved"]
    assert derivation.steps[0].verdict.points > 0


def test_wrong_sign_raises_naming_title_step_reason_both_sides_and_point():
    with pytest.raises(DerivationError) as caught:
        modulus().equals(1 + η**2, "multiply out").equals(1 - η**2, "a slip of the pen")
    message = str(caught.value)
    for part in (
        "The modulus of an eigenvalue",
        "step 2",
        "a slip of the pen",
        "η² + 1",
        "1 - η²",
        "η = 1",
        "left side is 2",
        "right side 0",
    ):
        assert part in message
    assert caught.value.step == 2
    assert caught.value.verdict.status == "refuted"


def test_a_false_step_is_not_added():
    derivation = modulus()
    with pytest.raises(DerivationError):
        derivation.equals(η, "no")
    assert derivation.steps == []


def test_an_undecided_step_raises_unless_a_lemma_carries_it():
    hidden = sp.Function("Q")
    derivation = Derivation("Undecided", x, domain=[sp.Gt(hidden(x), 0)])
    with pytest.raises(DerivationError, match="undecided"):
        derivation.equals(x + x - x + 0 * y + sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1, "never evaluated")
    derivation.cites(lemma(), x + 1, "by the lemma", relation="<=")
    assert derivation.steps[0].mark == "cited"


def test_each_relation_is_decided_against_the_expression_before():
    up = Derivation("Up", 2 * x * y).at_most(x**2 + y**2, "a square").less_than(x**2 + y**2 + 1, "one more")
    down = Derivation("Down", t - 1 - sp.log(t)).at_least(0, "convex").greater_than(-1, "as 0 > -1")
    assert [s.mark for d in (up, down) for s in d.steps] == ["proved"] * 4
    with pytest.raises(DerivationError, match="step 1"):
        Derivation("Up", 2 * x * y).at_most(x**2, "not so")
    with pytest.raises(DerivationError, match="step 2"):
        Derivation("Start", x + 1).equals(1 + x, "commute").equals(x, "true of nothing")


def test_a_chain_does_not_turn_around():
    derivation = Derivation("Up and down", x).at_most(x + 1, "one more")
    with pytest.raises(ValueError, match="turns the chain around"):
        derivation.at_least(x - 5, "less again")


def test_conditions():
    chain = Derivation("Region", 1 - η**2 + η**4 < 1)
    chain.equivalent_to(η**2 * (η**2 - 1) < 0, "subtract").equivalent_to(And(η > 0, η < 1), "signs")
    assert [step.mark for step in chain.steps] == ["proved", "proved"]
    with pytest.raises(DerivationError, match="η = "):
        chain.equivalent_to(η < 2, "wrong end")


def test_domain_holds_for_all_steps():
    z = sp.Symbol("z")
    Derivation("Root", sp.sqrt(z**2), domain={z: (0, 1)}).equals(z, "z > 0").less_than(1, "z < 1")
    with pytest.raises(DerivationError):
        Derivation("Root", sp.sqrt(z**2)).equals(z, "z might be negative")


def test_a_function_is_shown_as_it_was_written_and_decided_by_its_value():
    derivation = Derivation("Square", (1 + η) ** 2).equals(lambda: 1 + 2 * η + η**2, "multiply out")
    assert derivation.steps[0].expression == η**2 + 2 * η + 1
    assert derivation.steps[0].latex == r"1 + 2 \eta + \eta^{2}"
    assert derivation.steps[0].text == "1 + 2*η + η²"
    with pytest.raises(DerivationError, match="step 1"):
        Derivation("Square", (1 + η) ** 2).equals(lambda: 1 + η + η**2, "multiply out")


def test_a_start_that_sympy_would_evaluate_is_shown_as_it_was_written():
    derivation = Derivation("Modulus", lambda: sp.Abs(1 + sp.I * η)).equals(sp.sqrt(1 + η**2), "Pythagoras")
    assert derivation.latex().startswith("\\begin{aligned}\n& \\left|{1 + i \\eta}\\right|")
    assert derivation.steps[0].verdict.method == "both sides evaluate to the same expression"


def test_abbreviations_are_shown_and_their_meaning_is_decided():
    A, matrix = sp.MatrixSymbol("A", 2, 2), sp.Matrix([[1, η], [-η, 1]])
    derivation = Derivation("Lengths", A.T * A, where={A: matrix}).equals(
        (1 + η**2) * sp.Identity(2), "the mixed terms cancel"
    )
    assert derivation.steps[0].mark == "proved"
    assert "where A = [1, η; -η, 1]" in str(derivation)
    assert r"A = \begin{bmatrix}1 &amp; \eta" in derivation._repr_html_()
    with pytest.raises(DerivationError, match="Lengths, step 1"):
        Derivation("Lengths", A.T * A, where={A: matrix}).equals((1 - η**2) * sp.Identity(2), "a sign lost")


def test_conditions_in_a_tuple_keep_their_order():
    derivation = Derivation("Region", sp.And(η < 2, η > 1)).equivalent_to((sp.Lt(1, η), η < 2), "reorder")
    assert derivation.steps[0].latex == r"1 < \eta\ \text{and}\ \eta < 2"


def test_a_string_is_no_expression():
    with pytest.raises(ValueError, match="got the string 'x'"):
        Derivation("Text", "x")


def test_a_lemma_shows_itself_with_its_check_passed():
    lemma = Lemma("Jensen", "For convex $f$ a mean.", "A book", check=lambda: True)
    html = lemma._repr_html_()
    assert "Jensen" in html and "numeric check passed" in html and r'<span class="tex">\(f\)</span>' in html
    with pytest.raises(ValueError, match="numeric check of the lemma"):
        Lemma("False", "Nothing.", "Nowhere", check=lambda: False)


def test_cited_lemma_is_checked_and_a_refuted_link_still_raises():
    calls = []
    passing = lemma(lambda: calls.append(1) or decide((1 + x) ** 2, 1 + 2 * x, ">="))
    derivation = Derivation("Power", (1 + t) ** 2).cites(passing, 1 + 2 * t, "tangent", relation=">=")
    assert calls == [1]
    assert derivation.steps[0].mark == "cited"
    assert "[cited: Bernoulli's inequality]" in str(derivation)
    for failing in (lambda: False, lambda: None, lambda: decide(x, x + 1)):
        with pytest.raises(ValueError, match="Bernoulli"):
            Derivation("Power", (1 + t) ** 2).cites(lemma(failing), 1 + 2 * t, "tangent", relation=">=")
    with pytest.raises(DerivationError, match="refuted"):
        Derivation("Power", (1 + t) ** 2).cites(lemma(), 1 + 3 * t, "tangent", relation=">=")


def test_plain_text():
    derivation = modulus().equals(1 + η**2, "multiply out")
    assert str(derivation).splitlines() == [
        "The modulus of an eigenvalue",
        "    (-i*η + 1)*(i*η + 1)",
        "  = η² + 1    multiply out  [proved]",
    ]


def test_latex_is_aligned():
    latex = modulus().equals(1 + η**2, "multiply out").greater_than(1, "η > 0").latex()
    assert latex.startswith(r"\begin{aligned}") and latex.endswith(r"\end{aligned}")
    assert latex.count("&") == 3
    assert "={}& 1 + \\eta^{2}" in latex


def test_data_is_plain():
    import json

    data = json.loads(json.dumps(modulus().equals(1 + η**2, "multiply out").to_dict()))
    assert data["claim_id"] == "games.modulus"
    assert data["steps"][0]["status"] == "proved"
    assert data["steps"][0]["method"] == "expanded and cancelled"


class Reader(HTMLParser):
    """Collects ids, what describes what, and the text of every formula; fails on tags that do not nest."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.described, self.formulas, self.text = [], [], [], [], ""

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.open.append((tag, attributes.get("class", "")))
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.described += [attributes["aria-describedby"]] if "aria-describedby" in attributes else []
        if self.open[-1] == ("span", "tex"):
            self.formulas.append("")

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        self.text += data
        if self.open and self.open[-1] == ("span", "tex"):
            self.formulas[-1] += data


def read(derivation):
    reader = Reader()
    reader.feed(derivation._repr_html_())
    assert reader.open == []
    return reader


def test_html_every_formula_alone_in_its_span_and_every_mark_described():
    reader = read(modulus().equals(1 + η**2, "with $i^2 < 0$ & care").greater_than(1, "as <b>η</b> > 0"))
    assert all(re.fullmatch(r"\\\(.*\\\)", formula) for formula in reader.formulas)
    assert r"\(i^2 < 0\)" in reader.formulas
    assert r"\(\displaystyle 1 + \eta^{2}\)" in reader.formulas
    whole, *lines = reader.ids
    assert whole == "claim-games.modulus"
    assert lines == [f"{part}-games.modulus-{n}" for n in (1, 2) for part in ("step", "how")]
    assert reader.described == lines[1::2]
    assert "as <b>η</b> > 0" in reader.text
    assert "Proved: expanded and cancelled" in reader.text


def test_html_typesets_what_a_cited_lemma_says():
    jensen = Lemma("Jensen", "For convex $f$ & a mean.", "A book", check=lambda: True)
    reader = read(Derivation("Power", (1 + t) ** 2).cites(jensen, 1 + 2 * t, "tangent", relation=">="))
    assert r"\(f\)" in reader.formulas
    assert "Rests on Jensen: For convex " in reader.text and " & a mean. A book." in reader.text


def test_html_escapes_the_title_and_the_reasons():
    html = Derivation('<script>"&', x).equals(x, "<img src=x>")._repr_html_()
    figure = html[html.index("<figure") :]
    assert "<script>" not in figure and "<img" not in figure
    assert "&lt;script&gt;" in figure


def test_words():
    assert words("a < b") == "a &lt; b"
    assert words(r"costs \$5") == "costs $5"
    assert words("one $x<y$ two") == r'one <span class="tex">\(x&lt;y\)</span> two'
    assert words("a lone $ sign") == "a lone $ sign"


def test_html_marks_are_buttons_with_text():
    html = modulus().equals(1 + η**2, "multiply out").cites(lemma(), 1, "smaller", relation=">")._repr_html_()
    assert html.count('<button type="button" class="mark mark-proved"') == 1
    assert html.count('<button type="button" class="mark mark-cited"') == 1
    assert re.search(r'mark-cited" aria-label="cited, step 2"', html)


def test_styles_travel_with_the_derivation_except_in_the_built_page(monkeypatch):
    derivation = modulus().equals(1 + η**2, "multiply out")
    monkeypatch.delenv("DERIVATIONS_STATIC_PAGE", raising=False)
    assert "<style>" in derivation._repr_html_()
    monkeypatch.setenv("DERIVATIONS_STATIC_PAGE", "1")
    assert "<style>" not in derivation._repr_html_()
    assert set(derivation._repr_mimebundle_()) == {"text/html", "text/latex", "text/plain"}


def test_find_flaw_returns_the_first_false_link():
    flaw = find_flaw([(1 + x) ** 2, 1 + 2 * x + x**2, ("<=", 1 + x**2), 1 + x**2, 7])
    assert flaw.index == 2
    assert flaw.relation == "<="
    assert flaw.counterexample[x] > 0
    assert "1 + x" in str(flaw) or "x² + 1" in str(flaw)
    assert find_flaw([(1 + x) ** 2, 1 + 2 * x + x**2, (">=", 1 + 2 * x)]) is None
    assert find_flaw([x, (">", x**2), ("<", x**3)], domain={x: (0, 1)}).index == 2


def test_find_flaw_stops_at_what_it_cannot_decide():
    hidden = sp.Function("Q")
    with pytest.raises(DerivationError, match="step 1"):
        find_flaw([x, 2 * x - x / 1 + sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1, 5], domain=[sp.Gt(hidden(x), 0)])
    with pytest.raises(ValueError, match="steps"):
        find_flaw([x])


@pytest.mark.parametrize(("title", "why"), [("", "reason"), (None, "reason"), ("Title", ""), ("Title", 3)])
def test_bad_words_are_rejected(title, why):
    with pytest.raises(ValueError, match=r"title|why"):
        Derivation(title, x).equals(x, why)


def test_bad_lemma_and_relation_are_rejected():
    with pytest.raises(ValueError, match="lemma"):
        Derivation("Title", x).cites("Jensen", x, "because")
    with pytest.raises(ValueError, match="relation"):
        Derivation("Title", x).cites(lemma(), x + Rational(1, 2), "because", relation="~")


ABBREVIATED = sp.Symbol("a", positive=True)


@pytest.mark.parametrize(
    "where, message",
    [
        ({ABBREVIATED: sp.Symbol("y", real=True)}, "a is assumed positive"),
        ({sp.Symbol("a"): sp.Symbol("b"), sp.Symbol("b"): sp.Symbol("a")}, "defined by itself"),
        ({"a": sp.Symbol("y")}, "expected symbols as keys"),
        ({sp.Symbol("x") + 1: sp.Symbol("y")}, "expected symbols as keys"),
        ({sp.Symbol("x", positive=True): sp.Integer(2)}, "other assumptions"),
    ],
)
def test_an_abbreviation_that_would_change_the_claim_is_refused(where, message):
    with pytest.raises(ValueError, match=message):
        Derivation("Title", sp.Symbol("x") * sp.sqrt(ABBREVIATED**2), where=where)


def test_abbreviations_may_use_each_other_in_any_order():
    a, b = sp.symbols("a b")
    y = sp.Symbol("y", real=True)
    for where in ({a: y, b: a + 1}, {b: a + 1, a: y}):
        assert Derivation("Title", b, where=where).start == y + 1
    with pytest.raises(DerivationError):
        Derivation("Title", b, where={a: y, b: a + 1}).greater_than(0, "false at -5")


def test_an_abbreviation_is_not_caught_by_a_bound_variable():
    b, y = sp.symbols("b y")
    with pytest.raises(ValueError, match="bound variable"):
        Derivation("Title", sp.Integral(b * y, (y, 0, 1)), where={b: y})


def test_a_function_that_shows_one_thing_and_means_another_is_refused():
    a, b = sp.symbols("a b")
    calls = iter([a, b])
    with pytest.raises(ValueError, match="is shown as b but means a; write the formula out"):
        Derivation("Title", lambda: next(calls))


def test_the_domain_is_shown():
    derivation = Derivation("Square", η**2, domain={η: (0, 1)}).at_most(η, "below one")
    assert "for" in str(derivation) and "η < 1" in str(derivation)
    assert r"\eta &lt; 1" in derivation._repr_html_()
    assert any("η < 1" in condition for condition in derivation.to_dict()["conditions"])


def test_a_domain_on_an_abbreviation_is_refused():
    a = sp.Symbol("a")
    with pytest.raises(ValueError, match="domain: constrains the abbreviation a"):
        Derivation("Title", a, where={a: η}, domain=[a < 1])


def test_a_link_leads_to_the_whole_derivation_and_not_to_its_short_form():
    whole = modulus().equals(1 + η**2, "multiply out")
    assert f'id="claim-{whole.anchor}"' in whole._repr_html_()
    assert 'id="claim-' not in whole.compact()._repr_html_()


def test_a_lemma_does_not_excuse_what_numbers_contradict(monkeypatch):
    chain = Derivation("A power", (1 + t) ** 3)
    found = Verdict("undecided", "no error bounds, but they differ", contradicted=True)
    monkeypatch.setattr(derivation, "decide_link", lambda *_: found)
    with pytest.raises(DerivationError, match="they differ"):
        chain.cites(lemma(), 1 + 3 * t, "the tangent", relation=">=")
    assert chain.steps == []
