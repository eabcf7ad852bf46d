"""A second witness: an equality put to Maxima, a computer algebra system with its own code and its own bugs."""

__all__ = ["Testimony", "available", "second_witness"]

import atexit
import threading
import time
from dataclasses import dataclass
from typing import Any

import sympy as sp

from helpers.notation import one_line
from helpers.proof.deadline import OutOfTime, within
from helpers.proof.domain import Domain
from helpers.proof.points import exact_points
from helpers.proof.witness.matrices import Untranslatable, possible_sizes
from helpers.proof.witness.process import MaximaFailed, MaximaProcess, OutOfPatience
from helpers.proof.witness.syntax import Translation

STATUSES = ("proves", "agrees", "disagrees", "silent")
POINTS, SIMPLE_POINTS = 12, 4
READ_SECONDS = 3.0
POINT_SECONDS = 3.0
EVALUATION_SECONDS = 2.0  # of Maxima's computing, after which two points of agreement are enough
ALL_SECONDS = 8.0
AGREEING_DIGITS = 30
QUADRATURE_DIGITS = 12

TRIGONOMETRIC = (
    sp.functions.elementary.trigonometric.TrigonometricFunction,
    sp.functions.elementary.hyperbolic.HyperbolicFunction,
    sp.functions.elementary.trigonometric.InverseTrigonometricFunction,
)
EVALUATED = (sp.Integral, sp.Sum, sp.Product, sp.Limit)
COMPLEX = (sp.I, sp.Abs, sp.re, sp.im, sp.conjugate, sp.Adjoint)
COUNTING = (sp.factorial, sp.binomial, sp.gamma, sp.beta)

STEPS: tuple[tuple[str, str, float, tuple | None], ...] = (
    # (in words, function of witness.mac, seconds, tried only if a side holds one of these)
    ("ratsimp", "w_plain", 3.0, None),
    ("integrate, sum, product and limit, then ratsimp", "w_carried", 5.0, EVALUATED),
    ("linearity of integrals and sums, then ratsimp", "w_linear", 2.0, (sp.Integral, sp.Sum)),
    ("expand, ratsimp and factor", "w_factored", 2.0, None),
    ("trigexpand and trigsimp", "w_trigonometric", 3.0, TRIGONOMETRIC),
    ("exponentialize and ratsimp", "w_exponential", 3.0, (*TRIGONOMETRIC, sp.exp)),
    ("rectform and ratsimp", "w_rectangular", 3.0, COMPLEX),
    ("minfactorial and ratsimp", "w_factorial", 2.0, COUNTING),
)
RADCAN = ("radcan, of powers and logarithms of positive expressions", "w_radical", 3.0)


@dataclass(frozen=True)
class Testimony:
    """What Maxima says about one equality.

    * **proves**: its exact simplification reduced the difference to zero, and its evaluation of the two sides at
      exact points does not say otherwise.
    * **agrees**: not reduced; the sides evaluated by Maxima agree at exact points. A sample.
    * **disagrees**: at an exact point, named in `method`, the two values are clearly different, or the
      difference was reduced to a number that is not zero.
    * **silent**: no answer; `method` says why. It counts neither for nor against the claim.

    Attributes:
        status: one of "proves", "agrees", "disagrees", "silent".
        method: in words.
        seconds: wall-clock time of the whole question.
    """

    status: str
    method: str
    seconds: float

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"status: expected one of {STATUSES}, got {self.status!r}")


_maxima = MaximaProcess()
_lock = threading.Lock()
atexit.register(_maxima.close)


def available() -> bool:
    """Whether there is a command `maxima` on PATH."""
    return MaximaProcess.command() is not None


def second_witness(lhs: Any, rhs: Any, *, domain: Any = None) -> Testimony:
    """Ask Maxima whether `lhs == rhs` for all values of the symbols.

    The sides are evaluated in bigfloats of 50 digits, and of 300 where they seem to differ, at up to twelve exact
    points inside the assumptions and the domain, simple ones first; and the difference goes through Maxima's
    exact simplification, in the order of `STEPS`. What the two systems mean differently (other branches of
    logarithms and roots, coefficients of negative numbers, functions on their cuts) is translated exactly or not
    at all. Matrices are compared entry by entry, and symbolic sizes take the values 2 and 3. Undefined functions
    are unknown to the exact steps, and formulas at the points. Integrals at a point go through a
    quadrature without error bounds, which may agree and never disagrees.

    Args:
        lhs, rhs: SymPy scalars, numbers or matrices, as for `helpers.proof.decide`.
        domain: as for `helpers.proof.decide`.

    Raises:
        ValueError: the domain cannot be read.

    Cost: tens of milliseconds for most claims, bounded by about 8 s of Maxima's computing and one step. One process
    serves all questions.
    """
    began = time.monotonic()
    region = Domain(domain)

    def answer(status: str, method: str) -> Testimony:
        return Testimony(status, method, time.monotonic() - began)

    if not available():
        return answer("silent", "Maxima is not installed")
    try:
        left, right = (_read(side) for side in (lhs, rhs))
    except Untranslatable as error:
        return answer("silent", f"not put to Maxima: {error}")
    heard = {}
    deadline = _maxima.computed + ALL_SECONDS
    for sizes in possible_sizes(left, right):
        at = ", ".join(f"{symbol} = {size}" for symbol, size in sizes.items())
        heard[at] = status, method = _hear(left, right, region, sizes, deadline)
        if status == "disagrees":
            return answer(status, f"with {at}: {method}" if at else method)
    status, method = max(heard.values(), key=lambda pair: ("proves", "agrees", "silent").index(pair[0]))
    at = " and with ".join(heard)
    return answer(status, f"with {at}: {method}" if at else method)


def _hear(left: Any, right: Any, domain: Domain, sizes: dict[Any, int], deadline: float) -> tuple[str, str]:
    """Status and method, with these numbers for symbolic sizes of matrices."""
    try:
        claim = within(READ_SECONDS, Translation, left, right, domain, sizes)
    except Untranslatable as error:
        return "silent", f"not put to Maxima: {error}"
    except OutOfTime:
        return "silent", "the translation took too long"
    except (AttributeError, TypeError, ValueError, NotImplementedError, RecursionError) as error:
        return "silent", f"not put to Maxima: {type(error).__name__}"
    with _lock:
        try:
            status, method = _Hearing(claim, (left, right), domain, deadline).run()
        except MaximaFailed as error:
            status, method = "silent", str(error)
    return status, method


def _read(side: Any) -> Any:
    expression = sp.sympify(side)
    if isinstance(expression, sp.MatrixBase):
        return sp.ImmutableMatrix(expression)
    if not isinstance(expression, sp.Expr | sp.MatrixExpr):
        raise Untranslatable(f"a {type(expression).__name__}")
    # An expectation is put as the integral over its density.
    return expression.replace(lambda node: hasattr(node, "as_integral"), lambda node: node.as_integral())


class _Hearing:
    """One claim before the process: what was said at the points and by the exact steps."""

    def __init__(self, claim: Translation, sides: tuple[Any, Any], domain: Domain, deadline: float) -> None:
        self.claim = claim
        self.sides = sides
        self.domain = domain
        self.deadline = deadline
        self.obstacle = "no answer"
        self.tried = 0  # points put to the process
        self._generation = -1
        self._defined: set[str] = set()

    def run(self) -> tuple[str, str]:
        agreed, rough, where = self._evaluate()
        if where:
            return "disagrees", where
        step, contradicted = self._reduce(radcan=agreed >= 2)
        points = f"{agreed} point{'s' * (agreed != 1)}"
        if step:
            return "proves", f"Maxima: {step}" + (f"; evaluated at {points}" if agreed else "")
        digits = QUADRATURE_DIGITS if rough else AGREEING_DIGITS
        if agreed * 2 >= self.tried and (agreed >= 2 or not self.claim.names):
            note = f", against {contradicted}" if contradicted else ""
            return "agrees", f"Maxima: the sides agree to {digits} digits at {points}{note}"
        if contradicted:
            return "disagrees", f"Maxima: {contradicted} leaves a number that is not zero"
        return "silent", f"Maxima: {self.obstacle}"

    def _evaluate(self) -> tuple[int, bool, str]:
        """(points of agreement, whether a quadrature was among them, place of a disagreement or "")."""
        agreed, rough = 0, bool(self._integrals())
        try:
            points = within(READ_SECONDS, self._points)
        except OutOfTime:
            points = []
        if not points:
            self.obstacle = "no point of the domain was found"
        if any(
            len(integral.limits) > 1 or integral.function.has(sp.Integral) for integral in self._integrals()
        ):
            self.obstacle = "an integral over several variables, without a closed form"
            return 0, rough, ""
        began = _maxima.computed
        for point in points:
            if agreed >= 2 and _maxima.computed - began > EVALUATION_SECONDS:
                break
            self.tried += 1
            try:
                said = self._ask(self.claim.numeric, f"w_compare({self.claim.put(point)})$", POINT_SECONDS)
            except OutOfPatience:
                self.obstacle = "the evaluation took too long"
                break
            except Untranslatable as error:
                self.obstacle = str(error)
                continue
            if said == "agree":
                agreed += 1
                continue
            number, _, found = said.partition(" ")
            if found.startswith("differ "):
                place = ", ".join(f"{one_line(s)} = {one_line(v)}" for s, v in point.items())
                entry = f" of entry {number}, counted row by row," if self._is_matrix() else ""
                left, right = found.removeprefix("differ ").split(" | ")
                where = f"at {place}" if place else "without symbols"
                return agreed, rough, f"Maxima: {where} the left side{entry} is {left}, the right {right}"
            if found == "rough":
                self.obstacle = "a quadrature does not agree, which is no evidence"
                return 0, rough, ""
            self.obstacle = "no value at some of the points" if agreed else "no value at the points tried"
        return agreed, rough, ""

    def _integrals(self) -> set:
        return {integral for side in self.sides for integral in side.atoms(sp.Integral)}

    def _points(self) -> list[dict[Any, Any]]:
        symbols = set(self.claim.names) | self.domain.free_symbols
        ordered = sorted(symbols, key=sp.default_sort_key)
        points = list(
            exact_points(ordered, self.domain, POINTS, SIMPLE_POINTS, real_only=self.claim.real_only)
        )
        if not self._integrals() or len(points) < 2:
            return points
        # Quadratures are slow: the simplest point, and the one that differs from it in most signs.
        first, *others = points

        def changes(point: dict[Any, Any]) -> int:
            return sum(bool(first[s].is_positive) != bool(value.is_positive) for s, value in point.items())

        return [first, max(others, key=changes)]

    def _is_matrix(self) -> bool:
        return any(getattr(side, "is_Matrix", False) for side in self.sides)

    def _reduce(self, radcan: bool) -> tuple[str, str]:
        """(names of the steps that reduced the difference to zero, or ""; name of one that found a number, or "")."""
        if self.claim.exact is None:
            self.obstacle = self.claim.obstacle
            return "", ""
        used: list[str] = []
        contradicted = ""
        for words, function, seconds, needed in (*STEPS, *([(*RADCAN, None)] if radcan else [])):
            if needed is not None and not any(side.has(*needed) for side in self.sides):
                continue
            left = self.deadline - _maxima.computed
            if left <= 0:
                self.obstacle = "no exact step in time"
                break
            try:
                said = self._ask(self.claim.exact, f"w_exact({function})$", min(seconds, left))
            except OutOfPatience:
                continue
            if said in ("zero", "open"):
                used.append(words)
            if said == "zero":
                return words, ""
            if said == "nonzero":
                contradicted = words
                break
        return "", contradicted

    def _ask(self, definition: str, question: str, seconds: float) -> str:
        """Ask, after the claim has been defined in the process that now runs."""
        _maxima.start()
        if self._generation != _maxima.generation:
            self._defined.clear()
            # The facts of the last claim go with their context.
            forget = "context: initial$ killcontext(w_claim)$ newcontext(w_claim)$"
            _maxima.ask(f"{forget}\n{self.claim.setup}\n", READ_SECONDS)
            self._generation = _maxima.generation
        if definition not in self._defined:
            if _maxima.ask(definition, READ_SECONDS) != "read":
                return "unread"
            self._defined.add(definition)
        return _maxima.ask(question, seconds)
