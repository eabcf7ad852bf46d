"""Exercises whose answers the reader types, and the reader's progress through them."""

from helpers.widgets.exercises.exercise import Exercise
from helpers.widgets.exercises.feedback import Feedback
from helpers.widgets.exercises.flaw import FindTheFlaw
from helpers.widgets.exercises.progress import Progress

__all__ = ["Exercise", "Feedback", "FindTheFlaw", "Progress"]
