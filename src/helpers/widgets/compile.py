"""Compile the figures' mathematics from SymPy to JavaScript: run once when the package is built.

``python -m helpers.widgets.compile`` writes ``js/generated/<topic>.js`` for each module of
`helpers.widgets.formulas`. The JavaScript views import these functions and only draw; nobody types a formula
there. Needs SymPy alone.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from helpers.widgets import formulas

__all__ = ["GENERATED", "main"]

GENERATED = Path(__file__).parent / "js" / "generated"

HEADER = (
    "// Written by helpers.widgets.compile from the SymPy expressions in helpers.models: do not edit.\n\n"
)


def main() -> None:
    """Write every topic's module; leave a file that would not change untouched, so that builds stay quick."""
    GENERATED.mkdir(parents=True, exist_ok=True)
    for module in pkgutil.iter_modules(formulas.__path__):
        source = HEADER + importlib.import_module(f"{formulas.__name__}.{module.name}").source()
        path = GENERATED / f"{module.name}.js"
        if not path.exists() or path.read_text(encoding="utf-8") != source:
            path.write_text(source, encoding="utf-8")


if __name__ == "__main__":
    main()
