"""How many of a chapter's exercises its reader has solved."""

from __future__ import annotations

from helpers.widgets.base import Figure

__all__ = ["Progress"]


class Progress(Figure):
    """One line: how many exercises of the page are solved; buttons to export that, and to erase it.

    What is solved is kept by the reader's browser alone (its local storage), under the page and the `exercise_id`.
    """

    topic = "exercises"
    widget = "exercise-progress"
    alt = "How many of the exercises on this page you have solved."
    caption = ""

    def fallback(self) -> str:
        """Nothing: without JavaScript there is no progress to show."""
        return ""
