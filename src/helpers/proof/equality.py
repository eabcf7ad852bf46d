"""Decide one claim: an equality, an inequality, an equivalence, with the evidence stated."""

__all__ = ["RELATIONS", "decide"]

import time
from dataclasses import replace
from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean

from helpers.notation import one_line
from helpers.proof.conclusion import conclude, conclude_or_refute, contradicted, from_sample, refuted
from helpers.proof.concrete import explicit_matrix, take_matrix_derivatives
from helpers.proof.deadline import OutOfTime, within
from helpers.proof.domain import Domain
from helpers.proof.enclosure import Unsupported
from helpers.proof.expectation import Expectation, normal_form
from helpers.proof.interchange import integrate_first
from helpers.proof.matrix_algebra import prove_matrix_identity
from helpers.proof.order import prove_logic, prove_order
from helpers.proof.real_arithmetic import Answer
from helpers.proof.reduction import reduce_to_zero
from helpers.proof.sampling import Sample, sample
from helpers.proof.smoothness import moves_with
from helpers.proof.turning import turns
from helpers.proof.verdict import Verdict

RELATIONS = ("==", "<=", "<", ">=", ">", "<=>", "=>")
CLOSED_FORM_SECONDS = 10.0
LARGEST_EXPLICIT_MATRIX = 100
UNEVALUATED = (sp.Integral, sp.Sum, sp.Product, sp.Derivative, sp.Subs, sp.Limit, Expectation)
INFINITIES = (sp.oo, -sp.oo)


def decide(lhs: Any, rhs: Any, relation: str = "==", *, domain: Any = None, points: int = 25) -> Verdict:
    """Decide whether `lhs relation rhs` for all values of the symbols.

    First both sides are evaluated at exact points, in ball arithmetic: a false claim is refuted there, and no
    symbolic proof below is believed against such a point. Then exact symbolic steps are tried in a stated
    order (`helpers.proof.reduction`, `helpers.proof.order`), each bounded in time; the verdict names the one
    that worked. Claims hold where both sides are defined: x/x = 1 is proved, and says nothing about x = 0.
    A derivative is taken away from the points where an absolute value, a jump or a piece turns, and the verdict names
    them; a limit is evaluated at every point, and proved only if it is one for all parameters.
    Identical sides are proved without evaluation, unless an integral, a sum, a derivative or an infinity in
    them may have no value at all.

    Args:
        lhs, rhs: SymPy scalars, numbers, explicit matrices of one shape, matrix expressions, or Booleans;
            integrals, sums, derivatives and substitutions are evaluated; undefined functions are arbitrary
            smooth functions.
        relation: one of `RELATIONS`; "<=>" and "=>" (equivalence, implication) join Booleans, and between
            Booleans "==" means "<=>".
        domain: None, a mapping symbol → `Interval` or open interval (low, high), or an iterable of
            conditions. The symbols' own assumptions always hold; a symbol without assumptions is complex.
            Matrix symbols are real, unless a side holds an adjoint or a conjugate: then they are complex.
        points: number of exact points to evaluate at.

    Returns:
        A `Verdict`. Claims that hold floating-point numbers, in a side or in the domain, are at best sampled.

    Raises:
        ValueError: a side that is not an expression, matrices of different shapes, an unknown relation,
            a domain that cannot be read, or one that is empty.

    Cost: O(points · nodes) ball operations, then at most the strategies' time limits.
    """
    if relation not in RELATIONS:
        raise ValueError(f"relation: expected one of {RELATIONS}, got {relation!r}")
    if isinstance(points, bool) or not isinstance(points, int) or points < 1:
        raise ValueError(f"points: expected a positive whole number, got {points!r}")
    left, right = _read(lhs, "lhs"), _read(rhs, "rhs")
    region = Domain(domain)
    started = time.perf_counter()
    try:
        left, right = (integrate_first(side, region) for side in (left, right))
    except Unsupported as reason:
        verdict = Verdict("undecided", str(reason), relation=relation)
    else:
        verdict = _qualified(_decide(left, right, relation, region, points), left, right)
    return replace(verdict, seconds=time.perf_counter() - started)


def _decide(left: Any, right: Any, relation: str, region: Domain, points: int) -> Verdict:
    if _is_boolean(left) or _is_boolean(right) or relation in ("<=>", "=>"):
        return _decide_logic(left, right, relation, region, points)
    if _is_matrix(left) or _is_matrix(right):
        return _decide_matrices(left, right, relation, region, points)
    if relation == "==":
        return _decide_equality(left, right, region, points)
    return _decide_order(left, right, relation, region, points)


def _qualified(verdict: Verdict, left: Any, right: Any) -> Verdict:
    """What a proof does not say: what a derivative is where a piece of it turns, and whether the limit for a general
    parameter is the limit for every one."""
    if verdict.status != "proved" or verdict.method == "identical":
        return verdict
    found: dict[Any, None] = {}
    for side in (left, right):
        for node in side.atoms(sp.Derivative):
            seen_from_outside = (
                turn
                for turn in turns(node.expr, set(node.variables))
                if turn.free_symbols <= side.free_symbols
            )
            found.update(
                {-turn if turn.could_extract_minus_sign() else turn: None for turn in seen_from_outside}
            )
    method = verdict.method
    if found:
        method += f", away from {', '.join(f'{one_line(turn)} = 0' for turn in found)}"
    if not all(_is_one_for_all_parameters(limit) for side in (left, right) for limit in side.atoms(sp.Limit)):
        where = f"equal at {verdict.points} exact points" if verdict.points else "at no point evaluated"
        status = "sampled" if verdict.points else "undecided"
        return replace(
            verdict, status=status, method=f"{where}; {method} for a general parameter of the limit"
        )
    return replace(verdict, method=method)


def _is_one_for_all_parameters(limit: sp.Limit) -> bool:
    """Whether the limit that SymPy finds for a general parameter holds for all: a numerator smooth in the variable
    over a denominator free of parameters. Then it is a quotient of Taylor coefficients, and those that vanish for a
    general parameter vanish for every one."""
    body, variable, point = limit.args[:3]
    numerator, denominator = sp.fraction(sp.together(body))
    parameters = limit.free_symbols
    return not parameters or (
        bool(point.is_number and point.is_finite)
        and not denominator.free_symbols & parameters
        and not any(moves_with(numerator, parameter, {variable}) for parameter in parameters)
    )


def _read(side: Any, name: str) -> Any:
    if isinstance(side, str):
        raise ValueError(f"{name}: expected a SymPy expression, got the string {side!r}")
    try:
        expression = sp.sympify(side)
    except (sp.SympifyError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"{name}: expected a SymPy expression, got {side!r}") from error
    if isinstance(expression, sp.MatrixBase):
        return sp.ImmutableMatrix(expression)
    if not isinstance(expression, sp.Expr | Boolean | sp.MatrixExpr):
        raise ValueError(f"{name}: expected a scalar, a matrix or a Boolean, got {type(side).__name__}")
    if expression.has(sp.nan, sp.zoo):
        raise ValueError(f"{name}: {expression} is undefined, expected an expression that has a value")
    return expression


def _is_boolean(side: Any) -> bool:
    return isinstance(side, Boolean) and not isinstance(side, sp.Symbol)


def _is_matrix(side: Any) -> bool:
    return bool(getattr(side, "is_Matrix", False))


def _has_floats(left: Any, right: Any, domain: Domain) -> bool:
    return any(part.has(sp.Float) for part in (left, right, *domain.conditions))


def _are_certainly_one(left: Any, right: Any) -> bool:
    """Whether the sides are identical, and made of nothing that may lack a value everywhere."""
    return left == right and not left.has(sp.Float, *UNEVALUATED, *INFINITIES)


# Scalars


def _decide_equality(left: Any, right: Any, domain: Domain, points: int) -> Verdict:
    if _are_certainly_one(left, right):
        return Verdict("proved", "identical")
    seen = sample(left, right, "==", domain, points)
    if seen.counterexample is not None and seen.exact:
        return refuted(seen, "==")
    if _has_floats(left, right, domain):
        return from_sample(seen, "==", "holds floating-point numbers, so nothing is proved: ")
    if left == right:
        return _settle_identical(left, seen, domain, points)
    original = left, right
    (left, right), plain = _sharpen(original, domain)
    closed = tuple(_closed_form(side) for side in (left, right))
    if not seen.exact:
        return _settle_by_closed_form(seen, closed, plain, domain, points)
    if left.has(sp.MatrixExpr) or right.has(sp.MatrixExpr):
        method = prove_matrix_identity(*closed) or reduce_to_zero(_by_entries(closed[0] - closed[1]))
        return conclude(method, seen, "==")
    method = reduce_to_zero(closed[0] - closed[1])
    # The stand-ins know the signs in the domain, the domain knows the original symbols.
    answer = Answer(method) if method else prove_order(*(c.xreplace(plain) for c in closed), "==", domain)
    return conclude_or_refute(answer, original, "==", seen, domain)


def _settle_identical(side: Any, seen: Sample, domain: Domain, points: int) -> Verdict:
    """Identical sides are equal if they have a value: their own or that of SymPy's closed form must exist."""
    if seen.held + seen.neutral == 0 and (closed := _closed_form(side)) != side:
        evaluated = sample(closed, closed, "==", domain, points)
        if evaluated.held:
            return conclude("identical, with a closed form", evaluated, "==")
    return conclude("identical", seen, "==")


def _by_entries(difference: Any) -> Any:
    """Put explicit matrices of entries for the matrix symbols of known size."""
    known = [m for m in difference.atoms(sp.MatrixSymbol) if all(size.is_Integer for size in m.shape)]
    try:
        return within(
            CLOSED_FORM_SECONDS, lambda: difference.subs({m: m.as_explicit() for m in known}).doit()
        )
    except OutOfTime:
        return difference
    except Exception:  # no explicit form
        return difference


def _sharpen(sides: tuple[Any, ...], domain: Domain) -> tuple[tuple[Any, ...], dict[Any, Any]]:
    """Let the symbols carry what the domain says of their signs: the sides with stand-ins for the symbols, and what
    each stands for."""
    stand_ins = domain.sharpened(*sides)
    back = {stand_in: symbol for symbol, stand_in in stand_ins.items()}
    return tuple(side.xreplace(stand_ins) for side in sides), back


def _closed_form(side: Any) -> Any:
    side = side.replace(
        lambda node: isinstance(node, sp.Determinant | sp.Trace) and isinstance(node.arg, sp.MatrixBase),
        lambda node: node.doit(),
    )
    if not side.has(*UNEVALUATED):
        return side
    try:
        return within(CLOSED_FORM_SECONDS, lambda: normal_form(side.doit()))
    except OutOfTime:
        return side
    except Exception:  # an evaluation that stumbles leaves the side as it was
        return side


def _settle_by_closed_form(
    seen: Sample, closed: tuple[Any, Any], plain: dict[Any, Any], domain: Domain, points: int
) -> Verdict:
    """For sides that only a quadrature without bounds could evaluate: hold closed forms against it."""
    exact = sample(*(side.xreplace(plain) for side in closed), "==", domain, points)
    if seen.counterexample is not None:
        if exact.counterexample is not None and exact.exact:
            note = "closed forms evaluated in ball arithmetic, in agreement with numerical quadrature"
            return replace(refuted(exact, "=="), method=note)
        return contradicted(seen, "==")
    if exact.counterexample is not None:
        reason = "SymPy's closed form disagrees with numerical quadrature"
        return Verdict("undecided", reason, domain=seen.domain, contradicted=True)
    return conclude(reduce_to_zero(closed[0] - closed[1]), seen, "==")


def _decide_order(left: Any, right: Any, relation: str, domain: Domain, points: int) -> Verdict:
    seen = sample(left, right, relation, domain, points)
    if seen.counterexample is not None:
        return refuted(seen, relation) if seen.exact else contradicted(seen, relation)
    if _has_floats(left, right, domain):
        return from_sample(seen, relation, "holds floating-point numbers, so nothing is proved: ")
    closed = tuple(_closed_form(side) for side in (left, right))
    return conclude_or_refute(prove_order(*closed, relation, domain), (left, right), relation, seen, domain)


def _decide_logic(left: Any, right: Any, relation: str, domain: Domain, points: int) -> Verdict:
    for name, side in (("lhs", left), ("rhs", right)):
        if not _is_boolean(side):
            raise ValueError(
                f"{name}: {relation!r} joins Booleans, expected two (relations such as x > 0), got {side}"
            )
    if relation not in ("==", "<=>", "=>"):
        raise ValueError(f"relation: expected '<=>' or '=>', which join Booleans, got {relation!r}")
    relation = "<=>" if relation == "==" else relation
    if left == right and not left.has(sp.Float):
        return Verdict("proved", "identical", relation=relation)
    seen = sample(left, right, relation, domain, points)
    if seen.counterexample is not None:
        return refuted(seen, relation)
    if _has_floats(left, right, domain):
        return from_sample(seen, relation, "holds floating-point numbers, so nothing is proved: ")
    return conclude_or_refute(
        prove_logic(left, right, relation, domain), (left, right), relation, seen, domain
    )


# Matrices


def _decide_matrices(left: Any, right: Any, relation: str, domain: Domain, points: int) -> Verdict:
    if relation != "==":
        raise ValueError(f"relation: matrices are compared by '==' only, expected that, got {relation!r}")
    try:
        left, right = take_matrix_derivatives(left), take_matrix_derivatives(right)
    except Unsupported:  # of symbolic size: decided at sizes 1, 2, 3
        return _decide_matrix_expressions(left, right, domain, points)
    if not (_is_matrix(left) and _is_matrix(right)):
        raise ValueError(f"lhs, rhs: expected two matrices or two scalars, got {left} and {right}")
    if left.shape != right.shape:
        raise ValueError(f"rhs: expected shape {left.shape} as on the left side, got {right.shape}")
    if _are_certainly_one(left, right):
        return Verdict("proved", "identical")
    explicit = [_explicit(side) for side in (left, right)]
    if all(matrix is not None for matrix in explicit):
        return _decide_entries(*explicit, domain, points)
    return _decide_matrix_expressions(left, right, domain, points)


def _explicit(side: Any) -> sp.ImmutableMatrix | None:
    if isinstance(side, sp.MatrixBase):
        return side
    if not all(getattr(size, "is_Integer", isinstance(size, int)) for size in side.shape):
        return None
    if side.shape[0] * side.shape[1] > LARGEST_EXPLICIT_MATRIX or side.has(sp.Derivative):
        return None
    try:
        return within(CLOSED_FORM_SECONDS, lambda: explicit_matrix(side))
    except OutOfTime:
        return None
    except Exception:  # no explicit form: the matrix expression is decided as a whole
        return None


def _decide_entries(left: Any, right: Any, domain: Domain, points: int) -> Verdict:
    verdicts = []
    for i in range(left.rows):
        for j in range(left.cols):
            verdict = _decide_equality(left[i, j], right[i, j], domain, points)
            if verdict.status == "refuted":
                return replace(
                    verdict, method=f"entry {(i + 1, j + 1)}: {verdict.method}", entry=(i + 1, j + 1)
                )
            verdicts.append(verdict)
    worst = max(
        verdicts, key=lambda verdict: ("proved", "sampled", "undecided").index(verdict.status), default=None
    )
    if worst is None:
        return Verdict("proved", "no entries")
    residuals = [v.largest_residual for v in verdicts if v.largest_residual is not None]
    counted = [v for v in verdicts if v.method != "identical"] or verdicts
    return replace(
        worst,
        method="entry by entry: "
        + "; ".join(dict.fromkeys(v.method for v in counted if v.status == worst.status)),
        largest_residual=max(residuals, default=None),
        points=min((v.points for v in counted), default=0),
        contradicted=any(v.contradicted for v in verdicts),
    )


def _decide_matrix_expressions(left: Any, right: Any, domain: Domain, points: int) -> Verdict:
    seen = sample(left, right, "==", domain, points)
    if seen.counterexample is not None and seen.exact:
        return refuted(seen, "==")
    if _has_floats(left, right, domain):
        return from_sample(seen, "==", "holds floating-point numbers, so nothing is proved: ")
    return conclude(prove_matrix_identity(left, right), seen, "==")
