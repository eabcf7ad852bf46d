"""Expectations: laws of random variables, the operator, and the exact rules by which it is worked out."""

from helpers.proof.expectation.laws import (
    Density,
    Finite,
    Gaussian,
    Independent,
    Law,
    MultivariateGaussian,
    log_density,
)
from helpers.proof.expectation.operator import (
    Expectation,
    by_independence,
    by_linearity,
    change_variables,
    factor_out,
    normal_form,
    reparameterize,
)

__all__ = [
    "Density",
    "Expectation",
    "Finite",
    "Gaussian",
    "Independent",
    "Law",
    "MultivariateGaussian",
    "by_independence",
    "by_linearity",
    "change_variables",
    "factor_out",
    "log_density",
    "normal_form",
    "reparameterize",
]
