"""Sphinx extension: a picture without a text alternative is a warning, and so fails the book's build.

Whatever a page shows is looked at: Markdown's images and the directives for them, what a cell draws, HTML written by
hand or by code with ``<img>``, ``<svg>``, ``<canvas>`` or ``role="img"`` in it, and live figures. The text says what
is to be seen, in two words at least; a file's name is none. A picture that only decorates says so: the class
``decorative`` in Markdown, ``alt=""`` with ``role="presentation"`` or ``aria-hidden="true"`` in HTML.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

__all__ = ["Pictures", "is_meaningful", "setup"]

logger = logging.getLogger(__name__)

DECORATIVE = "decorative"
PICTURES = {"img", "svg", "canvas"}
UNCLOSED = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}
MAY_HOLD_PICTURES = re.compile(r"<(?:img|svg|canvas)\b|role=.?img|data-initial")
FILE_NAME = re.compile(r"\S*\.(png|svg|jpe?g|gif|webp|pdf)", re.IGNORECASE)


def is_meaningful(text: str | None) -> bool:
    """Whether it can say what is to be seen: two words, and not the name of a file."""
    text = FILE_NAME.sub(" ", text or "")
    return len(re.findall(r"[^\W_]+", text)) >= 2


class Pictures(HTMLParser):
    """The pictures in a piece of HTML that have no text alternative: `nameless` has their tags and texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.nameless: list[tuple[str, str]] = []
        self.quiet: list[
            tuple[str, bool]
        ] = []  # open elements: whether what is in them is named or hidden already
        self.picture: tuple[int, str, list[str]] | None = (
            None  # the open one: its depth, tag and texts so far
        )
        self.in_title = False
        self.feed(html)
        self.close()
        self.judge()

    def handle_starttag(self, tag: str, attributes: list) -> None:
        given = {name: value or "" for name, value in attributes}
        is_hidden = given.get("aria-hidden") == "true" or given.get("role") in ("presentation", "none")
        is_picture = tag in PICTURES or given.get("role") == "img" or "data-initial" in given
        self.in_title = tag == "title" and self.picture is not None
        if is_picture and not is_hidden and not any(quiet for _, quiet in self.quiet):
            name = given.get("alt") or given.get("aria-label") or given.get("data-alt") or ""
            # Whether such a reference leads to words is for axe-core, which sees the whole page.
            name = name or ("a reference" if given.get("aria-labelledby") else "")
            self.picture = (len(self.quiet), self.get_starttag_text() or "", [name])
        if tag in UNCLOSED:
            self.judge()
        else:
            self.quiet.append((tag, is_picture or is_hidden))

    def handle_startendtag(self, tag: str, attributes: list) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in UNCLOSED:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self.in_title and self.picture:
            self.picture[2].append(data)

    def handle_endtag(self, tag: str) -> None:
        self.in_title = False
        if any(tag == name for name, _ in self.quiet):
            while self.quiet.pop()[0] != tag:
                pass
            self.judge()

    def judge(self) -> None:
        """Take note of the open picture, if it has just been closed without a text."""
        if self.picture is None or len(self.quiet) > self.picture[0]:
            return
        _, source, texts = self.picture
        self.picture = None
        if not any(map(is_meaningful, texts)):
            self.nameless.append((source, " ".join(texts).strip()))


def complain(text: str | None, what: str, node: nodes.Node) -> None:
    got = f"{text!r}" if text else "none"
    logger.warning(
        "a picture needs a text alternative (alt) that says what is to be seen: expected two words or more, got %s "
        "(%s)",
        got,
        what,
        location=node,
        type="alt_text",
    )


def check_images(doctree: nodes.document) -> None:
    """Images of Markdown, of directives, and of cells that did not go through `helpers.plotting`."""
    for image in doctree.findall(nodes.image):
        if DECORATIVE in image.get("classes", []):
            image["alt"] = ""  # or the page would read out the address
        elif not is_meaningful(image.get("alt")):
            complain(image.get("alt"), image.get("uri", "an image"), image)


def is_html(node: nodes.Node) -> bool:
    return isinstance(node, nodes.raw) and "html" in node.get("format", "").split()


def check_html(doctree: nodes.document) -> None:
    """HTML of the text and of the cells' outputs; a picture in a sentence comes in pieces, with text between them."""
    for parent in {id(piece.parent): piece.parent for piece in doctree.findall(is_html)}.values():
        pieces = [piece for piece in parent.children if is_html(piece)]
        if not any(MAY_HOLD_PICTURES.search(piece.astext()) for piece in pieces):
            continue
        html = "".join(
            child.astext() if is_html(child) else escape(child.astext()) for child in parent.children
        )
        for source, text in Pictures(html).nameless:
            complain(
                text, source[:120], next((piece for piece in pieces if source in piece.astext()), parent)
            )


def check(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.format == "html":
        check_images(doctree)
        check_html(doctree)


def setup(app: Sphinx) -> dict:
    app.connect("doctree-resolved", check)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
