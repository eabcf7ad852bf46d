r"""What the other extensions share: formulas and HTML as plain text, for search results, descriptions and counts."""

from __future__ import annotations

import re
from html import unescape

from docutils import nodes
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

__all__ = ["has_words", "of_html", "of_node", "of_tex", "of_words", "shortened"]

OPERATORS = ("arctan", "cos", "det", "exp", "inf", "lim", "ln", "log", "max", "min", "sin", "sup", "tanh")
MATHS = re.compile(r"(?<!\\)\$([^$]+)(?<!\\)\$")
TEX_SPAN = re.compile(r'<span class="tex"[^>]*>\s*\\\((.*?)\\\)\s*</span>', re.DOTALL)
WORD = re.compile(r"[^\W\d_]{2}")
UNREAD = re.compile(r"<(style|script)\b.*?</\1>", re.DOTALL)

_context = get_default_latex_context_db()
_context.add_context_category(
    "operators", prepend=True, macros=[MacroTextSpec(name, f"{name} ") for name in OPERATORS]
)
_converter = LatexNodes2Text(math_mode="text", latex_context=_context, strict_latex_spaces="based-on-source")


def of_tex(tex: str) -> str:
    r"""A formula in Unicode: `\eta` is η, `\frac{a}{b}` is a/b."""
    tex = re.sub(r"\\[dt]frac(?![A-Za-z])", r"\\frac", tex).replace(r"\|", "‖").replace("%", r"\%")
    text = _converter.latex_to_text(tex)
    return re.sub(r"\s+(?=[)\]^_,.])|(?<=[(\[])\s+", "", " ".join(text.split()))


def of_words(text: str) -> str:
    """Words in which TeX stands between dollar signs."""
    pieces = MATHS.split(text)
    return "".join(of_tex(piece) if i % 2 else piece.replace(r"\$", "$") for i, piece in enumerate(pieces))


def has_words(text: str) -> bool:
    """Whether a word stands outside of the TeX: a link that is a formula alone has no name for those who hear it."""
    return WORD.search(MATHS.sub(" ", text)) is not None


def of_html(html: str, *, formulas: bool = True) -> str:
    r"""HTML whose formulas are still `<span class="tex">\(...\)</span>`; without `formulas` they are left out."""
    html = TEX_SPAN.sub(lambda match: of_tex(unescape(match[1])) if formulas else " ", UNREAD.sub(" ", html))
    text = " ".join(unescape(re.sub(r"<[^<>]*>", " ", html)).split())
    return text if formulas else MATHS.sub(" ", text)


def of_node(node: nodes.Node) -> str:
    """A part of a page, a heading or a paragraph."""
    if isinstance(node, nodes.math | nodes.math_block):
        return of_tex(node.astext())
    if isinstance(node, nodes.Text):
        return node.astext()
    return "".join(map(of_node, node.children))


def shortened(text: str, most: int) -> str:
    """At most so many characters, cut after a word."""
    return text if len(text) <= most else text[: most - 1].rpartition(" ")[0].rstrip(",;:") + " …"
