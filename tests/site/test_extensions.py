"""The book's own Sphinx extensions, each on a book of a few pages."""

import io
import json
import os
import re
import sys
from pathlib import Path
from tempfile import mkdtemp
from types import SimpleNamespace

import pytest

EXTENSIONS = Path(__file__).resolve().parents[2] / "book" / "_extensions"

OF_THE_LEDGER = ("ledger", "ledger_pages", "mistakes", "chapter_pages")
FIGURE = '<div data-widget="phase-plane"></div>'


@pytest.fixture
def book(tmp_path, monkeypatch):
    """Build pages, given as name__suffix = text, with these extensions and `more`; return output and warnings."""
    monkeypatch.syspath_prepend(EXTENSIONS)

    apps = []

    def build(*more: str, **pages: str) -> SimpleNamespace:
        from sphinx.testing.util import SphinxTestApp
        from sphinx.util.console import strip_colors

        while apps:  # two at a time would share what docutils keeps
            apps.pop().cleanup()
        source = Path(mkdtemp(prefix="source-", dir=tmp_path))
        (source / "conf.py").touch()
        for name, text in pages.items():
            text = text if name.startswith("index") else f"---\norphan: true\n---\n\n{text}"
            (source / name.replace("__", ".")).write_text(text, encoding="utf-8")
        warnings = io.StringIO()
        settings = {
            "extensions": [
                "myst_nb",
                "sphinxcontrib.katex",
                "prerendered_tex",
                "static_figures",
                "ledger",
                "mistakes",
                "alt_text",
                *more,
            ],
            "root_doc": "index",
            "source_suffix": {".md": "myst-nb"},
            "myst_enable_extensions": ["dollarmath"],
            "nb_execution_mode": "off",
            "nb_ipywidgets_js": {},
            "html_math_renderer": "katex",
            "katex_prerender": True,
            "katex_css_path": "figures/katex/katex.min.css",
        }
        app = SphinxTestApp("html", source, confoverrides=settings, warning=warnings)
        apps.append(app)
        app.build(force_all=True)
        return SimpleNamespace(output=Path(app.outdir), warnings=strip_colors(warnings.getvalue()))

    yield build
    for app in apps:
        app.cleanup()


@pytest.fixture
def prerendered_tex(monkeypatch):
    monkeypatch.syspath_prepend(EXTENSIONS)
    import prerendered_tex

    return prerendered_tex


def test_typeset_reads_the_tex_behind_the_html(prerendered_tex):
    html = prerendered_tex.typeset(r'<p><span class="tex">\(a &lt; b \&amp; c\)</span></p>')
    assert html.startswith('<p><span class="tex"><span class="katex">')
    assert html.endswith("</span></p>")
    # The MathML beside the picture keeps the source, escaped again: exactly once.
    assert r'<annotation encoding="application/x-tex">a &lt; b \&amp; c</annotation>' in html
    assert r"\(" not in html


def test_typeset_keeps_displaystyle(prerendered_tex):
    plain, display = (
        prerendered_tex.typeset(rf'<span class="tex">\({style}\sum_{{k=1}}^n k\)</span>')
        for style in ("", r"\displaystyle ")
    )
    # Limits stand above and below the sum only in display style.
    assert "munderover" in display
    assert "munderover" not in plain


def test_typeset_takes_each_formula_alone(prerendered_tex):
    html = prerendered_tex.typeset(r'<span class="tex">\(x\)</span> and <span class="tex">\(y\)</span>')
    assert html.count('class="katex"') == 2
    assert "</span> and <span" in html


@pytest.mark.parametrize("tex", [r"\frac{1", r"\nosuchcommand", "x^2^3"])
def test_typeset_refuses_wrong_tex(prerendered_tex, tex):
    with pytest.raises(prerendered_tex.KaTeXError) as raised:
        prerendered_tex.typeset(rf'<span class="tex">\({tex}\)</span>')
    assert f"in the formula: {tex}" in str(raised.value)


def test_wrong_tex_is_a_warning_with_its_page(book):
    built = book(
        index__md="# A\n\nfine: $x$\n",
        output__md='# B\n\n<div><span class="tex">\\(\\frac{1\\)</span></div>\n',
        inline__md="# C\n\n$\\nosuchcommand$\n",
        display__md="# D\n\n$$x^2^3$$\n",
    )
    lines = [line for line in built.warnings.splitlines() if "WARNING" in line]
    assert len(lines) == 3, built.warnings
    for page in ("output.md", "inline.md", "display.md"):
        assert sum(page in line for line in lines) == 1, built.warnings


def test_output_is_typeset_in_the_page(book):
    built = book(index__md='# A\n\n<div><span class="tex">\\(x &gt; 0\\)</span></div>\n')
    page = (built.output / "index.html").read_text(encoding="utf-8")
    assert '<span class="tex"><span class="katex">' in page
    assert built.warnings == ""


def test_only_pages_with_a_figure_load_its_scripts(book):
    built = book(index__md=f"# A\n\n{FIGURE}\n", plain__md="# B\n\nno figure\n")
    with_figure, without = (
        (built.output / name).read_text(encoding="utf-8") for name in ("index.html", "plain.html")
    )
    for asset in ("figures.css", "page.js"):
        assert f"_static/figures/{asset}" in with_figure
        assert f"_static/figures/{asset}" not in without
        assert (built.output / "_static" / "figures" / asset).is_file()
    assert 'type="module"' not in with_figure  # a browser refuses modules from disk
    # The page's host fetches it with the first figure.
    assert "katex.min.js" not in with_figure
    assert (built.output / "_static" / "figures" / "katex" / "katex.min.js").is_file()
    for page in (with_figure, without):
        assert "_static/figures/theme.css" in page


def test_only_pages_with_a_derivation_load_its_style(book):
    derivation = '# A\n\n<div class="derivation"></div>\n'
    built = book(index__md=derivation, plain__md="# B\n\na derivation in words\n")
    assert "_static/derivation.css" in (built.output / "index.html").read_text(encoding="utf-8")
    assert "_static/derivation.css" not in (built.output / "plain.html").read_text(encoding="utf-8")
    assert (built.output / "_static" / "derivation.css").is_file()


def test_widget_state_is_left_out(book):
    state = {"version_major": 2, "version_minor": 0, "state": {"1": {"model_name": "m", "state": {}}}}
    notebook = {
        "cells": [{"cell_type": "markdown", "metadata": {}, "source": "# A"}],
        "metadata": {"widgets": {"application/vnd.jupyter.widget-state+json": state}},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    built = book(index__ipynb=json.dumps(notebook))
    page = (built.output / "index.html").read_text(encoding="utf-8")
    assert "widget-state" not in page
    assert "model_name" not in page


def test_chapters_know_that_they_become_a_page(book):
    book(index__md="# A\n")
    assert os.environ["DERIVATIONS_STATIC_PAGE"] == "1"


def test_figures_that_are_not_built_stop_the_build(book, monkeypatch, tmp_path):
    from sphinx.errors import ExtensionError

    monkeypatch.syspath_prepend(EXTENSIONS)
    import static_figures

    monkeypatch.setattr(static_figures, "FIGURES", tmp_path / "nothing")
    with pytest.raises(ExtensionError, match="the figures are not built"):
        book(index__md="# A\n")


@pytest.fixture(autouse=True)
def forget_extensions():
    yield
    for name in ("static_figures", "prerendered_tex", "docstrings", *OF_THE_LEDGER):
        sys.modules.pop(name, None)


# Several processes


def test_a_process_that_fails_fails_the_build(book, monkeypatch):
    # While others wait to be started, Sphinx by itself forgets it, and with it the pages of all that work.
    import parallel_build
    from sphinx.errors import SphinxParallelError

    monkeypatch.setattr(parallel_build, "processors", lambda: 2)
    pages = {f"page_{i:02}__md": f"# P{i}\n" for i in range(40)}

    def full(app, pagename, *context):
        if pagename == "page_03":
            raise OSError(28, "No space left on device")

    monkeypatch.setitem(sys.modules, "full", SimpleNamespace(setup=lambda app: connect(app, full)))
    with pytest.raises(SphinxParallelError, match="No space left on device"):
        book("parallel_build", "full", index__md="# A\n", **pages)


def connect(app, handler) -> dict:
    app.connect("html-page-context", handler)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def test_several_processes_build_the_same_book(book, monkeypatch):
    import parallel_build
    from sphinx.util import parallel

    monkeypatch.setattr(parallel_build, "processors", lambda: 2)
    batches = []
    add = parallel.ParallelTasks.add_task
    monkeypatch.setattr(
        parallel.ParallelTasks, "add_task", lambda *task: (batches.append(task), add(*task))[1]
    )
    pages = {f"page_{i:02}__md": f"# P{i}\n\n$x_{{{i}}}$ and\n\n$$y^{{{i}}}$$\n" for i in range(24)}
    pages["page_07__md"] += "\n```{nosuchdirective}\n```\n"
    pages["page_17__md"] += "\n$\\nosuchcommand$\n"
    pages |= {"all__md": LEDGER, "errata__md": MISTAKES}
    pages["index__ipynb"] = chapter([refuted(), known()], line=box())
    alone = book(**pages)
    assert not batches
    together = book("parallel_build", **pages)
    assert len({task[1].__name__ for task in batches}) == 2  # to read, and to write
    for name in [*(page.partition("__")[0] for page in pages), "all/index", "errata/index"]:
        one, other = (
            (built.output / f"{name}.html").read_text(encoding="utf-8") for built in (alone, together)
        )
        assert one == other, name
    told = [
        sorted(re.sub(r"^.*/source-\w+/", "", line) for line in warnings_of(b)) for b in (alone, together)
    ]
    assert told[0] == told[1] and len(told[0]) == 2
    assert "page_07" in told[0][0] and "page_17" in told[0][1]


# The ledger


def entry(**changes) -> dict:
    """A claim as a chapter leaves it: the second step of a derivation, proved by both witnesses."""
    kept = {
        "kind": "step",
        "title": "A square",
        "anchor": "square",
        "number": 2,
        "relation": "==",
        "claim_id": "square",
        "statement": "(x + 1)² = x² + 2x + 1",
        "latex": r"(x + 1)^2 = x^2 + 2x + 1",
        "setting": "for $x < 1$",
        "why": "multiply out",
        "mark": "proved",
        "method": "Proved: expanded and cancelled.",
        "points": 25,
        "largest_residual": 1e-58,
        "seconds": 0.0125,
        "witness": "proves",
        "witness_method": "ratsimp",
        "erratum": "",
        "fault": "",
        "quantity": "",
        "printed": "",
        "right": "",
    }
    return kept | changes


LINE = '<li id="step-square-2"><span class="derivation-how"><span data-ledger="square-2"></span></span></li>'


def chapter(*pieces: list[dict], text: str = "", line: str = LINE) -> str:
    """A notebook whose cells published these claims, one list a cell, and that shows the line `step-square-2`."""
    outputs = [
        {
            "output_type": "display_data",
            "data": {"application/papermill.record/text/plain": json.dumps(entries)},
            "metadata": {
                "scrapbook": {"name": f"ledger-{i}", "mime_prefix": "application/papermill.record/"}
            },
        }
        for i, entries in enumerate(pieces)
    ]
    outputs.append({"output_type": "display_data", "data": {"text/html": line}, "metadata": {}})
    code = {"cell_type": "code", "source": "1", "metadata": {}, "execution_count": 1, "outputs": outputs}
    cells = [{"cell_type": "markdown", "metadata": {}, "source": "# A chapter\n\n" + text}, code]
    python = {"language_info": {"name": "python", "pygments_lexer": "python"}}
    return json.dumps({"cells": cells, "metadata": python, "nbformat": 4, "nbformat_minor": 4})


LEDGER = "# Ledger\n\n```{ledger}\n```\n"


def warnings_of(built) -> list[str]:
    return [line for line in built.warnings.splitlines() if "WARNING" in line]


def test_the_ledger_lists_each_claim_and_leads_to_its_line_and_back(book):
    built = book(
        index__ipynb=chapter([entry(number=1), entry()], [entry(anchor="b", number=1, claim_id=None)]),
        all__md=LEDGER,
    )
    assert built.warnings == ""
    rows = (built.output / "all/index.html").read_text(encoding="utf-8")
    assert rows.count("<tr id=") == 3
    assert 'href="../index.html#step-square-2"' in rows
    assert '<span class="katex">' in rows and r"\(" not in rows
    assert "1e-58" in rows and "12 ms" in rows
    assert 'href="../all.html?chapter=index#find"' in rows
    page = (built.output / "index.html").read_text(encoding="utf-8")
    assert 'href="all/index.html#index--square-2"' in page
    assert 'id="index--square-2"' in rows
    first = (built.output / "all.html").read_text(encoding="utf-8")
    assert "<strong>3</strong> claims" in first
    assert "<strong>3 of 3</strong> equalities proved by both witnesses" in first
    line = (
        '<tr><th scope="row"><a href="all/index.html">A chapter</a></th><td>3</td><td>3</td><td>3</td></tr>'
    )
    assert line in first
    assert first.count("<tr id=") == 0 and 'class="katex"' not in first
    for file, texts in {"ledger.js": (first,), "ledger.css": (first, rows)}.items():
        for text in (first, rows, page):
            assert (file in text) == (text in texts)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("$x = 1$", "Claimed: "),
        (r"$\mathrm{KL}$, $y$", "Claimed: "),
        ("A square", ""),
        ("The sum of $x$", ""),
    ],
)
def test_a_title_without_a_word_outside_its_formulas_gets_one(book, title, shown):
    built = book(index__ipynb=chapter([entry(title=title, number=0)], line=""), all__md=LEDGER)
    rows = (built.output / "all/index.html").read_text(encoding="utf-8")
    first = title.partition("$")[0]
    link = re.search(r'<div class="ledger-title"><a [^>]*>([^<]*)', rows)[1]
    assert link == shown + first


def test_the_search_gets_each_claim_with_its_row_as_tex(book):
    silent = entry(number=1, witness="silent", witness_method="no value")
    built = book(index__ipynb=chapter([silent, entry(), entry(anchor="b", witness="")]), all__md=LEDGER)
    first = (built.output / "all.html").read_text(encoding="utf-8")
    address = re.search(r'data-claims="([^"?]*)\?v=[0-9a-f]{8}"', first)[1]
    script = (built.output / address).read_text(encoding="utf-8")
    claims = json.loads(script.removeprefix("window.ledgerClaims = ").removesuffix(";\n"))
    assert [claim[:3] for claim in claims] == [
        ["index", "proved", "silent"],
        ["index", "proved", "proves"],
        ["index", "proved", "unasked"],
    ]
    assert all(claim[3] == "(x + 1)² = x² + 2x + 1" for claim in claims)
    cells = claims[1][4]
    assert r"\((x + 1)^2 = x^2 + 2x + 1\)" in cells
    assert 'href="index.html#step-square-2"' in cells and 'href="all/index.html#index--square-2"' in cells


def test_a_formula_of_a_row_that_cannot_be_typeset_fails_the_build(book):
    built = book(index__ipynb=chapter([entry(latex=r"\frac{1")]), all__md=LEDGER)
    (warning,) = warnings_of(built)
    assert "index" in warning and r"in the formula: \frac{1" in built.warnings


def test_a_claim_that_its_page_does_not_show_leads_to_the_one_before(book):
    hidden = entry(kind="claim", anchor="hidden", number=0, claim_id=None)
    built = book(index__ipynb=chapter([hidden | {"anchor": "first"}, entry(), hidden]), all__md=LEDGER)
    table = (built.output / "all/index.html").read_text(encoding="utf-8")
    rows = re.findall(r'<tr id="([^"]*)".*?<a href="([^"]*)"', table)
    assert rows == [
        ("index--first", "../index.html"),
        ("index--square-2", "../index.html#step-square-2"),
        ("index--hidden", "../index.html#step-square-2"),
    ]


def test_the_ledger_as_data(book):
    mistake = entry(
        kind="mistake", mark="refuted", anchor="m", number=0, claim_id=None, witness="", seconds=1
    )
    built = book(index__ipynb=chapter([entry(witness="agrees"), mistake]), all__md=LEDGER)
    data = json.loads((built.output / "ledger.json").read_text(encoding="utf-8"))
    assert [claim["anchor"] for claim in data["claims"]] == ["square", "m"]
    totals = data["totals"]
    assert (totals["claims"], totals["proved"], totals["refuted"]) == (2, 1, 1)
    assert (totals["proved_equalities"], totals["both_prove"]) == (1, 0)
    assert totals["second_agrees_in_numbers"] == 1
    assert totals["slowest_seconds"] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"mark": "undecided"},
        {"mark": "refuted"},
        {"kind": "claim", "mark": "cited"},
        {"kind": "mistake", "mark": "proved"},
    ],
)
def test_a_claim_without_its_proper_verdict_fails_the_build(book, changes):
    built = book(index__ipynb=chapter([entry(**changes)]), all__md=LEDGER)
    (warning,) = warnings_of(built)
    assert f"A square, step 2 is {changes['mark']}" in warning and "index" in warning


def test_a_second_witness_that_disagrees_fails_the_build(book):
    built = book(
        index__ipynb=chapter([entry(witness="disagrees", witness_method="at x = 1")]), all__md=LEDGER
    )
    (warning,) = warnings_of(built)
    assert "the second witness disagrees (at x = 1)" in warning


def test_two_claims_of_one_name_fail_the_build(book):
    (warning,) = warnings_of(book(index__ipynb=chapter([entry(), entry()]), all__md=LEDGER))
    assert "2 claims share the name 'square-2'" in warning


def test_one_claim_id_of_two_derivations_fails_the_build(book):
    other = entry(anchor="other", title="Another")
    (warning,) = warnings_of(book(index__ipynb=chapter([entry(), other]), all__md=LEDGER))
    assert "the claim_id 'square' is used 2 times" in warning


def test_a_numbered_equation_needs_a_claim(book):
    text = "$$a = b$$ (square)\n\n$$c$$ (definition-c)\n\n$$d = e$$ (uncovered)\n\n$$f = g$$\n"
    built = book(index__ipynb=chapter([entry()], text=text), all__md=LEDGER)
    (warning,) = warnings_of(built)
    assert "no claim covers the numbered equation 'uncovered'" in warning
    table = (built.output / "all.html").read_text(encoding="utf-8")
    assert "<strong>1 of 2</strong> numbered equations covered" in table


def test_a_book_without_a_ledger_page_builds(book):
    built = book(index__ipynb=chapter([entry()]))
    assert built.warnings == ""
    assert "data-ledger" not in (built.output / "index.html").read_text(encoding="utf-8")
    assert not list(built.output.rglob("ledger-claims.js"))


# Known mistakes


def known(erratum: str = "E000-1", **changes) -> dict:
    """A mistake as a chapter leaves it."""
    made = entry(
        kind="mistake",
        mark="refuted",
        title="The sum of $x$",
        anchor=erratum.lower(),
        number=0,
        claim_id=None,
        latex="",
        why="Twice $x$.",
        witness="",
        erratum=erratum,
        fault="missing",
        quantity="At $x = 1$",
        printed="-1",
        right="2",
    )
    return made | changes


def refuted(erratum: str = "E000-1") -> dict:
    false = {"anchor": "r", "title": "It is $x$", "latex": "x + x = x", "relation": "=="}
    return known(erratum, **false) | {"quantity": "", "printed": "", "right": "", "fault": ""}


def box(erratum: str = "E000-1") -> str:
    return f'<aside class="mistake"><span data-mistake="{erratum.lower()}"></span></aside>'


MISTAKES = "# Mistakes\n\n```{mistakes}\n```\n"


def test_mistakes_are_listed_and_lead_to_what_was_refuted_their_section_and_back(book):
    built = book(
        index__ipynb=chapter([refuted(), known()], [known("E000-2", fault="error")], line=box()),
        errata__md=MISTAKES,
        all__md=LEDGER,
    )
    assert built.warnings == ""
    listed, entries, page, rows = (
        (built.output / f"{name}.html").read_text(encoding="utf-8")
        for name in ("errata", "errata/index", "index", "all/index")
    )
    assert listed.count("<li id=") == entries.count("<article class") == 2
    item = listed[listed.index('<li id="mistake-e000-1"') :].partition("</li>")[0]
    assert 'href="errata/index.html#mistake-e000-1"' in item and ">missing</span>" in item
    assert 'href="errata/index.html">2 mistakes in full</a>' in listed
    assert '<h2><a href="index.html">A chapter</a></h2>' in listed
    assert "x + x = x" not in listed and r"\(" not in listed + entries
    counts = re.findall(r"<strong>(\d+)</strong> <span[^>]*>([^<]*)", listed)
    assert counts == [("1", "error"), ("1", "missing condition or step")]
    first = entries[entries.index("<article class") : entries.index("</article>")]
    assert 'id="mistake-e000-1"' in first and "x + x = x</annotation>" in first
    for address in ("../index.html#mistake-e000-1", "../errata.html#mistake-e000-1"):
        assert f'href="{address}"' in first
    assert "missing condition or step" in first
    assert '<strong class="mistake-right">2</strong>' in first
    assert '<strong class="mistake-printed">−1</strong>' in first
    section = page[page.index("<section") : page.index("<h1>")]
    assert 'id="mistake-e000-1"' in section
    assert page.count('id="mistake-e000-1"') == 1
    assert 'href="errata/index.html#mistake-e000-1"' in page
    assert 'href="../index.html#mistake-e000-1"' in rows
    assert all("mistakes.css" in text for text in (listed, entries, page))
    assert "mistakes.css" not in rows


def test_a_formula_of_an_entry_that_cannot_be_typeset_fails_the_build(book):
    broken = refuted() | {"latex": r"\frac{1"}
    built = book(index__ipynb=chapter([broken, known()], line=box()), errata__md=MISTAKES)
    (warning,) = warnings_of(built)
    assert "index" in warning and r"in the formula: \frac{1" in built.warnings


def test_two_mistakes_of_one_section_get_a_place_each(book):
    built = book(
        index__ipynb=chapter([known(), known("E000-2")], line=box() + box("E000-2")), errata__md=MISTAKES
    )
    page = (built.output / "index.html").read_text(encoding="utf-8")
    for name in ("e000-1", "e000-2"):
        assert f'<span id="mistake-{name}"></span>' in page
        assert page.count(f'id="mistake-{name}"') == 1


def test_a_refuted_claim_of_a_mistake_that_is_not_entered_fails_the_build(book):
    (warning,) = warnings_of(book(index__ipynb=chapter([refuted()]), errata__md=MISTAKES))
    assert "the mistake E000-1 of 'It is $x$' is not entered by `mistake`" in warning


def test_a_mistake_that_is_entered_twice_fails_the_build(book):
    built = book(index__ipynb=chapter([known(), known(anchor="b")]), errata__md=MISTAKES)
    found = warnings_of(built)
    assert len(found) == 2 and all("entered 2 times" in warning for warning in found)


def test_a_book_without_a_list_of_mistakes_builds(book):
    built = book(index__ipynb=chapter([known()], line=box()))
    assert built.warnings == ""
    assert "data-mistake" not in (built.output / "index.html").read_text(encoding="utf-8")


# Docstrings


@pytest.mark.parametrize(
    "written, expected",
    [
        (["The state $v = (d, g)$."], ["The state :math:`v = (d, g)`."]),
        (["At $x =", "  1$ it is 2."], ["At :math:`x = 1` it is 2."]),
        (["`a | b` or |x|"], [r"`a | b` or \|x\|"]),
        (["one of `R`; \"=>\" joins"], ['one of `R`; ``"=>"`` joins']),
        (["Say $a$.", "", ">>> print('$b$ |c|')", "$b$ |c|", "", "$d$"],
         ["Say :math:`a`.", "", ">>> print('$b$ |c|')", "$b$ |c|", "", ":math:`d`"]),
    ],
)  # fmt: skip
def test_docstrings_become_restructuredtext(monkeypatch, written, expected):
    monkeypatch.syspath_prepend(EXTENSIONS)
    from docstrings import to_restructuredtext

    assert to_restructuredtext(written) == expected


def test_signatures_keep_the_types_that_say_something(monkeypatch):
    monkeypatch.syspath_prepend(EXTENSIONS)
    from docstrings import shorten

    nothing = (None, "function", "f", None, None)
    assert shorten(*nothing, "(x: ~typing.Any, n: int = 2, y: Any = None)", "Any") == (
        "(x, n: int = 2, y=None)",
        None,
    )
    assert shorten(*nothing, "(x: Any | None)", "~helpers.proof.Verdict") == (
        "(x: Any | None)",
        "~helpers.proof.Verdict",
    )


def test_a_constant_is_described_as_in_the_module_that_makes_it(monkeypatch):
    monkeypatch.syspath_prepend(EXTENSIONS)
    from docstrings import process

    import helpers.models.games

    lines = ["what SymPy says of its products"]
    process(None, "data", "helpers.models.games.PAYOFF", helpers.models.games.PAYOFF, None, lines)
    assert lines[:2] == [
        "",
        "The value :math:`V = d g` that :math:`d` wants large and :math:`g` wants small.",
    ]


# Text alternatives

GOOD_ALT = "A parabola with its minimum at 0"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
PATH = '<path d="M0,0H1"></path>'


def shown(output: dict, metadata: dict | None = None) -> str:
    """A notebook whose only cell has displayed this."""
    display = {"output_type": "display_data", "data": output, "metadata": {}}
    code = {"cell_type": "code", "source": "1", "metadata": metadata or {}, "execution_count": 1}
    text = {"cell_type": "markdown", "metadata": {}, "source": "# A chapter"}
    python = {"language_info": {"name": "python", "pygments_lexer": "python"}}
    cells = [text, code | {"outputs": [display]}]
    return json.dumps({"cells": cells, "metadata": python, "nbformat": 4, "nbformat_minor": 4})


@pytest.mark.parametrize(
    "page",
    [
        {"index__md": "# A\n\n![](dot.svg)\n"},
        {"index__md": "# A\n\n![dot.svg](dot.svg)\n"},
        {"index__md": "# A\n\n![plot](dot.svg)\n"},
        {"index__md": "# A\n\n```{image} dot.svg\n```\n"},
        {
            "index__md": "# A\n\n```{figure} dot.svg\nA caption says what to conclude, not what is seen.\n```\n"
        },
        {"index__md": '# A\n\n<img src="dot.svg">\n'},
        {"index__md": '# A\n\n<p><img src="dot.svg" alt=" "></p>\n'},
        {"index__md": '# A\n\nA picture <img src="dot.svg"> in a sentence.\n'},
        {"index__md": f"# A\n\n<svg>{PATH}</svg>\n"},
        {"index__md": f'# A\n\n<svg role="img" aria-label="">{PATH}</svg>\n'},
        {"index__md": '# A\n\n<div role="img"></div>\n'},
        {"index__md": '# A\n\n<canvas width="9"></canvas>\n'},
        {"index__md": '# A\n\n<div data-widget="w" data-initial=\'{}\' data-alt=""></div>\n'},
        {"index__ipynb": shown({"image/png": PIXEL})},
        {"index__ipynb": shown({"image/svg+xml": f'<svg xmlns="http://www.w3.org/2000/svg">{PATH}</svg>'})},
        {"index__ipynb": shown({"text/html": f"<div><svg>{PATH}</svg></div>"})},
        {"index__ipynb": shown({"text/html": '<img src="data:image/png;base64,">'})},
    ],
)
def test_a_picture_without_a_text_alternative_fails_the_build(book, page):
    (warning,) = warnings_of(book(dot__svg="<svg xmlns='http://www.w3.org/2000/svg'></svg>", **page))
    assert "a picture needs a text alternative (alt) that says what is to be seen" in warning
    assert next(iter(page)).replace("__", ".") in warning


@pytest.mark.parametrize(
    "page",
    [
        {"index__md": f"# A\n\n![{GOOD_ALT}](dot.svg)\n"},
        {"index__md": f"# A\n\n```{{image}} dot.svg\n:alt: {GOOD_ALT}\n```\n"},
        {"index__md": f"# A\n\n```{{figure}} dot.svg\n:alt: {GOOD_ALT}\n\nA caption.\n```\n"},
        {"index__md": f'# A\n\n<img src="dot.svg" alt="{GOOD_ALT}">\n'},
        {"index__md": f'# A\n\n<svg role="img" aria-label="{GOOD_ALT}"><g>{PATH}</g></svg>\n'},
        {"index__md": f"# A\n\n<svg><title>{GOOD_ALT}</title>{PATH}</svg>\n"},
        {"index__md": f'# A\n\n<div role="img" aria-label="{GOOD_ALT}"><svg>{PATH}</svg></div>\n'},
        {"index__md": f'# A\n\n<span aria-hidden="true"><svg>{PATH}</svg></span>\n'},
        {"index__md": '# A\n\n<img src="dot.svg" alt="" role="presentation">\n'},
        {"index__ipynb": shown({"image/png": PIXEL}, {"mystnb": {"image": {"alt": GOOD_ALT}}})},
        {"index__ipynb": shown({"text/html": f'<svg role="img" aria-label="{GOOD_ALT}">{PATH}</svg>'})},
        {"index__md": r"# A" + '\n\n<div><span class="tex">' + r"\(\sqrt{x}\)" + "</span></div>\n"},
    ],
)
def test_a_picture_with_a_text_alternative_builds(book, page):
    built = book(dot__svg="<svg xmlns='http://www.w3.org/2000/svg'></svg>", **page)
    assert built.warnings == ""


def test_a_picture_after_a_good_one_is_not_overlooked(book):
    good, bad = f'<svg aria-label="{GOOD_ALT}">{PATH}</svg>', f'<svg id="bad">{PATH}</svg>'
    (warning,) = warnings_of(book(index__md=f"# A\n\n<div>{good}{bad}{good}</div>\n"))
    assert 'id="bad"' in warning


def test_a_decorative_picture_is_not_read_out(book):
    text = "# A\n\n```{image} dot.svg\n:class: decorative\n```\n"
    built = book(dot__svg="<svg xmlns='http://www.w3.org/2000/svg'></svg>", index__md=text)
    assert built.warnings == ""
    assert re.search(r'<img alt=""', (built.output / "index.html").read_text(encoding="utf-8"))


def test_a_plot_of_the_package_has_its_text_alternative(book):
    from matplotlib.figure import Figure

    from helpers.plotting import render

    html = render(Figure(), alt=GOOD_ALT)._repr_html_()
    assert book(index__ipynb=shown({"text/html": html})).warnings == ""
