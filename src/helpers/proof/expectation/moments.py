"""How an expectation is worked out: linearity, sums over values, independence, Gaussian moments."""

__all__ = [
    "as_gaussian",
    "independent_groups",
    "mean",
    "over_values",
    "standardized",
    "sum_out",
    "without_vectors",
]

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.functions.elementary.hyperbolic import HyperbolicFunction

from helpers.proof.deadline import OutOfTime, within
from helpers.proof.expectation.kinks import KINKED, kinked_mean
from helpers.proof.expectation.laws import Density, Finite, Gaussian, Independent, Law, MultivariateGaussian

LARGEST_MOMENT = 200
INTEGRATION_SECONDS = 4.0
_OSCILLATING = (sp.sin, sp.cos, sp.sinh, sp.cosh)


def mean(expectation: Any, stein: bool = False) -> Any:
    """The expectation by exact rules, as far as they reach.

    Args:
        expectation: an `Expectation`, none of its random symbols free in its law.
        stein: rewrite E[ε^k h(ε)] for a standard normal ε and a smooth function h by Stein's lemma.
    """
    scalar = without_vectors(expectation)
    if scalar.body.has(sp.oo, -sp.oo, sp.nan, sp.zoo):
        return scalar
    return _Mean(type(expectation), stein).of(scalar.body, scalar.law.factors)


def over_values(body: Any, law: Finite) -> Any:
    """Σ p_i body(v_i)."""
    z, values, weights = law.args
    return sp.Add(*(weight * body.subs(z, value) for value, weight in zip(values, weights, strict=True)))


def sum_out(expectation: Any) -> Any:
    """The expectation with its finite variables summed over."""
    body, parts = expectation.body, expectation.law.factors
    for part in parts:
        if isinstance(part, Finite):
            body = over_values(body, part)
    parts = [part for part in parts if not isinstance(part, Finite)]
    return type(expectation)(body, Independent(*parts)) if parts else body


def standardized(expectation: Any, noise: Sequence[Any] = ()) -> Any:
    """The expectation with z = mean + std ε for every Gaussian variable z.

    Args:
        noise: a symbol for each ε, declared real and in use nowhere else; fresh ones where none are given.

    Raises ValueError for symbols that will not do.
    """
    gaussian = [part for part in expectation.law.factors if isinstance(part, Gaussian | MultivariateGaussian)]
    replaced = [variable for part in gaussian for variable in part.variables]
    noise = list(noise) or [sp.Dummy("epsilon", real=True) for _ in replaced]
    if len(noise) != len(replaced) or len(set(noise)) != len(noise):
        raise ValueError(
            f"noise: expected {len(replaced)} different symbols, got {', '.join(map(str, noise))}"
        )
    kept = set(expectation.law.variables) - set(replaced)
    if used := set(noise) & (expectation.free_symbols | kept):
        raise ValueError(f"noise: {used.pop()} is in use")
    meanings, parts, rest = {}, [], iter(noise)
    for part in expectation.law.factors:
        if part not in gaussian:
            parts.append(part)
            continue
        standard = [next(rest) for _ in part.variables]
        parts += [Gaussian(symbol, 0, 1) for symbol in standard]
        if isinstance(part, Gaussian):
            meanings[part.variables[0]] = part.mean + part.std * standard[0]
        else:
            meanings |= zip(part.variables, part.mean + part.scale * sp.Matrix(standard), strict=True)
    body = expectation.body.subs(meanings, simultaneous=True)
    return type(expectation)(body, Independent(*parts))


def without_vectors(expectation: Any) -> Any:
    """The expectation with independent standard variables for those of every `MultivariateGaussian`."""
    vectors = [part for part in expectation.law.factors if isinstance(part, MultivariateGaussian)]
    if not vectors:
        return expectation
    others = [part for part in expectation.law.factors if part not in vectors]
    standard = standardized(type(expectation)(expectation.body, Independent(*vectors)))
    return type(expectation)(standard.body, Independent(*others, *standard.law.factors))


def flattened(expectation: Any) -> Any:
    """Inner expectations drawn into the outer one, where they stand as terms: E E f = E f over both; else None."""
    build = type(expectation)
    if not expectation.body.has(build):
        return expectation
    body, law = sp.S.Zero, expectation.law
    for term in sp.Add.make_args(sp.expand(expectation.body, deep=False)):
        inner = [factor for factor in sp.Mul.make_args(term) if isinstance(factor, build)]
        rest = sp.Mul(*(factor for factor in sp.Mul.make_args(term) if factor not in inner))
        if len(inner) > 1 or rest.has(build):
            return None
        drawn = sum_out(without_vectors(inner[0])) if inner else sp.S.One
        if isinstance(drawn, build):
            # Under fresh names: what stands beside it may hold a symbol of the same name as one that it binds.
            fresh = {v: sp.Dummy(v.name, **v._assumptions_orig) for v in drawn.law.variables}
            drawn = flattened(standardized(drawn.renamed(fresh)))
            if drawn is None or any(part.free_symbols & set(law.variables) for part in drawn.law.factors):
                return None
            drawn, law = drawn.body, law * drawn.law
        body += rest * drawn
    return build(body, law)


def independent_groups(expectation: Any) -> tuple[Any, list[tuple[Any, Law]]]:
    """The body of an expectation as a product: what is free of random symbols, and (factor, its law) for every
    group of variables that occur together in some factor."""
    parts = expectation.law.factors
    free: list[Any] = []
    groups: list[tuple[list[Any], set]] = []
    for factor in _factors(expectation.body):
        laws = {part for part in parts if factor.free_symbols & set(part.variables)}
        if not laws:
            free.append(factor)
            continue
        together, factors = set(laws), [factor]
        for other in [group for group in groups if group[1] & laws]:
            groups.remove(other)
            factors, together = other[0] + factors, together | other[1]
        groups.append((factors, together))
    return sp.Mul(*free), [
        (sp.Mul(*factors), Independent(*(part for part in parts if part in laws))) for factors, laws in groups
    ]


def _factors(body: Any) -> list[Any]:
    """The factors of a product, with exp(a + b) as two."""
    return [
        part
        for factor in sp.Mul.make_args(body)
        for part in (
            [sp.exp(term) for term in sp.Add.make_args(sp.expand(factor.args[0]))]
            if isinstance(factor, sp.exp)
            else [factor]
        )
    ]


class _Mean:
    """The recursion over terms and laws; `build` makes an expectation of what is left."""

    def __init__(self, build: Any, stein: bool) -> None:
        self.build = build
        self.stein = stein

    def of(self, body: Any, parts: Sequence[Law]) -> Any:
        if not parts:
            return body
        terms = sp.Add.make_args(sp.expand(body))
        return sp.Add(*(self._of_term(term, parts) for term in terms))

    def _of_term(self, term: Any, parts: Sequence[Law]) -> Any:
        used = [part for part in parts if term.free_symbols & set(part.variables)]
        if not used:
            return term
        if finite := next((part for part in used if isinstance(part, Finite)), None):
            return self.of(over_values(term, finite), [part for part in used if part is not finite])
        free, groups = independent_groups(self.build(term, Independent(*used)))
        return sp.Mul(free, *(self._of_group(body, law.factors) for body, law in groups))

    def _of_group(self, body: Any, parts: Sequence[Law]) -> Any:
        for part in parts:
            others = [other for other in parts if other is not part]
            value = None
            if isinstance(part, Gaussian):
                value = _gaussian_mean(body, part, {v for other in others for v in other.variables})
                if value is None and not others and body.has(*KINKED):
                    value = kinked_mean(body, part)
            elif not others and (same := as_gaussian(body, part)) is not None:
                return self.of(same[0], [same[1]])
            elif not others:
                value = _integrated(body, part)
            if value is not None:
                return self.of(value, others)
        waves = [node for node in body.atoms(*_OSCILLATING) if node.free_symbols & _variables(parts)]
        if waves and all(_is_linear(wave.args[0], _variables(parts)) for wave in waves):
            value = self.of(body.xreplace({wave: wave.rewrite(sp.exp) for wave in waves}), parts)
            if not value.has(self.build):
                return _real_form(value) if body.is_real else value
        if self.stein and (joint := _along_one_direction(body, parts)) is not None:
            return self.of(*joint)
        if self.stein and (shorter := _stein(body, parts)) is not None:
            return self.of(shorter, parts)
        return self.build(body, Independent(*parts))


def _variables(parts: Sequence[Law]) -> set:
    return {variable for part in parts for variable in part.variables}


def _is_linear(argument: Any, variables: set) -> bool:
    used = sorted(argument.free_symbols & variables, key=str)
    return argument.is_polynomial(*used) and sp.Poly(argument, *used).total_degree() <= 1


def _real_form(value: Any) -> Any:
    real, imaginary = sp.expand(value, complex=True).as_real_imag()
    return real if sp.expand(imaginary) == 0 else value


def _gaussian_mean(body: Any, law: Gaussian, other_variables: set) -> Any:
    """E of c z^k exp(a z² + b z + d), or None where the body is not of this form or the mean may not exist."""
    z, mu, sigma = law.args
    if not (mu.is_extended_real and sigma.is_extended_positive):
        return None
    coefficient, power, exponent = sp.S.One, 0, sp.S.Zero
    for factor in sp.Mul.make_args(body):
        base, exp = factor.as_base_exp() if factor.is_Pow else (factor, sp.S.One)
        if z not in factor.free_symbols:
            coefficient *= factor
        elif base == z and exp.is_Integer and exp > 0:
            power += int(exp)
        elif isinstance(factor, sp.exp):
            exponent += factor.args[0]
        else:
            return None
    if power > LARGEST_MOMENT or not exponent.is_polynomial(z) or sp.degree(exponent, z) > 2:
        return None
    a, b, d = (sp.expand(exponent).coeff(z, n) for n in (2, 1, 0))
    if a == 0:
        if not b.is_extended_real and b.free_symbols & other_variables:
            return None  # an oscillation may hide that the joint expectation does not exist
        shift, variance = mu + b * sigma**2, sigma**2
        factor = sp.exp(d + b * mu + b**2 * sigma**2 / 2)
    else:
        # exp(a z²) has an expectation only while the Gaussian falls faster.
        narrowing = sp.factor(1 - 2 * a * sigma**2)
        if not (a.is_extended_real and b.is_extended_real and narrowing.is_positive):
            return None
        variance = sigma**2 / narrowing
        shift = variance * (mu / sigma**2 + b)
        factor = sp.exp(d - mu**2 / (2 * sigma**2) + shift**2 / (2 * variance)) / sp.sqrt(narrowing)
    moment = sp.Add(
        *(
            sp.binomial(power, j) * sp.factorial2(j - 1) * variance ** (j // 2) * shift ** (power - j)
            for j in range(0, power + 1, 2)
        )
    )
    return coefficient * factor * moment


def _integrated(body: Any, law: Density) -> Any:
    """The integral in closed form, by SymPy, or None."""
    if body.has(AppliedUndef, sp.Integral, sp.Derivative, sp.Subs):
        return None
    try:
        value = within(
            INTEGRATION_SECONDS, sp.integrate, body * law.density, (law.variables[0], *law.support)
        )
    except OutOfTime:
        return None
    except Exception:  # an integration that stumbles has found nothing
        return None
    return None if value.has(sp.Integral, sp.oo, sp.nan, sp.zoo, sp.Piecewise) else value


def as_gaussian(body: Any, law: Density) -> tuple[Any, Gaussian] | None:
    """The same expectation under a Gaussian, if the density is one: in the variable, or (of a positive one) in
    its logarithm."""
    u, (low, high) = law.variables[0], law.support
    v = sp.Dummy("v", real=True)
    if high != sp.oo or low not in (0, -sp.oo):
        return None
    position, slope = (v, 1) if low == -sp.oo else (sp.exp(v), sp.exp(v))
    exponent = sp.expand(sp.expand_log(sp.log(law.density.subs(u, position) * slope)))
    if not exponent.is_polynomial(v) or sp.degree(exponent, v) != 2:
        return None
    a, b = exponent.coeff(v, 2), exponent.coeff(v, 1)
    if not a.is_negative:
        return None
    return body.subs(u, position), Gaussian(v, -b / (2 * a), 1 / sp.sqrt(-2 * a))


def _along_one_direction(body: Any, parts: Sequence[Law]) -> tuple[Any, list[Law]] | None:
    """A function of one linear combination Σ a_i ε_i of standard normals, as one of √(Σ a_i²) ε."""
    variables = _variables(parts)
    if len(parts) < 2 or any(not isinstance(part, Gaussian) or part.args[1:] != (0, 1) for part in parts):
        return None
    for node in body.atoms(sp.Function, sp.Subs):
        argument = node.point[0] if isinstance(node, sp.Subs) else node.args[0]
        if argument.free_symbols & variables != variables or not _is_linear(argument, variables):
            continue
        argument = sp.expand(argument)
        slopes = [argument.coeff(variable, 1) for variable in variables]
        if not all(slope.is_extended_real for slope in slopes):
            continue
        length = sp.sqrt(sp.Add(*(slope**2 for slope in slopes)))
        first, *others = variables
        w = sp.Dummy("w", real=True)
        rest = sum(variable * argument.coeff(variable, 1) for variable in others)
        alone = body.subs(first, (w - rest) / argument.coeff(first, 1))
        alone = alone.replace(lambda part: part.is_Add, sp.expand)
        if not alone.free_symbols & variables:
            return alone.subs(w, length * w), [Gaussian(w, 0, 1)]
    return None


_SMOOTH = (sp.Add, sp.Mul, sp.exp, sp.sin, sp.cos, sp.sinh, sp.cosh, AppliedUndef)


def _stein(body: Any, parts: Sequence[Law]) -> Any:
    """ε^k h as the derivative of ε^(k-1) h, of the same expectation, for a standard normal ε; or None."""
    for part in parts:
        if not (isinstance(part, Gaussian) and part.args[1:] == (0, 1)):
            continue
        z = part.variables[0]
        powers = [
            f for f in sp.Mul.make_args(body) if f.as_base_exp()[0] == z and f.as_base_exp()[1].is_Integer
        ]
        if len(powers) != 1 or powers[0].as_base_exp()[1] < 1:
            continue
        rest = body / powers[0]
        if rest.has(z) and _is_smooth(rest, z):
            return sp.diff(body / z, z)
    return None


def _is_smooth(expression: Any, z: Any) -> bool:
    """Whether the expression is an entire function of z, as far as its undefined functions are smooth."""
    if z not in expression.free_symbols or expression == z:
        return True
    if isinstance(expression, sp.Pow):
        return bool(expression.exp.is_Integer and expression.exp > 0) and _is_smooth(expression.base, z)
    if isinstance(expression, sp.Subs):
        return (
            all(_is_smooth(point, z) for point in expression.point) and z not in expression.expr.free_symbols
        )
    if isinstance(expression, sp.Derivative):
        return isinstance(expression.expr, AppliedUndef)
    if isinstance(expression, sp.exp | HyperbolicFunction) and expression.args[0].is_polynomial(z):
        return sp.degree(expression.args[0], z) <= 1  # of a faster one the expectation may not exist
    if isinstance(expression, _SMOOTH):
        return all(_is_smooth(argument, z) for argument in expression.args)
    return False
