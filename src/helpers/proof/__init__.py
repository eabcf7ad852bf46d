"""Decide equalities and inequalities honestly, and write derivations in which every step is checked."""

from importlib.util import find_spec

if missing := [
    package for module, package in (("flint", "python-flint"), ("z3", "z3-solver")) if not find_spec(module)
]:
    raise ModuleNotFoundError(f"helpers.proof needs {' and '.join(missing)}: pip install {' '.join(missing)}")

from helpers.proof.derivation import Derivation, DerivationError, Flaw, Lemma, Step, find_flaw
from helpers.proof.equality import RELATIONS, decide
from helpers.proof.verdict import Verdict

__all__ = [
    "RELATIONS",
    "Derivation",
    "DerivationError",
    "Flaw",
    "Lemma",
    "Step",
    "Verdict",
    "decide",
    "find_flaw",
]
