"""A derivation as HTML: one line a step, the reason in words, a mark that says how the step was checked."""

__all__ = ["stylesheet", "to_html"]

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from helpers.building import is_building
from helpers.notation import to_latex
from helpers.proof.links import IN_EXPECTATION, TEX_SIGNS, UP_TO_CONSTANT
from helpers.proof.verdict import Verdict

if TYPE_CHECKING:
    from helpers.proof.derivation import Derivation, Step
    from helpers.proof.lemma import Lemma

MARKS = {"proved": "✓", "sampled": "≈", "cited": "❞"}
WIDE = 25  # characters beyond which the reason stands below the formula, also on a wide screen
# Said between formula and reason, which the eye tells apart by their places.
HEARD = '<span class="derivation-heard">because </span>'
INLINE_TEX = re.compile(r"(?<!\\)\$([^$]+)(?<!\\)\$")


@cache
def stylesheet() -> str:
    """The CSS of derivations. The site loads it once; elsewhere it travels with each derivation."""
    return files("helpers.proof").joinpath("derivation.css").read_text(encoding="utf-8")


def to_html(derivation: "Derivation") -> str:
    """A `<figure class="derivation">`; every formula is TeX in a `<span class="tex">` of its own."""
    claim = f' data-claim="{escape(derivation.claim_id)}"' if derivation.claim_id else ""
    compact = " derivation-compact" if derivation.is_compact else ""
    # The short form stands beside the whole one, whose place a link leads to.
    place = "" if derivation.is_compact else f' id="claim-{derivation.anchor}"'
    lines = "\n".join(_lines(derivation))
    where = f'<p class="derivation-where">{words(derivation.setting)}</p>\n' if derivation.setting else ""
    # A list without numbers is no list to some screen readers, so it says its role.
    return (
        f'{_style()}<figure class="derivation{compact}"{place}{claim}>\n'
        f'<figcaption class="derivation-title">{words(derivation.title)}</figcaption>\n'
        f'{where}<ol class="derivation-lines" role="list">\n{lines}\n</ol>\n</figure>'
    )


def _lines(derivation: "Derivation") -> Iterator[str]:
    yield (
        '<li class="derivation-line derivation-start">'
        f'<div class="derivation-formula">{_formula(derivation._first.latex)}</div></li>'
    )
    for number, step in enumerate(derivation.steps, start=1):
        wide = " derivation-wide" if _printed_length(step.latex) > WIDE or step.by else ""
        anchor = f"{derivation.anchor}-{number}"
        reason = f'<div class="derivation-reason">{HEARD}{_reason(step)}</div>'
        yield (
            f'<li class="derivation-line{wide}" id="step-{anchor}">'
            f'<div class="derivation-relation">{_formula(TEX_SIGNS[step.relation])}</div>'
            f'<div class="derivation-formula">{_formula(step.latex)}</div>'
            f"{'' if derivation.is_compact else reason}{_mark(step, number, anchor, derivation.is_compact)}"
            "</li>"
        )


def _reason(step: "Step") -> str:
    """The reason in words; below it, folded, the derivation that the step rests on."""
    text = words(step.why)
    if step.relation == UP_TO_CONSTANT:
        text += f" (up to a constant in {_inline(to_latex(step.of))})"
    if step.relation == IN_EXPECTATION:
        text += " (in expectation)"
    if step.by is None:
        return text
    lines = "\n".join(_lines(step.by))
    setting = f'<p class="derivation-where">{words(step.by.setting)}</p>' if step.by.setting else ""
    return (
        f'{text}<details class="derivation-by"><summary>{words(step.by.title)}</summary>{setting}'
        f'<ol class="derivation-lines" role="list">{lines}</ol></details>'
    )


def lemma_to_html(lemma: "Lemma") -> str:
    """A lemma as a box of its own."""
    return (
        f'{_style()}<figure class="derivation" id="lemma-{lemma.anchor}">\n'
        f'<figcaption class="derivation-title">{words(lemma.name)}</figcaption>\n'
        f'<p class="derivation-statement">{words(lemma.statement)}</p>\n'
        f'<p class="derivation-where"><span class="mark mark-cited"><span aria-hidden="true">{MARKS["cited"]}</span> '
        f"cited</span> {words(_sentence(lemma.reference))} Its numeric check passed.</p>\n</figure>"
    )


def _style() -> str:
    return "" if is_building() else f"<style>{stylesheet()}</style>\n"


def _printed_length(latex: str) -> int:
    """About how many characters the formula prints: a command counts as one, a matrix as its widest row."""
    latex = re.sub(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}", _widest_row, latex, flags=re.DOTALL)
    bare = re.sub(r"\\(left|right|text|bar|overline|displaystyle)(?![a-z])", "", latex)
    return len(re.sub(r"[{}^_ &]", "", re.sub(r"\\[a-zA-Z]+", "x", bare)))


def _widest_row(matrix: re.Match) -> str:
    return "m" * (2 + max(_printed_length(row) for row in re.split(r"\\\\(?:\[[^]]*\])?", matrix[1])))


def words(text: str) -> str:
    """Text as HTML: what stands between dollar signs is TeX, the rest is escaped; `\\$` is a dollar sign."""
    pieces = INLINE_TEX.split(text)
    return "".join(
        _inline(piece) if i % 2 else escape(piece.replace(r"\$", "$")) for i, piece in enumerate(pieces)
    )


def _inline(source: str) -> str:
    return rf'<span class="tex">\({escape(source)}\)</span>'


def _formula(source: str) -> str:
    return _inline(r"\displaystyle " + source)


def _mark(step: "Step", number: int, anchor: str, with_reason: bool) -> str:
    how = f"how-{anchor}"
    reason = f"{words(step.why)}. " if with_reason else ""
    return (
        '<div class="derivation-mark">'
        f'<button type="button" class="mark mark-{step.mark}" aria-label="{step.mark}, step {number}"'
        f' aria-describedby="{how}">'
        f'<span aria-hidden="true">{MARKS[step.mark]}</span> {step.mark}</button>'
        f'<span role="tooltip" class="derivation-how" id="{how}">{reason}{words(explain(step))}'
        # The place of a link into the ledger, which the built book fills.
        f'<span data-ledger="{anchor}"></span></span>'
        "</div>"
    )


def explain(step: "Step") -> str:
    """How the step was checked, in sentences."""
    verdict = step.verdict
    if step.lemma:
        link = {
            "proved": f"The step was also proved directly: {verdict.method}.",
            "sampled": f"The step itself: {_evidence(verdict)}.",
            "undecided": f"The step itself was not decided: {verdict.method}.",
        }[verdict.status]
        lemma = step.lemma
        basis = f"{lemma.name}: {_sentence(lemma.statement)} {_sentence(lemma.reference)}"
        return f"Rests on {basis} The lemma's numeric check passed. {link}"
    if verdict.status == "proved":
        also = f" Also evaluated: {_evidence(verdict)}." if verdict.points else ""
        return f"Proved: {verdict.method}.{also}"
    return f"Sampled, not proved: {verdict.method}{_where(verdict)}."


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."


def _evidence(verdict: Verdict) -> str:
    count = f"it holds at {verdict.points} exact point{'s' * (verdict.points != 1)}"
    residual = verdict.largest_residual
    size = f", difference below {residual:.0e}" if residual else ""
    return count + size + _where(verdict)


def _where(verdict: Verdict) -> str:
    return f" ({verdict.domain})" if verdict.domain else ""
