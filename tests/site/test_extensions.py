"""The book's own Sphinx extensions, each on a book of a few pages."""

import io
import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

EXTENSIONS = Path(__file__).resolve().parents[2] / "book" / "_extensions"

FIGURE = '<div data-widget="phase-plane"></div>'


@pytest.fixture
def book(tmp_path, monkeypatch):
    """Build pages, given as name__suffix = text, with the book's extensions; return output and warnings."""
    monkeypatch.syspath_prepend(EXTENSIONS)
    monkeypatch.setenv("DERIVATIONS_STATIC_PAGE", "")

    apps = []

    def build(**pages: str) -> SimpleNamespace:
        from sphinx.testing.util import SphinxTestApp
        from sphinx.util.console import strip_colors

        source = tmp_path / "source"
        source.mkdir()
        (source / "conf.py").touch()
        for name, text in pages.items():
            text = text if name.startswith("index") else f"---\norphan: true\n---\n\n{text}"
            (source / name.replace("__", ".")).write_text(text, encoding="utf-8")
        warnings = io.StringIO()
        settings = {
            "extensions": ["myst_nb", "sphinxcontrib.katex", "prerendered_tex", "static_figures"],
            "root_doc": "index",
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
    for asset in ("figures.css", "katex/katex.min.js", "page.js"):
        assert f"_static/figures/{asset}" in with_figure
        assert f"_static/figures/{asset}" not in without
        assert (built.output / "_static" / "figures" / asset).is_file()
    # Classic scripts, in the order in which one needs the other.
    assert 'type="module"' not in with_figure
    assert with_figure.index("katex.min.js") < with_figure.index("page.js")
    for page in (with_figure, without):
        assert "_static/figures/theme.css" in page
        assert "observeMutations: false" in page


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
    for name in ("static_figures", "prerendered_tex"):
        sys.modules.pop(name, None)
