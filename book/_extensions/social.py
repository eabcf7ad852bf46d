"""Sphinx extension: what a page is called, says and shows where a link to it is posted, or found by a search engine.

The description is the page's first paragraph as plain text. What needs the site's address (the page's own, the
picture's) is there as soon as ``html_baseurl`` is set; the canonical address, too, which Sphinx writes itself. (The
library ``sphinxext-opengraph`` would write formulas as TeX, and addresses without a host where none is set.)
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from plain_text import of_html, of_node, shortened
from sphinx.application import Sphinx

__all__ = ["setup"]

IMAGE = "_static/social-preview.png"  # taken by tools/screenshot.py
WIDTH, HEIGHT = 1200, 630
IMAGE_ALT = (
    "The book's name above its first figure: a field of arrows in the plane, dots that spiral from the start into "
    "the centre, and controls for the method, the learning rate and the number of steps."
)
LONGEST = 200


def add_tags(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    if doctree is not None and pagename in app.env.titles:
        title = of_node(app.env.titles[pagename])
        description = shortened(_first_paragraph(doctree), LONGEST)
    elif "description" in context:  # a page of an extension's own
        title, description = of_html(context["title"]), context["description"]
    else:
        return
    config = app.config
    tags = [("name", "description", description)] if description else []
    tags += [
        ("property", "og:title", title),
        ("property", "og:type", "website" if pagename == config.root_doc else "article"),
        ("property", "og:site_name", config.html_title),
    ]
    if description:
        tags.append(("property", "og:description", description))
    if config.html_baseurl:
        base = config.html_baseurl.rstrip("/") + "/"
        tags += [
            ("property", "og:url", base + app.builder.get_target_uri(pagename)),
            ("property", "og:image", base + IMAGE),
            ("property", "og:image:width", str(WIDTH)),
            ("property", "og:image:height", str(HEIGHT)),
            ("property", "og:image:alt", IMAGE_ALT),
            ("name", "twitter:card", "summary_large_image"),
        ]
    lines = (f'<meta {kind}="{name}" content="{escape(content)}" />' for kind, name, content in tags)
    context["metatags"] = context.get("metatags", "") + "\n" + "\n".join(lines)


def _first_paragraph(doctree: nodes.document) -> str:
    for paragraph in doctree.findall(nodes.paragraph):
        text = " ".join(of_node(paragraph).split())
        if "reading-time" not in paragraph["classes"] and len(text) > 20:
            return text
    return ""


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", add_tags)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
