r"""Expectations: finite sums, and rigorous quadrature under Gaussians and densities on bounded intervals.

An entire integrand under a Gaussian goes through the trapezoidal rule on the real line. For f analytic and
∫|f(u + iy)| du ≤ M wherever |y| < a, its error is at most 2M/(exp(2πa/h) − 1) (Trefethen and Weideman, The
exponentially convergent trapezoidal rule, SIAM Review 56, 2014, theorem 5.1); M comes from a bound of the
integrand's growth. Anything else is integrated over a bounded interval, its tails bounded by the same growth.
"""

__all__ = ["HANDLERS"]

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq

from helpers.proof.enclosure.core import (
    Handler,
    Undefined,
    Unresolved,
    Unsupported,
    as_ball,
    as_real,
    decline_if_analytic,
    evaluate,
)
from helpers.proof.enclosure.growth import (
    NATS,
    Growth,
    NoBound,
    above,
    gaussian_weight,
    growth_of,
    trapezoidal_rule,
)
from helpers.proof.expectation import Expectation
from helpers.proof.expectation.laws import Density, Finite, Gaussian, Independent, Law
from helpers.proof.expectation.moments import (
    as_gaussian,
    flattened,
    independent_groups,
    without_vectors,
)

LARGEST_GRID = {1: 800, 2: 2_500}
EVALUATIONS = 4_000
TOLERANCE_BITS = 60
WIDEST = arb(1e-13)


def _expectation(expression: Expectation, values: dict) -> Any:
    decline_if_analytic(values)
    return _plan(expression).value(values)


@dataclass(frozen=True)
class _Sum:
    """Linearity: an expectation as constant + Σ coefficient · E."""

    constant: Any
    terms: tuple[tuple[Any, Any], ...]

    def value(self, values: dict) -> Any:
        total = evaluate(self.constant, values)
        for coefficient, expectation in self.terms:
            total = total + evaluate(coefficient, values) * expectation.value(values)
        return total


@dataclass(frozen=True)
class _Product:
    """Independence: the expectation of a product as Π E."""

    factors: tuple[Any, ...]

    def value(self, values: dict) -> Any:
        return math.prod((factor.value(values) for factor in self.factors), start=fmpq(1))


@dataclass(frozen=True)
class _Mean:
    """E[body] over variables that hang together."""

    body: Any
    laws: tuple[Law, ...]

    def value(self, values: dict) -> Any:
        return _mean(self.body, self.laws, values)


@lru_cache(maxsize=256)
def _plan(expectation: Expectation) -> Any:
    """How to evaluate an expectation by integrals over as few variables as possible.

    Finite laws stay whole, so that each of their probabilities is looked at.
    """
    scalar = without_vectors(expectation)
    scalar = flattened(scalar) or scalar
    if any(isinstance(part, Finite) for part in scalar.law.factors):
        return _Mean(scalar.body, scalar.law.factors)
    return _separated(scalar.body, scalar.law.factors)


def _separated(body: Any, laws: tuple[Law, ...]) -> Any:
    used = tuple(law for law in laws if body.free_symbols & set(law.variables))
    if len(used) == 1:
        return _Mean(body, used)
    if not used:
        return _Sum(body, ())
    if not body.is_Add:
        free, groups = independent_groups(Expectation(body, Independent(*used)))
        if len(groups) > 1:
            product = _Product(tuple(_separated(part, law.factors) for part, law in groups))
            return _Sum(sp.S.Zero, ((free, product),))
        expanded = sp.expand(body)
        if not expanded.is_Add:
            return _Mean(body, used)
        body = expanded
    alone: dict[tuple[Law, ...], Any] = {}
    terms = []
    for term in body.args:
        part = _separated(term, used)
        if isinstance(part, _Mean):
            alone[part.laws] = alone.get(part.laws, sp.S.Zero) + part.body
        else:
            terms.append((sp.S.One, part))
    together = [(sp.S.One, _Mean(part, part_laws)) for part_laws, part in alone.items()]
    return _Sum(sp.S.Zero, (*terms, *together))


def _mean(body: Any, laws: Sequence[Law], values: dict) -> Any:
    """E[body] under independent laws, the finite ones first."""
    finite = next((law for law in laws if isinstance(law, Finite)), None)
    if finite is not None:
        return _over_values(body, finite, tuple(law for law in laws if law is not finite), values)
    laws = [law for law in laws if body.free_symbols & set(law.variables)]
    if not laws:
        return evaluate(body, values)
    if all(isinstance(law, Gaussian) for law in laws):
        normals = {law.variables[0]: _location_and_scale(law, values) for law in laws}
        try:
            growth = growth_of(body, normals, values, entire=True)
        except NoBound:
            if len(laws) > 1:
                raise Unsupported("an expectation over several variables that is not entire") from None
            return _integrated_over_line(body, normals, values)
        return _trapezoidal(body, normals, growth, values)
    if len(laws) > 1 or not isinstance(laws[0], Density):
        raise Unsupported("an expectation over several variables given by densities")
    if (same := _as_gaussian(body, laws[0])) is not None:
        return _mean(same[0], same[1:], values)
    return _integrated_over_interval(body, laws[0], values)


_as_gaussian = lru_cache(maxsize=256)(as_gaussian)


def _over_values(body: Any, law: Finite, others: tuple[Law, ...], values: dict) -> Any:
    total: Any = fmpq(0)
    for value, weight in zip(law.values, law.probabilities, strict=True):
        probability = evaluate(weight, values)
        if as_real(probability) < 0:
            raise Undefined("a negative probability")
        if not as_real(probability) >= 0:
            raise Unresolved("cannot tell whether a probability is negative")
        inner = {**values, law.variables[0]: evaluate(value, values)}
        total = total + probability * _mean(body, others, inner)
    return total


def _location_and_scale(law: Gaussian, values: dict) -> tuple[Any, Any]:
    location, scale = (as_real(evaluate(part, values)) for part in (law.mean, law.std))
    if scale > 0:
        return location, scale
    if scale <= 0:
        raise Undefined("a standard deviation that is not positive")
    raise Unresolved("cannot tell whether a standard deviation is positive")


# Quadrature


def _compiled(node: Any, variables: frozenset, values: dict) -> Callable[[dict], Any]:
    """The node as a function of the variables' values: what is free of them is evaluated once."""
    if node in variables:
        return lambda inner: inner[node]
    if not node.free_symbols & variables:
        constant = evaluate(node, values)
        return lambda inner: constant
    if node.is_Add or node.is_Mul:
        free, rest = node.as_independent(*variables, as_Add=node.is_Add)
        start = evaluate(free, values)
        parts = [_compiled(part, variables, values) for part in type(node).make_args(rest)]
        if node.is_Add:
            return lambda inner: sum((part(inner) for part in parts), start=start)
        return lambda inner: math.prod((part(inner) for part in parts), start=start)
    if node.is_Pow and node.exp.is_Integer:
        base, exponent = _compiled(node.base, variables, values), int(node.exp)
        return lambda inner: base(inner) ** exponent
    if isinstance(node, sp.exp | sp.sin | sp.cos):
        argument, name = _compiled(node.args[0], variables, values), type(node).__name__
        return lambda inner: getattr(as_ball(argument(inner)), name)()
    return lambda inner: evaluate(node, inner)


def _trapezoidal(body: Any, normals: dict, growth: Growth, values: dict) -> acb:
    variables = list(normals)
    if len(variables) > max(NATS):
        raise Unsupported(f"an expectation over {len(variables)} variables that hang together")
    nats = NATS[len(variables)]
    rules = [trapezoidal_rule(variable, growth, nats) for variable in variables]
    if math.prod(2 * rule.count + 1 for rule in rules) > LARGEST_GRID[len(rules)]:
        raise Unresolved("a quadrature with too many nodes")
    axes = []
    for variable, rule in zip(variables, rules, strict=True):
        location, scale = (arb(part) for part in normals[variable])
        nodes = [rule.step * n for n in range(-rule.count, rule.count + 1)]
        axes.append([(acb(location + scale * u), gaussian_weight(u) * rule.step) for u in nodes])
    integrand = _compiled(body, frozenset(variables), values)
    total, inner = acb(0), dict(values)
    for nodes in itertools.product(*axes):
        weight = arb(1)
        for variable, (position, share) in zip(variables, nodes, strict=True):
            inner[variable] = position
            weight = weight * share
        total += as_ball(integrand(inner)) * weight
    error = arb(0)
    for i, rule in enumerate(rules):
        error += rule.error * math.prod(
            (other.total for j, other in enumerate(rules) if j != i), start=arb(1)
        )
    blur = above(error * growth.size)
    return total + acb(arb(0, blur), arb(0, blur))


def _integrated_over_line(body: Any, normals: dict, values: dict) -> acb:
    """E[body] for one Gaussian variable, by quadrature between -T and T and a bound of the rest."""
    try:
        growth = growth_of(body, normals, values, entire=False)
    except NoBound as error:
        raise Unsupported(str(error)) from error
    variable = next(iter(normals))
    location, scale = (arb(part) for part in normals[variable])
    rule = trapezoidal_rule(variable, growth, NATS[2])
    end = rule.step * rule.count

    def integrand(u: acb, analytic: bool) -> acb:
        inner = {**values, variable: location + scale * u, "analytic": analytic}
        try:
            return as_ball(evaluate(body, inner)) * (-u * u / 2).exp()
        except ArithmeticError:
            return acb("nan", "nan")

    middle = _quadrature(integrand, acb(-end), acb(end)) / (2 * arb.pi()).sqrt()
    blur = above(rule.error * growth.size)
    return middle + acb(arb(0, blur), arb(0, blur))


def _integrated_over_interval(body: Any, law: Density, values: dict) -> acb:
    variable, low, high = law.variables[0], *law.support
    if low.is_infinite or high.is_infinite:
        raise Unsupported("a density on an unbounded interval")
    weighted = body * law.density

    def integrand(position: acb, analytic: bool) -> acb:
        try:
            return as_ball(evaluate(weighted, {**values, variable: position, "analytic": analytic}))
        except ArithmeticError:
            return acb("nan", "nan")

    return _quadrature(integrand, as_ball(evaluate(low, values)), as_ball(evaluate(high, values)))


def _quadrature(integrand: Any, low: acb, high: acb) -> acb:
    tolerance = arb(2) ** -TOLERANCE_BITS
    result = acb.integral(integrand, low, high, rel_tol=tolerance, abs_tol=tolerance, eval_limit=EVALUATIONS)
    if not result.is_finite() or result.real.rad() > WIDEST * (1 + abs(result.real.mid())):
        raise Unsupported("an expectation that ball quadrature could not enclose")
    return result


HANDLERS: dict[Any, Handler] = {Expectation: _expectation}
