"""What the chapters need where they run as notebooks, outside of the book."""

__all__ = ["glue"]


def glue(name: str, variable: object, display: bool = True) -> None:
    """Print a number that the chapter's text mentions.

    While the book is built, MyST-NB's function of this name puts the number into the text. The text of a notebook
    holds the number of that build already; here stands the reader's own beside it.
    """
    print(f"{name} = {variable}")
