"""Laws of real random variables: Gaussian, finite, given by a density, and independent products of these."""

__all__ = ["Density", "Finite", "Gaussian", "Independent", "Law", "MultivariateGaussian", "log_density"]

from collections.abc import Iterable, Mapping
from typing import Any

import sympy as sp

from helpers.arguments import bound, checked, instance, matrix, real, scalar, several
from helpers.notation import one_line


class Law(sp.Basic):
    """The law of one or more random variables: immutable, comparable, hashable.

    `law1 * law2` is the law of independent variables. `variables` are the random symbols; they are bound, so
    that a law's parameters may not hold them.
    """

    @property
    def variables(self) -> tuple[Any, ...]:
        return (self.args[0],)

    @property
    def bound_symbols(self) -> list[Any]:
        return list(self.variables)

    @property
    def parameters(self) -> tuple[Any, ...]:
        """The expressions that the law depends on."""
        return self.args[1:]

    @property
    def free_symbols(self) -> set:
        return set().union(*(parameter.free_symbols for parameter in self.parameters), set())

    @property
    def factors(self) -> tuple["Law", ...]:
        """The laws of the independent parts."""
        return (self,)

    def __mul__(self, other: Any) -> "Law":
        return Independent(self, other) if isinstance(other, Law) else NotImplemented

    @checked(names=instance(Mapping))
    def renamed(self, names: Mapping[Any, Any]) -> "Law":
        """The same law of variables with other names."""
        return sp.Basic.__new__(type(self), names.get(self.args[0], self.args[0]), *self.args[1:])

    def _latex(self, printer: Any) -> str:
        return rf"{printer._print(self.args[0])} \sim {self._name(printer, _TEX)}"

    def _sympystr(self, printer: Any) -> str:
        return f"{printer._print(self.args[0])} ~ {self._name(printer, _TEXT)}"


class Gaussian(Law):
    """The normal law of a real symbol with a mean and a standard deviation (never a variance).

    Args:
        variable: a symbol declared real, and nothing else that a normal variable is not.
        mean: a real expression.
        std: an expression that is positive where the law is one.

    Raises ValueError for a symbol that is not declared real or is declared of one sign, and for a standard
    deviation known not to be positive.

    Example:
        >>> z = sp.Symbol("z", real=True)
        >>> print(one_line(Gaussian(z, 1, 2)))
        z ~ N(1, 4)
    """

    @checked(mean=real, std=real)
    def __new__(cls, variable: Any, mean: Any, std: Any) -> "Gaussian":
        mean, std = sp.sympify(mean), sp.sympify(std)
        _require_real_line(variable)
        if std.is_extended_nonpositive or std.is_extended_real is False:
            raise ValueError(f"std: expected a positive standard deviation, got {std}")
        _require_bound(variable, mean, std)
        return sp.Basic.__new__(cls, variable, mean, std)

    @property
    def mean(self) -> Any:
        return self.args[1]

    @property
    def std(self) -> Any:
        return self.args[2]

    @property
    def log_density(self) -> Any:
        z, mean, std = self.args
        return -((z - mean) ** 2) / (2 * std**2) - sp.log(std) - sp.log(2 * sp.pi) / 2

    @property
    def density(self) -> Any:
        z, mean, std = self.args
        return sp.exp(-((z - mean) ** 2) / (2 * std**2)) / (std * sp.sqrt(2 * sp.pi))

    @property
    def support(self) -> tuple[Any, Any]:
        return -sp.oo, sp.oo

    def _name(self, printer: Any, style: dict[str, str]) -> str:
        mean, variance = (printer._print(part) for part in (self.mean, self.std**2))
        return f"{style['normal']}{style['open']}{mean}, {variance}{style['close']}"


class MultivariateGaussian(Law):
    """The normal law of several real symbols, z = mean + scale ε with independent standard normal ε.

    Args:
        variables: d symbols declared real.
        mean: d expressions.
        scale: (d, d), lower triangular, its diagonal positive; the covariance is scale scaleᵀ.
    """

    @checked(variables=several(instance(sp.Symbol)), mean=several(real), scale=matrix)
    def __new__(cls, variables: Iterable[Any], mean: Iterable[Any], scale: Any) -> "MultivariateGaussian":
        variables, mean = sp.Tuple(*variables), sp.Tuple(*mean)
        scale = sp.ImmutableDenseMatrix(scale.tolist() if isinstance(scale, sp.MatrixBase) else list(scale))
        for variable in variables:
            _require_real_line(variable)
            _require_bound(variable, *mean, *scale)
        if len(set(variables)) != len(variables):
            raise ValueError(f"variables: expected different symbols, got {variables}")
        if len(mean) != len(variables) or scale.shape != (len(variables), len(variables)):
            raise ValueError(
                f"mean, scale: expected lengths ({len(variables)},) and ({len(variables)}, {len(variables)}), "
                f"got ({len(mean)},) and {scale.shape}"
            )
        if not scale.is_lower or any(scale[i, i].is_extended_nonpositive for i in range(scale.rows)):
            raise ValueError(f"scale: expected a lower triangle with a positive diagonal, got {scale}")
        rows = (sp.Tuple(*scale.row(i)) for i in range(scale.rows))
        return sp.Basic.__new__(
            cls, variables, mean, sp.Tuple(*rows)
        )  # no matrix: the law is no matrix claim

    @property
    def variables(self) -> tuple[Any, ...]:
        return tuple(self.args[0])

    @property
    def mean(self) -> sp.ImmutableDenseMatrix:
        return sp.ImmutableDenseMatrix(list(self.args[1]))

    @property
    def scale(self) -> sp.ImmutableDenseMatrix:
        return sp.ImmutableDenseMatrix([list(row) for row in self.args[2]])

    @property
    def log_density(self) -> Any:
        deviation = sp.ImmutableDenseMatrix(self.variables) - self.mean
        standard = self.scale.lower_triangular_solve(deviation)
        diagonal = [sp.log(self.scale[i, i]) for i in range(self.scale.rows)]
        constant = len(diagonal) * sp.log(2 * sp.pi) / 2
        return -sum(e**2 for e in standard) / 2 - sum(diagonal) - constant

    @checked(names=instance(Mapping))
    def renamed(self, names: Mapping[Any, Any]) -> "Law":
        variables = sp.Tuple(*(names.get(variable, variable) for variable in self.variables))
        return sp.Basic.__new__(type(self), variables, *self.args[1:])

    def _latex(self, printer: Any) -> str:
        covariance = printer._print(self.scale * self.scale.T)
        parts = [printer._print(sp.ImmutableDenseMatrix(part)) for part in (self.variables, self.mean)]
        return rf"{parts[0]} \sim \mathcal{{N}}\left({parts[1]}, {covariance}\right)"

    def _sympystr(self, printer: Any) -> str:
        variables, mean = (", ".join(map(printer._print, part)) for part in (self.variables, self.mean))
        return f"({variables}) ~ N(({mean}), {printer._print(self.scale * self.scale.T)})"


class Finite(Law):
    """The law of a symbol that takes finitely many values.

    Args:
        variable: a symbol; every value has each property that it declares.
        probabilities: value → probability. They must sum to one, which `decide` has to prove; or one of them is
            None, and is then one minus the others, so that the sum is one by construction. They are nonnegative
            by assumption: a claim holds for the parameters for which they are.

    Raises ValueError where the sum is not proved to be one, and for a probability known to be negative.

    Example:
        >>> p, z = sp.Symbol("p", positive=True), sp.Symbol("z")
        >>> print(one_line(Finite(z, {1: p, 0: None})))
        z ~ {1: p, 0: 1 - p}
    """

    def __new__(cls, variable: Any, probabilities: Any, _weights: Any = None) -> "Finite":
        if _weights is None:
            values, weights = _read_probabilities(probabilities)
        else:  # rebuilt from its own parts, after a substitution
            values, weights = probabilities, _weights
        if not isinstance(variable, sp.Symbol):
            raise ValueError(f"variable: expected a symbol, got {variable!r}")
        for value in values:
            _require_declared(variable, value)
        if any(weight.is_extended_negative for weight in weights):
            raise ValueError(f"probabilities: expected nonnegative ones, got {tuple(weights)}")
        _require_bound(variable, *values, *weights)
        return sp.Basic.__new__(cls, variable, values, weights)

    @property
    def values(self) -> sp.Tuple:
        return self.args[1]

    @property
    def probabilities(self) -> sp.Tuple:
        return self.args[2]

    def _name(self, printer: Any, style: dict[str, str]) -> str:
        pairs = [
            f"{printer._print(value)}{style['has']}{printer._print(weight)}"
            for value, weight in zip(self.values, self.probabilities, strict=True)
        ]
        return style["brace"] + ", ".join(pairs) + style["unbrace"]


class Density(Law):
    """The law of a real symbol given by the formula of its density on an interval.

    Args:
        variable: a symbol declared real; what else it declares must hold on the interval.
        density: an expression, nonnegative on the interval with integral one: both are decided when the law is
            made, and must come out proved or sampled.
        low, high: ends of the interval, which may be infinite.

    Raises ValueError otherwise.

    Example:
        >>> u = sp.Symbol("u", real=True)
        >>> print(one_line(Density(u, 2 * u, 0, 1)))
        u ~ 2*u on (0, 1)
    """

    @checked(density=scalar, low=bound, high=bound)
    def __new__(cls, variable: Any, density: Any, low: Any, high: Any) -> "Density":
        law = cls.unchecked(variable, density, low, high)
        _require_density(law)
        return law

    @classmethod
    @checked(density=scalar, low=bound, high=bound)
    def unchecked(cls, variable: Any, density: Any, low: Any, high: Any) -> "Density":
        """A density that is known to be one, as after a change of variables."""
        density, low, high = (sp.sympify(part) for part in (density, low, high))
        _require_real(variable)
        _require_bound(variable, low, high)
        if (high - low).is_extended_nonpositive:
            raise ValueError(f"low, high: expected low < high, got {low} and {high}")
        inside = sp.Dummy("inside", real=True, **_signs_between(low, high))
        _require_declared(variable, inside)
        return sp.Basic.__new__(cls, variable, density, low, high)

    @property
    def func(self) -> Any:
        # Rebuilt after a substitution: what was decided for the general law holds for the special one.
        return type(self).unchecked

    @property
    def density(self) -> Any:
        return self.args[1]

    @property
    def log_density(self) -> Any:
        return sp.expand_log(sp.log(self.density))

    @property
    def support(self) -> tuple[Any, Any]:
        return self.args[2], self.args[3]

    @property
    def free_symbols(self) -> set:
        return super().free_symbols - {self.args[0]}

    @checked(names=instance(Mapping))
    def renamed(self, names: Mapping[Any, Any]) -> "Law":
        old, density, low, high = self.args
        new = names.get(old, old)
        return sp.Basic.__new__(type(self), new, density.subs(old, new), low, high)

    def _name(self, printer: Any, style: dict[str, str]) -> str:
        density, low, high = (printer._print(part) for part in self.args[1:])
        return f"{density}{style['on']}{style['open']}{low}, {high}{style['close']}"


class Independent(Law):
    """The joint law of independent variables; products are flattened.

    Raises ValueError where two parts share a variable, or the law of one depends on the variable of another.
    """

    def __new__(cls, *laws: Law) -> Law:
        for law in laws:
            if not isinstance(law, Law):
                raise TypeError(f"laws: expected laws, got {law!r}")
        parts = tuple(part for law in laws for part in law.factors)
        variables = [variable for part in parts for variable in part.variables]
        if len(set(variables)) < len(variables):
            raise ValueError(f"laws: expected different variables, got {', '.join(map(str, variables))}")
        for part in parts:
            if shared := part.free_symbols & set(variables):
                raise ValueError(f"laws: {part} depends on {shared.pop()}, so they are not independent")
        return parts[0] if len(parts) == 1 else sp.Basic.__new__(cls, *parts)

    @property
    def factors(self) -> tuple[Law, ...]:
        return self.args

    @property
    def variables(self) -> tuple[Any, ...]:
        return tuple(variable for part in self.args for variable in part.variables)

    @property
    def parameters(self) -> tuple[Any, ...]:
        return self.args

    @property
    def log_density(self) -> Any:
        return sp.Add(*(part.log_density for part in self.args))

    @checked(names=instance(Mapping))
    def renamed(self, names: Mapping[Any, Any]) -> Law:
        return sp.Basic.__new__(type(self), *(part.renamed(names) for part in self.args))

    def _latex(self, printer: Any) -> str:
        return r",\ ".join(part._latex(printer) for part in self.args)

    def _sympystr(self, printer: Any) -> str:
        return ", ".join(part._sympystr(printer) for part in self.args)


@checked(law=instance(Law))
def log_density(law: Law) -> Any:
    """The logarithm of a law's density, as an expression in its variables.

    Of a finite law it is the logarithm of the probability, as a `Piecewise` over the values.
    """
    if isinstance(law, Finite):
        z, values, weights = law.args
        pieces = [(sp.log(w), sp.Eq(z, v)) for v, w in zip(values, weights, strict=True)]
        return sp.Piecewise(*pieces)
    if isinstance(law, Independent):
        return sp.Add(*(log_density(part) for part in law.factors))
    return law.log_density


_TEX = {
    "normal": r"\mathcal{N}", "open": r"\left(", "close": r"\right)", "brace": r"\left\{", "unbrace": r"\right\}",
    "has": r" \mapsto ", "on": r" \text{ on } ",
}  # fmt: skip
_TEXT = {
    "normal": "N", "open": "(", "close": ")", "brace": "{", "unbrace": "}", "has": ": ", "on": " on ",
}  # fmt: skip


def _require_real(variable: Any) -> None:
    if not isinstance(variable, sp.Symbol) or not variable.is_real:
        raise ValueError(f"variable: expected a symbol declared real, got {variable!r}")


def _require_real_line(variable: Any) -> None:
    _require_real(variable)
    _require_declared(variable, sp.Dummy("anywhere", real=True))


def _require_declared(variable: Any, value: Any) -> None:
    """Every value must have what the symbol declares: SymPy simplifies by it."""
    for name, wanted in variable._assumptions_orig.items():
        if name != "commutative" and getattr(value, f"is_{name}") is not wanted:
            raise ValueError(
                f"variable: {variable} is declared {'' if wanted else 'not '}{name}, which {value} is not known "
                "to be; "
                "expected no more than holds for each value"
            )


def _require_bound(variable: Any, *parameters: Any) -> None:
    if any(variable in parameter.free_symbols for parameter in parameters):
        raise ValueError(
            f"variable: the law of {variable} depends on {variable}, expected parameters without it"
        )


def _signs_between(low: Any, high: Any) -> dict[str, bool]:
    if low.is_extended_nonnegative:
        return {"positive": True}
    return {"negative": True} if high.is_extended_nonpositive else {}


def _read_probabilities(given: Any) -> tuple[sp.Tuple, sp.Tuple]:
    if not isinstance(given, Mapping) or not given:
        raise ValueError(f"probabilities: expected a mapping value → probability, got {given!r}")
    known = [sp.sympify(weight) for weight in given.values() if weight is not None]
    if len(known) < len(given) - 1:
        raise ValueError("probabilities: got several that are None, expected at most one left to the others")
    rest = sp.Integer(1) - sp.Add(*known)
    weights = sp.Tuple(*(rest if weight is None else sp.sympify(weight) for weight in given.values()))
    if len(known) == len(given):
        from helpers.proof.equality import decide

        with sp.evaluate(True):
            verdict = decide(sp.Add(*weights), 1)
        if verdict.status != "proved":
            raise ValueError(f"probabilities: their sum is not proved to be one, as expected: {verdict}")
    values = sp.Tuple(*(sp.sympify(value) for value in given))
    if len(set(values)) < len(values):
        raise ValueError(f"probabilities: expected different values, got {values}")
    return values, weights


def _require_density(law: Density) -> None:
    from helpers.proof.equality import decide

    variable, density, low, high = law.args
    inside = [end for end in (sp.Gt(variable, low), sp.Lt(variable, high)) if end != sp.true]
    with sp.evaluate(True):
        total = decide(sp.Integral(density, (variable, low, high)), 1)
        sign = decide(density, 0, ">=", domain=inside)
    for verdict, what in ((total, "integrates to one"), (sign, "is nonnegative")):
        if verdict.status not in ("proved", "sampled"):
            raise ValueError(
                f"density: it is not established that {one_line(density)} {what}, as expected of one: {verdict}"
            )
