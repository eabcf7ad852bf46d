"""Decide equalities and inequalities honestly, and write derivations in which every step is checked."""

from importlib.util import find_spec

if missing := [
    package for module, package in (("flint", "python-flint"), ("z3", "z3-solver")) if not find_spec(module)
]:
    raise ModuleNotFoundError(f"helpers.proof needs {' and '.join(missing)}: pip install {' '.join(missing)}")

from helpers.proof.claims import Flaw, claim, find_flaw, refute
from helpers.proof.derivation import Derivation, DerivationError, Step
from helpers.proof.equality import RELATIONS, decide
from helpers.proof.expectation import (
    Density,
    Expectation,
    Finite,
    Gaussian,
    Independent,
    MultivariateGaussian,
    by_independence,
    by_linearity,
    change_variables,
    factor_out,
    log_density,
    reparameterize,
)
from helpers.proof.lemma import Lemma
from helpers.proof.mistakes import FAULTS, Mistake, mistake
from helpers.proof.verdict import Verdict

__all__ = [
    "FAULTS",
    "RELATIONS",
    "Density",
    "Derivation",
    "DerivationError",
    "Expectation",
    "Finite",
    "Flaw",
    "Gaussian",
    "Independent",
    "Lemma",
    "Mistake",
    "MultivariateGaussian",
    "Step",
    "Verdict",
    "by_independence",
    "by_linearity",
    "change_variables",
    "claim",
    "decide",
    "factor_out",
    "find_flaw",
    "log_density",
    "mistake",
    "refute",
    "reparameterize",
]
