r"""Derivations that are proved, computed, compared and moved: the package behind the book.

``helpers.proof`` decides whether two expressions are equal and chains such decisions into derivations;
``helpers.codegen`` turns one SymPy expression into NumPy, PyTorch and JavaScript; ``helpers.devices`` and
``helpers.checks`` compare formulas with autograd and Monte Carlo; ``helpers.models`` holds the mathematics, a
module a topic; ``helpers.widgets`` the interactive figures. Importing this package loads none of them.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
