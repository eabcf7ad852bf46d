"""Whether the book is being built: figures then give their static page, claims go to the ledger."""

import os

__all__ = ["VARIABLE", "is_building"]

VARIABLE = "DERIVATIONS_STATIC_PAGE"


def is_building() -> bool:
    """Whether this process executes a chapter for the book's pages: `DERIVATIONS_STATIC_PAGE` is 1."""
    return os.environ.get(VARIABLE) == "1"
