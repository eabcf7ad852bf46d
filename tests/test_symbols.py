"""The registry of symbols: one meaning a letter, and the chapters take all their SymPy symbols from it."""

import ast
import re

import jupytext
import pytest
import sympy as sp

from helpers.models import games
from helpers.symbols import CHAPTERS, ENTRIES, Entry, Notation, by_chapter, merged, table

MAKES_SYMBOLS = {"Symbol", "symbols", "MatrixSymbol", "Dummy", "Wild", "Function", "IndexedBase"}


def cells(root, chapter: str, kind: str) -> list:
    notebook = jupytext.read(root / "book" / f"{CHAPTERS[chapter].page}.md")
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def calls(source: str) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]


def symbols_made(source: str) -> list[str]:
    """The calls in a cell that make a SymPy symbol themselves."""
    return [
        ast.unparse(call)
        for call in calls(source)
        if getattr(call.func, "attr", getattr(call.func, "id", None)) in MAKES_SYMBOLS
    ]


def names_taken(source: str) -> set[str]:
    """The names in calls `notation("...")`."""
    return {
        name
        for call in calls(source)
        if isinstance(call.func, ast.Name) and call.func.id == "notation"
        for name in call.args[0].value.split()
    }


def test_no_letter_means_two_things_in_a_chapter():
    assert sum(map(len, by_chapter().values())) == sum(len(entry.chapters) for entry in ENTRIES)


@pytest.mark.parametrize(
    "code, symbol",
    [("rate", sp.Symbol("eta")), ("eta", sp.Symbol("alpha")), ("x", sp.Symbol("η", real=True))],
)
def test_a_second_meaning_is_refused(code, symbol):
    first = Entry("eta", "the learning rate", ("games",), sp.Symbol("eta"))
    with pytest.raises(ValueError, match="means two things in the chapter 'games'"):
        by_chapter([first, Entry(code, "another", ("games",), symbol)])


def test_what_two_chapters_have_alike_is_one_entry():
    eta, other = (
        Entry("eta", "a rate", symbol=sp.Symbol("eta")),
        Entry("eta", "a rate", symbol=sp.Symbol("x")),
    )
    assert [(e.symbol.name, e.chapters) for e in merged({"a": [eta], "b": [other, eta]})] == [
        ("eta", ("a", "b")),
        ("x", ("b",)),
    ]


def test_an_unknown_chapter_is_refused():
    with pytest.raises(ValueError, match=r"chapters: .*'poker'"):
        by_chapter([Entry("x", "a card", ("poker",), sp.Symbol("x"))])
    with pytest.raises(ValueError, match=r"chapter: .*'poker'"):
        Notation("poker")


def test_symbols_come_with_their_assumptions():
    notation = Notation("games")
    eta, lam, k, M = notation("eta lam k M")
    assert eta.is_positive and lam.is_real is None and lam.name == "lambda"
    assert k.is_integer and k.is_nonnegative and not k.is_positive
    assert M.shape == notation("n m")
    assert notation("t") == sp.Symbol("t", real=True)


@pytest.mark.parametrize("codes", ["zeta", "eta zeta", "v", ""])
def test_a_name_without_a_symbol_is_refused(codes):
    with pytest.raises(ValueError, match=r"codes: got (.*'games'|'', expected words)"):
        Notation("games")(codes)


def test_local_symbols_keep_off_letters_with_a_meaning():
    notation = Notation("games")
    assert notation.local("x_1 y_1", real=True) == sp.symbols("x_1 y_1", real=True)
    assert notation.local("S", shape=(2, 3)).shape == (2, 3)
    for taken in ("eta", "x_1 lambda", "η", "s"):
        with pytest.raises(ValueError, match=r"names: .* stands for"):
            notation.local(taken)


def test_undefined_functions_keep_off_symbols():
    notation, x = Notation("games"), sp.Symbol("x")
    p, q_1 = notation.function("p q_1", real=True)
    assert p(x) == sp.Function("p", real=True)(x) and p(x).is_real and q_1(x).diff(x) != 0
    assert notation.function("f")(x).is_real is None  # the text explains an f, which is no symbol
    for taken in ("eta", "p A", "η"):
        with pytest.raises(ValueError, match=r"names: .* stands for"):
            notation.function(taken)
    with pytest.raises(ValueError, match="names: got ' '"):
        notation.function(" ")


def test_the_models_use_the_same_symbols():
    notation = Notation("games")
    assert tuple(games.STATE) == notation("d g")
    assert games.characteristic_polynomial("simultaneous", *notation("eta lam")).free_symbols == {
        *notation("eta lam")
    }


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_makes_no_symbol_of_its_own(root, chapter):
    """A solution's own letters end with it."""
    for cell in cells(root, chapter, "code"):
        if "solution" not in cell.metadata.get("tags", []):
            assert symbols_made(cell.source) == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_entry_is_used_in_its_chapter(root, chapter):
    code = [cell.source for cell in cells(root, chapter, "code")]
    text = "\n".join(cell.source for cell in cells(root, chapter, "markdown"))
    formulas = " ".join(re.findall(r"\$+(.+?)\$+", text, flags=re.DOTALL))
    taken = set().union(*map(names_taken, code))
    entries = by_chapter()[chapter]
    assert {entry.code for entry in entries if entry.symbol is not None} == taken
    for entry in entries:
        if entry.symbol is None:
            assert re.search(rf"(?<![A-Za-z\\]){re.escape(entry.latex)}(?![A-Za-z])", formulas), entry
            name = rf"(?<![\w.]){re.escape(entry.code)}(?!\w)"
            assert any(re.search(name, source) for source in code), entry


def test_the_checks_of_a_chapter_see_what_they_should():
    assert symbols_made('x, y = sp.symbols("x y")\nz = Symbol("z")') == ["sp.symbols('x y')", "Symbol('z')"]
    assert symbols_made('x = notation("x")\ny = notation.local("y")') == []
    assert names_taken('x = f(notation("x"), notation("y z"))\nw = notation.local("w")') == {"x", "y", "z"}


def test_the_table_is_sorted_and_whole():
    rows = table().splitlines()[2:]
    assert len(rows) == len(ENTRIES)
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in rows)
    symbols = [re.sub(r"<[^>]*>", "", row.split("|")[1]).strip() for row in rows]
    anchors = [re.search(r'<span id="([^"]*)"></span>', row)[1] for row in rows]
    assert len(set(anchors)) == len(rows) and all(re.fullmatch(r"symbol-[A-Za-z0-9_-]+", a) for a in anchors)
    assert symbols.index("$\\beta$") < symbols.index("$c$") < symbols.index("$\\eta$")
    (row,) = (row for row in rows if "`eta`" in row)
    assert row == (
        '| <span id="symbol-tools-eta"></span>$\\eta$ | the learning rate <small>positive</small> | `eta` | '
        "[Tools](../invertible_maps/tools.md), [Amortised inference](../inference/amortised_inference.md), "
        "[Games](../games/index.md), [Training methods](../games/training_methods.md) |"
    )


@pytest.mark.parametrize(
    "symbol, words",
    [
        (sp.Symbol("x"), "complex"),
        (sp.Symbol("x", real=True), "real"),
        (sp.Symbol("x", positive=True), "positive"),
        (sp.Symbol("x", nonnegative=True), "real, 0 or greater"),
        (sp.Symbol("x", integer=True, positive=True), "whole, positive"),
        (sp.Symbol("x", integer=True), "whole"),
        (sp.MatrixSymbol("X", 2, sp.Symbol("n") + 1), "$2 \\times (1 + n)$"),
        (None, ""),
    ],
)
def test_assumptions_in_words(symbol, words):
    assert Entry("x", "something", ("games",), symbol, "x").assumptions == words
