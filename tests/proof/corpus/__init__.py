"""Claims whose truth is known: true ones to be proved, false ones to be refuted, by topic.

Each module is one topic with two functions, `true()` and `false()`. A false claim differs from a true one by a
slip that is really made: a sign, a factor, a transpose, an assumption that nobody stated, an error of the sheets.
"""

__all__ = ["FALSE", "TRUE", "Claim"]

from . import (
    calculus,
    change_of_variables,
    coupling,
    divergences,
    elementary,
    evidence_lower_bound,
    flows,
    games,
    gradients,
    importance_weighting,
    inequalities,
    initialization,
    invertible_convolution,
    masked_convolution,
    matrix_identities,
    pitfalls,
    sums,
)
from .claim import Claim

TOPICS = (
    masked_convolution, change_of_variables, coupling, evidence_lower_bound, divergences, gradients,
    importance_weighting, flows, games, initialization, invertible_convolution,
    elementary, calculus, sums, matrix_identities, inequalities, pitfalls,
)  # fmt: skip


def _named(kind: str) -> dict[str, Claim]:
    return {
        f"{topic.__name__.rpartition('.')[2]}: {claim.name}": claim
        for topic in TOPICS
        for claim in getattr(topic, kind)()
    }


TRUE, FALSE = _named("true"), _named("false")
