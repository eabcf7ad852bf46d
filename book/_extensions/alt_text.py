"""Sphinx extension: a picture without a text alternative is a warning, and so fails the book's build.

Whatever a page shows is looked at: Markdown's images and the directives for them, what a cell draws, HTML written by
hand or by code with ``<img>``, ``<svg>``, ``<canvas>`` or ``role="img"`` in it, and live figures. The text says what
is to be seen, in two words at least; a file's name is none. A picture that only decorates says so: the class
``decorative`` in Markdown, ``alt=""`` with ``role="presentation"`` or ``aria-hidden="true"`` in HTML.
"""

from __future__ import annotations

import re
from html import escape

from bs4 import BeautifulSoup, Tag
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

__all__ = ["is_meaningful", "nameless_pictures", "setup"]

logger = logging.getLogger(__name__)

DECORATIVE = "decorative"
MAY_HOLD_PICTURES = re.compile(r"<(?:img|svg|canvas)\b|role=.?img|data-initial")
FILE_NAME = re.compile(r"\S*\.(png|svg|jpe?g|gif|webp|pdf)", re.IGNORECASE)


def is_meaningful(text: str | None) -> bool:
    """Whether it can say what is to be seen: two words, and not the name of a file."""
    text = FILE_NAME.sub(" ", text or "")
    return len(re.findall(r"[^\W_]+", text)) >= 2


def is_picture(element: Tag) -> bool:
    """Whether it shows something: an image, a drawing, or the place of a live figure."""
    return (
        element.name in {"img", "svg", "canvas"}
        or element.get("role") == "img"
        or "data-initial" in element.attrs
    )


def is_hidden(element: Tag) -> bool:
    """Whether a screen reader passes over it."""
    return element.get("aria-hidden") == "true" or element.get("role") in ("presentation", "none")


def nameless_pictures(html: str) -> list[tuple[str, str]]:
    """The pictures in a piece of HTML without a text alternative: the beginning of each, and the text it has."""
    lines = html.split("\n")
    nameless = []
    for picture in BeautifulSoup(html, "html.parser").find_all(is_picture):
        # What stands in a picture is said by the picture's own text.
        if is_hidden(picture) or any(is_picture(around) or is_hidden(around) for around in picture.parents):
            continue
        # Whether a reference leads to words is for axe-core, which sees the whole page.
        if "aria-labelledby" in picture.attrs:
            continue
        texts = [picture.get(name, "") for name in ("alt", "aria-label", "data-alt")]
        texts += [title.get_text() for title in picture.find_all("title")]
        if not any(map(is_meaningful, texts)):
            source = lines[picture.sourceline - 1][picture.sourcepos :]
            nameless.append((source, " ".join(texts).strip()))
    return nameless


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
        for source, text in nameless_pictures(html):
            complain(
                text, source[:120], next((piece for piece in pieces if source in piece.astext()), parent)
            )


def check(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.format == "html":
        check_images(doctree)
        check_html(doctree)


def setup(app: Sphinx) -> dict:
    # Before `prerendered_tex`, whose many elements hold no picture and would all be read here.
    app.connect("doctree-resolved", check, priority=450)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
