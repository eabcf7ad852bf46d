"""MyST Markdown becomes plain Markdown, and what has no plain form is an error with its line."""

import sys
from pathlib import Path

import pytest
from myst_parser.config.main import MdParserConfig

EXTENSIONS = Path(__file__).resolve().parents[2] / "book" / "_extensions"

SYNTAX = {"amsmath", "attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath", "substitution"}


class Page:
    """Stands for a page of the book: what it is asked shows in its answers."""

    def __init__(self) -> None:
        self.places = []

    def role(self, name: str, content: str) -> str:
        if name == "unknown":
            raise ValueError("the role {unknown} has no plain form")
        return f"<{name} {content}>"

    def link(self, target: str) -> str:
        return target.replace(".md", ".ipynb")

    def equation(self, label: str) -> str:
        return f"7{label}"

    def names_place(self, name: str) -> None:
        self.places.append(name)

    def is_target(self, heading: str) -> str | None:
        return "linked" if heading == "Linked heading" else None


@pytest.fixture(scope="module")
def module():
    sys.path.insert(0, str(EXTENSIONS))
    try:
        import plain_markdown

        yield plain_markdown
    finally:
        sys.path.remove(str(EXTENSIONS))
        sys.modules.pop("plain_markdown", None)


@pytest.fixture(scope="module")
def lower(module):
    plain = module.PlainMarkdown(
        module.create_parser(MdParserConfig(enable_extensions=SYNTAX, heading_anchors=3)), Page()
    )
    return lambda text, first_line=1: plain.lower(text, first_line)


@pytest.mark.parametrize(
    "text, expected",
    [
        ("see {cite:p}`a,b` here", "see <cite:p a,b> here"),
        ("{eq}`a` and\n{eq}`b`, {glue:text}`x:.1e`", "<eq a> and\n<eq b>, <glue:text x:.1e>"),
        ("- a\n- b\n  {eq}`a`", "- a\n- b\n  <eq a>"),
        ("> a {eq}`a`", "> a <eq a>"),
        ("### A {eq}`a`", "### A <eq a>"),
        ("| {eq}`a` | {eq}`a` |\n|---|---|\n| x | {eq}`b` |", "| <eq a> | <eq a> |\n|---|---|\n| x | <eq b> |"),
        ("[a {eq}`a`](b.md#c) [d](e.md 'f')", "[a <eq a>](b.ipynb#c) [d](e.ipynb 'f')"),
        ("[two\nlines](b.md)", "[two\nlines](b.ipynb)"),
        # What stands in code is no markup.
        ("`{eq}`a and ``{eq}`a` ``", "`{eq}`a and ``{eq}`a` ``"),
        ("```python\n:::{note}\n{eq}`a` [x](y.md)\n```", "```python\n:::{note}\n{eq}`a` [x](y.md)\n```"),
        ("`a` {eq}`a` and `{eq}` {eq}`a`", "`a` <eq a> and `{eq}` <eq a>"),
        # A front end that reads a formula by lines would lose it.
        ("a $x +\n  y$ b", "a $x + y$ b"),
        (r"$\{a_1\}*b*c_2$ and **$x$**", r"$\{a_1\}*b*c_2$ and **$x$**"),
        ("$$\nx^2\n$$", "$$\nx^2\n$$"),
        ("a\n\n$$\nx\n$$ (e)\n\nb", "a\n\n$$\nx\n\\tag{7e}\n$$\n\nb"),
        # A line of it that begins as a list or a heading does would be taken for one.
        ("$$\na\n+ b\n  - c\n= d\ne\n$$", "$$\na + b - c = d\ne\n$$"),
        ("- a\n\n  $$\n  x\n  $$ (e)\n- b", "- a\n\n  $$\n  x\n  \\tag{7e}\n  $$\n- b"),
        ("(a-place)=\n## A", '<a id="a-place"></a>\n\n## A'),
        ("a\n\n## Linked heading\n\nb", 'a\n\n<a id="linked"></a>\n\n## Linked heading\n\nb'),
        ("a\n\n{.questions}\n- b\n- c", "a\n\n\n- b\n- c"),
        ("a\n\n% nothing to read\n\nb", "a\n\n\n\nb"),
    ],
)  # fmt: skip
def test_what_myst_adds_becomes_plain(lower, text, expected):
    assert lower(text) == expected


def test_an_admonition_becomes_a_quotation_under_its_title(lower):
    text = """\
:::{admonition} What *you* need {eq}`a`
:class: tip dropdown
- one $a +
  b$
- {cite:t}`c`

$$
x +
y
$$ (e)

[z](z.md)
:::

after"""
    assert (
        lower(text)
        == """\
> **What *you* need <eq a>**
>
> - one $a + b$
> - <cite:t c>
>
> $$ x + y \\tag{7e} $$
>
> [z](z.ipynb)

after"""
    )


@pytest.mark.parametrize(
    "text, expected",
    [
        ("```{note}\nx\n```", "> **Note**\n>\n> x"),
        (":::{warning} x\ny\n:::", "> **Warning**\n>\n> x\n> y"),
        ("````{prf:theorem} Fermat\n:label: f\nx\n````", "> **Theorem (Fermat)**\n>\n> x"),
        ("```{exercise}\n:label: f\n\nx\n```", "> **Exercise**\n>\n> x"),
        ("::::{note}\na\n\n:::{tip}\nb\n:::\n::::", "> **Note**\n>\n> a\n>\n> > **Tip**\n> >\n> > b"),
        ("- a\n\n  :::{note}\n  b\n  :::", "- a\n\n  > **Note**\n  >\n  > b"),
    ],
)
def test_other_boxes_too(lower, text, expected):
    assert lower(text) == expected


@pytest.mark.parametrize(
    "text, what, line",
    [
        ("a\n\n```{plot} x\n```", r"the directive \{plot\}", 12),
        ("a\n\n:::{note}\nb\n\n:::{figure} x.png\n:::\n:::", r"\{figure\}", 15),
        ("a\n\n:::{tip}\n:class: b\n\nc\n\n:::{figure} x.png\n:::\n:::", r"\{figure\}", 17),
        ("a\n\nb {unknown}`x`", r"the role \{unknown\}", 12),
        ("a\n\n:::\nb\n:::", "a colon fence without", 12),
        ("a\n: b", "`dl`", 10),
        ("{{ a }}", "substitution", 10),
        ("a[^1]\n\n[^1]: b", "footnote", 10),
        ("![a](b.png)", "no file 'b.png'", 10),
        ("[a]{.b}", "`span`", 10),
        ("`a`{.b}", "attributes", 10),
        ("{#b}\na", "attributes", 11),
        ("\\begin{align}\na\n\\end{align}", "`amsmath`", 10),
        ("[a][b]\n\n[b]: c.md", "needs its address", 10),
    ],
)
def test_what_has_no_plain_form_is_an_error_with_its_line(module, lower, text, what, line):
    with pytest.raises(module.NoPlainForm, match=what) as raised:
        lower(text, 10)
    assert raised.value.line == line
