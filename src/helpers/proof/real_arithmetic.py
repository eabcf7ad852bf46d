"""Claims about polynomials, fractions, roots and absolute values, put to Z3's nonlinear real arithmetic."""

__all__ = ["EFFORT", "Answer", "settle"]

from dataclasses import dataclass
from typing import Any

import sympy as sp
import z3
from sympy.core.relational import Relational

from helpers.proof.domain import Domain
from helpers.proof.real_parts import in_real_parts

# In Z3's own units, of which a usual second takes four million.
UNITS_PER_MILLISECOND = 4_000
EFFORT = 40_000_000
OBLIGATION_EFFORT = 4_000_000
UNSATISFIABLE = object()
LARGEST_EXPONENT = 40


@dataclass(frozen=True)
class Answer:
    """`method` if the claim is proved; `candidate`, unconfirmed, a point where Z3's model makes it false."""

    method: str | None = None
    candidate: dict[Any, Any] | None = None


class _Untranslatable(Exception):
    """The expression says something that real arithmetic cannot express."""


def settle(claim: Any, domain: Domain, effort: int = EFFORT) -> Answer:
    """Whether the Boolean `claim` holds for all values in the domain where its denominators are nonzero.

    The claim is proved if its negation has no solution. Z3's procedure (nlsat) is complete for polynomial
    constraints over the reals, roots and absolute values included. What is not algebraic (exp x, f(x))
    becomes an unknown number of known sign: that can prove, not refute. What fails for integers that range
    over all reals is put to Z3 again with integers, for which no procedure is complete. Other properties that
    a symbol declares (rational, even, prime) are not used: a candidate may lack them.

    Cost: doubly exponential in the number of symbols at worst, cut off after about 15 s; the claims of a
    textbook take milliseconds.
    """
    answer = _settle(claim, domain, effort, whole=False)
    symbols = claim.free_symbols | domain.free_symbols
    if answer.candidate is None or not any(symbol.is_integer for symbol in symbols):
        return answer
    with_integers = _settle(claim, domain, effort, whole=True)
    return with_integers if with_integers.method or with_integers.candidate else answer


def _settle(claim: Any, domain: Domain, effort: int, whole: bool) -> Answer:
    translation = _Translation(domain.real_symbols, whole)
    try:
        for condition in domain.conditions:
            translation.hypotheses.append(translation.boolean(condition))
        negation = z3.Not(translation.boolean(claim))
    except (_Untranslatable, RecursionError):
        return Answer()
    model = _check(negation, translation.hypotheses, effort, whole)
    if model is UNSATISFIABLE:
        return Answer(method=translation.method())
    if model is not None and not translation.unknowns:
        return Answer(candidate=translation.point(model))
    return Answer()


def _check(negation: Any, hypotheses: list[Any], effort: int, whole: bool) -> Any:
    """A model of the negation under the hypotheses, `UNSATISFIABLE`, or None if the effort was not enough.

    The order of the constraints decides the order in which variables are eliminated, and with it whether the
    answer takes milliseconds or minutes: several orders get a small share before one gets the whole effort.
    """
    forward, backward = [negation, *hypotheses], [negation, *reversed(hypotheses)]
    attempts = [(order, effort // 20) for order in (forward, backward, backward[::-1])]
    for constraints, share in [*attempts, (forward, effort)]:
        solver = _solver(share, whole)
        solver.add(*constraints)
        outcome = solver.check()
        if outcome == z3.unsat:
            return UNSATISFIABLE
        if outcome == z3.sat:
            return solver.model()
    return None


def _solver(effort: int, whole: bool) -> z3.Solver:
    solver = z3.SolverFor("QF_NIRA" if whole else "QF_NRA")
    # Counted in steps, so that answers hardly depend on how busy the machine is; but a few steps are huge.
    solver.set("rlimit", effort)
    solver.set("timeout", max(1_000, effort // UNITS_PER_MILLISECOND))
    return solver


def _undo_monotone(left: Any, right: Any) -> tuple[Any, Any]:
    """exp a < exp b says a < b for real numbers, and log a < log b says it for positive ones."""
    for function, fact, constant, its_argument in (
        (sp.exp, "is_real", sp.S.One, sp.S.Zero),
        (sp.log, "is_positive", sp.S.Zero, sp.S.One),
    ):
        arguments = [
            side.args[0] if isinstance(side, function) else its_argument if side == constant else None
            for side in (left, right)
        ]
        if all(getattr(argument, fact, None) for argument in arguments):
            return arguments[0], arguments[1]
    return left, right


class _Translation:
    """SymPy to Z3, exactly: every number a rational, every root a variable with its defining equation."""

    def __init__(self, real_symbols: set, whole: bool) -> None:
        self.hypotheses: list[Any] = []
        self.unknowns: dict[Any, Any] = {}
        self._variables: dict[Any, Any] = {}
        self._roots: dict[Any, Any] = {}
        self._real = real_symbols
        self._whole = whole
        self._parts: dict[Any, tuple[Any, Any]] = {}
        self._inside_piece = False
        self._path: list[Any] = []  # what holds where the piece applies that is being translated
        self._has_denominators = False
        self._has_undone = False

    def method(self) -> str:
        method = f"Z3 nonlinear {'integer and ' * self._whole}real arithmetic"
        if self.unknowns:
            names = ", ".join(sorted(str(node) for node in self.unknowns))
            method += f", with {names} as unknown real number{'s' * (len(self.unknowns) > 1)}"
        elif not self._whole:
            method += " (complete)"
        method += ", exp and log undone as increasing functions" if self._has_undone else ""
        return method + (", denominators nonzero" if self._has_denominators else "")

    def point(self, model: z3.ModelRef) -> dict[Any, Any] | None:
        values = {}
        for symbol, variable in self._variables.items():
            number = model.eval(variable, model_completion=True)
            if z3.is_rational_value(number):
                values[symbol] = sp.Rational(number.numerator_as_long(), number.denominator_as_long())
            elif z3.is_algebraic_value(number):
                coefficients = [sp.Integer(c.as_long()) for c in reversed(number.poly())]
                polynomial = sp.Poly(coefficients, sp.Dummy("t"))
                values[symbol] = sp.rootof(polynomial, number.index() - 1, radicals=True)
            else:
                return None
        for symbol, parts in self._parts.items():
            real, imaginary = (values.pop(part, sp.S.Zero) for part in parts)
            values[symbol] = real + sp.I * imaginary
        return values

    def boolean(self, node: Any) -> Any:
        if node == sp.true or node == sp.false:
            return z3.BoolVal(node == sp.true)
        if isinstance(node, Relational):
            return self._relation(node)
        parts = (
            [self.boolean(part) for part in node.args]
            if isinstance(node, sp.logic.boolalg.BooleanFunction)
            else []
        )
        if isinstance(node, sp.And):
            return z3.And(*parts)
        if isinstance(node, sp.Or):
            return z3.Or(*parts)
        if isinstance(node, sp.Not):
            return z3.Not(parts[0])
        if isinstance(node, sp.Implies):
            return z3.Implies(*parts)
        if isinstance(node, sp.Equivalent):
            return z3.And(*(parts[0] == part for part in parts[1:]))
        raise _Untranslatable(node)

    def _relation(self, relation: Relational) -> Any:
        left, right = _undo_monotone(relation.lhs, relation.rhs)
        self._has_undone = self._has_undone or (left, right) != (relation.lhs, relation.rhs)
        gap = left - right
        complex_symbols = [s for s in gap.free_symbols if s.is_Symbol and not self._is_real(s)]
        if complex_symbols or gap.has(sp.I, sp.re, sp.im, sp.conjugate):
            try:
                gap = in_real_parts(gap, self._parts)
            except ValueError as error:  # a derivative with respect to a complex symbol
                raise _Untranslatable(gap) from error
        top, bottom = sp.fraction(sp.together(gap))
        top, bottom = sp.expand(top), sp.expand(bottom)
        value = self.number(top)
        if not bottom.is_Rational:
            below = self.number(bottom)
            self._nonzero(below)
            if not isinstance(relation, sp.Eq | sp.Ne):
                value = value * below  # the sign of a quotient is the sign of the product
        elif bottom.is_negative:
            value = -value
        return {
            sp.Eq: lambda v: v == 0,
            sp.Ne: lambda v: v != 0,
            sp.StrictLessThan: lambda v: v < 0,
            sp.LessThan: lambda v: v <= 0,
            sp.StrictGreaterThan: lambda v: v > 0,
            sp.GreaterThan: lambda v: v >= 0,
        }[type(relation)](value)

    def number(self, node: Any) -> Any:
        if node.is_Rational:
            return z3.RatVal(int(node.p), int(node.q))
        if node.is_Symbol:
            return self._symbol(node)
        if node.is_Add:
            return z3.Sum(*(self.number(term) for term in node.args))
        if node.is_Mul:
            return z3.Product(*(self.number(factor) for factor in node.args))
        if node.is_Pow and node.exp.is_Rational and abs(node.exp.p) <= LARGEST_EXPONENT:
            return self._power(node.base, node.exp)
        if isinstance(node, sp.Abs) and self._known_real(node.args[0]):
            value = self.number(node.args[0])
            return z3.If(value >= 0, value, -value)
        if isinstance(node, sp.sign) and self._known_real(node.args[0]):
            value = self.number(node.args[0])
            return z3.If(value > 0, z3.RealVal(1), z3.If(value < 0, z3.RealVal(-1), z3.RealVal(0)))
        if isinstance(node, sp.Heaviside) and self._known_real(node.args[0]):
            value, middle = self.number(node.args[0]), self.number(node.args[1])
            return z3.If(value > 0, z3.RealVal(1), z3.If(value < 0, z3.RealVal(0), middle))
        if isinstance(node, sp.Max | sp.Min):
            result, *rest = (self.number(argument) for argument in node.args)
            for value in rest:
                result = z3.If(
                    (value > result) if isinstance(node, sp.Max) else (value < result), value, result
                )
            return result
        if isinstance(node, sp.Piecewise):
            return self._piecewise(node)
        return self._unknown(node)

    def _is_real(self, symbol: Any) -> bool:
        return bool(symbol.is_extended_real) or symbol in self._real

    def _known_real(self, node: Any) -> bool:
        return bool(node.is_extended_real) or (
            all(self._is_real(symbol) for symbol in node.free_symbols) and node.is_rational_function()
        )

    def _symbol(self, symbol: Any) -> Any:
        if symbol not in self._variables:
            if not self._is_real(symbol):
                raise _Untranslatable(f"{symbol} is not declared real")
            name = f"{len(self._variables)}!{symbol.name}"
            whole = self._whole and symbol.is_integer
            self._variables[symbol] = variable = z3.ToReal(z3.Int(name)) if whole else z3.Real(name)
            self._assume_sign(symbol, variable)
        return self._variables[symbol]

    def _assume_sign(self, node: Any, variable: Any) -> None:
        for holds, constraint in (
            (node.is_extended_positive, variable > 0),
            (node.is_extended_negative, variable < 0),
            (node.is_extended_nonnegative, variable >= 0),
            (node.is_extended_nonpositive, variable <= 0),
            (node.is_nonzero, variable != 0),
            (node.is_zero, variable == 0),
        ):
            if holds:
                self.hypotheses.append(constraint)

    def _power(self, base: Any, exponent: sp.Rational) -> Any:
        if exponent.is_negative:
            below = self._power(base, -exponent)
            self._nonzero(below)
            return 1 / below
        value = self._root(base, int(exponent.q)) if exponent.q > 1 else self.number(base)
        return z3.Product(*[value] * int(exponent.p)) if exponent.p else z3.RealVal(1)

    def _root(self, base: Any, degree: int) -> Any:
        if (base, degree) not in self._roots:
            radicand = self.number(base)
            if not self._follows(radicand >= 0):
                raise _Untranslatable(f"a root of {base}, which may be negative")
            self._roots[base, degree] = root = z3.Real(f"root_{len(self._roots)}")
            self.hypotheses += [root >= 0, z3.Product(*[root] * degree) == radicand]
        return self._roots[base, degree]

    def _nonzero(self, denominator: Any) -> None:
        if self._inside_piece:
            # A piece that does not apply may well divide by zero: nothing may be assumed on its behalf.
            if not self._follows(denominator != 0, *self._path):
                raise _Untranslatable("a denominator inside a piece that may vanish")
            return
        if not self._follows(denominator != 0):
            self._has_denominators = True
            self.hypotheses.append(denominator != 0)

    def _follows(self, fact: Any, *where: Any) -> bool:
        solver = _solver(OBLIGATION_EFFORT, self._whole)
        solver.add(*self.hypotheses, *where, z3.Not(fact))
        return solver.check() == z3.unsat

    def _piecewise(self, node: sp.Piecewise) -> Any:
        *pieces, (value, condition) = node.args
        if condition != sp.true:
            raise _Untranslatable("a piecewise function with a gap")
        outer, self._inside_piece = self._inside_piece, True
        path = list(self._path)
        try:
            translated = []
            for piece, when in pieces:
                holds = self.boolean(when)
                self._path.append(holds)
                translated.append((holds, self.number(piece)))
                self._path[-1] = z3.Not(holds)
            result = self.number(value)
            for holds, piece in reversed(translated):
                result = z3.If(holds, piece, result)
        finally:
            self._inside_piece, self._path = outer, path
        return result

    def _unknown(self, node: Any) -> Any:
        """A number of which only the sign, or rational bounds, are known."""
        if node not in self.unknowns:
            if not node.is_extended_real or node.has(sp.I, sp.oo, sp.nan, sp.zoo, sp.Float):
                raise _Untranslatable(node)
            self.unknowns[node] = variable = z3.Real(f"unknown_{len(self.unknowns)}")
            self._assume_sign(node, variable)
            if isinstance(node, sp.tanh):
                self.hypotheses += [variable > -1, variable < 1]
            if isinstance(node, sp.sin | sp.cos):
                self.hypotheses += [variable >= -1, variable <= 1]
            if node is sp.pi:
                self.hypotheses += [variable > z3.Q(314159265, 10**8), variable < z3.Q(314159266, 10**8)]
            if node is sp.E:
                self.hypotheses += [variable > z3.Q(271828182, 10**8), variable < z3.Q(271828183, 10**8)]
        return self.unknowns[node]
