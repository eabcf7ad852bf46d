"""Sphinx extension: what the page for teachers takes from the book and its configuration.

- ``{course-plan}``: weeks, a line each with the names of its pages; the table adds their titles, and the reading
  times, figures and exercises that the pages themselves tell. A chapter that no week has stops the build.
- ``{jupyterhub-link}``: the link with which a JupyterHub fetches the notebooks (nbgitpuller), for the repository of
  the configuration; without one, what to fill in.
- ``{wheel}``: the wheel of `helpers` that the site serves, and the command that installs it.
"""

from __future__ import annotations

import posixpath
from urllib.parse import urlencode

from docutils import nodes
from notebooks import FOLDER, repository_of, wheel_of
from reading_time import in_words
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from helpers.symbols import CHAPTERS

__all__ = ["jupyterhub_link", "setup"]

HUB = "https://hub.example.org"


def jupyterhub_link(repository: str, branch: str, path: str) -> str:
    """A link that fetches the branch into a reader's folder and opens the file there; the hub is to be filled in.

    As in https://nbgitpuller.readthedocs.io/en/latest/topic/url-options.html: the path begins with the name of the
    folder, which is the repository's, and `depth` leaves out the branch's history.
    """
    folder = posixpath.basename(repository)
    query = {
        "repo": repository,
        "branch": branch,
        "urlpath": f"lab/tree/{folder}/{path}?autodecode",
        "depth": 1,
    }
    return f"{HUB}/hub/user-redirect/git-pull?{urlencode(query)}"


class course_plan_node(nodes.General, nodes.Element):
    """Where the table goes."""


class CoursePlan(SphinxDirective):
    """``{course-plan}``: a line a week, ``inference/divergence inference/gradients``."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        weeks = [line.split() for line in self.content if line.strip()]
        planned = sorted(page for week in weeks for page in week)
        pages = sorted(chapter.page for chapter in CHAPTERS.values())
        if planned != pages:
            wrong = sorted({page for page in {*planned, *pages} if planned.count(page) != pages.count(page)})
            raise self.error(f"course-plan: expected every chapter once, wrong are {', '.join(wrong)}")
        return [course_plan_node(weeks=[[f"book/{page}" for page in week] for week in weeks])]


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the table into the page."""
    for place in list(doctree.findall(course_plan_node)):
        for week in place["weeks"]:
            for page in week:
                if page not in app.env.reading_times:  # pages are resolved by their names' order
                    app.env.get_and_resolve_doctree(page, app.builder)
        place.replace_self(_plan(app, docname, place["weeks"]))


def _plan(app: Sphinx, docname: str, weeks: list[list[str]]) -> nodes.table:
    """Week and chapter, with what is in it below: a row a chapter, the week in the first of its rows."""
    body = nodes.tbody()
    for number, pages in enumerate(weeks, start=1):
        for page in pages:
            title = app.env.titles[page].astext()
            link = nodes.reference(
                "", title, internal=True, refuri=app.builder.get_relative_uri(docname, page)
            )
            told = nodes.paragraph("", in_words(app.env.reading_times[page]), classes=["reading-time"])
            week = nodes.paragraph("", str(number) if page == pages[0] else "")
            body += nodes.row("", nodes.entry("", week), nodes.entry("", nodes.paragraph("", "", link), told))
    head = nodes.row("", *(nodes.entry("", nodes.paragraph("", word)) for word in ("Week", "Chapter")))
    group = nodes.tgroup("", *(nodes.colspec(colwidth=width) for width in (1, 9)), cols=2)
    group += [nodes.thead("", head), body]
    return nodes.table("", group, classes=["course-plan", "colwidths-auto"])


class JupyterHubLink(SphinxDirective):
    """``{jupyterhub-link} games/index.ipynb``: the link that opens this notebook."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        path = self.arguments[0]
        if not (self.env.srcdir / "book" / path).with_suffix(".md").is_file():
            raise self.error(f"jupyterhub-link: expected the name of a notebook of the book, got {path!r}")
        repository = repository_of(self.config)
        if not repository:
            text = (
                "This copy of the book names no repository, so there is no link to give. Once `repository: url` in "
                "`_config.yml` holds its address, and the site is published there, the link stands here."
            )
            return self.parse_text_to_nodes(text)
        link = jupyterhub_link(repository, self.config.notebooks_branch, posixpath.join(FOLDER, path))
        text = "Put your hub's address in place of the first part, and another chapter's name in place of the last:"
        return [*self.parse_text_to_nodes(text), nodes.literal_block(link, link, language="text")]


class Wheel(SphinxDirective):
    """``{wheel}``: a link to the wheel, and how it is installed."""

    def run(self) -> list[nodes.Node]:
        wheel = wheel_of(self.env.app)
        up = posixpath.relpath(".", posixpath.dirname(self.env.docname))
        link = nodes.reference("", wheel.name, refuri=f"{up}/{FOLDER}/{wheel.name}")
        command = f'pip install "./{wheel.name}[plot,torch]"'
        return [nodes.paragraph("", "", link), nodes.literal_block(command, command, language="text")]


def setup(app: Sphinx) -> dict:
    app.setup_extension("reading_time")
    app.setup_extension("notebooks")
    app.add_node(course_plan_node)
    app.add_directive("course-plan", CoursePlan)
    app.add_directive("jupyterhub-link", JupyterHubLink)
    app.add_directive("wheel", Wheel)
    app.connect("doctree-resolved", fill, priority=400)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
