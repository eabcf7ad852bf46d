"""The ledger: what a chapter claims, and how each claim was checked, collected while the book is built.

A chapter runs in a process of its own, and an unchanged one is not run again. So each cell publishes the claims
that it made as an output that the page does not show, and that is kept with the other outputs. The book's
Sphinx extension `ledger` gathers them.
"""

__all__ = ["Entry", "check_erratum", "entries", "record", "slug", "testimony"]

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from typing import Any

from helpers.building import is_building
from helpers.notation import plain_name
from helpers.proof.verdict import Verdict

OUTPUT_PREFIX = "application/papermill.record/"  # with which MyST-NB recognises an output that is data
MIME_TYPE = "text/plain"
KINDS = ("step", "claim", "lemma", "mistake")
ERRATUM = re.compile(r"E\d{3}-[1-9]\d*")


@dataclass(frozen=True)
class Entry:
    """One claim, as plain data.

    Attributes:
        kind: `step` of a derivation, `claim` on its own, `lemma` (its numeric check), `mistake` (a claim that the
            text calls false, and that is refuted).
        title: of the derivation, the claim or the lemma.
        anchor: of the derivation: its `claim_id`, or made of its title; unique on its page.
        number: of the step, from 1; 0 for what is no step.
        relation: the claimed relation, a key of `helpers.proof.links.SIGNS`; "" for a lemma.
        claim_id: None, or the name that numbered equations refer to.
        statement, latex: the claim in text and in TeX.
        setting: in TeX, what abbreviations stand for and the conditions.
        why: the reason in words.
        mark: `proved`, `sampled`, `cited` or `refuted`.
        method: how it was checked, in words.
        points, largest_residual: as in `Verdict`.
        seconds: how long deciding it took.
        witness, witness_method: what the second system says: `proves`, `agrees`, `disagrees`, `silent`, or "" where
            it was not asked.
        erratum: of a mistake, its name in the list of known mistakes, or "".
        fault, quantity, printed, right: what `helpers.proof.mistake` was given, the two numbers as text; else "".
    """

    kind: str
    title: str
    anchor: str
    statement: str
    latex: str
    mark: str
    method: str
    number: int = 0
    relation: str = ""
    claim_id: str | None = None
    setting: str = ""
    why: str = ""
    points: int = 0
    largest_residual: float | None = None
    seconds: float = 0.0
    witness: str = ""
    witness_method: str = ""
    erratum: str = ""
    fault: str = ""
    quantity: str = ""
    printed: str = ""
    right: str = ""


_entries: list[Entry] = []
_published = 0
_hooked = False


def entries() -> tuple[Entry, ...]:
    """What has been recorded in this process. Cost: O(entries)."""
    return tuple(_entries)


def record(entry: Entry) -> None:
    """Enter a claim; it is published when the cell that made it ends."""
    if entry.kind not in KINDS:
        raise ValueError(f"kind: expected one of {KINDS}, got {entry.kind!r}")
    _entries.append(entry)
    if is_building():
        _publish_after_each_cell()


def check_erratum(erratum: str | None) -> str:
    """The name of a known mistake, such as E999-1, or "" for None; ValueError for anything else."""
    if erratum is not None and not (isinstance(erratum, str) and ERRATUM.fullmatch(erratum)):
        raise ValueError(f"erratum: expected a name such as E999-1, got {erratum!r}")
    return erratum or ""


def testimony(equality: tuple[Any, Any, Any] | None, verdict: Verdict) -> dict[str, str]:
    """What the second system says of a proved equality (its two sides and the domain), as fields of an `Entry`.

    Empty outside of a build, and for what is no equality or not proved. Cost: seconds at worst.
    """
    if equality is None or verdict.status != "proved" or not is_building():
        return {}
    from helpers.proof import witness

    if not witness.available():
        return {}
    lhs, rhs, domain = equality
    said = witness.second_witness(lhs, rhs, domain=domain)
    return {"witness": said.status, "witness_method": said.method}


def slug(title: str, content: str = "") -> str:
    """A name for use in addresses: the title's words, and a few letters that depend on `content`."""
    words = re.sub(r"[^a-z0-9]+", "-", plain_name(title).lower()).strip("-")[:40].rstrip("-")
    return f"{words}-{hashlib.sha256(content.encode()).hexdigest()[:6]}" if content else words


def _publish_after_each_cell() -> None:
    global _hooked
    if _hooked:
        return
    try:
        from IPython import get_ipython
    except ModuleNotFoundError:
        return
    if (shell := get_ipython()) is not None:
        shell.events.register("post_run_cell", _publish)
        _hooked = True


def _publish(result: Any = None) -> None:
    """Hand the claims made since the last call to the notebook, under a name that it has not seen."""
    global _published
    fresh = _entries[_published:]
    if not fresh:
        return
    from IPython.display import publish_display_data

    name = f"ledger-{_published}"
    _published = len(_entries)
    publish_display_data(
        {OUTPUT_PREFIX + MIME_TYPE: json.dumps([asdict(entry) for entry in fresh])},
        {"scrapbook": {"name": name, "mime_prefix": OUTPUT_PREFIX}},
    )
