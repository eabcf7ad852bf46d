"""Sphinx extension: the table of what the book's build executed, and how long it took.

The directive ``{execution-times}`` lists every page with code, the slowest first, with the seconds of the processor
that `tools/execute_chapters.py` measured and left in the cache, and their sum; after it, on which machine. A page
that took longer than `execution_budget` seconds was refused there and is in no book.
"""

from __future__ import annotations

import os
import platform

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

__all__ = ["setup"]

HEAD = ("Page", "Seconds")


class execution_times_node(nodes.General, nodes.Element):
    """Where the table goes."""


class ExecutionTimes(SphinxDirective):
    """``{execution-times}``: the table."""

    def run(self) -> list[nodes.Node]:
        return [execution_times_node()]


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the table and the sentence about the machine into the page."""
    places = list(doctree.findall(execution_times_node))
    if not places:
        return
    executed = {page: data.get("exec_data") for page, data in app.env.nb_metadata.items()}
    seconds = {page: data["runtime"] or 0.0 for page, data in executed.items() if data}
    rows = [[link(app, docname, page), nodes.Text(f"{took:.1f}")] for page, took in slowest_first(seconds)]
    rows.append([nodes.strong(text="All"), nodes.strong(text=f"{sum(seconds.values()):.0f}")])
    machine = (
        f"Executed with Python {platform.python_version()} on {platform.system()} ({platform.machine()}), "
        f"{os.cpu_count()} processors. A page may take {app.config.execution_budget:g} seconds."
    )
    for place in places:
        place.replace_self([table(rows), nodes.paragraph("", machine)])


def slowest_first(seconds: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(seconds.items(), key=lambda item: (-item[1], item[0]))


def link(app: Sphinx, docname: str, page: str) -> nodes.reference:
    title = app.env.titles[page].astext()
    return nodes.reference("", title, internal=True, refuri=app.builder.get_relative_uri(docname, page))


def table(rows: list[list[nodes.Node]]) -> nodes.table:
    """Two columns, of which the second holds numbers."""
    group = nodes.tgroup("", nodes.colspec(colwidth=4), nodes.colspec(colwidth=1), cols=2)
    group += nodes.thead("", row([nodes.Text(word) for word in HEAD]))
    group += nodes.tbody("", *map(row, rows))
    return nodes.table("", group, classes=["execution-times", "colwidths-auto"])


def row(cells: list[nodes.Node]) -> nodes.row:
    name, number = (nodes.paragraph("", "", cell) for cell in cells)
    return nodes.row("", nodes.entry("", name), nodes.entry("", number, classes=["text-right"]))


def setup(app: Sphinx) -> dict:
    app.add_config_value("execution_budget", 0, "env", types=(int, float))
    app.add_node(execution_times_node)
    app.add_directive("execution-times", ExecutionTimes)
    app.connect("doctree-resolved", fill, priority=400)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
