r"""The expectation of an expression under a law, and the rules by which it is worked out.

Every rule assumes that the expectations that it speaks of exist, as the book's statements do; where a Gaussian
one does not, as that of exp(z²) under N(0, 1), no closed form is returned.
"""

__all__ = [
    "Expectation",
    "by_independence",
    "by_linearity",
    "change_variables",
    "factor_out",
    "normal_form",
    "reparameterize",
]

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from mpmath.libmp.libmpf import prec_to_dps
from sympy.functions.elementary.hyperbolic import HyperbolicFunction

from helpers.arguments import bound, checked, described, instance, scalar, symbol
from helpers.notation import plain_name
from helpers.proof.expectation import moments
from helpers.proof.expectation.laws import Density, Finite, Independent, Law
from helpers.proof.smoothness import is_smooth, moves_with

_KINKS = (sp.Abs, sp.Max, sp.Min)


class Expectation(sp.Expr):
    r"""The expectation of `body` when its random symbols follow `law`, unevaluated.

    The random symbols are bound: they are no free symbols, `subs` and `xreplace` leave them alone and rename
    them where a new expression would be caught. Undefined functions of them are allowed, and expectations
    inside expectations, whose laws may depend on the outer variables.

    `doit()` reduces by exact rules, in this order: linearity, with what is free of the random symbols pulled out;
    sums over the values of finite variables; independence; moments of polynomials times exponentials of
    quadratic polynomials (sines and cosines as complex ones) for Gaussian variables; integration for densities.
    What no rule reaches stays an expectation.

    Args:
        body: a scalar expression.
        law: a `Law`, or an iterable of laws, which are then independent.

    Raises ValueError for anything else.

    Example:
        >>> from helpers.proof.expectation.laws import Gaussian
        >>> m, z = sp.symbols("m z", real=True)
        >>> s = sp.Symbol("s", positive=True)
        >>> Expectation(z**2, Gaussian(z, m, s)).doit()
        m**2 + s**2
    """

    is_commutative = True

    def __new__(cls, body: Any, law: Any) -> "Expectation":
        if not isinstance(law, Law):
            try:
                law = Independent(*law)
            except (TypeError, AttributeError) as error:
                raise ValueError(f"law: expected a law, or several independent ones, got {law!r}") from error
        if isinstance(body, sp.MatrixBase | sp.MatrixExpr | sp.logic.boolalg.Boolean) and not isinstance(
            body, sp.Symbol
        ):
            raise ValueError(f"body: expected a scalar expression, got {body!r}")
        body = scalar("body", body)
        return sp.Expr.__new__(cls, body, law)

    @property
    def body(self) -> Any:
        return self.args[0]

    @property
    def law(self) -> Law:
        return self.args[1]

    @property
    def bound_symbols(self) -> list[Any]:
        return list(self.law.variables)

    @property
    def free_symbols(self) -> set:
        return (self.body.free_symbols - set(self.law.variables)) | self.law.free_symbols

    def _eval_is_real(self) -> bool | None:
        return True if self.body.is_real else None

    def _eval_is_nonnegative(self) -> bool | None:
        return True if self.body.is_nonnegative else None

    def _eval_is_positive(self) -> bool | None:
        return True if self.body.is_positive else None

    @checked(names=instance(Mapping))
    def renamed(self, names: Mapping[Any, Any]) -> "Expectation":
        """The same expectation over variables of other names."""
        return Expectation(_put(self.body, names), self.law.renamed(names))

    def canonical(self) -> "Expectation":
        """The same expectation with bound names that depend on their place only, so that E f(x) is E f(y)."""
        inner = self.body.replace(
            lambda node: isinstance(node, Expectation), lambda node: node.canonical(), simultaneous=False
        )
        height = 1 + max((node._height() for node in inner.atoms(Expectation)), default=0)
        names = {
            variable: _bound_name(variable, height, place)
            for place, variable in enumerate(self.law.variables)
        }
        return Expectation(inner, self.law).renamed(names)

    def _height(self) -> int:
        return 1 + max((node._height() for node in self.body.atoms(Expectation)), default=0)

    def _apart_from(self, symbols: set) -> "Expectation":
        """The same expectation, none of its bound symbols among `symbols`."""
        caught = [variable for variable in self.law.variables if variable in symbols]
        names = {variable: sp.Dummy(variable.name, **variable._assumptions_orig) for variable in caught}
        return self.renamed(names) if caught else self

    def _eval_subs(self, old: Any, new: Any) -> Any:
        if old.free_symbols & set(self.law.variables):
            return self  # the bound symbol is another than the one that is replaced
        if not self.has(old):
            return self
        apart = self._apart_from(new.free_symbols)
        return Expectation(apart.body._subs(old, new), apart.law._subs(old, new))

    def _xreplace(self, rule: Any) -> tuple[Any, bool]:
        if self in rule:
            return rule[self], True
        if not isinstance(rule, Mapping):
            return super()._xreplace(rule)
        bound = set(self.law.variables)
        rule = {old: new for old, new in rule.items() if old not in bound}
        brought = {
            symbol
            for old, new in rule.items()
            for symbol in getattr(new, "free_symbols", set()) - getattr(old, "free_symbols", set())
        }
        apart = self._apart_from(brought)
        body, changed = apart.body._xreplace(rule)
        law, law_changed = apart.law._xreplace(rule)
        return (Expectation(body, law), True) if changed or law_changed else (self, False)

    def _eval_derivative(self, symbol: Any) -> Any:
        """∂ E f = E[∂f + f ∂ log q], where the integrand is smooth by construction but for kinks, which do no harm
        to a first derivative. Else the derivative of the closed form, and None where there is none."""
        expanded = moments.sum_out(self)
        if not isinstance(expanded, Expectation):
            return expanded.diff(symbol)
        self = expanded
        densities = [part for part in self.law.factors if isinstance(part, Density) and part.has(symbol)]
        if not self._may_pass(symbol, [self.body, *(part.density for part in densities)]):
            value = None if densities else moments.mean(self)
            return None if value is None or value.has(Expectation) else value.diff(symbol)
        if densities:
            return self.as_integral().diff(symbol)
        score = sp.Add(*(part.log_density.diff(symbol) for part in self.law.factors if part.has(symbol)))
        change = self.body.diff(symbol) + self.body * score
        return Expectation(change, self.law) if change != 0 else sp.S.Zero

    def _may_pass(self, symbol: Any, integrands: list[Any]) -> bool:
        """Whether the symbol moves no jump and no pole, and feeds no exponential that outgrows a linear one."""
        bound = set(self.law.variables)
        fast = [
            node
            for node in self.body.atoms(sp.exp, HyperbolicFunction)
            if symbol in node.free_symbols and node.args[0].free_symbols & bound
        ]
        return not any(
            moves_with(integrand, symbol, bound, (*_KINKS, Expectation, Law, sp.Tuple))
            for integrand in integrands
        ) and all(
            node.args[0].is_polynomial(*bound) and sp.Poly(node.args[0], *bound).total_degree() <= 1
            for node in fast
        )

    def _eval_simplify(self, **options: Any) -> "Expectation":
        return self

    def _eval_rewrite(self, rule: Any, arguments: Any, **hints: Any) -> Any:
        return self.as_integral() if rule in (sp.Integral, sp.Sum) else None

    def _eval_evalf(self, precision: int) -> Any:
        if len(self.law.variables) > 1 or self.body.has(Expectation, sp.Integral):
            return None  # quadratures inside quadratures do not end in useful time
        return self.as_integral().evalf(prec_to_dps(precision))

    def doit(self, **hints: Any) -> Any:
        """The value by the rules above, as far as they reach. Cost: that of expanding the body, for a finite law
        times the number of joint outcomes."""
        if not hints.get("integrals", True):
            return Expectation(self.body.doit(**hints), self.law)
        body = self.body.doit(**hints) if hints.get("deep", True) else self.body
        return moments.mean(Expectation(body, self.law)._apart_from(self.law.free_symbols))

    def as_integral(self) -> Any:
        """The expectation as SymPy's `Integral` over the density; as a sum over the values of a finite variable."""
        scalar = moments.without_vectors(self)
        result = scalar.body
        for part in scalar.law.factors:
            if isinstance(part, Finite):
                result = moments.over_values(result, part)
            else:
                result = sp.Integral(result * part.density, (part.args[0], *part.support))
        return result

    def _latex(self, printer: Any) -> str:
        spelled = {v: v.func(plain_name(v.name), **v._assumptions_orig) for v in self.law.variables}
        shown = self.renamed({old: new for old, new in spelled.items() if old.name != new.name})
        law = shown.law._latex(printer)
        return rf"\mathbb{{E}}_{{{law}}}\left[{printer._print(shown.body)}\right]"

    def _sympystr(self, printer: Any) -> str:
        return f"E_{{{self.law._sympystr(printer)}}}[{printer._print(self.body)}]"


def _bound_name(variable: Any, height: int, place: int) -> sp.Dummy:
    # A Dummy is known by its name, index and assumptions; SymPy counts its own indices from below.
    return sp.Dummy(f"b{height}_{place}", dummy_index=-1, **variable._assumptions_orig)


def _put(expression: Any, meanings: Mapping[Any, Any]) -> Any:
    return expression.subs(meanings, simultaneous=True) if meanings else expression


def normal_form(expression: Any) -> Any:
    """The expression with its expectations worked out and what is left of them in one standard form.

    Gaussian variables become standard ones, bound names canonical, and powers of a standard normal ε before a
    smooth function h are taken away by Stein's lemma, E[ε h(ε)] = E[h'(ε)].
    """
    if not expression.has(Expectation):
        return expression

    def reduced(node: Expectation) -> Any:
        flat = moments.flattened(moments.without_vectors(node)) or node
        return moments.mean(moments.standardized(flat), stein=True).replace(
            lambda inner: isinstance(inner, Expectation), lambda inner: inner.canonical()
        )

    return _everywhere(expression, reduced)


# The rules one by one, so that a derivation can show each as a step


def by_linearity(expression: Any) -> Any:
    """Every expectation of a sum as the sum of the expectations, what is free of the random symbols pulled out."""

    def split(expectation: Expectation) -> Any:
        terms = sp.Add.make_args(sp.expand(expectation.body))
        return sp.Add(*(factor_out(Expectation(term, expectation.law)) for term in terms))

    return _everywhere(expression, split)


def factor_out(expression: Any) -> Any:
    """Factors free of the random symbols pulled out of every expectation."""

    def pull(expectation: Expectation) -> Any:
        free, rest = expectation.body.as_independent(*expectation.law.variables, as_Add=False)
        return free if rest == 1 else free * Expectation(rest, expectation.law)

    return _everywhere(expression, pull)


def by_independence(expression: Any) -> Any:
    """Every expectation of a product as the product of the expectations over groups of independent variables.

    Variables that the body does not hold are dropped: their laws integrate to one.
    """

    def part(expectation: Expectation) -> Any:
        free, groups = moments.independent_groups(expectation)
        return sp.Mul(free, *(Expectation(body, law) for body, law in groups))

    return _everywhere(expression, part)


def reparameterize(expression: Any, *noise: Any) -> Any:
    """Gaussian variables as z = mean + std ε with standard normal ε, one symbol `noise` for each, in order.

    Raises ValueError for symbols that are not declared real or are in use, and for another number of them.
    """

    def standard(expectation: Expectation) -> Expectation:
        return moments.standardized(expectation, noise)

    return _everywhere(expression, standard)


@checked(new=symbol, inverse=scalar, low=bound, high=bound)
def change_variables(
    expectation: Expectation, new: Any, inverse: Any, low: Any = -sp.oo, high: Any = sp.oo
) -> Expectation:
    """E[f(z)] as the expectation of f(inverse(y)) under the law of y, with density q(inverse(y)) |inverse'(y)|.

    Args:
        expectation: over one variable z with a density.
        new: the new symbol y, declared real.
        inverse: z as an expression in y; it must be monotone from (low, high) onto the interval of z.
        low, high: the interval of y.

    Raises ValueError where the derivative is not shown to be of one sign, or the ends do not match.
    """
    from helpers.proof.domain import Domain
    from helpers.proof.equality import decide

    if not isinstance(expectation, Expectation) or not hasattr(expectation.law, "support"):
        raise ValueError("expectation: expected one over a single variable with a density")
    if new in expectation.free_symbols:
        raise ValueError(f"new: got {new}, which is in use, expected a new symbol")
    slope = sp.diff(inverse, new)
    between = Domain([end for end in (sp.Gt(new, low), sp.Lt(new, high)) if end != sp.true])
    if not is_smooth(
        inverse.xreplace(between.sharpened(inverse))
    ):  # a pole would let it cover the line twice
        raise ValueError(
            f"inverse: {inverse} is not shown to be smooth between {low} and {high}, as expected"
        )
    inside = [end for end in (sp.Gt(new, low), sp.Lt(new, high)) if end != sp.true]
    rises = decide(slope, 0, ">", domain=inside).status == "proved"
    if not rises and decide(slope, 0, "<", domain=inside).status != "proved":
        raise ValueError(f"inverse: its derivative {slope} is not shown to be of one sign, as expected")
    ends = tuple(sp.limit(inverse, new, end, side) for end, side in ((low, "+"), (high, "-")))
    if (ends if rises else ends[::-1]) != expectation.law.support:
        raise ValueError(
            f"inverse: got one that runs between {ends}, expected the interval {expectation.law.support}"
        )
    z = expectation.law.variables[0]
    density = expectation.law.density.subs(z, inverse) * (slope if rises else -slope)
    return Expectation(expectation.body.subs(z, inverse), Density.unchecked(new, density, low, high))


def _everywhere(expression: Any, rule: Callable[[Expectation], Any]) -> Any:
    if not isinstance(expression, sp.Basic | sp.MatrixBase):
        raise ValueError(f"expression: got {described(expression)}, expected a SymPy expression")
    return expression.replace(lambda node: isinstance(node, Expectation), rule)
