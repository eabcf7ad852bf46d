"""Sphinx extension: ``404.html``, which hosts show for an address that the site has not.

It is shown at any depth and below any path, so that it holds its style itself, and finds the site's root: from
``html_baseurl`` where that is set, else by looking for the search index in the folders of the wrong address.
"""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
from plain_text import of_node
from sphinx import addnodes
from sphinx.application import Sphinx

from helpers.widgets import STATIC

__all__ = ["setup"]

TEMPLATE = Path(__file__).parent / "404.html"
ICON = Path(__file__).parent.parent / "_static" / "favicon.svg"


def parts(app: Sphinx) -> list[dict]:
    """The pages of the book by part: address from the site's root, and title."""
    env, found = app.env, []
    for toctree in env.get_doctree(env.config.root_doc).findall(addnodes.toctree):
        pages = [
            (app.builder.get_target_uri(name), of_node(env.titles[name])) for name in toctree["includefiles"]
        ]
        found.append({"caption": toctree.get("caption") or "", "pages": pages})
    return found


def write(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    page = environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        book=app.config.html_title,
        home=app.builder.get_target_uri(app.config.root_doc),
        parts=parts(app),
        root=(urlsplit(app.config.html_baseurl).path.rstrip("/") + "/") if app.config.html_baseurl else "",
        theme=(STATIC / "theme.css").read_text(encoding="utf-8"),
        icon=base64.b64encode(ICON.read_bytes()).decode(),
    )
    (Path(app.outdir) / "404.html").write_text(page, encoding="utf-8")


def setup(app: Sphinx) -> dict:
    app.connect("build-finished", write)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
