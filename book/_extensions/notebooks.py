"""Sphinx extension: each chapter as a notebook that reads well and runs in any front end, and the ways to get it.

The folder `notebooks` of the site, and the one beside the site, hold a notebook of each page with code cells, and the
wheel of `helpers`, which a notebook's first cell installs. The page's menu offers its notebook; with a
repository's address in the configuration (`repository_url` of the theme) also Binder and Colab, which open the
notebook where the site is published: on the branch `notebooks_branch` of that repository.
"""

from __future__ import annotations

import fnmatch
import os
import posixpath
import re
import shutil
from pathlib import Path
from urllib.parse import quote, urlsplit

import nbformat
from chapter_notebook import Book, ChapterNotebook
from plain_markdown import NoPlainForm
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError
from sphinx.util import logging

__all__ = ["FOLDER", "launch_addresses", "repository_of", "setup", "wheel_of"]

logger = logging.getLogger(__name__)

FOLDER = "notebooks"
BINDER_PYTHON = "python-3.12"

# What the theme names by the endings of files alone.
NAMES = {
    "download-source-button": {"text": "Source (.md)", "tooltip": "The page's source, in Markdown"},
    "download-pdf-button": {"text": "Print or save as PDF", "tooltip": "Open the browser's print dialogue"},
}


def notebooks_of(env: BuildEnvironment) -> dict[str, str]:
    """The pages that become a notebook, each with its notebook's path inside the folder."""
    root = posixpath.dirname(env.config.root_doc) or "."
    return {
        docname: posixpath.relpath(docname, root) + ".ipynb"
        for docname in sorted(env.found_docs)
        if "kernelspec" in env.metadata[docname]
        and not any(fnmatch.fnmatch(docname, pattern) for pattern in env.config.notebooks_exclude)
    }


def write(app: Sphinx, env: BuildEnvironment) -> None:
    """Write both folders, whole or, after a warning, without what could not be lowered."""
    if app.builder.name != "html":
        return
    wheel = wheel_of(app)
    env.notebooks = notebooks_of(env)
    site = Path(app.outdir)
    for folder in (site / FOLDER, site.parent / FOLDER):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        shutil.copy(wheel, folder)
        book = Book(app, env.notebooks, folder, wheel.name, _address_of_wheel(app, wheel.name))
        for docname, path in env.notebooks.items():
            try:
                notebook = ChapterNotebook(book, docname).make()
            except NoPlainForm as error:
                if folder.parent == site:  # once is enough
                    place = f"{env.doc2path(docname)}:{error.line}"
                    logger.warning("no notebook: %s", error, location=place, type="notebooks")
                continue
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, folder / path)
    if repository_of(app.config):
        _configure_binder(site, wheel.name)


def wheel_of(app: Sphinx) -> Path:
    """The wheel of `helpers`.

    Raises ExtensionError where there is none, or more than one.
    """
    wheels = sorted((Path(app.confdir) / app.config.notebooks_wheels).glob("*.whl"))
    if len(wheels) != 1:
        found = ", ".join(wheel.name for wheel in wheels) or "none"
        raise ExtensionError(
            f"notebooks_wheels: expected one wheel in {app.config.notebooks_wheels}, found {found}: run `make book`"
        )
    return wheels[0]


def repository_of(config: Config) -> str:
    """The repository's address as the configuration has it, without a slash or `.git` at its end; "" for none.

    Raises ExtensionError for what is no address.
    """
    address = str(config.html_theme_options.get("repository_url") or "").rstrip("/").removesuffix(".git")
    if address and not re.fullmatch(r"https?://[^/]+(/[\w.-]+){2,}", address):
        raise ExtensionError(
            f"repository url: expected an address such as https://github.com/owner/name, got {address!r}"
        )
    return address


def _address_of_wheel(app: Sphinx, wheel: str) -> str:
    """Where the published site has the wheel, as far as the configuration says; else a page's button fills it in."""
    if app.config.html_baseurl:
        return f"{app.config.html_baseurl.rstrip('/')}/{FOLDER}/{wheel}"
    repository = repository_of(app.config)
    if repository.startswith("https://github.com/"):
        return f"{repository}/raw/{app.config.notebooks_branch}/{FOLDER}/{wheel}"
    return ""


def launch_addresses(repository: str, branch: str, path: str) -> dict[str, str]:
    """Where Binder and, of a repository on GitHub, Colab open the file; nothing without a repository."""
    if not repository:
        return {}
    host, name = urlsplit(repository).netloc, urlsplit(repository).path.strip("/")
    github = host == "github.com"
    source = f"gh/{name}" if github else f"git/{quote(repository, safe='')}"
    quoted = quote(branch, safe="")
    places = {"Binder": f"https://mybinder.org/v2/{source}/{quoted}?urlpath={quote(f'lab/tree/{path}')}"}
    if github:
        places["Colab"] = f"https://colab.research.google.com/github/{name}/blob/{branch}/{quote(path)}"
    return places


def _configure_binder(site: Path, wheel: str) -> None:
    """What Binder reads at the root of the branch: which Python, and what to install into it."""
    folder = site / "binder"
    folder.mkdir(exist_ok=True)
    (folder / "runtime.txt").write_text(BINDER_PYTHON + "\n", encoding="utf-8")
    (folder / "requirements.txt").write_text(
        "# For mybinder.org: the environment in which the notebooks run. `make book` writes this file.\n"
        f"jupyterlab\n./{FOLDER}/{wheel}[plot,torch]\n",
        encoding="utf-8",
    )


def offer(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: object) -> None:
    """Put the notebook, Binder and Colab into the page's menus."""
    path = getattr(app.env, "notebooks", {}).get(pagename)
    for group in context.get("header_buttons", []):
        if group.get("label") != "download-buttons":
            continue
        for button in group["buttons"]:
            button |= NAMES.get(button["label"], {})
        if path:
            notebook = {
                "type": "link",
                "url": f"{context['pathto'](FOLDER, 1)}/{path}",
                "text": "Notebook (.ipynb)",
                "icon": "fas fa-code",
                "tooltip": "To run this page in JupyterLab, VS Code or Colab",
                "label": "download-notebook-button",
            }
            group["buttons"].insert(0, notebook)
    if not path:
        return
    app.add_js_file("notebooks.js", loading_method="defer")
    branch = app.config.notebooks_branch
    places = launch_addresses(repository_of(app.config), branch, posixpath.join(FOLDER, path))
    if places:
        buttons = [
            {
                "type": "link",
                "url": url,
                "text": name,
                "tooltip": f"Run this page on {name}",
                "label": name.lower(),
            }
            for name, url in places.items()
        ]
        context["header_buttons"].insert(
            0,
            {
                "type": "group",
                "tooltip": "Run this page online",
                "icon": "fas fa-rocket",
                "buttons": buttons,
                "label": "launch-buttons",
            },
        )


def setup(app: Sphinx) -> dict:
    app.add_config_value("notebooks_exclude", [], "env", types=list)
    app.add_config_value("notebooks_wheels", os.path.join("_build", "wheel"), "env", types=str)
    app.add_config_value("notebooks_branch", "gh-pages", "env", types=str)
    # Citations and the numbers of equations are known by now; the pages, which offer the notebooks, are not written.
    app.connect("env-check-consistency", write)
    app.connect("html-page-context", offer, priority=600)  # after the theme's own buttons
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
