"""How fast an integrand can grow under a Gaussian, and the trapezoidal rule that such a growth allows."""

__all__ = ["NATS", "Growth", "NoBound", "above", "gaussian_weight", "growth_of", "trapezoidal_rule"]

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sympy as sp
from flint import acb, arb, fmpq

from helpers.proof.enclosure.core import Undefined, Unresolved, as_ball, as_real, evaluate
from helpers.proof.expectation import Expectation
from helpers.proof.expectation.laws import Gaussian
from helpers.proof.expectation.moments import standardized, without_vectors

LARGEST_GROWTH = 300  # of the integrand's logarithm, beyond which no grid will do
NATS = {1: 90, 2: 45}  # the error aimed at is exp(-NATS) of the integrand's size; by dimension


class NoBound(ArithmeticError):
    """No bound of the growth is known."""


@dataclass
class Growth:
    """|g| ≤ size · Π (1 + |ε|)^power · exp(along |u| + across |y| + up u² + out y²) for each ε = u + iy."""

    size: arb
    power: dict[Any, int] = field(default_factory=dict)
    along: dict[Any, arb] = field(default_factory=dict)
    across: dict[Any, arb] = field(default_factory=dict)
    up: dict[Any, arb] = field(default_factory=dict)
    out: dict[Any, arb] = field(default_factory=dict)

    def joined(self, other: "Growth", size: arb, add: bool) -> "Growth":
        def join(mine: dict, theirs: dict) -> dict:
            keys = mine.keys() | theirs.keys()
            pairs = {key: (mine.get(key, 0), theirs.get(key, 0)) for key in keys}
            return {k: a + b if add else (arb(a).max(arb(b)) if isinstance(a + b, arb) else max(a, b))
                    for k, (a, b) in pairs.items()}  # fmt: skip

        kinds = ("power", "along", "across", "up", "out")
        return Growth(size, *(join(getattr(self, kind), getattr(other, kind)) for kind in kinds))

    def __add__(self, other: "Growth") -> "Growth":
        return self.joined(other, self.size + other.size, add=False)

    def __mul__(self, other: "Growth") -> "Growth":
        return self.joined(other, self.size * other.size, add=True)


def growth_of(node: Any, normals: dict, values: dict, entire: bool) -> Growth:
    """A bound of |node| in terms of the standard variables; for complex ones if `entire`, else for real ones.

    Raises NoBound where none is known, or where the node is not entire and has to be.
    """
    if not node.free_symbols & normals.keys():
        return Growth(_modulus(evaluate(node, values)))
    if node in normals:
        location, scale = normals[node]
        return Growth(_modulus(location) + _modulus(scale), power={node: 1})
    parts = lambda: [growth_of(argument, normals, values, entire) for argument in node.args]  # noqa: E731
    if node.is_Add:
        return sum(parts()[1:], start=parts()[0])
    if node.is_Mul:
        return math.prod(parts()[1:], start=parts()[0])
    if node.is_Pow and node.exp.is_Integer and 0 < node.exp <= 64:
        base = growth_of(node.base, normals, values, entire)
        return math.prod([base] * (int(node.exp) - 1), start=base)
    if isinstance(node, sp.exp):
        return _of_exponential(node.args[0], normals, values)
    if isinstance(node, sp.sin | sp.cos | sp.sinh | sp.cosh):
        factor = sp.I if isinstance(node, sp.sin | sp.cos) else sp.S.One
        both = [_of_exponential(sign * factor * node.args[0], normals, values) for sign in (1, -1)]
        return both[0] + both[1]
    if isinstance(node, Expectation):
        return _of_expectation(node, normals, values, entire)
    if not entire and (bound := _on_the_line(node, normals, values)) is not None:
        return bound
    raise NoBound(f"no bound is known for the growth of {type(node).__name__}")


_standardized = lru_cache(maxsize=256)(lambda inner: standardized(without_vectors(inner)))


def _of_expectation(node: Expectation, normals: dict, values: dict, entire: bool) -> Growth:
    """An inner expectation grows as its integrand does, with the inner variables integrated out."""
    inner = _standardized(node)
    if not all(isinstance(law, Gaussian) for law in inner.law.factors):
        raise NoBound("an inner expectation that is not Gaussian")
    standard = dict.fromkeys(inner.law.variables, (fmpq(0), fmpq(1)))
    growth = growth_of(inner.body, {**normals, **standard}, values, entire)
    for variable in standard:
        growth.size = growth.size * trapezoidal_rule(variable, growth, NATS[2]).total
        for kind in (growth.power, growth.along, growth.across, growth.up, growth.out):
            kind.pop(variable, None)
    return growth


def _on_the_line(node: Any, normals: dict, values: dict) -> Growth | None:
    def of(part: Any) -> Growth:
        return growth_of(part, normals, values, entire=False)

    if isinstance(node, sp.tanh | sp.sign | sp.Heaviside | sp.erf) and node.args[0].is_extended_real:
        return Growth(arb(1))
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
            return of(base) + Growth(abs(least.log()))
        if node.is_Pow and node.exp.is_Rational and node.exp.is_negative and least is not None:
            return Growth(least ** arb(fmpq(int(node.exp.p), int(node.exp.q))))
        if node.is_Pow and node.exp == sp.Rational(1, 2) and base.is_nonnegative:
            return of(base) + Growth(arb(1))
    return None


def _least(base: Any, normals: dict, values: dict) -> arb | None:
    """A positive lower bound on the real line of a constant plus nonnegative terms."""
    constant, rest = base.as_independent(*normals, as_Add=True)
    if constant == 0 or not all(term.is_nonnegative for term in sp.Add.make_args(rest)):
        return None
    least = as_real(evaluate(constant, values))
    return arb(least) if least > 0 else None


def _of_exponential(exponent: Any, normals: dict, values: dict) -> Growth:
    """exp of a polynomial of degree two at most: |exp w| = exp(Re w), term by term."""
    variables = tuple(sorted(exponent.free_symbols & normals.keys(), key=sp.default_sort_key))
    constant, growth = acb(0), Growth(arb(1))
    along: dict[Any, Any] = dict.fromkeys(variables, acb(0))
    squares: dict[Any, Any] = dict.fromkeys(variables, acb(0))
    crossed: dict[Any, arb] = dict.fromkeys(variables, arb(0))
    for powers, coefficient in _polynomial(exponent, variables):
        c = as_ball(evaluate(coefficient, values))
        used = [variable for variable, power in zip(variables, powers, strict=True) for _ in range(power)]
        if len(used) > 2:
            raise NoBound("an exponential of a polynomial of degree above two")
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
    growth.size = above(constant.real.exp())
    for v in variables:
        growth.along[v], growth.across[v] = _modulus(acb(along[v].real)), _modulus(acb(along[v].imag))
        square, turned = squares[v].real, _modulus(acb(squares[v].imag)) + crossed[v]
        growth.up[v] = above(square.max(arb(0))) + turned
        growth.out[v] = above((-square).max(arb(0))) + turned
    return growth


@lru_cache(maxsize=512)
def _polynomial(expression: Any, variables: tuple) -> list[tuple[tuple[int, ...], Any]]:
    if not expression.is_polynomial(*variables):
        raise NoBound("an exponential of what is no polynomial")
    return list(sp.Poly(expression, *variables).terms())


def _modulus(value: Any) -> arb:
    return above(abs(arb(value))) if isinstance(value, fmpq | arb) else as_ball(value).abs_upper()


def above(value: arb) -> arb:
    return arb(value.upper())


def gaussian_weight(u: arb) -> arb:
    return (-u * u / 2).exp() / (2 * arb.pi()).sqrt()


@dataclass
class TrapezoidalRule:
    """A trapezoidal rule for one variable: nodes ±nh up to `count`, the error it makes for an integrand of size
    one, and a bound on the integral and the rule's value for its absolute value."""

    step: arb
    count: int
    error: arb
    total: arb


def trapezoidal_rule(variable: Any, growth: Growth, nats: float) -> TrapezoidalRule:
    power = growth.power.get(variable, 0)
    along, across, up, out = (
        above(arb(getattr(growth, kind).get(variable, 0))) for kind in ("along", "across", "up", "out")
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
    step = arb(2 * math.pi / (wide * height + c))
    count = math.ceil(end / float(step.mid()))

    def size(u: arb) -> arb:
        return (1 + u) ** power * (along * u + up * u * u).exp() * gaussian_weight(u)

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
    total = above(2 * step * (cells.max(nodes)) + beyond)
    a = arb(height)
    lifted = total * (1 + a) ** power * (across * a + (1 + 2 * out) * a * a / 2).exp()
    error = beyond + 2 * lifted / ((2 * arb.pi() * a / step).exp() - 1)
    return TrapezoidalRule(step, count, above(error), total)
