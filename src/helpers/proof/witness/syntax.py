r"""From SymPy's expression tree to Maxima's syntax, with every name generated and every convention explicit.

SymPy itself has a reader of Maxima's output (`sympy.parsing.maxima`), which evaluates strings, and printers for
Maple and Mathematica, whose functions have other names and other branch cuts; there is no printer for Maxima, and
`str` would hand over names, some of which mean something else there (`beta`, `gamma`, `e`) or run as code.

A claim is printed twice:

* *exact*, for symbolic steps. What Maxima's rules may change to another branch (a logarithm, a root, a modulus
  or an inverse function of what is not known to be positive or real) becomes an inert `s_...`, about which Maxima
  knows its derivative and, of a root, its power.
* *numeric*, for evaluation at points. Everything with a convention is inert until `witness.mac` evaluates it,
  with principal branches, as SymPy's.
"""

__all__ = ["Translation"]

import itertools
import random
from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixElement

from helpers.proof.domain import Domain
from helpers.proof.witness.matrices import MATRICES, MatrixTranslation, Untranslatable

LARGEST_EXPRESSION = 60_000  # characters
DERIVATIVE_ORDER = 4

_numbers = itertools.count()

CONSTANTS = {sp.pi: "%pi", sp.E: "%e", sp.I: "%i", sp.EulerGamma: "%gamma", sp.GoldenRatio: "%phi"}
ONE_VALUED = {
    **{sp.sin: "sin", sp.cos: "cos", sp.tan: "tan", sp.cot: "cot", sp.sec: "sec", sp.csc: "csc"},
    **{sp.sinh: "sinh", sp.cosh: "cosh", sp.tanh: "tanh", sp.coth: "coth", sp.sech: "sech", sp.csch: "csch"},
    sp.gamma: "gamma",
}
# Maxima's own function where the argument is real, in the exact reading; inert otherwise.
REAL_ONLY = {sp.atan: "atan", sp.asinh: "asinh", sp.erf: "erf"}
INERT = {
    **{sp.atan: "s_atan", sp.asin: "s_asin", sp.acos: "s_acos", sp.asinh: "s_asinh", sp.acosh: "s_acosh"},
    **{sp.atanh: "s_atanh", sp.atan2: "s_atan2", sp.arg: "s_arg", sp.erf: "s_erf", sp.sign: "s_sign"},
    **{sp.loggamma: "s_loggamma", sp.digamma: "s_digamma", sp.zeta: "s_zeta", sp.floor: "s_floor"},
    **{sp.ceiling: "s_ceiling", sp.Heaviside: "s_heaviside", sp.KroneckerDelta: "s_delta"},
    **{sp.factorial: "s_factorial", sp.binomial: "s_binomial"},
}
PARTS = (sp.Abs, sp.re, sp.im, sp.conjugate, sp.arg, sp.sign, sp.Adjoint)
RELATIONS = {sp.Eq: "s_eq", sp.StrictLessThan: "s_lt", sp.LessThan: "s_le"}


class Translation(MatrixTranslation):
    """A claim `left == right` in Maxima's syntax.

    Args:
        left, right: SymPy scalars or matrices.
        domain: conditions, as for `decide`.
        sizes: symbolic size of a matrix → the number put for it; one of `possible_sizes`.

    Attributes:
        setup: statements that declare names, facts and derivatives.
        exact, numeric: a statement each, that makes the list of differences `w_left` or of pairs `w_pairs`; `exact`
            may be None, and `obstacle` says why.
        names: scalar SymPy symbol → name, of those that have values at a point; entries of matrix symbols too.
        real_only: whether an unknown function promises real values, so that points should be real.

    Raises:
        Untranslatable: a part has no counterpart.

    Cost: O(nodes) for each of the two readings.
    """

    def __init__(self, left: Any, right: Any, domain: Domain, sizes: Mapping[Any, int]) -> None:
        self.sizes = sizes
        if self.sizes:
            left, right = (side.subs(self.sizes) for side in (left, right))
        self.names: dict[Any, str] = {}
        self.real_only = False
        self._setup: list[str] = []
        self._functions: dict[tuple, str] = {}
        self._bound: list[dict[Any, str]] = []
        self._declared: set = set()
        self._range_names: dict[tuple, str] = {}
        self._split = any(side.has(*PARTS) for side in (left, right))
        self._complex_matrices = any(side.has(sp.Adjoint, sp.conjugate) for side in (left, right))
        self._is_exact = False
        self.numeric = self._assign("w_pairs", "w_pairs_of", left, right)
        self._is_exact = True
        stand_ins = domain.sharpened(left, right)
        self.names |= {stand_ins[s]: name for s, name in self.names.items() if s in stand_ins}
        sharp = [side.xreplace(stand_ins) if stand_ins else side for side in (left, right)]
        try:
            self.exact = self._assign("w_left", "w_entries", *sharp)
        except Untranslatable as error:
            self.exact, self.obstacle = None, str(error)
        for stand_in in stand_ins.values():
            self.names.pop(stand_in, None)
        if self.exact:
            self._assume(domain)
        self.setup = "\n".join(self._setup)

    def put(self, point: dict[Any, Any]) -> str:
        """The arguments of `w_compare`: the names, and their values at the point."""
        self._is_exact = False
        names = {symbol: name for symbol, name in self.names.items() if symbol in point}
        values = ", ".join(self._scalar(point[symbol]) for symbol in names)
        return f"[{', '.join(names.values())}], [{values}]"

    def _assign(self, target: str, function: str, left: Any, right: Any) -> str:
        text = f"{function}({self._any(left)}, {self._any(right)})"
        if len(text) > LARGEST_EXPRESSION:
            raise Untranslatable("an expression that is too long")
        return f'w_made: errcatch({text})$ if w_made # [] then ({target}: w_made[1], w_say("read"))$'

    # Names

    def _fresh(self, letter: str) -> str:
        return f"{letter}_{next(_numbers)}"

    def _name(self, symbol: Any) -> str:
        for scope in reversed(self._bound):
            if symbol in scope:
                return scope[symbol]
        if not getattr(symbol, "is_commutative", True):
            raise Untranslatable(f"{symbol}, which does not commute")
        if symbol not in self.names:
            self.names[symbol] = self._fresh("x")
        if self._is_exact and symbol not in self._declared:
            self._declared.add(symbol)
            self._declare(symbol, self.names[symbol])
        return self._as_declared(symbol, self.names[symbol])

    def _declare(self, symbol: Any, name: str) -> None:
        if not (symbol.is_extended_real or symbol.is_imaginary or self._split):
            self._setup.append(f"declare({name}, complex)$")
        self._facts(symbol, name)

    def _facts(self, symbol: Any, name: str) -> None:
        if symbol.is_integer:
            parity = [kind for kind in ("even", "odd") if getattr(symbol, f"is_{kind}")]
            self._setup += [f"declare({name}, {kind})$" for kind in ("integer", *parity)]
        for sign, fact in (
            ("positive", ">"),
            ("negative", "<"),
            ("nonnegative", ">="),
            ("nonpositive", "<="),
        ):
            if getattr(symbol, f"is_{sign}"):
                self._setup.append(f"assume({name} {fact} 0)$")
                break

    def _as_declared(self, symbol: Any, name: str) -> str:
        """What stands for a symbol: of a complex one, in the exact reading, its real and imaginary parts."""
        if not self._is_exact or symbol.is_extended_real:
            return name
        if symbol.is_imaginary:
            return f"(%i*{name})"
        return f"({name} + %i*{name}i)" if self._split else name

    def _bind(self, variable: Any) -> tuple[str, dict[Any, str]]:
        name = self._fresh("x")
        self._facts(variable, name)
        return name, {variable: name}

    def _assume(self, domain: Domain) -> None:
        """Conditions between free symbols, as facts; those that cannot be said are left out."""
        for condition in domain.conditions:
            sign = {sp.Gt: ">", sp.Ge: ">=", sp.Lt: "<", sp.Le: "<="}.get(type(condition))
            if sign and condition.free_symbols <= set(self.names):
                try:
                    fact = f"{self._scalar(condition.lhs)} {sign} {self._scalar(condition.rhs)}"
                except Untranslatable:
                    continue
                self._setup.append(f"errcatch(assume({fact}))$")

    # Scalars

    def _any(self, node: Any) -> str:
        by_matrix = isinstance(node, sp.Derivative) and any(isinstance(v, MATRICES) for v in node.variables)
        return self._matrix(node) if by_matrix or isinstance(node, MATRICES) else self._scalar(node)

    def _scalar(self, node: Any) -> str:
        if node in CONSTANTS:
            return CONSTANTS[node]
        if node.is_Rational:
            return f"({node.p}/{node.q})" if node.q != 1 else f"({node.p})"
        if node.is_Float:
            raise Untranslatable("a floating-point number")
        if isinstance(node, sp.Symbol):
            return self._name(node)
        if isinstance(node, sp.Add):
            return "(" + " + ".join(map(self._scalar, node.args)) + ")"
        if isinstance(node, sp.Mul) and not any(isinstance(factor, MATRICES) for factor in node.args):
            return "(" + "*".join(map(self._scalar, node.args)) + ")"
        if isinstance(node, sp.Pow):
            return self._power(node.base, node.exp)
        method = {
            sp.exp: self._exponential,
            sp.log: self._logarithm,
            sp.Abs: self._modulus,
            sp.re: self._part,
            sp.im: self._part,
            sp.conjugate: self._part,
            sp.Integral: self._integral,
            sp.Sum: self._fold,
            sp.Product: self._fold,
            sp.Limit: self._limit,
            sp.Derivative: self._derivative,
            sp.Subs: self._substitution,
            sp.Piecewise: self._piecewise,
            sp.Max: self._extremum,
            sp.Min: self._extremum,
            sp.Determinant: lambda n: f"determinant({self._matrix(n.arg)})",
            sp.Trace: lambda n: f"w_trace({self._matrix(n.arg)})",
            MatrixElement: self._entry,
        }.get(type(node))
        if method:
            return method(node)
        if isinstance(node, AppliedUndef):
            return self._unknown_function(node)
        return self._function(node)

    def _power(self, base: Any, exponent: Any) -> str:
        if base.is_zero:
            raise Untranslatable("a power of zero")
        if base == sp.E:
            return self._exponential(sp.exp(exponent, evaluate=False))
        known = base.is_positive or (base.is_nonnegative and exponent.is_positive)
        if exponent.is_integer or (self._is_exact and known):
            return f"({self._scalar(base)}^({self._scalar(exponent)}))"
        if exponent.is_Rational:
            return f"(s_root({self._scalar(base)}, {exponent.q})^({exponent.p}))"
        return f"(%e^({self._scalar(exponent)}*s_log({self._scalar(base)})))"

    def _exponential(self, node: Any) -> str:
        return f"(%e^({self._scalar(node.args[0])}))"

    def _logarithm(self, node: Any) -> str:
        if len(node.args) != 1:
            raise Untranslatable(f"{node.func} of {len(node.args)} arguments")
        argument = node.args[0]
        if self._is_exact and argument.is_positive:
            return f"log({self._scalar(argument)})"
        return f"s_log({self._scalar(argument)})"

    def _modulus(self, node: Any) -> str:
        argument = node.args[0]
        if not self._is_exact:
            return f"s_abs({self._scalar(argument)})"
        if argument.is_extended_real:
            return f"abs({self._scalar(argument)})"
        if self._has_exact_parts(argument):
            return f"cabs({self._scalar(argument)})"
        return f"s_abs({self._scalar(argument)})"

    def _part(self, node: Any) -> str:
        argument = node.args[0]
        inert = {sp.re: "s_re", sp.im: "s_im", sp.conjugate: "s_conjugate"}[type(node)]
        if not (self._is_exact and self._has_exact_parts(argument)):
            return f"{inert}({self._scalar(argument)})"
        text = self._scalar(argument)
        if isinstance(node, sp.conjugate):
            return f"(realpart({text}) - %i*imagpart({text}))"
        return f"{'realpart' if isinstance(node, sp.re) else 'imagpart'}({text})"

    def _has_exact_parts(self, node: Any) -> bool:
        """Whether Maxima, which takes all that it does not know to be real, finds the parts of this."""
        if node.is_Atom:
            return bool(node.is_extended_real) or not any(node in scope for scope in self._bound)
        if isinstance(node, AppliedUndef):
            return bool(node.is_extended_real)
        one_valued = (sp.Add, sp.Mul, sp.exp, *(f for f in ONE_VALUED if f is not sp.gamma))
        if isinstance(node, sp.Pow):
            fine = node.exp.is_Integer or node.base.is_positive
        else:
            fine = isinstance(node, one_valued) or (isinstance(node, sp.log) and node.args[0].is_positive)
        return bool(fine) and all(map(self._has_exact_parts, node.args))

    def _function(self, node: Any) -> str:
        kind = type(node)
        if not isinstance(node, sp.Function):
            raise Untranslatable(f"{kind.__name__}")
        if kind is sp.beta:
            return self._scalar(sp.gamma(node.args[0]) * sp.gamma(node.args[1]) / sp.gamma(sum(node.args)))
        if kind is sp.erfc:
            return f"(1 - {self._scalar(sp.erf(node.args[0], evaluate=False))})"
        if kind is sp.polygamma and node.args[0].is_zero:
            return f"{'psi[0]' if self._is_exact else 's_digamma'}({self._scalar(node.args[1])})"
        arguments = ", ".join(map(self._scalar, node.args))
        whole = all(argument.is_integer and argument.is_nonnegative for argument in node.args)
        if kind in ONE_VALUED:
            return f"{ONE_VALUED[kind]}({arguments})"
        if self._is_exact and kind in REAL_ONLY and node.args[0].is_extended_real:
            return f"{REAL_ONLY[kind]}({arguments})"
        if self._is_exact and whole and kind in (sp.factorial, sp.binomial):
            return f"({arguments})!" if kind is sp.factorial else f"binomial({arguments})"
        if kind in INERT:
            return f"{INERT[kind]}({arguments})"
        key = (kind, len(node.args))
        if key not in self._functions:  # cancels against itself, and has no value
            self._functions[key] = self._fresh("q")
        return f"{self._functions[key]}({arguments})"

    def _extremum(self, node: Any) -> str:
        first, *rest = map(self._scalar, node.args)
        is_max = isinstance(node, sp.Max)
        for other in rest:
            if self._is_exact:
                first = f"(({first} + {other} {'+' if is_max else '-'} abs({first} - {other}))/2)"
            else:
                first = f"{'s_max' if is_max else 's_min'}({first}, {other})"
        return first

    def _piecewise(self, node: Any) -> str:
        parts = [f"{self._scalar(value)}, {self._condition(condition)}" for value, condition in node.args]
        return f"s_piecewise({', '.join(parts)})"

    def _condition(self, condition: Any) -> str:
        if condition == sp.true:
            return "s_true(1)"
        for kind, name in ((sp.And, "s_and"), (sp.Or, "s_or"), (sp.Not, "s_not")):
            if isinstance(condition, kind):
                return f"{name}({', '.join(map(self._condition, condition.args))})"
        if isinstance(condition, sp.Ne):
            return f"s_not({self._condition(sp.Eq(*condition.args, evaluate=False))})"
        if isinstance(condition, sp.Gt | sp.Ge):
            condition = condition.reversed
        if not isinstance(condition, Relational) or type(condition) not in RELATIONS:
            raise Untranslatable(f"the condition {condition}")
        return f"{RELATIONS[type(condition)]}({', '.join(map(self._scalar, condition.args))})"

    # Nodes that bind a variable

    def _within(self, scope: dict[Any, str], node: Any) -> str:
        self._bound.append(scope)
        try:
            return self._scalar(node)
        finally:
            self._bound.pop()

    def _integral(self, node: Any) -> str:
        if any(variable.is_integer for variable in node.variables):
            raise Untranslatable("an integral over an integer")
        return self._ranges("s_integral", node)

    def _fold(self, node: Any) -> str:
        return self._ranges("s_sum" if isinstance(node, sp.Sum) else "s_product", node)

    def _ranges(self, name: str, node: Any) -> str:
        # The last variable is the outermost: its name holds in all the inner ranges.
        scopes, ends = [], []
        if isinstance(node, sp.Integral):
            node = _with_signs(node)
        for limits in reversed(node.limits):
            if len(limits) != 3:
                raise Untranslatable("an integral or a sum without two ends")
            variable, low, high = limits
            if (
                variable.is_nonnegative and not (low.is_extended_nonnegative and high.is_extended_nonnegative)
            ) or (
                variable.is_nonpositive and not (low.is_extended_nonpositive and high.is_extended_nonpositive)
            ):
                raise Untranslatable(f"a range of {variable} beyond its own assumptions")
            ends.append((self._end(low), self._end(high)))
            bound = self._range_name(variable)
            scopes.append(bound)
            self._bound.append({variable: bound})
        try:
            text = self._scalar(node.function)
        finally:
            del self._bound[len(self._bound) - len(scopes) :]
        for bound, (low, high) in zip(reversed(scopes), reversed(ends), strict=True):
            text = f"{name}({text}, {bound}, {low}, {high})"
        return text

    def _range_name(self, variable: Any) -> str:
        """One name for all variables alike at one depth, so that two equal integrals are the same expression."""
        facts = frozenset((k, v) for k, v in variable.assumptions0.items() if v is not None)
        key = (len(self._bound), facts)
        if key not in self._range_names:
            self._range_names[key] = self._fresh("x")
            self._facts(variable, self._range_names[key])
        return self._range_names[key]

    def _end(self, end: Any) -> str:
        return {sp.oo: "inf", -sp.oo: "minf"}.get(end) or self._scalar(end)

    def _limit(self, node: Any) -> str:
        expression, variable, target, direction = node.args
        name, scope = self._bind(variable)
        side = {"+": ", plus", "-": ", minus"}.get(str(direction), "") if target.is_finite else ""
        return f"s_limit({self._within(scope, expression)}, {name}, {self._end(target)}{side})"

    def _derivative(self, node: Any) -> str:
        if isinstance(node.expr, MATRICES) or any(isinstance(v, MATRICES) for v in node.variables):
            raise Untranslatable("a derivative of or by a matrix inside a scalar")
        if any(
            not part.args[0].is_extended_real
            and part.free_symbols
            & node.expr.free_symbols.intersection(*(v.free_symbols for v in node.variables))
            for part in node.expr.atoms(*PARTS)
        ):
            raise Untranslatable("a derivative of what may not have one")
        expression, back, text = node.expr, {}, None
        steps = []
        for variable, count in node.variable_count:
            if not count.is_Integer:
                raise Untranslatable("a derivative of symbolic order")
            if not isinstance(
                variable, sp.Symbol | MatrixElement
            ):  # ∂/∂f(x): a name stands for f(x) meanwhile
                stand_in = sp.Dummy(**{k: v for k, v in variable.assumptions0.items() if v is not None})
                expression, back[stand_in] = expression.xreplace({variable: stand_in}), variable
                variable = stand_in
            steps.append((variable, int(count)))
        scopes = {stand_in: self._bind(stand_in)[0] for stand_in in back}
        self._bound.append(scopes)
        try:
            text = self._scalar(expression)
            for variable, count in steps:
                name = self._scalar(variable)
                if not name.isidentifier():
                    raise Untranslatable("a derivative by a variable with two parts")
                text = f"w_differentiate({text}, {name}, {count})"
        finally:
            self._bound.pop()
        for stand_in, variable in back.items():
            text = f"w_substitute({text}, {scopes[stand_in]}, {self._scalar(variable)})"
        return text

    def _substitution(self, node: Any) -> str:
        scope = {variable: self._bind(variable)[0] for variable in node.variables}
        text = self._within(scope, node.expr)
        for variable, value in zip(node.variables, node.point, strict=True):
            text = f"w_substitute({text}, {scope[variable]}, {self._scalar(value)})"
        return text

    # Unknown functions: partial derivatives by `gradef`, and a formula drawn for evaluation

    def _unknown_function(self, node: Any) -> str:
        key = (node.func, len(node.args))
        if key not in self._functions:
            self._functions[key] = self._fresh("f")
            self._define(self._functions[key], node)
        self.real_only |= bool(node.is_extended_real)
        return f"{self._functions[key]}({', '.join(map(self._scalar, node.args))})"

    def _define(self, name: str, node: Any) -> None:
        arity = len(node.args)
        arguments = [f"{name}u{i}" for i in range(arity)]
        head = ", ".join(arguments)
        body = _draw_formula(node, arguments, random.Random(len(self._functions)))
        for order in itertools.product(range(DERIVATIVE_ORDER + 1), repeat=arity):
            if sum(order) > DERIVATIVE_ORDER:
                continue
            successors = [(*order[:i], order[i] + 1, *order[i + 1 :]) for i in range(arity)]
            if sum(order) < DERIVATIVE_ORDER:
                slopes = ", ".join(f"{_suffixed(name, after)}({head})" for after in successors)
                self._setup.append(f"gradef({_suffixed(name, order)}({head}), {slopes})$")
            if body:
                by = "".join(f", {a}, {n}" for a, n in zip(arguments, order, strict=True))
                value = f"diff({body}{by})" if sum(order) else body
                self._setup.append(f'w_body["{_suffixed(name, order)}"]: [[{head}], {value}]$')


def _with_signs(node: Any) -> Any:
    """The integral with variables that are real, and positive or negative where the range says so."""
    for variable, *ends in node.limits:
        if len(ends) != 2 or variable.is_integer or any(end.has(variable) for end in ends):
            continue
        sign = {}
        for kind in ("positive", "negative"):
            if all(
                getattr(end, f"is_extended_non{'negative' if kind == 'positive' else 'positive'}")
                for end in ends
            ):
                sign = {kind: True}
        if not variable.is_positive and not variable.is_negative:
            node = node.xreplace({variable: sp.Dummy(variable.name, real=True, **sign)})
    return node


def _suffixed(name: str, order: tuple[int, ...]) -> str:
    return name + "".join(f"d{n}" for n in order) if any(order) else name


def _draw_formula(node: Any, arguments: list[str], rng: random.Random) -> str | None:
    """A formula with the properties that the function declares: of the kind that `decide` draws, drawn anew."""
    if node.is_integer or node.is_imaginary:
        return None

    def number() -> str:
        return f"({rng.choice((-1, 1)) * rng.randint(1, 7)}/{rng.randint(2, 5)})"

    def linear() -> str:
        return " + ".join([number(), *(f"{number()}*{argument}" for argument in arguments)])

    if node.is_positive or (node.is_nonzero and node.is_extended_real):
        return f"(1 + ({linear()})^2)"
    if node.is_nonnegative:
        return f"(({linear()})^2)"
    if node.is_negative:
        return f"(-1 - ({linear()})^2)"
    if node.is_extended_real:
        return f"({linear()} + ({linear()})*({linear()}) + sin({linear()}))"
    return f"({linear()} + (1 + {number()}*%i)*({linear()})*({linear()}) + %i*sin({linear()}))"
