"""The claims that are timed: the book's own, the corpus of the tests, and both with a mistake put in."""

__all__ = ["Claim", "book_claims", "corpus_claims", "spoilt"]

import contextlib
import importlib
import io
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jupytext
import matplotlib
import sympy as sp

import helpers.proof
from helpers.proof.domain import Domain

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "proof"))
POINTS_SEED = 1
ATTEMPTS = 60


@dataclass(frozen=True)
class Claim:
    """`lhs relation rhs` on `domain`, as `helpers.proof.decide` takes them, and whether it is true."""

    origin: str
    lhs: Any
    rhs: Any
    relation: str
    domain: Any
    is_true: bool


def book_claims() -> list[Claim]:
    """Every claim that the chapters put to `decide`, in the order of the text, each once.

    The chapters' code runs here; nothing is drawn on a screen. Whether a claim is true is mpmath's word, not
    the engine's: a chapter shows mistakes, too.
    """
    claims: dict[Any, Claim] = {}
    for chapter in sorted((ROOT / "book").rglob("*.md")):
        hidden = any(part.startswith((".", "_")) for part in chapter.relative_to(ROOT / "book").parts)
        if hidden or "format_name: myst" not in chapter.read_text():
            continue
        for number, (lhs, rhs, relation, domain) in enumerate(_decided_in(chapter), start=1):
            key = (lhs, rhs, relation, str(domain))
            origin = f"{chapter.relative_to(ROOT / 'book').with_suffix('')} {number}"
            false = _clearly_false(lhs, rhs, relation, domain)
            claims.setdefault(key, Claim(origin, lhs, rhs, relation, domain, not false))
    return list(claims.values())


def corpus_claims() -> list[Claim]:
    """The claims in tests/proof/corpus, true and false."""
    corpus = importlib.import_module("corpus")
    return [
        Claim(name, sp.sympify(claim.lhs), sp.sympify(claim.rhs), claim.relation, claim.domain, is_true)
        for family, is_true in ((corpus.TRUE, True), (corpus.FALSE, False))
        for name, claim in family.items()
    ]


def spoilt(claims: list[Claim], each: int, seed: int) -> Iterator[Claim]:
    """Up to `each` different versions of every true claim with one mistake, seen clearly by mpmath."""
    mutate = importlib.import_module("pairs.mutation").mutate
    rng = random.Random(seed)
    for claim in claims:
        if not claim.is_true:
            continue
        made: set = set()
        for _ in range(ATTEMPTS):
            if len(made) == each:
                break
            sides = [claim.lhs, claim.rhs]
            which = rng.randrange(2)
            try:
                mistake, sides[which] = mutate(sides[which], rng.randrange)
                senseless = sides[which].has(sp.nan, sp.zoo) or tuple(sides) in made
            except (ValueError, TypeError, ArithmeticError, AttributeError, NotImplementedError, LookupError):
                continue  # SymPy refuses what the mistake would make
            if not senseless and _clearly_false(*sides, claim.relation, claim.domain):
                made.add(tuple(sides))
                yield Claim(f"{claim.origin}, {mistake}", *sides, claim.relation, claim.domain, False)


def _clearly_false(lhs: Any, rhs: Any, relation: str, domain: Any) -> bool:
    clearly_differ = importlib.import_module("pairs.evaluation").clearly_differ
    region = Domain(domain)
    intervals = {symbol: (bounds.start, bounds.end) for symbol, bounds in region.bounds.items()}
    try:
        return clearly_differ(lhs, rhs, relation, intervals, POINTS_SEED, region.conditions)
    except (AttributeError, NotImplementedError, ValueError):  # nothing that mpmath could evaluate
        return False


def _decided_in(chapter: Path) -> list[tuple]:
    """Run the chapter's code and note what is given to `decide`, whichever module calls it."""
    noted: list[tuple] = []
    original = helpers.proof.decide

    def noting(lhs: Any, rhs: Any, relation: str = "==", *, domain: Any = None, **options: Any) -> Any:
        verdict = original(lhs, rhs, relation, domain=domain, **options)
        left, right = (
            sp.ImmutableMatrix(s) if isinstance(s, sp.MatrixBase) else sp.sympify(s) for s in (lhs, rhs)
        )
        noted.append((left, right, relation, domain))
        return verdict

    modules = [module for name, module in sys.modules.items() if name.startswith("helpers.")]
    callers = [module for module in modules if vars(module).get("decide") is original]
    matplotlib.use("Agg")
    namespace: dict[str, Any] = {"__name__": "__main__"}
    try:
        for module in callers:
            module.decide = noting
        with contextlib.redirect_stdout(io.StringIO()):
            for cell in jupytext.read(chapter).cells:
                if cell.cell_type == "code":
                    exec(compile(cell.source, str(chapter), "exec"), namespace)
    finally:
        for module in callers:
            module.decide = original
    return noted
