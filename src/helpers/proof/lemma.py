"""Results that are cited, not proved."""

__all__ = ["Lemma"]

import time
from collections.abc import Callable
from dataclasses import dataclass

from helpers.arguments import function, words
from helpers.proof import ledger
from helpers.proof.verdict import Verdict


@dataclass(frozen=True)
class Lemma:
    """A result that is cited, not proved here, with a numeric check of its own.

    Attributes:
        name: as it is called, "Jensen's inequality".
        statement: one sentence.
        reference: where it is proved, in words.
        check: called once, when the lemma is made; a verdict that is proved or sampled, or True, passes.

    Raises ValueError where the check fails, so that there is no lemma that has not passed.
    """

    name: str
    statement: str
    reference: str
    check: Callable[[], Verdict | bool]

    def _repr_html_(self) -> str:
        from helpers.proof.derivation_html import lemma_to_html

        return lemma_to_html(self)

    def __post_init__(self) -> None:
        for name in ("name", "statement", "reference"):
            words(name, getattr(self, name))
        function("check", self.check)
        started = time.perf_counter()
        result = self.check()
        passed = result.status in ("proved", "sampled") if isinstance(result, Verdict) else result is True
        if not passed:
            raise ValueError(
                f"check: the numeric check of the lemma {self.name!r} failed: expected proved, sampled or True, "
                f"got {result}"
            )
        evidence = f"{result.status}: {result.method}" if isinstance(result, Verdict) else "it passed"
        ledger.record(
            ledger.Entry(
                kind="lemma",
                title=self.name,
                anchor=self.anchor,
                statement=self.statement,
                latex="",
                mark="cited",
                method=f"{self.reference.rstrip('.')}. Its numeric check: {evidence}.",
                seconds=time.perf_counter() - started,
            )
        )

    @property
    def anchor(self) -> str:
        """Its name in addresses."""
        return ledger.slug(self.name, self.statement)
