"""Sphinx extension: interactive figures, derivations and their styles in a page without a kernel.

While the book is built, the environment variable ``DERIVATIONS_STATIC_PAGE`` asks a figure for the HTML that
lives without Python. The figures' scripts, styles and KaTeX are copied from the package to
``_static/figures``; a page loads only what it shows. Scripts are classic, because a browser refuses
modules from ``file://``.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError

import helpers
from helpers import building

__all__ = ["setup"]

PACKAGE = Path(helpers.__file__).parent
FIGURES = PACKAGE / "widgets" / "static"
DERIVATION_CSS = PACKAGE / "proof" / "derivation.css"

FIGURE_MARK = "data-widget="
DERIVATION_MARK = 'class="derivation"'
EXERCISE_MARK = 'data-widget="exercise"'  # whose solution holds derivations, unfolded by the page's script


def copy_assets(app: Sphinx) -> None:
    """Put the package's assets into the output before any page, so that their addresses carry checksums."""
    if app.builder.format != "html":
        return
    if not (FIGURES / "theme.css").is_file():
        raise ExtensionError(f"the figures are not built (nothing whole in {FIGURES}): run `make book`")
    static = Path(app.outdir) / "_static"
    not_of_the_page = shutil.ignore_patterns(".*", "*.mjs")
    shutil.copytree(FIGURES, static / "figures", dirs_exist_ok=True, ignore=not_of_the_page)
    shutil.copy(DERIVATION_CSS, static / "derivation.css")
    app.add_css_file("figures/theme.css", priority=150)


def drop_widget_state(app: Sphinx, env: BuildEnvironment) -> None:
    """Forget the widgets' saved state: each figure's whole source again, which nothing in the page reads."""
    for data in env.nb_metadata.values():
        data.get("js_files", {}).pop("ipywidgets_state", None)


def add_assets_of_page(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Load the figures' and the derivations' assets on the pages that show any."""
    body = context.get("body", "")
    if DERIVATION_MARK in body or EXERCISE_MARK in body:
        app.add_css_file("derivation.css")
    if FIGURE_MARK in body:
        app.add_css_file("figures/figures.css")
        app.add_js_file("figures/page.js", loading_method="defer", priority=700)


def setup(app: Sphinx) -> dict:
    os.environ[building.VARIABLE] = "1"
    app.connect("builder-inited", copy_assets)
    app.connect("env-updated", drop_widget_state)
    app.connect("html-page-context", add_assets_of_page)
    return {"version": helpers.__version__, "parallel_read_safe": True, "parallel_write_safe": True}
