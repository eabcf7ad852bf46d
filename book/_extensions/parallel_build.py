"""Sphinx extension: pages are read and written by several processes, and what never changes is looked up once.

Jupyter Book has no option for it. A page's reading and writing must leave nothing behind in its process that another
page needs: what an extension keeps in the environment it merges (``env-merge-info``). Formulas of all pages are
typeset, and words indexed, where all pages are resolved: in the first process.
"""

from __future__ import annotations

import gc
import os

import sphinx.builders
from pybtex.backends import plaintext
from pybtex.plugin import register_plugin
from sphinx.application import Sphinx
from sphinx.util.parallel import ParallelTasks

__all__ = ["setup"]

MOST = 16  # processes at a time
A_PROCESSOR = (
    2  # of them: pages differ in length, and a part of them is to be left for the processor that is done
)


def processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Tasks(ParallelTasks):
    """Sphinx's own forget that a process has failed, and its pages, while others wait to be started."""

    failure: Exception | None = None

    def _join_one(self) -> bool:
        if self.failure is None:
            try:
                return super()._join_one()
            except Exception as error:
                self.failure = error
        raise self.failure

    def join(self) -> None:
        if self.failure is not None:
            raise self.failure
        super().join()


def setup(app: Sphinx) -> dict:
    sphinx.builders.ParallelTasks = Tasks
    # It numbers chapters once all are read, and does not say that this is safe.
    app.setup_extension("sphinx_multitoc_numbering")
    app.extensions["sphinx_multitoc_numbering"].parallel_read_safe = True
    app.parallel = min(A_PROCESSOR * processors(), MOST) if processors() > 1 else 1
    # A page is many small objects, nearly all of which stay.
    gc.set_threshold(50_000, 20, 20)
    # Else each citation would look through the metadata of all installed packages for it.
    register_plugin("pybtex.backends", "plaintext", plaintext.Backend, force=True)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
