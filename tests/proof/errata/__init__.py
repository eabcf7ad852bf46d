"""The errata of the five problem sheets, by topic."""

__all__ = ["CATALOGUE", "ERRATA", "FAULTS", "TOPICS", "Claim", "FalseClaim", "FalseStep", "NoClaim", "Number"]

from . import (
    coupling,
    densities,
    divergences,
    elbo,
    factorized_convolutions,
    flows,
    games,
    importance_weights,
    masks,
    networks,
)
from .catalogue import CATALOGUE, FAULTS, TOPICS
from .entry import Claim, FalseClaim, FalseStep, NoClaim, Number

_TOPICS = (
    masks, densities, coupling, elbo, divergences, importance_weights, flows, games, networks,
    factorized_convolutions,
)  # fmt: skip
ERRATA = [erratum for topic in _TOPICS for erratum in topic.ERRATA]
