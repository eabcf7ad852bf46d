"""A derivation as HTML: one line a step, the reason in words, a mark that says how the step was checked."""

__all__ = ["stylesheet", "to_html"]

import hashlib
import os
import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from helpers.notation import to_latex
from helpers.proof.verdict import Verdict

if TYPE_CHECKING:
    from helpers.proof.derivation import Derivation, Lemma, Step

MARKS = {"proved": "✓", "sampled": "≈", "cited": "❞"}
STATIC_PAGE_VARIABLE = "DERIVATIONS_STATIC_PAGE"
WIDE = 25  # characters beyond which the reason stands below the formula, also on a wide screen
INLINE_TEX = re.compile(r"(?<!\\)\$([^$]+)(?<!\\)\$")


@cache
def stylesheet() -> str:
    """The CSS of derivations. The site loads it once; elsewhere it travels with each derivation."""
    return files("helpers.proof").joinpath("derivation.css").read_text(encoding="utf-8")


def to_html(derivation: "Derivation") -> str:
    """A `<figure class="derivation">`; every formula is TeX in a `<span class="tex">` of its own."""
    from helpers.proof.derivation import TEX_SIGNS

    identity = hashlib.sha256(
        f"{derivation.claim_id}{derivation.title}{derivation.latex()}".encode()
    ).hexdigest()[:10]
    claim = f' data-claim="{escape(derivation.claim_id)}"' if derivation.claim_id else ""
    lines = [
        '<li class="derivation-line derivation-start">'
        f'<div class="derivation-formula">{_formula(derivation._first.latex)}</div></li>'
    ]
    for number, step in enumerate(derivation.steps, start=1):
        wide = " derivation-wide" if _printed_length(step.latex) > WIDE else ""
        lines.append(
            f'<li class="derivation-line{wide}">'
            f'<div class="derivation-relation">{_formula(TEX_SIGNS[step.relation])}</div>'
            f'<div class="derivation-formula">{_formula(step.latex)}</div>'
            f'<div class="derivation-reason">{words(step.why)}</div>'
            f"{_mark(step, number, f'derivation-{identity}-{number}')}"
            "</li>"
        )
    definitions = ", ".join(
        _inline(f"{to_latex(symbol)} = {meaning.latex}") for symbol, meaning in derivation.where.items()
    )
    conditions = ", ".join(_inline(to_latex(condition)) for condition in derivation.conditions)
    setting = "; ".join(
        [f"where {definitions}"] * bool(definitions) + [f"for {conditions}"] * bool(conditions)
    )
    where = f'<p class="derivation-where">{setting}</p>\n' if setting else ""
    body = "\n".join(lines)
    return (
        f'{_style()}<figure class="derivation"{claim}>\n'
        f'<figcaption class="derivation-title">{words(derivation.title)}</figcaption>\n'
        f'{where}<ol class="derivation-lines">\n{body}\n</ol>\n</figure>'
    )


def lemma_to_html(lemma: "Lemma") -> str:
    """A lemma as a box of its own."""
    return (
        f'{_style()}<figure class="derivation">\n'
        f'<figcaption class="derivation-title">{words(lemma.name)}</figcaption>\n'
        f'<p class="derivation-statement">{words(lemma.statement)}</p>\n'
        f'<p class="derivation-where"><span class="mark mark-cited"><span aria-hidden="true">{MARKS["cited"]}</span> '
        f"cited</span> {words(_sentence(lemma.reference))} Its numeric check passed.</p>\n</figure>"
    )


def _style() -> str:
    return "" if os.environ.get(STATIC_PAGE_VARIABLE) == "1" else f"<style>{stylesheet()}</style>\n"


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


def _mark(step: "Step", number: int, identity: str) -> str:
    return (
        '<div class="derivation-mark">'
        f'<button type="button" class="mark mark-{step.mark}" aria-label="{step.mark}, step {number}"'
        f' aria-describedby="{identity}">'
        f'<span aria-hidden="true">{MARKS[step.mark]}</span> {step.mark}</button>'
        f'<span role="tooltip" class="derivation-how" id="{identity}">{escape(explain(step))}</span>'
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
