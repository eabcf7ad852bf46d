"""MyST Markdown as plain Markdown, which every notebook front end reads: directives, roles, labels and links.

The text is read by MyST's own parser, which says where each construct stands; the lines of what plain Markdown
lacks are replaced, and the rest stays as it was typed. What has no plain form is an error with its line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.directives import parse_directive_text
from myst_parser.parsers.mdit import create_md_parser

__all__ = ["NoPlainForm", "Page", "PlainMarkdown", "create_parser"]

# What is plain already. (In each name the suffixes _open and _close are left out.)
PLAIN_BLOCKS = {
    "paragraph", "heading", "bullet_list", "ordered_list", "list_item", "blockquote", "hr",
    "html_block", "code_block", "table", "thead", "tbody", "tr", "th", "td", "fence", "math_block",
}  # fmt: skip
PLAIN_INLINE = {
    "text", "softbreak", "hardbreak", "code_inline", "html_inline", "em", "strong", "math_inline",
    "link", "image",
}  # fmt: skip
BOXES = {
    "admonition", "attention", "caution", "danger", "error", "hint", "important", "note", "seealso",
    "tip", "warning",
}  # fmt: skip
# Of sphinx-proof and sphinx-exercise.
STATEMENTS = {
    "theorem", "lemma", "proposition", "corollary", "definition", "proof", "axiom", "conjecture",
    "criterion", "algorithm", "assumption", "example", "remark", "observation", "property",
    "exercise", "solution",
}  # fmt: skip
# What would be a list, a heading or a quotation to a front end that reads formulas after all else.
MARKUP_IN_FORMULA = re.compile(r"\s*\n\s*(?=[-+*=#>|]|\d+[.)])")
DIRECTIVE = re.compile(r"\{([\w:-]+)\}\s*(.*)", re.DOTALL)


class NoPlainForm(ValueError):
    """Something that plain Markdown cannot say, and the line of the page where it stands (from 1)."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(what)
        self.line = line


class Page(Protocol):
    """What the lowering asks of the book about the page. Each raises ValueError for what it does not know."""

    def role(self, name: str, content: str) -> str:
        """The role as Markdown."""

    def link(self, target: str) -> str:
        """The address that the notebook's link takes."""

    def equation(self, label: str) -> str:
        """The number of an equation."""

    def names_place(self, name: str) -> None:
        """Called for each place that has a name of its own."""

    def is_target(self, heading: str) -> str | None:
        """The name under which links lead to a heading with these words, if any do."""


class _Directive:
    """Takes any title, options and content."""

    required_arguments, optional_arguments, has_content = 0, 1, True
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {"any": None}


def create_parser(config: MdParserConfig) -> MarkdownIt:
    """MyST's parser; its tokens of roles, links and formulas carry their span in the text of their block."""
    parser = create_md_parser(config, RendererHTML)
    for rule in parser.inline.ruler.__rules__:
        if rule.name in ("myst_role", "link", "math_inline", "image"):
            parser.inline.ruler.at(rule.name, _with_span(rule.fn))
    return parser


def _with_span(rule: Any) -> Any:
    def recording(state: Any, silent: bool) -> bool:
        start, count = state.pos, len(state.tokens)
        found = rule(state, silent)
        if found and not silent:
            token = next(token for token in state.tokens[count:] if token.type != "text")
            token.meta["span"] = (start, state.pos)
        return found

    return recording


@dataclass
class PlainMarkdown:
    """Lowers a page's text, cell by cell."""

    parser: MarkdownIt
    page: Page

    def lower(self, text: str, first_line: int, *, quoted: bool = False) -> str:
        """The text, which begins in this line of its page (from 1), as plain Markdown.

        Raises `NoPlainForm`. Inside a quotation a formula stands in one line: front ends hand its lines to the
        typesetter with the marks of the quotation.
        """
        return _Piece(self, text, first_line, quoted).lower()


@dataclass
class _Piece:
    lowering: PlainMarkdown
    text: str
    first_line: int
    quoted: bool
    edits: list[tuple[tuple[int, int], tuple[int, int], str]] = field(default_factory=list)

    def lower(self) -> str:
        self.lines = self.text.split("\n")
        self.reached = [0] * len(self.lines)  # the cells of a table share a line
        tokens = self.lowering.parser.parse(self.text)
        for i, token in enumerate(tokens):
            line = token.map[0] if token.map else 0
            try:
                self.block(token)
                if token.type == "heading_open":
                    self.heading(token, tokens[i + 1])
            except NoPlainForm:
                raise
            except ValueError as error:
                raise NoPlainForm(str(error), self.first_line + line) from None
        for start, end, text in sorted(self.edits, reverse=True):
            head, tail = self.lines[start[0]][: start[1]], self.lines[end[0]][end[1] :]
            self.lines[start[0] : end[0] + 1] = (head + text + tail).split("\n")
        return "\n".join(self.lines).strip("\n")

    def block(self, token: Token) -> None:
        kind = re.sub(r"_(open|close)$", "", token.type)
        if kind in ("fence", "colon_fence") and (named := DIRECTIVE.match(token.info.strip())):
            self.replace(token, self.directive(token, named[1], named[2]))
        elif kind == "colon_fence":
            raise ValueError("a colon fence without a directive has no plain form")
        elif kind == "math_block_label":
            number = self.lowering.page.equation(token.info)
            self.replace(token, self.formula(token.content.strip() + f"\n\\tag{{{number}}}"))
        elif kind == "math_block":
            if self.quoted or MARKUP_IN_FORMULA.search(token.content):
                self.replace(token, self.formula(token.content.strip()))
        elif kind == "myst_target":
            self.lowering.page.names_place(token.content)
            self.replace(token, f'<a id="{token.content}"></a>\n')
        elif kind == "myst_line_comment":
            self.replace(token, "")
        elif kind == "inline":
            self.inline(token)
        elif kind not in PLAIN_BLOCKS:
            raise ValueError(f"`{kind}` has no plain form")
        # Of the attributes these have their own; others were typed in braces.
        own = kind.startswith(("math", "myst_")) or kind in ("ordered_list", "th", "td")
        if token.attrs and not own:
            self.attributes(token)

    def attributes(self, token: Token) -> None:
        """A class, typed in the line above, is for the page's styles alone."""
        above = token.map[0] - 1
        if set(token.attrs) != {"class"} or not re.fullmatch(r"\s*\{[^{}]+\}\s*", self.lines[above]):
            raise ValueError(f"attributes ({', '.join(token.attrs)}) have no plain form")
        self.edits.append(((above, 0), (above, len(self.lines[above])), ""))

    def heading(self, token: Token, inline: Token) -> None:
        words = "".join(child.content for child in inline.children if child.type in ("text", "code_inline"))
        if name := self.lowering.page.is_target(words):
            start = (token.map[0], 0)
            self.edits.append((start, start, f'<a id="{name}"></a>\n\n'))

    def formula(self, tex: str) -> str:
        if self.quoted:
            return f"$$ {' '.join(tex.split())} $$"
        return f"$$\n{MARKUP_IN_FORMULA.sub(' ', tex)}\n$$"

    def directive(self, token: Token, name: str, title: str) -> str:
        plain_name = name.removeprefix("prf:")
        if plain_name not in BOXES | STATEMENTS:
            raise ValueError(f"the directive {{{name}}} has no plain form")
        if plain_name in BOXES - {"admonition"}:
            title, content = "", f"{title}\n{token.content}" if title else token.content
        else:
            content = token.content
        parsed = parse_directive_text(_Directive, title, content, validate_options=False)
        heading = " ".join(parsed.arguments)
        if plain_name != "admonition":
            heading = plain_name.capitalize() + (f" ({heading})" if heading else "")
        first_line = self.first_line + token.map[0] + 1 + parsed.body_offset
        body = self.lowering.lower("\n".join(parsed.body), first_line, quoted=True)
        heading = self.lowering.lower(heading, self.first_line + token.map[0], quoted=True)
        return "\n".join(f"> {line}".rstrip() for line in f"**{heading}**\n\n{body}".split("\n"))

    def replace(self, token: Token, text: str) -> None:
        """Put the text in the place of the block's lines, as far from the margin."""
        first, after = token.map
        margin = re.match(r"[ \t]*", self.lines[first])[0]
        text = "\n".join(margin + line if line else "" for line in text.split("\n"))
        self.edits.append(((first, 0), (after - 1, len(self.lines[after - 1])), text))

    def inline(self, token: Token) -> None:
        places = self.places(token)
        for child in token.children:
            kind = re.sub(r"_(open|close)$", "", child.type)
            start, end = child.meta.get("span", (0, 0))
            source = token.content[start:end]
            if kind == "myst_role":
                text = self.lowering.page.role(child.meta["name"], child.content)
            elif kind not in PLAIN_INLINE:
                raise ValueError(f"`{kind}` has no plain form")
            elif child.type == "link_open" and source:
                if "](" not in source:
                    raise ValueError(f"the link {source!r} needs its address in round brackets")
                start += source.rindex("](") + 2
                source = token.content[start:end]
                target = child.attrs["href"]
                text = self.lowering.page.link(target) + source.removeprefix(target)
            elif child.type == "image":
                target = child.attrs["src"]
                if not re.match("https?:", target):
                    raise ValueError(f"a notebook has no file {target!r}")
                continue
            elif child.type == "math_inline":
                text = " ".join(source.split())
            else:
                if set(child.attrs) - {"href", "title"}:
                    raise ValueError(f"attributes ({', '.join(child.attrs)}) have no plain form")
                continue
            if text != source:
                if places is None:
                    raise ValueError(f"{source!r} stands beside an escaped bar: move it out of the table")
                self.edits.append((self.at(places, token, start), self.at(places, token, end), text))

    def places(self, token: Token) -> list[tuple[int, int]] | None:
        """Where in the page each line of the block's text begins; None where it is not as it was typed."""
        found = []
        for i, content in enumerate(token.content.split("\n")):
            line = token.map[0] + i
            column = self.lines[line].find(content, self.reached[line])
            if column < 0:
                return None
            self.reached[line] = column + len(content)
            found.append((line, column))
        return found

    @staticmethod
    def at(places: list[tuple[int, int]], token: Token, offset: int) -> tuple[int, int]:
        before = token.content[:offset]
        line, column = places[before.count("\n")]
        return line, column + offset - (before.rfind("\n") + 1)
