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
from dataclasses import dataclass, field
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
from helpers.proof.expectation import Expectation
from helpers.proof.expectation.laws import Density, Finite, Gaussian, Independent, Law
from helpers.proof.expectation.moments import (
    as_gaussian,
    flattened,
    independent_groups,
    standardized,
    without_vectors,
)

LARGEST_GRID = {1: 800, 2: 2_500}
LARGEST_GROWTH = 300  # of the integrand's logarithm, beyond which no grid of that size will do
NATS = {1: 90, 2: 45}  # the error aimed at is exp(-NATS) of the integrand's size; by dimension
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
            growth = _growth(body, normals, values, entire=True)
        except _NoBound:
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


# Growth


class _NoBound(ArithmeticError):
    """No bound of the growth is known."""


@dataclass
class _Growth:
    """|g| ≤ size · Π (1 + |ε|)^power · exp(along |u| + across |y| + up u² + out y²) for each ε = u + iy."""

    size: arb
    power: dict[Any, int] = field(default_factory=dict)
    along: dict[Any, arb] = field(default_factory=dict)
    across: dict[Any, arb] = field(default_factory=dict)
    up: dict[Any, arb] = field(default_factory=dict)
    out: dict[Any, arb] = field(default_factory=dict)

    def joined(self, other: "_Growth", size: arb, add: bool) -> "_Growth":
        def join(mine: dict, theirs: dict) -> dict:
            keys = mine.keys() | theirs.keys()
            pairs = {key: (mine.get(key, 0), theirs.get(key, 0)) for key in keys}
            return {k: a + b if add else (arb(a).max(arb(b)) if isinstance(a + b, arb) else max(a, b))
                    for k, (a, b) in pairs.items()}  # fmt: skip

        kinds = ("power", "along", "across", "up", "out")
        return _Growth(size, *(join(getattr(self, kind), getattr(other, kind)) for kind in kinds))

    def __add__(self, other: "_Growth") -> "_Growth":
        return self.joined(other, self.size + other.size, add=False)

    def __mul__(self, other: "_Growth") -> "_Growth":
        return self.joined(other, self.size * other.size, add=True)


def _growth(node: Any, normals: dict, values: dict, entire: bool) -> _Growth:
    """A bound of |node| in terms of the standard variables; for complex ones if `entire`, else for real ones.

    Raises _NoBound where none is known, or where the node is not entire and has to be.
    """
    if not node.free_symbols & normals.keys():
        return _Growth(_modulus(evaluate(node, values)))
    if node in normals:
        location, scale = normals[node]
        return _Growth(_modulus(location) + _modulus(scale), power={node: 1})
    parts = lambda: [_growth(argument, normals, values, entire) for argument in node.args]  # noqa: E731
    if node.is_Add:
        return sum(parts()[1:], start=parts()[0])
    if node.is_Mul:
        return math.prod(parts()[1:], start=parts()[0])
    if node.is_Pow and node.exp.is_Integer and 0 < node.exp <= 64:
        base = _growth(node.base, normals, values, entire)
        return math.prod([base] * (int(node.exp) - 1), start=base)
    if isinstance(node, sp.exp):
        return _growth_of_exponential(node.args[0], normals, values)
    if isinstance(node, sp.sin | sp.cos | sp.sinh | sp.cosh):
        factor = sp.I if isinstance(node, sp.sin | sp.cos) else sp.S.One
        both = [_growth_of_exponential(sign * factor * node.args[0], normals, values) for sign in (1, -1)]
        return both[0] + both[1]
    if isinstance(node, Expectation):
        return _growth_of_expectation(node, normals, values, entire)
    if not entire and (bound := _growth_on_the_line(node, normals, values)) is not None:
        return bound
    raise _NoBound(f"no bound is known for the growth of {type(node).__name__}")


_standardized = lru_cache(maxsize=256)(lambda inner: standardized(without_vectors(inner)))


def _growth_of_expectation(node: Expectation, normals: dict, values: dict, entire: bool) -> _Growth:
    """An inner expectation grows as its integrand does, with the inner variables integrated out."""
    inner = _standardized(node)
    if not all(isinstance(law, Gaussian) for law in inner.law.factors):
        raise _NoBound("an inner expectation that is not Gaussian")
    standard = dict.fromkeys(inner.law.variables, (fmpq(0), fmpq(1)))
    growth = _growth(inner.body, {**normals, **standard}, values, entire)
    for variable in standard:
        growth.size = growth.size * _rule(variable, growth, NATS[2]).total
        for kind in (growth.power, growth.along, growth.across, growth.up, growth.out):
            kind.pop(variable, None)
    return growth


def _growth_on_the_line(node: Any, normals: dict, values: dict) -> _Growth | None:
    def of(part: Any) -> _Growth:
        return _growth(part, normals, values, entire=False)

    if isinstance(node, sp.tanh | sp.sign | sp.Heaviside | sp.erf) and node.args[0].is_extended_real:
        return _Growth(arb(1))
    if isinstance(node, sp.Abs):
        return of(node.args[0])
    if isinstance(node, sp.Max | sp.Min):
        return sum((of(argument) for argument in node.args[1:]), start=of(node.args[0]))
    if isinstance(node, sp.Piecewise):
        return sum((of(value) for value, _ in node.args[1:]), start=of(node.args[0][0]))
    if isinstance(node, sp.log | sp.Pow):
        base = node.args[0]
        least = _least(base, normals, values)
        if isinstance(node, sp.log) and least is not None:
            # log t lies between log c and t for t ≥ c > 0.
            return of(base) + _Growth(abs(least.log()))
        if node.is_Pow and node.exp.is_Rational and node.exp.is_negative and least is not None:
            return _Growth(least ** arb(fmpq(int(node.exp.p), int(node.exp.q))))
        if node.is_Pow and node.exp == sp.Rational(1, 2) and base.is_nonnegative:
            return of(base) + _Growth(arb(1))
    return None


def _least(base: Any, normals: dict, values: dict) -> arb | None:
    """A positive lower bound on the real line of a constant plus nonnegative terms."""
    constant, rest = base.as_independent(*normals, as_Add=True)
    if constant == 0 or not all(term.is_nonnegative for term in sp.Add.make_args(rest)):
        return None
    least = as_real(evaluate(constant, values))
    return arb(least) if least > 0 else None


def _growth_of_exponential(exponent: Any, normals: dict, values: dict) -> _Growth:
    """exp of a polynomial of degree two at most: |exp w| = exp(Re w), term by term."""
    variables = tuple(sorted(exponent.free_symbols & normals.keys(), key=sp.default_sort_key))
    constant, growth = acb(0), _Growth(arb(1))
    along: dict[Any, Any] = dict.fromkeys(variables, acb(0))
    squares: dict[Any, Any] = dict.fromkeys(variables, acb(0))
    crossed: dict[Any, arb] = dict.fromkeys(variables, arb(0))
    for powers, coefficient in _polynomial(exponent, variables):
        c = as_ball(evaluate(coefficient, values))
        used = [variable for variable, power in zip(variables, powers, strict=True) for _ in range(power)]
        if len(used) > 2:
            raise _NoBound("an exponential of a polynomial of degree above two")
        places = [tuple(acb(arb(part)) for part in normals[v]) for v in used]
        if not used:
            constant += c
        elif len(used) == 1:
            constant += c * places[0][0]
            along[used[0]] += c * places[0][1]
        else:
            (m, s), (n, t) = places
            constant += c * m * n
            along[used[0]] += c * n * s
            along[used[1]] += c * m * t
            if used[0] == used[1]:
                squares[used[0]] += c * s * t
            else:  # |Re(ε δ)| is at most half of |ε|² + |δ|²
                for variable in used:
                    crossed[variable] += _modulus(c * s * t) / 2
    growth.size = _above(constant.real.exp())
    for v in variables:
        growth.along[v], growth.across[v] = _modulus(acb(along[v].real)), _modulus(acb(along[v].imag))
        square, turned = squares[v].real, _modulus(acb(squares[v].imag)) + crossed[v]
        growth.up[v] = _above(square.max(arb(0))) + turned
        growth.out[v] = _above((-square).max(arb(0))) + turned
    return growth


@lru_cache(maxsize=512)
def _polynomial(expression: Any, variables: tuple) -> list[tuple[tuple[int, ...], Any]]:
    if not expression.is_polynomial(*variables):
        raise _NoBound("an exponential of what is no polynomial")
    return list(sp.Poly(expression, *variables).terms())


def _modulus(value: Any) -> arb:
    return _above(abs(arb(value))) if isinstance(value, fmpq | arb) else as_ball(value).abs_upper()


def _above(value: arb) -> arb:
    return arb(value.upper())


# Quadrature


def _weight(u: arb) -> arb:
    return (-u * u / 2).exp() / (2 * arb.pi()).sqrt()


@dataclass
class _Rule:
    """A trapezoidal rule for one variable: nodes ±nh up to `count`, the error it makes for an integrand of size
    one, and a bound on the integral and the rule's value for its absolute value."""

    step: arb
    count: int
    error: arb
    total: arb


def _rule(variable: Any, growth: _Growth, nats: float) -> _Rule:
    power = growth.power.get(variable, 0)
    along, across, up, out = (
        _above(arb(getattr(growth, kind).get(variable, 0))) for kind in ("along", "across", "up", "out")
    )
    slack = 1 - 2 * up
    if not slack > 0:
        raise Undefined("an expectation that is not known to exist")
    b, c, narrow, wide = (float(x.mid()) for x in (along, across, slack, 1 + 2 * out))
    # The exponent that the bound adds to the integrand's size, in nats.
    largest = b * b / (2 * narrow) + power * math.log(2 + power)
    if largest > LARGEST_GROWTH:
        raise Unresolved("an integrand that grows too fast for the quadrature")
    goal = nats + largest
    height = math.sqrt(2 * goal / wide)
    end = b / narrow + math.sqrt(2 * goal / narrow) + power / 4
    step = arb(2 * math.pi / (wide * height + b * 0 + c))
    count = math.ceil(end / float(step.mid()))

    def size(u: arb) -> arb:
        return (1 + u) ** power * (along * u + up * u * u).exp() * _weight(u)

    # Past the end the logarithm falls at least at this rate.
    last = step * count
    rate = slack * last - along - arb(power) / (1 + last)
    if not rate > 0:
        raise Unresolved("a quadrature that ends too early")
    beyond = 2 * size(last) * (step + 1 / rate)
    # The integral over a cell is at most its length times growth at its far end and decay at its near end.
    grown = [(1 + step * n) ** power * (along * step * n).exp() for n in range(count + 1)]
    fallen = [(-slack * (step * n) ** 2 / 2).exp() / (2 * arb.pi()).sqrt() for n in range(count + 1)]
    cells = sum((grown[n + 1] * fallen[n] for n in range(count)), start=arb(0))
    nodes = sum((g * f for g, f in zip(grown, fallen, strict=True)), start=arb(0))
    total = _above(2 * step * (cells.max(nodes)) + beyond)
    a = arb(height)
    lifted = total * (1 + a) ** power * (across * a + (1 + 2 * out) * a * a / 2).exp()
    error = beyond + 2 * lifted / ((2 * arb.pi() * a / step).exp() - 1)
    return _Rule(step, count, _above(error), total)


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


def _trapezoidal(body: Any, normals: dict, growth: _Growth, values: dict) -> acb:
    variables = list(normals)
    if len(variables) > max(NATS):
        raise Unsupported(f"an expectation over {len(variables)} variables that hang together")
    nats = NATS[len(variables)]
    rules = [_rule(variable, growth, nats) for variable in variables]
    if math.prod(2 * rule.count + 1 for rule in rules) > LARGEST_GRID[len(rules)]:
        raise Unresolved("a quadrature with too many nodes")
    axes = []
    for variable, rule in zip(variables, rules, strict=True):
        location, scale = (arb(part) for part in normals[variable])
        nodes = [rule.step * n for n in range(-rule.count, rule.count + 1)]
        axes.append([(acb(location + scale * u), _weight(u) * rule.step) for u in nodes])
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
    blur = _above(error * growth.size)
    return total + acb(arb(0, blur), arb(0, blur))


def _integrated_over_line(body: Any, normals: dict, values: dict) -> acb:
    """E[body] for one Gaussian variable, by quadrature between -T and T and a bound of the rest."""
    try:
        growth = _growth(body, normals, values, entire=False)
    except _NoBound as error:
        raise Unsupported(str(error)) from error
    variable = next(iter(normals))
    location, scale = (arb(part) for part in normals[variable])
    rule = _rule(variable, growth, NATS[2])
    end = rule.step * rule.count

    def integrand(u: acb, analytic: bool) -> acb:
        inner = {**values, variable: location + scale * u, "analytic": analytic}
        try:
            return as_ball(evaluate(body, inner)) * (-u * u / 2).exp()
        except ArithmeticError:
            return acb("nan", "nan")

    middle = _quadrature(integrand, acb(-end), acb(end)) / (2 * arb.pi()).sqrt()
    blur = _above(rule.error * growth.size)
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
