"""The chapters' notebooks: on a small book, in the built one, and through the page's button."""

import io
import posixpath
import re
import sys
from fnmatch import fnmatch
from html import unescape
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, unquote, urlsplit

import nbformat
import pytest
import yaml
from markdown_it import MarkdownIt

ROOT = Path(__file__).resolve().parents[2]
EXTENSIONS = ROOT / "book" / "_extensions"
MODULES = (
    "notebooks",
    "chapter_notebook",
    "plain_markdown",
    "teaching",
    "reading_time",
    "finding",
    "plain_text",
)

WHEEL = "derivations_that_run-0.1.0-py3-none-any.whl"
REPOSITORY = "https://github.com/someone/some-book"

HEADER = "---\nkernelspec:\n  name: python3\n  display_name: Python 3\nfile_format: mystnb\n---\n\n"
BIBLIOGRAPHY = """
@article{one, author={Doe, Jane and Roe, Rick}, title={A {TITLE} with $x_1$}, journal={J},
  year={1999}, doi={10.1/a(b)}}
@misc{many, author={Ba, A. and Bb, B. and Bc, C.}, title={Many}, year={2001}, note={arXiv:0101.00001}}
@book{aaa, author={Aa, Zoe}, title={Alone}, publisher={P}, year={1900}}
@book{uncited, author={Zz, Z.}, title={Z}, publisher={P}, year={1900}}
"""


@pytest.fixture
def book(tmp_path, monkeypatch):
    """Build a book of these pages (name__suffix = text) and settings; return its folders and warnings."""
    monkeypatch.syspath_prepend(EXTENSIONS)
    apps = []

    def build(settings: dict | None = None, **pages: str) -> SimpleNamespace:
        from sphinx.testing.util import SphinxTestApp
        from sphinx.util.console import strip_colors

        source = tmp_path / "source"
        (source / "wheel").mkdir(parents=True)
        (source / "wheel" / WHEEL).write_bytes(b"a wheel")
        (source / "conf.py").touch()
        (source / "works.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
        for name, text in pages.items():
            path = source / "book" / name.replace("__", ".").replace("_0_", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        warnings = io.StringIO()
        configuration = {
            "extensions": ["myst_nb", "sphinx_book_theme", "sphinxcontrib.bibtex", "notebooks"],
            "root_doc": "book/index",
            # Said, because Sphinx keeps what other extensions have added to its own in this process.
            "source_suffix": {".md": "myst-nb"},
            "html_theme": "sphinx_book_theme",
            "html_title": "A Book",
            "myst_enable_extensions": ["dollarmath", "colon_fence"],
            "myst_heading_anchors": 3,
            "nb_execution_mode": "off",
            "notebooks_wheels": "wheel",
            "bibtex_bibfiles": ["works.bib"],
            "bibtex_reference_style": "author_year",
        } | (settings or {})
        app = SphinxTestApp("html", source, confoverrides=configuration, warning=warnings)
        apps.append(app)
        app.build(force_all=True)
        output = Path(app.outdir)
        # Nothing is executed here, and these are no lexers of a page's code.
        told = [line for line in strip_colors(warnings.getvalue()).splitlines() if "lexer" not in line]
        return SimpleNamespace(output=output, beside=output.parent / "notebooks", warnings="\n".join(told))

    yield build
    for app in apps:
        app.cleanup()


@pytest.fixture(autouse=True)
def forget_extensions():
    yield
    for name in MODULES:
        sys.modules.pop(name, None)


def text_of(notebook: dict, kind: str) -> str:
    return "\n\n".join(cell["source"] for cell in notebook["cells"] if cell["cell_type"] == kind)


def index(text: str, *pages: str) -> str:
    toctree = "\n".join(["```{toctree}", *pages, "```"])
    return f"{HEADER}# The book\n\n{text}\n\n" if not pages else f"# The book\n\n{text}\n\n{toctree}\n"


def test_a_chapter_as_the_page_has_it(book):
    chapter = f"""{HEADER}# A chapter

{{cite:t}}`one` and {{cite:p}}`many,aaa`, see {{eq}}`b`; [there](#the-end),
[list](works.md#aaa), [next](part/other.md#sub).

$$
x
$$ (a)

$$
y
$$ (b)

```{{code-cell}}
:tags: [hide-input, mine]

import sympy
from myst_nb import glue
```

## The end

Done.
"""
    other = f"{HEADER}# Other\n\n## Sub\n\n[up](../chapter.md)\n\n```{{code-cell}}\n1\n```\n"
    built = book(
        index__md=index("[go](chapter.md)", "chapter", "part/other", "works"),
        chapter__md=chapter,
        part_0_other__md=other,
        works__md="# Works\n\n## Aaa\n\n```{bibliography}\n```\n",
    )
    assert built.warnings == ""
    assert sorted(path.name for path in built.beside.rglob("*")) == [
        "chapter.ipynb", WHEEL, "other.ipynb", "part"
    ]  # fmt: skip
    notebook = nbformat.read(built.beside / "chapter.ipynb", 4)
    told = text_of(notebook, "markdown")
    assert "the page [A chapter](../html/book/chapter.html) of the book “A Book”" in told
    assert "Doe and Roe ([1999](https://doi.org/10.1/a%28b%29))" in told
    assert "([Ba *et al.*, 2001](https://arxiv.org/abs/0101.00001), Aa, 1900)" in told or (
        "(Aa, 1900, [Ba *et al.*, 2001](https://arxiv.org/abs/0101.00001))" in told
    )
    assert "see (2)" in told and "x\n\\tag{1}" in told and "y\n\\tag{2}" in told
    assert "[there](#the-end),\n[list](../html/book/works.html#aaa), [next](part/other.ipynb#sub)" in told
    assert '<a id="the-end"></a>\n\n## The end' in told
    references = notebook["cells"][-1]["source"]
    assert references.startswith("## References\n\n- Zoe Aa.")  # by names, as the page's list
    assert re.findall(r"^- .*?(\w+)\.", references, re.MULTILINE)[-1] == "Roe"
    assert "Zz" not in references and references.count("\n- ") == 3
    other = nbformat.read(built.beside / "part" / "other.ipynb", 4)
    assert '<a id="sub"></a>\n\n## Sub\n\n[up](../chapter.ipynb)' in text_of(other, "markdown")
    assert "References" not in text_of(other, "markdown")
    # The cells: the text's markers gone, what needs MyST replaced, what the page folds away folded.
    first, second = (cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    assert second["source"] == "import sympy\nfrom helpers.notebook import glue"
    assert second["metadata"] == {
        "tags": ["hide-input", "mine"], "jupyter": {"source_hidden": True}, "cellView": "form"
    }  # fmt: skip
    assert f'WHEEL = "{WHEEL}"\nADDRESS = ""\n' in first["source"]
    assert (
        (built.beside / WHEEL).read_bytes() == (built.output / "notebooks" / WHEEL).read_bytes() == b"a wheel"
    )
    assert notebook["metadata"]["kernelspec"]["name"] == "python3" and "jupytext" not in notebook["metadata"]


def test_a_page_that_cannot_be_lowered_is_a_warning_with_its_line(book):
    expected = {
        "directive": ("a\n\n```{margin}\nb\n```", "the directive {margin} has no plain form", 12),
        "role": ("a {abbr}`b`", "the role {abbr} has no plain form", 10),
        "glue": ("a {glue:text}`nothing`", "no cell glues 'nothing'", 10),
        "code": ("```{code-cell}\nimport myst_nb\n```", "a notebook has no myst_nb, but", 11),
        "link": ("[a](nowhere.md)", "the link to 'nowhere.md' leads to no page", 10),
        "place": ("[a](#nowhere)", "links lead to nowhere, which is not here", 1),
    }
    pages = {f"{name}__md": index(text) for name, (text, _, _) in expected.items()}
    built = book(index__md=index("a", *expected), **pages)
    told = [line for line in built.warnings.splitlines() if "no notebook" in line]
    assert len(told) == len(expected), built.warnings
    for name, (_, what, line) in expected.items():
        assert any(f"book/{name}.md:{line}: WARNING: no notebook: {what}" in warning for warning in told), (
            told
        )
    assert not list(built.output.rglob("*.ipynb"))


def test_pages_that_are_no_chapters_offer_none(book):
    built = book(
        {"notebooks_exclude": ["book/api*"]},
        index__md=index("a", "chapter", "api"),
        chapter__md=HEADER + "# A\n",
        api__md=HEADER + "# B\n\n```{eval-rst}\n*x*\n```\n",
    )
    assert built.warnings == ""
    assert [path.name for path in built.beside.glob("*.ipynb")] == ["chapter.ipynb"]
    for name, offered in (("chapter", True), ("api", False), ("index", False)):
        page = (built.output / "book" / f"{name}.html").read_text(encoding="utf-8")
        assert ("notebooks/chapter.ipynb" in page) is offered
        assert (".ipynb" in page) is offered
        assert "Source (.md)" in page and "Print or save as PDF" in page
        assert "binder" not in page.lower() and "colab." not in page.lower()
    assert not (built.output / "binder").exists()


def test_a_repository_brings_binder_and_colab(book):
    built = book(
        {"html_theme_options": {"repository_url": REPOSITORY + "/"}, "notebooks_branch": "site"},
        index__md=index("a"),
    )
    assert built.warnings == ""
    page = (built.output / "book" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'href="(https://(?:mybinder|colab)[^"]*)"', page) == [
        "https://mybinder.org/v2/gh/someone/some-book/site?urlpath=lab/tree/notebooks/index.ipynb",
        "https://colab.research.google.com/github/someone/some-book/blob/site/notebooks/index.ipynb",
    ]
    # Colab has the notebook alone: the wheel has to come from where the site is published.
    first = nbformat.read(built.output / "notebooks" / "index.ipynb", 4)["cells"][1]["source"]
    assert f'ADDRESS = "{REPOSITORY}/raw/site/notebooks/{WHEEL}"\n' in first
    requirements = (built.output / "binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert requirements[1:] == ["jupyterlab", f"./notebooks/{WHEEL}[plot,torch]"]
    assert (built.output / "binder" / "runtime.txt").read_text(encoding="utf-8") == "python-3.12\n"


def test_the_sites_address_stands_in_the_notebook(book):
    built = book(
        {"html_baseurl": "https://book.example/en/"},
        index__md=index("a", "chapter", "other", "api"),
        chapter__md=HEADER + "# A\n\n[b](api.md#b) [c](other.md)\n",
        other__md=HEADER + "# Other\n",
        api__md="# B\n",
    )
    assert built.warnings == ""
    for folder in (built.output / "notebooks", built.beside):
        notebook = nbformat.read(folder / "chapter.ipynb", 4)
        told = text_of(notebook, "markdown")
        assert "[A](https://book.example/en/book/chapter.html)" in told
        assert "[b](https://book.example/en/book/api.html#b) [c](other.ipynb)" in told
        assert f'ADDRESS = "https://book.example/en/notebooks/{WHEEL}"\n' in text_of(notebook, "code")


@pytest.mark.parametrize(
    "repository, binder, colab",
    [
        ("", None, None),
        ("https://github.com/a/b", "gh/a/b/gh-pages", "github/a/b/blob/gh-pages/notebooks/x/y.ipynb"),
        ("https://gitlab.com/a/b/c", "git/https%3A%2F%2Fgitlab.com%2Fa%2Fb%2Fc/gh-pages", None),
    ],
)
def test_addresses_on_binder_and_colab(monkeypatch, repository, binder, colab):
    monkeypatch.syspath_prepend(EXTENSIONS)
    from notebooks import launch_addresses

    found = launch_addresses(repository, "gh-pages", "notebooks/x/y.ipynb")
    assert ("Binder" in found) is bool(binder) and ("Colab" in found) is bool(colab)
    if binder:
        path = "?urlpath=lab/tree/notebooks/x/y.ipynb"
        assert found["Binder"] == f"https://mybinder.org/v2/{binder}{path}"
    if colab:
        assert found["Colab"] == f"https://colab.research.google.com/{colab}"


@pytest.mark.parametrize("repository", ["", REPOSITORY])
def test_a_jupyterhub_fetches_the_repository_and_opens_the_notebook(book, repository):
    """As nbgitpuller reads the link; without a repository the page says what to fill in and has no dead link."""
    built = book(
        {
            "extensions": ["myst_nb", "sphinx_book_theme", "sphinxcontrib.bibtex", "teaching"],
            "html_theme_options": {"repository_url": repository},
            "notebooks_branch": "site",
        },
        index__md=index("a", "games/index", "teaching"),
        games_0_index__md=HEADER + "# Games\n",
        teaching__md="# For teachers\n\n```{jupyterhub-link} games/index.ipynb\n```\n",
    )
    assert built.warnings == ""
    article = (built.output / "book" / "teaching.html").read_text("utf-8").partition("<article")[2]
    links = re.findall(r"https://hub\.example\.org[^\s<]*", article)
    if not repository:
        assert links == [] and "repository: url" in re.sub("<[^>]*>", "", article)
        return
    (link,) = map(unescape, links)
    assert urlsplit(link).path == "/hub/user-redirect/git-pull"
    assert parse_qs(urlsplit(link).query) == {
        "repo": [REPOSITORY],
        "branch": ["site"],
        # The folder that the hub makes has the repository's name.
        "urlpath": ["lab/tree/some-book/notebooks/games/index.ipynb?autodecode"],
        "depth": ["1"],
    }
    assert (built.output / "notebooks" / "games" / "index.ipynb").is_file()


def test_a_jupyterhub_link_to_no_notebook_is_refused(book):
    built = book(
        {"extensions": ["myst_nb", "sphinx_book_theme", "sphinxcontrib.bibtex", "teaching"]},
        index__md=index("```{jupyterhub-link} other.ipynb\n```\n"),
    )
    assert "expected the name of a notebook of the book, got 'other.ipynb'" in built.warnings


@pytest.mark.parametrize("left_out", ["", "games/index"])
def test_a_plan_by_weeks_has_every_chapter_or_is_refused(book, left_out):
    from helpers.symbols import CHAPTERS

    pages = [chapter.page for chapter in CHAPTERS.values()]
    weeks = "\n".join(page for page in pages if page != left_out)
    built = book(
        {"extensions": ["myst_nb", "sphinx_book_theme", "sphinxcontrib.bibtex", "teaching"]},
        index__md=index("a", *pages, "about"),
        about__md=f"# For teachers\n\n```{{course-plan}}\n{weeks}\n```\n",
        **{page.replace("/", "_0_") + "__md": f"# The page {page}\n\nA word.\n" for page in pages},
    )
    article = (built.output / "book" / "about.html").read_text("utf-8").partition("<article")[2]
    rows = re.findall(r"<td><p>(\d*)</p></td>\s*<td><p><a [^>]*>(.*?)</a></p>\s*<p [^>]*>(.*?)</p>", article)
    if left_out:
        assert "expected every chapter once, wrong are games/index" in built.warnings and rows == []
        return
    assert built.warnings == ""
    assert rows == [(str(week), f"The page {page}", "About 1 minute") for week, page in enumerate(pages, 1)]


# The built book


def chapters() -> list[str]:
    """The pages that are to have a notebook, by their path inside `book`."""
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]
    pages = [
        path.relative_to(ROOT).with_suffix("")
        for path in (ROOT / "book").rglob("[!_]*.md")
        if ".ipynb_checkpoints" not in path.parts and "format_name: myst" in path.read_text(encoding="utf-8")
    ]
    excluded = settings["notebooks_exclude"]
    kept = [page for page in pages if not any(fnmatch(page.as_posix(), pattern) for pattern in excluded)]
    return sorted(page.relative_to("book").as_posix() for page in kept)


@pytest.fixture(scope="module")
def folders(site) -> tuple[Path, Path]:
    """Where the site serves its notebooks, and what `make notebooks` writes."""
    return site / "notebooks", site.parent / "notebooks"


@pytest.fixture(scope="module")
def notebooks(folders) -> dict[str, dict]:
    return {name: nbformat.read(folders[0] / f"{name}.ipynb", 4) for name in chapters()}


def test_every_chapter_has_one_and_the_folders_hold_the_wheel(folders, notebooks):
    assert len(notebooks) > 15
    for folder in folders:
        found = {path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.ipynb")}
        assert found == set(notebooks)
        (wheel,) = folder.glob("*.whl")
        for name in notebooks:
            notebook = nbformat.read(folder / f"{name}.ipynb", 4)
            nbformat.validate(notebook)
            code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
            assert f'WHEEL = "{wheel.name}"' in code[0]["source"]
            assert not any(cell["outputs"] for cell in code)  # light, and nothing that looks alive and is not


def test_no_myst_is_left(notebooks):
    """Read as plain CommonMark: outside of code no directive, role, label, or part of one."""
    for name, notebook in notebooks.items():
        for cell in notebook["cells"]:
            if cell["cell_type"] != "markdown":
                assert "myst_nb" not in cell["source"], name
                continue
            tokens = MarkdownIt("commonmark").enable("table").parse(cell["source"])
            for token in tokens:
                assert not (token.type == "fence" and "{" in token.info), (name, token.info)
                for child, following in pairwise([*(token.children or ()), None]):
                    if child.type == "text":
                        assert not re.search(r":::|^\([\w-]+\)=$", child.content), (name, child.content)
                        role = following and following.type == "code_inline" and child.content.endswith("}")
                        assert not role, (name, child.content, following.content)


def formulas(text: str) -> list[str]:
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    found = []
    parser = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, allow_labels=True)
    for token in parser.parse(text):
        for each in [token, *(token.children or ())]:
            if each.type.startswith("math"):
                found.append(" ".join(re.sub(r"\\tag\{\d+\}", "", each.content).split()))
    return found


def test_formulas_are_those_of_the_chapter(root, notebooks):
    counted = 0
    for name, notebook in notebooks.items():
        source = (root / "book" / f"{name}.md").read_text(encoding="utf-8")
        # Colon fences are no CommonMark; the lines of their content are.
        source = re.sub(r"^:::.*\n(:class:.*\n)?", "\n", source, flags=re.MULTILINE)
        source = re.sub(r"^```\{code-cell\}.*?^```$", "", source, flags=re.MULTILINE | re.DOTALL)
        found = formulas(text_of(notebook, "markdown"))
        assert found == formulas(source), name
        counted += len(found)
    assert counted > 2000


def words(html: str) -> str:
    """What is read, with one kind of brackets and of quotation marks."""
    text = " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())
    return text.translate(str.maketrans("[]‘’“”", "()''\"\""))


def test_the_text_is_that_of_the_page(site, notebooks):
    """Citations, numbers from cells and references to equations read as on the page, in every chapter."""
    parser, compared = MarkdownIt("commonmark").enable("table"), 0
    for name, notebook in notebooks.items():
        html = (site / "book" / f"{name}.html").read_text(encoding="utf-8")
        page = words(html[html.index("<article") : html.index("</article>")])
        for cell in notebook["cells"][1:]:
            if cell["cell_type"] != "markdown" or cell["source"].startswith("## References"):
                continue
            for block in re.split(r"</?(?:p|li|td|th|h\d)\b[^>]*>", parser.render(cell["source"])):
                # Formulas are compared elsewhere, and are typeset in the page.
                for piece in re.split(r"\$\$?[^$]+\$\$?", block):
                    assert words(piece) in page, (name, words(piece))
                    compared += len(words(piece).split())
    assert compared > 20_000


def test_equations_have_the_pages_numbers(site, notebooks):
    counted = 0
    for name, notebook in notebooks.items():
        html = (site / "book" / f"{name}.html").read_text(encoding="utf-8")
        numbers = re.findall(r'<span class="eqno">\((\d+)\)', html)
        assert re.findall(r"\\tag\{(\d+)\}", text_of(notebook, "markdown")) == numbers, name
        counted += len(numbers)
    assert counted > 30


def test_every_work_that_is_cited_is_listed_at_the_end(root, notebooks):
    for name, notebook in notebooks.items():
        source = (root / "book" / f"{name}.md").read_text(encoding="utf-8")
        cited = {key for keys in re.findall(r"\{cite:\w+\}`([^`]+)`", source) for key in keys.split(",")}
        last = notebook["cells"][-1]["source"]
        assert len(cited) == (last.count("\n- ") if last.startswith("## References") else 0), name
    games = notebooks["games/training_methods"]["cells"][-1]["source"]
    assert "[doi:10.1016/0041-5553(64)90137-5](https://doi.org/10.1016/0041-5553" in games
    assert "Lars Mescheder, Andreas Geiger, and Sebastian Nowozin. Which training methods for GANs" in games


def test_every_link_leads_somewhere(folders, notebooks):
    followed = 0
    for folder in folders:
        for name in notebooks:
            notebook = nbformat.read(folder / f"{name}.ipynb", 4)
            text = text_of(notebook, "markdown")
            for html in re.findall(r'<a href="([^"]*)"', MarkdownIt().render(text)):
                link = urlsplit(html)
                if link.scheme:
                    assert link.scheme == "https" and link.netloc, html
                    continue
                path = posixpath.normpath(
                    posixpath.join(folder.as_posix(), posixpath.dirname(name), unquote(link.path))
                )
                target = Path(path) if link.path else folder / f"{name}.ipynb"
                assert target.is_file(), (name, html)
                if link.fragment:
                    held = target.read_text(encoding="utf-8")
                    assert f'id=\\"{link.fragment}\\"' in held or f'id="{link.fragment}"' in held, (
                        name,
                        html,
                    )
                followed += 1
    assert followed > 100


def test_only_pages_with_a_notebook_offer_one(site, notebooks):
    for page in (site / "book").rglob("*.html"):
        name = page.relative_to(site / "book").with_suffix("").as_posix()
        html = page.read_text(encoding="utf-8")
        offered = re.findall(r'href="([^"]*)"[^>]*\s+class="[^"]*btn-download-notebook-button', html)
        assert len(offered) == (name in notebooks), name
        for address in offered:
            assert (page.parent / address).resolve() == (site / "notebooks" / f"{name}.ipynb").resolve()
        # No repository is configured: nothing that leads to one.
        assert "mybinder.org" not in html and "colab.research" not in html
