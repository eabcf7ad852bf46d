"""Two-player games that learn: update rules, their iteration matrices, their trajectories, and the Dirac-GAN."""

from helpers.models.games.dirac import DIRAC_VARIANTS, dirac_gan_jacobian, sigmoid_log_likelihood
from helpers.models.games.methods import (
    FIELD,
    METHODS,
    PAYOFF,
    STATE,
    Method,
    characteristic_polynomial,
    converges,
    iteration_matrix,
)
from helpers.models.games.training import train
from helpers.models.games.trajectories import simulate, spectral_radius

__all__ = [
    "DIRAC_VARIANTS",
    "FIELD",
    "METHODS",
    "PAYOFF",
    "STATE",
    "Method",
    "characteristic_polynomial",
    "converges",
    "dirac_gan_jacobian",
    "iteration_matrix",
    "sigmoid_log_likelihood",
    "simulate",
    "spectral_radius",
    "train",
]
