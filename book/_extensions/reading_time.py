"""Sphinx extension: under the title of each chapter, how long it takes to read and what there is to do in it.

A chapter is a page with exercises. Its words are counted in the text, its formulas apart, and what is folded or code
not at all; the figures and the exercises, on which readers spend as long as they like, are numbers of their own.
"""

from __future__ import annotations

import math
import re

from docutils import nodes
from finding import figures_of, raw_html
from sphinx.application import Sphinx

__all__ = ["in_words", "reading_time", "setup"]

# Silent reading of English non-fiction: M. Brysbaert, "How many words do we read per minute? A review and
# meta-analysis of reading rate", Journal of Memory and Language 109 (2019) 104047.
WORDS_A_MINUTE = 238
# Assumptions: nobody has timed readers of this book.
SECONDS_A_FORMULA = 1  # within a line, where most are a letter or two
SECONDS_A_LINE = 8  # a displayed formula, or a line of a derivation with its reason

LINE = re.compile(r'<li class="derivation-line')
WORD = re.compile(r"\w+(?:[-’']\w+)*")
EXERCISES = {"exercise", "find-the-flaw"}
APART = (nodes.math, nodes.math_block, nodes.literal_block, nodes.raw, nodes.comment)


def reading_time(doctree: nodes.document) -> dict[str, int]:
    """Minutes, figures and exercises of a page."""
    words, seconds = 0, 0.0
    for text in doctree.findall(nodes.Text):
        parent = text.parent
        while parent is not None and not isinstance(parent, APART):
            parent = parent.parent
        if parent is None:
            words += len(WORD.findall(text.astext()))
    seconds += SECONDS_A_FORMULA * len(list(doctree.findall(nodes.math)))
    html = raw_html(doctree)
    lines = len(list(doctree.findall(nodes.math_block))) + len(LINE.findall(html))
    seconds += SECONDS_A_LINE * lines
    kinds = [figure["data-widget"] for figure in figures_of(html)]
    exercises = sum(kind in EXERCISES for kind in kinds)
    return {
        "minutes": max(1, math.ceil(words / WORDS_A_MINUTE + seconds / 60)),
        "figures": len(kinds) - exercises - kinds.count("exercise-progress"),
        "exercises": exercises,
    }


def in_words(found: dict[str, int]) -> str:
    """About 14 minutes, 3 figures, 5 exercises."""
    counts = [f"{count} {name if count > 1 else name[:-1]}" for name, count in found.items() if count]
    return f"About {', '.join(counts)}"


def add(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    app.env.reading_times[docname] = found = reading_time(doctree)
    title = next(doctree.findall(nodes.title), None)
    if title is None or not found["exercises"]:
        return
    line = nodes.paragraph("", in_words(found), classes=["reading-time"])
    title.parent.insert(title.parent.index(title) + 1, line)


def begin(app: Sphinx) -> None:
    app.env.reading_times = {}  # all pages are resolved in one process, also where several write them


def setup(app: Sphinx) -> dict:
    app.connect("builder-inited", begin)
    # After `finding` has kept the page's words, and before `prerendered_tex` has written its formulas out.
    app.connect("doctree-resolved", add, priority=460)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
